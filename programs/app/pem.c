/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pem.h"

#include <string.h>

#include "app/files.h"
#include "crypto/algorithms.h"
#include "der/der.h"
#include "jose/jose.h"

static const uint8_t EC_PUBLIC_KEY[] = {0x2a, 0x86, 0x48, 0xce,
                                        0x3d, 0x02, 0x01};

/* ---- blocks ------------------------------------------------------------- */

/* Where NEEDLE begins in BYTES, or NULL. */
static const uint8_t *find(yao_bytes bytes, const char *needle)
{
    size_t len = strlen(needle);

    for (size_t i = 0; bytes.len >= len && i <= bytes.len - len; i++)
        if (memcmp(bytes.ptr + i, needle, len) == 0)
            return bytes.ptr + i;

    return NULL;
}

static yao_bytes from(yao_bytes bytes, const uint8_t *at)
{
    return (yao_bytes){at, bytes.len - (size_t)(at - bytes.ptr)};
}

/* The base64 letters of BODY without line ends, then decoded. */
static yao_status decode(yao_bytes body, yao_arena *arena, yao_bytes *ret)
{
    uint8_t *letters = yao_arena_take(arena, body.len);
    size_t   count   = 0;

    if (letters == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < body.len; i++)
        if (memchr("\r\n\t ", body.ptr[i], 4) == NULL)
            letters[count++] = body.ptr[i];

    yao_writer w = yao_writer_in(arena);
    YAO_TRY(yao_get_base64((yao_bytes){letters, count}, &w));
    return yao_writer_keep(&w, arena, ret);
}

yao_status yao_pem_next(yao_bytes *rest, yao_arena *arena, yao_text *label,
                        yao_bytes *der)
{
    static const char begin[] = "-----BEGIN ", end[] = "-----END ";
    const uint8_t    *at = find(*rest, begin);

    if (at == NULL)
        return YAO_E_MISSING;

    yao_bytes      name = from(*rest, at + sizeof begin - 1);
    const uint8_t *dash = find(name, "-----");
    if (dash == NULL)
        return YAO_E_MALFORMED;
    yao_bytes      body = from(name, dash + 5);
    const uint8_t *stop = find(body, end);
    if (stop == NULL)
        return YAO_E_MALFORMED;

    yao_bytes after = from(body, stop);
    body.len        = (size_t)(stop - body.ptr);
    name.len        = (size_t)(dash - name.ptr);
    if (!yao_bytes_starts(from(after, stop + sizeof end - 1), name))
        return YAO_E_MALFORMED; /* it ends as something else */
    YAO_TRY(decode(body, arena, der));
    *label = (yao_text){name.ptr, name.len};
    *rest  = (yao_bytes){after.ptr + 1, after.len - 1};
    return YAO_OK;
}

void yao_pem_put(yao_writer *w, const char *label, yao_bytes der)
{
    enum { LINE = 48 }; /* bytes: 64 letters */

    yao_put_text(w, "-----BEGIN ");
    yao_put_text(w, label);
    yao_put_text(w, "-----\n");
    for (size_t i = 0; i < der.len; i += LINE) {
        size_t len = der.len - i < LINE ? der.len - i : LINE;

        yao_put_base64(w, (yao_bytes){der.ptr + i, len});
        yao_put_byte(w, '\n');
    }
    yao_put_text(w, "-----END ");
    yao_put_text(w, label);
    yao_put_text(w, "-----\n");
}

/* ---- public keys -------------------------------------------------------- */

/* SubjectPublicKeyInfo (RFC 5480). */
static yao_status read_spki(yao_bytes der, yao_public_key *ret)
{
    yao_der_reader r         = yao_der_open(der);
    yao_der_reader spki      = yao_der_enter(&r, YAO_DER_SEQUENCE);
    yao_der_reader algorithm = yao_der_enter(&spki, YAO_DER_SEQUENCE);
    yao_bytes      type      = yao_der_get(&algorithm, YAO_DER_OID);
    yao_bytes      curve     = yao_der_get(&algorithm, YAO_DER_OID);
    uint8_t        unused    = 0;

    yao_der_leave(&spki, &algorithm);
    yao_bytes point = yao_der_get_bits(&spki, &unused);
    yao_der_leave(&r, &spki);
    YAO_TRY(yao_der_close(&r));

    const yao_curve_row *row = yao_curve_by_oid(curve);
    if (!yao_bytes_equal(type, (yao_bytes){EC_PUBLIC_KEY,
                                           sizeof EC_PUBLIC_KEY}) ||
        row == NULL || unused != 0 || point.len > YAO_MAX_POINT)
        return YAO_E_KEY;

    yao_public_key key = {.curve = row->curve, .len = (uint8_t)point.len};
    memcpy(key.point, point.ptr, point.len);
    if (!yao_public_key_well_formed(&key))
        return YAO_E_KEY;

    *ret = key;
    return YAO_OK;
}

static yao_status read_jwk(yao_bytes text, yao_arena *arena,
                           yao_public_key *ret)
{
    const yao_json *jwk;

    YAO_TRY(yao_json_parse(arena, text, &jwk));
    return yao_jwk_read(jwk, arena, ret);
}

static yao_status add(yao_anchors *anchors, yao_anchor anchor)
{
    if (anchors->count == sizeof anchors->list / sizeof anchors->list[0])
        return YAO_E_LIMIT;
    anchors->list[anchors->count++] = anchor;
    return YAO_OK;
}

static yao_status add_blocks(yao_anchors *ret, yao_arena *arena, yao_bytes rest,
                             yao_role role)
{
    size_t     before = ret->count;
    yao_text   label;
    yao_bytes  der;
    yao_status status;

    while ((status = yao_pem_next(&rest, arena, &label, &der)) == YAO_OK) {
        yao_anchor anchor = {.role = role};

        if (yao_text_equal(label, YAO_TEXT("CERTIFICATE")))
            anchor.certificate = der;
        else if (yao_text_equal(label, YAO_TEXT("PUBLIC KEY")))
            YAO_TRY(read_spki(der, &anchor.key));
        else
            continue;
        YAO_TRY(add(ret, anchor));
    }
    if (status == YAO_E_MISSING && ret->count > before)
        return YAO_OK;
    return status;
}

yao_status yao_anchors_add_file(yao_anchors *ret, yao_arena *arena,
                                const char *path, yao_role role)
{
    yao_bytes file, text;

    YAO_TRY(yao_file_read(path, 1024 * 1024, &file));
    yao_status status = yao_arena_keep(arena, file, &text);
    yao_file_free(&file);
    YAO_TRY(status);

    if (text.len > 0 && text.ptr[0] == '{') {
        yao_anchor anchor = {.role = role};

        YAO_TRY(read_jwk(text, arena, &anchor.key));
        return add(ret, anchor);
    }
    if (find(text, "-----BEGIN ") == NULL && text.len > 0 &&
        text.ptr[0] == YAO_DER_SEQUENCE) /* a certificate as DER */
        return add(ret, (yao_anchor){.certificate = text, .role = role});

    return add_blocks(ret, arena, text, role);
}

/* ---- private keys ------------------------------------------------------- */

/* SEC 1 C.4: ECPrivateKey ::= { 1, OCTETS, [0] curve OPTIONAL, ... }, into
 * PKCS#8 (RFC 5958). */
static yao_status wrap_sec1(yao_bytes sec1, yao_arena *arena, yao_bytes *ret)
{
    yao_der_reader r   = yao_der_open(sec1);
    yao_der_reader key = yao_der_enter(&r, YAO_DER_SEQUENCE);

    yao_der_get_small(&key);
    yao_der_get(&key, YAO_DER_OCTETS);
    yao_der_reader parameters = yao_der_enter(&key, YAO_DER_EXPLICIT(0));
    yao_bytes      curve      = yao_der_get(&parameters, YAO_DER_OID);
    if (key.status != YAO_OK || yao_curve_by_oid(curve) == NULL)
        return YAO_E_KEY;

    yao_writer w     = yao_writer_in(arena);
    size_t     outer = yao_der_begin(&w, YAO_DER_SEQUENCE);
    yao_der_put(&w, YAO_DER_INTEGER, YAO_LIT("\0"));
    size_t algorithm = yao_der_begin(&w, YAO_DER_SEQUENCE);
    yao_der_put(&w, YAO_DER_OID,
                (yao_bytes){EC_PUBLIC_KEY, sizeof EC_PUBLIC_KEY});
    yao_der_put(&w, YAO_DER_OID, curve);
    yao_der_end(&w, algorithm);
    yao_der_put(&w, YAO_DER_OCTETS, sec1);
    yao_der_end(&w, outer);
    return yao_writer_keep(&w, arena, ret);
}

yao_status yao_pem_private_key(yao_bytes text, yao_arena *arena,
                               yao_bytes *pkcs8)
{
    yao_text  label;
    yao_bytes der;

    for (;;) {
        YAO_TRY(yao_pem_next(&text, arena, &label, &der));
        if (yao_text_equal(label, YAO_TEXT("PRIVATE KEY"))) {
            *pkcs8 = der;
            return YAO_OK;
        }
        if (yao_text_equal(label, YAO_TEXT("EC PRIVATE KEY")))
            return wrap_sec1(der, arena, pkcs8);
    }
}
