/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_SERVER_H
#define YAO_AUTHORITY_SERVER_H

/**
 * `yaopai authority serve`: what its parts share.
 *
 * Each worker thread has an authority of its own (crypto, keys in use), all of
 * them one store, whose writer commits what many workers bring as one group.
 * Parts of the server are folders beside this one; each exports a table of
 * routes, and jobs that run from time to time.
 *
 * Listeners (labels): what a wallet asks, the kiosks, the console, and the admin
 * socket are separate origins and separate listeners.
 */

#include "app/router.h"
#include "authority/authority.h"

enum {
    SERVER_PUBLIC  = 0, /* wallets, persons, lists, log */
    SERVER_KIOSK   = 1,
    SERVER_CONSOLE = 2,
    SERVER_ADMIN   = 3  /* Unix socket, mode 0600 */
};

typedef struct authority_server authority_server;

/** The authority of the thread that CALL runs in. */
authority *server_authority(const app_call *call);

/** The catalogue; the server's public address ("https://host/path", without a
 *  slash at the end, as configured and never from a Host header); demo? */
const yao_catalogue *server_catalogue(const app_call *call);
yao_text             server_url(const app_call *call);
bool                 server_demo(const app_call *call);

/** The worker's open signer for ROLE (yao_signing_role); opened at the first
 *  use, again when `signer rotate` changed it. Errors as ca_open(). */
struct issue_signer;
YAO_MUST_USE yao_status server_signer(const app_call *call, int64_t role,
                                      struct issue_signer **ret);

/** What a worker made for anybody who asks, with a key that may lie in a module:
 *  it is given again for a while, until the settings are written anew. */
typedef enum server_saying {
    SERVER_SAYS_METADATA = 0, /* signed */
    SERVER_SAYS_LOG_KEY,
    SERVER_SAYINGS
} server_saying;

/** What is kept; false: nothing. Lives as long as CALL. */
bool server_recall(const app_call *call, server_saying which, yao_bytes *ret);
/** Keep WHAT so long; where there is no memory nothing is kept. */
void server_remember(const app_call *call, server_saying which, yao_bytes what,
                     int64_t seconds);

/** The engine that compares faces, one for the process (authority/face); NULL:
 *  an officer does. */
struct face_engine *server_face(const app_call *call);

/** The counts of requests; NULL: nobody counts. */
const app_metrics *server_metrics(const app_call *call);

/** What `who` of a call is behind the door APP_SESSION. */
typedef struct server_person {
    uint8_t lookup[STORE_HASH_LEN]; /* STORE_BY_NUMBER */
    uint8_t holder[STORE_HASH_LEN]; /* as ledger and log know them */
    int64_t level;                  /* by the factors used */
    bool    guardian;               /* a guardian's device, for a child */
} server_person;

/** A job: what has to be done from time to time, or when nudged. */
typedef struct authority_job {
    const char *name;
    unsigned    every_s;
    bool        leader; /* only in the process that holds the lease NAME */
    /* FENCE: of the lease, to be claimed in each change (store_put_fence()) */
    yao_status (*run)(authority_server *server, authority *a, yao_arena *arena,
                      int64_t fence);
} authority_job;

/** Run the job NAME soon: something changed that it publishes. */
void server_nudge(authority_server *server, const char *name);
void server_nudge_call(const app_call *call, const char *name);

/** What the parts offer; server/parts.c lists them. */
typedef struct authority_part {
    const app_routes    *tables;
    size_t               table_count;
    const authority_job *jobs;
    size_t               job_count;
    app_doors            doors; /* those that this part keeps; one part each */
    /* Before the first request: gauges (app_metrics_gauge()) and what a part
     * needs besides. May be NULL. */
    yao_status (*start)(authority_server *server, app_metrics *metrics);
} authority_part;

#endif
