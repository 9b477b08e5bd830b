/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_RESULT_STATUS_H
#define YAO_APP_RESULT_STATUS_H

/** What became of a document since it was issued, with its age: for people
 *  and for programs. Part of app/result_print.h. */

#include "app/result_print.h"

/** A line on standard output; none for a document that names no list. WHY is
 *  that of the row STATUS. */
void yao_status_print(const yao_judged *judged, const yao_result_document *d,
                      yao_status why);

/** The member "status" (docs/formats/verdict-json.md). */
void yao_status_put_json(yao_writer *w, bool *first, const yao_judged *judged,
                         const yao_result_document *d);

#endif
