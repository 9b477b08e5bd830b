/* SPDX-License-Identifier: Apache-2.0 */
/* Two who sign revocation lists at the same time. */
#include "authority/keys/keys.h"

#include "app/files.h"
#include "check.h"
#include "journey.h"
#include "x509/crl.h"

static authority  a;      /* of who signs in between */
static authority  slow;   /* of who is overtaken */
static yao_crypto spying; /* its crypto */
static unsigned   waiting; /* hashes until another signs; 0: nobody */

static yao_status sign(const authority *by)
{
    store_change   change = store_change_open(test_arena());
    keys_crl_count count;

    assert_status(keys_put_crls(by, &change, test_arena(), "population", NULL,
                                &count),
                  YAO_OK);
    assert_int_equal(count.made, 1);
    return store_commit(by->store, &change);
}

static store_crl last(void)
{
    store_crl crl;

    assert_status(keys_find_crl(&a, test_arena(), YAO_TEXT("population"),
                                &crl),
                  YAO_OK);
    return crl;
}

/* Somebody revokes a signer, and signs. */
static void revoke_and_sign(void)
{
    store_signer *signers;
    size_t        count;
    store_change  change = store_change_open(test_arena());

    assert_status(store_list_signers(a.store, test_arena(), &signers, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    store_revoke_signer(&change, signers[0].hash, yao_now(),
                        YAO_CRL_KEY_COMPROMISE);
    assert_status(store_commit(a.store, &change), YAO_OK);
    assert_status(sign(&a), YAO_OK);
}

/* The first hash is of the root; the second of a certificate in use, after the
 * store was asked which signers are revoked. */
static yao_status spy(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                      size_t count, uint8_t *out)
{
    if (waiting > 0 && --waiting == 0)
        revoke_and_sign();
    return a.crypto->hash(ctx, alg, parts, count, out);
}

static void prepare(void **state)
{
    yao_settings_trouble trouble;
    const char          *place = "";

    (void)state;
    test_must("authority init --demo -C @/a", 0);
    test_must("signer rotate population -C @/a", 0);
    assert_status(
        authority_open(test_scratch_path("a"), &a, &trouble, &place), YAO_OK);
    assert_status(sign(&a), YAO_OK);
    spying      = *a.crypto;
    spying.hash = spy;
    slow        = a;
    slow.crypto = &spying;
}

static void goes_on_alone(void **state)
{
    int64_t before = last().number;

    (void)state;
    assert_status(sign(&slow), YAO_OK);
    assert_int_equal(last().number, before + 1);
}

/* Of the list itself its signature's length changes, too. */
static size_t entries_of(store_crl crl)
{
    yao_crl read;

    assert_status(yao_crl_read(crl.der, &read), YAO_OK);
    return read.entries.len;
}

static void never_takes_a_revocation_back(void **state)
{
    int64_t   before = last().number;
    store_crl now;

    (void)state;
    waiting = 2;
    assert_status(sign(&slow), YAO_E_EXISTS);
    assert_int_equal(waiting, 0);
    now = last();
    assert_int_equal(now.number, before + 1);
    assert_status(sign(&slow), YAO_OK); /* which knows of it now */
    assert_int_equal(last().number, before + 2);
    assert_true(entries_of(last()) >= entries_of(now));
}

static void finish(void **state)
{
    (void)state;
    authority_close(&a);
}

int main(void)
{
    test_add("crl", "accepts a new authority", prepare, NULL);
    test_add("crl", "gives the next number", goes_on_alone, NULL);
    test_add("crl", "never signs behind one that revokes more",
             never_takes_a_revocation_back, NULL);
    test_add("crl", "accepts the end", finish, NULL);
    int code = test_run("authority/keys/crl");
    test_scratch_remove();
    return code;
}
