/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of a net certificate from the credential endpoint. */
#include "ci_world.h"

#include "authority/netcert/netcert.h"

#define MDOC "net_certificate_mdoc"
#define SDJWT "net_certificate_sdjwt"

static uint8_t lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];

static enrol env(void)
{
    return (enrol){.a         = &as_first,
                   .catalogue = yao_catalogue_shipped(),
                   .arena     = test_arena(),
                   .now       = as_now,
                   .demo      = true};
}

static netcert_holder who(void)
{
    return (netcert_holder){
        {lookup, sizeof lookup}, {holder, sizeof holder}, 3};
}

static void put(void)
{
    enrol                e      = env();
    const netcert_holder person = who();
    store_change         change = store_change_open(test_arena());

    assert_status(netcert_put(&e, &change, &person), YAO_OK);
    assert_status(store_commit(as_first.store, &change), YAO_OK);
}

static yao_status act(netcert_act what)
{
    enrol                e      = env();
    const netcert_holder person = who();
    int64_t              wait;

    return netcert_do(&e, &person, what, &wait);
}

/* The world lasts; its certificate is a new one for each case. */
static void open_world(void)
{
    enrol e;

    ci_open();
    e = env();
    assert_status(enrol_hash_person(&e, YAO_TEXT(CI_NUMBER), lookup, holder),
                  YAO_OK);
    yao_status status = act(NETCERT_DEREGISTER);
    assert_true(status == YAO_OK || status == YAO_E_NOT_FOUND);
}

static int fetch(const ci_session *s, yao_text *ret)
{
    ci_ask    q = ci_new_ask(s, 1);
    as_answer a = ci_fetch(s, &q);

    if (a.reply.status == 200 && ret != NULL)
        assert_status(
            yao_json_string(
                yao_json_get(yao_json_get(a.json, "credentials")->first,
                             "credential"),
                test_arena(), ret),
            YAO_OK);
    ci_forget(&q);
    return a.reply.status;
}

static void gives_copies(void **state)
{
    ci_session    mdoc, sdjwt;
    store_netcert n;
    yao_text      text;
    enrol         e;
    (void)state;

    open_world();
    put();
    mdoc  = ci_login(MDOC);
    sdjwt = ci_login(SDJWT);
    assert_int_equal(fetch(&mdoc, NULL), 200);
    assert_int_equal(fetch(&sdjwt, &text), 200);
    assert_int_equal(yao_bytes_find(yao_text_bytes(text), '~') < text.len,
                     true);
    e = env();
    assert_status(netcert_get(&e, (yao_bytes){lookup, sizeof lookup}, &n),
                  YAO_OK);
    assert_int_equal(n.version, 3);
    assert_int_equal(n.device.len, STORE_HASH_LEN);
    as_close();
}

static void refuses_without_one(void **state)
{
    ci_session s;
    (void)state;

    open_world();
    s = ci_login(MDOC);
    assert_int_equal(fetch(&s, NULL), 400);
    put();
    s = ci_login(MDOC);
    assert_int_equal(fetch(&s, NULL), 200);
    as_close();
}

static void refuses_while_frozen(void **state)
{
    ci_session s;
    (void)state;

    open_world();
    put();
    s = ci_login(MDOC);
    assert_int_equal(fetch(&s, NULL), 200);
    assert_status(act(NETCERT_FREEZE), YAO_OK);
    s = ci_login(MDOC);
    assert_int_equal(fetch(&s, NULL), 400);
    assert_status(act(NETCERT_UNFREEZE), YAO_OK);
    s = ci_login(MDOC);
    assert_int_equal(fetch(&s, NULL), 200);
    assert_status(act(NETCERT_DEREGISTER), YAO_OK);
    s = ci_login(MDOC);
    assert_int_equal(fetch(&s, NULL), 400);
    as_close();
}

/* The certificate belongs to one device until it is downloaded again. */
static void refuses_another_device(void **state)
{
    ci_session    s;
    store_change  change;
    store_netcert n;
    enrol         e;
    uint8_t       other[STORE_HASH_LEN] = {7};
    (void)state;

    open_world();
    put();
    e = env();
    assert_status(netcert_get(&e, (yao_bytes){lookup, sizeof lookup}, &n),
                  YAO_OK);
    change = store_change_open(test_arena());
    store_use_netcert(&change, &n, (yao_bytes){other, sizeof other});
    assert_status(store_commit(as_first.store, &change), YAO_OK);
    s = ci_login(MDOC);
    assert_int_equal(fetch(&s, NULL), 400);
    put();
    s = ci_login(MDOC);
    assert_int_equal(fetch(&s, NULL), 200);
    as_close();
}

static bool holds(const yao_writer *w, const char *text)
{
    size_t len = strlen(text);

    for (size_t k = 0; k + len <= w->len; k++)
        if (memcmp(w->ptr + k, text, len) == 0)
            return true;
    return false;
}

/* Whatever is decoded of it. */
static void never_links(void **state)
{
    ci_session s;
    yao_text   net;
    size_t     numbers = 0;
    static const char *const values[] = {"12011919880808901X", "birthdate",
                                         "given_name", "portrait"};
    (void)state;

    open_world();
    put();
    s = ci_login(SDJWT);
    assert_int_equal(fetch(&s, &net), 200);
    /* disclosures are base64url: decoded one after the other */
    for (size_t at = 0; at < net.len; at++) {
        size_t     start = at, end = at;
        yao_writer w = yao_writer_in(test_arena());
        while (end < net.len && net.ptr[end] != '~' && net.ptr[end] != '.')
            end++;
        at = end;
        if (yao_get_base64url((yao_bytes){net.ptr + start, end - start}, &w) !=
            YAO_OK)
            continue;
        numbers += holds(&w, "net_number");
        for (size_t i = 0; i < COUNT(values); i++)
            assert_false(holds(&w, values[i]));
    }
    assert_int_equal(numbers, 1);
    as_close();
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"gives copies in both formats to one device", gives_copies},
    {"refuses who never opened one", refuses_without_one},
    {"refuses while it is frozen, and after its end", refuses_while_frozen},
    {"refuses another device until it is downloaded again",
     refuses_another_device},
    {"never says who it is", never_links},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("fetch", rows[i].name, rows[i].run, NULL);
    int code = test_run("authority/netcert/fetch");
    test_scratch_remove();
    return code;
}
