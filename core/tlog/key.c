/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/parts.h"

#include "base/copy.h"

/* C2SP signed-note, Signature types */
enum { TYPE_ED25519 = 1, TYPE_ECDSA = 2 };

/* SubjectPublicKeyInfo of a key on P-256 up to its point (RFC 5480). */
#define SPKI                                                                   \
    YAO_LIT("\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a" \
            "\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00")

enum { SPKI_LEN = 26, P256_POINT = 65, MAX_ENCODED = SPKI_LEN + P256_POINT };

/* ---- names -------------------------------------------------------------- */

/* Spaces of Unicode (White_Space) above ASCII: two or three bytes in front,
 * and from where to where the last one goes. */
static const struct space {
    yao_bytes front;
    uint8_t   from, to;
} spaces[] = {
    {YAO_INIT("\xc2"), 0x85, 0x85},     /* U+0085 */
    {YAO_INIT("\xc2"), 0xa0, 0xa0},     /* U+00A0 */
    {YAO_INIT("\xe1\x9a"), 0x80, 0x80}, /* U+1680 */
    {YAO_INIT("\xe2\x80"), 0x80, 0x8a}, /* U+2000 to U+200A */
    {YAO_INIT("\xe2\x80"), 0xa8, 0xa9}, /* U+2028, U+2029 */
    {YAO_INIT("\xe2\x80"), 0xaf, 0xaf}, /* U+202F */
    {YAO_INIT("\xe2\x81"), 0x9f, 0x9f}, /* U+205F */
    {YAO_INIT("\xe3\x80"), 0x80, 0x80}, /* U+3000 */
};

static bool begins_space(yao_bytes rest)
{
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        const struct space *s = &spaces[i];

        if (rest.len > s->front.len && yao_bytes_starts(rest, s->front) &&
            rest.ptr[s->front.len] >= s->from &&
            rest.ptr[s->front.len] <= s->to)
            return true;
    }
    return false;
}

bool yao_tlog_is_name(yao_text name)
{
    yao_bytes rest = yao_text_bytes(name);

    if (rest.len == 0 || yao_tlog_has_control(rest, 0))
        return false;
    for (; rest.len != 0; rest.ptr++, rest.len--)
        if (*rest.ptr == ' ' || *rest.ptr == '+' || begins_space(rest))
            return false;
    return true;
}

/* ---- keys --------------------------------------------------------------- */

/* The key as its type has it: what is hashed, and written. */
static void put_encoded(yao_writer *w, const yao_public_key *key)
{
    if (key->curve == YAO_P256)
        yao_put_bytes(w, SPKI);
    yao_put_bytes(w, (yao_bytes){key->point, key->len});
}

/* C2SP signed-note, Signature types: that of ECDSA does not have the name. */
static yao_status hash_id(const yao_crypto *crypto, yao_tlog_key *key)
{
    uint8_t    encoded[MAX_ENCODED], digest[YAO_SHA256_LEN];
    yao_writer w = yao_writer_open(encoded, sizeof encoded);

    put_encoded(&w, &key->key);
    yao_bytes bytes   = {encoded, w.len};
    yao_bytes parts[] = {yao_text_bytes(key->name), YAO_LIT("\n\x01"), bytes};

    if (key->alg == YAO_ED25519)
        YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, parts, 3, digest));
    else
        YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &bytes, 1, digest));

    yao_copy(key->id, (yao_bytes){digest, YAO_TLOG_KEY_ID});
    return YAO_OK;
}

static yao_sig_alg alg_of(const yao_public_key *key)
{
    if (key->curve == YAO_EDWARDS25519 && key->len == YAO_ED25519_KEY)
        return YAO_ED25519;
    if (key->curve == YAO_P256 && key->len == P256_POINT &&
        yao_public_key_well_formed(key))
        return YAO_ES256;
    return YAO_SIG_NONE;
}

yao_status yao_tlog_key_make(const yao_crypto *crypto, yao_text name,
                             const yao_public_key *key, yao_tlog_key *ret)
{
    yao_tlog_key made = {.name = name, .alg = alg_of(key), .key = *key};

    if (made.alg == YAO_SIG_NONE)
        return YAO_E_KEY;
    if (!yao_tlog_is_name(name))
        return YAO_E_VALUE;
    YAO_TRY(hash_id(crypto, &made));

    *ret = made;
    return YAO_OK;
}

/* What stands behind the type; ENCODED is at most 1 + MAX_ENCODED bytes, for
 * which a point has room. */
static yao_status read_point(yao_bytes encoded, yao_public_key *ret)
{
    yao_public_key key = {.curve = YAO_EDWARDS25519};

    if (encoded.len == 0)
        return YAO_E_MALFORMED;
    uint8_t type = encoded.ptr[0];
    encoded.ptr++;
    encoded.len--;

    if (type == TYPE_ECDSA) {
        if (!yao_bytes_starts(encoded, SPKI))
            return YAO_E_MALFORMED;
        encoded.ptr += SPKI_LEN;
        encoded.len -= SPKI_LEN;
        key.curve = YAO_P256;
    } else if (type != TYPE_ED25519) {
        return YAO_E_MALFORMED;
    }
    yao_copy(key.point, encoded);
    key.len = (uint8_t)encoded.len;

    *ret = key;
    return YAO_OK;
}

/* The next piece up to a plus. */
static bool cut(yao_bytes *rest, yao_bytes *piece)
{
    size_t at = yao_bytes_find(*rest, '+');

    if (at == rest->len)
        return false;
    *piece = (yao_bytes){rest->ptr, at};
    rest->ptr += at + 1;
    rest->len -= at + 1;
    return true;
}

yao_status yao_tlog_key_read(const yao_crypto *crypto, yao_bytes text,
                             yao_tlog_key *ret)
{
    uint8_t        encoded[1 + MAX_ENCODED], id[YAO_TLOG_KEY_ID];
    yao_writer     w = yao_writer_open(encoded, sizeof encoded);
    yao_writer     i = yao_writer_open(id, sizeof id);
    yao_bytes      name, digits;
    yao_text       checked;
    yao_public_key key;
    yao_tlog_key   made;

    if (!cut(&text, &name) || !cut(&text, &digits) ||
        digits.len != 2 * YAO_TLOG_KEY_ID)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_text_check(name, &checked));
    YAO_TRY(yao_get_hex(digits, &i));
    yao_status status = yao_get_base64(text, &w);
    if (status != YAO_OK) /* longer than a key of ours */
        return status == YAO_E_SPACE ? YAO_E_MALFORMED : status;
    YAO_TRY(read_point((yao_bytes){encoded, w.len}, &key));
    YAO_TRY(yao_tlog_key_make(crypto, checked, &key, &made));
    if (!yao_bytes_equal((yao_bytes){id, sizeof id},
                         (yao_bytes){made.id, sizeof made.id}))
        return YAO_E_MISMATCH;

    *ret = made;
    return YAO_OK;
}

void yao_tlog_key_put(yao_writer *w, const yao_tlog_key *key)
{
    uint8_t    encoded[1 + MAX_ENCODED];
    yao_writer e = yao_writer_open(encoded, sizeof encoded);

    yao_put_byte(&e, key->alg == YAO_ED25519 ? TYPE_ED25519 : TYPE_ECDSA);
    put_encoded(&e, &key->key);

    yao_put_bytes(w, yao_text_bytes(key->name));
    yao_put_byte(w, '+');
    yao_put_hex(w, (yao_bytes){key->id, YAO_TLOG_KEY_ID});
    yao_put_byte(w, '+');
    yao_put_base64(w, (yao_bytes){encoded, e.len});
}
