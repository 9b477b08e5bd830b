/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_READER_H
#define YAO_APP_READER_H

/**
 * What a relying party registered, as its reader certificate says it: one URI
 * in SubjectAltName, "urn:yaopai:profiles:hotel,identity". The registrar
 * writes it, the wallet refuses what is not in it.
 */

#include "x509/x509.h"

/** Write the URI for COUNT profile names. */
void yao_reader_put_profiles(yao_writer *w, const yao_text *profiles,
                             size_t count);

/** Did the party of CERTIFICATE register PROFILE? A certificate without such
 *  a URI registered nothing. */
bool yao_reader_allows(const yao_certificate *certificate, yao_text profile);

#endif
