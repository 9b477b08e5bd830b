/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One phone, one thread: it does what the reader's machine wishes for
 * (proximity/reader.h) and puts what came of it where the program finds it.
 *
 * 1. A session ends in one row of the store: a result, or that nothing came.
 * 2. What was shown is in the thread's arena, which is wiped, and sealed in the
 *    store: nowhere else.
 * 3. The thread looks every second or two whether the desk ends.
 */

#include "desk/counter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "app/log.h"
#include "app/router.h"
#include "app/way.h"
#include "app/wishes.h"
#include "desk/evidence.h"
#include "desk/judged.h"
#include "desk/officer.h"
#include "desk/receipt.h"
#include "desk/webhook.h"
#include "policy/person.h"
#include "proximity/profile_ask.h"

/* The machine winds its own memory back: what is ours lies elsewhere. */
enum {
    MEMORY  = 6 * 1024 * 1024,
    MACHINE = 3 * 1024 * 1024,
    LOOK_MS = 2000,
    STACK   = 512 * 1024
};

typedef struct talk {
    desk_counter       c; /* its views are in ARENA */
    yao_arena          arena, machine;
    net_request        worker; /* says which place of the workers' is ours */
    const yao_crypto  *crypto;
    desk_reader        who;     /* in whose name it is asked */
    yao_key           *once;    /* of this session */
    desk_trust        *trust;
    const yao_profile *profile;
    net_client        *client;
    app_way            way;
    yao_reader        *reader;
    yao_reader_options options;
    yao_reader_request request;
    bool               told; /* the row is written */
} talk;

/* ---- what came of it ---- */

/* As if a worker called: what is kept is kept the same way. */
static app_call call_of(talk *t)
{
    return (app_call){.http   = &t->worker,
                      .server = t->c.d,
                      .arena  = &t->arena,
                      .crypto = t->crypto,
                      .now    = yao_now(),
                      .who    = t->c.client};
}

static yao_status commit(talk *t, app_call *call, store_change *change,
                         store_enquiry_state state, yao_time ends)
{
    const store_enquiry_answer answer = {.id    = t->c.id,
                                         .state = state,
                                         .code  = YAO_LIT(""),
                                         .sealed = YAO_LIT(""),
                                         .now   = call->now,
                                         .ends  = ends};

    store_answer_enquiry(change, &answer);
    YAO_TRY(store_commit(t->c.d->store, change));
    t->told = true;
    desk_wake(t->c.d, t->c.id);
    return YAO_OK;
}

static yao_status keep_answer(talk *t, const yao_reader_answer *answer)
{
    app_call          call   = call_of(t);
    store_change      change = store_change_open(&t->arena);
    const app_judging j      = {.crypto  = t->crypto,
                                .options = &t->options.verify,
                                .profile = t->profile,
                                .choice  = t->c.choice};
    yao_result       *result = (yao_result *)(uintptr_t)answer->result;
    desk_result       r      = {.id      = t->c.id,
                                .client  = desk_client_id(&call),
                                .profile = t->profile->name,
                                .verdict = result->verdict,
                                .event   = "session.done"};
    const desk_shown  shown  = {.profile = t->profile,
                                .reader  = &t->who,
                                .bound = yao_reader_transcript(t->reader),
                                .results = &answer->result,
                                .count   = 1,
                                .code    = true};

    YAO_TRY(yao_policy_check_result_person(
        &t->arena, &t->trust->bundle.catalogue, t->profile, result));
    r.verdict = result->verdict;
    r.ends    = desk_retention_end(&call, t->trust, t->profile);
    if (desk_keeps_evidence(&call, t->trust, t->profile))
        YAO_TRY(desk_evidence_write_counter(
            &call, yao_reader_transcript(t->reader),
            yao_reader_response(t->reader), &r.evidence));
    YAO_TRY(desk_judged_write_card(&call, result, &j, &r.json));
    YAO_TRY(desk_receipt_make(&call, t->trust, &shown, &r));
    YAO_TRY(desk_result_put(&call, &change, &r));
    return commit(t, &call, &change, STORE_ENQUIRY_DONE, r.ends);
}

static yao_status keep_refusal(talk *t)
{
    app_call                call   = call_of(t);
    store_change            change = store_change_open(&t->arena);
    const desk_announcement said   = {.id      = t->c.id,
                                      .client  = desk_client_id(&call),
                                      .event   = "session.refused",
                                      .profile = t->c.profile,
                                      .state   = "refused"};

    YAO_TRY(desk_announce(&call, &change, &said));
    return commit(t, &call, &change, STORE_ENQUIRY_REFUSED,
                  call.now + DESK_GRACE);
}

/* ---- wishes ---- */

static void make_key(talk *t, const yao_reader_wish *w, yao_reader_event *e)
{
    e->status = yao_key_generate(w->curve == YAO_P384 ? YAO_ES384 : YAO_ES256,
                                 &t->once);
    if (e->status != YAO_OK)
        return;
    e->kind = YAO_READER_KEY;
    e->key  = yao_key_public(t->once);
}

/* The first time there is something to ask, the second time an answer. */
static void next(talk *t, const yao_reader_wish *w, yao_reader_event *e)
{
    e->kind = YAO_READER_END;
    if (w->answer == NULL) {
        e->kind    = YAO_READER_REQUEST;
        e->request = &t->request;
        return;
    }
    e->status = w->answer->result != NULL ? keep_answer(t, w->answer)
                                          : keep_refusal(t);
}

static bool is_ending(const desk *d)
{
    pthread_mutex_t *lock = (pthread_mutex_t *)(uintptr_t)&d->counters.lock;

    pthread_mutex_lock(lock);
    bool ending = d->counters.ending;
    pthread_mutex_unlock(lock);
    return ending;
}

static void wait_for(talk *t, yao_reader_event *e)
{
    e->kind   = YAO_READER_MESSAGE;
    e->status = app_way_receive(&t->way, LOOK_MS, &e->bytes);
    if (e->status != YAO_E_MISSING)
        return;
    e->kind   = is_ending(t->c.d) ? YAO_READER_END : YAO_READER_TICK;
    e->status = YAO_OK;
}

static void fulfil(talk *t, const yao_reader_wish *w, yao_reader_event *e)
{
    *e = (yao_reader_event){.kind = YAO_READER_DONE};
    switch (w->kind) {
    case YAO_READER_MAKE_KEY:
        make_key(t, w, e);
        break;
    case YAO_READER_AGREE:
        e->status = app_wish_agree(&t->arena, t->once, &w->agree, &e->bytes);
        break;
    case YAO_READER_NEXT:
        next(t, w, e);
        break;
    case YAO_READER_SIGN:
        e->status = app_wish_sign(&t->arena, t->who.key, &w->sign, &e->bytes);
        break;
    case YAO_READER_AEAD:
        e->status = app_wish_aead(&t->arena, &w->aead, &e->bytes);
        break;
    case YAO_READER_SEND:
        e->status = app_way_send(&t->way, w->bytes);
        break;
    case YAO_READER_WAIT:
        wait_for(t, e);
        break;
    case YAO_READER_STOP:
        break;
    }
    if (e->status != YAO_OK)
        e->kind = YAO_READER_FAILED;
}

/* ---- one session ---- */

static yao_status connect_mailbox(talk *t, const yao_prox_mailbox *m)
{
    const char *roots = desk_get(&t->c.d->config, DESK_RELAY_CA);
    const net_client_options o = {.ca_file  = roots[0] != '\0' ? roots : NULL,
                                  .loopback = true};
    app_mailbox              box;
    char                     origin[512];

    if (!desk_counter_knows(t->c.d, m->url))
        return YAO_E_NOT_AUTHORISED;
    yao_text from = app_url_origin(m->url);
    snprintf(origin, sizeof origin, "%.*s", (int)from.len,
             (const char *)from.ptr);
    YAO_TRY(net_client_open(&o, &t->client));
    YAO_TRY(net_client_allow(t->client, origin));
    box = (app_mailbox){.client = t->client, .url = m->url};
    memcpy(box.write, m->to_holder.ptr, YAO_PROX_BOX);
    memcpy(box.read, m->to_reader.ptr, YAO_PROX_BOX);
    return app_way_mailbox(&box, &t->way);
}

/* The shell is told first whose code was read: it finds the phone by that. */
static yao_status connect_stream(talk *t)
{
    yao_prox_engagement e;
    yao_bytes           bytes;

    YAO_TRY(yao_prox_read_letters(&t->arena, t->c.letters, false, &bytes, &e));
    YAO_TRY(app_way_connect(desk_get(&t->c.d->config, DESK_STREAM), &t->way));
    return app_way_send(&t->way, bytes);
}

static yao_status connect_way(talk *t)
{
    const yao_prox_method *m = yao_prox_find_method(
        yao_reader_engagement(t->reader), YAO_PROX_MAILBOX);

    return m != NULL ? connect_mailbox(t, &m->mailbox) : connect_stream(t);
}

static yao_status prepare(talk *t)
{
    desk *d = t->c.d;

    YAO_TRY(yao_memory_open(MACHINE, &t->machine));
    t->crypto = app_worker_crypto(&d->workers, t->worker.worker);
    if (t->crypto == NULL)
        return YAO_E_CRYPTO;
    t->trust  = desk_trust_take(&d->trust);
    if (t->trust == NULL)
        return YAO_E_UNTRUSTED;
    app_call call = call_of(t);
    YAO_TRY(desk_reader_open(&call, t->c.login, &t->who));
    t->profile =
        yao_profile_by_name(&t->trust->bundle.catalogue, t->c.profile);
    if (t->profile == NULL)
        return YAO_E_NOT_FOUND;
    YAO_TRY(yao_prox_from_profile(&t->arena, t->profile, 1, t->c.choice,
                                  &t->request));
    t->options = (yao_reader_options){
        .crypto      = t->crypto,
        .letters     = t->c.letters,
        .alg         = yao_key_alg(t->who.key),
        .chain       = &t->who.certificate.der,
        .chain_count = 1,
        .all         = t->c.all,
        .verify      = desk_trust_options(&d->trust, t->trust, yao_now()),
        .wait        = desk_number(&d->config, DESK_REQUEST_SECONDS)};
    YAO_TRY(yao_reader_open(&t->machine, &t->options, &t->reader));
    return connect_way(t);
}

static yao_status drive(talk *t)
{
    yao_reader_event e = {.kind = YAO_READER_START};
    yao_reader_wish  w;

    YAO_TRY(prepare(t));
    for (;;) {
        e.now = yao_now();
        yao_reader_step(t->reader, &e, &w);
        if (w.kind == YAO_READER_STOP)
            return w.status;
        fulfil(t, &w, &e);
    }
}

static void close_talk(talk *t)
{
    if (t->client != NULL && t->way.put != NULL)
        app_box_drop(t->client, t->way.box.url, t->way.box.read, &t->arena);
    app_way_close(&t->way);
    net_client_close(t->client);
    yao_key_close(t->once);
    desk_reader_close(&t->who);
    desk_trust_give(&t->c.d->trust, t->trust);
    yao_memory_free(&t->machine);
    yao_memory_free(&t->arena);
    free(t);
}

/* ---- the threads ---- */

/* One of the places behind those of the workers; false: all are taken. */
static bool take_place(desk *d, unsigned *ret)
{
    desk_counters *all  = &d->counters;
    unsigned       most = (unsigned)desk_number(&d->config, DESK_COUNTERS);
    unsigned       at   = 0;

    pthread_mutex_lock(&all->lock);
    while (at < most && all->taken[at])
        at++;
    bool room = !all->ending && at < most;
    if (room) {
        all->taken[at] = true;
        all->running++;
    }
    pthread_mutex_unlock(&all->lock);
    *ret = (unsigned)desk_number(&d->config, DESK_WORKERS) + at;
    return room;
}

static void give_place(desk *d, unsigned place)
{
    desk_counters *all = &d->counters;

    pthread_mutex_lock(&all->lock);
    all->taken[place - (unsigned)desk_number(&d->config, DESK_WORKERS)] = false;
    all->running--;
    pthread_cond_broadcast(&all->changed);
    pthread_mutex_unlock(&all->lock);
}

static void *run(void *ctx)
{
    talk      *t     = ctx;
    desk      *d     = t->c.d;
    unsigned   place = t->worker.worker;
    yao_status why   = drive(t);
    yao_status kept  = t->told || t->crypto == NULL ? YAO_OK : keep_refusal(t);

    if (why != YAO_OK)
        app_log_status(APP_LOG_INFO, "counter-ended", "counter", why);
    if (kept != YAO_OK)
        app_log_status(APP_LOG_WARN, "counter-unkept", "counter", kept);
    close_talk(t);
    give_place(d, place);
    return NULL;
}

static yao_status copy(talk *t, const desk_counter *c)
{
    yao_bytes profile, choice;

    t->c = *c;
    YAO_TRY(yao_arena_keep(&t->arena, c->id, &t->c.id));
    YAO_TRY(yao_arena_keep(&t->arena, yao_text_bytes(c->profile), &profile));
    YAO_TRY(yao_arena_keep(&t->arena, yao_text_bytes(c->choice), &choice));
    YAO_TRY(yao_arena_keep(&t->arena, c->letters, &t->c.letters));
    YAO_TRY(yao_arena_keep(&t->arena, c->login, &t->c.login));
    t->c.profile = (yao_text){profile.ptr, profile.len};
    t->c.choice  = (yao_text){choice.ptr, choice.len};
    return YAO_OK;
}

static yao_status spawn(talk *t)
{
    pthread_attr_t how;
    pthread_t      thread;

    if (pthread_attr_init(&how) != 0)
        return YAO_E_SPACE;
    (void)pthread_attr_setdetachstate(&how, PTHREAD_CREATE_DETACHED);
    (void)pthread_attr_setstacksize(&how, STACK);
    int failed = pthread_create(&thread, &how, run, t);
    pthread_attr_destroy(&how);
    return failed == 0 ? YAO_OK : YAO_E_SPACE;
}

yao_status desk_counter_start(const desk_counter *c)
{
    unsigned place;

    if (!take_place(c->d, &place))
        return YAO_E_LIMIT;
    talk      *t      = calloc(1, sizeof *t);
    yao_status status = t == NULL ? YAO_E_SPACE
                                  : yao_memory_open(MEMORY, &t->arena);

    if (status == YAO_OK)
        status = copy(t, c);
    if (status == YAO_OK)
        t->worker.worker = place;
    if (status == YAO_OK)
        status = spawn(t);
    if (status == YAO_OK)
        return YAO_OK;
    if (t != NULL)
        yao_memory_free(&t->arena);
    free(t);
    give_place(c->d, place);
    return status;
}

void desk_counters_stop(desk *d)
{
    desk_counters *all = &d->counters;

    pthread_mutex_lock(&all->lock);
    all->ending = true;
    while (all->running > 0)
        pthread_cond_wait(&all->changed, &all->lock);
    pthread_mutex_unlock(&all->lock);
}
