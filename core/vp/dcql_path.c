/* SPDX-License-Identifier: Apache-2.0 */
/* Claims path pointers: where a path leads (OpenID4VP 1.0 section 7), and
 * whether something lies on one. */
#include "vp/dcql_parts.h"

/* ---- following a path --------------------------------------------------- */

/* A path on its way through a document. All that one step selects is gone
 * through one after the other, each to the end of the path: what is selected at
 * the end, and whether a step met what it cannot go into, are the same as when
 * step after step is taken by all. */
typedef struct walk {
    const yao_dcql_claim *claim;
    bool                  shown; /* items before an index may be withheld */
    bool                  wrong; /* met another type: the path is in error */
    size_t                found; /* with one of the values */
    uint32_t              items[YAO_DCQL_MAX_PATH]; /* in arrays: which one */

    /* where to write what is found; NULL: it is counted only */
    yao_arena      *arena;
    yao_sdjwt_path *paths;
    yao_status      status;
} walk;

static void keep_path(walk *w);

static void follow(walk *w, const yao_json *value, size_t at);

static void follow_name(walk *w, const yao_json *value, size_t at)
{
    const yao_json *member;

    if (value->kind != YAO_JSON_OBJECT) {
        w->wrong = true;
        return;
    }
    member = yao_json_get_text(value, w->claim->path[at].name);
    if (member != NULL)
        follow(w, member, at + 1);
}

/* May the item at INDEX be the one that is meant? What is withheld can only
 * have stood before it. */
static bool may_be(const walk *w, const yao_dcql_step *step, uint32_t index)
{
    return index == step->index || (w->shown && index < step->index);
}

static void follow_items(walk *w, const yao_json *value, size_t at)
{
    const yao_dcql_step *step  = &w->claim->path[at];
    uint32_t             index = 0;

    if (value->kind != YAO_JSON_ARRAY) {
        w->wrong = true;
        return;
    }
    for (const yao_json *i = value->first; i != NULL; i = i->next, index++) {
        bool wrong = w->wrong;

        if (step->kind == YAO_DCQL_INDEX && !may_be(w, step, index))
            continue;
        w->items[at] = index;
        follow(w, i, at + 1);
        if (step->kind == YAO_DCQL_INDEX && w->shown)
            w->wrong = wrong; /* it may be another one */
    }
}

static void follow(walk *w, const yao_json *value, size_t at)
{
    if (at < w->claim->path_count) {
        if (w->claim->path[at].kind == YAO_DCQL_NAME)
            follow_name(w, value, at);
        else
            follow_items(w, value, at);
        return;
    }
    if (!yao_dcql_takes_json(w->claim, value))
        return;
    if (w->paths != NULL && w->status == YAO_OK)
        keep_path(w);
    w->found++;
}

/* ---- is a claim there? -------------------------------------------------- */

static bool has_element(const yao_dcql_claim     *claim,
                        const yao_dcql_candidate *candidate)
{
    for (size_t i = 0; i < candidate->item_count; i++) {
        const yao_mdoc_item *item = &candidate->items[i];

        if (yao_text_equal(item->name_space, claim->path[0].name) &&
            yao_text_equal(item->element, claim->path[1].name))
            return yao_dcql_takes_cbor(claim, item->value);
    }
    return false;
}

bool yao_dcql_has_claim(const yao_dcql_claim     *claim,
                        const yao_dcql_candidate *candidate)
{
    walk w = {.claim = claim, .shown = candidate->shown};

    if (candidate->format == YAO_DCQL_MDOC)
        return has_element(claim, candidate);
    if (candidate->claims != NULL)
        follow(&w, candidate->claims, 0);
    return w.found != 0 && !w.wrong;
}

/* ---- what to disclose --------------------------------------------------- */

static yao_status put_index(yao_arena *arena, uint32_t index, yao_text *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  digits;

    yao_put_decimal(&w, index);
    YAO_TRY(yao_writer_keep(&w, arena, &digits));

    *ret = (yao_text){digits.ptr, digits.len};
    return YAO_OK;
}

static yao_status make_path(walk *w, yao_sdjwt_path *ret)
{
    size_t    count = w->claim->path_count;
    yao_text *steps = yao_arena_take_array(w->arena, count, sizeof *steps);

    if (steps == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++) {
        if (w->claim->path[i].kind == YAO_DCQL_NAME)
            steps[i] = w->claim->path[i].name;
        else
            YAO_TRY(put_index(w->arena, w->items[i], &steps[i]));
    }
    *ret = (yao_sdjwt_path){steps, count};
    return YAO_OK;
}

static void keep_path(walk *w)
{
    w->status = make_path(w, &w->paths[w->found]);
}

/* How many paths CLAIM is; into PATHS unless that is NULL. */
static yao_status collect(yao_arena *arena, const yao_dcql_claim *claim,
                          const yao_json *payload, yao_sdjwt_path *paths,
                          size_t *count)
{
    walk w = {.claim = claim, .arena = arena, .paths = paths};

    follow(&w, payload, 0);
    YAO_TRY(w.status);

    *count += w.wrong ? 0 : w.found;
    return YAO_OK;
}

yao_status yao_dcql_paths(yao_arena                 *arena,
                          const yao_dcql_credential *credential,
                          yao_dcql_claims claims, const yao_json *payload,
                          const yao_sdjwt_path **ret, size_t *count)
{
    yao_sdjwt_path *paths;
    size_t          total = 0, used = 0;

    for (size_t i = 0; i < credential->claim_count; i++)
        if ((claims >> i & 1) != 0)
            YAO_TRY(
                collect(arena, &credential->claims[i], payload, NULL, &total));
    paths = yao_arena_take_array(arena, total, sizeof *paths);
    if (paths == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < credential->claim_count; i++) {
        size_t one = 0;

        if ((claims >> i & 1) == 0)
            continue;
        YAO_TRY(collect(arena, &credential->claims[i], payload, NULL, &one));
        if (one == 0)
            continue; /* its path is in error: there is no room for it */
        one = 0;
        YAO_TRY(collect(arena, &credential->claims[i], payload, paths + used,
                        &one));
        used += one;
    }

    *ret   = paths;
    *count = used;
    return YAO_OK;
}

yao_status yao_dcql_selectors(yao_arena                 *arena,
                              const yao_dcql_credential *credential,
                              yao_dcql_claims            claims,
                              const yao_mdoc_selector **ret, size_t *count)
{
    yao_mdoc_selector *list =
        yao_arena_take_array(arena, credential->claim_count, sizeof *list);
    size_t used = 0;

    if (list == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < credential->claim_count; i++)
        if ((claims >> i & 1) != 0)
            list[used++] =
                (yao_mdoc_selector){credential->claims[i].path[0].name,
                                    credential->claims[i].path[1].name};

    *ret   = list;
    *count = used;
    return YAO_OK;
}

/* ---- was it asked for? -------------------------------------------------- */

bool yao_dcql_asks_element(const yao_dcql_credential *credential,
                           yao_dcql_claims claims, yao_text name_space,
                           yao_text element)
{
    for (size_t i = 0; i < credential->claim_count; i++) {
        const yao_dcql_step *path = credential->claims[i].path;

        if ((claims >> i & 1) != 0 && credential->format == YAO_DCQL_MDOC &&
            yao_text_equal(path[0].name, name_space) &&
            yao_text_equal(path[1].name, element))
            return true;
    }
    return false;
}

/* A decimal number; false for all else. */
static bool read_number(yao_text text, uint32_t *ret)
{
    uint32_t number = 0;

    if (text.len == 0 || text.len > 6)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        number = number * 10 + (uint32_t)(text.ptr[i] - '0');
    }
    *ret = number;
    return true;
}

static bool takes_step(const yao_dcql_step *step, yao_text word)
{
    uint32_t index;

    if (step->kind == YAO_DCQL_NAME)
        return yao_text_equal(step->name, word);

    return read_number(word, &index) &&
           (step->kind == YAO_DCQL_ALL || index <= step->index);
}

static bool takes_path(const yao_dcql_claim *claim, const yao_sdjwt_path *path)
{
    for (size_t i = 0; i < claim->path_count && i < path->step_count; i++)
        if (!takes_step(&claim->path[i], path->steps[i]))
            return false;
    return true;
}

bool yao_dcql_asks_path(const yao_dcql_credential *credential,
                        yao_dcql_claims claims, const yao_sdjwt_path *path)
{
    for (size_t i = 0; i < credential->claim_count; i++)
        if ((claims >> i & 1) != 0 && credential->format == YAO_DCQL_SDJWT &&
            takes_path(&credential->claims[i], path))
            return true;
    return false;
}
