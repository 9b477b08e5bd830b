/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_WISHES_H
#define YAO_APP_WISHES_H

/**
 * What a machine of the core wishes to have done with a secret key, done here
 * and now; the result lies in an arena, that who opened it wipes.
 *
 *     case YAO_PRESENT_SIGN:
 *         e->status = app_wish_sign(&s->arena, key, &w->sign, &e->bytes);
 */

#include "app/key.h"
#include "yaopai/arena.h"

/** The algorithm of an mdoc's wish is left open (YAO_SIG_NONE): it is the
 *  key's own. Errors: YAO_E_SPACE; those of yao_key_sign(). */
YAO_MUST_USE yao_status app_wish_sign(yao_arena *arena, yao_key *key,
                                      const yao_sign_wish *wish,
                                      yao_bytes           *ret);

/** Errors: YAO_E_SPACE; those of yao_key_agree(). */
YAO_MUST_USE yao_status app_wish_agree(yao_arena *arena, yao_key *key,
                                       const yao_agree_wish *wish,
                                       yao_bytes            *ret);

/** Errors: YAO_E_SPACE; those of yao_openssl_aead(). */
YAO_MUST_USE yao_status app_wish_aead(yao_arena           *arena,
                                      const yao_aead_wish *wish,
                                      yao_bytes           *ret);

#endif
