/* SPDX-License-Identifier: Apache-2.0 */
#include "vci/card.h"

static bool lays(const yao_card_layout *layout, const yao_card_element *e)
{
    const yao_element *known = yao_document_labelled(
        layout->definition, e->space == YAO_CARD_169, e->label);

    for (size_t i = 0; known != NULL && i < layout->count; i++)
        if (layout->elements[i] == known)
            return true;
    return false;
}

static yao_status check(yao_arena *arena, const yao_catalogue *catalogue,
                        const yao_vci_card     *wanted,
                        const yao_card_content *content, bool paper)
{
    const yao_profile    *p = yao_profile_by_name(catalogue, wanted->profile);
    const yao_definition *d = yao_document_by_type(catalogue, wanted->type);
    yao_card_layout       layout;

    if (!yao_text_equal(content->profile, wanted->profile) ||
        !yao_text_equal(content->type, wanted->type))
        return YAO_E_MISMATCH;
    if (p == NULL || d == NULL)
        return YAO_E_NOT_FOUND;
    YAO_TRY(yao_profile_card(arena, p, d, wanted->choice, &layout));
    if (paper ? p->paper_days == 0
              : p->card == YAO_CARD_SEALED && !content->sealed)
        return YAO_E_REFUSED;
    for (size_t i = 0; i < content->element_count; i++)
        if (!lays(&layout, &content->elements[i]))
            return YAO_E_REFUSED;
    return YAO_OK;
}

yao_status yao_vci_check_card(yao_arena *arena, const yao_catalogue *catalogue,
                              const yao_vci_card     *wanted,
                              const yao_card_content *content)
{
    size_t     mark   = arena->used;
    yao_status status = check(arena, catalogue, wanted, content, false);

    arena->used = mark;
    return status;
}

yao_status yao_vci_check_paper(yao_arena *arena, const yao_catalogue *catalogue,
                               const yao_vci_card     *wanted,
                               const yao_card_content *content)
{
    size_t     mark   = arena->used;
    yao_status status = check(arena, catalogue, wanted, content, true);

    arena->used = mark;
    return status;
}
