/* SPDX-License-Identifier: Apache-2.0 */
/* One machine an instance: begin, step by step, end. */
#include "machine.h"

/* What a step may take besides what was handed over: a document as JSON, with
 * its portrait, is the most. */
enum { STEP = 4 << 20 };

static const yao_page_machine *const machines[] = {
    NULL,
    &yao_page_receive,
    &yao_page_present,
    &yao_page_holder,
    &yao_page_reader,
    &yao_page_card_show,
    &yao_page_card_check};

static struct {
    const yao_page_machine *machine; /* that runs; NULL: none does */
    const yao_page_machine *begun_as;
    yao_document_file      *files;   /* of the catalogue */
    size_t                  file_count, file_room;
    bool                    begun;
} run;

yao_status yao_page_part(size_t len, yao_arena *ret)
{
    uint8_t *base = NULL;

    if (yao_page_grow(len + STEP))
        base = yao_arena_take(&page.memory, len);
    if (base == NULL)
        return YAO_E_SPACE;
    *ret = (yao_arena){base, len, 0};
    return YAO_OK;
}

static yao_status read(const uint8_t *ptr, size_t len, yao_told *ret)
{
    *ret = (yao_told){NULL, YAO_OK};
    if (!yao_page_holds(ptr, len))
        return YAO_E_USAGE;
    return yao_json_parse_object(&page.memory, yao_page_bytes(ptr, len),
                                 &ret->object);
}

/* A file of the catalogue by its path, before the machine begins: what
 * profiles ask and cards may say comes from there. */
yao_status EXPORT(add_file)(const uint8_t *path, size_t path_len,
                            const uint8_t *ptr, size_t len)
{
    yao_document_file *f;

    if (run.begun)
        return YAO_E_USAGE;
    run.files = yao_page_room(run.files, run.file_count, &run.file_room,
                              sizeof *run.files);
    if (run.files == NULL)
        return YAO_E_SPACE;
    f = &run.files[run.file_count];
    YAO_TRY(yao_page_text(path, path_len, &f->path));
    f->bytes = yao_page_bytes(ptr, len);
    run.file_count++;
    return YAO_OK;
}

/* KIND: 1 receive, 2 present, 3 holder, 4 reader, 5 card_show, 6
 * card_check; with options in JSON. */
yao_status EXPORT(begin)(unsigned kind, const uint8_t *ptr, size_t len)
{
    yao_told t;

    if (run.begun || page.crypto == NULL || kind == 0 ||
        kind >= sizeof machines / sizeof machines[0])
        return YAO_E_USAGE;
    if (!yao_page_grow(STEP))
        return YAO_E_SPACE;
    run.begun = true;
    YAO_TRY(yao_document_load(&page.memory, NULL, run.files, run.file_count,
                              &page.catalogue, NULL));
    YAO_TRY(read(ptr, len, &t));
    run.begun_as = machines[kind];
    YAO_TRY(run.begun_as->open(&t));
    run.machine = run.begun_as;
    return YAO_OK;
}

/* What came of the latest wish, in JSON; the answer is the next one. */
yao_status EXPORT(step)(const uint8_t *ptr, size_t len)
{
    yao_page_wish w = {.first = true};
    yao_told      t;

    if (run.machine == NULL)
        return YAO_E_USAGE;
    if (!yao_page_grow(STEP))
        return YAO_E_SPACE;
    YAO_TRY(read(ptr, len, &t));
    YAO_TRY(run.machine->step(&t, &w));
    if (w.over)
        run.machine = NULL;
    return YAO_OK;
}

/* Forget everything: nothing is taken or begun any more. */
void EXPORT(end)(void)
{
    if (run.begun_as != NULL && run.begun_as->wipe != NULL)
        run.begun_as->wipe();
    run.machine = NULL;
    run.begun   = true;
    if (page.memory.base != NULL)
        yao_wipe(page.memory.base, page.memory.cap);
    page.most        = 0;
    page.memory.used = page.memory.cap;
    page.answer      = (yao_bytes){NULL, 0};
}
