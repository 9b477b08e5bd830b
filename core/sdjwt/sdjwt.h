/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_SDJWT_H
#define YAO_SDJWT_H

/**
 * SD-JWT (RFC 9901) and SD-JWT VC: reading, checking, issuing, showing.
 *
 *   text --parse--> unverified --begin--> checks (for the home)
 *        --conclude--> verified: the processed payload + rows in the report
 *
 * Digests are over the disclosures' letters as received. Validity and every
 * other claim is judged on the processed payload, after disclosures took
 * their places. Compact form only.
 *
 * Files: parse.c, process.c (disclosures to payload), verify.c with claims.c
 * and holder.c, issue.c, present.c.
 */

#include "jose/jose.h"
#include "x509/x509.h"
#include "yaopai/report.h"

/* Bare issuer keys that are tried with one signature. */
#define YAO_SDJWT_MAX_KEYS 8

typedef struct yao_sdjwt_disclosure {
    yao_bytes       text;   /* base64url, as received */
    const yao_json *array;  /* decoded and parsed: 2 or 3 items */
    uint8_t         digest[YAO_MAX_HASH];
    bool            used;
} yao_sdjwt_disclosure;

typedef struct yao_sdjwt_unverified {
    yao_jws               issuer;
    yao_sdjwt_disclosure *disclosures; /* in the arena */
    size_t                disclosure_count;
    bool                  has_kb;
    yao_jws               kb;
    yao_bytes             hashed; /* up to and including the last ~ : sd_hash */
} yao_sdjwt_unverified;

/**
 * Parse the compact form.
 *
 * Shape   JWT "~" *(disclosure "~") [KB-JWT]
 * Errors  YAO_E_MALFORMED  no ~, an empty disclosure, a disclosure that is no
 *                          array of 2 or 3 with a string salt (and name)
 *         YAO_E_LIMIT      more than YAO_MAX_DISCLOSURES, or longer than
 *                          YAO_MAX_MESSAGE
 *         YAO_E_SPACE      the arena is full
 *         those of yao_jws_read()
 */
YAO_MUST_USE yao_status yao_sdjwt_parse(yao_arena *arena, yao_bytes text,
                                        yao_sdjwt_unverified *ret);

typedef struct yao_sdjwt_verify_options {
    const yao_anchor *anchors; /* certificates or bare keys */
    size_t            anchor_count;
    yao_time          now;
    yao_time          skew;
    bool              strict;
    bool              vc;          /* SD-JWT VC rules: typ, vct, no SD of ... */
    bool              no_binding;  /* holder binding is not asked for. Zero
                                      (asked for) is the default */
    yao_text          nonce;       /* expected; empty: caller has none */
    yao_text          audience;
    yao_time          kb_max_age;  /* 0: 300 seconds */
} yao_sdjwt_verify_options;

typedef struct yao_sdjwt_verification {
    yao_sdjwt_unverified     *input;
    yao_sdjwt_verify_options  options;
    yao_signature_check       checks[YAO_SDJWT_MAX_KEYS + 1];
    size_t                    check_count;
    yao_x509_path             path;
    yao_public_key            holder_key;
    const yao_json           *payload; /* processed: disclosures in place */
    void                     *internal;
} yao_sdjwt_verification;

/**
 * Make every check that needs no signature, process the disclosures, and say
 * which signatures are needed. Rows into REPORT for document 0.
 *
 * Out     ret     lives as long as ARENA, INPUT and what OPTIONS points to, and
 *                 stays where it is: its checks point into it
 *         report  a row per check, but for the signatures: conclude's
 * Errors  YAO_E_USAGE   now, skew or kb_max_age outside its range
 *         YAO_E_SPACE   the arena is full
 *         YAO_E_CRYPTO  the hash failed
 *         a token that fails a check is no error: that is in the report, also
 *         that the home lacks a hash
 * Source  RFC 9901 sections 7.1, 7.3; SD-JWT VC sections 3.2, 3.5
 * Cost    a hash for each disclosure and one for the KB-JWT
 */
YAO_MUST_USE yao_status yao_sdjwt_begin(yao_arena *arena,
                                        const yao_crypto *crypto,
                                        yao_sdjwt_unverified *input,
                                        const yao_sdjwt_verify_options *options,
                                        yao_sdjwt_verification *ret,
                                        yao_report             *report);

/** Does NODE, of the processed payload of TOKEN, stand there because its holder
 *  disclosed it? False for what nobody could hide, and for what only lies in
 *  something that was disclosed. */
bool yao_sdjwt_is_disclosed(const yao_sdjwt_unverified *token,
                            const yao_json             *node);

/** What a checked token says. Made by conclude only. */
typedef struct yao_sdjwt_verified {
    yao_text        type;    /* vct; empty for a plain SD-JWT */
    const yao_json *payload; /* processed */
    yao_time        not_before, expires; /* YAO_TIME_NONE when absent */
    yao_text        status_uri;          /* empty when absent */
    uint64_t        status_index;
    const yao_certificate *signer;       /* NULL: a bare key */
    yao_public_key  holder_key;
    bool            bound;   /* the KB-JWT was there and good */
} yao_sdjwt_verified;

/**
 * Add the rows of the signatures, after the home has answered.
 *
 * Out     ret  written only when each row of REPORT so far is PASS, NOTE or
 *              ABSENT; lives as long as V
 * Errors  YAO_E_USAGE  not begun, or concluded already
 *         the reason of the first row that is FAIL, else of the first that is
 *         UNKNOWN; YAO_E_LIMIT when rows were lost
 */
YAO_MUST_USE yao_status yao_sdjwt_conclude(yao_sdjwt_verification *v,
                                           yao_sdjwt_verified     *ret,
                                           yao_report             *report);

/* ---- issuing ------------------------------------------------------------ */

/** What is to be signed: a JSON object of claims, and which of its places are
 *  to be selectively disclosable. A path is names and array indexes. */
typedef struct yao_sdjwt_path {
    const yao_text *steps;   /* a name, or a decimal index in an array */
    size_t          step_count;
} yao_sdjwt_path;

typedef struct yao_sdjwt_issue_request {
    const yao_json       *claims;      /* without _sd, ..., _sd_alg, cnf */
    const yao_sdjwt_path *disclosable; /* deeper ones may lie in others */
    size_t                disclosable_count;
    size_t                decoys;      /* in each _sd array, at most 16; none
                                          where nothing is disclosable */
    yao_public_key        holder_key;  /* curve NONE: not bound */
    yao_text              type;        /* typ, "dc+sd-jwt" */
    yao_sig_alg           alg;
    yao_text              kid;         /* empty: none */
    const yao_bytes      *chain;       /* x5c, without root */
    size_t                chain_count;
} yao_sdjwt_issue_request;

typedef struct yao_sdjwt_issuing {
    yao_sign_wish wish;        /* fulfil this */
    yao_bytes     unsigned_jwt; /* header.payload */
    yao_bytes     disclosures; /* "d1~d2~" */
} yao_sdjwt_issuing;

/**
 * Make salts, digests, payload. The digests of one _sd array are sorted, which
 * hides the order of the claims and tells decoys from nothing.
 *
 * In      entropy  16 bytes a disclosure, 32 a decoy
 * Out     ret      lives as long as ARENA
 * Errors  YAO_E_USAGE      claims that are no object, a reserved name in them,
 *                          cnf beside a holder key, a path to nothing, to the
 *                          whole, or twice to the same; more than 16 decoys;
 *                          an unknown algorithm; with typ dc+sd-jwt a claim
 *                          that must not be disclosable, or no vct
 *         YAO_E_DUPLICATE  two salts are equal: the random source is broken
 *         YAO_E_LIMIT      more disclosures, deeper ones, or a longer JWT than
 *                          yaopai/limits.h allows
 *         YAO_E_ENTROPY, YAO_E_SPACE; YAO_E_CRYPTO, YAO_E_UNSUPPORTED the hash
 * Source  RFC 9901 sections 4, 9.3, 9.5; SD-JWT VC section 3.2
 */
YAO_MUST_USE yao_status yao_sdjwt_issue(yao_arena        *arena,
                                        const yao_crypto *crypto,
                                        const yao_sdjwt_issue_request *request,
                                        yao_entropy       *entropy,
                                        yao_sdjwt_issuing *ret);

/** Write `<JWT>~<D1>~...~<Dn>~` with the signature that came. Errors:
 *  YAO_E_USAGE (SIGNATURE is not of the algorithm's length); YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_sdjwt_put_issued(yao_writer              *w,
                                             const yao_sdjwt_issuing *issuing,
                                             yao_bytes signature);

/* ---- showing ------------------------------------------------------------ */

typedef struct yao_sdjwt_presenting {
    yao_bytes     shown;  /* `<JWT>~<chosen>~...~` */
    yao_bytes     unsigned_kb;
    yao_sign_wish wish;   /* of the holder key */
} yao_sdjwt_presenting;

/**
 * Choose disclosures of a stored SD-JWT: those of the given paths, those they
 * lie in, and all below them. Prepare the KB-JWT.
 *
 * In      stored    as issued, ending in ~ (a KB-JWT at its end is refused)
 *         paths     those that are there are chosen, the others are not missed;
 *                   none given: nothing is disclosed
 *         alg       of the holder key
 * Out     ret       lives as long as ARENA and STORED
 * Errors  YAO_E_USAGE    no nonce or audience, a moment out of range, no alg
 *         YAO_E_REFUSED  STORED ends in a KB-JWT
 *         YAO_E_MISSING  none of the paths is there
 *         those of yao_sdjwt_parse(); those of the checks DIGESTS and
 *         DISCLOSURES; YAO_E_SPACE; YAO_E_CRYPTO
 * Source  RFC 9901 sections 7.2, 4.3
 */
YAO_MUST_USE yao_status yao_sdjwt_present(yao_arena *arena,
                                          const yao_crypto *crypto,
                                          yao_bytes stored,
                                          const yao_sdjwt_path *paths,
                                          size_t path_count, yao_text nonce,
                                          yao_text audience, yao_time now,
                                          yao_sig_alg alg,
                                          yao_sdjwt_presenting *ret);

/** The same, and what a protocol wants in the KB-JWT besides. */
typedef struct yao_sdjwt_showing {
    yao_bytes             stored;
    const yao_sdjwt_path *paths;
    size_t                path_count;
    yao_text              nonce, audience;
    yao_time              now;
    yao_sig_alg           alg;
    yao_bytes             more; /* members of the payload as JSON, with a comma
                                   between and none around them; empty: none */
} yao_sdjwt_showing;
YAO_MUST_USE yao_status yao_sdjwt_show(yao_arena               *arena,
                                       const yao_crypto        *crypto,
                                       const yao_sdjwt_showing *showing,
                                       yao_sdjwt_presenting    *ret);

/** Write the presentation with the KB-JWT signed. Errors as
 *  yao_sdjwt_put_issued(). */
YAO_MUST_USE yao_status yao_sdjwt_put_presented(
    yao_writer *w, const yao_sdjwt_presenting *presenting, yao_bytes signature);

#endif
