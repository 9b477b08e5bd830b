/* SPDX-License-Identifier: Apache-2.0 */

/* What a checker shows: its bytes, and what is no challenge. Who may ask with
 * it: reader_test.c. */

#include "card_fixture.h"

#include <stdio.h>

/* ---- bytes -------------------------------------------------------------- */

static yao_bytes challenge(void)
{
    return card_fixture_challenge(CARD_NOW, 7);
}

/* docs/formats/card.md section 8; the key is another one in each run. */
static void gives_the_bytes_of_the_document(void **state)
{
    yao_bytes      made = challenge(), payload = cbor_bytes_at(made, "2");
    yao_bytes      head = test_unhex("d2 84 4d a2 01 26 04 48");
    yao_bytes      start = test_unhex(
        "a5 01 50 07070707070707070707070707070707 02 1a 6b0230bc"
        "03 65 686f74656c 04 a4 01 02 20 01 21 58 20");
    yao_bytes      end = test_unhex("05 6e 53504543494d454e20686f74656c");
    yao_public_key key = yao_openssl_key_public(forge_key(CARD_OTHER_KEY));

    (void)state;
    assert_memory_equal(made.ptr, head.ptr, head.len);
    assert_int_equal(payload.len, start.len + 32 + 3 + 32 + end.len);
    assert_bytes(((yao_bytes){payload.ptr, start.len}), start);
    assert_memory_equal(payload.ptr + start.len, key.point + 1, 32);
    assert_memory_equal(payload.ptr + start.len + 35, key.point + 33, 32);
    assert_bytes(((yao_bytes){payload.ptr + start.len + 67, end.len}), end);
}

static void gives_what_was_made(void **state)
{
    yao_card_challenge         c;
    yao_card_challenge_request q = card_fixture_request(CARD_NOW, 9);
    yao_bytes                  made = card_fixture_make(&q);

    (void)state;
    assert_status(yao_card_read_challenge(made, &c), YAO_OK);
    assert_bytes(c.nonce, q.nonce);
    assert_int_equal(c.expires, CARD_NOW + 60);
    assert_true(yao_text_equal(c.profile, q.profile));
    assert_true(yao_text_equal(c.place, q.place));
    assert_true(yao_public_key_equal(&c.key, &q.key));
    assert_int_equal(c.message.chain_count, 0);
}

/* A reader that a wallet does not know sends its certificates along; that is
 * too long for one code. */
static void gives_a_chain_that_goes_along(void **state)
{
    yao_card_challenge_request q = card_fixture_request(CARD_NOW, 9);
    yao_card_challenge         c;
    yao_bytes chain[2] = {card_fixture_get()->reader,
                          card_fixture_get()->signer};

    (void)state;
    q.chain = chain;
    for (q.chain_count = 1; q.chain_count <= 2; q.chain_count++) {
        assert_status(yao_card_read_challenge(card_fixture_make(&q), &c),
                      YAO_OK);
        assert_int_equal(c.message.chain_count, q.chain_count);
        for (size_t i = 0; i < q.chain_count; i++)
            assert_bytes(c.message.chain[i], chain[i]);
    }
}

/* ---- making ------------------------------------------------------------- */

static uint8_t letters[YAO_MAX_CARD_PLACE + 1];

static void nothing(yao_card_challenge_request *q) { (void)q; }
static void short_nonce(yao_card_challenge_request *q) { q->nonce.len = 15; }
static void no_nonce(yao_card_challenge_request *q) { q->nonce.len = 0; }
static void before_1970(yao_card_challenge_request *q) { q->expires = -1; }
static void after_9999(yao_card_challenge_request *q)
{
    q->expires = YAO_TIME_MAX + 1;
}
static void no_profile(yao_card_challenge_request *q) { q->profile.len = 0; }
static void no_place(yao_card_challenge_request *q) { q->place.len = 0; }
static void no_reader(yao_card_challenge_request *q) { q->reader.len = 0; }
static void no_alg(yao_card_challenge_request *q) { q->alg = YAO_SIG_NONE; }
static void long_chain(yao_card_challenge_request *q)
{
    q->chain_count = YAO_MAX_CHAIN + 1;
}
static void compressed(yao_card_challenge_request *q)
{
    q->key.point[0] = 2;
    q->key.len      = 33;
}
static void on_p384(yao_card_challenge_request *q)
{
    q->key = yao_openssl_key_public(forge_key(8));
}
static void cut_key(yao_card_challenge_request *q) { q->key.len = 64; }
static void place_of(yao_card_challenge_request *q, size_t len)
{
    memset(letters, 'x', sizeof letters);
    q->place = (yao_text){letters, len};
}
static void full_place(yao_card_challenge_request *q)
{
    place_of(q, YAO_MAX_CARD_PLACE);
}
static void long_place(yao_card_challenge_request *q)
{
    place_of(q, YAO_MAX_CARD_PLACE + 1);
}

static const struct made {
    const char *name;
    void (*change)(yao_card_challenge_request *q);
    yao_status want;
} mades[] = {
    {"accepts the reader's challenge", nothing, YAO_OK},
    {"accepts the longest place", full_place, YAO_OK},
    {"refuses a longer place", long_place, YAO_E_LIMIT},
    {"refuses a nonce that is cut", short_nonce, YAO_E_USAGE},
    {"refuses no nonce", no_nonce, YAO_E_USAGE},
    {"refuses a time before 1970", before_1970, YAO_E_USAGE},
    {"refuses a time after 9999", after_9999, YAO_E_USAGE},
    {"refuses no profile", no_profile, YAO_E_USAGE},
    {"refuses no place", no_place, YAO_E_USAGE},
    {"refuses no reader", no_reader, YAO_E_USAGE},
    {"refuses no algorithm", no_alg, YAO_E_USAGE},
    {"refuses too long a chain", long_chain, YAO_E_USAGE},
    {"refuses a compressed key", compressed, YAO_E_USAGE},
    {"refuses a key on P-384", on_p384, YAO_E_USAGE},
    {"refuses a key that is cut", cut_key, YAO_E_USAGE},
};

static void makes(void **state)
{
    const struct made         *r = *state;
    yao_card_challenge_request q = card_fixture_request(CARD_NOW, 1);
    yao_card_issuing           making = {.payload = {NULL, 7}};

    r->change(&q);
    assert_status(yao_card_make_challenge(test_arena(), forge_crypto(), &q,
                                          &making),
                  r->want);
    if (r->want != YAO_OK)
        assert_int_equal(making.payload.len, 7);
}

static yao_status make_in(yao_arena *arena, void *context)
{
    yao_card_issuing making, whole;

    YAO_TRY(yao_card_make_challenge(arena, forge_crypto(), context, &making));
    assert_status(yao_card_make_challenge(test_arena(), forge_crypto(),
                                          context, &whole),
                  YAO_OK);
    card_fixture_same(&making, &whole);
    return YAO_OK;
}

static yao_status no_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    (void)alg, (void)parts, (void)count, (void)out;
    return *(const yao_status *)ctx;
}

static void gives_the_error_of_arena_and_home(void **state)
{
    static const yao_status    failures[] = {YAO_E_CRYPTO, YAO_E_UNSUPPORTED};
    yao_card_challenge_request q = card_fixture_request(CARD_NOW, 1);
    yao_card_issuing           making;

    (void)state;
    test_every_arena(make_in, &q, 8192);
    for (size_t i = 0; i < COUNT(failures); i++) {
        yao_status failure = failures[i];
        yao_crypto home    = {.ctx = &failure, .hash = no_hash};

        assert_status(yao_card_make_challenge(test_arena(), &home, &q, &making),
                      failure);
    }
}

/* ---- reading ------------------------------------------------------------ */

static yao_status read_one(yao_bytes input, void *context)
{
    yao_card_challenge c = {.expires = 77};
    yao_status status = yao_card_read_challenge(input, &c);

    (void)context;
    if (status != YAO_OK)
        assert_int_equal(c.expires, 77);
    return status;
}

enum edit { SET, REMOVE, ADD };

static const struct shape {
    const char *name;
    enum edit   edit;
    const char *path;
    yao_bytes   item;
    yao_status  want;
} shapes[] = {
    {"refuses an untagged one", SET, "", YAO_INIT("\x84\x40\xa0\x40\x40"),
     YAO_E_MALFORMED},
    {"refuses an empty protected header", SET, "0", YAO_INIT("\x41\xa0"),
     YAO_E_MALFORMED},
    {"refuses another unprotected header", ADD, "1", YAO_INIT("\x04\x41x"),
     YAO_E_MALFORMED},
    {"refuses an empty chain", ADD, "1", YAO_INIT("\x18\x21\x80"),
     YAO_E_MALFORMED},
    {"refuses an array of one certificate", ADD, "1",
     YAO_INIT("\x18\x21\x81\x41x"), YAO_E_MALFORMED},
    {"refuses an empty certificate", ADD, "1", YAO_INIT("\x18\x21\x40"),
     YAO_E_MALFORMED},
    {"accepts four certificates", ADD, "1",
     YAO_INIT("\x18\x21\x84\x41x\x41x\x41x\x41x"), YAO_OK},
    {"refuses five certificates", ADD, "1",
     YAO_INIT("\x18\x21\x85\x41x\x41x\x41x\x41x\x41x"), YAO_E_MALFORMED},
    {"refuses no payload", SET, "2", YAO_INIT("\xf6"), YAO_E_MALFORMED},
    {"refuses no nonce", REMOVE, "2/*/1", {NULL, 0}, YAO_E_MALFORMED},
    {"refuses a nonce that is cut", SET, "2/*/1",
     YAO_INIT("\x4f" "123456789012345"), YAO_E_MALFORMED},
    {"refuses no expiry", REMOVE, "2/*/2", {NULL, 0}, YAO_E_MALFORMED},
    {"refuses an expiry before 1970", SET, "2/*/2", YAO_INIT("\x20"),
     YAO_E_MALFORMED},
    {"refuses an expiry after 9999", SET, "2/*/2",
     YAO_INIT("\x1b\x00\x00\x00\x3a\xff\xf4\x41\x80"), YAO_E_MALFORMED},
    {"refuses no profile", REMOVE, "2/*/3", {NULL, 0}, YAO_E_MALFORMED},
    {"refuses an empty profile", SET, "2/*/3", YAO_INIT("\x60"),
     YAO_E_MALFORMED},
    {"refuses no key", REMOVE, "2/*/4", {NULL, 0}, YAO_E_MALFORMED},
    {"refuses a key of another type", SET, "2/*/4/1", YAO_INIT("\x01"),
     YAO_E_KEY},
    {"refuses a key on another curve", SET, "2/*/4/-1", YAO_INIT("\x02"),
     YAO_E_KEY},
    {"refuses a compressed key", SET, "2/*/4/-3", YAO_INIT("\xf5"), YAO_E_KEY},
    {"refuses a key that is cut", SET, "2/*/4/-2", YAO_INIT("\x41x"),
     YAO_E_KEY},
    {"refuses a key with its private part", ADD, "2/*/4",
     YAO_INIT("\x23\x41x"), YAO_E_MALFORMED},
    {"refuses no place", REMOVE, "2/*/5", {NULL, 0}, YAO_E_MALFORMED},
    {"refuses an empty place", SET, "2/*/5", YAO_INIT("\x60"),
     YAO_E_MALFORMED},
    {"refuses a place that is no UTF-8", SET, "2/*/5", YAO_INIT("\x61\xff"),
     YAO_E_UTF8},
    {"refuses a sixth entry", ADD, "2/*", YAO_INIT("\x06\x00"),
     YAO_E_MALFORMED},
    {"refuses a longer head", SET, "2/*/3", YAO_INIT("\x78\x01x"),
     YAO_E_NOT_SHORTEST},
    {"refuses a byte behind the payload", SET, "2", YAO_INIT("\x42\xa0\x00"),
     YAO_E_MALFORMED},
};

static void reads_shape(void **state)
{
    const struct shape *r    = *state;
    yao_bytes           good = challenge(), bad;

    switch (r->edit) {
    case SET:
        bad = r->path[0] == '\0' ? r->item : cbor_set(good, r->path, r->item);
        break;
    case REMOVE:
        bad = cbor_remove(good, r->path);
        break;
    default:
        bad = cbor_add(good, r->path, r->item);
    }
    assert_status(read_one(bad, NULL), r->want);
}

static void refuses_what_is_cut_or_too_long(void **state)
{
    static uint8_t big[YAO_MAX_CARD_WHOLE + 1];

    (void)state;
    test_every_prefix(read_one, challenge(), NULL);
    assert_status(read_one(cbor_join(challenge(), YAO_LIT("\x00")), NULL),
                  YAO_E_TRAILING);
    assert_status(read_one((yao_bytes){big, sizeof big}, NULL), YAO_E_LIMIT);
    assert_status(read_one((yao_bytes){big, sizeof big - 1}, NULL),
                  YAO_E_MALFORMED);

    memset(big, 'x', sizeof big);
    big[0] = 0x78, big[1] = YAO_MAX_CARD_PLACE;
    assert_status(read_one(cbor_set(challenge(), "2/*/5",
                                    (yao_bytes){big, YAO_MAX_CARD_PLACE + 2}),
                           NULL),
                  YAO_OK);
    big[1]++;
    assert_status(read_one(cbor_set(challenge(), "2/*/5",
                                    (yao_bytes){big, YAO_MAX_CARD_PLACE + 3}),
                           NULL),
                  YAO_E_LIMIT);
}

/* ---- time to answer ----------------------------------------------------- */

static const struct answer_row {
    const char *name;
    yao_time    now, skew; /* seconds after the challenge was made */
    yao_status  want;
} answers[] = {
    {"accepts at once", 0, 0, YAO_OK},
    {"accepts a minute after its expiry", 120, 0, YAO_OK},
    {"refuses a second later", 121, 0, YAO_E_EXPIRED},
    {"accepts that with a second of skew", 121, 1, YAO_OK},
    {"refuses a second before it was made", -1, 0, YAO_E_NOT_YET_VALID},
    {"accepts that with a second of skew", -1, 1, YAO_OK},
};

static void checks_answer(void **state)
{
    const struct answer_row *r = *state;
    yao_card_challenge       c = {.expires = CARD_NOW + 60};

    assert_status(yao_card_check_answer(&c, CARD_NOW + r->now, r->skew),
                  r->want);
}

int main(void)
{
    test_add("make", "gives the bytes of the document",
             gives_the_bytes_of_the_document, NULL);
    test_add("read", "gives what was made", gives_what_was_made, NULL);
    test_add("read", "gives a chain that goes along",
             gives_a_chain_that_goes_along, NULL);
    for (size_t i = 0; i < COUNT(mades); i++)
        test_add("make", mades[i].name, makes, &mades[i]);
    test_add("make", "gives the error of arena and home",
             gives_the_error_of_arena_and_home, NULL);
    for (size_t i = 0; i < COUNT(shapes); i++)
        test_add("read", shapes[i].name, reads_shape, &shapes[i]);
    test_add("read", "refuses what is cut or too long",
             refuses_what_is_cut_or_too_long, NULL);
    for (size_t i = 0; i < COUNT(answers); i++)
        test_add("check_answer", answers[i].name, checks_answer, &answers[i]);

    return test_run("card/challenge");
}
