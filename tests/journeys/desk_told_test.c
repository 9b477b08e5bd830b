/* SPDX-License-Identifier: Apache-2.0 */

/** What both sides are told of a result: the program by a webhook, and program
 *  and wallet by a receipt. */

#define _GNU_SOURCE /* memmem() */
#include "desk_world.h"
#include "hook_receiver.h"
#include <signal.h>

#include "journey.h"
#include "vp/receipt.h"
#include "yaopai/openssl.h"

static char id_number[64];

/* ---- the world ---- */

static void set_hook(void)
{
    char text[200];

    snprintf(text, sizeof text, "\n[webhook]\nurl = http://127.0.0.1:%u/told\n",
             hook.port);
    FILE *file = fopen(test_scratch_path("d/desk.ini"), "a");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void prepare(void **state)
{
    char line[200];

    (void)state;
    test_write("passphrase", YAO_LIT("correct horse battery\n"));
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("passphrase"), 1);
    desk_make_authority();
    desk_make_person(id_number, sizeof id_number);
    desk_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 8 --cards 8 "
             "--person %s",
             id_number);
    desk_must(line, 0);
    desk_make_desk("");
    hook_listen();
    set_hook();
    desk_start("");
}

typedef struct session {
    char id[64], link[4096];
} session;

static session ask(const char *json)
{
    net_answer a = desk_api("POST", "/api/sessions", json);
    session    s;

    assert_int_equal(a.status, 201);
    snprintf(s.id, sizeof s.id, "%s", desk_member(&a, "id"));
    snprintf(s.link, sizeof s.link, "%s", desk_member(&a, "qr"));
    return s;
}

static void show(const session *s, const char *more, int code)
{
    char line[5000];

    snprintf(line, sizeof line,
             "wallet present --local --trust @/t/bundle.cose --trust-anchor "
             "@/t/trust-root.pem -C @/w %s '%s'",
             more, s->link);
    desk_must(line, code);
}

static net_answer receipt_of(const char *kind, const char *id)
{
    char path[128];

    snprintf(path, sizeof path, "/api/%s/%s/receipt", kind, id);
    return desk_api("GET", path, NULL);
}

/* ---- webhooks ---- */

/* As docs/formats/desk.md tells a program to. */
static void check_signature(const hook_message *m)
{
    yao_openssl *openssl = yao_openssl_open();
    yao_bytes    key   = yao_text_bytes(yao_text_of(desk_bearer()));
    yao_bytes    label = YAO_LIT("yaopai-desk-webhook-1");
    uint8_t      secret[32], tag[32];
    char         signed_text[HOOK_BYTES], want[100] = "v1,";

    const yao_crypto *c = yao_openssl_crypto(openssl);
    int len = snprintf(signed_text, sizeof signed_text, "%s.",
                       hook_header(m, "webhook-id"));
    len += snprintf(signed_text + len, sizeof signed_text - (size_t)len, "%s.",
                    hook_header(m, "webhook-timestamp"));
    snprintf(signed_text + len, sizeof signed_text - (size_t)len, "%s",
             hook_body(m));
    yao_bytes text = yao_text_bytes(yao_text_of(signed_text));
    assert_status(c->hmac(c->ctx, YAO_SHA256, key, &label, 1, secret), YAO_OK);
    assert_status(c->hmac(c->ctx, YAO_SHA256, (yao_bytes){secret, 32}, &text, 1,
                          tag),
                  YAO_OK);
    yao_writer w = yao_writer_open((uint8_t *)want + 3, sizeof want - 4);
    yao_put_base64(&w, (yao_bytes){tag, 32});
    want[3 + w.len] = '\0';
    assert_string_equal(hook_header(m, "webhook-signature"), want);
    yao_openssl_close(openssl);
}

static void tells(void **state)
{
    session s = ask("{\"profile\":\"hotel\"}");
    char    want[300], id[80];

    (void)state;
    show(&s, "--yes", 0);
    const hook_message *m = hook_wait(1);
    snprintf(want, sizeof want,
             "{\"event\":\"session.done\",\"id\":\"%s\",\"profile\":\"hotel\","
             "\"state\":\"done\",\"verdict\":\"accept\"}",
             s.id);
    assert_string_equal(hook_body(m), want);
    snprintf(id, sizeof id, "msg_%s", s.id);
    assert_string_equal(hook_header(m, "webhook-id"), id);
    check_signature(m);
    assert_null(strstr(m->text, id_number));
    show(&s, "--yes", 2); /* a second answer, which is none */
    sleep(2);
    for (size_t i = 0, told = 0; i < hook_count(); i++) {
        told += strcmp(hook_header(&hook.messages[i], "webhook-id"), id) == 0;
        assert_true(told <= 1);
    }
}

static void tells_refusal(void **state)
{
    session s      = ask("{\"profile\":\"hotel\"}");
    size_t  before = hook_count();

    (void)state;
    show(&s, "", 3);
    const char *body = hook_body(hook_wait(before + 1));
    assert_non_null(strstr(body, "\"event\":\"session.refused\""));
    assert_null(strstr(body, "verdict"));
}

/* The same message again, and again, until it is taken. */
static void tries_again(void **state)
{
    session s      = ask("{\"profile\":\"age\"}");
    size_t  before = hook_count();
    char    id[80];

    (void)state;
    hook_answer(503, 2);
    show(&s, "--yes", 0);
    const hook_message *m = hook_wait(before + 3);
    snprintf(id, sizeof id, "msg_%s", s.id);
    for (size_t i = before; i < before + 3; i++)
        assert_string_equal(hook_header(&hook.messages[i], "webhook-id"), id);
    check_signature(m);
}

/* Who was killed before it told does so when it is there again. */
static void survives(void **state)
{
    session s      = ask("{\"profile\":\"age\"}");
    size_t  before = hook_count();
    char    id[80];

    (void)state;
    hook_answer(302, HOOK_EVER); /* a redirect is followed nowhere */
    show(&s, "--yes", 0);
    (void)hook_wait(before + 1);
    test_server_signal(&desk_server, SIGKILL);
    (void)test_server_wait(&desk_server);
    desk_start("");
    hook_answer(200, 0); /* it is taken from no other than the second */
    snprintf(id, sizeof id, "msg_%s", s.id);
    assert_string_equal(
        hook_header(hook_wait_answered(before, 200), "webhook-id"), id);
}

/* ---- receipts ---- */

static void read_receipt(yao_text letters, yao_receipt_unverified *ret)
{
    assert_status(
        yao_receipt_read(test_arena(), yao_text_bytes(letters), ret), YAO_OK);
}

static yao_text letters_of(const net_answer *a, const char *name)
{
    yao_text letters;

    assert_status(yao_json_string(yao_json_get(desk_json(a), name),
                                  test_arena(), &letters),
                  YAO_OK);
    return letters;
}

static const yao_json *newest(void)
{
    const test_output *o = test_must("wallet history -C @/w --json", 0);
    const yao_json    *root, *last = NULL;

    assert_status(yao_json_parse(test_arena(),
                                 yao_text_bytes(yao_text_of(o->out)), &root),
                  YAO_OK);
    root = yao_json_get(root, "history");
    for (const yao_json *e = root->first; e != NULL; e = e->next)
        last = e;
    return last;
}

static void gives_both(void **state)
{
    session s = ask("{\"profile\":\"hotel\"}");

    (void)state;
    show(&s, "--yes", 0);
    net_answer      a     = receipt_of("sessions", s.id);
    const yao_json *entry = newest();
    yao_text        mine, theirs;

    assert_int_equal(a.status, 200);
    theirs = letters_of(&a, "receipt");
    assert_status(yao_json_string(yao_json_get(entry, "receipt"), test_arena(),
                                  &mine),
                  YAO_OK);
    assert_true(yao_text_equal(mine, theirs));
    assert_true(yao_json_is(yao_json_get(entry, "receipt_is"), "verified"));

    yao_receipt_unverified r;
    read_receipt(theirs, &r);
    assert_true(yao_text_equal(r.said.id, yao_text_of(s.id)));
    assert_true(yao_text_equal(r.said.profile, YAO_TEXT("hotel")));
    assert_true(yao_text_equal(r.said.verdict, YAO_TEXT("accept")));
    assert_true(r.said.legal_basis.zh.len > 0);
    assert_int_equal(r.said.until - r.said.when, 365 * YAO_TIME_DAY);
    assert_int_equal(r.said.document_count, 1);
    assert_int_equal(r.said.documents[0].element_count, 8);
    assert_int_equal(r.jws.chain_count, 1);
    assert_null(memmem(r.jws.payload_bytes.ptr, r.jws.payload_bytes.len,
                       id_number, strlen(id_number)));
}

static void none_before(void **state)
{
    session    s = ask("{\"profile\":\"hotel\"}");
    net_answer a = receipt_of("sessions", s.id);

    (void)state;
    assert_int_equal(a.status, 404);
    show(&s, "", 3);
    a = receipt_of("sessions", s.id);
    assert_int_equal(a.status, 404);
    a = receipt_of("sessions", "none");
    assert_int_equal(a.status, 404);
}

static void of_a_card(void **state)
{
    char       json[4000], id[80];
    net_answer a;

    (void)state;
    desk_must("wallet present -C @/w --profile age --choice age_over_18 "
              "--format card --unidentified --yes --output @/age.txt",
              0);
    char *card                = desk_file("age.txt");
    card[strcspn(card, "\n")] = '\0';
    snprintf(json, sizeof json,
             "{\"codes\":[\"%s\"],\"profile\":\"age\",\"choice\":"
             "\"age_over_18\"}",
             card);
    a = desk_api("POST", "/api/cards", json);
    assert_int_equal(a.status, 200);
    snprintf(id, sizeof id, "msg_%s", desk_member(&a, "id"));
    const char *body = hook_body(hook_wait_for(id));
    assert_non_null(strstr(body, "\"event\":\"card.done\""));
    a = receipt_of("cards", desk_member(&a, "id"));
    assert_int_equal(a.status, 200);
    yao_receipt_unverified r;
    read_receipt(letters_of(&a, "receipt"), &r);
    assert_true(yao_text_equal(r.said.profile, YAO_TEXT("age")));
    assert_int_equal(r.said.bound.len, 0); /* it answers nobody */
    assert_int_equal(r.jws.chain_count, 0);
    assert_int_equal(r.said.until - r.said.when, 300);
}

/* Of a sealed one: what the desk shows is scanned, and finds its showing. */
static void scanned(void **state)
{
    net_answer      a = desk_api("POST", "/api/challenges",
                                 "{\"profile\":\"hotel\"}");
    const yao_json *codes = yao_json_get(desk_json(&a), "codes");
    const char     *id    = desk_member(&a, "id");
    char            json[6000];
    yao_text        letters;

    (void)state;
    assert_status(yao_json_string(codes->first, test_arena(), &letters),
                  YAO_OK);
    test_write("challenge.txt", yao_text_bytes(letters));
    desk_must("wallet present -C @/w --profile hotel --format card --reader "
              "@/hotel/reader.pem --yes --challenge @/challenge.txt --output "
              "@/card.txt",
              0);
    char *card                = desk_file("card.txt");
    card[strcspn(card, "\n")] = '\0';
    snprintf(json, sizeof json, "{\"codes\":[\"%s\"],\"challenge\":\"%s\"}",
             card, id);
    a = desk_api("POST", "/api/cards", json);
    assert_int_equal(a.status, 200);
    a = receipt_of("cards", desk_member(&a, "id"));
    assert_int_equal(a.status, 200);
    letters = letters_of(&a, "receipt");
    test_write("receipt.txt", yao_text_bytes(letters));
    test_must("wallet history -C @/w --receipt @/receipt.txt", 1);
    test_must("wallet history -C @/w --receipt @/receipt.txt --reader "
              "@/a/certificates/reader-root.pem",
              3);
    test_must("wallet history -C @/w --receipt @/receipt.txt --reader "
              "@/hotel/reader.pem",
              0);
    const yao_json *entry = newest();
    assert_true(yao_json_is_text(yao_json_get(entry, "receipt"), letters));
    assert_true(yao_json_is(yao_json_get(entry, "receipt_is"), "verified"));
    uint8_t *letter = (uint8_t *)(uintptr_t)letters.ptr + letters.len - 30;
    *letter         = *letter == 'A' ? 'B' : 'A';
    test_write("receipt.txt", yao_text_bytes(letters));
    test_must("wallet history -C @/w --receipt @/receipt.txt --reader "
              "@/hotel/reader.pem",
              3);
}

/* ---- settings ---- */

static const struct setting {
    const char *name, *key;
} settings[] = {
    {"refuses http to a machine of others", "http://hotel.example/told"},
    {"refuses an address that is none", "ftp://hotel.example/"},
    {"refuses a bare address", "https://203.0.113.7/told"},
};

static void setting(void **state)
{
    const struct setting *row = *state;
    char                  line[300];

    snprintf(line, sizeof line, "0123456789abcdef0123456789abcdef0123 %s\n",
             row->key);
    test_write("d/keys/api.keys", yao_text_bytes(yao_text_of(line)));
    test_must("desk serve -C @/d --listen 127.0.0.1:0", 3);
    test_says("desk.api_keys");
}

int main(void)
{
    test_add("told", "accepts to begin", prepare, NULL);
    test_add("webhook",
             "gives N220: once what came of a session, signed, no values",
             tells, NULL);
    test_add("webhook", "gives that the holder refused", tells_refusal, NULL);
    test_add("webhook", "gives it again until it is taken", tries_again, NULL);
    test_add("webhook", "never loses it when the desk is killed", survives,
             NULL);
    test_add("receipt", "gives both sides the same, and the wallet verified it",
             gives_both, NULL);
    test_add("receipt", "never gives one where nothing was shown", none_before,
             NULL);
    test_add("receipt", "gives one of a card", of_a_card, NULL);
    test_add("receipt", "accepts one that the wallet scanned, for its showing",
             scanned, NULL);
    for (size_t i = 0; i < COUNT(settings); i++)
        test_add("webhook", settings[i].name, setting, &settings[i]);

    int code = test_run("journeys/desk_told");
    if (desk_port != 0)
        (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return code;
}
