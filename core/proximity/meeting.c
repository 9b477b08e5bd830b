/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/meeting.h"

yao_status yao_prox_write_transcript(yao_arena *arena, const yao_crypto *crypto,
                                     const yao_prox_meeting *meeting,
                                     yao_bytes engagement, yao_bytes key_bytes,
                                     yao_bytes *ret)
{
    yao_bytes  wrapped;
    yao_writer w = yao_writer_in(arena);

    yao_prox_put_bytes(&w, engagement);
    YAO_TRY(yao_writer_keep(&w, arena, &wrapped));

    w = yao_writer_in(arena);
    switch (meeting->handover) {
    case YAO_PROX_BY_QR:
        yao_mdoc_put_transcript_qr(&w, wrapped, key_bytes);
        break;
    case YAO_PROX_BY_NFC:
        if (meeting->select.len == 0)
            return YAO_E_USAGE;
        yao_mdoc_put_transcript_nfc(&w, wrapped, key_bytes, meeting->select,
                                    meeting->request);
        break;
    default:
        if (meeting->reader.len == 0)
            return YAO_E_USAGE;
        YAO_TRY(yao_mdoc_put_transcript_web(&w, crypto, wrapped, key_bytes,
                                            meeting->reader));
        break;
    }
    return yao_writer_keep(&w, arena, ret);
}
