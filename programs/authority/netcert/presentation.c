/* SPDX-License-Identifier: Apache-2.0 */
/* A net certificate that was shown to a party, judged as the party would: by
 * our own roots, and by the status list as it was last signed. */
#include "authority/netcert/question.h"

#include "app/status_list.h"
#include "authority/lists.h"
#include "yaopai/verify.h"

#define VCT YAO_TEXT("urn:yaopai:net_certificate:1")
#define CLAIM YAO_TEXT("net_number")
#define MEMORY (1u << 20)

typedef struct judging {
    const enrol        *e;
    yao_bytes           input;
    yao_anchor          anchors[4];
    size_t              anchor_count;
    yao_verify_options  options;
    yao_status_list     list;
} judging;

yao_status netcert_audience(const authority *a, yao_bytes der, yao_arena *arena,
                            yao_text *ret)
{
    uint8_t    hash[YAO_SHA256_LEN];
    yao_writer w;
    yao_bytes  text;

    YAO_TRY(a->crypto->hash(a->crypto->ctx, YAO_SHA256, &der, 1, hash));
    w = yao_writer_in(arena);
    yao_put_text(&w, "x509_hash:");
    yao_put_base64url(&w, (yao_bytes){hash, sizeof hash});
    YAO_TRY(yao_writer_keep(&w, arena, &text));
    *ret = (yao_text){text.ptr, text.len};
    return YAO_OK;
}

/* ---- whom we trust ---- */

static const yao_text types[] = {YAO_INIT("urn:yaopai:net_certificate:1")};

/* A root signs documents, and the lists that speak of them. */
static yao_status add_root(judging *j, int64_t role)
{
    ca root;

    YAO_TRY(role_open_root(j->e->a, role, j->e->arena, &root));
    j->anchors[j->anchor_count++] =
        (yao_anchor){.certificate = root.certificate.der,
                     .role        = YAO_ROLE_ISSUER,
                     .types       = types,
                     .type_count  = 1};
    j->anchors[j->anchor_count++] = (yao_anchor){
        .certificate = root.certificate.der, .role = YAO_ROLE_STATUS};
    return YAO_OK;
}

/* And the root before, whose copies live on. */
static yao_status add_roots(judging *j)
{
    int64_t now = role_now(j->e->a, YAO_SIGNING_POPULATION);

    YAO_TRY(add_root(j, now));
    if (now < ROLE_ROOTS)
        return YAO_OK;
    yao_status status = add_root(j, now - ROLE_ROOTS);
    return status == YAO_E_NOT_AUTHORISED ? YAO_OK : status;
}

/* ---- its list ---- */

/* The number at the end of one of our addresses; 0: not ours. */
static yao_status list_number(const judging *j, yao_text uri, int64_t *ret)
{
    int64_t  number = 0, scale = 1;
    yao_text own;

    *ret = 0;
    for (size_t at = uri.len; at > 0 && uri.len - at < 9; at--) {
        uint8_t digit = (uint8_t)(uri.ptr[at - 1] - '0');
        if (digit > 9)
            break;
        number += digit * scale;
        scale *= 10;
    }
    YAO_TRY(lists_uri(j->e->a, number, j->e->arena, &own));
    if (yao_text_equal(own, uri))
        *ret = number;
    return YAO_OK;
}

static yao_status open_list(judging *j, yao_text uri)
{
    const enrol           *e      = j->e;
    yao_report            *report = yao_arena_take(e->arena, sizeof *report);
    yao_statuslist_options options = {.anchors      = j->anchors,
                                      .anchor_count = j->anchor_count,
                                      .now          = e->now,
                                      .skew         = NETCERT_SKEW,
                                      .uri          = uri};
    store_status_token     token;
    int64_t                number;

    if (report == NULL)
        return YAO_E_SPACE;
    *report = (yao_report){.count = 0};
    YAO_TRY(list_number(j, uri, &number));
    if (number == 0)
        return YAO_E_REFUSED;
    YAO_TRY(store_get_status_token(e->a->store, number, e->arena, &token));
    return app_status_list_open(
        e->a->crypto,
        &(app_status_token){.bytes   = token.jwt,
                            .form    = YAO_STATUSLIST_JWT,
                            .options = &options},
        e->arena, &j->list, report);
}

/* ---- judging ---- */

static yao_status look(judging *j, yao_result_document *ret,
                       yao_verdict *verdict)
{
    yao_result *result;

    YAO_TRY(yao_verify(j->e->arena, j->e->a->crypto, j->input, &j->options,
                       &result));
    if (result->document_count != 1 || !result->documents[0].authentic ||
        !result->documents[0].bound ||
        !yao_text_equal(result->documents[0].type, VCT))
        return YAO_E_REFUSED;
    *ret     = result->documents[0];
    *verdict = result->verdict;
    return YAO_OK;
}

static yao_status find_number(const judging *j, const yao_result_document *d,
                              yao_text *ret)
{
    for (size_t i = 0; i < d->attribute_count; i++) {
        const yao_json *value;
        if (!yao_text_equal(d->attributes[i].name, CLAIM))
            continue;
        YAO_TRY(yao_json_parse(j->e->arena,
                               yao_text_bytes(d->attributes[i].json), &value));
        return yao_json_string(value, j->e->arena, ret);
    }
    return YAO_E_REFUSED;
}

/* First for its list's address, then with the list. */
static yao_status judge(judging *j, yao_text *ret)
{
    yao_result_document document;
    yao_verdict         verdict;

    YAO_TRY(add_roots(j));
    j->options.anchors      = j->anchors;
    j->options.anchor_count = j->anchor_count;
    YAO_TRY(look(j, &document, &verdict));
    YAO_TRY(open_list(j, document.status_uri));
    j->options.lists      = &j->list;
    j->options.list_count = 1;
    YAO_TRY(look(j, &document, &verdict));
    if (verdict != YAO_VERDICT_ACCEPT)
        return YAO_E_REFUSED;
    return find_number(j, &document, ret);
}

/* What only the outside can be blamed for is not the party's fault. */
static yao_status refused(yao_status status)
{
    switch (status) {
    case YAO_OK:
    case YAO_E_SPACE:
    case YAO_E_STORE:
    case YAO_E_LOCKED:
    case YAO_E_FILE:
    case YAO_E_CRYPTO:
        return status;
    default:
        return YAO_E_REFUSED;
    }
}

yao_status netcert_read_shown(const enrol *e, const netcert_asker *asker,
                              const netcert_question *q, yao_text *ret)
{
    judging *j = yao_arena_take(e->arena, sizeof *j);

    if (j == NULL)
        return YAO_E_SPACE;
    *j = (judging){.e       = e,
                   .input   = yao_text_bytes(q->presentation),
                   .options = {.format = YAO_FORMAT_SDJWT_VC,
                               .now    = e->now,
                               .skew   = NETCERT_SKEW,
                               .nonce  = q->nonce}};
    YAO_TRY(netcert_audience(e->a, asker->party.certificate, e->arena,
                             &j->options.audience));
    return refused(judge(j, ret));
}
