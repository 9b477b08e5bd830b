/* SPDX-License-Identifier: Apache-2.0 */

/* Who asks by "org-iso-mdoc", and what: in the words of OpenID4VP, so that a
 * person is shown, and a party's registration asked, the same. */

#include "vp/parts.h"

static yao_status refuse(yao_vp_refusal *refusal, yao_oauth_error error,
                         const char *why, yao_status status)
{
    return yao_vp_refuse(refusal, error, why, status);
}

/* ---- who ---------------------------------------------------------------- */

/* The first document's requestInfo has it: readerAuth signs that. */
static yao_status read_statement(yao_arena *arena, const yao_vp_terms *terms,
                                 yao_vp_iso_asked *asked)
{
    const yao_vp_statement_terms t = {terms->crypto, terms->anchors,
                                      terms->anchor_count, terms->now};
    yao_bytes                    list;

    YAO_TRY(yao_mdoc_find_statement(&asked->iso->request.documents[0], &list));
    return yao_vp_begin_statement_list(arena, &t, list, &asked->statement);
}

yao_status yao_vp_begin_iso(yao_arena *arena, yao_bytes data,
                            const yao_vp_terms *terms, yao_vp_iso_asked *ret,
                            yao_vp_refusal *refusal)
{
    yao_mdoc_reader_options options = {.anchors      = terms->anchors,
                                       .anchor_count = terms->anchor_count,
                                       .now          = terms->now};
    yao_vp_iso_asked        asked   = {.report = NULL};
    yao_status              status;

    if (refusal != NULL)
        *refusal = (yao_vp_refusal){.error = YAO_OAUTH_SERVER_ERROR,
                                    .why   = ""};
    asked.iso    = yao_arena_take(arena, sizeof *asked.iso);
    asked.report = yao_arena_take(arena, sizeof *asked.report);
    if (asked.iso == NULL || asked.report == NULL)
        return YAO_E_SPACE;
    status = yao_vp_read_iso(arena, terms->crypto, data, terms->origin,
                             asked.iso);
    if (status != YAO_OK)
        return status == YAO_E_USAGE
                   ? status
                   : refuse(refusal, YAO_OAUTH_INVALID_REQUEST,
                            "the request is none", status);
    status = read_statement(arena, terms, &asked);
    if (status != YAO_OK)
        return refuse(refusal, YAO_OAUTH_INVALID_REQUEST,
                      "its registration statement is none", status);
    *asked.report      = (yao_report){.count = 0};
    options.transcript = asked.iso->transcript;
    YAO_TRY(yao_mdoc_begin_readers(arena, &asked.iso->request, &options,
                                   &asked.readers, asked.report));
    *ret = asked;
    return YAO_OK;
}

/* The same reader asks for all documents, or nobody says who does. */
static yao_status find_reader(const yao_vp_iso_asked *asked,
                              yao_mdoc_reader        *ret)
{
    yao_mdoc_reader first = {.state = YAO_MDOC_READER_ABSENT}, next;

    for (size_t i = 0; i < asked->iso->request.document_count; i++) {
        YAO_TRY(yao_mdoc_conclude_reader(&asked->readers, i, &next,
                                         asked->report));
        if (next.state == YAO_MDOC_READER_BAD ||
            next.state == YAO_MDOC_READER_UNKNOWN)
            return next.why;
        if (i == 0)
            first = next;
        if (next.state != first.state ||
            (next.certificate != NULL &&
             !yao_bytes_equal(next.certificate->der, first.certificate->der)))
            return YAO_E_MISMATCH;
    }
    *ret = first;
    return YAO_OK;
}

static yao_status read_reader(const yao_vp_iso_asked *asked, yao_vp_reading *r)
{
    yao_vp_request *q = &r->request;
    yao_mdoc_reader reader = {.state = YAO_MDOC_READER_BAD};
    yao_status      status = find_reader(asked, &reader);

    if (status != YAO_OK)
        return refuse(r->refusal, YAO_OAUTH_INVALID_CLIENT,
                      "who asks is not who signed", status);
    if (reader.state == YAO_MDOC_READER_GOOD) {
        q->is_signed   = true;
        q->leaf        = reader.certificate->der;
        q->certificate = *reader.certificate;
        return yao_vp_find_party(r, asked->statement);
    }
    return r->terms->unsigned_too
               ? YAO_OK
               : refuse(r->refusal, YAO_OAUTH_INVALID_CLIENT,
                        "the request is not signed", YAO_E_NOT_AUTHORISED);
}

/* ---- what --------------------------------------------------------------- */

static yao_status name_of(yao_arena *arena, size_t index, yao_text *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  name;

    yao_put_text(&w, "document-");
    yao_put_decimal(&w, (int64_t)index + 1);
    YAO_TRY(yao_writer_keep(&w, arena, &name));
    *ret = yao_vp_text_of(name);
    return YAO_OK;
}

static yao_status make_claims(yao_arena *arena,
                              const yao_mdoc_doc_request *asked,
                              yao_dcql_credential        *ret)
{
    size_t          count = asked->element_count;
    yao_dcql_claim *claims =
        yao_arena_take_array(arena, count, sizeof *claims);
    yao_dcql_step *steps =
        yao_arena_take_array(arena, 2 * count, sizeof *steps);

    if (count > YAO_DCQL_MAX_CLAIMS)
        return YAO_E_LIMIT;
    if (claims == NULL || steps == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++) {
        const yao_mdoc_wanted *wanted = &asked->elements[i];
        yao_dcql_step         *path   = &steps[2 * i];

        path[0]   = (yao_dcql_step){YAO_DCQL_NAME, wanted->name_space, 0};
        path[1]   = (yao_dcql_step){YAO_DCQL_NAME, wanted->element, 0};
        claims[i] = (yao_dcql_claim){
            .path = path, .path_count = 2, .retain = wanted->retain};
    }
    ret->claims      = claims;
    ret->claim_count = count;
    return YAO_OK;
}

yao_status yao_vp_iso_query(yao_arena *arena, const yao_mdoc_request *request,
                            yao_dcql_query *ret)
{
    size_t               count = request->document_count;
    yao_dcql_credential *all =
        yao_arena_take_array(arena, count, sizeof *all);

    if (count == 0 || count > YAO_DCQL_MAX_CREDENTIALS)
        return YAO_E_LIMIT;
    if (all == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++) {
        const yao_mdoc_doc_request *asked = &request->documents[i];

        all[i] = (yao_dcql_credential){.format      = YAO_DCQL_MDOC,
                                       .format_name = YAO_TEXT("mso_mdoc"),
                                       .types       = &asked->doc_type,
                                       .type_count  = 1};
        YAO_TRY(name_of(arena, i, &all[i].id));
        YAO_TRY(make_claims(arena, asked, &all[i]));
    }
    *ret = (yao_dcql_query){.credentials = all, .credential_count = count};
    return YAO_OK;
}

yao_status yao_vp_conclude_iso(yao_arena *arena, const yao_vp_iso_asked *asked,
                               const yao_vp_terms *terms, yao_vp_request *ret,
                               yao_vp_refusal *refusal)
{
    yao_vp_reading  r = {.source  = {arena, NULL, NULL},
                         .terms   = terms,
                         .refusal = refusal};
    yao_vp_request *q = &r.request;
    yao_status      status;

    q->iso     = asked->iso;
    q->issued  = q->expires = YAO_TIME_NONE;
    q->prefix  = YAO_VP_ORIGIN;
    q->mode    = YAO_VP_DC_API_JWT;
    q->key     = asked->iso->recipient;
    q->formats = q->mdoc = true;
    q->binding = (yao_vp_binding){.dcapi      = true,
                                  .origin     = terms->origin,
                                  .sealed     = true,
                                  .transcript = asked->iso->transcript};
    YAO_TRY(read_reader(asked, &r));
    status = yao_vp_iso_query(arena, &asked->iso->request, &q->query);
    if (status == YAO_E_SPACE)
        return status;
    if (status != YAO_OK)
        return refuse(refusal, YAO_OAUTH_INVALID_REQUEST,
                      "too much is asked for", status);
    YAO_TRY(yao_vp_check_right(&r));

    *ret = *q;
    return YAO_OK;
}
