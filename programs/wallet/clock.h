/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_CLOCK_H
#define YAO_WALLET_CLOCK_H

/**
 * The clock of a wallet: the device's, put forward where somebody who is trusted
 * has signed a later moment (a trust bundle). A telephone whose clock is wrong
 * would make proofs that every verifier refuses, and take what is over for
 * good.
 *
 * Invariants
 *   1. It is never put back, whoever signs what: what is over stays over.
 *   2. Only what an anchor vouches for counts; nobody who merely asks for a
 *      document moves it.
 *   3. The latest moment that was seen is kept in the vault (clock.sealed:
 *      [1, moment, offset]): a device whose clock is set back is told so, and
 *      the wallet goes on from there.
 *   4. The person is told each time.
 *
 * A clock that runs ahead is not corrected: nothing that was signed shows it.
 */

#include "app/trusting.h"
#include "yaopai/crypto.h"
#include "yaopai/verify.h"

struct yao_wallet;

/** Now: seconds since 1970. One process has one wallet, and one clock. */
yao_time yao_wallet_now(void);

/** When the wallet was opened: is the device's clock before what was seen?
 *  Errors: as the vault; YAO_E_MALFORMED. */
YAO_MUST_USE yao_status yao_wallet_open_clock(struct yao_wallet *wallet);

/**
 * Before lists are judged at a wrong time: does --trust name one that
 * --trust-anchor signed later than now? Whatever can't be read is judged later,
 * and refused there.
 */
void yao_wallet_look_at_clock(const yao_invocation *call,
                              const yao_crypto     *crypto);

/** MOMENT was signed by an anchor: keep it. Errors: as the vault. */
YAO_MUST_USE yao_status yao_wallet_see_moment(struct yao_wallet *wallet,
                                              yao_time           moment);

/** Those of the lists that were taken; tells when it can't be kept. Gives the
 *  exit code. */
int yao_wallet_see_lists(struct yao_wallet *wallet, const app_trusting *trust);

#endif
