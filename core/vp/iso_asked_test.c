/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks by org-iso-mdoc, and what; its answer as a verifier splits it. */
#include "vp/judge.h"

#include <stdio.h>

#include "check.h"
#include "vp/answer.h"
#include "vp_world.h"

#define NONCE16 YAO_LIT("sixteen bytes...")
#define OTHER_TYPE "org.example.other"

/* How a request comes to be, as bits. */
enum {
    NOBODY     = 1 << 0, /* signs */
    HALF       = 1 << 1, /* is signed: the first of two documents */
    TWO        = 1 << 2, /* documents */
    ELSEWHERE  = 1 << 3, /* it was made for another page */
    STRANGER   = 1 << 4, /* nobody is trusted */
    UNSIGNED   = 1 << 5, /* will do */
    LISTED     = 1 << 6, /* who is not in a list is refused */
    MANY       = 1 << 7, /* more elements than a query holds */
    BROKEN     = 1 << 8, /* no request at all */
    NO_PAGE    = 1 << 9, /* nobody says which page it is */
    STATED     = 1 << 10, /* a statement that is none goes along */
    TRUSTED    = 1 << 11  /* who may sign statements is at hand */
};

typedef struct row {
    const char     *name;
    unsigned        flags;
    yao_status      want;
    yao_oauth_error error;
} row;

static const row rows[] = {
    {"accepts one that its reader signed", 0, YAO_OK, YAO_OAUTH_NONE},
    {"accepts two documents of one reader", TWO, YAO_OK, YAO_OAUTH_NONE},
    {"accepts one that nobody signed, where that will do", NOBODY | UNSIGNED,
     YAO_OK, YAO_OAUTH_NONE},
    {"refuses one that nobody signed", NOBODY, YAO_E_NOT_AUTHORISED,
     YAO_OAUTH_INVALID_CLIENT},
    {"refuses one of which half is signed", TWO | HALF, YAO_E_MISMATCH,
     YAO_OAUTH_INVALID_CLIENT},
    {"refuses half also where unsigned ones will do", TWO | HALF | UNSIGNED,
     YAO_E_MISMATCH, YAO_OAUTH_INVALID_CLIENT},
    {"refuses one that was signed for another page", ELSEWHERE,
     YAO_E_BAD_SIGNATURE, YAO_OAUTH_INVALID_CLIENT},
    {"refuses that also where unsigned ones will do", ELSEWHERE | UNSIGNED,
     YAO_E_BAD_SIGNATURE, YAO_OAUTH_INVALID_CLIENT},
    {"refuses a reader of nobody that we trust", STRANGER, YAO_E_UNTRUSTED,
     YAO_OAUTH_INVALID_CLIENT},
    {"refuses who is not in the list", LISTED, YAO_E_NOT_AUTHORISED,
     YAO_OAUTH_INVALID_CLIENT},
    {"refuses more than a query holds", MANY, YAO_E_LIMIT,
     YAO_OAUTH_INVALID_REQUEST},
    {"refuses what is no request", BROKEN, YAO_E_MISSING,
     YAO_OAUTH_INVALID_REQUEST},
    {"accepts a statement that it cannot check, and ignores it", STATED, YAO_OK,
     YAO_OAUTH_NONE},
    {"refuses a statement that is none", STATED | TRUSTED, YAO_E_MALFORMED,
     YAO_OAUTH_INVALID_REQUEST},
    {"refuses to be asked without a page", NO_PAGE, YAO_E_USAGE,
     YAO_OAUTH_NONE},
};

/* ---- the verifier ------------------------------------------------------- */

static yao_text info_of(const yao_public_key *key)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  text;

    yao_vp_put_iso_info(&w, NONCE16, key);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return (yao_text){text.ptr, text.len};
}

static size_t asks_of(unsigned flags, yao_mdoc_ask asks[2])
{
    static const yao_mdoc_wanted wanted[] = {
        {YAO_INIT(MDOC_SPACE), YAO_INIT("family_name"), true},
        {YAO_INIT(MDOC_SPACE), YAO_INIT("age_over_18"), false}};
    size_t           count = YAO_DCQL_MAX_CLAIMS + 1;
    yao_mdoc_wanted *many =
        yao_arena_take_array(test_arena(), count, sizeof *many);

    asks[0] = (yao_mdoc_ask){YAO_TEXT(MDOC_TYPE), wanted, 2};
    asks[1] = (yao_mdoc_ask){YAO_TEXT(OTHER_TYPE), wanted, 1};
    for (size_t i = 0; i < count; i++) {
        char *name = yao_arena_take(test_arena(), 16);
        snprintf(name, 16, "element-%zu", i);
        many[i] = (yao_mdoc_wanted){YAO_TEXT(MDOC_SPACE), yao_text_of(name),
                                    false};
    }
    if ((flags & MANY) != 0)
        asks[0] = (yao_mdoc_ask){YAO_TEXT(MDOC_TYPE), many, count};
    return (flags & TWO) != 0 ? 2 : 1;
}

/* The DeviceRequest; of one that is half signed the second document lost its
 * signature on the way: it is written without, and put behind. */
static yao_bytes make_request(const vp_world *world, unsigned flags,
                              yao_bytes transcript)
{
    yao_mdoc_ask         asks[2];
    yao_mdoc_ask_options options = {.asks = asks, .alg = YAO_ES256,
                                    .chain = &world->reader, .chain_count = 1,
                                    .transcript = transcript};
    yao_bytes            signatures[2], out;
    yao_mdoc_asking      asking;

    options.ask_count = asks_of(flags, asks);
    if ((flags & STATED) != 0)
        options.statement = YAO_LIT("\x80");
    if ((flags & NOBODY) != 0)
        options.alg = YAO_SIG_NONE;
    assert_status(yao_mdoc_ask_begin(test_arena(), &options, &asking), YAO_OK);
    for (size_t i = 0; i < asking.wish_count; i++)
        signatures[i] = test_sign(forge_key(VP_READER_KEY), asking.wishes[i]);
    yao_writer w = yao_writer_in(test_arena());
    yao_mdoc_put_request(&w, &asking, signatures);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static yao_bytes page_of(const vp_world *world, unsigned flags)
{
    const yao_public_key key    = vp_enc_key();
    const char          *origin = (flags & ELSEWHERE) != 0
                                      ? "https://thief.example"
                                      : VP_ORIGIN;
    yao_text             info   = info_of(&key);
    yao_bytes            transcript, out;

    if ((flags & BROKEN) != 0)
        return YAO_LIT("{}");
    assert_status(yao_vp_iso_transcript(test_arena(), test_crypto(), info,
                                        yao_text_of(origin), &transcript),
                  YAO_OK);
    yao_bytes  request = make_request(world, flags, transcript);
    yao_writer w       = yao_writer_in(test_arena());
    yao_vp_put_iso_request(&w, info, request);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* ---- the wallet --------------------------------------------------------- */

/* The second docRequest without its readerAuth. */
static void drop_second(yao_vp_iso *iso)
{
    iso->request.documents[1].has_auth = false;
}

static yao_status read(const vp_world *world, unsigned flags,
                       yao_vp_request *ret, yao_vp_refusal *refusal)
{
    yao_vp_terms     terms = vp_terms(world);
    yao_anchor       anchors[4];
    yao_vp_iso_asked asked;

    memcpy(anchors, world->anchors, sizeof world->anchors);
    anchors[3]    = (yao_anchor){.certificate = world->root,
                                 .role        = YAO_ROLE_TRUST};
    terms.anchors = anchors;
    if ((flags & TRUSTED) != 0)
        terms.anchor_count = 4;

    if ((flags & NO_PAGE) == 0)
        terms.origin = YAO_TEXT(VP_ORIGIN);
    if ((flags & STRANGER) != 0)
        terms.anchor_count = 0;
    terms.unsigned_too = (flags & UNSIGNED) != 0;
    terms.registered   = (flags & LISTED) != 0;
    YAO_TRY(yao_vp_begin_iso(test_arena(), page_of(world, flags), &terms,
                             &asked, refusal));
    if ((flags & HALF) != 0) {
        const yao_mdoc_reader_options options = {
            .anchors = terms.anchors, .anchor_count = terms.anchor_count,
            .now = terms.now, .transcript = asked.iso->transcript};

        drop_second(asked.iso);
        *asked.report = (yao_report){.count = 0};
        YAO_TRY(yao_mdoc_begin_readers(test_arena(), &asked.iso->request,
                                       &options, &asked.readers,
                                       asked.report));
    }
    YAO_TRY(test_crypto()->verify(test_crypto()->ctx, asked.readers.checks,
                                  asked.readers.check_count));
    return yao_vp_conclude_iso(test_arena(), &asked, &terms, ret, refusal);
}

static void one_row(void **state)
{
    const row      *r       = *state;
    const vp_world *world   = vp_world_make();
    yao_vp_refusal  refusal = {.error = YAO_OAUTH_NONE};
    yao_vp_request  q;

    assert_status(read(world, r->flags, &q, &refusal), r->want);
    if (r->want != YAO_OK) {
        if (r->want != YAO_E_USAGE)
            assert_int_equal(refusal.error, r->error);
        assert_int_equal(refusal.tell.len, 0);
        return;
    }
    assert_int_equal(q.is_signed, (r->flags & NOBODY) == 0);
    assert_int_equal(q.query.credential_count, (r->flags & TWO) != 0 ? 2 : 1);
    assert_int_equal(q.query.credentials[0].claim_count, 2);
    assert_true(q.query.credentials[0].claims[0].retain);
    assert_non_null(q.iso);
    assert_int_equal(q.mode, YAO_VP_DC_API_JWT);
}

/* ---- the answer --------------------------------------------------------- */

static yao_vp_awaited await(const yao_vp_request *q)
{
    return (yao_vp_awaited){
        .mode    = YAO_VP_DC_API_JWT,
        .binding = {.dcapi      = true,
                    .origin     = YAO_TEXT(VP_ORIGIN),
                    .nonce      = YAO_TEXT(VP_NONCE),
                    .sealed     = true,
                    .transcript = q->binding.transcript},
        .query   = q->query};
}

static void whole_way(void **state)
{
    const vp_world      *world = vp_world_make();
    yao_vp_shown         shown[2];
    yao_vp_presentations came;
    yao_vp_verdict       verdict;
    yao_vp_request       q;

    (void)state;
    assert_status(read(world, 0, &q, NULL), YAO_OK);
    vp_show(shown);
    shown[1].id            = YAO_TEXT("document-1");
    yao_bytes      plain   = vp_token_for(&q, shown + 1, 1);
    yao_vp_awaited awaited = await(&q);
    assert_status(
        yao_vp_read_iso_opened(test_arena(), &awaited, plain, &came), YAO_OK);
    assert_int_equal(came.count, 1);
    assert_status(vp_judge(world, &awaited, &came, &verdict), YAO_OK);
    assert_int_equal(verdict.verdict, YAO_VERDICT_ACCEPT);

    /* over the transcript of another page */
    awaited.binding.transcript = YAO_LIT("\x83\xf6\xf6\xf6");
    assert_status(vp_judge(world, &awaited, &came, &verdict), YAO_OK);
    assert_int_equal(verdict.verdict, YAO_VERDICT_REJECT);
}

/* DeviceResponses that answer nothing. */
static void refuses_responses(void **state)
{
    static const struct {
        const char *hex;
        yao_status  want;
    } bad[] = {
        {"a26776657273696f6e63312e3066737461747573" "00", YAO_E_REFUSED},
        {"a26776657273696f6e63312e3066737461747573" "0a", YAO_E_REFUSED},
        /* a document of another type, and one of none */
        {"a36776657273696f6e63312e3069646f63756d656e747381a167646f63547970656161"
         "6673746174757300",
         YAO_E_VALUE},
        {"a36776657273696f6e63312e3069646f63756d656e747381a0"
         "6673746174757300",
         YAO_E_VALUE},
        {"80", YAO_E_MALFORMED},
        {"", YAO_E_TRUNCATED},
    };
    const vp_world      *world = vp_world_make();
    yao_vp_presentations came;
    yao_vp_request       q;

    (void)state;
    assert_status(read(world, 0, &q, NULL), YAO_OK);
    yao_vp_awaited awaited = await(&q);
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_status(yao_vp_read_iso_opened(test_arena(), &awaited,
                                             test_unhex(bad[i].hex), &came),
                      bad[i].want);
}

/* Two documents of one type where one was asked for. */
static void refuses_a_second(void **state)
{
    const vp_world      *world = vp_world_make();
    yao_vp_shown         shown[2];
    yao_vp_presentations came;
    yao_vp_request       q;
    yao_mdoc_said        said;

    (void)state;
    assert_status(read(world, 0, &q, NULL), YAO_OK);
    vp_show(shown);
    shown[1].id          = YAO_TEXT("document-1");
    yao_bytes      plain = vp_token_for(&q, shown + 1, 1), document, twice[2];
    yao_vp_awaited awaited = await(&q);
    assert_status(yao_mdoc_read_said(test_arena(), plain, false, &said),
                  YAO_OK);
    assert_int_equal(said.document_count, 1);

    yao_cbor_reader r = yao_cbor_open_foreign(plain);
    (void)yao_cbor_get_map(&r);
    while (!yao_text_equal(yao_cbor_get_text(&r), YAO_TEXT("documents")))
        (void)yao_cbor_get_any(&r);
    (void)yao_cbor_get_items(&r);
    document     = yao_cbor_get_any(&r);
    twice[0]     = document;
    twice[1]     = document;
    yao_writer w = yao_writer_in(test_arena());
    yao_mdoc_put_response(&w, twice, 2);
    assert_status(yao_writer_keep(&w, test_arena(), &plain), YAO_OK);
    assert_status(
        yao_vp_read_iso_opened(test_arena(), &awaited, plain, &came),
        YAO_E_VALUE);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("asked", rows[i].name, one_row, &rows[i]);
    test_add("answer", "accepts the whole way, for one page only", whole_way,
             NULL);
    test_add("answer", "refuses what answers nothing", refuses_responses,
             NULL);
    test_add("answer", "refuses a second document of one type",
             refuses_a_second, NULL);
    return test_run("vp/iso_asked");
}
