/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VP_REQUEST_H
#define YAO_VP_REQUEST_H

/**
 * Authorization requests of OpenID4VP 1.0.
 *
 * A wallet is handed a link (a QR code's, a page's), or an object of the
 * browser's Digital Credentials API:
 *
 *     link      --read_link--> by value, by reference, or unsigned parameters
 *     token     --begin_request--> checks (for the home)
 *               --conclude_request--> yao_vp_request
 *     unsigned  --read_parameters--> yao_vp_request
 *     DC API    --begin_dcapi--> one of both
 *
 * Only the last type has what a person may be shown. Begin looks at who signed:
 * header, chain, client_id. Conclude looks at what was asked, once the home
 * has answered: it says why a request is refused, and whom that may be told.
 *
 * A verifier writes with yao_vp_make_request() and friends.
 */

#include "sdjwt/sdjwt.h"
#include "trust/trust.h"
#include "vp/dcql.h"
#include "vp/iso.h"
#include "vp/registered.h"
#include "vp/statement.h"
#include "vp/vp.h"
#include "x509/x509.h"

/* ---- refusals ----------------------------------------------------------- */

/** Why a request was refused: for us, and for the other side. */
typedef struct yao_vp_refusal {
    yao_oauth_error error; /* that belongs to it */
    const char     *why;   /* in English, without values */
    yao_text        tell;  /* response_uri of a request that is authentic: the
                              error may be posted there; else empty */
    yao_text        state;
    yao_text        what; /* id of what was asked for without right; or empty */
} yao_vp_refusal;

/* ---- a link ------------------------------------------------------------- */

typedef struct yao_vp_link {
    yao_text  client_id;
    yao_text  request;     /* by value; else empty */
    yao_text  request_uri; /* by reference; else empty */
    bool      post;        /* request_uri_method */
    yao_form  form;        /* all parameters: of use when neither is there */
} yao_vp_link;

/**
 * Read a link.
 *
 * Shape   SCHEME "://" [...] "?" parameters; openid4vp, haip-vp, https, or any
 *         other scheme that the system gave to us
 * In      loopback  a request_uri may be one of this machine
 * Out     ret       lives as long as ARENA and LINK
 * Errors  YAO_E_MALFORMED  no link, or its parameters are no form
 *         YAO_E_MISSING    no parameters, or no client_id
 *         YAO_E_DUPLICATE  a parameter twice; request and request_uri
 *         YAO_E_VALUE      request_uri is an address that no wallet speaks
 *                          with; request_uri_method without request_uri, or
 *                          another than get and post
 *                          (invalid_request_uri_method)
 *         YAO_E_LIMIT      too long;  YAO_E_UTF8;  YAO_E_SPACE
 * Source  OpenID4VP 1.0 sections 5.1, 5.10; RFC 9101 section 5
 */
YAO_MUST_USE yao_status yao_vp_read_link(yao_arena *arena, yao_bytes link,
                                         bool loopback, yao_vp_link *ret,
                                         yao_vp_refusal *refusal);

/** Write the body of a POST to request_uri: what the wallet can, and its
 *  nonce. Source: OpenID4VP 1.0 section 5.10 */
void yao_vp_put_wallet(yao_writer *w, yao_text wallet_nonce);

/* ---- what a wallet knows when it reads ---------------------------------- */

/** A field of a transaction, in a line of its own. */
typedef struct yao_vp_field {
    yao_text  name;
    yao_label label;
} yao_vp_field;

/** A kind of transaction that this wallet can show; and all fields it knows of
 *  it, beside those that every kind has. */
typedef struct yao_vp_transaction_type {
    yao_text            name;
    const yao_vp_field *fields; /* texts, numbers, truths */
    size_t              field_count;
    yao_label           title;
} yao_vp_transaction_type;

/** Those of docs/formats/transactions.md. */
const yao_vp_transaction_type *yao_vp_shipped_kinds(size_t *count);

/** The one called NAME, or NULL. */
const yao_vp_transaction_type *
yao_vp_find_kind(const yao_vp_transaction_type *list, size_t count,
                 yao_text name);

typedef struct yao_vp_terms {
    const yao_crypto *crypto;
    const yao_anchor *anchors; /* those of YAO_ROLE_READER count; for
                                  registration statements YAO_ROLE_TRUST */
    size_t            anchor_count;
    const yao_trust_verified *parties; /* the list of relying parties; NULL:
                                          there is none */
    bool              registered;      /* who is not in it is refused */
    const yao_catalogue *catalogue; /* who is in it and asks for more than one
                                       of its profiles has is refused; NULL:
                                       that is not looked at */
    yao_time          now;
    yao_text          client_id;    /* that the link said; empty: none did */
    yao_text          wallet_nonce; /* that was posted; empty: none */
    yao_text          origin;       /* of the page; DC API only */
    yao_text          audience;     /* ours; empty: that of any wallet */
    const yao_vp_transaction_type *types;
    size_t            type_count;
    bool              unsigned_too; /* requests that nobody signed */
    bool              plain_too;    /* answers that are not encrypted */
    bool              loopback;     /* a response_uri of this machine */
} yao_vp_terms;

/* ---- what was asked ----------------------------------------------------- */

typedef struct yao_vp_info {
    yao_text        format;
    const yao_json *data;
    const yao_json *credential_ids; /* NULL: all */
} yao_vp_info;

/** A request that may be shown to a person. Made by conclude and by
 *  read_parameters only. */
typedef struct yao_vp_request {
    yao_vp_prefix  prefix;
    yao_vp_mode    mode;
    yao_vp_binding binding;     /* client_id, origin, nonce, response_uri */
    yao_text       state;       /* empty: none */
    yao_dcql_query query;
    const yao_json *query_json; /* the same, as it came */

    bool           is_signed;
    yao_bytes      leaf;        /* DER of the certificate that signed */
    yao_certificate certificate; /* the same, read */
    const yao_trust_party *party; /* of the list, or of its statement; NULL: of
                                     neither */
    bool           stated;      /* PARTY is of the statement that it sent */
    const yao_profile *profile; /* of the party's, that has all of this: its
                                   purpose is the request's; NULL: not looked
                                   for */

    yao_public_key key;         /* to encrypt to; mode says whether */
    yao_text       kid;
    yao_aead_alg   enc;
    bool           pseudonym;   /* who asks wants to know the person again:
                                   pseudonym.h */
    bool           formats;     /* vp_formats_supported is there: */
    bool           mdoc, sdjwt; /* with algorithms of ours */
    const yao_json *metadata;   /* client_metadata; may be NULL */

    const yao_vp_transaction *transactions;
    size_t                    transaction_count;
    const yao_vp_info        *infos;
    size_t                    info_count;
    yao_time                  issued, expires; /* YAO_TIME_NONE: not said */
    const yao_vp_iso         *iso; /* asked by org-iso-mdoc; NULL: by OpenID4VP,
                                      as all others are */
} yao_vp_request;

/* ---- reading one that is signed ----------------------------------------- */

/** One signature of a request. */
typedef struct yao_vp_candidate {
    yao_jws        jws;
    yao_x509_path *path;
    yao_text       client_id;
    yao_vp_prefix  prefix;
    const yao_json *infos; /* verifier_info of this signature, or NULL */
    size_t         first, count; /* of the checks */
    yao_vp_statement *statement; /* in INFOS; NULL: none. Its checks: */
    size_t            stated;    /* the first of them */
} yao_vp_candidate;

/** A request whose signature waits for its home. */
typedef struct yao_vp_signed {
    yao_signature_check *checks; /* for crypto->verify() */
    size_t               check_count;
    yao_vp_candidate     candidates[YAO_VP_MAX_SIGNATURES];
    size_t               candidate_count;
    const yao_json      *claims;
    bool                 dcapi, several;
} yao_vp_signed;

/**
 * Who signed? The chain must lead to an anchor of YAO_ROLE_READER, and the
 * client_id must be that certificate's.
 *
 * Shape   JWS, typ "oauth-authz-req+jwt", x5c; payload: an object
 * Out     ret  lives as long as ARENA, TOKEN and the anchors of TERMS
 * Errors  YAO_E_HEADER     another typ, or none
 *         YAO_E_MISSING    no x5c, no client_id
 *         YAO_E_VALUE      a prefix that is not known, "origin:", none
 *         YAO_E_REFUSED    redirect_uri: nobody signs for that
 *         YAO_E_MISMATCH   the certificate's hash or names are another's; the
 *                          link had another client_id
 *         YAO_E_USAGE      the time is out of range
 *         those of yao_jws_read(), yao_x509_find_path(), yao_jws_check(),
 *         yao_vp_begin_statement(); YAO_E_SPACE, YAO_E_CRYPTO
 * Source  OpenID4VP 1.0 sections 5.9.3, 5.10; RFC 9101 section 6
 */
YAO_MUST_USE yao_status yao_vp_begin_request(yao_arena *arena, yao_bytes token,
                                             const yao_vp_terms *terms,
                                             yao_vp_signed       *ret,
                                             yao_vp_refusal      *refusal);

/**
 * Was it signed, and may it be answered?
 *
 * Out     ret      written only on YAO_OK
 *         refusal  on all others; it names whom to tell only when the signature
 *                  was good
 * Errors  YAO_E_BAD_SIGNATURE, YAO_E_UNSUPPORTED, YAO_E_CRYPTO  the answers
 *         YAO_E_MISSING    response_type, response_mode, nonce, response_uri,
 *                          aud, dcql_query, wallet_nonce or expected_origins;
 *                          no key to encrypt to
 *         YAO_E_VALUE      response_type, response_mode, nonce, state or
 *                          response_uri of another kind
 *         YAO_E_MISMATCH   aud, wallet_nonce, expected_origins, or the host of
 *                          response_uri
 *         YAO_E_EXPIRED, YAO_E_NOT_YET_VALID
 *         YAO_E_DUPLICATE  redirect_uri beside response_uri; scope beside
 *                          dcql_query; a request in the request
 *         YAO_E_REFUSED    an answer that is not encrypted
 *         YAO_E_UNSUPPORTED  scope; no format, no encryption that we have
 *         YAO_E_NOT_AUTHORISED  transaction_data of a kind that is not known;
 *                          a relying party that is not registered, or not for
 *                          all of this, its pseudonym among it
 *         YAO_E_SUSPENDED  one that was suspended
 *         those of yao_dcql_read(), yao_vp_conclude_statement();
 *         YAO_E_MISMATCH   a statement of another party
 *         YAO_E_MALFORMED, YAO_E_BASE64, YAO_E_LIMIT, YAO_E_SPACE
 * Source  OpenID4VP 1.0 sections 5, 8; A.2, A.3
 */
YAO_MUST_USE yao_status yao_vp_conclude_request(yao_arena           *arena,
                                                const yao_vp_signed *request,
                                                const yao_vp_terms *terms,
                                                yao_vp_request      *ret,
                                                yao_vp_refusal      *refusal);

/**
 * Read parameters that nobody signed: of a link whose client_id is
 * "redirect_uri:" and the address that is answered.
 *
 * Errors  YAO_E_NOT_AUTHORISED  TERMS want a signature
 *         those of conclude that have nothing to do with signatures
 */
YAO_MUST_USE yao_status yao_vp_read_parameters(yao_arena           *arena,
                                               const yao_form      *form,
                                               const yao_vp_terms *terms,
                                               yao_vp_request      *ret,
                                               yao_vp_refusal      *refusal);

/* ---- the Digital Credentials API ---------------------------------------- */

/** The protocols of the browser's API. */
typedef enum yao_vp_protocol {
    YAO_VP_NO_PROTOCOL = 0,
    YAO_VP_UNSIGNED,    /* "openid4vp-v1-unsigned" */
    YAO_VP_SIGNED,      /* "openid4vp-v1-signed" */
    YAO_VP_MULTISIGNED, /* "openid4vp-v1-multisigned" */
    YAO_VP_ISO_MDOC     /* "org-iso-mdoc": see iso.h */
} yao_vp_protocol;

/** The word on the wire, and back. "" and NO_PROTOCOL for others. */
const char     *yao_vp_protocol_name(yao_vp_protocol protocol);
yao_vp_protocol yao_vp_protocol_by_name(yao_text name);

/**
 * Who signed? Of several signatures those that lead to an anchor are left.
 *
 * Shape   {"request": JWS}; {"payload": ..., "signatures": [+ {"protected":
 *         ..., "signature": ...}]}
 * In      terms   their origin is that of the page, and is there
 * Errors  as yao_vp_begin_request(), of several signatures that of the last;
 *         YAO_E_USAGE  no origin, or PROTOCOL is the unsigned one
 *         YAO_E_LIMIT  more than YAO_VP_MAX_SIGNATURES
 * Source  OpenID4VP 1.0 A.3.1, A.3.2
 */
YAO_MUST_USE yao_status yao_vp_begin_dcapi(yao_arena           *arena,
                                           yao_vp_protocol      protocol,
                                           yao_bytes            data,
                                           const yao_vp_terms *terms,
                                           yao_vp_signed       *ret,
                                           yao_vp_refusal      *refusal);

/** Read the unsigned one: the page's origin is who asks. Errors as
 *  yao_vp_read_parameters(); those of yao_json_parse(). */
YAO_MUST_USE yao_status yao_vp_read_dcapi(yao_arena           *arena,
                                          yao_bytes            data,
                                          const yao_vp_terms *terms,
                                          yao_vp_request      *ret,
                                          yao_vp_refusal      *refusal);

/** Who asks by org-iso-mdoc waits for its home. */
typedef struct yao_vp_iso_asked {
    yao_vp_iso      *iso;
    yao_mdoc_readers readers; /* .checks: for crypto->verify() */
    yao_report      *report;
    yao_vp_statement *statement; /* of the registrar; NULL: none. The checks of
                                    its .verification as well */
} yao_vp_iso_asked;

/**
 * Read what a page asks by org-iso-mdoc.
 *
 * In      terms   their origin is that of the page
 * Errors  those of yao_vp_read_iso(), yao_mdoc_begin_readers(),
 *         yao_mdoc_find_statement(), yao_vp_begin_statement_list()
 * Source  ISO/IEC TS 18013-7 annex C; reader authentication is over its
 *         transcript
 */
YAO_MUST_USE yao_status yao_vp_begin_iso(yao_arena *arena, yao_bytes data,
                                         const yao_vp_terms *terms,
                                         yao_vp_iso_asked   *ret,
                                         yao_vp_refusal     *refusal);

/**
 * Was it signed, and may it be answered? One reader asks for all documents.
 *
 * Out     ret  its query as yao_vp_iso_query() makes it
 * Errors  YAO_E_NOT_AUTHORISED  nobody signed and TERMS want it; who did is not
 *                               registered, or not for all of this
 *         YAO_E_MISMATCH   several readers;  YAO_E_SUSPENDED
 *         YAO_E_LIMIT      more than a query holds
 *         those that yao_mdoc_conclude_reader() gives as the reason
 */
YAO_MUST_USE yao_status yao_vp_conclude_iso(yao_arena *arena,
                                            const yao_vp_iso_asked *asked,
                                            const yao_vp_terms *terms,
                                            yao_vp_request     *ret,
                                            yao_vp_refusal     *refusal);

/** What a DeviceRequest asks, as a query: credentials "document-1", ... in its
 *  order, all of them required. Errors: YAO_E_LIMIT, YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_vp_iso_query(yao_arena              *arena,
                                         const yao_mdoc_request *request,
                                         yao_dcql_query         *ret);

/* ---- writing: the verifier ---------------------------------------------- */

/** What is fresh in each request, as letters. */
typedef struct yao_vp_fresh {
    yao_text nonce;         /* 43 letters: 256 bits */
    yao_text state;         /* 43 */
    yao_text kid;           /* 22 */
    yao_text response_code; /* 43: for the address that the wallet opens */
} yao_vp_fresh;

/* Random bytes that they take. */
#define YAO_VP_FRESH_RANDOM (3 * 32 + 16)

/** Make them. Errors: YAO_E_ENTROPY, YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_vp_make_fresh(yao_arena *arena,
                                          yao_entropy *entropy,
                                          yao_vp_fresh *ret);

/** "x509_hash:" and the hash of LEAF. Errors: YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status yao_vp_make_client_id(yao_arena        *arena,
                                              const yao_crypto *crypto,
                                              yao_bytes leaf, yao_text *ret);

/** What a request says. */
typedef struct yao_vp_ask {
    yao_vp_mode    mode;
    yao_text       client_id;    /* whole; empty in an unsigned DC request */
    yao_text       response_uri; /* direct_post */
    yao_text       nonce, state;
    yao_bytes      query;        /* dcql_query, JSON */
    yao_public_key key;          /* made for this request; modes that encrypt */
    yao_text       kid;
    yao_text       wallet_nonce; /* that the wallet posted; empty: none */
    const yao_bytes *transactions; /* JSON objects */
    size_t           transaction_count;
    yao_bytes        infos;      /* verifier_info: a JSON array; empty: none */
    bool             pseudonym;  /* INFOS asks for one (pseudonym.h) */
    const yao_text  *origins;    /* signed DC requests */
    size_t           origin_count;
    yao_time         issued, expires; /* signed requests */
} yao_vp_ask;

/** Write the parameters as a JSON object: of an unsigned request through the
 *  browser's API. Errors recorded in W: YAO_E_USAGE (what the mode needs is
 *  not there, or what it must not have is). */
void yao_vp_put_request(yao_writer *w, const yao_vp_ask *ask);

/**
 * Write a request object without its signature; end it with yao_oauth_sign().
 *
 * In      chain  of the reader certificate, leaf first, without the root
 * Errors  YAO_E_USAGE  as yao_vp_put_request(); no chain, no client_id, no
 *                      dates;  YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_vp_make_request(yao_arena          *arena,
                                            const yao_vp_ask   *ask,
                                            yao_sig_alg         alg,
                                            const yao_bytes    *chain,
                                            size_t              chain_count,
                                            yao_oauth_unsigned *ret);

/** Write {"request": TOKEN}, of a signed request through the browser's API. */
void yao_vp_put_dcapi(yao_writer *w, yao_bytes token);

/** Write the link: SCHEME ("openid4vp://") with client_id and request_uri;
 *  POST says that the wallet may send a nonce. */
void yao_vp_put_link(yao_writer *w, const char *scheme, yao_text client_id,
                     yao_text request_uri, bool post);

/**
 * Read what a wallet posts to request_uri.
 *
 * Out     ret  its nonce; empty: none
 * Errors  YAO_E_VALUE  a nonce of other letters, or too long
 *         those of yao_form_read()
 */
YAO_MUST_USE yao_status yao_vp_read_wallet(yao_arena *arena, yao_bytes body,
                                           yao_text *ret);

/* ---- what both sides see in the answer's key ---------------------------- */

/** The binding of ASK, as the wallet will have it. Errors: YAO_E_CRYPTO,
 *  YAO_E_USAGE (a key that is not uncompressed). */
YAO_MUST_USE yao_status yao_vp_bind(const yao_crypto *crypto,
                                    const yao_vp_ask *ask, yao_text origin,
                                    yao_vp_binding *ret);

#endif
