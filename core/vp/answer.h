/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VP_ANSWER_H
#define YAO_VP_ANSWER_H

/**
 * What a wallet answers to a request that its person agreed to.
 *
 *     YAO_TRY(yao_vp_begin_answer(arena, crypto, &request, &choice, &answer));
 *     ... each of answer.wishes is signed by the key of its document ...
 *     YAO_TRY(yao_vp_write_token(arena, &answer, &token));
 *
 * and where the answer is encrypted, with an ephemeral key used once:
 *
 *     YAO_TRY(yao_vp_begin_seal(arena, crypto, &request, token, &sealing));
 *     ... the host seals sealing.wish ...
 *     YAO_TRY(yao_vp_write_sealed(arena, &request, &sealing, sealed, &body));
 *
 * else yao_vp_write_plain(). The body is a form for response_uri, or what the
 * browser's API is handed.
 */

#include "vp/request.h"

/** A document that answers one credential query. Several may have one id,
 *  where the query takes several. */
typedef struct yao_vp_shown {
    yao_text                 id;     /* of the credential query */
    yao_bytes                stored; /* IssuerSigned, or an SD-JWT's letters */
    yao_sig_alg              alg;    /* of its key; SD-JWT */
    const yao_sdjwt_path    *paths;     /* to be disclosed; SD-JWT */
    size_t                   path_count;
    const yao_mdoc_selector *selectors; /* likewise; mdoc */
    size_t                   selector_count;
} yao_vp_shown;

/** What a person chose, and when. */
typedef struct yao_vp_choice {
    const yao_vp_shown *shown;
    size_t              count;
    yao_time            now;
    yao_text            pseudonym; /* for this party, where it asks for one
                                      (pseudonym.h); empty: none */
} yao_vp_choice;

/** What lies between the wishes and the finished answer. */
typedef struct yao_vp_answer {
    const yao_vp_request *request;
    const yao_vp_shown   *shown;
    size_t                count;
    yao_sign_wish        *wishes;     /* one a document */
    yao_bytes            *signatures; /* r || s: for the host to set */
    void                 *internal;
} yao_vp_answer;

/** Is there, for each transaction of REQUEST, one of SHOWN by which its holder
 *  can agree to it? An mdoc cannot. */
bool yao_vp_can_agree(const yao_vp_request *request, const yao_vp_shown *shown,
                      size_t count);

/**
 * Choose what is disclosed and say what the documents' keys must sign: for each
 * SD-JWT its KB-JWT, with the hashes of transaction_data that it alone bears,
 * the first of them with the pseudonym;
 * for each mdoc the DeviceAuthentication of a DeviceResponse of its own.
 *
 * Out     ret  lives as long as ARENA, REQUEST and what was chosen
 * Errors  YAO_E_USAGE     no document, or more than YAO_VP_MAX_SHOWN; an id
 *                         that is not in the query; a second one where it does
 *                         not take several; no document by which its holder
 *                         could agree to a transaction (yao_vp_can_agree());
 *                         a pseudonym that was not asked for, or is none
 *         YAO_E_UNSUPPORTED  a query for a format that is none of ours
 *         those of yao_sdjwt_show(), yao_mdoc_present()
 * Source  OpenID4VP 1.0 sections 8.1, B.2, B.3; HAIP 1.0 section 5
 */
YAO_MUST_USE yao_status yao_vp_begin_answer(yao_arena            *arena,
                                            const yao_crypto     *crypto,
                                            const yao_vp_request *request,
                                            const yao_vp_choice  *choice,
                                            yao_vp_answer        *ret);

/**
 * Write the vp_token, all signatures given.
 *
 * Shape   {id: [+ presentation]}: letters of an SD-JWT, base64url of a
 *         DeviceResponse; of org-iso-mdoc one DeviceResponse with all documents
 * Errors  YAO_E_USAGE  a signature of another length;  YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_vp_write_token(yao_arena           *arena,
                                           const yao_vp_answer *answer,
                                           yao_bytes           *ret);

/** An answer that is being encrypted. The key is secret: write_sealed() wipes
 *  it, and so does yao_vp_drop_sealing(). */
typedef struct yao_vp_sealing {
    yao_public_key ephemeral; /* in: made for this answer only */
    yao_bytes      nonce;     /* in: YAO_AEAD_NONCE random bytes */
    yao_bytes      shared;    /* in: of the ephemeral key and request->key */
    yao_aead_wish  wish;
    yao_jwe_key    key;
    yao_vp_iso_sealing iso; /* of org-iso-mdoc, instead of KEY */
} yao_vp_sealing;

/**
 * How the answer with TOKEN is encrypted.
 *
 * Shape   {"vp_token": TOKEN, ? "state": state}; of org-iso-mdoc TOKEN, by HPKE
 * Errors  YAO_E_USAGE  REQUEST is not answered so;  those of yao_jwe_seal()
 * Source  OpenID4VP 1.0 section 8.3
 */
YAO_MUST_USE yao_status yao_vp_begin_seal(yao_arena            *arena,
                                          const yao_crypto     *crypto,
                                          const yao_vp_request *request,
                                          yao_bytes             token,
                                          yao_vp_sealing       *sealing);

/** Write the body around what the host SEALED. Shape: "response=" JWE; of the
 *  browser's API {"response": JWE}, and of org-iso-mdoc as iso.h says. Errors: YAO_E_USAGE, YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_vp_write_sealed(yao_arena            *arena,
                                            const yao_vp_request *request,
                                            yao_vp_sealing       *sealing,
                                            yao_bytes             sealed,
                                            yao_bytes            *ret);

/** Forget its key: of one that will not be written. */
void yao_vp_drop_sealing(yao_vp_sealing *sealing);

/** Write the body of an answer that is not encrypted. Shape: "vp_token=...&
 *  state=..."; of the browser's API {"vp_token": TOKEN}. Errors: YAO_E_USAGE
 *  (REQUEST is not answered so), YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_vp_write_plain(yao_arena            *arena,
                                           const yao_vp_request *request,
                                           yao_bytes token, yao_bytes *ret);

/** Write that nothing is shown. Shape: "error=...&state=..."; of the browser's
 *  API {"error": ...}. The same bytes whatever the reason for one error was
 *  (misuse N218). */
void yao_vp_put_refused(yao_writer *w, bool dcapi, yao_oauth_error error,
                        yao_text state);

/**
 * Read what a verifier answers to a post.
 *
 * Shape   {? "redirect_uri": address}
 * Out     ret  where to go now; empty: nowhere
 * Errors  YAO_E_MALFORMED  no object, redirect_uri is no string
 *         YAO_E_VALUE      an address that no browser should be sent to: it is
 *                          neither https nor, with LOOPBACK, of this machine
 *         those of yao_json_parse()
 * Source  OpenID4VP 1.0 section 8.2
 */
YAO_MUST_USE yao_status yao_vp_read_posted_answer(yao_arena *arena,
                                                  yao_bytes  body,
                                                  bool       loopback,
                                                  yao_text  *ret);

/** Write it (the verifier); an empty REDIRECT_URI gives {}. */
void yao_vp_put_posted_answer(yao_writer *w, yao_text redirect_uri);

#endif
