/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/vci/recipe.h"

#include "cbor/cbor.h"

#include <string.h>

enum { MEMBERS = 9, MEMBERS_OF_COPY = 4 };

static void write_copy(yao_writer *w, const vci_recipe *r, size_t i)
{
    const yao_public_key   *key       = &r->keys[i];
    const copies_signature *signature = &r->signatures[i];

    yao_cbor_put_array(w, MEMBERS_OF_COPY);
    yao_cbor_put_uint(w, (uint64_t)key->curve);
    yao_cbor_put_bytes(w, (yao_bytes){key->point, key->len});
    yao_cbor_put_int(w, r->indexes[i]);
    yao_cbor_put_bytes(w, (yao_bytes){signature->bytes, signature->len});
}

void vci_recipe_write(yao_writer *w, const vci_recipe *r)
{
    yao_cbor_put_array(w, MEMBERS);
    yao_cbor_put_int(w, r->now);
    yao_cbor_put_bytes(w, (yao_bytes){r->issuance, sizeof r->issuance});
    yao_cbor_put_bytes(w, (yao_bytes){r->number, sizeof r->number});
    yao_cbor_put_int(w, r->list);
    yao_cbor_put_bytes(w, (yao_bytes){r->seed, sizeof r->seed});
    yao_cbor_put_text(w, r->configuration);
    yao_cbor_put_bytes(w, (yao_bytes){r->person, sizeof r->person});
    yao_cbor_put_int(w, r->level);
    yao_cbor_put_array(w, r->count);
    for (size_t i = 0; i < r->count; i++)
        write_copy(w, r, i);
}

static void read_exactly(yao_cbor_reader *r, uint8_t *out, size_t len)
{
    yao_bytes bytes = yao_cbor_get_bytes(r);

    if (r->status == YAO_OK && bytes.len != len)
        yao_cbor_fail(r, YAO_E_MALFORMED);
    if (r->status == YAO_OK)
        memcpy(out, bytes.ptr, len);
}

/* At most CAP bytes. Returns how many. */
static size_t read_some(yao_cbor_reader *r, uint8_t *out, size_t cap)
{
    yao_bytes bytes = yao_cbor_get_bytes(r);

    if (r->status == YAO_OK && (bytes.len == 0 || bytes.len > cap))
        yao_cbor_fail(r, YAO_E_MALFORMED);
    if (r->status != YAO_OK)
        return 0;
    memcpy(out, bytes.ptr, bytes.len);
    return bytes.len;
}

static void read_copy(yao_cbor_reader *r, vci_recipe *ret, size_t i)
{
    yao_public_key   *key       = &ret->keys[i];
    copies_signature *signature = &ret->signatures[i];

    yao_cbor_get_array(r, MEMBERS_OF_COPY);
    uint64_t curve  = yao_cbor_get_uint(r);
    key->curve      = curve == YAO_P256   ? YAO_P256
                      : curve == YAO_P384 ? YAO_P384
                                          : YAO_CURVE_NONE;
    key->len        = (uint8_t)read_some(r, key->point, sizeof key->point);
    ret->indexes[i] = yao_cbor_get_int(r);
    signature->len =
        read_some(r, signature->bytes, sizeof signature->bytes);
    if (r->status == YAO_OK &&
        (!yao_public_key_well_formed(key) || ret->indexes[i] < 0))
        yao_cbor_fail(r, YAO_E_MALFORMED);
}

yao_status vci_recipe_read(yao_bytes bytes, vci_recipe *ret)
{
    yao_cbor_reader r = yao_cbor_open(bytes);

    ret->count = 0;
    yao_cbor_get_array(&r, MEMBERS);
    ret->now = yao_cbor_get_int(&r);
    read_exactly(&r, ret->issuance, sizeof ret->issuance);
    read_exactly(&r, ret->number, sizeof ret->number);
    ret->list = yao_cbor_get_int(&r);
    read_exactly(&r, ret->seed, sizeof ret->seed);
    ret->configuration = yao_cbor_get_text(&r);
    read_exactly(&r, ret->person, sizeof ret->person);
    ret->level     = yao_cbor_get_int(&r);
    uint64_t count = yao_cbor_get_items(&r);
    if (r.status == YAO_OK && (count == 0 || count > YAO_MAX_BATCH))
        yao_cbor_fail(&r, YAO_E_MALFORMED);
    for (; r.status == YAO_OK && ret->count < count; ret->count++)
        read_copy(&r, ret, ret->count);
    return yao_cbor_close(&r);
}
