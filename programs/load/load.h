/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_LOAD_H
#define YAO_LOAD_H

/** Measuring servers by being many who use them. */

#include "app/command.h"

extern const yao_command yao_load_issue;
extern const yao_command yao_load_present;

#endif
