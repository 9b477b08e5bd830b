/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/parts.h"

void yao_mdoc_get_validity(yao_cbor_reader *r, yao_mdoc_validity *ret)
{
    static const yao_text names[] = {YAO_INIT("signed"), YAO_INIT("validFrom"),
                                     YAO_INIT("validUntil"),
                                     YAO_INIT("expectedUpdate")};
    yao_time              times[] = {YAO_TIME_NONE, YAO_TIME_NONE,
                                     YAO_TIME_NONE, YAO_TIME_NONE};
    yao_mdoc_fields       f;

    yao_mdoc_enter(&f, r, names, 4);
    for (int key; (key = yao_mdoc_next(&f, r)) >= 0;)
        times[key] = yao_cbor_get_tdate(r);
    yao_mdoc_require(&f, r, 1u << 0 | 1u << 1 | 1u << 2);

    if (r->status == YAO_OK)
        *ret = (yao_mdoc_validity){times[0], times[1], times[2], times[3]};
}

yao_status yao_mdoc_check_validity(const yao_mdoc_validity *v, yao_time now,
                                   yao_time skew)
{
    if (now < 0 || now > YAO_TIME_MAX || skew < 0 || skew > YAO_TIME_DAY)
        return YAO_E_USAGE;
    if (v->valid_from < v->signed_at || v->valid_until <= v->valid_from)
        return YAO_E_VALUE;
    if (now + skew < v->valid_from)
        return YAO_E_NOT_YET_VALID;
    if (now - skew > v->valid_until)
        return YAO_E_EXPIRED;

    return YAO_OK;
}
