/* SPDX-License-Identifier: Apache-2.0 */
/* What pages are given, and what they give back. */
#include "webauthn/webauthn.h"

/* ---- options ------------------------------------------------------------ */

static void put_ids(yao_writer *w, bool *first, const char *name,
                    const yao_bytes *ids, size_t count)
{
    bool first_id = true;

    yao_json_put_name(w, first, name);
    yao_put_byte(w, '[');
    for (size_t i = 0; i < count; i++) {
        bool inside = true;
        yao_json_put_next(w, &first_id);
        yao_put_byte(w, '{');
        yao_json_put_member(w, &inside, "type", YAO_TEXT("public-key"));
        yao_json_put_member_base64url(w, &inside, "id", ids[i]);
        yao_put_byte(w, '}');
    }
    yao_put_byte(w, ']');
}

static void put_names(yao_writer *w, const yao_webauthn_creation *c,
                      bool *first)
{
    bool rp = true, user = true;

    yao_json_put_name(w, first, "rp");
    yao_put_byte(w, '{');
    yao_json_put_member(w, &rp, "id", c->rp_id);
    yao_json_put_member(w, &rp, "name", c->rp_name);
    yao_put_byte(w, '}');
    yao_json_put_name(w, first, "user");
    yao_put_byte(w, '{');
    yao_json_put_member_base64url(w, &user, "id", c->user);
    yao_json_put_member(w, &user, "name", c->user_name);
    yao_json_put_member(w, &user, "displayName", c->user_name);
    yao_put_byte(w, '}');
}

void yao_webauthn_put_creation(yao_writer                  *w,
                               const yao_webauthn_creation *creation)
{
    bool first = true;

    yao_put_byte(w, '{');
    put_names(w, creation, &first);
    yao_json_put_member_base64url(w, &first, "challenge", creation->challenge);
    yao_json_put_name(w, &first, "pubKeyCredParams");
    yao_put_text(w, "[{\"type\":\"public-key\",\"alg\":-7}]");
    yao_json_put_member_int(w, &first, "timeout", 60000);
    put_ids(w, &first, "excludeCredentials", creation->known,
            creation->known_count);
    yao_json_put_name(w, &first, "authenticatorSelection");
    yao_put_text(w, "{\"residentKey\":\"required\","
                    "\"userVerification\":\"required\"}");
    yao_json_put_member(w, &first, "attestation", YAO_TEXT("none"));
    yao_put_byte(w, '}');
}

void yao_webauthn_put_request(yao_writer *w, yao_text rp_id,
                              yao_bytes challenge, const yao_bytes *ids,
                              size_t count)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member_base64url(w, &first, "challenge", challenge);
    yao_json_put_member_int(w, &first, "timeout", 60000);
    yao_json_put_member(w, &first, "rpId", rp_id);
    put_ids(w, &first, "allowCredentials", ids, count);
    yao_json_put_member(w, &first, "userVerification", YAO_TEXT("required"));
    yao_put_byte(w, '}');
}

/* ---- responses ---------------------------------------------------------- */

/* The bytes of a member; MOST of them at most. */
static yao_status get_bytes(const yao_json *object, const char *name,
                            size_t most, yao_arena *arena, yao_bytes *ret)
{
    yao_text letters;

    YAO_TRY(yao_json_string(yao_json_get(object, name), arena, &letters));
    if (letters.len > most / 3 * 4 + 4)
        return YAO_E_LIMIT;
    yao_writer w = yao_writer_in(arena);
    YAO_TRY(yao_get_base64url(yao_text_bytes(letters), &w));
    YAO_TRY(yao_writer_keep(&w, arena, ret));
    return ret->len <= most ? YAO_OK : YAO_E_LIMIT;
}

static yao_status get_optional(const yao_json *object, const char *name,
                               size_t most, yao_arena *arena, yao_bytes *ret)
{
    const yao_json *member = yao_json_get(object, name);

    if (member == NULL || member->kind == YAO_JSON_NULL)
        return YAO_OK;
    return get_bytes(object, name, most, arena, ret);
}

static yao_status get_proof(const yao_json *response, yao_arena *arena,
                            yao_webauthn_response *r)
{
    enum { MESSAGE = YAO_WEBAUTHN_MESSAGE };

    YAO_TRY(get_bytes(response, "clientDataJSON", MESSAGE, arena,
                      &r->client_data));
    if (yao_json_get(response, "attestationObject") != NULL)
        return get_bytes(response, "attestationObject", MESSAGE, arena,
                         &r->attestation);
    YAO_TRY(get_bytes(response, "authenticatorData", MESSAGE, arena,
                      &r->authenticator));
    YAO_TRY(get_bytes(response, "signature", MESSAGE, arena, &r->signature));
    return get_optional(response, "userHandle", YAO_WEBAUTHN_USER, arena,
                        &r->user);
}

yao_status yao_webauthn_read_response(const yao_json *json, yao_arena *arena,
                                      yao_webauthn_response *ret)
{
    yao_webauthn_response r = {.id = {NULL, 0}};
    yao_bytes             raw;

    if (json == NULL)
        return YAO_E_MISSING;
    if (json->kind != YAO_JSON_OBJECT ||
        !yao_json_is(yao_json_get(json, "type"), "public-key"))
        return YAO_E_MALFORMED;
    YAO_TRY(get_bytes(json, "id", YAO_WEBAUTHN_ID, arena, &r.id));
    YAO_TRY(get_bytes(json, "rawId", YAO_WEBAUTHN_ID, arena, &raw));
    if (r.id.len == 0 || !yao_bytes_equal(r.id, raw))
        return YAO_E_MISMATCH;
    YAO_TRY(get_proof(yao_json_get(json, "response"), arena, &r));
    *ret = r;
    return YAO_OK;
}
