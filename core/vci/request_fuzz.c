/* SPDX-License-Identifier: Apache-2.0 */

/*
 * JSON bodies of strangers, to both sides. Property: what a reader accepts
 * and we write again is read as the same; a refusal says an error, unless it is
 * ours.
 */

#include "vci/metadata.h"
#include "vci/nonce.h"
#include "vci/offer.h"
#include "vci/request.h"

#include "tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static uint8_t memory[1 << 22];

static void request(yao_arena *arena, yao_bytes body, bool encrypted)
{
    yao_vci_request one, two;
    yao_vci_error   error = YAO_VCI_OTHER_ERROR;
    yao_bytes       again;

    yao_status status =
        yao_vci_read_request(arena, body, encrypted, &one, &error);
    must((error == YAO_VCI_FINE) ==
         (status == YAO_OK || status == YAO_E_SPACE));
    if (status != YAO_OK)
        return;
    must(encrypted || one.encryption.enc == YAO_AEAD_NONE);
    must(one.proof_count >= 1 && one.proof_count <= YAO_VCI_MAX_BATCH);
    yao_writer w = yao_writer_in(arena);
    yao_vci_put_request(&w, &one);
    if (yao_writer_keep(&w, arena, &again) != YAO_OK)
        return;
    must(yao_vci_read_request(arena, again, encrypted, &two, &error) ==
         YAO_OK);
    must(one.proof_count == two.proof_count && one.type == two.type);
    must(yao_text_equal(one.identifier, two.identifier));
    must(yao_text_equal(one.configuration, two.configuration));
    must(one.encryption.enc == two.encryption.enc);
}

static void offer(yao_arena *arena, yao_bytes body)
{
    yao_vci_offer one, two;
    yao_vci_link  link;
    yao_bytes     again;

    if (yao_vci_read_link(arena, body, false, &link) == YAO_OK)
        must((link.value.ptr == NULL) != (link.reference.ptr == NULL));
    if (yao_vci_read_offer(arena, body, false, &one) != YAO_OK)
        return;
    must(yao_vci_check_issuer(one.issuer, false) == YAO_OK);
    yao_writer w = yao_writer_in(arena);
    yao_vci_put_offer(&w, &one);
    if (yao_writer_keep(&w, arena, &again) != YAO_OK)
        return;
    must(yao_vci_read_offer(arena, again, false, &two) == YAO_OK);
    must(one.id_count == two.id_count);
    must(one.tx_code.wanted == two.tx_code.wanted);
}

static void metadata(yao_arena *arena, yao_bytes body)
{
    yao_vci_metadata m;
    yao_vci_offered  o;

    if (yao_vci_read_metadata(arena, body, YAO_TEXT("https://i.example"),
                              false, &m) != YAO_OK)
        return;
    must(m.credential_endpoint.len > 0 && m.batch >= 1);
    must(m.batch <= YAO_VCI_MAX_BATCH);
    for (const yao_json *c = m.configurations->first; c != NULL; c = c->next)
        if (yao_vci_find_offered(&m, c->name, arena, &o) == YAO_OK)
            must(o.type.len > 0 && (!o.bound || o.jwt || o.attestation));
}

static void others(yao_arena *arena, yao_bytes body)
{
    yao_vci_notification n;
    yao_vci_deferred     d;
    yao_vci_response     r;
    yao_vci_failure      f;
    yao_vci_error        error;
    yao_text             nonce;

    if (yao_vci_read_notification(arena, body, &n, &error) == YAO_OK)
        for (size_t i = 0; i < n.description.len; i++)
            must(n.description.ptr[i] >= 0x20 && n.description.ptr[i] < 0x7f);
    (void)!yao_vci_read_deferred(arena, body, true, &d, &error);
    if (yao_vci_read_response(arena, body, YAO_VCI_MDOC, 2, &r) == YAO_OK)
        must(r.count <= 2 && (r.count > 0) != (r.transaction_id.len > 0));
    (void)!yao_vci_read_response(arena, body, YAO_VCI_SDJWT, 20, &r);
    if (yao_vci_read_error(arena, body, &f) == YAO_OK)
        must(f.description.len <= YAO_VCI_MAX_SHOWN);
    (void)!yao_vci_read_nonce(arena, body, &nonce);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena arena = {memory, sizeof memory, 0};
    yao_bytes body  = {data, len};

    request(&arena, body, false);
    arena.used = 0;
    request(&arena, body, true);
    arena.used = 0;
    offer(&arena, body);
    arena.used = 0;
    metadata(&arena, body);
    arena.used = 0;
    others(&arena, body);
    return 0;
}
