/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/state.h"

#include "authority/issue.h"
#include "json/json.h"

#include <stdio.h>

#define MAX_KIND 64

static void put_member(yao_writer *w, bool *first, const char *name,
                       yao_text value)
{
    yao_json_put_name(w, first, name);
    yao_json_put_string(w, value);
}

/* Which document, not whose. */
static yao_status describe(yao_arena *arena, const state_deed *deed,
                           yao_text *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;
    char       id[2 * STORE_ID_LEN + 1];
    yao_bytes  bytes;

    issue_id_text(deed->issuance, id);
    yao_put_byte(&w, '{');
    if (deed->document.len > 0)
        put_member(&w, &first, "document", deed->document);
    put_member(&w, &first, "id", yao_text_of(id));
    put_member(&w, &first, "state", yao_text_of(issue_state_word(deed->state)));
    put_member(&w, &first, "reason", yao_text_of(deed->reason));
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, arena, &bytes));
    *ret = (yao_text){bytes.ptr, bytes.len};
    return YAO_OK;
}

yao_status state_put(store_change *change, yao_arena *arena,
                     const state_deed *deed, yao_time at)
{
    uint8_t *id   = yao_arena_take(arena, STORE_ID_LEN);
    char    *kind = yao_arena_take(arena, MAX_KIND); /* the change borrows it */
    yao_text detail;

    if (id == NULL || kind == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    YAO_TRY(describe(arena, deed, &detail));
    const store_state_change what = {.id       = {id, STORE_ID_LEN},
                                     .issuance = deed->issuance,
                                     .at       = at,
                                     .state    = deed->state,
                                     .copies   = deed->copies,
                                     .reason   = yao_text_of(deed->reason)};
    store_put_state(change, &what);
    snprintf(kind, MAX_KIND, "document.%s", deed->verb);
    return authority_put_event(change, arena, kind, deed->holder, detail);
}
