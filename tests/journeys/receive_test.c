/* SPDX-License-Identifier: Apache-2.0 */

/** Documents over HTTP: an authority serves, a wallet receives by offers and
 *  by the authority's page, and what it received is shown and judged. */

#include "check.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "demo/people.h"
#include "json/json.h"
#include "net/client.h"
#include "journey.h"
#include "server.h"
#include "store/case.h"
#include "wallet/wallet.h"
#include "wallet_provider.h"

#define PERSON "12011919880808901X"
#define TRUST                                                                  \
    "--trust @/a/certificates/population-root.pem "                            \
    "--trust @/a/certificates/traffic-root.pem "
#define SESSION "-C @/w --local --yes " TRUST

static unsigned    port;
static test_server server;

/* ---- the authority ------------------------------------------------------ */

/* NAME of SECTION in the settings becomes VALUE. */
static void set(const char *section, const char *name, const char *value)
{
    const char *path = test_scratch_path("a/authority.ini");
    yao_bytes   file, out;
    char        head[64], line[64];

    assert_status(yao_file_read(path, 1 << 20, &file), YAO_OK);
    snprintf(head, sizeof head, "\n[%s]\n", section);
    snprintf(line, sizeof line, "\n%s = ", name);
    char *text = calloc(1, file.len + 1);
    assert_non_null(text);
    memcpy(text, file.ptr, file.len);
    char *at = strstr(text, head);
    assert_non_null(at);
    at += strlen(head) - 1;
    char *old = strstr(at, line), *rest = at;
    if (old != NULL) {
        at   = old;
        rest = strchr(old + 1, '\n');
    }
    yao_writer w = yao_writer_in(test_arena());
    yao_put_bytes(&w, (yao_bytes){(uint8_t *)text, (size_t)(at - text)});
    yao_put_text(&w, line);
    yao_put_text(&w, value);
    yao_put_text(&w, rest);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_status(yao_file_write(path, out, 0600, false), YAO_OK);
    free(text);
    yao_file_free(&file);
}

static void serve(void)
{
    char line[512];

    snprintf(line, sizeof line,
             "authority serve -C @/a --listen 127.0.0.1:%u --url "
             "http://authority.localhost:%u --kiosk-listen none "
             "--console-listen none",
             port, port);
    if (!test_server_start(&server, line))
        fail_msg("the authority does not serve: see %s", server.log);
}

/* A scripted user: follows the page as a browser without script would, and
 * allows (or denies). It prints where it was sent, or goes there. */
static void make_browser(void)
{
    static const char text[] =
        "#!/usr/bin/env python3\n"
        "import html, http.client, os, re, sys, urllib.parse as u\n"
        "def ask(url, body=None):\n"
        "    p = u.urlsplit(url)\n"
        "    c = http.client.HTTPConnection('127.0.0.1', p.port)\n"
        "    h = {'Host': p.netloc}\n"
        "    if body is not None:\n"
        "        h['Content-Type'] = 'application/x-www-form-urlencoded'\n"
        "        h['Origin'] = f'{p.scheme}://{p.netloc}'\n"
        "    c.request('GET' if body is None else 'POST',\n"
        "              p.path + ('?' + p.query if p.query else ''), body, h)\n"
        "    return c.getresponse()\n"
        "page = ask(sys.argv[1]).read().decode()\n"
        "fields = dict(re.findall(r'name=\"(\\w+)\" value=\"([^\"]*)\">',\n"
        "                         page.split('<button')[0]))\n"
        "fields = {k: html.unescape(v) for k, v in fields.items()}\n"
        "fields['answer'] = os.environ.get('ANSWER', 'allow')\n"
        "action = html.unescape(re.search(r'action=\"([^\"]*)\"', page)[1])\n"
        "to = ask(action, u.urlencode(fields)).getheader('Location')\n"
        "if os.environ.get('GO'):\n"
        "    ask(to).read()\n"
        "else:\n"
        "    print(to)\n";
    const char *path = test_scratch_path("browser");

    assert_status(yao_file_write(path, YAO_LIT(text), 0600, false), YAO_OK);
    assert_int_equal(chmod(path, 0700), 0);
}

static void prepare(void **state)
{
    char numbers[YAO_DEMO_PEOPLE][20], line[256];

    (void)state;
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    port = test_free_port();
    snprintf(line, sizeof line,
             "authority init --demo -C @/a --url "
             "http://authority.localhost:%u",
             port);
    test_must(line, 0);
    assert_status(yao_folder_make(test_scratch_path("people"), 0700), YAO_OK);
    assert_status(yao_file_write(test_scratch_path("tx"), YAO_LIT("493536\n"),
                                 0600, false),
                  YAO_OK);
    assert_status(
        yao_demo_write_people(test_scratch_path("people"), numbers), YAO_OK);
    test_must("person import -C @/a @/people/people.jsonl", 0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    wallet_provider_make();
    make_browser();
    set("oauth", "demo_person", PERSON);
    set("vci", "deferred_seconds", "1");
    set("vci", "batch", "5");
    serve();
}

/* ---- offers ------------------------------------------------------------- */

/* What POST /admin/offers gives as FIELD, in a file. */
static void offer(const char *wish, const char *field)
{
    yao_arena          arena = *test_arena();
    net_client_options o      = {.timeout_ms = 60000};
    net_header         type = {YAO_TEXT("Content-Type"),
                               YAO_TEXT("application/json")};
    const char *socket = test_scratch_path("a/admin.sock");
    char        body[512], origin[512];
    net_client *c;
    net_answer  answer;
    const yao_json *root;
    yao_text        text;

    snprintf(body, sizeof body, "{\"number\":\"" PERSON "\",%s}", wish);
    snprintf(origin, sizeof origin, "unix:%s", socket);
    assert_status(net_client_open(&o, &c), YAO_OK);
    assert_status(net_client_allow(c, origin), YAO_OK);
    net_call call = {.method       = "POST",
                     .url          = YAO_TEXT("http://unix/admin/offers"),
                     .headers      = &type,
                     .header_count = 1,
                     .body         = yao_text_bytes(yao_text_of(body))};
    assert_status(net_client_fetch(c, &call, &arena, &answer), YAO_OK);
    net_client_close(c);
    assert_int_equal(answer.status, 201);
    assert_status(yao_json_parse(&arena, answer.body, &root), YAO_OK);
    assert_status(yao_json_string(yao_json_get(root, field), &arena, &text),
                  YAO_OK);
    assert_status(yao_file_write(test_scratch_path("offer"),
                                 yao_text_bytes(text), 0600, false),
                  YAO_OK);
}

#define IDS(list) "\"configurations\":[" list "]"

typedef struct row {
    const char *name;
    const char *wish;  /* of the offer; NULL: no offer */
    const char *field; /* NULL: "link" */
    const char *line;
    int         code;
    const char *says;
    const char *answer; /* of the scripted user; NULL: allow */
    bool        go;     /* it goes on to the listener */
} row;

#define RECEIVE "wallet receive " SESSION WALLET_ATTESTED
#define FETCH   "wallet fetch " SESSION WALLET_ATTESTED

static const row rows[] = {
    {"accepts an mdoc by an offer", IDS("\"resident_id_mdoc\""), NULL,
     RECEIVE "@/offer", 0, "mso_mdoc): 5 copies", NULL, false},
    {"accepts it again, and says what goes", IDS("\"resident_id_mdoc\""),
     NULL, RECEIVE "@/offer", 0, "takes the place of the one you have", NULL,
     false},
    {"accepts an SD-JWT by a reference", IDS("\"resident_id_sdjwt\""),
     "reference", RECEIVE "@/offer", 0, "dc+sd-jwt): 5 copies", NULL, false},
    {"accepts what several signers made, and a vehicle",
     IDS("\"driving_licence_mdoc\",\"vehicle_registration_mdoc\","
         "\"vehicle_registration_sdjwt\""),
     NULL, RECEIVE "--json @/offer", 0, "\"state\":\"kept\"", NULL, false},
    {"accepts cards with a document before them",
     IDS("\"resident_id_card.hotel\",\"resident_id_card.age.age_over_18\","
         "\"resident_id_mdoc\""),
     NULL, RECEIVE "@/offer", 0, "org.yaopai.card): 5 copies", NULL, false},
    {"accepts cards by their signer's certificate",
     IDS("\"resident_id_card.hotel\""), NULL,
     RECEIVE "--signer @/a/certificates/population-signer.pem @/offer", 0,
     "org.yaopai.card): 5 copies", NULL, false},
    {"accepts what is to be printed, one of each",
     IDS("\"resident_id_paper.hotel\",\"resident_id_paper.age.age_over_18\","
         "\"resident_id_mdoc\""),
     NULL, RECEIVE "@/offer", 0, "org.yaopai.paper): 1 copies", NULL, false},
    {"accepts it again, and says what goes (paper)",
     IDS("\"resident_id_paper.hotel\",\"resident_id_mdoc\""), NULL,
     RECEIVE "--copies 3 --encrypt @/offer", 0, "takes the place", NULL, false},
    {"refuses paper of a signer that it does not know",
     IDS("\"resident_id_paper.hotel\""), NULL, RECEIVE "@/offer", 3,
     "nobody this wallet trusts", NULL, false},
    {"refuses cards of a signer that it does not know",
     IDS("\"resident_id_card.hotel\""), NULL, RECEIVE "@/offer", 3,
     "nobody this wallet trusts", NULL, false},
    {"accepts a transaction code",
     IDS("\"resident_id_mdoc\"") ",\"tx_code\":\"493536\"", NULL,
     RECEIVE "--tx-code-file @/tx @/offer", 0, "5 copies", NULL, false},
    {"refuses a wrong transaction code",
     IDS("\"resident_id_mdoc\"") ",\"tx_code\":\"493530\"", NULL,
     RECEIVE "--tx-code-file @/tx @/offer", 3, "transaction code is wrong",
     NULL, false},
    {"accepts fewer copies", IDS("\"resident_id_mdoc\""), NULL,
     RECEIVE "--copies 2 @/offer", 0, "2 copies", NULL, false},
    {"accepts encryption", IDS("\"resident_id_mdoc\""), NULL,
     RECEIVE "--encrypt @/offer", 0, "5 copies", NULL, false},
    {"accepts signed metadata only", IDS("\"resident_id_sdjwt\""), NULL,
     RECEIVE "--only-signed @/offer", 0, "5 copies", NULL, false},
    {"refuses what takes longer than we wait",
     IDS("\"resident_id_sdjwt\"") ",\"officer\":true", NULL,
     RECEIVE "--patience 2 @/offer", 3, "still working on it", NULL, false},
    {"refuses an offer a second time", NULL, NULL, RECEIVE "@/offer", 3,
     "was refused", NULL, false},
    {"refuses N141: another root", IDS("\"driving_licence_mdoc\""), NULL,
     "wallet receive -C @/w --local --yes " WALLET_ATTESTED
     "--trust @/a/certificates/population-root.pem @/offer",
     3, "nobody this wallet trusts", NULL, false},
    {"refuses a wallet that nobody vouches for", IDS("\"resident_id_mdoc\""),
     NULL, "wallet receive " SESSION "@/offer", 5, "does not have", NULL,
     false},
    {"refuses N136: without the person's word", IDS("\"resident_id_mdoc\""),
     NULL, "wallet receive -C @/w --local " TRUST WALLET_ATTESTED "@/offer", 3,
     "your consent", NULL, false},
    {"refuses N133: an issuer that is not on the list",
     IDS("\"resident_id_mdoc\""), NULL,
     RECEIVE "--only-issuer https://other.example @/offer", 3,
     "nobody this wallet trusts", NULL, false},
    {"refuses N132: plain http unless told so", IDS("\"resident_id_mdoc\""),
     NULL, "wallet receive -C @/w --yes " TRUST WALLET_ATTESTED "@/offer", 3,
     "does not speak", NULL, false},
    {"accepts the authority's page", NULL, NULL,
     FETCH "--config-id resident_id_mdoc --config-id resident_id_sdjwt "
           "--authorize-command @/browser",
     0, "5 copies", NULL, false},
    {"accepts a page that comes back to the listener", NULL, NULL,
     FETCH "--config-id resident_id_sdjwt --authorize-command @/browser", 0,
     "5 copies", NULL, true},
    {"accepts an offer of the page",
     IDS("\"resident_id_mdoc\"") ",\"grant\":\"authorization_code\"", NULL,
     RECEIVE "--authorize-command @/browser @/offer", 0, "5 copies", NULL,
     false},
    {"refuses N154: a person who denies", NULL, NULL,
     FETCH "--config-id resident_id_mdoc --authorize-command @/browser", 3,
     "authority's page", "deny", false},
    {"refuses a command that says nothing of use", NULL, NULL,
     FETCH "--config-id resident_id_mdoc --redirect-uri "
           "http://127.0.0.1:1/callback --authorize-command /bin/echo",
     3, "authority's page", NULL, false},
    {"refuses to answer for the person", NULL, NULL,
     FETCH "--config-id resident_id_mdoc --follow", 3, "authority's page",
     NULL, false},
    {"accepts to renew what was received", NULL, NULL,
     "wallet fetch " SESSION WALLET_ATTESTED "--renew --config-id resident_id_mdoc",
     0, "mso_mdoc): 5 copies", NULL, false},
    {"accepts to renew it again, with the token that came instead", NULL, NULL,
     "wallet fetch " SESSION WALLET_ATTESTED "--renew --config-id resident_id_mdoc",
     0, "mso_mdoc): 5 copies", NULL, false},
    {"refuses to renew what it never had", NULL, NULL,
     "wallet fetch " SESSION WALLET_ATTESTED "--renew --config-id other", 7,
     "no issuer gave permission", NULL, false},
    {"refuses to ask nobody", NULL, NULL, "wallet fetch " SESSION, 1,
     "--issuer", NULL, false},
    {"refuses an id that is not there", NULL, NULL,
     FETCH "--config-id other", 7, "the issuer says", NULL, false},
    {"refuses an issuer that is not there", NULL, NULL,
     "wallet fetch " SESSION "--issuer http://nobody.localhost:1 --config-id x",
     7, "could not be reached", NULL, false},
};

static void one_row(void **state)
{
    const row *r = *state;
    char       line[2048];

    if (r->wish != NULL)
        offer(r->wish, r->field != NULL ? r->field : "link");
    if (strncmp(r->line, FETCH, strlen(FETCH)) == 0)
        snprintf(line, sizeof line,
                 "%s --issuer http://authority.localhost:%u", r->line, port);
    else
        snprintf(line, sizeof line, "%s", r->line);
    if (r->answer != NULL)
        setenv("ANSWER", r->answer, 1);
    if (r->go)
        setenv("GO", "1", 1);
    const test_output *o = test_type(line);
    unsetenv("ANSWER");
    unsetenv("GO");
    if (o->code != r->code || (r->says != NULL && !test_said(r->says)))
        print_message("%s\n%s\n", line, o->out);
    assert_int_equal(o->code, r->code);
    assert_true(r->says == NULL || test_said(r->says));
}

/* What one authority gave is put away by another's only where that is said. */
static void warn_of_another(void **state)
{
    yao_wallet *w = NULL;

    (void)state;
    assert_status(yao_wallet_unlock(test_scratch_path("w"),
                                    YAO_LIT("correct horse battery"), &w),
                  YAO_OK);
    for (size_t i = 0; i < w->batch_count; i++)
        w->batches[i].issuer = YAO_TEXT("SPECIMEN Elsewhere");
    assert_status(yao_wallet_save(w), YAO_OK);
    yao_wallet_close(w);
    offer(IDS("\"resident_id_mdoc\""), "link");
    test_must(RECEIVE "@/offer", 0);
    assert_true(test_said("ANOTHER AUTHORITY'S: SPECIMEN Elsewhere"));
}

/* Two officers agree, while nobody serves. */
static void agree_to_all(void)
{
    static const uint8_t one[1] = {1}, two[1] = {2};
    char        url[512];
    store      *s = NULL;
    store_case *cases;
    size_t      count;

    assert_int_equal(test_server_stop(&server), 0);
    snprintf(url, sizeof url, "sqlite:%s",
             test_scratch_path("a/register/register.db"));
    assert_status(store_open(&(store_options){.url = url, .now = yao_now()},
                             &s),
                  YAO_OK);
    assert_status(store_list_cases(s, STORE_CASE_OPEN, 100, test_arena(),
                                   &cases, &count),
                  YAO_OK);
    assert_int_equal(count, 2); /* of the rows before, and of this one */
    for (size_t i = 0; i < count; i++) {
        store_change change = store_change_open(test_arena());
        store_decide_case(&change, cases[i].id, YAO_TEXT("accept"),
                          (yao_bytes){one, 1}, yao_now());
        assert_status(store_commit(s, &change), YAO_OK);
        change = store_change_open(test_arena());
        store_confirm_case(&change, cases[i].id, YAO_TEXT("accept"),
                           (yao_bytes){two, 1}, yao_now());
        assert_status(store_commit(s, &change), YAO_OK);
    }
    store_close(s);
    serve();
}

/* An officer takes days, a wallet waits for minutes: it comes again with the
 * permission that it kept, and officers see one case for all of that. */
static void come_later(void **state)
{
#define LATER "-C @/late --local --yes " TRUST WALLET_ATTESTED "--patience 1 "
    (void)state;
    test_must(
        "wallet init -C @/late --registrar @/a/certificates/reader-root.pem",
        0);
    offer(IDS("\"resident_id_sdjwt\"") ",\"officer\":true", "link");
    assert_int_equal(test_type("wallet receive " LATER "@/offer")->code, 3);
    assert_true(test_said("wallet fetch --renew"));
    assert_int_equal(test_type("wallet fetch --renew " LATER)->code, 3);
    assert_true(test_said("still working on it"));
    agree_to_all();
    test_must(
        "wallet fetch --renew -C @/late --local --yes " TRUST WALLET_ATTESTED
        "--patience 60",
        0);
    assert_true(test_said("5 copies"));
}

static void show(void **state)
{
    (void)state;
    assert_int_equal(test_server_stop(&server), 0);
    test_must("statuslist publish -C @/a --output @/lists", 0);
    test_must("trust publish -C @/a --output @/trust", 0);
    test_must("wallet present -C @/w --yes --unidentified --profile government "
              "--format sd-jwt --nonce n1 --audience desk --output @/shown.txt",
              0);
    test_must("verify " TRUST "--status @/lists/1.jwt --status @/lists/2.jwt "
              "--status @/lists/3.jwt --nonce n1 --audience desk @/shown.txt",
              0);
    test_must(
        "wallet present -C @/w --yes --unidentified --profile age --format "
        "card --choice age_over_18 --output @/card.txt",
        0);
    test_must("verify --trust @/trust/bundle.cose --trust-anchor "
              "@/trust/trust-root.pem @/card.txt",
              0);
    test_must("wallet print -C @/w resident_id --profile hotel --output "
              "@/sheet.pdf", 0);
    assert_true(test_said("good until"));
    test_must("wallet show -C @/w driving_licence", 0);
    assert_true(test_said("SPECIMEN"));
}

/* Values of the person are in no log of the server (N166). */
static void find_no_values(void **state)
{
    yao_bytes log;

    (void)state;
    assert_status(yao_file_read(server.log, 8 << 20, &log), YAO_OK);
    char *text = calloc(1, log.len + 1);
    assert_non_null(text);
    memcpy(text, log.ptr, log.len);
    assert_non_null(strstr(text, "/credential"));
    assert_null(strstr(text, PERSON));
    assert_null(strstr(text, "ID90000001"));
    free(text);
    yao_file_free(&log);
}

int main(void)
{
    test_add("receive", "accepts to serve", prepare, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("receive", rows[i].name, one_row, &rows[i]);
    test_add("receive", "accepts another authority's, with a warning",
             warn_of_another, NULL);
    test_add("receive", "accepts later what an officer agreed to", come_later,
             NULL);
    test_add("receive", "accepts what was received when it is shown", show,
             NULL);
    test_add("receive", "never writes a value of the person to the log",
             find_no_values, NULL);
    int code = test_run("journeys/receive");
    test_scratch_remove();
    return code;
}
