/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/vci/waiting.h"

#include "authority/server/server.h"
#include "authority/vci/box.h"
#include "authority/vci/making.h"
#include "store/case.h"

#include <string.h>

/* How long an officer has. */
#define WAIT_SECONDS (30 * YAO_TIME_DAY)

/* ---- what is kept ------------------------------------------------------- */

static void put_keys(yao_writer *w, bool *first, const vci_wait *wait)
{
    bool item = true;

    yao_json_put_name(w, first, "keys");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < wait->count; i++) {
        yao_json_put_next(w, &item);
        yao_json_put_base64url(
            w, (yao_bytes){wait->keys[i].point, wait->keys[i].len});
    }
    yao_put_byte(w, ']');
}

static yao_status write_kept(const app_call *call, const vci_wait *wait,
                             const uint8_t officer_case[STORE_ID_LEN],
                             yao_bytes *ret)
{
    const vci_grant *g     = &wait->access->grant;
    yao_writer       w     = yao_writer_in(call->arena);
    bool             first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "configuration", wait->configuration);
    yao_json_put_member_int(&w, &first, "level", g->level);
    yao_json_put_member_base64url(&w, &first, "person",
                                  (yao_bytes){g->person, STORE_HASH_LEN});
    yao_json_put_member_base64url(&w, &first, "grant",
                                  (yao_bytes){g->id, STORE_ID_LEN});
    yao_json_put_member_base64url(&w, &first, "case",
                                  (yao_bytes){officer_case, STORE_ID_LEN});
    put_keys(&w, &first, wait);
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, call->arena, ret);
}

/* ---- once --------------------------------------------------------------- */

enum { PLACE = STORE_ID_LEN + STORE_HASH_LEN }; /* case, hash of transaction */

static yao_status place_of(const app_call *call,
                           const uint8_t grant[STORE_ID_LEN],
                           yao_text configuration, uint8_t out[STORE_HASH_LEN])
{
    const yao_bytes parts[] = {YAO_LIT("yaopai-waiting-1"),
                               {grant, STORE_ID_LEN},
                               yao_text_bytes(configuration)};

    return call->crypto->hash(call->crypto->ctx, YAO_SHA256, parts, 3, out);
}

/* May what was asked for before be asked for again in CASE? */
static yao_status check_case(const app_call *call, const uint8_t *officer_case)
{
    store_case found;

    YAO_TRY(store_get_case(server_authority(call)->store,
                           (yao_bytes){officer_case, STORE_ID_LEN},
                           call->arena, &found));
    return found.state != STORE_CASE_CLOSED ||
                   yao_text_equal(found.decision, YAO_TEXT(VCI_CASE_APPROVED))
               ? YAO_OK
               : YAO_E_NOT_ENTITLED;
}

/* The transaction before, in PLACE, is over. Out: its case, in the arena, or
 * nothing when there was none. */
static yao_status end_before(const app_call *call, const uint8_t *place,
                             store_change *change, const uint8_t **ret)
{
    const yao_bytes hash = {place, STORE_HASH_LEN};
    yao_bytes       kept;
    yao_status      status =
        store_get_once(server_authority(call)->store, ONCE_WAITING, hash,
                       call->now, call->arena, &kept);

    *ret = NULL;
    if (status == YAO_E_NOT_FOUND)
        return YAO_OK;
    YAO_TRY(status);
    if (kept.len != PLACE)
        return YAO_E_MALFORMED;
    YAO_TRY(check_case(call, kept.ptr));
    store_take_once(change, ONCE_WAITING, hash, call->now, NULL);
    store_drop_once(change, ONCE_TRANSACTION,
                    (yao_bytes){kept.ptr + STORE_ID_LEN, STORE_HASH_LEN});
    *ret = kept.ptr;
    return YAO_OK;
}

static yao_status put_place(const app_call *call, const uint8_t *place,
                            const uint8_t *officer_case, yao_text id,
                            store_change *change)
{
    uint8_t *kept = yao_arena_take(call->arena, PLACE);

    if (kept == NULL)
        return YAO_E_SPACE;
    memcpy(kept, officer_case, STORE_ID_LEN);
    YAO_TRY(vci_secret_hash(call->crypto, ONCE_TRANSACTION, id,
                            kept + STORE_ID_LEN));
    const store_once once = {.kind    = ONCE_WAITING,
                             .hash    = {place, STORE_HASH_LEN},
                             .expires = call->now + WAIT_SECONDS,
                             .payload = {kept, PLACE}};
    store_put_once(change, &once);
    return YAO_OK;
}

void vci_wait_end(const app_call *call, const vci_waiting *waiting,
                  store_change *change)
{
    store_take_once(change, ONCE_TRANSACTION,
                    (yao_bytes){waiting->hash, STORE_HASH_LEN}, call->now,
                    NULL);
    store_drop_once(change, ONCE_WAITING,
                    (yao_bytes){waiting->place, STORE_HASH_LEN});
}

/* ---- beginning ---------------------------------------------------------- */

static int64_t interval(const app_call *call)
{
    return config_number(&server_authority(call)->config, SETTING_INTERVAL);
}

yao_status vci_wait_answer(const app_call *call, yao_text id, yao_bytes *json)
{
    yao_vci_response *response =
        yao_arena_take(call->arena, sizeof *response);

    if (response == NULL)
        return YAO_E_SPACE;
    response->transaction_id = id;
    response->interval       = (uint32_t)interval(call);

    yao_writer w = yao_writer_in(call->arena);
    yao_vci_put_response(&w, YAO_VCI_NO_FORMAT, response);
    return yao_writer_keep(&w, call->arena, json);
}

/* What officers see: which document, in which case; whose is found by them. */
static yao_status describe(const app_call *call, const vci_wait *wait,
                           yao_text *ret)
{
    static const uint8_t nobody[STORE_ID_LEN];
    const vci_note note  = vci_note_read(wait->access->grant.note);
    yao_writer     w     = yao_writer_in(call->arena);
    bool           first = true;
    yao_bytes      bytes;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "configuration", wait->configuration);
    yao_json_put_member_int(&w, &first, "copies", (int64_t)wait->count);
    /* who offered it does not look at it */
    if (memcmp(note.by, nobody, sizeof nobody) != 0)
        yao_json_put_member_hex(&w, &first, "operator",
                                (yao_bytes){note.by, sizeof note.by});
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, call->arena, &bytes));
    *ret = (yao_text){bytes.ptr, bytes.len};
    return YAO_OK;
}

static yao_status put_case(const app_call *call, const vci_wait *wait,
                           const uint8_t *id, store_change *change)
{
    store_case opened = {
        .id      = {id, STORE_ID_LEN},
        .kind    = YAO_TEXT(VCI_CASE),
        .subject = vci_grant_holder(&wait->access->grant),
        .opened  = call->now};

    YAO_TRY(describe(call, wait, &opened.detail));
    store_put_case(change, &opened);
    return authority_put_event(change, call->arena, "credential.wait",
                               opened.subject, opened.detail);
}

/* A case of its own, unless the officers have one. */
static yao_status find_case(const app_call *call, const vci_wait *wait,
                            const uint8_t *place, store_change *change,
                            const uint8_t **ret)
{
    uint8_t *id = yao_arena_take(call->arena, STORE_ID_LEN);

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(end_before(call, place, change, ret));
    if (*ret != NULL)
        return YAO_OK;
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    *ret = id;
    return put_case(call, wait, id, change);
}

yao_status vci_wait_begin(app_call *call, const vci_wait *wait,
                          store_change *change, yao_bytes *json)
{
    const authority *a     = server_authority(call);
    uint8_t         *place = yao_arena_take(call->arena, STORE_HASH_LEN);
    const uint8_t   *officer_case;
    yao_text         id;
    yao_bytes        kept;

    *change = store_change_open(call->arena);
    if (place == NULL)
        return YAO_E_SPACE;
    YAO_TRY(place_of(call, wait->access->grant.id, wait->configuration,
                     place));
    YAO_TRY(vci_secret_new(call->arena, &id));
    YAO_TRY(wait->add(wait->ctx, change));
    YAO_TRY(find_case(call, wait, place, change, &officer_case));
    YAO_TRY(write_kept(call, wait, officer_case, &kept));
    YAO_TRY(vci_box_put(call->crypto, change, ONCE_TRANSACTION, id, kept,
                        call->now + WAIT_SECONDS));
    YAO_TRY(put_place(call, place, officer_case, id, change));
    YAO_TRY(vci_wait_answer(call, id, json));
    return store_commit(a->store, change);
}

/* ---- finding ------------------------------------------------------------ */

/* Exactly LEN bytes of a JSON string in base64url. */
static yao_status read_bytes(const yao_json *value, yao_arena *arena,
                             uint8_t *out, size_t len)
{
    yao_writer w = yao_writer_open(out, len);
    yao_text   letters;

    YAO_TRY(yao_json_string(value, arena, &letters));
    YAO_TRY(yao_get_base64url(yao_text_bytes(letters), &w));
    return w.status == YAO_OK && w.len == len ? YAO_OK : YAO_E_MALFORMED;
}

/* A point; how long it is says on which curve. */
static yao_status read_point(const yao_json *value, yao_arena *arena,
                             yao_public_key *key)
{
    static const yao_curve curves[] = {YAO_P256, YAO_P384};
    yao_writer             w = yao_writer_open(key->point, sizeof key->point);
    yao_text               letters;

    YAO_TRY(yao_json_string(value, arena, &letters));
    YAO_TRY(yao_get_base64url(yao_text_bytes(letters), &w));
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
        key->curve = curves[i];
        key->len   = (uint8_t)w.len;
        if (w.status == YAO_OK && yao_public_key_well_formed(key))
            return YAO_OK;
    }
    return YAO_E_MALFORMED;
}

static yao_status read_keys(const yao_json *array, yao_arena *arena,
                            vci_waiting *ret)
{
    if (array == NULL || array->kind != YAO_JSON_ARRAY || array->count == 0 ||
        array->count > YAO_VCI_MAX_BATCH)
        return YAO_E_MALFORMED;
    for (const yao_json *i = array->first; i != NULL; i = i->next)
        YAO_TRY(read_point(i, arena, &ret->keys[ret->count++]));
    return YAO_OK;
}

static yao_status read_kept(yao_bytes kept, yao_arena *arena, vci_waiting *ret)
{
    const yao_json *root;

    YAO_TRY(yao_json_parse(arena, kept, &root));
    YAO_TRY(yao_json_string(yao_json_get(root, "configuration"), arena,
                            &ret->configuration));
    YAO_TRY(yao_json_int(yao_json_get(root, "level"), &ret->level));
    YAO_TRY(read_bytes(yao_json_get(root, "person"), arena, ret->person,
                       STORE_HASH_LEN));
    YAO_TRY(read_bytes(yao_json_get(root, "grant"), arena, ret->grant,
                       STORE_ID_LEN));
    YAO_TRY(read_bytes(yao_json_get(root, "case"), arena, ret->officer_case,
                       STORE_ID_LEN));
    return read_keys(yao_json_get(root, "keys"), arena, ret);
}

yao_status vci_wait_find(const app_call *call, yao_text id, vci_waiting *ret)
{
    vci_waiting      found = {.count = 0};
    yao_bytes        kept;

    YAO_TRY(vci_box_get(call, ONCE_TRANSACTION, id, found.hash, &kept));
    YAO_TRY(read_kept(kept, call->arena, &found));
    YAO_TRY(place_of(call, found.grant, found.configuration, found.place));
    *ret = found;
    return YAO_OK;
}
