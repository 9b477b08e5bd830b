/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/x509.h"

#include "check.h"
#include "scene.h"

/* ---- changes to a certificate ---- */

static void no_eku(forge *f)
{
    forge_drop(f, FORGE_EKU);
}

static void no_ski(forge *f)
{
    forge_drop(f, FORGE_SKI);
}

static void no_aki(forge *f)
{
    forge_drop(f, FORGE_AKI);
}

static void no_usage(forge *f)
{
    forge_drop(f, FORGE_KEY_USAGE);
}

static void no_crl(forge *f)
{
    forge_drop(f, FORGE_CRL_POINTS);
}

static void no_ian(forge *f)
{
    forge_drop(f, FORGE_IAN);
}

static void eku_loose(forge *f)
{
    forge_critical(f, FORGE_EKU, false);
}

static void usage_loose(forge *f)
{
    forge_critical(f, FORGE_KEY_USAGE, false);
}

#define VALUE(name, id, hex)                                                   \
    static void name(forge *f)                                                 \
    {                                                                          \
        forge_set(f, id, hex);                                                 \
    }

#define OID_DS     "0607 28818c5d050102"
#define OID_ID_DS  "0607 2881b534040102"
#define OID_READER "0607 28818c5d050106"
#define OID_VICAL  "0607 28818c5d050108"
#define OID_IACA   "0607 28818c5d050107"
#define OID_TLS    "0608 2b06010505070301"

VALUE(eku_ds, FORGE_EKU, "3009" OID_DS)
VALUE(eku_id_ds, FORGE_EKU, "3009" OID_ID_DS)
VALUE(eku_reader, FORGE_EKU, "3009" OID_READER)
VALUE(eku_vical, FORGE_EKU, "3009" OID_VICAL)
VALUE(eku_iaca, FORGE_EKU, "3009" OID_IACA)
VALUE(eku_tls, FORGE_EKU, "300a" OID_TLS)
VALUE(eku_own, FORGE_EKU, "3005 0603 2a0304")
VALUE(eku_ds_tls, FORGE_EKU, "3013" OID_DS OID_TLS)
VALUE(eku_ds_reader, FORGE_EKU, "3012" OID_DS OID_READER)
VALUE(eku_ds_vical, FORGE_EKU, "3012" OID_DS OID_VICAL)
VALUE(eku_ds_iaca, FORGE_EKU, "3012" OID_DS OID_IACA)
VALUE(usage_more, FORGE_KEY_USAGE, "030206c0")     /* nonRepudiation too */
VALUE(usage_other, FORGE_KEY_USAGE, "03020640")    /* nonRepudiation alone */
VALUE(usage_ca_too, FORGE_KEY_USAGE, "03020284")   /* keyCertSign too */
VALUE(usage_crl_too, FORGE_KEY_USAGE, "03020182")  /* cRLSign too */
VALUE(usage_no_crl, FORGE_KEY_USAGE, "03020204")   /* keyCertSign alone */
VALUE(path_none, FORGE_CONSTRAINTS, "30030101ff")

static void ca_leaf(forge *f)
{
    forge_add(f, FORGE_CONSTRAINTS, true, "30030101ff");
}

static void ca_leaf_usage(forge *f)
{
    ca_leaf(f);
    usage_ca_too(f);
}

static void short_serial(forge *f)
{
    f->serial = test_unhex("020101");
}

static void long_life(forge *f)
{
    f->dates = forge_dates(FORGE_NOW - YAO_TIME_DAY,
                           FORGE_NOW + 456 * YAO_TIME_DAY + 1);
}

static void full_life(forge *f)
{
    f->dates =
        forge_dates(FORGE_NOW - YAO_TIME_DAY, FORGE_NOW + 456 * YAO_TIME_DAY);
}

static void long_reader(forge *f)
{
    f->dates = forge_dates(FORGE_NOW - YAO_TIME_DAY,
                           FORGE_NOW + 1186 * YAO_TIME_DAY + 1);
}

static void long_root(forge *f)
{
    f->dates = forge_dates(FORGE_NOW - YAO_TIME_DAY,
                           FORGE_NOW + 21 * 365 * YAO_TIME_DAY);
}

#define SUBJECT(name, country, state, common_name)                             \
    static void name(forge *f)                                                 \
    {                                                                          \
        f->subject = forge_name(country, state, common_name);                  \
    }

SUBJECT(other_country, "US", NULL, "SPECIMEN signer")
SUBJECT(no_country, NULL, NULL, "SPECIMEN signer")
SUBJECT(small_country, "ut", NULL, "SPECIMEN signer")
SUBJECT(no_name, "UT", NULL, NULL)
SUBJECT(in_state, "UT", "UT-SP", "SPECIMEN signer")

static void as_reader(scene *s)
{
    s->role = YAO_ROLE_READER;
}

static void reader_anchor_too(scene *s)
{
    scene_trust(s, forge_make(YAO_X509_ROOT, OTHER, (yao_bytes){NULL, 0}, 0),
          YAO_ROLE_READER);
    s->role = YAO_ROLE_READER;
}

static void strict(scene *s)
{
    s->strict = true;
}

/* ---- the rows ---- */

enum { ISSUER = YAO_ROLE_ISSUER, READER = YAO_ROLE_READER };
enum { STATUS = YAO_ROLE_STATUS, TRUST = YAO_ROLE_TRUST };
enum { ATTEST = YAO_ROLE_ATTEST };

enum {
    ANCHORS  = YAO_CHECK_ISSUER_ANCHORS,
    CHAIN    = YAO_CHECK_ISSUER_CHAIN,
    VALIDITY = YAO_CHECK_CHAIN_VALIDITY,
    PROFILE  = YAO_CHECK_CHAIN_PROFILE,
    SCOPE    = YAO_CHECK_ISSUER_SCOPE,
    NONE     = YAO_CHECK_NONE
};

static const scene_row rows[] = {
    /* N102 */
    {"N102 refuses a signer where readers are trusted", ISSUER, NULL, NULL,
     as_reader, YAO_E_UNTRUSTED, ANCHORS, 0},
    {"N102 refuses a signer beside another role's anchor", ISSUER, NULL, NULL,
     reader_anchor_too, YAO_E_UNTRUSTED, CHAIN, 0},
    {"N102 refuses a reader's purpose in a signer", ISSUER, eku_reader, NULL,
     NULL, YAO_E_PROFILE, PROFILE, 0},
    {"N102 refuses a signer's purpose in a reader", READER, eku_ds, NULL, NULL,
     YAO_E_PROFILE, PROFILE, 0},
    {"N102 refuses both purposes in a signer", ISSUER, eku_ds_reader, NULL,
     NULL, YAO_E_PROFILE, PROFILE, 0},
    {"N102 refuses both purposes in a reader", READER, eku_ds_reader, NULL,
     NULL, YAO_E_PROFILE, PROFILE, 0},
    {"N102 refuses a trust list's purpose in a signer", ISSUER, eku_ds_vical,
     NULL, NULL, YAO_E_PROFILE, PROFILE, 0},
    {"N102 refuses a signer whose root is for readers", ISSUER, NULL,
     eku_reader, NULL, YAO_E_PROFILE, PROFILE, 0},
    {"N102 refuses a reader whose root is for signers", READER, NULL, eku_iaca,
     NULL, YAO_E_PROFILE, PROFILE, 0},
    {"accepts a root that is for signers, with a note", ISSUER, NULL, eku_iaca,
     NULL, YAO_OK, NONE, YAO_DEV_EKU_NOT_CRITICAL},
    {"N102 refuses a signer whose root is for servers", ISSUER, NULL, eku_tls,
     NULL, YAO_E_PROFILE, PROFILE, 0},
    {"accepts a signer as signer of status lists", STATUS, NULL, NULL, NULL,
     YAO_OK, NONE, 0},
    {"accepts a status signer without purpose", STATUS, no_eku, NULL, NULL,
     YAO_OK, NONE, 0},
    {"accepts a status signer with a purpose of its own", STATUS, eku_own,
     NULL, NULL, YAO_OK, NONE, 0},
    {"N102 refuses a status signer's own purpose in a signer", ISSUER, eku_own,
     NULL, NULL, YAO_E_PROFILE, PROFILE, 0},
    {"N102 refuses a TLS server as signer of status lists", STATUS, eku_tls,
     NULL, NULL, YAO_E_PROFILE, PROFILE, 0},
    {"N102 refuses a reader as signer of status lists", STATUS, eku_reader,
     NULL, NULL, YAO_E_PROFILE, PROFILE, 0},
    {"accepts an attester without purpose", ATTEST, no_eku, NULL, NULL, YAO_OK,
     NONE, 0},
    {"accepts an attester with a purpose of its own", ATTEST, eku_own, NULL,
     NULL, YAO_OK, NONE, 0},
    {"accepts an attester that serves the web", ATTEST, eku_tls, NULL, NULL,
     YAO_OK, NONE, 0},
    {"N102 refuses a signer of documents as attester", ATTEST, NULL, NULL,
     NULL, YAO_E_PROFILE, PROFILE, 0},
    {"N102 refuses a reader as attester", ATTEST, eku_reader, NULL, NULL,
     YAO_E_PROFILE, PROFILE, 0},
    {"accepts a signer of trust lists", TRUST, eku_vical, NULL, NULL, YAO_OK,
     NONE, 0},
    {"N102 refuses a signer as signer of trust lists", TRUST, NULL, NULL, NULL,
     YAO_E_PROFILE, PROFILE, 0},
    {"N102 refuses a trust list's signer without purpose", TRUST, no_eku, NULL,
     NULL, YAO_E_PROFILE, PROFILE, 0},
    {"N102 refuses a trust list's signer as signer", ISSUER, eku_vical, NULL,
     NULL, YAO_E_PROFILE, PROFILE, 0},

    /* N106 */
    {"accepts a signer of 457 days, strictly", ISSUER, full_life, NULL, strict,
     YAO_OK, NONE, 0},
    {"accepts a signer of a second more, with a note", ISSUER, long_life, NULL,
     NULL, YAO_OK, NONE, YAO_DEV_LONG_VALIDITY},
    {"N106 refuses a signer of a second more, strictly", ISSUER, long_life,
     NULL, strict, YAO_E_PROFILE, PROFILE, YAO_DEV_LONG_VALIDITY},
    {"accepts a reader of more than 457 days", READER, long_life, NULL, strict,
     YAO_OK, NONE, 0},
    {"N106 refuses a reader of more than 1187 days, strictly", READER,
     long_reader, NULL, strict, YAO_E_PROFILE, PROFILE, YAO_DEV_LONG_VALIDITY},
    {"N106 refuses a root of more than 20 years, strictly", ISSUER, NULL,
     long_root, strict, YAO_E_PROFILE, PROFILE, YAO_DEV_LONG_VALIDITY},
    {"accepts a signer without purpose, with a note", ISSUER, no_eku, NULL,
     NULL, YAO_OK, NONE, YAO_DEV_NO_EKU},
    {"N106 refuses a signer without purpose, strictly", ISSUER, no_eku, NULL,
     strict, YAO_E_PROFILE, PROFILE, YAO_DEV_NO_EKU},
    {"N106 refuses a reader without purpose", READER, no_eku, NULL, NULL,
     YAO_E_PROFILE, PROFILE, 0},
    {"accepts a signer of the generic purpose", ISSUER, eku_id_ds, NULL,
     strict, YAO_OK, NONE, 0},
    {"N106 refuses a server's purpose in a signer", ISSUER, eku_tls, NULL,
     NULL, YAO_E_PROFILE, PROFILE, 0},
    {"accepts a server's purpose beside a signer's, with a note", ISSUER,
     eku_ds_tls, NULL, NULL, YAO_OK, NONE, YAO_DEV_EKU_FURTHER},
    {"N106 refuses a server's purpose beside a signer's, strictly", ISSUER,
     eku_ds_tls, NULL, strict, YAO_E_PROFILE, PROFILE, YAO_DEV_EKU_FURTHER},
    {"accepts a root's purpose beside a signer's, with a note", ISSUER,
     eku_ds_iaca, NULL, NULL, YAO_OK, NONE, YAO_DEV_EKU_FURTHER},
    {"N106 refuses a leaf that is a CA", ISSUER, ca_leaf, NULL, NULL,
     YAO_E_PROFILE, PROFILE, 0},
    {"N106 refuses a leaf that is a CA and says so", ISSUER, ca_leaf_usage,
     NULL, NULL, YAO_E_PROFILE, PROFILE, 0},
    {"N106 refuses a leaf that may sign certificates", ISSUER, usage_ca_too,
     NULL, NULL, YAO_E_PROFILE, PROFILE, 0},
    {"N106 refuses a leaf that may sign CRLs", ISSUER, usage_crl_too, NULL,
     NULL, YAO_E_PROFILE, PROFILE, 0},
    {"N106 refuses a leaf that may not sign", ISSUER, usage_other, NULL, NULL,
     YAO_E_PROFILE, PROFILE, 0},

    /* deviations, each tolerated, each refused strictly */
    {"accepts a further key usage, with a note", ISSUER, usage_more, NULL,
     NULL, YAO_OK, NONE, YAO_DEV_KEY_USAGE},
    {"refuses a further key usage, strictly", ISSUER, usage_more, NULL, strict,
     YAO_E_PROFILE, PROFILE, YAO_DEV_KEY_USAGE},
    {"accepts a missing key usage, with a note", ISSUER, no_usage, NULL, NULL,
     YAO_OK, NONE, YAO_DEV_KEY_USAGE},
    {"refuses a missing key usage, strictly", ISSUER, no_usage, NULL, strict,
     YAO_E_PROFILE, PROFILE, YAO_DEV_KEY_USAGE},
    {"accepts a key usage that is not critical, with a note", ISSUER,
     usage_loose, NULL, NULL, YAO_OK, NONE, YAO_DEV_KEY_USAGE},
    {"accepts a purpose that is not critical, with a note", ISSUER, eku_loose,
     NULL, NULL, YAO_OK, NONE, YAO_DEV_EKU_NOT_CRITICAL},
    {"refuses a purpose that is not critical, strictly", ISSUER, eku_loose,
     NULL, strict, YAO_E_PROFILE, PROFILE, YAO_DEV_EKU_NOT_CRITICAL},
    {"accepts a missing CRL point, with a note", ISSUER, no_crl, NULL, NULL,
     YAO_OK, NONE, YAO_DEV_NO_CRL_POINT},
    {"refuses a missing CRL point, strictly", ISSUER, no_crl, NULL, strict,
     YAO_E_PROFILE, PROFILE, YAO_DEV_NO_CRL_POINT},
    {"accepts a root without CRL point, with a note", ISSUER, NULL, no_crl,
     NULL, YAO_OK, NONE, YAO_DEV_NO_CRL_POINT},
    {"accepts a missing IssuerAltName, with a note", ISSUER, no_ian, NULL,
     NULL, YAO_OK, NONE, YAO_DEV_NO_ISSUER_ALT},
    {"refuses a missing IssuerAltName, strictly", ISSUER, no_ian, NULL, strict,
     YAO_E_PROFILE, PROFILE, YAO_DEV_NO_ISSUER_ALT},
    {"accepts a reader without IssuerAltName, strictly", READER, no_ian, NULL,
     strict, YAO_OK, NONE, 0},
    {"accepts a missing AKI, with a note", ISSUER, no_aki, NULL, NULL, YAO_OK,
     NONE, YAO_DEV_NO_KEY_ID},
    {"refuses a missing AKI, strictly", ISSUER, no_aki, NULL, strict,
     YAO_E_PROFILE, PROFILE, YAO_DEV_NO_KEY_ID},
    {"accepts a missing SKI, with a note", ISSUER, no_ski, NULL, NULL, YAO_OK,
     NONE, YAO_DEV_NO_KEY_ID},
    {"accepts a root without SKI, with a note", ISSUER, NULL, no_ski, NULL,
     YAO_OK, NONE, YAO_DEV_NO_KEY_ID},
    {"accepts a short serial, with a note", ISSUER, short_serial, NULL, NULL,
     YAO_OK, NONE, YAO_DEV_SHORT_SERIAL},
    {"refuses a short serial, strictly", ISSUER, short_serial, NULL, strict,
     YAO_E_PROFILE, PROFILE, YAO_DEV_SHORT_SERIAL},
    {"accepts a signer without name, with a note", ISSUER, no_name, NULL, NULL,
     YAO_OK, NONE, YAO_DEV_NO_COMMON_NAME},
    {"refuses a signer without name, strictly", ISSUER, no_name, NULL, strict,
     YAO_E_PROFILE, PROFILE, YAO_DEV_NO_COMMON_NAME},
    {"accepts a root without path length, with a note", ISSUER, NULL,
     path_none, NULL, YAO_OK, NONE, YAO_DEV_PATH_LEN},
    {"refuses a root without path length, strictly", ISSUER, NULL, path_none,
     strict, YAO_E_PROFILE, PROFILE, YAO_DEV_PATH_LEN},
    {"accepts a root that signs no CRL, with a note", ISSUER, NULL,
     usage_no_crl, NULL, YAO_OK, NONE, YAO_DEV_KEY_USAGE},

    /* N108; the extensions themselves are refused by the reader */
    {"N108 refuses another country", ISSUER, other_country, NULL, NULL,
     YAO_E_PROFILE, PROFILE, 0},
    {"N108 refuses no country where the root has one", ISSUER, no_country,
     NULL, NULL, YAO_E_PROFILE, PROFILE, 0},
    {"N108 refuses the country in small letters", ISSUER, small_country, NULL,
     NULL, YAO_E_PROFILE, PROFILE, 0},
    {"accepts a reader of another country", READER, other_country, NULL, NULL,
     YAO_OK, NONE, 0},
    {"accepts a reader without country, strictly", READER, no_country, NULL,
     strict, YAO_OK, NONE, 0},
    {"accepts a signer with a state where the root has none", ISSUER, in_state,
     NULL, NULL, YAO_OK, NONE, 0},
};

/* Every role against every role: an anchor serves its own only. */
static void role_by_role(void **state)
{
    static const scene_change ekus[] = {NULL, eku_ds, eku_reader, no_eku,
                                        eku_vical};

    (void)state;
    for (int asked = 1; asked <= 4; asked++)
        for (int given = 1; given <= 4; given++) {
            scene         s;
            yao_x509_path path;
            yao_report    report;

            scene_set(&s, YAO_ROLE_ISSUER, ekus[asked], NULL);
            s.role            = (yao_role)asked;
            s.anchors[0].role = (yao_role)given;
            assert_status(scene_walk(&s, &path, &report),
                          asked == given ? YAO_OK : YAO_E_UNTRUSTED);
        }
}

static void reader_says_profile(void **state)
{
    scene         s;
    yao_x509_path path;
    yao_report    report;
    forge         f;

    (void)state;
    scene_set(&s, YAO_ROLE_ISSUER, NULL, NULL);
    forge_open(&f, s.chain[0]);
    forge_add(&f, 30, true, "3000");
    s.chain[0] = forge_close(&f, forge_key(ROOT));
    assert_status(scene_walk(&s, &path, &report), YAO_E_PROFILE);
    assert_int_equal(scene_outcome(&report, PROFILE), YAO_OUTCOME_FAIL);
}

static void states(void **state)
{
    static const struct {
        const char *root, *leaf;
        yao_status  want;
    } pairs[] = {{"UT-SP", "UT-SP", YAO_OK},
                 {"UT-SP", NULL, YAO_OK},
                 {"UT-SP", "UT-XX", YAO_E_PROFILE}};

    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        scene         s;
        yao_x509_path path;
        yao_report    report;
        forge         root, leaf;

        scene_set(&s, YAO_ROLE_ISSUER, NULL, NULL);
        forge_open(&root, s.anchors[0].certificate);
        forge_open(&leaf, s.chain[0]);
        root.subject = forge_name("UT", pairs[i].root, "SPECIMEN root");
        root.issuer = leaf.issuer = root.subject;
        leaf.subject = forge_name("UT", pairs[i].leaf, "SPECIMEN signer");
        s.anchors[0].certificate = forge_close(&root, forge_key(ROOT));
        s.chain[0]               = forge_close(&leaf, forge_key(ROOT));
        assert_status(scene_walk(&s, &path, &report), pairs[i].want);
    }
}

/* Roots without a country: nothing to compare with, said aloud. */
static void countries(void **state)
{
    scene         s;
    yao_x509_path path;
    yao_report    report;
    forge         root, leaf;

    (void)state;
    scene_set(&s, YAO_ROLE_ISSUER, NULL, NULL);
    forge_open(&root, s.anchors[0].certificate);
    forge_open(&leaf, s.chain[0]);
    root.subject = root.issuer = leaf.issuer =
        forge_name(NULL, NULL, "SPECIMEN root");
    s.anchors[0].certificate = forge_close(&root, forge_key(ROOT));
    s.chain[0]               = forge_close(&leaf, forge_key(ROOT));
    assert_status(scene_walk(&s, &path, &report), YAO_OK);
    assert_int_equal(path.deviations, YAO_DEV_NO_COUNTRY);
    s.strict = true;
    assert_status(scene_walk(&s, &path, &report), YAO_E_PROFILE);
}

static void named(void **state)
{
    (void)state;
    for (uint32_t flag = 1; flag <= YAO_DEV_EKU_FURTHER; flag <<= 1)
        assert_non_null(yao_x509_deviation_name(flag));
    assert_null(yao_x509_deviation_name(0));
    assert_null(yao_x509_deviation_name(3));
    assert_null(yao_x509_deviation_name(YAO_DEV_EKU_FURTHER << 1));
}

int main(void)
{
    scene_add("profile", rows, COUNT(rows));
    test_add("profile", "N102 refuses every role's anchor for every other",
             role_by_role, NULL);
    test_add("profile", "N108 refuses what the reader refuses",
             reader_says_profile, NULL);
    test_add("profile", "N108 refuses another state", states, NULL);
    test_add("profile", "gives a note when the root has no country", countries,
             NULL);
    test_add("profile", "gives every deviation its words", named, NULL);
    return test_run("x509/profile");
}
