/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session across a counter, as a wallet opens it: its engagement as a code,
 * the agreement with a reader never met before, the session's keys, the first
 * message opened.
 */
#include "bench/world.h"

#include "proximity/meeting.h"

static yao_status write_engagement(yao_world *w, const yao_public_key *key,
                                   yao_bytes *ret)
{
    yao_prox_engagement e = {
        .key     = *key,
        .methods = {{.way = YAO_PROX_BLE,
                     .ble = {.central      = true,
                             .central_uuid = YAO_INIT("0123456789abcdef")}}},
        .method_count = 1};
    yao_writer out = yao_writer_in(&w->scratch);

    yao_prox_put_engagement(&out, &e);
    return yao_writer_keep(&out, &w->scratch, ret);
}

/* One side's session: OWN agrees with PEER. */
static yao_status open_side(yao_world *w, yao_prox_side side,
                            yao_openssl_key *own, const yao_public_key *peer,
                            yao_bytes transcript, yao_prox_session *ret)
{
    uint8_t        shared[YAO_MAX_AGREEMENT];
    yao_agree_wish wish = {.peer = *peer};

    YAO_TRY(yao_openssl_agree(own, &wish, shared));
    yao_status status =
        yao_prox_open_session(w->crypto, side, YAO_P256,
                              (yao_bytes){shared, 32}, transcript, ret);
    yao_wipe(shared, sizeof shared);
    return status;
}

static yao_status write_transcript(yao_world *w, yao_bytes engagement,
                                   yao_bytes key_bytes, yao_bytes *ret)
{
    yao_prox_meeting meeting = {.handover = YAO_PROX_BY_QR};

    return yao_prox_write_transcript(&w->scratch, w->crypto, &meeting,
                                     engagement, key_bytes, ret);
}

/* ---- the reader --------------------------------------------------------- */

static yao_status write_first(yao_world *w, yao_prox_session *s,
                              const yao_public_key *key, yao_bytes *ret)
{
    uint8_t       sealed[YAO_BENCH_REQUEST + YAO_AEAD_TAG];
    yao_writer    out = yao_writer_in(&w->memory);
    yao_aead_wish wish;

    YAO_TRY(yao_prox_wish_seal(
        s, (yao_bytes){w->issued.ptr, YAO_BENCH_REQUEST}, &wish));
    YAO_TRY(yao_openssl_aead(&wish, sealed));
    yao_prox_put_establishment(
        &out, &(yao_prox_establishment){.key  = *key,
                                        .data = {sealed, sizeof sealed}});
    return yao_writer_keep(&out, &w->memory, ret);
}

static yao_status address(yao_world *w, yao_openssl_key *reader,
                          yao_bench_meeting *m)
{
    yao_public_key   holder = yao_openssl_key_public(m->key);
    yao_public_key   own    = yao_openssl_key_public(reader);
    yao_writer       out    = yao_writer_in(&w->scratch);
    yao_bytes        key_bytes, engagement, transcript;
    yao_prox_session session;

    yao_prox_put_key_bytes(&out, &own);
    YAO_TRY(yao_writer_keep(&out, &w->scratch, &key_bytes));
    YAO_TRY(write_engagement(w, &holder, &engagement));
    YAO_TRY(write_transcript(w, engagement, key_bytes, &transcript));
    YAO_TRY(open_side(w, YAO_PROX_READER, reader, &holder, transcript,
                      &session));
    yao_status status = write_first(w, &session, &own, &m->message);
    yao_prox_end_session(&session);
    return status;
}

yao_status yao_world_make_meetings(yao_world *world)
{
    for (size_t i = 0; i < YAO_BENCH_MEETINGS; i++) {
        yao_openssl_key *reader = NULL;

        world->scratch.used = 0;
        YAO_TRY(yao_openssl_key_generate(YAO_ES256, &world->meetings[i].key));
        YAO_TRY(yao_openssl_key_generate(YAO_ES256, &reader));
        yao_status status = address(world, reader, &world->meetings[i]);
        yao_openssl_key_close(reader);
        YAO_TRY(status);
    }
    return YAO_OK;
}

void yao_world_end_meetings(yao_world *world)
{
    for (size_t i = 0; i < YAO_BENCH_MEETINGS; i++)
        yao_openssl_key_close(world->meetings[i].key);
}

/* ---- the wallet --------------------------------------------------------- */

static yao_status open_first(yao_world *w, yao_prox_session *s,
                             yao_bytes sealed)
{
    uint8_t       plain[YAO_BENCH_REQUEST + YAO_AEAD_TAG];
    yao_aead_wish wish;

    if (sealed.len != sizeof plain)
        return YAO_E_LIMIT;
    YAO_TRY(yao_prox_wish_open(s, sealed, &wish));
    YAO_TRY(yao_openssl_aead(&wish, plain));
    return yao_bytes_equal((yao_bytes){plain, YAO_BENCH_REQUEST},
                           (yao_bytes){w->issued.ptr, YAO_BENCH_REQUEST})
               ? YAO_OK
               : YAO_E_MISMATCH;
}

static yao_status meet(yao_world *w, const yao_bench_meeting *m)
{
    yao_public_key         own = yao_openssl_key_public(m->key);
    yao_writer             letters;
    yao_bytes              engagement, code, transcript;
    yao_prox_establishment e;
    yao_prox_session       session;

    YAO_TRY(write_engagement(w, &own, &engagement));
    letters = yao_writer_in(&w->scratch);
    yao_prox_put_letters(&letters, engagement, false);
    YAO_TRY(yao_writer_keep(&letters, &w->scratch, &code));
    YAO_TRY(yao_prox_read_establishment(m->message, &e));
    YAO_TRY(write_transcript(w, engagement, e.key_bytes, &transcript));
    YAO_TRY(open_side(w, YAO_PROX_HOLDER, m->key, &e.key, transcript,
                      &session));
    yao_status status = open_first(w, &session, e.data);
    yao_prox_end_session(&session);
    return status;
}

bool yao_bench_session_open(void *world, size_t index)
{
    yao_world *w = world;

    w->scratch.used = 0;
    return meet(w, &w->meetings[index % YAO_BENCH_MEETINGS]) == YAO_OK;
}
