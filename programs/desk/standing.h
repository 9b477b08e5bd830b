/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_STANDING_H
#define YAO_DESK_STANDING_H

/**
 * Codes on paper at the counter (trust/standing.h). Whoever scans one opens a
 * session here, and is shown a number; what the phone shows waits until the
 * clerk says that number: it is let out to whom it belongs, and not to who
 * happens to stand there while somebody far away scanned a photograph.
 * docs/formats/standing.md says all of it.
 *
 *     POST /standing/ID                        the wallet
 *     POST /api/standing/ID {"number": "47"}   the program
 */

#include "desk/desk.h"
#include "trust/standing.h"

/** What is kept in the store to be used once, beside those of desk.h. */
enum {
    DESK_ONCE_STANDING = 30, /* number and code of a session */
    DESK_ONCE_NUMBER   = 31, /* the session that waits under a number */
    DESK_ONCE_MISS     = 32  /* that a wrong number was said */
};

/** Wrong numbers of one code in one minute, before no other is looked at. */
enum { DESK_STANDING_MISSES = 5 };

typedef struct desk_standings {
    yao_arena    arena;
    yao_standing list[DESK_MAX_STANDINGS];
    yao_text     letters[DESK_MAX_STANDINGS]; /* of each, as it was signed */
    size_t       count;
} desk_standings;

/**
 * Read the file of the settings, if they name one: whether the registrar
 * signed is looked at by phones, whether each is of this desk's reader here.
 *
 * Out     d->standings
 * Errors  YAO_E_MISMATCH  a code is another reader's;  YAO_E_LIMIT
 *         those of yao_file_read() and yao_standing_read()
 */
YAO_MUST_USE yao_status desk_standings_open(desk *d);
void                    desk_standings_free(desk_standings *s);

/** When E is of a standing code: put into CHANGE that its number waits for the
 *  clerk, a claim. Errors: those of store_get_once(). */
YAO_MUST_USE yao_status desk_standing_claim(app_call            *call,
                                            const store_enquiry *e,
                                            store_change        *change);

#endif
