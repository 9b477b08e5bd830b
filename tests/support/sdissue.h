/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_SDISSUE_H
#define YAO_TEST_SDISSUE_H

/** SD-JWTs that are issued, and shown, by the project itself. */

#include "sdtoken.h"

#define SPECIMEN "{\"vct\":\"urn:yaopai:specimen:1\",\"exp\":1800000000,"

enum { SD_MAX_PATHS = 12 };

#define SD_PERSON                                                              \
    "{\"vct\":\"urn:yaopai:specimen:1\",\"iss\":\"https://issuer.example\","    \
    "\"exp\":1800000000,\"given_name\":\"\\u5c0f\\u660e\",\"family_name\":"     \
    "\"\xe5\xbc\xa0\",\"address\":{\"city\":\"Tianjin\",\"street\":{\"name\":"  \
    "\"X\",\"number\":7}},\"nationalities\":[\"CN\",\"HK\",[1,2]],\"n\\/a\":1}"

/* Random bytes of a test: a counter, so that every encoding is the same. */
static inline yao_entropy sd_entropy(size_t len)
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
static inline size_t sd_read_paths(const char *list, yao_sdjwt_path *paths)
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

static inline yao_sdjwt_issue_request sd_request(const char *claims,
                                                 const char *paths)
{
    yao_sdjwt_path *list =
        yao_arena_take_array(test_arena(), SD_MAX_PATHS, sizeof *list);

    assert_non_null(list);
    return (yao_sdjwt_issue_request){
        .claims = test_json(
            (yao_bytes){(const uint8_t *)claims, strlen(claims)}),
        .disclosable       = list,
        .disclosable_count = sd_read_paths(paths, list),
        .holder_key        = test_public(SD_HOLDER),
        .type              = YAO_TEXT("dc+sd-jwt"),
        .alg               = YAO_ES256};
}

static inline yao_bytes sd_signed_token(const yao_sdjwt_issuing *issuing)
{
    yao_bytes signature =
        test_sign(test_key(SD_ISSUER, YAO_ES256), issuing->wish);
    yao_writer w    = yao_writer_in(test_arena());
    yao_bytes  text = {0};

    assert_status(yao_sdjwt_put_issued(&w, issuing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return text;
}

static inline yao_bytes sd_issue(const char *claims, const char *paths,
                                 size_t decoys)
{
    yao_sdjwt_issue_request q = sd_request(claims, paths);
    yao_entropy             e = sd_entropy(16384);
    yao_sdjwt_issuing       issuing;

    q.decoys = decoys;
    assert_status(yao_sdjwt_issue(test_arena(), test_crypto(), &q, &e,
                                  &issuing),
                  YAO_OK);
    return sd_signed_token(&issuing);
}

static inline yao_bytes sd_present(yao_bytes stored, const char *paths)
{
    yao_sdjwt_path       list[SD_MAX_PATHS];
    yao_sdjwt_presenting p;
    yao_bytes            text = {0};

    assert_status(yao_sdjwt_present(test_arena(), test_crypto(), stored, list,
                                    sd_read_paths(paths, list),
                                    YAO_TEXT("n-0S6"),
                                    YAO_TEXT("https://verifier.example"),
                                    SD_NOW, YAO_ES256, &p),
                  YAO_OK);
    yao_bytes  signature = test_sign(test_key(SD_HOLDER, YAO_ES256), p.wish);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_sdjwt_put_presented(&w, &p, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return text;
}

#endif
