/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/wallet.h"

#include "check.h"

#include <stdio.h>

#include "app/files.h"
#include "program.h"

static const yao_bytes passphrase = YAO_INIT("correct horse battery");

static yao_wallet *opened(void)
{
    yao_wallet *w = NULL;

    assert_status(yao_wallet_unlock(test_scratch_path("w"), passphrase, &w),
                  YAO_OK);
    return w;
}

/* FILE with COUNT copies, named by nothing yet. */
static yao_wallet_batch batch(const char *document, const char *file,
                              size_t count)
{
    return (yao_wallet_batch){.document = yao_text_of(document),
                              .subject  = YAO_TEXT("LTEST1A02R0000017"),
                              .format   = YAO_TEXT("sd-jwt-vc"),
                              .type     = YAO_TEXT("urn:x"),
                              .issuer   = YAO_TEXT("SPECIMEN"),
                              .issued   = 1795305600,
                              .file     = yao_text_of(file),
                              .count    = count};
}

static void make(void **state)
{
    (void)state;
    assert_status(yao_vault_make(test_scratch_path("w"), passphrase), YAO_OK);
    yao_wallet *w = opened(); /* without an index: made a moment ago */
    assert_int_equal(w->batch_count, 0);
    assert_status(yao_wallet_save(w), YAO_OK);
    yao_wallet_close(w);
}

static void round_trip(void **state)
{
    static const yao_wallet_copy copies[] = {
        {YAO_INIT("key one"), YAO_INIT("copy one"), false},
        {YAO_INIT("id two"), YAO_INIT("copy two"), true}};
    yao_wallet_copy back[YAO_MAX_BATCH];
    yao_wallet     *w = opened();

    (void)state;
    assert_status(yao_wallet_write_batch(w, YAO_TEXT("b-1"), copies, 2),
                  YAO_OK);
    w->batches[w->batch_count]            = batch("vehicle", "b-1", 2);
    w->batches[w->batch_count++].shown[1] = 7;
    w->token_uri                          = YAO_TEXT("pkcs11:token=none");
    assert_status(yao_wallet_save(w), YAO_OK);
    yao_wallet_close(w);

    w = opened();
    assert_int_equal(w->batch_count, 1);
    assert_true(yao_text_equal(w->batches[0].subject,
                               YAO_TEXT("LTEST1A02R0000017")));
    assert_int_equal(w->batches[0].shown[0], 0);
    assert_int_equal(w->batches[0].shown[1], 7);
    assert_status(yao_wallet_read_batch(w, &w->batches[0], back), YAO_OK);
    assert_true(yao_text_equal(w->token_uri, YAO_TEXT("pkcs11:token=none")));
    assert_false(back[0].in_token);
    assert_true(back[1].in_token);
    assert_bytes(back[1].key, YAO_LIT("id two"));
    assert_bytes(back[1].bytes, YAO_LIT("copy two"));

    w->batches[0].count = 3; /* the index and the file must agree */
    assert_int_not_equal(yao_wallet_read_batch(w, &w->batches[0], back),
                         YAO_OK);
    yao_wallet_close(w);
}

static const struct {
    const char *name;
    const char *file;
} names[] = {
    {"refuses a name with a slash", "b/1"},
    {"refuses a name above the folder", ".."},
    {"refuses an empty name", ""},
    {"refuses capitals", "B-1"},
    {"refuses a name longer than any of ours",
     "b-00000000000000000000000000000000000000000000000000000000000000"},
};

static void name(void **state)
{
    size_t           i = *(const size_t *)*state;
    yao_wallet_copy  copy = {YAO_INIT("k"), YAO_INIT("c"), false};
    yao_wallet_copy  back[YAO_MAX_BATCH];
    yao_wallet      *w = opened();
    yao_wallet_batch b = batch("x", names[i].file, 1);

    assert_status(yao_wallet_write_batch(w, b.file, &copy, 1),
                  YAO_E_MALFORMED);
    assert_status(yao_wallet_read_batch(w, &b, back), YAO_E_MALFORMED);
    yao_wallet_close(w);
}

static void newest(void **state)
{
    yao_wallet *w = opened();

    (void)state;
    w->batch_count   = 3;
    w->batches[0]    = batch("resident_id", "b-1", 1);
    w->batches[1]    = batch("resident_id", "b-2", 1);
    w->batches[2]    = batch("driving_licence", "b-3", 1);
    assert_ptr_equal(yao_wallet_find(w, YAO_TEXT("resident_id"),
                                     YAO_TEXT("sd-jwt-vc"), YAO_TEXT("")),
                     &w->batches[1]);
    assert_null(yao_wallet_find(w, YAO_TEXT("resident_id"),
                                YAO_TEXT("mdoc-issuer-signed"), YAO_TEXT("")));
    assert_null(yao_wallet_find(w, YAO_TEXT("pass"), YAO_TEXT("sd-jwt-vc"),
                                YAO_TEXT("")));
    yao_wallet_close(w); /* not saved */
}

/* A guardian's own document is older than the child's, and still the one that
 * is shown where nobody says whose. */
static void own_first(void **state)
{
    yao_wallet *w  = opened();
    yao_text    id = YAO_TEXT("resident_id"), form = YAO_TEXT("sd-jwt-vc");

    (void)state;
    w->batch_count        = 2;
    w->batches[0]         = batch("resident_id", "b-1", 1);
    w->batches[0].subject = YAO_TEXT("");
    w->batches[1]         = batch("resident_id", "b-2", 1);
    w->batches[1].subject = YAO_TEXT("SPECIMEN Child");
    assert_ptr_equal(yao_wallet_find(w, id, form, YAO_TEXT("")),
                     &w->batches[0]);
    assert_ptr_equal(
        yao_wallet_find(w, id, form, YAO_TEXT("SPECIMEN Child")),
        &w->batches[1]);
    assert_null(yao_wallet_find(w, id, form, YAO_TEXT("SPECIMEN Other")));
    w->batches[0] = w->batches[1]; /* has none of their own */
    w->batch_count = 1;
    assert_ptr_equal(yao_wallet_find(w, id, form, YAO_TEXT("")),
                     &w->batches[0]);
    yao_wallet_close(w); /* not saved */
}

static yao_wallet_batch *cards(yao_wallet *w, const char *document,
                               const char *profile, const char *choice)
{
    return yao_wallet_find_cards(
        w, &(yao_wallet_batch){.document = yao_text_of(document),
                               .profile  = yao_text_of(profile),
                               .choice   = yao_text_of(choice)});
}

static void newest_cards(void **state)
{
    yao_wallet *w = opened();

    (void)state;
    w->batch_count = 4;
    for (size_t i = 0; i < w->batch_count; i++) {
        w->batches[i]         = batch("resident_id", "b-1", 1);
        w->batches[i].format  = YAO_TEXT("card");
        w->batches[i].profile = YAO_TEXT("age");
    }
    w->batches[1].profile = YAO_TEXT("hotel");
    w->batches[2].choice  = YAO_TEXT("age_over_18");
    w->batches[3].format  = YAO_TEXT("sd-jwt-vc");
    assert_ptr_equal(cards(w, "resident_id", "age", ""), &w->batches[0]);
    assert_ptr_equal(cards(w, "resident_id", "hotel", ""), &w->batches[1]);
    assert_ptr_equal(cards(w, "resident_id", "age", "age_over_18"),
                     &w->batches[2]);
    assert_null(cards(w, "resident_id", "door", ""));
    assert_null(cards(w, "pass", "age", ""));
    yao_wallet_close(w); /* not saved */
}

/* The oldest go; what is left comes back after the wallet was closed. */
static void history(void **state)
{
    enum { MORE = 6 };
    yao_wallet *w = opened();

    (void)state;
    for (int i = 0; i < YAO_WALLET_EVENTS + MORE; i++)
        yao_wallet_remember(w, (yao_wallet_event){
                                   .when    = i,
                                   .party   = YAO_TEXT("SPECIMEN inn"),
                                   .profile = YAO_TEXT("hotel"),
                                   .document = YAO_TEXT("resident_id"),
                                   .format   = YAO_TEXT("sd-jwt-vc"),
                                   .elements = YAO_TEXT("name sex")});
    assert_status(yao_wallet_save(w), YAO_OK);
    yao_wallet_close(w);

    w = opened();
    assert_int_equal(w->event_count, YAO_WALLET_EVENTS);
    assert_int_equal(w->events[0].when, MORE);
    assert_int_equal(w->events[YAO_WALLET_EVENTS - 1].when,
                     YAO_WALLET_EVENTS + MORE - 1);
    assert_true(yao_text_equal(w->events[0].elements, YAO_TEXT("name sex")));
    yao_wallet_close(w);
}

static void locked(void **state)
{
    yao_wallet *w = opened(), *second = NULL;

    (void)state;
    assert_status(yao_wallet_unlock(test_scratch_path("w"), passphrase,
                                    &second), YAO_E_LOCKED);
    assert_null(second);
    yao_wallet_close(w);
}

/* An index of another shape, sealed with the right key. */
static void other_index(void **state)
{
    yao_vault   vault;
    yao_wallet *w = NULL;

    (void)state;
    assert_status(yao_vault_open(test_scratch_path("w"), passphrase, &vault),
                  YAO_OK);
    assert_status(yao_vault_write(&vault, "index",
                                  YAO_LIT("\x84\x01\x80\x80\x80")), YAO_OK);
    yao_vault_close(&vault);
    assert_status(yao_wallet_unlock(test_scratch_path("w"), passphrase, &w),
                  YAO_E_MALFORMED);
    assert_null(w);
    /* and nothing was swept because of it */
    assert_true(yao_path_exists(test_scratch_path("w/b-1.sealed")));
}

/* What this program wrote before showings on line were remembered. */
static void older_index(void **state)
{
    yao_vault   vault;
    yao_wallet *w = NULL;

    (void)state;
    assert_status(yao_vault_open(test_scratch_path("w"), passphrase, &vault),
                  YAO_OK);
    assert_status(yao_vault_write(&vault, "index",
                                  YAO_LIT("\x85\x04\x80\x81\x86\x01\x61"
                                          "a\x61"
                                          "b\x61"
                                          "c\x61"
                                          "d\x61"
                                          "e\x80\x60")),
                  YAO_OK);
    yao_vault_close(&vault);
    for (int round = 0; round < 2; round++) { /* as it was, as we write it */
        assert_status(yao_wallet_unlock(test_scratch_path("w"), passphrase,
                                        &w),
                      YAO_OK);
        assert_int_equal(w->event_count, 1);
        assert_true(yao_text_equal(w->events[0].elements, YAO_TEXT("e")));
        assert_int_equal(w->events[0].outcome.len, 0);
        assert_status(yao_wallet_save(w), YAO_OK);
        yao_wallet_close(w);
    }
}

int main(void)
{
    static size_t numbers[COUNT(names)];

    test_add("contents", "accepts a wallet without an index", make, NULL);
    test_add("contents", "gives back batches, copies and counts", round_trip,
             NULL);
    for (size_t i = 0; i < COUNT(names); i++) {
        numbers[i] = i;
        test_add("contents", names[i].name, name, &numbers[i]);
    }
    test_add("contents", "gives the newest batch of a document", newest, NULL);
    test_add("contents", "gives a guardian's own before a child's", own_first,
             NULL);
    test_add("contents", "gives the cards of a profile and choice",
             newest_cards, NULL);
    test_add("contents", "refuses a second process", locked, NULL);
    test_add("history", "gives up the oldest", history, NULL);
    test_add("contents", "refuses an index of another version, sweeps nothing",
             other_index, NULL);
    test_add("contents", "accepts an index of the version before",
             older_index, NULL);

    int code = test_run("wallet/contents");
    test_scratch_remove();
    return code;
}
