/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_CODE_H
#define YAO_APP_CODE_H

/**
 * What a scanner or a picture of a QR code gave, as something to be judged.
 *
 *     static app_parts parts;                      // for animated codes
 *     YAO_TRY(app_code_read(crypto, text, &parts, &arena, &code));
 *     if (code.kind == APP_CODE_DOCUMENT)
 *         judge(code.content);
 *
 * A code is anybody's text: what is none of ours is refused, never opened,
 * never handed on. Format: docs/formats/card.md.
 */

#include "card/parts.h"

typedef enum app_code_kind {
    APP_CODE_NONE      = 0,
    APP_CODE_DOCUMENT  = 1, /* a card, a shown mdoc, what a printed card holds,
                               an SD-JWT: to be judged */
    APP_CODE_SEALED    = 2, /* to be opened by who made the challenge */
    APP_CODE_CHALLENGE = 3, /* shown by a checker, not by a holder */
    APP_CODE_PART      = 4  /* kept; more parts are to come */
} app_code_kind;

typedef struct app_code {
    app_code_kind kind;
    yao_bytes     content; /* bytes of the card, or letters of the token */
} app_code;

/** Parts of an animated code as they come, over codes, pictures and lines.
 *  Zero-initialise. */
typedef struct app_parts {
    yao_card_collector collector;
    bool    last_was_part; /* the code that was read last; of which TRANSFER */
    uint8_t transfer[YAO_CARD_TRANSFER];
} app_parts;

/**
 * Read what a code says.
 *
 * In      text   letters of one code
 * Out     parts  what came of an animated code: a part of another begins anew,
 *                since that is what stands before the camera now
 *         ret    in ARENA; PART when more are needed
 * Errors  YAO_E_MALFORMED  none of ours; a printed card that can't be unpacked
 *         YAO_E_BASE64, YAO_E_LIMIT, YAO_E_SPACE, YAO_E_TRAILING
 *         of parts also those of yao_card_read_part() and yao_card_collect()
 */
YAO_MUST_USE yao_status app_code_read(const yao_crypto *crypto, yao_bytes text,
                                      app_parts *parts, yao_arena *arena,
                                      app_code *ret);

#endif
