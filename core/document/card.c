/* SPDX-License-Identifier: Apache-2.0 */
/* What a QR card carries of a document: docs/formats/catalogue.md, section 4,
 * docs/formats/card.md. */
#include "document/document.h"
#include "document/load.h"

/* IANA's CWT claim 169, as far as our documents have its values. */
static const struct {
    uint32_t         label;
    yao_element_type type;
} claim_169[] = {
    {1, YAO_TYPE_TEXT},  /* identifier */
    {4, YAO_TYPE_TEXT},  /* full name */
    {5, YAO_TYPE_TEXT},  /* first name */
    {7, YAO_TYPE_TEXT},  /* last name */
    {8, YAO_TYPE_DATE},  /* date of birth, as "YYYYMMDD" */
    {9, YAO_TYPE_UINT},  /* gender: 1, 2, 3 */
    {10, YAO_TYPE_TEXT}, /* address */
    {13, YAO_TYPE_CODE}, /* nationality */
};

bool yao_claim_169_takes(uint32_t label, yao_element_type type)
{
    for (size_t i = 0; i < sizeof claim_169 / sizeof claim_169[0]; i++)
        if (claim_169[i].label == label)
            return claim_169[i].type == type;
    return false;
}

const yao_element *yao_document_labelled(const yao_definition *d, bool iana,
                                         uint64_t label)
{
    for (size_t i = 0; i < d->element_count; i++) {
        const yao_element *e = &d->elements[i];

        if (e->card != 0 && e->card == label && e->claim_169 == iana)
            return e;
    }
    return NULL;
}

static const yao_ask *ask_of(const yao_profile    *profile,
                             const yao_definition *definition)
{
    for (size_t i = 0; profile->card != YAO_CARD_NONE && i < profile->ask_count;
         i++)
        if (profile->asks[i].definition == definition)
            return &profile->asks[i];
    return NULL;
}

static bool has(const yao_element *const *table, size_t count,
                const yao_element *e)
{
    for (size_t i = 0; i < count; i++)
        if (table[i] == e)
            return true;
    return false;
}

/* Add NAME, once, when a card has a label for it. */
static void add(const yao_definition *d, yao_text name,
                const yao_element **table, size_t *count)
{
    const yao_element *e = yao_document_named(d, name);

    if (e != NULL && e->card != 0 && !has(table, *count, e))
        table[(*count)++] = e;
}

static bool says_what_it_is(const yao_element *e)
{
    return e->card != 0 &&
           (e->derive == YAO_DERIVE_LEVEL || e->derive == YAO_DERIVE_SPECIMEN);
}

yao_status yao_profile_card(yao_arena *arena, const yao_profile *profile,
                            const yao_definition *definition, yao_text choice,
                            yao_card_layout *ret)
{
    const yao_ask *ask = ask_of(profile, definition);
    yao_text       chosen;
    size_t         count = 0, asked;

    if (ask == NULL)
        return YAO_E_NOT_FOUND;
    YAO_TRY(yao_ask_choose(ask, choice, &chosen));

    const yao_element **table = yao_arena_take_array(
        arena, definition->element_count + 1, sizeof *table);
    if (table == NULL)
        return YAO_E_SPACE;

    const yao_text *names =
        ask->on_card_count != 0 ? ask->on_card : ask->elements;
    size_t total =
        ask->on_card_count != 0 ? ask->on_card_count : ask->element_count;
    for (size_t i = 0; i < total; i++)
        add(definition, names[i], table, &count);
    add(definition, chosen, table, &count);
    asked = count;
    if (asked == 0)
        return YAO_E_NOT_FOUND;
    for (size_t i = 0; i < definition->element_count; i++)
        if (says_what_it_is(&definition->elements[i]) &&
            !has(table, asked, &definition->elements[i]))
            table[count++] = &definition->elements[i];

    *ret = (yao_card_layout){.profile    = profile,
                             .definition = definition,
                             .choice     = chosen,
                             .elements   = table,
                             .count      = count,
                             .asked      = asked};
    return YAO_OK;
}

/* A choice is a question, and asked to hear a yes. */
static yao_requirement requirement_of(const yao_card_layout *layout,
                                      const yao_element     *e)
{
    return (yao_requirement){layout->definition->vct, YAO_TEXT(""), e->claim,
                             yao_text_equal(e->name, layout->choice) &&
                                 e->type == YAO_TYPE_BOOL};
}

yao_status yao_profile_card_requirements(yao_arena            *arena,
                                         const yao_profile    *profile,
                                         const yao_definition *definition,
                                         yao_text choice, yao_requirements *ret)
{
    yao_card_layout layout;

    YAO_TRY(yao_profile_card(arena, profile, definition, choice, &layout));

    yao_requirement *table =
        yao_arena_take_array(arena, layout.asked, sizeof *table);
    if (table == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < layout.asked; i++)
        table[i] = requirement_of(&layout, layout.elements[i]);

    *ret = (yao_requirements){table, layout.asked};
    return YAO_OK;
}
