/* SPDX-License-Identifier: Apache-2.0 */
#include "store/erase.h"

#include "store/log.h"
#include "store/person_passkey.h"
#include "store/rows.h"
#include "store/session.h"
#include "store_sql.h"

static const yao_bytes nothing = YAO_INIT("");

/* ---- in the place of others ---- */

void store_keep_person(store_change *change, yao_bytes person)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_TOUCH_PERSON, YAO_E_NOT_FOUND);

    store_bind_bytes(op, person);
    store_bind_int(op, 0);
}

void store_replace_part(store_change *change, yao_bytes person,
                        const store_part *part)
{
    store_op *op = store_add_row(change, STORE_SQL_REPLACE_PERSON_PART);

    store_bind_bytes(op, person);
    store_bind_int(op, part->kind);
    store_bind_bytes(op, part->sealed);
}

void store_drop_part(store_change *change, yao_bytes person,
                     store_part_kind kind)
{
    store_op *op = store_add_row(change, STORE_SQL_DROP_PERSON_PART);

    store_bind_bytes(op, person);
    store_bind_int(op, kind);
}

static yao_status read_lookup(yao_arena *arena, const store_value *c,
                              void *item)
{
    store_lookup *l = item;

    l->kind = (store_lookup_kind)c[0].number;
    return yao_arena_keep(arena, c[1].bytes, &l->hash);
}

yao_status store_list_lookups(store *s, yao_bytes person, yao_arena *arena,
                              store_lookup **ret, size_t *count)
{
    store_rows g  = {arena, read_lookup, sizeof **ret, 2, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_PERSON_LOOKUPS};
    void      *items;

    store_bind_bytes(&op, person);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

void store_drop_lookup(store_change *change, yao_bytes person,
                       const store_lookup *lookup)
{
    store_op *op = store_add_row(change, lookup->kind >= STORE_BY_HOUSEHOLD
                                             ? STORE_SQL_DROP_PERSON_GROUP
                                             : STORE_SQL_DROP_PERSON_KEY);

    store_bind_bytes(op, person);
    store_bind_int(op, lookup->kind);
    store_bind_bytes(op, lookup->hash);
}

/* ---- erasing ---- */

static void erase_by(store_change *change, int statement, yao_bytes what)
{
    store_bind_bytes(store_add_row(change, statement), what);
}

static void empty_outbox(store_change *change, yao_bytes subject)
{
    store_op *op = store_add_row(change, STORE_SQL_ERASE_OUTBOX);

    store_bind_bytes(op, nothing);
    store_bind_bytes(op, subject);
}

static void empty_cases(store_change *change, yao_bytes subject)
{
    store_op *op = store_add_row(change, STORE_SQL_ERASE_CASES);

    store_bind_bytes(op, nothing);
    store_bind_text(op, YAO_TEXT("{}"));
    store_bind_bytes(op, subject);
}

static void erase_register(store_change *change, yao_bytes person)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_ERASE_PERSON, YAO_E_NOT_FOUND);

    store_bind_bytes(op, nothing);
    store_bind_bytes(op, person);
    store_bind_int(op, 0);
    erase_by(change, STORE_SQL_ERASE_PARTS, person);
    erase_by(change, STORE_SQL_ERASE_KEYS, person);
    erase_by(change, STORE_SQL_ERASE_GROUPS, person);
}

static void erase_enrolments(store_change *change, yao_bytes holder)
{
    erase_by(change, STORE_SQL_ERASE_ENROLMENT_ISSUANCES, holder);
    erase_by(change, STORE_SQL_ERASE_ENROLMENTS, holder);
    erase_by(change, STORE_SQL_ERASE_ACCESS_CODE, holder);
    erase_by(change, STORE_SQL_ERASE_GUARDIANS, holder);
    store_drop_person_passkeys(change, holder);
    store_end_sessions_of(change, holder);
}

void store_erase_person(store_change *change, const store_erasing *what)
{
    const yao_bytes names[] = {what->holder, what->lookup};

    erase_register(change, what->person);
    erase_enrolments(change, what->holder);
    erase_by(change, STORE_SQL_ERASE_NETCERTS, what->lookup);
    erase_by(change, STORE_SQL_ERASE_ITEM_GRANTS, what->lookup);
    erase_by(change, STORE_SQL_ERASE_NOTICES, what->holder);
    erase_by(change, STORE_SQL_ERASE_SUSPENSIONS, what->holder);
    erase_by(change, STORE_SQL_ERASE_BARS, what->holder);
    for (size_t i = 0; i < 2; i++) {
        erase_by(change, STORE_SQL_ERASE_THROTTLES, names[i]);
        empty_cases(change, names[i]);
        empty_outbox(change, names[i]);
        store_erase_log_entries(change, names[i]);
    }
}

/* ---- versions ---- */

void store_put_version(store_change *change, const store_version *version,
                       int64_t before)
{
    store_op *op = store_add_claim(change,
                                   before != 0 ? STORE_SQL_REPLACE_SYNC_VERSION
                                               : STORE_SQL_PUT_SYNC_VERSION,
                                   YAO_E_EXISTS);

    if (op != NULL)
        op->about = STORE_ABOUT_VERSION;
    if (before == 0)
        store_bind_bytes(op, version->person);
    store_bind_int(op, version->version);
    store_bind_bytes(op, version->content);
    if (before != 0) {
        store_bind_bytes(op, version->person);
        store_bind_int(op, before);
    }
}

static yao_status read_version(yao_arena *arena, const store_value *c,
                               void *item)
{
    store_version *v = item;

    *v = (store_version){.version = c[0].number};
    return yao_arena_keep(arena, c[1].bytes, &v->content);
}

yao_status store_get_version(store *s, yao_bytes person, yao_arena *arena,
                             store_version *ret)
{
    store_rows    g  = {arena, read_version, sizeof *ret, 2, 0, 0, 0};
    store_op      op = {.statement = STORE_SQL_GET_SYNC_VERSION};
    store_version v;

    store_bind_bytes(&op, person);
    YAO_TRY(store_get_row(s, &op, &g, &v));
    v.person = person;
    *ret     = v;
    return YAO_OK;
}
