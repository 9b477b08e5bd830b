/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/keeper/trust.h"

#include "app/files.h"
#include "json/json.h"
#include "statuslist/statuslist.h"
#include "store/signer.h"

#include <stdio.h>
#include <string.h>

#define FACT YAO_TEXT("trust_version")

const char *const keeper_trust_names[KEEPER_TRUST_FILES] = {
    "vical.cbor", "parties.cose", "bundle.cose"};

static const yao_trust_kind kinds[KEEPER_TRUST_FILES] = {
    YAO_TRUST_VICAL, YAO_TRUST_PARTIES, YAO_TRUST_BUNDLE};

typedef struct trusting {
    const keeper_trusting *how;
    keeper_trusted         made;
    yao_bytes              before; /* the fact as it was; empty: none */
    uint8_t                inputs[YAO_SHA256_LEN];
    ca                     signer;
    char                  *place; /* 48 letters */
} trusting;

static void at(trusting *t, const char *what)
{
    snprintf(t->place, 48, "%s", what);
}

/* ---- what they are made of ---------------------------------------------- */

/* Certificates that are in the lists, or sign them. */
static const config_setting certificates[] = {
    SETTING_POPULATION_ROOT,   SETTING_POPULATION_SIGNER,
    SETTING_POPULATION_STATUS, SETTING_TRAFFIC_ROOT,
    SETTING_TRAFFIC_SIGNER,    SETTING_TRAFFIC_STATUS,
    SETTING_OTHER_ROOT,        SETTING_OTHER_SIGNER,
    SETTING_OTHER_STATUS,      SETTING_READER_ROOT,
    SETTING_TRUST_ROOT,        SETTING_TRUST_SIGNER};

#define CERTIFICATES (sizeof certificates / sizeof certificates[0])

/* Each piece is hashed onto what was hashed before. */
static yao_status mix(const authority *a, uint8_t hash[YAO_SHA256_LEN],
                      yao_bytes piece)
{
    const yao_bytes parts[] = {{hash, YAO_SHA256_LEN}, piece};
    uint8_t         next[YAO_SHA256_LEN];

    YAO_TRY(a->crypto->hash(a->crypto->ctx, YAO_SHA256, parts, 2, next));
    memcpy(hash, next, sizeof next);
    return YAO_OK;
}

static yao_status mix_numbers(const authority *a, uint8_t *hash, int64_t one,
                              int64_t two)
{
    char text[64];
    int  len = snprintf(text, sizeof text, "%lld %lld", (long long)one,
                        (long long)two);

    return mix(a, hash, (yao_bytes){(const uint8_t *)text, (size_t)len});
}

/* A file that can't be read is told by who signs. */
static yao_status mix_certificates(const authority *a, uint8_t *hash)
{
    for (size_t i = 0; i < CERTIFICATES; i++) {
        const char *path = config_get(&a->config, certificates[i]);
        yao_bytes   file = {NULL, 0};

        if (yao_file_read(path, 65536, &file) != YAO_OK)
            continue;
        yao_status status = mix(a, hash, file);
        yao_file_free(&file);
        YAO_TRY(status);
    }
    return YAO_OK;
}

static yao_status mix_lists(const authority *a, uint8_t *hash, yao_arena *arena)
{
    store_status_token *ages;
    size_t              count;

    YAO_TRY(store_list_status_ages(a->store, arena, &ages, &count));
    for (size_t i = 0; i < count; i++)
        YAO_TRY(mix_numbers(a, hash, ages[i].list, ages[i].version));
    return YAO_OK;
}

static yao_status mix_parties(const authority *a, uint8_t *hash,
                              yao_arena *arena)
{
    store_party *parties;
    size_t       count;

    YAO_TRY(store_list_parties(a->store, arena, &parties, &count));
    for (size_t i = 0; i < count; i++) {
        YAO_TRY(mix(a, hash, yao_text_bytes(parties[i].code)));
        YAO_TRY(mix(a, hash, yao_text_bytes(parties[i].profiles)));
        YAO_TRY(mix(a, hash, parties[i].certificate));
        YAO_TRY(mix_numbers(a, hash, parties[i].state, parties[i].changed));
    }
    return YAO_OK;
}

static yao_status mix_signers(const authority *a, uint8_t *hash,
                              yao_arena *arena)
{
    store_signer *signers;
    size_t        count;

    YAO_TRY(store_list_signers(a->store, arena, &signers, &count));
    for (size_t i = 0; i < count; i++) {
        YAO_TRY(mix(a, hash, signers[i].hash));
        YAO_TRY(mix_numbers(a, hash, signers[i].revoked, signers[i].ended));
    }
    return YAO_OK;
}

static yao_status hash_inputs(const authority *a, yao_arena *arena,
                              uint8_t out[YAO_SHA256_LEN])
{
    size_t mark = arena->used;

    memset(out, 0, YAO_SHA256_LEN);
    YAO_TRY(mix_certificates(a, out));
    yao_status status = mix_lists(a, out, arena);
    if (status == YAO_OK)
        status = mix_parties(a, out, arena);
    if (status == YAO_OK)
        status = mix_signers(a, out, arena);
    arena->used = mark;
    return status;
}

yao_status keeper_trust_is_due(const keeper_trusting *how, bool *ret)
{
    uint8_t        inputs[YAO_SHA256_LEN];
    store_artefact last;
    size_t         mark   = how->arena->used;
    yao_status     status = store_get_artefact_age(
        how->authority->store, yao_text_of(keeper_trust_names[KEEPER_BUNDLE]),
        how->arena, &last);

    if (status == YAO_E_NOT_FOUND) {
        *ret = true;
        return YAO_OK;
    }
    if (status == YAO_OK)
        status = hash_inputs(how->authority, how->arena, inputs);
    if (status == YAO_OK)
        *ret = !yao_bytes_equal(last.inputs,
                                (yao_bytes){inputs, sizeof inputs}) ||
               how->wish.now - last.signed_at >=
                   (last.expires - last.signed_at) / 2;
    how->arena->used = mark;
    return status;
}

/* ---- the version -------------------------------------------------------- */

static yao_status read_number(yao_bytes digits, uint64_t *ret)
{
    uint64_t number = 0;

    if (digits.len == 0 || digits.len > 15)
        return YAO_E_STORE;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return YAO_E_STORE;
        number = number * 10 + (uint64_t)(digits.ptr[i] - '0');
    }
    *ret = number;
    return YAO_OK;
}

static yao_status next_version(trusting *t)
{
    at(t, "register");
    yao_status status = store_get_fact(t->how->authority->store, FACT,
                                       t->how->arena, &t->before);

    if (status == YAO_E_NOT_FOUND)
        t->before = (yao_bytes){NULL, 0};
    else if (status == YAO_OK)
        status = read_number(t->before, &t->made.version);
    if (status != YAO_OK && status != YAO_E_NOT_FOUND)
        return status;
    if (t->made.version < t->how->least)
        t->made.version = t->how->least;
    t->made.version++;
    return YAO_OK;
}

/* ---- status lists never older than those before ------------------------- */

typedef struct list_moment {
    yao_text uri;
    yao_time signed_at;
} list_moment;

/* When each of the status lists of CONTENT was signed. */
static yao_status read_moments(yao_arena               *arena,
                               const yao_trust_content *content,
                               list_moment            **ret)
{
    list_moment *all =
        yao_arena_take_array(arena, content->list_count + 1, sizeof *all);
    yao_statuslist_unverified *u = yao_arena_take(arena, sizeof *u);

    if (all == NULL || u == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < content->list_count; i++) {
        YAO_TRY(yao_statuslist_parse(arena, content->lists[i],
                                     YAO_STATUSLIST_UNKNOWN, u));
        YAO_TRY(u->claims.required);
        all[i] = (list_moment){u->claims.uri, u->claims.issued_at};
    }
    *ret = all;
    return YAO_OK;
}

/* The version of a bundle rises, whatever is in it: a register that came from
 * a backup would give out its status lists of then as the newest, and with
 * them take back what was revoked since (N130). */
yao_status keeper_compare_moments(yao_arena               *arena,
                                  const yao_trust_content *before,
                                  const yao_trust_content *now)
{
    list_moment *was, *is;

    YAO_TRY(read_moments(arena, before, &was));
    YAO_TRY(read_moments(arena, now, &is));
    for (size_t i = 0; i < before->list_count; i++)
        for (size_t k = 0; k < now->list_count; k++)
            if (yao_text_equal(was[i].uri, is[k].uri) &&
                is[k].signed_at < was[i].signed_at)
                return YAO_E_MISMATCH;
    return YAO_OK;
}

static yao_status compare_kept(trusting *t)
{
    yao_arena           *arena = t->how->arena;
    size_t               mark  = arena->used;
    store_artefact       last;
    yao_trust_unverified u;

    at(t, "status lists");
    yao_status status = store_get_artefact(
        t->how->authority->store,
        yao_text_of(keeper_trust_names[KEEPER_BUNDLE]), arena, &last);
    if (status == YAO_E_NOT_FOUND)
        return YAO_OK;
    if (status == YAO_OK)
        status = yao_trust_parse(arena, last.body, true, &u);
    if (status == YAO_OK)
        status = keeper_compare_moments(arena, &u.said, &t->made.bundle);
    arena->used = mark;
    return status;
}

/* ---- signing ------------------------------------------------------------ */

static yao_status sign(trusting *t, const yao_trust_content *content,
                       yao_bytes *ret)
{
    yao_trust_making making;
    yao_arena       *arena = t->how->arena;
    uint8_t          signature[YAO_MAX_SIGNATURE];
    size_t           len;

    YAO_TRY(yao_trust_make(arena, t->how->authority->crypto, content,
                           &t->signer.certificate.der, 1, &making));
    YAO_TRY(yao_key_sign(t->signer.key, &making.wish, signature, &len));

    yao_writer w = yao_writer_in(arena);
    yao_trust_put(&w, &making, (yao_bytes){signature, len});
    return yao_writer_keep(&w, arena, ret);
}

static yao_status name_statement(const trusting *t, yao_bytes certificate,
                                 char out[KEEPER_STATEMENT_NAME + 1])
{
    const yao_crypto *crypto = t->how->authority->crypto;
    uint8_t           hash[YAO_SHA256_LEN];
    yao_writer w = yao_writer_open((uint8_t *)out, KEEPER_STATEMENT_NAME);

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &certificate, 1, hash));
    yao_put_text(&w, "party-");
    yao_put_hex(&w, (yao_bytes){hash, YAO_TRUST_KID});
    yao_put_text(&w, ".cose");
    out[KEEPER_STATEMENT_NAME] = '\0';
    return w.status;
}

/* Also of a party that is suspended: its last one must not be the good one. */
static yao_status make_statements(trusting *t, const yao_trust_content *all)
{
    keeper_statement *made = yao_arena_take_array(
        t->how->arena, all->party_count + 1, sizeof *made);

    if (made == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < all->party_count; i++) {
        yao_trust_content one = *all;

        one.parties     = &all->parties[i];
        one.party_count = 1;
        YAO_TRY(name_statement(t, one.parties->certificate, made[i].name));
        YAO_TRY(sign(t, &one, &made[i].list));
    }
    t->made.statements      = made;
    t->made.statement_count = all->party_count;
    return YAO_OK;
}

static yao_status make_lists(trusting *t)
{
    for (size_t i = 0; i < KEEPER_TRUST_FILES; i++) {
        yao_trust_content content;

        YAO_TRY(trust_gather(t->how->authority, kinds[i], &t->how->wish,
                             t->how->arena, &content, t->place));
        content.version = t->made.version;
        at(t, keeper_trust_names[i]);
        YAO_TRY(sign(t, &content, &t->made.lists[i]));
        if (i == KEEPER_PARTIES)
            YAO_TRY(make_statements(t, &content));
        t->made.bundle = content; /* the last is the bundle */
    }
    return YAO_OK;
}

/* ---- keeping ------------------------------------------------------------ */

static yao_status put_event(trusting *t, store_change *change)
{
    yao_writer w     = yao_writer_in(t->how->arena);
    bool       first = true;
    yao_bytes  detail;

    yao_put_byte(&w, '{');
    yao_json_put_member_int(&w, &first, "version", (int64_t)t->made.version);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, t->how->arena, &detail));
    return authority_put_event(change, t->how->arena, "trust.publish",
                               (yao_bytes){NULL, 0},
                               (yao_text){detail.ptr, detail.len});
}

static void put_artefact(const trusting *t, store_change *change,
                         const char *name, yao_bytes body)
{
    const store_artefact artefact = {.name      = yao_text_of(name),
                                     .version   = (int64_t)t->made.version,
                                     .signed_at = t->how->wish.now,
                                     .expires   = t->made.bundle.expires,
                                     .inputs    = {t->inputs, sizeof t->inputs},
                                     .body      = body};

    store_put_artefact(change, &artefact);
}

static void put_artefacts(const trusting *t, store_change *change)
{
    for (size_t i = 0; i < KEEPER_TRUST_FILES; i++)
        put_artefact(t, change, keeper_trust_names[i], t->made.lists[i]);
    for (size_t i = 0; i < t->made.statement_count; i++)
        put_artefact(t, change, t->made.statements[i].name,
                     t->made.statements[i].list);
}

static yao_status commit(trusting *t)
{
    store_change change = store_change_open(t->how->arena);
    uint8_t      digits[24];
    yao_writer   w = yao_writer_open(digits, sizeof digits);
    yao_bytes    now;

    at(t, "register");
    yao_put_decimal(&w, (int64_t)t->made.version);
    YAO_TRY(yao_writer_close(&w, &now));
    if (t->how->fence > 0)
        store_put_fence(&change, KEEPER_TRUST_LEASE, t->how->fence);
    if (t->before.len == 0)
        store_put_fact(&change, FACT, now);
    else
        store_replace_fact(&change, FACT, t->before, now);
    put_artefacts(t, &change);
    YAO_TRY(put_event(t, &change));

    yao_status status = store_commit(t->how->authority->store, &change);
    return status == YAO_E_NOT_FOUND ? YAO_E_EXISTS : status;
}

static yao_status sign_all(trusting *t)
{
    const keeper_trusting *how = t->how;

    /* before they are read: what changes meanwhile makes them due again */
    YAO_TRY(hash_inputs(how->authority, how->arena, t->inputs));
    YAO_TRY(next_version(t));
    YAO_TRY(make_lists(t));
    YAO_TRY(compare_kept(t));
    if (how->check != NULL)
        YAO_TRY(how->check(how->ctx, &t->made.bundle));
    return commit(t);
}

yao_status keeper_sign_trust(const keeper_trusting *how, keeper_trusted *ret,
                             char place[48])
{
    const config *c = &how->authority->config;
    trusting      t = {.how = how, .place = place};

    at(&t, "trust.signer");
    YAO_TRY(ca_open(config_get(c, SETTING_TRUST_SIGNER),
                    config_get(c, SETTING_TRUST_SIGNER_KEY), how->arena,
                    &t.signer));
    yao_status status = t.signer.key == NULL ? YAO_E_NOT_FOUND : sign_all(&t);
    ca_close(&t.signer);
    if (status == YAO_OK)
        *ret = t.made;
    return status;
}
