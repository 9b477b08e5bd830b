/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/parts.h"

/* More than any real certificate has; bounds the look for repeats. */
enum { MAX_EXTENSIONS = 32 };

/* BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE,
 *                                 pathLenConstraint INTEGER OPTIONAL } */
static yao_status read_constraints(yao_bytes value, bool critical,
                                   yao_certificate *c)
{
    yao_der_reader r   = yao_der_open(value);
    yao_der_reader seq = yao_der_enter(&r, YAO_DER_SEQUENCE);

    if (yao_der_peek(&seq) == YAO_DER_BOOLEAN) {
        c->ca = yao_der_get_bool(&seq);
        if (!c->ca)
            c->deviations |= YAO_DEV_ENCODING;
    }
    if (yao_der_peek(&seq) == YAO_DER_INTEGER)
        c->path_len = (int32_t)yao_der_get_small(&seq);
    yao_der_leave(&r, &seq);
    YAO_TRY(yao_der_close(&r));

    /* RFC 5280 4.2.1.9 */
    if (c->ca ? !critical : c->path_len != -1)
        return YAO_E_PROFILE;
    return YAO_OK;
}

/* KeyUsage ::= BIT STRING of nine names, at least one of them said. */
static yao_status read_key_usage(yao_bytes value, bool critical,
                                 yao_certificate *c)
{
    yao_der_reader r      = yao_der_open(value);
    uint8_t        unused = 0;
    yao_bytes      bits   = yao_der_get_bits(&r, &unused);
    uint32_t       usage  = 0;

    YAO_TRY(yao_der_close(&r));
    if (bits.len == 0 || bits.len > 2)
        return YAO_E_MALFORMED;
    for (uint32_t i = 0; i < 9 && i / 8 < bits.len; i++)
        if ((bits.ptr[i / 8] >> (7 - i % 8) & 1) != 0)
            usage |= 1u << i;
    if (usage == 0 || (bits.len == 2 && (bits.ptr[1] & 0x7f) != 0))
        return YAO_E_MALFORMED;

    /* X.690 11.2.2: no zero bits at the end of a list of names */
    if ((bits.ptr[bits.len - 1] >> unused & 1) == 0)
        c->deviations |= YAO_DEV_ENCODING;
    c->key_usage          = (uint16_t)usage;
    c->key_usage_critical = critical;
    return YAO_OK;
}

static const struct {
    yao_bytes oid;
    uint16_t  bit;
} purposes[] = {
    {YAO_INIT("\x28\x81\x8c\x5d\x05\x01\x02"), YAO_EKU_ISO_DS},
    {YAO_INIT("\x28\x81\x8c\x5d\x05\x01\x04"), YAO_EKU_IACA},
    {YAO_INIT("\x28\x81\x8c\x5d\x05\x01\x06"), YAO_EKU_ISO_READER},
    {YAO_INIT("\x28\x81\x8c\x5d\x05\x01\x07"), YAO_EKU_IACA},
    {YAO_INIT("\x28\x81\x8c\x5d\x05\x01\x08"), YAO_EKU_ISO_VICAL},
    {YAO_INIT("\x28\x81\xb5\x34\x04\x01\x02"), YAO_EKU_ID_DS},
    {YAO_INIT("\x28\x81\xb5\x34\x04\x01\x04"), YAO_EKU_IACA},
    {YAO_INIT("\x28\x81\xb5\x34\x04\x01\x06"), YAO_EKU_ID_READER},
    {YAO_INIT("\x28\x81\xb5\x34\x04\x01\x07"), YAO_EKU_IACA},
    {YAO_INIT("\x28\x81\xb5\x34\x04\x01\x08"), YAO_EKU_ID_VICAL},
};

/* id-kp: 1.3.6.1.5.5.7.3 */
static const yao_bytes INTERNET = YAO_INIT("\x2b\x06\x01\x05\x05\x07\x03");

static uint16_t purpose_bit(yao_bytes oid)
{
    for (size_t i = 0; i < sizeof purposes / sizeof purposes[0]; i++)
        if (yao_bytes_equal(purposes[i].oid, oid))
            return purposes[i].bit;
    if (oid.len == 8 && yao_bytes_starts(oid, INTERNET) && oid.ptr[7] <= 9)
        return YAO_EKU_INTERNET;

    return YAO_EKU_OTHER;
}

/* ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF OBJECT IDENTIFIER */
static yao_status read_purposes(yao_bytes value, bool critical,
                                yao_certificate *c)
{
    yao_der_reader r   = yao_der_open(value);
    yao_der_reader seq = yao_der_enter(&r, YAO_DER_SEQUENCE);

    do {
        uint32_t bit = purpose_bit(yao_der_get(&seq, YAO_DER_OID));
        c->eku       = (uint16_t)(c->eku | bit);
    } while (yao_der_peek(&seq) != 0);
    yao_der_leave(&r, &seq);

    c->eku_critical = critical;
    return yao_der_close(&r);
}

/* SubjectKeyIdentifier ::= OCTET STRING */
static yao_status read_subject_key(yao_bytes value, bool critical,
                                   yao_certificate *c)
{
    yao_der_reader r = yao_der_open(value);

    (void)critical;
    c->ski = yao_der_get(&r, YAO_DER_OCTETS);
    YAO_TRY(yao_der_close(&r));

    return c->ski.len > 0 ? YAO_OK : YAO_E_MALFORMED;
}

/* AuthorityKeyIdentifier ::= SEQUENCE { [0] keyIdentifier OPTIONAL,
 *     [1] issuer, [2] serial }: the latter two, which would have to be
 * compared with the issuer's own issuer, are not in annex B. */
static yao_status read_authority_key(yao_bytes value, bool critical,
                                     yao_certificate *c)
{
    yao_der_reader r   = yao_der_open(value);
    yao_der_reader seq = yao_der_enter(&r, YAO_DER_SEQUENCE);

    (void)critical;
    if (yao_der_peek(&seq) == YAO_DER_CONTEXT(0)) {
        c->aki = yao_der_get(&seq, YAO_DER_CONTEXT(0));
        if (c->aki.len == 0)
            return YAO_E_MALFORMED;
    }
    if (yao_der_peek(&seq) == YAO_DER_EXPLICIT(1) ||
        yao_der_peek(&seq) == YAO_DER_CONTEXT(2))
        return YAO_E_PROFILE;
    yao_der_leave(&r, &seq);

    return yao_der_close(&r);
}

static yao_status read_alternative(yao_bytes value, yao_bytes *ret)
{
    yao_der_reader r     = yao_der_open(value);
    yao_bytes      names = yao_der_get(&r, YAO_DER_SEQUENCE);

    YAO_TRY(yao_der_close(&r));
    YAO_TRY(yao_x509_check_names(names));

    *ret = names;
    return YAO_OK;
}

static yao_status read_subject_alternative(yao_bytes value, bool critical,
                                           yao_certificate *c)
{
    (void)critical;
    return read_alternative(value, &c->san);
}

static yao_status read_issuer_alternative(yao_bytes value, bool critical,
                                          yao_certificate *c)
{
    yao_bytes names;

    (void)critical;
    YAO_TRY(read_alternative(value, &names));
    c->issuer_alt = true;
    return YAO_OK;
}

/* DistributionPoint ::= SEQUENCE { distributionPoint [0] { fullName [0] }
 *     OPTIONAL, reasons [1] OPTIONAL, cRLIssuer [2] OPTIONAL }
 * Annex B has the first only; a list cut by reasons or signed by someone else
 * would need code that nobody could test here. */
static yao_status check_point(yao_der_reader *points)
{
    yao_der_reader point = yao_der_enter(points, YAO_DER_SEQUENCE);
    yao_der_reader name  = yao_der_enter(&point, YAO_DER_EXPLICIT(0));
    yao_bytes      full  = yao_der_get(&name, YAO_DER_EXPLICIT(0));

    yao_der_leave(&point, &name);
    yao_der_leave(points, &point);
    YAO_TRY(points->status);

    return yao_x509_check_names(full);
}

static yao_status read_crl_points(yao_bytes value, bool critical,
                                  yao_certificate *c)
{
    yao_der_reader r   = yao_der_open(value);
    yao_der_reader seq = yao_der_enter(&r, YAO_DER_SEQUENCE);

    (void)critical;
    do {
        YAO_TRY(check_point(&seq));
    } while (yao_der_peek(&seq) != 0);
    yao_der_leave(&r, &seq);

    c->crl_point = true;
    return yao_der_close(&r);
}

/* The extensions below id-ce (2.5.29) that we know. Those that no reader is
 * told to act upon may not be critical (RFC 5280 4.2.1.1, 2, 7), nor may the
 * CRL point, since no CRL is fetched while a path is built. */
static const struct {
    uint8_t id;
    bool    may_be_critical;
    yao_status (*read)(yao_bytes value, bool critical, yao_certificate *c);
} known[] = {
    {14, false, read_subject_key},
    {15, true, read_key_usage},
    {17, true, read_subject_alternative},
    {18, false, read_issuer_alternative},
    {19, true, read_constraints},
    {31, false, read_crl_points},
    {35, false, read_authority_key},
    {37, true, read_purposes},
};

/* What annex B forbids, and what narrows a path in ways we do not follow. A
 * reader that ignored one of these would accept more than it says. */
static const yao_bytes forbidden[] = {
    YAO_INIT("\x55\x1d\x1e"), /* NameConstraints */
    YAO_INIT("\x55\x1d\x21"), /* PolicyMappings */
    YAO_INIT("\x55\x1d\x24"), /* PolicyConstraints */
    YAO_INIT("\x55\x1d\x2e"), /* FreshestCRL */
    YAO_INIT("\x55\x1d\x36"), /* InhibitAnyPolicy */
    YAO_INIT("\x2b\x06\x01\x05\x05\x07\x01\x07"), /* addresses, RFC 3779 */
    YAO_INIT("\x2b\x06\x01\x05\x05\x07\x01\x08"), /* systems, RFC 3779 */
    YAO_INIT("\x2b\x06\x01\x05\x05\x07\x01\x0e"), /* proxies, RFC 3820 */
    YAO_INIT("\x60\x86\x48\x01\x86\xf8\x42\x01\x01"), /* Netscape type */
};

static bool is_forbidden(yao_bytes oid)
{
    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++)
        if (yao_bytes_equal(forbidden[i], oid))
            return true;

    return false;
}

static yao_status dispatch(yao_bytes oid, bool critical, yao_bytes value,
                           yao_certificate *c)
{
    if (oid.len == 3 && oid.ptr[0] == 0x55 && oid.ptr[1] == 0x1d)
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            if (known[i].id != oid.ptr[2])
                continue;
            if (critical && !known[i].may_be_critical)
                return YAO_E_PROFILE;
            return known[i].read(value, critical, c);
        }

    return critical || is_forbidden(oid) ? YAO_E_PROFILE : YAO_OK;
}

/* Extension ::= SEQUENCE { OID, critical BOOLEAN DEFAULT FALSE,
 *                          OCTET STRING } */
static yao_status read_extension(yao_der_reader *list, yao_bytes *oid,
                                 yao_certificate *c)
{
    yao_der_reader seq      = yao_der_enter(list, YAO_DER_SEQUENCE);
    bool           critical = false;

    *oid = yao_der_get(&seq, YAO_DER_OID);
    if (yao_der_peek(&seq) == YAO_DER_BOOLEAN) {
        critical = yao_der_get_bool(&seq);
        if (!critical)
            c->deviations |= YAO_DEV_ENCODING;
    }
    yao_bytes value = yao_der_get(&seq, YAO_DER_OCTETS);
    yao_der_leave(list, &seq);
    YAO_TRY(list->status);

    return dispatch(*oid, critical, value, c);
}

yao_status yao_x509_read_extensions(yao_bytes extensions, yao_certificate *ret)
{
    yao_der_reader r    = yao_der_open(extensions);
    yao_der_reader list = yao_der_enter(&r, YAO_DER_SEQUENCE);
    yao_bytes      seen[MAX_EXTENSIONS];
    size_t         count = 0;

    do {
        if (count == MAX_EXTENSIONS)
            return YAO_E_LIMIT;
        YAO_TRY(read_extension(&list, &seen[count], ret));
        for (size_t i = 0; i < count; i++)
            if (yao_bytes_equal(seen[i], seen[count]))
                return YAO_E_DUPLICATE;
        count++;
    } while (yao_der_peek(&list) != 0);
    yao_der_leave(&r, &list);

    return yao_der_close(&r);
}
