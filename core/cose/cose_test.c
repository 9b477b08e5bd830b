/* SPDX-License-Identifier: Apache-2.0 */
#include "cose/cose.h"

#include "token.h"

/* ---- reading ---- */

#define Z16   "000102030405060708090a0b0c0d0e0f"
#define SIG64 "5840" Z16 Z16 Z16 Z16
#define TAG32 "5820" Z16 Z16
#define ES256 "43a10126"                 /* << {1: -7} >> */
#define BODY  "43616263" SIG64           /* h'616263', signature */
#define SIGN1 "84" ES256 "a0" BODY

static const struct shape {
    const char *name;
    const char *hex;
    uint64_t    tag;
    yao_status  strict, foreign;
} shapes[] = {
    {"accepts a message without tag", SIGN1, 0, YAO_OK, YAO_OK},
    {"accepts one with the tag that was asked for", "d2" SIGN1,
     YAO_COSE_TAG_SIGN1, YAO_OK, YAO_OK},
    {"accepts the tag of a Mac0", "d184 43a10105 a0 f6" TAG32,
     YAO_COSE_TAG_MAC0, YAO_OK, YAO_OK},
    {"accepts a detached payload", "84" ES256 "a0 f6" SIG64, 0, YAO_OK, YAO_OK},
    {"accepts an empty protected header as nothing", "8440a0" BODY, 0, YAO_OK,
     YAO_OK},
    {"accepts an empty protected header as a map", "8441a0a0" BODY, 0, YAO_OK,
     YAO_OK},
    {"accepts parameters that are not ours",
     "84" "49 a3 0126 05 4100 6161 80" "a2 03 00 6162 a0" BODY, 0, YAO_OK,
     YAO_OK},
    {"accepts a longer head of foreign software only",
     "84 44a1180126" "a0" BODY, 0, YAO_E_NOT_SHORTEST, YAO_OK},

    {"refuses nothing", "", 0, YAO_E_TRUNCATED, YAO_E_TRUNCATED},
    {"refuses bytes after it", SIGN1 "00", 0, YAO_E_TRAILING, YAO_E_TRAILING},
    {"refuses a tag that was not asked for", "d2" SIGN1, 0, YAO_E_MALFORMED,
     YAO_E_MALFORMED},
    {"refuses the tag of a Mac0 on a Sign1", "d1" SIGN1, YAO_COSE_TAG_SIGN1,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses the tag of a COSE_Sign", "d862" SIGN1, YAO_COSE_TAG_SIGN1,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses the lack of a tag that must stand", SIGN1, YAO_COSE_TAG_SIGN1,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses three places", "83" ES256 "a0 43616263", 0, YAO_E_MALFORMED,
     YAO_E_MALFORMED},
    {"refuses five places", "85" ES256 "a0" BODY "00", 0, YAO_E_MALFORMED,
     YAO_E_MALFORMED},
    {"refuses a protected header that is not wrapped", "84 a10126 a0" BODY, 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a protected header that is no map", "84 4101 a0" BODY, 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a protected header with bytes after its map",
     "84 44a1012600 a0" BODY, 0, YAO_E_TRAILING, YAO_E_TRAILING},
    {"refuses a protected header that is cut", "84 42a101 a0" BODY, 0,
     YAO_E_TRUNCATED, YAO_E_TRUNCATED},
    {"refuses an unprotected header that is wrapped", "84" ES256 "41a0" BODY, 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses an unprotected header of null", "84" ES256 "f6" BODY, 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    /* misuse N012: the rest of it is for who expects a payload */
    {"refuses a payload that is text", "84" ES256 "a0 63616263" SIG64, 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a payload that is undefined", "84" ES256 "a0 f7" SIG64, 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a signature of null", "84" ES256 "a0 43616263 f6", 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a list of signatures", "84" ES256 "a0 43616263 80", 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a label that is neither number nor text", "84 43a140f6 a0" BODY,
     0, YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a label that is not UTF-8", "84 44a161ff00 a0" BODY, 0,
     YAO_E_UTF8, YAO_E_UTF8},
    {"refuses equal keys inside of a foreign parameter",
     "84" ES256 "a1 6161 a2 0101 0102" BODY, 0, YAO_E_DUPLICATE,
     YAO_E_DUPLICATE},

    /* misuse N006, N007, N008, N010 */
    {"refuses alg twice in the protected header", "84 45a201260127 a0" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"refuses alg twice with heads of another length", "84 46a20126180127 a0"
     BODY, 0, YAO_E_NOT_SHORTEST, YAO_E_HEADER},
    {"refuses alg in both headers", "84" ES256 "a10126" BODY, 0, YAO_E_HEADER,
     YAO_E_HEADER},
    {"refuses alg in the unprotected header only", "8440a10126" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"refuses kid in both headers", "84 46a20126044101 a1044101" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"refuses an unknown label in both headers",
     "84 46a20126181900 a1181901" BODY, 0, YAO_E_HEADER, YAO_E_HEADER},
    {"refuses an unknown text label in both headers",
     "84 46a20126 6161 00 a1616101" BODY, 0, YAO_E_HEADER, YAO_E_HEADER},
    {"refuses a text label twice", "84" ES256 "a2 616100 616100" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"refuses crit", "84 46a20126028101 a0" BODY, 0, YAO_E_HEADER,
     YAO_E_HEADER},
    {"refuses crit that lists an unknown label",
     "84 4ca3012602811903e71903e7f5 a0" BODY, 0, YAO_E_HEADER, YAO_E_HEADER},
    {"refuses crit in the unprotected header", "84" ES256 "a1028101" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},

    {"accepts one certificate", "84" ES256 "a11821420102" BODY, 0, YAO_OK,
     YAO_OK},
    {"accepts as many certificates as the limit says",
     "84" ES256 "a11821 84 4101 4102 4103 4104" BODY, 0, YAO_OK, YAO_OK},
    {"refuses one certificate more",
     "84" ES256 "a11821 85 4101 4102 4103 4104 4105" BODY, 0, YAO_E_HEADER,
     YAO_E_HEADER},
    {"refuses a list of one certificate", "84" ES256 "a11821 81 4101" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"refuses a list of no certificate", "84" ES256 "a11821 80" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"refuses an empty certificate", "84" ES256 "a11821 40" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"refuses an empty certificate in a list",
     "84" ES256 "a11821 82 4101 40" BODY, 0, YAO_E_HEADER, YAO_E_HEADER},
    {"refuses certificates in both headers",
     "84 48a20126182142 0102 a11821420102" BODY, 0, YAO_E_HEADER, YAO_E_HEADER},
    {"refuses a certificate that is text", "84" ES256 "a11821 6161" BODY, 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
};

static void shape(void **state)
{
    const struct shape *row   = *state;
    yao_bytes           input = test_unhex(row->hex);
    yao_cose_message    message;

    assert_status(yao_cose_read_message(input, row->tag, false, &message),
                  row->strict);
    assert_status(yao_cose_read_message(input, row->tag, true, &message),
                  row->foreign);
}

/* What was read, by its places. */
static void places(void **state)
{
    yao_cose_message m;

    (void)state;
    assert_status(
        yao_cose_read_message(
            test_unhex("84 581c a4 0126 0442 3131 10 6b6162632f6465662b637774"
                       "182182 4101 420203 a1 03 00 f6" SIG64),
            0, false, &m),
        YAO_OK);
    assert_int_equal(m.protected_bytes.len, 28);
    assert_int_equal(m.alg, -7);
    assert_bytes(m.kid, YAO_LIT("11"));
    assert_bytes(yao_text_bytes(m.type), YAO_LIT("abc/def+cwt"));
    assert_int_equal(m.chain_count, 2);
    assert_true(m.chain_protected);
    assert_bytes(m.chain[0], YAO_LIT("\1"));
    assert_bytes(m.chain[1], YAO_LIT("\2\3"));
    assert_true(m.detached);
    assert_null(m.payload.ptr);
    assert_int_equal(m.signature.len, 64);

    assert_status(
        yao_cose_read_message(
            test_unhex("84 40 a3 0442 3132 10 61 61 1821 4104 40 40"), 0, false,
            &m),
        YAO_OK);
    assert_int_equal(m.alg, 0);
    assert_bytes(m.kid, YAO_LIT("12"));
    assert_int_equal(m.type.len, 0); /* believed only when signed */
    assert_int_equal(m.chain_count, 1);
    assert_false(m.chain_protected);
    assert_false(m.detached);
    assert_int_equal(m.payload.len, 0);
    assert_int_equal(m.signature.len, 0);
}

static void untouched(void **state)
{
    yao_cose_message m, before;
    yao_cbor_reader  r;

    (void)state;
    memset(&m, 0xa5, sizeof m);
    memset(&before, 0xa5, sizeof before);
    for (size_t i = 0; i < COUNT(shapes); i++) {
        yao_bytes input = test_unhex(shapes[i].hex);

        if (shapes[i].strict == YAO_OK)
            continue;
        (void)!yao_cose_read_message(input, shapes[i].tag, false, &m);
        assert_memory_equal(&m, &before, sizeof m);
        if (shapes[i].strict == YAO_E_TRAILING)
            continue;
        r = yao_cbor_open(input);
        yao_cose_get_message(&r, shapes[i].tag, &m);
        assert_memory_equal(&m, &before, sizeof m);
    }
}

/* A longer head inside of the protected header is noted. */
static void longer(void **state)
{
    yao_cbor_reader r = yao_cbor_open_foreign(
        test_unhex("84 44a1180126 a0" BODY));
    yao_cose_message m;

    (void)state;
    yao_cose_get_message(&r, 0, &m);
    assert_status(yao_cbor_close(&r), YAO_OK);
    assert_true(r.longer);
    assert_int_equal(m.alg, -7);
}

static void label_limit(void **state)
{
    (void)state;
    for (size_t extra = 0; extra < 2; extra++) {
        uint8_t          room[512];
        yao_writer       w = yao_writer_open(room, sizeof room);
        yao_cose_message m;

        yao_cbor_put_array(&w, 4);
        yao_cbor_put_raw(&w, YAO_LIT("\x43\xa1\x01\x26"));
        yao_cbor_put_map(&w, YAO_MAX_COSE_LABELS - 1 + extra);
        for (size_t i = 0; i < YAO_MAX_COSE_LABELS - 1 + extra; i++) {
            yao_cbor_put_uint(&w, 1000 + i);
            yao_cbor_put_null(&w);
        }
        yao_cbor_put_bytes(&w, YAO_LIT("abc"));
        yao_cbor_put_bytes(&w, YAO_LIT(""));
        assert_status(
            yao_cose_read_message((yao_bytes){room, w.len}, 0, false, &m),
            extra == 0 ? YAO_OK : YAO_E_LIMIT);
    }
}

/* ---- checking ---- */

static yao_cose_message read_hex(const char *hex, uint64_t tag)
{
    yao_cose_message m;

    assert_status(yao_cose_read_message(test_unhex(hex), tag, false, &m),
                  YAO_OK);
    return m;
}

static const struct usage {
    const char *name;
    const char *hex;
    yao_curve   curve;
    size_t      external;
    yao_status  want;
} usages[] = {
    {"accepts the payload of the message", SIGN1, YAO_P256, 0, YAO_OK},
    {"accepts one part of a detached payload", "84" ES256 "a0 f6" SIG64,
     YAO_P256, 1, YAO_OK},
    {"accepts four parts of a detached payload", "84" ES256 "a0 f6" SIG64,
     YAO_P256, 4, YAO_OK},
    {"refuses five parts", "84" ES256 "a0 f6" SIG64, YAO_P256, 5, YAO_E_USAGE},
    {"refuses the lack of a detached payload", "84" ES256 "a0 f6" SIG64,
     YAO_P256, 0, YAO_E_USAGE},
    {"refuses a payload inside and outside", SIGN1, YAO_P256, 1, YAO_E_USAGE},

    /* misuse N009 */
    {"refuses the lack of an algorithm", "8440a0" BODY, YAO_P256, 0,
     YAO_E_ALGORITHM},
    {"refuses algorithm 0", "8443a10100a0" BODY, YAO_P256, 0, YAO_E_ALGORITHM},
    {"refuses HMAC 256", "8443a10105a0" BODY, YAO_P256, 0, YAO_E_ALGORITHM},
    {"refuses an unknown algorithm", "8445a10139fde7a0" BODY, YAO_P256, 0,
     YAO_E_ALGORITHM},
    {"refuses EdDSA with a key on P-256", "8443a10127a0" BODY, YAO_P256, 0,
     YAO_E_ALGORITHM},
    {"refuses ES256 with a key on P-384", SIGN1, YAO_P384, 0, YAO_E_ALGORITHM},
    {"refuses ES384 with a key on P-256", "8444a1013822a0" BODY, YAO_P256, 0,
     YAO_E_ALGORITHM},
    {"refuses a key that nobody filled in", SIGN1, YAO_CURVE_NONE, 0,
     YAO_E_ALGORITHM},
    {"refuses an algorithm that is text", "8448a101654553323536a0" BODY,
     YAO_P256, 0, YAO_E_ALGORITHM},

    /* misuse N011 */
    {"refuses a signature of 63 bytes",
     "84" ES256 "a043616263 583f" Z16 Z16 Z16 "000102030405060708090a0b0c0d0e",
     YAO_P256, 0, YAO_E_MALFORMED},
    {"refuses a signature of 65 bytes",
     "84" ES256 "a043616263 5841" Z16 Z16 Z16 Z16 "00", YAO_P256, 0,
     YAO_E_MALFORMED},
    {"refuses an empty signature", "84" ES256 "a043616263 40", YAO_P256, 0,
     YAO_E_MALFORMED},
    {"refuses 64 bytes for ES384", "8444a1013822a0" BODY, YAO_P384, 0,
     YAO_E_MALFORMED},
};

static yao_status check_with(const struct usage *row, yao_arena *arena,
                             yao_signature_check *check)
{
    static const yao_bytes parts[5] = {YAO_INIT("a"), YAO_INIT(""),
                                       YAO_INIT("bc"), YAO_INIT("d"),
                                       YAO_INIT("e")};
    yao_public_key         key      = {.curve = row->curve};
    yao_cose_message       m;

    YAO_TRY(yao_cose_read_message(test_unhex(row->hex), 0, false, &m));
    return yao_cose_check_sign1(&m, &key, row->external == 0 ? NULL : parts,
                                row->external, arena, check);
}

static void usage(void **state)
{
    const struct usage *row   = *state;
    yao_signature_check check = {.alg = YAO_ES384};

    assert_status(check_with(row, test_arena(), &check), row->want);
    assert_int_equal(check.alg, row->want == YAO_OK ? YAO_ES256 : YAO_ES384);
    assert_int_equal(check.outcome, YAO_SIG_UNCHECKED);
}

static yao_status check_taker(yao_arena *arena, void *context)
{
    yao_signature_check check;

    return check_with(context, arena, &check);
}

static void arenas(void **state)
{
    struct usage row = usages[2];

    (void)state;
    test_every_arena(check_taker, &row, 48);
}

/* RFC 9052 section 4.4, put together by hand. */
static void structure(void **state)
{
    yao_signature_check check;
    yao_writer          w;
    yao_bytes           joined;

    (void)state;
    assert_status(check_with(&usages[2], test_arena(), &check), YAO_OK);
    w = yao_writer_in(test_arena());
    for (size_t i = 0; i < check.part_count; i++)
        yao_put_bytes(&w, check.parts[i]);
    assert_status(yao_writer_keep(&w, test_arena(), &joined), YAO_OK);
    assert_bytes(joined, YAO_LIT("\x84\x6aSignature1\x43\xa1\x01\x26\x40\x44"
                                 "abcd"));
}

/* ---- MACs ---- */

#define MAC0 "84 43a10105 a0"

static const struct mac {
    const char *name;
    const char *hex;
    const char *key;
    size_t      external;
    yao_status  home; /* what the home answers */
    yao_status  want;
} macs[] = {
    {"refuses another tag", MAC0 "43616263" TAG32, "k", 0, YAO_OK,
     YAO_E_BAD_SIGNATURE},
    {"refuses an empty tag", MAC0 "43616263 40", "k", 0, YAO_OK,
     YAO_E_BAD_SIGNATURE},
    {"accepts the tag the home computes",
     MAC0 "43616263 5820" "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"
     "a5a5a5a5a5a5a5a5", "k", 0, YAO_OK, YAO_OK},
    {"refuses it cut to 31 bytes",
     MAC0 "43616263 581f" "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"
     "a5a5a5a5a5a5a5", "k", 0, YAO_OK, YAO_E_BAD_SIGNATURE},
    {"refuses it by a home that failed",
     MAC0 "43616263 5820" "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"
     "a5a5a5a5a5a5a5a5", "k", 0, YAO_E_CRYPTO, YAO_E_CRYPTO},
    {"refuses zeros by a home that lacks HMAC",
     MAC0 "43616263 5820" "000000000000000000000000000000000000000000000000"
     "0000000000000000", "k", 0, YAO_E_UNSUPPORTED, YAO_E_UNSUPPORTED},
    {"refuses an empty key", MAC0 "43616263" TAG32, "", 0, YAO_OK,
     YAO_E_USAGE},
    {"refuses HMAC 256/64", "8443a10104a0 43616263 480001020304050607", "k", 0,
     YAO_OK, YAO_E_ALGORITHM},
    {"refuses HMAC 384", "8443a10106a0 43616263" TAG32, "k", 0, YAO_OK,
     YAO_E_ALGORITHM},
    {"refuses the lack of an algorithm", "8440a0 43616263" TAG32, "k", 0,
     YAO_OK, YAO_E_ALGORITHM},
    {"refuses the algorithm of a signature", "8443a10126a0 43616263" TAG32,
     "k", 0, YAO_OK, YAO_E_ALGORITHM},
    {"refuses the lack of a detached payload", MAC0 "f6" TAG32, "k", 0, YAO_OK,
     YAO_E_USAGE},
    {"refuses a payload inside and outside", MAC0 "43616263" TAG32, "k", 1,
     YAO_OK, YAO_E_USAGE},
    {"refuses five parts", MAC0 "f6" TAG32, "k", 5, YAO_OK, YAO_E_USAGE},
};

static yao_status fake_hmac(void *ctx, yao_hash_alg alg, yao_bytes key,
                            const yao_bytes *parts, size_t count, uint8_t *out)
{
    (void)key;
    (void)parts;
    assert_int_equal(alg, YAO_SHA256);
    assert_true(count <= YAO_MAX_PARTS);
    if (*(yao_status *)ctx == YAO_OK)
        memset(out, 0xa5, YAO_SHA256_LEN);
    return *(yao_status *)ctx;
}

static void mac(void **state)
{
    const struct mac *row      = *state;
    yao_bytes         parts[5] = {YAO_INIT("a")};
    yao_status        answer   = row->home;
    yao_crypto        home     = {.ctx = &answer, .hmac = fake_hmac};
    yao_cose_message  m        = read_hex(row->hex, 0);

    assert_status(yao_cose_verify_mac0(
                      &m, yao_text_bytes(yao_text_of(row->key)),
                      row->external == 0 ? NULL : parts, row->external, &home),
                  row->want);
}

static yao_status put_mac(yao_writer *w, void *context)
{
    static const yao_bytes parts[2] = {YAO_INIT("spec"), YAO_INIT("imen")};

    return yao_cose_put_mac0(w, *(const yao_bytes *)context, parts, 2,
                             test_crypto());
}

static void written_mac(void **state)
{
    yao_bytes        key = YAO_LIT("a key of a test"), whole;
    yao_bytes        payload = YAO_LIT("specimen");
    yao_writer       w = yao_writer_in(test_arena());
    yao_cose_message m;

    (void)state;
    assert_status(put_mac(&w, &key), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &whole), YAO_OK);
    assert_status(yao_cose_read_message(whole, 0, false, &m), YAO_OK);
    assert_true(m.detached);
    assert_status(yao_cose_verify_mac0(&m, key, &payload, 1, test_crypto()),
                  YAO_OK);
    payload = YAO_LIT("Specimen");
    assert_status(yao_cose_verify_mac0(&m, key, &payload, 1, test_crypto()),
                  YAO_E_BAD_SIGNATURE);
    test_every_room(put_mac, &key);
}

static void unwritten_mac(void **state)
{
    yao_status answer  = YAO_E_UNSUPPORTED;
    yao_crypto home    = {.ctx = &answer, .hmac = fake_hmac};
    yao_bytes  payload = YAO_LIT("x");
    yao_writer w       = yao_writer_count();

    (void)state;
    assert_status(yao_cose_put_mac0(&w, YAO_LIT("k"), &payload, 1, &home),
                  YAO_E_UNSUPPORTED);
    assert_status(w.status, YAO_E_UNSUPPORTED);
    assert_int_equal(w.len, 0);
    answer = YAO_OK;
    w      = yao_writer_count();
    assert_status(yao_cose_put_mac0(&w, YAO_LIT(""), &payload, 1, &home),
                  YAO_E_USAGE);
    w = yao_writer_count();
    assert_status(yao_cose_put_mac0(&w, YAO_LIT("k"), NULL, 0, &home),
                  YAO_E_USAGE);
}

/* ---- making and verifying ---- */

typedef struct made {
    yao_cose_headers headers;
    yao_bytes        payload;
    bool             detached;
    yao_bytes        whole;
    yao_public_key   key;
} made;

static made make(yao_sig_alg alg, yao_bytes kid, const yao_bytes *chain,
                 size_t chain_count, bool detached)
{
    yao_openssl_key *secret = test_key(0, alg);
    made             m      = {.headers  = {.alg         = alg,
                                            .kid         = kid,
                                            .chain       = chain,
                                            .chain_count = chain_count},
                               .payload  = YAO_LIT("SPECIMEN"),
                               .detached = detached,
                               .key      = yao_openssl_key_public(secret)};
    yao_bytes        parts[2] = {{m.payload.ptr, 3}, {m.payload.ptr + 3, 5}};
    yao_sign_wish    wish;

    assert_status(
        yao_cose_wish_sign1(&m.headers, parts, 2, test_arena(), &wish),
        YAO_OK);
    yao_bytes  signature = test_sign(secret, wish);
    yao_writer w         = yao_writer_in(test_arena());
    yao_cose_put_sign1(&w, &m.headers, detached ? NULL : &m.payload, signature);
    assert_status(yao_writer_keep(&w, test_arena(), &m.whole), YAO_OK);
    return m;
}

static yao_status verify(yao_bytes input, void *context)
{
    const made         *m = context;
    yao_cose_message    message;
    yao_signature_check check;

    YAO_TRY(yao_cose_read_message(input, 0, false, &message));
    YAO_TRY(yao_cose_check_sign1(&message, &m->key, &m->payload,
                                 m->detached ? 1 : 0, test_arena(), &check));
    YAO_TRY(test_crypto()->verify(test_crypto()->ctx, &check, 1));
    return check.outcome == YAO_SIG_GOOD ? YAO_OK : YAO_E_BAD_SIGNATURE;
}

/* The unprotected header is not signed: its chain may change. */
static bool in_chain(size_t at, void *context)
{
    const made *m     = context;
    size_t      start = 1 + 1 + (size_t)(m->whole.ptr[1] & 0x1f);

    return m->headers.chain_count != 0 && at >= start &&
           at < m->whole.len - 2 - m->payload.len - 1 - 64;
}

static const yao_bytes certificates[YAO_MAX_CHAIN + 1] = {
    YAO_INIT("leaf"), YAO_INIT("middle"), YAO_INIT("more"), YAO_INIT("root"),
    YAO_INIT("too much")};

static void round_trip(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 24; i++) {
        bool      detached = (i & 1) != 0;
        yao_bytes kid      = (i & 2) != 0 ? YAO_LIT("11") : (yao_bytes){0};
        size_t    count    = i >> 3;
        made      m        = make((i & 4) != 0 ? YAO_ES384 : YAO_ES256, kid,
                                  certificates, count, detached);
        yao_cose_message message;

        assert_status(verify(m.whole, &m), YAO_OK);
        assert_status(yao_cose_read_message(m.whole, 0, false, &message),
                      YAO_OK);
        assert_bytes(message.kid, kid);
        assert_int_equal(message.chain_count, count);
        assert_int_equal(message.detached, detached);
        test_every_prefix(verify, m.whole, &m);
    }
}

/* Where the unprotected header is not enough: type and chain are signed. */
static made make_protected(size_t chain_count)
{
    made             m     = make(YAO_ES256, YAO_LIT("11"), certificates, 0,
                                  false);
    yao_openssl_key *key   = test_key(0, YAO_ES256);
    yao_writer       w     = yao_writer_in(test_arena());
    yao_sign_wish    wish;

    m.headers.chain_count     = chain_count;
    m.headers.chain_protected = true;
    m.headers.type            = YAO_TEXT("application/specimen");
    assert_status(yao_cose_wish_sign1(&m.headers, &m.payload, 1, test_arena(),
                                      &wish),
                  YAO_OK);
    yao_bytes signature = test_sign(key, wish);
    w                   = yao_writer_in(test_arena());
    yao_cose_put_sign1(&w, &m.headers, &m.payload, signature);
    assert_status(yao_writer_keep(&w, test_arena(), &m.whole), YAO_OK);
    return m;
}

static void protected_headers(void **state)
{
    (void)state;
    for (size_t count = 0; count <= 2; count++) {
        made             m = make_protected(count);
        yao_cose_message message;

        assert_status(verify(m.whole, &m), YAO_OK);
        assert_status(yao_cose_read_message(m.whole, 0, false, &message),
                      YAO_OK);
        assert_int_equal(message.chain_count, count);
        assert_int_equal(message.chain_protected, count != 0);
        assert_bytes(yao_text_bytes(message.type),
                     YAO_LIT("application/specimen"));
        test_every_bit(verify, m.whole, &m, NULL);
    }
}

static void bits(void **state)
{
    made plain = make(YAO_ES256, YAO_LIT("11"), NULL, 0, false);
    made chain = make(YAO_ES256, YAO_LIT("11"), certificates, 2, false);
    made away  = make(YAO_ES256, (yao_bytes){0}, NULL, 0, true);

    (void)state;
    test_every_bit(verify, plain.whole, &plain, NULL);
    test_every_bit(verify, chain.whole, &chain, in_chain);
    test_every_bit(verify, away.whole, &away, NULL);
}

static yao_status write_made(yao_writer *w, void *context)
{
    const made *m = context;

    yao_cose_put_sign1(w, &m->headers, &m->payload,
                       (yao_bytes){m->whole.ptr + m->whole.len - 64, 64});
    return w->status;
}

static yao_status take_wish(yao_arena *arena, void *context)
{
    const made   *m = context;
    yao_sign_wish wish;

    return yao_cose_wish_sign1(&m->headers, &m->payload, 1, arena, &wish);
}

static void rooms(void **state)
{
    made m = make(YAO_ES256, YAO_LIT("11"), certificates, 2, false);

    (void)state;
    test_every_room(write_made, &m);
    test_every_arena(take_wish, &m, 64);
}

static void misused(void **state)
{
    yao_bytes        signature = test_unhex(Z16 Z16 Z16 Z16);
    yao_bytes        parts[5]  = {YAO_INIT("x")};
    yao_cose_headers none      = {0};
    yao_cose_headers many      = {.alg         = YAO_ES256,
                                  .chain       = certificates,
                                  .chain_count = YAO_MAX_CHAIN + 1};
    yao_cose_headers good      = {.alg         = YAO_ES256,
                                  .chain       = certificates,
                                  .chain_count = YAO_MAX_CHAIN};
    yao_sign_wish    wish;
    yao_writer       w = yao_writer_count();

    (void)state;
    assert_status(yao_cose_wish_sign1(&none, parts, 1, test_arena(), &wish),
                  YAO_E_USAGE);
    assert_status(yao_cose_wish_sign1(&good, parts, 0, test_arena(), &wish),
                  YAO_E_USAGE);
    assert_status(yao_cose_wish_sign1(&good, parts, 5, test_arena(), &wish),
                  YAO_E_USAGE);
    assert_status(yao_cose_wish_sign1(&good, parts, 4, test_arena(), &wish),
                  YAO_OK);

    yao_cose_put_sign1(&w, &none, parts, signature);
    assert_status(w.status, YAO_E_USAGE);
    w = yao_writer_count();
    yao_cose_put_sign1(&w, &many, parts, signature);
    assert_status(w.status, YAO_E_USAGE);
    w = yao_writer_count();
    yao_cose_put_sign1(&w, &good, parts, (yao_bytes){signature.ptr, 63});
    assert_status(w.status, YAO_E_USAGE);
    w = yao_writer_count();
    yao_cose_put_sign1(&w, &good, parts, signature);
    assert_status(w.status, YAO_OK);
}

/* ---- what others made: tests/vectors/cose/README ---- */

enum { NAME, KIND, KEY, DETACHED, MESSAGE, VERDICT, WORDS };

/* The next line of TEXT in words; false at its end. */
static bool next_line(yao_bytes *text, yao_bytes words[WORDS])
{
    if (text->len == 0)
        return false;
    for (size_t i = 0; i < WORDS; i++) {
        size_t len = 0;

        while (text->ptr[len] != ' ' && text->ptr[len] != '\n')
            len++;
        words[i] = (yao_bytes){text->ptr, len};
        text->ptr += len + 1;
        text->len -= len + 1;
    }
    return true;
}

static yao_bytes unhex(yao_bytes hex)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {0};

    assert_status(yao_get_hex(hex, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static yao_status verify_words(const yao_bytes words[WORDS])
{
    bool             detached = !yao_bytes_equal(words[DETACHED], YAO_LIT("-"));
    yao_bytes        key      = unhex(words[KEY]);
    yao_cbor_reader  r        = yao_cbor_open(key);
    made             m        = {.detached = detached};
    yao_cose_message message;

    if (detached)
        m.payload = unhex(words[DETACHED]);
    if (yao_bytes_equal(words[KIND], YAO_LIT("sign1"))) {
        yao_cose_get_key(&r, &m.key);
        assert_status(yao_cbor_close(&r), YAO_OK);
        return verify(unhex(words[MESSAGE]), &m);
    }
    YAO_TRY(yao_cose_read_message(unhex(words[MESSAGE]), 0, false, &message));
    return yao_cose_verify_mac0(&message, key, &m.payload, detached ? 1 : 0,
                                test_crypto());
}

/* misuse N013 among them: external data */
static void others(void **state)
{
    yao_bytes text  = test_file("tests/vectors/cose/messages.txt");
    yao_bytes words[WORDS];
    size_t    good = 0, bad = 0;

    (void)state;
    while (next_line(&text, words)) {
        bool       want = yao_bytes_equal(words[VERDICT], YAO_LIT("good"));
        yao_status got  = verify_words(words);

        if ((got == YAO_OK) != want)
            fail_msg("%.*s gives %s", (int)words[NAME].len,
                     (const char *)words[NAME].ptr, yao_status_name(got));
        good += want;
        bad += !want;
    }
    assert_int_equal(good, 18);
    assert_int_equal(bad, 33);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(shapes); i++)
        test_add("read", shapes[i].name, shape, &shapes[i]);
    test_add("read", "gives each place", places, NULL);
    test_add("read", "never writes what it refuses", untouched, NULL);
    test_add("read", "gives a note about longer heads", longer, NULL);
    test_add("read", "refuses more labels than the limit", label_limit, NULL);
    for (size_t i = 0; i < COUNT(usages); i++)
        test_add("check", usages[i].name, usage, &usages[i]);
    test_add("check", "gives the structure of 4.4", structure, NULL);
    test_add("check", "refuses arenas that are too small", arenas, NULL);
    for (size_t i = 0; i < COUNT(macs); i++)
        test_add("mac", macs[i].name, mac, &macs[i]);
    test_add("mac", "accepts what it wrote", written_mac, NULL);
    test_add("mac", "never writes without a home", unwritten_mac, NULL);
    test_add("sign1", "accepts what it made", round_trip, NULL);
    test_add("sign1", "gives what it wrote, type and chain protected",
             protected_headers, NULL);
    test_add("sign1", "refuses every flipped bit of it", bits, NULL);
    test_add("sign1", "refuses rooms that are too small", rooms, NULL);
    test_add("sign1", "refuses headers that cannot be", misused, NULL);
    test_add("others", "accepts good messages and refuses bad ones", others,
             NULL);
    return test_run("cose");
}
