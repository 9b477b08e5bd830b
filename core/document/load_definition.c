/* SPDX-License-Identifier: Apache-2.0 */
/* One file of documents/: docs/formats/catalogue.md, section 2. */
#include "document/load.h"

static const char *type_word(unsigned i)
{
    return yao_type_name((yao_element_type)i);
}

static const char *derive_word(unsigned i)
{
    return yao_derive_name((yao_derive)i);
}

static const char *rule_word(unsigned i)
{
    return yao_rule_name((yao_rule)i);
}

static const char *role_word(unsigned i)
{
    static const char *const words[] = {"none", "population", "traffic",
                                        "other"};
    return words[i];
}

static const char *entitlement_word(unsigned i)
{
    static const char *const words[] = {"nobody", "record",   "driver",
                                        "owner",  "resident", "household"};
    return words[i];
}

static const yao_code_list *find_codes(yao_loader *l, yao_text name)
{
    for (size_t i = 0; i < l->list_count; i++)
        if (yao_text_equal(l->lists[i].name, name))
            return &l->lists[i];
    yao_loader_want(l, name.len == 0, "no such code list");
    return NULL;
}

static bool has_group(const yao_loader *l, yao_text name)
{
    for (size_t i = 0; i < l->group_count; i++)
        if (yao_text_equal(l->groups[i].name, name))
            return true;
    return false;
}

/* May the value come from elsewhere than the record? */
static bool needs_source(const yao_element *e)
{
    switch (e->derive) {
    case YAO_DERIVE_CONSTANT:
    case YAO_DERIVE_SPECIMEN:
    case YAO_DERIVE_PORTRAIT:
    case YAO_DERIVE_PORTRAIT_SMALL:
    case YAO_DERIVE_DOCUMENT_NUMBER:
    case YAO_DERIVE_EXPIRY:
    case YAO_DERIVE_LEVEL:
    case YAO_DERIVE_MEMBERS:
    case YAO_DERIVE_GUARDED:
        return false;
    default:
        return e->type != YAO_TYPE_MAP;
    }
}

static void check_value(yao_loader *l, const yao_element *e)
{
    bool bounded = e->type == YAO_TYPE_TEXT || e->type == YAO_TYPE_IMAGE;

    yao_loader_want(l, e->type != YAO_TYPE_CODE || e->codes != NULL,
                    "a code without codes");
    yao_loader_want(l,
                    (e->derive != YAO_DERIVE_MAPPED &&
                     e->derive != YAO_DERIVE_PRIVILEGES) ||
                        e->codes != NULL,
                    "mapped without codes");
    yao_loader_want(l,
                    !bounded || e->max != 0 || e->derive == YAO_DERIVE_SPECIMEN,
                    "a text or image without max");
    yao_loader_want(l, e->derive != YAO_DERIVE_CONSTANT || e->fallback.len != 0,
                    "a constant without fallback");
    yao_loader_want(l, !needs_source(e) || e->from.len != 0, "from is missing");
}

/* What elements and their parts have in common. */
static yao_element read_value(yao_loader *l, const yao_json *node)
{
    yao_element e = {0};

    e.name           = yao_loader_text(l, node, "name", true);
    l->trouble.where = l->status == YAO_OK ? e.name : l->trouble.where;
    e.label          = yao_loader_label(l, node, "label");
    e.type      = (yao_element_type)yao_loader_word(l, node, "type", type_word,
                                                    YAO_TYPE_MAP, true);
    e.derive    = (yao_derive)yao_loader_word(l, node, "derive", derive_word,
                                              YAO_DERIVE_GUARDED, false);
    e.argument  = yao_loader_number(l, node, "argument", 0);
    e.from      = yao_loader_text(l, node, "from", false);
    e.fallback  = yao_loader_text(l, node, "fallback", false);
    e.codes     = find_codes(l, yao_loader_text(l, node, "codes", false));
    e.rule      = (yao_rule)yao_loader_word(l, node, "rule", rule_word,
                                            YAO_RULE_NAME, false);
    e.max       = yao_loader_number(l, node, "max", 0);
    e.mandatory = yao_loader_bool(l, node, "mandatory");
    check_value(l, &e);

    return e;
}

static void read_parts(yao_loader *l, const yao_json *node, yao_element *whole)
{
    static const char *const members[] = {
        "name",     "label", "type", "derive", "argument",  "from",
        "fallback", "codes", "rule", "max",    "mandatory", NULL};
    const yao_json *array = yao_loader_array(l, node, "parts");

    if (array == NULL || array->count == 0)
        return;
    yao_element *parts = yao_loader_take(l, array->count, sizeof *parts);
    if (parts == NULL)
        return;
    for (const yao_json *item = array->first; item != NULL; item = item->next) {
        yao_element *part = &parts[whole->part_count];

        yao_loader_only(l, item, members);
        *part = read_value(l, item);
        yao_loader_want(l,
                        part->type != YAO_TYPE_MAP &&
                            part->type != YAO_TYPE_IMAGE &&
                            part->type != YAO_TYPE_PRIVILEGES,
                        "no type for a part");
        for (size_t i = 0; i < whole->part_count; i++)
            if (yao_text_equal(parts[i].name, part->name))
                yao_loader_fail(l, YAO_E_DUPLICATE, "a part twice");
        whole->part_count++;
    }
    whole->parts = parts;
}

static bool ends_in_page(yao_text space)
{
    return space.len > 4 &&
           yao_bytes_equal((yao_bytes){space.ptr + space.len - 4, 4},
                           YAO_LIT(".m01"));
}

/* Names that SD-JWT VC and SD-JWT have for themselves. */
static bool is_reserved(yao_text claim)
{
    static const char *const names[] = {"iss",    "sub", "aud",     "nbf",
                                        "exp",    "iat", "cnf",     "vct",
                                        "status", "_sd", "_sd_alg", "..."};
    size_t                   len     = 0;

    while (len < claim.len && claim.ptr[len] != '.')
        len++;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (yao_text_equal((yao_text){claim.ptr, len}, yao_text_of(names[i])))
            return true;
    return false;
}

/* Does TEXT have the three letters of a page at AT? */
static bool is_page_at(yao_text text, size_t at)
{
    return text.len >= at + 3 && text.ptr[at] == 'm' &&
           text.ptr[at + 1] >= '0' && text.ptr[at + 1] <= '9' &&
           text.ptr[at + 2] >= '0' && text.ptr[at + 2] <= '9';
}

/* Could E, which is no page, be taken for one? */
static bool looks_like_page(const yao_element *e)
{
    return is_page_at(e->name, 0) || is_page_at(e->claim, 0) ||
           (e->space.len > 3 && is_page_at(e->space, e->space.len - 3));
}

static size_t count_dots(yao_text text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '.' ? 1 : 0;
    return count;
}

static void check_element(yao_loader *l, const yao_element *e)
{
    yao_loader_want(l, e->member || !looks_like_page(e), "a page that is none");
    yao_loader_want(l, has_group(l, e->group), "no such group");
    yao_loader_want(l, (e->space.len == 0) == (e->identifier.len == 0),
                    "space and identifier belong together");
    yao_loader_want(l, e->space.len != 0 || e->claim.len != 0,
                    "stands nowhere");
    yao_loader_want(l, (e->type == YAO_TYPE_MAP) == (e->part_count != 0),
                    "a map has parts, nothing else has");
    yao_loader_want(l, e->claim.len == 0 || !is_reserved(e->claim),
                    "a reserved claim");
    yao_loader_want(l,
                    !e->member || (ends_in_page(e->space) &&
                                   yao_bytes_starts(yao_text_bytes(e->claim),
                                                    YAO_LIT("m01."))),
                    "a page stands in m01");
    yao_loader_want(l, e->member || !e->open, "only a page is open");
    yao_loader_want(l, count_dots(e->claim) < 2,
                    "a claim of more than two steps");
}

/* Lists, maps and images are too long for a code. */
static bool goes_on_cards(yao_element_type type)
{
    return type == YAO_TYPE_TEXT || type == YAO_TYPE_CODE ||
           type == YAO_TYPE_UINT || type == YAO_TYPE_BOOL ||
           type == YAO_TYPE_DATE;
}

/* Labels 0 and 1 of our own claim are the vct and the profile. */
static void read_label(yao_loader *l, const yao_json *node, yao_element *e)
{
    uint32_t own  = yao_loader_number(l, node, "card", 0);
    uint32_t iana = yao_loader_number(l, node, "claim_169", 0);

    e->claim_169 = iana != 0;
    e->card      = iana != 0 ? iana : own;
    e->card_max  = yao_loader_number(l, node, "card_max", 0);
    if (yao_json_get(node, "card") != NULL)
        yao_loader_want(l, own >= 2 && own <= 255, "no label for a card");
    if (yao_json_get(node, "claim_169") != NULL)
        yao_loader_want(l, yao_claim_169_takes(iana, e->type),
                        "no label of claim 169 for such a value");
    if (yao_json_get(node, "card_max") != NULL)
        yao_loader_want(
            l, e->card != 0 && e->card_max != 0 && e->card_max < e->max,
            "a card_max that bounds nothing");
    yao_loader_want(l, own == 0 || iana == 0, "two labels for a card");
    if (e->card != 0)
        yao_loader_want(l,
                        !e->member && e->space.len != 0 && e->claim.len != 0 &&
                            goes_on_cards(e->type),
                        "no value for a card");
}

static void read_element(yao_loader *l, const yao_json *node, yao_element *ret)
{
    static const char *const members[] = {
        "name",      "label",     "type",       "derive",   "argument",
        "from",      "fallback",  "codes",      "rule",     "max",
        "mandatory", "space",     "identifier", "claim",    "aliases",
        "group",     "sensitive", "always",     "member",   "open",
        "parts",     "card",      "claim_169",  "card_max", NULL};

    yao_loader_only(l, node, members);
    *ret            = read_value(l, node);
    ret->space      = yao_loader_text(l, node, "space", false);
    ret->identifier = yao_loader_text(l, node, "identifier", false);
    ret->claim      = yao_loader_text(l, node, "claim", false);
    ret->aliases    = yao_loader_texts(l, node, "aliases", &ret->alias_count);
    ret->group      = yao_loader_text(l, node, "group", true);
    ret->sensitive  = yao_loader_bool(l, node, "sensitive");
    ret->always     = yao_loader_bool(l, node, "always");
    ret->member     = yao_loader_bool(l, node, "member");
    ret->open       = yao_loader_bool(l, node, "open");
    read_parts(l, node, ret);
    read_label(l, node, ret);
    check_element(l, ret);
}

/* ---- the whole ---- */

/* Do A and B answer to one identifier of one namespace? */
static bool same_place(const yao_element *a, const yao_element *b)
{
    if (a->space.len == 0 || !yao_text_equal(a->space, b->space))
        return false;
    for (size_t i = 0; i <= a->alias_count; i++) {
        yao_text word = i == 0 ? a->identifier : a->aliases[i - 1];

        if (yao_text_equal(word, b->identifier))
            return true;
        for (size_t k = 0; k < b->alias_count; k++)
            if (yao_text_equal(word, b->aliases[k]))
                return true;
    }
    return false;
}

/* Is one claim the other, or does it lie in it? */
static bool same_claim(yao_text a, yao_text b)
{
    yao_text shorter = a.len <= b.len ? a : b;
    yao_text longer  = a.len <= b.len ? b : a;

    return shorter.len != 0 &&
           yao_bytes_starts(yao_text_bytes(longer), yao_text_bytes(shorter)) &&
           (longer.len == shorter.len || longer.ptr[shorter.len] == '.');
}

static void check_pair(yao_loader *l, const yao_element *a,
                       const yao_element *b)
{
    if (yao_text_equal(a->name, b->name))
        yao_loader_fail(l, YAO_E_DUPLICATE, "a name twice");
    if (same_place(a, b))
        yao_loader_fail(l, YAO_E_DUPLICATE, "an identifier twice");
    if (same_claim(a->claim, b->claim))
        yao_loader_fail(l, YAO_E_DUPLICATE, "a claim twice, or in another");
    if (a->card != 0 && a->card == b->card && a->claim_169 == b->claim_169)
        yao_loader_fail(l, YAO_E_DUPLICATE, "a label of cards twice");
}

/* A namespace that comes again after another one is torn apart. */
static bool torn(const yao_definition *d, size_t at)
{
    const yao_element *e = d->elements;

    if (at == 0 || yao_text_equal(e[at].space, e[at - 1].space))
        return false;
    for (size_t i = 0; i < at; i++)
        if (yao_text_equal(e[i].space, e[at].space))
            return true;
    return false;
}

static void check_elements(yao_loader *l, const yao_definition *d)
{
    for (size_t i = 0; i < d->element_count; i++) {
        if (l->status == YAO_OK)
            l->trouble.where = d->elements[i].name;
        yao_loader_want(l, !torn(d, i), "elements of a namespace are apart");
        for (size_t k = 0; k < i; k++)
            check_pair(l, &d->elements[k], &d->elements[i]);
    }
}

static bool names_something(const yao_definition *d, yao_text name)
{
    if (yao_text_equal(d->doc_type, name))
        return true;
    for (size_t i = 0; i < d->element_count; i++)
        if (yao_text_equal(d->elements[i].space, name))
            return true;
    return false;
}

static void read_aliases(yao_loader *l, const yao_json *root, yao_definition *d)
{
    static const char *const members[] = {"older", "name", NULL};
    const yao_json          *array     = yao_loader_array(l, root, "aliases");

    if (array == NULL || array->count == 0)
        return;
    yao_alias *aliases = yao_loader_take(l, array->count, sizeof *aliases);
    if (aliases == NULL)
        return;
    for (const yao_json *item = array->first; item != NULL; item = item->next) {
        yao_alias *a = &aliases[d->alias_count++];

        yao_loader_only(l, item, members);
        a->older = yao_loader_text(l, item, "older", true);
        a->name  = yao_loader_text(l, item, "name", true);
        yao_loader_want(l, names_something(d, a->name), "an alias of nothing");
        yao_loader_want(l, !names_something(d, a->older),
                        "an alias that is a name");
        for (size_t i = 0; i + 1 < d->alias_count; i++)
            if (yao_text_equal(aliases[i].older, a->older) &&
                yao_text_equal(aliases[i].name, a->name))
                yao_loader_fail(l, YAO_E_DUPLICATE, "an alias twice");
    }
    d->aliases = aliases;
}

static void read_elements(yao_loader *l, const yao_json *root,
                          yao_definition *d)
{
    const yao_json *array = yao_loader_array(l, root, "elements");

    if (array == NULL || array->count == 0 || array->count > YAO_MAX_ELEMENTS) {
        yao_loader_want(l, false, "no elements, or too many");
        return;
    }
    yao_element *elements = yao_loader_take(l, array->count, sizeof *elements);
    if (elements == NULL)
        return;
    for (const yao_json *item = array->first; item != NULL; item = item->next)
        read_element(l, item, &elements[d->element_count++]);
    d->elements = elements;
    check_elements(l, d);
}

static void read_rules(yao_loader *l, const yao_json *root, yao_definition *d)
{
    static const char *const entitled[]  = {"rule", "record", NULL};
    static const char *const valid[]     = {"days", "until", "long_term", NULL};
    const yao_json          *entitlement = yao_json_get(root, "entitlement");
    const yao_json          *validity    = yao_json_get(root, "validity");

    yao_loader_only(l, entitlement, entitled);
    d->entitlement = (yao_entitlement)yao_loader_word(
        l, entitlement, "rule", entitlement_word, YAO_ENTITLED_HOUSEHOLD, true);
    d->record = yao_loader_text(l, entitlement, "record", true);

    yao_loader_only(l, validity, valid);
    d->days      = yao_loader_number(l, validity, "days", 0);
    d->until     = yao_loader_text(l, validity, "until", false);
    d->long_term = yao_loader_text(l, validity, "long_term", false);
    yao_loader_want(l, d->days >= 1 && d->days <= 3660, "no number of days");
}

static bool answers_to(const yao_definition *d, yao_text type)
{
    if (yao_text_equal(d->doc_type, type) || yao_text_equal(d->vct, type))
        return true;
    for (size_t i = 0; i < d->alias_count; i++)
        if (yao_text_equal(d->aliases[i].older, type) &&
            yao_text_equal(d->aliases[i].name, d->doc_type))
            return true;
    return false;
}

/* No other definition has one of its names. */
static void check_new(yao_loader *l, const yao_definition *d)
{
    for (size_t i = 0; i < l->definition_count; i++) {
        const yao_definition *other = &l->definitions[i];

        if (yao_text_equal(other->name, d->name) ||
            answers_to(other, d->doc_type) || answers_to(other, d->vct) ||
            answers_to(d, other->doc_type) || answers_to(d, other->vct))
            yao_loader_fail(l, YAO_E_DUPLICATE, "a document twice");
    }
}

void yao_loader_definition(yao_loader *l, const yao_json *root)
{
    static const char *const members[] = {
        "name",     "title",       "doc_type", "vct",      "aliases", "role",
        "suspends", "entitlement", "validity", "elements", NULL};
    yao_definition d = {0};

    yao_loader_only(l, root, members);
    d.name     = yao_loader_text(l, root, "name", true);
    d.title    = yao_loader_label(l, root, "title");
    d.doc_type = yao_loader_text(l, root, "doc_type", true);
    d.vct      = yao_loader_text(l, root, "vct", true);
    d.role     = (yao_signing_role)yao_loader_word(l, root, "role", role_word,
                                                   YAO_SIGNING_OTHER, true);
    d.suspends = yao_loader_bool(l, root, "suspends");
    read_rules(l, root, &d);
    read_elements(l, root, &d);
    read_aliases(l, root, &d);
    check_new(l, &d);
    if (l->status == YAO_OK)
        l->definitions[l->definition_count++] = d;
}
