/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates that were replaced or revoked, and revocation lists. */

#include "store/signer.h"

#include "store/rows.h"
#include "store_sql.h"

void store_put_signer(store_change *change, const store_signer *signer)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_SIGNER, YAO_E_EXISTS);

    store_bind_bytes(op, signer->hash);
    store_bind_text(op, signer->role);
    store_bind_text(op, signer->kind);
    store_bind_bytes(op, signer->certificate);
    store_bind_int(op, signer->ended);
    store_bind_int(op, signer->revoked);
    store_bind_int(op, signer->reason);
}

void store_revoke_signer(store_change *change, yao_bytes hash, yao_time at,
                         int64_t reason)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_REVOKE_SIGNER, YAO_E_NOT_FOUND);

    store_bind_int(op, at);
    store_bind_int(op, reason);
    store_bind_bytes(op, hash);
}

static yao_status read_signer(yao_arena *arena, const store_value *c,
                              void *item)
{
    store_signer *s = item;

    *s = (store_signer){.ended   = c[4].number,
                        .revoked = c[5].number,
                        .reason  = c[6].number};
    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &s->hash));
    YAO_TRY(store_keep_text(arena, &c[1], &s->role));
    YAO_TRY(store_keep_text(arena, &c[2], &s->kind));
    return yao_arena_keep(arena, c[3].bytes, &s->certificate);
}

yao_status store_list_signers(store *s, yao_arena *arena, store_signer **ret,
                              size_t *count)
{
    store_rows g  = {arena, read_signer, sizeof(store_signer), 7, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_SIGNERS};
    void      *items;

    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_list_signed_by(store *s, yao_bytes hash, size_t limit,
                                yao_arena *arena, yao_bytes **ret,
                                size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_SIGNED_BY};

    store_bind_bytes(&op, hash);
    store_bind_int(&op, STORE_REVOKED);
    store_bind_int(&op, (int64_t)limit);
    return store_list_bytes(s, &op, arena, ret, count);
}

yao_status store_is_signer_revoked(store *s, yao_bytes hash, bool *ret)
{
    store_op op = {.statement = STORE_SQL_COUNT_REVOKED_SIGNER};
    uint64_t count;

    store_bind_bytes(&op, hash);
    YAO_TRY(store_read_count(s, &op, &count));
    *ret = count > 0;
    return YAO_OK;
}

/* ---- revocation lists ---- */

void store_put_crl(store_change *change, const store_crl *crl)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_CRL, YAO_E_EXISTS);

    store_bind_text(op, crl->name);
    store_bind_bytes(op, crl->root);
    store_bind_int(op, crl->number);
    store_bind_int(op, crl->signed_at);
    store_bind_int(op, crl->expires);
    store_bind_bytes(op, crl->der);
}

static yao_status read_crl(yao_arena *arena, const store_value *c, void *item)
{
    store_crl *l = item;

    *l = (store_crl){.number    = c[2].number,
                     .signed_at = c[3].number,
                     .expires   = c[4].number};
    YAO_TRY(store_keep_text(arena, &c[0], &l->name));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &l->root));
    return yao_arena_keep(arena, c[5].bytes, &l->der);
}

yao_status store_list_crls(store *s, yao_text name, yao_arena *arena,
                           store_crl **ret, size_t *count)
{
    store_rows g  = {arena, read_crl, sizeof(store_crl), 6, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_CRLS};
    void      *items;

    store_bind_text(&op, name);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}
