/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/metadata.h"

#include "oauth/parts.h"
#include "oauth/token.h"

typedef struct word {
    const char *name;
    unsigned    bit;
} word;

static const word auths[] = {
    {"attest_jwt_client_auth", YAO_CLIENT_AUTH_ATTESTATION},
    {"attest_jwt_client_auth_dpop", YAO_CLIENT_AUTH_ATTESTATION_DPOP},
    {"private_key_jwt", YAO_CLIENT_AUTH_KEY},
    {"none", YAO_CLIENT_AUTH_NONE},
    {NULL, YAO_CLIENT_AUTH_OTHER},
};

static const word grants[] = {
    {"authorization_code", YAO_GRANTS_CODE},
    {YAO_GRANT_PRE_AUTHORIZED, YAO_GRANTS_PRE_CODE},
    {"refresh_token", YAO_GRANTS_REFRESH},
    {NULL, YAO_GRANTS_OTHER},
};

/* Bits 1 and 2 for the two algorithms, in all lists of algorithms. */
static const word algorithms[] = {{"ES256", 1}, {"ES384", 2}, {NULL, 4}};

/* Lists of one word that we only look for. */
static const word s256[]  = {{"S256", 1}, {NULL, 2}};

/* ---- writing ---- */

static void put_words(yao_writer *w, bool *first, const char *name,
                      const word *words, unsigned bits)
{
    bool inner = true;

    yao_json_put_name(w, first, name);
    yao_put_byte(w, '[');
    for (; words->name != NULL; words++) {
        if ((bits & words->bit) == 0)
            continue;
        yao_json_put_next(w, &inner);
        yao_json_put_string(w, yao_text_of(words->name));
    }
    yao_put_byte(w, ']');
}

static void put_constant(yao_writer *w, bool *first, const char *name,
                         const char *json)
{
    yao_json_put_name(w, first, name);
    yao_put_text(w, json);
}

static unsigned algs(bool es256, bool es384)
{
    return (es256 ? 1u : 0u) | (es384 ? 2u : 0u);
}

static void put_addresses(yao_writer *w, bool *first, const yao_as_metadata *m)
{
    yao_json_put_optional(w, first, "issuer", m->issuer);
    yao_json_put_optional(w, first, "authorization_endpoint",
                          m->authorization_endpoint);
    yao_json_put_optional(w, first, "token_endpoint", m->token_endpoint);
    yao_json_put_optional(w, first, "pushed_authorization_request_endpoint",
                          m->pushed_endpoint);
    yao_json_put_optional(w, first, "challenge_endpoint",
                          m->challenge_endpoint);
    yao_json_put_optional(w, first, "jwks_uri", m->jwks_uri);
}

static void put_scopes(yao_writer *w, bool *first, const yao_as_metadata *m)
{
    bool inner = true;

    if (m->scope_count == 0)
        return;
    yao_json_put_name(w, first, "scopes_supported");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < m->scope_count; i++) {
        yao_json_put_next(w, &inner);
        yao_json_put_string(w, m->scopes[i]);
    }
    yao_put_byte(w, ']');
}

static void put_clients(yao_writer *w, bool *first, const yao_as_metadata *m)
{
    const unsigned attested =
        YAO_CLIENT_AUTH_ATTESTATION | YAO_CLIENT_AUTH_ATTESTATION_DPOP;

    put_words(w, first, "token_endpoint_auth_methods_supported", auths,
              m->client_auth);
    if ((m->client_auth & YAO_CLIENT_AUTH_KEY) != 0)
        put_words(w, first, "token_endpoint_auth_signing_alg_values_supported",
                  algorithms, 3);
    if ((m->client_auth & attested) == 0)
        return;
    put_words(w, first, "client_attestation_signing_alg_values_supported",
              algorithms, algs(m->attestation_es256, false));
    put_words(w, first, "client_attestation_pop_signing_alg_values_supported",
              algorithms, algs(m->attestation_pop_es256, false));
}

void yao_as_metadata_put(yao_writer *w, const yao_as_metadata *m)
{
    bool first = true;

    yao_put_byte(w, '{');
    put_addresses(w, &first, m);
    if (m->pushed_endpoint.len != 0)
        yao_json_put_member_bool(w, &first,
                                 "require_pushed_authorization_requests",
                                 m->require_pushed);
    put_constant(w, &first, "response_types_supported", "[\"code\"]");
    put_constant(w, &first, "response_modes_supported", "[\"query\"]");
    put_words(w, &first, "grant_types_supported", grants, m->grants);
    if (m->pkce_s256)
        put_constant(w, &first, "code_challenge_methods_supported",
                     "[\"S256\"]");
    put_clients(w, &first, m);
    put_words(w, &first, "dpop_signing_alg_values_supported", algorithms,
              algs(m->dpop_es256, m->dpop_es384));
    yao_json_put_member_bool(w, &first,
                             "authorization_response_iss_parameter_supported",
                             m->iss_parameter);
    put_constant(w, &first, "authorization_details_types_supported",
                 "[\"openid_credential\"]");
    put_scopes(w, &first, m);
    yao_json_put_member_bool(w, &first,
                             "pre-authorized_grant_anonymous_access_supported",
                             m->anonymous);
    yao_put_byte(w, '}');
}

/* ---- reading ---- */

typedef struct reading {
    const yao_json *root;
    yao_arena      *arena;
    bool            local;
} reading;

static yao_status read_address(const reading *r, const char *name,
                               bool required, yao_text *ret)
{
    const yao_oauth_claim claim = {name, YAO_OAUTH_MAX_URI, required};

    YAO_TRY(yao_oauth_get(r->root, r->arena, &claim, ret));
    return ret->len == 0 || yao_oauth_is_url(*ret, r->local) ? YAO_OK
                                                             : YAO_E_MALFORMED;
}

static unsigned bit_of(const word *words, const yao_json *item)
{
    while (words->name != NULL && !yao_json_is(item, words->name))
        words++;
    return words->bit;
}

/* A list of words; absent: USUALLY. */
static yao_status read_words(const reading *r, const char *name,
                             const word *words, unsigned usually, unsigned *ret)
{
    const yao_json *list = yao_json_get(r->root, name);
    unsigned        bits = 0;

    if (list == NULL) {
        *ret = usually;
        return YAO_OK;
    }
    if (list->kind != YAO_JSON_ARRAY)
        return YAO_E_MALFORMED;
    for (const yao_json *item = list->first; item != NULL; item = item->next) {
        if (item->kind != YAO_JSON_STRING)
            return YAO_E_MALFORMED;
        bits |= bit_of(words, item);
    }

    *ret = bits;
    return YAO_OK;
}

static yao_status read_truth(const reading *r, const char *name, bool *ret)
{
    const yao_json *value = yao_json_get(r->root, name);

    *ret = false;
    return value == NULL ? YAO_OK : yao_json_bool(value, ret);
}

static yao_status read_addresses(const reading *r, yao_as_metadata *m)
{
    YAO_TRY(read_address(r, "token_endpoint", true, &m->token_endpoint));
    YAO_TRY(read_address(r, "authorization_endpoint", false,
                         &m->authorization_endpoint));
    YAO_TRY(read_address(r, "pushed_authorization_request_endpoint", false,
                         &m->pushed_endpoint));
    YAO_TRY(read_address(r, "challenge_endpoint", false,
                         &m->challenge_endpoint));
    return read_address(r, "jwks_uri", false, &m->jwks_uri);
}

/* What is not said has the meaning that RFC 8414 section 2 gives it; where it
 * gives none, nothing is supported. */
static yao_status read_lists(const reading *r, yao_as_metadata *m)
{
    unsigned pkce, dpop, attested, pop;

    YAO_TRY(read_words(r, "grant_types_supported", grants, YAO_GRANTS_CODE,
                       &m->grants));
    YAO_TRY(read_words(r, "token_endpoint_auth_methods_supported", auths,
                       YAO_CLIENT_AUTH_OTHER, &m->client_auth));
    YAO_TRY(read_words(r, "code_challenge_methods_supported", s256, 0, &pkce));
    YAO_TRY(read_words(r, "dpop_signing_alg_values_supported", algorithms, 0,
                       &dpop));
    YAO_TRY(read_words(r, "client_attestation_signing_alg_values_supported",
                       algorithms, 0, &attested));
    YAO_TRY(read_words(r, "client_attestation_pop_signing_alg_values_supported",
                       algorithms, 0, &pop));

    m->pkce_s256             = (pkce & 1) != 0;
    m->dpop_es256            = (dpop & 1) != 0;
    m->dpop_es384            = (dpop & 2) != 0;
    m->attestation_es256     = (attested & 1) != 0;
    m->attestation_pop_es256 = (pop & 1) != 0;
    return YAO_OK;
}

yao_status yao_as_metadata_read(yao_arena *arena, yao_bytes body,
                                yao_text issuer, bool local,
                                yao_as_metadata *ret)
{
    yao_as_metadata m = {.require_pushed = false};
    reading         r = {NULL, arena, local};

    YAO_TRY(yao_json_parse_object(arena, body, &r.root));
    YAO_TRY(read_address(&r, "issuer", true, &m.issuer));
    if (!yao_text_equal(m.issuer, issuer))
        return YAO_E_MISMATCH;
    YAO_TRY(read_addresses(&r, &m));
    YAO_TRY(read_lists(&r, &m));
    YAO_TRY(read_truth(&r, "require_pushed_authorization_requests",
                       &m.require_pushed));
    YAO_TRY(read_truth(&r, "authorization_response_iss_parameter_supported",
                       &m.iss_parameter));
    YAO_TRY(read_truth(&r, "pre-authorized_grant_anonymous_access_supported",
                       &m.anonymous));

    *ret = m;
    return YAO_OK;
}

/* ---- the challenge of an attestation ---- */

void yao_challenge_put(yao_writer *w, yao_text challenge)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_optional(w, &first, "attestation_challenge", challenge);
    yao_put_byte(w, '}');
}

yao_status yao_challenge_read(yao_arena *arena, yao_bytes body, yao_text *ret)
{
    static const yao_oauth_claim claim = {"attestation_challenge",
                                          YAO_OAUTH_MAX_SECRET, true};
    const yao_json              *root;

    YAO_TRY(yao_json_parse_object(arena, body, &root));
    return yao_oauth_get(root, arena, &claim, ret);
}
