/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/trust.h"

#include "cbor_edit.h"
#include "trust_fixture.h"

enum { VICAL = YAO_TRUST_VICAL, PARTIES = YAO_TRUST_PARTIES };
enum { BUNDLE = YAO_TRUST_BUNDLE };

/* What one row is about; its functions change it before it is judged. */
typedef struct trial {
    const trust_world *world;
    yao_trust_kind     kind;
    yao_bytes          list;
    yao_trust_options  options;
    yao_anchor         anchors[3];
} trial;

static trial open_trial(int kind)
{
    const trust_world *w = trust_world_make();
    trial              t = {.world   = w,
                            .kind    = (yao_trust_kind)kind,
                            .list    = trust_list(w, (yao_trust_kind)kind),
                            .options = trust_options(w)};

    return t;
}

static void sign_under(trial *t, yao_bytes signer)
{
    yao_trust_content c = trust_content(t->world, t->kind);

    t->list = trust_sign(&c, &signer, 1);
}

static void trust(trial *t, yao_bytes certificate, yao_role role)
{
    t->anchors[0] = (yao_anchor){.certificate = certificate, .role = role};
    t->options.anchors      = t->anchors;
    t->options.anchor_count = 1;
}

/* ---- who signed --------------------------------------------------------- */

static void nothing(trial *t) { (void)t; }
static void no_anchors(trial *t) { t->options.anchor_count = 0; }

static void other_root(trial *t)
{
    trust(t, forge_make(YAO_X509_ROOT, TRUST_OTHER, (yao_bytes){0}, 0),
          YAO_ROLE_TRUST);
}

static void issuer_anchor(trial *t)
{
    trust(t, t->world->root, YAO_ROLE_ISSUER);
}

/* The root of documents signs a list, and is trusted for documents only. */
static void issuer_signs(trial *t)
{
    sign_under(t, forge_make(YAO_X509_TRUST, TRUST_SIGNER,
                             t->world->issuer_root, TRUST_ISSUER_ROOT));
    t->anchors[1] = (yao_anchor){.certificate = t->world->issuer_root,
                                 .role        = YAO_ROLE_ISSUER};
    t->anchors[0]           = t->world->anchor;
    t->options.anchors      = t->anchors;
    t->options.anchor_count = 2;
}

/* The bundle brings the root that its signer is under. */
static void vouches_for_itself(trial *t)
{
    yao_trust_content c = trust_content(t->world, t->kind);
    yao_bytes signer    = forge_make(YAO_X509_TRUST, TRUST_SIGNER,
                                     t->world->issuer_root, TRUST_ISSUER_ROOT);
    yao_bytes chain[2]  = {signer, t->world->issuer_root};

    t->list = trust_sign(&c, chain, 2);
}

static void other_key(trial *t)
{
    t->list = trust_again(t->list, TRUST_OTHER);
}

static void root_signs(trial *t)
{
    sign_under(t, t->world->root);
    t->list = trust_again(t->list, TRUST_ROOT);
}

static void document_signer(trial *t)
{
    sign_under(t, forge_make(YAO_X509_SIGNER, TRUST_SIGNER, t->world->root,
                             TRUST_ROOT));
}

static void reader(trial *t)
{
    sign_under(t, forge_make(YAO_X509_READER, TRUST_SIGNER, t->world->root,
                             TRUST_ROOT));
}

static void signer_changed(trial *t, void (*how)(forge *f))
{
    forge f;

    forge_open(&f, t->world->signer);
    how(&f);
    sign_under(t, forge_close(&f, forge_key(TRUST_ROOT)));
}

static void drop_purpose(forge *f) { forge_drop(f, FORGE_EKU); }
static void past_dates(forge *f)
{
    f->dates = forge_dates(TRUST_NOW - 100, TRUST_NOW - 1);
}
static void later_dates(forge *f)
{
    f->dates = forge_dates(TRUST_NOW + 1, TRUST_NOW + 100);
}

static void no_purpose(trial *t) { signer_changed(t, drop_purpose); }
static void signer_past(trial *t) { signer_changed(t, past_dates); }
static void signer_early(trial *t) { signer_changed(t, later_dates); }

/* Signed by somebody else than the root it names. */
static void chain_forged(trial *t)
{
    forge f;

    forge_open(&f, t->world->signer);
    sign_under(t, forge_close(&f, forge_key(TRUST_OTHER)));
}

static void pinned(trial *t) { trust(t, t->world->signer, YAO_ROLE_TRUST); }

/* Nobody knows whose key it would be. */
static void signer_no_certificate(trial *t)
{
    t->list = cbor_set(t->list, "0/*/33", cbor_of_bytes(YAO_LIT("\x30\x00")));
}

static void algorithm_unknown(trial *t)
{
    t->list = cbor_set(t->list, "0/*/1", YAO_LIT("\x18\x63"));
}

static void root_along(trial *t)
{
    yao_trust_content c        = trust_content(t->world, t->kind);
    yao_bytes         chain[2] = {t->world->signer, t->world->root};

    t->list = trust_sign(&c, chain, 2);
}

static void algorithm_48(trial *t)
{
    t->list = trust_again(cbor_set(t->list, "0/*/1", YAO_LIT("\x38\x22")),
                          TRUST_SIGNER); /* ES384 with a key on P-256 */
}

/* ---- what it says ------------------------------------------------------- */

/* A changed list whose signature is right. */
static void set(trial *t, const char *path, yao_bytes item)
{
    t->list = trust_again(cbor_set(t->list, path, item), TRUST_SIGNER);
}

static yao_bytes flipped(yao_bytes bytes, size_t at)
{
    yao_bytes copy;

    assert_status(yao_arena_keep(test_arena(), bytes, &copy), YAO_OK);
    ((uint8_t *)(uintptr_t)copy.ptr)[at] ^= 1;
    return copy;
}

static void root_unreadable(trial *t)
{
    set(t, "2/*/7/1/0", cbor_of_bytes(YAO_LIT("\x30\x00")));
}
static void root_no_ca(trial *t)
{
    set(t, "2/*/7/0/0", cbor_of_bytes(t->world->document));
}
static void signer_unreadable(trial *t)
{
    set(t, "2/*/8/0", cbor_of_bytes(YAO_LIT("x")));
}
static void signer_a_root(trial *t)
{
    set(t, "2/*/8/0", cbor_of_bytes(t->world->issuer_root));
}
static void party_unreadable(trial *t)
{
    set(t, "2/*/9/0/7", cbor_of_bytes(YAO_LIT("x")));
}
static void party_a_root(trial *t)
{
    set(t, "2/*/9/0/7", cbor_of_bytes(t->world->reader_root));
}
static void party_of_another(trial *t)
{
    set(t, "2/*/9/0/0", cbor_of_text("91110000SPECIMEN00"));
}
static void party_hash(trial *t)
{
    yao_bytes hash = cbor_bytes_at(t->list, "2/*/9/1/8");

    set(t, "2/*/9/1/8", cbor_of_bytes(flipped(hash, 31)));
}
static void file_changed(trial *t)
{
    set(t, "2/*/11/0/2", cbor_of_bytes(YAO_LIT("{} ")));
}

static void info_serial(trial *t)
{
    set(t, "2/*/certificateInfos/0/serialNumber", YAO_LIT("\xc2\x41\x05"));
}
static void info_ski(trial *t)
{
    set(t, "2/*/certificateInfos/0/ski", cbor_of_bytes(YAO_LIT("12345")));
}
static void info_unreadable(trial *t)
{
    set(t, "2/*/certificateInfos/0/certificate",
        cbor_of_bytes(YAO_LIT("\x30\x00")));
}

/* P-256's own number, changed in its last arc: a curve we do not have. */
static void info_other_curve(trial *t)
{
    static const uint8_t oid[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7};
    yao_bytes            der   = t->world->issuer_root;
    size_t               at    = 0;

    while (memcmp(der.ptr + at, oid, sizeof oid) != 0)
        at++;
    set(t, "2/*/certificateInfos/0/certificate",
        cbor_of_bytes(flipped(der, at + sizeof oid - 1)));
}
static void info_other_curve_strict(trial *t)
{
    info_other_curve(t);
    t->options.strict = true;
}

/* 18 07 where 07 is enough. */
static void long_head(trial *t)
{
    set(t, "2/*/vicalIssueID", YAO_LIT("\x18\x07"));
}

/* ---- when --------------------------------------------------------------- */

static void at(trial *t, yao_time now) { t->options.now = now; }

static void at_issue(trial *t) { at(t, TRUST_ISSUED); }
static void before_issue(trial *t) { at(t, TRUST_ISSUED - 60); }
static void long_before(trial *t) { at(t, TRUST_ISSUED - 61); }
static void due(trial *t) { at(t, TRUST_ISSUED + YAO_TIME_DAY); }
static void overdue(trial *t) { at(t, TRUST_ISSUED + YAO_TIME_DAY + 1); }
static void at_end(trial *t) { at(t, TRUST_ISSUED + 7 * YAO_TIME_DAY + 60); }
static void after_end(trial *t) { at(t, TRUST_ISSUED + 7 * YAO_TIME_DAY + 61); }
static void eight_days(trial *t) { at(t, TRUST_ISSUED + 8 * YAO_TIME_DAY); }
static void hour_old(trial *t) { t->options.max_age = 3600; }
static void older_than_wanted(trial *t) { t->options.max_age = 3599; }

/* ---- what was seen before ----------------------------------------------- */

static void saw(trial *t, uint64_t version, yao_time issued)
{
    t->options.seen = (yao_trust_seen){.any       = true,
                                       .version   = version,
                                       .issued_at = issued,
                                       .moment    = issued};
}

static void saw_older(trial *t) { saw(t, 6, TRUST_ISSUED - 1); }
static void saw_newer_version(trial *t) { saw(t, 8, TRUST_ISSUED - 1); }
static void saw_newer_date(trial *t) { saw(t, 6, TRUST_ISSUED + 1); }

static void saw_this(trial *t)
{
    yao_bytes payload = cbor_bytes_at(t->list, "2");

    saw(t, 7, TRUST_ISSUED);
    assert_status(forge_crypto()->hash(forge_crypto()->ctx, YAO_SHA256,
                                       &payload, 1, t->options.seen.hash),
                  YAO_OK);
}

static void saw_another(trial *t)
{
    saw_this(t);
    t->options.seen.hash[31] ^= 1;
}

/* The same list, newly signed: another signature, the same words. */
static void saw_this_again(trial *t)
{
    saw_this(t);
    t->list = trust_again(t->list, TRUST_SIGNER);
}

static void clock_back(trial *t)
{
    saw(t, 6, TRUST_ISSUED - 1);
    t->options.seen.moment = TRUST_NOW + 61;
}

static void clock_almost_back(trial *t)
{
    saw(t, 6, TRUST_ISSUED - 1);
    t->options.seen.moment = TRUST_NOW + 60;
}

/* A reader whose clock was set back a year, with a list of last year. */
static void year_back(trial *t)
{
    saw(t, 6, TRUST_ISSUED - 1);
    t->options.seen.moment = TRUST_NOW + 365 * YAO_TIME_DAY;
}

static void vical_without_number(trial *t)
{
    yao_trust_content c = trust_content(t->world, t->kind);

    c.version = 0;
    t->list   = trust_sign(&c, &t->world->signer, 1);
}

static void number_dropped(trial *t)
{
    vical_without_number(t);
    saw(t, 6, TRUST_ISSUED - 1);
}

static void no_number_same_date(trial *t)
{
    vical_without_number(t);
    saw(t, 0, TRUST_ISSUED);
}

static void no_number_later_date(trial *t)
{
    vical_without_number(t);
    saw(t, 0, TRUST_ISSUED - 1);
}

static void want_parties(trial *t) { t->options.wanted = YAO_TRUST_PARTIES; }
static void strict(trial *t) { t->options.strict = true; }

static void strict_long_chain(trial *t)
{
    forge f;

    forge_open(&f, t->world->signer);
    forge_drop(&f, FORGE_CRL_POINTS);
    sign_under(t, forge_close(&f, forge_key(TRUST_ROOT)));
    t->options.strict = true;
}

/* ---- the table ---------------------------------------------------------- */

static const struct row {
    const char *name;
    int         kind;
    void (*how)(trial *t);
    int        check; /* the one that is not PASS; NONE: all are good */
    int        outcome;
    yao_status why;
} rows[] = {
#define GOOD YAO_CHECK_NONE, 0, YAO_OK
#define NOTE(check) YAO_CHECK_##check, YAO_OUTCOME_NOTE, YAO_OK
#define FAIL(check, why) YAO_CHECK_##check, YAO_OUTCOME_FAIL, YAO_E_##why
    {"accepts a VICAL", VICAL, nothing, GOOD},
    {"accepts a list of relying parties", PARTIES, nothing, GOOD},
    {"accepts a bundle", BUNDLE, nothing, GOOD},
    {"accepts a bundle strictly", BUNDLE, strict, GOOD},

    {"refuses a bundle when no root was given", BUNDLE, no_anchors,
     FAIL(ISSUER_ANCHORS, UNTRUSTED)},
    {"refuses a VICAL when no root was given", VICAL, no_anchors,
     FAIL(ISSUER_ANCHORS, UNTRUSTED)},
    {"refuses N115: a bundle under another root", BUNDLE, other_root,
     FAIL(ISSUER_CHAIN, UNTRUSTED)},
    {"refuses N115: a VICAL of a wrong signer", VICAL, other_key,
     FAIL(ISSUER_SIGNATURE, BAD_SIGNATURE)},
    {"refuses a bundle signed with another key", BUNDLE, other_key,
     FAIL(ISSUER_SIGNATURE, BAD_SIGNATURE)},
    {"refuses a root that is trusted for documents only", BUNDLE,
     issuer_anchor, FAIL(ISSUER_ANCHORS, UNTRUSTED)},
    {"refuses an issuer's root that signs a bundle", BUNDLE, issuer_signs,
     FAIL(ISSUER_CHAIN, UNTRUSTED)},
    {"refuses N245: a root that comes with the bundle and vouches for it",
     BUNDLE, vouches_for_itself, FAIL(ISSUER_CHAIN, UNTRUSTED)},
    {"refuses a root that comes with a VICAL and vouches for it", VICAL,
     vouches_for_itself, FAIL(ISSUER_CHAIN, UNTRUSTED)},
    {"refuses a list signed by the root itself", BUNDLE, root_signs,
     FAIL(ISSUER_CHAIN, UNTRUSTED)},
    {"refuses a document signer", BUNDLE, document_signer,
     FAIL(CHAIN_PROFILE, PROFILE)},
    {"refuses a reader", PARTIES, reader, FAIL(CHAIN_PROFILE, PROFILE)},
    {"refuses a signer without purpose", BUNDLE, no_purpose,
     FAIL(CHAIN_PROFILE, PROFILE)},
    {"refuses a signer that is past", BUNDLE, signer_past,
     FAIL(CHAIN_VALIDITY, EXPIRED)},
    {"refuses a signer that is not yet one", BUNDLE, signer_early,
     FAIL(CHAIN_VALIDITY, NOT_YET_VALID)},
    {"refuses a signer certified by a stranger", BUNDLE, chain_forged,
     FAIL(CHAIN_SIGNATURE, BAD_SIGNATURE)},
    {"accepts a signer pinned by hand, with a note", BUNDLE, pinned,
     NOTE(CHAIN_PROFILE)},
    {"accepts a VICAL that brings the root we have", VICAL, root_along, GOOD},
    {"refuses a bundle that brings the root we have", BUNDLE, root_along,
     FAIL(ISSUER_CHAIN, UNTRUSTED)},
    {"refuses a signer that is no certificate", PARTIES, signer_no_certificate,
     FAIL(ISSUER_CHAIN, TRUNCATED)},
    {"refuses an algorithm that nobody knows", PARTIES, algorithm_unknown,
     FAIL(ALGORITHM, ALGORITHM)},
    {"refuses an algorithm that is not the key's", PARTIES, algorithm_48,
     FAIL(ALGORITHM, ALGORITHM)},
    {"refuses strictly what the signer leaves out", BUNDLE, strict_long_chain,
     FAIL(CHAIN_PROFILE, PROFILE)},
    {"refuses another kind than wanted", BUNDLE, want_parties,
     FAIL(STRUCTURE, MISMATCH)},
    {"accepts the kind that is wanted", PARTIES, want_parties, GOOD},

    {"refuses a root that cannot be read", BUNDLE, root_unreadable,
     FAIL(TRUST_CONTENT, TRUNCATED)},
    {"refuses a root that is no CA", BUNDLE, root_no_ca,
     FAIL(TRUST_CONTENT, PROFILE)},
    {"refuses a document signer that cannot be read", BUNDLE,
     signer_unreadable, FAIL(TRUST_CONTENT, MALFORMED)},
    {"refuses a root among document signers", BUNDLE, signer_a_root,
     FAIL(TRUST_CONTENT, PROFILE)},
    {"refuses a reader certificate that cannot be read", PARTIES,
     party_unreadable, FAIL(TRUST_CONTENT, MALFORMED)},
    {"refuses a root for a reader certificate", PARTIES, party_a_root,
     FAIL(TRUST_CONTENT, PROFILE)},
    {"refuses a reader certificate of another party", PARTIES,
     party_of_another, FAIL(TRUST_CONTENT, MISMATCH)},
    {"refuses a hash of another certificate", BUNDLE, party_hash,
     FAIL(TRUST_CONTENT, MISMATCH)},
    {"refuses a file with another hash", BUNDLE, file_changed,
     FAIL(TRUST_CONTENT, MISMATCH)},
    {"refuses a VICAL whose serial is another", VICAL, info_serial,
     FAIL(TRUST_CONTENT, MISMATCH)},
    {"refuses a VICAL whose key id is another", VICAL, info_ski,
     FAIL(TRUST_CONTENT, MISMATCH)},
    {"refuses a VICAL with what is no certificate", VICAL, info_unreadable,
     FAIL(TRUST_CONTENT, TRUNCATED)},
    {"accepts a VICAL with a key that we do not have, with a note", VICAL,
     info_other_curve, NOTE(TRUST_CONTENT)},
    {"refuses it strictly", VICAL, info_other_curve_strict,
     FAIL(TRUST_CONTENT, PROFILE)},
    {"accepts a VICAL with longer heads, with a note", VICAL, long_head,
     NOTE(ENCODING)},

    {"accepts a list at the second of its issue", BUNDLE, at_issue, GOOD},
    {"accepts a list from a minute ahead", BUNDLE, before_issue, GOOD},
    {"refuses N246: a list from a minute and a second ahead", BUNDLE,
     long_before, FAIL(CLOCK, NOT_YET_VALID)},
    {"accepts a list when the next is due", BUNDLE, due, GOOD},
    {"accepts a list when the next is overdue, with a note", BUNDLE, overdue,
     NOTE(VALIDITY)},
    {"accepts a list at its end, with a note", BUNDLE, at_end, NOTE(VALIDITY)},
    {"refuses a list after its end", BUNDLE, after_end, FAIL(VALIDITY, EXPIRED)},
    {"refuses N246: lists that are eight days old", BUNDLE, eight_days,
     FAIL(VALIDITY, EXPIRED)},
    {"refuses a VICAL after its end", VICAL, after_end, FAIL(VALIDITY, EXPIRED)},
    {"accepts a list as old as wanted", BUNDLE, hour_old, GOOD},
    {"accepts a list older than wanted, with a note", BUNDLE,
     older_than_wanted, NOTE(VALIDITY)},

    {"accepts a newer list", BUNDLE, saw_older, GOOD},
    {"refuses N115: a lower version", BUNDLE, saw_newer_version,
     FAIL(TRUST_VERSION, VALUE)},
    {"refuses N115: a VICAL with a lower number", VICAL, saw_newer_version,
     FAIL(TRUST_VERSION, VALUE)},
    {"refuses a higher version with an earlier date", BUNDLE, saw_newer_date,
     FAIL(TRUST_VERSION, VALUE)},
    {"accepts the same list again", BUNDLE, saw_this, GOOD},
    {"accepts the same list with a new signature", BUNDLE, saw_this_again,
     GOOD},
    {"refuses another list of the same version", BUNDLE, saw_another,
     FAIL(TRUST_VERSION, MISMATCH)},
    {"accepts a VICAL without number", VICAL, vical_without_number, GOOD},
    {"accepts a later VICAL without number", VICAL, no_number_later_date,
     GOOD},
    {"refuses another VICAL of the same date", VICAL, no_number_same_date,
     FAIL(TRUST_VERSION, MISMATCH)},
    {"refuses a VICAL that has lost its number", VICAL, number_dropped,
     FAIL(TRUST_VERSION, VALUE)},
    {"refuses N246: a clock before what was seen signed", BUNDLE, clock_back,
     FAIL(CLOCK, NOT_YET_VALID)},
    {"refuses N246: a clock that was set back a year", BUNDLE, year_back,
     FAIL(CLOCK, NOT_YET_VALID)},
    {"accepts a clock a minute before it", BUNDLE, clock_almost_back, GOOD},
};

static bool is_good(const yao_report_row *r)
{
    return r->outcome == YAO_OUTCOME_PASS || r->outcome == YAO_OUTCOME_ABSENT;
}

/* Every row is there once, whatever became of the others; only without a path
 * there is nothing to say of it. */
static void expect_rows(const yao_report *report)
{
    static const int always[] = {
        YAO_CHECK_STRUCTURE,     YAO_CHECK_ENCODING,
        YAO_CHECK_ISSUER_ANCHORS, YAO_CHECK_CHAIN_SIGNATURE,
        YAO_CHECK_ALGORITHM,     YAO_CHECK_ISSUER_SIGNATURE,
        YAO_CHECK_TRUST_CONTENT, YAO_CHECK_VALIDITY,
        YAO_CHECK_CLOCK,         YAO_CHECK_TRUST_VERSION};

    for (size_t i = 0; i < COUNT(always); i++) {
        size_t count = 0;

        for (size_t k = 0; k < report->count; k++)
            count += (int)report->rows[k].check == always[i];
        assert_int_equal(count, 1);
    }
}

/* Of several rows that are not good, the others may only follow from CHECK:
 * without a path there is nobody to have signed. */
static void expect_report(const struct row *row, const yao_report *report)
{
    bool met = row->check == YAO_CHECK_NONE;

    for (size_t i = 0; i < report->count; i++) {
        const yao_report_row *r = &report->rows[i];

        assert_int_equal(r->document, -1);
        if ((int)r->check == row->check) {
            assert_int_equal(r->outcome, row->outcome);
            assert_status(r->why, row->why);
            met = true;
        } else if (row->outcome == YAO_OUTCOME_FAIL && !is_good(r)) {
            assert_true(r->why == row->why);
            assert_true(r->check == YAO_CHECK_CHAIN_SIGNATURE ||
                        r->check == YAO_CHECK_ISSUER_SIGNATURE);
        } else {
            assert_true(is_good(r) || r->outcome == YAO_OUTCOME_NOTE);
        }
    }
    assert_true(met);
}

static void one(void **state)
{
    const struct row  *row = *state;
    trial              t   = open_trial(row->kind);
    yao_trust_verified list = {.anchor_count = 12345};
    yao_report         report;
    bool refused = row->outcome == YAO_OUTCOME_FAIL;

    row->how(&t);
    yao_status status = trust_judge(t.list, &t.options, &list, &report);

    assert_status(status, refused ? row->why : YAO_OK);
    expect_report(row, &report);
    expect_rows(&report);
    if (refused)
        assert_int_equal(list.anchor_count, 12345); /* nothing came out */
    else
        assert_int_not_equal(list.anchor_count, 12345);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("trust", rows[i].name, one, &rows[i]);
    return test_run("trust/verify");
}
