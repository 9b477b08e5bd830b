/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/session.h"

#include "mdoc/fields.h"
#include "proximity/parts.h"

/* ---- SessionEstablishment ----------------------------------------------- */

yao_status yao_prox_read_establishment(yao_bytes               input,
                                       yao_prox_establishment *ret)
{
    static const yao_text  names[] = {YAO_INIT("eReaderKey"), YAO_INIT("data")};
    yao_cbor_reader        r       = yao_cbor_open(input);
    yao_prox_establishment e       = {.data = {NULL, 0}};
    yao_mdoc_fields        f;

    if (input.len > YAO_PROX_MAX_SEALED)
        return YAO_E_LIMIT;
    yao_mdoc_enter(&f, &r, names, 2);
    for (int key; (key = yao_mdoc_next(&f, &r)) >= 0;) {
        if (key == 0)
            yao_prox_get_key_bytes(&r, &e.key_bytes, &e.key);
        else
            e.data = yao_cbor_get_bytes(&r);
    }
    yao_mdoc_require(&f, &r, 1u << 0 | 1u << 1);
    yao_prox_want(&r, e.data.len != 0, YAO_E_MALFORMED);
    YAO_TRY(yao_cbor_close(&r));

    *ret = e;
    return YAO_OK;
}

void yao_prox_put_establishment(yao_writer                   *w,
                                const yao_prox_establishment *e)
{
    if (e->data.len == 0)
        yao_writer_fail(w, YAO_E_USAGE);
    yao_cbor_put_map(w, 2);
    yao_cbor_put_string(w, "eReaderKey");
    yao_prox_put_key_bytes(w, &e->key);
    yao_cbor_put_string(w, "data");
    yao_cbor_put_bytes(w, e->data);
}

/* ---- SessionData -------------------------------------------------------- */

/* Who could not read what came has nothing to answer to it. */
static bool data_good(const yao_prox_data *m)
{
    bool trouble = m->status == YAO_PROX_STATUS_ENCRYPTION ||
                   m->status == YAO_PROX_STATUS_CBOR;

    return m->data.len != 0 ? !trouble : m->status != YAO_PROX_STATUS_NONE;
}

yao_status yao_prox_read_data(yao_bytes input, yao_prox_data *ret)
{
    static const yao_text names[] = {YAO_INIT("data"), YAO_INIT("status")};
    yao_cbor_reader       r       = yao_cbor_open(input);
    yao_prox_data         m       = {.status = YAO_PROX_STATUS_NONE};
    yao_mdoc_fields       f;

    if (input.len > YAO_PROX_MAX_SEALED)
        return YAO_E_LIMIT;
    yao_mdoc_enter(&f, &r, names, 2);
    for (int key; (key = yao_mdoc_next(&f, &r)) >= 0;) {
        if (key == 0) {
            m.data = yao_cbor_get_bytes(&r);
            yao_prox_want(&r, m.data.len != 0, YAO_E_MALFORMED);
        } else {
            m.status = yao_cbor_get_uint(&r);
            yao_prox_want(&r, m.status != YAO_PROX_STATUS_NONE,
                          YAO_E_MALFORMED);
        }
    }
    yao_prox_want(&r, data_good(&m), YAO_E_MALFORMED);
    YAO_TRY(yao_cbor_close(&r));

    *ret = m;
    return YAO_OK;
}

void yao_prox_put_data(yao_writer *w, const yao_prox_data *message)
{
    bool data   = message->data.len != 0;
    bool status = message->status != YAO_PROX_STATUS_NONE;

    if (!data_good(message))
        yao_writer_fail(w, YAO_E_USAGE);
    yao_cbor_put_map(w, (uint64_t)data + status);
    if (data) {
        yao_cbor_put_string(w, "data");
        yao_cbor_put_bytes(w, message->data);
    }
    if (status) {
        yao_cbor_put_string(w, "status");
        yao_cbor_put_uint(w, message->status);
    }
}
