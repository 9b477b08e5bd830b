/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WASM_HOLDER_H
#define YAO_WASM_HOLDER_H

/** What holder.c and holder_tell.c share. */

#include "machine.h"
#include "proximity/holder.h"

/** WISH as JSON: README.md. Errors: of the writer. */
YAO_MUST_USE yao_status yao_holder_tell(const yao_holder      *machine,
                                        const yao_holder_wish *wish,
                                        yao_page_wish         *ret);

#endif
