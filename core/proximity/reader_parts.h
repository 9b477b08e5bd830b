/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROXIMITY_READER_PARTS_H
#define YAO_PROXIMITY_READER_PARTS_H

/** The inside of yao_reader. Private to reader*.c. */

#include "proximity/reader.h"

typedef enum reader_state {
    READER_START,
    READER_KEYING,
    READER_AGREEING,
    READER_CHOOSING, /* what to ask next */
    READER_SIGNING,
    READER_SEALING,
    READER_SENDING,
    READER_WAITING,
    READER_OPENING,
    READER_MACING, /* agreements for deviceMacs */
    READER_LEAVING,
    READER_OVER,
    READER_STATES
} reader_state;

struct yao_reader {
    yao_arena          *arena;
    yao_reader_options  options;
    reader_state        state;
    yao_time            deadline; /* of WAITING */
    yao_status          failure;
    uint64_t            said;
    uint8_t             goodbye[16];

    yao_bytes           engagement_bytes;
    yao_prox_engagement engagement;
    yao_public_key      key;
    yao_bytes           transcript;
    yao_prox_session    session;

    /* one request */
    size_t              mark; /* of the arena: what is above is the request's */
    size_t              request_count;
    yao_reader_request  request;
    yao_mdoc_asking     asking;
    yao_bytes           signatures[YAO_MAX_DOCUMENTS];
    size_t              at; /* the signature, or agreement, that is wished */
    yao_time            sent_at;

    /* and its answer */
    yao_bytes         response;
    bool              over;
    yao_mdoc_said     frame;
    yao_verification  verification;
    yao_reader_answer answer;
};

/* A handler: what is to be done next goes into W. Its failure ends the
 * session. */
typedef yao_status (*reader_handler)(yao_reader             *r,
                                     const yao_reader_event *e,
                                     yao_reader_wish        *w);

#define READER_HANDLER(name)                                                   \
    yao_status name(yao_reader *r, const yao_reader_event *e,                  \
                    yao_reader_wish *w)

/* reader.c */
yao_status yao_reader_go(yao_reader *r, reader_state state, yao_reader_wish *w,
                         yao_reader_do kind);
/* Say STATUS of a session to the holder, then stop with WHY. */
yao_status yao_reader_leave(yao_reader *r, yao_reader_wish *w, uint64_t status,
                            yao_status why);
/* Stop with WHY. */
yao_status yao_reader_stop(yao_reader *r, yao_reader_wish *w, yao_status why);

/* reader_ask.c */
READER_HANDLER(yao_reader_on_start);
READER_HANDLER(yao_reader_on_key);
READER_HANDLER(yao_reader_on_agreed);
READER_HANDLER(yao_reader_on_choice);
READER_HANDLER(yao_reader_on_signed);
READER_HANDLER(yao_reader_on_sealed);
READER_HANDLER(yao_reader_on_sent);

/* reader_judge.c */
READER_HANDLER(yao_reader_on_message);
READER_HANDLER(yao_reader_on_opened);
READER_HANDLER(yao_reader_on_closed); /* it could not be opened */
READER_HANDLER(yao_reader_on_secret);
READER_HANDLER(yao_reader_on_no_secret);

#endif
