/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A challenge lies in the store as what may be used once, known by a hash of
 * owner and nonce; attempts as a throttle of the owner. Both are changed
 * before anything is looked at, so that whoever breaks off has used them.
 */
#include "authority/face/check.h"

#include <string.h>

#include "authority/face/judge.h"
#include "authority/once.h"
#include "store/throttle.h"

/* The throttle's kind; those of enrolment are below 6410. */
enum { THROTTLE_FACE = 6410, HOUR = 3600 };

/* Seconds until the next attempt after the first and the second. */
static const int pause_after[FACE_ATTEMPTS] = {0, 5, 30};

/* The moves, seconds at which it is over (8 bytes), attempts left. */
enum { PAYLOAD = FACE_MOVES + 8 + 1, GRACE = 60 };

/* ---- beginning ---------------------------------------------------------- */

/* The next of a random sequence without equal neighbours; false: draw more. */
static bool draw_move(uint8_t random, uint8_t *moves, size_t at)
{
    if (random == 255) /* 255 = 3 * 85 */
        return false;
    moves[at] = (uint8_t)(FACE_CENTRE + random % 3);
    return at == 0 || moves[at] != moves[at - 1];
}

static bool has_all(const uint8_t moves[FACE_MOVES])
{
    unsigned seen = 0;

    for (size_t i = 0; i < FACE_MOVES; i++)
        seen |= 1u << moves[i];
    return seen == (1u << FACE_CENTRE | 1u << FACE_LEFT | 1u << FACE_RIGHT);
}

/* Each sequence is as likely as the others: what does not fit is drawn anew
 * as a whole. */
static yao_status draw_moves(uint8_t moves[FACE_MOVES])
{
    uint8_t random[256];

    for (int tries = 0; tries < 16; tries++) {
        YAO_TRY(yao_openssl_random(random, sizeof random));
        size_t at = 0;
        for (size_t i = 0; i < sizeof random; i++) {
            at = draw_move(random[i], moves, at) ? at + 1 : 0;
            if (at == FACE_MOVES && has_all(moves))
                return YAO_OK;
            if (at == FACE_MOVES)
                at = 0;
        }
    }
    return YAO_E_CRYPTO;
}

static yao_status hash_challenge(const authority *a, yao_bytes owner,
                                 yao_bytes nonce, uint8_t out[STORE_HASH_LEN])
{
    const yao_bytes parts[] = {YAO_LIT("yaopai-face-1"), owner, nonce};

    return a->crypto->hash(a->crypto->ctx, YAO_SHA256, parts, 3, out);
}

/* The attempts that OWNER has made, if they are not forgotten yet. */
static yao_status get_attempts(authority *a, yao_bytes owner, yao_arena *arena,
                               store_throttle *ret)
{
    yao_status status =
        store_get_throttle(a->store, THROTTLE_FACE, owner, arena, ret);

    if (status == YAO_E_NOT_FOUND) {
        *ret = (store_throttle){.tries = 0};
        return YAO_OK;
    }
    return status;
}

static yao_status check_attempts(const store_throttle *t, yao_time now,
                                 int *wait)
{
    if (t->tries == 0 || t->expires <= now)
        return YAO_OK;
    if (t->tries >= FACE_ATTEMPTS)
        return YAO_E_LIMIT;
    if (t->until > now) {
        *wait = (int)(t->until - now);
        return YAO_E_SUSPENDED;
    }
    return YAO_OK;
}

static void write_payload(const face_challenge *c, uint8_t out[PAYLOAD])
{
    memcpy(out, c->moves, FACE_MOVES);
    for (size_t i = 0; i < 8; i++)
        out[FACE_MOVES + i] = (uint8_t)((uint64_t)c->expires >> (56 - 8 * i));
    out[FACE_MOVES + 8] = (uint8_t)c->attempts_left;
}

static yao_status put_challenge(authority *a, yao_bytes owner,
                                const store_throttle *before, yao_time now,
                                yao_arena *arena, const face_challenge *c)
{
    uint8_t      payload[PAYLOAD], hash[STORE_HASH_LEN];
    store_change change = store_change_open(arena);
    int          tries  = FACE_ATTEMPTS - c->attempts_left;
    const store_throttle after = {
        .kind    = THROTTLE_FACE,
        .subject = owner,
        .tries   = tries,
        .until   = tries < FACE_ATTEMPTS ? now + pause_after[tries] : now,
        .expires = now + HOUR,
    };

    YAO_TRY(hash_challenge(a, owner, (yao_bytes){c->nonce, FACE_NONCE}, hash));
    write_payload(c, payload);
    const store_once once = {.kind    = ONCE_FACE,
                             .hash    = {hash, sizeof hash},
                             .expires = c->expires + GRACE,
                             .payload = {payload, sizeof payload}};
    store_put_throttle(&change, &after, before->tries);
    store_put_once(&change, &once);
    return store_commit(a->store, &change);
}

yao_status face_check_begin(authority *a, yao_bytes owner, yao_time now,
                            yao_arena *arena, face_challenge *ret, int *wait)
{
    face_challenge c = {.expires = now + FACE_SECONDS};
    store_throttle before;

    *wait = 0;
    if (owner.len != STORE_HASH_LEN || now < 0 || now > YAO_TIME_MAX - HOUR)
        return YAO_E_USAGE;
    if (strcmp(config_get(&a->config, SETTING_FACE_PROVIDER), "officer") == 0)
        return YAO_E_UNSUPPORTED;
    YAO_TRY(get_attempts(a, owner, arena, &before));
    YAO_TRY(check_attempts(&before, now, wait));
    YAO_TRY(yao_openssl_random(c.nonce, sizeof c.nonce));
    YAO_TRY(draw_moves(c.moves));
    int64_t made    = before.expires > now ? before.tries : 0;
    c.attempts_left = FACE_ATTEMPTS - 1 - (int)made;
    YAO_TRY(put_challenge(a, owner, &before, now, arena, &c));
    *ret = c;
    return YAO_OK;
}

/* ---- finishing ---------------------------------------------------------- */

static yao_status read_payload(yao_bytes payload, face_challenge *ret)
{
    uint64_t expires = 0;

    if (payload.len != PAYLOAD)
        return YAO_E_STORE;
    memcpy(ret->moves, payload.ptr, FACE_MOVES);
    for (size_t i = 0; i < 8; i++)
        expires = expires << 8 | payload.ptr[FACE_MOVES + i];
    ret->expires       = (yao_time)expires;
    ret->attempts_left = payload.ptr[FACE_MOVES + 8];
    return YAO_OK;
}

static yao_status take_challenge(const face_check *check, yao_bytes nonce,
                                 yao_arena *arena, face_challenge *ret)
{
    uint8_t      hash[STORE_HASH_LEN];
    store_change change  = store_change_open(arena);
    yao_bytes    payload = {NULL, 0};

    YAO_TRY(hash_challenge(check->a, check->owner, nonce, hash));
    store_take_once(&change, ONCE_FACE, (yao_bytes){hash, sizeof hash},
                    check->now, &payload);
    YAO_TRY(store_commit(check->a->store, &change));
    YAO_TRY(read_payload(payload, ret));
    return check->now <= ret->expires ? YAO_OK : YAO_E_EXPIRED;
}

/* Frames that can't be read use nothing up: they name no challenge. */
static void refuse_frames(yao_status status, face_result *ret)
{
    ret->verdict = FACE_CANNOT_TELL;
    ret->reason =
        status == YAO_E_DUPLICATE ? FACE_SAME_FRAMES : FACE_BAD_FRAMES;
}

yao_status face_check_finish(const face_check *check, yao_bytes frames,
                             yao_arena *arena, face_result *ret)
{
    face_result    result = {.verdict = FACE_CANNOT_TELL};
    face_challenge challenge;
    face_frames    read;

    if (check->owner.len != STORE_HASH_LEN)
        return YAO_E_USAGE;
    memcpy(result.owner, check->owner.ptr, STORE_HASH_LEN);
    yao_status status = face_read_frames(frames, &read);
    if (status != YAO_OK) {
        refuse_frames(status, &result);
        *ret = result;
        return YAO_OK;
    }
    YAO_TRY(take_challenge(check, read.nonce, arena, &challenge));
    YAO_TRY(face_judge(check, &read, challenge.moves, &result));
    result.attempts_left = challenge.attempts_left;
    result.officer =
        result.verdict != FACE_MATCH && challenge.attempts_left == 0;
    *ret = result;
    return YAO_OK;
}

/* ---- the audit log ------------------------------------------------------ */

yao_status face_put_event(store_change *change, yao_arena *arena,
                          yao_bytes subject, const face_result *result)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  detail;

    face_detail_write(&w, result);
    YAO_TRY(yao_writer_keep(&w, arena, &detail));
    if (result->verdict == FACE_MATCH)
        store_end_throttle(change, THROTTLE_FACE,
                           (yao_bytes){result->owner, STORE_HASH_LEN});
    return authority_put_event(change, arena, "face.check", subject,
                               (yao_text){detail.ptr, detail.len});
}
