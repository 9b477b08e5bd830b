/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/backup/adopt.h"

#include <stdio.h>

#include "app/files.h"
#include "authority/keys/keys.h"

typedef struct taking {
    const authority *a;
    const char      *folder;
    yao_arena       *arena;
    adopted_crls     told;
    ca               root; /* at hand */
    uint8_t          hash[YAO_SHA256_LEN]; /* of it */
    yao_text         name;                 /* of its list */
    int64_t          own; /* number of the register's; 0: none */
    yao_crl          crl; /* that was published */
} taking;

/* ---- reading ------------------------------------------------------------ */

static yao_status find_own(taking *t)
{
    store_crl  own;
    yao_status status = keys_find_crl(t->a, t->arena, t->name, &own);

    t->own = status == YAO_OK ? own.number : 0;
    return status == YAO_E_NOT_FOUND ? YAO_OK : status;
}

static yao_status check_signature(const taking *t)
{
    const yao_crypto   *crypto = t->a->crypto;
    yao_signature_check check;

    YAO_TRY(yao_crl_check(&t->crl, &t->root.certificate, &check));
    YAO_TRY(crypto->verify(crypto->ctx, &check, 1));
    return check.outcome == YAO_SIG_GOOD ? YAO_OK : YAO_E_BAD_SIGNATURE;
}

/* *RET is empty when there is none, and the register has none. */
static yao_status read_file(const taking *t, yao_bytes *ret)
{
    char      path[CONFIG_MAX_PATH], file[80];
    yao_bytes bytes;

    *ret = (yao_bytes){NULL, 0};
    snprintf(file, sizeof file, "%.*s.crl", (int)t->name.len,
             (const char *)t->name.ptr);
    YAO_TRY(yao_path_join(t->folder, file, path, sizeof path));
    if (!yao_path_exists(path))
        return t->own > 0 ? YAO_E_MISSING : YAO_OK;
    YAO_TRY(yao_file_read(path, YAO_MAX_CRL, &bytes));
    yao_status status = yao_arena_keep(t->arena, bytes, ret);
    yao_file_free(&bytes);
    return status;
}

/* Eight bytes at most: we count from 1. */
static yao_status number_of(const yao_crl *crl, int64_t *ret)
{
    int64_t number = 0;

    if (crl->number.len > 7)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < crl->number.len; i++)
        number = number << 8 | crl->number.ptr[i];
    *ret = number;
    return YAO_OK;
}

/* ---- taking ------------------------------------------------------------- */

/* The register learns of the revocations of keys that it knows; others stand
 * in the list, and are carried over from there. */
static yao_status put_revoked(taking *t, const keys_entry *e,
                              store_change *change)
{
    yao_crl_entry entry;

    if (!keys_signed_by(e, &t->root.certificate) ||
        !yao_crl_lists(&t->crl, e->certificate.serial, &entry))
        return YAO_OK;
    t->told.in_use += e->ended == 0;
    if (e->revoked != 0)
        return YAO_OK;
    if (e->ended == 0)
        return keys_put_replaced(t->a, change, t->arena, e->row, yao_now(),
                                 entry.at);
    store_revoke_signer(change, (yao_bytes){e->hash, YAO_SHA256_LEN},
                        entry.at, YAO_CRL_KEY_COMPROMISE);
    return YAO_OK;
}

static yao_status take(taking *t, yao_bytes der)
{
    store_change change = store_change_open(t->arena);
    store_crl    crl    = {.name      = t->name,
                           .root      = {t->hash, YAO_SHA256_LEN},
                           .signed_at = t->crl.this_update,
                           .expires   = t->crl.next_update,
                           .der       = der};
    keys_entry  *keys;
    size_t       count;

    YAO_TRY(number_of(&t->crl, &crl.number));
    if (crl.number <= t->own)
        return YAO_OK; /* nothing was signed since */
    YAO_TRY(keys_list(t->a, t->arena, &keys, &count));
    for (size_t i = 0; i < count; i++)
        YAO_TRY(put_revoked(t, &keys[i], &change));
    store_put_crl(&change, &crl);
    YAO_TRY(store_commit(t->a->store, &change));
    t->told.lists++;
    return YAO_OK;
}

static yao_status adopt_one(taking *t, const char *role, const char *file)
{
    yao_bytes der;

    t->root = (ca){.key = NULL};
    YAO_TRY(ca_open(file, NULL, t->arena, &t->root));
    YAO_TRY(t->a->crypto->hash(t->a->crypto->ctx, YAO_SHA256,
                               &t->root.certificate.der, 1, t->hash));
    YAO_TRY(keys_name_crl(t->arena, role, file, &t->name));
    YAO_TRY(find_own(t));
    YAO_TRY(read_file(t, &der));
    if (der.len == 0)
        return YAO_OK;
    YAO_TRY(yao_crl_read(der, &t->crl));
    YAO_TRY(check_signature(t));
    return take(t, der);
}

yao_status adopt_crls(const authority *a, const char *folder, yao_arena *arena,
                      adopted_crls *ret)
{
    taking t = {.a = a, .folder = folder, .arena = arena};

    for (size_t i = 0; i < certify_row_count; i++) {
        const certify_row *row = &certify_rows[i];
        const char        *now, *before;

        if (row->what != YAO_X509_ROOT)
            continue;
        now    = config_get(&a->config, row->certificate);
        before = config_get(&a->config, row->former);
        YAO_TRY(adopt_one(&t, row->role, now));
        if (before[0] != '\0')
            YAO_TRY(adopt_one(&t, row->role, before));
    }
    *ret = t.told;
    return YAO_OK;
}

yao_status adopt_has_crls(const authority *a, yao_arena *arena, bool *ret)
{
    *ret = false;
    for (size_t i = 0; i < certify_row_count && !*ret; i++) {
        size_t     mark = arena->used, count;
        store_crl *lists;

        if (certify_rows[i].what != YAO_X509_ROOT)
            continue;
        YAO_TRY(store_list_crls(a->store, yao_text_of(certify_rows[i].role),
                                arena, &lists, &count));
        *ret        = count > 0;
        arena->used = mark;
    }
    return YAO_OK;
}
