/* SPDX-License-Identifier: Apache-2.0 */
#include "vci/metadata.h"

#include "vci/parts.h"

#define SIGNED_TYPE "openidvci-issuer-metadata+jwt"

/* ---- names for people --------------------------------------------------- */

/* The first one that has a name; what is of another shape is no name. */
static yao_status read_name(yao_arena *arena, const yao_json *object,
                            yao_text *ret)
{
    const yao_json *list = yao_json_get(object, "display");

    *ret = (yao_text){NULL, 0};
    if (list == NULL || list->kind != YAO_JSON_ARRAY)
        return YAO_OK;
    for (const yao_json *i = list->first; i != NULL; i = i->next) {
        const yao_json *name = yao_json_get(i, "name");
        if (name != NULL && name->kind == YAO_JSON_STRING)
            return yao_json_string(name, arena, ret);
    }
    return YAO_OK;
}

/* ---- endpoints ---------------------------------------------------------- */

static yao_status read_endpoint(yao_arena *arena, const yao_json *root,
                                const char *name, bool loopback, yao_text *ret)
{
    yao_text url;

    YAO_TRY(yao_vci_optional(root, name, arena, &url));
    if (url.len > 0)
        YAO_TRY(yao_vci_check_endpoint(url, loopback));
    *ret = url;
    return YAO_OK;
}

static yao_status read_endpoints(yao_arena *arena, const yao_json *root,
                                 bool loopback, yao_vci_metadata *m)
{
    YAO_TRY(read_endpoint(arena, root, "credential_endpoint", loopback,
                          &m->credential_endpoint));
    YAO_TRY(read_endpoint(arena, root, "nonce_endpoint", loopback,
                          &m->nonce_endpoint));
    YAO_TRY(read_endpoint(arena, root, "deferred_credential_endpoint",
                          loopback, &m->deferred_endpoint));
    YAO_TRY(read_endpoint(arena, root, "notification_endpoint", loopback,
                          &m->notification_endpoint));
    return m->credential_endpoint.len > 0 ? YAO_OK : YAO_E_MISSING;
}

static yao_status read_servers(yao_arena *arena, const yao_json *root,
                               bool loopback, yao_vci_metadata *m)
{
    enum { MOST = sizeof m->servers / sizeof m->servers[0] };
    const yao_json *list;

    YAO_TRY(yao_vci_child(root, "authorization_servers", YAO_JSON_ARRAY,
                          &list));
    if (list == NULL)
        return YAO_OK;
    if (list->count == 0)
        return YAO_E_MALFORMED;
    for (const yao_json *i = list->first; i != NULL && m->server_count < MOST;
         i                 = i->next) {
        yao_text *url = &m->servers[m->server_count++];
        YAO_TRY(yao_json_string(i, arena, url));
        YAO_TRY(yao_vci_check_issuer(*url, loopback));
    }
    return YAO_OK;
}

static yao_status read_batch(const yao_json *root, yao_vci_metadata *m)
{
    const yao_json *batch;
    int64_t         size;

    m->batch = 1;
    YAO_TRY(yao_vci_child(root, "batch_credential_issuance", YAO_JSON_OBJECT,
                          &batch));
    if (batch == NULL)
        return YAO_OK;
    YAO_TRY(yao_json_int(yao_json_get(batch, "batch_size"), &size));
    if (size < 2)
        return YAO_E_MALFORMED;
    m->batch = size > YAO_VCI_MAX_BATCH ? YAO_VCI_MAX_BATCH : (size_t)size;
    return YAO_OK;
}

/* ---- encryption --------------------------------------------------------- */

/* Is WORD among the strings of OBJECT's member NAME? */
static bool has(const yao_json *object, const char *name, const char *word)
{
    const yao_json *list = yao_json_get(object, name);

    if (list == NULL || list->kind != YAO_JSON_ARRAY)
        return false;
    for (const yao_json *i = list->first; i != NULL; i = i->next)
        if (yao_json_is(i, word))
            return true;
    return false;
}

static yao_aead_alg best_enc(const yao_json *object)
{
    if (has(object, "enc_values_supported", "A256GCM"))
        return YAO_A256GCM;
    return has(object, "enc_values_supported", "A128GCM") ? YAO_A128GCM
                                                          : YAO_AEAD_NONE;
}

static yao_status read_required(const yao_json *object, bool *ret)
{
    const yao_json *value = yao_json_get(object, "encryption_required");

    return value == NULL ? YAO_OK : yao_json_bool(value, ret);
}

/* The first key that we can agree with; keys of other kinds are other
 * people's. */
static yao_status find_key(yao_arena *arena, const yao_json *object,
                           yao_vci_metadata *m)
{
    const yao_json *keys = yao_json_get(yao_json_get(object, "jwks"), "keys");

    if (keys == NULL || keys->kind != YAO_JSON_ARRAY)
        return YAO_OK;
    for (const yao_json *jwk = keys->first; jwk != NULL; jwk = jwk->next) {
        if (!yao_json_is(yao_json_get(jwk, "alg"), "ECDH-ES"))
            continue;
        yao_status status = yao_jwk_read_agreement(jwk, arena, &m->request_key);
        if (status == YAO_E_SPACE)
            return status;
        if (status == YAO_OK)
            return yao_vci_optional(jwk, "kid", arena, &m->request_kid);
    }
    return YAO_OK;
}

static yao_status read_request_encryption(yao_arena *arena,
                                          const yao_json   *root,
                                          yao_vci_metadata *m)
{
    const yao_json *object;

    YAO_TRY(yao_vci_child(root, "credential_request_encryption",
                          YAO_JSON_OBJECT, &object));
    if (object == NULL)
        return YAO_OK;
    YAO_TRY(read_required(object, &m->request_required));
    YAO_TRY(find_key(arena, object, m));
    m->request_enc = best_enc(object);
    m->request_encryption =
        m->request_enc != YAO_AEAD_NONE && m->request_key.curve != 0;
    if (!m->request_required || m->request_encryption)
        return YAO_OK;
    return yao_json_get(object, "jwks") == NULL ? YAO_E_MISSING
                                                : YAO_E_UNSUPPORTED;
}

static yao_status read_response_encryption(const yao_json   *root,
                                           yao_vci_metadata *m)
{
    const yao_json *object;

    YAO_TRY(yao_vci_child(root, "credential_response_encryption",
                          YAO_JSON_OBJECT, &object));
    if (object == NULL)
        return YAO_OK;
    YAO_TRY(read_required(object, &m->response_required));
    m->response_enc        = best_enc(object);
    m->response_encryption = m->response_enc != YAO_AEAD_NONE &&
                             has(object, "alg_values_supported", "ECDH-ES");
    return m->response_required && !m->response_encryption ? YAO_E_UNSUPPORTED
                                                           : YAO_OK;
}

/* ---- the whole ---------------------------------------------------------- */

static yao_status read_configurations(const yao_json   *root,
                                      yao_vci_metadata *m)
{
    YAO_TRY(yao_vci_child(root, "credential_configurations_supported",
                          YAO_JSON_OBJECT, &m->configurations));
    return m->configurations == NULL || m->configurations->count == 0
               ? YAO_E_MISSING
               : YAO_OK;
}

yao_status yao_vci_read_metadata(yao_arena *arena, yao_bytes json,
                                 yao_text issuer, bool loopback,
                                 yao_vci_metadata *ret)
{
    const yao_json  *root;
    yao_vci_metadata m = {.batch = 1};

    YAO_TRY(yao_json_parse_metadata(arena, json, &root));
    if (root->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_vci_required(root, "credential_issuer", arena, &m.issuer));
    if (!yao_text_equal(m.issuer, issuer))
        return YAO_E_MISMATCH;
    YAO_TRY(read_endpoints(arena, root, loopback, &m));
    YAO_TRY(read_servers(arena, root, loopback, &m));
    YAO_TRY(read_batch(root, &m));
    YAO_TRY(read_request_encryption(arena, root, &m));
    YAO_TRY(read_response_encryption(root, &m));
    YAO_TRY(read_configurations(root, &m));
    YAO_TRY(read_name(arena, root, &m.name));
    *ret = m;
    return YAO_OK;
}

/* ---- one configuration -------------------------------------------------- */

static yao_status read_format(yao_arena *arena, yao_vci_offered *o)
{
    yao_text name;

    YAO_TRY(yao_vci_required(o->json, "format", arena, &name));
    o->format = yao_vci_format_by_name(name);
    if (o->format == YAO_VCI_NO_FORMAT)
        return YAO_E_UNSUPPORTED;
    YAO_TRY(yao_vci_required(o->json,
                             o->format == YAO_VCI_MDOC ? "doctype" : "vct",
                             arena, &o->type));
    if (!yao_vci_is_card(o->format))
        return YAO_OK;
    YAO_TRY(yao_vci_required(o->json, "profile", arena, &o->profile));
    return yao_vci_optional(o->json, "choice", arena, &o->choice);
}

/* A proof type that we can make: with ES256. */
static yao_status read_proof_type(yao_arena *arena, const yao_json *types,
                                  const char *name, yao_vci_offered *o,
                                  bool *ret)
{
    const yao_json *type, *required;

    YAO_TRY(yao_vci_child(types, name, YAO_JSON_OBJECT, &type));
    *ret = has(type, "proof_signing_alg_values_supported", "ES256");
    YAO_TRY(yao_vci_child(type, "key_attestations_required", YAO_JSON_OBJECT,
                          &required));
    if (required == NULL)
        return YAO_OK;
    o->attested = true;
    YAO_TRY(
        yao_vci_read_levels(arena, required, "key_storage", &o->key_storage));
    return yao_vci_read_levels(arena, required, "user_authentication",
                               &o->user_authentication);
}

static yao_status read_binding(yao_arena *arena, yao_vci_offered *o)
{
    const yao_json *methods, *types;

    YAO_TRY(yao_vci_child(o->json, "cryptographic_binding_methods_supported",
                          YAO_JSON_ARRAY, &methods));
    YAO_TRY(yao_vci_child(o->json, "proof_types_supported", YAO_JSON_OBJECT,
                          &types));
    if ((methods == NULL) != (types == NULL))
        return YAO_E_MALFORMED;
    if (methods == NULL)
        return YAO_OK;

    o->bound = true;
    YAO_TRY(read_proof_type(arena, types, "jwt", o, &o->jwt));
    YAO_TRY(read_proof_type(arena, types, "attestation", o, &o->attestation));
    if (!has(o->json, "cryptographic_binding_methods_supported", "jwk") &&
        !has(o->json, "cryptographic_binding_methods_supported", "cose_key"))
        return YAO_E_UNSUPPORTED;
    return o->jwt || o->attestation ? YAO_OK : YAO_E_UNSUPPORTED;
}

yao_status yao_vci_find_offered(const yao_vci_metadata *metadata, yao_text id,
                                yao_arena *arena, yao_vci_offered *ret)
{
    yao_vci_offered o = {.id = id};

    o.json = yao_json_get_text(metadata->configurations, id);
    if (o.json == NULL)
        return YAO_E_NOT_FOUND;
    if (o.json->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    YAO_TRY(read_format(arena, &o));
    YAO_TRY(yao_vci_optional(o.json, "scope", arena, &o.scope));
    YAO_TRY(read_binding(arena, &o));
    YAO_TRY(read_name(arena, yao_json_get(o.json, "credential_metadata"),
                      &o.title));
    *ret = o;
    return YAO_OK;
}

/* ---- what is signed ----------------------------------------------------- */

static yao_status check_dates(const yao_json *payload, yao_time now)
{
    yao_time issued, expires;

    YAO_TRY(yao_json_int(yao_json_get(payload, "iat"), &issued));
    if (!yao_vci_moment(issued))
        return YAO_E_MALFORMED;
    if (issued > now + YAO_VCI_SKEW)
        return YAO_E_NOT_YET_VALID;
    if (yao_json_get(payload, "exp") == NULL)
        return YAO_OK;
    YAO_TRY(yao_json_int(yao_json_get(payload, "exp"), &expires));
    return now >= expires ? YAO_E_EXPIRED : YAO_OK;
}

static yao_status check_claims(yao_arena *arena, const yao_jws *jws,
                               yao_text issuer, yao_time now)
{
    yao_text subject;

    if (!yao_text_equal(jws->type, YAO_TEXT(SIGNED_TYPE)))
        return YAO_E_MISMATCH;
    if (jws->chain_count == 0)
        return YAO_E_MISSING;
    YAO_TRY(yao_vci_required(jws->payload, "sub", arena, &subject));
    if (!yao_text_equal(subject, issuer))
        return YAO_E_MISMATCH;
    return check_dates(jws->payload, now);
}

/* A JWS whose payload may be longer than others'. */
static yao_status read_token(yao_arena *arena, yao_bytes token, yao_jws *jws)
{
    YAO_TRY(yao_jws_read_bytes(arena, token, jws));
    YAO_TRY(yao_json_parse_metadata(arena, jws->payload_bytes, &jws->payload));
    return jws->payload->kind == YAO_JSON_OBJECT ? YAO_OK : YAO_E_MALFORMED;
}

yao_status yao_vci_begin_metadata(yao_arena *arena, yao_bytes token,
                                  yao_text issuer, const yao_anchor *anchors,
                                  size_t anchor_count, yao_time now,
                                  yao_vci_metadata_check *ret)
{
    yao_report *report = yao_arena_take(arena, sizeof *report);

    if (report == NULL)
        return YAO_E_SPACE;
    if (!yao_vci_moment(now))
        return YAO_E_USAGE;
    ret->check_count = 0;
    YAO_TRY(read_token(arena, token, &ret->jws));
    YAO_TRY(check_claims(arena, &ret->jws, issuer, now));
    YAO_TRY(yao_x509_find_path(ret->jws.chain, ret->jws.chain_count, anchors,
                               anchor_count, YAO_ROLE_ISSUER, YAO_TEXT(""),
                               now, false, &ret->path, report, 0));
    YAO_TRY(yao_jws_check(&ret->jws, &ret->path.leaf.key, &ret->checks[0]));
    for (size_t i = 0; i < ret->path.check_count; i++)
        ret->checks[1 + i] = ret->path.checks[i];
    ret->check_count = 1 + ret->path.check_count;
    return YAO_OK;
}

yao_status yao_vci_conclude_metadata(const yao_vci_metadata_check *check,
                                     yao_bytes                    *ret)
{
    if (check->check_count == 0)
        return YAO_E_CRYPTO;
    for (size_t i = 0; i < check->check_count; i++)
        if (check->checks[i].outcome == YAO_SIG_BAD)
            return YAO_E_BAD_SIGNATURE;
    for (size_t i = 0; i < check->check_count; i++)
        if (check->checks[i].outcome != YAO_SIG_GOOD)
            return check->checks[i].outcome == YAO_SIG_UNSUPPORTED
                       ? YAO_E_UNSUPPORTED
                       : YAO_E_CRYPTO;
    *ret = check->jws.payload_bytes;
    return YAO_OK;
}
