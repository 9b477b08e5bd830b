/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Properties, for any input:
 *   - what is read strictly is read leniently, and is the same;
 *   - no element is asked for twice, each is found, and what is asked for can
 *     be asked again and is then the same;
 *   - a home that answers nothing, or BAD, makes no reader GOOD, and without
 *     an anchor nobody is;
 *   - who signed nothing is ABSENT.
 */

#include "mdoc/request.h"

#include <string.h>

#include "tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(16) uint8_t memory[2 * 1024 * 1024];

static void check_elements(const yao_mdoc_doc_request *d)
{
    must(d->element_count > 0 && d->element_count <= YAO_MAX_ELEMENTS);
    for (size_t i = 0; i < d->element_count; i++)
        must(yao_mdoc_find_wanted(d, d->elements[i].name_space,
                                  d->elements[i].element) == &d->elements[i]);
}

static void same(const yao_mdoc_request *a, const yao_mdoc_request *b)
{
    must(a->document_count == b->document_count);
    for (size_t i = 0; i < a->document_count; i++) {
        const yao_mdoc_doc_request *x = &a->documents[i];
        const yao_mdoc_doc_request *y = &b->documents[i];

        must(x->element_count == y->element_count);
        must(yao_text_equal(x->doc_type, y->doc_type));
        for (size_t n = 0; n < x->element_count; n++) {
            must(yao_text_equal(x->elements[n].element,
                                y->elements[n].element));
            must(yao_text_equal(x->elements[n].name_space,
                                y->elements[n].name_space));
            must(x->elements[n].retain == y->elements[n].retain);
        }
    }
}

/* Nameless things can be read, and are never asked for. */
static bool has_names(const yao_mdoc_request *q)
{
    for (size_t i = 0; i < q->document_count; i++) {
        if (q->documents[i].doc_type.len == 0)
            return false;
        for (size_t n = 0; n < q->documents[i].element_count; n++)
            if (q->documents[i].elements[n].element.len == 0 ||
                q->documents[i].elements[n].name_space.len == 0)
                return false;
    }
    return true;
}

static void ask_again(yao_arena arena, const yao_mdoc_request *q)
{
    yao_mdoc_ask         asks[YAO_MAX_DOCUMENTS];
    yao_mdoc_ask_options o = {.asks = asks, .ask_count = q->document_count};
    yao_mdoc_asking      asking;
    yao_mdoc_request     back;
    yao_bytes            bytes;

    for (size_t i = 0; i < q->document_count; i++)
        asks[i] = (yao_mdoc_ask){q->documents[i].doc_type,
                                 q->documents[i].elements,
                                 q->documents[i].element_count};
    must(yao_mdoc_ask_begin(&arena, &o, &asking) ==
         (has_names(q) ? YAO_OK : YAO_E_USAGE));
    if (!has_names(q))
        return;
    yao_writer w = yao_writer_in(&arena);
    yao_mdoc_put_request(&w, &asking, NULL);
    must(yao_writer_keep(&w, &arena, &bytes) == YAO_OK);
    must(yao_mdoc_parse_request(&arena, bytes, true, &back) == YAO_OK);
    same(q, &back);
}

static void judge(yao_arena arena, const yao_mdoc_request *q,
                  const yao_anchor *anchor, yao_sig_outcome answer)
{
    yao_mdoc_reader_options o = {.anchors      = anchor,
                                 .anchor_count = anchor != NULL,
                                 .now        = INT64_C(1795305600),
                                 .transcript = YAO_LIT("\x83\xf6\xf6\xf6")};
    yao_report              report = {.count = 0};
    yao_mdoc_readers        v;
    yao_mdoc_reader         r;

    must(yao_mdoc_begin_readers(&arena, q, &o, &v, &report) == YAO_OK);
    for (size_t i = 0; i < v.check_count; i++)
        v.checks[i].outcome = answer;
    for (size_t i = 0; i < q->document_count; i++) {
        must(yao_mdoc_conclude_reader(&v, i, &r, &report) == YAO_OK);
        must((r.state == YAO_MDOC_READER_GOOD) == (r.why == YAO_OK));
        must(r.state != YAO_MDOC_READER_GOOD ||
             (answer == YAO_SIG_GOOD && anchor != NULL));
        must((r.state == YAO_MDOC_READER_ABSENT) ==
             (!q->documents[i].has_auth && q->all_count == 0));
    }
}

/* The first certificate that is there is pinned. */
static void judge_all(yao_arena arena, const yao_mdoc_request *q)
{
    yao_anchor anchor = {.role = YAO_ROLE_READER};

    if (q->all_count != 0)
        anchor.certificate = q->all[0].chain[0];
    else if (q->documents[0].has_auth)
        anchor.certificate = q->documents[0].auth.chain[0];
    for (int answer = YAO_SIG_UNCHECKED; answer <= YAO_SIG_UNSUPPORTED;
         answer++) {
        judge(arena, q, NULL, (yao_sig_outcome)answer);
        if (anchor.certificate.len != 0)
            judge(arena, q, &anchor, (yao_sig_outcome)answer);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena        arena = {memory, sizeof memory, 0};
    yao_bytes        input = {data, len};
    yao_mdoc_request q, strict;
    yao_mdoc_said    said;

    if (yao_mdoc_read_said(&arena, input, false, &said) == YAO_OK)
        must(said.missing_count <= YAO_MAX_DOCUMENTS);
    arena.used = 0;
    if (yao_mdoc_parse_request(&arena, input, false, &q) != YAO_OK) {
        must(yao_mdoc_parse_request(&arena, input, true, &strict) != YAO_OK);
        return 0;
    }
    if (yao_mdoc_parse_request(&arena, input, true, &strict) == YAO_OK)
        same(&q, &strict);
    else
        must(q.longer);
    for (size_t i = 0; i < q.document_count; i++)
        check_elements(&q.documents[i]);
    ask_again(arena, &q);
    judge_all(arena, &q);
    return 0;
}
