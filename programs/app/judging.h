/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_JUDGING_H
#define YAO_APP_JUDGING_H

/**
 * One code that somebody shows, judged for a profile: what a gate and a desk
 * share. Whether it was shown before is their own memory's affair.
 *
 *     app_judging j = {.crypto = crypto, .options = &options,
 *                      .profile = profile, .challenge = &challenge};
 *     status = app_judging_code(&j, &arena, &code, &opened, &result);
 */

#include "app/challenge.h"
#include "app/code.h"
#include "app/trusting.h"
#include "document/document.h"
#include "trust/trust.h"
#include "yaopai/verify.h"

/** Seconds by which a clock may stand before what was signed. */
enum { APP_JUDGING_SKEW = 60 };

typedef struct app_judging {
    const yao_crypto         *crypto;
    const yao_verify_options *options; /* whom to trust, when; of CHALLENGE
                                          nothing */
    const yao_profile   *profile;      /* NULL: any */
    yao_text             choice;       /* empty: the first */
    const app_challenge *challenge;    /* that was shown; its bytes may be
                                          empty */
    bool quiet;                        /* no values are told */
    app_trusting *packed; /* whose status lists are unpacked when a document
                             names them; OPTIONS have those. NULL: all are */
} app_judging;

/** Judge INPUT, which was opened. Errors: those of yao_policy_ask(), yao_verify(). */
YAO_MUST_USE yao_status app_judging_input(const app_judging *j,
                                          yao_arena *arena, yao_bytes input,
                                          yao_result **ret);

/**
 * Open CODE where it is sealed, and judge it.
 *
 * Out     opened  it was sealed to the challenge: whoever sealed it has had
 *                 their answer, whatever the verdict
 *         ret     written on YAO_OK only
 * Errors  YAO_E_SECRET, YAO_E_MISSING  sealed to another challenge, or to none
 *         YAO_E_MALFORMED  a challenge, a part
 *         those of app_challenge_unseal() and app_judging_input()
 */
YAO_MUST_USE yao_status app_judging_code(const app_judging *j, yao_arena *arena,
                                         const app_code *code, bool *opened,
                                         yao_result **ret);

/**
 * May CONTENT be judged by at NOW?
 *
 * Errors  YAO_E_NOT_YET_VALID  the clock stands before it was signed
 *         YAO_E_EXPIRED        it is over
 */
YAO_MUST_USE yao_status app_judging_check_list(const yao_trust_content *content,
                                               yao_time                 now);

/** For yao_judged.tells, with an app_judging: a card that holds more than the
 *  profile asks for tells no more than that. */
bool app_judging_tells(const void *judging, const yao_result_document *document,
                       const yao_attribute *attribute);

#endif
