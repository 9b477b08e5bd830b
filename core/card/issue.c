/* SPDX-License-Identifier: Apache-2.0 */
#include "card/labels.h"

/* ---- what may be issued ------------------------------------------------- */

static bool is_printed(const yao_card_content *c)
{
    return c->device_key.curve == YAO_CURVE_NONE;
}

static yao_status check_dates(const yao_card_content *c)
{
    if (c->issued_at < 0 || c->issued_at > YAO_TIME_MAX ||
        c->expires > YAO_TIME_MAX || c->expires <= c->issued_at)
        return YAO_E_USAGE;

    return YAO_OK;
}

/* A number is what a bundle knows lists by; paper is read by strangers. */
static yao_status check_status(const yao_card_content *c)
{
    switch (c->status) {
    case YAO_CARD_STATUS_NONE:
    case YAO_CARD_STATUS_NUMBER:
        return YAO_OK;
    case YAO_CARD_STATUS_URI:
        return is_printed(c) && c->status_uri.len != 0 ? YAO_OK : YAO_E_USAGE;
    default:
        return YAO_E_USAGE;
    }
}

static yao_status check_content(const yao_card_content *c)
{
    const yao_public_key *key = &c->device_key;

    if (c->issuer.len == 0 || c->type.len == 0 || c->profile.len == 0 ||
        c->element_count == 0)
        return YAO_E_USAGE;
    if (c->element_count > YAO_MAX_CARD_ELEMENTS)
        return YAO_E_LIMIT;
    if (is_printed(c) && c->sealed)
        return YAO_E_USAGE;
    if (!is_printed(c) &&
        (key->curve != YAO_P256 || !yao_public_key_well_formed(key)))
        return YAO_E_USAGE;
    YAO_TRY(check_dates(c));

    return check_status(c);
}

static yao_status check_element(const yao_card_element *e)
{
    uint64_t first = e->space == YAO_CARD_169 ? 1 : YAO_CARD_FIRST_ELEMENT;

    if (e->space != YAO_CARD_169 && e->space != YAO_CARD_PRIVATE)
        return YAO_E_USAGE;
    if (e->label < first || e->label > YAO_CARD_LAST_ELEMENT)
        return YAO_E_USAGE;
    if (yao_cbor_check(e->value, false, NULL) != YAO_OK)
        return YAO_E_USAGE;

    return YAO_OK;
}

/* ---- elements in their order -------------------------------------------- */

static bool before(const yao_card_element *a, const yao_card_element *b)
{
    if (a->space != b->space)
        return a->space == YAO_CARD_169;

    return a->label < b->label;
}

/* At most YAO_MAX_CARD_ELEMENTS, so that inserting is quick enough. */
static yao_status sort(yao_arena *arena, const yao_card_content *c,
                       yao_card_element **ret)
{
    yao_card_element *out =
        yao_arena_take_array(arena, c->element_count, sizeof *out);

    if (out == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < c->element_count; i++) {
        const yao_card_element *e = &c->elements[i];
        size_t                  at = i;

        YAO_TRY(check_element(e));
        for (; at > 0 && before(e, &out[at - 1]); at--)
            out[at] = out[at - 1];
        if (at > 0 && !before(&out[at - 1], e))
            return YAO_E_DUPLICATE;
        out[at] = *e;
    }

    *ret = out;
    return YAO_OK;
}

static size_t count_of(const yao_card_content *c, yao_card_space space)
{
    size_t count = 0;

    for (size_t i = 0; i < c->element_count; i++)
        count += c->elements[i].space == space;

    return count;
}

/* ---- writing ------------------------------------------------------------ */

/* y as its sign: 31 bytes less than a coordinate. */
static void put_device_key(yao_writer *w, const yao_public_key *key)
{
    bool odd = key->point[0] == 4 ? key->point[key->len - 1] & 1
                                  : key->point[0] == 3;

    yao_cbor_put_uint(w, YAO_CLAIM_CNF);
    yao_cbor_put_map(w, 1);
    yao_cbor_put_uint(w, 1); /* RFC 8747 section 3.1: COSE_Key */
    yao_cbor_put_map(w, 4);
    yao_cbor_put_int(w, 1);
    yao_cbor_put_uint(w, 2); /* EC2 */
    yao_cbor_put_int(w, -1);
    yao_cbor_put_uint(w, 1); /* P-256 */
    yao_cbor_put_int(w, -2);
    yao_cbor_put_bytes(w, (yao_bytes){key->point + 1, 32});
    yao_cbor_put_int(w, -3);
    yao_cbor_put_bool(w, odd);
}

static void put_elements(yao_writer *w, const yao_card_content *c,
                         yao_card_space space)
{
    for (size_t i = 0; i < c->element_count; i++) {
        if (c->elements[i].space != space)
            continue;
        yao_cbor_put_uint(w, c->elements[i].label);
        yao_cbor_put_raw(w, c->elements[i].value);
    }
}

void yao_card_put_status_uri(yao_writer *w, yao_text issuer, uint64_t list)
{
    uint8_t digits[20];
    size_t  at = sizeof digits;

    do {
        digits[--at] = (uint8_t)('0' + list % 10);
        list /= 10;
    } while (list != 0);
    yao_put_bytes(w, yao_text_bytes(issuer));
    yao_put_text(w, "/statuslists/");
    yao_put_bytes(w, (yao_bytes){digits + at, sizeof digits - at});
}

static void put_text_of_uri(yao_writer *w, const yao_card_content *c)
{
    yao_writer count = yao_writer_count();

    if (c->status == YAO_CARD_STATUS_URI) {
        yao_cbor_put_text(w, c->status_uri);
        return;
    }
    yao_card_put_status_uri(&count, c->issuer, c->status_list);
    size_t mark = w->len;
    yao_cbor_put_bytes_head(w, count.len);
    if (w->status == YAO_OK && w->ptr != NULL) /* a tstr's head is a bstr's with
                                                  another major type */
        w->ptr[mark] = (uint8_t)(w->ptr[mark] | 0x20);
    yao_card_put_status_uri(w, c->issuer, c->status_list);
}

static void put_status(yao_writer *w, const yao_card_content *c)
{
    if (c->status == YAO_CARD_STATUS_NONE)
        return;

    yao_cbor_put_uint(w, YAO_CLAIM_STATUS);
    if (!is_printed(c)) {
        yao_cbor_put_array(w, 2);
        yao_cbor_put_uint(w, c->status_list);
        yao_cbor_put_uint(w, c->status_index);
        return;
    }
    yao_cbor_put_map(w, 1);
    yao_cbor_put_string(w, "status_list");
    yao_cbor_put_map(w, 2);
    yao_cbor_put_string(w, "idx");
    yao_cbor_put_uint(w, c->status_index);
    yao_cbor_put_string(w, "uri");
    put_text_of_uri(w, c);
}

static void put_private(yao_writer *w, const yao_card_content *c)
{
    yao_cbor_put_int(w, YAO_CLAIM_PRIVATE);
    yao_cbor_put_map(w, 2 + count_of(c, YAO_CARD_PRIVATE) + c->sealed);
    yao_cbor_put_uint(w, YAO_CARD_TYPE);
    yao_cbor_put_text(w, c->type);
    yao_cbor_put_uint(w, YAO_CARD_PROFILE);
    yao_cbor_put_text(w, c->profile);
    put_elements(w, c, YAO_CARD_PRIVATE);
    if (c->sealed) {
        yao_cbor_put_int(w, YAO_CARD_SEALED);
        yao_cbor_put_bool(w, true);
    }
}

static void put_claims(yao_writer *w, const yao_card_content *c)
{
    size_t in_169 = count_of(c, YAO_CARD_169);

    yao_cbor_put_map(w, 4u + !is_printed(c) + (in_169 != 0) +
                            (c->status != YAO_CARD_STATUS_NONE));
    yao_cbor_put_uint(w, YAO_CLAIM_ISS);
    yao_cbor_put_text(w, c->issuer);
    yao_cbor_put_uint(w, YAO_CLAIM_EXP);
    yao_cbor_put_uint(w, (uint64_t)c->expires);
    yao_cbor_put_uint(w, YAO_CLAIM_IAT);
    yao_cbor_put_uint(w, (uint64_t)c->issued_at);
    if (!is_printed(c))
        put_device_key(w, &c->device_key);
    if (in_169 != 0) {
        yao_cbor_put_uint(w, YAO_CLAIM_169);
        yao_cbor_put_map(w, in_169);
        put_elements(w, c, YAO_CARD_169);
    }
    put_status(w, c);
    put_private(w, c);
}

/* ---- the card ----------------------------------------------------------- */

yao_status yao_card_kid(const yao_crypto *crypto, yao_bytes certificate,
                        uint8_t out[YAO_CARD_KID])
{
    uint8_t hash[YAO_SHA256_LEN];

    YAO_TRY(yao_card_hash(crypto, certificate, hash));
    for (size_t i = 0; i < YAO_CARD_KID; i++)
        out[i] = hash[i];

    return YAO_OK;
}

static yao_status put_sign1(yao_writer *w, const yao_card_issuing *issuing,
                            yao_bytes signature)
{
    yao_cbor_put_tag(w, YAO_COSE_TAG_SIGN1);
    yao_cose_put_sign1(w, &issuing->headers, &issuing->payload, signature);

    return w->status;
}

/* Would it fit its code? */
static yao_status check_len(const yao_card_content *c,
                            const yao_card_issuing *issuing)
{
    static const uint8_t zeros[YAO_MAX_SIGNATURE];
    const yao_sig_row   *row   = yao_sig_by_alg(issuing->headers.alg);
    yao_writer           count = yao_writer_count();
    size_t               max   = is_printed(c) ? YAO_MAX_CARD
                                               : YAO_MAX_CARD_ISSUED;

    (void)put_sign1(&count, issuing, (yao_bytes){zeros, row->signature_len});

    return count.len <= max ? count.status : YAO_E_LIMIT;
}

yao_status yao_card_issue(yao_arena *arena, const yao_crypto *crypto,
                          const yao_card_content *content, yao_sig_alg alg,
                          yao_bytes signer, yao_card_issuing *ret)
{
    yao_card_content  sorted  = *content;
    yao_card_issuing  issuing = {.headers.alg = alg};
    yao_card_element *elements;
    uint8_t           kid[YAO_CARD_KID];

    if (signer.len == 0 || yao_sig_by_alg(alg) == NULL)
        return YAO_E_USAGE;
    YAO_TRY(check_content(content));
    YAO_TRY(sort(arena, content, &elements));
    YAO_TRY(yao_card_kid(crypto, signer, kid));
    YAO_TRY(yao_arena_keep(arena, (yao_bytes){kid, sizeof kid},
                           &issuing.headers.kid));

    sorted.elements = elements;
    yao_writer w    = yao_writer_in(arena);
    put_claims(&w, &sorted);
    YAO_TRY(yao_writer_keep(&w, arena, &issuing.payload));
    YAO_TRY(check_len(content, &issuing));
    YAO_TRY(yao_cose_wish_sign1(&issuing.headers, &issuing.payload, 1, arena,
                                &issuing.wish));

    *ret = issuing;
    return YAO_OK;
}

yao_status yao_card_put_issued(yao_writer *w, const yao_card_issuing *issuing,
                               yao_bytes signature)
{
    return put_sign1(w, issuing, signature);
}
