/* SPDX-License-Identifier: Apache-2.0 */
/* Relay mailboxes of the desk's own, for wallets without a provider: as a
 * provider's (docs/formats/provider.md section 2), in this process. */

#include "desk/desk.h"

static yao_status open_box(app_call *call, app_reply *ret)
{
    return app_boxes_open(call, desk_of(call)->boxes, ret);
}

static yao_status write_box(app_call *call, app_reply *ret)
{
    return app_boxes_write(call, desk_of(call)->boxes, ret);
}

static yao_status read_box(app_call *call, app_reply *ret)
{
    return app_boxes_read(call, desk_of(call)->boxes, ret);
}

static yao_status close_box(app_call *call, app_reply *ret)
{
    return app_boxes_close(call, desk_of(call)->boxes, ret);
}

static const app_route routes[] = {
    {"POST", "/mailboxes", APP_ANY_WALLET, open_box, 0, 0},
    {"POST", "/mailboxes/{id}", APP_ANY_WALLET | APP_RAW, write_box, 0,
     APP_BOX_MESSAGE},
    {"GET", "/mailboxes/{id}", APP_ANY_WALLET, read_box, 0, 0},
    {"DELETE", "/mailboxes/{id}", APP_ANY_WALLET, close_box, 0, 0},
};

const app_routes desk_mailbox_table = {routes, sizeof routes / sizeof routes[0],
                                       1u << DESK_PUBLIC};
