/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROXIMITY_ENGAGEMENT_H
#define YAO_PROXIMITY_ENGAGEMENT_H

/**
 * How two who meet at a counter find each other: what the holder shows (a
 * DeviceEngagement, as a QR code or by NFC) or what a reader shows (a
 * ReaderEngagement on a web page): a key made for this one session, and ways
 * on which messages can go.
 *
 *     YAO_TRY(yao_prox_read_letters(&arena, letters, &engagement));
 *     const yao_prox_method *m =
 *         yao_prox_find_method(&engagement, YAO_PROX_MAILBOX);
 *
 * Ways: NFC, BLE, Wi-Fi Aware of ISO/IEC 18013-5; REST of TS 18013-7 annex A;
 * and a relay mailbox, which is ours (docs/formats/proximity.md) and which
 * readers of ISO pass over because of its negative number. A way that we do
 * not know is passed over too.
 *
 * Files: engagement.c (read), engagement_write.c, method.c, labels.c (maps with
 * numbers for keys).
 */

#include "cose/cose.h"

#define YAO_PROX_UUID    16
#define YAO_PROX_ADDRESS 6
#define YAO_PROX_BOX     16

/** The ways. Values are those on the wire. */
typedef enum yao_prox_way {
    YAO_PROX_NO_WAY  = 0, /* one that we do not know */
    YAO_PROX_NFC     = 1,
    YAO_PROX_BLE     = 2,
    YAO_PROX_WIFI    = 3,
    YAO_PROX_REST    = 4,     /* of a ReaderEngagement */
    YAO_PROX_MAILBOX = -70001 /* ours */
} yao_prox_way;

typedef struct yao_prox_nfc {
    uint32_t command;  /* bytes of data in one command: 255..65535 */
    uint32_t response; /* and in one response: 256..65536 */
} yao_prox_nfc;

typedef struct yao_prox_ble {
    bool      peripheral;      /* the holder is the peripheral server */
    bool      central;         /* the holder is the central client */
    yao_bytes peripheral_uuid; /* YAO_PROX_UUID bytes, when it is */
    yao_bytes central_uuid;
    yao_bytes address;         /* YAO_PROX_ADDRESS bytes, or empty */
    uint32_t  psm;             /* of L2CAP; 0: none */
} yao_prox_ble;

typedef struct yao_prox_wifi {
    yao_text  pass_phrase; /* may be empty */
    uint32_t  class_;      /* operating class; 0: not said */
    uint32_t  channel;     /* 0: not said */
    yao_bytes bands;       /* may be empty */
} yao_prox_wifi;

/** Two boxes of one provider, named by their ids: the reader writes into one
 *  and reads the other. */
typedef struct yao_prox_mailbox {
    yao_text  url;       /* of all boxes, without a slash at its end */
    yao_bytes to_holder; /* YAO_PROX_BOX bytes: id by which one writes */
    yao_bytes to_reader; /* YAO_PROX_BOX bytes: id by which one reads */
} yao_prox_mailbox;

typedef struct yao_prox_method {
    yao_prox_way     way;
    yao_prox_nfc     nfc;     /* of the way that it is; the others are empty */
    yao_prox_ble     ble;
    yao_prox_wifi    wifi;
    yao_text         rest;    /* the address that the holder posts to */
    yao_prox_mailbox mailbox;
} yao_prox_method;

/** Where it was shown (TS 18013-7): says nothing that can be relied on. */
typedef struct yao_prox_origin {
    uint64_t category;
    uint64_t type;
    yao_text domain; /* of type 1; else empty */
} yao_prox_origin;

#define YAO_PROX_MAX_METHODS 8
#define YAO_PROX_MAX_ORIGINS 8

typedef struct yao_prox_engagement {
    bool            later;     /* "1.1" or above */
    yao_bytes       key_bytes; /* EDeviceKeyBytes or EReaderKeyBytes, whole */
    yao_public_key  key;
    yao_prox_method methods[YAO_PROX_MAX_METHODS]; /* those that are known */
    size_t          method_count;
    bool            has_origins;
    yao_prox_origin origins[YAO_PROX_MAX_ORIGINS];
    size_t          origin_count;
    bool            has_capabilities;
    bool            handover_session; /* handoverSessionEstablishmentSupport */
    bool            reader_auth_all;  /* readerAuthAllSupport */
    bool            extended_request; /* extendedRequestSupport */
} yao_prox_engagement;

/** Letters of a code, and bytes of an engagement: a QR code of version 40
 *  holds 2,953 bytes at level L. */
#define YAO_PROX_MAX_LETTERS    2953u
#define YAO_PROX_MAX_ENGAGEMENT 2200u

/**
 * Read a DeviceEngagement, or a ReaderEngagement.
 *
 * Shape   {0: tstr, 1: [1, #6.24(bstr .cbor COSE_Key)], ? 2: [+ [int, uint,
 *          any]], ? 5: [* {"cat": uint, "type": uint, "details": map}], ? 6:
 *          {? 2: bool, ? 3: bool, ? 4: bool, * int => any}, * int => any}
 * Out     ret  views into INPUT
 * Errors  YAO_E_TRUNCATED, YAO_E_TRAILING, YAO_E_UTF8, YAO_E_NOT_SHORTEST  as
 *                           the CBOR reader
 *         YAO_E_MALFORMED   another shape; 5 or 6 in a "1.0", 6 without 5;
 *                           options of a way that we know of another shape, a
 *                           BLE mode without its UUID, or none
 *         YAO_E_DUPLICATE   a key twice
 *         YAO_E_UNSUPPORTED another major version, another cipher suite
 *         YAO_E_KEY         no key of ours, or a compressed one
 *         YAO_E_VALUE       a length of NFC outside its range, an address of a
 *                           mailbox that nobody may go to
 *         YAO_E_LIMIT       above YAO_PROX_MAX_ENGAGEMENT, or of the above
 * Source  ISO/IEC 18013-5 8.2.1.1, second edition 9.2; TS 18013-7 annex A
 * Cost    one pass
 */
YAO_MUST_USE yao_status yao_prox_read_engagement(yao_bytes            input,
                                                 yao_prox_engagement *ret);

/** The method of WAY, or NULL. */
const yao_prox_method *yao_prox_find_method(const yao_prox_engagement *e,
                                            yao_prox_way               way);

/**
 * May a mailbox lie there: https, or http on this machine; host, port and path
 * of plain letters, no user, no query, no fragment, no slash at the end?
 */
bool yao_prox_is_mailbox(yao_text url);

/**
 * Write an engagement: key_bytes is not looked at, `key` is written. A later
 * one is "1.1", and has keys 5 and 6 where they are said to be there.
 *
 * Errors  recorded in W: YAO_E_USAGE for what would be refused when read,
 *         YAO_E_SPACE
 */
void yao_prox_put_engagement(yao_writer *w, const yao_prox_engagement *e);

/** DeviceEngagementBytes, or EReaderKeyBytes: tag 24 around BYTES, or around
 *  the COSE_Key of KEY. */
void yao_prox_put_bytes(yao_writer *w, yao_bytes bytes);
void yao_prox_put_key_bytes(yao_writer *w, const yao_public_key *key);

/* ---- as letters --------------------------------------------------------- */

/** What a QR code says: "mdoc:" and the DeviceEngagement in base64url; a link
 *  to a ReaderEngagement has "mdoc://". */
void yao_prox_put_letters(yao_writer *w, yao_bytes engagement, bool reader);

/**
 * Read them: "mdoc:" only, or where READER is asked for "mdoc://" only.
 *
 * Out     bytes  the engagement, in ARENA: goes into the transcript
 *         ret    views into it
 * Errors  YAO_E_MALFORMED  another scheme
 *         YAO_E_BASE64, YAO_E_SPACE
 *         YAO_E_LIMIT      above YAO_PROX_MAX_LETTERS
 *         those of yao_prox_read_engagement()
 */
YAO_MUST_USE yao_status yao_prox_read_letters(yao_arena *arena,
                                              yao_bytes letters, bool reader,
                                              yao_bytes           *bytes,
                                              yao_prox_engagement *ret);

#endif
