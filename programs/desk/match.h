/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_MATCH_H
#define YAO_DESK_MATCH_H

/**
 * Profiles that only compare: a program gives the values that it holds already,
 * and is told for each whether it is so; never a value. docs/formats/match.md.
 *
 *     YAO_TRY(desk_match_read(call, profile, member, &m));
 *     ... ask with m.known, keep m.json sealed with the request ...
 *     YAO_TRY(desk_match_reduce(call, catalogue, result, m.json, &told));
 */

#include "desk/desk.h"
#include "vp/dcql.h"

enum { DESK_MAX_VALUES = 16, DESK_MOST_VALUE = 512 };

typedef struct desk_match {
    yao_dcql_known known[DESK_MAX_VALUES]; /* by our names of elements */
    size_t         count;
    yao_bytes      json; /* the same: {"full_name": "..."} */
} desk_match;

/**
 * Read the values that a program holds: all that PROFILE asks, and no others.
 *
 * In      values  of the body; NULL: there are none
 * Out     ret     in the call's arena
 * Errors  YAO_E_VALUE  none, another shape, one is missing, or too much
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status desk_match_read(app_call          *call,
                                        const yao_profile *profile,
                                        const yao_json    *values,
                                        desk_match        *ret);

/**
 * What is told of RESULT: its verdict and rows, and for each of VALUES whether
 * an authentic document said the same; without what was shown.
 *
 * In      values  desk_match.json
 * Out     ret     in the call's arena
 * Errors  those of yao_json_parse(), YAO_E_SPACE
 */
YAO_MUST_USE yao_status desk_match_reduce(app_call            *call,
                                          const yao_catalogue *catalogue,
                                          yao_bytes result, yao_bytes values,
                                          yao_bytes *ret);

#endif
