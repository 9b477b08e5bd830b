/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/lines.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static gate_lines lines;
static int        scanner; /* what is written there is read */

static void start(void)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    memset(&lines, 0, sizeof lines);
    lines.fd = ends[0];
    scanner  = ends[1];
}

static void type(const char *text)
{
    size_t len = strlen(text);

    assert_int_equal(write(scanner, text, len), len);
}

static void finish(void)
{
    close(lines.fd);
    close(scanner);
}

static void expect_line(const char *want)
{
    yao_bytes line;

    assert_int_equal(gate_lines_next(&lines, -1, &line), GATE_LINE_READ);
    assert_bytes(line, yao_text_bytes(yao_text_of(want)));
}

/* What was given out is nowhere in the buffer; what was not, is still given. */
static void forgets(void **state)
{
    yao_bytes line;

    (void)state;
    start();
    type("YP1:SECRET\nnext\nha");
    expect_line("YP1:SECRET");
    gate_lines_forget(&lines);
    expect_line("next");
    gate_lines_forget(&lines);
    for (size_t i = 2; i < sizeof lines.buffer; i++)
        assert_int_equal(lines.buffer[i], 0);
    type("lf\n");
    expect_line("half");
    gate_lines_forget(&lines);
    for (size_t i = 0; i < sizeof lines.buffer; i++)
        assert_int_equal(lines.buffer[i], 0);
    assert_int_equal(gate_lines_next(&lines, 1, &line), GATE_TIME);
    finish();
}

static void gives_lines(void **state)
{
    yao_bytes line;

    (void)state;
    start();
    type("one\ntwo\r\n\nthr");
    expect_line("one");
    expect_line("two");
    expect_line("");
    assert_int_equal(gate_lines_next(&lines, 1, &line), GATE_TIME);
    type("ee");
    close(scanner);
    expect_line("three");
    assert_int_equal(gate_lines_next(&lines, -1, &line), GATE_END);
    assert_int_equal(gate_lines_next(&lines, -1, &line), GATE_END);
    finish();
}

static void refuses_long_line(void **state)
{
    static char long_text[3 * GATE_LINE];
    yao_bytes   line;

    (void)state;
    start();
    memset(long_text, 'x', sizeof long_text - 1);
    type(long_text);
    type("\nnext\n");
    assert_int_equal(gate_lines_next(&lines, -1, &line), GATE_LINE_LONG);
    expect_line("next");
    type(long_text);
    close(scanner);
    assert_int_equal(gate_lines_next(&lines, -1, &line), GATE_LINE_LONG);
    assert_int_equal(gate_lines_next(&lines, -1, &line), GATE_END);
    finish();
}

/* A letter now and then keeps no challenge on the screen that is over. */
static void gives_time_while_letters_come(void **state)
{
    yao_bytes line;

    (void)state;
    start();
    pid_t child = fork();
    if (child == 0)
        for (;;) {
            struct timespec little = {0, 2 * 1000 * 1000};

            if (write(scanner, "x", 1) != 1)
                _exit(0);
            nanosleep(&little, NULL);
        }
    assert_true(child > 0);
    assert_int_equal(gate_lines_next(&lines, 30, &line), GATE_TIME);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    type("end\n");
    assert_int_equal(gate_lines_next(&lines, -1, &line), GATE_LINE_READ);
    assert_true(line.len >= 3);
    assert_bytes(((yao_bytes){line.ptr + line.len - 3, 3}), YAO_LIT("end"));
    finish();
}

int main(void)
{
    test_add("lines", "never keeps a line that was given out", forgets, NULL);
    test_add("lines", "gives lines, with either end", gives_lines, NULL);
    test_add("lines", "refuses what is longer than any code",
             refuses_long_line, NULL);
    test_add("lines", "gives the time while letters come",
             gives_time_while_letters_come, NULL);

    return test_run("gate/lines");
}
