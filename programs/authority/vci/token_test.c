/* SPDX-License-Identifier: Apache-2.0 */
/* Codes, offers and refresh tokens at the token endpoint; what the tokens are
 * good for. */

#include "as_world.h"
#include "store/bar.h"

#include <pthread.h>

/* ---- authorization_code ---- */

static void gives_token(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    as_answer a = as_redeem(&w, as_code(&w));
    assert_int_equal(a.reply.status, 200);
    assert_true(yao_json_is(yao_json_get(a.json, "token_type"), "DPoP"));
    assert_int_equal(as_member(&a, "access_token").len, 43);
    assert_int_equal(as_member(&a, "refresh_token").len, 43);
    assert_null(yao_json_get(a.json, "authorization_details"));
    assert_null(yao_json_get(a.json, "id_token"));
    assert_true(yao_text_equal(as_reply_header(&a, "Cache-Control"),
                               YAO_TEXT("no-store")));

    as_visit v = as_visit_with(&w, as_member(&a, "access_token"));
    assert_true(v.open);
    assert_int_equal(v.access.grant.details.count, 1);
    assert_false(v.access.grant.by_identifier);
    assert_true(yao_text_equal(v.access.grant.client_id,
                               YAO_TEXT("suite-wallet-1")));
    as_close();
}

static void gives_identifiers(void **state)
{
    as_wallet             w = as_new_wallet("suite-wallet-1", 2);
    yao_authorize_request q = as_wanted(&w);

    (void)state;
    as_open();
    q.scope            = (yao_text){NULL, 0};
    q.details.count    = 1;
    q.details.items[0] = (yao_detail){.configuration = YAO_TEXT(AS_DOCUMENT)};
    as_answer pushed   = as_push_request(&w, &q);
    as_answer pressed =
        as_press(&w, as_member(&pushed, "request_uri"), "allow");
    as_answer a = as_redeem(&w, as_back(&pressed).code);
    yao_token_answer got;
    assert_status(yao_token_answer_read(test_arena(), a.reply.body, &got),
                  YAO_OK);
    assert_int_equal(got.details.count, 1);
    assert_int_equal(got.details.items[0].identifier_count, 1);
    as_close();
}

/* N155: the first token is worthless then. */
static void refuses_code_twice(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    yao_text  code = as_code(&w);
    as_answer a    = as_redeem(&w, code);
    assert_int_equal(a.reply.status, 200);
    as_now += 1;
    as_expect(as_redeem(&w, code), 400, "invalid_grant");
    as_visit v = as_visit_with(&w, as_member(&a, "access_token"));
    assert_false(v.open);
    as_expect(v.answer, 401, "invalid_token");
    as_expect(as_refresh(&w, as_member(&a, "refresh_token")), 400,
              "invalid_grant");
    as_close();
}

static void refuses_code_late(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    yao_text code = as_code(&w);
    as_now += 59;
    as_wallet other = w;
    other.dpop      = 3; /* bound by the proof at PAR */
    as_expect(as_redeem(&other, code), 400, "invalid_grant");
    as_wallet second = as_new_wallet("suite-wallet-2", 3);
    second.pkce      = w.pkce;
    as_expect(as_redeem(&second, code), 400, "invalid_grant");
    as_now += 1;
    as_expect(as_redeem(&w, code), 400, "invalid_grant");
    as_close();
}

static void refuses_verifier(void **state)
{
    static const char *const others[] = {
        "", "0123456789012345678901234567890123456789012",
        "012345678901234567890123456789012345678901",
        ("012345678901234567890123456789012345678901234567890123456789012345678"
         "9"
         "01234567890123456789012345678901234567890123456789012345678"),
        "0123456789012345678901234567890123456789+12"};
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    yao_text code = as_code(&w);
    for (size_t i = 0; i < COUNT(others); i++) {
        yao_token_request q = as_for_code(&w, code);
        q.code_verifier     = yao_text_of(others[i]);
        as_expect(as_token(&w, &q), 400, "invalid_grant");
    }
    assert_int_equal(as_redeem(&w, code).reply.status, 200);
    as_close();
}

/* Two instances of one wallet provider have one client_id. */
static void refuses_other_instance(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    w.dpop        = 0; /* the code is bound to no DPoP key */
    yao_text code = as_code(&w);
    w.dpop        = 2;
    as_wallet other = w;
    other.instance  = other.dpop = 3;
    as_expect(as_redeem(&other, code), 400, "invalid_grant");
    assert_int_equal(as_redeem(&w, code).reply.status, 200);
    as_close();
}

static void refuses_redirect(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    yao_text          code = as_code(&w);
    yao_token_request q    = as_for_code(&w, code);
    q.redirect_uri         = YAO_TEXT(AS_CALLBACK "/");
    as_expect(as_token(&w, &q), 400, "invalid_grant");
    q.redirect_uri = (yao_text){NULL, 0};
    as_expect(as_token(&w, &q), 400, "invalid_grant");
    q          = as_for_code(&w, YAO_TEXT("not a code"));
    as_expect(as_token(&w, &q), 400, "invalid_grant");
    as_close();
}

static void refuses_grants(void **state)
{
    static const struct {
        const char *form, *error;
    } rows[] = {
        {"", "invalid_request"},
        {"grant_type=password&username=a&password=b",
         "unsupported_grant_type"},
        {"grant_type=authorization_code", "invalid_request"},
        {"grant_type=authorization_code&code=a&refresh_token=b",
         "invalid_request"},
        {"grant_type=refresh_token", "invalid_request"},
        {"grant_type=refresh_token&refresh_token=abc", "invalid_grant"},
        {"grant_type=authorization_code&grant_type=authorization_code",
         "invalid_request"},
        {"grant_type", "invalid_request"},
    };
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    for (size_t i = 0; i < COUNT(rows); i++) {
        as_request r = as_post(&w, "/token", AS_URL "/token");
        r.body       = yao_text_bytes(yao_text_of(rows[i].form));
        as_expect(as_send(&r), 400, rows[i].error);
    }
    as_close();
}

/* ---- refresh_token ---- */

static void gives_refreshed(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    as_answer one = as_redeem(&w, as_code(&w));
    as_now += 700;
    assert_false(as_visit_with(&w, as_member(&one, "access_token")).open);
    as_answer two = as_refresh(&w, as_member(&one, "refresh_token"));
    assert_int_equal(two.reply.status, 200);
    assert_true(as_visit_with(&w, as_member(&two, "access_token")).open);

    /* the old one again: the family ends */
    as_expect(as_refresh(&w, as_member(&one, "refresh_token")), 400,
              "invalid_grant");
    assert_false(as_visit_with(&w, as_member(&two, "access_token")).open);
    as_expect(as_refresh(&w, as_member(&two, "refresh_token")), 400,
              "invalid_grant");
    as_close();
}

/* A bar by which the person of the page froze all documents. */
static void put_freeze(store_bar *bar, uint8_t lookup[STORE_HASH_LEN])
{
    static const uint8_t id[STORE_ID_LEN] = {77};
    store_change         change = store_change_open(test_arena());
    yao_text number = yao_text_of(config_get(&as_first.config,
                                             SETTING_DEMO_PERSON));

    assert_status(seal_hash(as_first.crypto, &as_first.keys, STORE_BY_NUMBER,
                            yao_text_bytes(number), lookup),
                  YAO_OK);
    *bar = (store_bar){.id      = {id, sizeof id},
                       .holder  = {as_holder, STORE_HASH_LEN},
                       .lookup  = {lookup, STORE_HASH_LEN},
                       .kind    = STORE_BAR_FREEZE,
                       .reason  = YAO_TEXT("frozen"),
                       .author  = YAO_TEXT("person"),
                       .started = as_now};
    store_put_bar(&change, bar);
    assert_status(store_commit(as_first.store, &change), YAO_OK);
}

/* Nothing is given while it stands, and nothing is lost by having asked. */
static void refuses_refresh_frozen(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);
    uint8_t   lookup[STORE_HASH_LEN];
    store_bar bar;

    (void)state;
    as_open();
    as_answer one = as_redeem(&w, as_code(&w));
    put_freeze(&bar, lookup);
    as_expect(as_refresh(&w, as_member(&one, "refresh_token")), 400,
              "invalid_grant");
    as_expect(as_refresh(&w, as_member(&one, "refresh_token")), 400,
              "invalid_grant");
    store_change change = store_change_open(test_arena());
    store_end_bar(&change, bar.id, as_now);
    assert_status(store_commit(as_first.store, &change), YAO_OK);
    assert_int_equal(
        as_refresh(&w, as_member(&one, "refresh_token")).reply.status, 200);
    as_close();
}

static void refuse_refresh_of(as_wallet thief)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    as_open();
    as_answer a = as_redeem(&w, as_code(&w));
    as_expect(as_refresh(&thief, as_member(&a, "refresh_token")), 400,
              "invalid_grant");
    as_expect(as_refresh(&w, as_member(&a, "refresh_token")), 400,
              "invalid_grant");
    as_close();
}

static void refuses_refresh_other_key(void **state)
{
    as_wallet thief = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    thief.dpop = 3;
    refuse_refresh_of(thief);
}

static void refuses_refresh_other_instance(void **state)
{
    as_wallet thief = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    thief.instance = 3;
    refuse_refresh_of(thief);
}

static void refuses_refresh_other_client(void **state)
{
    (void)state;
    refuse_refresh_of(as_new_wallet("suite-wallet-2", 2));
}

/* ---- offers ---- */

static void gives_offer(void **state)
{
    as_wallet w = as_new_wallet("unregistered-wallet", 2);

    (void)state;
    as_open();
    yao_text  code = as_offer(NULL);
    as_answer a    = as_take_offer(&w, code, NULL);
    assert_int_equal(a.reply.status, 200);
    as_visit v = as_visit_with(&w, as_member(&a, "access_token"));
    assert_true(v.open);
    assert_true(v.access.grant.pre_authorized);
    assert_int_equal(v.access.grant.person[0], 7);
    assert_int_equal(v.access.grant.level, 3);
    assert_bytes(v.access.grant.note, YAO_LIT("case 7"));
    assert_true(v.access.grant.instance_known);
    as_expect(as_take_offer(&w, code, NULL), 400, "invalid_grant");
    as_close();
}

static void refuses_offer_late(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    yao_text code = as_offer(NULL), cancelled = as_offer(NULL);
    as_now += 120;
    as_expect(as_take_offer(&w, code, NULL), 400, "invalid_grant");
    as_now -= 120;
    store_change change = store_change_open(test_arena());
    assert_status(vci_offer_cancel(&as_first, &change, cancelled, as_now),
                  YAO_OK);
    assert_status(store_commit(as_first.store, &change), YAO_OK);
    as_expect(as_take_offer(&w, cancelled, NULL), 400, "invalid_grant");
    as_close();
}

/* N158: a wrong one uses up a try, not the offer. */
static void gives_offer_after_wrong(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    yao_text code = as_offer("493536");
    as_expect(as_take_offer(&w, code, "493537"), 400, "invalid_grant");
    assert_int_equal(as_take_offer(&w, code, "493536").reply.status, 200);
    as_close();
}

static void refuses_after_five(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    yao_text code = as_offer("493536"), other = as_offer("493536");
    for (int i = 0; i < 5; i++)
        as_expect(as_take_offer(&w, code, "000000"), 400, "invalid_grant");
    as_expect(as_take_offer(&w, code, "493536"), 400, "invalid_grant");
    assert_int_equal(as_take_offer(&w, other, "493536").reply.status, 200);
    as_close();
}

static void refuses_tx_code_form(void **state)
{
    static const char *const wrong[] = {NULL,      "49353", "4935367",
                                        "49353a",  "49353 ", "493-36"};
    as_wallet                w       = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    yao_text code = as_offer("493536"), without = as_offer(NULL);
    for (size_t i = 0; i < COUNT(wrong); i++)
        as_expect(as_take_offer(&w, code, wrong[i]), 400, "invalid_request");
    as_expect(as_take_offer(&w, without, "493536"), 400, "invalid_request");
    assert_int_equal(as_take_offer(&w, code, "493536").reply.status, 200);
    assert_int_equal(as_take_offer(&w, without, NULL).reply.status, 200);
    as_close();
}

/* N160: guesses at many offers are counted together. */
static void refuses_many_wrong(void **state)
{
    as_wallet w     = as_new_wallet("suite-wallet-1", 2);
    int       found = 0;

    (void)state;
    as_open();
    as_now += 3600; /* not the minute of the other cases */
    as_set(SETTING_TX_WRONG, "8");
    for (int i = 0; i < 12 && found == 0; i++) {
        as_answer a = as_take_offer(&w, as_offer("493536"), "000000");
        if (a.reply.status == 429) {
            assert_true(as_reply_header(&a, "Retry-After").len > 0);
            found = i;
        }
    }
    assert_int_equal(found, 8);
    as_now += 60;
    assert_int_equal(
        as_take_offer(&w, as_offer("493536"), "493536").reply.status, 200);
    as_close();
}

/* ---- 64 at once ---- */

enum { RACERS = 64 };

typedef struct racer {
    pthread_t  thread;
    as_request request;
    int        status;
    yao_arena  arena;
} racer;

static void *race(void *arg)
{
    racer *r  = arg;
    r->status = as_send(&r->request).reply.status;
    return NULL;
}

static void start_racer(racer *r, unsigned n, yao_text code,
                        const char *tx_code)
{
    as_wallet               w     = as_new_wallet("suite-wallet-1", 2);
    bool                    first = true;
    const yao_token_request q     = {.grant     = YAO_GRANT_PRE_CODE,
                                     .client_id = yao_text_of(w.client),
                                     .code      = code,
                                     .tx_code   = yao_text_of(tx_code)};

    r->request      = as_post(&w, "/token", AS_URL "/token");
    yao_writer form = yao_writer_in(test_arena());
    yao_token_request_put(&form, &first, &q);
    r->request.body   = as_keep(&form, test_arena());
    r->request.worker = n;
    assert_status(yao_memory_open(1024 * 1024, &r->arena), YAO_OK);
    r->request.arena = &r->arena;
}

/* How many of 64 got a token; all others must get CODE. */
static int run_race(racer *racers, int code)
{
    int won = 0;

    for (unsigned i = 0; i < RACERS; i++)
        assert_int_equal(
            pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
    for (unsigned i = 0; i < RACERS; i++) {
        pthread_join(racers[i].thread, NULL);
        won += racers[i].status == 200;
        if (racers[i].status != 200)
            assert_int_equal(racers[i].status, code);
        yao_memory_free(&racers[i].arena);
    }
    return won;
}

static void gives_offer_to_one(void **state)
{
    static racer racers[RACERS];

    (void)state;
    as_open();
    yao_text code = as_offer(NULL);
    for (unsigned i = 0; i < RACERS; i++)
        start_racer(&racers[i], i, code, NULL);
    assert_int_equal(run_race(racers, 400), 1);
    as_close();
}

/* Sixty-three wrong ones and the right one at the same time: five are
 * answered at all. */
static void gives_five_tries(void **state)
{
    static racer racers[RACERS];
    store_event *events;
    size_t       count, locked = 0;

    (void)state;
    as_open();
    yao_text code = as_offer("493536");
    for (unsigned i = 0; i < RACERS; i++)
        start_racer(&racers[i], i, code, "000000");
    assert_int_equal(run_race(racers, 400), 0);
    as_wallet w = as_new_wallet("suite-wallet-1", 2);
    as_expect(as_take_offer(&w, code, "493536"), 400, "invalid_grant");
    assert_status(store_list_events(as_first.store, 10000, test_arena(),
                                    &events, &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++)
        locked += yao_text_equal(events[i].kind,
                                 YAO_TEXT("oauth.tx_code_locked")) &&
                  yao_bytes_equal(events[i].subject,
                                  (yao_bytes){as_holder, STORE_HASH_LEN});
    assert_true(locked >= 1);
    as_close();
}

static const struct {
    const char        *group, *name;
    CMUnitTestFunction run;
} rows[] = {
    {"code", "gives a token that opens the door", gives_token},
    {"code", "gives identifiers where details were asked for",
     gives_identifiers},
    {"code", "N155 refuses it twice, and ends what the first was given",
     refuses_code_twice},
    {"code", "N156 refuses it late, of another client, with another key",
     refuses_code_late},
    {"code", "N147 refuses a missing, wrong, short or long verifier",
     refuses_verifier},
    {"code", "refuses another instance than that which pushed",
     refuses_other_instance},
    {"code", "refuses another redirect_uri, and what is no code",
     refuses_redirect},
    {"code", "refuses other grants, and parameters of others", refuses_grants},
    {"refresh", "N165 gives another once, and refuses the family then",
     gives_refreshed},
    {"refresh", "refuses it while documents are frozen, gives it afterwards",
     refuses_refresh_frozen},
    {"refresh", "N165 refuses another DPoP key", refuses_refresh_other_key},
    {"refresh", "N165 refuses another instance",
     refuses_refresh_other_instance},
    {"refresh", "N165 refuses another client", refuses_refresh_other_client},
    {"offer", "gives a token once", gives_offer},
    {"offer", "N162 refuses one that is over or cancelled",
     refuses_offer_late},
    {"offer", "N158 gives it after a wrong transaction code",
     gives_offer_after_wrong},
    {"offer", "N159 refuses the right one after five wrong ones",
     refuses_after_five},
    {"offer", "N161 refuses a code that is missing, not asked for, or of "
              "another form",
     refuses_tx_code_form},
    {"offer", "N160 refuses guesses at many offers", refuses_many_wrong},
    {"offer", "N157 gives it to one of 64 who race", gives_offer_to_one},
    {"offer", "gives five tries to 64 who guess at once", gives_five_tries},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add(rows[i].group, rows[i].name, rows[i].run, NULL);
    int code = test_run("authority/vci/token");
    test_scratch_remove();
    return code;
}
