/* SPDX-License-Identifier: Apache-2.0 */
#include "card/labels.h"

/* ---- the moment --------------------------------------------------------- */

yao_card_moment yao_card_moment_at(yao_time now)
{
    yao_card_moment moment = {.challenged = false};

    if (now >= 0 && now <= YAO_TIME_MAX)
        moment.step = (uint64_t)now / YAO_CARD_STEP;

    return moment;
}

yao_status yao_card_moment_of(const yao_crypto *crypto, yao_bytes challenge,
                              yao_card_moment *ret)
{
    yao_card_moment moment = {.challenged = true};

    YAO_TRY(yao_card_hash(crypto, challenge, moment.challenge));

    *ret = moment;
    return YAO_OK;
}

yao_status yao_card_check_step(bool stepped, uint64_t step, bool challenged,
                               yao_time now)
{
    uint64_t here = yao_card_moment_at(now).step;

    if (stepped == challenged)
        return stepped ? YAO_E_MISMATCH : YAO_E_MISSING;
    if (!stepped)
        return YAO_OK;
    if (step < here && here - step > 1)
        return YAO_E_EXPIRED;
    if (step > here && step - here > 1)
        return YAO_E_NOT_YET_VALID;

    return YAO_OK;
}

void yao_card_put_moment(yao_writer *w, const yao_card_moment *moment)
{
    yao_bytes hash = {moment->challenge, sizeof moment->challenge};

    if (moment->challenged)
        yao_cbor_put_bytes(w, hash);
    else
        yao_cbor_put_uint(w, moment->step);
}

yao_status yao_card_replay_key(const yao_crypto *crypto, yao_bytes signed_part,
                               const yao_card_moment *moment,
                               uint8_t                out[YAO_SHA256_LEN])
{
    uint8_t    hash[YAO_SHA256_LEN], message[2 * (2 + YAO_SHA256_LEN) + 1];
    yao_writer w = yao_writer_open(message, sizeof message);

    YAO_TRY(yao_card_hash(crypto, signed_part, hash));
    yao_cbor_put_array(&w, 2);
    yao_cbor_put_bytes(&w, (yao_bytes){hash, sizeof hash});
    yao_card_put_moment(&w, moment);
    YAO_TRY(w.status);

    return yao_card_hash(crypto, (yao_bytes){message, w.len}, out);
}

/* What the reader can see of it. */
static void put_step(yao_writer *w, const yao_card_moment *moment)
{
    if (moment->challenged)
        yao_cbor_put_null(w);
    else
        yao_cbor_put_uint(w, moment->step);
}

/* ---- showing ------------------------------------------------------------ */

yao_status yao_card_holder_message(yao_arena *arena,
                                   const uint8_t issued_hash[YAO_SHA256_LEN],
                                   const yao_card_moment *moment,
                                   yao_bytes             *ret)
{
    yao_writer w = yao_writer_in(arena);

    yao_cbor_put_array(&w, 3);
    yao_cbor_put_string(&w, YAO_CARD_HOLDER_CONTEXT);
    yao_cbor_put_bytes(&w, (yao_bytes){issued_hash, YAO_SHA256_LEN});
    yao_card_put_moment(&w, moment);

    return yao_writer_keep(&w, arena, ret);
}

yao_status yao_card_show(yao_arena *arena, const yao_crypto *crypto,
                         yao_bytes issued, const yao_card_moment *moment,
                         yao_card_showing *ret)
{
    uint8_t   hash[YAO_SHA256_LEN];
    yao_bytes message;

    if (issued.len == 0)
        return YAO_E_USAGE;
    if (issued.len > YAO_MAX_CARD_ISSUED)
        return YAO_E_LIMIT;
    YAO_TRY(yao_card_hash(crypto, issued, hash));
    YAO_TRY(yao_card_holder_message(arena, hash, moment, &message));

    *ret = (yao_card_showing){.wish   = yao_sign_wish_of(YAO_ES256, message),
                              .issued = issued,
                              .moment = *moment};
    return YAO_OK;
}

yao_status yao_card_put_shown(yao_writer *w, const yao_card_showing *showing,
                              yao_bytes signature)
{
    if (signature.len != YAO_CARD_SIGNATURE_LEN)
        yao_writer_fail(w, YAO_E_USAGE);
    yao_cbor_put_array(w, 3);
    yao_cbor_put_bytes(w, showing->issued);
    put_step(w, &showing->moment);
    yao_cbor_put_bytes(w, signature);

    return w->status;
}

void yao_card_put_mdoc(yao_writer *w, const yao_card_moment *moment,
                       yao_bytes response)
{
    yao_cbor_put_array(w, 2);
    put_step(w, moment);
    yao_cbor_put_bytes(w, response);
}
