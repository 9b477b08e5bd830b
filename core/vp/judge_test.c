/* SPDX-License-Identifier: Apache-2.0 */
/* Answers as a verifier judges them: one that is good, with one thing wrong in
 * each row. Both formats, both ways, both encryptions. */
#include "vp/judge.h"

#include "check.h"
#include "vp_world.h"

/* ---- the whole way ------------------------------------------------------ */

typedef struct way {
    const char  *name;
    yao_vp_mode  mode;
    yao_aead_alg enc;
} way;

static const way ways[] = {
    {"direct_post.jwt, A256GCM", YAO_VP_DIRECT_POST_JWT, YAO_A256GCM},
    {"direct_post.jwt, A128GCM", YAO_VP_DIRECT_POST_JWT, YAO_A128GCM},
    {"direct_post", YAO_VP_DIRECT_POST, YAO_AEAD_NONE},
    {"dc_api.jwt, A256GCM", YAO_VP_DC_API_JWT, YAO_A256GCM},
    {"dc_api.jwt, A128GCM", YAO_VP_DC_API_JWT, YAO_A128GCM},
    {"dc_api", YAO_VP_DC_API, YAO_AEAD_NONE},
};

static void whole_way(void **state)
{
    const way           *w       = *state;
    const vp_world      *world   = vp_world_make();
    yao_vp_ask           ask     = vp_ask(world, w->mode);
    yao_vp_request       request = vp_request_of(world, &ask);
    yao_vp_awaited       awaited = vp_await(&ask);
    yao_vp_shown         shown[2];
    yao_vp_presentations came;
    yao_vp_verdict       verdict;

    if (w->enc != YAO_AEAD_NONE)
        request.enc = w->enc;
    size_t    count = vp_show(shown);
    yao_bytes token = vp_token_for(&request, shown, count);
    assert_status(vp_receive(&awaited, vp_body(&request, token), &came),
                  YAO_OK);
    assert_int_equal(came.count, 2);
    assert_status(vp_judge(world, &awaited, &came, &verdict), YAO_OK);
    for (size_t i = 0; i < verdict.count; i++) {
        assert_status(verdict.items[i].why, YAO_OK);
        assert_true(verdict.items[i].used);
        /* the token has four claims that nobody can hide */
        assert_int_equal(verdict.items[i].dropped, i == 0 ? 4 : 0);
        assert_int_equal(verdict.items[i].result->documents[0].attribute_count,
                         2);
    }
    assert_int_equal(verdict.verdict, YAO_VERDICT_ACCEPT);
    assert_int_equal(verdict.answered, 3);
}

/* ---- one thing wrong ---------------------------------------------------- */

enum {
    SD  = 1 << 0, /* what is wrong is the SD-JWT, */
    MDL = 1 << 1, /* the licence */
    OPTIONAL = 1 << 2, /* the other document alone would do */
    UNBOUND  = 1 << 3  /* the SD-JWT is asked for without its proof */
};

typedef struct wrong {
    const char *name;
    unsigned    flags;
    /* how the wallet's own view of the request differs: */
    const char *nonce, *client_id, *response_uri, *origin;
    int         thumbprint; /* 1: another key's; 2: none */
    yao_time    late;       /* the wallet's clock */
    bool        no_proof;   /* the KB-JWT is cut off */
    bool        other_key;  /* the wrong key signs */
    int         two;        /* documents in one DeviceResponse */
    yao_status  want;       /* why it is discarded; YAO_OK: it is not */
    yao_verdict verdict;
} wrong;

#define DISCARD(flag, status)                                                  \
    .flags = (flag), .want = (status), .verdict = YAO_VERDICT_REJECT
#define KEPT(flag)                                                             \
    .flags = (flag) | OPTIONAL, .verdict = YAO_VERDICT_ACCEPT

static const wrong wrongs[] = {
    {"accepts an answer", .flags = SD, .verdict = YAO_VERDICT_ACCEPT},

    {"refuses N077: another nonce in the proof", DISCARD(SD, YAO_E_MISMATCH),
     .nonce = "0therNonce0therNonce"},
    {"refuses N076: another client_id in the proof",
     DISCARD(SD, YAO_E_MISMATCH), .client_id = "x509_hash:other"},
    {"refuses N076: the prefix dropped in the proof",
     DISCARD(SD, YAO_E_MISMATCH), .client_id = "-"},
    {"refuses N078: a proof of last year", DISCARD(SD, YAO_E_EXPIRED),
     .late = -31536000},
    {"refuses N078: a proof of next year", DISCARD(SD, YAO_E_NOT_YET_VALID),
     .late = 31536000},
    {"refuses N071: no proof", DISCARD(SD, YAO_E_MISSING), .no_proof = true},
    {"refuses N073: a proof by another key", DISCARD(SD, YAO_E_BAD_SIGNATURE),
     .other_key = true},
    {"accepts no proof where none was asked for", .flags = SD | UNBOUND,
     .no_proof = true, .verdict = YAO_VERDICT_ACCEPT},
    {"refuses a bad proof where none was asked for",
     DISCARD(SD | UNBOUND, YAO_E_BAD_SIGNATURE), .other_key = true},

    {"refuses N039: another nonce in the transcript",
     DISCARD(MDL, YAO_E_BAD_SIGNATURE), .nonce = "0therNonce0therNonce"},
    {"refuses N040: the prefix dropped in the transcript",
     DISCARD(MDL, YAO_E_BAD_SIGNATURE), .client_id = "-"},
    {"refuses N041: another response_uri in the transcript",
     DISCARD(MDL, YAO_E_BAD_SIGNATURE), .response_uri = VP_REPLY "/"},
    {"refuses N042: the thumbprint of another key",
     DISCARD(MDL, YAO_E_BAD_SIGNATURE), .thumbprint = 1},
    {"refuses N042: no thumbprint of an encrypted answer",
     DISCARD(MDL, YAO_E_BAD_SIGNATURE), .thumbprint = 2},
    {"refuses N043: the handover of the browser's API",
     DISCARD(MDL, YAO_E_BAD_SIGNATURE), .origin = VP_ORIGIN},
    {"refuses N038: another device", DISCARD(MDL, YAO_E_BAD_SIGNATURE),
     .other_key = true},
    {"refuses two documents in one DeviceResponse",
     DISCARD(MDL, YAO_E_MALFORMED), .two = 2},

    /* one that is bad takes nothing with it */
    {"accepts the licence beside a bad proof", KEPT(SD),
     .want = YAO_E_MISMATCH, .nonce = "0therNonce0therNonce"},
    {"accepts the token beside a bad licence", KEPT(MDL),
     .want = YAO_E_BAD_SIGNATURE, .nonce = "0therNonce0therNonce"},
};

static const yao_bytes either = YAO_INIT(
    "{\"credentials\":[" VP_ASK_SD "," VP_ASK_MDL "],\"credential_sets\":[{"
    "\"options\":[[\"sd\"],[\"mdl\"]]}]}");

static void distort(const wrong *w, const vp_world *world, yao_vp_request *q)
{
    if (w->nonce != NULL)
        q->binding.nonce = yao_text_of(w->nonce);
    if (w->client_id != NULL && w->client_id[0] == '-')
        q->binding.client_id =
            (yao_text){world->client_id.ptr + 10, world->client_id.len - 10};
    else if (w->client_id != NULL)
        q->binding.client_id = yao_text_of(w->client_id);
    if (w->response_uri != NULL)
        q->binding.response_uri = yao_text_of(w->response_uri);
    if (w->thumbprint == 1)
        q->binding.thumbprint[0] ^= 1;
    if (w->thumbprint == 2)
        q->binding.sealed = false;
    if (w->origin != NULL) {
        q->binding.dcapi  = true;
        q->binding.origin = yao_text_of(w->origin);
    }
}

/* A second document in the DeviceResponse of PRESENTATION. */
static yao_bytes doubled(yao_bytes letters)
{
    yao_bytes response = vp_unbase64url(letters);

    return test_base64url(mdoc_fixture_pair(response, response));
}

static yao_bytes presented(const wrong *w, const yao_vp_request *q,
                           const yao_vp_shown *shown, bool mine)
{
    yao_vp_choice choice = {.shown = shown,
                            .count = 1,
                            .now   = VP_NOW + (mine ? w->late : 0)};
    yao_vp_answer answer;
    yao_bytes     token = {NULL, 0};

    assert_status(yao_vp_begin_answer(test_arena(), test_crypto(), q, &choice,
                                      &answer),
                  YAO_OK);
    answer.signatures[0] =
        test_sign(mine && w->other_key ? test_key(SD_OTHER, YAO_ES256)
                                       : vp_key_of(shown),
                  answer.wishes[0]);
    assert_status(yao_vp_write_token(test_arena(), &answer, &token), YAO_OK);

    /* {"id":["letters"]} */
    size_t    from    = shown->id.len + 6;
    yao_bytes letters = {token.ptr + from, token.len - from - 3};
    if (mine && w->two != 0)
        return doubled(letters);
    if (mine && w->no_proof)
        while (letters.ptr[letters.len - 1] != '~')
            letters.len--;
    return letters;
}

static yao_bytes both(const wrong *w, const vp_world *world,
                      const yao_vp_request *good)
{
    yao_vp_request bad = *good;
    yao_vp_shown   shown[2];
    yao_bytes      letters[2];

    distort(w, world, &bad);
    vp_show(shown);
    for (size_t i = 0; i < 2; i++) {
        bool mine = (w->flags & (i == 0 ? SD : MDL)) != 0;

        letters[i] = presented(w, mine ? &bad : good, &shown[i], mine);
    }
    return test_join((yao_bytes[]){YAO_LIT("{\"sd\":[\""), letters[0],
                                   YAO_LIT("\"],\"mdl\":[\""), letters[1],
                                   YAO_LIT("\"]}"), {0}});
}

static void wrong_row(void **state)
{
    const wrong         *w     = *state;
    const vp_world      *world = vp_world_make();
    yao_vp_ask           ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_presentations came;
    yao_vp_verdict       verdict;

    if ((w->flags & OPTIONAL) != 0)
        ask.query = either;
    if ((w->flags & UNBOUND) != 0)
        ask.query = vp_replace(
            ask.query, "\"claims\"",
            "\"require_cryptographic_holder_binding\":false,\"claims\"");

    yao_vp_request request = vp_request_of(world, &ask);
    yao_vp_awaited awaited = vp_await(&ask);
    yao_bytes      body    = vp_body(&request, both(w, world, &request));
    assert_status(vp_receive(&awaited, body, &came), YAO_OK);
    assert_status(vp_judge(world, &awaited, &came, &verdict), YAO_OK);
    assert_int_equal(verdict.count, 2);

    const yao_vp_judged *mine  = &verdict.items[(w->flags & SD) != 0 ? 0 : 1];
    const yao_vp_judged *other = &verdict.items[(w->flags & SD) != 0 ? 1 : 0];
    assert_status(mine->why, w->want);
    assert_int_equal(mine->used, w->want == YAO_OK);
    if (!mine->used && mine->result != NULL)
        assert_int_equal(mine->result->documents[0].attribute_count, 0);
    assert_status(other->why, YAO_OK);
    assert_true(other->used);
    assert_int_equal(verdict.verdict, w->verdict);
}

/* ---- more than was asked, less than was asked --------------------------- */

static void drops_what_nobody_asked(void **state)
{
    const vp_world      *world   = vp_world_make();
    yao_vp_ask           ask     = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_request       request = vp_request_of(world, &ask);
    yao_vp_awaited       awaited = vp_await(&ask);
    yao_vp_shown         shown[2];
    yao_vp_presentations came;
    yao_vp_verdict       verdict;
    static const yao_mdoc_selector more[] = {
        {YAO_INIT(MDOC_SPACE), YAO_INIT("family_name")},
        {YAO_INIT(MDOC_SPACE), YAO_INIT("age_over_18")},
        {YAO_INIT(MDOC_SPACE), YAO_INIT("birth_date")}};
    yao_sdjwt_path paths[4];

    (void)state;
    size_t count            = vp_show(shown);
    shown[0].paths          = paths;
    shown[0].path_count     = sd_read_paths(
        "given_name address.city family_name", paths);
    shown[1].selectors      = more;
    shown[1].selector_count = 3;
    yao_bytes token = vp_token_for(&request, shown, count);
    assert_status(vp_receive(&awaited, vp_body(&request, token), &came),
                  YAO_OK);
    assert_status(vp_judge(world, &awaited, &came, &verdict), YAO_OK);
    assert_int_equal(verdict.verdict, YAO_VERDICT_ACCEPT);
    for (size_t i = 0; i < 2; i++) {
        const yao_result_document *d = &verdict.items[i].result->documents[0];

        assert_true(verdict.items[i].dropped >= 1);
        assert_int_equal(d->attribute_count, 2);
        for (size_t a = 0; a < 2; a++) {
            assert_false(yao_text_equal(d->attributes[a].name,
                                        YAO_TEXT("birth_date")));
            if (i == 0)
                assert_false(yao_text_equal(d->attributes[a].name,
                                            YAO_TEXT("family_name")));
        }
    }
}

static void refuses_less(void **state)
{
    const vp_world      *world   = vp_world_make();
    yao_vp_ask           ask     = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_request       request = vp_request_of(world, &ask);
    yao_vp_awaited       awaited = vp_await(&ask);
    yao_vp_shown         shown[2];
    yao_vp_presentations came;
    yao_vp_verdict       verdict;

    (void)state;
    vp_show(shown);
    shown[1].selector_count = 1; /* age_over_18 is missing */
    yao_bytes token = vp_token_for(&request, shown, 2);
    assert_status(vp_receive(&awaited, vp_body(&request, token), &came),
                  YAO_OK);
    assert_status(vp_judge(world, &awaited, &came, &verdict), YAO_OK);
    assert_int_equal(verdict.verdict, YAO_VERDICT_REJECT);
    assert_int_equal(verdict.items[1].fault, YAO_DCQL_WRONG_CLAIMS);
    assert_status(verdict.items[1].why, YAO_E_VALUE);
    assert_false(verdict.items[1].used);
    assert_true(verdict.items[0].used);
    assert_int_equal(verdict.answered, 1);

    vp_show(shown); /* one of the two alone */
    token = vp_token_for(&request, shown, 1);
    assert_status(vp_receive(&awaited, vp_body(&request, token), &came),
                  YAO_OK);
    assert_status(vp_judge(world, &awaited, &came, &verdict), YAO_OK);
    assert_int_equal(verdict.verdict, YAO_VERDICT_REJECT);
    assert_int_equal(verdict.answered, 1);
}

/* ---- nobody looked ------------------------------------------------------ */

static void never_accepts_unchecked(void **state)
{
    const vp_world      *world   = vp_world_make();
    yao_vp_ask           ask     = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_request       request = vp_request_of(world, &ask);
    yao_vp_awaited       awaited = vp_await(&ask);
    yao_verify_options   options = vp_options(world);
    yao_vp_shown         shown[2];
    yao_vp_presentations came;
    yao_vp_judging       judging;
    yao_vp_verdict       verdict;

    (void)state;
    size_t    count = vp_show(shown);
    yao_bytes token = vp_token_for(&request, shown, count);
    assert_status(vp_receive(&awaited, vp_body(&request, token), &came),
                  YAO_OK);
    for (size_t skipped = 0; skipped < 6; skipped++) {
        assert_status(yao_vp_begin_judging(test_arena(), test_crypto(),
                                           &awaited, &came, &options,
                                           &judging),
                      YAO_OK);
        assert_true(judging.check_count >= 5);
        assert_status(test_crypto()->verify(test_crypto()->ctx,
                                            judging.checks,
                                            judging.check_count),
                      YAO_OK);
        bool any = skipped < judging.check_count;
        if (any)
            judging.checks[skipped].outcome = YAO_SIG_UNCHECKED;
        assert_status(yao_vp_finish_judging(&judging, &verdict), YAO_OK);
        assert_int_equal(verdict.verdict, any ? YAO_VERDICT_INDETERMINATE
                                              : YAO_VERDICT_ACCEPT);
        assert_status(yao_vp_finish_judging(&judging, &verdict), YAO_E_USAGE);
    }
    options.anchor_count = 1; /* the reader's root alone: no issuer */
    assert_status(yao_vp_begin_judging(test_arena(), test_crypto(), &awaited,
                                       &came, &options, &judging),
                  YAO_OK);
    assert_status(test_crypto()->verify(test_crypto()->ctx, judging.checks,
                                        judging.check_count),
                  YAO_OK);
    assert_status(yao_vp_finish_judging(&judging, &verdict), YAO_OK);
    assert_int_equal(verdict.verdict, YAO_VERDICT_REJECT);
}

static void refuses_use(void **state)
{
    const vp_world      *world   = vp_world_make();
    yao_vp_ask           ask     = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_awaited       awaited = vp_await(&ask), other;
    yao_verify_options   options = vp_options(world);
    yao_requirement      wanted  = {.type = YAO_TEXT("x")};
    yao_vp_presentation  one     = {.id = YAO_TEXT("sd"),
                                    .document = YAO_LIT("x")};
    yao_vp_presentations none = {&one, 0}, some = {&one, 1};
    yao_vp_judging       judging;
    yao_vp_verdict       verdict;

    (void)state;
    assert_status(yao_vp_begin_judging(test_arena(), test_crypto(), &awaited,
                                       &none, &options, &judging),
                  YAO_E_USAGE);
    options.required       = &wanted;
    options.required_count = 1;
    assert_status(yao_vp_begin_judging(test_arena(), test_crypto(), &awaited,
                                       &some, &options, &judging),
                  YAO_E_USAGE);
    options.required_count = 0;
    options.now            = -1;
    assert_status(yao_vp_begin_judging(test_arena(), test_crypto(), &awaited,
                                       &some, &options, &judging),
                  YAO_E_USAGE);
    options.now = VP_NOW;
    assert_status(yao_vp_begin_judging(test_arena(), test_crypto(), &awaited,
                                       &some, &options, &judging),
                  YAO_OK);
    assert_status(yao_vp_finish_judging(&judging, &verdict), YAO_OK);
    assert_int_equal(verdict.verdict, YAO_VERDICT_REJECT);
    assert_null(verdict.items[0].result);
    assert_status(verdict.items[0].why, YAO_E_MALFORMED);

    /* a DeviceResponse in an array, as codes have it: none on line */
    one = (yao_vp_presentation){
        YAO_TEXT("mdl"), 1,
        test_join((yao_bytes[]){YAO_LIT("\x82\x00"), mdoc_fixture_signed(),
                                {0}})};
    assert_status(yao_vp_begin_judging(test_arena(), test_crypto(), &awaited,
                                       &some, &options, &judging),
                  YAO_OK);
    assert_int_equal(judging.check_count, 0);
    assert_status(yao_vp_finish_judging(&judging, &verdict), YAO_OK);
    assert_int_equal(verdict.verdict, YAO_VERDICT_REJECT);
    assert_status(verdict.items[0].why, YAO_E_MALFORMED);

    ask.nonce = YAO_TEXT("short");
    assert_status(yao_vp_await(test_arena(), test_crypto(), &ask,
                               YAO_TEXT(""), &other),
                  YAO_E_USAGE);
    ask = vp_ask(world, YAO_VP_DC_API_JWT);
    assert_status(yao_vp_await(test_arena(), test_crypto(), &ask,
                               YAO_TEXT(""), &other),
                  YAO_E_USAGE);
}

/* ---- sweeps ------------------------------------------------------------- */

typedef struct sweep {
    const vp_world *world;
    yao_vp_awaited  awaited;
    bool            opened; /* the input is what was in the answer */
} sweep;

/* YAO_OK when the answer is accepted. */
static yao_status accept(yao_bytes input, void *context)
{
    const sweep         *s = context;
    yao_vp_presentations came;
    yao_vp_verdict       verdict;

    YAO_TRY(s->opened ? yao_vp_read_opened(test_arena(), &s->awaited, input,
                                           &came)
                      : vp_receive(&s->awaited, input, &came));
    YAO_TRY(vp_judge(s->world, &s->awaited, &came, &verdict));
    return verdict.verdict == YAO_VERDICT_ACCEPT ? YAO_OK
                                                 : YAO_E_BAD_SIGNATURE;
}

/* One document of QUERY, so that the sweep is short. */
static sweep open_sweep(bool inner, const char *query, size_t which,
                        yao_bytes *ret)
{
    sweep        s   = {.world = vp_world_make(), .opened = inner};
    yao_vp_ask   ask = vp_ask(s.world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_shown shown[2];

    ask.query              = yao_text_bytes(yao_text_of(query));
    yao_vp_request request = vp_request_of(s.world, &ask);
    s.awaited              = vp_await(&ask);
    vp_show(shown);
    yao_bytes token = vp_token_for(&request, &shown[which], 1);
    *ret = inner ? test_join((yao_bytes[]){
                        YAO_LIT("{\"vp_token\":"), token,
                        YAO_LIT(",\"state\":\"" VP_STATE "\"}"), {0}})
                  : vp_body(&request, token);
    return s;
}

#define ONLY_SD  "{\"credentials\":[" VP_ASK_SD "]}"
#define ONLY_MDL "{\"credentials\":[" VP_ASK_MDL "]}"

static void every_bit_posted(void **state)
{
    yao_bytes body;
    sweep     s = open_sweep(false, ONLY_SD, 0, &body);

    (void)state;
    test_every_bit(accept, body, &s, NULL);
}

static void every_bit_sdjwt(void **state)
{
    yao_bytes plain;
    sweep     s = open_sweep(true, ONLY_SD, 0, &plain);

    (void)state;
    test_every_bit(accept, plain, &s, NULL);
}

/* Of the version of a DeviceResponse the minor number, which nobody signs and
 * which may be any (ISO/IEC 18013-5 8.1). */
static bool is_version(size_t at, void *context)
{
    (void)context;
    return at == 37 || at == 38;
}

static void every_bit_mdoc(void **state)
{
    yao_bytes plain;
    sweep     s = open_sweep(true, ONLY_MDL, 1, &plain);

    (void)state;
    test_every_bit(accept, plain, &s, is_version);
}

static void every_prefix(void **state)
{
    yao_bytes body, plain;
    sweep     s = open_sweep(false, ONLY_SD, 0, &body);

    (void)state;
    test_every_prefix(accept, body, &s);
    s = open_sweep(true, ONLY_MDL, 1, &plain);
    test_every_prefix(accept, plain, &s);
}

/* A home whose N-th hash fails: no verdict is better for it. */
typedef struct failing {
    const yao_crypto *good;
    size_t            left;
} failing;

static yao_status fail_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                            size_t count, uint8_t *out)
{
    failing *f = ctx;

    if (f->left == 0)
        return YAO_E_CRYPTO;
    f->left--;
    return f->good->hash(f->good->ctx, alg, parts, count, out);
}

static yao_status fail_verify(void *ctx, yao_signature_check *checks,
                              size_t count)
{
    const failing *f = ctx;

    return f->good->verify(f->good->ctx, checks, count);
}

static yao_status judge_with(const yao_crypto *crypto, const sweep *s,
                             const yao_vp_presentations *came,
                             yao_vp_verdict             *verdict)
{
    yao_verify_options options = vp_options(s->world);
    yao_vp_judging     judging;

    YAO_TRY(yao_vp_begin_judging(test_arena(), crypto, &s->awaited, came,
                                 &options, &judging));
    YAO_TRY(crypto->verify(crypto->ctx, judging.checks, judging.check_count));
    return yao_vp_finish_judging(&judging, verdict);
}

static void fail_each(const sweep *s, yao_bytes plain)
{
    failing              f = {test_crypto(), 0};
    yao_crypto           home = {.ctx = &f, .hash = fail_hash,
                                 .verify = fail_verify};
    yao_vp_presentations came;
    yao_vp_verdict       verdict;
    size_t               calls = 0;

    assert_status(yao_vp_read_opened(test_arena(), &s->awaited, plain, &came),
                  YAO_OK);
    for (;; calls++) {
        f.left = calls;
        yao_status status = judge_with(&home, s, &came, &verdict);
        if (status == YAO_OK && verdict.verdict == YAO_VERDICT_ACCEPT)
            break;
        assert_status(status, YAO_E_CRYPTO);
        assert_true(calls < 40);
    }
    assert_true(calls >= 2);
}

static void every_failure(void **state)
{
    yao_bytes plain;
    sweep     s = open_sweep(true, ONLY_SD, 0, &plain);

    (void)state;
    fail_each(&s, plain);
    s = open_sweep(true, ONLY_MDL, 1, &plain);
    fail_each(&s, plain);
}

static yao_status judge_in(yao_arena *arena, void *context)
{
    const sweep         *s       = context;
    yao_verify_options   options = vp_options(s->world);
    yao_vp_presentation  one     = {.id = YAO_TEXT("sd"),
                                    .document = YAO_LIT("x")};
    yao_vp_presentations some    = {&one, 1};
    yao_vp_judging       judging;
    yao_vp_verdict       verdict;

    YAO_TRY(yao_vp_begin_judging(arena, test_crypto(), &s->awaited, &some,
                                 &options, &judging));
    return yao_vp_finish_judging(&judging, &verdict);
}

static void every_arena(void **state)
{
    yao_bytes plain;
    sweep     s = open_sweep(true, ONLY_SD, 0, &plain);

    (void)state;
    test_every_arena(judge_in, &s, 64 * 1024);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(ways); i++)
        test_add("accepts an answer by", ways[i].name, whole_way, &ways[i]);
    for (size_t i = 0; i < COUNT(wrongs); i++)
        test_add("judge", wrongs[i].name, wrong_row, &wrongs[i]);
    test_add("judge", "gives N225: nothing that nobody asked for",
             drops_what_nobody_asked, NULL);
    test_add("judge", "refuses N226: less than was asked", refuses_less, NULL);
    test_add("judge", "never accepts what nobody looked at",
             never_accepts_unchecked, NULL);
    test_add("sweep", "refuses every bit flip of what was posted",
             every_bit_posted, NULL);
    test_add("sweep", "refuses every bit flip of an SD-JWT's answer",
             every_bit_sdjwt, NULL);
    test_add("sweep", "refuses every bit flip of an mdoc's answer",
             every_bit_mdoc, NULL);
    test_add("sweep", "refuses every prefix", every_prefix, NULL);
    test_add("sweep", "never accepts when a hash fails", every_failure, NULL);
    test_add("sweep", "refuses every arena that is too small", every_arena,
             NULL);
    test_add("judge", "refuses to be used without options", refuses_use,
             NULL);
    return test_run("vp/judge");
}
