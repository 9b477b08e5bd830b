/* SPDX-License-Identifier: Apache-2.0 */
/* Documents as the query sees them. */
#include "vp/dcql_parts.h"

/* The key identifiers that the certificates of CHAIN name as their issuer's
 * (OpenID4VP 1.0 section 6.1.1.1). One that cannot be read names nobody. */
static yao_status take_chain(yao_arena *arena, const yao_bytes *chain,
                             size_t count, yao_dcql_candidate *ret)
{
    yao_dcql_membership *list =
        yao_arena_take_array(arena, count, sizeof *list);

    if (list == NULL)
        return YAO_E_SPACE;
    ret->memberships = list;
    for (size_t i = 0; i < count; i++) {
        yao_certificate c;

        if (yao_x509_read(chain[i], &c) == YAO_OK && c.aki.len != 0)
            list[ret->membership_count++] =
                (yao_dcql_membership){YAO_DCQL_AKI, c.aki};
    }
    return YAO_OK;
}

static yao_status take_type(yao_arena *arena, yao_text type,
                            yao_dcql_candidate *ret)
{
    yao_text *types = yao_arena_take(arena, sizeof *types);

    if (types == NULL)
        return YAO_E_SPACE;
    types[0]        = type;
    ret->types      = types;
    ret->type_count = 1;
    return YAO_OK;
}

/* A token without vct has no type, and answers nothing. */
static yao_status take_vct(yao_arena *arena, const yao_json *payload,
                           yao_dcql_candidate *ret)
{
    const yao_json *vct = yao_json_get(payload, "vct");
    yao_text        type;

    if (vct == NULL || vct->kind != YAO_JSON_STRING)
        return YAO_OK;
    YAO_TRY(yao_json_string(vct, arena, &type));
    return take_type(arena, type, ret);
}

yao_status yao_dcql_of_sdjwt(yao_arena                  *arena,
                             const yao_sdjwt_unverified *token,
                             const yao_json *payload, bool shown,
                             yao_dcql_candidate *ret)
{
    const yao_json    *cnf = yao_json_get(payload, "cnf");
    yao_dcql_candidate c   = {
          .format = YAO_DCQL_SDJWT,
          .bound  = cnf != NULL && cnf->kind == YAO_JSON_OBJECT,
          .shown  = shown,
          .claims = payload,
          .token  = token,
    };

    if (shown && !token->has_kb)
        c.bound = false;
    YAO_TRY(take_vct(arena, payload, &c));
    YAO_TRY(
        take_chain(arena, token->issuer.chain, token->issuer.chain_count, &c));
    *ret = c;
    return YAO_OK;
}

yao_status yao_dcql_of_mdoc(yao_arena *arena, const yao_mdoc_document *document,
                            bool shown, yao_dcql_candidate *ret)
{
    const yao_mdoc_issuer_signed *issuer = &document->issuer;
    yao_dcql_candidate            c      = {.format     = YAO_DCQL_MDOC,
                                            .shown      = shown,
                                            .items      = issuer->items,
                                            .item_count = issuer->item_count};

    c.bound = !shown || document->device_auth != YAO_MDOC_AUTH_NONE;
    YAO_TRY(take_type(arena, issuer->mso.doc_type, &c));
    YAO_TRY(
        take_chain(arena, issuer->auth.chain, issuer->auth.chain_count, &c));
    *ret = c;
    return YAO_OK;
}
