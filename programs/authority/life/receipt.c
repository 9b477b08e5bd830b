/* SPDX-License-Identifier: Apache-2.0 */
/* The receipt of a lawful hold: docs/formats/hold.md. Signed with the key of
 * the audit log, which everybody can fetch, by who runs the log. */
#include "authority/life/life.h"

#include "authority/audit/signer.h"
#include "jose/jose.h"

static yao_status write_header(const audit_signer *signer, yao_arena *arena,
                               yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "alg", YAO_TEXT("ES256"));
    yao_json_put_member(&w, &first, "typ", YAO_TEXT("yaopai-hold-receipt+jwt"));
    yao_json_put_member(&w, &first, "kid", signer->origin);
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

/* Not whose: who has the receipt knows, and the hold is found by its id. */
static yao_status write_payload(const enrol *e, const store_bar *bar,
                                yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(e->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "iss",
                        yao_text_of(config_get(&e->a->config, SETTING_URL)));
    yao_json_put_member_int(&w, &first, "iat", bar->started);
    yao_json_put_member_int(&w, &first, "exp", bar->ends);
    yao_json_put_member_hex(&w, &first, "jti", bar->id);
    yao_json_put_member(&w, &first, "document",
                        bar->name.len != 0 ? bar->name : YAO_TEXT("*"));
    yao_json_put_member(&w, &first, "reason", bar->reason);
    yao_json_put_member(&w, &first, "legal_basis", bar->basis);
    yao_json_put_member(&w, &first, "operator", bar->author);
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, e->arena, ret);
}

static yao_status sign(const audit_signer *signer, yao_arena *arena,
                       yao_bytes header, yao_bytes payload, yao_text *ret)
{
    yao_writer w = yao_writer_in(arena);
    uint8_t    signature[YAO_MAX_SIGNATURE];
    size_t     len;
    yao_bytes  unsigned_part, whole;

    yao_jws_put_unsigned(&w, header, payload);
    YAO_TRY(yao_writer_keep(&w, arena, &unsigned_part));
    const yao_sign_wish wish = {
        .alg = YAO_ES256, .parts = {unsigned_part}, .part_count = 1};
    YAO_TRY(yao_key_sign(signer->keys[0], &wish, signature, &len));
    w = yao_writer_in(arena);
    yao_put_bytes(&w, unsigned_part);
    yao_jws_put_signature(&w, (yao_bytes){signature, len});
    YAO_TRY(yao_writer_keep(&w, arena, &whole));
    *ret = (yao_text){whole.ptr, whole.len};
    return YAO_OK;
}

yao_status life_make_receipt(const enrol *e, const store_bar *bar,
                             yao_text *ret)
{
    audit_signer signer;
    yao_bytes    header = {NULL, 0}, payload = {NULL, 0};

    YAO_TRY(audit_signer_open(e->a, e->arena, &signer));
    yao_status status = signer.count > 0 ? YAO_OK : YAO_E_MISSING;
    if (status == YAO_OK)
        status = write_header(&signer, e->arena, &header);
    if (status == YAO_OK)
        status = write_payload(e, bar, &payload);
    if (status == YAO_OK)
        status = sign(&signer, e->arena, header, payload, ret);
    audit_signer_close(&signer);
    return status;
}
