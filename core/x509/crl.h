/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_X509_CRL_H
#define YAO_X509_CRL_H

/**
 * Certificate revocation lists: which of its certificates a root has taken
 * back, a stolen signer for one.
 *
 *     YAO_TRY(yao_crl_read(der, &crl));
 *     YAO_TRY(yao_crl_check(&crl, &root, &check));
 *     ... the home verifies check ...
 *     if (yao_crl_lists(&crl, signer.serial)) ...
 *
 * A list says nothing after its nextUpdate: whoever needs to know then cannot
 * tell. Lists of some certificates only (indirect, delta, by distribution
 * point) are refused, since silence in them means nothing.
 *
 * Memory   views into the DER
 */

#include "x509/x509.h"

/** RFC 5280 section 5.3.1. Others are read as unspecified. */
typedef enum yao_crl_reason {
    YAO_CRL_UNSPECIFIED    = 0,
    YAO_CRL_KEY_COMPROMISE = 1,
    YAO_CRL_SUPERSEDED     = 4,
    YAO_CRL_CEASED         = 5
} yao_crl_reason;

/** A certificate that was taken back. */
typedef struct yao_crl_entry {
    yao_bytes      serial; /* content of the INTEGER */
    yao_time       at;
    yao_crl_reason reason;
} yao_crl_entry;

typedef struct yao_crl {
    yao_bytes   tbs;
    yao_bytes   issuer;   /* the Name with its head */
    yao_bytes   aki;      /* key identifier of the issuer */
    yao_bytes   number;   /* cRLNumber, content of the INTEGER */
    yao_time    this_update, next_update;
    yao_bytes   entries;  /* contents of revokedCertificates; or empty */
    yao_sig_alg alg;
    uint8_t     signature[YAO_MAX_SIGNATURE]; /* r || s */
    uint8_t     signature_len;
} yao_crl;

/**
 * Read a list; every entry of it.
 *
 * Errors  YAO_E_TRUNCATED, YAO_E_MALFORMED, YAO_E_TRAILING,
 *         YAO_E_NOT_SHORTEST  not DER, or no list
 *         YAO_E_ALGORITHM     a signature algorithm outside of the table
 *         YAO_E_DUPLICATE     an extension twice
 *         YAO_E_PROFILE       not version 2; no nextUpdate, no number, no key
 *                             identifier; an unknown critical extension, of an
 *                             entry too; nextUpdate before thisUpdate
 *         YAO_E_LIMIT         above YAO_MAX_CRL
 *         YAO_E_UTF8          in the issuer's name
 * Source  RFC 5280 section 5; ISO/IEC 18013-5 annex B.1.8
 * Cost    one pass
 */
YAO_MUST_USE yao_status yao_crl_read(yao_bytes der, yao_crl *ret);

/** Bytes of a list. */
#define YAO_MAX_CRL (1024u * 1024u)

/**
 * What a home must check so that ROOT signed this list.
 *
 * Out     ret  points into CRL
 * Errors  YAO_E_UNTRUSTED  the list is another issuer's
 *         YAO_E_PROFILE    ROOT may not sign lists
 *         YAO_E_ALGORITHM  not that of ROOT's curve
 */
YAO_MUST_USE yao_status yao_crl_check(const yao_crl         *crl,
                                      const yao_certificate *root,
                                      yao_signature_check   *ret);

/** Does the list speak at NOW? Errors: YAO_E_NOT_YET_VALID, YAO_E_EXPIRED. */
YAO_MUST_USE yao_status yao_crl_check_dates(const yao_crl *crl, yao_time now);

/** Is SERIAL on it? ENTRY may be NULL. */
bool yao_crl_lists(const yao_crl *crl, yao_bytes serial, yao_crl_entry *entry);

/** The next entry of REST, which begins as the entries of a list that was read.
 *  Errors: those of yao_crl_read(): none for entries of such a list. */
YAO_MUST_USE yao_status yao_crl_next(yao_bytes *rest, yao_crl_entry *ret);

/** What a list is to say. */
typedef struct yao_crl_request {
    const yao_certificate *issuer; /* a root with a key identifier */
    yao_sig_alg            alg;    /* of its key */
    int64_t                number; /* grows from list to list */
    yao_time               this_update, next_update;
    const yao_crl_entry   *entries;
    size_t                 entry_count;
} yao_crl_request;

/**
 * Write the part that is signed; yao_x509_put_certificate() puts the list
 * around it.
 *
 * Errors  YAO_E_USAGE  an issuer that may sign no lists, dates in the wrong
 *                      order or more than 90 days apart, no number, an entry
 *                      without serial
 * Source  ISO/IEC 18013-5 annex B.1.8
 */
YAO_MUST_USE yao_status yao_crl_put_tbs(yao_writer            *w,
                                        const yao_crl_request *request);

#endif
