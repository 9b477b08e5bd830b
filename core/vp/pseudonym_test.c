/* SPDX-License-Identifier: Apache-2.0 */
/* A value by which one party knows a person again: the same for it, another for
 * all others, the holder's word and nobody else's. */
#include "vp/pseudonym.h"

#include "check.h"
#include "vp/judge.h"
#include "vp_world.h"

#define SAID "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static const uint8_t secrets[2][YAO_VP_PSEUDONYM_SECRET] = {{1}, {2}};

static yao_text made(int secret, const char *code, const char *client_id)
{
    uint8_t *out = yao_arena_take(test_arena(), YAO_VP_PSEUDONYM_LEN);
    const yao_vp_pseudonym_of party = {yao_text_of(code),
                                       yao_text_of(client_id)};

    assert_status(yao_vp_make_pseudonym(test_crypto(),
                                        (yao_bytes){secrets[secret], 32},
                                        party, out),
                  YAO_OK);
    return (yao_text){out, YAO_VP_PSEUDONYM_LEN};
}

static bool same(yao_text a, yao_text b)
{
    assert_true(yao_vp_is_pseudonym(a) && yao_vp_is_pseudonym(b));
    return yao_text_equal(a, b);
}

static void gives_one_to_each(void **state)
{
    (void)state;
    assert_true(same(made(0, "A", "x509_hash:1"), made(0, "A", "x509_hash:2")));
    assert_false(same(made(0, "A", "x"), made(0, "B", "x")));
    assert_false(same(made(0, "A", "x"), made(1, "A", "x")));
    assert_true(same(made(0, "", "x"), made(0, "", "x")));
    assert_false(same(made(0, "", "x"), made(0, "", "y")));
    /* nobody's client_id is another's code */
    assert_false(same(made(0, "x", ""), made(0, "", "x")));
}

/* docs/formats/pseudonym.md, section 3 */
static void gives_the_vector(void **state)
{
    static const uint8_t secret[32] = {0,  1,  2,  3,  4,  5,  6,  7,
                                       8,  9,  10, 11, 12, 13, 14, 15,
                                       16, 17, 18, 19, 20, 21, 22, 23,
                                       24, 25, 26, 27, 28, 29, 30, 31};
    uint8_t              out[YAO_VP_PSEUDONYM_LEN];

    (void)state;
    assert_status(yao_vp_make_pseudonym(
                      test_crypto(), (yao_bytes){secret, sizeof secret},
                      (yao_vp_pseudonym_of){
                          .code = YAO_TEXT("91330114MAC000017N")},
                      out),
                  YAO_OK);
    assert_memory_equal(out, "one8ulzi74EYu1y9UNcksBnCxnRb_rs1SFqJLkJxHy0",
                        YAO_VP_PSEUDONYM_LEN);
}

static void refuses_what_is_none(void **state)
{
    uint8_t   out[YAO_VP_PSEUDONYM_LEN];
    yao_bytes secret = {secrets[0], 31};
    yao_vp_pseudonym_of party = {.code = YAO_TEXT("A")};

    (void)state;
    assert_status(yao_vp_make_pseudonym(test_crypto(), secret, party, out),
                  YAO_E_USAGE);
    secret.len = 32;
    party.code = YAO_TEXT("");
    assert_status(yao_vp_make_pseudonym(test_crypto(), secret, party, out),
                  YAO_E_USAGE);
    assert_false(yao_vp_is_pseudonym(YAO_TEXT("")));
    assert_false(yao_vp_is_pseudonym(YAO_TEXT(SAID "A")));
    assert_false(yao_vp_is_pseudonym(
        YAO_TEXT("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")));
}

/* ---- in a KB-JWT -------------------------------------------------------- */

static const struct read {
    const char *name, *json;
    bool        there;
} reads[] = {
    {"accepts one", "{\"" YAO_VP_PSEUDONYM "\":\"" SAID "\"}", true},
    {"gives none where there is none", "{}", false},
    {"gives none of another kind", "{\"" YAO_VP_PSEUDONYM "\":7}", false},
    {"gives none of other letters",
     "{\"" YAO_VP_PSEUDONYM "\":\"<b>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AA\"}",
     false},
    {"gives none that is short", "{\"" YAO_VP_PSEUDONYM "\":\"AAAA\"}", false},
};

static void reads_it(void **state)
{
    const struct read *r = *state;
    const yao_json    *root;
    yao_text           text;

    assert_status(yao_json_parse(test_arena(),
                                 yao_text_bytes(yao_text_of(r->json)), &root),
                  YAO_OK);
    yao_vp_read_pseudonym(root, test_arena(), &text);
    assert_int_equal(text.len, r->there ? YAO_VP_PSEUDONYM_LEN : 0);
}

/* ---- asked and told ----------------------------------------------------- */

#define INFO "[{\"format\":\"" YAO_VP_PSEUDONYM "\",\"data\":{}}]"

static const struct told {
    const char *name;
    bool        asked;   /* by the verifier */
    bool        awaited; /* remembered by it */
    bool        said;    /* by the wallet */
    yao_status  want;
    bool        told;
} tellings[] = {
    {"gives what the holder says", true, true, true, YAO_OK, true},
    {"gives none where the wallet says none", true, true, false, YAO_OK,
     false},
    {"never gives what nobody asked for", true, false, true, YAO_OK, false},
    {"never says what nobody asked for", false, false, true, YAO_E_USAGE,
     false},
};

static yao_bytes token_for(const yao_vp_request *q, const yao_vp_shown *shown,
                           yao_vp_answer *answer)
{
    yao_bytes token;

    for (size_t i = 0; i < 2; i++)
        answer->signatures[i] =
            test_sign(vp_key_of(&shown[i]), answer->wishes[i]);
    assert_status(yao_vp_write_token(test_arena(), answer, &token), YAO_OK);
    assert_true(q->is_signed);
    return token;
}

static void tells_it(void **state)
{
    const struct told   *r     = *state;
    const vp_world      *world = vp_world_make();
    yao_vp_ask           ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_shown         shown[2];
    yao_vp_choice        choice = {.shown = shown, .now = VP_NOW};
    yao_vp_answer        answer;
    yao_vp_presentations came;
    yao_vp_verdict       verdict;

    if (r->asked)
        ask.infos = YAO_LIT(INFO);
    ask.pseudonym          = r->awaited;
    yao_vp_request request = vp_request_of(world, &ask);
    yao_vp_awaited awaited = vp_await(&ask);
    assert_int_equal(request.pseudonym, r->asked);
    choice.count = vp_show(shown);
    if (r->said)
        choice.pseudonym = YAO_TEXT(SAID);
    assert_status(yao_vp_begin_answer(test_arena(), test_crypto(), &request,
                                      &choice, &answer),
                  r->want);
    if (r->want != YAO_OK)
        return;
    yao_bytes token = token_for(&request, shown, &answer);
    assert_status(vp_receive(&awaited, vp_body(&request, token), &came),
                  YAO_OK);
    assert_status(vp_judge(world, &awaited, &came, &verdict), YAO_OK);
    assert_int_equal(verdict.verdict, YAO_VERDICT_ACCEPT);
    assert_int_equal(verdict.pseudonym.len,
                     r->told ? YAO_VP_PSEUDONYM_LEN : 0);
    assert_int_equal(verdict.items[1].pseudonym.len, 0); /* an mdoc's */
}

static void refuses_a_bad_one(void **state)
{
    const vp_world *world = vp_world_make();
    yao_vp_ask      ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_shown    shown[2];
    yao_vp_choice   choice = {.shown = shown, .now = VP_NOW,
                              .pseudonym = YAO_TEXT("\"")};
    yao_vp_answer   answer;

    (void)state;
    ask.infos              = YAO_LIT(INFO);
    yao_vp_request request = vp_request_of(world, &ask);
    choice.count           = vp_show(shown);
    assert_status(yao_vp_begin_answer(test_arena(), test_crypto(), &request,
                                      &choice, &answer),
                  YAO_E_USAGE);
}

int main(void)
{
    test_add("make", "gives each party its own", gives_one_to_each, NULL);
    test_add("make", "gives the vector", gives_the_vector, NULL);
    test_add("make", "refuses what is none", refuses_what_is_none, NULL);
    for (size_t i = 0; i < COUNT(reads); i++)
        test_add("read", reads[i].name, reads_it, &reads[i]);
    for (size_t i = 0; i < COUNT(tellings); i++)
        test_add("tell", tellings[i].name, tells_it, &tellings[i]);
    test_add("tell", "refuses letters that are none", refuses_a_bad_one, NULL);
    return test_run("vp/pseudonym");
}
