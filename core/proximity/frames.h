/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROXIMITY_FRAMES_H
#define YAO_PROXIMITY_FRAMES_H

/**
 * How a message goes over a way that takes only pieces: a native shell moves
 * bytes, nothing else.
 *
 *   BLE characteristics   pieces, each with a first byte: 1 more follow, 0 the
 *                         last; at most min(MTU - 3, 512) bytes with it
 *   relay mailbox         the same, at most YAO_PROX_BOX_PIECE bytes with it
 *   L2CAP, loopback       a stream: the length in four bytes, then the message
 *   NFC                   nfc.h
 *
 *     YAO_TRY(yao_prox_begin_pieces(message, most, &p));
 *     while (yao_prox_put_piece(&p, &w)) ... send, and begin W anew ...
 */

#include "proximity/engagement.h"

/* ---- pieces ------------------------------------------------------------- */

/** Bytes of a piece on a BLE characteristic; 0 for an MTU that is none (below
 *  23). Source: ISO/IEC 18013-5:2021 8.3.3.1.1.6 */
size_t yao_prox_piece_of_mtu(uint32_t mtu);

/** Bytes of a message in a mailbox: docs/formats/provider.md section 2. */
#define YAO_PROX_BOX_PIECE 65536u

typedef struct yao_prox_pieces {
    yao_bytes rest;
    size_t    most;
    bool      ended;
} yao_prox_pieces;

/**
 * Cut MESSAGE.
 *
 * In      most  bytes of a piece with its first byte, at least 2
 * Errors  YAO_E_USAGE  a message that is empty, MOST below 2
 */
YAO_MUST_USE yao_status yao_prox_begin_pieces(yao_bytes message, size_t most,
                                              yao_prox_pieces *ret);

/** Write the next piece; false, and nothing written, after the last. */
bool yao_prox_put_piece(yao_prox_pieces *pieces, yao_writer *w);

/** Pieces being put together, in memory of the caller's. */
typedef struct yao_prox_joint {
    uint8_t *room;
    size_t   cap;
    size_t   most; /* bytes of a piece */
    size_t   len;
    bool     whole;
    bool     broken;
} yao_prox_joint;

/** Begin, or begin anew. */
void yao_prox_begin_joint(uint8_t *room, size_t cap, size_t most,
                          yao_prox_joint *ret);

/**
 * Take a piece. After the last one `whole` is true, and yao_prox_joined() is
 * the message; the next piece begins another.
 *
 * Errors  YAO_E_MALFORMED  another first byte, or nothing behind it
 *         YAO_E_LIMIT      a longer piece, or a message above the room
 *         YAO_E_USAGE      after an error: the connection is to be closed
 */
YAO_MUST_USE yao_status yao_prox_take_piece(yao_prox_joint *joint,
                                            yao_bytes       piece);
yao_bytes yao_prox_joined(const yao_prox_joint *joint);

/* ---- streams ------------------------------------------------------------ */

#define YAO_PROX_STREAM_HEAD 4

/** Write MESSAGE behind its length, big-endian. Errors recorded in W:
 *  YAO_E_USAGE for an empty one, or one of 2 GiB. */
void yao_prox_put_framed(yao_writer *w, yao_bytes message);

typedef struct yao_prox_stream {
    uint8_t *room;
    size_t   cap;
    uint8_t  head[YAO_PROX_STREAM_HEAD];
    size_t   head_len;
    size_t   len;
    bool     broken;
} yao_prox_stream;

/** Begin, or begin anew. */
void yao_prox_begin_stream(uint8_t *room, size_t cap, yao_prox_stream *ret);

/**
 * Take from the front of *INPUT what belongs to the message that is coming.
 *
 * Out     input    what is left of it
 *         message  when it is complete: it, in the room; else empty
 * Errors  YAO_E_MALFORMED  a length of 0
 *         YAO_E_LIMIT      a length above the room
 *         YAO_E_USAGE      after an error
 */
YAO_MUST_USE yao_status yao_prox_take_stream(yao_prox_stream *stream,
                                             yao_bytes       *input,
                                             yao_bytes       *message);

/* ---- BLE ---------------------------------------------------------------- */

/** What is written to the state characteristic. */
enum { YAO_PROX_GATT_START = 1, YAO_PROX_GATT_END = 2 };

/** Numbers of the characteristics: of the holder's service when it is the
 *  server, and of the reader's. */
enum {
    YAO_PROX_GATT_HOLDER_STATE     = 0x1,
    YAO_PROX_GATT_HOLDER_TO_SERVER = 0x2,
    YAO_PROX_GATT_HOLDER_TO_CLIENT = 0x3,
    YAO_PROX_GATT_READER_STATE     = 0x5,
    YAO_PROX_GATT_READER_TO_SERVER = 0x6,
    YAO_PROX_GATT_READER_TO_CLIENT = 0x7,
    YAO_PROX_GATT_READER_IDENT     = 0x8,
    YAO_PROX_GATT_HOLDER_L2CAP     = 0xa,
    YAO_PROX_GATT_READER_L2CAP     = 0xb
};

/** The UUID of characteristic NUMBER: 0000000N-A123-48CE-896B-4C76973373E6. */
void yao_prox_gatt_uuid(uint8_t number, uint8_t out[YAO_PROX_UUID]);

/* ---- mailboxes ---------------------------------------------------------- */

/** Where one posts a piece, and where one asks for the next one after the
 *  first AFTER: "URL/ID", "URL/ID?after=N&wait=S". A reader posts to to_holder
 *  and gets from to_reader; the holder has the other ids of both from whoever
 *  keeps the boxes. Errors recorded in W: YAO_E_USAGE for an address or an id
 *  that is none. */
void yao_prox_put_box_post(yao_writer *w, yao_text url, yao_bytes id);
void yao_prox_put_box_get(yao_writer *w, yao_text url, yao_bytes id,
                          uint32_t after, uint32_t wait);

#endif
