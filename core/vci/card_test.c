/* SPDX-License-Identifier: Apache-2.0 */
/* A wallet keeps no card that says more than was offered. */
#include "vci/card.h"

#include "check.h"

#define ID "urn:yaopai:resident_id:1"

static const yao_card_element adult[] = {
    {YAO_CARD_PRIVATE, 11, YAO_INIT("\xf5")},
    {YAO_CARD_PRIVATE, 13, YAO_INIT("\x02")},
    {YAO_CARD_PRIVATE, 14, YAO_INIT("\x68" "SPECIMEN")}};
static const yao_card_element numbered[] = {
    {YAO_CARD_PRIVATE, 11, YAO_INIT("\xf5")},
    {YAO_CARD_PRIVATE, 2, YAO_INIT("\x72" "12011919880808901X")}};
static const yao_card_element strange[] = {
    {YAO_CARD_PRIVATE, 200, YAO_INIT("\xf5")}};
static const yao_card_element named[] = {
    {YAO_CARD_169, 4, YAO_INIT("\x68" "SPECIMEN")},
    {YAO_CARD_PRIVATE, 2, YAO_INIT("\x72" "12011919880808901X")}};

#define CONTENT(t, p, list, seal)                                              \
    {.type = YAO_INIT(t), .profile = YAO_INIT(p), .elements = list,            \
     .element_count = COUNT(list), .sealed = seal}
#define WANTED(t, p, c) {YAO_INIT(t), YAO_INIT(p), YAO_INIT(c)}

static const struct row {
    const char      *name;
    yao_vci_card     wanted;
    yao_card_content content;
    yao_status       want;
} rows[] = {
    {"accepts what was offered", WANTED(ID, "age", "age_over_18"),
     CONTENT(ID, "age", adult, false), YAO_OK},
    {"accepts a sealed one", WANTED(ID, "hotel", ""),
     CONTENT(ID, "hotel", named, true), YAO_OK},
    {"refuses one that is to be sealed and is not", WANTED(ID, "hotel", ""),
     CONTENT(ID, "hotel", named, false), YAO_E_REFUSED},
    {"refuses another profile", WANTED(ID, "age", "age_over_18"),
     CONTENT(ID, "hotel", adult, true), YAO_E_MISMATCH},
    {"refuses another type", WANTED(ID, "age", "age_over_18"),
     CONTENT("urn:other:1", "age", adult, false), YAO_E_MISMATCH},
    {"refuses another choice", WANTED(ID, "age", "age_over_60"),
     CONTENT(ID, "age", adult, false), YAO_E_REFUSED},
    {"refuses a number that nobody asked for",
     WANTED(ID, "age", "age_over_18"), CONTENT(ID, "age", numbered, false),
     YAO_E_REFUSED},
    {"refuses what nobody knows", WANTED(ID, "age", "age_over_18"),
     CONTENT(ID, "age", strange, false), YAO_E_REFUSED},
    {"refuses a profile that nobody knows", WANTED(ID, "none", ""),
     CONTENT(ID, "none", adult, false), YAO_E_NOT_FOUND},
    {"refuses a type that nobody knows", WANTED("urn:other:1", "age", ""),
     CONTENT("urn:other:1", "age", adult, false), YAO_E_NOT_FOUND},
    {"refuses a choice that nobody knows",
     WANTED(ID, "age", "age_over_99"), CONTENT(ID, "age", adult, false),
     YAO_E_NOT_FOUND},
};

static void check(void **state)
{
    const struct row *r    = *state;
    size_t            used = test_arena()->used;

    assert_status(yao_vci_check_card(test_arena(), yao_catalogue_shipped(),
                                     &r->wanted, &r->content),
                  r->want);
    assert_int_equal(test_arena()->used, used);
}

#define NUMBERED                                                               \
    CONTENT(ID, "hotel", named, false)

static const struct row papers[] = {
    {"accepts paper, which is not sealed", WANTED(ID, "hotel", ""), NUMBERED,
     YAO_OK},
    {"refuses paper for a profile that has none", WANTED(ID, "police", ""),
     CONTENT(ID, "police", named, false), YAO_E_REFUSED},
    {"refuses paper that says more than was offered",
     WANTED(ID, "age", "age_over_18"), CONTENT(ID, "age", numbered, false),
     YAO_E_REFUSED},
    {"refuses paper of another profile", WANTED(ID, "age", "age_over_18"),
     NUMBERED, YAO_E_MISMATCH},
    {"refuses paper of a profile that nobody knows", WANTED(ID, "none", ""),
     CONTENT(ID, "none", adult, false), YAO_E_NOT_FOUND},
};

static void check_paper(void **state)
{
    const struct row *r    = *state;
    size_t            used = test_arena()->used;

    assert_status(yao_vci_check_paper(test_arena(), yao_catalogue_shipped(),
                                      &r->wanted, &r->content),
                  r->want);
    assert_int_equal(test_arena()->used, used);
}

static void no_room(void **state)
{
    yao_arena none = {NULL, 0, 0};

    (void)state;
    assert_status(yao_vci_check_card(&none, yao_catalogue_shipped(),
                                     &rows[0].wanted, &rows[0].content),
                  YAO_E_SPACE);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("card", rows[i].name, check, &rows[i]);
    for (size_t i = 0; i < COUNT(papers); i++)
        test_add("card", papers[i].name, check_paper, &papers[i]);
    test_add("card", "refuses where there is no room", no_room, NULL);
    return test_run("vci/card");
}
