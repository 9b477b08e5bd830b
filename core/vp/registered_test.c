/* SPDX-License-Identifier: Apache-2.0 */
/* What a relying party may ask: its profiles, and not more. */
#include "vp/registered.h"

#include "check.h"
#include "vp_world.h"

static yao_status check_query(const yao_text *profiles, size_t count,
                              yao_party_state state,
                              const yao_dcql_query *query,
                              const yao_profile **ret, yao_vp_excess *excess)
{
    yao_trust_party party = {.profiles = profiles, .profile_count = count,
                             .state = state};

    return yao_vp_check_registered(yao_catalogue_shipped(), &party, query, ret,
                                   excess);
}

/* ---- every profile asks for what it asks for ---------------------------- */

/* False when nothing is asked in this step, or in this form. */
static bool accepts_query_of(const yao_profile *p, int format, uint32_t step)
{
    const yao_ask     *ask   = &p->asks[0];
    const yao_profile *found = NULL;
    yao_dcql_known     known[8];
    yao_dcql_wish      wish = {.profile = p, .step = step, .known = known,
                               .sdjwt = (format & 1) != 0,
                               .mdoc  = (format & 2) != 0};
    yao_dcql_query     query;
    yao_vp_excess      excess;

    test_arena()->used = 0;
    for (size_t k = 0; p->match_only && k < ask->element_count && k < 8; k++)
        known[wish.known_count++] = (yao_dcql_known){
            ask->elements[k],
            {.kind = YAO_JSON_STRING, .text = YAO_TEXT("x")}};
    if (yao_dcql_from_profile(test_arena(), &wish, &query) != YAO_OK)
        return false;
    assert_status(check_query(&p->name, 1, YAO_PARTY_ACTIVE, &query, &found,
                              &excess),
                  YAO_OK);
    assert_ptr_equal(found, p);
    return true;
}

static void accepts_its_own(void **state)
{
    const yao_catalogue *c       = yao_catalogue_shipped();
    size_t               checked = 0;

    (void)state;
    for (size_t i = 0; i < c->profile_count; i++)
        for (int format = 1; format < 4; format++)
            for (uint32_t step = 1; step <= 2; step++)
                checked += accepts_query_of(&c->profiles[i], format, step);
    assert_true(checked >= 3 * (c->profile_count - 2));
}

/* ---- rows --------------------------------------------------------------- */

#define SD_(claims)                                                            \
    "{\"credentials\":[{\"id\":\"a\",\"format\":\"dc+sd-jwt\",\"meta\":{"      \
    "\"vct_values\":[\"urn:yaopai:resident_id:1\"]}" claims "}]}"
#define CLAIMS(paths) ",\"claims\":[" paths "]"
#define PATH(path)    "{\"path\":" path "}"
#define MDOC_(claims)                                                          \
    "{\"credentials\":[{\"id\":\"a\",\"format\":\"mso_mdoc\",\"meta\":{"       \
    "\"doctype_value\":\"org.iso.23220.photoid.1\"}" claims "}]}"

#define TWO_(one, other)                                                       \
    "{\"credentials\":[{\"id\":\"a\",\"format\":\"dc+sd-jwt\",\"meta\":{"      \
    "\"vct_values\":[\"urn:yaopai:resident_id:1\"]}" one "},{\"id\":\"second\"," \
    "\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":["                      \
    "\"urn:yaopai:resident_id:1\"]}" other "}]}"

/* 64 letters */
#define LONG                                                                   \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

typedef struct right {
    const char *name, *query;
    const char *profiles[2];
    yao_status  want;
    const char *found;
    size_t      claim; /* that is too much */
} right;

#define NOT(at) YAO_E_NOT_AUTHORISED, NULL, at

static const right rights[] = {
    {"accepts a part of a profile", SD_(CLAIMS(PATH("[\"name\"]"))),
     {"hotel"}, YAO_OK, "hotel", 0},
    {"accepts the document alone", SD_(""), {"hotel"}, YAO_OK, "hotel", 0},
    {"accepts all that lies in an object",
     SD_(CLAIMS(PATH("[\"address\"]"))), {"hotel"}, YAO_OK, "hotel", 0},
    {"accepts a part of an element",
     SD_(CLAIMS(PATH("[\"address\",\"formatted\",0]"))), {"hotel"}, YAO_OK,
     "hotel", 0},
    {"accepts the second of its profiles",
     SD_(CLAIMS(PATH("[\"age_equal_or_over\",\"18\"]"))), {"hotel", "age"},
     YAO_OK, "age", 0},
    {"accepts an element of an mdoc",
     MDOC_(CLAIMS(PATH("[\"org.iso.23220.1\",\"birth_date\"]"))), {"hotel"},
     YAO_OK, "hotel", 0},
    {"accepts to keep what may be kept",
     MDOC_(CLAIMS("{\"path\":[\"org.iso.23220.1\",\"birth_date\"],"
                  "\"intent_to_retain\":true}")),
     {"hotel"}, YAO_OK, "hotel", 0},
    {"accepts a format that nobody answers",
     "{\"credentials\":[{\"id\":\"a\",\"format\":\"ldp_vc\",\"meta\":{}}]}",
     {"hotel"}, YAO_OK, "hotel", 0},
    {"refuses N217: an element that the profile does not ask for",
     SD_(CLAIMS(PATH("[\"name\"]") "," PATH("[\"ethnicity\"]"))), {"hotel"},
     NOT(1)},
    {"refuses N217: the same in an mdoc",
     MDOC_(CLAIMS(PATH("[\"org.yaopai.resident_id.1\",\"ethnicity\"]"))),
     {"hotel"}, NOT(0)},
    {"refuses N217: a portrait for who asks an age",
     SD_(CLAIMS(PATH("[\"picture\"]"))), {"age"}, NOT(0)},
    {"refuses N217: all ages where some are asked",
     SD_(CLAIMS(PATH("[\"age_equal_or_over\"]"))), {"hotel"}, NOT(0)},
    {"refuses N217: a claim that nobody knows",
     SD_(CLAIMS(PATH("[\"shoe_size\"]"))), {"hotel"}, NOT(0)},
    {"refuses N217: an element that nobody knows",
     MDOC_(CLAIMS(PATH("[\"org.iso.23220.1\",\"shoe_size\"]"))), {"hotel"},
     NOT(0)},
    {"refuses N217: all items of something",
     SD_(CLAIMS(PATH("[null]"))), {"hotel"}, NOT(0)},
    {"refuses N217: a document that the profile does not ask for",
     SD_(""), {"door"}, NOT(YAO_DCQL_NONE)},
    {"refuses N217: a document that nobody knows",
     "{\"credentials\":[{\"id\":\"a\",\"format\":\"dc+sd-jwt\",\"meta\":{"
     "\"vct_values\":[\"urn:eudi:pid:1\"]}}]}",
     {"hotel"}, NOT(YAO_DCQL_NONE)},
    {"refuses N217: two of its profiles together",
     SD_(CLAIMS(PATH("[\"personal_administrative_number\"]") ","
                PATH("[\"age_equal_or_over\",\"18\"]"))),
     {"hotel", "age"}, NOT(1)},
    {"refuses N217: to keep what may not be kept",
     MDOC_(CLAIMS("{\"path\":[\"org.iso.23220.1\",\"age_over_18\"],"
                  "\"intent_to_retain\":true}")),
     {"age"}, NOT(0)},
    {"accepts to compare a value",
     SD_(CLAIMS("{\"path\":[\"name\"],\"values\":[\"x\"]}")), {"identity"},
     YAO_OK, "identity", 0},
    {"refuses N217: to be shown what may only be compared",
     SD_(CLAIMS(PATH("[\"name\"]"))), {"identity"}, NOT(0)},
    {"refuses N217: two ages of which one is asked",
     SD_(CLAIMS(PATH("[\"age_equal_or_over\",\"14\"]") ","
                PATH("[\"age_equal_or_over\",\"18\"]"))),
     {"age"}, NOT(1)},
    {"refuses N217: one age of each of two documents",
     TWO_(CLAIMS(PATH("[\"age_equal_or_over\",\"14\"]")),
          CLAIMS(PATH("[\"age_equal_or_over\",\"18\"]"))),
     {"age"}, NOT(0)},
    {"accepts the same age of each of two documents",
     TWO_(CLAIMS(PATH("[\"age_equal_or_over\",\"14\"]")),
          CLAIMS(PATH("[\"age_equal_or_over\",\"14\"]"))),
     {"age"}, YAO_OK, "age", 0},
    {"refuses N214: to guess among several values",
     SD_(CLAIMS("{\"path\":[\"name\"],\"values\":[\"x\",\"y\"]}")),
     {"identity"}, NOT(0)},
    {"refuses N214: to guess by sets of claims",
     SD_(CLAIMS("{\"id\":\"a\",\"path\":[\"name\"],\"values\":[\"x\"]},"
                "{\"id\":\"b\",\"path\":[\"name\"],\"values\":[\"y\"]}")
         ",\"claim_sets\":[[\"a\"],[\"b\"]]"),
     {"identity"}, NOT(YAO_DCQL_NONE)},
    {"refuses N214: to guess by asking twice",
     TWO_(CLAIMS("{\"path\":[\"name\"],\"values\":[\"x\"]}"),
          CLAIMS("{\"path\":[\"name\"],\"values\":[\"y\"]}")),
     {"identity"}, NOT(YAO_DCQL_NONE)},
    {"refuses N217: a claim with a name that is too long",
     SD_(CLAIMS(PATH("[\"name\",\"" LONG LONG LONG LONG "\"]"))), {"hotel"},
     NOT(0)},
    {"refuses a profile that nobody knows", SD_(""), {"x"},
     NOT(YAO_DCQL_NONE)},
    {"refuses a party without profiles", SD_(""), {NULL}, NOT(YAO_DCQL_NONE)},
};

static void right_row(void **state)
{
    const right       *r = *state;
    yao_text           profiles[2];
    size_t             count = 0;
    yao_dcql_query     query;
    const yao_profile *found  = NULL;
    yao_vp_excess      excess = {99, 99};

    for (; count < 2 && r->profiles[count] != NULL; count++)
        profiles[count] = yao_text_of(r->profiles[count]);
    assert_status(yao_dcql_parse(test_arena(),
                                 yao_text_bytes(yao_text_of(r->query)),
                                 &query),
                  YAO_OK);
    assert_status(check_query(profiles, count, YAO_PARTY_ACTIVE, &query,
                              &found, &excess),
                  r->want);
    if (r->want == YAO_OK) {
        assert_true(yao_text_equal(found->name, yao_text_of(r->found)));
        /* and nobody who is not active */
        assert_status(check_query(profiles, count, YAO_PARTY_SUSPENDED,
                                  &query, &found, &excess),
                      YAO_E_NOT_AUTHORISED);
        return;
    }
    assert_null(found);
    /* of two the second is what is too much */
    assert_int_equal(excess.credential,
                     strstr(r->query, "\"second\"") != NULL);
    assert_int_equal(excess.claim, r->claim);
}

/* ---- in a request ------------------------------------------------------- */

static const yao_bytes asks_name = YAO_INIT(
    SD_(CLAIMS(PATH("[\"name\"]"))));
static const yao_bytes asks_more = YAO_INIT(
    SD_(CLAIMS(PATH("[\"ethnicity\"]"))));

static void in_a_request(void **state)
{
    const vp_world    *world   = vp_world_make();
    yao_vp_terms       terms   = vp_terms(world);
    yao_vp_ask         ask     = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    static const yao_text hotel[] = {YAO_INIT("hotel")};
    uint8_t            hash[32];
    yao_trust_party    party = {.state = YAO_PARTY_ACTIVE, .profiles = hotel,
                                .profile_count = 1,
                                .hash = {hash, sizeof hash}};
    yao_trust_verified list  = {
         .content = {.parties = &party, .party_count = 1}};
    yao_vp_request q;
    yao_vp_refusal refusal;

    (void)state;
    assert_status(test_crypto()->hash(test_crypto()->ctx, YAO_SHA256,
                                      &world->reader, 1, hash),
                  YAO_OK);
    terms.parties   = &list;
    terms.catalogue = yao_catalogue_shipped();
    ask.query       = asks_name;
    assert_status(vp_read(vp_sign(world, &ask), &terms, &q, &refusal), YAO_OK);
    assert_true(yao_text_equal(q.profile->name, YAO_TEXT("hotel")));
    assert_true(q.profile->purpose.zh.len != 0);

    ask.infos = YAO_LIT("[{\"format\":\"urn:yaopai:pseudonym:1\","
                        "\"data\":{}}]");
    assert_status(vp_read(vp_sign(world, &ask), &terms, &q, &refusal),
                  YAO_E_NOT_AUTHORISED);
    assert_non_null(strstr(refusal.why, "pseudonym"));
    ask.infos = (yao_bytes){NULL, 0};

    ask.query = asks_more;
    assert_status(vp_read(vp_sign(world, &ask), &terms, &q, &refusal),
                  YAO_E_NOT_AUTHORISED);
    assert_true(yao_text_equal(refusal.what, YAO_TEXT("a")));
    assert_int_equal(refusal.error, YAO_OAUTH_INVALID_REQUEST);
    terms.catalogue = NULL;
    assert_status(vp_read(vp_sign(world, &ask), &terms, &q, &refusal), YAO_OK);
    assert_null(q.profile);
}

static void refuses_use(void **state)
{
    yao_dcql_query     query;
    const yao_profile *found;
    yao_vp_excess      excess;

    (void)state;
    assert_status(yao_dcql_parse(test_arena(), asks_name, &query), YAO_OK);
    assert_status(yao_vp_check_registered(yao_catalogue_shipped(), NULL,
                                          &query, &found, &excess),
                  YAO_E_USAGE);
}

/* ---- two steps ---------------------------------------------------------- */

static uint32_t step_of(const char *json)
{
    const yao_catalogue *c = yao_catalogue_shipped();
    yao_dcql_query       query;

    assert_status(yao_dcql_parse(test_arena(),
                                 yao_text_bytes(yao_text_of(json)), &query),
                  YAO_OK);
    return yao_vp_step_of(c, yao_profile_by_name(c, YAO_TEXT("road_check")),
                          &query);
}

#define LICENCE                                                                \
    "{\"id\":\"l\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":["       \
    "\"urn:yaopai:driving_licence:1\"]},\"claims\":["                          \
    "{\"path\":[\"driving_class\"]}]}"
#define WHO                                                                    \
    "{\"id\":\"i\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":["       \
    "\"urn:yaopai:resident_id:1\"]},\"claims\":[{\"path\":[\"name\"]}]}"
#define BOTH "{\"credentials\":[" LICENCE "," WHO "]}"

/* What comes first, what comes afterwards, and never both at once. */
static void tells_the_step(void **state)
{
    static const yao_text road[] = {YAO_INIT("road_check")};
    const yao_profile    *found;
    yao_vp_excess         excess;
    yao_dcql_query        query;

    (void)state;
    assert_int_equal(step_of("{\"credentials\":[" LICENCE "]}"), 1);
    assert_int_equal(step_of("{\"credentials\":[" WHO "]}"), 2);
    assert_int_equal(step_of(BOTH), 0);
    assert_status(yao_dcql_parse(test_arena(), YAO_LIT(BOTH), &query), YAO_OK);
    assert_status(check_query(road, 1, YAO_PARTY_ACTIVE, &query, &found,
                              &excess),
                  YAO_E_NOT_AUTHORISED);
    assert_int_equal(excess.credential, 1);
}

int main(void)
{
    test_add("step_of", "refuses N217: both steps at once", tells_the_step,
             NULL);
    test_add("profiles", "accepts what each asks for", accepts_its_own, NULL);
    for (size_t i = 0; i < COUNT(rights); i++)
        test_add("right", rights[i].name, right_row, &rights[i]);
    test_add("request", "refuses N217: one that asks for more", in_a_request,
             NULL);
    test_add("right", "refuses nobody", refuses_use, NULL);
    return test_run("vp/registered");
}
