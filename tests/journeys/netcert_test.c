/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A net certificate over HTTP: opened as a kiosk does, downloaded into a wallet
 * with a code, shown, asked about by a relying party that learns yes or no of
 * what was granted; frozen, given back, deregistered. Nothing of the person is
 * in clear in any file afterwards, and the person reads who asked.
 */

#define _GNU_SOURCE
#include "check.h"

#include <stdio.h>

#include "app/files.h"
#include "authority/enrol/level.h"
#include "authority/enrol/secret.h"
#include "authority/netcert/question.h"
#include "net/client.h"
#include "journey.h"
#include "server.h"
#include "wallet_provider.h"

#define NUMBER "12011919880808901X"
#define NAME "卡纳里"
#define TRANSACTION "739150"
#define ACCESS "28461950"
#define PARTY "91330114MAC000017N"

static test_server      server;
static net_client      *client;
static authority        a;
static yao_arena        big;
static yao_openssl_key *reader;
static char             base[64], url[64], cookie[160], audience[96];
static char             number[NETCERT_NUMBER + 1];

static const char record[] =
    "{\"number\":\"" NUMBER "\",\"name\":\"" NAME "\",\"family_name\":\"卡\","
    "\"given_name\":\"纳里\",\"sex\":1,\"ethnicity\":\"01\","
    "\"birth_date\":\"1988-08-08\",\"address\":\"金丝雀巷987号\","
    "\"division\":\"120119\",\"identity_card\":{"
    "\"document_number\":\"CANARYID77\",\"issue_date\":\"2019-03-01\","
    "\"expiry_date\":\"2039-03-01\",\"authority\":\"示例\"}}\n";

/* ---- the world ---- */

static void write_file(const char *name, const char *text)
{
    assert_status(yao_file_write(test_scratch_path(name),
                                 yao_text_bytes(yao_text_of(text)), 0600,
                                 false),
                  YAO_OK);
}

static void open_party(void)
{
    store_party party;
    yao_text    text;
    char        uri[4200];

    snprintf(uri, sizeof uri, "file:%s",
             test_scratch_path("a/parties/" PARTY "/reader-key.pem"));
    assert_status(yao_openssl_key_open(uri, &reader), YAO_OK);
    assert_status(store_get_party(a.store, YAO_TEXT(PARTY), &big, &party),
                  YAO_OK);
    assert_status(netcert_audience(&a, party.certificate, &big, &text),
                  YAO_OK);
    snprintf(audience, sizeof audience, "%.*s", (int)text.len,
             (const char *)text.ptr);
}

/* Through the server, as any verb does while it holds the store. */
static void open_authority(void)
{
    yao_settings_trouble trouble;
    const char          *place;

    assert_status(authority_open(test_scratch_path("a"), &a, &trouble, &place),
                  YAO_OK);
}

static void prepare(void **state)
{
    static uint8_t memory[32 << 20];
    char           line[256];
    unsigned       port = test_free_port();

    (void)state;
    big = (yao_arena){memory, sizeof memory, 0};
    setenv("LC_ALL", "C", 1);
    write_file("canary.jsonl", record);
    test_use_passphrase();
    write_file("tx", TRANSACTION "\n");
    snprintf(url, sizeof url, "http://authority.localhost:%u", port);
    snprintf(line, sizeof line, "authority init --demo -C @/a --url %s", url);
    test_must(line, 0);
    wallet_provider_make();
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_must("person import -C @/a @/canary.jsonl", 0);
    test_must("party register -C @/a --code " PARTY
              " --name 示例酒店 --profile age "
              "--profile identity --profile net",
              0);
    snprintf(line, sizeof line,
             "authority serve -C @/a --listen 127.0.0.1:%u --kiosk-listen "
             "none --console-listen none",
             port);
    assert_true(test_server_start(&server, line));
    snprintf(base, sizeof base, "http://127.0.0.1:%u", port);
    assert_status(net_client_open(&(net_client_options){.loopback   = true,
                                                        .timeout_ms = 60000},
                                  &client),
                  YAO_OK);
    assert_status(net_client_allow(client, base), YAO_OK);
    open_authority();
    open_party();
}

/* ---- requests ---- */

static net_answer request(const char *method, const char *path,
                          const char *type, yao_bytes body)
{
    const net_header headers[] = {
        {YAO_TEXT("Content-Type"), yao_text_of(type)},
        {YAO_TEXT("Cookie"), yao_text_of(cookie)},
        {YAO_TEXT("Sec-Fetch-Site"), YAO_TEXT("same-origin")}};
    char       where[256];
    net_answer answer;
    net_call   call = {.method       = method,
                       .headers      = headers,
                       .header_count = COUNT(headers),
                       .body         = body,
                       .most         = 1 << 20};

    snprintf(where, sizeof where, "%s%s", base, path);
    call.url = yao_text_of(where);
    assert_status(net_client_fetch(client, &call, test_arena(), &answer),
                  YAO_OK);
    return answer;
}

static const yao_json *page(const char *method, const char *path,
                            const char *body, int status)
{
    const yao_json *json   = NULL;
    net_answer      answer = request(method, path, "application/json",
                                     yao_text_bytes(yao_text_of(body)));

    if (answer.status != status)
        print_message("# %s %s: %d %.*s\n", method, path, answer.status,
                      (int)answer.body.len, (const char *)answer.body.ptr);
    assert_int_equal(answer.status, status);
    if (answer.body.len > 0)
        assert_status(yao_json_parse(test_arena(), answer.body, &json),
                      YAO_OK);
    return json;
}

static void state_is(const char *word)
{
    assert_true(yao_json_is(
        yao_json_get(page("GET", "/person/netcert", "", 200), "state"), word));
}

/* ---- the question ---- */

static net_answer ask(const char *profile, const char *question,
                      const char *about)
{
    static char     text[65536];
    static unsigned turn;
    uint8_t         signature[YAO_MAX_SIGNATURE];
    size_t          len;
    yao_writer      w = yao_writer_in(test_arena());
    yao_bytes       jwt;

    snprintf(text, sizeof text,
             "{\"iss\":\"" PARTY "\",\"aud\":\"%s\",\"iat\":%lld,"
             "\"jti\":\"request-number-%06u\",\"profile\":\"%s\","
             "\"question\":%s,%s}",
             url, (long long)yao_now(), turn++, profile, question, about);
    yao_jws_put_unsigned(
        &w, YAO_LIT("{\"alg\":\"ES256\",\"typ\":\"yaopai-netcert-check+jwt\"}"),
        yao_text_bytes(yao_text_of(text)));
    yao_sign_wish wish = {.alg        = YAO_ES256,
                          .parts      = {{w.ptr, w.len}},
                          .part_count = 1};
    assert_status(yao_openssl_sign(reader, &wish, signature, &len), YAO_OK);
    yao_jws_put_signature(&w, (yao_bytes){signature, len});
    assert_status(yao_writer_keep(&w, test_arena(), &jwt), YAO_OK);
    return request("POST", "/netcert/check", "application/jwt", jwt);
}

static void answers(const char *profile, const char *question,
                    const char *want)
{
    char            about[64];
    const yao_json *json;

    snprintf(about, sizeof about, "\"number\":\"%s\"", number);
    net_answer answer = ask(profile, question, about);
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.body.len, 64);
    assert_status(yao_json_parse(test_arena(), answer.body, &json), YAO_OK);
    if (!yao_json_is(yao_json_get(json, "answer"), want))
        print_message("# %s: %.*s\n", question, (int)answer.body.len,
                      (const char *)answer.body.ptr);
    assert_true(yao_json_is(yao_json_get(json, "answer"), want));
}

#define OVER_18 "{\"is\":\"resident_id.age_over_18\"}"

static const char *equals(const char *value)
{
    static const uint8_t salt[16] = "sixteen letters";
    static char          text[512];
    uint8_t              hash[YAO_SHA256_LEN];
    yao_writer           w = yao_writer_open((uint8_t *)text, sizeof text - 1);

    assert_status(netcert_equals_hash(a.crypto, (yao_bytes){salt, 16},
                                      YAO_TEXT("resident_id.full_name"),
                                      yao_text_of(value), hash),
                  YAO_OK);
    yao_put_text(&w, "{\"equals\":\"resident_id.full_name\",\"salt\":\"");
    yao_put_base64url(&w, (yao_bytes){salt, 16});
    yao_put_text(&w, "\",\"hash\":\"");
    yao_put_base64url(&w, (yao_bytes){hash, sizeof hash});
    yao_put_text(&w, "\"}");
    text[w.len] = '\0';
    return text;
}

/* ---- opening ---- */

/* What a kiosk's session of level 3 does in its last transaction. */
static void opens(void **state)
{
    enrol        e = {.a         = &a,
                      .catalogue = yao_catalogue_shipped(),
                      .arena     = &big,
                      .now       = yao_now(),
                      .demo      = true};
    uint8_t      lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    store_change change = store_change_open(&big);

    (void)state;
    assert_status(
        enrol_hash_person(&e, YAO_TEXT(NUMBER), lookup, holder), YAO_OK);
    const netcert_holder who = {{lookup, sizeof lookup},
                                {holder, sizeof holder},
                                3};
    assert_status(enrol_put_access_code(&e, &change, who.holder,
                                        YAO_TEXT(ACCESS), 3),
                  YAO_OK);
    assert_status(netcert_put(&e, &change, &who), YAO_OK);
    assert_status(store_commit(a.store, &change), YAO_OK);
}

static void logs_in(void **state)
{
    (void)state;
    snprintf(cookie, sizeof cookie, "none=1");
    page("GET", "/person/netcert", "", 401);
    net_answer answer = request("POST", "/person/login", "application/json",
                                YAO_LIT("{\"number\":\"" NUMBER
                                        "\",\"code\":\"" ACCESS "\"}"));
    assert_int_equal(answer.status, 200);
    yao_text set = net_answer_header(&answer, "set-cookie");
    size_t   end = yao_bytes_find(yao_text_bytes(set), ';');
    snprintf(cookie, sizeof cookie, "%.*s", (int)end, (const char *)set.ptr);
    state_is("opened");
}

static void downloads(void **state)
{
    const yao_json *json;
    char            offer[4096];

    (void)state;
    page("POST", "/person/netcert", "{\"code\":\"" TRANSACTION "\"}", 409);
    page("POST", "/person/netcert/download", "{\"code\":\"111111\"}", 400);
    page("POST", "/person/netcert/download", "{\"code\":\"7391\"}", 400);
    json = page("POST", "/person/netcert/download",
                "{\"code\":\"" TRANSACTION "\"}", 200);
    test_keep_text(yao_json_get(json, "offer"), offer, sizeof offer);
    assert_non_null(strstr(offer, "credential_offer_uri="));
    assert_null(strstr(offer, TRANSACTION));
    write_file("offer", offer);
    test_must("wallet receive -C @/w --local --yes --copies 2 --trust "
              "@/a/certificates/population-root.pem --tx-code-file "
              "@/tx " WALLET_ATTESTED "@/offer",
              0);
    assert_true(test_said("mso_mdoc): 2 copies"));
    assert_true(test_said("dc+sd-jwt): 2 copies"));
    json = page("GET", "/person/netcert", "", 200);
    bool fetched = false;
    assert_status(yao_json_bool(yao_json_get(json, "fetched"), &fetched),
                  YAO_OK);
    assert_true(fetched);
}

/* ---- showing ---- */

static void show(const char *nonce, const char *to)
{
    char line[512];

    snprintf(line, sizeof line,
             "wallet present -C @/w --yes --unidentified --profile net "
             "--format sd-jwt --nonce %s --audience %s --output @/shown.txt",
             nonce, to);
    test_must(line, 0);
}

static net_answer ask_shown(const char *nonce)
{
    static char about[65536];
    yao_bytes   file;

    assert_status(yao_file_read(test_scratch_path("shown.txt"), 60000, &file),
                  YAO_OK);
    while (file.len > 0 && file.ptr[file.len - 1] == '\n')
        file.len--;
    snprintf(about, sizeof about,
             "\"presentation\":\"%.*s\",\"nonce\":\"%s\"", (int)file.len,
             (const char *)file.ptr, nonce);
    yao_file_free(&file);
    return ask("net", "\"valid\"", about);
}

static char last_nonce[64]; /* that was shown with */

/* The list is signed anew soon after a change. */
static void shown_becomes(const char *nonce, int status)
{
    test_patience patience = test_patience_begin();
    net_answer    answer;
    int           i = 0;

    do {
        snprintf(last_nonce, sizeof last_nonce, "%s-nonce-number-%04d", nonce,
                 i++);
        show(last_nonce, audience);
        answer = ask_shown(last_nonce);
    } while (answer.status != status && test_wait(&patience));
    if (answer.status != status)
        print_message("# %.*s\n", (int)answer.body.len,
                      (const char *)answer.body.ptr);
    assert_int_equal(answer.status, status);
}

static void is_shown(void **state)
{
    net_answer answer;

    (void)state;
    shown_becomes("first", 200);
    answer = ask_shown(last_nonce); /* used */
    assert_true(answer.status == 401 || answer.status == 403);
    show("second-nonce-0123456789", "x509_hash:another");
    answer = ask_shown("second-nonce-0123456789");
    assert_int_equal(answer.status, 403);
    show("third-nonce-01234567890", audience);
    answer = ask_shown("other-nonce-01234567890");
    assert_int_equal(answer.status, 403);
    answer = ask_shown("third-nonce-01234567890");
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.body.len, 64);
    assert_true(yao_bytes_starts(answer.body, YAO_LIT("{\"answer\":\"yes\"}")));
}

/* The card's values are nowhere in it, and it is good for anybody. */
static void is_judged(void **state)
{
    (void)state;
    show("fourth-nonce-0123456789", "desk");
    test_type("verify --json --trust @/a/certificates/population-root.pem "
              "--nonce fourth-nonce-0123456789 --audience desk --profile net "
              "@/shown.txt");
    assert_true(test_said("net_number"));
    assert_true(test_said("\"authentic\":true"));
    assert_false(test_said(NUMBER));
    assert_false(test_said(NAME));
    assert_false(test_said("1988"));
}

/* ---- grants ---- */

static void find_number(void **state)
{
    store_netcert n;
    people_person person;
    uint8_t       lookup[STORE_HASH_LEN];
    yao_text      text;
    (void)state;

    assert_status(seal_hash(a.crypto, &a.keys, STORE_BY_NUMBER,
                            YAO_LIT(NUMBER), lookup),
                  YAO_OK);
    const yao_bytes who = {lookup, sizeof lookup};
    assert_status(store_get_netcert(a.store, who, &big, &n), YAO_OK);
    assert_status(people_find_by(&a, who, &big, &person), YAO_OK);
    assert_status(netcert_unseal(&person.key, n.sealed, &big, &text), YAO_OK);
    people_close(&person);
    memcpy(number, text.ptr, NETCERT_NUMBER);
}

static void grant(const char *item, int status, char id[40])
{
    char            body[256];
    const yao_json *json;

    snprintf(body, sizeof body,
             "{\"party\":\"" PARTY "\",\"item\":\"%s\",\"ends\":%lld}", item,
             (long long)yao_now() + 3600);
    json = page("POST", "/person/grants", body, status);
    if (status == 201 && id != NULL)
        test_keep_text(yao_json_get(json, "id"), id, 40);
}

static void grants(void **state)
{
    char            id[40], path[128];
    const yao_json *list;

    (void)state;
    answers("age", OVER_18, "not_granted");
    answers("age", "\"valid\"", "not_granted");
    grant("resident_id.portrait", 400, NULL);
    grant("resident_id.resident_address", 400, NULL);
    grant("resident_id.age_over_18", 201, id);
    grant("resident_id.full_name", 201, NULL);
    answers("age", "\"valid\"", "yes");
    answers("age", OVER_18, "yes");
    answers("age", "{\"is\":\"resident_id.age_over_60\"}", "not_granted");
    answers("identity", equals(NAME), "yes");
    answers("identity", equals("李示例"), "no");

    list = yao_json_get(page("GET", "/person/grants", "", 200), "grants");
    assert_int_equal(list->count, 2);
    assert_true(yao_json_is(yao_json_get(list->first, "name"), "示例酒店"));
    snprintf(path, sizeof path, "/person/grants/%s", id);
    page("DELETE", path, "", 204);
    page("DELETE", path, "", 404);
    page("DELETE", "/person/grants/x", "", 404);
    answers("age", OVER_18, "not_granted");
}

/* ---- its end ---- */

static void freezes(void **state)
{
    (void)state;
    page("POST", "/person/netcert/unfreeze", "", 409);
    page("POST", "/person/netcert/freeze", "", 204);
    state_is("frozen");
    answers("identity", equals(NAME), "unknown");
    answers("age", "\"valid\"", "no");
    shown_becomes("frozen", 403);
    page("POST", "/person/netcert/unfreeze", "", 204);
    answers("identity", equals(NAME), "yes");
    shown_becomes("unfrozen", 200);
}

static void deregisters(void **state)
{
    (void)state;
    page("DELETE", "/person/netcert", "", 204);
    page("DELETE", "/person/netcert", "", 409);
    state_is("deregistered");
    answers("identity", equals(NAME), "not_granted");
    shown_becomes("over", 403);
    page("POST", "/person/netcert/download",
         "{\"code\":\"" TRANSACTION "\"}", 409);
    /* a code alone opens none */
    page("POST", "/person/netcert", "{\"code\":\"" TRANSACTION "\"}", 403);
}

static void suspends_the_party(void **state)
{
    (void)state;
    test_must("party suspend -C @/a " PARTY, 0);
    net_answer answer = ask("age", "\"valid\"", "\"number\":\"2\"");
    assert_int_equal(answer.status, 403);
    answer = request("POST", "/netcert/check", "application/jwt",
                     YAO_LIT("not a token"));
    assert_int_equal(answer.status, 401);
}

/* ---- afterwards ---- */

/* The entries of a page into OUT, and where the next one begins; -1: there is
 * none. */
static int64_t read_page(int64_t from, char *out, size_t cap)
{
    char            body[40];
    const yao_json *page;
    int64_t         next = -1;

    snprintf(body, sizeof body, "{\"from\":%lld}", (long long)from);
    net_answer answer = request("POST", "/person/log", "application/json",
                                yao_text_bytes(yao_text_of(body)));
    assert_int_equal(answer.status, 200);
    assert_true(answer.body.len < cap);
    snprintf(out, cap, "%.*s", (int)answer.body.len,
             (const char *)answer.body.ptr);
    assert_status(yao_json_parse(test_arena(), answer.body, &page), YAO_OK);
    if (yao_json_int(yao_json_get(page, "next"), &next) != YAO_OK)
        next = -1;
    return next;
}

/* As many pages as there are: how many entries depends on how often it was
 * looked before a list was signed. */
static void read_log(char *out, size_t cap)
{
    int64_t from = 0;

    for (size_t len = 0; from >= 0; len += strlen(out + len))
        from = read_page(from, out + len, cap - len);
}

static void reads_who_asked(void **state)
{
    static char   text[1 << 20];
    test_patience patience = test_patience_begin();

    (void)state;
    do
        read_log(text, sizeof text);
    while (strstr(text, "netcert.deregister") == NULL &&
             test_wait(&patience));
    assert_non_null(strstr(text, "netcert.deregister"));
    assert_non_null(strstr(text, "netcert.grant"));
    assert_non_null(strstr(text, "netcert.check"));
    assert_non_null(strstr(text, "示例酒店"));
    assert_null(strstr(text, number));
}

static void never_in_clear(void **state)
{
    const char *const values[] = {NUMBER,       NAME,        "1988-08-08",
                                  "金丝雀巷987号", "CANARYID77", TRANSACTION,
                                  ACCESS,       number,      cookie + 20};

    (void)state;
    assert_int_equal(strlen(number), NETCERT_NUMBER);
    assert_true(test_is_nowhere_below(test_scratch_path("a"), values,
                                      COUNT(values)) > 10);
    test_is_nowhere_in(server.log, values, COUNT(values));
}

static void ends(void **state)
{
    (void)state;
    net_client_close(client);
    yao_openssl_key_close(reader);
    authority_close(&a);
    assert_int_equal(test_server_stop(&server), 0);
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"gives a world with a relying party", prepare},
    {"accepts a certificate opened as a kiosk does", opens},
    {"accepts who logs in, refuses who does not", logs_in},
    {"gives the certificate to a wallet, again, with a code", downloads},
    {"gives its number", find_number},
    {"accepts what is shown to the party, once", is_shown},
    {"accepts it where anybody judges it, with nobody's name", is_judged},
    {"gives yes or no of what was granted, until it is withdrawn", grants},
    {"refuses what is frozen, accepts it after", freezes},
    {"refuses what is deregistered, for good", deregisters},
    {"refuses a suspended party, and what is no request", suspends_the_party},
    {"gives the person a log of who asked", reads_who_asked},
    {"N316 never leaves a value in clear, nor the net number", never_in_clear},
    {"accepts to end", ends},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("netcert", rows[i].name, rows[i].run, NULL);
    int code = test_run("journeys/netcert");
    test_scratch_remove();
    return code;
}
