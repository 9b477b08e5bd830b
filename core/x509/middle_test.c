/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/x509.h"

#include "check.h"
#include "scene.h"

/* ---- changes to a certificate ---- */

static void no_usage(forge *f)
{
    forge_drop(f, FORGE_KEY_USAGE);
}

static void no_constraints(forge *f)
{
    forge_drop(f, FORGE_CONSTRAINTS);
}

#define VALUE(name, id, hex)                                                   \
    static void name(forge *f)                                                 \
    {                                                                          \
        forge_set(f, id, hex);                                                 \
    }

#define OID_DS     "0607 28818c5d050102"
#define OID_READER "0607 28818c5d050106"
#define OID_TLS    "0608 2b06010505070301"

VALUE(eku_ds, FORGE_EKU, "3009" OID_DS)
VALUE(eku_reader, FORGE_EKU, "3009" OID_READER)
VALUE(eku_tls, FORGE_EKU, "300a" OID_TLS)
VALUE(usage_crl_only, FORGE_KEY_USAGE, "03020102")
VALUE(usage_end, FORGE_KEY_USAGE, "03020780")
VALUE(path_none, FORGE_CONSTRAINTS, "30030101ff")
VALUE(path_one, FORGE_CONSTRAINTS, "30060101ff020101")
VALUE(other_aki, FORGE_AKI,
      "3016 8014 0102030405060708090a0b0c0d0e0f1011121314")

static void expired(forge *f)
{
    f->dates = forge_dates(FORGE_NOW - 9 * YAO_TIME_DAY, FORGE_NOW - 1);
}

static void tomorrow(forge *f)
{
    f->dates = forge_dates(FORGE_NOW + 1, FORGE_NOW + YAO_TIME_DAY);
}

static void leaf_of_leaf(scene *s)
{
    yao_bytes issuer = s->chain[0];
    forge     f;

    /* signed with the good leaf's key, which is no CA */
    forge_open(&f, issuer);
    f.issuer  = f.subject;
    f.subject = forge_name("UT", NULL, "SPECIMEN not a signer");
    forge_drop(&f, FORGE_AKI);
    s->chain[0] = forge_close(&f, forge_key(LEAF));
    s->chain[1] = issuer;
    s->count    = 2;
}

/* A pinned signer vouches for itself, not for others. */
static void under_a_pin(scene *s)
{
    leaf_of_leaf(s);
    s->anchor_count = 0;
    scene_trust(s, s->chain[1], YAO_ROLE_ISSUER);
    s->count = 1;
}

static scene_change middle_change;

static yao_bytes make_middle(yao_bytes root, scene_change how)
{
    forge f;

    forge_open(&f, forge_make(YAO_X509_SIGNER, MIDDLE, root, ROOT));
    f.subject = forge_name("UT", NULL, "SPECIMEN middle");
    forge_drop(&f, FORGE_EKU);
    forge_set(&f, FORGE_KEY_USAGE, "03020106");
    forge_add(&f, FORGE_CONSTRAINTS, true, "30060101ff020100");
    if (how != NULL)
        how(&f);
    return forge_close(&f, forge_key(ROOT));
}

/* The leaf, issued anew by the certificate ABOVE it with key SIGNER. */
static yao_bytes issue(yao_bytes leaf, yao_bytes above, int signer)
{
    forge           f, g;
    yao_certificate c;

    forge_open(&f, leaf);
    forge_open(&g, above);
    f.issuer = g.subject;
    if (yao_x509_read(above, &c) == YAO_OK && c.ski.len != 0)
        forge_find(&f, FORGE_AKI)->value =
            forge_element(YAO_DER_SEQUENCE,
                          forge_element(YAO_DER_CONTEXT(0), c.ski));
    return forge_close(&f, forge_key(signer));
}

static void three(scene *s)
{
    s->chain[1] = make_middle(s->anchors[0].certificate, middle_change);
    s->chain[0] = issue(s->chain[0], s->chain[1], MIDDLE);
    s->count    = 2;
}

static void three_with(scene *s, scene_change how)
{
    middle_change = how;
    three(s);
    middle_change = NULL;
}

static void three_strict(scene *s)
{
    three(s);
    s->strict = true;
}

#define THREE(name, how)                                                       \
    static void name(scene *s)                                                 \
    {                                                                          \
        three_with(s, how);                                                    \
    }

THREE(middle_no_constraints, no_constraints)
THREE(middle_no_usage, no_usage)
THREE(middle_usage_end, usage_end)
THREE(middle_expired, expired)
THREE(middle_tomorrow, tomorrow)
THREE(middle_reader, eku_reader)
THREE(middle_ds, eku_ds)
THREE(middle_tls, eku_tls)
THREE(middle_other_aki, other_aki)

static void middle_not_ca(forge *f)
{
    forge_drop(f, FORGE_CONSTRAINTS);
    forge_add(f, FORGE_CONSTRAINTS, true, "3000");
}

THREE(middle_says_no_ca, middle_not_ca)

static void three_wrong_order(scene *s)
{
    yao_bytes leaf;

    three(s);
    leaf        = s->chain[0];
    s->chain[0] = s->chain[1];
    s->chain[1] = leaf;
}

static void three_without_middle(scene *s)
{
    three(s);
    s->count = 1;
}

static void three_with_root(scene *s)
{
    three(s);
    s->chain[2] = s->anchors[0].certificate;
    s->count    = 3;
}

static void three_skip(scene *s)
{
    yao_bytes leaf = s->chain[0];

    three(s);
    s->chain[0] = leaf; /* issued by the root, the middle has no part in it */
}

static void three_wrong_key(scene *s)
{
    forge f;

    three(s);
    forge_open(&f, s->chain[0]);
    s->chain[0] = forge_close(&f, forge_key(OTHER));
}

static void three_wrong_middle_key(scene *s)
{
    forge f;

    three(s);
    forge_open(&f, s->chain[1]);
    s->chain[1] = forge_close(&f, forge_key(OTHER));
}

/* The middle's key made it, and it says so; but not under the middle's name. */
static void three_other_name(scene *s)
{
    forge f;

    three(s);
    forge_open(&f, s->chain[0]);
    f.issuer    = forge_name("UT", NULL, "SPECIMEN not the middle");
    s->chain[0] = forge_close(&f, forge_key(MIDDLE));
}

static void three_aki(scene *s)
{
    forge f;

    three(s);
    forge_open(&f, s->chain[0]);
    other_aki(&f);
    s->chain[0] = forge_close(&f, forge_key(MIDDLE));
}

/* root, two CAs, leaf: the upper CA says that none may be below it */
static void four(scene *s)
{
    three(s);

    yao_bytes upper = s->chain[1];
    forge     f;
    forge_open(&f, upper);
    f.issuer  = f.subject;
    f.subject = forge_name("UT", NULL, "SPECIMEN lower");
    forge_drop(&f, FORGE_AKI);
    forge_drop(&f, FORGE_SKI);
    s->chain[1] = forge_close(&f, forge_key(MIDDLE));
    s->chain[2] = upper;
    s->chain[0] = issue(s->chain[0], s->chain[1], MIDDLE);
    forge_open(&f, s->chain[0]);
    forge_drop(&f, FORGE_AKI);
    s->chain[0] = forge_close(&f, forge_key(MIDDLE));
    s->count    = 3;
}

static void four_long(scene *s)
{
    middle_change = path_one;
    four(s);
    middle_change = NULL;
}

/* The CA between is itself pinned, its root unknown. */
static void middle_pinned(scene *s)
{
    three(s);
    s->anchor_count = 0;
    scene_trust(s, s->chain[1], YAO_ROLE_ISSUER);
    s->count = 1;
}

static void middle_pinned_and_sent(scene *s)
{
    middle_pinned(s);
    s->count = 2;
}

/* ---- the rows ---- */

enum { ISSUER = YAO_ROLE_ISSUER, READER = YAO_ROLE_READER };
enum { STATUS = YAO_ROLE_STATUS, TRUST = YAO_ROLE_TRUST };

enum {
    ANCHORS  = YAO_CHECK_ISSUER_ANCHORS,
    CHAIN    = YAO_CHECK_ISSUER_CHAIN,
    VALIDITY = YAO_CHECK_CHAIN_VALIDITY,
    PROFILE  = YAO_CHECK_CHAIN_PROFILE,
    SCOPE    = YAO_CHECK_ISSUER_SCOPE,
    NONE     = YAO_CHECK_NONE
};

static const scene_row rows[] = {
    {"N100 refuses the anchor above a CA between", ISSUER, NULL, path_one,
     three_with_root, YAO_E_UNTRUSTED, CHAIN, 0},
    {"N100 refuses a pinned CA that is sent along", ISSUER, NULL, path_one,
     middle_pinned_and_sent, YAO_E_UNTRUSTED, CHAIN, 0},
    {"refuses a leaf under a pinned signer", ISSUER, NULL, NULL, under_a_pin,
     YAO_E_PROFILE, PROFILE, 0},
    {"N101 refuses the wrong order", ISSUER, NULL, path_one, three_wrong_order,
     YAO_E_UNTRUSTED, CHAIN, 0},
    {"N101 refuses a missing CA between", ISSUER, NULL, path_one,
     three_without_middle, YAO_E_UNTRUSTED, CHAIN, 0},
    {"N101 refuses a CA between that issued nothing", ISSUER, NULL, path_one,
     three_skip, YAO_E_UNTRUSTED, CHAIN, 0},
    {"N101 refuses a CA between under another name than the leaf gives", ISSUER,
     NULL, path_one, three_other_name, YAO_E_UNTRUSTED, CHAIN, 0},
    {"N105 refuses an expired CA between", ISSUER, NULL, path_one,
     middle_expired, YAO_E_EXPIRED, VALIDITY, YAO_DEV_PATH_LEN},
    {"N105 refuses a CA between of tomorrow", ISSUER, NULL, path_one,
     middle_tomorrow, YAO_E_NOT_YET_VALID, VALIDITY, YAO_DEV_PATH_LEN},
    {"accepts a CA between, with notes", ISSUER, NULL, path_one, three, YAO_OK,
     NONE, YAO_DEV_PATH_LEN},
    {"refuses a CA between, strictly", ISSUER, NULL, path_one, three_strict,
     YAO_E_PROFILE, PROFILE, YAO_DEV_PATH_LEN},
    {"N107 refuses a CA between below path length 0", ISSUER, NULL, NULL,
     three, YAO_E_PROFILE, PROFILE, 0},
    {"N107 refuses two CAs below path length 1", ISSUER, NULL, path_one,
     four_long, YAO_E_PROFILE, PROFILE, 0},
    {"N107 refuses a CA below one of path length 0", ISSUER, NULL, path_none,
     four, YAO_E_PROFILE, PROFILE, 0},
    {"accepts two CAs where nothing forbids it", ISSUER, NULL, path_none,
     four_long, YAO_OK, NONE, YAO_DEV_PATH_LEN | YAO_DEV_NO_KEY_ID},
    {"N107 refuses a middle without constraints", ISSUER, NULL, path_one,
     middle_no_constraints, YAO_E_PROFILE, PROFILE, 0},
    {"N107 refuses a middle that is no CA", ISSUER, NULL, path_one,
     middle_says_no_ca, YAO_E_PROFILE, PROFILE, 0},
    {"N107 refuses a middle without key usage", ISSUER, NULL, path_one,
     middle_no_usage, YAO_E_PROFILE, PROFILE, 0},
    {"N107 refuses a middle that may sign data only", ISSUER, NULL, path_one,
     middle_usage_end, YAO_E_PROFILE, PROFILE, 0},
    {"N107 refuses a leaf that issues a leaf", ISSUER, NULL, path_one,
     leaf_of_leaf, YAO_E_PROFILE, PROFILE, 0},
    {"N107 refuses a root without constraints", ISSUER, NULL, no_constraints,
     NULL, YAO_E_PROFILE, PROFILE, 0},
    {"N107 refuses a root without key usage", ISSUER, NULL, no_usage, NULL,
     YAO_E_PROFILE, PROFILE, 0},
    {"N107 refuses a root that signs CRLs only", ISSUER, NULL, usage_crl_only,
     NULL, YAO_E_PROFILE, PROFILE, 0},
    {"N107 refuses a middle for readers", ISSUER, NULL, path_one,
     middle_reader, YAO_E_PROFILE, PROFILE, 0},
    {"N107 refuses a middle for servers", ISSUER, NULL, path_one, middle_tls,
     YAO_E_PROFILE, PROFILE, 0},
    {"accepts a middle for signers", ISSUER, NULL, path_one, middle_ds, YAO_OK,
     NONE, YAO_DEV_PATH_LEN | YAO_DEV_EKU_NOT_CRITICAL},
    {"accepts a CA that is pinned below its root", ISSUER, NULL, NULL,
     middle_pinned, YAO_OK, NONE, 0},
    {"N109 refuses another AKI below a CA between", ISSUER, NULL, path_one,
     three_aki, YAO_E_UNTRUSTED, CHAIN, 0},
    {"N109 refuses another AKI in a CA between", ISSUER, NULL, path_one,
     middle_other_aki, YAO_E_UNTRUSTED, CHAIN, 0},
    {"refuses a leaf signed by another key below a CA", ISSUER, NULL, path_one,
     three_wrong_key, YAO_E_BAD_SIGNATURE, NONE, YAO_DEV_PATH_LEN},
    {"refuses a CA between signed by another key", ISSUER, NULL, path_one,
     three_wrong_middle_key, YAO_E_BAD_SIGNATURE, NONE, YAO_DEV_PATH_LEN},
};

static void what_is_asked(void **state)
{
    scene         s;
    yao_x509_path path;
    yao_report    report;

    (void)state;
    scene_set(&s, YAO_ROLE_ISSUER, NULL, path_one);
    three(&s);
    assert_status(scene_walk(&s, &path, &report), YAO_OK);
    assert_int_equal(path.check_count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_true(path.checks[i].repeats && path.checks[i].key_repeats);
        assert_int_equal(path.checks[i].alg, YAO_ES256);
        assert_int_equal(path.checks[i].part_count, 1);
    }
    assert_bytes(path.checks[0].parts[0], path.leaf.tbs);
    assert_true(yao_public_key_equal(&path.checks[1].key,
                                     &path.anchor_certificate.key));
    assert_false(yao_public_key_equal(&path.checks[0].key,
                                      &path.anchor_certificate.key));
}

int main(void)
{
    scene_add("middle", rows, COUNT(rows));
    test_add("middle", "gives the checks that a home is to make",
             what_is_asked, NULL);
    return test_run("x509/middle");
}
