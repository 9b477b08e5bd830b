/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/world.h"

#define NAME_SPACE YAO_TEXT("org.iso.18013.5.1")

enum { PORTRAIT = 2000, MAX_VALUE = PORTRAIT + 8 };

/* ---- a driving licence of 26 elements, all of fiction ------------------- */

typedef enum shape { WORD, DAY, MOMENT, NUMBER, YES, PICTURE, CLASSES } shape;

static const struct {
    const char *name;
    shape       shape;
    const char *text;
} licence[YAO_BENCH_ELEMENTS] = {
    {"family_name", WORD, "SPECIMEN"},
    {"given_name", WORD, "Xiaoming"},
    {"birth_date", DAY, "1990-03-07"},
    {"issue_date", DAY, "2024-05-01"},
    {"expiry_date", DAY, "2034-05-01"},
    {"issuing_country", WORD, "UT"},
    {"issuing_authority", WORD, "SPECIMEN traffic authority"},
    {"document_number", WORD, "SPECIMEN-000001"},
    {"portrait", PICTURE, NULL},
    {"driving_privileges", CLASSES, NULL},
    {"un_distinguishing_sign", WORD, "UT"},
    {"administrative_number", WORD, "SPECIMEN-7"},
    {"sex", NUMBER, NULL},
    {"height", NUMBER, NULL},
    {"weight", NUMBER, NULL},
    {"eye_colour", WORD, "brown"},
    {"hair_colour", WORD, "black"},
    {"birth_place", WORD, "Specimen City"},
    {"resident_address", WORD, "1 Specimen Road, Specimen City"},
    {"portrait_capture_date", MOMENT, NULL},
    {"age_in_years", NUMBER, NULL},
    {"age_birth_year", NUMBER, NULL},
    {"age_over_18", YES, NULL},
    {"nationality", WORD, "UT"},
    {"resident_city", WORD, "Specimen City"},
    {"resident_postal_code", WORD, "000001"},
};

static const yao_mdoc_selector shown[] = {
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("family_name")},
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("portrait")},
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("driving_privileges")},
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("document_number")},
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("age_over_18")},
};

static yao_date day_of(const char *text)
{
    yao_date day = {1990, 1, 1};

    (void)!yao_date_parse(yao_text_bytes(yao_text_of(text)), &day);
    return day;
}

static void put_picture(yao_writer *w)
{
    yao_cbor_put_bytes_head(w, PORTRAIT);
    for (size_t i = 0; i < PORTRAIT; i++)
        yao_put_byte(w, (uint8_t)(i * 31 >> 3));
}

static void put_classes(yao_writer *w)
{
    yao_cbor_put_array(w, 1);
    yao_cbor_put_map(w, 3);
    yao_cbor_put_string(w, "issue_date");
    yao_cbor_put_full_date(w, day_of("2024-05-01"));
    yao_cbor_put_string(w, "expiry_date");
    yao_cbor_put_full_date(w, day_of("2034-05-01"));
    yao_cbor_put_string(w, "vehicle_category_code");
    yao_cbor_put_string(w, "B");
}

static void put_value(yao_writer *w, size_t index)
{
    switch (licence[index].shape) {
    case WORD:
        yao_cbor_put_string(w, licence[index].text);
        break;
    case DAY:
        yao_cbor_put_full_date(w, day_of(licence[index].text));
        break;
    case MOMENT:
        yao_cbor_put_tdate(w, YAO_BENCH_NOW - 900 * YAO_TIME_DAY);
        break;
    case NUMBER:
        yao_cbor_put_uint(w, 36 + index);
        break;
    case YES:
        yao_cbor_put_bool(w, true);
        break;
    case PICTURE:
        put_picture(w);
        break;
    case CLASSES:
        put_classes(w);
        break;
    }
}

static yao_status make_elements(yao_world *world)
{
    for (size_t i = 0; i < YAO_BENCH_ELEMENTS; i++) {
        yao_writer        w = yao_writer_in(&world->memory);
        yao_mdoc_element *e = &world->elements[i];

        put_value(&w, i);
        YAO_TRY(yao_writer_keep(&w, &world->memory, &e->value));
        e->name_space = NAME_SPACE;
        e->element    = yao_text_of(licence[i].name);
    }
    return YAO_OK;
}

/* ---- issuing ------------------------------------------------------------ */

/* From values to a finished IssuerSigned, as a server does it: random bytes,
 * items, digests, MSO, signature. */
yao_status yao_world_issue_mdoc(yao_world *world, yao_arena *arena,
                                size_t holder, yao_bytes *ret)
{
    uint8_t                signature[YAO_MAX_SIGNATURE];
    size_t                 len;
    yao_mdoc_issuing       issuing;
    yao_mdoc_issue_request request = {
        .doc_type      = YAO_TEXT("org.iso.18013.5.1.mDL"),
        .elements      = world->elements,
        .element_count = YAO_BENCH_ELEMENTS,
        .device_key    = world->device_keys[holder],
        .validity      = {.signed_at       = YAO_BENCH_NOW,
                          .valid_from      = YAO_BENCH_NOW,
                          .valid_until     = YAO_BENCH_NOW + 30 * YAO_TIME_DAY,
                          .expected_update = YAO_TIME_NONE},
        .status_uri    = YAO_TEXT("https://authority.example/status/1"),
        .status_index  = 4711,
        .alg           = YAO_ES256,
        .chain         = world->chain,
        .chain_count   = 1};

    YAO_TRY(yao_world_draw(world, 36 * YAO_BENCH_ELEMENTS));
    YAO_TRY(yao_mdoc_issue(arena, world->crypto, &request, &world->entropy,
                           &issuing));
    YAO_TRY(yao_openssl_sign(world->signer, &issuing.wish, signature, &len));

    yao_writer w = yao_writer_in(arena);
    YAO_TRY(yao_mdoc_put_issued(&w, &issuing, (yao_bytes){signature, len}));
    return yao_writer_keep(&w, arena, ret);
}

bool yao_bench_mdoc_issue(void *world, size_t index)
{
    yao_world *w = world;
    yao_bytes  out;

    w->scratch.used = 0;
    return yao_world_issue_mdoc(w, &w->scratch, index % YAO_BENCH_HOLDERS,
                                &out) == YAO_OK;
}

/* ---- showing ------------------------------------------------------------ */

static yao_status present(yao_world *world, yao_openssl_key *device,
                          yao_bytes issued, yao_bytes *ret)
{
    uint8_t             signature[YAO_MAX_SIGNATURE];
    size_t              len;
    yao_bytes           document;
    yao_mdoc_presenting presenting;
    yao_arena          *arena = &world->scratch;

    YAO_TRY(yao_mdoc_present(arena, issued, shown,
                             sizeof shown / sizeof shown[0], world->transcript,
                             &presenting));
    YAO_TRY(yao_openssl_sign(device, &presenting.wish, signature, &len));

    yao_writer w = yao_writer_in(arena);
    YAO_TRY(yao_mdoc_put_document_signed(&w, &presenting,
                                         (yao_bytes){signature, len}));
    YAO_TRY(yao_writer_keep(&w, arena, &document));
    w = yao_writer_in(&world->memory);
    yao_mdoc_put_response(&w, &document, 1);
    return yao_writer_keep(&w, &world->memory, ret);
}

static yao_status make_transcript(yao_world *world)
{
    static const uint8_t thumbprint[32] = {1, 2, 3};
    yao_writer           w              = yao_writer_in(&world->memory);

    YAO_TRY(yao_mdoc_put_transcript_openid4vp(
        &w, world->crypto, YAO_TEXT("x509_san_dns:desk.example"),
        YAO_TEXT("nonce-of-the-bench"),
        (yao_bytes){thumbprint, sizeof thumbprint},
        YAO_TEXT("https://desk.example/response")));
    return yao_writer_keep(&w, &world->memory, &world->transcript);
}

yao_status yao_world_make_mdocs(yao_world *world, yao_openssl_key **devices)
{
    YAO_TRY(make_elements(world));
    YAO_TRY(make_transcript(world));
    YAO_TRY(yao_world_issue_mdoc(world, &world->memory, 0, &world->issued));
    for (size_t i = 0; i < YAO_BENCH_HOLDERS; i++) {
        yao_bytes issued;

        world->scratch.used = 0;
        YAO_TRY(yao_world_issue_mdoc(world, &world->scratch, i, &issued));
        YAO_TRY(present(world, devices[i], issued, &world->responses[i]));
    }
    return YAO_OK;
}

/* ---- checking ----------------------------------------------------------- */

static yao_status verify(yao_world *world, yao_bytes response)
{
    static yao_report       report;
    yao_mdoc_verified       verified;
    yao_mdoc_verification   v;
    yao_mdoc_verify_options options = {.anchors      = &world->anchor,
                                       .anchor_count = 1,
                                       .now    = YAO_BENCH_NOW + YAO_TIME_DAY,
                                       .strict = true,
                                       .transcript = world->transcript};
    yao_arena              *arena   = &world->scratch;
    yao_mdoc_unverified    *parsed  = yao_arena_take(arena, sizeof *parsed);

    report.count = 0;
    report.full  = false;
    if (parsed == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_mdoc_parse_response(arena, response, true, parsed));
    YAO_TRY(
        yao_mdoc_begin(arena, world->crypto, parsed, &options, &v, &report));
    YAO_TRY(world->crypto->verify(world->crypto->ctx, v.checks, v.check_count));
    return yao_mdoc_conclude(&v, world->crypto, 0, &verified, &report);
}

bool yao_bench_mdoc_verify(void *world, size_t index)
{
    yao_world *w = world;

    w->scratch.used = 0;
    return verify(w, w->responses[index % YAO_BENCH_HOLDERS]) == YAO_OK;
}

/* ---- walking ------------------------------------------------------------ */

/* Every item, also those inside of byte strings; bounded by the messages of
 * the bench, which are six deep. */
static bool walk(yao_bytes input, int depth)
{
    yao_cbor_reader r    = yao_cbor_open(input);
    uint64_t        left = 1;

    for (; left > 0 && r.status == YAO_OK; left--) {
        switch (yao_cbor_peek(&r)) {
        case YAO_CBOR_ARRAY:
            left += yao_cbor_get_items(&r);
            break;
        case YAO_CBOR_MAP:
            left += 2 * yao_cbor_get_map(&r);
            break;
        case YAO_CBOR_TAG:
            if (yao_cbor_get_any_tag(&r) != 24) {
                left++;
            } else if (depth == YAO_MAX_DEPTH ||
                       !walk(yao_cbor_get_bytes(&r), depth + 1)) {
                return false;
            }
            break;
        default:
            (void)yao_cbor_get_any(&r);
        }
    }
    return yao_cbor_close(&r) == YAO_OK;
}

bool yao_bench_cbor_walk(void *world, size_t index)
{
    (void)index;
    return walk(((yao_world *)world)->issued, 0);
}
