/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROXIMITY_MEETING_H
#define YAO_PROXIMITY_MEETING_H

/**
 * How the two met, which is part of what they sign: a conversation that began
 * in one way is never taken for one that began in another.
 */

#include "proximity/session.h"

typedef enum yao_prox_handover {
    YAO_PROX_BY_QR = 0,
    YAO_PROX_BY_NFC,
    YAO_PROX_BY_WEB /* TS 18013-7 annex A: the reader was shown first */
} yao_prox_handover;

typedef struct yao_prox_meeting {
    yao_prox_handover handover;
    yao_bytes         select;  /* NFC: handover select, as it was sent */
    yao_bytes         request; /* NFC: handover request; empty: static */
    yao_bytes         reader;  /* web: ReaderEngagementBytes, from the tag on */
} yao_prox_meeting;

/**
 * Write the SessionTranscript.
 *
 * In      engagement  DeviceEngagement as it was shown, without tag 24
 *         key_bytes   EReaderKeyBytes
 * Out     ret         the array, in ARENA
 * Errors  YAO_E_USAGE  what belongs to the handover is not there
 *         YAO_E_SPACE; YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's hash
 * Source  ISO/IEC 18013-5:2021 9.1.5.1; TS 18013-7 annex A
 */
YAO_MUST_USE yao_status yao_prox_write_transcript(
    yao_arena *arena, const yao_crypto *crypto, const yao_prox_meeting *meeting,
    yao_bytes engagement, yao_bytes key_bytes, yao_bytes *ret);

/** How long, in seconds, when the options do not say: until the first message
 *  of a reader (docs/formats/proximity.md section 2; ISO suggests 30 at
 *  least), and until every other. */
#define YAO_PROX_FIRST_WAIT 60
#define YAO_PROX_IDLE_WAIT  300

/** Requests in one session. */
#define YAO_PROX_MAX_REQUESTS 16

#endif
