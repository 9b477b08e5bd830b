/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation lists: one for each root that an authority has, or had. */

#include "authority/keys/keys.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"

enum { MAX_LIST_NAME = 48 };

/* "population", or "population-2" for the second root. */
static yao_status list_name(yao_arena *arena, const char *role,
                            unsigned number, yao_text *ret)
{
    char      name[MAX_LIST_NAME];
    yao_bytes kept;

    if (number > 1)
        snprintf(name, sizeof name, "%s-%u", role, number);
    else
        snprintf(name, sizeof name, "%s", role);
    YAO_TRY(yao_arena_keep(arena, yao_text_bytes(yao_text_of(name)), &kept));
    *ret = (yao_text){kept.ptr, kept.len};
    return YAO_OK;
}

/* ---- what a list says ---- */

static bool signed_by(const keys_entry *e, const yao_certificate *root)
{
    return yao_bytes_equal(e->certificate.issuer, root->subject) &&
           yao_bytes_equal(e->certificate.aki, root->ski);
}

static yao_status gather(const authority *a, yao_arena *arena,
                         const yao_certificate *root, yao_crl_entry **ret,
                         size_t *count)
{
    keys_entry *keys;
    size_t      key_count, found = 0;

    YAO_TRY(keys_list(a, arena, &keys, &key_count));
    yao_crl_entry *list =
        yao_arena_take_array(arena, key_count + 1, sizeof *list);
    if (list == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < key_count; i++)
        if (keys[i].revoked != 0 && signed_by(&keys[i], root))
            list[found++] = (yao_crl_entry){keys[i].certificate.serial,
                                            keys[i].revoked,
                                            YAO_CRL_KEY_COMPROMISE};
    *ret   = list;
    *count = found;
    return YAO_OK;
}

/* ---- signing one ---- */

static yao_status last_number(const authority *a, yao_arena *arena,
                              yao_text name, int64_t *ret)
{
    store_crl *lists;
    size_t     count;

    YAO_TRY(store_list_crls(a->store, name, arena, &lists, &count));
    *ret = count > 0 ? lists[0].number : 0;
    return YAO_OK;
}

static yao_status sign(yao_arena *arena, const ca *root,
                       const yao_crl_request *request, yao_bytes *der)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  tbs;
    uint8_t    signature[YAO_MAX_SIGNATURE];
    size_t     len = 0;

    YAO_TRY(yao_crl_put_tbs(&w, request));
    YAO_TRY(yao_writer_keep(&w, arena, &tbs));
    yao_sign_wish wish = {.alg        = request->alg,
                          .parts      = {tbs},
                          .part_count = 1};
    YAO_TRY(yao_key_sign(root->key, &wish, signature, &len));
    w = yao_writer_in(arena);
    yao_x509_put_certificate(&w, tbs, request->alg,
                             (yao_bytes){signature, len});
    return yao_writer_keep(&w, arena, der);
}

static yao_status put_list(const authority *a, store_change *change,
                           yao_arena *arena, const ca *root, yao_text name)
{
    yao_time        now     = yao_now();
    yao_crl_request request = {.issuer = &root->certificate,
                               .alg    = yao_key_alg(root->key),
                               .this_update = now,
                               .next_update =
                                   now + KEYS_CRL_DAYS * YAO_TIME_DAY};
    yao_crl_entry  *entries;
    store_crl       crl  = {.name = name, .signed_at = now};
    uint8_t        *hash = yao_arena_take(arena, YAO_SHA256_LEN);

    if (hash == NULL)
        return YAO_E_SPACE;
    /* before it is asked what is revoked: who signs in between has the number,
     * so that no list is signed behind one that knows more */
    YAO_TRY(last_number(a, arena, name, &request.number));
    YAO_TRY(gather(a, arena, &root->certificate, &entries,
                   &request.entry_count));
    request.number++;
    request.entries = entries;
    YAO_TRY(a->crypto->hash(a->crypto->ctx, YAO_SHA256,
                            &root->certificate.der, 1, hash));
    YAO_TRY(sign(arena, root, &request, &crl.der));
    crl.root    = (yao_bytes){hash, YAO_SHA256_LEN};
    crl.number  = request.number;
    crl.expires = request.next_update;
    store_put_crl(change, &crl);
    return YAO_OK;
}

/* ---- roots ---- */

/* A key that is kept elsewhere is no failure. */
static bool away(yao_status status)
{
    return status == YAO_E_NOT_FOUND || status == YAO_E_FILE;
}

typedef struct root_at {
    const char *role;
    const char *file; /* its certificate */
    const char *key;  /* URI */
} root_at;

static yao_status put_with(const authority *a, store_change *change,
                           yao_arena *arena, const root_at *at,
                           keys_crl_count *count)
{
    ca       c = {.key = NULL};
    yao_text name;

    YAO_TRY(ca_open(at->file, NULL, arena, &c));
    if (c.certificate.not_after < yao_now())
        return YAO_OK; /* so is all that it certified */
    yao_status status = at->key[0] == '\0' ? YAO_E_NOT_FOUND
                                           : yao_key_open(at->key, &c.key);
    if (away(status)) {
        count->missing++;
        return YAO_OK;
    }
    YAO_TRY(status);
    status = list_name(arena, at->role, keys_number(at->file), &name);
    if (status == YAO_OK)
        status = put_list(a, change, arena, &c, name);
    ca_close(&c);
    count->made += status == YAO_OK;
    return status;
}

yao_status keys_put_crls(const authority *a, store_change *change,
                         yao_arena *arena, const char *role,
                         const char *root_key, keys_crl_count *ret)
{
    const certify_row *row   = certify_find(role, "root");
    keys_crl_count     count = {0, 0};

    if (row == NULL)
        return YAO_E_NOT_FOUND;
    const root_at now    = {role, config_get(&a->config, row->certificate),
                            root_key != NULL ? root_key
                                             : config_get(&a->config, row->key)};
    const root_at before = {role, config_get(&a->config, row->former),
                            config_get(&a->config, row->former_key)};
    YAO_TRY(put_with(a, change, arena, &now, &count));
    if (before.file[0] != '\0')
        YAO_TRY(put_with(a, change, arena, &before, &count));
    *ret = count;
    return YAO_OK;
}

yao_status keys_crl_due(const authority *a, yao_arena *arena, const char *role,
                        yao_time now, bool *ret)
{
    const certify_row *row = certify_find(role, "root");
    store_crl          crl;
    yao_text           name;

    if (row == NULL)
        return YAO_E_NOT_FOUND;
    YAO_TRY(list_name(
        arena, role, keys_number(config_get(&a->config, row->certificate)),
        &name));
    yao_status status = keys_find_crl(a, arena, name, &crl);
    if (status != YAO_OK && status != YAO_E_NOT_FOUND)
        return status;
    *ret = status == YAO_E_NOT_FOUND ||
           crl.expires - now < KEYS_CRL_AHEAD_DAYS * YAO_TIME_DAY;
    return YAO_OK;
}

yao_status keys_find_crl(const authority *a, yao_arena *arena, yao_text name,
                         store_crl *ret)
{
    store_crl *lists;
    size_t     count;

    YAO_TRY(store_list_crls(a->store, name, arena, &lists, &count));
    if (count == 0)
        return YAO_E_NOT_FOUND;
    *ret = lists[0];
    return YAO_OK;
}
