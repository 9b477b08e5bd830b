/* SPDX-License-Identifier: Apache-2.0 */

/** A wallet over its life: filled, filled again, killed in between, asked by
 *  those who may and those who may not. */

#include "check.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/files.h"
#include "app/pem.h"
#include "forge.h"
#include "json/json.h"
#include "journey.h"
#include "x509/x509.h"

#define ASK                                                                    \
    "wallet present -C @/w --profile hotel --format sd-jwt --nonce n "         \
    "--audience a --yes --reader @/"

static char issue_line[128];

/* ---- who asks ----------------------------------------------------------- */

static void write_certificate(const char *name, yao_bytes der)
{
    uint8_t    pem[4096];
    yao_writer w = yao_writer_open(pem, sizeof pem);

    yao_pem_put(&w, "CERTIFICATE", der);
    test_write(name, (yao_bytes){pem, w.len});
}

/* A reader of days FROM to UNTIL from now, called NAME. */
static void write_reader(const char *file, const yao_certificate *root,
                         int from, int until, const char *name)
{
    yao_x509_request q = forge_request(YAO_X509_READER, 1, root);
    forge            f;

    q.not_before   = yao_now() + from * YAO_TIME_DAY;
    q.not_after    = yao_now() + until * YAO_TIME_DAY;
    yao_bytes der  = forge_write(&q, 0);

    forge_open(&f, der);
    f.subject = forge_name("UT", NULL, name);
    write_certificate(file, forge_close(&f, forge_key(0)));
}

static void write_readers(void)
{
    yao_x509_request q = forge_request(YAO_X509_ROOT, 0, NULL);
    yao_certificate  root;

    q.not_before  = yao_now() - 100 * YAO_TIME_DAY;
    q.not_after   = yao_now() + 900 * YAO_TIME_DAY;
    yao_bytes der = forge_write(&q, 0);
    assert_status(yao_x509_read(der, &root), YAO_OK);
    write_certificate("registrar.pem", der);

    write_reader("good.pem", &root, -1, 30, "SPECIMEN inn");
    write_reader("expired.pem", &root, -30, -1, "SPECIMEN inn");
    write_reader("early.pem", &root, 1, 30, "SPECIMEN inn");
    write_reader("loud.pem", &root, -1, 30, "SPECIMEN \xe2\x80\xae inn");
    q.key = yao_openssl_key_public(forge_key(2));
    der   = forge_write(&q, 2); /* the same name, another key */
    assert_status(yao_x509_read(der, &root), YAO_OK);
    yao_x509_request leaf = forge_request(YAO_X509_READER, 1, &root);
    leaf.not_before       = yao_now() - YAO_TIME_DAY;
    leaf.not_after        = yao_now() + 30 * YAO_TIME_DAY;
    write_certificate("stranger.pem", forge_write(&leaf, 2));
}

/* ---- the beginning ------------------------------------------------------ */

static void prepare(void **state)
{
    yao_bytes       people;
    const yao_json *person;
    yao_text        number;

    (void)state;
    test_use_passphrase();
    test_write("other", YAO_LIT("correct horse batterz\n"));
    setenv("LC_ALL", "C", 1);
    write_readers();
    test_must("authority init --demo -C @/a", 0);
    test_must("person generate -C @/a --count 1 --seed 7 --out @/people.jsonl",
              0);
    test_must("person generate -C @/a --count 1 --seed 7", 0);
    test_must("wallet init -C @/w --registrar @/registrar.pem", 0);

    assert_status(yao_file_read(test_scratch_path("people.jsonl"), 65536,
                                &people), YAO_OK);
    while (people.len > 0 && people.ptr[people.len - 1] == '\n')
        people.len--;
    assert_status(yao_json_parse(test_arena(), people, &person), YAO_OK);
    assert_status(yao_json_string(yao_json_get(person, "number"), test_arena(),
                                  &number), YAO_OK);
    snprintf(issue_line, sizeof issue_line,
             "document issue -C @/a --wallet @/w --copies 2 --person %.*s",
             (int)number.len, (const char *)number.ptr);
    yao_file_free(&people);
    test_must(issue_line, 0);
}

static size_t count_files(const char *suffix)
{
    DIR                 *folder = opendir(test_scratch_path("w"));
    const struct dirent *entry;
    size_t               count = 0, end = strlen(suffix);

    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        size_t len = strlen(entry->d_name);

        count += len > end &&
                 strcmp(entry->d_name + len - end, suffix) == 0;
    }
    closedir(folder);
    return count;
}

/* What `wallet list --json` says; VALUE of the first identity card. */
static size_t list(const char *member, int64_t *value)
{
    const test_output *output = test_type("wallet list --json -C @/w");
    const yao_json    *root;
    size_t             count = 0;

    assert_int_equal(output->code, 0);
    assert_status(yao_json_parse(test_arena(),
                                 (yao_bytes){(const uint8_t *)output->out,
                                             output->len - 1}, &root), YAO_OK);
    const yao_json *all = yao_json_get(root, "documents");
    assert_non_null(all);
    for (const yao_json *d = all->first; d != NULL; d = d->next) {
        count++;
        if (value != NULL &&
            yao_json_is(yao_json_get(d, "document"), "resident_id") &&
            yao_json_is(yao_json_get(d, "format"), "sd-jwt-vc"))
            assert_status(yao_json_int(yao_json_get(d, member), value), YAO_OK);
    }
    return count;
}

/* ---- filled again ------------------------------------------------------- */

static void replaces(void **state)
{
    int64_t unspent = 0;
    size_t  before  = list(NULL, NULL);

    (void)state;
    assert_true(before >= 2);
    assert_int_equal(count_files(".sealed"), before + 1);
    test_must(ASK "good.pem", 0);
    list("unspent", &unspent);
    assert_int_equal(unspent, 1);

    test_must(issue_line, 0);
    assert_int_equal(list("unspent", &unspent), before);
    assert_int_equal(unspent, 2);
    assert_int_equal(count_files(".sealed"), before + 1);
}

static void sweeps(void **state)
{
    size_t before = list(NULL, NULL);

    (void)state;
    test_write("w/b-0123456789abcdef.sealed", YAO_LIT("x"));
    test_write("w/index.sealed.new", YAO_LIT("x"));
    test_write("w/note.txt", YAO_LIT("mine"));
    assert_int_equal(test_type("wallet list -C @/w --passphrase-file @/other")
                         ->code, 7);
    assert_int_equal(count_files(".sealed"), before + 2);
    assert_int_equal(list(NULL, NULL), before);
    assert_int_equal(count_files(".sealed"), before + 1);
    assert_int_equal(count_files(".new"), 0);
    assert_int_equal(count_files(".txt"), 1);
}

/* ---- killed ------------------------------------------------------------- */

static void kill_after(const char *line, long milliseconds)
{
    struct timespec wait  = {0, milliseconds * 1000000};
    pid_t           child = fork();
    int             status;

    assert_true(child >= 0);
    if (child == 0) {
        setpgid(0, 0);
        test_type(line);
        _exit(0);
    }
    setpgid(child, child);
    nanosleep(&wait, NULL);
    kill(-child, SIGKILL); /* the group: the program is its grandchild */
    while (waitpid(child, &status, 0) < 0)
        continue;
}

/* The lock of a killed process goes with it, a moment later. */
static void settle(void)
{
    test_patience patience = test_patience_begin();

    while (test_type("wallet list -C @/w")->code != 0 && test_wait(&patience))
        continue;
}

static void survives(void **state)
{
    size_t before = list(NULL, NULL);

    (void)state;
    for (long round = 0; round < 6; round++) {
        kill_after(round % 2 == 0 ? issue_line : ASK "good.pem",
                   20 + round * 49);
        settle();
        assert_int_equal(list(NULL, NULL), before);
        assert_int_equal(count_files(".sealed"), before + 1);
        assert_int_equal(count_files(".new"), 0);
        test_must("wallet show -C @/w resident_id", 0);
    }
    test_must(issue_line, 0);
    test_must(ASK "good.pem", 0);
}

/* ---- asked -------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *line;
    int         code;
    const char *says;
} lines[] = {
    {"accepts a reader whom the registrar vouches for", ASK "good.pem", 0,
     "SPECIMEN inn asks for"},
    {"refuses a reader whose certificate has expired", ASK "expired.pem", 3,
     "no longer valid"},
    {"refuses a reader whose certificate is not valid yet", ASK "early.pem", 3,
     "not valid yet"},
    {"refuses a reader of somebody with the registrar's name",
     ASK "stranger.pem", 3, "show nothing"},
    {"refuses a registrar as a reader", ASK "registrar.pem", 3,
     "show nothing"},
    {"refuses a profile that was not registered",
     "wallet present -C @/w --profile age --format sd-jwt --nonce n "
     "--audience a --yes --reader @/good.pem", 3, "did not register"},
    {"never shows without a yes",
     "wallet present -C @/w --profile hotel --format sd-jwt --nonce n "
     "--audience a --reader @/good.pem", 3, "you did not agree"},
    {"accepts nobody when the holder says so",
     "wallet present -C @/w --profile hotel --format sd-jwt --nonce n "
     "--audience a --yes --unidentified", 0, "eyJ"},
};

static void asked(void **state)
{
    size_t             i      = *(const size_t *)*state;
    const test_output *output = test_type(lines[i].line);

    if (output->code != lines[i].code || !test_said(lines[i].says))
        print_message("%s\n", output->out);
    assert_int_equal(output->code, lines[i].code);
    assert_true(test_said(lines[i].says));
    if (output->code != 0)
        assert_false(test_said("eyJ"));
}

static void quiet(void **state)
{
    (void)state;
    test_must(ASK "loud.pem", 0);
    assert_false(test_said("\xe2\x80\xae"));
    assert_true(test_said("SPECIMEN ? inn asks for"));
    test_must("wallet history -C @/w", 0);
    assert_false(test_said("\xe2\x80\xae"));
    assert_true(test_said("SPECIMEN ? inn"));
}

/* Counted before it is handed over: a copy that may have been seen is never
 * taken for a fresh one. */
static void spends_first(void **state)
{
    int64_t before = 0, after = 0;

    (void)state;
    test_must(issue_line, 0);
    list("unspent", &before);
    assert_int_equal(test_type(ASK "good.pem --output @/no/where")->code, 7);
    assert_true(test_said("the copies are spent"));
    list("unspent", &after);
    assert_int_equal(after, before - 1);

    test_must(ASK "good.pem --output @/shown.txt", 0);
    list("unspent", &after);
    assert_int_equal(after, before - 2);
    test_must(ASK "good.pem", 0);
    assert_true(test_said("shown before"));
}

int main(void)
{
    static size_t numbers[COUNT(lines)];

    test_add("wallet", "accepts what an authority issues", prepare, NULL);
    test_add("wallet", "gives up what was issued before", replaces, NULL);
    test_add("wallet", "removes what a kill left, and nothing else", sweeps,
             NULL);
    for (size_t i = 0; i < COUNT(lines); i++) {
        numbers[i] = i;
        test_add("asked", lines[i].name, asked, &numbers[i]);
    }
    test_add("asked", "never turns the writing for the name of who asks", quiet,
             NULL);
    test_add("asked", "gives N342: a copy away before it is shown",
             spends_first, NULL);
    test_add("killed", "gives back N341: whole batches after every kill",
             survives, NULL);

    int code = test_run("journeys/wallet");
    test_scratch_remove();
    return code;
}
