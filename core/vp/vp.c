/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ascii.h"
#include "mdoc/mdoc.h"
#include "vp/iso.h"
#include "vp/parts.h"

/* ---- words -------------------------------------------------------------- */

static const char *const modes[] = {
    [YAO_VP_NO_MODE]         = "",
    [YAO_VP_DIRECT_POST]     = "direct_post",
    [YAO_VP_DIRECT_POST_JWT] = "direct_post.jwt",
    [YAO_VP_DC_API]          = "dc_api",
    [YAO_VP_DC_API_JWT]      = "dc_api.jwt",
};

static const char *const protocols[] = {
    [YAO_VP_NO_PROTOCOL] = "",
    [YAO_VP_UNSIGNED]    = "openid4vp-v1-unsigned",
    [YAO_VP_SIGNED]      = "openid4vp-v1-signed",
    [YAO_VP_MULTISIGNED] = "openid4vp-v1-multisigned",
    [YAO_VP_ISO_MDOC]    = YAO_VP_ISO,
};

/* OpenID4VP 1.0 section 5.9.3. What is no row here is refused: "origin:" is
 * what a wallet makes of a page's origin and never a verifier's word. */
static const char *const prefixes[] = {
    [YAO_VP_REDIRECT_URI] = "redirect_uri:",
    [YAO_VP_SAN_DNS]      = "x509_san_dns:",
    [YAO_VP_HASH]         = "x509_hash:",
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* The row of NAME in TABLE; 0 when there is none. */
static size_t find(const char *const *table, size_t count, yao_text name)
{
    for (size_t i = 1; i < count; i++)
        if (yao_text_equal(yao_text_of(table[i]), name))
            return i;
    return 0;
}

const char *yao_vp_mode_name(yao_vp_mode mode)
{
    return (size_t)mode < COUNT(modes) ? modes[mode] : "";
}

yao_vp_mode yao_vp_mode_by_name(yao_text name)
{
    return (yao_vp_mode)find(modes, COUNT(modes), name);
}

bool yao_vp_mode_sealed(yao_vp_mode mode)
{
    return mode == YAO_VP_DIRECT_POST_JWT || mode == YAO_VP_DC_API_JWT;
}

bool yao_vp_mode_dcapi(yao_vp_mode mode)
{
    return mode == YAO_VP_DC_API || mode == YAO_VP_DC_API_JWT;
}

const char *yao_vp_protocol_name(yao_vp_protocol protocol)
{
    return (size_t)protocol < COUNT(protocols) ? protocols[protocol] : "";
}

yao_vp_protocol yao_vp_protocol_by_name(yao_text name)
{
    return (yao_vp_protocol)find(protocols, COUNT(protocols), name);
}

yao_vp_prefix yao_vp_cut_client_id(yao_text client_id, yao_text *ret)
{
    yao_bytes whole = yao_text_bytes(client_id);

    for (size_t i = 1; i < COUNT(prefixes); i++) {
        yao_bytes prefix = yao_text_bytes(yao_text_of(prefixes[i]));

        if (!yao_bytes_starts(whole, prefix) || whole.len == prefix.len)
            continue;
        *ret = (yao_text){whole.ptr + prefix.len, whole.len - prefix.len};
        return (yao_vp_prefix)i;
    }
    return YAO_VP_NO_PREFIX;
}

/* RFC 3986 section 2.3, as OpenID4VP 1.0 section 5.2 wants it. */
bool yao_vp_is_safe(yao_text text, size_t least, size_t most)
{
    if (text.len < least || text.len > most)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!yao_ascii_unreserved(text.ptr[i]))
            return false;
    return true;
}

/* ---- bindings ----------------------------------------------------------- */

yao_status yao_vp_audience(yao_arena *arena, const yao_vp_binding *binding,
                           yao_text *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  text;

    if (!binding->dcapi) {
        *ret = binding->client_id;
        return YAO_OK;
    }
    yao_put_text(&w, "origin:");
    yao_put_bytes(&w, yao_text_bytes(binding->origin));
    YAO_TRY(yao_writer_keep(&w, arena, &text));
    *ret = yao_vp_text_of(text);
    return YAO_OK;
}

yao_status yao_vp_transcript(yao_arena *arena, const yao_crypto *crypto,
                             const yao_vp_binding *b, yao_bytes *ret)
{
    yao_bytes  thumbprint = {b->thumbprint, b->sealed ? YAO_SHA256_LEN : 0};
    yao_writer w          = yao_writer_in(arena);

    if (b->transcript.len != 0) {
        *ret = b->transcript;
        return YAO_OK;
    }
    if (b->dcapi)
        YAO_TRY(yao_mdoc_put_transcript_dcapi(&w, crypto, b->origin, b->nonce,
                                              thumbprint));
    else
        YAO_TRY(yao_mdoc_put_transcript_openid4vp(&w, crypto, b->client_id,
                                                  b->nonce, thumbprint,
                                                  b->response_uri));
    return yao_writer_keep(&w, arena, ret);
}

/* ---- what the readers share --------------------------------------------- */

yao_text yao_vp_text_of(yao_bytes bytes)
{
    return (yao_text){bytes.ptr, bytes.len};
}

yao_status yao_vp_refuse(yao_vp_refusal *refusal, yao_oauth_error error,
                         const char *why, yao_status status)
{
    if (refusal != NULL) {
        refusal->error = error;
        refusal->why   = why;
    }
    return status;
}

/* ---- parameters --------------------------------------------------------- */

bool yao_vp_has(const yao_vp_source *s, const char *name)
{
    return s->object != NULL ? yao_json_get(s->object, name) != NULL
                             : yao_form_get(s->form, name) != NULL;
}

yao_status yao_vp_text(const yao_vp_source *s, const char *name, yao_text *ret)
{
    yao_text text = {NULL, 0};

    if (s->object == NULL) {
        *ret = yao_form_text(s->form, name);
        return YAO_OK;
    }
    const yao_json *value = yao_json_get(s->object, name);
    if (value != NULL) {
        YAO_TRY(yao_json_string(value, s->arena, &text));
        if (text.len == 0)
            return YAO_E_MALFORMED;
    }
    *ret = text;
    return YAO_OK;
}

yao_status yao_vp_value(const yao_vp_source *s, const char *name,
                        yao_json_kind kind, const yao_json **ret)
{
    const yao_json *value = NULL;

    if (s->object != NULL)
        value = yao_json_get(s->object, name);
    else if (yao_form_get(s->form, name) != NULL)
        YAO_TRY(yao_json_parse(s->arena,
                               yao_text_bytes(yao_form_text(s->form, name)),
                               &value));
    if (value != NULL && value->kind != kind)
        return YAO_E_MALFORMED;
    *ret = value;
    return YAO_OK;
}
