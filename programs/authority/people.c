/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/people.h"

#include "app/files.h"
#include "document/document.h"

#include <string.h>

#define MAX_LOOKUPS 80

/* Between the parts of what is looked up together: occurs in no name. */
#define SEPARATOR 0x1f

/* ---- numbers ---- */

static bool all_digits(yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

yao_status people_number(yao_text number, yao_arena *arena, yao_text *ret)
{
    uint8_t   full[18];
    yao_bytes from = yao_text_bytes(number), kept;
    bool      old  = number.len == 15 && all_digits(number);
    bool      low  = number.len == 18 && number.ptr[17] == 'x';

    if ((old || low) && yao_citizen_normalise(number, full) == YAO_OK)
        from = (yao_bytes){full, sizeof full};
    YAO_TRY(yao_arena_keep(arena, from, &kept));
    *ret = (yao_text){kept.ptr, kept.len};
    return YAO_OK;
}

/* ---- look-ups ---- */

typedef struct lookups {
    const authority *a;
    yao_arena       *arena;
    store_lookup     list[MAX_LOOKUPS];
    size_t           count;
} lookups;

/* Is it there? Two documents of one person may bear the same number. */
static bool has(const lookups *l, const store_lookup *lookup)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->list[i].kind == lookup->kind &&
            yao_bytes_equal(l->list[i].hash, lookup->hash))
            return true;
    return false;
}

static yao_status add(lookups *l, store_lookup_kind kind, yao_text value)
{
    uint8_t *hash = yao_arena_take(l->arena, STORE_HASH_LEN);

    if (hash == NULL)
        return YAO_E_SPACE;
    if (l->count == MAX_LOOKUPS)
        return YAO_E_LIMIT;
    YAO_TRY(seal_hash(l->a->crypto, &l->a->keys, (int)kind,
                      yao_text_bytes(value), hash));
    store_lookup lookup = {kind, {hash, STORE_HASH_LEN}};
    if (!has(l, &lookup))
        l->list[l->count++] = lookup;
    return YAO_OK;
}

/* A value that is not there is looked up by nobody. */
static yao_status add_member(lookups *l, store_lookup_kind kind,
                             const yao_json *object, const char *name)
{
    yao_text value;

    yao_status status =
        yao_json_string(yao_json_get(object, name), l->arena, &value);
    if (status == YAO_E_MISSING)
        return YAO_OK;
    YAO_TRY(status);
    return add(l, kind, value);
}

static yao_status add_pair(lookups *l, store_lookup_kind kind,
                           const yao_json *object, const char *one,
                           const char *two)
{
    yao_writer w;
    yao_text   a, b;
    yao_bytes  joined;

    YAO_TRY(yao_json_string(yao_json_get(object, one), l->arena, &a));
    YAO_TRY(yao_json_string(yao_json_get(object, two), l->arena, &b));
    w = yao_writer_in(l->arena);
    yao_put_bytes(&w, yao_text_bytes(a));
    yao_put_byte(&w, SEPARATOR);
    yao_put_bytes(&w, yao_text_bytes(b));
    YAO_TRY(yao_writer_keep(&w, l->arena, &joined));
    return add(l, kind, (yao_text){joined.ptr, joined.len});
}

/* A plate alone is no vehicle: a car and a motorcycle may bear the same. */
static yao_status add_vehicles(lookups *l, const yao_json *record)
{
    const yao_json *list = yao_json_get(record, "vehicles");

    for (const yao_json *v = list != NULL ? list->first : NULL; v != NULL;
         v                 = v->next)
        YAO_TRY(add_pair(l, STORE_BY_PLATE, v, "plate_kind", "plate"));
    return YAO_OK;
}

/* By what the ledger and the log know the person by. */
static yao_status add_holder(lookups *l, yao_text number)
{
    uint8_t *hash = yao_arena_take(l->arena, STORE_HASH_LEN);

    if (hash == NULL)
        return YAO_E_SPACE;
    if (l->count == MAX_LOOKUPS)
        return YAO_E_LIMIT;
    YAO_TRY(seal_hash(l->a->crypto, &l->a->keys, SEAL_LEDGER_HOLDER,
                      yao_text_bytes(number), hash));
    l->list[l->count++] =
        (store_lookup){STORE_BY_HOLDER, {hash, STORE_HASH_LEN}};
    return YAO_OK;
}

static yao_status add_all(lookups *l, const yao_json *record, yao_text number)
{
    static const struct {
        const char *object, *name;
    } documents[] = {{"identity_card", "document_number"},
                     {"licence", "document_number"},
                     {"residence", "permit_number"}};

    YAO_TRY(add(l, STORE_BY_NUMBER, number));
    YAO_TRY(add_holder(l, number));
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++)
        YAO_TRY(add_member(l, STORE_BY_DOCUMENT_NUMBER,
                           yao_json_get(record, documents[i].object),
                           documents[i].name));
    YAO_TRY(add_vehicles(l, record));
    YAO_TRY(add_member(l, STORE_BY_HOUSEHOLD, yao_json_get(record, "household"),
                       "number"));
    return add_pair(l, STORE_BY_NAME_AND_BIRTH, record, "name", "birth_date");
}

const char *people_lost_field(int about)
{
    switch (about) {
    case STORE_BY_DOCUMENT_NUMBER:
        return "document_number";
    case STORE_BY_PLATE:
        return "vehicles";
    default:
        return "number";
    }
}

/* ---- the record as it is kept ---- */

static void put_value(yao_writer *w, const yao_json *value)
{
    if (value->kind == YAO_JSON_STRING)
        yao_put_byte(w, '"');
    yao_put_bytes(w, yao_text_bytes(value->raw));
    if (value->kind == YAO_JSON_STRING)
        yao_put_byte(w, '"');
}

yao_status people_write_record(const yao_json *record, yao_text number,
                               yao_arena *arena, yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    for (const yao_json *m = record->first; m != NULL; m = m->next) {
        if (yao_json_named(m, YAO_TEXT("portrait")))
            continue;
        if (yao_json_named(m, YAO_TEXT("number"))) {
            yao_json_put_member(&w, &first, "number", number);
            continue;
        }
        yao_json_put_next(&w, &first);
        yao_put_byte(&w, '"');
        yao_put_bytes(&w, yao_text_bytes(m->name));
        yao_put_text(&w, "\":");
        put_value(&w, m);
    }
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

/* ---- registering ---- */

yao_status people_make_lookups(const authority *a, const yao_json *record,
                               yao_text number, yao_arena *arena,
                               store_lookup **ret, size_t *count)
{
    lookups *l = yao_arena_take(arena, sizeof *l);

    if (l == NULL)
        return YAO_E_SPACE;
    l->a     = a;
    l->arena = arena;
    YAO_TRY(add_all(l, record, number));
    *ret   = l->list;
    *count = l->count;
    return YAO_OK;
}

static yao_status seal_parts(const people_entry *entry, yao_bytes record,
                             const seal_person *key, yao_arena *arena,
                             store_person *person)
{
    const store_part plain[] = {{STORE_RECORD, record},
                                {STORE_PORTRAIT, entry->portrait},
                                {STORE_PORTRAIT_SMALL, entry->portrait_small}};
    store_part      *parts   = yao_arena_take_array(arena, 3, sizeof *parts);

    if (parts == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < 3; i++) {
        if (plain[i].sealed.len == 0)
            continue;
        store_part *part = &parts[person->part_count++];
        part->kind       = plain[i].kind;
        YAO_TRY(seal_part(key, plain[i].kind, plain[i].sealed, arena,
                          &part->sealed));
    }
    person->parts = parts;
    return YAO_OK;
}

static yao_status seal_all(const authority *a, const people_entry *entry,
                           yao_bytes record, yao_arena *arena,
                           store_person *person)
{
    seal_person key;
    uint8_t    *id      = yao_arena_take(arena, STORE_ID_LEN);
    uint8_t    *wrapped = yao_arena_take(arena, SEAL_WRAPPED_LEN);

    if (id == NULL || wrapped == NULL)
        return YAO_E_SPACE;
    YAO_TRY(seal_person_new(&key));
    memcpy(id, key.id, STORE_ID_LEN);
    yao_status status = seal_person_wrap(&a->keys, &key, wrapped);
    if (status == YAO_OK)
        status = seal_parts(entry, record, &key, arena, person);
    yao_wipe(&key, sizeof key);
    person->id          = (yao_bytes){id, STORE_ID_LEN};
    person->wrapped_key = (yao_bytes){wrapped, SEAL_WRAPPED_LEN};
    return status;
}

static yao_status note_import(const authority *a, store_change *change,
                              yao_arena *arena, yao_text number)
{
    uint8_t *subject = yao_arena_take(arena, STORE_HASH_LEN);

    if (subject == NULL)
        return YAO_E_SPACE;
    YAO_TRY(seal_hash(a->crypto, &a->keys, SEAL_LEDGER_HOLDER,
                      yao_text_bytes(number), subject));
    return authority_put_event(change, arena, "person.import",
                               (yao_bytes){subject, STORE_HASH_LEN},
                               YAO_TEXT("{}"));
}

yao_status people_put(const authority *a, store_change *change,
                      yao_arena *arena, const people_entry *entry)
{
    store_lookup *list;
    size_t        count;
    yao_text      number;
    yao_bytes     record;
    store_person  person = {.epoch = a->keys.epoch, .registered = yao_now()};

    YAO_TRY(
        yao_json_string(yao_json_get(entry->record, "number"), arena, &number));
    YAO_TRY(people_number(number, arena, &number));
    YAO_TRY(
        people_make_lookups(a, entry->record, number, arena, &list, &count));
    YAO_TRY(people_write_record(entry->record, number, arena, &record));
    YAO_TRY(seal_all(a, entry, record, arena, &person));
    person.lookups      = list;
    person.lookup_count = count;
    store_put_person(change, &person);
    return note_import(a, change, arena, number);
}

/* ---- finding ---- */

static yao_bytes without_padding(yao_bytes text)
{
    while (text.len > 0 && text.ptr[text.len - 1] == ' ')
        text.len--;
    return text;
}

static yao_status open_record(const authority *a, const store_person *stored,
                              yao_arena *arena, people_person *ret)
{
    yao_bytes sealed, padded;

    ret->stored = *stored;
    YAO_TRY(seal_person_open(&a->keys, stored, &ret->key));
    YAO_TRY(store_get_part(a->store, stored->id, STORE_RECORD, arena, &sealed));
    YAO_TRY(seal_open_part(&ret->key, STORE_RECORD, sealed, arena, &padded));
    ret->text = without_padding(padded);
    YAO_TRY(yao_json_parse(arena, ret->text, &ret->record));
    return yao_json_string(yao_json_get(ret->record, "number"), arena,
                           &ret->number);
}

/* The row that the hash found must be the person's, not another's. */
static yao_status check_found(const authority *a, const people_person *person,
                              yao_bytes lookup)
{
    uint8_t hash[STORE_HASH_LEN];

    YAO_TRY(seal_hash(a->crypto, &a->keys, STORE_BY_NUMBER,
                      yao_text_bytes(person->number), hash));
    return yao_bytes_equal((yao_bytes){hash, sizeof hash}, lookup)
               ? YAO_OK
               : YAO_E_SECRET;
}

yao_status people_find_by(const authority *a, yao_bytes lookup,
                          yao_arena *arena, people_person *ret)
{
    store_person  stored;
    people_person person = {.record = NULL};

    YAO_TRY(store_get_person(a->store, (store_lookup){STORE_BY_NUMBER, lookup},
                             arena, &stored));

    yao_status status = open_record(a, &stored, arena, &person);
    if (status == YAO_OK)
        status = check_found(a, &person, lookup);
    if (status == YAO_OK)
        status = seal_hash(a->crypto, &a->keys, SEAL_LEDGER_HOLDER,
                           yao_text_bytes(person.number), person.holder);
    if (status == YAO_OK)
        *ret = person;
    people_close(&person);
    return status;
}

yao_status people_find(const authority *a, yao_text number, yao_arena *arena,
                       people_person *ret)
{
    uint8_t hash[STORE_HASH_LEN];

    YAO_TRY(people_number(number, arena, &number));
    YAO_TRY(seal_hash(a->crypto, &a->keys, STORE_BY_NUMBER,
                      yao_text_bytes(number), hash));
    return people_find_by(a, (yao_bytes){hash, sizeof hash}, arena, ret);
}

/* The row that the hash found must be of a person who is found by it. */
static yao_status check_has(const authority *a, const people_person *person,
                            const store_lookup *lookup, yao_arena *arena)
{
    lookups *l = yao_arena_take(arena, sizeof *l);

    if (l == NULL)
        return YAO_E_SPACE;
    l->a     = a;
    l->arena = arena;
    YAO_TRY(add_all(l, person->record, person->number));
    return has(l, lookup) ? YAO_OK : YAO_E_SECRET;
}

static yao_status find_one(const authority *a, const store_lookup *lookup,
                           yao_arena *arena, people_person *ret)
{
    store_person  stored;
    people_person person = {.record = NULL};

    YAO_TRY(store_get_person(a->store, *lookup, arena, &stored));

    yao_status status = open_record(a, &stored, arena, &person);
    if (status == YAO_OK)
        status = check_has(a, &person, lookup, arena);
    if (status == YAO_OK)
        status = seal_hash(a->crypto, &a->keys, SEAL_LEDGER_HOLDER,
                           yao_text_bytes(person.number), person.holder);
    if (status == YAO_OK)
        *ret = person;
    people_close(&person);
    return status;
}

yao_status people_find_with(const authority *a, const people_key *key,
                            yao_arena *arena, people_person *ret)
{
    yao_writer w = yao_writer_in(arena);
    uint8_t    hash[STORE_HASH_LEN];
    yao_bytes  value;

    if (key->kind != STORE_BY_DOCUMENT_NUMBER && key->kind != STORE_BY_PLATE &&
        key->kind != STORE_BY_NAME_AND_BIRTH)
        return YAO_E_USAGE;
    yao_put_bytes(&w, yao_text_bytes(key->one));
    if (key->kind != STORE_BY_DOCUMENT_NUMBER) {
        yao_put_byte(&w, SEPARATOR);
        yao_put_bytes(&w, yao_text_bytes(key->two));
    }
    YAO_TRY(yao_writer_keep(&w, arena, &value));
    YAO_TRY(seal_hash(a->crypto, &a->keys, (int)key->kind, value, hash));
    const store_lookup lookup = {key->kind, {hash, sizeof hash}};
    return find_one(a, &lookup, arena, ret);
}

yao_status people_find_holder(const authority *a, yao_bytes holder,
                              yao_arena *arena, people_person *ret)
{
    const store_lookup lookup = {STORE_BY_HOLDER, holder};

    return find_one(a, &lookup, arena, ret);
}

yao_status people_portrait(const authority *a, const people_person *person,
                           store_part_kind kind, yao_arena *arena,
                           yao_bytes *ret)
{
    yao_bytes  sealed;
    yao_status status =
        store_get_part(a->store, person->stored.id, kind, arena, &sealed);

    if (status == YAO_E_NOT_FOUND) {
        *ret = (yao_bytes){NULL, 0};
        return YAO_OK;
    }
    YAO_TRY(status);
    return seal_open_part(&person->key, kind, sealed, arena, ret);
}

yao_status people_note_read(const authority *a, store_change *change,
                            yao_text number, const char *purpose)
{
    uint8_t   *subject = yao_arena_take(change->arena, STORE_HASH_LEN);
    yao_writer w;
    bool       first = true;
    yao_bytes  detail;

    if (subject == NULL)
        return YAO_E_SPACE;
    YAO_TRY(seal_hash(a->crypto, &a->keys, SEAL_LEDGER_HOLDER,
                      yao_text_bytes(number), subject));
    w = yao_writer_in(change->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "purpose", yao_text_of(purpose));
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, change->arena, &detail));
    return authority_put_event(change, change->arena, "person.read",
                               (yao_bytes){subject, STORE_HASH_LEN},
                               (yao_text){detail.ptr, detail.len});
}

/* The others of a household are told that their records were read, before
 * anybody has them. */
static yao_status open_members(const authority *a, const people_person *person,
                               const store_person *list, size_t count,
                               yao_arena *arena, people_household *ret)
{
    store_change change = store_change_open(arena);

    if (count > PEOPLE_MAX_HOUSEHOLD)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < count; i++) {
        people_person member = {.record = NULL};
        yao_status    status = open_record(a, &list[i], arena, &member);
        people_close(&member);
        YAO_TRY(status);
        ret->records[ret->count++] = member.record;
        if (!yao_text_equal(member.number, person->number))
            YAO_TRY(people_note_read(a, &change, member.number,
                                     "household booklet"));
    }
    return count > 1 ? store_commit(a->store, &change) : YAO_OK;
}

yao_status people_find_household(const authority     *a,
                                 const people_person *person, yao_arena *arena,
                                 people_household *ret)
{
    const yao_json  *household = yao_json_get(person->record, "household");
    people_household found     = {.count = 0};
    uint8_t          hash[STORE_HASH_LEN];
    store_person    *list;
    size_t           count;
    yao_text         number;

    yao_status status =
        yao_json_string(yao_json_get(household, "number"), arena, &number);
    if (status != YAO_E_MISSING) {
        YAO_TRY(status);
        YAO_TRY(seal_hash(a->crypto, &a->keys, STORE_BY_HOUSEHOLD,
                          yao_text_bytes(number), hash));
        YAO_TRY(store_list_persons(
            a->store, (store_lookup){STORE_BY_HOUSEHOLD, {hash, sizeof hash}},
            arena, &list, &count));
        YAO_TRY(open_members(a, person, list, count, arena, &found));
    }
    *ret = found;
    return YAO_OK;
}

void people_close(people_person *person)
{
    yao_wipe(&person->key, sizeof person->key);
}
