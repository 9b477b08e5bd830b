/* SPDX-License-Identifier: Apache-2.0 */

/* What an SD-JWT says, by paths: nothing hidden but what is about the token,
 * and nothing that takes another's place. */

#include "check.h"

#include "policy/policy.h"

static const struct row {
    const char *name, *payload;
    const char *said; /* "path=value", in their order */
} rows[] = {
    {"gives values by their paths",
     "{\"name\":\"SPECIMEN\",\"address\":{\"locality\":\"UT\",\"x\":{\"y\":1}}}",
     "name=\"SPECIMEN\" address.locality=\"UT\" address.x.y=1 "},
    {"gives an array whole", "{\"n\":[1,{\"a\":2}]}", "n=[1,{\"a\":2}] "},
    {"gives nothing of the token itself",
     "{\"iss\":\"i\",\"iat\":1,\"nbf\":1,\"exp\":2,\"cnf\":{\"jwk\":{}},"
     "\"vct\":\"v\",\"status\":{\"a\":1},\"sub\":\"s\"}",
     "sub=\"s\" "},
    {"gives such a name below the top", "{\"a\":{\"exp\":1,\"iss\":2}}",
     "a.exp=1 a.iss=2 "},
    {"gives nothing of the token however it is spelt",
     "{\"\\u0065xp\":1,\"\\u0063nf\":{\"jwk\":2}}", ""},
    {"never takes what is below an empty name for the top's",
     "{\"name\":1,\"\":{\"name\":2,\"exp\":3,\"\":{\"name\":4}}}",
     "name=1 .name=2 .exp=3 ..name=4 "},
    {"gives nothing of an empty object", "{\"a\":{}}", ""},
};

static void said(void **state)
{
    const struct row   *r   = *state;
    yao_writer          w;
    yao_result_document got = {.attribute_count = 9};
    const yao_json     *payload;
    yao_bytes           text;

    assert_status(yao_json_parse(test_arena(),
                                 yao_text_bytes(yao_text_of(r->payload)),
                                 &payload),
                  YAO_OK);
    yao_status status =
        yao_policy_sdjwt_attributes(test_arena(), payload, &got);
    assert_status(status, YAO_OK);
    w = yao_writer_in(test_arena());
    for (size_t i = 0; i < got.attribute_count; i++) {
        assert_false(got.attributes[i].by_device);
        yao_put_bytes(&w, yao_text_bytes(got.attributes[i].name));
        yao_put_byte(&w, '=');
        yao_put_bytes(&w, yao_text_bytes(got.attributes[i].json));
        yao_put_byte(&w, ' ');
    }
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    assert_bytes(text, yao_text_bytes(yao_text_of(r->said)));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("attributes", rows[i].name, said, &rows[i]);

    return test_run("policy/attributes");
}
