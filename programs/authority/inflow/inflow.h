/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_INFLOW_H
#define YAO_AUTHORITY_INFLOW_H

/**
 * People's lines that come by the console: the files of `person import` and
 * `person sync`, sent in parts, applied in the background once a second
 * operator agrees (act.intake), with a report line by line.
 *
 *     ask.c     the act that two agree to
 *     routes.c  sending, ending, how far it is, the report
 *     run.c     the job "inflow"
 *     told.c    what is kept and said of a line
 *
 * Invariants
 *   1. A line is applied at most once, and its row of the report and how far it
 *      is belong to the same change (of a sync, which tells its own repeats, to
 *      the next one): who goes on after a crash begins at the line behind.
 *   2. What was sent lies in the store under a key of this intake, which is
 *      gone when it is over: at the latest a day later, where nobody agreed.
 *   3. Neither report, event nor log say a value of a line.
 */

#include "authority/intake.h"
#include "store/intake.h"

/** What one operator sends at once, and in one part: whole lines. */
#define INFLOW_MOST_LINES 20000
#define INFLOW_MOST_BYTES (16 * 1024 * 1024)
#define INFLOW_PART       (256 * 1024)

/** Seconds that one waits to be agreed to; that a report is kept. */
#define INFLOW_WAITS 86400
#define INFLOW_KEPT  (30 * 86400)

/** Which line it begins with, is sealed with a part. */
#define INFLOW_PART_KIND(line) ((store_part_kind)(32 + (line)))

/** "import", "sync"; 0 for another word. "receiving" ... "ended". */
const char *inflow_kind_name(int64_t kind);
int64_t     inflow_kind(yao_text name);
const char *inflow_state_name(int64_t state);

/** Lines of PART, the last of which may lack its end. */
int64_t inflow_count_lines(yao_bytes part);

/** The key of WHAT. Errors: those of seal_person_open(). */
YAO_MUST_USE yao_status inflow_open_key(const authority    *a,
                                        const store_intake *what,
                                        seal_person        *ret);

/** An event about WHAT, which came to COUNT. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status inflow_put_event(store_change       *change,
                                         const store_intake *what,
                                         const char *kind, const char *why);

/* ---- told.c ------------------------------------------------------------- */

/** Of a field's name what can't be a value: names as the register's, numbers of
 *  list items; "?" for another. In ARENA. */
YAO_MUST_USE yao_status inflow_field(yao_text field, yao_arena *arena,
                                     yao_text *ret);

/** What CODE (of yao_reason_name(), yao_status_name() or sync.h) means. */
yao_text inflow_why(yao_text code, yao_language language);

/* ---- run.c -------------------------------------------------------------- */

/**
 * Go on with what is running, for MS milliseconds or to its end; without any,
 * drop what waited for too long and what is forgotten.
 *
 * In      arena  INFLOW_MEMORY bytes of it are used
 * Out     more   something is left to do
 * Errors  of the outside: try again
 */
#define INFLOW_MEMORY ((size_t)40 * 1024 * 1024)
YAO_MUST_USE yao_status inflow_run(authority *a, yao_arena *arena, int64_t ms,
                                   bool *more);

#endif
