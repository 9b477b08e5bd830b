/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PKCS11_H
#define YAO_PKCS11_H

/**
 * Keys that never leave a token: an HSM, a smart card, the chip of a phone.
 *
 *     yao_pkcs11_report report;
 *     yao_pkcs11_token *token;
 *     yao_pkcs11_key   *key;
 *     YAO_TRY(yao_pkcs11_open(&uri, crypto, false, &report, &token));
 *     YAO_TRY(yao_pkcs11_find(token, &uri, YAO_PKCS11_SIGN, &key));
 *     YAO_TRY(yao_pkcs11_sign(key, &wish, signature, &len));
 *
 * A module is a stranger's code and its answers are a stranger's: lengths are
 * checked, and every signature is verified before it is given out. A token
 * whose signatures repeat their r for another message has a broken random
 * generator, and two of those are enough to compute the key: its module signs
 * no more in this process.
 *
 * A token that was pulled out, or a session that ended, fails the wish at hand
 * with YAO_E_CRYPTO; the next wish opens all of it again. A PIN that the token
 * refused is never tried a second time by this process.
 *
 * Threads: a yao_pkcs11_token is one session and belongs to one thread with
 * all its keys; open one for each. After fork() the child may close what it
 * inherited and nothing else; every wish of it fails.
 * Memory: handles are closed by whoever opened them, keys before their token;
 * closing NULL is allowed.
 * Source: PKCS #11 v2.40 (base, current mechanisms)
 */

#include "pkcs11/uri.h"
#include "yaopai/crypto.h"

/** What is wrong with a token, for messages; the status decides. */
typedef enum yao_pkcs11_trouble {
    YAO_PKCS11_FINE = 0,
    YAO_PKCS11_NO_MODULE,      /* none named, or not a file */
    YAO_PKCS11_BAD_MODULE,     /* no PKCS #11 v2 module, or it won't start */
    YAO_PKCS11_NO_TOKEN,       /* none that fits is plugged in */
    YAO_PKCS11_TOKENS,         /* several fit */
    YAO_PKCS11_NO_PIN,         /* nobody gave one, or it can't be read */
    YAO_PKCS11_PIN_UNSET,      /* the token has none yet */
    YAO_PKCS11_PIN_WRONG,
    YAO_PKCS11_PIN_WRONG_LOW,  /* and few tries are left */
    YAO_PKCS11_PIN_WRONG_LAST, /* and one is left */
    YAO_PKCS11_PIN_AGAIN,      /* refused before: not tried again */
    YAO_PKCS11_PIN_LOCKED,
    YAO_PKCS11_NO_KEY,
    YAO_PKCS11_KEYS,           /* several of that name */
    YAO_PKCS11_KEY_POLICY,     /* it may leave the token, or may not do this */
    YAO_PKCS11_KEY_FORM,       /* no public part, or on a curve we lack */
    YAO_PKCS11_KEY_CHANGED,    /* another one has its name now */
    YAO_PKCS11_GONE,           /* token removed, session lost, device error */
    YAO_PKCS11_WRONG_SIGNATURE,
    YAO_PKCS11_SIGNER_FAULT,   /* r was repeated: stopped */
    YAO_PKCS11_FORKED
} yao_pkcs11_trouble;

typedef struct yao_pkcs11_report {
    yao_pkcs11_trouble what;
    unsigned long      code; /* CKR_ of the call that failed; 0: none did */
} yao_pkcs11_report;

typedef struct yao_pkcs11_token yao_pkcs11_token;
typedef struct yao_pkcs11_key   yao_pkcs11_key;

/** What a key must be able to do. */
enum {
    YAO_PKCS11_SIGN  = 1,
    YAO_PKCS11_AGREE = 2
};

/**
 * Open a session with the token that URI names and log in.
 *
 * The module is module-path, else $YAOPAI_PKCS11_MODULE. One token must fit.
 *
 * In      crypto  hashes what is signed and verifies signatures; lives as long
 *                 as the token, and belongs to the same thread
 *         write   keys will be made or removed
 * Out     report  always written
 * Errors  YAO_E_NOT_FOUND    no module, or no token that fits
 *         YAO_E_UNSUPPORTED  not a PKCS #11 module
 *         YAO_E_DUPLICATE    several tokens fit
 *         YAO_E_SECRET       no PIN, a wrong one, or the token is locked
 *         YAO_E_REFUSED      the PIN's file can be read by others
 *         YAO_E_CRYPTO       the token or the module failed
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_pkcs11_open(const yao_pkcs11_uri *uri,
                                        const yao_crypto *crypto, bool write,
                                        yao_pkcs11_report *report,
                                        yao_pkcs11_token **ret);
void                    yao_pkcs11_close(yao_pkcs11_token *token);

/** Why the last call with TOKEN or one of its keys failed. */
yao_pkcs11_report yao_pkcs11_why(const yao_pkcs11_token *token);

/**
 * Find a key by its object label, its id, or both.
 *
 * In      usage  YAO_PKCS11_SIGN, YAO_PKCS11_AGREE or both
 * Errors  YAO_E_USAGE      neither label nor id in URI
 *         YAO_E_NOT_FOUND  no such key
 *         YAO_E_DUPLICATE  several
 *         YAO_E_REFUSED    it is not sensitive, can be extracted, is gone with
 *                          the session, lacks USAGE, or wants the PIN for each
 *                          signature
 *         YAO_E_KEY        its curve is not of our table, or it has no public
 *                          part
 *         YAO_E_CRYPTO     the token failed
 */
YAO_MUST_USE yao_status yao_pkcs11_find(yao_pkcs11_token     *token,
                                        const yao_pkcs11_uri *uri, int usage,
                                        yao_pkcs11_key **ret);

/** What a new key is to be. */
typedef struct yao_pkcs11_wanted {
    yao_sig_alg alg;
    int         usage;
    yao_text    label; /* 1..128 bytes */
    yao_bytes   id;    /* 1..64 bytes that no other key has */
} yao_pkcs11_wanted;

/**
 * Make a key inside the token, from where it cannot be taken out.
 *
 * Errors  YAO_E_USAGE        no label or id, too long, no usage
 *         YAO_E_UNSUPPORTED  no such algorithm
 *         YAO_E_EXISTS       a key has the label and the id already
 *         YAO_E_REFUSED      the token made one that can be taken out; it was
 *                            removed again
 *         YAO_E_CRYPTO       the token failed, or was not opened to write
 */
YAO_MUST_USE yao_status yao_pkcs11_generate(yao_pkcs11_token        *token,
                                            const yao_pkcs11_wanted *wanted,
                                            yao_pkcs11_key         **ret);

/** Remove a key from its token for good, both its parts; the handle is still
 *  to be closed. Errors: YAO_E_CRYPTO. */
YAO_MUST_USE yao_status yao_pkcs11_destroy(yao_pkcs11_key *key);

/** Let go of the handle. NULL is fine. */
void yao_pkcs11_key_close(yao_pkcs11_key *key);

/** The public part. */
yao_public_key yao_pkcs11_key_public(const yao_pkcs11_key *key);

/** The algorithm that its curve goes with. */
yao_sig_alg yao_pkcs11_key_alg(const yao_pkcs11_key *key);

/** Its CKA_ID; lives as long as KEY. */
yao_bytes yao_pkcs11_key_id(const yao_pkcs11_key *key);

/**
 * Fulfil a wish to sign.
 *
 * Out     out  room for YAO_MAX_SIGNATURE bytes; r || s, written on YAO_OK and
 *              then verified
 *         len  64 or 96
 * Errors  YAO_E_USAGE      more than YAO_MAX_PARTS parts
 *         YAO_E_ALGORITHM  the key signs with another algorithm
 *         YAO_E_CRYPTO     the token failed or is gone, or gave a signature
 *                          that is wrong or repeats an r; see yao_pkcs11_why()
 *         YAO_E_SECRET     it wanted the PIN again, and that failed
 *         those of yao_pkcs11_open() and yao_pkcs11_find(), when it had to be
 *         opened again
 * Cost    one signature by the token, one verification
 */
YAO_MUST_USE yao_status yao_pkcs11_sign(yao_pkcs11_key      *key,
                                        const yao_sign_wish *wish, uint8_t *out,
                                        size_t *len);

/**
 * Fulfil a wish to agree (ECDH).
 *
 * In      wish  the caller has checked that the peer's point is on its curve
 * Out     out   room for 48 bytes: the x-coordinate; secret; written on YAO_OK
 * Errors  YAO_E_KEY  the peer's key has another curve, or is not uncompressed
 *         else as yao_pkcs11_sign()
 */
YAO_MUST_USE yao_status yao_pkcs11_agree(yao_pkcs11_key       *key,
                                         const yao_agree_wish *wish,
                                         uint8_t              *out);

#endif
