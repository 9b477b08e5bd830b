/* SPDX-License-Identifier: Apache-2.0 */

/* One document after the other: nonce, keys, proofs, request, answer. */

#include "base/ascii.h"
#include "vci/receive_parts.h"

static RECEIVE_HANDLER(ask);

void yao_receive_fail_item(yao_receive *r, yao_status status)
{
    yao_receive_item *item = r->item;

    item->state      = YAO_RECEIVE_BAD;
    item->status     = status;
    item->copy_count = 0;
    item->event      = YAO_VCI_FAILURE;
    r->item          = NULL;
    r->post.purpose  = RECEIVE_POST_NOTHING;
    yao_jwe_wipe(&r->jwe_key);
}

/* ---- which is next ------------------------------------------------------ */

/* What is due first; cards after the documents whose signers made them. */
static bool sooner(const yao_receive_item *a, const yao_receive_item *b)
{
    bool card_a = yao_vci_is_card(a->offered.format);
    bool card_b = yao_vci_is_card(b->offered.format);

    if (card_a != card_b)
        return card_b;
    return a->asked_at + a->interval < b->asked_at + b->interval;
}

static yao_receive_item *first_in(yao_receive              *r,
                                  yao_receive_state_of_item state)
{
    yao_receive_item *found = NULL;

    for (size_t i = 0; i < r->item_count; i++) {
        yao_receive_item *item = &r->items[i];

        if (item->state != state)
            continue;
        if (found == NULL || sooner(item, found))
            found = item;
    }
    return found;
}

static yao_status ask_nonce(yao_receive *r, const yao_receive_event *e,
                            yao_receive_wish *w)
{
    r->c_nonce = (yao_text){NULL, 0};
    if (r->metadata.nonce_endpoint.len == 0)
        return ask(r, e, w);
    w->fetch = (yao_receive_fetch){
        .method       = "POST",
        .url          = r->metadata.nonce_endpoint,
        .headers      = {{"Accept", YAO_TEXT("application/json")}},
        .header_count = 1,
        .most         = YAO_VCI_MAX_OFFER};
    return yao_receive_go(r, RECEIVE_NONCE, w, YAO_RECEIVE_FETCH);
}

/* Documents that take time are waited for when all others are here. */
static yao_status wait_for(yao_receive *r, yao_receive_item *item, yao_time now,
                           yao_receive_wish *w)
{
    yao_time due = item->asked_at + item->interval;

    r->item = item;
    if (r->metadata.deferred_endpoint.len == 0)
        return YAO_E_MISSING;
    w->seconds = due > now ? (uint32_t)(due - now) : 0;
    return yao_receive_go(r, RECEIVE_WAITING, w, YAO_RECEIVE_WAIT);
}

RECEIVE_HANDLER(yao_receive_next)
{
    yao_receive_item *item;
    yao_status        status = YAO_OK;

    r->stage = YAO_RECEIVE_AT_DOCUMENT;
    while ((item = first_in(r, YAO_RECEIVE_WANTED)) != NULL) {
        r->item = item;
        status  = ask_nonce(r, e, w);
        if (status == YAO_OK)
            return YAO_OK;
        yao_receive_fail_item(r, status);
    }
    while ((item = first_in(r, YAO_RECEIVE_LATER)) != NULL) {
        status = wait_for(r, item, e->now, w);
        if (status == YAO_OK)
            return YAO_OK;
        yao_receive_fail_item(r, status);
    }
    r->item = NULL;
    return yao_receive_finish(r, e, w);
}

/* ---- nonce, keys -------------------------------------------------------- */

RECEIVE_HANDLER(yao_receive_on_nonce)
{
    if (e->answer.status != 200)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_vci_read_nonce(r->arena, e->answer.body, &r->c_nonce));
    yao_receive_keep_word(&r->issuer_nonce, e->answer.nonce);
    return ask(r, e, w);
}

static size_t copies_of(const yao_receive *r)
{
    size_t most = r->metadata.batch < 1 ? 1 : r->metadata.batch;

    if (r->item->offered.format == YAO_VCI_PAPER)
        return 1; /* a sheet is one */
    if (most > YAO_VCI_MAX_BATCH)
        most = YAO_VCI_MAX_BATCH;
    return r->options.copies != 0 && r->options.copies < most
               ? r->options.copies
               : most;
}

/* After invalid_nonce the keys are there already. */
static RECEIVE_HANDLER(ask)
{
    if (r->item->key_count != 0) {
        yao_receive_event again = *e;
        again.keys              = r->item->keys;
        again.key_count         = r->item->key_count;
        return yao_receive_on_keys(r, &again, w);
    }
    w->role  = YAO_RECEIVE_COPY;
    w->item  = (size_t)(r->item - r->items);
    w->count = copies_of(r);
    return yao_receive_go(r, RECEIVE_COPY_KEYS, w, YAO_RECEIVE_MAKE_KEYS);
}

/* A key for each copy, or two showings could be joined by theirs. */
static bool keys_good(const yao_public_key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (keys[i].curve != YAO_P256 || keys[i].len != 65)
            return false;
        for (size_t j = 0; j < i; j++)
            if (yao_public_key_equal(&keys[i], &keys[j]))
                return false;
    }
    return count != 0;
}

/* ---- proofs ------------------------------------------------------------- */

static yao_status prove(yao_receive *r, yao_time now, yao_receive_wish *w)
{
    yao_vci_proof_wish proof = {.key         = r->item->keys[r->proof_index],
                                .audience    = r->metadata.issuer,
                                .client_id   = r->client_id,
                                .nonce       = r->c_nonce,
                                .now         = now,
                                .attestation = r->key_attestation};

    YAO_TRY(yao_vci_make_proof(r->arena, &proof, &r->proof));
    w->role  = YAO_RECEIVE_COPY;
    w->item  = (size_t)(r->item - r->items);
    w->index = r->proof_index;
    w->sign  = r->proof.wish;
    return yao_receive_go(r, RECEIVE_PROOF, w, YAO_RECEIVE_SIGN);
}

RECEIVE_HANDLER(yao_receive_on_keys)
{
    yao_receive_item *item = r->item;

    if (e->key_count > copies_of(r) || !keys_good(e->keys, e->key_count))
        return YAO_E_USAGE;
    if (item->keys != e->keys)
        for (size_t i = 0; i < e->key_count; i++)
            item->keys[i] = e->keys[i];
    item->key_count    = e->key_count;
    r->proof_index     = 0;
    r->key_attestation = (yao_text){NULL, 0};
    r->request         = (yao_vci_request){
        .configuration = item->identifier.len != 0 ? (yao_text){NULL, 0}
                                                           : item->offered.id,
        .identifier    = item->identifier,
        .type = item->offered.jwt ? YAO_VCI_JWT : YAO_VCI_ATTESTATION};
    if (!item->offered.attested && item->offered.jwt)
        return prove(r, e->now, w);

    w->item      = (size_t)(item - r->items);
    w->keys      = item->keys;
    w->key_count = item->key_count;
    w->text      = r->c_nonce;
    return yao_receive_go(r, RECEIVE_KEY_ATTEST, w, YAO_RECEIVE_ATTEST_KEYS);
}

static RECEIVE_HANDLER(proven);

/* One proof stands for all keys of its attestation. */
RECEIVE_HANDLER(yao_receive_on_keys_attested)
{
    if (e->bytes.len == 0 || e->bytes.len > YAO_MAX_JWT)
        return YAO_E_MALFORMED;
    r->key_attestation = (yao_text){e->bytes.ptr, e->bytes.len};
    if (r->item->offered.jwt)
        return prove(r, e->now, w);
    r->request.proofs[0]   = r->key_attestation;
    r->request.proof_count = 1;
    return proven(r, e, w);
}

RECEIVE_HANDLER(yao_receive_on_proof)
{
    yao_writer out = yao_writer_in(r->arena);
    yao_bytes  token;

    yao_vci_put_token(&out, &r->proof, e->bytes);
    YAO_TRY(yao_writer_keep(&out, r->arena, &token));
    r->request.proofs[r->request.proof_count++] =
        (yao_text){token.ptr, token.len};
    r->proof_index++;
    if (r->key_attestation.len == 0 && r->proof_index < r->item->key_count)
        return prove(r, e->now, w);
    return proven(r, e, w);
}

/* ---- the request -------------------------------------------------------- */

static bool encrypts(const yao_receive *r)
{
    const yao_vci_metadata *m = &r->metadata;

    return m->response_required ||
           (r->options.encrypt && m->response_encryption &&
            m->request_encryption);
}

static yao_status put_request(yao_receive *r)
{
    yao_writer out = yao_writer_in(r->arena);

    yao_vci_put_request(&out, &r->request);
    r->plain_url     = r->metadata.credential_endpoint;
    r->plain_purpose = RECEIVE_POST_CREDENTIAL;
    return yao_writer_keep(&out, r->arena, &r->plain);
}

static yao_status put_deferred(yao_receive *r)
{
    yao_vci_deferred request = {.transaction_id = r->item->transaction_id,
                                .encryption     = r->request.encryption};
    yao_writer       out     = yao_writer_in(r->arena);

    yao_vci_put_deferred(&out, &request);
    r->plain_url     = r->metadata.deferred_endpoint;
    r->plain_purpose = RECEIVE_POST_DEFERRED;
    return yao_writer_keep(&out, r->arena, &r->plain);
}

static RECEIVE_HANDLER(proven)
{
    if (encrypts(r)) {
        w->role  = YAO_RECEIVE_OPEN;
        w->count = 1;
        return yao_receive_go(r, RECEIVE_OPEN_KEY, w, YAO_RECEIVE_MAKE_KEYS);
    }
    YAO_TRY(r->item->state == YAO_RECEIVE_LATER ? put_deferred(r)
                                                : put_request(r));
    return yao_receive_seal(r, e, w);
}

RECEIVE_HANDLER(yao_receive_on_open_key)
{
    if (e->key_count != 1 || !keys_good(e->keys, 1))
        return YAO_E_USAGE;
    r->open_key           = e->keys[0];
    r->request.encryption = (yao_vci_encryption){
        .enc = r->metadata.response_enc, .key = r->open_key};
    YAO_TRY(r->item->state == YAO_RECEIVE_LATER ? put_deferred(r)
                                                : put_request(r));
    return yao_receive_seal(r, e, w);
}

RECEIVE_HANDLER(yao_receive_on_waited)
{
    r->request.encryption = (yao_vci_encryption){.enc = YAO_AEAD_NONE};
    return proven(r, e, w);
}

/* ---- the answer --------------------------------------------------------- */

/* Not ready yet: as long as the person's patience lasts. */
static yao_status put_off(yao_receive *r, const yao_receive_event *e,
                          yao_text transaction, uint32_t interval,
                          yao_receive_wish *w)
{
    yao_receive_item *item = r->item;
    uint32_t          wait = interval != 0 ? interval : 1;

    if (item->state != YAO_RECEIVE_LATER)
        item->until = e->now + r->options.patience;
    if (r->options.patience < 0 || e->now + wait > item->until)
        return YAO_E_EXPIRED;
    item->state          = YAO_RECEIVE_LATER;
    item->asked_at       = e->now;
    item->interval       = wait;
    if (transaction.len != 0)
        item->transaction_id = transaction;
    r->item = NULL;
    return yao_receive_next(r, e, w);
}

yao_status yao_receive_read(yao_receive *r, const yao_receive_event *e,
                            yao_receive_wish *w, yao_bytes body)
{
    yao_vci_response *response = yao_arena_take(r->arena, sizeof *response);
    yao_receive_item *item     = r->item;

    if (response == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_vci_read_response(r->arena, body, item->offered.format,
                                  item->key_count, response));
    if ((r->answered == 202) != (response->count == 0))
        return YAO_E_MALFORMED;
    if (response->count == 0)
        return put_off(r, e, response->transaction_id, response->interval, w);

    item->notification_id = response->notification_id;
    YAO_TRY(yao_receive_check(r, e->now, response));
    item->state = YAO_RECEIVE_GOOD;
    item->event = YAO_VCI_ACCEPTED;
    r->item     = NULL;
    return yao_receive_next(r, e, w);
}

/* Errors are never encrypted (OpenID4VCI 1.0 section 8.3.1). */
static yao_status not_issued(yao_receive *r, const yao_receive_event *e,
                             yao_receive_wish *w)
{
    yao_receive_item *item = r->item;
    yao_vci_failure   failure;

    if (e->answer.status < 400 || e->answer.status > 499 ||
        yao_vci_read_error(r->arena, e->answer.body, &failure) != YAO_OK)
        return e->answer.status == 401 ? YAO_E_NOT_AUTHORISED
                                       : YAO_E_MALFORMED;
    if (failure.error == YAO_VCI_INVALID_NONCE && !item->fresh_nonce &&
        item->state == YAO_RECEIVE_WANTED) {
        item->fresh_nonce = true;
        return ask_nonce(r, e, w);
    }
    /* the permission is over before the document is there: it took too long */
    if (failure.error == YAO_VCI_INVALID_TOKEN &&
        item->state == YAO_RECEIVE_LATER)
        return YAO_E_EXPIRED;
    item->said = yao_receive_shown(r, failure.description.len != 0
                                          ? failure.description
                                          : failure.code);
    r->said    = item->said;
    return YAO_E_REFUSED;
}

RECEIVE_HANDLER(yao_receive_on_credential)
{
    bool sealed = yao_ascii_media(e->answer.type, "application/jwt");

    r->post.purpose = RECEIVE_POST_NOTHING;
    if (e->answer.status != 200 && e->answer.status != 202)
        return not_issued(r, e, w);
    if (sealed != (r->request.encryption.enc != YAO_AEAD_NONE))
        return YAO_E_MISMATCH; /* plain, where encryption was asked for */
    if (sealed)
        return yao_receive_unseal(r, e, w);
    if (!yao_ascii_media(e->answer.type, "application/json"))
        return YAO_E_MALFORMED;
    r->answered = e->answer.status;
    return yao_receive_read(r, e, w, e->answer.body);
}
