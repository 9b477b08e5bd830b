/* SPDX-License-Identifier: Apache-2.0 */
/* A guest's half: the engine whose store is in another process. */

#include "store/socket/frame.h"
#include "store/socket/socket.h"
#include "store_sql.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long an answer may take: the server may be importing. */
#define ANSWER_MS 600000

typedef struct engine {
    store_engine base;
    int          fd;
    frame        f;
} engine;

/* ---- asking ------------------------------------------------------------- */

/* An answer that did not come in time, or is none, may still be on its way, and
 * the next question would take it for its own: nothing is asked any more. */
static yao_status give_up(engine *e, yao_status status)
{
    if (status != YAO_OK)
        (void)shutdown(e->fd, SHUT_RDWR);
    return status;
}

static yao_status receive(engine *e, frame_kind *answer)
{
    return give_up(e, frame_receive(e->fd, ANSWER_MS, answer, &e->f));
}

/* Send what is in e->f and wait for the answer, which is in e->f then. */
static yao_status ask(engine *e, frame_kind kind, frame_kind *answer)
{
    if (e->f.bad)
        return YAO_E_SPACE; /* it fits no frame, and was not sent */
    YAO_TRY(give_up(e, frame_send(e->fd, kind, &e->f)));
    return receive(e, answer);
}

static yao_status get_status(engine *e)
{
    yao_status status = (yao_status)frame_get_number(&e->f);

    return e->f.bad ? YAO_E_STORE : status;
}

static yao_status ask_status(engine *e, frame_kind kind)
{
    frame_kind answer;

    YAO_TRY(ask(e, kind, &answer));
    return answer == FRAME_RESULT ? get_status(e) : give_up(e, YAO_E_STORE);
}

/* ---- reading ---- */

static yao_status give_rows(frame *f, store_each_row each, void *ctx)
{
    while (!f->bad && f->at < f->len) {
        store_value columns[STORE_MAX_VALUES];
        int64_t     count = frame_get_number(f);

        if (f->bad || count < 0 || count > STORE_MAX_VALUES)
            return YAO_E_STORE;
        for (int64_t i = 0; i < count; i++)
            frame_get_value(f, &columns[i]);
        if (f->bad)
            return YAO_E_STORE;
        YAO_TRY(each(ctx, columns, (size_t)count));
    }
    return f->bad ? YAO_E_STORE : YAO_OK;
}

/* The rows that are still to come are received in any case: then the next
 * question gets its own answer. */
static yao_status run(store_engine *base, const store_op *op,
                      store_each_row each, void *ctx, int64_t *changed)
{
    engine    *e      = (engine *)base;
    yao_status status = YAO_OK;
    frame_kind answer;

    if (op->count != store_statements[op->statement].params)
        return YAO_E_USAGE;
    frame_clear(&e->f);
    frame_put_op(&e->f, op);
    YAO_TRY(ask(e, FRAME_READ, &answer));
    while (answer == FRAME_ROWS) {
        if (status == YAO_OK && each != NULL)
            status = give_rows(&e->f, each, ctx);
        YAO_TRY(receive(e, &answer));
    }
    if (answer != FRAME_RESULT)
        return give_up(e, YAO_E_STORE);
    yao_status theirs = get_status(e);
    if (changed != NULL)
        *changed = frame_get_number(&e->f);
    return status != YAO_OK ? status : theirs;
}

static yao_status check(store_engine *base)
{
    engine *e = (engine *)base;

    frame_clear(&e->f);
    return ask_status(e, FRAME_CHECK);
}

/* ---- changing ---- */

static void put_ops(frame *f, const store_op *op)
{
    int64_t count = 0;

    for (const store_op *o = op; o != NULL; o = o->next)
        count++;
    frame_put_number(f, count);
    for (; op != NULL; op = op->next)
        frame_put_op(f, op);
}

static void put_change(frame *f, const store_change *change)
{
    frame_clear(f);
    put_ops(f, change->claims);
    put_ops(f, change->rows);
}

/* What the claims of CHANGE returned. */
static yao_status get_returned(engine *e, store_change *change)
{
    for (store_op *op = change->claims; op != NULL; op = op->next) {
        op->returned_number = frame_get_number(&e->f);
        yao_bytes bytes     = frame_get_bytes(&e->f);

        if (e->f.bad)
            return YAO_E_STORE;
        YAO_TRY(yao_arena_keep(change->arena, bytes, &op->returned));
    }
    return YAO_OK;
}

static yao_status forward(store_engine *base, store_change *change)
{
    engine *e = (engine *)base;

    put_change(&e->f, change);
    yao_status status  = ask_status(e, FRAME_CHANGE);
    change->lost_about = (int)frame_get_number(&e->f);
    return status == YAO_OK ? get_returned(e, change) : status;
}

/* One that can't be sent must not be left out of what is committed. */
static yao_status send_change(engine *e, const store_change *change)
{
    YAO_TRY(change->status);
    put_change(&e->f, change);
    if (e->f.bad)
        return YAO_E_SPACE;
    return frame_send(e->fd, FRAME_CHANGE, &e->f);
}

/* Changes go without waiting; the server ends a stream that is too slow. */
static yao_status forward_all(store_engine *base, store_next_change next,
                              void *ctx)
{
    engine       *e    = (engine *)base;
    store_change *last = NULL, *change = NULL;
    yao_status    ours = YAO_OK, status;

    frame_clear(&e->f);
    YAO_TRY(frame_send(e->fd, FRAME_STREAM, &e->f));
    while ((ours = next(ctx, &change)) == YAO_OK && change != NULL) {
        last = change;
        ours = send_change(e, change);
        if (ours != YAO_OK)
            break;
        change = NULL;
    }
    frame_clear(&e->f);
    frame_put_number(&e->f, ours);
    status = ask_status(e, FRAME_END);
    if (last != NULL)
        last->lost_about = (int)frame_get_number(&e->f);
    return ours != YAO_OK ? ours : status;
}

/* ---- what only the server does ---- */

static yao_status never(store_engine *base)
{
    (void)base;
    return YAO_E_USAGE;
}

static void nothing(store_engine *base)
{
    (void)base;
}

static yao_status define(store_engine *base, const char *text)
{
    (void)base;
    (void)text;
    return YAO_E_USAGE;
}

static void close_engine(store_engine *base)
{
    engine *e = (engine *)base;

    if (e->fd >= 0)
        close(e->fd);
    frame_free(&e->f);
    free(e);
}

static const store_engine_calls calls = {.begin       = never,
                                         .commit      = never,
                                         .rollback    = nothing,
                                         .run         = run,
                                         .forward     = forward,
                                         .forward_all = forward_all,
                                         .define      = define,
                                         .check       = check,
                                         .close       = close_engine};

/* YAO_E_UNSUPPORTED: the server is of another version. */
static yao_status greet(engine *e)
{
    frame_clear(&e->f);
    frame_put_bytes(&e->f, frame_version());
    return ask_status(e, FRAME_HELLO);
}

yao_status store_socket_open(const char *place, store_mode mode,
                             store_engine **ret)
{
    if (mode == STORE_CREATE)
        return YAO_E_USAGE;

    engine *e = calloc(1, sizeof *e);
    if (e == NULL)
        return YAO_E_STORE;
    e->base.call      = &calls;
    e->fd             = frame_socket(place, false);
    yao_status status = e->fd >= 0 ? greet(e) : YAO_E_NOT_FOUND;
    if (status == YAO_OK)
        *ret = &e->base;
    else
        close_engine(&e->base);
    return status;
}
