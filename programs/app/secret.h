/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_SECRET_H
#define YAO_APP_SECRET_H

/** Secrets that people type, or that lie in a file: one line, never echoed. */

#include "app/words.h"
#include "yaopai/base.h"

/**
 * The first line of what FD gives, without its end.
 *
 * Out     ret     in BUFFER of CAP bytes, which the caller wipes
 * Errors  YAO_E_SECRET  it is empty;  YAO_E_LIMIT longer than CAP;  YAO_E_FILE
 */
YAO_MUST_USE yao_status yao_secret_line(int fd, uint8_t *buffer, size_t cap,
                                        yao_bytes *ret);

/** The same from the terminal FD, after PROMPT, without echo; Ctrl-C gives the
 *  terminal back first. */
YAO_MUST_USE yao_status yao_secret_type(int fd, yao_words prompt,
                                        uint8_t *buffer, size_t cap,
                                        yao_bytes *ret);

#endif
