/* SPDX-License-Identifier: Apache-2.0 */
/* Relying parties of the bundle: by name, and by the code on paper at their
 * counter (docs/formats/standing.md). */
#include "machine.h"

#include "trust/standing.h"
#include "vp/request.h"

static void put_code(yao_writer *w, bool *first, const yao_standing *s)
{
    yao_json_put_member(w, first, "url", s->url);
    yao_json_put_name(w, first, "id");
    yao_put_byte(w, '"');
    yao_put_hex(w, s->id);
    yao_put_byte(w, '"');
    yao_json_put_member(w, first, "profile", s->profile);
    yao_json_put_member(w, first, "place", s->place);
    yao_json_put_name(w, first, "reader");
    yao_put_byte(w, '"');
    yao_put_hex(w, s->reader);
    yao_put_byte(w, '"');
}

static void put_party(yao_writer *w, bool *first, const yao_trust_party *party)
{
    bool next = true;

    yao_json_put_member(w, first, "name", party->name);
    yao_json_put_optional(w, first, "name_en", party->name_en);
    yao_json_put_member(w, first, "code", party->code);
    yao_json_put_optional(w, first, "legal_basis", party->legal_basis);
    yao_json_put_name(w, first, "retention_days");
    yao_json_put_int(w, (int64_t)party->retention_days);
    yao_json_put_name(w, first, "profiles");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < party->profile_count; i++) {
        yao_json_put_next(w, &next);
        yao_json_put_string(w, party->profiles[i]);
    }
    yao_put_byte(w, ']');
}

/* Letters of a code. The status says why it is not to be followed; the answer is
 * JSON: where its desk is, whose, and what is asked there. */
yao_status EXPORT(read_standing)(const uint8_t *ptr, size_t len)
{
    const yao_standing_terms terms = {page.crypto, page.options.anchors,
                                      page.options.anchor_count,
                                      page.options.now};
    const yao_trust_party   *party;
    yao_standing             s;
    yao_signature_check      check;
    bool                     first = true;

    if (page.bundle.content.kind != YAO_TRUST_BUNDLE)
        return YAO_E_UNTRUSTED;
    YAO_TRY(yao_standing_read(&page.memory, yao_page_bytes(ptr, len), &s));
    YAO_TRY(yao_standing_check(&page.memory, &s, &terms, &check));
    YAO_TRY(page.crypto->verify(page.crypto->ctx, &check, 1));
    YAO_TRY(yao_standing_conclude(&s, &check, &page.bundle, &party));

    yao_writer w = yao_writer_in(&page.memory);
    yao_put_byte(&w, '{');
    put_code(&w, &first, &s);
    put_party(&w, &first, party);
    yao_put_byte(&w, '}');
    return yao_page_answer(&w);
}

/* A client_id, "x509_hash:...": the answer is JSON, who of the bundle that is. */
yao_status EXPORT(read_party)(const uint8_t *ptr, size_t len)
{
    const yao_trust_content *content = &page.bundle.content;
    yao_bytes                wanted  = yao_page_bytes(ptr, len);
    bool                     first   = true;

    for (size_t i = 0; i < content->party_count; i++) {
        yao_text id;

        YAO_TRY(yao_vp_make_client_id(&page.memory, page.crypto,
                                      content->parties[i].certificate, &id));
        if (!yao_bytes_equal(yao_text_bytes(id), wanted))
            continue;
        yao_writer w = yao_writer_in(&page.memory);
        yao_put_byte(&w, '{');
        put_party(&w, &first, &content->parties[i]);
        yao_put_byte(&w, '}');
        return yao_page_answer(&w);
    }
    return YAO_E_NOT_FOUND;
}
