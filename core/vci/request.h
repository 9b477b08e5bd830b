/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VCI_REQUEST_H
#define YAO_VCI_REQUEST_H

/**
 * What is asked of a credential issuer and what it answers: requests,
 * responses, deferred ones, notifications. Each written by one side and read by
 * the other; both are here.
 */

#include "vci/vci.h"

/* ---- encryption of the answer ------------------------------------------- */

/** With what the issuer is to encrypt. enc NONE: not at all. */
typedef struct yao_vci_encryption {
    yao_aead_alg   enc;
    yao_public_key key; /* ECDH-ES, of this request only */
    yao_text       kid; /* empty: none */
} yao_vci_encryption;

/* ---- the credential request --------------------------------------------- */

typedef enum yao_vci_proof_type {
    YAO_VCI_NO_PROOF    = 0,
    YAO_VCI_JWT         = 1, /* each key signs */
    YAO_VCI_ATTESTATION = 2  /* one key attestation stands for its keys */
} yao_vci_proof_type;

typedef struct yao_vci_request {
    yao_text           configuration; /* one of the two is empty */
    yao_text           identifier;
    yao_vci_proof_type type;
    yao_text           proofs[YAO_VCI_MAX_BATCH]; /* compact tokens */
    size_t             proof_count;
    yao_vci_encryption encryption;
} yao_vci_request;

/** Write it. Errors recorded in W: YAO_E_USAGE for both or neither of
 *  configuration and identifier. */
void yao_vci_put_request(yao_writer *w, const yao_vci_request *request);

/**
 * Read a request; proofs are looked at by proof.h.
 *
 * In      body       its JSON
 *         encrypted  it came as a JWE: only then may it say how to encrypt the
 *                    answer, which anybody could exchange otherwise
 * Out     ret        lives as long as ARENA and BODY
 *         error      what the other side is told
 * Errors  YAO_E_MISSING    INVALID_REQUEST: neither configuration nor
 *                          identifier. INVALID_PROOF: no proofs, none in them
 *         YAO_E_DUPLICATE  INVALID_REQUEST: both; two types of proof
 *         YAO_E_LIMIT      INVALID_REQUEST: more than YAO_VCI_MAX_BATCH proofs,
 *                          more than one attestation
 *         YAO_E_UNSUPPORTED INVALID_PROOF: a type of proof that we don't know.
 *                          INVALID_ENCRYPTION: another alg or enc, a zip
 *         YAO_E_KEY, YAO_E_REFUSED INVALID_ENCRYPTION: a key that is no public
 *                          key to agree with; in a request that came plain
 *         YAO_E_MALFORMED  INVALID_REQUEST: no JSON object, a member of wrong
 *                          type; INVALID_PROOF: a proof that is no string
 *         JSON's           INVALID_REQUEST.  YAO_E_SPACE  FINE
 * Source  OpenID4VCI 1.0 section 8.2; misuse N173, N180, N183, N185
 */
YAO_MUST_USE yao_status yao_vci_read_request(yao_arena *arena, yao_bytes body,
                                             bool             encrypted,
                                             yao_vci_request *ret,
                                             yao_vci_error   *error);

/* ---- the answer --------------------------------------------------------- */

typedef struct yao_vci_response {
    yao_bytes credentials[YAO_VCI_MAX_BATCH]; /* IssuerSigned, the letters of
                                                 an SD-JWT VC, a card */
    size_t    count;          /* 0: deferred */
    yao_text  notification_id; /* empty: none */
    yao_text  transaction_id; /* of a deferred one */
    uint32_t  interval;       /* seconds, of a deferred one */
} yao_vci_response;

/** Write it: as JSON for 200, or 202 when it is deferred. */
void yao_vci_put_response(yao_writer *w, yao_vci_format format,
                          const yao_vci_response *response);

/**
 * Read an answer, of a credential request or a deferred one.
 *
 * In      asked  for how many keys: more credentials are refused
 * Out     ret    lives as long as ARENA and BODY. Which credential is bound to
 *                which key is not said: their order means nothing
 * Errors  YAO_E_MISSING    neither credentials nor a transaction; no interval
 *         YAO_E_DUPLICATE  both
 *         YAO_E_LIMIT      more credentials than ASKED; an interval above a
 *                          day
 *         YAO_E_MALFORMED  another shape, an empty array, no format
 *         YAO_E_BASE64     an mdoc or a card
 *         those of yao_json_parse(); YAO_E_SPACE
 * Source  OpenID4VCI 1.0 sections 8.3, 9.2; misuse N140
 */
YAO_MUST_USE yao_status yao_vci_read_response(yao_arena *arena, yao_bytes body,
                                              yao_vci_format format,
                                              size_t asked,
                                              yao_vci_response *ret);

/* ---- later -------------------------------------------------------------- */

typedef struct yao_vci_deferred {
    yao_text           transaction_id;
    yao_vci_encryption encryption;
} yao_vci_deferred;

/** Write it. */
void yao_vci_put_deferred(yao_writer *w, const yao_vci_deferred *request);

/** Errors: as yao_vci_read_request(); no transaction_id, or one above 256
 *  letters: YAO_E_MISSING, YAO_E_MALFORMED, INVALID_TRANSACTION. */
YAO_MUST_USE yao_status yao_vci_read_deferred(yao_arena *arena, yao_bytes body,
                                              bool              encrypted,
                                              yao_vci_deferred *ret,
                                              yao_vci_error    *error);

/* ---- notifications ------------------------------------------------------ */

typedef enum yao_vci_event {
    YAO_VCI_NO_EVENT = 0,
    YAO_VCI_ACCEPTED = 1, /* credential_accepted */
    YAO_VCI_FAILURE  = 2,
    YAO_VCI_DELETED  = 3
} yao_vci_event;

/** The word, without a value for NO_EVENT ("") and others. */
const char *yao_vci_event_name(yao_vci_event event);

typedef struct yao_vci_notification {
    yao_text      id;
    yao_vci_event event;
    yao_text      description; /* empty: none */
} yao_vci_notification;

/** Write it. Errors recorded in W: those of the writer. */
void yao_vci_put_notification(yao_writer                 *w,
                              const yao_vci_notification *notification);

/**
 * Read a notification.
 *
 * Errors  YAO_E_MISSING, YAO_E_MALFORMED, YAO_E_LIMIT  INVALID_NOTIFICATION: no
 *         id or event, an event that is none, a description longer than
 *         YAO_VCI_MAX_DESCRIPTION or with letters outside of %x20-21 %x23-5B
 *         %x5D-7E; JSON's the same;  YAO_E_SPACE  FINE
 * Source  OpenID4VCI 1.0 section 11.1; misuse N189, N190
 */
YAO_MUST_USE yao_status yao_vci_read_notification(yao_arena *arena,
                                                  yao_bytes  body,
                                                  yao_vci_notification *ret,
                                                  yao_vci_error *error);

#endif
