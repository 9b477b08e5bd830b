/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_LOAD_WALLET_H
#define YAO_LOAD_WALLET_H

/**
 * A wallet that fetches from an authority of this machine, or shows what it
 * fetched to a desk: which request comes next, made with all its tokens, and
 * what its answer says. It knows the authority's paths, trusts it, judges
 * nothing and keeps nothing; who wants a wallet takes `yaopai wallet`.
 *
 *     pre-authorised:  token > nonce > credential > notification
 *     with a code:     par > page > allow > token > ...
 *     alone:           [nonce >] credential, again and again by one token
 *     showing:         session > request > answer > result, the first and the
 *                      last as a program of the relying party; again and again
 *                      of the one document that was fetched before
 *
 * Sending, waiting and the clock are others' (run.c).
 */

#include "app/key.h"
#include "load/line.h"
#include "vci/request.h"
#include "yaopai/limits.h"
#include "yaopai/trust.h"

typedef enum load_step {
    LOAD_PAR,
    LOAD_PAGE,
    LOAD_ALLOW,
    LOAD_TOKEN,
    LOAD_NONCE,
    LOAD_CREDENTIAL,
    LOAD_NOTIFICATION,
    LOAD_SESSION,
    LOAD_REQUEST,
    LOAD_ANSWER,
    LOAD_RESULT,
    LOAD_STEPS
} load_step;

/** "par", "token", ... */
const char *load_step_name(load_step step);

/** The desk that documents are shown to. */
typedef struct load_desk {
    load_place        place;
    yao_text          profile;
    yao_text          bearer; /* key of a program */
    const yao_anchor *anchors; /* of readers */
    size_t            anchor_count;
} load_desk;

/** What all wallets do. */
typedef struct load_plan {
    load_place     place;
    yao_text       url;
    yao_text       configuration;
    yao_vci_format format;
    size_t         copies;
    bool           by_code; /* the authorization code flow */
    bool           alone;   /* credential requests only */
    bool           presigned;
    yao_text       client_id;
    yao_text       attester_issuer; /* empty: not said */
    yao_bytes      chain[YAO_MAX_CHAIN];
    size_t         chain_count;
    size_t         room; /* bytes of one answer */
    const load_desk *desk; /* `alone`, showing; NULL: fetching */
} load_plan;

/** What a thread has. */
typedef struct load_home {
    yao_openssl      *openssl;
    const yao_crypto *crypto;
    yao_key          *attester;
} load_home;

typedef struct load_showing load_showing;

typedef struct load_wallet {
    const load_plan *plan;
    const load_home *home;
    yao_arena        arena;
    size_t           mark;  /* below it: what more than one request needs */
    size_t           again; /* and of those, all with one token */
    yao_key         *key;  /* of the instance, and of its tokens */
    yao_key         *devices[YAO_VCI_MAX_BATCH];
    yao_bytes        attestation;
    yao_text         offer; /* code or issuer_state */
    yao_text         request_uri, code, verifier, token, nonce, notification;
    load_step        step;
    bool             over; /* nothing comes after the last step */
    size_t           copies; /* that came */
    load_showing    *showing; /* with a desk */
} load_wallet;

/** Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status load_wallet_open(load_wallet *w, const load_plan *plan,
                                         const load_home *home);
void                    load_wallet_close(load_wallet *w);

/** Begin anew, as another wallet, with an offer: its code or issuer_state.
 *  Errors: YAO_E_CRYPTO, YAO_E_SPACE. */
YAO_MUST_USE yao_status load_wallet_begin(load_wallet *w, yao_text offer);

/** Begin anew with the token that it has: nonce and credential; or with the
 *  document that it has: session and what follows. */
void load_wallet_again(load_wallet *w);

/** The request of `step`; lives until the next call. Errors: YAO_E_SPACE,
 *  YAO_E_CRYPTO, YAO_E_USAGE. */
YAO_MUST_USE yao_status load_wallet_ask(load_wallet *w, yao_bytes *ret);

/**
 * Take its answer; `step` is then the next one, or it is `over`.
 *
 * Errors  YAO_E_REFUSED  another status than the step's
 *         those of the readers of the answers
 */
YAO_MUST_USE yao_status load_wallet_take(load_wallet       *w,
                                         const load_answer *answer);

/** How many bare operations one walk takes, of both sides; with `presigned`,
 *  those of the server. */
typedef struct load_operations {
    size_t signs, verifies, generates, agrees;
} load_operations;
load_operations load_plan_operations(const load_plan *plan);

#endif
