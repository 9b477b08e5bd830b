/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_CBOR_EDIT_H
#define YAO_TEST_CBOR_EDIT_H

/**
 * Change one thing in a CBOR message and keep the rest byte for byte: to make
 * the input of a test row out of a good one.
 *
 *     yao_bytes bad = cbor_set(good, "documents/0/docType", YAO_LIT("\x61x"));
 *
 * Path    names of maps, decimal numbers of arrays and of maps with integer
 *         keys, "*" for the CBOR inside a bstr (with or without tag 24);
 *         separated by "/"; "" is the message itself
 * Memory  results are in test_arena()
 * A path that leads nowhere ends the test program: a row that changes nothing
 * would prove nothing.
 */

#include "check.h"

/** The item at PATH, with its head. */
yao_bytes cbor_at(yao_bytes input, const char *path);

/** Is there an item at PATH? */
bool cbor_has(yao_bytes input, const char *path);

/** What is inside the bstr at PATH. */
yao_bytes cbor_bytes_at(yao_bytes input, const char *path);

/** Put ITEM in the place of what is at PATH. The lengths of bstrs around it
 *  follow. */
yao_bytes cbor_set(yao_bytes input, const char *path, yao_bytes item);

/** Take the entry at PATH, in a map with its key, out of its container. */
yao_bytes cbor_remove(yao_bytes input, const char *path);

/** Append ENTRY (an item, or key and value) to the container at PATH. */
yao_bytes cbor_add(yao_bytes input, const char *path, yao_bytes entry);

/** CBOR of a bstr and of a tstr. */
yao_bytes cbor_of_bytes(yao_bytes content);
yao_bytes cbor_of_text(const char *content);

/** A and B in one piece. */
yao_bytes cbor_join(yao_bytes a, yao_bytes b);

#endif
