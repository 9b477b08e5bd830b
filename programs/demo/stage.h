/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DEMO_STAGE_H
#define YAO_DEMO_STAGE_H

/**
 * Running and explaining steps. Each step is a command that one could type; it
 * is shown before it is run, in a process of its own. The first step that comes
 * out otherwise than told ends the story: what follows is left out, and the end
 * says which command it was.
 */

#include "app/command.h"
#include "demo/people.h"

enum { YAO_STAGE_COMMAND = 2048 };

typedef struct yao_stage {
    const char *folder; /* everything of the demo is below it */
    size_t      number; /* of the last scene */
    bool        silent; /* show nothing but what goes wrong */
    bool        failed;
    char        command[YAO_STAGE_COMMAND]; /* the last, as typed */
    char        self[4096]; /* the program, for steps in another process */
    const char *typed;      /* the same as one types it from here */
    char        authority[64], provider[64], desk[64]; /* their addresses */
    const char *asking; /* folder of the desk that serves; NULL: "desk" */
    yao_demo_person people[YAO_DEMO_PEOPLE];
    char            nonce[44]; /* that the hotel showed its second guest */
} yao_stage;

/** The title of the next scene, and a paragraph that explains. */
void yao_stage_title(yao_stage *stage, yao_words title, yao_words text);

/** A sentence in between; with a format, and what it is for. */
void yao_stage_say(const yao_stage *stage, yao_words format, ...);

/** FOLDER "/" NAME into one of a few buffers that take turns. */
const char *yao_stage_path(const yao_stage *stage, const char *name);

/** How a step is run. Zero: as told by its name, and it ends well. */
typedef struct yao_step {
    int         want;    /* the exit code that the story tells */
    bool        offline; /* in an empty network namespace; says so when the
                            system does not allow that */
    bool        quiet;   /* neither the command nor its output is shown */
    const char *feed;    /* a file as standard input */
    const char *save;    /* where standard output goes as well. With feed or
                            save long lines are shown shortened */
} yao_step;

/** Run a command, as typed: words until NULL. */
void yao_stage_run(yao_stage *stage, const yao_step *step, ...);

/** The same with words in an array, that ends with NULL. */
void yao_stage_run_words(yao_stage *stage, const yao_step *step,
                         const char *const *words);

/**
 * Fetch URL of the authority into FILE, shown as the curl command that does the
 * same. What is not there yet is asked for again, for some seconds.
 *
 * In      accept  the type of it; NULL: any
 */
void yao_stage_fetch(yao_stage *stage, const char *url, const char *accept,
                     const char *file);

/** The same until it is another than FILE was; gives the milliseconds that
 *  passed, or -1 when it stayed the same for ten seconds. */
long yao_stage_fetch_changed(yao_stage *stage, const char *url,
                             const char *accept, const char *file);

/**
 * Ask the desk that serves as a program of its party does, shown as the curl
 * command that does the same; what it answers goes into FILE.
 *
 * In      path  below its address
 *         json  posted; NULL: nothing is
 */
void yao_stage_ask(yao_stage *stage, const char *path, const char *json,
                   const char *file);

/** The step that is at hand went wrong: WHY, for people. */
void yao_stage_fail(yao_stage *stage, yao_words why);

#endif
