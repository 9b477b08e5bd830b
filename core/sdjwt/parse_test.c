/* SPDX-License-Identifier: Apache-2.0 */
#include "sdtoken.h"

/* What stands where a token has its parts: J the JWT, D and E disclosures, K
 * the KB-JWT, all good; other letters stand for themselves. */
static const struct row {
    const char *name, *shape;
    yao_status  want;
} rows[] = {
    {"accepts a JWT and a ~", "J~", YAO_OK},
    {"accepts disclosures", "J~D~E~", YAO_OK},
    {"accepts a KB-JWT", "J~D~K", YAO_OK},
    {"accepts a KB-JWT without disclosures", "J~K", YAO_OK},
    {"N054: refuses nothing at all", "", YAO_E_MALFORMED},
    {"N054: refuses a bare JWT", "J", YAO_E_MALFORMED},
    {"N054: refuses a missing ~ at the end", "J~D", YAO_E_MALFORMED},
    {"N054: refuses an empty disclosure", "J~~", YAO_E_MALFORMED},
    {"N054: refuses an empty disclosure between", "J~D~~E~", YAO_E_MALFORMED},
    {"N054: refuses an empty disclosure before the KB-JWT", "J~D~~K",
     YAO_E_MALFORMED},
    {"N054: refuses a ~ alone", "~", YAO_E_MALFORMED},
    {"N054: refuses a KB-JWT without the JWT", "~K", YAO_E_MALFORMED},
    {"N054: refuses two KB-JWTs", "J~D~K~K", YAO_E_BASE64},
    {"N054: refuses a KB-JWT that ends in ~", "J~D~K~", YAO_E_BASE64},
    {"N054: refuses a disclosure behind the KB-JWT", "J~K~D~", YAO_E_BASE64},
    {"N054: refuses a ~ at the beginning", "~J~", YAO_E_MALFORMED},
    {"N054: refuses a newline at the end", "J~D~\n", YAO_E_MALFORMED},
    {"N070: refuses JSON serialization", "{\"payload\":\"J\"}",
     YAO_E_MALFORMED},
    {"N070: refuses JSON serialization with a ~", "{\"payload\":\"J~D~\"}",
     YAO_E_BASE64},
    {"N088: refuses a JWT of five parts", "J.J~", YAO_E_MALFORMED},
    {"N055: refuses padding", "J~D=~", YAO_E_BASE64},
    {"N055: refuses a plus", "J~D+~", YAO_E_BASE64},
    {"N055: refuses a slash", "J~/D~", YAO_E_BASE64},
    {"N055: refuses a blank", "J~ D~", YAO_E_BASE64},
    {"N055: refuses a newline", "J~D\n~", YAO_E_BASE64},
    {"N055: refuses bits left over", "J~WyJzIiwxXR~", YAO_E_BASE64},
    {"N060: refuses an object", "J~eyJzIjoxfQ~", YAO_E_MALFORMED},
    {"N060: refuses one item", "J~WyJzIl0~", YAO_E_MALFORMED},
    {"N060: refuses four items", "J~WyJzIiwibiIsMSwyXQ~", YAO_E_MALFORMED},
    {"N060: refuses an empty array", "J~W10~", YAO_E_MALFORMED},
    {"N060: refuses a name that is a number", "J~WyJzIiwxLDJd~",
     YAO_E_MALFORMED},
    {"N060: refuses a salt that is a number", "J~WzEsMl0~", YAO_E_MALFORMED},
    {"N060: refuses a salt that is null", "J~W251bGwsIm4iLDFd~",
     YAO_E_MALFORMED},
    {"N060: refuses a string", "J~InMi~", YAO_E_MALFORMED},
    {"refuses bytes behind the array", "J~WyJzIiwxXTI~", YAO_E_TRAILING},
    {"refuses an array that ends early", "J~WyJzIiwx~", YAO_E_TRUNCATED},
    {"N067: refuses a name twice in a value", "J~WyJzIix7ImEiOjEsImEiOjF9XQ~",
     YAO_E_DUPLICATE},
    {"refuses Latin-1 in a disclosure", "J~WyJzIiwi6SJd~", YAO_E_UTF8},
};

static yao_bytes spell(const char *shape)
{
    yao_bytes parts[4] = {
        test_jws(YAO_LIT(SD_HEADER), YAO_LIT("{}"), test_key(0, YAO_ES256)),
        test_base64url(YAO_LIT("[\"salt\",\"name\",1]")),
        test_base64url(YAO_LIT("[\"salt2\",2]")),
        test_jws(YAO_LIT(SD_KB_HEADER), YAO_LIT("{}"),
                 test_key(1, YAO_ES256))};
    yao_writer w    = yao_writer_in(test_arena());
    yao_bytes  text = {0};

    for (const char *c = shape; *c != '\0'; c++) {
        const char *known = strchr("JDEK", *c);
        /* a J inside other letters is one of them */
        if (known != NULL && (c == shape || strchr("~./ \".", c[-1]) != NULL) &&
            strchr("~.=+\n\"", c[1]) != NULL)
            yao_put_bytes(&w, parts[known - "JDEK"]);
        else
            yao_put_byte(&w, (uint8_t)*c);
    }
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return text;
}

static void shape(void **state)
{
    const struct row    *r = *state;
    yao_sdjwt_unverified u;

    assert_status(yao_sdjwt_parse(test_arena(), spell(r->shape), &u), r->want);
}

static void fields(void **state)
{
    yao_sdjwt_unverified u;
    yao_bytes            text = spell("J~D~E~K");

    (void)state;
    assert_status(yao_sdjwt_parse(test_arena(), text, &u), YAO_OK);
    assert_int_equal(u.disclosure_count, 2);
    assert_int_equal(u.disclosures[0].array->count, 3);
    assert_int_equal(u.disclosures[1].array->count, 2);
    assert_true(u.has_kb);
    assert_bytes(yao_text_bytes(u.kb.type), YAO_LIT("kb+jwt"));
    assert_ptr_equal(u.hashed.ptr, text.ptr);
    assert_int_equal(text.ptr[u.hashed.len - 1], '~');
    assert_ptr_equal(u.kb.signing_input.ptr, text.ptr + u.hashed.len);
}

static yao_bytes many(size_t count)
{
    uint8_t *room = yao_arena_take(test_arena(), 8 * 1024);
    size_t   len  = 0;

    for (size_t i = 0; i < count; i++, len += 12)
        memcpy(room + len, "WyJzIiwxMF0~", 12);
    return test_join((yao_bytes[]){spell("J~"), {room, len}, {0}});
}

static void limits(void **state)
{
    yao_sdjwt_unverified u;
    uint8_t *room = yao_arena_take(test_arena(), YAO_MAX_MESSAGE + 1);

    (void)state;
    assert_status(yao_sdjwt_parse(test_arena(), many(YAO_MAX_DISCLOSURES), &u),
                  YAO_OK);
    assert_status(yao_sdjwt_parse(test_arena(), many(YAO_MAX_DISCLOSURES + 1),
                                  &u),
                  YAO_E_LIMIT);
    memset(room, 'A', YAO_MAX_MESSAGE + 1);
    assert_status(yao_sdjwt_parse(test_arena(),
                                  (yao_bytes){room, YAO_MAX_MESSAGE}, &u),
                  YAO_E_MALFORMED);
    assert_status(yao_sdjwt_parse(test_arena(),
                                  (yao_bytes){room, YAO_MAX_MESSAGE + 1}, &u),
                  YAO_E_LIMIT);
}

static yao_status take_parse(yao_arena *arena, void *context)
{
    yao_sdjwt_unverified u;

    return yao_sdjwt_parse(arena, *(yao_bytes *)context, &u);
}

static void every_arena(void **state)
{
    yao_bytes text = spell("J~D~E~K");

    (void)state;
    test_every_arena(take_parse, &text, 16384);
}

static void kb_algorithm(void **state)
{
    static const char *const headers[] = {
        "{\"alg\":\"none\",\"typ\":\"kb+jwt\"}",
        "{\"alg\":\"HS256\",\"typ\":\"kb+jwt\"}",
        "{\"alg\":\"EdDSA\",\"typ\":\"kb+jwt\"}",
        "{\"typ\":\"kb+jwt\"}"};
    yao_sdjwt_unverified read;
    sd_token             t = {.kb_header = NULL};

    (void)state;
    assert_status(yao_sdjwt_parse(test_arena(), sd_text(&t), &read), YAO_OK);
    for (size_t i = 0; i < COUNT(headers); i++) {
        t.kb_header = headers[i];
        assert_status(yao_sdjwt_parse(test_arena(), sd_text(&t), &read),
                      YAO_E_ALGORITHM);
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("parse", rows[i].name, shape, &rows[i]);
    test_add("parse", "gives the parts", fields, NULL);
    test_add("parse", "refuses more disclosures, or letters, than the limit",
             limits, NULL);
    test_add("parse", "gives SPACE in every arena that is too small",
             every_arena, NULL);
    test_add("parse", "N075: refuses a KB-JWT of alg none, HS256 or no alg",
             kb_algorithm, NULL);
    return test_run("sdjwt/parse");
}
