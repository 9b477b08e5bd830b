/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_STANDING_H
#define YAO_AUTHORITY_STANDING_H

/** Standing codes of relying parties (trust/standing.h), signed by the
 *  registrar: for `party register --standing`. */

#include "authority/parties.h"

typedef struct authority_standing {
    yao_text url;     /* of the party's desk */
    yao_text place;
    yao_text profile; /* one of the party's; empty: the first */
} authority_standing;

/** May W have it? Errors: YAO_E_VALUE  an address or a place that is none;
 *  YAO_E_NOT_FOUND  a profile that is not registered. */
YAO_MUST_USE yao_status authority_standing_check(const parties_wish       *w,
                                                 const authority_standing *s);

/**
 * Make one for W, which is certified, good as long as its certificate, and
 * write FOLDER/standing.txt and standing.png.
 *
 * Errors  YAO_E_NOT_FOUND  the registrar's key is kept elsewhere
 *         those of ca_open(), yao_key_sign(), yao_file_write()
 */
YAO_MUST_USE yao_status authority_standing_write(const authority    *a,
                                                 const parties_wish *w,
                                                 const authority_standing *s,
                                                 const char *folder,
                                                 yao_arena  *arena);

#endif
