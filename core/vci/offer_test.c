/* SPDX-License-Identifier: Apache-2.0 */
#include "vci/offer.h"

#include "check.h"

#include "vci/configuration.h"

/* ---- addresses ---------------------------------------------------------- */

static const struct address_row {
    const char *name, *url;
    bool        loopback;
    yao_status  want;
} addresses[] = {
    {"accepts an issuer", "https://issuer.example", false, YAO_OK},
    {"accepts one with port and path", "https://issuer.example:8443/a/b",
     false, YAO_OK},
    {"accepts this machine for a demo", "http://authority.localhost:8440",
     true, YAO_OK},
    {"accepts this machine by number for a test", "http://127.0.0.1:1234",
     true, YAO_OK},
    {"accepts this machine by the other number", "https://[::1]:1234/x", true,
     YAO_OK},
    {"accepts a name of the network for a demo", "https://wallet-a.local:8452",
     true, YAO_OK},
    {"accepts 10.0.0.1 for a demo", "https://10.0.0.1:8452", true, YAO_OK},
    {"accepts 172.16.0.1 for a demo", "https://172.16.0.1", true, YAO_OK},
    {"accepts 172.31.255.255 for a demo", "https://172.31.255.255", true,
     YAO_OK},
    {"accepts 192.168.178.20 for a demo", "https://192.168.178.20/a", true,
     YAO_OK},
    {"accepts 169.254.7.7 for a demo", "https://169.254.7.7", true, YAO_OK},
    {"accepts 127.0.0.2 for a test", "https://127.0.0.2:8452", true, YAO_OK},
    {"refuses N132: the network by http", "http://192.168.1.1", true,
     YAO_E_VALUE},
    {"refuses N132: its names by http", "http://wallet.local", true,
     YAO_E_VALUE},
    {"refuses N132: 11.0.0.1 for a demo, too", "https://11.0.0.1", true,
     YAO_E_VALUE},
    {"refuses N132: 172.15.0.1", "https://172.15.0.1", true, YAO_E_VALUE},
    {"refuses N132: 172.32.0.1", "https://172.32.0.1", true, YAO_E_VALUE},
    {"refuses N132: 192.169.0.1", "https://192.169.0.1", true, YAO_E_VALUE},
    {"refuses N132: 169.253.0.1", "https://169.253.0.1", true, YAO_E_VALUE},
    {"refuses N132: 10.0.0.256", "https://10.0.0.256", true, YAO_E_VALUE},
    {"refuses N132: 10.0.0.01", "https://10.0.0.01", true, YAO_E_VALUE},
    {"refuses N132: 10.0.0", "https://10.0.0", true, YAO_E_VALUE},
    {"refuses N132: 10.0.0.1.1", "https://10.0.0.1.1", true, YAO_E_VALUE},
    {"refuses N132: 10.0.0x1.1", "https://10.0.0x1.1", true, YAO_E_VALUE},
    {"refuses N132: a name below a name of the network",
     "https://a.wallet.local", true, YAO_E_VALUE},
    {"refuses N132: no name before .local", "https://.local", true,
     YAO_E_VALUE},
    {"refuses N132: a hyphen before .local", "https://wallet-.local", true,
     YAO_E_VALUE},
    {"refuses N132: http", "http://issuer.example", false, YAO_E_VALUE},
    {"refuses N132: http for a demo, too", "http://issuer.example", true,
     YAO_E_VALUE},
    {"refuses N132: this machine", "https://localhost:8440", false,
     YAO_E_VALUE},
    {"refuses N132: a query", "https://issuer.example?x=1", false,
     YAO_E_VALUE},
    {"refuses N132: a fragment", "https://issuer.example#x", false,
     YAO_E_VALUE},
    {"refuses N132: a name before it", "https://a@issuer.example", false,
     YAO_E_VALUE},
    {"refuses N132: a name and a word before it",
     "https://issuer.example:x@evil.example", false, YAO_E_VALUE},
    {"refuses N132: letters of another script",
     "https://\xd1\x96ssuer.example", false, YAO_E_VALUE},
    {"refuses N132: the same as xn--", "https://xn--ssuer-5ve.example", false,
     YAO_E_VALUE},
    {"refuses N132: XN-- in capitals", "https://XN--ssuer-5ve.example", false,
     YAO_E_VALUE},
    {"refuses N132: a private address", "https://192.168.1.1", false,
     YAO_E_VALUE},
    {"refuses N132: a public address", "https://93.184.216.34", false,
     YAO_E_VALUE},
    {"refuses N132: an address in short", "https://127.1", false, YAO_E_VALUE},
    {"refuses N132: an address as a number", "https://2130706433", false,
     YAO_E_VALUE},
    {"refuses N132: an address of the other kind", "https://[fe80::1]", false,
     YAO_E_VALUE},
    {"refuses a name without a point", "https://intranet", false,
     YAO_E_VALUE},
    {"refuses a name of a local network", "https://printer.local", false,
     YAO_E_VALUE},
    {"refuses N132: this machine in capitals", "https://evil.LOCALHOST",
     false, YAO_E_VALUE},
    {"refuses N132: a name of a local network in capitals",
     "https://printer.Local", false, YAO_E_VALUE},
    {"refuses N132: a name inside of a cloud", "https://metadata.INTERNAL",
     false, YAO_E_VALUE},
    {"refuses N132: a name of a home", "https://router.home.arpa", false,
     YAO_E_VALUE},
    {"accepts a name in capitals", "https://Issuer.Example", false, YAO_OK},
    {"refuses an empty label", "https://issuer..example", false, YAO_E_VALUE},
    {"refuses a point at the end", "https://issuer.example.", false,
     YAO_E_VALUE},
    {"refuses a hyphen at the end", "https://issuer-.example", false,
     YAO_E_VALUE},
    {"refuses an empty port", "https://issuer.example:", false, YAO_E_VALUE},
    {"refuses port 0", "https://issuer.example:0", false, YAO_E_VALUE},
    {"refuses port 65536", "https://issuer.example:65536", false,
     YAO_E_VALUE},
    {"refuses a blank", "https://issuer.example/a b", false, YAO_E_VALUE},
    {"refuses a backslash", "https://issuer.example\\@evil.example", false,
     YAO_E_VALUE},
    {"refuses no host", "https://", false, YAO_E_VALUE},
    {"refuses nothing", "", false, YAO_E_VALUE},
    {"refuses another scheme", "javascript:alert(1)", true, YAO_E_VALUE},
    {"refuses what only ends like this machine", "http://evil-localhost",
     true, YAO_E_VALUE},
};

static void checks_address(void **state)
{
    const struct address_row *r = *state;

    assert_status(yao_vci_check_issuer(yao_text_of(r->url), r->loopback),
                  r->want);
}

static void finds_well_known(void **state)
{
    static const struct {
        const char *issuer, *want;
    } places[] = {
        {"https://i.example",
         "https://i.example/.well-known/openid-credential-issuer"},
        {"https://i.example/",
         "https://i.example/.well-known/openid-credential-issuer"},
        {"https://i.example:9443/issuer1",
         "https://i.example:9443/.well-known/openid-credential-issuer/"
         "issuer1"}};

    (void)state;
    for (size_t i = 0; i < COUNT(places); i++) {
        uint8_t    room[128];
        yao_writer w = yao_writer_open(room, sizeof room);
        yao_vci_put_well_known(&w, yao_text_of(places[i].issuer),
                               "openid-credential-issuer");
        assert_status(w.status, YAO_OK);
        assert_bytes(((yao_bytes){room, w.len}),
                     yao_text_bytes(yao_text_of(places[i].want)));
    }
}

/* ---- links -------------------------------------------------------------- */

#define SCHEME "openid-credential-offer://"

static const struct link_row {
    const char *name, *link;
    yao_status  want;
} links[] = {
    {"accepts an offer by value", SCHEME "?credential_offer=%7B%7D", YAO_OK},
    {"accepts one by reference",
     SCHEME "?credential_offer_uri=https%3A%2F%2Fi.example%2Fo%3Fx%3D1",
     YAO_OK},
    {"accepts HAIP's scheme", "haip-vci://?credential_offer=%7B%7D", YAO_OK},
    {"accepts one in a page's fragment",
     "https://wallet.example/#x=1&credential_offer=%7B%7D", YAO_OK},
    {"accepts a blank that is a plus", SCHEME "?credential_offer=%7B+%7D",
     YAO_OK},
    {"refuses N135: both",
     SCHEME "?credential_offer=%7B%7D&credential_offer_uri=https://i.example",
     YAO_E_DUPLICATE},
    {"refuses N135: two by value",
     SCHEME "?credential_offer=%7B%7D&credential_offer=%7B%7D",
     YAO_E_DUPLICATE},
    {"refuses neither", SCHEME "?offer=%7B%7D", YAO_E_MISSING},
    {"refuses no parameters", SCHEME, YAO_E_MISSING},
    {"refuses another scheme", "mailto:?credential_offer=%7B%7D",
     YAO_E_MALFORMED},
    {"refuses a broken escape", SCHEME "?credential_offer=%7", YAO_E_MALFORMED},
    {"refuses an escape of no digits", SCHEME "?credential_offer=%zz",
     YAO_E_MALFORMED},
    {"refuses a reference to http",
     SCHEME "?credential_offer_uri=http%3A%2F%2Fi.example", YAO_E_VALUE},
    {"refuses a reference to a private address",
     SCHEME "?credential_offer_uri=https%3A%2F%2F10.0.0.1", YAO_E_VALUE},
    {"refuses a reference that is no text",
     SCHEME "?credential_offer_uri=https%3A%2F%2Fi.example%2F%ff",
     YAO_E_UTF8},
};

static void reads_link(void **state)
{
    const struct link_row *r   = *state;
    yao_vci_link           got = {.value = {NULL, 7}};

    assert_status(yao_vci_read_link(test_arena(),
                                    yao_text_bytes(yao_text_of(r->link)),
                                    false, &got),
                  r->want);
    if (r->want != YAO_OK)
        assert_int_equal(got.value.len, 7);
    else
        assert_true((got.value.len > 0) != (got.reference.len > 0));
}

static void refuses_long_link(void **state)
{
    static uint8_t link[YAO_VCI_MAX_OFFER + 1];
    yao_vci_link   got;

    (void)state;
    assert_status(yao_vci_read_link(test_arena(),
                                    (yao_bytes){link, sizeof link}, false,
                                    &got),
                  YAO_E_LIMIT);
}

/* ---- offers ------------------------------------------------------------- */

#define PRE "\"urn:ietf:params:oauth:grant-type:pre-authorized_code\":"
#define OFFER(ids, grants)                                                     \
    "{\"credential_issuer\":\"https://i.example\","                            \
    "\"credential_configuration_ids\":" ids ",\"grants\":" grants "}"
#define CODED(tx)                                                              \
    OFFER("[\"a\"]", "{" PRE "{\"pre-authorized_code\":\"c\"," tx "}}")

static const struct offer_row {
    const char *name, *json;
    yao_status  want;
} offers[] = {
    {"accepts a pre-authorized code",
     OFFER("[\"a\",\"b\"]", "{" PRE "{\"pre-authorized_code\":\"c\"}}"),
     YAO_OK},
    {"accepts an authorization code",
     OFFER("[\"a\"]", "{\"authorization_code\":{\"issuer_state\":\"s\"}}"),
     YAO_OK},
    {"accepts a transaction code of which nothing is said",
     CODED("\"tx_code\":{}"), YAO_OK},
    {"accepts members that nobody knows", CODED("\"x\":[{}]"), YAO_OK},
    {"refuses N135: no grants", OFFER("[\"a\"]", "{}"), YAO_E_MISSING},
    {"refuses N135: grants that nobody knows", OFFER("[\"a\"]", "{\"x\":{}}"),
     YAO_E_MISSING},
    {"refuses N135: a configuration twice",
     OFFER("[\"a\",\"a\"]", "{\"authorization_code\":{}}"), YAO_E_DUPLICATE},
    {"refuses no configuration", OFFER("[]", "{\"authorization_code\":{}}"),
     YAO_E_MISSING},
    {"refuses an empty configuration",
     OFFER("[\"\"]", "{\"authorization_code\":{}}"), YAO_E_MALFORMED},
    {"refuses configurations that are no array",
     OFFER("\"a\"", "{\"authorization_code\":{}}"), YAO_E_MALFORMED},
    {"refuses an empty code",
     OFFER("[\"a\"]", "{" PRE "{\"pre-authorized_code\":\"\"}}"),
     YAO_E_MALFORMED},
    {"refuses no code", OFFER("[\"a\"]", "{" PRE "{}}"), YAO_E_MISSING},
    {"refuses a transaction code of colours",
     CODED("\"tx_code\":{\"input_mode\":\"colour\"}"), YAO_E_MALFORMED},
    {"refuses a transaction code of no length",
     CODED("\"tx_code\":{\"length\":0}"), YAO_E_MALFORMED},
    {"refuses a transaction code of 65", CODED("\"tx_code\":{\"length\":65}"),
     YAO_E_MALFORMED},
    {"refuses a transaction code that is a string", CODED("\"tx_code\":\"1\""),
     YAO_E_MALFORMED},
    {"refuses N132: an issuer that no wallet speaks with",
     "{\"credential_issuer\":\"https://10.0.0.1\","
     "\"credential_configuration_ids\":[\"a\"],"
     "\"grants\":{\"authorization_code\":{}}}", YAO_E_VALUE},
    {"refuses no issuer",
     "{\"credential_configuration_ids\":[\"a\"],"
     "\"grants\":{\"authorization_code\":{}}}", YAO_E_MISSING},
    {"refuses an array", "[]", YAO_E_MALFORMED},
};

static void reads_offer(void **state)
{
    const struct offer_row *r   = *state;
    yao_vci_offer           got = {.id_count = 77};

    assert_status(yao_vci_read_offer(test_arena(),
                                     yao_text_bytes(yao_text_of(r->json)),
                                     false, &got),
                  r->want);
    if (r->want != YAO_OK)
        assert_int_equal(got.id_count, 77);
}

static void refuses_long_offer(void **state)
{
    static uint8_t json[YAO_VCI_MAX_OFFER + 1];
    yao_vci_offer  got;

    (void)state;
    assert_status(yao_vci_read_offer(test_arena(),
                                     (yao_bytes){json, sizeof json}, false,
                                     &got),
                  YAO_E_LIMIT);
}

static void writes_offer(void **state)
{
    const yao_vci_offer put = {
        .issuer              = YAO_TEXT("https://i.example/\xe6\x9c\xba"),
        .ids                 = {YAO_TEXT("a"), YAO_TEXT("b")},
        .id_count            = 2,
        .with_pre_authorized = true,
        .pre_authorized_code = YAO_TEXT("c & d"),
        .tx_code = {.wanted = true, .length = 6, .description = YAO_TEXT("?")},
        .with_code    = true,
        .issuer_state = YAO_TEXT("s")};
    yao_vci_offer offer = put, got;
    yao_vci_link  link;
    yao_bytes     json, letters;

    (void)state;
    offer.issuer = YAO_TEXT("https://i.example");
    yao_writer w = yao_writer_in(test_arena());
    yao_vci_put_offer(&w, &offer);
    assert_status(yao_writer_keep(&w, test_arena(), &json), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_vci_put_offer_link(&w, SCHEME, json);
    assert_status(yao_writer_keep(&w, test_arena(), &letters), YAO_OK);
    assert_status(yao_vci_read_link(test_arena(), letters, false, &link),
                  YAO_OK);
    assert_bytes(link.value, json);
    assert_status(yao_vci_read_offer(test_arena(), link.value, false, &got),
                  YAO_OK);
    assert_true(
        yao_text_equal(got.pre_authorized_code, offer.pre_authorized_code));
    assert_int_equal(got.tx_code.length, 6);
    assert_true(got.with_code && got.tx_code.wanted);

    offer.id_count = 0;
    w              = yao_writer_count();
    yao_vci_put_offer(&w, &offer);
    assert_status(w.status, YAO_E_USAGE);
}

static void reads_published(void **state)
{
    static const char *const files[] = {
        "openid4vci-1.0/credential_offer_multiple_credentials.json",
        "openid4vci-1.0/credential_offer_pre-authz_code.json",
        "openid4vci-1.0/credential_offer_authz_code.txt",
        "openid4vci-1.0/credential_offer_by_reference.json"};
    yao_vci_offer got;

    (void)state;
    if (!test_have_vectors())
        skip();
    for (size_t i = 0; i < COUNT(files); i++) {
        yao_bytes  file = test_vector(files[i]);
        size_t     at   = yao_bytes_find(file, '{');
        yao_bytes  json = {file.ptr + at, file.len - at};
        yao_status status =
            yao_vci_read_offer(test_arena(), json, false, &got);
        assert_status(status, YAO_OK);
        assert_true(got.id_count > 0);
    }
    /* an older draft's names */
    assert_status(
        yao_vci_read_offer(
            test_arena(),
            test_vector("haip-1.0/credential_offer_sd_jwt_vc.json"), false,
            &got),
        YAO_E_MISSING);
}

/* ---- configurations ----------------------------------------------------- */

static void finds_configurations(void **state)
{
    const yao_catalogue  *c    = yao_catalogue_shipped();
    yao_vci_walk          walk = {.cards = true};
    yao_vci_configuration one, found;
    size_t                count = 0, cards = 0;

    (void)state;
    while (yao_vci_next_configuration(c, &walk, &one)) {
        uint8_t    room[256];
        yao_writer w = yao_writer_open(room, sizeof room);
        yao_vci_put_configuration_id(&w, &one);
        assert_status(w.status, YAO_OK);
        assert_status(
            yao_vci_find_configuration(c, (yao_text){room, w.len}, &found),
            YAO_OK);
        assert_int_equal(found.format, one.format);
        assert_ptr_equal(found.definition, one.definition);
        assert_ptr_equal(found.profile, one.profile);
        assert_true(yao_text_equal(found.choice, one.choice));
        assert_true(yao_vci_configuration_type(&one).len > 0);
        count++;
        cards += one.format == YAO_VCI_CARD;
    }
    assert_true(count >= 2 * c->definition_count && cards > 10);
}

static const char *const strangers[] = {
    "", "resident_id", "resident_id_", "resident_id_ldp", "_mdoc",
    "nothing_mdoc", "resident_id_mdoc ", "resident_id_card",
    "resident_id_card.", "resident_id_card.nothing", "resident_id_card.hotel.",
    "resident_id_card.hotel.x", "resident_id_card.age",
    "resident_id_card.age.age_over_99", "pass_card.hotel",
    "resident_id_card.mortgage"};

static void refuses_strangers(void **state)
{
    yao_vci_configuration found;

    (void)state;
    for (size_t i = 0; i < COUNT(strangers); i++)
        assert_status(yao_vci_find_configuration(yao_catalogue_shipped(),
                                                 yao_text_of(strangers[i]),
                                                 &found),
                      YAO_E_NOT_FOUND);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(addresses); i++)
        test_add("address", addresses[i].name, checks_address, &addresses[i]);
    for (size_t i = 0; i < COUNT(links); i++)
        test_add("link", links[i].name, reads_link, &links[i]);
    for (size_t i = 0; i < COUNT(offers); i++)
        test_add("offer", offers[i].name, reads_offer, &offers[i]);
    test_add("address", "gives where an issuer is described", finds_well_known,
             NULL);
    test_add("link", "refuses one above the limit", refuses_long_link, NULL);
    test_add("offer", "refuses one above the limit", refuses_long_offer, NULL);
    test_add("offer", "gives what is read back", writes_offer, NULL);
    test_add("offer", "accepts published examples", reads_published, NULL);
    test_add("configuration", "gives each by its id", finds_configurations,
             NULL);
    test_add("configuration", "refuses ids of nothing", refuses_strangers,
             NULL);
    return test_run("vci/offer");
}
