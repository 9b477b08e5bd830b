/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every engine promises a wallet provider: wallets by hashes, backups that
 * only go forward and only under their token, and a schema that is not taken
 * for an authority's.
 */

#include "store/provider.h"

#include "check.h"
#include "program.h"
#include "stores.h"

#define DAY (NOW / YAO_TIME_DAY * YAO_TIME_DAY)

static void open_provider(void)
{
    skip_guests();
    engines[engine].url(url, sizeof url);
    assert_status(store_open(&(store_options){.url    = url,
                                              .create = true,
                                              .now    = NOW,
                                              .schema = STORE_PROVIDER},
                             &s),
                  YAO_OK);
}

static void is_no_authority(void **state)
{
    store *other;

    (void)state;
    open_provider();
    done();
    assert_status(store_open(&(store_options){.url = url, .now = NOW}, &other),
                  YAO_E_UNSUPPORTED);
    assert_status(store_open(&(store_options){.url    = url,
                                              .now    = NOW,
                                              .schema = STORE_PROVIDER},
                             &s),
                  YAO_OK);
    done();
    open_new();
    done();
    assert_status(store_open(&(store_options){.url    = url,
                                              .now    = NOW,
                                              .schema = STORE_PROVIDER},
                             &other),
                  YAO_E_UNSUPPORTED);
}

/* ---- wallets ---- */

static yao_status put_instance(const numbered *n, yao_time day)
{
    store_change         change = store_change_open(test_arena());
    const store_instance i = {HASH(*n), STORE_INSTANCE_ACTIVE, day};

    store_put_instance(&change, &i);
    return store_commit(s, &change);
}

static yao_status touch(const numbered *n, yao_time day)
{
    store_change change = store_change_open(test_arena());

    store_touch_instance(&change, HASH(*n), day);
    return store_commit(s, &change);
}

static yao_status set_state(const numbered *n, store_instance_state to)
{
    store_change change = store_change_open(test_arena());

    store_set_instance_state(&change, HASH(*n), to, DAY);
    return store_commit(s, &change);
}

static void keeps_wallets(void **state)
{
    numbered       a = number(1), b = number(2);
    store_instance found;

    (void)state;
    open_provider();
    assert_status(put_instance(&a, DAY), YAO_OK);
    assert_status(put_instance(&a, DAY), YAO_E_EXISTS);
    assert_status(touch(&b, DAY), YAO_E_NOT_FOUND);
    assert_status(touch(&a, DAY + YAO_TIME_DAY), YAO_OK);
    assert_status(store_get_instance(s, HASH(a), test_arena(), &found),
                  YAO_OK);
    assert_int_equal(found.day, DAY + YAO_TIME_DAY);
    assert_status(store_get_instance(s, HASH(b), test_arena(), &found),
                  YAO_E_NOT_FOUND);
    assert_status(set_state(&a, STORE_INSTANCE_REVOKED), YAO_OK);
    assert_status(set_state(&a, STORE_INSTANCE_REVOKED), YAO_E_NOT_FOUND);
    assert_status(touch(&a, DAY), YAO_E_NOT_FOUND);
    done();
}

/* A wallet that was revoked is not forgotten: it would come back. */
static void forgets_wallets(void **state)
{
    numbered     a = number(1), b = number(2), c = number(3);
    uint64_t     count  = 0;
    store_change change = store_change_open(test_arena());

    (void)state;
    open_provider();
    assert_status(put_instance(&a, DAY), YAO_OK);
    assert_status(put_instance(&b, DAY), YAO_OK);
    assert_status(put_instance(&c, DAY + YAO_TIME_DAY), YAO_OK);
    assert_status(set_state(&b, STORE_INSTANCE_REVOKED), YAO_OK);
    store_forget_instances(&change, DAY + YAO_TIME_DAY);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_count_instances(s, &count), YAO_OK);
    assert_int_equal(count, 2);
    assert_status(put_instance(&b, DAY), YAO_E_EXISTS);
    done();
}

/* ---- backups ---- */

static yao_status put(unsigned name, unsigned token, int64_t version,
                      const char *what)
{
    numbered           n = number(name), t = number(token);
    store_change       change = store_change_open(test_arena());
    const store_sealed b      = {.hash    = HASH(n),
                                 .token   = HASH(t),
                                 .version = version,
                                 .day     = DAY,
                                 .sealed =
                                     yao_text_bytes(yao_text_of(what))};

    store_put_sealed(&change, &b);
    return store_commit(s, &change);
}

static yao_status drop(unsigned name, unsigned token)
{
    numbered     n = number(name), t = number(token);
    store_change change = store_change_open(test_arena());

    store_drop_sealed(&change, HASH(n), HASH(t));
    return store_commit(s, &change);
}

static void keeps_backups(void **state)
{
    numbered     n = number(1);
    store_sealed found;
    uint64_t     count = 9;

    (void)state;
    open_provider();
    assert_status(put(1, 7, 2, "begins late"), YAO_E_EXISTS);
    assert_status(put(1, 7, 1, "one"), YAO_OK);
    assert_status(put(1, 7, 1, "again"), YAO_E_EXISTS);
    assert_status(put(1, 7, 3, "skips"), YAO_E_EXISTS);
    assert_status(put(1, 8, 2, "thief"), YAO_E_EXISTS);
    assert_status(put(1, 7, 2, "two"), YAO_OK);
    assert_status(store_get_sealed(s, HASH(n), test_arena(), &found), YAO_OK);
    assert_bytes(found.sealed, YAO_LIT("two"));
    assert_int_equal(found.version, 2);
    assert_status(drop(1, 8), YAO_E_NOT_FOUND);
    assert_status(drop(1, 7), YAO_OK);
    assert_status(store_get_sealed(s, HASH(n), test_arena(), &found),
                  YAO_E_NOT_FOUND);
    assert_status(put(2, 7, 1, "other"), YAO_OK);

    store_change change = store_change_open(test_arena());
    store_forget_sealed(&change, DAY + 1);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_count_sealed(s, &count), YAO_OK);
    assert_int_equal(count, 0);
    done();
}

int main(void)
{
    add_for_engines("provider", "never taken for an authority's store",
                    is_no_authority);
    add_for_engines("provider", "keeps wallets by hashes", keeps_wallets);
    add_for_engines("provider", "forgets wallets, but not revoked ones",
                    forgets_wallets);
    add_for_engines("provider", "keeps backups that only go forward",
                    keeps_backups);
    int code = test_run("store/provider_contract");
    test_scratch_remove();
    return code;
}
