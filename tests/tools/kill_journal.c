/* SPDX-License-Identifier: Apache-2.0 */

/* What wallets were given, in two files: journal.jsonl, a line for each thing
 * that happened, and copies.bin, the copies' bytes one after the other. What is
 * acknowledged is on the disk before it counts. */

#include "kill_flow.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int             lines = -1, copies = -1;
static unsigned        number, flow;
static size_t          at; /* in copies.bin */

static int open_new(const char *folder, const char *name)
{
    char path[4200];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return open(path, O_CREAT | O_EXCL | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
}

bool kill_journal_open(const char *folder)
{
    lines  = open_new(folder, "journal.jsonl");
    copies = open_new(folder, "copies.bin");
    return lines >= 0 && copies >= 0;
}

unsigned kill_journal_flow(void)
{
    pthread_mutex_lock(&lock);
    unsigned next = ++flow;
    pthread_mutex_unlock(&lock);
    return next;
}

/* A journal that can't be written proves nothing. */
static void must_write(int fd, const void *bytes, size_t len)
{
    if (write(fd, bytes, len) != (ssize_t)len) {
        perror("kill-wallets: the journal");
        _exit(7);
    }
}

static void must_sync(int fd)
{
    if (fdatasync(fd) != 0) {
        perror("kill-wallets: the journal");
        _exit(7);
    }
}

typedef struct line {
    char   text[16384];
    size_t len;
} line;

__attribute__((format(printf, 2, 3))) static void add(line *l,
                                                      const char *format, ...)
{
    va_list list;

    va_start(list, format);
    int n = vsnprintf(l->text + l->len, sizeof l->text - l->len, format, list);
    va_end(list);
    l->len += (size_t)n;
    if (n < 0 || l->len >= sizeof l->text)
        abort();
}

static void add_key(line *l, const yao_public_key *key)
{
    for (size_t i = 0; i < key->len; i++)
        add(l, "%02x", key->point[i]);
}

static line begin(const kill_wallet *w, const char *kind)
{
    line l = {.len = 0};

    add(&l, "{\"n\":%u,\"t\":%lld,\"kind\":\"%s\",\"flow\":%u,\"person\":%zu",
        ++number, (long long)time(NULL), kind, w->flow, w->person);
    return l;
}

static void end(line *l)
{
    add(l, "}\n");
    must_write(lines, l->text, l->len);
}

void kill_note_made(const kill_wallet *w, const yao_receive_wish *wish)
{
    pthread_mutex_lock(&lock);
    line l = begin(w, "made");
    add(&l, ",\"keys\":[");
    for (size_t i = 0; i < wish->count; i++) {
        add(&l, "%s\"", i > 0 ? "," : "");
        add_key(&l, &w->points[i]);
        add(&l, "\"");
    }
    add(&l, "]");
    end(&l);
    pthread_mutex_unlock(&lock);
}

void kill_note_acked(const kill_wallet *w, const yao_receive_item *item)
{
    pthread_mutex_lock(&lock);
    line l = begin(w, "acked");
    add(&l, ",\"configuration\":\"%s\",\"copies\":[", w->configuration);
    for (size_t i = 0; i < item->copy_count; i++) {
        yao_bytes copy = item->copies[i];

        must_write(copies, copy.ptr, copy.len);
        add(&l, "%s{\"at\":%zu,\"len\":%zu,\"key\":\"", i > 0 ? "," : "", at,
            copy.len);
        add_key(&l, &item->keys[item->key_of[i]]);
        add(&l, "\"}");
        at += copy.len;
    }
    add(&l, "]");
    must_sync(copies);
    end(&l);
    must_sync(lines);
    pthread_mutex_unlock(&lock);
}

unsigned kill_note_revoking(const kill_wallet *w)
{
    pthread_mutex_lock(&lock);
    line     l     = begin(w, "revoking");
    unsigned began = number;
    end(&l);
    pthread_mutex_unlock(&lock);
    return began;
}

void kill_note_revoked(const kill_wallet *w, unsigned began)
{
    pthread_mutex_lock(&lock);
    line l = begin(w, "revoked");
    add(&l, ",\"began\":%u", began);
    end(&l);
    must_sync(lines);
    pthread_mutex_unlock(&lock);
}

void kill_note_end(const kill_wallet *w, const char *why)
{
    pthread_mutex_lock(&lock);
    line l = begin(w, "ended");
    add(&l, ",\"flags\":%u,\"why\":\"%s\"", w->flags, why);
    end(&l);
    pthread_mutex_unlock(&lock);
}

void kill_note_violation(kill_wallet *w, const char *what)
{
    w->sums.violations++;
    pthread_mutex_lock(&lock);
    line l = begin(w, "violation");
    add(&l, ",\"what\":\"%s\"", what);
    end(&l);
    must_sync(lines);
    pthread_mutex_unlock(&lock);
}
