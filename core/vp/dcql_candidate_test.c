/* SPDX-License-Identifier: Apache-2.0 */
/* From a query to what is really shown and back: SD-JWTs and mdocs that the
 * project issues, shows and reads. */
#include "vp/dcql.h"

#include "support/check.h"
#include "support/mdoc_fixture.h"
#include "support/sdissue.h"

/* ---- SD-JWT ---- */

#define HIDDEN                                                                 \
    "given_name family_name address address.street nationalities "             \
    "nationalities.0 nationalities.1"
#define ASK(rest)                                                              \
    "{\"credentials\":[{\"id\":\"p\",\"format\":\"dc+sd-jwt\",\"meta\":{"      \
    "\"vct_values\":[\"urn:yaopai:specimen:1\"]}" rest "}]}"

static const struct row {
    const char *name, *query;
    bool        match;
    size_t      disclosed;
} rows[] = {
    {"gives nothing that can be hidden", ASK(""), true, 0},
    {"gives one claim", ASK(",\"claims\":[{\"path\":[\"family_name\"]}]"),
     true, 1},
    {"gives a claim that nobody can hide",
     ASK(",\"claims\":[{\"path\":[\"iss\"]}]"), true, 0},
    {"gives what a claim lies in",
     ASK(",\"claims\":[{\"path\":[\"address\",\"city\"]}]"), true, 1},
    {"gives both where both are hidden",
     ASK(",\"claims\":[{\"path\":[\"address\",\"street\",\"name\"]}]"), true,
     2},
    {"gives one item of an array",
     ASK(",\"claims\":[{\"path\":[\"nationalities\",1]}]"), true, 2},
    {"gives the item with the value",
     ASK(",\"claims\":[{\"path\":[\"nationalities\",null],\"values\":[\"HK\"]"
         "}]"),
     true, 2},
    {"gives all items",
     ASK(",\"claims\":[{\"path\":[\"nationalities\",null]}]"), true, 3},
    {"accepts a value in Chinese",
     ASK(",\"claims\":[{\"path\":[\"given_name\"],\"values\":["
         "\"\xe5\xb0\x8f\xe6\x98\x8e\"]}]"),
     true, 1},
    {"refuses another value",
     ASK(",\"claims\":[{\"path\":[\"given_name\"],\"values\":[\"x\"]}]"), false,
     0},
};

static yao_bytes parse_query(const char *json, yao_dcql_query *q)
{
    yao_bytes bytes = {(const uint8_t *)json, strlen(json)};

    assert_status(yao_dcql_parse(test_arena(), bytes, q), YAO_OK);
    return bytes;
}

/* TEXT as a candidate. */
static void read_token(yao_bytes text, bool shown, sd_judged *j,
                       yao_dcql_candidate *ret)
{
    yao_anchor               anchor  = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options options = sd_options(&anchor);

    options.no_binding = !shown;
    assert_status(sd_judge(text, &options, j), YAO_OK);
    assert_status(yao_dcql_of_sdjwt(test_arena(), &j->input,
                                    j->verified.payload, shown, ret),
                  YAO_OK);
}

static yao_bytes show_token(yao_bytes stored, const yao_sdjwt_path *paths,
                            size_t count)
{
    yao_sdjwt_presenting p;
    yao_bytes            text;

    assert_status(yao_sdjwt_present(test_arena(), test_crypto(), stored, paths,
                                    count, YAO_TEXT("n-0S6"),
                                    YAO_TEXT("https://verifier.example"),
                                    SD_NOW, YAO_ES256, &p),
                  YAO_OK);
    yao_bytes  signature = test_sign(test_key(SD_HOLDER, YAO_ES256), p.wish);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_sdjwt_put_presented(&w, &p, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return text;
}

static void sdjwt_row(void **state)
{
    const struct row     *row    = *state;
    yao_bytes             stored = sd_issue(SD_PERSON, HIDDEN, 2);
    const yao_sdjwt_path *paths;
    sd_judged             held, seen;
    yao_dcql_candidate    candidate;
    yao_dcql_shown        shown = {.id = YAO_TEXT("p")};
    yao_dcql_query        q;
    yao_dcql_matching     m;
    yao_dcql_verdict      verdict;
    size_t                count;

    parse_query(row->query, &q);
    read_token(stored, false, &held, &candidate);
    assert_status(yao_dcql_match(test_arena(), &q, &candidate, 1, &m), YAO_OK);
    assert_int_equal(m.satisfied, row->match);
    if (!row->match)
        return;
    assert_status(yao_dcql_paths(test_arena(), q.credentials,
                                 m.credentials[0].items[0].claims,
                                 candidate.claims, &paths, &count),
                  YAO_OK);
    read_token(show_token(stored, paths, count), true, &seen, &shown.document);
    assert_int_equal(seen.input.disclosure_count, row->disclosed);
    assert_status(yao_dcql_check(test_arena(), &q, &shown, 1, &verdict),
                  YAO_OK);
    assert_int_equal(verdict.findings[0].extra, 0);
}

static void gives_what_was_shown_unasked(void **state)
{
    yao_bytes        stored = sd_issue(SD_PERSON, HIDDEN, 0);
    yao_sdjwt_path   more[SD_MAX_PATHS];
    yao_dcql_shown   shown = {.id = YAO_TEXT("p")};
    yao_dcql_query   q;
    yao_dcql_verdict verdict;
    sd_judged        seen;

    (void)state;
    parse_query(ASK(",\"claims\":[{\"path\":[\"family_name\"]}]"), &q);
    size_t count = sd_read_paths("family_name given_name", more);
    read_token(show_token(stored, more, count), true, &seen, &shown.document);
    assert_status(yao_dcql_check(test_arena(), &q, &shown, 1, &verdict),
                  YAO_OK);
    assert_int_equal(verdict.findings[0].extra, 1);
    assert_true(yao_text_equal(verdict.findings[0].first_extra,
                               YAO_TEXT("given_name")));

    parse_query(ASK(""), &q);
    assert_status(yao_dcql_check(test_arena(), &q, &shown, 1, &verdict),
                  YAO_OK);
    assert_int_equal(verdict.findings[0].extra, 2);
}

/* Held, it is bound by its key; shown, by the proof that came with it. */
static void refuses_a_token_without_its_holder(void **state)
{
    yao_bytes          stored = sd_issue(SD_PERSON, HIDDEN, 0);
    yao_dcql_candidate one;
    sd_judged          j;

    (void)state;
    read_token(stored, false, &j, &one);
    assert_true(one.bound);
    assert_status(yao_dcql_of_sdjwt(test_arena(), &j.input, j.verified.payload,
                                    true, &one),
                  YAO_OK);
    assert_false(one.bound);
    read_token(show_token(stored, NULL, 0), true, &j, &one);
    assert_true(one.bound);
}

static void never_binds_without_a_key(void **state)
{
    yao_sdjwt_unverified token = {.has_kb = true};
    yao_dcql_candidate   one;

    (void)state;
    assert_status(yao_dcql_of_sdjwt(test_arena(), &token,
                                    test_json(YAO_LIT("{\"vct\":\"x\"}")),
                                    true, &one),
                  YAO_OK);
    assert_false(one.bound);
    assert_int_equal(one.type_count, 1);
    assert_status(yao_dcql_of_sdjwt(test_arena(), &token,
                                    test_json(YAO_LIT("{\"vct\":7,\"cnf\":1}")),
                                    false, &one),
                  YAO_OK);
    assert_false(one.bound);
    assert_int_equal(one.type_count, 0);
}

/* ---- mdoc ---- */

#define MASK(rest)                                                             \
    "{\"credentials\":[{\"id\":\"p\",\"format\":\"mso_mdoc\",\"meta\":{"       \
    "\"doctype_value\":\"" MDOC_TYPE "\"}" rest "}]}"
#define IN(element) "{\"path\":[\"" MDOC_SPACE "\",\"" element "\"]"

static const struct mrow {
    const char *name, *query;
    bool        match;
    size_t      shown;
} mrows[] = {
    {"gives no element", MASK(""), true, 0},
    {"gives two elements",
     MASK(",\"claims\":[" IN("family_name") "}," IN("birth_date") "}]"), true,
     2},
    {"accepts a date", MASK(",\"claims\":[" IN("birth_date") ",\"values\":["
                            "\"1990-01-01\"]}]"),
     true, 1},
    {"refuses another date",
     MASK(",\"claims\":[" IN("birth_date") ",\"values\":[\"1990-01-02\"]}]"),
     false, 0},
    {"accepts yes to a question",
     MASK(",\"claims\":[" IN("age_over_18") ",\"values\":[true]}]"), true, 1},
    {"refuses no to a question",
     MASK(",\"claims\":[" IN("age_over_60") ",\"values\":[true]}]"), false, 0},
    {"refuses an age that it could only conclude",
     MASK(",\"claims\":[" IN("age_over_16") "}]"), false, 0},
};

static yao_bytes show_mdoc(yao_bytes issued, const yao_mdoc_selector *list,
                           size_t count)
{
    yao_bytes           transcript = mdoc_fixture_transcript("1");
    yao_mdoc_presenting p;
    yao_bytes           document, response;
    uint8_t             signature[YAO_MAX_SIGNATURE];
    size_t              len;

    if (count == 0)
        assert_status(
            yao_mdoc_present_bare(test_arena(), issued, transcript, &p),
            YAO_OK);
    else
        assert_status(yao_mdoc_present(test_arena(), issued, list, count,
                                       transcript, &p),
                      YAO_OK);
    assert_status(yao_openssl_sign(mdoc_fixture_get()->device_key, &p.wish,
                                   signature, &len),
                  YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    assert_status(
        yao_mdoc_put_document_signed(&w, &p, (yao_bytes){signature, len}),
        YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &document), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_mdoc_put_response(&w, &document, 1);
    assert_status(yao_writer_keep(&w, test_arena(), &response), YAO_OK);
    return response;
}

static void mdoc_row(void **state)
{
    const struct mrow       *row    = *state;
    yao_bytes                issued = mdoc_fixture_issued();
    const yao_mdoc_selector *list;
    yao_mdoc_unverified      held, seen;
    yao_dcql_candidate       candidate;
    yao_dcql_shown           shown = {.id = YAO_TEXT("p")};
    yao_dcql_query           q;
    yao_dcql_matching        m;
    yao_dcql_verdict         verdict;
    size_t                   count;

    parse_query(row->query, &q);
    assert_status(
        yao_mdoc_parse_issuer_signed(test_arena(), issued, true, &held),
        YAO_OK);
    assert_status(yao_dcql_of_mdoc(test_arena(), &held.documents[0], false,
                                   &candidate),
                  YAO_OK);
    assert_status(yao_dcql_match(test_arena(), &q, &candidate, 1, &m), YAO_OK);
    assert_int_equal(m.satisfied, row->match);
    if (!row->match)
        return;
    assert_status(yao_dcql_selectors(test_arena(), q.credentials,
                                     m.credentials[0].items[0].claims, &list,
                                     &count),
                  YAO_OK);
    yao_bytes response = show_mdoc(issued, list, count);
    assert_status(mdoc_fixture_judge(response, NULL).documents[0], YAO_OK);
    assert_status(yao_mdoc_parse_response(test_arena(), response, true, &seen),
                  YAO_OK);
    assert_status(yao_dcql_of_mdoc(test_arena(), &seen.documents[0], true,
                                   &shown.document),
                  YAO_OK);
    assert_int_equal(shown.document.item_count, row->shown);
    assert_status(yao_dcql_check(test_arena(), &q, &shown, 1, &verdict),
                  YAO_OK);
    assert_int_equal(verdict.findings[0].extra, 0);
}

static void refuses_an_mdoc_without_its_device(void **state)
{
    yao_mdoc_unverified held;
    yao_dcql_candidate  one;

    (void)state;
    assert_status(yao_mdoc_parse_issuer_signed(
                      test_arena(), mdoc_fixture_issued(), true, &held),
                  YAO_OK);
    assert_status(
        yao_dcql_of_mdoc(test_arena(), &held.documents[0], false, &one),
        YAO_OK);
    assert_true(one.bound);
    assert_status(
        yao_dcql_of_mdoc(test_arena(), &held.documents[0], true, &one), YAO_OK);
    assert_false(one.bound);
}

/* ---- whose document it is ---- */

static void gives_the_key_identifiers_of_the_chain(void **state)
{
    yao_mdoc_unverified  held;
    yao_dcql_candidate   one;
    yao_certificate      signer, root;
    yao_sdjwt_unverified token = {.issuer = {.chain_count = 2}};

    (void)state;
    assert_status(yao_x509_read(mdoc_fixture_get()->signer, &signer), YAO_OK);
    assert_status(yao_x509_read(mdoc_fixture_get()->root, &root), YAO_OK);
    assert_status(yao_mdoc_parse_issuer_signed(
                      test_arena(), mdoc_fixture_issued(), true, &held),
                  YAO_OK);
    assert_status(
        yao_dcql_of_mdoc(test_arena(), &held.documents[0], false, &one),
        YAO_OK);
    assert_int_equal(one.membership_count, 1);
    assert_int_equal(one.memberships[0].kind, YAO_DCQL_AKI);
    assert_bytes(one.memberships[0].value, signer.aki);
    assert_bytes(one.memberships[0].value, root.ski);

    token.issuer.chain[0] = YAO_LIT("no certificate");
    token.issuer.chain[1] = mdoc_fixture_get()->signer;
    assert_status(yao_dcql_of_sdjwt(test_arena(), &token,
                                    test_json(YAO_LIT("{}")), false, &one),
                  YAO_OK);
    assert_int_equal(one.membership_count, 1);
    assert_bytes(one.memberships[0].value, signer.aki);
}

static yao_status take_in(yao_arena *arena, void *context)
{
    const yao_mdoc_unverified *held = context;
    yao_sdjwt_unverified       token = {.issuer = {.chain_count = 1}};
    static uint8_t             room[4096];
    yao_arena                  other = {room, sizeof room, 0};
    const yao_json            *payload;
    yao_dcql_candidate         one;

    token.issuer.chain[0] = mdoc_fixture_get()->signer;
    assert_status(
        yao_json_parse(&other, YAO_LIT("{\"vct\":\"\\u0061\"}"), &payload),
        YAO_OK);
    YAO_TRY(yao_dcql_of_mdoc(arena, &held->documents[0], false, &one));
    return yao_dcql_of_sdjwt(arena, &token, payload, false, &one);
}

static void gives_space_in_every_arena(void **state)
{
    yao_mdoc_unverified held;

    (void)state;
    assert_status(yao_mdoc_parse_issuer_signed(
                      test_arena(), mdoc_fixture_issued(), true, &held),
                  YAO_OK);
    test_every_arena(take_in, &held, 4096);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("sdjwt", rows[i].name, sdjwt_row, &rows[i]);
    for (size_t i = 0; i < COUNT(mrows); i++)
        test_add("mdoc", mrows[i].name, mdoc_row, &mrows[i]);
    test_add("sdjwt", "gives what was shown unasked",
             gives_what_was_shown_unasked, NULL);
    test_add("sdjwt", "refuses a token without its holder",
             refuses_a_token_without_its_holder, NULL);
    test_add("sdjwt", "never binds without a key", never_binds_without_a_key,
             NULL);
    test_add("mdoc", "refuses a document without its device",
             refuses_an_mdoc_without_its_device, NULL);
    test_add("of", "gives the key identifiers of the chain",
             gives_the_key_identifiers_of_the_chain, NULL);
    test_add("of", "gives YAO_E_SPACE in every arena that is too small",
             gives_space_in_every_arena, NULL);
    return test_run("vp/dcql_candidate");
}
