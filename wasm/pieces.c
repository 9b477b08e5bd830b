/* SPDX-License-Identifier: Apache-2.0 */
/* Messages in pieces, as they lie in a mailbox; where that is. */
#include "page.h"

#include "proximity/frames.h"

static struct {
    yao_prox_pieces out;
    yao_prox_joint  in;
} pieces;

/* A message to be cut; next_piece() answers with one after the other. */
yao_status EXPORT(cut_message)(const uint8_t *ptr, size_t len)
{
    return yao_prox_begin_pieces(yao_page_bytes(ptr, len), YAO_PROX_BOX_PIECE,
                                 &pieces.out);
}

/* The answer is empty after the last. */
yao_status EXPORT(next_piece)(void)
{
    yao_writer w = yao_writer_in(&page.memory);

    page.answer = (yao_bytes){NULL, 0};
    if (!yao_prox_put_piece(&pieces.out, &w))
        return w.status;
    return yao_page_answer(&w);
}

/* Room for what is put together of pieces. */
yao_status EXPORT(join_message)(size_t most)
{
    uint8_t *room;

    if (most > YAO_MAX_MESSAGE || !yao_page_grow(most))
        return YAO_E_LIMIT;
    room = yao_arena_take(&page.memory, most);
    if (room == NULL)
        return YAO_E_SPACE;
    yao_prox_begin_joint(room, most, YAO_PROX_BOX_PIECE, &pieces.in);
    return YAO_OK;
}

/* The answer is the message, or empty when more follows. */
yao_status EXPORT(take_piece)(const uint8_t *ptr, size_t len)
{
    page.answer = (yao_bytes){NULL, 0};
    if (pieces.in.room == NULL)
        return YAO_E_USAGE;
    YAO_TRY(yao_prox_take_piece(&pieces.in, yao_page_bytes(ptr, len)));
    if (pieces.in.whole)
        page.answer = yao_prox_joined(&pieces.in);
    return YAO_OK;
}
