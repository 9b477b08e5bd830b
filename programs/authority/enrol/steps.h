/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ENROL_STEPS_H
#define YAO_AUTHORITY_ENROL_STEPS_H

/**
 * One enrolment, step by step.
 *
 *   terms --accept--> number --> face --match--> choice --> code --> over
 *     |                           |  ^              ^
 *     +-- decline: nothing kept   +--+ 3 attempts   |
 *                                 +--> officer -----+ two operators
 *
 * A step that is not the one at hand is refused (YAO_E_NOT_AUTHORISED). Whether
 * a number exists is told by nobody before the face matched, or an officer
 * said so: one that nobody has goes the same way as another's.
 *
 * What the page says of faces, liveness or levels is not read at all: there is
 * no place for it in what these functions take.
 */

#include "authority/enrol/level.h"
#include "authority/enrol/session.h"

typedef enum enrol_step {
    ENROL_AT_TERMS   = 1,
    ENROL_AT_NUMBER  = 2,
    ENROL_AT_FACE    = 3,
    ENROL_AT_OFFICER = 4,
    ENROL_AT_CHOICE  = 5,
    ENROL_AT_CODE    = 6
} enrol_step;

/** The word for a step: "terms"; "over" for none. */
const char *enrol_step_word(int step);

#define ENROL_MAX_NUMBER 32
#define ENROL_MAX_NAME 200
#define ENROL_NUMBER_TRIES 3
#define ENROL_FRAME_TRIES 10 /* uploads that are no frames */
#define ENROL_CHILD_TRIES 5
#define ENROL_DEMO_SECONDS 6 /* until made-up officers say yes */

/** Seconds without a step after which a session is over, where the person
 *  stands before a screen that others see next, and on their own telephone;
 *  reading the terms, waiting for an officer; and in all. */
#define ENROL_IDLE_KIOSK 60
#define ENROL_IDLE_SELF 300
#define ENROL_IDLE_TERMS 300
#define ENROL_IDLE_OFFICER 1800
#define ENROL_LONGEST ENROL_LONGEST_SESSION

/** What a session knows: sealed in the store, wiped when the request ends. */
typedef struct enrol_state {
    uint32_t form; /* of this struct: another program's session is over */
    int32_t  kind; /* ENROL_SESSION_KIOSK or _SELF */
    int32_t  step;
    int32_t  language;
    int32_t  tries; /* at this step */
    int32_t  replaces;
    int64_t  factors;
    int64_t  ends; /* at the latest */
    uint64_t chosen; /* bits of the catalogue's definitions */
    uint8_t  terms[YAO_SHA256_LEN];
    uint8_t  case_id[STORE_ID_LEN];
    uint32_t number_len, name_len, child_len;
    uint32_t sheets; /* of paper that were printed */
    uint8_t  number[ENROL_MAX_NUMBER], name[ENROL_MAX_NAME];
    uint8_t  child[ENROL_MAX_NUMBER]; /* whose documents, if not the person's */
} enrol_state;

/** A session that was found, in one request. Close with enrol_leave_visit(). */
typedef struct enrol_visit {
    const enrol  *e;
    yao_bytes     owner; /* the kiosk's id, or empty */
    enrol_session session;
    enrol_state   state;
} enrol_visit;

/** Begin; TOKEN names the session from here on. Errors: YAO_E_USAGE: another
 *  kind;  YAO_E_CRYPTO, YAO_E_SPACE, those of store_commit(). */
YAO_MUST_USE yao_status enrol_begin(const enrol *e, int64_t kind,
                                    yao_bytes owner, yao_language language,
                                    yao_text *token);

/** Find a session. Errors: as enrol_find_session(). */
YAO_MUST_USE yao_status enrol_visit_find(const enrol *e, int64_t kind,
                                         yao_bytes owner, yao_text token,
                                         enrol_visit *ret);
void                    enrol_visit_close(enrol_visit *v);

/** The terms, in the session's language, and their hash. */
YAO_MUST_USE yao_status enrol_visit_terms(const enrol_visit *v, yao_text *text,
                                          uint8_t hash[YAO_SHA256_LEN]);

/** Accept the text whose SHA-256 is HASH. Errors: YAO_E_MISMATCH: another text;
 *  YAO_E_NOT_AUTHORISED; those of the store. */
YAO_MUST_USE yao_status enrol_accept(enrol_visit *v, yao_bytes hash);

/** Decline, or leave at any step: the session is gone, nothing is noted. */
YAO_MUST_USE yao_status enrol_leave(enrol_visit *v);

/**
 * Take the number, and by telephone the name.
 *
 * Out     wait  seconds, on YAO_E_LIMIT
 * Errors  YAO_E_VALUE           no such number can be (check digit), or a name
 *                               with invisible letters; the third time the
 *                               session is over
 *         YAO_E_LIMIT           too many, of this kiosk or this number
 *         YAO_E_NOT_AUTHORISED  another step; those of the store
 */
YAO_MUST_USE yao_status enrol_take_number(enrol_visit *v, yao_text number,
                                          yao_text name, int64_t *wait);

/** Begin an attempt. Errors: those of face_check_begin(), of which
 *  YAO_E_UNSUPPORTED and YAO_E_LIMIT mean that an officer is next. */
YAO_MUST_USE yao_status enrol_challenge(enrol_visit *v, face_challenge *ret,
                                        int *wait);

/** Look at what the camera saw. Out: ret: as the page is told. Errors: those of
 *  face_check_finish(); YAO_E_NOT_FOUND also: the session is over, after
 *  ENROL_FRAME_TRIES uploads that were no frames. */
YAO_MUST_USE yao_status enrol_take_face(enrol_visit *v, yao_bytes frames,
                                        face_result *ret);

/** Ask for an officer in the place of the camera. Errors: of the store. */
YAO_MUST_USE yao_status enrol_ask_officer(enrol_visit *v);

/** Have two operators decided meanwhile? Goes on when they said yes; the
 *  session is over (YAO_E_REFUSED) when they said no. */
YAO_MUST_USE yao_status enrol_look_for_officer(enrol_visit *v);

/** One document of the catalogue, and whether the person may have it. */
typedef struct enrol_option {
    const yao_definition *definition;
    bool                  entitled;
    yao_reason            reason; /* why not */
} enrol_option;
#define ENROL_MAX_OPTIONS 64

/** A telephone is lost: end the person's devices, passkeys and sessions up to
 *  the level of this session, which goes on, so that a new one can come. At a
 *  kiosk only: a face by telephone is not enough. Out: how many. Errors:
 *  YAO_E_NOT_AUTHORISED: another step, or not at a kiosk, or for a child;  of
 *  the store. */
YAO_MUST_USE yao_status enrol_lose(enrol_visit *v, size_t *ret);

/** Of a child instead: the person must be a guardian by the household's record
 *  (guardian.h). Errors: YAO_E_NOT_AUTHORISED: another step, or no guardian, of
 *  which the fifth ends the session;  those of people_find(). */
YAO_MUST_USE yao_status enrol_take_child(enrol_visit *v, yao_text number);

/** What the person may choose from. Errors: YAO_E_NOT_AUTHORISED; YAO_E_LIMIT;
 *  those of people_find() and yao_issuance_check_entitled(). */
YAO_MUST_USE yao_status enrol_list_options(enrol_visit *v, enrol_option *list,
                                           size_t *count);

/** Choose. Errors: YAO_E_VALUE: nothing, or something unknown, or twice;
 *  YAO_E_NOT_ENTITLED; as above. */
YAO_MUST_USE yao_status enrol_choose(enrol_visit *v, const yao_text *names,
                                     size_t count, bool replaces);

/** What the person types at the keypad. Secrets: the caller wipes them. */
typedef struct enrol_codes {
    yao_text transaction; /* 6 digits */
    yao_text access;      /* 8 digits; empty: keep the one that there is, or be
                             given one */
    bool give; /* give me one also when there is one */
} enrol_codes;

typedef struct enrol_offer {
    enrol_entered entered;
    yao_text      text; /* for the QR code; empty while a notice runs */
    yao_time      expires;
    bool          given; /* an access code, to be shown once: */
    char          access[12];
} enrol_offer;

/**
 * End with an offer. One transaction: enrolment, access code, offer, event, and
 * the session is over.
 *
 * Errors  YAO_E_MALFORMED, YAO_E_VALUE  a code of another form; a weak one
 *         YAO_E_NOT_AUTHORISED, those of the store and of the offer
 */
YAO_MUST_USE yao_status enrol_finish(enrol_visit *v, const enrol_codes *codes,
                                     enrol_offer *ret);

/* ---- what steps.c and choice.c share ---- */

/** YAO_E_NOT_AUTHORISED unless STEP is the one at hand. */
YAO_MUST_USE yao_status enrol_must_be_at(const enrol_visit *v, enrol_step step);

/** Keep the state with CHANGE, in one transaction. Errors: those of
 *  store_commit(). */
YAO_MUST_USE yao_status enrol_go_on(enrol_visit *v, store_change *change);

/** The number of who stands there; of whom the documents are. */
yao_text enrol_visit_number(const enrol_visit *v);
yao_text enrol_visit_subject(const enrol_visit *v);

/** Is who stands there still a guardian of whom the documents are of? YAO_OK
 *  where that is the same person. Errors: YAO_E_NOT_AUTHORISED; of reading. */
YAO_MUST_USE yao_status enrol_check_subject(const enrol_visit *v);

/** What the log is told of a session: which terms, which LEVEL, which way. In
 *  the arena. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status enrol_describe(const enrol_visit *v, int64_t level,
                                       yao_text *ret);

#endif
