/* SPDX-License-Identifier: Apache-2.0 */
#include "jose/jwe.h"

#include <stdio.h>

#include "agree.h"

enum { EPHEMERAL = 1, RECIPIENT = 2, STRANGER = 3 };

#define PLAIN YAO_LIT("{\"vp_token\":\"SPECIMEN\"}")
#define NONCE YAO_LIT("0123456789ab")

/* ---- tokens of any header ----------------------------------------------- */

#define HEAD  "\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\""
#define GOOD  "{" HEAD ",\"epk\":@E}"
#define POINT "\"x\":\"@X\",\"y\":\"@Y\""

static yao_bytes coordinate(size_t at)
{
    yao_public_key key = test_public(EPHEMERAL);
    uint8_t       *out = yao_arena_take(test_arena(), 32);

    memcpy(out, key.point + at, 32);
    return test_base64url((yao_bytes){out, 32});
}

/* @E stands for the ephemeral key, @X and @Y for its coordinates; what is
 * written into the arena lies in front of W. */
static yao_bytes fill(const char *template)
{
    yao_public_key key = test_public(EPHEMERAL);
    yao_bytes      x = coordinate(1), y = coordinate(33), text;
    yao_writer     w = yao_writer_in(test_arena());

    for (const char *c = template; *c != '\0'; c++) {
        if (*c != '@')
            yao_put_byte(&w, (uint8_t)*c);
        else if (*++c == 'E')
            yao_jwk_put(&w, &key);
        else
            yao_put_bytes(&w, *c == 'X' ? x : y);
    }
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return text;
}

/* Sealed as it should be, under a header that says what it says. */
static yao_bytes sealed_under(yao_bytes letters, yao_aead_alg enc)
{
    yao_public_key to  = test_public(RECIPIENT);
    yao_jwe        jwe = {.enc       = enc,
                          .ephemeral = test_public(EPHEMERAL),
                          .letters   = letters,
                          .nonce     = NONCE};
    yao_jwe_key    key;
    yao_aead_wish  wish;
    yao_bytes      sealed = {0};

    assert_status(
        yao_jwe_open(test_crypto(), &jwe,
                     test_agree(test_key(EPHEMERAL, YAO_ES256), &to), &key,
                     &wish),
        YAO_OK);
    wish.open  = false;
    wish.input = PLAIN;
    assert_status(test_aead(&wish, &sealed), YAO_OK);
    return sealed;
}

/* The five parts of a token. */
typedef struct token {
    yao_bytes header, encrypted_key, nonce, ciphertext, tag;
} token;

static token parts_of(const char *header, yao_aead_alg enc)
{
    token     t      = {.header = test_base64url(fill(header)), .nonce = NONCE};
    yao_bytes sealed = sealed_under(t.header, enc);

    t.ciphertext = (yao_bytes){sealed.ptr, sealed.len - 16};
    t.tag        = (yao_bytes){sealed.ptr + sealed.len - 16, 16};
    return t;
}

static yao_bytes put_together(const token *t)
{
    yao_bytes point = YAO_LIT(".");

    return test_join((yao_bytes[]){
        t->header, point, test_base64url(t->encrypted_key), point,
        test_base64url(t->nonce), point, test_base64url(t->ciphertext), point,
        test_base64url(t->tag), {0}});
}

/* Read and opened by the key with NUMBER. */
static yao_status open_by(size_t number, yao_bytes input, yao_bytes *plain)
{
    yao_jwe        jwe;
    yao_jwe_key    key;
    yao_aead_wish  wish;
    yao_agree_wish agree;
    uint8_t        shared[YAO_MAX_AGREEMENT];

    YAO_TRY(yao_jwe_read(test_arena(), input, &jwe));
    agree.peer = jwe.ephemeral;
    YAO_TRY(yao_openssl_agree(test_key(number, YAO_ES256), &agree, shared));
    YAO_TRY(yao_jwe_open(test_crypto(), &jwe, (yao_bytes){shared, 32}, &key,
                         &wish));
    return test_aead(&wish, plain);
}

/* ---- headers ------------------------------------------------------------ */

static const struct row {
    const char *name, *header;
    yao_status  want;
} rows[] = {
    {"accepts alg, enc and epk", GOOD, YAO_OK},
    {"accepts kid, typ, cty and what is not ours",
     "{" HEAD ",\"epk\":@E,\"kid\":\"k\",\"typ\":\"JWE\",\"cty\":\"json\","
     "\"x\":[1]}",
     YAO_OK},
    {"accepts blanks and escapes", "{ \"\\u0061lg\" : \"ECDH-E\\u0053\",\n"
     "\"enc\":\"A128GCM\",\"epk\":@E}", YAO_OK},
    {"accepts an empty apu and apv", "{" HEAD ",\"epk\":@E,\"apu\":\"\","
     "\"apv\":\"\"}", YAO_OK},
    {"accepts an epk with what WebCrypto adds",
     "{" HEAD ",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\"," POINT ",\"ext\":"
     "true,\"key_ops\":[]}}", YAO_OK},
    {"accepts an epk that is for agreements",
     "{" HEAD ",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\"," POINT ",\"use\":"
     "\"enc\",\"alg\":\"ECDH-ES\",\"key_ops\":[\"deriveKey\","
     "\"deriveBits\"]}}", YAO_OK},

    {"refuses no alg", "{\"enc\":\"A128GCM\",\"epk\":@E}", YAO_E_ALGORITHM},
    {"refuses alg none", "{\"alg\":\"none\",\"enc\":\"A128GCM\",\"epk\":@E}",
     YAO_E_ALGORITHM},
    {"N090: refuses alg dir", "{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"epk\":"
     "@E}", YAO_E_ALGORITHM},
    {"N090: refuses alg RSA1_5", "{\"alg\":\"RSA1_5\",\"enc\":\"A128GCM\","
     "\"epk\":@E}", YAO_E_ALGORITHM},
    {"N090: refuses alg PBES2", "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":"
     "\"A128GCM\",\"epk\":@E}", YAO_E_ALGORITHM},
    {"N090: refuses p2c of 2^31", "{\"alg\":\"PBES2-HS256+A128KW\",\"p2c\":"
     "2147483648,\"enc\":\"A128GCM\",\"epk\":@E}", YAO_E_HEADER},
    {"N090: refuses p2c beside ECDH-ES", "{" HEAD ",\"epk\":@E,\"p2c\":1}",
     YAO_E_HEADER},
    {"refuses p2s beside ECDH-ES", "{" HEAD ",\"epk\":@E,\"p2s\":\"AA\"}",
     YAO_E_HEADER},
    {"N090: refuses alg ECDH-ES+A128KW", "{\"alg\":\"ECDH-ES+A128KW\",\"enc\":"
     "\"A128GCM\",\"epk\":@E}", YAO_E_ALGORITHM},
    {"refuses alg in small letters", "{\"alg\":\"ecdh-es\",\"enc\":"
     "\"A128GCM\",\"epk\":@E}", YAO_E_ALGORITHM},
    {"refuses an alg that is a number", "{\"alg\":1,\"enc\":\"A128GCM\","
     "\"epk\":@E}", YAO_E_MALFORMED},
    {"refuses a list of algs", "{\"alg\":[\"ECDH-ES\"],\"enc\":\"A128GCM\","
     "\"epk\":@E}", YAO_E_MALFORMED},

    {"N094: refuses no enc", "{\"alg\":\"ECDH-ES\",\"epk\":@E}",
     YAO_E_ALGORITHM},
    {"N094: refuses enc A192GCM", "{\"alg\":\"ECDH-ES\",\"enc\":\"A192GCM\","
     "\"epk\":@E}", YAO_E_ALGORITHM},
    {"N094: refuses enc A128CBC-HS256", "{\"alg\":\"ECDH-ES\",\"enc\":"
     "\"A128CBC-HS256\",\"epk\":@E}", YAO_E_ALGORITHM},
    {"N094: refuses enc A256CBC-HS512", "{\"alg\":\"ECDH-ES\",\"enc\":"
     "\"A256CBC-HS512\",\"epk\":@E}", YAO_E_ALGORITHM},
    {"N094: refuses enc in small letters", "{\"alg\":\"ECDH-ES\",\"enc\":"
     "\"a128gcm\",\"epk\":@E}", YAO_E_ALGORITHM},
    {"N094: refuses an enc that is null", "{\"alg\":\"ECDH-ES\",\"enc\":null,"
     "\"epk\":@E}", YAO_E_MALFORMED},

    {"N091: refuses zip DEF", "{" HEAD ",\"epk\":@E,\"zip\":\"DEF\"}",
     YAO_E_HEADER},
    {"N091: refuses zip null", "{" HEAD ",\"epk\":@E,\"zip\":null}",
     YAO_E_HEADER},
    {"refuses crit of exp", "{" HEAD ",\"epk\":@E,\"crit\":[\"exp\"]}",
     YAO_E_HEADER},
    {"refuses an empty crit", "{" HEAD ",\"epk\":@E,\"crit\":[]}",
     YAO_E_HEADER},
    {"refuses jku", "{" HEAD ",\"epk\":@E,\"jku\":\"https://e.example\"}",
     YAO_E_HEADER},
    {"refuses x5u", "{" HEAD ",\"epk\":@E,\"x5u\":\"https://e.example\"}",
     YAO_E_HEADER},
    {"refuses b64", "{" HEAD ",\"epk\":@E,\"b64\":true}", YAO_E_HEADER},
    {"refuses a kid that is a number", "{" HEAD ",\"epk\":@E,\"kid\":1}",
     YAO_E_MALFORMED},
    {"refuses a typ that is null", "{" HEAD ",\"epk\":@E,\"typ\":null}",
     YAO_E_MALFORMED},
    {"refuses a cty that is true", "{" HEAD ",\"epk\":@E,\"cty\":true}",
     YAO_E_MALFORMED},
    {"refuses an apu that is a number", "{" HEAD ",\"epk\":@E,\"apu\":1}",
     YAO_E_MALFORMED},
    {"refuses an apu with padding", "{" HEAD ",\"epk\":@E,\"apu\":\"QQ==\"}",
     YAO_E_BASE64},
    {"refuses an apv with stray bits", "{" HEAD ",\"epk\":@E,\"apv\":\"QR\"}",
     YAO_E_BASE64},
    {"refuses an apv in standard base64", "{" HEAD ",\"epk\":@E,\"apv\":"
     "\"+/+/\"}", YAO_E_BASE64},

    {"N092: refuses no epk", "{" HEAD "}", YAO_E_MISSING},
    {"N092: refuses an epk that is null", "{" HEAD ",\"epk\":null}", YAO_E_KEY},
    {"N092: refuses an epk on a curve that is not its own",
     "{" HEAD ",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-384\"," POINT "}}",
     YAO_E_KEY},
    {"N092: refuses an epk on X25519", "{" HEAD ",\"epk\":{\"kty\":\"OKP\","
     "\"crv\":\"X25519\",\"x\":\"@X\"}}", YAO_E_KEY},
    {"N092: refuses an epk on P-521", "{" HEAD ",\"epk\":{\"kty\":\"EC\","
     "\"crv\":\"P-521\"," POINT "}}", YAO_E_KEY},
    {"N092: refuses an epk off its curve", "{" HEAD ",\"epk\":{\"kty\":\"EC\","
     "\"crv\":\"P-256\",\"x\":\"@X\",\"y\":\"@X\"}}", YAO_E_KEY},
    {"N092: refuses an epk at infinity", "{" HEAD ",\"epk\":{\"kty\":\"EC\","
     "\"crv\":\"P-256\",\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
     "\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}}", YAO_E_KEY},
    {"refuses an epk without y", "{" HEAD ",\"epk\":{\"kty\":\"EC\",\"crv\":"
     "\"P-256\",\"x\":\"@X\"}}", YAO_E_KEY},
    {"refuses an epk with its private part", "{" HEAD ",\"epk\":{\"kty\":"
     "\"EC\",\"crv\":\"P-256\"," POINT ",\"d\":\"AAAA\"}}", YAO_E_KEY},
    {"refuses an epk that is for signatures", "{" HEAD ",\"epk\":{\"kty\":"
     "\"EC\",\"crv\":\"P-256\"," POINT ",\"use\":\"sig\"}}", YAO_E_KEY},
    {"refuses an epk of another alg", "{" HEAD ",\"epk\":{\"kty\":\"EC\","
     "\"crv\":\"P-256\"," POINT ",\"alg\":\"ES256\"}}", YAO_E_KEY},
    {"refuses an epk that verifies", "{" HEAD ",\"epk\":{\"kty\":\"EC\","
     "\"crv\":\"P-256\"," POINT ",\"key_ops\":[\"verify\"]}}", YAO_E_KEY},
    {"refuses an epk whose key_ops are no list", "{" HEAD ",\"epk\":{\"kty\":"
     "\"EC\",\"crv\":\"P-256\"," POINT ",\"key_ops\":\"deriveKey\"}}",
     YAO_E_KEY},

    {"refuses a header that is an array", "[]", YAO_E_MALFORMED},
    {"refuses a header that is empty", "", YAO_E_TRUNCATED},
    {"refuses bytes behind the header", GOOD "{}", YAO_E_TRAILING},
    {"refuses enc twice", "{" HEAD ",\"enc\":\"A128GCM\",\"epk\":@E}",
     YAO_E_DUPLICATE},
    {"refuses epk twice, one escaped", "{" HEAD ",\"epk\":@E,\"\\u0065pk\":@E}",
     YAO_E_DUPLICATE},
    {"refuses a header that is not UTF-8", "{" HEAD ",\"epk\":@E,\"\xff\":1}",
     YAO_E_UTF8},
};

static void case_row(void **state)
{
    const struct row *r     = *state;
    token             t     = parts_of(r->header, YAO_A128GCM);
    yao_bytes         plain = {0};

    assert_status(open_by(RECIPIENT, put_together(&t), &plain), r->want);
    if (r->want == YAO_OK)
        assert_bytes(plain, PLAIN);
}

/* ---- the other parts ---------------------------------------------------- */

/* How much is taken off the end of a part, or what stands in its place. */
static const struct cut {
    const char *name;
    size_t      nonce, tag; /* bytes that are left of them */
    bool        encrypted_key;
    yao_status  want;
} cuts[] = {
    {"accepts parts of their own length", 12, 16, false, YAO_OK},
    {"N093: refuses a tag of 15 bytes", 12, 15, false, YAO_E_MALFORMED},
    {"N093: refuses a tag of 12 bytes", 12, 12, false, YAO_E_MALFORMED},
    {"N093: refuses a tag of 8 bytes", 12, 8, false, YAO_E_MALFORMED},
    {"N093: refuses no tag", 12, 0, false, YAO_E_MALFORMED},
    {"N093: refuses an empty nonce", 0, 16, false, YAO_E_MALFORMED},
    {"N093: refuses a nonce of 11 bytes", 11, 16, false, YAO_E_MALFORMED},
    {"refuses an encrypted key", 12, 16, true, YAO_E_MALFORMED},
};

static void case_cut(void **state)
{
    const struct cut *c     = *state;
    token             t     = parts_of(GOOD, YAO_A128GCM);
    yao_bytes         plain = {0};

    t.nonce.len = c->nonce;
    t.tag.len   = c->tag;
    if (c->encrypted_key)
        t.encrypted_key = YAO_LIT("SPECIMEN");
    assert_status(open_by(RECIPIENT, put_together(&t), &plain), c->want);
}

/* Longer ones cannot be cut off a good one. */
static void longer(void **state)
{
    token     t     = parts_of(GOOD, YAO_A128GCM);
    yao_bytes plain = {0};

    (void)state;
    t.nonce = YAO_LIT("0123456789abc");
    assert_status(open_by(RECIPIENT, put_together(&t), &plain),
                  YAO_E_MALFORMED);
    t     = parts_of(GOOD, YAO_A128GCM);
    t.tag = YAO_LIT("0123456789abcdefg");
    assert_status(open_by(RECIPIENT, put_together(&t), &plain),
                  YAO_E_MALFORMED);
}

/* Padding at the end of each part in turn. */
static void padded(void **state)
{
    yao_bytes whole, plain = {0};
    token     t = parts_of(GOOD, YAO_A128GCM);

    (void)state;
    whole = put_together(&t);
    for (size_t at = 0; at <= whole.len; at++) {
        yao_status want =
            at == t.header.len + 1 ? YAO_E_MALFORMED : YAO_E_BASE64;

        if (at != whole.len && whole.ptr[at] != '.')
            continue;
        yao_bytes more = test_join((yao_bytes[]){
            {whole.ptr, at}, YAO_LIT("="), {whole.ptr + at, whole.len - at},
            {0}});
        assert_status(open_by(RECIPIENT, more, &plain), want);
    }
}

static const struct shape {
    const char *name, *text;
    yao_status  want;
} shapes[] = {
    {"refuses nothing", "", YAO_E_MALFORMED},
    {"refuses the three parts of a JWS", "e30.e30.AA", YAO_E_MALFORMED},
    {"refuses four parts", "e30...", YAO_E_MALFORMED},
    {"refuses six parts", "e30.....", YAO_E_MALFORMED},
    {"refuses the JSON serialisation", "{\"protected\":\"e30\",\"iv\":\"AA\"}",
     YAO_E_MALFORMED},
    {"refuses JSON that has four points", "{\"a\":\"..\"..}", YAO_E_BASE64},
    {"refuses a header with padding", "e30=....", YAO_E_BASE64},
};

static void case_shape(void **state)
{
    const struct shape *s = *state;
    yao_jwe             jwe, before;

    memset(&jwe, 0xa5, sizeof jwe);
    before = jwe;
    assert_status(yao_jwe_read(test_arena(),
                               yao_text_bytes(yao_text_of(s->text)), &jwe),
                  s->want);
    assert_memory_equal(&jwe, &before, sizeof jwe);
}

static void too_long(void **state)
{
    uint8_t *text = yao_arena_take(test_arena(), YAO_MAX_MESSAGE + 1);
    yao_jwe  jwe;

    (void)state;
    memset(text, 'A', YAO_MAX_MESSAGE + 1);
    assert_status(yao_jwe_read(test_arena(),
                               (yao_bytes){text, YAO_MAX_MESSAGE + 1}, &jwe),
                  YAO_E_LIMIT);
    assert_status(yao_jwe_read(test_arena(),
                               (yao_bytes){text, YAO_MAX_MESSAGE}, &jwe),
                  YAO_E_MALFORMED);
}

static void long_kid(void **state)
{
    char      text[2048], kid[514];
    yao_bytes plain = {0};

    (void)state;
    for (size_t len = 512; len <= 513; len++) {
        memset(kid, 'k', len);
        kid[len] = '\0';
        snprintf(text, sizeof text, "{" HEAD ",\"epk\":@E,\"kid\":\"%s\"}",
                 kid);
        token t = parts_of(text, YAO_A128GCM);
        assert_status(open_by(RECIPIENT, put_together(&t), &plain),
                      len == 512 ? YAO_OK : YAO_E_HEADER);
    }
}

/* ---- what was made here ------------------------------------------------- */

typedef struct made {
    yao_jwe_message message;
    yao_aead_wish   wish;
    yao_jwe_key     key;
    yao_bytes       sealed, text;
} made;

static yao_status write_token(yao_writer *w, void *context)
{
    const made *m = context;

    yao_jwe_put(w, &m->wish, m->sealed);
    return w->status;
}

/* MESSAGE as it would go to the key with NUMBER. */
static void make(made *m, const yao_jwe_message *message, size_t number,
                 yao_sig_alg alg)
{
    yao_public_key to = yao_openssl_key_public(test_key(number, alg));
    yao_writer     w;

    m->message           = *message;
    m->message.ephemeral = yao_openssl_key_public(test_key(EPHEMERAL, alg));
    assert_status(yao_jwe_seal(test_arena(), test_crypto(), &m->message,
                               test_agree(test_key(EPHEMERAL, alg), &to),
                               &m->key, &m->wish),
                  YAO_OK);
    assert_status(test_aead(&m->wish, &m->sealed), YAO_OK);
    w = yao_writer_in(test_arena());
    assert_status(write_token(&w, m), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &m->text), YAO_OK);
}

static const yao_jwe_message messages[] = {
    {.enc = YAO_A128GCM, .nonce = YAO_INIT("0123456789ab")},
    {.enc = YAO_A256GCM, .nonce = YAO_INIT("0123456789ab"),
     .kid = YAO_INIT("ac"), .plain = YAO_INIT("SPECIMEN")},
    {.enc = YAO_A128GCM, .nonce = YAO_INIT("............"),
     .kid = YAO_INIT("quote \" and \\"), .type = YAO_INIT("JWE"),
     .content_type = YAO_INIT("json"), .apu = YAO_INIT("Alice"),
     .apv = YAO_INIT("\xff\x00"), .plain = YAO_INIT("x")},
};

static void round_trip(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(messages); i++) {
        const yao_jwe_message *want = &messages[i];
        made                   m;
        yao_jwe                jwe;
        yao_bytes              plain = {0};

        make(&m, want, RECIPIENT, YAO_ES256);
        assert_status(yao_jwe_read(test_arena(), m.text, &jwe), YAO_OK);
        assert_int_equal(jwe.enc, want->enc);
        assert_bytes(yao_text_bytes(jwe.kid), yao_text_bytes(want->kid));
        assert_bytes(yao_text_bytes(jwe.type), yao_text_bytes(want->type));
        assert_bytes(yao_text_bytes(jwe.content_type),
                     yao_text_bytes(want->content_type));
        assert_bytes(jwe.apu, want->apu);
        assert_bytes(jwe.apv, want->apv);
        assert_bytes(jwe.nonce, want->nonce);
        assert_true(yao_public_key_equal(&jwe.ephemeral,
                                         &m.message.ephemeral));
        assert_status(open_by(RECIPIENT, m.text, &plain), YAO_OK);
        assert_bytes(plain, want->plain);
    }
}

static void other_curve(void **state)
{
    yao_public_key from = yao_openssl_key_public(test_key(EPHEMERAL,
                                                          YAO_ES384));
    made           m;
    yao_jwe        jwe;
    yao_aead_wish  wish;
    yao_jwe_key    key;
    yao_bytes      plain = {0};

    (void)state;
    make(&m, &messages[1], RECIPIENT, YAO_ES384);
    assert_status(yao_jwe_read(test_arena(), m.text, &jwe), YAO_OK);
    assert_status(yao_jwe_open(test_crypto(), &jwe,
                               test_agree(test_key(RECIPIENT, YAO_ES384),
                                          &from),
                               &key, &wish),
                  YAO_OK);
    assert_status(test_aead(&wish, &plain), YAO_OK);
    assert_bytes(plain, messages[1].plain);
    /* and a key on P-256 cannot agree with it */
    assert_status(open_by(RECIPIENT, m.text, &plain), YAO_E_KEY);
}

/* The kid is a name only: what counts is which key agreed. */
static void other_key(void **state)
{
    made      m;
    yao_bytes plain = {0};

    (void)state;
    make(&m, &messages[1], STRANGER, YAO_ES256);
    assert_status(open_by(STRANGER, m.text, &plain), YAO_OK);
    assert_status(open_by(RECIPIENT, m.text, &plain), YAO_E_SECRET);
}

static yao_status open_swept(yao_bytes input, void *context)
{
    size_t     mark = test_arena()->used;
    yao_bytes  plain;
    yao_status status = open_by(RECIPIENT, input, &plain);

    (void)context;
    test_arena()->used = mark;
    return status;
}

static void sweep(void **state)
{
    made m;

    (void)state;
    make(&m, &messages[2], RECIPIENT, YAO_ES256);
    test_every_prefix(open_swept, m.text, NULL);
    test_every_bit(open_swept, m.text, NULL, NULL);
}

static yao_status read_in(yao_arena *arena, void *context)
{
    made   *m = context;
    yao_jwe jwe;

    return yao_jwe_read(arena, m->text, &jwe);
}

static yao_status seal_in(yao_arena *arena, void *context)
{
    const made   *m          = context;
    const uint8_t shared[32] = {1};
    yao_jwe_key   key;
    yao_aead_wish wish;

    return yao_jwe_seal(arena, test_crypto(), &m->message,
                        (yao_bytes){shared, 32}, &key, &wish);
}

static void rooms(void **state)
{
    made m;

    (void)state;
    make(&m, &messages[2], RECIPIENT, YAO_ES256);
    test_every_room(write_token, &m);
    test_every_arena(read_in, &m, 8192);
    test_every_arena(seal_in, &m, 8192);
}

/* ---- what cannot be ----------------------------------------------------- */

static const uint8_t zero[48], some[48] = {1};

static const struct misuse {
    const char  *name;
    yao_aead_alg enc;
    size_t       nonce;
    uint8_t      first; /* of the ephemeral point */
    uint8_t      len;
    yao_bytes    shared;
    yao_status   want;
} misuses[] = {
    {"accepts 32 bytes of an agreement", YAO_A128GCM, 12, 4, 65, {some, 32},
     YAO_OK},
    {"refuses no enc", YAO_AEAD_NONE, 12, 4, 65, {some, 32}, YAO_E_USAGE},
    {"refuses a nonce of 11 bytes", YAO_A128GCM, 11, 4, 65, {some, 32},
     YAO_E_USAGE},
    {"refuses no nonce", YAO_A128GCM, 0, 4, 65, {some, 32}, YAO_E_USAGE},
    {"refuses a compressed ephemeral key", YAO_A128GCM, 12, 2, 33, {some, 32},
     YAO_E_USAGE},
    {"refuses an agreement of zeros", YAO_A128GCM, 12, 4, 65, {zero, 32},
     YAO_E_KEY},
    {"refuses no agreement", YAO_A128GCM, 12, 4, 65, {NULL, 0}, YAO_E_KEY},
    {"refuses an agreement of another curve", YAO_A128GCM, 12, 4, 65,
     {some, 48}, YAO_E_KEY},
};

static void case_misuse(void **state)
{
    const struct misuse *r       = *state;
    yao_jwe_message      message = {
             .enc       = r->enc,
             .nonce     = {some, r->nonce},
             .ephemeral = {YAO_P256, {r->first}, r->len}};
    yao_jwe_key          key, before;
    yao_aead_wish        wish;

    memset(&key, 0xa5, sizeof key);
    before = key;
    assert_status(yao_jwe_seal(test_arena(), test_crypto(), &message,
                               r->shared, &key, &wish),
                  r->want);
    if (r->want != YAO_OK)
        assert_memory_equal(&key, &before, sizeof key);
    if (r->want == YAO_E_USAGE && r->enc != YAO_AEAD_NONE)
        return;

    yao_jwe jwe = {.enc = r->enc, .ephemeral = message.ephemeral};
    assert_status(yao_jwe_open(test_crypto(), &jwe, r->shared, &key, &wish),
                  r->want);
}

static yao_status fail_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                            size_t count, uint8_t *out)
{
    (void)alg;
    (void)parts;
    (void)count;
    (void)out;
    return *(const yao_status *)ctx;
}

static void failing(void **state)
{
    yao_status      whats[] = {YAO_E_CRYPTO, YAO_E_UNSUPPORTED};
    yao_jwe         jwe     = {.enc       = YAO_A128GCM,
                               .ephemeral = test_public(EPHEMERAL)};
    yao_jwe_message message = {.enc       = YAO_A128GCM,
                               .nonce     = NONCE,
                               .ephemeral = test_public(EPHEMERAL)};
    yao_jwe_key     key;
    yao_aead_wish   wish;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        yao_crypto home = {.ctx = &whats[i], .hash = fail_hash};

        assert_status(yao_jwe_open(&home, &jwe, (yao_bytes){some, 32}, &key,
                                   &wish),
                      whats[i]);
        assert_status(yao_jwe_seal(test_arena(), &home, &message,
                                   (yao_bytes){some, 32}, &key, &wish),
                      whats[i]);
    }
}

static void leftovers(void **state)
{
    yao_jwe_key   key;
    yao_writer    w    = yao_writer_count();
    yao_aead_wish wish = {.nonce = NONCE, .aad = YAO_LIT("e30")};

    (void)state;
    memset(&key, 0xa5, sizeof key);
    yao_jwe_wipe(&key);
    assert_memory_equal(key.bytes, zero, sizeof key.bytes);
    yao_jwe_put(&w, &wish, (yao_bytes){some, 15});
    assert_status(w.status, YAO_E_USAGE);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("header", rows[i].name, case_row, &rows[i]);
    for (size_t i = 0; i < COUNT(cuts); i++)
        test_add("parts", cuts[i].name, case_cut, &cuts[i]);
    test_add("parts", "refuses a longer nonce or tag", longer, NULL);
    test_add("parts", "refuses padding in each of them", padded, NULL);
    for (size_t i = 0; i < COUNT(shapes); i++)
        test_add("parts", shapes[i].name, case_shape, &shapes[i]);
    test_add("parts", "refuses more than a message may have", too_long, NULL);
    test_add("header", "refuses a kid of more than 512 bytes", long_kid, NULL);
    test_add("made", "accepts what it made", round_trip, NULL);
    test_add("made", "accepts P-384 by a key on P-384 only", other_curve, NULL);
    test_add("made", "refuses N096: what was sealed to the key of another "
                     "request", other_key, NULL);
    test_add("made", "refuses every prefix and every flipped bit", sweep, NULL);
    test_add("made", "refuses rooms that are too small", rooms, NULL);
    for (size_t i = 0; i < COUNT(misuses); i++)
        test_add("misuse", misuses[i].name, case_misuse, &misuses[i]);
    test_add("misuse", "gives what the home failed with", failing, NULL);
    test_add("misuse", "never keeps a key, never writes half a token",
             leftovers, NULL);
    return test_run("jose/jwe");
}
