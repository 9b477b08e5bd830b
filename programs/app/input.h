/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_INPUT_H
#define YAO_APP_INPUT_H

/** Documents come as bytes, hex, base64url, as letters of a QR code or as a
 *  picture of one; these make them bytes, or letters to be read by
 *  app/code.h. */

#include "yaopai/writer.h"

/**
 * Undo hex (also in lines) or base64url when TEXT is nothing but its letters;
 * white space at both ends is dropped from anything that is text. CBOR and
 * JWTs pass through.
 *
 * Out     ret  in ARENA, or a view of TEXT
 * Errors  YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_input_decode(yao_bytes text, yao_arena *arena,
                                         yao_bytes *ret);

/**
 * Read a file as above, into ARENA.
 *
 * Errors  YAO_E_FILE, YAO_E_LIMIT (longer than YAO_MAX_MESSAGE), YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_input_read(const char *path, yao_arena *arena,
                                       yao_bytes *ret);

/** What a file holds. */
typedef struct yao_inputs {
    const yao_bytes *list;
    size_t           count; /* one at least */
    bool             codes; /* these are letters of QR codes; else it is one
                               content, decoded as above */
} yao_inputs;

/**
 * Read a file that may be a picture (PNG, animated PNG, JPEG) of QR codes, or
 * a text with the letters of one in each line.
 *
 * Errors  those of yao_input_read() and of qr_read()
 */
YAO_MUST_USE yao_status yao_input_read_all(const char *path, yao_arena *arena,
                                           yao_inputs *ret);

/**
 * Read a SessionTranscript: the array, or its wrapped form
 * (SessionTranscriptBytes), which is unwrapped.
 *
 * Errors  as above, and those of the CBOR reader
 */
YAO_MUST_USE yao_status yao_input_transcript(const char *path,
                                             yao_arena *arena, yao_bytes *ret);

#endif
