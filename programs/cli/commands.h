/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CLI_COMMANDS_H
#define YAO_CLI_COMMANDS_H

/** Every command of the program; commands.c lists them in the order of help. */

#include "app/command.h"

extern const yao_command yao_help;
extern const yao_command yao_inspect;
extern const yao_command yao_bench_command;
extern const yao_command yao_verify_command;

extern const yao_command *const yao_commands[]; /* ends with NULL */

#endif
