/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Proofs and key attestations of strangers. Property: without a home that
 * says GOOD to each check no key is proven, and with one that does, no key is
 * proven twice, none without a check, all for one nonce.
 *
 * Input: the first byte says what is asked of them; the rest are tokens, a
 * line each.
 */

#include "vci/proof.h"

#include "tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static uint8_t memory[1 << 22];

static void split(yao_bytes rest, yao_vci_request *request)
{
    while (rest.len > 0 && request->proof_count < YAO_VCI_MAX_BATCH) {
        size_t at = yao_bytes_find(rest, '\n');
        request->proofs[request->proof_count++] = (yao_text){rest.ptr, at};
        if (at == rest.len)
            return;
        rest = (yao_bytes){rest.ptr + at + 1, rest.len - at - 1};
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena       arena   = {memory, sizeof memory, 0};
    yao_vci_request request = {.type = YAO_VCI_JWT};
    yao_vci_proofs  proofs;
    yao_vci_keys    keys;
    yao_vci_error   error = YAO_VCI_OTHER_ERROR;

    if (len == 0)
        return 0;
    if ((data[0] & 1) != 0)
        request.type = YAO_VCI_ATTESTATION;
    split((yao_bytes){data + 1, len - 1}, &request);
    const yao_vci_proof_rules rules = {
        .issuer    = YAO_TEXT("https://i.example"),
        .client_id = (data[0] & 2) != 0 ? YAO_TEXT("wallet-1") : YAO_TEXT(""),
        .now       = INT64_C(1795305600),
        .attested  = (data[0] & 4) != 0,
        .status    = (data[0] & 8) != 0};

    if (yao_vci_begin_proofs(&arena, &request, &rules, &proofs, &error) !=
        YAO_OK)
        return 0;
    must(error == YAO_VCI_FINE && proofs.check_count >= 1);
    must(proofs.nonce.len > 0);
    must(yao_vci_conclude_proofs(&proofs, proofs.checks, &keys, &error) !=
         YAO_OK);
    for (size_t i = 0; i < proofs.check_count; i++)
        proofs.checks[i].outcome = YAO_SIG_GOOD;
    must(yao_vci_conclude_proofs(&proofs, proofs.checks, &keys, &error) ==
         YAO_OK);
    must(keys.count >= 1 && keys.count <= YAO_VCI_MAX_BATCH);
    must(keys.attested || !rules.attested);
    for (size_t i = 0; i < keys.count; i++)
        for (size_t j = 0; j < i; j++)
            must(!yao_public_key_equal(&keys.items[i], &keys.items[j]));
    return 0;
}
