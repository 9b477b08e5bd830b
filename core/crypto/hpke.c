/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hpke.h"

#include "base/copy.h"
#include "crypto/algorithms.h"

/*
 * RFC 9180 section 4:
 *   LabeledExtract(salt, label, ikm)
 *     = HMAC(salt, "HPKE-v1" || suite_id || label || ikm)
 *   LabeledExpand(prk, label, info, L), where L is at most one digest,
 *     = HMAC(prk, I2OSP(L, 2) || "HPKE-v1" || suite_id || label || info || 1)
 * Nothing else is hashed, so each step is one HMAC.
 */

#define VERSION YAO_LIT("HPKE-v1")

/* Section 4.1: of the KEM 0x0010; section 5.1: of KEM 0x0010, KDF 0x0001 and
 * AEAD 0x0001 together. */
#define KEM_SUITE YAO_LIT("KEM\x00\x10")
#define HPKE_SUITE YAO_LIT("HPKE\x00\x10\x00\x01\x00\x01")

enum { P256_POINT = 65, HASH = YAO_SHA256_LEN };

static yao_status extract(const yao_crypto *crypto, yao_bytes salt,
                          yao_bytes suite, yao_bytes label, yao_bytes secret,
                          uint8_t ret[HASH])
{
    yao_bytes parts[] = {VERSION, suite, label, secret};

    return crypto->hmac(crypto->ctx, YAO_SHA256, salt, parts, 4, ret);
}

/* What is expanded, and for how long; LEN is at most HASH. */
typedef struct expansion {
    yao_bytes        suite, label;
    const yao_bytes *info; /* two parts */
    size_t           len;
} expansion;

static yao_status expand(const yao_crypto *crypto, const uint8_t prk[HASH],
                         const expansion *e, uint8_t *ret)
{
    uint8_t    len[]   = {0, (uint8_t)e->len}, block[HASH];
    yao_bytes  parts[] = {{len, sizeof len}, VERSION,    e->suite,
                          e->label,          e->info[0], e->info[1],
                          YAO_LIT("\x01")};
    yao_status status  = crypto->hmac(crypto->ctx, YAO_SHA256,
                                      (yao_bytes){prk, HASH}, parts, 7, block);

    if (status == YAO_OK)
        yao_copy(ret, (yao_bytes){block, e->len});
    yao_wipe(block, sizeof block);
    return status;
}

/* Section 4.1, ExtractAndExpand(dh, enc || pkRm). */
static yao_status agree(const yao_crypto *crypto, yao_bytes shared,
                        const yao_bytes points[2], uint8_t ret[HASH])
{
    uint8_t         prk[HASH];
    const expansion e = {KEM_SUITE, YAO_LIT("shared_secret"), points, HASH};
    yao_status      status = extract(crypto, YAO_LIT(""), KEM_SUITE,
                                     YAO_LIT("eae_prk"), shared, prk);

    if (status == YAO_OK)
        status = expand(crypto, prk, &e, ret);
    yao_wipe(prk, sizeof prk);
    return status;
}

/* Section 5.1: key_schedule_context = mode || psk_id_hash || info_hash, where
 * mode_base is 0 and its psk_id is empty. */
static yao_status put_context(const yao_crypto *crypto, yao_bytes info,
                              uint8_t ret[1 + 2 * HASH])
{
    ret[0] = 0;
    YAO_TRY(extract(crypto, YAO_LIT(""), HPKE_SUITE, YAO_LIT("psk_id_hash"),
                    YAO_LIT(""), ret + 1));
    return extract(crypto, YAO_LIT(""), HPKE_SUITE, YAO_LIT("info_hash"), info,
                   ret + 1 + HASH);
}

static yao_status schedule(const yao_crypto *crypto, const uint8_t shared[HASH],
                           yao_bytes info, yao_hpke_keys *ret)
{
    uint8_t         context[1 + 2 * HASH], secret[HASH];
    yao_bytes       infos[] = {{context, sizeof context}, YAO_LIT("")};
    const expansion key     = {HPKE_SUITE, YAO_LIT("key"), infos, YAO_HPKE_KEY};
    const expansion nonce   = {HPKE_SUITE, YAO_LIT("base_nonce"), infos,
                               YAO_AEAD_NONCE};
    yao_status      status  = put_context(crypto, info, context);

    if (status == YAO_OK)
        status = extract(crypto, (yao_bytes){shared, HASH}, HPKE_SUITE,
                         YAO_LIT("secret"), YAO_LIT(""), secret);
    if (status == YAO_OK)
        status = expand(crypto, secret, &key, ret->key);
    if (status == YAO_OK)
        status = expand(crypto, secret, &nonce, ret->nonce);

    yao_wipe(secret, sizeof secret);
    return status;
}

static bool is_p256(const yao_public_key *key)
{
    return key->curve == YAO_P256 && key->len == P256_POINT &&
           yao_public_key_well_formed(key);
}

yao_status yao_hpke_derive(const yao_crypto     *crypto,
                           const yao_public_key *ephemeral,
                           const yao_public_key *recipient, yao_bytes shared,
                           yao_bytes info, yao_hpke_keys *ret)
{
    yao_hpke_keys keys = {{0}, {0}};
    uint8_t       secret[HASH];

    if (!is_p256(ephemeral) || !is_p256(recipient) ||
        !yao_agreement_usable(YAO_P256, shared))
        return YAO_E_KEY;

    yao_bytes  points[] = {{ephemeral->point, P256_POINT},
                           {recipient->point, P256_POINT}};
    yao_status status   = agree(crypto, shared, points, secret);
    if (status == YAO_OK)
        status = schedule(crypto, secret, info, &keys);
    if (status == YAO_OK)
        *ret = keys;

    yao_hpke_wipe(&keys);
    yao_wipe(secret, sizeof secret);
    return status;
}

void yao_hpke_wish(const yao_hpke_keys *keys, bool open, yao_bytes aad,
                   yao_bytes input, yao_aead_wish *ret)
{
    *ret = (yao_aead_wish){.alg   = YAO_A128GCM,
                           .open  = open,
                           .key   = {keys->key, sizeof keys->key},
                           .nonce = {keys->nonce, sizeof keys->nonce},
                           .aad   = aad,
                           .input = input};
}

void yao_hpke_wipe(yao_hpke_keys *keys)
{
    yao_wipe(keys, sizeof *keys);
}
