/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/registered.h"

/* What a profile asks at one of its steps, of one who asks. */
typedef struct right {
    const yao_catalogue   *catalogue;
    const yao_trust_party *party;
    const yao_profile     *profile;
    uint32_t               step;
    const yao_element     *chosen; /* of several of which one is asked */
} right;

/* The page of a booklet, "m02", where SPACE is one's; else its last letters,
 * at which nobody looks. */
static yao_text page_of(yao_text space)
{
    return space.len < 3 ? (yao_text){NULL, 0}
                         : (yao_text){space.ptr + space.len - 3, 3};
}

static bool asks(right *r, const yao_definition *d, const yao_element *e,
                 yao_text page)
{
    if (!yao_profile_asks_at(r->profile, r->step, d, e, page))
        return false;
    if (!yao_profile_chooses(r->profile, r->step, d, e))
        return true;
    if (r->chosen != NULL && r->chosen != e)
        return false;
    r->chosen = e;
    return true;
}

static bool covers(right *r, yao_text doc_type,
                   const yao_mdoc_wanted *wanted)
{
    const yao_definition *d = yao_document_by_type(r->catalogue, doc_type);

    if (d == NULL || r->profile->match_only)
        return false;

    const yao_element *e =
        yao_document_element(d, wanted->name_space, wanted->element);
    return e != NULL && asks(r, d, e, page_of(wanted->name_space));
}

static bool covers_all(right *r, const yao_mdoc_doc_request *request)
{
    for (size_t i = 0; i < request->element_count; i++) {
        const yao_mdoc_wanted *wanted = &request->elements[i];

        if (wanted->retain &&
            (r->party->retention_days == 0 || r->profile->retention == 0))
            return false;
        if (!covers(r, request->doc_type, wanted))
            return false;
    }
    return true;
}

/* All COUNT of them at one step of one profile. */
static yao_status check(const yao_catalogue        *catalogue,
                        const yao_trust_party      *party,
                        const yao_mdoc_doc_request *requests, size_t count,
                        const yao_profile **ret)
{
    if (party->state != YAO_PARTY_ACTIVE)
        return YAO_E_SUSPENDED;
    for (size_t i = 0; i < party->profile_count; i++) {
        right r = {.catalogue = catalogue, .party = party};

        r.profile = yao_profile_by_name(catalogue, party->profiles[i]);
        if (r.profile == NULL)
            continue;
        for (r.step = 1; r.step <= YAO_PROFILE_STEPS; r.step++) {
            size_t good = 0;

            r.chosen = NULL;
            while (good < count && covers_all(&r, &requests[good]))
                good++;
            if (good < count)
                continue;
            *ret = r.profile;
            return YAO_OK;
        }
    }
    return YAO_E_NOT_AUTHORISED;
}

yao_status yao_prox_check_asked(const yao_catalogue        *catalogue,
                                const yao_trust_party      *party,
                                const yao_mdoc_doc_request *request,
                                const yao_profile         **ret)
{
    return check(catalogue, party, request, 1, ret);
}

yao_status yao_prox_check_together(const yao_catalogue    *catalogue,
                                   const yao_trust_party  *party,
                                   const yao_mdoc_request *request,
                                   const yao_profile     **ret)
{
    if (request->document_count == 0)
        return YAO_E_NOT_AUTHORISED;
    return check(catalogue, party, request->documents,
                 request->document_count, ret);
}
