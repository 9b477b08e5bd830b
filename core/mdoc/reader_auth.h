/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_MDOC_READER_AUTH_H
#define YAO_MDOC_READER_AUTH_H

/**
 * What a reader signs, for those who sign and those who check. Private to
 * this folder.
 */

#include "mdoc/request.h"

/** Parts that need not be put together: at most four. */
typedef struct yao_mdoc_signed_parts {
    yao_bytes parts[4];
    size_t    count;
} yao_mdoc_signed_parts;

/**
 * Shape   #6.24(bstr .cbor ["ReaderAuthentication", SessionTranscript,
 *         ItemsRequestBytes])
 * Out     ret  lives as long as ARENA and the arguments
 * Errors  YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_mdoc_reader_authentication(
    yao_arena *arena, yao_bytes transcript, yao_bytes items,
    yao_mdoc_signed_parts *ret);

/**
 * Shape   #6.24(bstr .cbor ["ReaderAuthenticationAll", SessionTranscript,
 *         [* ItemsRequestBytes], DeviceRequestInfoBytes / null])
 * In      info  DeviceRequestInfoBytes, or empty
 * Errors  YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_mdoc_reader_authentication_all(
    yao_arena *arena, yao_bytes transcript, const yao_bytes *items,
    size_t count, yao_bytes info, yao_mdoc_signed_parts *ret);

#endif
