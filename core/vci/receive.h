/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VCI_RECEIVE_H
#define YAO_VCI_RECEIVE_H

/**
 * How a wallet receives documents: a machine without I/O. It takes an offer (or
 * the name of an issuer), and says what is to be done next: fetch this, sign
 * that, ask the person. Whoever drives it does it and hands in what came of it.
 *
 *     YAO_TRY(yao_receive_open(&arena, &options, &r));
 *     yao_receive_event event = {.kind = YAO_RECEIVE_START, ...};
 *     do {
 *         event.now = ..., event.random = 64 fresh bytes;
 *         yao_receive_step(r, &event, &wish);
 *         ... fulfil WISH, put into EVENT what came of it ...
 *     } while (wish.kind != YAO_RECEIVE_STOP);
 *
 * What it holds to, whatever an offer or an issuer says:
 *
 *   - it speaks to the issuer's origin and, where that is another, to that of
 *     an authorization server that the person named; to nobody else (N164)
 *   - metadata must be of whom was asked (N137); the answer of the page must
 *     be of the server that was asked, for this session (N153)
 *   - tokens are bound to a key (DPoP); one that is not is refused
 *   - each copy is verified to an issuer that the wallet trusts, and belongs
 *     to one of the keys that were made for it, by key, never by its place;
 *     a foreign, doubled, differing or surplus copy discards all (N140-N142)
 *   - nothing is to be stored before the person has seen what it says, and
 *     who says it (N136)
 *
 * Memory   all in one arena, as is what the driver hands in; 1 MiB, and twice
 *          what the copies weigh. It holds secrets (tokens, codes): who owns
 *          the arena wipes it in the end
 * Source   OpenID4VCI 1.0; HAIP 1.0 section 4; FAPI 2.0 security profile
 *
 * Files: receive.c (table, step, STOP), receive_start.c (offer, metadata),
 * receive_token.c (pushed request, page, token), receive_post.c (requests that
 * are signed, encrypted), receive_ask.c (nonce, proofs, request, waiting),
 * receive_check.c (is it what was asked for), receive_end.c (person, store,
 * notifications).
 */

#include "vci/metadata.h"
#include "vci/offer.h"
#include "vci/proof.h"
#include "yaopai/verify.h"

/* Random bytes that come with each event. */
#define YAO_RECEIVE_RANDOM 64

/* Times that a person may try to type the code. */
#define YAO_RECEIVE_TRIES 3

/* ---- what the wallet brings --------------------------------------------- */

typedef struct yao_receive_options {
    const yao_crypto    *crypto;
    const yao_catalogue *catalogue; /* of cards' elements */

    /* From where: an offer (a link, or its JSON), or an issuer with ids. */
    yao_bytes       offer;
    yao_text        issuer;
    const yao_text *ids;
    size_t          id_count;
    yao_text        refresh_token; /* with ISSUER: no page, no code */

    /* Whom we trust. */
    const yao_text   *issuers; /* URLs; an offer of another is refused before
                                  anything is fetched (N133). None: any whose
                                  documents lead to an anchor */
    size_t            issuer_count;
    const yao_anchor *anchors; /* of YAO_ROLE_ISSUER */
    size_t            anchor_count;
    const yao_bytes  *signers; /* of cards: DER of document signers */
    size_t            signer_count;
    yao_text          server;  /* an authorization server of another origin that
                                  will do; empty: none */
    bool              only_signed; /* metadata must be signed (N138) */
    bool              loopback;    /* http to this machine will do */

    /* Who we are. */
    yao_text       client_id;
    yao_text       redirect_uri;
    yao_public_key session_key; /* of this session alone: signs proofs of
                                   possession to server and issuer */
    bool           attester;    /* YAO_RECEIVE_ATTEST can be fulfilled */

    /* What we like. */
    size_t   copies;   /* of each document; 0: as many as the issuer gives at
                          once. Never more than that */
    bool     encrypt;  /* also when the issuer does not require it */
    int64_t  patience; /* seconds that a document may keep us waiting */
} yao_receive_options;

/* ---- what is wished ----------------------------------------------------- */

typedef enum yao_receive_do {
    YAO_RECEIVE_STOP = 0,    /* it is over: `status`; nothing more follows */
    YAO_RECEIVE_FETCH,       /* `fetch`     -> ANSWER, or FAILED */
    YAO_RECEIVE_SIGN,        /* `sign` by key `role` `index` -> DONE, bytes: r
                                || s */
    YAO_RECEIVE_MAKE_KEYS,   /* `count` fresh ones on P-256, for `role` -> KEYS.
                                Those of an earlier wish for another role than
                                COPY are forgotten */
    YAO_RECEIVE_AGREE,       /* `agree` by key `role` -> DONE, bytes: secret */
    YAO_RECEIVE_AEAD,        /* `aead`      -> DONE, bytes */
    YAO_RECEIVE_ATTEST,      /* an attestation of this wallet with session_key,
                                made for the server `text` and shown to no
                                other (N204) -> DONE, bytes: JWT */
    YAO_RECEIVE_ATTEST_KEYS, /* a key attestation of `keys` with nonce `text`
                                (may be empty) -> DONE, bytes: JWT */
    YAO_RECEIVE_ASK_CODE,    /* the code that the person was given, as `offer`
                                says; `again`: the last was wrong -> DONE, or
                                REFUSED */
    YAO_RECEIVE_OPEN_PAGE,   /* open the page `text` in a browser -> DONE, and
                                in bytes the query with which it came back; or
                                REFUSED */
    YAO_RECEIVE_WAIT,        /* `seconds`   -> DONE */
    YAO_RECEIVE_CONFIRM,     /* show the items and their issuer; keep them?
                                -> DONE, or REFUSED */
    YAO_RECEIVE_STORE        /* the items that are GOOD -> DONE, or FAILED */
} yao_receive_do;

/** Whose secret key. */
typedef enum yao_receive_role {
    YAO_RECEIVE_NO_KEY = 0,
    YAO_RECEIVE_SESSION, /* options.session_key */
    YAO_RECEIVE_COPY,    /* of copy `index` of item `item` */
    YAO_RECEIVE_SEAL,    /* for one request */
    YAO_RECEIVE_OPEN     /* for one answer */
} yao_receive_role;

typedef struct yao_receive_header {
    const char *name;
    yao_text    value;
} yao_receive_header;

#define YAO_RECEIVE_MAX_HEADERS 6

typedef struct yao_receive_fetch {
    const char        *method;
    yao_text           url;
    yao_receive_header headers[YAO_RECEIVE_MAX_HEADERS];
    size_t             header_count;
    yao_bytes          body;
    size_t             most; /* bytes of the answer's body */
} yao_receive_fetch;

typedef struct yao_receive_wish {
    yao_receive_do        kind;
    yao_receive_fetch     fetch;
    yao_receive_role      role;
    size_t                item, index, count;
    yao_sign_wish         sign;
    yao_agree_wish        agree;
    yao_aead_wish         aead;
    yao_text              text;
    const yao_public_key *keys;
    size_t                key_count;
    uint32_t              seconds;
    bool                  again;
    yao_status            status;
} yao_receive_wish;

/* ---- what came of it ---------------------------------------------------- */

typedef enum yao_receive_event_kind {
    YAO_RECEIVE_START = 0,
    YAO_RECEIVE_ANSWER,  /* `answer` */
    YAO_RECEIVE_KEYS,    /* `keys`, uncompressed */
    YAO_RECEIVE_DONE,    /* `bytes`, where the wish says so */
    YAO_RECEIVE_REFUSED, /* the person said no */
    YAO_RECEIVE_FAILED,  /* `status`: it could not be done */
    YAO_RECEIVE_EVENTS
} yao_receive_event_kind;

/** An answer of HTTP. Headers that are absent are empty. */
typedef struct yao_receive_answer {
    int       status;
    yao_text  type;      /* Content-Type */
    yao_text  nonce;     /* DPoP-Nonce */
    yao_text  challenge; /* OAuth-Client-Attestation-Challenge */
    yao_bytes body;
} yao_receive_answer;

typedef struct yao_receive_event {
    yao_receive_event_kind kind;
    yao_time               now;
    yao_bytes              random; /* YAO_RECEIVE_RANDOM of them, fresh */
    yao_receive_answer     answer;
    yao_bytes              bytes; /* bodies and bytes live as long as the
                                     session */
    const yao_public_key  *keys;  /* copied */
    size_t                 key_count;
    yao_status             status;
} yao_receive_event;

/* ---- the session -------------------------------------------------------- */

typedef enum yao_receive_state_of_item {
    YAO_RECEIVE_WANTED = 0,
    YAO_RECEIVE_LATER, /* the issuer works on it */
    YAO_RECEIVE_GOOD,  /* verified; not stored before the person agreed */
    YAO_RECEIVE_KEPT,  /* stored */
    YAO_RECEIVE_BAD    /* discarded: `status` */
} yao_receive_state_of_item;

/** One document in one format. */
typedef struct yao_receive_item {
    yao_vci_offered           offered;
    yao_text                  identifier; /* of several such datasets; empty */
    yao_receive_state_of_item state;
    yao_status                status; /* why it is BAD */
    yao_text                  said;   /* by the issuer, when it refused: at most
                                         YAO_VCI_MAX_SHOWN printable letters */
    yao_public_key keys[YAO_VCI_MAX_BATCH]; /* that were made */
    size_t         key_count;
    yao_bytes      copies[YAO_VCI_MAX_BATCH]; /* IssuerSigned, letters of an
                                                 SD-JWT, a card */
    size_t         key_of[YAO_VCI_MAX_BATCH]; /* index of its key */
    size_t         copy_count;
    const yao_attribute *attributes; /* what it says, the same in all copies */
    size_t         attribute_count;
    yao_time       valid_from, valid_until;
    yao_text       signer;         /* common name of the root it leads to */
    yao_text       notification_id;
    yao_vci_event  event;          /* to be told, or told */
    yao_text       transaction_id; /* of one that is LATER; or was, when it is
                                      BAD with YAO_E_EXPIRED: the issuer works
                                      on it still */
    uint32_t       interval;
    yao_time       asked_at;
    yao_time       until;          /* then we wait no longer */
    bool           fresh_nonce;    /* one was fetched anew */
} yao_receive_item;

/** Where it was when it stopped. */
typedef enum yao_receive_stage {
    YAO_RECEIVE_AT_OFFER = 0,
    YAO_RECEIVE_AT_ISSUER,    /* its metadata */
    YAO_RECEIVE_AT_SERVER,    /* the authorization server's */
    YAO_RECEIVE_AT_CLIENT,    /* who we are: challenge, attestation, PAR */
    YAO_RECEIVE_AT_PAGE,
    YAO_RECEIVE_AT_TOKEN,
    YAO_RECEIVE_AT_DOCUMENT,
    YAO_RECEIVE_AT_PERSON,
    YAO_RECEIVE_AT_STORE,
    YAO_RECEIVE_AT_END
} yao_receive_stage;

typedef struct yao_receive yao_receive;

/**
 * Begin a session.
 *
 * In      options  all of it lives as long as the session
 * Out     ret      in ARENA
 * Errors  YAO_E_USAGE  no offer and no issuer, or both; an issuer without ids,
 *                      more than YAO_VCI_MAX_OFFERED; no client_id, no
 *                      session key on P-256, no crypto or catalogue
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_receive_open(yao_arena                 *arena,
                                         const yao_receive_options *options,
                                         yao_receive              **ret);

/**
 * One step. Every event may come at any time; one that does not belong ends
 * the session with YAO_E_USAGE.
 *
 * Out     ret  always written; lives until the next step. With STOP its status:
 *              YAO_OK           each document was stored
 *              YAO_E_REFUSED    the person, or the other side (see
 *                               yao_receive_said()), said no
 *              YAO_E_VALUE      an offer or an address that no wallet speaks
 *                               with (N132)
 *              YAO_E_DUPLICATE, YAO_E_MISSING, YAO_E_MALFORMED  likewise (N135)
 *              YAO_E_UNTRUSTED  an issuer, a server, a copy's signer that we
 *                               don't know; an endpoint of another origin
 *              YAO_E_MISMATCH   metadata, page, token or copies of another
 *                               than was asked
 *              YAO_E_UNSUPPORTED  something is required that we don't have
 *              YAO_E_EXPIRED    the issuer took too long
 *              of several documents that of the first that is BAD; and those
 *              of what it uses
 */
void yao_receive_step(yao_receive *r, const yao_receive_event *event,
                      yao_receive_wish *ret);

/** The documents, once they are known. */
yao_receive_item *yao_receive_items(yao_receive *r, size_t *count);

/** Who issues: its address (empty before the offer was read) and the name that
 *  it gives itself, which proves nothing. */
yao_text yao_receive_issuer(const yao_receive *r);
yao_text yao_receive_issuer_name(const yao_receive *r);

/** What the offer says of the code to type. */
const yao_vci_tx_code *yao_receive_tx_code(const yao_receive *r);

/** Where it is; what the other side said when it refused, printable; the
 *  refresh token that was given (a secret), or nothing. */
yao_receive_stage yao_receive_where(const yao_receive *r);
yao_text          yao_receive_said(const yao_receive *r);
yao_text          yao_receive_refresh_token(const yao_receive *r);

#endif
