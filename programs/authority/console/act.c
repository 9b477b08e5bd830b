/* SPDX-License-Identifier: Apache-2.0 */
/* The acts, and asking for them. Confirming is in case_routes.c. */
#include "authority/console/act.h"

#include "authority/console/find.h"
#include "authority/enrol/guardian.h"
#include "authority/keys/keys.h"
#include "store/erase.h"


/* ---- what acts read ------------------------------------------------------ */

static yao_status read_reason(app_call *call, const yao_json *from,
                              yao_text *ret)
{
    const console_member member = {"reason", 32, false};

    return console_read_text(call, from, &member, ret);
}

static yao_status read_issuance(app_call *call, const yao_json *hex,
                                console_issuance *ret)
{
    yao_text text;

    YAO_TRY(yao_json_string(hex, call->arena, &text));
    return console_find_issuance(call, text, (yao_bytes){NULL, 0}, ret);
}

/* ---- many revocations ---------------------------------------------------- */

/* Each is there; the same twice would be a claim against itself. */
static yao_status check_list(app_call *call, const yao_json *list)
{
    console_issuance found;

    if (list == NULL || list->kind != YAO_JSON_ARRAY || list->count == 0)
        return YAO_E_MISSING;
    if (list->count > CONSOLE_MAX_BULK)
        return YAO_E_VALUE;
    for (const yao_json *i = list->first; i != NULL; i = i->next) {
        YAO_TRY(read_issuance(call, i, &found));
        for (const yao_json *j = list->first; j != i; j = j->next)
            if (yao_text_equal(i->raw, j->raw))
                return YAO_E_VALUE;
    }
    return YAO_OK;
}

static yao_status ask_bulk(app_call *call, const yao_json *body,
                           console_asked *asked)
{
    const yao_json *list = yao_json_get(body, "issuances");
    yao_text        reason;

    YAO_TRY(read_reason(call, body, &reason));
    if (!console_is_reason(reason))
        return YAO_E_VALUE;
    YAO_TRY(check_list(call, list));
    yao_writer w = yao_writer_in(call->arena);
    bool first = true;
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "reason", reason);
    yao_json_put_name(&w, &first, "issuances");
    yao_json_put_value(&w, list);
    return console_keep_detail(call, &w, asked);
}

/* What was revoked meanwhile is no reason not to revoke the others. */
static yao_status put_bulk(app_call *call, store_change *change,
                           const store_case *what, const yao_json *detail,
                           console_done *done)
{
    const yao_json  *list = yao_json_get(detail, "issuances");
    console_turn     turn = {"revoke", STORE_REVOKED, YAO_TEXT("")};
    console_issuance found;

    (void)what;
    (void)done;
    YAO_TRY(read_reason(call, detail, &turn.reason));
    for (const yao_json *i = list != NULL ? list->first : NULL; i != NULL;
         i                 = i->next) {
        YAO_TRY(read_issuance(call, i, &found));
        yao_status status = console_put_turn(call, change, &found, &turn);
        if (status != YAO_OK && status != YAO_E_MISMATCH)
            return status;
    }
    return YAO_OK;
}

/* ---- restoring ----------------------------------------------------------- */

static yao_status ask_restore(app_call *call, const yao_json *body,
                              console_asked *asked)
{
    console_issuance found;
    yao_text         reason;

    YAO_TRY(read_reason(call, body, &reason));
    if (!console_is_reason(reason))
        return YAO_E_VALUE;
    YAO_TRY(read_issuance(call, yao_json_get(body, "id"), &found));
    if (!console_applies(found.batches[0].state, STORE_VALID))
        return YAO_E_MISMATCH;
    asked->subject = found.batches[0].holder;
    yao_writer w = yao_writer_in(call->arena);
    bool first = true;
    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, "id", found.id);
    yao_json_put_member(&w, &first, "document", found.batches[0].name);
    yao_json_put_member(&w, &first, "reason", reason);
    return console_keep_detail(call, &w, asked);
}

static yao_status put_restore(app_call *call, store_change *change,
                              const store_case *what, const yao_json *detail,
                              console_done *done)
{
    console_turn     turn = {"restore", STORE_VALID, YAO_TEXT("")};
    console_issuance found;

    (void)what;
    (void)done;
    YAO_TRY(read_reason(call, detail, &turn.reason));
    YAO_TRY(read_issuance(call, yao_json_get(detail, "id"), &found));
    return console_put_turn(call, change, &found, &turn);
}

/* ---- guardians ----------------------------------------------------------- */

/* Both records are looked at, and both people can see that. */
static yao_status look_at_both(app_call *call, const yao_json *body,
                               people_person *child, people_person *guardian)
{
    console_look_wish wish = {body, "child", "guardian"};
    const char       *purpose;

    YAO_TRY(console_look(call, &wish, child, &purpose));
    people_close(child);
    wish.member       = "guardian";
    yao_status status = console_look(call, &wish, guardian, &purpose);
    people_close(guardian);
    return status;
}

static yao_status ask_guardian(app_call *call, const yao_json *body,
                               console_asked *asked)
{
    people_person *child    = yao_arena_take(call->arena, sizeof *child);
    people_person *guardian = yao_arena_take(call->arena, sizeof *guardian);
    yao_time       ends;

    if (child == NULL || guardian == NULL)
        return YAO_E_SPACE;
    YAO_TRY(look_at_both(call, body, child, guardian));
    yao_status status = enrol_guardian_ends(guardian->record, child->record,
                                            call->now, &ends);
    if (status == YAO_E_NOT_AUTHORISED)
        status = YAO_E_NOT_ENTITLED; /* no child, or no adult */
    YAO_TRY(status);
    asked->subject = (yao_bytes){child->holder, STORE_HASH_LEN};
    yao_writer w = yao_writer_in(call->arena);
    bool first = true;
    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, "guardian",
                            (yao_bytes){guardian->holder, STORE_HASH_LEN});
    yao_json_put_member_int(&w, &first, "ends", ends);
    return console_keep_detail(call, &w, asked);
}

/* Both are in the register still, and at the commit too: nothing is noted of
 * who was erased since it was asked. */
static yao_status find_still(app_call *call, store_change *change,
                             yao_bytes holder, people_person *ret)
{
    YAO_TRY(people_find_holder(server_authority(call), holder, call->arena,
                               ret));
    store_keep_person(change, ret->stored.id);
    return YAO_OK;
}

/* And a child is one still. */
static yao_status find_end(app_call *call, store_change *change,
                           store_guardian *row)
{
    people_person *child    = yao_arena_take(call->arena, sizeof *child);
    people_person *guardian = yao_arena_take(call->arena, sizeof *guardian);

    if (child == NULL || guardian == NULL)
        return YAO_E_SPACE;
    YAO_TRY(find_still(call, change, row->child, child));
    people_close(child);
    YAO_TRY(find_still(call, change, row->guardian, guardian));
    people_close(guardian);
    return enrol_guardian_ends(guardian->record, child->record, call->now,
                               &row->ends);
}

static yao_status put_guardian(app_call *call, store_change *change,
                               const store_case *what, const yao_json *detail,
                               console_done *done)
{
    const console_member member = {"guardian", 2 * STORE_HASH_LEN, false};
    const enrol          e      = enrol_of(call);
    store_guardian       row    = {.child  = what->subject,
                                   .reason = YAO_TEXT(ENROL_BY_OFFICERS)};
    yao_text             hex;

    (void)done;
    YAO_TRY(console_read_text(call, detail, &member, &hex));
    YAO_TRY(console_read_hex(call, hex, STORE_HASH_LEN, &row.guardian));
    yao_status status = find_end(call, change, &row);
    if (status == YAO_E_NOT_FOUND || status == YAO_E_NOT_AUTHORISED)
        return YAO_E_MISMATCH;
    YAO_TRY(status);
    return enrol_put_guardian(&e, change, &row);
}

/* ---- signers ------------------------------------------------------------- */

/* Is there a key of these words in use? */
static yao_status check_signer(app_call *call, yao_text role, yao_text kind)
{
    keys_entry *keys;
    size_t      count;

    YAO_TRY(keys_list(server_authority(call), call->arena, &keys, &count));
    for (size_t i = 0; i < count; i++)
        if (keys[i].ended == 0 &&
            yao_text_equal(role, yao_text_of(keys[i].row->role)) &&
            yao_text_equal(kind, yao_text_of(keys[i].row->kind)))
            return YAO_OK;
    return YAO_E_VALUE;
}

static yao_status ask_rotation(app_call *call, const yao_json *body,
                               console_asked *asked)
{
    const console_member members[] = {{"role", 32, false}, {"kind", 32, false}};
    yao_text             role, kind;

    YAO_TRY(console_read_text(call, body, &members[0], &role));
    YAO_TRY(console_read_text(call, body, &members[1], &kind));
    YAO_TRY(check_signer(call, role, kind));
    yao_writer w = yao_writer_in(call->arena);
    bool first = true;
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "role", role);
    yao_json_put_member(&w, &first, "kind", kind);
    return console_keep_detail(call, &w, asked);
}

/* Keys are made where they lie, by `signer rotate`: here two agree to it. */
static yao_status put_rotation(app_call *call, store_change *change,
                               const store_case *what, const yao_json *detail,
                               console_done *done)
{
    (void)detail;
    *done = (console_done){YAO_TEXT("next"), YAO_TEXT("yaopai signer rotate")};
    return authority_put_event(change, call->arena, "signer.agreed",
                               (yao_bytes){NULL, 0}, what->detail);
}

/* ---- the table ----------------------------------------------------------- */

#define SENIORS (APP_OFFICER | APP_SUPERVISOR)

const console_act console_acts[] = {
    {"act.bulk_revoke", SENIORS, APP_SUPERVISOR, ask_bulk, put_bulk},
    {"act.restore", SENIORS, SENIORS, ask_restore, put_restore},
    {"act.guardian", SENIORS, SENIORS, ask_guardian, put_guardian},
    {"act.hold", SENIORS, APP_SUPERVISOR, console_ask_hold, console_put_hold},
    {"act.erase", SENIORS, APP_SUPERVISOR, console_ask_erasure,
     console_put_erasure},
    {"act.party", APP_REGISTRAR, APP_REGISTRAR | APP_SUPERVISOR,
     console_ask_party, console_put_party},
    {"act.intake", SENIORS, APP_SUPERVISOR, console_ask_intake,
     console_put_intake},
    {"act.rotate_signer", APP_ADMINISTRATOR, APP_ADMINISTRATOR, ask_rotation,
     put_rotation},
    {NULL, 0, 0, NULL, NULL},
};

const console_act *console_find_act(yao_text kind)
{
    for (const console_act *act = console_acts; act->kind != NULL; act++)
        if (yao_text_equal(kind, yao_text_of(act->kind)))
            return act;
    return NULL;
}

/* ---- asking -------------------------------------------------------------- */

yao_status console_keep_detail(app_call *call, yao_writer *w,
                               console_asked *asked)
{
    yao_bytes detail;

    yao_put_byte(w, '}');
    YAO_TRY(yao_writer_keep(w, call->arena, &detail));
    asked->detail = (yao_text){detail.ptr, detail.len};
    return YAO_OK;
}

static yao_status put_asked(app_call *call, const console_act *act,
                            const console_asked *asked, yao_bytes *ret)
{
    yao_bytes    who    = console_operator_id(console_who(call));
    uint8_t     *id     = yao_arena_take(call->arena, STORE_ID_LEN);
    store_change change = store_change_open(call->arena);
    store_case   c      = {.id      = {id, STORE_ID_LEN},
                           .kind    = yao_text_of(act->kind),
                           .subject = asked->subject,
                           .opened  = call->now,
                           .detail  = asked->detail};

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    store_put_case(&change, &c);
    store_decide_case(&change, c.id, YAO_TEXT("accept"), who, call->now);
    const console_deed deed = {.kind    = "case.ask",
                               .subject = asked->subject,
                               .what    = act->kind,
                               .id      = c.id};
    YAO_TRY(console_put_event(call, &change, &deed));
    YAO_TRY(store_commit(server_authority(call)->store, &change));
    *ret = c.id;
    return YAO_OK;
}

static yao_status ask(app_call *call, const char *kind, yao_bytes *id)
{
    const console_act *act   = console_find_act(yao_text_of(kind));
    console_asked      asked = {.subject = YAO_LIT("")};
    const yao_json    *body;

    if (act == NULL || (console_who(call)->roles & act->asks) == 0)
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(act->ask(call, body, &asked));
    return put_asked(call, act, &asked, id);
}

yao_status console_ask(app_call *call, app_reply *ret, const char *kind)
{
    yao_bytes  id;
    yao_status status = ask(call, kind, &id);

    if (status != YAO_OK)
        return console_tell(ret, call, status);
    return app_reply_id(ret, call, 202, "case", id);
}
