/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/fields.h"

void yao_mdoc_enter(yao_mdoc_fields *f, yao_cbor_reader *r,
                    const yao_text *names, size_t count)
{
    f->names       = names;
    f->count       = count;
    f->seen        = 0;
    f->other_count = 0;
    f->left        = yao_cbor_get_map(r);
}

/* A key nobody knows: remembered, so that it cannot come again, and skipped
 * with its value (ISO/IEC 18013-5 8.3: such keys are no error). */
static void skip_other(yao_mdoc_fields *f, yao_cbor_reader *r, yao_text key)
{
    for (size_t i = 0; i < f->other_count; i++)
        if (yao_text_equal(f->others[i], key))
            yao_cbor_fail(r, YAO_E_DUPLICATE);
    if (f->other_count == YAO_MDOC_MAX_OTHERS) {
        yao_cbor_fail(r, YAO_E_LIMIT);
        return;
    }

    f->others[f->other_count++] = key;
    yao_cbor_get_any(r);
}

static int find(const yao_mdoc_fields *f, yao_text key)
{
    for (size_t i = 0; i < f->count; i++)
        if (yao_text_equal(f->names[i], key))
            return (int)i;

    return -1;
}

int yao_mdoc_next(yao_mdoc_fields *f, yao_cbor_reader *r)
{
    while (f->left > 0 && r->status == YAO_OK) {
        yao_text key = yao_cbor_get_text(r);
        int      at  = find(f, key);

        f->left--;
        if (r->status != YAO_OK)
            return -1;
        if (at < 0) {
            skip_other(f, r, key);
            continue;
        }
        if (f->seen & 1u << at) {
            yao_cbor_fail(r, YAO_E_DUPLICATE);
            return -1;
        }
        f->seen |= 1u << at;
        return at;
    }

    return -1;
}

void yao_mdoc_require(const yao_mdoc_fields *f, yao_cbor_reader *r,
                      uint32_t mask)
{
    if ((f->seen & mask) != mask)
        yao_cbor_fail(r, YAO_E_MALFORMED);
}

bool yao_mdoc_has(const yao_mdoc_fields *f, unsigned index)
{
    return (f->seen >> index & 1u) != 0;
}

size_t yao_mdoc_count_pairs(yao_cbor_reader *r, bool truths)
{
    uint64_t spaces = yao_cbor_get_map(r), total = 0;

    for (uint64_t i = 0; i < spaces && r->status == YAO_OK; i++) {
        yao_cbor_get_text(r);
        uint64_t pairs = yao_cbor_get_map(r);
        for (uint64_t j = 0; j < pairs && r->status == YAO_OK; j++) {
            yao_cbor_get_text(r);
            if (truths)
                yao_cbor_get_bool(r);
            else
                yao_cbor_get_any(r);
        }
        total += pairs;
    }

    return (size_t)total;
}
