/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/demo.h"

#include "app/files.h"
#include "mdoc/mdoc.h"
#include "yaopai/openssl.h"

yao_status yao_session_remote(const char *path, const char *client_id,
                              const char *response_uri, char nonce[44])
{
    uint8_t      random[32], buffer[512], letters[43];
    yao_writer   text    = yao_writer_open(letters, sizeof letters);
    yao_writer   w       = yao_writer_open(buffer, sizeof buffer);
    yao_openssl *openssl = yao_openssl_open();
    yao_status   status  = openssl == NULL ? YAO_E_CRYPTO : YAO_OK;
    yao_bytes    transcript;

    if (status == YAO_OK)
        status = yao_openssl_random(random, sizeof random);
    if (status == YAO_OK) {
        yao_put_base64url(&text, (yao_bytes){random, sizeof random});
        status = yao_mdoc_put_transcript_openid4vp(
            &w, yao_openssl_crypto(openssl), yao_text_of(client_id),
            (yao_text){letters, text.len}, (yao_bytes){NULL, 0},
            yao_text_of(response_uri));
    }
    if (status == YAO_OK)
        status = yao_writer_close(&w, &transcript);
    if (status == YAO_OK)
        status = yao_file_write(path, transcript, 0644, false);
    if (status == YAO_OK) {
        for (size_t i = 0; i < text.len; i++)
            nonce[i] = (char)letters[i];
        nonce[text.len] = '\0';
    }
    yao_openssl_close(openssl);
    return status;
}

/* #6.24(bstr .cbor COSE_Key) */
static void put_key(yao_writer *w, const yao_openssl_key *key)
{
    yao_public_key public = yao_openssl_key_public(key);
    size_t         mark   = yao_cbor_begin_wrapped(w);

    yao_cose_put_key(w, &public);
    yao_cbor_end_bytes(w, mark);
}

/* DeviceEngagementBytes: {0: "1.0", 1: [1, EDeviceKeyBytes]}. */
static void put_engagement(yao_writer *w, const yao_openssl_key *device)
{
    size_t mark = yao_cbor_begin_wrapped(w);

    yao_cbor_put_map(w, 2);
    yao_cbor_put_uint(w, 0);
    yao_cbor_put_string(w, "1.0");
    yao_cbor_put_uint(w, 1);
    yao_cbor_put_array(w, 2);
    yao_cbor_put_uint(w, 1);
    put_key(w, device);
    yao_cbor_end_bytes(w, mark);
}

static yao_status write_transcript(const char *path,
                                   const yao_openssl_key *device,
                                   const yao_openssl_key *reader)
{
    uint8_t    memory[1024];
    yao_arena  arena = {memory, sizeof memory, 0};
    yao_bytes  engagement, key, transcript;
    yao_writer w;

    w = yao_writer_in(&arena);
    put_engagement(&w, device);
    YAO_TRY(yao_writer_keep(&w, &arena, &engagement));
    w = yao_writer_in(&arena);
    put_key(&w, reader);
    YAO_TRY(yao_writer_keep(&w, &arena, &key));
    w = yao_writer_in(&arena);
    yao_mdoc_put_transcript_qr(&w, engagement, key);
    YAO_TRY(yao_writer_keep(&w, &arena, &transcript));

    return yao_file_write(path, transcript, 0644, false);
}

yao_status yao_session_counter(const char *path, const char *key_path)
{
    yao_openssl_key *device = NULL, *reader = NULL;
    yao_status       status;

    status = yao_openssl_key_generate(YAO_ES256, &device);
    if (status == YAO_OK)
        status = yao_openssl_key_generate(YAO_ES256, &reader);
    if (status == YAO_OK)
        status = yao_openssl_key_save(reader, key_path);
    if (status == YAO_OK)
        status = write_transcript(path, device, reader);
    yao_openssl_key_close(device);
    yao_openssl_key_close(reader);
    return status;
}
