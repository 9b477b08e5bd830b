/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_GATE_TELLING_H
#define YAO_GATE_TELLING_H

/** The options that both verbs of a gate have, and what is wrong with them. */

#include "app/command.h"
#include "app/asker.h"

/** --profile, --place, --reader-key, --reader-certificate. Gives 0, or the
 *  exit code of what it told. */
int gate_take_asker(const yao_invocation *call, yao_words what,
                    const yao_catalogue *catalogue, app_asker_given *ret);

/** --profile. NULL: there is none. */
int gate_take_profile(const yao_invocation *call, yao_words what,
                      const yao_catalogue *catalogue, const yao_profile **ret);

/** Why app_asker_open() said STATUS. */
int gate_tell_asker(yao_words what, const app_asker_given *given,
                    yao_status status);

#endif
