/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VCI_PARTS_H
#define YAO_VCI_PARTS_H

/**
 * What the files of this folder share; nobody else includes it.
 */

#include "vci/request.h"

/* Seconds that two clocks may be apart. */
enum { YAO_VCI_SKEW = 300 };

/* May these letters stand in a description? */
bool yao_vci_letters(yao_text text);

/* A string that may be absent (then RET is empty), and one that may not and
 * is not empty. */
YAO_MUST_USE yao_status yao_vci_optional(const yao_json *object,
                                         const char *name, yao_arena *arena,
                                         yao_text *ret);
YAO_MUST_USE yao_status yao_vci_required(const yao_json *object,
                                         const char *name, yao_arena *arena,
                                         yao_text *ret);

/* A member of KIND; NULL when it is absent. */
YAO_MUST_USE yao_status yao_vci_child(const yao_json *object, const char *name,
                                      yao_json_kind kind, const yao_json **ret);

/* A token of a header and a payload in JSON. */
YAO_MUST_USE yao_status yao_vci_make_token(yao_arena *arena, yao_sig_alg alg,
                                           yao_bytes header, yao_bytes payload,
                                           yao_vci_token *ret);

/* Is this a moment that can be written? */
bool yao_vci_moment(yao_time time);

/* Levels of resistance: an array of words as a member (none for no bits), and
 * reading it (no bits when it is absent). */
void yao_vci_put_levels(yao_writer *w, bool *first, const char *name,
                        unsigned bits);
YAO_MUST_USE yao_status yao_vci_read_levels(yao_arena      *arena,
                                            const yao_json *object,
                                            const char *name, unsigned *ret);

/* A key to agree with, as a JWK. */
void yao_vci_put_agreement_key(yao_writer *w, const yao_public_key *key,
                               yao_text kid);

/* credential_response_encryption, when there is any. ENCRYPTED: the request
 * came so. Errors as yao_vci_read_request() has them. */
void yao_vci_put_encryption(yao_writer *w, bool *first,
                            const yao_vci_encryption *e);
YAO_MUST_USE yao_status yao_vci_read_encryption(yao_arena      *arena,
                                                const yao_json *root,
                                                bool            encrypted,
                                                yao_vci_encryption *ret);

#endif
