/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ENROL_PAPER_H
#define YAO_AUTHORITY_ENROL_PAPER_H

/**
 * Paper for who has no telephone: a printed card (docs/formats/card.md 6) of the
 * person whom a kiosk's camera or two officers found to be there.
 *
 * It is issued as any other document: noted in the ledger, in a status list, in
 * the log. It is for one purpose that allows paper and lives for its days.
 */

#include "app/sheet.h"
#include "authority/enrol/steps.h"

/** Sheets of one session. */
#define ENROL_SHEETS 4

typedef struct enrol_paper_wish {
    yao_text document; /* one that was chosen */
    yao_text profile;  /* what it is for */
    yao_text choice;   /* where the profile leaves one; else empty */
} enrol_paper_wish;

typedef struct enrol_paper {
    app_sheet sheet;
    yao_text  document;
    yao_bytes portrait; /* JPEG of the register; empty: there is none */
} enrol_paper;

/**
 * Issue one sheet; the session goes on, at the step where codes are chosen.
 *
 * Out     ret  in the visit's arena: personal
 * Errors  YAO_E_NOT_AUTHORISED  another step, or not at a kiosk
 *         YAO_E_VALUE           not chosen, no such purpose or choice, or one
 *                               that allows no paper
 *         YAO_E_LIMIT           after ENROL_SHEETS of them
 *         YAO_E_REFUSED         a device of a higher level is there: who stands
 *                               here has shown less
 *         YAO_E_NOT_ENTITLED    this person has no such card, or it is suspended
 *         those of the store, of people_find() and of signing
 */
YAO_MUST_USE yao_status enrol_print(enrol_visit            *v,
                                    const enrol_paper_wish *wish,
                                    enrol_paper            *ret);

#endif
