/* SPDX-License-Identifier: Apache-2.0 */
#include "jose/jwe.h"

#include "base/copy.h"
#include "jose/parts.h"

/*
 * What would let the message choose the key, change the rules, or cost more
 * than reading it: RFC 7516 sections 4.1.3 (zip), 4.1.4, 4.1.7, 4.1.13 (crit);
 * RFC 7518 section 4.8.1 (p2s, p2c); RFC 7797 (b64).
 */
static const char *const forbidden[] = {"zip", "crit", "p2c", "p2s",
                                        "jku", "x5u",  "b64"};

enum { HEADER, ENCRYPTED_KEY, NONCE, CIPHERTEXT, TAG, PARTS };

/* ---- reading ---- */

static yao_status split(yao_bytes token, yao_bytes parts[PARTS])
{
    yao_bytes rest = token, beyond;

    if (token.len > YAO_MAX_MESSAGE)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < TAG; i++)
        if (!yao_jose_cut(&rest, &parts[i]))
            return YAO_E_MALFORMED;
    parts[TAG] = rest;
    if (yao_jose_cut(&rest, &beyond))
        return YAO_E_MALFORMED;

    /* RFC 7518 section 4.6: direct agreement has none */
    return parts[ENCRYPTED_KEY].len == 0 ? YAO_OK : YAO_E_MALFORMED;
}

static yao_status read_algorithms(yao_arena *arena, yao_jwe *jwe)
{
    const yao_json *alg = yao_json_get(jwe->header, "alg");
    const yao_json *enc = yao_json_get(jwe->header, "enc");
    yao_text        name;

    if (alg == NULL || enc == NULL)
        return YAO_E_ALGORITHM;
    YAO_TRY(yao_json_string(alg, arena, &name));
    if (!yao_text_equal(name, YAO_TEXT("ECDH-ES")))
        return YAO_E_ALGORITHM;

    YAO_TRY(yao_json_string(enc, arena, &name));
    const yao_aead_row *row = yao_aead_by_jose(name);
    if (row == NULL)
        return YAO_E_ALGORITHM;

    jwe->enc = row->alg;
    return YAO_OK;
}

/* apu and apv: letters inside of the JSON. */
static yao_status read_info(const yao_json *value, yao_arena *arena,
                            yao_bytes *ret)
{
    yao_text letters;

    YAO_TRY(yao_jose_read_optional(value, arena, &letters));
    return yao_letters_decode(arena, yao_text_bytes(letters), ret);
}

static yao_status read_names(yao_arena *arena, yao_jwe *jwe)
{
    YAO_TRY(yao_jose_read_optional(yao_json_get(jwe->header, "typ"), arena,
                                   &jwe->type));
    YAO_TRY(yao_jose_read_optional(yao_json_get(jwe->header, "cty"), arena,
                                   &jwe->content_type));
    YAO_TRY(yao_jose_read_optional(yao_json_get(jwe->header, "kid"), arena,
                                   &jwe->kid));
    return jwe->kid.len > YAO_MAX_KID ? YAO_E_HEADER : YAO_OK;
}

static yao_status read_header(yao_arena *arena, yao_jwe *jwe)
{
    yao_bytes text;

    YAO_TRY(yao_letters_decode(arena, jwe->letters, &text));
    YAO_TRY(yao_json_parse_object(arena, text, &jwe->header));
    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++)
        if (yao_json_get(jwe->header, forbidden[i]) != NULL)
            return YAO_E_HEADER;

    YAO_TRY(read_algorithms(arena, jwe));
    YAO_TRY(read_names(arena, jwe));
    YAO_TRY(read_info(yao_json_get(jwe->header, "apu"), arena, &jwe->apu));
    YAO_TRY(read_info(yao_json_get(jwe->header, "apv"), arena, &jwe->apv));
    return yao_jwk_read_agreement(yao_json_get(jwe->header, "epk"), arena,
                                  &jwe->ephemeral);
}

/* Ciphertext and tag in one piece, as the wish wants them. A shorter tag is
 * easier to guess, so it has its full length or is none (RFC 7518 5.3). */
static yao_status read_sealed(yao_arena *arena, const yao_bytes parts[PARTS],
                              yao_jwe *jwe)
{
    yao_writer w = yao_writer_in(arena);

    YAO_TRY(yao_get_base64url(parts[CIPHERTEXT], &w));
    size_t at = w.len;
    YAO_TRY(yao_get_base64url(parts[TAG], &w));
    if (w.len - at != YAO_AEAD_TAG)
        return YAO_E_MALFORMED;
    return yao_writer_keep(&w, arena, &jwe->sealed);
}

yao_status yao_jwe_read(yao_arena *arena, yao_bytes token, yao_jwe *ret)
{
    yao_bytes parts[PARTS];
    yao_jwe   jwe = {0};

    YAO_TRY(split(token, parts));
    jwe.letters = parts[HEADER];
    YAO_TRY(read_header(arena, &jwe));
    YAO_TRY(yao_letters_decode(arena, parts[NONCE], &jwe.nonce));
    if (jwe.nonce.len != YAO_AEAD_NONCE)
        return YAO_E_MALFORMED;
    YAO_TRY(read_sealed(arena, parts, &jwe));

    *ret = jwe;
    return YAO_OK;
}

/* ---- the key ---- */

/* What a key is derived from, beside the agreement. */
typedef struct context {
    const yao_aead_row *enc;
    yao_bytes           apu, apv;
} context;

static void put_be32(uint8_t out[4], size_t number)
{
    for (size_t i = 0; i < 4; i++)
        out[i] = (uint8_t)(number >> (24 - 8 * i));
}

/*
 * RFC 7518 section 4.6.2, one round of the Concat KDF of SP 800-56A:
 *   SHA-256(00000001 || Z || AlgorithmID || PartyUInfo || PartyVInfo ||
 *           SuppPubInfo)
 * where all but the last, the bits of the key, have their length in front;
 * AlgorithmID is the enc, since the agreement is direct.
 */
static yao_status derive(const yao_crypto *crypto, const context *c,
                         yao_bytes shared, yao_jwe_key *key)
{
    yao_bytes id = yao_text_bytes(yao_text_of(c->enc->jose));
    uint8_t   id_len[4], apu_len[4], apv_len[4], bits[4];
    uint8_t   digest[YAO_SHA256_LEN];

    put_be32(id_len, id.len);
    put_be32(apu_len, c->apu.len);
    put_be32(apv_len, c->apv.len);
    put_be32(bits, (size_t)c->enc->key_len * 8);

    yao_bytes parts[] = {
        YAO_LIT("\0\0\0\1"), shared, {id_len, 4}, id, {apu_len, 4}, c->apu,
        {apv_len, 4},        c->apv, {bits, 4}};
    yao_status status = crypto->hash(crypto->ctx, YAO_SHA256, parts,
                                     sizeof parts / sizeof parts[0], digest);
    if (status == YAO_OK)
        yao_copy(key->bytes, (yao_bytes){digest, c->enc->key_len});

    yao_wipe(digest, sizeof digest);
    return status;
}

void yao_jwe_wipe(yao_jwe_key *key)
{
    yao_wipe(key, sizeof *key);
}

yao_status yao_jwe_open(const yao_crypto *crypto, const yao_jwe *jwe,
                        yao_bytes shared, yao_jwe_key *key, yao_aead_wish *ret)
{
    const yao_aead_row *enc = yao_aead_by_alg(jwe->enc);
    const context       c   = {enc, jwe->apu, jwe->apv};

    if (enc == NULL)
        return YAO_E_USAGE;
    if (!yao_agreement_usable(jwe->ephemeral.curve, shared))
        return YAO_E_KEY;
    YAO_TRY(derive(crypto, &c, shared, key));

    *ret = (yao_aead_wish){.alg   = jwe->enc,
                           .open  = true,
                           .key   = {key->bytes, enc->key_len},
                           .nonce = jwe->nonce,
                           .aad   = jwe->letters,
                           .input = jwe->sealed};
    return YAO_OK;
}

/* ---- making ---- */

static void put_name(yao_writer *w, const char *name, yao_text value)
{
    bool first = false;

    if (value.len == 0)
        return;
    yao_json_put_name(w, &first, name);
    yao_json_put_string(w, value);
}

static void put_info(yao_writer *w, const char *name, yao_bytes info)
{
    bool first = false;

    if (info.len == 0)
        return;
    yao_json_put_name(w, &first, name);
    yao_put_byte(w, '"');
    yao_put_base64url(w, info);
    yao_put_byte(w, '"');
}

static void put_header(yao_writer *w, const yao_aead_row *enc,
                       const yao_jwe_message *message)
{
    yao_put_text(w, "{\"alg\":\"ECDH-ES\",\"enc\":\"");
    yao_put_text(w, enc->jose);
    yao_put_text(w, "\",\"epk\":");
    yao_jwk_put(w, &message->ephemeral);
    put_name(w, "kid", message->kid);
    put_name(w, "typ", message->type);
    put_name(w, "cty", message->content_type);
    put_info(w, "apu", message->apu);
    put_info(w, "apv", message->apv);
    yao_put_byte(w, '}');
}

/* The header, and behind it in the arena its letters. */
static yao_status spell_header(yao_arena *arena, const yao_aead_row *enc,
                               const yao_jwe_message *message, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  text;

    put_header(&w, enc, message);
    YAO_TRY(yao_writer_keep(&w, arena, &text));
    w = yao_writer_in(arena);
    yao_put_base64url(&w, text);
    return yao_writer_keep(&w, arena, ret);
}

yao_status yao_jwe_seal(yao_arena *arena, const yao_crypto *crypto,
                        const yao_jwe_message *message, yao_bytes shared,
                        yao_jwe_key *key, yao_aead_wish *ret)
{
    const yao_aead_row *enc = yao_aead_by_alg(message->enc);
    const context       c   = {enc, message->apu, message->apv};
    yao_bytes           letters;

    if (enc == NULL || message->nonce.len != YAO_AEAD_NONCE)
        return YAO_E_USAGE;
    if (!yao_agreement_usable(message->ephemeral.curve, shared))
        return YAO_E_KEY;
    YAO_TRY(spell_header(arena, enc, message, &letters));
    YAO_TRY(derive(crypto, &c, shared, key));

    *ret = (yao_aead_wish){.alg   = message->enc,
                           .key   = {key->bytes, enc->key_len},
                           .nonce = message->nonce,
                           .aad   = letters,
                           .input = message->plain};
    return YAO_OK;
}

void yao_jwe_put(yao_writer *w, const yao_aead_wish *wish, yao_bytes sealed)
{
    if (sealed.len < YAO_AEAD_TAG) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }

    size_t at = sealed.len - YAO_AEAD_TAG;
    yao_put_bytes(w, wish->aad);
    yao_put_text(w, "..");
    yao_put_base64url(w, wish->nonce);
    yao_put_byte(w, '.');
    yao_put_base64url(w, (yao_bytes){sealed.ptr, at});
    yao_put_byte(w, '.');
    yao_put_base64url(w, (yao_bytes){sealed.ptr + at, YAO_AEAD_TAG});
}
