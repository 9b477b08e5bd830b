/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STATUS_H
#define YAO_STATUS_H

/**
 * What became of a document since it was issued: verified status lists, each
 * with its age.
 *
 * A yao_status_list is made by statuslist/ only, after its token was verified
 * and unpacked; yao_verify() is given those that are at hand. Cannot check is
 * never "revoked" and never "accepted".
 */

#include "yaopai/base.h"

/** What a list says of one document. Zero means nobody could look. */
typedef enum yao_status_state {
    YAO_STATE_UNKNOWN   = 0,
    YAO_STATE_NONE      = 1, /* the document names no list: nothing to look up */
    YAO_STATE_VALID     = 2, /* 0 */
    YAO_STATE_INVALID   = 3, /* 1: revoked, for good */
    YAO_STATE_SUSPENDED = 4, /* 2 */
    YAO_STATE_OTHER     = 5  /* a value that we do not know: not valid */
} yao_status_state;

/** A verified list. All views live as long as what it was made from. */
typedef struct yao_status_list {
    yao_text  uri;       /* sub */
    uint8_t   bits;      /* of one entry: 1, 2, 4, 8 */
    yao_bytes entries;   /* unpacked, first entry in the lowest bits: at least
                            count * bits of them */
    uint64_t  count;     /* of entries */
    yao_time  issued_at; /* iat: "as of" */
    yao_time  expires;   /* YAO_TIME_NONE when not said */
    int64_t   ttl;       /* seconds, clamped to 60..86400; 0: not said */
    yao_bytes anchor;    /* DER of the root at which its signer's path ended:
                            a list speaks for documents of that root only. Of
                            a signer that was pinned by a bare key the point
                            of that key. Empty: it speaks for nobody */
} yao_status_list;

/** The word for STATE ("valid", "revoked", "suspended", ...). Never NULL. */
YAO_API const char *yao_status_state_name(yao_status_state state);

#endif
