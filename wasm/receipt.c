/* SPDX-License-Identifier: Apache-2.0 */
/* What a relying party signed that it was shown: docs/formats/receipt.md. */
#include "present.h"

#include "oauth/oauth.h"
#include "vp/vp.h"

/* ---- whose, and for what ------------------------------------------------ */

static yao_status check(yao_page_receipt *r, const yao_receipt_terms *terms)
{
    yao_receipt_unverified *read = yao_arena_take(&page.memory, sizeof *read);
    yao_signature_check     signature;

    if (read == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_receipt_read(&page.memory, yao_text_bytes(r->letters), read));
    r->said = &read->said;
    YAO_TRY(yao_receipt_check(read, terms, &signature));
    YAO_TRY(page.crypto->verify(page.crypto->ctx, &signature, 1));
    return yao_oauth_answers(&signature, 1);
}

static yao_status check_online(yao_page_receipt *r, const yao_vp_request *q)
{
    yao_receipt_terms terms;
    yao_bytes         transcript;
    uint8_t           bound[YAO_SHA256_LEN];

    if (!q->is_signed)
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(yao_vp_make_client_id(&page.memory, page.crypto, q->leaf,
                                  &terms.issuer));
    YAO_TRY(yao_vp_transcript(&page.memory, page.crypto, &q->binding,
                              &transcript));
    YAO_TRY(page.crypto->hash(page.crypto->ctx, YAO_SHA256, &transcript, 1,
                              bound));
    terms.key   = q->certificate.key;
    terms.bound = (yao_bytes){bound, sizeof bound};
    return check(r, &terms);
}

void yao_receipt_take(yao_page_receipt *r, const yao_present *p)
{
    *r = (yao_page_receipt){.letters = yao_present_receipt(p)};
    if (r->letters.len > 0)
        r->verified = check_online(r, yao_present_request(p)) == YAO_OK;
}

/* ---- what it says ------------------------------------------------------- */

static void put_label(yao_writer *w, bool *first, const char *name,
                      yao_label label)
{
    bool inner = true;

    if (label.zh.len == 0 && label.en.len == 0)
        return;
    yao_json_put_name(w, first, name);
    yao_put_byte(w, '{');
    yao_json_put_optional(w, &inner, "zh", label.zh);
    yao_json_put_optional(w, &inner, "en", label.en);
    yao_put_byte(w, '}');
}

void yao_receipt_put(yao_writer *w, bool *first, const yao_page_receipt *r)
{
    bool inner = true;

    if (r->letters.len == 0)
        return;
    yao_json_put_member(w, first, "receipt", r->letters);
    yao_json_put_member_bool(w, first, "receipt_verified", r->verified);
    if (r->said == NULL)
        return;
    yao_json_put_name(w, first, "receipt_says");
    yao_put_byte(w, '{');
    yao_json_put_member(w, &inner, "id", r->said->id);
    yao_json_put_member(w, &inner, "profile", r->said->profile);
    put_label(w, &inner, "purpose", r->said->purpose);
    put_label(w, &inner, "legal_basis", r->said->legal_basis);
    yao_json_put_member(w, &inner, "verdict", r->said->verdict);
    yao_json_put_member_int(w, &inner, "when", r->said->when);
    yao_json_put_member_int(w, &inner, "until", r->said->until);
    yao_put_byte(w, '}');
}

/* Letters that were scanned, of a party of the bundle, for the showing whose
 * hash is BOUND (32 bytes). The status says why it is no such receipt; the
 * answer is JSON all the same as long as it could be read. */
yao_status EXPORT(read_receipt)(const uint8_t *ptr, size_t len,
                                const uint8_t *bound)
{
    yao_page_receipt r     = {.letters = {ptr, len}};
    yao_writer       w;
    bool             first = true;

    for (size_t i = 0; i < page.bundle.content.party_count; i++) {
        const yao_trust_party *party = &page.bundle.content.parties[i];
        yao_receipt_terms      terms = {.bound = {bound, YAO_SHA256_LEN}};
        yao_certificate        c;

        YAO_TRY(yao_x509_read(party->certificate, &c));
        YAO_TRY(yao_vp_make_client_id(&page.memory, page.crypto,
                                      party->certificate, &terms.issuer));
        terms.key  = c.key;
        r.verified = r.verified || check(&r, &terms) == YAO_OK;
    }
    w = yao_writer_in(&page.memory);
    yao_put_byte(&w, '{');
    yao_receipt_put(&w, &first, &r);
    yao_put_byte(&w, '}');
    return yao_page_answer(&w);
}
