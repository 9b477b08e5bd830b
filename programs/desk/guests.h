/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_GUESTS_H
#define YAO_DESK_GUESTS_H

/**
 * The guest register of a hotel: an entry for an accepted result, with what the
 * program knows itself (room, days). Sealed, with an end of its own.
 * docs/formats/desk.md, section 9.
 *
 * Files: guests.c (the API), guests_entry.c (entries, and how they are
 * written).
 */

#include "desk/desk.h"
#include "store/guest.h"

/** The profile whose results are guests. */
#define DESK_GUEST_PROFILE YAO_TEXT("hotel")

/* What the register has of a guest, by our own names of elements. */
enum { DESK_GUEST_VALUES = 7 };
extern const yao_text desk_guest_names[DESK_GUEST_VALUES];

/** One entry. */
typedef struct desk_guest {
    yao_bytes id;
    yao_time  made, ends;
    yao_date  arrival;
    yao_text  room;
    yao_text  departure;                 /* "YYYY-MM-DD"; empty: not known */
    yao_text  type;                      /* of the document */
    yao_text  values[DESK_GUEST_VALUES]; /* JSON; empty: it was not shown */
} desk_guest;

/**
 * Take from RESULT, what a program is told (docs/formats/verdict-json.md), the
 * values of the register.
 *
 * Errors  YAO_E_MISSING  there is neither name nor number
 *         YAO_E_MALFORMED, YAO_E_SPACE
 */
YAO_MUST_USE yao_status desk_guest_take(app_call            *call,
                                        const yao_catalogue *catalogue,
                                        yao_bytes result, desk_guest *ret);

/** Seal it; open one of the store. Errors as desk_seal(), desk_unseal(). */
YAO_MUST_USE yao_status desk_guest_seal(app_call *call, const desk_guest *g,
                                        yao_bytes *ret);
YAO_MUST_USE yao_status desk_guest_open(app_call *call, const store_guest *row,
                                        desk_guest *ret);

/** As JSON; as a line of CSV (RFC 4180), where nothing begins a formula; the
 *  first line of that. Errors: recorded in W; YAO_E_SPACE. */
void                    desk_guest_put_json(yao_writer *w, const desk_guest *g);
YAO_MUST_USE yao_status desk_guest_put_csv(yao_writer *w, yao_arena *arena,
                                           const desk_guest *g);
void                    desk_guest_put_head(yao_writer *w);

#endif
