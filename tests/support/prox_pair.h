/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_PROX_PAIR_H
#define YAO_TEST_PROX_PAIR_H

/**
 * A wallet and a reader across a counter: both machines, each with a driver
 * that does what is wished, and what they say to each other in between, for
 * tests to look at and to spoil.
 *
 *     prox_pair p;
 *     pair_open(&p);
 *     p.requests[p.request_count++] = &pair_both;
 *     pair_run(&p);
 *     ... p.verdicts[0], p.hw.status, p.rw.status ...
 *
 * Two SPECIMEN documents of a fictitious person; a relying party that is
 * registered for road_check and hotel. Everything lies in test_arena().
 */

#include "agree.h"
#include "mdoc_fixture.h"
#include "prox_fixture.h"
#include "proximity/holder.h"
#include "proximity/reader.h"

#define PAIR_NOW   FORGE_NOW
#define PAIR_ID    "org.iso.23220.photoid.1"
#define PAIR_ISO   "org.iso.23220.1"
#define PAIR_CITY  "org.yaopai.resident_id.1"
#define PAIR_DRIVE "org.yaopai.driving_licence.1"

enum { PAIR_REQUESTS = 20, PAIR_MESSAGES = 48, PAIR_HOLDER_ARENA = 512 * 1024,
       PAIR_READER_ARENA = 1024 * 1024, PAIR_P384_KEY = 8 };

/* ---- documents ---------------------------------------------------------- */

static const yao_mdoc_element pair_licence[] = {
    {YAO_INIT(PROX_SPACE), YAO_INIT("family_name"),
     YAO_INIT("\x68" "SPECIMEN")},
    {YAO_INIT(PROX_SPACE), YAO_INIT("document_number"),
     YAO_INIT("\x6c" "120000000000")},
    {YAO_INIT(PROX_SPACE), YAO_INIT("expiry_date"),
     YAO_INIT("\xd9\x03\xec\x6a" "2030-01-01")},
    {YAO_INIT(PAIR_DRIVE), YAO_INIT("driving_class"), YAO_INIT("\x62" "C1")},
};

static const yao_mdoc_element pair_id[] = {
    {YAO_INIT(PAIR_ISO), YAO_INIT("sex"), YAO_INIT("\x02")},
    {YAO_INIT(PAIR_ISO), YAO_INIT("birth_date"),
     YAO_INIT("\xd9\x03\xec\x6a" "1990-01-01")},
    {YAO_INIT(PAIR_CITY), YAO_INIT("full_name"), YAO_INIT("\x69" "李示例")},
    {YAO_INIT(PAIR_ID), YAO_INIT("person_id"),
     YAO_INIT("\x72" "12011919900101888X")},
};

static inline yao_bytes pair_issue(const char             *type,
                                   const yao_mdoc_element *elements,
                                   size_t count, int device_key)
{
    yao_mdoc_issue_request q = mdoc_fixture_request();

    q.doc_type      = yao_text_of(type);
    q.elements      = elements;
    q.element_count = count;
    q.device_key    = yao_openssl_key_public(forge_key(device_key));
    return mdoc_fixture_issue(&q);
}

/* ---- what is asked ------------------------------------------------------ */

static const yao_mdoc_wanted pair_drive[] = {
    {YAO_INIT(PROX_SPACE), YAO_INIT("document_number"), false},
    {YAO_INIT(PROX_SPACE), YAO_INIT("expiry_date"), false},
    {YAO_INIT(PAIR_DRIVE), YAO_INIT("driving_class"), false},
};
static const yao_mdoc_wanted pair_guest[] = {
    {YAO_INIT(PAIR_ISO), YAO_INIT("sex"), false},
    {YAO_INIT(PAIR_ISO), YAO_INIT("birth_date"), true},
    {YAO_INIT(PAIR_CITY), YAO_INIT("full_name"), true},
};
static const yao_mdoc_ask pair_asks[] = {
    {YAO_INIT(PROX_TYPE), pair_drive, COUNT(pair_drive)},
    {YAO_INIT(PAIR_ID), pair_guest, COUNT(pair_guest)},
};
static const yao_requirement pair_required[] = {
    {YAO_INIT(PROX_TYPE), YAO_INIT(PROX_SPACE), YAO_INIT("document_number"),
     false},
    {YAO_INIT(PAIR_ID), YAO_INIT(PAIR_CITY), YAO_INIT("full_name"), false},
};

/** Both documents; the licence; the identity card. */
static const yao_reader_request pair_both  = {pair_asks, 2, pair_required, 2};
static const yao_reader_request pair_first = {pair_asks, 1, pair_required, 1};
static const yao_reader_request pair_second = {pair_asks + 1, 1,
                                               pair_required + 1, 1};

/* ---- what the person chooses -------------------------------------------- */

static const yao_mdoc_selector pair_shown_licence[] = {
    {YAO_INIT(PROX_SPACE), YAO_INIT("document_number")},
    {YAO_INIT(PROX_SPACE), YAO_INIT("expiry_date")},
    {YAO_INIT(PAIR_DRIVE), YAO_INIT("driving_class")},
};
static const yao_mdoc_selector pair_shown_id[] = {
    {YAO_INIT(PAIR_ISO), YAO_INIT("sex")},
    {YAO_INIT(PAIR_ISO), YAO_INIT("birth_date")},
    {YAO_INIT(PAIR_CITY), YAO_INIT("full_name")},
};

/* ---- the pair ----------------------------------------------------------- */

typedef struct prox_pair prox_pair;

struct prox_pair {
    /* to be changed before pair_start() */
    yao_holder_options  ho;
    yao_reader_options  ro;
    yao_trust_verified  parties;
    yao_trust_party     party;
    const yao_reader_request *requests[PAIR_REQUESTS];
    size_t              request_count;
    bool                mac[2];      /* of licence, of identity card */
    bool                refuse;      /* the person shows nothing */
    bool                despite;
    bool                empty_handed; /* the wallet has neither document */
    yao_holder_choice  *extra;       /* chosen besides, NULL: none */
    int                 reader_key;  /* of forge_key(): who signs requests */
    int                 licence_key; /* of forge_key(): the licence's device */
    void (*tap)(prox_pair *p, bool to_holder, yao_bytes *message);
    void (*meddle)(prox_pair *p, const yao_holder_wish *w,
                   yao_holder_event *e);
    void (*meddle_reader)(prox_pair *p, const yao_reader_wish *w,
                          yao_reader_event *e);

    /* what is and what came of it */
    yao_holder      *holder;
    yao_reader      *reader;
    yao_arena        ha, ra;
    yao_holder_wish  hw;
    yao_reader_wish  rw;
    yao_holder_event he;
    yao_reader_event re;
    yao_openssl_key *holder_session, *reader_session;
    yao_bytes        licence, id;
    yao_bytes        letters;
    yao_bytes        to_holder[PAIR_MESSAGES], to_reader[PAIR_MESSAGES];
    size_t           holder_sent, reader_sent, holder_read, reader_read;
    size_t           asked_at;        /* the next request */
    size_t           consents;        /* how often the person was asked */
    size_t           signatures, macs;
    yao_verdict      verdicts[PAIR_REQUESTS];
    size_t           shown[PAIR_REQUESTS];   /* documents with attributes */
    size_t           values[PAIR_REQUESTS];  /* attributes in all */
    size_t           missing[PAIR_REQUESTS]; /* docTypes that were not given */
    uint64_t         statuses[PAIR_REQUESTS];
    size_t           dropped[PAIR_REQUESTS];
    size_t           answers;
    yao_time         now;
};

static inline void pair_register(prox_pair *p)
{
    static const yao_text profiles[] = {YAO_INIT("road_check"),
                                        YAO_INIT("hotel")};
    static uint8_t        hash[YAO_SHA256_LEN];
    const prox_fixture   *f = prox_fixture_get();
    const yao_crypto     *c = forge_crypto();

    assert_status(c->hash(c->ctx, YAO_SHA256, &f->reader, 1, hash), YAO_OK);
    p->party = (yao_trust_party){.code           = YAO_INIT("SPECIMEN"),
                                 .name           = YAO_INIT("示例旅馆"),
                                 .profiles       = profiles,
                                 .profile_count  = 2,
                                 .retention_days = 30,
                                 .state          = YAO_PARTY_ACTIVE,
                                 .certificate    = f->reader,
                                 .hash           = {hash, sizeof hash}};
    p->parties = (yao_trust_verified){
        .content = {.parties = &p->party, .party_count = 1}};
}

/** Everything as it should be; P stays where it is. */
static inline void pair_open(prox_pair *p)
{
    static const yao_prox_method box = {
        .way     = YAO_PROX_MAILBOX,
        .mailbox = {.url       = YAO_INIT("https://provider.example/mailboxes"),
                    .to_holder = YAO_INIT("0123456789abcdef"),
                    .to_reader = YAO_INIT("fedcba9876543210")}};
    const prox_fixture *f = prox_fixture_get();
    const mdoc_fixture *m = mdoc_fixture_get();

    memset(p, 0, sizeof *p);
    pair_register(p);
    p->now        = PAIR_NOW;
    p->reader_key  = PROX_READER_KEY;
    p->licence_key = 2;
    p->licence = pair_issue(PROX_TYPE, pair_licence, COUNT(pair_licence), 2);
    p->id      = pair_issue(PAIR_ID, pair_id, COUNT(pair_id), 3);
    p->ho = (yao_holder_options){.crypto       = forge_crypto(),
                                 .readers      = &f->anchor,
                                 .reader_count = 1,
                                 .parties      = &p->parties,
                                 .catalogue    = yao_catalogue_shipped()};
    p->ho.engagement.methods[0]   = box;
    p->ho.engagement.method_count = 1;
    p->ro = (yao_reader_options){
        .crypto      = forge_crypto(),
        .alg         = YAO_ES256,
        .chain       = &f->reader,
        .chain_count = 1,
        .verify      = {.anchors = &m->anchor, .anchor_count = 1, .skew = 5}};
}

static inline yao_arena pair_arena(size_t len)
{
    yao_arena arena = {yao_arena_take(test_arena(), len), len, 0};

    assert_non_null(arena.base);
    return arena;
}

static inline yao_openssl_key *pair_fresh(yao_curve curve)
{
    yao_openssl_key *key = NULL;

    assert_status(yao_openssl_key_generate(
                      curve == YAO_P384 ? YAO_ES384 : YAO_ES256, &key),
                  YAO_OK);
    return key;
}

/* What a host does with a wish to agree: it fails for a point off its curve. */
static inline yao_status pair_agree(yao_openssl_key      *key,
                                    const yao_agree_wish *wish, yao_bytes *ret)
{
    uint8_t *out = yao_arena_take(test_arena(), YAO_MAX_AGREEMENT);

    assert_non_null(out);
    *ret = (yao_bytes){out, wish->peer.curve == YAO_P384 ? 48 : 32};
    return yao_openssl_agree(key, wish, out);
}

/* ---- the wallet's driver ------------------------------------------------ */

static inline void pair_choose(prox_pair *p, yao_holder_event *e)
{
    static yao_holder_choice choices[YAO_MAX_DOCUMENTS];
    size_t                   count, n = 0;
    const yao_holder_asked  *asked = yao_holder_asked_for(p->holder, &count);

    p->consents++;
    e->kind = p->refuse ? YAO_HOLDER_REFUSED : YAO_HOLDER_CONSENT;
    for (size_t i = 0; i < count && !p->empty_handed; i++) {
        bool drive = yao_text_equal(asked[i].request->doc_type,
                                    YAO_TEXT(PROX_TYPE));

        if (asked[i].status != YAO_OK && !p->despite)
            continue;
        choices[n++] = (yao_holder_choice){
            .request       = i,
            .issuer_signed = drive ? p->licence : p->id,
            .elements      = drive ? pair_shown_licence : pair_shown_id,
            .element_count = 3,
            .mac           = p->mac[drive ? 0 : 1],
            .despite       = p->despite};
    }
    if (p->extra != NULL)
        choices[n++] = *p->extra;
    e->choices      = choices;
    e->choice_count = n;
}

static inline yao_openssl_key *pair_holder_key(prox_pair             *p,
                                               const yao_holder_wish *w)
{
    if (w->role == YAO_HOLDER_SESSION)
        return p->holder_session;

    /* of the document that the choice names */
    size_t                  count;
    const yao_holder_asked *asked = yao_holder_asked_for(p->holder, &count);
    const yao_holder_choice *c    = &p->he.choices[w->index];
    return forge_key(yao_text_equal(asked[c->request].request->doc_type,
                                    YAO_TEXT(PROX_TYPE))
                         ? p->licence_key
                         : 3);
}

static inline void pair_push(prox_pair *p, bool to_holder, yao_bytes message)
{
    yao_bytes  copy = {NULL, 0};
    yao_bytes *box  = to_holder ? p->to_holder : p->to_reader;
    size_t    *sent = to_holder ? &p->reader_sent : &p->holder_sent;

    assert_status(yao_arena_keep(test_arena(), message, &copy), YAO_OK);
    assert_true(*sent < PAIR_MESSAGES);
    if (p->tap != NULL)
        p->tap(p, to_holder, &copy);
    box[(*sent)++] = copy;
}

/* Fulfil the wallet's wish; false when it waits, or is over. */
static inline bool pair_holder_do(prox_pair *p, yao_holder_event *e)
{
    const yao_holder_wish *w = &p->hw;

    e->kind = YAO_HOLDER_DONE;
    switch (w->kind) {
    case YAO_HOLDER_MAKE_KEY:
        p->holder_session = pair_fresh(w->curve);
        e->kind           = YAO_HOLDER_KEY;
        e->key            = yao_openssl_key_public(p->holder_session);
        return true;
    case YAO_HOLDER_SHOW:
        assert_status(yao_arena_keep(test_arena(), yao_text_bytes(w->text),
                                     &p->letters),
                      YAO_OK);
        return true;
    case YAO_HOLDER_AGREE:
        e->status = pair_agree(pair_holder_key(p, w), &w->agree, &e->bytes);
        if (e->status != YAO_OK)
            e->kind = YAO_HOLDER_FAILED;
        p->macs += w->role == YAO_HOLDER_DOCUMENT;
        return true;
    case YAO_HOLDER_AEAD:
        e->status = test_aead(&w->aead, &e->bytes);
        if (e->status != YAO_OK)
            e->kind = YAO_HOLDER_FAILED;
        return true;
    case YAO_HOLDER_ASK: pair_choose(p, e); return true;
    case YAO_HOLDER_SIGN: {
        uint8_t *out = yao_arena_take(test_arena(), YAO_MAX_SIGNATURE);
        size_t   len = 0;

        assert_status(yao_openssl_sign(pair_holder_key(p, w), &w->sign, out,
                                       &len),
                      YAO_OK);
        e->bytes = (yao_bytes){out, len};
        p->signatures++;
        return true;
    }
    case YAO_HOLDER_SEND: pair_push(p, false, w->bytes); return true;
    case YAO_HOLDER_WAIT:
        if (p->holder_read == p->reader_sent)
            return false;
        e->kind  = YAO_HOLDER_MESSAGE;
        e->bytes = p->to_holder[p->holder_read++];
        return true;
    default: return false;
    }
}

/* Until it waits for something that is not there. */
static inline void pair_holder_run(prox_pair *p)
{
    for (;;) {
        yao_holder_event e = p->he;

        if (!pair_holder_do(p, &e))
            return;
        e.now = p->now;
        if (p->meddle != NULL)
            p->meddle(p, &p->hw, &e);
        p->he = e;
        yao_holder_step(p->holder, &e, &p->hw);
    }
}

/* ---- the reader's driver ------------------------------------------------ */

static inline void pair_note(prox_pair *p, const yao_reader_answer *a)
{
    size_t n = p->answers;

    assert_true(n < PAIR_REQUESTS);
    p->answers++;
    p->missing[n]  = a->said->missing_count;
    p->statuses[n] = a->said->status;
    p->dropped[n]  = a->dropped;
    if (a->result == NULL)
        return;
    p->verdicts[n] = a->result->verdict;
    for (size_t i = 0; i < a->result->document_count; i++) {
        p->shown[n] += a->result->documents[i].attribute_count != 0;
        p->values[n] += a->result->documents[i].attribute_count;
    }
}

/* Fulfil the reader's wish; false when it waits, or is over. */
static inline bool pair_reader_do(prox_pair *p, yao_reader_event *e)
{
    const yao_reader_wish *w = &p->rw;

    e->kind = YAO_READER_DONE;
    switch (w->kind) {
    case YAO_READER_MAKE_KEY:
        p->reader_session = pair_fresh(w->curve);
        e->kind           = YAO_READER_KEY;
        e->key            = yao_openssl_key_public(p->reader_session);
        return true;
    case YAO_READER_AGREE:
        e->status = pair_agree(p->reader_session, &w->agree, &e->bytes);
        if (e->status != YAO_OK)
            e->kind = YAO_READER_FAILED;
        return true;
    case YAO_READER_NEXT:
        if (w->answer != NULL)
            pair_note(p, w->answer);
        e->kind = YAO_READER_END;
        if (p->asked_at < p->request_count) {
            e->kind    = YAO_READER_REQUEST;
            e->request = p->requests[p->asked_at++];
        }
        return true;
    case YAO_READER_SIGN:
        e->bytes = prox_sign(&w->sign, p->reader_key);
        return true;
    case YAO_READER_AEAD:
        e->status = test_aead(&w->aead, &e->bytes);
        if (e->status != YAO_OK)
            e->kind = YAO_READER_FAILED;
        return true;
    case YAO_READER_SEND: pair_push(p, true, w->bytes); return true;
    case YAO_READER_WAIT:
        if (p->reader_read == p->holder_sent)
            return false;
        e->kind  = YAO_READER_MESSAGE;
        e->bytes = p->to_reader[p->reader_read++];
        return true;
    default: return false;
    }
}

static inline void pair_reader_run(prox_pair *p)
{
    for (;;) {
        yao_reader_event e = p->re;

        if (!pair_reader_do(p, &e))
            return;
        e.now = p->now;
        if (p->meddle_reader != NULL)
            p->meddle_reader(p, &p->rw, &e);
        p->re = e;
        yao_reader_step(p->reader, &e, &p->rw);
    }
}

/* ---- both --------------------------------------------------------------- */

/** The wallet shows its code and waits; the reader has read it. */
static inline void pair_start(prox_pair *p)
{
    p->ha = pair_arena(PAIR_HOLDER_ARENA);
    p->ra = pair_arena(PAIR_READER_ARENA);
    assert_status(yao_holder_open(&p->ha, &p->ho, &p->holder), YAO_OK);
    p->he = (yao_holder_event){.kind = YAO_HOLDER_START, .now = p->now};
    yao_holder_step(p->holder, &p->he, &p->hw);
    pair_holder_run(p);
    if (p->hw.kind == YAO_HOLDER_STOP)
        return;
    p->ro.letters = p->letters;
    assert_status(yao_reader_open(&p->ra, &p->ro, &p->reader), YAO_OK);
    p->re = (yao_reader_event){.kind = YAO_READER_START, .now = p->now};
    yao_reader_step(p->reader, &p->re, &p->rw);
}

/** Until neither has anything to do. */
static inline void pair_go_on(prox_pair *p)
{
    for (int turn = 0; turn < PAIR_MESSAGES; turn++) {
        pair_reader_run(p);
        pair_holder_run(p);
    }
}

static inline void pair_close(prox_pair *p)
{
    yao_openssl_key_close(p->holder_session);
    yao_openssl_key_close(p->reader_session);
    p->holder_session = p->reader_session = NULL;
}

static inline void pair_run(prox_pair *p)
{
    pair_start(p);
    if (p->hw.kind != YAO_HOLDER_STOP)
        pair_go_on(p);
    pair_close(p);
}

#endif
