/* SPDX-License-Identifier: Apache-2.0 */
#include "cose/cose_parts.h"

static bool same_label(const yao_cose_label *a, const yao_cose_label *b)
{
    if ((a->name.ptr == NULL) != (b->name.ptr == NULL))
        return false;

    return a->name.ptr == NULL ? a->number == b->number
                               : yao_text_equal(a->name, b->name);
}

yao_cose_label yao_cose_get_label(yao_cbor_reader *r, yao_cose_labels *labels,
                                  yao_status again)
{
    yao_cose_label label = {0};

    if (yao_cbor_peek(r) == YAO_CBOR_TEXT)
        label.name = yao_cbor_get_text(r);
    else
        label.number = yao_cbor_get_int(r);
    if (r->status != YAO_OK)
        return label;

    for (size_t i = 0; i < labels->count; i++)
        if (same_label(&labels->seen[i], &label))
            yao_cbor_fail(r, again);
    if (labels->count == YAO_MAX_COSE_LABELS)
        yao_cbor_fail(r, YAO_E_LIMIT);
    else
        labels->seen[labels->count++] = label;

    return label;
}

/* RFC 9360 section 2: COSE_X509 = bstr / [2*certs: bstr] */
static void get_chain(yao_cbor_reader *r, yao_cose_message *message)
{
    bool     several = yao_cbor_peek(r) == YAO_CBOR_ARRAY;
    uint64_t count   = several ? yao_cbor_get_items(r) : 1;

    if (several && (count < 2 || count > YAO_MAX_CHAIN))
        yao_cbor_fail(r, YAO_E_HEADER);

    for (uint64_t i = 0; i < count && r->status == YAO_OK; i++) {
        message->chain[i] = yao_cbor_get_bytes(r);
        if (message->chain[i].len == 0)
            yao_cbor_fail(r, YAO_E_HEADER);
    }
    message->chain_count = (size_t)count;
}

/* An algorithm named by a text is none that we have. */
static void get_alg(yao_cbor_reader *r, yao_cose_message *message)
{
    if (yao_cbor_peek(r) == YAO_CBOR_TEXT)
        (void)yao_cbor_get_text(r);
    else
        message->alg = yao_cbor_get_int(r);
}

/* RFC 9596 section 2: a media type, or the number CoAP has for it. */
static void get_type(yao_cbor_reader *r, yao_cose_message *message)
{
    uint64_t number;

    switch (yao_cbor_peek(r)) {
    case YAO_CBOR_TEXT:
        message->type = yao_cbor_get_text(r);
        return;
    case YAO_CBOR_UINT:
        number = yao_cbor_get_uint(r);
        if (number > UINT16_MAX)
            yao_cbor_fail(r, YAO_E_HEADER);
        message->has_format = true;
        message->format     = (uint16_t)number;
        return;
    default:
        yao_cbor_fail(r, YAO_E_HEADER);
    }
}

static void get_parameter(yao_cbor_reader *r, yao_cose_label label,
                          bool is_protected, yao_cose_message *message)
{
    if (label.name.ptr != NULL) {
        (void)yao_cbor_get_any(r);
        return;
    }

    switch (label.number) {
    case YAO_HEADER_ALG:
        if (is_protected)
            get_alg(r, message);
        else
            yao_cbor_fail(r, YAO_E_HEADER);
        return;
    case YAO_HEADER_CRIT: /* whatever it names, we do not have it */
        yao_cbor_fail(r, YAO_E_HEADER);
        return;
    case YAO_HEADER_KID:
        /* a hint, and outside of what is signed: a widely used library
         * writes `undefined` there when it has none (@auth0/mdl 3.0) */
        if (!is_protected && yao_cbor_peek(r) != YAO_CBOR_BYTES)
            break;
        message->kid = yao_cbor_get_bytes(r);
        return;
    case YAO_HEADER_X5CHAIN:
        message->chain_protected = is_protected;
        get_chain(r, message);
        return;
    case YAO_HEADER_TYPE:
        if (!is_protected)
            break;
        get_type(r, message);
        return;
    default:
        break;
    }
    (void)yao_cbor_get_any(r);
}

static void get_header(yao_cbor_reader *r, bool is_protected,
                       yao_cose_labels *labels, yao_cose_message *message)
{
    uint64_t pairs = yao_cbor_get_map(r);

    for (uint64_t i = 0; i < pairs && r->status == YAO_OK; i++) {
        yao_cose_label label = yao_cose_get_label(r, labels, YAO_E_HEADER);

        get_parameter(r, label, is_protected, message);
    }
}

/* A bstr with a map in it, or with nothing (RFC 9052 section 3). */
static void get_protected(yao_cbor_reader *r, yao_cose_labels *labels,
                          yao_cose_message *message)
{
    yao_cbor_reader before = *r;
    yao_cbor_reader inner  = *r;

    message->protected_bytes = yao_cbor_get_bytes(r);
    if (message->protected_bytes.len == 0)
        return;

    inner.rest   = message->protected_bytes;
    inner.longer = r->longer;
    get_header(&inner, true, labels, message);
    r->longer = inner.longer;

    yao_status status = yao_cbor_close(&inner);
    if (status != YAO_OK) {
        *r = before;
        yao_cbor_fail(r, status);
    }
}

void yao_cose_get_message(yao_cbor_reader *r, uint64_t tag,
                          yao_cose_message *ret)
{
    yao_cose_message message = {0};
    yao_cose_labels  labels;

    labels.count = 0;
    if (tag != 0)
        yao_cbor_get_tag(r, tag);
    yao_cbor_get_array(r, 4);
    get_protected(r, &labels, &message);
    get_header(r, false, &labels, &message);
    message.detached = yao_cbor_peek(r) == YAO_CBOR_NULL;
    if (message.detached)
        yao_cbor_get_null(r);
    else
        message.payload = yao_cbor_get_bytes(r);
    message.signature = yao_cbor_get_bytes(r);

    if (r->status == YAO_OK)
        *ret = message;
}

yao_status yao_cose_read_message(yao_bytes input, uint64_t tag, bool foreign,
                                 yao_cose_message *ret)
{
    yao_cbor_reader r =
        foreign ? yao_cbor_open_foreign(input) : yao_cbor_open(input);
    yao_cose_message message;

    yao_cose_get_message(&r, tag, &message);
    YAO_TRY(yao_cbor_close(&r));

    *ret = message;
    return YAO_OK;
}
