/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/parts.h"

/* RFC 5280 4.1.2.2 */
enum { MAX_SERIAL = 20 };

/* Annex B asks for 63 random bits. Such a number is shorter than seven octets
 * once in 30,000 times; a shorter serial was counted, not drawn. */
enum { MIN_SERIAL = 7 };

static const yao_bytes EC_PUBLIC_KEY =
    YAO_INIT("\x2a\x86\x48\xce\x3d\x02\x01");

static yao_status read_version(yao_der_reader *tbs)
{
    if (tbs->status == YAO_OK && yao_der_peek(tbs) != YAO_DER_EXPLICIT(0))
        return YAO_E_PROFILE;

    yao_der_reader r       = yao_der_enter(tbs, YAO_DER_EXPLICIT(0));
    uint32_t       version = yao_der_get_small(&r);
    yao_der_leave(tbs, &r);
    YAO_TRY(tbs->status);

    return version == 2 ? YAO_OK : YAO_E_PROFILE;
}

static yao_status read_serial(yao_der_reader *tbs, yao_certificate *c)
{
    yao_bytes serial = yao_der_get(tbs, YAO_DER_INTEGER);

    YAO_TRY(tbs->status);
    if (serial.ptr[0] >= 0x80 || serial.len > MAX_SERIAL)
        return YAO_E_PROFILE;
    if (serial.len == 1 && serial.ptr[0] == 0)
        return YAO_E_PROFILE;
    if (serial.len < MIN_SERIAL)
        c->deviations |= YAO_DEV_SHORT_SERIAL;

    c->serial = serial;
    return YAO_OK;
}

/* AlgorithmIdentifier of a signature: RFC 5758 3.2 has no parameters. */
yao_status yao_x509_read_algorithm(yao_der_reader *r, yao_bytes *oid)
{
    yao_der_reader seq = yao_der_enter(r, YAO_DER_SEQUENCE);

    *oid = yao_der_get(&seq, YAO_DER_OID);
    YAO_TRY(seq.status);

    return seq.rest.len == 0 ? YAO_OK : YAO_E_ALGORITHM;
}

static yao_status read_dates(yao_der_reader *tbs, yao_certificate *c)
{
    yao_der_reader seq = yao_der_enter(tbs, YAO_DER_SEQUENCE);

    c->not_before = yao_der_get_time(&seq);
    c->not_after  = yao_der_get_time(&seq);
    yao_der_leave(tbs, &seq);
    YAO_TRY(tbs->status);

    return c->not_before <= c->not_after ? YAO_OK : YAO_E_PROFILE;
}

static yao_status read_point(const yao_curve_row *curve, yao_bytes point,
                             yao_public_key *ret)
{
    if (point.len != 2 * (size_t)curve->field_len + 1 || point.ptr[0] != 4)
        return YAO_E_KEY;

    return yao_public_key_make(
        curve->curve, (yao_bytes){point.ptr + 1, curve->field_len},
        (yao_bytes){point.ptr + 1 + curve->field_len, curve->field_len}, ret);
}

/* SubjectPublicKeyInfo, RFC 5480 2: a named curve; parameters spelled out
 * (CVE-2020-0601) and any other kind of key are refused. */
yao_status yao_x509_read_key(yao_der_reader *tbs, yao_public_key *ret)
{
    yao_der_reader seq = yao_der_enter(tbs, YAO_DER_SEQUENCE);
    yao_der_reader alg = yao_der_enter(&seq, YAO_DER_SEQUENCE);
    yao_bytes      oid = yao_der_get(&alg, YAO_DER_OID);

    YAO_TRY(alg.status);
    if (!yao_bytes_equal(oid, EC_PUBLIC_KEY) ||
        yao_der_peek(&alg) != YAO_DER_OID)
        return YAO_E_ALGORITHM;

    const yao_curve_row *curve =
        yao_curve_by_oid(yao_der_get(&alg, YAO_DER_OID));
    yao_der_leave(&seq, &alg);
    yao_bytes point = yao_der_get_bits(&seq, NULL);
    yao_der_leave(tbs, &seq);
    YAO_TRY(tbs->status);

    return curve == NULL ? YAO_E_ALGORITHM : read_point(curve, point, ret);
}

/* TBSCertificate, with the algorithm that it says it is signed with. */
static yao_status read_tbs(yao_bytes content, yao_certificate *c,
                           yao_bytes *algorithm)
{
    yao_der_reader r = yao_der_open(content);

    YAO_TRY(read_version(&r));
    YAO_TRY(read_serial(&r, c));
    YAO_TRY(yao_x509_read_algorithm(&r, algorithm));
    c->issuer = yao_der_get_any(&r).whole;
    YAO_TRY(read_dates(&r, c));
    c->subject = yao_der_get_any(&r).whole;
    YAO_TRY(yao_x509_read_key(&r, &c->key));

    /* unique identifiers of version 2 stand here; RFC 5280 4.1.2.8 wants
     * none, so the next thing is the extensions */
    yao_bytes extensions = yao_der_get(&r, YAO_DER_EXPLICIT(3));
    YAO_TRY(yao_der_close(&r));

    YAO_TRY(yao_x509_read_name(c->issuer, NULL));
    YAO_TRY(yao_x509_read_name(c->subject, c));
    return yao_x509_read_extensions(extensions, c);
}

static yao_status read_signature(yao_bytes der, yao_bytes oid,
                                 yao_certificate *c)
{
    const yao_sig_row *row = yao_sig_by_oid(oid);

    if (row == NULL)
        return YAO_E_ALGORITHM;
    YAO_TRY(yao_der_get_signature(der, row->signature_len / 2u, c->signature));

    c->signature_alg = row->alg;
    c->signature_len = row->signature_len;
    return YAO_OK;
}

yao_status yao_x509_read(yao_bytes der, yao_certificate *ret)
{
    yao_certificate c = {.der = der, .path_len = -1};
    yao_bytes       inner = {NULL, 0}, outer = {NULL, 0};

    if (der.len > YAO_MAX_CERTIFICATE)
        return YAO_E_LIMIT;

    yao_der_reader r    = yao_der_open(der);
    yao_der_reader cert = yao_der_enter(&r, YAO_DER_SEQUENCE);
    yao_der_item   tbs  = yao_der_get_any(&cert);
    YAO_TRY(cert.status);
    if (tbs.tag != YAO_DER_SEQUENCE)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_x509_read_algorithm(&cert, &outer));
    yao_bytes signature = yao_der_get_bits(&cert, NULL);
    yao_der_leave(&r, &cert);
    YAO_TRY(yao_der_close(&r));

    c.tbs = tbs.whole;
    YAO_TRY(read_tbs(tbs.content, &c, &inner));
    if (!yao_bytes_equal(inner, outer))
        return YAO_E_ALGORITHM;
    YAO_TRY(read_signature(signature, outer, &c));

    *ret = c;
    return YAO_OK;
}

yao_bytes yao_x509_subject(yao_bytes der)
{
    yao_der_reader r    = yao_der_open(der);
    yao_der_reader cert = yao_der_enter(&r, YAO_DER_SEQUENCE);
    yao_der_reader tbs  = yao_der_enter(&cert, YAO_DER_SEQUENCE);

    /* version, serial, algorithm, issuer, validity */
    for (int i = 0; i < 5; i++)
        yao_der_get_any(&tbs);

    return yao_der_get_any(&tbs).whole;
}
