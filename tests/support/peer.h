/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_PEER_H
#define YAO_TEST_PEER_H

/**
 * A second opinion on certificates: OpenSSL's X.509. Two things are known to
 * differ and are evened out here: it holds a certificate expired in the last
 * second of its validity (RFC 5280 4.1.2.5 includes it), and it needs a flag
 * for an anchor that is not self-signed.
 */

#include "x509/x509.h"

/** Does OpenSSL read what we read, and see the same serial, names, dates, key
 *  octets, CA flag, path length and key usage? */
bool peer_agrees(const yao_certificate *c);

/** Is the key a point of its curve? We leave that to the home that uses the
 *  key; OpenSSL asks when it builds a path. */
bool peer_knows_key(const yao_certificate *c);

typedef struct peer_question {
    const yao_bytes *chain; /* leaf first */
    size_t           count;
    yao_bytes        anchor;
    yao_time         now;
    bool             strict;    /* X509_V_FLAG_X509_STRICT */
    bool             unsigned_; /* let wrong signatures pass: for fuzzing */
} peer_question;

/** Does OpenSSL find a valid path, for any purpose? WHY (may be NULL) gets its
 *  words for the first thing that was wrong. */
bool peer_accepts(const peer_question *question, const char **why);

#endif
