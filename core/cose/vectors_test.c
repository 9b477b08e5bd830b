/* SPDX-License-Identifier: Apache-2.0 */

/* The examples of the COSE working group that concern Sign1 and Mac0. */

#include "cose/cose.h"

#include "token.h"

#include <stdio.h>

/* Each with what becomes of it here. What others accept and we do not: alg in
 * the unprotected header, external data (ours is always empty), algorithms
 * that the table does not have. */
static const struct example {
    const char *path;
    yao_status  want;
} examples[] = {
    {"RFC8152/Appendix_C_2_1", YAO_OK},
    {"CWT/A_3", YAO_OK},
    {"ecdsa-examples/ecdsa-sig-01", YAO_OK},
    {"ecdsa-examples/ecdsa-sig-02", YAO_OK},
    {"ecdsa-examples/ecdsa-sig-03", YAO_E_ALGORITHM}, /* ES512 */
    {"ecdsa-examples/ecdsa-sig-04", YAO_E_ALGORITHM}, /* ES512 on P-256 */
    {"sign1-tests/sign-pass-01", YAO_E_HEADER},
    {"sign1-tests/sign-pass-02", YAO_E_BAD_SIGNATURE}, /* external data */
    {"sign1-tests/sign-pass-03", YAO_OK},              /* without tag */
    {"sign1-tests/sign-fail-01", YAO_E_MALFORMED},     /* tag 998 */
    {"sign1-tests/sign-fail-02", YAO_E_BAD_SIGNATURE},
    {"sign1-tests/sign-fail-03", YAO_E_ALGORITHM}, /* alg -999 */
    {"sign1-tests/sign-fail-04", YAO_E_ALGORITHM}, /* alg "unknown" */
    {"sign1-tests/sign-fail-06", YAO_E_BAD_SIGNATURE},
    {"sign1-tests/sign-fail-07", YAO_E_BAD_SIGNATURE},
    {"countersign1/signed1-01", YAO_E_ALGORITHM}, /* EdDSA */

    {"mac0-tests/HMac-01", YAO_OK},
    {"hmac-examples/HMac-enc-01", YAO_OK},
    {"hmac-examples/HMac-enc-02", YAO_E_ALGORITHM}, /* HMAC 384 */
    {"hmac-examples/HMac-enc-03", YAO_E_ALGORITHM}, /* HMAC 512 */
    {"hmac-examples/HMac-enc-04", YAO_E_BAD_SIGNATURE},
    {"hmac-examples/HMac-enc-05", YAO_E_ALGORITHM}, /* HMAC 256/64 */
    {"countersign1/mac0-01", YAO_OK},
    {"RFC8152/Appendix_C_6_1", YAO_E_ALGORITHM}, /* AES-MAC */
    {"CWT/A_4", YAO_E_ALGORITHM},                /* HMAC 256/64 */
    {"CWT/A_7", YAO_E_ALGORITHM},
    {"mac0-tests/mac-pass-01", YAO_E_HEADER},
    {"mac0-tests/mac-pass-02", YAO_E_HEADER},
    {"mac0-tests/mac-pass-03", YAO_E_HEADER},
    {"mac0-tests/mac-fail-01", YAO_E_MALFORMED}, /* tag 992 */
    {"mac0-tests/mac-fail-02", YAO_E_BAD_SIGNATURE},
    {"mac0-tests/mac-fail-03", YAO_E_ALGORITHM},
    {"mac0-tests/mac-fail-04", YAO_E_ALGORITHM},
    {"mac0-tests/mac-fail-06", YAO_E_BAD_SIGNATURE},
    {"mac0-tests/mac-fail-07", YAO_E_BAD_SIGNATURE},

    /* COSE_Sign, COSE_Mac and COSE_Encrypt are something else */
    {"ecdsa-examples/ecdsa-01", YAO_E_MALFORMED},
    {"RFC8152/Appendix_C_1_1", YAO_E_MALFORMED},
    {"RFC8152/Appendix_C_1_4", YAO_E_MALFORMED},
    {"RFC8152/Appendix_C_4_1", YAO_E_MALFORMED},
    {"RFC8152/Appendix_C_5_1", YAO_E_MALFORMED},
    {"hmac-examples/HMac-01", YAO_E_MALFORMED},
    {"x509-examples/signed-01", YAO_E_MALFORMED},
    {"x509-examples/signed-02", YAO_E_MALFORMED},
    {"x509-examples/signed-03", YAO_E_MALFORMED},
    {"x509-examples/signed-04", YAO_E_MALFORMED},
    {"x509-examples/signed-05", YAO_E_MALFORMED},
};

static yao_bytes letters(const yao_json *value)
{
    yao_text text = {0};

    assert_status(yao_json_string(value, test_arena(), &text), YAO_OK);
    return yao_text_bytes(text);
}

static yao_bytes unhex(const yao_json *value)
{
    yao_bytes  hex = letters(value), out = {0};
    yao_writer w = yao_writer_in(test_arena());

    assert_status(yao_get_hex(hex, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* The member NAME in base64url, or NAME_hex in hex. */
static yao_bytes octets(const yao_json *key, const char *name, const char *hex)
{
    const yao_json *value = yao_json_get(key, name);
    yao_bytes       text, out = {0};

    if (value == NULL)
        return unhex(yao_json_get(key, hex));
    text         = letters(value);
    yao_writer w = yao_writer_in(test_arena());
    assert_status(yao_get_base64url(text, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* No key when it is on a curve that we do not have. */
static yao_public_key public_key(const yao_json *key)
{
    yao_public_key       made = {0};
    yao_text             name = {0};
    const yao_curve_row *row;

    assert_status(
        yao_json_string(yao_json_get(key, "crv"), test_arena(), &name),
        YAO_OK);
    row = yao_curve_by_jose(name);
    if (row != NULL)
        assert_status(yao_public_key_make(row->curve, octets(key, "x", "x_hex"),
                                          octets(key, "y", "y_hex"), &made),
                      YAO_OK);
    return made;
}

static yao_bytes join(const yao_bytes *parts, size_t count)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {0};

    for (size_t i = 0; i < count; i++)
        yao_put_bytes(&w, parts[i]);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static yao_status verify(const yao_cose_message *m, const yao_json *root,
                         yao_status want)
{
    const yao_json *sign = yao_json_get(yao_json_get(root, "input"), "sign0");
    yao_bytes       tbs  = unhex(
        yao_json_get(yao_json_get(root, "intermediates"), "ToBeSign_hex"));
    yao_public_key      key = public_key(yao_json_get(sign, "key"));
    yao_signature_check check;

    YAO_TRY(yao_cose_check_sign1(m, &key, NULL, 0, test_arena(), &check));
    if (want == YAO_OK)
        assert_bytes(join(check.parts, check.part_count), tbs);
    YAO_TRY(test_crypto()->verify(test_crypto()->ctx, &check, 1));
    return check.outcome == YAO_SIG_GOOD ? YAO_OK : YAO_E_BAD_SIGNATURE;
}

static yao_bytes to_mac; /* what the home was last asked about */

static yao_status noting_hmac(void *ctx, yao_hash_alg alg, yao_bytes key,
                              const yao_bytes *parts, size_t count,
                              uint8_t *out)
{
    const yao_crypto *home = ctx;

    to_mac = join(parts, count);
    return home->hmac(home->ctx, alg, key, parts, count, out);
}

static yao_status verify_mac(const yao_cose_message *m, const yao_json *root,
                             yao_status want)
{
    const yao_json *mac = yao_json_get(yao_json_get(root, "input"), "mac0");
    yao_bytes       tbm = unhex(
        yao_json_get(yao_json_get(root, "intermediates"), "ToMac_hex"));
    const yao_json *who  = yao_json_get(mac, "recipients")->first;
    yao_bytes       key  = octets(yao_json_get(who, "key"), "k", "k_hex");
    yao_crypto      real = *test_crypto();
    yao_crypto      home = {.ctx = &real, .hmac = noting_hmac};

    yao_status got = yao_cose_verify_mac0(m, key, NULL, 0, &home);
    if (want == YAO_OK)
        assert_bytes(to_mac, tbm);
    return got;
}

static void example(void **state)
{
    const struct example *row = *state;
    char                  path[96];

    if (!test_have_vectors())
        skip();
    snprintf(path, sizeof path, "cose-wg-examples/%s.json", row->path);
    const yao_json  *root    = test_json(test_vector(path));
    const yao_json  *input   = yao_json_get(root, "input");
    bool             is_mac0 = yao_json_get(input, "mac0") != NULL;
    yao_bytes        bytes   = unhex(yao_json_get(yao_json_get(root, "output"),
                                                  "cbor"));
    uint64_t         tag     = is_mac0 ? YAO_COSE_TAG_MAC0 : YAO_COSE_TAG_SIGN1;
    yao_cose_message m;

    if (bytes.ptr[0] == 0x84)
        tag = 0;
    yao_status got = yao_cose_read_message(bytes, tag, false, &m);
    if (got == YAO_OK)
        got = is_mac0 ? verify_mac(&m, root, row->want)
                      : verify(&m, root, row->want);
    assert_status(got, row->want);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(examples); i++)
        test_add(examples[i].want == YAO_OK ? "accepts" : "refuses",
                 examples[i].path, example, &examples[i]);
    return test_run("cose/vectors");
}
