/* SPDX-License-Identifier: Apache-2.0 */
/* org-iso-mdoc: a DeviceRequest through the browser, and its sealed answer. */
#include "vp/iso.h"

#include "check.h"
#include "vp_world.h"

#define NONCE16 YAO_LIT("sixteen bytes...")

static const yao_mdoc_wanted wanted[] = {
    {YAO_INIT(MDOC_SPACE), YAO_INIT("family_name"), false},
    {YAO_INIT(MDOC_SPACE), YAO_INIT("age_over_18"), false}};

static yao_text info_of(const yao_public_key *key)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  text;

    yao_vp_put_iso_info(&w, NONCE16, key);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return (yao_text){text.ptr, text.len};
}

/* A request of the world's reader, signed over its transcript. */
static yao_bytes request_of(const vp_world *world, yao_text info)
{
    yao_mdoc_ask         ask     = {YAO_TEXT(MDOC_TYPE), wanted, 2};
    yao_mdoc_ask_options options = {.asks = &ask, .ask_count = 1,
                                    .alg = YAO_ES256, .chain = &world->reader,
                                    .chain_count = 1};
    yao_mdoc_asking      asking;
    yao_bytes            out, signature;

    assert_status(yao_vp_iso_transcript(test_arena(), test_crypto(), info,
                                        YAO_TEXT(VP_ORIGIN),
                                        &options.transcript),
                  YAO_OK);
    assert_status(yao_mdoc_ask_begin(test_arena(), &options, &asking), YAO_OK);
    signature    = test_sign(forge_key(VP_READER_KEY), asking.wishes[0]);
    yao_writer w = yao_writer_in(test_arena());
    yao_mdoc_put_request(&w, &asking, &signature);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_vp_put_iso_request(&w, info, out);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static yao_mdoc_reader_state who_asks(const vp_world *world,
                                      const yao_vp_iso *iso)
{
    yao_mdoc_reader_options options = {.anchors = world->anchors,
                                       .anchor_count = 3, .now = VP_NOW,
                                       .transcript = iso->transcript};
    yao_mdoc_readers readers;
    yao_mdoc_reader  reader;
    yao_report       report = {.count = 0};

    assert_status(yao_mdoc_begin_readers(test_arena(), &iso->request, &options,
                                         &readers, &report),
                  YAO_OK);
    assert_status(test_crypto()->verify(test_crypto()->ctx, readers.checks,
                                        readers.check_count),
                  YAO_OK);
    assert_status(yao_mdoc_conclude_reader(&readers, 0, &reader, &report),
                  YAO_OK);
    return reader.state;
}

static yao_bytes answer_to(const yao_vp_iso *iso)
{
    yao_openssl_key   *once     = test_key(2, YAO_ES256);
    yao_vp_iso_sealing s        = {.ephemeral = yao_openssl_key_public(once)};
    yao_bytes          response = mdoc_fixture_show(mdoc_fixture_issued(),
                                                    iso->transcript, false);
    yao_bytes          sealed, out;

    assert_status(yao_vp_seal_iso(test_crypto(), iso,
                                  test_agree(once, &iso->recipient), response,
                                  &s),
                  YAO_OK);
    assert_status(test_aead(&s.wish, &sealed), YAO_OK);
    yao_hpke_wipe(&s.keys);
    yao_writer w = yao_writer_in(test_arena());
    yao_vp_put_iso_answer(&w, &s, sealed);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

typedef struct verifier {
    const vp_world *world;
    yao_public_key  key;
    yao_text        info;
    yao_bytes       transcript;
} verifier;

static verifier open_verifier(const char *origin)
{
    verifier v = {.world = vp_world_make(), .key = vp_enc_key()};

    v.info = info_of(&v.key);
    assert_status(yao_vp_iso_transcript(test_arena(), test_crypto(), v.info,
                                        yao_text_of(origin), &v.transcript),
                  YAO_OK);
    return v;
}

/* YAO_OK when it is accepted. */
static yao_status receive(yao_bytes data, void *context)
{
    const verifier    *v = context;
    yao_vp_iso_answer  answer;
    yao_vp_iso_sealing opening;
    yao_bytes          shared, response;
    yao_result        *result;
    yao_verify_options options = vp_options(v->world);

    YAO_TRY(yao_vp_read_iso_answer(test_arena(), data, &answer));
    YAO_TRY(vp_agree(&answer.ephemeral, &shared));
    YAO_TRY(yao_vp_open_iso(test_crypto(), &answer, &v->key, v->transcript,
                            shared, &opening));
    YAO_TRY(test_aead(&opening.wish, &response));
    options.format     = YAO_FORMAT_MDOC_RESPONSE;
    options.transcript = v->transcript;
    YAO_TRY(yao_verify(test_arena(), test_crypto(), response, &options,
                       &result));
    return result->verdict == YAO_VERDICT_ACCEPT ? YAO_OK
                                                 : YAO_E_BAD_SIGNATURE;
}

static void whole_way(void **state)
{
    verifier   v = open_verifier(VP_ORIGIN);
    yao_vp_iso iso, elsewhere;
    yao_bytes  data = request_of(v.world, v.info), answer;

    (void)state;
    assert_status(yao_vp_read_iso(test_arena(), test_crypto(), data,
                                  YAO_TEXT(VP_ORIGIN), &iso),
                  YAO_OK);
    assert_bytes(iso.transcript, v.transcript);
    assert_bytes(iso.nonce, NONCE16);
    assert_int_equal(iso.request.document_count, 1);
    assert_int_equal(who_asks(v.world, &iso), YAO_MDOC_READER_GOOD);
    answer = answer_to(&iso);
    assert_status(receive(answer, &v), YAO_OK);
    assert_status(receive(vp_replace(answer, "response", "Response"), &v),
                  YAO_OK);

    /* the same request on another page is nobody's, and its answer too */
    assert_status(yao_vp_read_iso(test_arena(), test_crypto(), data,
                                  YAO_TEXT("https://thief.example"),
                                  &elsewhere),
                  YAO_OK);
    assert_int_equal(who_asks(v.world, &elsewhere), YAO_MDOC_READER_BAD);
    assert_status(receive(answer_to(&elsewhere), &v), YAO_E_SECRET);
}

typedef struct row {
    const char *name;
    const char *from, *to; /* in what the page asks */
    yao_status  want;
} row;

/* ["dcapi", {...}] without the nonce, without the key, with a short nonce */
static const row rows[] = {
    {"refuses no deviceRequest", "deviceRequest", "x", YAO_E_MISSING},
    {"refuses no encryptionInfo", "encryptionInfo", "x", YAO_E_MISSING},
    {"refuses a number", "\"deviceRequest\":\"", "\"deviceRequest\":7,\"x\":\"",
     YAO_E_MALFORMED},
    {"refuses what is not base64url", "\"deviceRequest\":\"",
     "\"deviceRequest\":\"=", YAO_E_BASE64},
    {"refuses an empty request", "\"deviceRequest\":\"",
     "\"deviceRequest\":\"\",\"x\":\"", YAO_E_TRUNCATED},
    {"refuses an info that is a map", "\"encryptionInfo\":\"",
     "\"encryptionInfo\":\"oA\",\"x\":\"", YAO_E_MALFORMED},
    {"refuses an info of another word", "\"encryptionInfo\":\"",
     "\"encryptionInfo\":\"gmVkY2FwaaCB\",\"x\":\"", YAO_E_TRAILING},
    {"refuses an info with nothing in it", "\"encryptionInfo\":\"",
     "\"encryptionInfo\":\"gmVkY2FwaaA\",\"x\":\"", YAO_E_MISSING},
    {"refuses a nonce twice", "\"encryptionInfo\":\"",
     "\"encryptionInfo\":\"gmVkY2FwaaJlbm9uY2VAZW5vbmNlQA\",\"x\":\"",
     YAO_E_DUPLICATE},
};

static void row_case(void **state)
{
    const row *r = *state;
    verifier   v = open_verifier(VP_ORIGIN);
    yao_vp_iso iso;

    assert_status(yao_vp_read_iso(test_arena(), test_crypto(),
                                  vp_replace(request_of(v.world, v.info),
                                             r->from, r->to),
                                  YAO_TEXT(VP_ORIGIN), &iso),
                  r->want);
}

/* {"response": base64url of ["dcapi", PAIRS]} */
static void refuses_answers(void **state)
{
    static const struct {
        const char *hex;
        yao_status  want;
    } answers[] = {
        {"82656463617069a0", YAO_E_MISSING},
        {"82656463617069a163656e6340", YAO_E_MISSING},
        {"82656463617069a263656e63406a6369706865725465787440", YAO_E_KEY},
        {"82656463617069a263656e634063656e6340", YAO_E_DUPLICATE},
        {"82656463617070a0", YAO_E_MALFORMED},
        {"81656463617069", YAO_E_MALFORMED},
        {"82656463617069", YAO_E_TRUNCATED},
    };
    yao_vp_iso_answer answer;

    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        yao_bytes data = test_join((yao_bytes[]){
            YAO_LIT("{\"response\":\""),
            test_base64url(test_unhex(answers[i].hex)), YAO_LIT("\"}"), {0}});
        assert_status(yao_vp_read_iso_answer(test_arena(), data, &answer),
                      answers[i].want);
    }
    assert_status(yao_vp_read_iso_answer(test_arena(), YAO_LIT("{}"), &answer),
                  YAO_E_MISSING);
    assert_status(yao_vp_read_iso_answer(
                      test_arena(),
                      YAO_LIT("{\"response\":\"\",\"Response\":\"\"}"),
                      &answer),
                  YAO_E_DUPLICATE);
}

static void refuses_use(void **state)
{
    verifier           v   = open_verifier(VP_ORIGIN);
    yao_vp_iso         iso;
    yao_vp_iso_sealing s   = {.ephemeral = v.key};
    yao_public_key     key = v.key;
    yao_writer         w   = yao_writer_count();
    yao_bytes          data = request_of(v.world, v.info);

    (void)state;
    assert_status(yao_vp_read_iso(test_arena(), test_crypto(), data,
                                  YAO_TEXT(""), &iso),
                  YAO_E_USAGE);
    assert_status(yao_vp_read_iso(&(yao_arena){0}, test_crypto(), data,
                                  YAO_TEXT(VP_ORIGIN), &iso),
                  YAO_E_SPACE);
    assert_status(yao_vp_read_iso(test_arena(), test_crypto(), data,
                                  YAO_TEXT(VP_ORIGIN), &iso),
                  YAO_OK);
    assert_status(yao_vp_seal_iso(test_crypto(), &iso, YAO_LIT("x"),
                                  YAO_LIT(""), &s),
                  YAO_E_USAGE);
    assert_status(yao_vp_seal_iso(test_crypto(), &iso, YAO_LIT("x"),
                                  YAO_LIT("y"), &s),
                  YAO_E_KEY);
    yao_vp_put_iso_info(&w, YAO_LIT("short"), &key);
    assert_status(w.status, YAO_E_USAGE);
    w       = yao_writer_count();
    key.len = 33;
    yao_vp_put_iso_info(&w, NONCE16, &key);
    assert_status(w.status, YAO_E_USAGE);
    w = yao_writer_count();
    yao_vp_put_iso_answer(&w, &s, YAO_LIT(""));
    assert_true(w.status == YAO_OK || w.status == YAO_E_USAGE);

    /* a nonce that is too short, as it would be read */
    yao_vp_iso  bad;
    yao_bytes   info  = vp_unbase64url(yao_text_bytes(v.info));
    uint8_t    *copy  = yao_arena_take(test_arena(), info.len);
    memcpy(copy, info.ptr, info.len);
    copy[14] = 0x40 + 15; /* its length; then a byte is left over */
    data = test_join((yao_bytes[]){
        YAO_LIT("{\"deviceRequest\":\"oA\",\"encryptionInfo\":\""),
        test_base64url((yao_bytes){copy, info.len}), YAO_LIT("\"}"), {0}});
    assert_true(yao_vp_read_iso(test_arena(), test_crypto(), data,
                                YAO_TEXT(VP_ORIGIN), &bad) != YAO_OK);
    data = test_join((yao_bytes[]){
        YAO_LIT("{\"deviceRequest\":\"oA\",\"encryptionInfo\":\""),
        test_base64url(test_join((yao_bytes[]){
            {info.ptr, 14}, YAO_LIT("\x41x"),
            {info.ptr + 31, info.len - 31}, {0}})),
        YAO_LIT("\"}"), {0}});
    assert_status(yao_vp_read_iso(test_arena(), test_crypto(), data,
                                  YAO_TEXT(VP_ORIGIN), &bad),
                  YAO_E_VALUE);
}

/* "Response" is read as well. */
static bool is_capital(size_t at, void *context)
{
    (void)context;
    return at == 2;
}

static void sweeps(void **state)
{
    verifier   v = open_verifier(VP_ORIGIN);
    yao_vp_iso iso;

    (void)state;
    assert_status(yao_vp_read_iso(test_arena(), test_crypto(),
                                  request_of(v.world, v.info),
                                  YAO_TEXT(VP_ORIGIN), &iso),
                  YAO_OK);
    yao_bytes answer = answer_to(&iso);
    test_every_prefix(receive, answer, &v);
    test_every_bit(receive, answer, &v, is_capital);
}

int main(void)
{
    test_add("iso", "accepts the whole way, for one page only", whole_way,
             NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("request", rows[i].name, row_case, &rows[i]);
    test_add("answer", "refuses other shapes", refuses_answers, NULL);
    test_add("iso", "refuses to be used without a page, or a key",
             refuses_use, NULL);
    test_add("answer", "refuses every prefix and every bit flip", sweeps,
             NULL);
    return test_run("vp/iso");
}
