/* SPDX-License-Identifier: Apache-2.0 */
/* Adding and ending operators: proposed by one, done by another. */
#include "authority/console/operator_inside.h"

#include <string.h>

#include "authority/once.h"
#include "store/session.h"

enum { FEWEST_ADMINISTRATORS = 2 };

/* ---- names and roles ---------------------------------------------------- */

static bool is_name_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
}

yao_status console_check_new(yao_text name, int64_t roles)
{
    if (name.len == 0 || name.len > CONSOLE_MAX_NAME || roles <= 0 ||
        roles > CONSOLE_ANY_ROLE)
        return YAO_E_VALUE;
    for (size_t i = 0; i < name.len; i++)
        if (!is_name_letter(name.ptr[i]))
            return YAO_E_VALUE;
    return YAO_OK;
}

static yao_status check_free(authority *a, yao_text name, yao_arena *arena)
{
    store_operator *list;
    size_t          count;

    YAO_TRY(store_list_operators(a->store, arena, &list, &count));
    for (size_t i = 0; i < count; i++)
        if (yao_text_equal(list[i].name, name))
            return YAO_E_EXISTS;
    return YAO_OK;
}

/* An invitation that nobody took up in its time is none: else the second one
 * that was never opened would be the last. */
static bool is_administrator(const store_operator *o, yao_time now)
{
    if ((o->roles & APP_ADMINISTRATOR) == 0)
        return false;
    return o->state == STORE_OPERATOR_ACTIVE ||
           (o->state == STORE_OPERATOR_INVITED &&
            now - o->added < CONSOLE_CODE_SECONDS);
}

yao_status console_count_administrators(authority *a, yao_bytes except,
                                        yao_time now, yao_arena *arena,
                                        size_t *ret)
{
    store_operator *list;
    size_t          count, found = 0;

    YAO_TRY(store_list_operators(a->store, arena, &list, &count));
    for (size_t i = 0; i < count; i++)
        found += is_administrator(&list[i], now) &&
                 !yao_bytes_equal(list[i].id, except);
    *ret = found;
    return YAO_OK;
}

/* Routes look at roles too; who calls from elsewhere is looked at here. */
static yao_status check_administrator(authority *a, yao_bytes who,
                                      yao_arena *arena)
{
    store_operator o;
    yao_status     status = store_get_operator(a->store, who, arena, &o);

    if (status == YAO_E_NOT_FOUND)
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(status);
    return o.state == STORE_OPERATOR_ACTIVE &&
                   (o.roles & APP_ADMINISTRATOR) != 0
               ? YAO_OK
               : YAO_E_NOT_AUTHORISED;
}

/* ---- inviting ----------------------------------------------------------- */

/* Who is invited; the hash of the half that the proposer has, or nothing. */
typedef struct invited {
    yao_text  name;
    int64_t   roles;
    yao_bytes half;
} invited;

static yao_status put_invitation(authority *a, store_change *change,
                                 const invited *who, yao_time now,
                                 yao_text *code)
{
    yao_arena    *arena = change->arena;
    console_code *c     = yao_arena_take(arena, sizeof *c);
    uint8_t      *hash  = yao_arena_take(arena, STORE_HASH_LEN);

    if (c == NULL || hash == NULL)
        return YAO_E_SPACE;
    *c = (console_code){.halved = who->half.len == STORE_HASH_LEN};
    if (c->halved)
        memcpy(c->half, who->half.ptr, STORE_HASH_LEN);
    YAO_TRY(yao_openssl_random(c->bytes, CONSOLE_CODE));
    YAO_TRY(console_hash_code(a, c, hash));
    store_put_operator(change,
                       &(store_operator){.id    = {c->bytes, STORE_ID_LEN},
                                         .name  = who->name,
                                         .roles = who->roles,
                                         .added = now});
    store_put_once(change,
                   &(store_once){.kind    = ONCE_OPERATOR_CODE,
                                 .hash    = {hash, STORE_HASH_LEN},
                                 .expires = now + CONSOLE_CODE_SECONDS,
                                 .payload = YAO_LIT("1")});
    return console_write_letters((yao_bytes){c->bytes, CONSOLE_CODE}, arena,
                                 code);
}

static yao_status put_event(store_change *change, yao_arena *arena,
                            const char *kind, yao_text detail)
{
    return authority_put_event(change, arena, kind, (yao_bytes){NULL, 0},
                               detail);
}

static yao_status keep(yao_writer *w, yao_arena *arena, yao_text *ret)
{
    yao_bytes bytes;

    YAO_TRY(yao_writer_keep(w, arena, &bytes));
    *ret = (yao_text){bytes.ptr, bytes.len};
    return YAO_OK;
}

/* {"name": ..., "roles": [...], ?"half": hash}: names of operators are not
 * those of people */
static yao_status write_new(const invited *who, yao_arena *arena, yao_text *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "name", who->name);
    yao_json_put_name(&w, &first, "roles");
    console_put_roles(&w, who->roles);
    if (who->half.len != 0)
        yao_json_put_member_hex(&w, &first, "half", who->half);
    yao_put_byte(&w, '}');
    return keep(&w, arena, ret);
}

yao_status console_invite_first(authority *a, yao_text name, int64_t roles,
                                yao_time now, yao_arena *arena, yao_text *code)
{
    store_change change = store_change_open(arena);
    size_t       count;
    yao_text     detail;

    YAO_TRY(console_check_new(name, roles));
    YAO_TRY(console_count_administrators(a, (yao_bytes){NULL, 0}, now, arena,
                                         &count));
    if (count >= FEWEST_ADMINISTRATORS || (roles & APP_ADMINISTRATOR) == 0)
        return YAO_E_NOT_AUTHORISED;
    const invited who = {.name = name, .roles = roles};
    YAO_TRY(put_invitation(a, &change, &who, now, code));
    YAO_TRY(write_new(&who, arena, &detail));
    YAO_TRY(put_event(&change, arena, "operator.invite", detail));
    return store_commit(a->store, &change);
}

/* ---- proposing ---------------------------------------------------------- */

static yao_status check_end(authority *a, yao_bytes id, yao_arena *arena)
{
    store_operator o;

    YAO_TRY(store_get_operator(a->store, id, arena, &o));
    return o.state != STORE_OPERATOR_ENDED ? YAO_OK : YAO_E_NOT_FOUND;
}

static yao_status write_roles(const console_proposal *what, yao_arena *arena,
                              yao_text *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, "operator", what->id);
    yao_json_put_name(&w, &first, "roles");
    console_put_roles(&w, what->roles);
    yao_put_byte(&w, '}');
    return keep(&w, arena, ret);
}

/* The half for who proposes, as letters; its hash for the case. */
static yao_status draw_half(authority *a, yao_arena *arena, yao_text *letters,
                            yao_bytes *hash)
{
    uint8_t  half[CONSOLE_HALF];
    uint8_t *out = yao_arena_take(arena, STORE_HASH_LEN);

    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(half, sizeof half));
    yao_status status =
        console_hash(a, "half", (yao_bytes){half, sizeof half}, out);
    if (status == YAO_OK)
        status = console_write_letters((yao_bytes){half, sizeof half}, arena,
                                       letters);
    yao_wipe(half, sizeof half);
    *hash = (yao_bytes){out, STORE_HASH_LEN};
    return status;
}

static yao_status write_addition(authority *a, const console_proposal *what,
                                 yao_arena *arena, store_case *c,
                                 yao_text *half)
{
    invited who = {.name = what->name, .roles = what->roles};

    c->kind = YAO_TEXT(CONSOLE_CASE_ADD);
    YAO_TRY(console_check_new(what->name, what->roles));
    YAO_TRY(check_free(a, what->name, arena));
    YAO_TRY(draw_half(a, arena, half, &who.half));
    return write_new(&who, arena, &c->detail);
}

static yao_status write_proposal(authority *a, const console_proposal *what,
                                 yao_arena *arena, store_case *c)
{
    if (what->name.len == 0 && what->roles != 0) {
        c->kind = YAO_TEXT(CONSOLE_CASE_ROLES);
        if (what->roles < 0 || what->roles > CONSOLE_ANY_ROLE)
            return YAO_E_VALUE;
        YAO_TRY(check_end(a, what->id, arena));
        return write_roles(what, arena, &c->detail);
    }
    c->kind = YAO_TEXT(CONSOLE_CASE_END);
    YAO_TRY(check_end(a, what->id, arena));
    return authority_name_id(arena, "operator", what->id, &c->detail);
}

yao_status console_propose(authority *a, yao_bytes who,
                           const console_proposal *what, yao_time now,
                           yao_arena *arena, console_proposed *ret)
{
    store_change change = store_change_open(arena);
    uint8_t     *id     = yao_arena_take(arena, STORE_ID_LEN);
    yao_text     half   = YAO_TEXT("");
    store_case   c      = {.id      = {id, STORE_ID_LEN},
                           .subject = YAO_LIT(""),
                           .sealed  = YAO_LIT(""),
                           .opened  = now};

    if (id == NULL)
        return YAO_E_SPACE;
    if (who.len != 0)
        YAO_TRY(check_administrator(a, who, arena));
    if (what->name.len == 0 && what->roles != 0 &&
        yao_bytes_equal(who, what->id))
        return YAO_E_DUPLICATE;
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    YAO_TRY(what->name.len != 0 ? write_addition(a, what, arena, &c, &half)
                                : write_proposal(a, what, arena, &c));
    store_put_case(&change, &c);
    if (who.len != 0)
        store_decide_case(&change, c.id, YAO_TEXT("accept"), who, now);
    YAO_TRY(put_event(&change, arena, "operator.propose", c.detail));
    YAO_TRY(store_commit(a->store, &change));
    *ret = (console_proposed){c.id, half};
    return YAO_OK;
}

/* ---- confirming --------------------------------------------------------- */

static yao_status read_roles(const yao_json *list, int64_t *ret)
{
    int64_t roles = 0;

    if (list == NULL || list->kind != YAO_JSON_ARRAY)
        return YAO_E_MALFORMED;
    for (const yao_json *role = list->first; role != NULL; role = role->next)
        roles |= console_role(role->raw);
    *ret = roles;
    return YAO_OK;
}

static yao_status put_added(authority *a, store_change *change,
                            const yao_json *detail, yao_time now,
                            yao_arena *arena, yao_text *code)
{
    uint8_t *half = yao_arena_take(arena, STORE_HASH_LEN);
    invited  who  = {.half = {half, STORE_HASH_LEN}};
    yao_text hex;

    if (half == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_json_string(yao_json_get(detail, "name"), arena, &who.name));
    YAO_TRY(read_roles(yao_json_get(detail, "roles"), &who.roles));
    YAO_TRY(console_check_new(who.name, who.roles));
    /* one of before halves: proposed anew */
    if (yao_json_get(detail, "half") == NULL)
        return YAO_E_REFUSED;
    YAO_TRY(yao_json_string(yao_json_get(detail, "half"), arena, &hex));
    yao_writer w = yao_writer_open(half, STORE_HASH_LEN);
    YAO_TRY(yao_get_hex(yao_text_bytes(hex), &w));
    if (w.status != YAO_OK || w.len != STORE_HASH_LEN)
        return YAO_E_REFUSED;
    return put_invitation(a, change, &who, now, code);
}

static yao_status read_operator(const yao_json *detail, yao_arena *arena,
                                yao_bytes *ret)
{
    uint8_t *id = yao_arena_take(arena, STORE_ID_LEN);
    yao_text hex;

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_json_string(yao_json_get(detail, "operator"), arena, &hex));
    YAO_TRY(authority_read_id(hex, id, STORE_ID_LEN));
    *ret = (yao_bytes){id, STORE_ID_LEN};
    return YAO_OK;
}

/* Nobody is left who could add somebody: that is refused. */
static yao_status check_others(authority *a, yao_bytes id, yao_time now,
                               yao_arena *arena)
{
    size_t others;

    YAO_TRY(console_count_administrators(a, id, now, arena, &others));
    return others != 0 ? YAO_OK : YAO_E_REFUSED;
}

/* Sessions end with roles: who has others logs in anew (misuse N267). */
static yao_status put_roles(authority *a, store_change *change,
                            const yao_json *detail, yao_bytes who,
                            yao_time now, yao_arena *arena)
{
    yao_bytes id;
    int64_t   roles;

    YAO_TRY(read_operator(detail, arena, &id));
    if (yao_bytes_equal(id, who))
        return YAO_E_DUPLICATE;
    YAO_TRY(read_roles(yao_json_get(detail, "roles"), &roles));
    if (roles <= 0 || roles > CONSOLE_ANY_ROLE)
        return YAO_E_VALUE;
    if ((roles & APP_ADMINISTRATOR) == 0)
        YAO_TRY(check_others(a, id, now, arena));
    store_set_operator_roles(change, id, roles, now);
    store_end_sessions_of(change, id);
    return YAO_OK;
}

static yao_status put_ended(authority *a, store_change *change,
                            const yao_json *detail, yao_time now,
                            yao_arena *arena)
{
    yao_bytes bytes;

    YAO_TRY(read_operator(detail, arena, &bytes));
    YAO_TRY(check_others(a, bytes, now, arena));
    store_end_operator(change, bytes, now);
    store_end_sessions_of(change, bytes);
    return YAO_OK;
}

/* Who confirms, and when. */
typedef struct confirming {
    authority *a;
    yao_bytes  who;
    yao_time   now;
    yao_arena *arena;
} confirming;

static yao_status put_what_it_says(const confirming *by, store_change *change,
                                   const store_case *c, yao_text *code)
{
    authority      *a     = by->a;
    yao_arena      *arena = by->arena;
    yao_time        now   = by->now;
    const yao_json *detail;

    YAO_TRY(yao_json_parse(arena, yao_text_bytes(c->detail), &detail));
    if (yao_text_equal(c->kind, YAO_TEXT(CONSOLE_CASE_ADD)))
        return put_added(a, change, detail, now, arena, code);
    if (yao_text_equal(c->kind, YAO_TEXT(CONSOLE_CASE_END)))
        return put_ended(a, change, detail, now, arena);
    if (yao_text_equal(c->kind, YAO_TEXT(CONSOLE_CASE_ROLES)))
        return put_roles(a, change, detail, by->who, now, arena);
    return YAO_E_NOT_FOUND;
}

static bool is_of_operators(yao_text kind)
{
    return yao_text_equal(kind, YAO_TEXT(CONSOLE_CASE_ADD)) ||
           yao_text_equal(kind, YAO_TEXT(CONSOLE_CASE_END)) ||
           yao_text_equal(kind, YAO_TEXT(CONSOLE_CASE_ROLES));
}

/* What the command line proposed has nobody's word yet: two are to come. */
static yao_status give_first_word(const confirming *by, const store_case *c)
{
    store_change change = store_change_open(by->arena);

    if (!is_of_operators(c->kind))
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(check_administrator(by->a, by->who, by->arena));
    store_decide_case(&change, c->id, YAO_TEXT("accept"), by->who, by->now);
    YAO_TRY(put_event(&change, by->arena, "operator.propose", c->detail));
    return store_commit(by->a->store, &change);
}

yao_status console_confirm(authority *a, yao_bytes who, yao_bytes id,
                           yao_time now, yao_arena *arena, yao_text *code)
{
    const confirming by     = {a, who, now, arena};
    store_change     change = store_change_open(arena);
    yao_text         given  = YAO_TEXT("");
    store_case       c;

    YAO_TRY(store_get_case(a->store, id, arena, &c));
    if (c.state == STORE_CASE_OPEN) {
        YAO_TRY(give_first_word(&by, &c));
        *code = (yao_text){NULL, 0};
        return YAO_OK;
    }
    if (c.state != STORE_CASE_DECIDED || yao_bytes_equal(c.decided_by, who))
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(check_administrator(a, who, arena));
    store_confirm_case(&change, id, YAO_TEXT("accept"), who, now);
    store_claim_operator(&change, c.decided_by, APP_ADMINISTRATOR);
    YAO_TRY(put_what_it_says(&by, &change, &c, &given));
    YAO_TRY(put_event(&change, arena, "operator.confirm", c.detail));
    YAO_TRY(store_commit(a->store, &change));
    *code = given;
    return YAO_OK;
}
