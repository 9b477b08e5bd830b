/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_X509_H
#define YAO_X509_H

/**
 * Certificates: a strict reader of the ISO/IEC 18013-5 annex B profile, the
 * paths that end at an anchor, and a writer for roots, signers and readers.
 *
 * The reader also takes what annex D and the real world contain (missing CRL
 * distribution point, non-critical EKU, missing IssuerAltName, key usage
 * beyond the profile ...): each deviation sets a flag that goes into the report
 * as a NOTE, and that --strict refuses. What would change the meaning of a path
 * (CA flag, path length, unknown critical extension, name mismatch) is always
 * refused.
 *
 * Memory   views into the DER, which must outlive the certificate
 */

#include "crypto/algorithms.h"
#include "der/der.h"
#include "yaopai/limits.h"
#include "yaopai/report.h"
#include "yaopai/trust.h"

/** Extended key usages we know, as bits. */
enum {
    YAO_EKU_ISO_DS      = 1 << 0, /* 1.0.18013.5.1.2  document signer */
    YAO_EKU_ISO_READER  = 1 << 1, /* 1.0.18013.5.1.6  reader authentication */
    YAO_EKU_ISO_VICAL   = 1 << 2, /* 1.0.18013.5.1.8 */
    YAO_EKU_ID_DS       = 1 << 3, /* 1.0.23220.4.1.2 */
    YAO_EKU_ID_READER   = 1 << 4, /* 1.0.23220.4.1.6 */
    YAO_EKU_ID_VICAL    = 1 << 5, /* 1.0.23220.4.1.8 */
    YAO_EKU_IACA        = 1 << 6, /* roots: 1.0.18013.5.1.{4,7}, and the same
                                     below 1.0.23220.4.1 */
    YAO_EKU_INTERNET    = 1 << 7, /* 1.3.6.1.5.5.7.3.1 to 9: servers, clients,
                                     code, mail, time, OCSP */
    YAO_EKU_OTHER       = 1 << 15
};

/** Key usage bits as RFC 5280 section 4.2.1.3 numbers them. */
enum {
    YAO_KU_SIGN      = 1 << 0, /* digitalSignature */
    YAO_KU_CERT_SIGN = 1 << 5,
    YAO_KU_CRL_SIGN  = 1 << 6
};

/** Deviations from annex B that are tolerated with a note. */
enum {
    YAO_DEV_NO_CRL_POINT      = 1 << 0,
    YAO_DEV_EKU_NOT_CRITICAL  = 1 << 1,
    YAO_DEV_NO_ISSUER_ALT     = 1 << 2,
    YAO_DEV_LONG_VALIDITY     = 1 << 3, /* signer above 457 days */
    YAO_DEV_NO_KEY_ID         = 1 << 4, /* SKI or AKI missing */
    YAO_DEV_KEY_USAGE         = 1 << 5, /* not critical, or further bits */
    YAO_DEV_NO_COUNTRY        = 1 << 6,
    YAO_DEV_SHORT_SERIAL      = 1 << 7,
    YAO_DEV_COUNTRY_ENCODING  = 1 << 8, /* not PrintableString, lower case */
    YAO_DEV_NO_EKU            = 1 << 9, /* only where the role allows it */
    YAO_DEV_PATH_LEN          = 1 << 10, /* root without pathLen 0 */
    YAO_DEV_NO_COMMON_NAME    = 1 << 11,
    YAO_DEV_ENCODING          = 1 << 12, /* a default, or zero bits at the end
                                            of a list of bits, written out */
    YAO_DEV_EKU_FURTHER       = 1 << 13  /* further purposes beside the one */
};

/** What a deviation is, in a few English words: "no CRL distribution point".
 *  FLAG is one YAO_DEV_*; NULL for anything else. */
const char *yao_x509_deviation_name(uint32_t flag);

typedef struct yao_certificate {
    yao_bytes      der;
    yao_bytes      tbs;          /* what is signed */
    yao_bytes      serial;       /* content of the INTEGER */
    yao_bytes      issuer;       /* the Name with its head: compared bytewise */
    yao_bytes      subject;
    yao_text       country;      /* subject C; empty when absent */
    yao_text       state;        /* subject ST */
    yao_text       common_name;
    yao_text       organisation;
    yao_text       serial_number; /* subject serialNumber, not the serial */
    yao_time       not_before, not_after;
    yao_public_key key;
    yao_sig_alg    signature_alg;
    uint8_t        signature[YAO_MAX_SIGNATURE]; /* r || s */
    uint8_t        signature_len;
    bool           ca;
    int32_t        path_len;     /* -1: none */
    uint16_t       key_usage;    /* 0: absent */
    bool           key_usage_critical;
    uint16_t       eku;          /* 0: absent */
    bool           eku_critical;
    yao_bytes      ski, aki;     /* key identifiers, empty when absent */
    yao_bytes      san;          /* GeneralNames without their SEQUENCE: read
                                    on with yao_der_get_any(); or empty */
    bool           issuer_alt;
    bool           crl_point;
    uint32_t       deviations;   /* YAO_DEV_* seen in the encoding itself */
} yao_certificate;

/**
 * Read a certificate.
 *
 * Out     ret  written only on YAO_OK
 * Errors  YAO_E_TRUNCATED, YAO_E_MALFORMED, YAO_E_TRAILING,
 *         YAO_E_NOT_SHORTEST, YAO_E_UTF8   not DER or not a certificate
 *         YAO_E_DUPLICATE  an extension twice
 *         YAO_E_ALGORITHM  a signature algorithm or curve outside the table,
 *                          explicit parameters, inner and outer differ
 *         YAO_E_KEY        a point of wrong form, a compressed one included
 *         YAO_E_PROFILE    an unknown critical extension, or a forbidden one;
 *                          not version 3; a serial that is not positive or
 *                          above 20 octets; an empty name, a country that is
 *                          not two letters; dates in the wrong order; CA
 *                          constraints not critical, or on what is no CA
 *         YAO_E_LIMIT      above YAO_MAX_CERTIFICATE
 * Source  RFC 5280 section 4; ISO/IEC 18013-5 annex B
 * Cost    one pass
 */
YAO_MUST_USE yao_status yao_x509_read(yao_bytes der, yao_certificate *ret);

/** The checks a path needs from the home, and what it is waiting for. */
typedef struct yao_x509_path {
    yao_certificate       leaf;
    const yao_anchor     *anchor;     /* where it ends */
    yao_certificate       anchor_certificate;
    yao_signature_check   checks[YAO_MAX_CHAIN];
    size_t                check_count; /* 0 when the leaf is the anchor */
    uint32_t              deviations; /* over the whole path */
    uint8_t               signatures[YAO_MAX_CHAIN][YAO_MAX_SIGNATURE];
} yao_x509_path;

/**
 * Find the path from CHAIN (leaf first) to one of ANCHORS, and check all that
 * needs no signature. The signatures are in ret->checks for the home.
 *
 * In      role     what the leaf is to be used for; only anchors of it count
 *         type     docType or vct that the leaf signed; empty: any, but none
 *                  that an issuer limited to some types may sign
 *         now      the moment at which every certificate must be valid
 *         strict   refuse deviations
 * Out     ret      lives as long as CHAIN and ANCHORS, and stays where it is:
 *                  the checks point into it. The leaf is there when it could
 *                  be read, whatever became of the path; anchor and checks
 *                  when a path was found, whether or not it may be used
 *         report   rows ISSUER_ANCHORS, ISSUER_CHAIN, CHAIN_VALIDITY,
 *                  CHAIN_PROFILE, ISSUER_SCOPE for DOCUMENT, each as far as
 *                  it could be reached; CHAIN_SIGNATURE is the caller's, after
 *                  the home has answered
 * Errors  YAO_E_UNTRUSTED      no anchors, none fits by name and key
 *                              identifier, several that differ in their key
 *                              fit, the chain is empty or out of order, it
 *                              holds the anchor or a self-signed certificate
 *         YAO_E_NOT_YET_VALID, YAO_E_EXPIRED
 *         YAO_E_REVOKED        the anchor took back what it issued
 *         YAO_E_PROFILE        CA flags, path length, EKU, key usage, country;
 *                              with STRICT any deviation
 *         YAO_E_LIMIT          more than YAO_MAX_CHAIN certificates
 *         YAO_E_NOT_AUTHORISED the anchor may not issue TYPE
 *         those of yao_x509_read()
 * Source  ISO/IEC 18013-5:2021 9.3.3, annex B; RFC 5280 section 6.1
 */
YAO_MUST_USE yao_status yao_x509_find_path(const yao_bytes *chain, size_t count,
                                           const yao_anchor *anchors,
                                           size_t anchor_count, yao_role role,
                                           yao_text type, yao_time now,
                                           bool strict, yao_x509_path *ret,
                                           yao_report *report,
                                           int32_t     document);

/**
 * Has SAN (of a certificate) a name that covers the issuer ISS: that URI, or
 * the host in it when it is https?
 *
 * Source  SD-JWT VC section 3.5
 */
bool yao_x509_names_issuer(yao_bytes san, yao_text iss);

/** Has SAN the dNSName HOST, in the same letters? A name with a star is that
 *  name and no other. Source: OpenID4VP 1.0 section 5.9.3 */
bool yao_x509_names_host(yao_bytes san, yao_text host);

/* ---- writing ---------------------------------------------------------- */

/** What a certificate is to say. Which extensions it gets follows from KIND,
 *  exactly as annex B prescribes. */
typedef enum yao_x509_kind {
    YAO_X509_ROOT = 1, /* IACA root or reader root, self-signed */
    YAO_X509_SIGNER,   /* document signer */
    YAO_X509_READER,   /* reader authentication */
    YAO_X509_TRUST,    /* signer of trust lists (VICAL) */
    YAO_X509_STATUS,   /* signer of status lists */
    YAO_X509_ATTEST,   /* wallet provider's signer of attestations */
    YAO_X509_LINK      /* a new root's key under the old root: who trusts the
                          old one learns of the new one by it */
} yao_x509_kind;

typedef struct yao_x509_request {
    yao_x509_kind         kind;
    yao_sig_alg           alg;         /* of the issuer's key */
    yao_bytes             serial;      /* 9..20 random bytes, made positive */
    yao_text              country;     /* two capital letters */
    yao_text              common_name;
    yao_text              organisation; /* empty: none */
    yao_text              serial_number; /* subject serialNumber, e.g. a unified
                                            social credit code; empty: none */
    yao_time              not_before, not_after;
    yao_public_key        key;
    const yao_certificate *issuer;     /* NULL: self-signed */
    yao_text              issuer_uri;  /* IssuerAltName */
    yao_text              crl_uri;     /* CRL distribution point */
    yao_text              san_dns;     /* SubjectAltName dNSName; empty: none */
    yao_text              san_uri;     /* SubjectAltName URI; empty: none */
    yao_text              san_more;    /* a second one */
} yao_x509_request;

/**
 * Write the part that is signed (TBSCertificate).
 *
 * The subject key identifier is the left 160 bits of SHA-256 over the key (RFC
 * 7093 method 1), where annex B would have SHA-1: it only names the key, and
 * no home has to offer SHA-1 for it.
 *
 * In      request  a root is its own issuer, the others need one with a key
 *                  identifier, that is a CA, and that ends no earlier; a root
 *                  lives at most 20 years, a signer 457 days, a reader and a
 *                  signer of trust or status lists 1187 days. A reader may be
 *                  without country and issuer_uri; all else that is not marked
 *                  "empty: none" must be given
 * Errors  YAO_E_USAGE   dates, country, serial or names outside the profile
 *         YAO_E_CRYPTO  the home failed;  YAO_E_SPACE recorded in W
 */
YAO_MUST_USE yao_status yao_x509_put_tbs(yao_writer *w,
                                         const yao_x509_request *request,
                                         const yao_crypto *crypto);

/** Write the certificate around TBS; SIGNATURE is r || s. */
void yao_x509_put_certificate(yao_writer *w, yao_bytes tbs, yao_sig_alg alg,
                              yao_bytes signature);

#endif
