/* SPDX-License-Identifier: Apache-2.0 */

/* Keys, numbers and messages of a session; the conversation of annex D. */

#include "proximity/session.h"

#include "agree.h"
#include "annex_d.h"
#include "forge.h"

#define TRANSCRIPT YAO_LIT("\x83\xf6\xf6\xf6")

enum { HOLDER_KEY = 1, READER_KEY = 2 };

static yao_bytes shared(void)
{
    yao_public_key peer = yao_openssl_key_public(forge_key(READER_KEY));

    return test_agree(forge_key(HOLDER_KEY), &peer);
}

static yao_prox_session open_side(yao_prox_side side)
{
    yao_prox_session s;

    assert_status(yao_prox_open_session(forge_crypto(), side, YAO_P256,
                                        shared(), TRANSCRIPT, &s),
                  YAO_OK);
    return s;
}

static yao_bytes seal(yao_prox_session *s, yao_bytes plain)
{
    yao_aead_wish wish;
    yao_bytes     out;

    assert_status(yao_prox_wish_seal(s, plain, &wish), YAO_OK);
    assert_status(test_aead(&wish, &out), YAO_OK);
    return out;
}

static yao_status unseal(yao_prox_session *s, yao_bytes sealed, yao_bytes *ret)
{
    yao_aead_wish wish;

    YAO_TRY(yao_prox_wish_open(s, sealed, &wish));
    return test_aead(&wish, ret);
}

/* ---- keys --------------------------------------------------------------- */

static void talks(void **state)
{
    yao_prox_session holder = open_side(YAO_PROX_HOLDER);
    yao_prox_session reader = open_side(YAO_PROX_READER);
    yao_bytes        out;

    (void)state;
    assert_memory_not_equal(holder.seal_key, holder.open_key, YAO_PROX_KEY);
    for (int i = 0; i < 3; i++) {
        assert_status(unseal(&holder, seal(&reader, YAO_LIT("a request")),
                             &out),
                      YAO_OK);
        assert_bytes(out, YAO_LIT("a request"));
        assert_status(unseal(&reader, seal(&holder, YAO_LIT("an answer")),
                             &out),
                      YAO_OK);
        assert_bytes(out, YAO_LIT("an answer"));
    }
}

static void repeated(void **state)
{
    yao_prox_session holder = open_side(YAO_PROX_HOLDER);
    yao_prox_session reader = open_side(YAO_PROX_READER);
    yao_bytes        first = seal(&reader, YAO_LIT("one")), out;

    (void)state;
    assert_status(unseal(&holder, first, &out), YAO_OK);
    assert_status(unseal(&holder, first, &out), YAO_E_SECRET);
}

static void reordered(void **state)
{
    yao_prox_session holder = open_side(YAO_PROX_HOLDER);
    yao_prox_session reader = open_side(YAO_PROX_READER);
    yao_bytes        out;

    (void)state;
    (void)seal(&reader, YAO_LIT("one"));
    assert_status(unseal(&holder, seal(&reader, YAO_LIT("two")), &out),
                  YAO_E_SECRET);
}

static void mirrored(void **state)
{
    yao_prox_session reader = open_side(YAO_PROX_READER);
    yao_bytes        out;

    (void)state;
    assert_status(unseal(&reader, seal(&reader, YAO_LIT("mine")), &out),
                  YAO_E_SECRET);
}

static void other_transcript(void **state)
{
    yao_prox_session holder, reader = open_side(YAO_PROX_READER);
    yao_bytes        out;

    (void)state;
    assert_status(yao_prox_open_session(forge_crypto(), YAO_PROX_HOLDER,
                                        YAO_P256, shared(),
                                        YAO_LIT("\x83\xf6\xf6\x01"), &holder),
                  YAO_OK);
    assert_status(unseal(&holder, seal(&reader, YAO_LIT("a")), &out),
                  YAO_E_SECRET);
}

static void over(void **state)
{
    yao_prox_session s = open_side(YAO_PROX_HOLDER), zero;
    yao_aead_wish    wish;

    (void)state;
    memset(&zero, 0, sizeof zero);
    yao_prox_end_session(&s);
    assert_memory_equal(&s, &zero, sizeof s);
    assert_status(yao_prox_wish_seal(&s, YAO_LIT("a"), &wish), YAO_E_USAGE);
    assert_status(yao_prox_wish_open(&s, YAO_LIT("0123456789abcdef0"), &wish),
                  YAO_E_USAGE);
}

static void last_number(void **state)
{
    yao_prox_session s = open_side(YAO_PROX_HOLDER);
    yao_aead_wish    wish;
    yao_bytes        sealed = YAO_LIT("0123456789abcdef0");

    (void)state;
    s.sealed = s.opened = UINT32_MAX - 1;
    assert_status(yao_prox_wish_seal(&s, YAO_LIT("a"), &wish), YAO_OK);
    assert_bytes(wish.nonce, test_unhex("0000000000000001ffffffff"));
    assert_status(yao_prox_wish_open(&s, sealed, &wish), YAO_OK);
    assert_bytes(wish.nonce, test_unhex("0000000000000000ffffffff"));
    assert_status(yao_prox_wish_seal(&s, YAO_LIT("a"), &wish), YAO_E_LIMIT);
    assert_status(yao_prox_wish_open(&s, sealed, &wish), YAO_E_LIMIT);
}

static void too_short(void **state)
{
    yao_prox_session s = open_side(YAO_PROX_HOLDER);
    yao_aead_wish    wish;

    (void)state;
    assert_status(yao_prox_wish_open(&s, YAO_LIT("0123456789abcde"), &wish),
                  YAO_E_TRUNCATED);
    assert_status(yao_prox_wish_seal(&s, YAO_LIT(""), &wish), YAO_E_USAGE);
    assert_status(yao_prox_wish_seal(
                      &s, (yao_bytes){s.nonce, YAO_MAX_MESSAGE + 1}, &wish),
                  YAO_E_LIMIT);
    assert_int_equal(s.sealed, 0);
}

static void unusable(void **state)
{
    static const uint8_t zero[32];
    yao_prox_session     s;
    const yao_crypto    *c = forge_crypto();

    (void)state;
    assert_status(yao_prox_open_session(c, YAO_PROX_HOLDER, YAO_P256,
                                        (yao_bytes){zero, 32}, TRANSCRIPT, &s),
                  YAO_E_KEY);
    assert_status(yao_prox_open_session(c, YAO_PROX_HOLDER, YAO_P256,
                                        YAO_LIT("short"), TRANSCRIPT, &s),
                  YAO_E_KEY);
    assert_status(yao_prox_open_session(c, YAO_PROX_NOBODY, YAO_P256, shared(),
                                        TRANSCRIPT, &s),
                  YAO_E_USAGE);
    assert_status(yao_prox_open_session(c, YAO_PROX_READER, YAO_P256, shared(),
                                        YAO_LIT(""), &s),
                  YAO_E_USAGE);
}

/* ---- a home that fails -------------------------------------------------- */

static int        calls_left;
static yao_status failure;

static yao_status maybe(void)
{
    return calls_left-- > 0 ? YAO_OK : failure;
}

static yao_status failing_hash(void *ctx, yao_hash_alg alg,
                               const yao_bytes *parts, size_t count,
                               uint8_t *out)
{
    YAO_TRY(maybe());
    return forge_crypto()->hash(ctx, alg, parts, count, out);
}

static yao_status failing_hkdf(void *ctx, yao_hash_alg alg, yao_bytes secret,
                               yao_bytes salt, yao_bytes info, uint8_t *out,
                               size_t len)
{
    YAO_TRY(maybe());
    return forge_crypto()->hkdf(ctx, alg, secret, salt, info, out, len);
}

static void failing_home(void **state)
{
    static const yao_status failures[] = {YAO_E_CRYPTO, YAO_E_UNSUPPORTED};
    yao_crypto              home       = *forge_crypto();
    uint8_t                 ident[YAO_PROX_IDENT];
    yao_prox_session        s, before;

    (void)state;
    home.hash = failing_hash;
    home.hkdf = failing_hkdf;
    memset(&s, 0x55, sizeof s);
    before = s;
    for (size_t f = 0; f < COUNT(failures); f++) {
        failure = failures[f];
        for (int n = 0; n < 3; n++) {
            calls_left = n;
            assert_status(yao_prox_open_session(&home, YAO_PROX_HOLDER,
                                                YAO_P256, shared(), TRANSCRIPT,
                                                &s),
                          failure);
            assert_memory_equal(&s, &before, sizeof s);
        }
        calls_left = 0;
        assert_status(yao_prox_derive_ident(&home, YAO_LIT("k"), ident),
                      failure);
    }
}

/* ---- messages ----------------------------------------------------------- */

static yao_bytes establishment(void)
{
    yao_prox_establishment e = {
        .key  = yao_openssl_key_public(forge_key(READER_KEY)),
        .data = YAO_INIT("sealed")};
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {NULL, 0};

    yao_prox_put_establishment(&w, &e);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static yao_status read_establishment(yao_bytes input, void *context)
{
    yao_prox_establishment e;

    (void)context;
    return yao_prox_read_establishment(input, &e);
}

static void establishments(void **state)
{
    yao_bytes              bytes = establishment();
    yao_prox_establishment e;

    (void)state;
    assert_status(yao_prox_read_establishment(bytes, &e), YAO_OK);
    assert_bytes(e.data, YAO_LIT("sealed"));
    assert_bytes(e.key_bytes, cbor_at(bytes, "eReaderKey"));
    test_every_prefix(read_establishment, bytes, NULL);

    static const struct {
        const char *path;
        yao_bytes   item;
        yao_status  want;
    } rows[] = {
        {"eReaderKey", {NULL, 0}, YAO_E_MALFORMED},
        {"data", {NULL, 0}, YAO_E_MALFORMED},
        {"data", YAO_INIT("\x40"), YAO_E_MALFORMED},
        {"data", YAO_INIT("\x61x"), YAO_E_MALFORMED},
        {"eReaderKey/*/-3", YAO_INIT("\xf5"), YAO_E_KEY},
        {"eReaderKey", YAO_INIT("\xd8\x18\x41\xa0"), YAO_E_KEY},
        {"eReaderKey", YAO_INIT("\xa0"), YAO_E_MALFORMED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        yao_bytes bad = rows[i].item.len != 0
                            ? cbor_set(bytes, rows[i].path, rows[i].item)
                            : cbor_remove(bytes, rows[i].path);
        assert_status(read_establishment(bad, NULL), rows[i].want);
    }
    assert_status(read_establishment(
                      cbor_add(bytes, "", YAO_LIT("\x64" "data\x41x")), NULL),
                  YAO_E_DUPLICATE);
    assert_status(read_establishment(cbor_join(bytes, YAO_LIT("\0")), NULL),
                  YAO_E_TRAILING);
    assert_status(read_establishment(
                      cbor_add(bytes, "", YAO_LIT("\x65" "later\x01")), NULL),
                  YAO_OK);
}

static const struct data_row {
    const char *name;
    yao_bytes   input;
    yao_status  want;
} data_rows[] = {
    {"accepts data", YAO_INIT("\xa1\x64" "data\x41x"), YAO_OK},
    {"accepts the end", YAO_INIT("\xa1\x66" "status\x14"), YAO_OK},
    {"accepts data and the end",
     YAO_INIT("\xa2\x64" "data\x41x\x66" "status\x14"), YAO_OK},
    {"accepts a status of a later edition", YAO_INIT("\xa1\x66" "status\x15"),
     YAO_OK},
    {"accepts a key of a later edition",
     YAO_INIT("\xa2\x64" "data\x41x\x61x\x01"), YAO_OK},
    {"refuses neither", YAO_INIT("\xa0"), YAO_E_MALFORMED},
    {"refuses empty data", YAO_INIT("\xa1\x64" "data\x40"), YAO_E_MALFORMED},
    {"refuses a status of 0", YAO_INIT("\xa1\x66" "status\x00"),
     YAO_E_MALFORMED},
    {"refuses data of who could not decrypt",
     YAO_INIT("\xa2\x64" "data\x41x\x66" "status\x0a"), YAO_E_MALFORMED},
    {"refuses data of who could not read",
     YAO_INIT("\xa2\x64" "data\x41x\x66" "status\x0b"), YAO_E_MALFORMED},
    {"refuses data twice",
     YAO_INIT("\xa2\x64" "data\x41x\x64" "data\x41y"), YAO_E_DUPLICATE},
    {"refuses a status twice",
     YAO_INIT("\xa2\x66" "status\x14\x66" "status\x14"), YAO_E_DUPLICATE},
    {"refuses a status that is no number",
     YAO_INIT("\xa1\x66" "status\x61x"), YAO_E_MALFORMED},
    {"refuses an array", YAO_INIT("\x81\x01"), YAO_E_MALFORMED},
    {"refuses a byte behind it", YAO_INIT("\xa1\x64" "data\x41x\0"),
     YAO_E_TRAILING},
    {"refuses nothing", YAO_INIT(""), YAO_E_TRUNCATED},
    {"refuses a head longer than needed",
     YAO_INIT("\xa1\x64" "data\x58\x01x"), YAO_E_NOT_SHORTEST},
    {"refuses a key that is no UTF-8", YAO_INIT("\xa2\x61\xff\x01\x64"
     "data\x41x"), YAO_E_UTF8},
};

static void case_data(void **state)
{
    const struct data_row *r = *state;
    yao_prox_data          m, before;

    memset(&m, 0x55, sizeof m);
    before = m;
    assert_status(yao_prox_read_data(r->input, &m), r->want);
    if (r->want != YAO_OK) {
        assert_memory_equal(&m, &before, sizeof m);
        return;
    }
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {NULL, 0};
    yao_prox_put_data(&w, &m);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_status(yao_prox_read_data(out, &before), YAO_OK);
    assert_bytes(before.data, m.data);
    assert_int_equal(before.status, m.status);
}

static void unwritable(void **state)
{
    static const yao_prox_data bad[] = {
        {{NULL, 0}, 0},
        {YAO_INIT("x"), YAO_PROX_STATUS_ENCRYPTION},
        {YAO_INIT("x"), YAO_PROX_STATUS_CBOR},
    };
    yao_prox_establishment empty = {
        .key = yao_openssl_key_public(forge_key(READER_KEY))};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        yao_writer w = yao_writer_count();
        yao_prox_put_data(&w, &bad[i]);
        assert_status(w.status, YAO_E_USAGE);
    }
    yao_writer w = yao_writer_count();
    yao_prox_put_establishment(&w, &empty);
    assert_status(w.status, YAO_E_USAGE);
}

static void long_messages(void **state)
{
    uint8_t               *room = malloc(YAO_PROX_MAX_SEALED + 1);
    yao_prox_data          m;
    yao_prox_establishment e;
    yao_bytes              input = {room, YAO_PROX_MAX_SEALED + 1};

    (void)state;
    memset(room, 0, input.len);
    assert_status(yao_prox_read_data(input, &m), YAO_E_LIMIT);
    assert_status(yao_prox_read_establishment(input, &e), YAO_E_LIMIT);
    free(room);
}

/* ---- annex D ------------------------------------------------------------ */

typedef struct annex {
    yao_prox_session       holder, reader;
    yao_prox_establishment establishment;
} annex;

static annex annex_open(void)
{
    annex            a;
    yao_openssl_key *key = test_p256_key(annex_d("EPHEMERAL_READER_KEY_D"));
    yao_cbor_reader  r =
        yao_cbor_open(cbor_bytes_at(annex_d("E_DEVICE_KEY_BYTES"), ""));
    yao_public_key peer;

    yao_cose_get_key(&r, &peer);
    yao_bytes secret = annex_d_agree(key, peer);
    yao_openssl_key_close(key);
    assert_status(yao_prox_read_establishment(annex_d("SESSION_ESTABLISHMENT"),
                                              &a.establishment),
                  YAO_OK);
    key = test_p256_key(annex_d("EPHEMERAL_DEVICE_KEY_D"));
    assert_bytes(annex_d_agree(key, a.establishment.key), secret);
    yao_openssl_key_close(key);

    yao_bytes transcript = annex_d_transcript();
    assert_status(yao_prox_open_session(forge_crypto(), YAO_PROX_HOLDER,
                                        YAO_P256, secret, transcript,
                                        &a.holder),
                  YAO_OK);
    assert_status(yao_prox_open_session(forge_crypto(), YAO_PROX_READER,
                                        YAO_P256, secret, transcript,
                                        &a.reader),
                  YAO_OK);
    return a;
}

static yao_bytes wrap(const yao_prox_data *m)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {NULL, 0};

    yao_prox_put_data(&w, m);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static void annex_d_sealed(void **state)
{
    (void)state;
    if (!test_have_vectors())
        skip();
    annex     a = annex_open();
    yao_bytes plain;

    /* the reader's first message, then the holder's, then the end */
    yao_prox_establishment e = a.establishment;
    e.data       = seal(&a.reader, annex_d("DEVICE_REQUEST"));
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;
    yao_prox_put_establishment(&w, &e);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_bytes(out, annex_d("SESSION_ESTABLISHMENT"));
    assert_status(unseal(&a.holder, a.establishment.data, &plain), YAO_OK);
    assert_bytes(plain, annex_d("DEVICE_REQUEST"));

    yao_prox_data answer = {
        .data = seal(&a.holder, annex_d("DEVICE_RESPONSE"))};
    assert_bytes(wrap(&answer), annex_d("SESSION_DATA"));
    assert_status(yao_prox_read_data(annex_d("SESSION_DATA"), &answer),
                  YAO_OK);
    assert_status(unseal(&a.reader, answer.data, &plain), YAO_OK);
    assert_bytes(plain, annex_d("DEVICE_RESPONSE"));

    yao_prox_data end = {.status = YAO_PROX_STATUS_END};
    assert_bytes(wrap(&end), annex_d("SESSION_TERMINATION"));
}

static yao_status annex_d_flip(yao_bytes input, void *context)
{
    annex                 *a = context;
    yao_prox_session       holder = a->holder;
    yao_prox_establishment e;
    yao_bytes              plain;

    YAO_TRY(yao_prox_read_establishment(input, &e));
    if (!yao_public_key_equal(&e.key, &a->establishment.key))
        return YAO_E_KEY; /* another secret */
    return unseal(&holder, e.data, &plain);
}

static void annex_d_flips(void **state)
{
    (void)state;
    if (!test_have_vectors())
        skip();
    annex a = annex_open();

    test_every_bit(annex_d_flip, annex_d("SESSION_ESTABLISHMENT"), &a, NULL);
}

static void idents(void **state)
{
    yao_bytes key = YAO_LIT("EDeviceKeyBytes");
    uint8_t   one[YAO_PROX_IDENT], other[YAO_PROX_IDENT];

    (void)state;
    assert_status(yao_prox_derive_ident(forge_crypto(), key, one), YAO_OK);
    key.len--;
    assert_status(yao_prox_derive_ident(forge_crypto(), key, other), YAO_OK);
    assert_memory_not_equal(one, other, sizeof one);
}

/* HMAC by hand: HKDF with no salt, one block. */
static void annex_d_ident(void **state)
{
    static const uint8_t zero[32];
    uint8_t              ident[YAO_PROX_IDENT], prk[32], block[32];
    const yao_crypto    *c = forge_crypto();

    (void)state;
    if (!test_have_vectors())
        skip();
    yao_bytes key     = annex_d("E_DEVICE_KEY_BYTES");
    yao_bytes info[2] = {YAO_LIT("BLEIdent"), YAO_LIT("\x01")};
    assert_status(yao_prox_derive_ident(c, key, ident), YAO_OK);
    assert_status(c->hmac(c->ctx, YAO_SHA256, (yao_bytes){zero, 32}, &key, 1,
                          prk),
                  YAO_OK);
    assert_status(c->hmac(c->ctx, YAO_SHA256, (yao_bytes){prk, 32}, info, 2,
                          block),
                  YAO_OK);
    assert_memory_equal(ident, block, sizeof ident);
}

int main(void)
{
    test_add("session", "gives messages in both directions", talks, NULL);
    test_add("session", "refuses a repeated message (N048)", repeated, NULL);
    test_add("session", "refuses a message out of order (N048)", reordered,
             NULL);
    test_add("session", "refuses its own message sent back (N048)", mirrored,
             NULL);
    test_add("session", "refuses a message of another transcript",
             other_transcript, NULL);
    test_add("session", "never goes on after the end (N048)", over, NULL);
    test_add("session", "refuses a number above the last", last_number, NULL);
    test_add("session", "refuses what is too short or too long", too_short,
             NULL);
    test_add("session", "refuses an agreement that is none (N046)", unusable,
             NULL);
    test_add("establishment", "accepts one, refuses each broken one",
             establishments, NULL);
    test_add("session", "refuses every failure of the home", failing_home,
             NULL);
    for (size_t i = 0; i < COUNT(data_rows); i++)
        test_add("read_data", data_rows[i].name, case_data, &data_rows[i]);
    test_add("messages", "refuses to write what would be refused", unwritable,
             NULL);
    test_add("messages", "refuses what is too long", long_messages, NULL);
    test_add("ident", "gives another for another key", idents, NULL);
    test_add("annex D", "gives every message byte for byte", annex_d_sealed,
             NULL);
    test_add("annex D", "refuses every flipped bit of the first message",
             annex_d_flips, NULL);
    test_add("annex D", "gives the ident of the key", annex_d_ident, NULL);
    return test_run("proximity/session");
}
