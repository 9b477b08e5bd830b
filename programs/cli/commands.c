/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include "authority/commands.h"

const yao_command *const yao_commands[] = {
    &yao_authority_init,
    &yao_help,
    NULL,
};
