/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_TESTS 20000

static struct CMUnitTest tests[MAX_TESTS];
static size_t            test_count;
static uint8_t          *memory;
static yao_arena         arena;

enum { ARENA = 16 * 1024 * 1024 };

static void die(const char *what, const char *which)
{
    fprintf(stderr, "test support: %s: %s\n", what, which);
    exit(99);
}

static int empty_arena(void **state)
{
    (void)state;
    test_arena()->used = 0;
    return 0;
}

void test_add(const char *group, const char *name, CMUnitTestFunction fn,
              const void *state)
{
    size_t len   = strlen(group) + strlen(name) + 3;
    char  *label = malloc(len);

    if (label == NULL || test_count == MAX_TESTS)
        die("no room for the case", name);
    snprintf(label, len, "%s: %s", group, name);
    tests[test_count++] = (struct CMUnitTest){
        label, fn, empty_arena, NULL, (void *)(uintptr_t)state};
}

/* Lines from IN to OUT. cmocka writes "not ok N # SKIP", which TAP takes for a
 * failure; a skipped case is "ok N # SKIP". */
static void pass_on(FILE *in, FILE *out)
{
    static char line[8192];

    while (fgets(line, sizeof line, in) != NULL) {
        bool skipped = strncmp(line, "not ok ", 7) == 0 &&
                       strstr(line, " # SKIP ") != NULL;

        fputs(skipped ? line + 4 : line, out);
    }
    fflush(out);
}

/* Put a process of pass_on() between our standard output and the real one. A
 * process, so that what was printed before a crash still arrives. */
static pid_t filter_output(void)
{
    int ends[2];

    if (pipe(ends) != 0)
        die("no pipe", "standard output");
    pid_t child = fork();
    if (child < 0)
        die("no process", "standard output");
    if (child == 0) {
        close(ends[1]);
        pass_on(fdopen(ends[0], "r"), stdout);
        _exit(0);
    }
    close(ends[0]);
    if (dup2(ends[1], STDOUT_FILENO) < 0)
        die("no output", "standard output");
    close(ends[1]);
    setvbuf(stdout, NULL, _IOLBF, 0);
    return child;
}

int test_run(const char *suite)
{
    pid_t filter = filter_output();

    cmocka_set_message_output(CM_OUTPUT_TAP);
    int failed =
        _cmocka_run_group_tests(suite, tests, test_count, NULL, NULL);

    fflush(stdout);
    close(STDOUT_FILENO);
    waitpid(filter, NULL, 0);

    for (size_t i = 0; i < test_count; i++)
        free((void *)(uintptr_t)tests[i].name);
    free(memory);
    memory = NULL;
    return failed != 0;
}

yao_arena *test_arena(void)
{
    if (memory == NULL) {
        memory = malloc(ARENA);
        if (memory == NULL)
            die("no memory", "arena");
        arena = (yao_arena){memory, ARENA, 0};
    }
    return &arena;
}

yao_bytes test_unhex(const char *hex)
{
    uint8_t *out = yao_arena_take(test_arena(), strlen(hex) / 2 + 1);
    size_t   len = 0;

    if (out == NULL)
        die("no room", hex);
    for (; *hex != '\0'; hex++) {
        unsigned byte;

        if (strchr(" \n\t", *hex) != NULL)
            continue;
        if (sscanf(hex, "%2x", &byte) != 1 || hex[1] == '\0')
            die("not hex", hex);
        out[len++] = (uint8_t)byte;
        hex++;
    }
    return (yao_bytes){out, len};
}

static yao_bytes slurp(const char *path)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        die("cannot open", path);
    fseek(file, 0, SEEK_END);
    long     len = ftell(file);
    uint8_t *out = yao_arena_take(test_arena(), (size_t)len);

    rewind(file);
    if (out == NULL || fread(out, 1, (size_t)len, file) != (size_t)len)
        die("cannot read", path);
    fclose(file);
    return (yao_bytes){out, (size_t)len};
}

bool test_have_vectors(void)
{
    const char *root = getenv("YAOPAI_VECTORS");

    return root != NULL && *root != '\0';
}

yao_bytes test_vector(const char *path)
{
    char full[4096];

    if (!test_have_vectors())
        return (yao_bytes){NULL, 0};
    snprintf(full, sizeof full, "%s/%s", getenv("YAOPAI_VECTORS"), path);
    return slurp(full);
}

yao_bytes test_file(const char *path)
{
    const char *root = getenv("YAOPAI_SOURCE");
    char        full[4096];

    snprintf(full, sizeof full, "%s/%s", root != NULL ? root : ".", path);
    return slurp(full);
}

void test_every_prefix(test_reader read, yao_bytes good, void *context)
{
    for (size_t len = 0; len < good.len; len++) {
        uint8_t *cut  = malloc(len == 0 ? 1 : len);
        size_t   used = test_arena()->used;

        assert_non_null(cut);
        memcpy(cut, good.ptr, len);
        yao_status got = read((yao_bytes){cut, len}, context);
        free(cut);
        test_arena()->used = used;
        if (got == YAO_OK)
            fail_msg("a prefix of %zu of %zu bytes was accepted", len,
                     good.len);
    }
}

void test_every_bit(test_reader read, yao_bytes good, void *context,
                    bool (*allowed)(size_t at, void *context))
{
    uint8_t *copy = malloc(good.len);

    assert_non_null(copy);
    memcpy(copy, good.ptr, good.len);
    for (size_t at = 0; at < good.len; at++)
        for (int bit = 0; bit < 8; bit++) {
            size_t used = test_arena()->used;

            copy[at]       = (uint8_t)(copy[at] ^ (1 << bit));
            yao_status got = read((yao_bytes){copy, good.len}, context);
            copy[at]       = good.ptr[at];
            test_arena()->used = used;
            if (got == YAO_OK && (allowed == NULL || !allowed(at, context))) {
                free(copy);
                fail_msg("bit %d of byte %zu may be flipped", bit, at);
            }
        }
    free(copy);
}

void test_every_room(test_writer write, void *context)
{
    yao_writer count = yao_writer_count();

    assert_status(write(&count, context), YAO_OK);
    for (size_t cap = 0; cap <= count.len; cap++) {
        uint8_t   *room = malloc(cap == 0 ? 1 : cap);
        yao_writer w    = yao_writer_open(room, cap);
        size_t     used = test_arena()->used;

        assert_non_null(room);
        yao_status got = write(&w, context);
        free(room);
        test_arena()->used = used;
        assert_status(got, cap < count.len ? YAO_E_SPACE : YAO_OK);
        if (got == YAO_OK)
            assert_int_equal(w.len, count.len);
    }
}

void test_every_arena(test_taker work, void *context, size_t limit)
{
    for (size_t cap = 0; cap <= limit; cap += 16) {
        uint8_t  *room  = malloc(cap == 0 ? 1 : cap);
        yao_arena small = {room, cap, 0};

        assert_non_null(room);
        yao_status got = work(&small, context);
        free(room);
        if (got == YAO_OK)
            return;
        assert_status(got, YAO_E_SPACE);
    }
    fail_msg("never enough room, up to %zu bytes", limit);
}
