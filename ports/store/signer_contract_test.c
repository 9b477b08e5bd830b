/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every engine promises about keys that come and go: certificates that
 * were replaced or revoked, revocation lists, people under a new epoch.
 */

#include "store/signer.h"

#include "check.h"
#include "program.h"
#include "stores.h"

static store_signer signer(const numbered *n, yao_time ended, yao_time revoked)
{
    return (store_signer){.hash        = HASH(*n),
                          .role        = YAO_TEXT("traffic"),
                          .kind        = YAO_TEXT("signer"),
                          .certificate = YAO_LIT("der"),
                          .ended       = ended,
                          .revoked     = revoked};
}

static yao_status put(const store_signer *what)
{
    store_change change = store_change_open(test_arena());

    store_put_signer(&change, what);
    return store_commit(s, &change);
}

static yao_status revoke(const numbered *n, yao_time at)
{
    store_change change = store_change_open(test_arena());

    store_revoke_signer(&change, HASH(*n), at, 1);
    return store_commit(s, &change);
}

static void keeps_what_was_replaced(void **state)
{
    numbered      a = number(1), b = number(2);
    store_signer  first = signer(&a, NOW + 5, 0), second = signer(&b, NOW, 0);
    store_signer *found;
    size_t        count;

    (void)state;
    open_new();
    assert_status(put(&first), YAO_OK);
    assert_status(put(&second), YAO_OK);
    assert_status(put(&first), YAO_E_EXISTS);
    assert_status(store_list_signers(s, test_arena(), &found, &count), YAO_OK);
    assert_int_equal(count, 2);
    assert_bytes(found[0].hash, HASH(b));
    assert_bytes(found[1].hash, HASH(a));
    assert_bytes(found[1].certificate, YAO_LIT("der"));
    assert_int_equal(found[1].ended, NOW + 5);
    assert_int_equal(found[1].revoked, 0);
    done();
}

static bool is_revoked(numbered *n)
{
    bool revoked = false;

    assert_status(store_is_signer_revoked(s, HASH(*n), &revoked), YAO_OK);
    return revoked;
}

static void revokes_once(void **state)
{
    numbered      a = number(1), b = number(2);
    store_signer  first = signer(&a, NOW, 0);
    store_signer *found;
    size_t        count;

    (void)state;
    open_new();
    assert_status(put(&first), YAO_OK);
    assert_false(is_revoked(&a));
    assert_status(revoke(&b, NOW), YAO_E_NOT_FOUND);
    assert_status(revoke(&a, NOW + 7), YAO_OK);
    assert_true(is_revoked(&a));
    assert_false(is_revoked(&b));
    assert_status(revoke(&a, NOW + 8), YAO_E_NOT_FOUND);
    assert_status(store_list_signers(s, test_arena(), &found, &count), YAO_OK);
    assert_int_equal(found[0].revoked, NOW + 7);
    assert_int_equal(found[0].reason, 1);
    done();
}

/* ---- what it signed ---- */

static void put_batch(unsigned n, unsigned issuance, unsigned by)
{
    numbered           id = number(n), of = number(issuance), who = number(by);
    store_change       change   = store_change_open(test_arena());
    const store_document d = {.id       = ID(id),
                              .issuance = ID(of),
                              .holder   = HASH(id),
                              .subject  = {NULL, 0},
                              .name     = YAO_TEXT("driving_licence"),
                              .format   = YAO_TEXT("card"),
                              .issued   = NOW,
                              .valid_until = NOW + 9,
                              .level       = 1,
                              .signer      = HASH(who)};

    store_put_document(&change, &d);
    assert_status(store_commit(s, &change), YAO_OK);
}

static void finds_what_a_key_signed(void **state)
{
    yao_bytes *found;
    size_t     count;
    numbered   who = number(7), of = number(100), id = number(50);

    (void)state;
    open_new();
    put_batch(1, 100, 7);
    put_batch(2, 100, 7);
    put_batch(3, 101, 7);
    put_batch(4, 102, 8);
    assert_status(store_list_signed_by(s, HASH(who), 9, test_arena(), &found,
                                       &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_status(store_list_signed_by(s, HASH(who), 1, test_arena(), &found,
                                       &count),
                  YAO_OK);
    assert_int_equal(count, 1);

    store_change             change = store_change_open(test_arena());
    const store_state_change what   = {.id       = ID(id),
                                       .issuance = ID(of),
                                       .at       = NOW,
                                       .state    = STORE_REVOKED,
                                       .copies   = STORE_REVOKED,
                                       .reason   = YAO_TEXT("compromised")};
    store_put_state(&change, &what);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_list_signed_by(s, HASH(who), 9, test_arena(), &found,
                                       &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    done();
}

/* ---- lists ---- */

static yao_status put_list(const char *name, unsigned root, int64_t n)
{
    numbered        of     = number(root);
    store_change    change = store_change_open(test_arena());
    const store_crl crl    = {.name      = yao_text_of(name),
                              .root      = HASH(of),
                              .number    = n,
                              .signed_at = NOW + n,
                              .expires   = NOW + 100,
                              .der       = YAO_LIT("list")};

    store_put_crl(&change, &crl);
    return store_commit(s, &change);
}

static void lists_go_forward(void **state)
{
    store_crl *found;
    size_t     count;

    (void)state;
    open_new();
    assert_status(put_list("traffic", 1, 5), YAO_OK);
    assert_status(put_list("traffic", 1, 5), YAO_E_EXISTS);
    assert_status(put_list("traffic", 1, 4), YAO_E_EXISTS);
    assert_status(put_list("traffic", 1, 6), YAO_OK);
    assert_status(put_list("traffic", 2, 7), YAO_OK);
    assert_status(put_list("other", 1, 1), YAO_OK);
    assert_status(store_list_crls(s, YAO_TEXT("traffic"), test_arena(), &found,
                                  &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_int_equal(found[0].number, 7);
    assert_int_equal(found[1].number, 6);
    assert_bytes(found[1].der, YAO_LIT("list"));
    done();
}

/* ---- people under a new epoch ---- */

static void put_person(unsigned n, int64_t epoch, const char *wrapped)
{
    numbered           id     = number(n);
    store_change       change = store_change_open(test_arena());
    const store_person p      = {.id          = ID(id),
                                 .epoch       = epoch,
                                 .wrapped_key = yao_text_bytes(
                                     yao_text_of(wrapped)),
                                 .registered  = NOW};

    store_put_person(&change, &p);
    assert_status(store_commit(s, &change), YAO_OK);
}

static yao_status rewrap(unsigned n, int64_t before)
{
    numbered           id     = number(n);
    store_change       change = store_change_open(test_arena());
    const store_rewrap what   = {ID(id), before, before + 1, YAO_LIT("new")};

    store_rewrap_person(&change, &what);
    return store_commit(s, &change);
}

static void rewraps_each_once(void **state)
{
    store_person *found;
    size_t        count;

    (void)state;
    open_new();
    put_person(1, 1, "old");
    put_person(2, 1, "old");
    put_person(3, 2, "newer");
    put_person(4, 1, ""); /* erased */
    assert_status(store_list_epoch(s, 1, 9, test_arena(), &found, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_status(rewrap(1, 1), YAO_OK);
    assert_status(rewrap(1, 1), YAO_E_NOT_FOUND);
    assert_status(rewrap(9, 1), YAO_E_NOT_FOUND);
    assert_status(store_list_epoch(s, 1, 9, test_arena(), &found, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    assert_status(store_list_epoch(s, 2, 9, test_arena(), &found, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_status(store_list_epoch(s, 2, 1, test_arena(), &found, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    done();
}

static yao_status close_epoch(int64_t epoch)
{
    store_change change = store_change_open(test_arena());

    store_close_epoch(&change, epoch, NOW);
    return store_commit(s, &change);
}

static yao_status come_under(unsigned n, int64_t epoch)
{
    numbered           id     = number(n);
    store_change       change = store_change_open(test_arena());
    const store_person p      = {.id          = ID(id),
                                 .epoch       = epoch,
                                 .wrapped_key = YAO_LIT("key"),
                                 .registered  = NOW};

    store_put_person(&change, &p);
    return store_commit(s, &change);
}

static void closes_an_empty_epoch(void **state)
{
    (void)state;
    open_new();
    put_person(1, 1, "old");
    put_person(2, 1, ""); /* erased */
    assert_status(close_epoch(1), YAO_E_LOCKED);
    assert_status(rewrap(1, 1), YAO_OK);
    assert_status(close_epoch(1), YAO_OK);
    assert_status(close_epoch(1), YAO_E_LOCKED);
    assert_status(come_under(3, 1), YAO_E_EXISTS);
    assert_status(come_under(3, 2), YAO_OK);

    store_change change = store_change_open(test_arena());
    store_open_epoch(&change, 1);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(come_under(4, 1), YAO_OK);
    done();
}

static void forgets_a_fact(void **state)
{
    store_change change = store_change_open(test_arena());
    yao_bytes    value;

    (void)state;
    open_new();
    store_put_fact(&change, YAO_TEXT("a"), YAO_LIT("1"));
    store_put_fact(&change, YAO_TEXT("b"), YAO_LIT("2"));
    assert_status(store_commit(s, &change), YAO_OK);
    change = store_change_open(test_arena());
    store_drop_fact(&change, YAO_TEXT("a"));
    store_drop_fact(&change, YAO_TEXT("c"));
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_get_fact(s, YAO_TEXT("a"), test_arena(), &value),
                  YAO_E_NOT_FOUND);
    assert_status(store_get_fact(s, YAO_TEXT("b"), test_arena(), &value),
                  YAO_OK);
    done();
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} cases[] = {
    {"keeps what was replaced, the oldest first", keeps_what_was_replaced},
    {"revokes a signer once, and only one that is there", revokes_once},
    {"finds what a key signed and nobody revoked", finds_what_a_key_signed},
    {"lists only go forward, for each root", lists_go_forward},
    {"rewraps each person once, the erased never", rewraps_each_once},
    {"closes an epoch that nobody is under, for everybody",
     closes_an_empty_epoch},
    {"forgets a fact, and no other", forgets_a_fact},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++)
        add_for_engines("signer", cases[i].name, cases[i].run);
    int code = test_run("store/signer_contract");
    test_scratch_remove();
    return code;
}
