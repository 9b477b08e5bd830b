/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_VALUE_H
#define YAO_APP_VALUE_H

/** A value of a document on a terminal; how it is written is policy's. */

#include <stdio.h>

#include "policy/value.h"

/** TEXT, printed; what steers a terminal replaced by "?". */
void yao_value_print(FILE *out, yao_text text);

#endif
