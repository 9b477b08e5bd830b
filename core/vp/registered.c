/* SPDX-License-Identifier: Apache-2.0 */
#include "vp/registered.h"

#include "base/copy.h"

/* Letters of a claim's path, with its dots. */
enum { MAX_CLAIM = 256, PAGE = 3 /* "m02" */ };

/* What a profile asks at one of its steps: what comes afterwards is no part of
 * what comes first. */
typedef struct part {
    const yao_profile  *profile;
    uint32_t            step;
    const yao_element **chosen; /* of several of which one is asked */
} part;

static bool asks(const part *p, const yao_definition *d, const yao_element *e,
                 yao_text page)
{
    if (!yao_profile_asks_at(p->profile, p->step, d, e, page))
        return false;
    if (!yao_profile_chooses(p->profile, p->step, d, e))
        return true;
    if (*p->chosen != NULL && *p->chosen != e)
        return false;
    *p->chosen = e;
    return true;
}

/* ---- a claim of an mdoc ------------------------------------------------- */

static bool asks_mdoc(const part *p, const yao_definition *d,
                      const yao_dcql_claim *claim)
{
    yao_text           space = claim->path[0].name;
    const yao_element *e =
        yao_document_element(d, space, claim->path[1].name);
    yao_text page = {NULL, 0};

    if (space.len >= PAGE)
        page = (yao_text){space.ptr + space.len - PAGE, PAGE};
    return e != NULL && asks(p, d, e, page);
}

/* ---- a claim of an SD-JWT ----------------------------------------------- */

/* The names that a path begins with, with dots between; ENDS says where each
 * ends. */
typedef struct joined {
    uint8_t letters[MAX_CLAIM];
    size_t  len;
    size_t  ends[YAO_DCQL_MAX_PATH];
    size_t  count;
} joined;

static bool join(const yao_dcql_claim *claim, joined *j)
{
    j->len = j->count = 0;
    for (size_t i = 0; i < claim->path_count; i++) {
        const yao_dcql_step *step = &claim->path[i];

        if (step->kind != YAO_DCQL_NAME)
            break;
        if (step->name.len + 1 > MAX_CLAIM - j->len)
            return false;
        if (i != 0)
            j->letters[j->len++] = '.';
        yao_copy(j->letters + j->len, yao_text_bytes(step->name));
        j->len += step->name.len;
        j->ends[j->count++] = j->len;
    }
    return j->count != 0;
}

/* Does the claim of E lie in what J names? */
static bool lies_in(const joined *j, const yao_element *e)
{
    return e->claim.len > j->len && e->claim.ptr[j->len] == '.' &&
           yao_same(e->claim.ptr, j->letters, j->len);
}

/* An object is asked for with all that may be in it. */
static bool asks_inner(const part *p, const yao_definition *d,
                       const joined *j)
{
    bool any = false;

    for (size_t i = 0; i < d->element_count; i++) {
        const yao_element *e = &d->elements[i];

        if (!lies_in(j, e))
            continue;
        if (!asks(p, d, e, (yao_text){NULL, 0}))
            return false;
        any = true;
    }
    return any;
}

static bool asks_sdjwt(const part *p, const yao_definition *d,
                       const yao_dcql_claim *claim)
{
    joined j;

    if (!join(claim, &j))
        return false;
    for (size_t n = j.count; n > 0; n--) {
        const yao_element *e =
            yao_document_claim(d, (yao_text){j.letters, j.ends[n - 1]});

        if (e != NULL)
            return asks(p, d, e, (yao_text){j.letters, j.ends[0]});
    }
    return asks_inner(p, d, &j);
}

/* ---- a document --------------------------------------------------------- */

static bool asks_document(const part *p, const yao_definition *d)
{
    for (size_t i = 0; i < p->profile->ask_count; i++)
        if (p->profile->asks[i].definition == d &&
            p->profile->asks[i].step == p->step)
            return true;
    return false;
}

static bool asks_claim(const part *p, const yao_definition *d,
                       const yao_dcql_credential *c,
                       const yao_dcql_claim      *claim)
{
    if (claim->retain && p->profile->retention == 0)
        return false;
    if (p->profile->match_only && claim->value_count != 1)
        return false;
    return c->format == YAO_DCQL_MDOC ? asks_mdoc(p, d, claim)
                                      : asks_sdjwt(p, d, claim);
}

/* How many claims of C come before the first that is too much; all of them and
 * one when none is. */
static size_t reach(const yao_catalogue *catalogue, const part *p,
                    const yao_dcql_credential *c, size_t *claim)
{
    *claim = YAO_DCQL_NONE;
    if (p->profile->match_only && c->claim_set_count != 0)
        return 0; /* one set after the other would be a guess each */
    for (size_t t = 0; t < c->type_count; t++) {
        const yao_definition *d = yao_document_by_type(catalogue, c->types[t]);

        if (d == NULL || !asks_document(p, d))
            return 0;
        for (size_t i = 0; i < c->claim_count; i++)
            if (!asks_claim(p, d, c, &c->claims[i])) {
                *claim = i;
                return i;
            }
    }
    return c->claim_count + 1;
}

/* ---- a request ---------------------------------------------------------- */

/* Who compares has one value, and does not guess: another query for a document
 * of the same type would be a second try. */
static bool asks_again(const part *p, const yao_dcql_query *query, size_t at)
{
    const yao_dcql_credential *c = &query->credentials[at];

    for (size_t i = 0; p->profile->match_only && i < at; i++) {
        const yao_dcql_credential *other = &query->credentials[i];

        for (size_t t = 0; other->format == c->format && t < c->type_count;
             t++)
            if (yao_document_lists(other->types, other->type_count,
                                   c->types[t]))
                return true;
    }
    return false;
}

/* Does P ask for all of QUERY? FAR says how much of it, EXCESS what is the first
 * thing that it does not ask for. */
static bool covers(const yao_catalogue *c, const part *p,
                   const yao_dcql_query *query, size_t *far,
                   yao_vp_excess *excess)
{
    *far = 1;
    for (size_t i = 0; i < query->credential_count; i++) {
        const yao_dcql_credential *credential = &query->credentials[i];
        size_t                     claim = YAO_DCQL_NONE, reached;

        if (credential->format == YAO_DCQL_OTHER)
            continue;
        reached = asks_again(p, query, i) ? 0 : reach(c, p, credential, &claim);
        *far += reached;
        if (reached <= credential->claim_count) {
            *excess = (yao_vp_excess){i, claim};
            return false;
        }
    }
    return true;
}

/* At one step or the other; of none that which comes nearest. */
static bool covers_step(const yao_catalogue *c, const yao_profile *profile,
                        const yao_dcql_query *query, size_t *far,
                        yao_vp_excess *excess)
{
    yao_vp_excess here;
    size_t        reached;

    *far = 0;
    for (uint32_t step = 1; step <= YAO_PROFILE_STEPS; step++) {
        const yao_element *chosen = NULL;
        const part         p      = {profile, step, &chosen};

        if (covers(c, &p, query, &reached, &here))
            return true;
        if (reached > *far) {
            *far    = reached;
            *excess = here;
        }
    }
    return false;
}

uint32_t yao_vp_step_of(const yao_catalogue *c, const yao_profile *profile,
                        const yao_dcql_query *query)
{
    yao_vp_excess excess;
    size_t        far;

    for (uint32_t step = 1; step <= YAO_PROFILE_STEPS; step++) {
        const yao_element *chosen = NULL;
        const part         p      = {profile, step, &chosen};

        if (covers(c, &p, query, &far, &excess))
            return step;
    }
    return 0;
}

yao_status yao_vp_check_registered(const yao_catalogue   *c,
                                   const yao_trust_party *party,
                                   const yao_dcql_query  *query,
                                   const yao_profile    **ret,
                                   yao_vp_excess         *excess)
{
    yao_vp_excess nearest = {0, YAO_DCQL_NONE}, here;
    size_t        best    = 0, far;

    if (party == NULL)
        return YAO_E_USAGE;
    for (size_t i = 0; i < party->profile_count; i++) {
        const yao_profile *profile =
            yao_profile_by_name(c, party->profiles[i]);

        if (profile == NULL || !yao_trust_may_ask(party, party->profiles[i]))
            continue;
        if (covers_step(c, profile, query, &far, &here)) {
            *ret = profile;
            return YAO_OK;
        }
        if (far > best) {
            best    = far;
            nearest = here;
        }
    }
    *excess = nearest;
    return YAO_E_NOT_AUTHORISED;
}
