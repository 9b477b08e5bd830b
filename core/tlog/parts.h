/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TLOG_PARTS_H
#define YAO_TLOG_PARTS_H

/**
 * What keys, notes and checkpoints have in common. Private to this folder.
 */

#include "tlog/tlog.h"

/* May this name a key? Checked to be UTF-8 before. */
bool yao_tlog_is_name(yao_text name);

/* Has TEXT a control letter other than BUT, which is 0 when none may be? */
bool yao_tlog_has_control(yao_bytes text, uint8_t but);

#endif
