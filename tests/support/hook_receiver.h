/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_HOOK_RECEIVER_H
#define YAO_TEST_HOOK_RECEIVER_H

/**
 * A program that is told of results: takes POSTs on a port of loopback in a
 * thread of its own, keeps them, and answers as it is bidden.
 *
 *     hook_listen();                   // hook.port
 *     hook_answer(503, 2);             // the next two; then 200
 *     const hook_message *m = hook_wait(1);
 */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

enum { HOOK_MESSAGES = 64, HOOK_BYTES = 8192, HOOK_EVER = 1000000 };

typedef struct hook_message {
    char text[HOOK_BYTES]; /* head and body, ended by a NUL */
    int  status;           /* that it was answered with */
} hook_message;

static struct {
    int             fd;
    unsigned        port;
    pthread_t       thread;
    pthread_mutex_t lock;
    hook_message    messages[HOOK_MESSAGES];
    size_t          count;
    int             status; /* for the next */
    unsigned        left;   /* of them */
} hook = {.fd = -1, .lock = PTHREAD_MUTEX_INITIALIZER};

/* All of it is there when the body is as long as it says. */
static inline bool hook_whole(const char *text)
{
    const char *end  = strstr(text, "\r\n\r\n");
    const char *said = strstr(text, "Content-Length: ");

    return end != NULL && said != NULL &&
           strlen(end + 4) >= strtoul(said + 16, NULL, 10);
}

/* False: who sent it was killed meanwhile. */
static inline bool hook_read(int fd, hook_message *m)
{
    size_t len = 0;

    memset(m, 0, sizeof *m);
    while (len + 1 < sizeof m->text && !hook_whole(m->text)) {
        ssize_t got = read(fd, m->text + len, sizeof m->text - 1 - len);
        if (got <= 0)
            return false;
        len += (size_t)got;
    }
    return true;
}

static inline void *hook_run(void *ctx)
{
    static hook_message m;

    (void)ctx;
    for (;;) {
        char answer[200];
        int  status = 200, fd = accept(hook.fd, NULL, NULL);

        if (fd < 0)
            return NULL;
        if (!hook_read(fd, &m)) {
            close(fd);
            continue;
        }
        pthread_mutex_lock(&hook.lock);
        if (hook.left > 0) {
            hook.left--;
            status = hook.status;
        }
        m.status = status;
        if (hook.count < HOOK_MESSAGES)
            hook.messages[hook.count++] = m;
        pthread_mutex_unlock(&hook.lock);
        snprintf(answer, sizeof answer,
                 "HTTP/1.1 %d x\r\nContent-Length: 0\r\nLocation: "
                 "http://127.0.0.1:%u/\r\nConnection: close\r\n\r\n",
                 status, hook.port);
        if (write(fd, answer, strlen(answer)) < 0)
            status = 0;
        close(fd);
    }
}

static inline void hook_listen(void)
{
    struct sockaddr_in at  = {.sin_family      = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t          len = sizeof at;

    hook.fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(hook.fd >= 0);
    assert_int_equal(bind(hook.fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(hook.fd, 16), 0);
    assert_int_equal(getsockname(hook.fd, (struct sockaddr *)&at, &len), 0);
    hook.port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&hook.thread, NULL, hook_run, NULL), 0);
}

/* The next COUNT are answered with STATUS; HOOK_EVER: all, until it is said
 * anew. */
static inline void hook_answer(int status, unsigned count)
{
    pthread_mutex_lock(&hook.lock);
    hook.status = status;
    hook.left   = count;
    pthread_mutex_unlock(&hook.lock);
}

static inline size_t hook_count(void)
{
    pthread_mutex_lock(&hook.lock);
    size_t count = hook.count;
    pthread_mutex_unlock(&hook.lock);
    return count;
}

/* The last of COUNT messages, once there are so many. */
static inline const hook_message *hook_wait(size_t count)
{
    const struct timespec pause = {.tv_nsec = 20000000};

    for (unsigned i = 0; i < 3000 && hook_count() < count; i++)
        nanosleep(&pause, NULL); /* a minute */
    assert_true(hook_count() >= count);
    return &hook.messages[count - 1];
}

/* A message with TEXT in it, once there is one. */
static inline const hook_message *hook_wait_for(const char *text)
{
    for (size_t i = 0;; i++) {
        const hook_message *m = hook_wait(i + 1);

        if (strstr(m->text, text) != NULL)
            return m;
    }
}

/* The first message from number FROM on that was answered with STATUS, once
 * there is one. */
static inline const hook_message *hook_wait_answered(size_t from, int status)
{
    for (size_t i = from;; i++) {
        const hook_message *m = hook_wait(i + 1);

        if (m->status == status)
            return m;
    }
}

/* A header of M, ended by a NUL; "" when it is not there. */
static inline const char *hook_header(const hook_message *m, const char *name)
{
    static char value[300];
    char        start[80];

    snprintf(start, sizeof start, "\r\n%s: ", name);
    const char *at = strstr(m->text, start);
    value[0]       = '\0';
    if (at != NULL) {
        at += strlen(start);
        snprintf(value, sizeof value, "%.*s", (int)strcspn(at, "\r"), at);
    }
    return value;
}

static inline const char *hook_body(const hook_message *m)
{
    const char *end = strstr(m->text, "\r\n\r\n");

    return end != NULL ? end + 4 : "";
}

#endif
