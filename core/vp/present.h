/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VP_PRESENT_H
#define YAO_VP_PRESENT_H

/**
 * How a wallet shows documents on line: a machine without I/O. It takes a link
 * (or what the browser's API hands over) and says what is to be done next.
 *
 *     YAO_TRY(yao_present_open(&arena, &options, &p));
 *     yao_present_event event = {.kind = YAO_PRESENT_START, ...};
 *     do {
 *         event.now = ..., event.random = 64 fresh bytes;
 *         yao_present_step(p, &event, &wish);
 *         ... fulfil WISH, put into EVENT what came of it ...
 *     } while (wish.kind != YAO_PRESENT_STOP);
 *
 * What it holds to, whatever a link or a verifier says:
 *
 *   - nobody's name is shown before the signature, the chain and the client_id
 *     were found good; nothing is sent to anybody before that (N205 to N210),
 *     but for the fetch of the request itself
 *   - it follows no redirect (N211)
 *   - nothing is signed before the person agreed
 *   - who declines and who has nothing to show send the same bytes (N218)
 *   - a request that is over is not answered, however long a person thinks
 *
 * Memory   all in one arena, as is what the driver hands in; 512 KiB, and four
 *          times what the shown documents weigh. It holds secrets while it
 *          encrypts; they are wiped as soon as it has
 * Source   OpenID4VP 1.0; HAIP 1.0 section 5
 *
 * Files: present.c (table, step, STOP), present_start.c (link, request),
 * present_answer.c (consent, signatures, encryption, post).
 */

#include "vp/answer.h"

/* Random bytes that come with each event. */
#define YAO_PRESENT_RANDOM 64

typedef struct yao_present_options {
    yao_bytes       link;     /* or: */
    yao_vp_protocol protocol; /* of the browser's API, */
    yao_bytes       data;     /* what it asks, and the page's origin in: */
    yao_vp_terms    terms;    /* crypto, anchors, parties, kinds of transaction,
                                 what else will do. Its time, client_id and
                                 wallet_nonce are set by the machine */
    bool tell; /* post other errors than access_denied too, of requests that
                  are authentic (OpenID4VP 1.0 section 8.5); by default those
                  are shown here only */
} yao_present_options;

/* ---- what is wished ----------------------------------------------------- */

typedef enum yao_present_do {
    YAO_PRESENT_STOP = 0, /* it is over: `status`; nothing more follows */
    YAO_PRESENT_FETCH,    /* `fetch`, following nothing -> ANSWER, or FAILED */
    YAO_PRESENT_ASK,      /* show who asks what (yao_present_request()), and let
                             the person choose -> CHOSEN, or REFUSED: also when
                             there is nothing to choose from */
    YAO_PRESENT_SIGN,     /* `sign` by the key of shown document `index` ->
                             DONE, bytes: r || s */
    YAO_PRESENT_MAKE_KEY, /* a fresh one on P-256, for this answer -> KEY */
    YAO_PRESENT_AGREE,    /* `agree` by that key -> DONE, bytes: secret */
    YAO_PRESENT_AEAD,     /* `aead` -> DONE, bytes */
    YAO_PRESENT_HAND_OVER, /* `bytes` to the browser's API -> DONE */
    YAO_PRESENT_OPEN      /* `text` in a browser, the one that the person began
                             in -> DONE, or FAILED */
} yao_present_do;

typedef struct yao_present_fetch {
    const char *method;
    yao_text    url;
    const char *accept;
    const char *type; /* of the body; NULL: none */
    yao_bytes   body;
    size_t      most; /* bytes of the answer's body */
} yao_present_fetch;

typedef struct yao_present_wish {
    yao_present_do    kind;
    yao_present_fetch fetch;
    size_t            index;
    yao_sign_wish     sign;
    yao_agree_wish    agree;
    yao_aead_wish     aead;
    yao_bytes         bytes;
    yao_text          text;
    yao_status        status;
} yao_present_wish;

/* ---- what came of it ---------------------------------------------------- */

typedef enum yao_present_event_kind {
    YAO_PRESENT_START = 0,
    YAO_PRESENT_ANSWER,  /* `answer` */
    YAO_PRESENT_CHOSEN,  /* `shown` */
    YAO_PRESENT_KEY,     /* `key`, uncompressed */
    YAO_PRESENT_DONE,    /* `bytes`, where the wish says so */
    YAO_PRESENT_REFUSED, /* the person said no, or has nothing */
    YAO_PRESENT_FAILED,  /* `status`: it could not be done */
    YAO_PRESENT_EVENTS
} yao_present_event_kind;

typedef struct yao_present_answer {
    int       status; /* of HTTP */
    yao_text  type;   /* Content-Type; may be empty */
    yao_bytes body;
} yao_present_answer;

typedef struct yao_present_event {
    yao_present_event_kind kind;
    yao_time               now;
    yao_bytes              random; /* YAO_PRESENT_RANDOM of them, fresh */
    yao_present_answer     answer;
    const yao_vp_shown    *shown;  /* lives as long as the session, as do */
    size_t                 shown_count;
    yao_text               pseudonym; /* with CHOSEN; empty: none is given */
    yao_public_key         key;
    yao_bytes              bytes;  /* bodies and bytes */
    yao_status             status;
} yao_present_event;

/* ---- the session -------------------------------------------------------- */

/** Where it was when it stopped. */
typedef enum yao_present_stage {
    YAO_PRESENT_AT_LINK = 0,
    YAO_PRESENT_AT_REQUEST, /* it could not be fetched, or is refused */
    YAO_PRESENT_AT_PERSON,
    YAO_PRESENT_AT_ANSWER,  /* it was being made: nothing was sent */
    YAO_PRESENT_AT_VERIFIER, /* it was sent, whatever became of it */
    YAO_PRESENT_AT_END
} yao_present_stage;

typedef struct yao_present yao_present;

/**
 * Begin a session.
 *
 * In      options  all of it lives as long as the session
 * Out     ret      in ARENA
 * Errors  YAO_E_USAGE  no link and no data, or both; data without protocol or
 *                      origin; no crypto
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_present_open(yao_arena                 *arena,
                                         const yao_present_options *options,
                                         yao_present              **ret);

/**
 * One step. Every event may come at any time; one that does not belong ends
 * the session with YAO_E_USAGE.
 *
 * Out     ret  always written; lives until the next step. With STOP its status:
 *              YAO_OK           the answer was taken
 *              YAO_E_REFUSED    the person, or the verifier (which
 *                               yao_present_said() tells), said no; the request
 *                               asks for an answer that we do not give
 *              YAO_E_EXPIRED    the request was over before it was answered
 *              YAO_E_MALFORMED  an answer of HTTP that is none: a redirect,
 *                               another type
 *              those of request.h, answer.h
 */
void yao_present_step(yao_present *p, const yao_present_event *event,
                      yao_present_wish *ret);

/** Who asks what; NULL before that is known to be true. */
const yao_vp_request *yao_present_request(const yao_present *p);

/** Why the request was refused; error NONE when it was not. */
const yao_vp_refusal *yao_present_refusal(const yao_present *p);

/** Where it is; what the other side said when it refused, printable; where it
 *  wants the person to be sent (empty: nowhere). */
yao_present_stage yao_present_where(const yao_present *p);
yao_text          yao_present_said(const yao_present *p);
yao_text          yao_present_redirect(const yao_present *p);

/** The receipt that it gave (receipt.h), not looked at; empty: none. */
yao_text          yao_present_receipt(const yao_present *p);

#endif
