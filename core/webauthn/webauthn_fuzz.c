/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first byte says as what the rest is read: 0 authenticator data with an
 * attested key, 1 without, 2 an attestation object, 3 client data, 4 the JSON
 * of a response.
 *
 * Property: what was read lies within what was shown, has the length that it
 * says, and without its last byte it is refused.
 */
#include "webauthn/authdata.h"
#include "yaopai/openssl.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Alignas(16) uint8_t memory[1 << 20];

static void expect(bool fact)
{
    if (!fact)
        __builtin_trap();
}

static void read_data(yao_bytes input, bool attested)
{
    yao_webauthn_data d, again;

    if (yao_webauthn_read_data(input, attested, &d) != YAO_OK)
        return;
    expect(input.len >= 37 && d.rp_hash.ptr == input.ptr);
    expect(d.rp_hash.len == 32);
    expect(((d.flags & YAO_WEBAUTHN_ATTESTED) != 0) == attested);
    expect((d.id.len > 0) == attested && d.id.len <= YAO_WEBAUTHN_ID);
    if (attested)
        expect(d.id.ptr == input.ptr + 55 && d.key.curve == YAO_P256);
    input.len--;
    expect(yao_webauthn_read_data(input, attested, &again) != YAO_OK);
}

static void check(const yao_webauthn_response *r, yao_arena *arena)
{
    static yao_openssl         *openssl;
    const yao_webauthn_expected e = {YAO_INIT("a.example"),
                                     YAO_INIT("https://a.example"),
                                     YAO_INIT("0123456789abcdef")};
    yao_webauthn_pending        p;

    if (openssl == NULL)
        openssl = yao_openssl_open();
    expect(openssl != NULL);
    if (yao_webauthn_check_creation(yao_openssl_crypto(openssl), &e, r, arena,
                                    &p) == YAO_OK)
        expect(p.count <= 1 && yao_bytes_equal(p.credential.id, r->id));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char client[] =
        "{\"type\":\"webauthn.create\",\"challenge\":\"MDEyMzQ1Njc4OWFiY2RlZg\","
        "\"origin\":\"https://a.example\"}";
    yao_arena             arena = {memory, sizeof memory, 0};
    yao_webauthn_response r     = {
            .id          = YAO_INIT("i"),
            .client_data = {(const uint8_t *)client, sizeof client - 1}};
    const yao_json *json;

    if (size == 0)
        return 0;
    yao_bytes rest = {data + 1, size - 1};
    if (data[0] < 2)
        read_data(rest, data[0] == 0);
    if (data[0] == 2)
        r.attestation = rest;
    if (data[0] == 3)
        r.client_data = rest;
    if (data[0] == 2 || data[0] == 3)
        check(&r, &arena);
    if (data[0] == 4 && yao_json_parse(&arena, rest, &json) == YAO_OK &&
        yao_webauthn_read_response(json, &arena, &r) == YAO_OK) {
        expect(r.id.len > 0 && r.id.len <= YAO_WEBAUTHN_ID);
        check(&r, &arena);
    }
    return 0;
}
