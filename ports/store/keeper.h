/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_KEEPER_H
#define YAO_STORE_KEEPER_H

/**
 * What has to be signed again, and what was signed for everybody.
 *
 * A change of a document's state notes the lists that show it (store_put_state()
 * does); whoever signs a list reads the notes first, then the list, and takes
 * in the same change just the notes that were read: a change that came in
 * between stays noted.
 */

#include "store/store.h"

/** A list that does not show a change yet. */
typedef struct store_dirty {
    yao_bytes change; /* id of the change of state */
    int64_t   list;
} store_dirty;

/** Up to LIMIT of them, by list. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_dirty(store *s, int64_t limit,
                                         yao_arena    *arena,
                                         store_dirty **ret, size_t *count);

/** The list shows it now. */
void store_forget_dirty(store_change *change, const store_dirty *what);

/** When lists were signed, without what was; by list. Errors as
 *  store_list_persons(). */
YAO_MUST_USE yao_status store_list_status_ages(store *s, yao_arena *arena,
                                               store_status_token **ret,
                                               size_t              *count);

/** Something signed for everybody. */
typedef struct store_artefact {
    yao_text  name; /* "bundle.cose" */
    int64_t   version;
    yao_time  signed_at, expires;
    yao_bytes inputs; /* hash of what it was made from */
    yao_bytes body;   /* empty, when only its age was asked for */
} store_artefact;

/** Keep it instead of the last one of its name. Claims that the version is
 *  higher. */
void store_put_artefact(store_change *change, const store_artefact *artefact);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_artefact(store *s, yao_text name,
                                           yao_arena      *arena,
                                           store_artefact *ret);
YAO_MUST_USE yao_status store_get_artefact_age(store *s, yao_text name,
                                               yao_arena      *arena,
                                               store_artefact *ret);

#endif
