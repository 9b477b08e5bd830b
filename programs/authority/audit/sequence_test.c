/* SPDX-License-Identifier: Apache-2.0 */
/* Several who lead the log at once: the jobs of servers, and verbs beside them.
 */

#include "authority/audit/sequence.h"

#include <pthread.h>

#include "app/files.h"
#include "check.h"
#include "journey.h"
#include "store/log.h"

enum { ROUNDS = 60, LEADERS = 4 };

static authority first;

typedef struct leader {
    authority    a;
    yao_openssl *openssl;
    yao_arena    arena;
    size_t       made, in_vain; /* leaves; when the other was faster */
    yao_status   status;        /* what it failed with */
} leader;

static void prepare(void **state)
{
    yao_settings_trouble trouble;
    const char          *place = "";

    (void)state;
    test_must("authority init --demo -C @/a", 0);
    assert_status(
        authority_open(test_scratch_path("a"), &first, &trouble, &place),
        YAO_OK);
}

/* With crypto and memory of its own, on the store that is everybody's. */
static void open_leader(leader *l)
{
    *l = (leader){.a = first, .openssl = yao_openssl_open()};
    assert_non_null(l->openssl);
    l->a.openssl = l->openssl;
    l->a.crypto  = yao_openssl_crypto(l->openssl);
    assert_status(yao_memory_open(8u << 20, &l->arena), YAO_OK);
}

static yao_status put_event(leader *l)
{
    store_change change = store_change_open(&l->arena);

    YAO_TRY(authority_put_event(&change, &l->arena, "case.open",
                                (yao_bytes){NULL, 0}, YAO_TEXT("{}")));
    return store_commit(l->a.store, &change);
}

static void *lead(void *ctx)
{
    leader *l = ctx;

    for (int i = 0; i < ROUNDS && l->status == YAO_OK; i++) {
        size_t count = 0;

        l->status = put_event(l);
        if (l->status == YAO_OK)
            l->status = audit_advance(&l->a, &l->arena, 0, &count);
        l->made += count;
        if (l->status != YAO_E_LOCKED)
            continue;
        l->in_vain++;
        l->status = YAO_OK;
    }
    return NULL;
}

/* Each leaf is made once, and no head seems to be of a longer log than there
 * is. */
static void many_at_once(void **state)
{
    static leader leaders[LEADERS];
    pthread_t     threads[LEADERS];
    size_t        made = 0, in_vain = 0, count = 0;
    int64_t       before = 0, after = 0;

    (void)state;
    for (size_t i = 0; i < LEADERS; i++)
        open_leader(&leaders[i]);
    leader *last = &leaders[LEADERS - 1];
    assert_status(audit_advance(&last->a, &last->arena, 0, &count), YAO_OK);
    assert_status(store_count_log(first.store, &before), YAO_OK);
    for (size_t i = 0; i < LEADERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, lead, &leaders[i]),
                         0);
    for (size_t i = 0; i < LEADERS; i++) {
        pthread_join(threads[i], NULL);
        made += leaders[i].made;
        in_vain += leaders[i].in_vain;
    }
    for (size_t i = 0; i < LEADERS; i++)
        assert_status(leaders[i].status, YAO_OK);
    print_message("# %zu times another was faster\n", in_vain);
    assert_status(audit_advance(&last->a, &last->arena, 0, &count), YAO_OK);
    assert_status(store_count_log(first.store, &after), YAO_OK);
    assert_int_equal(made + count, LEADERS * ROUNDS);
    assert_int_equal(after - before, LEADERS * ROUNDS);
    for (size_t i = 0; i < LEADERS; i++) {
        yao_memory_free(&leaders[i].arena);
        yao_openssl_close(leaders[i].openssl);
    }
}

/* What they made together is a log that agrees. */
static void agrees(void **state)
{
    (void)state;
    authority_close(&first);
    test_must("audit verify --ledger @/a", 0);
}

int main(void)
{
    test_add("sequence", "prepares", prepare, NULL);
    test_add("sequence", "accepts several who lead at once", many_at_once,
             NULL);
    test_add("sequence", "gives a log that agrees", agrees, NULL);
    int code = test_run("authority/audit/sequence");
    test_scratch_remove();
    return code;
}
