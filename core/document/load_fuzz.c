/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The input is one file of a catalogue; its first letter says which kind. What
 * is loaded beside the shipped catalogue finds each of its own parts again by
 * every name they have, and has taken nothing away.
 */

#include "document/document.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(max_align_t) uint8_t memory[2 * 1024 * 1024];

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "load: %s\n", what);
        abort();
    }
}

static void check_definition(const yao_catalogue *c, const yao_definition *d)
{
    demand(yao_document_by_name(c, d->name) == d, "not found by name");
    demand(yao_document_by_type(c, d->doc_type) == d, "not found by docType");
    demand(yao_document_by_type(c, d->vct) == d, "not found by vct");
    for (size_t i = 0; i < d->element_count; i++) {
        const yao_element *e = &d->elements[i];

        demand(e->space.len == 0 ||
                   yao_document_element(d, e->space, e->identifier) == e,
               "an element is not found by its place");
        demand(e->claim.len == 0 || yao_document_claim(d, e->claim) == e,
               "an element is not found by its claim");
        demand(e->label.zh.len != 0 && e->label.en.len != 0, "no label");
    }
}

static void check_codes(const yao_code_list *list)
{
    size_t   offset = 0, count = 0;
    yao_code row;

    while (yao_code_next(list, &offset, &row)) {
        demand(yao_code_find(list, row.code, NULL), "a code is not found");
        count++;
    }
    demand(count == list->count, "another number of codes");
}

static void check_profile(yao_arena *arena, const yao_profile *p)
{
    yao_requirements r;

    for (uint32_t step = 1; step <= 2; step++)
        demand(yao_profile_requirements(arena, p, step, (yao_text){NULL, 0},
                                        false, &r) == YAO_OK,
               "a profile that cannot be asked");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char *const paths[] = {"documents/codes/x.csv",
                                        "documents/groups.json",
                                        "documents/x.json", "profiles/x.json"};
    const yao_catalogue     *base    = yao_catalogue_shipped();
    yao_arena                arena   = {memory, sizeof memory, 0};
    yao_catalogue            c;

    if (len == 0)
        return 0;
    yao_document_file file = {yao_text_of(paths[data[0] % 4]),
                              {data + 1, len - 1}};
    if (yao_document_load(&arena, base, &file, 1, &c, NULL) != YAO_OK)
        return 0;

    demand(c.list_count + c.group_count + c.definition_count +
                   c.profile_count >=
               base->list_count + base->group_count + base->definition_count +
                   base->profile_count,
           "something is gone");
    for (size_t i = base->list_count; i < c.list_count; i++)
        check_codes(&c.lists[i]);
    for (size_t i = 0; i < c.definition_count; i++)
        check_definition(&c, &c.definitions[i]);
    for (size_t i = base->profile_count; i < c.profile_count; i++)
        check_profile(&arena, &c.profiles[i]);
    return 0;
}
