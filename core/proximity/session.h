/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROXIMITY_SESSION_H
#define YAO_PROXIMITY_SESSION_H

/**
 * What two say to each other after they met: messages in an encrypted session.
 *
 *     agree: secret of one's ephemeral key with the other's point
 *     YAO_TRY(yao_prox_open_session(crypto, side, &peer, shared, transcript,
 *                                   &session));
 *     YAO_TRY(yao_prox_wish_seal(&session, plain, &wish));
 *     ... the host seals ... yao_prox_put_data(&w, &message);
 *
 * Every message has the next number of its direction: one that is repeated,
 * lost or out of order does not open, and then the session is over. Keys are
 * wiped with yao_prox_end_session(); after it nothing is sealed or opened.
 *
 * Files: session.c (keys, counters), message.c (shapes).
 */

#include "mdoc/mdoc.h"
#include "proximity/engagement.h"

/* ---- keys --------------------------------------------------------------- */

/** Whose part one plays. Zero: no session, or one that is over. */
typedef enum yao_prox_side {
    YAO_PROX_NOBODY = 0,
    YAO_PROX_HOLDER = 1,
    YAO_PROX_READER = 2
} yao_prox_side;

#define YAO_PROX_KEY 32

/** Secret. It stays where it is while a wish is being fulfilled. */
typedef struct yao_prox_session {
    yao_prox_side side;
    uint8_t       seal_key[YAO_PROX_KEY];
    uint8_t       open_key[YAO_PROX_KEY];
    uint32_t      sealed; /* how many messages so far */
    uint32_t      opened;
    uint8_t       nonce[YAO_AEAD_NONCE]; /* of the last wish */
} yao_prox_session;

/**
 * SKReader and SKDevice.
 *
 * In      curve       of both ephemeral keys
 *         shared      x-coordinate of their agreement; secret
 *         transcript  SessionTranscript, the array
 * Out     ret         written only on YAO_OK
 * Errors  YAO_E_USAGE  no side, no transcript
 *         YAO_E_KEY    SHARED is not a coordinate of CURVE, or all zero
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home failed
 * Source  ISO/IEC 18013-5:2021 9.1.1.5
 */
YAO_MUST_USE yao_status yao_prox_open_session(const yao_crypto *crypto,
                                              yao_prox_side side,
                                              yao_curve curve, yao_bytes shared,
                                              yao_bytes         transcript,
                                              yao_prox_session *ret);

/**
 * What the host must do with the next message: seal PLAIN, or open SEALED. The
 * number is used up by the wish, whatever becomes of it.
 *
 * Out     ret  lives until the next wish of this session
 * Errors  YAO_E_USAGE      there is no session any more; nothing to seal
 *         YAO_E_TRUNCATED  SEALED is shorter than a tag
 *         YAO_E_LIMIT      2^32 - 1 messages, or one above YAO_MAX_MESSAGE
 */
YAO_MUST_USE yao_status yao_prox_wish_seal(yao_prox_session *session,
                                           yao_bytes plain, yao_aead_wish *ret);
YAO_MUST_USE yao_status yao_prox_wish_open(yao_prox_session *session,
                                           yao_bytes      sealed,
                                           yao_aead_wish *ret);

/** Forget the keys: the session is over. */
void yao_prox_end_session(yao_prox_session *session);

#define YAO_PROX_IDENT 16

/**
 * What a BLE peripheral says to be known by who read the code.
 *
 * In      key_bytes  EDeviceKeyBytes, from the tag on; not secret
 * Errors  YAO_E_CRYPTO, YAO_E_UNSUPPORTED
 * Source  ISO/IEC 18013-5:2021 8.3.3.1.1.3
 */
YAO_MUST_USE yao_status yao_prox_derive_ident(const yao_crypto *crypto,
                                              yao_bytes         key_bytes,
                                              uint8_t out[YAO_PROX_IDENT]);

/* ---- messages ----------------------------------------------------------- */

/** The first one, from the reader. */
typedef struct yao_prox_establishment {
    yao_bytes      key_bytes; /* EReaderKeyBytes, whole: in the transcript */
    yao_public_key key;
    yao_bytes      data;      /* sealed */
} yao_prox_establishment;

/**
 * Read a SessionEstablishment.
 *
 * Shape   {"eReaderKey": #6.24(bstr .cbor COSE_Key), "data": bstr, * tstr =>
 *         any}
 * Out     ret  views into INPUT
 * Errors  YAO_E_TRUNCATED, YAO_E_MALFORMED, YAO_E_TRAILING, YAO_E_UTF8,
 *         YAO_E_NOT_SHORTEST, YAO_E_DUPLICATE  as the CBOR reader
 *         YAO_E_KEY    no key of ours, or a compressed one
 *         YAO_E_LIMIT  above YAO_PROX_MAX_SEALED
 * Source  ISO/IEC 18013-5:2021 9.1.1.4
 */
YAO_MUST_USE yao_status yao_prox_read_establishment(
    yao_bytes input, yao_prox_establishment *ret);

/** Write one; `key` is written, key_bytes is not looked at. */
void yao_prox_put_establishment(yao_writer                   *w,
                                const yao_prox_establishment *e);

/** A message with its frame: 1 KiB more than what is in it. */
#define YAO_PROX_MAX_SEALED (YAO_MAX_MESSAGE + 1024u)

/** ISO/IEC 18013-5:2021 table 20. */
enum {
    YAO_PROX_STATUS_NONE       = 0, /* no status in the message */
    YAO_PROX_STATUS_ENCRYPTION = 10,
    YAO_PROX_STATUS_CBOR       = 11,
    YAO_PROX_STATUS_END        = 20
};

/** Every later one, of either side. */
typedef struct yao_prox_data {
    yao_bytes data;   /* sealed; empty: none */
    uint64_t  status; /* 0: none; every other one ends the session */
} yao_prox_data;

/**
 * Read a SessionData.
 *
 * Shape   {? "data": bstr, ? "status": uint, * tstr => any}, one of them
 * Out     ret  a view into INPUT
 * Errors  as above; YAO_E_MALFORMED also for neither, for data that is empty,
 *         for a status 0, and for data beside 10 or 11
 * Source  ISO/IEC 18013-5:2021 9.1.1.4
 */
YAO_MUST_USE yao_status yao_prox_read_data(yao_bytes input, yao_prox_data *ret);

/** Write one. Errors recorded in W: YAO_E_USAGE for what would be refused. */
void yao_prox_put_data(yao_writer *w, const yao_prox_data *message);

#endif
