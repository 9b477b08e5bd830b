/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VP_PRESENT_PARTS_H
#define YAO_VP_PRESENT_PARTS_H

/** The inside of yao_present. Private to present*.c. */

#include "vp/parts.h"
#include "vp/present.h"

typedef enum present_state {
    PRESENT_START,
    PRESENT_FETCHING, /* the request */
    PRESENT_ASKING,   /* the person */
    PRESENT_SIGNING,
    PRESENT_KEY,
    PRESENT_AGREEING,
    PRESENT_SEALING,
    PRESENT_POSTED,
    PRESENT_TOLD,   /* that nothing is shown */
    PRESENT_HANDED, /* to the browser's API */
    PRESENT_OPENED,
    PRESENT_OVER,
    PRESENT_STATES
} present_state;

struct yao_present {
    yao_arena          *arena;
    yao_present_options options;
    present_state       state;
    yao_present_stage   stage;
    yao_vp_terms        terms; /* with what this session adds */
    yao_vp_link         link;
    yao_vp_request      request;
    bool                known; /* REQUEST may be shown */
    yao_vp_refusal      refusal;
    yao_vp_answer       answer;
    size_t              signed_count;
    yao_bytes           token;
    yao_vp_sealing      sealing;
    yao_text            said;
    yao_text            redirect;
    yao_text            receipt;
    yao_status          status; /* with which it will end */
};

/* A handler: what is to be done next goes into W. Its failure ends the
 * session. */
typedef yao_status (*present_handler)(yao_present             *p,
                                      const yao_present_event *e,
                                      yao_present_wish        *w);

#define PRESENT_HANDLER(name)                                                  \
    yao_status name(yao_present *p, const yao_present_event *e,                \
                    yao_present_wish *w)

/* present.c */
yao_status yao_present_go(yao_present *p, present_state state,
                          yao_present_wish *w, yao_present_do kind);
PRESENT_HANDLER(yao_present_stop);

/* present_start.c */
PRESENT_HANDLER(yao_present_on_start);
PRESENT_HANDLER(yao_present_on_fetched);

/* present_answer.c */
PRESENT_HANDLER(yao_present_on_chosen);
PRESENT_HANDLER(yao_present_on_declined);
PRESENT_HANDLER(yao_present_on_signed);
PRESENT_HANDLER(yao_present_on_key);
PRESENT_HANDLER(yao_present_on_agreed);
PRESENT_HANDLER(yao_present_on_sealed);
PRESENT_HANDLER(yao_present_on_posted);
PRESENT_HANDLER(yao_present_on_told);
yao_status yao_present_tell(yao_present *p, yao_present_wish *w,
                            yao_oauth_error error, yao_status status);

#endif
