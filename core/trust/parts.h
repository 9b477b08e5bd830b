/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TRUST_PARTS_H
#define YAO_TRUST_PARTS_H

/**
 * What the files of this module share: the two readers of payloads, the check
 * of what they read, and what begin leaves to conclude.
 */

#include "trust/trust.h"

/* The format number of our payloads, and the keys of their maps. */
enum { YAO_TRUST_FORMAT = 1 };

enum yao_trust_key {
    YAO_TRUST_KEY_FORMAT  = 1,
    YAO_TRUST_KEY_VERSION = 2,
    YAO_TRUST_KEY_ISSUED  = 3,
    YAO_TRUST_KEY_NEXT    = 4,
    YAO_TRUST_KEY_EXPIRES = 5,
    YAO_TRUST_KEY_ISSUER  = 6,
    YAO_TRUST_KEY_ROOTS   = 7,
    YAO_TRUST_KEY_SIGNERS = 8,
    YAO_TRUST_KEY_PARTIES = 9,
    YAO_TRUST_KEY_LISTS   = 10,
    YAO_TRUST_KEY_FILES   = 11
};

/** The typ of KIND; empty for a VICAL. */
yao_text yao_trust_type(yao_trust_kind kind);

/* ---- parse.c ------------------------------------------------------------ */

/** Where a payload is being read, and where its arrays go. */
typedef struct yao_trust_parser {
    yao_arena      *arena;
    yao_cbor_reader r;
} yao_trust_parser;

/** Enter an array of LEAST to MOST items. */
size_t yao_trust_get_count(yao_trust_parser *p, size_t least, size_t most);

/** COUNT zeroed things of SIZE bytes, or NULL, recorded as YAO_E_SPACE. */
void *yao_trust_take(yao_trust_parser *p, size_t count, size_t size);

/** A text that is not empty, a bstr that is not. */
yao_text  yao_trust_get_text(yao_trust_parser *p);
yao_bytes yao_trust_get_bytes(yao_trust_parser *p);

/** An array of such texts. */
const yao_text *yao_trust_get_texts(yao_trust_parser *p, size_t least,
                                    size_t most, size_t *count);

/** Issued, next and expires: each in range, rising where said. */
YAO_MUST_USE yao_status yao_trust_check_dates(const yao_trust_content *c);

/** Read a payload of content->kind. Errors: those of yao_trust_parse(). */
YAO_MUST_USE yao_status yao_trust_parse_payload(yao_arena *arena,
                                                yao_bytes  payload,
                                                bool       foreign,
                                                yao_trust_content *content,
                                                bool              *longer);

/* ---- vical.c ------------------------------------------------------------ */

/** Read the payload of a VICAL; failures are recorded in the reader. */
void yao_trust_get_vical(yao_trust_parser *p, yao_trust_content *content);

/** Write it. */
void yao_trust_put_vical(yao_writer *w, const yao_trust_content *content);

/** The number of an INTEGER or a biguint: without leading zeros. */
yao_bytes yao_trust_number(yao_bytes number);

/* ---- content.c ---------------------------------------------------------- */

/**
 * Can all that is in it be used? Roots of a VICAL that cannot are marked.
 *
 * Out     unusable  how many
 * Errors  the row TRUST_CONTENT of yao_trust_begin(); YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status yao_trust_check_content(yao_trust_content *content,
                                                const yao_crypto  *crypto,
                                                size_t            *unusable);

/* ---- verify.c leaves this to conclude.c --------------------------------- */

/* No such signature check. */
#define YAO_TRUST_NO_CHECK SIZE_MAX

typedef struct yao_trust_note {
    yao_status    failed;  /* of the first FAIL, or YAO_OK */
    yao_status    unknown; /* of the first UNKNOWN, or YAO_OK */
    yao_status    path_status;
    yao_status    issuer;  /* why there is no check of the signature */
    size_t        issuer_check;
    yao_x509_path path;
    bool          stale;
    size_t        unusable;
    uint8_t       hash[YAO_SHA256_LEN]; /* of the payload */
} yao_trust_note;

/** Write a row and remember it; the same with the outcome that STATUS alone
 *  gives. */
void yao_trust_note_row(yao_trust_note *note, yao_report *report,
                        yao_check check, yao_outcome outcome, yao_status why);
void yao_trust_note_status(yao_trust_note *note, yao_report *report,
                           yao_check check, yao_status status);

#endif
