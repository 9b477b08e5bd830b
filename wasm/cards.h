/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WASM_CARDS_H
#define YAO_WASM_CARDS_H

/**
 * A card at a gate, both sides, as machines of this folder's own: the core has
 * the steps, here is their order.
 *
 *   card_show   a card, or an mdoc for codes that move:
 *               challenge, if there is one -> who asks, may they? -> ASK ->
 *               SIGN -> (MAKE_KEY, AGREE, AEAD) -> SHOW
 *   card_check  (MAKE_KEY, SIGN, SHOW a challenge) -> SCAN -> (AGREE, AEAD) ->
 *               the verdict
 *
 * A challenge is answered once, on both sides: another showing is another
 * machine.
 */

#include "card/challenge.h"
#include "card/parts.h"
#include "card/seal.h"
#include "machine.h"

typedef enum yao_cards_event_kind {
    YAO_CARDS_START = 0,
    YAO_CARDS_DONE,    /* bytes, where the wish says so */
    YAO_CARDS_KEY,     /* key */
    YAO_CARDS_CODE,    /* text: the letters of a code */
    YAO_CARDS_REFUSED, /* the person said no */
    YAO_CARDS_FAILED,  /* why */
    YAO_CARDS_TICK,    /* time has passed */
    YAO_CARDS_END,     /* it is enough */
    YAO_CARDS_PAPER    /* bytes: what is printed, unpacked by the host */
} yao_cards_event_kind;

typedef struct yao_cards_event {
    yao_cards_event_kind kind;
    yao_time             now;
    yao_bytes            random, bytes;
    yao_public_key       key;
    yao_text             text;
    yao_status           why;
} yao_cards_event;

/** Read one. Errors: of what is told. */
YAO_MUST_USE yao_status yao_cards_take_event(yao_told        *t,
                                             yao_cards_event *ret);

/** A handler's failure ends the machine: with its status. */
typedef yao_status (*yao_cards_handler)(const yao_cards_event *e,
                                        yao_page_wish         *ret);

/** Letters of one code, or of a part of one that moves: RET stays empty while
 *  others are missing. Errors: those of card.h, parts.h; YAO_E_MISMATCH for
 *  another code than WANTED. */
YAO_MUST_USE yao_status yao_cards_read(yao_text letters, yao_card_code wanted,
                                       yao_bytes *ret);

/** Bytes as the letters of one code in an array or, where CODE is PART, of a
 *  few: member "texts" of a wish "show", which is left open. */
YAO_MUST_USE yao_status yao_cards_show(yao_page_wish *ret, yao_card_code code,
                                       yao_bytes content);

/** Answer E by HANDLER; with STOP when it fails, or when E says that something
 *  could not be done. */
YAO_MUST_USE yao_status yao_cards_answer(yao_cards_handler      handler,
                                         const yao_cards_event *e,
                                         yao_page_wish         *ret);

#endif
