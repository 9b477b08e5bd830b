/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/profile_ask.h"

#include <string.h>

#include "check.h"
#include "proximity/registered.h"

/* ---- what a profile asks ------------------------------------------------ */

static const struct asked {
    const char *name, *profile, *choice;
    uint32_t    step;
    yao_status  want;
    size_t      documents;
} asks[] = {
    {"gives the one document of a hotel", "hotel", "", 1, YAO_OK, 1},
    {"gives the documents of a mortgage", "mortgage", "", 1, YAO_OK, 4},
    {"gives the optional vehicle of a road check too", "road_check", "", 1,
     YAO_OK, 2},
    {"gives who the driver is in the second step", "road_check", "", 2, YAO_OK,
     1},
    {"gives the age that was chosen", "age", "age_over_60", 1, YAO_OK, 1},
    {"refuses a step that there is not", "hotel", "", 2, YAO_E_NOT_FOUND, 0},
    {"refuses a choice that there is not", "age", "age_over_99", 1,
     YAO_E_NOT_FOUND, 0},
};

static const yao_profile *profile_of(const char *name)
{
    return yao_profile_by_name(yao_catalogue_shipped(), yao_text_of(name));
}

/* Elements of one namespace stand together, none twice. */
static void check_order(const yao_mdoc_ask *ask)
{
    for (size_t i = 0; i < ask->element_count; i++)
        for (size_t k = i + 1; k < ask->element_count; k++) {
            const yao_mdoc_wanted *a = &ask->elements[i];
            const yao_mdoc_wanted *b = &ask->elements[k];
            bool same = yao_text_equal(a->name_space, b->name_space);

            assert_false(same && yao_text_equal(a->element, b->element));
            if (same)
                assert_true(yao_text_equal(
                    a->name_space, ask->elements[k - 1].name_space));
        }
}

static void one_ask(void **state)
{
    const struct asked *a = *state;
    yao_reader_request  r = {.ask_count = 0};

    assert_status(yao_prox_from_profile(test_arena(), profile_of(a->profile),
                                        a->step, yao_text_of(a->choice), &r),
                  a->want);
    assert_int_equal(r.ask_count, a->documents);
    for (size_t i = 0; i < r.ask_count; i++)
        check_order(&r.asks[i]);
}

static void no_place(void **state)
{
    const yao_element    element    = {.name  = YAO_INIT("x"),
                                       .claim = YAO_INIT("x")};
    const yao_definition definition = {.name          = YAO_INIT("specimen"),
                                       .doc_type      = YAO_INIT("specimen"),
                                       .elements      = &element,
                                       .element_count = 1};
    const yao_text       names[]    = {YAO_INIT("x")};
    const yao_ask        ask        = {.definition    = &definition,
                                       .elements      = names,
                                       .element_count = 1,
                                       .step          = 1};
    yao_ask              many[YAO_MAX_DOCUMENTS + 1];
    yao_profile          p = {.asks = &ask, .ask_count = 1};
    yao_reader_request   r;
    yao_arena            small = {NULL, 0, 0};

    (void)state;
    assert_status(
        yao_prox_from_profile(test_arena(), &p, 1, YAO_TEXT(""), &r),
        YAO_E_UNSUPPORTED);
    assert_status(yao_prox_from_profile(&small, &p, 1, YAO_TEXT(""), &r),
                  YAO_E_SPACE);
    for (size_t i = 0; i < COUNT(many); i++)
        many[i] = profile_of("hotel")->asks[0];
    p = (yao_profile){.asks = many, .ask_count = COUNT(many)};
    assert_status(
        yao_prox_from_profile(test_arena(), &p, 1, YAO_TEXT(""), &r),
        YAO_E_LIMIT);
}

/* ---- one profile for all of it ------------------------------------------ */

/* What PROFILES ask, together. */
static yao_mdoc_request request_of(const char *const *profiles, size_t count)
{
    yao_mdoc_doc_request *list =
        yao_arena_take_array(test_arena(), 16, sizeof *list);
    yao_mdoc_request all = {.documents = list};

    for (size_t i = 0; i < count; i++) {
        yao_reader_request r;

        assert_status(yao_prox_from_profile(test_arena(),
                                            profile_of(profiles[i]), 1,
                                            YAO_TEXT(""), &r),
                      YAO_OK);
        for (size_t k = 0; k < r.ask_count; k++)
            list[all.document_count++] = (yao_mdoc_doc_request){
                .doc_type      = r.asks[k].doc_type,
                .elements = (yao_mdoc_wanted *)(uintptr_t)r.asks[k].elements,
                .element_count = r.asks[k].element_count};
    }
    return all;
}

static const struct together {
    const char      *name;
    const char      *asked[2];
    yao_party_state  state;
    yao_status       want;
    const char      *by;
} rows[] = {
    {"accepts what one profile asks", {"mortgage", NULL}, YAO_PARTY_ACTIVE,
     YAO_OK, "mortgage"},
    {"accepts another profile of the party's", {"hotel", NULL},
     YAO_PARTY_ACTIVE, YAO_OK, "hotel"},
    {"refuses two profiles in one request", {"mortgage", "train"},
     YAO_PARTY_ACTIVE, YAO_E_NOT_AUTHORISED, NULL},
    {"refuses what is in none of them", {"police", NULL}, YAO_PARTY_ACTIVE,
     YAO_E_NOT_AUTHORISED, NULL},
    {"refuses a party that was suspended", {"hotel", NULL},
     YAO_PARTY_SUSPENDED, YAO_E_SUSPENDED, NULL},
};

static void one_together(void **state)
{
    static const yao_text  profiles[] = {YAO_INIT("train"), YAO_INIT("hotel"),
                                         YAO_INIT("mortgage")};
    const struct together *t          = *state;
    const yao_trust_party  party      = {.profiles       = profiles,
                                         .profile_count  = 3,
                                         .retention_days = 3650,
                                         .state          = t->state};
    const yao_profile     *found      = NULL;
    size_t                 count      = t->asked[1] != NULL ? 2 : 1;
    const yao_mdoc_request all        = request_of(t->asked, count);

    assert_status(yao_prox_check_together(yao_catalogue_shipped(), &party, &all,
                                          &found),
                  t->want);
    if (t->want == YAO_OK)
        assert_true(yao_text_equal(found->name, yao_text_of(t->by)));
    else
        assert_null(found);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(asks); i++)
        test_add("profile", asks[i].name, one_ask, &asks[i]);
    test_add("profile", "refuses what has no place in an mdoc, or is too much",
             no_place, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("profile", rows[i].name, one_together, &rows[i]);
    return test_run("proximity/profile_ask");
}
