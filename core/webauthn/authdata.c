/* SPDX-License-Identifier: Apache-2.0 */
#include "webauthn/authdata.h"

#include "cose/cose.h"

enum { ES256 = -7, LABEL_ALG = 3 };

/* ---- authenticator data ------------------------------------------------- */

static yao_bytes take(yao_bytes *rest, size_t len, yao_status *status)
{
    yao_bytes taken = {rest->ptr, 0};

    if (*status != YAO_OK || len > rest->len) {
        *status = *status != YAO_OK ? *status : YAO_E_TRUNCATED;
        return taken;
    }
    taken.len = len;
    rest->ptr += len;
    rest->len -= len;
    return taken;
}

static uint32_t big_endian(yao_bytes bytes)
{
    uint32_t number = 0;

    for (size_t i = 0; i < bytes.len; i++)
        number = number << 8 | bytes.ptr[i];
    return number;
}

/* A COSE_Key without `alg` is none of WebAuthn's (section 6.5.1.1). */
static bool says_es256(yao_bytes key)
{
    yao_cbor_reader r     = yao_cbor_open(key);
    uint64_t        pairs = yao_cbor_get_map(&r);
    bool            said  = false;

    for (uint64_t i = 0; i < pairs && r.status == YAO_OK; i++) {
        yao_bytes label = yao_cbor_get_any(&r);
        if (label.len == 1 && label.ptr[0] == LABEL_ALG &&
            yao_cbor_peek(&r) == YAO_CBOR_NINT)
            said = yao_cbor_get_int(&r) == ES256;
        else
            (void)yao_cbor_get_any(&r);
    }
    return said && yao_cbor_close(&r) == YAO_OK;
}

/* The item at the front of REST, which moves behind it. */
static yao_status take_item(yao_bytes *rest, yao_bytes *ret)
{
    yao_cbor_reader r = yao_cbor_open(*rest);

    *ret = yao_cbor_get_any(&r);
    if (r.status == YAO_OK)
        *rest = r.rest;
    return r.status;
}

static yao_status take_key(yao_bytes *rest, yao_public_key *ret)
{
    yao_bytes item;

    YAO_TRY(take_item(rest, &item));
    yao_cbor_reader r = yao_cbor_open(item);
    yao_cose_get_key(&r, ret);
    YAO_TRY(yao_cbor_close(&r));
    return ret->curve == YAO_P256 && says_es256(item) ? YAO_OK : YAO_E_KEY;
}

static yao_status take_attested(yao_bytes *rest, yao_webauthn_data *d)
{
    yao_status status = YAO_OK;
    yao_bytes  model  = take(rest, sizeof d->model, &status);
    uint32_t   len    = big_endian(take(rest, 2, &status));

    if (status == YAO_OK && len > YAO_WEBAUTHN_ID)
        return YAO_E_LIMIT;
    d->id = take(rest, len, &status);
    if (status != YAO_OK)
        return status;
    if (d->id.len == 0)
        return YAO_E_MALFORMED;
    for (size_t i = 0; i < sizeof d->model; i++)
        d->model[i] = model.ptr[i];
    return take_key(rest, &d->key);
}

/* Any extensions, as long as they are a map and whole (section 6.1). */
static yao_status take_extensions(yao_bytes *rest)
{
    yao_cbor_reader r = yao_cbor_open(*rest);
    yao_bytes       item;

    if (yao_cbor_peek(&r) != YAO_CBOR_MAP)
        return YAO_E_MALFORMED;
    return take_item(rest, &item);
}

yao_status yao_webauthn_read_data(yao_bytes input, bool attested,
                                  yao_webauthn_data *ret)
{
    yao_webauthn_data d      = {.flags = 0};
    yao_status        status = YAO_OK;
    yao_bytes         rest   = input;

    d.rp_hash       = take(&rest, YAO_SHA256_LEN, &status);
    yao_bytes flags = take(&rest, 1, &status);
    d.counter       = big_endian(take(&rest, 4, &status));
    if (status != YAO_OK)
        return status;
    d.flags = flags.ptr[0];
    if (((d.flags & YAO_WEBAUTHN_ATTESTED) != 0) != attested)
        return YAO_E_MALFORMED;
    if (attested)
        YAO_TRY(take_attested(&rest, &d));
    if ((d.flags & YAO_WEBAUTHN_EXTENSIONS) != 0)
        YAO_TRY(take_extensions(&rest));
    if (rest.len != 0)
        return YAO_E_TRAILING;
    *ret = d;
    return YAO_OK;
}

yao_status yao_webauthn_check_data(const yao_crypto        *crypto,
                                   const yao_webauthn_data *data,
                                   yao_text                 rp_id)
{
    uint8_t   hash[YAO_SHA256_LEN];
    yao_bytes part = yao_text_bytes(rp_id);

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &part, 1, hash));
    if (!yao_bytes_equal(data->rp_hash, (yao_bytes){hash, sizeof hash}))
        return YAO_E_MISMATCH;
    if ((data->flags & YAO_WEBAUTHN_PRESENT) == 0 ||
        (data->flags & YAO_WEBAUTHN_VERIFIED) == 0)
        return YAO_E_NOT_AUTHORISED;
    if ((data->flags & YAO_WEBAUTHN_MOVED) != 0 &&
        (data->flags & YAO_WEBAUTHN_MAY_MOVE) == 0)
        return YAO_E_VALUE;
    return YAO_OK;
}

/* ---- client data -------------------------------------------------------- */

enum { LEAST_CHALLENGE = 16, MOST_CHALLENGE = 64, LETTERS = 88 };

/* Compared as letters: there is one way only to write them. */
static yao_status check_challenge(yao_text said, yao_bytes challenge)
{
    uint8_t    letters[LETTERS];
    yao_writer w = yao_writer_open(letters, sizeof letters);
    yao_bytes  want;

    if (challenge.len < LEAST_CHALLENGE || challenge.len > MOST_CHALLENGE)
        return YAO_E_USAGE;
    yao_put_base64url(&w, challenge);
    YAO_TRY(yao_writer_close(&w, &want));
    return yao_bytes_equal_secret(yao_text_bytes(said), want) ? YAO_OK
                                                              : YAO_E_MISMATCH;
}

/* Inside of a page of another origin nobody sees who asks. */
static yao_status check_frame(const yao_json *client)
{
    const yao_json *said    = yao_json_get(client, "crossOrigin");
    bool            crossed = false;

    if (yao_json_get(client, "topOrigin") != NULL)
        return YAO_E_MISMATCH;
    if (said == NULL)
        return YAO_OK;
    YAO_TRY(yao_json_bool(said, &crossed));
    return crossed ? YAO_E_MISMATCH : YAO_OK;
}

yao_status yao_webauthn_check_client(yao_bytes client_data, const char *type,
                                     const yao_webauthn_expected *expected,
                                     yao_arena                   *arena)
{
    const yao_json *client;
    yao_text        said_type, challenge, origin;

    if (client_data.len > YAO_WEBAUTHN_MESSAGE)
        return YAO_E_LIMIT;
    YAO_TRY(yao_json_parse_object(arena, client_data, &client));
    YAO_TRY(yao_json_string(yao_json_get(client, "type"), arena, &said_type));
    YAO_TRY(yao_json_string(yao_json_get(client, "challenge"), arena,
                            &challenge));
    YAO_TRY(yao_json_string(yao_json_get(client, "origin"), arena, &origin));
    if (!yao_text_equal(said_type, yao_text_of(type)) ||
        !yao_text_equal(origin, expected->origin))
        return YAO_E_MISMATCH;
    YAO_TRY(check_challenge(challenge, expected->challenge));
    return check_frame(client);
}
