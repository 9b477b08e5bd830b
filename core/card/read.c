/* SPDX-License-Identifier: Apache-2.0 */
#include "card/labels.h"

/*
 * Of a card nothing is accepted that would not be written: same order, same
 * labels, nothing more. So two readers cannot see two things in it, and what
 * is accepted could be written again byte for byte. A printed card may be
 * another issuer's: any order, further claims, no private claim.
 */

typedef struct reading {
    yao_arena           *arena;
    yao_card_unverified *card;
    yao_card_element    *elements; /* room for YAO_MAX_CARD_ELEMENTS */
    bool                 in_private; /* the private claim was there */
} reading;

static void fail(yao_cbor_reader *r)
{
    yao_cbor_fail(r, YAO_E_MALFORMED);
}

static void want(yao_cbor_reader *r, bool holds)
{
    if (!holds)
        fail(r);
}

/* ---- values ------------------------------------------------------------- */

static yao_text get_name(yao_cbor_reader *r)
{
    yao_text text = yao_cbor_get_text(r);

    want(r, text.len != 0);
    return text;
}

static yao_time get_time(yao_cbor_reader *r)
{
    uint64_t time = yao_cbor_get_uint(r);

    want(r, time <= (uint64_t)YAO_TIME_MAX);
    return r->status == YAO_OK ? (yao_time)time : YAO_TIME_NONE;
}

static void want_pair(yao_cbor_reader *r, int64_t key, int64_t value)
{
    want(r, yao_cbor_get_int(r) == key);
    if (yao_cbor_get_int(r) != value)
        yao_cbor_fail(r, YAO_E_KEY);
}

/* {1: {1: 2, -1: 1, -2: x, -3: sign of y}} */
static void get_device_key(yao_cbor_reader *r, yao_public_key *ret)
{
    yao_public_key key = {.curve = YAO_P256, .len = 33};

    want(r, yao_cbor_get_map(r) == 1);
    want(r, yao_cbor_get_int(r) == 1);
    want(r, yao_cbor_get_map(r) == 4);
    want_pair(r, 1, 2);
    want_pair(r, -1, 1);
    want(r, yao_cbor_get_int(r) == -2);
    yao_bytes x = yao_cbor_get_bytes(r);
    want(r, yao_cbor_get_int(r) == -3);
    if (yao_cbor_peek(r) == YAO_CBOR_BYTES || x.len != 32)
        yao_cbor_fail(r, YAO_E_KEY);
    key.point[0] = yao_cbor_get_bool(r) ? 3 : 2;
    if (r->status != YAO_OK)
        return;

    for (size_t i = 0; i < x.len; i++)
        key.point[1 + i] = x.ptr[i];
    *ret = key;
}

static void add_element(yao_cbor_reader *r, reading *in, yao_card_space space,
                        uint64_t label)
{
    yao_card_content *c     = &in->card->content;
    yao_bytes         value = yao_cbor_get_any(r);

    if (c->element_count == YAO_MAX_CARD_ELEMENTS)
        yao_cbor_fail(r, YAO_E_LIMIT);
    if (r->status == YAO_OK)
        in->elements[c->element_count++] =
            (yao_card_element){space, label, value};
}

/* Of other issuers labels come in any order, and unknown ones too; the same
 * one twice was refused with the whole payload. */
static void get_169(yao_cbor_reader *r, reading *in)
{
    uint64_t pairs = yao_cbor_get_map(r), last = 0;

    want(r, pairs != 0);
    for (uint64_t i = 0; i < pairs && r->status == YAO_OK; i++) {
        uint64_t label = yao_cbor_get_uint(r);

        if (!in->card->printed)
            want(r, label > last && label <= YAO_CARD_LAST_ELEMENT);
        add_element(r, in, YAO_CARD_169, label);
        last = label;
    }
}

/* {0: vct, 1: profile, * label => any, ? -1: true} */
static void get_private(yao_cbor_reader *r, reading *in)
{
    yao_card_content *c     = &in->card->content;
    uint64_t          pairs = yao_cbor_get_map(r);
    int64_t           last  = YAO_CARD_PROFILE;

    want(r, yao_cbor_get_int(r) == YAO_CARD_TYPE);
    c->type = get_name(r);
    want(r, yao_cbor_get_int(r) == YAO_CARD_PROFILE);
    c->profile = get_name(r);
    for (uint64_t i = 2; i < pairs && r->status == YAO_OK; i++) {
        int64_t label = yao_cbor_get_int(r);

        if (label == YAO_CARD_SEALED) {
            want(r, i + 1 == pairs && !in->card->printed);
            c->sealed = yao_cbor_get_bool(r);
            want(r, c->sealed);
            continue;
        }
        want(r, label > last && label <= YAO_CARD_LAST_ELEMENT);
        add_element(r, in, YAO_CARD_PRIVATE, (uint64_t)label);
        last = label;
    }
    in->in_private = true;
}

/* {"status_list": {"idx": uint, "uri": tstr}}, draft-ietf-oauth-status-list
 * section 6.3; further members are skipped. */
static void get_status_list(yao_cbor_reader *r, yao_card_content *c)
{
    uint64_t pairs = yao_cbor_get_map(r);
    bool     index = false;

    for (uint64_t i = 0; i < pairs && r->status == YAO_OK; i++) {
        yao_text name = yao_cbor_get_text(r);

        if (yao_text_equal(name, YAO_TEXT("idx"))) {
            c->status_index = yao_cbor_get_uint(r);
            index           = true;
        } else if (yao_text_equal(name, YAO_TEXT("uri"))) {
            c->status_uri = get_name(r);
        } else {
            (void)yao_cbor_get_any(r);
        }
    }
    if (index && c->status_uri.len != 0)
        c->status = YAO_CARD_STATUS_URI;
}

static void get_status(yao_cbor_reader *r, reading *in)
{
    yao_card_content *c = &in->card->content;

    if (!in->card->printed) {
        yao_cbor_get_array(r, 2);
        c->status       = YAO_CARD_STATUS_NUMBER;
        c->status_list  = yao_cbor_get_uint(r);
        c->status_index = yao_cbor_get_uint(r);
        return;
    }
    c->status = YAO_CARD_STATUS_UNKNOWN;
    if (yao_cbor_peek(r) != YAO_CBOR_MAP) {
        (void)yao_cbor_get_any(r);
        return;
    }

    uint64_t pairs = yao_cbor_get_map(r);
    for (uint64_t i = 0; i < pairs && r->status == YAO_OK; i++) {
        yao_text name = yao_cbor_get_text(r);

        if (yao_text_equal(name, YAO_TEXT("status_list")))
            get_status_list(r, c);
        else
            (void)yao_cbor_get_any(r);
    }
}

/* ---- claims ------------------------------------------------------------- */

static void get_other(yao_cbor_reader *r, const reading *in)
{
    want(r, in->card->printed);
    (void)yao_cbor_get_any(r);
}

/* Whose key a piece of paper names does not matter: it is a part torn off. */
static void get_confirmation(yao_cbor_reader *r, reading *in)
{
    if (in->card->printed) {
        in->card->torn = true;
        (void)yao_cbor_get_any(r);
        return;
    }
    get_device_key(r, &in->card->content.device_key);
}

static void get_claim(yao_cbor_reader *r, reading *in, int64_t claim)
{
    yao_card_content *c = &in->card->content;

    switch (claim) {
    case YAO_CLAIM_ISS:
        c->issuer = get_name(r);
        return;
    case YAO_CLAIM_EXP:
        c->expires = get_time(r);
        return;
    case YAO_CLAIM_NBF:
        want(r, in->card->printed);
        c->not_before = get_time(r);
        return;
    case YAO_CLAIM_IAT:
        c->issued_at = get_time(r);
        return;
    case YAO_CLAIM_CNF:
        get_confirmation(r, in);
        return;
    case YAO_CLAIM_169:
        get_169(r, in);
        return;
    case YAO_CLAIM_STATUS:
        get_status(r, in);
        return;
    case YAO_CLAIM_PRIVATE:
        get_private(r, in);
        return;
    default:
        get_other(r, in);
        return;
    }
}

/* Where CLAIM stands in the order of RFC 8949 section 4.2.1: negative numbers
 * behind the others, downwards. */
static uint64_t rank_of(int64_t claim)
{
    return claim >= 0 ? (uint64_t)claim
                      : (UINT64_C(1) << 63) + (uint64_t)(-1 - claim);
}

static void get_claims(yao_cbor_reader *r, reading *in)
{
    uint64_t pairs = yao_cbor_get_map(r), next = 0;

    for (uint64_t i = 0; i < pairs && r->status == YAO_OK; i++) {
        if (in->card->printed && yao_cbor_peek(r) == YAO_CBOR_TEXT) {
            (void)yao_cbor_get_text(r);
            (void)yao_cbor_get_any(r);
            continue;
        }

        int64_t claim = yao_cbor_get_int(r);
        if (!in->card->printed)
            want(r, rank_of(claim) >= next);
        next = rank_of(claim) + 1;
        if (r->status == YAO_OK)
            get_claim(r, in, claim);
    }
}

static bool is_complete(const reading *in)
{
    const yao_card_content *c = &in->card->content;

    if (c->element_count == 0)
        return false;

    return in->card->printed ||
           (in->in_private && c->issuer.len != 0 &&
            c->issued_at != YAO_TIME_NONE && c->expires != YAO_TIME_NONE &&
            c->device_key.curve != YAO_CURVE_NONE);
}

static yao_status read_claims(yao_arena *arena, yao_card_unverified *card)
{
    yao_cbor_reader r  = yao_cbor_open(card->message.payload);
    reading         in = {.arena = arena, .card = card};

    card->content = (yao_card_content){.issued_at  = YAO_TIME_NONE,
                                       .not_before = YAO_TIME_NONE,
                                       .expires    = YAO_TIME_NONE};
    if (card->printed) /* no key twice, whatever it is */
        YAO_TRY(yao_cbor_check(card->message.payload, false, NULL));
    in.elements = yao_arena_take_array(arena, YAO_MAX_CARD_ELEMENTS,
                                       sizeof *in.elements);
    if (in.elements == NULL)
        return YAO_E_SPACE;

    get_claims(&r, &in);
    YAO_TRY(yao_cbor_close(&r));
    card->content.elements = in.elements;

    return is_complete(&in) ? YAO_OK : YAO_E_MALFORMED;
}

/* ---- the issuer part ---------------------------------------------------- */

/* {1: alg, 4: kid} */
static yao_status read_headers(yao_cose_message *m)
{
    yao_cbor_reader r = yao_cbor_open(m->protected_bytes);

    want(&r, yao_cbor_get_map(&r) == 2);
    want(&r, yao_cbor_get_int(&r) == 1);
    m->alg = yao_cbor_get_int(&r);
    want(&r, yao_cbor_get_int(&r) == 4);
    m->kid = yao_cbor_get_bytes(&r);
    want(&r, m->kid.len == YAO_CARD_KID);

    return yao_cbor_close(&r);
}

/* {} / {33: bstr / [2*4 bstr]} */
static void get_unprotected(yao_cbor_reader *r, bool chained,
                            yao_cose_message *m)
{
    uint64_t pairs = yao_cbor_get_map(r);

    if (pairs == 0)
        return;
    want(r, chained && pairs == 1 && yao_cbor_get_int(r) == 33);

    bool     several = yao_cbor_peek(r) == YAO_CBOR_ARRAY;
    uint64_t count   = several ? yao_cbor_get_items(r) : 1;
    want(r, count <= YAO_MAX_CHAIN && (count >= 2 || !several));
    for (uint64_t i = 0; i < count && r->status == YAO_OK; i++) {
        m->chain[i] = yao_cbor_get_bytes(r);
        want(r, m->chain[i].len != 0);
    }
    m->chain_count = (size_t)count;
}

static yao_status read_sign1(yao_bytes input, bool chained,
                             yao_cose_message *ret)
{
    yao_cose_message m = {.alg = 0};
    yao_cbor_reader  r = yao_cbor_open(input);

    yao_cbor_get_tag(&r, YAO_COSE_TAG_SIGN1);
    yao_cbor_get_array(&r, 4);
    m.protected_bytes = yao_cbor_get_bytes(&r);
    get_unprotected(&r, chained, &m);
    m.payload   = yao_cbor_get_bytes(&r);
    m.signature = yao_cbor_get_bytes(&r);
    YAO_TRY(yao_cbor_close(&r));
    YAO_TRY(read_headers(&m));

    *ret = m;
    return YAO_OK;
}

yao_status yao_card_read_sign1(yao_bytes input, yao_cose_message *ret)
{
    return read_sign1(input, false, ret);
}

yao_status yao_card_read_sign1_chain(yao_bytes input, yao_cose_message *ret)
{
    return read_sign1(input, true, ret);
}

/* ---- all of it ---------------------------------------------------------- */

/* uint / null */
static bool get_step(yao_cbor_reader *r, uint64_t *ret)
{
    bool stepped = yao_cbor_peek(r) == YAO_CBOR_UINT;

    if (stepped)
        *ret = yao_cbor_get_uint(r);
    else
        yao_cbor_get_null(r);

    return stepped;
}

yao_status yao_card_parse(yao_arena *arena, yao_bytes input,
                          yao_card_unverified *ret)
{
    yao_card_unverified card = {.printed = false};
    yao_cbor_reader     r    = yao_cbor_open(input);

    if (input.len > YAO_MAX_CARD)
        return YAO_E_LIMIT;
    yao_cbor_get_array(&r, 3);
    card.issued           = yao_cbor_get_bytes(&r);
    card.stepped          = get_step(&r, &card.step);
    card.holder_signature = yao_cbor_get_bytes(&r);
    want(&r, card.holder_signature.len == YAO_CARD_SIGNATURE_LEN);
    YAO_TRY(yao_cbor_close(&r));
    if (card.issued.len > YAO_MAX_CARD_ISSUED)
        return YAO_E_LIMIT;
    YAO_TRY(yao_card_read_sign1(card.issued, &card.message));
    YAO_TRY(read_claims(arena, &card));

    *ret = card;
    return YAO_OK;
}

yao_status yao_card_parse_printed(yao_arena *arena, yao_bytes input,
                                  yao_card_unverified *ret)
{
    yao_card_unverified card = {.printed = true, .issued = input};

    if (input.len > YAO_MAX_CARD_WHOLE)
        return YAO_E_LIMIT;
    YAO_TRY(yao_cose_read_message(input, YAO_COSE_TAG_SIGN1, false,
                                  &card.message));
    if (card.message.detached)
        return YAO_E_MALFORMED;
    YAO_TRY(read_claims(arena, &card));

    *ret = card;
    return YAO_OK;
}

yao_status yao_card_read_mdoc(yao_bytes input, yao_card_mdoc *ret)
{
    yao_card_mdoc   mdoc = {.step = 0};
    yao_cbor_reader r    = yao_cbor_open(input);

    if (input.len > YAO_MAX_CARD_WHOLE)
        return YAO_E_LIMIT;
    yao_cbor_get_array(&r, 2);
    mdoc.stepped  = get_step(&r, &mdoc.step);
    mdoc.response = yao_cbor_get_bytes(&r);
    YAO_TRY(yao_cbor_close(&r));

    *ret = mdoc;
    return YAO_OK;
}
