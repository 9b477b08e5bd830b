/* SPDX-License-Identifier: Apache-2.0 */
#include "app/code.h"

#include <string.h>

#include "card/card.h"
#include "inflate/inflate.h"

/* An SD-JWT needs no prefix of ours; what is in it is for its parser. */
static bool is_token(yao_bytes text)
{
    return yao_bytes_starts(text, YAO_LIT("ey")) &&
           yao_bytes_find(text, '~') < text.len;
}

static app_code_kind kind_of(yao_bytes whole)
{
    switch (yao_card_kind_of(whole)) {
    case YAO_CARD_WHOLE_CARD:
    case YAO_CARD_WHOLE_MDOC:   return APP_CODE_DOCUMENT;
    case YAO_CARD_WHOLE_SEALED: return APP_CODE_SEALED;
    case YAO_CARD_WHOLE_SIGNED: return APP_CODE_CHALLENGE;
    default:                    return APP_CODE_NONE;
    }
}

static yao_status take_whole(yao_bytes whole, app_code *ret)
{
    app_code_kind kind = kind_of(whole);

    if (kind == APP_CODE_NONE)
        return YAO_E_MALFORMED;
    *ret = (app_code){kind, whole};
    return YAO_OK;
}

static yao_status take_printed(yao_bytes zlib, yao_arena *arena, app_code *ret)
{
    yao_inflate_wish wish = yao_card_wish_inflate(zlib);
    yao_bytes        message;

    YAO_TRY(yao_inflate(&wish, arena, &message));
    *ret = (app_code){APP_CODE_DOCUMENT, message};
    return YAO_OK;
}

static void begin_anew(app_parts *parts)
{
    yao_wipe(&parts->collector, sizeof parts->collector);
}

static yao_status collect(const yao_crypto *crypto, app_parts *parts,
                          const yao_card_part *part, yao_bytes *ret)
{
    yao_status status = yao_card_collect(&parts->collector, crypto, part, ret);

    if (status != YAO_E_MISMATCH)
        return status;
    begin_anew(parts);
    return yao_card_collect(&parts->collector, crypto, part, ret);
}

static yao_status take_part(const yao_crypto *crypto, yao_bytes bytes,
                            app_parts *parts, yao_arena *arena, app_code *ret)
{
    yao_bytes     whole = {NULL, 0};
    yao_card_part part;

    YAO_TRY(yao_card_read_part(bytes, &part));
    memcpy(parts->transfer, part.transfer.ptr, YAO_CARD_TRANSFER);
    parts->last_was_part = true;
    yao_status status    = collect(crypto, parts, &part, &whole);
    if (status == YAO_OK && whole.len == 0) {
        *ret = (app_code){APP_CODE_PART, {NULL, 0}};
        return YAO_OK;
    }
    if (status == YAO_OK)
        status = yao_arena_keep(arena, whole, &whole);
    begin_anew(parts); /* all are in, or of no use */
    YAO_TRY(status);
    return take_whole(whole, ret);
}

yao_status app_code_read(const yao_crypto *crypto, yao_bytes text,
                         app_parts *parts, yao_arena *arena, app_code *ret)
{
    yao_writer    w = yao_writer_in(arena);
    yao_card_code code;
    yao_bytes     bytes;

    parts->last_was_part = false;
    if (is_token(text))
        *ret = (app_code){APP_CODE_DOCUMENT, text};
    if (is_token(text))
        return YAO_OK;
    YAO_TRY(yao_card_get_text(text, &w, &code));
    YAO_TRY(yao_writer_keep(&w, arena, &bytes));
    switch (code) {
    case YAO_CARD_CODE_CARD:      return take_whole(bytes, ret);
    case YAO_CARD_CODE_CHALLENGE: return take_whole(bytes, ret);
    case YAO_CARD_CODE_PRINTED:   return take_printed(bytes, arena, ret);
    case YAO_CARD_CODE_PART:
        return take_part(crypto, bytes, parts, arena, ret);
    default: return YAO_E_MALFORMED;
    }
}
