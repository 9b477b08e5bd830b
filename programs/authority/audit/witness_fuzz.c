/* SPDX-License-Identifier: Apache-2.0 */
/* What is read as a witness file is written back as it was. */
#include "authority/audit/witness.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[1u << 20], room[1u << 17];
    yao_arena      arena = {memory, sizeof memory, 0};
    yao_writer     w     = yao_writer_open(room, sizeof room);
    audit_witness  read;

    if (audit_witness_read(&arena, (yao_bytes){data, size}, &read) != YAO_OK)
        return 0;
    audit_witness_put(&w, &read);
    if (w.status != YAO_OK ||
        !yao_bytes_equal((yao_bytes){room, w.len}, (yao_bytes){data, size}))
        abort();
    for (size_t i = 1; i < read.count; i++)
        if (read.heads[i - 1].size >= read.heads[i].size)
            abort();
    return 0;
}
