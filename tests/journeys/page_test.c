/* SPDX-License-Identifier: Apache-2.0 */
/** An authority vouches for web pages: what it writes down, what it refuses, and
 *  what others find (docs/formats/page-bundle.md). */

#include "audit/audit.h"
#include "token.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/files.h"
#include "app/pages.h"
#include "journey.h"

#define PUBLISH "audit publish -C @/a --page @/page --statement @/said.json"
#define KEY "--key @/a/certificates/log.txt"

static void write_file(const char *name, const char *text)
{
    assert_status(yao_file_write(test_scratch_path(name),
                                 yao_text_bytes(yao_text_of(text)), 0600,
                                 false),
                  YAO_OK);
}

static yao_bytes read_file(const char *name)
{
    yao_bytes file, kept;

    assert_status(yao_file_read(test_scratch_path(name), 1024 * 1024, &file),
                  YAO_OK);
    assert_status(yao_arena_keep(test_arena(), file, &kept), YAO_OK);
    yao_file_free(&file);
    return kept;
}

static const char *hex_of(const char *text)
{
    static char hex[2 * YAO_SHA256_LEN + 1];
    uint8_t     hash[YAO_SHA256_LEN];
    yao_bytes   bytes = yao_text_bytes(yao_text_of(text));

    assert_status(test_crypto()->hash(test_crypto()->ctx, YAO_SHA256, &bytes,
                                      1, hash),
                  YAO_OK);
    yao_writer w = yao_writer_open((uint8_t *)hex, sizeof hex - 1);
    yao_put_hex(&w, (yao_bytes){hash, sizeof hash});
    return hex;
}

/* A page of one file that says TEXT, in a list that says NAME and PATH. */
static void make_page_so(const char *text, const char *name, const char *path)
{
    char list[512];

    write_file("page/app.js", text);
    snprintf(list, sizeof list,
             "{\n \"page\": \"%s\",\n \"files\": {\n  \"%s\": \"%s\"\n }\n}\n",
             name, path, hex_of(text));
    write_file("page/cache.json", list);
}

static void make_page(const char *text)
{
    make_page_so(text, "wallet", "/app.js");
}

static void prepare(void **state)
{
    (void)state;
    write_file("passphrase", "a test's passphrase");
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("passphrase"), 1);
    test_must("authority init --demo -C @/a", 0);
    assert_status(yao_folder_make(test_scratch_path("page"), 0700), YAO_OK);
}

static void vouches(void **state)
{
    (void)state;
    make_page("one");
    test_must(PUBLISH " --json", 0);
    test_says("\"version\":1,");
    test_says("\"new\":true");
    test_must(PUBLISH " --json", 0); /* it is said already */
    test_says("\"version\":1,");
    test_says("\"new\":false");
    make_page("two");
    test_must(PUBLISH " --json", 0);
    test_says("\"version\":2,");
    make_page("one"); /* meant to be gone back to: a version like any other */
    test_must(PUBLISH " --json", 0);
    test_says("\"version\":3,");
    make_page_so("one", "desk", "/app.js"); /* pages count by themselves */
    test_must(PUBLISH " --json", 0);
    test_says("\"version\":1,");
    test_must("audit publish -C @/a --page @/page", 0);
}

/* The core takes the statement, as a page's worker asks it. */
static void others_check(void **state)
{
    yao_bytes         statement = read_file("said.json");
    yao_bytes         list = read_file("page/cache.json");
    yao_audit_wanted  wanted = {YAO_TEXT("desk"), list, NULL};
    yao_audit_pending p;
    yao_audit_page    page;

    (void)state;
    assert_status(yao_audit_page_begin(test_arena(), test_crypto(), statement,
                                       NULL, &p),
                  YAO_OK);
    assert_status(test_crypto()->verify(test_crypto()->ctx, p.note.checks,
                                        p.note.check_count),
                  YAO_OK);
    assert_status(yao_audit_page_conclude(test_arena(), test_crypto(), &p,
                                          &wanted, &page),
                  YAO_OK);
    assert_int_equal(page.version, 1);
    wanted.page = YAO_TEXT("wallet");
    assert_status(yao_audit_page_conclude(test_arena(), test_crypto(), &p,
                                          &wanted, &page),
                  YAO_E_MISMATCH);
}

/* What a server tells its operator. */
static void server_checks(void **state)
{
    const app_pages pages = {.folder    = test_scratch_path("page"),
                             .statement = test_scratch_path("said.json")};
    const app_pages none = {.folder    = "",
                            .statement = test_scratch_path("said.json")};

    (void)state;
    assert_status(app_pages_check(&pages, test_crypto()), YAO_OK);
    assert_status(app_pages_check(&none, test_crypto()), YAO_OK);
    make_page_so("two", "desk", "/app.js");
    assert_status(app_pages_check(&pages, test_crypto()),
                  YAO_E_NOT_AUTHORISED);
    make_page_so("one", "wallet", "/app.js");
    assert_status(app_pages_check(&pages, test_crypto()), YAO_E_MISMATCH);
    assert_int_equal(remove(test_scratch_path("page/cache.json")), 0);
    assert_status(app_pages_check(&pages, test_crypto()), YAO_E_FILE);
    assert_int_equal(remove(test_scratch_path("said.json")), 0);
    assert_status(app_pages_check(&pages, test_crypto()), YAO_OK);
}

/* ---- what is refused ----------------------------------------------------- */

static void refuses_pages(void **state)
{
    (void)state;
    make_page("three");
    write_file("page/app.js", "another");
    test_must(PUBLISH, 3);
    test_says("app.js");
    make_page_so("three", "wallet", "/../a/keys/log.pem");
    test_must(PUBLISH, 3);
    make_page_so("three", "wallet", "app.js");
    test_must(PUBLISH, 3);
    make_page_so("three", "Wallet", "/app.js");
    test_must(PUBLISH, 3);
    make_page_so("three", "wallet", "/none.js");
    test_must(PUBLISH, 7);
    write_file("page/cache.json", "{\"page\":\"wallet\"}");
    test_must(PUBLISH, 3);
    write_file("page/cache.json", "{\"page\":\"wallet\",\"files\":[]}");
    test_must(PUBLISH, 2);
    write_file("page/cache.json", "no list");
    test_must(PUBLISH, 2);
    test_must("audit publish -C @/a --page @/nowhere", 7);
    test_must("audit publish -C @/a --statement @/said.json", 1);
    test_must("audit publish -C @/a --page @/page --output @/log", 1);
    test_must("audit verify --ledger @/a --pages --json", 0);
    test_says("\"size\":4,"); /* nothing of that is in the log */
}

/* ---- who looks ----------------------------------------------------------- */

static void lists_pages(void **state)
{
    (void)state;
    test_must("audit publish -C @/a --output @/log", 0);
    test_must("audit verify @/log " KEY " --pages --witness @/seen", 0);
    test_says("wallet 3  2");
    test_says("desk 1  3");
    test_must("audit verify @/log " KEY " --pages --json", 0);
    test_says("{\"page\":\"wallet\",\"version\":2,\"index\":1,");
}

/* The lines of `pages` without line SKIP, or with another version in it. */
static void serve_lines(size_t skip, bool spoil)
{
    yao_bytes all  = read_file("all");
    yao_bytes kept = {all.ptr, 0}, line;
    yao_bytes some = {NULL, 0};

    for (size_t i = 0; yao_tlog_line(&all, &line); i++) {
        yao_bytes whole = {line.ptr, line.len + 1};

        if (i == skip && spoil) {
            char *version = strstr((char *)(uintptr_t)line.ptr, "version");
            assert_non_null(version);
            version[10] = '9'; /* of version\":N */
        } else if (i == skip) {
            whole.len = 0;
        }
        some = test_join((yao_bytes[]){i == 0 ? kept : some, whole, {0}});
    }
    assert_status(yao_file_write(test_scratch_path("log/pages"), some, 0600,
                                 false),
                  YAO_OK);
}

static void finds_hidden(void **state)
{
    (void)state;
    yao_bytes all = read_file("log/pages");
    assert_status(yao_file_write(test_scratch_path("all"), all, 0600, false),
                  YAO_OK);
    for (size_t i = 0; i < 4; i++) {
        serve_lines(i, false);
        test_must("audit verify @/log " KEY " --pages --json", 3);
        test_says("PAGE_HIDDEN");
        serve_lines(i, true);
        test_must("audit verify @/log " KEY " --pages --witness @/seen", 3);
    }
    serve_lines(4, false); /* all of them */
    test_must("audit verify @/log " KEY " --pages", 0);
    assert_int_equal(remove(test_scratch_path("log/pages")), 0);
    test_must("audit verify @/log " KEY " --pages", 5);
    test_must("audit verify @/log " KEY, 0); /* who does not ask for pages */
}

/* A log in which there is no page, and beside it those of another. */
static void finds_invented(void **state)
{
    static const char verify[] =
        "audit verify @/none --key @/c/certificates/log.txt --pages";
    yao_bytes all = read_file("all");

    (void)state;
    test_must("authority init --demo -C @/c", 0);
    test_must("kiosk add -C @/c --name SPECIMEN", 0); /* a leaf */
    test_must("audit publish -C @/c --output @/none", 0);
    test_must(verify, 0);
    assert_status(yao_file_write(test_scratch_path("none/pages"), all, 0600,
                                 false),
                  YAO_OK);
    test_must(verify, 3);
    assert_int_equal(remove(test_scratch_path("none/pages")), 0);
    test_must(verify, 0); /* an older log has no such file */
}

/* A log's new key: the same page is said anew, so that it names the key. */
static void new_key(void **state)
{
    (void)state;
    make_page("four");
    test_must(PUBLISH " --json", 0);
    test_says("\"version\":4,");
    test_must("authority init --demo -C @/b", 0);
    assert_int_equal(rename(test_scratch_path("a/keys/log.pem"),
                            test_scratch_path("a/keys/log1.pem")),
                     0);
    assert_int_equal(rename(test_scratch_path("b/keys/log.pem"),
                            test_scratch_path("a/keys/log.pem")),
                     0);
    yao_bytes ini = read_file("a/authority.ini");
    yao_bytes both =
        test_join((yao_bytes[]){ini,
                                YAO_LIT("\n[log]\nprevious_key = "
                                        "file:keys/log1.pem\n"),
                                {0}});
    assert_status(yao_file_write(test_scratch_path("a/authority.ini"), both,
                                 0600, false),
                  YAO_OK);
    test_must(PUBLISH " --json", 0);
    test_says("\"version\":5,");
    test_says("\"new\":true");
    test_must(PUBLISH " --json", 0);
    test_says("\"new\":false");
}

int main(void)
{
    test_add("page", "prepares", prepare, NULL);
    test_add("page", "gives each bundle a version of its own, once", vouches,
             NULL);
    test_add("page", "gives a statement that the core takes", others_check,
             NULL);
    test_add("page", "gives a server what its operator has to know",
             server_checks, NULL);
    test_add("page", "refuses folders that are no page, or another",
             refuses_pages, NULL);
    test_add("page", "gives who looks a list of the pages", lists_pages, NULL);
    test_add("page", "refuses a log that hides a page", finds_hidden, NULL);
    test_add("page", "refuses pages beside a log that has none",
             finds_invented, NULL);
    test_add("page", "gives the keys that come with a new entry", new_key,
             NULL);
    int code = test_run("journeys/page");
    test_scratch_remove();
    return code;
}
