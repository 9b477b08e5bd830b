/* SPDX-License-Identifier: Apache-2.0 */
/* One file of profiles/: docs/formats/catalogue.md, section 3. */
#include "document/load.h"

static const char *card_word(unsigned i)
{
    /* "none" is written, so the words begin at 1 */
    static const char *const words[] = {"", "none", "open", "sealed"};
    return words[i];
}

static const yao_definition *find_definition(yao_loader *l, yao_text name)
{
    for (size_t i = 0; i < l->definition_count; i++)
        if (yao_text_equal(l->definitions[i].name, name))
            return &l->definitions[i];
    yao_loader_want(l, false, "no such document");
    return NULL;
}

static void check_names(yao_loader *l, const yao_definition *d,
                        const yao_text *names, size_t count)
{
    for (size_t i = 0; i < count && d != NULL; i++) {
        if (l->status == YAO_OK)
            l->trouble.where = names[i];
        yao_loader_want(l, yao_document_named(d, names[i]) != NULL,
                        "no such element");
    }
}

/* What stands on a card is asked for, and has a label. */
static void check_on_card(yao_loader *l, const yao_ask *ask)
{
    for (size_t i = 0; i < ask->on_card_count && l->status == YAO_OK; i++) {
        const yao_element *e =
            yao_document_named(ask->definition, ask->on_card[i]);

        l->trouble.where = ask->on_card[i];
        yao_loader_want(l,
                        yao_document_lists(ask->elements, ask->element_count,
                                           ask->on_card[i]) &&
                            e != NULL && e->card != 0,
                        "not asked for, or without a label");
    }
}

static void read_ask(yao_loader *l, const yao_json *node, yao_ask *ask)
{
    static const char *const members[] = {
        "document", "elements", "choices", "on_card", "step", "optional", NULL};

    yao_loader_only(l, node, members);
    ask->definition =
        find_definition(l, yao_loader_text(l, node, "document", true));
    ask->elements = yao_loader_texts(l, node, "elements", &ask->element_count);
    ask->choices  = yao_loader_texts(l, node, "choices", &ask->choice_count);
    ask->on_card  = yao_loader_texts(l, node, "on_card", &ask->on_card_count);
    ask->step     = yao_loader_number(l, node, "step", 1);
    ask->optional = yao_loader_bool(l, node, "optional");
    yao_loader_want(l, ask->element_count != 0, "asks for nothing");
    yao_loader_want(l, ask->step == 1 || ask->step == 2, "no such step");
    check_names(l, ask->definition, ask->elements, ask->element_count);
    check_names(l, ask->definition, ask->choices, ask->choice_count);
    check_on_card(l, ask);
}

static void read_asks(yao_loader *l, const yao_json *root, yao_profile *p)
{
    const yao_json *array = yao_loader_array(l, root, "asks");

    if (array == NULL || array->count == 0) {
        yao_loader_want(l, false, "asks for nothing");
        return;
    }
    yao_ask *asks  = yao_loader_take(l, array->count, sizeof *asks);
    bool     first = false;
    if (asks == NULL)
        return;
    for (const yao_json *one = array->first; one != NULL; one = one->next) {
        yao_ask *ask = &asks[p->ask_count++];

        read_ask(l, one, ask);
        first = first || (ask->step == 1 && !ask->optional);
    }
    /* else whatever is shown would be what was asked for */
    yao_loader_want(l, first, "asks for nothing");
    p->asks = asks;
}

static void read_marks(yao_loader *l, const yao_json *root, yao_profile *p)
{
    unsigned card = yao_loader_word(l, root, "card", card_word, 3, true);

    p->card          = card == 0 ? YAO_CARD_NONE : (yao_card_kind)(card - 1);
    p->card_days     = yao_loader_number(l, root, "card_days", 0);
    p->paper_days    = yao_loader_number(l, root, "paper_days", 0);
    p->card_portrait = yao_loader_bool(l, root, "card_portrait");
    p->match_only    = yao_loader_bool(l, root, "match_only");
    p->evidence      = yao_loader_bool(l, root, "evidence");
    p->live_state    = yao_loader_bool(l, root, "live_state");
    p->officer       = yao_loader_bool(l, root, "officer");
    p->pseudonym     = yao_loader_bool(l, root, "pseudonym");
    p->level         = yao_loader_number(l, root, "level", 0);
    p->retention     = yao_loader_number(l, root, "retention_days", 0);
    yao_loader_want(l, yao_json_get(root, "retention_days") != NULL,
                    "member is missing");
    yao_loader_want(l,
                    (p->card == YAO_CARD_NONE) == (p->card_days == 0) &&
                        p->card_days <= 31,
                    "a card lives 1 to 31 days");
    /* nobody proves to hold a sheet of paper, nor asks it what is so today */
    yao_loader_want(l,
                    p->paper_days == 0 ||
                        (p->paper_days <= 31 && p->card != YAO_CARD_NONE &&
                         !p->match_only && !p->live_state),
                    "no paper for this");
    yao_loader_want(l, p->level >= 1 && p->level <= 4, "no such level");
    yao_loader_want(l, !p->evidence || (p->retention > 0 && !p->match_only),
                    "evidence of what may not be kept");
}

static bool asks_for(const yao_profile *p, yao_text document)
{
    for (size_t i = 0; i < p->ask_count; i++)
        if (p->asks[i].definition != NULL &&
            yao_text_equal(p->asks[i].definition->name, document))
            return true;
    return false;
}

/* Each is asked for, and there is another to compare it with. */
static void read_one_person(yao_loader *l, const yao_json *root, yao_profile *p)
{
    if (yao_json_get(root, "one_person") == NULL)
        return;
    p->one_person =
        yao_loader_texts(l, root, "one_person", &p->one_person_count);
    for (size_t i = 0; i < p->one_person_count && l->status == YAO_OK; i++) {
        l->trouble.where = p->one_person[i];
        yao_loader_want(l, asks_for(p, p->one_person[i]), "not asked for");
    }
    yao_loader_want(l, p->one_person_count >= 2, "compares with nothing");
}

static void check_harmless(yao_loader *l, const yao_definition *d,
                           const yao_text *names, size_t count)
{
    for (size_t i = 0; i < count && l->status == YAO_OK; i++) {
        const yao_element *e = yao_document_named(d, names[i]);

        yao_loader_want(l, e == NULL || !e->sensitive,
                        "sensitive on an open card");
    }
}

/* An open card can be read, and shown again, by anyone who sees it. */
static void check_open(yao_loader *l, const yao_profile *p)
{
    for (size_t i = 0; i < p->ask_count; i++) {
        const yao_ask *ask = &p->asks[i];

        check_harmless(l, ask->definition, ask->elements, ask->element_count);
        check_harmless(l, ask->definition, ask->choices, ask->choice_count);
    }
}

void yao_loader_profile(yao_loader *l, const yao_json *root)
{
    static const char *const members[] = {
        "name",        "title",          "purpose",
        "legal_basis", "retention_days", "level",
        "card",        "card_portrait",  "match_only",
        "live_state",  "asks",           "card_days",
        "officer",     "paper_days",     "evidence",
        "one_person",  "pseudonym",      NULL};
    yao_profile p = {0};

    yao_loader_only(l, root, members);
    p.name        = yao_loader_text(l, root, "name", true);
    p.title       = yao_loader_label(l, root, "title");
    p.purpose     = yao_loader_label(l, root, "purpose");
    p.legal_basis = yao_loader_label(l, root, "legal_basis");
    read_marks(l, root, &p);
    read_asks(l, root, &p);
    read_one_person(l, root, &p);
    if (p.card == YAO_CARD_OPEN)
        check_open(l, &p);
    for (size_t i = 0; i < l->profile_count; i++)
        if (yao_text_equal(l->profiles[i].name, p.name))
            yao_loader_fail(l, YAO_E_DUPLICATE, "a profile twice");
    if (l->status == YAO_OK)
        l->profiles[l->profile_count++] = p;
}
