/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/labels.h"

void yao_prox_enter(yao_prox_labels *l, yao_cbor_reader *r)
{
    l->count = 0;
    l->left  = yao_cbor_get_map(r);
}

bool yao_prox_next(yao_prox_labels *l, yao_cbor_reader *r, int64_t *key)
{
    if (l->left == 0 || r->status != YAO_OK)
        return false;
    l->left--;
    *key = yao_cbor_get_int(r);
    yao_prox_want(r, !yao_prox_has(l, *key), YAO_E_DUPLICATE);
    yao_prox_want(r, l->count < YAO_PROX_MAX_LABELS, YAO_E_LIMIT);
    if (r->status != YAO_OK)
        return false;
    l->seen[l->count++] = *key;
    return true;
}

bool yao_prox_has(const yao_prox_labels *l, int64_t key)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->seen[i] == key)
            return true;
    return false;
}

void yao_prox_skip(yao_cbor_reader *r)
{
    (void)yao_cbor_get_any(r);
}

void yao_prox_want(yao_cbor_reader *r, bool holds, yao_status status)
{
    if (!holds)
        yao_cbor_fail(r, status);
}
