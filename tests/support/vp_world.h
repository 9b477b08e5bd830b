/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_VP_WORLD_H
#define YAO_TEST_VP_WORLD_H

/**
 * A verifier and a wallet for OpenID4VP: a reader certificate under its root,
 * a SPECIMEN licence as mdoc and a SPECIMEN token as SD-JWT, requests that are
 * good as they stand or that are changed by a word and signed again.
 *
 *     yao_bytes token = vp_token(&(vp_change){.from = "...", .to = "..."});
 */

#include "agree.h"
#include "mdoc_fixture.h"
#include "sdissue.h"
#include "vp/answer.h"
#include "vp/judge.h"

#define VP_NOW    FORGE_NOW
#define VP_HOST   "desk.example"
#define VP_ORIGIN "https://desk.example"
#define VP_REPLY  "https://desk.example/reply/1"
#define VP_NONCE  "n0nceN0nceN0nceN0nce"
#define VP_STATE  "st4teSt4te"
#define VP_KID    "key-of-this-request"

/** Keys of forge_key(), beside those of mdoc_fixture.h. */
enum { VP_ROOT_KEY = 5, VP_READER_KEY = 6, VP_ENC_KEY = 7 };

#define VP_ASK_SD                                                              \
    "{\"id\":\"sd\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":["       \
    "\"urn:yaopai:specimen:1\"]},\"claims\":[{\"path\":[\"given_name\"]},"     \
    "{\"path\":[\"address\",\"city\"]}]}"
#define VP_ASK_MDL                                                             \
    "{\"id\":\"mdl\",\"format\":\"mso_mdoc\",\"meta\":{\"doctype_value\":"     \
    "\"" MDOC_TYPE "\"},\"claims\":[{\"path\":[\"" MDOC_SPACE "\","            \
    "\"family_name\"]},{\"path\":[\"" MDOC_SPACE "\",\"age_over_18\"]}]}"
#define VP_QUERY "{\"credentials\":[" VP_ASK_SD "," VP_ASK_MDL "]}"

typedef struct vp_world {
    yao_bytes  root, reader;
    yao_text   client_id; /* x509_hash */
    yao_anchor anchors[3]; /* reader root; issuers of both documents */
} vp_world;

/** Made anew in the test's arena: call it once in a case. */
static inline const vp_world *vp_world_make(void)
{
    static vp_world world;
    yao_certificate root;

    world = (vp_world){.root = forge_make(YAO_X509_ROOT, VP_ROOT_KEY,
                                          (yao_bytes){NULL, 0}, VP_ROOT_KEY)};
    assert_status(yao_x509_read(world.root, &root), YAO_OK);
    yao_x509_request q =
        forge_request(YAO_X509_READER, VP_READER_KEY, &root);
    q.san_dns    = YAO_TEXT(VP_HOST);
    world.reader = forge_write(&q, VP_ROOT_KEY);
    assert_status(yao_vp_make_client_id(test_arena(), test_crypto(),
                                        world.reader, &world.client_id),
                  YAO_OK);
    world.anchors[0] = (yao_anchor){.certificate = world.root,
                                    .role        = YAO_ROLE_READER};
    world.anchors[1] = mdoc_fixture_get()->anchor;
    world.anchors[2] = sd_anchor(SD_ISSUER);
    return &world;
}

static inline yao_public_key vp_enc_key(void)
{
    return yao_openssl_key_public(forge_key(VP_ENC_KEY));
}

/* ---- requests ----------------------------------------------------------- */

/** What a verifier asks, good for MODE; change it. */
static inline yao_vp_ask vp_ask(const vp_world *world, yao_vp_mode mode)
{
    bool       dcapi = yao_vp_mode_dcapi(mode);
    yao_vp_ask ask   = {.mode      = mode,
                        .client_id = world->client_id,
                        .nonce     = YAO_TEXT(VP_NONCE),
                        .query     = YAO_LIT(VP_QUERY),
                        .issued    = VP_NOW,
                        .expires   = VP_NOW + YAO_VP_LIFETIME};
    static const yao_text origins[] = {YAO_INIT("https://other.example"),
                                       YAO_INIT(VP_ORIGIN)};

    if (dcapi) {
        ask.origins      = origins;
        ask.origin_count = 2;
    } else {
        ask.response_uri = YAO_TEXT(VP_REPLY);
        ask.state        = YAO_TEXT(VP_STATE);
    }
    if (yao_vp_mode_sealed(mode)) {
        ask.key = vp_enc_key();
        ask.kid = YAO_TEXT(VP_KID);
    }
    return ask;
}

/** ASK, signed. */
static inline yao_bytes vp_sign(const vp_world *world, const yao_vp_ask *ask)
{
    yao_oauth_unsigned token;
    yao_bytes          out = {NULL, 0};

    assert_status(yao_vp_make_request(test_arena(), ask, YAO_ES256,
                                      &world->reader, 1, &token),
                  YAO_OK);
    assert_status(yao_oauth_sign(test_arena(), &token,
                                 test_sign(forge_key(VP_READER_KEY),
                                           token.wish),
                                 &out),
                  YAO_OK);
    return out;
}

/** On which terms a wallet reads; all that is good is good for them. */
static inline yao_vp_terms vp_terms(const vp_world *world)
{
    static const yao_vp_field fields[] = {{.name = YAO_INIT("amount")},
                                          {.name = YAO_INIT("payee")}};
    static const yao_vp_transaction_type types[] = {
        {.name = YAO_INIT("payment"), .fields = fields, .field_count = 2}};

    return (yao_vp_terms){.crypto       = test_crypto(),
                          .anchors      = world->anchors,
                          .anchor_count = 3,
                          .now          = VP_NOW,
                          .types        = types,
                          .type_count   = 1};
}

/** TEXT with its first FROM, which is in it, replaced by TO. */
static inline yao_bytes vp_replace(yao_bytes text, const char *from,
                                   const char *to)
{
    size_t     len = strlen(from);
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {NULL, 0};
    bool       done = false;

    for (size_t i = 0; i < text.len; i++) {
        if (!done && text.len - i >= len &&
            memcmp(text.ptr + i, from, len) == 0) {
            yao_put_text(&w, to);
            i += len - 1;
            done = true;
        } else {
            yao_put_byte(&w, text.ptr[i]);
        }
    }
    assert_true(done);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static inline yao_bytes vp_unbase64url(yao_bytes letters)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {NULL, 0};

    assert_status(yao_get_base64url(letters, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/** TOKEN with a word of its header, or payload, changed; signed again by KEY
 *  of forge_key(). */
static inline yao_bytes vp_change_token(yao_bytes token, bool in_header,
                                        const char *from, const char *to,
                                        int key)
{
    size_t    dot    = yao_bytes_find(token, '.');
    yao_bytes rest   = {token.ptr + dot + 1, token.len - dot - 1};
    size_t    second = yao_bytes_find(rest, '.');
    yao_bytes header = vp_unbase64url((yao_bytes){token.ptr, dot});
    yao_bytes body   = vp_unbase64url((yao_bytes){rest.ptr, second});

    if (from != NULL && in_header)
        header = vp_replace(header, from, to);
    if (from != NULL && !in_header)
        body = vp_replace(body, from, to);
    return test_jws(header, body, forge_key(key));
}

/** Read a signed request whole: begin, the home's answers, conclude. */
static inline yao_status vp_read(yao_bytes token, const yao_vp_terms *terms,
                                 yao_vp_request *ret, yao_vp_refusal *refusal)
{
    yao_vp_signed s;

    YAO_TRY(yao_vp_begin_request(test_arena(), token, terms, &s, refusal));
    YAO_TRY(test_crypto()->verify(test_crypto()->ctx, s.checks,
                                  s.check_count));
    return yao_vp_conclude_request(test_arena(), &s, terms, ret, refusal);
}

/** The request of ASK as a wallet reads it, through a link or the browser. */
static inline yao_vp_request vp_request_of(const vp_world   *world,
                                           const yao_vp_ask *ask)
{
    yao_vp_terms   terms = vp_terms(world);
    yao_vp_request q     = {.mode = YAO_VP_NO_MODE};
    yao_vp_signed  s;
    yao_bytes      token = vp_sign(world, ask);

    terms.plain_too = true;
    if (yao_vp_mode_dcapi(ask->mode)) {
        yao_bytes data = test_join((yao_bytes[]){
            YAO_LIT("{\"request\":\""), token, YAO_LIT("\"}"), {0}});

        terms.origin = YAO_TEXT(VP_ORIGIN);
        assert_status(yao_vp_begin_dcapi(test_arena(), YAO_VP_SIGNED, data,
                                         &terms, &s, NULL),
                      YAO_OK);
    } else {
        assert_status(yao_vp_begin_request(test_arena(), token, &terms, &s,
                                           NULL),
                      YAO_OK);
    }
    assert_status(test_crypto()->verify(test_crypto()->ctx, s.checks,
                                        s.check_count),
                  YAO_OK);
    assert_status(yao_vp_conclude_request(test_arena(), &s, &terms, &q, NULL),
                  YAO_OK);
    return q;
}

/** What its verifier awaits. */
static inline yao_vp_awaited vp_await(const yao_vp_ask *ask)
{
    yao_vp_awaited a = {.mode = YAO_VP_NO_MODE};
    yao_text       origin = {NULL, 0};

    if (yao_vp_mode_dcapi(ask->mode))
        origin = YAO_TEXT(VP_ORIGIN);
    assert_status(yao_vp_await(test_arena(), test_crypto(), ask, origin, &a),
                  YAO_OK);
    return a;
}

/* ---- documents ---------------------------------------------------------- */

#define VP_SD_PATHS "given_name family_name address address.city"

static inline yao_bytes vp_sd(void)
{
    return sd_issue(SD_PERSON, VP_SD_PATHS, 2);
}

/** What a wallet shows: both documents as VP_QUERY asks. */
static inline size_t vp_show(yao_vp_shown shown[2])
{
    static const yao_mdoc_selector selectors[] = {
        {YAO_INIT(MDOC_SPACE), YAO_INIT("family_name")},
        {YAO_INIT(MDOC_SPACE), YAO_INIT("age_over_18")}};
    yao_sdjwt_path *paths =
        yao_arena_take_array(test_arena(), 4, sizeof *paths);

    assert_non_null(paths);
    shown[0] = (yao_vp_shown){.id         = YAO_TEXT("sd"),
                              .stored     = vp_sd(),
                              .alg        = YAO_ES256,
                              .paths      = paths,
                              .path_count = sd_read_paths(
                                  "given_name address.city", paths)};
    shown[1] = (yao_vp_shown){.id             = YAO_TEXT("mdl"),
                              .stored         = mdoc_fixture_issued(),
                              .selectors      = selectors,
                              .selector_count = 2};
    return 2;
}

/** The key of the document SHOWN. */
static inline yao_openssl_key *vp_key_of(const yao_vp_shown *shown)
{
    return shown->alg != YAO_SIG_NONE ? test_key(SD_HOLDER, YAO_ES256)
                                      : forge_key(DEVICE_KEY);
}

/** The vp_token for REQUEST, signed. */
static inline yao_bytes vp_token_for(const yao_vp_request *request,
                                     const yao_vp_shown *shown, size_t count)
{
    yao_vp_choice choice = {.shown = shown, .count = count, .now = VP_NOW};
    yao_vp_answer answer;
    yao_bytes     token = {NULL, 0};

    assert_status(yao_vp_begin_answer(test_arena(), test_crypto(), request,
                                      &choice, &answer),
                  YAO_OK);
    for (size_t i = 0; i < count; i++)
        answer.signatures[i] = test_sign(vp_key_of(&shown[i]),
                                         answer.wishes[i]);
    assert_status(yao_vp_write_token(test_arena(), &answer, &token), YAO_OK);
    return token;
}

/** The whole body of an answer with TOKEN, encrypted where REQUEST wants it. */
static inline yao_bytes vp_body(const yao_vp_request *request, yao_bytes token)
{
    yao_openssl_key *once = test_key(2, YAO_ES256);
    yao_vp_sealing   s = {.ephemeral = yao_openssl_key_public(once),
                          .nonce     = YAO_LIT("twelve bytes")};
    yao_bytes        body = {NULL, 0}, sealed = {NULL, 0};

    if (!yao_vp_mode_sealed(request->mode)) {
        assert_status(yao_vp_write_plain(test_arena(), request, token, &body),
                      YAO_OK);
        return body;
    }
    s.shared = test_agree(once, &request->key);
    assert_status(yao_vp_begin_seal(test_arena(), test_crypto(), request,
                                    token, &s),
                  YAO_OK);
    assert_status(test_aead(&s.wish, &sealed), YAO_OK);
    assert_status(yao_vp_write_sealed(test_arena(), request, &s, sealed,
                                      &body),
                  YAO_OK);
    return body;
}

/* ---- the verifier ------------------------------------------------------- */

/** The agreement of the request's key with a point that may be none. */
static inline yao_status vp_agree(const yao_public_key *peer, yao_bytes *ret)
{
    yao_agree_wish wish = {.peer = *peer};
    uint8_t       *out  = yao_arena_take(test_arena(), YAO_MAX_AGREEMENT);

    assert_non_null(out);
    if (peer->curve != YAO_P256)
        return YAO_E_KEY;
    YAO_TRY(yao_openssl_agree(forge_key(VP_ENC_KEY), &wish, out));
    *ret = (yao_bytes){out, 32};
    return YAO_OK;
}

/** What a verifier does with BODY: read, open, split. */
static inline yao_status vp_receive(const yao_vp_awaited *awaited,
                                    yao_bytes body,
                                    yao_vp_presentations *ret)
{
    yao_vp_posted posted;
    yao_jwe_key   key;
    yao_aead_wish wish;
    yao_bytes     plain = {NULL, 0}, shared;

    if (awaited->binding.dcapi)
        YAO_TRY(yao_vp_read_dcapi_posted(test_arena(), body, &posted));
    else
        YAO_TRY(yao_vp_read_posted(test_arena(), body, &posted));
    if (posted.kind != YAO_VP_SEALED)
        return yao_vp_read_plain(test_arena(), awaited, &posted, ret);
    YAO_TRY(vp_agree(&posted.jwe.ephemeral, &shared));
    YAO_TRY(yao_vp_open(test_crypto(), awaited, &posted, shared, &key, &wish));
    YAO_TRY(test_aead(&wish, &plain));
    yao_jwe_wipe(&key);
    return yao_vp_read_opened(test_arena(), awaited, plain, ret);
}

static inline yao_verify_options vp_options(const vp_world *world)
{
    return (yao_verify_options){.anchors      = world->anchors,
                                .anchor_count = 3,
                                .now          = VP_NOW,
                                .skew         = 60};
}

/** And with what was in it. */
static inline yao_status vp_judge(const vp_world             *world,
                                  const yao_vp_awaited       *awaited,
                                  const yao_vp_presentations *presentations,
                                  yao_vp_verdict             *ret)
{
    yao_verify_options options = vp_options(world);
    yao_vp_judging     judging;

    YAO_TRY(yao_vp_begin_judging(test_arena(), test_crypto(), awaited,
                                 presentations, &options, &judging));
    YAO_TRY(test_crypto()->verify(test_crypto()->ctx, judging.checks,
                                  judging.check_count));
    return yao_vp_finish_judging(&judging, ret);
}

#endif
