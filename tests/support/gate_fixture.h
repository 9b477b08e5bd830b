/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_GATE_FIXTURE_H
#define YAO_TEST_GATE_FIXTURE_H

/**
 * A gate with a clock and a scanner of the test's own, for the people of
 * card_fixture.h.
 *
 *     start("age");
 *     gate_answer answer = scan(letters(YAO_CARD_CODE_CARD, card), CARD_NOW);
 *     assert_says(answer, "\"accept\"");
 */

#include <stdio.h>

#include "card_fixture.h"
#include "check.h"
#include "gate/gate.h"
#include "program.h"

static gate         g;
static gate_memory  memory;
static app_trusting trust;
static uint8_t      work[4 << 20], asking[64 << 10];
static uint8_t      answer_room[GATE_ANSWER + 64];
static yao_bytes    signers[1];
static int64_t      ticks;

static inline const yao_profile *profile(const char *name)
{
    return yao_profile_by_name(yao_catalogue_shipped(), yao_text_of(name));
}

/* A gate that has just been started. */
static inline void open_gate(const char *asked)
{
    const card_fixture *f = card_fixture_get();

    if (g.asking.base != NULL)
        gate_forget(&g);
    gate_memory_close(&memory);
    assert_status(
        gate_memory_open(test_scratch_path("gate.seen"), CARD_NOW, &memory),
        YAO_OK);
    memset(&g, 0, sizeof g);
    memset(&trust, 0, sizeof trust);
    signers[0]             = f->signer;
    g.crypto               = f->crypto;
    g.options.anchors      = f->anchors;
    g.options.anchor_count = 2;
    g.options.signers      = signers;
    g.options.signer_count = 1;
    g.options.skew         = 60;
    g.options.catalogue    = yao_catalogue_shipped();
    g.trust                = &trust;
    g.profile              = asked != NULL ? profile(asked) : NULL;
    g.memory               = &memory;
    g.arena                = (yao_arena){work, sizeof work, 0};
    g.asking               = (yao_arena){asking, sizeof asking, 0};
    g.last.answer          = answer_room;
}

static inline void start(const char *asked)
{
    gate_memory_close(&memory);
    (void)remove(test_scratch_path("gate.seen"));
    open_gate(asked);
}

/* Long enough that nothing is before the camera any more. */
static inline void wait_a_while(void)
{
    ticks += 10000;
}

static inline gate_answer scan(yao_bytes text, yao_time now)
{
    gate_answer answer = {{NULL, 0}, YAO_OK};

    gate_judge(&g, text, (gate_moment){now, ticks}, &answer);
    assert_true(answer.line.len > 2);
    assert_int_equal(yao_bytes_find(answer.line, '\n'), answer.line.len - 1);
    return answer;
}

static inline bool says(gate_answer answer, const char *text)
{
    return memmem(answer.line.ptr, answer.line.len, text, strlen(text)) != NULL;
}

static inline void assert_says(gate_answer answer, const char *text)
{
    if (!says(answer, text))
        print_message("# no %s in %.*s\n", text, (int)answer.line.len,
                      (const char *)answer.line.ptr);
    assert_true(says(answer, text));
}

static inline yao_bytes letters(yao_card_code code, yao_bytes bytes)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    yao_card_put_text(&w, code, bytes);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/** What every test of a gate ends with. */
static inline void close_gate(void)
{
    if (g.asking.base != NULL)
        gate_forget(&g);
    gate_memory_close(&memory);
    test_scratch_remove();
}

#endif
