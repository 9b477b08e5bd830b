/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/parts.h"

/* ---- choosing ----------------------------------------------------------- */

/* Which items of a document are shown. */
typedef struct choice {
    const yao_mdoc_issuer_signed *stored;
    uint32_t                      chosen[YAO_MAX_ELEMENTS / 32];
    size_t                        count;
} choice;

static bool is_chosen(const choice *c, size_t item)
{
    return (c->chosen[item / 32] >> item % 32 & 1u) != 0;
}

static void choose(choice *c, size_t item)
{
    if (!is_chosen(c, item))
        c->count++;
    c->chosen[item / 32] |= 1u << item % 32;
}

/* NN of age_over_NN, or -1. */
static int age_of(yao_text element)
{
    yao_bytes      name   = yao_text_bytes(element);
    yao_bytes      prefix = YAO_LIT("age_over_");
    const uint8_t *digits = name.ptr + prefix.len;

    if (name.len != prefix.len + 2 || !yao_bytes_starts(name, prefix))
        return -1;
    if (digits[0] < '0' || digits[0] > '9' || digits[1] < '0' ||
        digits[1] > '9')
        return -1;

    return (digits[0] - '0') * 10 + (digits[1] - '0');
}

/* The age that item I of C says something about, when it stands in SPACE and
 * says VALUE; else -1. */
static int age_said(const choice *c, size_t i, yao_text space, yao_bytes value)
{
    const yao_mdoc_item *item = &c->stored->items[i];

    if (!yao_text_equal(item->name_space, space) ||
        !yao_bytes_equal(item->value, value))
        return -1;

    return age_of(item->element);
}

/* The stored age_over_nn that answers age_over_NN: the smallest above that is
 * true, else the largest below that is false, else none (ISO/IEC 18013-5:2021
 * 7.2.5). */
static void choose_age(choice *c, const yao_mdoc_selector *want)
{
    int    asked = age_of(want->element), above = 100, below = -1;
    size_t yes = 0, no = 0;

    for (size_t i = 0; i < c->stored->item_count; i++) {
        int over  = age_said(c, i, want->name_space, YAO_LIT("\xf5"));
        int under = age_said(c, i, want->name_space, YAO_LIT("\xf4"));

        if (over >= asked && over < above) {
            above = over;
            yes   = i;
        }
        if (under <= asked && under > below) {
            below = under;
            no    = i;
        }
    }

    if (above < 100)
        choose(c, yes);
    else if (below >= 0)
        choose(c, no);
}

static void choose_by(choice *c, const yao_mdoc_selector *want)
{
    const yao_mdoc_issuer_signed *s = c->stored;

    for (size_t i = 0; i < s->item_count; i++)
        if (yao_text_equal(s->items[i].element, want->element) &&
            yao_text_equal(s->items[i].name_space, want->name_space)) {
            choose(c, i);
            return;
        }
    if (age_of(want->element) >= 0)
        choose_age(c, want);
}

/* ---- IssuerSigned, filtered --------------------------------------------- */

/* How many items from FIRST on are of its namespace, and how many of those
 * are shown. */
static size_t run_of(const choice *c, size_t first, size_t *shown)
{
    const yao_mdoc_item *items = c->stored->items;
    size_t               at    = first;

    *shown = 0;
    for (; at < c->stored->item_count &&
           yao_text_equal(items[at].name_space, items[first].name_space);
         at++)
        *shown += is_chosen(c, at);

    return at - first;
}

static size_t count_spaces(const choice *c)
{
    size_t spaces = 0, shown;

    for (size_t i = 0; i < c->stored->item_count; i += run_of(c, i, &shown)) {
        (void)run_of(c, i, &shown);
        spaces += shown != 0;
    }

    return spaces;
}

/* Items and issuerAuth are the bytes that the issuer wrote. */
static void put_issuer_signed(yao_writer *w, const choice *c)
{
    const yao_mdoc_item *items = c->stored->items;
    size_t               run, shown, spaces = count_spaces(c);

    yao_cbor_put_map(w, spaces != 0 ? 2 : 1);
    if (spaces != 0) {
        yao_cbor_put_string(w, "nameSpaces");
        yao_cbor_put_map(w, spaces);
    }
    for (size_t first = 0; first < c->stored->item_count; first += run) {
        run = run_of(c, first, &shown);
        if (shown == 0)
            continue;
        yao_cbor_put_text(w, items[first].name_space);
        yao_cbor_put_array(w, shown);
        for (size_t i = first; i < first + run; i++)
            if (is_chosen(c, i))
                yao_cbor_put_raw(w, items[i].whole);
    }
    yao_cbor_put_string(w, "issuerAuth");
    yao_cbor_put_raw(w, c->stored->auth_whole);
}

/* ---- DeviceSigned ------------------------------------------------------- */

/* DeviceNameSpacesBytes of a device that says nothing of its own. */
#define NO_DEVICE_SPACES YAO_LIT("\xd8\x18\x41\xa0")

static yao_status write_authentication(yao_arena *arena, yao_bytes transcript,
                                       yao_text doc_type, yao_bytes *ret)
{
    yao_bytes parts[4];

    YAO_TRY(yao_mdoc_device_authentication(arena, transcript, doc_type,
                                           NO_DEVICE_SPACES, parts));
    yao_writer w = yao_writer_in(arena);
    for (size_t i = 0; i < 4; i++)
        yao_put_bytes(&w, parts[i]);

    return yao_writer_keep(&w, arena, ret);
}

static yao_status wish_for(yao_arena *arena, const yao_public_key *device_key,
                           const yao_bytes *authentication, yao_sign_wish *ret)
{
    const yao_sig_row *row = yao_sig_by_curve(device_key->curve);

    if (row == NULL)
        return YAO_E_KEY;

    yao_cose_headers headers = {.alg = row->alg};
    return yao_cose_wish_sign1(&headers, authentication, 1, arena, ret);
}

/* What CHOICE has chosen, and what the device says to it. */
static yao_status show(yao_arena *arena, const choice *c, yao_bytes transcript,
                       yao_mdoc_presenting *ret)
{
    yao_mdoc_presenting p = {0};
    yao_writer          w = yao_writer_in(arena);

    put_issuer_signed(&w, c);
    YAO_TRY(yao_writer_keep(&w, arena, &p.issuer_signed));

    p.doc_type = c->stored->mso.doc_type;
    YAO_TRY(write_authentication(arena, transcript, p.doc_type,
                                 &p.authentication));
    YAO_TRY(wish_for(arena, &c->stored->mso.device_key, &p.authentication,
                     &p.wish));

    *ret = p;
    return YAO_OK;
}

yao_status yao_mdoc_present(yao_arena *arena, yao_bytes issuer_signed,
                            const yao_mdoc_selector *selectors,
                            size_t selector_count, yao_bytes transcript,
                            yao_mdoc_presenting *ret)
{
    yao_mdoc_unverified parsed;
    choice              c = {0};

    YAO_TRY(yao_mdoc_parse_issuer_signed(arena, issuer_signed, false, &parsed));
    c.stored = &parsed.documents[0].issuer;
    for (size_t i = 0; i < selector_count; i++)
        choose_by(&c, &selectors[i]);
    return c.count == 0 ? YAO_E_MISSING : show(arena, &c, transcript, ret);
}

yao_status yao_mdoc_present_bare(yao_arena *arena, yao_bytes issuer_signed,
                                 yao_bytes            transcript,
                                 yao_mdoc_presenting *ret)
{
    yao_mdoc_unverified parsed;
    choice              c = {0};

    YAO_TRY(yao_mdoc_parse_issuer_signed(arena, issuer_signed, false, &parsed));
    c.stored = &parsed.documents[0].issuer;
    return show(arena, &c, transcript, ret);
}

/* ---- Document and DeviceResponse ---------------------------------------- */

/* All of a Document but the COSE message that METHOD names and that follows. */
static void begin_document(yao_writer *w, const yao_mdoc_presenting *p,
                           const char *method)
{
    yao_cbor_put_map(w, 3);
    yao_cbor_put_string(w, "docType");
    yao_cbor_put_text(w, p->doc_type);
    yao_cbor_put_string(w, "issuerSigned");
    yao_cbor_put_raw(w, p->issuer_signed);
    yao_cbor_put_string(w, "deviceSigned");
    yao_cbor_put_map(w, 2);
    yao_cbor_put_string(w, "nameSpaces");
    yao_cbor_put_raw(w, NO_DEVICE_SPACES);
    yao_cbor_put_string(w, "deviceAuth");
    yao_cbor_put_map(w, 1);
    yao_cbor_put_string(w, method);
}

yao_status yao_mdoc_put_document_signed(yao_writer                *w,
                                        const yao_mdoc_presenting *presenting,
                                        yao_bytes                  signature)
{
    yao_cose_headers   headers = {.alg = presenting->wish.alg};
    const yao_sig_row *row     = yao_sig_by_alg(headers.alg);

    if (row == NULL || signature.len != row->signature_len)
        return YAO_E_USAGE;
    begin_document(w, presenting, "deviceSignature");
    yao_cose_put_sign1(w, &headers, NULL, signature);

    return w->status;
}

yao_status yao_mdoc_put_document_maced(yao_writer                *w,
                                       const yao_mdoc_presenting *presenting,
                                       const yao_crypto          *crypto,
                                       yao_bytes                  shared_secret,
                                       yao_bytes                  transcript)
{
    uint8_t    key[32];
    yao_status status =
        yao_mdoc_derive_mac_key(crypto, shared_secret, transcript, key);

    if (status != YAO_OK)
        goto done;
    begin_document(w, presenting, "deviceMac");
    status = yao_cose_put_mac0(w, (yao_bytes){key, sizeof key},
                               &presenting->authentication, 1, crypto);
    if (status == YAO_OK)
        status = w->status;
done:
    yao_wipe(key, sizeof key);
    return status;
}

void yao_mdoc_put_response(yao_writer *w, const yao_bytes *documents,
                           size_t count)
{
    yao_cbor_put_map(w, 3);
    yao_cbor_put_string(w, "version");
    yao_cbor_put_string(w, "1.0");
    yao_cbor_put_string(w, "documents");
    yao_cbor_put_array(w, count);
    for (size_t i = 0; i < count; i++)
        yao_cbor_put_raw(w, documents[i]);
    yao_cbor_put_string(w, "status");
    yao_cbor_put_uint(w, 0);
}

/* ISO/IEC 18013-5:2021 9.1.3.5 */
yao_status yao_mdoc_derive_mac_key(const yao_crypto *crypto,
                                   yao_bytes shared_secret,
                                   yao_bytes transcript, uint8_t out[32])
{
    uint8_t    head[2 + 9], salt[YAO_SHA256_LEN];
    yao_writer w = yao_writer_open(head, sizeof head);

    yao_cbor_put_tag(&w, 24);
    yao_cbor_put_bytes_head(&w, transcript.len);
    yao_bytes bytes[2] = {{head, w.len}, transcript};
    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, bytes, 2, salt));

    return crypto->hkdf(crypto->ctx, YAO_SHA256, shared_secret,
                        (yao_bytes){salt, sizeof salt}, YAO_LIT("EMacKey"), out,
                        32);
}
