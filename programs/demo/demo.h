/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DEMO_H
#define YAO_DEMO_H

/**
 * `yaopai demo`: the whole story in one terminal, each step being a command
 * that one could type. cli hands over the commands, so that the demo names no
 * other program.
 *
 * Files: demo.c (the story), turnstile.c (its part at a door), stage.c (running
 * and explaining a step), session.c (what a reader prepares: transcripts and
 * keys).
 */

#include "app/command.h"
#include "demo/people.h"

extern const yao_command yao_demo;

/* ---- stage.c -------------------------------------------------------------- */

typedef struct yao_stage {
    const char *folder;   /* everything of the demo is below it */
    size_t      number;   /* of the last step */
    size_t      failures; /* steps that came out otherwise than told */
    char        self[4096]; /* the program, for steps in another process */
    char        numbers[YAO_DEMO_PEOPLE][20]; /* of the people */
    char        nonce[44]; /* that the hotel showed its second guest */
} yao_stage;

/** The title of the next step, and a paragraph that explains. */
void yao_stage_title(yao_stage *stage, yao_words title, yao_words text);

/** A sentence in between. */
void yao_stage_say(yao_words text);

/** FOLDER "/" NAME into one of a few buffers that take turns. */
const char *yao_stage_path(const yao_stage *stage, const char *name);

/**
 * Run a command, as typed: words until NULL. Prints it first. WANT is the exit
 * code that the story tells; another one counts as a failure.
 */
void yao_stage_run(yao_stage *stage, int want, ...);

/** The same in a process whose network is cut (an empty network namespace);
 *  says so when the system does not allow that. */
void yao_stage_run_offline(yao_stage *stage, int want, ...);

/** The same, with FILE as standard input; lines that are long are printed with
 *  their beginning and end only. */
void yao_stage_run_fed(yao_stage *stage, int want, const char *file, ...);

/* ---- turnstile.c ---------------------------------------------------------- */

/** A pass at a door whose checker has no network; the same code once more. */
void yao_turnstile_tell(yao_stage *stage);

/* ---- session.c ------------------------------------------------------------ */

/**
 * What a desk prepares before it asks: a fresh nonce and the SessionTranscript
 * of an OpenID4VP request, as a file.
 *
 * Out     nonce  43 letters and a NUL
 */
YAO_MUST_USE yao_status yao_session_remote(const char *path,
                                           const char *client_id,
                                           const char *response_uri,
                                           char        nonce[44]);

/** What a policeman's reader prepares: an ephemeral key (a PEM file) and the
 *  SessionTranscript of a QR engagement with a phone. */
YAO_MUST_USE yao_status yao_session_counter(const char *path,
                                            const char *key_path);

#endif
