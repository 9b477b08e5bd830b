/* SPDX-License-Identifier: Apache-2.0 */
/* By what a document is known of which a wallet may hold several. */
#include "wallet/receiving.h"

#include "check.h"

#define NAME(text)                                                             \
    {.space = YAO_INIT("org.yaopai.resident_id.1"),                            \
     .name = YAO_INIT("full_name"), .cbor = YAO_INIT(text)}
#define HELD(value)                                                            \
    {.space = YAO_INIT("org.yaopai.resident_id.1"),                            \
     .name = YAO_INIT("held_by_guardian"), .cbor = YAO_INIT(value)}

static const yao_attribute child[] = {NAME("\x68" "SPECIMEN"), HELD("\xf5")};
static const yao_attribute adult[] = {NAME("\x68" "SPECIMEN"), HELD("\xf4")};
static const yao_attribute plain[] = {NAME("\x68" "SPECIMEN")};
static const yao_attribute child_json[] = {
    {.name = YAO_INIT("name"), .json = YAO_INIT("\"SPECIMEN\"")},
    {.name = YAO_INIT("held_by_guardian"), .json = YAO_INIT("true")}};
static const yao_attribute vehicle[] = {
    {.name = YAO_INIT("vehicle_identification_number"),
     .json = YAO_INIT("\"LTEST1A02R0000017\"")}};

#define MDOC(list)                                                             \
    {.offered = {.format = YAO_VCI_MDOC,                                       \
                 .type   = YAO_INIT("org.iso.23220.photoid.1")},               \
     .state = YAO_RECEIVE_GOOD, .attributes = list,                            \
     .attribute_count = COUNT(list)}
#define SDJWT(vct, list)                                                       \
    {.offered = {.format = YAO_VCI_SDJWT, .type = YAO_INIT(vct)},              \
     .state = YAO_RECEIVE_GOOD, .attributes = list,                            \
     .attribute_count = COUNT(list)}
#define CARD                                                                   \
    {.offered = {.format = YAO_VCI_CARD,                                       \
                 .type   = YAO_INIT("urn:yaopai:resident_id:1")},              \
     .state = YAO_RECEIVE_GOOD}

static const struct row {
    const char      *name;
    yao_receive_item items[2];
    size_t           count, index;
    const char      *want;
} rows[] = {
    {"gives a child's name, as an mdoc says it", {MDOC(child)}, 1, 0,
     "SPECIMEN"},
    {"gives a child's name, as an SD-JWT says it",
     {SDJWT("urn:yaopai:resident_id:1", child_json)}, 1, 0, "SPECIMEN"},
    {"gives a card the name of the child that it came with",
     {CARD, MDOC(child)}, 2, 0, "SPECIMEN"},
    {"gives nothing of who holds their own", {MDOC(adult)}, 1, 0, ""},
    {"gives nothing where nothing is said", {MDOC(plain)}, 1, 0, ""},
    {"gives nothing of a card alone", {CARD}, 1, 0, ""},
    {"gives a vehicle's number",
     {SDJWT("urn:yaopai:vehicle_registration:1", vehicle)}, 1, 0,
     "LTEST1A02R0000017"},
};

static void subject(void **state)
{
    const struct row *r = *state;
    yao_receive_item  items[2];
    yao_text          got;

    memcpy(items, r->items, sizeof items);
    const yao_receiving_all all = {yao_catalogue_shipped(), items, r->count};
    assert_status(yao_receiving_subject(&all, r->index, test_arena(), &got),
                  YAO_OK);
    assert_bytes(yao_text_bytes(got), yao_text_bytes(yao_text_of(r->want)));
}

/* What was refused says nothing of the others. */
static void bad_child(void **state)
{
    yao_receive_item items[2] = {CARD, MDOC(child)};
    yao_text         got;

    (void)state;
    items[1].state              = YAO_RECEIVE_BAD;
    const yao_receiving_all all = {yao_catalogue_shipped(), items, 2};
    assert_status(yao_receiving_subject(&all, 0, test_arena(), &got), YAO_OK);
    assert_int_equal(got.len, 0);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("subject", rows[i].name, subject, &rows[i]);
    test_add("subject", "gives nothing of a child that was refused", bad_child,
             NULL);
    return test_run("wallet/receiving_subject");
}
