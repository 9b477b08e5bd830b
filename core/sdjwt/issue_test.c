/* SPDX-License-Identifier: Apache-2.0 */

/* What is issued is read back by verify, which other people's tokens test. */

#include "sdtoken.h"

enum { MAX_PATHS = 12 };

#define CLAIMS                                                                 \
    "{\"vct\":\"urn:yaopai:specimen:1\",\"iss\":\"https://issuer.example\","    \
    "\"exp\":1800000000,\"given_name\":\"\\u5c0f\\u660e\",\"family_name\":"     \
    "\"\xe5\xbc\xa0\",\"address\":{\"city\":\"Tianjin\",\"street\":{\"name\":"  \
    "\"X\",\"number\":7}},\"nationalities\":[\"CN\",\"HK\",[1,2]],\"n\\/a\":1}"

/* Random bytes of a test: a counter, so that every encoding is the same. */
static yao_entropy entropy(size_t len)
{
    uint8_t *bytes = yao_arena_take(test_arena(), len);

    assert_non_null(bytes);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)(i / 16 * 7 + i);
    for (size_t i = 0; i + 1 < len; i += 16)
        bytes[i] = (uint8_t)(i / 16), bytes[i + 1] = (uint8_t)(i / 4096);
    return (yao_entropy){{bytes, len}};
}

/* "a.b.0 c" are two paths. */
static size_t read_paths(const char *list, yao_sdjwt_path *paths)
{
    size_t count = 0;

    while (list != NULL && *list != '\0') {
        yao_text *steps = yao_arena_take_array(test_arena(), 8, sizeof *steps);
        size_t    n     = 0;

        assert_non_null(steps);
        for (;;) {
            size_t len = strcspn(list, ". ");
            steps[n++] = (yao_text){(const uint8_t *)list, len};
            list += len;
            if (*list != '.')
                break;
            list++;
        }
        paths[count++] = (yao_sdjwt_path){steps, n};
        list += *list == ' ';
    }
    return count;
}

static yao_sdjwt_issue_request request(const char *claims, const char *paths)
{
    yao_sdjwt_path *list =
        yao_arena_take_array(test_arena(), MAX_PATHS, sizeof *list);

    assert_non_null(list);
    return (yao_sdjwt_issue_request){
        .claims = test_json(
            (yao_bytes){(const uint8_t *)claims, strlen(claims)}),
        .disclosable       = list,
        .disclosable_count = read_paths(paths, list),
        .holder_key        = test_public(SD_HOLDER),
        .type              = YAO_TEXT("dc+sd-jwt"),
        .alg               = YAO_ES256};
}

static yao_bytes signed_token(const yao_sdjwt_issuing *issuing)
{
    yao_bytes signature =
        test_sign(test_key(SD_ISSUER, YAO_ES256), issuing->wish);
    yao_writer w    = yao_writer_in(test_arena());
    yao_bytes  text = {0};

    assert_status(yao_sdjwt_put_issued(&w, issuing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return text;
}

static yao_bytes issue(const char *claims, const char *paths, size_t decoys)
{
    yao_sdjwt_issue_request q = request(claims, paths);
    yao_entropy             e = entropy(16384);
    yao_sdjwt_issuing       issuing;

    q.decoys = decoys;
    assert_status(yao_sdjwt_issue(test_arena(), test_crypto(), &q, &e,
                                  &issuing),
                  YAO_OK);
    return signed_token(&issuing);
}

static yao_bytes present(yao_bytes stored, const char *paths)
{
    yao_sdjwt_path       list[MAX_PATHS];
    yao_sdjwt_presenting p;
    yao_bytes            text = {0};

    assert_status(yao_sdjwt_present(test_arena(), test_crypto(), stored, list,
                                    read_paths(paths, list), YAO_TEXT("n-0S6"),
                                    YAO_TEXT("https://verifier.example"),
                                    SD_NOW, YAO_ES256, &p),
                  YAO_OK);
    yao_bytes  signature = test_sign(test_key(SD_HOLDER, YAO_ES256), p.wish);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_sdjwt_put_presented(&w, &p, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return text;
}

/* The processed payload without cnf, as text. */
static yao_bytes payload_of(const sd_judged *j)
{
    yao_writer w     = yao_writer_in(test_arena());
    bool       first = true;
    yao_bytes  text  = {0};

    for (const yao_json *m = j->verified.payload->first; m != NULL;
         m = m->next) {
        yao_text name;

        if (yao_json_named(m, YAO_TEXT("cnf")))
            continue;
        assert_status(yao_json_name(m, NULL, &name), YAO_OK);
        yao_json_put_name_text(&w, &first, name);
        yao_json_put_value(&w, m);
    }
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return text;
}

/* ---- the whole way ---- */

#define SPECIMEN "{\"vct\":\"urn:yaopai:specimen:1\",\"exp\":1800000000,"
#define VCT "\"vct\":\"urn:yaopai:specimen:1\",\"exp\":1800000000"

static const struct way_row {
    const char *name, *claims, *disclosable, *shown, *want;
    size_t      decoys;
} ways[] = {
    {"gives all that is plain", SPECIMEN "\"a\":1,\"b\":[2]}", "", "",
     VCT ",\"a\":1,\"b\":[2]", 0},
    {"never shows what was not chosen", SPECIMEN "\"a\":1,\"b\":2}", "a b", "",
     VCT, 0},
    {"gives what was chosen, flat", SPECIMEN "\"a\":1,\"b\":2}", "a b", "b",
     VCT ",\"b\":2", 0},
    {"gives what was chosen, with decoys", SPECIMEN "\"a\":1,\"b\":2}", "a b",
     "a", VCT ",\"a\":1", 16},
    {"gives a whole object", SPECIMEN "\"o\":{\"p\":1,\"q\":{\"r\":2}}}", "o",
     "o", VCT ",\"o\":{\"p\":1,\"q\":{\"r\":2}}", 1},
    {"gives a claim in a plain object", SPECIMEN "\"o\":{\"p\":1,\"q\":2}}",
     "o.p o.q", "o.q", VCT ",\"o\":{\"q\":2}", 2},
    {"gives a plain object empty where nothing in it was chosen",
     SPECIMEN "\"o\":{\"p\":1}}", "o.p", "", VCT ",\"o\":{}", 0},
    {"gives what a claim lies in, for a claim in a disclosed object",
     SPECIMEN "\"o\":{\"p\":1,\"q\":2,\"r\":3}}", "o o.p o.q", "o.q",
     VCT ",\"o\":{\"r\":3,\"q\":2}", 3},
    {"gives the disclosed object for a plain claim in it",
     SPECIMEN "\"o\":{\"p\":1,\"q\":2,\"r\":3}}", "o o.p o.q", "o.r",
     VCT ",\"o\":{\"r\":3}", 0},
    {"gives all below a path", SPECIMEN "\"o\":{\"p\":{\"q\":[1,2]}}}",
     "o o.p o.p.q o.p.q.0 o.p.q.1", "o", VCT ",\"o\":{\"p\":{\"q\":[1,2]}}",
     1},
    {"gives all below a plain object",
     SPECIMEN "\"o\":{\"p\":{\"q\":1},\"r\":[2,3]}}", "o.p.q o.r.1", "o",
     VCT ",\"o\":{\"p\":{\"q\":1},\"r\":[2,3]}", 0},
    {"gives an item of an array, and drops the others",
     SPECIMEN "\"a\":[10,20,30]}", "a.0 a.1 a.2", "a.1", VCT ",\"a\":[20]", 4},
    {"gives items among plain ones", SPECIMEN "\"a\":[10,20,30]}", "a.1", "",
     VCT ",\"a\":[10,30]", 0},
    {"gives an item of an item", SPECIMEN "\"a\":[[1,2],[3,4]]}",
     "a.1 a.1.0 a.0.0", "a.1.0", VCT ",\"a\":[[2],[3,4]]", 0},
    {"gives an item below an item that is disclosed",
     SPECIMEN "\"a\":[[1,2],[3,4]]}", "a.1 a.1.0 a.1.1", "a.1.1",
     VCT ",\"a\":[[1,2],[4]]", 0},
    {"gives objects in arrays", SPECIMEN "\"a\":[{\"b\":1,\"c\":2}]}",
     "a.0 a.0.b a.0.c", "a.0.c", VCT ",\"a\":[{\"c\":2}]", 2},
    {"gives what is there of several paths", SPECIMEN "\"a\":1,\"b\":2}",
     "a b", "z b", VCT ",\"b\":2", 0},
    {"gives all for an empty object and an empty array",
     SPECIMEN "\"o\":{},\"a\":[]}", "o a", "o a", NULL, 0},
    {"gives a name with escapes",
     SPECIMEN "\"n\\/\\u0061\":\"\\n\",\"\xe5\xbc\xa0\":2}", "n/a \xe5\xbc\xa0",
     "n/a \xe5\xbc\xa0", NULL, 1},
};

static void way(void **state)
{
    const struct way_row    *r      = *state;
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    static sd_judged         j;
    yao_bytes stored = issue(r->claims, r->disclosable, r->decoys);

    yao_status got = sd_judge(present(stored, r->shown), &o, &j);
    if (got != YAO_OK)
        sd_print(&j.report);
    assert_status(got, YAO_OK);
    assert_true(j.verified.bound);
    if (r->want != NULL) {
        yao_bytes want = {(const uint8_t *)r->want, strlen(r->want)};
        assert_bytes(payload_of(&j), want);
    }
}

/* ---- what is made ---- */

static void made(void **state)
{
    yao_sdjwt_issue_request q = request(CLAIMS, "given_name nationalities.1");
    yao_entropy             e = entropy(256);
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
    assert_status(yao_sdjwt_parse(test_arena(), signed_token(&issuing), &u),
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
    yao_sdjwt_issue_request q = request(CLAIMS, "");
    yao_entropy             e = {{NULL, 0}};
    yao_sdjwt_issuing       issuing;
    yao_sdjwt_unverified    u;

    (void)state;
    q.decoys           = 5;
    q.holder_key.curve = YAO_CURVE_NONE;
    assert_status(yao_sdjwt_issue(test_arena(), test_crypto(), &q, &e,
                                  &issuing),
                  YAO_OK);
    assert_status(yao_sdjwt_parse(test_arena(), signed_token(&issuing), &u),
                  YAO_OK);
    assert_null(yao_json_get(u.issuer.payload, "_sd"));
    assert_null(yao_json_get(u.issuer.payload, "_sd_alg"));
    assert_null(yao_json_get(u.issuer.payload, "cnf"));
}

/* A plain SD-JWT has no typ of its own, and no claims that must stay plain. */
static void plain_sdjwt(void **state)
{
    yao_sdjwt_issue_request q = request("{\"exp\":1800000000}", "exp");
    yao_entropy             e = entropy(16);
    yao_sdjwt_issuing       issuing;
    yao_sdjwt_unverified    u;

    (void)state;
    q.type = YAO_TEXT("");
    assert_status(yao_sdjwt_issue(test_arena(), test_crypto(), &q, &e,
                                  &issuing),
                  YAO_OK);
    assert_status(yao_sdjwt_parse(test_arena(), signed_token(&issuing), &u),
                  YAO_OK);
    assert_int_equal(u.issuer.type.len, 0);
    assert_null(yao_json_get(u.issuer.payload, "exp"));
}

/* Decoys and digests of one array are sorted: nothing tells them apart. */
static void sorted(void **state)
{
    yao_sdjwt_unverified u;
    const yao_json      *sd;

    (void)state;
    yao_bytes stored = issue(CLAIMS, "given_name family_name address", 16);
    assert_status(yao_sdjwt_parse(test_arena(), stored, &u), YAO_OK);
    sd = yao_json_get(u.issuer.payload, "_sd");
    assert_int_equal(sd->count, 3 + 16);
    for (const yao_json *d = sd->first; d->next != NULL; d = d->next) {
        assert_int_equal(d->raw.len, 43);
        assert_true(yao_bytes_compare(yao_text_bytes(d->raw),
                                      yao_text_bytes(d->next->raw)) < 0);
    }
}

/* Every shown token is a part of the stored one: JWT, then disclosures of it
 * in their order. */
static void subset(void **state)
{
    yao_sdjwt_unverified stored, shown;
    size_t               at = 0;

    (void)state;
    yao_bytes text = issue(CLAIMS, "given_name family_name address "
                                   "address.street address.street.name",
                           2);
    assert_status(yao_sdjwt_parse(test_arena(), text, &stored), YAO_OK);
    assert_status(yao_sdjwt_parse(
                      test_arena(),
                      present(text, "address.street family_name"), &shown),
                  YAO_OK);
    assert_int_equal(shown.disclosure_count, 4);
    assert_bytes(shown.issuer.signing_input, stored.issuer.signing_input);
    for (size_t i = 0; i < shown.disclosure_count; i++, at++)
        while (!yao_bytes_equal(stored.disclosures[at].text,
                                shown.disclosures[i].text))
            assert_true(++at < stored.disclosure_count);
}

/* ---- refusals of the issuer ---- */

static const struct refusal {
    const char *name, *claims, *disclosable;
    yao_status  want;
} refusals[] = {
    {"accepts a good request", CLAIMS, "given_name", YAO_OK},
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
    {"refuses a path to nothing", CLAIMS, "middle_name", YAO_E_USAGE},
    {"refuses a path into a string", CLAIMS, "given_name.0", YAO_E_USAGE},
    {"refuses a path behind an array's end", CLAIMS, "nationalities.3",
     YAO_E_USAGE},
    {"refuses a path with a leading zero", CLAIMS, "nationalities.01",
     YAO_E_USAGE},
    {"refuses a path by name into an array", CLAIMS, "nationalities.CN",
     YAO_E_USAGE},
    {"refuses a path with a sign", CLAIMS, "nationalities.+1", YAO_E_USAGE},
    {"refuses a path with an empty index", CLAIMS, "nationalities.",
     YAO_E_USAGE},
    {"refuses a path with a huge index", CLAIMS, "nationalities.4294967296",
     YAO_E_USAGE},
    {"refuses the same path twice", CLAIMS, "given_name given_name",
     YAO_E_USAGE},
    {"refuses vct disclosable", CLAIMS, "vct", YAO_E_USAGE},
    {"refuses exp disclosable", CLAIMS, "given_name exp", YAO_E_USAGE},
    {"refuses iss disclosable", CLAIMS, "iss", YAO_E_USAGE},
    {"refuses a part of status disclosable",
     SPECIMEN "\"status\":{\"status_list\":{\"idx\":1}}}",
     "status.status_list.idx", YAO_E_USAGE},
    {"accepts eight levels",
     SPECIMEN "\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":"
              "1}}}}}}}}",
     "a a.a a.a.a a.a.a.a a.a.a.a.a a.a.a.a.a.a a.a.a.a.a.a.a "
     "a.a.a.a.a.a.a.a", YAO_OK},
    {"refuses nine levels",
     SPECIMEN "\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":[{\"a\":1}]}}}}}"
              "}}",
     "a a.a a.a.a a.a.a.a a.a.a.a.a a.a.a.a.a.a a.a.a.a.a.a.a "
     "a.a.a.a.a.a.a.0 a.a.a.a.a.a.a.0.a", YAO_E_LIMIT},
};

static void refusal(void **state)
{
    const struct refusal   *r = *state;
    yao_sdjwt_issue_request q = request(r->claims, "");
    yao_entropy             e = entropy(1024);
    yao_sdjwt_issuing       issuing;
    yao_sdjwt_path          paths[MAX_PATHS];

    /* nine steps need more room than request() has */
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
    yao_sdjwt_issue_request good = request(CLAIMS, "given_name"), q;
    yao_sdjwt_path          whole = {NULL, 0};

    (void)state;
    assert_status(try_issue(&good, entropy(16)), YAO_OK);
    q        = good;
    q.claims = NULL;
    assert_status(try_issue(&q, entropy(16)), YAO_E_USAGE);
    q     = good;
    q.alg = YAO_SIG_NONE;
    assert_status(try_issue(&q, entropy(16)), YAO_E_USAGE);
    q             = good;
    q.disclosable = &whole;
    assert_status(try_issue(&q, entropy(16)), YAO_E_USAGE);
    q        = good;
    q.decoys = 16;
    assert_status(try_issue(&q, entropy(16 + 16 * 32)), YAO_OK);
    q.decoys = 17;
    assert_status(try_issue(&q, entropy(1024)), YAO_E_USAGE);
    q                = good;
    q.holder_key.len = 33;
    assert_status(try_issue(&q, entropy(16)), YAO_E_USAGE);
    q                   = good;
    q.disclosable_count = YAO_MAX_DISCLOSURES + 1;
    assert_status(try_issue(&q, entropy(16)), YAO_E_LIMIT);
}

/* N069: a random source that repeats itself is found before anything is
 * signed; too few bytes are never stretched. */
static void random_source(void **state)
{
    yao_sdjwt_issue_request q = request(CLAIMS, "given_name family_name");
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

static void too_long(void **state)
{
    size_t   len   = YAO_MAX_JWT * 3 / 4;
    uint8_t *value = yao_arena_take(test_arena(), len);

    (void)state;
    memset(value, 'v', len);
    yao_bytes claims = test_join((yao_bytes[]){
        YAO_LIT(SPECIMEN "\"a\":\""), {value, len}, YAO_LIT("\"}"), {0}});
    yao_sdjwt_issue_request q = request("{}", "");
    q.claims                  = test_json(claims);
    assert_status(try_issue(&q, entropy(16)), YAO_E_LIMIT);

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
    assert_status(try_issue(&q, entropy(16)), YAO_E_LIMIT);
    q.claims = was;
    yao_sdjwt_path path;
    (void)read_paths("a", &path);
    q.disclosable       = &path;
    q.disclosable_count = 1;
    assert_status(try_issue(&q, entropy(16)), YAO_OK);
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
    yao_sdjwt_issue_request q      = request(CLAIMS, "given_name");
    yao_status              status = YAO_E_CRYPTO;
    yao_crypto              broken = {.ctx = &status, .hash = failing_hash};
    yao_entropy             e      = entropy(64);
    yao_sdjwt_issuing       issuing;
    yao_sdjwt_presenting    p;

    (void)state;
    assert_status(yao_sdjwt_issue(test_arena(), &broken, &q, &e, &issuing),
                  YAO_E_CRYPTO);
    status = YAO_E_UNSUPPORTED;
    e      = entropy(64);
    assert_status(yao_sdjwt_issue(test_arena(), &broken, &q, &e, &issuing),
                  YAO_E_UNSUPPORTED);
    status = YAO_E_CRYPTO;
    assert_status(yao_sdjwt_present(test_arena(), &broken,
                                    issue(CLAIMS, "", 0), NULL, 0,
                                    YAO_TEXT("n"), YAO_TEXT("a"), SD_NOW,
                                    YAO_ES256, &p),
                  YAO_E_CRYPTO);
}

/* ---- refusals of the holder ---- */

static yao_status try_present(yao_bytes stored, const char *paths,
                              const char *nonce, const char *audience,
                              yao_time now, yao_sig_alg alg)
{
    yao_sdjwt_path       list[MAX_PATHS];
    yao_sdjwt_presenting p;

    return yao_sdjwt_present(test_arena(), test_crypto(), stored, list,
                             read_paths(paths, list), yao_text_of(nonce),
                             yao_text_of(audience), now, alg, &p);
}

static void holder_refuses(void **state)
{
    yao_bytes stored = issue(CLAIMS, "given_name", 0);

    (void)state;
    assert_status(try_present(stored, "given_name", "n", "a", 0, YAO_ES256),
                  YAO_OK);
    assert_status(try_present(stored, "", "n", "a", 0, YAO_ES256), YAO_OK);
    assert_status(try_present(stored, "x y.z", "n", "a", 0, YAO_ES256),
                  YAO_E_MISSING);
    assert_status(try_present(stored, "", "", "a", 0, YAO_ES256), YAO_E_USAGE);
    assert_status(try_present(stored, "", "n", "", 0, YAO_ES256), YAO_E_USAGE);
    assert_status(try_present(stored, "", "n", "a", -1, YAO_ES256),
                  YAO_E_USAGE);
    assert_status(try_present(stored, "", "n", "a", YAO_TIME_MAX + 1,
                              YAO_ES256),
                  YAO_E_USAGE);
    assert_status(try_present(stored, "", "n", "a", 0, YAO_SIG_NONE),
                  YAO_E_USAGE);
    /* N081: an issuer that sends a KB-JWT has another holder's document */
    assert_status(try_present(present(stored, ""), "", "n", "a", 0, YAO_ES256),
                  YAO_E_REFUSED);
    assert_status(try_present((yao_bytes){stored.ptr, stored.len - 1}, "", "n",
                              "a", 0, YAO_ES256),
                  YAO_E_MALFORMED);
}

/* A stored token that does not hang together is not shown. */
static void holder_checks(void **state)
{
    (void)state;
    assert_status(try_present(sd_issued(&(sd_token){
                                  .disclosures = {"[\"s\",\"a\",1]"}}),
                              "", "n", "a", 0, YAO_ES256),
                  YAO_E_UNREFERENCED);
    assert_status(try_present(sd_issued(&(sd_token){
                                  .payload = "{\"_sd\":[\"x\",\"x\"]}"}),
                              "", "n", "a", 0, YAO_ES256),
                  YAO_E_DUPLICATE);
    assert_status(try_present(sd_issued(&(sd_token){
                                  .payload = "{\"_sd_alg\":\"md5\"}"}),
                              "", "n", "a", 0, YAO_ES256),
                  YAO_E_ALGORITHM);
}

/* sd_hash follows the hash that the issuer named. */
static void other_hash(void **state)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    static sd_judged         j;

    (void)state;
    yao_bytes stored = sd_issued(&(sd_token){
        .payload = "{" SD_CLAIMS ",\"_sd_alg\":\"sha-384\",\"_sd\":[\"#0\"]}",
        .disclosures = {"[\"s\",\"a\",1]"}});
    assert_status(sd_judge(present(stored, "a"), &o, &j), YAO_OK);
    assert_status(sd_judge(present(stored, ""), &o, &j), YAO_OK);
}

/* N079: a disclosure added or removed after the holder signed. */
static void changed_after(void **state)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    sd_token t = {.payload = "{" SD_CLAIMS ",\"_sd\":[\"#0\",\"#1\"]}",
                  .disclosures = {"[\"s\",\"a\",1]", "[\"t\",\"b\",2]"}};
    static sd_judged         j;
    yao_sdjwt_unverified     u;

    (void)state;
    yao_bytes both = sd_issued(&t);
    assert_status(yao_sdjwt_parse(test_arena(), both, &u), YAO_OK);
    yao_bytes one = {both.ptr,
                     (size_t)(u.disclosures[1].text.ptr - both.ptr)};

    assert_status(sd_judge(sd_bound(&t, one, one), &o, &j), YAO_OK);
    assert_status(sd_judge(sd_bound(&t, both, one), &o, &j),
                  YAO_E_BAD_DIGEST);
    assert_int_equal(sd_row(&j.report, YAO_CHECK_KB_HASH)->outcome,
                     YAO_OUTCOME_FAIL);
    assert_status(sd_judge(sd_bound(&t, one, both), &o, &j),
                  YAO_E_BAD_DIGEST);
    assert_int_equal(sd_row(&j.report, YAO_CHECK_KB_SIGNATURE)->outcome,
                     YAO_OUTCOME_PASS);
}

/* ---- writing ---- */

static void signature_length(void **state)
{
    yao_sdjwt_issue_request q = request(CLAIMS, "");
    yao_entropy             e = entropy(16);
    yao_sdjwt_issuing       issuing, nothing;
    yao_sdjwt_presenting    p, unshown;
    yao_writer              w   = yao_writer_count();
    yao_bytes               raw = {(const uint8_t *)CLAIMS, 63};

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
                                    signed_token(&issuing), NULL, 0,
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
                                (yao_bytes){(const uint8_t *)CLAIMS, 64});
}

static void every_room(void **state)
{
    yao_sdjwt_issue_request q = request(CLAIMS, "given_name");
    yao_entropy             e = entropy(16);
    yao_sdjwt_issuing       issuing;

    (void)state;
    assert_status(yao_sdjwt_issue(test_arena(), test_crypto(), &q, &e,
                                  &issuing),
                  YAO_OK);
    test_every_room(put_issued, &issuing);
}

static yao_status take_issue(yao_arena *arena, void *context)
{
    yao_entropy       e = entropy(1024);
    yao_sdjwt_issuing issuing;

    return yao_sdjwt_issue(arena, test_crypto(), context, &e, &issuing);
}

static yao_status take_present(yao_arena *arena, void *context)
{
    yao_sdjwt_path       path;
    yao_sdjwt_presenting p;

    (void)read_paths("address.street", &path);
    return yao_sdjwt_present(arena, test_crypto(), *(yao_bytes *)context,
                             &path, 1, YAO_TEXT("n"), YAO_TEXT("a"), SD_NOW,
                             YAO_ES256, &p);
}

static void every_arena(void **state)
{
    yao_sdjwt_issue_request q =
        request(CLAIMS, "address address.street nationalities.0");
    yao_bytes stored = issue(CLAIMS, "address address.street", 1);

    (void)state;
    q.decoys = 2;
    q.kid    = YAO_TEXT("k");
    test_every_arena(take_issue, &q, 32768);
    test_every_arena(take_present, &stored, 65536);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(ways); i++)
        test_add("issue, present, verify", ways[i].name, way, &ways[i]);
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
    test_add("issue, present", "gives the failure of the hash", hash_fails,
             NULL);
    test_add("present", "gives a part of what is stored", subset, NULL);
    test_add("present", "N081: refuses a KB-JWT, a missing nonce or audience",
             holder_refuses, NULL);
    test_add("present", "refuses a stored token that does not hang together",
             holder_checks, NULL);
    test_add("present", "gives the sd_hash by the issuer's hash", other_hash,
             NULL);
    test_add("verify", "N079: refuses a disclosure added or removed after",
             changed_after, NULL);
    test_add("put", "refuses a signature of another length", signature_length,
             NULL);
    test_add("put_issued", "gives SPACE in every buffer that is too small",
             every_room, NULL);
    test_add("issue, present", "gives SPACE in every arena that is too small",
             every_arena, NULL);

    return test_run("sdjwt/issue");
}
