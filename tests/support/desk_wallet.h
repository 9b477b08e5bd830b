/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_DESK_WALLET_H
#define YAO_TEST_DESK_WALLET_H

/**
 * A wallet before a desk: documents that the authority of desk_world.h issued
 * into memory, requests read and answered by core/vp. What a row changes of
 * the answer is changed before anything is signed, so that it is what a wallet
 * of bad faith would send.
 */

#include "agree.h"
#include "app/command.h"
#include "app/handover.h"
#include "app/pem.h"
#include "authority/commands.h"
#include "desk_world.h"
#include "vp/answer.h"
#include "vp/request.h"

enum { DW_COPIES = 64, DW_ROOM = 8 << 20 };

typedef struct dw_copy {
    char             document[32], format[32];
    yao_openssl_key *key;
    yao_bytes        bytes;
} dw_copy;

static struct {
    dw_copy          copies[DW_COPIES];
    size_t           count;
    yao_openssl_key *made[DW_COPIES];
    size_t           made_count;
    uint8_t          room[DW_ROOM];
    yao_arena        arena;
} dw;

/* ---- documents come ---- */

static yao_status dw_open(const char *folder, app_wallet **ret)
{
    (void)folder;
    dw.arena = (yao_arena){dw.room, sizeof dw.room, dw.arena.used};
    *ret     = (app_wallet *)&dw;
    return YAO_OK;
}

static yao_status dw_make_keys(app_wallet *wallet, yao_sig_alg alg,
                               size_t count, yao_public_key *ret)
{
    (void)wallet;
    for (size_t i = 0; i < count; i++) {
        yao_openssl_key *key;

        if (dw.made_count == DW_COPIES)
            return YAO_E_LIMIT;
        YAO_TRY(yao_openssl_key_generate(alg, &key));
        dw.made[dw.made_count++] = key;
        ret[i]                   = yao_openssl_key_public(key);
    }
    return YAO_OK;
}

static yao_status dw_keep(const app_delivery *d, const app_copy *copy)
{
    if (dw.count == DW_COPIES)
        return YAO_E_LIMIT;
    dw_copy *c = &dw.copies[dw.count++];

    snprintf(c->document, sizeof c->document, "%.*s", (int)d->document.len,
             (const char *)d->document.ptr);
    snprintf(c->format, sizeof c->format, "%.*s", (int)d->format.len,
             (const char *)d->format.ptr);
    for (size_t i = 0; i < dw.made_count; i++) {
        yao_public_key key = yao_openssl_key_public(dw.made[i]);
        if (yao_public_key_equal(&key, &copy->key))
            c->key = dw.made[i];
    }
    return c->key != NULL ? yao_arena_keep(&dw.arena, copy->bytes, &c->bytes)
                          : YAO_E_MISMATCH;
}

static yao_status dw_store(app_wallet *wallet, const app_delivery *d)
{
    (void)wallet;
    for (size_t i = 0; i < d->count; i++)
        YAO_TRY(dw_keep(d, &d->copies[i]));
    return YAO_OK;
}

static void dw_close(app_wallet *wallet)
{
    (void)wallet;
}

static const app_handover dw_handover = {dw_open, dw_make_keys, dw_store,
                                         dw_close};
const app_handover *const yao_authority_wallet = &dw_handover;

/* The verb itself, in this process. */
static inline void dw_issue(const char *line)
{
    static const yao_command *const commands[] = {&yao_document_issue, NULL};
    char                           *words[40];

    int kept = dup(STDOUT_FILENO); /* what it prints is no TAP */

    words[0]     = strdup("yaopai");
    size_t count = test_split(line, words + 1, 38) + 1;
    fflush(stdout);
    (void)dup2(STDERR_FILENO, STDOUT_FILENO);
    int code = yao_dispatch(commands, (int)count, words);
    fflush(stdout);
    (void)dup2(kept, STDOUT_FILENO);
    close(kept);
    for (size_t i = 0; i < count; i++)
        free(words[i]);
    assert_int_equal(code, 0);
}

static inline void dw_end(void)
{
    for (size_t i = 0; i < dw.made_count; i++)
        yao_openssl_key_close(dw.made[i]);
    dw.made_count = 0;
}

/* A copy of the identity card that was not shown yet. */
static inline dw_copy *dw_take(const char *format)
{
    static size_t turn;

    for (size_t i = 0; i < dw.count; i++) {
        dw_copy *c = &dw.copies[turn++ % dw.count];
        if (strcmp(c->document, "resident_id") == 0 &&
            strcmp(c->format, format) == 0)
            return c;
    }
    fail_msg("no %s", format);
    return NULL;
}

/* ---- requests ---- */

/* The path of an address of the desk, ended by a NUL. */
static inline const char *dw_path(yao_text uri)
{
    char base[64], *out = yao_arena_take(test_arena(), uri.len + 1);
    int  len =
        snprintf(base, sizeof base, "http://desk.localhost:%u", desk_port);

    assert_true(yao_bytes_starts(yao_text_bytes(uri),
                                 yao_text_bytes(yao_text_of(base))));
    memcpy(out, uri.ptr + len, uri.len - (size_t)len);
    return out;
}

static inline yao_vp_link dw_link(const char *link)
{
    yao_vp_link ret;

    assert_status(yao_vp_read_link(test_arena(),
                                   yao_text_bytes(yao_text_of(link)), true,
                                   &ret, NULL),
                  YAO_OK);
    assert_true(ret.post);
    return ret;
}

/* NONCE: of the wallet, by POST; NULL: by GET. */
static inline net_answer dw_fetch(const yao_vp_link *link, const char *nonce)
{
    desk_call  call = {.method = "GET", .path = dw_path(link->request_uri)};
    yao_writer w    = yao_writer_in(test_arena());

    if (nonce != NULL) {
        yao_vp_put_wallet(&w, yao_text_of(nonce));
        assert_status(yao_writer_keep(&w, test_arena(), &call.body), YAO_OK);
        call.method = "POST";
        call.type   = "application/x-www-form-urlencoded";
    }
    return desk_ask(&call);
}

static inline yao_status dw_read(const yao_vp_link *link, yao_bytes token,
                                 const char *nonce, yao_vp_request *ret)
{
    yao_anchors *anchors = yao_arena_take(test_arena(), sizeof *anchors);

    assert_status(yao_anchors_add_file(
                      anchors, test_arena(),
                      test_scratch_path("a/certificates/reader-root.pem"),
                      YAO_ROLE_READER),
                  YAO_OK);
    yao_vp_terms   terms = {.crypto       = test_crypto(),
                            .anchors      = anchors->list,
                            .anchor_count = anchors->count,
                            .now          = yao_now(),
                            .client_id    = link->client_id,
                            .plain_too    = true,
                            .loopback     = true};
    yao_vp_signed *s     = yao_arena_take(test_arena(), sizeof *s);

    assert_non_null(s);
    if (nonce != NULL)
        terms.wallet_nonce = yao_text_of(nonce);
    YAO_TRY(yao_vp_begin_request(test_arena(), token, &terms, s, NULL));
    YAO_TRY(
        test_crypto()->verify(test_crypto()->ctx, s->checks, s->check_count));
    return yao_vp_conclude_request(test_arena(), s, &terms, ret, NULL);
}

/* The whole way to a request that may be shown to a person. */
static inline yao_vp_request dw_request(const char *link)
{
    yao_vp_link    l      = dw_link(link);
    net_answer     answer = dw_fetch(&l, NULL);
    yao_vp_request q;

    assert_int_equal(answer.status, 200);
    assert_true(yao_text_equal(net_answer_header(&answer, "content-type"),
                               YAO_TEXT("application/oauth-authz-req+jwt")));
    assert_status(dw_read(&l, answer.body, NULL, &q), YAO_OK);
    return q;
}

/* ---- answers ---- */

/* What is wrong with an answer. */
typedef enum dw_wrong {
    DW_GOOD = 0,
    DW_OTHER_KEY, /* another key signs for the holder */
    DW_ISSUER,    /* the issuer's signature is another */
    DW_NONCE,
    DW_AUDIENCE,
    DW_ADDRESS, /* response_uri of the transcript */
    DW_EARLY,
    DW_LATE,    /* the proof is a year from now */
    DW_LESS,    /* a claim is missing */
    DW_MORE,    /* one for which nobody asked */
    DW_NAME,    /* under an id that is not in the query */
    DW_STATE,   /* inside */
    DW_NO_ARRAY /* the presentation stands without its array */
} dw_wrong;

static inline const yao_dcql_credential *dw_credential(const yao_vp_request *q,
                                                       bool mdoc)
{
    for (size_t i = 0; i < q->query.credential_count; i++)
        if ((q->query.credentials[i].format == YAO_DCQL_MDOC) == mdoc)
            return &q->query.credentials[i];
    fail();
    return NULL;
}

/* The claims of C; without the last one, or with one more. */
static inline void dw_choose(const yao_dcql_credential *c, dw_wrong wrong,
                             yao_vp_shown *shown)
{
    size_t          count = c->claim_count;
    yao_sdjwt_path *paths =
        yao_arena_take_array(test_arena(), count + 1, sizeof *paths);
    yao_mdoc_selector *selectors =
        yao_arena_take_array(test_arena(), count + 1, sizeof *selectors);

    for (size_t i = 0; i < count; i++) {
        const yao_dcql_claim *claim = &c->claims[i];
        yao_text *steps = yao_arena_take_array(test_arena(), claim->path_count,
                                               sizeof *steps);
        for (size_t k = 0; k < claim->path_count; k++)
            steps[k] = claim->path[k].name;
        paths[i] = (yao_sdjwt_path){steps, claim->path_count};
        if (claim->path_count == 2)
            selectors[i] = (yao_mdoc_selector){steps[0], steps[1]};
    }
    if (wrong == DW_LESS)
        count--;
    if (wrong == DW_MORE) {
        static const yao_text more[] = {YAO_INIT("nationalities")};
        selectors[count] = (yao_mdoc_selector){selectors[0].name_space,
                                               YAO_TEXT("age_in_years")};
        paths[count++]   = (yao_sdjwt_path){more, 1};
    }
    shown->paths          = paths;
    shown->selectors      = selectors;
    shown->path_count     = count;
    shown->selector_count = count;
}

/* The copy with one byte of the issuer's signature changed. */
static inline yao_bytes dw_spoil(yao_bytes stored, bool mdoc)
{
    uint8_t *out = yao_arena_take(test_arena(), stored.len);
    size_t   at  = mdoc ? stored.len - 1 : yao_bytes_find(stored, '~') - 4;

    memcpy(out, stored.ptr, stored.len);
    if (mdoc) { /* issuerAuth comes last: its signature ends the copy */
        out[at] ^= 1;
    } else {
        out[at] = out[at] == 'A' ? 'B' : 'A';
    }
    return (yao_bytes){out, stored.len};
}

/* A year in seconds. */
#define DW_YEAR (INT64_C(365) * 86400)

static inline yao_bytes dw_token(const yao_vp_request *request, bool mdoc,
                                 dw_wrong wrong)
{
    yao_vp_request q    = *request;
    dw_copy       *copy = dw_take(mdoc ? "mdoc-issuer-signed" : "sd-jwt-vc");
    const yao_dcql_credential *c      = dw_credential(request, mdoc);
    yao_vp_shown               shown  = {.id     = c->id,
                                         .stored = copy->bytes,
                                         .alg = mdoc ? YAO_SIG_NONE : YAO_ES256};
    yao_vp_choice              choice = {
        .shown = &shown, .count = 1, .now = yao_now()};
    yao_vp_answer              answer;
    yao_bytes                  token;
    yao_openssl_key           *key =
        wrong == DW_OTHER_KEY ? test_key(3, YAO_ES256) : copy->key;

    dw_choose(c, wrong, &shown);
    if (wrong == DW_ISSUER)
        shown.stored = dw_spoil(copy->bytes, mdoc);
    if (wrong == DW_NONCE)
        q.binding.nonce = YAO_TEXT("another-nonce-of-another-request");
    if (wrong == DW_AUDIENCE)
        q.binding.client_id = YAO_TEXT("x509_hash:AAAA");
    if (wrong == DW_ADDRESS)
        q.binding.response_uri = YAO_TEXT("https://other.example/response");
    if (wrong == DW_EARLY || wrong == DW_LATE)
        choice.now += wrong == DW_EARLY ? -DW_YEAR : DW_YEAR;
    assert_status(
        yao_vp_begin_answer(test_arena(), test_crypto(), &q, &choice, &answer),
        YAO_OK);
    answer.signatures[0] = test_sign(key, answer.wishes[0]);
    assert_status(yao_vp_write_token(test_arena(), &answer, &token), YAO_OK);
    return token;
}

/* TEXT with its first FROM, which is in it, replaced by TO. */
static inline yao_bytes dw_replace(yao_bytes text, const char *from,
                                   const char *to)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;
    size_t     len = strlen(from), at = 0;

    while (at + len <= text.len && memcmp(text.ptr + at, from, len) != 0)
        at++;
    assert_true(at + len <= text.len);
    yao_put_bytes(&w, (yao_bytes){text.ptr, at});
    yao_put_text(&w, to);
    yao_put_bytes(&w, (yao_bytes){text.ptr + at + len, text.len - at - len});
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* The body around TOKEN, encrypted where REQUEST wants it. */
static inline yao_bytes dw_body(const yao_vp_request *request, yao_bytes token)
{
    yao_openssl_key *once  = test_key(2, YAO_ES256);
    yao_vp_sealing   s     = {.ephemeral = yao_openssl_key_public(once)};
    uint8_t         *nonce = yao_arena_take(test_arena(), YAO_AEAD_NONCE);
    yao_bytes        body, sealed;

    if (!yao_vp_mode_sealed(request->mode)) {
        assert_status(yao_vp_write_plain(test_arena(), request, token, &body),
                      YAO_OK);
        return body;
    }
    assert_status(yao_openssl_random(nonce, YAO_AEAD_NONCE), YAO_OK);
    s.nonce  = (yao_bytes){nonce, YAO_AEAD_NONCE};
    s.shared = test_agree(once, &request->key);
    assert_status(
        yao_vp_begin_seal(test_arena(), test_crypto(), request, token, &s),
        YAO_OK);
    assert_status(test_aead(&s.wish, &sealed), YAO_OK);
    assert_status(yao_vp_write_sealed(test_arena(), request, &s, sealed, &body),
                  YAO_OK);
    return body;
}

static inline yao_bytes dw_answer(const yao_vp_request *request, bool mdoc,
                                  dw_wrong wrong)
{
    yao_vp_request q     = *request;
    yao_bytes      token = dw_token(request, mdoc, wrong);
    char           id[64];

    snprintf(id, sizeof id, "\"resident_id-%s\"", mdoc ? "mdoc" : "sdjwt");
    if (wrong == DW_NAME)
        token = dw_replace(token, id, "\"other\"");
    if (wrong == DW_NO_ARRAY) {
        token = dw_replace(token, "[", "");
        token = dw_replace(token, "]", "");
    }
    if (wrong == DW_STATE)
        q.state = YAO_TEXT("another-state");
    return dw_body(&q, token);
}

static inline net_answer dw_post(const yao_vp_request *request, yao_bytes body)
{
    const desk_call call = {.method = "POST",
                            .path   = dw_path(request->binding.response_uri),
                            .type   = "application/x-www-form-urlencoded",
                            .body   = body};

    return desk_ask(&call);
}

#endif
