/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_LIST_TOKEN_H
#define YAO_TEST_LIST_TOKEN_H

/**
 * Status lists for tests: an authority with a root and a signer of
 * status lists, good tokens of both forms, bad ones made of them, and the
 * whole way from bytes to a list. Keys are made when the test runs.
 */

#include "cbor_edit.h"
#include "forge.h"
#include "inflate/inflate.h"
#include "statuslist/statuslist.h"
#include "token.h"

#define LIST_NOW FORGE_NOW
#define LIST_URI "https://authority.example/status/1"

/* Whose key is which of forge_key(). */
enum { LIST_ROOT, LIST_SIGNER, LIST_OTHER };

typedef struct list_scene {
    yao_bytes  root, chain[2];
    size_t     chain_count;
    int        key; /* who signs */
    yao_anchor anchors[12];
    size_t     anchor_count;
} list_scene;

static inline list_scene list_scene_of(yao_x509_kind kind)
{
    list_scene s = {.chain_count = 1, .key = LIST_SIGNER, .anchor_count = 1};

    s.root       = forge_make(YAO_X509_ROOT, LIST_ROOT, (yao_bytes){0}, 0);
    s.chain[0]   = forge_make(kind, LIST_SIGNER, s.root, LIST_ROOT);
    s.anchors[0] = (yao_anchor){.certificate = s.root,
                                .role        = YAO_ROLE_STATUS};
    return s;
}

static inline yao_bytes list_packed(yao_bytes entries)
{
    yao_deflate_wish wish = {entries};
    yao_bytes        out  = {0};

    assert_status(yao_deflate(&wish, test_arena(), &out), YAO_OK);
    return out;
}

/* 16 entries of 2 bits: 1, 2, 3, 0, then all valid. */
static inline yao_statuslist_request list_request(const list_scene   *s,
                                                  yao_statuslist_form form)
{
    return (yao_statuslist_request){
        .form        = form,
        .uri         = YAO_TEXT(LIST_URI),
        .issued_at   = LIST_NOW - 600,
        .expires     = LIST_NOW + 86400,
        .ttl         = 43200,
        .bits        = 2,
        .compressed  = list_packed(YAO_LIT("\x39\x00\x00\x00")),
        .alg         = yao_openssl_key_alg(forge_key(s->key)),
        .chain       = s->chain,
        .chain_count = s->chain_count};
}

static inline yao_bytes list_made(const list_scene             *s,
                                  const yao_statuslist_request *q)
{
    yao_statuslist_issuing issuing;
    yao_bytes              out = {0};

    assert_status(yao_statuslist_write(test_arena(), q, &issuing), YAO_OK);
    yao_bytes  signature = test_sign(forge_key(s->key), issuing.wish);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_statuslist_put(&w, &issuing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static inline yao_bytes list_token(const list_scene   *s,
                                   yao_statuslist_form form)
{
    yao_statuslist_request q = list_request(s, form);

    return list_made(s, &q);
}

/** A CWT of any protected header and claims, signed. */
static inline yao_bytes list_cwt(yao_bytes header, yao_bytes claims, int key)
{
    yao_writer w    = yao_writer_in(test_arena());
    yao_bytes  text = {0}, out = {0};

    yao_cbor_put_array(&w, 4);
    yao_cbor_put_string(&w, "Signature1");
    yao_cbor_put_bytes(&w, header);
    yao_cbor_put_bytes(&w, (yao_bytes){0});
    yao_cbor_put_bytes(&w, claims);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    yao_bytes signature =
        test_sign(forge_key(key), yao_sign_wish_of(YAO_ES256, text));

    w = yao_writer_in(test_arena());
    yao_cbor_put_tag(&w, YAO_COSE_TAG_SIGN1);
    yao_cbor_put_array(&w, 4);
    yao_cbor_put_bytes(&w, header);
    yao_cbor_put_map(&w, 0);
    yao_cbor_put_bytes(&w, claims);
    yao_cbor_put_bytes(&w, signature);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* A good JWT: @X is its x5c, @L its lst. */
#define LIST_HEAD  "{\"alg\":\"ES256\",\"typ\":\"statuslist+jwt\",@X}"
#define LIST_SUB   "\"sub\":\"" LIST_URI "\""
#define LIST_IAT   "\"iat\":1795305000"
#define LIST_LIST  "\"status_list\":{\"bits\":2,\"lst\":\"@L\"}"
#define LIST_BODY(claims) "{" LIST_SUB "," LIST_IAT "," LIST_LIST claims "}"

static inline void list_put_x5c(yao_writer *w, const list_scene *s)
{
    yao_jws_put_x5c(w, s->chain, s->chain_count);
}

static inline yao_bytes list_filled(const char *text, const list_scene *s,
                                    yao_bytes lst)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {0};

    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '@' && c[1] == 'X')
            list_put_x5c(&w, s), c++;
        else if (*c == '@' && c[1] == 'L')
            yao_put_base64url(&w, lst), c++;
        else
            yao_put_byte(&w, (uint8_t)*c);
    }
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/** A JWT of any header and payload, signed; NULL: the good one. */
static inline yao_bytes list_jwt(const list_scene *s, const char *header,
                                 const char *payload, yao_bytes lst)
{
    if (header == NULL)
        header = LIST_HEAD;
    if (payload == NULL)
        payload = LIST_BODY("");
    return test_jws(list_filled(header, s, lst), list_filled(payload, s, lst),
                    forge_key(s->key));
}

/* Header and claims of a good one. */
static inline void list_parts(yao_bytes token, yao_bytes *header,
                              yao_bytes *claims)
{
    yao_bytes message = {token.ptr + 1, token.len - 1};

    *header = cbor_bytes_at(message, "0");
    *claims = cbor_bytes_at(message, "2");
}

/* ---- the whole way ---- */

static inline yao_statuslist_options list_options(const list_scene *s)
{
    return (yao_statuslist_options){.anchors      = s->anchors,
                                    .anchor_count = s->anchor_count,
                                    .now          = LIST_NOW};
}

typedef struct list_judged {
    yao_statuslist_unverified   input;
    yao_statuslist_verification v;
    yao_inflate_wish            wish;
    yao_status                  parsed, unpacked, concluded;
    yao_bytes                   entries;
    yao_status_list             list;
    yao_report                  report;
} list_judged;

static inline void list_judge(yao_bytes                     token,
                              const yao_statuslist_options *o, list_judged *j)
{
    const yao_crypto *crypto = forge_crypto();

    memset(j, 0, sizeof *j);
    j->unpacked = j->concluded = YAO_E_USAGE;
    j->parsed = yao_statuslist_parse(test_arena(), token,
                                     YAO_STATUSLIST_UNKNOWN, &j->input);
    if (j->parsed != YAO_OK)
        return;
    assert_status(yao_statuslist_begin(test_arena(), &j->input, o, &j->v,
                                       &j->report),
                  YAO_OK);
    assert_status(crypto->verify(crypto->ctx, j->v.checks, j->v.check_count),
                  YAO_OK);
    j->unpacked = yao_statuslist_unpack(&j->v, &j->wish, &j->report);
    if (j->unpacked != YAO_OK)
        return;
    yao_status inflated = yao_inflate(&j->wish, test_arena(), &j->entries);
    j->concluded = yao_statuslist_conclude(&j->v, inflated, j->entries,
                                           &j->list, &j->report);
}

static inline const yao_report_row *list_row(const list_judged *j,
                                             yao_check          check)
{
    const yao_report_row *found = NULL;

    for (size_t i = 0; i < j->report.count; i++)
        if (j->report.rows[i].check == check) {
            if (found != NULL)
                fail_msg("two rows of %s", yao_check_name(check));
            found = &j->report.rows[i];
        }
    return found;
}

static inline bool list_bad(yao_outcome outcome)
{
    return outcome == YAO_OUTCOME_FAIL || outcome == YAO_OUTCOME_UNKNOWN;
}

/** Nothing is wrong but CHECK, and that says WHY; NONE: nothing is. What
 *  follows from a signer that is not known (WITHOUT) is not counted. */
static inline void list_expect(const list_judged *j, yao_check check,
                               yao_status why, bool without)
{
    for (size_t i = 0; i < j->report.count; i++) {
        const yao_report_row *r = &j->report.rows[i];
        bool follows = r->check == YAO_CHECK_ALGORITHM ||
                       r->check == YAO_CHECK_ISSUER_SIGNATURE;

        if (r->check == check || (without && follows))
            continue;
        if (list_bad(r->outcome))
            fail_msg("%s is %s", yao_check_name(r->check),
                     yao_outcome_name(r->outcome));
    }
    if (check == YAO_CHECK_NONE) {
        assert_status(j->concluded, YAO_OK);
        return;
    }
    assert_true(j->concluded != YAO_OK);
    assert_int_equal(j->list.bits, 0);
    assert_non_null(list_row(j, check));
    assert_true(list_bad(list_row(j, check)->outcome));
    assert_status(list_row(j, check)->why, why);
}

#endif
