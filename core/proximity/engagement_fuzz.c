/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Properties, for any input:
 *   - an engagement that is read can be written, and what was written is read
 *     as the same and written as the same bytes; as letters too;
 *   - a mailbox that is in it may be gone to;
 *   - a message of a session that is read can be written and is then the same;
 *   - one input is never both a first message and a later one.
 */

#include "proximity/session.h"

#include <string.h>

#include "tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(16) uint8_t memory[4 * 1024 * 1024];

static yao_bytes written(yao_arena *arena, const yao_prox_engagement *e)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  out;

    yao_prox_put_engagement(&w, e);
    must(yao_writer_keep(&w, arena, &out) == YAO_OK);
    return out;
}

static void check_engagement(yao_arena arena, const yao_prox_engagement *e)
{
    yao_prox_engagement back;
    yao_bytes           bytes = written(&arena, e), read, letters;

    must(yao_prox_read_engagement(bytes, &back) == YAO_OK);
    must(back.method_count == e->method_count);
    must(back.origin_count == e->origin_count && back.later == e->later);
    must(yao_public_key_equal(&back.key, &e->key));
    for (size_t i = 0; i < e->method_count; i++)
        must(back.methods[i].way == e->methods[i].way);
    must(yao_bytes_equal(written(&arena, &back), bytes));

    const yao_prox_method *m = yao_prox_find_method(e, YAO_PROX_MAILBOX);
    must(m == NULL || yao_prox_is_mailbox(m->mailbox.url));

    yao_writer w = yao_writer_in(&arena);
    yao_prox_put_letters(&w, bytes, false);
    must(yao_writer_keep(&w, &arena, &letters) == YAO_OK);
    if (letters.len > YAO_PROX_MAX_LETTERS)
        return;
    must(yao_prox_read_letters(&arena, letters, false, &read, &back) ==
         YAO_OK);
    must(yao_bytes_equal(read, bytes));
}

static void check_establishment(yao_arena                     arena,
                                const yao_prox_establishment *e)
{
    yao_prox_establishment back;
    yao_writer             w = yao_writer_in(&arena);
    yao_bytes              out;

    yao_prox_put_establishment(&w, e);
    must(yao_writer_keep(&w, &arena, &out) == YAO_OK);
    must(yao_prox_read_establishment(out, &back) == YAO_OK);
    must(yao_public_key_equal(&back.key, &e->key));
    must(yao_bytes_equal(back.data, e->data));
}

static void check_data(yao_arena arena, const yao_prox_data *m)
{
    yao_prox_data back;
    yao_writer    w = yao_writer_in(&arena);
    yao_bytes     out;

    must(m->data.len != 0 || m->status != 0);
    yao_prox_put_data(&w, m);
    must(yao_writer_keep(&w, &arena, &out) == YAO_OK);
    must(yao_prox_read_data(out, &back) == YAO_OK);
    must(yao_bytes_equal(back.data, m->data) && back.status == m->status);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena              arena = {memory, sizeof memory, 0};
    yao_bytes              input = {data, len}, bytes;
    yao_prox_engagement    e;
    yao_prox_establishment first;
    yao_prox_data          later;

    if (yao_prox_read_engagement(input, &e) == YAO_OK)
        check_engagement(arena, &e);
    if (yao_prox_read_letters(&arena, input, false, &bytes, &e) == YAO_OK)
        check_engagement(arena, &e);
    arena.used = 0;
    if (yao_prox_read_establishment(input, &first) == YAO_OK)
        check_establishment(arena, &first);
    if (yao_prox_read_data(input, &later) == YAO_OK)
        check_data(arena, &later);
    return 0;
}
