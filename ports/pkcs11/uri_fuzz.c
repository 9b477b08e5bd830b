/* SPDX-License-Identifier: Apache-2.0 */
/*
 * URIs of PKCS #11. Property: what was accepted is written in one spelling that
 * reads as the same and is written the same; no PIN comes through.
 */
#include "pkcs11/uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool fact)
{
    if (!fact)
        __builtin_trap();
}

/* A bound of ours holds for what is read, so that what is written is known. */
static void check_limits(const yao_pkcs11_uri *u)
{
    expect(u->token.len <= 32 && u->manufacturer.len <= 32);
    expect(u->serial.len <= 16 && u->model.len <= 16);
    expect(u->object.len <= 128 && u->id.len <= 64);
    expect(u->module_path.ptr == NULL || u->module_path.ptr[0] == '/');
    expect(u->module_path.ptr == NULL ||
           u->module_path.ptr[u->module_path.len] == 0);
    expect(u->pin_source.ptr == NULL ||
           u->pin_source.ptr[u->pin_source.len] == 0);
}

static yao_bytes put(const yao_pkcs11_uri *uri, uint8_t *out, size_t cap)
{
    yao_writer w = yao_writer_open(out, cap);

    yao_pkcs11_uri_put(&w, uri);
    expect(w.status == YAO_OK);
    return (yao_bytes){out, w.len};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[2][4096], text[2][4096];
    yao_arena      one = {memory[0], sizeof memory[0], 0};
    yao_arena      two = {memory[1], sizeof memory[1], 0};
    yao_pkcs11_uri uri, again;

    if (yao_pkcs11_uri_parse((yao_bytes){data, size}, &one, &uri) != YAO_OK)
        return 0;
    check_limits(&uri);
    yao_bytes first = put(&uri, text[0], sizeof text[0]);
    if (first.len > YAO_MAX_PKCS11_URI)
        return 0; /* escapes made it longer than what is read */
    expect(yao_pkcs11_uri_parse(first, &two, &again) == YAO_OK);
    expect(yao_bytes_equal(put(&again, text[1], sizeof text[1]), first));
    return 0;
}
