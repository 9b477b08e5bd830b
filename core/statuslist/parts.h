/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STATUSLIST_PARTS_H
#define YAO_STATUSLIST_PARTS_H

/**
 * What reading and writing of tokens have in common. Private to this folder.
 */

#include "statuslist/statuslist.h"

/* Draft 5.1, 5.2: the same media type, shortened in a JWT as RFC 7515 4.1.9
 * recommends, whole in a CWT as RFC 9596 wants it. */
#define YAO_STATUSLIST_TYPE_JWT YAO_TEXT("statuslist+jwt")
#define YAO_STATUSLIST_TYPE_CWT YAO_TEXT("application/statuslist+cwt")

/* RFC 8392 section 4; draft 14.3 */
enum yao_cwt_claim {
    YAO_CWT_SUB         = 2,
    YAO_CWT_EXP         = 4,
    YAO_CWT_IAT         = 6,
    YAO_CWT_STATUS_LIST = 65533,
    YAO_CWT_TTL         = 65534
};

/** 1, 2, 4 or 8: entries that never span two bytes. Source: draft 4.1. */
static inline bool yao_statuslist_bits_good(uint64_t bits)
{
    return bits == 1 || bits == 2 || bits == 4 || bits == 8;
}

#endif
