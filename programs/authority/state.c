/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/state.h"

#include "authority/issue.h"
#include "json/json.h"
#include "store/bar.h"

#include <stdio.h>

#define MAX_KIND 64

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
        yao_json_put_member(&w, &first, "document", deed->document);
    yao_json_put_member(&w, &first, "id", yao_text_of(id));
    yao_json_put_member(&w, &first, "state",
                        yao_text_of(issue_state_word(deed->state)));
    yao_json_put_member(&w, &first, "reason", yao_text_of(deed->reason));
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, arena, &bytes));
    *ret = (yao_text){bytes.ptr, bytes.len};
    return YAO_OK;
}

static yao_bytes bar_of(const state_deed *deed)
{
    return deed->bar.len != 0 ? deed->bar : deed->issuance;
}

yao_status state_put(store_change *change, yao_arena *arena,
                     const state_deed *deed, yao_time at)
{
    if (deed->state == STORE_SUSPENDED)
        store_put_suspension(change, deed->issuance, bar_of(deed));
    if (deed->state == STORE_VALID)
        store_end_suspension(change, deed->issuance, bar_of(deed));
    return state_put_plain(change, arena, deed, at);
}

yao_status state_put_plain(store_change *change, yao_arena *arena,
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

yao_status state_revoke(store_change *change, yao_arena *arena,
                        const store_document *batch, const char *reason,
                        yao_time at)
{
    const state_deed deed = {.verb     = "revoke",
                             .issuance = batch->issuance,
                             .holder   = batch->holder,
                             .document = batch->name,
                             .state    = STORE_REVOKED,
                             .copies   = STORE_REVOKED,
                             .reason   = reason};

    return state_put(change, arena, &deed, at);
}

/* ---- reasons of a suspension ---- */

state_outcome state_decide(const yao_definition *definition, int64_t to)
{
    bool suspends = definition != NULL && definition->suspends;

    if (!suspends && to == STORE_SUSPENDED)
        return (state_outcome){STORE_SUSPENDED, STORE_REVOKED};
    if (!suspends && to == STORE_VALID)
        return (state_outcome){STORE_REVOKED, STORE_REVOKED};
    return (state_outcome){to, to};
}

static yao_status put_deed(store_change *change, yao_arena *arena,
                           const store_document *batch, const state_reason *r,
                           int64_t to)
{
    const state_outcome o =
        state_decide(yao_document_by_name(r->catalogue, batch->name), to);
    const state_deed deed = {
        .verb     = to == STORE_SUSPENDED ? "suspend" : "restore",
        .issuance = batch->issuance,
        .holder   = batch->holder,
        .document = batch->name,
        .state    = o.state,
        .copies   = o.copies,
        .reason   = r->word,
        .bar      = r->bar};

    return state_put(change, arena, &deed, r->at);
}

yao_status state_suspend(store_change *change, yao_arena *arena,
                         const store_document *batch, const state_reason *r)
{
    if (batch->state == STORE_REVOKED)
        return YAO_OK;
    if (batch->state == STORE_VALID)
        return put_deed(change, arena, batch, r, STORE_SUSPENDED);
    store_put_suspension(change, batch->issuance, r->bar);
    return authority_put_event(change, arena, "suspension.add", batch->holder,
                               YAO_TEXT("{}"));
}

yao_status state_release(store_change *change, yao_arena *arena,
                         const store_document *batch, const state_reason *r,
                         int64_t *to)
{
    yao_bytes *reasons;
    size_t     count;

    YAO_TRY(store_list_suspensions(r->authority->store, batch->issuance, arena,
                                   &reasons, &count));
    *to = batch->state;
    if (count > 1 || batch->state != STORE_SUSPENDED) {
        store_end_suspension(change, batch->issuance, r->bar);
        return authority_put_event(change, arena, "suspension.drop",
                                   batch->holder, YAO_TEXT("{}"));
    }
    *to = state_decide(yao_document_by_name(r->catalogue, batch->name),
                       STORE_VALID)
              .state;
    if (*to == STORE_REVOKED) /* over: state_put() takes no reason away then */
        store_end_suspension(change, batch->issuance, r->bar);
    return put_deed(change, arena, batch, r, STORE_VALID);
}
