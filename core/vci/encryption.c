/* SPDX-License-Identifier: Apache-2.0 */
#include "vci/parts.h"

/* ---- writing ------------------------------------------------------------ */

/* A key to agree with: alg says how (OpenID4VCI 1.0 section 10: a message takes
 * it from the key). */
void yao_vci_put_agreement_key(yao_writer *w, const yao_public_key *key,
                               yao_text kid)
{
    const yao_curve_row *row   = yao_curve_by_id(key->curve);
    bool                 first = true;

    if (row == NULL || key->len != 1 + 2 * (size_t)row->field_len) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "alg", YAO_TEXT("ECDH-ES"));
    yao_json_put_member(w, &first, "crv", yao_text_of(row->jose));
    if (kid.len > 0) {
        yao_json_put_member(w, &first, "kid", kid);
    }
    yao_json_put_member(w, &first, "kty", YAO_TEXT("EC"));
    yao_json_put_member(w, &first, "use", YAO_TEXT("enc"));
    yao_json_put_member_base64url(w, &first, "x",
                                  (yao_bytes){key->point + 1, row->field_len});
    yao_json_put_member_base64url(
        w, &first, "y",
        (yao_bytes){key->point + 1 + row->field_len, row->field_len});
    yao_put_byte(w, '}');
}

void yao_vci_put_encryption(yao_writer *w, bool *first,
                            const yao_vci_encryption *e)
{
    const yao_aead_row *row   = yao_aead_by_alg(e->enc);
    bool                inner = true;

    if (e->enc == YAO_AEAD_NONE)
        return;
    if (row == NULL) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    yao_json_put_name(w, first, "credential_response_encryption");
    yao_put_byte(w, '{');
    yao_json_put_name(w, &inner, "jwk");
    yao_vci_put_agreement_key(w, &e->key, e->kid);
    yao_json_put_member(w, &inner, "enc", yao_text_of(row->jose));
    yao_put_byte(w, '}');
}

/* ---- reading ------------------------------------------------------------ */

/* Its alg says how to agree and must be there (OpenID4VCI 1.0 section 8.2). */
static yao_status read_key(yao_arena *arena, const yao_json *jwk,
                           yao_vci_encryption *e)
{
    if (jwk == NULL || jwk->kind != YAO_JSON_OBJECT)
        return YAO_E_KEY;
    if (!yao_json_is(yao_json_get(jwk, "alg"), "ECDH-ES"))
        return YAO_E_UNSUPPORTED;
    YAO_TRY(yao_vci_optional(jwk, "kid", arena, &e->kid));
    return yao_jwk_read_agreement(jwk, arena, &e->key);
}

static yao_status read_enc(yao_arena *arena, const yao_json *object,
                           yao_vci_encryption *e)
{
    yao_text name;

    YAO_TRY(yao_vci_required(object, "enc", arena, &name));
    const yao_aead_row *row = yao_aead_by_jose(name);
    if (row == NULL)
        return YAO_E_UNSUPPORTED;
    e->enc = row->alg;
    return YAO_OK;
}

yao_status yao_vci_read_encryption(yao_arena *arena, const yao_json *root,
                                   bool encrypted, yao_vci_encryption *ret)
{
    yao_vci_encryption e      = {.enc = YAO_AEAD_NONE};
    const yao_json    *object = yao_json_get(root,
                                             "credential_response_encryption");

    if (object != NULL) {
        if (object->kind != YAO_JSON_OBJECT)
            return YAO_E_MALFORMED;
        if (!encrypted)
            return YAO_E_REFUSED;
        if (yao_json_get(object, "zip") != NULL)
            return YAO_E_UNSUPPORTED;
        YAO_TRY(read_key(arena, yao_json_get(object, "jwk"), &e));
        YAO_TRY(read_enc(arena, object, &e));
    }
    *ret = e;
    return YAO_OK;
}
