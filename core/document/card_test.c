/* SPDX-License-Identifier: Apache-2.0 */
/* What a card carries, by the shipped profiles. */
#include "check.h"
#include "document/document.h"

typedef struct layout_row {
    const char *name;
    const char *profile, *document, *choice;
    yao_status  want;
    const char *elements; /* names, each followed by a blank */
    size_t      asked;
} layout_row;

static const layout_row layouts[] = {
    {"gives the identity without the portrait", "hotel", "resident_id", "",
     YAO_OK,
     "full_name sex birth_date id_number resident_address issue_date "
     "expiry_date assurance_level specimen ",
     7},
    {"gives the first choice when none is named", "age", "resident_id", "",
     YAO_OK, "age_over_18 assurance_level specimen ", 1},
    {"gives the choice that is named, and no other", "age", "resident_id",
     "age_over_60", YAO_OK, "age_over_60 assurance_level specimen ", 1},
    {"gives what the profile puts on the card", "police", "resident_id", "",
     YAO_OK,
     "full_name sex ethnicity birth_date id_number resident_address "
     "document_number issue_date expiry_date assurance_level specimen ",
     9},
    {"gives a second document its own card", "road_check",
     "vehicle_registration", "", YAO_OK,
     "registration_number vehicle_type vehicle_identification_number "
     "use_character expiry_date_technical_inspection assurance_level "
     "specimen ",
     5},
    {"gives a pass with nothing but data files", "door", "pass", "", YAO_OK,
     "pass_id issue_date expiry_date assurance_level specimen ", 3},
    {"refuses a choice that is none", "age", "resident_id", "age_over_21",
     YAO_E_NOT_FOUND, NULL, 0},
    {"refuses a choice where there is none", "hotel", "resident_id",
     "age_over_18", YAO_E_NOT_FOUND, NULL, 0},
    {"refuses a document that is not asked for", "hotel", "pass", "",
     YAO_E_NOT_FOUND, NULL, 0},
    {"refuses a profile without a card", "mortgage", "resident_id", "",
     YAO_E_NOT_FOUND, NULL, 0},
};

static const yao_profile *profile_of(const layout_row *r)
{
    return yao_profile_by_name(yao_catalogue_shipped(),
                               yao_text_of(r->profile));
}

static const yao_definition *document_of(const layout_row *r)
{
    return yao_document_by_name(yao_catalogue_shipped(),
                                yao_text_of(r->document));
}

static void layout_case(void **state)
{
    const layout_row *r = *state;
    yao_card_layout   layout;
    yao_requirements  wanted;
    yao_writer        w;
    yao_bytes         names;

    assert_status(yao_profile_card(test_arena(), profile_of(r), document_of(r),
                                   yao_text_of(r->choice), &layout),
                  r->want);
    assert_status(yao_profile_card_requirements(
                      test_arena(), profile_of(r), document_of(r),
                      yao_text_of(r->choice), &wanted),
                  r->want);
    if (r->want != YAO_OK)
        return;
    w = yao_writer_in(test_arena());
    for (size_t i = 0; i < layout.count; i++) {
        const yao_element *e = layout.elements[i];

        yao_put_bytes(&w, yao_text_bytes(e->name));
        yao_put_byte(&w, ' ');
        assert_ptr_equal(
            yao_document_labelled(layout.definition, e->claim_169, e->card), e);
    }
    assert_status(yao_writer_keep(&w, test_arena(), &names), YAO_OK);
    assert_bytes(names, yao_text_bytes(yao_text_of(r->elements)));
    assert_int_equal(layout.asked, r->asked);
    assert_true(yao_text_equal(
        layout.choice, yao_text_of(strcmp(r->profile, "age") != 0 ? ""
                                   : r->choice[0] != '\0' ? r->choice
                                                          : "age_over_18")));
    assert_int_equal(wanted.count, r->asked);
    for (size_t i = 0; i < wanted.count; i++) {
        assert_true(
            yao_text_equal(wanted.items[i].type, layout.definition->vct));
        assert_true(
            yao_text_equal(wanted.items[i].element, layout.elements[i]->claim));
        assert_int_equal(wanted.items[i].yes,
                         layout.elements[i]->type == YAO_TYPE_BOOL);
    }
}

static void refuses_to_overrun_its_memory(void **state)
{
    const layout_row *r = &layouts[0];
    yao_card_layout   layout;
    yao_requirements  wanted;
    static uint8_t    room[1024];
    bool              fitted = false;

    (void)state;
    for (size_t size = 0; size < sizeof room; size += 8) {
        yao_arena  small = {room, size, 0};
        yao_status status =
            yao_profile_card_requirements(&small, profile_of(r), document_of(r),
                                          (yao_text){NULL, 0}, &wanted);

        assert_true(status == YAO_OK || status == YAO_E_SPACE);
        fitted = fitted || status == YAO_OK;
    }
    assert_true(fitted);
    yao_arena none = {room, 0, 0};
    assert_status(yao_profile_card(&none, profile_of(r), document_of(r),
                                   (yao_text){NULL, 0}, &layout),
                  YAO_E_SPACE);
}

/* A choice that is asked for anyway, and what says what the document is. */
static void gives_each_element_once(void **state)
{
    static const yao_text names[] = {YAO_INIT("age_over_18"),
                                     YAO_INIT("assurance_level")};
    const yao_definition *d       = document_of(&layouts[0]);
    const yao_ask         ask     = {.definition    = d,
                                     .elements      = names,
                                     .element_count = 2,
                                     .choices       = names,
                                     .choice_count  = 1,
                                     .step          = 1};
    const yao_profile     p       = {.name      = YAO_TEXT("twice"),
                                     .asks      = &ask,
                                     .ask_count = 1,
                                     .card      = YAO_CARD_OPEN,
                                     .card_days = 1};
    yao_card_layout       layout;
    yao_requirements      wanted;

    (void)state;
    assert_status(yao_profile_card(test_arena(), &p, d, YAO_TEXT(""), &layout),
                  YAO_OK);
    assert_int_equal(layout.asked, 2);
    assert_int_equal(layout.count, 3); /* and the mark of a specimen */
    assert_status(yao_profile_card_requirements(test_arena(), &p, d,
                                                YAO_TEXT(""), &wanted),
                  YAO_OK);
    assert_int_equal(wanted.count, 2);
    assert_true(wanted.items[0].yes);
    assert_false(wanted.items[1].yes);
}

/* Portraits have no label. */
static void refuses_a_card_with_nothing_on_it(void **state)
{
    static const yao_text names[] = {YAO_INIT("portrait")};
    const yao_definition *d       = document_of(&layouts[0]);
    const yao_ask         ask     = {.definition    = d,
                                     .elements      = names,
                                     .element_count = 1,
                                     .step          = 1};
    const yao_profile     p       = {.asks      = &ask,
                                     .ask_count = 1,
                                     .card      = YAO_CARD_SEALED,
                                     .card_days = 1};
    yao_card_layout       layout;

    (void)state;
    assert_status(yao_profile_card(test_arena(), &p, d, YAO_TEXT(""), &layout),
                  YAO_E_NOT_FOUND);
}

static void gives_nothing_for_a_label_of_nobody(void **state)
{
    const yao_definition *d = document_of(&layouts[0]);

    (void)state;
    assert_null(yao_document_labelled(d, false, 0));
    assert_null(yao_document_labelled(d, true, 0));
    assert_null(yao_document_labelled(d, false, 255));
    assert_null(yao_document_labelled(d, true, 2));
    assert_null(yao_document_labelled(d, false, UINT64_MAX));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(layouts); i++)
        test_add("layout", layouts[i].name, layout_case,
                 (void *)(uintptr_t)&layouts[i]);
    test_add("layout", "refuses to overrun its memory",
             refuses_to_overrun_its_memory, NULL);
    test_add("layout", "gives each element once", gives_each_element_once,
             NULL);
    test_add("layout", "refuses a card with nothing on it",
             refuses_a_card_with_nothing_on_it, NULL);
    test_add("labels", "gives nothing for a label of nobody",
             gives_nothing_for_a_label_of_nobody, NULL);
    return test_run("document/card");
}
