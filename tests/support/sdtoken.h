/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_SDTOKEN_H
#define YAO_TEST_SDTOKEN_H

/**
 * SD-JWTs from templates, so that a row of a test table shows the whole token.
 * In a template, #0 to #9 stand for the digest of that disclosure, #H for the
 * sd_hash, @K for the holder's public key, @P for it with a private part.
 */

#include "sdjwt/sdjwt.h"
#include "token.h"

enum { SD_ISSUER = 0, SD_HOLDER = 1, SD_OTHER = 2, SD_MAX = 10 };

#define SD_NOW INT64_C(1795000000)

#define SD_HEADER "{\"alg\":\"ES256\",\"typ\":\"dc+sd-jwt\"}"
#define SD_CLAIMS                                                              \
    "\"vct\":\"urn:yaopai:specimen:1\",\"iss\":\"https://issuer.example\","    \
    "\"exp\":1800000000,\"cnf\":{\"jwk\":@K}"
#define SD_KB_HEADER "{\"alg\":\"ES256\",\"typ\":\"kb+jwt\"}"
#define SD_KB                                                                  \
    "{\"iat\":1795000000,\"aud\":\"https://verifier.example\","                \
    "\"nonce\":\"n-0S6\",\"sd_hash\":\"#H\"}"

/* ---- pieces of rows ---- */

#define SD_D2 "\"_sd\":[\"#0\",\"#1\"]"
#define SD_NAMES                                                               \
    {"[\"s0\",\"given_name\",\"Xiaoming\"]",                                   \
     "[\"s1\",\"family_name\",\"Zhang\"]"}
#define SD_BARE "\"vct\":\"urn:yaopai:specimen:1\",\"cnf\":{\"jwk\":@K}"
#define SD_WITH_CNF(cnf)                                                       \
    "{\"vct\":\"urn:yaopai:specimen:1\",\"exp\":1800000000,\"cnf\":" cnf "}"
#define SD_KB_WITH(rest)                                                       \
    "{\"iat\":1795000000,\"aud\":\"https://verifier.example\","              \
    "\"nonce\":\"n-0S6\"," rest "}"
#define SD_KB_AUD(aud)                                                         \
    "{\"iat\":1795000000,\"nonce\":\"n-0S6\"," aud "\"sd_hash\":\"#H\"}"
#define SD_KB_NONCE(nonce)                                                     \
    "{\"iat\":1795000000,\"aud\":\"https://verifier.example\"," nonce        \
    "\"sd_hash\":\"#H\"}"
#define SD_KB_IAT(iat)                                                         \
    "{" iat "\"aud\":\"https://verifier.example\",\"nonce\":\"n-0S6\","      \
    "\"sd_hash\":\"#H\"}"

typedef struct sd_token {
    const char *header, *payload;       /* NULL: the good one */
    const char *disclosures[SD_MAX];    /* ends at the first NULL */
    const char *kb_header, *kb_payload; /* NULL: the good one */
    bool        no_kb;
    size_t      issuer, holder;         /* who signs; 0 is the right one */
    yao_sig_alg issuer_alg;             /* NONE: ES256 */
    yao_openssl_key *issuer_key;        /* NULL: as these two say */
} sd_token;

static inline yao_bytes sd_hash(yao_hash_alg alg, yao_bytes input)
{
    uint8_t digest[YAO_MAX_HASH];

    assert_status(test_crypto()->hash(test_crypto()->ctx, alg, &input, 1,
                                      digest),
                  YAO_OK);
    return test_base64url((yao_bytes){digest, yao_hash_by_alg(alg)->len});
}

static inline yao_bytes sd_jwk(bool private_part)
{
    yao_public_key key = test_public(SD_HOLDER);
    yao_writer     w   = yao_writer_in(test_arena());
    yao_bytes      text = {0};

    yao_jwk_put(&w, &key);
    if (private_part) {
        w.len--;
        yao_put_text(&w, ",\"d\":\"AAAA\"}");
    }
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return text;
}

/* TEMPLATE with its places filled in. */
static inline yao_bytes sd_fill(const char *template, const yao_bytes *digests,
                                yao_bytes hash)
{
    yao_bytes  jwk  = sd_jwk(false), private_jwk = sd_jwk(true), text = {0};
    yao_writer w    = yao_writer_in(test_arena());

    for (const char *c = template; *c != '\0'; c++) {
        if (*c == '#' && c[1] == 'H')
            yao_put_bytes(&w, hash), c++;
        else if (*c == '#' && c[1] >= '0' && c[1] <= '9')
            yao_put_bytes(&w, digests[c[1] - '0']), c++;
        else if (*c == '@' && c[1] == 'K')
            yao_put_bytes(&w, jwk), c++;
        else if (*c == '@' && c[1] == 'P')
            yao_put_bytes(&w, private_jwk), c++;
        else
            yao_put_byte(&w, (uint8_t)*c);
    }
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return text;
}

/* The hash that the payload names, so that rows about it stay one-liners. */
static inline yao_hash_alg sd_alg(const char *payload)
{
    if (strstr(payload, "\"sha-384\"") != NULL)
        return YAO_SHA384;
    return strstr(payload, "\"sha-512\"") != NULL ? YAO_SHA512 : YAO_SHA256;
}

/** The token without KB-JWT: JWT ~ D ~ ... ~ */
static inline yao_bytes sd_issued(const sd_token *t)
{
    const char *payload = t->payload != NULL ? t->payload : "{" SD_CLAIMS "}";
    yao_bytes   digests[SD_MAX] = {{0}}, letters[SD_MAX] = {{0}}, none = {0};
    size_t      count = 0;

    while (count < SD_MAX && t->disclosures[count] != NULL)
        count++;
    for (size_t i = count; i-- > 0;) {
        letters[i] = test_base64url(sd_fill(t->disclosures[i], digests, none));
        digests[i] = sd_hash(sd_alg(payload), letters[i]);
    }
    yao_sig_alg alg = t->issuer_alg != YAO_SIG_NONE ? t->issuer_alg
                                                    : YAO_ES256;
    yao_bytes   jwt = test_jws(
        sd_fill(t->header != NULL ? t->header : SD_HEADER, digests, none),
        sd_fill(payload, digests, none),
        t->issuer_key != NULL ? t->issuer_key : test_key(t->issuer, alg));

    yao_bytes pieces[2 * SD_MAX + 3] = {jwt, YAO_LIT("~")};
    for (size_t i = 0; i < count; i++) {
        pieces[2 + 2 * i] = letters[i];
        pieces[3 + 2 * i] = YAO_LIT("~");
    }
    return test_join(pieces);
}

/** The same with a KB-JWT behind SHOWN, whose sd_hash is over HASHED. */
static inline yao_bytes sd_bound(const sd_token *t, yao_bytes shown,
                                 yao_bytes hashed)
{
    const char *payload = t->payload != NULL ? t->payload : "";
    yao_bytes   hash    = sd_hash(sd_alg(payload), hashed);
    yao_bytes   none[SD_MAX] = {{0}};

    yao_bytes kb = test_jws(
        sd_fill(t->kb_header != NULL ? t->kb_header : SD_KB_HEADER, none, hash),
        sd_fill(t->kb_payload != NULL ? t->kb_payload : SD_KB, none, hash),
        test_key(t->holder != 0 ? t->holder : SD_HOLDER, YAO_ES256));
    return test_join((yao_bytes[]){shown, kb, {0}});
}

static inline yao_bytes sd_text(const sd_token *t)
{
    yao_bytes issued = sd_issued(t);

    return t->no_kb ? issued : sd_bound(t, issued, issued);
}

/* ---- judging ---- */

static inline yao_anchor sd_anchor(size_t key)
{
    return (yao_anchor){.key = test_public(key), .role = YAO_ROLE_ISSUER};
}

static inline yao_sdjwt_verify_options sd_options(const yao_anchor *anchor)
{
    return (yao_sdjwt_verify_options){
        .anchors      = anchor,
        .anchor_count = 1,
        .now          = SD_NOW,
        .vc           = true,
        .nonce        = YAO_TEXT("n-0S6"),
        .audience     = YAO_TEXT("https://verifier.example")};
}

typedef struct sd_judged {
    yao_sdjwt_unverified   input;
    yao_sdjwt_verification v;
    yao_sdjwt_verified     verified;
    yao_report             report;
} sd_judged;

/** Parse, begin, ask the home, conclude. */
static inline yao_status sd_judge(yao_bytes text,
                                  const yao_sdjwt_verify_options *options,
                                  sd_judged *j)
{
    memset(j, 0, sizeof *j);
    YAO_TRY(yao_sdjwt_parse(test_arena(), text, &j->input));
    YAO_TRY(yao_sdjwt_begin(test_arena(), test_crypto(), &j->input, options,
                            &j->v, &j->report));
    YAO_TRY(test_crypto()->verify(test_crypto()->ctx, j->v.checks,
                                  j->v.check_count));
    return yao_sdjwt_conclude(&j->v, &j->verified, &j->report);
}

/** The only row of CHECK, or NULL; two of one check end the case. */
static inline const yao_report_row *sd_row(const yao_report *report,
                                           yao_check check)
{
    const yao_report_row *found = NULL;

    for (size_t i = 0; i < report->count; i++)
        if (report->rows[i].check == check) {
            if (found != NULL)
                fail_msg("two rows of %s", yao_check_name(check));
            found = &report->rows[i];
        }
    return found;
}

static inline void sd_print(const yao_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        print_message("# %s %s %s\n", yao_check_name(report->rows[i].check),
                      yao_outcome_name(report->rows[i].outcome),
                      yao_status_name(report->rows[i].why));
}

#endif
