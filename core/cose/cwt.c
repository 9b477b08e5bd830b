/* SPDX-License-Identifier: Apache-2.0 */
#include "cose/cwt.h"

#include "cose/cose_parts.h"

/* RFC 8392 section 4 */
enum { ISSUER = 1, SUBJECT = 2, EXPIRES = 4, NOT_BEFORE = 5, ISSUED_AT = 6 };

/* An empty name names nobody, and would look like none. */
static yao_text get_name(yao_cbor_reader *r)
{
    yao_text name = yao_cbor_get_text(r);

    if (name.len == 0)
        yao_cbor_fail(r, YAO_E_VALUE);
    return name;
}

/* Section 2: NumericDate without its tag; ours has no fraction. */
static yao_time get_date(yao_cbor_reader *r)
{
    uint64_t date = yao_cbor_get_uint(r);

    if (date > (uint64_t)YAO_TIME_MAX) {
        yao_cbor_fail(r, YAO_E_VALUE);
        return YAO_TIME_NONE;
    }
    return (yao_time)date;
}

static void get_claim(yao_cbor_reader *r, yao_cose_label label, yao_cwt *claims)
{
    if (label.name.ptr != NULL)
        (void)yao_cbor_get_any(r);
    else if (label.number == ISSUER)
        claims->issuer = get_name(r);
    else if (label.number == SUBJECT)
        claims->subject = get_name(r);
    else if (label.number == EXPIRES)
        claims->expires = get_date(r);
    else if (label.number == NOT_BEFORE)
        claims->not_before = get_date(r);
    else if (label.number == ISSUED_AT)
        claims->issued_at = get_date(r);
    else
        (void)yao_cbor_get_any(r);
}

yao_status yao_cwt_read(yao_bytes payload, bool foreign, yao_cwt *ret)
{
    yao_cbor_reader r =
        foreign ? yao_cbor_open_foreign(payload) : yao_cbor_open(payload);
    yao_cwt         claims = {.expires    = YAO_TIME_NONE,
                              .not_before = YAO_TIME_NONE,
                              .issued_at  = YAO_TIME_NONE,
                              .map        = payload};
    yao_cose_labels labels;

    labels.count   = 0;
    uint64_t pairs = yao_cbor_get_map(&r);
    for (uint64_t i = 0; i < pairs && r.status == YAO_OK; i++)
        get_claim(&r, yao_cose_get_label(&r, &labels, YAO_E_DUPLICATE),
                  &claims);
    YAO_TRY(yao_cbor_close(&r));

    *ret = claims;
    return YAO_OK;
}

yao_bytes yao_cwt_get(const yao_cwt *claims, int64_t key)
{
    /* what is not the shortest was judged when it was read */
    yao_cbor_reader r     = yao_cbor_open_foreign(claims->map);
    uint64_t        pairs = yao_cbor_get_map(&r);

    for (uint64_t i = 0; i < pairs && r.status == YAO_OK; i++) {
        yao_cose_labels one;

        one.count            = 0;
        yao_cose_label label = yao_cose_get_label(&r, &one, YAO_OK);
        yao_bytes      item  = yao_cbor_get_any(&r);
        if (label.name.ptr == NULL && label.number == key)
            return item;
    }
    return (yao_bytes){NULL, 0};
}
