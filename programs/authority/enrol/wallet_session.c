/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A person's session that the page of a wallet holds: opened by number and
 * access code, or by the key to which documents of an enrolment were issued.
 * A page of any origin may ask; what it gets is a token that it sends with each
 * request, and never a cookie. A key alone is of level 1: it reads, and it ends
 * nothing that is not of its own level.
 */
#include "authority/enrol/routes.h"

#include "authority/enrol/guardian.h"
#include "authority/enrol/level.h"
#include "authority/life/life.h"
#include "authority/once.h"
#include "authority/vci/asker.h"
#include "authority/vci/shown_key.h"
#include "oauth/token.h"

#include <string.h>

#define BY_KEY_LEVEL 1
#define MAX_CHILDREN 16

static const enrol_person *person_of(const app_call *call)
{
    return &((const enrol_visitor *)call->who)->person;
}

/* ---- the door ---- */

yao_text enrol_bearer(const app_call *call)
{
    size_t           count  = 0;
    yao_text         header = net_header_find(call->http, "authorization",
                                              &count);
    yao_text         token;
    yao_token_scheme scheme;

    if (count != 1 || yao_token_read_header(header, &scheme, &token) != YAO_OK)
        return YAO_TEXT("");
    return scheme == YAO_TOKEN_BEARER ? token : YAO_TEXT("");
}

yao_status enrol_tell_code(app_reply *ret, app_call *call)
{
    return enrol_refuse(
        ret, call, 403, "code",
        WORDS("This device alone is not enough for this. Give your number and "
              "access code; a kiosk gives a new code.",
              "仅凭本设备不能办理此事。请提供号码与访问口令；可到终端重设"
              "口令。"),
        0);
}

/* ---- by a device's key ---- */

/* CHILD: the enrolment of one that a guardian holds; empty: the own. */
static const store_enrolment *choose(const store_enrolment *list, size_t count,
                                     yao_bytes child)
{
    for (size_t i = count; i-- > 0;) {
        const store_enrolment *one     = &list[i];
        bool                   guarded = (one->factors & ENROL_GUARDED) != 0;

        if (one->state == STORE_ENROLMENT_BOUND &&
            (child.len == 0 ? !guarded
                            : guarded && yao_bytes_equal(one->id, child)))
            return one;
    }
    return NULL;
}

static yao_status fill_person(const enrol *e, const store_enrolment *one,
                              enrol_person *who)
{
    people_person person;

    YAO_TRY(people_find_holder(e->a, one->holder, e->arena, &person));
    yao_status status = YAO_E_STORE;
    if (person.number.len <= sizeof who->number) {
        memcpy(who->number, person.number.ptr, person.number.len);
        who->number_len = (uint32_t)person.number.len;
        status = enrol_hash_person(e, person.number, who->lookup, who->holder);
    }
    people_close(&person);
    return status;
}

/* Whoever froze may not have the telephone: its key says nothing of them. */
static yao_status check_frozen(const enrol *e, yao_bytes holder)
{
    bool frozen;

    YAO_TRY(life_is_frozen(e, holder, &frozen));
    return frozen ? YAO_E_NOT_FOUND : YAO_OK;
}

/* Does the device hold CHILD's documents still by right: is whose device it is
 * a guardian now? Of one that is nobody's own it is not known for whom it holds
 * them; the job that ends those without any guardian looks after it. */
static yao_status check_guarded(const enrol *e, const store_enrolment *child,
                                const store_enrolment *own)
{
    bool guardian = false;

    if (own == NULL)
        return YAO_OK;
    YAO_TRY(enrol_is_guardian(e, child->holder, own->holder, &guardian));
    return guardian ? check_frozen(e, own->holder) : YAO_E_NOT_FOUND;
}

static yao_status find_by_key(const enrol *e, yao_bytes child,
                              enrol_person *who)
{
    store_enrolment       *list;
    const store_enrolment *one;
    size_t                 count;

    YAO_TRY(store_list_device(e->a->store,
                              (yao_bytes){who->device, STORE_HASH_LEN},
                              e->arena, &list, &count));
    one = choose(list, count, child);
    if (one == NULL)
        return YAO_E_NOT_FOUND;
    if (child.len != 0)
        YAO_TRY(check_guarded(e, one,
                              choose(list, count, (yao_bytes){NULL, 0})));
    YAO_TRY(check_frozen(e, one->holder));
    who->proof      = ENROL_BY_DEVICE;
    who->level      = BY_KEY_LEVEL;
    who->code_level = BY_KEY_LEVEL;
    who->guardian   = (one->factors & ENROL_GUARDED) != 0;
    who->since      = e->now;
    return fill_person(e, one, who);
}

/* CHANGE, in which a proof was claimed: each counts once. */
static yao_status commit_claim(const enrol *e, store_change *change)
{
    yao_status status = store_commit(e->a->store, change);
    return status == YAO_E_EXISTS && change->lost_about == ONCE_DPOP
               ? YAO_E_DUPLICATE
               : status;
}

static yao_status note_key(const enrol *e, const vci_shown_key *key,
                           const enrol_person *who)
{
    store_change change = store_change_open(e->arena);

    vci_key_claim(key, &change);
    YAO_TRY(authority_put_event(
        &change, e->arena, "person.login",
        (yao_bytes){who->holder, STORE_HASH_LEN},
        who->guardian ? YAO_TEXT("{\"by\":\"guardian's device\"}")
                      : YAO_TEXT("{\"by\":\"device\"}")));
    return commit_claim(e, &change);
}

static yao_status read_child(const yao_json *body, yao_arena *arena,
                             uint8_t id[STORE_ID_LEN], yao_bytes *ret)
{
    yao_text text;

    *ret = (yao_bytes){id, 0};
    if (yao_json_get(body, "child") == NULL)
        return YAO_OK;
    YAO_TRY(yao_json_string(yao_json_get(body, "child"), arena, &text));
    YAO_TRY(authority_read_id(text, id, STORE_ID_LEN));
    ret->len = STORE_ID_LEN;
    return YAO_OK;
}

static yao_status log_in_by_key(const enrol *e, const yao_json *body,
                                const vci_shown_key *key, enrol_person *who)
{
    uint8_t   id[STORE_ID_LEN];
    yao_bytes child;

    if (!key->shown)
        return YAO_E_NOT_FOUND;
    YAO_TRY(read_child(body, e->arena, id, &child));
    YAO_TRY(find_by_key(e, child, who));
    return note_key(e, key, who);
}

static yao_status tell_key(app_reply *ret, app_call *call, yao_status status)
{
    if (status == YAO_E_DUPLICATE)
        return enrol_refuse(ret, call, 400, "again",
                            WORDS("This proof came before. Try again.",
                                  "此证明已用过。请重试。"),
                            0);
    if (status != YAO_E_NOT_FOUND)
        return status;
    return enrol_refuse(
        ret, call, 401, "login",
        WORDS("This device is not enrolled, was ended, or its owner froze "
              "all documents. Give number and access code.",
              "本设备未登记、已被停用，或其持有人已冻结全部证件。"
              "请提供号码与访问口令。"),
        0);
}

/* ---- logging in and out ---- */

static yao_status hash_device(const enrol *e, const vci_shown_key *key,
                              enrol_person *who)
{
    if (!key->shown)
        return YAO_OK;
    return seal_hash(e->a->crypto, &e->a->keys, SEAL_LEDGER_KEY,
                     (yao_bytes){key->jkt, STORE_HASH_LEN}, who->device);
}

static yao_status reply_session(app_reply *ret, app_call *call,
                                const enrol_person *who, yao_text token)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "token", token);
    yao_json_put_member_int(&w, &first, "seconds", ENROL_PERSON_SECONDS);
    yao_json_put_member_int(&w, &first, "level", who->level);
    yao_json_put_member(
        &w, &first, "by",
        yao_text_of(who->proof == ENROL_BY_DEVICE ? "device" : "code"));
    yao_json_put_member_bool(&w, &first, "guardian", who->guardian);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 201, &w);
}

/* A device that is named beside a code counts once as well: its session sees
 * what that device holds for children. */
static yao_status claim_key(const enrol *e, const vci_shown_key *key)
{
    store_change change = store_change_open(e->arena);

    if (!key->shown)
        return YAO_OK;
    vci_key_claim(key, &change);
    return commit_claim(e, &change);
}

static yao_status log_in_by_code(app_call *call, const enrol *e,
                                 const yao_json *body, enrol_person *ret,
                                 int64_t *wait)
{
    yao_text     number, code;
    enrol_person who;

    YAO_TRY(
        yao_json_string(yao_json_get(body, "number"), call->arena, &number));
    YAO_TRY(yao_json_string(yao_json_get(body, "code"), call->arena, &code));
    YAO_TRY(enrol_log_in(e, number, code, &who, wait));
    memcpy(who.device, ret->device, sizeof who.device);
    *ret = who;
    yao_wipe(&who, sizeof who);
    return YAO_OK;
}

static yao_status open_for(app_call *call, app_reply *ret, const enrol *e,
                           const vci_shown_key *key, enrol_person *who)
{
    const yao_json *body;
    yao_text        token;
    int64_t         wait = 0;

    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(hash_device(e, key, who));
    bool       by_code = yao_json_get(body, "number") != NULL ||
                         yao_json_get(body, "code") != NULL;
    yao_status status  = by_code ? log_in_by_code(call, e, body, who, &wait)
                                 : log_in_by_key(e, body, key, who);
    if (status != YAO_OK)
        return by_code ? enrol_tell_login(ret, call, status, wait)
                       : tell_key(ret, call, status);
    if (by_code) /* after it: whoever has no code writes nothing */
        status = claim_key(e, key);
    if (status != YAO_OK)
        return tell_key(ret, call, status);
    who->wallet = true;
    YAO_TRY(enrol_start_session(e, who, &token));
    return reply_session(ret, call, who, token);
}

static yao_status log_in(app_call *call, app_reply *ret)
{
    enrol             e       = enrol_of(call);
    enrol_person      who     = {.level = 0};
    yao_oauth_refusal refusal = {YAO_OAUTH_NONE, ""};
    vci_shown_key     key;

    yao_status status = vci_key_check(call, &key, &refusal);
    if (status != YAO_OK)
        return vci_finish(call, status, &refusal, ret);
    status = open_for(call, ret, &e, &key, &who);
    yao_wipe(&who, sizeof who);
    return status;
}

static yao_status log_out(app_call *call, app_reply *ret)
{
    enrol e = enrol_of(call);

    YAO_TRY(enrol_end_session(&e, enrol_bearer(call)));
    return app_reply_empty(ret, 204);
}

/* ---- a guardian's children ---- */

typedef struct child {
    yao_bytes id; /* of the enrolment */
    yao_text  name;
    yao_time  ends;
} child;

/* The end of the latest that runs. Errors: YAO_E_NOT_FOUND: none does. */
static yao_status find_end(const enrol *e, const enrol_person *who,
                           yao_bytes holder, yao_time *ret)
{
    store_guardian *list;
    size_t          count;

    *ret = e->now;
    YAO_TRY(store_list_guardians(e->a->store, holder, e->arena, &list, &count));
    for (size_t i = 0; i < count; i++)
        if (list[i].ended == 0 && yao_bytes_equal(list[i].child, holder) &&
            yao_bytes_equal(list[i].guardian,
                            (yao_bytes){who->holder, STORE_HASH_LEN}) &&
            list[i].ends > *ret)
            *ret = list[i].ends;
    return *ret > e->now ? YAO_OK : YAO_E_NOT_FOUND;
}

/* The child's name is read from the record: that is an event about them. */
static yao_status find_child(const enrol *e, const enrol_person *who,
                             const store_enrolment *one, store_change *change,
                             child *ret)
{
    people_person person;

    YAO_TRY(find_end(e, who, one->holder, &ret->ends));
    YAO_TRY(people_find_holder(e->a, one->holder, e->arena, &person));
    yao_status status = yao_json_string(
        yao_json_get(person.record, "name"), e->arena, &ret->name);
    if (status == YAO_OK)
        status = people_note_read(e->a, change, person.number, "guardian");
    people_close(&person);
    ret->id = one->id;
    return status;
}

static yao_status gather(const enrol *e, const enrol_person *who, child *all,
                         size_t *ret)
{
    store_change     change = store_change_open(e->arena);
    store_enrolment *list;
    size_t           count, found = 0;

    YAO_TRY(store_list_device(e->a->store,
                              (yao_bytes){who->device, STORE_HASH_LEN},
                              e->arena, &list, &count));
    for (size_t i = 0; i < count && found < MAX_CHILDREN; i++) {
        if (list[i].state != STORE_ENROLMENT_BOUND ||
            (list[i].factors & ENROL_GUARDED) == 0)
            continue;
        yao_status status = find_child(e, who, &list[i], &change, &all[found]);
        if (status == YAO_E_NOT_FOUND) /* no guardian now; erased meanwhile */
            continue;
        YAO_TRY(status);
        found++;
    }
    *ret = found;
    return found == 0 ? YAO_OK : store_commit(e->a->store, &change);
}

static void put_child(yao_writer *w, const void *item)
{
    const child *c     = item;
    bool         first = true;

    yao_put_byte(w, '{');
    yao_json_put_member_hex(w, &first, "id", c->id);
    yao_json_put_member(w, &first, "name", c->name);
    yao_json_put_member_int(w, &first, "ends", c->ends);
    yao_put_byte(w, '}');
}

/* Of the device that asks; a child's own session has none. */
static yao_status list_children(app_call *call, app_reply *ret)
{
    enrol               e   = enrol_of(call);
    const enrol_person *who = person_of(call);
    child               all[MAX_CHILDREN];
    size_t              count = 0;

    if (!who->guardian)
        YAO_TRY(gather(&e, who, all, &count));
    return app_reply_list(
        ret, call,
        &(app_listed){"children", all, count, sizeof *all, put_child});
}

const app_route enrol_wallet_routes[ENROL_WALLET_ROUTES] = {
    {"POST", "/wallet/session", APP_ANY_WALLET | APP_JSON, log_in, 0, 1024},
    {"DELETE", "/wallet/session", APP_WALLET, log_out, 0, 0},
    {"GET", "/wallet/children", APP_WALLET, list_children, 0, 0},
};
