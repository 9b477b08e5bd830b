/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_CASE_H
#define YAO_STORE_CASE_H

/**
 * What an officer has to look at: nothing is blocked silently. One operator
 * decides, a second one confirms or gives it back (four eyes): that the two are
 * not the same is a claim.
 */

#include "store/store.h"

typedef enum store_case_state {
    STORE_CASE_OPEN    = 1,
    STORE_CASE_DECIDED = 2, /* by one */
    STORE_CASE_CLOSED  = 3  /* confirmed by another */
} store_case_state;

typedef struct store_case {
    yao_bytes id;      /* STORE_ID_LEN random bytes */
    yao_text  kind;    /* "enrol.face" */
    yao_bytes subject; /* keyed hash of whom it is about; or empty */
    int64_t   state;   /* when read, as what follows `sealed` */
    yao_time  opened;
    yao_text  detail;  /* JSON without personal values */
    yao_bytes sealed;  /* with them, under the person's key; or empty */
    yao_text  decision; /* a word */
    yao_bytes decided_by, confirmed_by; /* operators */
    yao_time  decided_at, confirmed_at;
} store_case;

/** Open a case. Claims the id. */
void store_put_case(store_change *change, const store_case *what);

/** One operator decides. Claims that the case is open. */
void store_decide_case(store_change *change, yao_bytes id, yao_text decision,
                       yao_bytes by, yao_time now);

/** Another confirms that DECISION, or gives the case back. Claims that it was
 *  decided (so), and not by the same. Lost: YAO_E_NOT_AUTHORISED. */
void store_confirm_case(store_change *change, yao_bytes id, yao_text decision,
                        yao_bytes by, yao_time now);
void store_reopen_case(store_change *change, yao_bytes id, yao_bytes by);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_case(store *s, yao_bytes id, yao_arena *arena,
                                       store_case *ret);

/** The oldest LIMIT cases of STATE. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_cases(store *s, store_case_state state,
                                         size_t limit, yao_arena *arena,
                                         store_case **ret, size_t *count);

/** The oldest LIMIT cases about SUBJECT, closed ones too. */
YAO_MUST_USE yao_status store_list_cases_of(store *s, yao_bytes subject,
                                            size_t limit, yao_arena *arena,
                                            store_case **ret, size_t *count);

/** How many cases of KIND about SUBJECT are not closed. */
YAO_MUST_USE yao_status store_count_cases(store *s, yao_text kind,
                                          yao_bytes subject, uint64_t *ret);

/** One operator closes it, without an act that would follow. Claims that it is
 *  not closed. */
void store_close_case(store_change *change, yao_bytes id, yao_text decision,
                      yao_bytes by, yao_time now);

/* ---- the queue ---- */

/** Take a case, for others to see. Claims that nobody else took it, or did
 *  before BEFORE. Lost: YAO_E_EXISTS. */
void store_take_case(store_change *change, yao_bytes id, yao_bytes by,
                     yao_time now, yao_time before);

/** A case as it stands in the queue: nothing of whom it is about. */
typedef struct store_queued {
    yao_bytes id;
    yao_text  kind;
    int64_t   state;
    yao_time  opened, decided_at;
    yao_bytes taken_by; /* empty: nobody */
    yao_time  taken;
} store_queued;

typedef struct store_queue_wish {
    int64_t  state;
    yao_text kind;  /* empty: all */
    yao_time since; /* opened then or later */
    int64_t  limit;
} store_queue_wish;

/** The oldest first. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_queue(store *s, const store_queue_wish *wish,
                                         yao_arena *arena, store_queued **ret,
                                         size_t *count);

/** How many there are that are not closed, and since when. */
typedef struct store_queue_count {
    yao_text kind;
    int64_t  state, count;
    yao_time oldest;
} store_queue_count;
YAO_MUST_USE yao_status store_count_queue(store *s, yao_arena *arena,
                                          store_queue_count **ret,
                                          size_t             *count);

#endif
