/* SPDX-License-Identifier: Apache-2.0 */
/* Queries from JSON and back (OpenID4VP 1.0 section 6). */
#include "vp/dcql.h"

#include "support/check.h"

#include <stdio.h>

/* ---- pieces of queries ---- */

#define SD "\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[\"urn:a\"]}"
#define MD "\"format\":\"mso_mdoc\",\"meta\":{\"doctype_value\":\"d\"}"
#define Q(rest)     "{\"credentials\":[{" rest "}]}"
#define A(rest)     Q("\"id\":\"a\"," rest)
#define CLAIM(rest) A(SD ",\"claims\":[{" rest "}]")
#define PATH(steps) CLAIM("\"path\":[" steps "]")
#define MPATH(steps)                                                           \
    A(MD ",\"claims\":[{\"path\":[" steps "]}]")
#define VALUES(list) CLAIM("\"path\":[\"n\"],\"values\":" list)
#define C3                                                                     \
    "\"claims\":[{\"id\":\"x\",\"path\":[\"x\"]},{\"id\":\"y\",\"path\":"      \
    "[\"y\"]},{\"id\":\"z\",\"path\":[\"z\"]}]"
#define SETS(list)  A(SD "," C3 ",\"claim_sets\":" list)
#define TRUST(list) A(SD ",\"trusted_authorities\":" list)
#define TWO         "{\"id\":\"a\"," SD "},{\"id\":\"b\"," MD "}"
#define CSETS(list) "{\"credentials\":[" TWO "],\"credential_sets\":" list "}"

#define ID32   "0123456789abcdef0123456789ABCDE_"
#define ID128  ID32 ID32 ID32 ID32
#define S4     "\"a\",\"a\",\"a\",\"a\""
#define S16    S4 "," S4 "," S4 "," S4
#define SET16  "[\"x\"],[\"x\"],[\"x\"],[\"x\"],[\"x\"],[\"x\"],[\"x\"]," \
               "[\"x\"],[\"x\"],[\"x\"],[\"x\"],[\"x\"],[\"x\"],[\"x\"],"  \
               "[\"x\"],[\"x\"]"
#define OPT16  "[\"a\"],[\"a\"],[\"a\"],[\"a\"],[\"a\"],[\"a\"],[\"a\"]," \
               "[\"a\"],[\"a\"],[\"a\"],[\"a\"],[\"a\"],[\"a\"],[\"a\"],"  \
               "[\"a\"],[\"a\"]"
#define TEN(x) x "," x "," x "," x "," x "," x "," x "," x "," x "," x
#define V64    TEN("1") "," TEN("2") "," TEN("3") "," TEN("4") "," TEN("5") \
               "," TEN("6") ",7,7,7,7"
#define T64    TEN("\"t\"") "," TEN("\"t\"") "," TEN("\"t\"") ","          \
               TEN("\"t\"") "," TEN("\"t\"") "," TEN("\"t\"") ","          \
               "\"t\",\"t\",\"t\",\"t\""
#define P      "{\"path\":[\"p\"]}"
#define P64    TEN(P) "," TEN(P) "," TEN(P) "," TEN(P) "," TEN(P) ","      \
               TEN(P) "," P "," P "," P "," P
#define OA     "{\"options\":[[\"a\"]]}"
#define AKI1   "{\"type\":\"aki\",\"values\":[\"AQI\"]}"

static const struct row {
    const char *name, *json;
    yao_status  want;
} rows[] = {
    /* the query */
    {"accepts one credential", A(SD), YAO_OK},
    {"accepts members that nobody knows",
     "{\"purpose\":1,\"credentials\":[{\"id\":\"a\",\"x\":[]," SD
     ",\"claims\":[{\"path\":[\"n\"],\"y\":{}}]}]}",
     YAO_OK},
    {"refuses a list", "[]", YAO_E_MALFORMED},
    {"refuses a text", "\"q\"", YAO_E_MALFORMED},
    {"refuses no credentials", "{}", YAO_E_MISSING},
    {"refuses credentials that are an object", "{\"credentials\":{}}",
     YAO_E_MALFORMED},
    {"refuses credentials that are null", "{\"credentials\":null}",
     YAO_E_MALFORMED},
    {"refuses an empty list of credentials", "{\"credentials\":[]}",
     YAO_E_MALFORMED},
    {"refuses a credential that is a text", "{\"credentials\":[\"a\"]}",
     YAO_E_MALFORMED},
    {"refuses a member twice", "{\"credentials\":[],\"credentials\":[]}",
     YAO_E_DUPLICATE},
    {"refuses half a query", "{\"credentials\":[{", YAO_E_TRUNCATED},
    {"refuses a byte after it", A(SD) "x", YAO_E_TRAILING},

    /* id */
    {"accepts every letter of an id", Q("\"id\":\"azAZ09_-\"," SD), YAO_OK},
    {"accepts an id of 128 letters", Q("\"id\":\"" ID128 "\"," SD), YAO_OK},
    {"refuses one of 129 (misuse N214)", Q("\"id\":\"" ID128 "x\"," SD),
     YAO_E_LIMIT},
    {"refuses no id", Q(SD), YAO_E_MISSING},
    {"refuses an empty id", Q("\"id\":\"\"," SD), YAO_E_MALFORMED},
    {"refuses an id that is a number", Q("\"id\":1," SD), YAO_E_MALFORMED},
    {"refuses an id with a dot (misuse N214)", Q("\"id\":\"a.b\"," SD),
     YAO_E_VALUE},
    {"refuses an id with a space", Q("\"id\":\"a b\"," SD), YAO_E_VALUE},
    {"refuses an id in Chinese", Q("\"id\":\"\xe7\x89\x8c\"," SD), YAO_E_VALUE},
    {"accepts an escaped letter", Q("\"id\":\"\\u0061\"," SD), YAO_OK},
    {"refuses an escaped dot", Q("\"id\":\"\\u002e\"," SD), YAO_E_VALUE},
    {"refuses an id twice (misuse N214)",
     "{\"credentials\":[{\"id\":\"a\"," SD "},{\"id\":\"a\"," MD "}]}",
     YAO_E_DUPLICATE},
    {"refuses an id twice, once escaped",
     "{\"credentials\":[{\"id\":\"a\"," SD "},{\"id\":\"\\u0061\"," MD "}]}",
     YAO_E_DUPLICATE},
    {"accepts ids that differ in case",
     "{\"credentials\":[{\"id\":\"a\"," SD "},{\"id\":\"A\"," MD "}]}", YAO_OK},

    /* format and meta */
    {"accepts an mdoc", A(MD), YAO_OK},
    {"accepts a format that nobody here knows",
     A("\"format\":\"ldp_vc\",\"meta\":{\"type_values\":[[\"x\"]]}"), YAO_OK},
    {"accepts such a format with an empty meta",
     A("\"format\":\"jwt_vc_json\",\"meta\":{}"), YAO_OK},
    {"refuses no format", A("\"meta\":{\"vct_values\":[\"urn:a\"]}"),
     YAO_E_MISSING},
    {"refuses a format that is empty", A("\"format\":\"\",\"meta\":{}"),
     YAO_E_MALFORMED},
    {"refuses a format that is a list", A("\"format\":[],\"meta\":{}"),
     YAO_E_MALFORMED},
    {"refuses no meta", A("\"format\":\"dc+sd-jwt\""), YAO_E_MISSING},
    {"refuses no meta of another format", A("\"format\":\"ldp_vc\""),
     YAO_E_MISSING},
    {"refuses a meta that is a list", A("\"format\":\"ldp_vc\",\"meta\":[]"),
     YAO_E_MALFORMED},
    {"refuses no vct_values", A("\"format\":\"dc+sd-jwt\",\"meta\":{}"),
     YAO_E_MISSING},
    {"refuses vct_values that are a text",
     A("\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":\"urn:a\"}"),
     YAO_E_MALFORMED},
    {"refuses no vct value",
     A("\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[]}"),
     YAO_E_MALFORMED},
    {"refuses a vct that is empty",
     A("\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[\"\"]}"),
     YAO_E_MALFORMED},
    {"refuses a vct that is a number",
     A("\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[1]}"),
     YAO_E_MALFORMED},
    {"accepts 64 vct values",
     A("\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[" T64 "]}"), YAO_OK},
    {"refuses 65",
     A("\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[" T64 ",\"t\"]}"),
     YAO_E_LIMIT},
    {"refuses no doctype_value", A("\"format\":\"mso_mdoc\",\"meta\":{}"),
     YAO_E_MISSING},
    {"refuses a doctype_value that is a list",
     A("\"format\":\"mso_mdoc\",\"meta\":{\"doctype_value\":[\"d\"]}"),
     YAO_E_MALFORMED},
    {"refuses a doctype_value that is empty",
     A("\"format\":\"mso_mdoc\",\"meta\":{\"doctype_value\":\"\"}"),
     YAO_E_MALFORMED},

    /* multiple and binding */
    {"accepts several", A(SD ",\"multiple\":true"), YAO_OK},
    {"refuses several as a text", A(SD ",\"multiple\":\"true\""),
     YAO_E_MALFORMED},
    {"refuses several as null", A(SD ",\"multiple\":null"), YAO_E_MALFORMED},
    {"accepts no binding",
     A(SD ",\"require_cryptographic_holder_binding\":false"), YAO_OK},
    {"refuses a binding that is a number",
     A(SD ",\"require_cryptographic_holder_binding\":0"), YAO_E_MALFORMED},

    /* trusted_authorities */
    {"accepts each kind of authority",
     TRUST("[" AKI1 ",{\"type\":\"etsi_tl\",\"values\":[\"https://l\"]},"
           "{\"type\":\"openid_federation\",\"values\":[\"https://f\"]}]"),
     YAO_OK},
    {"accepts a kind that nobody knows",
     TRUST("[{\"type\":\"star\",\"values\":[\"!\"]}]"), YAO_OK},
    {"refuses authorities that are an object", TRUST("{}"), YAO_E_MALFORMED},
    {"refuses an empty list of authorities", TRUST("[]"), YAO_E_MALFORMED},
    {"refuses an authority that is a text", TRUST("[\"aki\"]"),
     YAO_E_MALFORMED},
    {"refuses an authority without type", TRUST("[{\"values\":[\"AQI\"]}]"),
     YAO_E_MISSING},
    {"refuses a type that is a number",
     TRUST("[{\"type\":1,\"values\":[\"AQI\"]}]"), YAO_E_MALFORMED},
    {"refuses an authority without values", TRUST("[{\"type\":\"aki\"}]"),
     YAO_E_MISSING},
    {"refuses an authority's values that are empty",
     TRUST("[{\"type\":\"aki\",\"values\":[]}]"), YAO_E_MALFORMED},
    {"refuses a value that is empty",
     TRUST("[{\"type\":\"etsi_tl\",\"values\":[\"\"]}]"), YAO_E_MALFORMED},
    {"refuses a value that is a number",
     TRUST("[{\"type\":\"etsi_tl\",\"values\":[1]}]"), YAO_E_MALFORMED},
    {"refuses a key identifier that is no base64url",
     TRUST("[{\"type\":\"aki\",\"values\":[\"A*I\"]}]"), YAO_E_BASE64},
    {"refuses a key identifier with padding",
     TRUST("[{\"type\":\"aki\",\"values\":[\"AQI=\"]}]"), YAO_E_BASE64},
    {"accepts 64 values of an authority",
     TRUST("[{\"type\":\"etsi_tl\",\"values\":[" T64 "]}]"), YAO_OK},
    {"refuses 65 of an authority",
     TRUST("[{\"type\":\"etsi_tl\",\"values\":[" T64 ",\"t\"]}]"), YAO_E_LIMIT},

    /* claims */
    {"accepts a claim", PATH("\"n\""), YAO_OK},
    {"refuses claims that are an object", A(SD ",\"claims\":{}"),
     YAO_E_MALFORMED},
    {"refuses an empty list of claims", A(SD ",\"claims\":[]"),
     YAO_E_MALFORMED},
    {"refuses a claim that is a path", A(SD ",\"claims\":[[\"n\"]]"),
     YAO_E_MALFORMED},
    {"accepts 64 claims", A(SD ",\"claims\":[" P64 "]"), YAO_OK},
    {"refuses 65 claims (misuse N214)", A(SD ",\"claims\":[" P64 "," P "]"),
     YAO_E_LIMIT},
    {"accepts a claim twice",
     A(SD ",\"claims\":[{\"path\":[\"n\"]},{\"path\":[\"n\"]}]"), YAO_OK},
    {"refuses a claim's id twice",
     A(SD ",\"claims\":[{\"id\":\"x\",\"path\":[\"n\"]},{\"id\":\"x\","
          "\"path\":[\"m\"]}]"),
     YAO_E_DUPLICATE},
    {"accepts a claim's id in two credentials",
     "{\"credentials\":[{\"id\":\"a\"," SD "," C3 "},{\"id\":\"b\"," SD "," C3
     "}]}",
     YAO_OK},
    {"refuses a claim's id with other letters",
     CLAIM("\"id\":\"n/n\",\"path\":[\"n\"]"), YAO_E_VALUE},
    {"refuses a claim's id that is empty",
     CLAIM("\"id\":\"\",\"path\":[\"n\"]"), YAO_E_MALFORMED},
    {"refuses a claim's id that is null",
     CLAIM("\"id\":null,\"path\":[\"n\"]"), YAO_E_MALFORMED},

    /* paths */
    {"accepts names, indexes and null", PATH("\"a\",0,null,\"\",4294967295"),
     YAO_OK},
    {"refuses no path", CLAIM("\"id\":\"n\""), YAO_E_MISSING},
    {"refuses a path that is a text", CLAIM("\"path\":\"n\""),
     YAO_E_MALFORMED},
    {"refuses an empty path", PATH(""), YAO_E_MALFORMED},
    {"refuses a negative index", PATH("\"a\",-1"), YAO_E_VALUE},
    {"refuses a fraction", PATH("\"a\",1.5"), YAO_E_VALUE},
    {"refuses a fraction that is none", PATH("\"a\",1.0"), YAO_E_VALUE},
    {"refuses an exponent", PATH("\"a\",1e2"), YAO_E_VALUE},
    {"refuses an index above 32 bits", PATH("\"a\",4294967296"), YAO_E_LIMIT},
    {"refuses an index above 64 bits", PATH("\"a\",18446744073709551616"),
     YAO_E_LIMIT},
    {"refuses a step that is a truth", PATH("true"), YAO_E_MALFORMED},
    {"refuses a step that is a path", PATH("[\"a\"]"), YAO_E_MALFORMED},
    {"accepts 16 steps", PATH(S16), YAO_OK},
    {"refuses 17 steps (misuse N214)", PATH(S16 ",\"a\""), YAO_E_LIMIT},
    {"accepts namespace and element", MPATH("\"s\",\"e\""), YAO_OK},
    {"refuses an mdoc's path of one", MPATH("\"s\""), YAO_E_VALUE},
    {"refuses an mdoc's path of three", MPATH("\"s\",\"e\",\"f\""),
     YAO_E_VALUE},
    {"refuses an mdoc's path with null", MPATH("\"s\",null"), YAO_E_VALUE},
    {"refuses an mdoc's path with an index", MPATH("\"s\",0"), YAO_E_VALUE},
    {"refuses an mdoc's path that begins with null", MPATH("null,\"e\""),
     YAO_E_VALUE},

    /* values */
    {"accepts texts, integers and truths", VALUES("[\"x\",-1,true,false,\"\"]"),
     YAO_OK},
    {"refuses values that are a text", VALUES("\"x\""), YAO_E_MALFORMED},
    {"refuses no values", VALUES("[]"), YAO_E_MALFORMED},
    {"refuses null as a value", VALUES("[null]"), YAO_E_MALFORMED},
    {"refuses an object as a value", VALUES("[{}]"), YAO_E_MALFORMED},
    {"refuses a list as a value", VALUES("[[1]]"), YAO_E_MALFORMED},
    {"refuses a fraction as a value", VALUES("[1.5]"), YAO_E_VALUE},
    {"accepts the largest integer", VALUES("[9223372036854775807]"), YAO_OK},
    {"refuses the one after it", VALUES("[9223372036854775808]"), YAO_E_LIMIT},
    {"accepts 64 values", VALUES("[" V64 "]"), YAO_OK},
    {"refuses 65 values", VALUES("[" V64 ",8]"), YAO_E_LIMIT},

    /* intent_to_retain */
    {"accepts that an mdoc's element is kept",
     A(MD ",\"claims\":[{\"path\":[\"s\",\"e\"],\"intent_to_retain\":true}]"),
     YAO_OK},
    {"refuses another type of it",
     A(MD ",\"claims\":[{\"path\":[\"s\",\"e\"],\"intent_to_retain\":1}]"),
     YAO_E_MALFORMED},
    {"accepts it anyhow where it means nothing",
     CLAIM("\"path\":[\"n\"],\"intent_to_retain\":1"), YAO_OK},

    /* claim_sets */
    {"accepts sets of claims", SETS("[[\"x\",\"y\"],[\"z\"]]"), YAO_OK},
    {"refuses sets that are an object", SETS("{}"), YAO_E_MALFORMED},
    {"refuses an empty list of sets", SETS("[]"), YAO_E_MALFORMED},
    {"refuses an empty set", SETS("[[\"x\"],[]]"), YAO_E_MALFORMED},
    {"refuses a set that is a text", SETS("[\"x\"]"), YAO_E_MALFORMED},
    {"refuses an id in a set that is a number", SETS("[[1]]"),
     YAO_E_MALFORMED},
    {"refuses an id that no claim has", SETS("[[\"x\",\"w\"]]"),
     YAO_E_MISMATCH},
    {"refuses sets without claims", A(SD ",\"claim_sets\":[[\"x\"]]"),
     YAO_E_MISSING},
    {"refuses sets where a claim has no id",
     A(SD ",\"claims\":[{\"id\":\"x\",\"path\":[\"x\"]},{\"path\":[\"y\"]}],"
          "\"claim_sets\":[[\"x\"]]"),
     YAO_E_MISSING},
    {"accepts 32 sets", SETS("[" SET16 "," SET16 "]"), YAO_OK},
    {"refuses 33 sets", SETS("[" SET16 "," SET16 ",[\"x\"]]"), YAO_E_LIMIT},

    /* credential_sets */
    {"accepts sets of credentials",
     CSETS("[{\"options\":[[\"a\",\"b\"],[\"a\"]]},{\"options\":[[\"b\"]],"
           "\"required\":false,\"purpose\":\"x\"}]"),
     YAO_OK},
    {"refuses credential sets that are an object", CSETS("{}"),
     YAO_E_MALFORMED},
    {"refuses an empty list of credential sets", CSETS("[]"), YAO_E_MALFORMED},
    {"refuses a credential set that is a list", CSETS("[[[\"a\"]]]"),
     YAO_E_MALFORMED},
    {"refuses a set without options", CSETS("[{\"required\":true}]"),
     YAO_E_MISSING},
    {"refuses a set with no option", CSETS("[{\"options\":[]}]"),
     YAO_E_MALFORMED},
    {"refuses an option that is empty", CSETS("[{\"options\":[[]]}]"),
     YAO_E_MALFORMED},
    {"refuses an option that is a text", CSETS("[{\"options\":[\"a\"]}]"),
     YAO_E_MALFORMED},
    {"refuses an option with an id that is not there",
     CSETS("[{\"options\":[[\"a\",\"c\"]]}]"), YAO_E_MISMATCH},
    {"refuses `required` that is a text",
     CSETS("[{\"options\":[[\"a\"]],\"required\":\"no\"}]"), YAO_E_MALFORMED},
    {"accepts 32 options", CSETS("[{\"options\":[" OPT16 "," OPT16 "]}]"),
     YAO_OK},
    {"refuses 33 options",
     CSETS("[{\"options\":[" OPT16 "," OPT16 ",[\"a\"]]}]"), YAO_E_LIMIT},
    {"accepts 20 credential sets", CSETS("[" TEN(OA) "," TEN(OA) "]"), YAO_OK},
    {"refuses 21 credential sets (misuse N315)",
     CSETS("[" TEN(OA) "," TEN(OA) "," OA "]"), YAO_E_LIMIT},
};

static void read_row(void **state)
{
    const struct row *row = *state;
    yao_dcql_query    got, untouched;
    yao_bytes json = {(const uint8_t *)row->json, strlen(row->json)};

    memset(&got, 0x5a, sizeof got);
    untouched = got;
    assert_status(yao_dcql_parse(test_arena(), json, &got), row->want);
    if (row->want != YAO_OK)
        assert_memory_equal(&got, &untouched, sizeof got);
}

static void refuses_nothing(void **state)
{
    yao_dcql_query got;

    (void)state;
    assert_status(yao_dcql_read(test_arena(), NULL, &got), YAO_E_MISSING);
}

static void refuses_21_credentials(void **state)
{
    char           json[4096] = "{\"credentials\":[";
    size_t         len        = strlen(json);
    yao_dcql_query got;

    (void)state;
    for (int i = 0; i < 21; i++) {
        len += (size_t)snprintf(json + len, sizeof json - len,
                                "%s{\"id\":\"c%d\"," SD "}", i ? "," : "", i);
        snprintf(json + len, sizeof json - len, "]}");
        assert_status(yao_dcql_parse(test_arena(),
                                     (yao_bytes){(uint8_t *)json, len + 2},
                                     &got),
                      i < 20 ? YAO_OK : YAO_E_LIMIT);
    }
}

/* ---- what was read ---- */

#define FULL                                                                   \
    "{\"credentials\":[{\"id\":\"p\",\"format\":\"dc+sd-jwt\",\"multiple\":"   \
    "true,\"meta\":{\"vct_values\":[\"urn:a\",\"urn:b\"]},"                    \
    "\"trusted_authorities\":[{\"type\":\"aki\",\"values\":[\"AQI\",\"_w\"]}," \
    "{\"type\":\"etsi_tl\",\"values\":[\"https://l\"]},{\"type\":\"z\","       \
    "\"values\":[\"=\"]}],\"require_cryptographic_holder_binding\":false,"     \
    "\"claims\":[{\"id\":\"x\",\"path\":[\"a\\\"\",0,null],\"values\":[\"v\"," \
    "-7,true]},{\"id\":\"y\",\"path\":[\"b\"]}],\"claim_sets\":[[\"x\","       \
    "\"y\"],[\"y\"]]},{\"id\":\"m\",\"format\":\"mso_mdoc\",\"meta\":{"        \
    "\"doctype_value\":\"d\"},\"claims\":[{\"path\":[\"s\",\"e\"],"            \
    "\"intent_to_retain\":true}]},{\"id\":\"w\",\"format\":\"ldp_vc\","        \
    "\"meta\":{\"type_values\":[[\"\\u0041\"]]}}],\"credential_sets\":[{"      \
    "\"options\":[[\"p\",\"w\"],[\"m\"]]},{\"options\":[[\"w\"]],"             \
    "\"required\":false}]}"

static void gives_what_was_asked(void **state)
{
    yao_dcql_query q;

    (void)state;
    assert_status(yao_dcql_parse(test_arena(), YAO_LIT(FULL), &q), YAO_OK);
    assert_int_equal(q.credential_count, 3);
    const yao_dcql_credential *p = &q.credentials[0];
    assert_true(p->multiple && p->unbound);
    assert_int_equal(p->format, YAO_DCQL_SDJWT);
    assert_int_equal(p->type_count, 2);
    assert_true(yao_text_equal(p->types[1], YAO_TEXT("urn:b")));
    assert_int_equal(p->authority_count, 3);
    assert_bytes(p->authorities[0].values[1], YAO_LIT("\xff"));
    assert_int_equal(p->authorities[1].kind, YAO_DCQL_ETSI_TL);
    assert_int_equal(p->authorities[2].kind, YAO_DCQL_UNKNOWN);
    assert_int_equal(p->claims[0].path_count, 3);
    assert_true(yao_text_equal(p->claims[0].path[0].name, YAO_TEXT("a\"")));
    assert_int_equal(p->claims[0].path[1].kind, YAO_DCQL_INDEX);
    assert_int_equal(p->claims[0].path[2].kind, YAO_DCQL_ALL);
    assert_int_equal(p->claims[0].value_count, 3);
    assert_int_equal(p->claims[0].values[1].number, -7);
    assert_int_equal(p->claim_set_count, 2);
    assert_int_equal(p->claim_sets[0], 3);
    assert_int_equal(p->claim_sets[1], 2);
    assert_true(q.credentials[1].claims[0].retain);
    assert_false(q.credentials[1].multiple || q.credentials[1].unbound);
    assert_int_equal(q.credentials[2].format, YAO_DCQL_OTHER);
    assert_int_equal(q.set_count, 2);
    assert_int_equal(q.sets[0].options[0], 5);
    assert_false(q.sets[0].optional);
    assert_true(q.sets[1].optional);
    assert_int_equal(yao_dcql_find(&q, YAO_TEXT("w")), 2);
    assert_int_equal(yao_dcql_find(&q, YAO_TEXT("x")), YAO_DCQL_NONE);
    assert_int_equal(yao_dcql_find(&q, YAO_TEXT("")), YAO_DCQL_NONE);
}

/* ---- writing ---- */

static yao_status write_full(yao_writer *w, void *context)
{
    yao_dcql_put(w, context);
    return w->status;
}

static void gives_the_same_letters(void **state)
{
    yao_dcql_query q;
    yao_writer     w;
    yao_bytes      out;

    (void)state;
    assert_status(yao_dcql_parse(test_arena(), YAO_LIT(FULL), &q), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_dcql_put(&w, &q);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_bytes(out, YAO_LIT(FULL));
    test_every_room(write_full, &q);
}

static yao_status parse_prefix(yao_bytes input, void *context)
{
    size_t         mark = test_arena()->used;
    yao_dcql_query q;
    yao_status     status = yao_dcql_parse(test_arena(), input, &q);

    (void)context;
    test_arena()->used = mark;
    return status;
}

static void refuses_every_prefix(void **state)
{
    (void)state;
    test_every_prefix(parse_prefix, YAO_LIT(FULL), NULL);
}

static yao_status parse_in(yao_arena *arena, void *context)
{
    yao_dcql_query q;

    (void)context;
    return yao_dcql_parse(arena, YAO_LIT(FULL), &q);
}

static void gives_space_in_every_arena(void **state)
{
    (void)state;
    test_every_arena(parse_in, NULL, 64 * 1024);
}

/* ---- the specification's examples ---- */

static const struct example {
    const char *name, *path;
    size_t      credentials, sets;
} examples[] = {
    {"accepts the specification's simple query", "simple.json", 1, 0},
    {"accepts its simple mdoc", "simple_mdoc.json", 1, 0},
    {"accepts its two credentials", "multi_credentials.json", 2, 0},
    {"accepts its values", "value_matching_simple.json", 1, 0},
    {"accepts its alternative claims", "claims_alternatives.json", 1, 0},
    {"accepts its alternative credentials", "credentials_alternatives.json", 5,
     2},
    {"accepts its mdocs with sets", "complex_mdoc.json", 4, 2},
};

static void read_example(void **state)
{
    const struct example *e = *state;
    char                  path[128];
    yao_dcql_query        q, again;
    yao_writer            w;
    yao_bytes             one, two;

    if (!test_have_vectors())
        skip();
    snprintf(path, sizeof path, "openid4vp-1.0/query_lang/%s", e->path);
    assert_status(yao_dcql_parse(test_arena(), test_vector(path), &q), YAO_OK);
    assert_int_equal(q.credential_count, e->credentials);
    assert_int_equal(q.set_count, e->sets);
    w = yao_writer_in(test_arena());
    yao_dcql_put(&w, &q);
    assert_status(yao_writer_keep(&w, test_arena(), &one), YAO_OK);
    assert_status(yao_dcql_parse(test_arena(), one, &again), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_dcql_put(&w, &again);
    assert_status(yao_writer_keep(&w, test_arena(), &two), YAO_OK);
    assert_bytes(one, two);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("read", rows[i].name, read_row, &rows[i]);
    test_add("read", "refuses no query", refuses_nothing, NULL);
    test_add("read", "refuses 21 credentials (misuse N214)",
             refuses_21_credentials, NULL);
    test_add("read", "gives what was asked", gives_what_was_asked, NULL);
    test_add("read", "refuses every prefix", refuses_every_prefix, NULL);
    test_add("read", "gives YAO_E_SPACE in every arena that is too small",
             gives_space_in_every_arena, NULL);
    test_add("put", "gives the letters that were read, in every room",
             gives_the_same_letters, NULL);
    for (size_t i = 0; i < COUNT(examples); i++)
        test_add("examples", examples[i].name, read_example, &examples[i]);
    return test_run("vp/dcql_read");
}
