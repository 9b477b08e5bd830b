/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_MDOC_REQUEST_H
#define YAO_MDOC_REQUEST_H

/**
 * DeviceRequest: who asks a holder for which elements of which documents, and
 * the frame of the answer.
 *
 *   reader: asks --make--> wishes (reader authentication) --put--> bytes
 *   holder: bytes --parse--> request --begin_readers--> checks (for the home)
 *           --conclude_reader--> for each document: who asks, or that nobody
 *           said so, or that somebody lied
 *
 * A request that nobody signed is well shaped; whether it is answered is for
 * the caller. What is not known here (requestInfo, useCases, zero knowledge,
 * keys for MACs) is tolerated and never acted upon.
 *
 * Files: request.c (parse), request_write.c, reader.c (who asks), answer.c.
 */

#include "mdoc/mdoc.h"

/* ---- reading ------------------------------------------------------------ */

/** One element that is asked for. */
typedef struct yao_mdoc_wanted {
    yao_text name_space;
    yao_text element;
    bool     retain; /* the reader means to keep it */
} yao_mdoc_wanted;

/** What is asked of one document. */
typedef struct yao_mdoc_doc_request {
    yao_text         doc_type;
    yao_mdoc_wanted *elements; /* in the arena; at least one */
    size_t           element_count;
    yao_bytes        items;    /* ItemsRequestBytes, from the tag on */
    yao_bytes        info;     /* requestInfo, a CBOR map; empty: none */
    bool             has_auth;
    yao_cose_message auth;     /* readerAuth, when there is one */
} yao_mdoc_doc_request;

typedef struct yao_mdoc_request {
    yao_mdoc_doc_request *documents; /* in the arena; at least one */
    size_t                document_count;
    yao_bytes             info;      /* DeviceRequestInfoBytes, whole; empty:
                                        none */
    yao_cose_message     *all;       /* readerAuthAll, in the arena */
    size_t                all_count;
    bool                  longer;    /* heads that are not the shortest */
} yao_mdoc_request;

/**
 * Parse a DeviceRequest.
 *
 * Shape   {"version": "1.0" / "1.1", "docRequests": [+ {"itemsRequest":
 *          #6.24(bstr .cbor ItemsRequest), ? "readerAuth": COSE_Sign1}],
 *          ? "deviceRequestInfo": #6.24(bstr .cbor {* any}),
 *          ? "readerAuthAll": [+ COSE_Sign1], * tstr => any}
 *         ItemsRequest = {"docType": tstr, "nameSpaces": {+ tstr => {+ tstr =>
 *          bool}}, ? "requestInfo": {* any}, * tstr => any}
 * In      strict  refuse heads that are not the shortest
 * Out     ret     views into INPUT, arrays in ARENA
 * Errors  YAO_E_TRUNCATED, YAO_E_TRAILING, YAO_E_UTF8, YAO_E_NOT_SHORTEST  as
 *                         the CBOR reader
 *         YAO_E_MALFORMED another shape, another major version, an empty map
 *                         or array; a signature that is not detached;
 *                         deviceRequestInfo or readerAuthAll in a "1.0"
 *         YAO_E_DUPLICATE a key, namespace or element twice
 *         YAO_E_HEADER    as cose.h
 *         YAO_E_LIMIT     above YAO_MAX_MESSAGE, YAO_MAX_DOCUMENTS,
 *                         YAO_MAX_NAMESPACES, YAO_MAX_ELEMENTS of a document,
 *                         YAO_MAX_READER_AUTHS
 *         YAO_E_SPACE     the arena is full
 * Source  ISO/IEC 18013-5 8.3.2.1.2.1, second edition 10.2
 */
YAO_MUST_USE yao_status yao_mdoc_parse_request(yao_arena *arena,
                                               yao_bytes input, bool strict,
                                               yao_mdoc_request *ret);

/** The element of REQUEST, or NULL when it is not asked for. */
const yao_mdoc_wanted *yao_mdoc_find_wanted(const yao_mdoc_doc_request *request,
                                            yao_text name_space,
                                            yao_text element);

/* ---- who asks ----------------------------------------------------------- */

typedef struct yao_mdoc_reader_options {
    const yao_anchor *anchors;    /* those of YAO_ROLE_READER count */
    size_t            anchor_count;
    yao_time          now;
    bool              strict;
    yao_bytes         transcript; /* SessionTranscript, the array */
} yao_mdoc_reader_options;

/** Reader authentication that waits for its home. */
typedef struct yao_mdoc_readers {
    const yao_mdoc_request *input;
    yao_signature_check    *checks; /* for crypto->verify() */
    size_t                  check_count;
    void                   *internal;
} yao_mdoc_readers;

/**
 * Make every check that needs no signature, and say which are needed.
 *
 * Out     ret     lives as long as ARENA, INPUT and what OPTIONS points to
 *         report  rows of the paths; the document is the index of a
 *                 docRequest, or -1 for readerAuthAll
 * Errors  YAO_E_USAGE  a time outside its range, no transcript
 *         YAO_E_SPACE
 * Source  ISO/IEC 18013-5 9.1.4; second edition 12.5: ReaderAuthentication,
 *         ReaderAuthenticationAll
 */
YAO_MUST_USE yao_status yao_mdoc_begin_readers(
    yao_arena *arena, const yao_mdoc_request *input,
    const yao_mdoc_reader_options *options, yao_mdoc_readers *ret,
    yao_report *report);

/** Zero: nobody said who asks. */
typedef enum yao_mdoc_reader_state {
    YAO_MDOC_READER_ABSENT = 0,
    YAO_MDOC_READER_GOOD,
    YAO_MDOC_READER_BAD,    /* somebody did, and it is not so */
    YAO_MDOC_READER_UNKNOWN /* the home could not check */
} yao_mdoc_reader_state;

/** Who asks for one document. */
typedef struct yao_mdoc_reader {
    yao_mdoc_reader_state  state;
    yao_status             why;         /* YAO_OK for GOOD only */
    const yao_certificate *certificate; /* for GOOD only; else NULL */
} yao_mdoc_reader;

/**
 * Who asks for document INDEX: whoever signed for it, else whoever signed for
 * all. One signature that is wrong, of the one or the other kind, makes it BAD.
 *
 * Out     ret     why: YAO_E_MISSING for ABSENT; YAO_E_BAD_SIGNATURE; those of
 *                 yao_x509_find_path() and yao_cose_check_sign1();
 *                 YAO_E_UNSUPPORTED, YAO_E_CRYPTO for UNKNOWN
 *         report  CHAIN_SIGNATURE and ISSUER_SIGNATURE of INDEX
 * Errors  YAO_E_USAGE  no such document, not begun
 */
YAO_MUST_USE yao_status yao_mdoc_conclude_reader(
    const yao_mdoc_readers *readers, size_t index, yao_mdoc_reader *ret,
    yao_report *report);

/* ---- making ------------------------------------------------------------- */

/** What to ask of one document. Elements of one namespace stand together. */
typedef struct yao_mdoc_ask {
    yao_text               doc_type;
    const yao_mdoc_wanted *elements;
    size_t                 element_count;
} yao_mdoc_ask;

typedef struct yao_mdoc_ask_options {
    const yao_mdoc_ask *asks;
    size_t              ask_count;
    yao_sig_alg         alg;        /* of the reader's key; YAO_SIG_NONE: nobody
                                       signs, and the rest is not looked at */
    const yao_bytes    *chain;      /* leaf first, without the root */
    size_t              chain_count;
    yao_bytes           transcript; /* SessionTranscript, the array */
    bool                all;        /* one signature for all: version "1.1" */
    yao_bytes           statement;  /* of the registrar, about the reader: into
                                       requestInfo of the first; empty: none */
} yao_mdoc_ask_options;

/** What it is called there: docs/formats/trust.md. */
#define YAO_MDOC_STATEMENT "org.yaopai.registration"

/** The statement in requestInfo of REQUEST; empty: there is none. It is part of
 *  what readerAuth signs. Errors: those of the CBOR reader. */
YAO_MUST_USE yao_status yao_mdoc_find_statement(
    const yao_mdoc_doc_request *request, yao_bytes *ret);

/** A request between the wishes and the bytes. */
typedef struct yao_mdoc_asking {
    yao_mdoc_ask_options options;
    yao_bytes           *items;  /* ItemsRequestBytes of each */
    yao_sign_wish       *wishes; /* of the reader's key */
    size_t               wish_count;
} yao_mdoc_asking;

/**
 * Write what is asked, and say what must be signed.
 *
 * Out     ret  lives as long as ARENA and OPTIONS
 * Errors  YAO_E_USAGE      nothing is asked, no docType, a namespace in two
 *                          places; an algorithm without chain or transcript
 *         YAO_E_DUPLICATE  an element twice
 *         YAO_E_LIMIT      as parsing has them, and of the chain
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_mdoc_ask_begin(yao_arena                  *arena,
                                           const yao_mdoc_ask_options *options,
                                           yao_mdoc_asking            *ret);

/** Write the DeviceRequest; SIGNATURES (r || s) answer the wishes. Errors
 *  recorded in W: YAO_E_USAGE for one of another length, YAO_E_SPACE. */
void yao_mdoc_put_request(yao_writer *w, const yao_mdoc_asking *asking,
                          const yao_bytes *signatures);

/* ---- the frame of the answer -------------------------------------------- */

/** ISO/IEC 18013-5 table 8. */
enum {
    YAO_MDOC_RESPONSE_OK      = 0,
    YAO_MDOC_RESPONSE_GENERAL = 10,
    YAO_MDOC_RESPONSE_CBOR    = 11, /* the request is no CBOR */
    YAO_MDOC_RESPONSE_REQUEST = 12  /* CBOR, and no request */
};

typedef struct yao_mdoc_answer {
    const yao_bytes *documents;     /* Documents, written */
    size_t           document_count;
    const yao_text  *missing;       /* docTypes that are not given: each an
                                       error 0, "data not returned", whatever
                                       the reason is */
    size_t           missing_count;
    uint64_t         status;        /* not 0: then without documents */
} yao_mdoc_answer;

/** Write a DeviceResponse. Errors recorded in W: YAO_E_USAGE for documents
 *  beside another status than 0, YAO_E_SPACE. */
void yao_mdoc_put_answer(yao_writer *w, const yao_mdoc_answer *answer);

/** What a DeviceResponse says besides its documents. Nobody signed it. */
typedef struct yao_mdoc_said {
    uint64_t  status;
    size_t    document_count;
    yao_text *missing; /* docTypes of documentErrors, in the arena */
    size_t    missing_count;
} yao_mdoc_said;

/**
 * Read the frame alone; what is in the documents is not looked at.
 *
 * Shape   {"version": tstr, ? "documents": [+ any], ? "documentErrors": [+ {+
 *          tstr => int}], "status": uint, * tstr => any}
 * Errors  as yao_mdoc_parse_response()
 */
YAO_MUST_USE yao_status yao_mdoc_read_said(yao_arena *arena, yao_bytes input,
                                           bool strict, yao_mdoc_said *ret);

#endif
