/* SPDX-License-Identifier: Apache-2.0 */
/* To what a holder agreed: hashes that are absent, of others, in another order,
 * twice. */
#include "vp/judge.h"
#include "check.h"
#include "vp_world.h"

#define PAY1 "{\"type\":\"payment\",\"credential_ids\":[\"sd\"],"              \
             "\"amount\":\"7\"}"
#define PAY2 "{\"type\":\"payment\",\"credential_ids\":[\"sd\"],"              \
             "\"amount\":\"8\"}"
#define PAY_MDL "{\"type\":\"payment\",\"credential_ids\":[\"mdl\"]}"
#define PAY_ANY "{\"type\":\"payment\",\"credential_ids\":[\"mdl\",\"sd\"]}"
#define PAY_ALG "{\"type\":\"payment\",\"credential_ids\":[\"sd\"],"           \
                "\"transaction_data_hashes_alg\":[\"sha-512\",\"sha-256\"]}"

typedef struct agreed {
    const char *name;
    const char *asked[2]; /* by the verifier */
    const char *seen[2];  /* by the wallet */
    yao_status  want;
} agreed;

static const agreed agreements[] = {
    {"accepts one that the holder agreed to", {PAY1}, {PAY1}, YAO_OK},
    {"accepts two", {PAY1, PAY2}, {PAY1, PAY2}, YAO_OK},
    {"refuses N082: one that the holder did not agree to", {PAY1}, {NULL},
     YAO_E_MISSING},
    {"refuses N082: another than was asked", {PAY1}, {PAY2},
     YAO_E_BAD_DIGEST},
    {"accepts one by the document that can say so", {PAY_ANY}, {PAY_ANY},
     YAO_OK},
    {"accepts one with the hash that it names", {PAY_ALG}, {PAY_ALG}, YAO_OK},
    {"refuses N082: one of two", {PAY1, PAY2}, {PAY1}, YAO_E_MISSING},
    {"refuses N082: two in another order", {PAY1, PAY2}, {PAY2, PAY1},
     YAO_E_BAD_DIGEST},
    {"refuses one more than was asked", {PAY1}, {PAY1, PAY2},
     YAO_E_BAD_DIGEST},
    {"refuses one where none was asked", {NULL}, {PAY1}, YAO_E_BAD_DIGEST},
};

static size_t list_of(const char *const texts[2], yao_bytes *out)
{
    size_t count = 0;

    for (; count < 2 && texts[count] != NULL; count++)
        out[count] = yao_text_bytes(yao_text_of(texts[count]));
    return count;
}

static void agreed_row(void **state)
{
    const agreed        *r     = *state;
    const vp_world      *world = vp_world_make();
    yao_vp_ask           ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_ask           seen  = ask;
    yao_bytes            a[2], s[2];
    yao_vp_shown         shown[2];
    yao_vp_presentations came;
    yao_vp_verdict       verdict;

    ask.transactions       = a;
    ask.transaction_count  = list_of(r->asked, a);
    seen.transactions      = s;
    seen.transaction_count = list_of(r->seen, s);
    yao_vp_request request = vp_request_of(world, &seen);
    yao_vp_awaited awaited = vp_await(&ask);
    size_t         count   = vp_show(shown);
    yao_bytes      token   = vp_token_for(&request, shown, count);
    assert_status(vp_receive(&awaited, vp_body(&request, token), &came),
                  YAO_OK);
    assert_status(vp_judge(world, &awaited, &came, &verdict), YAO_OK);
    assert_status(verdict.items[0].why, r->want);
    assert_int_equal(verdict.verdict, r->want == YAO_OK ? YAO_VERDICT_ACCEPT
                                                        : YAO_VERDICT_REJECT);
}

/* Misuse N082: with a hash of the wallet's own choice. */
static void refuses_another_hash(void **state)
{
    const vp_world      *world = vp_world_make();
    yao_vp_ask           ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_awaited       awaited;
    yao_vp_presentation  one     = {.id = YAO_TEXT("sd")};
    yao_vp_presentations some    = {&one, 1};
    yao_sdjwt_path       paths[4];
    yao_sdjwt_showing    showing = {.stored = vp_sd(), .paths = paths,
                                    .nonce = YAO_TEXT(VP_NONCE),
                                    .audience = world->client_id,
                                    .now = VP_NOW, .alg = YAO_ES256};
    static const struct {
        const char *more;
        yao_status  want;
    } rows[] = {{"\"transaction_data_hashes_alg\":\"sha-256\"", YAO_OK},
                {"\"transaction_data_hashes_alg\":\"sha-512\"",
                 YAO_E_ALGORITHM},
                {"\"transaction_data_hashes\":7", YAO_E_BAD_DIGEST},
                {"\"transaction_data_hashes\":[]", YAO_OK}};

    (void)state;
    ask.query          = YAO_LIT("{\"credentials\":[" VP_ASK_SD "]}");
    awaited            = vp_await(&ask);
    showing.path_count = sd_read_paths("given_name address.city", paths);
    for (size_t i = 0; i < COUNT(rows); i++) {
        yao_sdjwt_presenting p;
        yao_vp_verdict       verdict;

        showing.more = yao_text_bytes(yao_text_of(rows[i].more));
        assert_status(yao_sdjwt_show(test_arena(), test_crypto(), &showing,
                                     &p),
                      YAO_OK);
        yao_bytes  signature = test_sign(test_key(SD_HOLDER, YAO_ES256),
                                         p.wish);
        yao_writer w         = yao_writer_in(test_arena());
        assert_status(yao_sdjwt_put_presented(&w, &p, signature), YAO_OK);
        assert_status(yao_writer_keep(&w, test_arena(), &one.document),
                      YAO_OK);
        assert_status(vp_judge(world, &awaited, &some, &verdict), YAO_OK);
        assert_status(verdict.items[0].why, rows[i].want);
    }
}

/* An mdoc cannot say that its holder agreed: what nobody but it could say is
 * not asked of a wallet of ours, and no answer to others. */
static void refuses_an_mdoc_for_it(void **state)
{
    const vp_world *world = vp_world_make();
    yao_vp_ask      ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_terms    terms = vp_terms(world);
    yao_bytes       list  = YAO_LIT(PAY_MDL);
    yao_vp_refusal  refusal;
    yao_vp_request  read;
    yao_vp_shown    shown[2];

    (void)state;
    yao_vp_request       silent = vp_request_of(world, &ask);
    yao_vp_presentations came;
    yao_vp_verdict       verdict;
    ask.transactions       = &list;
    ask.transaction_count  = 1;
    yao_vp_awaited awaited = vp_await(&ask);

    assert_status(vp_read(vp_sign(world, &ask), &terms, &read, &refusal),
                  YAO_E_UNSUPPORTED);
    assert_int_equal(refusal.error, YAO_OAUTH_INVALID_TRANSACTION_DATA);
    vp_show(shown);
    yao_bytes token = vp_token_for(&silent, shown, 2);
    assert_status(vp_receive(&awaited, vp_body(&silent, token), &came),
                  YAO_OK);
    assert_status(vp_judge(world, &awaited, &came, &verdict), YAO_OK);
    assert_status(verdict.items[1].why, YAO_E_MISSING);
    assert_int_equal(verdict.verdict, YAO_VERDICT_REJECT);
}

/* The person chose the document that cannot say so. */
static void refuses_an_answer_without_it(void **state)
{
    const vp_world *world  = vp_world_make();
    yao_vp_ask      ask    = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_bytes       list   = YAO_LIT(PAY_ANY);
    yao_vp_shown    shown[2];
    yao_vp_choice   choice = {.shown = shown + 1, .count = 1, .now = VP_NOW};
    yao_vp_answer   answer;

    (void)state;
    ask.transactions       = &list;
    ask.transaction_count  = 1;
    yao_vp_request request = vp_request_of(world, &ask);

    vp_show(shown);
    assert_true(yao_vp_can_agree(&request, shown, 2));
    assert_false(yao_vp_can_agree(&request, shown + 1, 1));
    assert_status(yao_vp_begin_answer(test_arena(), test_crypto(), &request,
                                      &choice, &answer),
                  YAO_E_USAGE);
}

/* One of several documents says so, and it says which it was. */
static void gives_who_agreed(void **state)
{
    const vp_world      *world = vp_world_make();
    yao_vp_ask           ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_bytes            list[2] = {YAO_LIT(PAY_ANY), YAO_LIT(PAY2)};
    yao_vp_shown         shown[2];
    yao_vp_presentations came;
    yao_vp_verdict       verdict;

    (void)state;
    ask.transactions       = list;
    ask.transaction_count  = 2;
    yao_vp_request request = vp_request_of(world, &ask);
    yao_vp_awaited awaited = vp_await(&ask);

    yao_bytes token = vp_token_for(&request, shown, vp_show(shown));
    assert_status(vp_receive(&awaited, vp_body(&request, token), &came),
                  YAO_OK);
    assert_status(vp_judge(world, &awaited, &came, &verdict), YAO_OK);
    assert_int_equal(verdict.verdict, YAO_VERDICT_ACCEPT);
    assert_int_equal(verdict.items[0].agreed, 3);
    assert_int_equal(verdict.items[1].agreed, 0);
}

/* Two documents of one query that both say so: who agreed? */
static void refuses_two_who_agree(void **state)
{
    const vp_world      *world = vp_world_make();
    yao_vp_ask           ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_bytes            list  = YAO_LIT(PAY1);
    yao_vp_shown         shown[2];
    yao_vp_verdict       verdict;

    (void)state;
    ask.query = vp_replace(YAO_LIT("{\"credentials\":[" VP_ASK_SD "]}"),
                           "\"dc+sd-jwt\"",
                           "\"dc+sd-jwt\",\"multiple\":true");
    ask.transactions       = &list;
    ask.transaction_count  = 1;
    yao_vp_request request = vp_request_of(world, &ask);
    yao_vp_awaited awaited = vp_await(&ask);

    vp_show(shown);
    yao_bytes token = vp_token_for(&request, shown, 1);
    yao_vp_presentations came;
    assert_status(vp_receive(&awaited, vp_body(&request, token), &came),
                  YAO_OK);
    yao_vp_presentation  twice[2] = {came.items[0], came.items[0]};
    yao_vp_presentations two      = {twice, 2};
    assert_status(vp_judge(world, &awaited, &two, &verdict), YAO_OK);
    assert_status(verdict.items[0].why, YAO_OK);
    assert_status(verdict.items[1].why, YAO_E_DUPLICATE);
}

/* What is shown of PATHS paths to who asks so. */
static yao_bytes one_of(const vp_world *world, const yao_vp_ask *ask,
                        size_t paths, const yao_vp_awaited *awaited)
{
    yao_vp_request       request = vp_request_of(world, ask);
    yao_vp_shown         shown[2];
    yao_vp_presentations came;

    vp_show(shown);
    shown[0].path_count = paths;
    yao_bytes token     = vp_token_for(&request, shown, 1);
    assert_status(vp_receive(awaited, vp_body(&request, token), &came),
                  YAO_OK);
    return came.items[0].document;
}

/* Of two documents of one query the one that says so does not answer it: the
 * other is not what the holder agreed by. */
static void refuses_what_does_not_answer(void **state)
{
    const vp_world      *world = vp_world_make();
    yao_vp_ask           ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_bytes            list  = YAO_LIT(PAY1);
    yao_vp_presentation  two[2] = {{.id = YAO_TEXT("sd")},
                                   {.id = YAO_TEXT("sd")}};
    yao_vp_presentations both  = {two, 2};
    yao_vp_verdict       verdict;

    (void)state;
    ask.query = vp_replace(YAO_LIT("{\"credentials\":[" VP_ASK_SD "]}"),
                           "\"dc+sd-jwt\"",
                           "\"dc+sd-jwt\",\"multiple\":true");
    yao_vp_ask silent     = ask;
    ask.transactions      = &list;
    ask.transaction_count = 1;
    yao_vp_awaited awaited = vp_await(&ask);

    two[0].document = one_of(world, &ask, 1, &awaited);
    two[1].document = one_of(world, &silent, 2, &awaited);
    assert_status(vp_judge(world, &awaited, &both, &verdict), YAO_OK);
    assert_int_equal(verdict.verdict, YAO_VERDICT_REJECT);
    for (size_t i = 0; i < 2; i++) {
        assert_false(verdict.items[i].used);
        assert_int_equal(verdict.items[i].agreed, 0);
        assert_int_equal(verdict.items[i].result->documents[0].attribute_count,
                         0);
    }
    two[1].document = one_of(world, &ask, 2, &awaited);
    assert_status(vp_judge(world, &awaited, &both, &verdict), YAO_OK);
    assert_int_equal(verdict.verdict, YAO_VERDICT_ACCEPT);
    assert_true(verdict.items[1].used);
    assert_int_equal(verdict.items[1].agreed, 1);
}

/* The one document that could say so may be left out: then nobody did. */
static void refuses_to_leave_it_out(void **state)
{
    const vp_world      *world = vp_world_make();
    yao_vp_ask           ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_bytes            list  = YAO_LIT(PAY1);
    yao_vp_shown         shown[2];
    yao_vp_presentations came;
    yao_vp_verdict       verdict;

    (void)state;
    ask.query = YAO_LIT("{\"credentials\":[" VP_ASK_SD "," VP_ASK_MDL
                        "],\"credential_sets\":[{\"options\":[[\"mdl\"]]},"
                        "{\"options\":[[\"sd\"]],\"required\":false}]}");
    yao_vp_request request = vp_request_of(world, &ask);
    vp_show(shown);
    yao_bytes      token   = vp_token_for(&request, shown + 1, 1);
    yao_vp_awaited awaited = vp_await(&ask);

    assert_status(vp_receive(&awaited, vp_body(&request, token), &came),
                  YAO_OK);
    assert_status(vp_judge(world, &awaited, &came, &verdict), YAO_OK);
    assert_int_equal(verdict.verdict, YAO_VERDICT_ACCEPT);
    ask.transactions      = &list;
    ask.transaction_count = 1;
    awaited               = vp_await(&ask);
    assert_status(vp_judge(world, &awaited, &came, &verdict), YAO_OK);
    assert_int_equal(verdict.verdict, YAO_VERDICT_REJECT);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(agreements); i++)
        test_add("agreed", agreements[i].name, agreed_row, &agreements[i]);
    test_add("agreed", "refuses N082: a hash of the wallet's choice",
             refuses_another_hash, NULL);
    test_add("agreed", "refuses an answer by what cannot say so",
             refuses_an_answer_without_it, NULL);
    test_add("agreed", "gives which document said so", gives_who_agreed, NULL);
    test_add("agreed", "refuses two documents that say so",
             refuses_two_who_agree, NULL);
    test_add("agreed", "refuses an mdoc for a transaction",
             refuses_an_mdoc_for_it, NULL);
    test_add("agreed", "refuses N082: one by a document that does not answer",
             refuses_what_does_not_answer, NULL);
    test_add("agreed", "refuses N082: one that was left out",
             refuses_to_leave_it_out, NULL);
    return test_run("vp/agreed");
}
