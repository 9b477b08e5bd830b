/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sessions of operators: the token is in a cookie only, the store has its
 * hash. Nothing of the operator is in the session but who it is.
 */
#include "authority/console/operator_inside.h"

#include <string.h>

#include "store/session.h"

/* The kind of these sessions; a refresh is written once a minute at most. */
enum { SESSION_KIND = 260, REFRESH = 60 };

yao_status console_hash(const authority *a, const char *what, yao_bytes secret,
                        uint8_t out[STORE_HASH_LEN])
{
    const yao_bytes parts[] = {YAO_LIT("yaopai-operator-1"),
                               yao_text_bytes(yao_text_of(what)), secret};

    return a->crypto->hash(a->crypto->ctx, YAO_SHA256, parts, 3, out);
}

yao_status console_read_letters(yao_text letters, uint8_t *out, size_t len)
{
    yao_writer w = yao_writer_open(out, len);

    YAO_TRY(yao_get_base64url(yao_text_bytes(letters), &w));
    return w.status == YAO_OK && w.len == len ? YAO_OK : YAO_E_BASE64;
}

yao_status console_write_letters(yao_bytes bytes, yao_arena *arena,
                                 yao_text *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  letters;

    yao_put_base64url(&w, bytes);
    YAO_TRY(yao_writer_keep(&w, arena, &letters));
    *ret = (yao_text){letters.ptr, letters.len};
    return YAO_OK;
}

/* ---- codes -------------------------------------------------------------- */

static yao_status read_code(const authority *a, yao_text typed,
                            console_code *c)
{
    size_t    dot  = yao_bytes_find(yao_text_bytes(typed), '.');
    yao_text  rest = typed;
    uint8_t   half[CONSOLE_HALF];

    if (dot < typed.len) {
        YAO_TRY(console_read_letters((yao_text){typed.ptr, dot}, half,
                                     sizeof half));
        yao_status status = console_hash(
            a, "half", (yao_bytes){half, sizeof half}, c->half);
        yao_wipe(half, sizeof half);
        YAO_TRY(status);
        c->halved = true;
        rest = (yao_text){typed.ptr + dot + 1, typed.len - dot - 1};
    }
    return console_read_letters(rest, c->bytes, sizeof c->bytes);
}

yao_status console_read_code(const authority *a, yao_text typed,
                             console_code *ret)
{
    console_code c      = {.halved = false};
    yao_status   status = read_code(a, typed, &c);

    if (status == YAO_OK)
        *ret = c;
    yao_wipe(&c, sizeof c);
    return status;
}

yao_status console_hash_code(const authority *a, const console_code *code,
                             uint8_t out[STORE_HASH_LEN])
{
    uint8_t    all[CONSOLE_CODE + STORE_HASH_LEN];
    size_t     len = code->halved ? sizeof all : CONSOLE_CODE;

    memcpy(all, code->bytes, CONSOLE_CODE);
    memcpy(all + CONSOLE_CODE, code->half, STORE_HASH_LEN);
    yao_status status = console_hash(a, "code", (yao_bytes){all, len}, out);
    yao_wipe(all, sizeof all);
    return status;
}

/* ---- opening ------------------------------------------------------------ */

static void write_time(yao_time time, uint8_t out[8])
{
    for (size_t i = 0; i < 8; i++)
        out[i] = (uint8_t)((uint64_t)time >> (56 - 8 * i));
}

static yao_time read_time(yao_bytes bytes)
{
    uint64_t time = 0;

    for (size_t i = 0; i < 8 && i < bytes.len; i++)
        time = time << 8 | bytes.ptr[i];
    return (yao_time)time;
}

yao_status console_put_session(authority *a, store_change *change,
                               yao_bytes operator, yao_time now,
                               yao_arena *arena, yao_text *token)
{
    uint8_t  secret[CONSOLE_SECRET];
    uint8_t *hash  = yao_arena_take(arena, STORE_HASH_LEN);
    uint8_t *since = yao_arena_take(arena, 8);

    if (hash == NULL || since == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(secret, sizeof secret));
    write_time(now, since);
    yao_status status = console_hash(
        a, "session", (yao_bytes){secret, sizeof secret}, hash);
    if (status == YAO_OK)
        status = console_write_letters((yao_bytes){secret, sizeof secret},
                                       arena, token);
    yao_wipe(secret, sizeof secret);
    const store_session session = {.id      = {hash, STORE_HASH_LEN},
                                   .kind    = SESSION_KIND,
                                   .owner   = operator,
                                   .expires = now + CONSOLE_IDLE_SECONDS,
                                   .sealed  = {since, 8}};
    if (status == YAO_OK)
        store_put_session(change, &session);
    return status;
}

/* ---- finding ------------------------------------------------------------ */

/* Another request may have done it at this moment: as well. */
static yao_status refresh(authority *a, const store_session *found,
                          yao_time now, yao_arena *arena)
{
    store_change  change = store_change_open(arena);
    store_session later  = *found;

    if (found->expires - now > CONSOLE_IDLE_SECONDS - REFRESH)
        return YAO_OK;
    later.expires = now + CONSOLE_IDLE_SECONDS;
    store_replace_session(&change, &later);
    yao_status status = store_commit(a->store, &change);
    return status == YAO_E_NOT_FOUND ? YAO_OK : status;
}

static yao_status fill(authority *a, const store_session *session,
                       yao_arena *arena, console_operator *ret)
{
    store_operator o;

    YAO_TRY(store_get_operator(a->store, session->owner, arena, &o));
    if (o.state != STORE_OPERATOR_ACTIVE || o.id.len != STORE_ID_LEN ||
        session->id.len != STORE_HASH_LEN)
        return YAO_E_NOT_FOUND;
    memcpy(ret->id, o.id.ptr, STORE_ID_LEN);
    memcpy(ret->session, session->id.ptr, STORE_HASH_LEN);
    ret->name  = o.name;
    ret->roles = (int)(o.roles & CONSOLE_ANY_ROLE);
    ret->since = read_time(session->sealed);
    return YAO_OK;
}

yao_status console_find_session(authority *a, yao_text token, yao_time now,
                                yao_arena *arena, console_operator *ret)
{
    uint8_t       secret[CONSOLE_SECRET], hash[STORE_HASH_LEN];
    store_session session;

    if (console_read_letters(token, secret, sizeof secret) != YAO_OK)
        return YAO_E_MISSING;
    YAO_TRY(console_hash(a, "session", (yao_bytes){secret, sizeof secret},
                         hash));
    YAO_TRY(store_get_session(a->store, (yao_bytes){hash, sizeof hash},
                              SESSION_KIND, now, arena, &session));
    YAO_TRY(fill(a, &session, arena, ret));
    if (ret->since > now || now - ret->since >= CONSOLE_SESSION_SECONDS)
        return YAO_E_EXPIRED;
    return refresh(a, &session, now, arena);
}

yao_bytes console_operator_id(const console_operator *who)
{
    return (yao_bytes){who->id, STORE_ID_LEN};
}

/* ---- roles -------------------------------------------------------------- */

static const struct {
    const char *name;
    int         role;
} roles[] = {
    {"clerk", APP_CLERK},           {"officer", APP_OFFICER},
    {"supervisor", APP_SUPERVISOR}, {"registrar", APP_REGISTRAR},
    {"auditor", APP_AUDITOR},       {"administrator", APP_ADMINISTRATOR},
};

int console_role(yao_text name)
{
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
        if (yao_text_equal(name, yao_text_of(roles[i].name)))
            return roles[i].role;
    return 0;
}

void console_put_roles(yao_writer *w, int64_t mask)
{
    bool first = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if ((mask & roles[i].role) == 0)
            continue;
        yao_json_put_next(w, &first);
        yao_json_put_string(w, yao_text_of(roles[i].name));
    }
    yao_put_byte(w, ']');
}
