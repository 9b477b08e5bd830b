/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ENROL_TERMS_H
#define YAO_AUTHORITY_ENROL_TERMS_H

/** The terms that a person accepts or declines; a new text is a new version,
 *  and the one that was seen is recorded with its SHA-256. */

#include "document/document.h"

#define ENROL_TERMS_VERSION "1"

/** The text in LANGUAGE, as it is shown and hashed. */
yao_text enrol_terms(yao_language language);

#endif
