/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_STORES_H
#define YAO_TEST_STORES_H

/** Every engine of the store, a new store of each for every case, and small
 *  identifiers to put into it. For the contract tests of ports/store: a case
 *  that is added with add_for_engines() is run against each. */

#include "check.h"
#include "postgres_server.h"
#include "program.h"
#include "store/socket/socket.h"
#include "store/store.h"

#include <stdio.h>

#define NOW INT64_C(1767225600)

/* ---- engines ------------------------------------------------------------ */

static void make_url(char *out, size_t cap)
{
    static unsigned number;

    snprintf(out, cap, "sqlite:%s/%u.db", test_scratch(), number++);
}

static const char *never_missing(void)
{
    return NULL;
}

/* A file that is served to us: by another process, were this no test. */
static store         *host;
static store_serving *serving;

static inline void end_host(void)
{
    store_serve_end(serving);
    store_close(host);
    serving = NULL;
    host    = NULL;
}

static void make_served_url(char *out, size_t cap)
{
    end_host();
    make_url(out, cap);
    const store_options made = {.url = out, .create = true, .now = NOW};
    assert_status(store_open(&made, &host), YAO_OK);
    snprintf(out, cap, "socket:%s/served.sock", test_scratch());
    assert_status(store_serve(host, out + strlen("socket:"), &serving), YAO_OK);
}

static const struct {
    const char *name;
    const char *(*missing)(void); /* why it can't be tested here, or NULL */
    void (*url)(char *out, size_t cap); /* of a store that is not there yet */
    bool served;                        /* it is there already */
} engines[] = {
    {"sqlite", never_missing, make_url, false},
    {"postgres", test_postgres_missing, test_postgres_url, false},
    {"socket", never_missing, make_served_url, true},
};

/* The engine that is being tested, and the store of the case. */
static size_t engine;
static char   url[256];
static store *s;

/* ---- cases ---- */

typedef struct engine_case {
    CMUnitTestFunction run;
    size_t             engine;
} engine_case;

static void run_case(void **state)
{
    const engine_case *c = *state;

    engine = c->engine;
    if (engines[engine].missing() != NULL) {
        print_message("# %s\n", engines[engine].missing());
        skip();
    }
    c->run(state);
    end_host();
}

/** Add RUN as "ENGINE, GROUP: NAME" for every engine. */
static inline void add_for_engines(const char *group, const char *name,
                            CMUnitTestFunction run)
{
    static engine_case cases[192];
    static char        groups[192][48];
    static size_t      count;

    for (size_t i = 0; i < COUNT(engines) && count < COUNT(cases); i++) {
        cases[count] = (engine_case){run, i};
        snprintf(groups[count], sizeof groups[count], "%s, %s",
                 engines[i].name, group);
        test_add(groups[count], name, run_case, &cases[count]);
        count++;
    }
}

/** For what only who makes a store, or commits, can be asked. */
static inline void skip_guests(void)
{
    if (engines[engine].served)
        skip();
}

static inline void open_new(void)
{
    engines[engine].url(url, sizeof url);
    const store_options options = {.url    = url,
                                   .create = !engines[engine].served,
                                   .now    = NOW};
    assert_status(store_open(&options, &s), YAO_OK);
}

static inline void done(void)
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

static inline numbered number(unsigned n)
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
