/* SPDX-License-Identifier: Apache-2.0 */
#include "statuslist/statuslist.h"

const char *yao_status_state_name(yao_status_state state)
{
    switch (state) {
    case YAO_STATE_NONE:      return "none";
    case YAO_STATE_VALID:     return "valid";
    case YAO_STATE_INVALID:   return "revoked";
    case YAO_STATE_SUSPENDED: return "suspended";
    case YAO_STATE_OTHER:     return "other";
    default:                  return "unknown";
    }
}

yao_status_state yao_status_state_of(uint8_t value)
{
    switch (value) {
    case 0:  return YAO_STATE_VALID;
    case 1:  return YAO_STATE_INVALID;
    case 2:  return YAO_STATE_SUSPENDED;
    default: return YAO_STATE_OTHER;
    }
}
