/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/officer.h"

#include "store/operator.h"

#define DECIDERS (APP_CLERK | APP_OFFICER | APP_SUPERVISOR)

static yao_status may(const enrol_operator *who, int roles)
{
    if (who == NULL || who->id.len != STORE_ID_LEN || (who->roles & roles) == 0)
        return YAO_E_NOT_AUTHORISED;
    return YAO_OK;
}

static yao_status put_event(const enrol *e, store_change *change,
                            const char *kind, const store_case *what,
                            const enrol_operator *who)
{
    yao_writer w = yao_writer_in(e->arena);
    yao_bytes  detail;

    yao_put_text(&w, "{\"case\":\"");
    yao_put_hex(&w, what->id);
    yao_put_text(&w, "\",\"operator\":\"");
    yao_put_hex(&w, who->id);
    yao_put_text(&w, "\"}");
    YAO_TRY(yao_writer_keep(&w, e->arena, &detail));
    return authority_put_event(change, e->arena, kind, what->subject,
                               (yao_text){detail.ptr, detail.len});
}

yao_status enrol_decide(const enrol *e, const enrol_operator *who, yao_bytes id,
                        yao_text decision)
{
    store_change change = store_change_open(e->arena);
    store_case   what;

    YAO_TRY(may(who, DECIDERS));
    if (!yao_text_equal(decision, YAO_TEXT("accept")) &&
        !yao_text_equal(decision, YAO_TEXT("refuse")))
        return YAO_E_VALUE;
    YAO_TRY(store_get_case(e->a->store, id, e->arena, &what));
    store_decide_case(&change, id, decision, who->id, e->now);
    YAO_TRY(put_event(e, &change, "case.decide", &what, who));
    return store_commit(e->a->store, &change);
}

/* The claim says it again, for two at the same time. */
static yao_status may_follow(const enrol *e, const enrol_operator *who,
                             yao_bytes id, store_case *ret)
{
    YAO_TRY(may(who, APP_OFFICER | APP_SUPERVISOR));
    YAO_TRY(store_get_case(e->a->store, id, e->arena, ret));
    if (ret->state != STORE_CASE_DECIDED)
        return YAO_E_MISMATCH;
    return yao_bytes_equal(ret->decided_by, who->id) ? YAO_E_EXISTS : YAO_OK;
}

static yao_status lost(yao_status status)
{
    return status == YAO_E_NOT_AUTHORISED ? YAO_E_MISMATCH : status;
}

yao_status enrol_confirm(const enrol *e, const enrol_operator *who,
                         yao_bytes id, yao_text decision)
{
    store_change change = store_change_open(e->arena);
    store_case   what;

    YAO_TRY(may_follow(e, who, id, &what));
    store_confirm_case(&change, id, decision, who->id, e->now);
    store_claim_operator(&change, what.decided_by, DECIDERS);
    YAO_TRY(put_event(e, &change, "case.confirm", &what, who));
    return lost(store_commit(e->a->store, &change));
}

yao_status enrol_give_back(const enrol *e, const enrol_operator *who,
                           yao_bytes id)
{
    store_change change = store_change_open(e->arena);
    store_case   what;

    YAO_TRY(may_follow(e, who, id, &what));
    store_reopen_case(&change, id, who->id);
    YAO_TRY(put_event(e, &change, "case.give_back", &what, who));
    return lost(store_commit(e->a->store, &change));
}
