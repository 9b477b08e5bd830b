/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_SERVER_INSIDE_H
#define YAO_AUTHORITY_SERVER_INSIDE_H

/** The inside of `yaopai authority serve`; parts use server.h. */

#include <pthread.h>

#include "app/serve.h"
#include "authority/issue.h"
#include "authority/server/server.h"

enum {
    SERVER_MAX_JOBS   = 32,
    SERVER_LEASE_S    = 30,
    SERVER_RETRY_S    = 5
};

/* Of a worker and of the jobs: portraits in a batch of copies. Only what is
 * touched is there. */
#define SERVER_WORKER_MEMORY ((size_t)16 * 1024 * 1024)
#define SERVER_JOBS_MEMORY   ((size_t)96 * 1024 * 1024)

/** The parts; ends with NULL. */
extern const authority_part *const server_parts[];

/** Which file it was that was read, and when it was written. */
typedef struct server_stamp {
    struct timespec changed;
    uint64_t        file; /* its number */
} server_stamp;

/** A signer, and the file that it was read from. */
typedef struct server_signing {
    issue_signer signer;
    server_stamp stamp;
    yao_arena    arena;
} server_signing;

/** What is given again; of these settings, from then until then. */
typedef struct server_said {
    uint8_t     *bytes; /* malloc() */
    size_t       len;
    yao_time     from, until;
    server_stamp settings;
} server_said;

/** What one thread has for itself; made when it is first needed. */
typedef struct server_worker {
    bool           open;
    authority      authority;
    server_stamp   settings;
    server_stamp   clients; /* the file of wallets and attesters */
    server_signing signing[YAO_SIGNING_OTHER + 1];
    server_said    said[SERVER_SAYINGS];
} server_worker;

typedef struct server_job {
    const authority_job *job;
    int64_t              due;    /* milliseconds of the monotonic clock */
    bool                 nudged;
    bool                 leading;
} server_job;

struct authority_server {
    authority           *first; /* opened by the verb */
    const yao_catalogue *catalogue;
    yao_arena            loaded; /* where it lies, when it is not the shipped */
    const char          *folder; /* of the settings */
    const char          *url;
    bool                 demo;
    bool                 alone; /* no other server can have this store */
    struct face_engine  *face; /* NULL: an officer compares */
    server_worker       *workers;
    unsigned             worker_count;

    net_server     *net;
    app_metrics    *metrics; /* NULL until it listens */
    pthread_t       thread;
    bool            running;
    pthread_mutex_t lock; /* jobs */
    pthread_cond_t  changed;
    server_job      jobs[SERVER_MAX_JOBS];
    size_t          job_count;
    bool            ending;
    server_worker   own; /* of the jobs' thread */
    yao_arena       arena;
    uint8_t         owner[STORE_ID_LEN]; /* of leases */
    uint64_t        jobs_run, jobs_failed;
};

/** Open and close the worker. Errors: YAO_E_CRYPTO. */
YAO_MUST_USE yao_status server_worker_open(const authority *first,
                                           server_worker   *ret);
void                    server_worker_close(server_worker *w);

/** Read the settings anew when they were written: `signer rotate` and
 *  `authority rekey` name new keys there; and the wallets and attesters when
 *  their file was: one that was taken out is believed no longer. What can't be
 *  read is logged, and what was read before stays. */
void server_refresh(const authority_server *s, server_worker *w);

/** app_serving.crypto: also opens the worker. NULL when that fails. */
const yao_crypto *server_crypto(void *server, unsigned worker);

/** Start and end the jobs. Errors: YAO_E_SPACE, YAO_E_CRYPTO, YAO_E_LIMIT. */
YAO_MUST_USE yao_status server_jobs_start(authority_server *s);
void                    server_jobs_stop(authority_server *s);

#endif
