/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/parts.h"

static void put_texts(yao_writer *w, const yao_text *texts, size_t count)
{
    yao_cbor_put_array(w, count);
    for (size_t i = 0; i < count; i++)
        yao_cbor_put_text(w, texts[i]);
}

/* A time that is none is no number: parse refuses what is written of it. */
static void put_number(yao_writer *w, uint64_t key, uint64_t value)
{
    yao_cbor_put_uint(w, key);
    yao_cbor_put_uint(w, value);
}

static void put_head(yao_writer *w, uint64_t keys, const yao_trust_content *c)
{
    yao_cbor_put_map(w, keys);
    put_number(w, YAO_TRUST_KEY_FORMAT, YAO_TRUST_FORMAT);
    put_number(w, YAO_TRUST_KEY_VERSION, c->version);
    put_number(w, YAO_TRUST_KEY_ISSUED, (uint64_t)c->issued_at);
    put_number(w, YAO_TRUST_KEY_NEXT, (uint64_t)c->next_update);
    put_number(w, YAO_TRUST_KEY_EXPIRES, (uint64_t)c->expires);
    yao_cbor_put_uint(w, YAO_TRUST_KEY_ISSUER);
    yao_cbor_put_array(w, 2);
    yao_cbor_put_text(w, c->name);
    yao_cbor_put_text(w, c->url);
}

static void put_root(yao_writer *w, const yao_trust_root *root)
{
    uint64_t count = 0;

    for (unsigned role = YAO_ROLE_ISSUER; role <= YAO_ROLE_STATUS; role++)
        count += (root->roles >> role) & 1u;
    yao_cbor_put_array(w, root->revoked_count != 0 ? 4 : 3);
    yao_cbor_put_bytes(w, root->certificate);
    yao_cbor_put_array(w, count);
    for (unsigned role = YAO_ROLE_ISSUER; role <= YAO_ROLE_STATUS; role++)
        if (((root->roles >> role) & 1u) != 0)
            yao_cbor_put_uint(w, role);
    put_texts(w, root->types, root->type_count);
    if (root->revoked_count == 0)
        return;
    yao_cbor_put_array(w, root->revoked_count);
    for (size_t i = 0; i < root->revoked_count; i++)
        yao_cbor_put_bytes(w, root->revoked[i]);
}

static void put_roots(yao_writer *w, const yao_trust_content *c)
{
    yao_cbor_put_uint(w, YAO_TRUST_KEY_ROOTS);
    yao_cbor_put_array(w, c->root_count);
    for (size_t i = 0; i < c->root_count; i++)
        put_root(w, &c->roots[i]);
}

static void put_list(yao_writer *w, uint64_t key, const yao_bytes *items,
                     size_t count)
{
    yao_cbor_put_uint(w, key);
    yao_cbor_put_array(w, count);
    for (size_t i = 0; i < count; i++)
        yao_cbor_put_bytes(w, items[i]);
}

static void put_party(yao_writer *w, const yao_trust_party *party)
{
    yao_cbor_put_array(w, 9);
    yao_cbor_put_text(w, party->code);
    yao_cbor_put_text(w, party->name);
    yao_cbor_put_text(w, party->name_en);
    put_texts(w, party->profiles, party->profile_count);
    yao_cbor_put_text(w, party->legal_basis);
    yao_cbor_put_uint(w, party->retention_days);
    yao_cbor_put_uint(w, party->state);
    yao_cbor_put_bytes(w, party->certificate);
    yao_cbor_put_bytes(w, party->hash);
}

static void put_parties(yao_writer *w, const yao_trust_content *c)
{
    yao_cbor_put_uint(w, YAO_TRUST_KEY_PARTIES);
    yao_cbor_put_array(w, c->party_count);
    for (size_t i = 0; i < c->party_count; i++)
        put_party(w, &c->parties[i]);
}

static void put_files(yao_writer *w, const yao_trust_content *c)
{
    yao_cbor_put_uint(w, YAO_TRUST_KEY_FILES);
    yao_cbor_put_array(w, c->file_count);
    for (size_t i = 0; i < c->file_count; i++) {
        const yao_trust_file *file  = &c->files[i];
        bool                  whole = file->content.ptr != NULL;

        yao_cbor_put_array(w, 2 + (uint64_t)whole);
        yao_cbor_put_text(w, file->name);
        yao_cbor_put_bytes(w, file->hash);
        if (whole)
            yao_cbor_put_bytes(w, file->content);
    }
}

void yao_trust_put_payload(yao_writer *w, const yao_trust_content *c)
{
    switch (c->kind) {
    case YAO_TRUST_VICAL:
        yao_trust_put_vical(w, c);
        return;
    case YAO_TRUST_PARTIES:
        put_head(w, 7, c);
        put_parties(w, c);
        return;
    case YAO_TRUST_BUNDLE:
        put_head(w, YAO_TRUST_KEY_FILES, c);
        put_roots(w, c);
        put_list(w, YAO_TRUST_KEY_SIGNERS, c->signers, c->signer_count);
        put_parties(w, c);
        put_list(w, YAO_TRUST_KEY_LISTS, c->lists, c->list_count);
        put_files(w, c);
        return;
    default:
        yao_writer_fail(w, YAO_E_USAGE);
    }
}
