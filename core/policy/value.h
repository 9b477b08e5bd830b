/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_POLICY_VALUE_H
#define YAO_POLICY_VALUE_H

/** A CBOR value of a document, for programs (JSON) and for people. */

#include "yaopai/writer.h"

/**
 * Write VALUE as JSON: text and dates as strings, bytes as base64url, tags
 * dropped, map keys made strings. A value that has no such form (nested too
 * deeply, a map that is a key, a number below -2^63) is base64url of its CBOR.
 *
 * Errors  YAO_E_SPACE, recorded in W
 * Source  RFC 8949 section 6.1
 */
void yao_value_put_json(yao_writer *w, yao_bytes cbor);

/** Write VALUE for people: text as it is, control letters replaced (they could
 *  move a terminal's cursor), bytes as "(2048 bytes)", lists with commas. */
void yao_value_put_plain(yao_writer *w, yao_bytes cbor);

/** TEXT for a terminal: what steers one (control letters, and those that turn
 *  the direction of writing) replaced by "?". */
void yao_value_put_text(yao_writer *w, yao_text text);

/** How many bytes at the front of TEXT, which is not empty, steer a terminal;
 *  0: none. */
size_t yao_value_steering(yao_text text);

/** How many columns of a terminal TEXT takes: a Chinese letter takes two. */
int yao_value_columns(yao_text text);

#endif
