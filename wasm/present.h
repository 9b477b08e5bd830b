/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WASM_PRESENT_H
#define YAO_WASM_PRESENT_H

/** What present.c, present_hold.c, present_ask.c and receipt.c share. */

#include "machine.h"
#include "vp/present.h"
#include "vp/receipt.h"

/** A document that the page holds. */
typedef struct yao_page_held {
    yao_dcql_format format;
    yao_bytes       bytes;
    bool            good; /* it was read, and is not over */
} yao_page_held;

/** What came with the verifier's answer. */
typedef struct yao_page_receipt {
    yao_text           letters;  /* empty: none */
    const yao_receipt *said;     /* NULL: it could not be read */
    bool               verified; /* by who asked, for this showing */
} yao_page_receipt;

typedef struct yao_page_present_state {
    yao_present         *machine;
    yao_present_options  options;
    yao_page_held       *held;
    yao_dcql_candidate  *candidates; /* those that are good, in their order */
    size_t              *held_of;    /* which of the held each is */
    size_t               held_count, candidate_count;
    yao_dcql_matching    matching;
    yao_dcql_credentials chosen;     /* that we would show; 0: nothing does */
    const yao_profile   *profile;    /* that covers what is asked */
    yao_status           allowed;    /* may it be asked? */
    const size_t        *shown_held; /* of each document that is shown */
    uint8_t asked_by[YAO_SHA256_LEN]; /* hash of the certificate that asks */
    yao_page_receipt     receipt;
} yao_page_present_state;

/** Read what is held and match it with what is asked; look whether that was
 *  registered. Errors: YAO_E_SPACE, of matching. */
YAO_MUST_USE yao_status yao_present_hold(yao_page_present_state *s,
                                         yao_time                now);

/** What the person is to be shown, as members of a wish that is open. */
void yao_present_put_asked(yao_page_wish                *w,
                           const yao_page_present_state *s);

/** The receipt that P got, looked at; as members of an object that is open. */
void yao_receipt_take(yao_page_receipt *r, const yao_present *p);
void yao_receipt_put(yao_writer *w, bool *first, const yao_page_receipt *r);

#endif
