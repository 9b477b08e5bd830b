/* SPDX-License-Identifier: Apache-2.0 */
#include "cose/cose_parts.h"

typedef struct ec2 {
    int64_t   type;
    int64_t   curve;
    yao_bytes x;
    yao_bytes y;    /* empty when only its sign was given */
    bool      sign; /* of y: odd */
    bool      has_y;
} ec2;

/* Types and curves may be texts (RFC 9052 section 7), and what is a curve here
 * is a secret in a symmetric key; all that makes another key. */
static int64_t get_number(yao_cbor_reader *r)
{
    yao_cbor_kind kind = yao_cbor_peek(r);

    if (kind != YAO_CBOR_UINT && kind != YAO_CBOR_NINT && kind != YAO_CBOR_END)
        yao_cbor_fail(r, YAO_E_KEY);
    return yao_cbor_get_int(r);
}

static void get_y(yao_cbor_reader *r, ec2 *key)
{
    key->has_y = true;
    if (yao_cbor_peek(r) == YAO_CBOR_BOOL) {
        key->sign = yao_cbor_get_bool(r);
        return;
    }

    key->y = yao_cbor_get_bytes(r);
    if (key->y.len == 0)
        yao_cbor_fail(r, YAO_E_KEY);
}

static void get_parameter(yao_cbor_reader *r, yao_cose_label label, ec2 *key)
{
    if (label.name.ptr != NULL) {
        (void)yao_cbor_get_any(r);
        return;
    }

    switch (label.number) {
    case YAO_KEY_TYPE:
        key->type = get_number(r);
        return;
    case YAO_KEY_CURVE:
        key->curve = get_number(r);
        return;
    case YAO_KEY_X:
        key->x = yao_cbor_get_bytes(r);
        return;
    case YAO_KEY_Y:
        get_y(r, key);
        return;
    case YAO_KEY_D: /* whoever sends it has lost the key */
        yao_cbor_fail(r, YAO_E_KEY);
        return;
    default:
        (void)yao_cbor_get_any(r);
        return;
    }
}

static yao_status make(const ec2 *key, yao_public_key *ret)
{
    const yao_curve_row *row = yao_curve_by_cose(key->curve);

    if (key->type != YAO_COSE_KEY_EC2 || row == NULL || !key->has_y)
        return YAO_E_KEY;
    if (key->y.len != 0)
        return yao_public_key_make(row->curve, key->x, key->y, ret);
    if (key->x.len != row->field_len)
        return YAO_E_KEY;

    yao_public_key point = {.curve = row->curve};
    yao_writer     w     = yao_writer_open(point.point, sizeof point.point);

    yao_put_byte(&w, key->sign ? 3 : 2); /* SEC 1 section 2.3.3 */
    yao_put_bytes(&w, key->x);
    point.len = (uint8_t)w.len;

    *ret = point;
    return w.status;
}

void yao_cose_get_key(yao_cbor_reader *r, yao_public_key *ret)
{
    ec2             key = {0};
    yao_cose_labels labels;
    yao_cbor_reader before = *r;
    uint64_t        pairs  = yao_cbor_get_map(r);

    labels.count = 0;
    for (uint64_t i = 0; i < pairs && r->status == YAO_OK; i++) {
        yao_cose_label label = yao_cose_get_label(r, &labels, YAO_E_KEY);

        get_parameter(r, label, &key);
    }
    if (r->status != YAO_OK)
        return;

    yao_status status = make(&key, ret);
    if (status != YAO_OK) {
        *r = before;
        yao_cbor_fail(r, status);
    }
}

void yao_cose_put_key(yao_writer *w, const yao_public_key *key)
{
    const yao_curve_row *row = yao_curve_by_id(key->curve);

    if (!yao_public_key_well_formed(key) || key->point[0] != 4) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }

    yao_cbor_put_map(w, 4);
    yao_cbor_put_int(w, YAO_KEY_TYPE);
    yao_cbor_put_uint(w, YAO_COSE_KEY_EC2);
    yao_cbor_put_int(w, YAO_KEY_CURVE);
    yao_cbor_put_int(w, row->cose);
    yao_cbor_put_int(w, YAO_KEY_X);
    yao_cbor_put_bytes(w, (yao_bytes){key->point + 1, row->field_len});
    yao_cbor_put_int(w, YAO_KEY_Y);
    yao_cbor_put_bytes(
        w, (yao_bytes){key->point + 1 + row->field_len, row->field_len});
}
