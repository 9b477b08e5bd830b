/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROXIMITY_HOLDER_H
#define YAO_PROXIMITY_HOLDER_H

/**
 * How a wallet shows documents across a counter: a machine without I/O. It
 * says what is to be done next; whoever drives it does it and hands in what
 * came of it.
 *
 *     YAO_TRY(yao_holder_open(&arena, &options, &h));
 *     yao_holder_event event = {.kind = YAO_HOLDER_START, .now = ...};
 *     do {
 *         yao_holder_step(h, &event, &wish);
 *         ... fulfil WISH, put into EVENT what came of it ...
 *     } while (wish.kind != YAO_HOLDER_STOP);
 *
 * What it holds to, whatever a reader says:
 *
 *   - one session for an engagement, with a key made for it; messages in their
 *     order, and none after the end
 *   - nothing is shown that was not asked for, or that the person did not
 *     choose (the driver hands in the choice after ASK)
 *   - a reader that did not authenticate, is not registered, or asks more than
 *     it is registered for, is said to the person; where `only_registered` is
 *     set (always over a mailbox) it is not answered at all
 *   - a document that is not there, and one that the person keeps to
 *     themselves, look the same to the reader
 *
 * Memory   all in one arena: what a request takes is given back when the next
 *          one comes. 128 kB, and three times what is shown. It holds keys
 *          until STOP; what was shown stays, for the owner of the arena to wipe
 * Source   ISO/IEC 18013-5; docs/formats/proximity.md
 *
 * Files: holder.c (table, step, the end), holder_meet.c (until the first
 * request is open), holder_ask.c (who asks what), holder_answer.c.
 */

#include "proximity/meeting.h"
#include "proximity/registered.h"

/* ---- what the wallet brings --------------------------------------------- */

typedef struct yao_holder_options {
    const yao_crypto *crypto;

    /* How we meet. */
    yao_prox_engagement engagement; /* what is shown; its key is made */
    yao_prox_meeting    meeting;    /* of NFC: select and request come with the
                                       event that answers SHOW */
    int64_t first_wait; /* seconds; 0: YAO_PROX_FIRST_WAIT */
    int64_t idle_wait;  /* 0: YAO_PROX_IDLE_WAIT */

    /* Whom we answer. */
    const yao_anchor         *readers; /* those of YAO_ROLE_READER count */
    size_t                    reader_count;
    const yao_trust_verified *parties;   /* NULL: no list at hand */
    const yao_catalogue      *catalogue; /* what profiles ask */
    bool only_registered; /* nobody else; set by itself where the engagement
                             has a mailbox */
    bool strict;          /* certificates and heads without deviations */
} yao_holder_options;

/* ---- what is wished ----------------------------------------------------- */

typedef enum yao_holder_do {
    YAO_HOLDER_STOP = 0, /* it is over: `status`; nothing more follows */
    YAO_HOLDER_MAKE_KEY, /* fresh, on `curve` -> KEY */
    YAO_HOLDER_SHOW,     /* `bytes`, or `text` as a QR code -> DONE */
    YAO_HOLDER_WAIT,     /* for a message -> MESSAGE; at `deadline` TICK */
    YAO_HOLDER_AGREE,    /* `agree` by key `role` (`index`) -> DONE, bytes:
                            secret */
    YAO_HOLDER_AEAD,     /* `aead` -> DONE, bytes */
    YAO_HOLDER_ASK,      /* show yao_holder_asked_for() -> CONSENT, or REFUSED;
                            at `deadline` TICK */
    YAO_HOLDER_SIGN,     /* `sign` by key `role` `index` -> DONE, bytes: r ||
                            s */
    YAO_HOLDER_SEND      /* `bytes`; `last`: then the way may be closed ->
                            DONE */
} yao_holder_do;

/** Whose secret key. */
typedef enum yao_holder_role {
    YAO_HOLDER_NO_KEY = 0,
    YAO_HOLDER_SESSION, /* the one that was made */
    YAO_HOLDER_DOCUMENT /* of the document of choice `index` */
} yao_holder_role;

typedef struct yao_holder_wish {
    yao_holder_do   kind;
    yao_holder_role role;
    size_t          index;
    yao_curve       curve;
    yao_agree_wish  agree;
    yao_aead_wish   aead;
    yao_sign_wish   sign;
    yao_bytes       bytes;
    yao_text        text;
    yao_time        deadline;
    bool            last;
    yao_status      status;
} yao_holder_wish;

/* ---- what came of it ---------------------------------------------------- */

/** What is shown of one document. */
typedef struct yao_holder_choice {
    size_t                   request; /* index in yao_holder_asked_for() */
    yao_bytes                issuer_signed; /* the copy, as issued */
    const yao_mdoc_selector *elements;      /* of those that are asked for */
    size_t                   element_count;
    bool mac;     /* authenticate by deviceMac: nobody else can be shown it. A
                     key that signs is never used for it (9.1.3.2) */
    bool despite; /* the person was told what is wrong with the reader, and
                     wants to */
} yao_holder_choice;

typedef enum yao_holder_event_kind {
    YAO_HOLDER_START = 0,
    YAO_HOLDER_KEY,     /* `key`, uncompressed */
    YAO_HOLDER_DONE,    /* `bytes`, where the wish says so */
    YAO_HOLDER_MESSAGE, /* `bytes`, put together */
    YAO_HOLDER_CONSENT, /* `choices` */
    YAO_HOLDER_REFUSED, /* the person shows nothing */
    YAO_HOLDER_FAILED,  /* `status`: it could not be done */
    YAO_HOLDER_TICK,    /* time has passed */
    YAO_HOLDER_END,     /* the person, or the program, has enough */
    YAO_HOLDER_EVENTS
} yao_holder_event_kind;

typedef struct yao_holder_event {
    yao_holder_event_kind    kind;
    yao_time                 now;
    yao_public_key           key;
    yao_bytes                bytes; /* lives until the next MESSAGE */
    const yao_holder_choice *choices; /* live until the next SEND */
    size_t                   choice_count;
    yao_bytes                select, request; /* of NFC, with the DONE that
                                                 answers SHOW; live on */
    yao_status               status;
} yao_holder_event;

/* ---- the session -------------------------------------------------------- */

/** What is asked of one document, and by whom. */
typedef struct yao_holder_asked {
    const yao_mdoc_doc_request *request;
    yao_mdoc_reader             reader;  /* GOOD, ABSENT, BAD, UNKNOWN */
    const yao_trust_party      *party;   /* NULL: not registered */
    const yao_profile          *profile; /* that covers it; NULL: none */
    yao_status                  status;  /* YAO_OK: a registered party may ask
                                            this; else why not */
} yao_holder_asked;

typedef struct yao_holder yao_holder;

/**
 * Begin.
 *
 * In      options  all of it lives as long as the session
 * Out     ret      in ARENA
 * Errors  YAO_E_USAGE  no crypto, or no catalogue; waits below 0, or above a
 *                      day
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_holder_open(yao_arena                *arena,
                                        const yao_holder_options *options,
                                        yao_holder              **ret);

/**
 * One step. Every event may come at any time; one that does not belong ends
 * the session with YAO_E_USAGE.
 *
 * Out     ret  always written; lives until the next step. With STOP its status:
 *              YAO_OK          the reader, or END, ended it
 *              YAO_E_EXPIRED   nobody came, or nothing was said any more
 *              YAO_E_SECRET    a message did not open: changed, repeated, out
 *                              of order
 *              YAO_E_REFUSED   the reader could not read us: its status is in
 *                              yao_holder_said()
 *              YAO_E_MISSING, YAO_E_BAD_SIGNATURE, YAO_E_UNTRUSTED,
 *              YAO_E_NOT_FOUND, YAO_E_SUSPENDED, YAO_E_NOT_AUTHORISED ...
 *                              why a reader was not answered (only_registered)
 *              YAO_E_MALFORMED ... of messages; YAO_E_LIMIT too many requests;
 *              YAO_E_KEY; YAO_E_SPACE; FAILED's own
 */
void yao_holder_step(yao_holder *h, const yao_holder_event *event,
                     yao_holder_wish *ret);

/** What is asked, from ASK on until the next message. */
const yao_holder_asked *yao_holder_asked_for(const yao_holder *h,
                                             size_t           *count);

/** The rows of the readers' checks of the last request. */
const yao_report *yao_holder_report(const yao_holder *h);

/** The SessionTranscript, once there is one: for the history. */
yao_bytes yao_holder_transcript(const yao_holder *h);

/** The status with which the reader ended it; 0: none. How many requests were
 *  answered. */
uint64_t yao_holder_said(const yao_holder *h);
size_t   yao_holder_answered(const yao_holder *h);

#endif
