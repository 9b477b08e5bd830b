/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PKCS11_URI_H
#define YAO_PKCS11_URI_H

/**
 * The name of a token or of a key in it.
 *
 *     pkcs11:token=Yaopai;object=population-signer?module-path=/usr/lib/
 *     softhsm/libsofthsm2.so&pin-source=file:/etc/yaopai/pin
 *
 * What stands before the question mark says which; what stands after it says
 * how to get there. An attribute of the path that we don't know would narrow
 * what is meant, so it is refused; one of the query is ignored (RFC 7512
 * section 2.5). A PIN inside the URI is refused: it would be seen in lists of
 * processes, settings and logs.
 * Memory: decoded values lie in the caller's arena.
 */

#include "yaopai/arena.h"
#include "yaopai/writer.h"

#define YAO_MAX_PKCS11_URI 1024u /* letters; values are shorter by decoding */

/** What a URI says; an attribute that is not there has a NULL ptr. */
typedef struct yao_pkcs11_uri {
    yao_text  token;        /* label: at most 32 bytes */
    yao_text  manufacturer; /* at most 32 */
    yao_text  serial;       /* at most 16 */
    yao_text  model;        /* at most 16 */
    yao_text  object;       /* label of the key: 1..128 */
    yao_bytes id;           /* CKA_ID: 1..64 */
    bool      has_slot;
    uint64_t  slot;         /* slot-id */
    yao_text  module_path;  /* absolute; ended by a NUL behind it */
    yao_text  pin_source;   /* see pin.h; ended by a NUL behind it */
} yao_pkcs11_uri;

/**
 * Read a URI.
 *
 * Shape   RFC 7512 section 2.3
 * Out     ret  views into ARENA; written only on YAO_OK
 * Errors  YAO_E_MALFORMED    not of this shape, a NUL or control letter in a
 *                            text, a relative module-path, type other than
 *                            private or public
 *         YAO_E_UTF8         a text that is not UTF-8
 *         YAO_E_DUPLICATE    an attribute twice
 *         YAO_E_REFUSED      pin-value
 *         YAO_E_UNSUPPORTED  an attribute of the path that we don't know;
 *                            module-name
 *         YAO_E_LIMIT        longer than YAO_MAX_PKCS11_URI, or a value longer
 *                            than what it is compared with
 *         YAO_E_SPACE
 * Source  RFC 7512 sections 2.3 to 2.5
 */
YAO_MUST_USE yao_status yao_pkcs11_uri_parse(yao_bytes text, yao_arena *arena,
                                             yao_pkcs11_uri *ret);

/** Append URI in its one spelling: attributes in the order above, everything
 *  but unreserved letters percent-encoded (slashes and colons of the query
 *  stay). What is written reads back as the same. */
void yao_pkcs11_uri_put(yao_writer *w, const yao_pkcs11_uri *uri);

#endif
