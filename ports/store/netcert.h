/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_NETCERT_H
#define YAO_STORE_NETCERT_H

/**
 * Net certificates: a person's random number, mapped to the person by keyed
 * hashes, and what became of each certificate.
 *
 * A person has one certificate at most that is alive (opened or frozen); one
 * that was downloaded again, deregistered, or has expired stays as a row.
 */

#include "store/store.h"

typedef enum store_netcert_state {
    STORE_NETCERT_OPENED       = 1,
    STORE_NETCERT_FROZEN       = 2,
    STORE_NETCERT_DEREGISTERED = 3, /* this and what follows: for good */
    STORE_NETCERT_EXPIRED      = 4,
    STORE_NETCERT_SUPERSEDED   = 5
} store_netcert_state;

typedef struct store_netcert {
    yao_bytes id;      /* STORE_ID_LEN random bytes */
    yao_bytes person;  /* look-up STORE_BY_NUMBER */
    yao_bytes holder;  /* as ledger and log know the person */
    yao_bytes number;  /* keyed hash of the net number */
    int64_t   state;   /* when read */
    int64_t   version; /* when read: rises with all that is done to it */
    int64_t   level;   /* at which it was opened */
    yao_bytes sealed;  /* the net number, under the person's key */
    yao_bytes device;  /* keyed hash of the device that fetched it; empty:
                          none yet; when read */
    yao_time  opened, expires, changed; /* changed: when read */
} store_netcert;

/** Open one. Claims that the person has none that is alive, and that the
 *  number is nobody's. */
void store_put_netcert(store_change *change, const store_netcert *netcert);

/** Bring it from its state, as it was read, to another. Claims that nothing was
 *  done to it since; lost: YAO_E_NOT_FOUND. */
void store_move_netcert(store_change *change, const store_netcert *netcert,
                        store_netcert_state to, yao_time now);

/** Copies of it are issued to DEVICE. Claims that it is open, and no other
 *  device's; lost: YAO_E_NOT_FOUND. Whoever moves it meanwhile reads again. */
void store_use_netcert(store_change *change, const store_netcert *netcert,
                       yao_bytes device);

/** The person's that is alive, else the one that ended last; the same by the
 *  hash of a number. Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_netcert(store *s, yao_bytes person,
                                          yao_arena     *arena,
                                          store_netcert *ret);
YAO_MUST_USE yao_status store_find_netcert(store *s, yao_bytes number,
                                           yao_arena     *arena,
                                           store_netcert *ret);

/** All of a person, newest first. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_netcerts(store *s, yao_bytes person,
                                            yao_arena      *arena,
                                            store_netcert **ret,
                                            size_t         *count);

/** Up to LIMIT that are alive and whose time is over at NOW. */
YAO_MUST_USE yao_status store_list_due_netcerts(store *s, yao_time now,
                                                size_t limit, yao_arena *arena,
                                                store_netcert **ret,
                                                size_t         *count);

#endif
