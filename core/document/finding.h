/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DOCUMENT_FINDING_H
#define YAO_DOCUMENT_FINDING_H

/** What the validators of this folder share. Not for others. */

#include "document/document.h"

/** Nothing to say. */
static inline yao_finding yao_finding_fine(void)
{
    return (yao_finding){YAO_FINE, YAO_REASON_NONE};
}

/** An error for REASON. */
static inline yao_finding yao_finding_error(yao_reason reason)
{
    return (yao_finding){YAO_ERROR, reason};
}

/** A warning for REASON. */
static inline yao_finding yao_finding_warning(yao_reason reason)
{
    return (yao_finding){YAO_WARNING, reason};
}

/** An ASCII digit? */
static inline bool yao_is_digit(uint8_t letter)
{
    return letter >= '0' && letter <= '9';
}

#endif
