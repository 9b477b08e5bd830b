/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_GATE_COMMANDS_H
#define YAO_GATE_COMMANDS_H

/** The commands of a gate; cli lists them. */

#include "app/command.h"

extern const yao_command yao_gate_challenge;
extern const yao_command yao_gate_run;

#endif
