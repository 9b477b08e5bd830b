/* SPDX-License-Identifier: Apache-2.0 */
#include "vp/iso.h"

#include "base/copy.h"
#include "cbor/cbor.h"
#include "vp/parts.h"

/* The word before everything of annex C. */
#define WORD "dcapi"

/* ---- ["dcapi", {...}] --------------------------------------------------- */

/* The word and the map's head; how many pairs follow. */
static uint64_t get_head(yao_cbor_reader *r)
{
    yao_cbor_get_array(r, 2);
    if (!yao_text_equal(yao_cbor_get_text(r), YAO_TEXT(WORD)))
        yao_cbor_fail(r, YAO_E_MALFORMED);
    return yao_cbor_get_map(r);
}

static void put_head(yao_writer *w)
{
    yao_cbor_put_array(w, 2);
    yao_cbor_put_string(w, WORD);
    yao_cbor_put_map(w, 2);
}

/* A member that has not been there yet. */
static void once(yao_cbor_reader *r, bool *seen)
{
    if (*seen)
        yao_cbor_fail(r, YAO_E_DUPLICATE);
    *seen = true;
}

/* ---- EncryptionInfo ----------------------------------------------------- */

static yao_status read_info(yao_bytes info, yao_vp_iso *ret)
{
    yao_cbor_reader r     = yao_cbor_open_foreign(info);
    uint64_t        pairs = get_head(&r);
    bool            nonce = false, key = false;

    for (uint64_t i = 0; i < pairs && r.status == YAO_OK; i++) {
        yao_text name = yao_cbor_get_text(&r);

        if (yao_text_equal(name, YAO_TEXT("nonce"))) {
            once(&r, &nonce);
            ret->nonce = yao_cbor_get_bytes(&r);
        } else if (yao_text_equal(name, YAO_TEXT("recipientPublicKey"))) {
            once(&r, &key);
            yao_cose_get_key(&r, &ret->recipient);
        } else {
            (void)yao_cbor_get_any(&r);
        }
    }
    YAO_TRY(yao_cbor_close(&r));
    if (!nonce || !key)
        return YAO_E_MISSING;
    if (ret->nonce.len < YAO_VP_ISO_NONCE)
        return YAO_E_VALUE;
    return ret->recipient.curve == YAO_P256 && ret->recipient.len == 65
               ? YAO_OK
               : YAO_E_KEY;
}

static bool usable(const yao_public_key *key)
{
    return key->curve == YAO_P256 && key->len == 65 &&
           yao_public_key_well_formed(key);
}

void yao_vp_put_iso_info(yao_writer *w, yao_bytes nonce,
                         const yao_public_key *recipient)
{
    uint8_t    room[160]; /* a nonce of 64 bytes at most, and a key */
    yao_writer info = yao_writer_open(room, sizeof room);

    if (nonce.len < YAO_VP_ISO_NONCE || nonce.len > 64 || !usable(recipient)) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    put_head(&info);
    yao_cbor_put_string(&info, "nonce");
    yao_cbor_put_bytes(&info, nonce);
    yao_cbor_put_string(&info, "recipientPublicKey");
    yao_cose_put_key(&info, recipient);
    yao_writer_fail(w, info.status);
    yao_put_base64url(w, (yao_bytes){room, info.len});
}

yao_status yao_vp_iso_transcript(yao_arena *arena, const yao_crypto *crypto,
                                 yao_text info, yao_text origin,
                                 yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);

    YAO_TRY(yao_mdoc_put_transcript_annex_c(&w, crypto, info, origin));
    return yao_writer_keep(&w, arena, ret);
}

/* ---- the request -------------------------------------------------------- */

yao_status yao_vp_read_iso(yao_arena *arena, const yao_crypto *crypto,
                           yao_bytes data, yao_text origin, yao_vp_iso *ret)
{
    const yao_json *object;
    yao_vp_iso      iso = {.nonce = {NULL, 0}};
    yao_text        request, info;
    yao_bytes       bytes;

    if (origin.len == 0)
        return YAO_E_USAGE;
    YAO_TRY(yao_json_parse_object(arena, data, &object));
    YAO_TRY(yao_json_string(yao_json_get(object, "deviceRequest"), arena,
                            &request));
    YAO_TRY(yao_json_string(yao_json_get(object, "encryptionInfo"), arena,
                            &info));
    YAO_TRY(yao_letters_decode(arena, yao_text_bytes(info), &bytes));
    YAO_TRY(read_info(bytes, &iso));
    YAO_TRY(yao_letters_decode(arena, yao_text_bytes(request), &bytes));
    YAO_TRY(yao_mdoc_parse_request(arena, bytes, false, &iso.request));
    YAO_TRY(yao_vp_iso_transcript(arena, crypto, info, origin,
                                  &iso.transcript));
    *ret = iso;
    return YAO_OK;
}

void yao_vp_put_iso_request(yao_writer *w, yao_text info,
                            yao_bytes device_request)
{
    yao_put_text(w, "{\"deviceRequest\":\"");
    yao_put_base64url(w, device_request);
    yao_put_text(w, "\",\"encryptionInfo\":\"");
    yao_put_bytes(w, yao_text_bytes(info));
    yao_put_text(w, "\"}");
}

/* ---- the answer --------------------------------------------------------- */

yao_status yao_vp_seal_iso(const yao_crypto *crypto, const yao_vp_iso *iso,
                           yao_bytes shared, yao_bytes response,
                           yao_vp_iso_sealing *ret)
{
    if (response.len == 0)
        return YAO_E_USAGE;
    YAO_TRY(yao_hpke_derive(crypto, &ret->ephemeral, &iso->recipient, shared,
                            iso->transcript, &ret->keys));
    yao_hpke_wish(&ret->keys, false, (yao_bytes){NULL, 0}, response,
                  &ret->wish);
    return YAO_OK;
}

/* Heads and names around what is sealed. */
enum { AROUND = 128 };

void yao_vp_put_iso_answer(yao_writer *w, const yao_vp_iso_sealing *sealing,
                           yao_bytes sealed)
{
    uint8_t    room[AROUND];
    yao_writer head = yao_writer_open(room, sizeof room);
    yao_bytes  enc  = {sealing->ephemeral.point, sealing->ephemeral.len};

    put_head(&head);
    yao_cbor_put_string(&head, "enc");
    yao_cbor_put_bytes(&head, enc);
    yao_cbor_put_string(&head, "cipherText");
    yao_cbor_put_bytes_head(&head, sealed.len);
    /* base64url goes by threes: so does what is written first */
    size_t whole = head.len - head.len % 3;
    size_t rest  = head.len - whole, fill = rest == 0 ? 0 : 3 - rest;
    if (sealed.len < fill || head.status != YAO_OK) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    yao_copy(room + head.len, (yao_bytes){sealed.ptr, fill});
    yao_put_text(w, "{\"response\":\"");
    yao_put_base64url(w, (yao_bytes){room, head.len + fill});
    yao_put_base64url(w, (yao_bytes){sealed.ptr + fill, sealed.len - fill});
    yao_put_text(w, "\"}");
}

static yao_status read_sealed(yao_bytes input, yao_vp_iso_answer *ret)
{
    yao_cbor_reader r     = yao_cbor_open_foreign(input);
    uint64_t        pairs = get_head(&r);
    yao_bytes       enc   = {NULL, 0};
    bool            has_enc = false, has_text = false;

    for (uint64_t i = 0; i < pairs && r.status == YAO_OK; i++) {
        yao_text name = yao_cbor_get_text(&r);

        if (yao_text_equal(name, YAO_TEXT("enc"))) {
            once(&r, &has_enc);
            enc = yao_cbor_get_bytes(&r);
        } else if (yao_text_equal(name, YAO_TEXT("cipherText"))) {
            once(&r, &has_text);
            ret->sealed = yao_cbor_get_bytes(&r);
        } else {
            (void)yao_cbor_get_any(&r);
        }
    }
    YAO_TRY(yao_cbor_close(&r));
    if (!has_enc || !has_text)
        return YAO_E_MISSING;
    if (enc.len != 65 || enc.ptr[0] != 0x04)
        return YAO_E_KEY;
    ret->ephemeral = (yao_public_key){.curve = YAO_P256, .len = 65};
    yao_copy(ret->ephemeral.point, enc);
    return YAO_OK;
}

yao_status yao_vp_read_iso_answer(yao_arena *arena, yao_bytes data,
                                  yao_vp_iso_answer *ret)
{
    const yao_json   *object, *value, *capital;
    yao_vp_iso_answer answer = {.sealed = {NULL, 0}};
    yao_text          letters;
    yao_bytes         bytes;

    YAO_TRY(yao_json_parse_object(arena, data, &object));
    /* the draft prints a capital, browsers write none */
    value   = yao_json_get(object, "response");
    capital = yao_json_get(object, "Response");
    if (value != NULL && capital != NULL)
        return YAO_E_DUPLICATE;
    YAO_TRY(yao_json_string(value != NULL ? value : capital, arena,
                            &letters));
    YAO_TRY(yao_letters_decode(arena, yao_text_bytes(letters), &bytes));
    YAO_TRY(read_sealed(bytes, &answer));
    *ret = answer;
    return YAO_OK;
}

yao_status yao_vp_open_iso(const yao_crypto        *crypto,
                           const yao_vp_iso_answer *answer,
                           const yao_public_key    *recipient,
                           yao_bytes transcript, yao_bytes shared,
                           yao_vp_iso_sealing *ret)
{
    ret->ephemeral = answer->ephemeral;
    YAO_TRY(yao_hpke_derive(crypto, &answer->ephemeral, recipient, shared,
                            transcript, &ret->keys));
    yao_hpke_wish(&ret->keys, true, (yao_bytes){NULL, 0}, answer->sealed,
                  &ret->wish);
    return YAO_OK;
}
