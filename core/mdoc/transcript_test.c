/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "mdoc_fixture.h"

/* The example of OpenID4VP 1.0 B.2.6; values and results are those of the
 * published text. */
#define CLIENT_ID "x509_san_dns:example.com"
#define NONCE     "exc7gBkxjx1rdc9udRrveKvSsJIq80avlXeLHhGwqtA"
#define URI       "https://example.com/response"
#define ORIGIN    "https://example.com"
#define THUMB     "4283ec927ae0f208daaa2d026a814f2b22dca52cf85ffa8f3f8626c6bd" \
                  "669047"
#define VECTORS   "openid4vp-1.0/mdoc_handover_vectors.json"

enum way { QR, NFC, NFC_STATIC, WEB, OPENID4VP, DCAPI, ANNEX_B, ANNEX_C,
           STEP, CHALLENGE };

/* What goes into a transcript; a row changes one of them. */
typedef struct inputs {
    enum way    way;
    const char *engagement, *reader_key, *first, *second;
    const char *client_id, *nonce, *thumbprint, *uri;
} inputs;

static const inputs usual = {OPENID4VP, "d81841a0", "d81841a1", "0102", "03",
                             CLIENT_ID, NONCE,      THUMB,      URI};

static yao_status put(yao_writer *w, const inputs *in)
{
    const yao_crypto *c      = mdoc_fixture_get()->crypto;
    yao_bytes         device = test_unhex(in->engagement);
    yao_bytes         reader = test_unhex(in->reader_key);
    yao_bytes         thumb  = test_unhex(in->thumbprint);
    yao_text id = yao_text_of(in->client_id), uri = yao_text_of(in->uri);
    yao_text          nonce = yao_text_of(in->nonce);

    switch (in->way) {
    case QR:
        yao_mdoc_put_transcript_qr(w, device, reader);
        return w->status;
    case NFC:
        yao_mdoc_put_transcript_nfc(w, device, reader, test_unhex(in->first),
                                    test_unhex(in->second));
        return w->status;
    case NFC_STATIC:
        yao_mdoc_put_transcript_nfc(w, device, reader, test_unhex(in->first),
                                    (yao_bytes){NULL, 0});
        return w->status;
    case WEB:
        return yao_mdoc_put_transcript_web(w, c, device, reader,
                                           test_unhex(in->first));
    case OPENID4VP:
        return yao_mdoc_put_transcript_openid4vp(w, c, id, nonce, thumb, uri);
    case DCAPI:
        return yao_mdoc_put_transcript_dcapi(w, c, uri, nonce, thumb);
    case ANNEX_B:
        return yao_mdoc_put_transcript_annex_b(w, c, id, uri, nonce,
                                               yao_text_of(in->thumbprint));
    case STEP:
        yao_mdoc_put_transcript_offline(w, 59843520, (yao_bytes){NULL, 0});
        return w->status;
    case CHALLENGE:
        yao_mdoc_put_transcript_offline(w, 59843520, thumb);
        return w->status;
    default:
        return yao_mdoc_put_transcript_annex_c(w, c, nonce, uri);
    }
}

static yao_bytes written(const inputs *in)
{
    uint8_t   *room = yao_arena_take(test_arena(), 4096);
    yao_writer w    = yao_writer_open(room, 4096);
    yao_bytes  out  = {NULL, 0};

    assert_status(put(&w, in), YAO_OK);
    assert_status(yao_writer_close(&w, &out), YAO_OK);
    return out;
}

/* ---- whole transcripts -------------------------------------------------- */

/* Hashes by an independent hand: printf of the CBOR into sha256sum. */
static const struct {
    const char *name;
    inputs      in;
    const char *want;
} wholes[] = {
    {"gives null for a QR code",
     {QR, "d81841a0", "d81841a1", "", "", "", "", "", ""},
     "83 d81841a0 d81841a1 f6"},
    {"gives both NFC messages",
     {NFC, "d81841a0", "d81841a1", "0102", "03", "", "", "", ""},
     "83 d81841a0 d81841a1 82 420102 4103"},
    {"gives null for the request of a static NFC handover",
     {NFC_STATIC, "d81841a0", "d81841a1", "0102", "", "", "", "", ""},
     "83 d81841a0 d81841a1 82 420102 f6"},
    {"gives the hash of the reader engagement (TS 18013-7 annex A)",
     {WEB, "d81841a0", "d81841a1", "d81841a0", "", "", "", "", ""},
     "83 d81841a0 d81841a1 5820"
     "1a2974841094c7a69d283b171b109aeeb7ef59a7a4e9bfc9bd4da72e65b1d644"},
    {"gives null for a missing engagement",
     {QR, "", "d81841a1", "", "", "", "", "", ""}, "83 f6 d81841a1 f6"},
    {"gives null for a missing reader key",
     {QR, "d81841a0", "", "", "", "", "", "", ""}, "83 d81841a0 f6 f6"},
    {"gives the handover of the OpenID4VP example",
     {OPENID4VP, "", "", "", "", CLIENT_ID, NONCE, THUMB, URI},
     "83f6f682714f70656e494434565048616e646f7665725820048bc053c00442af9b8eed494c"
     "efdd9d95240d254b046b11b68013722aad38ac"},
    {"gives the handover of the DC API example",
     {DCAPI, "", "", "", "", "", NONCE, THUMB, ORIGIN},
     "83f6f682764f70656e4944345650444341504948616e646f7665725820fbece366f4212f97"
     "62c74cfdbf83b8c69e371d5d68cea09cb4c48ca6daab761a"},
    {"gives the step of a card (docs/formats/card.md section 5)",
     {STEP, "", "", "", "", "", "", "", ""},
     "83f6f6 82 70 79616f7061692d6f66666c696e652d31 1a 039123c0"},
    {"gives the challenge of a card (docs/formats/card.md section 5)",
     {CHALLENGE, "", "", "", "", "", "", THUMB, ""},
     "83f6f6 82 70 79616f7061692d6f66666c696e652d31 5820" THUMB},
};

static void whole(void **state)
{
    const inputs *in   = *state;
    const char   *want = NULL;

    for (size_t i = 0; i < COUNT(wholes); i++)
        if (&wholes[i].in == in)
            want = wholes[i].want;
    yao_bytes got = written(in);
    assert_status(yao_cbor_check(got, false, NULL), YAO_OK);
    assert_non_null(want);
    assert_bytes(got, test_unhex(want));
}

static yao_bytes sha256(yao_bytes input)
{
    const yao_crypto *c   = mdoc_fixture_get()->crypto;
    uint8_t          *out = yao_arena_take(test_arena(), 32);

    assert_status(c->hash(c->ctx, YAO_SHA256, &input, 1, out), YAO_OK);
    return (yao_bytes){out, 32};
}

/* The info arrays of annexes B and C, written by hand. */
static void annexes(void **state)
{
    inputs b = {ANNEX_B, "", "", "", "", "c", "n", "6d", "u"};
    inputs c = {ANNEX_C, "", "", "", "", "", "e", "", "o"};

    (void)state;
    yao_bytes want = YAO_LIT("\x83\xf6\xf6\x83");
    want = cbor_join(want,
                     cbor_of_bytes(sha256(YAO_LIT("\x82\x61" "c\x62" "6d"))));
    want = cbor_join(want,
                     cbor_of_bytes(sha256(YAO_LIT("\x82\x61" "u\x62" "6d"))));
    want = cbor_join(want, YAO_LIT("\x61" "n"));
    assert_bytes(written(&b), want);

    want = YAO_LIT("\x83\xf6\xf6\x82\x65" "dcapi");
    want = cbor_join(want,
                     cbor_of_bytes(sha256(YAO_LIT("\x82\x61" "e\x61" "o"))));
    assert_bytes(written(&c), want);
}

/* The published file says the same as the constants above. */
static void published(void **state)
{
    inputs redirect = {OPENID4VP, "", "", "", "", CLIENT_ID, NONCE, THUMB, URI};
    inputs dcapi    = {DCAPI, "", "", "", "", "", NONCE, THUMB, ORIGIN};
    const inputs *both[] = {&redirect, &dcapi};

    (void)state;
    if (!test_have_vectors())
        skip();
    yao_bytes file = test_vector(VECTORS);
    for (size_t i = 0; i < COUNT(both); i++) {
        uint8_t   *hex = yao_arena_take(test_arena(), 4096);
        yao_writer w   = yao_writer_open(hex, 4096);

        yao_put_hex(&w, written(both[i]));
        yao_put_byte(&w, 0);
        char *text = yao_arena_take(test_arena(), file.len + 1);
        memcpy(text, file.ptr, file.len);
        assert_non_null(strstr(text, (const char *)hex));
    }
}

/* ---- nothing else gives the same transcript ----------------------------- */

static const struct {
    const char *name;
    inputs      in;
} others[] = {
    {"never the same with another nonce (N039)",
     {OPENID4VP, "", "", "", "", CLIENT_ID, "other", THUMB, URI}},
    {"never the same with the prefix of client_id dropped (N040)",
     {OPENID4VP, "", "", "", "", "example.com", NONCE, THUMB, URI}},
    {"never the same with a slash more in response_uri (N041)",
     {OPENID4VP, "", "", "", "", CLIENT_ID, NONCE, THUMB, URI "/"}},
    {"never the same with upper case in response_uri (N041)",
     {OPENID4VP, "", "", "", "", CLIENT_ID, NONCE, THUMB,
      "https://Example.com/response"}},
    {"never the same with another thumbprint (N042)",
     {OPENID4VP, "", "", "", "", CLIENT_ID, NONCE, "00", URI}},
    {"never the same without thumbprint (N042)",
     {OPENID4VP, "", "", "", "", CLIENT_ID, NONCE, "", URI}},
    {"never the same in the way of the DC API (N043)",
     {DCAPI, "", "", "", "", CLIENT_ID, NONCE, THUMB, URI}},
    {"never the same in the way of annex B (N043)",
     {ANNEX_B, "", "", "", "", CLIENT_ID, NONCE, THUMB, URI}},
    {"never the same in the way of annex C (N043)",
     {ANNEX_C, "", "", "", "", CLIENT_ID, NONCE, THUMB, URI}},
    {"never the same in codes (N043)",
     {STEP, "", "", "", "", CLIENT_ID, NONCE, THUMB, URI}},
    {"never the same in codes after a challenge (N043)",
     {CHALLENGE, "", "", "", "", CLIENT_ID, NONCE, THUMB, URI}},
    {"never the same when texts run together",
     {OPENID4VP, "", "", "", "", CLIENT_ID "e", &NONCE[1], THUMB, URI}},
};

static void differs(void **state)
{
    assert_false(yao_bytes_equal(written(*state), written(&usual)));
}

/* ---- failures ----------------------------------------------------------- */

static yao_status no_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    (void)ctx, (void)alg, (void)parts, (void)count, (void)out;
    return YAO_E_CRYPTO;
}

static void home_fails(void **state)
{
    yao_crypto dead = {.hash = no_hash};
    uint8_t    out[512];
    yao_writer w = yao_writer_open(out, sizeof out);
    yao_text   t = YAO_TEXT("x");
    yao_bytes  b = YAO_LIT("x");

    (void)state;
    assert_status(yao_mdoc_put_transcript_web(&w, &dead, b, b, b),
                  YAO_E_CRYPTO);
    assert_status(yao_mdoc_put_transcript_openid4vp(&w, &dead, t, t, b, t),
                  YAO_E_CRYPTO);
    assert_status(yao_mdoc_put_transcript_dcapi(&w, &dead, t, t, b),
                  YAO_E_CRYPTO);
    assert_status(yao_mdoc_put_transcript_annex_b(&w, &dead, t, t, t, t),
                  YAO_E_CRYPTO);
    assert_status(yao_mdoc_put_transcript_annex_c(&w, &dead, t, t),
                  YAO_E_CRYPTO);
}

static yao_status sweep_write(yao_writer *w, void *context)
{
    return put(w, context);
}

static void rooms(void **state)
{
    static const enum way ways[] = {QR,    NFC,     NFC_STATIC, WEB, OPENID4VP,
                                    DCAPI, ANNEX_B, ANNEX_C};

    (void)state;
    for (size_t i = 0; i < COUNT(ways); i++) {
        inputs in = usual;

        in.way = ways[i];
        test_every_room(sweep_write, &in);
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(wholes); i++)
        test_add("put_transcript", wholes[i].name, whole, &wholes[i].in);
    test_add("put_transcript", "gives what annexes B and C say", annexes, NULL);
    test_add("put_transcript", "gives the published vectors", published, NULL);
    for (size_t i = 0; i < COUNT(others); i++)
        test_add("put_transcript", others[i].name, differs, &others[i].in);
    test_add("put_transcript", "refuses when the home cannot hash", home_fails,
             NULL);
    test_add("put_transcript", "gives SPACE in every buffer too small", rooms,
             NULL);
    return test_run("mdoc/transcript");
}
