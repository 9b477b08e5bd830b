/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy.h"

static const struct {
    yao_format  format;
    const char *name;
} names[] = {
    {YAO_FORMAT_MDOC_RESPONSE, "mdoc-device-response"},
    {YAO_FORMAT_MDOC_ISSUED, "mdoc-issuer-signed"},
    {YAO_FORMAT_SDJWT_VC, "sd-jwt-vc"},
    {YAO_FORMAT_SDJWT, "sd-jwt"},
    {YAO_FORMAT_STATUS_LIST_JWT, "status-list-jwt"},
    {YAO_FORMAT_STATUS_LIST_CWT, "status-list-cwt"},
    {YAO_FORMAT_CARD, "card"},
    {YAO_FORMAT_PRINTED_CARD, "printed-card"},
};

const char *yao_format_name(yao_format format)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].format == format)
            return names[i].name;

    return "unknown";
}

yao_format yao_format_by_name(yao_text name)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (yao_text_equal(yao_text_of(names[i].name), name))
            return names[i].format;

    return YAO_FORMAT_UNKNOWN;
}

/* A DeviceResponse and an IssuerSigned are told apart by the keys of their
 * outermost map; nothing is believed because of it. */
static yao_format format_of_map(yao_bytes input)
{
    yao_cbor_reader r     = yao_cbor_open_foreign(input);
    uint64_t        pairs = yao_cbor_get_map(&r);

    for (uint64_t i = 0; i < pairs && r.status == YAO_OK; i++) {
        yao_text key = yao_cbor_get_text(&r);

        if (yao_text_equal(key, YAO_TEXT("issuerAuth")) ||
            yao_text_equal(key, YAO_TEXT("nameSpaces")))
            return YAO_FORMAT_MDOC_ISSUED;
        if (yao_text_equal(key, YAO_TEXT("version")) ||
            yao_text_equal(key, YAO_TEXT("documents")) ||
            yao_text_equal(key, YAO_TEXT("status")))
            return YAO_FORMAT_MDOC_RESPONSE;
        yao_cbor_get_any(&r);
    }
    return YAO_FORMAT_UNKNOWN;
}

static bool has(yao_bytes input, uint8_t letter)
{
    for (size_t i = 0; i < input.len; i++)
        if (input.ptr[i] == letter)
            return true;

    return false;
}

/* docs/formats/card.md section 1: by the first bytes. A sealed card is none of
 * these: it is opened before it is judged. */
static yao_format format_of_card(yao_bytes input)
{
    switch (yao_card_kind_of(input)) {
    case YAO_CARD_WHOLE_CARD:   return YAO_FORMAT_CARD;
    case YAO_CARD_WHOLE_MDOC:   return YAO_FORMAT_MDOC_RESPONSE;
    case YAO_CARD_WHOLE_SIGNED: return YAO_FORMAT_PRINTED_CARD;
    default:                    return YAO_FORMAT_UNKNOWN;
    }
}

yao_format yao_policy_format(yao_bytes input)
{
    if (input.len == 0)
        return YAO_FORMAT_UNKNOWN;
    if (input.ptr[0] >> 5 == 5)
        return format_of_map(input);
    if (yao_bytes_starts(input, YAO_LIT("ey")) && has(input, '.') &&
        has(input, '~'))
        return YAO_FORMAT_SDJWT_VC;

    return format_of_card(input);
}
