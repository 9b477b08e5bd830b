/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

const yao_command *const yao_commands[] = {
    &yao_help,
    NULL,
};
