/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/attestation.h"

#include "oauth/parts.h"

#define ATTESTATION "oauth-client-attestation+jwt"
#define POP "oauth-client-attestation-pop+jwt"

/* ---- making ---- */

static void put_attestation(yao_writer *w, const yao_attestation_request *r)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_optional(w, &first, "iss", r->issuer);
    yao_json_put_optional(w, &first, "sub", r->client_id);
    yao_oauth_put_time(w, &first, "iat", r->issued_at);
    yao_oauth_put_time(w, &first, "exp", r->expires);
    yao_json_put_name(w, &first, "cnf");
    yao_put_text(w, "{\"jwk\":");
    yao_jwk_put(w, &r->key);
    yao_put_byte(w, '}');
    yao_json_put_optional(w, &first, "wallet_name", r->wallet_name);
    yao_json_put_optional(w, &first, "wallet_link", r->wallet_link);
    yao_put_byte(w, '}');
}

yao_status yao_attestation_make(yao_arena                     *arena,
                                const yao_attestation_request *request,
                                yao_oauth_unsigned            *ret)
{
    bool first = false;

    if (request->client_id.len == 0 || request->key.curve == YAO_CURVE_NONE ||
        request->expires < 0 || request->expires <= request->issued_at)
        return YAO_E_USAGE;

    yao_writer w = yao_writer_in(arena);
    yao_oauth_put_header(&w, request->alg, ATTESTATION);
    yao_json_put_optional(&w, &first, "kid", request->kid);
    if (request->chain_count != 0) {
        yao_put_byte(&w, ',');
        yao_jws_put_x5c(&w, request->chain, request->chain_count);
    }
    yao_put_byte(&w, '}');
    size_t split = w.len;
    put_attestation(&w, request);
    return yao_oauth_close(&w, split, arena, request->alg, ret);
}

yao_status yao_attestation_make_pop(yao_arena                         *arena,
                                    const yao_attestation_pop_request *request,
                                    yao_oauth_unsigned                *ret)
{
    bool first = true;

    if (request->audience.len == 0 || request->jti.len == 0 ||
        request->iat < 0)
        return YAO_E_USAGE;

    yao_writer w = yao_writer_in(arena);
    yao_oauth_put_header(&w, request->alg, POP);
    yao_put_byte(&w, '}');
    size_t split = w.len;
    yao_put_byte(&w, '{');
    yao_json_put_optional(&w, &first, "iss", request->client_id);
    yao_json_put_optional(&w, &first, "aud", request->audience);
    yao_json_put_optional(&w, &first, "jti", request->jti);
    yao_oauth_put_time(&w, &first, "iat", request->iat);
    yao_json_put_optional(&w, &first, "challenge", request->challenge);
    yao_put_byte(&w, '}');
    return yao_oauth_close(&w, split, arena, request->alg, ret);
}

/* ---- checking ---- */

typedef struct reading {
    yao_arena                  *arena;
    const yao_attestation_ask  *ask;
    yao_jws                     jws, pop;
    yao_text                    issuer; /* iss; empty: none */
    yao_attestation_unverified *out;
    yao_oauth_refusal          *refusal;
} reading;

static yao_status refuse_as(const reading *r, yao_oauth_error error,
                            const char *why, yao_status status)
{
    if (status == YAO_E_SPACE || (int)status >= 500 || status == YAO_E_USAGE)
        return yao_oauth_refuse(r->refusal, YAO_OAUTH_SERVER_ERROR, "", status);
    return yao_oauth_refuse(r->refusal, error, why, status);
}

static yao_status bad_token(const reading *r, const char *why,
                            yao_status status)
{
    return refuse_as(r, YAO_OAUTH_INVALID_CLIENT_ATTESTATION, why, status);
}

static yao_status bad_client(const reading *r, const char *why,
                             yao_status status)
{
    return refuse_as(r, YAO_OAUTH_INVALID_CLIENT, why, status);
}

static yao_status add_check(const reading *r, const yao_jws *jws,
                            const yao_public_key *key, bool repeats)
{
    yao_signature_check *check = &r->out->checks[r->out->check_count];
    yao_status           status = yao_jws_check(jws, key, check);

    if (status != YAO_OK)
        return bad_token(r, "alg does not fit the key", status);
    check->key_repeats = repeats;
    r->out->check_count++;
    return YAO_OK;
}

/* Nobody who says another name: an attester speaks for itself. */
static bool may_be(const yao_attester *attester, yao_text issuer)
{
    return attester->issuer.len == 0 || issuer.len == 0 ||
           yao_text_equal(attester->issuer, issuer);
}

/* Who signed, by certificate: a path to one of the attester's roots. */
static yao_status try_chain(const reading *r, const yao_attester *attester)
{
    yao_report                  report = {.count = 0};
    yao_attestation_unverified *out    = r->out;

    YAO_TRY(yao_x509_find_path(r->jws.chain, r->jws.chain_count,
                               attester->anchors, attester->anchor_count,
                               YAO_ROLE_ATTEST, (yao_text){NULL, 0},
                               r->ask->clock.now, false, &out->path, &report,
                               -1));
    for (size_t i = 0; i < out->path.check_count; i++)
        out->checks[out->check_count++] = out->path.checks[i];
    out->attester = attester;
    return YAO_OK;
}

static yao_status find_by_chain(const reading *r)
{
    yao_status status = YAO_E_UNTRUSTED, first = YAO_OK;

    for (size_t i = 0; i < r->ask->attester_count; i++) {
        if (!may_be(&r->ask->attesters[i], r->issuer))
            continue;
        status = try_chain(r, &r->ask->attesters[i]);
        if (status == YAO_OK)
            return add_check(r, &r->jws, &r->out->path.leaf.key, true);
        /* rather say what is wrong with a path than that there is none */
        if (first == YAO_OK || first == YAO_E_UNTRUSTED)
            first = status;
    }
    return bad_client(r, "no path from x5c to a known wallet provider",
                      first != YAO_OK ? first : status);
}

/* The key of an attester without certificates. Which of several, the
 * signature alone would say; so there may be one for each name. */
static yao_status find_by_key(const reading *r)
{
    for (size_t i = 0; i < r->ask->attester_count; i++) {
        const yao_attester *attester = &r->ask->attesters[i];
        if (attester->key_count != 1 || !may_be(attester, r->issuer))
            continue;
        if (r->issuer.len == 0 && r->ask->attester_count != 1)
            continue;
        r->out->attester = attester;
        return add_check(r, &r->jws, &attester->keys[0], true);
    }
    return bad_client(r, "no key of a known wallet provider", YAO_E_UNTRUSTED);
}

static yao_status check_attestation_times(const reading *r)
{
    const yao_json *p = r->jws.payload;
    yao_time        iat, nbf, exp;
    yao_status      status = yao_oauth_get_time(p, "exp", true, &exp);

    if (status == YAO_OK)
        status = yao_oauth_get_time(p, "iat", false, &iat);
    if (status == YAO_OK)
        status = yao_oauth_get_time(p, "nbf", false, &nbf);
    if (status != YAO_OK)
        return bad_token(r, "exp is missing, or a time is none", status);
    if (iat != YAO_TIME_NONE && iat > r->ask->clock.now + r->ask->clock.skew)
        return bad_token(r, "iat lies ahead", YAO_E_NOT_YET_VALID);
    status = yao_oauth_check_life(&r->ask->clock, nbf, exp);
    if (status != YAO_OK)
        return bad_token(r, "the attestation is over, or not yet valid",
                         status);

    r->out->expires = exp;
    return YAO_OK;
}

static yao_status read_subject(reading *r)
{
    static const yao_oauth_claim sub = {"sub", YAO_OAUTH_MAX_ID, true};
    static const yao_oauth_claim iss = {"iss", YAO_OAUTH_MAX_URI, false};
    yao_text                     asked = r->ask->client_id;
    yao_status                   status;

    status = yao_oauth_get(r->jws.payload, r->arena, &sub, &r->out->client_id);
    if (status != YAO_OK)
        return bad_client(r, "sub is missing", status);
    if (asked.len != 0 && !yao_text_equal(asked, r->out->client_id))
        return bad_client(r, "sub is not client_id", YAO_E_MISMATCH);
    status = yao_oauth_get(r->jws.payload, r->arena, &iss, &r->issuer);
    if (status != YAO_OK)
        return bad_token(r, "iss is no string", status);

    return YAO_OK;
}

/* RFC 7800 section 3.2. */
static yao_status read_key(const reading *r)
{
    const yao_json *cnf = yao_json_get(r->jws.payload, "cnf");
    const yao_json *jwk = yao_json_get(cnf, "jwk");
    yao_status      status;

    if (jwk == NULL)
        return bad_token(r, "cnf.jwk is missing", YAO_E_MISSING);
    status = yao_jwk_read(jwk, r->arena, &r->out->key);
    if (status != YAO_OK)
        return bad_token(r, "cnf.jwk is no public key for signatures", status);
    status = yao_jwk_thumbprint(&r->out->key, r->ask->crypto, r->out->jkt);
    return status == YAO_OK ? YAO_OK : bad_token(r, "", status);
}

static yao_status read_attestation(reading *r, yao_bytes token)
{
    yao_status status = yao_jws_read(r->arena, token, &r->jws);

    if (status != YAO_OK)
        return bad_token(r, "the attestation is no signed token", status);
    if (!yao_text_equal(r->jws.type, YAO_TEXT(ATTESTATION)))
        return bad_token(r, "typ is not " ATTESTATION, YAO_E_HEADER);
    YAO_TRY(read_subject(r));
    YAO_TRY(check_attestation_times(r));
    YAO_TRY(read_key(r));
    return r->jws.chain_count != 0 ? find_by_chain(r) : find_by_key(r);
}

/* ---- proof of possession ---- */

static yao_status check_pop_times(const reading *r)
{
    const yao_oauth_clock *clock = &r->ask->clock;
    const yao_json        *p     = r->pop.payload;
    yao_time               iat, nbf, exp;
    yao_status             status = yao_oauth_get_time(p, "iat", true, &iat);

    if (status == YAO_OK)
        status = yao_oauth_get_time(p, "nbf", false, &nbf);
    if (status == YAO_OK)
        status = yao_oauth_get_time(p, "exp", false, &exp);
    if (status != YAO_OK)
        return bad_token(r, "iat of the proof is missing, or a time is none",
                         status);
    status = yao_oauth_check_iat(clock, iat);
    if (status == YAO_OK)
        status = yao_oauth_check_life(clock, nbf, exp);
    if (status != YAO_OK)
        return bad_token(r, "the proof is over, or not yet valid", status);

    r->out->forget_at = iat + clock->window + clock->skew + 1;
    return YAO_OK;
}

static yao_status check_pop_claims(const reading *r)
{
    static const yao_oauth_claim iss = {"iss", YAO_OAUTH_MAX_URI, false};
    static const yao_oauth_claim jti = {"jti", YAO_OAUTH_MAX_ID, true};
    static const yao_oauth_claim challenge = {"challenge", YAO_OAUTH_MAX_SECRET,
                                              false};
    yao_attestation_unverified  *out       = r->out;
    yao_text                     issuer, id;
    yao_status                   status;

    status = yao_oauth_check_aud(r->pop.payload, r->ask->audience);
    if (status != YAO_OK)
        return bad_client(r, "aud of the proof is another server", status);
    status = yao_oauth_get(r->pop.payload, r->arena, &iss, &issuer);
    if (status != YAO_OK)
        return bad_token(r, "iss of the proof is no string", status);
    if (issuer.len != 0 && !yao_text_equal(issuer, out->client_id))
        return bad_client(r, "iss of the proof is not sub", YAO_E_MISMATCH);
    status = yao_oauth_get(r->pop.payload, r->arena, &challenge,
                           &out->challenge);
    if (status != YAO_OK)
        return bad_token(r, "challenge is no string", status);
    status = yao_oauth_get(r->pop.payload, r->arena, &jti, &id);
    if (status != YAO_OK)
        return bad_token(r, "jti of the proof is missing", status);
    status = yao_oauth_hash_once(r->ask->crypto, "yaopai-pop-1",
                                 (yao_bytes){out->jkt, YAO_SHA256_LEN},
                                 yao_text_bytes(id), out->replay);
    return status == YAO_OK ? YAO_OK : bad_token(r, "", status);
}

static yao_status read_pop(reading *r, yao_bytes token)
{
    yao_status status = yao_jws_read(r->arena, token, &r->pop);

    if (status != YAO_OK)
        return bad_token(r, "the proof is no signed token", status);
    if (!yao_text_equal(r->pop.type, YAO_TEXT(POP)))
        return bad_token(r, "typ is not " POP, YAO_E_HEADER);
    YAO_TRY(check_pop_times(r));
    YAO_TRY(check_pop_claims(r));
    return add_check(r, &r->pop, &r->out->key, false);
}

/* draft -10 section 7.2: one DPoP proof for both; its signature is checked
 * with the rest of the request. */
static yao_status use_dpop(const reading *r)
{
    const yao_dpop_unverified *dpop = r->ask->dpop;

    if (dpop == NULL)
        return bad_client(r, "the proof of possession is missing",
                          YAO_E_MISSING);
    if (!yao_public_key_equal(&dpop->key, &r->out->key))
        return bad_client(r, "the proof is of another key", YAO_E_MISMATCH);

    r->out->combined  = true;
    r->out->challenge = dpop->nonce;
    r->out->checks[r->out->check_count++] = dpop->check;
    return YAO_OK;
}

yao_status yao_attestation_read(yao_arena *arena, yao_bytes attestation,
                                yao_bytes pop, const yao_attestation_ask *ask,
                                yao_attestation_unverified *ret,
                                yao_oauth_refusal          *refusal)
{
    reading    r      = {.arena = arena, .ask = ask, .out = ret,
                         .refusal = refusal};
    yao_status status = yao_oauth_check_clock(&ask->clock);

    *ret = (yao_attestation_unverified){.check_count = 0};
    if (status != YAO_OK)
        return bad_token(&r, "", status);
    if (attestation.len == 0)
        return bad_client(&r, "the attestation is missing", YAO_E_MISSING);
    YAO_TRY(read_attestation(&r, attestation));
    return pop.len != 0 ? read_pop(&r, pop) : use_dpop(&r);
}
