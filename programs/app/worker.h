/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_WORKER_H
#define YAO_APP_WORKER_H

/**
 * What a worker thread of a server has for itself, opened when it is first
 * asked for: OpenSSL, and the key with which the server signs.
 */

#include "app/key.h"
#include "yaopai/openssl.h"

typedef struct app_worker {
    yao_openssl *openssl;
    yao_key     *key;
} app_worker;

typedef struct app_workers {
    app_worker *list;
    unsigned    count;
} app_workers;

/** COUNT that have nothing yet. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status app_workers_open(unsigned count, app_workers *ret);
/** Also what is all zero. */
void                    app_workers_close(app_workers *w);

/** NULL: it can't be opened. */
const yao_crypto *app_worker_crypto(const app_workers *w, unsigned worker);
/** The key at PLACE, as yao_key_open(). NULL: it can't be opened now. */
yao_key          *app_worker_key(const app_workers *w, unsigned worker,
                                 const char *place);

#endif
