/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_STORES_H
#define YAO_TEST_STORES_H

/** Every engine of the store, a new store of each for every case, and small
 *  identifiers to put into it. For the contract tests of ports/store. */

#include "check.h"
#include "program.h"
#include "store/store.h"

#include <stdio.h>

#define NOW INT64_C(1767225600)

/* ---- engines ------------------------------------------------------------ */

static void make_url(char *out, size_t cap)
{
    static unsigned number;

    snprintf(out, cap, "sqlite:%s/%u.db", test_scratch(), number++);
}

static const struct {
    const char *name;
    void (*url)(char *out, size_t cap); /* of a store that is not there yet */
} engines[] = {
    {"sqlite", make_url},
};

/* The engine that is being tested, and the store of the case. */
static size_t engine;
static char   url[128];
static store *s;

static void open_new(void)
{
    engines[engine].url(url, sizeof url);
    assert_status(store_open(&(store_options){url, true, NOW}, &s), YAO_OK);
}

static void done(void)
{
    assert_status(store_check(s), YAO_OK);
    store_close(s);
    s = NULL;
}

/* ---- things to put ---- */

typedef struct numbered {
    uint8_t id[STORE_ID_LEN];
    uint8_t hash[STORE_HASH_LEN];
} numbered;

static numbered number(unsigned n)
{
    numbered value;

    memset(&value, 0x5a, sizeof value);
    memcpy(value.id, &n, sizeof n);
    memcpy(value.hash, &n, sizeof n);
    return value;
}

#define ID(n) ((yao_bytes){(n).id, STORE_ID_LEN})
#define HASH(n) ((yao_bytes){(n).hash, STORE_HASH_LEN})

#endif
