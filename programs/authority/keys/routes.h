/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_KEYS_ROUTES_H
#define YAO_AUTHORITY_KEYS_ROUTES_H

/** What the server offers of the authority's keys: revocation lists. */

#include "app/files.h"
#include "authority/server/server.h"

extern const authority_part authority_keys;

#endif
