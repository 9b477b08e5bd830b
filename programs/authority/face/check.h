/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_FACE_CHECK_H
#define YAO_AUTHORITY_FACE_CHECK_H

/**
 * Is the person before the camera the one of the register's portrait?
 *
 *     face_check_begin(a, owner, now, arena, &challenge);   // to the page
 *     ... the page sends frames of the asked head turns ...
 *     face_check_finish(&check, frames, arena, &result);    // asks the engine
 *     store_change change = store_change_open(arena);
 *     face_put_event(&change, arena, subject, &result);     // with what
 *     ... your own rows ...                                    follows of it
 *     store_commit(a->store, &change);
 *
 * A challenge is random, lives 40 s and is used once (10 s of turns, and 600 kB
 * of pictures over a slow line); whoever begins has used
 * one of three attempts, so that nobody can wait for the sequence that a
 * recording shows. After these, an officer compares (design: a face is never
 * the only way). What the page says about its pictures is not asked for.
 *
 * Cannot tell is never a match: no engine, an engine that fails, two faces.
 *
 * Frames live in the request and in memory that is wiped before
 * face_check_finish() returns; nothing of them is stored. What remains is the
 * result: engine, model, threshold, score.
 */

#include "authority/authority.h"
#include "face/face.h"

/** Frames of one check, bytes of one as JPEG, and of all as they are sent. */
#define FACE_LEAST_FRAMES 6
#define FACE_MAX_FRAMES   10
#define FACE_FRAME_BYTES  200000u
#define FACE_BODY_BYTES   (FACE_MAX_FRAMES * (FACE_FRAME_BYTES + 16u) + 64u)

#define FACE_NONCE    16
#define FACE_MOVES    5  /* turns in one challenge */
#define FACE_SECONDS  40 /* that it lives */
#define FACE_ATTEMPTS 3
#define FACE_MOST_MS  40000 /* then no further question is put to the engine */

/** Where the head is to be turned, as the person sees it. */
typedef enum face_move {
    FACE_CENTRE = 1,
    FACE_LEFT   = 2, /* the person's own left */
    FACE_RIGHT  = 3
} face_move;

typedef struct face_challenge {
    uint8_t  nonce[FACE_NONCE];
    uint8_t  moves[FACE_MOVES]; /* face_move: each among them, no neighbours
                                   alike: 42 sequences */
    yao_time expires;
    int      attempts_left; /* after this one */
} face_challenge;

/**
 * Begin an attempt of OWNER.
 *
 * In      owner  STORE_HASH_LEN bytes: a keyed hash of whose face it is to be
 *                (or of the session, where others limit the person)
 * Out     wait   seconds until the next attempt, with YAO_E_SUSPENDED
 * Errors  YAO_E_UNSUPPORTED  no engine is configured: an officer compares
 *         YAO_E_LIMIT        no attempts left: an officer compares; for an
 *                            hour after the last one
 *         YAO_E_SUSPENDED    too soon after the last one
 *         YAO_E_EXISTS       another attempt was begun at this moment
 *         YAO_E_CRYPTO, those of store_commit()
 */
YAO_MUST_USE yao_status face_check_begin(authority *a, yao_bytes owner,
                                         yao_time now, yao_arena *arena,
                                         face_challenge *ret, int *wait);

/** {"nonce": base64url, "moves": ["centre", "left", ...], "expires": seconds,
 *  "frames": [6, 10], "attempts_left": n}: what the page is told. */
void face_challenge_write(yao_writer *w, const face_challenge *challenge);

/** What was found. Zero is no match. */
typedef enum face_verdict {
    FACE_CANNOT_TELL = 0,
    FACE_MATCH       = 1,
    FACE_NO_MATCH    = 2
} face_verdict;

/** Why; the words are those of face_reason_word(). */
typedef enum face_reason {
    FACE_FINE = 0,
    FACE_NO_ENGINE,    /* none, or it failed */
    FACE_NO_PORTRAIT,  /* the register has none, or one without a face */
    FACE_BAD_FRAMES,   /* not the shape, sequence or nonce asked for */
    FACE_BAD_PICTURE,  /* a frame that is no JPEG within the limits */
    FACE_NO_FACE,      /* in a frame */
    FACE_MANY_FACES,   /* in a frame */
    FACE_TOO_SMALL,    /* the face in a frame */
    FACE_TOO_DARK,     /* or too bright, or without contrast */
    FACE_UNSURE,       /* the engine is not sure that it is a face */
    FACE_WRONG_TURNS,  /* the head did not do what was asked */
    FACE_MANY_PERSONS, /* not one person in all frames */
    FACE_SAME_FRAMES,  /* the same picture twice: a still */
    FACE_NOT_ALIKE     /* the score is below the threshold */
} face_reason;

/** "no_face", for pages and the audit log. Never NULL. */
const char *face_reason_word(face_reason reason);

typedef struct face_result {
    uint8_t      owner[STORE_HASH_LEN];
    face_verdict verdict;
    face_reason  reason;
    int32_t      score;     /* of FACE_ONE; 0 when none was reached */
    int32_t      threshold;
    face_info    info;      /* of the engine; empty when it wasn't asked */
    int          attempts_left;
    bool         officer; /* no attempt is left: an officer is next */
} face_result;

typedef struct face_check {
    authority   *a;
    face_engine *engine; /* NULL: none */
    yao_bytes    owner;
    yao_bytes    portrait; /* the register's, JPEG; empty: none */
    yao_time     now;
    unsigned     most_ms; /* for the engine's answers; 0: FACE_MOST_MS */
} face_check;

/**
 * Use up the challenge of OWNER and look at what was sent.
 *
 * Shape   face-frames of docs/formats/face.md (CBOR): nonce, and frames with
 *         their sequence number and which move they show
 * Out     ret  also when there is no match; a failing engine is an outcome
 *              and no error
 * Errors  YAO_E_NOT_FOUND  no challenge of OWNER waits, it is used or another
 *         YAO_E_EXPIRED    too late
 *         YAO_E_SPACE; those of store_commit()
 */
YAO_MUST_USE yao_status face_check_finish(const face_check *check,
                                          yao_bytes frames, yao_arena *arena,
                                          face_result *ret);

/** Note the result for the audit log in CHANGE: "face.check", about SUBJECT
 *  (keyed hash of the number); engine, model, threshold and score. After a
 *  match the owner's attempts begin anew. Errors: those of
 *  authority_put_event(). */
YAO_MUST_USE yao_status face_put_event(store_change *change, yao_arena *arena,
                                       yao_bytes          subject,
                                       const face_result *result);

/** {"result": "match" / "no_match" / "cannot_tell", "reason": ...,
 *  "attempts_left": n, "officer": bool}: what the page is told; no score. */
void face_result_write(yao_writer *w, const face_result *result);

/* ---- the engine that the settings name ----------------------------------- */

/**
 * The engine of [face]; started when it is needed. One for a whole process:
 * it may be used by several threads.
 *
 * Out     ret  NULL when the provider is `officer`
 * Errors  YAO_E_VALUE  [face] does not name one (`human` without a command)
 *         YAO_E_REFUSED  `mock` without demo = yes
 *         those of face_open()
 */
YAO_MUST_USE yao_status face_provider_open(const config *c, face_engine **ret);

#endif
