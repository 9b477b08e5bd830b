/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_SESSION_H
#define YAO_DESK_SESSION_H

/**
 * One request to a wallet: what the desk keeps of it between the program that
 * wants it, the wallet that fetches and answers it, and the browser that comes
 * back. In the store it is an enquiry (store/desk.h).
 *
 *     desk_session s;
 *     YAO_TRY(desk_session_read(call, call->parts[0], &s));
 *     ... s.enquiry, s.key, s.state ...
 *     desk_session_close(&s);
 */

#include "desk/desk.h"
#include "desk/extras.h"
#include "desk/match.h"
#include "desk/officer.h"
#include "desk/own_key.h"
#include "vp/request.h"

/** What is fresh in each request, as letters: 256 bits, and 128 of kid. */
enum { DESK_LETTERS = 32, DESK_KID = 16 };

typedef struct desk_session {
    store_enquiry enquiry;
    yao_text      name; /* the id as it stands in paths */
    desk_own_key  key;  /* that the answer is encrypted to; made for this
                           request only */
    yao_text  state, kid;
    yao_bytes query; /* DCQL: what was asked is what is judged by, also when
                        the catalogue changes meanwhile */
    bool plain;      /* the answer is not encrypted */
    desk_extras extras;
    desk_own_key iso; /* to which org-iso-mdoc is answered */
    desk_reader reader; /* who asks: the party, or an officer */
    yao_text    reason; /* of a second step; empty: it is the first */
    yao_bytes   values; /* that are compared only: desk_match.json; or empty */
} desk_session;

/**
 * Find the session that is called NAME, and open what is sealed of it.
 *
 * Out     ret  in the call's arena; to be closed
 * Errors  YAO_E_NOT_FOUND  none of that name, or no name at all; or of an
 *                          officer whose hours are over
 *         YAO_E_SECRET     another desk's;  YAO_E_MALFORMED
 *         YAO_E_SPACE, YAO_E_LOCKED, YAO_E_STORE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status desk_session_read(app_call *call, yao_text name,
                                          desk_session *ret);

/** Wipe and close the keys; zero-initialised ones too. */
void desk_session_close(desk_session *s);

/**
 * What is kept of S when it was answered, sealed: in whose name it was asked,
 * and why. Its keys open nothing any more, and what a program gave to be
 * compared was compared.
 *
 * Errors  YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status desk_session_after(app_call           *call,
                                           const desk_session *s,
                                           yao_bytes          *ret);

/** Is it still waiting for an answer? */
bool desk_session_open(const desk_session *s, yao_time now);

/**
 * What this session asks, the same each time.
 *
 * In      wallet_nonce  that the wallet posted; empty: none
 * Out     ret           lives as long as the call's arena and S
 * Errors  YAO_E_SPACE
 */
YAO_MUST_USE yao_status desk_session_ask(app_call *call, const desk_session *s,
                                         yao_text    wallet_nonce,
                                         yao_vp_ask *ret);

/** Sign ASK by the key of who asks (request.c). Errors: those of
 *  yao_vp_make_request(). */
YAO_MUST_USE yao_status desk_session_sign(app_call *call, const desk_session *s,
                                          const yao_vp_ask *ask,
                                          yao_bytes        *ret);

/** Tell the program what the session of the path is now, when it is the
 *  caller's. */
YAO_MUST_USE yao_status desk_session_tell(app_call *call, app_reply *ret);

/** A session that no program began: of a standing code. */
typedef struct desk_opening {
    yao_text  profile;
    yao_bytes browser; /* hash: who has it lets the result out */
} desk_opening;

/**
 * Begin one for call->who, to be answered from another device.
 *
 * Out     ret  to be closed
 * Errors  YAO_E_NOT_AUTHORISED  the profile may not be asked (now)
 *         YAO_E_SPACE, YAO_E_LOCKED, YAO_E_CRYPTO, those of store_commit()
 */
YAO_MUST_USE yao_status desk_session_begin(app_call           *call,
                                           const desk_trust   *t,
                                           const desk_opening *o,
                                           desk_session       *ret);

/**
 * Let the result of E out, which waited for END (browser, code), and keep it as
 * the profile says: in CHANGE, which is committed.
 *
 * Errors  YAO_E_NOT_FOUND  it did not wait, or not for these
 */
YAO_MUST_USE yao_status desk_session_finish(app_call                *call,
                                            const store_enquiry     *e,
                                            const desk_trust        *t,
                                            const store_enquiry_end *end,
                                            store_change *change);

/** Take room for one more; desk_room_give() when it is kept, or will not be.
 *  Errors: YAO_E_LIMIT  there is none: RET says so; those of the store. */
YAO_MUST_USE yao_status desk_session_room(app_call *call, app_reply *ret);

/** Is half of the room taken? Then strangers open none: the rest is for
 *  programs. */
bool desk_session_crowded(desk *d);

/** Is CHOICE one of the profile's, or empty? */
bool desk_has_choice(const yao_profile *profile, yao_text choice);

/** `DESK/PATH/NAME` in the call's arena. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status desk_session_uri(app_call *call, const char *path,
                                         yao_text name, yao_text *ret);

/** The link that starts a wallet. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status desk_session_link(app_call           *call,
                                          const desk_session *s,
                                          yao_text           *ret);

#endif
