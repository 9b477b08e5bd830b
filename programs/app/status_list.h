/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_STATUS_LIST_H
#define YAO_APP_STATUS_LIST_H

/** One status list token, from its bytes to a list: the whole of
 *  statuslist/statuslist.h with the home's answers in between. */

#include "statuslist/statuslist.h"

typedef struct app_status_token {
    yao_bytes                     bytes;
    yao_statuslist_form           form; /* UNKNOWN: find out */
    const yao_statuslist_options *options;
} app_status_token;

/**
 * Judge TOKEN and unpack it.
 *
 * Out     ret     only on YAO_OK; lives as long as ARENA, TOKEN and the anchors
 *         report  the rows, also on failure
 * Errors  those of yao_statuslist_parse() (nothing is reported), begin,
 *         unpack, conclude; YAO_E_SPACE: a list takes up to
 *         YAO_MAX_STATUS_LIST bytes of ARENA besides its token
 */
YAO_MUST_USE yao_status app_status_list_open(const yao_crypto       *crypto,
                                             const app_status_token *token,
                                             yao_arena              *arena,
                                             yao_status_list        *ret,
                                             yao_report             *report);

/** A list that is good but still packed: what is needed later. */
typedef struct app_packed_list {
    yao_statuslist_verification *v; /* NULL: there is nothing to unpack */
    yao_inflate_wish             wish;
} app_packed_list;

/** The same in two steps, for who may never need the second: judge TOKEN; then
 *  unpack it, at any time while ARENA, TOKEN and the anchors live. */
YAO_MUST_USE yao_status app_status_list_judge(const yao_crypto       *crypto,
                                              const app_status_token *token,
                                              yao_arena              *arena,
                                              app_packed_list        *ret,
                                              yao_report *report);
YAO_MUST_USE yao_status app_status_list_unpack(const app_packed_list *packed,
                                               yao_arena             *arena,
                                               yao_status_list       *ret,
                                               yao_report *report);

#endif
