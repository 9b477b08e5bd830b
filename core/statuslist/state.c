/* SPDX-License-Identifier: Apache-2.0 */
#include "yaopai/status.h"

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
