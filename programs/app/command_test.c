/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"

#include "check.h"

#include <stdio.h>
#include <unistd.h>

#include "app/files.h"
#include "program.h"

/* What reached the command, written out. */
static char seen[512];

static int show(const yao_invocation *call)
{
    long   count;
    size_t len = 0;

    if (!yao_number(call, "count", 1, 9, 5, &count))
        return 1;
    len = (size_t)snprintf(seen, sizeof seen, "%s json=%d count=%ld",
                           call->directory, call->json, count);
    for (size_t i = 0; yao_argument_at(call, "many", i) != NULL; i++)
        len += (size_t)snprintf(seen + len, sizeof seen - len, " many=%s",
                                yao_argument_at(call, "many", i));
    if (yao_given(call, "flag"))
        len += (size_t)snprintf(seen + len, sizeof seen - len, " flag");
    for (size_t i = 0; i < call->operand_count; i++)
        len += (size_t)snprintf(seen + len, sizeof seen - len, " [%s]",
                                call->operands[i]);
    return 0;
}

static const yao_option options[] = {
    {"must", "X", YAO_OPTION_REQUIRED, WORDS_INIT("must", "必须")},
    {"many", "X", YAO_OPTION_REPEATS, WORDS_INIT("many", "多个")},
    {"count", "N", 0, WORDS_INIT("count", "数")},
    {"flag", NULL, 0, WORDS_INIT("flag", "旗")},
};
static const yao_command eat = {.noun         = "thing",
                                .verb         = "eat",
                                .summary      = WORDS_INIT("eat", "吃"),
                                .operands     = "FILE...",
                                .least        = 1,
                                .most         = 2,
                                .options      = options,
                                .option_count = COUNT(options),
                                .json         = true,
                                .run          = show};
static const yao_command plain = {.verb    = "plain",
                                  .summary = WORDS_INIT("plain", "素"),
                                  .run     = show};
static const yao_command *const commands[] = {&plain, &eat, NULL};

static const struct {
    const char *name;
    const char *words;
    int         code;
    const char *seen; /* NULL: the command did not run */
} rows[] = {
    {"accepts what must be given", "thing eat --must 1 f", 0,
     ". json=0 count=5 [f]"},
    {"accepts a value behind an equals sign", "thing eat --must=1 f", 0,
     ". json=0 count=5 [f]"},
    {"accepts options behind operands", "thing eat f --must 1 --flag", 0,
     ". json=0 count=5 flag [f]"},
    {"accepts an option that repeats", "thing eat --must 1 --many a --many b f",
     0, ". json=0 count=5 many=a many=b [f]"},
    {"accepts a folder", "thing eat -C d --must 1 f", 0,
     "d json=0 count=5 [f]"},
    {"accepts JSON", "thing eat --json --must 1 f", 0, ". json=1 count=5 [f]"},
    {"accepts a dash as an operand", "thing eat --must 1 -", 0,
     ". json=0 count=5 [-]"},
    {"accepts what follows two dashes as operands",
     "thing eat --must 1 -- --flag -C", 0, ". json=0 count=5 [--flag] [-C]"},
    {"accepts a number at its ends", "thing eat --must 1 --count 9 f", 0,
     ". json=0 count=9 [f]"},
    {"accepts a command without a noun", "plain", 0, ". json=0 count=5"},
    {"refuses what must be given and is not", "thing eat f", 1, NULL},
    {"refuses too few operands", "thing eat --must 1", 1, NULL},
    {"refuses too many operands", "thing eat --must 1 a b c", 1, NULL},
    {"refuses an operand where none is taken", "plain x", 1, NULL},
    {"refuses a number above its range", "thing eat --must 1 --count 10 f", 1,
     NULL},
    {"refuses a number with letters", "thing eat --must 1 --count 5x f", 1,
     NULL},
    {"refuses a number that is empty", "thing eat --must 1 --count= f", 1,
     NULL},
    {"refuses a number beyond all", "thing eat --must 1 --count "
     "99999999999999999999 f", 1, NULL},
    {"refuses JSON where there is none", "plain --json", 1, NULL},
    {"refuses the beginning of an option", "thing eat --mus 1 f", 1, NULL},
    {"refuses an option twice", "thing eat --must 1 --must 2 f", 1, NULL},
    {"refuses another language", "plain --lang fr", 1, NULL},
    {"never runs for who asks for help", "thing eat --help", 0, NULL},
    {"never runs for who asks for help by its letter", "thing eat -h", 0,
     NULL},
    {"refuses a verb as a noun", "eat --must 1 f", 1, NULL},
    {"refuses nothing", "", 1, NULL},
};

/* Words of LINE, as main() gets them; what is printed goes to SINK. */
static int dispatch_to(const char *sink, const char *line)
{
    char  text[512], *argv[80] = {(char[]){"yaopai"}};
    int   argc = 1;
    char *rest = NULL;

    snprintf(text, sizeof text, "%s", line);
    for (char *word = strtok_r(text, " ", &rest); word != NULL;
         word       = strtok_r(NULL, " ", &rest))
        argv[argc++] = word;

    int out = dup(1), err = dup(2);
    fflush(stdout);
    assert_non_null(freopen(sink, "w", stdout));
    assert_true(dup2(fileno(stdout), 2) == 2);
    int code = yao_dispatch(commands, argc, argv);
    fflush(stdout);
    dup2(out, 1);
    dup2(err, 2);
    assert_non_null(freopen("/dev/fd/1", "a", stdout));
    close(out);
    close(err);
    return code;
}

static int dispatch(const char *line)
{
    return dispatch_to(test_scratch_path("said"), line);
}

static void full_disk(void **state)
{
    (void)state;
    assert_int_equal(dispatch("thing eat --help"), 0);
    if (access("/dev/full", W_OK) != 0)
        skip();
    assert_int_equal(dispatch_to("/dev/full", "thing eat --help"), 7);
}

static void row(void **state)
{
    size_t i = *(const size_t *)*state;

    seen[0] = '\0';
    assert_int_equal(dispatch(rows[i].words), rows[i].code);
    assert_string_equal(seen, rows[i].seen != NULL ? rows[i].seen : "");
    yao_language_set(YAO_EN);
}

static void too_many(void **state)
{
    char   line[512];
    size_t len = (size_t)snprintf(line, sizeof line, "thing eat --must 1 f");

    (void)state;
    for (int i = 0; i < YAO_MAX_ARGUMENTS - 30; i++)
        len += (size_t)snprintf(line + len, sizeof line - len, " --many=%d",
                                i % 10);
    assert_int_equal(dispatch(line), 0);
}

static void worst(void **state)
{
    static const int order[] = {0, 5, 4, 7, 1, 2, 3};

    (void)state;
    for (size_t i = 0; i < COUNT(order); i++)
        for (size_t j = 0; j <= i; j++) {
            assert_int_equal(yao_worse_code(order[i], order[j]), order[i]);
            assert_int_equal(yao_worse_code(order[j], order[i]), order[i]);
        }
}

static void codes(void **state)
{
    (void)state;
    assert_int_equal(yao_exit_code(YAO_OK), 0);
    assert_int_equal(yao_exit_code(YAO_E_USAGE), 1);
    assert_int_equal(yao_exit_code(YAO_E_MALFORMED), 2);
    assert_int_equal(yao_exit_code(YAO_E_EXPIRED), 3);
    assert_int_equal(yao_exit_code(YAO_E_LIMIT), 4);
    assert_int_equal(yao_exit_code(YAO_E_UNSUPPORTED), 5);
    assert_int_equal(yao_exit_code(YAO_E_FILE), 7);
}

int main(void)
{
    static size_t numbers[COUNT(rows)];

    unsetenv("YAOPAI_DIR");
    setenv("LC_ALL", "C", 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        numbers[i] = i;
        test_add("command", rows[i].name, row, &numbers[i]);
    }
    test_add("command", "accepts many options", too_many, NULL);
    test_add("command", "never calls done what a full disk swallowed",
             full_disk, NULL);
    test_add("tell", "gives the worse of two exit codes", worst, NULL);
    test_add("tell", "gives each class of errors its exit code", codes, NULL);

    int code = test_run("app/command");
    test_scratch_remove();
    return code;
}
