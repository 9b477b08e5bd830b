/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ROLE_H
#define YAO_AUTHORITY_ROLE_H

/** The issuing roles, each with a root, a signer of documents and a signer of
 *  status lists. */

#include "authority/authority.h"
#include "document/document.h"

typedef struct role_row {
    yao_signing_role role;
    const char      *name; /* "traffic" */
    config_setting   root;
    config_setting   signer, signer_key;
    config_setting   status, status_key;
    config_setting   former_root, former_status, former_status_key;
} role_row;

/** A list belongs to a role, and to the root of it under which its copies were
 *  issued: role + ROLE_ROOTS * (number of the root - 1). So the lists of a root
 *  that was replaced stay signed under it. */
#define ROLE_ROOTS 100

/** ROLE under the root that is in use. */
int64_t role_now(const authority *a, int64_t role);

/** The row of ROLE, under whichever root; NULL when there is none. */
const role_row *role_find(int64_t role);

/** The root of ROLE: the one in use, or the one before. Out: ret without its
 *  key. Errors as ca_open(); YAO_E_NOT_AUTHORISED  no such role, or no such
 *  root any more. */
YAO_MUST_USE yao_status role_open_root(const authority *a, int64_t role,
                                       yao_arena *arena, ca *ret);

/** Open the certificate and key that sign documents of ROLE, or its status
 *  lists. Errors as ca_open(); YAO_E_NOT_AUTHORISED  no such role;
 *  YAO_E_UNTRUSTED  of documents: the key was revoked, and is in the settings
 *  yet: a rotation that was killed, or a backup;  those of the store. */
YAO_MUST_USE yao_status role_open_signer(const authority *a, int64_t role,
                                         yao_arena *arena, ca *ret);
YAO_MUST_USE yao_status role_open_status(const authority *a, int64_t role,
                                         yao_arena *arena, ca *ret);

#endif
