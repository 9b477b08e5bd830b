/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/console/find.h"

#include "authority/state.h"

enum { AGAIN = 8, MOST = 200 };

/* ---- whom --------------------------------------------------------------- */

static const struct way {
    store_lookup_kind kind;
    const char       *one, *two;
} ways[] = {
    {STORE_BY_NUMBER, "number", NULL},
    {STORE_BY_DOCUMENT_NUMBER, "document_number", NULL},
    {STORE_BY_PLATE, "plate_kind", "plate"},
    {STORE_BY_NAME_AND_BIRTH, "name", "birth_date"},
};

/* The one way in which BODY names somebody. */
static yao_status choose(const yao_json *body, const struct way **ret)
{
    const struct way *found = NULL;

    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (yao_json_get(body, ways[i].one) == NULL)
            continue;
        if (found != NULL)
            return YAO_E_VALUE;
        found = &ways[i];
    }
    if (found == NULL)
        return YAO_E_MISSING;
    *ret = found;
    return YAO_OK;
}

static yao_status search(app_call *call, const yao_json *body,
                         people_person *ret)
{
    const authority  *a = server_authority(call);
    const struct way *way;
    people_key        key = {.two = YAO_TEXT("")};

    YAO_TRY(choose(body, &way));
    const console_member one = {way->one, MOST, false};
    const console_member two = {way->two, MOST, false};
    YAO_TRY(console_read_text(call, body, &one, &key.one));
    if (way->two != NULL)
        YAO_TRY(console_read_text(call, body, &two, &key.two));
    key.kind = way->kind;
    return key.kind == STORE_BY_NUMBER
               ? people_find(a, key.one, call->arena, ret)
               : people_find_with(a, &key, call->arena, ret);
}

static yao_status find(app_call *call, const console_look_wish *wish,
                       people_person *ret)
{
    const console_member member = {wish->member, 2 * STORE_HASH_LEN, false};
    yao_text             hex;
    yao_bytes            lookup;

    if (wish->member == NULL)
        return search(call, wish->body, ret);
    YAO_TRY(console_read_text(call, wish->body, &member, &hex));
    YAO_TRY(console_read_hex(call, hex, STORE_HASH_LEN, &lookup));
    return people_find_by(server_authority(call), lookup, call->arena, ret);
}

/* ---- noting it ----------------------------------------------------------- */

/* The count and the event in one change: neither without the other. */
static yao_status note_once(const app_call *call, const console_deed *deed)
{
    store_change change = store_change_open(call->arena);

    YAO_TRY(console_count(call, &change, CONSOLE_LOOK_UPS));
    YAO_TRY(console_put_event(call, &change, deed));
    return store_commit(server_authority(call)->store, &change);
}

static yao_status note(const app_call *call, const console_deed *deed)
{
    yao_status status = YAO_E_EXISTS;

    for (int i = 0; i < AGAIN && status == YAO_E_EXISTS; i++)
        status = note_once(call, deed);
    return status;
}

yao_status console_look(app_call *call, const console_look_wish *wish,
                        people_person *ret, const char **purpose)
{
    people_person person = {.record = NULL};
    console_deed  deed   = {.kind = "person.read", .what = wish->what};

    YAO_TRY(console_read_purpose(call, wish->body, &deed.purpose));
    yao_status found = find(call, wish, &person);
    if (found != YAO_OK && found != YAO_E_NOT_FOUND)
        return found;
    if (found == YAO_OK)
        deed.subject = (yao_bytes){person.holder, STORE_HASH_LEN};
    else
        deed.kind = "person.search";
    yao_status status = note(call, &deed);
    if (status == YAO_OK)
        status = found;
    if (status == YAO_OK) {
        *ret     = person;
        *purpose = deed.purpose;
    }
    people_close(&person);
    return status;
}

yao_status console_handle(const app_call *call, const people_person *person,
                          uint8_t out[STORE_HASH_LEN])
{
    const authority *a = server_authority(call);

    return seal_hash(a->crypto, &a->keys, STORE_BY_NUMBER,
                     yao_text_bytes(person->number), out);
}

/* ---- what was issued ----------------------------------------------------- */

yao_status console_find_issuance(app_call *call, yao_text id, yao_bytes holder,
                                 console_issuance *ret)
{
    console_issuance found;

    YAO_TRY(console_read_hex(call, id, STORE_ID_LEN, &found.id));
    YAO_TRY(store_list_issuance(server_authority(call)->store, found.id,
                                call->arena, &found.batches, &found.count));
    if (found.count == 0 ||
        (holder.len != 0 && !yao_bytes_equal(found.batches[0].holder, holder)))
        return YAO_E_NOT_FOUND;
    *ret = found;
    return YAO_OK;
}

static const char *reason_of(yao_text word)
{
    static const char *const reasons[] = {
        "lost",          "stolen",    "compromised", "replaced",
        "error",         "renounced", "withdrawn",   "deceased",
        "investigation", "found",     "other"};

    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (yao_text_equal(word, yao_text_of(reasons[i])))
            return reasons[i];
    return NULL;
}

bool console_is_reason(yao_text word)
{
    return reason_of(word) != NULL;
}

bool console_applies(int64_t from, int64_t to)
{
    if (to == STORE_REVOKED)
        return from != STORE_REVOKED;
    return from == (to == STORE_SUSPENDED ? STORE_VALID : STORE_SUSPENDED);
}

yao_status console_put_turn(const app_call *call, store_change *change,
                            const console_issuance *issuance,
                            const console_turn     *turn)
{
    const store_document *d      = &issuance->batches[0];
    const char           *word   = reason_of(turn->reason);
    const state_reason    reason = {.authority = server_authority(call),
                                    .catalogue = server_catalogue(call),
                                    .bar       = d->issuance,
                                    .word      = word,
                                    .at        = call->now};
    int64_t               to;

    if (word == NULL)
        return YAO_E_VALUE;
    if (!console_applies(d->state, turn->to))
        return YAO_E_MISMATCH;
    if (turn->to == STORE_REVOKED)
        return state_revoke(change, change->arena, d, word, call->now);
    if (turn->to == STORE_SUSPENDED)
        return state_suspend(change, change->arena, d, &reason);
    return state_release(change, change->arena, d, &reason, &to);
}
