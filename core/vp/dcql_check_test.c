/* SPDX-License-Identifier: Apache-2.0 */
/* What a verifier says to an answer (OpenID4VP 1.0 section 8.6). */
#include "vp/dcql.h"

#include "support/check.h"
#include "support/dcql_world.h"

#include <stdio.h>

/* One query of each kind: of an SD-JWT, of an mdoc, of several, without
 * binding. */
#define QUERY                                                                  \
    "{\"credentials\":[{\"id\":\"sd\",\"format\":\"dc+sd-jwt\",\"meta\":{"     \
    "\"vct_values\":[\"urn:a\",\"urn:b\"]},\"trusted_authorities\":[{\"type\"" \
    ":\"aki\",\"values\":[\"AQI\"]}],\"claims\":[{\"path\":[\"name\"],"        \
    "\"values\":[\"Li\",\"Wang\"]},{\"path\":[\"list\",1]},{\"path\":["        \
    "\"address\",\"city\"]}]},{\"id\":\"md\",\"format\":\"mso_mdoc\",\"meta\"" \
    ":{\"doctype_value\":\"d\"},\"claims\":[{\"id\":\"x\",\"path\":[\"s\","    \
    "\"age\"],\"values\":[true]},{\"id\":\"y\",\"path\":[\"s\",\"birth\"]}],"  \
    "\"claim_sets\":[[\"x\"],[\"y\"]]},{\"id\":\"many\",\"format\":"           \
    "\"mso_mdoc\",\"multiple\":true,\"require_cryptographic_holder_binding\":" \
    "false,\"meta\":{\"doctype_value\":\"d\"}}]%s}"
#define SETS                                                                   \
    ",\"credential_sets\":[{\"options\":[[\"sd\"],[\"md\",\"many\"]]},"        \
    "{\"options\":[[\"many\"]],\"required\":false}]"

#define SAYS                                                                   \
    "\"claims\":{\"name\":\"Li\",\"list\":[\"p\",\"q\"],\"address\":{"         \
    "\"city\":\"Tianjin\"}}"
#define HEAD  "{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:a\"],"
#define AKI   "\"akis\":[\"AQI\"],"
#define SD    HEAD AKI SAYS "}"
#define MHEAD "{\"format\":\"mso_mdoc\",\"types\":[\"d\"],"
#define MD    MHEAD "\"claims\":{\"s\":{\"age\":true}}}"
#define MANY  MHEAD "\"claims\":{}}"

static const struct row {
    const char *name;
    bool        sets;
    const char *ids[4], *shown; /* under which id each */
    yao_status  want;
    const char *faults; /* words */
    unsigned    answered;
    size_t      extra; /* of the first */
} rows[] = {
    {"accepts all three", false, {"sd", "md", "many"}, SD "," MD "," MANY,
     YAO_OK, "fits fits fits ", 7, 0},
    {"accepts several where several are taken", false,
     {"sd", "md", "many", "many"}, SD "," MD "," MANY "," MANY, YAO_OK,
     "fits fits fits fits ", 7, 0},
    {"refuses that one is missing", false, {"sd", "md"}, SD "," MD,
     YAO_E_MISSING, "fits fits ", 3, 0},
    {"refuses an empty answer", false, {NULL}, "", YAO_E_MISSING, "", 0, 0},
    {"accepts an option", true, {"sd"}, SD, YAO_OK, "fits ", 1, 0},
    {"accepts the other option", true, {"md", "many"}, MD "," MANY, YAO_OK,
     "fits fits ", 6, 0},
    {"refuses half an option", true, {"md"}, MD, YAO_E_MISSING, "fits ", 2, 0},
    {"refuses only what is optional", true, {"many"}, MANY, YAO_E_MISSING,
     "fits ", 4, 0},
    {"accepts an option and what is optional", true, {"sd", "many"},
     SD "," MANY, YAO_OK, "fits fits ", 5, 0},

    /* the answer's shape */
    {"refuses an id that nobody asked for (misuse N224)", true, {"sd", "xx"},
     SD "," SD, YAO_E_MALFORMED, "fits id ", 1, 0},
    {"refuses an id in other letters", true, {"SD"}, SD, YAO_E_MALFORMED,
     "id ", 0, 0},
    {"refuses a second of one (misuse N224)", true, {"sd", "sd"}, SD "," SD,
     YAO_E_MALFORMED, "fits number ", 1, 0},
    {"refuses a second even when the first is none", true, {"sd", "sd"},
     MD "," SD, YAO_E_MALFORMED, "format number ", 0, 0},

    /* each of its documents */
    {"refuses another format", true, {"sd"},
     "{\"format\":\"mso_mdoc\",\"types\":[\"urn:a\"],\"claims\":{}}",
     YAO_E_MISSING, "format ", 0, 0},
    {"refuses another vct", true, {"sd"},
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:c\"]," AKI SAYS "}",
     YAO_E_MISSING, "type ", 0, 0},
    {"accepts the other vct", true, {"sd"},
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:b\"]," AKI SAYS "}", YAO_OK,
     "fits ", 1, 0},
    {"refuses another docType (misuse N028)", true, {"md", "many"},
     "{\"format\":\"mso_mdoc\",\"types\":[\"e\"],\"claims\":{\"s\":{\"age\":"
     "true}}}," MANY,
     YAO_E_MISSING, "type fits ", 4, 0},
    {"refuses another issuer", true, {"sd"},
     HEAD "\"akis\":[\"AQM\"]," SAYS "}", YAO_E_MISSING, "authority ", 0, 0},
    {"refuses an issuer that is not said", true, {"sd"}, HEAD SAYS "}",
     YAO_E_MISSING, "authority ", 0, 0},
    {"refuses a document without its holder", true, {"sd"},
     HEAD AKI "\"bound\":false," SAYS "}", YAO_E_MISSING, "binding ", 0, 0},
    {"accepts that where it was not asked", false, {"sd", "md", "many"},
     SD "," MD "," MHEAD "\"bound\":false,\"claims\":{}}", YAO_OK,
     "fits fits fits ", 7, 0},
    {"refuses a claim that is missing", true, {"sd"},
     HEAD AKI "\"claims\":{\"name\":\"Li\",\"list\":[\"p\",\"q\"]}}",
     YAO_E_MISSING, "claims ", 0, 0},
    {"refuses a claim of another value", true, {"sd"},
     HEAD AKI "\"claims\":{\"name\":\"Zhao\",\"list\":[\"p\",\"q\"],"
              "\"address\":{\"city\":\"T\"}}}",
     YAO_E_MISSING, "claims ", 0, 0},
    {"accepts the other value", true, {"sd"},
     HEAD AKI "\"claims\":{\"name\":\"Wang\",\"list\":[\"p\",\"q\"],"
              "\"address\":{\"city\":\"T\"}}}",
     YAO_OK, "fits ", 1, 0},
    {"refuses no to a question", true, {"md", "many"},
     MHEAD "\"claims\":{\"s\":{\"age\":false}}}," MANY, YAO_E_MISSING,
     "claims fits ", 4, 0},
    {"accepts the second claim set", true, {"md", "many"},
     MHEAD "\"claims\":{\"s\":{\"birth\":\"1990\"}}}," MANY, YAO_OK,
     "fits fits ", 6, 0},

    /* arrays, of which the rest is hidden */
    {"accepts a second item that is shown alone", true, {"sd"},
     HEAD AKI "\"claims\":{\"name\":\"Li\",\"list\":[\"q\"],\"address\":{"
              "\"city\":\"T\"}}}",
     YAO_OK, "fits ", 1, 0},
    {"refuses an empty array", true, {"sd"},
     HEAD AKI "\"claims\":{\"name\":\"Li\",\"list\":[],\"address\":{\"city\":"
              "\"T\"}}}",
     YAO_E_MISSING, "claims ", 0, 0},

    /* what nobody asked for */
    {"notes elements that nobody asked for", true, {"md", "many"},
     MHEAD "\"claims\":{\"s\":{\"age\":true,\"birth\":\"1990\",\"name\":\"x\"},"
           "\"s2\":{\"age\":true}}}," MANY,
     YAO_OK, "fits fits ", 6, 3},

    /* one that is bad is as if it was not there */
    {"accepts one of several beside a bad one", false,
     {"sd", "md", "many", "many"},
     SD "," MD "," MANY ",{\"format\":\"mso_mdoc\",\"types\":[\"e\"],"
     "\"claims\":{}}",
     YAO_OK, "fits fits fits type ", 7, 0},
};

static yao_bytes query_of(bool sets)
{
    char       query[4096];
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    snprintf(query, sizeof query, QUERY, sets ? SETS : "");
    yao_put_text(&w, query);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static size_t read_shown(const char *list, const char *const *ids,
                         yao_dcql_shown *ret)
{
    static world    held;
    const yao_json *root;
    yao_writer      w = yao_writer_in(test_arena());
    yao_bytes       json;

    yao_put_byte(&w, '[');
    yao_put_text(&w, list);
    yao_put_byte(&w, ']');
    assert_status(yao_writer_keep(&w, test_arena(), &json), YAO_OK);
    assert_status(yao_json_parse(test_arena(), json, &root), YAO_OK);
    assert_status(world_read(test_arena(), root, &held), YAO_OK);
    for (size_t i = 0; i < held.count; i++)
        ret[i] = (yao_dcql_shown){yao_text_of(ids[i]), held.held[i]};
    return held.count;
}

static void check_row(void **state)
{
    const struct row *row = *state;
    yao_dcql_shown    shown[4];
    size_t            count  = read_shown(row->shown, row->ids, shown);
    char              words[128] = "";
    yao_dcql_verdict  verdict;
    yao_dcql_query    q;

    assert_status(yao_dcql_parse(test_arena(), query_of(row->sets), &q),
                  YAO_OK);
    assert_status(yao_dcql_check(test_arena(), &q, shown, count, &verdict),
                  row->want);
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(words);

        snprintf(words + len, sizeof words - len, "%s ",
                 yao_dcql_fault_name(verdict.findings[i].fault));
    }
    assert_string_equal(words, row->faults);
    assert_int_equal(verdict.answered, row->answered);
    assert_int_equal(verdict.complete, row->want == YAO_OK);
    if (count != 0)
        assert_int_equal(verdict.findings[0].extra, row->extra);
}

/* ---- claims that were disclosed unasked ---- */

/* NODE was disclosed. */
static void disclose(yao_sdjwt_unverified *token, const yao_json *node)
{
    yao_json *parts = yao_arena_take_array(test_arena(), 3, sizeof *parts);

    assert_non_null(parts);
    assert_non_null(node);
    parts[2]      = *node;
    parts[2].next = NULL;
    parts[1].next = &parts[2];
    parts[0].first = &parts[1];
    token->disclosures[token->disclosure_count++].array = &parts[0];
}

static void gives_claims_that_nobody_asked_for(void **state)
{
    static const char *const ids[] = {"sd"};
    yao_sdjwt_disclosure     room[8];
    yao_sdjwt_unverified     token = {.disclosures = room};
    yao_dcql_shown           shown[1];
    yao_dcql_verdict         verdict;
    yao_dcql_query           q;

    (void)state;
    read_shown(HEAD AKI
               "\"claims\":{\"iss\":\"i\",\"name\":\"Li\",\"list\":[\"p\","
               "\"q\",\"r\"],\"address\":{\"city\":\"T\",\"street\":\"S\"},"
               "\"secret\":{\"a\":1}}}",
               ids, shown);
    const yao_json *claims = shown[0].document.claims;
    const yao_json *list   = yao_json_get(claims, "list");
    const yao_json *home   = yao_json_get(claims, "address");
    shown[0].document.token = &token;
    assert_status(yao_dcql_parse(test_arena(), query_of(true), &q), YAO_OK);

    disclose(&token, yao_json_get(claims, "name"));
    disclose(&token, home);
    disclose(&token, yao_json_get(home, "city"));
    disclose(&token, list->first->next);
    assert_status(yao_dcql_check(test_arena(), &q, shown, 1, &verdict), YAO_OK);
    assert_int_equal(verdict.findings[0].extra, 0);

    disclose(&token, list->first->next->next);
    assert_status(yao_dcql_check(test_arena(), &q, shown, 1, &verdict), YAO_OK);
    assert_int_equal(verdict.findings[0].extra, 1);

    disclose(&token, yao_json_get(home, "street"));
    disclose(&token, yao_json_get(claims, "secret"));
    assert_status(yao_dcql_check(test_arena(), &q, shown, 1, &verdict), YAO_OK);
    assert_int_equal(verdict.findings[0].extra, 3);
    shown[0].document.token = NULL;
    assert_status(yao_dcql_check(test_arena(), &q, shown, 1, &verdict), YAO_OK);
    assert_int_equal(verdict.findings[0].extra, 0);
}

/* An item before the one that is meant may be anything, and so may one at its
 * place, when others before it are withheld. */
static void accepts_any_item_before_an_index(void **state)
{
    static const char *const ids[] = {"q"};
    yao_dcql_shown           shown[1];
    yao_dcql_verdict         verdict;
    yao_dcql_query           q;

    (void)state;
    assert_status(
        yao_dcql_parse(test_arena(),
                       YAO_LIT("{\"credentials\":[{\"id\":\"q\",\"format\":"
                               "\"dc+sd-jwt\",\"meta\":{\"vct_values\":["
                               "\"urn:a\"]},\"claims\":[{\"path\":[\"list\",1,"
                               "\"n\"]}]}]}"),
                       &q),
        YAO_OK);
    read_shown(HEAD "\"claims\":{\"list\":[\"x\",{\"n\":1}]}}", ids, shown);
    assert_status(yao_dcql_check(test_arena(), &q, shown, 1, &verdict), YAO_OK);
    read_shown(HEAD "\"claims\":{\"list\":[{\"n\":1}]}}", ids, shown);
    assert_status(yao_dcql_check(test_arena(), &q, shown, 1, &verdict), YAO_OK);
    read_shown(HEAD "\"claims\":{\"list\":[{\"n\":1},\"x\"]}}", ids, shown);
    assert_status(yao_dcql_check(test_arena(), &q, shown, 1, &verdict), YAO_OK);
    read_shown(HEAD "\"claims\":{\"list\":[\"x\",\"y\",{\"n\":1}]}}", ids,
               shown);
    assert_status(yao_dcql_check(test_arena(), &q, shown, 1, &verdict),
                  YAO_E_MISSING);
}

/* ---- one name at a time ---- */

static yao_sdjwt_path path_of(const char *a, const char *b)
{
    yao_text *steps = yao_arena_take_array(test_arena(), 2, sizeof *steps);

    steps[0] = yao_text_of(a);
    steps[1] = yao_text_of(b);
    return (yao_sdjwt_path){steps, b == NULL ? 1 : 2};
}

static bool asks(const yao_dcql_query *q, yao_dcql_claims claims, const char *a,
                 const char *b)
{
    yao_sdjwt_path path = path_of(a, b);

    return yao_dcql_asks_path(&q->credentials[0], claims, &path);
}

static void gives_what_was_asked_for(void **state)
{
    const yao_text s = YAO_TEXT("s");
    yao_dcql_query q;

    (void)state;
    assert_status(yao_dcql_parse(test_arena(), query_of(true), &q), YAO_OK);
    const yao_dcql_credential *md = &q.credentials[1];

    assert_true(yao_dcql_asks_element(md, 1, s, YAO_TEXT("age")));
    assert_false(yao_dcql_asks_element(md, 2, s, YAO_TEXT("age")));
    assert_false(yao_dcql_asks_element(md, 1, YAO_TEXT("t"), YAO_TEXT("age")));
    assert_false(yao_dcql_asks_element(md, 3, s, YAO_TEXT("name")));
    assert_false(yao_dcql_asks_element(&q.credentials[0], 7, s,
                                       YAO_TEXT("age")));

    assert_true(asks(&q, 7, "name", NULL));
    assert_true(asks(&q, 7, "name", "inside"));
    assert_true(asks(&q, 7, "address", NULL));
    assert_true(asks(&q, 7, "address", "city"));
    assert_false(asks(&q, 7, "address", "street"));
    assert_false(asks(&q, 6, "name", NULL));
    assert_true(asks(&q, 7, "list", "0"));
    assert_true(asks(&q, 7, "list", "1"));
    assert_false(asks(&q, 7, "list", "2"));
    assert_false(asks(&q, 7, "list", "x"));
    assert_false(asks(&q, 7, "list", "12345678"));
    assert_false(asks(&q, 0, "name", NULL));
}

static void gives_a_word_for_each_fault(void **state)
{
    (void)state;
    for (int i = YAO_DCQL_UNCHECKED; i <= YAO_DCQL_WRONG_CLAIMS; i++)
        assert_string_not_equal(yao_dcql_fault_name((yao_dcql_fault)i),
                                "unknown");
    assert_string_equal(yao_dcql_fault_name((yao_dcql_fault)99), "unknown");
}

/* ---- room ---- */

static yao_status check_in(yao_arena *arena, void *context)
{
    yao_dcql_query  *q = context;
    yao_dcql_shown   shown[3] = {{.id = YAO_TEXT("x")}};
    yao_dcql_verdict verdict;
    yao_status       status = yao_dcql_check(arena, q, shown, 1, &verdict);

    return status == YAO_E_MALFORMED ? YAO_OK : status;
}

static void refuses_too_many(void **state)
{
    static yao_dcql_shown shown[YAO_DCQL_MAX_SHOWN + 1];
    yao_dcql_verdict      verdict;
    yao_dcql_query        q;

    (void)state;
    assert_status(yao_dcql_parse(test_arena(), query_of(true), &q), YAO_OK);
    assert_status(yao_dcql_check(test_arena(), &q, shown,
                                 YAO_DCQL_MAX_SHOWN + 1, &verdict),
                  YAO_E_LIMIT);
    assert_status(yao_dcql_check(test_arena(), &q, shown, YAO_DCQL_MAX_SHOWN,
                                 &verdict),
                  YAO_E_MALFORMED);
    test_every_arena(check_in, &q, 4096);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("check", rows[i].name, check_row, &rows[i]);
    test_add("check", "gives claims that nobody asked for",
             gives_claims_that_nobody_asked_for, NULL);
    test_add("check", "refuses more presentations than the limit",
             refuses_too_many, NULL);
    test_add("check", "accepts any item before the one that is meant",
             accepts_any_item_before_an_index, NULL);
    test_add("asks", "gives what was asked for, and nothing else",
             gives_what_was_asked_for, NULL);
    test_add("fault", "gives a word for each", gives_a_word_for_each_fault,
             NULL);
    return test_run("vp/dcql_check");
}
