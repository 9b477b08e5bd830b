/* SPDX-License-Identifier: Apache-2.0 */

/* From who we are to a token: challenge, attestation, pushed request, page. */

#include "vci/receive_parts.h"

static const char FORM[] = "application/x-www-form-urlencoded";

static RECEIVE_HANDLER(push);
static RECEIVE_HANDLER(ask_token);

/* ---- who we are --------------------------------------------------------- */

static yao_status ask_code(yao_receive *r, yao_receive_wish *w)
{
    r->stage = YAO_RECEIVE_AT_TOKEN;
    w->again = r->tries != 0;
    return yao_receive_go(r, RECEIVE_CODE, w, YAO_RECEIVE_ASK_CODE);
}

static yao_status ask_challenge(yao_receive *r, yao_receive_wish *w)
{
    w->fetch = (yao_receive_fetch){
        .method       = "POST",
        .url          = r->server.challenge_endpoint,
        .headers      = {{"Accept", YAO_TEXT("application/json")}},
        .header_count = 1,
        .most         = YAO_VCI_MAX_OFFER};
    return yao_receive_go(r, RECEIVE_CHALLENGE, w, YAO_RECEIVE_FETCH);
}

static yao_status ask_attestation(yao_receive *r, yao_receive_wish *w)
{
    w->text = r->server.issuer;
    return yao_receive_go(r, RECEIVE_ATTEST, w, YAO_RECEIVE_ATTEST);
}

/* What comes first of what is still missing; then what it was for. */
RECEIVE_HANDLER(yao_receive_introduce)
{
    bool push_first = !r->offer.with_pre_authorized &&
                      r->options.refresh_token.len == 0 && r->code.len == 0;

    if (r->offer.with_pre_authorized && r->offer.tx_code.wanted &&
        r->tx_code.len == 0)
        return ask_code(r, w);
    r->stage = push_first ? YAO_RECEIVE_AT_CLIENT : YAO_RECEIVE_AT_TOKEN;
    if (r->attested && r->challenge.len == 0 &&
        r->server.challenge_endpoint.len != 0)
        return ask_challenge(r, w);
    if (r->attested && r->attestation.len == 0)
        return ask_attestation(r, w);
    if (r->post.purpose != RECEIVE_POST_NOTHING)
        return yao_receive_post_now(r, e, w); /* the same again */
    return push_first ? push(r, e, w) : ask_token(r, e, w);
}

/* A code that cannot be right is not tried: tries are counted over there. */
static bool fits(const yao_vci_tx_code *wanted, yao_bytes code)
{
    if (code.len == 0 || code.len > 64 ||
        (wanted->length != 0 && code.len != wanted->length))
        return false;
    for (size_t i = 0; i < code.len; i++) {
        uint8_t c = code.ptr[i];

        if (wanted->text ? c <= ' ' || c > '~' : c < '0' || c > '9')
            return false;
    }
    return true;
}

RECEIVE_HANDLER(yao_receive_on_code)
{
    if (!fits(&r->offer.tx_code, e->bytes)) {
        if (++r->tries >= YAO_RECEIVE_TRIES)
            return YAO_E_REFUSED;
        return ask_code(r, w);
    }
    r->tx_code = (yao_text){e->bytes.ptr, e->bytes.len};
    return yao_receive_introduce(r, e, w);
}

RECEIVE_HANDLER(yao_receive_on_challenge)
{
    yao_text challenge;

    if (e->answer.status != 200)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_challenge_read(r->arena, e->answer.body, &challenge));
    yao_receive_keep_word(&r->challenge, challenge);
    if (r->challenge.len == 0)
        return YAO_E_MALFORMED;
    return yao_receive_introduce(r, e, w);
}

RECEIVE_HANDLER(yao_receive_on_attested)
{
    if (e->bytes.len == 0 || e->bytes.len > YAO_MAX_JWT)
        return YAO_E_MALFORMED;
    r->attestation = e->bytes;
    return yao_receive_introduce(r, e, w);
}

/* ---- the pushed request ------------------------------------------------- */

/* HAIP 1.0 section 4.2: by scope; a document without one by its id. */
static yao_status put_wanted(yao_receive *r, yao_authorize_request *request)
{
    yao_writer w     = yao_writer_in(r->arena);
    bool       first = true;
    yao_bytes  scope;

    for (size_t i = 0; i < r->item_count; i++) {
        const yao_vci_offered *o = &r->items[i].offered;

        if (o->scope.len == 0) {
            if (request->details.count == YAO_OAUTH_MAX_DETAILS)
                return YAO_E_LIMIT;
            request->details.items[request->details.count++].configuration =
                o->id;
            continue;
        }
        if (yao_scope_has((yao_text){w.ptr, w.len}, o->scope))
            continue;
        if (!first)
            yao_put_byte(&w, ' ');
        first = false;
        yao_put_bytes(&w, yao_text_bytes(o->scope));
    }
    YAO_TRY(yao_writer_keep(&w, r->arena, &scope));
    request->scope = (yao_text){scope.ptr, scope.len};
    if (r->metadata.server_count != 0)
        request->location = r->metadata.issuer;
    return YAO_OK;
}

static yao_status put_jkt(yao_receive *r, yao_text *ret)
{
    uint8_t    jkt[YAO_SHA256_LEN];
    yao_bytes  letters;

    YAO_TRY(yao_jwk_thumbprint(&r->options.session_key, r->options.crypto,
                               jkt));
    yao_writer w = yao_writer_in(r->arena);
    yao_dpop_put_jkt(&w, jkt);
    YAO_TRY(yao_writer_keep(&w, r->arena, &letters));
    *ret = (yao_text){letters.ptr, letters.len};
    return YAO_OK;
}

/* State and verifier: fresh, of this session. */
static yao_status draw(yao_receive *r, yao_entropy *entropy)
{
    yao_bytes  random;
    yao_writer w = yao_writer_open(r->session, sizeof r->session);

    YAO_TRY(yao_entropy_take(entropy, 16, &random));
    yao_put_base64url(&w, random);
    YAO_TRY(yao_entropy_take(entropy, 32, &random));
    return yao_pkce_make(random, r->options.crypto, &r->pkce);
}

enum { STATE_LETTERS = 22 }; /* of 16 bytes */

static yao_status put_push(yao_receive *r, yao_bytes *ret)
{
    yao_authorize_request request = {
        .client_id      = r->client_id,
        .redirect_uri   = r->options.redirect_uri,
        .state          = {r->session, STATE_LETTERS},
        .code_challenge = {r->pkce.challenge, YAO_PKCE_LEN},
        .issuer_state   = r->offer.issuer_state};
    bool first = true;

    YAO_TRY(put_wanted(r, &request));
    YAO_TRY(put_jkt(r, &request.dpop_jkt));
    yao_writer w = yao_writer_in(r->arena);
    yao_authorize_put(&w, &first, &request);
    return yao_writer_keep(&w, r->arena, ret);
}

static RECEIVE_HANDLER(push)
{
    yao_entropy entropy = {e->random};
    yao_bytes   body;

    if (r->options.redirect_uri.len == 0)
        return YAO_E_UNSUPPORTED;
    YAO_TRY(draw(r, &entropy));
    YAO_TRY(put_push(r, &body));
    r->post = (receive_post){.purpose = RECEIVE_POST_PUSH,
                             .url     = r->server.pushed_endpoint,
                             .type    = FORM,
                             .body    = body};
    yao_receive_event rest = *e;
    rest.random            = entropy.rest;
    return yao_receive_post_now(r, &rest, w);
}

/* What the server said, for the person: the machine's own status says that it
 * was a refusal. */
static yao_status refused(yao_receive *r, const yao_receive_event *e)
{
    yao_oauth_failure failure;

    if (e->answer.status < 400 || e->answer.status > 499)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_oauth_read_failure(r->arena, e->answer.body, &failure));
    r->said = yao_receive_shown(r, failure.description.len != 0
                                       ? failure.description
                                       : failure.error);
    return YAO_E_REFUSED;
}

RECEIVE_HANDLER(yao_receive_on_pushed)
{
    yao_pushed pushed;
    yao_bytes  link;

    r->post.purpose = RECEIVE_POST_NOTHING;
    if (e->answer.status != 201 && e->answer.status != 200)
        return refused(r, e);
    YAO_TRY(yao_pushed_read(r->arena, e->answer.body, &pushed));

    yao_writer out = yao_writer_in(r->arena);
    yao_authorize_put_link(&out, r->server.authorization_endpoint,
                           r->client_id, pushed.request_uri);
    YAO_TRY(yao_writer_keep(&out, r->arena, &link));
    r->stage = YAO_RECEIVE_AT_PAGE;
    w->text  = (yao_text){link.ptr, link.len};
    return yao_receive_go(r, RECEIVE_PAGE, w, YAO_RECEIVE_OPEN_PAGE);
}

/* ---- the page ----------------------------------------------------------- */

RECEIVE_HANDLER(yao_receive_on_page)
{
    yao_text       state = {r->session, STATE_LETTERS};
    yao_authorized answer;
    yao_status     status = yao_authorized_read(
        r->arena, e->bytes, r->server.issuer, state, &answer);

    if (status == YAO_E_REFUSED)
        r->said = yao_receive_shown(r, answer.description.len != 0
                                           ? answer.description
                                           : answer.error);
    YAO_TRY(status);
    r->code = answer.code;
    return yao_receive_introduce(r, e, w);
}

/* ---- the token ---------------------------------------------------------- */

static RECEIVE_HANDLER(ask_token)
{
    yao_token_request request = {.grant     = YAO_GRANT_CODE,
                                 .client_id = r->client_id};
    bool      first = true;
    yao_bytes body;

    r->stage = YAO_RECEIVE_AT_TOKEN;
    if (r->options.refresh_token.len != 0) {
        request.grant         = YAO_GRANT_REFRESH;
        request.refresh_token = r->options.refresh_token;
    } else if (r->offer.with_pre_authorized) {
        request.grant   = YAO_GRANT_PRE_CODE;
        request.code    = r->offer.pre_authorized_code;
        request.tx_code = r->tx_code;
    } else {
        request.code          = r->code;
        request.redirect_uri  = r->options.redirect_uri;
        request.code_verifier = (yao_text){r->pkce.verifier, YAO_PKCE_LEN};
    }
    yao_writer out = yao_writer_in(r->arena);
    yao_token_request_put(&out, &first, &request);
    YAO_TRY(yao_writer_keep(&out, r->arena, &body));
    r->post = (receive_post){.purpose = RECEIVE_POST_TOKEN,
                             .url     = r->server.token_endpoint,
                             .type    = FORM,
                             .body    = body};
    return yao_receive_post_now(r, e, w);
}

/* A code that was typed wrongly may be typed again. */
static yao_status not_given(yao_receive *r, const yao_receive_event *e,
                            yao_receive_wish *w)
{
    yao_oauth_failure failure;
    yao_status        status = refused(r, e);

    if (status != YAO_E_REFUSED || r->tx_code.len == 0 ||
        ++r->tries >= YAO_RECEIVE_TRIES)
        return status;
    YAO_TRY(yao_oauth_read_failure(r->arena, e->answer.body, &failure));
    if (!yao_text_equal(failure.error, YAO_TEXT("invalid_grant")))
        return status;
    r->tx_code = (yao_text){NULL, 0};
    return ask_code(r, w);
}

/* Each of several datasets of one configuration is a document of its own
 * (OpenID4VCI 1.0 section 6.2). */
static yao_status spread(yao_receive *r)
{
    size_t count = r->item_count;

    for (size_t d = 0; d < r->token.details.count; d++) {
        const yao_detail *detail = &r->token.details.items[d];

        for (size_t i = 0; i < count; i++) {
            yao_receive_item *item = &r->items[i];

            if (!yao_text_equal(item->offered.id, detail->configuration))
                continue;
            item->identifier = detail->identifiers[0];
            for (size_t n = 1; n < detail->identifier_count; n++) {
                YAO_TRY(yao_receive_enter(r, item->offered));
                r->items[r->item_count - 1].identifier =
                    detail->identifiers[n];
            }
        }
    }
    return YAO_OK;
}

RECEIVE_HANDLER(yao_receive_on_token)
{
    r->post.purpose = RECEIVE_POST_NOTHING;
    if (e->answer.status != 200)
        return not_given(r, e, w);
    YAO_TRY(yao_token_answer_read(r->arena, e->answer.body, &r->token));
    if (!r->token.dpop)
        return YAO_E_MISMATCH; /* whoever finds it could use it */
    YAO_TRY(spread(r));
    yao_wipe(&r->pkce, sizeof r->pkce);
    return yao_receive_next(r, e, w);
}
