/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/parts.h"

void yao_prox_put_bytes(yao_writer *w, yao_bytes bytes)
{
    yao_cbor_put_tag(w, 24);
    yao_cbor_put_bytes(w, bytes);
}

void yao_prox_put_key_bytes(yao_writer *w, const yao_public_key *key)
{
    if (!yao_public_key_well_formed(key) || key->point[0] != 4) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }

    size_t mark = yao_cbor_begin_wrapped(w);
    yao_cose_put_key(w, key);
    yao_cbor_end_bytes(w, mark);
}

static void put_origin(yao_writer *w, const yao_prox_origin *o)
{
    bool domain = o->domain.len != 0;

    if (domain && o->type != 1)
        yao_writer_fail(w, YAO_E_USAGE);
    yao_cbor_put_map(w, 3);
    yao_cbor_put_string(w, "cat");
    yao_cbor_put_uint(w, o->category);
    yao_cbor_put_string(w, "type");
    yao_cbor_put_uint(w, o->type);
    yao_cbor_put_string(w, "details");
    yao_cbor_put_map(w, domain);
    if (domain) {
        yao_cbor_put_string(w, "domain");
        yao_cbor_put_text(w, o->domain);
    }
}

/* Those that are true; what is absent is false. */
static void put_capabilities(yao_writer *w, const yao_prox_engagement *e)
{
    yao_cbor_put_map(w, (uint64_t)e->handover_session + e->reader_auth_all +
                            e->extended_request);
    if (e->handover_session) {
        yao_cbor_put_uint(w, CAN_HANDOVER);
        yao_cbor_put_bool(w, true);
    }
    if (e->reader_auth_all) {
        yao_cbor_put_uint(w, CAN_ALL);
        yao_cbor_put_bool(w, true);
    }
    if (e->extended_request) {
        yao_cbor_put_uint(w, CAN_EXTENDED);
        yao_cbor_put_bool(w, true);
    }
}

static bool counts_good(const yao_prox_engagement *e)
{
    if (e->method_count > YAO_PROX_MAX_METHODS ||
        e->origin_count > YAO_PROX_MAX_ORIGINS)
        return false;
    if (e->has_origins && !e->later)
        return false;
    return e->has_origins || (!e->has_capabilities && e->origin_count == 0);
}

void yao_prox_put_engagement(yao_writer *w, const yao_prox_engagement *e)
{
    if (!counts_good(e))
        yao_writer_fail(w, YAO_E_USAGE);
    if (w->status != YAO_OK)
        return;

    yao_cbor_put_map(w, 2 + (uint64_t)(e->method_count != 0) +
                            e->has_origins + e->has_capabilities);
    yao_cbor_put_uint(w, ENGAGED_VERSION);
    yao_cbor_put_string(w, e->later ? "1.1" : "1.0");
    yao_cbor_put_uint(w, ENGAGED_SECURITY);
    yao_cbor_put_array(w, 2);
    yao_cbor_put_uint(w, CIPHER_SUITE);
    yao_prox_put_key_bytes(w, &e->key);
    if (e->method_count != 0) {
        yao_cbor_put_uint(w, ENGAGED_METHODS);
        yao_cbor_put_array(w, e->method_count);
        for (size_t i = 0; i < e->method_count; i++)
            yao_prox_put_method(w, &e->methods[i]);
    }
    if (e->has_origins) {
        yao_cbor_put_uint(w, ENGAGED_ORIGINS);
        yao_cbor_put_array(w, e->origin_count);
        for (size_t i = 0; i < e->origin_count; i++)
            put_origin(w, &e->origins[i]);
    }
    if (e->has_capabilities) {
        yao_cbor_put_uint(w, ENGAGED_CAPABILITIES);
        put_capabilities(w, e);
    }
}

void yao_prox_put_letters(yao_writer *w, yao_bytes engagement, bool reader)
{
    yao_put_text(w, reader ? "mdoc://" : "mdoc:");
    yao_put_base64url(w, engagement);
}
