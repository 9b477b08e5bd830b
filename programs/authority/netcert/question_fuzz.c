/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The bytes are a request's payload, under a header that is good and a
 * signature that nobody looks at here. What is read asks one thing about one
 * person, each part of a length that the format allows; and the same letters
 * with one more member are no request.
 */

#include "authority/netcert/question.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(max_align_t) uint8_t memory[4 * 1024 * 1024];

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "question: %s\n", what);
        abort();
    }
}

static yao_status read_payload(yao_arena *arena, yao_bytes payload,
                               netcert_question *ret)
{
    static const uint8_t signature[64];
    yao_writer           w = yao_writer_in(arena);
    yao_bytes            token;

    yao_jws_put_unsigned(
        &w, YAO_LIT("{\"alg\":\"ES256\",\"typ\":\"yaopai-netcert-check+jwt\"}"),
        payload);
    yao_jws_put_signature(&w, (yao_bytes){signature, sizeof signature});
    demand(yao_writer_keep(&w, arena, &token) == YAO_OK, "room");
    return netcert_read_question(arena, token, ret);
}

static bool within(size_t len, size_t least, size_t most)
{
    return len >= least && len <= most;
}

static void check_asked(const netcert_question *q)
{
    bool equals = q->kind == NETCERT_ASKS_EQUALS;

    demand(q->kind >= NETCERT_ASKS_VALID && q->kind <= NETCERT_ASKS_EQUALS,
           "asks nothing");
    demand((q->kind == NETCERT_ASKS_VALID) == (q->item.len == 0), "item");
    demand(q->item.len <= NETCERT_MAX_ITEM, "long item");
    demand(equals ? within(q->salt.len, 16, NETCERT_MAX_SALT)
                  : q->salt.len == 0,
           "salt");
    demand(q->hash.len == (equals ? YAO_SHA256_LEN : 0), "hash");
}

/* One more member, whatever it is. */
static void check_more(yao_arena *arena, yao_bytes payload)
{
    yao_writer       w = yao_writer_in(arena);
    yao_bytes        more;
    netcert_question q;
    size_t           open = 0;

    while (open < payload.len && payload.ptr[open] != '{')
        open++;
    yao_put_bytes(&w, (yao_bytes){payload.ptr, open + 1});
    yao_put_text(&w, "\"one more\":0,");
    yao_put_bytes(&w, (yao_bytes){payload.ptr + open + 1,
                                  payload.len - open - 1});
    demand(yao_writer_keep(&w, arena, &more) == YAO_OK, "room");
    demand(read_payload(arena, more, &q) != YAO_OK, "one more member");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena        arena   = {memory, sizeof memory, 0};
    const yao_bytes  payload = {data, len};
    netcert_question q;

    if (len > 64 * 1024 || read_payload(&arena, payload, &q) != YAO_OK)
        return 0;
    demand((q.number.len > 0) != (q.presentation.len > 0), "about one");
    demand((q.presentation.len > 0) == (q.nonce.len > 0), "nonce");
    demand(within(q.jti.len, 16, 64), "jti");
    demand(q.party.len > 0 && q.profile.len > 0 && q.audience.len > 0, "who");
    check_asked(&q);
    check_more(&arena, payload);
    return 0;
}
