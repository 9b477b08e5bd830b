/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of a document: own key, own salts, own place in the status list. */
#include "issuance/making.h"

size_t yao_issuance_entropy(const yao_issuance_document *document, bool sdjwt)
{
    /* mdoc.h: for each element 32 and its part of the shuffle; sdjwt.h: 16 a
     * disclosure, 32 a decoy (none here) and 4 an _sd array, of which there
     * are no more than disclosures */
    if (!sdjwt)
        return document->element_count * (32 + 4);
    return document->disclosable_count * (16 + 4) + 4;
}

yao_status yao_issuance_mdoc(yao_arena *arena, const yao_crypto *crypto,
                             const yao_issuance_document *document,
                             const yao_issuance_copy     *copy,
                             yao_entropy *entropy, yao_mdoc_issuing *ret)
{
    yao_mdoc_issue_request request = {.doc_type =
                                          document->definition->doc_type,
                                      .elements      = document->elements,
                                      .element_count = document->element_count,
                                      .device_key    = copy->device_key,
                                      .validity      = document->validity,
                                      .status_uri    = copy->status_uri,
                                      .status_index  = copy->status_index,
                                      .alg           = copy->alg,
                                      .chain         = copy->chain,
                                      .chain_count   = copy->chain_count};

    if (copy->device_key.curve == YAO_CURVE_NONE)
        return YAO_E_USAGE;
    return yao_mdoc_issue(arena, crypto, &request, entropy, ret);
}

/*
 * The claims with `status` before them. The tree is shared by all copies, so
 * the new member points to it and nothing in it changes.
 *
 * Shape   "status": {"status_list": {"idx": uint, "uri": string}}
 * Source  draft-ietf-oauth-status-list section 6.2
 */
static yao_status add_status(yao_arena *arena, const yao_json *claims,
                             const yao_issuance_copy *copy,
                             const yao_json         **ret)
{
    yao_writer      w = yao_writer_in(arena);
    yao_bytes       text;
    const yao_json *status;
    yao_json       *root   = NULL;
    yao_json       *member = NULL;

    if (copy->status_index > (uint64_t)INT64_MAX)
        return YAO_E_USAGE;
    yao_put_text(&w, "{\"status\":{\"status_list\":{\"idx\":");
    yao_json_put_int(&w, (int64_t)copy->status_index);
    yao_put_text(&w, ",\"uri\":");
    yao_json_put_string(&w, copy->status_uri);
    yao_put_text(&w, "}}}");
    YAO_TRY(yao_writer_keep(&w, arena, &text));
    YAO_TRY(yao_json_parse(arena, text, &status));

    root   = yao_arena_take(arena, sizeof *root);
    member = yao_arena_take(arena, sizeof *member);
    if (root == NULL || member == NULL)
        return YAO_E_SPACE;
    *member      = *status->first;
    member->next = claims->first;
    *root        = *claims;
    root->first  = member;
    root->count  = claims->count + 1;
    *ret         = root;
    return YAO_OK;
}

yao_status yao_issuance_sdjwt(yao_arena *arena, const yao_crypto *crypto,
                              const yao_issuance_document *document,
                              const yao_issuance_copy     *copy,
                              yao_entropy *entropy, yao_sdjwt_issuing *ret)
{
    yao_sdjwt_issue_request request = {.claims      = document->claims,
                                       .disclosable = document->disclosable,
                                       .disclosable_count =
                                           document->disclosable_count,
                                       .holder_key  = copy->device_key,
                                       .type        = YAO_TEXT("dc+sd-jwt"),
                                       .alg         = copy->alg,
                                       .chain       = copy->chain,
                                       .chain_count = copy->chain_count};

    if (copy->device_key.curve == YAO_CURVE_NONE)
        return YAO_E_USAGE;
    if (copy->status_uri.len != 0)
        YAO_TRY(add_status(arena, document->claims, copy, &request.claims));
    return yao_sdjwt_issue(arena, crypto, &request, entropy, ret);
}
