/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_GATE_MEMORY_H
#define YAO_GATE_MEMORY_H

/**
 * Which showings a gate has accepted, so that it accepts none twice, and the
 * latest moment it has seen, so that nobody turns its clock back.
 *
 *     YAO_TRY(gate_memory_open("gate.seen", now, &memory));
 *     if (!gate_memory_has(&memory, key, now))
 *         YAO_TRY(gate_memory_put(&memory, key, until, now));  // on disk
 *     open_the_door();
 *
 * The file holds a line for each, appended and synced before anybody is let
 * in:
 *
 *     SEEN UNTIL KEY      decimal seconds twice, 64 hex digits
 *
 * A last line without its end was not finished when the power went: whoever it
 * was for was not let in, and it is dropped. Anything else that is not such a
 * line refuses the file: "never seen" is what whoever damaged it wants. Lines
 * whose UNTIL lies before the latest moment are left out when the file is
 * written anew; its first line keeps that moment. A key is no personal datum: it is the hash of
 * one showing.
 *
 * Limits   GATE_MEMORY_MOST keys that are not over; the file is written anew
 *          when it has four times as many lines
 * Threads  one process has the file at a time, one thread the memory
 */

#include "yaopai/base.h"

enum { GATE_KEY_LEN = 32, GATE_MEMORY_MOST = 4096 };

/** Seconds by which a clock may be behind what it showed before. */
enum { GATE_MEMORY_SKEW = 60 };

typedef struct gate_consumed {
    uint8_t  key[GATE_KEY_LEN];
    yao_time until; /* remembered up to and including this second */
} gate_consumed;

typedef struct gate_memory {
    char          path[4096];
    int           fd;   /* of the file; -1: closed, or it can't be used */
    int           lock; /* of PATH.lock, held as long as this is open */
    gate_consumed list[GATE_MEMORY_MOST];
    size_t        count;
    size_t        lines; /* in the file */
    bool          open;
    yao_time      seen;  /* the latest moment; 0: none */
} gate_memory;

/**
 * Open the file, or make it (mode 0600).
 *
 * Out     ret  to be closed, unless this failed
 * Errors  YAO_E_FILE       it can't be read or written
 *         YAO_E_LOCKED     another gate has it
 *         YAO_E_MALFORMED  a line that is none of ours
 *         YAO_E_LIMIT      more keys than fit, or a path that is too long
 */
YAO_MUST_USE yao_status gate_memory_open(const char *path, yao_time now,
                                         gate_memory *ret);

/** Zero-initialised ones too. */
void gate_memory_close(gate_memory *m);

/** Does the clock stand before what was seen?
 *  Errors: YAO_E_NOT_YET_VALID, by more than GATE_MEMORY_SKEW. */
YAO_MUST_USE yao_status gate_memory_check_clock(const gate_memory *m,
                                                yao_time           now);

/** Was KEY accepted, and is that not over? */
bool gate_memory_has(const gate_memory *m, const uint8_t key[GATE_KEY_LEN],
                     yao_time now);

/**
 * Remember KEY up to and including UNTIL; on disk when this returns.
 *
 * Errors  YAO_E_FILE   it could not be written: nobody may be let in
 *         YAO_E_LIMIT  too many keys that are not over: the same
 */
YAO_MUST_USE yao_status gate_memory_put(gate_memory  *m,
                                        const uint8_t key[GATE_KEY_LEN],
                                        yao_time until, yao_time now);

#endif
