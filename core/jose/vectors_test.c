/* SPDX-License-Identifier: Apache-2.0 */

/* What others published about JWS and JWK. */

#include "jose/jose.h"

#include "token.h"

static yao_bytes text_of(const yao_json *value)
{
    yao_text text = {0};

    assert_status(yao_json_string(value, test_arena(), &text), YAO_OK);
    return yao_text_bytes(text);
}

static const yao_json *small_vector(const char *name)
{
    return yao_json_get(
        test_json(test_vector("rfc-small/rfc_small_vectors.json")), name);
}

/* The published keys come with their private part, which is refused. */
static yao_public_key public_part(const yao_json *jwk)
{
    yao_writer      w     = yao_writer_in(test_arena());
    yao_public_key  key   = {0};
    bool            first = true;
    yao_bytes       text;
    const yao_json *m;

    yao_put_text(&w, "{");
    for (m = jwk->first; m != NULL; m = m->next)
        if (!yao_json_named(m, YAO_TEXT("d"))) {
            yao_json_put_name_text(&w, &first, m->name);
            yao_json_put_value(&w, m);
        }
    yao_put_text(&w, "}");
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    assert_status(yao_jwk_read(test_json(text), test_arena(), &key), YAO_OK);
    return key;
}

static void rfc7515_a3(void **state)
{
    yao_jws jws;

    (void)state;
    if (!test_have_vectors())
        skip();
    const yao_json *v   = small_vector("rfc7515_A3_ES256");
    yao_public_key  key = public_part(yao_json_get(v, "jwk"));
    assert_status(yao_jws_read(test_arena(), text_of(yao_json_get(v, "jws")),
                               &jws),
                  YAO_OK);
    assert_status(test_check(&jws, &key), YAO_OK);
    assert_true(yao_json_is(yao_json_get(jws.payload, "iss"), "joe"));
}

static yao_status verify_a3(yao_bytes token, void *context)
{
    yao_jws jws;

    YAO_TRY(yao_jws_read(test_arena(), token, &jws));
    return test_check(&jws, context);
}

static void rfc7515_a3_bits(void **state)
{
    (void)state;
    if (!test_have_vectors())
        skip();
    const yao_json *v   = small_vector("rfc7515_A3_ES256");
    yao_public_key  key = public_part(yao_json_get(v, "jwk"));
    test_every_bit(verify_a3, text_of(yao_json_get(v, "jws")), &key, NULL);
}

static void rfc9449_jkt(void **state)
{
    yao_public_key key;
    uint8_t        digest[YAO_SHA256_LEN];

    (void)state;
    if (!test_have_vectors())
        skip();
    const yao_json *v = small_vector("rfc9449_dpop");
    assert_status(yao_jwk_read(yao_json_get(v, "jwk"), test_arena(), &key),
                  YAO_OK);
    assert_status(yao_jwk_thumbprint(&key, test_crypto(), digest), YAO_OK);
    assert_bytes(test_base64url((yao_bytes){digest, sizeof digest}),
                 text_of(yao_json_get(v, "jkt")));
}

/* ---- Wycheproof ---- */

/* The only key of a group, or NULL: symmetric, or a set of several. */
static const yao_json *group_key(const yao_json *group)
{
    const yao_json *key  = yao_json_get(group, "public");
    const yao_json *keys = yao_json_get(key, "keys");

    if (keys == NULL)
        return key;
    return keys->count == 1 ? keys->first : NULL;
}

static yao_status judge(const yao_json *jwk, yao_bytes token)
{
    yao_public_key key;
    yao_jws        jws;

    YAO_TRY(yao_jwk_read(jwk, test_arena(), &key));
    YAO_TRY(yao_jws_read_bytes(test_arena(), token, &jws));
    return test_check(&jws, &key);
}

/* Ours are ES256 and ES384; all else must be refused, also what is valid. */
static bool want_valid(const yao_json *jwk, const yao_json *test)
{
    const yao_json *crv  = yao_json_get(jwk, "crv");
    bool            ours = yao_json_is(crv, "P-256") ||
                yao_json_is(crv, "P-384");

    return ours && yao_json_is(yao_json_get(test, "result"), "valid");
}

static size_t run_group(const yao_json *group)
{
    const yao_json *jwk   = group_key(group);
    const yao_json *tests = yao_json_get(group, "tests");
    size_t          valid = 0;

    for (const yao_json *t = tests->first; t != NULL; t = t->next) {
        size_t     mark = test_arena()->used;
        yao_status got  = judge(jwk, text_of(yao_json_get(t, "jws")));

        if ((got == YAO_OK) != want_valid(jwk, t))
            fail_msg("test %.*s: %s",
                     (int)yao_json_get(t, "tcId")->raw.len,
                     (const char *)yao_json_get(t, "tcId")->raw.ptr,
                     yao_status_name(got));
        valid += got == YAO_OK;
        test_arena()->used = mark;
    }
    return valid;
}

static const struct wycheproof_row {
    const char *name, *path;
    size_t      least_valid;
} files[] = {
    {"gives the results of Wycheproof on JWS",
     "wycheproof/json_web_signature_test.json", 2},
    {"gives the results of Wycheproof on JWK",
     "wycheproof/json_web_key_test.json", 0},
};

static void wycheproof(void **state)
{
    const struct wycheproof_row *r     = *state;
    size_t                       valid = 0;

    if (!test_have_vectors())
        skip();
    const yao_json *groups =
        yao_json_get(test_json(test_vector(r->path)), "testGroups");
    assert_true(groups->count > 10);
    for (const yao_json *g = groups->first; g != NULL; g = g->next)
        valid += run_group(g);
    assert_true(valid >= r->least_valid);
}

int main(void)
{
    test_add("RFC 7515 A.3", "accepts the example", rfc7515_a3, NULL);
    test_add("RFC 7515 A.3", "refuses every bit flip of it", rfc7515_a3_bits,
             NULL);
    test_add("RFC 9449", "gives the thumbprint of the example", rfc9449_jkt,
             NULL);
    for (size_t i = 0; i < COUNT(files); i++)
        test_add("Wycheproof", files[i].name, wycheproof, &files[i]);

    return test_run("jose/vectors");
}
