/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/parts.h"

/* ---- reading claims ---- */

yao_status yao_oauth_get(const yao_json *object, yao_arena *arena,
                         const yao_oauth_claim *claim, yao_text *ret)
{
    const yao_json *value = yao_json_get(object, claim->name);
    yao_text        text  = {NULL, 0};

    if (value == NULL) {
        if (claim->required)
            return YAO_E_MISSING;
        *ret = text;
        return YAO_OK;
    }
    YAO_TRY(yao_json_string(value, arena, &text));
    if (text.len == 0 || text.len > claim->max)
        return YAO_E_MALFORMED;

    *ret = text;
    return YAO_OK;
}

yao_status yao_oauth_get_time(const yao_json *object, const char *name,
                              bool required, yao_time *ret)
{
    const yao_json *value = yao_json_get(object, name);
    int64_t         time  = YAO_TIME_NONE;

    if (value == NULL && required)
        return YAO_E_MISSING;
    if (value != NULL && yao_json_int(value, &time) != YAO_OK)
        return YAO_E_MALFORMED;
    if (value != NULL && (time < 0 || time > YAO_TIME_MAX))
        return YAO_E_MALFORMED;

    *ret = time;
    return YAO_OK;
}

/* ---- times ---- */

yao_status yao_oauth_check_clock(const yao_oauth_clock *clock)
{
    if (clock->now < 0 || clock->now > YAO_TIME_MAX || clock->window < 1 ||
        clock->window > YAO_TIME_DAY || clock->skew < 0 ||
        clock->skew > YAO_TIME_DAY)
        return YAO_E_USAGE;

    return YAO_OK;
}

/* Times were checked to be 0..YAO_TIME_MAX: sums of them do not overflow. */
yao_status yao_oauth_check_iat(const yao_oauth_clock *clock, yao_time iat)
{
    if (iat == YAO_TIME_NONE)
        return YAO_OK;
    if (iat > clock->now + clock->skew)
        return YAO_E_NOT_YET_VALID;

    return clock->now - iat > clock->window + clock->skew ? YAO_E_EXPIRED
                                                          : YAO_OK;
}

yao_status yao_oauth_check_life(const yao_oauth_clock *clock, yao_time nbf,
                                yao_time exp)
{
    if (exp != YAO_TIME_NONE && clock->now - clock->skew >= exp)
        return YAO_E_EXPIRED;
    if (nbf != YAO_TIME_NONE && nbf > clock->now + clock->skew)
        return YAO_E_NOT_YET_VALID;

    return YAO_OK;
}

yao_status yao_oauth_check_aud(const yao_json *payload, yao_text audience)
{
    const yao_json *aud   = yao_json_get(payload, "aud");
    bool            found = false;

    if (aud == NULL)
        return YAO_E_MISSING;
    if (aud->kind == YAO_JSON_STRING)
        return yao_json_is_text(aud, audience) ? YAO_OK : YAO_E_MISMATCH;
    if (aud->kind != YAO_JSON_ARRAY)
        return YAO_E_MALFORMED;
    for (const yao_json *item = aud->first; item != NULL; item = item->next) {
        if (item->kind != YAO_JSON_STRING)
            return YAO_E_MALFORMED;
        found = found || yao_json_is_text(item, audience);
    }

    return found ? YAO_OK : YAO_E_MISMATCH;
}

yao_status yao_oauth_hash_once(const yao_crypto *crypto, const char *label,
                               yao_bytes first, yao_bytes second,
                               uint8_t out[YAO_SHA256_LEN])
{
    uint8_t len[4] = {(uint8_t)(first.len >> 24), (uint8_t)(first.len >> 16),
                      (uint8_t)(first.len >> 8), (uint8_t)first.len};
    const yao_bytes parts[] = {yao_text_bytes(yao_text_of(label)),
                               {len, sizeof len},
                               first,
                               second};

    return crypto->hash(crypto->ctx, YAO_SHA256, parts, 4, out);
}

/* ---- writing ---- */

void yao_oauth_put_header(yao_writer *w, yao_sig_alg alg, const char *type)
{
    const yao_sig_row *row = yao_sig_by_alg(alg);

    if (row == NULL) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    yao_put_text(w, "{\"alg\":\"");
    yao_put_text(w, row->jose);
    yao_put_text(w, "\",\"typ\":\"");
    yao_put_text(w, type);
    yao_put_byte(w, '"');
}

void yao_oauth_put_time(yao_writer *w, bool *first, const char *name,
                        yao_time value)
{
    if (value == YAO_TIME_NONE)
        return;
    yao_json_put_member_int(w, first, name, value);
}

yao_status yao_oauth_close(yao_writer *w, size_t split, yao_arena *arena,
                           yao_sig_alg alg, yao_oauth_unsigned *ret)
{
    yao_oauth_unsigned token;
    yao_bytes          json;

    YAO_TRY(yao_writer_keep(w, arena, &json));
    yao_writer out = yao_writer_in(arena);
    yao_jws_put_unsigned(&out, (yao_bytes){json.ptr, split},
                         (yao_bytes){json.ptr + split, json.len - split});
    YAO_TRY(yao_writer_keep(&out, arena, &token.text));
    token.wish = yao_sign_wish_of(alg, token.text);

    *ret = token;
    return YAO_OK;
}

yao_status yao_oauth_sign(yao_arena *arena, const yao_oauth_unsigned *token,
                          yao_bytes signature, yao_bytes *ret)
{
    const yao_sig_row *row = yao_sig_by_alg(token->wish.alg);
    yao_writer         w   = yao_writer_in(arena);

    if (row == NULL || signature.len != row->signature_len)
        return YAO_E_USAGE;
    yao_put_bytes(&w, token->text);
    yao_jws_put_signature(&w, signature);
    return yao_writer_keep(&w, arena, ret);
}
