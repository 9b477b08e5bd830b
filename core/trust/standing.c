/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/standing.h"

#include "x509/x509.h"

#define TYPE "yaopai-standing-1"

/* Labels of the payload. */
enum { URL = 1, ID, PROFILE, PLACE, READER, EXPIRY, LABELS = 6 };

/* ---- what may stand in one ---------------------------------------------- */

/* It is called with a path behind it. */
static bool is_address(yao_text url)
{
    if (url.len == 0 || url.len > YAO_STANDING_URL ||
        url.ptr[url.len - 1] == '/')
        return false;
    if (!yao_bytes_starts(yao_text_bytes(url), YAO_LIT("https://")) &&
        !yao_bytes_starts(yao_text_bytes(url), YAO_LIT("http://")))
        return false;
    for (size_t i = 0; i < url.len; i++)
        if (url.ptr[i] <= ' ' || url.ptr[i] >= 0x7f || url.ptr[i] == '?' ||
            url.ptr[i] == '#' || url.ptr[i] == '@' || url.ptr[i] == '%')
            return false;
    return true;
}

static bool is_good(const yao_standing *s)
{
    return is_address(s->url) && s->id.len == YAO_STANDING_ID &&
           s->profile.len != 0 && s->place.len != 0 &&
           s->place.len <= 4 * YAO_STANDING_PLACE &&
           yao_text_count(s->place) <= YAO_STANDING_PLACE &&
           s->reader.len == YAO_SHA256_LEN && s->expires >= 0 &&
           s->expires <= YAO_TIME_MAX;
}

static yao_status name_root(const yao_crypto *crypto, yao_bytes der,
                            uint8_t out[YAO_SHA256_LEN])
{
    return crypto->hash(crypto->ctx, YAO_SHA256, &der, 1, out);
}

/* ---- reading ------------------------------------------------------------ */

bool yao_standing_is(yao_bytes letters)
{
    return yao_bytes_starts(letters, YAO_LIT(YAO_STANDING_PREFIX));
}

static void want_label(yao_cbor_reader *r, int64_t label)
{
    if (yao_cbor_get_int(r) != label)
        yao_cbor_fail(r, YAO_E_MALFORMED);
}

static yao_status read_payload(yao_bytes payload, yao_standing *s)
{
    yao_cbor_reader r = yao_cbor_open(payload);

    if (yao_cbor_get_map(&r) != LABELS)
        yao_cbor_fail(&r, YAO_E_MALFORMED);
    want_label(&r, URL);
    s->url = yao_cbor_get_text(&r);
    want_label(&r, ID);
    s->id = yao_cbor_get_bytes(&r);
    want_label(&r, PROFILE);
    s->profile = yao_cbor_get_text(&r);
    want_label(&r, PLACE);
    s->place = yao_cbor_get_text(&r);
    want_label(&r, READER);
    s->reader = yao_cbor_get_bytes(&r);
    want_label(&r, EXPIRY);
    uint64_t expires = yao_cbor_get_uint(&r);
    YAO_TRY(yao_cbor_close(&r));
    if (expires > (uint64_t)YAO_TIME_MAX)
        return YAO_E_MALFORMED;
    s->expires = (yao_time)expires;
    return is_good(s) ? YAO_OK : YAO_E_MALFORMED;
}

static yao_status read_letters(yao_arena *arena, yao_bytes letters,
                               yao_bytes *ret)
{
    size_t     skip = sizeof YAO_STANDING_PREFIX - 1;
    yao_writer w    = yao_writer_in(arena);

    if (!yao_standing_is(letters))
        return YAO_E_MALFORMED;
    if (letters.len > YAO_STANDING_LETTERS)
        return YAO_E_LIMIT;
    YAO_TRY(yao_get_base45((yao_bytes){letters.ptr + skip, letters.len - skip},
                           &w));
    YAO_TRY(yao_writer_keep(&w, arena, ret));
    return ret->len <= YAO_STANDING_BYTES ? YAO_OK : YAO_E_LIMIT;
}

yao_status yao_standing_read(yao_arena *arena, yao_bytes letters,
                             yao_standing *ret)
{
    yao_standing s = {.expires = YAO_TIME_NONE};
    yao_bytes    bytes;

    YAO_TRY(read_letters(arena, letters, &bytes));
    YAO_TRY(
        yao_cose_read_message(bytes, YAO_COSE_TAG_SIGN1, false, &s.message));
    if (!yao_text_equal(s.message.type, YAO_TEXT(TYPE)) || s.message.detached)
        return YAO_E_MALFORMED;
    if (s.message.kid.len != YAO_TRUST_KID || s.message.chain_count != 0)
        return YAO_E_HEADER;
    YAO_TRY(read_payload(s.message.payload, &s));
    *ret = s;
    return YAO_OK;
}

/* ---- who signed --------------------------------------------------------- */

static yao_status find_root(const yao_standing       *s,
                            const yao_standing_terms *terms, yao_bytes *ret)
{
    uint8_t hash[YAO_SHA256_LEN];

    for (size_t i = 0; i < terms->anchor_count; i++) {
        const yao_anchor *a = &terms->anchors[i];

        if (a->role != YAO_ROLE_READER)
            continue;
        YAO_TRY(name_root(terms->crypto, a->certificate, hash));
        if (!yao_bytes_equal(s->message.kid,
                             (yao_bytes){hash, YAO_TRUST_KID}))
            continue;
        *ret = a->certificate;
        return YAO_OK;
    }
    return YAO_E_UNTRUSTED;
}

yao_status yao_standing_check(yao_arena *arena, const yao_standing *s,
                              const yao_standing_terms *terms,
                              yao_signature_check      *ret)
{
    yao_certificate root;
    yao_bytes       der;

    YAO_TRY(find_root(s, terms, &der));
    YAO_TRY(yao_x509_read(der, &root));
    if (terms->now >= s->expires || terms->now > root.not_after)
        return YAO_E_EXPIRED;
    return yao_cose_check_sign1(&s->message, &root.key, NULL, 0, arena, ret);
}

static yao_status answer_of(const yao_signature_check *check)
{
    if (check->outcome == YAO_SIG_GOOD)
        return YAO_OK;
    return check->outcome == YAO_SIG_BAD ? YAO_E_BAD_SIGNATURE
                                         : YAO_E_UNSUPPORTED;
}

yao_status yao_standing_conclude(const yao_standing        *s,
                                 const yao_signature_check *check,
                                 const yao_trust_verified  *list,
                                 const yao_trust_party    **ret)
{
    const yao_trust_party *party = NULL;

    YAO_TRY(answer_of(check));
    for (size_t i = 0; list != NULL && i < list->content.party_count; i++)
        if (yao_bytes_equal(list->content.parties[i].hash, s->reader))
            party = &list->content.parties[i];
    if (party == NULL)
        return YAO_E_NOT_FOUND;
    if (party->state != YAO_PARTY_ACTIVE)
        return YAO_E_SUSPENDED;
    if (!yao_trust_may_ask(party, s->profile))
        return YAO_E_NOT_AUTHORISED;
    *ret = party;
    return YAO_OK;
}

/* ---- making ------------------------------------------------------------- */

static void put_payload(yao_writer *w, const yao_standing *s)
{
    yao_cbor_put_map(w, LABELS);
    yao_cbor_put_uint(w, URL);
    yao_cbor_put_text(w, s->url);
    yao_cbor_put_uint(w, ID);
    yao_cbor_put_bytes(w, s->id);
    yao_cbor_put_uint(w, PROFILE);
    yao_cbor_put_text(w, s->profile);
    yao_cbor_put_uint(w, PLACE);
    yao_cbor_put_text(w, s->place);
    yao_cbor_put_uint(w, READER);
    yao_cbor_put_bytes(w, s->reader);
    yao_cbor_put_uint(w, EXPIRY);
    yao_cbor_put_uint(w, (uint64_t)s->expires);
}

yao_status yao_standing_make(yao_arena *arena, const yao_crypto *crypto,
                             const yao_standing *s, yao_sig_alg alg,
                             yao_bytes root, yao_standing_making *ret)
{
    yao_standing_making m = {
        .headers = {.alg = alg, .type = YAO_TEXT(TYPE)}};
    uint8_t hash[YAO_SHA256_LEN];

    if (!is_good(s) || yao_sig_by_alg(alg) == NULL)
        return YAO_E_USAGE;
    YAO_TRY(name_root(crypto, root, hash));
    YAO_TRY(yao_arena_keep(arena, (yao_bytes){hash, YAO_TRUST_KID},
                           &m.headers.kid));
    yao_writer w = yao_writer_in(arena);
    put_payload(&w, s);
    YAO_TRY(yao_writer_keep(&w, arena, &m.payload));
    YAO_TRY(
        yao_cose_wish_sign1(&m.headers, &m.payload, 1, arena, &m.wish));
    *ret = m;
    return YAO_OK;
}

void yao_standing_put(yao_writer *w, const yao_standing_making *making,
                      yao_bytes signature)
{
    uint8_t    bytes[YAO_STANDING_BYTES];
    yao_writer in = yao_writer_open(bytes, sizeof bytes);

    yao_cbor_put_tag(&in, YAO_COSE_TAG_SIGN1);
    yao_cose_put_sign1(&in, &making->headers, &making->payload, signature);
    if (in.status != YAO_OK) {
        yao_writer_fail(w, in.status == YAO_E_SPACE ? YAO_E_LIMIT : in.status);
        return;
    }
    yao_put_text(w, YAO_STANDING_PREFIX);
    yao_put_base45(w, (yao_bytes){bytes, in.len});
}
