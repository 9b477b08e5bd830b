/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_PAGE_H
#define YAO_DESK_PAGE_H

/**
 * Requests that a page of the relying party hands to the browser's Digital
 * Credentials API, and what the browser gave it:
 *
 *     POST /api/sessions {"profile": ..., "dc_api": {"origins": [...]}}
 *         -> requests, for navigator.credentials.get({digital: {requests}})
 *     POST /api/sessions/ID/answer {"protocol", "data", "origin"}
 *
 * Such a session has no link, and nothing that is posted to /response answers
 * it. Files: page.c (requests), page_answer.c.
 */

#include "desk/session.h"
#include "vp/judge.h"

/** Write `"requests": [+ {"protocol", "data"}]`. Errors: YAO_E_LOCKED  the
 *  reader's key cannot be opened now;  YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status desk_page_requests(app_call *call,
                                           const desk_session *s,
                                           yao_bytes          *ret);

/** What is asked by PROTOCOL. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status desk_page_ask(const desk_session *s,
                                      bool is_signed, yao_vp_ask *ret);

/** EncryptionInfo of org-iso-mdoc, and its transcript. Errors: YAO_E_SPACE,
 *  YAO_E_CRYPTO. */
YAO_MUST_USE yao_status desk_page_info(app_call *call, const desk_session *s,
                                       yao_text *info, yao_bytes *transcript);

/** What came of a page: opened already where CAME is there. */
typedef struct desk_paged {
    yao_vp_awaited             *awaited;
    yao_vp_posted              *posted;
    const yao_vp_presentations *came;
} desk_paged;

/** Judge it and keep what came of it, as of a wallet's own answer (response.c).
 *  Errors: the reason why it is none; YAO_E_LOCKED, YAO_E_SPACE, YAO_E_STORE */
YAO_MUST_USE yao_status desk_response_paged(app_call *call, desk_session *s,
                                            const desk_paged *paged);

#endif
