/* SPDX-License-Identifier: Apache-2.0 */
#include "vci/metadata.h"

#include "vci/parts.h"

#define SIGNED_TYPE "openidvci-issuer-metadata+jwt"

/* What is being written. */
typedef struct writing {
    yao_writer           *w;
    const yao_vci_issuer *issuer;
} writing;

static void put_words(yao_writer *w, bool *first, const char *name,
                      const char *one, const char *two)
{
    yao_json_put_name(w, first, name);
    yao_put_byte(w, '[');
    yao_json_put_string(w, yao_text_of(one));
    if (two != NULL) {
        yao_put_byte(w, ',');
        yao_json_put_string(w, yao_text_of(two));
    }
    yao_put_byte(w, ']');
}

/* ---- for people --------------------------------------------------------- */

static void put_named(writing *p, bool *item, yao_text name, const char *locale,
                      yao_text logo)
{
    bool first = true;

    if (name.len == 0)
        return;
    yao_json_put_next(p->w, item);
    yao_put_byte(p->w, '{');
    yao_json_put_optional(p->w, &first, "name", name);
    yao_json_put_optional(p->w, &first, "locale", yao_text_of(locale));
    if (logo.len > 0) {
        yao_json_put_name(p->w, &first, "logo");
        yao_put_text(p->w, "{\"uri\":");
        yao_json_put_string(p->w, logo);
        yao_put_byte(p->w, '}');
    }
    yao_put_byte(p->w, '}');
}

/* The Chinese name first: who knows no language takes it. */
static void put_display(writing *p, bool *first, yao_label label, yao_text logo)
{
    bool item = true;

    if (label.zh.len == 0 && label.en.len == 0)
        return;
    yao_json_put_name(p->w, first, "display");
    yao_put_byte(p->w, '[');
    put_named(p, &item, label.zh, "zh-CN", logo);
    put_named(p, &item, label.en, "en", logo);
    yao_put_byte(p->w, ']');
}

/* ---- claims ------------------------------------------------------------- */

/* "address.formatted" as ["address","formatted"]. */
static void put_claim_path(yao_writer *w, yao_text claim)
{
    yao_bytes rest = yao_text_bytes(claim);

    yao_put_byte(w, '[');
    for (bool first = true;;) {
        size_t at = yao_bytes_find(rest, '.');
        yao_json_put_next(w, &first);
        yao_json_put_string(w, (yao_text){rest.ptr, at});
        if (at == rest.len)
            break;
        rest = (yao_bytes){rest.ptr + at + 1, rest.len - at - 1};
    }
    yao_put_byte(w, ']');
}

static void put_mdoc_path(yao_writer *w, const yao_element *e)
{
    yao_put_byte(w, '[');
    yao_json_put_string(w, e->space);
    yao_put_byte(w, ',');
    yao_json_put_string(w, e->identifier);
    yao_put_byte(w, ']');
}

/* Of the booklet's pages the first stands for all: it is the head's. */
static void put_page_path(yao_writer *w, const yao_element *e)
{
    yao_put_text(w, "[\"m01\",");
    yao_json_put_string(w, e->claim);
    yao_put_byte(w, ']');
}

static bool shown(const yao_vci_configuration *c, const yao_element *e)
{
    if (c->format == YAO_VCI_MDOC)
        return e->space.len > 0 && e->identifier.len > 0;
    if (yao_vci_is_card(c->format))
        return e->claim.len > 0 && e->card != 0 &&
               yao_profile_asks(c->profile, c->definition, e);
    return e->claim.len > 0;
}

static void put_claim(writing *p, const yao_vci_configuration *c,
                      const yao_element *e, bool *item)
{
    bool first = true;

    yao_json_put_next(p->w, item);
    yao_put_byte(p->w, '{');
    yao_json_put_name(p->w, &first, "path");
    if (c->format == YAO_VCI_MDOC)
        put_mdoc_path(p->w, e);
    else if (e->member)
        put_page_path(p->w, e);
    else
        put_claim_path(p->w, e->claim);
    if (e->mandatory) {
        yao_json_put_member_bool(p->w, &first, "mandatory", true);
    }
    put_display(p, &first, e->label, YAO_TEXT(""));
    yao_put_byte(p->w, '}');
}

static void put_claims(writing *p, bool *first, const yao_vci_configuration *c)
{
    const yao_definition *d    = c->definition;
    bool                  item = true;

    yao_json_put_name(p->w, first, "claims");
    yao_put_byte(p->w, '[');
    for (size_t i = 0; i < d->element_count; i++)
        if (shown(c, &d->elements[i]))
            put_claim(p, c, &d->elements[i], &item);
    yao_put_byte(p->w, ']');
}

/* ---- one configuration -------------------------------------------------- */

static void put_proof_type(writing *p, bool *first, const char *name)
{
    const yao_vci_issuer *issuer = p->issuer;
    bool                  inner = true, level = true;

    yao_json_put_name(p->w, first, name);
    yao_put_byte(p->w, '{');
    put_words(p->w, &inner, "proof_signing_alg_values_supported", "ES256",
              NULL);
    if (issuer->attested) {
        yao_json_put_name(p->w, &inner, "key_attestations_required");
        yao_put_byte(p->w, '{');
        yao_vci_put_levels(p->w, &level, "key_storage", issuer->key_storage);
        yao_vci_put_levels(p->w, &level, "user_authentication",
                           issuer->user_authentication);
        yao_put_byte(p->w, '}');
    }
    yao_put_byte(p->w, '}');
}

static void put_binding(writing *p, bool *first, yao_vci_format format)
{
    bool inner = true;

    put_words(p->w, first, "cryptographic_binding_methods_supported",
              format == YAO_VCI_SDJWT ? "jwk" : "cose_key", NULL);
    yao_json_put_name(p->w, first, "proof_types_supported");
    yao_put_byte(p->w, '{');
    put_proof_type(p, &inner, "jwt");
    put_proof_type(p, &inner, "attestation");
    yao_put_byte(p->w, '}');
}

/* ES256 as the format's own words have it: a number of COSE, or a name. */
static void put_algorithms(yao_writer *w, bool *first, yao_vci_format format)
{
    const yao_sig_row *row = yao_sig_by_alg(YAO_ES256);

    yao_json_put_name(w, first, "credential_signing_alg_values_supported");
    yao_put_byte(w, '[');
    if (format == YAO_VCI_SDJWT)
        yao_json_put_string(w, yao_text_of(row->jose));
    else
        yao_json_put_int(w, row->cose);
    yao_put_byte(w, ']');
}

static void put_type(yao_writer *w, bool *first, const yao_vci_configuration *c)
{
    yao_json_put_optional(w, first,
                          c->format == YAO_VCI_MDOC ? "doctype" : "vct",
                          yao_vci_configuration_type(c));
    if (!yao_vci_is_card(c->format))
        return;
    yao_json_put_optional(w, first, "profile", c->profile->name);
    yao_json_put_optional(w, first, "choice", c->choice);
}

static void put_id(yao_writer *w, const yao_vci_configuration *c)
{
    yao_put_byte(w, '"'); /* ids have no letters that need an escape */
    yao_vci_put_configuration_id(w, c);
    yao_put_byte(w, '"');
}

static void put_configuration(writing *p, const yao_vci_configuration *c)
{
    yao_writer *w     = p->w;
    bool        first = true, inner = true;

    put_id(w, c);
    yao_put_text(w, ":{");
    yao_json_put_optional(w, &first, "format",
                          yao_text_of(yao_vci_format_name(c->format)));
    yao_json_put_name(w, &first, "scope");
    put_id(w, c);
    put_type(w, &first, c);
    put_algorithms(w, &first, c->format);
    put_binding(p, &first, c->format);
    yao_json_put_name(w, &first, "credential_metadata");
    yao_put_byte(w, '{');
    put_display(p, &inner, c->definition->title, p->issuer->logo);
    put_claims(p, &inner, c);
    yao_put_text(w, "}}");
}

static void put_configurations(writing *p, bool *first)
{
    yao_vci_walk          walk = {.cards = p->issuer->cards};
    yao_vci_configuration c;
    bool                  item = true;

    yao_json_put_name(p->w, first, "credential_configurations_supported");
    yao_put_byte(p->w, '{');
    while (yao_vci_next_configuration(p->issuer->catalogue, &walk, &c)) {
        yao_json_put_next(p->w, &item);
        put_configuration(p, &c);
    }
    yao_put_byte(p->w, '}');
}

/* ---- encryption --------------------------------------------------------- */

static void put_required(yao_writer *w, bool *first, bool required)
{
    put_words(w, first, "enc_values_supported", "A128GCM", "A256GCM");
    yao_json_put_member_bool(w, first, "encryption_required", required);
}

static void put_encryption(writing *p, bool *first)
{
    const yao_vci_issuer *issuer = p->issuer;
    bool                  inner  = true;

    if (issuer->key == NULL)
        return;
    yao_json_put_name(p->w, first, "credential_request_encryption");
    yao_put_byte(p->w, '{');
    yao_json_put_name(p->w, &inner, "jwks");
    yao_put_text(p->w, "{\"keys\":[");
    yao_vci_put_agreement_key(p->w, issuer->key, issuer->kid);
    yao_put_text(p->w, "]}");
    put_required(p->w, &inner, issuer->encrypted);
    yao_put_byte(p->w, '}');

    yao_json_put_name(p->w, first, "credential_response_encryption");
    inner = true;
    yao_put_byte(p->w, '{');
    put_words(p->w, &inner, "alg_values_supported", "ECDH-ES", NULL);
    put_required(p->w, &inner, issuer->encrypted);
    yao_put_byte(p->w, '}');
}

/* ---- the whole ---------------------------------------------------------- */

static void put_endpoint(writing *p, bool *first, const char *name,
                         const char *path)
{
    yao_json_put_name(p->w, first, name);
    yao_put_byte(p->w, '"'); /* an address has no letters that need an escape */
    yao_put_bytes(p->w, yao_text_bytes(p->issuer->url));
    yao_put_text(p->w, path);
    yao_put_byte(p->w, '"');
}

static void put_members(writing *p, bool *first)
{
    yao_writer *w = p->w;

    yao_json_put_optional(w, first, "credential_issuer", p->issuer->url);
    put_endpoint(p, first, "credential_endpoint", "/credential");
    put_endpoint(p, first, "nonce_endpoint", "/nonce");
    put_endpoint(p, first, "deferred_credential_endpoint", "/deferred");
    put_endpoint(p, first, "notification_endpoint", "/notification");
    put_encryption(p, first);
    if (p->issuer->batch >= 2) {
        yao_json_put_name(w, first, "batch_credential_issuance");
        yao_put_text(w, "{\"batch_size\":");
        yao_json_put_int(w, p->issuer->batch);
        yao_put_byte(w, '}');
    }
    put_display(p, first, p->issuer->name, p->issuer->logo);
    put_configurations(p, first);
}

void yao_vci_put_metadata(yao_writer *w, const yao_vci_issuer *issuer)
{
    writing p     = {w, issuer};
    bool    first = true;

    yao_put_byte(w, '{');
    put_members(&p, &first);
    yao_put_byte(w, '}');
}

/* ---- signed ------------------------------------------------------------- */

static yao_status write_header(yao_arena                 *arena,
                               const yao_vci_signed_wish *wish,
                               const yao_sig_row *row, yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_optional(&w, &first, "alg", yao_text_of(row->jose));
    yao_json_put_optional(&w, &first, "typ", YAO_TEXT(SIGNED_TYPE));
    yao_json_put_next(&w, &first);
    yao_jws_put_x5c(&w, wish->chain, wish->chain_count);
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

static yao_status write_payload(yao_arena                 *arena,
                                const yao_vci_signed_wish *wish, yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(arena);
    writing    p     = {&w, wish->issuer};
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_optional(&w, &first, "sub", wish->issuer->url);
    yao_json_put_member_int(&w, &first, "iat", wish->now);
    yao_json_put_member_int(&w, &first, "exp", wish->expires);
    put_members(&p, &first);
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

yao_status yao_vci_make_metadata(yao_arena                 *arena,
                                 const yao_vci_signed_wish *wish,
                                 yao_vci_token             *ret)
{
    const yao_sig_row *row = yao_sig_by_alg(wish->alg);
    yao_bytes          header, payload;

    if (row == NULL || wish->chain_count == 0 ||
        wish->chain_count > YAO_MAX_CHAIN || !yao_vci_moment(wish->now) ||
        !yao_vci_moment(wish->expires))
        return YAO_E_USAGE;
    YAO_TRY(write_header(arena, wish, row, &header));
    YAO_TRY(write_payload(arena, wish, &payload));
    return yao_vci_make_token(arena, wish->alg, header, payload, ret);
}
