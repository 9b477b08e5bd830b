/* SPDX-License-Identifier: Apache-2.0 */
/* QR cards: showing one, and the letters of codes; HPKE for what is sealed. */
#include "page.h"

#include "card/challenge.h"
#include "card/seal.h"

static yao_card_showing showing;

static struct {
    yao_card_challenge    input;
    yao_card_reader_check check;
    yao_report            report;
} asked;

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

/* ---- who asks ----------------------------------------------------------- */

/* What a person reads before they agree, and the key to seal to. */
static void put_reader(yao_writer *w, const yao_card_reader *reader)
{
    bool                  first = true;
    const yao_public_key *key   = &asked.input.key;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "name", reader->certificate->common_name);
    yao_json_put_member(w, &first, "organisation",
                        reader->certificate->organisation);
    yao_json_put_member(w, &first, "code", reader->certificate->serial_number);
    yao_json_put_member(w, &first, "profile", reader->profile);
    yao_json_put_member(w, &first, "place", reader->place);
    yao_json_put_name(w, &first, "expires");
    yao_json_put_int(w, asked.input.expires);
    yao_json_put_name(w, &first, "key");
    yao_put_byte(w, '"');
    yao_put_hex(w, (yao_bytes){key->point, key->len});
    yao_put_text(w, "\"}");
}

/* A challenge, by a reader under an anchor of that role whose certificate is in
 * it or came by add_signer(). The status says why it may not ask; the answer,
 * when it may, is JSON. */
yao_status EXPORT(read_challenge)(const uint8_t *ptr, size_t len)
{
    const yao_verify_options *o       = &page.options;
    yao_card_reader_options   options = {.anchors      = o->anchors,
                                         .anchor_count = o->anchor_count,
                                         .readers      = o->signers,
                                         .reader_count = o->signer_count,
                                         .now          = o->now,
                                         .skew         = o->skew,
                                         .strict       = o->strict};
    yao_card_reader           reader;
    yao_writer                w;

    YAO_TRY(yao_card_read_challenge(yao_page_bytes(ptr, len), &asked.input));
    YAO_TRY(yao_card_begin_reader(&page.memory, page.crypto, &asked.input,
                                  &options, &asked.check, &asked.report));
    YAO_TRY(page.crypto->verify(page.crypto->ctx, asked.check.checks,
                                asked.check.check_count));
    YAO_TRY(yao_card_conclude_reader(&asked.check, &reader, &asked.report));

    w = yao_writer_in(&page.memory);
    put_reader(&w, &reader);
    return yao_page_answer(&w);
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

/* A sealed card of its two parts, ENC of 65 bytes; and the parts of one: the
 * answer is ENC, then the ciphertext. */
yao_status EXPORT(write_sealed)(const uint8_t *enc, const uint8_t *ptr,
                                size_t len)
{
    yao_writer w = yao_writer_in(&page.memory);

    yao_cbor_put_array(&w, 2);
    yao_cbor_put_bytes(&w, (yao_bytes){enc, 65});
    yao_cbor_put_bytes(&w, yao_page_bytes(ptr, len));
    return yao_page_answer(&w);
}

yao_status EXPORT(read_sealed)(const uint8_t *ptr, size_t len)
{
    yao_card_sealed sealed;
    yao_writer      w = yao_writer_in(&page.memory);

    YAO_TRY(yao_card_read_sealed(yao_page_bytes(ptr, len), &sealed));
    yao_put_bytes(&w, (yao_bytes){sealed.ephemeral.point, 65});
    yao_put_bytes(&w, sealed.ciphertext);
    return yao_page_answer(&w);
}
