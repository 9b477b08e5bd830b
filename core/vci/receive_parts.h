/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VCI_RECEIVE_PARTS_H
#define YAO_VCI_RECEIVE_PARTS_H

/** The inside of yao_receive. Private to receive*.c. */

#include "oauth/attestation.h"
#include "oauth/authorize.h"
#include "oauth/metadata.h"
#include "oauth/pkce.h"
#include "oauth/token.h"
#include "vci/nonce.h"
#include "vci/receive.h"

typedef enum receive_state {
    RECEIVE_START,
    RECEIVE_OFFER,     /* fetching it */
    RECEIVE_ISSUER,    /* fetching its metadata */
    RECEIVE_SERVER,    /* fetching the authorization server's */
    RECEIVE_CODE,      /* the person types */
    RECEIVE_CHALLENGE, /* fetching one for the attestation */
    RECEIVE_ATTEST,
    RECEIVE_DPOP, /* signing proofs for a post */
    RECEIVE_POP,
    RECEIVE_POSTED,
    RECEIVE_PAGE,
    RECEIVE_NONCE,
    RECEIVE_COPY_KEYS,
    RECEIVE_KEY_ATTEST,
    RECEIVE_PROOF,
    RECEIVE_OPEN_KEY,
    RECEIVE_SEAL_KEY,
    RECEIVE_SEAL_AGREE,
    RECEIVE_SEALING,
    RECEIVE_UNSEAL_AGREE,
    RECEIVE_UNSEALING,
    RECEIVE_WAITING,
    RECEIVE_CONFIRM,
    RECEIVE_STORING,
    RECEIVE_OVER,
    RECEIVE_STATES
} receive_state;

/** What is posted: who reads the answer. */
typedef enum receive_purpose {
    RECEIVE_POST_NOTHING,
    RECEIVE_POST_PUSH,       /* the authorization request */
    RECEIVE_POST_TOKEN,
    RECEIVE_POST_CREDENTIAL,
    RECEIVE_POST_DEFERRED,
    RECEIVE_POST_NOTIFY
} receive_purpose;

/* A nonce or challenge of a server: what it may be long, copied, since it
 * outlives the answer it came with. */
typedef struct receive_word {
    uint8_t letters[YAO_OAUTH_MAX_SECRET];
    size_t  len;
} receive_word;

enum { RECEIVE_SIGNERS = 8 };

typedef struct receive_post {
    receive_purpose    purpose;
    yao_text           url;
    const char        *type; /* Content-Type */
    yao_bytes          body;
    bool               nonced, challenged; /* sent again because of that */
    yao_oauth_unsigned token;  /* being signed */
    yao_bytes          dpop, pop;
    receive_word       used;   /* nonce that the proof carries */
} receive_post;

struct yao_receive {
    yao_arena          *arena;
    yao_receive_options options;
    receive_state       state;
    yao_receive_stage   stage;
    yao_text            said;

    yao_vci_offer     offer;
    yao_vci_metadata  metadata;
    yao_as_metadata   server;
    yao_receive_item *items; /* room for YAO_VCI_MAX_OFFERED */
    size_t            item_count;

    bool         attested;  /* we say who we are by an attestation */
    bool         combined;  /* with the DPoP proof as its proof */
    yao_text     client_id; /* empty: anonymous */
    yao_bytes    attestation;
    receive_word challenge, server_nonce, issuer_nonce;
    yao_pkce     pkce;      /* secret */
    uint8_t      session[YAO_PKCE_LEN]; /* `state` */
    yao_text     tx_code, code;
    unsigned     tries;

    receive_post     post;
    yao_token_answer token;

    yao_receive_item  *item; /* that is being asked for, or NULL */
    yao_text           c_nonce;
    yao_vci_request    request;
    yao_vci_token      proof;
    yao_text           key_attestation;
    size_t             proof_index;
    yao_bytes          plain;       /* a body before it is encrypted */
    yao_text           plain_url;
    receive_purpose    plain_purpose;
    yao_public_key     open_key, seal_key;
    yao_jwe            jwe;
    yao_jwe_key        jwe_key;     /* secret while a wish waits */
    yao_aead_wish      aead;
    int                answered;    /* HTTP status of what is being opened */
    size_t             notified;
    yao_bytes          signers[RECEIVE_SIGNERS]; /* of what was verified */
    size_t             signer_count;
    yao_status         failure;     /* before any document was asked for, or
                                       when the person said no */
};

/* A handler: what is to be done next goes into W. Its failure ends the session,
 * or that of the document which is being asked for. */
typedef yao_status (*receive_handler)(yao_receive             *r,
                                      const yao_receive_event *e,
                                      yao_receive_wish        *w);

#define RECEIVE_HANDLER(name)                                                  \
    yao_status name(yao_receive *r, const yao_receive_event *e,                \
                    yao_receive_wish *w)

/* receive.c */
yao_status yao_receive_go(yao_receive *r, receive_state state,
                          yao_receive_wish *w, yao_receive_do kind);
yao_status yao_receive_get(yao_receive *r, receive_state state,
                           yao_receive_wish *w, yao_text url,
                           const char *accept);
bool yao_receive_same_origin(yao_text a, yao_text b);
void yao_receive_keep_word(receive_word *word, yao_text text);
yao_text yao_receive_word(const receive_word *word);
yao_status yao_receive_jti(yao_arena *arena, yao_entropy *entropy,
                           yao_text *ret);
yao_status yao_receive_enter(yao_receive *r, yao_vci_offered offered);
yao_text   yao_receive_shown(yao_receive *r, yao_text text);
RECEIVE_HANDLER(yao_receive_stop);

/* receive_start.c */
RECEIVE_HANDLER(yao_receive_on_start);
RECEIVE_HANDLER(yao_receive_on_offer);
RECEIVE_HANDLER(yao_receive_on_issuer);
RECEIVE_HANDLER(yao_receive_on_server);

/* receive_token.c */
RECEIVE_HANDLER(yao_receive_introduce);
RECEIVE_HANDLER(yao_receive_on_code);
RECEIVE_HANDLER(yao_receive_on_challenge);
RECEIVE_HANDLER(yao_receive_on_attested);
RECEIVE_HANDLER(yao_receive_on_pushed);
RECEIVE_HANDLER(yao_receive_on_page);
RECEIVE_HANDLER(yao_receive_on_token);

/* receive_post.c */
RECEIVE_HANDLER(yao_receive_post_now); /* r->post is what */
RECEIVE_HANDLER(yao_receive_on_dpop);
RECEIVE_HANDLER(yao_receive_on_pop);
RECEIVE_HANDLER(yao_receive_on_posted);
RECEIVE_HANDLER(yao_receive_seal); /* r->plain is what */
RECEIVE_HANDLER(yao_receive_on_seal_key);
RECEIVE_HANDLER(yao_receive_on_seal_agreed);
RECEIVE_HANDLER(yao_receive_on_sealed);
RECEIVE_HANDLER(yao_receive_unseal); /* the answer in E */
RECEIVE_HANDLER(yao_receive_on_unseal_agreed);
RECEIVE_HANDLER(yao_receive_on_unsealed);

/* receive_ask.c */
RECEIVE_HANDLER(yao_receive_next);
RECEIVE_HANDLER(yao_receive_on_nonce);
RECEIVE_HANDLER(yao_receive_on_keys);
RECEIVE_HANDLER(yao_receive_on_keys_attested);
RECEIVE_HANDLER(yao_receive_on_proof);
RECEIVE_HANDLER(yao_receive_on_open_key);
RECEIVE_HANDLER(yao_receive_on_credential);
RECEIVE_HANDLER(yao_receive_on_waited);
yao_status yao_receive_read(yao_receive *r, const yao_receive_event *e,
                            yao_receive_wish *w, yao_bytes body);
void yao_receive_fail_item(yao_receive *r, yao_status status);

/* receive_check.c */
yao_status yao_receive_check(yao_receive *r, yao_time now,
                             const yao_vci_response *response);

/* receive_end.c */
RECEIVE_HANDLER(yao_receive_finish);
RECEIVE_HANDLER(yao_receive_on_confirmed);
RECEIVE_HANDLER(yao_receive_on_declined);
RECEIVE_HANDLER(yao_receive_on_stored);
RECEIVE_HANDLER(yao_receive_on_not_stored);
RECEIVE_HANDLER(yao_receive_on_notified);

#endif
