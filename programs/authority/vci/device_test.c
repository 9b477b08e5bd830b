/* SPDX-License-Identifier: Apache-2.0 */
/* What a grant is worth on a device that was enrolled, and after it ended; and
 * what the log says of who was refused. */

#include "ci_world.h"
#include "authority/enrol/level.h"

/* ---- a device ----------------------------------------------------------- */

static uint8_t holder[STORE_HASH_LEN], device[STORE_HASH_LEN];
static uint8_t enrolment[STORE_ID_LEN];

static yao_bytes holder_of(const char *number)
{
    assert_status(seal_hash(as_first.crypto, &as_first.keys,
                            SEAL_LEDGER_HOLDER,
                            yao_text_bytes(yao_text_of(number)), holder),
                  YAO_OK);
    return (yao_bytes){holder, sizeof holder};
}

static yao_bytes device_of(const as_wallet *w)
{
    uint8_t        jkt[STORE_HASH_LEN];
    yao_public_key key = yao_openssl_key_public(forge_key(w->instance));

    assert_status(yao_jwk_thumbprint(&key, forge_crypto(), jkt), YAO_OK);
    assert_status(seal_hash(as_first.crypto, &as_first.keys, SEAL_LEDGER_KEY,
                            (yao_bytes){jkt, sizeof jkt}, device),
                  YAO_OK);
    return (yao_bytes){device, sizeof device};
}

/* NUMBER enrols the device of W. */
static yao_bytes enrol_device(const as_wallet *w, const char *number,
                              int64_t factors)
{
    store_change    change = store_change_open(test_arena());
    const yao_bytes id     = {enrolment, sizeof enrolment};

    assert_status(yao_openssl_random(enrolment, sizeof enrolment), YAO_OK);
    store_put_enrolment(&change,
                        &(store_enrolment){.id      = id,
                                           .holder  = holder_of(number),
                                           .level   = 3,
                                           .factors = factors,
                                           .state = STORE_ENROLMENT_OFFERED,
                                           .started = as_now});
    assert_status(store_commit(as_first.store, &change), YAO_OK);
    change = store_change_open(test_arena());
    store_bind_enrolment(&change, id, device_of(w), false, as_now);
    assert_status(store_commit(as_first.store, &change), YAO_OK);
    return id;
}

/* The telephone is lost. */
static void end_device(yao_bytes id, const char *number)
{
    store_change change = store_change_open(test_arena());

    store_end_enrolment(&change, id, holder_of(number), 4, as_now);
    assert_status(store_commit(as_first.store, &change), YAO_OK);
}

static size_t issued_to(yao_bytes id)
{
    yao_bytes *list;
    size_t     count;

    assert_status(store_list_enrolment_issuances(as_first.store, id,
                                                 test_arena(), &list, &count),
                  YAO_OK);
    return count;
}

/* ---- its grants --------------------------------------------------------- */

/* Somebody who said yes on the page, with a wallet of KEY. */
static ci_session by_page(int key, yao_text *refresh)
{
    ci_session s = {.wallet = as_new_wallet("suite-wallet-1", key),
                    .configuration = YAO_TEXT(AS_DOCUMENT)};
    as_answer  a = as_redeem(&s.wallet, as_code(&s.wallet));

    assert_int_equal(a.reply.status, 200);
    s.token  = as_member(&a, "access_token");
    *refresh = as_member(&a, "refresh_token");
    return s;
}

static as_answer fetch_one(const ci_session *s)
{
    ci_ask    q = ci_new_ask(s, 1);
    as_answer a = ci_fetch(s, &q);

    ci_forget(&q);
    return a;
}

static void gives_to_enrolled(void **state)
{
    yao_text refresh;

    (void)state;
    ci_open();
    ci_session s = by_page(5, &refresh);
    assert_int_equal(fetch_one(&s).reply.status, 200); /* nobody enrolled it */
    yao_bytes id = enrol_device(&s.wallet, CI_NUMBER, 3);
    assert_int_equal(fetch_one(&s).reply.status, 200);
    assert_int_equal(issued_to(id), 1);
    end_device(id, CI_NUMBER);
    as_close();
}

/* The documents are revoked then; new ones must not come. */
static void refuses_ended(void **state)
{
    yao_text refresh;

    (void)state;
    ci_open();
    ci_session s  = by_page(3, &refresh);
    yao_bytes  id = enrol_device(&s.wallet, CI_NUMBER, 3);
    end_device(id, CI_NUMBER);
    as_expect(fetch_one(&s), 400, "credential_request_denied");
    as_answer a = as_refresh(&s.wallet, refresh);
    s.token     = as_member(&a, "access_token");
    as_expect(fetch_one(&s), 400, "credential_request_denied");
    assert_int_equal(issued_to(id), 0);

    id = enrol_device(&s.wallet, CI_NUMBER, 3); /* it was found again */
    assert_int_equal(fetch_one(&s).reply.status, 200);
    assert_int_equal(issued_to(id), 1);
    as_close();
}

/* What another did with the same device is not about this person. */
static void gives_beside_others(void **state)
{
    yao_text refresh;

    (void)state;
    ci_open();
    ci_session s  = by_page(4, &refresh);
    yao_bytes  id = enrol_device(&s.wallet, "110101199003074477", 3);
    assert_int_equal(fetch_one(&s).reply.status, 200);
    end_device(id, "110101199003074477");
    assert_int_equal(fetch_one(&s).reply.status, 200);
    assert_int_equal(issued_to(id), 0);
    as_close();
}

/* ---- the log ------------------------------------------------------------ */

static size_t events_of(const char *number, const char *kind)
{
    yao_arena   *arena = test_arena();
    yao_bytes    whose = holder_of(number);
    size_t       mark = arena->used, count, found = 0;
    store_event *events;

    assert_status(
        store_list_events(as_first.store, 10000, arena, &events, &count),
        YAO_OK);
    for (size_t i = 0; i < count; i++)
        found += yao_text_equal(events[i].kind, yao_text_of(kind)) &&
                 yao_bytes_equal(events[i].subject, whose);
    arena->used = mark;
    return found;
}

static size_t reads_of(const char *number)
{
    return events_of(number, "person.read");
}

/* Who was refused had the record read all the same. */
static void notes_reading(void **state)
{
    (void)state;
    ci_open();
    size_t     before = reads_of(CI_NUMBER);
    ci_session s      = ci_login("residence_permit_mdoc");
    as_expect(fetch_one(&s), 400, "credential_request_denied");
    assert_int_equal(reads_of(CI_NUMBER), before + 1);

    ci_session t = ci_login("resident_id_mdoc");
    assert_int_equal(fetch_one(&t).reply.status, 200);
    assert_int_equal(reads_of(CI_NUMBER), before + 1); /* document.issue */
    as_close();
}

/* The log finds people by the hash that the ledger has, not by the look-up of
 * the register: an event of that would be nobody's. */
static void tells_of_waiting(void **state)
{
    store_case *cases;
    size_t      count;

    (void)state;
    ci_open();
    size_t     before = events_of(CI_NUMBER, "credential.wait");
    ci_session s      = ci_offered(CI_NUMBER, "resident_id_mdoc",
                                   (vci_note){.officer = true});
    assert_int_equal(fetch_one(&s).reply.status, 202);
    assert_int_equal(events_of(CI_NUMBER, "credential.wait"), before + 1);
    assert_status(store_list_cases(as_first.store, STORE_CASE_OPEN, 10,
                                   test_arena(), &cases, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    assert_bytes(cases[0].subject, holder_of(CI_NUMBER));
    as_close();
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"gives documents of the page to an enrolled device, as its own",
     gives_to_enrolled},
    {"refuses grants of the page on a device that was ended", refuses_ended},
    {"gives documents on a device that others enrolled and ended",
     gives_beside_others},
    {"never reads a record without an event, also for who is refused",
     notes_reading},
    {"gives the person an event of a document that waits for an officer",
     tells_of_waiting},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("device", rows[i].name, rows[i].run, NULL);
    int code = test_run("vci/device");
    test_scratch_remove();
    return code;
}
