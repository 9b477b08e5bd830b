/* SPDX-License-Identifier: Apache-2.0 */

/* Requests that say who sends them (DPoP, attestation), and bodies that are
 * encrypted. A server that wants its nonce or challenge in them gets the same
 * request once more. */

#include "vci/receive_parts.h"

static bool to_server(const yao_receive *r)
{
    return r->post.purpose == RECEIVE_POST_PUSH ||
           r->post.purpose == RECEIVE_POST_TOKEN;
}

/* ---- signing ------------------------------------------------------------ */

static yao_text nonce_for(const yao_receive *r)
{
    if (!to_server(r))
        return yao_receive_word(&r->issuer_nonce);
    /* draft -10: where one proof serves for both, so does its nonce */
    if (r->combined && r->server_nonce.len == 0)
        return yao_receive_word(&r->challenge);
    return yao_receive_word(&r->server_nonce);
}

static yao_status wish_session(yao_receive *r, receive_state state,
                               yao_receive_wish *w)
{
    w->role = YAO_RECEIVE_SESSION;
    w->sign = r->post.token.wish;
    return yao_receive_go(r, state, w, YAO_RECEIVE_SIGN);
}

RECEIVE_HANDLER(yao_receive_post_now)
{
    yao_entropy      entropy = {e->random};
    yao_dpop_request request = {.alg    = YAO_ES256,
                                .key    = r->options.session_key,
                                .method = YAO_TEXT("POST"),
                                .uri    = r->post.url,
                                .iat    = e->now,
                                .nonce  = nonce_for(r)};

    if (!to_server(r))
        request.token = r->token.access_token;
    r->post.used = (receive_word){.len = 0};
    yao_receive_keep_word(&r->post.used, request.nonce);
    YAO_TRY(yao_receive_jti(r->arena, &entropy, &request.jti));
    YAO_TRY(yao_dpop_make(r->arena, &request, r->options.crypto,
                          &r->post.token));
    return wish_session(r, RECEIVE_DPOP, w);
}

static void add(yao_receive_fetch *f, const char *name, yao_bytes value)
{
    f->headers[f->header_count++] =
        (yao_receive_header){name, {value.ptr, value.len}};
}

static yao_status authorization(yao_receive *r, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(r->arena);

    yao_put_text(&w, "DPoP ");
    yao_put_bytes(&w, yao_text_bytes(r->token.access_token));
    return yao_writer_keep(&w, r->arena, ret);
}

/* Twenty copies of a document with a large portrait, in base64 twice. */
enum { MOST = 4 * (int)YAO_MAX_MESSAGE };

static yao_status send(yao_receive *r, yao_receive_wish *w)
{
    yao_receive_fetch *f = &w->fetch;
    yao_bytes          value;

    *f = (yao_receive_fetch){.method = "POST",
                             .url    = r->post.url,
                             .body   = r->post.body,
                             .most   = MOST};
    add(f, "Content-Type", yao_text_bytes(yao_text_of(r->post.type)));
    add(f, "Accept", YAO_LIT("application/json, application/jwt"));
    add(f, "DPoP", r->post.dpop);
    if (!to_server(r)) {
        YAO_TRY(authorization(r, &value));
        add(f, "Authorization", value);
    } else if (r->attested) {
        add(f, "OAuth-Client-Attestation", r->attestation);
        if (!r->combined)
            add(f, "OAuth-Client-Attestation-PoP", r->post.pop);
    }
    return yao_receive_go(r, RECEIVE_POSTED, w, YAO_RECEIVE_FETCH);
}

RECEIVE_HANDLER(yao_receive_on_dpop)
{
    yao_entropy                 entropy = {e->random};
    yao_attestation_pop_request request = {
        .alg       = YAO_ES256,
        .client_id = r->client_id,
        .audience  = r->server.issuer,
        .iat       = e->now,
        .challenge = yao_receive_word(&r->challenge)};

    YAO_TRY(yao_oauth_sign(r->arena, &r->post.token, e->bytes,
                           &r->post.dpop));
    if (!to_server(r) || !r->attested || r->combined)
        return send(r, w);
    YAO_TRY(yao_receive_jti(r->arena, &entropy, &request.jti));
    YAO_TRY(yao_attestation_make_pop(r->arena, &request, &r->post.token));
    return wish_session(r, RECEIVE_POP, w);
}

RECEIVE_HANDLER(yao_receive_on_pop)
{
    YAO_TRY(
        yao_oauth_sign(r->arena, &r->post.token, e->bytes, &r->post.pop));
    return send(r, w);
}

/* ---- answers ------------------------------------------------------------ */

/* RFC 9449 sections 8, 9: with a nonce that we did not use. At a resource the
 * word may stand in WWW-Authenticate alone, and 401 says enough. */
static bool wants_nonce(const yao_receive *r, const yao_receive_answer *a,
                        yao_text error)
{
    yao_text used = yao_receive_word(&r->post.used);

    if (r->post.nonced || a->nonce.len == 0 || yao_text_equal(a->nonce, used))
        return false;
    return yao_text_equal(error, YAO_TEXT("use_dpop_nonce")) ||
           (!to_server(r) && a->status == 401);
}

static bool wants_challenge(yao_receive *r, const yao_receive_answer *a,
                            yao_text error)
{
    if (!r->attested || r->post.challenged)
        return false;
    if (yao_text_equal(error, YAO_TEXT("use_fresh_attestation"))) {
        r->attestation = (yao_bytes){NULL, 0};
        return true;
    }
    if (!yao_text_equal(error, YAO_TEXT("use_attestation_challenge")))
        return false;
    if (a->challenge.len == 0)
        r->challenge.len = 0; /* fetch another */
    return a->challenge.len != 0 || r->server.challenge_endpoint.len != 0;
}

/* The word for what was wrong; empty when there is none. */
static yao_text error_of(yao_receive *r, const yao_receive_answer *a)
{
    yao_oauth_failure failure = {{NULL, 0}, {NULL, 0}};

    if (a->status >= 400 &&
        yao_oauth_read_failure(r->arena, a->body, &failure) != YAO_OK)
        return (yao_text){NULL, 0};
    return failure.error;
}

static yao_status deliver(yao_receive *r, const yao_receive_event *e,
                          yao_receive_wish *w)
{
    switch (r->post.purpose) {
    case RECEIVE_POST_PUSH:
        return yao_receive_on_pushed(r, e, w);
    case RECEIVE_POST_TOKEN:
        return yao_receive_on_token(r, e, w);
    case RECEIVE_POST_CREDENTIAL:
    case RECEIVE_POST_DEFERRED:
        return yao_receive_on_credential(r, e, w);
    case RECEIVE_POST_NOTIFY:
        return yao_receive_on_notified(r, e, w);
    case RECEIVE_POST_NOTHING:
        break;
    }
    return YAO_E_USAGE;
}

RECEIVE_HANDLER(yao_receive_on_posted)
{
    const yao_receive_answer *a     = &e->answer;
    yao_text                  error = error_of(r, a);

    yao_receive_keep_word(to_server(r) ? &r->server_nonce : &r->issuer_nonce,
                          a->nonce);
    if (to_server(r))
        yao_receive_keep_word(&r->challenge, a->challenge);
    if (wants_nonce(r, a, error)) {
        r->post.nonced = true;
        return yao_receive_post_now(r, e, w);
    }
    if (to_server(r) && wants_challenge(r, a, error)) {
        r->post.challenged = true;
        return yao_receive_introduce(r, e, w);
    }
    return deliver(r, e, w);
}

/* ---- encrypting --------------------------------------------------------- */

static const char JSON_TYPE[] = "application/json";
static const char JWT_TYPE[]  = "application/jwt";

static bool seals(const yao_receive *r)
{
    return r->metadata.request_encryption &&
           (r->metadata.request_required || r->request.encryption.enc !=
                                                YAO_AEAD_NONE);
}

RECEIVE_HANDLER(yao_receive_seal)
{
    if (seals(r)) {
        w->role  = YAO_RECEIVE_SEAL;
        w->count = 1;
        return yao_receive_go(r, RECEIVE_SEAL_KEY, w, YAO_RECEIVE_MAKE_KEYS);
    }
    r->post = (receive_post){.purpose = r->plain_purpose,
                             .url     = r->plain_url,
                             .type    = JSON_TYPE,
                             .body    = r->plain};
    return yao_receive_post_now(r, e, w);
}

RECEIVE_HANDLER(yao_receive_on_seal_key)
{
    if (e->key_count != 1 || e->keys[0].curve != YAO_P256 ||
        e->keys[0].len != 65)
        return YAO_E_USAGE;
    r->seal_key   = e->keys[0];
    w->role       = YAO_RECEIVE_SEAL;
    w->agree.peer = r->metadata.request_key;
    return yao_receive_go(r, RECEIVE_SEAL_AGREE, w, YAO_RECEIVE_AGREE);
}

RECEIVE_HANDLER(yao_receive_on_seal_agreed)
{
    yao_jwe_message message = {.enc       = r->metadata.request_enc,
                               .ephemeral = r->seal_key,
                               .kid       = r->metadata.request_kid,
                               .plain     = r->plain};
    yao_entropy     entropy = {e->random};

    yao_bytes nonce;

    YAO_TRY(yao_entropy_take(&entropy, YAO_AEAD_NONCE, &nonce));
    YAO_TRY(yao_arena_keep(r->arena, nonce, &message.nonce));
    YAO_TRY(yao_jwe_seal(r->arena, r->options.crypto, &message, e->bytes,
                         &r->jwe_key, &r->aead));
    w->aead = r->aead;
    return yao_receive_go(r, RECEIVE_SEALING, w, YAO_RECEIVE_AEAD);
}

RECEIVE_HANDLER(yao_receive_on_sealed)
{
    yao_writer out = yao_writer_in(r->arena);
    yao_bytes  body;

    yao_jwe_put(&out, &r->aead, e->bytes);
    yao_jwe_wipe(&r->jwe_key);
    YAO_TRY(yao_writer_keep(&out, r->arena, &body));
    r->post = (receive_post){.purpose = r->plain_purpose,
                             .url     = r->plain_url,
                             .type    = JWT_TYPE,
                             .body    = body};
    return yao_receive_post_now(r, e, w);
}

/* ---- decrypting --------------------------------------------------------- */

RECEIVE_HANDLER(yao_receive_unseal)
{
    r->answered = e->answer.status;
    YAO_TRY(yao_jwe_read(r->arena, e->answer.body, &r->jwe));
    if (r->jwe.enc != r->request.encryption.enc)
        return YAO_E_MISMATCH;
    w->role       = YAO_RECEIVE_OPEN;
    w->agree.peer = r->jwe.ephemeral;
    return yao_receive_go(r, RECEIVE_UNSEAL_AGREE, w, YAO_RECEIVE_AGREE);
}

RECEIVE_HANDLER(yao_receive_on_unseal_agreed)
{
    YAO_TRY(yao_jwe_open(r->options.crypto, &r->jwe, e->bytes, &r->jwe_key,
                         &r->aead));
    w->aead = r->aead;
    return yao_receive_go(r, RECEIVE_UNSEALING, w, YAO_RECEIVE_AEAD);
}

RECEIVE_HANDLER(yao_receive_on_unsealed)
{
    yao_jwe_wipe(&r->jwe_key);
    return yao_receive_read(r, e, w, e->bytes);
}
