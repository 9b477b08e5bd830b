/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ENROL_COMMAND_H
#define YAO_AUTHORITY_ENROL_COMMAND_H

/** What verbs about people, kiosks and operators have in common: an open
 *  authority, memory. */

#include "app/command.h"
#include "authority/enrol/enrol.h"

typedef struct enrol_world {
    authority a;
    yao_arena arena;
    enrol     e;
} enrol_world;

/** Open; tells what is wrong, and gives the exit code. */
int  enrol_command_begin(const yao_invocation *call, size_t memory, enrol_world *w);
void enrol_command_end(enrol_world *w);

#endif
