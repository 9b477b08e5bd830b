/* SPDX-License-Identifier: Apache-2.0 */
#include "vp/pseudonym.h"

#define DOMAIN "yaopai-pseudonym-1"

enum { PARTS = 3 };

yao_status yao_vp_make_pseudonym(const yao_crypto *crypto, yao_bytes secret,
                                 yao_vp_pseudonym_of party, uint8_t *ret)
{
    bool      coded = party.code.len != 0;
    yao_text  name  = coded ? party.code : party.client_id;
    yao_bytes parts[PARTS] = {
        YAO_LIT(DOMAIN "\0"),
        coded ? YAO_LIT("code\0") : YAO_LIT("client_id\0"),
        yao_text_bytes(name)};
    uint8_t    mac[YAO_SHA256_LEN];
    yao_writer w = yao_writer_open(ret, YAO_VP_PSEUDONYM_LEN);

    if (secret.len != YAO_VP_PSEUDONYM_SECRET || name.len == 0)
        return YAO_E_USAGE;
    YAO_TRY(crypto->hmac(crypto->ctx, YAO_SHA256, secret, parts, PARTS, mac));
    yao_put_base64url(&w, (yao_bytes){mac, sizeof mac});
    return w.status;
}

static bool is_letter(uint8_t b)
{
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') ||
           (b >= '0' && b <= '9') || b == '-' || b == '_';
}

bool yao_vp_is_pseudonym(yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_letter(text.ptr[i]))
            return false;
    return text.len == YAO_VP_PSEUDONYM_LEN;
}

void yao_vp_put_pseudonym_info(yao_writer *w)
{
    yao_put_text(w, "{\"format\":\"" YAO_VP_PSEUDONYM "\",\"data\":{}}");
}

void yao_vp_put_pseudonym(yao_writer *w, yao_text pseudonym)
{
    yao_put_text(w, "\"" YAO_VP_PSEUDONYM "\":\"");
    yao_put_bytes(w, yao_text_bytes(pseudonym));
    yao_put_byte(w, '"');
}

void yao_vp_read_pseudonym(const yao_json *claims, yao_arena *arena,
                           yao_text *ret)
{
    const yao_json *value = yao_json_get(claims, YAO_VP_PSEUDONYM);
    yao_text        text;

    *ret = (yao_text){NULL, 0};
    if (value != NULL && yao_json_string(value, arena, &text) == YAO_OK &&
        yao_vp_is_pseudonym(text))
        *ret = text;
}
