/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 1. Nothing is accepted that is not in the memory, on disk.
 * 2. A challenge is answered once: its key is gone before the answer is told.
 * 3. A clock that stands before what was seen judges nothing.
 */
#include "gate/gate.h"

#include <string.h>

#include "app/judging.h"
#include "gate/answer.h"

/* ---- before anything is read -------------------------------------------- */

/* A verdict of ours, of one row. */
static void refuse(gate_verdict *v, yao_check check, yao_status why)
{
    memset(&v->own, 0, sizeof v->own);
    v->own.verdict = YAO_VERDICT_REJECT;
    yao_report_add(&v->own.report, -1, check, YAO_OUTCOME_FAIL, why);
    v->result = &v->own;
}

/* A clock before what was seen signed or accepted; a list past its end. */
static bool check_time(gate *g, yao_time now, gate_verdict *v)
{
    yao_status clock   = gate_memory_check_clock(g->memory, now);
    bool       expired = false;

    for (size_t i = 0; i < g->trust->count; i++) {
        yao_status in_force = app_judging_check_list(
            &g->trust->bundles[i].list.content, now);

        if (in_force == YAO_E_NOT_YET_VALID)
            clock = in_force;
        if (in_force == YAO_E_EXPIRED)
            expired = true;
    }
    if (clock != YAO_OK)
        refuse(v, YAO_CHECK_CLOCK, clock);
    else if (expired)
        refuse(v, YAO_CHECK_VALIDITY, YAO_E_EXPIRED);
    return v->result == NULL;
}

/* ---- one document ------------------------------------------------------- */

static void add_row(yao_result *r, yao_outcome outcome, yao_status why)
{
    yao_report_add(&r->report, -1, YAO_CHECK_CARD_REPLAY, outcome, why);
}

static yao_time remember_until(const gate *g, yao_time now)
{
    const app_challenge *c = &g->shown.challenge;

    if (c->bytes.len == 0)
        return now + GATE_REMEMBER;
    return c->said.expires + YAO_CARD_ANSWER_GRACE + g->options.skew +
           GATE_MEMORY_SKEW;
}

/* What can't be told from an earlier showing is never accepted. */
static void check_replay(gate *g, yao_time now, gate_verdict *v)
{
    yao_result *r = v->result;

    if (!r->replayable) {
        add_row(r, YAO_OUTCOME_UNKNOWN, YAO_E_MISSING);
        if (r->verdict == YAO_VERDICT_ACCEPT)
            r->verdict = YAO_VERDICT_INDETERMINATE;
        return;
    }
    if (gate_memory_has(g->memory, r->replay_key, now)) {
        add_row(r, YAO_OUTCOME_FAIL, YAO_E_EXISTS);
        r->verdict = YAO_VERDICT_REJECT;
        return;
    }
    if (r->verdict != YAO_VERDICT_ACCEPT)
        return;
    v->broken = gate_memory_put(g->memory, r->replay_key,
                                remember_until(g, now), now);
    if (v->broken != YAO_OK)
        r->verdict = YAO_VERDICT_INDETERMINATE;
    add_row(r, v->broken == YAO_OK ? YAO_OUTCOME_PASS : YAO_OUTCOME_UNKNOWN,
            v->broken);
}

static bool is_same_showing(const gate *g, const yao_result *r,
                            const gate_moment *m)
{
    return g->last.any && g->last.keyed && r->replayable &&
           m->ticks - g->last.ticks <= GATE_REPEAT &&
           memcmp(g->last.key, r->replay_key, GATE_KEY_LEN) == 0;
}

static void note_result(gate *g, const gate_moment *m, gate_verdict *v)
{
    if (is_same_showing(g, v->result, m)) {
        v->repeated = true;
        return;
    }
    check_replay(g, m->now, v);
    v->answered = v->result->replayable;
}

/* Animated codes turn before the camera for longer than GATE_REPEAT: each part
 * of what was answered is a sighting. */
static bool is_same_transfer(gate *g, int64_t ticks)
{
    gate_last *last = &g->last;

    if (!last->any || !last->animated || !g->parts.last_was_part ||
        ticks - last->ticks > GATE_REPEAT ||
        memcmp(last->transfer, g->parts.transfer, YAO_CARD_TRANSFER) != 0)
        return false;
    last->ticks = ticks;
    return true;
}

/* ---- one code ----------------------------------------------------------- */

/* Whoever sealed it has had their answer. */
static void judge_content(gate *g, const app_code *code, const gate_moment *m,
                          gate_verdict *v)
{
    yao_verify_options options = g->options;
    const app_judging  judging = {.crypto    = g->crypto,
                                  .options   = &options,
                                  .profile   = g->profile,
                                  .choice    = g->choice,
                                  .challenge = &g->shown.challenge,
                                  .packed    = g->trust};
    bool               opened  = false;

    options.now = m->now;
    v->failure =
        app_judging_code(&judging, &g->arena, code, &opened, &v->result);
    if (v->failure == YAO_OK) {
        note_result(g, m, v);
    } else if (code->kind == APP_CODE_SEALED && !opened &&
               (v->failure == YAO_E_SECRET || v->failure == YAO_E_MISSING)) {
        refuse(v, YAO_CHECK_CARD_CHALLENGE, v->failure);
        v->failure = YAO_OK;
    } else {
        v->result = NULL;
    }
    if (opened)
        v->answered = !v->repeated;
}

static void judge_code(gate *g, yao_bytes text, const gate_moment *m,
                       gate_verdict *v)
{
    app_code code;

    if (!check_time(g, m->now, v))
        return;
    v->failure = app_code_read(g->crypto, text, &g->parts, &g->arena, &code);
    if (v->failure != YAO_OK)
        return;
    bool same = is_same_transfer(g, m->ticks);
    v->part   = code.kind == APP_CODE_PART;
    if (same && !v->part)
        v->repeated = true;
    if (same || v->part)
        return;
    judge_content(g, &code, m, v);
}

/* ---- answering ---------------------------------------------------------- */

/* Its key goes with it: what was sealed to it can't be opened again. */
void gate_forget(gate *g)
{
    app_challenge_close(&g->shown.challenge);
    yao_wipe(g->asking.base, g->asking.used);
    g->asking.used = 0;
    g->shown       = (app_asked){.letter_count = 0};
}

static yao_status ask(gate *g, yao_time now)
{
    gate_forget(g);
    if (g->asker == NULL)
        return YAO_OK;
    return app_asker_ask(g->asker, g->crypto, now, &g->asking, &g->shown);
}

static void keep_last(gate *g, const uint8_t hash[YAO_SHA256_LEN],
                      const gate_verdict *v, int64_t ticks)
{
    gate_last *last = &g->last;

    memcpy(last->text, hash, YAO_SHA256_LEN);
    last->any      = true;
    last->animated = g->parts.last_was_part;
    memcpy(last->transfer, g->parts.transfer, YAO_CARD_TRANSFER);
    last->keyed = v->result != NULL && v->result->replayable;
    last->ticks = ticks;
    if (last->keyed)
        memcpy(last->key, v->result->replay_key, GATE_KEY_LEN);
}

static bool is_same_text(const gate *g, const uint8_t hash[YAO_SHA256_LEN],
                         int64_t ticks)
{
    return g->last.any && ticks - g->last.ticks <= GATE_REPEAT &&
           memcmp(g->last.text, hash, YAO_SHA256_LEN) == 0;
}

static void repeat(gate *g, int64_t ticks, gate_answer *ret)
{
    g->last.ticks = ticks;
    ret->line     = gate_answer_repeated(g);
}

void gate_judge(gate *g, yao_bytes text, gate_moment moment, gate_answer *ret)
{
    uint8_t      hash[YAO_SHA256_LEN];
    size_t       mark = g->arena.used;
    gate_verdict v    = {.failure = YAO_OK};

    ret->broken = g->crypto->hash(g->crypto->ctx, YAO_SHA256, &text, 1, hash);
    if (ret->broken == YAO_OK && is_same_text(g, hash, moment.ticks)) {
        repeat(g, moment.ticks, ret);
        return;
    }
    judge_code(g, text, &moment, &v);
    if (v.repeated) {
        repeat(g, moment.ticks, ret);
    } else {
        yao_status asked = v.answered ? ask(g, moment.now) : YAO_OK;
        if (!v.part)
            keep_last(g, hash, &v, moment.ticks);
        ret->line   = gate_answer_put(g, &v, moment.now);
        ret->broken = v.broken != YAO_OK ? v.broken : asked;
    }
    /* what people showed stays nowhere but in the answer */
    yao_wipe(g->arena.base + mark, g->arena.used - mark);
    g->arena.used = mark;
}

void gate_ask(gate *g, yao_time now, gate_answer *ret)
{
    const app_challenge *c = &g->shown.challenge;

    *ret = (gate_answer){{NULL, 0}, YAO_OK};
    if (g->asker == NULL ||
        (c->bytes.len > 0 && now < c->said.expires))
        return;
    ret->broken = ask(g, now);
    if (ret->broken == YAO_OK)
        ret->line = gate_answer_challenge(g);
}
