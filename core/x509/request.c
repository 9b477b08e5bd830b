/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/request.h"

#include "x509/parts.h"

/* CertificationRequestInfo: of all that it says the key is of use. */
static yao_status read_info(yao_bytes content, yao_public_key *key)
{
    yao_der_reader r       = yao_der_open(content);
    uint32_t       version = yao_der_get_small(&r);

    YAO_TRY(r.status);
    if (version != 0)
        return YAO_E_PROFILE;
    yao_der_item name = yao_der_get_any(&r);
    YAO_TRY(r.status);
    if (name.tag != YAO_DER_SEQUENCE)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_x509_read_key(&r, key));
    if (r.rest.len > 0) /* some tools leave out an empty set */
        yao_der_get(&r, YAO_DER_EXPLICIT(0));
    return yao_der_close(&r);
}

static yao_status fill_check(yao_bytes signature, yao_bytes oid,
                             yao_signature_check *check, uint8_t *raw)
{
    const yao_sig_row *row = yao_sig_by_oid(oid);

    if (row == NULL || row->curve != check->key.curve)
        return YAO_E_ALGORITHM;
    YAO_TRY(yao_der_get_signature(signature, row->signature_len / 2u, raw));
    check->alg       = row->alg;
    check->signature = (yao_bytes){raw, row->signature_len};
    return YAO_OK;
}

yao_status yao_x509_read_request(yao_bytes der, yao_public_key *key,
                                 yao_signature_check *check, uint8_t *raw)
{
    yao_signature_check c   = {.part_count = 1};
    yao_bytes           oid = {NULL, 0};

    yao_der_reader r    = yao_der_open(der);
    yao_der_reader seq  = yao_der_enter(&r, YAO_DER_SEQUENCE);
    yao_der_item   info = yao_der_get_any(&seq);
    YAO_TRY(seq.status);
    if (info.tag != YAO_DER_SEQUENCE)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_x509_read_algorithm(&seq, &oid));
    yao_bytes signature = yao_der_get_bits(&seq, NULL);
    yao_der_leave(&r, &seq);
    YAO_TRY(yao_der_close(&r));

    YAO_TRY(read_info(info.content, &c.key));
    c.parts[0] = info.whole;
    YAO_TRY(fill_check(signature, oid, &c, raw));
    *key   = c.key;
    *check = c;
    return YAO_OK;
}
