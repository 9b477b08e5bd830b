/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mailboxes for two who have met over a QR code. They are in memory only, known
 * by random names that say nothing, and overwritten when they end: there is
 * nothing to be handed over to anybody.
 *
 * Invariants
 *   1. All boxes are behind one lock, held for copying at most one message.
 *   2. A box is found by 128 random bits; one name reads, the other writes.
 *   3. What is forgotten is overwritten first.
 *   4. All of them together never take more memory than was allowed: nobody has
 *      to be known to fill one.
 */

#include "app/boxes.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yaopai/openssl.h"

enum {
    LIFE_S      = 300,
    MAX_WAIT_S  = 25,
    MESSAGES    = 16,
    BOX_LEN     = 256 * 1024,
    NAME_LEN    = 16,
    NAME_TEXT   = 22,
    BUCKETS     = 4096
};

typedef struct message {
    uint8_t *bytes;
    size_t   len;
} message;

typedef struct box {
    uint8_t     read[NAME_LEN], write[NAME_LEN];
    yao_time    ends;
    message     messages[MESSAGES];
    size_t      count, len;
    struct box *next[2]; /* of the same bucket, by name that reads or writes */
} box;

enum { BY_READ = 0, BY_WRITE = 1 };

struct app_boxes {
    pthread_mutex_t lock;
    box            *buckets[2][BUCKETS];
    size_t          count, most, bytes, most_bytes;
    void (*wake)(void *ctx, uint64_t key);
    void *ctx;
};

yao_status app_boxes_new(size_t count, size_t bytes, app_boxes **ret)
{
    app_boxes *b = calloc(1, sizeof *b);

    if (b == NULL)
        return YAO_E_SPACE;
    pthread_mutex_init(&b->lock, NULL);
    b->most       = count;
    b->most_bytes = bytes;
    *ret          = b;
    return YAO_OK;
}

/* ---- finding ---- */

static const uint8_t *name_of(const box *x, int by)
{
    return by == BY_READ ? x->read : x->write;
}

/* Names are random: any of their bytes will do. */
static size_t bucket_of(const uint8_t name[NAME_LEN])
{
    return ((size_t)name[0] << 8 | name[1]) % BUCKETS;
}

static uint64_t key_of(const uint8_t name[NAME_LEN])
{
    uint64_t key;

    memcpy(&key, name, sizeof key);
    return key;
}

static box *find(app_boxes *b, int by, const uint8_t name[NAME_LEN],
                 yao_time now)
{
    const yao_bytes want = {name, NAME_LEN};

    for (box *x = b->buckets[by][bucket_of(name)]; x != NULL; x = x->next[by])
        if (yao_bytes_equal_secret((yao_bytes){name_of(x, by), NAME_LEN},
                                   want))
            return x->ends > now ? x : NULL;
    return NULL;
}

static void link_box(app_boxes *b, box *x, int by)
{
    box **head = &b->buckets[by][bucket_of(name_of(x, by))];

    x->next[by] = *head;
    *head       = x;
}

static void unlink_box(app_boxes *b, const box *x, int by)
{
    box **at = &b->buckets[by][bucket_of(name_of(x, by))];

    while (*at != NULL && *at != x)
        at = &(*at)->next[by];
    if (*at == x)
        *at = x->next[by];
}

static void drop(app_boxes *b, box *x)
{
    unlink_box(b, x, BY_READ);
    unlink_box(b, x, BY_WRITE);
    for (size_t i = 0; i < x->count; i++) {
        yao_wipe(x->messages[i].bytes, x->messages[i].len);
        free(x->messages[i].bytes);
    }
    b->bytes -= x->len;
    b->count--;
    yao_wipe(x, sizeof *x);
    free(x);
}

void app_boxes_forget(app_boxes *b, yao_time now)
{
    pthread_mutex_lock(&b->lock);
    for (size_t i = 0; i < BUCKETS; i++)
        for (box *x = b->buckets[BY_READ][i], *next; x != NULL; x = next) {
            next = x->next[BY_READ];
            if (x->ends <= now)
                drop(b, x);
        }
    pthread_mutex_unlock(&b->lock);
}

void app_boxes_free(app_boxes *b)
{
    if (b == NULL)
        return;
    app_boxes_forget(b, YAO_TIME_MAX);
    pthread_mutex_destroy(&b->lock);
    free(b);
}

void app_boxes_count(app_boxes *b, size_t *boxes, size_t *bytes)
{
    pthread_mutex_lock(&b->lock);
    *boxes = b->count;
    *bytes = b->bytes;
    pthread_mutex_unlock(&b->lock);
}

void app_boxes_wake(app_boxes *b,
                         void (*wake)(void *ctx, uint64_t key), void *ctx)
{
    b->wake = wake;
    b->ctx  = ctx;
}

/* ---- names on the wire ---- */

static bool read_name(yao_text text, uint8_t out[NAME_LEN])
{
    uint8_t    bytes[NAME_LEN + 2];
    yao_writer w = yao_writer_open(bytes, sizeof bytes);

    if (text.len != NAME_TEXT ||
        yao_get_base64url(yao_text_bytes(text), &w) != YAO_OK ||
        w.len != NAME_LEN)
        return false;
    memcpy(out, bytes, NAME_LEN);
    return true;
}

static void put_name(yao_writer *w, const uint8_t name[NAME_LEN])
{
    yao_json_put_base64url(w, (yao_bytes){name, NAME_LEN});
}

static yao_status refuse(app_call *call, app_reply *ret, int status,
                         const char *word)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "error", yao_text_of(word));
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, status, &w);
}

static yao_status unknown(app_call *call, app_reply *ret)
{
    return refuse(call, ret, 404, "not_found");
}

static yao_status too_much(app_call *call, app_reply *ret)
{
    YAO_TRY(refuse(call, ret, 429, "slow_down"));
    return app_reply_header(ret, "Retry-After", YAO_TEXT("60"));
}

/* ---- opening ---- */

static yao_status tell_box(app_call *call, const uint8_t read[NAME_LEN],
                           const uint8_t write[NAME_LEN], app_reply *ret)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_name(&w, &first, "read");
    put_name(&w, read);
    yao_json_put_name(&w, &first, "write");
    put_name(&w, write);
    yao_json_put_member_int(&w, &first, "expires_in", LIFE_S);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 201, &w);
}

yao_status app_boxes_open(app_call *call, app_boxes *b, app_reply *ret)
{
    box            *x = calloc(1, sizeof *x);
    uint8_t         read[NAME_LEN], write[NAME_LEN];

    if (x == NULL)
        return YAO_E_SPACE;
    yao_status status = yao_openssl_random(x->read, NAME_LEN);
    if (status == YAO_OK)
        status = yao_openssl_random(x->write, NAME_LEN);
    if (status != YAO_OK) {
        free(x);
        return status;
    }
    x->ends = call->now + LIFE_S;
    memcpy(read, x->read, NAME_LEN);
    memcpy(write, x->write, NAME_LEN);

    pthread_mutex_lock(&b->lock);
    bool room = b->count < b->most;
    if (room) {
        link_box(b, x, BY_READ);
        link_box(b, x, BY_WRITE);
        b->count++;
    }
    pthread_mutex_unlock(&b->lock);
    if (!room) {
        free(x);
        return too_much(call, ret);
    }
    return tell_box(call, read, write, ret);
}

/* ---- writing ---- */

typedef enum put_outcome { PUT_DONE, PUT_UNKNOWN, PUT_FULL } put_outcome;

static put_outcome put_message(app_boxes *b, const uint8_t name[NAME_LEN],
                               message m, yao_time now, uint64_t *key)
{
    put_outcome outcome = PUT_UNKNOWN;

    pthread_mutex_lock(&b->lock);
    box *x = find(b, BY_WRITE, name, now);
    if (x != NULL && (x->count == MESSAGES || m.len > BOX_LEN - x->len ||
                      m.len > b->most_bytes - b->bytes)) {
        outcome = PUT_FULL;
    } else if (x != NULL) {
        x->messages[x->count++] = m;
        x->len += m.len;
        b->bytes += m.len;
        *key    = key_of(x->read);
        outcome = PUT_DONE;
    }
    pthread_mutex_unlock(&b->lock);
    return outcome;
}

yao_status app_boxes_write(app_call *call, app_boxes *b, app_reply *ret)
{
    yao_bytes       body = call->http->body;
    message         m    = {malloc(body.len + 1), body.len};
    uint8_t         name[NAME_LEN];
    uint64_t        key     = 0;
    put_outcome     outcome = PUT_UNKNOWN;

    if (m.bytes == NULL)
        return YAO_E_SPACE;
    memcpy(m.bytes, body.ptr, body.len);
    if (body.len > 0 && read_name(call->parts[0], name))
        outcome = put_message(b, name, m, call->now, &key);
    if (outcome == PUT_DONE) {
        if (b->wake != NULL)
            b->wake(b->ctx, key);
        return app_reply_empty(ret, 204);
    }
    free(m.bytes);
    return outcome == PUT_FULL ? too_much(call, ret) : unknown(call, ret);
}

/* ---- reading ---- */

static bool read_number(app_call *call, const char *name, long most, long *ret)
{
    yao_text text;
    long     number = 0;

    *ret = 0;
    yao_status status = app_query_value(call, name, &text);
    if (status == YAO_E_MISSING)
        return true;
    if (status != YAO_OK || text.len == 0 || text.len > 6)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        number = number * 10 + (text.ptr[i] - '0');
    }
    *ret = number;
    return number <= most;
}

/* Message AFTER (from 0) of the box into the arena. Errors: YAO_E_NOT_FOUND no
 * such box; YAO_E_MISSING it did not come yet; YAO_E_SPACE. */
static yao_status copy_message(app_boxes *b, const uint8_t name[NAME_LEN],
                               size_t after, const app_call *call,
                               yao_bytes *ret)
{
    yao_status status = YAO_E_NOT_FOUND;

    pthread_mutex_lock(&b->lock);
    const box *x = find(b, BY_READ, name, call->now);
    if (x != NULL)
        status = after < x->count
                     ? yao_arena_keep(call->arena,
                                      (yao_bytes){x->messages[after].bytes,
                                                  x->messages[after].len},
                                      ret)
                     : YAO_E_MISSING;
    pthread_mutex_unlock(&b->lock);
    return status;
}

static yao_status tell_message(app_call *call, size_t number, yao_bytes body,
                               app_reply *ret)
{
    char      text[24];
    yao_bytes kept;

    snprintf(text, sizeof text, "%zu", number);
    YAO_TRY(yao_arena_keep(call->arena, yao_text_bytes(yao_text_of(text)),
                           &kept));
    YAO_TRY(
        app_reply_bytes(ret, 200, "application/octet-stream", body));
    return app_reply_header(ret, "Yaopai-Message",
                            (yao_text){kept.ptr, kept.len});
}

/* Not there yet: this request is put aside until something comes. */
static yao_status wait_for(app_call *call, const uint8_t name[NAME_LEN],
                           long wait, app_reply *ret)
{
    if (wait == 0 || call->http->waited > 0)
        return app_reply_empty(ret, 204);
    ret->park_ms  = (unsigned)wait * 1000;
    ret->park_key = key_of(name);
    return YAO_OK;
}

yao_status app_boxes_read(app_call *call, app_boxes *b, app_reply *ret)
{
    long      after, wait;
    uint8_t   name[NAME_LEN];
    yao_bytes body;

    if (!read_number(call, "after", MESSAGES, &after) ||
        !read_number(call, "wait", MAX_WAIT_S, &wait))
        return refuse(call, ret, 400, "invalid_request");
    if (!read_name(call->parts[0], name))
        return unknown(call, ret);
    yao_status status = copy_message(b, name,
                                     (size_t)after, call, &body);
    if (status == YAO_E_NOT_FOUND)
        return unknown(call, ret);
    if (status == YAO_E_MISSING)
        return wait_for(call, name, wait, ret);
    YAO_TRY(status);
    return tell_message(call, (size_t)after + 1, body, ret);
}

yao_status app_boxes_close(app_call *call, app_boxes *b, app_reply *ret)
{
    uint8_t         name[NAME_LEN];

    if (!read_name(call->parts[0], name))
        return unknown(call, ret);
    pthread_mutex_lock(&b->lock);
    box *x = find(b, BY_READ, name, call->now);
    if (x != NULL)
        drop(b, x);
    pthread_mutex_unlock(&b->lock);
    return x != NULL ? app_reply_empty(ret, 204) : unknown(call, ret);
}
