/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_WEB_H
#define YAO_WALLET_WEB_H

/** What receiving and presenting both need of the web. */

#include "net/client.h"

/** Let CLIENT speak to the origin of URL. Errors: of net_client_allow(). */
YAO_MUST_USE yao_status yao_wallet_allow(net_client *client, yao_text url);

#endif
