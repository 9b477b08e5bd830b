/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TRUST_LIST_H
#define YAO_TRUST_LIST_H

/**
 * Trust lists: whom to believe, told by somebody who is believed already.
 * VICAL of ISO/IEC 18013-5 annex C, the list of relying parties, and the
 * bundle with which a terminal works off line: docs/formats/trust.md.
 *
 *   bytes --parse--> unverified --begin--> checks (for the home)
 *         --conclude--> verified + rows in the report
 *
 * What was parsed is only what somebody said; it has no anchors. Anchors come
 * out of yao_trust_conclude() alone, and never one of the role YAO_ROLE_TRUST:
 * the first is given by hand. A list that fails one check is of no use as a
 * whole; the caller keeps the last good one.
 *
 * Files: parse.c (the envelope, our payloads), vical.c, content.c (can all that
 * is in it be used), verify.c (begin), conclude.c, write.c, make.c, find.c,
 * seen.c.
 */

#include "cose/cose.h"
#include "x509/x509.h"
#include "yaopai/report.h"

typedef enum yao_trust_kind {
    YAO_TRUST_UNKNOWN = 0, /* none of them; as a wish: any */
    YAO_TRUST_VICAL   = 1,
    YAO_TRUST_PARTIES = 2,
    YAO_TRUST_BUNDLE  = 3
} yao_trust_kind;

/** "vical", "parties", "bundle"; "unknown". Never NULL. */
const char *yao_trust_kind_name(yao_trust_kind kind);

/** What INPUT could be by its envelope alone; UNKNOWN for anything that is no
 *  COSE_Sign1 of ours and has no payload that looks like a VICAL. */
yao_trust_kind yao_trust_kind_of(yao_bytes input);

/* ---- contents ----------------------------------------------------------- */

/** The roles of a root, as bits: 1 << yao_role. */
enum {
    YAO_TRUST_ISSUER = 1 << YAO_ROLE_ISSUER,
    YAO_TRUST_READER = 1 << YAO_ROLE_READER,
    YAO_TRUST_STATUS = 1 << YAO_ROLE_STATUS
};

typedef struct yao_trust_root {
    yao_bytes       certificate; /* DER */
    uint8_t         roles;       /* YAO_TRUST_* */
    const yao_text *types;       /* docTypes and vcts; at least one for an
                                    issuer, none for others */
    size_t          type_count;
    const yao_bytes *revoked;    /* bundle: serials of what it took back */
    size_t          revoked_count;
    yao_text        authority;   /* VICAL only, may be empty: what the */
    yao_text        country;     /* provider says of it */
    yao_bytes       serial;      /* VICAL, as read: without leading zeros */
    yao_bytes       ski;         /* VICAL, as read */
    bool            unusable;    /* VICAL: an algorithm or a key that we do not
                                    have. Set by begin; has no anchor */
} yao_trust_root;

typedef enum yao_party_state {
    YAO_PARTY_UNKNOWN   = 0,
    YAO_PARTY_ACTIVE    = 1,
    YAO_PARTY_SUSPENDED = 2
} yao_party_state;

/** A relying party. */
typedef struct yao_trust_party {
    yao_text        code;     /* unified social credit code */
    yao_text        name;     /* Chinese */
    yao_text        name_en;  /* may be empty */
    const yao_text *profiles; /* what it may ask */
    size_t          profile_count;
    yao_text        legal_basis;
    uint64_t        retention_days; /* 0: keeps nothing */
    yao_party_state state;
    yao_bytes       certificate; /* DER of its reader key */
    yao_bytes       hash;        /* SHA-256 of it */
} yao_trust_party;

/** A file of the catalogue: "profiles/hotel.json". */
typedef struct yao_trust_file {
    yao_text  name;
    yao_bytes hash;    /* SHA-256 of its bytes */
    yao_bytes content; /* ptr NULL: not in the bundle, as shipped */
} yao_trust_file;

/** What a list says. Which parts there are follows from the kind. */
typedef struct yao_trust_content {
    yao_trust_kind kind;
    uint64_t       version;     /* rises; 0: a VICAL without vicalIssueID */
    yao_time       issued_at;
    yao_time       next_update; /* YAO_TIME_NONE: not said (VICAL) */
    yao_time       expires;     /* the same */
    yao_text       name;        /* authority, or provider */
    yao_text       url;         /* may be empty (VICAL) */

    yao_trust_root        *roots; /* VICAL, bundle */
    size_t                 root_count;
    const yao_bytes       *signers; /* bundle: DER of document signers */
    size_t                 signer_count;
    const yao_trust_party *parties; /* parties, bundle; by code */
    size_t                 party_count;
    const yao_bytes       *lists; /* bundle: status list tokens, NOT verified:
                                     statuslist/ does that */
    size_t                 list_count;
    const yao_trust_file  *files; /* bundle; by name */
    size_t                 file_count;
} yao_trust_content;

/* ---- reading ------------------------------------------------------------ */

/** What somebody said. */
typedef struct yao_trust_unverified {
    yao_trust_content said;
    yao_cose_message  message;
    bool              longer; /* VICAL: heads that are not the shortest */
} yao_trust_unverified;

/**
 * Read a list of any kind.
 *
 * Shape   docs/formats/trust.md
 * In      strict  refuse heads of a VICAL that are not the shortest; ours are
 *                 always read strictly
 * Out     ret     lives as long as ARENA and INPUT
 * Errors  YAO_E_LIMIT        above YAO_MAX_TRUST_LIST, or a count above its
 *                            limit
 *         YAO_E_UNSUPPORTED  a format number of ours that is newer than this
 *         YAO_E_HEADER       our typ without x5chain in the protected header,
 *                            a typ that is neither ours nor none, no x5chain
 *         YAO_E_MALFORMED    another shape, a key that does not belong, a
 *                            missing one; no payload; a role that may not
 *                            stand here, an issuer without types, an order
 *                            that is not rising
 *         YAO_E_VALUE        dates in the wrong order or out of range
 *         YAO_E_DUPLICATE    a key of a VICAL twice
 *         YAO_E_SPACE
 *         those of yao_cose_read_message() and the CBOR reader
 * Source  ISO/IEC 18013-5 annex C; ours
 * Cost    one pass, no recursion
 */
YAO_MUST_USE yao_status yao_trust_parse(yao_arena *arena, yao_bytes input,
                                        bool                  strict,
                                        yao_trust_unverified *ret);

/** The newest that was accepted before. Zero-initialised: none. */
typedef struct yao_trust_seen {
    bool     any;
    uint64_t version;
    yao_time issued_at;
    uint8_t  hash[YAO_SHA256_LEN]; /* of the payload: a signature has two
                                      spellings, what it signs has one */
    yao_time moment; /* the latest moment that was seen signed, here or in a
                        status list; 0: none */
} yao_trust_seen;

typedef struct yao_trust_options {
    yao_trust_kind    wanted;  /* another kind is refused; UNKNOWN: any */
    const yao_anchor *anchors; /* those of YAO_ROLE_TRUST count */
    size_t            anchor_count;
    yao_time          now;
    yao_time          skew;    /* seconds to forgive, 0..86400 */
    yao_time          max_age; /* seconds after which a list is stale; 0: when
                                  the next is due */
    bool              strict;
    yao_trust_seen    seen;
} yao_trust_options;

/** A list that waits for its home. */
typedef struct yao_trust_verification {
    yao_trust_unverified *input;
    yao_trust_options     options;
    yao_signature_check  *checks; /* for crypto->verify() */
    size_t                check_count;
    void                 *internal;
} yao_trust_verification;

/** What was verified. Views as in yao_trust_unverified. */
typedef struct yao_trust_verified {
    yao_trust_content content;
    const yao_anchor *anchors; /* issuers with their types, readers, status */
    size_t            anchor_count;
    yao_time          age;     /* seconds since it was issued; 0 at least */
    bool              stale;   /* say so, and use it all the same */
    size_t            unusable; /* roots of a VICAL without anchor */
    yao_bytes         root;    /* DER of the anchor that vouched for it */
    yao_trust_seen    seen;    /* to be kept for the next time */
} yao_trust_verified;

/**
 * Make every check that needs no signature.
 *
 * In      input   of parse; marks of unusable roots are left in it
 * Out     ret     lives as long as ARENA, INPUT and what OPTIONS points to
 *         report  rows of the whole list (document -1): STRUCTURE, ENCODING,
 *                 ISSUER_ANCHORS and what else yao_x509_find_path() writes,
 *                 ALGORITHM, TRUST_CONTENT, VALIDITY, CLOCK, TRUST_VERSION
 *         why     YAO_E_MISMATCH       not the wanted kind; hash of a reader
 *                                      certificate or of a file, serial or SKI
 *                                      of a VICAL's root disagree; another
 *                                      payload under the version seen last
 *                 YAO_E_PROFILE        a root that is no CA
 *                 YAO_E_ALGORITHM, YAO_E_KEY and all of yao_x509_read()
 *                                      a certificate inside
 *                 YAO_E_EXPIRED        past its end
 *                 YAO_E_NOT_YET_VALID  now is before its issue, or before a
 *                                      moment that was seen signed
 *                 YAO_E_VALUE          a version or a date lower than seen
 *                 YAO_E_NOT_SHORTEST   ENCODING, when strict
 *                 those of yao_x509_find_path(), yao_cose_check_sign1()
 * Errors  YAO_E_USAGE  time or skew out of range
 *         YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status yao_trust_begin(yao_arena *arena,
                                        const yao_crypto        *crypto,
                                        yao_trust_unverified    *input,
                                        const yao_trust_options *options,
                                        yao_trust_verification  *ret,
                                        yao_report              *report);

/**
 * Read the home's answers: rows CHAIN_SIGNATURE and ISSUER_SIGNATURE.
 *
 * Out     ret  written only when every row is good
 * Errors  the first row that failed (YAO_E_BAD_SIGNATURE among them), else the
 *         first that is unknown (YAO_E_UNSUPPORTED, YAO_E_CRYPTO);
 *         YAO_E_USAGE without begin, YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_trust_conclude(yao_trust_verification *v,
                                           yao_arena              *arena,
                                           yao_trust_verified     *ret,
                                           yao_report             *report);

/* ---- finding ------------------------------------------------------------ */

#define YAO_TRUST_KID 8

/**
 * The relying party whose reader certificate has a hash that begins with KID,
 * whatever its state.
 *
 * In      kid  YAO_TRUST_KID bytes
 * Errors  YAO_E_USAGE      KID of another length
 *         YAO_E_NOT_FOUND  none
 *         YAO_E_MISMATCH   more than one
 */
YAO_MUST_USE yao_status yao_trust_find_party(const yao_trust_verified *list,
                                             yao_bytes                 kid,
                                             const yao_trust_party   **ret);

/** The file of NAME, or NULL. */
const yao_trust_file *yao_trust_find_file(const yao_trust_verified *list,
                                          yao_text                  name);

/** May PARTY ask PROFILE: active, and registered for it? */
bool yao_trust_may_ask(const yao_trust_party *party, yao_text profile);

/* ---- making ------------------------------------------------------------- */

/** A list that waits for its signature. */
typedef struct yao_trust_making {
    yao_cose_headers headers;
    yao_bytes        payload;
    yao_sign_wish    wish; /* for the signer's secret key */
} yao_trust_making;

/**
 * Write the payload of CONTENT and say what must be signed.
 *
 * In      content  parties by code, files by name; hashes need not be set when
 *                  certificate and content are there (they are computed); the
 *                  same for serial, ski, authority and country of a VICAL
 *         chain    the signer's certificate, and what is between it and the
 *                  root, which is not part of it
 * Out     ret      lives as long as ARENA and CHAIN
 * Errors  YAO_E_USAGE  what parse or begin would refuse: dates, order, types,
 *                      roles, counts, certificates; no kind, no chain
 *         YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status yao_trust_make(yao_arena *arena,
                                       const yao_crypto        *crypto,
                                       const yao_trust_content *content,
                                       const yao_bytes *chain,
                                       size_t           chain_count,
                                       yao_trust_making *ret);

/** Write the list. SIGNATURE is r || s. */
void yao_trust_put(yao_writer *w, const yao_trust_making *making,
                   yao_bytes signature);

/** Write the payload alone, as CONTENT has it, all hashes given. */
void yao_trust_put_payload(yao_writer *w, const yao_trust_content *content);

/* ---- what was seen last ------------------------------------------------- */

/**
 * The file beside a list.
 *
 * Shape   ["yaopai-seen-1", root: bstr .size 32, kind, version, issued,
 *          hash: bstr .size 32, moment]
 * In      root  SHA-256 of the trust root: another root begins anew
 * Errors  of read: those of the CBOR reader, YAO_E_MALFORMED;
 *         YAO_E_MISMATCH  it is of another root
 *         YAO_E_USAGE     it is of another kind of list of this root: nothing
 *                         of that one may be forgotten for this one
 */
void yao_trust_put_seen(yao_writer *w, yao_bytes root, yao_trust_kind kind,
                        const yao_trust_seen *seen);
YAO_MUST_USE yao_status yao_trust_read_seen(yao_bytes input, yao_bytes root,
                                            yao_trust_kind  kind,
                                            yao_trust_seen *ret);

#endif
