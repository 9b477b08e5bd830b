/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Invariants
 *   1. A key is claimed by a proof of its own, or by an attestation that a
 *      proof brings or is; nothing is claimed without a check in the array
 *      that is answered with its signature.
 *   2. Every proof and every attestation says the one nonce. An attestation in
 *      a header may be without: it was made before the nonce was known, and
 *      the proof that carries it says it.
 *   3. No key is claimed twice.
 */

#include "vci/proof.h"

#include "vci/attestation.h"
#include "vci/parts.h"

#define PROOF_TYPE "openid4vci-proof+jwt"

/* ---- making ------------------------------------------------------------- */

static yao_status write_header(yao_arena                *arena,
                               const yao_vci_proof_wish *wish,
                               const yao_sig_row *row, yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "alg", yao_text_of(row->jose));
    yao_json_put_member(&w, &first, "typ", YAO_TEXT(PROOF_TYPE));
    yao_json_put_name(&w, &first, "jwk");
    yao_jwk_put(&w, &wish->key);
    if (wish->attestation.len > 0) {
        yao_json_put_member(&w, &first, "key_attestation", wish->attestation);
    }
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

static yao_status write_payload(yao_arena                *arena,
                                const yao_vci_proof_wish *wish, yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_optional(&w, &first, "iss", wish->client_id);
    yao_json_put_optional(&w, &first, "aud", wish->audience);
    yao_json_put_member_int(&w, &first, "iat", wish->now);
    yao_json_put_optional(&w, &first, "nonce", wish->nonce);
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

yao_status yao_vci_make_proof(yao_arena *arena, const yao_vci_proof_wish *wish,
                              yao_vci_token *ret)
{
    const yao_sig_row *row = yao_sig_by_curve(wish->key.curve);
    yao_bytes          header, payload;

    if (row == NULL || wish->audience.len == 0 || !yao_vci_moment(wish->now))
        return YAO_E_USAGE;
    YAO_TRY(write_header(arena, wish, row, &header));
    YAO_TRY(write_payload(arena, wish, &payload));
    return yao_vci_make_token(arena, row->alg, header, payload, ret);
}

/* ---- reading one -------------------------------------------------------- */

/* Checks of one proof: its own, its attestation's, and those of the chain. */
enum { CHECKS = 1 + 1 + YAO_MAX_CHAIN };

/* What is being read. */
typedef struct reading {
    yao_arena                  *arena;
    const yao_vci_proof_rules  *rules;
    yao_vci_proofs              proofs;
    yao_vci_attestation        *attestation; /* the last one; NULL: none yet */
    yao_vci_attestation_status *statuses;
    yao_vci_error              *error;
} reading;

/* The key stands in jwk; a kid would have to be looked up and a certificate
 * would say who somebody is: we offer neither (appendix F.1 has the three
 * exclude each other). */
static yao_status read_key(yao_arena *arena, const yao_jws *jws,
                           yao_public_key *ret)
{
    const yao_json *h = jws->header;

    if (jws->jwk == NULL || yao_json_get(h, "kid") != NULL ||
        yao_json_get(h, "x5c") != NULL ||
        yao_json_get(h, "trust_chain") != NULL)
        return YAO_E_HEADER;
    return yao_jwk_read(jws->jwk, arena, ret);
}

/* Who made it, and for whom: an aud that is an array would be for others as
 * well. */
static yao_status check_parties(yao_arena *arena, const yao_json *payload,
                                const yao_vci_proof_rules *rules)
{
    const yao_json *aud = yao_json_get(payload, "aud");
    yao_text        iss;

    if (aud == NULL)
        return YAO_E_MISSING;
    if (!yao_json_is_text(aud, rules->issuer))
        return YAO_E_MISMATCH;
    YAO_TRY(yao_vci_optional(payload, "iss", arena, &iss));
    if (iss.len > 0 || yao_json_get(payload, "iss") != NULL)
        return rules->client_id.len > 0 &&
                       yao_text_equal(iss, rules->client_id)
                   ? YAO_OK
                   : YAO_E_MISMATCH;
    return YAO_OK;
}

/* The nonce of all; it is compared with ours by who made it. */
static yao_status note_nonce(reading *r, yao_text nonce)
{
    if (r->proofs.nonce.len == 0) {
        r->proofs.nonce = nonce;
        return YAO_OK;
    }
    if (yao_text_equal(r->proofs.nonce, nonce))
        return YAO_OK;
    *r->error = YAO_VCI_INVALID_NONCE;
    return YAO_E_MISMATCH;
}

static yao_status claim(reading *r, const yao_public_key *key)
{
    yao_vci_proofs *p = &r->proofs;

    for (size_t i = 0; i < p->count; i++)
        if (yao_public_key_equal(&p->claimed[i], key))
            return YAO_E_DUPLICATE;
    if (p->count == YAO_VCI_MAX_BATCH)
        return YAO_E_LIMIT;
    p->claimed[p->count++] = *key;
    return YAO_OK;
}

/* ---- attestations ------------------------------------------------------- */

/* The same attestation comes with each proof of a batch: it is read once. */
static yao_status read_attestation(reading *r, yao_text token, bool header)
{
    yao_vci_proofs *p = &r->proofs;

    if (r->attestation != NULL && yao_text_equal(r->attestation->token, token))
        return YAO_OK;
    yao_vci_attestation *a = yao_arena_take(r->arena, sizeof *a);
    if (a == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_vci_read_attestation(r->arena, token, r->rules, header, a));
    YAO_TRY(yao_vci_add_attestation_checks(a, p->checks, &p->check_count));
    if (a->status.uri.len > 0)
        r->statuses[p->status_count++] = a->status;
    r->attestation = a;
    return YAO_OK;
}

static bool attests(const yao_vci_attestation *a, const yao_public_key *key)
{
    for (size_t i = 0; i < a->key_count; i++)
        if (yao_public_key_equal(&a->keys[i], key))
            return true;
    return false;
}

/* The attestation in the header of a proof of KEY, if there is one. */
static yao_status read_header_attestation(reading *r, const yao_jws *jws,
                                          const yao_public_key *key,
                                          bool                 *found)
{
    const yao_json *value = yao_json_get(jws->header, "key_attestation");
    yao_text        token;

    *found = value != NULL;
    if (value == NULL)
        return r->rules->attested ? YAO_E_MISSING : YAO_OK;
    YAO_TRY(yao_json_string(value, r->arena, &token));
    YAO_TRY(read_attestation(r, token, true));
    if (r->attestation->nonce.len > 0)
        YAO_TRY(note_nonce(r, r->attestation->nonce));
    return attests(r->attestation, key) ? YAO_OK : YAO_E_MISMATCH;
}

static yao_status claim_attested(reading *r)
{
    const yao_vci_attestation *a = r->attestation;

    for (size_t i = 0; i < a->key_count; i++)
        YAO_TRY(claim(r, &a->keys[i]));
    return YAO_OK;
}

/* ---- each kind ---------------------------------------------------------- */

static yao_status read_jwt(reading *r, yao_text token, bool alone)
{
    yao_vci_proofs *p = &r->proofs;
    yao_jws         jws;
    yao_public_key  key;
    yao_text        nonce;
    yao_time        issued;
    bool            attested;

    YAO_TRY(yao_jws_read(r->arena, yao_text_bytes(token), &jws));
    if (!yao_text_equal(jws.type, YAO_TEXT(PROOF_TYPE)))
        return YAO_E_HEADER;
    YAO_TRY(read_key(r->arena, &jws, &key));
    YAO_TRY(check_parties(r->arena, jws.payload, r->rules));
    YAO_TRY(yao_vci_read_issued(jws.payload, r->rules, true, &issued));
    YAO_TRY(yao_vci_required(jws.payload, "nonce", r->arena, &nonce));
    YAO_TRY(note_nonce(r, nonce));
    YAO_TRY(yao_jws_check(&jws, &key, &p->checks[p->check_count]));
    p->check_count++;
    YAO_TRY(read_header_attestation(r, &jws, &key, &attested));
    p->attested = p->attested && attested;
    return alone && attested ? claim_attested(r) : claim(r, &key);
}

static yao_status read_attested(reading *r, yao_text token)
{
    YAO_TRY(read_attestation(r, token, false));
    if (r->attestation->nonce.len == 0)
        return YAO_E_MISSING;
    YAO_TRY(note_nonce(r, r->attestation->nonce));
    return claim_attested(r);
}

static yao_status read_all(reading *r, const yao_vci_request *request)
{
    if (request->proof_count == 0)
        return YAO_E_MISSING;
    r->proofs.attested = true;
    for (size_t i = 0; i < request->proof_count; i++)
        YAO_TRY(request->type == YAO_VCI_ATTESTATION
                    ? read_attested(r, request->proofs[i])
                    : read_jwt(r, request->proofs[i],
                               request->proof_count == 1));
    return YAO_OK;
}

static yao_status begin(reading *r, const yao_vci_request *request)
{
    if (!yao_vci_moment(r->rules->now) ||
        request->proof_count > YAO_VCI_MAX_BATCH)
        return YAO_E_USAGE;
    r->proofs.checks =
        yao_arena_take_array(r->arena, request->proof_count * CHECKS,
                             sizeof *r->proofs.checks);
    r->statuses = yao_arena_take_array(r->arena, request->proof_count,
                                       sizeof *r->statuses);
    if (r->proofs.checks == NULL || r->statuses == NULL)
        return YAO_E_SPACE;
    r->proofs.statuses = r->statuses;
    return read_all(r, request);
}

yao_status yao_vci_begin_proofs(yao_arena *arena,
                                const yao_vci_request     *request,
                                const yao_vci_proof_rules *rules,
                                yao_vci_proofs *ret, yao_vci_error *error)
{
    reading r = {.arena = arena, .rules = rules, .error = error};

    *error            = YAO_VCI_INVALID_PROOF;
    yao_status status = begin(&r, request);
    if (status == YAO_OK || status == YAO_E_SPACE || status == YAO_E_USAGE)
        *error = YAO_VCI_FINE;
    if (status == YAO_OK)
        *ret = r.proofs;
    return status;
}

/* ---- the end ------------------------------------------------------------ */

static yao_status judge(const yao_signature_check *checks, size_t count)
{
    yao_status status = count > 0 ? YAO_OK : YAO_E_MISSING;

    for (size_t i = 0; i < count; i++) {
        if (checks[i].outcome == YAO_SIG_BAD)
            return YAO_E_BAD_SIGNATURE;
        if (checks[i].outcome == YAO_SIG_UNSUPPORTED)
            status = YAO_E_UNSUPPORTED;
        else if (checks[i].outcome != YAO_SIG_GOOD && status == YAO_OK)
            status = YAO_E_CRYPTO;
    }
    return status;
}

yao_status yao_vci_conclude_proofs(const yao_vci_proofs      *proofs,
                                   const yao_signature_check *checks,
                                   yao_vci_keys *ret, yao_vci_error *error)
{
    yao_status   status = judge(checks, proofs->check_count);
    yao_vci_keys keys   = {.count    = proofs->count,
                           .attested = proofs->attested};

    *error = status == YAO_OK || status == YAO_E_CRYPTO ? YAO_VCI_FINE
                                                        : YAO_VCI_INVALID_PROOF;
    if (status != YAO_OK)
        return status;
    for (size_t i = 0; i < proofs->count; i++)
        keys.items[i] = proofs->claimed[i];
    *ret = keys;
    return YAO_OK;
}
