/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pem.h"

#include "check.h"
#include "forge.h"

#include "app/files.h"
#include "program.h"
#include "yaopai/openssl.h"

#define BEGIN(label) "-----BEGIN " label "-----\n"
#define END(label)   "-----END " label "-----\n"

static const struct {
    const char *name;
    const char *text;
    yao_status  want;
    const char *label;
    const char *der; /* hex */
} blocks[] = {
    {"accepts a block", BEGIN("X") "AQID\n" END("X"), YAO_OK, "X", "010203"},
    {"accepts letters before it", "subject=me\n" BEGIN("X") "AQID\n" END("X"),
     YAO_OK, "X", "010203"},
    {"accepts line ends of Windows",
     "-----BEGIN X-----\r\nAQ\r\nID\r\n-----END X-----\r\n", YAO_OK, "X",
     "010203"},
    {"accepts an empty block", BEGIN("X") END("X"), YAO_OK, "X", ""},
    {"refuses nothing", "", YAO_E_MISSING, NULL, NULL},
    {"refuses no block", "-----BEGIM X-----", YAO_E_MISSING, NULL, NULL},
    {"refuses a label without its end", "-----BEGIN X\nAQID", YAO_E_MALFORMED,
     NULL, NULL},
    {"refuses a block without its end", BEGIN("X") "AQID", YAO_E_MALFORMED,
     NULL, NULL},
    {"refuses a block that ends as something else",
     BEGIN("X") "AQID\n" END("Y"), YAO_E_MALFORMED, NULL, NULL},
    {"refuses a block whose end is cut", BEGIN("XY") "AQID\n-----END X",
     YAO_E_MALFORMED, NULL, NULL},
    {"refuses letters that are not base64", BEGIN("X") "A*ID\n" END("X"),
     YAO_E_BASE64, NULL, NULL},
    {"refuses headers of encrypted keys",
     BEGIN("X") "Proc-Type: 4,ENCRYPTED\n\nAQID\n" END("X"), YAO_E_BASE64,
     NULL, NULL},
};

static void block(void **state)
{
    size_t    i    = *(const size_t *)*state;
    yao_bytes rest = yao_text_bytes(yao_text_of(blocks[i].text)), der;
    yao_text  label;

    assert_status(yao_pem_next(&rest, test_arena(), &label, &der),
                  blocks[i].want);
    if (blocks[i].want != YAO_OK)
        return;
    assert_true(yao_text_equal(label, yao_text_of(blocks[i].label)));
    assert_bytes(der, test_unhex(blocks[i].der));
    assert_status(yao_pem_next(&rest, test_arena(), &label, &der),
                  YAO_E_MISSING);
}

static void nul_inside(void **state)
{
    yao_bytes rest = YAO_LIT(BEGIN("X") "AQ\0ID\n" END("X")), der;
    yao_text  label;

    (void)state;
    assert_status(yao_pem_next(&rest, test_arena(), &label, &der),
                  YAO_E_BASE64);
}

static void writes_lines(void **state)
{
    uint8_t    der[200], text[512];
    yao_writer w = yao_writer_open(text, sizeof text);
    yao_text   label;
    yao_bytes  back, rest;

    (void)state;
    memset(der, 0x5a, sizeof der);
    for (size_t len = 0; len < sizeof der; len += 13) {
        w = yao_writer_open(text, sizeof text);
        yao_pem_put(&w, "THING", (yao_bytes){der, len});
        assert_status(yao_writer_close(&w, &rest), YAO_OK);
        assert_status(yao_pem_next(&rest, test_arena(), &label, &back), YAO_OK);
        assert_bytes(back, ((yao_bytes){der, len}));
    }
}

/* ---- anchors ------------------------------------------------------------ */

#define JWK                                                                    \
    "{\"kty\":\"EC\",\"crv\":\"P-256\","                                        \
    "\"x\":\"b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ\","                     \
    "\"y\":\"Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8\"}"

static const struct {
    const char *name;
    const char *text;
    yao_status  want;
} files[] = {
    {"accepts a JWK", JWK, YAO_OK},
    {"refuses JSON that is no key", "{\"kty\":\"oct\"}", YAO_E_KEY},
    {"refuses JSON that is cut", "{\"kty\":", YAO_E_TRUNCATED},
    {"refuses an empty file", "", YAO_E_MISSING},
    {"refuses a private key alone",
     BEGIN("PRIVATE KEY") "AQID\n" END("PRIVATE KEY"), YAO_E_MISSING},
    {"refuses a public key that is none",
     BEGIN("PUBLIC KEY") "AQID\n" END("PUBLIC KEY"), YAO_E_MALFORMED},
    {"refuses a certificate without its end", BEGIN("CERTIFICATE") "AQID",
     YAO_E_MALFORMED},
};

static yao_status add_text(yao_anchors *anchors, yao_bytes text)
{
    const char *path = test_scratch_path("anchors");

    assert_status(yao_file_write(path, text, 0600, false), YAO_OK);
    return yao_anchors_add_file(anchors, test_arena(), path, YAO_ROLE_ISSUER);
}

static void anchor_file(void **state)
{
    size_t      i       = *(const size_t *)*state;
    yao_anchors anchors = {.count = 0};
    yao_status  got =
        add_text(&anchors, yao_text_bytes(yao_text_of(files[i].text)));

    assert_status(got, files[i].want);
    assert_int_equal(anchors.count, files[i].want == YAO_OK);
}

static void anchor_certificates(void **state)
{
    yao_bytes   root    = forge_make(YAO_X509_ROOT, 0, (yao_bytes){0}, 0);
    yao_anchors anchors = {.count = 0};
    uint8_t     text[8192];
    yao_writer  w = yao_writer_open(text, sizeof text);

    (void)state;
    yao_pem_put(&w, "CERTIFICATE", root);
    yao_pem_put(&w, "SOMETHING ELSE", YAO_LIT("x"));
    yao_pem_put(&w, "CERTIFICATE", root);
    assert_status(add_text(&anchors, (yao_bytes){text, w.len}), YAO_OK);
    assert_int_equal(anchors.count, 2);
    assert_bytes(anchors.list[1].certificate, root);

    anchors.count = 0;
    assert_status(add_text(&anchors, root), YAO_OK); /* DER as it is */
    assert_bytes(anchors.list[0].certificate, root);

    anchors.count = sizeof anchors.list / sizeof anchors.list[0];
    assert_status(add_text(&anchors, root), YAO_E_LIMIT);
    assert_status(yao_anchors_add_file(&anchors, test_arena(),
                                       test_scratch_path("nothing"),
                                       YAO_ROLE_ISSUER), YAO_E_FILE);
}

/* ---- private keys ------------------------------------------------------- */

/* openssl's own reading of what was unpacked is the judge. */
static void private_key(void **state)
{
    yao_openssl_key *key, *back;
    uint8_t          der[512], text[1024];
    yao_writer       d = yao_writer_open(der, sizeof der);
    yao_writer       t = yao_writer_open(text, sizeof text);
    yao_bytes        pkcs8;

    (void)state;
    assert_status(yao_openssl_key_generate(YAO_ES256, &key), YAO_OK);
    assert_status(yao_openssl_key_write(key, &d), YAO_OK);
    yao_pem_put(&t, "EC PARAMETERS", YAO_LIT("x"));
    yao_pem_put(&t, "PRIVATE KEY", (yao_bytes){der, d.len});
    assert_status(yao_pem_private_key((yao_bytes){text, t.len}, test_arena(),
                                      &pkcs8), YAO_OK);
    assert_status(yao_openssl_key_read(pkcs8, &back), YAO_OK);
    yao_openssl_key_close(back);
    yao_openssl_key_close(key);

    assert_status(yao_pem_private_key(
                      YAO_LIT(BEGIN("ENCRYPTED PRIVATE KEY") "AQID\n" END(
                          "ENCRYPTED PRIVATE KEY")),
                      test_arena(), &pkcs8), YAO_E_MISSING);
    assert_status(yao_pem_private_key(
                      YAO_LIT(BEGIN("EC PRIVATE KEY") "AQID\n" END(
                          "EC PRIVATE KEY")),
                      test_arena(), &pkcs8), YAO_E_KEY);
}

int main(void)
{
    static size_t numbers[COUNT(blocks)];

    for (size_t i = 0; i < COUNT(blocks); i++) {
        numbers[i] = i;
        test_add("block", blocks[i].name, block, &numbers[i]);
    }
    test_add("block", "refuses a NUL between letters", nul_inside, NULL);
    test_add("block", "gives back what was written", writes_lines, NULL);
    for (size_t i = 0; i < COUNT(files); i++)
        test_add("anchors", files[i].name, anchor_file, &numbers[i]);
    test_add("anchors", "accepts certificates, as many as there is room for",
             anchor_certificates, NULL);
    test_add("private key", "accepts PKCS#8 behind other blocks, no encrypted",
             private_key, NULL);

    int code = test_run("app/pem");
    test_scratch_remove();
    return code;
}
