/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/algorithms.h"

static const yao_sig_row signatures[] = {
    {YAO_ES256, YAO_P256, YAO_SHA256, 64, -7, -9, "ES256",
     YAO_INIT("\x2a\x86\x48\xce\x3d\x04\x03\x02")},
    {YAO_ES384, YAO_P384, YAO_SHA384, 96, -35, -51, "ES384",
     YAO_INIT("\x2a\x86\x48\xce\x3d\x04\x03\x03")},
};

static const yao_curve_row curves[] = {
    {YAO_P256, 32, 1, "P-256", YAO_INIT("\x2a\x86\x48\xce\x3d\x03\x01\x07")},
    {YAO_P384, 48, 2, "P-384", YAO_INIT("\x2b\x81\x04\x00\x22")},
};

static const yao_hash_row hashes[] = {
    {YAO_SHA256, 32, "SHA-256", "sha-256"},
    {YAO_SHA384, 48, "SHA-384", "sha-384"},
    {YAO_SHA512, 64, "SHA-512", "sha-512"},
};

static const yao_aead_row aeads[] = {
    {YAO_A128GCM, 16, "A128GCM"},
    {YAO_A256GCM, 32, "A256GCM"},
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static bool named(const char *name, yao_text text)
{
    return yao_text_equal(yao_text_of(name), text);
}

const yao_sig_row *yao_sig_by_alg(yao_sig_alg alg)
{
    for (size_t i = 0; i < COUNT(signatures); i++)
        if (signatures[i].alg == alg)
            return &signatures[i];
    return NULL;
}

const yao_sig_row *yao_sig_by_cose(int64_t id)
{
    for (size_t i = 0; i < COUNT(signatures); i++)
        if (signatures[i].cose == id || signatures[i].cose_specific == id)
            return &signatures[i];
    return NULL;
}

const yao_sig_row *yao_sig_by_jose(yao_text name)
{
    for (size_t i = 0; i < COUNT(signatures); i++)
        if (named(signatures[i].jose, name))
            return &signatures[i];
    return NULL;
}

const yao_sig_row *yao_sig_by_oid(yao_bytes oid)
{
    for (size_t i = 0; i < COUNT(signatures); i++)
        if (yao_bytes_equal(signatures[i].oid, oid))
            return &signatures[i];
    return NULL;
}

const yao_sig_row *yao_sig_by_curve(yao_curve curve)
{
    for (size_t i = 0; i < COUNT(signatures); i++)
        if (signatures[i].curve == curve)
            return &signatures[i];
    return NULL;
}

const yao_curve_row *yao_curve_by_id(yao_curve curve)
{
    for (size_t i = 0; i < COUNT(curves); i++)
        if (curves[i].curve == curve)
            return &curves[i];
    return NULL;
}

const yao_curve_row *yao_curve_by_cose(int64_t id)
{
    for (size_t i = 0; i < COUNT(curves); i++)
        if (curves[i].cose == id)
            return &curves[i];
    return NULL;
}

const yao_curve_row *yao_curve_by_jose(yao_text name)
{
    for (size_t i = 0; i < COUNT(curves); i++)
        if (named(curves[i].jose, name))
            return &curves[i];
    return NULL;
}

const yao_curve_row *yao_curve_by_oid(yao_bytes oid)
{
    for (size_t i = 0; i < COUNT(curves); i++)
        if (yao_bytes_equal(curves[i].oid, oid))
            return &curves[i];
    return NULL;
}

const yao_hash_row *yao_hash_by_alg(yao_hash_alg alg)
{
    for (size_t i = 0; i < COUNT(hashes); i++)
        if (hashes[i].alg == alg)
            return &hashes[i];
    return NULL;
}

const yao_hash_row *yao_hash_by_mdoc(yao_text name)
{
    for (size_t i = 0; i < COUNT(hashes); i++)
        if (named(hashes[i].mdoc, name))
            return &hashes[i];
    return NULL;
}

const yao_hash_row *yao_hash_by_sd(yao_text name)
{
    for (size_t i = 0; i < COUNT(hashes); i++)
        if (named(hashes[i].sd, name))
            return &hashes[i];
    return NULL;
}

const yao_aead_row *yao_aead_by_alg(yao_aead_alg alg)
{
    for (size_t i = 0; i < COUNT(aeads); i++)
        if (aeads[i].alg == alg)
            return &aeads[i];
    return NULL;
}

const yao_aead_row *yao_aead_by_jose(yao_text name)
{
    for (size_t i = 0; i < COUNT(aeads); i++)
        if (named(aeads[i].jose, name))
            return &aeads[i];
    return NULL;
}

yao_status yao_public_key_make(yao_curve curve, yao_bytes x, yao_bytes y,
                               yao_public_key *ret)
{
    const yao_curve_row *row = yao_curve_by_id(curve);

    if (row == NULL || x.len != row->field_len || y.len != row->field_len)
        return YAO_E_KEY;

    yao_public_key key = {.curve = curve};
    yao_writer     w   = yao_writer_open(key.point, sizeof key.point);

    yao_put_byte(&w, 4);
    yao_put_bytes(&w, x);
    yao_put_bytes(&w, y);
    key.len = (uint8_t)w.len;

    *ret = key;
    return YAO_OK;
}

bool yao_public_key_well_formed(const yao_public_key *key)
{
    const yao_curve_row *row = yao_curve_by_id(key->curve);

    if (row == NULL)
        return false;
    if (key->len == 2 * row->field_len + 1)
        return key->point[0] == 4;

    return key->len == row->field_len + 1 &&
           (key->point[0] == 2 || key->point[0] == 3);
}

bool yao_public_key_equal(const yao_public_key *a, const yao_public_key *b)
{
    return a->curve == b->curve && a->curve != YAO_CURVE_NONE &&
           yao_bytes_equal((yao_bytes){a->point, a->len},
                           (yao_bytes){b->point, b->len});
}

bool yao_agreement_usable(yao_curve curve, yao_bytes secret)
{
    const yao_curve_row *row = yao_curve_by_id(curve);
    uint8_t              any = 0;

    if (row == NULL || secret.len != row->field_len)
        return false;
    for (size_t i = 0; i < secret.len; i++)
        any |= secret.ptr[i];
    return any != 0;
}

yao_sign_wish yao_sign_wish_of(yao_sig_alg alg, yao_bytes message)
{
    return (yao_sign_wish){.alg = alg, .parts = {message}, .part_count = 1};
}
