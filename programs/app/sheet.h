/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_SHEET_H
#define YAO_APP_SHEET_H

/** What stands on a sheet of paper: read from the printed card that was signed,
 *  so that nothing is written on it that a checker would not find in the code.
 *  The portrait is the caller's affair. */

#include "card/card.h"
#include "document/document.h"
#include "paper/paper.h"

typedef struct app_sheet {
    paper_sheet        paper;   /* without portrait and the code's modules */
    yao_text           letters; /* of the code: base45, for level M */
    const yao_profile *profile;
} app_sheet;

/**
 * Read CARD, a COSE_Sign1 that this program's own authority or wallet has, and
 * write its words in both languages.
 *
 * In      issuer  as people know it
 *         now     the card must not be over then
 * Out     ret     in ARENA, with views into CARD
 * Errors  YAO_E_EXPIRED    it is over
 *         YAO_E_NOT_FOUND  its profile or type is not in CATALOGUE
 *         YAO_E_LIMIT      more rows than a sheet has
 *         those of yao_card_parse_printed(), YAO_E_SPACE
 */
YAO_MUST_USE yao_status app_sheet_read(yao_arena           *arena,
                                       const yao_catalogue *catalogue,
                                       yao_bytes card, yao_text issuer,
                                       yao_time now, app_sheet *ret);

#endif
