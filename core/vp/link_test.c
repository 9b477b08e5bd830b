/* SPDX-License-Identifier: Apache-2.0 */
/* Links, parameters that nobody signed, the browser's API, and what a verifier
 * writes. */
#include "vp/request.h"

#include <stdio.h>

#include "check.h"
#include "vp_world.h"

/* ---- links -------------------------------------------------------------- */

#define CLIENT "client_id=x509_hash%3Aabc"
#define BY_URI "&request_uri=https%3A%2F%2Fdesk.example%2Fr%2F1"

typedef struct link_row {
    const char     *name, *link;
    yao_status      want;
    yao_oauth_error error;
    bool            post, local;
} link_row;

#define BAD YAO_OAUTH_INVALID_REQUEST

static const link_row links[] = {
    {"accepts a reference", "openid4vp://?" CLIENT BY_URI, YAO_OK, 0, false,
     false},
    {"accepts the scheme of HAIP", "haip-vp://?" CLIENT BY_URI, YAO_OK, 0,
     false, false},
    {"accepts something before the parameters",
     "openid4vp://authorize?" CLIENT BY_URI, YAO_OK, 0, false, false},
    {"accepts a page's address", "https://wallet.example/show?" CLIENT BY_URI
     "#x", YAO_OK, 0, false, false},
    {"accepts another scheme", "eu.x+y-1://?" CLIENT BY_URI, YAO_OK, 0, false,
     false},
    {"accepts a request by value", "openid4vp://?" CLIENT "&request=a.b.c",
     YAO_OK, 0, false, false},
    {"accepts get", "openid4vp://?" CLIENT BY_URI "&request_uri_method=get",
     YAO_OK, 0, false, false},
    {"accepts post", "openid4vp://?" CLIENT BY_URI "&request_uri_method=post",
     YAO_OK, 0, true, false},
    {"accepts parameters that nobody knows",
     "openid4vp://?x=1&" CLIENT BY_URI, YAO_OK, 0, false, false},
    {"accepts this machine where that will do",
     "openid4vp://?" CLIENT "&request_uri=http%3A%2F%2Fdesk.localhost%3A8442",
     YAO_OK, 0, false, true},
    {"refuses this machine in the world",
     "openid4vp://?" CLIENT "&request_uri=http%3A%2F%2Fdesk.localhost%3A8442",
     YAO_E_VALUE, BAD, false, false},
    {"refuses nothing", "", YAO_E_MALFORMED, BAD, false, false},
    {"refuses no scheme", "?" CLIENT BY_URI, YAO_E_MALFORMED, BAD, false,
     false},
    {"refuses a scheme with a blank", "open id://?" CLIENT BY_URI,
     YAO_E_MALFORMED, BAD, false, false},
    {"refuses no parameters", "openid4vp://", YAO_E_MISSING, BAD, false,
     false},
    {"refuses no client_id", "openid4vp://?x=1" BY_URI, YAO_E_MISSING, BAD,
     false, false},
    {"refuses an empty client_id", "openid4vp://?client_id=" BY_URI,
     YAO_E_MISSING, BAD, false, false},
    {"refuses client_id twice", "openid4vp://?" CLIENT "&" CLIENT BY_URI,
     YAO_E_DUPLICATE, BAD, false, false},
    {"refuses request and request_uri",
     "openid4vp://?" CLIENT BY_URI "&request=a.b.c", YAO_E_DUPLICATE, BAD,
     false, false},
    {"refuses a bad escape", "openid4vp://?" CLIENT "&request=%zz",
     YAO_E_MALFORMED, BAD, false, false},
    {"refuses letters that are not UTF-8", "openid4vp://?" CLIENT "&x=%ff",
     YAO_E_UTF8, BAD, false, false},
    {"refuses request_uri by http",
     "openid4vp://?" CLIENT "&request_uri=http%3A%2F%2Fdesk.example",
     YAO_E_VALUE, BAD, false, false},
    {"refuses request_uri with a fragment",
     "openid4vp://?" CLIENT "&request_uri=https%3A%2F%2Fdesk.example%23a",
     YAO_E_VALUE, BAD, false, false},
    {"refuses request_uri by an address",
     "openid4vp://?" CLIENT "&request_uri=https%3A%2F%2F127.0.0.1%2F",
     YAO_E_VALUE, BAD, false, false},
    {"refuses a method of another name",
     "openid4vp://?" CLIENT BY_URI "&request_uri_method=put", YAO_E_VALUE,
     YAO_OAUTH_INVALID_REQUEST_URI_METHOD, false, false},
    {"refuses a method in capitals",
     "openid4vp://?" CLIENT BY_URI "&request_uri_method=POST", YAO_E_VALUE,
     YAO_OAUTH_INVALID_REQUEST_URI_METHOD, false, false},
    {"refuses a method without request_uri",
     "openid4vp://?" CLIENT "&request_uri_method=post", YAO_E_VALUE, BAD,
     false, false},
};

static void link_case(void **state)
{
    const link_row *r = *state;
    yao_vp_link     link, before;
    yao_vp_refusal  refusal;

    memset(&link, 0x5a, sizeof link);
    before = link;
    assert_status(yao_vp_read_link(test_arena(),
                                   yao_text_bytes(yao_text_of(r->link)),
                                   r->local, &link, &refusal),
                  r->want);
    if (r->want != YAO_OK) {
        assert_memory_equal(&link, &before, sizeof link);
        assert_int_equal(refusal.error, r->error);
        assert_true(refusal.why[0] != '\0');
        assert_int_equal(refusal.tell.len, 0);
        return;
    }
    assert_int_equal(link.post, r->post);
    assert_true(yao_text_equal(link.client_id, YAO_TEXT("x509_hash:abc")));
    assert_int_equal((link.request.len != 0) + (link.request_uri.len != 0), 1);
}

static void link_limits(void **state)
{
    char       *long_link = (char *)yao_arena_take(test_arena(), 65538);
    yao_vp_link link;

    (void)state;
    memset(long_link, 'a', 65537);
    assert_status(yao_vp_read_link(test_arena(),
                                   (yao_bytes){(uint8_t *)long_link, 65537},
                                   false, &link, NULL),
                  YAO_E_LIMIT);
    assert_status(yao_vp_read_link(test_arena(),
                                   (yao_bytes){(uint8_t *)long_link, 65536},
                                   false, &link, NULL),
                  YAO_E_MALFORMED);
}

static void writes_links(void **state)
{
    yao_writer  w = yao_writer_in(test_arena());
    yao_bytes   text;
    yao_vp_link link;

    (void)state;
    yao_vp_put_link(&w, "haip-vp://", YAO_TEXT("x509_hash:abc"),
                    YAO_TEXT("https://desk.example/r?a=b&c"), true);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    assert_status(yao_vp_read_link(test_arena(), text, false, &link, NULL),
                  YAO_OK);
    assert_true(link.post);
    assert_true(yao_text_equal(link.request_uri,
                               YAO_TEXT("https://desk.example/r?a=b&c")));
}

/* What a wallet posts, as a verifier reads it. */
static void reads_wallets(void **state)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  body;
    yao_text   nonce;

    (void)state;
    yao_vp_put_wallet(&w, YAO_TEXT("n0nce-of_the.wallet~"));
    assert_status(yao_writer_keep(&w, test_arena(), &body), YAO_OK);
    assert_status(yao_vp_read_wallet(test_arena(), body, &nonce), YAO_OK);
    assert_true(yao_text_equal(nonce, YAO_TEXT("n0nce-of_the.wallet~")));
    assert_status(yao_vp_read_wallet(test_arena(), YAO_LIT(""), &nonce),
                  YAO_OK);
    assert_int_equal(nonce.len, 0);
    assert_status(yao_vp_read_wallet(test_arena(),
                                     YAO_LIT("wallet_nonce=a%22b"), &nonce),
                  YAO_E_VALUE);
    assert_status(yao_vp_read_wallet(test_arena(), YAO_LIT("wallet_nonce"),
                                     &nonce),
                  YAO_E_MALFORMED);
}

/* ---- what nobody signed ------------------------------------------------- */

typedef struct plain_row {
    const char     *name, *from, *to;
    bool            not_allowed, dcapi;
    yao_status      want;
    yao_oauth_error error;
} plain_row;

#define REPLY_ID "redirect_uri:" VP_REPLY

static const plain_row plains[] = {
    {"accepts parameters for an address", NULL, NULL, false, false, YAO_OK, 0},
    {"refuses them where requests must be signed", NULL, NULL, true, false,
     YAO_E_NOT_AUTHORISED, YAO_OAUTH_INVALID_CLIENT},
    {"refuses response_uri that is not the client_id", "/reply/1", "/reply/2",
     false, false, YAO_E_MISMATCH, BAD},
    {"refuses x509_hash without a signature", "redirect_uri:", "x509_hash:",
     false, false, YAO_E_NOT_AUTHORISED, YAO_OAUTH_INVALID_CLIENT},
    {"refuses x509_san_dns without a signature", "redirect_uri:",
     "x509_san_dns:", false, false, YAO_E_NOT_AUTHORISED,
     YAO_OAUTH_INVALID_CLIENT},
    {"refuses an unknown prefix", "redirect_uri:", "x:", false, false,
     YAO_E_VALUE, BAD},
    {"refuses no nonce", "nonce", "x", false, false, YAO_E_MISSING, BAD},
    {"accepts the page's own through the browser", NULL, NULL, false, true,
     YAO_OK, 0},
    {"accepts a client_id of its own choice through the browser",
     "{\"client_id\":\"redirect_uri", "{\"client_id\":\"x509_hash", false,
     true, YAO_OK, 0},
    {"refuses it through the browser where requests must be signed", NULL,
     NULL, true, true, YAO_E_NOT_AUTHORISED, YAO_OAUTH_INVALID_CLIENT},
    {"refuses verifier_info without data", "{\"client_id\"",
     "{\"verifier_info\":[{\"format\":\"jwt\"}],\"client_id\"", false, false,
     YAO_E_MALFORMED, BAD},
    {"refuses verifier_info that is an object", "{\"client_id\"",
     "{\"verifier_info\":{},\"client_id\"", false, false, YAO_E_MALFORMED,
     BAD},
    {"refuses no nonce through the browser", "nonce", "x", false, true,
     YAO_E_MISSING, BAD},
    {"refuses verifier_info without data through the browser",
     "{\"client_id\"", "{\"verifier_info\":[{\"format\":\"jwt\"}],"
     "\"client_id\"", false, true, YAO_E_MALFORMED, BAD},
    {"refuses an array through the browser", "{\"client_id\"",
     "[{\"client_id\"", false, true, YAO_E_TRUNCATED, BAD},
};

/* The members of a JSON object as a form. */
static yao_form form_of(const yao_json *object)
{
    yao_form_field *fields =
        yao_arena_take_array(test_arena(), 16, sizeof *fields);
    yao_form form = {fields, 0};

    for (const yao_json *m = object->first; m != NULL; m = m->next)
        fields[form.count++] = (yao_form_field){m->name, m->raw};
    return form;
}

static void plain_case(void **state)
{
    const plain_row *r     = *state;
    const vp_world  *world = vp_world_make();
    yao_vp_terms     terms = vp_terms(world);
    yao_vp_mode      mode  = r->dcapi ? YAO_VP_DC_API_JWT
                                      : YAO_VP_DIRECT_POST_JWT;
    yao_vp_ask       ask   = vp_ask(world, mode);
    yao_writer       w     = yao_writer_in(test_arena());
    yao_vp_refusal   refusal;
    yao_vp_request   q;
    yao_bytes        json;
    yao_status       status;

    ask.client_id       = YAO_TEXT(REPLY_ID);
    terms.unsigned_too  = !r->not_allowed;
    terms.origin        = r->dcapi ? YAO_TEXT(VP_ORIGIN) : YAO_TEXT("");
    yao_vp_put_request(&w, &ask);
    assert_status(yao_writer_keep(&w, test_arena(), &json), YAO_OK);
    if (r->from != NULL)
        json = vp_replace(json, r->from, r->to);
    if (r->dcapi) {
        status = yao_vp_read_dcapi(test_arena(), json, &terms, &q, &refusal);
    } else {
        yao_form form = form_of(test_json(json));
        status = yao_vp_read_parameters(test_arena(), &form, &terms, &q,
                                        &refusal);
    }
    assert_status(status, r->want);
    if (r->want != YAO_OK) {
        assert_string_equal(yao_oauth_error_name(refusal.error),
                            yao_oauth_error_name(r->error));
        assert_int_equal(refusal.tell.len, 0);
        return;
    }
    assert_false(q.is_signed);
    assert_int_equal(q.prefix,
                     r->dcapi ? YAO_VP_ORIGIN : YAO_VP_REDIRECT_URI);
}

/* ---- several signatures ------------------------------------------------- */

typedef struct signature {
    const char *id; /* client_id; NULL: the certificate's */
    int         key;
} signature;

typedef struct multi_row {
    const char *name;
    signature   by[5];
    size_t      count;
    yao_status  want;
    const char *from, *to; /* in what the page hands over */
} multi_row;

#define GOOD {NULL, VP_READER_KEY}
#define FORGED {NULL, OTHER_KEY}

static const multi_row multis[] = {
    {"accepts one signature", {GOOD}, 1, YAO_OK, NULL, NULL},
    {"accepts a good one behind a forged one", {FORGED, GOOD}, 2, YAO_OK, NULL,
     NULL},
    {"accepts a good one behind one of another world",
     {{"did:x:y", VP_READER_KEY}, GOOD}, 2, YAO_OK, NULL, NULL},
    {"refuses a forged one", {FORGED}, 1, YAO_E_BAD_SIGNATURE, NULL, NULL},
    {"refuses one of another world", {{"did:x:y", VP_READER_KEY}}, 1,
     YAO_E_VALUE, NULL, NULL},
    {"refuses no signature", {GOOD}, 0, YAO_E_MISSING, NULL, NULL},
    {"refuses no signatures", {GOOD}, 1, YAO_E_MISSING, "\"signatures\"",
     "\"x\""},
    {"refuses signatures that are one", {GOOD}, 1, YAO_E_MALFORMED,
     "\"signatures\":[", "\"signatures\":{},\"x\":["},
    {"refuses five", {GOOD, GOOD, GOOD, GOOD, GOOD}, 5, YAO_E_LIMIT, NULL,
     NULL},
    {"refuses no payload", {GOOD}, 1, YAO_E_MISSING, "\"payload\"", "\"x\""},
    {"refuses no protected header", {GOOD}, 1, YAO_E_MISSING, "\"protected\"",
     "\"x\""},
};

static yao_bytes header_for(const vp_world *world, const signature *s)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {NULL, 0};
    yao_text   id  = s->id != NULL ? yao_text_of(s->id) : world->client_id;

    yao_put_text(&w, "{\"alg\":\"ES256\",\"typ\":\"oauth-authz-req+jwt\","
                     "\"client_id\":");
    yao_json_put_string(&w, id);
    yao_put_byte(&w, ',');
    yao_jws_put_x5c(&w, &world->reader, 1);
    yao_put_byte(&w, '}');
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* {"payload": ..., "signatures": [...]} */
static yao_bytes several(const vp_world *world, const multi_row *r,
                         yao_bytes payload)
{
    yao_bytes pieces[5] = {{NULL, 0}}, out = {NULL, 0};

    for (size_t i = 0; i < r->count; i++) {
        yao_bytes token = test_jws(header_for(world, &r->by[i]), payload,
                                   forge_key(r->by[i].key));
        size_t    first = yao_bytes_find(token, '.');
        size_t    last  = token.len - 1;

        while (token.ptr[last] != '.')
            last--;
        pieces[i] = test_join((yao_bytes[]){
            YAO_LIT("{\"protected\":\""), {token.ptr, first},
            YAO_LIT("\",\"signature\":\""),
            {token.ptr + last + 1, token.len - last - 1}, YAO_LIT("\"}"),
            {0}});
    }
    yao_bytes  letters = test_base64url(payload);
    yao_writer w       = yao_writer_in(test_arena());
    bool       comma   = true;
    yao_put_text(&w, "{\"payload\":\"");
    yao_put_bytes(&w, letters);
    yao_put_text(&w, "\",\"signatures\":[");
    for (size_t i = 0; i < r->count; i++) {
        yao_json_put_next(&w, &comma);
        yao_put_bytes(&w, pieces[i]);
    }
    yao_put_text(&w, "]}");
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return r->from != NULL ? vp_replace(out, r->from, r->to) : out;
}

static void multi_case(void **state)
{
    const multi_row *r     = *state;
    const vp_world  *world = vp_world_make();
    yao_vp_terms     terms = vp_terms(world);
    yao_vp_ask       ask   = vp_ask(world, YAO_VP_DC_API_JWT);
    yao_writer       w     = yao_writer_in(test_arena());
    yao_vp_refusal   refusal;
    yao_vp_signed    s;
    yao_vp_request   q;
    yao_bytes        payload;

    ask.client_id = (yao_text){NULL, 0};
    terms.origin  = YAO_TEXT(VP_ORIGIN);
    yao_vp_put_request(&w, &ask);
    assert_status(yao_writer_keep(&w, test_arena(), &payload), YAO_OK);
    yao_status status =
        yao_vp_begin_dcapi(test_arena(), YAO_VP_MULTISIGNED,
                           several(world, r, payload), &terms, &s, &refusal);
    if (status == YAO_OK) {
        assert_status(test_crypto()->verify(test_crypto()->ctx, s.checks,
                                            s.check_count),
                      YAO_OK);
        status = yao_vp_conclude_request(test_arena(), &s, &terms, &q,
                                         &refusal);
    }
    assert_status(status, r->want);
    if (status != YAO_OK)
        assert_true(refusal.error != YAO_OAUTH_NONE && refusal.why != NULL);
    else
        assert_true(yao_text_equal(q.binding.client_id, world->client_id));
}

static void refuses_use(void **state)
{
    const vp_world *world = vp_world_make();
    yao_vp_terms    terms = vp_terms(world);
    yao_vp_signed   s;
    yao_vp_request  q;

    (void)state;
    assert_status(yao_vp_begin_dcapi(test_arena(), YAO_VP_SIGNED,
                                     YAO_LIT("{}"), &terms, &s, NULL),
                  YAO_E_USAGE);
    assert_status(yao_vp_read_dcapi(test_arena(), YAO_LIT("{}"), &terms, &q,
                                    NULL),
                  YAO_E_USAGE);
    terms.origin = YAO_TEXT(VP_ORIGIN);
    assert_status(yao_vp_begin_dcapi(test_arena(), YAO_VP_UNSIGNED,
                                     YAO_LIT("{}"), &terms, &s, NULL),
                  YAO_E_USAGE);
    assert_status(yao_vp_begin_dcapi(test_arena(), YAO_VP_SIGNED,
                                     YAO_LIT("{}"), &terms, &s, NULL),
                  YAO_E_MISSING);
    assert_status(yao_vp_begin_dcapi(test_arena(), YAO_VP_SIGNED,
                                     YAO_LIT("[]"), &terms, &s, NULL),
                  YAO_E_MALFORMED);
    terms.now = YAO_TIME_MAX + 1;
    assert_status(yao_vp_begin_dcapi(test_arena(), YAO_VP_SIGNED,
                                     YAO_LIT("{}"), &terms, &s, NULL),
                  YAO_E_USAGE);
}

/* ---- writing ------------------------------------------------------------ */

typedef struct ask_row {
    const char *name;
    void (*spoil)(yao_vp_ask *ask);
    bool fine_unsigned; /* what is wrong concerns signed requests only */
} ask_row;

static void no_mode(yao_vp_ask *a) { a->mode = YAO_VP_NO_MODE; }
static void no_query(yao_vp_ask *a) { a->query.len = 0; }
static void short_nonce(yao_vp_ask *a) { a->nonce.len = YAO_VP_MIN_NONCE - 1; }
static void bad_nonce(yao_vp_ask *a) { a->nonce = YAO_TEXT("n nce n nce n"); }
static void bad_state(yao_vp_ask *a) { a->state = YAO_TEXT("a b"); }
static void bad_wallet(yao_vp_ask *a) { a->wallet_nonce = YAO_TEXT("\""); }
static void no_reply(yao_vp_ask *a) { a->response_uri.len = 0; }
static void no_key(yao_vp_ask *a) { a->key.curve = YAO_CURVE_NONE; }
static void small_key(yao_vp_ask *a) { a->key.len = 33; }
static void no_kid(yao_vp_ask *a) { a->kid.len = 0; }
static void idle_key(yao_vp_ask *a) { a->mode = YAO_VP_DIRECT_POST; }
static void reply_there(yao_vp_ask *a) { a->mode = YAO_VP_DC_API_JWT; }
static void origins(yao_vp_ask *a) { a->origin_count = 1; }
static void many_origins(yao_vp_ask *a)
{
    a->mode             = YAO_VP_DC_API_JWT;
    a->response_uri.len = a->state.len = 0;
    a->origin_count                    = YAO_VP_MAX_ORIGINS + 1;
}
static void many_data(yao_vp_ask *a)
{
    a->transaction_count = YAO_VP_MAX_TRANSACTIONS + 1;
}
static void no_client(yao_vp_ask *a) { a->client_id.len = 0; }
static void other_client(yao_vp_ask *a)
{
    a->client_id = YAO_TEXT("redirect_uri:https://desk.example");
}
static void over(yao_vp_ask *a) { a->expires = a->issued; }
static void before_time(yao_vp_ask *a) { a->issued = -1; }
static void after_time(yao_vp_ask *a) { a->expires = YAO_TIME_MAX + 1; }

static const ask_row asks[] = {
    {"refuses no mode", no_mode, false},
    {"refuses no query", no_query, false},
    {"refuses a short nonce", short_nonce, false},
    {"refuses a nonce with a blank", bad_nonce, false},
    {"refuses a state with a blank", bad_state, false},
    {"refuses a wallet_nonce of other letters", bad_wallet, false},
    {"refuses no response_uri", no_reply, false},
    {"refuses no key", no_key, false},
    {"refuses a key in its short form", small_key, false},
    {"refuses a key without a name", no_kid, false},
    {"refuses a key that nothing is encrypted to", idle_key, false},
    {"refuses response_uri through the browser", reply_there, false},
    {"refuses origins in a link", origins, false},
    {"refuses seventeen origins", many_origins, false},
    {"refuses nine transactions", many_data, false},
    {"refuses to sign for nobody", no_client, true},
    {"refuses to sign for an address", other_client, true},
    {"refuses to sign what is over", over, true},
    {"refuses to sign before time began", before_time, true},
    {"refuses to sign beyond the end of time", after_time, true},
};

static void ask_case(void **state)
{
    const ask_row     *r     = *state;
    const vp_world    *world = vp_world_make();
    yao_vp_ask         ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_writer         w     = yao_writer_count();
    yao_oauth_unsigned token;

    assert_status(yao_vp_make_request(test_arena(), &ask, YAO_ES256,
                                      &world->reader, 1, &token),
                  YAO_OK);
    r->spoil(&ask);
    assert_status(yao_vp_make_request(test_arena(), &ask, YAO_ES256,
                                      &world->reader, 1, &token),
                  YAO_E_USAGE);
    yao_vp_put_request(&w, &ask);
    assert_status(w.status, r->fine_unsigned ? YAO_OK : YAO_E_USAGE);
}

static void makes_fresh(void **state)
{
    uint8_t        random[YAO_VP_FRESH_RANDOM];
    yao_entropy    entropy = {{random, sizeof random}};
    yao_entropy    little  = {{random, sizeof random - 1}};
    yao_vp_fresh   a;
    const vp_world *world = vp_world_make();
    yao_vp_ask      ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_oauth_unsigned token;

    (void)state;
    for (size_t i = 0; i < sizeof random; i++)
        random[i] = (uint8_t)(i * 7);
    assert_status(yao_vp_make_fresh(test_arena(), &little, &a),
                  YAO_E_ENTROPY);
    assert_status(yao_vp_make_fresh(test_arena(), &entropy, &a), YAO_OK);
    assert_int_equal(a.nonce.len, 43);
    assert_int_equal(a.state.len, 43);
    assert_int_equal(a.response_code.len, 43);
    assert_int_equal(a.kid.len, 22);
    assert_false(yao_text_equal(a.nonce, a.state));
    assert_int_equal(entropy.rest.len, 0);

    assert_status(yao_vp_make_request(test_arena(), &ask, YAO_ES256,
                                      &world->reader, 0, &token),
                  YAO_E_USAGE);
    assert_status(yao_vp_make_request(test_arena(), &ask, YAO_SIG_NONE,
                                      &world->reader, 1, &token),
                  YAO_E_USAGE);
}

/* ---- rooms -------------------------------------------------------------- */

typedef struct room {
    const vp_world *world;
    yao_bytes       token;
    yao_vp_terms    terms;
} room;

static yao_status read_in(yao_arena *arena, void *context)
{
    const room    *r = context;
    yao_vp_signed  s;
    yao_vp_request q;

    YAO_TRY(yao_vp_begin_request(arena, r->token, &r->terms, &s, NULL));
    for (size_t i = 0; i < s.check_count; i++)
        s.checks[i].outcome = YAO_SIG_GOOD;
    return yao_vp_conclude_request(arena, &s, &r->terms, &q, NULL);
}

static yao_status make_in(yao_arena *arena, void *context)
{
    const room        *r   = context;
    yao_vp_ask         ask = vp_ask(r->world, YAO_VP_DIRECT_POST_JWT);
    yao_oauth_unsigned token;

    return yao_vp_make_request(arena, &ask, YAO_ES256, &r->world->reader, 1,
                               &token);
}

static yao_status put_in(yao_writer *w, void *context)
{
    const room *r   = context;
    yao_vp_ask  ask = vp_ask(r->world, YAO_VP_DIRECT_POST_JWT);

    yao_vp_put_request(w, &ask);
    return w->status;
}

static void every_room(void **state)
{
    room       r   = {.world = vp_world_make()};
    yao_vp_ask ask = vp_ask(r.world, YAO_VP_DIRECT_POST_JWT);

    (void)state;
    r.token = vp_sign(r.world, &ask);
    r.terms = vp_terms(r.world);
    assert_status(read_in(&(yao_arena){0}, &r), YAO_E_SPACE);
    test_every_arena(read_in, &r, 128 * 1024);
    test_every_arena(make_in, &r, 32 * 1024);
    test_every_room(put_in, &r);
}

/* ---- published examples ------------------------------------------------- */

#define VECTORS "openid4vp-1.0/"

/* A published request with its "{...}" filled in, as a page's own. */
static void reads_the_examples(void **state)
{
    const vp_world *world = vp_world_make();
    yao_vp_terms    terms = vp_terms(world);
    yao_vp_request  q;

    (void)state;
    if (!test_have_vectors())
        skip();
    yao_bytes text = vp_replace(
        test_vector(VECTORS "digital_credentials_api/"
                            "signed_request_payload.json"),
        "{...}", VP_QUERY);
    terms.unsigned_too = terms.plain_too = true;
    terms.origin = YAO_TEXT("https://origin2.example.com");
    assert_status(yao_vp_read_dcapi(test_arena(), text, &terms, &q, NULL),
                  YAO_OK);
    assert_int_equal(q.mode, YAO_VP_DC_API);
    assert_true(yao_text_equal(q.binding.nonce, YAO_TEXT("n-0S6_WzA2Mj")));

    text = vp_replace(text, "\"dc_api\"", "\"dc_api.jwt\"");
    assert_status(yao_vp_read_dcapi(test_arena(), text, &terms, &q, NULL),
                  YAO_OK);
    assert_true(yao_text_equal(q.kid, YAO_TEXT("1")));
    assert_int_equal(q.enc, YAO_A128GCM);
    assert_true(q.binding.sealed);
}

/* Algorithms that are none of ours (-50 is ESP384's brainpool sister). */
static void reads_the_metadata(void **state)
{
    static const char *const files[] = {"mso_mdoc", "sd_jwt_vc"};
    const vp_world          *world   = vp_world_make();
    yao_vp_terms             terms   = vp_terms(world);

    (void)state;
    if (!test_have_vectors())
        skip();
    terms.unsigned_too = terms.plain_too = true;
    terms.origin                         = YAO_TEXT(VP_ORIGIN);
    for (size_t i = 0; i < COUNT(files); i++) {
        char           path[96];
        yao_vp_request q;

        snprintf(path, sizeof path,
                 VECTORS "client_metadata/%s_verifier_metadata.json", files[i]);
        yao_bytes text = test_join((yao_bytes[]){
            YAO_LIT("{\"response_type\":\"vp_token\",\"response_mode\":"
                    "\"dc_api\",\"nonce\":\"" VP_NONCE "\",\"dcql_query\":"
                    VP_QUERY ",\"client_metadata\":"),
            test_vector(path), YAO_LIT("}"), {0}});
        assert_status(yao_vp_read_dcapi(test_arena(), text, &terms, &q, NULL),
                      YAO_OK);
        assert_true(q.formats);
        assert_int_equal(q.mdoc, i == 0);
        assert_int_equal(q.sdjwt, i == 1);
    }
}

/* OpenID4VP 1.0 B.2.6: the same handovers out of a request as published. */
static void gives_the_handovers(void **state)
{
    (void)state;
    if (!test_have_vectors())
        skip();
    const yao_json *v  = test_json(test_vector(VECTORS
                                               "mdoc_handover_vectors.json"));
    const yao_json *by = yao_json_get(v, "redirect_OpenID4VPHandover");
    const yao_json *dc = yao_json_get(v, "dcapi_OpenID4VPDCAPIHandover");
    yao_vp_ask      ask = {.mode = YAO_VP_DIRECT_POST_JWT};
    yao_vp_binding  binding;
    yao_bytes       got;
    yao_text        hex, origin, client, reply, nonce;

    assert_status(yao_jwk_read_agreement(yao_json_get(v, "jwk"), test_arena(),
                                         &ask.key),
                  YAO_OK);
    assert_status(yao_json_string(yao_json_get(by, "client_id"), test_arena(),
                                  &client),
                  YAO_OK);
    assert_status(yao_json_string(yao_json_get(by, "response_uri"),
                                  test_arena(), &reply),
                  YAO_OK);
    assert_status(yao_json_string(yao_json_get(by, "nonce"), test_arena(),
                                  &nonce),
                  YAO_OK);
    assert_status(yao_json_string(yao_json_get(dc, "origin"), test_arena(),
                                  &origin),
                  YAO_OK);
    ask.client_id    = client;
    ask.response_uri = reply;
    ask.nonce        = nonce;
    for (int i = 0; i < 2; i++) {
        ask.mode = i == 0 ? YAO_VP_DIRECT_POST_JWT : YAO_VP_DC_API_JWT;
        assert_status(yao_vp_bind(test_crypto(), &ask, origin, &binding),
                      YAO_OK);
        assert_status(yao_vp_transcript(test_arena(), test_crypto(), &binding,
                                        &got),
                      YAO_OK);
        assert_status(yao_json_string(yao_json_get(i == 0 ? by : dc,
                                                   "SessionTranscript_hex"),
                                      test_arena(), &hex),
                      YAO_OK);
        char *copy = (char *)yao_arena_take(test_arena(), hex.len + 1);
        memcpy(copy, hex.ptr, hex.len);
        assert_bytes(got, test_unhex(copy));
    }
    assert_status(yao_vp_audience(test_arena(), &binding, &client), YAO_OK);
    assert_true(yao_text_equal(client,
                               YAO_TEXT("origin:https://example.com")));
}

/* B.3.6: the hash of transaction_data in the published KB-JWT is made of the
 * letters, which are not in the example; ours are. */
static void hashes_letters(void **state)
{
    yao_vp_transaction t = {.text = YAO_TEXT("abc")};
    yao_writer         w = yao_writer_in(test_arena());
    yao_bytes          text;

    (void)state;
    assert_status(yao_vp_put_transaction_hashes(&w, test_crypto(), &t, 1,
                                                1),
                  YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    assert_bytes(text, YAO_LIT("\"transaction_data_hashes\":[\"ungWv48Bz-pBQUD"
                               "eXa4iI7ADYaOWF3qctBD_YfIAFa0\"],"
                               "\"transaction_data_hashes_alg\":\"sha-256\""));
    w = yao_writer_in(test_arena());
    assert_status(yao_vp_put_transaction_hashes(&w, test_crypto(), &t, 1,
                                                0),
                  YAO_OK);
    assert_int_equal(w.len, 0);
}

static void knows_words(void **state)
{
    yao_text rest;

    (void)state;
    for (int m = YAO_VP_DIRECT_POST; m <= YAO_VP_DC_API_JWT; m++)
        assert_int_equal(yao_vp_mode_by_name(yao_text_of(
                             yao_vp_mode_name((yao_vp_mode)m))),
                         m);
    assert_int_equal(yao_vp_mode_by_name(YAO_TEXT("fragment")),
                     YAO_VP_NO_MODE);
    assert_string_equal(yao_vp_mode_name((yao_vp_mode)99), "");
    for (int p = YAO_VP_UNSIGNED; p <= YAO_VP_MULTISIGNED; p++)
        assert_int_equal(yao_vp_protocol_by_name(yao_text_of(
                             yao_vp_protocol_name((yao_vp_protocol)p))),
                         p);
    assert_string_equal(yao_vp_protocol_name((yao_vp_protocol)99), "");
    assert_int_equal(yao_vp_cut_client_id(YAO_TEXT("x509_hash:a"), &rest),
                     YAO_VP_HASH);
    assert_true(yao_text_equal(rest, YAO_TEXT("a")));
    assert_int_equal(yao_vp_cut_client_id(YAO_TEXT("X509_hash:a"), &rest),
                     YAO_VP_NO_PREFIX);
    assert_int_equal(yao_vp_cut_client_id(YAO_TEXT(""), &rest),
                     YAO_VP_NO_PREFIX);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(links); i++)
        test_add("link", links[i].name, link_case, &links[i]);
    test_add("link", "refuses one that is too long", link_limits, NULL);
    test_add("link", "gives what was written", writes_links, NULL);
    test_add("fetch", "gives the wallet's nonce", reads_wallets, NULL);
    for (size_t i = 0; i < COUNT(plains); i++)
        test_add("unsigned", plains[i].name, plain_case, &plains[i]);
    for (size_t i = 0; i < COUNT(multis); i++)
        test_add("signatures", multis[i].name, multi_case, &multis[i]);
    test_add("browser", "refuses to be used without a page", refuses_use,
             NULL);
    for (size_t i = 0; i < COUNT(asks); i++)
        test_add("write", asks[i].name, ask_case, &asks[i]);
    test_add("write", "gives what is fresh", makes_fresh, NULL);
    test_add("room", "refuses every room that is too small", every_room, NULL);
    test_add("examples", "accepts the published request", reads_the_examples,
             NULL);
    test_add("examples", "accepts the published metadata", reads_the_metadata,
             NULL);
    test_add("examples", "gives the published handovers", gives_the_handovers,
             NULL);
    test_add("transactions", "gives hashes of the letters", hashes_letters,
             NULL);
    test_add("words", "gives words and their meaning", knows_words, NULL);
    return test_run("vp/link");
}
