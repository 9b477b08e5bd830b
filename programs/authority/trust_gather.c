/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/trust.h"

#include "app/catalogue_files.h"
#include "authority/keys/keys.h"
#include "authority/lists.h"

#include <stdio.h>
#include <string.h>

/* A newer list is there a day later, whatever its end. */
#define NEXT YAO_TIME_DAY

typedef struct gathering {
    const authority   *authority;
    yao_arena         *arena;
    yao_trust_content *content;
    char              *place; /* 48 letters */
    keys_entry        *keys;  /* in use, replaced, revoked */
    size_t             key_count;
} gathering;

static void at(gathering *g, const char *what)
{
    snprintf(g->place, 48, "%s", what);
}

static yao_status certificate_of(gathering *g, config_setting setting,
                                 const char *what, yao_bytes *ret)
{
    ca c = {.key = NULL};

    at(g, what);
    YAO_TRY(ca_open(config_get(&g->authority->config, setting), NULL, g->arena,
                    &c));
    *ret = c.certificate.der;
    return YAO_OK;
}

/* ---- roots -------------------------------------------------------------- */

/* A VICAL is for mdoc alone; the bundle names both shapes. */
static size_t list_types(const yao_catalogue *c, yao_signing_role role,
                         bool vical, yao_text *out)
{
    size_t count = 0;

    for (size_t i = 0; i < c->definition_count; i++) {
        const yao_definition *d = &c->definitions[i];

        if (d->role != role)
            continue;
        if (d->doc_type.len != 0)
            out[count++] = d->doc_type;
        if (!vical && d->vct.len != 0)
            out[count++] = d->vct;
    }

    return count;
}

/* Roots and signers that were replaced and not revoked: what they signed is
 * good until they end. A root may then say what the one in use may say. */
static bool still_good(const gathering *g, const keys_entry *e)
{
    return e->ended != 0 && e->revoked == 0 &&
           e->certificate.not_after > g->content->issued_at;
}

static bool same_role(const keys_entry *e, const role_row *row,
                      const char *kind)
{
    return strcmp(e->row->role, row->name) == 0 &&
           strcmp(e->row->kind, kind) == 0;
}

static void add_old_roots(gathering *g, const role_row *row,
                          const yao_trust_root *now)
{
    for (size_t i = 0; i < g->key_count; i++) {
        const keys_entry *e = &g->keys[i];

        if (!still_good(g, e) || !same_role(e, row, "root"))
            continue;
        yao_trust_root *old = &g->content->roots[g->content->root_count++];
        *old                = *now;
        old->certificate    = e->certificate.der;
    }
}

/* Was E issued by ROOT, taken back, and would it be good otherwise? */
static bool taken_back(const gathering *g, const keys_entry *e,
                       const yao_certificate *root)
{
    return e->revoked != 0 && strcmp(e->row->kind, "root") != 0 &&
           e->certificate.not_after > g->content->issued_at &&
           keys_signed_by(e, root);
}

/* A thief's documents lead to the root like all others: checkers hear of his
 * certificate by its serial. */
static yao_status add_revoked(const gathering *g, yao_trust_root *root)
{
    yao_certificate c;
    yao_bytes      *serials =
        yao_arena_take_array(g->arena, g->key_count + 1, sizeof *serials);

    if (serials == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_x509_read(root->certificate, &c));
    for (size_t k = 0; k < g->key_count; k++)
        if (taken_back(g, &g->keys[k], &c))
            serials[root->revoked_count++] = g->keys[k].certificate.serial;
    root->revoked = serials;
    return YAO_OK;
}

static yao_status add_issuer(gathering *g, yao_signing_role role)
{
    const yao_catalogue *c     = yao_catalogue_shipped();
    bool                 vical = g->content->kind == YAO_TRUST_VICAL;
    const role_row      *row   = role_find(role);
    yao_trust_root      *root  = &g->content->roots[g->content->root_count];
    yao_text            *types;

    types = yao_arena_take_array(g->arena, 2 * c->definition_count + 1,
                                 sizeof *types);
    if (types == NULL)
        return YAO_E_SPACE;
    *root = (yao_trust_root){
        .roles = vical ? YAO_TRUST_ISSUER : YAO_TRUST_ISSUER | YAO_TRUST_STATUS,
        .types = types,
        .type_count = list_types(c, role, vical, types)};
    if (root->type_count == 0) /* it may sign nothing: nothing to say */
        return YAO_OK;
    YAO_TRY(certificate_of(g, row->root, row->name, &root->certificate));
    g->content->root_count++;
    add_old_roots(g, row, root);
    return YAO_OK;
}

static const yao_signing_role roles[] = {
    YAO_SIGNING_POPULATION, YAO_SIGNING_TRAFFIC, YAO_SIGNING_OTHER};

enum { ROLES = sizeof roles / sizeof roles[0] };

static yao_status gather_roots(gathering *g)
{
    g->content->roots = yao_arena_take_array(
        g->arena, ROLES + 1 + g->key_count, sizeof *g->content->roots);
    if (g->content->roots == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < ROLES; i++)
        YAO_TRY(add_issuer(g, roles[i]));
    if (g->content->kind == YAO_TRUST_VICAL)
        return YAO_OK;

    yao_trust_root *readers = &g->content->roots[g->content->root_count++];
    readers->roles          = YAO_TRUST_READER;
    YAO_TRY(certificate_of(g, SETTING_READER_ROOT, "registrar.root",
                           &readers->certificate));
    for (size_t i = 0; i < g->content->root_count; i++)
        YAO_TRY(add_revoked(g, &g->content->roots[i]));
    return YAO_OK;
}

static yao_status gather_signers(gathering *g)
{
    yao_bytes *signers =
        yao_arena_take_array(g->arena, ROLES + g->key_count, sizeof *signers);
    size_t count = 0;

    if (signers == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < ROLES; i++) {
        const role_row *row = role_find(roles[i]);

        YAO_TRY(
            certificate_of(g, row->signer, row->name, &signers[count++]));
        for (size_t k = 0; k < g->key_count; k++)
            if (still_good(g, &g->keys[k]) &&
                same_role(&g->keys[k], row, "signer"))
                signers[count++] = g->keys[k].certificate.der;
    }
    g->content->signers      = signers;
    g->content->signer_count = count;
    return YAO_OK;
}

/* ---- relying parties ---------------------------------------------------- */

/* "hotel,age" as two. */
static yao_status split_profiles(gathering *g, yao_text joined,
                                 yao_trust_party *party)
{
    yao_bytes rest = yao_text_bytes(joined);
    yao_text *list = yao_arena_take_array(g->arena, YAO_MAX_PARTY_PROFILES,
                                          sizeof *list);

    if (list == NULL)
        return YAO_E_SPACE;
    while (rest.len > 0 && party->profile_count < YAO_MAX_PARTY_PROFILES) {
        size_t len = yao_bytes_find(rest, ',');

        list[party->profile_count++] = (yao_text){rest.ptr, len};
        len += len < rest.len;
        rest = (yao_bytes){rest.ptr + len, rest.len - len};
    }
    party->profiles = list;
    return rest.len == 0 ? YAO_OK : YAO_E_LIMIT;
}

static yao_party_state state_of(int64_t state)
{
    return state == STORE_PARTY_ACTIVE      ? YAO_PARTY_ACTIVE
           : state == STORE_PARTY_SUSPENDED ? YAO_PARTY_SUSPENDED
                                            : YAO_PARTY_UNKNOWN;
}

static yao_status gather_parties(gathering *g)
{
    store_party     *found;
    yao_trust_party *parties;
    size_t           count;

    at(g, "parties");
    YAO_TRY(store_list_parties(g->authority->store, g->arena, &found, &count));
    parties = yao_arena_take_array(g->arena, count + 1, sizeof *parties);
    if (parties == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++) {
        const store_party *p = &found[i];

        parties[i] = (yao_trust_party){
            .code           = p->code,
            .name           = p->name,
            .legal_basis    = p->legal_basis,
            .retention_days = (uint64_t)p->retention_days,
            .state          = state_of(p->state),
            .certificate    = p->certificate};
        YAO_TRY(split_profiles(g, p->profiles, &parties[i]));
    }
    g->content->parties     = parties;
    g->content->party_count = count;
    return YAO_OK;
}

/* ---- status lists ------------------------------------------------------- */

/* The bundle ends when the first of its lists does: nobody could tell the state
 * of a document with it any more. Lists whose copies are all over are not asked
 * for, and not signed any more. */
static yao_status add_token(gathering *g, const store_status_list *list,
                            yao_bytes *ret)
{
    store_status_token token;
    char               name[48];

    snprintf(name, sizeof name, "status list %lld", (long long)list->number);
    at(g, name);
    yao_status status = store_get_status_token(g->authority->store,
                                               list->number, g->arena, &token);
    if (status == YAO_E_NOT_FOUND)
        return YAO_E_MISSING;
    YAO_TRY(status);
    if (token.expires <= g->content->issued_at)
        return YAO_E_EXPIRED;
    if (token.expires < g->content->expires)
        g->content->expires = token.expires;
    *ret = token.cwt;
    return YAO_OK;
}

/* A list that no copy is in, or whose copies are all over, nobody asks for. */
static bool is_asked_for(const gathering *g, const store_status_list *list)
{
    return list->allocated > 0 && !lists_over(list, g->content->issued_at);
}

static yao_status gather_lists(gathering *g)
{
    store_status_list *lists;
    yao_bytes         *tokens;
    size_t             count;

    at(g, "status lists");
    YAO_TRY(
        store_list_status_lists(g->authority->store, g->arena, &lists, &count));
    tokens = yao_arena_take_array(g->arena, count + 1, sizeof *tokens);
    if (tokens == NULL)
        return YAO_E_SPACE;
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (is_asked_for(g, &lists[i]))
            YAO_TRY(add_token(g, &lists[i], &tokens[used++]));
    g->content->lists      = tokens;
    g->content->list_count = used;
    return YAO_OK;
}

/* ---- the catalogue ------------------------------------------------------ */

static yao_status gather_files(gathering *g, const char *folder)
{
    yao_trust_file *found;

    at(g, "catalogue");
    YAO_TRY(app_catalogue_gather(folder, g->arena, &found,
                                 &g->content->file_count));
    g->content->files = found;
    return YAO_OK;
}

/* ---- all of it ---------------------------------------------------------- */

yao_status trust_gather(const authority *a, yao_trust_kind kind,
                        const trust_wish *wish, yao_arena *arena,
                        yao_trust_content *ret, char place[48])
{
    yao_trust_content content = {
        .kind      = kind,
        .issued_at = wish->now,
        .expires   = wish->expires,
        .name      = yao_text_of(config_get(&a->config, SETTING_NAME)),
        .url       = yao_text_of(config_get(&a->config, SETTING_URL))};
    gathering g = {a, arena, &content, place, NULL, 0};

    place[0] = '\0';
    YAO_TRY(keys_list(a, arena, &g.keys, &g.key_count));

    if (kind != YAO_TRUST_PARTIES)
        YAO_TRY(gather_roots(&g));
    if (kind != YAO_TRUST_VICAL)
        YAO_TRY(gather_parties(&g));
    if (kind == YAO_TRUST_BUNDLE) {
        YAO_TRY(gather_signers(&g));
        YAO_TRY(gather_lists(&g));
        YAO_TRY(gather_files(&g, wish->catalogue));
    }
    content.next_update = wish->now + NEXT;
    if (content.next_update > content.expires)
        content.next_update = content.expires;
    *ret = content;
    return YAO_OK;
}
