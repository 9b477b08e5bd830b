/* SPDX-License-Identifier: Apache-2.0 */
#include "card/seal.h"

#include "base/copy.h"
#include "card/labels.h"

enum { ENC = 65 };

void yao_card_wipe_sealing(yao_card_sealing *sealing)
{
    yao_hpke_wipe(&sealing->keys);
}

static yao_status derive(const yao_crypto *crypto, yao_bytes challenge,
                         const yao_public_key *recipient,
                         const yao_public_key *ephemeral, yao_bytes shared,
                         yao_hpke_keys *ret)
{
    uint8_t info[YAO_SHA256_LEN];

    if (challenge.len == 0)
        return YAO_E_USAGE;
    YAO_TRY(yao_card_hash(crypto, challenge, info));

    return yao_hpke_derive(crypto, ephemeral, recipient, shared,
                           (yao_bytes){info, sizeof info}, ret);
}

/* ---- sealing ------------------------------------------------------------ */

yao_status yao_card_seal(const yao_crypto *crypto, yao_bytes challenge,
                         const yao_public_key *recipient,
                         const yao_public_key *ephemeral, yao_bytes shared,
                         yao_bytes whole, yao_card_sealing *ret)
{
    if (whole.len == 0)
        return YAO_E_USAGE;
    if (whole.len > YAO_CARD_SEALED_MAX)
        return YAO_E_LIMIT;
    YAO_TRY(
        derive(crypto, challenge, recipient, ephemeral, shared, &ret->keys));

    ret->ephemeral = *ephemeral;
    yao_hpke_wish(&ret->keys, false, (yao_bytes){NULL, 0}, whole, &ret->wish);
    return YAO_OK;
}

void yao_card_put_sealed(yao_writer *w, const yao_card_sealing *sealing,
                         yao_bytes ciphertext)
{
    if (ciphertext.len != sealing->wish.input.len + YAO_AEAD_TAG)
        yao_writer_fail(w, YAO_E_USAGE);
    yao_cbor_put_array(w, 2);
    yao_cbor_put_bytes(w, (yao_bytes){sealing->ephemeral.point, ENC});
    yao_cbor_put_bytes(w, ciphertext);
}

/* ---- opening ------------------------------------------------------------ */

yao_status yao_card_read_sealed(yao_bytes input, yao_card_sealed *ret)
{
    yao_cbor_reader r = yao_cbor_open(input);

    if (input.len > YAO_MAX_CARD_WHOLE)
        return YAO_E_LIMIT;
    yao_cbor_get_array(&r, 2);
    yao_bytes enc        = yao_cbor_get_bytes(&r);
    yao_bytes ciphertext = yao_cbor_get_bytes(&r);
    YAO_TRY(yao_cbor_close(&r));

    if (enc.len != ENC || enc.ptr[0] != 4)
        return YAO_E_KEY;
    if (ciphertext.len <= YAO_AEAD_TAG)
        return YAO_E_MALFORMED;

    *ret = (yao_card_sealed){.ephemeral  = {.curve = YAO_P256, .len = ENC},
                             .ciphertext = ciphertext};
    yao_copy(ret->ephemeral.point, enc);
    return YAO_OK;
}

yao_status yao_card_unseal(const yao_crypto *crypto, yao_bytes challenge,
                           const yao_public_key  *recipient,
                           const yao_card_sealed *sealed, yao_bytes shared,
                           yao_card_sealing *ret)
{
    YAO_TRY(derive(crypto, challenge, recipient, &sealed->ephemeral, shared,
                   &ret->keys));

    ret->ephemeral = sealed->ephemeral;
    yao_hpke_wish(&ret->keys, true, (yao_bytes){NULL, 0}, sealed->ciphertext,
                  &ret->wish);
    return YAO_OK;
}
