/* SPDX-License-Identifier: Apache-2.0 */
#include "app/input.h"

#include "app/files.h"
#include "card/card.h"
#include "cbor/cbor.h"
#include "qr/qr.h"

static bool is_blank(uint8_t letter)
{
    return letter == ' ' || letter == '\n' || letter == '\r' || letter == '\t';
}

static bool is_printable(yao_bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((text.ptr[i] < 0x20 || text.ptr[i] > 0x7e) &&
            !is_blank(text.ptr[i]))
            return false;

    return text.len > 0;
}

/* Hex as tools print it, in lines. */
static yao_status decode_hex(yao_bytes text, yao_arena *arena, yao_bytes *ret)
{
    yao_writer hex  = yao_writer_in(arena);
    yao_bytes  part = {text.ptr, 0};

    while (text.len > 0) {
        while (part.len < text.len && !is_blank(text.ptr[part.len]))
            part.len++;
        YAO_TRY(yao_get_hex(part, &hex));
        text.ptr += part.len + (part.len < text.len);
        text.len -= part.len + (part.len < text.len);
        part = (yao_bytes){text.ptr, 0};
    }
    return yao_writer_keep(&hex, arena, ret);
}

yao_status yao_input_decode(yao_bytes text, yao_arena *arena, yao_bytes *ret)
{
    if (!is_printable(text)) {
        *ret = text;
        return YAO_OK;
    }
    while (text.len > 0 && is_blank(text.ptr[text.len - 1]))
        text.len--;
    while (text.len > 0 && is_blank(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }

    yao_status status = decode_hex(text, arena, ret);
    if (status == YAO_OK || status == YAO_E_SPACE)
        return status;

    yao_writer letters = yao_writer_in(arena);
    status = yao_get_base64url(text, &letters);
    if (status == YAO_OK)
        return yao_writer_keep(&letters, arena, ret);
    if (status == YAO_E_SPACE)
        return status;

    *ret = text;
    return YAO_OK;
}

yao_status yao_input_read(const char *path, yao_arena *arena, yao_bytes *ret)
{
    yao_bytes file, kept;

    YAO_TRY(yao_file_read(path, YAO_MAX_MESSAGE, &file));
    yao_status status = yao_arena_keep(arena, file, &kept);
    yao_file_free(&file);
    YAO_TRY(status);

    return yao_input_decode(kept, arena, ret);
}

/* ---- codes -------------------------------------------------------------- */

static bool is_line_end(uint8_t letter)
{
    return letter == '\n' || letter == '\r';
}

/* The next line that is not empty, without blanks of tools around; false when
 * there is none. A blank may be the last letter of base45, so one inside of a
 * line is left there. */
static bool next_line(yao_bytes *text, yao_bytes *ret)
{
    while (text->len > 0 && is_line_end(text->ptr[0])) {
        text->ptr++;
        text->len--;
    }
    *ret = (yao_bytes){text->ptr, 0};
    while (ret->len < text->len && !is_line_end(text->ptr[ret->len]))
        ret->len++;
    text->ptr += ret->len;
    text->len -= ret->len;
    return ret->len > 0;
}

/* Letters of our codes; those of a printed card have no prefix, so that all of
 * it has to be what such a card is. */
static bool is_code(yao_bytes line)
{
    uint8_t       bytes[YAO_MAX_CODE_LETTERS];
    yao_writer    w = yao_writer_open(bytes, sizeof bytes);
    yao_card_code code;

    return yao_bytes_starts(line, YAO_LIT("YP1:")) ||
           yao_bytes_starts(line, YAO_LIT("YPQ1:")) ||
           yao_bytes_starts(line, YAO_LIT("YPA1:")) ||
           yao_card_get_text(line, &w, &code) == YAO_OK;
}

static yao_status take_codes(yao_bytes text, yao_arena *arena, yao_inputs *ret)
{
    yao_bytes  rest = text, line;
    size_t     count = 0;

    while (next_line(&rest, &line))
        count++;
    yao_bytes *list = yao_arena_take_array(arena, count, sizeof *list);
    if (list == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++)
        (void)next_line(&text, &list[i]);
    *ret = (yao_inputs){list, count, true};
    return YAO_OK;
}

static yao_status take_picture(yao_bytes file, yao_arena *arena,
                               yao_inputs *ret)
{
    qr_texts texts;

    YAO_TRY(qr_read(file, arena, &texts));
    *ret = (yao_inputs){texts.list, texts.count, true};
    return YAO_OK;
}

static yao_status take_file(yao_bytes file, yao_arena *arena, yao_inputs *ret)
{
    yao_bytes *one = yao_arena_take(arena, sizeof *one), kept, line, rest;

    if (one == NULL)
        return YAO_E_SPACE;
    if (qr_is_picture(file))
        return take_picture(file, arena, ret);
    if (file.len > YAO_MAX_MESSAGE)
        return YAO_E_LIMIT;
    YAO_TRY(yao_arena_keep(arena, file, &kept));
    rest = kept;
    if (is_printable(kept) && next_line(&rest, &line) && is_code(line))
        return take_codes(kept, arena, ret);
    YAO_TRY(yao_input_decode(kept, arena, one));
    *ret = (yao_inputs){one, 1, false};
    return YAO_OK;
}

yao_status yao_input_read_all(const char *path, yao_arena *arena,
                              yao_inputs *ret)
{
    yao_bytes file;

    YAO_TRY(yao_file_read(path, QR_MAX_FILE, &file));
    yao_status status = take_file(file, arena, ret);
    yao_file_free(&file);
    return status;
}

yao_status yao_input_transcript(const char *path, yao_arena *arena,
                                yao_bytes *ret)
{
    yao_bytes transcript;

    YAO_TRY(yao_input_read(path, arena, &transcript));
    yao_cbor_reader r = yao_cbor_open_foreign(transcript);
    if (yao_cbor_peek(&r) == YAO_CBOR_TAG) {
        transcript = yao_cbor_get_wrapped(&r).inner;
        YAO_TRY(yao_cbor_close(&r));
    }

    YAO_TRY(yao_cbor_check(transcript, true, NULL));
    r = yao_cbor_open_foreign(transcript);
    if (yao_cbor_peek(&r) != YAO_CBOR_ARRAY)
        return YAO_E_MALFORMED;
    *ret = transcript;
    return YAO_OK;
}
