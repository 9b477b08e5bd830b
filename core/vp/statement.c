/* SPDX-License-Identifier: Apache-2.0 */
#include "vp/statement.h"

#include "base/letters.h"
#include "vp/parts.h"

/* ---- the wallet --------------------------------------------------------- */

static bool can_check(const yao_vp_statement_terms *t)
{
    for (size_t i = 0; i < t->anchor_count; i++)
        if (t->anchors[i].role == YAO_ROLE_TRUST)
            return true;
    return false;
}

/* Ours in INFOS, which may be of any shape: request_read.c refuses others. */
static yao_status find(const yao_json *infos, const yao_json **ret)
{
    *ret = NULL;
    if (infos == NULL || infos->kind != YAO_JSON_ARRAY)
        return YAO_OK;
    for (const yao_json *i = infos->first; i != NULL; i = i->next) {
        if (!yao_json_is(yao_json_get(i, "format"), YAO_VP_STATEMENT))
            continue;
        if (*ret != NULL)
            return YAO_E_DUPLICATE;
        *ret = i;
    }
    return YAO_OK;
}

static yao_status parse(yao_arena *arena, yao_bytes list,
                        yao_trust_unverified *ret)
{
    if (list.len > YAO_VP_MAX_STATEMENT)
        return YAO_E_LIMIT;
    YAO_TRY(yao_trust_parse(arena, list, true, ret));
    return ret->said.kind == YAO_TRUST_PARTIES && ret->said.party_count == 1
               ? YAO_OK
               : YAO_E_MALFORMED;
}

static yao_status begin(yao_arena *arena, const yao_vp_statement_terms *terms,
                        yao_bytes list, yao_vp_statement *s)
{
    const yao_trust_options options = {.wanted       = YAO_TRUST_PARTIES,
                                       .anchors      = terms->anchors,
                                       .anchor_count = terms->anchor_count,
                                       .now          = terms->now,
                                       .skew         = YAO_VP_SKEW,
                                       .strict       = true};

    YAO_TRY(parse(arena, list, &s->said));
    s->report = (yao_report){.count = 0};
    return yao_trust_begin(arena, terms->crypto, &s->said, &options,
                           &s->verification, &s->report);
}

yao_status yao_vp_begin_statement_list(yao_arena                    *arena,
                                       const yao_vp_statement_terms *terms,
                                       yao_bytes                     list,
                                       yao_vp_statement            **ret)
{
    yao_vp_statement *s;

    if (list.len == 0 || !can_check(terms)) {
        *ret = NULL;
        return YAO_OK;
    }
    s = yao_arena_take(arena, sizeof *s);
    if (s == NULL)
        return YAO_E_SPACE;
    YAO_TRY(begin(arena, terms, list, s));
    *ret = s;
    return YAO_OK;
}

yao_status yao_vp_begin_statement(yao_arena                    *arena,
                                  const yao_vp_statement_terms *terms,
                                  const yao_json               *infos,
                                  yao_vp_statement            **ret)
{
    const yao_json *info;
    yao_text        letters;
    yao_bytes       list;

    YAO_TRY(find(infos, &info));
    if (info == NULL || !can_check(terms)) {
        *ret = NULL;
        return YAO_OK;
    }
    YAO_TRY(yao_json_string(yao_json_get(info, "data"), arena, &letters));
    if (letters.len > YAO_VP_MAX_STATEMENT / 3 * 4 + 4)
        return YAO_E_LIMIT;
    YAO_TRY(yao_letters_decode(arena, yao_text_bytes(letters), &list));
    return list.len == 0
               ? YAO_E_MALFORMED
               : yao_vp_begin_statement_list(arena, terms, list, ret);
}

yao_status yao_vp_conclude_statement(yao_arena *arena, yao_vp_statement *s)
{
    return yao_trust_conclude(&s->verification, arena, &s->list, &s->report);
}

/* ---- the verifier ------------------------------------------------------- */

/* Its signature is for wallets to look at: who sends it loses nothing by one
 * that is not good but the answer. */
static bool is_for(const yao_crypto *crypto, const yao_trust_unverified *u,
                   const yao_certificate *c, yao_time now)
{
    const yao_trust_verified list = {.content = u->said};
    const yao_trust_party   *party;

    return now >= u->said.issued_at && now < u->said.expires &&
           yao_trust_find_asker(crypto, &list, c, &party) == YAO_OK;
}

yao_status yao_vp_fit_statement(yao_arena *arena, const yao_crypto *crypto,
                                yao_bytes              list,
                                const yao_certificate *certificate,
                                yao_time now, yao_bytes *ret)
{
    yao_trust_unverified *u = yao_arena_take(arena, sizeof *u);

    if (u == NULL)
        return YAO_E_SPACE;
    *ret = (yao_bytes){NULL, 0};
    if (list.len != 0 && parse(arena, list, u) == YAO_OK &&
        is_for(crypto, u, certificate, now))
        *ret = list;
    return YAO_OK;
}

yao_status yao_vp_make_statement_info(yao_arena             *arena,
                                      const yao_crypto      *crypto,
                                      yao_bytes              list,
                                      const yao_certificate *certificate,
                                      yao_time now, yao_bytes *ret)
{
    yao_bytes fit;

    YAO_TRY(yao_vp_fit_statement(arena, crypto, list, certificate, now, &fit));
    *ret = fit;
    if (fit.len == 0)
        return YAO_OK;
    yao_writer w = yao_writer_in(arena);
    yao_put_text(&w, "[{\"format\":\"" YAO_VP_STATEMENT "\",\"data\":\"");
    yao_put_base64url(&w, fit);
    yao_put_text(&w, "\"}]");
    return yao_writer_keep(&w, arena, ret);
}
