/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit/witness.h"

#include <string.h>

#define FIRST_LINE YAO_LIT("yaopai-witness-1")

static yao_status read_size(yao_bytes digits, uint64_t *ret)
{
    uint64_t size = 0;

    if (digits.len == 0 || (digits.len > 1 && digits.ptr[0] == '0'))
        return YAO_E_MALFORMED;
    if (digits.len > 19)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return YAO_E_MALFORMED;
        size = size * 10 + (uint64_t)(digits.ptr[i] - '0');
    }
    if (size > YAO_TLOG_MAX_SIZE)
        return YAO_E_LIMIT;
    *ret = size;
    return YAO_OK;
}

static yao_status read_head(yao_bytes line, yao_tlog_head *ret)
{
    size_t     at = yao_bytes_find(line, ' ');
    yao_writer w  = yao_writer_open(ret->root.bytes, sizeof ret->root.bytes);

    if (at == line.len)
        return YAO_E_MALFORMED;
    YAO_TRY(read_size((yao_bytes){line.ptr, at}, &ret->size));
    yao_status status = yao_get_base64(
        (yao_bytes){line.ptr + at + 1, line.len - at - 1}, &w);
    if (status == YAO_E_SPACE || (status == YAO_OK && w.len != w.cap))
        return YAO_E_MALFORMED;
    return status;
}

static bool rises(const audit_witness *witness, const yao_tlog_head *head)
{
    return witness->count == 0 ||
           head->size > witness->heads[witness->count - 1].size;
}

yao_status audit_witness_new(yao_arena *arena, yao_text origin,
                             audit_witness *ret)
{
    audit_witness made = {.origin = origin};

    made.heads =
        yao_arena_take_array(arena, AUDIT_MAX_HEADS + 1, sizeof *made.heads);
    if (made.heads == NULL)
        return YAO_E_SPACE;
    *ret = made;
    return YAO_OK;
}

yao_status audit_witness_read(yao_arena *arena, yao_bytes input,
                              audit_witness *ret)
{
    audit_witness made;
    yao_bytes     first, origin, line;
    yao_text      name;

    if (input.len > AUDIT_MAX_WITNESS)
        return YAO_E_LIMIT;
    if (!yao_tlog_line(&input, &first) || !yao_tlog_line(&input, &origin) ||
        !yao_bytes_equal(first, FIRST_LINE) || origin.len == 0)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_text_check(origin, &name));
    YAO_TRY(audit_witness_new(arena, name, &made));
    while (yao_tlog_line(&input, &line)) {
        yao_tlog_head head;

        if (made.count == AUDIT_MAX_HEADS)
            return YAO_E_LIMIT;
        YAO_TRY(read_head(line, &head));
        if (!rises(&made, &head))
            return YAO_E_MALFORMED;
        made.heads[made.count++] = head;
    }
    if (input.len > 0)
        return YAO_E_MALFORMED;
    *ret = made;
    return YAO_OK;
}

void audit_witness_add(audit_witness *witness, const yao_tlog_head *head)
{
    if (!rises(witness, head))
        return;
    witness->heads[witness->count++] = *head;
    if (witness->count <= AUDIT_MAX_HEADS)
        return;
    witness->count--;
    memmove(witness->heads, witness->heads + 1,
            witness->count * sizeof *witness->heads);
}

void audit_witness_put(yao_writer *w, const audit_witness *witness)
{
    yao_put_bytes(w, FIRST_LINE);
    yao_put_byte(w, '\n');
    yao_put_bytes(w, yao_text_bytes(witness->origin));
    yao_put_byte(w, '\n');
    for (size_t i = 0; i < witness->count; i++) {
        const yao_tlog_head *h = &witness->heads[i];

        yao_put_decimal(w, (int64_t)h->size);
        yao_put_byte(w, ' ');
        yao_put_base64(w, (yao_bytes){h->root.bytes, sizeof h->root.bytes});
        yao_put_byte(w, '\n');
    }
}
