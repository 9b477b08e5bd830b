/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_RECEIVE_DRIVER_H
#define YAO_TEST_RECEIVE_DRIVER_H

/** Drives the wallet's machine against an issuer in memory: fulfils each wish
 *  as a row says. */

#include <stdio.h>

#include "agree.h"
#include "check.h"
#include "fake_issuer.h"
#include "vci/receive.h"

#define CLIENT "wallet-client"

/* How the session begins, and what the driver does, as bits. */
enum {
    CODE      = 1 << 0, /* fetch from the issuer by the code flow */
    SD        = 1 << 1, /* the SD-JWT instead of the mdoc */
    BOTH      = 1 << 2,
    DECLINE   = 1 << 3,
    NO_STORE  = 1 << 4, /* storing fails */
    NO_ATTEST = 1 << 5, /* there is no provider */
    ENCRYPT   = 1 << 6,
    KNOWN     = 1 << 7, /* the issuer stands in a list of trusted ones */
    STRANGER  = 1 << 8, /* another one does */
    SIGNED    = 1 << 9, /* only signed metadata */
    NO_TRUST  = 1 << 10, /* no anchor */
    WRONG_CODE = 1 << 11, /* types a wrong code, then the right one */
    NO_CODE    = 1 << 12, /* types wrong ones only */
    IMPATIENT  = 1 << 13,
    NO_NET     = 1 << 14, /* the first fetch fails */
    OFFERED_CODE = 1 << 15, /* an offer of the code flow */
    REFRESH      = 1 << 16,
    CANCEL       = 1 << 17, /* closes the page */
    TWO_COPIES   = 1 << 18,
    ALLOW        = 1 << 19  /* another server is fine */
};

typedef struct row {
    const char *name;
    unsigned    flags, fake;
    fake_change change;
    const char *offer; /* NULL: as FLAGS say */
    const char *page;  /* what the page comes back with; NULL: as it should */
    yao_status  want;
    size_t      kept;  /* items that were stored */
    size_t      copies; /* of the first that is GOOD */
    yao_vci_event event; /* that the issuer heard first */
    size_t      most_calls; /* of HTTP; 0: any number */
} row;

#define OFFER(grants)                                                          \
    "{\"credential_issuer\":\"" FAKE_URL "\","                                  \
    "\"credential_configuration_ids\":[\"mdl\"],\"grants\":{" grants "}}"
#define PRE(more)                                                              \
    "\"urn:ietf:params:oauth:grant-type:pre-authorized_code\":{"               \
    "\"pre-authorized_code\":\"pre-1\"" more "}"
#define GOOD_OFFER OFFER(PRE(""))

/* ---- the driver --------------------------------------------------------- */

typedef struct driver {
    const row       *r;
    fake_issuer      fake;
    yao_receive     *machine;
    yao_openssl_key *keys[YAO_VCI_MAX_OFFERED][YAO_VCI_MAX_BATCH];
    yao_openssl_key *once[2]; /* SEAL, OPEN */
    uint8_t          random;
    yao_public_key   points[YAO_VCI_MAX_BATCH];
    size_t           codes, stored, confirmed, pages;
    uint64_t         waited; /* seconds */
} driver;

static inline yao_bytes fresh(driver *d)
{
    uint8_t *out = yao_arena_take(test_arena(), YAO_RECEIVE_RANDOM);

    assert_non_null(out);
    for (size_t i = 0; i < YAO_RECEIVE_RANDOM; i++)
        out[i] = (uint8_t)(d->random * 31 + i * 7);
    d->random++;
    return (yao_bytes){out, YAO_RECEIVE_RANDOM};
}

static inline yao_text header(const yao_receive_fetch *f, const char *name)
{
    yao_text none = {NULL, 0};

    for (size_t i = 0; i < f->header_count; i++)
        if (strcmp(f->headers[i].name, name) == 0)
            return f->headers[i].value;
    return none;
}

static inline void fetch(driver *d, const yao_receive_wish *w,
                         yao_receive_event *e)
{
    const yao_receive_fetch *f = &w->fetch;
    fake_request q = {.method = f->method, .url = f->url, .body = f->body,
                      .dpop          = header(f, "DPoP"),
                      .attestation   = header(f, "OAuth-Client-Attestation"),
                      .pop = header(f, "OAuth-Client-Attestation-PoP"),
                      .authorization = header(f, "Authorization"),
                      .type          = header(f, "Content-Type"),
                      .accept        = header(f, "Accept")};

    if ((d->r->flags & NO_NET) != 0) {
        *e = (yao_receive_event){.kind   = YAO_RECEIVE_FAILED,
                                 .status = YAO_E_NET};
        return;
    }
    fake_answer a = fake_issuer_answer(&d->fake, &q);
    *e = (yao_receive_event){.kind   = YAO_RECEIVE_ANSWER,
                             .answer = {a.status, a.type, a.nonce, a.challenge,
                                        a.body}};
}

static inline yao_openssl_key **slot(driver *d, const yao_receive_wish *w,
                                     size_t i)
{
    if (w->role == YAO_RECEIVE_COPY)
        return &d->keys[w->item][i];
    return &d->once[w->role == YAO_RECEIVE_SEAL ? 0 : 1];
}

static inline void make_keys(driver *d, const yao_receive_wish *w,
                      yao_receive_event *e)
{
    assert_true(w->count >= 1 && w->count <= YAO_VCI_MAX_BATCH);
    for (size_t i = 0; i < w->count; i++) {
        yao_openssl_key **key = slot(d, w, i);

        yao_openssl_key_close(*key);
        *key = NULL;
        assert_status(yao_openssl_key_generate(YAO_ES256, key), YAO_OK);
        d->points[i] = yao_openssl_key_public(*key);
    }
    *e = (yao_receive_event){.kind = YAO_RECEIVE_KEYS, .keys = d->points,
                             .key_count = w->count};
}

static inline yao_bytes sign(driver *d, const yao_receive_wish *w)
{
    yao_openssl_key *key = w->role == YAO_RECEIVE_SESSION
                               ? forge_key(FAKE_SESSION)
                               : *slot(d, w, w->index);
    uint8_t *out = yao_arena_take(test_arena(), YAO_MAX_SIGNATURE);
    size_t   len;

    assert_non_null(out);
    assert_status(yao_openssl_sign(key, &w->sign, out, &len), YAO_OK);
    return (yao_bytes){out, len};
}

static inline yao_bytes type_code(driver *d, const yao_receive_wish *w)
{
    assert_int_equal(w->again, d->codes != 0);
    d->codes++;
    if ((d->r->flags & NO_CODE) != 0 ||
        ((d->r->flags & WRONG_CODE) != 0 && d->codes == 1))
        return YAO_LIT("4712");
    return YAO_LIT("4711");
}

static inline yao_bytes open_page(driver *d, const yao_receive_wish *w)
{
    yao_text came = fake_issuer_page(&d->fake, w->text);

    d->pages++;
    if (d->r->page == NULL)
        return yao_text_bytes(came);
    /* %s: the state of this session */
    char *out = (char *)yao_arena_take(test_arena(), 512);
    assert_non_null(out);
    snprintf(out, 512, d->r->page, d->fake.state);
    return yao_text_bytes(yao_text_of(out));
}

/* What the person sees, before anything is kept (N136). */
static inline void confirm(driver *d, yao_receive_event *e)
{
    size_t            count;
    yao_receive_item *items = yao_receive_items(d->machine, &count);

    assert_int_equal(d->stored, 0);
    assert_int_equal(yao_receive_where(d->machine), YAO_RECEIVE_AT_PERSON);
    for (size_t i = 0; i < count; i++)
        if (items[i].state == YAO_RECEIVE_GOOD) {
            assert_true(items[i].attribute_count > 0);
            assert_true(items[i].signer.len > 0);
        }
    d->confirmed++;
    if ((d->r->flags & DECLINE) != 0)
        e->kind = YAO_RECEIVE_REFUSED;
}

static inline void store(driver *d, yao_receive_event *e)
{
    assert_int_equal(d->confirmed, 1);
    d->stored++;
    if ((d->r->flags & NO_STORE) == 0)
        return;
    e->kind   = YAO_RECEIVE_FAILED;
    e->status = YAO_E_FILE;
}

static inline yao_bytes aead(const yao_receive_wish *w, yao_receive_event *e)
{
    yao_bytes out = {NULL, 0};

    e->status = test_aead(&w->aead, &out);
    if (e->status != YAO_OK)
        e->kind = YAO_RECEIVE_FAILED;
    return out;
}

static inline void fulfil(driver *d, const yao_receive_wish *w,
                          yao_receive_event *e)
{
    *e = (yao_receive_event){.kind = YAO_RECEIVE_DONE};
    switch (w->kind) {
    case YAO_RECEIVE_FETCH: fetch(d, w, e); break;
    case YAO_RECEIVE_SIGN: e->bytes = sign(d, w); break;
    case YAO_RECEIVE_MAKE_KEYS: make_keys(d, w, e); break;
    case YAO_RECEIVE_AGREE:
        e->bytes = test_agree(*slot(d, w, 0), &w->agree.peer);
        break;
    case YAO_RECEIVE_AEAD: e->bytes = aead(w, e); break;
    case YAO_RECEIVE_ATTEST:
        assert_bytes(yao_text_bytes(w->text),
                     yao_text_bytes(yao_text_of(d->fake.url)));
        e->bytes = fake_attestation(
            yao_openssl_key_public(forge_key(FAKE_SESSION)), CLIENT);
        break;
    case YAO_RECEIVE_ATTEST_KEYS:
        e->bytes = fake_key_attestation(w->keys, w->key_count, w->text);
        break;
    case YAO_RECEIVE_ASK_CODE: e->bytes = type_code(d, w); break;
    case YAO_RECEIVE_OPEN_PAGE:
        e->bytes = open_page(d, w);
        if ((d->r->flags & CANCEL) != 0)
            e->kind = YAO_RECEIVE_REFUSED;
        break;
    case YAO_RECEIVE_WAIT: d->waited += w->seconds; break;
    case YAO_RECEIVE_CONFIRM: confirm(d, e); break;
    case YAO_RECEIVE_STORE: store(d, e); break;
    case YAO_RECEIVE_STOP: break;
    }
}

/* ---- sessions ----------------------------------------------------------- */

static const yao_text MDL_ONLY[] = {YAO_INIT("mdl")};
static const yao_text SD_ONLY[]  = {YAO_INIT("sd")};
static const yao_text TWO_IDS[]  = {YAO_INIT("mdl"), YAO_INIT("sd")};
static const yao_text TRUSTED[]  = {YAO_INIT(FAKE_URL)};
static const yao_text OTHERS[]   = {YAO_INIT("https://other.example")};

static inline const char *offer_of(const row *r)
{
    if (r->offer != NULL)
        return r->offer;
    if ((r->flags & OFFERED_CODE) != 0)
        return OFFER("\"authorization_code\":{\"issuer_state\":\"case-7\"}");
    if ((r->fake & FAKE_TX_CODE) != 0)
        return OFFER(PRE(",\"tx_code\":{\"length\":4}"));
    if ((r->flags & BOTH) != 0)
        return "{\"credential_issuer\":\"" FAKE_URL
               "\",\"credential_configuration_ids\":[\"mdl\",\"sd\"],"
               "\"grants\":{" PRE("") "}}";
    if ((r->flags & SD) != 0)
        return "{\"credential_issuer\":\"" FAKE_URL
               "\",\"credential_configuration_ids\":[\"sd\"],"
               "\"grants\":{" PRE("") "}}";
    return GOOD_OFFER;
}

static inline void set_source(const row *r, yao_receive_options *o)
{
    if ((r->flags & (CODE | REFRESH)) == 0) {
        o->offer = yao_text_bytes(yao_text_of(offer_of(r)));
        return;
    }
    o->issuer   = YAO_TEXT(FAKE_URL);
    o->ids      = (r->flags & BOTH) != 0 ? TWO_IDS
                  : (r->flags & SD) != 0 ? SD_ONLY
                                         : MDL_ONLY;
    o->id_count = (r->flags & BOTH) != 0 ? 2 : 1;
    if ((r->flags & REFRESH) != 0)
        o->refresh_token = YAO_TEXT("refresh-1");
}

static inline yao_receive_options options_of(const row *r)
{
    static yao_anchor   anchors[2];
    yao_receive_options o = {
        .crypto       = forge_crypto(),
        .catalogue    = yao_catalogue_shipped(),
        .anchors      = anchors,
        .anchor_count = (r->flags & NO_TRUST) != 0 ? 0 : 2,
        .client_id    = YAO_TEXT(CLIENT),
        .redirect_uri = YAO_TEXT("http://127.0.0.1:7/callback"),
        .session_key  = yao_openssl_key_public(forge_key(FAKE_SESSION)),
        .attester     = (r->flags & NO_ATTEST) == 0,
        .encrypt      = (r->flags & ENCRYPT) != 0,
        .only_signed  = (r->flags & SIGNED) != 0,
        .copies       = (r->flags & TWO_COPIES) != 0 ? 2 : 0,
        .patience     = (r->flags & IMPATIENT) != 0 ? 3 : 60};

    anchors[0] = mdoc_fixture_get()->anchor;
    anchors[1] = fake_other_anchor();
    set_source(r, &o);
    if ((r->flags & (KNOWN | STRANGER)) != 0) {
        o.issuers      = (r->flags & KNOWN) != 0 ? TRUSTED : OTHERS;
        o.issuer_count = 1;
    }
    if ((r->flags & ALLOW) != 0)
        o.server = YAO_TEXT("https://as.example");
    return o;
}

static inline void open_session(driver *d, const row *r)
{
    yao_receive_options o = options_of(r);

    *d = (driver){.r = r, .fake = {.flags = r->fake, .change = r->change}};
    fake_issuer_open(&d->fake);
    assert_status(yao_receive_open(test_arena(), &o, &d->machine), YAO_OK);
}

static inline void close_session(driver *d)
{
    for (size_t i = 0; i < YAO_VCI_MAX_OFFERED; i++)
        for (size_t n = 0; n < YAO_VCI_MAX_BATCH; n++)
            yao_openssl_key_close(d->keys[i][n]);
    yao_openssl_key_close(d->once[0]);
    yao_openssl_key_close(d->once[1]);
}

/* To the end; gives how many steps it took. */
static inline size_t drive(driver *d, yao_receive_wish *w)
{
    yao_receive_event e = {.kind = YAO_RECEIVE_START};

    for (size_t step = 0; step < 400; step++) {
        e.now    = FAKE_NOW + (yao_time)d->waited;
        e.random = fresh(d);
        yao_receive_step(d->machine, &e, w);
        if (w->kind == YAO_RECEIVE_STOP)
            return step;
        fulfil(d, w, &e);
        assert_false(w->kind == YAO_RECEIVE_FETCH && step == 399);
    }
    fail_msg("it does not end");
    return 0;
}

#endif
