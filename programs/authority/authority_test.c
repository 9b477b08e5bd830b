/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The authority as its clerk knows it: commands in their order, what each
 * gives, what it says. Then what lies in its folder and must not be believed.
 */

#include "authority/people.h"

#include "app/files.h"
#include "app/pem.h"
#include "x509/reader.h"
#include "app/specimen.h"
#include "check.h"
#include "program.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- commands, one after another ---- */

#define HOTEL "91330114MAC000017N"
#define PERSON "12011919880808901X"
#define MINOR "110119201206019092"

static const struct {
    const char *name;
    const char *line;
    int         code;
    const char *says; /* NULL: whatever */
} story[] = {
    {"refuses a folder without an authority", "person count -C @/a", 7,
     "there is no authority in this folder"},
    {"refuses a name that is too long",
     "authority init -C @/a --name "
     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
     1, "at most 40 letters"},
    {"gives an authority, where nothing was left behind",
     "authority init -C @/a --demo", 0, "authority.ini"},
    {"refuses to make it again", "authority init -C @/a --demo", 3,
     "in the folder already"},
    {"gives another one", "authority init -C @/b --demo --json", 0,
     "{\"done\":true}"},
    {"gives one in earnest", "authority init -C @/e --name 'In earnest'", 0,
     NULL},
    {"gives an empty register", "person count -C @/a", 0, "0\n"},
    {"gives an empty register as JSON", "person count --json -C @/a", 0,
     "{\"people\":0}"},

    {"refuses a code with a wrong check letter",
     "party register -C @/a --code 91330114MAC000017M --name x --profile hotel",
     3, "--code"},
    {"refuses a profile that is none",
     "party register -C @/a --code " HOTEL " --name x --profile palace", 3,
     "there is no such profile"},
    {"refuses a profile twice",
     "party register -C @/a --code " HOTEL
     " --name x --profile age --profile age",
     2, "once"},
    {"refuses a name of 41 letters",
     "party register -C @/a --code " HOTEL " --profile hotel --name "
     "12345678901234567890123456789012345678901",
     3, "--name"},
    {"refuses an empty name",
     "party register -C @/a --code " HOTEL " --profile hotel --name ''", 3,
     "--name"},
    {"refuses to keep longer than the profiles allow",
     "party register -C @/a --code " HOTEL
     " --name x --profile hotel --retention 366",
     3, "longer than"},
    {"refuses no profile", "party register -C @/a --code " HOTEL " --name x", 1,
     NULL},
    {"gives an empty list of parties", "party list -C @/a", 0,
     "No relying party"},
    {"gives a party",
     "party register -C @/a --code " HOTEL
     " --name 示例酒店 --profile hotel --profile age --retention 30",
     0, HOTEL},
    {"refuses it twice",
     "party register -C @/a --code " HOTEL " --name x --profile hotel", 3,
     "registered"},
    {"gives the list, and certificates", "party list --json -C @/a --out @/c",
     0, "\"profiles\":\"hotel,age\""},
    {"gives a suspension", "party suspend -C @/a " HOTEL, 0, "suspended"},
    {"refuses a second one", "party suspend -C @/a " HOTEL, 7, "already"},
    {"gives it back", "party suspend --lift -C @/a " HOTEL, 0, "may ask"},
    {"refuses to suspend a stranger", "party suspend -C @/a 12330100MB00000X0H",
     7, "no such party"},

    {"gives people in a file", "person generate --count 3 --seed 1 --out @/p",
     0, NULL},
    {"gives fictitious people", "person generate --count 3 --seed 1 -C @/a", 0,
     "3 people"},
    {"refuses the same people again",
     "person generate --count 3 --seed 1 -C @/a", 3, "another --seed"},
    {"refuses fictitious people where it is in earnest",
     "person generate --count 3 -C @/e", 3, "in earnest"},
    {"refuses a seed that is no number",
     "person generate --count 3 --seed x -C @/a", 1, "not a number"},
    {"refuses no people", "person generate --count 0 -C @/a", 1, NULL},
    {"gives the ten of the demo", "person import -C @/a @/people.jsonl", 0,
     "10 imported, 0 refused"},
    {"refuses a file that is not there", "person import -C @/a @/none.jsonl", 7,
     "none.jsonl"},
    {"refuses a format that is none",
     "person import --format xml -C @/a @/people.jsonl", 1,
     "there is no such format"},
    {"gives how many there are", "person count -C @/a", 0, "13\n"},
    {"gives a person", "person show -C @/a " PERSON, 0, "李示例"},
    {"gives codes with their words", "person show --lang zh -C @/a " PERSON, 0,
     "小型轿车"},
    {"gives a portrait", "person show --portrait @/f.jpg -C @/a " PERSON, 0,
     NULL},
    {"refuses a number that nobody has",
     "person show -C @/a 120119199202299009", 7, "nobody of this number"},
    {"refuses part of a number", "person show -C @/a 1201191988", 7,
     "nobody of this number"},

    {"refuses a wallet that is not there",
     "document issue -C @/a --person " PERSON " --wallet @/none", 7,
     "there is no wallet"},
    {"gives a wallet", "wallet init -C @/w", 0, NULL},
    {"refuses a document that is none",
     "document issue -C @/a --person " PERSON " --wallet @/w --document crown",
     1, "there is no such document"},
    {"refuses 65 copies",
     "document issue -C @/a --person " PERSON " --wallet @/w --copies 65", 1,
     NULL},
    {"refuses a person who is nobody",
     "document issue -C @/a --person 120119199202299009 --wallet @/w", 7,
     "nobody of this number"},
    {"refuses a permit to a local",
     "document issue -C @/a --person " PERSON
     " --wallet @/w --document residence_permit",
     3, "not issued"},
    {"refuses the booklet to a child",
     "document issue -C @/a --person " MINOR
     " --wallet @/w --document household_booklet",
     3, "not issued"},
    {"refuses a health card to who has none",
     "document issue -C @/a --person " MINOR
     " --wallet @/w --document health_card",
     3, "not issued"},
    {"refuses 65 cards",
     "document issue -C @/a --person " PERSON " --wallet @/w --cards 65", 1,
     NULL},
    {"gives nothing in the ledger so far",
     "document list -C @/a --person " PERSON, 0, "Nothing was issued"},
    {"gives one document",
     "document issue -C @/a --person " PERSON
     " --wallet @/w --document resident_id --copies 2",
     0, "for age flight government hotel identity police road_check train"},
    {"gives everything, as JSON",
     "document issue --json -C @/a --person " PERSON " --wallet @/w --copies 1",
     0, "\"document\":\"vehicle_registration\",\"format\":\"sd-jwt-vc\""},
    {"gives the ledger", "document list -C @/a --person " PERSON, 0,
     "household_booklet  sd-jwt-vc  valid  1 copies"},
    {"gives the ledger by a small x",
     "document list --json -C @/a --person 12011919880808901x", 0,
     "\"resident_id\",\"format\":\"mdoc-issuer-signed\",\"profile\":\"\","
     "\"state\":\"valid\",\"copies\":2"},

    {"refuses to revoke nobody knows what",
     "document revoke -C @/a --reason lost", 1, "which document"},
    {"refuses to revoke by person alone",
     "document revoke -C @/a --reason lost --person " PERSON, 1,
     "which document"},
    {"refuses to revoke by both ways",
     "document revoke -C @/a --reason lost --person " PERSON
     " --document resident_id --id 00",
     1, "which document"},
    {"refuses to revoke without a reason",
     "document revoke -C @/a --person " PERSON " --document resident_id", 1,
     "--reason"},
    {"refuses a reason that is none",
     "document revoke -C @/a --reason whim --person " PERSON
     " --document resident_id",
     1, "no such reason"},
    {"refuses to revoke what nobody was issued",
     "document revoke -C @/a --reason lost --person " MINOR
     " --document resident_id",
     7, "no such document"},
    {"refuses to revoke an id that is none",
     "document revoke -C @/a --reason lost --id zz", 7, "no such document"},
    {"refuses to revoke an id of nobody",
     "document revoke -C @/a --reason lost --id "
     "00000000000000000000000000000000",
     7, "no such document"},
    {"refuses to restore what is not suspended",
     "document restore -C @/a --person " PERSON " --document resident_id", 3,
     "in that state already"},
    {"gives a suspension of all copies, as JSON",
     "document suspend --json -C @/a --reason investigation --person " PERSON
     " --document resident_id",
     0, "\"state\":\"suspended\",\"copies\":26,\"copies_state\":\"suspended\""},
    {"refuses a second suspension",
     "document suspend -C @/a --reason lost --person " PERSON
     " --document resident_id",
     3, "in that state already"},
    {"refuses to issue what is suspended",
     "document issue -C @/a --person " PERSON
     " --wallet @/w --document resident_id",
     3, "it is suspended"},
    {"gives it in the ledger", "document list -C @/a --person " PERSON, 0,
     "resident_id  sd-jwt-vc  suspended  2 copies"},
    {"gives it back",
     "document restore -C @/a --person " PERSON " --document resident_id", 0,
     ": valid, "},
    {"gives it again, since it is not suspended",
     "document issue -C @/a --person " PERSON
     " --wallet @/w --document resident_id --copies 1",
     0, "1 copies as sd-jwt-vc"},
    {"gives a revocation",
     "document revoke -C @/a --reason lost --person " PERSON
     " --document resident_id",
     0, ": revoked, 26 copies"},
    {"N129 refuses to restore what is revoked",
     "document restore -C @/a --person " PERSON " --document resident_id", 3,
     "a revocation is final"},
    {"N129 refuses to suspend what is revoked",
     "document suspend -C @/a --reason lost --person " PERSON
     " --document resident_id",
     3, "a revocation is final"},
    {"refuses to revoke twice",
     "document revoke -C @/a --reason lost --person " PERSON
     " --document resident_id",
     3, "revoked already"},
    {"gives it anew, since somebody must have one",
     "document issue -C @/a --person " PERSON
     " --wallet @/w --document resident_id --copies 1",
     0, "1 copies as sd-jwt-vc"},
    {"gives a licence's suspension as the end of its copies",
     "document suspend --json -C @/a --reason withdrawn --person " PERSON
     " --document driving_licence",
     0, "\"state\":\"suspended\",\"copies\":4,\"copies_state\":\"revoked\""},
    {"refuses to issue the licence meanwhile",
     "document issue -C @/a --person " PERSON
     " --wallet @/w --document driving_licence",
     3, "it is suspended"},
    {"gives the licence's suspension an end",
     "document restore -C @/a --person " PERSON " --document driving_licence",
     0, "issue it anew"},
    {"gives the licence anew",
     "document issue -C @/a --person " PERSON
     " --wallet @/w --document driving_licence --copies 1",
     0, "1 copies as mdoc"},
};

static void tell_story(void **state)
{
    size_t             row = (size_t)*state;
    const test_output *o   = test_type(story[row].line);

    if (o->code != story[row].code)
        print_error("%s\n", o->out);
    assert_int_equal(o->code, story[row].code);
    if (story[row].says != NULL && !test_said(story[row].says))
        print_error("%s\n", o->out);
    assert_true(story[row].says == NULL || test_said(story[row].says));
}

/* ---- what a reader certificate says ---- */

static void gives_reader_certificate(void **state)
{
    ca           root, reader;
    yao_text     none    = {NULL, 0};
    yao_report  *report  = yao_arena_take(test_arena(), sizeof *report);
    yao_openssl *openssl = yao_openssl_open();
    char         key[4200];

    (void)state;
    assert_status(ca_open(test_scratch_path("a/certificates/reader-root.pem"),
                          NULL, test_arena(), &root),
                  YAO_OK);
    snprintf(key, sizeof key, "file:%s",
             test_scratch_path("a/parties/" HOTEL "/reader-key.pem"));
    assert_status(ca_open(test_scratch_path("c/" HOTEL ".pem"), key,
                          test_arena(), &reader),
                  YAO_OK);
    assert_true(yao_reader_allows(&reader.certificate, YAO_TEXT("hotel")));
    assert_true(yao_reader_allows(&reader.certificate, YAO_TEXT("age")));
    assert_false(yao_reader_allows(&reader.certificate, YAO_TEXT("police")));

    yao_anchor    anchor = {.role        = YAO_ROLE_READER,
                            .certificate = root.certificate.der};
    yao_x509_path path;
    assert_status(yao_x509_find_path(&reader.certificate.der, 1, &anchor, 1,
                                     YAO_ROLE_READER, none, yao_now(), true,
                                     &path, report, 0),
                  YAO_OK);
    const yao_crypto *crypto = yao_openssl_crypto(openssl);
    assert_status(crypto->verify(crypto->ctx, path.checks, path.check_count),
                  YAO_OK);
    for (size_t i = 0; i < path.check_count; i++)
        assert_int_equal(path.checks[i].outcome, YAO_SIG_GOOD);
    ca_close(&reader);
    yao_openssl_close(openssl);
}

/* A key of another certificate is not taken for this one's. */
static void refuses_wrong_key(void **state)
{
    ca   c;
    char key[4200];

    (void)state;
    snprintf(key, sizeof key, "file:%s",
             test_scratch_path("a/keys/traffic-signer.pem"));
    assert_status(
        ca_open(test_scratch_path("a/certificates/population-signer.pem"), key,
                test_arena(), &c),
        YAO_E_MISMATCH);
}

/* ---- settings and keys that must not be believed ---- */

static void append(const char *name, const char *text)
{
    FILE *out = fopen(test_scratch_path(name), "ab");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static void copy(const char *from, const char *to)
{
    yao_bytes file = {NULL, 0};

    assert_status(yao_file_read(test_scratch_path(from), 65536, &file), YAO_OK);
    assert_status(yao_file_write(test_scratch_path(to), file, 0600, false),
                  YAO_OK);
    yao_file_free(&file);
}

/* In the settings of FOLDER, FROM becomes TO. */
static void edit(const char *folder, const char *from, const char *to)
{
    char      name[128], text[16384];
    yao_bytes file = {NULL, 0};

    snprintf(name, sizeof name, "%s/authority.ini", folder);
    assert_status(yao_file_read(test_scratch_path(name), 16000, &file), YAO_OK);
    snprintf(text, sizeof text, "%.*s", (int)file.len, (const char *)file.ptr);
    yao_file_free(&file);
    char *at = strstr(text, from);
    assert_non_null(at);
    *at       = '\0';
    FILE *out = fopen(test_scratch_path(name), "wb");
    assert_non_null(out);
    fprintf(out, "%s%s%s", text, to, at + strlen(from));
    fclose(out);
}

static void expect(const char *line, int code, const char *says)
{
    const test_output *o = test_type(line);

    if (o->code != code || !test_said(says))
        print_error("%s: %d: %s\n", line, o->code, o->out);
    assert_int_equal(o->code, code);
    assert_true(test_said(says));
}

static void refuses_unknown_setting(void **state)
{
    (void)state;
    copy("b/authority.ini", "b/saved.ini");
    append("b/authority.ini", "colour = red\n");
    expect("person count -C @/b", 3, ".colour");
    copy("b/saved.ini", "b/authority.ini");
    expect("person count -C @/b", 0, "0\n");
}

static void refuses_readable_key(void **state)
{
    (void)state;
    assert_int_equal(chmod(test_scratch_path("b/keys/register-1.key"), 0644),
                     0);
    expect("person count -C @/b", 3, "chmod 600");
    assert_int_equal(chmod(test_scratch_path("b/keys/register-1.key"), 0600),
                     0);
    expect("person count -C @/b", 0, "0\n");
}

/* Another register's keys would hide its people and seal new ones away. */
static void refuses_other_keys(void **state)
{
    static const char *const keys[] = {"register-lookup.key", "register-1.key"};

    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++) {
        char mine[64], theirs[64];
        snprintf(mine, sizeof mine, "b/keys/%s", keys[i]);
        snprintf(theirs, sizeof theirs, "a/keys/%s", keys[i]);
        copy(mine, "saved.key");
        copy(theirs, mine);
        expect("person count -C @/b", 7, "not those of this register");
        copy("saved.key", mine);
        expect("person count -C @/b", 0, "0\n");
    }
}

static void refuses_missing_key(void **state)
{
    (void)state;
    copy("b/keys/register-1.key", "saved.key");
    assert_int_equal(remove(test_scratch_path("b/keys/register-1.key")), 0);
    expect("person count -C @/b", 7, "register.key_N");
    copy("saved.key", "b/keys/register-1.key");
    edit("b", "epoch = 1", "epoch = 2");
    expect("person count -C @/b", 7, "register.epoch");
    edit("b", "epoch = 2", "epoch = 1");
}

/* Whoever copies the database's folder must not have the keys. */
static void refuses_key_beside_database(void **state)
{
    (void)state;
    copy("e/keys/register-1.key", "e/register/k.key");
    edit("e", "key_1 = file:keys/register-1.key",
         "key_1 = file:register/k.key");
    expect("person count -C @/e", 3, "folder of the database");
    edit("e", "demo = no", "demo = yes");
    expect("person count -C @/e", 0, "0\n");
    edit("e", "demo = yes", "demo = no");
    edit("e", "key_1 = file:register/k.key",
         "key_1 = file:keys/register-1.key");
    copy("e/keys/register-lookup.key", "e/register/l.key");
    edit("e", "lookup_key = file:keys/register-lookup.key",
         "lookup_key = file:register/../register/l.key");
    expect("person count -C @/e", 3, "folder of the database");
    edit("e", "lookup_key = file:register/../register/l.key",
         "lookup_key = file:keys/register-lookup.key");
    expect("person count -C @/e", 0, "0\n");
}

/* New people come under the key of the new epoch, old ones stay. */
static void gives_new_epoch(void **state)
{
    (void)state;
    assert_status(seal_key_make(test_scratch_path("a/keys/register-2.key")),
                  YAO_OK);
    edit("a", "key_1 = ", "key_2 = file:keys/register-2.key\nkey_1 = ");
    edit("a", "epoch = 1", "epoch = 2");
    expect("person generate --count 2 --seed 77 -C @/a", 0, "2 people");
    expect("person show -C @/a " PERSON, 0, "李示例");
    /* and the key of epoch 2 is known from now on */
    copy("b/keys/register-1.key", "a/keys/register-2.key");
    expect("person count -C @/a", 7, "not those of this register");
    edit("a", "key_2 = file:keys/register-2.key\n", "");
    edit("a", "epoch = 2", "epoch = 1");
    expect("person count -C @/a", 0, "15\n");
}

static void refuses_other_database(void **state)
{
    FILE *out = fopen(test_scratch_path("b/register/other.db"), "wb");

    (void)state;
    assert_non_null(out);
    fputs("this is not a database, but it is long enough to look at it twice",
          out);
    for (int i = 0; i < 4096; i++)
        fputc(i, out);
    fclose(out);
    edit("b", "register.db", "other.db");
    expect("person count -C @/b", 2, "register.store");
    edit("b", "other.db", "none.db");
    expect("person count -C @/b", 7, "register.store");
    edit("b", "none.db", "register.db");
    expect("person count -C @/b", 0, "0\n");
}

/* ---- rows that were moved ---- */

/*
 * Somebody who may write to the database lets the hash of one number lead to
 * another person: the record says whose it is, and nobody is shown.
 */
static void refuses_moved_row(void **state)
{
    static authority     a;
    yao_settings_trouble trouble;
    const char          *place = "";
    seal_person          key;
    uint8_t              wrapped[SEAL_WRAPPED_LEN], hash[STORE_HASH_LEN];
    people_person        found  = {.record = NULL};
    yao_text             number = YAO_TEXT("120119199202299009");
    store_change         change = store_change_open(test_arena());
    store_part           part   = {.kind = STORE_RECORD};

    (void)state;
    assert_status(authority_open(test_scratch_path("b"), &a, &trouble, &place),
                  YAO_OK);
    assert_status(seal_person_new(&key), YAO_OK);
    assert_status(seal_person_wrap(&a.keys, &key, wrapped), YAO_OK);
    assert_status(seal_part(&key, STORE_RECORD,
                            YAO_LIT("{\"number\":\"12011919880808901X\"}"),
                            test_arena(), &part.sealed),
                  YAO_OK);
    assert_status(seal_hash(a.crypto, &a.keys, STORE_BY_NUMBER,
                            yao_text_bytes(number), hash),
                  YAO_OK);
    store_lookup lookup = {STORE_BY_NUMBER, {hash, sizeof hash}};
    store_person person = {.id           = {key.id, STORE_ID_LEN},
                           .epoch        = 1,
                           .wrapped_key  = {wrapped, sizeof wrapped},
                           .parts        = &part,
                           .part_count   = 1,
                           .lookups      = &lookup,
                           .lookup_count = 1};
    store_put_person(&change, &person);
    assert_status(store_commit(a.store, &change), YAO_OK);

    assert_status(people_find(&a, number, test_arena(), &found), YAO_E_SECRET);
    assert_null(found.record);
    authority_close(&a);
    expect("person show -C @/b 120119199202299009", 7, "not what was written");
}

/* ---- the program ---- */

static void copy_people(void)
{
    yao_bytes   lines = test_file("programs/demo/people.jsonl");
    FILE       *out   = fopen(test_scratch_path("people.jsonl"), "wb");
    const char *at    = (const char *)lines.ptr;
    const char *end   = at + lines.len;

    /* without their portraits, but for the first one's */
    if (out == NULL)
        exit(99);
    for (bool first = true; at < end; first = false) {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        const char *face = strstr(at, "\"portrait\":");
        const char *rest = strchr(face, ',') + 1;
        if (first)
            rest = face;
        fprintf(out, "%.*s%.*s\n", (int)(face - at), at, (int)(line - rest),
                rest);
        at = line + 1;
    }
    fclose(out);
}

static void set_up(void **state)
{
    static uint8_t memory[8 << 20];
    yao_arena      arena = {memory, sizeof memory, 0};

    (void)state;
    copy_people();
    assert_status(
        yao_specimens_write(test_scratch(), YAO_LIT("specimen-01.jpg"), &arena),
        YAO_OK);
    FILE *out = fopen(test_scratch_path("passphrase"), "wb");
    assert_non_null(out);
    fputs("a test's passphrase", out);
    fclose(out);
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("passphrase"), 1);
}

static const struct {
    const char        *group, *name;
    CMUnitTestFunction run;
} rows[] = {
    {"reader", "gives a certificate of what was registered",
     gives_reader_certificate},
    {"key", "refuses one of another certificate", refuses_wrong_key},
    {"settings", "refuses what it does not know", refuses_unknown_setting},
    {"key", "refuses one that others can read", refuses_readable_key},
    {"key", "refuses those of another register", refuses_other_keys},
    {"key", "refuses a register whose key is missing", refuses_missing_key},
    {"key", "refuses one that lies beside the database",
     refuses_key_beside_database},
    {"key", "gives a new epoch, and old people still", gives_new_epoch},
    {"store", "refuses a file that is no register", refuses_other_database},
    {"row", "refuses a person under another's number", refuses_moved_row},
};

int main(void)
{
    test_add("set up", "gives a passphrase and people", set_up, NULL);
    for (size_t i = 0; i < COUNT(story); i++)
        test_add("story", story[i].name, tell_story, (const void *)i);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add(rows[i].group, rows[i].name, rows[i].run, NULL);
    int code = test_run("authority");
    test_scratch_remove();
    return code;
}
