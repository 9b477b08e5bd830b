/* SPDX-License-Identifier: Apache-2.0 */

/* The person sees and decides, the wallet stores, the issuer is told. */

#include "vci/receive_parts.h"

static bool any_in(const yao_receive *r, yao_receive_state_of_item state)
{
    for (size_t i = 0; i < r->item_count; i++)
        if (r->items[i].state == state)
            return true;
    return false;
}

/* Whatever becomes of it, nothing of an item is lost on the way to the end. */
static void set_all(yao_receive *r, yao_receive_state_of_item state,
                    yao_status status, yao_vci_event event)
{
    for (size_t i = 0; i < r->item_count; i++) {
        yao_receive_item *item = &r->items[i];

        if (item->state != YAO_RECEIVE_GOOD)
            continue;
        item->state  = state;
        item->status = status;
        item->event  = event;
    }
}

/* The next item whose issuer wants to know; the same request goes out for a
 * document that failed as for one that was kept (OpenID4VCI 1.0 section 11). */
static RECEIVE_HANDLER(notify)
{
    if (r->failure == YAO_OK)
        r->stage = YAO_RECEIVE_AT_END;
    for (; r->notified < r->item_count; r->notified++) {
        yao_receive_item    *item = &r->items[r->notified];
        yao_vci_notification n    = {.id    = item->notification_id,
                                     .event = item->event};
        yao_writer           out  = yao_writer_in(r->arena);
        yao_bytes            body;

        if (n.id.len == 0 || n.event == YAO_VCI_NO_EVENT ||
            r->metadata.notification_endpoint.len == 0)
            continue;
        yao_vci_put_notification(&out, &n);
        if (yao_writer_keep(&out, r->arena, &body) != YAO_OK)
            break;
        r->notified++;
        r->post = (receive_post){.purpose = RECEIVE_POST_NOTIFY,
                                 .url     = r->metadata.notification_endpoint,
                                 .type    = "application/json",
                                 .body    = body};
        return yao_receive_post_now(r, e, w);
    }
    return yao_receive_stop(r, e, w);
}

/* Whatever it answered: a document is not given back because of it. */
RECEIVE_HANDLER(yao_receive_on_notified)
{
    r->post.purpose = RECEIVE_POST_NOTHING;
    return notify(r, e, w);
}

RECEIVE_HANDLER(yao_receive_finish)
{
    if (!any_in(r, YAO_RECEIVE_GOOD))
        return notify(r, e, w);
    r->stage = YAO_RECEIVE_AT_PERSON;
    return yao_receive_go(r, RECEIVE_CONFIRM, w, YAO_RECEIVE_CONFIRM);
}

RECEIVE_HANDLER(yao_receive_on_confirmed)
{
    (void)e;
    r->stage = YAO_RECEIVE_AT_STORE;
    return yao_receive_go(r, RECEIVE_STORING, w, YAO_RECEIVE_STORE);
}

RECEIVE_HANDLER(yao_receive_on_declined)
{
    set_all(r, YAO_RECEIVE_BAD, YAO_E_REFUSED, YAO_VCI_DELETED);
    r->failure = YAO_E_REFUSED;
    return notify(r, e, w);
}

RECEIVE_HANDLER(yao_receive_on_stored)
{
    set_all(r, YAO_RECEIVE_KEPT, YAO_OK, YAO_VCI_ACCEPTED);
    return notify(r, e, w);
}

RECEIVE_HANDLER(yao_receive_on_not_stored)
{
    yao_status status = e->status != YAO_OK ? e->status : YAO_E_STORE;

    set_all(r, YAO_RECEIVE_BAD, status, YAO_VCI_FAILURE);
    r->failure = status;
    return notify(r, e, w);
}
