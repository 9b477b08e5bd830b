/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/netcert/question.h"

#define TYPE YAO_TEXT("yaopai-netcert-check+jwt")

enum { MIN_JTI = 16, MAX_JTI = 64, MIN_SALT = 16, MAX_NONCE = 128,
       MAX_NAME = 64 };

typedef struct reading {
    yao_arena        *arena;
    const yao_json   *payload;
    netcert_question *q;
} reading;

static yao_status read_text(const reading *r, const yao_json *value, size_t min,
                            size_t max, yao_text *ret)
{
    if (value == NULL || value->kind != YAO_JSON_STRING)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_json_string(value, r->arena, ret));
    return ret->len >= min && ret->len <= max ? YAO_OK : YAO_E_MALFORMED;
}

static yao_status read_bytes(const reading *r, const yao_json *value,
                             size_t min, size_t max, yao_bytes *ret)
{
    yao_text   text;
    yao_writer w = yao_writer_in(r->arena);

    YAO_TRY(read_text(r, value, 1, 2 * NETCERT_MAX_SALT, &text));
    if (yao_get_base64url(yao_text_bytes(text), &w) != YAO_OK)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_writer_keep(&w, r->arena, ret));
    return ret->len >= min && ret->len <= max ? YAO_OK : YAO_E_MALFORMED;
}

/* ---- the question itself ---- */

static yao_status read_is(const reading *r, const yao_json *object)
{
    if (object->count != 1)
        return YAO_E_MALFORMED;
    r->q->kind = NETCERT_ASKS_IS;
    return read_text(r, yao_json_get(object, "is"), 1, NETCERT_MAX_ITEM,
                     &r->q->item);
}

static yao_status read_equals(const reading *r, const yao_json *object)
{
    if (object->count != 3)
        return YAO_E_MALFORMED;
    r->q->kind = NETCERT_ASKS_EQUALS;
    YAO_TRY(read_text(r, yao_json_get(object, "equals"), 1, NETCERT_MAX_ITEM,
                      &r->q->item));
    YAO_TRY(read_bytes(r, yao_json_get(object, "salt"), MIN_SALT,
                       NETCERT_MAX_SALT, &r->q->salt));
    return read_bytes(r, yao_json_get(object, "hash"), YAO_SHA256_LEN,
                      YAO_SHA256_LEN, &r->q->hash);
}

static yao_status read_asked(const reading *r)
{
    const yao_json *asked = yao_json_get(r->payload, "question");

    if (asked == NULL)
        return YAO_E_MALFORMED;
    if (yao_json_is(asked, "valid")) {
        r->q->kind = NETCERT_ASKS_VALID;
        r->q->item = YAO_TEXT("");
        return YAO_OK;
    }
    if (asked->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    return yao_json_get(asked, "is") != NULL ? read_is(r, asked)
                                             : read_equals(r, asked);
}

/* ---- about whom ---- */

/* Either a number, or what was shown; with the six others that is all. */
static yao_status read_about(const reading *r)
{
    const yao_json *number = yao_json_get(r->payload, "number");
    const yao_json *shown  = yao_json_get(r->payload, "presentation");

    if (number != NULL) {
        if (r->payload->count != 7 ||
            yao_json_get(r->payload, "nonce") != NULL)
            return YAO_E_MALFORMED;
        return read_text(r, number, 1, MAX_NAME, &r->q->number);
    }
    if (r->payload->count != 8)
        return YAO_E_MALFORMED;
    YAO_TRY(read_text(r, shown, 1, YAO_MAX_JWT, &r->q->presentation));
    return read_text(r, yao_json_get(r->payload, "nonce"), MIN_JTI, MAX_NONCE,
                     &r->q->nonce);
}

static yao_status read_head(const reading *r)
{
    netcert_question *q = r->q;

    YAO_TRY(read_text(r, yao_json_get(r->payload, "iss"), 1, MAX_NAME,
                      &q->party));
    YAO_TRY(read_text(r, yao_json_get(r->payload, "aud"), 1, 512,
                      &q->audience));
    YAO_TRY(read_text(r, yao_json_get(r->payload, "jti"), MIN_JTI, MAX_JTI,
                      &q->jti));
    YAO_TRY(read_text(r, yao_json_get(r->payload, "profile"), 1, MAX_NAME,
                      &q->profile));
    return yao_json_int(yao_json_get(r->payload, "iat"), &q->at);
}

yao_status netcert_read_question(yao_arena *arena, yao_bytes token,
                                 netcert_question *ret)
{
    netcert_question *q = yao_arena_take(arena, sizeof *q);
    reading           r = {.arena = arena, .q = q};

    if (q == NULL)
        return YAO_E_SPACE;
    *q = (netcert_question){.kind = NETCERT_ASKS_NOTHING};
    YAO_TRY(yao_jws_read(arena, token, &q->jws));
    r.payload = q->jws.payload;
    if (!yao_text_equal(q->jws.type, TYPE) || r.payload == NULL)
        return YAO_E_MALFORMED;
    YAO_TRY(read_head(&r));
    YAO_TRY(read_about(&r));
    YAO_TRY(read_asked(&r));
    *ret = *q;
    return YAO_OK;
}
