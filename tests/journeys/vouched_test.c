/* SPDX-License-Identifier: Apache-2.0 */

/**
 * A wallet for which a provider vouches: it joins, receives, renews, leaves; an
 * old copy of it is refused, and a provider that is down is told of. A person
 * who is not met by chance goes through all of it: then nothing that their
 * record says is in a folder or a log of the provider, the authority or the
 * wallet (P-1, P-2, P-3).
 */

#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/files.h"
#include "app/specimen.h"
#include "journey.h"
#include "jose/jose.h"
#include "json/json.h"
#include "server.h"
#include "wallet/provider.h"
#include "wallet_provider.h"

#define NUMBER  "120119191111119096"
#define CODE    "Qorvath98717"
#define TRUST   "--trust @/a/certificates/population-root.pem "
#define RECEIVE "wallet receive --local --yes --tx-code-file @/tx " TRUST
#define RENEW   "wallet fetch --local --yes --renew " TRUST

static const char record[] =
    "{\"number\":\"" NUMBER "\",\"name\":\"Zzyx-Qorvath Ålmåndér\","
    "\"family_name\":\"Zzyx-Qorvath\",\"given_name\":\"Ålmåndér\","
    "\"family_name_latin\":\"ZZYX-QORVATH\","
    "\"given_name_latin\":\"ALMANDER\",\"sex\":1,\"ethnicity\":\"01\","
    "\"birth_date\":\"1911-11-11\",\"nationality\":\"CN\","
    "\"address\":\"天津市蓟州区金丝雀胡同9871号\",\"division\":\"120119\","
    "\"portrait\":\"specimen-11-old.jpg\",\"identity_card\":{"
    "\"document_number\":\"CANARY9871ID\",\"issue_date\":\"2019-07-13\","
    "\"expiry_date\":\"2044-07-13\",\"long_term\":false,"
    "\"authority\":\"天津市金丝雀公安局\",\"fingerprint\":true},"
    "\"pass\":{\"pass_id\":\"CANARY-PASS-9871\","
    "\"title\":\"金丝雀健身馆会员卡\",\"authority\":\"金丝雀健身馆（样本）\","
    "\"issue_date\":\"2026-01-19\",\"expiry_date\":\"2036-09-27\"}}\n";

static const char clients[] =
    "{\"clients\":[{\"client_id\":\"yaopai-wallet\",\"name\":\"Yaopai\","
    "\"redirect_uris\":[],\"any_redirect_uri\":true}],\"attesters\":[{"
    "\"roots\":[\"provider-root.pem\"],\"any_client\":true,\"keys\":true}]}";

static test_server authority, provider;
static unsigned    authority_port, provider_port;

static void write_file(const char *name, const char *text)
{
    assert_status(yao_file_write(test_scratch_path(name),
                                 yao_text_bytes(yao_text_of(text)), 0600,
                                 false),
                  YAO_OK);
}

/* ---- the two servers ---- */

static void serve_provider(void)
{
    char line[160];

    snprintf(line, sizeof line, "provider serve -C @/p --listen 127.0.0.1:%u",
             provider_port);
    assert_true(test_server_start(&provider, line));
}

static void serve_authority(void)
{
    char line[256];

    snprintf(line, sizeof line,
             "authority serve -C @/a --listen 127.0.0.1:%u --kiosk-listen "
             "none --console-listen none",
             authority_port);
    assert_true(test_server_start(&authority, line));
}

/* The authority asks wallets to have their keys attested as well. */
static void ask_for_keys(void)
{
    char command[512];

    snprintf(command, sizeof command,
             "sed -i 's/^[;# ]*key_attestation *=.*/key_attestation = yes/' %s",
             test_scratch_path("a/authority.ini"));
    assert_int_equal(system(command), 0);
}

static void copy(const char *from, const char *to)
{
    yao_bytes file;

    assert_status(yao_file_read(test_scratch_path(from), 1 << 20, &file),
                  YAO_OK);
    assert_status(yao_file_write(test_scratch_path(to), file, 0600, false),
                  YAO_OK);
    yao_file_free(&file);
}

static void prepare(void **state)
{
    static uint8_t memory[8 << 20];
    yao_arena      arena = {memory, sizeof memory, 0};
    char           line[256];

    (void)state;
    setenv("LC_ALL", "C", 1);
    test_use_passphrase();
    write_file("tx", CODE "\n");
    authority_port = test_free_port();
    provider_port  = test_free_port();
    snprintf(line, sizeof line,
             "provider init --demo -C @/p --url http://wallet.localhost:%u",
             provider_port);
    test_must(line, 0);
    snprintf(line, sizeof line,
             "authority init --demo -C @/a --url http://authority.localhost:%u",
             authority_port);
    test_must(line, 0);
    copy("p/certificates/provider-root.pem", "a/provider-root.pem");
    write_file("a/clients.json", clients);
    ask_for_keys();
    assert_status(yao_folder_make(test_scratch_path("people"), 0700), YAO_OK);
    write_file("people/canary.jsonl", record);
    assert_status(yao_specimens_write(test_scratch_path("people"),
                                      yao_text_bytes(yao_text_of(record)),
                                      &arena),
                  YAO_OK);
    test_must("person import -C @/a @/people/canary.jsonl", 0);
    serve_provider();
    serve_authority();
}

/* ---- a wallet ---- */

/* "--provider URL" with what comes after it. */
static const test_output *init(const char *folder, const char *url,
                               const char *more)
{
    char line[512];

    snprintf(line, sizeof line, "wallet init -C %s --provider %s %s", folder,
             url, more);
    return test_type(line);
}

static const char *provider_url(void)
{
    static char url[64];

    snprintf(url, sizeof url, "http://wallet.localhost:%u/", provider_port);
    return url;
}

/* A link in @/offer, good for one wallet. */
static void offer(const char *configurations)
{
    char line[512];

    snprintf(line, sizeof line,
             "document offer -C @/a --person " NUMBER " --tx-code %s",
             configurations);
    const char *words[64];
    size_t      count = test_split(line, (char **)(uintptr_t)words, 62);
    words[count]      = NULL;
    const test_output *output = test_run_program(words, CODE "\n");
    if (output->code != 0)
        print_message("%s\n", output->out);
    assert_int_equal(output->code, 0);
    char *end = strchr(output->out, '\n');
    assert_non_null(end);
    assert_status(yao_file_write(test_scratch_path("offer"),
                                 (yao_bytes){(const uint8_t *)output->out,
                                             (size_t)(end - output->out)},
                                 0600, false),
                  YAO_OK);
    for (size_t i = 0; i < count; i++)
        free((char *)(uintptr_t)words[i]);
}

static void joins(void **state)
{
    char url[64];

    (void)state;
    snprintf(url, sizeof url, "http://authority.localhost:%u", authority_port);
    assert_int_equal(init("@/w0", provider_url(), "")->code, 1);
    assert_true(test_said("--local"));
    assert_int_equal(init("@/w0", "nonsense", "--local")->code, 1);
    assert_int_equal(init("@/w0", "http://nobody.localhost:1", "--local")
                         ->code, 7);
    assert_true(test_said("could not be reached"));
    assert_int_equal(init("@/w0", url, "--local")->code, 2);
    assert_true(test_said("no wallet provider"));
    /* and nothing is left of what was refused */
    assert_int_equal(test_type("wallet list -C @/w0")->code, 7);

    assert_int_equal(init("@/w", provider_url(), "--local")->code, 0);
    assert_true(test_said("vouches for it"));
    assert_int_equal(init("@/w", provider_url(), "--local")->code, 3);
    test_must("wallet provider -C @/w --json", 0);
    assert_true(test_said("\"client_id\":\"yaopai-wallet\""));
}

static void receives(void **state)
{
    (void)state;
    offer("--configuration resident_id_mdoc --configuration "
          "resident_id_sdjwt");
    test_must(RECEIVE "-C @/w @/offer", 0);
    assert_true(test_said("mso_mdoc)"));
    assert_true(test_said("dc+sd-jwt)"));
    assert_true(test_said("copies"));
}

static void renews(void **state)
{
    (void)state;
    test_must(RENEW "-C @/w", 0);
    assert_true(test_said("copies"));
}

static void needs_somebody(void **state)
{
    (void)state;
    test_must("wallet init -C @/alone", 0);
    test_must("wallet provider -C @/alone", 0);
    assert_true(test_said("Nobody vouches"));
    offer("--configuration pass_sdjwt");
    assert_int_equal(test_type(RECEIVE "-C @/alone @/offer")->code, 5);
    assert_true(test_said("wallet provider URL"));
    assert_int_equal(test_type(RECEIVE "-C @/w --client-id other @/offer")
                         ->code, 1);
    assert_true(test_said("--client-id"));
}

static void tells_when_it_is_down(void **state)
{
    (void)state;
    assert_int_equal(test_server_stop(&provider), 0);
    offer("--configuration resident_id_sdjwt");
    assert_int_equal(test_type(RECEIVE "-C @/w @/offer")->code, 7);
    assert_true(test_said("provider could not be reached"));
    assert_true(test_said("try again later"));
    assert_int_equal(test_type("wallet provider -C @/w --leave")->code, 7);
    assert_true(test_said("--force"));
    test_must("wallet list -C @/w", 0); /* what it has stays */
    serve_provider();
    test_must(RECEIVE "-C @/w @/offer", 0); /* nor was the offer used up */
}

static void limit_provider(const char *wallets)
{
    char command[512];

    assert_int_equal(test_server_stop(&provider), 0);
    snprintf(command, sizeof command,
             "sed -i 's/^instances_a_day = .*/instances_a_day = %s/' %s",
             wallets, test_scratch_path("p/provider.ini"));
    assert_int_equal(system(command), 0);
    serve_provider();
}

/* That is not a refusal of this wallet, and time helps. */
static void tells_when_it_is_full(void **state)
{
    (void)state;
    test_stay_within(86400, 60);
    limit_provider("1");
    test_must("wallet init -C @/late", 0);
    char line[256];
    snprintf(line, sizeof line, "wallet provider -C @/late --local %s",
             provider_url());
    (void)test_type(line); /* the place of the day, if it is free */
    assert_int_not_equal(
        init("@/later", provider_url(), "--local")->code, 0);
    assert_true(test_said("no more today"));
    assert_true(test_said("in an hour"));
    limit_provider("100000");
}

static void leaves_for_good(void **state)
{
    char command[512], line[256];

    (void)state;
    snprintf(command, sizeof command, "cp -r '%s' '%s'",
             test_scratch_path("w"), test_scratch_path("old"));
    assert_int_equal(system(command), 0);
    test_must("wallet provider -C @/w --leave", 0);
    assert_true(test_said("Nobody vouches"));
    offer("--configuration resident_id_sdjwt");
    assert_int_equal(test_type(RECEIVE "-C @/old @/offer")->code, 3);
    assert_true(test_said("does not vouch"));
    assert_int_equal(test_type(RECEIVE "-C @/w @/offer")->code, 5);
    test_must("wallet provider -C @/old --leave",
              0); /* as often as one likes */
    snprintf(line, sizeof line, "wallet provider -C @/w --local %s",
             provider_url());
    test_must(line, 0);
    test_must(RECEIVE "-C @/w @/offer", 0);
}

/* ---- what two issuers could compare ---- */

static yao_jws attested(const yao_provider_account *account)
{
    yao_provider *p;
    yao_key      *session;
    yao_bytes     jwt;
    yao_jws       jws;

    assert_status(yao_key_generate(YAO_ES256, &session), YAO_OK);
    const yao_public_key key = yao_key_public(session);
    assert_status(yao_provider_open(account, NULL, &p), YAO_OK);
    assert_status(yao_provider_attest(p, &key, test_arena(), &jwt), YAO_OK);
    yao_provider_close(p);
    yao_key_close(session);
    assert_status(yao_jws_read(test_arena(), jwt, &jws), YAO_OK);
    return jws;
}

/* Two wallets, or one twice: but for the key, and the hour, the same letters.
 */
static void says_the_same_of_all(void **state)
{
    const yao_provider_place place = {.url = provider_url(), .local = true};
    yao_provider_account     one, two;

    (void)state;
    assert_status(yao_provider_register(&place, test_arena(), &one), YAO_OK);
    assert_status(yao_provider_register(&place, test_arena(), &two), YAO_OK);
    assert_false(yao_bytes_equal(one.key, two.key));
    const yao_jws all[] = {attested(&one), attested(&one), attested(&two)};
    for (size_t i = 1; i < COUNT(all); i++) {
        const yao_json *a = all[0].payload->first, *b = all[i].payload->first;

        for (; a != NULL && b != NULL; a = a->next, b = b->next) {
            bool moment = yao_text_equal(a->name, YAO_TEXT("iat")) ||
                          yao_text_equal(a->name, YAO_TEXT("exp"));

            assert_true(yao_text_equal(a->name, b->name));
            if (yao_text_equal(a->name, YAO_TEXT("cnf")))
                assert_false(yao_text_equal(a->raw, b->raw));
            else if (!moment) /* an hour may have ended in between */
                assert_true(yao_text_equal(a->raw, b->raw));
        }
        assert_null(a);
        assert_null(b);
    }
}

/* ---- what is known of whom ---- */

static int canary(const char *what, const char *more)
{
    char command[8 * 4300];

    snprintf(command, sizeof command,
             "python3 '%s/tests/tools/canary.py' %s --record '%s' --value "
             CODE " --bytes '%s' %s >'%s' 2>&1",
             getenv("YAOPAI_SOURCE"), what,
             test_scratch_path("people/canary.jsonl"),
             test_scratch_path("people/specimen-11-old.jpg"), more,
             test_scratch_path("canary.txt"));
    int code = system(command);
    if (code != 0) {
        snprintf(command, sizeof command, "cat '%s'",
                 test_scratch_path("canary.txt"));
        (void)!system(command);
    }
    return code;
}

static void never_says_who(void **state)
{
    char more[5 * 4300];

    (void)state;
    assert_int_equal(canary("prove", ""), 0);
    /* the servers still run: their files as they lie there now */
    snprintf(more, sizeof more, "'%s' '%s' '%s' '%s' '%s'",
             test_scratch_path("p"), provider.log, test_scratch_path("a"),
             authority.log, test_scratch_path("w"));
    assert_int_equal(canary("scan", more), 0);
    snprintf(more, sizeof more, "'%s' >/dev/null",
             test_scratch_path("people"));
    assert_int_not_equal(canary("scan", more), 0); /* it can see */
    assert_int_equal(test_server_stop(&authority), 0);
    assert_int_equal(test_server_stop(&provider), 0);
    snprintf(more, sizeof more, "'%s' '%s'", test_scratch_path("p"),
             test_scratch_path("a"));
    assert_int_equal(canary("scan", more), 0);
}

/* Columns a provider may have: what is not named here is not to be there. */
static void keeps_no_more_than_said(void **state)
{
    char command[2 * 4300];

    (void)state;
    snprintf(command, sizeof command,
             "python3 '%s/tests/tools/canary.py' columns"
             " --may 'instance hash state day'"
             " --may 'backup hash token version day sealed'"
             " --may 'once kind hash expires payload' --may 'fact name value'"
             " --may 'lease name owner until fence'"
             " --may 'migration number name hash applied' '%s'",
             getenv("YAOPAI_SOURCE"),
             test_scratch_path("p/store/provider.db"));
    assert_int_equal(system(command), 0);
}

int main(void)
{
    test_add("vouched", "gives a provider, an authority and a person", prepare,
             NULL);
    test_add("vouched", "refuses what is no provider; joins one that is",
             joins, NULL);
    test_add("vouched", "accepts documents with the provider's word", receives,
             NULL);
    test_add("vouched", "accepts to renew them", renews, NULL);
    test_add("vouched", "refuses a wallet that nobody vouches for",
             needs_somebody, NULL);
    test_add("vouched", "refuses while the provider is down, and says so",
             tells_when_it_is_down, NULL);
    test_add("vouched", "refuses when the provider is full, and says so",
             tells_when_it_is_full, NULL);
    test_add("vouched", "refuses N338: a wallet that left, and its old copies",
             leaves_for_good, NULL);
    test_add("vouched", "N204 never says of two issuers' keys that one wallet "
             "has them", says_the_same_of_all, NULL);
    test_add("vouched", "never says who somebody is (N316, P-1, P-2, P-3)",
             never_says_who, NULL);
    test_add("vouched", "never keeps more than is said (P-2)",
             keeps_no_more_than_said, NULL);
    int code = test_run("journeys/vouched");
    test_scratch_remove();
    return code;
}
