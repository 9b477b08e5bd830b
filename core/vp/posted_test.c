/* SPDX-License-Identifier: Apache-2.0 */
/* What comes to response_uri, and what was in it. */
#include "vp/judge.h"

#include "check.h"
#include "vp_world.h"

/* ---- what was posted ---------------------------------------------------- */

typedef struct post {
    const char *name;
    yao_vp_mode mode;
    const char *body; /* of a form; where it begins with a brace, JSON */
    yao_status  want;
} post;

static const post posts[] = {
    {"accepts an error with its state", YAO_VP_DIRECT_POST_JWT,
     "error=access_denied&state=" VP_STATE, YAO_OK},
    {"accepts N227: an error with letters that do not belong",
     YAO_VP_DIRECT_POST_JWT,
     "error=access_denied&error_description=%3Cb%3E%22&state=" VP_STATE,
     YAO_OK},
    {"refuses N227: an error with a forged state", YAO_VP_DIRECT_POST_JWT,
     "error=access_denied&state=other", YAO_E_MISMATCH},
    {"refuses N227: an error without state", YAO_VP_DIRECT_POST_JWT,
     "error=access_denied", YAO_E_MISSING},
    {"refuses nothing", YAO_VP_DIRECT_POST_JWT, "", YAO_E_MISSING},
    {"refuses state alone", YAO_VP_DIRECT_POST_JWT, "state=" VP_STATE,
     YAO_E_MISSING},
    {"refuses an error beside an answer", YAO_VP_DIRECT_POST,
     "error=x&vp_token=%7B%7D&state=" VP_STATE, YAO_E_DUPLICATE},
    {"refuses an answer twice", YAO_VP_DIRECT_POST,
     "vp_token=%7B%7D&vp_token=%7B%7D&state=" VP_STATE, YAO_E_DUPLICATE},
    {"refuses an answer in clear where it must be encrypted",
     YAO_VP_DIRECT_POST_JWT,
     "vp_token=%7B%22sd%22%3A%5B%22x%22%5D%7D&state=" VP_STATE,
     YAO_E_REFUSED},
    {"accepts the same where it need not", YAO_VP_DIRECT_POST,
     "vp_token=%7B%22sd%22%3A%5B%22x%22%5D%7D&state=" VP_STATE, YAO_OK},
    {"refuses the same without state", YAO_VP_DIRECT_POST,
     "vp_token=%7B%22sd%22%3A%5B%22x%22%5D%7D", YAO_E_MISSING},
    {"refuses the same with another state", YAO_VP_DIRECT_POST,
     "vp_token=%7B%22sd%22%3A%5B%22x%22%5D%7D&state=x", YAO_E_MISMATCH},
    {"refuses N224: a string in place of the object", YAO_VP_DIRECT_POST,
     "vp_token=%22x%22&state=" VP_STATE, YAO_E_MALFORMED},
    {"refuses what is no JWE", YAO_VP_DIRECT_POST_JWT, "response=a.b.c",
     YAO_E_MALFORMED},
    {"accepts an error through the browser", YAO_VP_DC_API_JWT,
     "{\"error\":\"invalid_request\"}", YAO_OK},
    {"refuses nothing through the browser", YAO_VP_DC_API_JWT, "{}",
     YAO_E_MISSING},
    {"refuses an answer in clear through the browser", YAO_VP_DC_API_JWT,
     "{\"vp_token\":{\"sd\":[\"x\"]}}", YAO_E_REFUSED},
    {"accepts the same where that will do", YAO_VP_DC_API,
     "{\"vp_token\":{\"sd\":[\"x\"]}}", YAO_OK},
    {"refuses an array through the browser", YAO_VP_DC_API, "[]",
     YAO_E_MALFORMED},
};

static void post_row(void **state)
{
    const post     *p       = *state;
    const vp_world *world   = vp_world_make();
    yao_vp_ask      ask     = vp_ask(world, p->mode);
    yao_vp_awaited  awaited = vp_await(&ask);
    yao_vp_posted   posted;
    yao_bytes       body   = yao_text_bytes(yao_text_of(p->body));
    yao_status      status = p->body[0] == '{' || p->body[0] == '['
                                 ? yao_vp_read_dcapi_posted(test_arena(), body,
                                                            &posted)
                                 : yao_vp_read_posted(test_arena(), body,
                                                      &posted);

    if (status == YAO_OK)
        status = yao_vp_check_posted(&awaited, &posted);
    assert_status(status, p->want);
    if (status == YAO_OK && posted.kind == YAO_VP_REFUSED)
        for (size_t i = 0; i < posted.failure.description.len; i++)
            assert_int_not_equal(posted.failure.description.ptr[i], '"');
}

/* ---- what was in it ----------------------------------------------------- */

typedef struct opened {
    const char *name, *plain;
    yao_status  want;
    bool        several; /* the query takes several licences */
} opened;

#define IN(token) "{\"vp_token\":" token ",\"state\":\"" VP_STATE "\"}"

static const opened inside[] = {
    {"accepts one presentation", IN("{\"sd\":[\"x\"]}"), YAO_OK, false},
    {"accepts other members", "{\"x\":1," "\"vp_token\":{\"sd\":[\"x\"]},"
     "\"state\":\"" VP_STATE "\"}", YAO_OK, false},
    {"accepts two where the query takes several",
     IN("{\"mdl\":[\"AA\",\"AAA\"]}"), YAO_OK, true},
    {"refuses N219: no state in it", "{\"vp_token\":{\"sd\":[\"x\"]}}",
     YAO_E_MISSING, false},
    {"refuses N219: another state in it",
     "{\"vp_token\":{\"sd\":[\"x\"]},\"state\":\"x\"}", YAO_E_MISMATCH, false},
    {"refuses state that is a number",
     "{\"vp_token\":{\"sd\":[\"x\"]},\"state\":7}", YAO_E_MALFORMED, false},
    {"refuses no vp_token", "{\"state\":\"" VP_STATE "\"}", YAO_E_MISSING,
     false},
    {"refuses an error in it",
     "{\"error\":\"access_denied\",\"state\":\"" VP_STATE "\"}",
     YAO_E_REFUSED, false},
    {"refuses N224: an empty object", IN("{}"), YAO_E_MALFORMED, false},
    {"refuses N224: a string", IN("\"x\""), YAO_E_MALFORMED, false},
    {"refuses N224: a presentation without its array", IN("{\"sd\":\"x\"}"),
     YAO_E_MALFORMED, false},
    {"refuses N224: an empty array", IN("{\"sd\":[]}"), YAO_E_MALFORMED,
     false},
    {"refuses N224: two presentations where one was asked for",
     IN("{\"sd\":[\"x\",\"y\"]}"), YAO_E_MALFORMED, false},
    {"refuses N224: a presentation for which nobody asked",
     IN("{\"sd\":[\"x\"],\"other\":[\"y\"]}"), YAO_E_VALUE, false},
    {"refuses an object as presentation", IN("{\"sd\":[{}]}"),
     YAO_E_MALFORMED, false},
    {"refuses an mdoc that is not base64url", IN("{\"mdl\":[\"A=\"]}"),
     YAO_E_BASE64, false},
    {"refuses an id twice", IN("{\"sd\":[\"x\"],\"sd\":[\"x\"]}"),
     YAO_E_DUPLICATE, false},
    {"refuses N315: twenty-one presentations",
     IN("{\"mdl\":[\"AA\",\"AA\",\"AA\",\"AA\",\"AA\",\"AA\",\"AA\","
        "\"AA\",\"AA\",\"AA\",\"AA\",\"AA\",\"AA\",\"AA\",\"AA\","
        "\"AA\",\"AA\",\"AA\",\"AA\",\"AA\",\"AA\"]}"),
     YAO_E_LIMIT, true},
    {"refuses an array", "[]", YAO_E_MALFORMED, false},
    {"refuses what is no JSON", "x", YAO_E_MALFORMED, false},
    {"refuses a format that is none of ours", IN("{\"other\":[\"x\"]}"),
     YAO_E_UNSUPPORTED, true},
};

static void inside_row(void **state)
{
    const opened        *o     = *state;
    const vp_world      *world = vp_world_make();
    yao_vp_ask           ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_presentations came, before;

    if (o->several)
        ask.query = vp_replace(
            YAO_LIT("{\"credentials\":[{\"id\":\"other\",\"format\":\"ldp_vc\","
                    "\"meta\":{}}," VP_ASK_SD "," VP_ASK_MDL "]}"),
            "\"mso_mdoc\"", "\"mso_mdoc\",\"multiple\":true");
    memset(&came, 0x5a, sizeof came);
    before = came;
    yao_vp_awaited awaited = vp_await(&ask);
    assert_status(yao_vp_read_opened(test_arena(), &awaited,
                                     yao_text_bytes(yao_text_of(o->plain)),
                                     &came),
                  o->want);
    if (o->want != YAO_OK)
        assert_memory_equal(&came, &before, sizeof came);
}

/* ---- keys --------------------------------------------------------------- */

/* An answer to one request is none to another, nor to none. */
static void never_with_another_key(void **state)
{
    const vp_world      *world   = vp_world_make();
    yao_vp_ask           ask     = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_request       request = vp_request_of(world, &ask);
    yao_vp_awaited       awaited = vp_await(&ask);
    yao_vp_shown         shown[2];
    yao_vp_presentations came;
    yao_vp_posted        posted;
    yao_jwe_key          key;
    yao_aead_wish        wish;
    yao_bytes            plain;

    (void)state;
    size_t    count = vp_show(shown);
    yao_bytes token = vp_token_for(&request, shown, count);
    yao_bytes body  = vp_body(&request, token);
    assert_status(vp_receive(&awaited, body, &came), YAO_OK);

    awaited.kid = YAO_TEXT("N096-another-key");
    assert_status(vp_receive(&awaited, body, &came), YAO_E_MISMATCH);
    awaited.kid = YAO_TEXT("");
    assert_status(vp_receive(&awaited, body, &came), YAO_E_MISMATCH);
    awaited.kid  = YAO_TEXT(VP_KID);
    awaited.mode = YAO_VP_DIRECT_POST;
    assert_status(vp_receive(&awaited, body, &came), YAO_E_MISMATCH);
    awaited.mode = YAO_VP_DIRECT_POST_JWT;
    yao_bytes other = test_join((yao_bytes[]){body, YAO_LIT("&state=x"), {0}});
    assert_status(vp_receive(&awaited, other, &came), YAO_E_MISMATCH);

    assert_status(yao_vp_read_posted(test_arena(), body, &posted), YAO_OK);
    assert_status(yao_vp_open(test_crypto(), &awaited, &posted,
                              test_agree(forge_key(OTHER_KEY),
                                         &posted.jwe.ephemeral),
                              &key, &wish),
                  YAO_OK);
    assert_status(test_aead(&wish, &plain), YAO_E_SECRET);
    assert_status(yao_vp_read_plain(test_arena(), &awaited, &posted, &came),
                  YAO_E_USAGE);
    posted.kind = YAO_VP_NOTHING;
    assert_status(yao_vp_check_posted(&awaited, &posted), YAO_E_USAGE);
    assert_status(yao_vp_open(test_crypto(), &awaited, &posted,
                              YAO_LIT("12345678901234567890123456789012"),
                              &key, &wish),
                  YAO_E_USAGE);
}

/* ---- the published answer ----------------------------------------------- */

static yao_text member(const yao_json *object, const char *name)
{
    yao_text text = {NULL, 0};

    assert_status(yao_json_string(yao_json_get(object, name), test_arena(),
                                  &text),
                  YAO_OK);
    return text;
}

/* OpenID4VP 1.0 section 8.3: its JWE, opened with what its keys agree on. */
static void opens_the_example(void **state)
{
    yao_vp_awaited       awaited = {.mode = YAO_VP_DIRECT_POST_JWT,
                                    .kid  = YAO_TEXT("ac")};
    yao_vp_presentations came;
    yao_vp_posted        posted;
    yao_jwe_key          key;
    yao_aead_wish        wish;
    yao_bytes            plain;

    (void)state;
    if (!test_have_vectors())
        skip();
    const yao_json *v =
        test_json(test_vector("openid4vp-1.0/jwe_ecdh_es_a128gcm.json"));
    yao_text hex  = member(v, "Z_hex");
    char    *copy = (char *)yao_arena_take(test_arena(), hex.len + 1);
    memcpy(copy, hex.ptr, hex.len);
    assert_status(yao_dcql_parse(test_arena(),
                                 YAO_LIT("{\"credentials\":[{\"id\":"
                                         "\"example_credential_id\","
                                         "\"format\":\"dc+sd-jwt\",\"meta\":{"
                                         "\"vct_values\":[\"x\"]}}]}"),
                                 &awaited.query),
                  YAO_OK);
    yao_bytes body = test_join((yao_bytes[]){
        YAO_LIT("response="), yao_text_bytes(member(v, "jwe")), {0}});

    assert_status(yao_vp_read_posted(test_arena(), body, &posted), YAO_OK);
    assert_status(yao_vp_open(test_crypto(), &awaited, &posted,
                              test_unhex(copy), &key, &wish),
                  YAO_OK);
    assert_status(test_aead(&wish, &plain), YAO_OK);
    assert_bytes(plain, yao_text_bytes(member(v, "plaintext")));
    assert_status(yao_vp_read_opened(test_arena(), &awaited, plain, &came),
                  YAO_OK);
    assert_int_equal(came.count, 1);
    assert_bytes(came.items[0].document, YAO_LIT("eyJhb...YMetA"));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(posts); i++)
        test_add("posted", posts[i].name, post_row, &posts[i]);
    for (size_t i = 0; i < COUNT(inside); i++)
        test_add("opened", inside[i].name, inside_row, &inside[i]);
    test_add("opened", "refuses N096: an answer to another request",
             never_with_another_key, NULL);
    test_add("examples", "accepts the published answer", opens_the_example,
             NULL);
    return test_run("vp/posted");
}
