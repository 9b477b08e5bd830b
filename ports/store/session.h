/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_SESSION_H
#define YAO_STORE_SESSION_H

/**
 * Sessions: known by a hash of their token, what they know is sealed under a
 * key that only the token gives. Of two who change one at a time one wins.
 */

#include "store/store.h"

typedef struct store_session {
    yao_bytes id;      /* STORE_HASH_LEN bytes: hash of the token */
    int64_t   kind;    /* the caller's */
    yao_bytes owner;   /* whose sessions end together; may be empty */
    int64_t   version; /* when read; for store_replace_session() */
    yao_time  expires; /* not found at this second any more */
    yao_bytes sealed;
} store_session;

/** Open a session. Claims the id. */
void store_put_session(store_change *change, const store_session *session);

/** Put another content and end in the place of those of VERSION. Claims that it
 *  is still that version: lost is YAO_E_NOT_FOUND. */
void store_replace_session(store_change *change, const store_session *session);

/** End one; claims that it is there. End all of OWNER, or all but ID; forget
 *  what is expired at NOW. */
void store_end_session(store_change *change, yao_bytes id);
void store_end_sessions_of(store_change *change, yao_bytes owner);
void store_end_other_sessions_of(store_change *change, yao_bytes owner,
                                 yao_bytes id);
void store_forget_sessions(store_change *change, yao_time now);

/** The session ID of KIND that is not expired. Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_session(store *s, yao_bytes id, int64_t kind,
                                          yao_time now, yao_arena *arena,
                                          store_session *ret);

#endif
