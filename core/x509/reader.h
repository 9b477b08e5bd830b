/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_X509_READER_H
#define YAO_X509_READER_H

/**
 * What a relying party registered, as its reader certificate says it, in URIs
 * of SubjectAltName:
 *
 *     urn:yaopai:profiles:hotel,identity     what may be asked
 *     urn:yaopai:officer:7K2Q-0417           an officer's, and whose
 *
 * The registrar writes them, the wallet refuses what is not in them. An
 * officer's certificate lives for hours and is signed for a party that is
 * registered for itself: docs/formats/officer.md.
 */

#include "x509/x509.h"

/** Seconds that an officer's certificate lives at most: eight hours, and what
 *  clocks differ by. */
#define YAO_OFFICER_LIFE (8 * 3600 + 300)

/** Letters of an officer's number: of the service, not of a person. */
#define YAO_OFFICER_NUMBER 24

/** Write the URI for COUNT profile names; for an officer's number. */
void yao_reader_put_profiles(yao_writer *w, const yao_text *profiles,
                             size_t count);
void yao_reader_put_officer(yao_writer *w, yao_text number);

/** Did the party of CERTIFICATE register PROFILE? A certificate without such
 *  a URI registered nothing. */
bool yao_reader_allows(const yao_certificate *certificate, yao_text profile);

/** May it be an officer's number? 1 to YAO_OFFICER_NUMBER of A-Z, a-z, 0-9 and
 *  the hyphen. */
bool yao_reader_is_number(yao_text number);

/**
 * Is it an officer's: one number, and a life of YAO_OFFICER_LIFE at most?
 *
 * Out     ret  the number, a view into the certificate; may be NULL
 */
bool yao_reader_is_officer(const yao_certificate *certificate, yao_text *ret);

#endif
