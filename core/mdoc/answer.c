/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/parts.h"
#include "mdoc/request.h"

/* ---- writing ------------------------------------------------------------ */

/* documentErrors: [+ {DocType => ErrorCode}] (8.3.2.1.2.3), each 0: which of
 * the reasons it was is nobody's business. */
static void put_missing(yao_writer *w, const yao_mdoc_answer *a)
{
    yao_cbor_put_string(w, "documentErrors");
    yao_cbor_put_array(w, a->missing_count);
    for (size_t i = 0; i < a->missing_count; i++) {
        yao_cbor_put_map(w, 1);
        yao_cbor_put_text(w, a->missing[i]);
        yao_cbor_put_uint(w, 0);
    }
}

void yao_mdoc_put_answer(yao_writer *w, const yao_mdoc_answer *answer)
{
    bool documents = answer->document_count != 0;
    bool missing   = answer->missing_count != 0;

    if (documents && answer->status != YAO_MDOC_RESPONSE_OK)
        yao_writer_fail(w, YAO_E_USAGE);

    yao_cbor_put_map(w, 2 + (uint64_t)documents + missing);
    yao_cbor_put_string(w, "version");
    yao_cbor_put_string(w, "1.0");
    if (documents) {
        yao_cbor_put_string(w, "documents");
        yao_cbor_put_array(w, answer->document_count);
        for (size_t i = 0; i < answer->document_count; i++)
            yao_cbor_put_raw(w, answer->documents[i]);
    }
    if (missing)
        put_missing(w, answer);
    yao_cbor_put_string(w, "status");
    yao_cbor_put_uint(w, answer->status);
}

/* ---- reading ------------------------------------------------------------ */

static size_t get_documents(yao_cbor_reader *r)
{
    uint64_t count = yao_cbor_get_items(r);

    if (count > YAO_MAX_DOCUMENTS)
        yao_cbor_fail(r, YAO_E_LIMIT);
    for (uint64_t i = 0; i < count && r->status == YAO_OK; i++)
        yao_cbor_get_any(r);
    return (size_t)count;
}

/* One {+ docType => int}. */
static void get_errors(yao_cbor_reader *r, yao_mdoc_said *said)
{
    uint64_t pairs = yao_cbor_get_map(r);

    for (; pairs > 0 && r->status == YAO_OK; pairs--) {
        yao_text type = yao_cbor_get_text(r);

        (void)yao_cbor_get_int(r);
        if (said->missing_count == YAO_MAX_DOCUMENTS)
            yao_cbor_fail(r, YAO_E_LIMIT);
        if (r->status == YAO_OK)
            said->missing[said->missing_count++] = type;
    }
}

static void get_missing(yao_arena *arena, yao_cbor_reader *r,
                        yao_mdoc_said *said)
{
    uint64_t count = yao_cbor_get_items(r);

    said->missing = yao_arena_take_array(arena, YAO_MAX_DOCUMENTS,
                                         sizeof *said->missing);
    if (said->missing == NULL)
        yao_cbor_fail(r, YAO_E_SPACE);
    for (uint64_t i = 0; i < count && r->status == YAO_OK; i++)
        get_errors(r, said);
}

/* "1.0", or a later minor version, which may add but not change. */
static void get_version(yao_cbor_reader *r)
{
    yao_bytes text = yao_text_bytes(yao_cbor_get_text(r));

    if (!yao_bytes_starts(text, YAO_LIT("1.")))
        yao_cbor_fail(r, YAO_E_MALFORMED);
}

yao_status yao_mdoc_read_said(yao_arena *arena, yao_bytes input, bool strict,
                              yao_mdoc_said *ret)
{
    static const yao_text names[] = {YAO_INIT("version"), YAO_INIT("documents"),
                                     YAO_INIT("documentErrors"),
                                     YAO_INIT("status")};
    yao_mdoc_parser       p       = {arena, strict, false};
    yao_cbor_reader       r       = yao_mdoc_open(&p, input);
    yao_mdoc_said         said    = {0};
    yao_mdoc_fields       f;

    if (input.len > YAO_MAX_MESSAGE)
        return YAO_E_LIMIT;
    yao_mdoc_enter(&f, &r, names, 4);
    for (int key; (key = yao_mdoc_next(&f, &r)) >= 0;)
        switch (key) {
        case 0:  get_version(&r); break;
        case 1:  said.document_count = get_documents(&r); break;
        case 2:  get_missing(arena, &r, &said); break;
        default: said.status = yao_cbor_get_uint(&r); break;
        }
    yao_mdoc_require(&f, &r, 1u << 0 | 1u << 3);
    YAO_TRY(yao_cbor_close(&r));

    *ret = said;
    return YAO_OK;
}
