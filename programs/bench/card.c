/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/world.h"

#include "card/card.h"

/* ---- cards of a hotel's size, one for each holder ----------------------- */

static const struct {
    yao_card_space space;
    uint64_t       label;
    const char    *text;
} values[] = {
    {YAO_CARD_PRIVATE, 2, "12011919880808901X"},
    {YAO_CARD_PRIVATE, 4, "2019-03-01"},
    {YAO_CARD_PRIVATE, 5, "2039-03-01"},
    {YAO_CARD_169, 4, "SPECIMEN Li Shili"},
    {YAO_CARD_169, 8, "19880808"},
    {YAO_CARD_169, 10, "1 Specimen Road, Jizhou, Tianjin, room 301"},
};

enum { VALUES = sizeof values / sizeof values[0] };

static yao_status make_elements(yao_world *w, yao_card_element *ret)
{
    for (size_t i = 0; i < VALUES; i++) {
        yao_writer out = yao_writer_in(&w->memory);

        ret[i] =
            (yao_card_element){values[i].space, values[i].label, {NULL, 0}};
        yao_cbor_put_string(&out, values[i].text);
        YAO_TRY(yao_writer_keep(&out, &w->memory, &ret[i].value));
    }
    return YAO_OK;
}

yao_status yao_world_issue_card(yao_world *w, const yao_card_content *content,
                                yao_bytes *ret)
{
    uint8_t          signature[YAO_MAX_SIGNATURE];
    size_t           len;
    yao_card_issuing issuing;

    YAO_TRY(yao_card_issue(&w->scratch, w->crypto, content, YAO_ES256,
                           w->chain[0], &issuing));
    YAO_TRY(yao_openssl_sign(w->signer, &issuing.wish, signature, &len));

    yao_writer out = yao_writer_in(&w->scratch);
    YAO_TRY(yao_card_put_issued(&out, &issuing, (yao_bytes){signature, len}));
    return yao_writer_keep(&out, &w->scratch, ret);
}

yao_status yao_world_show_card(yao_world *w, yao_openssl_key *device,
                               yao_bytes issued, yao_time now, yao_bytes *ret)
{
    uint8_t          signature[YAO_MAX_SIGNATURE];
    size_t           len;
    yao_card_moment  moment = yao_card_moment_at(now);
    yao_card_showing showing;

    YAO_TRY(yao_card_show(&w->scratch, w->crypto, issued, &moment, &showing));
    YAO_TRY(yao_openssl_sign(device, &showing.wish, signature, &len));

    yao_writer out = yao_writer_in(&w->memory);
    YAO_TRY(yao_card_put_shown(&out, &showing, (yao_bytes){signature, len}));
    return yao_writer_keep(&out, &w->memory, ret);
}

yao_status yao_world_make_cards(yao_world *world, yao_openssl_key **devices)
{
    yao_card_element elements[VALUES];
    yao_card_content content = {.issuer = YAO_TEXT("https://authority.example"),
                                .issued_at  = YAO_BENCH_NOW,
                                .not_before = YAO_TIME_NONE,
                                .expires    = YAO_BENCH_NOW + 7 * YAO_TIME_DAY,
                                .type    = YAO_TEXT("urn:yaopai:resident_id:1"),
                                .profile = YAO_TEXT("hotel"),
                                .elements      = elements,
                                .element_count = VALUES};

    YAO_TRY(make_elements(world, elements));
    for (size_t i = 0; i < YAO_BENCH_HOLDERS; i++) {
        yao_bytes issued;

        world->scratch.used = 0;
        content.device_key  = world->device_keys[i];
        YAO_TRY(yao_world_issue_card(world, &content, &issued));
        YAO_TRY(yao_world_show_card(world, devices[i], issued,
                                    YAO_BENCH_NOW + 3600, &world->cards[i]));
    }
    return YAO_OK;
}

/* ---- checking ----------------------------------------------------------- */

static yao_status verify(yao_world *world, yao_bytes input)
{
    static yao_report       report;
    yao_card_unverified     card;
    yao_card_verification   v;
    yao_card_verified       verified;
    yao_card_verify_options options = {.anchors      = &world->anchor,
                                       .anchor_count = 1,
                                       .signers      = world->chain,
                                       .signer_count = 1,
                                       .now          = YAO_BENCH_NOW + 3600,
                                       .bound        = true};

    report.count = 0;
    report.full  = false;
    YAO_TRY(yao_card_parse(&world->scratch, input, &card));
    YAO_TRY(yao_card_begin(&world->scratch, world->crypto, &card, &options, &v,
                           &report));
    YAO_TRY(world->crypto->verify(world->crypto->ctx, v.checks, v.check_count));
    return yao_card_conclude(&v, &verified, &report);
}

bool yao_bench_card_verify(void *world, size_t index)
{
    yao_world *w = world;

    w->scratch.used = 0;
    return verify(w, w->cards[index % YAO_BENCH_HOLDERS]) == YAO_OK;
}
