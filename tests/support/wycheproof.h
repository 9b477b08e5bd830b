/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_WYCHEPROOF_H
#define YAO_TEST_WYCHEPROOF_H

/** Google's Wycheproof vectors, read group by group, for any home: what they
 *  call valid must be accepted, what they call invalid refused. */

#include "json/json.h"
#include "yaopai/crypto.h"

typedef struct wycheproof {
    const yao_json *group, *test;
} wycheproof;

typedef struct wycheproof_file {
    const char *name;
    size_t      count; /* so that none is left out unseen */
    bool (*accepts)(const wycheproof *v);
} wycheproof_file;

/** The case of the wycheproof_file that is its state. */
void wycheproof_case(void **state);

/** A value of hex digits, and a number. */
yao_bytes wycheproof_hex(const yao_json *object, const char *name);
int64_t   wycheproof_number(const yao_json *object, const char *name);

/** Whom the following ask; set by main(). */
extern const yao_crypto *wycheproof_home;

bool wycheproof_es256(const wycheproof *v);
bool wycheproof_es256_der(const wycheproof *v);
bool wycheproof_es384(const wycheproof *v);
bool wycheproof_hmac(const wycheproof *v);
bool wycheproof_hkdf(const wycheproof *v);

#endif
