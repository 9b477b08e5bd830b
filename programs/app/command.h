/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_COMMAND_H
#define YAO_APP_COMMAND_H

/**
 * One verb of the program: a table of its options and the function that does
 * it. Help texts, man pages and the parser all come from the table.
 *
 *     static const yao_option options[] = {
 *         {"person", "NUMBER", YAO_OPTION_REQUIRED,
 *          WORDS_INIT("whose documents", "本人号码")},
 *     };
 *     const yao_command yao_document_list = {
 *         .noun = "document", .verb = "list", .options = options, ...
 *         .run = run};
 *
 * The command is then named in programs/cli/commands.c. Every command also
 * has -C DIR, --help, --lang en|zh and, when `json` is set, --json.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "app/words.h"
#include "yaopai/base.h"

enum {
    YAO_OPTION_REQUIRED = 1 << 0,
    YAO_OPTION_REPEATS  = 1 << 1
};

typedef struct yao_option {
    const char *name;     /* without the dashes */
    const char *argument; /* "NUMBER"; NULL: a flag */
    int         flags;
    yao_words   help;
} yao_option;

typedef struct yao_invocation yao_invocation;

typedef struct yao_command {
    const char       *noun;     /* "person"; NULL for verify, demo, ... */
    const char       *verb;
    yao_words         summary;  /* one line, no period */
    yao_words         text;     /* paragraphs, separated by empty lines */
    const char       *operands; /* "FILE..."; NULL: none */
    int               least, most; /* operands; most -1: any number */
    const yao_option *options;
    size_t            option_count;
    const char       *example;  /* lines as one would type them; or NULL */
    bool              json;     /* has --json */
    int (*run)(const yao_invocation *call); /* gives the exit code */
} yao_command;

/** Options that every command has (ends with a NULL name), and the one of
 *  those that print JSON. */
extern const yao_option yao_common_options[];
extern const yao_option yao_json_option;

#define YAO_MAX_ARGUMENTS 64

/** What was typed. */
struct yao_invocation {
    const yao_command *command;
    const char        *directory; /* -C, else $YAOPAI_DIR, else "." */
    bool               directory_given;
    bool               json;
    struct {
        const yao_option *option;
        const char       *value; /* NULL for a flag */
    } given[YAO_MAX_ARGUMENTS];
    size_t       given_count;
    const char **operands;
    size_t       operand_count;
};

/** The value of --NAME, or NULL; of the INDEX-th --NAME; whether --NAME is
 *  there at all. */
const char *yao_argument(const yao_invocation *call, const char *name);
const char *yao_argument_at(const yao_invocation *call, const char *name,
                            size_t index);
bool        yao_given(const yao_invocation *call, const char *name);

/** A whole number of --NAME within its range; FALLBACK when it is absent.
 *  On a bad number, says so and gives false. */
bool yao_number(const yao_invocation *call, const char *name, long least,
                long most, long fallback, long *ret);

/**
 * Run what ARGV says.
 *
 * In      commands  ends with NULL
 * Out     the exit code of design: 0 done, 1 wrong use, ...; 7 also when what
 *         was printed could not all be written
 */
int yao_dispatch(const yao_command *const *commands, int argc, char **argv);

/** Help for one command, or for all; a man page (roff). */
void yao_help_command(const yao_command *command, FILE *out);
void yao_help_all(const yao_command *const *commands, FILE *out);
void yao_help_man(const yao_command *command, FILE *out);

/** The commands that were given to yao_dispatch(), for `yaopai help`. */
const yao_command *const *yao_all_commands(void);

/** "person import", or "verify": into a buffer of the function's. */
const char *yao_command_name(const yao_command *command);

/* ---- telling ---------------------------------------------------------- */

/** 0 done, 1 wrong use, 2 malformed, 3 rejected, 4 a limit, 5 indeterminate,
 *  7 the environment failed: what a status is as an exit code. */
int yao_exit_code(yao_status status);

/** Of two exit codes the worse: what was refused outranks what could not be
 *  judged, which outranks what was accepted. */
int yao_worse_code(int a, int b);

/**
 * Tell a person on standard error `yaopai: WHAT: WHY; WHAT TO DO` and give the
 * exit code of STATUS. WHY and NEXT may have NULL words: then the status
 * speaks. DETAIL (a file name, a field; never a personal value) may be NULL.
 */
int yao_fail(yao_status status, yao_words what, const char *detail,
             yao_words why, yao_words next);

/**
 * Say more exactly why something failed with STATUS than the status can (a
 * token that is locked): the next yao_fail() of that status says WHY and NEXT
 * instead of its own. For messages only, never for a decision.
 */
void yao_explain(yao_status status, yao_words why, yao_words next);

/** Tell of want of memory before anything was done. */
int yao_fail_memory(void);

/** What STATUS means, for people. */
const char *yao_status_words(yao_status status);

/** Print to standard output; the words are a format for what follows. */
void yao_print(yao_words format, ...);

/* ---- progress ---------------------------------------------------------- */

/** A bar on standard error, when that is a terminal and it lasts longer than
 *  a second. Zero-initialise; step with what is done so far; end always. */
typedef struct yao_progress {
    yao_words label;
    size_t    total; /* 0: not known */
    bool      shown;
    long long started; /* milliseconds; 0: not yet */
    long long drawn;
} yao_progress;

/** DONE of the total; redraws a few times a second. */
void yao_progress_step(yao_progress *progress, size_t done);
/** Remove the bar. */
void yao_progress_end(yao_progress *progress);

#endif
