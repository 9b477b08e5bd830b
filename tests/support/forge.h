/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_FORGE_H
#define YAO_TEST_FORGE_H

/**
 * Certificates for tests: made by the project's own writer with keys that are
 * generated when the test runs, or taken apart, changed in one place, put
 * together and signed again with the right key.
 *
 *     yao_bytes root = forge_make(YAO_X509_ROOT, 0, (yao_bytes){0}, 0);
 *     yao_bytes leaf = forge_make(YAO_X509_SIGNER, 1, root, 0);
 *     forge     f;
 *     forge_open(&f, leaf);
 *     forge_drop(&f, FORGE_EKU);
 *     leaf = forge_close(&f, forge_key(0));
 *
 * Everything lies in the arena of test_arena().
 */

#include "x509/x509.h"
#include "yaopai/openssl.h"

/** 2026-11-22T00:00:00Z: what is made here is valid then. */
#define FORGE_NOW INT64_C(1795305600)

/** Key N of this process: made when it is first asked for, never written
 *  down. 0..7 are on P-256, 8..11 on P-384. */
enum { FORGE_KEYS = 12 };
yao_openssl_key *forge_key(int n);

/** The home in which signatures are checked. */
const yao_crypto *forge_crypto(void);

/** A request that is good as it stands, to be changed: SPECIMEN names, valid
 *  around FORGE_NOW, key KEY. ISSUER may be NULL. */
yao_x509_request forge_request(yao_x509_kind kind, int key,
                               const yao_certificate *issuer);

/** The certificate of a request, signed by key SIGNER. */
yao_bytes forge_write(const yao_x509_request *request, int signer);

/** Both: a certificate of KIND for key KEY under ISSUER, whose key is SIGNER
 *  (for a root: nothing, and the same key). */
yao_bytes forge_make(yao_x509_kind kind, int key, yao_bytes issuer, int signer);

/* ---- taken apart ---- */

enum { FORGE_EXTENSIONS = 48 };

/** The ids of extensions below 2.5.29. */
enum {
    FORGE_SKI         = 14,
    FORGE_KEY_USAGE   = 15,
    FORGE_SAN         = 17,
    FORGE_IAN         = 18,
    FORGE_CONSTRAINTS = 19,
    FORGE_CRL_POINTS  = 31,
    FORGE_AKI         = 35,
    FORGE_EKU         = 37
};

typedef struct forge_extension {
    yao_bytes oid;
    yao_bytes critical; /* the BOOLEAN with its head, or nothing */
    yao_bytes value;
} forge_extension;

/** The elements of a certificate, each with its head. */
typedef struct forge {
    yao_bytes       version, serial, algorithm, issuer, dates, subject, key;
    yao_bytes       further; /* whatever stands behind the key */
    forge_extension extensions[FORGE_EXTENSIONS];
    size_t          count; /* 0: no extensions at all */
    yao_bytes       outer; /* the algorithm outside */
} forge;

void      forge_open(forge *f, yao_bytes certificate);
/** The same; false when it does not come apart (any more). */
bool      forge_try(forge *f, yao_bytes certificate);
yao_bytes forge_close(const forge *f, yao_openssl_key *signer);

forge_extension *forge_find(forge *f, uint8_t id);
void             forge_drop(forge *f, uint8_t id);
/** Add an extension below 2.5.29; VALUE in hex. */
void forge_add(forge *f, uint8_t id, bool critical, const char *value);
/** Replace the value of one that is there, or add it not critical. */
void forge_set(forge *f, uint8_t id, const char *value);
void forge_critical(forge *f, uint8_t id, bool critical);

/** Elements with their heads. */
yao_bytes forge_element(uint8_t tag, yao_bytes content);
yao_bytes forge_dates(yao_time not_before, yao_time not_after);
/** A Name of C (PrintableString), ST and CN (UTF8String); NULL: without. */
yao_bytes forge_name(const char *country, const char *state,
                     const char *common_name);

#endif
