/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_DESK_H
#define YAO_STORE_DESK_H

/**
 * What a relying party's desk keeps, of schema STORE_DESK: requests to wallets
 * (enquiries), and what came of them (judgements), each with the moment at
 * which it is removed. Values of people are sealed by the caller.
 *
 *     store_put_enquiry(&change, &enquiry);
 *     ... a wallet answers ...
 *     store_answer_enquiry(&change, &answer);   // of two answers one wins
 *     store_put_judgement(&change, &judgement);
 *     ... later ...
 *     store_forget_judgements(&change, now);
 */

#include "store/store.h"

typedef enum store_enquiry_state {
    STORE_ENQUIRY_OPEN     = 1,
    STORE_ENQUIRY_ANSWERED = 2, /* its browser has not come back yet */
    STORE_ENQUIRY_DONE     = 3,
    STORE_ENQUIRY_REFUSED  = 4 /* by the holder */
} store_enquiry_state;

/** Which devices the request and the wallet may be on. */
typedef enum store_enquiry_device {
    STORE_DEVICE_SAME  = 1,
    STORE_DEVICE_CROSS = 2,
    STORE_DEVICE_ANY   = 3
} store_enquiry_device;

typedef struct store_enquiry {
    yao_bytes id;     /* STORE_ID_LEN random bytes */
    yao_bytes client; /* who asked the desk; STORE_ID_LEN bytes */
    yao_text  profile, choice;
    int64_t   device; /* store_enquiry_device */
    int64_t   state;  /* store_enquiry_state */
    yao_text  nonce;
    yao_text  back;    /* where the browser goes at the end; may be empty */
    yao_bytes sealed;  /* the request's secret key and letters */
    yao_bytes browser; /* hash of its cookie; empty: none opened the link */
    yao_bytes code;    /* hash of the response code; empty: not answered */
    yao_time  created;
    yao_time  expires; /* not answered at this second any more */
    yao_time  ends;    /* not found at this second any more */
} store_enquiry;

/** Claims that id and nonce are new. */
void store_put_enquiry(store_change *change, const store_enquiry *enquiry);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_enquiry(store *s, yao_bytes id, yao_time now,
                                          yao_arena *arena, store_enquiry *ret);

/** Bind it to the browser that opened its link; a claim: it must be open, and
 *  no other browser did. */
void store_bind_enquiry(store_change *change, yao_bytes id, yao_bytes browser,
                        yao_time now);

/** An answer came. */
typedef struct store_enquiry_answer {
    yao_bytes           id;
    store_enquiry_state state; /* ANSWERED, DONE or REFUSED */
    yao_bytes           code;  /* hash of what its browser has to bring */
    yao_bytes           sealed; /* what is kept of the request from now on */
    yao_time            now, ends;
} store_enquiry_answer;

/** A claim: it must be open, and not expired. */
void store_answer_enquiry(store_change               *change,
                          const store_enquiry_answer *answer);

/** Its browser came back. */
typedef struct store_enquiry_end {
    yao_bytes id, code, browser;
    yao_time  now, ends;
} store_enquiry_end;

/** A claim: it must be answered, with this code, for this browser. */
void store_finish_enquiry(store_change *change, const store_enquiry_end *end);

/** Remove it, if it is there. */
void store_drop_enquiry(store_change *change, yao_bytes id);

/** Remove those that have ended at NOW. */
void store_forget_enquiries(store_change *change, yao_time now);

/** What was judged. */
typedef struct store_judgement {
    yao_bytes id; /* STORE_ID_LEN bytes: of its enquiry, or random */
    yao_bytes client;
    yao_text  profile;
    int64_t   verdict; /* yao_verdict */
    yao_time  made;
    yao_time  ends; /* not found at this second any more; after MADE */
    yao_bytes sealed;
    yao_bytes evidence; /* sealed; empty: the presentation is not kept */
} store_judgement;

/** Claims the id. */
void store_put_judgement(store_change *change, const store_judgement *j);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_judgement(store *s, yao_bytes id,
                                            yao_time now, yao_arena *arena,
                                            store_judgement *ret);

/** Put SEALED in the place of BEFORE; a claim: that is what is there. */
void store_seal_judgement(store_change *change, yao_bytes id, yao_bytes sealed,
                          yao_bytes before);

/** Keep it until ENDS; a claim: it must be there at NOW. */
void store_keep_judgement(store_change *change, yao_bytes id, yao_time ends,
                          yao_time now);

/** Remove it, if it is there. */
void store_drop_judgement(store_change *change, yao_bytes id);

/** Remove those that have ended at NOW. */
void store_forget_judgements(store_change *change, yao_time now);

/** How many there are, ended ones too. Errors as store_count_persons(). */
YAO_MUST_USE yao_status store_count_enquiries(store *s, uint64_t *ret);
YAO_MUST_USE yao_status store_count_judgements(store *s, uint64_t *ret);

#endif
