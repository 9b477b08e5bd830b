/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/parts.h"

/* ---- what need not be given --------------------------------------------- */

typedef struct maker {
    yao_arena        *arena;
    const yao_crypto *crypto;
} maker;

static yao_status hash_of(const maker *m, yao_bytes what, yao_bytes *ret)
{
    uint8_t *hash = yao_arena_take(m->arena, YAO_SHA256_LEN);

    if (hash == NULL)
        return YAO_E_SPACE;
    YAO_TRY(m->crypto->hash(m->crypto->ctx, YAO_SHA256, &what, 1, hash));

    *ret = (yao_bytes){hash, YAO_SHA256_LEN};
    return YAO_OK;
}

/* What a VICAL says beside the certificate is in the certificate. */
static yao_status fill_root(yao_trust_root *root)
{
    yao_certificate c;

    YAO_TRY(yao_x509_read(root->certificate, &c));
    if (root->serial.len == 0)
        root->serial = yao_trust_number(c.serial);
    if (root->ski.len == 0)
        root->ski = c.ski;
    if (root->authority.len == 0)
        root->authority =
            c.organisation.len != 0 ? c.organisation : c.common_name;
    if (root->country.len == 0)
        root->country = c.country;

    return YAO_OK;
}

static yao_status fill_roots(const maker *m, yao_trust_content *c)
{
    yao_trust_root *roots;

    if (c->kind != YAO_TRUST_VICAL || c->root_count == 0)
        return YAO_OK;
    roots = yao_arena_take_array(m->arena, c->root_count, sizeof *roots);
    if (roots == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < c->root_count; i++) {
        roots[i] = c->roots[i];
        if (roots[i].roles != YAO_TRUST_ISSUER)
            return YAO_E_USAGE; /* a VICAL has no other */
        YAO_TRY(fill_root(&roots[i]));
    }
    c->roots = roots;

    return YAO_OK;
}

static yao_status fill_parties(const maker *m, yao_trust_content *c)
{
    yao_trust_party *parties;

    if (c->party_count == 0)
        return YAO_OK;
    parties = yao_arena_take_array(m->arena, c->party_count, sizeof *parties);
    if (parties == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < c->party_count; i++) {
        parties[i] = c->parties[i];
        if (parties[i].hash.len == 0)
            YAO_TRY(hash_of(m, parties[i].certificate, &parties[i].hash));
    }
    c->parties = parties;

    return YAO_OK;
}

static yao_status fill_files(const maker *m, yao_trust_content *c)
{
    yao_trust_file *files;

    if (c->file_count == 0)
        return YAO_OK;
    files = yao_arena_take_array(m->arena, c->file_count, sizeof *files);
    if (files == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < c->file_count; i++) {
        files[i] = c->files[i];
        if (files[i].hash.len == 0 && files[i].content.ptr != NULL)
            YAO_TRY(hash_of(m, files[i].content, &files[i].hash));
    }
    c->files = files;

    return YAO_OK;
}

/* ---- never what we would refuse ----------------------------------------- */

/* The caller's failures are the caller's; room and home are not. */
static yao_status usage_of(yao_status status)
{
    return status == YAO_E_SPACE || status == YAO_E_CRYPTO ? status
           : status == YAO_OK                              ? YAO_OK
                                                           : YAO_E_USAGE;
}

static yao_status check_made(const maker *m, yao_trust_kind kind,
                             yao_bytes payload)
{
    yao_trust_content said = {.kind = kind};
    size_t            mark = m->arena->used, unusable = 0;
    bool              longer;

    yao_status status =
        yao_trust_parse_payload(m->arena, payload, false, &said, &longer);
    if (status == YAO_OK)
        status = yao_trust_check_content(&said, m->crypto, &unusable);
    m->arena->used = mark;

    return status == YAO_OK && unusable != 0 ? YAO_E_PROFILE : status;
}

static yao_status check_size(yao_bytes payload, const yao_bytes *chain,
                             size_t count)
{
    size_t size = payload.len;

    for (size_t i = 0; i < count; i++)
        size += chain[i].len;

    /* heads, typ and signature are within a kilobyte */
    return size > YAO_MAX_TRUST_LIST - 1024 ? YAO_E_USAGE : YAO_OK;
}

static yao_status headers_for(yao_trust_kind kind, const yao_bytes *chain,
                              size_t count, yao_cose_headers *ret)
{
    yao_certificate signer;

    if (count == 0 || count > YAO_MAX_CHAIN)
        return YAO_E_USAGE;
    YAO_TRY(yao_x509_read(chain[0], &signer));

    *ret = (yao_cose_headers){
        .alg             = yao_sig_by_curve(signer.key.curve)->alg,
        .chain           = chain,
        .chain_count     = count,
        .chain_protected = kind != YAO_TRUST_VICAL,
        .type            = yao_trust_type(kind)};
    return YAO_OK;
}

yao_status yao_trust_make(yao_arena *arena, const yao_crypto *crypto,
                          const yao_trust_content *content,
                          const yao_bytes *chain, size_t chain_count,
                          yao_trust_making *ret)
{
    maker             m    = {arena, crypto};
    yao_trust_content c    = *content;
    yao_trust_making  made = {.payload = {NULL, 0}};

    YAO_TRY(usage_of(headers_for(c.kind, chain, chain_count, &made.headers)));
    YAO_TRY(usage_of(fill_roots(&m, &c)));
    YAO_TRY(usage_of(fill_parties(&m, &c)));
    YAO_TRY(usage_of(fill_files(&m, &c)));

    yao_writer w = yao_writer_in(arena);
    yao_trust_put_payload(&w, &c);
    YAO_TRY(yao_writer_keep(&w, arena, &made.payload));
    YAO_TRY(check_size(made.payload, chain, chain_count));
    YAO_TRY(usage_of(check_made(&m, c.kind, made.payload)));
    YAO_TRY(yao_cose_wish_sign1(&made.headers, &made.payload, 1, arena,
                                &made.wish));

    *ret = made;
    return YAO_OK;
}

void yao_trust_put(yao_writer *w, const yao_trust_making *making,
                   yao_bytes signature)
{
    yao_cose_put_sign1(w, &making->headers, &making->payload, signature);
}
