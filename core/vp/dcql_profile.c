/* SPDX-License-Identifier: Apache-2.0 */
/* A query from a profile of the catalogue. */
#include "vp/dcql_parts.h"

/* A query that is being made. */
typedef struct making {
    yao_arena           *arena;
    const yao_dcql_wish *wish;
    yao_dcql_credential  credentials[YAO_DCQL_MAX_CREDENTIALS];
    size_t               credential_count;
    yao_dcql_set         sets[YAO_DCQL_MAX_SETS];
    size_t               set_count;
    bool                 choices; /* the sets say something */
} making;

/* One ask in one format. */
typedef struct part {
    making          *m;
    const yao_ask   *ask;
    yao_dcql_format  format;
    yao_requirements required; /* in the order of its elements; the choice that
                                  was made comes last */
} part;

/* ---- values ---- */

/* Our name of requirement AT. */
static yao_status name_of(const part *p, size_t at, yao_text *ret)
{
    if (at >= p->ask->element_count)
        return yao_ask_choose(p->ask, p->m->wish->choice, ret);

    *ret = p->ask->elements[at];
    return YAO_OK;
}

static const yao_dcql_value *known_value(const yao_dcql_wish *wish,
                                         yao_text             name)
{
    for (size_t i = 0; i < wish->known_count; i++)
        if (yao_text_equal(wish->known[i].name, name))
            return &wish->known[i].value;
    return NULL;
}

/* "Aged 18 or over?" is asked to hear a yes. */
static const yao_dcql_value yes = {.kind = YAO_JSON_BOOL, .truth = true};

static yao_status set_values(const part *p, size_t at, yao_dcql_claim *ret)
{
    yao_text              name;
    const yao_dcql_value *value;

    YAO_TRY(name_of(p, at, &name));
    value = known_value(p->m->wish, name);
    if (value == NULL && p->required.items[at].yes)
        value = &yes;
    if (value == NULL)
        return p->m->wish->profile->match_only ? YAO_E_MISSING : YAO_OK;

    ret->values      = value;
    ret->value_count = 1;
    return YAO_OK;
}

/* ---- paths ---- */

/* "address.formatted" as its steps. */
static yao_status split(yao_arena *arena, yao_text claim, yao_dcql_claim *ret)
{
    yao_dcql_step *steps;
    size_t         count = 1, at = 0;

    for (size_t i = 0; i < claim.len; i++)
        count += claim.ptr[i] == '.';
    if (count > YAO_DCQL_MAX_PATH)
        return YAO_E_LIMIT;
    steps = yao_arena_take_array(arena, count, sizeof *steps);
    if (steps == NULL)
        return YAO_E_SPACE;

    steps[0] = (yao_dcql_step){.kind = YAO_DCQL_NAME, .name = {claim.ptr, 0}};
    for (size_t i = 0; i < claim.len; i++) {
        if (claim.ptr[i] == '.')
            steps[++at] = (yao_dcql_step){.kind = YAO_DCQL_NAME,
                                          .name = {claim.ptr + i + 1, 0}};
        else
            steps[at].name.len++;
    }
    ret->path       = steps;
    ret->path_count = count;
    return YAO_OK;
}

static yao_status set_path(const part *p, const yao_requirement *r,
                           yao_dcql_claim *ret)
{
    yao_dcql_step *steps;

    if (p->format == YAO_DCQL_SDJWT)
        return split(p->m->arena, r->element, ret);
    steps = yao_arena_take_array(p->m->arena, 2, sizeof *steps);
    if (steps == NULL)
        return YAO_E_SPACE;
    steps[0] = (yao_dcql_step){.kind = YAO_DCQL_NAME, .name = r->space};
    steps[1] = (yao_dcql_step){.kind = YAO_DCQL_NAME, .name = r->element};

    ret->path       = steps;
    ret->path_count = 2;
    return YAO_OK;
}

/* ---- ids ---- */

static const char *word_of(yao_dcql_format format)
{
    return format == YAO_DCQL_SDJWT ? "dc+sd-jwt" : "mso_mdoc";
}

/* How many asks of this step up to ASK are of its document. */
static size_t number_of(const making *m, const yao_ask *ask)
{
    const yao_profile *profile = m->wish->profile;
    size_t             number  = 1;

    for (const yao_ask *a = profile->asks; a != ask; a++)
        number += a->step == ask->step && a->definition == ask->definition;
    return number;
}

static yao_status make_id(const part *p, yao_text *ret)
{
    yao_writer w      = yao_writer_in(p->m->arena);
    size_t     number = number_of(p->m, p->ask);
    yao_bytes  id;

    yao_put_bytes(&w, yao_text_bytes(p->ask->definition->name));
    if (number > 1) {
        yao_put_byte(&w, '-');
        yao_put_decimal(&w, (int64_t)number);
    }
    yao_put_text(&w, p->format == YAO_DCQL_SDJWT ? "-sdjwt" : "-mdoc");
    YAO_TRY(yao_writer_keep(&w, p->m->arena, &id));

    *ret = (yao_text){id.ptr, id.len};
    return id.len > YAO_DCQL_MAX_ID ? YAO_E_LIMIT : YAO_OK;
}

/* ---- a credential query ---- */

static yao_status set_claims(const part *p, yao_dcql_credential *ret)
{
    size_t          count = p->required.count;
    yao_dcql_claim *claims =
        yao_arena_take_array(p->m->arena, count, sizeof *claims);

    if (claims == NULL)
        return YAO_E_SPACE;
    if (count > YAO_DCQL_MAX_CLAIMS)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < count; i++) {
        YAO_TRY(set_path(p, &p->required.items[i], &claims[i]));
        YAO_TRY(set_values(p, i, &claims[i]));
        claims[i].retain =
            p->format == YAO_DCQL_MDOC && p->m->wish->profile->retention != 0;
    }
    ret->claims      = claims;
    ret->claim_count = count;
    return YAO_OK;
}

static yao_status set_type(const part *p, yao_dcql_credential *ret)
{
    const yao_definition *d    = p->ask->definition;
    yao_text             *type = yao_arena_take(p->m->arena, sizeof *type);

    if (type == NULL)
        return YAO_E_SPACE;
    *type            = p->format == YAO_DCQL_SDJWT ? d->vct : d->doc_type;
    ret->types       = type;
    ret->type_count  = 1;
    ret->format      = p->format;
    ret->format_name = yao_text_of(word_of(p->format));
    return YAO_OK;
}

static yao_status set_authorities(const making *m, yao_dcql_credential *ret)
{
    yao_dcql_authority *a;

    if (m->wish->authority_count == 0)
        return YAO_OK;
    if (m->wish->authority_count > YAO_DCQL_MAX_VALUES)
        return YAO_E_LIMIT;
    a = yao_arena_take(m->arena, sizeof *a);
    if (a == NULL)
        return YAO_E_SPACE;
    a->kind        = YAO_DCQL_AKI;
    a->type        = YAO_TEXT("aki");
    a->values      = m->wish->authorities;
    a->value_count = m->wish->authority_count;

    ret->authorities     = a;
    ret->authority_count = 1;
    return YAO_OK;
}

/* Does the format have a place for each element? */
static bool has_places(const part *p)
{
    for (size_t i = 0; i < p->required.count; i++) {
        const yao_requirement *r = &p->required.items[i];

        if (r->element.len == 0 ||
            (p->format == YAO_DCQL_MDOC && r->space.len == 0))
            return false;
    }
    return p->required.count != 0;
}

/* Add ASK in FORMAT; its bit is added to OPTIONS as an option of its own. */
static yao_status add_part(making *m, const yao_ask *ask,
                           yao_dcql_format format, yao_dcql_set *set,
                           yao_dcql_credentials *options)
{
    part p = {.m = m, .ask = ask, .format = format};

    YAO_TRY(yao_ask_requirements(m->arena, ask, m->wish->choice,
                                 format == YAO_DCQL_SDJWT, &p.required));
    if (!has_places(&p))
        return YAO_OK;
    if (m->credential_count == YAO_DCQL_MAX_CREDENTIALS)
        return YAO_E_LIMIT;

    yao_dcql_credential *c = &m->credentials[m->credential_count];
    YAO_TRY(make_id(&p, &c->id));
    YAO_TRY(set_type(&p, c));
    YAO_TRY(set_authorities(m, c));
    YAO_TRY(set_claims(&p, c));
    options[set->option_count++] = (yao_dcql_credentials)1
                                   << m->credential_count++;
    return YAO_OK;
}

static yao_status add_ask(making *m, const yao_ask *ask)
{
    yao_dcql_credentials *options =
        yao_arena_take_array(m->arena, 2, sizeof *options);
    yao_dcql_set *set;

    if (options == NULL)
        return YAO_E_SPACE;
    if (m->set_count == YAO_DCQL_MAX_SETS)
        return YAO_E_LIMIT;
    set  = &m->sets[m->set_count];
    *set = (yao_dcql_set){.options = options, .optional = ask->optional};
    if (m->wish->sdjwt)
        YAO_TRY(add_part(m, ask, YAO_DCQL_SDJWT, set, options));
    if (m->wish->mdoc)
        YAO_TRY(add_part(m, ask, YAO_DCQL_MDOC, set, options));
    if (set->option_count == 0)
        return YAO_E_UNSUPPORTED;

    m->set_count++;
    m->choices = m->choices || set->option_count > 1 || set->optional;
    return YAO_OK;
}

/* ---- the query ---- */

static yao_status keep(making *m, yao_dcql_query *ret)
{
    yao_dcql_credential *credentials = yao_arena_take_array(
        m->arena, m->credential_count, sizeof *credentials);
    yao_dcql_set *sets =
        yao_arena_take_array(m->arena, m->set_count, sizeof *sets);

    if (credentials == NULL || sets == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < m->credential_count; i++)
        credentials[i] = m->credentials[i];
    for (size_t i = 0; i < m->set_count; i++)
        sets[i] = m->sets[i];

    *ret = (yao_dcql_query){credentials, m->credential_count, sets,
                            m->choices ? m->set_count : 0};
    return YAO_OK;
}

yao_status yao_dcql_from_profile(yao_arena *arena, const yao_dcql_wish *wish,
                                 yao_dcql_query *ret)
{
    making m = {.arena = arena, .wish = wish};

    if (!wish->sdjwt && !wish->mdoc)
        return YAO_E_USAGE;
    for (size_t i = 0; i < wish->profile->ask_count; i++)
        if (wish->profile->asks[i].step == wish->step)
            YAO_TRY(add_ask(&m, &wish->profile->asks[i]));
    if (m.credential_count == 0)
        return YAO_E_NOT_FOUND;

    return keep(&m, ret);
}
