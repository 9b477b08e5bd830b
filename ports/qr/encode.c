/* SPDX-License-Identifier: Apache-2.0 */
#include "qr/qr.h"

#include <errno.h>

#include <qrencode.h>

static const QRecLevel levels[] = {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q,
                                   QR_ECLEVEL_H};

/* The 45 letters of the alphanumeric mode (ISO/IEC 18004 table 5). */
static bool is_alphanumeric(yao_bytes content)
{
    static const yao_bytes others = YAO_INIT(" $%*+-./:");

    for (size_t i = 0; i < content.len; i++) {
        uint8_t c = content.ptr[i];
        if ((c < '0' || c > '9') && (c < 'A' || c > 'Z') &&
            yao_bytes_find(others, c) == others.len)
            return false;
    }
    return true;
}

static yao_status why(void)
{
    return errno == ENOMEM ? YAO_E_SPACE : YAO_E_LIMIT;
}

/* The lowest bit of libqrencode's modules is their colour. */
static yao_status keep(const QRcode *made, yao_arena *arena, qr_code *ret)
{
    size_t   count   = (size_t)made->width * (size_t)made->width;
    uint8_t *modules = yao_arena_take(arena, count);

    if (modules == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++)
        modules[i] = made->data[i] & 1;
    *ret = (qr_code){modules, (uint32_t)made->width, (unsigned)made->version};
    return YAO_OK;
}

/* LEAST: the version is not below it. */
static yao_status encode(yao_bytes content, qr_level level, unsigned least,
                         yao_arena *arena, qr_code *ret)
{
    QRcode    *made   = NULL;
    yao_status status = YAO_E_SPACE;

    if (content.len == 0 || (unsigned)level > QR_LEVEL_H)
        return YAO_E_USAGE;
    if (content.len > QR_MAX_TEXT)
        return YAO_E_LIMIT;

    QRinput *input = QRinput_new2((int)least, levels[level]);
    if (input == NULL)
        return YAO_E_SPACE;
    if (QRinput_append(input,
                       is_alphanumeric(content) ? QR_MODE_AN : QR_MODE_8,
                       (int)content.len, content.ptr) == 0)
        made = QRcode_encodeInput(input);
    status = made != NULL ? keep(made, arena, ret) : why();

    QRcode_free(made);
    QRinput_free(input);
    return status;
}

yao_status qr_encode(yao_bytes content, qr_level level, yao_arena *arena,
                     qr_code *ret)
{
    return encode(content, level, 0, arena, ret);
}

yao_status qr_encode_frames(const yao_bytes *contents, size_t count,
                            qr_level level, yao_arena *arena, qr_code *ret)
{
    unsigned version = 0;
    size_t   mark    = arena->used;

    if (count == 0 || count > QR_MAX_FRAMES)
        return YAO_E_USAGE;
    for (size_t i = 0; i < count; i++) {
        qr_code code;

        yao_status status = qr_encode(contents[i], level, arena, &code);
        arena->used       = mark;
        YAO_TRY(status);
        if (code.version > version)
            version = code.version;
    }
    for (size_t i = 0; i < count; i++)
        YAO_TRY(encode(contents[i], level, version, arena, &ret[i]));
    return YAO_OK;
}
