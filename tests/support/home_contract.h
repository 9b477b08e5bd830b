/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_HOME_CONTRACT_H
#define YAO_TEST_HOME_CONTRACT_H

/** What every home must answer to a signature check: one table, run against
 *  each of them. OpenSSL's keys sign. */

#include "yaopai/crypto.h"

/** Add the cases for CRYPTO, which has the algorithms up to HAS and answers
 *  UNSUPPORTED for the others; false: there are no keys. */
bool home_contract_open(const yao_crypto *crypto, yao_sig_alg has);
void home_contract_close(void);

#endif
