/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROXIMITY_READER_H
#define YAO_PROXIMITY_READER_H

/**
 * How a relying party asks across a counter: a machine without I/O, the other
 * side of holder.h. It says what is to be done next; whoever drives it does it
 * and hands in what came of it.
 *
 *     YAO_TRY(yao_reader_open(&arena, &options, &r));
 *     yao_reader_event event = {.kind = YAO_READER_START, .now = ...};
 *     do {
 *         yao_reader_step(r, &event, &wish);
 *         ... fulfil WISH; on NEXT look at wish.result, ask or end ...
 *     } while (wish.kind != YAO_READER_STOP);
 *
 * What it holds to: a key made for this session; messages in their order, none
 * after the end; an answer is judged by core/policy over the transcript of
 * this session alone; elements that were not asked for never reach the result
 * (misuse N225).
 *
 * Memory   all in one arena; what a request takes is given back when the next
 *          one is made. 384 kB, and twice the answer
 * Source   ISO/IEC 18013-5; docs/formats/proximity.md
 *
 * Files: reader.c (table, step, the end), reader_ask.c (until the request is
 * sent), reader_judge.c.
 */

#include "mdoc/request.h"
#include "proximity/meeting.h"
#include "yaopai/verify.h"

/* ---- what the relying party brings -------------------------------------- */

typedef struct yao_reader_options {
    const yao_crypto *crypto;

    /* How we meet: letters of a code, or the engagement by NFC. */
    yao_bytes        letters;    /* "mdoc:..." */
    yao_bytes        engagement; /* CBOR, when there are no letters */
    yao_prox_meeting meeting;

    /* Who asks. */
    yao_sig_alg      alg;        /* of the reader's key; YAO_SIG_NONE: nobody */
    const yao_bytes *chain;
    size_t           chain_count;
    bool             all;        /* one signature for all: "1.1" */

    /* How answers are judged: anchors, status lists, skew ...; format, now,
     * transcript and what is required are written by the machine. */
    yao_verify_options verify;
    int64_t            wait; /* seconds for an answer; 0: YAO_PROX_IDLE_WAIT */
} yao_reader_options;

/** What to ask. */
typedef struct yao_reader_request {
    const yao_mdoc_ask    *asks;
    size_t                 ask_count;
    const yao_requirement *required; /* of the answer, for the verdict */
    size_t                 required_count;
} yao_reader_request;

/* ---- what is wished ----------------------------------------------------- */

typedef enum yao_reader_do {
    YAO_READER_STOP = 0, /* it is over: `status`; nothing more follows */
    YAO_READER_MAKE_KEY, /* fresh, on `curve` -> KEY */
    YAO_READER_AGREE,    /* `agree` by the key that was made -> DONE, bytes:
                            secret */
    YAO_READER_NEXT,     /* `answer` has come (NULL at first) -> REQUEST, or
                            END */
    YAO_READER_SIGN,     /* `sign` by the reader's key -> DONE, bytes: r || s */
    YAO_READER_AEAD,     /* `aead` -> DONE, bytes */
    YAO_READER_SEND,     /* `bytes`; `last`: then the way may be closed ->
                            DONE */
    YAO_READER_WAIT      /* for a message -> MESSAGE; at `deadline` TICK */
} yao_reader_do;

/** What came of a request. */
typedef struct yao_reader_answer {
    const yao_result    *result;  /* NULL: no document in it, see `said` */
    const yao_mdoc_said *said;    /* its frame: status, what was not given */
    size_t               dropped; /* elements that were not asked for */
    int64_t              took;    /* seconds from the request to the answer */
    bool                 over;    /* the holder ended it with this answer */
} yao_reader_answer;

typedef struct yao_reader_wish {
    yao_reader_do            kind;
    yao_curve                curve;
    yao_agree_wish           agree;
    yao_sign_wish            sign;
    yao_aead_wish            aead;
    yao_bytes                bytes;
    yao_time                 deadline;
    bool                     last;
    const yao_reader_answer *answer; /* until the next REQUEST */
    yao_status               status;
} yao_reader_wish;

/* ---- what came of it ---------------------------------------------------- */

typedef enum yao_reader_event_kind {
    YAO_READER_START = 0,
    YAO_READER_KEY,     /* `key`, uncompressed */
    YAO_READER_DONE,    /* `bytes`, where the wish says so */
    YAO_READER_REQUEST, /* `request` */
    YAO_READER_MESSAGE, /* `bytes`, put together */
    YAO_READER_FAILED,  /* `status`: it could not be done */
    YAO_READER_TICK,    /* time has passed */
    YAO_READER_END,     /* it is enough */
    YAO_READER_EVENTS
} yao_reader_event_kind;

typedef struct yao_reader_event {
    yao_reader_event_kind     kind;
    yao_time                  now;
    yao_public_key            key;
    yao_bytes                 bytes;   /* lives until the next REQUEST */
    const yao_reader_request *request; /* lives until the next REQUEST */
    yao_status                status;
} yao_reader_event;

/* ---- the session -------------------------------------------------------- */

typedef struct yao_reader yao_reader;

/**
 * Begin.
 *
 * In      options  all of it lives as long as the session
 * Out     ret      in ARENA
 * Errors  YAO_E_USAGE  no crypto; letters and engagement both or neither; a
 *                      wait below 0 or above a day; an algorithm without chain
 *         YAO_E_SPACE
 *         those of yao_prox_read_letters() and yao_prox_read_engagement()
 */
YAO_MUST_USE yao_status yao_reader_open(yao_arena                *arena,
                                        const yao_reader_options *options,
                                        yao_reader              **ret);

/** What was scanned: by which way to talk. */
const yao_prox_engagement *yao_reader_engagement(const yao_reader *r);

/**
 * One step. Every event may come at any time; one that does not belong ends
 * the session with YAO_E_USAGE.
 *
 * Out     ret  always written; lives until the next step. With STOP its status:
 *              YAO_OK          END, or the holder, ended it
 *              YAO_E_EXPIRED   no answer came
 *              YAO_E_SECRET    a message did not open: changed, repeated, out
 *                              of order
 *              YAO_E_REFUSED   the holder ended it without an answer: its
 *                              status is in yao_reader_said()
 *              YAO_E_MALFORMED ... of messages and answers; YAO_E_LIMIT too
 *              many requests; YAO_E_KEY; YAO_E_SPACE; those of
 *              yao_mdoc_ask_begin(); FAILED's own
 */
void yao_reader_step(yao_reader *r, const yao_reader_event *event,
                     yao_reader_wish *ret);

/** The SessionTranscript, once there is one. */
yao_bytes yao_reader_transcript(const yao_reader *r);

/** The DeviceResponse that was judged last, as it came: for evidence. */
yao_bytes yao_reader_response(const yao_reader *r);

/** The status with which the holder ended it; 0: none. */
uint64_t yao_reader_said(const yao_reader *r);

#endif
