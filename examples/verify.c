/* SPDX-License-Identifier: Apache-2.0 */
/* Judge a document: verify FILE ROOT.der    (needs pkg-config yaopai) */
#include <stdio.h>
#include <time.h>
#include <yaopai/openssl.h>
#include <yaopai/verify.h>

static uint8_t memory[1 << 22], message[1 << 20], root[8192];

static yao_bytes load(const char *path, uint8_t *room, size_t cap)
{
    FILE  *file = fopen(path, "rb");
    size_t len  = file != NULL ? fread(room, 1, cap, file) : 0;

    if (file != NULL)
        fclose(file);
    return (yao_bytes){room, len};
}

int main(int argc, char **argv)
{
    yao_arena    arena   = {memory, sizeof memory, 0};
    yao_openssl *openssl = yao_openssl_open();
    yao_result  *result;
    if (argc != 3 || openssl == NULL)
        return 1;
    yao_bytes          input   = load(argv[1], message, sizeof message);
    yao_bytes          trusted = load(argv[2], root, sizeof root);
    yao_anchor         anchor  = {.certificate = trusted,
                                  .role        = YAO_ROLE_ISSUER};
    yao_verify_options options = {.anchors = &anchor, .anchor_count = 1,
                                  .now = time(NULL), .no_binding = true};
    if (yao_verify(&arena, yao_openssl_crypto(openssl), input, &options,
                   &result) != YAO_OK)
        return 2;
    puts(yao_verdict_name(result->verdict));
    yao_openssl_close(openssl);
    return result->verdict == YAO_VERDICT_ACCEPT ? 0 : 3;
}
