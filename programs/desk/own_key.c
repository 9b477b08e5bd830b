/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/own_key.h"

#include "crypto/algorithms.h"

yao_status desk_own_key_make(desk_own_key *ret)
{
    YAO_TRY(yao_key_generate(YAO_ES256, &ret->key));
    ret->public = yao_key_public(ret->key);
    return YAO_OK;
}

void desk_own_key_close(desk_own_key *k)
{
    yao_key_close(k->key);
    yao_wipe((void *)(uintptr_t)k->der.ptr, k->der.len);
    *k = (desk_own_key){.key = NULL};
}

bool desk_own_key_is(const desk_own_key *k)
{
    return k->public.len != 0;
}

/* Half of an uncompressed point. */
static yao_bytes half_of(const yao_public_key *key, size_t which)
{
    size_t len = (key->len - 1u) / 2u;

    return (yao_bytes){key->point + 1 + which * len, len};
}

yao_status desk_own_key_put(yao_writer *w, const desk_own_key *k)
{
    uint8_t    der[YAO_MAX_PRIVATE];
    yao_writer room = yao_writer_open(der, sizeof der);

    if (k->key == NULL) {
        yao_cbor_put_array(w, 0);
        return w->status;
    }
    yao_status status = yao_key_write(k->key, &room);
    if (status == YAO_OK) {
        yao_cbor_put_array(w, 3);
        yao_cbor_put_bytes(w, half_of(&k->public, 0));
        yao_cbor_put_bytes(w, half_of(&k->public, 1));
        yao_cbor_put_bytes(w, (yao_bytes){der, room.len});
        status = w->status;
    }
    yao_wipe(der, sizeof der);
    return status;
}

yao_status desk_own_key_get(yao_cbor_reader *r, desk_own_key *ret)
{
    uint64_t     count = yao_cbor_get_items(r);
    desk_own_key k     = {.key = NULL};

    if (count == 3) {
        yao_bytes x = yao_cbor_get_bytes(r), y = yao_cbor_get_bytes(r);
        k.der = yao_cbor_get_bytes(r);
        YAO_TRY(yao_public_key_make(YAO_P256, x, y, &k.public));
    } else if (count != 0) {
        return YAO_E_MALFORMED;
    }
    *ret = k;
    return YAO_OK;
}

yao_status desk_own_key_agree(desk_own_key *k, const yao_agree_wish *wish,
                              uint8_t *out)
{
    if (!desk_own_key_is(k))
        return YAO_E_MISSING;
    if (k->key == NULL)
        YAO_TRY(yao_key_read(k->der, &k->key));
    return yao_key_agree(k->key, wish, out);
}
