/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Invariants
 *   1. A digest is met at most once, wherever it stands (step 4). Hence each
 *      disclosure has one place, and no two can lie in each other.
 *   2. Nothing named _sd, ... or _sd_alg is in what is built.
 *   3. Digests are over the letters as received, and are compared as letters.
 */

#include "sdjwt/process.h"

#include "base/letters.h"

enum { BUCKETS = 256 };

/* A digest that was met, or that a disclosure has. */
typedef struct entry {
    yao_text      letters;
    size_t        disclosure; /* or YAO_SDJWT_NOWHERE */
    bool          met;
    struct entry *next;
} entry;

typedef struct process {
    yao_arena            *arena;
    const yao_crypto     *crypto;
    yao_sdjwt_unverified *input;
    yao_sdjwt_processed  *out;
    entry                *buckets[BUCKETS];
    size_t                digest_count;
} process;

/* How deep we are: in the tree (1 is the top alone), in disclosures, and in
 * which of them. */
typedef struct level {
    int    depth;
    int    nesting;
    size_t owner;
} level;

/* The children of a value that is being built. */
typedef struct children {
    yao_json        *parent;
    const yao_json **tail;
} children;

static yao_status fail(process *p, yao_check check, yao_status why)
{
    p->out->check = check;
    return why;
}

bool yao_sdjwt_is_reserved(const yao_json *value, bool name)
{
    static const char *const words[] = {"_sd", "...", "_sd_alg"};
    yao_text                 raw     = name ? value->name : value->raw;
    bool escaped = name ? value->name_escaped : value->escaped;

    if (!escaped && (raw.len < 3 || (raw.ptr[0] != '_' && raw.ptr[0] != '.')))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        yao_text word = yao_text_of(words[i]);
        if (name ? yao_json_named(value, word) : yao_json_is_text(value, word))
            return true;
    }
    return false;
}

/* What is built keeps the letters of what it was built of, and those of one
 * disclosure stand nowhere else. */
bool yao_sdjwt_is_disclosed(const yao_sdjwt_unverified *token,
                            const yao_json             *node)
{
    for (size_t i = 0; i < token->disclosure_count; i++) {
        const yao_json *value = token->disclosures[i].array->first->next;

        if (value->next != NULL)
            value = value->next;
        if (value->raw.ptr == node->raw.ptr)
            return true;
    }
    return false;
}

yao_status yao_sdjwt_digest(const yao_crypto *crypto, yao_hash_alg alg,
                            yao_bytes bytes, uint8_t *out, yao_text *ret)
{
    const yao_hash_row *row = yao_hash_by_alg(alg);
    yao_writer          w   = yao_writer_open(out, YAO_SDJWT_DIGEST_LETTERS);
    uint8_t             digest[YAO_MAX_HASH];
    yao_bytes           letters;

    if (row == NULL)
        return YAO_E_UNSUPPORTED;
    YAO_TRY(crypto->hash(crypto->ctx, alg, &bytes, 1, digest));
    yao_put_base64url(&w, (yao_bytes){digest, row->len});
    YAO_TRY(yao_writer_close(&w, &letters));

    *ret = (yao_text){letters.ptr, letters.len};
    return YAO_OK;
}

/* ---- the digests ---- */

static entry **bucket(process *p, yao_text letters)
{
    uint32_t mixed = 0;
    size_t   len   = letters.len < 8 ? letters.len : 8;

    for (size_t i = 0; i < len; i++)
        mixed = mixed * 31 + letters.ptr[i];
    return &p->buckets[mixed % BUCKETS];
}

static entry *find(process *p, yao_text letters)
{
    for (entry *e = *bucket(p, letters); e != NULL; e = e->next)
        if (yao_text_equal(e->letters, letters))
            return e;
    return NULL;
}

static void insert(process *p, entry *e)
{
    entry **head = bucket(p, e->letters);

    e->next = *head;
    *head   = e;
}

/* The hash of section 4.1.1. A truncated or unknown one would let a holder
 * look for another disclosure with the same digest (section 9.4). */
static yao_status read_hash(process *p)
{
    const yao_json     *alg = yao_json_get(p->input->issuer.payload, "_sd_alg");
    const yao_hash_row *row;
    yao_text            name = YAO_TEXT("sha-256");

    if (alg != NULL && alg->kind != YAO_JSON_STRING)
        return fail(p, YAO_CHECK_DIGESTS, YAO_E_ALGORITHM);
    if (alg != NULL)
        YAO_TRY(yao_json_string(alg, p->arena, &name));
    row = yao_hash_by_sd(name);
    if (row == NULL)
        return fail(p, YAO_CHECK_DIGESTS, YAO_E_ALGORITHM);

    p->out->hash = row->alg;
    return YAO_OK;
}

static yao_status hash_disclosure(process *p, size_t index, entry *e)
{
    yao_sdjwt_disclosure *d   = &p->input->disclosures[index];
    const yao_hash_row   *row = yao_hash_by_alg(p->out->hash);

    yao_status status =
        p->crypto->hash(p->crypto->ctx, p->out->hash, &d->text, 1, d->digest);
    if (status == YAO_E_UNSUPPORTED)
        return fail(p, YAO_CHECK_DIGESTS, status);
    YAO_TRY(status);
    YAO_TRY(yao_letters_encode(p->arena, (yao_bytes){d->digest, row->len},
                               &e->letters));

    d->used       = false;
    e->disclosure = index;
    if (find(p, e->letters) != NULL)
        return fail(p, YAO_CHECK_DISCLOSURES, YAO_E_DUPLICATE);
    insert(p, e);
    return YAO_OK;
}

static yao_status hash_disclosures(process *p)
{
    size_t count = p->input->disclosure_count;
    entry *e     = yao_arena_take_array(p->arena, count, sizeof *e);

    p->out->places =
        yao_arena_take_array(p->arena, count, sizeof *p->out->places);
    if (e == NULL || p->out->places == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++)
        YAO_TRY(hash_disclosure(p, i, &e[i]));
    return YAO_OK;
}

/* A digest in the payload. RET is its disclosure, or YAO_SDJWT_NOWHERE. */
static yao_status meet(process *p, const yao_json *item, size_t *ret)
{
    yao_text letters;

    if (item->kind != YAO_JSON_STRING)
        return fail(p, YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED);
    if (++p->digest_count > YAO_SDJWT_MAX_DIGESTS)
        return fail(p, YAO_CHECK_DISCLOSURES, YAO_E_LIMIT);
    YAO_TRY(yao_json_string(item, p->arena, &letters));

    entry *e = find(p, letters);
    if (e != NULL && e->met)
        return fail(p, YAO_CHECK_DIGESTS, YAO_E_DUPLICATE);
    if (e == NULL) {
        e = yao_arena_take(p->arena, sizeof *e);
        if (e == NULL)
            return YAO_E_SPACE;
        *e = (entry){.letters = letters, .disclosure = YAO_SDJWT_NOWHERE};
        insert(p, e);
    }
    e->met = true;
    *ret   = e->disclosure;
    return YAO_OK;
}

/* ---- building ---- */

static yao_status build(process *p, const yao_json *from, level at,
                        yao_json *to);

static yao_status add_child(process *p, children *list, yao_json **ret)
{
    yao_json *child = yao_arena_take(p->arena, sizeof *child);

    if (child == NULL)
        return YAO_E_SPACE;
    *list->tail = child;
    list->tail  = &child->next;
    list->parent->count++;
    *ret = child;
    return YAO_OK;
}

/* The value of disclosure INDEX becomes CHILD. */
static yao_status build_disclosed(process *p, size_t index, level at,
                                  yao_json *child)
{
    const yao_json *array = p->input->disclosures[index].array;
    const yao_json *value = array->first->next;

    if (++at.nesting > YAO_MAX_DISCLOSURE_DEPTH)
        return fail(p, YAO_CHECK_DISCLOSURES, YAO_E_LIMIT);
    if (array->count == 3)
        value = value->next;
    p->out->places[index] = (yao_sdjwt_place){child, at.owner};
    p->input->disclosures[index].used = true;
    at.owner = index;
    return build(p, value, at, child);
}

/* Step 3.c.ii: three items, a name that is not reserved and not there yet. */
static yao_status add_member(process *p, size_t index, level at,
                             children *list)
{
    const yao_json *array = p->input->disclosures[index].array;
    const yao_json *name  = array->first->next;
    yao_json       *child;

    if (array->count != 3 || yao_sdjwt_is_reserved(name, false))
        return fail(p, YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED);
    if (name->raw.len > YAO_SDJWT_MAX_NAME ||
        list->parent->count == YAO_MAX_MAP_ENTRIES)
        return fail(p, YAO_CHECK_DISCLOSURES, YAO_E_LIMIT);

    const yao_json *others = list->parent->first;
    YAO_TRY(add_child(p, list, &child));
    child->name         = name->raw;
    child->name_escaped = name->escaped;
    for (; others != NULL && others != child; others = others->next)
        if (yao_json_same_name(others, child))
            return fail(p, YAO_CHECK_DISCLOSURES, YAO_E_DUPLICATE);

    return build_disclosed(p, index, at, child);
}

static yao_status add_members(process *p, const yao_json *sd, level at,
                              children *list)
{
    if (sd->kind != YAO_JSON_ARRAY)
        return fail(p, YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED);
    for (const yao_json *item = sd->first; item != NULL; item = item->next) {
        size_t index;

        YAO_TRY(meet(p, item, &index));
        if (index != YAO_SDJWT_NOWHERE)
            YAO_TRY(add_member(p, index, at, list));
        else if (at.depth == 1)
            p->out->withheld = true;
    }
    return YAO_OK;
}

/* What is named like a carrier of digests: "_sd" anywhere, "_sd_alg" at the
 * top, and nothing else. */
static yao_status reserved_member(process *p, const yao_json *m, level at,
                                  const yao_json **sd)
{
    if (yao_json_named(m, YAO_TEXT("_sd")))
        *sd = m;
    else if (at.depth != 1 || !yao_json_named(m, YAO_TEXT("_sd_alg")))
        return fail(p, YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED);
    return YAO_OK;
}

static yao_status build_object(process *p, const yao_json *from, level at,
                               yao_json *to)
{
    const yao_json *sd   = NULL;
    children        list = {to, &to->first};

    for (const yao_json *m = from->first; m != NULL; m = m->next) {
        yao_json *child;

        if (yao_sdjwt_is_reserved(m, true)) {
            YAO_TRY(reserved_member(p, m, at, &sd));
            continue;
        }
        YAO_TRY(add_child(p, &list, &child));
        child->name         = m->name;
        child->name_escaped = m->name_escaped;
        child->name_mark    = m->name_mark;
        YAO_TRY(build(p, m, at, child));
    }
    return sd == NULL ? YAO_OK : add_members(p, sd, at, &list);
}

/* {"...": digest} and nothing else in it. */
static bool is_placeholder(const yao_json *item)
{
    return item->kind == YAO_JSON_OBJECT && item->count == 1 &&
           yao_json_named(item->first, YAO_TEXT("..."));
}

/* Step 3.c.iii: two items. What is not disclosed leaves no trace. */
static yao_status add_item(process *p, const yao_json *item, level at,
                           children *list)
{
    yao_json *child;
    size_t    index;

    if (!is_placeholder(item)) {
        YAO_TRY(add_child(p, list, &child));
        return build(p, item, at, child);
    }
    YAO_TRY(meet(p, item->first, &index));
    if (index == YAO_SDJWT_NOWHERE)
        return YAO_OK;
    if (p->input->disclosures[index].array->count != 2)
        return fail(p, YAO_CHECK_DISCLOSURES, YAO_E_MALFORMED);
    YAO_TRY(add_child(p, list, &child));
    return build_disclosed(p, index, at, child);
}

static yao_status build_array(process *p, const yao_json *from, level at,
                              yao_json *to)
{
    children list = {to, &to->first};

    for (const yao_json *item = from->first; item != NULL; item = item->next)
        YAO_TRY(add_item(p, item, at, &list));
    return YAO_OK;
}

/* TO is zeroed but for its name. */
static yao_status build(process *p, const yao_json *from, level at,
                        yao_json *to)
{
    to->kind    = from->kind;
    to->escaped = from->escaped;
    to->truth   = from->truth;
    to->raw     = from->raw;
    if (from->kind != YAO_JSON_ARRAY && from->kind != YAO_JSON_OBJECT)
        return YAO_OK;
    if (++at.depth > YAO_MAX_DEPTH)
        return fail(p, YAO_CHECK_DISCLOSURES, YAO_E_LIMIT);

    return from->kind == YAO_JSON_ARRAY ? build_array(p, from, at, to)
                                        : build_object(p, from, at, to);
}

/* Step 5. */
static yao_status check_used(process *p)
{
    for (size_t i = 0; i < p->input->disclosure_count; i++)
        if (!p->input->disclosures[i].used)
            return fail(p, YAO_CHECK_DISCLOSURES, YAO_E_UNREFERENCED);
    return YAO_OK;
}

yao_status yao_sdjwt_process(yao_arena *arena, const yao_crypto *crypto,
                             yao_sdjwt_unverified *input,
                             yao_sdjwt_processed  *ret)
{
    process p = {
        .arena = arena, .crypto = crypto, .input = input, .out = ret};
    level     top = {0, 0, YAO_SDJWT_NOWHERE};
    yao_json *root;

    *ret = (yao_sdjwt_processed){.check = YAO_CHECK_NONE};
    YAO_TRY(read_hash(&p));
    YAO_TRY(hash_disclosures(&p));
    root = yao_arena_take(arena, sizeof *root);
    if (root == NULL)
        return YAO_E_SPACE;
    YAO_TRY(build(&p, input->issuer.payload, top, root));

    ret->payload = root;
    return check_used(&p);
}
