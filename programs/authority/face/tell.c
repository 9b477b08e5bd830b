/* SPDX-License-Identifier: Apache-2.0 */
/* What pages and the audit log are told. */
#include "authority/face/judge.h"
#include "json/json.h"

static const char *const reasons[] = {
    [FACE_FINE]         = "fine",
    [FACE_NO_ENGINE]    = "no_engine",
    [FACE_NO_PORTRAIT]  = "no_portrait",
    [FACE_BAD_FRAMES]   = "bad_frames",
    [FACE_BAD_PICTURE]  = "bad_picture",
    [FACE_NO_FACE]      = "no_face",
    [FACE_MANY_FACES]   = "many_faces",
    [FACE_TOO_SMALL]    = "too_small",
    [FACE_TOO_DARK]     = "too_dark",
    [FACE_UNSURE]       = "unsure",
    [FACE_WRONG_TURNS]  = "wrong_turns",
    [FACE_MANY_PERSONS] = "many_persons",
    [FACE_SAME_FRAMES]  = "same_frames",
    [FACE_NOT_ALIKE]    = "not_alike",
};

static const char *const verdicts[] = {
    [FACE_CANNOT_TELL] = "cannot_tell",
    [FACE_MATCH]       = "match",
    [FACE_NO_MATCH]    = "no_match",
};

static const char *const moves[] = {
    [FACE_CENTRE] = "centre", [FACE_LEFT] = "left", [FACE_RIGHT] = "right"};

static const char *const grades[] = {
    "none", [FACE_GRADE_TEST] = "test", [FACE_GRADE_DEMO] = "demo",
    [FACE_GRADE_VENDOR] = "vendor"};

const char *face_reason_word(face_reason reason)
{
    return (size_t)reason < sizeof reasons / sizeof reasons[0]
               ? reasons[reason]
               : reasons[FACE_NO_ENGINE];
}

static void put_word(yao_writer *w, bool *first, const char *name,
                     const char *word)
{
    yao_json_put_member(w, first, name, yao_text_of(word));
}

void face_challenge_write(yao_writer *w, const face_challenge *challenge)
{
    bool first = true, first_move = true;

    yao_put_byte(w, '{');
    yao_json_put_member_base64url(w, &first, "nonce",
                                  (yao_bytes){challenge->nonce, FACE_NONCE});
    yao_json_put_name(w, &first, "moves");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < FACE_MOVES; i++) {
        yao_json_put_next(w, &first_move);
        yao_json_put_string(w, yao_text_of(moves[challenge->moves[i]]));
    }
    yao_put_byte(w, ']');
    yao_json_put_member_int(w, &first, "expires", challenge->expires);
    yao_json_put_name(w, &first, "frames");
    yao_put_byte(w, '[');
    yao_json_put_int(w, FACE_LEAST_FRAMES);
    yao_put_byte(w, ',');
    yao_json_put_int(w, FACE_MAX_FRAMES);
    yao_put_byte(w, ']');
    yao_json_put_member_int(w, &first, "attempts_left",
                            challenge->attempts_left);
    yao_put_byte(w, '}');
}

void face_result_write(yao_writer *w, const face_result *result)
{
    bool first = true;

    yao_put_byte(w, '{');
    put_word(w, &first, "result", verdicts[result->verdict]);
    put_word(w, &first, "reason", face_reason_word(result->reason));
    yao_json_put_member_int(w, &first, "attempts_left", result->attempts_left);
    yao_json_put_member_bool(w, &first, "officer", result->officer);
    yao_put_byte(w, '}');
}

void face_detail_write(yao_writer *w, const face_result *result)
{
    bool first = true;

    yao_put_byte(w, '{');
    put_word(w, &first, "result", verdicts[result->verdict]);
    put_word(w, &first, "reason", face_reason_word(result->reason));
    put_word(w, &first, "engine", result->info.engine);
    put_word(w, &first, "model", result->info.model);
    put_word(w, &first, "grade", grades[result->info.grade]);
    yao_json_put_member_hex(w, &first, "model_sha256",
                            (yao_bytes){result->info.model_sha256, 32});
    yao_json_put_member_int(w, &first, "threshold", result->threshold);
    yao_json_put_member_int(w, &first, "score", result->score);
    yao_put_byte(w, '}');
}
