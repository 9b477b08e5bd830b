/* SPDX-License-Identifier: Apache-2.0 */
/* In place of core/policy/sdjwt.c: a door is shown no SD-JWT. */
#include "policy/policy.h"

yao_status yao_policy_begin_sdjwt(yao_arena *arena, const yao_crypto *crypto,
                                  yao_bytes                 input,
                                  const yao_verify_options *options,
                                  yao_format *format, yao_policy_sdjwt *ret,
                                  yao_report *report)
{
    (void)arena;
    (void)crypto;
    (void)input;
    (void)options;
    (void)format;
    (void)ret;
    (void)report;
    return YAO_E_UNSUPPORTED;
}

yao_status yao_policy_finish_sdjwt(yao_arena *arena, yao_policy_sdjwt *sdjwt,
                                   const yao_verify_options *options,
                                   yao_result_document *ret, yao_report *report)
{
    (void)arena;
    (void)sdjwt;
    (void)options;
    (void)ret;
    (void)report;
    return YAO_E_USAGE; /* nothing was begun */
}
