/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_WRONG_H
#define YAO_AUTHORITY_WRONG_H

/**
 * Wrong codes of all people together, by the minute. Each code has few tries,
 * which does not stop who tries one code at a million of them (misuse N160).
 */

#include "authority/authority.h"

typedef struct wrong_codes {
    const authority *a;
    yao_arena       *arena;
    yao_time         now;
    int64_t          kind;    /* WRONG_TX, WRONG_LOGIN */
    config_setting   setting; /* how many in a minute */
} wrong_codes;

/* of store_throttle */
enum { WRONG_TX = 200, WRONG_LOGIN = 201 };

/** May one more be tried in this minute? Errors: YAO_E_LIMIT: not before the
 *  next;  those of store_get_throttle(). */
YAO_MUST_USE yao_status wrong_check(const wrong_codes *w);

/** One was wrong. Errors: those of store_commit(). */
YAO_MUST_USE yao_status wrong_note(const wrong_codes *w);

/** Seconds until the next minute. */
int64_t wrong_wait(const wrong_codes *w);

#endif
