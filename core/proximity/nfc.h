/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROXIMITY_NFC_H
#define YAO_PROXIMITY_NFC_H

/**
 * Messages over NFC: APDUs of ISO/IEC 7816-4. A reader sends a message in
 * ENVELOPE commands, chained where one is too short for it, and gets the
 * answer in their response and by GET RESPONSE while 61XX says there is more.
 * Each message is a data object '53'.
 *
 *   reader: begin_envelope, put_envelope ... --> commands
 *   holder: read_command; its data into take_object() until it is whole;
 *           answers 9000 to each that is not the last; then begin_answer,
 *           put_answer to this one and to each GET RESPONSE
 *   reader: read_response; its data into take_object(); while `more`:
 *           put_get_response
 *
 * Source   ISO/IEC 18013-5:2021 8.3.3.1.2; ISO/IEC 7816-4
 */

#include "yaopai/writer.h"

/** Status words. */
enum {
    YAO_PROX_SW_OK        = 0x9000,
    YAO_PROX_SW_MORE      = 0x6100, /* the low byte: how many; 0: 256 or more */
    YAO_PROX_SW_NOT_FOUND = 0x6a82, /* SELECT of another application */
    YAO_PROX_SW_LENGTH    = 0x6700,
    YAO_PROX_SW_CONDITION = 0x6985,
    YAO_PROX_SW_COMMAND   = 0x6d00  /* an instruction that is not known */
};

/* ---- commands ----------------------------------------------------------- */

typedef enum yao_prox_nfc_kind {
    YAO_PROX_NFC_OTHER = 0, /* nothing of ours */
    YAO_PROX_NFC_SELECT,    /* our application: A0 00 00 02 48 04 00 */
    YAO_PROX_NFC_ENVELOPE,
    YAO_PROX_NFC_GET_RESPONSE
} yao_prox_nfc_kind;

typedef struct yao_prox_nfc_command {
    yao_prox_nfc_kind kind;
    bool              more;   /* of an ENVELOPE: another follows */
    yao_bytes         data;
    uint32_t          expect; /* bytes at most in the response; 0: none */
} yao_prox_nfc_command;

/**
 * Read a command, in the short or in the extended form.
 *
 * Out     ret  a view into APDU; kind OTHER for a SELECT of another
 *              application and for another instruction
 * Errors  YAO_E_TRUNCATED  fewer bytes than it says
 *         YAO_E_TRAILING   more
 *         YAO_E_MALFORMED  a class that is not ours, parameters of an ENVELOPE
 *                          or GET RESPONSE that are not 0, an ENVELOPE without
 *                          data
 */
YAO_MUST_USE yao_status yao_prox_nfc_read_command(yao_bytes             apdu,
                                                  yao_prox_nfc_command *ret);

/** SELECT of our application. */
void yao_prox_nfc_put_select(yao_writer *w);

/** GET RESPONSE for at most EXPECT bytes (1..65536). Errors recorded in W:
 *  YAO_E_USAGE. */
void yao_prox_nfc_put_get_response(yao_writer *w, uint32_t expect);

/* ---- a message in parts ------------------------------------------------- */

/** A data object that goes out in parts. */
typedef struct yao_prox_nfc_object {
    yao_bytes message;
    uint8_t   head[5];
    size_t    head_len;
    size_t    sent; /* of head and message together */
    uint32_t  most; /* bytes in one command */
} yao_prox_nfc_object;

/**
 * Begin a message.
 *
 * In      most  bytes of data in one command, 1..65535; for an answer, whose
 *               parts the reader bounds, not looked at
 * Errors  YAO_E_USAGE  an empty message, MOST out of its range
 *         YAO_E_LIMIT  2^24 bytes or more
 */
YAO_MUST_USE yao_status yao_prox_nfc_begin(yao_bytes message, uint32_t most,
                                           yao_prox_nfc_object *ret);

/** Write the next ENVELOPE; false, and nothing written, after the last. */
bool yao_prox_nfc_put_envelope(yao_prox_nfc_object *object, yao_writer *w);

/** Write the next response, of at most EXPECT bytes: 9000 or 61XX. Errors
 *  recorded in W: YAO_E_USAGE for EXPECT 0, or when all is said. */
void yao_prox_nfc_put_answer(yao_prox_nfc_object *object, uint32_t expect,
                             yao_writer *w);

/** Write a response of STATUS without data. */
void yao_prox_nfc_put_status(yao_writer *w, uint16_t status);

typedef struct yao_prox_nfc_response {
    yao_bytes data;
    uint16_t  status;
    bool      more;      /* 61XX */
    uint32_t  remaining; /* of more: bytes to be asked for, 1..256 */
} yao_prox_nfc_response;

/** Read a response. Errors: YAO_E_TRUNCATED  fewer than two bytes. */
YAO_MUST_USE yao_status yao_prox_nfc_read_response(yao_bytes              apdu,
                                                   yao_prox_nfc_response *ret);

/** A data object that comes in parts, into memory of the caller's. */
typedef struct yao_prox_nfc_joint {
    uint8_t  *room;
    size_t    cap;
    size_t    len;
    yao_bytes message; /* when it is whole */
    bool      whole;
    bool      broken;
} yao_prox_nfc_joint;

/** Begin, or begin anew. */
void yao_prox_nfc_begin_joint(uint8_t *room, size_t cap,
                              yao_prox_nfc_joint *ret);

/**
 * Take the data of one command or response.
 *
 * In      last   no other follows: then the object must be whole
 * Out     joint  with LAST `whole`, and the message in the room
 * Errors  YAO_E_MALFORMED  no data object '53', or one that is empty
 *         YAO_E_TRUNCATED  the last part, and it is not whole
 *         YAO_E_TRAILING   bytes behind it
 *         YAO_E_NOT_SHORTEST  a length longer than needed
 *         YAO_E_LIMIT      more than the room
 *         YAO_E_USAGE      after an error, or when it is whole
 */
YAO_MUST_USE yao_status yao_prox_nfc_take(yao_prox_nfc_joint *joint,
                                          yao_bytes data, bool last);

#endif
