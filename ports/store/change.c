/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs that change something: each notes its statements in the change. */

#include "store/engine.h"
#include "store_sql.h"

store_change store_change_open(yao_arena *arena)
{
    return (store_change){.arena = arena};
}

static store_op *note(store_change *change, int statement)
{
    if (change->status != YAO_OK)
        return NULL;

    store_op *op = yao_arena_take(change->arena, sizeof *op);
    if (op == NULL)
        change->status = YAO_E_SPACE;
    else
        op->statement = statement;
    return op;
}

store_op *store_add_row(store_change *change, int statement)
{
    store_op *op = note(change, statement);

    if (op == NULL)
        return NULL;
    if (change->last_row != NULL)
        change->last_row->next = op;
    else
        change->rows = op;
    change->last_row = op;
    return op;
}

store_op *store_add_claim(store_change *change, int statement, yao_status lost)
{
    store_op *op = note(change, statement);

    if (op == NULL)
        return NULL;
    op->lost = lost;
    if (change->last_claim != NULL)
        change->last_claim->next = op;
    else
        change->claims = op;
    change->last_claim = op;
    return op;
}

/* OP is NULL when the arena was full: the change knows, the verbs needn't. */
static void bind(store_op *op, store_value value)
{
    if (op != NULL && op->count < STORE_MAX_VALUES)
        op->values[op->count++] = value;
}

void store_bind_int(store_op *op, int64_t number)
{
    bind(op, (store_value){.kind = STORE_INT, .number = number});
}

void store_bind_bytes(store_op *op, yao_bytes bytes)
{
    bind(op, (store_value){.kind = STORE_BYTES, .bytes = bytes});
}

void store_bind_text(store_op *op, yao_text text)
{
    bind(op, (store_value){.kind = STORE_TEXT, .bytes = yao_text_bytes(text)});
}

/* ---- people ---- */

void store_put_lookup(store_change *change, yao_bytes person,
                      const store_lookup *lookup)
{
    bool      shared = lookup->kind >= STORE_BY_HOUSEHOLD;
    store_op *op = shared ? store_add_row(change, STORE_SQL_PUT_PERSON_GROUP)
                          : store_add_claim(change, STORE_SQL_PUT_PERSON_KEY,
                                            YAO_E_EXISTS);

    store_bind_int(op, lookup->kind);
    store_bind_bytes(op, lookup->hash);
    store_bind_bytes(op, person);
    if (op != NULL)
        op->about = (int)lookup->kind;
}

void store_put_person(store_change *change, const store_person *person)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_PERSON, YAO_E_EXISTS);

    store_bind_bytes(op, person->id);
    store_bind_int(op, person->epoch);
    store_bind_bytes(op, person->wrapped_key);
    store_bind_int(op, person->registered);

    for (size_t i = 0; i < person->lookup_count; i++)
        store_put_lookup(change, person->id, &person->lookups[i]);

    for (size_t i = 0; i < person->part_count; i++) {
        op = store_add_row(change, STORE_SQL_PUT_PERSON_PART);
        store_bind_bytes(op, person->id);
        store_bind_int(op, person->parts[i].kind);
        store_bind_bytes(op, person->parts[i].sealed);
    }
}

void store_rewrap_person(store_change *change, const store_rewrap *rewrap)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_REWRAP_PERSON, YAO_E_NOT_FOUND);

    store_bind_int(op, rewrap->after);
    store_bind_bytes(op, rewrap->wrapped);
    store_bind_bytes(op, rewrap->id);
    store_bind_int(op, rewrap->before);
}

void store_close_epoch(store_change *change, int64_t epoch, yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_CLOSE_EPOCH, YAO_E_LOCKED);

    store_bind_int(op, epoch);
    store_bind_int(op, now);
    store_bind_int(op, 0); /* an erased person has no key */
}

void store_open_epoch(store_change *change, int64_t epoch)
{
    store_bind_int(store_add_row(change, STORE_SQL_OPEN_EPOCH), epoch);
}

/* ---- the ledger --------------------------------------------------------- */

static void put_index(store_change *change, const store_document *document,
                      int64_t index)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_STATUS_ENTRY, YAO_E_EXISTS);

    store_bind_int(op, document->status_list);
    store_bind_int(op, index);
    store_bind_bytes(op, document->id);
    if (op != NULL)
        op->about = STORE_ABOUT_STATUS;
}

static void put_copies(store_change *change, const store_document *document)
{
    for (size_t i = 0; i < document->copy_count; i++) {
        const store_copy *copy = &document->copies[i];
        store_op *op = store_add_claim(change, STORE_SQL_PUT_DOCUMENT_COPY,
                                       YAO_E_EXISTS);

        store_bind_bytes(op, copy->hash);
        store_bind_bytes(op, copy->key_hash);
        store_bind_bytes(op, document->id);
        if (op != NULL)
            op->about = STORE_ABOUT_KEY;
        if (document->status_list != 0)
            put_index(change, document, copy->status_index);
    }
    if (document->status_list == 0)
        return;
    store_op *op = store_add_row(change, STORE_SQL_ADD_ALLOCATED);
    store_bind_int(op, (int64_t)document->copy_count);
    store_bind_int(op, document->valid_until);
    store_bind_int(op, document->status_list);
}

void store_put_document(store_change *change, const store_document *document)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_DOCUMENT, YAO_E_EXISTS);

    store_bind_bytes(op, document->id);
    store_bind_bytes(op, document->holder);
    store_bind_text(op, document->name);
    store_bind_text(op, document->format);
    store_bind_int(op, document->issued);
    store_bind_int(op, document->valid_until);
    store_bind_int(op, document->level);
    store_bind_bytes(op, document->signer);
    store_bind_int(op, (int64_t)document->copy_count);
    store_bind_bytes(op, document->issuance);
    store_bind_bytes(op, document->subject);
    store_bind_text(op, document->profile);
    if (op != NULL)
        op->about = STORE_ABOUT_STATE;
    put_copies(change, document);
}

/* ---- what became of it -------------------------------------------------- */

void store_put_state(store_change *change, const store_state_change *what)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_SET_DOCUMENT_STATE, YAO_E_NOT_FOUND);

    store_bind_int(op, what->state);
    store_bind_bytes(op, what->issuance);

    op = store_add_row(change, STORE_SQL_SET_ENTRY_STATE);
    store_bind_int(op, what->copies);
    store_bind_bytes(op, what->issuance);

    op = store_add_row(change, STORE_SQL_PUT_STATUS_DIRTY);
    store_bind_bytes(op, what->id);
    store_bind_bytes(op, what->issuance);

    op = store_add_row(change, STORE_SQL_PUT_STATUS_CHANGE);
    store_bind_bytes(op, what->id);
    store_bind_bytes(op, what->issuance);
    store_bind_int(op, what->at);
    store_bind_int(op, what->state);
    store_bind_text(op, what->reason);
}

void store_put_status_list(store_change *change, const store_status_list *list)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_STATUS_LIST, YAO_E_EXISTS);

    store_bind_int(op, list->number);
    store_bind_int(op, list->role);
    store_bind_int(op, list->bits);
    store_bind_int(op, list->size);
    store_bind_int(op, list->opened);
}

void store_put_status_token(store_change             *change,
                            const store_status_token *token)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_STATUS_TOKEN, YAO_E_EXISTS);

    store_bind_int(op, token->list);
    store_bind_int(op, token->version);
    store_bind_int(op, token->signed_at);
    store_bind_int(op, token->expires);
    store_bind_bytes(op, token->jwt);
    store_bind_bytes(op, token->cwt);
}

/* ---- relying parties ---------------------------------------------------- */

void store_put_party(store_change *change, const store_party *party)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_PARTY, YAO_E_EXISTS);

    store_bind_text(op, party->code);
    store_bind_text(op, party->name);
    store_bind_text(op, party->profiles);
    store_bind_text(op, party->legal_basis);
    store_bind_int(op, party->retention_days);
    store_bind_int(op, party->state);
    store_bind_bytes(op, party->certificate);
    store_bind_int(op, party->registered);
    store_bind_int(op, party->changed);
}

void store_set_party_state(store_change *change, yao_text code,
                           store_party_state state, yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_SET_PARTY_STATE, YAO_E_NOT_FOUND);

    store_bind_int(op, state);
    store_bind_int(op, now);
    store_bind_text(op, code);
}

/* ---- what may be used once ---- */

static void bind_once(store_op *op, const store_once *once)
{
    store_bind_int(op, once->kind);
    store_bind_bytes(op, once->hash);
    store_bind_int(op, once->expires);
    store_bind_bytes(op, once->payload);
    if (op != NULL)
        op->about = (int)once->kind;
}

void store_put_once(store_change *change, const store_once *once)
{
    bind_once(store_add_claim(change, STORE_SQL_PUT_ONCE, YAO_E_EXISTS), once);
}

void store_put_once_while(store_change *change, const store_once *once,
                          const store_once *holds, yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_ONCE_WHILE, YAO_E_EXISTS);

    bind_once(op, once);
    store_bind_int(op, holds->kind);
    store_bind_bytes(op, holds->hash);
    store_bind_int(op, now);
}

void store_take_once(store_change *change, int64_t kind, yao_bytes hash,
                     yao_time now, yao_bytes *ret)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_TAKE_ONCE, YAO_E_NOT_FOUND);

    store_bind_int(op, kind);
    store_bind_bytes(op, hash);
    store_bind_int(op, now);
    if (op != NULL) {
        op->ret   = ret;
        op->about = (int)kind;
    }
}

void store_drop_once(store_change *change, int64_t kind, yao_bytes hash)
{
    store_op *op = store_add_row(change, STORE_SQL_DROP_ONCE);

    store_bind_int(op, kind);
    store_bind_bytes(op, hash);
}

void store_forget_once(store_change *change, yao_time now)
{
    store_op *op = store_add_row(change, STORE_SQL_FORGET_ONCE);

    store_bind_int(op, now);
    store_bind_int(op, STORE_FORGET_MOST - 1);
}

void store_end_once(store_change *change)
{
    (void)store_add_row(change, STORE_SQL_END_ONCE);
}

/* ---- events and facts ---- */

void store_put_event(store_change *change, const store_event *event)
{
    store_op *op = store_add_row(change, STORE_SQL_PUT_EVENT);

    store_bind_bytes(op, event->id);
    store_bind_int(op, event->at);
    store_bind_text(op, event->kind);
    store_bind_bytes(op, event->subject);
    store_bind_text(op, event->detail);
}

void store_put_fact(store_change *change, yao_text name, yao_bytes value)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_FACT, YAO_E_EXISTS);

    store_bind_text(op, name);
    store_bind_bytes(op, value);
}

void store_replace_fact(store_change *change, yao_text name, yao_bytes before,
                        yao_bytes value)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_REPLACE_FACT, YAO_E_NOT_FOUND);

    store_bind_bytes(op, value);
    store_bind_text(op, name);
    store_bind_bytes(op, before);
}

void store_drop_fact(store_change *change, yao_text name)
{
    store_bind_text(store_add_row(change, STORE_SQL_DROP_FACT), name);
}
