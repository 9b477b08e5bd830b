/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PKCS11_PIN_H
#define YAO_PKCS11_PIN_H

/** Where a PIN comes from. Never from an argument, the environment or the
 *  URI itself: those are seen by others (ps, /proc, logs, settings). */

#include "yaopai/base.h"

#define YAO_MAX_PIN 255

/**
 * Read the PIN that SOURCE names: its first line, without the line's end.
 *
 * Shape   "file:/PATH", "/PATH"  a regular file that only its owner may read
 *         "fd:N"                 an open descriptor, N from 3; read once
 *         "credential:NAME"      $CREDENTIALS_DIRECTORY/NAME (systemd)
 *         ""                     the credential "pkcs11-pin"
 * Out     out  room for YAO_MAX_PIN bytes; secret, wiped on failure
 * Errors  YAO_E_MISSING    there is no such credential, or none at all
 *         YAO_E_USAGE      a source of another shape
 *         YAO_E_NOT_FOUND  no such file
 *         YAO_E_FILE       it cannot be read
 *         YAO_E_REFUSED    group or others have any right to it
 *         YAO_E_SECRET     it is empty
 *         YAO_E_LIMIT      longer than YAO_MAX_PIN
 */
YAO_MUST_USE yao_status yao_pkcs11_pin_read(yao_text source, uint8_t *out,
                                            size_t *len);

#endif
