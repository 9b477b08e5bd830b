/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_GATE_TELLING_H
#define YAO_GATE_TELLING_H

/** The options that both verbs of a gate have, and what is wrong with them. */

#include "app/command.h"
#include "gate/asker.h"

/** --profile, --place, --reader-key, --reader-certificate. Gives 0, or the
 *  exit code of what it told. */
int gate_take_asker(const yao_invocation *call, yao_words what,
                    const yao_catalogue *catalogue, gate_asker_given *ret);

/** --profile. NULL: there is none. */
int gate_take_profile(const yao_invocation *call, yao_words what,
                      const yao_catalogue *catalogue, const yao_profile **ret);

/** Why gate_asker_open() said STATUS. */
int gate_tell_asker(yao_words what, const gate_asker_given *given,
                    yao_status status);

#endif
