/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WASM_RECEIVE_H
#define YAO_WASM_RECEIVE_H

/** What receive.c and receive_tell.c share. */

#include "machine.h"
#include "vci/receive.h"

/** WISH as JSON: README.md. Errors: of the writer. */
YAO_MUST_USE yao_status yao_receive_tell(yao_receive            *machine,
                                         const yao_receive_wish *wish,
                                         yao_page_wish          *ret);

#endif
