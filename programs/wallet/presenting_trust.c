/* SPDX-License-Identifier: Apache-2.0 */

/* Whom this wallet believes to be whom, and what they registered: by the list
 * of relying parties in a bundle; without one by what the registrar wrote into
 * the certificate. */

#include "wallet/presenting.h"

#include <string.h>

#include "trust/right.h"
#include "vp/registered.h"

/* ---- terms -------------------------------------------------------------- */

int yao_presenting_take_trust(yao_presenting *s)
{
    int code = yao_wallet_open_for(s->call, &s->wallet);

    if (code != 0)
        return code;
    yao_wallet_look_at_clock(s->call, s->crypto);
    s->now     = yao_wallet_now();
    s->trusted = (yao_verify_options){.now = s->now, .skew = 60};
    code = app_trusting_take(&s->trust, s->call, s->crypto, &s->arena,
                             &s->trusted);
    s->catalogue = app_trusting_catalogue(&s->trust);
    return code != 0 ? code : yao_wallet_see_lists(s->wallet, &s->trust);
}

/* The first list that names relying parties. Who is not in it is nobody. */
static const yao_trust_verified *list_of(const yao_presenting *s)
{
    for (size_t i = 0; i < s->trust.count; i++)
        if (s->trust.bundles[i].list.content.kind == YAO_TRUST_BUNDLE)
            return &s->trust.bundles[i].list;
    return NULL;
}

/* Who signs bundles signs what parties bring of them: so that a wallet without
 * a bundle of today knows who asks. */
static yao_status add_trust_root(const yao_presenting *s, yao_anchors *ret)
{
    const char *path = yao_argument(s->call, "trust-anchor");

    if (path == NULL || strncmp(path, "sha256:", 7) == 0)
        return YAO_OK;
    return yao_anchors_add_file(ret, (yao_arena *)(uintptr_t)&s->arena, path,
                                YAO_ROLE_TRUST);
}

yao_status yao_presenting_set_terms(yao_presenting *s)
{
    yao_vp_terms *terms = &s->options.terms;
    yao_anchors   trust = {.count = 0};
    size_t        own   = s->wallet->root_count;
    size_t        all   = own + s->trusted.anchor_count;

    YAO_TRY(add_trust_root(s, &trust));
    yao_anchor *list = yao_arena_take_array(&s->arena, all + trust.count + 1,
                                            sizeof *list);
    if (list == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < trust.count; i++)
        list[all + i] = trust.list[i];
    memcpy(list, s->wallet->roots, own * sizeof *list);
    for (size_t i = own; i < all; i++)
        list[i] = s->trusted.anchors[i - own];
    terms->anchors      = list;
    terms->anchor_count = all + trust.count;
    terms->parties      = list_of(s);
    terms->registered   = terms->parties != NULL || trust.count > 0;
    terms->catalogue    = s->catalogue;
    return YAO_OK;
}

/* ---- what was registered ------------------------------------------------ */

/* As if it stood in a list: what the registrar wrote into its certificate. */
static yao_status party_of(yao_presenting *s, yao_trust_party *ret)
{
    const yao_certificate *certificate = &s->request->certificate;
    size_t                 most        = s->catalogue->profile_count;
    yao_text *names = yao_arena_take_array(&s->arena, most + 1, sizeof *names);
    size_t    count = 0;

    if (names == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < most; i++)
        if (yao_trust_certified(&s->catalogue->profiles[i], certificate))
            names[count++] = s->catalogue->profiles[i].name;
    *ret = (yao_trust_party){.profiles      = names,
                             .profile_count = count,
                             .state         = YAO_PARTY_ACTIVE};
    return YAO_OK;
}

/* Of who is in the list the machine looked. */
yao_status yao_presenting_check_asked(yao_presenting *s)
{
    const yao_vp_request *q = s->request;
    yao_trust_party       party;
    yao_vp_excess         excess;

    s->profile = q->profile;
    if (!q->is_signed || q->party != NULL)
        return YAO_OK;
    YAO_TRY(party_of(s, &party));
    YAO_TRY(yao_vp_check_registered(s->catalogue, &party, &q->query,
                                    &s->profile, &excess));
    return q->pseudonym && !s->profile->pseudonym ? YAO_E_NOT_AUTHORISED
                                                  : YAO_OK;
}

/* ---- for the person ----------------------------------------------------- */

yao_text yao_presenting_party(const yao_presenting *s)
{
    const yao_vp_request *q = s->request;

    if (q->party != NULL)
        return yao_language_get() == YAO_EN && q->party->name_en.len != 0
                   ? q->party->name_en
                   : q->party->name;
    if (!q->is_signed)
        return YAO_TEXT("?");
    return q->certificate.organisation.len != 0 ? q->certificate.organisation
                                                : q->certificate.common_name;
}

uint64_t yao_presenting_days(const yao_presenting *s)
{
    const yao_trust_party *party = s->request->party;
    uint64_t               days  = s->profile->retention;

    return party != NULL && party->retention_days < days
               ? party->retention_days
               : days;
}
