/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/asking.h"

#include "card/challenge.h"
#include "policy/policy.h"

/* The catalogue's definition of what a card claims to be; NULL: none. */
static yao_status find_definition(const yao_verify_options *options,
                                  yao_arena *arena, yao_bytes input,
                                  bool printed, const yao_definition **ret)
{
    yao_card_unverified card;
    size_t              mark = arena->used;
    yao_status          status;

    *ret        = NULL;
    status      = printed ? yao_card_parse_printed(arena, input, &card)
                          : yao_card_parse(arena, input, &card);
    arena->used = mark; /* the type is a view into INPUT */
    if (status == YAO_OK && options->catalogue != NULL)
        *ret = yao_document_by_type(options->catalogue, card.content.type);
    return status == YAO_E_SPACE ? status : YAO_OK;
}

/* A card of another document than the profile's tells what profile it likes:
 * of it is asked what the profile asks of its own, which it can't have. */
static yao_status ask_card(yao_arena *arena, const yao_profile *profile,
                           yao_text choice, const yao_definition *d,
                           yao_requirements *ret)
{
    yao_status status = YAO_E_NOT_FOUND;

    if (d != NULL)
        status = yao_profile_card_requirements(arena, profile, d, choice, ret);
    if (status == YAO_E_NOT_FOUND)
        status =
            yao_profile_requirements(arena, profile, 1, choice, true, ret);
    return status;
}

/* The portrait that codes can carry in place of the one that is asked for. */
static void take_small(const yao_catalogue *c, yao_requirement *r)
{
    const yao_definition *d =
        c != NULL ? yao_document_by_type(c, r->type) : NULL;
    const yao_element *asked =
        d != NULL ? yao_document_element(d, r->space, r->element) : NULL;
    const yao_element *small =
        asked != NULL && asked->derive == YAO_DERIVE_PORTRAIT
            ? yao_document_named(d, YAO_TEXT("portrait_small"))
            : NULL;

    if (small == NULL)
        return;
    r->space   = small->space;
    r->element = small->identifier;
}

/* An mdoc in codes has its small portrait: docs/formats/card.md section 5. */
static yao_status ask_shown(yao_arena *arena, const yao_catalogue *c,
                            yao_requirements *required)
{
    yao_requirement *table =
        yao_arena_take_array(arena, required->count, sizeof *table);

    if (table == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < required->count; i++) {
        table[i] = required->items[i];
        take_small(c, &table[i]);
    }
    required->items = table;
    return YAO_OK;
}

/* An mdoc does not say what it was made for, as a card does: who answered a
 * challenge for a hotel with an age has not answered it. */
static const yao_profile *profile_of_challenge(const yao_verify_options *o)
{
    yao_card_challenge said;

    if (o->catalogue == NULL || o->challenge.len == 0 ||
        yao_card_read_challenge(o->challenge, &said) != YAO_OK)
        return NULL;
    return yao_profile_by_name(o->catalogue, said.profile);
}

yao_status yao_policy_ask(yao_arena *arena, const yao_profile *profile,
                   yao_text choice, yao_bytes input,
                   yao_verify_options *options)
{
    yao_format format  = options->format != YAO_FORMAT_UNKNOWN
                             ? options->format
                             : yao_policy_format(input);
    bool       printed = format == YAO_FORMAT_PRINTED_CARD;
    bool sdjwt = format == YAO_FORMAT_SDJWT_VC || format == YAO_FORMAT_SDJWT;

    const yao_definition *d;
    yao_requirements      required = {NULL, 0};

    if (profile == NULL)
        profile = profile_of_challenge(options);
    if (profile == NULL)
        return YAO_OK;
    if (printed || format == YAO_FORMAT_CARD) {
        YAO_TRY(find_definition(options, arena, input, printed, &d));
        YAO_TRY(ask_card(arena, profile, choice, d, &required));
    } else {
        YAO_TRY(yao_profile_requirements(arena, profile, 1, choice, sdjwt,
                                         &required));
    }
    if (yao_card_kind_of(input) == YAO_CARD_WHOLE_MDOC)
        YAO_TRY(ask_shown(arena, options->catalogue, &required));
    options->card_profile   = profile->name;
    options->required       = required.items;
    options->required_count = required.count;
    return YAO_OK;
}

/* The one of its choices that is asked for; empty: there are none. */
static yao_text chosen(const yao_ask *ask, yao_text choice)
{
    return choice.len == 0 && ask->choice_count != 0 ? ask->choices[0] : choice;
}

bool yao_policy_asks_for(const yao_profile *profile, yao_text choice,
                  const yao_definition *d, const yao_element *e)
{
    bool portrait = yao_text_equal(e->name, YAO_TEXT("portrait_small"));

    if (e->derive == YAO_DERIVE_SPECIMEN || e->derive == YAO_DERIVE_LEVEL)
        return true;
    for (size_t i = 0; i < profile->ask_count; i++) {
        const yao_ask *ask = &profile->asks[i];

        if (ask->definition == d &&
            (yao_document_lists(ask->elements, ask->element_count, e->name) ||
             (portrait && yao_document_lists(ask->elements, ask->element_count,
                                    YAO_TEXT("portrait"))) ||
             (yao_document_lists(ask->choices, ask->choice_count, e->name) &&
              yao_text_equal(chosen(ask, choice), e->name))))
            return true;
    }
    return false;
}
