/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_GATE_H
#define YAO_GATE_H

/**
 * A gate: reads what a scanner gives, a code at a time, and answers each with
 * one line of JSON (docs/formats/gate.md). All that it needs is in memory; it
 * opens no connection.
 *
 *     gate_answer answer;
 *     gate_judge(gate, line, moment, &answer);
 *     print(answer.line);
 *     if (answer.broken != YAO_OK)
 *         stop();                          // nothing can be remembered
 *
 * It never acts twice on one showing: what was accepted is on disk before the
 * answer says so (gate/memory.h), the same showing within GATE_REPEAT of its
 * last sighting gets the same answer marked "repeated", later it is refused.
 */

#include "app/code.h"
#include "app/trusting.h"
#include "app/asker.h"
#include "gate/memory.h"

/** Milliseconds within which a code is still the one before the camera. */
enum { GATE_REPEAT = 3000 };

/** Seconds for which a showing is remembered: an open card of the step after
 *  the next is over 90 s from now; a challenge is, a grace after its expiry.
 *  Both with the clock's difference that is forgiven. */
enum { GATE_REMEMBER = 90 + GATE_MEMORY_SKEW };

/** Two clocks: the world's, and one that nobody sets. */
typedef struct gate_moment {
    yao_time now;
    int64_t  ticks; /* milliseconds */
} gate_moment;

/** The last answer, for who holds the same code before the camera. */
typedef struct gate_last {
    bool      any, keyed, animated;
    uint8_t   text[YAO_SHA256_LEN]; /* hash of the code's letters */
    uint8_t   key[GATE_KEY_LEN];    /* replay key, when keyed */
    uint8_t   transfer[YAO_CARD_TRANSFER]; /* of its parts, when animated */
    int64_t   ticks;                /* last sighting */
    uint8_t  *answer;               /* without its end */
    size_t    len;
} gate_last;

/** Bytes of one answer: an mdoc of 16 kB in base64url, with its rows. */
enum { GATE_ANSWER = 256 * 1024 };

typedef struct gate {
    /* given by the verb */
    const yao_crypto  *crypto;
    yao_verify_options options;  /* whom to trust; the moment is set here */
    const yao_profile *profile;  /* NULL: any */
    yao_text           choice;   /* which of its choices; empty: the first */
    app_trusting       *trust;    /* whose bundles have to be in force; lists
                                     are unpacked when first needed */
    app_asker        *asker;    /* NULL: shows no challenges of its own */
    gate_memory       *memory;
    bool               quiet;    /* tells no values */
    yao_arena          arena;    /* for one code; wound back */
    yao_arena          asking;   /* for one challenge */

    /* its own */
    app_asked     shown;    /* in force; bytes empty: none */
    app_parts          parts;
    gate_last          last;
} gate;

typedef struct gate_answer {
    yao_bytes  line;   /* JSON and its line end; until the next call */
    yao_status broken; /* not YAO_OK: the gate has to stop */
} gate_answer;

/** Judge the letters of one code. */
void gate_judge(gate *g, yao_bytes text, gate_moment moment, gate_answer *ret);

/**
 * Show a challenge when there is an asker and none is in force, or when that
 * one is over.
 *
 * Out     ret  its line; empty when there is nothing new to show
 */
void gate_ask(gate *g, yao_time now, gate_answer *ret);

/** Forget the challenge in force and its key. */
void gate_forget(gate *g);

#endif
