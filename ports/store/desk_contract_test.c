/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every engine promises a desk: a request is bound to one browser and
 * answered once, results go when their time is over, and a schema that is not
 * taken for another's.
 */

#include "store/desk.h"

#include "check.h"
#include "program.h"
#include "stores.h"

enum { MINUTE = 60 };

static void open_desk(void)
{
    skip_guests();
    engines[engine].url(url, sizeof url);
    assert_status(store_open(&(store_options){.url    = url,
                                              .create = true,
                                              .now    = NOW,
                                              .schema = STORE_DESK},
                             &s),
                  YAO_OK);
}

static void is_no_provider(void **state)
{
    store *other;

    (void)state;
    open_desk();
    done();
    assert_status(
        store_open(
            &(store_options){.url = url, .now = NOW, .schema = STORE_PROVIDER},
            &other),
        YAO_E_UNSUPPORTED);
    assert_status(
        store_open(
            &(store_options){.url = url, .now = NOW, .schema = STORE_DESK}, &s),
        YAO_OK);
    done();
}

/* ---- requests ---- */

static yao_status ask(unsigned n, const char *nonce)
{
    numbered            id = number(n), client = number(77);
    store_change        change = store_change_open(test_arena());
    const store_enquiry e      = {.id      = ID(id),
                                  .client  = ID(client),
                                  .profile = YAO_TEXT("age"),
                                  .choice  = YAO_TEXT("age_over_18"),
                                  .device  = STORE_DEVICE_SAME,
                                  .state   = STORE_ENQUIRY_OPEN,
                                  .nonce   = yao_text_of(nonce),
                                  .back    = YAO_TEXT(""),
                                  .sealed  = YAO_LIT("sealed"),
                                  .browser = YAO_LIT(""),
                                  .code    = YAO_LIT(""),
                                  .created = NOW,
                                  .expires = NOW + MINUTE,
                                  .ends    = NOW + 5 * MINUTE};

    store_put_enquiry(&change, &e);
    return store_commit(s, &change);
}

static yao_status bind(unsigned n, unsigned browser, yao_time now)
{
    numbered     id = number(n), b = number(browser);
    store_change change = store_change_open(test_arena());

    store_bind_enquiry(&change, ID(id), HASH(b), now);
    return store_commit(s, &change);
}

static yao_status answer(unsigned n, unsigned code, yao_time now)
{
    numbered     id = number(n), c = number(code);
    store_change change = store_change_open(test_arena());

    store_answer_enquiry(
        &change, &(store_enquiry_answer){.id    = ID(id),
                                         .state = STORE_ENQUIRY_ANSWERED,
                                         .code  = HASH(c),
                                         .sealed = YAO_LIT("less"),
                                         .now   = now,
                                         .ends  = now + 5 * MINUTE});
    return store_commit(s, &change);
}

static yao_status finish(unsigned n, unsigned code, unsigned browser,
                         yao_time now)
{
    numbered     id = number(n), c = number(code), b = number(browser);
    store_change change = store_change_open(test_arena());

    store_finish_enquiry(&change,
                         &(store_enquiry_end){.id      = ID(id),
                                              .code    = HASH(c),
                                              .browser = HASH(b),
                                              .now     = now,
                                              .ends    = now + 5 * MINUTE});
    return store_commit(s, &change);
}

static store_enquiry get(unsigned n)
{
    numbered      id = number(n);
    store_enquiry found;

    assert_status(store_get_enquiry(s, ID(id), NOW, test_arena(), &found),
                  YAO_OK);
    return found;
}

static void keeps_requests(void **state)
{
    numbered      id = number(1);
    store_enquiry found;

    (void)state;
    open_desk();
    assert_status(ask(1, "n1"), YAO_OK);
    assert_status(ask(1, "n2"), YAO_E_EXISTS);
    assert_status(ask(2, "n1"), YAO_E_EXISTS);
    found = get(1);
    assert_int_equal(found.state, STORE_ENQUIRY_OPEN);
    assert_int_equal(found.device, STORE_DEVICE_SAME);
    assert_bytes(yao_text_bytes(found.choice), YAO_LIT("age_over_18"));
    assert_bytes(found.sealed, YAO_LIT("sealed"));
    assert_int_equal(found.browser.len + found.code.len + found.back.len, 0);
    assert_status(
        store_get_enquiry(s, ID(id), NOW + 5 * MINUTE, test_arena(), &found),
        YAO_E_NOT_FOUND);
    done();
}

static void binds_one_browser(void **state)
{
    (void)state;
    open_desk();
    assert_status(ask(1, "n1"), YAO_OK);
    assert_status(bind(1, 5, NOW + MINUTE), YAO_E_NOT_FOUND);
    assert_status(bind(1, 5, NOW), YAO_OK);
    assert_status(bind(1, 6, NOW), YAO_E_NOT_FOUND);
    assert_int_equal(get(1).browser.len, STORE_HASH_LEN);
    done();
}

static void answers_once(void **state)
{
    (void)state;
    open_desk();
    assert_status(ask(1, "n1"), YAO_OK);
    assert_status(bind(1, 5, NOW), YAO_OK);
    assert_status(answer(1, 8, NOW + MINUTE), YAO_E_NOT_FOUND);
    assert_status(finish(1, 8, 5, NOW), YAO_E_NOT_FOUND);
    assert_bytes(get(1).sealed, YAO_LIT("sealed"));
    assert_status(answer(1, 8, NOW), YAO_OK);
    assert_bytes(get(1).sealed, YAO_LIT("less"));
    assert_status(answer(1, 9, NOW), YAO_E_NOT_FOUND);
    assert_status(bind(1, 5, NOW), YAO_E_NOT_FOUND);
    assert_status(finish(1, 9, 5, NOW), YAO_E_NOT_FOUND);
    assert_status(finish(1, 8, 6, NOW), YAO_E_NOT_FOUND);
    assert_status(finish(1, 8, 5, NOW + 5 * MINUTE), YAO_E_NOT_FOUND);
    assert_status(finish(1, 8, 5, NOW), YAO_OK);
    assert_status(finish(1, 8, 5, NOW), YAO_E_NOT_FOUND);
    assert_int_equal(get(1).state, STORE_ENQUIRY_DONE);
    done();
}

/* ---- what came of them ---- */

static yao_status judge(unsigned n, yao_time ends)
{
    numbered              id = number(n), client = number(77);
    store_change          change = store_change_open(test_arena());
    const store_judgement j      = {.id       = ID(id),
                                    .client   = ID(client),
                                    .profile  = YAO_TEXT("hotel"),
                                    .verdict  = 1,
                                    .made     = NOW,
                                    .ends     = ends,
                                    .sealed   = YAO_LIT("sealed"),
                                    .evidence = YAO_LIT("")};

    store_put_judgement(&change, &j);
    return store_commit(s, &change);
}

static yao_status keep(unsigned n, yao_time ends, yao_time now)
{
    numbered     id     = number(n);
    store_change change = store_change_open(test_arena());

    store_keep_judgement(&change, ID(id), ends, now);
    return store_commit(s, &change);
}

static void keeps_results(void **state)
{
    numbered        id = number(1);
    store_judgement found;

    (void)state;
    open_desk();
    assert_status(judge(1, NOW),
                  YAO_E_STORE); /* it would end before it began */
    assert_status(judge(1, NOW + MINUTE), YAO_OK);
    assert_status(judge(1, NOW + MINUTE), YAO_E_EXISTS);
    assert_status(keep(1, NOW + YAO_TIME_DAY, NOW + MINUTE), YAO_E_NOT_FOUND);
    assert_status(keep(1, NOW + YAO_TIME_DAY, NOW), YAO_OK);
    assert_status(
        store_get_judgement(s, ID(id), NOW + MINUTE, test_arena(), &found),
        YAO_OK);
    assert_int_equal(found.ends, NOW + YAO_TIME_DAY);
    assert_int_equal(found.evidence.len, 0);

    store_change change = store_change_open(test_arena());
    store_drop_judgement(&change, ID(id));
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_get_judgement(s, ID(id), NOW, test_arena(), &found),
                  YAO_E_NOT_FOUND);
    done();
}

static void forgets_in_time(void **state)
{
    uint64_t     requests = 9, results = 9;
    store_change change = store_change_open(test_arena());

    (void)state;
    open_desk();
    assert_status(ask(1, "n1"), YAO_OK);
    assert_status(judge(1, NOW + MINUTE), YAO_OK);
    assert_status(judge(2, NOW + 9 * MINUTE), YAO_OK);
    store_forget_enquiries(&change, NOW + 5 * MINUTE - 1);
    store_forget_judgements(&change, NOW + MINUTE);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_count_enquiries(s, &requests), YAO_OK);
    assert_status(store_count_judgements(s, &results), YAO_OK);
    assert_int_equal(requests, 1);
    assert_int_equal(results, 1);
    change = store_change_open(test_arena());
    store_forget_enquiries(&change, NOW + 5 * MINUTE);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_count_enquiries(s, &requests), YAO_OK);
    assert_int_equal(requests, 0);

    numbered id = number(3);
    assert_status(ask(3, "n3"), YAO_OK);
    change = store_change_open(test_arena());
    store_drop_enquiry(&change, ID(id));
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_count_enquiries(s, &requests), YAO_OK);
    assert_int_equal(requests, 0);
    done();
}

int main(void)
{
    add_for_engines("desk", "never taken for a provider's store",
                    is_no_provider);
    add_for_engines("desk", "keeps requests until they end", keeps_requests);
    add_for_engines("desk", "accepts one browser for a request",
                    binds_one_browser);
    add_for_engines("desk", "N220 accepts one answer, for one browser's code",
                    answers_once);
    add_for_engines("desk", "keeps results until their end", keeps_results);
    add_for_engines("desk", "forgets what has ended", forgets_in_time);
    int code = test_run("store/desk_contract");
    test_scratch_remove();
    return code;
}
