/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/algorithms.h"

#include "check.h"

/* ---- names: RFC 9053, RFC 9864, RFC 7518, RFC 5758, RFC 5480 ---- */

static const struct {
    const char *name;
    yao_sig_alg want;
    int64_t     cose;
    const char *jose;
    const char *oid;
} signatures[] = {
    {"gives ES256 by its names", YAO_ES256, -7, "ES256", "2a8648ce3d040302"},
    {"gives ES256 by its specific number", YAO_ES256, -9, "ES256",
     "2a8648ce3d040302"},
    {"gives ES384 by its names", YAO_ES384, -35, "ES384", "2a8648ce3d040303"},
    {"gives ES384 by its specific number", YAO_ES384, -51, "ES384",
     "2a8648ce3d040303"},
    {"refuses zero and nothing", YAO_SIG_NONE, 0, "", ""},
    {"refuses none", YAO_SIG_NONE, 0, "none", "2a8648ce3d0403"},
    {"refuses HS256", YAO_SIG_NONE, 5, "HS256", "2a8648ce3d040304"},
    {"refuses ES512 and its OID", YAO_SIG_NONE, -36, "ES512",
     "2a8648ce3d040304"},
    {"refuses EdDSA", YAO_SIG_NONE, -8, "EdDSA", "2b6570"},
    {"refuses another case", YAO_SIG_NONE, 7, "es256", "2a8648ce3d04030200"},
    {"refuses a name with a blank", YAO_SIG_NONE, INT64_MIN, "ES256 ",
     "2a8648ce3d0403"},
    {"refuses numbers far away", YAO_SIG_NONE, INT64_C(-7) - (INT64_C(1) << 32),
     "ES2567", "00"},
};

static yao_sig_alg alg_of(const yao_sig_row *row)
{
    return row != NULL ? row->alg : YAO_SIG_NONE;
}

static void case_signature(void **state)
{
    size_t i = (size_t)(uintptr_t)*state;

    assert_int_equal(alg_of(yao_sig_by_cose(signatures[i].cose)),
                     signatures[i].want);
    assert_int_equal(alg_of(yao_sig_by_jose(yao_text_of(signatures[i].jose))),
                     signatures[i].want);
    assert_int_equal(alg_of(yao_sig_by_oid(test_unhex(signatures[i].oid))),
                     signatures[i].want);
    assert_int_equal(alg_of(yao_sig_by_alg(signatures[i].want)),
                     signatures[i].want);
}

static const struct {
    const char *name;
    yao_curve   want;
    int64_t     cose;
    const char *jose;
    const char *oid;
} curves[] = {
    {"gives P-256 by its names", YAO_P256, 1, "P-256", "2a8648ce3d030107"},
    {"gives P-384 by its names", YAO_P384, 2, "P-384", "2b81040022"},
    {"refuses zero and nothing", YAO_CURVE_NONE, 0, "", ""},
    {"refuses P-521", YAO_CURVE_NONE, 3, "P-521", "2b81040023"},
    {"refuses secp256k1", YAO_CURVE_NONE, 8, "secp256k1", "2b8104000a"},
    {"refuses Ed25519", YAO_CURVE_NONE, 6, "Ed25519", "2b6570"},
    {"refuses another case", YAO_CURVE_NONE, -1, "p-256", "2a8648ce3d0301"},
};

static yao_curve curve_of(const yao_curve_row *row)
{
    return row != NULL ? row->curve : YAO_CURVE_NONE;
}

static void case_curve(void **state)
{
    size_t i = (size_t)(uintptr_t)*state;

    assert_int_equal(curve_of(yao_curve_by_cose(curves[i].cose)),
                     curves[i].want);
    assert_int_equal(curve_of(yao_curve_by_jose(yao_text_of(curves[i].jose))),
                     curves[i].want);
    assert_int_equal(curve_of(yao_curve_by_oid(test_unhex(curves[i].oid))),
                     curves[i].want);
    assert_int_equal(curve_of(yao_curve_by_id(curves[i].want)), curves[i].want);
}

static const struct {
    const char  *name;
    yao_hash_alg want;
    const char  *mdoc, *sd;
    size_t       len;
} hashes[] = {
    {"gives SHA-256 by its names", YAO_SHA256, "SHA-256", "sha-256", 32},
    {"gives SHA-384 by its names", YAO_SHA384, "SHA-384", "sha-384", 48},
    {"gives SHA-512 by its names", YAO_SHA512, "SHA-512", "sha-512", 64},
    {"refuses nothing", YAO_HASH_NONE, "", "", 0},
    {"refuses SHA-1", YAO_HASH_NONE, "SHA-1", "sha-1", 0},
    {"refuses each other's names", YAO_HASH_NONE, "sha-256", "SHA-256", 0},
};

static void case_hash(void **state)
{
    size_t              i    = (size_t)(uintptr_t)*state;
    yao_text            mdoc = yao_text_of(hashes[i].mdoc);
    yao_text            sd   = yao_text_of(hashes[i].sd);
    const yao_hash_row *row  = yao_hash_by_mdoc(mdoc);

    assert_ptr_equal(row, yao_hash_by_sd(sd));
    assert_ptr_equal(row, yao_hash_by_alg(hashes[i].want));
    assert_int_equal(row != NULL ? row->alg : YAO_HASH_NONE, hashes[i].want);
    assert_int_equal(row != NULL ? row->len : 0, hashes[i].len);
}

/* RFC 7518 section 5.1. */
static const struct aead {
    const char  *name, *jose;
    yao_aead_alg want;
    size_t       key_len;
} aeads[] = {
    {"gives AES-128-GCM", "A128GCM", YAO_A128GCM, 16},
    {"gives AES-256-GCM", "A256GCM", YAO_A256GCM, 32},
    {"refuses AES-192-GCM", "A192GCM", YAO_AEAD_NONE, 0},
    {"refuses AES-CBC with HMAC", "A128CBC-HS256", YAO_AEAD_NONE, 0},
    {"refuses small letters", "a128gcm", YAO_AEAD_NONE, 0},
    {"refuses nothing", "", YAO_AEAD_NONE, 0},
};

static void case_aead(void **state)
{
    const struct aead  *a   = *state;
    const yao_aead_row *row = yao_aead_by_jose(yao_text_of(a->jose));

    assert_ptr_equal(row, yao_aead_by_alg(a->want));
    assert_int_equal(row != NULL ? row->alg : YAO_AEAD_NONE, a->want);
    assert_int_equal(row != NULL ? row->key_len : 0, a->key_len);
    assert_true(row == NULL || row->key_len <= YAO_MAX_AEAD_KEY);
}

/* What may be the outcome of an agreement. */
static const struct agreement {
    const char *name;
    yao_curve   curve;
    size_t      len;
    uint8_t     last;
    bool        want;
} agreements[] = {
    {"accepts 32 bytes on P-256", YAO_P256, 32, 1, true},
    {"accepts 48 bytes on P-384", YAO_P384, 48, 1, true},
    {"refuses 48 bytes on P-256", YAO_P256, 48, 1, false},
    {"refuses 32 bytes on P-384", YAO_P384, 32, 1, false},
    {"refuses 31 bytes", YAO_P256, 31, 1, false},
    {"refuses zeros", YAO_P256, 32, 0, false},
    {"refuses nothing", YAO_P256, 0, 0, false},
    {"refuses no curve", YAO_CURVE_NONE, 32, 1, false},
};

static void case_agreement(void **state)
{
    const struct agreement *a          = *state;
    uint8_t                 secret[48] = {0};

    if (a->len != 0)
        secret[a->len - 1] = a->last;
    assert_int_equal(
        yao_agreement_usable(a->curve, (yao_bytes){secret, a->len}), a->want);
}

/* A curve and its algorithm name each other, and their lengths fit. */
static void case_pairs(void **state)
{
    (void)state;
    for (int alg = YAO_ES256; alg <= YAO_ES384; alg++) {
        const yao_sig_row   *row   = yao_sig_by_alg((yao_sig_alg)alg);
        const yao_curve_row *curve = yao_curve_by_id(row->curve);

        assert_ptr_equal(row, yao_sig_by_curve(row->curve));
        assert_int_equal(row->signature_len, 2 * curve->field_len);
        assert_true(row->signature_len <= YAO_MAX_SIGNATURE);
        assert_true(2 * curve->field_len + 1 <= YAO_MAX_POINT);
        assert_int_equal(yao_hash_by_alg(row->hash)->len, curve->field_len);
    }
    assert_null(yao_sig_by_curve(YAO_CURVE_NONE));
    assert_null(yao_sig_by_curve((yao_curve)9));
    assert_null(yao_sig_by_alg((yao_sig_alg)9));
    assert_null(yao_hash_by_alg((yao_hash_alg)9));
    assert_null(yao_curve_by_id((yao_curve)9));
}

/* ---- public keys ---- */

static const struct {
    const char *name;
    yao_curve   curve;
    size_t      x, y;
    yao_status  want;
} makes[] = {
    {"accepts 32 and 32 bytes on P-256", YAO_P256, 32, 32, YAO_OK},
    {"accepts 48 and 48 bytes on P-384", YAO_P384, 48, 48, YAO_OK},
    {"refuses a short x", YAO_P256, 31, 32, YAO_E_KEY},
    {"refuses a long x", YAO_P256, 33, 32, YAO_E_KEY},
    {"refuses a short y", YAO_P256, 32, 31, YAO_E_KEY},
    {"refuses a long y", YAO_P256, 32, 33, YAO_E_KEY},
    {"refuses no coordinates", YAO_P256, 0, 0, YAO_E_KEY},
    {"refuses coordinates of P-384 on P-256", YAO_P256, 48, 48, YAO_E_KEY},
    {"refuses coordinates of P-256 on P-384", YAO_P384, 32, 32, YAO_E_KEY},
    {"refuses no curve", YAO_CURVE_NONE, 32, 32, YAO_E_KEY},
    {"refuses an unknown curve", (yao_curve)3, 66, 66, YAO_E_KEY},
};

static void case_make(void **state)
{
    size_t         i      = (size_t)(uintptr_t)*state;
    uint8_t        x[100] = {1}, y[100] = {2};
    yao_public_key key = {.curve = (yao_curve)77};
    yao_status     status =
        yao_public_key_make(makes[i].curve, (yao_bytes){x, makes[i].x},
                            (yao_bytes){y, makes[i].y}, &key);

    assert_status(status, makes[i].want);
    if (status != YAO_OK) {
        assert_int_equal(key.curve, 77);
        return;
    }
    assert_int_equal(key.curve, makes[i].curve);
    assert_int_equal(key.len, 1 + makes[i].x + makes[i].y);
    assert_int_equal(key.point[0], 4);
    assert_memory_equal(key.point + 1, x, makes[i].x);
    assert_memory_equal(key.point + 1 + makes[i].x, y, makes[i].y);
    assert_true(yao_public_key_well_formed(&key));
}

static const struct {
    const char *name;
    yao_curve   curve;
    uint8_t     len, first;
    bool        want;
} forms[] = {
    {"accepts 04 and two coordinates on P-256", YAO_P256, 65, 4, true},
    {"accepts 02 and one on P-256", YAO_P256, 33, 2, true},
    {"accepts 03 and one on P-256", YAO_P256, 33, 3, true},
    {"accepts 04 and two coordinates on P-384", YAO_P384, 97, 4, true},
    {"accepts 02 and one on P-384", YAO_P384, 49, 2, true},
    {"refuses infinity", YAO_P256, 1, 0, false},
    {"refuses nothing", YAO_P256, 0, 4, false},
    {"refuses the hybrid form 06", YAO_P256, 65, 6, false},
    {"refuses the hybrid form 07", YAO_P256, 65, 7, false},
    {"refuses 02 with two coordinates", YAO_P256, 65, 2, false},
    {"refuses 04 with one", YAO_P256, 33, 4, false},
    {"refuses 00 with two", YAO_P256, 65, 0, false},
    {"refuses 64 bytes", YAO_P256, 64, 4, false},
    {"refuses 66 bytes", YAO_P256, 66, 4, false},
    {"refuses 32 bytes", YAO_P256, 32, 2, false},
    {"refuses 97 bytes on P-256", YAO_P256, 97, 4, false},
    {"refuses 65 bytes on P-384", YAO_P384, 65, 4, false},
    {"refuses 33 bytes on P-384", YAO_P384, 33, 2, false},
    {"refuses no curve", YAO_CURVE_NONE, 65, 4, false},
    {"refuses an unknown curve", (yao_curve)9, 65, 4, false},
};

static void case_form(void **state)
{
    size_t         i   = (size_t)(uintptr_t)*state;
    yao_public_key key = {.curve = forms[i].curve,
                          .point = {forms[i].first},
                          .len   = forms[i].len};

    assert_int_equal(yao_public_key_well_formed(&key), forms[i].want);
}

static void case_equal(void **state)
{
    yao_public_key a    = {.curve = YAO_P256, .point = {4, 1}, .len = 65};
    yao_public_key b    = a;
    yao_public_key none = {.curve = YAO_CURVE_NONE};

    (void)state;
    assert_true(yao_public_key_equal(&a, &b));
    b.point[64] = 1;
    assert_false(yao_public_key_equal(&a, &b));
    b     = a;
    b.len = 64;
    assert_false(yao_public_key_equal(&a, &b));
    b       = a;
    b.curve = YAO_P384;
    assert_false(yao_public_key_equal(&a, &b));
    assert_false(yao_public_key_equal(&none, &none));
    b           = a;
    b.point[66] = 9; /* behind the end: says nothing */
    assert_true(yao_public_key_equal(&a, &b));
}

static void case_wish(void **state)
{
    yao_sign_wish wish = yao_sign_wish_of(YAO_ES384, YAO_LIT("message"));

    (void)state;
    assert_int_equal(wish.alg, YAO_ES384);
    assert_int_equal(wish.part_count, 1);
    assert_bytes(wish.parts[0], YAO_LIT("message"));
}

#define ADD(group, table, fn)                                                  \
    for (size_t i = 0; i < COUNT(table); i++)                                  \
    test_add(group, table[i].name, fn, (const void *)(uintptr_t)i)

int main(void)
{
    ADD("signature", signatures, case_signature);
    ADD("curve", curves, case_curve);
    ADD("hash", hashes, case_hash);
    test_add("table", "gives pairs that fit", case_pairs, NULL);
    ADD("make", makes, case_make);
    ADD("form", forms, case_form);
    test_add("key", "gives equal only for the same", case_equal, NULL);
    test_add("wish", "gives one message of one part", case_wish, NULL);
    for (size_t i = 0; i < COUNT(aeads); i++)
        test_add("aead", aeads[i].name, case_aead, &aeads[i]);
    for (size_t i = 0; i < COUNT(agreements); i++)
        test_add("agreement", agreements[i].name, case_agreement,
                 &agreements[i]);
    return test_run("algorithms");
}
