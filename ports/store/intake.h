/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_INTAKE_H
#define YAO_STORE_INTAKE_H

/**
 * Lines of people that an operator sent in parts, to be applied one after the
 * other once another operator agrees.
 *
 *     receiving --freeze--> waiting --start--> running --end--> done
 *         +--------end---------+--------end-------+--end------> ended
 *
 * The parts are sealed, and gone with the key when it is over. How far it is,
 * is a claim: what a line does and that it was done are one change, so that
 * whoever goes on after a crash does none of them twice.
 */

#include "store/store.h"

typedef enum store_intake_state {
    STORE_INTAKE_RECEIVING = 1,
    STORE_INTAKE_WAITING   = 2, /* for a second operator */
    STORE_INTAKE_RUNNING   = 3,
    STORE_INTAKE_DONE      = 4,
    STORE_INTAKE_ENDED     = 5 /* before all lines were looked at */
} store_intake_state;

/** What the lines are. */
typedef enum store_intake_kind {
    STORE_INTAKE_IMPORT = 1,
    STORE_INTAKE_SYNC   = 2
} store_intake_kind;

/** Lines looked at, and what came of them. */
typedef struct store_intake_count {
    int64_t done; /* up to this line */
    int64_t applied, same, older, refused;
} store_intake_count;

typedef struct store_intake {
    yao_bytes          id; /* STORE_ID_LEN random bytes */
    int64_t            kind;
    int64_t            state;  /* when read, as all from `changed` on */
    yao_bytes          sender; /* operator */
    int64_t            epoch;  /* of the key that wraps */
    yao_bytes          wrapped_key; /* empty when it is over */
    yao_time           opened, changed;
    int64_t            lines, bytes;
    store_intake_count count;
    yao_text           why; /* a word; empty unless it ended */
} store_intake;

/** Begin. Claims that the sender has none that is not over. */
void store_put_intake(store_change *change, const store_intake *intake);

/** One more part, of LINES lines and BYTES bytes. Claims that INTAKE, as it was
 *  read, has received no other one since. Lost: YAO_E_MISMATCH. */
typedef struct store_intake_part {
    int64_t   first_line; /* from 1 */
    yao_bytes sealed;
} store_intake_part;
void store_grow_intake(store_change *change, const store_intake *intake,
                       yao_bytes sealed, int64_t lines, int64_t bytes,
                       yao_time now);

/** No more parts. Claims that SENDER's was receiving, and has lines. Lost:
 *  YAO_E_MISMATCH, as of the next two. */
void store_freeze_intake(store_change *change, yao_bytes id, yao_bytes sender,
                         yao_time now);
void store_start_intake(store_change *change, yao_bytes id, yao_time now);

/** It is so far. Claims that it is running, and was at line BEFORE. */
void store_step_intake(store_change *change, yao_bytes id,
                       const store_intake_count *count, int64_t before,
                       yao_time now);

/** What was wrong with LINE: JSON without values. */
void store_tell_intake(store_change *change, yao_bytes id, int64_t line,
                       yao_text said);

/** It is over: DONE, or ENDED for the reason WHY; key and parts go. Claims that
 *  it was not, had come to FROM, and to BEFORE not yet. Lost: YAO_E_MISMATCH. */
typedef struct store_intake_end {
    yao_bytes          id;
    store_intake_state from, to;
    yao_text           why;
    store_intake_state before; /* 0: over */
} store_intake_end;
void store_end_intake(store_change *change, const store_intake_end *end,
                      yao_time now);

/** Forget one that is over, with what was told of it. */
void store_forget_intake(store_change *change, yao_bytes id);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_intake(store *s, yao_bytes id,
                                         yao_arena    *arena,
                                         store_intake *ret);

/** The part in which LINE is. Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_intake_part(store *s, yao_bytes id,
                                              int64_t line, yao_arena *arena,
                                              store_intake_part *ret);

/** The newest LIMIT; the oldest of STATE that did not change since BEFORE.
 *  Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_intakes(store *s, size_t limit,
                                           yao_arena     *arena,
                                           store_intake **ret, size_t *count);
typedef struct store_intake_wish {
    store_intake_state state;
    yao_time           before;
    size_t             limit;
} store_intake_wish;
YAO_MUST_USE yao_status
store_list_intakes_of(store *s, const store_intake_wish *wish, yao_arena *arena,
                      store_intake **ret, size_t *count);

/** What was told of the lines after AFTER, LIMIT of them. Errors likewise. */
typedef struct store_intake_told {
    int64_t  line;
    yao_text said;
} store_intake_told;
typedef struct store_told_wish {
    yao_bytes id;
    int64_t   after;
    size_t    limit;
} store_told_wish;
YAO_MUST_USE yao_status store_list_told(store *s, const store_told_wish *wish,
                                        yao_arena          *arena,
                                        store_intake_told **ret, size_t *count);

#endif
