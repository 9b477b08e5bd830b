/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_COMMANDS_H
#define YAO_AUTHORITY_COMMANDS_H

/** The commands of the authority; cli lists them. */

#include "app/command.h"

extern const yao_command yao_authority_init;
extern const yao_command yao_party_register;
extern const yao_command yao_party_list;
extern const yao_command yao_party_suspend;
extern const yao_command yao_person_import;
extern const yao_command yao_person_show;
extern const yao_command yao_person_count;

#endif
