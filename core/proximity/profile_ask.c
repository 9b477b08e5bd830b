/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/profile_ask.h"

static bool is_there(const yao_mdoc_wanted *list, size_t count,
                     const yao_requirement *r)
{
    for (size_t i = 0; i < count; i++)
        if (yao_text_equal(list[i].name_space, r->space) &&
            yao_text_equal(list[i].element, r->element))
            return true;
    return false;
}

/* Elements of one namespace stand together: R brings those of its own. */
static void add_space(const yao_requirements *all, const yao_requirement *r,
                      bool retain, yao_mdoc_wanted *list, size_t *count)
{
    for (size_t i = 0; i < all->count; i++) {
        const yao_requirement *o = &all->items[i];

        if (yao_text_equal(o->space, r->space) && !is_there(list, *count, o))
            list[(*count)++] =
                (yao_mdoc_wanted){o->space, o->element, retain};
    }
}

static yao_status make_ask(yao_arena *arena, const yao_profile *profile,
                           const yao_ask *ask, yao_text choice,
                           yao_mdoc_ask *ret)
{
    yao_requirements all;
    size_t           count = 0;

    YAO_TRY(yao_ask_requirements(arena, ask, choice, false, &all));
    yao_mdoc_wanted *list =
        yao_arena_take_array(arena, all.count, sizeof *list);
    if (all.count == 0)
        return YAO_E_UNSUPPORTED;
    if (list == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < all.count; i++) {
        if (all.items[i].space.len == 0 || all.items[i].element.len == 0)
            return YAO_E_UNSUPPORTED;
        add_space(&all, &all.items[i], profile->retention != 0, list, &count);
    }
    *ret = (yao_mdoc_ask){ask->definition->doc_type, list, count};
    return YAO_OK;
}

yao_status yao_prox_from_profile(yao_arena *arena, const yao_profile *profile,
                                 uint32_t step, yao_text choice,
                                 yao_reader_request *ret)
{
    yao_mdoc_ask *asks =
        yao_arena_take_array(arena, YAO_MAX_DOCUMENTS, sizeof *asks);
    yao_requirements required;
    size_t           count = 0;

    if (asks == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < profile->ask_count; i++) {
        if (profile->asks[i].step != step)
            continue;
        if (count == YAO_MAX_DOCUMENTS)
            return YAO_E_LIMIT;
        YAO_TRY(make_ask(arena, profile, &profile->asks[i], choice,
                         &asks[count]));
        count++;
    }
    if (count == 0)
        return YAO_E_NOT_FOUND;
    YAO_TRY(yao_profile_requirements(arena, profile, step, choice, false,
                                     &required));
    *ret = (yao_reader_request){asks, count, required.items, required.count};
    return YAO_OK;
}
