/* SPDX-License-Identifier: Apache-2.0 */
#include "statuslist/parts.h"

yao_status yao_status_of_bytes(yao_bytes entries, uint64_t bits,
                               yao_status_list *ret)
{
    if (!yao_statuslist_bits_good(bits))
        return YAO_E_USAGE;
    if (entries.len > YAO_MAX_STATUS_LIST)
        return YAO_E_LIMIT;

    *ret = (yao_status_list){.bits      = (uint8_t)bits,
                             .entries   = entries,
                             .count     = entries.len * (8 / bits),
                             .issued_at = YAO_TIME_NONE,
                             .expires   = YAO_TIME_NONE};
    return YAO_OK;
}

yao_status yao_status_set(uint8_t *entries, size_t len, uint64_t bits,
                          uint64_t index, uint8_t value)
{
    if (!yao_statuslist_bits_good(bits) || value >= 1u << bits)
        return YAO_E_USAGE;
    if (index / (8 / bits) >= len)
        return YAO_E_VALUE;

    size_t   at    = (size_t)(index / (8 / bits));
    unsigned shift = (unsigned)(index % (8 / bits) * bits);
    unsigned mask  = ((1u << bits) - 1) << shift;
    unsigned keep  = entries[at] & ~mask;
    entries[at]    = (uint8_t)(keep | (unsigned)value << shift);
    return YAO_OK;
}
