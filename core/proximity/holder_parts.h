/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROXIMITY_HOLDER_PARTS_H
#define YAO_PROXIMITY_HOLDER_PARTS_H

/** The inside of yao_holder. Private to holder*.c. */

#include "proximity/holder.h"

typedef enum holder_state {
    HOLDER_START,
    HOLDER_KEYING,
    HOLDER_SHOWING,
    HOLDER_MEETING, /* waiting for a reader */
    HOLDER_AGREEING,
    HOLDER_OPENING,
    HOLDER_ASKING, /* the person */
    HOLDER_SIGNING,
    HOLDER_MACING,
    HOLDER_SEALING,
    HOLDER_SENDING,
    HOLDER_WAITING, /* for what the reader says next */
    HOLDER_LEAVING, /* saying that it is over */
    HOLDER_OVER,
    HOLDER_STATES
} holder_state;

struct yao_holder {
    yao_arena         *arena;
    yao_holder_options options;
    holder_state       state;
    yao_time           deadline; /* of MEETING, ASKING, WAITING */
    yao_holder_wish    waiting;  /* the wish of those three, said again */
    yao_status         failure;  /* what STOP will say */
    uint64_t           said;
    uint8_t            goodbye[16];
    bool               leaves;   /* after the answer that is being sent */

    yao_bytes        engagement;
    yao_public_key   key, reader_key;
    yao_bytes        transcript;
    yao_bytes        sealed; /* the reader's first, until it can be opened */
    yao_prox_session session;

    /* one request */
    size_t            mark; /* of the arena: what is above is the request's */
    size_t            request_count, answer_count;
    yao_mdoc_request  request;
    yao_holder_asked  asked[YAO_MAX_DOCUMENTS];
    yao_report        report;

    /* and its answer */
    yao_holder_choice   choices[YAO_MAX_DOCUMENTS];
    size_t              choice_count;
    size_t              at; /* the choice that is being signed */
    yao_mdoc_presenting presenting;
    yao_bytes           documents[YAO_MAX_DOCUMENTS];
    size_t              document_count;
    bool                given[YAO_MAX_DOCUMENTS]; /* by request */
};

/* A handler: what is to be done next goes into W. Its failure ends the
 * session. */
typedef yao_status (*holder_handler)(yao_holder             *h,
                                     const yao_holder_event *e,
                                     yao_holder_wish        *w);

#define HOLDER_HANDLER(name)                                                   \
    yao_status name(yao_holder *h, const yao_holder_event *e,                  \
                    yao_holder_wish *w)

/* holder.c */
yao_status yao_holder_go(yao_holder *h, holder_state state, yao_holder_wish *w,
                         yao_holder_do kind);
/* The same for a wish that waits SECONDS from NOW. */
yao_status yao_holder_wait(yao_holder *h, holder_state state,
                           yao_holder_wish *w, yao_holder_do kind,
                           yao_time until);
/* Say STATUS of a session to the reader, then stop with WHY. */
yao_status yao_holder_leave(yao_holder *h, yao_holder_wish *w, uint64_t status,
                            yao_status why);
/* Stop with WHY. */
yao_status yao_holder_stop(yao_holder *h, yao_holder_wish *w, yao_status why);

/* holder_meet.c */
HOLDER_HANDLER(yao_holder_on_start);
HOLDER_HANDLER(yao_holder_on_key);
HOLDER_HANDLER(yao_holder_on_shown);
HOLDER_HANDLER(yao_holder_on_first);
HOLDER_HANDLER(yao_holder_on_agreed);
HOLDER_HANDLER(yao_holder_on_closed); /* it could not be agreed or opened */
HOLDER_HANDLER(yao_holder_on_message);
HOLDER_HANDLER(yao_holder_on_interrupted);

/* holder_ask.c */
HOLDER_HANDLER(yao_holder_on_request);

/* holder_answer.c */
HOLDER_HANDLER(yao_holder_on_consent);
HOLDER_HANDLER(yao_holder_on_signed);
HOLDER_HANDLER(yao_holder_on_maced);
HOLDER_HANDLER(yao_holder_on_unsigned);
HOLDER_HANDLER(yao_holder_on_sealed);
HOLDER_HANDLER(yao_holder_on_sent);
/* Answer with STATUS of a DeviceResponse, and leave with WHY. */
yao_status yao_holder_complain(yao_holder *h, yao_holder_wish *w,
                               uint64_t status, yao_status why);

#endif
