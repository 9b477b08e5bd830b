/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_LIMITS_H
#define YAO_LIMITS_H

/**
 * Every number that a stranger could otherwise choose, each with its reason.
 *
 * Tested at the limit and one above. Going over one is YAO_E_LIMIT.
 *
 * Those between #ifndef and #endif may be lowered where memory is little, by
 * -DYAO_MAX_...=N for everything that is linked together: they decide how
 * large structures are. Never raised: the others are chosen to go with them.
 */

/* Nesting of CBOR items and JSON values: an mdoc needs 8, a request object
 * 9; recursion in us is bounded by it, so the stack is too. */
#define YAO_MAX_DEPTH 16

/* Items in one CBOR message and values in one JSON text: a booklet of twenty
 * members has about 1,500. Bounds the quadratic look for repeated keys. */
#define YAO_MAX_CBOR_ITEMS 4096
#define YAO_MAX_JSON_NODES 4096

/* Values in the metadata of an issuer: ours, with eight documents in three
 * formats and labels in two languages, has about 6,000; a country's reference
 * issuer some 20,000. */
#define YAO_MAX_METADATA_NODES 65536

/* Entries of one map or object: the largest real one is valueDigests. */
#ifndef YAO_MAX_MAP_ENTRIES
#define YAO_MAX_MAP_ENTRIES 512
#endif

/* Bytes of one message that is read into memory at once: an mdoc with a
 * portrait is below 100 kB. */
#define YAO_MAX_MESSAGE (1024u * 1024u)

/* One JWT, and one certificate. */
#define YAO_MAX_JWT         (256u * 1024u)
#define YAO_MAX_CERTIFICATE 8192u

/* Certificates in one x5chain or x5c: leaf, and at most three above it. */
#ifndef YAO_MAX_CHAIN
#define YAO_MAX_CHAIN 4
#endif

/* Parameters in both headers of one COSE message, or in one COSE_Key: real
 * ones have up to five. */
#define YAO_MAX_COSE_LABELS 32

/* Documents in one DeviceResponse, namespaces in one document, elements in
 * one document (a booklet of twenty members). */
#ifndef YAO_MAX_DOCUMENTS
#define YAO_MAX_DOCUMENTS 16
#endif
#ifndef YAO_MAX_NAMESPACES
#define YAO_MAX_NAMESPACES 32
#endif
#define YAO_MAX_ELEMENTS 512

/* Signatures of a reader for all that it asks: one for each root that holders
 * may know. */
#define YAO_MAX_READER_AUTHS 4

/* Disclosures in one SD-JWT, and how deep they may point into each other. */
#define YAO_MAX_DISCLOSURES      512
#define YAO_MAX_DISCLOSURE_DEPTH 8

/* Rows of one report: about 20 for each of YAO_MAX_DOCUMENTS. */
#ifndef YAO_MAX_REPORT_ROWS
#define YAO_MAX_REPORT_ROWS 384
#endif

/* Bytes of one status list once unpacked: 33 million entries of one bit. */
#define YAO_MAX_STATUS_LIST (4u * 1024u * 1024u)

/* Bytes of a QR card, sealed or not, in one code: 1,954 letters of base45 are
 * version 26 at level L, which a telephone shows and a cheap scanner reads at
 * arm's length. Above it a card is refused; what is longer is animated. */
#define YAO_MAX_CARD 1300u

/* Bytes of a card as issued: what is left of a code when it is sealed (87) and
 * signed by its holder (71). */
#define YAO_MAX_CARD_ISSUED 1140u

/* Elements on one card: the catalogue has labels for about 60. */
#ifndef YAO_MAX_CARD_ELEMENTS
#define YAO_MAX_CARD_ELEMENTS 64
#endif

/* Letters of one QR code: version 40 at level L, alphanumeric. */
#define YAO_MAX_CODE_LETTERS 4296u

/* Something too long for one code: an mdoc with a small portrait is below
 * 6 kB; 16 kB are 28 codes, five seconds at six a second. Also what a printed
 * card may unpack to. */
#define YAO_MAX_CARD_WHOLE 16384u

/* Its parts: how many, and their bytes. 40 of the smallest carry the whole. */
#define YAO_MAX_CARD_PARTS    40
#define YAO_MIN_CARD_PART     400u
#define YAO_MAX_CARD_PART     600u

/* Bytes of a place's name in a challenge: 64 letters of Chinese. */
#define YAO_MAX_CARD_PLACE 192u

/* Copies in one batch. */
#define YAO_MAX_BATCH 64

/* Bytes of one trust list or bundle: 200 status lists of 64 kB, packed, and
 * 4,096 relying parties of 700 bytes are within it. */
#define YAO_MAX_TRUST_LIST (16u * 1024u * 1024u)

/* What stands in one: issuers of the world (every state of every country that
 * has some), docTypes and vcts of one, document signers in their overlaps,
 * relying parties of a province and what one may ask, status lists, files of
 * the catalogue. */
#define YAO_MAX_TRUST_ROOTS   512
#define YAO_MAX_TRUST_TYPES   64
#define YAO_MAX_TRUST_REVOKED 64 /* certificates that one root took back, and
                                    that would not be over anyway */
#define YAO_MAX_TRUST_SIGNERS 256
#define YAO_MAX_PARTIES       4096
#define YAO_MAX_PARTY_PROFILES 32
#define YAO_MAX_TRUST_TOKENS  256
#define YAO_MAX_TRUST_FILES   256

#endif
