/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ca.h"

#include "app/files.h"
#include "app/pem.h"

#define SERIAL_LEN 19

static yao_status read_certificate(const char *path, yao_arena *arena,
                                   yao_certificate *ret)
{
    yao_bytes file = {NULL, 0}, kept, der;
    yao_text  label;

    YAO_TRY(yao_file_read(path, 65536, &file));
    yao_status status = yao_arena_keep(arena, file, &kept);
    yao_file_free(&file);
    YAO_TRY(status);

    yao_bytes rest = kept;
    do
        YAO_TRY(yao_pem_next(&rest, arena, &label, &der));
    while (!yao_text_equal(label, YAO_TEXT("CERTIFICATE")));
    return yao_x509_read(der, ret);
}

static bool same_key(const yao_public_key *a, const yao_public_key *b)
{
    return a->curve == b->curve &&
           yao_bytes_equal((yao_bytes){a->point, a->len},
                           (yao_bytes){b->point, b->len});
}

yao_status ca_check_date(const yao_certificate *c)
{
    yao_time now = yao_now();

    if (now < c->not_before)
        return YAO_E_NOT_YET_VALID;
    return now <= c->not_after ? YAO_OK : YAO_E_EXPIRED;
}

yao_status ca_open(const char *certificate, const char *key_uri,
                   yao_arena *arena, ca *ret)
{
    ca c = {.key = NULL};

    YAO_TRY(read_certificate(certificate, arena, &c.certificate));
    if (key_uri != NULL && key_uri[0] != '\0') {
        YAO_TRY(ca_check_date(&c.certificate));
        YAO_TRY(yao_key_open(key_uri, &c.key));
        yao_public_key public = yao_key_public(c.key);
        if (!same_key(&public, &c.certificate.key)) {
            yao_key_close(c.key);
            return YAO_E_MISMATCH;
        }
    }
    *ret = c;
    return YAO_OK;
}

void ca_close(ca *c)
{
    yao_key_close(c->key);
    c->key = NULL;
}

yao_status ca_sign(const yao_crypto *crypto, yao_x509_request *request,
                   const ca *issuer, yao_key *key, yao_arena *arena,
                   yao_bytes *der)
{
    uint8_t    serial[SERIAL_LEN], signature[YAO_MAX_SIGNATURE];
    size_t     len = 0;
    yao_bytes  tbs;
    yao_writer w;

    YAO_TRY(yao_openssl_random(serial, sizeof serial));
    request->serial = (yao_bytes){serial, sizeof serial};
    request->alg    = yao_key_alg(key);
    request->issuer = issuer != NULL ? &issuer->certificate : NULL;

    w = yao_writer_in(arena);
    YAO_TRY(yao_x509_put_tbs(&w, request, crypto));
    YAO_TRY(yao_writer_keep(&w, arena, &tbs));

    yao_sign_wish wish = {.alg = request->alg, .parts = {tbs}, .part_count = 1};
    YAO_TRY(yao_key_sign(key, &wish, signature, &len));

    w = yao_writer_in(arena);
    yao_x509_put_certificate(&w, tbs, request->alg,
                             (yao_bytes){signature, len});
    return yao_writer_keep(&w, arena, der);
}

yao_status ca_save(const char *path, yao_bytes der, yao_arena *arena)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  pem;

    yao_pem_put(&w, "CERTIFICATE", der);
    YAO_TRY(yao_writer_keep(&w, arena, &pem));
    return yao_file_write(path, pem, 0644, true);
}
