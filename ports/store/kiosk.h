/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_KIOSK_H
#define YAO_STORE_KIOSK_H

/** Kiosks: added with a pairing code, paired with a key, removed for good. */

#include "store/store.h"

typedef enum store_kiosk_state {
    STORE_KIOSK_WAITING = 1,
    STORE_KIOSK_PAIRED  = 2,
    STORE_KIOSK_REMOVED = 3
} store_kiosk_state;

typedef struct store_kiosk {
    yao_bytes id;         /* STORE_ID_LEN random bytes */
    yao_text  name;       /* where it stands */
    int64_t   state;      /* when read */
    yao_bytes code;       /* keyed hash of the pairing code; when put */
    yao_time  code_ends;  /* the code is no use at this second */
    yao_bytes public_key; /* point on P-256; empty unless paired; when read */
    yao_time  added, changed;
} store_kiosk;

/** Add a kiosk that waits for its page. Claims the id. */
void store_put_kiosk(store_change *change, const store_kiosk *kiosk);

/** Pair whoever waits for CODE. Claims that somebody does at NOW, and takes
 *  the code away. Lost: YAO_E_NOT_FOUND. RET (may be NULL) gets the id, in the
 *  change's arena, when the commit succeeds. */
void store_pair_kiosk(store_change *change, yao_bytes code,
                      yao_bytes public_key, yao_time now, yao_bytes *ret);

/** Remove it with its key. Claims that it is there and not removed. */
void store_remove_kiosk(store_change *change, yao_bytes id, yao_time now);

/** Errors as store_get_person(); as store_list_persons(). */
YAO_MUST_USE yao_status store_get_kiosk(store *s, yao_bytes id,
                                        yao_arena *arena, store_kiosk *ret);
YAO_MUST_USE yao_status store_list_kiosks(store *s, yao_arena *arena,
                                          store_kiosk **ret, size_t *count);

#endif
