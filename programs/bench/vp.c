/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers of OpenID4VP by direct_post.jwt: in turn a DeviceResponse and an
 * SD-JWT VC with its KB-JWT, each for a request and a key of its own.
 */
#include "bench/world.h"

#include "vp/answer.h"
#include "vp/judge.h"

#define SPACE "org.iso.18013.5.1"
#define CLAIM(name) "{\"path\":[\"" SPACE "\",\"" name "\"]}"

static const yao_bytes queries[] = {
    YAO_INIT("{\"credentials\":[{\"id\":\"doc\",\"format\":\"mso_mdoc\","
             "\"meta\":{\"doctype_value\":\"" SPACE ".mDL\"},\"claims\":["
             CLAIM("family_name") "," CLAIM("portrait") ","
             CLAIM("driving_privileges") "," CLAIM("document_number") ","
             CLAIM("age_over_18") "]}]}"),
    YAO_INIT("{\"credentials\":[{\"id\":\"doc\",\"format\":\"dc+sd-jwt\","
             "\"meta\":{\"vct_values\":[\"urn:yaopai:resident_id:1\"]},"
             "\"claims\":[{\"path\":[\"family_name\"]},{\"path\":["
             "\"birthdate\"]},{\"path\":[\"document_number\"]}]}]}"),
};

static const yao_mdoc_selector selectors[] = {
    {YAO_INIT(SPACE), YAO_INIT("family_name")},
    {YAO_INIT(SPACE), YAO_INIT("portrait")},
    {YAO_INIT(SPACE), YAO_INIT("driving_privileges")},
    {YAO_INIT(SPACE), YAO_INIT("document_number")},
    {YAO_INIT(SPACE), YAO_INIT("age_over_18")},
};

static const yao_text names[] = {
    YAO_INIT("family_name"), YAO_INIT("birthdate"),
    YAO_INIT("document_number")};

enum {
    SELECTED = sizeof selectors / sizeof selectors[0],
    NAMED    = sizeof names / sizeof names[0]
};

/* An hour after the documents were issued. */
static const yao_time shown_at = YAO_BENCH_NOW + 3600;

static bool is_token(size_t index)
{
    return index % 2 != 0;
}

/* ---- the request -------------------------------------------------------- */

static yao_status ask(yao_world *w, size_t index, yao_bench_exchange *e)
{
    yao_vp_fresh fresh;

    YAO_TRY(yao_openssl_key_generate(YAO_ES256, &e->key));
    YAO_TRY(yao_world_draw(w, YAO_VP_FRESH_RANDOM));
    YAO_TRY(yao_vp_make_fresh(&w->memory, &w->entropy, &fresh));
    e->ask = (yao_vp_ask){
        .mode         = YAO_VP_DIRECT_POST_JWT,
        .client_id    = YAO_TEXT("x509_san_dns:desk.example"),
        .response_uri = YAO_TEXT("https://desk.example/response"),
        .nonce        = fresh.nonce,
        .state        = fresh.state,
        .kid          = fresh.kid,
        .query        = queries[is_token(index)],
        .key          = yao_openssl_key_public(e->key),
        .issued       = YAO_BENCH_NOW + 3590,
        .expires      = YAO_BENCH_NOW + 3590 + YAO_VP_LIFETIME};
    return YAO_OK;
}

/* ---- the wallet --------------------------------------------------------- */

/* As it stands once a wallet has read the request of E. */
static yao_status read_request(yao_world *w, const yao_bench_exchange *e,
                               yao_vp_request *ret)
{
    *ret = (yao_vp_request){.prefix = YAO_VP_SAN_DNS,
                            .mode   = e->ask.mode,
                            .state  = e->ask.state,
                            .key    = e->ask.key,
                            .kid    = e->ask.kid,
                            .enc    = YAO_A256GCM};
    YAO_TRY(yao_vp_bind(w->crypto, &e->ask, (yao_text){NULL, 0},
                        &ret->binding));
    return yao_dcql_parse(&w->scratch, e->ask.query, &ret->query);
}

static yao_status choose(yao_world *w, size_t index, yao_sdjwt_path *paths,
                         yao_vp_shown *ret)
{
    size_t holder = index % YAO_BENCH_HOLDERS;

    *ret = (yao_vp_shown){.id = YAO_TEXT("doc")};
    if (!is_token(index)) {
        ret->selectors      = selectors;
        ret->selector_count = SELECTED;
        return yao_world_issue_mdoc(w, &w->scratch, holder, &ret->stored);
    }
    for (size_t i = 0; i < NAMED; i++)
        paths[i] = (yao_sdjwt_path){&names[i], 1};
    ret->alg        = YAO_ES256;
    ret->paths      = paths;
    ret->path_count = NAMED;
    return yao_world_issue_token(w, &w->scratch, holder, &ret->stored);
}

static yao_status sign(yao_world *w, const yao_vp_request *q,
                       const yao_vp_shown *shown, yao_openssl_key *device,
                       yao_bytes *ret)
{
    yao_vp_choice choice = {.shown = shown, .count = 1, .now = shown_at};
    uint8_t       signature[YAO_MAX_SIGNATURE];
    size_t        len;
    yao_vp_answer answer;

    YAO_TRY(yao_vp_begin_answer(&w->scratch, w->crypto, q, &choice, &answer));
    YAO_TRY(yao_openssl_sign(device, &answer.wishes[0], signature, &len));
    answer.signatures[0] = (yao_bytes){signature, len};
    return yao_vp_write_token(&w->scratch, &answer, ret);
}

static yao_status seal(yao_world *w, const yao_vp_request *q, yao_bytes token,
                       yao_openssl_key *once, yao_bench_exchange *e)
{
    uint8_t        shared[YAO_MAX_AGREEMENT], nonce[YAO_AEAD_NONCE];
    yao_agree_wish agree = {.peer = q->key};
    yao_vp_sealing s     = {.ephemeral = yao_openssl_key_public(once),
                            .nonce     = {nonce, sizeof nonce},
                            .shared    = {shared, 32}};
    yao_bytes      body, sealed = {NULL, 0};

    YAO_TRY(yao_openssl_random(nonce, sizeof nonce));
    YAO_TRY(yao_openssl_agree(once, &agree, shared));
    YAO_TRY(yao_vp_begin_seal(&w->scratch, w->crypto, q, token, &s));
    sealed.len   = s.wish.input.len + YAO_AEAD_TAG;
    uint8_t *out = yao_arena_take(&w->scratch, sealed.len);
    sealed.ptr   = out;
    yao_status status =
        out == NULL ? YAO_E_SPACE : yao_openssl_aead(&s.wish, out);
    if (status == YAO_OK)
        status = yao_vp_write_sealed(&w->scratch, q, &s, sealed, &body);
    yao_vp_drop_sealing(&s);
    YAO_TRY(status);
    YAO_TRY(yao_arena_keep(&w->memory, sealed, &e->sealed));
    return yao_arena_keep(&w->memory, body, &e->body);
}

static yao_status answer(yao_world *w, size_t index, yao_openssl_key *device,
                         yao_bench_exchange *e)
{
    yao_sdjwt_path   paths[NAMED];
    yao_openssl_key *once = NULL;
    yao_vp_request   q;
    yao_vp_shown     shown;
    yao_bytes        token;

    YAO_TRY(read_request(w, e, &q));
    YAO_TRY(choose(w, index, paths, &shown));
    YAO_TRY(sign(w, &q, &shown, device, &token));
    YAO_TRY(yao_openssl_key_generate(YAO_ES256, &once));
    yao_status status = seal(w, &q, token, once, e);
    yao_openssl_key_close(once);
    return status;
}

yao_status yao_world_make_exchanges(yao_world *world, yao_openssl_key **devices)
{
    for (size_t i = 0; i < YAO_BENCH_EXCHANGES; i++) {
        yao_bench_exchange *e = &world->exchanges[i];

        world->scratch.used = 0;
        YAO_TRY(ask(world, i, e));
        YAO_TRY(answer(world, i, devices[i % YAO_BENCH_HOLDERS], e));
    }
    return YAO_OK;
}

void yao_world_end_exchanges(yao_world *world)
{
    for (size_t i = 0; i < YAO_BENCH_EXCHANGES; i++)
        yao_openssl_key_close(world->exchanges[i].key);
}

/* ---- the verifier ------------------------------------------------------- */

static yao_status unseal(yao_world *w, const yao_bench_exchange *e,
                         const yao_vp_awaited *awaited,
                         const yao_vp_posted *posted, yao_bytes *ret)
{
    uint8_t        shared[YAO_MAX_AGREEMENT];
    yao_agree_wish agree = {.peer = posted->jwe.ephemeral};
    yao_aead_wish  wish;
    yao_jwe_key    key;

    YAO_TRY(yao_openssl_agree(e->key, &agree, shared));
    yao_status status = yao_vp_open(w->crypto, awaited, posted,
                                    (yao_bytes){shared, 32}, &key, &wish);
    yao_wipe(shared, sizeof shared);
    YAO_TRY(status);

    uint8_t *out = yao_arena_take(&w->scratch, wish.input.len);
    status       = out == NULL ? YAO_E_SPACE : yao_openssl_aead(&wish, out);
    yao_jwe_wipe(&key);
    YAO_TRY(status);
    *ret = (yao_bytes){out, wish.input.len - YAO_AEAD_TAG};
    return YAO_OK;
}

static yao_status judge(yao_world *w, const yao_vp_awaited *awaited,
                        const yao_vp_presentations *came, yao_vp_verdict *ret)
{
    yao_verify_options options = {.anchors      = &w->anchor,
                                  .anchor_count = 1,
                                  .now          = shown_at,
                                  .skew         = 60,
                                  .lists        = &w->list,
                                  .list_count   = 1,
                                  .status_max_age = YAO_TIME_DAY};
    yao_vp_judging     judging;

    YAO_TRY(yao_vp_begin_judging(&w->scratch, w->crypto, awaited, came,
                                 &options, &judging));
    YAO_TRY(w->crypto->verify(w->crypto->ctx, judging.checks,
                              judging.check_count));
    return yao_vp_finish_judging(&judging, ret);
}

/* From the body that was posted to the verdict; what was asked is made anew of
 * what is kept of a request. */
static yao_status receive(yao_world *w, const yao_bench_exchange *e,
                          yao_verdict *ret)
{
    yao_vp_awaited       awaited;
    yao_vp_posted        posted;
    yao_vp_presentations came;
    yao_vp_verdict       verdict;
    yao_bytes            plain;

    YAO_TRY(yao_vp_await(&w->scratch, w->crypto, &e->ask, (yao_text){NULL, 0},
                         &awaited));
    YAO_TRY(yao_vp_read_posted(&w->scratch, e->body, &posted));
    YAO_TRY(unseal(w, e, &awaited, &posted, &plain));
    YAO_TRY(yao_vp_read_opened(&w->scratch, &awaited, plain, &came));
    YAO_TRY(judge(w, &awaited, &came, &verdict));
    *ret = verdict.verdict;
    return YAO_OK;
}

bool yao_bench_vp_response(void *world, size_t index)
{
    yao_world  *w       = world;
    yao_verdict verdict = YAO_VERDICT_INDETERMINATE;

    w->scratch.used = 0;
    return receive(w, &w->exchanges[index % YAO_BENCH_EXCHANGES], &verdict) ==
               YAO_OK &&
           verdict == YAO_VERDICT_ACCEPT;
}
