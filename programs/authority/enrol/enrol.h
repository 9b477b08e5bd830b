/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ENROL_H
#define YAO_AUTHORITY_ENROL_H

/**
 * Enrolment: from a person who stands at a kiosk (or holds a telephone) to an
 * offer that one wallet can take.
 *
 *     kiosk.c    kiosks: pairing, signed requests (docs/formats/kiosk.md)
 *     session.c  one session, step by step; sealed under its token
 *     steps.c    what each step does
 *     paper.c    a printed card, for who has no telephone
 *     level.c    levels by factors, which device may end which
 *     secret.c   codes: which are too weak, how they are kept
 *     limit.c    how often something may be tried; cases for officers
 *     login.c    number and access code, a person's own session
 *     passkey.c  passkeys of a person who has logged in so
 *     officer.c  decisions that take two operators
 *     guardian.c whose copies a guardian may hold
 *     routes.c, self_routes.c, passkey_routes.c  the same over HTTP
 *
 * Everything takes an `enrol`: what one request brings with it. Nothing here
 * waits, keeps anything between requests, or reads a clock.
 */

#include "authority/face/check.h"
#include "authority/people.h"
#include "store/case.h"
#include "store/enrolment.h"
#include "store/kiosk.h"
#include "store/session.h"
#include "store/throttle.h"

/** What is hashed for what: numbers beside those of seal.h. */
enum {
    ENROL_HASH_PAIRING = 64, /* a kiosk's pairing code */
    ENROL_HASH_NONCE   = 65, /* nonce of a kiosk's request */
    ENROL_HASH_SESSION = 66, /* token of a session */
    ENROL_HASH_CODE    = 67, /* access code, before it is made slow */
    ENROL_HASH_PEER    = 68, /* address that a telephone comes from */
    ENROL_HASH_KIOSK   = 69  /* a kiosk, as the subject of a limit or case */
};

/** Kinds of store_session. */
enum {
    ENROL_SESSION_KIOSK  = 6401,
    ENROL_SESSION_SELF   = 6402,
    ENROL_SESSION_PERSON = 6403 /* after a log-in */
};

/** Seconds an offer lives, and one word on its size as text. */
#define ENROL_OFFER_SECONDS 120
#define ENROL_MAX_QR 2048

typedef struct enrol_services enrol_services;
struct issue_signer;

/** What a request brings with it. */
typedef struct enrol {
    authority            *a;
    const yao_catalogue  *catalogue;
    const enrol_services *services;
    yao_arena            *arena;
    yao_time              now;
    bool                  demo;
} enrol;

/** What is asked of the issuing side at the end of a session. */
typedef struct enrol_wish {
    yao_bytes       person; /* look-up STORE_BY_NUMBER */
    yao_bytes       holder; /* the same, as ledger and log know them */
    int64_t         level;
    const yao_text *documents; /* names in the catalogue */
    size_t          document_count;
    yao_text        code; /* transaction code that the person chose; secret */
    yao_bytes       note; /* the enrolment's id: comes back with the grant */
    yao_time        expires;
} enrol_wish;

/** What others do for an enrolment. Tests have their own. */
struct enrol_services {
    void        *ctx;
    face_engine *engine; /* NULL: an officer compares */

    /** As face_check_begin(), face_check_finish() and face_put_event(). */
    yao_status (*begin_face)(authority *a, yao_bytes owner, yao_time now,
                             yao_arena *arena, face_challenge *ret, int *wait);
    yao_status (*finish_face)(const face_check *check, yao_bytes frames,
                              yao_arena *arena, face_result *ret);
    yao_status (*note_face)(store_change *change, yao_arena *arena,
                            yao_bytes subject, const face_result *result);

    /** Put an offer into CHANGE, good once that is committed.
     *  Out  text  what the QR code says, at most ENROL_MAX_QR bytes */
    yao_status (*offer)(const enrol *e, store_change *change,
                        const enrol_wish *wish, yao_text *text);

    /** Who signs documents of ROLE (yao_signing_role). As server_signer(). */
    yao_status (*signer)(const enrol *e, int64_t role,
                         struct issue_signer **ret);
};

/** The look-up hash of a number, as typed, and the holder hash in the ledger;
 *  also of numbers that nobody has. Errors: those of seal_hash(). */
YAO_MUST_USE yao_status enrol_hash_person(const enrol *e, yao_text number,
                                          uint8_t lookup[STORE_HASH_LEN],
                                          uint8_t holder[STORE_HASH_LEN]);

#endif
