/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_LOAD_OFFERS_H
#define YAO_LOAD_OFFERS_H

/** Offers from the authority's admin socket, and the people they are for. */

#include <sys/types.h>

#include "load/wallet.h"

/** The numbers of people: one on each line, or as `person import` reads them
 *  ({"number": "..."}). */
typedef struct load_people {
    yao_text *numbers;
    size_t    count;
} load_people;

/** Errors: YAO_E_MISSING (nobody in it), YAO_E_LIMIT, YAO_E_MALFORMED,
 *  YAO_E_FILE, YAO_E_SPACE. Lives as long as ARENA. */
YAO_MUST_USE yao_status load_people_read(const char *path, yao_arena *arena,
                                         load_people *ret);

/** Where offers are made. */
typedef struct load_counter {
    const char        *socket; /* of the server that is measured */
    const load_plan   *plan;
    const load_people *people;
} load_counter;

/**
 * COUNT offers as the plan wants them, for one person after the other.
 *
 * Out     ret      COUNT codes (or issuer_states) in ARENA
 *         server   who listens there
 * Errors  YAO_E_NET, YAO_E_REFUSED (no offer: no such person or document),
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status load_offers_take(const load_counter *counter,
                                         size_t count, yao_arena *arena,
                                         yao_text **ret, pid_t *server);

/** The process that listens at the Unix socket PATH; 0: none does. */
pid_t load_who_listens(const char *path);

#endif
