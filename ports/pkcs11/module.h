/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PKCS11_MODULE_H
#define YAO_PKCS11_MODULE_H

/**
 * The modules that this process has loaded, each initialised once however
 * many sessions there are, and what has to be remembered beyond a session:
 * PINs that were refused, and the r of signatures that were given out.
 *
 * 1. A module is finalised when its last user gives it back; it stays loaded.
 * 2. A process that was forked off has none of them.
 * 3. All of it is behind one lock, except the calls themselves.
 */

#include <sys/types.h>

#include <p11-kit/pkcs11.h>

#include "pkcs11/pkcs11.h"

typedef struct yao_pkcs11_module yao_pkcs11_module;

/**
 * The module of PATH, initialised.
 *
 * Errors  YAO_E_NOT_FOUND    no such file;  YAO_E_UNSUPPORTED  no module
 *         YAO_E_CRYPTO       it would not start, or this process was forked
 *                            from one that had started it
 *         YAO_E_LIMIT        more than 16 of them
 */
YAO_MUST_USE yao_status yao_pkcs11_module_take(const char         *path,
                                               yao_pkcs11_report  *report,
                                               yao_pkcs11_module **ret);
void                    yao_pkcs11_module_give(yao_pkcs11_module *module);

/** Its functions. */
const CK_FUNCTION_LIST *yao_pkcs11_calls(const yao_pkcs11_module *module);

/** Is this the process that started it? */
bool yao_pkcs11_is_ours(const yao_pkcs11_module *module);

/** Make CALLS known as PATH without loading anything: for tests. */
YAO_MUST_USE yao_status yao_pkcs11_module_add(const char             *path,
                                              const CK_FUNCTION_LIST *calls);

#define YAO_PKCS11_TAG 32

/** Was the PIN with this TAG (a hash of token and PIN) refused before? */
bool yao_pkcs11_pin_was_refused(const uint8_t tag[YAO_PKCS11_TAG]);
void yao_pkcs11_pin_note_refused(const uint8_t tag[YAO_PKCS11_TAG]);

/**
 * May a signature with this R be given out? It may not when the module gave
 * the same for another MESSAGE (a hash of key and digest), and from then on
 * none of the module's may. A deterministic signer (RFC 6979) repeats both.
 */
bool yao_pkcs11_may_release(yao_pkcs11_module *module, yao_bytes r,
                            const uint8_t message[YAO_PKCS11_TAG]);
bool yao_pkcs11_is_stopped(const yao_pkcs11_module *module);

#endif
