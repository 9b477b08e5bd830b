/* SPDX-License-Identifier: Apache-2.0 */
/* Memory, the answer, and the four functions that a compiler expects. */
#include "page.h"

enum { WASM_PAGE = 65536, WORK = 262144 };

extern uint8_t __heap_base; /* of the linker: where nothing lies any more */

yao_page page;

void *memcpy(void *to, const void *from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int byte, size_t len);
int   memcmp(const void *a, const void *b, size_t len);

/* With -mbulk-memory these are one instruction each. */
void *memcpy(void *to, const void *from, size_t len)
{
    return __builtin_memcpy(to, from, len);
}

void *memmove(void *to, const void *from, size_t len)
{
    return __builtin_memmove(to, from, len);
}

void *memset(void *to, int byte, size_t len)
{
    return __builtin_memset(to, byte, len);
}

int memcmp(const void *a, const void *b, size_t len)
{
    const uint8_t *x = a, *y = b;

    for (size_t i = 0; i < len; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

/* The arena ends where memory ends, so it grows with it. False: the browser,
 * or page.most, has no more. */
bool yao_page_grow(size_t free)
{
    yao_arena *m = &page.memory;

    if (m->cap - m->used >= free)
        return true;
    if (free > page.most || m->used > page.most - free)
        return false;

    size_t pages = (free - (m->cap - m->used) + WASM_PAGE - 1) / WASM_PAGE;
    if (__builtin_wasm_memory_grow(0, pages) == SIZE_MAX)
        return false;
    m->cap += pages * WASM_PAGE;
    return true;
}

/* Begin: with MOST bytes of memory at the most. */
yao_status EXPORT(open)(size_t most)
{
    size_t base = ((size_t)&__heap_base + 15) & ~(size_t)15;

    page.memory = (yao_arena){
        (uint8_t *)base, __builtin_wasm_memory_size(0) * WASM_PAGE - base, 0};
    page.most             = most;
    page.crypto           = yao_small_open(&page.small, NULL);
    page.options.required = page.requirements;
    return yao_page_grow(WORK) ? YAO_OK : YAO_E_SPACE;
}

/* Room for something to be handed over; 0 when there is none. What is done
 * with it wants room as well: decoded letters, a tree, the answer. */
uint8_t *EXPORT(take)(size_t len)
{
    if (len > page.most / 5 || !yao_page_grow(5 * len + WORK))
        return NULL;
    return yao_arena_take(&page.memory, len);
}

const uint8_t *EXPORT(answer)(void)
{
    return page.answer.ptr;
}

size_t EXPORT(answer_len)(void)
{
    return page.answer.len;
}

/* The word for a status, ending in a zero byte. */
const char *EXPORT(status_name)(int status)
{
    return yao_status_name((yao_status)status);
}

bool yao_page_holds(const uint8_t *ptr, size_t len)
{
    size_t at = (size_t)ptr, base = (size_t)page.memory.base;

    return at >= base && at - base <= page.memory.used &&
           len <= page.memory.used - (at - base);
}

/* What was moved stays behind: twice as much is taken each time. */
void *yao_page_room(void *list, size_t count, size_t *room, size_t size)
{
    size_t more = *room == 0 ? 16 : 2 * *room;
    void  *moved;

    if (count < *room)
        return list;
    if (!yao_page_grow(WORK + more * size))
        return NULL;
    moved = yao_arena_take_array(&page.memory, more, size);
    if (moved == NULL)
        return NULL;
    if (count > 0)
        memcpy(moved, list, count * size);
    *room = more;
    return moved;
}

yao_bytes yao_page_bytes(const uint8_t *ptr, size_t len)
{
    return (yao_bytes){ptr, len};
}

yao_status yao_page_text(const uint8_t *ptr, size_t len, yao_text *ret)
{
    return yao_text_check((yao_bytes){ptr, len}, ret);
}

yao_status yao_page_answer(yao_writer *w)
{
    return yao_writer_keep(w, &page.memory, &page.answer);
}

yao_status yao_page_answer_wish(const yao_sign_wish *wish)
{
    yao_writer w = yao_writer_in(&page.memory);

    for (size_t i = 0; i < wish->part_count; i++)
        yao_put_bytes(&w, wish->parts[i]);
    return yao_page_answer(&w);
}

/* SHA-256 of what is handed over. */
yao_status EXPORT(sha256)(const uint8_t *ptr, size_t len)
{
    yao_bytes input = {ptr, len};
    uint8_t  *out   = yao_arena_take(&page.memory, YAO_SHA256_LEN);

    if (out == NULL)
        return YAO_E_SPACE;
    page.answer = (yao_bytes){out, YAO_SHA256_LEN};
    return page.crypto->hash(page.crypto->ctx, YAO_SHA256, &input, 1, out);
}
