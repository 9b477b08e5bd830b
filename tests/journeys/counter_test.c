/* SPDX-License-Identifier: Apache-2.0 */

/** `wallet counter` and `desk serve` across a counter: both programs, and a
 *  relay mailbox between them. */

#include "counter_phone.h"
#include "proximity/engagement.h"
#include "yaopai/openssl.h"

static void make_wallet(const char *name, bool full)
{
    char number[64], line[300];

    snprintf(line, sizeof line,
             "wallet init -C @/%s --registrar @/a/certificates/reader-root.pem",
             name);
    test_must(line, 0);
    if (!full)
        return;
    test_keep_number("people.jsonl", number, sizeof number);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/%s --copies 8 --cards 0 "
             "--person %s",
             name, number);
    test_must(line, 0);
}

static test_server provider_server;
static unsigned    provider_port;

/* A wallet provider with mailboxes. */
static void start_provider(void)
{
    char line[300];

    provider_port = test_free_port();
    snprintf(line, sizeof line,
             "provider init -C @/p --demo --url http://provider.localhost:%u",
             provider_port);
    test_must(line, 0);
    snprintf(line, sizeof line, "provider serve -C @/p --listen 127.0.0.1:%u",
             provider_port);
    assert_true(test_server_start(&provider_server, line));
}

/* The desk may go to that provider, and to a shell's socket. */
static void configure(void)
{
    char text[16000];

    snprintf(text, sizeof text,
             "%s\n[counter]\nmailboxes = https://relay.example/mailboxes "
             "http://provider.localhost:%u/mailboxes\nstream = phone.sock\n",
             desk_file("d/desk.ini"), provider_port);
    test_write("d/desk.ini", yao_text_bytes(yao_text_of(text)));
}

static void prepare(void **state)
{
    (void)state;
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    desk_must("authority init --demo -C @/a", 0);
    desk_must("trust publish -C @/a --output @/before", 0);
    desk_must("party register -C @/a --code " DESK_CODE
              " --name SPECIMEN --profile hotel --profile age --profile "
              "mortgage --profile train --out @/hotel",
              0);
    test_must("person generate -C @/a --count 1 --seed 7 --out @/people.jsonl",
              0);
    test_must("person generate -C @/a --count 1 --seed 7", 0);
    make_wallet("w", true);
    make_wallet("empty", false);
    desk_make_desk("");
    start_provider();
    configure();
    desk_start("");
}

/* ---- rows --------------------------------------------------------------- */

typedef struct row {
    const char *name, *profile, *json, *more;
    int         code;
    const char *says, *state;
    const char *verdict; /* in the result; NULL: there is none */
} row;

static const row rows[] = {
    {"accepts a guest of a hotel", "hotel", "", "-C @/w --yes", 0,
     "SPECIMEN asks across the counter for: Hotel check-in", "done", "accept"},
    {"accepts the same by a MAC", "hotel", "", "-C @/w --yes --mac", 0,
     "Shown, and taken.", "done", "accept"},
    {"accepts one signature for all of the request", "hotel", ",\"all\":true",
     "-C @/w --yes", 0, "kept for at most", "done", "accept"},
    {"accepts several documents in one answer", "mortgage", "", "-C @/w --yes",
     0, "legal basis", "done", "accept"},
    {"accepts several documents by MACs and one signature of the reader",
     "mortgage", ",\"all\":true", "-C @/w --yes --mac", 0, "purpose", "done",
     "accept"},
    {"gives a reject when a part of what is asked was kept back", "mortgage",
     "", "-C @/w --yes --choose resident_id", 0, "Shown", "done", "reject"},
    {"accepts that somebody is old enough", "age",
     ",\"choice\":\"age_over_18\"", "-C @/w --yes", 0, "Aged", "done",
     "accept"},
    {"refuses without a yes, and the desk hears it", "hotel", "", "-C @/w", 3,
     "you did not agree", "refused", NULL},
    {"refuses what is not held, and the desk hears the same (N218)", "hotel",
     "", "-C @/empty --yes", 7, "does not hold", "refused", NULL},
};

static void one_row(void **state)
{
    const row *r = *state;
    phone      p;
    net_answer a;

    phone_start(&p, r->more);
    a = phone_scan(&p, r->profile, r->json);
    if (a.status != 201)
        print_message("# %d %.*s %s\n", a.status, (int)a.body.len,
                      (const char *)a.body.ptr, p.code);
    assert_int_equal(a.status, 201);
    const char *id    = desk_member(&a, "id");
    const char *after = phone_state(id, &a);
    int         code  = phone_end(&p);
    if (code != r->code || strstr(p.said, r->says) == NULL)
        print_message("# %s\n%.*s\n", p.said, (int)a.body.len,
                      (const char *)a.body.ptr);
    assert_int_equal(code, r->code);
    assert_non_null(strstr(p.said, r->says));
    assert_string_equal(after, r->state);

    const yao_json *result = yao_json_get(desk_json(&a), "result");
    if (r->verdict == NULL)
        assert_null(result);
    else if (!yao_json_is(yao_json_get(result, "verdict"), r->verdict)) {
        print_message("# %.*s\n", (int)a.body.len, (const char *)a.body.ptr);
        fail();
    }
}

/* ---- other ways --------------------------------------------------------- */

/* The phone was started: what is asked of it, and what came of it. */
static void one_session(phone *p, const char *verdict)
{
    net_answer a = phone_scan(p, "hotel", "");

    if (a.status != 201)
        print_message("# %.*s %s\n", (int)a.body.len,
                      (const char *)a.body.ptr, p->code);
    assert_int_equal(a.status, 201);
    assert_string_equal(phone_state(desk_member(&a, "id"), &a), "done");
    assert_true(yao_json_is(
        yao_json_get(yao_json_get(desk_json(&a), "result"), "verdict"),
        verdict));
    assert_int_equal(phone_end(p), 0);
}

static void at_provider(void **state)
{
    char  line[600];
    phone p;

    (void)state;
    snprintf(line, sizeof line,
             "wallet counter --local --trust @/t/bundle.cose --trust-anchor "
             "@/t/trust-root.pem -C @/w --yes --mailbox "
             "http://provider.localhost:%u/mailboxes",
             provider_port);
    phone_run(&p, line);
    one_session(&p, "accept");
}

static const char by_stream[] =
    "wallet counter --trust @/t/bundle.cose --trust-anchor "
    "@/t/trust-root.pem -C @/w --yes --stream @/d/phone.sock";

static void at_socket(void **state)
{
    phone p;

    (void)state;
    phone_run(&p, by_stream);
    one_session(&p, "accept");
}

static void by_mac_at_socket(void **state)
{
    char  line[300];
    phone p;

    (void)state;
    snprintf(line, sizeof line, "%s --mac", by_stream);
    phone_run(&p, line);
    one_session(&p, "accept");
}

/* The shell carries the code of a phone that is not there any more. */
static void another_code(void **state)
{
    phone      gone, here;
    net_answer a;

    (void)state;
    phone_run(&gone, by_stream);
    phone_drop(&gone);
    (void)unlink(test_scratch_path("d/phone.sock"));
    phone_run(&here, by_stream);
    a = phone_scan(&gone, "hotel", "");
    assert_int_equal(a.status, 201);
    assert_string_equal(phone_state(desk_member(&a, "id"), &a), "refused");
    one_session(&here, "accept"); /* it waited on */
}

/* ---- what the desk does not do ------------------------------------------ */

static void wants(const net_answer *a, int status, const char *word)
{
    if (a->status != status)
        print_message("# %.*s\n", (int)a->body.len,
                      (const char *)a->body.ptr);
    assert_int_equal(a->status, status);
    assert_string_equal(desk_member(a, "error"), word);
}

static void elsewhere(void **state)
{
    static const struct {
        const char *profile, *code, *more;
        int         status;
        const char *word;
    } calls[] = {
        {"hotel", "mdoc:AA", "", 400, "not_an_engagement"},
        {"hotel", "openid4vp://?client_id=x", "", 400, "not_an_engagement"},
        {"police", "mdoc:AA", "", 403, "not_registered"},
        {"nothing", "mdoc:AA", "", 400, "unknown_profile"},
        {"hotel", "mdoc:AA", ",\"choice\":\"x\"", 400, "unknown_choice"},
        {"hotel", "mdoc:AA", ",\"all\":3", 400, "invalid_request"},
    };
    phone p = {.pid = 0};

    (void)state;
    for (size_t i = 0; i < COUNT(calls); i++) {
        snprintf(p.code, sizeof p.code, "%s", calls[i].code);
        net_answer a = phone_scan(&p, calls[i].profile, calls[i].more);
        wants(&a, calls[i].status, calls[i].word);
    }
}

/* A code that leads to a mailbox of somebody else's (SSRF). */
static void unknown_mailbox(void **state)
{
    yao_prox_engagement e = {.method_count = 1};
    yao_openssl_key    *key;
    yao_writer          w = yao_writer_in(test_arena());
    yao_bytes           bytes, letters;
    phone               p = {.pid = 0};

    (void)state;
    assert_status(yao_openssl_key_generate(YAO_ES256, &key), YAO_OK);
    e.key        = yao_openssl_key_public(key);
    e.methods[0] = (yao_prox_method){
        .way     = YAO_PROX_MAILBOX,
        .mailbox = {.url       = YAO_TEXT("https://evil.example/mailboxes"),
                    .to_holder = YAO_LIT("0123456789abcdef"),
                    .to_reader = YAO_LIT("fedcba9876543210")}};
    yao_prox_put_engagement(&w, &e);
    assert_status(yao_writer_keep(&w, test_arena(), &bytes), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_prox_put_letters(&w, bytes, false);
    assert_status(yao_writer_keep(&w, test_arena(), &letters), YAO_OK);
    snprintf(p.code, sizeof p.code, "%.*s", (int)letters.len,
             (const char *)letters.ptr);
    net_answer a = phone_scan(&p, "hotel", "");
    wants(&a, 403, "unknown_mailbox");
    yao_openssl_key_close(key);
}

/* ---- whom the wallet does not answer ------------------------------------ */

/* With the list in the folder LIST the wallet ends with 3 and SAYS; the desk
 * hears a refusal like any other. */
static void unanswered(const char *list, const char *says)
{
    char       line[600];
    phone      p;
    net_answer a;

    snprintf(line, sizeof line,
             "wallet counter --local --trust @/%s/bundle.cose --trust-anchor "
             "@/%s/trust-root.pem -C @/w --yes --mailbox %s/mailboxes",
             list, list, phone_desk());
    phone_run(&p, line);
    a = phone_scan(&p, "hotel", "");
    assert_int_equal(a.status, 201);
    assert_string_equal(phone_state(desk_member(&a, "id"), &a), "refused");
    int code = phone_end(&p);
    if (code != 3 || strstr(p.said, says) == NULL)
        print_message("# %s\n", p.said);
    assert_int_equal(code, 3);
    assert_non_null(strstr(p.said, says));
}

static void unlisted(void **state)
{
    (void)state;
    unanswered("before", "is not on the list");
}

static void suspended(void **state)
{
    (void)state;
    desk_must("party suspend -C @/a " DESK_CODE, 0);
    desk_must("trust publish -C @/a --output @/t2", 0);
    unanswered("t2", "was suspended");
}

static void without_list(void **state)
{
    (void)state;
    test_must("wallet counter -C @/w --mailbox https://relay.example/m", 1);
    test_says("without the list of relying parties");
}

/* ---- what is left ------------------------------------------------------- */

static void remembers(void **state)
{
    (void)state;
    test_must("wallet history -C @/w", 0);
    test_says("SPECIMEN");
}

/* The desk shows it as a code when the session is over; the phone scans it, and
 * knows by the transcript of which showing it is. */
static void takes_receipt(void **state)
{
    char        path[128];
    phone       p;
    net_answer  a;
    const char *id, *letters;

    (void)state;
    phone_start(&p, "-C @/w --yes");
    a = phone_scan(&p, "age", ",\"choice\":\"age_over_18\"");
    assert_int_equal(a.status, 201);
    id = desk_member(&a, "id");
    snprintf(path, sizeof path, "/api/sessions/%s/receipt", id);
    assert_string_equal(phone_state(id, &a), "done");
    assert_int_equal(phone_end(&p), 0);
    a = desk_api("GET", path, NULL);
    assert_int_equal(a.status, 200);
    letters = desk_member(&a, "receipt");
    assert_true(strlen(letters) < 1300); /* one code */
    test_write("receipt.txt", yao_text_bytes(yao_text_of(letters)));

    test_must("wallet history -C @/w --json", 0);
    assert_false(test_said("\"verified\""));
    test_must("wallet history -C @/empty --receipt @/receipt.txt --reader "
              "@/hotel/reader.pem",
              7); /* another's showing */
    test_must("wallet history -C @/w --receipt @/receipt.txt --reader "
              "@/hotel/reader.pem",
              0);
    test_must("wallet history -C @/w --json", 0);
    test_says("\"verified\"");
}

static void leaves_nothing(void **state)
{
    yao_bytes   people = test_read("people.jsonl");
    char        name[64];
    const char *values[] = {name};

    (void)state;
    test_keep_number("people.jsonl", name, sizeof name);
    assert_true(people.len > 0);
    assert_true(test_is_nowhere_below(test_scratch_path("d"), values, 1) > 0);
    assert_true(test_is_nowhere_below(test_scratch_path("p"), values, 1) > 0);
    test_is_nowhere_in(desk_server.log, values, 1);
    test_is_nowhere_in(provider_server.log, values, 1);
}

int main(void)
{
    test_add("counter", "accepts to begin", prepare, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("counter", rows[i].name, one_row, &rows[i]);

    test_add("counter", "accepts a provider's mailboxes", at_provider, NULL);
    test_add("counter", "accepts a shell's stream instead", at_socket, NULL);
    test_add("counter", "accepts the same by a MAC over a stream",
             by_mac_at_socket, NULL);
    test_add("counter", "refuses at the stream who read another code",
             another_code, NULL);
    test_add("counter", "refuses what is no code, or not registered", elsewhere,
             NULL);
    test_add("counter", "refuses to go to a mailbox that it does not know",
             unknown_mailbox, NULL);
    test_add("counter", "refuses N049: a reader that is on no list", unlisted,
             NULL);
    test_add("counter", "refuses a reader that was suspended", suspended, NULL);
    test_add("counter", "refuses to show a code without the list", without_list,
             NULL);
    test_add("counter", "gives all of it in the history", remembers, NULL);
    test_add("counter", "accepts the desk's receipt, scanned", takes_receipt,
             NULL);
    test_add("counter", "never leaves a value in files or logs", leaves_nothing,
             NULL);

    int code = test_run("journeys/counter");
    if (provider_port != 0)
        (void)test_server_stop(&provider_server);
    if (desk_port != 0)
        (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return code;
}
