/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/x509.h"

#include "check.h"
#include "scene.h"

static const yao_text photo[1] = {YAO_INIT("org.iso.23220.photoid.1")};
static const yao_text both[2]  = {YAO_INIT("org.iso.23220.photoid.1"),
                                  YAO_INIT("org.iso.18013.5.1.mDL")};
static void no_ski(forge *f)
{
    forge_drop(f, FORGE_SKI);
}

static void no_aki(forge *f)
{
    forge_drop(f, FORGE_AKI);
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

VALUE(other_ski, FORGE_SKI, "0414 0102030405060708090a0b0c0d0e0f1011121314")
VALUE(other_aki, FORGE_AKI,
      "3016 8014 0102030405060708090a0b0c0d0e0f1011121314")

static void constrained(forge *f)
{
    forge_add(f, 30, true, "3000");
}

static void ca_leaf(forge *f)
{
    forge_add(f, FORGE_CONSTRAINTS, true, "30030101ff");
}

static void expired(forge *f)
{
    f->dates = forge_dates(FORGE_NOW - 9 * YAO_TIME_DAY, FORGE_NOW - 1);
}

static void tomorrow(forge *f)
{
    f->dates = forge_dates(FORGE_NOW + 1, FORGE_NOW + YAO_TIME_DAY);
}

static void last_second(forge *f)
{
    f->dates = forge_dates(FORGE_NOW - YAO_TIME_DAY, FORGE_NOW);
}

static void first_second(forge *f)
{
    f->dates = forge_dates(FORGE_NOW, FORGE_NOW + YAO_TIME_DAY);
}

static void own_issuer(forge *f)
{
    f->subject = f->issuer;
}

static void other_issuer(forge *f)
{
    f->issuer = forge_name("UT", NULL, "SPECIMEN other root");
}

/* The same letters in another string type: equal to a person, not to us. */
static void respelt_issuer(forge *f)
{
    f->issuer = forge_element(
        YAO_DER_SEQUENCE,
        test_unhex("310b 3009 0603550406 13025554"
                   "3118 3016 060355040a 130f"
                   "53504543494d454e2055746f706961"
                   "3116 3014 0603550403 130d"
                   "53504543494d454e20726f6f74"));
}

static void no_anchors(scene *s)
{
    s->anchor_count = 0;
}

static void only_a_key(scene *s)
{
    s->anchors[0] =
        (yao_anchor){.key  = yao_openssl_key_public(forge_key(ROOT)),
                     .role = YAO_ROLE_ISSUER};
}

static void no_role(scene *s)
{
    s->role            = YAO_ROLE_NONE;
    s->anchors[0].role = YAO_ROLE_NONE;
}

static void unknown_role(scene *s)
{
    s->role            = (yao_role)9;
    s->anchors[0].role = (yao_role)9;
}

static void foreign_anchor(scene *s)
{
    s->anchors[0].certificate =
        forge_make(YAO_X509_ROOT, OTHER, (yao_bytes){NULL, 0}, 0);
}

static void broken_anchor(scene *s)
{
    s->anchors[0].certificate.len--;
}

static void good_among_many(scene *s)
{
    yao_anchor good = s->anchors[0];

    s->anchor_count = 0;
    scene_trust(s, test_unhex("3000"), YAO_ROLE_ISSUER);
    scene_trust(s, forge_make(YAO_X509_ROOT, OTHER, (yao_bytes){NULL, 0}, 0),
          YAO_ROLE_ISSUER);
    scene_trust(s, good.certificate, YAO_ROLE_READER);
    s->anchors[s->anchor_count++] = good;
}

static void empty_chain(scene *s)
{
    s->count = 0;
}

static void five(scene *s)
{
    for (size_t i = 1; i < 5; i++)
        s->chain[i] = s->chain[0];
    s->count = 5;
}

static void garbage(scene *s)
{
    s->chain[0] = YAO_LIT("no certificate");
}

static void garbage_above(scene *s)
{
    s->chain[1] = YAO_LIT("no certificate");
    s->count    = 2;
}

static void with_anchor(scene *s)
{
    s->chain[1] = s->anchors[0].certificate;
    s->count    = 2;
}

static void anchor_alone(scene *s)
{
    s->chain[0] = s->anchors[0].certificate;
}

static void with_unrelated(scene *s)
{
    yao_bytes root =
        forge_make(YAO_X509_ROOT, OTHER, (yao_bytes){NULL, 0}, 0);

    s->chain[1] = forge_make(YAO_X509_SIGNER, MIDDLE, root, OTHER);
    s->count    = 2;
}

static void twice(scene *s)
{
    s->chain[1] = s->chain[0];
    s->count    = 2;
}

static void pin(scene *s)
{
    s->anchor_count = 0;
    scene_trust(s, s->chain[0], s->role);
}

static void pin_as_it_is(scene *s)
{
    pin(s);
    s->anchors[0].as_is = true;
}

static void pin_root_as_it_is(scene *s)
{
    anchor_alone(s);
    s->anchors[0].as_is = true;
}

static void pin_and_extra(scene *s)
{
    pin(s);
    with_unrelated(s);
}

static void pin_for_photo(scene *s)
{
    pin(s);
    s->anchors[0].types      = photo;
    s->anchors[0].type_count = 1;
}

/* The same signer pinned twice, for photo identity and for both. */
static void pin_for_photo_and_both(scene *s)
{
    pin_for_photo(s);
    scene_trust(s, s->chain[0], s->role);
    s->anchors[1].types      = both;
    s->anchors[1].type_count = 2;
}

static void pin_for_both_and_photo(scene *s)
{
    yao_anchor photo_only;

    pin_for_photo_and_both(s);
    photo_only    = s->anchors[0];
    s->anchors[0] = s->anchors[1];
    s->anchors[1] = photo_only;
}

static void pin_other_role(scene *s)
{
    pin(s);
    s->anchors[0].role = YAO_ROLE_READER;
    scene_trust(s, s->chain[0], YAO_ROLE_STATUS);
    scene_trust(s, forge_make(YAO_X509_ROOT, OTHER, (yao_bytes){NULL, 0}, 0),
          YAO_ROLE_ISSUER);
}

/* An anchor that differs from the leaf in its signature only. */
static void pin_almost(scene *s)
{
    forge f;

    pin(s);
    forge_open(&f, s->chain[0]);
    s->chain[0] = forge_close(&f, forge_key(ROOT));
}

static void almost_as_it_is(scene *s)
{
    pin_almost(s);
    s->anchors[0].as_is = true;
}

static void pin_strict(scene *s)
{
    pin(s);
    s->strict = true;
}

static void strict(scene *s)
{
    s->strict = true;
}

static void scope_photo(scene *s)
{
    s->anchors[0].types      = photo;
    s->anchors[0].type_count = 1;
}

static void scope_both(scene *s)
{
    s->anchors[0].types      = both;
    s->anchors[0].type_count = 2;
}

static void no_type(scene *s)
{
    s->type = (yao_text){NULL, 0};
}

static void scope_no_type(scene *s)
{
    scope_photo(s);
    no_type(s);
}

static void scope_prefix(scene *s)
{
    scope_both(s);
    s->type.len--;
}

/* The same root given twice: once for photo identity, once for all. */
static void scope_of_second(scene *s)
{
    scope_photo(s);
    scene_trust(s, s->anchors[0].certificate, YAO_ROLE_ISSUER);
    s->anchors[1].types      = both;
    s->anchors[1].type_count = 2;
}

static void scope_of_nobody(scene *s)
{
    scope_of_second(s);
    s->anchors[1].type_count = 1;
}

/* The root took back two: neither is the leaf. */
static void others_revoked(scene *s)
{
    static const yao_bytes serials[] = {YAO_INIT("\x01"),
                                        YAO_INIT("\x00\x99")};

    s->anchors[0].revoked       = serials;
    s->anchors[0].revoked_count = 2;
}

static void revoked(scene *s)
{
    static yao_bytes serials[2];
    yao_certificate  leaf;

    assert_status(yao_x509_read(s->chain[0], &leaf), YAO_OK);
    serials[0]                  = YAO_LIT("\x01");
    serials[1]                  = leaf.serial;
    s->anchors[0].revoked       = serials;
    s->anchors[0].revoked_count = 2;
}

static void now_before(scene *s)
{
    s->now = 0;
}

static void now_never(scene *s)
{
    s->now = YAO_TIME_NONE;
}

static void now_end(scene *s)
{
    s->now = YAO_TIME_MAX;
}

/* A root of the same name and another key, trusted as well. */
static yao_bytes namesake(scene_change how)
{
    yao_bytes root = forge_make(YAO_X509_ROOT, OTHER, (yao_bytes){NULL, 0}, 0);

    return scene_changed(root, how, OTHER);
}

static void with_namesake(scene *s, scene_change how)
{
    yao_anchor good = s->anchors[0];

    s->anchor_count = 0;
    scene_trust(s, namesake(how), YAO_ROLE_ISSUER);
    s->anchors[s->anchor_count++] = good;
}

static void namesake_too(scene *s)
{
    with_namesake(s, NULL);
}

static void namesake_after(scene *s)
{
    scene_trust(s, namesake(no_ski), YAO_ROLE_ISSUER);
}

static void namesake_expired(scene *s)
{
    with_namesake(s, expired);
}

static void namesake_unnamed(scene *s)
{
    with_namesake(s, no_ski);
}

static void namesake_broken(scene *s)
{
    with_namesake(s, usage_loose);
    s->anchors[0].certificate.len--;
}

static void namesake_alone(scene *s)
{
    s->anchors[0].certificate = namesake(NULL);
}

static void namesake_big(scene *s)
{
    yao_anchor good = s->anchors[0];

    s->anchor_count = 0;
    scene_trust(s, forge_make(YAO_X509_ROOT, BIG, (yao_bytes){NULL, 0}, 0),
          YAO_ROLE_ISSUER);
    s->anchors[s->anchor_count++] = good;
}

/* Claims the root's key identifier, and is signed with another key. */
static void wrong_key(scene *s)
{
    forge f;

    forge_open(&f, s->chain[0]);
    s->chain[0] = forge_close(&f, forge_key(OTHER));
}

static void renewed_root(scene *s)
{
    yao_bytes old = s->anchors[0].certificate;

    s->anchor_count = 0;
    scene_trust(s, scene_changed(old, expired, ROOT), YAO_ROLE_ISSUER);
    scene_trust(s, old, YAO_ROLE_ISSUER);
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
    {"accepts a signer", ISSUER, NULL, NULL, NULL, YAO_OK, NONE, 0},
    {"accepts a signer, strictly", ISSUER, NULL, NULL, strict, YAO_OK, NONE,
     0},
    {"accepts a reader", READER, NULL, NULL, NULL, YAO_OK, NONE, 0},
    {"accepts a reader, strictly", READER, NULL, NULL, strict, YAO_OK, NONE,
     0},
    {"accepts the right anchor among many", ISSUER, NULL, NULL,
     good_among_many, YAO_OK, NONE, 0},

    /* N099 */
    {"N099 refuses everybody without anchors", ISSUER, NULL, NULL, no_anchors,
     YAO_E_UNTRUSTED, ANCHORS, 0},
    {"N099 refuses everybody under a bare key", ISSUER, NULL, NULL, only_a_key,
     YAO_E_UNTRUSTED, ANCHORS, 0},
    {"N099 refuses an anchor without role for no role", ISSUER, NULL, NULL,
     no_role, YAO_E_UNTRUSTED, ANCHORS, 0},
    {"N099 refuses an unknown role", ISSUER, NULL, NULL, unknown_role,
     YAO_E_PROFILE, PROFILE, 0},
    {"N099 refuses a foreign anchor", ISSUER, NULL, NULL, foreign_anchor,
     YAO_E_UNTRUSTED, CHAIN, 0},
    {"N099 refuses an anchor that cannot be read", ISSUER, NULL, NULL,
     broken_anchor, YAO_E_UNTRUSTED, CHAIN, 0},
    {"N099 refuses an anchor that is refused, and says why", ISSUER, NULL,
     constrained, NULL, YAO_E_PROFILE, CHAIN, 0},

    /* N100 */
    {"N100 refuses the anchor in the chain", ISSUER, NULL, NULL, with_anchor,
     YAO_E_UNTRUSTED, CHAIN, 0},
    {"N100 refuses the anchor as the leaf", ISSUER, NULL, NULL, anchor_alone,
     YAO_E_UNTRUSTED, CHAIN, 0},
    {"N100 refuses a self-signed leaf that is an anchor", ISSUER, own_issuer,
     NULL, pin, YAO_E_UNTRUSTED, CHAIN, 0},
    {"accepts a self-signed leaf that is pinned as it is", ISSUER, own_issuer,
     NULL, pin_as_it_is, YAO_OK, NONE, 0},
    {"accepts a CA as the leaf where it is pinned as it is", ISSUER, NULL, NULL,
     pin_root_as_it_is, YAO_OK, NONE, 0},
    {"refuses almost what is pinned as it is", ISSUER, own_issuer, NULL,
     almost_as_it_is, YAO_E_UNTRUSTED, CHAIN, 0},
    {"accepts a signer that was pinned", ISSUER, NULL, NULL, pin, YAO_OK, NONE,
     0},
    {"accepts a signer that was pinned, strictly", ISSUER, NULL, NULL,
     pin_strict, YAO_OK, NONE, 0},
    {"accepts a reader that was pinned", READER, NULL, NULL, pin, YAO_OK, NONE,
     0},
    {"refuses a pinned signer with another certificate", ISSUER, NULL, NULL,
     pin_and_extra, YAO_E_UNTRUSTED, CHAIN, 0},
    {"refuses a pinned signer for another type", ISSUER, NULL, NULL,
     pin_for_photo, YAO_E_NOT_AUTHORISED, SCOPE, 0},
    {"accepts a type of a pinned signer's second entry", ISSUER, NULL, NULL,
     pin_for_photo_and_both, YAO_OK, NONE, 0},
    {"accepts a type of a pinned signer's first entry", ISSUER, NULL, NULL,
     pin_for_both_and_photo, YAO_OK, NONE, 0},
    {"refuses a pinned signer of another role", ISSUER, NULL, NULL,
     pin_other_role, YAO_E_UNTRUSTED, CHAIN, 0},
    {"refuses what is like a pinned signer but for its signature", ISSUER,
     NULL, NULL, pin_almost, YAO_E_UNTRUSTED, CHAIN, 0},
    {"refuses a pinned signer that has expired", ISSUER, expired, NULL, pin,
     YAO_E_EXPIRED, VALIDITY, 0},
    {"refuses a pinned signer that is a CA", ISSUER, ca_leaf, NULL, pin,
     YAO_E_PROFILE, PROFILE, 0},

    /* N101 */
    {"N101 refuses an empty chain", ISSUER, NULL, NULL, empty_chain,
     YAO_E_UNTRUSTED, CHAIN, 0},
    {"N101 refuses five certificates", ISSUER, NULL, NULL, five, YAO_E_LIMIT,
     CHAIN, 0},
    {"N101 refuses what is no certificate", ISSUER, NULL, NULL, garbage,
     YAO_E_MALFORMED, CHAIN, 0},
    {"N101 refuses what is none further up", ISSUER, NULL, NULL, garbage_above,
     YAO_E_MALFORMED, CHAIN, 0},
    {"N101 refuses an unrelated certificate", ISSUER, NULL, NULL,
     with_unrelated, YAO_E_UNTRUSTED, CHAIN, 0},
    {"N101 refuses the leaf twice", ISSUER, NULL, NULL, twice, YAO_E_UNTRUSTED,
     CHAIN, 0},
    {"N101 refuses a leaf that names no anchor", ISSUER, other_issuer, NULL,
     NULL, YAO_E_UNTRUSTED, CHAIN, 0},
    {"N101 refuses the anchor's name spelt in another type", ISSUER,
     respelt_issuer, NULL, NULL, YAO_E_UNTRUSTED, CHAIN, 0},

    /* N103 is about iss: sdjwt; its part here is the name in the leaf */
    {"N103 refuses a trusted key under another name", ISSUER, other_issuer,
     NULL, namesake_too, YAO_E_UNTRUSTED, CHAIN, 0},

    /* N104 */
    {"N104 refuses a type the anchor may not sign", ISSUER, NULL, NULL,
     scope_photo, YAO_E_NOT_AUTHORISED, SCOPE, 0},
    {"N104 refuses the beginning of a type", ISSUER, NULL, NULL, scope_prefix,
     YAO_E_NOT_AUTHORISED, SCOPE, 0},
    {"N104 refuses a type that no copy of the anchor may sign", ISSUER, NULL,
     NULL, scope_of_nobody, YAO_E_NOT_AUTHORISED, SCOPE, 0},
    {"accepts a type among those of the anchor", ISSUER, NULL, NULL,
     scope_both, YAO_OK, NONE, 0},
    {"accepts a type of the anchor's second entry", ISSUER, NULL, NULL,
     scope_of_second, YAO_OK, NONE, 0},
    {"N104 refuses a document without a type from a limited anchor", ISSUER,
     NULL, NULL, scope_no_type, YAO_E_NOT_AUTHORISED, SCOPE, 0},
    {"accepts a document without a type from an anchor without limits", ISSUER,
     NULL, NULL, no_type, YAO_OK, NONE, 0},
    {"accepts a reader, who signs no types, under a limited anchor", READER,
     NULL, NULL, scope_no_type, YAO_OK, NONE, 0},

    /* N105 */
    {"N112 refuses a leaf that the root took back", ISSUER, NULL, NULL,
     revoked, YAO_E_REVOKED, VALIDITY, 0},
    {"N112 refuses a reader that the root took back", READER, NULL, NULL,
     revoked, YAO_E_REVOKED, VALIDITY, 0},
    {"accepts a leaf of a root that took others back", ISSUER, NULL, NULL,
     others_revoked, YAO_OK, NONE, 0},
    {"N105 refuses an expired leaf", ISSUER, expired, NULL, NULL,
     YAO_E_EXPIRED, VALIDITY, 0},
    {"N105 refuses a leaf of tomorrow", ISSUER, tomorrow, NULL, NULL,
     YAO_E_NOT_YET_VALID, VALIDITY, 0},
    {"N105 refuses an expired root", ISSUER, NULL, expired, NULL,
     YAO_E_EXPIRED, VALIDITY, 0},
    {"N105 refuses a root of tomorrow", ISSUER, NULL, tomorrow, NULL,
     YAO_E_NOT_YET_VALID, VALIDITY, 0},
    {"N105 refuses everybody in 1970", ISSUER, NULL, NULL, now_before,
     YAO_E_NOT_YET_VALID, VALIDITY, 0},
    {"N105 refuses everybody at no time", ISSUER, NULL, NULL, now_never,
     YAO_E_NOT_YET_VALID, VALIDITY, 0},
    {"N105 refuses everybody at the end of time", ISSUER, NULL, NULL, now_end,
     YAO_E_EXPIRED, VALIDITY, 0},
    {"accepts the first second", ISSUER, first_second, first_second, NULL,
     YAO_OK, NONE, 0},
    {"accepts the last second", ISSUER, last_second, last_second, NULL, YAO_OK,
     NONE, 0},

    /* N109 */
    {"N109 refuses another AKI with the right key", ISSUER, other_aki, NULL,
     NULL, YAO_E_UNTRUSTED, CHAIN, 0},
    {"N109 refuses another SKI of the right root", ISSUER, NULL, other_ski,
     NULL, YAO_E_UNTRUSTED, CHAIN, 0},
    {"N109 refuses a namesake of the root", ISSUER, NULL, NULL, namesake_alone,
     YAO_E_UNTRUSTED, CHAIN, 0},
    {"N109 refuses a namesake of the root for a leaf without AKI", ISSUER,
     no_aki, NULL, namesake_alone, YAO_E_BAD_SIGNATURE, NONE,
     YAO_DEV_NO_KEY_ID},
    {"N109 accepts the right one of two namesakes by its key", ISSUER, NULL,
     NULL, namesake_too, YAO_OK, NONE, 0},
    {"N109 accepts the right one before a namesake without SKI", ISSUER, NULL,
     NULL, namesake_after, YAO_OK, NONE, 0},
    {"N109 accepts the right one beside a namesake without SKI", ISSUER, NULL,
     NULL, namesake_unnamed, YAO_OK, NONE, 0},
    {"N109 accepts the right one beside a broken namesake", ISSUER, NULL, NULL,
     namesake_broken, YAO_OK, NONE, 0},
    {"N109 accepts the right one beside a namesake on another curve", ISSUER,
     no_aki, NULL, namesake_big, YAO_OK, NONE, YAO_DEV_NO_KEY_ID},
    {"N109 accepts the valid one of two namesakes without AKI", ISSUER, no_aki,
     NULL, namesake_expired, YAO_OK, NONE, YAO_DEV_NO_KEY_ID},
    {"N109 refuses to guess between two namesakes without AKI", ISSUER, no_aki,
     NULL, namesake_too, YAO_E_UNTRUSTED, CHAIN, 0},
    {"accepts a root that was renewed with its key", ISSUER, NULL, NULL,
     renewed_root, YAO_OK, NONE, 0},
    {"refuses a leaf signed by another key", ISSUER, NULL, NULL, wrong_key,
     YAO_E_BAD_SIGNATURE, NONE, 0},
};

static void leaf_stays(void **state)
{
    scene         s;
    yao_x509_path path;
    yao_report    report;

    (void)state;
    scene_set(&s, YAO_ROLE_ISSUER, NULL, NULL);
    s.anchor_count = 0;
    assert_status(scene_walk(&s, &path, &report), YAO_E_UNTRUSTED);
    assert_bytes(path.leaf.der, s.chain[0]);
    assert_null(path.anchor);
    assert_int_equal(path.check_count, 0);

    scene_set(&s, YAO_ROLE_ISSUER, NULL, NULL);
    garbage(&s);
    memset(&path, 0xee, sizeof path);
    assert_status(scene_walk(&s, &path, &report), YAO_E_MALFORMED);
    assert_int_equal(path.leaf.der.len, 0);
    assert_int_equal(path.leaf.key.curve, YAO_CURVE_NONE);
    assert_null(path.anchor);
}

/* Both curves, and a root on one with a signer on the other. */
static void curves(void **state)
{
    static const struct {
        int root, leaf;
    } pairs[] = {{0, 1}, {0, 9}, {8, 1}, {8, 9}};

    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        scene         s = {.count = 1, .role = YAO_ROLE_ISSUER,
                           .now = FORGE_NOW, .strict = true};
        yao_x509_path path;
        yao_report    report;
        yao_bytes     root = forge_make(YAO_X509_ROOT, pairs[i].root,
                                        (yao_bytes){NULL, 0}, 0);

        scene_trust(&s, root, YAO_ROLE_ISSUER);
        s.chain[0] = forge_make(YAO_X509_SIGNER, pairs[i].leaf, root,
                                pairs[i].root);
        assert_status(scene_walk(&s, &path, &report), YAO_OK);
        assert_int_equal(path.checks[0].alg,
                         pairs[i].root < 8 ? YAO_ES256 : YAO_ES384);
    }
}

/* Says ES384 where the root's key is on P-256: N110, an algorithm that does
 * not belong to the key. */
static void wrong_algorithm(void **state)
{
    scene         s;
    yao_x509_path path;
    yao_report    report;
    forge         f;

    (void)state;
    scene_set(&s, YAO_ROLE_ISSUER, NULL, NULL);
    forge_open(&f, s.chain[0]);
    f.algorithm = f.outer = test_unhex("300a06082a8648ce3d040303");
    s.chain[0]            = forge_close(&f, forge_key(ROOT));
    assert_status(scene_walk(&s, &path, &report), YAO_E_UNTRUSTED);
}

static yao_status walk_leaf(yao_bytes input, void *context)
{
    scene         s = *(scene *)context;
    yao_x509_path path;
    yao_report    report;

    s.chain[0] = input;
    return scene_walk(&s, &path, &report);
}

static void every_bit(void **state)
{
    scene s;

    (void)state;
    scene_set(&s, YAO_ROLE_ISSUER, NULL, NULL);
    assert_status(walk_leaf(s.chain[0], &s), YAO_OK);
    test_every_bit(walk_leaf, s.chain[0], &s, NULL);
    test_every_prefix(walk_leaf, s.chain[0], &s);
}

/* ---- what others made ---- */

#define YEAR_2020 (INT64_C(1601510400) + YAO_TIME_DAY)

static void annex_d(void **state)
{
    static const struct {
        const char *path;
        yao_role    role;
    } both_of[] = {
        {"iso18013-5-annexD-multipaz/ds_cert.der", YAO_ROLE_ISSUER},
        {"iso18013-5-annexD-multipaz/reader_cert.der", YAO_ROLE_READER}};

    (void)state;
    if (!test_have_vectors())
        skip();
    for (size_t i = 0; i < COUNT(both_of); i++) {
        scene         s = {.count  = 1,
                           .role   = both_of[i].role,
                           .type   = YAO_TEXT("org.iso.18013.5.1.mDL"),
                           .now    = YEAR_2020,
                           .strict = true};
        yao_x509_path path;
        yao_report    report;

        s.chain[0] = test_vector(both_of[i].path);
        scene_trust(&s, s.chain[0], s.role);
        assert_status(scene_walk(&s, &path, &report), YAO_OK);
        assert_int_equal(path.check_count, 0);
        assert_int_equal(path.deviations, 0);
        assert_int_equal(scene_outcome(&report, PROFILE), YAO_OUTCOME_NOTE);
        s.now = FORGE_NOW;
        assert_status(scene_walk(&s, &path, &report), YAO_E_EXPIRED);
        s.now        = YEAR_2020;
        s.anchors[0] = (yao_anchor){
            .certificate =
                forge_make(YAO_X509_ROOT, ROOT, (yao_bytes){NULL, 0}, 0),
            .role = s.role};
        assert_status(scene_walk(&s, &path, &report), YAO_E_UNTRUSTED);
    }
}

int main(void)
{
    scene_add("path", rows, COUNT(rows));
    test_add("path", "gives the leaf even without a path", leaf_stays, NULL);
    test_add("path", "accepts both curves, each under each", curves, NULL);
    test_add("path", "N110 refuses an algorithm of another curve",
             wrong_algorithm, NULL);
    test_add("path", "refuses every bit that is flipped", every_bit, NULL);
    test_add("vectors", "accepts annex D when pinned, at its time", annex_d,
             NULL);
    return test_run("x509/path");
}
