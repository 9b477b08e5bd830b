/* SPDX-License-Identifier: Apache-2.0 */
/* Each row: one thing is wrong, and all the others are right. */
#include "authenticator.h"

#include "webauthn/authdata.h"

static yao_openssl      *openssl;
static const yao_crypto *crypto;
static authenticator     pen;

#define CHALLENGE "0123456789abcdef0123456789abcdef"
#define P256_X "11111111111111111111111111111111111111111111111111111111111111"

static const yao_webauthn_expected expected = {
    .rp_id     = YAO_INIT("console.example"),
    .origin    = YAO_INIT("https://console.example:8444"),
    .challenge = YAO_INIT(CHALLENGE),
};

typedef struct row {
    const char *name;
    yao_status  want;
    ceremony    how;
} row;

/* The same for both ceremonies; %s is the challenge. */
static const row both[] = {
    {"accepts what is as it should be", YAO_OK, {.type = NULL}},
    {"accepts client data without crossOrigin", YAO_OK, {.more = ""}},
    {"accepts members of client data that nobody knows yet", YAO_OK,
     {.more = ",\"x\":{\"y\":[1]}"}},
    {"accepts extensions, whatever they are", YAO_OK,
     {.extensions = "a26b686d61632d736563726574f56b6372656450726f7465637402"}},
    {"accepts a passkey that was copied, and may be", YAO_OK, {.flags = 0x1d}},
    {"accepts flags that are reserved", YAO_OK, {.flags = 0x05 | 0x22}},
    {"refuses the type of the other ceremony", YAO_E_MISMATCH,
     {.type = "webauthn.other"}},
    {"refuses N268: another origin", YAO_E_MISMATCH,
     {.origin = "https://console.example"}},
    {"refuses an origin that goes on", YAO_E_MISMATCH,
     {.origin = "https://console.example:8444.evil.example"}},
    {"refuses an origin of another case", YAO_E_MISMATCH,
     {.origin = "https://Console.example:8444"}},
    {"refuses N268: another relying party", YAO_E_MISMATCH,
     {.rp_id = "evil.example"}},
    {"refuses a page inside of another one", YAO_E_MISMATCH,
     {.more = ",\"crossOrigin\":true"}},
    {"refuses a page that names one above it", YAO_E_MISMATCH,
     {.more = ",\"crossOrigin\":false,\"topOrigin\":\"https://a.example\""}},
    {"refuses a crossOrigin that is neither true nor false", YAO_E_MALFORMED,
     {.more = ",\"crossOrigin\":\"false\""}},
    {"refuses nobody present", YAO_E_NOT_AUTHORISED, {.flags = 0x04}},
    {"refuses N268: nobody verified", YAO_E_NOT_AUTHORISED, {.flags = 0x01}},
    {"refuses a copy of what may not be copied", YAO_E_VALUE, {.flags = 0x15}},
    {"refuses extensions that are no map", YAO_E_MALFORMED,
     {.extensions = "80"}},
    {"refuses extensions that are cut", YAO_E_TRUNCATED,
     {.extensions = "a161"}},
    {"refuses bytes behind", YAO_E_TRAILING, {.tail = "00"}},
    {"refuses attested data where none belongs, and none where it does",
     YAO_E_MALFORMED, {.attested = true}},
    {"refuses client data that are none", YAO_E_MALFORMED, {.client = "x"}},
    {"refuses client data that are a list", YAO_E_MALFORMED,
     {.client = "[\"%s\"]"}},
    {"refuses client data without a challenge", YAO_E_MISSING,
     {.client = "{\"type\":\"webauthn.create\","
                "\"origin\":\"https://console.example:8444\"}"}},
    {"refuses client data with two challenges", YAO_E_DUPLICATE,
     {.client = "{\"type\":\"webauthn.create\",\"challenge\":\"x\","
                "\"challenge\":\"%s\","
                "\"origin\":\"https://console.example:8444\"}"}},
    {"refuses client data with bytes behind", YAO_E_TRAILING,
     {.client = "{} "  "{}"}},
    {"refuses client data that are cut", YAO_E_TRUNCATED, {.client = "{"}},
    {"refuses client data in no UTF-8", YAO_E_UTF8,
     {.client = "{\"type\":\"\xff\"}"}},
};

static const row creations[] = {
    {"accepts an attestation by the key itself", YAO_OK, {.self = true}},
    {"accepts an identifier of 1023 bytes", YAO_OK, {.id_len = 1023}},
    {"refuses an identifier of 1024 bytes", YAO_E_LIMIT, {.id_len = 1024}},
    {"refuses a wrong attestation by the key itself", YAO_E_BAD_SIGNATURE,
     {.self = true, .spoil = true}},
    {"refuses an attestation of another algorithm", YAO_E_ALGORITHM,
     {.self = true, .alg = -257}},
    {"refuses an attestation by others", YAO_E_UNSUPPORTED,
     {.self = true, .x5c = true}},
    {"refuses an attestation signature that is no DER", YAO_E_MALFORMED,
     {.self = true, .raw = true}},
    {"refuses a key that says no algorithm", YAO_E_KEY,
     {.key = "a401022001215820" P256_X "11" "225820" P256_X "11"}},
    {"refuses a key of another algorithm", YAO_E_KEY,
     {.key = "a50102033825 2001215820" P256_X "11" "225820" P256_X "11"}},
    {"refuses a key of another kind", YAO_E_KEY,
     {.key = "a4010103272006215820" P256_X "11"}},
    {"refuses a key with its secret", YAO_E_KEY,
     {.key = "a6010203262001215820" P256_X "11" "225820" P256_X "11"
             "235820" P256_X "11"}},
    {"refuses a key with a label twice", YAO_E_DUPLICATE,
     {.key = "a601020326032620012158 20" P256_X "11" "225820" P256_X "11"}},
    {"refuses an attestation object that is none", YAO_E_MALFORMED,
     {.attestation = "80"}},
    {"refuses an empty attestation object", YAO_E_MISSING,
     {.attestation = "a0"}},
    {"refuses a cut attestation object", YAO_E_TRUNCATED,
     {.attestation = "a3"}},
    {"refuses a format that nobody knows", YAO_E_MISSING,
     {.attestation = "a163666d7463747065"}},
    {"refuses another member of an attestation object", YAO_E_MALFORMED,
     {.attestation = "a1617801"}},
    {"refuses a format twice", YAO_E_MALFORMED,
     {.attestation = "a263666d74646e6f6e6563666d74646e6f6e65"}},
    {"refuses a head that is longer than needed", YAO_E_NOT_SHORTEST,
     {.attestation = "b800"}},
};

static const row assertions[] = {
    {"refuses a wrong signature", YAO_E_BAD_SIGNATURE, {.spoil = true}},
    {"refuses a signature that is no DER", YAO_E_MALFORMED, {.raw = true}},
};

static yao_status finish(yao_webauthn_pending    *p,
                         yao_webauthn_credential *ret)
{
    assert_status(crypto->verify(crypto->ctx, p->checks, p->count), YAO_OK);
    return yao_webauthn_finish(p, ret);
}

static yao_status create(const ceremony *how, yao_webauthn_credential *ret)
{
    yao_webauthn_response response = auth_create(&pen, how, crypto, &expected);
    yao_webauthn_pending  p;

    YAO_TRY(yao_webauthn_check_creation(crypto, &expected, &response,
                                        test_arena(), &p));
    return finish(&p, ret);
}

static yao_webauthn_credential known(void)
{
    static const ceremony   good = {.type = NULL};
    yao_webauthn_credential c;

    pen.counter = 1;
    assert_status(create(&good, &c), YAO_OK);
    pen.counter = 2;
    return c;
}

static yao_status assertion(const ceremony *how, yao_webauthn_credential *ret)
{
    yao_webauthn_credential c        = known();
    yao_webauthn_response   response = auth_get(&pen, how, crypto, &expected);
    yao_webauthn_pending    p;

    c.may_move = (how->flags & 0x08) != 0;
    YAO_TRY(yao_webauthn_check_assertion(crypto, &expected, &c, &response,
                                         test_arena(), &p));
    return finish(&p, ret);
}

static void creates(void **state)
{
    const row              *r = *state;
    yao_webauthn_credential c;

    pen.counter = 1;
    assert_status(create(&r->how, &c), r->want);
    if (r->want != YAO_OK)
        return;
    yao_public_key key = yao_openssl_key_public(pen.key);
    assert_true(yao_public_key_equal(&c.key, &key));
    assert_int_equal(c.counter, 1);
    assert_int_equal(c.may_move, (r->how.flags & 0x08) != 0);
    assert_int_equal(c.moved, (r->how.flags & 0x10) != 0);
}

static void asserts(void **state)
{
    const row              *r = *state;
    yao_webauthn_credential c;

    assert_status(assertion(&r->how, &c), r->want);
    if (r->want == YAO_OK)
        assert_int_equal(c.counter, 2);
}

/* ---- counters, copies, identifiers --------------------------------------- */

static const struct count {
    const char *name;
    uint32_t    before, now;
    yao_status  want;
} counts[] = {
    {"accepts an authenticator that does not count", 0, 0, YAO_OK},
    {"accepts one that begins to count", 0, 1, YAO_OK},
    {"accepts a counter that goes forward by many", 7, 4000000000u, YAO_OK},
    {"refuses N268: a counter that stands", 7, 7, YAO_E_REVOKED},
    {"refuses N268: a counter that goes back", 7, 6, YAO_E_REVOKED},
    {"refuses a counter that ends", 7, 0, YAO_E_REVOKED},
};

static void counts_on(void **state)
{
    static const ceremony   good = {.type = NULL};
    const struct count     *n    = *state;
    yao_webauthn_credential c    = known();
    yao_webauthn_pending    p;

    c.counter   = n->before;
    pen.counter = n->now;
    yao_webauthn_response response = auth_get(&pen, &good, crypto, &expected);
    assert_status(yao_webauthn_check_assertion(crypto, &expected, &c, &response,
                                               test_arena(), &p),
                  n->want);
}

static void is_the_same(void **state)
{
    static const ceremony   good = {.type = NULL}, copied = {.flags = 0x0d};
    yao_webauthn_credential c = known(), other = c;
    yao_webauthn_pending    p;
    (void)state;

    other.id.len--;
    yao_webauthn_response response = auth_get(&pen, &good, crypto, &expected);
    assert_status(yao_webauthn_check_assertion(crypto, &expected, &other,
                                               &response, test_arena(), &p),
                  YAO_E_MISMATCH);
    response = auth_get(&pen, &copied, crypto, &expected);
    assert_status(yao_webauthn_check_assertion(crypto, &expected, &c, &response,
                                               test_arena(), &p),
                  YAO_E_MISMATCH);
    response = auth_create(&pen, &good, crypto, &expected);
    response.id.len--;
    assert_status(yao_webauthn_check_creation(crypto, &expected, &response,
                                              test_arena(), &p),
                  YAO_E_MISMATCH);
}

static void wants_its_challenge(void **state)
{
    static const ceremony good  = {.type = NULL};
    yao_webauthn_expected other = expected, small = expected;
    yao_webauthn_response r = auth_create(&pen, &good, crypto, &expected);
    yao_webauthn_pending  p;
    (void)state;

    other.challenge = YAO_LIT("0123456789abcdef0123456789abcdeF");
    assert_status(yao_webauthn_check_creation(crypto, &other, &r, test_arena(),
                                              &p),
                  YAO_E_MISMATCH);
    small.challenge = YAO_LIT("0123456789abcde");
    assert_status(yao_webauthn_check_creation(crypto, &small, &r, test_arena(),
                                              &p),
                  YAO_E_USAGE);
}

static void believes_no_home(void **state)
{
    static const ceremony   good = {.type = NULL};
    yao_webauthn_credential c    = known(), out;
    yao_webauthn_response   r    = auth_get(&pen, &good, crypto, &expected);
    yao_webauthn_pending    p;
    (void)state;

    assert_status(yao_webauthn_check_assertion(crypto, &expected, &c, &r,
                                               test_arena(), &p),
                  YAO_OK);
    assert_status(yao_webauthn_finish(&p, &out), YAO_E_CRYPTO);
    p.checks[0].outcome = YAO_SIG_UNSUPPORTED;
    assert_status(yao_webauthn_finish(&p, &out), YAO_E_UNSUPPORTED);
}

/* ---- sweeps -------------------------------------------------------------- */

static yao_status read_object(yao_bytes input, void *context)
{
    yao_webauthn_response r = *(const yao_webauthn_response *)context;
    yao_webauthn_pending  p;

    r.attestation = input;
    return yao_webauthn_check_creation(crypto, &expected, &r, test_arena(), &p);
}

static void every_prefix(void **state)
{
    static const ceremony self = {.self = true};
    yao_webauthn_response r    = auth_create(&pen, &self, crypto, &expected);
    (void)state;

    test_every_prefix(read_object, r.attestation, &r);
}

/* What the signature covers: no bit of it may be another. */
static yao_status read_data(yao_bytes input, void *context)
{
    yao_webauthn_response   r = *(const yao_webauthn_response *)context;
    yao_webauthn_credential c = known(), out;
    yao_webauthn_pending    p;
    yao_arena               arena = *test_arena();

    r.authenticator = input;
    YAO_TRY(yao_webauthn_check_assertion(crypto, &expected, &c, &r, &arena,
                                         &p));
    return finish(&p, &out);
}

static void every_bit(void **state)
{
    static const ceremony good = {.type = NULL};

    (void)state;
    (void)known();
    yao_webauthn_response r = auth_get(&pen, &good, crypto, &expected);
    test_every_bit(read_data, r.authenticator, &r, NULL);
}

static yao_status take_room(yao_arena *arena, void *context)
{
    yao_webauthn_pending p;

    return yao_webauthn_check_creation(crypto, &expected, context, arena, &p);
}

static void every_arena(void **state)
{
    static const ceremony self = {.self = true};
    yao_webauthn_response r    = auth_create(&pen, &self, crypto, &expected);
    (void)state;

    test_every_arena(take_room, &r, 4096);
}

/* ---- JSON ---------------------------------------------------------------- */

static const struct text {
    const char *name, *text;
    yao_status  want;
} texts[] = {
    {"accepts a response with a user handle",
     "{\"type\":\"public-key\",\"id\":\"AQ\",\"rawId\":\"AQ\",\"x\":1,"
     "\"response\":{\"clientDataJSON\":\"e30\",\"authenticatorData\":\"AA\","
     "\"signature\":\"AA\",\"userHandle\":\"BA\"}}", YAO_OK},
    {"refuses a response of another type",
     "{\"type\":\"password\",\"id\":\"AQ\",\"rawId\":\"AQ\"}",
     YAO_E_MALFORMED},
    {"refuses a list", "[]", YAO_E_MALFORMED},
    {"refuses a response without an identifier",
     "{\"type\":\"public-key\",\"rawId\":\"AQ\"}", YAO_E_MISSING},
    {"refuses an empty identifier",
     "{\"type\":\"public-key\",\"id\":\"\",\"rawId\":\"\"}", YAO_E_MISMATCH},
    {"refuses two identifiers",
     "{\"type\":\"public-key\",\"id\":\"AQ\",\"rawId\":\"Ag\"}",
     YAO_E_MISMATCH},
    {"refuses padding",
     "{\"type\":\"public-key\",\"id\":\"AQ==\",\"rawId\":\"AQ==\"}",
     YAO_E_BASE64},
    {"refuses a response without its inside",
     "{\"type\":\"public-key\",\"id\":\"AQ\",\"rawId\":\"AQ\"}",
     YAO_E_MISSING},
    {"refuses a response without a signature",
     "{\"type\":\"public-key\",\"id\":\"AQ\",\"rawId\":\"AQ\","
     "\"response\":{\"clientDataJSON\":\"e30\",\"authenticatorData\":\"AA\"}}",
     YAO_E_MISSING},
};

static void reads(void **state)
{
    const struct text    *t = *state;
    const yao_json       *json;
    yao_webauthn_response r;

    assert_status(yao_json_parse(test_arena(),
                                 (yao_bytes){(const uint8_t *)t->text,
                                             strlen(t->text)},
                                 &json),
                  YAO_OK);
    assert_status(yao_webauthn_read_response(json, test_arena(), &r), t->want);
    assert_status(yao_webauthn_read_response(NULL, test_arena(), &r),
                  YAO_E_MISSING);
}

static void reads_what_was_written(void **state)
{
    static const ceremony good = {.type = NULL};
    yao_webauthn_response r    = auth_create(&pen, &good, crypto, &expected), s;
    yao_writer            w    = yao_writer_in(test_arena());
    const yao_json       *json;
    (void)state;

    auth_put_json(&w, &r);
    assert_status(yao_json_parse(test_arena(), auth_keep(&w), &json), YAO_OK);
    assert_status(yao_webauthn_read_response(json, test_arena(), &s), YAO_OK);
    assert_bytes(s.attestation, r.attestation);
    assert_bytes(s.id, r.id);
    r.id = (yao_bytes){memset(yao_arena_take(test_arena(), 1024), 1, 1024),
                       1024};
    w    = yao_writer_in(test_arena());
    auth_put_json(&w, &r);
    assert_status(yao_json_parse(test_arena(), auth_keep(&w), &json), YAO_OK);
    assert_status(yao_webauthn_read_response(json, test_arena(), &s),
                  YAO_E_LIMIT);
}

static yao_status write_creation(yao_writer *w, void *context)
{
    yao_webauthn_put_creation(w, context);
    return w->status;
}

static void gives_options(void **state)
{
    yao_bytes             ids[] = {YAO_INIT("\x01"), YAO_INIT("\x02\x03")};
    yao_webauthn_creation c = {.rp_id       = YAO_TEXT("a.example"),
                               .rp_name     = YAO_TEXT("A \"b\""),
                               .challenge   = YAO_LIT("0123456789abcdef"),
                               .user        = YAO_LIT("\xff"),
                               .user_name   = YAO_TEXT("clerk-7"),
                               .known       = ids,
                               .known_count = 2};
    yao_writer      w = yao_writer_in(test_arena());
    const yao_json *json, *list;
    yao_text        text;
    (void)state;

    yao_webauthn_put_creation(&w, &c);
    assert_status(yao_json_parse(test_arena(), auth_keep(&w), &json), YAO_OK);
    assert_true(yao_json_is(yao_json_get(json, "challenge"),
                            "MDEyMzQ1Njc4OWFiY2RlZg"));
    assert_true(yao_json_is(yao_json_get(json, "attestation"), "none"));
    assert_true(yao_json_is(
        yao_json_get(yao_json_get(json, "authenticatorSelection"),
                     "userVerification"),
        "required"));
    list = yao_json_get(json, "excludeCredentials");
    assert_int_equal(list->count, 2);
    assert_true(yao_json_is(yao_json_get(list->first->next, "id"), "AgM"));
    assert_status(yao_json_string(
                      yao_json_get(yao_json_get(json, "rp"), "name"),
                      test_arena(), &text),
                  YAO_OK);
    assert_true(yao_text_equal(text, c.rp_name));
    test_every_room(write_creation, &c);

    w = yao_writer_in(test_arena());
    yao_webauthn_put_request(&w, c.rp_id, c.challenge, NULL, 0);
    assert_status(yao_json_parse(test_arena(), auth_keep(&w), &json), YAO_OK);
    assert_int_equal(yao_json_get(json, "allowCredentials")->count, 0);
    assert_true(yao_json_is(yao_json_get(json, "userVerification"),
                            "required"));
}

/* ---- examples of the specification --------------------------------------- */

/* WebAuthn Level 3 section 16 ("Test Vectors"): none.ES256, packed-self.ES256,
 * none.ES256.crossOrigin, for https://example.org. */
#define EXAMPLE_RP                                                             \
    "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b5"
#define EXAMPLE_SELF_CLIENT                                                    \
    "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e67"   \
    "65223a2265476e4374334c55745936366b336a506a796e6962506b31716e6666446169"   \
    "66715a774c33417032392d55222c226f726967696e223a2268747470733a2f2f657861"   \
    "6d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c2265787472"   \
    "6144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e"   \
    "6465642077697468206164646974696f6e616c206669656c647320696e207468652066"   \
    "75747572652c207375636820617320746869733a205539685458764b453255526b4d6e"   \
    "625f307859485667227d"
#define EXAMPLE_SELF                                                           \
    "a363666d74667061636b65646761747453746d74a263616c6726637369675846304402"   \
    "20067a20754ab925005dbf378097c92120031581c73228d1fb4f5b881bcd7da9830220"   \
    "7fc7b147558c7c0eba3af18bd9d121fa3d3a26d17fe3f220272178f473b6006d686175"   \
    "74684461746158a4" EXAMPLE_RP                                              \
    "5d00000000df850e09db6afbdfab51697791506cfc0020455ef34e2043a87db3d4afeb"   \
    "39bbcb6cc32df9347c789a865ecdca129cbef58ca5010203262001215820eb151c8176"   \
    "b225cc651559fecf07af450fd85802046656b34c18f6cf193843c5225820927b8aa427"   \
    "a2be1b8834d233a2d34f61f13bfd44119c325d5896e183fee484f2"

static void example(void **state)
{
    yao_webauthn_expected e = {
        .rp_id     = YAO_TEXT("example.org"),
        .origin    = YAO_TEXT("https://example.org"),
        .challenge = test_unhex("7869c2b772d4b58eba9378cf8f29e26cf935aa77df0da"
                                "89fa99c0bdc0a76f7e5")};
    yao_webauthn_response r = {
        .id = test_unhex("455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdc"
                         "a129cbef58c"),
        .client_data = test_unhex(EXAMPLE_SELF_CLIENT),
        .attestation = test_unhex(EXAMPLE_SELF)};
    yao_webauthn_pending    p;
    yao_webauthn_credential c;
    (void)state;

    assert_status(yao_webauthn_check_creation(crypto, &e, &r, test_arena(), &p),
                  YAO_OK);
    assert_int_equal(p.count, 1);
    assert_status(finish(&p, &c), YAO_OK);
    assert_true(c.may_move && c.moved);

    /* its later assertion was made without verifying who was there */
    r.client_data = test_unhex(
        "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a"
        "225248696843784e534e493352594d45314f7731476d3132786e726b634a5f66667076"
        "37546e2d4a71386773222c226f726967696e223a2268747470733a2f2f6578616d706c"
        "652e6f7267222c2263726f73734f726967696e223a66616c73652c2265787472614461"
        "7461223a22636c69656e74446174614a534f4e206d617920626520657874656e646564"
        "2077697468206164646974696f6e616c206669656c647320696e207468652066757475"
        "72652c207375636820617320746869733a20675462353372"
        "7a36456853576f6d58477a696d433151227d");
    r.authenticator = test_unhex(EXAMPLE_RP "0900000000");
    e.challenge =
        test_unhex("4478a10b1352348dd160c1353b0d469b5db19eb91c27f7dfa6"
                   "fed39fe26af20b");
    assert_status(yao_webauthn_check_assertion(crypto, &e, &c, &r, test_arena(),
                                               &p),
                  YAO_E_NOT_AUTHORISED);
}

/* none.ES256: registered by whom nobody verified. */
static void example_unverified(void **state)
{
    yao_bytes data = test_unhex(
        EXAMPLE_RP
        "59000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea7018"
        "9cba3fb63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97"
        "ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a"
        "2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220");
    yao_webauthn_data d;
    (void)state;

    assert_status(yao_webauthn_read_data(data, true, &d), YAO_OK);
    assert_int_equal(d.id.len, 32);
    assert_int_equal(d.flags, 0x59);
    assert_status(yao_webauthn_check_data(crypto, &d, YAO_TEXT("example.org")),
                  YAO_E_NOT_AUTHORISED);
    assert_status(yao_webauthn_check_data(crypto, &d, YAO_TEXT("example.com")),
                  YAO_E_MISMATCH);
}

int main(void)
{
    openssl = yao_openssl_open();
    crypto  = yao_openssl_crypto(openssl);
    pen     = authenticator_new();
    for (size_t i = 0; i < COUNT(both); i++) {
        test_add("create", both[i].name, creates, &both[i]);
        if (both[i].how.client == NULL || both[i].want != YAO_E_MISSING)
            test_add("assert", both[i].name, asserts, &both[i]);
    }
    for (size_t i = 0; i < COUNT(creations); i++)
        test_add("create", creations[i].name, creates, &creations[i]);
    for (size_t i = 0; i < COUNT(assertions); i++)
        test_add("assert", assertions[i].name, asserts, &assertions[i]);
    for (size_t i = 0; i < COUNT(counts); i++)
        test_add("counter", counts[i].name, counts_on, &counts[i]);
    test_add("both", "refuses another passkey than the one that is known",
             is_the_same, NULL);
    test_add("both", "refuses another challenge, and a short one",
             wants_its_challenge, NULL);
    test_add("finish", "never believes what nobody checked", believes_no_home,
             NULL);
    test_add("sweep", "refuses every prefix", every_prefix, NULL);
    test_add("sweep", "refuses every bit that is another", every_bit, NULL);
    test_add("sweep", "refuses every small arena", every_arena, NULL);
    for (size_t i = 0; i < COUNT(texts); i++)
        test_add("json", texts[i].name, reads, &texts[i]);
    test_add("json", "gives back what was written", reads_what_was_written,
             NULL);
    test_add("json", "gives options that a page can pass on", gives_options,
             NULL);
    test_add("example", "accepts packed-self.ES256, section 16 of Level 3",
             example, NULL);
    test_add("example", "refuses none.ES256, where nobody was verified",
             example_unverified, NULL);
    int code = test_run("webauthn/webauthn");
    yao_openssl_key_close(pen.key);
    yao_openssl_close(openssl);
    return code;
}
