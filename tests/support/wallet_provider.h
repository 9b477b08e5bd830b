/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_WALLET_PROVIDER_H
#define YAO_TEST_WALLET_PROVIDER_H

/** A wallet provider whom the authority of @/a knows, with certificates of
 *  today: @/attester.key, @/attester.pem. */

#include "app/files.h"
#include "app/pem.h"
#include "check.h"
#include "forge.h"
#include "program.h"

#define WALLET_ATTESTED                                                        \
    "--attester @/attester.key --attester-certificate @/attester.pem "

static inline void wallet_put_pem(const char *name, yao_bytes der)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  text;

    yao_pem_put(&w, "CERTIFICATE", der);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    assert_status(yao_file_write(test_scratch_path(name), text, 0600, false),
                  YAO_OK);
}

static inline yao_bytes wallet_certify(yao_x509_kind kind, int key,
                                       const yao_certificate *issuer)
{
    yao_x509_request q   = forge_request(kind, key, issuer);
    yao_time         now = yao_now();

    q.not_before = now - YAO_TIME_DAY;
    q.not_after  = now + (kind == YAO_X509_ROOT ? 30 : 10) * YAO_TIME_DAY;
    return forge_write(&q, 0);
}

static inline void wallet_provider_make(void)
{
    static const char clients[] =
        "{\"clients\":[{\"client_id\":\"yaopai-wallet\",\"name\":\"Yaopai\","
        "\"redirect_uris\":[],\"any_redirect_uri\":true}],\"attesters\":[{"
        "\"roots\":[\"provider-root.pem\"],\"any_client\":true,\"keys\":true}]"
        "}";
    yao_bytes       root = wallet_certify(YAO_X509_ROOT, 0, NULL);
    yao_certificate read;

    assert_status(yao_x509_read(root, &read), YAO_OK);
    wallet_put_pem("a/provider-root.pem", root);
    wallet_put_pem("attester.pem", wallet_certify(YAO_X509_STATUS, 1, &read));
    assert_status(yao_openssl_key_save(forge_key(1),
                                       test_scratch_path("attester.key")),
                  YAO_OK);
    assert_status(yao_file_write(test_scratch_path("a/clients.json"),
                                 YAO_LIT(clients), 0600, false),
                  YAO_OK);
}

#endif
