/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A person's documents over HTTP, while the authority is served: frozen with
 * number and code, suspended for who checks, given back; held by law; a car
 * stolen and found by the bureau's register; a telephone lost; in the end
 * erased, and nothing of the person is in clear in any file.
 */
#define _GNU_SOURCE
#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#include "app/files.h"
#include "authority/enrol/enrol.h"
#include "authority/enrol/secret.h"
#include "authority/issue.h"
#include "json/json.h"
#include "net/client.h"
#include "journey.h"
#include "server.h"
#include "store/enrolment.h"
#include "wallet_provider.h"

#define NUMBER "12011919880808901X"
#define NAME "李示例"
#define ACCESS "28461950"
#define CODE "91330114MAC000017N"
#define ISSUE "document issue -C @/a --wallet @/w --person " NUMBER " "
#define LISTS 6

static test_server server;
static net_client *client;
static char        url[64], origin[64], cookie[160];

/* ---- the world ---- */

static void put_code(store_change *change, const enrol *e, yao_bytes holder)
{
    assert_status(
        enrol_put_access_code(e, change, holder, YAO_TEXT(ACCESS), 3), YAO_OK);
}

/* As a kiosk would have left it: an access code, a device, and that the
 * identity card is on it. */
static void enrol_person_now(void)
{
    static authority     a;
    static uint8_t       memory[4 << 20];
    yao_arena            arena = {memory, sizeof memory, 0};
    yao_settings_trouble trouble;
    const char          *place;
    uint8_t              lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    uint8_t              id[STORE_ID_LEN] = {1};
    store_document      *list;
    size_t               count;

    assert_status(
        authority_open(test_scratch_path("a"), &a, &trouble, &place), YAO_OK);
    const enrol  e      = {.a = &a, .arena = &arena, .now = yao_now()};
    store_change change = store_change_open(&arena);
    assert_status(enrol_hash_person(&e, YAO_TEXT(NUMBER), lookup, holder),
                  YAO_OK);
    const yao_bytes who = {holder, sizeof holder};
    put_code(&change, &e, who);
    store_put_enrolment(&change, &(store_enrolment){.id = {id, sizeof id},
                                                    .holder  = who,
                                                    .level   = 3,
                                                    .factors = 7,
                                                    .state   = 2,
                                                    .started = e.now,
                                                    .active_from = e.now});
    assert_status(store_list_documents(a.store, who, &arena, &list, &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++)
        if (yao_text_equal(list[i].name, YAO_TEXT("resident_id")))
            store_put_enrolment_issuance(&change, (yao_bytes){id, sizeof id},
                                         list[i].issuance);
    assert_status(store_commit(a.store, &change), YAO_OK);
    authority_close(&a);
}

static void start(unsigned port)
{
    char line[256];

    snprintf(line, sizeof line,
             "authority serve -C @/a --listen 127.0.0.1:%u --kiosk-listen none "
             "--console-listen none",
             port);
    assert_true(test_server_start(&server, line));
    snprintf(url, sizeof url, "http://127.0.0.1:%u", port);
    snprintf(origin, sizeof origin, "http://authority.localhost:%u", port);
    assert_status(net_client_open(&(net_client_options){.loopback   = true,
                                                        .timeout_ms = 60000},
                                  &client),
                  YAO_OK);
    assert_status(net_client_allow(client, url), YAO_OK);
}

static void prepare(void **state)
{
    char     line[256];
    unsigned port = test_free_port();

    (void)state;
    setenv("LC_ALL", "C", 1);
    test_use_passphrase();
    test_write_people();
    snprintf(line, sizeof line,
             "authority init --demo -C @/a --url http://authority.localhost:%u",
             port);
    test_must(line, 0);
    test_must("person import -C @/a @/people.jsonl", 0);
    test_must(
        "party register -C @/a --code " CODE " --name SPECIMEN --host "
        "clinic.example --profile hospital --profile hotel --out @/clinic",
        0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_must(ISSUE "--copies 8 --cards 0", 0);
    start(port);
    enrol_person_now();
}

/* ---- requests ---- */

static net_answer request(const char *method, const char *path,
                          const char *body)
{
    char             address[256];
    net_answer       answer;
    const net_header headers[] = {
        {YAO_TEXT("Cookie"), yao_text_of(cookie)},
        {YAO_TEXT("Origin"), yao_text_of(origin)},
        {YAO_TEXT("Content-Type"), YAO_TEXT("application/json")}};
    bool     mine = cookie[0] != '\0';
    net_call call = {.method       = method,
                     .headers      = headers + (mine ? 0 : 2),
                     .header_count = (mine ? 2u : 0u) + (body != NULL),
                     .most         = 4 << 20};

    snprintf(address, sizeof address, "%s%s", url, path);
    call.url = yao_text_of(address);
    if (body != NULL)
        call.body = yao_text_bytes(yao_text_of(body));
    assert_status(net_client_fetch(client, &call, test_arena(), &answer),
                  YAO_OK);
    return answer;
}

static const yao_json *expect(const char *method, const char *path,
                              const char *body, int status)
{
    net_answer      answer = request(method, path, body);
    const yao_json *json   = NULL;

    if (answer.status != status)
        print_error("%s %s: %d %.*s\n", method, path, answer.status,
                    (int)answer.body.len, (const char *)answer.body.ptr);
    assert_int_equal(answer.status, status);
    if (answer.body.len > 0)
        assert_status(yao_json_parse_metadata(test_arena(), answer.body, &json),
                      YAO_OK);
    return json;
}

#define WHO "{\"number\":\"" NUMBER "\",\"code\":\"" ACCESS "\"}"

static void log_in(void)
{
    cookie[0]         = '\0';
    net_answer answer = request("POST", "/person/login", WHO);
    yao_text   set    = net_answer_header(&answer, "set-cookie");
    size_t     len    = 0;

    assert_int_equal(answer.status, 200);
    while (len < set.len && set.ptr[len] != ';')
        len++;
    assert_true(len > 0 && len < sizeof cookie);
    memcpy(cookie, set.ptr, len);
    cookie[len] = '\0';
}

/* ---- who checks ---- */

static void fetch_lists(void)
{
    for (int i = 1; i <= LISTS; i++) {
        char path[64], file[32];
        snprintf(path, sizeof path, "/statuslists/%d", i);
        snprintf(file, sizeof file, "list%d.jwt", i);
        net_answer answer = request("GET", path, NULL);
        if (answer.status == 200)
            test_write(file, answer.body);
    }
}

/* Shows the identity card and judges it with the lists of now. */
static int judge(const char *says)
{
    char line[1024];
    int  len = snprintf(line, sizeof line,
                        "verify --trust @/a/certificates/population-root.pem "
                         "--nonce n --audience a @/id.txt");

    fetch_lists();
    for (int i = 1; i <= LISTS; i++) {
        char file[32];
        snprintf(file, sizeof file, "list%d.jwt", i);
        if (access(test_scratch_path(file), R_OK) == 0)
            len += snprintf(line + len, sizeof line - (size_t)len,
                            " --status @/%s", file);
    }
    const test_output *o = test_type(line);
    return o->code == 3 && says != NULL && !test_said(says) ? -1 : o->code;
}

/* The lists are signed again within a second of a change; a busy machine gets
 * more of them. */
static void comes_to(int code, const char *says)
{
    test_patience patience = test_patience_begin();
    int           got      = judge(says);

    while (got != code && test_wait(&patience))
        got = judge(says);
    assert_int_equal(got, code);
}

static void shows(void **state)
{
    (void)state;
    test_must(
        "wallet present -C @/w --profile hotel --format sd-jwt --nonce n "
        "--audience a --reader @/clinic/reader.pem --output @/id.txt --yes",
        0);
    comes_to(0, NULL);
}

/* ---- the story ---- */

static void freezes(void **state)
{
    (void)state;
    cookie[0] = '\0';
    expect("POST", "/person/freeze", "{}", 401);
    expect("POST", "/person/freeze",
           "{\"number\":\"" NUMBER "\",\"code\":\"00000000\"}", 403);
    expect("POST", "/person/freeze",
           "{\"number\":\"11010519491231002X\",\"code\":\"00000000\"}", 403);
    comes_to(0, NULL);
    assert_true(yao_json_is(
        yao_json_get(expect("POST", "/person/freeze", WHO, 200), "state"),
        "frozen"));
    comes_to(3, "suspended");
    expect("POST", "/person/freeze", WHO, 200); /* twice is once */
    test_must(ISSUE "--copies 2 --cards 0 --document resident_id", 3);
}

static void unfreezes(void **state)
{
    const yao_json *me;
    bool            frozen = true;

    (void)state;
    log_in();
    me = expect("GET", "/person", NULL, 200);
    assert_status(yao_json_bool(yao_json_get(me, "frozen"), &frozen), YAO_OK);
    assert_true(frozen);
    assert_true(yao_json_get(me, "documents")->count > 4);
    expect("POST", "/person/renewal",
           "{\"configurations\":[\"resident_id_sdjwt\"]}", 409);
    expect("POST", "/person/unfreeze", "{}", 200);
    comes_to(0, NULL);
    expect("POST", "/person/unfreeze", "{}", 200);
}

/* The same by the wallet: from the one that holds the documents, and from an
 * empty one of somebody who lost theirs. */
static void wallet_does(const char *how, int code, const char *says)
{
    char line[512];

    snprintf(line, sizeof line,
             "wallet %s --authority %s --local --code-file @/code", how,
             origin);
    test_must(line, code);
    test_says(says);
}

static void freezes_by_wallet(void **state)
{
    (void)state;
    test_write("code", YAO_LIT(ACCESS "\n"));
    test_must("wallet init -C @/empty", 0);
    wallet_does("freeze -C @/empty", 1, "--number");
    wallet_does("freeze -C @/w", 0, "Frozen");
    comes_to(3, "suspended");
    wallet_does("freeze -C @/empty --json --number " NUMBER, 0,
                "{\"state\":\"frozen\"}"); /* twice is once */
    wallet_does("freeze -C @/w --lift --lost", 1, "one of them");
    wallet_does("freeze -C @/w --lift", 0, "No longer frozen");
    comes_to(0, NULL);
    test_write("code", YAO_LIT("28461951\n"));
    wallet_does("freeze -C @/w", 3, "access code are not right");
    test_write("code", YAO_LIT(ACCESS "\n"));
    wallet_does("freeze -C @/empty --number 11010519491231002X", 3,
                "access code are not right");
    test_must("wallet freeze -C @/w --authority http://127.0.0.1:1 --local "
              "--code-file @/code", 7);
    test_says("could not be reached");
    test_must("wallet freeze -C @/w --code-file @/code", 1);
    test_says("--authority");
}

static void lists_devices(void **state)
{
    (void)state;
    wallet_does("list --devices -C @/empty --number " NUMBER, 0, "level 3");
    wallet_does("list --devices --json -C @/w", 0,
                "\"devices\":[{\"id\":\"01000000");
    wallet_does("list --end ../freeze -C @/w", 7, "there is none such");
    wallet_does("list --end 00 -C @/w", 7, "");
    log_in(); /* who freezes by the code ends all sessions */
}

/* Wrong codes make the next one wait, and the right one too; a session that is
 * there still freezes. */
static void waits(void **state)
{
    char kept[sizeof cookie];
    int  wrong = 0;

    (void)state;
    memcpy(kept, cookie, sizeof kept);
    cookie[0] = '\0';
    while (wrong < 10 &&
           request("POST", "/person/freeze",
                   "{\"number\":\"" NUMBER "\",\"code\":\"11111111\"}")
                   .status == 403)
        wrong++;
    assert_int_equal(wrong, 5);
    const yao_json *wait = expect("POST", "/person/freeze", WHO, 429);
    int64_t         seconds;
    assert_status(yao_json_int(yao_json_get(wait, "seconds"), &seconds),
                  YAO_OK);
    assert_true(seconds > 0 && seconds <= 3600);
    memcpy(cookie, kept, sizeof cookie);
    expect("POST", "/person/freeze", "{}", 200);
    expect("POST", "/person/unfreeze", "{}", 200);
    comes_to(0, NULL);
}

/* Until 38 days from now. */
static void hold(const char *person, const char *more, int code)
{
    char day[11] = "", line[512];

    yao_date_format(yao_date_of_time(yao_now() + 38 * YAO_TIME_DAY),
                    (uint8_t *)day);
    snprintf(line, sizeof line,
             "document hold -C @/a --person %s --reason court_order --basis "
             "'SPECIMEN law 1' --until %s --operator one %s",
             person, day, more);
    test_must(line, code);
}

static void holds(void **state)
{
    const yao_json *bars;
    yao_text        receipt;

    (void)state;
    test_must(
        "document hold -C @/a --person " NUMBER " --document resident_id "
        "--reason court_order --basis 'SPECIMEN law 1' --until 2000-01-01 "
        "--operator one",
        3);
    hold("11010519491231002X", "", 7);
    hold(NUMBER, "--document vehicle_registration --receipt @/receipt.txt", 0);
    bars = yao_json_get(expect("GET", "/person", NULL, 200), "bars");
    assert_int_equal(bars->count, 1);
    assert_true(yao_json_is(yao_json_get(bars->first, "legal_basis"),
                            "SPECIMEN law 1"));
    assert_status(yao_json_string(yao_json_get(bars->first, "receipt"),
                                  test_arena(), &receipt),
                  YAO_OK);
    yao_bytes file;
    assert_status(yao_file_read(test_scratch_path("receipt.txt"), 8192, &file),
                  YAO_OK);
    assert_bytes(file, yao_text_bytes(receipt));
    yao_file_free(&file);
    comes_to(0, NULL); /* the identity card is another document */
}

static size_t notices_of(const char *kind)
{
    const yao_json *list =
        yao_json_get(expect("GET", "/person/notices", NULL, 200), "notices");
    size_t found = 0;

    for (const yao_json *n = list->first; n != NULL; n = n->next)
        found += yao_json_is(yao_json_get(n, "kind"), kind);
    return found;
}

static void follows_the_register(void **state)
{
    static const char lines[] =
        "{\"op\":\"event\",\"number\":\"" NUMBER
        "\",\"version\":1,\"event\":\"licence_points\",\"points\":3}\n"
        "{\"op\":\"event\",\"number\":\"" NUMBER
        "\",\"version\":1,\"event\":\"death\"}\n"
        "{\"op\":\"event\",\"number\":\"" NUMBER
        "\",\"version\":2,\"event\":\"licence_suspended\"}\n";

    (void)state;
    test_write("changes.jsonl", YAO_LIT(lines));
    test_must("person sync -C @/a --json @/changes.jsonl", 2);
    assert_true(test_said("\"applied\":2,\"same\":0,\"older\":0"));
    assert_true(test_said("\"refused\":1"));
    assert_false(test_said(NUMBER));
    test_must("person sync -C @/a --json @/changes.jsonl", 0);
    assert_true(test_said("\"applied\":0,\"same\":1,\"older\":2"));
    assert_int_equal(notices_of("licence.points"), 1);
    assert_int_equal(notices_of("bar.begin"), 1);
    assert_int_equal(notices_of("hold.begin"), 1);
    test_must("person sync -C @/a", 1);
    test_must("person sync -C @/a --url https://bureau.example/changes", 3);
    comes_to(0, NULL);
}

static void exports(void **state)
{
    const yao_json *all;

    (void)state;
    expect("POST", "/person/complaint", "{\"text\":\"\"}", 400);
    expect("POST", "/person/complaint", "{\"text\":\"Qorvath\"}", 201);
    expect("POST", "/person/complaint", "{\"text\":\"again\"}", 409);
    expect("POST", "/person/erasure", "{\"text\":\"please\"}", 201);
    all = expect("GET", "/person/export", NULL, 200);
    assert_true(yao_json_is(
        yao_json_get(yao_json_get(all, "record"), "number"), NUMBER));
    assert_int_equal(yao_json_get(all, "cases")->count, 2);
    assert_int_equal(yao_json_get(all, "devices")->count, 1);
    assert_int_equal(
        yao_json_get(expect("GET", "/person/cases", NULL, 200), "cases")->count,
        2);
}

static void loses_a_telephone(void **state)
{
    int64_t ended = 0;

    (void)state;
    assert_status(
        yao_json_int(yao_json_get(expect("POST", "/person/lost", "{}", 200),
                                  "devices_ended"),
                     &ended),
        YAO_OK);
    assert_int_equal(ended, 1);
    expect("GET", "/person", NULL, 401); /* all sessions ended */
    comes_to(3, "revoked");
}

/* ---- the end ---- */

static bool file_holds(const char *path, yao_bytes what)
{
    yao_bytes file;
    bool      found = false;

    if (yao_file_read(path, 256u << 20, &file) != YAO_OK)
        return false;
    for (size_t at = 0; what.len <= file.len && at <= file.len - what.len; at++)
        if (memcmp(file.ptr + at, what.ptr, what.len) == 0) {
            found = true;
            break;
        }
    yao_file_free(&file);
    return found;
}

/* Files of the register's folder that hold WHAT. */
static size_t folder_holds(const char *folder, yao_bytes what)
{
    char   path[4200];
    DIR   *d     = opendir(test_scratch_path(folder));
    size_t found = 0;

    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", test_scratch_path(folder),
                 e->d_name);
        found += e->d_name[0] != '.' && file_holds(path, what);
    }
    closedir(d);
    return found;
}

static void erases(void **state)
{
    static const yao_bytes canaries[] = {
        YAO_INIT(NUMBER), YAO_INIT(NAME), YAO_INIT("Qorvath"),
        YAO_INIT(ACCESS), YAO_INIT("示例路1号2单元")};

    (void)state;
    test_must("person erase -C @/a --person " NUMBER, 1);
    test_must("person erase -C @/a --person " NUMBER " --yes", 0);
    test_must("person erase -C @/a --person " NUMBER " --yes", 7);
    test_must("person show -C @/a " NUMBER, 7);
    cookie[0] = '\0';
    int status = request("POST", "/person/freeze", WHO).status;
    assert_true(status == 403 || status == 429);
    assert_int_equal(test_server_stop(&server), 0);
    test_must("audit publish -C @/a", 0);
    test_must("audit verify --ledger @/a --json", 0);
    for (size_t i = 0; i < COUNT(canaries); i++) {
        assert_int_equal(folder_holds("a", canaries[i]), 0);
        assert_int_equal(folder_holds("a/register", canaries[i]), 0);
        assert_false(file_holds(server.log, canaries[i]));
    }
    net_client_close(client);
}

int main(void)
{
    test_add("life", "gives an authority, a clinic, a wallet", prepare, NULL);
    test_add("life", "accepts the identity card", shows, NULL);
    test_add("life", "refuses to freeze for others, suspends for the code",
             freezes, NULL);
    test_add("life", "accepts it again when it is given back", unfreezes, NULL);
    test_add("life", "accepts that a wallet freezes, and gives it back",
             freezes_by_wallet, NULL);
    test_add("life", "gives the devices to a wallet", lists_devices, NULL);
    test_add("life", "never locks anybody out for good", waits, NULL);
    test_add("life", "gives a receipt for a hold", holds, NULL);
    test_add("life", "gives what the register tells", follows_the_register,
             NULL);
    test_add("life", "gives all that is held, and takes a complaint", exports,
             NULL);
    test_add("life", "refuses what was on a lost telephone", loses_a_telephone,
             NULL);
    test_add("life", "N316 gives no word of who was erased, in no file", erases,
             NULL);
    int code = test_run("journeys/life");
    test_scratch_remove();
    return code;
}
