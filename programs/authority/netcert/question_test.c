/* SPDX-License-Identifier: Apache-2.0 */
/* What a relying party asks, and what it learns. */
#include "check.h"
#include "netcert_fixture.h"

#include "store/bar.h"

static netcert_answer answer;

#define OVER_18 "{\"is\":\"resident_id.age_over_18\"}"
#define VALID "\"valid\""

static void open_world(void)
{
    net_open_world();
    net_register(NET_PARTY, "age,identity,hotel", NET_KEY);
    assert_status(net_put(&net_who), YAO_OK);
}

static void grant(const char *item)
{
    assert_status(net_grant(NET_PARTY, item, 3600, NULL), YAO_OK);
}

static netcert_answer ask(const char *profile, const char *question)
{
    net_ask q = net_new_ask(profile, question);

    assert_status(net_check(&q, &answer), YAO_OK);
    return answer;
}

/* ---- answers ---- */

typedef struct answer_row {
    const char    *name, *profile, *granted, *item, *value; /* NULL: is */
    netcert_answer want;
} answer_row;

static const answer_row answers[] = {
    {"gives yes over 18", "age", "resident_id.age_over_18",
     "resident_id.age_over_18", NULL, NETCERT_YES},
    {"gives no over 60", "age", "resident_id.age_over_60",
     "resident_id.age_over_60", NULL, NETCERT_NO},
    {"gives yes to the right name", "identity", "resident_id.full_name",
     "resident_id.full_name", "李示例", NETCERT_YES},
    {"gives no to another name", "identity", "resident_id.full_name",
     "resident_id.full_name", "李示", NETCERT_NO},
    {"gives no to an empty name", "identity", "resident_id.full_name",
     "resident_id.full_name", "", NETCERT_NO},
    {"gives yes to the right number", "identity", "resident_id.id_number",
     "resident_id.id_number", "12011919880808901X", NETCERT_YES},
    {"gives no to another number", "identity", "resident_id.id_number",
     "resident_id.id_number", "120119198808089011", NETCERT_NO},
    {"gives yes to a sex", "hotel", "resident_id.sex", "resident_id.sex", "1",
     NETCERT_YES},
    {"gives no to another sex", "hotel", "resident_id.sex", "resident_id.sex",
     "2", NETCERT_NO},
    {"gives yes to a day", "hotel", "resident_id.birth_date",
     "resident_id.birth_date", "1988-08-08", NETCERT_YES},
    {"gives yes to an address", "hotel", "resident_id.resident_address",
     "resident_id.resident_address", "天津市蓟州区示例路1号", NETCERT_YES},
    {"never answers what was not granted", "age", "resident_id.age_over_60",
     "resident_id.age_over_18", NULL, NETCERT_NOT_GRANTED},
    {"never answers another item of the same document", "identity",
     "resident_id.full_name", "resident_id.id_number", "12011919880808901X",
     NETCERT_NOT_GRANTED},
};

static void answers_it(void **state)
{
    const answer_row *r = *state;
    char              is[128];

    open_world();
    grant(r->granted);
    snprintf(is, sizeof is, "{\"is\":\"%s\"}", r->item);
    assert_int_equal(
        ask(r->profile, r->value != NULL ? net_equals(r->item, r->value) : is),
        r->want);
    assert_int_equal(world_events("netcert.check"), 1);
    world_close();
}

static void says_whether_it_is_valid(void **state)
{
    (void)state;
    open_world();
    assert_int_equal(ask("age", VALID), NETCERT_NOT_GRANTED);
    grant("resident_id.full_name"); /* any will do */
    assert_int_equal(ask("age", VALID), NETCERT_YES);
    assert_status(net_do(NETCERT_FREEZE), YAO_OK);
    assert_int_equal(ask("age", VALID), NETCERT_NO);
    world_close();
}

static void never_answers_while_it_is_not_open(void **state)
{
    net_ask q;
    (void)state;

    open_world();
    grant("resident_id.age_over_18");
    assert_int_equal(ask("age", OVER_18), NETCERT_YES);
    assert_status(net_do(NETCERT_FREEZE), YAO_OK);
    assert_int_equal(ask("age", OVER_18), NETCERT_UNKNOWN);
    assert_status(net_do(NETCERT_UNFREEZE), YAO_OK);
    assert_int_equal(ask("age", OVER_18), NETCERT_YES);
    /* the number that was, whose grants ended with it */
    q = net_new_ask("age", OVER_18);
    assert_status(net_do(NETCERT_DEREGISTER), YAO_OK);
    assert_status(net_check(&q, &answer), YAO_OK);
    assert_int_equal(answer, NETCERT_NOT_GRANTED);
    world_close();
}

static void never_answers_while_all_is_frozen(void **state)
{
    store_change change;
    uint8_t      id[STORE_ID_LEN] = {9};
    (void)state;

    open_world();
    grant("resident_id.age_over_18");
    change = store_change_open(&world.arena);
    store_put_bar(&change, &(store_bar){.id      = {id, sizeof id},
                                        .holder  = net_who.holder,
                                        .lookup  = net_who.lookup,
                                        .kind    = STORE_BAR_HOLD,
                                        .reason  = YAO_TEXT("safety"),
                                        .author  = YAO_TEXT("officer"),
                                        .started = world.e.now});
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_int_equal(ask("age", OVER_18), NETCERT_UNKNOWN);
    assert_int_equal(ask("age", VALID), NETCERT_NO);
    change = store_change_open(&world.arena);
    store_end_bar(&change, (yao_bytes){id, sizeof id}, world.e.now);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_int_equal(ask("age", OVER_18), NETCERT_YES);
    world_close();
}

static void never_answers_after_the_end(void **state)
{
    yao_bytes id;
    (void)state;

    open_world();
    assert_status(net_grant(NET_PARTY, "resident_id.age_over_18", 3600, &id),
                  YAO_OK);
    assert_int_equal(ask("age", OVER_18), NETCERT_YES);
    world.e.now += 3599;
    assert_int_equal(ask("age", OVER_18), NETCERT_YES);
    world.e.now++;
    assert_int_equal(ask("age", OVER_18), NETCERT_NOT_GRANTED);
    assert_status(net_grant(NET_PARTY, "resident_id.age_over_18", 3600, &id),
                  YAO_OK);
    assert_int_equal(ask("age", OVER_18), NETCERT_YES);
    assert_status(netcert_withdraw(&world.e, &net_who, id), YAO_OK);
    assert_int_equal(ask("age", OVER_18), NETCERT_NOT_GRANTED);
    world_close();
}

static void keeps_to_one_party(void **state)
{
    net_ask q;
    (void)state;

    open_world();
    net_register("91330106MA27XF8P2B", "age", NET_OTHER);
    grant("resident_id.age_over_18");
    q       = net_new_ask("age", OVER_18);
    q.party = "91330106MA27XF8P2B";
    q.key   = NET_OTHER;
    assert_status(net_check(&q, &answer), YAO_OK);
    assert_int_equal(answer, NETCERT_NOT_GRANTED);
    assert_int_equal(ask("age", OVER_18), NETCERT_YES);
    world_close();
}

/* T316, P: what of a person's record came near the answer stands in no row. */
static void never_notes_a_value(void **state)
{
    store_event *list;
    size_t       count;
    (void)state;

    open_world();
    grant("resident_id.full_name");
    assert_int_equal(
        ask("identity", net_equals("resident_id.full_name", "李示例")),
        NETCERT_YES);
    assert_status(store_list_events(world.a.store, 100, &world.arena, &list,
                                    &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++) {
        if (!yao_text_equal(list[i].kind, YAO_TEXT("netcert.check")))
            continue;
        assert_bytes(list[i].subject, net_who.holder);
        assert_bytes(
            yao_text_bytes(list[i].detail),
            YAO_LIT("{\"by\":\"示例酒店\",\"party\":\"" NET_PARTY
                    "\",\"purpose\":\"identity\","
                    "\"item\":\"resident_id.full_name\",\"answered\":true}"));
    }
    assert_false(world_holds(YAO_LIT("李示例")));
    assert_false(world_holds(YAO_LIT(ENROL_NUMBER_1)));
    assert_false(world_holds(yao_text_bytes(net_number())));
    world_close();
}

/* A number that nobody has, and one without a grant: the same answer, the same
 * rows. */
static void never_tells_whether_a_number_exists(void **state)
{
    static const char *const nobodys[] = {
        "\"number\":\"222222222222222222222222\"", "\"number\":\"2\"",
        "\"number\":\"12011919880808901X\"", "\"number\":\"%\""};
    size_t before;
    net_ask q;
    (void)state;

    open_world();
    for (size_t i = 0; i < COUNT(nobodys); i++) {
        q       = net_new_ask("age", OVER_18);
        q.about = nobodys[i];
        before  = world_events(NULL);
        assert_status(net_check(&q, &answer), YAO_OK);
        assert_int_equal(answer, NETCERT_NOT_GRANTED);
        assert_int_equal(world_events(NULL), before + 1);
        q      = net_new_ask("age", VALID);
        before = world_events(NULL);
        assert_status(net_check(&q, &answer), YAO_OK);
        assert_int_equal(answer, NETCERT_NOT_GRANTED);
        assert_int_equal(world_events(NULL), before + 1);
    }
    world_close();
}

/* Who kept a party's request makes it wait for nothing, and opens no record. */
static void never_counts_a_replay(void **state)
{
    net_ask q;
    size_t  events;
    (void)state;

    open_world();
    grant("resident_id.full_name");
    q = net_new_ask("identity", net_equals("resident_id.full_name", "王"));
    assert_status(net_check(&q, &answer), YAO_OK);
    assert_int_equal(answer, NETCERT_NO);
    events = world_events(NULL);
    for (int i = 0; i < 20; i++)
        assert_status(net_check(&q, &answer), YAO_E_UNTRUSTED);
    assert_int_equal(world_events(NULL), events);
    assert_int_equal(
        ask("identity", net_equals("resident_id.full_name", "李示例")),
        NETCERT_YES);
    world_close();
}

static void refuses_an_old_certificate(void **state)
{
    net_ask q;
    (void)state;

    open_world();
    world.e.now += 5 * 366 * 86400;
    assert_status(net_put(&net_who), YAO_OK);
    q = net_new_ask("age", VALID);
    assert_status(net_check(&q, &answer), YAO_E_REVOKED);
    world_close();
}

/* ---- who asks ---- */

#define NO YAO_E_UNTRUSTED

static const char long_jti[] =
    "01234567890123456789012345678901234567890123456789012345678901234";

typedef struct refused_row {
    const char *name;
    net_ask     change; /* what is not NULL or 0 */
    yao_status  want;
} refused_row;

static const refused_row refused[] = {
    {"refuses another's key", {.key = NET_OTHER}, NO},
    {"refuses a party that is not registered",
     {.party = "91330106MA27XF8P2B"}, NO},
    {"refuses another audience", {.audience = NET_URL "/"}, NO},
    {"refuses another server", {.audience = "https://other.example"}, NO},
    {"refuses what is too old", {.late = 61}, NO},
    {"refuses what comes from the future", {.late = -61}, NO},
    {"refuses another type", {.header = "{\"alg\":\"ES256\",\"typ\":\"JWT\"}"},
     NO},
    {"refuses no type", {.header = "{\"alg\":\"ES256\"}"}, NO},
    {"refuses alg none",
     {.header = "{\"alg\":\"none\",\"typ\":\"yaopai-netcert-check+jwt\"}"},
     NO},
    {"refuses a short jti", {.jti = "fifteen-letters"}, NO},
    {"refuses a long jti", {.jti = long_jti}, NO},
    {"refuses a member that is not named", {.more = ",\"level\":1"}, NO},
    {"refuses a nonce without a presentation",
     {.more = ",\"nonce\":\"0123456789abcdef\""}, NO},
    {"refuses nobody", {.about = "\"who\":\"x\""}, NO},
    {"refuses an empty number", {.about = "\"number\":\"\""}, NO},
    {"refuses a number that is no text", {.about = "\"number\":1"}, NO},
    {"refuses number and presentation",
     {.about = "\"number\":\"2\",\"presentation\":\"x\""}, NO},
    {"refuses a presentation without a nonce",
     {.about = "\"presentation\":\"x\""}, NO},
    {"refuses another question", {.question = "\"who\""}, NO},
    {"refuses no question", {.question = "null"}, NO},
    {"refuses a question with more in it",
     {.question = "{\"is\":\"resident_id.age_over_18\",\"salt\":\"x\"}"}, NO},
    {"refuses equals without a hash",
     {.question = "{\"equals\":\"resident_id.full_name\",\"salt\":"
                  "\"AAAAAAAAAAAAAAAAAAAAAA\"}"},
     NO},
    {"refuses a short salt",
     {.question = "{\"equals\":\"resident_id.full_name\",\"salt\":\"AAAA\","
                  "\"hash\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"},
     NO},
    {"refuses a short hash",
     {.question = "{\"equals\":\"resident_id.full_name\",\"salt\":"
                  "\"AAAAAAAAAAAAAAAAAAAAAA\",\"hash\":\"AAAA\"}"},
     NO},
    {"refuses a profile that is none", {.profile = "soul"},
     YAO_E_NOT_AUTHORISED},
    {"refuses a profile of others", {.profile = "police"},
     YAO_E_NOT_AUTHORISED},
    {"refuses an item of another profile", {.profile = "identity"},
     YAO_E_NOT_AUTHORISED},
    {"refuses an item that is none", {.question = "{\"is\":\"a.b\"}"},
     YAO_E_NOT_AUTHORISED},
    {"refuses whether a name is",
     {.profile = "identity", .question = "{\"is\":\"resident_id.full_name\"}"},
     YAO_E_NOT_AUTHORISED},
    {"refuses a portrait",
     {.question = "{\"is\":\"resident_id.portrait_small\"}"},
     YAO_E_NOT_AUTHORISED},
};

static void take(const char **into, const char *from)
{
    if (from != NULL)
        *into = from;
}

static void refuses(void **state)
{
    const refused_row *r = *state;
    net_ask            q;

    open_world();
    net_register("91330106MA27XF8P2C", "police", NET_OTHER);
    grant("resident_id.age_over_18");
    q = net_new_ask("age", OVER_18);
    take(&q.header, r->change.header);
    take(&q.party, r->change.party);
    take(&q.audience, r->change.audience);
    take(&q.jti, r->change.jti);
    take(&q.profile, r->change.profile);
    take(&q.question, r->change.question);
    take(&q.about, r->change.about);
    take(&q.more, r->change.more);
    q.late += r->change.late;
    if (r->change.key != 0)
        q.key = r->change.key;
    assert_status(net_check(&q, &answer), r->want);
    assert_int_equal(world_events("netcert.check"), 0);
    /* and its twin */
    assert_int_equal(ask("age", OVER_18), NETCERT_YES);
    world_close();
}

static void accepts_clocks_within_a_minute(void **state)
{
    net_ask q;
    (void)state;

    open_world();
    for (int64_t late = -60; late <= 60; late += 60) {
        q      = net_new_ask("age", VALID);
        q.late = late;
        assert_status(net_check(&q, &answer), YAO_OK);
    }
    world_close();
}

static void refuses_every_flipped_bit(void **state)
{
    net_ask   q;
    yao_bytes good;
    int64_t   wait;
    (void)state;

    open_world();
    q    = net_new_ask("age", VALID);
    good = net_write(&q);
    uint8_t *bytes = yao_arena_take(&world.arena, good.len);
    assert_non_null(bytes);
    for (size_t i = 0; i < good.len * 8; i += 5) {
        size_t mark = world.arena.used;
        memcpy(bytes, good.ptr, good.len);
        bytes[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_status(netcert_check(&world.e, YAO_TEXT(NET_URL),
                                    (yao_bytes){bytes, good.len}, &answer,
                                    &wait),
                      YAO_E_UNTRUSTED);
        world.arena.used = mark;
    }
    for (size_t len = 0; len < good.len; len += 7)
        assert_status(netcert_check(&world.e, YAO_TEXT(NET_URL),
                                    (yao_bytes){good.ptr, len}, &answer, &wait),
                      YAO_E_UNTRUSTED);
    assert_int_equal(world_events("netcert.check"), 0);
    world_close();
}

static void answers_once(void **state)
{
    net_ask q;
    (void)state;

    open_world();
    q = net_new_ask("age", VALID);
    assert_status(net_check(&q, &answer), YAO_OK);
    answer = NETCERT_UNKNOWN;
    assert_status(net_check(&q, &answer), YAO_E_UNTRUSTED);
    assert_int_equal(answer, NETCERT_UNKNOWN); /* not written */
    assert_int_equal(world_events("netcert.check"), 1);
    /* a party's jti is its own */
    net_register("91330106MA27XF8P2B", "age", NET_OTHER);
    q.party = "91330106MA27XF8P2B";
    q.key   = NET_OTHER;
    assert_status(net_check(&q, &answer), YAO_OK);
    world_close();
}

static void refuses_the_suspended(void **state)
{
    store_change change;
    net_ask      q;
    (void)state;

    open_world();
    grant("resident_id.age_over_18");
    change = store_change_open(&world.arena);
    store_set_party_state(&change, YAO_TEXT(NET_PARTY), STORE_PARTY_SUSPENDED,
                          world.e.now);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    q = net_new_ask("age", OVER_18);
    assert_status(net_check(&q, &answer), YAO_E_REVOKED);
    q.key = NET_OTHER; /* and tells nobody else so */
    assert_status(net_check(&q, &answer), YAO_E_UNTRUSTED);
    world_close();
}

/* ---- limits ---- */

static void slows_guesses_down(void **state)
{
    char    value[32];
    net_ask q;
    int     tries = 0;
    int64_t wait  = 0;
    (void)state;

    open_world();
    grant("resident_id.birth_date");
    while (tries < 40) {
        snprintf(value, sizeof value, "1988-01-%02d", tries + 1);
        q = net_new_ask("hotel", net_equals("resident_id.birth_date", value));
        if (netcert_check(&world.e, YAO_TEXT(NET_URL), net_write(&q), &answer,
                          &wait) == YAO_E_LIMIT)
            break;
        assert_int_equal(answer, NETCERT_NO);
        tries++;
    }
    assert_int_equal(tries, 5);
    assert_true(wait >= 600);
    assert_int_equal(world_cases("party.guesses"), 1);
    /* other items are not held up */
    grant("resident_id.age_over_18");
    assert_int_equal(ask("age", OVER_18), NETCERT_YES);
    /* the right value, after waiting, forgives */
    world.e.now += wait;
    q = net_new_ask("hotel",
                    net_equals("resident_id.birth_date", "1988-08-08"));
    assert_status(net_check(&q, &answer), YAO_OK);
    assert_int_equal(answer, NETCERT_YES);
    assert_int_equal(
        ask("hotel", net_equals("resident_id.birth_date", "1988-08-09")),
        NETCERT_NO);
    world_close();
}

static void slows_a_party_down(void **state)
{
    net_ask q;
    int64_t wait  = 0;
    int     tries = 0;
    (void)state;

    open_world();
    net_register("91330106MA27XF8P2B", "age", NET_OTHER);
    for (; tries < 700; tries++) {
        size_t mark = world.arena.used;
        q           = net_new_ask("age", VALID);
        yao_status status = netcert_check(&world.e, YAO_TEXT(NET_URL),
                                          net_write(&q), &answer, &wait);
        world.arena.used = mark;
        if (status == YAO_E_LIMIT)
            break;
        assert_status(status, YAO_OK);
    }
    assert_int_equal(tries, 600);
    assert_true(wait > 0);
    assert_int_equal(world_cases("party.look_ups"), 1);
    /* another party is not held up; nor are this one's by whoever names it */
    q       = net_new_ask("age", VALID);
    q.party = "91330106MA27XF8P2B";
    q.key   = NET_OTHER;
    assert_status(net_check(&q, &answer), YAO_OK);
    world.e.now += wait;
    q     = net_new_ask("age", VALID);
    q.key = NET_OTHER;
    for (int i = 0; i < 5; i++)
        assert_status(net_check(&q, &answer), YAO_E_UNTRUSTED);
    q.key = NET_KEY;
    assert_status(net_check(&q, &answer), YAO_OK);
    world_close();
}

static void gives_words(void **state)
{
    (void)state;
    assert_string_equal(netcert_answer_word(NETCERT_NOT_GRANTED),
                        "not_granted");
    assert_string_equal(netcert_answer_word(NETCERT_UNKNOWN), "unknown");
    assert_string_equal(netcert_answer_word(NETCERT_NO), "no");
    assert_string_equal(netcert_answer_word(NETCERT_YES), "yes");
    assert_int_equal((netcert_answer){0}, NETCERT_NOT_GRANTED);
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"gives whether it is open, to who has any grant",
     says_whether_it_is_valid},
    {"never answers while it is frozen, or deregistered",
     never_answers_while_it_is_not_open},
    {"never answers while all documents are frozen or held",
     never_answers_while_all_is_frozen},
    {"never answers after a grant's end, or its withdrawal",
     never_answers_after_the_end},
    {"never answers one party what another was granted", keeps_to_one_party},
    {"N316 never notes a value", never_notes_a_value},
    {"N258 never tells whether a number exists",
     never_tells_whether_a_number_exists},
    {"never counts a request that is replayed", never_counts_a_replay},
    {"refuses a party whose certificate is over", refuses_an_old_certificate},
    {"accepts clocks that differ by a minute", accepts_clocks_within_a_minute},
    {"refuses every flipped bit and every prefix", refuses_every_flipped_bit},
    {"refuses a request that was used", answers_once},
    {"refuses a suspended party, and says so to itself only",
     refuses_the_suspended},
    {"refuses to let values be guessed", slows_guesses_down},
    {"refuses too many of one party, and of no other", slows_a_party_down},
    {"gives a word for each answer", gives_words},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(answers); i++)
        test_add("answer", answers[i].name, answers_it, &answers[i]);
    for (size_t i = 0; i < COUNT(refused); i++)
        test_add("refused", refused[i].name, refuses, &refused[i]);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("question", rows[i].name, rows[i].run, NULL);
    int code = test_run("authority/netcert/question");
    test_scratch_remove();
    return code;
}
