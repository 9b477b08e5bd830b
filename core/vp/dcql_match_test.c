/* SPDX-License-Identifier: Apache-2.0 */
/* What a wallet answers (OpenID4VP 1.0 sections 6.4 and 7). */
#include "vp/dcql.h"

#include "support/check.h"
#include "support/dcql_world.h"

#include <stdio.h>

/* ---- a query, documents, and what is to be said of them ---- */

#define ARTHUR                                                                 \
    "{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:a\"],\"akis\":[\"AQI\"],"      \
    "\"claims\":{\"name\":\"Arthur Dent\",\"age\":42,\"alive\":true,"          \
    "\"nothing\":null,\"half\":0.5,\"one\":1.0,\"n\\u0061me2\":\"x\","         \
    "\"address\":{\"street_address\":\"42 Market Street\",\"locality\":"       \
    "\"Milliways\",\"postal_code\":\"12345\"},\"degrees\":[{\"type\":"         \
    "\"Bachelor of Science\",\"university\":\"Betelgeuse\"},{\"type\":"        \
    "\"Master of Science\"},{\"university\":\"Oxford\"}],\"nationalities\":["  \
    "\"British\",\"Betelgeusian\"],\"mixed\":[{\"a\":1},2],\"empty\":[]}}"

#define LICENCE                                                                \
    "{\"format\":\"mso_mdoc\",\"types\":[\"d\"],\"claims\":{\"s\":{\"e\":"     \
    "\"x\",\"n\":7,\"t\":true},\"s2\":{\"e\":\"y\"}}}"

#define ASK(rest)                                                              \
    "{\"credentials\":[{\"id\":\"q\",\"format\":\"dc+sd-jwt\",\"meta\":{"      \
    "\"vct_values\":[\"urn:a\"]}" rest "}]}"
#define ASK_MDOC(rest)                                                         \
    "{\"credentials\":[{\"id\":\"q\",\"format\":\"mso_mdoc\",\"meta\":{"       \
    "\"doctype_value\":\"d\"}" rest "}]}"
#define PATH(steps)  ASK(",\"claims\":[{\"path\":" steps "}]")
#define VALUE(steps, values)                                                   \
    ASK(",\"claims\":[{\"path\":" steps ",\"values\":" values "}]")
#define MVALUE(steps, values)                                                  \
    ASK_MDOC(",\"claims\":[{\"path\":" steps ",\"values\":" values "}]")
#define AUTH(list) ASK(",\"trusted_authorities\":" list)

static const struct row {
    const char *name, *query, *held;
    const char *answer; /* of the first credential: "INDEX: PATH PATH"; "":
                           nothing fits */
} rows[] = {
    /* section 7.3 */
    {"gives a name", PATH("[\"name\"]"), ARTHUR, "0: name"},
    {"gives an object with what is in it", PATH("[\"address\"]"), ARTHUR,
     "0: address"},
    {"gives a member of an object", PATH("[\"address\",\"street_address\"]"),
     ARTHUR, "0: address.street_address"},
    {"gives all of an array that have it",
     PATH("[\"degrees\",null,\"type\"]"), ARTHUR,
     "0: degrees.0.type degrees.1.type"},
    {"gives the second of an array", PATH("[\"nationalities\",1]"), ARTHUR,
     "0: nationalities.1"},
    {"gives all of an array", PATH("[\"nationalities\",null]"), ARTHUR,
     "0: nationalities.0 nationalities.1"},
    {"gives an array", PATH("[\"degrees\"]"), ARTHUR, "0: degrees"},
    {"gives a claim that is null", PATH("[\"nothing\"]"), ARTHUR,
     "0: nothing"},
    {"gives a name that was escaped", PATH("[\"name2\"]"), ARTHUR, "0: name2"},
    {"gives a name that the query escapes", PATH("[\"n\\u0061me\"]"), ARTHUR,
     "0: name"},

    /* section 7.1.1, each step's error */
    {"refuses a claim that is not there", PATH("[\"surname\"]"), ARTHUR, ""},
    {"refuses a member that is not there", PATH("[\"address\",\"country\"]"),
     ARTHUR, ""},
    {"refuses a name in a text", PATH("[\"name\",\"x\"]"), ARTHUR, ""},
    {"refuses a name in an array", PATH("[\"nationalities\",\"0\"]"), ARTHUR,
     ""},
    {"refuses null in an object", PATH("[\"address\",null]"), ARTHUR, ""},
    {"refuses null in a text", PATH("[\"name\",null]"), ARTHUR, ""},
    {"refuses an index in an object", PATH("[\"address\",0]"), ARTHUR, ""},
    {"refuses an index that is not there", PATH("[\"nationalities\",2]"),
     ARTHUR, ""},
    {"refuses null at the top", PATH("[null]"), ARTHUR, ""},
    {"refuses an index at the top", PATH("[0]"), ARTHUR, ""},
    {"refuses all of an empty array", PATH("[\"empty\",null]"), ARTHUR, ""},
    {"refuses a name when one of several is no object",
     PATH("[\"mixed\",null,\"a\"]"), ARTHUR, ""},
    {"accepts it where only that one is meant", PATH("[\"mixed\",0,\"a\"]"),
     ARTHUR, "0: mixed.0.a"},
    {"refuses a name that none of an array has",
     PATH("[\"degrees\",null,\"year\"]"), ARTHUR, ""},

    /* values, section 6.3 */
    {"accepts a text", VALUE("[\"name\"]", "[\"Arthur Dent\"]"), ARTHUR,
     "0: name"},
    {"accepts the second of the values",
     VALUE("[\"name\"]", "[\"Ford\",\"Arthur Dent\"]"), ARTHUR, "0: name"},
    {"refuses another text", VALUE("[\"name\"]", "[\"arthur dent\"]"), ARTHUR,
     ""},
    {"refuses the beginning of a text", VALUE("[\"name\"]", "[\"Arthur\"]"),
     ARTHUR, ""},
    {"accepts a number", VALUE("[\"age\"]", "[42]"), ARTHUR, "0: age"},
    {"refuses another number", VALUE("[\"age\"]", "[41]"), ARTHUR, ""},
    {"refuses a number as a text", VALUE("[\"age\"]", "[\"42\"]"), ARTHUR, ""},
    {"refuses a text as a number",
     VALUE("[\"address\",\"postal_code\"]", "[12345]"), ARTHUR, ""},
    {"refuses a number with a fraction", VALUE("[\"one\"]", "[1]"), ARTHUR,
     ""},
    {"accepts a truth", VALUE("[\"alive\"]", "[true]"), ARTHUR, "0: alive"},
    {"refuses the other truth", VALUE("[\"alive\"]", "[false]"), ARTHUR, ""},
    {"refuses a truth as a number", VALUE("[\"alive\"]", "[1]"), ARTHUR, ""},
    {"refuses null as a text", VALUE("[\"nothing\"]", "[\"\",\"null\"]"),
     ARTHUR, ""},
    {"refuses an object as its value", VALUE("[\"address\"]", "[\"{}\"]"),
     ARTHUR, ""},
    {"gives of an array only what has the value",
     VALUE("[\"nationalities\",null]", "[\"Betelgeusian\"]"), ARTHUR,
     "0: nationalities.1"},
    {"gives of objects only those with the value",
     VALUE("[\"degrees\",null,\"type\"]", "[\"Master of Science\"]"), ARTHUR,
     "0: degrees.1.type"},
    {"refuses an array without the value",
     VALUE("[\"nationalities\",null]", "[\"Dutch\"]"), ARTHUR, ""},
    {"refuses the value at another index",
     VALUE("[\"nationalities\",0]", "[\"Betelgeusian\"]"), ARTHUR, ""},

    /* mdoc */
    {"gives an element",
     ASK_MDOC(",\"claims\":[{\"path\":[\"s\",\"e\"]}]"), LICENCE, "0: s/e"},
    {"refuses an element of another namespace",
     ASK_MDOC(",\"claims\":[{\"path\":[\"s2\",\"n\"]}]"), LICENCE, ""},
    {"refuses a namespace that is not there",
     ASK_MDOC(",\"claims\":[{\"path\":[\"s3\",\"e\"]}]"), LICENCE, ""},
    {"accepts an element's value", MVALUE("[\"s\",\"e\"]", "[\"x\"]"), LICENCE,
     "0: s/e"},
    {"refuses the value of another namespace",
     MVALUE("[\"s\",\"e\"]", "[\"y\"]"), LICENCE, ""},
    {"accepts an element's number", MVALUE("[\"s\",\"n\"]", "[7]"), LICENCE,
     "0: s/n"},
    {"accepts an element's truth", MVALUE("[\"s\",\"t\"]", "[true]"), LICENCE,
     "0: s/t"},
    {"refuses a truth as an element's number", MVALUE("[\"s\",\"t\"]", "[1]"),
     LICENCE, ""},

    /* which claims, section 6.4.1 */
    {"gives nothing where no claims are asked", ASK(""), ARTHUR, "0:"},
    {"gives no elements where none are asked", ASK_MDOC(""), LICENCE, "0:"},
    {"gives all claims",
     ASK(",\"claims\":[{\"path\":[\"name\"]},{\"path\":[\"age\"]}]"), ARTHUR,
     "0: name age"},
    {"never gives some of them",
     ASK(",\"claims\":[{\"path\":[\"name\"]},{\"path\":[\"year\"]}]"), ARTHUR,
     ""},
    {"gives the first set that is there",
     ASK(",\"claims\":[{\"id\":\"a\",\"path\":[\"name\"]},{\"id\":\"b\","
         "\"path\":[\"year\"]},{\"id\":\"c\",\"path\":[\"age\"]}],"
         "\"claim_sets\":[[\"a\",\"b\"],[\"c\"],[\"a\"]]"),
     ARTHUR, "0: age"},
    {"gives the preferred one of two",
     ASK(",\"claims\":[{\"id\":\"a\",\"path\":[\"name\"]},{\"id\":\"c\","
         "\"path\":[\"age\"]}],\"claim_sets\":[[\"c\",\"a\"],[\"a\"]]"),
     ARTHUR, "0: name age"},
    {"treats a claim of another value as absent",
     ASK(",\"claims\":[{\"id\":\"a\",\"path\":[\"name\"],\"values\":[\"x\"]},"
         "{\"id\":\"c\",\"path\":[\"age\"]}],\"claim_sets\":[[\"a\"],[\"c\"]]"),
     ARTHUR, "0: age"},
    {"refuses where no set is there",
     ASK(",\"claims\":[{\"id\":\"b\",\"path\":[\"year\"]}],\"claim_sets\":"
         "[[\"b\"]]"),
     ARTHUR, ""},

    /* type and format */
    {"refuses another vct",
     "{\"credentials\":[{\"id\":\"q\",\"format\":\"dc+sd-jwt\",\"meta\":{"
     "\"vct_values\":[\"urn:A\",\"urn:ab\",\"urn:\"]}}]}",
     ARTHUR, ""},
    {"accepts the second vct",
     "{\"credentials\":[{\"id\":\"q\",\"format\":\"dc+sd-jwt\",\"meta\":{"
     "\"vct_values\":[\"urn:b\",\"urn:a\"]}}]}",
     ARTHUR, "0:"},
    {"accepts a type that it extends", ASK(""),
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:special\",\"urn:a\"],"
     "\"claims\":{}}",
     "0:"},
    {"refuses a document without type", ASK(""),
     "{\"format\":\"dc+sd-jwt\",\"types\":[],\"claims\":{}}", ""},
    {"refuses another docType",
     "{\"credentials\":[{\"id\":\"q\",\"format\":\"mso_mdoc\",\"meta\":{"
     "\"doctype_value\":\"d1\"}}]}",
     LICENCE, ""},
    {"refuses an mdoc of the same type", ASK(""),
     "{\"format\":\"mso_mdoc\",\"types\":[\"urn:a\"],\"claims\":{}}", ""},
    {"refuses an SD-JWT of the same type", ASK_MDOC(""),
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"d\"],\"claims\":{}}", ""},
    {"never answers a format that it does not know",
     "{\"credentials\":[{\"id\":\"q\",\"format\":\"x\",\"meta\":{}}]}",
     "{\"format\":\"x\",\"types\":[\"x\"],\"claims\":{}}", ""},
    {"gives those that fit, in their order", PATH("[\"n\"]"),
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:b\"],\"claims\":{\"n\":1}},"
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:a\"],\"claims\":{\"n\":1}},"
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:a\"],\"claims\":{\"m\":1}},"
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:a\"],\"claims\":{\"n\":2}}",
     "1: n 3: n"},

    /* authorities, section 6.1.1 */
    {"accepts the issuer's key identifier",
     AUTH("[{\"type\":\"aki\",\"values\":[\"_w\",\"AQI\"]}]"), ARTHUR, "0:"},
    {"refuses another issuer",
     AUTH("[{\"type\":\"aki\",\"values\":[\"AQM\"]}]"), ARTHUR, ""},
    {"refuses the beginning of a key identifier",
     AUTH("[{\"type\":\"aki\",\"values\":[\"AQ\"]}]"), ARTHUR, ""},
    {"accepts the second authority",
     AUTH("[{\"type\":\"etsi_tl\",\"values\":[\"https://l\"]},{\"type\":"
          "\"aki\",\"values\":[\"AQI\"]}]"),
     ARTHUR, "0:"},
    {"refuses a document of no authority",
     AUTH("[{\"type\":\"aki\",\"values\":[\"AQI\"]}]"),
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:a\"],\"claims\":{}}", ""},
    {"accepts a trusted list",
     AUTH("[{\"type\":\"etsi_tl\",\"values\":[\"https://l\"]}]"),
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:a\"],\"lists\":"
     "[\"https://l\"],\"claims\":{}}",
     "0:"},
    {"accepts a federation",
     AUTH("[{\"type\":\"openid_federation\",\"values\":[\"https://f\"]}]"),
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:a\"],\"federations\":"
     "[\"https://f\"],\"claims\":{}}",
     "0:"},
    {"refuses a federation that is a list",
     AUTH("[{\"type\":\"openid_federation\",\"values\":[\"https://l\"]}]"),
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:a\"],\"lists\":"
     "[\"https://l\"],\"claims\":{}}",
     ""},
    {"refuses a kind of authority that nobody knows",
     AUTH("[{\"type\":\"star\",\"values\":[\"AQI\"]}]"), ARTHUR, ""},

    /* binding */
    {"refuses a document that is not bound", ASK(""),
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:a\"],\"bound\":false,"
     "\"claims\":{}}",
     ""},
    {"accepts it where that is not asked",
     ASK(",\"require_cryptographic_holder_binding\":false"),
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:a\"],\"bound\":false,"
     "\"claims\":{}}",
     "0:"},
};

static void read_held(const char *list, world *ret)
{
    const yao_json *root;
    yao_writer      w = yao_writer_in(test_arena());
    yao_bytes       json;

    yao_put_byte(&w, '[');
    yao_put_text(&w, list);
    yao_put_byte(&w, ']');
    assert_status(yao_writer_keep(&w, test_arena(), &json), YAO_OK);
    assert_status(yao_json_parse(test_arena(), json, &root), YAO_OK);
    assert_status(world_read(test_arena(), root, ret), YAO_OK);
}

static void put_paths(yao_writer *w, const yao_dcql_credential *c,
                      yao_dcql_claims claims, const yao_json *payload)
{
    static uint8_t        room[65536];
    yao_arena             arena = {room, sizeof room, 0};
    const yao_sdjwt_path *paths;
    size_t                count;

    assert_status(yao_dcql_paths(&arena, c, claims, payload, &paths, &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < paths[i].step_count; j++) {
            yao_put_byte(w, j == 0 ? ' ' : '.');
            yao_put_bytes(w, yao_text_bytes(paths[i].steps[j]));
        }
}

static void put_selectors(yao_writer *w, const yao_dcql_credential *c,
                          yao_dcql_claims claims)
{
    static uint8_t           room[65536];
    yao_arena                arena = {room, sizeof room, 0};
    const yao_mdoc_selector *list;
    size_t                   count;

    assert_status(yao_dcql_selectors(&arena, c, claims, &list, &count), YAO_OK);
    for (size_t i = 0; i < count; i++) {
        yao_put_byte(w, ' ');
        yao_put_bytes(w, yao_text_bytes(list[i].name_space));
        yao_put_byte(w, '/');
        yao_put_bytes(w, yao_text_bytes(list[i].element));
    }
}

/* The answer to one credential query, in letters. */
static const char *describe(const yao_dcql_query    *q,
                            const yao_dcql_matching *m, const world *held,
                            size_t credential)
{
    static uint8_t             room[4096];
    yao_writer                 w = yao_writer_open(room, sizeof room - 1);
    const yao_dcql_credential *c = &q->credentials[credential];

    for (size_t i = 0; i < m->credentials[credential].count; i++) {
        const yao_dcql_fit       *fit = &m->credentials[credential].items[i];
        const yao_dcql_candidate *one = &held->held[fit->candidate];

        if (i != 0)
            yao_put_byte(&w, ' ');
        yao_put_decimal(&w, (int64_t)fit->candidate);
        yao_put_byte(&w, ':');
        if (one->format == YAO_DCQL_MDOC)
            put_selectors(&w, c, fit->claims);
        else
            put_paths(&w, c, fit->claims, one->claims);
    }
    assert_status(w.status, YAO_OK);
    room[w.len] = '\0';
    return (const char *)room;
}

static void match_row(void **state)
{
    const struct row    *row = *state;
    yao_dcql_query       q;
    yao_dcql_matching    m;
    yao_dcql_credentials answer = 99;
    world                held;

    read_held(row->held, &held);
    assert_status(yao_dcql_parse(test_arena(),
                                 (yao_bytes){(const uint8_t *)row->query,
                                             strlen(row->query)},
                                 &q),
                  YAO_OK);
    assert_status(yao_dcql_match(test_arena(), &q, held.held, held.count, &m),
                  YAO_OK);
    assert_string_equal(describe(&q, &m, &held, 0), row->answer);
    assert_int_equal(m.satisfied, row->answer[0] != '\0');
    assert_int_equal(m.matched, row->answer[0] != '\0');
    assert_status(yao_dcql_answer(&q, &m, NULL, &answer),
                  m.satisfied ? YAO_OK : YAO_E_MISSING);
    assert_int_equal(answer, m.satisfied ? 1 : 99);
}

/* ---- which credentials, section 6.4.2 ---- */

#define SD(id)                                                                 \
    "{\"id\":\"" id "\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":["   \
    "\"" id "\"]}}"
#define ABC "{\"credentials\":[" SD("a") "," SD("b") "," SD("c") "]"
#define OF(options)       "{\"options\":" options "}"
#define MAYBE(options)    "{\"options\":" options ",\"required\":false}"
#define WITH(sets)        ABC ",\"credential_sets\":[" sets "]}"
#define NONE YAO_DCQL_NONE

static const struct choice {
    const char *name, *query, *held; /* types */
    bool        chosen;
    size_t      options[3];
    yao_status  want;
    unsigned    answer;
} choices[] = {
    {"gives all without sets", ABC "}", "abc", false, {0}, YAO_OK, 7},
    {"never gives some without sets", ABC "}", "ab", false, {0}, YAO_E_MISSING,
     0},
    {"gives nothing to nobody", ABC "}", "", false, {0}, YAO_E_MISSING, 0},
    {"gives the first option", WITH(OF("[[\"a\"],[\"b\"]]")), "ab", false,
     {0}, YAO_OK, 1},
    {"gives the second where there is no other",
     WITH(OF("[[\"a\"],[\"b\"]]")), "bc", false, {0}, YAO_OK, 2},
    {"never gives half an option",
     WITH(OF("[[\"a\",\"b\"]]")), "ac", false, {0}, YAO_E_MISSING, 0},
    {"gives a whole one", WITH(OF("[[\"a\",\"b\"],[\"c\"]]")), "ab", false,
     {0}, YAO_OK, 3},
    {"gives every required set", WITH(OF("[[\"a\"]]") "," OF("[[\"b\"]]")),
     "abc", false, {0}, YAO_OK, 3},
    {"never leaves a required set out",
     WITH(OF("[[\"a\"]]") "," OF("[[\"b\"]]")), "ac", false, {0},
     YAO_E_MISSING, 0},
    {"gives an optional set too", WITH(OF("[[\"a\"]]") "," MAYBE("[[\"b\"]]")),
     "ab", false, {0}, YAO_OK, 3},
    {"gives what is required without it",
     WITH(OF("[[\"a\"]]") "," MAYBE("[[\"b\"]]")), "a", false, {0}, YAO_OK, 1},
    {"never gives only what is optional",
     WITH(OF("[[\"a\"]]") "," MAYBE("[[\"b\"]]")), "b", false, {0},
     YAO_E_MISSING, 0},
    {"gives an optional set alone where nothing is required",
     WITH(MAYBE("[[\"a\"]]") "," MAYBE("[[\"b\"]]")), "b", false, {0}, YAO_OK,
     2},
    {"never gives an empty answer", WITH(MAYBE("[[\"a\"]]")), "b", false, {0},
     YAO_E_MISSING, 0},
    {"gives no credential that no set names", WITH(OF("[[\"a\"]]")), "abc",
     false, {0}, YAO_OK, 1},
    {"gives the option that was chosen", WITH(OF("[[\"a\"],[\"b\"]]")), "ab",
     true, {1}, YAO_OK, 2},
    {"leaves an optional set out",
     WITH(OF("[[\"a\"]]") "," MAYBE("[[\"b\"]]")), "ab", true, {0, NONE},
     YAO_OK, 1},
    {"refuses an option that is not there to be had",
     WITH(OF("[[\"a\"],[\"b\"]]")), "a", true, {1}, YAO_E_MISSING, 0},
    {"refuses an option that does not exist", WITH(OF("[[\"a\"],[\"b\"]]")),
     "ab", true, {2}, YAO_E_USAGE, 0},
    {"refuses that a required set is left out", WITH(OF("[[\"a\"]]")), "ab",
     true, {NONE}, YAO_E_USAGE, 0},
    {"refuses that all optional sets are left out",
     WITH(MAYBE("[[\"a\"]]") "," MAYBE("[[\"b\"]]")), "ab", true, {NONE, NONE},
     YAO_E_MISSING, 0},
};

static void answer_row(void **state)
{
    const struct choice *row = *state;
    yao_dcql_candidate   held[3];
    yao_text             types[3];
    size_t               count  = strlen(row->held);
    yao_dcql_credentials answer = 0;
    yao_dcql_query       q;
    yao_dcql_matching    m;

    for (size_t i = 0; i < count; i++) {
        types[i] = (yao_text){(const uint8_t *)row->held + i, 1};
        held[i]  = (yao_dcql_candidate){.format     = YAO_DCQL_SDJWT,
                                        .types      = &types[i],
                                        .type_count = 1,
                                        .bound      = true};
    }
    assert_status(yao_dcql_parse(test_arena(),
                                 (yao_bytes){(const uint8_t *)row->query,
                                             strlen(row->query)},
                                 &q),
                  YAO_OK);
    assert_status(yao_dcql_match(test_arena(), &q, held, count, &m), YAO_OK);
    assert_status(
        yao_dcql_answer(&q, &m, row->chosen ? row->options : NULL, &answer),
        row->want);
    assert_int_equal(answer, row->answer);
    if (!row->chosen)
        assert_int_equal(m.satisfied, row->want == YAO_OK);
}

/* ---- the specification's examples with their answers ---- */

#define CRED "https://credentials.example.com/"
#define PID                                                                    \
    "{\"format\":\"dc+sd-jwt\",\"types\":[\"" CRED "identity_credential\"],"   \
    "\"claims\":{\"vct\":\"" CRED "identity_credential\",\"given_name\":"      \
    "\"John\",\"family_name\":\"Doe\",\"date_of_birth\":\"1940-01-01\","       \
    "\"postal_code\":\"90210\",\"address\":{\"street_address\":"               \
    "\"123 Main St\",\"locality\":\"Anytown\"}}}"
#define REGION                                                                 \
    "{\"format\":\"dc+sd-jwt\",\"types\":[\"" CRED "identity_credential\"],"   \
    "\"claims\":{\"family_name\":\"Doe\",\"date_of_birth\":\"1940-01-01\","    \
    "\"postal_code\":\"90210\",\"locality\":\"Anytown\",\"region\":\"R\"}}"
#define REDUCED                                                                \
    "{\"format\":\"dc+sd-jwt\",\"types\":[\"" CRED "reduced_identity_"         \
    "credential\"],\"claims\":{\"family_name\":\"Doe\",\"given_name\":"        \
    "\"John\"}}"
#define RESIDENCE                                                              \
    "{\"format\":\"dc+sd-jwt\",\"types\":[\"https://cred.example/residence_"   \
    "credential\"],\"claims\":{\"postal_code\":\"1\",\"locality\":\"L\","      \
    "\"region\":\"R\"}}"
#define REWARDS                                                                \
    "{\"format\":\"dc+sd-jwt\",\"types\":[\"https://company.example/company_"  \
    "rewards\"],\"claims\":{\"rewards_number\":\"7\"}}"
#define MVRC                                                                   \
    "{\"format\":\"mso_mdoc\",\"types\":[\"org.iso.7367.1.mVRC\"],\"claims\":" \
    "{\"org.iso.7367.1\":{\"vehicle_holder\":\"Doe\"},\"org.iso.18013.5.1\":"  \
    "{\"given_name\":\"John\"}}}"
#define MDL                                                                    \
    "{\"format\":\"mso_mdoc\",\"types\":[\"org.iso.18013.5.1.mDL\"],"          \
    "\"claims\":{\"org.iso.18013.5.1\":{\"given_name\":\"John\","              \
    "\"family_name\":\"Doe\",\"portrait\":\"p\"}}}"
#define MDL_ADDRESS                                                            \
    "{\"format\":\"mso_mdoc\",\"types\":[\"org.iso.18013.5.1.mDL\"],"          \
    "\"claims\":{\"org.iso.18013.5.1\":{\"given_name\":\"John\","              \
    "\"family_name\":\"Doe\",\"portrait\":\"p\",\"resident_address\":\"r\","   \
    "\"resident_country\":\"US\"}}}"
#define PHOTO                                                                  \
    "{\"format\":\"mso_mdoc\",\"types\":[\"org.iso.23220.photoid.1\"],"        \
    "\"claims\":{\"org.iso.18013.5.1\":{\"given_name\":\"John\","              \
    "\"family_name\":\"Doe\",\"portrait\":\"p\"}}}"

static const struct example {
    const char *name, *file, *held;
    unsigned    answer; /* mask; 0: none */
    const char *first;  /* of the first credential of the answer */
} examples[] = {
    {"gives the three claims of the simple query", "simple.json", PID, 1,
     "0: family_name given_name address.street_address"},
    {"gives nothing without the street", "simple.json", REGION, 0, ""},
    {"gives both elements of the simple mdoc", "simple_mdoc.json", MVRC, 1,
     "0: org.iso.7367.1/vehicle_holder org.iso.18013.5.1/given_name"},
    {"gives nothing of an SD-JWT for it", "simple_mdoc.json", PID, 0, ""},
    {"gives both credentials", "multi_credentials.json", PID "," MVRC, 3,
     "0: given_name family_name address.street_address"},
    {"never gives one of both", "multi_credentials.json", PID, 0,
     "0: given_name family_name address.street_address"},
    {"gives Doe of 90210", "value_matching_simple.json", PID, 1,
     "0: family_name given_name address.street_address postal_code"},
    {"gives nothing of somebody else", "value_matching_simple.json",
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"" CRED "identity_credential\"],"
     "\"claims\":{\"given_name\":\"John\",\"family_name\":\"Roe\","
     "\"postal_code\":\"90210\",\"address\":{\"street_address\":\"1\"}}}",
     0, ""},
    {"gives nothing of somewhere else", "value_matching_simple.json",
     "{\"format\":\"dc+sd-jwt\",\"types\":[\"" CRED "identity_credential\"],"
     "\"claims\":{\"given_name\":\"John\",\"family_name\":\"Doe\","
     "\"postal_code\":90210,\"address\":{\"street_address\":\"1\"}}}",
     0, ""},
    {"gives the first claim set", "claims_alternatives.json", REGION, 1,
     "0: family_name locality region date_of_birth"},
    {"gives the second claim set", "claims_alternatives.json", PID, 1,
     "0: family_name postal_code date_of_birth"},
    {"gives the identity credential", "credentials_alternatives.json",
     REDUCED "," RESIDENCE "," PID, 1,
     "2: given_name family_name address.street_address"},
    {"gives both reduced ones", "credentials_alternatives.json",
     REDUCED "," RESIDENCE, 12, "0: family_name given_name"},
    {"never gives one of the reduced ones", "credentials_alternatives.json",
     REDUCED "," REWARDS, 0, ""},
    {"gives the rewards too", "credentials_alternatives.json", PID "," REWARDS,
     17, "0: given_name family_name address.street_address"},
    {"never gives the rewards alone", "credentials_alternatives.json", REWARDS,
     0, ""},
    {"gives the licence", "complex_mdoc.json", PHOTO "," MDL, 1,
     "1: org.iso.18013.5.1/given_name org.iso.18013.5.1/family_name "
     "org.iso.18013.5.1/portrait"},
    {"gives the photo id where there is no licence", "complex_mdoc.json",
     PHOTO, 4,
     ""},
    {"gives one document for two queries", "complex_mdoc.json", MDL_ADDRESS, 3,
     "0: org.iso.18013.5.1/given_name org.iso.18013.5.1/family_name "
     "org.iso.18013.5.1/portrait"},
};

static void match_example(void **state)
{
    const struct example *e = *state;
    char                  path[128];
    yao_dcql_query        q;
    yao_dcql_matching     m;
    yao_dcql_credentials  answer = 0;
    world                 held;

    if (!test_have_vectors())
        skip();
    snprintf(path, sizeof path, "openid4vp-1.0/query_lang/%s", e->file);
    assert_status(yao_dcql_parse(test_arena(), test_vector(path), &q), YAO_OK);
    read_held(e->held, &held);
    assert_status(yao_dcql_match(test_arena(), &q, held.held, held.count, &m),
                  YAO_OK);
    assert_status(yao_dcql_answer(&q, &m, NULL, &answer),
                  e->answer != 0 ? YAO_OK : YAO_E_MISSING);
    assert_int_equal(answer, e->answer);
    size_t first = 0;
    while (first + 1 < q.credential_count && e->first[0] != '\0' &&
           (m.matched >> first & 1) == 0)
        first++;
    assert_string_equal(describe(&q, &m, &held, first), e->first);
}

/* ---- memory ---- */

static yao_status match_in(yao_arena *arena, void *context)
{
    static uint8_t        room[256 * 1024];
    yao_arena             other = {room, sizeof room, 0};
    const world          *held  = context;
    yao_dcql_query        q;
    yao_dcql_matching     m;
    const yao_sdjwt_path *paths;
    size_t                count;

    assert_status(
        yao_dcql_parse(&other, YAO_LIT(PATH("[\"degrees\",null,\"type\"]")),
                       &q),
        YAO_OK);
    YAO_TRY(yao_dcql_match(arena, &q, held->held, held->count, &m));
    return yao_dcql_paths(arena, q.credentials, m.credentials[0].items->claims,
                          held->held[0].claims, &paths, &count);
}

static yao_status select_in(yao_arena *arena, void *context)
{
    static uint8_t           room[64 * 1024];
    yao_arena                other = {room, sizeof room, 0};
    yao_dcql_query           q;
    const yao_mdoc_selector *list;
    size_t                   count;

    (void)context;
    assert_status(
        yao_dcql_parse(&other, YAO_LIT(MVALUE("[\"s\",\"e\"]", "[1]")), &q),
        YAO_OK);
    return yao_dcql_selectors(arena, q.credentials, 1, &list, &count);
}

static void gives_space_in_every_arena(void **state)
{
    world held;

    (void)state;
    read_held(ARTHUR "," ARTHUR, &held);
    test_every_arena(match_in, &held, 4096);
    test_every_arena(select_in, NULL, 4096);
}

static void gives_a_path_in_error_nothing(void **state)
{
    yao_dcql_query        q;
    const yao_sdjwt_path *paths;
    size_t                count;
    world                 held;

    (void)state;
    read_held(ARTHUR, &held);
    assert_status(
        yao_dcql_parse(test_arena(), YAO_LIT(PATH("[\"mixed\",null,\"a\"]")),
                       &q),
        YAO_OK);
    assert_status(yao_dcql_paths(test_arena(), q.credentials, 1,
                                 held.held[0].claims, &paths, &count),
                  YAO_OK);
    assert_int_equal(count, 0);
}

/* The largest query there can be: 20 credentials of 64 claims in 32 sets, 20
 * sets of 32 options; of each the last alone can be satisfied. Every option is
 * looked at once, and none is tried with all others. */
static void gives_the_last_of_everything(void **state)
{
    yao_dcql_step        path = {.kind = YAO_DCQL_NAME, .name = YAO_TEXT("x")};
    yao_dcql_step        last = {.kind = YAO_DCQL_NAME, .name = YAO_TEXT("n")};
    yao_text             type = YAO_TEXT("urn:a");
    yao_dcql_claim       claims[YAO_DCQL_MAX_CLAIMS];
    yao_dcql_claims      claim_sets[YAO_DCQL_MAX_CLAIM_SETS];
    yao_dcql_credential  credentials[YAO_DCQL_MAX_CREDENTIALS];
    yao_dcql_credentials options[YAO_DCQL_MAX_OPTIONS], answer;
    yao_dcql_set         sets[YAO_DCQL_MAX_SETS];
    yao_dcql_query       q = {credentials, COUNT(credentials), sets,
                              COUNT(sets)};
    yao_dcql_matching    m;
    world                held;

    (void)state;
    for (size_t i = 0; i < COUNT(claims); i++)
        claims[i] = (yao_dcql_claim){
            .path = i + 1 == COUNT(claims) ? &last : &path, .path_count = 1};
    for (size_t i = 0; i < COUNT(claim_sets); i++)
        claim_sets[i] = UINT64_C(3) << i;
    claim_sets[COUNT(claim_sets) - 1] = UINT64_C(1) << 63;
    for (size_t i = 0; i < COUNT(credentials); i++)
        credentials[i] = (yao_dcql_credential){
            .format          = YAO_DCQL_SDJWT,
            .types           = &type,
            .type_count      = i % 2,
            .claims          = claims,
            .claim_count     = COUNT(claims),
            .claim_sets      = claim_sets,
            .claim_set_count = COUNT(claim_sets)};
    for (size_t i = 0; i < COUNT(options); i++)
        options[i] = 0xfffff;
    options[COUNT(options) - 1] = 0xaaaaa;
    for (size_t i = 0; i < COUNT(sets); i++)
        sets[i] = (yao_dcql_set){options, COUNT(options), false};
    read_held("{\"format\":\"dc+sd-jwt\",\"types\":[\"urn:a\"],\"claims\":{"
              "\"n\":1}}",
              &held);
    assert_status(yao_dcql_match(test_arena(), &q, held.held, 1, &m), YAO_OK);
    assert_true(m.satisfied);
    assert_int_equal(m.matched, 0xaaaaa);
    assert_int_equal(m.credentials[1].items[0].claim_set,
                     COUNT(claim_sets) - 1);
    assert_int_equal(m.credentials[1].items[0].claims, UINT64_C(1) << 63);
    assert_int_equal(m.options[19], COUNT(options) - 1);
    assert_status(yao_dcql_answer(&q, &m, NULL, &answer), YAO_OK);
    assert_int_equal(answer, 0xaaaaa);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("match", rows[i].name, match_row, &rows[i]);
    for (size_t i = 0; i < COUNT(choices); i++)
        test_add("answer", choices[i].name, answer_row, &choices[i]);
    for (size_t i = 0; i < COUNT(examples); i++)
        test_add("examples", examples[i].name, match_example, &examples[i]);
    test_add("match", "gives YAO_E_SPACE in every arena that is too small",
             gives_space_in_every_arena, NULL);
    test_add("match", "gives the last of everything (misuse N315)",
             gives_the_last_of_everything, NULL);
    test_add("paths", "gives nothing of a path that is in error",
             gives_a_path_in_error_nothing, NULL);
    return test_run("vp/dcql_match");
}
