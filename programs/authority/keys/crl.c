/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation lists: one for each root that an authority has, or had. */

#include "authority/keys/keys.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"

enum { MAX_LIST_NAME = 48 };

yao_status keys_name_crl(yao_arena *arena, const char *role, const char *file,
                         yao_text *ret)
{
    unsigned  number = keys_number(file);
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

bool keys_signed_by(const keys_entry *e, const yao_certificate *root)
{
    return yao_bytes_equal(e->certificate.issuer, root->subject) &&
           yao_bytes_equal(e->certificate.aki, root->ski);
}

typedef struct said {
    yao_crl_entry *list;
    size_t         count;
} said;

static bool is_said(const said *s, yao_bytes serial)
{
    for (size_t i = 0; i < s->count; i++)
        if (yao_bytes_equal(s->list[i].serial, serial))
            return true;
    return false;
}

/* What the last list said, and the register has forgotten. */
static yao_status carry_over(const yao_crl *last, said *s)
{
    yao_bytes     rest = last->entries;
    yao_crl_entry e;

    while (rest.len > 0) {
        YAO_TRY(yao_crl_next(&rest, &e));
        if (!is_said(s, e.serial))
            s->list[s->count++] = e;
    }
    return YAO_OK;
}

static yao_status gather(const authority *a, yao_arena *arena,
                         const yao_certificate *root, const yao_crl *last,
                         said *ret)
{
    keys_entry *keys;
    size_t      key_count;
    said        s = {.count = 0};

    YAO_TRY(keys_list(a, arena, &keys, &key_count));
    /* an entry takes more than eight bytes */
    s.list = yao_arena_take_array(
        arena, key_count + last->entries.len / 8 + 1, sizeof *s.list);
    if (s.list == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < key_count; i++)
        if (keys[i].revoked != 0 && keys_signed_by(&keys[i], root))
            s.list[s.count++] = (yao_crl_entry){keys[i].certificate.serial,
                                                keys[i].revoked,
                                                YAO_CRL_KEY_COMPROMISE};
    YAO_TRY(carry_over(last, &s));
    *ret = s;
    return YAO_OK;
}

/* ---- signing one ---- */

/* Number 0 and no entries when there is none. */
static yao_status read_last(const authority *a, yao_arena *arena,
                            yao_text name, yao_bytes root, int64_t *number,
                            yao_crl *ret)
{
    store_crl *lists;
    size_t     count;

    *number = 0;
    *ret    = (yao_crl){.entries = {NULL, 0}};
    YAO_TRY(store_list_crls(a->store, name, arena, &lists, &count));
    if (count == 0)
        return YAO_OK;
    *number = lists[0].number;
    return yao_bytes_equal(lists[0].root, root)
               ? yao_crl_read(lists[0].der, ret)
               : YAO_OK;
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
    store_crl       crl  = {.name = name, .signed_at = now};
    uint8_t        *hash = yao_arena_take(arena, YAO_SHA256_LEN);
    yao_crl         last;
    said            s;

    if (hash == NULL)
        return YAO_E_SPACE;
    YAO_TRY(a->crypto->hash(a->crypto->ctx, YAO_SHA256,
                            &root->certificate.der, 1, hash));
    crl.root = (yao_bytes){hash, YAO_SHA256_LEN};
    /* before it is asked what is revoked: who signs in between has the number,
     * so that no list is signed behind one that knows more */
    YAO_TRY(read_last(a, arena, name, crl.root, &request.number, &last));
    YAO_TRY(gather(a, arena, &root->certificate, &last, &s));
    request.number++;
    request.entries     = s.list;
    request.entry_count = s.count;
    YAO_TRY(sign(arena, root, &request, &crl.der));
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
    status = keys_name_crl(arena, at->role, at->file, &name);
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
    YAO_TRY(keys_name_crl(arena, role,
                          config_get(&a->config, row->certificate), &name));
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
