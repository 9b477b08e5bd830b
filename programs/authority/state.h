/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_STATE_H
#define YAO_AUTHORITY_STATE_H

/** Changing the state of what was issued, with the event that tells of it: the
 *  one way, so that ledger and log can be compared deed by deed. */

#include "authority/authority.h"
#include "document/document.h"

typedef struct state_deed {
    const char *verb;     /* "revoke": the event is document.revoke */
    yao_bytes   issuance;
    yao_bytes   holder;   /* whose; empty: not known */
    yao_text    document; /* its name; empty: not known */
    int64_t     state;    /* store_state of the document */
    int64_t     copies;   /* store_state in the lists */
    const char *reason;   /* a word, not of a person */
    yao_bytes   bar;      /* why it is suspended, or no longer, of store/bar.h;
                             empty: an operator says so */
} state_deed;

/** Put the change of state, noted as happening AT, and its event into CHANGE;
 *  the claim is store_put_state()'s. Suspended, it has a reason then; valid
 *  again, that reason is taken away, which is a claim, too. Errors:
 *  YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status state_put(store_change *change, yao_arena *arena,
                                  const state_deed *deed, yao_time at);

/** The same for what is suspended without a reason. */
YAO_MUST_USE yao_status state_put_plain(store_change *change, yao_arena *arena,
                                        const state_deed *deed, yao_time at);

/** Put the revocation of BATCH's issuance for REASON, a word. Errors as
 *  state_put(). */
YAO_MUST_USE yao_status state_revoke(store_change *change, yao_arena *arena,
                                     const store_document *batch,
                                     const char *reason, yao_time at);

/** What becomes of a document of DEFINITION (NULL: of none that we know, which
 *  knows no suspension) that is to be in state TO: suspended, its copies are
 *  revoked where they know no suspension; and it is over when it comes back. */
typedef struct state_outcome {
    int64_t state, copies; /* store_state */
} state_outcome;
state_outcome state_decide(const yao_definition *definition, int64_t to);

/** Why something is suspended, or is no longer. */
typedef struct state_reason {
    const authority     *authority;
    const yao_catalogue *catalogue;
    yao_bytes            bar;  /* of store/bar.h; an operator's: the issuance */
    const char          *word; /* of the change of state */
    yao_time             at;
} state_reason;

/** Put the reason R of BATCH's issuance into CHANGE; suspends what is valid.
 *  Errors: as state_put(); the commit: YAO_E_NOT_FOUND, somebody else changed
 *  its state meanwhile. */
YAO_MUST_USE yao_status state_suspend(store_change *change, yao_arena *arena,
                                      const store_document *batch,
                                      const state_reason   *r);

/**
 * Take the reason away: valid again when it was the last one, or over.
 *
 * Out     to  the state that it comes to
 * Errors  as state_put(), those of the store; the commit: YAO_E_NOT_FOUND, the
 *         reason was not there, or somebody else changed something meanwhile
 */
YAO_MUST_USE yao_status state_release(store_change *change, yao_arena *arena,
                                      const store_document *batch,
                                      const state_reason *r, int64_t *to);

#endif
