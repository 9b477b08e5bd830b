/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_H
#define YAO_DESK_H

/**
 * A relying party's server at work: `yaopai desk serve`. Hotel software and
 * portals ask it to ask wallets; it judges what they show, and keeps of it what
 * the profile allows, for as long as it allows. docs/formats/desk.md says what
 * it offers.
 *
 *     POST /api/sessions {"profile": "hotel"}   a program, by its bearer key
 *     GET  /request/ID                          the wallet
 *     POST /response/ID                         the wallet
 *     GET  /api/sessions/ID                     the program: verdict, values
 *
 * Files: door.c (programs), session.c (requests by the API), room.c (how many
 * there may be), request.c and response.c (wallets), browser.c (same device),
 * card.c (scanned codes), counter.c, counter_run.c and mailbox.c (across the
 * counter, counter.h), standing.c (the code on paper, standing.h), about.c and
 * site.c (the page), judged.c (what is told of an answer), result.c (what is
 * kept), receipt.c and webhook.c (what both sides are told of it), page.c (the
 * browser's API), face.c (a hint to the clerk), extras.c (what else is asked),
 * trust.c (whom the desk trusts), statement.c (what the registrar says of it),
 * keeper.c (what ends), box.c (sealing), shared.c; init.c and serve.c are the
 * verbs.
 */

#include <pthread.h>

#include "app/boxes.h"
#include "app/ca.h"
#include "app/command.h"
#include "app/route.h"
#include "app/worker.h"
#include "desk/config.h"
#include "desk/room.h"
#include "desk/trust.h"
#include "store/desk.h"

enum { DESK_PUBLIC = 0, DESK_ADMINS = 1 };

/** Programs that may use the API; bytes of the sealing key. */
enum { DESK_MAX_CLIENTS = 16, DESK_SECRET_LEN = 32 };

/** Phones that are talked with at once. */
enum { DESK_MAX_COUNTERS = 256 };

/** Seconds that a result may be fetched of which nothing may be kept, or whose
 *  browser never came back (misuse N223); a session that is over is told of
 *  as long. */
enum { DESK_GRACE = 300 };

/** What is kept in the store to be used once (store_once.kind). */
enum {
    DESK_ONCE_CHALLENGE = 1, /* that was shown, with its secret key, sealed */
    DESK_ONCE_SHOWING   = 2  /* of a card that was accepted */
};

/** A program that uses the API, by the hash of its key. */
typedef struct desk_client {
    uint8_t  hash[YAO_SHA256_LEN]; /* its first STORE_ID_LEN bytes are its name
                                      in the store */
    uint8_t  hook[YAO_SHA256_LEN]; /* secret: signs what it is told */
    yao_text url;                  /* where it is told; empty: nowhere */
} desk_client;

/** Standing codes of this desk. */
enum { DESK_MAX_STANDINGS = 16 };

/** Threads that talk with phones across the counter: each has what a worker
 *  has, in a place behind those of the workers. */
typedef struct desk_counters {
    pthread_mutex_t lock;
    pthread_cond_t  changed;
    unsigned        running;
    bool            taken[DESK_MAX_COUNTERS];
    bool            ending, ready; /* LOCK and CHANGED were made */
} desk_counters;

typedef struct desk {
    desk_config     config;
    const char     *folder;
    store          *store;
    yao_openssl    *openssl;
    uint8_t         secret[DESK_SECRET_LEN];
    desk_client     clients[DESK_MAX_CLIENTS];
    size_t          client_count;
    yao_certificate reader;    /* views into ARENA */
    yao_text        client_id; /* "x509_hash:...", "x509_san_dns:..." */
    yao_arena       arena;     /* for these */
    desk_trusts     trust;
    app_workers     workers; /* their key: the reader's */
    desk_room       room;    /* for requests */
    app_boxes           *boxes;
    desk_counters        counters;
    struct desk_standings *standings; /* standing.h */
    struct face_engine    *face;      /* face.h; NULL: nobody compares */
    int                    face_grade; /* when it was opened; 0: not known */
    /* how to wake who waits for a session; NULL: nobody can wait */
    void (*wake)(void *ctx, uint64_t key);
    void *wake_ctx;
} desk;

/**
 * Open what `desk init` made in FOLDER. The trust bundle is not opened yet.
 *
 * Out     ret      close with desk_close(), also after a failure
 *         trouble  as yao_settings_read()
 *         place    what was being opened, for messages
 * Errors  YAO_E_NOT_FOUND  there is no desk
 *         YAO_E_VALUE      the secret or a bearer key is none; another prefix
 *                          of client_id
 *         YAO_E_MISMATCH   the host is no name of the reader certificate
 *         YAO_E_LIMIT      more than DESK_MAX_CLIENTS
 *         those of desk_config_read(), store_open() and ca_open()
 */
YAO_MUST_USE yao_status desk_open(const char *folder, desk *ret,
                                  yao_settings_trouble *trouble,
                                  const char          **place);
void                    desk_close(desk *d);

/* ---- what the parts ask for (shared.c) ---- */

/** The server behind CALL; its address without a slash at the end; the
 *  worker's own key (NULL: it can't be opened now). */
desk    *desk_of(const app_call *call);
yao_text desk_url(const app_call *call);
yao_key *desk_key(const app_call *call);

/** {"error": WORD} with STATUS. */
YAO_MUST_USE yao_status desk_refuse(app_call *call, app_reply *ret, int status,
                                    const char *word);

/** Read an id as it stands in a path: 32 hex digits. */
bool desk_read_id(yao_text text, uint8_t out[STORE_ID_LEN]);

/** Wake who waits for session ID; the key that they wait with. */
void     desk_wake(const desk *d, yao_bytes id);
uint64_t desk_wait_key(yao_bytes id);

/** SHA-256 of TEXT, in the call's arena. Errors: YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status desk_hash(app_call *call, yao_text text,
                                  yao_bytes *ret);

/* ---- sealing (box.c) ---- */

/** What a box holds: part of what it is bound to. */
typedef enum desk_box {
    DESK_BOX_REQUEST   = 1,
    DESK_BOX_RESULT    = 2,
    DESK_BOX_EVIDENCE  = 3,
    DESK_BOX_CHALLENGE = 4,
    DESK_BOX_GUEST     = 5,
    DESK_BOX_OFFICER   = 20 /* officer.h */
} desk_box;

typedef struct desk_binding {
    desk_box  kind;
    yao_bytes id; /* of whom it is; not empty */
} desk_binding;

/**
 * Seal PLAIN under a key of its own, made of the desk's secret and TO.
 *
 * Out     ret  in ARENA
 * Errors  YAO_E_SPACE, YAO_E_CRYPTO; YAO_E_USAGE  no id
 */
YAO_MUST_USE yao_status desk_seal(const desk *d, const yao_crypto *crypto,
                                  const desk_binding *to, yao_bytes plain,
                                  yao_arena *arena, yao_bytes *ret);

/** Open it. Errors also: YAO_E_SECRET  another desk's, another's, changed;
 *  YAO_E_TRUNCATED. */
YAO_MUST_USE yao_status desk_unseal(const desk *d, const yao_crypto *crypto,
                                    const desk_binding *to, yao_bytes sealed,
                                    yao_arena *arena, yao_bytes *ret);

/* ---- doors (door.c) ---- */

/** APP_PROGRAM: call->who is a desk_client. Errors: YAO_E_MISSING,
 *  YAO_E_NOT_FOUND. */
YAO_MUST_USE yao_status desk_door(app_call *call);

/** Who calls, as the store names them. */
yao_bytes desk_client_id(const app_call *call);

/* ---- what may be asked and kept (result.c) ---- */

/** Did this party register PROFILE, and is it neither over nor suspended? */
bool desk_may_ask(const app_call *call, const desk_trust *t,
                  const yao_profile *profile);

/** Until when what PROFILE gave may be kept: the shorter of profile and
 *  registration; where nothing may be kept, DESK_GRACE to fetch it. */
yao_time desk_retention_end(const app_call *call, const desk_trust *t,
                            const yao_profile *profile);

/** In days; 0: nothing may be kept. */
uint64_t desk_retention_days(const app_call *call, const desk_trust *t,
                             const yao_profile *profile);

typedef struct desk_result {
    yao_bytes   id;     /* of its session; else random */
    yao_bytes   client; /* whose it is */
    yao_text    profile;
    yao_verdict verdict;
    yao_bytes   json;     /* docs/formats/verdict-json.md */
    yao_text    receipt;  /* desk_receipt_make(); empty: none */
    const char *event;    /* that its program is told of, "session.done"; NULL:
                             not yet */
    yao_bytes   evidence; /* the presentation as it came; empty: not kept */
    yao_time    ends;
} desk_result;

/** Put R, sealed, into CHANGE, and that its program is told of it. Errors: of
 *  desk_seal(). */
YAO_MUST_USE yao_status desk_result_put(app_call *call, store_change *change,
                                        const desk_result *r);

/** The JSON of result ID, when it is the caller's. Errors: YAO_E_NOT_FOUND; of
 *  desk_unseal() and store_get_judgement(). */
YAO_MUST_USE yao_status desk_result_get(app_call *call, yao_bytes id,
                                        yao_bytes *ret);

/** Put NAME: VALUE into what result ID says, in the place of an older one, in
 *  CHANGE; receipt and evidence stay. The claim: nobody else did meanwhile
 *  (lost: YAO_E_NOT_FOUND). Errors as desk_result_get(). */
YAO_MUST_USE yao_status desk_result_add(app_call *call, store_change *change,
                                        yao_bytes id, const char *name,
                                        yao_bytes value);

/** Its receipt; empty: there is none. Errors as desk_result_get(). */
YAO_MUST_USE yao_status desk_result_receipt(app_call *call, yao_bytes id,
                                            yao_text *ret);

/** The presentation as it came; empty: it was not kept. Errors as
 *  desk_result_get(). */
YAO_MUST_USE yao_status desk_result_evidence(app_call *call, yao_bytes id,
                                             yao_bytes *ret);

/** Errors: YAO_E_NOT_FOUND  a session of that id is not done (yet);
 *  store_get_enquiry(). */
YAO_MUST_USE yao_status desk_result_done(app_call *call, yao_bytes id);

/** "accept", "reject", "indeterminate". */
const char *desk_verdict_word(yao_verdict verdict);

/* ---- what ends (keeper.c) ---- */

/**
 * Remove what has ended at NOW, when this process leads.
 *
 * In      owner  STORE_ID_LEN random bytes of this process
 * Errors  YAO_E_LOCKED  another process leads;  those of store_commit()
 */
YAO_MUST_USE yao_status desk_forget(const desk *d, yao_bytes owner,
                                    yao_time now);

/* ---- across the counter (counter_run.c) ---- */

/** End what is under way, and wait until it is over; then none begins. */
void desk_counters_stop(desk *d);

/* ---- routes ---- */

extern const app_routes desk_session_table;
extern const app_routes desk_request_table;
extern const app_routes desk_response_table;
extern const app_routes desk_browser_table;
extern const app_routes desk_card_table;
extern const app_routes desk_receipt_table;
extern const app_routes desk_evidence_table;
extern const app_routes desk_guest_table;
extern const app_routes desk_page_table;
extern const app_routes desk_counter_table;
extern const app_routes desk_mailbox_table;
extern const app_routes desk_standing_table;
extern const app_routes desk_officer_table;
extern const app_routes desk_lookup_table;
extern const app_routes desk_about_table;
extern const app_routes desk_site_table;
extern const app_routes desk_face_table;
/** All of them. */
#define DESK_TABLES 17
extern const app_routes *const desk_tables[DESK_TABLES];

/* ---- the verbs ---- */

extern const yao_command yao_desk_init;
extern const yao_command yao_desk_serve;

#endif
