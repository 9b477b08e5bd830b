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

/* ---- who looks ----------------------------------------------------------- */

enum { CATALOGUE = 1 << 0, NO_HOLDER = 1 << 1, SESSION = 1 << 2,
       CHALLENGED = 1 << 3 };

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
    {"an SD-JWT without holder", issued_token,
     YAO_FORMAT_SDJWT_VC, NO_HOLDER, YAO_VERDICT_ACCEPT},
    {"a card", card, YAO_FORMAT_CARD, 0,
     YAO_VERDICT_INDETERMINATE},
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

/* Is MINE a fault of ours that the report lays to the document's charge? */
static bool blames(const yao_result *result, yao_status mine)
{
    for (size_t i = 0; i < result->report.count; i++)
        if (result->report.rows[i].why == mine &&
            result->report.rows[i].outcome != YAO_OUTCOME_UNKNOWN)
            return true;

    return false;
}

/* ---- too little room ----------------------------------------------------- */

static yao_status judge(yao_arena *arena, void *context)
{
    const look *l      = context;
    yao_crypto  home   = *forge_crypto();
    yao_result *result = NULL;

    home.verify    = says_good;
    yao_status got = yao_verify(arena, &home, l->input, &l->o, &result);
    if (got != YAO_OK) {
        assert_null(result);
        return got;
    }
    assert_false(blames(result, YAO_E_SPACE));
    assert_string_equal(yao_verdict_name(result->verdict),
                        yao_verdict_name(l->want));
    return YAO_OK;
}

static void little_room(void **state)
{
    static look l;

    set_up(&l, *state);
    test_every_arena(judge, &l, 256 * 1024);
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

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_add("gives YAO_E_SPACE in every smaller arena", rows[i].name,
                 little_room, &rows[i]);
        test_add("gives no verdict when a call of the home fails",
                 rows[i].name, failing_home, &rows[i]);
        test_add("gives YAO_E_CRYPTO when the home checks nothing",
                 rows[i].name, no_verify, &rows[i]);
        test_add("refuses every proper prefix", rows[i].name, every_prefix,
                 &rows[i]);
    }
    return test_run("policy/failures");
}
