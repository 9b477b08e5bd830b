/* SPDX-License-Identifier: Apache-2.0 */
/* QR cards: showing one, and the letters of codes; HPKE for what is sealed. */
#include "page.h"

#include "card/card.h"
#include "crypto/hpke.h"

static yao_card_showing showing;

/* An issuer part, shown for the moment of set_time() or, when one was set, for
 * the challenge. The answer is what the device key signs. */
yao_status EXPORT(show_card)(const uint8_t *ptr, size_t len)
{
    yao_card_moment moment = yao_card_moment_at(page.options.now);

    if (page.options.challenge.len != 0)
        YAO_TRY(
            yao_card_moment_of(page.crypto, page.options.challenge, &moment));
    YAO_TRY(yao_card_show(&page.memory, page.crypto, yao_page_bytes(ptr, len),
                          &moment, &showing));
    return yao_page_answer_wish(&showing.wish);
}

/* The answer is the card. */
yao_status EXPORT(show_card_signed)(const uint8_t *ptr, size_t len)
{
    yao_writer w = yao_writer_in(&page.memory);

    YAO_TRY(yao_card_put_shown(&w, &showing, yao_page_bytes(ptr, len)));
    return yao_page_answer(&w);
}

/* The letters of a code: KIND as yao_card_code. */
yao_status EXPORT(write_code)(int kind, const uint8_t *ptr, size_t len)
{
    yao_writer w = yao_writer_in(&page.memory);

    yao_card_put_text(&w, (yao_card_code)kind, yao_page_bytes(ptr, len));
    return yao_page_answer(&w);
}

/* The bytes of a code; the result is its kind, or minus the status. */
int EXPORT(read_code)(const uint8_t *ptr, size_t len)
{
    yao_writer    w = yao_writer_in(&page.memory);
    yao_card_code kind;

    yao_status status = yao_card_get_text(yao_page_bytes(ptr, len), &w, &kind);
    if (status == YAO_OK)
        status = yao_page_answer(&w);
    return status == YAO_OK ? (int)kind : -(int)status;
}

/* ---- HPKE --------------------------------------------------------------- */

static yao_status read_point(const uint8_t *ptr, yao_public_key *ret)
{
    if (ptr[0] != 4)
        return YAO_E_KEY;
    return yao_public_key_make(YAO_P256, (yao_bytes){ptr + 1, 32},
                               (yao_bytes){ptr + 33, 32}, ret);
}

/* Points of 65 bytes, the 32 bytes on which they agreed: the answer is the key
 * (16 bytes) and the nonce (12) of AES-128-GCM. Secret: drop the instance. */
yao_status EXPORT(derive_hpke)(const uint8_t *ephemeral,
                               const uint8_t *recipient, const uint8_t *shared,
                               const uint8_t *info, size_t info_len)
{
    yao_public_key from, to;
    yao_hpke_keys  keys;
    yao_writer     w = yao_writer_in(&page.memory);

    YAO_TRY(read_point(ephemeral, &from));
    YAO_TRY(read_point(recipient, &to));
    YAO_TRY(yao_hpke_derive(page.crypto, &from, &to, (yao_bytes){shared, 32},
                            yao_page_bytes(info, info_len), &keys));
    yao_put_bytes(&w, (yao_bytes){keys.key, sizeof keys.key});
    yao_put_bytes(&w, (yao_bytes){keys.nonce, sizeof keys.nonce});
    yao_hpke_wipe(&keys);
    return yao_page_answer(&w);
}
