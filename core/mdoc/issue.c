/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/parts.h"

/* Invariants of an issue:
 *  1. element I belongs to a namespace that fills [first, first + count) of
 *     the elements, and its digestID is ids[I], a permutation of 0..count-1;
 *  2. digest D of that namespace stands at digests[first + D], so that
 *     valueDigests come out ascending and say nothing about the order of the
 *     elements. */
enum { RANDOM = 32, SHUFFLE = 4, HASH = YAO_SHA256_LEN };

typedef struct batch {
    const yao_mdoc_issue_request *request;
    const yao_crypto             *crypto;
    uint16_t                     *ids;
    uint8_t (*digests)[HASH];
    yao_bytes random; /* RANDOM bytes an element */
    size_t    space_count;
} batch;

/* ---- what is asked ------------------------------------------------------ */

static bool good_dates(const yao_mdoc_validity *v)
{
    return v->signed_at >= 0 && v->valid_from >= v->signed_at &&
           v->valid_until > v->valid_from && v->valid_until <= YAO_TIME_MAX &&
           (v->expected_update == YAO_TIME_NONE ||
            (v->expected_update >= 0 && v->expected_update <= YAO_TIME_MAX));
}

static bool good_key(const yao_public_key *key)
{
    return yao_public_key_well_formed(key) && key->point[0] == 0x04;
}

static yao_status check_request(const yao_mdoc_issue_request *q)
{
    if (q->element_count > YAO_MAX_ELEMENTS || q->chain_count > YAO_MAX_CHAIN)
        return YAO_E_LIMIT;
    if (q->element_count == 0 || q->chain_count == 0 || q->doc_type.len == 0)
        return YAO_E_USAGE;
    if (yao_sig_by_alg(q->alg) == NULL || !good_key(&q->device_key) ||
        !good_dates(&q->validity))
        return YAO_E_USAGE;

    return YAO_OK;
}

/* How many elements, from FIRST on, are of one namespace. */
static size_t run_of(const yao_mdoc_issue_request *q, size_t first)
{
    size_t count = 1;

    while (first + count < q->element_count &&
           yao_text_equal(q->elements[first + count].name_space,
                          q->elements[first].name_space))
        count++;

    return count;
}

static yao_status check_run(const yao_mdoc_issue_request *q, size_t first,
                            size_t count)
{
    const yao_mdoc_element *e = q->elements;

    for (size_t i = 0; i < first; i++)
        if (yao_text_equal(e[i].name_space, e[first].name_space))
            return YAO_E_USAGE;
    for (size_t i = first; i < first + count; i++) {
        if (e[i].value.len == 0)
            return YAO_E_USAGE;
        for (size_t j = first; j < i; j++)
            if (e[i].element.len == e[j].element.len && /* most end here */
                yao_text_equal(e[i].element, e[j].element))
                return YAO_E_DUPLICATE;
    }

    return YAO_OK;
}

static yao_status check_elements(const yao_mdoc_issue_request *q,
                                 size_t                       *space_count)
{
    size_t spaces = 0, count;

    for (size_t first = 0; first < q->element_count; first += count) {
        count = run_of(q, first);
        if (++spaces > YAO_MAX_NAMESPACES)
            return YAO_E_LIMIT;
        YAO_TRY(check_run(q, first, count));
    }

    *space_count = spaces;
    return YAO_OK;
}

/* ---- digestIDs ---------------------------------------------------------- */

/* Fisher and Yates: a document's digestIDs say nothing about its elements, and
 * two copies have them in different orders. */
static void shuffle(uint16_t *ids, size_t count, const uint8_t *random)
{
    for (size_t i = 0; i < count; i++)
        ids[i] = (uint16_t)i;
    for (size_t i = count; i-- > 1;) {
        const uint8_t *r = random + SHUFFLE * i;
        uint32_t       n = (uint32_t)r[0] << 24 | (uint32_t)r[1] << 16 |
                     (uint32_t)r[2] << 8 | r[3];
        size_t         j     = n % (uint32_t)(i + 1);
        uint16_t       moved = ids[i];

        ids[i] = ids[j];
        ids[j] = moved;
    }
}

static yao_status prepare(yao_arena *arena, batch *b, yao_entropy *entropy)
{
    size_t    count = b->request->element_count;
    yao_bytes random;

    b->ids     = yao_arena_take_array(arena, count, sizeof *b->ids);
    b->digests = yao_arena_take_array(arena, count, sizeof *b->digests);
    if (b->ids == NULL || b->digests == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_entropy_take(entropy, count * (RANDOM + SHUFFLE), &random));

    b->random = (yao_bytes){random.ptr, count * RANDOM};
    for (size_t first = 0, run; first < count; first += run) {
        run = run_of(b->request, first);
        shuffle(b->ids + first, run,
                random.ptr + count * RANDOM + first * SHUFFLE);
    }

    return YAO_OK;
}

/* ---- nameSpaces --------------------------------------------------------- */

/* The four keys, each with the head of the item it begins; together they are
 * an IssuerSignedItem in the order that every published example has. */
#define ID_KEY      "\xa4\x68" "digestID"
#define RANDOM_KEY  "\x66" "random" "\x58\x20"
#define ELEMENT_KEY "\x71" "elementIdentifier"
#define VALUE_KEY   "\x6c" "elementValue"

enum {
    KEYS = sizeof ID_KEY + sizeof RANDOM_KEY + sizeof ELEMENT_KEY +
           sizeof VALUE_KEY - 4
};

/* IssuerSignedItemBytes; the length is known before, so that a portrait is
 * not moved to make room for it. */
static void put_item(yao_writer *w, const yao_mdoc_element *e, uint16_t id,
                     yao_bytes random)
{
    size_t len = KEYS + yao_mdoc_head_len(id) + RANDOM +
                 yao_mdoc_head_len(e->element.len) + e->element.len +
                 e->value.len;

    yao_cbor_put_tag(w, 24);
    yao_cbor_put_bytes_head(w, len);
    yao_put_bytes(w, YAO_LIT(ID_KEY));
    yao_cbor_put_uint(w, id);
    yao_put_bytes(w, YAO_LIT(RANDOM_KEY));
    yao_put_bytes(w, random);
    yao_put_bytes(w, YAO_LIT(ELEMENT_KEY));
    yao_cbor_put_text(w, e->element);
    yao_put_bytes(w, YAO_LIT(VALUE_KEY));
    yao_cbor_put_raw(w, e->value);
}

/* The items [FIRST, FIRST + COUNT) and their digests. */
static yao_status put_items(yao_writer *w, const batch *b, size_t first,
                            size_t count)
{
    for (size_t i = first; i < first + count; i++) {
        size_t    start  = w->len;
        yao_bytes random = {b->random.ptr + i * RANDOM, RANDOM};

        put_item(w, &b->request->elements[i], b->ids[i], random);
        if (w->status != YAO_OK)
            return w->status;

        yao_bytes item = {w->ptr + start, w->len - start};
        YAO_TRY(b->crypto->hash(b->crypto->ctx, YAO_SHA256, &item, 1,
                                b->digests[first + b->ids[i]]));
    }

    return YAO_OK;
}

static yao_status put_name_spaces(yao_writer *w, const batch *b)
{
    const yao_mdoc_issue_request *q = b->request;

    yao_cbor_put_map(w, b->space_count);
    for (size_t first = 0, run; first < q->element_count; first += run) {
        run = run_of(q, first);
        yao_cbor_put_text(w, q->elements[first].name_space);
        yao_cbor_put_array(w, run);
        YAO_TRY(put_items(w, b, first, run));
    }

    return w->status;
}

/* ---- MobileSecurityObject ----------------------------------------------- */

static void put_value_digests(yao_writer *w, const batch *b)
{
    const yao_mdoc_issue_request *q = b->request;

    yao_cbor_put_map(w, b->space_count);
    for (size_t first = 0, run; first < q->element_count; first += run) {
        run = run_of(q, first);
        yao_cbor_put_text(w, q->elements[first].name_space);
        yao_cbor_put_map(w, run);
        for (size_t id = 0; id < run; id++) {
            yao_cbor_put_uint(w, id);
            yao_cbor_put_bytes(w, (yao_bytes){b->digests[first + id], HASH});
        }
    }
}

static void put_validity(yao_writer *w, const yao_mdoc_validity *v)
{
    bool update = v->expected_update != YAO_TIME_NONE;

    yao_cbor_put_map(w, update ? 4 : 3);
    yao_cbor_put_string(w, "signed");
    yao_cbor_put_tdate(w, v->signed_at);
    yao_cbor_put_string(w, "validFrom");
    yao_cbor_put_tdate(w, v->valid_from);
    yao_cbor_put_string(w, "validUntil");
    yao_cbor_put_tdate(w, v->valid_until);
    if (update) {
        yao_cbor_put_string(w, "expectedUpdate");
        yao_cbor_put_tdate(w, v->expected_update);
    }
}

static void put_status(yao_writer *w, const yao_mdoc_issue_request *q)
{
    yao_cbor_put_map(w, 1);
    yao_cbor_put_string(w, "status_list");
    yao_cbor_put_map(w, 2);
    yao_cbor_put_string(w, "idx");
    yao_cbor_put_uint(w, q->status_index);
    yao_cbor_put_string(w, "uri");
    yao_cbor_put_text(w, q->status_uri);
}

/* The keys stand in the order of the standard's CDDL, as wallets write them. */
static void put_mso(yao_writer *w, const batch *b)
{
    const yao_mdoc_issue_request *q      = b->request;
    bool                          status = q->status_uri.len != 0;

    yao_cbor_put_map(w, status ? 7 : 6);
    yao_cbor_put_string(w, "version");
    yao_cbor_put_string(w, "1.0");
    yao_cbor_put_string(w, "digestAlgorithm");
    yao_cbor_put_string(w, "SHA-256");
    yao_cbor_put_string(w, "valueDigests");
    put_value_digests(w, b);
    yao_cbor_put_string(w, "deviceKeyInfo");
    yao_cbor_put_map(w, 1);
    yao_cbor_put_string(w, "deviceKey");
    yao_cose_put_key(w, &q->device_key);
    yao_cbor_put_string(w, "docType");
    yao_cbor_put_text(w, q->doc_type);
    yao_cbor_put_string(w, "validityInfo");
    put_validity(w, &q->validity);
    if (status) {
        yao_cbor_put_string(w, "status");
        put_status(w, q);
    }
}

/* MobileSecurityObjectBytes. Moving them once is cheaper than counting. */
static yao_status put_payload(yao_arena *arena, const batch *b, yao_bytes *ret)
{
    yao_writer w    = yao_writer_in(arena);
    size_t     mark = yao_cbor_begin_wrapped(&w);

    put_mso(&w, b);
    yao_cbor_end_bytes(&w, mark);
    return yao_writer_keep(&w, arena, ret);
}

/* ---- the document ------------------------------------------------------- */

static yao_cose_headers headers_of(const yao_mdoc_issue_request *q)
{
    return (yao_cose_headers){.alg         = q->alg,
                              .chain       = q->chain,
                              .chain_count = q->chain_count};
}

yao_status yao_mdoc_issue(yao_arena *arena, const yao_crypto *crypto,
                          const yao_mdoc_issue_request *request,
                          yao_entropy *entropy, yao_mdoc_issuing *ret)
{
    batch            b = {.request = request, .crypto = crypto};
    yao_mdoc_issuing i = {.request = *request};

    YAO_TRY(check_request(request));
    YAO_TRY(check_elements(request, &b.space_count));
    YAO_TRY(prepare(arena, &b, entropy));

    yao_writer w = yao_writer_in(arena);
    YAO_TRY(put_name_spaces(&w, &b));
    YAO_TRY(yao_writer_keep(&w, arena, &i.name_spaces));
    YAO_TRY(put_payload(arena, &b, &i.payload));

    yao_cose_headers headers = headers_of(request);
    YAO_TRY(yao_cose_wish_sign1(&headers, &i.payload, 1, arena, &i.wish));

    *ret = i;
    return YAO_OK;
}

yao_status yao_mdoc_put_issued(yao_writer *w, const yao_mdoc_issuing *issuing,
                               yao_bytes signature)
{
    yao_cose_headers   headers = headers_of(&issuing->request);
    const yao_sig_row *row     = yao_sig_by_alg(headers.alg);

    if (row == NULL || signature.len != row->signature_len)
        return YAO_E_USAGE;
    yao_cbor_put_map(w, 2);
    yao_cbor_put_string(w, "nameSpaces");
    yao_cbor_put_raw(w, issuing->name_spaces);
    yao_cbor_put_string(w, "issuerAuth");
    yao_cose_put_sign1(w, &headers, &issuing->payload, signature);

    return w->status;
}
