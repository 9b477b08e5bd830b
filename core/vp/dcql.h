/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VP_DCQL_H
#define YAO_VP_DCQL_H

/**
 * DCQL, the query language of OpenID4VP 1.0 (sections 6 and 7): read, written,
 * answered by a wallet, checked by a verifier.
 *
 *     yao_dcql_query    query;
 *     yao_dcql_matching found;
 *     YAO_TRY(yao_dcql_read(arena, yao_json_get(request, "dcql_query"),
 *                           &query));
 *     YAO_TRY(yao_dcql_match(arena, &query, held, held_count, &found));
 *     YAO_TRY(yao_dcql_answer(&query, &found, NULL, &credentials));
 *
 * A candidate is a document that somebody holds, or that was shown: the same
 * shape on both sides, so that a wallet and a verifier use the same words for
 * "this fits". What a wallet shows of it follows from a yao_dcql_fit, as
 * paths for yao_sdjwt_present() or selectors for yao_mdoc_present().
 *
 * Sets of things that a query names are masks: bit I is the credential, or the
 * claim of one, with index I.
 *
 * Unknown members are ignored, known ones of another type never. A format that
 * is none of ours is a query that nothing here answers, and no error.
 *
 * Files: dcql_read.c, dcql_sets.c (from JSON), dcql_write.c, dcql_path.c
 * (claims path pointers), dcql_value.c (values), dcql_match.c, dcql_answer.c
 * (which to show), dcql_check.c (the verifier), dcql_candidate.c,
 * dcql_profile.c (from the catalogue).
 *
 * Memory   results are in the arena, with views into what was read
 */

#include "document/document.h"
#include "mdoc/mdoc.h"
#include "sdjwt/sdjwt.h"

/* ---- limits ------------------------------------------------------------- */

/* Credential queries in one query, claims in one of them: a mortgage asks four
 * documents in two formats; a document has about 30 elements (misuse N214).
 * Masks of 32 and 64 bits hold them. */
#define YAO_DCQL_MAX_CREDENTIALS 20
#define YAO_DCQL_MAX_CLAIMS      64

/* Alternatives: of claims in one credential query; sets of credentials, and
 * options of one. All are tried (misuse N315). */
#define YAO_DCQL_MAX_CLAIM_SETS 32
#define YAO_DCQL_MAX_SETS       20
#define YAO_DCQL_MAX_OPTIONS    32

/* Steps of a path: a document is no deeper. */
#define YAO_DCQL_MAX_PATH YAO_MAX_DEPTH

/* Values of a claim, types of a credential, authorities, values of one. */
#define YAO_DCQL_MAX_VALUES 64

/* Letters of an id. */
#define YAO_DCQL_MAX_ID 128

/* Presentations of one answer: several of one query where it takes them. */
#define YAO_DCQL_MAX_SHOWN 64

/** No such index. */
#define YAO_DCQL_NONE SIZE_MAX

typedef uint32_t yao_dcql_credentials; /* mask of credential queries */
typedef uint64_t yao_dcql_claims;      /* mask of the claims of one */

/* ---- the query ---------------------------------------------------------- */

typedef enum yao_dcql_format {
    YAO_DCQL_OTHER = 0, /* nothing here answers it */
    YAO_DCQL_SDJWT = 1, /* "dc+sd-jwt" */
    YAO_DCQL_MDOC  = 2  /* "mso_mdoc" */
} yao_dcql_format;

typedef enum yao_dcql_step_kind {
    YAO_DCQL_NAME  = 1, /* a member of an object, a namespace, an element */
    YAO_DCQL_INDEX = 2, /* an item of an array */
    YAO_DCQL_ALL   = 3  /* null: all items of an array */
} yao_dcql_step_kind;

typedef struct yao_dcql_step {
    yao_dcql_step_kind kind;
    yao_text           name;
    uint32_t           index;
} yao_dcql_step;

/** A value that a claim may have: YAO_JSON_STRING, NUMBER or BOOL. */
typedef struct yao_dcql_value {
    yao_json_kind kind;
    yao_text      text;
    int64_t       number;
    bool          truth;
} yao_dcql_value;

typedef struct yao_dcql_claim {
    yao_text              id; /* empty: none */
    const yao_dcql_step  *path;
    size_t                path_count;
    const yao_dcql_value *values;
    size_t                value_count; /* 0: any value */
    bool                  retain;      /* intent_to_retain; mdoc only */
} yao_dcql_claim;

typedef enum yao_dcql_authority_kind {
    YAO_DCQL_UNKNOWN    = 0, /* matches nothing */
    YAO_DCQL_AKI        = 1, /* key identifier of a certificate's issuer */
    YAO_DCQL_ETSI_TL    = 2, /* identifier of a trusted list */
    YAO_DCQL_FEDERATION = 3  /* entity identifier */
} yao_dcql_authority_kind;

/** One of trusted_authorities. */
typedef struct yao_dcql_authority {
    yao_dcql_authority_kind kind;
    yao_text                type;   /* its word */
    const yao_bytes        *values; /* of AKI decoded, else texts */
    size_t                  value_count;
} yao_dcql_authority;

/** One Credential Query. */
typedef struct yao_dcql_credential {
    yao_text                  id;
    yao_dcql_format           format;
    yao_text                  format_name;
    bool                      multiple;
    bool                      unbound; /* holder binding is not required */
    const yao_text           *types;   /* vct_values, or one doctype_value */
    size_t                    type_count; /* of OTHER 0 */
    const yao_json           *meta;    /* of OTHER, else NULL */
    const yao_dcql_authority *authorities;
    size_t                    authority_count; /* 0: any */
    const yao_dcql_claim     *claims;
    size_t                    claim_count; /* 0: nothing that can be hidden */
    const yao_dcql_claims    *claim_sets;  /* the preferred one first */
    size_t                    claim_set_count; /* 0: all claims */
} yao_dcql_credential;

/** One Credential Set Query. */
typedef struct yao_dcql_set {
    const yao_dcql_credentials *options; /* the preferred one first */
    size_t                      option_count;
    bool                        optional; /* "required": false */
} yao_dcql_set;

typedef struct yao_dcql_query {
    const yao_dcql_credential *credentials;
    size_t                     credential_count;
    const yao_dcql_set        *sets;
    size_t                     set_count; /* 0: all credentials are required */
} yao_dcql_query;

/**
 * Read a query.
 *
 * Shape   {"credentials": [{"id": id, "format": tstr, ? "multiple": bool,
 *           "meta": {"vct_values": [+ tstr]} / {"doctype_value": tstr} / {...},
 *           ? "trusted_authorities": [+ {"type": tstr, "values": [+ tstr]}],
 *           ? "require_cryptographic_holder_binding": bool,
 *           ? "claims": [+ {? "id": id, "path": [+ tstr / uint / null],
 *                           ? "values": [+ tstr / int / bool],
 *                           ? "intent_to_retain": bool}],
 *           ? "claim_sets": [+ [+ id]]} +],
 *          ? "credential_sets": [+ {"options": [+ [+ id]],
 *                                   ? "required": bool}]}
 *         id = 1..MAX_ID letters of A-Z a-z 0-9 _ -
 * Out     ret  lives as long as ARENA and VALUE
 * Errors  YAO_E_MISSING    a member that must be there is not: credentials;
 *                          id, format, meta; vct_values of dc+sd-jwt,
 *                          doctype_value of mso_mdoc; type, values of an
 *                          authority; path; options; with claim_sets the
 *                          claims, or the id of one. VALUE is NULL
 *         YAO_E_MALFORMED  a member of another type; an array, an id, a type
 *                          or a format that is empty
 *         YAO_E_VALUE      an id with other letters; a step that is negative
 *                          or has a fraction; an mdoc's path that is not two
 *                          texts; a value that is no integer
 *         YAO_E_BASE64     an "aki" that is not base64url
 *         YAO_E_DUPLICATE  an id twice among credentials, or among the claims
 *                          of one
 *         YAO_E_MISMATCH   claim_sets or options name an id that is not there
 *         YAO_E_LIMIT      more of something than the limits above, a number
 *                          outside of int64, an index outside of uint32
 *         YAO_E_SPACE      the arena is full
 * Source  OpenID4VP 1.0 sections 6, 7, B.2.3, B.2.4, B.3.5
 */
YAO_MUST_USE yao_status yao_dcql_read(yao_arena *arena, const yao_json *value,
                                      yao_dcql_query *ret);

/** The same from its letters. Errors: also those of yao_json_parse(). */
YAO_MUST_USE yao_status yao_dcql_parse(yao_arena *arena, yao_bytes json,
                                       yao_dcql_query *ret);

/** Write a query: members in the order of the shape above, what is at its
 *  default left out. Reading it gives the same query. */
void yao_dcql_put(yao_writer *w, const yao_dcql_query *query);

/** The index of the credential query with that id, or YAO_DCQL_NONE. For what
 *  names them elsewhere: vp_token, transaction_data, verifier_info. */
size_t yao_dcql_find(const yao_dcql_query *query, yao_text id);

/* ---- candidates --------------------------------------------------------- */

/** Something by which an issuer is known. */
typedef struct yao_dcql_membership {
    yao_dcql_authority_kind kind;
    yao_bytes               value;
} yao_dcql_membership;

/** A document that is held, or that was shown. */
typedef struct yao_dcql_candidate {
    yao_dcql_format            format;
    const yao_text            *types; /* docType; or vct, and after it those it
                                         extends as far as they are known */
    size_t                     type_count;
    const yao_dcql_membership *memberships;
    size_t                     membership_count;
    bool bound; /* held: to a key of the holder; shown: with its proof */
    bool shown; /* of an array's items some may have been withheld */
    const yao_json             *claims; /* SD-JWT: the processed payload */
    const yao_sdjwt_unverified *token;  /* shown: which claims were disclosed;
                                           NULL: none could be hidden */
    const yao_mdoc_item        *items;  /* mdoc */
    size_t                      item_count;
} yao_dcql_candidate;

/**
 * Make a candidate of a document: its type, the authority key identifiers of
 * its chain (of certificates that can be read), its claims.
 *
 * In      payload  processed, of yao_sdjwt_begin() or yao_sdjwt_conclude()
 *         shown    it is bound if a proof of its holder came with it (which
 *                  others verify); else if it names a key
 * Out     ret      lives as long as ARENA and what it is made of
 * Errors  YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_dcql_of_sdjwt(yao_arena *arena,
                                          const yao_sdjwt_unverified *token,
                                          const yao_json *payload, bool shown,
                                          yao_dcql_candidate *ret);
YAO_MUST_USE yao_status yao_dcql_of_mdoc(yao_arena *arena,
                                         const yao_mdoc_document *document,
                                         bool shown, yao_dcql_candidate *ret);

/* ---- the wallet --------------------------------------------------------- */

/** A candidate that satisfies a credential query. */
typedef struct yao_dcql_fit {
    size_t          candidate; /* index */
    size_t          claim_set; /* the first that it satisfies, or NONE */
    yao_dcql_claims claims;    /* to be disclosed: of the query's claims */
} yao_dcql_fit;

/** Those that satisfy one, in the order they were given in. */
typedef struct yao_dcql_fits {
    const yao_dcql_fit *items;
    size_t                count;
} yao_dcql_fits;

typedef struct yao_dcql_matching {
    const yao_dcql_fits *credentials; /* one each credential query */
    yao_dcql_credentials    matched;     /* those with at least one */
    const size_t           *options;     /* one each set: the first option that
                                            can be satisfied, or NONE */
    bool satisfied; /* there is a complete answer, and it is not empty */
} yao_dcql_matching;

/**
 * Which candidates satisfy which credential query.
 *
 * A claim is there when its path leads somewhere. Of several that one path
 * leads to each is a claim of its own: those without one of the VALUES are as
 * if they were not there. Which values are equal: strings by their letters,
 * integers that are written as such, truths; of an mdoc what its CBOR is in
 * JSON (RFC 8949 section 6.1; a floating point number equals nothing).
 *
 * Out     ret  lives as long as ARENA. That nothing matches is no error
 * Errors  YAO_E_SPACE
 * Source  OpenID4VP 1.0 sections 6.1, 6.3, 6.4, 7
 * Cost    credentials * candidates * claims * items of a document; recursion
 *         at most MAX_PATH deep
 */
YAO_MUST_USE yao_status yao_dcql_match(yao_arena            *arena,
                                       const yao_dcql_query *query,
                                       const yao_dcql_candidate *candidates,
                                       size_t             candidate_count,
                                       yao_dcql_matching *ret);

/** Can OPTION of SET be satisfied? For a person who chooses. */
bool yao_dcql_offers(const yao_dcql_matching *matching, const yao_dcql_set *set,
                     size_t option);

/**
 * Which credential queries are to be answered: all of them or, with sets, those
 * of one option of each set that is required, and of the optional ones chosen.
 *
 * In      options  one each set: its option, or NONE to leave an optional set
 *                  out; NULL: the first of each that can be satisfied
 * Out     ret      never part of an answer, never empty
 * Errors  YAO_E_MISSING  nothing satisfies a credential that is required, or
 *                        an option of OPTIONS; there would be no credential
 *         YAO_E_USAGE    an option that does not exist, a required set left out
 * Source  OpenID4VP 1.0 section 6.4.2
 */
YAO_MUST_USE yao_status yao_dcql_answer(const yao_dcql_query    *query,
                                        const yao_dcql_matching *matching,
                                        const size_t            *options,
                                        yao_dcql_credentials    *ret);

/**
 * What to disclose, for yao_sdjwt_present(): a path for each claim of CLAIMS
 * that is there and has one of its values, each null replaced by the indexes.
 * None for no claims.
 *
 * In      payload  processed, of the whole document
 * Out     ret      in ARENA
 * Errors  YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_dcql_paths(yao_arena                 *arena,
                                       const yao_dcql_credential *credential,
                                       yao_dcql_claims            claims,
                                       const yao_json            *payload,
                                       const yao_sdjwt_path     **ret,
                                       size_t                    *count);

/** The same for yao_mdoc_present(); none: yao_mdoc_present_bare(). Errors:
 *  YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_dcql_selectors(
    yao_arena *arena, const yao_dcql_credential *credential,
    yao_dcql_claims claims, const yao_mdoc_selector **ret, size_t *count);

/* ---- the verifier ------------------------------------------------------- */

/** One presentation of an answer: under which id it came, and what it is. */
typedef struct yao_dcql_shown {
    yao_text           id;
    yao_dcql_candidate document;
} yao_dcql_shown;

/** Why a presentation does not answer its query. Zero is no answer at all. */
typedef enum yao_dcql_fault {
    YAO_DCQL_UNCHECKED = 0,
    YAO_DCQL_FITS,
    YAO_DCQL_WRONG_ID,        /* nobody asked under that id */
    YAO_DCQL_WRONG_NUMBER,    /* a second one, and `multiple` is not said */
    YAO_DCQL_WRONG_FORMAT,
    YAO_DCQL_WRONG_TYPE,
    YAO_DCQL_WRONG_AUTHORITY, /* of an issuer that was not named */
    YAO_DCQL_NOT_BOUND,       /* without its holder's proof */
    YAO_DCQL_WRONG_CLAIMS     /* one is missing, or has another value */
} yao_dcql_fault;

/** The word for FAULT: "type". Never NULL. */
const char *yao_dcql_fault_name(yao_dcql_fault fault);

/** What the check found of one presentation. */
typedef struct yao_dcql_finding {
    yao_dcql_fault  fault;
    size_t          credential; /* index in the query, or NONE */
    size_t          claim_set;  /* that it satisfies, or NONE */
    yao_dcql_claims claims;     /* that were asked for and are there */
    size_t          extra;      /* claims or elements disclosed unasked */
    yao_text        first_extra; /* the name of one, as it stands; empty: an
                                    item of an array */
} yao_dcql_finding;

typedef struct yao_dcql_verdict {
    const yao_dcql_finding *findings; /* one a presentation */
    yao_dcql_credentials    answered; /* by presentations that fit */
    bool                    complete; /* all that is required was answered */
} yao_dcql_verdict;

/**
 * Does an answer satisfy the query? A verifier may not rely on a wallet's
 * having looked. Signatures, validity and proofs are for others to check.
 *
 * A presentation with a fault counts as if it was not there. Of claims in
 * arrays an index may have become smaller, since items before it may be
 * withheld: any item up to it is taken for it.
 *
 * Out     ret  lives as long as ARENA; written on YAO_OK and on the errors that
 *              say what is wrong with the answer
 * Errors  YAO_E_MALFORMED       a WRONG_ID or WRONG_NUMBER: no such answer
 *                               exists, none of it is to be used
 *         YAO_E_MISSING         not complete; or nothing at all
 *         YAO_E_LIMIT           more than YAO_DCQL_MAX_SHOWN presentations
 *         YAO_E_SPACE
 * Source  OpenID4VP 1.0 sections 8.1, 8.6, 6.4
 */
YAO_MUST_USE yao_status yao_dcql_check(yao_arena            *arena,
                                       const yao_dcql_query *query,
                                       const yao_dcql_shown *shown,
                                       size_t count, yao_dcql_verdict *ret);

/** Was this asked for, by one of CLAIMS? So that what nobody asked for is
 *  dropped before anybody reads it. A path may also lead to what lies around a
 *  claim, or in it. */
bool yao_dcql_asks_element(const yao_dcql_credential *credential,
                           yao_dcql_claims claims, yao_text name_space,
                           yao_text element);
bool yao_dcql_asks_path(const yao_dcql_credential *credential,
                        yao_dcql_claims claims, const yao_sdjwt_path *path);

/* ---- from the catalogue ------------------------------------------------- */

/** A value that a relying party holds already: of our element NAME. */
typedef struct yao_dcql_known {
    yao_text       name;
    yao_dcql_value value;
} yao_dcql_known;

/** What is to be asked. */
typedef struct yao_dcql_wish {
    const yao_profile    *profile;
    uint32_t              step;    /* 1; 2: what is asked afterwards */
    yao_text              choice;  /* which of the choices; empty: the first */
    bool                  sdjwt;   /* formats that are taken, */
    bool                  mdoc;    /* at least one */
    const yao_bytes      *authorities; /* key identifiers of roots (HAIP) */
    size_t                authority_count; /* 0: not said */
    const yao_dcql_known *known;
    size_t                known_count;
} yao_dcql_wish;

/**
 * Make the query of a profile: a credential query for each document and format,
 * ids "resident_id-sdjwt", "resident_id-mdoc" (for a second ask of a document
 * "resident_id-2-mdoc"); where there are both formats, or an ask that is
 * optional, a credential set for each ask.
 *
 * A choice that is true or false is asked to be true; an element that is known
 * to have its value. A profile that only compares asks nothing whose value the
 * party does not hold. intent_to_retain is said where the profile keeps values.
 *
 * Out     ret  lives as long as ARENA, the catalogue and WISH
 * Errors  YAO_E_USAGE        no format
 *         YAO_E_NOT_FOUND    CHOICE is none of the choices; nothing is asked in
 *                            this step
 *         YAO_E_MISSING      a profile that only compares, and no value for an
 *                            element
 *         YAO_E_UNSUPPORTED  an ask whose elements none of the formats has
 *         YAO_E_LIMIT        more than the limits above
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_dcql_from_profile(yao_arena           *arena,
                                              const yao_dcql_wish *wish,
                                              yao_dcql_query      *ret);

#endif
