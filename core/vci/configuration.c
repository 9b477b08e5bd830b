/* SPDX-License-Identifier: Apache-2.0 */
#include "vci/configuration.h"

#include "vci/parts.h"

/* Shapes of a document, in the order of the walk. */
enum { MDOC, SDJWT, CARDS, PAPERS, SHAPES };

static yao_bytes rest_after(yao_bytes text, size_t len)
{
    return (yao_bytes){text.ptr + len, text.len - len};
}

/* ---- cards -------------------------------------------------------------- */

/* What a card of D for PROFILE is made of; NULL: there is none. */
static const yao_ask *ask_of(const yao_profile    *profile,
                             const yao_definition *d, yao_vci_format format)
{
    if (profile->card == YAO_CARD_NONE || profile->card_days == 0)
        return NULL;
    if (format == YAO_VCI_PAPER && profile->paper_days == 0)
        return NULL;
    for (size_t i = 0; i < profile->ask_count; i++)
        if (profile->asks[i].definition == d)
            return &profile->asks[i];
    return NULL;
}

static bool labelled(const yao_definition *d, yao_text name)
{
    const yao_element *e = yao_document_named(d, name);

    return e != NULL && e->card != 0;
}

/* As yao_profile_card() has it: something that was asked for is on it. */
static bool carries(const yao_ask *ask)
{
    const yao_text *names = ask->on_card_count > 0 ? ask->on_card
                                                   : ask->elements;
    size_t count = ask->on_card_count > 0 ? ask->on_card_count
                                          : ask->element_count;

    for (size_t i = 0; i < count; i++)
        if (labelled(ask->definition, names[i]))
            return true;
    return ask->choice_count > 0;
}

static yao_status find_card(const yao_catalogue *c, const yao_definition *d,
                            yao_bytes rest, yao_vci_format format,
                            yao_vci_configuration *ret)
{
    size_t   at   = yao_bytes_find(rest, '.');
    yao_text name = {rest.ptr, at};
    yao_text choice =
        at == rest.len ? YAO_TEXT("")
                       : (yao_text){rest.ptr + at + 1, rest.len - at - 1};
    const yao_profile *profile = yao_profile_by_name(c, name);
    const yao_ask     *ask = profile != NULL ? ask_of(profile, d, format)
                                             : NULL;

    if (ask == NULL || !carries(ask))
        return YAO_E_NOT_FOUND;
    if ((choice.len > 0) != (ask->choice_count > 0) ||
        (choice.len == 0 && at != rest.len))
        return YAO_E_NOT_FOUND;
    if (choice.len > 0 &&
        !yao_document_lists(ask->choices, ask->choice_count, choice))
        return YAO_E_NOT_FOUND;
    *ret = (yao_vci_configuration){format, d, profile, choice};
    return YAO_OK;
}

/* ---- by id -------------------------------------------------------------- */

static yao_status find_shape(const yao_catalogue *c, const yao_definition *d,
                             yao_bytes rest, yao_vci_configuration *ret)
{
    static const yao_bytes card  = YAO_INIT("_card.");
    static const yao_bytes paper = YAO_INIT("_paper.");

    if (yao_bytes_equal(rest, YAO_LIT("_mdoc")) && d->doc_type.len > 0) {
        *ret = (yao_vci_configuration){.format     = YAO_VCI_MDOC,
                                       .definition = d};
        return YAO_OK;
    }
    if (yao_bytes_equal(rest, YAO_LIT("_sdjwt")) && d->vct.len > 0) {
        *ret = (yao_vci_configuration){.format     = YAO_VCI_SDJWT,
                                       .definition = d};
        return YAO_OK;
    }
    if (yao_bytes_starts(rest, card))
        return find_card(c, d, rest_after(rest, card.len), YAO_VCI_CARD, ret);
    if (yao_bytes_starts(rest, paper))
        return find_card(c, d, rest_after(rest, paper.len), YAO_VCI_PAPER,
                         ret);
    return YAO_E_NOT_FOUND;
}

yao_status yao_vci_find_configuration(const yao_catalogue *c, yao_text id,
                                      yao_vci_configuration *ret)
{
    yao_bytes bytes = yao_text_bytes(id);

    for (size_t i = 0; i < c->definition_count; i++) {
        const yao_definition *d = &c->definitions[i];
        if (!yao_bytes_starts(bytes, yao_text_bytes(d->name)))
            continue;
        if (find_shape(c, d, rest_after(bytes, d->name.len), ret) == YAO_OK)
            return YAO_OK;
    }
    return YAO_E_NOT_FOUND;
}

void yao_vci_put_configuration_id(yao_writer                  *w,
                                  const yao_vci_configuration *configuration)
{
    yao_put_bytes(w, yao_text_bytes(configuration->definition->name));
    switch (configuration->format) {
    case YAO_VCI_MDOC:
        yao_put_text(w, "_mdoc");
        return;
    case YAO_VCI_SDJWT:
        yao_put_text(w, "_sdjwt");
        return;
    case YAO_VCI_CARD:
    case YAO_VCI_PAPER:
        yao_put_text(w, configuration->format == YAO_VCI_CARD ? "_card."
                                                              : "_paper.");
        yao_put_bytes(w, yao_text_bytes(configuration->profile->name));
        if (configuration->choice.len > 0) {
            yao_put_byte(w, '.');
            yao_put_bytes(w, yao_text_bytes(configuration->choice));
        }
        return;
    default:
        yao_writer_fail(w, YAO_E_USAGE);
    }
}

yao_text yao_vci_configuration_type(const yao_vci_configuration *configuration)
{
    const yao_definition *d = configuration->definition;

    return configuration->format == YAO_VCI_MDOC ? d->doc_type : d->vct;
}

/* ---- the walk ----------------------------------------------------------- */

/* The next card of D; the walk stands behind it. */
static bool next_card(const yao_catalogue *c, const yao_definition *d,
                      yao_vci_walk *walk, yao_vci_configuration *ret)
{
    yao_vci_format format = walk->shape == PAPERS ? YAO_VCI_PAPER
                                                  : YAO_VCI_CARD;

    for (; walk->profile < c->profile_count; walk->profile++) {
        const yao_profile *profile = &c->profiles[walk->profile];
        const yao_ask     *ask     = ask_of(profile, d, format);
        size_t             i       = walk->choice;

        if (ask == NULL || !carries(ask))
            continue;
        if (ask->choice_count > 0 ? i < ask->choice_count : i == 0) {
            walk->choice++;
            *ret = (yao_vci_configuration){
                format, d, profile,
                ask->choice_count > 0 ? ask->choices[i] : YAO_TEXT("")};
            return true;
        }
        walk->choice = 0;
    }
    return false;
}

static bool next_of(const yao_catalogue *c, const yao_definition *d,
                    yao_vci_walk *walk, yao_vci_configuration *ret)
{
    if (walk->shape == MDOC) {
        walk->shape = SDJWT;
        if (d->doc_type.len > 0) {
            *ret = (yao_vci_configuration){.format     = YAO_VCI_MDOC,
                                           .definition = d};
            return true;
        }
    }
    if (walk->shape == SDJWT) {
        walk->shape   = CARDS;
        walk->profile = walk->choice = 0;
        if (d->vct.len > 0) {
            *ret = (yao_vci_configuration){.format     = YAO_VCI_SDJWT,
                                           .definition = d};
            return true;
        }
    }
    if (!walk->cards || d->vct.len == 0)
        return false;
    if (next_card(c, d, walk, ret))
        return true;
    if (walk->shape == PAPERS)
        return false;
    walk->shape   = PAPERS;
    walk->profile = walk->choice = 0;
    return next_card(c, d, walk, ret);
}

bool yao_vci_next_configuration(const yao_catalogue *c, yao_vci_walk *walk,
                                yao_vci_configuration *ret)
{
    for (; walk->definition < c->definition_count; walk->definition++) {
        if (next_of(c, &c->definitions[walk->definition], walk, ret))
            return true;
        walk->shape = MDOC;
    }
    return false;
}
