/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_OFFICER_H
#define YAO_DESK_OFFICER_H

/**
 * Who asks: the party itself, or one of its officers. Profiles that are marked
 * for officers are asked under a reader certificate of some hours, which the
 * registrar gives when an officer has shown a passkey at this desk.
 * docs/formats/officer.md says all of it.
 *
 *     YAO_TRY(desk_reader_find(call, profile, token, &reader)); // of a program
 *     YAO_TRY(desk_reader_open(call, login, &reader));          // of a session
 *     ... reader.certificate, reader.key, reader.client_id ...
 *     desk_reader_close(&reader);
 *
 * Files: officer_command.c (yaopai officer add|list|remove), officer_login.c
 * (passkeys, tokens), officer_hours.c (the certificate of these hours),
 * officer_ask.c (signed requests to the authority), officer_routes.c.
 */

#include "app/passkey.h"
#include "desk/desk.h"
#include "net/client.h"
#include "store/officer.h"
#include "x509/reader.h"

/** What is kept in the store to be used once, beside those of desk.h. */
enum {
    DESK_ONCE_OFFICER_CODE      = 20, /* with which a passkey is registered */
    DESK_ONCE_OFFICER_CHALLENGE = 21  /* of a registration or a log-in */
};

enum {
    DESK_OFFICER_TOKEN     = 32,    /* random bytes */
    DESK_OFFICER_CODE      = STORE_ID_LEN + 16,
    DESK_OFFICER_CODE_LIFE = 86400, /* seconds */
    DESK_OFFICER_MOST      = 8 * 3600
};

/** With which key a request is signed. */
typedef struct desk_reader {
    yao_certificate certificate;
    yao_text        client_id; /* "x509_hash:..." */
    yao_text        officer;   /* number; empty: the party itself */
    yao_text        profiles;  /* that this officer may ask, with commas */
    yao_bytes       login;     /* hash of the token; empty: the party itself */
    yao_key        *key;
    bool            owned; /* the key is not the worker's */
} desk_reader;

/** The party's own. Errors: YAO_E_LOCKED: its key can't be opened now. */
YAO_MUST_USE yao_status desk_reader_own(const app_call *call, desk_reader *ret);
void                    desk_reader_close(desk_reader *r);

/** "x509_hash:" of a certificate, in ARENA. Errors: YAO_E_SPACE,
 *  YAO_E_CRYPTO. */
YAO_MUST_USE yao_status desk_client_name(const yao_crypto *crypto,
                                         yao_bytes der, yao_arena *arena,
                                         yao_text *ret);

/**
 * Who asks for PROFILE: with the officer's TOKEN (empty: none was given) where
 * the profile wants one.
 *
 * Out     ret  to be closed
 * Errors  YAO_E_NOT_AUTHORISED  it wants an officer, and nobody of that token
 *                               is logged in, or not for this profile
 *         YAO_E_LOCKED, those of the store
 */
YAO_MUST_USE yao_status desk_reader_find(app_call          *call,
                                         const yao_profile *profile,
                                         yao_text token, desk_reader *ret);

/**
 * The officer whose log-in is LOGIN (a hash); empty: the party itself.
 *
 * Out     ret  to be closed
 * Errors  YAO_E_NOT_FOUND  over, ended, or never there
 *         YAO_E_SECRET, YAO_E_LOCKED, those of the store
 */
YAO_MUST_USE yao_status desk_reader_open(app_call *call, yao_bytes login,
                                         desk_reader *ret);

/* ---- asking the authority (officer_ask.c) ---- */

/** The authority of the bundle in force: its address without a slash at the
 *  end. */
yao_text desk_authority(const desk_trust *t);

/** What is signed, and by whom. */
typedef struct desk_signing {
    yao_key    *key;
    const char *type;
    yao_bytes   certificate; /* for x5c; empty: none */
    yao_bytes   payload;
} desk_signing;

/** A compact JWS, in ARENA. Errors: those of yao_key_sign(), YAO_E_SPACE. */
YAO_MUST_USE yao_status desk_sign(yao_arena *arena, const desk_signing *signing,
                                  yao_bytes *ret);

/** Begin a payload: iss, aud, iat and a new jti, without the brace that ends
 *  it. */
YAO_MUST_USE yao_status desk_put_claims(yao_writer *w, bool *first,
                                        yao_text party, yao_text authority,
                                        yao_time now);

/** Where the authority is asked. */
typedef struct desk_authority_call {
    const desk_config *config;
    yao_text           authority;
    const char        *path;
    yao_bytes          jws;
} desk_authority_call;

/** Errors: those of net_client_fetch(). Any status is an answer. */
YAO_MUST_USE yao_status desk_ask_authority(const desk_authority_call *what,
                                           yao_arena                 *arena,
                                           net_answer                *ret);

/* ---- log-ins (officer_login.c) ---- */

/** A new challenge for USE ("login", "register"). */
YAO_MUST_USE yao_status desk_officer_challenge(app_call *call, const char *use,
                                               yao_bytes     *ret,
                                               passkey_place *place);

/** Register the passkey of RESPONSE with CODE. Errors: YAO_E_REFUSED, whatever
 *  is wrong with it; those of the store. */
YAO_MUST_USE yao_status desk_officer_register(app_call *call, yao_text code,
                                              const yao_json *response);

/** Who showed the passkey of RESPONSE. Errors as desk_officer_register(). */
YAO_MUST_USE yao_status desk_officer_show(app_call       *call,
                                          const yao_json *response,
                                          store_officer  *ret);

/** Letters of a code or token as LEN bytes. Errors: YAO_E_BASE64. */
YAO_MUST_USE yao_status desk_officer_letters(yao_text letters, uint8_t *out,
                                             size_t len);

/** SHA-256 over WHAT (a word for each use) and SECRET. */
YAO_MUST_USE yao_status desk_officer_hash(const yao_crypto *crypto,
                                          const char *what, yao_bytes secret,
                                          uint8_t out[YAO_SHA256_LEN]);

/* ---- hours (officer_hours.c) ---- */

typedef struct desk_hours {
    yao_text token;
    yao_time expires;
} desk_hours;

/**
 * Have WHO certified, and begin their hours.
 *
 * Errors  YAO_E_NET         the authority can't be reached
 *         YAO_E_NOT_AUTHORISED  it says no
 *         YAO_E_MISMATCH    what it gave is not what was asked for: another
 *                           key, party, number or profile, or of no root that
 *                           this desk trusts
 *         YAO_E_REFUSED     the officer was ended meanwhile
 *         YAO_E_LOCKED, those of the store
 */
YAO_MUST_USE yao_status desk_officer_begin(app_call            *call,
                                           const desk_trust    *trust,
                                           const store_officer *who,
                                           desk_hours          *ret);

/** The hash by which a log-in is known. */
YAO_MUST_USE yao_status desk_officer_login_id(app_call *call, yao_text token,
                                              yao_bytes *ret);

/* ---- routes and verbs ---- */

extern const yao_command yao_officer_add;
extern const yao_command yao_officer_list;
extern const yao_command yao_officer_remove;

#endif
