/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/world.h"

/* A resident identity card of fiction, twelve claims of which are disclosed
 * one by one. */
#define CLAIMS                                                                 \
    "{\"iss\":\"https://authority.example\",\"vct\":\"urn:yaopai:resident_"    \
    "id:1\",\"iat\":1795305600,\"nbf\":1795305600,\"exp\":1797897600,"         \
    "\"status\":{\"status_list\":{\"idx\":4711,\"uri\":\"https://authority."   \
    "example/status/1\"}},\"family_name\":\"SPECIMEN\",\"given_name\":"        \
    "\"Xiaoming\",\"birthdate\":\"1990-03-07\",\"sex\":1,\"nationality\":"     \
    "\"UT\",\"document_number\":\"SPECIMEN-000001\",\"address\":\"1 Specimen " \
    "Road, Specimen City\",\"place_of_birth\":\"Specimen City\","              \
    "\"issuing_authority\":\"SPECIMEN authority\",\"issuing_country\":\"UT\"," \
    "\"date_of_issuance\":\"2024-05-01\",\"date_of_expiry\":\"2034-05-01\"}"

enum { DISCLOSED = 12, SHOWN = 3 };

static const yao_text names[DISCLOSED] = {
    YAO_INIT("family_name"),
    YAO_INIT("birthdate"),
    YAO_INIT("document_number"),
    YAO_INIT("given_name"),
    YAO_INIT("sex"),
    YAO_INIT("nationality"),
    YAO_INIT("address"),
    YAO_INIT("place_of_birth"),
    YAO_INIT("issuing_authority"),
    YAO_INIT("issuing_country"),
    YAO_INIT("date_of_issuance"),
    YAO_INIT("date_of_expiry"),
};

static void name_paths(yao_sdjwt_path paths[DISCLOSED])
{
    for (size_t i = 0; i < DISCLOSED; i++)
        paths[i] = (yao_sdjwt_path){&names[i], 1};
}

yao_status yao_world_issue_token(yao_world *world, yao_arena *arena,
                                 size_t holder, yao_bytes *ret)
{
    uint8_t                 signature[YAO_MAX_SIGNATURE];
    size_t                  len;
    yao_sdjwt_path          paths[DISCLOSED];
    yao_sdjwt_issuing       issuing;
    yao_sdjwt_issue_request request = {.claims            = world->claims,
                                       .disclosable       = paths,
                                       .disclosable_count = DISCLOSED,
                                       .holder_key = world->device_keys[holder],
                                       .type       = YAO_TEXT("dc+sd-jwt"),
                                       .alg        = YAO_ES256,
                                       .chain      = world->chain,
                                       .chain_count = 1};

    name_paths(paths);
    YAO_TRY(yao_world_draw(world, 16 * DISCLOSED));
    YAO_TRY(yao_sdjwt_issue(arena, world->crypto, &request, &world->entropy,
                            &issuing));
    YAO_TRY(yao_openssl_sign(world->signer, &issuing.wish, signature, &len));

    yao_writer w = yao_writer_in(arena);
    YAO_TRY(yao_sdjwt_put_issued(&w, &issuing, (yao_bytes){signature, len}));
    return yao_writer_keep(&w, arena, ret);
}

bool yao_bench_sdjwt_issue(void *world, size_t index)
{
    yao_world *w = world;
    yao_bytes  out;

    w->scratch.used = 0;
    return yao_world_issue_token(w, &w->scratch, index % YAO_BENCH_HOLDERS,
                                 &out) == YAO_OK;
}

#define NONCE YAO_TEXT("nonce-of-the-bench")
#define AUDIENCE YAO_TEXT("x509_san_dns:desk.example")

static yao_status present(yao_world *world, yao_openssl_key *device,
                          yao_bytes issued, yao_bytes *ret)
{
    uint8_t              signature[YAO_MAX_SIGNATURE];
    size_t               len;
    yao_sdjwt_path       paths[DISCLOSED];
    yao_sdjwt_presenting presenting;

    name_paths(paths);
    YAO_TRY(yao_sdjwt_present(
        &world->scratch, world->crypto, issued, paths, SHOWN, NONCE, AUDIENCE,
        YAO_BENCH_NOW + YAO_TIME_DAY, YAO_ES256, &presenting));
    YAO_TRY(yao_openssl_sign(device, &presenting.wish, signature, &len));

    yao_writer w = yao_writer_in(&world->memory);
    YAO_TRY(
        yao_sdjwt_put_presented(&w, &presenting, (yao_bytes){signature, len}));
    return yao_writer_keep(&w, &world->memory, ret);
}

yao_status yao_world_make_tokens(yao_world *world, yao_openssl_key **devices)
{
    YAO_TRY(yao_json_parse(&world->memory, YAO_LIT(CLAIMS), &world->claims));
    for (size_t i = 0; i < YAO_BENCH_HOLDERS; i++) {
        yao_bytes issued;

        world->scratch.used = 0;
        YAO_TRY(yao_world_issue_token(world, &world->scratch, i, &issued));
        YAO_TRY(present(world, devices[i], issued, &world->tokens[i]));
    }
    return YAO_OK;
}

static yao_status verify(yao_world *world, yao_bytes token)
{
    static yao_report        report;
    yao_sdjwt_unverified     parsed;
    yao_sdjwt_verified       verified;
    yao_sdjwt_verification   v;
    yao_sdjwt_verify_options options = {.anchors      = &world->anchor,
                                        .anchor_count = 1,
                                        .now   = YAO_BENCH_NOW + YAO_TIME_DAY,
                                        .vc    = true,
                                        .nonce = NONCE,
                                        .audience = AUDIENCE};
    yao_arena               *arena   = &world->scratch;

    report.count = 0;
    report.full  = false;
    YAO_TRY(yao_sdjwt_parse(arena, token, &parsed));
    YAO_TRY(
        yao_sdjwt_begin(arena, world->crypto, &parsed, &options, &v, &report));
    YAO_TRY(world->crypto->verify(world->crypto->ctx, v.checks, v.check_count));
    return yao_sdjwt_conclude(&v, &verified, &report);
}

bool yao_bench_sdjwt_verify(void *world, size_t index)
{
    yao_world *w = world;

    w->scratch.used = 0;
    return verify(w, w->tokens[index % YAO_BENCH_HOLDERS]) == YAO_OK;
}
