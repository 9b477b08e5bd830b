/* SPDX-License-Identifier: Apache-2.0 */
#include "app/judging.h"

#include "policy/asking.h"

/* Does a document name a list that was still packed? It is not any more. */
static bool unpack_lists(const app_judging *j, const yao_result *r)
{
    bool any = false;

    for (size_t i = 0; i < r->document_count && j->packed != NULL; i++) {
        yao_text uri = r->documents[i].status_uri;

        if (uri.len > 0)
            any = app_trusting_unpack(j->packed, uri) || any;
    }
    return any;
}

yao_status app_judging_input(const app_judging *j, yao_arena *arena,
                             yao_bytes input, yao_result **ret)
{
    yao_verify_options options = *j->options;

    options.challenge = j->challenge->bytes;
    YAO_TRY(yao_policy_ask(arena, j->profile, j->choice, input, &options));

    yao_result *result;
    YAO_TRY(yao_verify(arena, j->crypto, input, &options, &result));
    if (unpack_lists(j, result))
        YAO_TRY(yao_verify(arena, j->crypto, input, &options, &result));

    *ret = result;
    return YAO_OK;
}

yao_status app_judging_code(const app_judging *j, yao_arena *arena,
                            const app_code *code, bool *opened,
                            yao_result **ret)
{
    yao_bytes plain = code->content;

    *opened = false;
    if (code->kind == APP_CODE_SEALED) {
        YAO_TRY(app_challenge_unseal(j->crypto, j->challenge, code->content,
                                     arena, &plain));
        *opened = true;
    } else if (code->kind != APP_CODE_DOCUMENT) {
        return YAO_E_MALFORMED;
    }
    return app_judging_input(j, arena, plain, ret);
}

yao_status app_judging_check_list(const yao_trust_content *content,
                                  yao_time                 now)
{
    if (now < content->issued_at - APP_JUDGING_SKEW)
        return YAO_E_NOT_YET_VALID;
    if (content->expires != YAO_TIME_NONE && now > content->expires)
        return YAO_E_EXPIRED;
    return YAO_OK;
}

bool app_judging_tells(const void *judging, const yao_result_document *document,
                       const yao_attribute *a)
{
    const app_judging    *j = judging;
    const yao_definition *d =
        yao_document_by_type(j->options->catalogue, document->type);
    const yao_element *e = NULL;

    if (j->quiet)
        return false;
    if (j->profile == NULL)
        return true;
    if (d != NULL)
        e = a->space.len > 0 ? yao_document_element(d, a->space, a->name)
                             : yao_document_claim(d, a->name);
    return e != NULL && yao_policy_asks_for(j->profile, j->choice, d, e);
}
