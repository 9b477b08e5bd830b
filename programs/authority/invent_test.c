/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/invent.h"

#include "check.h"
#include "document/document.h"

static const yao_date today = {2026, 1, 1};

/* Every record of COUNT people; EACH may look at it. */
static void all(uint64_t seed, size_t count,
                void (*each)(size_t at, const yao_json *record, void *ctx),
                void *ctx)
{
    invention *inv;
    yao_bytes  text;
    size_t     at = 0;

    assert_status(invent_open(seed, count, &inv), YAO_OK);
    for (;; at++) {
        size_t          mark = test_arena()->used;
        const yao_json *record;
        yao_status      status = invent_next(inv, test_arena(), &text);
        if (status == YAO_E_NOT_FOUND)
            break;
        assert_status(status, YAO_OK);
        assert_status(yao_json_parse(test_arena(), text, &record), YAO_OK);
        each(at, record, ctx);
        test_arena()->used = mark;
    }
    assert_int_equal(at, count);
    invent_close(inv);
}

static yao_text text(const yao_json *object, const char *name)
{
    yao_text value = {NULL, 0};

    assert_status(
        yao_json_string(yao_json_get(object, name), test_arena(), &value),
        YAO_OK);
    return value;
}

/* ---- valid, without even a warning ---- */

static void check_record(size_t at, const yao_json *record, void *ctx)
{
    yao_problems *problems = yao_arena_take(test_arena(), sizeof *problems);

    (void)at;
    (void)ctx;
    yao_status status = yao_document_check_record(
        test_arena(), yao_catalogue_shipped(), record, today, problems);
    if (problems->count > 0)
        print_error("%.*s: %s\n", (int)problems->items[0].where.len,
                    (const char *)problems->items[0].where.ptr,
                    yao_reason_name(problems->items[0].reason));
    assert_status(status, YAO_OK);
    assert_int_equal(problems->count, 0);
}

static void gives_valid_people(void **state)
{
    (void)state;
    all(1, 2000, check_record, NULL);
    all(999999999999999999, 500, check_record, NULL);
}

/* ---- fictitious ---- */

static void check_fictitious(size_t at, const yao_json *record, void *ctx)
{
    yao_text number = text(record, "number");

    (void)at;
    (void)ctx;
    assert_int_equal(number.ptr[14], '9');
    /* the divisions were made in 2014 or later */
    assert_true(memcmp(number.ptr + 6, "2013", 4) < 0);
    yao_text address = text(record, "address");
    bool     says    = false;
    for (size_t i = 0; i + 6 <= address.len; i++)
        says = says || memcmp(address.ptr + i, "示例", 6) == 0;
    assert_true(says);
    assert_true(yao_bytes_starts(yao_text_bytes(text(record, "portrait")),
                                 YAO_LIT("specimen-")));
}

static void never_real_people(void **state)
{
    (void)state;
    all(3, 1000, check_fictitious, NULL);
}

/* ---- the same, and different ---- */

static void add_up(size_t at, const yao_json *record, void *ctx)
{
    uint64_t *sum    = ctx;
    yao_text  number = text(record, "number");
    yao_text  home   = text(yao_json_get(record, "household"), "address");

    (void)at;
    for (size_t i = 0; i < number.len; i++)
        *sum = *sum * 31 + number.ptr[i];
    for (size_t i = 0; i < home.len; i++)
        *sum = *sum * 31 + home.ptr[i];
}

static void gives_same_for_seed(void **state)
{
    uint64_t a = 0, b = 0, c = 0;

    (void)state;
    all(5, 300, add_up, &a);
    all(5, 300, add_up, &b);
    all(6, 300, add_up, &c);
    assert_true(a == b);
    assert_true(a != c);
}

/* ---- households ---- */

typedef struct home {
    uint8_t  number[32];
    size_t   len;
    unsigned size, heads, spouses, smallest, largest;
    int64_t  head_sex;
} home;

static void end_home(home *h)
{
    if (h->size == 0)
        return;
    assert_int_equal(h->heads, 1);
    assert_true(h->spouses <= 1);
    if (h->size < h->smallest)
        h->smallest = h->size;
    if (h->size > h->largest)
        h->largest = h->size;
}

static void check_home(size_t at, const yao_json *record, void *ctx)
{
    home           *h         = ctx;
    const yao_json *household = yao_json_get(record, "household");
    yao_text        number    = text(household, "number");
    yao_text        relation  = text(household, "relation");
    int64_t         sex       = 0;

    (void)at;
    assert_status(yao_json_int(yao_json_get(record, "sex"), &sex), YAO_OK);
    if (number.len != h->len || memcmp(number.ptr, h->number, h->len) != 0) {
        end_home(h);
        h->len = number.len;
        memcpy(h->number, number.ptr, number.len);
        h->size = h->heads = h->spouses = 0;
        h->head_sex                     = sex;
    }
    h->size++;
    h->heads += yao_text_equal(relation, YAO_TEXT("02"));
    if (relation.ptr[0] == '1') {
        h->spouses++;
        assert_int_equal(sex, 3 - h->head_sex);
    }
}

static void gives_households(void **state)
{
    home h = {.smallest = 99};

    (void)state;
    all(8, 1500, check_home, &h);
    end_home(&h);
    assert_int_equal(h.smallest, 2);
    assert_int_equal(h.largest, 5);
}

/* ---- numbers ---- */

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, 18);
}

static void keep_number(size_t at, const yao_json *record, void *ctx)
{
    memcpy((uint8_t *)ctx + 18 * at, text(record, "number").ptr, 18);
}

static void never_same_number(void **state)
{
    enum { PEOPLE = 5000 };
    uint8_t *numbers = malloc(18 * PEOPLE);

    (void)state;
    all(11, PEOPLE, keep_number, numbers);
    qsort(numbers, PEOPLE, 18, compare);
    for (size_t i = 1; i < PEOPLE; i++)
        assert_memory_not_equal(numbers + 18 * (i - 1), numbers + 18 * i, 18);
    free(numbers);
}

static void gives_any_count(void **state)
{
    (void)state;
    for (size_t count = 1; count < 40; count++)
        all(count, count, check_record, NULL);
}

static void refuses_counts(void **state)
{
    invention *inv = NULL;

    (void)state;
    assert_status(invent_open(1, 0, &inv), YAO_E_USAGE);
    assert_status(invent_open(1, INVENT_MAX + 1, &inv), YAO_E_USAGE);
    assert_null(inv);
    invent_close(NULL);
}

static void refuses_small_arena(void **state)
{
    uint8_t    memory[64];
    yao_arena  small = {memory, sizeof memory, 0};
    invention *inv   = NULL;
    yao_bytes  text  = {NULL, 0};

    (void)state;
    assert_status(invent_open(1, 1, &inv), YAO_OK);
    assert_status(invent_next(inv, &small, &text), YAO_E_SPACE);
    assert_null(text.ptr);
    invent_close(inv);
}

int main(void)
{
    test_add("invent", "gives valid people, without a warning",
             gives_valid_people, NULL);
    test_add("invent", "never gives numbers or places of real people",
             never_real_people, NULL);
    test_add("invent", "gives the same people for the same seed",
             gives_same_for_seed, NULL);
    test_add("invent", "gives households of two to five with one head",
             gives_households, NULL);
    test_add("invent", "never gives a number twice", never_same_number, NULL);
    test_add("invent", "gives any count exactly", gives_any_count, NULL);
    test_add("invent", "refuses none and too many", refuses_counts, NULL);
    test_add("invent", "refuses an arena that is too small",
             refuses_small_arena, NULL);
    return test_run("authority/invent");
}
