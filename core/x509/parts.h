/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_X509_PARTS_H
#define YAO_X509_PARTS_H

/**
 * What the files of this folder share; nobody else includes it.
 */

#include "x509/x509.h"

/**
 * Read a Name.
 *
 * In      name     the element with its head
 * Out     subject  when not NULL, gets the attributes we know
 * Errors  as yao_x509_read()
 * Source  RFC 5280 section 4.1.2.4
 */
YAO_MUST_USE yao_status yao_x509_read_name(yao_bytes name,
                                           yao_certificate *subject);

/** Take the AlgorithmIdentifier of a signature, without parameters; take a
 *  SubjectPublicKeyInfo. Errors as yao_x509_read(). */
YAO_MUST_USE yao_status yao_x509_read_algorithm(yao_der_reader *r,
                                                yao_bytes      *oid);
YAO_MUST_USE yao_status yao_x509_read_key(yao_der_reader *tbs,
                                          yao_public_key *ret);

/** Are these the GeneralNames of a SEQUENCE or of a tag that stands for one?
 *  Source: RFC 5280 section 4.2.1.6. */
YAO_MUST_USE yao_status yao_x509_check_names(yao_bytes content);

/** Read Extensions, the SEQUENCE with its head, into RET. Errors as
 *  yao_x509_read(). */
YAO_MUST_USE yao_status yao_x509_read_extensions(yao_bytes extensions,
                                                 yao_certificate *ret);

/** The subject of a certificate that is otherwise not looked at: to choose
 *  among many anchors. Empty when it is none. */
yao_bytes yao_x509_subject(yao_bytes der);

/** What a path is asked for: the inputs of yao_x509_find_path(). */
typedef struct yao_x509_ask {
    const yao_bytes  *chain;
    size_t            count;
    const yao_anchor *anchors;
    size_t            anchor_count;
    yao_role          role;
    yao_text          type;
    yao_time          now;
} yao_x509_ask;

/** A path from the leaf up to, and including, the anchor. */
typedef struct yao_x509_steps {
    const yao_certificate *step[YAO_MAX_CHAIN + 1];
    size_t                 count;
} yao_x509_steps;

/**
 * Does every certificate of STEPS keep to its place and to ROLE?
 *
 * Out     deviations  YAO_DEV_* of all of them
 * Errors  YAO_E_PROFILE
 */
YAO_MUST_USE yao_status yao_x509_check_profile(const yao_x509_steps *steps,
                                               yao_role role,
                                               uint32_t *deviations);

/** May ANCHOR say anything about TYPE? */
bool yao_x509_in_scope(const yao_anchor *anchor, yao_text type);

/** Errors: YAO_E_NOT_YET_VALID, YAO_E_EXPIRED. */
YAO_MUST_USE yao_status yao_x509_check_dates(const yao_certificate *c,
                                             yao_time now);

#endif
