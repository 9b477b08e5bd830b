/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the authority's server, a line each. */
#include "authority/server/inside.h"

extern const authority_part server_public_part;
extern const authority_part authority_oauth;

const authority_part *const server_parts[] = {
    &server_public_part,
    &authority_oauth,
    NULL,
};
