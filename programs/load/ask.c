/* SPDX-License-Identifier: Apache-2.0 */

/* The requests of a wallet, whole: head, tokens, body. */

#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "app/random.h"
#include "load/parts.h"

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"

enum { JTI = 32 }; /* random bytes of the name of a proof */

/* A request on its way into the arena. */
typedef struct asking {
    load_wallet *w;
    const char  *method;
    const char  *path;
    const char  *type; /* of the body; NULL: no body */
    yao_bytes    body;
    yao_bytes    dpop, attestation, pop; /* empty: not sent */
    yao_text     token;
    bool         origin;
} asking;

/* ---- tokens ------------------------------------------------------------- */

static yao_status address_of(const asking *a, yao_text *ret)
{
    yao_writer w = yao_writer_in(&a->w->arena);
    yao_bytes  whole;

    yao_put_bytes(&w, yao_text_bytes(a->w->plan->url));
    yao_put_text(&w, a->path);
    YAO_TRY(yao_writer_keep(&w, &a->w->arena, &whole));
    *ret = (yao_text){whole.ptr, whole.len};
    return YAO_OK;
}

static yao_status prove(asking *a)
{
    load_wallet     *w       = a->w;
    yao_dpop_request request = {.alg    = YAO_ES256,
                                .key    = yao_key_public(w->key),
                                .method = yao_text_of(a->method),
                                .iat    = yao_now(),
                                .token  = a->token};
    yao_oauth_unsigned token;

    YAO_TRY(app_random_letters(&w->arena, JTI, &request.jti));
    YAO_TRY(address_of(a, &request.uri));
    YAO_TRY(yao_dpop_make(&w->arena, &request, w->home->crypto, &token));
    return load_sign(w, &token, w->key, &a->dpop);
}

static yao_status show_attestation(asking *a)
{
    load_wallet                *w       = a->w;
    yao_attestation_pop_request request = {.alg       = YAO_ES256,
                                           .client_id = w->plan->client_id,
                                           .audience  = w->plan->url,
                                           .iat       = yao_now()};
    yao_oauth_unsigned          token;

    YAO_TRY(app_random_letters(&w->arena, JTI, &request.jti));
    YAO_TRY(yao_attestation_make_pop(&w->arena, &request, &token));
    a->attestation = w->attestation;
    return load_sign(w, &token, w->key, &a->pop);
}

/* ---- the whole ---------------------------------------------------------- */

static void put_field(yao_writer *out, const char *name, yao_bytes value)
{
    if (value.len == 0)
        return;
    yao_put_text(out, name);
    yao_put_text(out, ": ");
    yao_put_bytes(out, value);
    yao_put_text(out, "\r\n");
}

static void put_body(yao_writer *out, const asking *a)
{
    char length[32];

    snprintf(length, sizeof length, "%zu", a->body.len);
    if (a->type != NULL)
        put_field(out, "Content-Type", yao_text_bytes(yao_text_of(a->type)));
    if (a->type != NULL || strcmp(a->method, "POST") == 0)
        put_field(out, "Content-Length", yao_text_bytes(yao_text_of(length)));
    yao_put_text(out, "\r\n");
    yao_put_bytes(out, a->body);
}

static yao_status write_whole(const asking *a, yao_bytes *ret)
{
    const load_place *place = &a->w->plan->place;
    yao_writer        out   = yao_writer_in(&a->w->arena);

    yao_put_text(&out, a->method);
    yao_put_text(&out, " ");
    yao_put_text(&out, place->path);
    yao_put_text(&out, a->path);
    yao_put_text(&out, " HTTP/1.1\r\n");
    put_field(&out, "Host", yao_text_bytes(yao_text_of(place->host)));
    if (a->origin) {
        yao_put_text(&out, "Origin: http://");
        yao_put_text(&out, place->host);
        yao_put_text(&out, "\r\n");
    }
    if (a->token.len > 0) {
        yao_put_text(&out, "Authorization: DPoP ");
        yao_put_bytes(&out, yao_text_bytes(a->token));
        yao_put_text(&out, "\r\n");
    }
    put_field(&out, "DPoP", a->dpop);
    put_field(&out, "OAuth-Client-Attestation", a->attestation);
    put_field(&out, "OAuth-Client-Attestation-PoP", a->pop);
    put_body(&out, a);
    return yao_writer_keep(&out, &a->w->arena, ret);
}

static yao_status keep_body(asking *a, yao_writer *body)
{
    return yao_writer_keep(body, &a->w->arena, &a->body);
}

/* ---- each --------------------------------------------------------------- */

static yao_status ask_par(load_wallet *w, asking *a)
{
    uint8_t    random[32];
    yao_pkce   pkce;
    yao_bytes  verifier;
    bool       first = true;
    yao_writer body;

    YAO_TRY(yao_openssl_random(random, sizeof random));
    YAO_TRY(yao_pkce_make((yao_bytes){random, sizeof random}, w->home->crypto,
                          &pkce));
    YAO_TRY(yao_arena_keep(&w->arena,
                           (yao_bytes){pkce.verifier, YAO_PKCE_LEN},
                           &verifier));
    w->verifier = (yao_text){verifier.ptr, verifier.len};
    w->mark     = w->arena.used;

    const yao_authorize_request request = {
        .client_id      = w->plan->client_id,
        .redirect_uri   = YAO_TEXT(LOAD_REDIRECT),
        .state          = YAO_TEXT(LOAD_STATE),
        .code_challenge = {pkce.challenge, YAO_PKCE_LEN},
        .scope          = w->plan->configuration,
        .issuer_state   = w->offer};
    *a = (asking){.w = w, .method = "POST", .path = "/par", .type = FORM};
    YAO_TRY(prove(a));
    YAO_TRY(show_attestation(a));
    body = yao_writer_in(&w->arena);
    yao_authorize_put(&body, &first, &request);
    return keep_body(a, &body);
}

static yao_status ask_page(load_wallet *w, asking *a)
{
    yao_writer path = yao_writer_in(&w->arena);
    yao_bytes  kept;
    bool       first = true;

    yao_put_text(&path, "/authorize?");
    yao_form_put(&path, &first, "client_id", w->plan->client_id);
    yao_form_put(&path, &first, "request_uri", w->request_uri);
    yao_put_byte(&path, 0);
    YAO_TRY(yao_writer_keep(&path, &w->arena, &kept));
    *a = (asking){.w = w, .method = "GET", .path = (const char *)kept.ptr};
    return YAO_OK;
}

static yao_status ask_allow(load_wallet *w, asking *a)
{
    yao_writer body  = yao_writer_in(&w->arena);
    bool       first = true;

    *a = (asking){.w      = w,
                  .method = "POST",
                  .path   = "/authorize",
                  .type   = FORM,
                  .origin = true};
    yao_form_put(&body, &first, "client_id", w->plan->client_id);
    yao_form_put(&body, &first, "request_uri", w->request_uri);
    yao_form_put(&body, &first, "answer", YAO_TEXT("allow"));
    return keep_body(a, &body);
}

static yao_status ask_token(load_wallet *w, asking *a)
{
    yao_token_request request = {.client_id = w->plan->client_id};
    bool              first   = true;
    yao_writer        body;

    request.grant = w->plan->by_code ? YAO_GRANT_CODE : YAO_GRANT_PRE_CODE;
    request.code  = w->plan->by_code ? w->code : w->offer;
    if (w->plan->by_code) {
        request.redirect_uri  = YAO_TEXT(LOAD_REDIRECT);
        request.code_verifier = w->verifier;
    }
    *a = (asking){.w = w, .method = "POST", .path = "/token", .type = FORM};
    YAO_TRY(prove(a));
    YAO_TRY(show_attestation(a));
    body = yao_writer_in(&w->arena);
    yao_token_request_put(&body, &first, &request);
    return keep_body(a, &body);
}

static yao_status ask_nonce(load_wallet *w, asking *a)
{
    *a = (asking){.w = w, .method = "POST", .path = "/nonce"};
    return YAO_OK;
}

static yao_status make_proof(load_wallet *w, yao_key *device, yao_text *ret)
{
    const yao_vci_proof_wish wish = {.key       = yao_key_public(device),
                                     .audience  = w->plan->url,
                                     .client_id = w->plan->client_id,
                                     .nonce     = w->nonce,
                                     .now       = yao_now()};
    uint8_t       signature[YAO_MAX_SIGNATURE];
    size_t        len = 0;
    yao_vci_token token;
    yao_bytes     bytes;

    YAO_TRY(yao_vci_make_proof(&w->arena, &wish, &token));
    YAO_TRY(yao_key_sign(device, &token.wish, signature, &len));
    yao_writer out = yao_writer_in(&w->arena);
    yao_vci_put_token(&out, &token, (yao_bytes){signature, len});
    YAO_TRY(yao_writer_keep(&out, &w->arena, &bytes));
    *ret = (yao_text){bytes.ptr, bytes.len};
    return YAO_OK;
}

static yao_status ask_credential(load_wallet *w, asking *a)
{
    yao_vci_request *request = yao_arena_take(&w->arena, sizeof *request);

    if (request == NULL)
        return YAO_E_SPACE;
    request->configuration = w->plan->configuration;
    request->type          = YAO_VCI_JWT;
    request->proof_count   = w->plan->copies;
    load_wallet_forget_devices(w);
    for (size_t i = 0; i < w->plan->copies; i++) {
        YAO_TRY(yao_key_generate(YAO_ES256, &w->devices[i]));
        YAO_TRY(make_proof(w, w->devices[i], &request->proofs[i]));
    }
    *a = (asking){.w      = w,
                  .method = "POST",
                  .path   = "/credential",
                  .type   = JSON,
                  .token  = w->token};
    YAO_TRY(prove(a));
    yao_writer body = yao_writer_in(&w->arena);
    yao_vci_put_request(&body, request);
    return keep_body(a, &body);
}

static yao_status ask_notification(load_wallet *w, asking *a)
{
    const yao_vci_notification said = {.id    = w->notification,
                                       .event = YAO_VCI_ACCEPTED};

    *a = (asking){.w      = w,
                  .method = "POST",
                  .path   = "/notification",
                  .type   = JSON,
                  .token  = w->token};
    YAO_TRY(prove(a));
    yao_writer body = yao_writer_in(&w->arena);
    yao_vci_put_notification(&body, &said);
    return keep_body(a, &body);
}

yao_status load_wallet_ask(load_wallet *w, yao_bytes *ret)
{
    static yao_status (*const asks[LOAD_STEPS])(load_wallet *, asking *) = {
        [LOAD_PAR] = ask_par,           [LOAD_PAGE] = ask_page,
        [LOAD_ALLOW] = ask_allow,       [LOAD_TOKEN] = ask_token,
        [LOAD_NONCE] = ask_nonce,       [LOAD_CREDENTIAL] = ask_credential,
        [LOAD_NOTIFICATION] = ask_notification};
    asking a;

    w->arena.used = w->mark;
    if (w->step >= LOAD_SESSION)
        return load_showing_ask(w, ret);
    YAO_TRY(asks[w->step](w, &a));
    return write_whole(&a, ret);
}
