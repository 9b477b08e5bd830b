/* SPDX-License-Identifier: Apache-2.0 */
#include "qr/decode.h"

#include <zbar.h>

static bool is_known(const qr_found *found, yao_bytes text)
{
    for (size_t i = 0; i < found->count; i++)
        if (yao_bytes_equal(found->list[i], text))
            return true;
    return false;
}

static yao_status add(const zbar_symbol_t *symbol, qr_found *found)
{
    yao_bytes text = {(const uint8_t *)zbar_symbol_get_data(symbol),
                      zbar_symbol_get_data_length(symbol)};

    if (text.ptr == NULL || text.len == 0 || is_known(found, text))
        return YAO_OK;
    if (text.len > QR_MAX_TEXT || found->count == QR_MAX_TEXTS)
        return YAO_E_LIMIT;
    YAO_TRY(yao_arena_keep(found->texts, text, &found->list[found->count]));
    found->count++;
    return YAO_OK;
}

/* Bytes as they stand in the code: else zbar guesses a character set, and
 * what it makes of a signature is none. */
static bool set_up(zbar_image_scanner_t *scanner)
{
    return zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE,
                                         0) == 0 &&
           zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE,
                                         1) == 0 &&
           zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY,
                                         1) == 0;
}

static yao_status scan(zbar_image_scanner_t *scanner, zbar_image_t *image,
                       qr_found *found)
{
    if (!set_up(scanner) || zbar_scan_image(scanner, image) < 0)
        return YAO_E_SPACE;

    const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
    for (; symbol != NULL; symbol = zbar_symbol_next(symbol))
        if (zbar_symbol_get_type(symbol) == ZBAR_QRCODE)
            YAO_TRY(add(symbol, found));
    return YAO_OK;
}

yao_status qr_scan(const image_grey *picture, qr_found *found)
{
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_t         *image   = zbar_image_create();
    yao_status            status  = YAO_E_SPACE;

    if (scanner != NULL && image != NULL) {
        zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
        zbar_image_set_size(image, picture->width, picture->height);
        zbar_image_set_data(image, picture->pixels,
                            (unsigned long)picture->width * picture->height,
                            NULL);
        status = scan(scanner, image, found);
    }
    if (image != NULL)
        zbar_image_destroy(image);
    if (scanner != NULL)
        zbar_image_scanner_destroy(scanner);
    return status;
}
