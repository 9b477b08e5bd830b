/* SPDX-License-Identifier: Apache-2.0 */
#include "app/worker.h"

#include <stdlib.h>

yao_status app_workers_open(unsigned count, app_workers *ret)
{
    app_worker *list = calloc(count, sizeof *list);

    if (list == NULL)
        return YAO_E_SPACE;
    *ret = (app_workers){list, count};
    return YAO_OK;
}

void app_workers_close(app_workers *w)
{
    for (unsigned i = 0; i < w->count; i++) {
        yao_key_close(w->list[i].key);
        yao_openssl_close(w->list[i].openssl);
    }
    free(w->list);
    *w = (app_workers){NULL, 0};
}

const yao_crypto *app_worker_crypto(const app_workers *w, unsigned worker)
{
    app_worker *own = &w->list[worker];

    if (own->openssl == NULL)
        own->openssl = yao_openssl_open();
    return own->openssl != NULL ? yao_openssl_crypto(own->openssl) : NULL;
}

yao_key *app_worker_key(const app_workers *w, unsigned worker,
                        const char *place)
{
    app_worker *own = &w->list[worker];

    if (own->key == NULL && yao_key_open(place, &own->key) != YAO_OK)
        own->key = NULL;
    return own->key;
}
