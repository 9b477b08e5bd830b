/* SPDX-License-Identifier: Apache-2.0 */

/** Every shape of a document under every want of the verifier's own: too
 *  little room, a home whose n-th call fails, a message that was cut. Each is
 *  said, and none becomes a verdict about the document. */

#include "policy/policy.h"

#include "card_fixture.h"
#include "mdoc_fixture.h"
#include "sdtoken.h"

/* Longer than what alignment leaves free. */
#define LONG                                                                   \
    "a.text.of.more.than.sixty-four.letters.so.that.it.never.fits.by.luck"

#define LONG4 LONG LONG LONG LONG

/* ---- what is shown ------------------------------------------------------- */

static yao_bytes kept(yao_bytes made)
{
    yao_bytes copy = {NULL, 0};

    assert_status(yao_arena_keep(test_arena(), made, &copy), YAO_OK);
    return copy;
}

static yao_bytes maced(void)
{
    return mdoc_fixture_maced();
}

static yao_bytes in_codes_at(const yao_card_moment *moment)
{
    yao_writer w    = yao_writer_in(test_arena());
    yao_bytes  hash = {moment->challenge, moment->challenged ? 32 : 0};
    yao_bytes  transcript, out;

    yao_mdoc_put_transcript_offline(&w, moment->step, hash);
    assert_status(yao_writer_keep(&w, test_arena(), &transcript), YAO_OK);
    yao_bytes response =
        mdoc_fixture_show(mdoc_fixture_issued(), transcript, false);
    w = yao_writer_in(test_arena());
    yao_card_put_mdoc(&w, moment, response);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static yao_bytes in_codes(void)
{
    yao_card_moment moment = yao_card_moment_at(MDOC_NOW);

    return in_codes_at(&moment);
}

static yao_bytes challenge; /* that was shown */

static yao_bytes answer_in_codes(void)
{
    yao_card_moment moment;

    assert_status(yao_card_moment_of(forge_crypto(), challenge, &moment),
                  YAO_OK);
    return in_codes_at(&moment);
}

/* Two documents without anything in common but their holder. */
static yao_bytes pair(void)
{
    return mdoc_fixture_pair(mdoc_fixture_signed(), mdoc_fixture_signed());
}

static yao_bytes token(void)
{
    return sd_text(&(sd_token){
        .payload = "{" SD_CLAIMS ",\"\\u0061" LONG "\":{\"\\u0062" LONG
                   "\":\"" LONG "\"},\"_sd\":[\"#0\"]}",
        .disclosures = {"[\"s0\",\"\\u0063" LONG "\",\"" LONG "\"]"}});
}

/* Whose last name needs more room than its value, and all before. */
static yao_bytes long_name(void)
{
    return sd_text(&(sd_token){
        .payload =
            "{" SD_CLAIMS ",\"c\":1,\"o\":{\"\\u0062" LONG4 "\":2}}"});
}

static yao_bytes issued_token(void)
{
    return sd_text(&(sd_token){.payload = "{" SD_CLAIMS ",\"a\":{\"b\":1}}",
                               .no_kb   = true});
}

static yao_bytes card_of(yao_card_content *c, bool printed)
{
    c->status        = YAO_CARD_STATUS_NUMBER;
    c->device_key.curve =
        printed ? YAO_CURVE_NONE : c->device_key.curve;
    yao_bytes issued = card_fixture_issue(c);

    return printed ? issued : card_fixture_show(issued, CARD_NOW);
}

static yao_bytes card(void)
{
    yao_card_content c = card_fixture_content();

    return card_of(&c, false);
}

static yao_bytes printed(void)
{
    yao_card_content c = card_fixture_content();

    return card_of(&c, true);
}

static yao_bytes answer(void)
{
    yao_card_content c = card_fixture_content();

    c.sealed = true;
    return card_fixture_answer(card_fixture_issue(&c), challenge);
}

/* An issuer with a long name has lists with long names. */
#define LONG_ISSUER "https://" LONG4

static yao_bytes long_signer(void)
{
    return card_fixture_certify(YAO_X509_SIGNER, CARD_SIGNER_KEY,
                                card_fixture_get()->root, CARD_ROOT_KEY,
                                LONG_ISSUER);
}

static yao_bytes signer; /* of the card */

static yao_bytes long_issuer(void)
{
    static const yao_card_element sex = {YAO_CARD_169, 9, YAO_INIT("\x01")};
    yao_card_content              c   = card_fixture_content();
    yao_writer                    w;
    yao_card_issuing              issuing;
    yao_bytes                     issued;

    c.issuer        = YAO_TEXT(LONG_ISSUER);
    c.elements      = &sex;
    c.element_count = 1;
    assert_status(yao_card_issue(test_arena(), forge_crypto(), &c, YAO_ES256,
                                 signer, &issuing),
                  YAO_OK);
    yao_bytes signature = card_fixture_sign(&issuing.wish, CARD_SIGNER_KEY);
    w                   = yao_writer_in(test_arena());
    assert_status(yao_card_put_issued(&w, &issuing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &issued), YAO_OK);
    return card_fixture_show(issued, CARD_NOW);
}

/* ---- who looks ----------------------------------------------------------- */

enum { CATALOGUE = 1 << 0, NO_HOLDER = 1 << 1, SESSION = 1 << 2,
       CHALLENGED = 1 << 3, LONG_NAME = 1 << 4 };

static const struct row {
    const char *name;
    yao_bytes (*make)(void);
    yao_format  format;
    unsigned    had;
    yao_verdict want;
} rows[] = {
    {"a DeviceResponse", mdoc_fixture_signed,
     YAO_FORMAT_MDOC_RESPONSE, SESSION, YAO_VERDICT_ACCEPT},
    {"a DeviceResponse with a MAC", maced, YAO_FORMAT_MDOC_RESPONSE,
     SESSION, YAO_VERDICT_INDETERMINATE},
    {"two documents", pair, YAO_FORMAT_MDOC_RESPONSE,
     SESSION, YAO_VERDICT_ACCEPT},
    {"an IssuerSigned", mdoc_fixture_issued,
     YAO_FORMAT_MDOC_ISSUED, NO_HOLDER, YAO_VERDICT_ACCEPT},
    {"an mdoc in codes", in_codes,
     YAO_FORMAT_MDOC_RESPONSE, 0, YAO_VERDICT_ACCEPT},
    {"an mdoc in codes that answers a challenge", answer_in_codes,
     YAO_FORMAT_MDOC_RESPONSE, CHALLENGED, YAO_VERDICT_ACCEPT},
    {"an SD-JWT", token, YAO_FORMAT_SDJWT_VC, SESSION,
     YAO_VERDICT_ACCEPT},
    {"an SD-JWT with a long name", long_name, YAO_FORMAT_SDJWT_VC, SESSION,
     YAO_VERDICT_ACCEPT},
    {"an SD-JWT without holder", issued_token,
     YAO_FORMAT_SDJWT_VC, NO_HOLDER, YAO_VERDICT_ACCEPT},
    {"a card", card, YAO_FORMAT_CARD, 0,
     YAO_VERDICT_INDETERMINATE},
    {"a card of an issuer with a long name", long_issuer, YAO_FORMAT_CARD,
     LONG_NAME, YAO_VERDICT_INDETERMINATE},
    {"a card with names", card, YAO_FORMAT_CARD,
     CATALOGUE, YAO_VERDICT_REJECT},
    {"a card that answers a challenge", answer, YAO_FORMAT_CARD,
     CATALOGUE | CHALLENGED, YAO_VERDICT_INDETERMINATE},
    {"paper", printed, YAO_FORMAT_PRINTED_CARD,
     NO_HOLDER, YAO_VERDICT_INDETERMINATE},
    {"paper with names", printed,
     YAO_FORMAT_PRINTED_CARD, NO_HOLDER | CATALOGUE,
     YAO_VERDICT_INDETERMINATE},
};

typedef struct look {
    yao_bytes          input;
    yao_verify_options o;
    yao_anchor         anchors[3];
    yao_bytes          signer;
    yao_verdict        want;
    const yao_result  *whole; /* of a judgement with room enough */
} look;

static void set_up(look *l, const struct row *row)
{
    const card_fixture *f = card_fixture_get();
    bool sdjwt = row->format == YAO_FORMAT_SDJWT_VC;

    *l            = (look){.signer = f->signer, .want = row->want};
    l->anchors[0] = mdoc_fixture_get()->anchor;
    l->anchors[1] = f->anchors[0];
    l->anchors[2] = sd_anchor(SD_ISSUER);
    l->o          = (yao_verify_options){
                 .format       = row->format,
                 .anchors      = l->anchors,
                 .anchor_count = 3,
                 .now          = sdjwt ? SD_NOW : CARD_NOW,
                 .signers      = &l->signer,
                 .signer_count = 1,
                 .no_binding   = (row->had & NO_HOLDER) != 0};
    if (row->had & SESSION) {
        l->o.transcript = mdoc_fixture_transcript("1");
        l->o.nonce      = YAO_TEXT("n-0S6");
        l->o.audience   = YAO_TEXT("https://verifier.example");
    }
    if (row->had & LONG_NAME)
        l->signer = signer = long_signer();
    if (row->had & CATALOGUE)
        l->o.catalogue = yao_catalogue_shipped();
    if (row->had & CHALLENGED) {
        challenge      = kept(card_fixture_challenge(CARD_NOW, 7));
        l->o.challenge = challenge;
    }
    l->input = row->make();
}

/* Thousands of times, so without curves. */
static yao_status says_good(void *ctx, yao_signature_check *checks,
                            size_t count)
{
    (void)ctx;
    for (size_t i = 0; i < count; i++)
        checks[i].outcome = YAO_SIG_GOOD;
    return YAO_OK;
}

/* ---- the same result --------------------------------------------------- */

static void same_text(yao_text a, yao_text b)
{
    assert_bytes(yao_text_bytes(a), yao_text_bytes(b));
}

static void same_document(const yao_result_document *a,
                          const yao_result_document *b)
{
    same_text(a->type, b->type);
    same_text(a->status_uri, b->status_uri);
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->attribute_count, b->attribute_count);
    for (size_t i = 0; i < a->attribute_count; i++) {
        same_text(a->attributes[i].space, b->attributes[i].space);
        same_text(a->attributes[i].name, b->attributes[i].name);
        same_text(a->attributes[i].json, b->attributes[i].json);
        assert_bytes(a->attributes[i].cbor, b->attributes[i].cbor);
    }
}

static void same_result(const yao_result *a, const yao_result *b)
{
    assert_int_equal(a->verdict, b->verdict);
    assert_int_equal(a->report.count, b->report.count);
    for (size_t i = 0; i < a->report.count; i++) {
        assert_int_equal(a->report.rows[i].check, b->report.rows[i].check);
        assert_int_equal(a->report.rows[i].outcome, b->report.rows[i].outcome);
        assert_status(a->report.rows[i].why, b->report.rows[i].why);
    }
    assert_int_equal(a->document_count, b->document_count);
    for (size_t i = 0; i < a->document_count; i++)
        same_document(&a->documents[i], &b->documents[i]);
}

/* Of an earlier judgement nothing is left where the next one looks. */
static void scrub(void)
{
    volatile uint8_t stack[16384];

    for (size_t i = 0; i < sizeof stack; i++)
        stack[i] = 0xa5;
}

/* ---- too little room ----------------------------------------------------- */

static yao_status judge(yao_arena *arena, void *context)
{
    const look *l      = context;
    yao_crypto  home   = *forge_crypto();
    yao_result *result = NULL;

    scrub();
    home.verify    = says_good;
    yao_status got = yao_verify(arena, &home, l->input, &l->o, &result);
    if (got != YAO_OK) {
        assert_null(result);
        return got;
    }
    if (l->whole != NULL)
        same_result(result, l->whole);
    return YAO_OK;
}

static void judge_whole(look *l, const struct row *row)
{
    yao_result *whole = NULL;
    yao_crypto  home  = *forge_crypto();

    set_up(l, row);
    home.verify = says_good;
    assert_status(yao_verify(test_arena(), &home, l->input, &l->o, &whole),
                  YAO_OK);
    assert_string_equal(yao_verdict_name(whole->verdict),
                        yao_verdict_name(l->want));
    l->whole = whole;
}

static void little_room(void **state)
{
    static look l;

    judge_whole(&l, *state);
    test_every_arena(judge, &l, 256 * 1024);
}

/* Room is taken before the message is looked at: where there is none, nothing
 * is said of the message. */
static void no_room_at_all(void **state)
{
    static look l;
    yao_bytes   nothing = {NULL, 0};
    yao_result *result  = NULL;

    set_up(&l, *state);
    size_t     before = test_arena()->used;
    yao_status got    = yao_verify(test_arena(), forge_crypto(), nothing, &l.o,
                                   &result);
    size_t     taken  = test_arena()->used - before;
    assert_true(got >= 200 && got < 300);
    for (size_t cap = 0; cap + 32 < taken; cap += 16) {
        uint8_t  *room  = malloc(cap == 0 ? 1 : cap);
        yao_arena small = {room, cap, 0};

        assert_non_null(room);
        got = yao_verify(&small, forge_crypto(), nothing, &l.o, &result);
        free(room);
        assert_status(got, YAO_E_SPACE);
    }
}

/* ---- a home that fails at its n-th call ---------------------------------- */

typedef struct failing {
    const yao_crypto *real;
    size_t            left; /* calls before the one that fails */
    bool              failed;
} failing;

static bool fails_now(failing *f)
{
    if (f->failed || f->left-- > 0)
        return false;
    f->failed = true;
    return true;
}

static yao_status hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                       size_t count, uint8_t *out)
{
    failing *f = ctx;

    return fails_now(f)
               ? YAO_E_CRYPTO
               : f->real->hash(f->real->ctx, alg, parts, count, out);
}

static yao_status verify(void *ctx, yao_signature_check *checks, size_t count)
{
    return fails_now(ctx) ? YAO_E_CRYPTO : says_good(NULL, checks, count);
}

static yao_status no_checks(void *ctx, yao_signature_check *checks,
                            size_t count)
{
    (void)ctx, (void)checks, (void)count;
    return YAO_E_CRYPTO;
}

/* Nothing is accepted, and nothing is refused: it is not the document's doing.
 * What the document itself is refused for stays. */
static void failing_home(void **state)
{
    static look l;

    set_up(&l, *state);
    for (size_t n = 0;; n++) {
        size_t      used   = test_arena()->used;
        failing     f      = {forge_crypto(), n, false};
        yao_crypto  home   = {.ctx = &f, .hash = hash, .verify = verify};
        yao_result *result = NULL;
        yao_status  got =
            yao_verify(test_arena(), &home, l.input, &l.o, &result);

        if (!f.failed) {
            assert_status(got, YAO_OK);
            assert_int_equal(result->verdict, l.want);
            return;
        }
        if (got != YAO_OK)
            assert_status(got, YAO_E_CRYPTO);
        else if (l.want != YAO_VERDICT_REJECT)
            assert_int_equal(result->verdict, YAO_VERDICT_INDETERMINATE);
        test_arena()->used = used;
    }
}

static void no_verify(void **state)
{
    static look l;
    yao_result *result = NULL;
    yao_crypto  home   = *forge_crypto();

    set_up(&l, *state);
    home.verify = no_checks;
    assert_status(yao_verify(test_arena(), &home, l.input, &l.o, &result),
                  YAO_E_CRYPTO);
    assert_null(result);
}

/* ---- a message that was cut ---------------------------------------------- */

/* An SD-JWT may well end behind a tilde; then it is another's document. */
static void every_prefix(void **state)
{
    static look l;

    set_up(&l, *state);
    bool sdjwt = l.o.format == YAO_FORMAT_SDJWT_VC;
    for (size_t len = 0; len < l.input.len; len++) {
        size_t      used   = test_arena()->used;
        yao_result *result = NULL;
        yao_status  got    = judge(test_arena(), &l);

        assert_status(got, YAO_OK); /* what is whole leaves its traces */
        test_arena()->used = used;
        got = yao_verify(test_arena(), forge_crypto(),
                         (yao_bytes){l.input.ptr, len}, &l.o, &result);
        if (got == YAO_OK && sdjwt)
            assert_int_not_equal(result->verdict, YAO_VERDICT_ACCEPT);
        else
            assert_true(got >= 200 && got < 300);
        test_arena()->used = used;
    }
}

/* ---- the end alone ------------------------------------------------------ */

/* What begin needs for a while and gives back may be more than all that the
 * end needs: here only the latter has little room. */
static yao_status finish_sdjwt_in(yao_arena *arena, void *context)
{
    const look         *l        = context;
    size_t              used     = test_arena()->used;
    yao_format          format   = l->o.format;
    yao_result_document document = {.attribute_count = 0};
    yao_report          report   = {.count = 0};
    yao_policy_sdjwt    sdjwt;

    memset(&sdjwt, 0, sizeof sdjwt);
    assert_status(yao_policy_begin_sdjwt(test_arena(), forge_crypto(),
                                         l->input, &l->o, &format, &sdjwt,
                                         &report),
                  YAO_OK);
    assert_status(says_good(NULL, sdjwt.check.checks, sdjwt.check.check_count),
                  YAO_OK);
    scrub();
    yao_status got = yao_policy_finish_sdjwt(arena, &sdjwt, &l->o, &document,
                                             &report);
    if (got == YAO_OK)
        same_document(&document, &l->whole->documents[0]);
    test_arena()->used = used;
    return got;
}

static yao_status finish_card_in(yao_arena *arena, void *context)
{
    const look         *l        = context;
    size_t              used     = test_arena()->used;
    bool                printed  = l->o.format == YAO_FORMAT_PRINTED_CARD;
    yao_result_document document = {.attribute_count = 0};
    yao_report          report   = {.count = 0};
    yao_policy_card     card_;

    memset(&card_, 0, sizeof card_);
    assert_status(yao_policy_begin_card(test_arena(), forge_crypto(), l->input,
                                        &l->o, printed, &card_, &report),
                  YAO_OK);
    assert_status(says_good(NULL, card_.check.checks, card_.check.check_count),
                  YAO_OK);
    scrub();
    yao_status got = yao_policy_finish_card(arena, &card_, &l->o, &document,
                                            &report);
    if (got == YAO_OK)
        same_document(&document, &l->whole->documents[0]);
    test_arena()->used = used;
    return got;
}

static void finish_alone(void **state)
{
    static look       l;
    const struct row *row = *state;

    judge_whole(&l, row);
    test_every_arena(row->format == YAO_FORMAT_SDJWT_VC ? finish_sdjwt_in
                                                        : finish_card_in,
                     &l, 16 * 1024);
}

/* ---- mdocs in codes, alone --------------------------------------------- */

static yao_status open_in(yao_arena *arena, void *context)
{
    yao_verify_options o      = {.now = MDOC_NOW};
    yao_report         report = {.count = 0};
    yao_policy_offline opened;

    scrub();
    YAO_TRY(yao_policy_open_mdoc(arena, forge_crypto(), *(yao_bytes *)context,
                                 &o, &opened, &report));
    assert_true(opened.transcript.len > 20);
    return YAO_OK;
}

static void open_mdoc(void **state)
{
    yao_bytes input = in_codes();

    (void)state;
    test_every_arena(open_in, &input, 4096);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_add("gives YAO_E_SPACE in every smaller arena", rows[i].name,
                 little_room, &rows[i]);
        test_add("gives YAO_E_SPACE before it looks", rows[i].name,
                 no_room_at_all, &rows[i]);
        test_add("gives no verdict when a call of the home fails",
                 rows[i].name, failing_home, &rows[i]);
        test_add("gives YAO_E_CRYPTO when the home checks nothing",
                 rows[i].name, no_verify, &rows[i]);
        test_add("refuses every proper prefix", rows[i].name, every_prefix,
                 &rows[i]);
        if (rows[i].format != YAO_FORMAT_MDOC_RESPONSE &&
            rows[i].format != YAO_FORMAT_MDOC_ISSUED &&
            rows[i].want != YAO_VERDICT_REJECT)
            test_add("finish gives YAO_E_SPACE in every smaller arena",
                     rows[i].name, finish_alone, &rows[i]);
    }
    test_add("gives YAO_E_SPACE in every smaller arena", "open_mdoc",
             open_mdoc, NULL);
    return test_run("policy/failures");
}
