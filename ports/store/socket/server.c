/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's half: a thread that lets guests in, and one for each of them.
 *
 * Invariants
 *   1. Who serves holds the lock from before the socket is made until after it
 *      is gone.
 *   2. A guest is of our user, and greeted with our version, before anything
 *      else is heard.
 *   3. A guest waits for the writer like any thread of ours; a stream, which
 *      everybody waits for, is ended when its guest says nothing for
 *      STREAM_MS.
 */

#define _GNU_SOURCE
#include "store/socket/frame.h"
#include "store/socket/socket.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define STREAM_MS 10000
#define GREETING_MS 10000

/* Rows are sent in pieces of about so many bytes. */
#define PIECE 65536

/* What claims of one change may return, together. */
#define RETURNED_ROOM (8u << 20)

typedef struct guest {
    store_serving *serving;
    pthread_t      thread;
    int            fd; /* -1: nobody */
    bool           started, over;
    frame          in, out;
} guest;

struct store_serving {
    store          *store;
    char           *path;
    int             lock, listener;
    int             stop[2]; /* a pipe: something to read ends the thread */
    pthread_t       thread;
    bool            started;
    pthread_mutex_t mutex; /* of the guests' fd and over */
    guest           guests[STORE_MAX_GUESTS];
};

/* ---- reading ------------------------------------------------------------ */

static yao_status put_row(void *ctx, const store_value *columns, size_t count)
{
    guest *g = ctx;

    frame_put_number(&g->out, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        frame_put_value(&g->out, &columns[i]);
    if (g->out.bad)
        return YAO_E_SPACE;
    if (g->out.len < PIECE)
        return YAO_OK;
    yao_status status = frame_send(g->fd, FRAME_ROWS, &g->out);
    frame_clear(&g->out);
    return status;
}

static yao_status send_result(guest *g, yao_status status, int64_t about)
{
    frame_clear(&g->out);
    frame_put_number(&g->out, status);
    frame_put_number(&g->out, about);
    return frame_send(g->fd, FRAME_RESULT, &g->out);
}

static yao_status serve_read(guest *g)
{
    store_op      op     = {.statement = 0};
    store_engine *engine = NULL;
    int64_t       changed = 0;

    frame_get_op(&g->in, &op);
    if (g->in.bad)
        return YAO_E_STORE;
    frame_clear(&g->out);
    yao_status status = store_borrow(g->serving->store, &engine);
    if (status == YAO_OK) {
        status = engine->call->run(engine, &op, put_row, g, &changed);
        store_return(g->serving->store, engine);
    }
    if (g->out.len > 0)
        YAO_TRY(frame_send(g->fd, FRAME_ROWS, &g->out));
    return send_result(g, status, changed);
}

static yao_status serve_check(guest *g)
{
    return send_result(g, store_check(g->serving->store), 0);
}

/* ---- changing ----------------------------------------------------------- */

/* A change in memory of its own. */
typedef struct received {
    void        *memory;
    yao_arena    arena;
    store_change change;
} received;

static void forget(received *r)
{
    free(r->memory);
    r->memory = NULL;
}

static yao_status get_claims(frame *f, store_change *change)
{
    for (int64_t n = frame_get_number(f); n > 0 && !f->bad; n--) {
        store_op got = {.statement = 0};

        frame_get_op(f, &got);
        if (f->bad)
            break;
        store_op *op = store_add_claim(change, got.statement, got.lost);
        if (op == NULL)
            return YAO_E_SPACE;
        op->about = got.about;
        op->count = got.count;
        memcpy(op->values, got.values, sizeof got.values);
        op->ret        = &op->returned; /* keep it there */
        op->ret_number = &op->returned_number;
    }
    return f->bad ? YAO_E_STORE : YAO_OK;
}

static yao_status get_rows(frame *f, store_change *change)
{
    for (int64_t n = frame_get_number(f); n > 0 && !f->bad; n--) {
        store_op got = {.statement = 0};

        frame_get_op(f, &got);
        if (f->bad)
            break;
        store_op *op = store_add_row(change, got.statement);
        if (op == NULL)
            return YAO_E_SPACE;
        op->count = got.count;
        memcpy(op->values, got.values, sizeof got.values);
    }
    return f->bad ? YAO_E_STORE : YAO_OK;
}

/* An op takes 32 bytes of a frame at least. */
static yao_status get_change(frame *f, received *r)
{
    size_t room = RETURNED_ROOM + (f->len / 32 + 1) * (sizeof(store_op) + 16);

    forget(r);
    r->memory = malloc(room);
    if (r->memory == NULL)
        return YAO_E_SPACE;
    r->arena  = (yao_arena){r->memory, room, 0};
    r->change = store_change_open(&r->arena);
    YAO_TRY(get_claims(f, &r->change));
    YAO_TRY(get_rows(f, &r->change));
    return f->at == f->len ? YAO_OK : YAO_E_STORE;
}

static yao_status serve_change(guest *g)
{
    received   r      = {.memory = NULL};
    yao_status status = get_change(&g->in, &r);

    if (status != YAO_OK) {
        forget(&r);
        return YAO_E_STORE; /* no frame of ours */
    }
    status = store_commit(g->serving->store, &r.change);
    frame_clear(&g->out);
    frame_put_number(&g->out, status);
    frame_put_number(&g->out, r.change.lost_about);
    for (const store_op *op = r.change.claims; op != NULL; op = op->next) {
        frame_put_number(&g->out, op->returned_number);
        frame_put_bytes(&g->out, op->returned);
    }
    forget(&r);
    return frame_send(g->fd, FRAME_RESULT, &g->out);
}

/* ---- streams ---- */

typedef struct stream {
    guest     *g;
    received   last;
    bool       ended;  /* FRAME_END was there */
    yao_status theirs; /* what it said */
} stream;

static yao_status next_change(void *ctx, store_change **ret)
{
    stream    *s = ctx;
    frame_kind kind;

    YAO_TRY(frame_receive(s->g->fd, STREAM_MS, &kind, &s->g->in));
    if (kind == FRAME_END) {
        s->ended  = true;
        s->theirs = (yao_status)frame_get_number(&s->g->in);
        *ret      = NULL;
        return s->g->in.bad ? YAO_E_STORE : s->theirs;
    }
    if (kind != FRAME_CHANGE)
        return YAO_E_STORE;
    YAO_TRY(get_change(&s->g->in, &s->last));
    *ret = &s->last.change;
    return YAO_OK;
}

/* After a failure the guest goes on until it has ended its own part. */
static yao_status skip_to_end(stream *s)
{
    frame_kind kind = FRAME_CHANGE;

    while (!s->ended && kind == FRAME_CHANGE) {
        YAO_TRY(frame_receive(s->g->fd, STREAM_MS, &kind, &s->g->in));
        s->ended = kind == FRAME_END;
    }
    return s->ended ? YAO_OK : YAO_E_STORE;
}

static yao_status serve_stream(guest *g)
{
    stream     s      = {.g = g};
    yao_status status = store_commit_all(g->serving->store, next_change, &s);
    int        about  = s.last.memory != NULL ? s.last.change.lost_about : 0;

    forget(&s.last);
    YAO_TRY(skip_to_end(&s));
    return send_result(g, status, about);
}

/* ---- guests ------------------------------------------------------------- */

static bool is_ours(int fd)
{
    struct ucred who = {.uid = (uid_t)-1};
    socklen_t    len = sizeof who;

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 &&
           len == sizeof who && who.uid == geteuid();
}

static yao_status welcome(guest *g)
{
    frame_kind kind;

    YAO_TRY(frame_receive(g->fd, GREETING_MS, &kind, &g->in));
    if (kind != FRAME_HELLO)
        return YAO_E_STORE;
    bool same = yao_bytes_equal(frame_get_bytes(&g->in), frame_version());
    YAO_TRY(send_result(g, same ? YAO_OK : YAO_E_UNSUPPORTED, 0));
    return same ? YAO_OK : YAO_E_UNSUPPORTED;
}

static yao_status serve_one(guest *g)
{
    frame_kind kind;

    YAO_TRY(frame_receive(g->fd, -1, &kind, &g->in));
    switch (kind) {
    case FRAME_READ:
        return serve_read(g);
    case FRAME_CHANGE:
        return serve_change(g);
    case FRAME_STREAM:
        return serve_stream(g);
    case FRAME_CHECK:
        return serve_check(g);
    default:
        return YAO_E_STORE;
    }
}

static void *guest_main(void *arg)
{
    guest     *g      = arg;
    yao_status status = is_ours(g->fd) ? welcome(g) : YAO_E_NOT_AUTHORISED;

    while (status == YAO_OK)
        status = serve_one(g);
    frame_free(&g->in);
    frame_free(&g->out);
    pthread_mutex_lock(&g->serving->mutex);
    close(g->fd);
    g->fd   = -1;
    g->over = true;
    pthread_mutex_unlock(&g->serving->mutex);
    return NULL;
}

/* A place whose last guest has gone, or NULL. */
static guest *find_place(store_serving *serving)
{
    guest *found = NULL;

    pthread_mutex_lock(&serving->mutex);
    for (size_t i = 0; i < STORE_MAX_GUESTS && found == NULL; i++)
        if (!serving->guests[i].started || serving->guests[i].over)
            found = &serving->guests[i];
    pthread_mutex_unlock(&serving->mutex);
    if (found != NULL && found->started)
        pthread_join(found->thread, NULL);
    return found;
}

static void let_in(store_serving *serving)
{
    int fd = accept4(serving->listener, NULL, NULL, SOCK_CLOEXEC);

    if (fd < 0)
        return;
    guest *g = find_place(serving);
    if (g == NULL) { /* too many: who tries again finds a place */
        close(fd);
        return;
    }
    *g         = (guest){.serving = serving, .fd = fd};
    g->started = store_start_thread(&g->thread, guest_main, g);
    if (!g->started)
        close(fd);
}

static void *serving_main(void *arg)
{
    store_serving *serving = arg;

    for (;;) {
        struct pollfd waits[2] = {{serving->listener, POLLIN, 0},
                                  {serving->stop[0], POLLIN, 0}};

        if (poll(waits, 2, -1) < 0)
            continue;
        if (waits[1].revents != 0)
            return NULL;
        if (waits[0].revents != 0)
            let_in(serving);
    }
}

/* ---- beginning and end -------------------------------------------------- */

static int open_lock(const char *path, int flags)
{
    char name[4096];

    snprintf(name, sizeof name, "%s.lock", path);
    return open(name, flags | O_CLOEXEC, 0600);
}

static struct flock whole_file(short type)
{
    return (struct flock){.l_type = type, .l_whence = SEEK_SET};
}

/* Who looks holds nothing, not for a moment: a server that is started while
 * somebody who looks stands still would find it held, and give up. */
bool store_is_served(const char *path)
{
    int          fd = open_lock(path, O_RDONLY);
    struct flock of = whole_file(F_RDLCK);
    bool served = fd >= 0 && (fcntl(fd, F_OFD_GETLK, &of) != 0 ||
                              of.l_type != F_UNLCK);

    if (fd >= 0)
        close(fd);
    return served;
}

static yao_status lock(store_serving *serving)
{
    struct flock ours = whole_file(F_WRLCK);

    serving->lock = open_lock(serving->path, O_RDWR | O_CREAT);
    if (serving->lock < 0)
        return YAO_E_FILE;
    return fcntl(serving->lock, F_OFD_SETLK, &ours) == 0 ? YAO_OK
                                                         : YAO_E_LOCKED;
}

static yao_status start(store_serving *serving)
{
    YAO_TRY(lock(serving));
    if (pipe2(serving->stop, O_CLOEXEC) != 0)
        return YAO_E_FILE;
    serving->listener = frame_socket(serving->path, true);
    if (serving->listener < 0)
        return YAO_E_FILE;
    serving->started =
        store_start_thread(&serving->thread, serving_main, serving);
    return serving->started ? YAO_OK : YAO_E_STORE;
}

yao_status store_serve(store *s, const char *path, store_serving **ret)
{
    store_serving *serving = calloc(1, sizeof *serving);

    if (serving == NULL)
        return YAO_E_STORE;
    serving->store    = s;
    serving->lock     = -1;
    serving->listener = -1;
    serving->stop[0] = serving->stop[1] = -1;
    pthread_mutex_init(&serving->mutex, NULL);
    serving->path     = strdup(path);
    yao_status status = serving->path != NULL ? start(serving) : YAO_E_STORE;
    if (status == YAO_OK)
        *ret = serving;
    else
        store_serve_end(serving);
    return status;
}

static void send_away(store_serving *serving)
{
    pthread_mutex_lock(&serving->mutex);
    for (size_t i = 0; i < STORE_MAX_GUESTS; i++)
        if (serving->guests[i].started && serving->guests[i].fd >= 0)
            shutdown(serving->guests[i].fd, SHUT_RDWR);
    pthread_mutex_unlock(&serving->mutex);
    for (size_t i = 0; i < STORE_MAX_GUESTS; i++)
        if (serving->guests[i].started)
            pthread_join(serving->guests[i].thread, NULL);
}

static void close_if_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

void store_serve_end(store_serving *serving)
{
    if (serving == NULL)
        return;
    if (serving->started) {
        (void)!write(serving->stop[1], "", 1);
        pthread_join(serving->thread, NULL);
        send_away(serving);
    }
    if (serving->listener >= 0)
        (void)unlink(serving->path);
    close_if_open(serving->listener);
    close_if_open(serving->stop[0]);
    close_if_open(serving->stop[1]);
    close_if_open(serving->lock);
    pthread_mutex_destroy(&serving->mutex);
    free(serving->path);
    free(serving);
}
