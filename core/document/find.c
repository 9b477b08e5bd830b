/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups in the catalogue. Tables are short; code lists are bisected. */
#include "base/copy.h"
#include "document/finding.h"

yao_text yao_label_in(yao_label label, yao_language language)
{
    yao_text first  = language == YAO_EN ? label.en : label.zh;
    yao_text second = language == YAO_EN ? label.zh : label.en;

    return first.len != 0 ? first : second;
}

/* ---- code lists ---- */

/* Where the line that contains AT begins. */
static size_t line_start(yao_bytes rows, size_t at)
{
    while (at > 0 && rows.ptr[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end(yao_bytes rows, size_t at)
{
    while (at < rows.len && rows.ptr[at] != '\n')
        at++;
    return at;
}

/* The field at *AT of the line that ends at END; *AT moves behind its comma. */
static yao_text take_field(yao_bytes rows, size_t *at, size_t end)
{
    size_t start = *at, stop = start;

    while (stop < end && rows.ptr[stop] != ',')
        stop++;
    *at = stop < end ? stop + 1 : end;

    return stop == start ? (yao_text){NULL, 0}
                         : (yao_text){rows.ptr + start, stop - start};
}

static yao_code read_row(yao_bytes rows, size_t at)
{
    size_t   end = line_end(rows, at);
    yao_code code;

    code.code     = take_field(rows, &at, end);
    code.label.zh = take_field(rows, &at, end);
    code.label.en = take_field(rows, &at, end);
    code.mapped   = take_field(rows, &at, end);

    return code;
}

bool yao_code_find(const yao_code_list *list, yao_text code, yao_code *ret)
{
    size_t low = 0, high = list != NULL ? list->rows.len : 0;

    while (low < high) {
        size_t   start = line_start(list->rows, low + (high - low) / 2);
        yao_code row   = read_row(list->rows, start);
        int      order =
            yao_bytes_compare(yao_text_bytes(code), yao_text_bytes(row.code));

        if (order == 0) {
            if (ret != NULL)
                *ret = row;
            return true;
        }
        if (order < 0)
            high = start;
        else
            low = line_end(list->rows, start) + 1;
    }
    return false;
}

bool yao_code_next(const yao_code_list *list, size_t *offset, yao_code *ret)
{
    if (*offset >= list->rows.len)
        return false;

    *ret    = read_row(list->rows, *offset);
    *offset = line_end(list->rows, *offset) + 1;
    return true;
}

/* ---- by name ---- */

const yao_definition *yao_document_by_name(const yao_catalogue *c,
                                           yao_text             name)
{
    for (size_t i = 0; i < c->definition_count; i++)
        if (yao_text_equal(c->definitions[i].name, name))
            return &c->definitions[i];
    return NULL;
}

const yao_profile *yao_profile_by_name(const yao_catalogue *c, yao_text name)
{
    for (size_t i = 0; i < c->profile_count; i++)
        if (yao_text_equal(c->profiles[i].name, name))
            return &c->profiles[i];
    return NULL;
}

const yao_code_list *yao_codes_by_name(const yao_catalogue *c, yao_text name)
{
    for (size_t i = 0; i < c->list_count; i++)
        if (yao_text_equal(c->lists[i].name, name))
            return &c->lists[i];
    return NULL;
}

const yao_group *yao_group_by_name(const yao_catalogue *c, yao_text name)
{
    for (size_t i = 0; i < c->group_count; i++)
        if (yao_text_equal(c->groups[i].name, name))
            return &c->groups[i];
    return NULL;
}

/* ---- definitions ---- */

/* Is WORD the older name for NAME? */
static bool is_alias(const yao_definition *d, yao_text word, yao_text name)
{
    for (size_t i = 0; i < d->alias_count; i++)
        if (yao_text_equal(d->aliases[i].older, word) &&
            yao_text_equal(d->aliases[i].name, name))
            return true;
    return false;
}

const yao_definition *yao_document_by_type(const yao_catalogue *c,
                                           yao_text             type)
{
    for (size_t i = 0; i < c->definition_count; i++) {
        const yao_definition *d = &c->definitions[i];

        if (yao_text_equal(d->doc_type, type) || yao_text_equal(d->vct, type) ||
            is_alias(d, type, d->doc_type))
            return d;
    }
    return NULL;
}

/* Are these three letters a page: "m01" to "m99"? */
static bool is_page(const uint8_t *letters)
{
    return letters[0] == 'm' && yao_is_digit(letters[1]) &&
           yao_is_digit(letters[2]) && (letters[1] != '0' || letters[2] != '0');
}

/* Does SPACE, which may be of any page, stand for that of E? */
static bool same_space(const yao_definition *d, const yao_element *e,
                       yao_text space)
{
    size_t stem = e->space.len - 3;

    if (!e->member)
        return yao_text_equal(e->space, space) || is_alias(d, space, e->space);

    return space.len == e->space.len && is_page(space.ptr + stem) &&
           yao_bytes_equal((yao_bytes){space.ptr, stem},
                           (yao_bytes){e->space.ptr, stem});
}

static bool same_identifier(const yao_element *e, yao_text identifier)
{
    if (yao_text_equal(e->identifier, identifier))
        return true;
    for (size_t i = 0; i < e->alias_count; i++)
        if (yao_text_equal(e->aliases[i], identifier))
            return true;
    return false;
}

const yao_element *yao_document_element(const yao_definition *d, yao_text space,
                                        yao_text identifier)
{
    for (size_t i = 0; i < d->element_count; i++) {
        const yao_element *e = &d->elements[i];

        if (e->space.len != 0 && same_identifier(e, identifier) &&
            same_space(d, e, space))
            return e;
    }
    return NULL;
}

/* Does PATH begin with a page, "m02."? */
static bool has_page(yao_text path)
{
    return path.len > 4 && path.ptr[3] == '.' && is_page(path.ptr);
}

const yao_element *yao_document_claim(const yao_definition *d, yao_text path)
{
    for (size_t i = 0; i < d->element_count; i++) {
        const yao_element *e    = &d->elements[i];
        size_t             skip = e->member ? 3 : 0;

        if (e->claim.len == 0 || e->claim.len != path.len ||
            (e->member && !has_page(path)))
            continue;
        if (yao_bytes_equal(
                (yao_bytes){e->claim.ptr + skip, e->claim.len - skip},
                (yao_bytes){path.ptr + skip, path.len - skip}))
            return e;
    }
    return NULL;
}

const yao_element *yao_document_named(const yao_definition *d, yao_text name)
{
    bool page = has_page(name);

    for (size_t i = 0; i < d->element_count; i++) {
        const yao_element *e    = &d->elements[i];
        yao_text           rest = name;

        if (e->member != page)
            continue;
        if (page)
            rest = (yao_text){name.ptr + 4, name.len - 4};
        if (yao_text_equal(e->name, rest))
            return e;
    }
    return NULL;
}

/* ---- profiles ---- */

/* TEMPLATE with the page of NAME ("m02.name") in place of its own, which
 * stands AT. */
static yao_status put_page(yao_arena *arena, yao_text template, size_t at,
                           yao_text name, yao_text *ret)
{
    uint8_t *copy = yao_arena_take(arena, template.len);

    if (copy == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < template.len; i++)
        copy[i] = i >= at && i < at + 3 ? name.ptr[i - at] : template.ptr[i];

    *ret = (yao_text){copy, template.len};
    return YAO_OK;
}

static yao_status require(yao_arena *arena, const yao_definition *d,
                          yao_text name, bool sdjwt, yao_requirement *ret)
{
    const yao_element *e = yao_document_named(d, name);

    if (e == NULL)
        return YAO_E_NOT_FOUND;

    yao_requirement r = {d->doc_type, e->space, e->identifier, false};
    if (sdjwt)
        r = (yao_requirement){d->vct, {NULL, 0}, e->claim, false};
    if (e->member && sdjwt)
        YAO_TRY(put_page(arena, e->claim, 0, name, &r.element));
    if (e->member && !sdjwt)
        YAO_TRY(put_page(arena, e->space, e->space.len - 3, name, &r.space));

    *ret = r;
    return YAO_OK;
}

bool yao_document_lists(const yao_text *list, size_t count, yao_text name)
{
    for (size_t i = 0; i < count; i++)
        if (yao_text_equal(list[i], name))
            return true;
    return false;
}

yao_status yao_ask_choose(const yao_ask *ask, yao_text choice, yao_text *ret)
{
    if (choice.len == 0)
        *ret = ask->choice_count != 0 ? ask->choices[0] : choice;
    else if (yao_document_lists(ask->choices, ask->choice_count, choice))
        *ret = choice;
    else
        return YAO_E_NOT_FOUND;
    return YAO_OK;
}

/* "Aged 18 or over?" is asked to hear a yes. */
static bool is_question(const yao_definition *d, yao_text choice)
{
    const yao_element *e = yao_document_named(d, choice);

    return e != NULL && e->type == YAO_TYPE_BOOL;
}

static yao_status require_ask(yao_arena *arena, const yao_ask *ask,
                              yao_text choice, bool sdjwt,
                              yao_requirement *table, size_t *count)
{
    yao_text name;

    for (size_t i = 0; i < ask->element_count; i++)
        YAO_TRY(require(arena, ask->definition, ask->elements[i], sdjwt,
                        &table[(*count)++]));
    if (ask->choice_count == 0)
        return YAO_OK;

    YAO_TRY(yao_ask_choose(ask, choice, &name));
    YAO_TRY(require(arena, ask->definition, name, sdjwt, &table[*count]));
    table[(*count)++].yes = is_question(ask->definition, name);
    return YAO_OK;
}

yao_status yao_profile_requirements(yao_arena         *arena,
                                    const yao_profile *profile, uint32_t step,
                                    yao_text choice, bool sdjwt,
                                    yao_requirements *ret)
{
    size_t room = 0, used = 0;

    for (size_t i = 0; i < profile->ask_count; i++)
        room += profile->asks[i].element_count + 1;

    yao_requirement *table = yao_arena_take_array(arena, room, sizeof *table);
    if (table == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < profile->ask_count; i++)
        if (profile->asks[i].step == step && !profile->asks[i].optional)
            YAO_TRY(require_ask(arena, &profile->asks[i], choice, sdjwt, table,
                                &used));

    *ret = (yao_requirements){table, used};
    return YAO_OK;
}

yao_status yao_ask_requirements(yao_arena *arena, const yao_ask *ask,
                                yao_text choice, bool sdjwt,
                                yao_requirements *ret)
{
    size_t           used = 0;
    yao_requirement *table =
        yao_arena_take_array(arena, ask->element_count + 1, sizeof *table);

    if (table == NULL)
        return YAO_E_SPACE;
    YAO_TRY(require_ask(arena, ask, choice, sdjwt, table, &used));

    *ret = (yao_requirements){table, used};
    return YAO_OK;
}

static bool names(const yao_definition *d, const yao_text *list, size_t count,
                  const yao_element *e)
{
    for (size_t i = 0; i < count; i++)
        if (yao_document_named(d, list[i]) == e)
            return true;
    return false;
}

bool yao_profile_asks(const yao_profile    *profile,
                      const yao_definition *definition,
                      const yao_element    *element)
{
    for (size_t i = 0; i < profile->ask_count; i++) {
        const yao_ask *ask = &profile->asks[i];

        if (ask->definition == definition &&
            (names(definition, ask->elements, ask->element_count, element) ||
             names(definition, ask->choices, ask->choice_count, element)))
            return true;
    }
    return false;
}

/* Does NAME, as a profile has it, mean element E, of a booklet's on PAGE? */
static bool means(const yao_definition *d, yao_text name, const yao_element *e,
                  yao_text page)
{
    if (yao_document_named(d, name) != e)
        return false;
    return !e->member || (page.len == 3 && name.len > page.len &&
                          yao_same(name.ptr, page.ptr, page.len));
}

static bool means_any(const yao_definition *d, const yao_text *list,
                      size_t count, const yao_element *e, yao_text page)
{
    for (size_t i = 0; i < count; i++)
        if (means(d, list[i], e, page))
            return true;
    return false;
}

bool yao_profile_asks_at(const yao_profile *profile, uint32_t step,
                         const yao_definition *definition,
                         const yao_element *element, yao_text page)
{
    for (size_t i = 0; i < profile->ask_count; i++) {
        const yao_ask *ask = &profile->asks[i];

        if (ask->definition == definition && ask->step == step &&
            (means_any(definition, ask->elements, ask->element_count, element,
                       page) ||
             means_any(definition, ask->choices, ask->choice_count, element,
                       page)))
            return true;
    }
    return false;
}

bool yao_profile_chooses(const yao_profile *profile, uint32_t step,
                         const yao_definition *definition,
                         const yao_element    *element)
{
    bool chosen = false;

    for (size_t i = 0; i < profile->ask_count; i++) {
        const yao_ask *ask = &profile->asks[i];

        if (ask->definition != definition || ask->step != step)
            continue;
        if (names(definition, ask->elements, ask->element_count, element))
            return false; /* asked for anyway */
        chosen = chosen || names(definition, ask->choices, ask->choice_count,
                                 element);
    }
    return chosen;
}
