/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

static _Alignas(max_align_t) uint8_t memory[256];

static void gives_zeroed_aligned_memory(void **state)
{
    (void)state;
    memset(memory, 0xee, sizeof memory);
    for (size_t offset = 0; offset < 16; offset++) {
        yao_arena arena = {memory + offset, 64, 0};

        for (size_t len = 0; len < 12; len++) {
            uint8_t *taken = yao_arena_take(&arena, len);

            if (taken == NULL)
                break;
            assert_int_equal((uintptr_t)taken % _Alignof(max_align_t), 0);
            for (size_t i = 0; i < len; i++)
                assert_int_equal(taken[i], 0);
            memset(taken, 0xee, len);
            assert_true(taken + len <= memory + offset + 64);
            assert_true(arena.used <= arena.cap);
        }
    }
}

static void gives_null_when_full_and_changes_nothing(void **state)
{
    yao_arena arena = {memory, 64, 0};

    (void)state;
    assert_non_null(yao_arena_take(&arena, 60));
    assert_null(yao_arena_take(&arena, 5));
    assert_null(yao_arena_take(&arena, SIZE_MAX));
    assert_int_equal(arena.used, 60);
    arena.used = 0;
    assert_non_null(yao_arena_take(&arena, 64));
    assert_null(yao_arena_take(&arena, 1));
    assert_int_equal(arena.used, 64);
}

static void gives_memory_back_to_a_mark(void **state)
{
    yao_arena arena = {memory, sizeof memory, 0};

    (void)state;
    uint8_t *first = yao_arena_take(&arena, 16);
    size_t   mark  = arena.used;
    uint8_t *next  = yao_arena_take(&arena, 32);

    assert_non_null(first);
    memset(next, 0xee, 32);
    arena.used = mark;
    assert_ptr_equal(yao_arena_take(&arena, 32), next);
    assert_int_equal(next[31], 0);
}

static void refuses_what_has_no_memory(void **state)
{
    yao_arena none  = {NULL, 0, 0};
    yao_arena wrong = {memory, 16, 17};

    (void)state;
    assert_null(yao_arena_take(&none, 0));
    assert_null(yao_arena_take(&none, 1));
    assert_null(yao_arena_take(&wrong, 0));
}

static const struct {
    const char *name;
    size_t      count, size;
    bool        fits;
} arrays[] = {
    {"gives none", 0, 8, true},
    {"gives things of no size", 8, 0, true},
    {"gives what fits exactly", 8, 32, true},
    {"refuses one too many", 9, 32, false},
    {"refuses a product that overflows to nothing", SIZE_MAX / 2 + 1, 2, false},
    {"refuses a product that overflows to little", SIZE_MAX / 16 + 2, 16,
     false},
};

static void arrays_case(void **state)
{
    size_t    i     = *(const size_t *)*state;
    yao_arena arena = {memory, sizeof memory, 0};
    void     *taken =
        yao_arena_take_array(&arena, arrays[i].count, arrays[i].size);

    assert_int_equal(taken != NULL, arrays[i].fits);
    assert_int_equal(arena.used,
                     taken == NULL ? 0 : arrays[i].count * arrays[i].size);
}

static yao_status keep(yao_arena *arena, void *context)
{
    yao_bytes  kept   = {memory, 99};
    yao_status status = yao_arena_keep(arena, YAO_LIT("keep this"), &kept);

    (void)context;
    if (status == YAO_OK)
        assert_bytes(kept, YAO_LIT("keep this"));
    else
        assert_true(kept.ptr == memory && kept.len == 99);
    return status;
}

static void gives_space_error_until_a_copy_fits(void **state)
{
    (void)state;
    test_every_arena(keep, NULL, 64);

    yao_arena small = {memory, 8, 0};
    assert_status(keep(&small, NULL), YAO_E_SPACE);
}

static void gives_a_copy_not_a_view(void **state)
{
    uint8_t   source[] = {'a', 'b'};
    yao_arena arena    = {memory, sizeof memory, 0};
    yao_bytes kept;

    (void)state;
    assert_status(yao_arena_keep(&arena, (yao_bytes){source, 2}, &kept),
                  YAO_OK);
    source[0] = 'x';
    assert_bytes(kept, YAO_LIT("ab"));
    assert_status(yao_arena_keep(&arena, (yao_bytes){NULL, 0}, &kept), YAO_OK);
    assert_int_equal(kept.len, 0);
}

int main(void)
{
    static size_t index[COUNT(arrays)];

    for (size_t i = 0; i < COUNT(arrays); i++) {
        index[i] = i;
        test_add("take_array", arrays[i].name, arrays_case, &index[i]);
    }
    test_add("take", "gives zeroed, aligned memory",
             gives_zeroed_aligned_memory, NULL);
    test_add("take", "gives NULL when full, and changes nothing",
             gives_null_when_full_and_changes_nothing, NULL);
    test_add("take", "gives memory back to a mark",
             gives_memory_back_to_a_mark, NULL);
    test_add("take", "refuses what has no memory", refuses_what_has_no_memory,
             NULL);
    test_add("keep", "gives YAO_E_SPACE until a copy fits",
             gives_space_error_until_a_copy_fits, NULL);
    test_add("keep", "gives a copy, not a view", gives_a_copy_not_a_view, NULL);
    return test_run("base/arena");
}
