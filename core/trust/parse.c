/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/parts.h"

/* ---- kinds -------------------------------------------------------------- */

const char *yao_trust_kind_name(yao_trust_kind kind)
{
    switch (kind) {
    case YAO_TRUST_VICAL:   return "vical";
    case YAO_TRUST_PARTIES: return "parties";
    case YAO_TRUST_BUNDLE:  return "bundle";
    default:                return "unknown";
    }
}

yao_text yao_trust_type(yao_trust_kind kind)
{
    if (kind == YAO_TRUST_PARTIES)
        return YAO_TEXT("application/vnd.yaopai.parties+cose");
    if (kind == YAO_TRUST_BUNDLE)
        return YAO_TEXT("application/vnd.yaopai.bundle+cose");

    return YAO_TEXT("");
}

static yao_trust_kind kind_by_type(yao_text type)
{
    static const yao_trust_kind kinds[] = {YAO_TRUST_VICAL, YAO_TRUST_PARTIES,
                                           YAO_TRUST_BUNDLE};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (yao_text_equal(type, yao_trust_type(kinds[i])))
            return kinds[i];

    return YAO_TRUST_UNKNOWN;
}

yao_trust_kind yao_trust_kind_of(yao_bytes input)
{
    yao_cose_message message;

    if (input.len > YAO_MAX_TRUST_LIST ||
        yao_cose_read_message(input, 0, true, &message) != YAO_OK)
        return YAO_TRUST_UNKNOWN;

    yao_trust_kind kind = kind_by_type(message.type);
    if (kind != YAO_TRUST_VICAL)
        return kind;

    /* no typ of its own: a map whose keys are texts is as near as one gets */
    yao_cbor_reader r = yao_cbor_open_foreign(message.payload);
    if (yao_cbor_get_map(&r) == 0 || yao_cbor_peek(&r) != YAO_CBOR_TEXT)
        return YAO_TRUST_UNKNOWN;

    return kind;
}

/* ---- parts -------------------------------------------------------------- */

size_t yao_trust_get_count(yao_trust_parser *p, size_t least, size_t most)
{
    uint64_t count = yao_cbor_get_items(&p->r);

    if (count > most)
        yao_cbor_fail(&p->r, YAO_E_LIMIT);
    if (count < least)
        yao_cbor_fail(&p->r, YAO_E_MALFORMED);

    return p->r.status == YAO_OK ? (size_t)count : 0;
}

void *yao_trust_take(yao_trust_parser *p, size_t count, size_t size)
{
    void *memory;

    if (p->r.status != YAO_OK || count == 0)
        return NULL;
    memory = yao_arena_take_array(p->arena, count, size);
    if (memory == NULL)
        yao_cbor_fail(&p->r, YAO_E_SPACE);

    return memory;
}

yao_text yao_trust_get_text(yao_trust_parser *p)
{
    yao_text text = yao_cbor_get_text(&p->r);

    if (text.len == 0)
        yao_cbor_fail(&p->r, YAO_E_MALFORMED);

    return text;
}

yao_bytes yao_trust_get_bytes(yao_trust_parser *p)
{
    yao_bytes bytes = yao_cbor_get_bytes(&p->r);

    if (bytes.len == 0)
        yao_cbor_fail(&p->r, YAO_E_MALFORMED);

    return bytes;
}

const yao_text *yao_trust_get_texts(yao_trust_parser *p, size_t least,
                                    size_t most, size_t *count)
{
    size_t    n     = yao_trust_get_count(p, least, most);
    yao_text *texts = yao_trust_take(p, n, sizeof *texts);

    for (size_t i = 0; i < n && p->r.status == YAO_OK; i++)
        texts[i] = yao_trust_get_text(p);
    *count = n;

    return texts;
}

static yao_bytes get_hash(yao_trust_parser *p)
{
    yao_bytes hash = yao_cbor_get_bytes(&p->r);

    if (hash.len != YAO_SHA256_LEN)
        yao_cbor_fail(&p->r, YAO_E_MALFORMED);

    return hash;
}

/* ---- the head ----------------------------------------------------------- */

static void expect_key(yao_trust_parser *p, uint64_t key)
{
    if (yao_cbor_get_uint(&p->r) != key)
        yao_cbor_fail(&p->r, YAO_E_MALFORMED);
}

static yao_time get_time(yao_trust_parser *p, uint64_t key)
{
    expect_key(p, key);

    uint64_t seconds = yao_cbor_get_uint(&p->r);
    if (seconds > (uint64_t)YAO_TIME_MAX) {
        yao_cbor_fail(&p->r, YAO_E_VALUE);
        return YAO_TIME_NONE;
    }

    return (yao_time)seconds;
}

yao_status yao_trust_check_dates(const yao_trust_content *c)
{
    if (c->issued_at < 0 || c->issued_at > YAO_TIME_MAX)
        return YAO_E_VALUE;
    if (c->next_update != YAO_TIME_NONE && c->next_update < c->issued_at)
        return YAO_E_VALUE;
    if (c->expires == YAO_TIME_NONE)
        return YAO_OK;
    if (c->expires < c->issued_at ||
        (c->next_update != YAO_TIME_NONE && c->expires < c->next_update))
        return YAO_E_VALUE;

    return YAO_OK;
}

static void get_head(yao_trust_parser *p, uint64_t keys,
                     yao_trust_content *content)
{
    uint64_t pairs = yao_cbor_get_map(&p->r);

    expect_key(p, YAO_TRUST_KEY_FORMAT);
    if (yao_cbor_get_uint(&p->r) != YAO_TRUST_FORMAT)
        yao_cbor_fail(&p->r, YAO_E_UNSUPPORTED);
    if (pairs != keys)
        yao_cbor_fail(&p->r, YAO_E_MALFORMED);

    expect_key(p, YAO_TRUST_KEY_VERSION);
    content->version     = yao_cbor_get_uint(&p->r);
    content->issued_at   = get_time(p, YAO_TRUST_KEY_ISSUED);
    content->next_update = get_time(p, YAO_TRUST_KEY_NEXT);
    content->expires     = get_time(p, YAO_TRUST_KEY_EXPIRES);
    expect_key(p, YAO_TRUST_KEY_ISSUER);
    yao_cbor_get_array(&p->r, 2);
    content->name = yao_trust_get_text(p);
    content->url  = yao_trust_get_text(p);
}

/* ---- roots and signers -------------------------------------------------- */

/* Rising, so that there is one way to write them. Never the role of who signs
 * lists: the first anchor is given by hand, and so is the next. */
static uint8_t get_roles(yao_trust_parser *p)
{
    size_t   count = yao_trust_get_count(p, 1, 3);
    uint8_t  roles = 0;
    uint64_t last  = 0;

    for (size_t i = 0; i < count && p->r.status == YAO_OK; i++) {
        uint64_t role = yao_cbor_get_uint(&p->r);

        if (role <= last || role > YAO_ROLE_STATUS)
            yao_cbor_fail(&p->r, YAO_E_MALFORMED);
        else
            roles = (uint8_t)(roles | (1u << role));
        last = role;
    }

    return roles;
}

/* Serials of what a root took back; a root that took back nothing has no such
 * list. */
static void get_revoked(yao_trust_parser *p, yao_trust_root *root)
{
    size_t     count   = yao_trust_get_count(p, 1, YAO_MAX_TRUST_REVOKED);
    yao_bytes *serials = yao_trust_take(p, count, sizeof *serials);

    for (size_t i = 0; i < count && p->r.status == YAO_OK; i++)
        serials[i] = yao_trust_get_bytes(p);
    root->revoked       = serials;
    root->revoked_count = count;
}

static void get_root(yao_trust_parser *p, yao_trust_root *root)
{
    size_t parts = yao_trust_get_count(p, 3, 4);

    root->certificate = yao_trust_get_bytes(p);
    root->roles       = get_roles(p);
    root->types = yao_trust_get_texts(p, 0, YAO_MAX_TRUST_TYPES,
                                      &root->type_count);
    if (parts == 4)
        get_revoked(p, root);

    /* no types would be any: never by leaving something out */
    if (((root->roles & YAO_TRUST_ISSUER) != 0) != (root->type_count != 0))
        yao_cbor_fail(&p->r, YAO_E_MALFORMED);
}

static void get_roots(yao_trust_parser *p, yao_trust_content *content)
{
    expect_key(p, YAO_TRUST_KEY_ROOTS);

    size_t          count = yao_trust_get_count(p, 0, YAO_MAX_TRUST_ROOTS);
    yao_trust_root *roots = yao_trust_take(p, count, sizeof *roots);

    for (size_t i = 0; i < count && p->r.status == YAO_OK; i++)
        get_root(p, &roots[i]);
    content->roots      = roots;
    content->root_count = count;
}

static const yao_bytes *get_list(yao_trust_parser *p, uint64_t key, size_t most,
                                 size_t *ret)
{
    expect_key(p, key);

    size_t     count = yao_trust_get_count(p, 0, most);
    yao_bytes *items = yao_trust_take(p, count, sizeof *items);

    for (size_t i = 0; i < count && p->r.status == YAO_OK; i++)
        items[i] = yao_trust_get_bytes(p);
    *ret = count;

    return items;
}

/* ---- relying parties ---------------------------------------------------- */

static void get_party(yao_trust_parser *p, yao_trust_party *party)
{
    yao_cbor_get_array(&p->r, 9);
    party->code     = yao_trust_get_text(p);
    party->name     = yao_trust_get_text(p);
    party->name_en  = yao_cbor_get_text(&p->r);
    party->profiles = yao_trust_get_texts(p, 1, YAO_MAX_PARTY_PROFILES,
                                          &party->profile_count);
    party->legal_basis    = yao_trust_get_text(p);
    party->retention_days = yao_cbor_get_uint(&p->r);

    uint64_t state = yao_cbor_get_uint(&p->r);
    if (state != YAO_PARTY_ACTIVE && state != YAO_PARTY_SUSPENDED)
        yao_cbor_fail(&p->r, YAO_E_MALFORMED);
    else
        party->state = (yao_party_state)state;
    party->certificate = yao_trust_get_bytes(p);
    party->hash        = get_hash(p);
}

static void get_parties(yao_trust_parser *p, yao_trust_content *content)
{
    expect_key(p, YAO_TRUST_KEY_PARTIES);

    size_t           count   = yao_trust_get_count(p, 0, YAO_MAX_PARTIES);
    yao_trust_party *parties = yao_trust_take(p, count, sizeof *parties);

    for (size_t i = 0; i < count && p->r.status == YAO_OK; i++) {
        get_party(p, &parties[i]);
        if (p->r.status == YAO_OK && i > 0 &&
            yao_bytes_compare(yao_text_bytes(parties[i - 1].code),
                              yao_text_bytes(parties[i].code)) >= 0)
            yao_cbor_fail(&p->r, YAO_E_MALFORMED);
    }
    content->parties     = parties;
    content->party_count = count;
}

/* ---- files -------------------------------------------------------------- */

static void get_file(yao_trust_parser *p, yao_trust_file *file)
{
    uint64_t count = yao_cbor_get_items(&p->r);

    if (count != 2 && count != 3)
        yao_cbor_fail(&p->r, YAO_E_MALFORMED);
    file->name = yao_trust_get_text(p);
    file->hash = get_hash(p);
    if (count == 3)
        file->content = yao_trust_get_bytes(p);
}

static void get_files(yao_trust_parser *p, yao_trust_content *content)
{
    expect_key(p, YAO_TRUST_KEY_FILES);

    size_t          count = yao_trust_get_count(p, 0, YAO_MAX_TRUST_FILES);
    yao_trust_file *files = yao_trust_take(p, count, sizeof *files);

    for (size_t i = 0; i < count && p->r.status == YAO_OK; i++) {
        get_file(p, &files[i]);
        if (p->r.status == YAO_OK && i > 0 &&
            yao_bytes_compare(yao_text_bytes(files[i - 1].name),
                              yao_text_bytes(files[i].name)) >= 0)
            yao_cbor_fail(&p->r, YAO_E_MALFORMED);
    }
    content->files      = files;
    content->file_count = count;
}

/* ---- payloads ----------------------------------------------------------- */

static void get_bundle(yao_trust_parser *p, yao_trust_content *content)
{
    get_head(p, YAO_TRUST_KEY_FILES, content);
    get_roots(p, content);
    content->signers = get_list(p, YAO_TRUST_KEY_SIGNERS, YAO_MAX_TRUST_SIGNERS,
                                &content->signer_count);
    get_parties(p, content);
    content->lists = get_list(p, YAO_TRUST_KEY_LISTS, YAO_MAX_TRUST_TOKENS,
                              &content->list_count);
    get_files(p, content);
}

yao_status yao_trust_parse_payload(yao_arena *arena, yao_bytes payload,
                                   bool foreign, yao_trust_content *content,
                                   bool *longer)
{
    bool             vical = content->kind == YAO_TRUST_VICAL;
    yao_trust_parser p     = {.arena = arena,
                              .r = vical && foreign
                                       ? yao_cbor_open_foreign(payload)
                                       : yao_cbor_open(payload)};

    if (vical) {
        yao_trust_get_vical(&p, content);
    } else if (content->kind == YAO_TRUST_PARTIES) {
        get_head(&p, 7, content);
        get_parties(&p, content);
    } else {
        get_bundle(&p, content);
    }
    YAO_TRY(yao_cbor_close(&p.r));
    *longer = p.r.longer;

    return yao_trust_check_dates(content);
}

/* ---- the envelope ------------------------------------------------------- */

static yao_status check_envelope(const yao_cose_message *m, yao_trust_kind kind)
{
    if (kind == YAO_TRUST_UNKNOWN || m->chain_count == 0)
        return YAO_E_HEADER;
    if (kind != YAO_TRUST_VICAL && !m->chain_protected)
        return YAO_E_HEADER;

    return m->detached || m->payload.len == 0 ? YAO_E_MALFORMED : YAO_OK;
}

/* Ours are read strictly, envelope and all; what is a VICAL is known only when
 * the envelope is read. */
static yao_status read_envelope(yao_bytes input, bool strict,
                                yao_trust_unverified *u)
{
    yao_cbor_reader r =
        strict ? yao_cbor_open(input) : yao_cbor_open_foreign(input);

    yao_cose_get_message(&r, 0, &u->message);
    YAO_TRY(yao_cbor_close(&r));
    u->longer    = r.longer;
    u->said.kind = kind_by_type(u->message.type);
    YAO_TRY(check_envelope(&u->message, u->said.kind));

    return u->longer && u->said.kind != YAO_TRUST_VICAL ? YAO_E_NOT_SHORTEST
                                                        : YAO_OK;
}

yao_status yao_trust_parse(yao_arena *arena, yao_bytes input, bool strict,
                           yao_trust_unverified *ret)
{
    yao_trust_unverified u = {.longer = false};
    bool                 longer;

    if (input.len > YAO_MAX_TRUST_LIST)
        return YAO_E_LIMIT;
    YAO_TRY(read_envelope(input, strict, &u));
    YAO_TRY(yao_trust_parse_payload(arena, u.message.payload, !strict, &u.said,
                                    &longer));
    u.longer = u.longer || longer;

    *ret = u;
    return YAO_OK;
}
