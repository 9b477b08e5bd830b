/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/life/life.h"

#include "authority/state.h"

/* How long before the end somebody is told, at most. */
#define RENEW_BEFORE (30 * YAO_TIME_DAY)

static yao_status write_detail(const enrol *e, const life_notice *n,
                               yao_text *ret)
{
    yao_writer w     = yao_writer_in(e->arena);
    bool       first = true;
    yao_bytes  text;

    yao_put_byte(&w, '{');
    if (n->document.len != 0) {
        yao_json_put_member(&w, &first, "document", n->document);
    }
    if (n->reason != NULL) {
        yao_json_put_member(&w, &first, "reason", yao_text_of(n->reason));
    }
    if (n->until != 0) {
        yao_json_put_member_int(&w, &first, "until", n->until);
    }
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, e->arena, &text));
    *ret = (yao_text){text.ptr, text.len};
    return YAO_OK;
}

yao_status life_put_notice(const enrol *e, store_change *change,
                           const life_notice *notice)
{
    uint8_t *id = yao_arena_take(e->arena, STORE_ID_LEN);
    yao_text detail;

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    YAO_TRY(write_detail(e, notice, &detail));
    const store_notice row = {.id     = {id, STORE_ID_LEN},
                              .holder = notice->holder,
                              .kind   = yao_text_of(notice->kind),
                              .about  = notice->about,
                              .at     = e->now,
                              .detail = detail};
    store_put_notice(change, &row);
    return YAO_OK;
}

yao_status life_revoke(const enrol *e, store_change *change,
                       const store_document *batch, const char *word,
                       const char *notice)
{
    if (batch->state == STORE_REVOKED)
        return YAO_OK;
    YAO_TRY(state_revoke(change, e->arena, batch, word, e->now));
    return life_put_notice(e, change,
                           &(life_notice){.kind     = notice,
                                          .holder   = batch->holder,
                                          .about    = batch->issuance,
                                          .document = batch->name,
                                          .reason   = word});
}

/* The formats of one document stand beside each other, and are told once. */
yao_status life_tell_renewals(const enrol *e, size_t *ret)
{
    store_change    change = store_change_open(e->arena);
    store_document *list;
    size_t          count;

    YAO_TRY(store_list_due_renewals(e->a->store, e->now, RENEW_BEFORE, e->arena,
                                    &list, &count));
    for (size_t i = 0; i < count; i++)
        YAO_TRY(life_put_notice(
            e, &change,
            &(life_notice){.kind     = STORE_NOTICE_RENEW,
                           .holder   = list[i].holder,
                           .about    = list[i].issuance,
                           .document = list[i].name,
                           .until    = list[i].valid_until}));
    *ret = count;
    return count > 0 ? store_commit(e->a->store, &change) : YAO_OK;
}
