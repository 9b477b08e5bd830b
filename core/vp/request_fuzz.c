/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A stranger's request. The first byte says what the rest is: a link, a token,
 * the payload of a token that a trusted party signed, parameters of the
 * browser's API, what a page hands over as signed, or as org-iso-mdoc.
 *
 * What is accepted can be answered, and safely: a nonce and a state of letters
 * that need no escapes, an address that a wallet speaks with, a key where it
 * must be encrypted, documents that are asked for, transactions of kinds that
 * are shown. Nobody but the party that signed is ever accepted, or told.
 */

#include "vp/request.h"

#include "vp/iso.h"
#include "tape.h"
#include "trust_fixture.h"
#include "vp_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { LINK, TOKEN, PAYLOAD, PARAMETERS, PAGE, ISO, KINDS };

static void check_link(yao_bytes text)
{
    yao_vp_link    link, again;
    yao_vp_refusal refusal = {.why = NULL};
    yao_bytes      written;

    if (yao_vp_read_link(test_arena(), text, false, &link, &refusal) !=
        YAO_OK) {
        must(refusal.error != YAO_OAUTH_NONE && refusal.why != NULL);
        must(refusal.tell.len == 0);
        return;
    }
    must(link.client_id.len != 0);
    must(link.request.len == 0 || link.request_uri.len == 0);
    must(!link.post || link.request_uri.len != 0);
    if (link.request_uri.len == 0)
        return;
    must(yao_oauth_check_endpoint(link.request_uri, false) == YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    yao_vp_put_link(&w, "openid4vp://", link.client_id, link.request_uri,
                    link.post);
    if (yao_writer_keep(&w, test_arena(), &written) != YAO_OK)
        return;
    must(yao_vp_read_link(test_arena(), written, false, &again, NULL) ==
         YAO_OK);
    must(yao_text_equal(again.client_id, link.client_id));
    must(yao_text_equal(again.request_uri, link.request_uri));
    must(again.post == link.post);
}

static void check_key(const yao_vp_request *q)
{
    uint8_t thumbprint[YAO_SHA256_LEN];

    must(q->binding.sealed == yao_vp_mode_sealed(q->mode));
    if (!q->binding.sealed)
        return;
    must(q->key.curve == YAO_P256 && q->key.len == 65 && q->kid.len != 0);
    must(q->enc == YAO_A128GCM || q->enc == YAO_A256GCM);
    must(yao_jwk_thumbprint(&q->key, test_crypto(), thumbprint) == YAO_OK);
    must(memcmp(thumbprint, q->binding.thumbprint, sizeof thumbprint) == 0);
}

static void check_request(const yao_vp_request *q, const vp_world *world)
{
    yao_text name;

    must(q->mode != YAO_VP_NO_MODE);
    must(yao_vp_is_safe(q->binding.nonce, YAO_VP_MIN_NONCE,
                        YAO_VP_MAX_NONCE));
    must(yao_vp_is_safe(q->state, 0, YAO_VP_MAX_STATE));
    must(q->query.credential_count >= 1);
    must(yao_vp_mode_dcapi(q->mode) == q->binding.dcapi);
    if (!q->binding.dcapi)
        must(yao_oauth_check_endpoint(q->binding.response_uri, false) ==
             YAO_OK);
    for (size_t i = 0; i < q->transaction_count; i++)
        must(yao_text_equal(q->transactions[i].type, YAO_TEXT("payment")));
    if (q->is_signed) {
        must(yao_bytes_equal(q->leaf, world->reader));
        must(q->prefix == YAO_VP_HASH
                 ? yao_text_equal(q->binding.client_id, world->client_id)
                 : yao_text_equal(q->binding.client_id,
                                  YAO_TEXT("x509_san_dns:" VP_HOST)));
    } else if (!q->binding.dcapi) {
        must(yao_vp_cut_client_id(q->binding.client_id, &name) ==
             YAO_VP_REDIRECT_URI);
        must(yao_text_equal(name, q->binding.response_uri));
    }
    check_key(q);
}

/* STATUS of reading Q: what holds either way. */
static void judge(yao_status status, const yao_vp_request *q,
                  const yao_vp_refusal *refusal, const vp_world *world)
{
    if (status == YAO_OK) {
        check_request(q, world);
        return;
    }
    must(refusal->error != YAO_OAUTH_NONE && refusal->why != NULL);
    if (refusal->tell.len != 0)
        must(yao_oauth_check_endpoint(refusal->tell, false) == YAO_OK);
    must(yao_vp_is_safe(refusal->state, 0, YAO_VP_MAX_STATE));
}

static void check_token(yao_bytes token, const yao_vp_terms *terms,
                        const vp_world *world)
{
    yao_vp_refusal refusal = {.why = NULL};
    yao_vp_request q;

    judge(vp_read(token, terms, &q, &refusal), &q, &refusal, world);
}

/* Signed by the party, whatever it says. */
static void check_payload(yao_bytes payload, const yao_vp_terms *terms,
                          const vp_world *world)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  header;

    yao_put_text(&w, "{\"alg\":\"ES256\",\"typ\":\"oauth-authz-req+jwt\",");
    yao_jws_put_x5c(&w, &world->reader, 1);
    yao_put_byte(&w, '}');
    must(yao_writer_keep(&w, test_arena(), &header) == YAO_OK);
    check_token(test_jws(header, payload, forge_key(VP_READER_KEY)), terms,
                world);
}

static void check_page(yao_bytes data, const yao_vp_terms *terms,
                       const vp_world *world)
{
    yao_vp_refusal refusal = {.why = NULL};
    yao_vp_signed  s;
    yao_vp_request q = {.mode = YAO_VP_NO_MODE};

    for (int p = YAO_VP_SIGNED; p <= YAO_VP_MULTISIGNED; p++) {
        yao_status status =
            yao_vp_begin_dcapi(test_arena(), (yao_vp_protocol)p, data, terms,
                               &s, &refusal);
        if (status == YAO_OK) {
            must(s.candidate_count >= 1 && s.check_count >= 2);
            must(test_crypto()->verify(test_crypto()->ctx, s.checks,
                                       s.check_count) == YAO_OK);
            status = yao_vp_conclude_request(test_arena(), &s, terms, &q,
                                             &refusal);
        }
        judge(status, &q, &refusal, world);
    }
}

/* Who did not sign is said to nobody, however much is asked. */
static void check_asked(yao_bytes data, const yao_vp_terms *base)
{
    yao_vp_terms     terms   = *base;
    yao_vp_refusal   refusal = {.why = NULL};
    yao_vp_iso_asked asked;
    yao_vp_request   q;

    terms.origin = YAO_TEXT(VP_ORIGIN);
    if (yao_vp_begin_iso(test_arena(), data, &terms, &asked, &refusal) !=
        YAO_OK)
        return;
    for (size_t i = 0; i < asked.readers.check_count; i++)
        asked.readers.checks[i].outcome = YAO_SIG_BAD;
    must(yao_vp_conclude_iso(test_arena(), &asked, &terms, &q, &refusal) !=
         YAO_OK);
    terms.unsigned_too = true;
    if (yao_vp_conclude_iso(test_arena(), &asked, &terms, &q, &refusal) !=
        YAO_OK)
        return;
    must(!q.is_signed && q.iso == asked.iso && q.query.credential_count >= 1);
}

static void check_iso(yao_bytes data, const yao_vp_terms *terms)
{
    yao_vp_iso        iso;
    yao_vp_iso_answer answer;

    check_asked(data, terms);
    if (yao_vp_read_iso(test_arena(), test_crypto(), data,
                        YAO_TEXT(VP_ORIGIN), &iso) == YAO_OK) {
        must(iso.recipient.curve == YAO_P256 && iso.recipient.len == 65);
        must(iso.nonce.len >= YAO_VP_ISO_NONCE && iso.transcript.len != 0);
        must(iso.request.document_count >= 1);
    }
    if (yao_vp_read_iso_answer(test_arena(), data, &answer) == YAO_OK)
        must(answer.ephemeral.len == 65 &&
             answer.ephemeral.point[0] == 0x04);
}

/* The hash of the certificate, which is another in each run, for "@C". */
static yao_bytes fill(yao_bytes text, const vp_world *world)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {NULL, 0};

    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '@' && i + 1 < text.len && text.ptr[i + 1] == 'C') {
            yao_put_bytes(&w, yao_text_bytes(world->client_id));
            i++;
        } else {
            yao_put_byte(&w, text.ptr[i]);
        }
    must(yao_writer_keep(&w, test_arena(), &out) == YAO_OK);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const vp_world *world;
    static yao_anchor      trust;
    static size_t          mark;

    if (len == 0 || len > 64 * 1024)
        return 0;
    if (world == NULL) {
        world = vp_world_make();
        trust = trust_world_make()->anchor;
        mark  = test_arena()->used;
    }
    test_arena()->used = mark;

    static yao_anchor anchors[4]; /* and one who may sign statements */

    yao_vp_terms   terms   = vp_terms(world);
    memcpy(anchors, world->anchors, sizeof world->anchors);
    anchors[3]         = trust;
    terms.anchors      = anchors;
    terms.anchor_count = 4;
    yao_bytes      rest    = fill((yao_bytes){data + 1, len - 1}, world);
    yao_vp_refusal refusal = {.why = NULL};
    yao_vp_request q;

    switch (data[0] % KINDS) {
    case LINK: check_link(rest); break;
    case TOKEN: check_token(rest, &terms, world); break;
    case PAYLOAD: check_payload(rest, &terms, world); break;
    case PARAMETERS:
        terms.origin       = YAO_TEXT(VP_ORIGIN);
        terms.unsigned_too = true;
        judge(yao_vp_read_dcapi(test_arena(), rest, &terms, &q, &refusal), &q,
              &refusal, world);
        break;
    case ISO: check_iso(rest, &terms); break;
    default:
        terms.origin = YAO_TEXT(VP_ORIGIN);
        check_page(rest, &terms, world);
        break;
    }
    return 0;
}
