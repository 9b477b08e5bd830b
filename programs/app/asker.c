/* SPDX-License-Identifier: Apache-2.0 */
#include "app/asker.h"

#include "app/files.h"
#include "app/pem.h"
#include "app/value.h"
#include "card/parts.h"
#include "trust/right.h"

/* The first certificate of a PEM file. */
static yao_status read_certificate(const char *path, yao_arena *arena,
                                   yao_certificate *ret)
{
    yao_bytes file, rest, der;
    yao_text  label;

    YAO_TRY(yao_file_read(path, 65536, &file));
    rest              = file;
    yao_status status = yao_pem_next(&rest, arena, &label, &der);
    while (status == YAO_OK && !yao_text_equal(label, YAO_TEXT("CERTIFICATE")))
        status = yao_pem_next(&rest, arena, &label, &der);
    yao_file_free(&file);
    YAO_TRY(status);
    return yao_x509_read(der, ret);
}

static bool fits_place(const char *place, yao_text *ret)
{
    yao_text text = yao_text_of(place);

    if (text.len == 0 || text.len > YAO_MAX_CARD_PLACE ||
        yao_text_check(yao_text_bytes(text), ret) != YAO_OK ||
        yao_text_count(text) > 64)
        return false;
    for (; text.len > 0; text.ptr++, text.len--)
        if (yao_value_steering(text) > 0)
            return false;
    return true;
}

yao_status app_asker_open(const app_asker_given *given, yao_arena *arena,
                           app_asker *ret)
{
    app_asker asker = {.profile = given->profile, .along = given->along};

    if (!fits_place(given->place, &asker.place))
        return YAO_E_USAGE;
    YAO_TRY(read_certificate(given->certificate, arena, &asker.certificate));
    if (!yao_trust_certified(given->profile, &asker.certificate))
        return YAO_E_NOT_AUTHORISED;
    if (given->now > asker.certificate.not_after)
        return YAO_E_EXPIRED; /* no wallet would answer */
    YAO_TRY(app_key_given(given->key, arena, &asker.key));

    yao_public_key key = yao_key_public(asker.key);
    if (!yao_public_key_equal(&key, &asker.certificate.key)) {
        yao_key_close(asker.key);
        return YAO_E_MISMATCH;
    }
    *ret = asker;
    return YAO_OK;
}

void app_asker_close(app_asker *asker)
{
    yao_key_close(asker->key);
    asker->key = NULL;
}

/* ---- challenges --------------------------------------------------------- */

static yao_status sign(app_asker *asker, const yao_crypto *crypto,
                       const yao_card_challenge_request *request,
                       yao_arena *arena, yao_bytes *ret)
{
    uint8_t          signature[YAO_MAX_SIGNATURE];
    size_t           len;
    yao_card_issuing issuing;

    YAO_TRY(yao_card_make_challenge(arena, crypto, request, &issuing));
    YAO_TRY(yao_key_sign(asker->key, &issuing.wish, signature, &len));
    yao_writer w = yao_writer_in(arena);
    YAO_TRY(yao_card_put_issued(&w, &issuing, (yao_bytes){signature, len}));
    return yao_writer_keep(&w, arena, ret);
}

static yao_status make(app_asker *asker, const yao_crypto *crypto,
                       yao_time now, yao_arena *arena, app_challenge *c)
{
    uint8_t                    nonce[YAO_CARD_NONCE];
    yao_card_challenge_request request = {
        .nonce       = {nonce, sizeof nonce},
        .expires     = now + YAO_CARD_CHALLENGE_LIFE,
        .profile     = asker->profile->name,
        .key         = yao_key_public(c->key),
        .place       = asker->place,
        .alg         = yao_key_alg(asker->key),
        .reader      = asker->certificate.der,
        .chain       = &asker->certificate.der,
        .chain_count = asker->along ? 1 : 0};

    YAO_TRY(yao_openssl_random(nonce, sizeof nonce));
    YAO_TRY(sign(asker, crypto, &request, arena, &c->bytes));
    return yao_card_read_challenge(c->bytes, &c->said);
}

/* Bytes of a part: codes of version 17, which old cameras read as well. */
enum { PART = 500 };

static yao_status write_code(yao_card_code code, yao_bytes content,
                             yao_arena *arena, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);

    yao_card_put_text(&w, code, content);
    return yao_writer_keep(&w, arena, ret);
}

static yao_status write_part(const yao_card_split *split, size_t index,
                             yao_arena *arena, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  part;

    yao_card_put_part(&w, split, index);
    YAO_TRY(yao_writer_keep(&w, arena, &part));
    return write_code(YAO_CARD_CODE_PART, part, arena, ret);
}

/* One code, when that is enough. */
static yao_status write_letters(const yao_crypto *crypto, yao_arena *arena,
                                app_asked *ret)
{
    yao_bytes      challenge = ret->challenge.bytes;
    yao_card_split split     = {.count = 1};

    if (challenge.len > YAO_MAX_CARD)
        YAO_TRY(yao_card_split_whole(crypto, challenge, PART, &split));
    yao_bytes *letters =
        yao_arena_take_array(arena, split.count, sizeof *letters);
    if (letters == NULL)
        return YAO_E_SPACE;
    ret->letters      = letters;
    ret->letter_count = split.count;
    if (split.count == 1)
        return write_code(YAO_CARD_CODE_CHALLENGE, challenge, arena, letters);
    for (size_t i = 0; i < split.count; i++)
        YAO_TRY(write_part(&split, i, arena, &letters[i]));
    return YAO_OK;
}

yao_status app_asker_ask(app_asker *asker, const yao_crypto *crypto,
                          yao_time now, yao_arena *arena, app_asked *ret)
{
    app_asked made = {.letter_count = 0};

    YAO_TRY(yao_key_generate(YAO_ES256, &made.challenge.key));
    yao_status status = make(asker, crypto, now, arena, &made.challenge);
    if (status == YAO_OK)
        status = write_letters(crypto, arena, &made);
    if (status == YAO_OK)
        *ret = made;
    else
        app_challenge_close(&made.challenge);
    return status;
}
