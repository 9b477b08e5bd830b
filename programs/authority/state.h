/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_STATE_H
#define YAO_AUTHORITY_STATE_H

/** Changing the state of what was issued, with the event that tells of it: the
 *  one way, so that ledger and log can be compared deed by deed. */

#include "authority/authority.h"

typedef struct state_deed {
    const char *verb;     /* "revoke": the event is document.revoke */
    yao_bytes   issuance;
    yao_bytes   holder;   /* whose; empty: not known */
    yao_text    document; /* its name; empty: not known */
    int64_t     state;    /* store_state of the document */
    int64_t     copies;   /* store_state in the lists */
    const char *reason;   /* a word, not of a person */
} state_deed;

/** Put the change of state, noted as happening AT, and its event into CHANGE;
 *  the claim is store_put_state()'s. Errors: YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status state_put(store_change *change, yao_arena *arena,
                                  const state_deed *deed, yao_time at);

#endif
