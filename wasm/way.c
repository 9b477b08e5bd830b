/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of a counter as the chunks that their way takes. */
#include "page.h"

#include "proximity/carrier.h"

static yao_prox_carrier carrier;

/* KIND as yao_prox_carriage; MOST bytes of a chunk, 0 for a mailbox's; ROOM for
 * a message that comes. */
yao_status EXPORT(open_way)(int kind, size_t most, size_t room)
{
    uint8_t *memory;

    if (room > YAO_MAX_MESSAGE || !yao_page_grow(room))
        return YAO_E_LIMIT;
    memory = yao_arena_take(&page.memory, room);
    if (memory == NULL)
        return YAO_E_SPACE;
    return yao_prox_carrier_open((yao_prox_carriage)kind,
                                 most != 0 ? most : YAO_PROX_BOX_PIECE, memory,
                                 room, &carrier);
}

/* A message to go; next_chunk() answers with one after the other. */
yao_status EXPORT(send_message)(const uint8_t *ptr, size_t len)
{
    return yao_prox_carrier_send(&carrier, yao_page_bytes(ptr, len));
}

/* The answer is empty when there is none now. */
yao_status EXPORT(next_chunk)(void)
{
    yao_writer w = yao_writer_in(&page.memory);

    page.answer = (yao_bytes){NULL, 0};
    if (!yao_prox_carrier_next(&carrier, &w))
        return w.status;
    return yao_page_answer(&w);
}

/* One that came, whole; the answer is the message, or empty when more
 * follows. */
yao_status EXPORT(take_chunk)(const uint8_t *ptr, size_t len)
{
    yao_bytes chunk = yao_page_bytes(ptr, len);

    page.answer = (yao_bytes){NULL, 0};
    return yao_prox_carrier_take(&carrier, &chunk, &page.answer);
}
