/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_TRUST_H
#define YAO_DESK_TRUST_H

/**
 * Whom a desk trusts: the authority's bundle, opened again when its file has
 * changed, while judgements under way go on with the one that they began with.
 *
 *     desk_trust *t = desk_trust_take(&d->trust);
 *     if (t == NULL)
 *         ... nothing can be judged now ...
 *     options = desk_trust_options(t, now);
 *     ...
 *     desk_trust_give(&d->trust, t);
 *
 * A bundle that is refused (rolled back, of another root, over) never takes the
 * place of one that is in force. Threads: any.
 */

#include <pthread.h>
#include <time.h>

#include "app/bundle.h"
#include "net/client.h"
#include "desk/config.h"

typedef struct desk_trust {
    app_bundle  bundle;
    yao_anchor *anchors; /* the bundle's and those of trust.issuers; NULL: the
                            bundle's alone */
    size_t      anchor_count;
    yao_arena   arena; /* for these */
    unsigned    users; /* and one while it is in force */
} desk_trust;

typedef struct desk_trusts {
    pthread_mutex_t    lock;
    bool               ready;   /* LOCK was made */
    desk_trust        *now;     /* NULL: none yet */
    struct timespec    changed; /* of the file of NOW */
    yao_bytes          statement; /* the party's own, as its file has it; empty:
                                     none. statement.h */
    const desk_config *config;
} desk_trusts;

/** Begin without a bundle. */
void desk_trust_init(desk_trusts *t, const desk_config *config);
/** When nobody uses one any more. */
void desk_trust_close(desk_trusts *t);

/** Open the bundle's file when it is new or has changed. Errors: those of
 *  app_bundle_open(); YAO_E_NOT_FOUND  there is no file. */
YAO_MUST_USE yao_status desk_trust_load(desk_trusts      *t,
                                        const yao_crypto *crypto, yao_time now);

/** Fetch the file from where the settings say, if they do. What comes is looked
 *  at as desk_trust_load() would before it is put in the place of the old one.
 *  Errors: those of net_client_fetch() and app_bundle_open(). */
YAO_MUST_USE yao_status desk_trust_fetch(desk_trusts      *t,
                                         const yao_crypto *crypto,
                                         yao_time          now);

/** Get URL from where bundles are fetched; MOST bytes. Errors: those of
 *  net_client_fetch(); YAO_E_NET  another status than 200. */
YAO_MUST_USE yao_status desk_trust_get(const desk_trusts *t, const char *url,
                                       size_t most, yao_arena *arena,
                                       net_answer *ret);

/** The bundle in force; NULL: there is none. To be given back. */
desk_trust *desk_trust_take(desk_trusts *t);
void        desk_trust_give(desk_trusts *t, desk_trust *taken);

/** May it be judged by at NOW? Not before it was signed, nor when it is over.
 */
bool desk_trust_in_force(const desk_trust *taken, yao_time now);

/** Options for judging by it at NOW. */
yao_verify_options desk_trust_options(const desk_trusts *t,
                                      const desk_trust *taken, yao_time now);

/** Seconds since the bundle in force was signed; -1: there is none. */
int64_t desk_trust_age(desk_trusts *t, yao_time now);

#endif
