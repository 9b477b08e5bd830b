/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_TOKEN_WORLD_H
#define YAO_TEST_TOKEN_WORLD_H

/**
 * A token of SoftHSM2 in a folder of the test, in the environment of this
 * process and its children: SOFTHSM2_CONF, YAOPAI_PKCS11_MODULE.
 */

#include <stdbool.h>

#define TOKEN_LABEL "SPECIMEN"
#define TOKEN_PIN "sesame-4711"

/** Make it. MODULE is what stands between program and SoftHSM2 (the shim), or
 *  NULL. False: it can't be, and token_world_reason() says why. */
bool        token_world_make(const char *module);
const char *token_world_reason(void);
void        token_world_remove(void);

/** The file with its PIN; SoftHSM2 itself; the shim. */
const char *token_world_pin(void);
const char *token_world_module(void);
const char *token_world_shim(void);

/** Run `softhsm2-util` or another program without its output. True: it ended
 *  with 0. */
bool token_world_run(const char *const *argv);

#endif
