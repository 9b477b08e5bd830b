/* SPDX-License-Identifier: Apache-2.0 */
/* The clock jumps between the steps of an issuance: a document comes that is
 * dated as it should be, or none, and afterwards all is as before. */

#include "ci_world.h"

#include "sdjwt/sdjwt.h"

#define HOUR 3600
#define YEAR (365 * YAO_TIME_DAY)

static const struct {
    const char *name;
    yao_time    to; /* 0: by BY */
    yao_time    by;
} jumps[] = {{"an hour on", 0, HOUR},
             {"an hour back", 0, -HOUR},
             {"ten years on", 0, 10 * YEAR},
             {"to 1970", 1, 0},
             {"to the end of 32 bits", INT64_C(2147483647), 0},
             {"to 2106", INT64_C(4294967296), 0}};

static uint64_t ledger(void)
{
    store_document *list;
    size_t          count;
    authority      *a      = &as_first;
    uint8_t         holder[STORE_HASH_LEN];
    yao_arena       arena  = *test_arena();

    assert_status(seal_hash(a->crypto, &a->keys, SEAL_LEDGER_HOLDER,
                            YAO_LIT(CI_NUMBER), holder),
                  YAO_OK);
    assert_status(store_list_documents(a->store,
                                       (yao_bytes){holder, sizeof holder},
                                       &arena, &list, &count),
                  YAO_OK);
    return count;
}

static int64_t number_of(const yao_sdjwt_unverified *got, const char *name)
{
    int64_t value = 0;

    assert_status(yao_json_int(yao_json_get(got->issuer.payload, name),
                               &value),
                  YAO_OK);
    return value;
}

/* Never of the future, never over before it begins. */
static void is_dated_well(const as_answer *a)
{
    yao_vci_response     got;
    yao_sdjwt_unverified copy;

    assert_status(yao_vci_read_response(test_arena(), a->reply.body,
                                        YAO_VCI_SDJWT, 1, &got),
                  YAO_OK);
    assert_status(yao_sdjwt_parse(test_arena(), got.credentials[0], &copy),
                  YAO_OK);
    assert_true(number_of(&copy, "iat") <= yao_now());
    assert_true(number_of(&copy, "exp") > number_of(&copy, "iat"));
    assert_int_equal(number_of(&copy, "iat") % YAO_TIME_DAY, 0);
}

static void jump(size_t which)
{
    as_now = jumps[which].to != 0 ? jumps[which].to
                                  : AS_NOW + jumps[which].by;
}

/* AFTER: whether the nonce is fetched before the jump. */
static void fetch(size_t which, bool after)
{
    ci_session s      = ci_login("pass_sdjwt");
    ci_ask     q      = {.count = 0};
    uint64_t   before = ledger();

    if (after)
        q = ci_new_ask(&s, 1);
    jump(which);
    if (!after)
        q = ci_new_ask(&s, 1);
    as_answer a = ci_fetch(&s, &q);
    assert_true(a.reply.status == 200 ||
                (a.reply.status >= 400 && a.reply.status < 500));
    if (a.reply.status == 200)
        is_dated_well(&a);
    assert_int_equal(ledger(), before + (a.reply.status == 200));
    as_now = AS_NOW;
    ci_forget(&q);

    s = ci_login("pass_sdjwt");
    q = ci_new_ask(&s, 1);
    a = ci_fetch(&s, &q);
    assert_int_equal(a.reply.status, 200);
    is_dated_well(&a);
    ci_forget(&q);
}

static void jumps_between(void **state)
{
    size_t which = *(const size_t *)*state;

    ci_open();
    fetch(which, false);
    fetch(which, true);
    as_close();
}

/* Ten years on no token is good; an hour is longer than one lives. */
static void refuses_later(void **state)
{
    (void)state;
    ci_open();
    for (size_t i = 0; i < 3; i += 2) {
        ci_session s = ci_login("pass_sdjwt");
        ci_ask     q = ci_new_ask(&s, 1);
        jump(i);
        assert_int_equal(ci_fetch(&s, &q).reply.status, 401);
        as_now = AS_NOW;
        ci_forget(&q);
    }
    as_close();
}

int main(void)
{
    static size_t index[COUNT(jumps)];
    static char   names[COUNT(jumps)][64];

    for (size_t i = 0; i < COUNT(jumps); i++) {
        index[i] = i;
        snprintf(names[i], sizeof names[i],
                 "N297 never misdates when the clock jumps %s", jumps[i].name);
        test_add("jump", names[i], jumps_between, &index[i]);
    }
    test_add("jump", "N296 refuses a token an hour later", refuses_later,
             NULL);
    int code = test_run("vci/jump");
    test_scratch_remove();
    return code;
}
