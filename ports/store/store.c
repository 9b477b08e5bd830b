/* SPDX-License-Identifier: Apache-2.0 */
/* Opening, the schema, the connections for reading, handing changes over. */

#include "store/rows.h"
#include "store_sql.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Connections for reading: so many are kept, and who finds them all busy waits
 * so long before opening one more, which is closed after use. Opening one costs
 * more than many reads; one that reads may need a second (a household within a
 * walk), so nobody waits for ever. */
#define READERS         16
#define WAIT_READER_MS  20

/* The steps of one schema. Their numbers say which it is: nobody opens a
 * provider's store as an authority's. */
typedef struct schema_row {
    int64_t                   before; /* the number of the first, less one */
    int64_t                   count;
    const char *const *const *steps;
    /* what the engine alone understands, after the step of the same number */
    const char *const *const *own;
} schema_row;

#define SCHEMAS(engine)                                                        \
    {                                                                          \
        {0, STORE_AUTHORITY_STEPS, store_##engine##_authority_steps,           \
         store_##engine##_authority_own},                                      \
        {                                                                      \
            1000, STORE_PROVIDER_STEPS, store_##engine##_provider_steps,       \
                store_##engine##_provider_own                                  \
        },                                                                     \
        {                                                                      \
            2000, STORE_DESK_STEPS, store_##engine##_desk_steps,               \
                store_##engine##_desk_own                                      \
        }                                                                      \
    }

/* Which engines there are. */
typedef struct engine_row {
    const char         *scheme;
    store_engine_open   open;
    schema_row          schemas[3]; /* by store_schema */
    /* how often the schema is brought up to date, when others do it too */
    unsigned            tries;
    store_engine_backup backup; /* NULL: it has tools of its own */
} engine_row;

static const engine_row engines[] = {
    {"sqlite:", store_sqlite_open, SCHEMAS(sqlite), 1, store_sqlite_backup},
    {"postgres:", store_postgres_open, SCHEMAS(postgres), 50, NULL},
    {"postgresql:", store_postgres_open, SCHEMAS(postgres), 50, NULL},
    {"socket:", store_socket_open, SCHEMAS(sqlite), 1, NULL},
};

struct store {
    const engine_row *kind;
    char             *place;
    store_engine     *engine; /* the writer's */
    store_writer     *writer; /* started by the first change */
    pthread_mutex_t   lock;   /* of what is below, and of the writer's start */
    pthread_cond_t    reader; /* one came back */
    store_engine     *idle[READERS];
    size_t            idle_count;
    size_t            open_count; /* idle ones and those in use */
};

/* ---- the schema --------------------------------------------------------- */

static yao_status define_all(store_engine *engine, const char *const *steps)
{
    for (; steps != NULL && *steps != NULL; steps++)
        YAO_TRY(engine->call->define(engine, *steps));
    return YAO_OK;
}

/* NUMBER counts from 1 in its schema. */
static yao_status apply(store_engine *engine, const schema_row *schema,
                        int64_t number, yao_time now)
{
    store_op op = {.statement = STORE_SQL_NOTE_MIGRATION};

    /* the number first: of several processes the others wait for it */
    store_bind_int(&op, schema->before + number);
    store_bind_int(&op, now);
    YAO_TRY(engine->call->run(engine, &op, NULL, NULL, NULL));
    YAO_TRY(define_all(engine, schema->steps[number - 1]));
    return define_all(engine, schema->own[number - 1]);
}

/* Which of its steps a store has. */
static yao_status read_last(store_engine *engine, const schema_row *schema,
                            int64_t *ret)
{
    store_op ask  = {.statement = STORE_SQL_LAST_MIGRATION};
    int64_t  last = 0;

    YAO_TRY(engine->call->run(engine, &ask, store_keep_int, &last, NULL));
    if (last == 0)
        last = schema->before;
    if (last < schema->before || last > schema->before + schema->count)
        return YAO_E_UNSUPPORTED;
    *ret = last - schema->before;
    return YAO_OK;
}

/* In the open transaction. */
static yao_status apply_missing(store_engine *engine, const schema_row *schema,
                                yao_time now)
{
    int64_t last = 0;

    YAO_TRY(engine->call->define(
        engine,
        "CREATE TABLE IF NOT EXISTS migration ("
        "number BIGINT NOT NULL PRIMARY KEY, applied BIGINT NOT NULL)"));
    YAO_TRY(read_last(engine, schema, &last));
    for (int64_t i = last + 1; i <= schema->count; i++)
        YAO_TRY(apply(engine, schema, i, now));
    return YAO_OK;
}

/* Opening must not wait for who is writing: an import may take minutes. */
static bool up_to_date(store_engine *engine, const schema_row *schema)
{
    int64_t last = 0;

    return read_last(engine, schema, &last) == YAO_OK &&
           last == schema->count;
}

static yao_status migrate_once(store_engine *engine, const schema_row *schema,
                               yao_time now)
{
    YAO_TRY(engine->call->begin(engine));

    yao_status status = apply_missing(engine, schema, now);
    if (status == YAO_OK)
        status = engine->call->commit(engine);
    if (status != YAO_OK)
        engine->call->rollback(engine);
    return status;
}

/* Several processes may be started at once after an upgrade: one brings the
 * schema up to date, the others fail in it, wait, and find it done. */
static yao_status migrate(store_engine *engine, const engine_row *kind,
                          const store_options *options)
{
    const struct timespec pause  = {0, 50000000};
    const schema_row     *schema = &kind->schemas[options->schema];
    yao_status            status = YAO_E_LOCKED;

    for (unsigned i = 0; i < kind->tries; i++) {
        if (up_to_date(engine, schema))
            return options->create && i > 0 ? YAO_E_EXISTS : YAO_OK;
        if (i > 0)
            nanosleep(&pause, NULL);
        status = migrate_once(engine, schema, options->now);
        if (status == YAO_OK || status == YAO_E_UNSUPPORTED ||
            (status != YAO_E_LOCKED && i > 3))
            return status;
    }
    return status;
}

/* ---- opening ------------------------------------------------------------ */

static yao_status find_engine(const char *url, const engine_row **kind,
                              const char **place)
{
    for (size_t i = 0; i < sizeof engines / sizeof engines[0]; i++) {
        size_t len = strlen(engines[i].scheme);
        if (strncmp(url, engines[i].scheme, len) == 0 && url[len] != '\0') {
            *kind  = &engines[i];
            *place = url + len;
            return YAO_OK;
        }
    }
    return YAO_E_USAGE;
}

static void init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attr);
    pthread_condattr_destroy(&attr);
}

yao_status store_open(const store_options *options, store **ret)
{
    store      *s     = calloc(1, sizeof *s);
    const char *place = NULL;
    yao_status  status;

    if (s == NULL)
        return YAO_E_STORE;
    pthread_mutex_init(&s->lock, NULL);
    init_condition(&s->reader);

    status = find_engine(options->url, &s->kind, &place);
    if (status != YAO_OK)
        goto done;
    s->place = strdup(place);
    if (s->place == NULL) {
        status = YAO_E_STORE;
        goto done;
    }
    status = s->kind->open(place, options->create ? STORE_CREATE : STORE_WRITE,
                           &s->engine);
    if (status == YAO_OK)
        status = migrate(s->engine, s->kind, options);
done:
    if (status == YAO_OK)
        *ret = s;
    else
        store_close(s);
    return status;
}

yao_status store_backup(const char *url, const char *file)
{
    const engine_row *kind;
    const char       *place;

    YAO_TRY(find_engine(url, &kind, &place));
    return kind->backup != NULL ? kind->backup(place, file)
                                : YAO_E_UNSUPPORTED;
}

yao_status store_look(const char *url, int64_t *schema, int64_t *newest)
{
    store_op          ask    = {.statement = STORE_SQL_LAST_MIGRATION};
    store_engine     *engine = NULL;
    const engine_row *kind;
    const char       *place;
    int64_t           last = 0;

    YAO_TRY(find_engine(url, &kind, &place));
    YAO_TRY(kind->open(place, STORE_READ, &engine));
    yao_status status =
        engine->call->run(engine, &ask, store_keep_int, &last, NULL);
    engine->call->close(engine);
    YAO_TRY(status);
    *schema = last;
    *newest = STORE_AUTHORITY_STEPS;
    return YAO_OK;
}

void store_close(store *s)
{
    if (s == NULL)
        return;
    store_writer_free(s->writer);
    for (size_t i = 0; i < s->idle_count; i++)
        s->idle[i]->call->close(s->idle[i]);
    if (s->engine != NULL)
        s->engine->call->close(s->engine);
    pthread_cond_destroy(&s->reader);
    pthread_mutex_destroy(&s->lock);
    free(s->place);
    free(s);
}

/* ---- reading ------------------------------------------------------------ */

/* Lock held. An idle one, after a while if need be; NULL: open one. */
static store_engine *take_idle(store *s)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += WAIT_READER_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    while (s->idle_count == 0 && s->open_count >= READERS)
        if (pthread_cond_timedwait(&s->reader, &s->lock, &until) != 0)
            break;
    return s->idle_count > 0 ? s->idle[--s->idle_count] : NULL;
}

static void count_open(store *s, bool more)
{
    pthread_mutex_lock(&s->lock);
    if (more)
        s->open_count++;
    else
        s->open_count--;
    pthread_mutex_unlock(&s->lock);
}

yao_status store_borrow(store *s, store_engine **ret)
{
    pthread_mutex_lock(&s->lock);
    store_engine *engine = take_idle(s);
    pthread_mutex_unlock(&s->lock);
    if (engine == NULL) {
        count_open(s, true);
        yao_status status = s->kind->open(s->place, STORE_READ, &engine);
        if (status != YAO_OK) {
            count_open(s, false);
            return status;
        }
    }
    *ret = engine;
    return YAO_OK;
}

void store_return(store *s, store_engine *engine)
{
    pthread_mutex_lock(&s->lock);
    bool keep = s->idle_count < READERS && s->open_count <= READERS;
    if (keep) {
        s->idle[s->idle_count++] = engine;
        pthread_cond_signal(&s->reader);
    } else {
        s->open_count--;
    }
    pthread_mutex_unlock(&s->lock);
    if (!keep)
        engine->call->close(engine);
}

yao_status store_check(store *s)
{
    store_engine *engine = NULL;

    YAO_TRY(store_borrow(s, &engine));
    yao_status status = engine->call->check(engine);
    store_return(s, engine);
    return status;
}

yao_status store_tidy(store *s)
{
    store_engine *engine = NULL;
    yao_status    status = YAO_OK;

    YAO_TRY(store_borrow(s, &engine));
    if (engine->call->tidy != NULL)
        status = engine->call->tidy(engine);
    store_return(s, engine);
    return status;
}

double store_seconds(void)
{
    struct timespec t = {0, 0};

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- changing ----------------------------------------------------------- */

bool store_start_thread(pthread_t *thread, void *(*run)(void *), void *arg)
{
    sigset_t all, before;

    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
        return false;
    bool started = pthread_create(thread, NULL, run, arg) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static yao_status start_writer(store *s)
{
    yao_status status = YAO_OK;

    pthread_mutex_lock(&s->lock);
    if (s->writer == NULL)
        status = store_writer_new(s->engine, &s->writer);
    pthread_mutex_unlock(&s->lock);
    return status;
}

void store_submit(store *s, store_change *change)
{
    yao_status status = start_writer(s);

    if (status == YAO_OK) {
        store_writer_submit(s->writer, change);
    } else {
        change->status = status;
        change->done   = STORE_DONE;
    }
}

yao_status store_wait(store *s, store_change *change)
{
    return s->writer != NULL ? store_writer_wait(s->writer, change)
                             : change->status;
}

yao_status store_commit(store *s, store_change *change)
{
    store_submit(s, change);
    return store_wait(s, change);
}

yao_status store_commit_all(store *s, store_next_change next, void *ctx)
{
    YAO_TRY(start_writer(s));
    return store_writer_stream(s->writer, next, ctx);
}

store_counts store_get_counts(store *s)
{
    return s->writer != NULL ? store_writer_counts(s->writer)
                             : (store_counts){0};
}
