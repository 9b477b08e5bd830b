/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_INPUT_H
#define YAO_APP_INPUT_H

/** Documents come as bytes, hex or base64url; these make them bytes. */

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

/**
 * Read a SessionTranscript: the array, or its wrapped form
 * (SessionTranscriptBytes), which is unwrapped.
 *
 * Errors  as above, and those of the CBOR reader
 */
YAO_MUST_USE yao_status yao_input_transcript(const char *path,
                                             yao_arena *arena, yao_bytes *ret);

#endif
