/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "load/wallet.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "load/parts.h"
#include "oauth/attestation.h"

enum { ROOM = 96 * 1024, ROOM_OF_COPY = 64 * 1024, LIFE = 3600 };

const char *load_step_name(load_step step)
{
    static const char *const names[LOAD_STEPS] = {
        "par",   "page",       "allow",       "token",
        "nonce", "credential", "notification", "session",
        "request", "answer",   "result"};

    return step < LOAD_STEPS ? names[step] : "";
}

/* ---- tokens ------------------------------------------------------------- */

yao_status load_sign(load_wallet *w, const yao_oauth_unsigned *token,
                     yao_key *key, yao_bytes *ret)
{
    uint8_t signature[YAO_MAX_SIGNATURE];
    size_t  len = 0;

    YAO_TRY(yao_key_sign(key, &token->wish, signature, &len));
    return yao_oauth_sign(&w->arena, token, (yao_bytes){signature, len}, ret);
}

static yao_status attest(load_wallet *w)
{
    const load_plan              *plan    = w->plan;
    yao_time                      now     = yao_now();
    const yao_attestation_request request = {
        .alg         = yao_key_alg(w->home->attester),
        .issuer      = plan->attester_issuer,
        .client_id   = plan->client_id,
        .issued_at   = now,
        .expires     = now + LIFE,
        .key         = yao_key_public(w->key),
        .chain       = plan->chain,
        .chain_count = plan->chain_count};
    yao_oauth_unsigned token;

    YAO_TRY(yao_attestation_make(&w->arena, &request, &token));
    return load_sign(w, &token, w->home->attester, &w->attestation);
}

/* ---- lives -------------------------------------------------------------- */

yao_status load_wallet_open(load_wallet *w, const load_plan *plan,
                            const load_home *home)
{
    *w = (load_wallet){.plan = plan, .home = home};
    YAO_TRY(yao_memory_open(ROOM + plan->copies * ROOM_OF_COPY, &w->arena));
    return plan->desk != NULL ? load_showing_open(&w->showing) : YAO_OK;
}

void load_wallet_forget_devices(load_wallet *w)
{
    for (size_t i = 0; i < YAO_VCI_MAX_BATCH; i++) {
        yao_key_close(w->devices[i]);
        w->devices[i] = NULL;
    }
}

static void forget(load_wallet *w)
{
    load_wallet_forget_devices(w);
    yao_key_close(w->key);
    w->key = NULL;
}

void load_wallet_close(load_wallet *w)
{
    forget(w);
    load_showing_close(w->showing);
    yao_memory_free(&w->arena);
}

yao_status load_wallet_begin(load_wallet *w, yao_text offer)
{
    forget(w);
    *w            = (load_wallet){.plan  = w->plan,
                                  .home  = w->home,
                                  .arena = w->arena,
                                  .showing = w->showing,
                                  .offer = offer};
    w->arena.used = 0;
    w->step       = w->plan->by_code ? LOAD_PAR : LOAD_TOKEN;
    YAO_TRY(yao_key_generate(YAO_ES256, &w->key));
    YAO_TRY(attest(w));
    w->mark = w->arena.used;
    return YAO_OK;
}

void load_wallet_again(load_wallet *w)
{
    w->mark       = w->again;
    w->arena.used = w->mark;
    w->step       = w->plan->desk != NULL ? LOAD_SESSION : LOAD_NONCE;
    w->over       = false;
}

/* Keep TEXT for later steps: the answer that it stands in does not stay, and
 * neither does what a request took. */
static yao_status keep(load_wallet *w, yao_text text, yao_text *ret)
{
    yao_bytes kept;

    if (text.len > w->arena.cap - w->arena.used)
        return YAO_E_SPACE;
    memmove(w->arena.base + w->mark, text.ptr, text.len);
    kept    = (yao_bytes){w->arena.base + w->mark, text.len};
    w->mark = w->mark + text.len;
    if (w->arena.used < w->mark)
        w->arena.used = w->mark;
    *ret = (yao_text){kept.ptr, kept.len};
    return YAO_OK;
}

/* ---- what answers say --------------------------------------------------- */

static yao_status take_pushed(load_wallet *w, const load_answer *a)
{
    yao_pushed pushed;

    YAO_TRY(yao_pushed_read(&w->arena, a->body, &pushed));
    return keep(w, pushed.request_uri, &w->request_uri);
}

static yao_status take_page(load_wallet *w, const load_answer *a)
{
    (void)w;
    return memmem(a->body.ptr, a->body.len, "yp-allow", 8) == NULL
               ? YAO_E_REFUSED
               : YAO_OK;
}

static yao_status take_redirect(load_wallet *w, const load_answer *a)
{
    yao_text       to   = load_answer_header(a, "location");
    size_t         mark = yao_bytes_find(yao_text_bytes(to), '?');
    yao_authorized said;

    if (mark >= to.len)
        return YAO_E_MISSING;
    const yao_bytes query = {to.ptr + mark + 1, to.len - mark - 1};
    YAO_TRY(yao_authorized_read(&w->arena, query, w->plan->url,
                                YAO_TEXT(LOAD_STATE), &said));
    return keep(w, said.code, &w->code);
}

static yao_status take_token(load_wallet *w, const load_answer *a)
{
    yao_token_answer said;

    YAO_TRY(yao_token_answer_read(&w->arena, a->body, &said));
    YAO_TRY(keep(w, said.access_token, &w->token));
    w->again = w->mark;
    return YAO_OK;
}

static yao_status take_nonce(load_wallet *w, const load_answer *a)
{
    yao_text nonce;

    YAO_TRY(yao_vci_read_nonce(&w->arena, a->body, &nonce));
    return keep(w, nonce, &w->nonce);
}

/* Whoever only measures the server counts them and no more. */
static yao_status count_copies(load_wallet *w, yao_bytes body)
{
    static const char name[] = "\"credential\":";
    const size_t      len    = sizeof name - 1;
    size_t            found  = 0;
    const uint8_t    *at;

    while ((at = memmem(body.ptr, body.len, name, len)) != NULL) {
        found++;
        body = (yao_bytes){at + len, body.len - (size_t)(at - body.ptr) - len};
    }
    w->copies += found;
    return found == w->plan->copies ? YAO_OK : YAO_E_MISMATCH;
}

static yao_status take_credential(load_wallet *w, const load_answer *a)
{
    if (w->plan->presigned)
        return count_copies(w, a->body);

    yao_vci_response *said = yao_arena_take(&w->arena, sizeof *said);

    if (said == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_vci_read_response(&w->arena, a->body, w->plan->format,
                                  w->plan->copies, said));
    w->copies += said->count;
    if (said->count != w->plan->copies)
        return YAO_E_MISMATCH;
    if (w->showing != NULL)
        YAO_TRY(load_showing_hold(w, said));
    return keep(w, said->notification_id, &w->notification);
}

static yao_status take_nothing(load_wallet *w, const load_answer *a)
{
    (void)w;
    (void)a;
    return YAO_OK;
}

/* ---- the way ------------------------------------------------------------ */

typedef struct way {
    int status; /* of HTTP */
    yao_status (*take)(load_wallet *w, const load_answer *a);
} way;

static const way ways[LOAD_STEPS] = {
    [LOAD_PAR] = {201, take_pushed},      [LOAD_PAGE] = {200, take_page},
    [LOAD_ALLOW] = {303, take_redirect},  [LOAD_TOKEN] = {200, take_token},
    [LOAD_NONCE] = {200, take_nonce},     [LOAD_CREDENTIAL] = {200,
                                                           take_credential},
    [LOAD_NOTIFICATION] = {204, take_nothing},
    [LOAD_SESSION] = {201, load_showing_take_session},
    [LOAD_REQUEST] = {200, load_showing_take_request},
    [LOAD_ANSWER] = {200, load_showing_take_answer},
    [LOAD_RESULT] = {200, load_showing_take_result}};

static void go_on(load_wallet *w)
{
    load_step end = w->step >= LOAD_SESSION ? LOAD_RESULT
                    : w->plan->alone && w->plan->desk == NULL
                        ? LOAD_CREDENTIAL
                        : LOAD_NOTIFICATION;
    bool      last = w->step == end;

    w->over = last;
    if (!last)
        w->step = (load_step)(w->step + 1);
}

yao_status load_wallet_take(load_wallet *w, const load_answer *answer)
{
    w->arena.used = w->mark; /* the request was sent */
    if (answer->status != ways[w->step].status)
        return YAO_E_REFUSED;
    YAO_TRY(ways[w->step].take(w, answer));
    go_on(w);
    return YAO_OK;
}

/* ---- what bounds it ----------------------------------------------------- */

/* The desk signs its request and verifies issuer and holder; the wallet
 * verifies the request and the certificate of who signed it, and signs; both
 * make a key and agree. */
static const load_operations showing = {
    .signs = 2, .verifies = 4, .generates = 2, .agrees = 2};

/* Each signature of a wallet is verified; the server signs each copy, and the
 * certificates above an attestation are remembered. */
load_operations load_plan_operations(const load_plan *plan)
{
    if (plan->desk != NULL)
        return showing;

    load_operations o = {.signs = plan->copies, .verifies = plan->copies + 1};

    if (!plan->alone) /* tokens for token and notification; attestation, its
                         proof of possession */
        o.verifies += 4;
    if (plan->by_code) /* attestation again, and the same two proofs */
        o.verifies += 3;
    if (plan->presigned)
        return o;
    o.signs += o.verifies - (plan->by_code ? 1 : 0);
    o.generates = plan->copies + (plan->alone ? 0 : 1);
    return o;
}
