/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/answer.h"

#include "app/judging.h"
#include "app/result_print.h"
#include "json/json.h"

/* ---- members ------------------------------------------------------------ */

/* One string, or for an animated one an array of them. */
static void put_challenge(yao_writer *w, const gate *g, bool *first)
{
    bool next = true;

    if (g->shown.letter_count == 0 || g->asker == NULL)
        return;
    yao_json_put_name(w, first, "challenge");
    if (g->shown.letter_count > 1)
        yao_put_byte(w, '[');
    for (size_t i = 0; i < g->shown.letter_count; i++) {
        yao_bytes letters = g->shown.letters[i];

        if (g->shown.letter_count > 1)
            yao_json_put_next(w, &next);
        yao_json_put_string(w, (yao_text){letters.ptr, letters.len});
    }
    if (g->shown.letter_count > 1)
        yao_put_byte(w, ']');
    yao_json_put_member_int(w, first, "challenge_until",
                            g->shown.challenge.said.expires);
}

/* How old the oldest status is that was looked up. */
static void put_age(yao_writer *w, const yao_result *r, yao_time now,
                    bool *first)
{
    yao_time oldest = YAO_TIME_NONE;

    for (size_t i = 0; r != NULL && i < r->document_count; i++) {
        yao_time at = r->documents[i].state_as_of;
        if (at != YAO_TIME_NONE && (oldest == YAO_TIME_NONE || at < oldest))
            oldest = at;
    }
    if (oldest == YAO_TIME_NONE)
        return;
    yao_json_put_member_int(w, first, "status_age",
                            now > oldest ? now - oldest : 0);
}

/* ---- lines -------------------------------------------------------------- */

/* A line that does not fit says so: never half of one. */
static yao_bytes finish(gate *g, yao_writer *w)
{
    static const yao_bytes too_long = YAO_INIT(
        "{\"verdict\":\"indeterminate\",\"authentic\":false,\"format\":"
        "\"unknown\",\"file\":\"-\",\"documents\":[],\"checks\":[{\"check\":"
        "\"structure\",\"outcome\":\"unknown\",\"source\":\"ours\",\"why\":"
        "\"SPACE\"}]}\n");

    if (w->status != YAO_OK) {
        *w = yao_writer_open(g->last.answer, GATE_ANSWER);
        yao_put_bytes(w, too_long);
    }
    g->last.len = w->len;
    return (yao_bytes){w->ptr, w->len};
}

yao_bytes gate_answer_put(gate *g, const gate_verdict *v, yao_time now)
{
    uint8_t    more[16384];
    yao_writer members = yao_writer_open(more, sizeof more);
    yao_writer w       = yao_writer_open(g->last.answer, GATE_ANSWER);
    bool       first   = false;

    const app_judging asked = {.options = &g->options,
                               .profile = g->profile,
                               .choice  = g->choice,
                               .quiet   = g->quiet};

    if (v->part)
        return YAO_LIT("{\"part\":true}\n");
    if (g->profile != NULL) {
        yao_json_put_member(&members, &first, "profile", g->profile->name);
    }
    put_age(&members, v->result, now, &first);
    put_challenge(&members, g, &first);

    yao_judged judged = {.file    = "-",
                         .result  = v->result,
                         .failure = v->failure,
                         .more    = {more, members.len},
                         .tells   = app_judging_tells,
                         .asked   = &asked};
    yao_result_print_json(&judged, &w);
    yao_writer_fail(&w, members.status);
    return finish(g, &w);
}

/* The end "}\n" is written over. */
yao_bytes gate_answer_repeated(gate *g)
{
    yao_writer w = yao_writer_open(g->last.answer, GATE_ANSWER + 64);

    w.len = g->last.len - 2;
    yao_put_text(&w, ",\"repeated\":true}\n");
    return (yao_bytes){w.ptr, w.len};
}

yao_bytes gate_answer_challenge(gate *g)
{
    static uint8_t line[16384];
    yao_writer     w     = yao_writer_open(line, sizeof line);
    bool           first = true;

    yao_put_byte(&w, '{');
    put_challenge(&w, g, &first);
    yao_put_text(&w, "}\n");
    return w.status == YAO_OK ? (yao_bytes){w.ptr, w.len}
                              : (yao_bytes){NULL, 0};
}
