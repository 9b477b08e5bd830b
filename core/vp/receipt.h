/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VP_RECEIPT_H
#define YAO_VP_RECEIPT_H

/**
 * A receipt: what a relying party signs that it was shown, by names and never
 * by values. The program that asked keeps it, and so does the wallet, so that
 * both can say afterwards who asked for what, on which legal basis and for how
 * long it is kept. docs/formats/receipt.md has shape and vector.
 *
 * Making:
 *
 *     YAO_TRY(yao_receipt_make(arena, &receipt, YAO_ES256, &leaf, 1, &token));
 *     ... the reader's key signs token.wish ...
 *     YAO_TRY(yao_oauth_sign(arena, &token, signature, &letters));
 *
 * Reading, by who knows whom it showed what:
 *
 *     YAO_TRY(yao_receipt_read(arena, letters, &r));
 *     YAO_TRY(yao_receipt_check(&r, &terms, &check));
 *     YAO_TRY(crypto->verify(crypto->ctx, &check, 1));
 *     YAO_TRY(yao_oauth_answers(&check, 1));
 *
 * It is the same whatever way the documents were shown: to what it is bound is
 * the hash of what their holder signed into the showing, the SessionTranscript
 * on line and at a counter, the challenge at a scanner.
 */

#include "document/document.h"
#include "oauth/oauth.h"

#define YAO_RECEIPT_TYPE "yaopai-receipt+jwt"

/* Letters of one; documents in it; elements of each. */
#define YAO_RECEIPT_MAX           16384
#define YAO_RECEIPT_MAX_DOCUMENTS 20
#define YAO_RECEIPT_MAX_ELEMENTS  256

typedef struct yao_receipt_document {
    yao_text        type;     /* docType or vct */
    const yao_text *elements; /* names: claim paths, element identifiers; of a
                                 booklet's page "m02.name" */
    size_t          element_count;
} yao_receipt_document;

typedef struct yao_receipt {
    yao_text  issuer;      /* client_id: "x509_hash:..." */
    yao_text  id;          /* of the result at the desk */
    yao_text  profile;
    yao_label purpose;     /* both may be empty */
    yao_label legal_basis;
    yao_text  verdict;     /* "accept", "reject", "indeterminate" */
    yao_time  when;
    yao_time  until;       /* nothing of it is kept from then on */
    yao_bytes bound;       /* SHA-256 of what the showing is bound to; empty:
                              an open card, which answers nobody */
    const yao_receipt_document *documents;
    size_t                      document_count;
} yao_receipt;

/**
 * Write it without its signature.
 *
 * Shape   JWS, typ YAO_RECEIPT_TYPE, ? x5c; payload {"iss", "jti", "iat",
 *         "profile", ? "purpose": {"zh", "en"}, ? "legal_basis": {"zh", "en"},
 *         "keep_until", ? "bound", "verdict",
 *         "documents": [* {"type", "elements": [* name]}]}
 * In      chain  of the reader's key, leaf first; none: whoever reads it knows
 *                the certificate
 * Errors  YAO_E_USAGE  no issuer, id, profile or verdict, a time out of range,
 *                      another length of bound, too many documents or elements,
 *                      an algorithm that is none
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_receipt_make(yao_arena         *arena,
                                         const yao_receipt *receipt,
                                         yao_sig_alg        alg,
                                         const yao_bytes   *chain,
                                         size_t             chain_count,
                                         yao_oauth_unsigned *ret);

/** What somebody said. */
typedef struct yao_receipt_unverified {
    yao_jws     jws;
    yao_receipt said;
} yao_receipt_unverified;

/**
 * Read one. Nothing of it is to be believed yet.
 *
 * Out     ret  lives as long as ARENA and LETTERS
 * Errors  YAO_E_LIMIT      longer than YAO_RECEIPT_MAX; too many documents or
 *                          elements
 *         YAO_E_HEADER     another typ, or none
 *         YAO_E_MISSING    a member that must be there is not
 *         YAO_E_MALFORMED  a member of another kind
 *         YAO_E_VALUE      another length of bound, a verdict that is none, a
 *                          time out of range
 *         those of yao_jws_read()
 */
YAO_MUST_USE yao_status yao_receipt_read(yao_arena *arena, yao_bytes letters,
                                         yao_receipt_unverified *ret);

/** Whose it must be, and for what. */
typedef struct yao_receipt_terms {
    yao_text       issuer; /* client_id of who asked */
    yao_public_key key;    /* of the certificate that this name is made of */
    yao_bytes      bound;  /* SHA-256, as above; empty: any will do */
} yao_receipt_terms;

/**
 * What the home must check so that it is theirs and is for this showing.
 *
 * Errors  YAO_E_MISMATCH  of another party, or for another showing
 *         YAO_E_MISSING   for none at all
 *         YAO_E_USAGE     TERMS name nobody
 *         those of yao_jws_check()
 */
YAO_MUST_USE yao_status yao_receipt_check(const yao_receipt_unverified *r,
                                          const yao_receipt_terms      *terms,
                                          yao_signature_check          *ret);

/**
 * In what a verifier answers to a post (OpenID4VP 1.0 section 8.2) it stands
 * beside redirect_uri, as "receipt": who does not know it does not look at it.
 * put writes the whole answer; read gives an empty text where there is none,
 * or where what is there cannot be one.
 *
 * Errors of read  YAO_E_SPACE
 */
void yao_receipt_put_answer(yao_writer *w, yao_text redirect_uri,
                            yao_text receipt);
YAO_MUST_USE yao_status yao_receipt_read_answer(yao_arena *arena,
                                                yao_bytes body, yao_text *ret);

#endif
