/* SPDX-License-Identifier: Apache-2.0 */
/* The household booklet: whose page stands where, and whose stands nowhere. */
#include "person.h"

#include "issuance/issuance.h"

#define NOW INT64_C(1795348800)
#define SPACE "org.yaopai.household_booklet.1"

enum { MAX = 32 };

/* One member: relation to the head, sex, and what else stands in household. */
typedef struct member {
    const char *number, *name, *relation, *more;
} member;

#define HEAD {"12011919880808901X", "李示例", "02", ""}
#define WIFE {"120119199202299025", "王示例", "12", ""}
#define CHILD {"110119201206019092", "李小例", "21", ",\"shared\":true"}
#define PARENT {"11011819491001910X", "赵示例", "52", ""}

static const yao_json *make_member(const member *m)
{
    const yao_json *root;
    char            text[1024];
    int             sex = (m->number[16] - '0') % 2 != 0 ? 1 : 2;

    snprintf(text, sizeof text,
             "{\"number\":\"%s\",\"name\":\"%s\",\"sex\":%d,"
             "\"ethnicity\":\"01\",\"birth_date\":\"%.4s-%.2s-%.2s\","
             "\"household\":{\"number\":\"H1\",\"kind\":\"10\","
             "\"head_name\":\"李示例\",\"address\":\"示例路\","
             "\"relation\":\"%s\",\"religion\":\"无\","
             "\"register_date\":\"2016-09-01\"%s}}",
             m->number, m->name, sex, m->number + 6, m->number + 10,
             m->number + 12, m->relation, m->more);
    yao_bytes kept;
    assert_status(
        yao_arena_keep(test_arena(), yao_text_bytes(yao_text_of(text)), &kept),
        YAO_OK);
    assert_status(yao_json_parse(test_arena(), kept, &root), YAO_OK);
    return root;
}

static yao_status make(const member *members, size_t count, size_t holder,
                       yao_issuance_document *ret)
{
    const yao_json    *records[MAX];
    yao_issuance_input input = {0};
    yao_problems       problems;

    assert_true(count <= MAX);
    for (size_t i = 0; i < count; i++)
        records[i] = make_member(&members[i]);
    input.catalogue = yao_catalogue_shipped();
    input.definition =
        yao_document_by_name(input.catalogue, YAO_TEXT("household_booklet"));
    input.person       = records[holder];
    input.members      = records;
    input.member_count = count;
    input.now          = NOW;
    input.level        = 3;
    return yao_issuance_build(test_arena(), &input, &problems, ret);
}

/* What stands on page PAGE: the name on it, and how many elements. */
static size_t count_page(const yao_issuance_document *d, unsigned page,
                         yao_text *name)
{
    char   space[64];
    size_t count = 0;

    *name = (yao_text){NULL, 0};
    snprintf(space, sizeof space, SPACE ".m%02u", page);
    for (size_t i = 0; i < d->element_count; i++) {
        if (!yao_text_equal(d->elements[i].name_space, yao_text_of(space)))
            continue;
        count++;
        if (yao_text_equal(d->elements[i].element, YAO_TEXT("name"))) {
            yao_cbor_reader r = yao_cbor_open(d->elements[i].value);
            *name             = yao_cbor_get_text(&r);
        }
    }
    return count;
}

enum { NONE = 0, OPEN = 2, WHOLE = 8 };

static const struct row {
    const char *name;
    size_t      holder;
    member      members[4];
    size_t      count;
    const char *names[5]; /* of page 1, 2, ... */
    size_t      sizes[5];
} rows[] = {
    {"gives the head the own page and what was shared",
     0,
     {HEAD, WIFE, CHILD, PARENT},
     4,
     {"李示例", NULL, "李小例", NULL, NULL},
     {WHOLE, NONE, WHOLE, NONE, NONE}},
    {"gives the wife her own page first, the head's open part second",
     1,
     {HEAD, WIFE, CHILD, PARENT},
     4,
     {"王示例", "李示例", "李小例", NULL},
     {WHOLE, OPEN, WHOLE, NONE, NONE}},
    {"gives the parent the head's open part as another's",
     3,
     {HEAD, WIFE, CHILD, PARENT},
     4,
     {"赵示例", NULL, "李示例", "李小例", NULL},
     {WHOLE, NONE, OPEN, WHOLE, NONE}},
    {"gives the spouse's page when it is shared",
     0,
     {HEAD, {"120119199202299025", "王示例", "12", ",\"shared\":true"}},
     2,
     {"李示例", "王示例", NULL},
     {WHOLE, WHOLE, NONE, NONE, NONE}},
    {"gives a spouse who is named, not derived",
     0,
     {{"11011819491001910X", "赵示例", "52",
       ",\"spouse\":\"110118194910019097\""},
      {"110118194910019097", "李老例", "51", ",\"shared\":true"},
      HEAD},
     3,
     {"赵示例", "李老例", "李示例", NULL},
     {WHOLE, WHOLE, OPEN, NONE, NONE}},
    {"never shares what says no",
     0,
     {HEAD, {"120119199202299025", "王示例", "12", ",\"shared\":false"}},
     2,
     {"李示例", NULL},
     {WHOLE, NONE, NONE, NONE, NONE}},
    {"never takes another value than true for sharing",
     0,
     {HEAD, {"120119199202299025", "王示例", "12", ",\"shared\":1"}},
     2,
     {"李示例", NULL},
     {WHOLE, NONE, NONE, NONE, NONE}},
    {"gives one who lives alone one page",
     0,
     {HEAD},
     1,
     {"李示例", NULL},
     {WHOLE, NONE, NONE, NONE, NONE}},
};

static void check_pages(void **state)
{
    const struct row     *r = *state;
    yao_issuance_document d;
    int64_t               members;

    assert_status(make(r->members, r->count, r->holder, &d), YAO_OK);
    for (unsigned page = 1; page <= 5; page++) {
        yao_text name;

        assert_int_equal(count_page(&d, page, &name), r->sizes[page - 1]);
        if (r->names[page - 1] != NULL)
            assert_bytes(yao_text_bytes(name),
                         yao_text_bytes(yao_text_of(r->names[page - 1])));
    }
    assert_status(
        yao_json_int(yao_json_get(d.claims, "members_count"), &members),
        YAO_OK);
    assert_int_equal(members, r->count);
}

static void writes_pages_as_claims(void **state)
{
    static const member   members[] = {HEAD, WIFE, CHILD};
    yao_issuance_document d;

    (void)state;
    assert_status(make(members, 3, 1, &d), YAO_OK);
    const yao_json *own  = yao_json_get(d.claims, "m01");
    const yao_json *head = yao_json_get(d.claims, "m02");
    assert_true(yao_json_is(yao_json_get(own, "name"), "王示例"));
    assert_true(yao_json_is(yao_json_get(head, "name"), "李示例"));
    assert_int_equal(head->count, 2);
    assert_non_null(yao_json_get(d.claims, "m03"));
    assert_null(yao_json_get(d.claims, "m04"));
}

static void counts_the_person_once(void **state)
{
    static const member   members[] = {HEAD};
    yao_issuance_document d;
    const yao_json       *record = make_member(&members[0]);
    yao_issuance_input    input  = {0};
    yao_problems          problems;

    (void)state;
    input.catalogue = yao_catalogue_shipped();
    input.definition =
        yao_document_by_name(input.catalogue, YAO_TEXT("household_booklet"));
    input.person = record;
    input.now    = NOW;
    input.level  = 3;
    assert_status(yao_issuance_build(test_arena(), &input, &problems, &d),
                  YAO_OK);
    assert_true(yao_text_equal(yao_json_get(d.claims, "members_count")->raw,
                               YAO_TEXT("1")));
}

static void refuses_strangers(void **state)
{
    const yao_json       *records[2];
    yao_issuance_document d;
    yao_issuance_input    input = {0};
    yao_problems          problems;
    static const member   head = HEAD;

    (void)state;
    records[0]      = make_member(&head);
    records[1]      = person_changed("", "");
    input.catalogue = yao_catalogue_shipped();
    input.definition =
        yao_document_by_name(input.catalogue, YAO_TEXT("household_booklet"));
    input.person       = records[0];
    input.members      = records;
    input.member_count = 2;
    input.now          = NOW;
    input.level        = 3;
    assert_status(yao_issuance_build(test_arena(), &input, &problems, &d),
                  YAO_E_MISMATCH);
    records[1] = NULL; /* an absent record is of no household */
    assert_status(yao_issuance_build(test_arena(), &input, &problems, &d),
                  YAO_E_MISMATCH);
}

/* Every member shares: pages up to 30, and not one more. */
static void refuses_too_many(void **state)
{
    static char           numbers[MAX][19];
    member                members[MAX];
    yao_issuance_document d;

    (void)state;
    for (int i = 0; i < MAX; i++) {
        snprintf(numbers[i], sizeof numbers[i], "1201191988080890%d", 10 + i);
        members[i] = (member){numbers[i], "李示例", "99", ",\"shared\":true"};
        yao_text seventeen = {(const uint8_t *)numbers[i], 17};
        numbers[i][16]     = (char)('0' + i % 10);
        numbers[i][15]     = (char)('0' + i / 10);
        numbers[i][17]     = yao_citizen_check(seventeen);
        numbers[i][18]     = '\0';
    }
    /* pages 1 and 3 to 22 of 21 elements each fill most of a document */
    assert_status(make(members, 32, 0, &d), YAO_E_LIMIT);
    assert_status(make(members, 20, 0, &d), YAO_OK);
    assert_true(d.element_count < YAO_MAX_ELEMENTS);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("pages", rows[i].name, check_pages, &rows[i]);
    test_add("pages", "gives claims below m01, m02", writes_pages_as_claims,
             NULL);
    test_add("pages", "gives the person once", counts_the_person_once, NULL);
    test_add("pages", "refuses members of another household", refuses_strangers,
             NULL);
    test_add("pages", "refuses a household without end", refuses_too_many,
             NULL);
    return test_run("issuance/pages");
}
