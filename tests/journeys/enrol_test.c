/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A person at a kiosk, over HTTP, with an engine that compares faces: paired,
 * signed, from the terms to an offer that a wallet takes, a log-in with the
 * access code that ends the device; then the kiosk is removed. A provider
 * vouches for the wallet. Nothing of the person is in any file or log of the
 * authority and the provider afterwards, in any form (P-1, P-2, P-3).
 */

#define _GNU_SOURCE
#include "check.h"

#include <stdio.h>
#include <unistd.h>

#include "app/files.h"
#include "authority/enrol/kiosk.h"
#include "cbor/cbor.h"
#include "face_world.h"
#include "json/json.h"
#include "jose/jose.h"
#include "net/client.h"
#include "journey.h"
#include "server.h"
#include "wallet_provider.h"
#include "yaopai/openssl.h"

#define NUMBER "12011919880808901X"
#define NAME "卡纳里"
#define TRANSACTION "739150"
#define ACCESS "28461950"

static test_server      server, provider;
static net_client      *client;
static yao_openssl     *openssl;
static yao_openssl_key *key;
static char             kiosk_url[64], public_url[64], kiosk[33], session[64];
static char             cookie[160];
static yao_arena        big;
static bool             runs;

static const char record[] =
    "{\"number\":\"" NUMBER "\",\"name\":\"" NAME "\",\"family_name\":\"卡\","
    "\"given_name\":\"纳里\",\"family_name_latin\":\"QIAXXQ\","
    "\"given_name_latin\":\"NALIXXQ\",\"sex\":1,\"ethnicity\":\"01\","
    "\"birth_date\":\"1988-08-08\",\"address\":\"金丝雀巷987号\","
    "\"division\":\"120119\",\"portrait\":\"canary.jpg\",\"identity_card\":{"
    "\"document_number\":\"CANARYID77\",\"issue_date\":\"2019-03-01\","
    "\"expiry_date\":\"2039-03-01\",\"authority\":\"金丝雀分局\"}}\n";

/* ---- the world ---- */

static void set_engine(const char *command)
{
    static char text[65536], out[70000];
    yao_bytes   file;

    assert_status(yao_file_read(test_scratch_path("a/authority.ini"),
                                sizeof text - 1, &file),
                  YAO_OK);
    memcpy(text, file.ptr, file.len);
    text[file.len] = '\0';
    yao_file_free(&file);
    char *at = strstr(text, "provider = officer\n");
    assert_non_null(at);
    snprintf(out, sizeof out, "%.*sprovider = mock\ncommand = %s\n%s",
             (int)(at - text), text, command,
             at + strlen("provider = officer\n"));
    assert_status(yao_file_write(test_scratch_path("a/authority.ini"),
                                 yao_text_bytes(yao_text_of(out)), 0600,
                                 false),
                  YAO_OK);
}

static yao_bytes photograph(int yaw, unsigned speck)
{
    face_scene s = {.faces = 1, .yaw = yaw, .side = 200, .whose = 20,
                    .speck = speck};
    yao_bytes  jpeg = face_photograph(&s, &big);

    assert_true(jpeg.len > 200);
    return jpeg;
}

/* A wallet of a provider that the authority knows. */
static void prepare_wallet(void)
{
    static const char clients[] =
        "{\"clients\":[],\"attesters\":[{\"roots\":[\"root.pem\"],"
        "\"any_client\":true,\"keys\":true}]}";
    unsigned  port = test_free_port();
    char      line[256];
    yao_bytes root;

    snprintf(line, sizeof line,
             "provider init --demo -C @/p --url http://wallet.localhost:%u",
             port);
    test_must(line, 0);
    assert_status(
        yao_file_read(test_scratch_path("p/certificates/provider-root.pem"),
                      1 << 16, &root),
        YAO_OK);
    assert_status(yao_file_write(test_scratch_path("a/root.pem"), root, 0600,
                                 false),
                  YAO_OK);
    yao_file_free(&root);
    assert_status(yao_file_write(test_scratch_path("a/clients.json"),
                                 YAO_LIT(clients), 0600, false),
                  YAO_OK);
    snprintf(line, sizeof line, "provider serve -C @/p --listen 127.0.0.1:%u",
             port);
    assert_true(test_server_start(&provider, line));
    snprintf(line, sizeof line,
             "wallet init -C @/w --registrar @/a/certificates/reader-root.pem "
             "--local --provider http://wallet.localhost:%u",
             port);
    test_must(line, 0);
}

static void prepare(void **state)
{
    static uint8_t memory[32 << 20];
    const char    *command = face_mock("normal");
    char           line[256];
    unsigned       port;

    (void)state;
    if (command == NULL)
        skip();
    big = (yao_arena){memory, sizeof memory, 0};
    setenv("LC_ALL", "C", 1);
    assert_status(yao_file_write(test_scratch_path("canary.jpg"),
                                 photograph(0, 50), 0644, true),
                  YAO_OK);
    assert_status(yao_file_write(test_scratch_path("canary.jsonl"),
                                 yao_text_bytes(yao_text_of(record)), 0644,
                                 true),
                  YAO_OK);
    test_use_passphrase();
    port = test_free_port();
    snprintf(line, sizeof line,
             "authority init --demo -C @/a --url "
             "http://authority.localhost:%u",
             port);
    test_must(line, 0);
    prepare_wallet();
    set_engine(command);
    test_must("person import -C @/a @/canary.jsonl", 0);
    snprintf(line, sizeof line,
             "authority serve -C @/a --listen 127.0.0.1:%u --kiosk-listen "
             "127.0.0.1:0 --console-listen none",
             port);
    assert_true(test_server_start(&server, line));
    snprintf(public_url, sizeof public_url, "http://127.0.0.1:%u", port);
    snprintf(kiosk_url, sizeof kiosk_url, "http://127.0.0.1:%u",
             test_server_port(&server, "kiosk"));
    assert_status(net_client_open(&(net_client_options){.loopback   = true,
                                                        .timeout_ms = 60000},
                                  &client),
                  YAO_OK);
    assert_status(net_client_allow(client, public_url), YAO_OK);
    assert_status(net_client_allow(client, kiosk_url), YAO_OK);
    openssl = yao_openssl_open();
    assert_non_null(openssl);
    assert_status(yao_openssl_key_generate(YAO_ES256, &key), YAO_OK);
    runs = true;
}

/* ---- one request ---- */

static net_answer request(const char *base, const char *method,
                          const char *path, const net_header *headers,
                          size_t count, yao_bytes body)
{
    char       url[256];
    net_answer answer;
    net_call   call = {.method       = method,
                       .headers      = headers,
                       .header_count = count,
                       .body         = body,
                       .most         = 1 << 20};

    snprintf(url, sizeof url, "%s%s", base, path);
    call.url = yao_text_of(url);
    assert_status(net_client_fetch(client, &call, test_arena(), &answer),
                  YAO_OK);
    return answer;
}

static const char *letters(yao_bytes bytes)
{
    char      *out = yao_arena_take(test_arena(), 2 * bytes.len + 4);
    yao_writer w   = yao_writer_open((uint8_t *)out, 2 * bytes.len + 3);

    assert_non_null(out);
    yao_put_base64url(&w, bytes);
    return out;
}

static const char *sign(const char *method, const char *path,
                        const char *time, const char *nonce, yao_bytes body)
{
    const yao_crypto *crypto = yao_openssl_crypto(openssl);
    uint8_t           hash[YAO_SHA256_LEN], text[1024], raw[YAO_MAX_SIGNATURE];
    yao_writer        w    = yao_writer_open(text, sizeof text);
    yao_sign_wish     wish = {.alg = YAO_ES256, .part_count = 1};
    size_t            len;

    assert_status(crypto->hash(crypto->ctx, YAO_SHA256, &body, 1, hash),
                  YAO_OK);
    enrol_write_signed(&w, &(enrol_signed){.kiosk   = yao_text_of(kiosk),
                                           .method  = yao_text_of(method),
                                           .path    = yao_text_of(path),
                                           .time    = yao_text_of(time),
                                           .nonce   = yao_text_of(nonce),
                                           .session = yao_text_of(session),
                                           .body_hash = {hash, sizeof hash}});
    wish.parts[0] = (yao_bytes){text, w.len};
    assert_status(yao_openssl_sign(key, &wish, raw, &len), YAO_OK);
    return letters((yao_bytes){raw, len});
}

/* What the kiosk's page sends: signed. */
static net_answer ask(const char *method, const char *path, const char *type,
                      yao_bytes body)
{
    uint8_t     random[16];
    char        time[24];
    const char *nonce;

    assert_status(yao_openssl_random(random, sizeof random), YAO_OK);
    nonce = letters((yao_bytes){random, sizeof random});
    snprintf(time, sizeof time, "%lld", (long long)yao_now());
    const net_header headers[] = {
        {YAO_TEXT("Yaopai-Kiosk"), yao_text_of(kiosk)},
        {YAO_TEXT("Yaopai-Time"), yao_text_of(time)},
        {YAO_TEXT("Yaopai-Nonce"), yao_text_of(nonce)},
        {YAO_TEXT("Yaopai-Signature"),
         yao_text_of(sign(method, path, time, nonce, body))},
        {YAO_TEXT("Content-Type"), yao_text_of(type)},
        {YAO_TEXT("Yaopai-Session"), yao_text_of(session)},
    };
    return request(kiosk_url, method, path, headers,
                session[0] != '\0' ? COUNT(headers) : COUNT(headers) - 1, body);
}

static const yao_json *read_json(const net_answer *answer, int status)
{
    const yao_json *json;

    if (answer->status != status)
        print_message("# %d %.*s\n", answer->status, (int)answer->body.len,
                      (const char *)answer->body.ptr);
    assert_int_equal(answer->status, status);
    assert_status(yao_json_parse(test_arena(), answer->body, &json), YAO_OK);
    return json;
}

static const yao_json *post(const char *path, const char *body, int status)
{
    net_answer answer = ask("POST", path, "application/json",
                            yao_text_bytes(yao_text_of(body)));

    return read_json(&answer, status);
}

static void at_step(const yao_json *answer, const char *step)
{
    assert_true(yao_json_is(yao_json_get(answer, "step"), step));
}

/* ---- the way ---- */

static void pairs(void **state)
{
    char            code[16], body[512];
    const char     *at;
    yao_public_key  public_key;
    uint8_t         jwk[256];
    yao_writer      w    = yao_writer_open(jwk, sizeof jwk);
    net_header      type = {YAO_TEXT("Content-Type"),
                            YAO_TEXT("application/json")};
    const yao_json *json;

    (void)state;
    if (!runs)
        skip();
    public_key = yao_openssl_key_public(key);
    const test_output *out = test_type("kiosk add --json --name lobby -C @/a");
    assert_int_equal(out->code, 0);
    at = strstr(out->out, "\"code\":\"");
    assert_non_null(at);
    snprintf(code, sizeof code, "%.12s", at + 8);
    yao_jwk_put(&w, &public_key);
    snprintf(body, sizeof body, "{\"code\":\"%s\",\"key\":%.*s}", code,
             (int)w.len, (const char *)jwk);
    net_answer answer = request(kiosk_url, "POST", "/kiosk/pair", &type, 1,
                             yao_text_bytes(yao_text_of(body)));
    json = read_json(&answer, 201);
    test_keep_text(yao_json_get(json, "kiosk"), kiosk, sizeof kiosk);
    answer = request(kiosk_url, "POST", "/kiosk/pair", &type, 1,
                  yao_text_bytes(yao_text_of(body)));
    read_json(&answer, 403);
}

static void refuses_unsigned(void **state)
{
    net_header type = {YAO_TEXT("Content-Type"), YAO_TEXT("application/json")};

    (void)state;
    if (!runs)
        skip();
    net_answer answer = request(kiosk_url, "POST", "/kiosk/session", &type, 1,
                             YAO_LIT("{\"language\":\"en\"}"));
    assert_int_equal(answer.status, 401);
    /* and not at all where wallets ask */
    answer = request(public_url, "POST", "/kiosk/session", &type, 1,
                  YAO_LIT("{\"language\":\"en\"}"));
    assert_int_equal(answer.status, 404);
}

static void begin(void)
{
    const yao_json *json;
    char            body[160], hash[80];

    session[0] = '\0';
    json       = post("/kiosk/session", "{\"language\":\"zh\"}", 201);
    at_step(json, "terms");
    test_keep_text(yao_json_get(json, "session"), session, sizeof session);
    test_keep_text(yao_json_get(yao_json_get(json, "terms"), "sha256"), hash,
                   sizeof hash);
    snprintf(body, sizeof body, "{\"accept\":true,\"sha256\":\"%s\"}", hash);
    at_step(post("/kiosk/session/terms", body, 200), "number");
}

static void declines(void **state)
{
    const yao_json *json;

    (void)state;
    if (!runs)
        skip();
    session[0] = '\0';
    json       = post("/kiosk/session", "{\"language\":\"zh\"}", 201);
    test_keep_text(yao_json_get(json, "session"), session, sizeof session);
    at_step(post("/kiosk/session/terms", "{\"accept\":false}", 200), "over");
    post("/kiosk/session/number", "{\"number\":\"" NUMBER "\"}", 404);
}

/* Two who asked about one number: officers are told which of them stands
 * here. */
static void asks_officers(void **state)
{
    char one[40] = "", other[40] = "";

    (void)state;
    if (!runs)
        skip();
    for (int i = 0; i < 2; i++) {
        begin();
        post("/kiosk/session/number", "{\"number\":\"" NUMBER "\"}", 200);
        const yao_json *json = post("/kiosk/session/officer", "", 200);
        at_step(json, "officer");
        test_keep_text(yao_json_get(json, "case"), i == 0 ? one : other, 40);
        net_answer answer = ask("DELETE", "/kiosk/session", "", YAO_LIT(""));
        json              = read_json(&answer, 200);
        assert_null(yao_json_get(json, "case"));
    }
    assert_int_equal(strlen(one), 32);
    assert_int_equal(strlen(other), 32);
    assert_string_not_equal(one, other);
}

/* Seven frames, one at least for each move. */
static yao_bytes frames_for(const yao_json *challenge)
{
    const yao_json *moves = yao_json_get(challenge, "moves");
    yao_text        nonce;
    uint8_t         raw[16];
    yao_writer      n = yao_writer_open(raw, sizeof raw), w;
    yao_bytes       out;
    size_t          count = moves->count, i = 0;

    assert_status(yao_json_string(yao_json_get(challenge, "nonce"),
                                  test_arena(), &nonce),
                  YAO_OK);
    assert_status(yao_get_base64url(yao_text_bytes(nonce), &n), YAO_OK);
    yao_bytes jpegs[8];
    size_t    of[8], frames = 0;
    for (const yao_json *m = moves->first; m != NULL; m = m->next, i++) {
        int yaw = yao_json_is(m, "left") ? 25 : yao_json_is(m, "right") ? -25
                                                                        : 0;
        for (int twice = 0; twice < (i < 7 - count ? 2 : 1); twice++) {
            of[frames]    = i;
            jpegs[frames] = photograph(yaw, (unsigned)(10 * frames));
            frames++;
        }
    }
    w = yao_writer_in(&big);
    yao_cbor_put_array(&w, 2);
    yao_cbor_put_bytes(&w, (yao_bytes){raw, sizeof raw});
    yao_cbor_put_array(&w, frames);
    for (size_t f = 0; f < frames; f++) {
        yao_cbor_put_array(&w, 3);
        yao_cbor_put_uint(&w, f);
        yao_cbor_put_uint(&w, of[f]);
        yao_cbor_put_bytes(&w, jpegs[f]);
    }
    assert_status(yao_writer_keep(&w, &big, &out), YAO_OK);
    return out;
}

static void show_face(void)
{
    const yao_json *challenge = post("/kiosk/session/challenge", "", 200);
    net_answer      answer    = ask("POST", "/kiosk/session/face",
                                    "application/octet-stream",
                                    frames_for(challenge));

    at_step(read_json(&answer, 200), "choice");
}

static void enrols(void **state)
{
    const yao_json *json;
    char            offer[2048];

    (void)state;
    if (!runs)
        skip();
    begin();
    at_step(post("/kiosk/session/number", "{\"number\":\"" NUMBER "\"}", 200),
            "face");
    show_face();
    net_answer answer = ask("GET", "/kiosk/session/documents", "", YAO_LIT(""));
    json              = read_json(&answer, 200);
    assert_true(yao_json_get(json, "documents")->count >= 5);
    post("/kiosk/session/choice", "{\"documents\":[\"driving_licence\"]}", 409);
    at_step(post("/kiosk/session/choice",
                 "{\"documents\":[\"resident_id\"],\"replace\":true}", 200),
            "code");
    post("/kiosk/session/offer", "{\"transaction_code\":\"111111\"}", 400);
    json = post("/kiosk/session/offer",
                "{\"transaction_code\":\"" TRANSACTION
                "\",\"access_code\":\"" ACCESS "\"}",
                200);
    at_step(json, "over");
    test_keep_text(yao_json_get(json, "offer"), offer, sizeof offer);
    assert_non_null(strstr(offer, "openid-credential-offer://?"
                                  "credential_offer_uri=http"));
    assert_null(strstr(offer, "resident_id")); /* what is offered is fetched */
    assert_null(strstr(offer, TRANSACTION));
    assert_null(strstr(offer, NUMBER));
    assert_status(yao_file_write(test_scratch_path("offer"),
                                 yao_text_bytes(yao_text_of(offer)), 0600,
                                 false),
                  YAO_OK);
    int64_t level = 0;
    assert_status(yao_json_int(yao_json_get(json, "level"), &level), YAO_OK);
    assert_int_equal(level, 3);
    post("/kiosk/session/offer",
         "{\"transaction_code\":\"" TRANSACTION "\"}", 404);
}

/* Who has no telephone; the session goes on, and another number tells nothing. */
static void prints(void **state)
{
    yao_text code;

    (void)state;
    if (!runs)
        skip();
    begin();
    post("/kiosk/session/number", "{\"number\":\"" NUMBER "\"}", 200);
    show_face();
    post("/kiosk/session/paper",
         "{\"document\":\"resident_id\",\"profile\":\"hotel\"}", 409);
    post("/kiosk/session/choice", "{\"documents\":[\"resident_id\"]}", 200);
    post("/kiosk/session/paper",
         "{\"document\":\"resident_id\",\"profile\":\"road_check\"}", 400);
    post("/kiosk/session/paper", "{\"document\":\"resident_id\"}", 400);
    const yao_json *json = post(
        "/kiosk/session/paper",
        "{\"document\":\"resident_id\",\"profile\":\"hotel\"}", 200);
    at_step(json, "code");
    json = yao_json_get(json, "sheet");
    assert_status(yao_json_string(yao_json_get(json, "code"), test_arena(),
                                  &code),
                  YAO_OK);
    assert_true(code.len > 200);
    assert_non_null(yao_json_get(json, "portrait"));
    assert_true(yao_json_get(json, "rows")->count >= 5);
    assert_true(yao_json_get(json, "notes")->count >= 3);
    test_must("document list --person " NUMBER " -C @/a", 0);
    assert_true(test_said("printed-card hotel"));
    test_must("document revoke --reason lost --document resident_id --person "
              NUMBER " -C @/a",
              0);
    net_answer answer = ask("DELETE", "/kiosk/session", "", YAO_LIT(""));
    at_step(read_json(&answer, 200), "over");
}

/* Whoever lost it stands at a kiosk; the session goes on. */
static void loses(void **state)
{
    int64_t ended = -1;

    (void)state;
    if (!runs)
        skip();
    begin();
    post("/kiosk/session/number", "{\"number\":\"" NUMBER "\"}", 200);
    post("/kiosk/session/lost", "", 409);
    at_step(post("/kiosk/session/stay", "", 200), "face");
    show_face();
    const yao_json *json = post("/kiosk/session/lost", "", 200);
    at_step(json, "choice");
    assert_status(yao_json_int(yao_json_get(json, "devices_ended"), &ended),
                  YAO_OK);
    assert_int_equal(ended, 0); /* it ended before, by the code */
    net_answer answer = ask("DELETE", "/kiosk/session", "", YAO_LIT(""));
    at_step(read_json(&answer, 200), "over");
}

/* ---- the wallet ---- */

#define RECEIVE                                                                \
    "wallet receive -C @/w --local --yes --copies 2 --trust "                  \
    "@/a/certificates/population-root.pem --tx-code-file @/tx @/offer"

static void write_code(const char *code)
{
    assert_status(yao_file_write(test_scratch_path("tx"),
                                 yao_text_bytes(yao_text_of(code)), 0600,
                                 false),
                  YAO_OK);
}

static void receives(void **state)
{
    (void)state;
    if (!runs)
        skip();
    write_code("739151\n");
    assert_int_equal(test_type(RECEIVE)->code, 3);
    write_code(TRANSACTION "\n");
    test_must(RECEIVE, 0);
    assert_true(test_said("mso_mdoc): 2 copies"));
    assert_true(test_said("dc+sd-jwt): 2 copies"));
    assert_int_equal(test_type(RECEIVE)->code, 3); /* one use */
    test_must("device list --json --person " NUMBER " -C @/a", 0);
    assert_true(test_said("\"level\":3,\"state\":\"active\""));
    test_must("document list --person " NUMBER " -C @/a", 0);
    assert_false(test_said("revoked"));
}

/* The job sweeps soon after the device has ended. */
static bool becomes_revoked(void)
{
    test_patience patience = test_patience_begin();

    do {
        test_must("document list --person " NUMBER " -C @/a", 0);
        if (test_said("revoked"))
            return true;
    } while (test_wait(&patience));
    return false;
}

/* ---- afterwards ---- */

static net_answer call_page(const char *method, const char *path,
                            const char *body)
{
    const net_header headers[] = {
        {YAO_TEXT("Content-Type"), YAO_TEXT("application/json")},
        {YAO_TEXT("Cookie"), yao_text_of(cookie)},
        {YAO_TEXT("Sec-Fetch-Site"), YAO_TEXT("same-origin")}};

    return request(public_url, method, path, headers, COUNT(headers),
                yao_text_bytes(yao_text_of(body)));
}

static void logs_in(void **state)
{
    (void)state;
    if (!runs)
        skip();
    snprintf(cookie, sizeof cookie, "none=1");
    net_answer answer = call_page(
        "POST", "/person/login",
        "{\"number\":\"" NUMBER "\",\"code\":\"" ACCESS "\"}");
    read_json(&answer, 200);
    yao_text set = net_answer_header(&answer, "set-cookie");
    assert_true(set.len > 60);
    size_t end = yao_bytes_find(yao_text_bytes(set), ';');
    snprintf(cookie, sizeof cookie, "%.*s", (int)end, (const char *)set.ptr);
    char all[512];
    snprintf(all, sizeof all, "%.*s", (int)set.len, (const char *)set.ptr);
    assert_non_null(strstr(all, "HttpOnly"));
    assert_non_null(strstr(all, "SameSite=Strict"));

    answer               = call_page("GET", "/person/devices", "");
    const yao_json *json = read_json(&answer, 200);
    const yao_json *list = yao_json_get(json, "devices");
    assert_int_equal(list->count, 1);
    assert_true(yao_json_is(yao_json_get(list->first, "state"), "active"));

    char id[40], path[128];
    test_keep_text(yao_json_get(list->first, "id"), id, sizeof id);
    snprintf(path, sizeof path, "/person/devices/%s", id);
    answer = call_page("DELETE", path, "");
    assert_int_equal(answer.status, 204);
    answer = call_page("DELETE", path, "");
    assert_int_equal(answer.status / 100, 4);
    test_must("device list --person " NUMBER " -C @/a", 0);
    assert_true(test_said("ended"));
    assert_true(becomes_revoked());
}

/* What the log has of them, opened, and checked by another program. */
static bool another_reads(const net_answer *answer)
{
    char command[2048];

    assert_status(yao_file_write(test_scratch_path("log.json"), answer->body,
                                 0600, false),
                  YAO_OK);
    snprintf(command, sizeof command,
             "python3 %s/tests/tools/audit_log.py person %s %s >/dev/null",
             getenv("YAOPAI_SOURCE"), test_scratch_path("log.json"),
             test_scratch_path("a/certificates/log.txt"));
    return system(command) == 0;
}

static void reads_their_log(void **state)
{
    static const char *const kinds[] = {"person.import", "document.issue",
                                        "enrolment.end", "person.login"};
    char                     text[65536];

    (void)state;
    if (!runs)
        skip();
    net_answer answer = {.status = 0};
    test_patience patience = test_patience_begin();

    /* the newest comes into the log within a second, on a machine that is not
     * busy */
    do {
        answer = call_page("POST", "/person/log", "{\"from\":0}");
        read_json(&answer, 200);
        snprintf(text, sizeof text, "%.*s", (int)answer.body.len,
                 (const char *)answer.body.ptr);
    } while (strstr(text, "person.login") == NULL && test_wait(&patience));
    assert_true(another_reads(&answer));
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (strstr(text, kinds[i]) == NULL)
            print_error("%s is not there: %s\n", kinds[i], text);
        assert_non_null(strstr(text, kinds[i]));
    }
    assert_null(strstr(text, NUMBER));

    char kept[sizeof cookie];
    snprintf(kept, sizeof kept, "%s", cookie);
    snprintf(cookie, sizeof cookie, "none=1");
    answer = call_page("POST", "/person/log", "{\"from\":0}");
    assert_true(answer.status == 401 || answer.status == 403);
    snprintf(cookie, sizeof cookie, "%s", kept);
}

static void never_in_clear(void **state)
{
    const char *const values[] = {NUMBER,      NAME,     "1988-08-08",
                                  "金丝雀巷987号", "CANARYID77", TRANSACTION,
                                  ACCESS,      session,  cookie + 20};

    (void)state;
    if (!runs)
        skip();
    assert_true(test_is_nowhere_below(test_scratch_path("a"), values,
                                      COUNT(values)) > 10);
    test_is_nowhere_in(server.log, values, COUNT(values));
}

/* The same in every other form, and at the provider. */
static void never_in_any_form(void **state)
{
    char command[9 * 4300];

    (void)state;
    if (!runs)
        skip();
    snprintf(command, sizeof command,
             "python3 '%s/tests/tools/canary.py' scan --record '%s' --bytes "
             "'%s' --value " ACCESS " '%s' '%s' '%s' '%s'",
             getenv("YAOPAI_SOURCE"), test_scratch_path("canary.jsonl"),
             test_scratch_path("canary.jpg"), test_scratch_path("a"),
             server.log, test_scratch_path("p"), provider.log);
    assert_int_equal(system(command), 0);
}

static void removes(void **state)
{
    char line[96];

    (void)state;
    if (!runs)
        skip();
    snprintf(line, sizeof line, "kiosk remove %s -C @/a", kiosk);
    test_must(line, 0);
    session[0]        = '\0';
    net_answer answer = ask("POST", "/kiosk/session", "application/json",
                            YAO_LIT("{\"language\":\"zh\"}"));
    assert_int_equal(answer.status, 401);
}

static void ends(void **state)
{
    (void)state;
    if (!runs)
        skip();
    net_client_close(client);
    yao_openssl_key_close(key);
    yao_openssl_close(openssl);
    assert_int_equal(test_server_stop(&server), 0);
    assert_int_equal(test_server_stop(&provider), 0);
}

int main(void)
{
    test_add("enrol", "gives a world with an engine for faces", prepare, NULL);
    test_add("enrol", "gives a kiosk a key for its pairing code, once", pairs,
             NULL);
    test_add("enrol", "N256 refuses requests that are not signed",
             refuses_unsigned, NULL);
    test_add("enrol", "gives nothing to who declines the terms", declines,
             NULL);
    test_add("enrol", "gives who asks for an officer the case to name",
             asks_officers, NULL);
    test_add("enrol", "gives an offer for a number, a face and a code", enrols,
             NULL);
    test_add("enrol", "gives a wallet its documents, for the right code, once",
             receives, NULL);
    test_add("enrol", "accepts the access code, revokes with the device",
             logs_in, NULL);
    test_add("enrol", "gives paper to who has no telephone, which is revoked "
                      "like all else",
             prints, NULL);
    test_add("enrol", "gives the person what the log has of them",
             reads_their_log, NULL);
    test_add("enrol", "never leaves a value in a file or log", never_in_clear,
             NULL);
    test_add("enrol", "N316 never leaves one in any form, nor at the provider",
             never_in_any_form, NULL);
    test_add("enrol", "gives up a lost telephone at a kiosk", loses, NULL);
    test_add("enrol", "N256 refuses a removed kiosk at once", removes, NULL);
    test_add("enrol", "gives everything back", ends, NULL);
    int code = test_run("journeys/enrol");
    test_scratch_remove();
    return code;
}
