/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/x509.h"

enum { KEY_ID_LEN = 20, MAX_NAME = 64, MAX_URI = 512 };

/* Days: annex B tables B.1, B.3, B.7, and that of revocation lists. */
static int32_t longest(yao_x509_kind kind)
{
    switch (kind) {
    case YAO_X509_ROOT:
    case YAO_X509_LINK:   return 20 * 365 + 5;
    case YAO_X509_SIGNER: return 457;
    case YAO_X509_READER:
    case YAO_X509_TRUST:
    case YAO_X509_STATUS:
    case YAO_X509_ATTEST: return 1187;
    default:              return 0;
    }
}

static bool is_ca(yao_x509_kind kind)
{
    return kind == YAO_X509_ROOT || kind == YAO_X509_LINK;
}

/* ---- is the request within the profile? ---- */

static bool is_country(yao_text country)
{
    return country.len == 2 && country.ptr[0] >= 'A' && country.ptr[0] <= 'Z' &&
           country.ptr[1] >= 'A' && country.ptr[1] <= 'Z';
}

/* RFC 5280 appendix A.1: ub-common-name and its like are 64. */
static bool is_name(yao_text name)
{
    if (yao_text_count(name) > MAX_NAME)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] < 0x20 || name.ptr[i] == 0x7f)
            return false;

    return true;
}

static bool is_letter_or_digit(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9');
}

static bool is_number(yao_text number)
{
    if (number.len > MAX_NAME)
        return false;
    for (size_t i = 0; i < number.len; i++)
        if (!is_letter_or_digit(number.ptr[i]) && number.ptr[i] != '-')
            return false;

    return true;
}

/* Empty, or visible ASCII with a scheme. */
static bool is_uri(yao_text uri)
{
    bool scheme = uri.len == 0;

    if (uri.len > MAX_URI)
        return false;
    for (size_t i = 0; i < uri.len; i++) {
        if (uri.ptr[i] <= 0x20 || uri.ptr[i] >= 0x7f)
            return false;
        scheme = scheme || (i > 0 && uri.ptr[i] == ':');
    }

    return scheme;
}

static bool is_dns(yao_text name)
{
    if (name.len > 253)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!is_letter_or_digit(name.ptr[i]) && name.ptr[i] != '-' &&
            name.ptr[i] != '.')
            return false;

    return true;
}

static bool names_good(const yao_x509_request *q)
{
    bool reader  = q->kind == YAO_X509_READER;
    bool country = is_country(q->country) || (reader && q->country.len == 0);

    if (!country || q->common_name.len == 0 || q->crl_uri.len == 0)
        return false;
    if (q->issuer_uri.len == 0 && !reader)
        return false;

    return is_name(q->common_name) && is_name(q->organisation) &&
           is_number(q->serial_number) && is_uri(q->issuer_uri) &&
           is_uri(q->crl_uri) && is_uri(q->san_uri) &&
           is_uri(q->san_more) && is_dns(q->san_dns);
}

static bool dates_good(const yao_x509_request *q)
{
    if (q->not_before < 0 || q->not_after > YAO_TIME_MAX ||
        q->not_before >= q->not_after)
        return false;
    if (q->issuer != NULL && q->not_after > q->issuer->not_after)
        return false;

    return q->not_after - q->not_before <= longest(q->kind) * YAO_TIME_DAY;
}

static bool issuer_good(const yao_x509_request *q)
{
    const yao_sig_row     *row  = yao_sig_by_alg(q->alg);
    const yao_certificate *from = q->issuer;

    if (row == NULL)
        return false;
    if (q->kind == YAO_X509_ROOT)
        return from == NULL && q->key.curve == row->curve;
    if (from == NULL || !from->ca || from->ski.len == 0 ||
        from->key.curve != row->curve)
        return false;
    if (yao_text_equal(q->common_name, from->common_name))
        return false; /* it would pass for self-signed */

    return q->kind == YAO_X509_READER ||
           yao_text_equal(q->country, from->country);
}

static bool request_good(const yao_x509_request *q)
{
    if (longest(q->kind) == 0 || q->serial.len < 9 || q->serial.len > 20)
        return false;
    if (!yao_public_key_well_formed(&q->key) || q->key.point[0] != 4)
        return false;

    return names_good(q) && dates_good(q) && issuer_good(q);
}

/* ---- the parts ---- */

static void put_oid(yao_writer *w, yao_bytes oid)
{
    yao_der_put(w, YAO_DER_OID, oid);
}

/* ALG is one that the table has. */
static void put_algorithm(yao_writer *w, yao_sig_alg alg)
{
    size_t seq = yao_der_begin(w, YAO_DER_SEQUENCE);

    put_oid(w, yao_sig_by_alg(alg)->oid);
    yao_der_end(w, seq);
}

/* Positive and of the length that was asked for: the top bit cleared, the
 * next one set. */
static void put_serial(yao_writer *w, yao_bytes random)
{
    size_t mark = yao_der_begin(w, YAO_DER_INTEGER);

    yao_put_byte(w, (uint8_t)((random.ptr[0] & 0x3f) | 0x40));
    yao_put_bytes(w, (yao_bytes){random.ptr + 1, random.len - 1});
    yao_der_end(w, mark);
}

/* One attribute below id-at; nothing when it is empty. */
static void put_attribute(yao_writer *w, uint8_t id, uint8_t tag, yao_text text)
{
    uint8_t oid[3] = {0x55, 0x04, id};

    if (text.len == 0)
        return;
    size_t set  = yao_der_begin(w, YAO_DER_SET);
    size_t pair = yao_der_begin(w, YAO_DER_SEQUENCE);
    put_oid(w, (yao_bytes){oid, sizeof oid});
    yao_der_put(w, tag, yao_text_bytes(text));
    yao_der_end(w, pair);
    yao_der_end(w, set);
}

static void put_subject(yao_writer *w, const yao_x509_request *q)
{
    size_t seq = yao_der_begin(w, YAO_DER_SEQUENCE);

    put_attribute(w, 6, YAO_DER_PRINTABLE, q->country);
    put_attribute(w, 10, YAO_DER_UTF8, q->organisation);
    put_attribute(w, 5, YAO_DER_PRINTABLE, q->serial_number);
    put_attribute(w, 3, YAO_DER_UTF8, q->common_name);
    yao_der_end(w, seq);
}

static void put_dates(yao_writer *w, const yao_x509_request *q)
{
    size_t seq = yao_der_begin(w, YAO_DER_SEQUENCE);

    yao_der_put_time(w, q->not_before);
    yao_der_put_time(w, q->not_after);
    yao_der_end(w, seq);
}

static void put_bits(yao_writer *w, uint8_t unused, yao_bytes bits)
{
    size_t mark = yao_der_begin(w, YAO_DER_BIT_STRING);

    yao_put_byte(w, unused);
    yao_put_bytes(w, bits);
    yao_der_end(w, mark);
}

static void put_key(yao_writer *w, const yao_public_key *key)
{
    size_t seq = yao_der_begin(w, YAO_DER_SEQUENCE);
    size_t alg = yao_der_begin(w, YAO_DER_SEQUENCE);

    put_oid(w, YAO_LIT("\x2a\x86\x48\xce\x3d\x02\x01"));
    put_oid(w, yao_curve_by_id(key->curve)->oid);
    yao_der_end(w, alg);
    put_bits(w, 0, (yao_bytes){key->point, key->len});
    yao_der_end(w, seq);
}

/* ---- extensions ---- */

typedef struct extension {
    size_t seq, value;
} extension;

/* Begin an extension below id-ce; its value is written before the end. */
static extension begin_extension(yao_writer *w, uint8_t id, bool critical)
{
    uint8_t   oid[3] = {0x55, 0x1d, id};
    extension e;

    e.seq = yao_der_begin(w, YAO_DER_SEQUENCE);
    put_oid(w, (yao_bytes){oid, sizeof oid});
    if (critical)
        yao_der_put(w, YAO_DER_BOOLEAN, YAO_LIT("\xff"));
    e.value = yao_der_begin(w, YAO_DER_OCTETS);
    return e;
}

static void end_extension(yao_writer *w, extension e)
{
    yao_der_end(w, e.value);
    yao_der_end(w, e.seq);
}

static void put_key_ids(yao_writer *w, const yao_x509_request *q, yao_bytes id)
{
    if (q->issuer != NULL) {
        extension e   = begin_extension(w, 35, false);
        size_t    seq = yao_der_begin(w, YAO_DER_SEQUENCE);
        yao_der_put(w, YAO_DER_CONTEXT(0), q->issuer->ski);
        yao_der_end(w, seq);
        end_extension(w, e);
    }
    extension e = begin_extension(w, 14, false);
    yao_der_put(w, YAO_DER_OCTETS, id);
    end_extension(w, e);
}

static void put_usage(yao_writer *w, yao_x509_kind kind)
{
    extension e = begin_extension(w, 15, true);

    if (is_ca(kind))
        put_bits(w, 1, YAO_LIT("\x06")); /* keyCertSign, cRLSign */
    else
        put_bits(w, 7, YAO_LIT("\x80")); /* digitalSignature */
    end_extension(w, e);
}

/* IssuerAltName (18) or SubjectAltName (17); nothing when both are empty. */
static void put_alternative(yao_writer *w, uint8_t id, yao_text dns,
                            yao_text uri, yao_text more)
{
    if (dns.len == 0 && uri.len == 0 && more.len == 0)
        return;
    extension e   = begin_extension(w, id, false);
    size_t    seq = yao_der_begin(w, YAO_DER_SEQUENCE);
    if (dns.len != 0)
        yao_der_put(w, YAO_DER_CONTEXT(2), yao_text_bytes(dns));
    if (uri.len != 0)
        yao_der_put(w, YAO_DER_CONTEXT(6), yao_text_bytes(uri));
    if (more.len != 0)
        yao_der_put(w, YAO_DER_CONTEXT(6), yao_text_bytes(more));
    yao_der_end(w, seq);
    end_extension(w, e);
}

static void put_constraints(yao_writer *w)
{
    extension e   = begin_extension(w, 19, true);
    size_t    seq = yao_der_begin(w, YAO_DER_SEQUENCE);

    yao_der_put(w, YAO_DER_BOOLEAN, YAO_LIT("\xff"));
    yao_der_put(w, YAO_DER_INTEGER, YAO_LIT("\x00"));
    yao_der_end(w, seq);
    end_extension(w, e);
}

/* id-kp-oauthStatusSigning has no number yet (draft-ietf-oauth-status-list
 * 10.1: "TBD"). Without any purpose the certificate would also pass for that
 * of a document signer, so it gets one of ours: 2.25 and the UUID
 * 7ba55a41-7975-4b08-9310-880eb034ebbf, which nobody has to register. */
static const uint8_t status_signing[] = {
    0x69, 0x81, 0xf7, 0xa5, 0xad, 0x90, 0xaf, 0x97, 0xaa, 0xac,
    0x91, 0x93, 0x88, 0xa2, 0x81, 0xeb, 0x81, 0xd3, 0xd7, 0x3f};

/* Attesting wallets has no number either: 2.25 and the UUID
 * 3f0c8a52-6d1e-4b7a-9c55-20e1f47b9d08. */
static const uint8_t attesting[] = {
    0x69, 0xfe, 0x8c, 0xc5, 0x94, 0xcd, 0xd1, 0xf2, 0xad, 0xf5,
    0x9c, 0xaa, 0xc8, 0x9c, 0x9f, 0xa3, 0xee, 0xba, 0x08};

static void put_purpose(yao_writer *w, yao_x509_kind kind)
{
    extension e   = begin_extension(w, 37, true);
    size_t    seq = yao_der_begin(w, YAO_DER_SEQUENCE);

    if (kind == YAO_X509_READER) {
        put_oid(w, YAO_LIT("\x28\x81\x8c\x5d\x05\x01\x06"));
    } else if (kind == YAO_X509_TRUST) {
        put_oid(w, YAO_LIT("\x28\x81\x8c\x5d\x05\x01\x08"));
        put_oid(w, YAO_LIT("\x28\x81\xb5\x34\x04\x01\x08"));
    } else if (kind == YAO_X509_ATTEST) {
        put_oid(w, (yao_bytes){attesting, sizeof attesting});
    } else if (kind == YAO_X509_STATUS) {
        put_oid(w, (yao_bytes){status_signing, sizeof status_signing});
    } else {
        put_oid(w, YAO_LIT("\x28\x81\x8c\x5d\x05\x01\x02"));
        put_oid(w, YAO_LIT("\x28\x81\xb5\x34\x04\x01\x02"));
    }
    yao_der_end(w, seq);
    end_extension(w, e);
}

static void put_crl_point(yao_writer *w, yao_text uri)
{
    extension e     = begin_extension(w, 31, false);
    size_t    list  = yao_der_begin(w, YAO_DER_SEQUENCE);
    size_t    point = yao_der_begin(w, YAO_DER_SEQUENCE);
    size_t    name  = yao_der_begin(w, YAO_DER_EXPLICIT(0));
    size_t    full  = yao_der_begin(w, YAO_DER_EXPLICIT(0));

    yao_der_put(w, YAO_DER_CONTEXT(6), yao_text_bytes(uri));
    yao_der_end(w, full);
    yao_der_end(w, name);
    yao_der_end(w, point);
    yao_der_end(w, list);
    end_extension(w, e);
}

static void put_extensions(yao_writer *w, const yao_x509_request *q,
                           yao_bytes key_id)
{
    size_t outer = yao_der_begin(w, YAO_DER_EXPLICIT(3));
    size_t seq   = yao_der_begin(w, YAO_DER_SEQUENCE);

    put_key_ids(w, q, key_id);
    put_usage(w, q->kind);
    put_alternative(w, 18, (yao_text){NULL, 0}, q->issuer_uri,
                    (yao_text){NULL, 0});
    put_alternative(w, 17, q->san_dns, q->san_uri, q->san_more);
    if (is_ca(q->kind))
        put_constraints(w);
    else
        put_purpose(w, q->kind);
    put_crl_point(w, q->crl_uri);
    yao_der_end(w, seq);
    yao_der_end(w, outer);
}

static void put_version(yao_writer *w)
{
    size_t outer = yao_der_begin(w, YAO_DER_EXPLICIT(0));

    yao_der_put(w, YAO_DER_INTEGER, YAO_LIT("\x02"));
    yao_der_end(w, outer);
}

yao_status yao_x509_put_tbs(yao_writer *w, const yao_x509_request *request,
                            const yao_crypto *crypto)
{
    const yao_x509_request *q = request;
    uint8_t                 hash[YAO_SHA256_LEN];

    if (!request_good(q))
        return YAO_E_USAGE;

    yao_bytes point = {q->key.point, q->key.len};
    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &point, 1, hash));

    size_t seq = yao_der_begin(w, YAO_DER_SEQUENCE);
    put_version(w);
    put_serial(w, q->serial);
    put_algorithm(w, q->alg);
    if (q->issuer != NULL)
        yao_put_bytes(w, q->issuer->subject);
    else
        put_subject(w, q);
    put_dates(w, q);
    put_subject(w, q);
    put_key(w, &q->key);
    put_extensions(w, q, (yao_bytes){hash, KEY_ID_LEN});
    yao_der_end(w, seq);

    return w->status;
}

void yao_x509_put_certificate(yao_writer *w, yao_bytes tbs, yao_sig_alg alg,
                              yao_bytes signature)
{
    const yao_sig_row *row = yao_sig_by_alg(alg);

    if (row == NULL || signature.len != row->signature_len) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }

    size_t seq = yao_der_begin(w, YAO_DER_SEQUENCE);
    yao_put_bytes(w, tbs);
    put_algorithm(w, alg);
    size_t bits = yao_der_begin(w, YAO_DER_BIT_STRING);
    yao_put_byte(w, 0);
    yao_der_put_signature(w, signature);
    yao_der_end(w, bits);
    yao_der_end(w, seq);
}
