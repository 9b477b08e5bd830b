/* SPDX-License-Identifier: Apache-2.0 */
/* The registry of wallets, as an operator may write it. */

#include "authority/vci/clients.h"

#include "check.h"

#define KEY                                                                    \
    "{\"kty\":\"EC\",\"crv\":\"P-256\","                                       \
    "\"x\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs\","                   \
    "\"y\":\"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA\"}"
#define CLIENT(more) "{\"clients\":[{\"client_id\":\"a\"" more "}]}"
#define ATTESTER(all) "{\"attesters\":[{" all "}]}"

static const struct row {
    const char *name, *text;
    yao_status  want;
} rows[] = {
    {"accepts nobody", "{}", YAO_OK},
    {"accepts a client", CLIENT(",\"redirect_uris\":[\"https://a.example\"]"),
     YAO_OK},
    {"accepts a client with a key",
     CLIENT(",\"jwks\":{\"keys\":[" KEY "]}"), YAO_OK},
    {"accepts an attester with a root", ATTESTER("\"roots\":[\"a.pem\"]"),
     YAO_OK},
    {"accepts an attester with a key",
     ATTESTER("\"jwks\":{\"keys\":[" KEY "]}"), YAO_OK},
    {"accepts an attester of keys only",
     ATTESTER("\"roots\":[\"a.pem\"],\"wallets\":false"), YAO_OK},
    {"refuses an attester of wallets whose word is no yes or no",
     ATTESTER("\"roots\":[\"a.pem\"],\"wallets\":\"no\""), YAO_E_MALFORMED},
    {"refuses an attester without either",
     ATTESTER("\"iss\":\"https://a.example\""), YAO_E_MALFORMED},
    {"refuses an attester with no roots at all", ATTESTER("\"roots\":[]"),
     YAO_E_MALFORMED},
    {"refuses a misspelt member of a client", CLIENT(",\"redirect_uri\":[]"),
     YAO_E_MALFORMED},
    {"refuses a misspelt member of an attester",
     ATTESTER("\"roots\":[\"a\"],\"anyclient\":true"), YAO_E_MALFORMED},
    {"refuses a misspelt member of the whole", "{\"client\":[]}",
     YAO_E_MALFORMED},
    {"refuses a client twice",
     "{\"clients\":[{\"client_id\":\"a\"},{\"client_id\":\"a\"}]}",
     YAO_E_MALFORMED},
    {"refuses a client without id", "{\"clients\":[{}]}", YAO_E_MALFORMED},
    {"refuses an empty id", "{\"clients\":[{\"client_id\":\"\"}]}",
     YAO_E_MALFORMED},
    {"refuses a private key",
     CLIENT(",\"jwks\":{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","
            "\"x\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs\","
            "\"y\":\"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA\","
            "\"d\":\"AA\"}]}"),
     YAO_E_KEY},
    {"refuses no keys where there is a jwks",
     CLIENT(",\"jwks\":{\"keys\":[]}"), YAO_E_MALFORMED},
    {"refuses more keys than there is room for",
     CLIENT(",\"jwks\":{\"keys\":[" KEY "," KEY "," KEY "," KEY "," KEY "]}"),
     YAO_E_LIMIT},
    {"refuses truth in letters", CLIENT(",\"any_redirect_uri\":\"yes\""),
     YAO_E_MALFORMED},
    {"refuses clients that are no list", "{\"clients\":{}}", YAO_E_MALFORMED},
    {"refuses a list", "[]", YAO_E_MALFORMED},
    {"refuses half of it", "{\"clients\":[", YAO_E_TRUNCATED},
};

static vci_clients clients;

static void read_row(void **state)
{
    const struct row *row = *state;

    assert_status(vci_clients_parse(test_arena(),
                                    yao_text_bytes(yao_text_of(row->text)),
                                    &clients),
                  row->want);
}

static const struct place_row {
    const char *name, *place;
    bool        listed, any, vouched; /* of the client; of its attester */
    yao_status  want;
} places[] = {
    {"accepts what is listed", "https://w.example/cb", true, false, false,
     YAO_OK},
    {"refuses what is not", "https://w.example/cb2", true, false, true,
     YAO_E_REFUSED},
    {"accepts anything where the client may", "https://w.example/cb2", true,
     true, false, YAO_OK},
    {"accepts anything where an attester vouches", "https://w.example/cb2",
     false, false, true, YAO_OK},
    {"accepts a scheme of its own", "app.example://cb", false, false, true,
     YAO_OK},
    {"refuses anything where nobody may", "https://w.example/cb2", false,
     false, false, YAO_E_REFUSED},
    {"N149 refuses a script", "javascript://a/%0aalert(1)", false, true, true,
     YAO_E_REFUSED},
    {"N149 refuses a script in capitals", "JAVASCRIPT://a", false, true, true,
     YAO_E_REFUSED},
    {"N149 refuses data", "data://text/html,a", false, true, true,
     YAO_E_REFUSED},
    {"N149 refuses a file", "file:///etc/passwd", false, true, true,
     YAO_E_REFUSED},
    {"N149 refuses a user before the host",
     "https://bank.example@evil.example/cb", false, true, true,
     YAO_E_REFUSED},
    {"N149 refuses a user in a scheme of its own", "app://a@b/cb", false, true,
     true, YAO_E_REFUSED},
    {"accepts an @ behind the host", "https://w.example/@cb?a=@", false, true,
     true, YAO_OK},
    {"N149 refuses what others on the way could read", "http://w.example/cb",
     false, true, true, YAO_E_REFUSED},
    {"N149 refuses a name that only begins like this machine",
     "http://localhost.evil.example/cb", false, true, true, YAO_E_REFUSED},
    {"N149 refuses HTTP in capitals", "HTTP://w.example/cb", false, true, true,
     YAO_E_REFUSED},
    {"accepts this machine by number", "http://127.0.0.1:4711/cb", false, true,
     true, YAO_OK},
    {"accepts this machine by the other number", "http://[::1]:4711/cb", false,
     true, true, YAO_OK},
    {"accepts this machine by name", "http://wallet.localhost:8441/cb", false,
     true, true, YAO_OK},
};

static void check_place(void **state)
{
    const struct place_row *row    = *state;
    const yao_text          listed = YAO_TEXT("https://w.example/cb");
    const vci_client        client = {.redirect_uris  = &listed,
                                      .redirect_count = row->listed ? 1 : 0,
                                      .any_redirect   = row->any};

    assert_status(vci_client_check_redirect(&client, row->vouched,
                                            yao_text_of(row->place)),
                  row->want);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("read", rows[i].name, read_row, &rows[i]);
    for (size_t i = 0; i < COUNT(places); i++)
        test_add("redirect", places[i].name, check_place, &places[i]);
    return test_run("authority/vci/clients");
}
