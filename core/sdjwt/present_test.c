/* SPDX-License-Identifier: Apache-2.0 */

/* What was issued is shown in parts, and judged by verify, which other
 * people's tokens test. */

#include "sdissue.h"

/* The processed payload without cnf, as text. */
static yao_bytes payload_of(const sd_judged *j)
{
    yao_writer w     = yao_writer_in(test_arena());
    bool       first = true;
    yao_bytes  text  = {0};

    for (const yao_json *m = j->verified.payload->first; m != NULL;
         m = m->next) {
        yao_text name;

        if (yao_json_named(m, YAO_TEXT("cnf")))
            continue;
        assert_status(yao_json_name(m, NULL, &name), YAO_OK);
        yao_json_put_name_text(&w, &first, name);
        yao_json_put_value(&w, m);
    }
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return text;
}

/* ---- the whole way ---- */

#define VCT "\"vct\":\"urn:yaopai:specimen:1\",\"exp\":1800000000"

static const struct way_row {
    const char *name, *claims, *disclosable, *shown, *want;
    size_t      decoys;
} ways[] = {
    {"gives all that is plain", SPECIMEN "\"a\":1,\"b\":[2]}", "", "",
     VCT ",\"a\":1,\"b\":[2]", 0},
    {"never shows what was not chosen", SPECIMEN "\"a\":1,\"b\":2}", "a b", "",
     VCT, 0},
    {"gives what was chosen, flat", SPECIMEN "\"a\":1,\"b\":2}", "a b", "b",
     VCT ",\"b\":2", 0},
    {"gives what was chosen, with decoys", SPECIMEN "\"a\":1,\"b\":2}", "a b",
     "a", VCT ",\"a\":1", 16},
    {"gives a whole object", SPECIMEN "\"o\":{\"p\":1,\"q\":{\"r\":2}}}", "o",
     "o", VCT ",\"o\":{\"p\":1,\"q\":{\"r\":2}}", 1},
    {"gives a claim in a plain object", SPECIMEN "\"o\":{\"p\":1,\"q\":2}}",
     "o.p o.q", "o.q", VCT ",\"o\":{\"q\":2}", 2},
    {"gives a plain object empty where nothing in it was chosen",
     SPECIMEN "\"o\":{\"p\":1}}", "o.p", "", VCT ",\"o\":{}", 0},
    {"gives what a claim lies in, for a claim in a disclosed object",
     SPECIMEN "\"o\":{\"p\":1,\"q\":2,\"r\":3}}", "o o.p o.q", "o.q",
     VCT ",\"o\":{\"r\":3,\"q\":2}", 3},
    {"gives the disclosed object for a plain claim in it",
     SPECIMEN "\"o\":{\"p\":1,\"q\":2,\"r\":3}}", "o o.p o.q", "o.r",
     VCT ",\"o\":{\"r\":3}", 0},
    {"gives all below a path", SPECIMEN "\"o\":{\"p\":{\"q\":[1,2]}}}",
     "o o.p o.p.q o.p.q.0 o.p.q.1", "o", VCT ",\"o\":{\"p\":{\"q\":[1,2]}}",
     1},
    {"gives all below a plain object",
     SPECIMEN "\"o\":{\"p\":{\"q\":1},\"r\":[2,3]}}", "o.p.q o.r.1", "o",
     VCT ",\"o\":{\"p\":{\"q\":1},\"r\":[2,3]}", 0},
    {"gives an item of an array, and drops the others",
     SPECIMEN "\"a\":[10,20,30]}", "a.0 a.1 a.2", "a.1", VCT ",\"a\":[20]", 4},
    {"gives items among plain ones", SPECIMEN "\"a\":[10,20,30]}", "a.1", "",
     VCT ",\"a\":[10,30]", 0},
    {"gives an item of an item", SPECIMEN "\"a\":[[1,2],[3,4]]}",
     "a.1 a.1.0 a.0.0", "a.1.0", VCT ",\"a\":[[2],[3,4]]", 0},
    {"gives an item below an item that is disclosed",
     SPECIMEN "\"a\":[[1,2],[3,4]]}", "a.1 a.1.0 a.1.1", "a.1.1",
     VCT ",\"a\":[[1,2],[4]]", 0},
    {"gives objects in arrays", SPECIMEN "\"a\":[{\"b\":1,\"c\":2}]}",
     "a.0 a.0.b a.0.c", "a.0.c", VCT ",\"a\":[{\"c\":2}]", 2},
    {"gives what is there of several paths", SPECIMEN "\"a\":1,\"b\":2}",
     "a b", "z b", VCT ",\"b\":2", 0},
    {"gives all for an empty object and an empty array",
     SPECIMEN "\"o\":{},\"a\":[]}", "o a", "o a", NULL, 0},
    {"gives a name with escapes",
     SPECIMEN "\"n\\/\\u0061\":\"\\n\",\"\xe5\xbc\xa0\":2}", "n/a \xe5\xbc\xa0",
     "n/a \xe5\xbc\xa0", NULL, 1},
};

static void way(void **state)
{
    const struct way_row    *r      = *state;
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    static sd_judged         j;
    yao_bytes stored = sd_issue(r->claims, r->disclosable, r->decoys);

    yao_status got = sd_judge(sd_present(stored, r->shown), &o, &j);
    if (got != YAO_OK)
        sd_print(&j.report);
    assert_status(got, YAO_OK);
    assert_true(j.verified.bound);
    if (r->want != NULL) {
        yao_bytes want = {(const uint8_t *)r->want, strlen(r->want)};
        assert_bytes(payload_of(&j), want);
    }
}

/* Every shown token is a part of the stored one: JWT, then disclosures of it
 * in their order. */
static void subset(void **state)
{
    yao_sdjwt_unverified stored, shown;
    size_t               at = 0;

    (void)state;
    yao_bytes text = sd_issue(SD_PERSON, "given_name family_name address "
                                   "address.street address.street.name",
                           2);
    assert_status(yao_sdjwt_parse(test_arena(), text, &stored), YAO_OK);
    assert_status(yao_sdjwt_parse(
                      test_arena(),
                      sd_present(text, "address.street family_name"), &shown),
                  YAO_OK);
    assert_int_equal(shown.disclosure_count, 4);
    assert_bytes(shown.issuer.signing_input, stored.issuer.signing_input);
    for (size_t i = 0; i < shown.disclosure_count; i++, at++)
        while (!yao_bytes_equal(stored.disclosures[at].text,
                                shown.disclosures[i].text))
            assert_true(++at < stored.disclosure_count);
}

/* ---- refusals of the holder ---- */

static yao_status try_present(yao_bytes stored, const char *paths,
                              const char *nonce, const char *audience,
                              yao_time now, yao_sig_alg alg)
{
    yao_sdjwt_path       list[SD_MAX_PATHS];
    yao_sdjwt_presenting p;

    return yao_sdjwt_present(test_arena(), test_crypto(), stored, list,
                             sd_read_paths(paths, list), yao_text_of(nonce),
                             yao_text_of(audience), now, alg, &p);
}

static void holder_refuses(void **state)
{
    yao_bytes stored = sd_issue(SD_PERSON, "given_name", 0);

    (void)state;
    assert_status(try_present(stored, "given_name", "n", "a", 0, YAO_ES256),
                  YAO_OK);
    assert_status(try_present(stored, "", "n", "a", 0, YAO_ES256), YAO_OK);
    assert_status(try_present(stored, "x y.z", "n", "a", 0, YAO_ES256),
                  YAO_E_MISSING);
    assert_status(try_present(stored, "", "", "a", 0, YAO_ES256), YAO_E_USAGE);
    assert_status(try_present(stored, "", "n", "", 0, YAO_ES256), YAO_E_USAGE);
    assert_status(try_present(stored, "", "n", "a", -1, YAO_ES256),
                  YAO_E_USAGE);
    assert_status(try_present(stored, "", "n", "a", YAO_TIME_MAX + 1,
                              YAO_ES256),
                  YAO_E_USAGE);
    assert_status(try_present(stored, "", "n", "a", 0, YAO_SIG_NONE),
                  YAO_E_USAGE);
    /* N081: an issuer that sends a KB-JWT has another holder's document */
    assert_status(try_present(sd_present(stored, ""), "", "n", "a", 0,
                              YAO_ES256),
                  YAO_E_REFUSED);
    assert_status(try_present((yao_bytes){stored.ptr, stored.len - 1}, "", "n",
                              "a", 0, YAO_ES256),
                  YAO_E_MALFORMED);
}

/* A stored token that does not hang together is not shown. */
static void holder_checks(void **state)
{
    (void)state;
    assert_status(try_present(sd_issued(&(sd_token){
                                  .disclosures = {"[\"s\",\"a\",1]"}}),
                              "", "n", "a", 0, YAO_ES256),
                  YAO_E_UNREFERENCED);
    assert_status(try_present(sd_issued(&(sd_token){
                                  .payload = "{\"_sd\":[\"x\",\"x\"]}"}),
                              "", "n", "a", 0, YAO_ES256),
                  YAO_E_DUPLICATE);
    assert_status(try_present(sd_issued(&(sd_token){
                                  .payload = "{\"_sd_alg\":\"md5\"}"}),
                              "", "n", "a", 0, YAO_ES256),
                  YAO_E_ALGORITHM);
}

/* sd_hash follows the hash that the issuer named. */
static void other_hash(void **state)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    static sd_judged         j;

    (void)state;
    yao_bytes stored = sd_issued(&(sd_token){
        .payload = "{" SD_CLAIMS ",\"_sd_alg\":\"sha-384\",\"_sd\":[\"#0\"]}",
        .disclosures = {"[\"s\",\"a\",1]"}});
    assert_status(sd_judge(sd_present(stored, "a"), &o, &j), YAO_OK);
    assert_status(sd_judge(sd_present(stored, ""), &o, &j), YAO_OK);
}

/* N079: a disclosure added or removed after the holder signed. */
static void changed_after(void **state)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    sd_token t = {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\",\"#1\"]}",
                  .disclosures = {"[\"s\",\"a\",1]", "[\"t\",\"b\",2]"}};
    static sd_judged         j;
    yao_sdjwt_unverified     u;

    (void)state;
    yao_bytes both = sd_issued(&t);
    assert_status(yao_sdjwt_parse(test_arena(), both, &u), YAO_OK);
    yao_bytes one = {both.ptr,
                     (size_t)(u.disclosures[1].text.ptr - both.ptr)};

    assert_status(sd_judge(sd_bound(&t, one, one), &o, &j), YAO_OK);
    assert_status(sd_judge(sd_bound(&t, both, one), &o, &j),
                  YAO_E_BAD_DIGEST);
    assert_int_equal(sd_row(&j.report, YAO_CHECK_KB_HASH)->outcome,
                     YAO_OUTCOME_FAIL);
    assert_status(sd_judge(sd_bound(&t, one, both), &o, &j),
                  YAO_E_BAD_DIGEST);
    assert_int_equal(sd_row(&j.report, YAO_CHECK_KB_SIGNATURE)->outcome,
                     YAO_OUTCOME_PASS);
}

/* What a protocol wants in the KB-JWT stands behind what must be there. */
static void gives_more_in_the_proof(void **state)
{
    yao_sdjwt_showing    q = {.stored   = sd_issue(SPECIMEN "\"a\":1}", "a", 0),
                              .nonce    = YAO_TEXT("n-0S6"),
                              .audience = YAO_TEXT("https://verifier.example"),
                              .now      = SD_NOW,
                              .alg      = YAO_ES256,
                              .more     = YAO_LIT("\"x\":[\"y\"],\"z\":2")};
    yao_sdjwt_presenting p;
    yao_bytes            text;
    sd_judged            j;

    (void)state;
    assert_status(yao_sdjwt_show(test_arena(), test_crypto(), &q, &p), YAO_OK);
    yao_bytes  signature = test_sign(test_key(SD_HOLDER, YAO_ES256), p.wish);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_sdjwt_put_presented(&w, &p, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);

    yao_anchor               anchor  = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options options = sd_options(&anchor);
    assert_status(sd_judge(text, &options, &j), YAO_OK);
    assert_true(yao_json_is(yao_json_get(j.input.kb.payload, "x")->first, "y"));
    assert_non_null(yao_json_get(j.input.kb.payload, "z"));
    q.alg = YAO_SIG_NONE;
    assert_status(yao_sdjwt_show(test_arena(), test_crypto(), &q, &p),
                  YAO_E_USAGE);
}

/* What a holder could have kept back, and what only lies in that. */
static void tells_what_was_disclosed(void **state)
{
    yao_anchor               anchor  = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options options = sd_options(&anchor);
    sd_judged                j;

    (void)state;
    options.no_binding = true;
    assert_status(
        sd_judge(sd_issue(SD_PERSON,
                          "given_name address address.street nationalities.0",
                          2),
                 &options, &j),
        YAO_OK);
    const yao_json *all  = j.verified.payload;
    const yao_json *home = yao_json_get(all, "address");
    const yao_json *from = yao_json_get(all, "nationalities");

    assert_true(
        yao_sdjwt_is_disclosed(&j.input, yao_json_get(all, "given_name")));
    assert_true(yao_sdjwt_is_disclosed(&j.input, home));
    assert_true(
        yao_sdjwt_is_disclosed(&j.input, yao_json_get(home, "street")));
    assert_true(yao_sdjwt_is_disclosed(&j.input, from->first));
    assert_false(
        yao_sdjwt_is_disclosed(&j.input, yao_json_get(home, "city")));
    assert_false(
        yao_sdjwt_is_disclosed(&j.input, yao_json_get(all, "family_name")));
    assert_false(yao_sdjwt_is_disclosed(&j.input, from));
    assert_false(yao_sdjwt_is_disclosed(&j.input, from->first->next));
    assert_false(yao_sdjwt_is_disclosed(&j.input, all));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(ways); i++)
        test_add("issue, present, verify", ways[i].name, way, &ways[i]);
    test_add("present", "gives a part of what is stored", subset, NULL);
    test_add("present", "N081: refuses a KB-JWT, a missing nonce or audience",
             holder_refuses, NULL);
    test_add("present", "refuses a stored token that does not hang together",
             holder_checks, NULL);
    test_add("present", "gives the sd_hash by the issuer's hash", other_hash,
             NULL);
    test_add("verify", "N079: refuses a disclosure added or removed after",
             changed_after, NULL);

    test_add("is_disclosed", "gives what could have been kept back, only",
             tells_what_was_disclosed, NULL);
    test_add("show", "gives what else is wanted in the proof",
             gives_more_in_the_proof, NULL);
    return test_run("sdjwt/present");
}
