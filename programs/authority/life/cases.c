/* SPDX-License-Identifier: Apache-2.0 */
/* Cases that a person opens: a correction, a complaint, an erasure. What they
 * write is sealed under their own key: it goes with them. */
#include "authority/life/export.h"

#include "store/case.h"

/* A part of a person that no row of person_part has; the case's id is sealed
 * in, so that texts can't be exchanged. */
enum { CASE_TEXT = 17 }; /* 16: a net number */

static yao_status join(yao_arena *arena, yao_bytes id, yao_text text,
                       yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);

    yao_put_bytes(&w, id);
    yao_put_bytes(&w, yao_text_bytes(text));
    return yao_writer_keep(&w, arena, ret);
}

yao_status life_open_case(const enrol *e, const people_person *person,
                          const store_case *what, yao_text *ret)
{
    yao_bytes plain;

    *ret = YAO_TEXT("");
    if (what->sealed.len == 0)
        return YAO_OK;
    yao_status status =
        seal_open_part(&person->key, (store_part_kind)CASE_TEXT, what->sealed,
                       e->arena, &plain);
    if (status == YAO_E_SECRET || status == YAO_E_TRUNCATED)
        return YAO_OK;
    YAO_TRY(status);
    if (!yao_bytes_starts(plain, what->id))
        return YAO_OK;
    *ret = (yao_text){plain.ptr + what->id.len, plain.len - what->id.len};
    return YAO_OK;
}

yao_status life_put_case(const enrol *e, const people_person *person,
                         const char *kind, yao_text text, yao_bytes *id)
{
    store_change    change = store_change_open(e->arena);
    const yao_bytes holder = {person->holder, STORE_HASH_LEN};
    uint8_t        *drawn  = yao_arena_take(e->arena, STORE_ID_LEN);
    store_case      row    = {.kind    = yao_text_of(kind),
                              .subject = holder,
                              .opened  = e->now,
                              .detail  = YAO_TEXT("{}")};
    uint64_t        open   = 0;
    yao_bytes       plain;

    if (drawn == NULL)
        return YAO_E_SPACE;
    YAO_TRY(store_count_cases(e->a->store, row.kind, holder, &open));
    if (open != 0)
        return YAO_E_EXISTS;
    YAO_TRY(yao_openssl_random(drawn, STORE_ID_LEN));
    row.id = (yao_bytes){drawn, STORE_ID_LEN};
    YAO_TRY(join(e->arena, row.id, text, &plain));
    YAO_TRY(seal_part(&person->key, (store_part_kind)CASE_TEXT, plain,
                      e->arena, &row.sealed));
    store_put_case(&change, &row);
    YAO_TRY(authority_put_event(&change, e->arena, "case.open", holder,
                                YAO_TEXT("{}")));
    YAO_TRY(store_commit(e->a->store, &change));
    *id = row.id;
    return YAO_OK;
}
