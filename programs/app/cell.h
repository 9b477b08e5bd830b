/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_CELL_H
#define YAO_APP_CELL_H

/** One field of a table that is given out as CSV (RFC 4180), always in quotes;
 *  what a spreadsheet would take for a formula begins with an apostrophe
 *  (OWASP: CSV injection). */

#include "yaopai/writer.h"

void app_put_cell(yao_writer *w, yao_text text);

#endif
