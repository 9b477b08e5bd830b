/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_LIFE_COMMAND_H
#define YAO_AUTHORITY_LIFE_COMMAND_H

/** What the verbs of this folder have in common: an open authority, memory. */

#include "app/command.h"
#include "authority/enrol/enrol.h"

typedef struct life_world {
    authority a;
    yao_arena arena;
    enrol     e;
} life_world;

/** Open; tells what is wrong, and gives the exit code. */
int  life_begin(const yao_invocation *call, size_t memory, life_world *w);
void life_end(life_world *w);

#endif
