/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the jobs do, without a server: lists and bundles are signed when
 * something changed and at no other time, by who leads, and never take back
 * what was revoked.
 */
#include "authority/keeper/serve.h"

#include "app/files.h"
#include "authority/audit/sequence.h"
#include "authority/keeper/lists.h"
#include "authority/keeper/trust.h"
#include "check.h"
#include "demo/people.h"
#include "journey.h"

#include <stdio.h>

#define PERSON "12011919880808901X"
#define ISSUE                                                                  \
    "document issue -C @/a --wallet @/w --copies 2 --cards 0 --person " PERSON

static authority a;

static void open_authority(void)
{
    yao_settings_trouble trouble;
    const char          *place = "";

    assert_status(
        authority_open(test_scratch_path("a"), &a, &trouble, &place), YAO_OK);
}

static void prepare(void **state)
{
    char numbers[YAO_DEMO_PEOPLE][20];

    (void)state;
    assert_status(yao_file_write(test_scratch_path("passphrase"),
                                 YAO_LIT("a test's passphrase"), 0600, true),
                  YAO_OK);
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("passphrase"), 1);
    assert_status(yao_demo_write_people(test_scratch(), numbers), YAO_OK);
    test_must("authority init --demo -C @/a", 0);
    test_must("wallet init -C @/w", 0);
    test_must("person import -C @/a @/people.jsonl", 0);
    test_must(ISSUE " --document resident_id", 0);
    open_authority();
}

static size_t sign_lists(void)
{
    size_t count = 99;

    assert_status(keeper_run_lists(&a, 0, &count), YAO_OK);
    return count;
}

static bool sign_trust(void)
{
    bool done = false;

    assert_status(keeper_run_trust(&a, 0, &done), YAO_OK);
    return done;
}

static store_status_token token_of(int64_t list)
{
    store_status_token token;

    assert_status(store_get_status_token(a.store, list, test_arena(), &token),
                  YAO_OK);
    return token;
}

static int64_t bundle_version(void)
{
    store_artefact artefact;

    assert_status(store_get_artefact_age(a.store, YAO_TEXT("bundle.cose"),
                                         test_arena(), &artefact),
                  YAO_OK);
    return artefact.version;
}

/* ---- lists --------------------------------------------------------------- */

static void signs_what_changed(void **state)
{
    (void)state;
    assert_int_equal(sign_lists(), 1); /* it was never signed */
    assert_int_equal(sign_lists(), 0);
    assert_int_equal(token_of(1).version, 1);
    test_must("document suspend -C @/a --reason lost --document resident_id "
              "--person " PERSON,
              0);
    assert_int_equal(sign_lists(), 1);
    assert_int_equal(sign_lists(), 0);
    assert_int_equal(token_of(1).version, 2);
    test_must("document restore -C @/a --reason found --document resident_id "
              "--person " PERSON,
              0);
    assert_int_equal(sign_lists(), 1);
    test_must("statuslist publish -C @/a --output @/lists", 0);
    assert_int_equal(token_of(1).version, 4); /* a verb signs in any case */
    test_must("statuslist show -C @/a", 0);
    assert_true(test_said("0 suspended; version 4"));
}

/* Another list is opened: it has to be there before its first copy is asked. */
static void signs_new_lists(void **state)
{
    (void)state;
    test_must(ISSUE " --document driving_licence", 0);
    assert_int_equal(sign_lists(), 1);
    assert_int_equal(sign_lists(), 0);
}

/* Signs what somebody else is about to sign, so often. */
static yao_status sign_too(void *ctx, const store_status_list *list,
                           lists_content *content, yao_text uri,
                           size_t *missing)
{
    keeper_signing how  = *(const keeper_signing *)ctx;
    unsigned      *left = how.ctx;
    keeper_signed  done;

    (void)content, (void)uri, (void)missing;
    if (*left == 0)
        return YAO_OK;
    --*left;
    return keeper_sign_list(&how, list, &done);
}

/* List 1, with who signs it OTHERS times before the verb does. */
static yao_status sign_beside(unsigned others, yao_time now)
{
    store_status_list *lists;
    size_t             count;
    yao_arena          arena = {NULL, 0, 0}, theirs = {NULL, 0, 0};
    keeper_signed      done;
    keeper_signing     how  = {.authority = &a,
                               .arena     = &theirs,
                               .now       = now,
                               .lifetime  = 7 * YAO_TIME_DAY,
                               .ttl       = 43200,
                               .ctx       = &others};
    keeper_signing     ours = how;

    assert_status(yao_memory_open(16u << 20, &arena), YAO_OK);
    assert_status(yao_memory_open(64u << 20, &theirs), YAO_OK);
    ours.arena   = &arena;
    ours.compare = sign_too;
    ours.ctx     = &how;
    assert_status(
        store_list_status_lists(a.store, test_arena(), &lists, &count),
        YAO_OK);
    assert_int_equal(lists[0].number, 1);
    yao_status status = keeper_sign_list(&ours, &lists[0], &done);
    if (status == YAO_OK)
        assert_int_equal(done.token.version, token_of(1).version);
    yao_memory_free(&arena);
    yao_memory_free(&theirs);
    return status;
}

/* The job and the verb see one change at the same time. */
static void signs_behind_another(void **state)
{
    int64_t version = token_of(1).version;

    (void)state;
    assert_status(sign_beside(1, yao_now()), YAO_OK);
    assert_int_equal(token_of(1).version, version + 2);
    assert_status(sign_beside(4, yao_now()), YAO_OK);
    assert_int_equal(token_of(1).version, version + 7);
    assert_status(sign_beside(99, yao_now()), YAO_E_EXISTS);
}

/* Who began before the last one was signed signs after it all the same. */
static void signs_later_than_the_last(void **state)
{
    (void)state;
    store_status_token last = token_of(1);
    assert_status(sign_beside(0, last.signed_at - 100), YAO_OK);
    assert_int_equal(token_of(1).version, last.version + 1);
    assert_true(token_of(1).signed_at >= last.signed_at);
}

static void refuses_who_does_not_lead(void **state)
{
    uint8_t one[STORE_ID_LEN] = {1}, two[STORE_ID_LEN] = {2};
    int64_t first = 0, second = 0;
    size_t  count = 99;
    bool    done  = true;

    (void)state;
    assert_status(store_take_lease(a.store, KEEPER_LISTS_LEASE,
                                   (yao_bytes){one, sizeof one}, yao_now(), 600,
                                   &first),
                  YAO_OK);
    assert_status(store_take_lease(a.store, KEEPER_TRUST_LEASE,
                                   (yao_bytes){one, sizeof one}, yao_now(), 600,
                                   &second),
                  YAO_OK);
    test_must("document suspend -C @/a --reason lost --document resident_id "
              "--person " PERSON,
              0);
    int64_t version = token_of(1).version;
    assert_true(keeper_run_lists(&a, first + 1, &count) != YAO_OK);
    assert_int_equal(count, 0);
    assert_int_equal(token_of(1).version, version);
    assert_true(keeper_run_trust(&a, second + 1, &done) != YAO_OK);
    assert_false(done);

    /* N289: who led before, and does not know that another does now */
    assert_status(store_give_lease(a.store, KEEPER_LISTS_LEASE,
                                   (yao_bytes){one, sizeof one}),
                  YAO_OK);
    assert_status(store_take_lease(a.store, KEEPER_LISTS_LEASE,
                                   (yao_bytes){two, sizeof two}, yao_now(), 600,
                                   &second),
                  YAO_OK);
    assert_true(keeper_run_lists(&a, first, &count) != YAO_OK);
    assert_int_equal(token_of(1).version, version);
    assert_status(keeper_run_lists(&a, second, &count), YAO_OK);
    assert_int_equal(count, 1);
}

static void copy(const char *from, const char *to)
{
    yao_bytes file = {NULL, 0};

    assert_status(yao_file_read(test_scratch_path(from), 64u << 20, &file),
                  YAO_OK);
    assert_status(yao_file_write(test_scratch_path(to), file, 0600, false),
                  YAO_OK);
    yao_file_free(&file);
}

/* ---- trust lists --------------------------------------------------------- */

static void signs_when_inputs_change(void **state)
{
    (void)state;
    assert_true(sign_trust());
    assert_false(sign_trust());
    int64_t version = bundle_version();
    test_must("document revoke -C @/a --reason lost --document resident_id "
              "--person " PERSON,
              0);
    assert_false(sign_trust()); /* the list is not signed yet */
    assert_int_equal(sign_lists(), 1);
    assert_true(sign_trust());
    assert_int_equal(bundle_version(), version + 1);
    test_must(
        "party register -C @/a --code 91330114MAC000017N --name SPECIMEN-inn "
        "--profile hotel --out @/inn",
        0);
    assert_true(sign_trust());
    assert_false(sign_trust());
}

/* A verb and a job share the version. */
static void shares_version_with_the_verb(void **state)
{
    int64_t version = bundle_version();

    (void)state;
    test_must("trust publish -C @/a --output @/trust", 0);
    assert_int_equal(bundle_version(), version + 1);
    assert_false(sign_trust());
    test_must(
        "trust show @/trust/bundle.cose --trust-anchor @/trust/trust-root.pem",
        0);
}

/* N130: the register comes from a backup of before the revocation. */
static void refuses_to_take_back(void **state)
{
    store_artefact bundle;

    (void)state;
    test_must(ISSUE " --document resident_id", 0);
    assert_int_equal(sign_lists(), 0); /* what is issued changes no list */
    authority_close(&a);
    copy("a/register/register.db", "backup.db");
    open_authority();
    test_must("document revoke -C @/a --reason lost --document resident_id "
              "--person " PERSON,
              0);
    assert_int_equal(sign_lists(), 1);
    yao_bytes jwt = token_of(2).jwt;
    assert_true(jwt.len > 0);
    assert_status(store_get_artefact(a.store, YAO_TEXT("bundle.cose"),
                                     test_arena(), &bundle),
                  YAO_OK);

    /* what was signed last is the register's own row: by hand, what it
     * revokes becomes valid, and is not signed away */
    char text[512];
    snprintf(text, sizeof text,
             "python3 -c \"import sqlite3; d = sqlite3.connect('%s'); "
             "d.executescript('DROP TRIGGER status_entry_final; UPDATE "
             "status_entry SET state = 0; INSERT INTO status_dirty SELECT "
             "number, zeroblob(16) FROM status_list')\"",
             test_scratch_path("a/register/register.db"));
    assert_int_equal(system(text), 0);
    size_t count = 99;
    assert_status(keeper_run_lists(&a, 0, &count), YAO_E_MISMATCH);
    authority_close(&a);
    copy("backup.db", "a/register/register.db");
    open_authority();
    assert_int_equal(sign_lists(), 0);
}

static void forgets(void **state)
{
    static const uint8_t hash[STORE_HASH_LEN] = {7};
    store_change         change = store_change_open(test_arena());
    const store_once     old = {1, {hash, sizeof hash}, yao_now() - 1,
                                YAO_LIT("")},
                     new     = {2, {hash, sizeof hash}, yao_now() + 999,
                                YAO_LIT("")};

    (void)state;
    store_put_once(&change, &old);
    store_put_once(&change, &new);
    assert_status(store_commit(a.store, &change), YAO_OK);
    assert_status(keeper_run_forget(&a, 0), YAO_OK);
    change = store_change_open(test_arena());
    store_put_once(&change, &old); /* its place is free again */
    assert_status(store_commit(a.store, &change), YAO_OK);
    change = store_change_open(test_arena());
    store_put_once(&change, &new);
    assert_status(store_commit(a.store, &change), YAO_E_EXISTS);
}

/* Every signing is an entry too. */
static void agrees_with_the_log(void **state)
{
    size_t count = 0;

    (void)state;
    yao_arena arena = {NULL, 0, 0};
    assert_status(yao_memory_open(8u << 20, &arena), YAO_OK);
    assert_status(audit_advance(&a, &arena, 0, &count), YAO_OK);
    assert_true(count > 0);
    yao_memory_free(&arena);
    test_must("audit verify --ledger @/a", 0);
    authority_close(&a);
}

int main(void)
{
    test_add("keeper", "prepares", prepare, NULL);
    test_add("lists", "gives a new version when a state changed, only then",
             signs_what_changed, NULL);
    test_add("lists", "gives one for a list that is new", signs_new_lists,
             NULL);
    test_add("lists", "gives a version behind who signs it meanwhile",
             signs_behind_another, NULL);
    test_add("lists", "gives a later moment than that of the last version",
             signs_later_than_the_last, NULL);
    test_add("lists", "refuses N289: who leads no more",
             refuses_who_does_not_lead, NULL);
    test_add("trust", "gives a new version when a list has one",
             signs_when_inputs_change, NULL);
    test_add("trust", "gives verb and job one version",
             shares_version_with_the_verb, NULL);
    test_add("lists", "refuses N130: to take a revocation back",
             refuses_to_take_back, NULL);
    test_add("forget", "never keeps what is over", forgets, NULL);
    test_add("keeper", "gives a log that agrees", agrees_with_the_log, NULL);
    int code = test_run("authority/keeper");
    test_scratch_remove();
    return code;
}
