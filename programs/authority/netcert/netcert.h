/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_NETCERT_H
#define YAO_AUTHORITY_NETCERT_H

/**
 * Net numbers and net certificates: docs/formats/netcert.md.
 *
 *     moves.c        which state leads to which
 *     number.c       numbers: drawn, hashed, sealed, opened
 *     certificate.c  open, download again, freeze, unfreeze, deregister, expire
 *     fetch.c        what the credential endpoint asks when copies are made
 *     grant.c        which party may ask for what
 *     question.h     the question of a relying party, and its answer
 *     routes.c       the same over HTTP
 *
 * Like enrolment's, functions take an `enrol`: what one request brings with it.
 */

#include "authority/enrol/enrol.h"
#include "store/grant.h"
#include "store/netcert.h"

/** The document's name in the catalogue. */
#define NETCERT_DOCUMENT "net_certificate"

#define NETCERT_NUMBER 24 /* letters */
#define NETCERT_DAYS 1096
#define NETCERT_LEVEL 3 /* at which one may be opened */

/** What is hashed for what: numbers beside those of seal.h and enrol.h. */
enum {
    NETCERT_HASH_NUMBER = 80, /* a net number */
    NETCERT_HASH_PARTY  = 81, /* a party, as the subject of a limit */
    NETCERT_HASH_GUESS  = 82, /* party, person and item, as the same */
    NETCERT_HASH_JTI    = 83, /* jti of a party's request */
    NETCERT_HASH_NONCE  = 84  /* nonce of a presentation, of a party */
};

/* ---- states ---- */

typedef enum netcert_act {
    NETCERT_FREEZE     = 1,
    NETCERT_UNFREEZE   = 2,
    NETCERT_DEREGISTER = 3,
    NETCERT_EXPIRE     = 4,
    NETCERT_SUPERSEDE  = 5 /* by the next certificate of the same person */
} netcert_act;

/** Where ACT leads from state FROM (store_netcert_state); 0: nowhere. */
int64_t netcert_move(int64_t from, netcert_act act);

/** The word for a state: "opened"; "none" for 0 and what is none. */
const char *netcert_state_word(int64_t state);

/** The state at NOW: one whose time is over has expired, also before anybody
 *  noted it. */
int64_t netcert_state_at(const store_netcert *n, yao_time now);

/* ---- numbers ---- */

/** Draw a net number. Errors: YAO_E_CRYPTO. */
YAO_MUST_USE yao_status netcert_draw(char out[NETCERT_NUMBER]);

/** What it is found by; of any text. Errors: those of seal_hash(). */
YAO_MUST_USE yao_status netcert_hash(const authority *a, yao_text number,
                                     uint8_t out[STORE_HASH_LEN]);

/** Seal it under a person's key, and open it. Errors: as seal_part() and
 *  seal_open_part(); YAO_E_SECRET: another length. */
YAO_MUST_USE yao_status netcert_seal(const seal_person *person, yao_text number,
                                     yao_arena *arena, yao_bytes *ret);
YAO_MUST_USE yao_status netcert_unseal(const seal_person *person,
                                       yao_bytes sealed, yao_arena *arena,
                                       yao_text *ret);

/* ---- certificates ---- */

/** Whose it is, and what they may. */
typedef struct netcert_holder {
    yao_bytes lookup; /* STORE_BY_NUMBER */
    yao_bytes holder; /* as ledger and log know them */
    int64_t   level;  /* how the person was checked just now */
} netcert_holder;

/** The person's certificate; state 0 where there never was one. State as at
 *  e->now. Errors: those of the store. */
YAO_MUST_USE yao_status netcert_get(const enrol *e, yao_bytes lookup,
                                    store_netcert *ret);

/** Is the identity card of RECORD valid now? Errors: YAO_E_NOT_ENTITLED;
 *  YAO_E_SPACE. */
YAO_MUST_USE yao_status netcert_check_card(const enrol    *e,
                                           const yao_json *record);

/** Does a freeze of all documents, a hold or an event keep it from its holder?
 *  Nothing is opened or answered then. Errors: those of the store. */
YAO_MUST_USE yao_status netcert_is_barred(const enrol *e, yao_bytes holder,
                                          bool *ret);

/** May HOLDER open one, or download it again? Errors: YAO_E_NOT_ENTITLED: the
 *  level is too low, or it is barred; of the store. */
YAO_MUST_USE yao_status netcert_may_open(const enrol          *e,
                                         const netcert_holder *holder);

/**
 * Open one, or download again what is alive: it is superseded, with its copies.
 *
 * Out     change  all that belongs to it, and its event
 * Errors  YAO_E_NOT_ENTITLED  the level is too low, or the identity card is
 *                             not (any more) valid
 *         those of people_find_by(), of sealing, of the store; the commit:
 *         YAO_E_EXISTS, YAO_E_NOT_FOUND: something was done to it in between
 */
YAO_MUST_USE yao_status netcert_put(const enrol *e, store_change *change,
                                    const netcert_holder *holder);

/**
 * Do ACT, and commit.
 *
 * Errors  YAO_E_NOT_FOUND       there is none that is alive
 *         YAO_E_EXISTS          not from the state that it is in
 *         YAO_E_NOT_AUTHORISED  of another level than the certificate's, for
 *                               what is not a protection
 *         YAO_E_LIMIT           unfreezing too often: WAIT seconds
 *         those of the store
 */
YAO_MUST_USE yao_status netcert_do(const enrol *e, const netcert_holder *holder,
                                   netcert_act act, int64_t *wait);

/** Note those whose time is over. Out: how many. Errors: of the store. */
YAO_MUST_USE yao_status netcert_expire_due(const enrol *e, size_t *ret);

/* ---- when copies are made ---- */

/** Is D the net certificate? */
bool netcert_is(const yao_definition *d);

/**
 * Put the record that the document is made of in the place of PERSON's.
 *
 * Out     ret  what netcert_use() claims
 * Errors  YAO_E_NOT_FOUND, YAO_E_NOT_ENTITLED  there is none that is open, it
 *              belongs to another device, or the identity card is not valid
 *         those of sealing and of the store
 */
YAO_MUST_USE yao_status netcert_open_record(const enrol *e, yao_bytes lookup,
                                            yao_bytes      device,
                                            people_person *person,
                                            store_netcert *ret);

/* ---- grants ---- */

#define NETCERT_GRANT_SECONDS (366 * 86400)
#define NETCERT_MAX_GRANTS 200
#define NETCERT_MAX_ITEM 128

/** An item: an element of a document. */
typedef struct netcert_item {
    const yao_definition *definition;
    const yao_element    *element;
} netcert_item;

/** Find it by its name. Errors: YAO_E_NOT_FOUND: no such element, or one that
 *  has no form as text. */
YAO_MUST_USE yao_status netcert_find_item(const yao_catalogue *c, yao_text name,
                                          netcert_item *ret);

/** Does PROFILE ask for ITEM? */
bool netcert_asks(const yao_profile *profile, const netcert_item *item);

/** Is PARTY registered for PROFILE (a name)? */
bool netcert_has_profile(const store_party *party, yao_text profile);

/**
 * Grant, and commit.
 *
 * In      grant  party, item and ends
 * Out     ret    the grant's id, in the arena
 * Errors  YAO_E_NOT_AUTHORISED  HOLDER is of a lower level than a certificate
 *                               needs, or than theirs has
 *         YAO_E_NOT_FOUND  no such party, or it is suspended
 *         YAO_E_VALUE      no such item, or none of a profile of the party's
 *         YAO_E_EXPIRED    an end that is over, or too far away
 *         YAO_E_LIMIT      too many;  those of the store
 */
YAO_MUST_USE yao_status netcert_grant(const enrol          *e,
                                      const netcert_holder *holder,
                                      const store_grant *grant, yao_bytes *ret);

/** Withdraw, and commit. Errors: YAO_E_NOT_FOUND; those of the store. */
YAO_MUST_USE yao_status netcert_withdraw(const enrol          *e,
                                         const netcert_holder *holder,
                                         yao_bytes             id);

#endif
