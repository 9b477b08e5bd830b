/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on a person's life with their documents: a lawful hold, an erasure. */
#include "authority/console/act.h"
#include "authority/console/find.h"
#include "authority/life/erase.h"

#include <string.h>

enum { WORD = 32, DOCUMENT = 64 };

/* Whom the body names, as the case will: a look like any other. */
static yao_status look(app_call *call, const yao_json *body, const char *what,
                       console_asked *asked)
{
    const console_look_wish wish   = {body, "person", what};
    uint8_t                *holder = yao_arena_take(call->arena,
                                                    STORE_HASH_LEN);
    people_person           person;
    const char             *purpose;

    if (holder == NULL)
        return YAO_E_SPACE;
    YAO_TRY(console_look(call, &wish, &person, &purpose));
    memcpy(holder, person.holder, STORE_HASH_LEN);
    asked->subject = (yao_bytes){holder, STORE_HASH_LEN};
    people_close(&person);
    return YAO_OK;
}

/* ---- holds --------------------------------------------------------------- */

static yao_status read_hold(app_call *call, const yao_json *from,
                            store_bar *bar)
{
    const struct {
        console_member member;
        yao_text      *to;
    } members[] = {
        {{"document", DOCUMENT, true}, &bar->name},
        {{"reason", WORD, false}, &bar->reason},
        {{"basis", LIFE_MAX_BASIS, false}, &bar->basis},
    };

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        YAO_TRY(console_read_text(call, from, &members[i].member,
                                  members[i].to));
    YAO_TRY(yao_json_int(yao_json_get(from, "until"), &bar->ends));
    if ((bar->name.len != 0 &&
         yao_document_by_name(server_catalogue(call), bar->name) == NULL) ||
        !life_is_hold_reason(bar->reason) || bar->ends <= call->now ||
        bar->ends - LIFE_HOLD_MOST > call->now)
        return YAO_E_VALUE;
    return YAO_OK;
}

yao_status console_ask_hold(app_call *call, const yao_json *body,
                            console_asked *asked)
{
    store_bar bar   = {.kind = STORE_BAR_HOLD};
    bool      first = true;

    YAO_TRY(read_hold(call, body, &bar));
    YAO_TRY(look(call, body, "hold", asked));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    if (bar.name.len != 0)
        yao_json_put_member(&w, &first, "document", bar.name);
    yao_json_put_member(&w, &first, "reason", bar.reason);
    yao_json_put_member(&w, &first, "basis", bar.basis);
    yao_json_put_member_int(&w, &first, "until", bar.ends);
    return console_keep_detail(call, &w, asked);
}

/* The look-up of whom the case is about, who may have gone meanwhile. */
static yao_status find(app_call *call, const store_case *what,
                       people_person *person, uint8_t *lookup)
{
    YAO_TRY(people_find_holder(server_authority(call), what->subject,
                               call->arena, person));
    yao_status status = console_handle(call, person, lookup);
    if (status != YAO_OK)
        people_close(person);
    return status;
}

yao_status console_put_hold(app_call *call, store_change *change,
                            const store_case *what, const yao_json *detail,
                            console_done *done)
{
    const enrol   e      = enrol_of(call);
    uint8_t      *lookup = yao_arena_take(call->arena, STORE_HASH_LEN);
    uint8_t      *id     = yao_arena_take(call->arena, STORE_ID_LEN);
    people_person person;
    store_bar     bar = {.kind    = STORE_BAR_HOLD,
                         .holder  = what->subject,
                         .author  = console_who(call)->name,
                         .started = call->now};

    if (lookup == NULL || id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(read_hold(call, detail, &bar));
    YAO_TRY(find(call, what, &person, lookup));
    people_close(&person);
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    bar.id     = (yao_bytes){id, STORE_ID_LEN};
    bar.lookup = (yao_bytes){lookup, STORE_HASH_LEN};
    YAO_TRY(life_make_receipt(&e, &bar, &bar.receipt));
    *done = (console_done){YAO_TEXT("receipt"), bar.receipt};
    return life_add_bar(&e, change, &bar, "hold.begin");
}

/* ---- erasures ------------------------------------------------------------ */

static const char *reason_of(yao_text word)
{
    static const char *const reasons[] = {"request", "deceased", "error"};

    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (yao_text_equal(word, yao_text_of(reasons[i])))
            return reasons[i];
    return NULL;
}

static yao_status read_reason(app_call *call, const yao_json *from,
                              const char **ret)
{
    const console_member member = {"reason", WORD, false};
    yao_text             word;

    YAO_TRY(console_read_text(call, from, &member, &word));
    *ret = reason_of(word);
    return *ret != NULL ? YAO_OK : YAO_E_VALUE;
}

yao_status console_ask_erasure(app_call *call, const yao_json *body,
                               console_asked *asked)
{
    const char *reason;
    bool        first = true;

    YAO_TRY(read_reason(call, body, &reason));
    YAO_TRY(look(call, body, "erasure", asked));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "reason", yao_text_of(reason));
    return console_keep_detail(call, &w, asked);
}

yao_status console_put_erasure(app_call *call, store_change *change,
                               const store_case *what, const yao_json *detail,
                               console_done *done)
{
    const enrol   e     = enrol_of(call);
    life_erasing  erase = {.by = "console"};
    life_erased   came;
    people_person person;

    (void)done;
    YAO_TRY(read_reason(call, detail, &erase.reason));
    YAO_TRY(people_find_holder(e.a, what->subject, call->arena, &person));
    erase.number      = person.number;
    yao_status status = life_put_erasure(&e, change, &person, &erase, &came);
    people_close(&person);
    return status;
}
