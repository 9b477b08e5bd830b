/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One person with values that occur nowhere else. After everything that an
 * authority does with a person, none of them may stand in its folder in clear:
 * database, write-ahead log, settings; nor in what the program prints about
 * lines that it refuses.
 */

#include "check.h"
#include "image/image.h"
#include "program.h"
#include "store/store.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

static const char *const values[] = {
    "12011919880808901X",
    "卡纳里",
    "雀斑",
    "KANALI",
    "QUEBAN",
    "1988-08-08",
    "金丝雀巷987号",
    "CANARYID77",
    "CANARYDL77",
    "津C77Z7Y",
    "LTEST1A02R0000017",
    "CANARYENGINE",
    "120077700077",
    "CANARYPERMIT",
    "鹦鹉街654号",
    "CANARYHOUSE",
    "鸟类学家",
    "观鸟协会",
    "黄鹂教",
    "金丝雀牌QN1",
};

static const char record[] =
    "{\"number\":\"12011919880808901X\",\"name\":\"卡纳里雀斑\","
    "\"family_name\":\"卡纳里\",\"given_name\":\"雀斑\","
    "\"family_name_latin\":\"KANALI\",\"given_name_latin\":\"QUEBAN\","
    "\"sex\":1,\"ethnicity\":\"01\",\"birth_date\":\"1988-08-08\","
    "\"address\":\"金丝雀巷987号\",\"division\":\"120119\","
    "\"portrait\":\"canary.jpg\",\"identity_card\":{"
    "\"document_number\":\"CANARYID77\",\"issue_date\":\"2019-03-01\","
    "\"expiry_date\":\"2039-03-01\",\"authority\":\"示例\"},\"licence\":{"
    "\"document_number\":\"CANARYDL77\",\"classes\":\"C1\","
    "\"first_issue_date\":\"2016-08-22\",\"issue_date\":\"2022-08-22\","
    "\"expiry_date\":\"2032-08-22\",\"authority\":\"示例\","
    "\"file_number\":\"120077700077\",\"state\":\"A\"},\"vehicles\":[{"
    "\"plate\":\"津C77Z7Y\",\"plate_kind\":\"02\",\"type\":\"K33\","
    "\"use\":\"A\",\"brand_model\":\"金丝雀牌QN1\","
    "\"vin\":\"LTEST1A02R0000017\",\"engine_number\":\"CANARYENGINE\","
    "\"register_date\":\"2022-03-14\",\"issue_date\":\"2022-03-14\","
    "\"inspection_valid_until\":\"2032-03-31\",\"authority\":\"示例\","
    "\"state\":\"A\"}],\"residence\":{\"permit_number\":\"CANARYPERMIT\","
    "\"address\":\"鹦鹉街654号\",\"division\":\"440118\","
    "\"authority\":\"示例\",\"issue_date\":\"2024-01-02\","
    "\"endorsed_until\":\"2032-01-01\",\"state\":\"valid\"},\"household\":{"
    "\"number\":\"CANARYHOUSE\",\"kind\":\"10\",\"head_name\":\"卡纳里雀斑\","
    "\"address\":\"金丝雀巷987号\",\"relation\":\"02\","
    "\"religion\":\"黄鹂教\",\"employer\":\"观鸟协会\","
    "\"occupation\":\"鸟类学家\",\"register_date\":\"1988-09-01\"}}\n";

/* ---- files ---- */

static yao_bytes slurp(const char *path)
{
    static uint8_t *buffer;
    struct stat     st;
    FILE           *in = fopen(path, "rb");

    assert_non_null(in);
    assert_int_equal(fstat(fileno(in), &st), 0);
    buffer = realloc(buffer, (size_t)st.st_size + 1);
    assert_int_equal(fread(buffer, 1, (size_t)st.st_size, in), st.st_size);
    fclose(in);
    return (yao_bytes){buffer, (size_t)st.st_size};
}

static void write_file(const char *name, yao_bytes content)
{
    FILE *out = fopen(test_scratch_path(name), "wb");

    assert_non_null(out);
    assert_int_equal(fwrite(content.ptr, 1, content.len, out), content.len);
    fclose(out);
}

static bool holds(yao_bytes in, yao_bytes what)
{
    const uint8_t *end = in.ptr + in.len;

    for (const uint8_t *at = in.ptr; what.len <= (size_t)(end - at); at++) {
        at = memchr(at, what.ptr[0], (size_t)(end - at));
        if (at == NULL || what.len > (size_t)(end - at))
            return false;
        if (memcmp(at, what.ptr, what.len) == 0)
            return true;
    }
    return false;
}

/* The values that stand in INPUT, as they are or in hex. */
static size_t count_values(yao_bytes input, const char *where)
{
    size_t count = 0;

    for (size_t i = 0; i < COUNT(values); i++) {
        uint8_t    hex[128];
        yao_writer w     = yao_writer_open(hex, sizeof hex);
        yao_bytes  plain = yao_text_bytes(yao_text_of(values[i]));
        yao_put_hex(&w, plain);
        if (!holds(input, plain) && !holds(input, (yao_bytes){hex, w.len}))
            continue;
        if (where != NULL)
            print_error("%s: value %zu\n", where, i);
        count++;
    }
    return count;
}

/* Thirty-two bytes from the middle of the portrait as the register has it. */
static uint8_t face[32];

static size_t scan(const char *folder, size_t *files)
{
    DIR           *dir   = opendir(folder);
    size_t         found = 0;
    struct dirent *e;

    assert_non_null(dir);
    while ((e = readdir(dir)) != NULL) {
        char        path[4096];
        struct stat st;
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        assert_int_equal(stat(path, &st), 0);
        if (S_ISDIR(st.st_mode)) {
            found += scan(path, files);
            continue;
        }
        yao_bytes content = slurp(path);
        found += count_values(content, path);
        found += holds(content, (yao_bytes){face, sizeof face});
        ++*files;
    }
    closedir(dir);
    return found;
}

/* ---- the story ---- */

static void draw_portrait(void)
{
    static uint8_t memory[8 << 20], jpeg[65536];
    yao_arena      arena = {memory, sizeof memory, 0};
    yao_writer     w     = yao_writer_open(jpeg, sizeof jpeg);

    assert_status(image_draw_specimen(7, false, false, &arena, &w), YAO_OK);
    write_file("canary.jpg", (yao_bytes){jpeg, w.len});
}

static void take_face(void)
{
    assert_int_equal(test_type("person show -C @/a --portrait @/face.jpg "
                               "12011919880808901X")
                         ->code,
                     0);
    yao_bytes jpeg = slurp(test_scratch_path("face.jpg"));
    assert_true(jpeg.len > 4096);
    memcpy(face, jpeg.ptr + jpeg.len / 2, sizeof face);
    assert_true(holds(jpeg, (yao_bytes){face, sizeof face}));
}

static void never_in_clear(void **state)
{
    store      *s = NULL;
    char        url[4200];
    uint64_t    people = 0;
    size_t      files  = 0;
    struct stat st;

    (void)state;
    draw_portrait();
    write_file("canary.jsonl", yao_text_bytes(yao_text_of(record)));
    write_file("passphrase", YAO_LIT("a test's passphrase"));
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("passphrase"), 1);
    chmod(test_scratch_path("passphrase"), 0600);

    assert_int_equal(test_type("authority init --demo -C @/a")->code, 0);
    /* somebody who reads keeps the write-ahead log there */
    snprintf(url, sizeof url, "sqlite:%s",
             test_scratch_path("a/register/register.db"));
    assert_status(store_open(&(store_options){.url = url}, &s), YAO_OK);
    assert_status(store_count_persons(s, &people), YAO_OK);

    assert_int_equal(test_type("person import -C @/a @/canary.jsonl")->code, 0);
    take_face();
    assert_int_equal(test_type("wallet init -C @/w")->code, 0);
    assert_int_equal(test_type("document issue -C @/a --wallet @/w --copies 2 "
                               "--person 12011919880808901X")
                         ->code,
                     0);
    assert_int_equal(
        test_type("document list -C @/a --person 12011919880808901X")->code, 0);

    assert_int_equal(stat(test_scratch_path("a/register/register.db-wal"), &st),
                     0);
    assert_true(st.st_size > 0);
    assert_int_equal(scan(test_scratch_path("a"), &files), 0);
    assert_true(files > 10);
    assert_int_equal(scan(test_scratch_path("w"), &files), 0);
    store_close(s);
    assert_int_equal(scan(test_scratch_path("a"), &files), 0);
}

/* The scan can find: in the file that was imported all are there. */
static void gives_all_where_they_are(void **state)
{
    (void)state;
    assert_int_equal(
        count_values(slurp(test_scratch_path("canary.jsonl")), NULL),
        COUNT(values));
}

/* Each value made wrong in turn: what is told names the field, not the value.
 */
static void never_in_messages(void **state)
{
    FILE *out = fopen(test_scratch_path("bad.jsonl"), "wb");

    (void)state;
    assert_non_null(out);
    for (size_t i = 0; i < COUNT(values); i++) {
        const char *at = strstr(record, values[i]);
        assert_non_null(at);
        fprintf(out, "%.*s\\u0007%s", (int)(at - record + 1), record, at + 1);
    }
    fprintf(out, "%s", record);       /* registered already */
    fprintf(out, "%.300s\n", record); /* cut */
    fclose(out);
    const test_output *o = test_type("person import -C @/a @/bad.jsonl");
    assert_int_equal(o->code, 2);
    assert_true(o->len > 500);
    assert_int_equal(
        count_values((yao_bytes){(const uint8_t *)o->out, o->len}, "messages"),
        0);
    o = test_type("person show -C @/a 120119199202299025");
    assert_int_equal(o->code, 7);
    assert_false(test_said("120119199202299025"));
}

int main(void)
{
    test_add("privacy", "never leaves a value in clear in any file",
             never_in_clear, NULL);
    test_add("privacy", "gives every value where it does stand",
             gives_all_where_they_are, NULL);
    test_add("privacy", "never tells a value when it refuses one",
             never_in_messages, NULL);
    int code = test_run("authority/privacy");
    test_scratch_remove();
    return code;
}
