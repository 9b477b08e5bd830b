/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A power cut, simulated: all that SQLite writes and syncs is recorded by a
 * file system of the test's own. From the record come images of a disk after a
 * cut at a random moment: of what was written since the last sync of a file
 * some is there, some is not, some in part (sectors of 512 bytes), and later
 * writes may have come before earlier ones. Each image must open, be whole,
 * and hold what was acknowledged before the cut; of what was not, all or
 * nothing. The same for a kill, where all writes come through, and for a disk
 * that fails to sync and has forgotten what it was for. 60 images of each, 500
 * when YAOPAI_LONG is set.
 */

#include "check.h"
#include "program.h"
#include "store/store.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    SECTOR  = 512,
    THREADS = 4,
    COMMITS = 150, /* of each thread */
    OFTEN   = 40,  /* the log is moved into the file after so many of one */
    ROOM    = 1 << 20,
    PAYLOAD = 6000,
    KIND    = 77
};

#define NOW INT64_C(1767225600)

/* ---- the record ---------------------------------------------------------- */

/* The database and its log; what else there is (shared memory) is not on a
 * disk. */
typedef enum which { MAIN, WAL, OTHER } which;

typedef enum deed_kind {
    WRITE,
    TRUNCATE,
    SYNC,
    FAILED,
    ACKNOWLEDGED
} deed_kind;

typedef struct deed {
    deed_kind kind;
    which     file;
    int64_t   at;  /* WRITE, TRUNCATE; ACKNOWLEDGED: which commit */
    size_t    len;
    uint8_t  *bytes;
} deed;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static deed           *deeds;
static size_t          deed_count, deed_room;
static bool            recording;
static unsigned        failing; /* one sync of so many fails; 0: none */

static void note(deed d, const void *bytes)
{
    pthread_mutex_lock(&lock);
    if (recording && d.file != OTHER) {
        if (deed_count == deed_room) {
            deed_room = deed_room * 2 + 1024;
            deeds     = realloc(deeds, deed_room * sizeof *deeds);
            if (deeds == NULL)
                abort();
        }
        if (d.len > 0) {
            d.bytes = malloc(d.len);
            if (d.bytes == NULL)
                abort();
            memcpy(d.bytes, bytes, d.len);
        }
        deeds[deed_count++] = d;
    }
    pthread_mutex_unlock(&lock);
}

static void forget_record(void)
{
    for (size_t i = 0; i < deed_count; i++)
        free(deeds[i].bytes);
    free(deeds);
    deeds      = NULL;
    deed_count = deed_room = 0;
}

/* ---- a file system that tells ------------------------------------------- */

typedef struct recorded {
    sqlite3_file  base;
    which         file;
    unsigned      seen; /* failures of it */
    sqlite3_file *real; /* behind this one, in the same memory */
} recorded;

static sqlite3_vfs *disk; /* the real one */

#define REAL(f) (((recorded *)(void *)(f))->real)
#define CALL(f, method) (REAL(f)->pMethods->method)

static int on_close(sqlite3_file *f)
{
    return REAL(f)->pMethods == NULL ? SQLITE_OK : CALL(f, xClose)(REAL(f));
}

static int on_read(sqlite3_file *f, void *out, int len, sqlite3_int64 at)
{
    return CALL(f, xRead)(REAL(f), out, len, at);
}

static int on_write(sqlite3_file *f, const void *in, int len, sqlite3_int64 at)
{
    note((deed){WRITE, ((recorded *)(void *)f)->file, at, (size_t)len, NULL},
         in);
    return CALL(f, xWrite)(REAL(f), in, len, at);
}

static int on_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    note((deed){TRUNCATE, ((recorded *)(void *)f)->file, size, 0, NULL}, NULL);
    return CALL(f, xTruncate)(REAL(f), size);
}

static unsigned failures[3]; /* of each file */

/* A failure is told once to each who has the file open, as Linux does. */
static bool is_failing(recorded *r)
{
    static unsigned syncs;

    pthread_mutex_lock(&lock);
    if (recording && failing != 0 && ++syncs % failing == 0)
        failures[r->file]++;
    bool fails = r->seen != failures[r->file];
    r->seen    = failures[r->file];
    pthread_mutex_unlock(&lock);
    return fails;
}

/* The real disk is not asked to hurry: nobody pulls its plug. */
static int on_sync(sqlite3_file *f, int flags)
{
    bool fails = is_failing((recorded *)(void *)f);

    (void)flags;
    note((deed){fails ? FAILED : SYNC, ((recorded *)(void *)f)->file, 0, 0,
                NULL},
         NULL);
    return fails ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int on_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return CALL(f, xFileSize)(REAL(f), size);
}

static int on_lock(sqlite3_file *f, int level)
{
    return CALL(f, xLock)(REAL(f), level);
}

static int on_unlock(sqlite3_file *f, int level)
{
    return CALL(f, xUnlock)(REAL(f), level);
}

static int on_check_lock(sqlite3_file *f, int *out)
{
    return CALL(f, xCheckReservedLock)(REAL(f), out);
}

static int on_control(sqlite3_file *f, int op, void *arg)
{
    return CALL(f, xFileControl)(REAL(f), op, arg);
}

static int on_sector(sqlite3_file *f)
{
    return CALL(f, xSectorSize)(REAL(f));
}

static int on_traits(sqlite3_file *f)
{
    return CALL(f, xDeviceCharacteristics)(REAL(f));
}

static int on_map(sqlite3_file *f, int page, int size, int extend,
                  void volatile **out)
{
    return CALL(f, xShmMap)(REAL(f), page, size, extend, out);
}

static int on_shared_lock(sqlite3_file *f, int at, int n, int flags)
{
    return CALL(f, xShmLock)(REAL(f), at, n, flags);
}

static void on_barrier(sqlite3_file *f)
{
    CALL(f, xShmBarrier)(REAL(f));
}

static int on_unmap(sqlite3_file *f, int remove)
{
    return CALL(f, xShmUnmap)(REAL(f), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion               = 2,
    .xClose                 = on_close,
    .xRead                  = on_read,
    .xWrite                 = on_write,
    .xTruncate              = on_truncate,
    .xSync                  = on_sync,
    .xFileSize              = on_size,
    .xLock                  = on_lock,
    .xUnlock                = on_unlock,
    .xCheckReservedLock     = on_check_lock,
    .xFileControl           = on_control,
    .xSectorSize            = on_sector,
    .xDeviceCharacteristics = on_traits,
    .xShmMap                = on_map,
    .xShmLock               = on_shared_lock,
    .xShmBarrier            = on_barrier,
    .xShmUnmap              = on_unmap};

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f,
                   int flags, int *out)
{
    recorded *r = (recorded *)(void *)f;

    (void)vfs;
    r->real = (sqlite3_file *)(void *)(r + 1);
    r->file = (flags & SQLITE_OPEN_MAIN_DB) != 0 ? MAIN
              : (flags & SQLITE_OPEN_WAL) != 0   ? WAL
                                                 : OTHER;
    r->seen = failures[r->file];
    int code = disk->xOpen(disk, name, r->real, flags, out);
    f->pMethods = r->real->pMethods != NULL ? &methods : NULL;
    return code;
}

static sqlite3_vfs recorder;

static void install(void)
{
    disk              = sqlite3_vfs_find(NULL);
    recorder          = *disk;
    recorder.zName    = "power";
    recorder.szOsFile = (int)sizeof(recorded) + disk->szOsFile;
    recorder.xOpen    = on_open;
    recorder.pNext    = NULL;
    assert_int_equal(sqlite3_vfs_register(&recorder, 1), SQLITE_OK);
}

/* ---- what is committed -------------------------------------------------- */

static store *s;
static size_t created; /* the deed after which the store was there */

static uint32_t mix(uint32_t n)
{
    n = (n ^ n >> 16) * 0x45d9f3bu;
    n = (n ^ n >> 16) * 0x45d9f3bu;
    return n ^ n >> 16;
}

static void name_of(uint32_t n, uint8_t hash[STORE_HASH_LEN])
{
    memset(hash, 0x5a, STORE_HASH_LEN);
    uint32_t mixed = mix(n + 1); /* spread, as keyed hashes are */
    memcpy(hash, &mixed, sizeof mixed);
    memcpy(hash + 4, &n, sizeof n);
}

static yao_bytes payload_of(uint32_t n, uint8_t room[PAYLOAD])
{
    size_t len = 100 + mix(n + 7) % (PAYLOAD - 100);

    for (size_t i = 0; i < len; i++)
        room[i] = (uint8_t)(n * 31 + i * 7);
    return (yao_bytes){room, len};
}

/* One thing and its event, together or not at all. */
static yao_status commit_one(uint32_t n)
{
    _Alignas(16) uint8_t memory[4096];
    uint8_t              room[PAYLOAD], hash[STORE_HASH_LEN];
    yao_arena            arena  = {memory, sizeof memory, 0};
    store_change         change = store_change_open(&arena);

    name_of(n, hash);
    const store_once  once  = {.kind    = KIND,
                               .hash    = {hash, sizeof hash},
                               .expires = YAO_TIME_MAX,
                               .payload = payload_of(n, room)};
    const store_event event = {.id     = {hash, STORE_ID_LEN},
                               .at     = NOW,
                               .kind   = YAO_TEXT("test.power"),
                               .detail = YAO_TEXT("{}")};
    store_put_once(&change, &once);
    store_put_event(&change, &event);
    return store_commit(s, &change);
}

static const char *database; /* that is recorded */

/* By another connection, and sooner than the store does it by itself. */
static void move_log(void)
{
    sqlite3 *db = NULL;

    if (sqlite3_open_v2(database, &db, SQLITE_OPEN_READWRITE, NULL) ==
        SQLITE_OK)
        (void)sqlite3_exec(db, "PRAGMA wal_checkpoint(PASSIVE)", NULL, NULL,
                           NULL);
    sqlite3_close(db);
}

static pthread_barrier_t half; /* where all threads meet on their way */

/* A log that somebody else goes on writing is moved, yet the file is not synced
 * then: once nobody writes, for at least one whole checkpoint in each record.
 */
static void meet(bool moves)
{
    pthread_barrier_wait(&half);
    if (moves)
        move_log();
    pthread_barrier_wait(&half);
}

static void *commit_many(void *arg)
{
    uint32_t from = *(const uint32_t *)arg;

    for (uint32_t n = from; n < from + COMMITS; n++) {
        if (n == from + COMMITS / 2)
            meet(from == 0);
        if (commit_one(n) == YAO_OK)
            note((deed){ACKNOWLEDGED, MAIN, n, 0, NULL}, NULL);
        if (from == 0 && n % OFTEN == OFTEN - 1)
            move_log();
    }
    return NULL;
}

static void url_of(const char *name, char *out, size_t cap)
{
    snprintf(out, cap, "sqlite:%s", test_scratch_path(name));
}

static void create(const char *name)
{
    static char path[4300];
    char        url[4300];

    url_of(name, url, sizeof url);
    snprintf(path, sizeof path, "%s", test_scratch_path(name));
    database = path;
    install();
    recording = true;
    assert_status(store_open(&(store_options){.url    = url,
                                              .create = true,
                                              .now    = NOW},
                             &s),
                  YAO_OK);
    created = deed_count;
}

/* One of FAILS syncs fails, once the store is there; 0: none. */
static void record(const char *name, unsigned fails)
{
    pthread_t threads[THREADS];
    uint32_t  from[THREADS];

    forget_record();
    create(name);
    failing = fails;
    assert_int_equal(pthread_barrier_init(&half, NULL, THREADS), 0);
    for (uint32_t i = 0; i < THREADS; i++) {
        from[i] = i * COMMITS;
        assert_int_equal(
            pthread_create(&threads[i], NULL, commit_many, &from[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&half);
    recording = false;
    failing   = 0;
    store_close(s);
    sqlite3_vfs_unregister(&recorder);
    sqlite3_vfs_register(disk, 1);
}

/* ---- images ------------------------------------------------------------- */

typedef struct image {
    uint8_t *bytes;
    size_t   len, room;
} image;

static void grow(image *m, size_t len)
{
    if (len > m->room) {
        m->bytes = realloc(m->bytes, len + ROOM);
        if (m->bytes == NULL)
            abort();
        m->room = len + ROOM;
    }
    if (len > m->len) {
        memset(m->bytes + m->len, 0, len - m->len);
        m->len = len;
    }
}

static void write_part(image *m, const deed *d, size_t from, size_t to)
{
    grow(m, (size_t)d->at + to);
    memcpy(m->bytes + d->at + from, d->bytes + from, to - from);
}

static void apply(image *m, const deed *d)
{
    if (d->kind == WRITE)
        write_part(m, d, 0, d->len);
    else if (d->kind == TRUNCATE && (size_t)d->at < m->len)
        m->len = (size_t)d->at;
    else if (d->kind == TRUNCATE)
        grow(m, (size_t)d->at);
}

static uint32_t seed, state;

static uint32_t chance(uint32_t limit)
{
    state = mix(state + 0x9e3779b9u);
    return state % limit;
}

/* Some sectors of a write, whichever came through. */
static void apply_torn(image *m, const deed *d)
{
    size_t next;

    for (size_t from = 0; from < d->len; from = next) {
        next = (((size_t)d->at + from) / SECTOR + 1) * SECTOR - (size_t)d->at;
        if (next > d->len)
            next = d->len;
        if (chance(2) == 0)
            write_part(m, d, from, next);
    }
}

/* What was not synced, in any order, or not at all. */
static void apply_pending(image *m, const deed **pending, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t      other = i + chance((uint32_t)(count - i));
        const deed *d     = pending[other];

        pending[other] = pending[i];
        pending[i]     = d;
        switch (chance(3)) {
        case 0: apply(m, d); break;
        case 1: apply_torn(m, d); break;
        default: break;
        }
    }
}

/* What becomes of writes: how the process ended. */
typedef enum ending {
    KILLED, /* the disk still gets all of them */
    CUT,    /* those that were synced, some others */
    LYING   /* it got none for sure */
} ending;

static void apply_all(image *m, const deed **pending, size_t count)
{
    for (size_t i = 0; i < count; i++)
        apply(m, pending[i]);
}

/* FILE as the disk has it when that happens before deed CUT. A sync that
 * failed has thrown away what it was for, whatever comes later. */
static image make_image(which file, size_t cut, ending how)
{
    const deed **pending = malloc((cut + 1) * sizeof *pending);
    image        m       = {NULL, 0, 0};
    size_t       count   = 0;

    if (pending == NULL)
        abort();
    for (size_t i = 0; i < cut; i++) {
        if (deeds[i].file != file || deeds[i].kind == ACKNOWLEDGED)
            continue;
        if (deeds[i].kind == FAILED) {
            apply_pending(&m, pending, count);
            count = 0;
        } else if (deeds[i].kind != SYNC) {
            pending[count++] = &deeds[i];
        } else if (how != LYING) {
            apply_all(&m, pending, count);
            count = 0;
        }
    }
    if (how == KILLED)
        apply_all(&m, pending, count);
    else
        apply_pending(&m, pending, count);
    free(pending);
    return m;
}

static void put_image(const char *name, image m)
{
    FILE *out = fopen(test_scratch_path(name), "wb");

    assert_non_null(out);
    if (m.len > 0)
        assert_int_equal(fwrite(m.bytes, 1, m.len, out), m.len);
    assert_int_equal(fclose(out), 0);
    free(m.bytes);
}

static void put_images(size_t cut, ending how)
{
    remove(test_scratch_path("cut.db-shm"));
    put_image("cut.db", make_image(MAIN, cut, how));
    put_image("cut.db-wal", make_image(WAL, cut, how));
}

/* ---- what is found ------------------------------------------------------ */

typedef struct found {
    yao_status opened, whole;
    unsigned   lost, changed, halves, others; /* others: not acknowledged */
} found;

static long count_rows(const char *question)
{
    sqlite3      *db   = NULL;
    sqlite3_stmt *stmt = NULL;
    long          n    = -1;

    if (sqlite3_open_v2(test_scratch_path("cut.db"), &db,
                        SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, question, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        n = (long)sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return n;
}

static void look_for(found *f, uint32_t n, bool acknowledged)
{
    static uint8_t memory[2 * PAYLOAD], room[PAYLOAD];
    yao_arena      arena = {memory, sizeof memory, 0};
    uint8_t        hash[STORE_HASH_LEN];
    yao_bytes      payload;

    name_of(n, hash);
    yao_status status = store_get_once(
        s, KIND, (yao_bytes){hash, sizeof hash}, NOW, &arena, &payload);
    f->lost += acknowledged && status != YAO_OK;
    f->others += !acknowledged && status == YAO_OK;
    f->changed += status == YAO_OK &&
                  !yao_bytes_equal(payload, payload_of(n, room));
}

static found look(size_t cut)
{
    static bool acknowledged[THREADS * COMMITS];
    found       f = {.whole = YAO_E_STORE};
    char        url[4300];

    memset(acknowledged, 0, sizeof acknowledged);
    for (size_t i = 0; i < cut; i++)
        if (deeds[i].kind == ACKNOWLEDGED && deeds[i].at >= 0)
            acknowledged[deeds[i].at] = true;
    url_of("cut.db", url, sizeof url);
    f.opened = store_open(&(store_options){.url = url, .now = NOW}, &s);
    if (f.opened != YAO_OK)
        return f;
    f.whole = store_check(s);
    for (uint32_t n = 0; n < THREADS * COMMITS; n++)
        look_for(&f, n, acknowledged[n]);
    store_close(s);
    f.halves = (unsigned)count_rows(
        "SELECT (SELECT COUNT(*) FROM once WHERE NOT EXISTS (SELECT 1 FROM "
        "outbox WHERE outbox.id = substr(once.hash, 1, 16))) + (SELECT "
        "COUNT(*) FROM outbox WHERE NOT EXISTS (SELECT 1 FROM once WHERE "
        "substr(once.hash, 1, 16) = outbox.id))");
    return f;
}

static bool is_good(const found *f)
{
    return f->opened == YAO_OK && f->whole == YAO_OK && f->lost == 0 &&
           f->changed == 0 && f->halves == 0;
}

/* ---- rows --------------------------------------------------------------- */

static size_t images(void)
{
    return getenv("YAOPAI_LONG") != NULL ? 500 : 60;
}

static size_t draw_cut(void)
{
    return created + chance((uint32_t)(deed_count - created)) + 1;
}

static size_t count_deeds(deed_kind kind, which file)
{
    size_t n = 0;

    for (size_t i = created; i < deed_count; i++)
        n += deeds[i].kind == kind && deeds[i].file == file;
    return n;
}

static void tell_record(void)
{
    print_message("# %zu writes and syncs, %zu syncs, %zu that failed, %zu "
                  "checkpoints, %zu acknowledged\n",
                  deed_count - created, count_deeds(SYNC, WAL),
                  count_deeds(FAILED, WAL) + count_deeds(FAILED, MAIN),
                  count_deeds(SYNC, MAIN), count_deeds(ACKNOWLEDGED, MAIN));
}

/* The number of what was not acknowledged, and is there. */
static unsigned must_be_good(size_t cut, ending how)
{
    put_images(cut, how);
    found f = look(cut);

    if (!is_good(&f))
        print_error("seed %u, cut at %zu: open %s, check %s, %u lost, %u "
                    "changed, %u halves\n",
                    seed, cut, yao_status_name(f.opened),
                    yao_status_name(f.whole), f.lost, f.changed, f.halves);
    assert_true(is_good(&f));
    return f.others;
}

static void gives_a_record(void **unused)
{
    (void)unused;
    record("power.db", 0);
    tell_record();
    assert_int_equal(count_deeds(ACKNOWLEDGED, MAIN), THREADS * COMMITS);
    assert_true(count_deeds(SYNC, MAIN) > 0);
}

static void survives_a_kill(void **unused)
{
    size_t from = draw_cut();

    (void)unused;
    for (size_t cut = from; cut <= deed_count && cut < from + images(); cut++)
        (void)must_be_good(cut, KILLED);
}

static void survives_a_cut(void **unused)
{
    unsigned others = 0;

    (void)unused;
    for (size_t i = 0; i < images(); i++)
        others += must_be_good(draw_cut(), CUT);
    print_message("# %zu images, %u that were not acknowledged yet are there\n",
                  images(), others);
}

/* On a disk that forgets what it was told to keep, this test must see it. */
static void sees_a_lying_disk(void **unused)
{
    unsigned seen = 0;

    (void)unused;
    for (size_t i = 0; i < 10; i++) {
        size_t cut = deed_count - chance(20);
        put_images(cut, LYING);
        found f = look(cut);
        seen += !is_good(&f);
    }
    assert_true(seen > 0);
}

/* What a sync that failed was for is gone, though the next one succeeds. */
static void survives_failed_syncs(void **unused)
{
    (void)unused;
    record("failing.db", 9);
    tell_record();
    assert_true(count_deeds(FAILED, WAL) > 0);
    assert_true(count_deeds(ACKNOWLEDGED, MAIN) > 0);
    for (size_t i = 0; i < images(); i++)
        (void)must_be_good(draw_cut(), CUT);
}

int main(void)
{
    seed = state = (uint32_t)time(NULL);
    print_message("# seed %u\n", seed);
    test_add("power", "gives a record of what is written", gives_a_record,
             NULL);
    test_add("power", "N283 accepts a kill between any two writes",
             survives_a_kill, NULL);
    test_add("power", "N284 accepts a power cut at any moment", survives_a_cut,
             NULL);
    test_add("power", "N284 refuses a disk that forgets", sees_a_lying_disk,
             NULL);
    test_add("power", "N286 accepts syncs that fail, promises nothing of them",
             survives_failed_syncs, NULL);
    int code = test_run("store/sqlite/power");
    forget_record();
    test_scratch_remove();
    return code;
}
