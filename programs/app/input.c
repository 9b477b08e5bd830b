/* SPDX-License-Identifier: Apache-2.0 */
#include "app/input.h"

#include "app/files.h"
#include "cbor/cbor.h"

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
