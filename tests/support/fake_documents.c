/* SPDX-License-Identifier: Apache-2.0 */

/* What a fake issuer issues, right or wrong, and who vouches for wallets. */

#include "fake_issuer.h"

#include "check.h"
#include "sdjwt/sdjwt.h"

static yao_bytes kept(yao_writer *w)
{
    yao_bytes out = {NULL, 0};

    assert_status(yao_writer_keep(w, test_arena(), &out), YAO_OK);
    return out;
}

yao_bytes fake_sign(yao_sign_wish wish, int key)
{
    uint8_t *out = yao_arena_take(test_arena(), YAO_MAX_SIGNATURE);
    size_t   len;

    assert_non_null(out);
    assert_status(yao_openssl_sign(forge_key(key), &wish, out, &len), YAO_OK);
    return (yao_bytes){out, len};
}

/* ---- another authority -------------------------------------------------- */

static yao_bytes other_root, other_signer;
static uint8_t   other_memory[8192];
static yao_arena other_arena = {other_memory, sizeof other_memory, 0};

/* Its name is another; the signer's key is that of mdoc_fixture.h. */
static void make_other(void)
{
    yao_certificate  parsed;
    yao_x509_request q;

    if (other_signer.len != 0)
        return;
    q             = forge_request(YAO_X509_ROOT, OTHER_KEY, NULL);
    q.common_name = YAO_TEXT("SPECIMEN Other Root");
    assert_status(yao_arena_keep(&other_arena, forge_write(&q, OTHER_KEY),
                                 &other_root),
                  YAO_OK);
    assert_status(yao_x509_read(other_root, &parsed), YAO_OK);
    q = forge_request(YAO_X509_SIGNER, SIGNER_KEY, &parsed);
    assert_status(yao_arena_keep(&other_arena, forge_write(&q, OTHER_KEY),
                                 &other_signer),
                  YAO_OK);
}

yao_anchor fake_other_anchor(void)
{
    make_other();
    return (yao_anchor){.certificate = other_root, .role = YAO_ROLE_ISSUER};
}

/* ---- documents ---------------------------------------------------------- */

yao_bytes fake_mdoc(const fake_issuer *f, yao_public_key key, bool last)
{
    static const yao_mdoc_element others[] = {
        {YAO_INIT(MDOC_SPACE), YAO_INIT("family_name"),
         YAO_INIT("\x68" "SPECIMEN")},
        {YAO_INIT(MDOC_SPACE), YAO_INIT("given_name"),
         YAO_INIT("\x64" "Anyj")},
    };
    yao_mdoc_issue_request q = mdoc_fixture_request();

    q.device_key = key;
    q.status_uri = YAO_TEXT("https://issuer.example/statuslists/1");
    if (last && (f->flags & FAKE_DIFFERENT) != 0) {
        q.elements      = others;
        q.element_count = COUNT(others);
    }
    if (last && (f->flags & FAKE_OTHER_END) != 0)
        q.validity.valid_until += YAO_TIME_DAY;
    if (last && (f->flags & FAKE_OTHER_ROOT) != 0) {
        make_other();
        q.chain = &other_signer;
    }
    yao_bytes issued = mdoc_fixture_issue(&q);
    if ((f->flags & FAKE_UNKNOWN) != 0)
        issued = mdoc_fixture_resign_with(issued, OTHER_KEY);
    return issued;
}

yao_bytes fake_sdjwt(const fake_issuer *f, yao_public_key key, bool last)
{
    const yao_json *claims;
    const mdoc_fixture *m = mdoc_fixture_get();
    static const yao_text  step = YAO_INIT("given_name");
    static const yao_sdjwt_path path = {&step, 1};
    uint8_t               *random = yao_arena_take(test_arena(), 64);
    yao_entropy            entropy = {{random, 64}};
    yao_sdjwt_issuing      issuing;

    assert_status(yao_openssl_random(random, 64), YAO_OK);
    assert_status(
        yao_json_parse(test_arena(),
                       last && (f->flags & FAKE_DIFFERENT) != 0
                           ? YAO_LIT("{\"vct\":\"urn:yaopai:specimen:1\","
                                     "\"given_name\":\"Other\","
                                     "\"exp\":1800000000}")
                           : YAO_LIT("{\"vct\":\"urn:yaopai:specimen:1\","
                                     "\"given_name\":\"SPECIMEN\","
                                     "\"exp\":1800000000}"),
                       &claims),
        YAO_OK);
    yao_sdjwt_issue_request q = {.claims            = claims,
                                 .disclosable       = &path,
                                 .disclosable_count = 1,
                                 .holder_key        = key,
                                 .type  = YAO_TEXT("dc+sd-jwt"),
                                 .alg   = YAO_ES256,
                                 .chain = &m->signer,
                                 .chain_count = 1};
    assert_status(
        yao_sdjwt_issue(test_arena(), forge_crypto(), &q, &entropy, &issuing),
        YAO_OK);
    yao_bytes signature =
        fake_sign(issuing.wish, (f->flags & FAKE_UNKNOWN) != 0 ? OTHER_KEY
                                                          : SIGNER_KEY);
    yao_writer w = yao_writer_in(test_arena());
    assert_status(yao_sdjwt_put_issued(&w, &issuing, signature), YAO_OK);
    return kept(&w);
}

/* ---- the wallet provider ------------------------------------------------ */

static yao_bytes     attester_root, attester_leaf;
static uint8_t       attester_memory[8192];
static yao_arena     attester_arena = {attester_memory, sizeof attester_memory,
                                       0};

static void make_attester(void)
{
    yao_bytes none = {NULL, 0};

    if (attester_leaf.len != 0)
        return;
    yao_bytes root = forge_make(YAO_X509_ROOT, FAKE_ATTESTER_ROOT, none,
                                FAKE_ATTESTER_ROOT);
    yao_bytes leaf = forge_make(YAO_X509_STATUS, FAKE_ATTESTER, root,
                                FAKE_ATTESTER_ROOT);
    assert_status(yao_arena_keep(&attester_arena, root, &attester_root),
                  YAO_OK);
    assert_status(yao_arena_keep(&attester_arena, leaf, &attester_leaf),
                  YAO_OK);
}

yao_anchor fake_attester(void)
{
    make_attester();
    return (yao_anchor){.certificate = attester_root,
                        .role        = YAO_ROLE_ATTEST};
}

yao_bytes fake_attester_leaf(void)
{
    make_attester();
    return attester_leaf;
}

yao_bytes fake_attestation(yao_public_key key, const char *client_id)
{
    yao_attestation_request request = {.alg       = YAO_ES256,
                                       .client_id = yao_text_of(client_id),
                                       .issued_at = FAKE_NOW,
                                       .expires   = FAKE_NOW + 3600,
                                       .key       = key,
                                       .chain     = &attester_leaf,
                                       .chain_count = 1};
    yao_oauth_unsigned token;
    yao_bytes          out;

    make_attester();
    assert_status(yao_attestation_make(test_arena(), &request, &token),
                  YAO_OK);
    assert_status(yao_oauth_sign(test_arena(), &token,
                                 fake_sign(token.wish, FAKE_ATTESTER), &out),
                  YAO_OK);
    return out;
}

yao_bytes fake_key_attestation(const yao_public_key *keys, size_t count,
                               yao_text nonce)
{
    yao_vci_attestation_wish wish = {.keys      = keys,
                                     .key_count = count,
                                     .nonce     = nonce,
                                     .now       = FAKE_NOW,
                                     .expires   = FAKE_NOW + 600,
                                     .alg       = YAO_ES256,
                                     .chain     = &attester_leaf,
                                     .chain_count = 1};
    yao_vci_token token;

    make_attester();
    assert_status(yao_vci_make_attestation(test_arena(), &wish, &token),
                  YAO_OK);
    yao_bytes  signature = fake_sign(token.wish, FAKE_ATTESTER);
    yao_writer w         = yao_writer_in(test_arena());
    yao_vci_put_token(&w, &token, signature);
    return kept(&w);
}
