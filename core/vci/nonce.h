/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VCI_NONCE_H
#define YAO_VCI_NONCE_H

/**
 * The answer of the nonce endpoint. The nonces themselves are oauth/nonce.h's:
 * authenticated, so that an issuer keeps none until it was used, and then
 * remembers it until it is over.
 */

#include "vci/vci.h"

/** Write {"c_nonce": ...}. */
void yao_vci_put_nonce(yao_writer *w, yao_text nonce);

/** Read it. Errors: YAO_E_MISSING, YAO_E_MALFORMED: no c_nonce, an empty one,
 *  one above 1,024 letters;  those of yao_json_parse(); YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_vci_read_nonce(yao_arena *arena, yao_bytes body,
                                           yao_text *ret);

#endif
