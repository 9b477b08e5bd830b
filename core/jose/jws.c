/* SPDX-License-Identifier: Apache-2.0 */
#include "jose/parts.h"

/* What would let the message choose the key or change the rules (RFC 7515
 * sections 4.1.2, 4.1.5, 4.1.11; RFC 7797): refused wherever it stands. */
static const char *const forbidden[] = {"jku", "x5u", "crit", "b64"};

bool yao_jose_cut(yao_bytes *rest, yao_bytes *part)
{
    size_t at = yao_bytes_find(*rest, '.');

    if (at == rest->len)
        return false;
    *part = (yao_bytes){rest->ptr, at};
    rest->ptr += at + 1;
    rest->len -= at + 1;
    return true;
}

static yao_status split(yao_bytes token, yao_bytes parts[3])
{
    yao_bytes rest = token, beyond;

    if (token.len > YAO_MAX_JWT)
        return YAO_E_LIMIT;
    if (!yao_jose_cut(&rest, &parts[0]) || !yao_jose_cut(&rest, &parts[1]))
        return YAO_E_MALFORMED;
    parts[2] = rest;
    if (yao_jose_cut(&rest, &beyond))
        return YAO_E_MALFORMED;

    return YAO_OK;
}

/* ---- header ---- */

yao_status yao_jose_read_optional(const yao_json *value, yao_arena *arena,
                                  yao_text *ret)
{
    if (value == NULL) {
        *ret = (yao_text){NULL, 0};
        return YAO_OK;
    }
    return yao_json_string(value, arena, ret);
}

static yao_status read_alg(const yao_json *header, yao_arena *arena,
                           yao_sig_alg *ret)
{
    const yao_json *value = yao_json_get(header, "alg");
    yao_text        name;

    if (value == NULL)
        return YAO_E_ALGORITHM;
    YAO_TRY(yao_json_string(value, arena, &name));

    const yao_sig_row *row = yao_sig_by_jose(name);
    if (row == NULL)
        return YAO_E_ALGORITHM;

    *ret = row->alg;
    return YAO_OK;
}

/* x5c is standard base64 with padding, unlike all else (RFC 7515 4.1.6). */
static yao_status read_certificate(const yao_json *item, yao_arena *arena,
                                   yao_bytes *ret)
{
    yao_text letters;

    YAO_TRY(yao_json_string(item, arena, &letters));
    if (letters.len == 0)
        return YAO_E_HEADER;
    if (letters.len > YAO_MAX_CERTIFICATE / 3 * 4 + 4)
        return YAO_E_LIMIT;

    yao_writer w = yao_writer_in(arena);
    YAO_TRY(yao_get_base64(yao_text_bytes(letters), &w));
    return yao_writer_keep(&w, arena, ret);
}

static yao_status read_chain(const yao_json *header, yao_arena *arena,
                             yao_jws *jws)
{
    const yao_json *x5c = yao_json_get(header, "x5c");

    if (x5c == NULL)
        return YAO_OK;
    if (x5c->kind != YAO_JSON_ARRAY)
        return YAO_E_MALFORMED;
    if (x5c->count == 0 || x5c->count > YAO_MAX_CHAIN)
        return YAO_E_HEADER;
    for (const yao_json *item = x5c->first; item != NULL; item = item->next)
        YAO_TRY(read_certificate(item, arena,
                                 &jws->chain[jws->chain_count++]));
    return YAO_OK;
}

static yao_status read_header(yao_arena *arena, yao_bytes letters, yao_jws *jws)
{
    yao_bytes text;

    YAO_TRY(yao_letters_decode(arena, letters, &text));
    YAO_TRY(yao_json_parse_object(arena, text, &jws->header));
    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++)
        if (yao_json_get(jws->header, forbidden[i]) != NULL)
            return YAO_E_HEADER;

    YAO_TRY(read_alg(jws->header, arena, &jws->alg));
    YAO_TRY(yao_jose_read_optional(yao_json_get(jws->header, "typ"), arena,
                                   &jws->type));
    YAO_TRY(yao_jose_read_optional(yao_json_get(jws->header, "kid"), arena,
                                   &jws->kid));
    if (jws->kid.len > YAO_MAX_KID)
        return YAO_E_HEADER;
    jws->jwk = yao_json_get(jws->header, "jwk");
    if (jws->jwk != NULL && jws->jwk->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;

    return read_chain(jws->header, arena, jws);
}

/* ---- the whole ---- */

yao_status yao_jws_read_bytes(yao_arena *arena, yao_bytes token, yao_jws *ret)
{
    yao_bytes parts[3];
    yao_jws   jws = {0};

    YAO_TRY(split(token, parts));
    YAO_TRY(read_header(arena, parts[0], &jws));
    YAO_TRY(yao_letters_decode(arena, parts[1], &jws.payload_bytes));
    YAO_TRY(yao_letters_decode(arena, parts[2], &jws.signature));
    jws.signing_input = (yao_bytes){token.ptr, parts[0].len + 1 + parts[1].len};

    *ret = jws;
    return YAO_OK;
}

yao_status yao_jws_read(yao_arena *arena, yao_bytes token, yao_jws *ret)
{
    yao_jws jws;

    YAO_TRY(yao_jws_read_bytes(arena, token, &jws));
    YAO_TRY(yao_json_parse_object(arena, jws.payload_bytes, &jws.payload));

    *ret = jws;
    return YAO_OK;
}

yao_status yao_jws_check(const yao_jws *jws, const yao_public_key *key,
                         yao_signature_check *ret)
{
    const yao_sig_row  *row   = yao_sig_by_alg(jws->alg);
    yao_signature_check check = {.alg = jws->alg};

    if (row == NULL || row->curve != key->curve)
        return YAO_E_ALGORITHM;
    if (jws->signature.len != row->signature_len)
        return YAO_E_MALFORMED;

    check.key        = *key;
    check.parts[0]   = jws->signing_input;
    check.part_count = 1;
    check.signature  = jws->signature;
    *ret = check;
    return YAO_OK;
}

/* ---- writing ---- */

void yao_jws_put_unsigned(yao_writer *w, yao_bytes header, yao_bytes payload)
{
    yao_put_base64url(w, header);
    yao_put_byte(w, '.');
    yao_put_base64url(w, payload);
}

void yao_jws_put_signature(yao_writer *w, yao_bytes signature)
{
    yao_put_byte(w, '.');
    yao_put_base64url(w, signature);
}

void yao_jws_put_x5c(yao_writer *w, const yao_bytes *chain, size_t count)
{
    bool first = true;

    yao_put_text(w, "\"x5c\":[");
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(w, &first);
        yao_put_byte(w, '"');
        yao_put_base64(w, chain[i]);
        yao_put_byte(w, '"');
    }
    yao_put_byte(w, ']');
}
