/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_AUTHENTICATOR_H
#define YAO_TEST_AUTHENTICATOR_H

/** An authenticator and a browser, made when a test runs; each can be told to
 *  do one thing wrong. */

#include "cbor/cbor.h"
#include "check.h"
#include "cose/cose.h"
#include "der/der.h"
#include "webauthn/webauthn.h"
#include "yaopai/openssl.h"

typedef struct authenticator {
    yao_openssl_key *key;
    uint8_t          id[32];
    uint32_t         counter;
} authenticator;

/** What is shown: zero is what is right. */
typedef struct ceremony {
    const char *type;      /* NULL: as it should be */
    const char *origin;
    const char *rp_id;     /* in the authenticator data */
    const char *client;    /* all of the client data; "%s": challenge */
    const char *more;      /* of client data: ",\"crossOrigin\":true" */
    int         flags;     /* instead of UP, UV (and AT); 0: those */
    bool        attested;  /* AT in an assertion, or none in a creation */
    const char *extensions; /* hex of CBOR behind the rest, with ED */
    const char *tail;      /* hex of what is behind all */
    const char *key;       /* hex of another COSE_Key */
    const char *attestation; /* hex of another attestation object */
    bool        self;      /* attest by its own key */
    int         alg;       /* of a self attestation; 0: -7 */
    bool        x5c;       /* say that others vouch for the key */
    size_t      id_len;    /* of the identifier; 0: 32 */
    bool        spoil;     /* the signature */
    bool        raw;       /* r || s instead of DER */
} ceremony;

static inline authenticator authenticator_new(void)
{
    authenticator a = {.counter = 1};

    assert_status(yao_openssl_key_generate(YAO_ES256, &a.key), YAO_OK);
    assert_status(yao_openssl_random(a.id, sizeof a.id), YAO_OK);
    return a;
}

static inline yao_bytes auth_keep(yao_writer *w)
{
    yao_bytes out;

    assert_status(yao_writer_keep(w, test_arena(), &out), YAO_OK);
    return out;
}

static inline yao_bytes auth_client(const ceremony *c, const char *type,
                                    const yao_webauthn_expected *e)
{
    yao_writer w = yao_writer_in(test_arena());

    if (c->client != NULL) {
        const char *at = strstr(c->client, "%s");
        size_t len = at != NULL ? (size_t)(at - c->client) : strlen(c->client);
        yao_put_bytes(&w, (yao_bytes){(const uint8_t *)c->client, len});
        if (at != NULL) {
            yao_put_base64url(&w, e->challenge);
            yao_put_text(&w, at + 2);
        }
        return auth_keep(&w);
    }
    yao_put_text(&w, "{\"type\":\"");
    yao_put_text(&w, c->type != NULL ? c->type : type);
    yao_put_text(&w, "\",\"challenge\":\"");
    yao_put_base64url(&w, e->challenge);
    yao_put_text(&w, "\",\"origin\":\"");
    if (c->origin != NULL)
        yao_put_text(&w, c->origin);
    else
        yao_put_bytes(&w, yao_text_bytes(e->origin));
    yao_put_text(&w, "\"");
    yao_put_text(&w, c->more != NULL ? c->more : ",\"crossOrigin\":false");
    yao_put_text(&w, "}");
    return auth_keep(&w);
}

/* Before a writer takes the arena. */
static inline yao_bytes auth_unhex(const char *hex)
{
    return hex != NULL ? test_unhex(hex) : (yao_bytes){NULL, 0};
}

static inline void auth_put_key(yao_writer *w, const authenticator *a,
                                yao_bytes other)
{
    yao_public_key key = yao_openssl_key_public(a->key);

    if (other.len != 0) {
        yao_put_bytes(w, other);
        return;
    }
    yao_cbor_put_map(w, 5);
    yao_cbor_put_int(w, 1);
    yao_cbor_put_int(w, 2);
    yao_cbor_put_int(w, 3);
    yao_cbor_put_int(w, -7);
    yao_cbor_put_int(w, -1);
    yao_cbor_put_int(w, 1);
    yao_cbor_put_int(w, -2);
    yao_cbor_put_bytes(w, (yao_bytes){key.point + 1, 32});
    yao_cbor_put_int(w, -3);
    yao_cbor_put_bytes(w, (yao_bytes){key.point + 33, 32});
}

static inline yao_bytes auth_hash(const yao_crypto *crypto, yao_bytes of)
{
    uint8_t *out = yao_arena_take(test_arena(), YAO_SHA256_LEN);

    assert_status(crypto->hash(crypto->ctx, YAO_SHA256, &of, 1, out), YAO_OK);
    return (yao_bytes){out, YAO_SHA256_LEN};
}

static inline yao_bytes auth_data(const authenticator *a, const ceremony *c,
                                  bool creation, const yao_crypto *crypto,
                                  const yao_webauthn_expected *e)
{
    static const uint8_t model[16], much[2000];
    yao_text rp   = c->rp_id != NULL ? yao_text_of(c->rp_id) : e->rp_id;
    yao_bytes hash = auth_hash(crypto, yao_text_bytes(rp));
    bool at    = creation != c->attested;
    int  flags = c->flags != 0 ? c->flags : 0x05;
    size_t     id_len = c->id_len != 0 ? c->id_len : sizeof a->id;
    yao_bytes  key = auth_unhex(c->key), more = auth_unhex(c->extensions);
    yao_bytes  tail = auth_unhex(c->tail);
    yao_writer w    = yao_writer_in(test_arena());

    yao_put_bytes(&w, hash);
    yao_put_byte(&w, (uint8_t)(flags | (at ? 0x40 : 0) |
                               (c->extensions != NULL ? 0x80 : 0)));
    for (int i = 24; i >= 0; i -= 8)
        yao_put_byte(&w, (uint8_t)(a->counter >> i));
    if (at) {
        yao_put_bytes(&w, (yao_bytes){model, 16});
        yao_put_byte(&w, (uint8_t)(id_len >> 8));
        yao_put_byte(&w, (uint8_t)id_len);
        yao_put_bytes(&w, (yao_bytes){id_len == 32 ? a->id : much, id_len});
        auth_put_key(&w, a, key);
    }
    yao_put_bytes(&w, more);
    yao_put_bytes(&w, tail);
    return auth_keep(&w);
}

static inline yao_bytes auth_sign(const authenticator *a, const ceremony *c,
                                  const yao_crypto *crypto, yao_bytes data,
                                  yao_bytes client)
{
    yao_bytes     hash = auth_hash(crypto, client);
    yao_sign_wish wish = {.alg = YAO_ES256, .parts = {data, hash},
                          .part_count = 2};
    uint8_t       raw[YAO_MAX_SIGNATURE];
    size_t        len;

    assert_status(yao_openssl_sign(a->key, &wish, raw, &len), YAO_OK);
    if (c->spoil)
        raw[40] ^= 1;
    yao_writer w = yao_writer_in(test_arena());
    if (c->raw)
        yao_put_bytes(&w, (yao_bytes){raw, len});
    else
        yao_der_put_signature(&w, (yao_bytes){raw, len});
    return auth_keep(&w);
}

static inline void auth_put_statement(yao_writer *w, const ceremony *c,
                                      yao_bytes signature)
{
    if (!c->self) {
        yao_cbor_put_map(w, 0);
        return;
    }
    yao_cbor_put_map(w, c->x5c ? 3 : 2);
    yao_cbor_put_string(w, "alg");
    yao_cbor_put_int(w, c->alg != 0 ? c->alg : -7);
    yao_cbor_put_string(w, "sig");
    yao_cbor_put_bytes(w, signature);
    if (c->x5c) {
        yao_cbor_put_string(w, "x5c");
        yao_cbor_put_array(w, 1);
        yao_cbor_put_bytes(w, YAO_LIT("\x30\x00"));
    }
}

static inline yao_bytes auth_id(const authenticator *a, const ceremony *c)
{
    static const uint8_t much[2000];

    return c->id_len != 0 ? (yao_bytes){much, c->id_len}
                          : (yao_bytes){a->id, sizeof a->id};
}

/** What comes of navigator.credentials.create(). */
static inline yao_webauthn_response auth_create(const authenticator *a,
                                                const ceremony *c,
                                                const yao_crypto *crypto,
                                                const yao_webauthn_expected *e)
{
    yao_bytes client    = auth_client(c, "webauthn.create", e);
    yao_bytes data      = auth_data(a, c, true, crypto, e);
    yao_bytes signature = auth_sign(a, c, crypto, data, client);
    yao_writer w        = yao_writer_in(test_arena());

    yao_cbor_put_map(&w, 3);
    yao_cbor_put_string(&w, "fmt");
    yao_cbor_put_string(&w, c->self ? "packed" : "none");
    yao_cbor_put_string(&w, "attStmt");
    auth_put_statement(&w, c, signature);
    yao_cbor_put_string(&w, "authData");
    yao_cbor_put_bytes(&w, data);
    yao_bytes object = auth_keep(&w);
    if (c->attestation != NULL)
        object = test_unhex(c->attestation);
    return (yao_webauthn_response){.id          = auth_id(a, c),
                                   .client_data = client,
                                   .attestation = object};
}

/** What comes of navigator.credentials.get(). */
static inline yao_webauthn_response auth_get(const authenticator *a,
                                             const ceremony *c,
                                             const yao_crypto *crypto,
                                             const yao_webauthn_expected *e)
{
    yao_bytes client = auth_client(c, "webauthn.get", e);
    yao_bytes data   = auth_data(a, c, false, crypto, e);

    return (yao_webauthn_response){
        .id            = auth_id(a, c),
        .client_data   = client,
        .authenticator = data,
        .signature     = auth_sign(a, c, crypto, data, client)};
}

static inline void auth_put_member(yao_writer *w, const char *name,
                                   yao_bytes value)
{
    yao_put_text(w, name);
    yao_put_text(w, ":\"");
    yao_put_base64url(w, value);
    yao_put_text(w, "\"");
}

/** The same as JSON, as PublicKeyCredential.toJSON() gives it. */
static inline void auth_put_json(yao_writer *w, const yao_webauthn_response *r)
{
    yao_put_text(w, "{\"type\":\"public-key\",\"clientExtensionResults\":{},");
    auth_put_member(w, "\"id\"", r->id);
    auth_put_member(w, ",\"rawId\"", r->id);
    yao_put_text(w, ",\"response\":{");
    auth_put_member(w, "\"clientDataJSON\"", r->client_data);
    if (r->attestation.len != 0) {
        auth_put_member(w, ",\"attestationObject\"", r->attestation);
    } else {
        auth_put_member(w, ",\"authenticatorData\"", r->authenticator);
        auth_put_member(w, ",\"signature\"", r->signature);
        yao_put_text(w, ",\"userHandle\":null");
    }
    yao_put_text(w, "}}");
}

#endif
