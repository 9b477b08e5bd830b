/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_OFFICER_H
#define YAO_AUTHORITY_OFFICER_H

/**
 * Officers of relying parties, as the registrar knows them: by the number of
 * their service, never by name. docs/formats/officer.md.
 *
 *     request.c      a signed request of a party, or of an officer
 *     certificate.c  reader certificates for hours, and who gets none any more
 *     lookup.c       the state of a record, for the police
 *     routes.c       the same over HTTP
 *     command.c      yaopai party officer, in a demonstration
 *
 * Like enrolment's, functions take an `enrol`: what one request brings with it.
 */

#include "authority/enrol/enrol.h"
#include "jose/jose.h"
#include "x509/reader.h"

/** What is hashed for what: numbers beside those of seal.h and enrol.h. */
enum {
    OFFICER_HASH_JTI   = 100, /* jti of a request */
    OFFICER_HASH_ENDED = 101, /* an officer of a party */
    OFFICER_HASH_HOUR   = 102, /* an officer, as the subject of a limit */
    OFFICER_HASH_LOOKUP = 103  /* the same, of look-ups */
};

#define OFFICER_SKEW  60         /* seconds that a desk's clock may differ */
#define OFFICER_HOURS (8 * 3600) /* that a certificate lives at most */

/** Types of the signed requests. */
#define OFFICER_TYPE_CERTIFICATE "yaopai-officer+jwt"
#define OFFICER_TYPE_END         "yaopai-officer-end+jwt"
#define OFFICER_TYPE_LOOKUP      "yaopai-lookup+jwt"

/* ---- requests ----------------------------------------------------------- */

/** What was signed; views live as long as the arena and the body. */
typedef struct officer_request {
    yao_jws         jws;
    const yao_json *payload;
    yao_text        party, audience, jti, number;
    yao_time        at;
    store_party     asker;
    yao_certificate certificate; /* that it was signed with */
} officer_request;

/** What a request must be. */
typedef struct officer_expected {
    yao_text    url;
    const char *type;
    size_t      members; /* that it has, all in all */
} officer_expected;

/**
 * Read the JWS BODY, signed with a party's own reader key.
 *
 * Out     ret  only on YAO_OK. Members beside the common ones are the caller's
 *              to look at
 * Errors  YAO_E_UNTRUSTED  of no registered party, another signature, address,
 *                          type, form or time
 *         YAO_E_REVOKED    the party is suspended, its certificate over
 *         YAO_E_SUSPENDED  the officer was ended
 *         YAO_E_SPACE, YAO_E_CRYPTO, those of the store
 */
YAO_MUST_USE yao_status officer_check_party(const enrol            *e,
                                            const officer_expected *expected,
                                            yao_bytes               body,
                                            officer_request        *ret);

/** The same signed with the key of an officer, whose certificate stands in
 *  x5c. */
YAO_MUST_USE yao_status officer_check_officer(const enrol            *e,
                                              const officer_expected *expected,
                                              yao_bytes               body,
                                              officer_request        *ret);

/** Claim its jti, committed: what is sent again is nobody's. Errors:
 *  YAO_E_UNTRUSTED: it was used;  those of store_commit(). */
YAO_MUST_USE yao_status officer_claim(const enrol           *e,
                                      const officer_request *request);

/** SHA-256 HMAC over two texts, of which neither can pass for a part of the
 *  other. */
YAO_MUST_USE yao_status officer_hash(const enrol *e, int kind, yao_text one,
                                     yao_text other,
                                     uint8_t  out[STORE_HASH_LEN]);

/** Was officer NUMBER of PARTY ended? */
YAO_MUST_USE yao_status officer_was_ended(const enrol *e, yao_text party,
                                          yao_text number, bool *ret);

/** Did PARTY register PROFILE, and is that one for officers? */
bool officer_has_profile(const enrol *e, const store_party *party,
                         yao_text profile);

/* ---- certificates ------------------------------------------------------- */

typedef struct officer_certified {
    yao_bytes certificate; /* DER, in the arena */
    yao_time  expires;
} officer_certified;

/**
 * What the party's request BODY asks: a reader certificate for an officer.
 * Noted in the audit log in the same change as the claim of its jti.
 *
 * Errors  as officer_check_party();  YAO_E_NOT_AUTHORISED  a profile that is
 *         not the party's, or none for officers;  YAO_E_LIMIT  too many;
 *         YAO_E_NOT_FOUND  the registrar's key is kept elsewhere
 */
YAO_MUST_USE yao_status officer_certify(const enrol *e, yao_text url,
                                        yao_bytes body, officer_certified *ret,
                                        int64_t *wait);

/** For whom one is signed. PROFILES were looked at. */
typedef struct officer_wish {
    const store_party *party;
    yao_text           number;
    const yao_text    *profiles;
    size_t             profile_count;
    yao_public_key     key;
} officer_wish;

/** Sign one. Errors: YAO_E_NOT_FOUND: the registrar's key is kept elsewhere;
 *  those of ca_open() and ca_sign(). */
YAO_MUST_USE yao_status officer_sign(const enrol *e, const officer_wish *wish,
                                     officer_certified *ret);

/** What the party's request BODY asks: an officer gets no more certificates,
 *  and what is asked with the last one is refused. Twice is once. Errors as
 *  officer_check_party(). */
YAO_MUST_USE yao_status officer_end(const enrol *e, yao_text url,
                                    yao_bytes body);

/* ---- the state of a record ---------------------------------------------- */

#define OFFICER_MAX_FLAGS 8

/** What became of one document. */
typedef struct officer_looked {
    const char *state; /* "valid", "suspended", "not_issued" (nothing of it is
                          in force), "none" (no such number) */
    yao_text    flags[OFFICER_MAX_FLAGS]; /* why, by the register: "stolen" */
    size_t      flag_count;
} officer_looked;

/**
 * What the officer's request BODY asks: one document, by its number, exactly.
 * The event about the person is committed before it is given.
 *
 * Errors  as officer_check_officer();  YAO_E_NOT_AUTHORISED  not of this
 *         certificate, party or profile;  YAO_E_LIMIT  too many; those of
 *         people_find_with()
 */
YAO_MUST_USE yao_status officer_look_up(const enrol *e, yao_text url,
                                        yao_bytes body, officer_looked *ret,
                                        int64_t *wait);

#endif
