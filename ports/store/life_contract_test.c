/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every engine promises of the life after an issuance: nothing passes a
 * bar, nothing is valid while a reason is left, a version is put once, an
 * erasure leaves what it says.
 */
#include "store/bar.h"
#include "store/case.h"
#include "store/enrolment.h"
#include "store/erase.h"
#include "store/notice.h"

#include "check.h"
#include "program.h"
#include "stores.h"

static store_change begin(void)
{
    return store_change_open(test_arena());
}

static yao_status commit(store_change *change)
{
    return store_commit(s, change);
}

/* ---- things to put ---- */

static yao_status put_bar(unsigned n, const char *name, const char *subject,
                          yao_time ends)
{
    numbered     id = number(n), who = number(1);
    store_change change = begin();

    store_put_bar(&change,
                  &(store_bar){.id      = ID(id),
                               .holder  = HASH(who),
                               .lookup  = HASH(who),
                               .kind    = STORE_BAR_HOLD,
                               .name    = yao_text_of(name),
                               .subject = yao_text_bytes(yao_text_of(subject)),
                               .reason  = YAO_TEXT("safety"),
                               .basis   = YAO_TEXT("law"),
                               .author  = YAO_TEXT("one"),
                               .started = NOW,
                               .ends    = ends,
                               .receipt = YAO_TEXT("r")});
    return commit(&change);
}

static yao_status put_document(unsigned n, const char *name,
                               const char *subject, yao_time until)
{
    numbered         id = number(n), who = number(1), copy = number(1000 + n);
    store_change     change = begin();
    const store_copy c      = {.hash = HASH(copy), .key_hash = HASH(copy)};

    store_put_document(
        &change,
        &(store_document){.id          = ID(id),
                          .issuance    = ID(id),
                          .holder      = HASH(who),
                          .subject     = yao_text_bytes(yao_text_of(subject)),
                          .name        = yao_text_of(name),
                          .format      = YAO_TEXT("f"),
                          .profile     = YAO_TEXT(""),
                          .issued      = NOW,
                          .valid_until = until,
                          .level       = 3,
                          .signer      = HASH(who),
                          .copies      = &c,
                          .copy_count  = 1});
    yao_status status = commit(&change);
    if (status == YAO_E_EXISTS)
        assert_int_equal(change.lost_about, STORE_ABOUT_STATE);
    return status;
}

static yao_status set_state(unsigned n, unsigned change_id, int64_t state)
{
    numbered     id = number(n), what = number(change_id);
    store_change change = begin();

    store_put_state(&change, &(store_state_change){.id       = ID(what),
                                                   .issuance = ID(id),
                                                   .at       = NOW,
                                                   .state    = state,
                                                   .copies   = state,
                                                   .reason = YAO_TEXT("r")});
    return commit(&change);
}

static yao_status end_reason(unsigned issuance, unsigned bar)
{
    numbered     id = number(issuance), of = number(bar);
    store_change change = begin();

    store_end_suspension(&change, ID(id), ID(of));
    return commit(&change);
}

static void put_reason(unsigned issuance, unsigned bar)
{
    numbered     id = number(issuance), of = number(bar);
    store_change change = begin();

    store_put_suspension(&change, ID(id), ID(of));
    assert_status(commit(&change), YAO_OK);
}

/* ---- bars ---- */

static void bars_issues(void **state)
{
    numbered     one = number(1), who = number(1);
    store_change change = begin();
    store_bar   *list;
    size_t       count;
    uint64_t     found = 9;

    (void)state;
    open_new();
    assert_status(put_bar(1, "licence", "", NOW + 10), YAO_OK);
    assert_status(put_bar(1, "licence", "", NOW + 10), YAO_E_EXISTS);
    assert_status(put_bar(2, "vehicle", "vin", 0), YAO_OK);
    assert_status(put_document(10, "licence", "", NOW + 99), YAO_E_EXISTS);
    assert_status(put_document(11, "card", "", NOW + 99), YAO_OK);
    assert_status(put_document(12, "vehicle", "vin", NOW + 99), YAO_E_EXISTS);
    assert_status(put_document(13, "vehicle", "other", NOW + 99), YAO_OK);
    assert_status(store_count_bars_by(s, HASH(who), &found), YAO_OK);
    assert_int_equal(found, 0); /* none before everything */
    assert_status(store_count_bars(s, HASH(who), YAO_TEXT("licence"),
                                   YAO_LIT(""), &found),
                  YAO_OK);
    assert_int_equal(found, 1);

    assert_status(store_list_due_bars(s, NOW + 9, 9, test_arena(), &list,
                                      &count),
                  YAO_OK);
    assert_int_equal(count, 0);
    assert_status(store_list_due_bars(s, NOW + 10, 9, test_arena(), &list,
                                      &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    store_end_bar(&change, ID(one), NOW + 10);
    assert_status(commit(&change), YAO_OK);
    change = begin();
    store_end_bar(&change, ID(one), NOW + 10);
    assert_status(commit(&change), YAO_E_NOT_FOUND);
    assert_status(put_document(10, "licence", "", NOW + 99), YAO_OK);
    assert_status(store_list_bars(s, HASH(who), test_arena(), &list, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_bytes(yao_text_bytes(list[0].receipt), YAO_LIT("r"));
    done();
}

static void keeps_reasons(void **state)
{
    yao_bytes *list;
    size_t     count;
    numbered   id = number(10);

    (void)state;
    open_new();
    assert_status(put_document(10, "card", "", NOW + 99), YAO_OK);
    put_reason(10, 1);
    put_reason(10, 1);
    put_reason(10, 2);
    assert_status(set_state(10, 50, STORE_SUSPENDED), YAO_OK);
    assert_status(set_state(10, 51, STORE_VALID), YAO_E_NOT_FOUND);
    assert_status(end_reason(10, 1), YAO_OK);
    assert_status(end_reason(10, 1), YAO_E_NOT_FOUND);
    assert_status(set_state(10, 52, STORE_VALID), YAO_E_NOT_FOUND);
    assert_status(store_list_suspensions(s, ID(id), test_arena(), &list,
                                         &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    assert_status(end_reason(10, 2), YAO_OK);
    assert_status(store_list_unsuspended(s, 9, test_arena(), &list, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    assert_status(set_state(10, 53, STORE_VALID), YAO_OK);
    put_reason(10, 3); /* and what is revoked is so, whatever the reasons */
    assert_status(set_state(10, 54, STORE_REVOKED), YAO_OK);
    done();
}

static void finds_what_escaped(void **state)
{
    store_escaped  *escaped;
    store_document *list;
    size_t          count;
    numbered        who = number(1), bar = number(1);

    (void)state;
    open_new();
    assert_status(put_document(10, "card", "", NOW + 99), YAO_OK);
    assert_status(put_document(11, "card", "x", NOW - 1), YAO_OK);
    assert_status(put_document(12, "other", "", NOW + 99), YAO_OK);
    assert_status(put_bar(1, "card", "", 0), YAO_OK);
    assert_status(store_list_escaped(s, NOW, 9, test_arena(), &escaped, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    assert_bytes(escaped[0].bar, ID(bar));
    const store_bar all = {.holder = HASH(who)};
    assert_status(store_list_barred(s, &all, NOW, test_arena(), &list, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    done();
}

/* ---- notices ---- */

static void tell(unsigned n, const char *kind, unsigned about)
{
    numbered     id = number(n), who = number(1), of = number(about);
    store_change change = begin();

    store_put_notice(&change, &(store_notice){.id     = ID(id),
                                              .holder = HASH(who),
                                              .kind   = yao_text_of(kind),
                                              .about  = ID(of),
                                              .at     = NOW + n,
                                              .detail = YAO_TEXT("{}")});
    assert_status(commit(&change), YAO_OK);
}

static void tells_once(void **state)
{
    numbered        who = number(1), other = number(2), one = number(1);
    store_change    change = begin();
    store_notice   *list;
    store_document *due;
    size_t          count;

    (void)state;
    open_new();
    tell(1, "reissue", 10);
    tell(2, "reissue", 10);
    tell(3, "renew", 11);
    assert_status(store_list_notices(s, HASH(who), 9, test_arena(), &list,
                                     &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_int_equal(list[0].at, NOW + 3);
    store_see_notice(&change, ID(one), HASH(other), NOW);
    assert_status(commit(&change), YAO_E_NOT_FOUND);
    change = begin();
    store_see_notice(&change, ID(one), HASH(who), NOW);
    assert_status(commit(&change), YAO_OK);

    assert_status(put_document(10, "card", "", NOW + 100), YAO_OK);
    assert_status(put_document(11, "card", "y", NOW + 100), YAO_OK);
    assert_status(store_list_due_renewals(s, NOW + 74, 999, test_arena(),
                                          &due, &count),
                  YAO_OK);
    assert_int_equal(count, 0);
    assert_status(store_list_due_renewals(s, NOW + 75, 999, test_arena(),
                                          &due, &count),
                  YAO_OK);
    assert_int_equal(count, 1); /* of the other one somebody was told */
    done();
}

/* ---- versions ---- */

static yao_status put_version(int64_t version, int64_t before)
{
    numbered     who = number(1);
    store_change change = begin();

    store_put_version(&change,
                      &(store_version){.person  = HASH(who),
                                       .version = version,
                                       .content = HASH(who)},
                      before);
    yao_status status = commit(&change);
    if (status != YAO_OK)
        assert_int_equal(change.lost_about, STORE_ABOUT_VERSION);
    return status;
}

static void puts_versions_once(void **state)
{
    numbered      who = number(1);
    store_version v;

    (void)state;
    open_new();
    assert_status(store_get_version(s, HASH(who), test_arena(), &v),
                  YAO_E_NOT_FOUND);
    assert_status(put_version(3, 0), YAO_OK);
    assert_status(put_version(4, 0), YAO_E_EXISTS);
    assert_status(put_version(5, 2), YAO_E_EXISTS);
    assert_status(put_version(5, 3), YAO_OK);
    assert_status(store_get_version(s, HASH(who), test_arena(), &v), YAO_OK);
    assert_int_equal(v.version, 5);
    done();
}

/* ---- people ---- */

static yao_status put_person(unsigned n)
{
    numbered           id = number(n), hash = number(n);
    store_change       change   = begin();
    const store_lookup looked[] = {{STORE_BY_NUMBER, HASH(hash)},
                                   {STORE_BY_HOUSEHOLD, HASH(hash)}};
    const store_part   part     = {STORE_RECORD, YAO_INIT("sealed")};

    store_put_person(&change, &(store_person){.id           = ID(id),
                                              .epoch        = 1,
                                              .wrapped_key  = YAO_INIT("key"),
                                              .registered   = NOW,
                                              .parts        = &part,
                                              .part_count   = 1,
                                              .lookups      = looked,
                                              .lookup_count = 2});
    return commit(&change);
}

static void replaces_parts(void **state)
{
    numbered         id = number(1), other = number(7);
    store_change     change = begin();
    const store_part part   = {STORE_RECORD, YAO_INIT("another")};
    store_lookup    *list;
    size_t           count;
    yao_bytes        sealed;

    (void)state;
    open_new();
    assert_status(put_person(1), YAO_OK);
    assert_status(store_list_lookups(s, ID(id), test_arena(), &list, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    store_keep_person(&change, ID(id));
    store_replace_part(&change, ID(id), &part);
    store_put_lookup(&change, ID(id),
                     &(store_lookup){STORE_BY_PLATE, HASH(other)});
    store_drop_lookup(&change, ID(id), &list[1]);
    assert_status(commit(&change), YAO_OK);
    assert_status(store_get_part(s, ID(id), STORE_RECORD, test_arena(),
                                 &sealed),
                  YAO_OK);
    assert_bytes(sealed, YAO_LIT("another"));
    assert_status(store_list_lookups(s, ID(id), test_arena(), &list, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_int_equal(list[1].kind, STORE_BY_PLATE);
    change = begin();
    store_drop_part(&change, ID(id), STORE_RECORD);
    assert_status(commit(&change), YAO_OK);
    assert_status(store_get_part(s, ID(id), STORE_RECORD, test_arena(),
                                 &sealed),
                  YAO_E_NOT_FOUND);
    done();
}

static yao_status erase(unsigned n)
{
    numbered     id = number(n), hash = number(n);
    store_change change = begin();

    store_erase_person(&change, &(store_erasing){.person = ID(id),
                                                 .holder = HASH(hash),
                                                 .lookup = HASH(hash)});
    return commit(&change);
}

static void erases_once(void **state)
{
    numbered      id = number(1), hash = number(1);
    store_change  change = begin();
    store_person  person;
    store_notice *notices;
    store_case   *cases;
    store_bar    *bars;
    size_t        count;

    (void)state;
    open_new();
    assert_status(put_person(1), YAO_OK);
    assert_status(put_person(2), YAO_OK);
    tell(1, "renew", 10);
    assert_status(put_bar(1, "", "", 0), YAO_OK);
    store_put_case(&change, &(store_case){.id      = ID(id),
                                          .kind    = YAO_TEXT("k"),
                                          .subject = HASH(hash),
                                          .opened  = NOW,
                                          .detail  = YAO_TEXT("{\"a\":1}"),
                                          .sealed  = YAO_INIT("sealed")});
    assert_status(commit(&change), YAO_OK);
    assert_status(erase(1), YAO_OK);
    assert_status(erase(1), YAO_E_NOT_FOUND);
    assert_status(store_get_person(s, (store_lookup){STORE_BY_NUMBER,
                                                     HASH(hash)},
                                   test_arena(), &person),
                  YAO_E_NOT_FOUND);
    assert_status(store_list_notices(s, HASH(hash), 9, test_arena(), &notices,
                                     &count),
                  YAO_OK);
    assert_int_equal(count, 0);
    assert_status(store_list_bars(s, HASH(hash), test_arena(), &bars, &count),
                  YAO_OK);
    assert_int_equal(count, 0);
    assert_status(store_list_cases_of(s, HASH(hash), 9, test_arena(), &cases,
                                      &count),
                  YAO_OK);
    assert_int_equal(count, 0);
    store_case emptied;
    assert_status(store_get_case(s, ID(id), test_arena(), &emptied), YAO_OK);
    assert_int_equal(emptied.sealed.len, 0);
    assert_bytes(yao_text_bytes(emptied.detail), YAO_LIT("{}"));

    /* a number may come again, and others are as they were */
    numbered two = number(2);
    assert_status(store_get_person(s, (store_lookup){STORE_BY_NUMBER,
                                                     HASH(two)},
                                   test_arena(), &person),
                  YAO_OK);
    change = begin();
    store_keep_person(&change, ID(id));
    assert_status(commit(&change), YAO_E_NOT_FOUND);
    done();
}

int main(void)
{
    static const struct {
        const char        *group, *name;
        CMUnitTestFunction run;
    } cases[] = {
        {"bars", "refuses what stands behind one", bars_issues},
        {"bars", "refuses to restore while a reason is left", keeps_reasons},
        {"bars", "gives what came in between", finds_what_escaped},
        {"notices", "gives each once", tells_once},
        {"versions", "accepts each once", puts_versions_once},
        {"people", "gives what was put in the place", replaces_parts},
        {"people", "never gives who was erased", erases_once},
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        add_for_engines(cases[i].group, cases[i].name, cases[i].run);
    int code = test_run("store/life_contract");
    test_scratch_remove();
    return code;
}
