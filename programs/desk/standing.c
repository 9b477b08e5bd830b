/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 1. A number is said once: by one clerk, for one session (claims).
 * 2. To open sessions costs nobody else anything: numbers are claimed by who
 *    has shown something, not by who scans.
 * 3. Without the number nothing is let out, and it goes after five minutes.
 */

#include "desk/standing.h"

#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "desk/session.h"

enum {
    MEMORY      = 64 * 1024,
    MOST_FILE   = 32 * 1024,
    LEAST       = 10, /* two digits */
    NUMBERS     = 90,
    TRIES       = 20,
    NUMBER_LEN  = 2,
    PAYLOAD_LEN = YAO_STANDING_ID + NUMBER_LEN
};

/* ---- codes ---- */

static yao_status read_line(desk *d, yao_bytes line)
{
    desk_standings *s = d->standings;
    uint8_t         hash[YAO_SHA256_LEN];
    yao_bytes       kept;

    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    if (line.len == 0 || line.ptr[0] == '#')
        return YAO_OK;
    if (s->count == DESK_MAX_STANDINGS)
        return YAO_E_LIMIT;
    const yao_crypto *crypto = yao_openssl_crypto(d->openssl);
    YAO_TRY(yao_arena_keep(&s->arena, line, &kept));
    YAO_TRY(yao_standing_read(&s->arena, kept, &s->list[s->count]));
    s->letters[s->count] = (yao_text){kept.ptr, kept.len};
    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &d->reader.der, 1, hash));
    if (!yao_bytes_equal(s->list[s->count].reader,
                         (yao_bytes){hash, sizeof hash}))
        return YAO_E_MISMATCH;
    s->count++;
    return YAO_OK;
}

static yao_status read_lines(desk *d, yao_bytes text)
{
    while (text.len > 0) {
        size_t    end  = yao_bytes_find(text, '\n');
        yao_bytes line = {text.ptr, end < text.len ? end : text.len};
        size_t    past = line.len + (line.len < text.len);

        YAO_TRY(read_line(d, line));
        text.ptr += past;
        text.len -= past;
    }
    return YAO_OK;
}

yao_status desk_standings_open(desk *d)
{
    const char *path = desk_get(&d->config, DESK_STANDING);
    yao_bytes   file;

    d->standings = calloc(1, sizeof *d->standings);
    if (d->standings == NULL)
        return YAO_E_SPACE;
    if (path[0] == '\0')
        return YAO_OK;
    YAO_TRY(yao_memory_open(MEMORY, &d->standings->arena));
    YAO_TRY(yao_file_read(path, MOST_FILE, &file));
    yao_status status = read_lines(d, file);
    yao_file_free(&file);
    return status;
}

void desk_standings_free(desk_standings *s)
{
    if (s == NULL)
        return;
    yao_memory_free(&s->arena);
    free(s);
}

static const yao_standing *find(const app_call *call)
{
    const desk_standings *s = desk_of(call)->standings;
    uint8_t               id[STORE_ID_LEN];

    if (!desk_read_id(call->parts[0], id))
        return NULL;
    for (size_t i = 0; i < s->count; i++)
        if (yao_bytes_equal(s->list[i].id, (yao_bytes){id, sizeof id}))
            return &s->list[i];
    return NULL;
}

/* ---- numbers ---- */

/* A name in the store: PARTS together. */
static yao_status name_of(app_call *call, const yao_bytes *parts, size_t count,
                          yao_bytes *ret)
{
    uint8_t *out = yao_arena_take(call->arena, YAO_SHA256_LEN);

    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(
        call->crypto->hash(call->crypto->ctx, YAO_SHA256, parts, count, out));
    *ret = (yao_bytes){out, YAO_SHA256_LEN};
    return YAO_OK;
}

static yao_status name_number(app_call *call, yao_bytes code, yao_bytes number,
                              yao_bytes *ret)
{
    const yao_bytes parts[] = {code, number};

    return name_of(call, parts, 2, ret);
}

/* One that nobody waits under now. */
static yao_status draw_number(app_call *call, const yao_standing *s,
                              uint8_t out[NUMBER_LEN])
{
    for (int i = 0; i < TRIES; i++) {
        uint32_t  random;
        yao_bytes name, waits;

        YAO_TRY(yao_openssl_random((uint8_t *)&random, sizeof random));
        unsigned number = LEAST + random % NUMBERS;
        out[0]          = (uint8_t)('0' + number / 10);
        out[1]          = (uint8_t)('0' + number % 10);
        YAO_TRY(name_number(call, s->id, (yao_bytes){out, NUMBER_LEN}, &name));
        yao_status status =
            store_get_once(desk_of(call)->store, DESK_ONCE_NUMBER, name,
                           call->now, call->arena, &waits);
        if (status != YAO_OK)
            return status == YAO_E_NOT_FOUND ? YAO_OK : status;
    }
    return YAO_E_LIMIT;
}

static bool is_ours(const store_enquiry *e)
{
    return e->device == STORE_DEVICE_CROSS && e->browser.len > 0;
}

yao_status desk_standing_claim(app_call *call, const store_enquiry *e,
                               store_change *change)
{
    store_once once = {.kind    = DESK_ONCE_NUMBER,
                       .expires = call->now + DESK_GRACE,
                       .payload = e->id};
    yao_bytes  said;

    if (!is_ours(e))
        return YAO_OK;
    YAO_TRY(store_get_once(desk_of(call)->store, DESK_ONCE_STANDING, e->id,
                           call->now, call->arena, &said));
    if (said.len != PAYLOAD_LEN)
        return YAO_E_MALFORMED;
    YAO_TRY(name_number(
        call, (yao_bytes){said.ptr, YAO_STANDING_ID},
        (yao_bytes){said.ptr + YAO_STANDING_ID, NUMBER_LEN}, &once.hash));
    store_put_once(change, &once);
    return YAO_OK;
}

static yao_status slow_down(app_call *call, const char *seconds,
                            app_reply *ret)
{
    YAO_TRY(desk_refuse(call, ret, 429, "slow_down"));
    return app_reply_header(ret, "Retry-After", yao_text_of(seconds));
}

/* ---- the wallet ---- */

static yao_status tell_opened(app_call *call, const desk_session *s,
                              const uint8_t *number, app_reply *ret)
{
    yao_text link;
    bool     first = true;

    YAO_TRY(desk_session_link(call, s, &link));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "request", link);
    yao_json_put_member(&w, &first, "number",
                        (yao_text){number, NUMBER_LEN});
    yao_json_put_member_int(&w, &first, "expires", s->enquiry.expires);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 201, &w);
}

static yao_status note(app_call *call, const yao_standing *s,
                       const desk_session *session, const uint8_t *number)
{
    store_change change = store_change_open(call->arena);
    uint8_t      said[PAYLOAD_LEN];
    store_once   once = {.kind    = DESK_ONCE_STANDING,
                         .hash    = session->enquiry.id,
                         .expires = session->enquiry.ends,
                         .payload = {said, sizeof said}};

    memcpy(said, s->id.ptr, YAO_STANDING_ID);
    memcpy(said + YAO_STANDING_ID, number, NUMBER_LEN);
    store_put_once(&change, &once);
    return store_commit(desk_of(call)->store, &change);
}

static yao_status open_session(app_call *call, const desk_trust *t,
                               const yao_standing *s, app_reply *ret)
{
    uint8_t      number[NUMBER_LEN];
    uint8_t     *browser = yao_arena_take(call->arena, YAO_SHA256_LEN);
    desk_opening opening = {.profile = s->profile,
                            .browser = {browser, YAO_SHA256_LEN}};
    desk_session session;

    if (browser == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(browser, YAO_SHA256_LEN)); /* no browser's */
    YAO_TRY(draw_number(call, s, number));
    YAO_TRY(desk_session_begin(call, t, &opening, &session));
    yao_status status = note(call, s, &session, number);
    if (status == YAO_OK)
        status = tell_opened(call, &session, number, ret);
    desk_session_close(&session);
    return status;
}

/* Its results are those of the first program of this desk. */
static yao_status post_standing(app_call *call, app_reply *ret)
{
    desk               *d = desk_of(call);
    const yao_standing *s = find(call);

    if (s == NULL || call->now >= s->expires || d->client_count == 0)
        return desk_refuse(call, ret, 404, "not_found");
    call->who = &d->clients[0];
    if (desk_session_crowded(d))
        return slow_down(call, "10", ret);
    yao_status status = desk_session_room(call, ret);
    if (status != YAO_OK)
        return status == YAO_E_LIMIT ? YAO_OK : status;
    desk_trust *t = desk_trust_take(&d->trust);
    status        = t != NULL && desk_trust_in_force(t, call->now)
                        ? open_session(call, t, s, ret)
                        : desk_refuse(call, ret, 503, "no_trust_bundle");
    desk_trust_give(&d->trust, t);
    desk_room_give(&d->room);
    if (status == YAO_E_NOT_AUTHORISED)
        return desk_refuse(call, ret, 404, "not_found");
    return status == YAO_E_LIMIT ? desk_refuse(call, ret, 429, "slow_down")
                                 : status;
}

/* ---- the clerk ---- */

/* Whoever guesses is stopped after a few: a number is one of ninety. A try is
 * claimed before it is looked at, so that of many at once no more are, and
 * given back by who was right. Errors: YAO_E_LIMIT  none is left. */
static yao_status take_try(app_call *call, const yao_standing *s,
                           yao_bytes *ret)
{
    uint64_t minute = (uint64_t)call->now / 60;

    for (uint8_t i = 0; i < DESK_STANDING_MISSES; i++) {
        store_change    change  = store_change_open(call->arena);
        const yao_bytes parts[] = {
            s->id, {(const uint8_t *)&minute, sizeof minute}, {&i, 1}};
        store_once once = {.kind    = DESK_ONCE_MISS,
                           .expires = call->now + 120,
                           .payload = YAO_LIT("")};

        YAO_TRY(name_of(call, parts, 3, &once.hash));
        store_put_once(&change, &once);
        yao_status status = store_commit(desk_of(call)->store, &change);
        *ret              = once.hash;
        if (status != YAO_E_EXISTS)
            return status;
    }
    return YAO_E_LIMIT;
}

/* The session that waits under NUMBER is let out. */
static yao_status let_out(app_call *call, const yao_standing *s,
                          yao_text number, store_enquiry *e)
{
    desk             *d      = desk_of(call);
    store_change      change = store_change_open(call->arena);
    store_enquiry_end end    = {.now = call->now};
    yao_bytes         name, id, attempt;

    YAO_TRY(take_try(call, s, &attempt));
    YAO_TRY(name_number(call, s->id, yao_text_bytes(number), &name));
    YAO_TRY(store_get_once(d->store, DESK_ONCE_NUMBER, name, call->now,
                           call->arena, &id));
    YAO_TRY(store_get_enquiry(d->store, id, call->now, call->arena, e));
    if (!yao_bytes_equal(e->client, desk_client_id(call)))
        return YAO_E_NOT_FOUND;
    end.id      = e->id;
    end.browser = e->browser;
    end.code    = e->code;
    store_take_once(&change, DESK_ONCE_NUMBER, name, call->now, NULL);
    store_drop_once(&change, DESK_ONCE_MISS, attempt);
    desk_trust *t      = desk_trust_take(&d->trust);
    yao_status  status = desk_session_finish(call, e, t, &end, &change);
    desk_trust_give(&d->trust, t);
    return status;
}

static yao_status tell_let_out(app_call *call, const yao_standing *s,
                               yao_text number, const store_enquiry *e,
                               app_reply *ret)
{
    bool      first = true;
    yao_bytes result;

    YAO_TRY(desk_result_get(call, e->id, &result));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, "id", e->id);
    yao_json_put_member(&w, &first, "number", number);
    yao_json_put_member(&w, &first, "place", s->place);
    yao_json_put_member(&w, &first, "profile", e->profile);
    yao_json_put_name(&w, &first, "result");
    yao_put_bytes(&w, result);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

/* What waits is the first program's: another one finds nothing, and spends
 * none of its tries. */
static bool is_clerk(const app_call *call)
{
    const desk_client *first = &desk_of(call)->clients[0];

    return yao_bytes_equal(desk_client_id(call),
                           (yao_bytes){first->hash, STORE_ID_LEN});
}

static bool read_number(app_call *call, yao_text *ret)
{
    const yao_json *root;

    if (app_body_json(call, &root) != YAO_OK ||
        yao_json_string(yao_json_get(root, "number"), call->arena, ret) !=
            YAO_OK ||
        ret->len != NUMBER_LEN)
        return false;
    return ret->ptr[0] >= '1' && ret->ptr[0] <= '9' && ret->ptr[1] >= '0' &&
           ret->ptr[1] <= '9';
}

static yao_status post_number(app_call *call, app_reply *ret)
{
    const yao_standing *s = find(call);
    store_enquiry       e;
    yao_text            number;

    if (s == NULL || !is_clerk(call))
        return desk_refuse(call, ret, 404, "not_found");
    if (!read_number(call, &number))
        return desk_refuse(call, ret, 400, "invalid_request");
    yao_status status = let_out(call, s, number, &e);
    if (status == YAO_E_LIMIT)
        return slow_down(call, "60", ret);
    if (status == YAO_E_NOT_FOUND)
        return desk_refuse(call, ret, 404, "unknown_number");
    return status == YAO_OK ? tell_let_out(call, s, number, &e, ret) : status;
}

static const app_route routes[] = {
    {"POST", "/standing/{id}", APP_ANY_WALLET, post_standing, 0, 0},
    {"POST", "/api/standing/{id}", APP_PROGRAM | APP_JSON, post_number, 0, 0},
};

const app_routes desk_standing_table = {
    routes, sizeof routes / sizeof routes[0], 1u << DESK_PUBLIC};
