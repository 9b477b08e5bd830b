/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_TOKEN_WORDS_H
#define YAO_APP_TOKEN_WORDS_H

/** What is wrong with a token, said to people. */

#include "app/words.h"
#include "pkcs11/pkcs11.h"

/** Why something failed with WHAT; NULL words when nothing did. */
yao_words yao_token_words(yao_pkcs11_trouble what);

/** Have the next message of STATUS say what REPORT knows. */
void yao_explain_token(yao_status status, yao_pkcs11_report report);

/** The same for a URI that could not be read. */
void yao_explain_uri(yao_status status);

#endif
