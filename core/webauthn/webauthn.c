/* SPDX-License-Identifier: Apache-2.0 */
#include "webauthn/authdata.h"

#include "cbor/cbor.h"
#include "der/der.h"

enum { ES256 = -7, SIGNATURE = 64 };

/* ---- what is asked of the home ------------------------------------------ */

/* SIGNATURE_DER over authenticator data || SHA-256(client data), by KEY. */
static yao_status want_signature(const yao_crypto *crypto,
                                 const yao_public_key *key, yao_bytes data,
                                 yao_bytes client_data, yao_bytes der,
                                 yao_arena *arena, yao_signature_check *ret)
{
    uint8_t *hash = yao_arena_take(arena, YAO_SHA256_LEN);
    uint8_t *raw  = yao_arena_take(arena, SIGNATURE);

    if (hash == NULL || raw == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_der_get_signature(der, SIGNATURE / 2, raw));
    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &client_data, 1, hash));
    *ret = (yao_signature_check){
        .alg        = YAO_ES256,
        .key        = *key,
        .parts      = {data, {hash, YAO_SHA256_LEN}},
        .part_count = 2,
        .signature  = {raw, SIGNATURE},
    };
    return YAO_OK;
}

yao_status yao_webauthn_finish(const yao_webauthn_pending *pending,
                               yao_webauthn_credential    *ret)
{
    for (size_t i = 0; i < pending->count; i++) {
        switch (pending->checks[i].outcome) {
        case YAO_SIG_GOOD:
            break;
        case YAO_SIG_BAD:
            return YAO_E_BAD_SIGNATURE;
        case YAO_SIG_UNSUPPORTED:
            return YAO_E_UNSUPPORTED;
        case YAO_SIG_UNCHECKED:
            return YAO_E_CRYPTO;
        }
    }
    *ret = pending->credential;
    return YAO_OK;
}

/* ---- a new passkey ------------------------------------------------------ */

typedef struct attestation {
    yao_text  format;
    yao_bytes statement; /* a CBOR map */
    yao_bytes data;
} attestation;

static bool is(yao_text key, const char *name)
{
    return yao_text_equal(key, yao_text_of(name));
}

/* {"fmt": tstr, "attStmt": map, "authData": bstr}: these, each once, since no
 * three keys of these can be others. */
static yao_status read_attestation(yao_bytes input, attestation *ret)
{
    yao_cbor_reader r     = yao_cbor_open(input);
    attestation     a     = {.format = {NULL, 0}};
    uint64_t        pairs = yao_cbor_get_map(&r);

    for (uint64_t i = 0; i < pairs && r.status == YAO_OK; i++) {
        yao_text key = yao_cbor_get_text(&r);
        if (is(key, "fmt") && a.format.ptr == NULL)
            a.format = yao_cbor_get_text(&r);
        else if (is(key, "attStmt") && a.statement.ptr == NULL)
            a.statement = yao_cbor_get_any(&r);
        else if (is(key, "authData") && a.data.ptr == NULL)
            a.data = yao_cbor_get_bytes(&r);
        else
            yao_cbor_fail(&r, YAO_E_MALFORMED);
    }
    YAO_TRY(yao_cbor_close(&r));
    if (a.format.ptr == NULL || a.statement.ptr == NULL || a.data.ptr == NULL)
        return YAO_E_MISSING;
    *ret = a;
    return YAO_OK;
}

/* Self attestation (section 8.2): {"alg": -7, "sig": bstr}. With "x5c" somebody
 * else vouches for the key, whom nobody here knows. */
static yao_status read_packed(yao_bytes statement, yao_bytes *signature)
{
    yao_cbor_reader r     = yao_cbor_open(statement);
    uint64_t        pairs = yao_cbor_get_map(&r);
    int64_t         alg   = 0;
    bool            more  = false;

    for (uint64_t i = 0; i < pairs && r.status == YAO_OK; i++) {
        yao_text key = yao_cbor_get_text(&r);
        if (is(key, "alg"))
            alg = yao_cbor_get_int(&r);
        else if (is(key, "sig"))
            *signature = yao_cbor_get_bytes(&r);
        else {
            (void)yao_cbor_get_any(&r);
            more = true;
        }
    }
    YAO_TRY(yao_cbor_close(&r));
    if (more)
        return YAO_E_UNSUPPORTED;
    return alg == ES256 ? YAO_OK : YAO_E_ALGORITHM;
}

static yao_status check_statement(const yao_crypto            *crypto,
                                  const attestation           *a,
                                  const yao_webauthn_response *response,
                                  yao_arena *arena, yao_webauthn_pending *p)
{
    yao_bytes signature = {NULL, 0};

    if (is(a->format, "none"))
        return a->statement.len == 1 && a->statement.ptr[0] == 0xa0
                   ? YAO_OK
                   : YAO_E_MALFORMED;
    if (!is(a->format, "packed"))
        return YAO_E_UNSUPPORTED;
    YAO_TRY(read_packed(a->statement, &signature));
    YAO_TRY(want_signature(crypto, &p->credential.key, a->data,
                           response->client_data, signature, arena,
                           &p->checks[0]));
    p->count = 1;
    return YAO_OK;
}

static void fill(const yao_webauthn_data *d, yao_webauthn_credential *c)
{
    c->counter  = d->counter;
    c->may_move = (d->flags & YAO_WEBAUTHN_MAY_MOVE) != 0;
    c->moved    = (d->flags & YAO_WEBAUTHN_MOVED) != 0;
}

yao_status yao_webauthn_check_creation(const yao_crypto            *crypto,
                                       const yao_webauthn_expected *expected,
                                       const yao_webauthn_response *response,
                                       yao_arena            *arena,
                                       yao_webauthn_pending *ret)
{
    yao_webauthn_pending p = {.count = 0};
    yao_webauthn_data    d;
    attestation          a;

    YAO_TRY(yao_webauthn_check_client(response->client_data, "webauthn.create",
                                      expected, arena));
    YAO_TRY(read_attestation(response->attestation, &a));
    YAO_TRY(yao_webauthn_read_data(a.data, true, &d));
    YAO_TRY(yao_webauthn_check_data(crypto, &d, expected->rp_id));
    if (!yao_bytes_equal(d.id, response->id))
        return YAO_E_MISMATCH;
    p.credential.id  = d.id;
    p.credential.key = d.key;
    for (size_t i = 0; i < sizeof d.model; i++)
        p.credential.model[i] = d.model[i];
    fill(&d, &p.credential);
    YAO_TRY(check_statement(crypto, &a, response, arena, &p));
    *ret = p;
    return YAO_OK;
}

/* ---- a passkey that is shown --------------------------------------------- */

/* Section 7.2 step 21: 0 and 0 is an authenticator that does not count. */
static bool went_forward(uint32_t before, uint32_t now)
{
    return (before == 0 && now == 0) || now > before;
}

yao_status yao_webauthn_check_assertion(const yao_crypto              *crypto,
                                        const yao_webauthn_expected   *expected,
                                        const yao_webauthn_credential *known,
                                        const yao_webauthn_response   *response,
                                        yao_arena            *arena,
                                        yao_webauthn_pending *ret)
{
    yao_webauthn_pending p = {.count = 0, .credential = *known};
    yao_webauthn_data    d;

    if (known->id.len == 0 || !yao_bytes_equal(known->id, response->id))
        return YAO_E_MISMATCH;
    YAO_TRY(yao_webauthn_check_client(response->client_data, "webauthn.get",
                                      expected, arena));
    YAO_TRY(yao_webauthn_read_data(response->authenticator, false, &d));
    YAO_TRY(yao_webauthn_check_data(crypto, &d, expected->rp_id));
    fill(&d, &p.credential);
    if (p.credential.may_move != known->may_move)
        return YAO_E_MISMATCH;
    if (!went_forward(known->counter, d.counter))
        return YAO_E_REVOKED;
    YAO_TRY(want_signature(crypto, &known->key, response->authenticator,
                           response->client_data, response->signature, arena,
                           &p.checks[0]));
    p.count = 1;
    *ret    = p;
    return YAO_OK;
}
