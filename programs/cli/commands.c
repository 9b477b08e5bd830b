/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include "authority/commands.h"

const yao_command *const yao_commands[] = {
    &yao_authority_init,
    &yao_party_register,
    &yao_party_list,
    &yao_party_suspend,
    &yao_help,
    NULL,
};
