/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_PARTS_H
#define YAO_AUTHORITY_VCI_PARTS_H

/**
 * The endpoints of the authorization server, and what they share. Private to
 * this folder but for the part itself.
 */

#include "authority/server/server.h"
#include "authority/vci/access.h"
#include "authority/vci/asker.h"
#include "authority/vci/box.h"
#include "authority/vci/keeping.h"
#include "oauth/token.h"

/** Routes of the authorization server. */
extern const authority_part authority_oauth;

/** POST /par: a wallet pushes what it wants. */
yao_status vci_push(app_call *call, app_reply *ret);
/** GET /authorize: the page. */
yao_status vci_show_page(app_call *call, app_reply *ret);
/** POST /authorize: yes or no. */
yao_status vci_take_answer(app_call *call, app_reply *ret);
/** POST /token: a token for a code, an offer or a refresh token. */
yao_status vci_give_token(app_call *call, app_reply *ret);
/** POST /challenge: for a proof of possession. */
yao_status vci_give_challenge(app_call *call, app_reply *ret);
/** GET /.well-known/oauth-authorization-server. */
yao_status vci_give_metadata(app_call *call, app_reply *ret);

#define VCI_REQUEST_URI "urn:ietf:params:oauth:request_uri:"

/* ---- tokens (issue_token.c) ---- */

/** What the token endpoint hands out for GRANT. */
typedef struct vci_tokens {
    yao_text access, refresh; /* refresh: empty when there is none */
    int64_t  expires_in;
} vci_tokens;

/** Make tokens for what KEPT stands for; their claims go into CHANGE. FIRST:
 *  the grant begins to live; else it must be alive already. */
YAO_MUST_USE yao_status vci_tokens_put(app_call *call, store_change *change,
                                       vci_kept_token *kept, bool first,
                                       vci_tokens *ret);

/** The token response. */
YAO_MUST_USE yao_status vci_tokens_reply(app_call *call,
                                         const vci_kept_token *kept,
                                         const vci_tokens *tokens,
                                         app_reply        *reply);

/** A code or token came that was used before: its grant ends, and an event
 *  says so. KIND is the event's. */
YAO_MUST_USE yao_status vci_end_reused(app_call *call, int used_kind,
                                       yao_text secret, const char *kind);

/** Remember that SECRET was used, and for which grant. */
YAO_MUST_USE yao_status vci_note_used(app_call *call, store_change *change,
                                      int kind, yao_text secret,
                                      const vci_grant *grant,
                                      yao_time         until);

/* ---- the pre-authorised grant (offer.c) ---- */

/** A token for the offer CODE, in REPLY. REFUSAL: invalid_grant,
 *  invalid_request (a tx_code that is missing, or of another form), slow_down.
 *  Errors: those, and of the store; YAO_E_CRYPTO, YAO_E_SPACE. */
YAO_MUST_USE yao_status vci_redeem_offer(app_call *call, const vci_asker *asker,
                                         const yao_token_request *request,
                                         app_reply               *reply,
                                         yao_oauth_refusal       *refusal);

/* ---- pages (page.c) ---- */

typedef struct vci_page {
    const vci_kept_request *request;
    yao_text                request_uri;
    const vci_client       *client; /* NULL: not registered */
    bool                    login;  /* number and code are asked for */
    bool                    wrong;  /* they were wrong */
    bool                    wait;   /* too often */
} vci_page;

/** The page on which a person says yes or no. Errors: YAO_E_SPACE,
 *  YAO_E_CRYPTO. */
YAO_MUST_USE yao_status vci_page_reply(app_call *call, const vci_page *page,
                                       app_reply *reply);

/** A page that says what cannot be done, with id yp-error. */
YAO_MUST_USE yao_status vci_error_page(app_call *call, int status,
                                       app_reply *reply);

#endif
