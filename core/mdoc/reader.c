/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/reader_auth.h"

/* One signature of a reader. */
typedef struct auth {
    const yao_cose_message *message;
    int32_t                 document; /* -1: it is for all */
    yao_status              begun;    /* the first thing that is wrong */
    size_t                  first;    /* of its checks: the path's, then its
                                         own */
    yao_x509_path           path;
} auth;

typedef struct auths {
    size_t count;
    auth  *items; /* those of the documents, then those for all */
} auths;

typedef struct judge {
    yao_arena                     *arena;
    const yao_mdoc_reader_options *options;
    yao_mdoc_readers              *readers;
    yao_report                    *report;
} judge;

/* What the signature of A is over. */
static yao_status signed_parts(const judge *j, const auth *a,
                               yao_mdoc_signed_parts *ret)
{
    const yao_mdoc_request *q = j->readers->input;
    yao_bytes               items[YAO_MAX_DOCUMENTS];

    if (a->document >= 0)
        return yao_mdoc_reader_authentication(
            j->arena, j->options->transcript,
            q->documents[a->document].items, ret);

    for (size_t i = 0; i < q->document_count; i++)
        items[i] = q->documents[i].items;
    return yao_mdoc_reader_authentication_all(
        j->arena, j->options->transcript, items, q->document_count, q->info,
        ret);
}

/* Its path and its own signature become checks. Errors: YAO_E_SPACE. */
static yao_status judge_auth(judge *j, auth *a)
{
    const yao_mdoc_reader_options *o = j->options;
    yao_mdoc_readers              *v = j->readers;
    yao_mdoc_signed_parts          parts;

    a->first = v->check_count;
    a->begun = yao_x509_find_path(
        a->message->chain, a->message->chain_count, o->anchors,
        o->anchor_count, YAO_ROLE_READER, YAO_TEXT(""), o->now, o->strict,
        &a->path, j->report, a->document);
    if (a->begun != YAO_OK)
        return YAO_OK;
    for (size_t i = 0; i < a->path.check_count; i++)
        v->checks[v->check_count++] = a->path.checks[i];

    YAO_TRY(signed_parts(j, a, &parts));
    a->begun = yao_cose_check_sign1(a->message, &a->path.leaf.key, parts.parts,
                                    parts.count, j->arena,
                                    &v->checks[v->check_count]);
    if (a->begun == YAO_E_SPACE)
        return a->begun;
    if (a->begun == YAO_OK)
        v->checks[v->check_count++].key_repeats = true;
    return YAO_OK;
}

static yao_status take_room(yao_arena *arena, yao_mdoc_readers *v, auths **ret)
{
    const yao_mdoc_request *q     = v->input;
    size_t                  count = q->all_count;

    for (size_t i = 0; i < q->document_count; i++)
        count += q->documents[i].has_auth;

    auths *a = yao_arena_take(arena, sizeof *a);
    if (a == NULL)
        return YAO_E_SPACE;
    a->items  = yao_arena_take_array(arena, count, sizeof *a->items);
    v->checks = yao_arena_take_array(arena, count * (YAO_MAX_CHAIN + 1),
                                     sizeof *v->checks);
    if (a->items == NULL || v->checks == NULL)
        return YAO_E_SPACE;

    *ret = a;
    return YAO_OK;
}

yao_status yao_mdoc_begin_readers(yao_arena *arena,
                                  const yao_mdoc_request        *input,
                                  const yao_mdoc_reader_options *options,
                                  yao_mdoc_readers *ret, yao_report *report)
{
    yao_mdoc_readers v = {.input = input};
    judge            j = {arena, options, &v, report};
    auths           *a = NULL;

    if (options->now < 0 || options->now > YAO_TIME_MAX ||
        options->transcript.len == 0)
        return YAO_E_USAGE;
    YAO_TRY(take_room(arena, &v, &a));

    for (size_t i = 0; i < input->document_count; i++)
        if (input->documents[i].has_auth)
            a->items[a->count++] = (auth){.message = &input->documents[i].auth,
                                          .document = (int32_t)i};
    for (size_t i = 0; i < input->all_count; i++)
        a->items[a->count++] = (auth){.message  = &input->all[i],
                                      .document = -1};
    for (size_t i = 0; i < a->count; i++)
        YAO_TRY(judge_auth(&j, &a->items[i]));

    v.internal = a;
    *ret       = v;
    return YAO_OK;
}

/* ---- after the home has answered ---------------------------------------- */

static yao_status answer_to(const yao_signature_check *check)
{
    switch (check->outcome) {
    case YAO_SIG_GOOD:        return YAO_OK;
    case YAO_SIG_BAD:         return YAO_E_BAD_SIGNATURE;
    case YAO_SIG_UNSUPPORTED: return YAO_E_UNSUPPORTED;
    default:                  return YAO_E_CRYPTO; /* nobody looked */
    }
}

/* What became of A: a wrong signature before one that nobody checked. */
static yao_status status_of(const yao_mdoc_readers *v, const auth *a)
{
    yao_status worst = a->begun;

    for (size_t i = 0; worst == YAO_OK && i < a->path.check_count + 1; i++)
        worst = answer_to(&v->checks[a->first + i]);
    for (size_t i = 0; a->begun == YAO_OK && i < a->path.check_count + 1; i++)
        if (v->checks[a->first + i].outcome == YAO_SIG_BAD)
            worst = YAO_E_BAD_SIGNATURE;
    return worst;
}

static yao_mdoc_reader reader_of(const auth *a, yao_status status)
{
    yao_mdoc_reader reader = {.why = status};

    if (status == YAO_OK) {
        reader.state       = YAO_MDOC_READER_GOOD;
        reader.certificate = &a->path.leaf;
    } else
        reader.state = status >= YAO_E_CRYPTO ? YAO_MDOC_READER_UNKNOWN
                                              : YAO_MDOC_READER_BAD;
    return reader;
}

/* Whose signature speaks for the document: its own, which comes first; of those
 * for all the first that is good, for a holder need not know every root
 * (12.5). */
static bool speaks_before(const yao_mdoc_reader *now, yao_status status)
{
    if (now->state == YAO_MDOC_READER_ABSENT)
        return true;
    return now->state != YAO_MDOC_READER_GOOD && status == YAO_OK;
}

static void put_rows(const yao_mdoc_readers *v, const auth *a, int32_t index,
                     yao_report *report)
{
    size_t     in_path = a->path.check_count;
    yao_status status  = YAO_OK;

    if (a->begun != YAO_OK)
        return; /* the rows of its beginning say why */
    for (size_t i = 0; status == YAO_OK && i < in_path; i++)
        status = answer_to(&v->checks[a->first + i]);
    if (in_path != 0)
        (void)yao_report_put(report, index, YAO_CHECK_CHAIN_SIGNATURE, status);
    (void)yao_report_put(report, index, YAO_CHECK_ISSUER_SIGNATURE,
                         answer_to(&v->checks[a->first + in_path]));
}

yao_status yao_mdoc_conclude_reader(const yao_mdoc_readers *readers,
                                    size_t index, yao_mdoc_reader *ret,
                                    yao_report *report)
{
    const auths    *all  = readers->internal;
    yao_mdoc_reader best = {.why = YAO_E_MISSING};
    bool            own  = false, wrong = false;

    if (all == NULL || index >= readers->input->document_count)
        return YAO_E_USAGE;
    for (size_t i = 0; i < all->count; i++) {
        const auth *a = &all->items[i];

        if (a->document >= 0 && a->document != (int32_t)index)
            continue;
        yao_status status = status_of(readers, a);
        wrong             = wrong || status == YAO_E_BAD_SIGNATURE;
        if (!own && speaks_before(&best, status))
            best = reader_of(a, status);
        own = own || a->document >= 0;
        put_rows(readers, a, (int32_t)index, report);
    }
    if (wrong)
        best = reader_of(NULL, YAO_E_BAD_SIGNATURE);

    *ret = best;
    return YAO_OK;
}
