/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_STATEMENT_H
#define YAO_DESK_STATEMENT_H

/** The party's registration statement, which goes along with each request
 *  (vp/statement.h): the registrar signs it with each bundle. It lies in a file
 *  beside that, and is fetched from beside it. */

#include "desk/session.h"

/** Letters of its name at the authority, with the NUL. */
enum { DESK_STATEMENT_NAME = 28 };

/** "party-", the beginning of the certificate's hash, ".cose". Errors:
 *  YAO_E_CRYPTO. */
YAO_MUST_USE yao_status desk_statement_name(const yao_crypto *crypto,
                                            yao_bytes         certificate,
                                            char out[DESK_STATEMENT_NAME]);

/** Read the file again, when there is one. */
void desk_statement_load(desk *d);

/** Fetch it, when the settings say where bundles are fetched. Errors as
 *  desk_trust_fetch(); YAO_E_MALFORMED  it is none. */
YAO_MUST_USE yao_status desk_statement_fetch(desk *d, const yao_crypto *crypto,
                                             yao_time now);

/** The list itself, for a DeviceRequest that C signs; empty: there is none of
 *  use. Errors: YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status desk_statement_list(app_call              *call,
                                            const yao_certificate *c,
                                            yao_bytes             *ret);

/** verifier_info for a request that C signs, the party's certificate or an
 *  officer's; empty: nothing is said. Errors: YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status desk_statement_info(app_call              *call,
                                            const yao_certificate *c,
                                            yao_bytes             *ret);

#endif
