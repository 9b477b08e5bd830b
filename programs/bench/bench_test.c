/* SPDX-License-Identifier: Apache-2.0 */
/* That what is measured is done, and that the measure is one. No times. */
#include "bench/measure.h"
#include "bench/world.h"

#include "check.h"
#include "statuslist/statuslist.h"

static yao_world *world;

/* ---- the measure -------------------------------------------------------- */

typedef struct toy {
    size_t work, limit, fail_at;
} toy;

static void spin(size_t count)
{
    for (volatile size_t i = 0; i < count; i++)
        ;
}

static bool toy_work(void *context, size_t index)
{
    toy *t = context;

    spin(20000);
    t->work++;
    return index != t->fail_at;
}

static bool toy_limit(void *context, size_t index)
{
    (void)index;
    spin(10000);
    ((toy *)context)->limit++;
    return true;
}

static const yao_contest contest = {"toy", toy_work, toy_limit, 0.4, 0};

static void case_ratio(void **state)
{
    toy          t = {.fail_at = SIZE_MAX};
    yao_measured m;

    (void)state;
    assert_true(yao_measure(&contest, &t, 5, &m));
    assert_string_equal(m.name, "toy");
    assert_true(t.work > 0 && t.limit > 0);
    assert_true(m.per_second > 0 && m.limit_per_second > 0 && m.ratio > 0);
    assert_true(m.goal > 0.39 && m.goal < 0.41);
}

/* Half of them take no longer than nearly all of them. */
static void case_share(void **state)
{
    toy          t = {.fail_at = SIZE_MAX};
    yao_contest  c = {"toy", toy_work, toy_limit, 0, 0.5};
    yao_measured half, most;

    (void)state;
    assert_true(yao_measure(&contest, &t, 5, &half));
    assert_true(half.share <= 0 && half.microseconds <= 0);
    assert_true(yao_measure(&c, &t, 5, &half));
    c.share = 0.99;
    assert_true(yao_measure(&c, &t, 5, &most));
    assert_true(half.microseconds > 0 && half.limit_microseconds > 0);
    assert_true(most.microseconds > 0 && most.limit_microseconds > 0);
    assert_true(half.ratio > 0 && half.per_second > 0);
    c.share = 1; /* the last one of them */
    assert_true(yao_measure(&c, &t, 5, &most));
    assert_true(most.microseconds > 0);
}

static void case_failing(void **state)
{
    yao_measured m = {.name = "untouched"};

    (void)state;
    for (size_t at = 0; at < 40; at++) {
        toy t = {.fail_at = at};
        assert_false(yao_measure(&contest, &t, 5, &m));
    }
    for (size_t at = 2; at < 4000; at += 400) { /* also amid the rounds */
        yao_contest c = {"toy", toy_work, toy_limit, 0.4, 0.5};
        toy         t = {.fail_at = at};

        assert_false(yao_measure(&c, &t, YAO_BENCH_MAX_ROUNDS, &m));
    }
    assert_string_equal(m.name, "untouched");
}

static void case_rounds(void **state)
{
    toy          t = {.fail_at = SIZE_MAX};
    yao_measured m;

    (void)state;
    assert_false(yao_measure(&contest, &t, 0, &m));
    assert_false(yao_measure(&contest, &t, YAO_BENCH_MAX_ROUNDS + 1, &m));
    assert_int_equal(t.work, 0);
}

/* ---- what is measured --------------------------------------------------- */

static const struct {
    const char    *name;
    yao_bench_work work;
} works[] = {
    {"accepts mdocs that are issued", yao_bench_mdoc_issue},
    {"accepts mdocs that are shown", yao_bench_mdoc_verify},
    {"accepts SD-JWTs that are issued", yao_bench_sdjwt_issue},
    {"accepts SD-JWTs that are shown", yao_bench_sdjwt_verify},
    {"accepts every item of an mdoc", yao_bench_cbor_walk},
    {"accepts cards that are shown", yao_bench_card_verify},
    {"accepts signers never seen", yao_bench_chain_check},
    {"accepts look-ups in a list", yao_bench_status_lookup},
    {"accepts a bit test at the same places", yao_bench_bare_bits},
    {"accepts one bare verification", yao_bench_bare_verify},
    {"accepts answers of OpenID4VP", yao_bench_vp_response},
    {"accepts sessions across a counter", yao_bench_session_open},
    {"accepts cards at a gate", yao_bench_gate_card},
    {"accepts the bare sum of an answer", yao_bench_bare_response},
    {"accepts the bare sum of a session", yao_bench_bare_session},
    {"accepts the bare signature", yao_bench_bare_sign},
    {"accepts the bare verifications", yao_bench_bare_verify_two},
    {"accepts the bare hash", yao_bench_bare_hash},
};

static void case_work(void **state)
{
    yao_bench_work work = works[(size_t)(uintptr_t)*state].work;

    for (size_t i = 0; i < 2 * YAO_BENCH_HOLDERS + 1; i++)
        assert_true(work(world, i));
}

/* A contest that would not notice is no contest. */
static void spoil(yao_bytes *views, yao_bench_work work)
{
    for (size_t i = 0; i < YAO_BENCH_HOLDERS; i += 17) {
        yao_bytes whole = views[i];
        uint8_t  *bytes = yao_arena_take(test_arena(), whole.len);

        memcpy(bytes, whole.ptr, whole.len);
        views[i].ptr = bytes;
        assert_true(work(world, i));
        bytes[whole.len - 5] ^= 1; /* in the holder's signature */
        assert_false(work(world, i));
        bytes[whole.len - 5] ^= 1;
        bytes[whole.len / 2] ^= 1;
        assert_false(work(world, i));
        views[i] = whole;
        assert_true(work(world, i));
    }
}

/* Both look-ups find the same, and all that was set is found. */
static void case_list(void **state)
{
    size_t  set   = 0;
    uint8_t value = 0;

    (void)state;
    for (uint64_t i = 0; i < YAO_BENCH_ENTRIES; i++) {
        assert_status(yao_status_get(&world->list, i, &value), YAO_OK);
        set += value;
    }
    assert_int_equal(set, YAO_BENCH_ENTRIES / 100);
    assert_int_equal(world->list.count, YAO_BENCH_ENTRIES);
    assert_true(yao_bench_status_build(world, 0));
    assert_true(yao_bench_bare_deflate(world, 0));
}

static void case_chain_spoiled(void **state)
{
    yao_bytes whole = world->signers[3];
    uint8_t  *bytes = yao_arena_take(test_arena(), whole.len);

    (void)state;
    memcpy(bytes, whole.ptr, whole.len);
    bytes[whole.len - 5] ^= 1;
    world->signers[3].ptr = bytes;
    assert_false(yao_bench_chain_check(world, 3));
    world->signers[3] = whole;
    assert_true(yao_bench_chain_check(world, 3));
}

static void case_spoiled(void **state)
{
    (void)state;
    spoil(world->responses, yao_bench_mdoc_verify);
    spoil(world->tokens, yao_bench_sdjwt_verify);
    spoil(world->cards, yao_bench_card_verify);
}

/* One byte of VIEW changed, AT bytes before its end. */
static void spoil_at(yao_bytes *view, size_t at, yao_bench_work work,
                     size_t index)
{
    yao_bytes whole = *view;
    uint8_t  *bytes = yao_arena_take(test_arena(), whole.len);

    memcpy(bytes, whole.ptr, whole.len);
    bytes[whole.len - at] ^= 1;
    view->ptr = bytes;
    assert_false(work(world, index));
    *view = whole;
    assert_true(work(world, index));
}

static void case_answer_spoiled(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        yao_bench_exchange *e = &world->exchanges[i];

        spoil_at(&e->body, 5, yao_bench_vp_response, i);
        spoil_at(&e->body, e->body.len / 2, yao_bench_vp_response, i);
        yao_bench_exchange kept = *e;
        e->ask.nonce            = YAO_TEXT("anotherNonce");
        assert_false(yao_bench_vp_response(world, i));
        *e       = kept;
        e->ask.query = world->exchanges[i + 1].ask.query;
        assert_false(yao_bench_vp_response(world, i));
        *e = kept;
        assert_true(yao_bench_vp_response(world, i));
    }
}

static void case_session_spoiled(void **state)
{
    (void)state;
    for (size_t i = 0; i < YAO_BENCH_MEETINGS; i += 7) {
        yao_bench_meeting *m = &world->meetings[i];

        spoil_at(&m->message, 5, yao_bench_session_open, i);
        spoil_at(&m->message, m->message.len / 2, yao_bench_session_open, i);
    }
}

/* The first one opens the gate anew. */
static void case_gate_spoiled(void **state)
{
    (void)state;
    assert_true(yao_bench_gate_card(world, 0));
    spoil_at(&world->codes[0], world->codes[0].len / 2, yao_bench_gate_card,
             0);
    assert_true(yao_bench_gate_card(world, 1));
    assert_false(yao_bench_gate_card(world, 1)); /* acts once */
    assert_true(yao_bench_gate_card(world, 2));
    assert_false(yao_bench_gate_card(world, 1)); /* nor later */
    assert_true(yao_bench_gate_card(world, 0));
}

/* Twenty-six elements, five of them shown, a key each. */
static void case_honest(void **state)
{
    yao_mdoc_unverified *parsed = yao_arena_take(test_arena(), sizeof *parsed);
    yao_mdoc_unverified *other  = yao_arena_take(test_arena(), sizeof *other);

    (void)state;
    assert_status(
        yao_mdoc_parse_issuer_signed(test_arena(), world->issued, true, parsed),
        YAO_OK);
    assert_int_equal(parsed->documents[0].issuer.item_count, 26);
    assert_status(yao_mdoc_parse_response(test_arena(), world->responses[0],
                                          true, parsed),
                  YAO_OK);
    assert_int_equal(parsed->documents[0].issuer.item_count, 5);
    assert_status(
        yao_mdoc_parse_response(test_arena(), world->responses[1], true, other),
        YAO_OK);
    assert_false(
        yao_public_key_equal(&parsed->documents[0].issuer.mso.device_key,
                             &other->documents[0].issuer.mso.device_key));
}

int main(void)
{
    world = yao_world_open();
    if (world == NULL)
        return 99;

    test_add("measure", "gives a ratio", case_ratio, NULL);
    test_add("measure", "gives what a share takes", case_share, NULL);
    test_add("measure", "refuses an operation that fails", case_failing, NULL);
    test_add("measure", "refuses no rounds and too many", case_rounds, NULL);
    for (size_t i = 0; i < COUNT(works); i++)
        test_add("world", works[i].name, case_work, (const void *)(uintptr_t)i);
    test_add("world", "refuses what was changed", case_spoiled, NULL);
    test_add("world", "refuses a signer that was changed", case_chain_spoiled,
             NULL);
    test_add("world", "refuses an answer that was changed",
             case_answer_spoiled, NULL);
    test_add("world", "refuses a message that was changed",
             case_session_spoiled, NULL);
    test_add("world", "refuses a code that was changed, or used",
             case_gate_spoiled, NULL);
    test_add("world", "gives a list of a million", case_list, NULL);
    test_add("world", "gives what the numbers claim", case_honest, NULL);

    int failed = test_run("bench");
    yao_world_close(world);
    yao_world_close(NULL);
    return failed;
}
