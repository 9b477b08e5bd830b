/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VP_JUDGE_H
#define YAO_VP_JUDGE_H

/**
 * What a verifier makes of an answer: read, opened, judged.
 *
 *     posted --read_posted--> an error, a vp_token, or what is encrypted
 *     encrypted --open--> wish --read_opened--> vp_token
 *     vp_token --begin_judging--> checks (for the home)
 *              --finish_judging--> verdicts, and what was asked for
 *
 * One presentation that is not good is discarded; whether what is left answers
 * the query says DCQL. A presentation is good when core/policy accepts it for
 * this request's nonce, audience and transcript, when its holder agreed to the
 * transaction_data that concern it, and when it is what was asked for.
 *
 * An answer is consumed once: that is the caller's store.
 */

#include "vp/request.h"
#include "yaopai/verify.h"

/* ---- what was asked ----------------------------------------------------- */

/** What a verifier keeps of a request until it is answered. */
typedef struct yao_vp_awaited {
    yao_vp_mode    mode;
    yao_vp_binding binding;
    yao_text       state; /* empty: none was sent */
    yao_text       kid;   /* of the key that was made for this request */
    yao_dcql_query query;
    const yao_vp_transaction *transactions;
    size_t                    transaction_count;
    bool                      pseudonym; /* one was asked for */
} yao_vp_awaited;

/**
 * Make it of what was asked, again and again the same.
 *
 * In      origin  of the page; DC API only
 * Out     ret     lives as long as ARENA and ASK
 * Errors  YAO_E_USAGE  what yao_vp_put_request() would not write; no origin for
 *                      the DC API
 *         those of yao_dcql_parse(); YAO_E_MALFORMED (transactions);
 *         YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status yao_vp_await(yao_arena *arena, const yao_crypto *crypto,
                                     const yao_vp_ask *ask, yao_text origin,
                                     yao_vp_awaited *ret);

/* ---- what came ---------------------------------------------------------- */

typedef enum yao_vp_posted_kind {
    YAO_VP_NOTHING = 0,
    YAO_VP_REFUSED, /* an error: `failure` */
    YAO_VP_PLAIN,   /* `token` */
    YAO_VP_SEALED   /* `jwe` */
} yao_vp_posted_kind;

typedef struct yao_vp_posted {
    yao_vp_posted_kind kind;
    yao_oauth_failure  failure; /* fit to be shown */
    yao_text           state;   /* outside of what is encrypted; may be empty */
    const yao_json    *token;   /* an object */
    yao_jwe            jwe;     /* its kid says which request it is for */
} yao_vp_posted;

/**
 * Read what was posted to response_uri; what the browser's API gave.
 *
 * Shape   response=JWE; vp_token=JSON [&state=...]; error=... [&state=...]
 *         {"response": JWE}, {"vp_token": ...}, {"error": ...}
 * Out     ret  lives as long as ARENA and BODY
 * Errors  YAO_E_MISSING    none of the three
 *         YAO_E_DUPLICATE  more than one of them
 *         YAO_E_MALFORMED  vp_token is no object
 *         those of yao_form_read(), yao_json_parse(), yao_jwe_read()
 * Source  OpenID4VP 1.0 sections 8.2, 8.3, 8.5; A.4
 */
YAO_MUST_USE yao_status yao_vp_read_posted(yao_arena *arena, yao_bytes body,
                                           yao_vp_posted *ret);
YAO_MUST_USE yao_status yao_vp_read_dcapi_posted(yao_arena *arena,
                                                 yao_bytes  data,
                                                 yao_vp_posted *ret);

/**
 * May POSTED be the answer to AWAITED, by all that can be seen from outside?
 *
 * Errors  YAO_E_REFUSED    it must be encrypted and is not
 *         YAO_E_MISMATCH   the key it is encrypted to is not this request's, or
 *                          STATE is another's; it is encrypted and must not be
 *         YAO_E_MISSING    an answer that is not encrypted, or an error,
 *                          without the state that was sent
 *         YAO_E_USAGE      nothing was read
 * Source  OpenID4VP 1.0 section 14.3.2; misuse N219
 */
YAO_MUST_USE yao_status yao_vp_check_posted(const yao_vp_awaited *awaited,
                                            const yao_vp_posted  *posted);

/** How it is opened: the key of AWAITED agreed with posted->jwe.ephemeral on
 *  SHARED. yao_jwe_wipe() the KEY when the wish is fulfilled. Errors: those of
 *  yao_vp_check_posted(), yao_jwe_open(); YAO_E_USAGE (it is not encrypted). */
YAO_MUST_USE yao_status yao_vp_open(const yao_crypto     *crypto,
                                    const yao_vp_awaited *awaited,
                                    const yao_vp_posted  *posted,
                                    yao_bytes shared, yao_jwe_key *key,
                                    yao_aead_wish *ret);

/** One presentation, not looked at. */
typedef struct yao_vp_presentation {
    yao_text  id;
    size_t    credential; /* index in the query */
    yao_bytes document;   /* letters of an SD-JWT; a DeviceResponse */
} yao_vp_presentation;

typedef struct yao_vp_presentations {
    const yao_vp_presentation *items;
    size_t                     count;
} yao_vp_presentations;

/**
 * Read what was in it, and which presentations there are.
 *
 * In      plain  what the AEAD gave; must live as long as RET
 * Errors  YAO_E_MISSING    no vp_token, or no state where one was sent
 *         YAO_E_MISMATCH   another state
 *         YAO_E_VALUE      a presentation for which nobody asked
 *         YAO_E_MALFORMED  no object, a value that is no array or an empty one,
 *                          a presentation that is no string; two for a query
 *                          that takes one; none at all
 *         YAO_E_BASE64     an mdoc that is not base64url
 *         YAO_E_LIMIT      more than YAO_VP_MAX_SHOWN
 *         YAO_E_REFUSED    an error stands in it; YAO_E_UNSUPPORTED  a format
 *                          that is none of ours
 *         those of yao_json_parse(); YAO_E_SPACE
 * Source  OpenID4VP 1.0 sections 8.1, 8.3
 */
YAO_MUST_USE yao_status yao_vp_read_opened(yao_arena            *arena,
                                           const yao_vp_awaited *awaited,
                                           yao_bytes             plain,
                                           yao_vp_presentations *ret);

/** The same for one that was not encrypted. Errors: also those of
 *  yao_vp_check_posted(); YAO_E_USAGE (it is something else). */
YAO_MUST_USE yao_status yao_vp_read_plain(yao_arena            *arena,
                                          const yao_vp_awaited *awaited,
                                          const yao_vp_posted  *posted,
                                          yao_vp_presentations *ret);

/**
 * What was in an answer by org-iso-mdoc: PLAIN is its DeviceResponse, opened by
 * yao_vp_open_iso(). awaited->binding has its transcript.
 *
 * Errors  YAO_E_REFUSED  a status, or no document: nothing is shown
 *         YAO_E_VALUE    a document for which nobody asked, or a second one
 *         YAO_E_LIMIT    more than YAO_VP_MAX_SHOWN
 *         those of yao_mdoc_read_said(); YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_vp_read_iso_opened(yao_arena            *arena,
                                               const yao_vp_awaited *awaited,
                                               yao_bytes             plain,
                                               yao_vp_presentations *ret);

/* ---- judging ------------------------------------------------------------ */

/** What became of one presentation. */
typedef struct yao_vp_judged {
    yao_text          id;
    size_t            credential;
    yao_verdict       verdict; /* of all that was looked at; INDETERMINATE: it
                                  could not be */
    yao_status        why;     /* YAO_OK when it is used: else the first thing
                                  that was wrong with it */
    const yao_result *result;  /* NULL: it could not even be read. Attributes
                                  are those that were asked for, and none when
                                  it is not used */
    yao_dcql_fault    fault;   /* how it does not fit the query */
    yao_vp_borne      agreed;  /* transactions to which its holder agreed by
                                  it */
    size_t            dropped; /* attributes for which nobody asked (N225) */
    yao_text          pseudonym; /* that its holder says; empty: none */
    bool              used;
} yao_vp_judged;

/** What became of the answer. */
typedef struct yao_vp_verdict {
    yao_verdict          verdict; /* ACCEPT: all that is required is there, and
                                     each transaction agreed to by what is
                                     used */
    const yao_vp_judged *items;   /* one a presentation, in their order */
    size_t               count;
    yao_dcql_credentials answered; /* by those that are used */
    yao_text             pseudonym; /* the holder's own word, by one of those
                                       that are used; empty: none */
} yao_vp_verdict;

/** An answer that waits for its home. */
typedef struct yao_vp_judging {
    yao_signature_check *checks; /* for crypto->verify() */
    size_t               check_count;
    void                *internal;
} yao_vp_judging;

/**
 * Make every check that needs no signature.
 *
 * In      options  anchors, time, skew, lists and how old they may be; what the
 *                  request fixes (format, nonce, audience, transcript, binding)
 *                  is set here. `required` must be empty
 * Out     ret      lives as long as ARENA and all of these
 * Errors  YAO_E_USAGE  no presentation, no nonce; OPTIONS require something;
 *                      their time is out of range
 *         YAO_E_SPACE; YAO_E_CRYPTO
 *         A presentation that cannot be read is no error: it is discarded.
 * Source  OpenID4VP 1.0 sections 8.6, 14.1
 */
YAO_MUST_USE yao_status yao_vp_begin_judging(
    yao_arena *arena, const yao_crypto *crypto, const yao_vp_awaited *awaited,
    const yao_vp_presentations *presentations,
    const yao_verify_options *options, yao_vp_judging *ret);

/** The verdict. Errors: YAO_E_USAGE (not begun), YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status yao_vp_finish_judging(yao_vp_judging *judging,
                                              yao_vp_verdict *ret);

/**
 * Of a verdict whose documents answer: are those one person's of which PROFILE
 * says that they must be? policy/person.h has how.
 *
 * Out     verdict  a row ONE_PERSON in the report of each of them; REJECT, of
 *                  those documents and of all, where two people's were mixed;
 *                  an ACCEPT becomes INDETERMINATE where it can't be told
 * Errors  YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_vp_check_person(yao_arena *arena,
                                            const yao_catalogue *catalogue,
                                            const yao_profile   *profile,
                                            yao_vp_verdict      *verdict);

#endif
