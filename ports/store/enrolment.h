/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_ENROLMENT_H
#define YAO_STORE_ENROLMENT_H

/**
 * Which devices a person enrolled, at which level; what a person logs in with;
 * whose guardian somebody is. Rules that must hold for two who come at the same
 * time are claims (design 9): a lower level never ends a higher one.
 */

#include "store/store.h"

typedef enum store_enrolment_state {
    STORE_ENROLMENT_WAITING = 1, /* until its notice is over */
    STORE_ENROLMENT_OFFERED = 2, /* no device has come yet */
    STORE_ENROLMENT_BOUND   = 3,
    STORE_ENROLMENT_ENDED   = 4 /* for good */
} store_enrolment_state;

typedef struct store_enrolment {
    yao_bytes id;     /* STORE_ID_LEN random bytes */
    yao_bytes holder; /* as in the ledger: STORE_HASH_LEN bytes */
    int64_t   level;  /* 1..4 */
    int64_t   factors;
    int64_t   state;
    bool      replaces; /* ends the person's other devices, where it may */
    yao_bytes device;   /* hash of its key; empty until it is bound */
    yao_time  started;
    yao_time  active_from; /* of one that waits */
    yao_time  changed;     /* when read */
} store_enrolment;

/** Note an enrolment. Claims the id; of one that does not wait also that no
 *  device of a higher level is bound (lost: YAO_E_NOT_AUTHORISED). */
void store_put_enrolment(store_change          *change,
                         const store_enrolment *enrolment);

/** Offer one that waited. Claims that its notice is over. */
void store_offer_enrolment(store_change *change, yao_bytes id, yao_time now);

/** The device has come. Claims that the enrolment was offered and that no
 *  device of a higher level is bound by now, unless it waited; one that
 *  replaces ends all others of its level or a lower one. */
void store_bind_enrolment(store_change *change, yao_bytes id, yao_bytes device,
                          bool waited, yao_time now);

/** End one of HOLDER's. Claims that it is there, not ended, and of LEVEL or a
 *  lower one. */
void store_end_enrolment(store_change *change, yao_bytes id, yao_bytes holder,
                         int64_t level, yao_time now);

/** Errors as store_list_persons(); oldest first. By device: those that a
 *  device key was ever bound to. */
YAO_MUST_USE yao_status store_list_enrolments(store *s, yao_bytes holder,
                                              yao_arena        *arena,
                                              store_enrolment **ret,
                                              size_t           *count);
YAO_MUST_USE yao_status store_list_device(store *s, yao_bytes device,
                                          yao_arena        *arena,
                                          store_enrolment **ret, size_t *count);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_enrolment(store *s, yao_bytes id,
                                            yao_arena       *arena,
                                            store_enrolment *ret);

/** What was issued to an enrolment's device, so that it ends with it. */
void store_put_enrolment_issuance(store_change *change, yao_bytes enrolment,
                                  yao_bytes issuance);
YAO_MUST_USE yao_status store_list_enrolment_issuances(
    store *s, yao_bytes enrolment, yao_arena *arena, yao_bytes **ret,
    size_t *count);

/** Issuances of ended enrolments that are not revoked, LIMIT at most. */
YAO_MUST_USE yao_status store_list_ended_issuances(store *s, size_t limit,
                                                   yao_arena  *arena,
                                                   yao_bytes **ret,
                                                   size_t     *count);

/* ---- what a person logs in with ---- */

typedef struct store_access_code {
    yao_bytes holder;
    yao_bytes salt;     /* 16 bytes */
    yao_bytes verifier; /* STORE_HASH_LEN bytes */
    int64_t   level;    /* of the enrolment in which it was given */
    yao_time  changed;
} store_access_code;

/** Give a code in the place of another. Claims that the other was not given at
 *  a higher level (lost: YAO_E_NOT_AUTHORISED). */
void store_put_access_code(store_change            *change,
                           const store_access_code *code);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_access_code(store *s, yao_bytes holder,
                                              yao_arena         *arena,
                                              store_access_code *ret);

/* ---- guardians ---- */

typedef struct store_guardian {
    yao_bytes id; /* STORE_ID_LEN random bytes */
    yao_bytes child, guardian; /* as holders in the ledger */
    yao_time  started;
    yao_time  ends;   /* the child's birthday on which it does */
    yao_time  ended;  /* 0: not by an event; when read */
    yao_text  reason; /* a word: how it is known, or why it ended */
} store_guardian;

/** Claims the id. End: claims that it has not ended. */
void store_put_guardian(store_change *change, const store_guardian *guardian);
void store_end_guardian(store_change *change, yao_bytes id, yao_text reason,
                        yao_time now);

/** Enrolments that guardians hold for children (factors of 64 and above) where
 *  no guardian is left at NOW, LIMIT at most. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_due_guarded(store *s, yao_time now,
                                               size_t limit, yao_arena *arena,
                                               store_enrolment **ret,
                                               size_t           *count);

/** All in which HOLDER is child or guardian. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_guardians(store *s, yao_bytes holder,
                                             yao_arena       *arena,
                                             store_guardian **ret,
                                             size_t          *count);

#endif
