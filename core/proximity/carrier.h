/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROXIMITY_CARRIER_H
#define YAO_PROXIMITY_CARRIER_H

/**
 * One interface to every way on which two at a counter talk: messages of the
 * machines (holder.h, reader.h) on one side, chunks on the other. A native
 * shell moves chunks and nothing else.
 *
 *   way                    chunk                                     most
 *   BLE characteristic     what is written or notified               of the MTU
 *   relay mailbox          what is posted or got                     65,536
 *   BLE L2CAP, loopback    any bytes of the stream
 *   NFC, of the reader     a command goes, its response comes        a command
 *   NFC, of the holder     a command comes, its response goes
 *
 *     YAO_TRY(yao_prox_carrier_open(YAO_PROX_CARRY_PIECES, most, room, cap,
 *                                   &c));
 *     YAO_TRY(yao_prox_carrier_send(&c, wish.bytes));
 *     while (yao_prox_carrier_next(&c, &w)) ... move it, begin W anew ...
 *     ... a chunk came:
 *     YAO_TRY(yao_prox_carrier_take(&c, &chunk, &message));
 *     while (yao_prox_carrier_next(&c, &w)) ... of NFC: the next command ...
 *     if (message.len != 0) ... event MESSAGE ...
 *
 * Of a stream TAKE is called again while something of the chunk is left.
 *
 * Memory   of the caller: the longest message that may come
 * Source   ISO/IEC 18013-5:2021 8.3.3.1; docs/formats/proximity.md section 4
 */

#include "proximity/frames.h"
#include "proximity/nfc.h"

typedef enum yao_prox_carriage {
    YAO_PROX_CARRY_NOTHING = 0,
    YAO_PROX_CARRY_PIECES,
    YAO_PROX_CARRY_STREAM,
    YAO_PROX_CARRY_NFC_READER,
    YAO_PROX_CARRY_NFC_HOLDER,
    YAO_PROX_CARRIAGES
} yao_prox_carriage;

/** What of NFC goes next. */
typedef enum yao_prox_nfc_turn {
    YAO_PROX_NFC_SILENT = 0,
    YAO_PROX_NFC_SELECTING,
    YAO_PROX_NFC_ENVELOPING,
    YAO_PROX_NFC_FETCHING,
    YAO_PROX_NFC_ANSWERING,
    YAO_PROX_NFC_STATUS
} yao_prox_nfc_turn;

typedef struct yao_prox_carrier {
    yao_prox_carriage kind;
    size_t            most;
    uint8_t          *room;
    size_t            cap;

    yao_bytes           out; /* of a stream: what has not gone */
    yao_prox_pieces     pieces;
    yao_prox_joint      joint;
    yao_prox_stream     stream;
    yao_prox_nfc_object object;
    yao_prox_nfc_joint  answer;
    yao_prox_nfc_turn   turn;   /* what next() gives */
    yao_prox_nfc_turn   said;   /* of a reader: what waits for its response */
    uint16_t            status; /* of STATUS */
    uint32_t            expect; /* bytes of a response */
    bool                selected, sending;
} yao_prox_carrier;

/**
 * Begin. Of a reader over NFC the first chunk is ready at once.
 *
 * In      most  bytes of a chunk: 2 at least of pieces, 1..65535 of data in a
 *               command; of the others not looked at
 *         room  CAP bytes for a message that comes
 * Errors  YAO_E_USAGE  no such way, MOST out of its range, no room
 */
YAO_MUST_USE yao_status yao_prox_carrier_open(yao_prox_carriage kind,
                                              size_t most, uint8_t *room,
                                              size_t            cap,
                                              yao_prox_carrier *ret);

/**
 * Let MESSAGE go, which lives until its last chunk went.
 *
 * In      message  an empty one is only for the holder over NFC: nothing is
 *                  answered
 * Errors  YAO_E_USAGE  an empty one, or before the last one went; over NFC of a
 *                      holder that nobody asked
 *         YAO_E_LIMIT  longer than the way can say
 */
YAO_MUST_USE yao_status yao_prox_carrier_send(yao_prox_carrier *c,
                                              yao_bytes         message);

/** Write the next chunk; false, and nothing written, when there is none now. */
bool yao_prox_carrier_next(yao_prox_carrier *c, yao_writer *w);

/**
 * Take a chunk that came.
 *
 * Out     chunk    what is left of it (of a stream; else empty)
 *         message  when it is complete: it, in the room; else empty
 * Errors  those of yao_prox_take_piece(), yao_prox_take_stream(),
 *         yao_prox_nfc_read_command(), yao_prox_nfc_read_response() and
 *         yao_prox_nfc_take(); YAO_E_REFUSED for a status that is an error, of
 *         a response; YAO_E_USAGE for a chunk that nobody awaits. After an
 *         error the way is to be closed
 */
YAO_MUST_USE yao_status yao_prox_carrier_take(yao_prox_carrier *c,
                                              yao_bytes        *chunk,
                                              yao_bytes        *message);

#endif
