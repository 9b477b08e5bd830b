/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STATUSLIST_H
#define YAO_STATUSLIST_H

/**
 * Token Status Lists (draft-ietf-oauth-status-list-20): the array of entries,
 * the signed token around it as JWT and as CWT, made and judged.
 *
 * Reading, with the home between the steps; nothing is unpacked before its
 * signature is known to be good:
 *
 *   bytes --parse--> unverified --begin--> checks --unpack--> inflate wish
 *         --conclude--> yao_status_list + rows in the report
 *
 * Writing: build the array, let the home deflate it once, then for each form
 *
 *   request --write--> sign wish --put--> token
 *
 * A worked example of the whole way is programs/app/status_list.c.
 *
 * Files: array.c (entries), parse.c (tokens), verify.c (begin, unpack,
 * conclude), write.c, state.c.
 *
 * Limits   YAO_MAX_STATUS_LIST bytes unpacked; a JWT of YAO_MAX_JWT, a CWT of
 *          YAO_MAX_MESSAGE
 */

#include "cose/cose.h"
#include "jose/jose.h"
#include "x509/x509.h"
#include "yaopai/report.h"
#include "yaopai/status.h"

/* ---- the array ---------------------------------------------------------- */

/**
 * Entry INDEX of LIST.
 *
 * Errors  YAO_E_VALUE  there is no such entry: the list does not know the
 *                      document, which is then not valid (8.3)
 * Source  draft-ietf-oauth-status-list-20 4.1: the first entry is in the
 *         lowest bits of the first byte
 * Cost    one byte read
 */
static inline YAO_MUST_USE yao_status
yao_status_get(const yao_status_list *list, uint64_t index, uint8_t *ret)
{
    if (index >= list->count)
        return YAO_E_VALUE;

    uint64_t bit = index * list->bits;
    *ret = (uint8_t)((list->entries.ptr[bit >> 3] >> (bit & 7)) &
                     ((1u << list->bits) - 1));
    return YAO_OK;
}

/** What VALUE means: 0 valid, 1 invalid, 2 suspended, all else OTHER. Source:
 *  draft-ietf-oauth-status-list-20 7.1. */
yao_status_state yao_status_state_of(uint8_t value);

/**
 * See bytes as a list, without any token around them: for who keeps lists. It
 * has no uri, so that no verdict is ever made of it.
 *
 * Errors  YAO_E_USAGE  bits is not 1, 2, 4 or 8
 *         YAO_E_LIMIT  more than YAO_MAX_STATUS_LIST bytes
 */
YAO_MUST_USE yao_status yao_status_of_bytes(yao_bytes entries, uint64_t bits,
                                            yao_status_list *ret);

/**
 * Set entry INDEX in bytes of the caller's; zeroed ones are all valid.
 *
 *     uint8_t entries[1 << 17] = {0};
 *     YAO_TRY(yao_status_set(entries, sizeof entries, 1, index, 1));
 *
 * Errors  YAO_E_USAGE  bits is not 1, 2, 4 or 8, or VALUE does not fit them
 *         YAO_E_VALUE  there is no such entry
 */
YAO_MUST_USE yao_status yao_status_set(uint8_t *entries, size_t len,
                                       uint64_t bits, uint64_t index,
                                       uint8_t value);

/* ---- tokens ------------------------------------------------------------- */

/** Seconds between which a ttl is brought: less would be asked for all the
 *  time, more would be a list for good. */
#define YAO_STATUS_TTL_MIN 60
#define YAO_STATUS_TTL_MAX 86400

typedef enum yao_statuslist_form {
    YAO_STATUSLIST_UNKNOWN = 0, /* find out */
    YAO_STATUSLIST_JWT     = 1, /* application/statuslist+jwt */
    YAO_STATUSLIST_CWT     = 2  /* application/statuslist+cwt */
} yao_statuslist_form;

/* ---- writing ------------------------------------------------------------ */

/** A list to be signed. */
typedef struct yao_statuslist_request {
    yao_statuslist_form form;
    yao_text            uri;        /* where it will stand: sub */
    yao_time            issued_at;
    yao_time            expires;    /* later than issued_at */
    int64_t             ttl;        /* seconds, YAO_STATUS_TTL_MIN..MAX */
    uint8_t             bits;
    yao_bytes           compressed; /* answer to a yao_deflate_wish over the
                                       entries; the same for both forms */
    yao_sig_alg         alg;        /* of the signer */
    const yao_bytes    *chain;      /* signer's certificates, leaf first,
                                       without root */
    size_t              chain_count;
} yao_statuslist_request;

/** What lies between the wish and the finished token. */
typedef struct yao_statuslist_issuing {
    yao_statuslist_request request;
    yao_sign_wish          wish;    /* fulfil this */
    yao_bytes              payload; /* CWT: the claims; JWT: all that is
                                       signed */
} yao_statuslist_issuing;

/**
 * Write what must be signed.
 *
 * Shape   JWT {"alg", "typ": "statuslist+jwt", "x5c"}
 *             {"exp", "iat", "status_list": {"bits", "lst"}, "sub", "ttl"}
 *         CWT #6.18 {1: alg, 16: "application/statuslist+cwt", 33: x5chain}
 *             {2: sub, 4: exp, 6: iat, 65533: {"bits", "lst"}, 65534: ttl}
 * Out     ret  lives as long as ARENA and the request
 * Errors  YAO_E_USAGE  no form, uri, entries, algorithm or chain; bits, dates
 *                      or ttl outside of their ranges
 *         YAO_E_LIMIT  longer than what anybody may read
 *         YAO_E_SPACE
 * Source  draft-ietf-oauth-status-list-20 5.1, 5.2; ISO/IEC 18013-5 12.3.6 of
 *         edition 2 (exp is there, x5chain is protected)
 */
YAO_MUST_USE yao_status yao_statuslist_write(
    yao_arena *arena, const yao_statuslist_request *request,
    yao_statuslist_issuing *ret);

/** Write the token with the signature (r || s) that came. Errors: YAO_E_USAGE
 *  for one of another length, YAO_E_SPACE; both recorded in W. */
YAO_MUST_USE yao_status yao_statuslist_put(
    yao_writer *w, const yao_statuslist_issuing *issuing, yao_bytes signature);

/* ---- reading ------------------------------------------------------------ */

/** The claims of a token, as far as they could be read. */
typedef struct yao_statuslist_claims {
    yao_text   uri;        /* sub */
    yao_time   issued_at;  /* YAO_TIME_NONE: absent */
    yao_time   expires;    /* YAO_TIME_NONE: absent */
    int64_t    ttl;        /* as it stands; 0: absent */
    int64_t    bits;
    yao_bytes  compressed; /* lst */
    yao_status required;   /* of sub, iat, status_list: YAO_OK or what is
                              wrong */
    yao_status dates;      /* of iat, exp, ttl */
    yao_status content;    /* of bits, lst */
} yao_statuslist_claims;

typedef struct yao_statuslist_unverified {
    yao_statuslist_form   form;
    yao_jws               jws;  /* of a JWT */
    yao_cose_message      cose; /* of a CWT */
    yao_text              type; /* typ, or the protected header 16 */
    const yao_bytes      *chain;
    size_t                chain_count;
    yao_statuslist_claims claims;
} yao_statuslist_unverified;

/**
 * Read a status list token.
 *
 * In      form    UNKNOWN: found out from the first byte
 * Out     ret     lives as long as ARENA and INPUT, and stays where it is;
 *                 a claim that is missing or wrong is no error here, but
 *                 becomes a row of the report
 * Errors  YAO_E_MALFORMED  no JWS and no COSE_Sign1 with tag 18; a payload
 *                          that is no object, or no map
 *         YAO_E_LIMIT      longer than YAO_MAX_JWT, or YAO_MAX_MESSAGE
 *         YAO_E_SPACE      ARENA is full: it wants the size of a JWT
 *         those of yao_jws_read(), yao_cose_read_message(); a CWT's CBOR is
 *         of the shortest form, nobody is known to write another
 */
YAO_MUST_USE yao_status yao_statuslist_parse(yao_arena *arena, yao_bytes input,
                                             yao_statuslist_form form,
                                             yao_statuslist_unverified *ret);

typedef struct yao_statuslist_options {
    const yao_anchor *anchors; /* those of role STATUS count */
    size_t            anchor_count;
    yao_time          now;
    yao_time          skew;  /* seconds, 0..86400 */
    bool              strict;
    yao_text          uri;   /* that was asked for; empty: any */
    bool              asks;  /* for an index */
    uint64_t          index;
} yao_statuslist_options;

/** How many bare keys are tried for a token without certificates. */
#define YAO_STATUSLIST_MAX_KEYS 8

/** A judgement that waits for its home. It stays where it is. */
typedef struct yao_statuslist_verification {
    const yao_statuslist_unverified *input;
    yao_statuslist_options           options;
    yao_x509_path                    path;
    yao_signature_check checks[YAO_MAX_CHAIN + YAO_STATUSLIST_MAX_KEYS];
    size_t              check_count;
    size_t              chain_checks; /* the first so many are the path's */
    const yao_anchor   *keys[YAO_STATUSLIST_MAX_KEYS]; /* whose checks follow,
                                         when there is no path */
    size_t              first_row;    /* of this judgement in the report */
    yao_status          begun;        /* the first failure of begin's rows */
    bool                good;         /* unpack() found nothing wrong */
} yao_statuslist_verification;

/**
 * Make every check that needs no signature; ret->checks are for the home.
 *
 * Out     ret     lives as long as ARENA, INPUT and what OPTIONS points to
 *         report  rows of document 0
 * Errors  YAO_E_USAGE  time or skew outside its range;  YAO_E_SPACE
 *         A token that fails a check is no error: that is in the report.
 * Source  draft-ietf-oauth-status-list-20 8.3; certificates as x509.h, for
 *         YAO_ROLE_STATUS. A token without certificates is checked with the
 *         bare keys among the anchors
 */
YAO_MUST_USE yao_status yao_statuslist_begin(
    yao_arena *arena, const yao_statuslist_unverified *input,
    const yao_statuslist_options *options, yao_statuslist_verification *ret,
    yao_report *report);

/**
 * The answers are in: what is to be unpacked now.
 *
 * Out     ret     the wish, only on YAO_OK
 *         report  rows CHAIN_SIGNATURE, ISSUER_SIGNATURE
 * Errors  of the first row that failed, else of the first that could not be
 *         checked: nothing is unpacked for a stranger
 *         YAO_E_USAGE  another report than begin's
 */
YAO_MUST_USE yao_status yao_statuslist_unpack(yao_statuslist_verification *v,
                                              yao_inflate_wish *ret,
                                              yao_report       *report);

/**
 * The list.
 *
 * In      inflated  what the home said to the wish
 *         entries   what it unpacked, when that was YAO_OK
 * Out     ret       lives as long as the input, ENTRIES and the anchors
 *         report    rows LIST_CONTENT, LIST_INDEX
 * Errors  YAO_E_USAGE  unpack() did not give YAO_OK
 *         YAO_E_LIMIT  more entries than YAO_MAX_STATUS_LIST bytes hold
 *         YAO_E_VALUE  the index that was asked for is beyond the list
 *         INFLATED when it is not YAO_OK (YAO_E_SPACE: the host lacked room,
 *         and nothing is reported)
 */
YAO_MUST_USE yao_status yao_statuslist_conclude(yao_statuslist_verification *v,
                                                yao_status inflated,
                                                yao_bytes  entries,
                                                yao_status_list *ret,
                                                yao_report      *report);

#endif
