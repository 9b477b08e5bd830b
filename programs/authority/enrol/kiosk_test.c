/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/kiosk.h"

#include "check.h"
#include "enrol_fixture.h"

/* ---- a kiosk's page ---- */

static yao_openssl_key *key;
static yao_bytes        id;
static char             id_hex[33];

static void pair(void)
{
    char           code[12];
    yao_public_key public_key;

    world_open();
    assert_status(yao_openssl_key_generate(YAO_ES256, &key), YAO_OK);
    public_key = yao_openssl_key_public(key);
    assert_status(enrol_add_kiosk(&world.e, YAO_TEXT("大厅"), &id, code),
                  YAO_OK);
    yao_writer w = yao_writer_open((uint8_t *)id_hex, 32);
    yao_put_hex(&w, id);
    assert_status(
        enrol_pair_kiosk(&world.e, (yao_text){(const uint8_t *)code, 12},
                         &public_key, &id),
        YAO_OK);
}

static void leave(void)
{
    yao_openssl_key_close(key);
    world_close();
}

/* One request, and all that is said about it. */
typedef struct asked {
    char        time[24], nonce[32], session[64], signature[96];
    const char *method, *path, *query, *body;
    net_header  headers[8];
    net_request http;
} asked;

static asked request;

static void letters(char *out, size_t cap, yao_bytes bytes)
{
    yao_writer w = yao_writer_open((uint8_t *)out, cap - 1);

    yao_put_base64url(&w, bytes);
    assert_status(w.status, YAO_OK);
    out[w.len] = '\0';
}

static yao_text text(const char *s)
{
    return yao_text_of(s);
}

static void fill(asked *a, yao_time now)
{
    static uint8_t turn[ENROL_KIOSK_NONCE];

    turn[0]++;
    memset(a, 0, sizeof *a);
    snprintf(a->time, sizeof a->time, "%lld", (long long)now);
    letters(a->nonce, sizeof a->nonce, (yao_bytes){turn, sizeof turn});
    snprintf(a->session, sizeof a->session, "a session's token");
    a->method = "POST";
    a->path   = "/kiosk/session/number";
    a->query  = "";
    a->body   = "{\"number\":\"x\"}";
}

static void sign(asked *a)
{
    uint8_t       hash[YAO_SHA256_LEN], all[1024], raw[YAO_MAX_SIGNATURE];
    yao_bytes     body = yao_text_bytes(text(a->body));
    yao_writer    w    = yao_writer_open(all, sizeof all);
    yao_sign_wish wish = {.alg = YAO_ES256, .part_count = 1};
    size_t        len;

    assert_status(world.a.crypto->hash(world.a.crypto->ctx, YAO_SHA256, &body,
                                       1, hash),
                  YAO_OK);
    enrol_write_signed(&w, &(enrol_signed){.kiosk   = text(id_hex),
                                           .method  = text(a->method),
                                           .path    = text(a->path),
                                           .query   = text(a->query),
                                           .time    = text(a->time),
                                           .nonce   = text(a->nonce),
                                           .session = text(a->session),
                                           .body_hash = {hash, sizeof hash}});
    assert_status(w.status, YAO_OK);
    wish.parts[0] = (yao_bytes){all, w.len};
    assert_status(yao_openssl_sign(key, &wish, raw, &len), YAO_OK);
    letters(a->signature, sizeof a->signature, (yao_bytes){raw, len});
}

static void compose(asked *a)
{
    const net_header all[] = {
        {YAO_TEXT("yaopai-kiosk"), text(id_hex)},
        {YAO_TEXT("yaopai-time"), text(a->time)},
        {YAO_TEXT("yaopai-nonce"), text(a->nonce)},
        {YAO_TEXT("yaopai-session"), text(a->session)},
        {YAO_TEXT("yaopai-signature"), text(a->signature)},
    };

    memcpy(a->headers, all, sizeof all);
    a->http = (net_request){.method       = text(a->method),
                            .path         = text(a->path),
                            .query        = text(a->query),
                            .headers      = a->headers,
                            .header_count = COUNT(all),
                            .body         = yao_text_bytes(text(a->body))};
}

static yao_status ask(const asked *a)
{
    store_kiosk who;
    yao_status  status = enrol_check_kiosk(&world.e, &a->http, &who);

    if (status == YAO_OK)
        assert_bytes(who.id, id);
    return status;
}

static void make(asked *a, yao_time now)
{
    fill(a, now);
    sign(a);
    compose(a);
}

/* ---- rows ---- */

static void accepts_signed(void **state)
{
    (void)state;
    pair();
    make(&request, ENROL_NOW);
    assert_status(ask(&request), YAO_OK);
    make(&request, ENROL_NOW);
    request.headers[3].value = text("");
    fill(&request, ENROL_NOW);
    request.session[0] = '\0'; /* before there is a session */
    sign(&request);
    compose(&request);
    assert_status(ask(&request), YAO_OK);
    leave();
}

static void refuses_replay(void **state)
{
    (void)state;
    pair();
    make(&request, ENROL_NOW);
    assert_status(ask(&request), YAO_OK);
    assert_status(ask(&request), YAO_E_EXISTS);
    world.e.now += 2 * ENROL_KIOSK_SKEW;
    store_change change = store_change_open(&world.arena);
    store_forget_once(&change, world.e.now);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_status(ask(&request), YAO_E_EXPIRED);
    leave();
}

typedef struct clock_row {
    const char *name;
    int64_t     differs;
    yao_status  want;
} clock_row;

static const clock_row clocks[] = {
    {"N300 accepts a clock that is right", 0, YAO_OK},
    {"N300 accepts one that is 10 s ahead", 10, YAO_OK},
    {"N300 accepts one that is 10 s behind", -10, YAO_OK},
    {"N300 accepts one that is 60 s ahead", 60, YAO_OK},
    {"N300 accepts one that is 60 s behind", -60, YAO_OK},
    {"N300 refuses one that is 61 s ahead", 61, YAO_E_NOT_YET_VALID},
    {"N300 refuses one that is 61 s behind", -61, YAO_E_EXPIRED},
    {"N256 refuses one of another year", -31536000, YAO_E_EXPIRED},
    {"N256 refuses one of the next", 31536000, YAO_E_NOT_YET_VALID},
};

static void looks_at_clock(void **state)
{
    const clock_row *r = *state;

    pair();
    make(&request, ENROL_NOW + r->differs);
    assert_status(ask(&request), r->want);
    leave();
}

/* A nonce is remembered for as long as its request could come again, however
 * the two clocks differ. */
static void remembers_long_enough(void **state)
{
    (void)state;
    pair();
    make(&request, ENROL_NOW + 60);
    assert_status(ask(&request), YAO_OK);
    for (int64_t later = 1; later <= 120; later += 7) {
        store_change change = store_change_open(&world.arena);
        world.e.now         = ENROL_NOW + later;
        store_forget_once(&change, world.e.now);
        assert_status(store_commit(world.a.store, &change), YAO_OK);
        assert_status(ask(&request), YAO_E_EXISTS);
    }
    leave();
}

static void refuses_missing(void **state)
{
    (void)state;
    pair();
    make(&request, ENROL_NOW);
    for (size_t i = 0; i < 5; i++) {
        asked less           = request;
        less.headers[i].name = YAO_TEXT("another");
        less.http.headers    = less.headers;
        assert_status(ask(&less),
                      i == 3 ? YAO_E_BAD_SIGNATURE : YAO_E_MISSING);
    }
    assert_status(ask(&request), YAO_OK);
    leave();
}

static void refuses_twice(void **state)
{
    (void)state;
    pair();
    make(&request, ENROL_NOW);
    for (size_t i = 0; i < 5; i++) {
        asked more             = request;
        more.headers[5]        = more.headers[i];
        more.http.headers      = more.headers;
        more.http.header_count = 6;
        assert_status(ask(&more), YAO_E_DUPLICATE);
    }
    leave();
}

typedef struct change_row {
    const char *name;
    size_t      header; /* 9: none */
    const char *value;
    const char *method, *path, *query, *body;
    yao_status  want;
} change_row;

static const change_row changes[] = {
    {"N256 refuses another method", 9, 0, "PUT", 0, 0, 0, YAO_E_BAD_SIGNATURE},
    {"N256 refuses another path", 9, 0, 0, "/kiosk/session/offer", 0, 0,
     YAO_E_BAD_SIGNATURE},
    {"N256 refuses a query that was added", 9, 0, 0, 0, "a=b", 0,
     YAO_E_BAD_SIGNATURE},
    {"N256 refuses another body", 9, 0, 0, 0, 0, "{\"number\":\"y\"}",
     YAO_E_BAD_SIGNATURE},
    {"N256 refuses no body", 9, 0, 0, 0, 0, "", YAO_E_BAD_SIGNATURE},
    {"N256 refuses another session", 3, "another", 0, 0, 0, 0,
     YAO_E_BAD_SIGNATURE},
    {"N256 refuses another kiosk", 0, "00000000000000000000000000000000", 0, 0,
     0, 0, YAO_E_UNTRUSTED},
    {"N256 refuses a kiosk that is no number", 0, "../../etc/passwd", 0, 0, 0,
     0, YAO_E_MALFORMED},
    {"N256 refuses another second", 1, "1795305601", 0, 0, 0, 0,
     YAO_E_BAD_SIGNATURE},
    {"N256 refuses a time with a sign", 1, "+1795305600", 0, 0, 0, 0,
     YAO_E_MALFORMED},
    {"N256 refuses a time with a zero before it", 1, "01795305600", 0, 0, 0, 0,
     YAO_E_MALFORMED},
    {"N256 refuses a time beyond all days", 1, "999999999999", 0, 0, 0, 0,
     YAO_E_NOT_YET_VALID},
    {"N256 refuses a time that overflows", 1, "9999999999999", 0, 0, 0, 0,
     YAO_E_MALFORMED},
    {"N256 refuses another nonce", 2, "AAAAAAAAAAAAAAAAAAAAAA", 0, 0, 0, 0,
     YAO_E_BAD_SIGNATURE},
    {"N256 refuses a short nonce", 2, "AAAAAAAAAAAAAAAAAAAA", 0, 0, 0, 0,
     YAO_E_MALFORMED},
    {"N256 refuses a long nonce", 2, "AAAAAAAAAAAAAAAAAAAAAAAA", 0, 0, 0, 0,
     YAO_E_MALFORMED},
    {"N256 refuses a signature of nothing", 4,
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAAAAAAAAAAAAA",
     0, 0, 0, 0, YAO_E_BAD_SIGNATURE},
    {"N256 refuses a short signature", 4, "AAAA", 0, 0, 0, 0, YAO_E_MALFORMED},
};

static void refuses_changed(void **state)
{
    const change_row *r = *state;

    pair();
    make(&request, ENROL_NOW);
    if (r->header < 5)
        request.headers[r->header].value = text(r->value);
    if (r->method != NULL)
        request.http.method = text(r->method);
    if (r->path != NULL)
        request.http.path = text(r->path);
    if (r->query != NULL)
        request.http.query = text(r->query);
    if (r->body != NULL)
        request.http.body = yao_text_bytes(text(r->body));
    assert_status(ask(&request), r->want);
    compose(&request);
    assert_status(ask(&request), YAO_OK);
    leave();
}

static void refuses_every_flip(void **state)
{
    (void)state;
    pair();
    make(&request, ENROL_NOW);
    uint8_t    raw[64];
    yao_writer w = yao_writer_open(raw, sizeof raw);
    assert_status(
        yao_get_base64url(yao_text_bytes(text(request.signature)), &w), YAO_OK);
    for (size_t bit = 0; bit < 8 * sizeof raw; bit += 3) {
        char   other[96];
        size_t mark = world.arena.used;
        raw[bit / 8] ^= (uint8_t)(1u << bit % 8);
        letters(other, sizeof other, (yao_bytes){raw, sizeof raw});
        raw[bit / 8] ^= (uint8_t)(1u << bit % 8);
        request.headers[4].value = text(other);
        assert_status(ask(&request), YAO_E_BAD_SIGNATURE);
        world.arena.used = mark;
    }
    compose(&request);
    assert_status(ask(&request), YAO_OK);
    leave();
}

static void refuses_removed(void **state)
{
    (void)state;
    pair();
    make(&request, ENROL_NOW);
    assert_status(enrol_remove_kiosk(&world.e, id), YAO_OK);
    assert_status(ask(&request), YAO_E_UNTRUSTED);
    assert_status(enrol_remove_kiosk(&world.e, id), YAO_E_NOT_FOUND);
    leave();
}

static void ends_sessions_of_removed(void **state)
{
    yao_text    token;
    enrol_visit v;

    (void)state;
    pair();
    assert_status(
        enrol_begin(&world.e, ENROL_SESSION_KIOSK, id, YAO_EN, &token), YAO_OK);
    assert_status(
        enrol_visit_find(&world.e, ENROL_SESSION_KIOSK, id, token, &v),
        YAO_OK);
    assert_status(enrol_remove_kiosk(&world.e, id), YAO_OK);
    assert_status(
        enrol_visit_find(&world.e, ENROL_SESSION_KIOSK, id, token, &v),
        YAO_E_NOT_FOUND);
    leave();
}

/* No room to look it up: never a yes. */
static void never_yes_without_store(void **state)
{
    (void)state;
    pair();
    make(&request, ENROL_NOW);
    yao_arena none = {world.arena.base, 64, 0};
    world.e.arena  = &none;
    store_kiosk who;
    assert_status(enrol_check_kiosk(&world.e, &request.http, &who),
                  YAO_E_SPACE);
    world.e.arena = &world.arena;
    leave();
}

/* ---- pairing ---- */

typedef struct code_row {
    const char *name;
    const char *typed; /* NULL: the right one */
    int64_t     later;
    yao_status  want;
} code_row;

static const code_row codes[] = {
    {"accepts the code in time", NULL, 599, YAO_OK},
    {"refuses the code after ten minutes", NULL, 600, YAO_E_NOT_FOUND},
    {"refuses another code", "AAAAAAAAAAAA", 0, YAO_E_NOT_FOUND},
    {"refuses no code", "", 0, YAO_E_NOT_FOUND},
    {"refuses a short code", "AAAA", 0, YAO_E_NOT_FOUND},
    {"refuses a code with a quote", "' OR 1=1 -- ", 0, YAO_E_NOT_FOUND},
};

static void takes_code(void **state)
{
    const code_row *r = *state;
    char            code[12];
    yao_public_key  public_key;

    world_open();
    assert_status(yao_openssl_key_generate(YAO_ES256, &key), YAO_OK);
    public_key = yao_openssl_key_public(key);
    assert_status(enrol_add_kiosk(&world.e, YAO_TEXT("a"), &id, code), YAO_OK);
    assert_false(world_holds((yao_bytes){(const uint8_t *)code, 12}));
    world.e.now += r->later;
    yao_text typed = r->typed != NULL ? text(r->typed)
                                      : (yao_text){(const uint8_t *)code, 12};
    assert_status(enrol_pair_kiosk(&world.e, typed, &public_key, &id), r->want);
    /* nobody pairs a second page with it */
    assert_status(enrol_pair_kiosk(&world.e, typed, &public_key, &id),
                  YAO_E_NOT_FOUND);
    leave();
}

static void accepts_small_letters(void **state)
{
    char           code[12], small[14];
    yao_public_key public_key;
    size_t         n = 0;

    (void)state;
    world_open();
    assert_status(yao_openssl_key_generate(YAO_ES256, &key), YAO_OK);
    public_key = yao_openssl_key_public(key);
    assert_status(enrol_add_kiosk(&world.e, YAO_TEXT("a"), &id, code), YAO_OK);
    for (size_t i = 0; i < 12; i++) {
        if (i == 4 || i == 8)
            small[n++] = '-';
        small[n++] = (char)(code[i] >= 'A' ? code[i] + 32 : code[i]);
    }
    assert_status(
        enrol_pair_kiosk(&world.e, (yao_text){(uint8_t *)small, n}, &public_key,
                         &id),
        YAO_OK);
    leave();
}

static void refuses_odd_keys(void **state)
{
    char           code[12];
    yao_public_key wrong;

    (void)state;
    world_open();
    assert_status(yao_openssl_key_generate(YAO_ES384, &key), YAO_OK);
    wrong = yao_openssl_key_public(key);
    assert_status(enrol_add_kiosk(&world.e, YAO_TEXT("a"), &id, code), YAO_OK);
    assert_status(
        enrol_pair_kiosk(&world.e, (yao_text){(uint8_t *)code, 12}, &wrong,
                         &id),
        YAO_E_KEY);
    wrong = (yao_public_key){.curve = YAO_CURVE_NONE};
    assert_status(
        enrol_pair_kiosk(&world.e, (yao_text){(uint8_t *)code, 12}, &wrong,
                         &id),
        YAO_E_KEY);
    assert_status(enrol_add_kiosk(&world.e, YAO_TEXT(""), &id, code),
                  YAO_E_VALUE);
    assert_status(enrol_add_kiosk(&world.e, YAO_TEXT("a\nb"), &id, code),
                  YAO_E_VALUE);
    leave();
}

int main(void)
{
    test_add("request", "accepts what a paired kiosk signed", accepts_signed,
             NULL);
    test_add("request", "N256 refuses the same again", refuses_replay, NULL);
    for (size_t i = 0; i < COUNT(clocks); i++)
        test_add("request", clocks[i].name, looks_at_clock, &clocks[i]);
    test_add("request", "N256 refuses a replay for as long as it is in time",
             remembers_long_enough, NULL);
    test_add("request", "N256 refuses each header that is not there",
             refuses_missing, NULL);
    test_add("request", "N256 refuses each header that is there twice",
             refuses_twice, NULL);
    for (size_t i = 0; i < COUNT(changes); i++)
        test_add("request", changes[i].name, refuses_changed, &changes[i]);
    test_add("request", "refuses every other signature", refuses_every_flip,
             NULL);
    test_add("request", "N256 refuses a removed kiosk at once",
             refuses_removed, NULL);
    test_add("request", "gives no session back of a removed kiosk",
             ends_sessions_of_removed, NULL);
    test_add("request", "never says yes where it cannot look",
             never_yes_without_store, NULL);
    for (size_t i = 0; i < COUNT(codes); i++)
        test_add("pairing", codes[i].name, takes_code, &codes[i]);
    test_add("pairing", "accepts a code as people type it",
             accepts_small_letters, NULL);
    test_add("pairing", "refuses other keys, and names that are none",
             refuses_odd_keys, NULL);
    int code = test_run("authority/enrol/kiosk");
    test_scratch_remove();
    return code;
}
