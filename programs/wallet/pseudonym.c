/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/pseudonym.h"

#include <string.h>

#include "app/random.h"

/* ---- as bytes ----------------------------------------------------------- */

void yao_pseudonyms_put(yao_writer *w, const yao_pseudonyms *p)
{
    yao_bytes secret = {p->secret, p->made != 0 ? sizeof p->secret : 0};

    yao_cbor_put_array(w, 2);
    yao_cbor_put_int(w, p->made);
    yao_cbor_put_bytes(w, secret);
}

void yao_pseudonyms_get(yao_cbor_reader *r, yao_pseudonyms *ret)
{
    yao_pseudonyms p = {0};
    yao_bytes      secret;

    yao_cbor_get_array(r, 2);
    p.made = yao_cbor_get_int(r);
    secret = yao_cbor_get_bytes(r);
    if (r->status == YAO_OK &&
        (p.made < 0 || secret.len != (p.made > 0 ? sizeof p.secret : 0)))
        yao_cbor_fail(r, YAO_E_MALFORMED);
    if (r->status == YAO_OK && secret.len > 0)
        memcpy(p.secret, secret.ptr, secret.len);
    if (r->status == YAO_OK)
        *ret = p;
    yao_wipe(&p, sizeof p);
}

/* ---- in the vault ------------------------------------------------------- */

yao_status yao_pseudonyms_read(yao_wallet *wallet, yao_pseudonyms *ret)
{
    size_t     mark = wallet->arena.used;
    yao_bytes  plain;
    yao_status status = yao_vault_read(&wallet->vault, "pseudonym",
                                       &wallet->arena, &plain);

    *ret = (yao_pseudonyms){0};
    if (status == YAO_E_NOT_FOUND)
        return YAO_OK;
    if (status == YAO_OK) {
        yao_cbor_reader r = yao_cbor_open(plain);
        yao_pseudonyms_get(&r, ret);
        status = yao_cbor_close(&r);
    }
    if (status == YAO_OK && ret->made == 0)
        status = YAO_E_MALFORMED;
    yao_wipe(wallet->arena.base + mark, wallet->arena.used - mark);
    wallet->arena.used = mark;
    return status;
}

static yao_status keep(yao_wallet *wallet, const yao_pseudonyms *p)
{
    uint8_t    room[64];
    yao_writer w = yao_writer_open(room, sizeof room);

    yao_pseudonyms_put(&w, p);
    yao_status status = w.status;
    if (status == YAO_OK)
        status = yao_vault_write(&wallet->vault, "pseudonym",
                                 (yao_bytes){room, w.len});
    yao_wipe(room, sizeof room);
    return status;
}

static yao_status draw(yao_wallet *wallet, yao_pseudonyms *p)
{
    YAO_TRY(yao_openssl_random(p->secret, sizeof p->secret));
    p->made = yao_wallet_now();
    return keep(wallet, p);
}

/* ---- one ---------------------------------------------------------------- */

yao_status yao_pseudonyms_for(yao_wallet *wallet, const yao_crypto *crypto,
                              yao_vp_pseudonym_of party, yao_arena *arena,
                              yao_text *ret)
{
    yao_pseudonyms p;
    uint8_t *letters = yao_arena_take(arena, YAO_VP_PSEUDONYM_LEN);
    yao_status status;

    if (letters == NULL)
        return YAO_E_SPACE;
    status = yao_pseudonyms_read(wallet, &p);
    if (status == YAO_OK && p.made == 0)
        status = draw(wallet, &p);
    if (status == YAO_OK)
        status = yao_vp_make_pseudonym(
            crypto, (yao_bytes){p.secret, sizeof p.secret}, party, letters);
    if (status == YAO_OK)
        *ret = (yao_text){letters, YAO_VP_PSEUDONYM_LEN};
    yao_wipe(&p, sizeof p);
    return status;
}

yao_status yao_pseudonyms_merge(yao_wallet *wallet, const yao_pseudonyms *other)
{
    yao_pseudonyms own;

    if (other->made == 0)
        return YAO_OK;
    YAO_TRY(yao_pseudonyms_read(wallet, &own));
    bool older = own.made == 0 || other->made < own.made;
    yao_wipe(&own, sizeof own);
    return older ? keep(wallet, other) : YAO_OK;
}
