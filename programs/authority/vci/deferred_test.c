/* SPDX-License-Identifier: Apache-2.0 */
/* What comes later: documents at which an officer looks first, and what a
 * wallet says became of its copies. */

#include "ci_world.h"
#include "authority/vci/waiting.h"
#include "store/case.h"

/* ---- deferred ----------------------------------------------------------- */

static const uint8_t first_operator[1]  = {1};
static const uint8_t second_operator[1] = {2};

static void decide(const char *word)
{
    store_case  *cases;
    size_t       count;
    store_change change = store_change_open(test_arena());
    yao_text     said   = yao_text_of(word);

    assert_status(store_list_cases(as_first.store, STORE_CASE_OPEN, 100,
                                   test_arena(), &cases, &count),
                  YAO_OK);
    assert_true(count > 0);
    store_decide_case(&change, cases[count - 1].id, said,
                      (yao_bytes){first_operator, 1}, as_now);
    assert_status(store_commit(as_first.store, &change), YAO_OK);
    change = store_change_open(test_arena());
    store_confirm_case(&change, cases[count - 1].id, said,
                       (yao_bytes){second_operator, 1}, as_now);
    assert_status(store_commit(as_first.store, &change), YAO_OK);
}

static as_answer later(const ci_session *s, yao_text id)
{
    const yao_vci_deferred d = {.transaction_id = id};
    yao_writer             w = yao_writer_in(test_arena());

    yao_vci_put_deferred(&w, &d);
    as_request r = ci_post(s, "/deferred", as_keep(&w, test_arena()));
    return ci_send(&r);
}

/* A request that waits; its transaction. */
static yao_text wait_for(const ci_session *s, ci_ask *q)
{
    yao_vci_response got;
    as_answer        a = ci_fetch(s, q);

    assert_int_equal(a.reply.status, 202);
    assert_status(yao_vci_read_response(test_arena(), a.reply.body,
                                        YAO_VCI_SDJWT, 1, &got),
                  YAO_OK);
    assert_int_equal(got.interval, 60);
    return got.transaction_id;
}

static ci_session waiting_session(void)
{
    return ci_offered(CI_NUMBER, "resident_id_sdjwt",
                      (vci_note){.officer = true});
}

static void gives_later(void **state)
{
    (void)state;
    ci_open();
    ci_session s  = waiting_session();
    ci_ask     q  = ci_new_ask(&s, 1);
    yao_text   id = wait_for(&s, &q);
    as_answer  a  = later(&s, id);
    assert_int_equal(a.reply.status, 202);
    assert_true(yao_text_equal(as_member(&a, "transaction_id"), id));
    decide(VCI_CASE_APPROVED);
    as_answer b = later(&s, id);
    assert_int_equal(b.reply.status, 200);
    as_answer c = later(&s, id); /* the connection broke */
    assert_bytes(c.reply.body, b.reply.body);
    as_now += VCI_ANSWER_SECONDS - 1;
    as_close();
    ci_forget(&q);
}

/* A key of another curve is not forgotten while an officer looks. */
static void gives_later_p384(void **state)
{
    yao_openssl_key *key;

    (void)state;
    ci_open();
    ci_session s = waiting_session();
    ci_ask     q = ci_new_ask(&s, 1);
    assert_status(yao_openssl_key_generate(YAO_ES384, &key), YAO_OK);
    yao_vci_proof_wish wish = ci_wish(key, q.nonce);
    q.request.proofs[0]     = ci_prove(key, &wish);
    yao_text id             = wait_for(&s, &q);
    decide(VCI_CASE_APPROVED);
    assert_int_equal(later(&s, id).reply.status, 200);
    yao_openssl_key_close(key);
    ci_forget(&q);
    as_close();
}

static void refuses_after_denial(void **state)
{
    (void)state;
    ci_open();
    ci_session s  = waiting_session();
    ci_ask     q  = ci_new_ask(&s, 1);
    yao_text   id = wait_for(&s, &q);
    decide("deny");
    as_expect(later(&s, id), 400, "credential_request_denied");
    ci_forget(&q);
    as_close();
}

static void refuses_transactions(void **state)
{
    (void)state;
    ci_open();
    ci_session s  = waiting_session();
    ci_session t  = waiting_session();
    ci_ask     q  = ci_new_ask(&s, 1);
    yao_text   id = wait_for(&s, &q);
    as_expect(later(&t, id), 400, "invalid_transaction_id");
    as_expect(later(&s, YAO_TEXT("nothing")), 400, "invalid_transaction_id");
    as_expect(
        later(&s, YAO_TEXT("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")), 400,
        "invalid_transaction_id");
    as_expect(later(&s, YAO_TEXT("")), 400, "invalid_transaction_id");
    decide("deny"); /* leave no open case behind */
    ci_forget(&q);
    as_close();
}

/* The nonce was used up by the request that waits. */
static void refuses_nonce_of_waiting(void **state)
{
    (void)state;
    ci_open();
    ci_session s  = waiting_session();
    ci_ask     q  = ci_new_ask(&s, 1);
    (void)wait_for(&s, &q);
    as_expect(ci_fetch(&s, &q), 400, "invalid_nonce");
    decide("deny");
    ci_forget(&q);
    as_close();
}

static size_t open_cases(void)
{
    store_case *cases;
    size_t      count;

    assert_status(store_list_cases(as_first.store, STORE_CASE_OPEN, 100,
                                   test_arena(), &cases, &count),
                  YAO_OK);
    return count;
}

/* So that the clerk who offered is none of the two who look. */
static void tells_who_offered(void **state)
{
    static const char *const said[] = {
        "{\"configuration\":\"resident_id_sdjwt\",\"copies\":1}",
        "{\"configuration\":\"resident_id_sdjwt\",\"copies\":1,"
        "\"operator\":\"07000000000000000000000000000009\"}"};
    vci_note    note = {.officer = true};
    store_case *cases;
    size_t      count;

    (void)state;
    ci_open();
    for (size_t i = 0; i < COUNT(said); i++) {
        ci_session s = ci_offered(CI_NUMBER, "resident_id_sdjwt", note);
        ci_ask     q = ci_new_ask(&s, 1);
        (void)wait_for(&s, &q);
        assert_status(store_list_cases(as_first.store, STORE_CASE_OPEN, 100,
                                       test_arena(), &cases, &count),
                      YAO_OK);
        assert_true(yao_text_equal(cases[count - 1].detail,
                                   yao_text_of(said[i])));
        decide("deny");
        ci_forget(&q);
        note.by[0]  = 7;
        note.by[15] = 9;
    }
    as_close();
}

/* Offers that are out while a server is upgraded say what they said. */
static void reads_notes_of_before(void **state)
{
    static const uint8_t none[STORE_ID_LEN];
    const vci_note       note = vci_note_read(YAO_LIT("\x01\x01\x02"));

    (void)state;
    assert_true(note.officer);
    assert_int_equal(note.vehicle, 2);
    assert_memory_equal(note.by, none, sizeof none);
    assert_false(vci_note_read(YAO_LIT("\x01\x01\x02\x03")).officer);
    assert_false(vci_note_read(YAO_LIT("\x02\x01\x02")).officer);
}

/* The first answer was lost, and its keys: the officers see one case, and what
 * they agree to goes to the keys that the wallet has. */
static void gives_one_case(void **state)
{
    (void)state;
    ci_open();
    size_t     before = open_cases();
    ci_session s      = waiting_session();
    ci_ask     q      = ci_new_ask(&s, 1);
    ci_ask     r      = ci_new_ask(&s, 1);
    yao_text   lost   = wait_for(&s, &q);
    yao_text   id     = wait_for(&s, &r);
    assert_int_equal(open_cases(), before + 1);
    as_expect(later(&s, lost), 400, "invalid_transaction_id");
    decide(VCI_CASE_APPROVED);
    ci_ask   t  = ci_new_ask(&s, 1);
    yao_text at = wait_for(&s, &t); /* the same case still */
    assert_int_equal(open_cases(), before);
    as_expect(later(&s, id), 400, "invalid_transaction_id");
    assert_int_equal(later(&s, at).reply.status, 200);

    /* another document of the grant is another case */
    ci_ask u = ci_new_ask(&s, 1);
    (void)wait_for(&s, &u);
    assert_int_equal(open_cases(), before + 1);
    decide("deny");
    ci_forget(&q);
    ci_forget(&r);
    ci_forget(&t);
    ci_forget(&u);
    as_close();
}

static void refuses_after_no(void **state)
{
    (void)state;
    ci_open();
    ci_session s = waiting_session();
    ci_ask     q = ci_new_ask(&s, 1);
    (void)wait_for(&s, &q);
    decide("deny");
    size_t before = open_cases();
    ci_ask r      = ci_new_ask(&s, 1);
    as_expect(ci_fetch(&s, &r), 400, "credential_request_denied");
    assert_int_equal(open_cases(), before);
    ci_forget(&q);
    ci_forget(&r);
    as_close();
}

/* ---- notifications ------------------------------------------------------ */

static as_answer tell(const ci_session *s, const char *json)
{
    as_request r = ci_post(s, "/notification",
                           (yao_bytes){(const uint8_t *)json, strlen(json)});

    return ci_send(&r);
}

static const char *said(yao_text id, const char *event, const char *description)
{
    static char json[8192];

    snprintf(json, sizeof json,
             "{\"notification_id\":\"%.*s\",\"event\":\"%s\""
             ",\"event_description\":\"%s\",\"x\":[1]}",
             (int)id.len, (const char *)id.ptr, event, description);
    return json;
}

static yao_text notification_of(const ci_session *s)
{
    ci_ask    q = ci_new_ask(s, 1);
    as_answer a = ci_fetch(s, &q);

    assert_int_equal(a.reply.status, 200);
    ci_forget(&q);
    return as_member(&a, "notification_id");
}

static void accepts_notifications(void **state)
{
    (void)state;
    ci_open();
    ci_session s  = ci_login("resident_id_sdjwt");
    yao_text   id = notification_of(&s);
    assert_int_equal(
        tell(&s, said(id, "credential_accepted", "stored")).reply.status, 204);
    assert_int_equal(
        tell(&s, said(id, "credential_accepted", "again")).reply.status, 204);
    assert_int_equal(
        tell(&s, said(id, "credential_deleted", "after all")).reply.status,
        204);
    as_close();
}

static const struct telling {
    const char *name;
    const char *event, *description;
    const char *id; /* NULL: that of the copies */
    const char *want;
} tellings[] = {
    {"refuses N189: an event that is none", "credential_lost", "", NULL,
     "invalid_notification_request"},
    {"refuses N189: no event", "", "", NULL, "invalid_notification_request"},
    {"refuses N189: an id that is none", "credential_accepted", "", "nothing",
     "invalid_notification_id"},
    {"refuses N189: an empty id", "credential_accepted", "", "",
     "invalid_notification_request"},
    {"refuses N190: markup of a page in the description",
     "credential_failure", "<b>\xe2\x80\xae</b>", NULL,
     "invalid_notification_request"},
    {"refuses N190: markup of a terminal", "credential_failure",
     "\\u001b[31m", NULL, "invalid_notification_request"},
    {"refuses N190: a quote", "credential_failure", "\\\" OR 1=1", NULL,
     "invalid_notification_request"},
};

static void refuses_notification(void **state)
{
    const struct telling *t = *state;

    ci_open();
    ci_session s  = ci_login("resident_id_sdjwt");
    yao_text   id = notification_of(&s);
    as_expect(tell(&s, said(t->id != NULL ? yao_text_of(t->id) : id, t->event,
                            t->description)),
              400, t->want);
    as_close();
}

static void refuses_long_description(void **state)
{
    static char text[YAO_VCI_MAX_DESCRIPTION + 2];

    (void)state;
    ci_open();
    ci_session s  = ci_login("resident_id_sdjwt");
    yao_text   id = notification_of(&s);
    memset(text, 'a', YAO_VCI_MAX_DESCRIPTION);
    assert_int_equal(
        tell(&s, said(id, "credential_failure", text)).reply.status, 204);
    text[YAO_VCI_MAX_DESCRIPTION] = 'a';
    as_expect(tell(&s, said(id, "credential_failure", text)), 400,
              "invalid_notification_request");
    as_close();
}

static void refuses_foreign_notification(void **state)
{
    (void)state;
    ci_open();
    ci_session s  = ci_login("resident_id_sdjwt");
    ci_session t  = ci_login("resident_id_sdjwt");
    yao_text   id = notification_of(&s);
    as_expect(tell(&t, said(id, "credential_accepted", "")), 400,
              "invalid_notification_id");
    as_close();
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"gives N187: 202 until an officer agreed, then the document once",
     gives_later},
    {"gives a document that waited to a key on P-384 too", gives_later_p384},
    {"refuses N188: what an officer denied", refuses_after_denial},
    {"refuses N187: transactions of others, and none", refuses_transactions},
    {"gives officers the clerk who offered", tells_who_offered},
    {"accepts what offers of before an upgrade say", reads_notes_of_before},
    {"gives officers one case however often a wallet asks", gives_one_case},
    {"refuses N188: to ask again after an officer denied", refuses_after_no},
    {"refuses a nonce that a waiting request used", refuses_nonce_of_waiting},
    {"accepts N189: what became of the copies, the same twice, another later",
     accepts_notifications},
    {"refuses N189: the id of another grant", refuses_foreign_notification},
    {"refuses N190: a description of 1,025 letters", refuses_long_description},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("later", rows[i].name, rows[i].run, NULL);
    for (size_t i = 0; i < COUNT(tellings); i++)
        test_add("later", tellings[i].name, refuses_notification,
                 &tellings[i]);
    int code = test_run("vci/deferred");
    test_scratch_remove();
    return code;
}
