/* SPDX-License-Identifier: Apache-2.0 */

/** Certificates that the openssl command line made: tests/vectors/x509. */

#include "x509/x509.h"

#include "check.h"
#include "peer.h"
#include "scene.h"

#include <stdio.h>

#define PLAIN                                                                  \
    (YAO_DEV_NO_EKU | YAO_DEV_KEY_USAGE | YAO_DEV_NO_CRL_POINT |               \
     YAO_DEV_NO_ISSUER_ALT)

static const struct row {
    const char *name;
    const char *leaf, *above, *anchor;
    yao_role    role;
    bool        strict;
    yao_status  want;
    uint32_t    deviations;
} rows[] = {
    {"accepts a signer, strictly", "signer", NULL, "root", YAO_ROLE_ISSUER,
     true, YAO_OK, 0},
    {"accepts a signer on P-384, strictly", "signer-384", NULL, "root-384",
     YAO_ROLE_ISSUER, true, YAO_OK, 0},
    {"accepts a reader, strictly", "reader", NULL, "reader-root",
     YAO_ROLE_READER, true, YAO_OK, 0},
    {"accepts a CA between", "signer-middle", "middle", "long",
     YAO_ROLE_ISSUER, false, YAO_OK, YAO_DEV_PATH_LEN},
    {"accepts a plain certificate, with notes", "plain", NULL, "root",
     YAO_ROLE_ISSUER, false, YAO_OK, PLAIN},
    {"refuses a plain certificate, strictly", "plain", NULL, "root",
     YAO_ROLE_ISSUER, true, YAO_E_PROFILE, PLAIN},
    {"refuses a plain certificate as a reader", "plain", NULL, "root",
     YAO_ROLE_READER, false, YAO_E_PROFILE, 0},
    {"refuses the wrong root", "signer", NULL, "reader-root", YAO_ROLE_ISSUER,
     false, YAO_E_UNTRUSTED, 0},
    {"refuses a root on the other curve", "signer", NULL, "root-384",
     YAO_ROLE_ISSUER, false, YAO_E_UNTRUSTED, 0},
    {"refuses a missing CA between", "signer-middle", NULL, "long",
     YAO_ROLE_ISSUER, false, YAO_E_UNTRUSTED, 0},
    {"refuses a reader as signer", "reader", NULL, "reader-root",
     YAO_ROLE_ISSUER, false, YAO_E_PROFILE, 0},
    {"refuses a TLS server as signer", "server", NULL, "root",
     YAO_ROLE_ISSUER, false, YAO_E_PROFILE, 0},
    {"refuses an AKI with issuer and serial", "serialled", NULL, "root",
     YAO_ROLE_ISSUER, false, YAO_E_PROFILE, 0},
    {"refuses name constraints (N108)", "constrained", NULL, "root",
     YAO_ROLE_ISSUER, false, YAO_E_PROFILE, 0},
    {"refuses policy constraints (N111)", "policies", NULL, "root",
     YAO_ROLE_ISSUER, false, YAO_E_PROFILE, 0},
    {"refuses an unknown critical extension (N108)", "unknown", NULL, "root",
     YAO_ROLE_ISSUER, false, YAO_E_PROFILE, 0},
    {"refuses version 1", "v1", NULL, "root", YAO_ROLE_ISSUER, false,
     YAO_E_PROFILE, 0},
    {"refuses SHA-1 (N110)", "sha1", NULL, "root", YAO_ROLE_ISSUER, false,
     YAO_E_ALGORITHM, 0},
    {"refuses a compressed point", "compressed", NULL, "root",
     YAO_ROLE_ISSUER, false, YAO_E_KEY, 0},
    {"refuses explicit parameters (N110)", "explicit", NULL, "root",
     YAO_ROLE_ISSUER, false, YAO_E_ALGORITHM, 0},
    {"refuses P-521", "p521", NULL, "root", YAO_ROLE_ISSUER, false,
     YAO_E_ALGORITHM, 0},
    {"refuses P-192 (N110)", "p192", NULL, "root", YAO_ROLE_ISSUER, false,
     YAO_E_ALGORITHM, 0},
    {"refuses brainpoolP256r1", "brainpool", NULL, "root", YAO_ROLE_ISSUER,
     false, YAO_E_ALGORITHM, 0},
    {"refuses RSA (N110)", "rsa", NULL, "root", YAO_ROLE_ISSUER, false,
     YAO_E_ALGORITHM, 0},
    {"refuses Ed25519", "ed25519", NULL, "root", YAO_ROLE_ISSUER, false,
     YAO_E_ALGORITHM, 0},
};

static yao_bytes vector(const char *name)
{
    char path[128];

    snprintf(path, sizeof path, "tests/vectors/x509/%s.der", name);
    return test_file(path);
}

static void one(void **state)
{
    const struct row *row = *state;
    scene             s   = {.role   = row->role,
                             .type   = YAO_TEXT("org.iso.18013.5.1.mDL"),
                             .now    = FORGE_NOW,
                             .strict = row->strict};
    yao_x509_path     path;
    yao_report        report;

    s.chain[s.count++] = vector(row->leaf);
    if (row->above != NULL)
        s.chain[s.count++] = vector(row->above);
    scene_trust(&s, vector(row->anchor), row->role);
    assert_status(scene_walk(&s, &path, &report), row->want);
    assert_int_equal(path.deviations, row->deviations);
    if (row->want == YAO_OK)
        assert_true(peer_agrees(&path.leaf) &&
                    peer_agrees(&path.anchor_certificate));
}

static void chinese_name(void **state)
{
    yao_certificate c;

    (void)state;
    assert_status(yao_x509_read(vector("signer"), &c), YAO_OK);
    assert_bytes(yao_text_bytes(c.common_name), YAO_LIT("样本签发者"));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("openssl", rows[i].name, one, &rows[i]);
    test_add("openssl", "gives a Chinese name", chinese_name, NULL);
    return test_run("x509/vectors");
}
