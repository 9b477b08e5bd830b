/* SPDX-License-Identifier: Apache-2.0 */

/* What is issued is read back by verify, which other people's tokens test. */

#include "sdissue.h"
#include "sdjwt/process.h"

/* ---- what is made ---- */

static void made(void **state)
{
    yao_sdjwt_issue_request q =
        sd_request(SD_PERSON, "given_name nationalities.1");
    yao_entropy             e = sd_entropy(256);
    yao_sdjwt_issuing       issuing;
    yao_sdjwt_unverified    u;

    (void)state;
    yao_bytes chain[1] = {YAO_LIT("\x30\x00")};
    q.kid         = YAO_TEXT("signer-1");
    q.chain       = chain;
    q.chain_count = 1;
    assert_status(yao_sdjwt_issue(test_arena(), test_crypto(), &q, &e,
                                  &issuing),
                  YAO_OK);
    assert_int_equal(e.rest.len, 256 - 2 * 16);
    assert_int_equal(issuing.wish.alg, YAO_ES256);
    assert_bytes(issuing.wish.parts[0], issuing.unsigned_jwt);
    assert_status(yao_sdjwt_parse(test_arena(), sd_signed_token(&issuing), &u),
                  YAO_OK);
    assert_bytes(yao_text_bytes(u.issuer.type), YAO_LIT("dc+sd-jwt"));
    assert_bytes(yao_text_bytes(u.issuer.kid), YAO_LIT("signer-1"));
    assert_int_equal(u.issuer.chain_count, 1);
    assert_bytes(u.issuer.chain[0], chain[0]);
    assert_false(u.has_kb);
    assert_int_equal(u.disclosure_count, 2);
    const yao_json *p = u.issuer.payload;
    assert_true(yao_json_is(yao_json_get(p, "_sd_alg"), "sha-256"));
    assert_int_equal(yao_json_get(p, "_sd")->count, 1);
    assert_int_equal(yao_json_get(p, "nationalities")->count, 3);
    assert_null(yao_json_get(p, "given_name"));
    assert_non_null(yao_json_get(yao_json_get(p, "cnf"), "jwk"));
}

/* RFC 9901 4.2.5: no _sd where nothing is disclosable (SD-JWT VC 3.2.2). */
static void nothing_to_disclose(void **state)
{
    yao_sdjwt_issue_request q = sd_request(SD_PERSON, "");
    yao_entropy             e = {{NULL, 0}};
    yao_sdjwt_issuing       issuing;
    yao_sdjwt_unverified    u;

    (void)state;
    q.decoys           = 5;
    q.holder_key.curve = YAO_CURVE_NONE;
    assert_status(yao_sdjwt_issue(test_arena(), test_crypto(), &q, &e,
                                  &issuing),
                  YAO_OK);
    assert_status(yao_sdjwt_parse(test_arena(), sd_signed_token(&issuing), &u),
                  YAO_OK);
    assert_null(yao_json_get(u.issuer.payload, "_sd"));
    assert_null(yao_json_get(u.issuer.payload, "_sd_alg"));
    assert_null(yao_json_get(u.issuer.payload, "cnf"));
}

/* A plain SD-JWT has no typ of its own, and no claims that must stay plain. */
static void plain_sdjwt(void **state)
{
    yao_sdjwt_issue_request q = sd_request("{\"exp\":1800000000}", "exp");
    yao_entropy             e = sd_entropy(16);
    yao_sdjwt_issuing       issuing;
    yao_sdjwt_unverified    u;

    (void)state;
    q.type = YAO_TEXT("");
    assert_status(yao_sdjwt_issue(test_arena(), test_crypto(), &q, &e,
                                  &issuing),
                  YAO_OK);
    assert_status(yao_sdjwt_parse(test_arena(), sd_signed_token(&issuing), &u),
                  YAO_OK);
    assert_null(yao_json_get(u.issuer.header, "typ"));
    assert_null(yao_json_get(u.issuer.header, "kid"));
    assert_null(yao_json_get(u.issuer.header, "x5c"));
    assert_null(yao_json_get(u.issuer.payload, "exp"));
}

/* Decoys and digests of one array are sorted: nothing tells them apart. */
static void sorted(void **state)
{
    yao_sdjwt_unverified u;
    const yao_json      *sd;

    (void)state;
    yao_bytes stored =
        sd_issue(SD_PERSON, "given_name family_name address", 16);
    assert_status(yao_sdjwt_parse(test_arena(), stored, &u), YAO_OK);
    sd = yao_json_get(u.issuer.payload, "_sd");
    assert_int_equal(sd->count, 3 + 16);
    for (const yao_json *d = sd->first; d->next != NULL; d = d->next) {
        assert_int_equal(d->raw.len, 43);
        assert_true(yao_bytes_compare(yao_text_bytes(d->raw),
                                      yao_text_bytes(d->next->raw)) < 0);
    }
}

/* ---- refusals of the issuer ---- */

static const struct refusal {
    const char *name, *claims, *disclosable;
    yao_status  want;
} refusals[] = {
    {"accepts a good request", SD_PERSON, "given_name", YAO_OK},
    {"N069: refuses claims with _sd", SPECIMEN "\"_sd\":[]}", "", YAO_E_USAGE},
    {"N069: refuses claims with ...", SPECIMEN "\"a\":[{\"...\":\"x\"}]}", "",
     YAO_E_USAGE},
    {"N069: refuses claims with _sd_alg", SPECIMEN "\"_sd_alg\":\"x\"}", "",
     YAO_E_USAGE},
    {"N069: refuses claims with _sd deep inside",
     SPECIMEN "\"a\":[{\"b\":{\"_sd\":1}}]}", "", YAO_E_USAGE},
    {"N069: refuses claims with _sd escaped",
     SPECIMEN "\"\\u005fsd\":[]}", "", YAO_E_USAGE},
    {"refuses claims with cnf beside a holder key", SPECIMEN "\"cnf\":{}}", "",
     YAO_E_USAGE},
    {"refuses claims that are an array", "[]", "", YAO_E_USAGE},
    {"refuses a document without vct", "{\"a\":1}", "", YAO_E_USAGE},
    {"refuses a path to nothing", SD_PERSON, "middle_name", YAO_E_USAGE},
    {"refuses a path into a string", SD_PERSON, "given_name.0", YAO_E_USAGE},
    {"refuses a path behind an array's end", SD_PERSON, "nationalities.3",
     YAO_E_USAGE},
    {"refuses a path with a leading zero", SD_PERSON, "nationalities.01",
     YAO_E_USAGE},
    {"refuses a path by name into an array", SD_PERSON, "nationalities.CN",
     YAO_E_USAGE},
    {"refuses a path with a sign", SD_PERSON, "nationalities.+1", YAO_E_USAGE},
    {"refuses a path with an empty index", SD_PERSON, "nationalities.",
     YAO_E_USAGE},
    {"refuses a path with a huge index", SD_PERSON, "nationalities.4294967296",
     YAO_E_USAGE},
    {"refuses the same path twice", SD_PERSON, "given_name given_name",
     YAO_E_USAGE},
    {"refuses vct disclosable", SD_PERSON, "vct", YAO_E_USAGE},
    {"refuses exp disclosable", SD_PERSON, "given_name exp", YAO_E_USAGE},
    {"refuses iss disclosable", SD_PERSON, "iss", YAO_E_USAGE},
    {"refuses a part of status disclosable",
     SPECIMEN "\"status\":{\"status_list\":{\"idx\":1}}}",
     "status.status_list.idx", YAO_E_USAGE},
    {"accepts eight levels",
     SPECIMEN "\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":"
              "1}}}}}}}}",
     "a a.a a.a.a a.a.a.a a.a.a.a.a a.a.a.a.a.a a.a.a.a.a.a.a "
     "a.a.a.a.a.a.a.a", YAO_OK},
    {"refuses nine levels",
     SPECIMEN "\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":[{\"a\":1}]}}}}"
              "}}}",
     "a a.a a.a.a a.a.a.a a.a.a.a.a a.a.a.a.a.a a.a.a.a.a.a.a "
     "a.a.a.a.a.a.a.0 a.a.a.a.a.a.a.0.a", YAO_E_LIMIT},
};

static void refusal(void **state)
{
    const struct refusal   *r = *state;
    yao_sdjwt_issue_request q = sd_request(r->claims, "");
    yao_entropy             e = sd_entropy(1024);
    yao_sdjwt_issuing       issuing;
    yao_sdjwt_path          paths[SD_MAX_PATHS];

    /* nine steps need more room than sd_request() has */
    q.disclosable       = paths;
    q.disclosable_count = 0;
    for (const char *list = r->disclosable; *list != '\0';) {
        yao_text *steps = yao_arena_take_array(test_arena(), 16, sizeof *steps);
        size_t    n     = 0;

        for (;; list++) {
            size_t len = strcspn(list, ". ");
            steps[n++] = (yao_text){(const uint8_t *)list, len};
            list += len;
            if (*list != '.')
                break;
        }
        list += *list == ' ';
        paths[q.disclosable_count++] = (yao_sdjwt_path){steps, n};
    }
    assert_status(yao_sdjwt_issue(test_arena(), test_crypto(), &q, &e,
                                  &issuing),
                  r->want);
}

static yao_status try_issue(const yao_sdjwt_issue_request *q, yao_entropy e)
{
    yao_sdjwt_issuing issuing;

    return yao_sdjwt_issue(test_arena(), test_crypto(), q, &e, &issuing);
}

static void usage(void **state)
{
    yao_sdjwt_issue_request good = sd_request(SD_PERSON, "given_name"), q;
    yao_sdjwt_path          whole = {NULL, 0};

    (void)state;
    assert_status(try_issue(&good, sd_entropy(16)), YAO_OK);
    q        = good;
    q.claims = NULL;
    assert_status(try_issue(&q, sd_entropy(16)), YAO_E_USAGE);
    q      = sd_request("[]", "");
    q.type = YAO_TEXT("");
    assert_status(try_issue(&q, sd_entropy(16)), YAO_E_USAGE);
    q = sd_request(SPECIMEN "\"cnf\":{\"kid\":\"1\"}}", "");
    assert_status(try_issue(&q, sd_entropy(16)), YAO_E_USAGE);
    q.holder_key.curve = YAO_CURVE_NONE;
    assert_status(try_issue(&q, sd_entropy(16)), YAO_OK);
    q     = good;
    q.alg = YAO_SIG_NONE;
    assert_status(try_issue(&q, sd_entropy(16)), YAO_E_USAGE);
    q             = good;
    q.disclosable = &whole;
    assert_status(try_issue(&q, sd_entropy(16)), YAO_E_USAGE);
    q        = good;
    q.decoys = 16;
    assert_status(try_issue(&q, sd_entropy(16 + 16 * 32)), YAO_OK);
    q.decoys = 17;
    assert_status(try_issue(&q, sd_entropy(1024)), YAO_E_USAGE);
    q                = good;
    q.holder_key.len = 33;
    assert_status(try_issue(&q, sd_entropy(16)), YAO_E_USAGE);
    q                   = good;
    q.disclosable_count = YAO_MAX_DISCLOSURES + 1;
    assert_status(try_issue(&q, sd_entropy(16)), YAO_E_LIMIT);
}

/* N069: a random source that repeats itself is found before anything is
 * signed; too few bytes are never stretched. */
static void random_source(void **state)
{
    yao_sdjwt_issue_request q = sd_request(SD_PERSON, "given_name family_name");
    uint8_t                 same[64];

    (void)state;
    memset(same, 7, sizeof same);
    assert_status(try_issue(&q, (yao_entropy){{same, 32}}), YAO_E_DUPLICATE);
    same[31] = 8;
    assert_status(try_issue(&q, (yao_entropy){{same, 32}}), YAO_OK);
    assert_status(try_issue(&q, (yao_entropy){{same, 31}}), YAO_E_ENTROPY);
    q.decoys = 1;
    assert_status(try_issue(&q, (yao_entropy){{same, 64}}), YAO_OK);
    assert_status(try_issue(&q, (yao_entropy){{same, 63}}), YAO_E_ENTROPY);
}

/* What could not be read again is not issued. */
static void readable(void **state)
{
    static const char deep[] =
        SPECIMEN "\"a\":[[[[[[[[[[[[[[{\"b\":1}]]]]]]]]]]]]]]}";
    yao_writer        w      = yao_writer_in(test_arena());
    bool              first  = true;
    yao_bytes         text;
    yao_sdjwt_path    path;
    char              name[YAO_SDJWT_MAX_NAME + 2];

    (void)state;
    (void)sd_read_paths("b", &path);
    /* sixteen levels with all plain; _sd would be the seventeenth */
    yao_sdjwt_issue_request q = sd_request(deep, "");
    assert_status(try_issue(&q, sd_entropy(64)), YAO_OK);
    static const yao_text steps[] = {
        YAO_INIT("a"), YAO_INIT("0"), YAO_INIT("0"), YAO_INIT("0"),
        YAO_INIT("0"), YAO_INIT("0"), YAO_INIT("0"), YAO_INIT("0"),
        YAO_INIT("0"), YAO_INIT("0"), YAO_INIT("0"), YAO_INIT("0"),
        YAO_INIT("0"), YAO_INIT("0"), YAO_INIT("0"), YAO_INIT("b")};
    yao_sdjwt_path inner = {steps, COUNT(steps)};
    q.disclosable        = &inner;
    q.disclosable_count  = 1;
    assert_status(try_issue(&q, sd_entropy(64)), YAO_E_LIMIT);

    for (size_t more = 0; more <= 1; more++) {
        first = true;
        w     = yao_writer_in(test_arena());
        yao_put_text(&w, SPECIMEN "\"b\":{");
        for (size_t i = 0; i < YAO_MAX_MAP_ENTRIES - 3 + more; i++) {
            yao_json_put_next(&w, &first);
            yao_put_text(&w, "\"m");
            yao_put_decimal(&w, (int64_t)i);
            yao_put_text(&w, "\":0");
        }
        yao_put_text(&w, "}}");
        assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
        q                   = sd_request("{}", "");
        q.claims            = test_json(text);
        q.disclosable       = &path;
        q.disclosable_count = 1;
        assert_status(try_issue(&q, sd_entropy(64)),
                      more == 0 ? YAO_OK : YAO_E_LIMIT);

        memset(name, 'n', sizeof name);
        name[YAO_SDJWT_MAX_NAME + more] = '\0';
        yao_text       step = yao_text_of(name);
        yao_sdjwt_path named = {&step, 1};
        text = test_join((yao_bytes[]){YAO_LIT(SPECIMEN "\""),
                                       yao_text_bytes(step),
                                       YAO_LIT("\":1}"), {0}});
        q.claims      = test_json(text);
        q.disclosable = &named;
        assert_status(try_issue(&q, sd_entropy(64)),
                      more == 0 ? YAO_OK : YAO_E_LIMIT);
    }
}

/* Decoys count as well: they would be too many to be told apart. */
static void many_values(void **state)
{
    yao_writer w     = yao_writer_in(test_arena());
    bool       first = true;
    yao_bytes  text;

    (void)state;
    yao_put_text(&w, SPECIMEN "\"b\":[");
    for (size_t i = 0; i < 4080; i++) {
        yao_json_put_next(&w, &first);
        yao_put_byte(&w, '0');
    }
    yao_put_text(&w, "],\"c\":1}");
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    yao_sdjwt_path          path;
    yao_sdjwt_issue_request q = sd_request("{}", "");
    (void)sd_read_paths("c", &path);
    q.claims = test_json(text);
    assert_status(try_issue(&q, sd_entropy(1024)), YAO_OK);
    q.disclosable       = &path;
    q.disclosable_count = 1;
    q.decoys            = 16;
    assert_status(try_issue(&q, sd_entropy(1024)), YAO_E_LIMIT);
}

static void too_long(void **state)
{
    size_t   len   = YAO_MAX_JWT * 3 / 4;
    uint8_t *value = yao_arena_take(test_arena(), len);

    (void)state;
    memset(value, 'v', len);
    yao_bytes claims = test_join((yao_bytes[]){
        YAO_LIT(SPECIMEN "\"a\":\""), {value, len}, YAO_LIT("\"}"), {0}});
    yao_sdjwt_issue_request q = sd_request("{}", "");
    q.claims                  = test_json(claims);
    assert_status(try_issue(&q, sd_entropy(16)), YAO_E_LIMIT);

    /* longer than any message, and in a disclosure as long as it was */
    uint8_t *most = yao_arena_take(test_arena(), YAO_MAX_MESSAGE);
    memset(most, 'v', YAO_MAX_MESSAGE);
    yao_json huge       = *q.claims;
    yao_json member     = *yao_json_get(q.claims, "vct");
    member.next         = NULL;
    member.raw          = (yao_text){most, YAO_MAX_MESSAGE};
    huge.first          = &member;
    const yao_json *was = q.claims;
    q.claims            = &huge;
    assert_status(try_issue(&q, sd_entropy(16)), YAO_E_LIMIT);
    q.claims = was;
    yao_sdjwt_path path;
    (void)sd_read_paths("a", &path);
    q.disclosable       = &path;
    q.disclosable_count = 1;
    assert_status(try_issue(&q, sd_entropy(16)), YAO_OK);
}

static yao_status failing_hash(void *ctx, yao_hash_alg alg,
                               const yao_bytes *parts, size_t count,
                               uint8_t *out)
{
    yao_status *status = ctx;

    (void)alg, (void)parts, (void)count, (void)out;
    return *status;
}

static void hash_fails(void **state)
{
    yao_sdjwt_issue_request q      = sd_request(SD_PERSON, "given_name");
    yao_status              status = YAO_E_CRYPTO;
    yao_crypto              broken = {.ctx = &status, .hash = failing_hash};
    yao_entropy             e      = sd_entropy(64);
    yao_sdjwt_issuing       issuing;
    yao_sdjwt_presenting    p;

    (void)state;
    assert_status(yao_sdjwt_issue(test_arena(), &broken, &q, &e, &issuing),
                  YAO_E_CRYPTO);
    status = YAO_E_UNSUPPORTED;
    e      = sd_entropy(64);
    assert_status(yao_sdjwt_issue(test_arena(), &broken, &q, &e, &issuing),
                  YAO_E_UNSUPPORTED);
    status = YAO_E_CRYPTO;
    assert_status(yao_sdjwt_present(test_arena(), &broken,
                                    sd_issue(SD_PERSON, "", 0), NULL, 0,
                                    YAO_TEXT("n"), YAO_TEXT("a"), SD_NOW,
                                    YAO_ES256, &p),
                  YAO_E_CRYPTO);
}

/* ---- writing ---- */

static void signature_length(void **state)
{
    yao_sdjwt_issue_request q = sd_request(SD_PERSON, "");
    yao_entropy             e = sd_entropy(16);
    yao_sdjwt_issuing       issuing, nothing;
    yao_sdjwt_presenting    p, unshown;
    yao_writer              w   = yao_writer_count();
    yao_bytes               raw = {(const uint8_t *)SD_PERSON, 63};

    (void)state;
    assert_status(yao_sdjwt_issue(test_arena(), test_crypto(), &q, &e,
                                  &issuing),
                  YAO_OK);
    assert_status(yao_sdjwt_put_issued(&w, &issuing, raw), YAO_E_USAGE);
    memset(&nothing, 0, sizeof nothing);
    memset(&unshown, 0, sizeof unshown);
    assert_status(yao_sdjwt_put_issued(&w, &nothing, raw), YAO_E_USAGE);
    assert_status(yao_sdjwt_put_presented(&w, &unshown, raw), YAO_E_USAGE);
    assert_status(yao_sdjwt_present(test_arena(), test_crypto(),
                                    sd_signed_token(&issuing), NULL, 0,
                                    YAO_TEXT("n"), YAO_TEXT("a"), SD_NOW,
                                    YAO_ES256, &p),
                  YAO_OK);
    assert_status(yao_sdjwt_put_presented(&w, &p, raw), YAO_E_USAGE);
    raw.len = 64;
    assert_status(yao_sdjwt_put_presented(&w, &p, raw), YAO_OK);
}

static yao_status put_issued(yao_writer *w, void *context)
{
    return yao_sdjwt_put_issued(w, context,
                                (yao_bytes){(const uint8_t *)SD_PERSON, 64});
}

static void every_room(void **state)
{
    yao_sdjwt_issue_request q = sd_request(SD_PERSON, "given_name");
    yao_entropy             e = sd_entropy(16);
    yao_sdjwt_issuing       issuing;

    (void)state;
    assert_status(yao_sdjwt_issue(test_arena(), test_crypto(), &q, &e,
                                  &issuing),
                  YAO_OK);
    test_every_room(put_issued, &issuing);
}

static yao_status take_issue(yao_arena *arena, void *context)
{
    yao_entropy       e = sd_entropy(1024);
    yao_sdjwt_issuing issuing;

    return yao_sdjwt_issue(arena, test_crypto(), context, &e, &issuing);
}

static yao_status take_present(yao_arena *arena, void *context)
{
    yao_sdjwt_path       path;
    yao_sdjwt_presenting p;

    (void)sd_read_paths("address.street", &path);
    return yao_sdjwt_present(arena, test_crypto(), *(yao_bytes *)context,
                             &path, 1, YAO_TEXT("n"), YAO_TEXT("a"), SD_NOW,
                             YAO_ES256, &p);
}

static void every_arena(void **state)
{
    yao_sdjwt_issue_request q =
        sd_request(SD_PERSON, "address address.street nationalities.0");
    yao_bytes stored = sd_issue(SD_PERSON, "address address.street", 1);

    (void)state;
    q.decoys = 2;
    q.kid    = YAO_TEXT("k");
    test_every_arena(take_issue, &q, 32768);
    test_every_arena(take_present, &stored, 65536);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(refusals); i++)
        test_add("issue", refusals[i].name, refusal, &refusals[i]);
    test_add("issue", "gives header, payload and disclosures", made, NULL);
    test_add("issue", "gives no _sd where nothing is disclosable",
             nothing_to_disclose, NULL);
    test_add("issue", "gives a plain SD-JWT what a document may not have",
             plain_sdjwt, NULL);
    test_add("issue", "gives digests and decoys in one sorted array", sorted,
             NULL);
    test_add("issue", "refuses what the header says is USAGE or LIMIT", usage,
             NULL);
    test_add("issue", "N069: refuses equal salts, and too few random bytes",
             random_source, NULL);
    test_add("issue", "refuses a JWT above the limit", too_long, NULL);
    test_add("issue", "refuses what could not be read again", readable, NULL);
    test_add("issue", "refuses more values than can be read again",
             many_values, NULL);
    test_add("issue, present", "gives the failure of the hash", hash_fails,
             NULL);
    test_add("put", "refuses a signature of another length", signature_length,
             NULL);
    test_add("put_issued", "gives SPACE in every buffer that is too small",
             every_room, NULL);
    test_add("issue, present", "gives SPACE in every arena that is too small",
             every_arena, NULL);

    return test_run("sdjwt/issue");
}
