/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/web.h"

enum { MAX_ORIGIN = 512 };

/* Scheme, host and port of URL, as net_client_allow() takes them. */
yao_status yao_wallet_allow(net_client *client, yao_text url)
{
    char   origin[MAX_ORIGIN];
    size_t slashes = 0, len = 0;

    for (; len < url.len && len < sizeof origin - 1; len++) {
        slashes += url.ptr[len] == '/';
        if (slashes == 3 || url.ptr[len] == '?')
            break;
        origin[len] = (char)url.ptr[len];
    }
    origin[len] = '\0';
    return net_client_allow(client, origin);
}
