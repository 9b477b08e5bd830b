/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The input is a person's record. What the check of records accepts can be
 * issued, or lacks something that only a document needs (a moment before 1970
 * can only be written as a day); what is issued is
 * deterministic CBOR of known elements and claims that can all be found, for
 * whole days.
 */

#include "issuance/issuance.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(max_align_t) uint8_t memory[8 * 1024 * 1024];

static const uint8_t jpeg[] = {0xff, 0xd8, 0xff, 0xe0, 1, 2, 0xff, 0xd9};

#define NOW INT64_C(1795348800) /* 2026-11-22T12:00:00Z */

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "issuance: %s\n", what);
        abort();
    }
}

static void check_document(const yao_issuance_document *d)
{
    for (size_t i = 0; i < d->element_count; i++) {
        const yao_mdoc_element *e = &d->elements[i];

        demand(yao_cbor_check(e->value, false, NULL) == YAO_OK,
               "a value that is not CBOR");
        demand(yao_document_element(d->definition, e->name_space, e->element) !=
                   NULL,
               "an element that nobody knows");
    }
    for (size_t i = 0; i < d->disclosable_count; i++) {
        const yao_json *node = d->claims;

        for (size_t k = 0; k < d->disclosable[i].step_count; k++)
            node = yao_json_get_text(node, d->disclosable[i].steps[k]);
        demand(node != NULL, "a path to nothing");
    }
    demand(d->validity.valid_from % YAO_TIME_DAY == 0 &&
               d->validity.valid_until % YAO_TIME_DAY == 0 &&
               d->validity.valid_until > d->validity.valid_from,
           "a validity that is no whole days");
}

static void build(yao_arena *arena, yao_issuance_input *input, bool accepted)
{
    yao_issuance_document d;
    yao_problems          problems;
    size_t                mark = arena->used;
    yao_status status = yao_issuance_build(arena, input, &problems, &d);

    if (status == YAO_OK)
        check_document(&d);
    for (size_t i = 0; accepted && status == YAO_E_VALUE && i < problems.count;
         i++)
        demand(problems.items[i].severity != YAO_ERROR ||
                   problems.items[i].reason == YAO_REASON_MISSING ||
                   problems.items[i].reason == YAO_REASON_RANGE,
               "an accepted record cannot be issued");
    demand(status == YAO_OK || status == YAO_E_VALUE ||
               status == YAO_E_NOT_ENTITLED || status == YAO_E_MISMATCH,
           "a failure of our own");
    arena->used = mark;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const yao_catalogue *c        = yao_catalogue_shipped();
    yao_arena            arena    = {memory, sizeof memory, 0};
    yao_problems         problems = {0};
    const yao_json      *record;

    if (len > 65536 ||
        yao_json_parse(&arena, (yao_bytes){data, len}, &record) != YAO_OK)
        return 0;
    yao_status checked = yao_document_check_record(
        &arena, c, record, yao_date_of_time(NOW), &problems);
    demand(checked == YAO_OK || checked == YAO_E_VALUE, "cannot be checked");
    demand((checked == YAO_OK) == (problems.errors == 0),
           "errors and status disagree");

    yao_issuance_input input = {.catalogue       = c,
                                .person          = record,
                                .members         = &record,
                                .member_count    = 1,
                                .portrait        = {jpeg, sizeof jpeg},
                                .portrait_small  = {jpeg, sizeof jpeg},
                                .document_number = YAO_INIT("N0001"),
                                .now             = NOW,
                                .level           = 3,
                                .demo            = true};
    for (size_t i = 0; i < c->definition_count; i++) {
        input.definition = &c->definitions[i];
        build(&arena, &input, checked == YAO_OK);
    }
    return 0;
}
