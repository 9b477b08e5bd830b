/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/seal.h"

#include "app/files.h"
#include "check.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static yao_openssl *openssl;
static char         folder[64];

static seal_keys some_keys(uint8_t seed)
{
    seal_keys keys = {.epoch = 2};

    memset(keys.lookup, seed, sizeof keys.lookup);
    for (int i = 0; i < 2; i++) {
        keys.wrapping[i].epoch = i + 1;
        memset(keys.wrapping[i].key, seed + i + 1, SEAL_KEY_LEN);
    }
    return keys;
}

/* ---- people ---- */

/* A person as the store gives it, and the sealed record. */
typedef struct stored {
    seal_person  person;
    uint8_t      wrapped[SEAL_WRAPPED_LEN];
    store_person row;
    yao_bytes    record;
} stored;

#define RECORD "{\"name\":\"\xe6\x9d\x8e\xe7\xa4\xba\xe4\xbe\x8b\"}"

static void make(stored *s, const seal_keys *keys)
{
    assert_status(seal_person_new(&s->person), YAO_OK);
    assert_status(seal_person_wrap(keys, &s->person, s->wrapped), YAO_OK);
    s->row = (store_person){.id          = {s->person.id, STORE_ID_LEN},
                            .epoch       = keys->epoch,
                            .wrapped_key = {s->wrapped, SEAL_WRAPPED_LEN}};
    assert_status(seal_part(&s->person, STORE_RECORD, YAO_LIT(RECORD),
                            test_arena(), &s->record),
                  YAO_OK);
}

static yao_status open_all(const seal_keys *keys, const stored *s,
                           yao_bytes *ret)
{
    seal_person person;

    YAO_TRY(seal_person_open(keys, &s->row, &person));
    return seal_open_part(&person, STORE_RECORD, s->record, test_arena(), ret);
}

static void gives_record(void **state)
{
    seal_keys keys = some_keys(1);
    stored    s;
    yao_bytes plain;

    (void)state;
    make(&s, &keys);
    assert_status(open_all(&keys, &s, &plain), YAO_OK);
    assert_int_equal(plain.len, SEAL_PAD);
    assert_true(yao_bytes_starts(plain, YAO_LIT(RECORD "  ")));
}

static void gives_portrait_exactly(void **state)
{
    seal_keys keys = some_keys(1);
    stored    s;
    yao_bytes sealed, plain;

    (void)state;
    make(&s, &keys);
    assert_status(seal_part(&s.person, STORE_PORTRAIT, YAO_LIT("jpeg"),
                            test_arena(), &sealed),
                  YAO_OK);
    assert_status(
        seal_open_part(&s.person, STORE_PORTRAIT, sealed, test_arena(), &plain),
        YAO_OK);
    assert_bytes(plain, YAO_LIT("jpeg"));
}

/* What somebody owns must not show in the length of the row. */
static void never_tells_length(void **state)
{
    seal_keys keys = some_keys(1);
    stored    s;
    yao_bytes a, b;
    uint8_t   many[SEAL_PAD];

    (void)state;
    memset(many, 'x', sizeof many);
    make(&s, &keys);
    assert_status(
        seal_part(&s.person, STORE_RECORD, YAO_LIT("{}"), test_arena(), &a),
        YAO_OK);
    assert_status(seal_part(&s.person, STORE_RECORD,
                            (yao_bytes){many, sizeof many}, test_arena(), &b),
                  YAO_OK);
    assert_int_equal(a.len, b.len);
}

static void never_same_twice(void **state)
{
    seal_keys keys = some_keys(1);
    stored    s;
    yao_bytes again;

    (void)state;
    make(&s, &keys);
    assert_status(seal_part(&s.person, STORE_RECORD, YAO_LIT(RECORD),
                            test_arena(), &again),
                  YAO_OK);
    assert_false(yao_bytes_equal(again, s.record));
}

/* Each row changes one thing about what is stored. */
typedef void (*meddle)(stored *s, const stored *other, seal_keys *keys);

static void wrong_key(stored *s, const stored *o, seal_keys *k)
{
    (void)s;
    (void)o;
    k->wrapping[1].key[31] ^= 1;
}
static void no_key(stored *s, const stored *o, seal_keys *k)
{
    (void)s;
    (void)o;
    k->wrapping[1].epoch = 0;
}
static void other_epoch(stored *s, const stored *o, seal_keys *k)
{
    (void)o;
    (void)k;
    s->row.epoch = 1;
}
static void no_epoch(stored *s, const stored *o, seal_keys *k)
{
    (void)o;
    (void)k;
    s->row.epoch = 0;
}
static void relabelled(stored *s, const stored *o, seal_keys *k)
{
    (void)o;
    s->row.epoch = 1;
    memcpy(k->wrapping[0].key, k->wrapping[1].key, SEAL_KEY_LEN);
}
static void swapped_record(stored *s, const stored *o, seal_keys *k)
{
    (void)k;
    s->record = o->record;
}
static void swapped_key(stored *s, const stored *o, seal_keys *k)
{
    (void)k;
    memcpy(s->wrapped, o->wrapped, SEAL_WRAPPED_LEN);
}
static void swapped_person(stored *s, const stored *o, seal_keys *k)
{
    swapped_record(s, o, k);
    swapped_key(s, o, k);
}
static void short_key(stored *s, const stored *o, seal_keys *k)
{
    (void)o;
    (void)k;
    s->row.wrapped_key.len--;
}
static void erased_key(stored *s, const stored *o, seal_keys *k)
{
    (void)o;
    (void)k;
    s->row.wrapped_key.len = 0;
}
static void short_id(stored *s, const stored *o, seal_keys *k)
{
    (void)o;
    (void)k;
    s->row.id.len--;
}
static void short_record(stored *s, const stored *o, seal_keys *k)
{
    (void)o;
    (void)k;
    s->record.len = YAO_SEAL_NONCE + YAO_SEAL_TAG - 1;
}
static void empty_record(stored *s, const stored *o, seal_keys *k)
{
    (void)o;
    (void)k;
    s->record.len = YAO_SEAL_NONCE + YAO_SEAL_TAG;
}
static void portrait_as_record(stored *s, const stored *o, seal_keys *k)
{
    (void)o;
    (void)k;
    assert_status(seal_part(&s->person, STORE_PORTRAIT, YAO_LIT(RECORD),
                            test_arena(), &s->record),
                  YAO_OK);
}

static const struct {
    const char *name;
    meddle      meddle;
    yao_status  want;
} meddled[] = {
    {"refuses another key-encryption key", wrong_key, YAO_E_SECRET},
    {"refuses a key-encryption key that is gone", no_key, YAO_E_NOT_FOUND},
    {"refuses another epoch", other_epoch, YAO_E_SECRET},
    {"refuses no epoch", no_epoch, YAO_E_NOT_FOUND},
    {"refuses the right key under another epoch", relabelled, YAO_E_SECRET},
    {"refuses the record of another person", swapped_record, YAO_E_SECRET},
    {"refuses the key of another person", swapped_key, YAO_E_SECRET},
    {"refuses both of another person under this id", swapped_person,
     YAO_E_SECRET},
    {"refuses a cut key", short_key, YAO_E_MALFORMED},
    {"refuses an erased key", erased_key, YAO_E_MALFORMED},
    {"refuses a cut id", short_id, YAO_E_MALFORMED},
    {"refuses a record that is no box", short_record, YAO_E_TRUNCATED},
    {"refuses a box without content", empty_record, YAO_E_SECRET},
    {"refuses a portrait in the record's place", portrait_as_record,
     YAO_E_SECRET},
};

static void meddling(void **state)
{
    size_t    row  = (size_t)*state;
    seal_keys keys = some_keys(1);
    stored    s, other;
    yao_bytes plain = {NULL, 0};

    make(&s, &keys);
    make(&other, &keys);
    assert_status(open_all(&keys, &s, &plain), YAO_OK);
    plain.ptr = NULL;
    meddled[row].meddle(&s, &other, &keys);
    assert_status(open_all(&keys, &s, &plain), meddled[row].want);
    assert_null(plain.ptr);
}

typedef struct sweep {
    const seal_keys *keys;
    stored           s;
    bool             key; /* the input is the wrapped key, else the record */
} sweep;

static yao_status read_swept(yao_bytes input, void *context)
{
    sweep    *sw   = context;
    stored    s    = sw->s;
    size_t    mark = test_arena()->used;
    yao_bytes plain;

    if (sw->key)
        s.row.wrapped_key = input;
    else
        s.record = input;
    yao_status status  = open_all(sw->keys, &s, &plain);
    test_arena()->used = mark;
    return status;
}

static void refuses_changes(void **state)
{
    seal_keys keys = some_keys(1);
    sweep     sw   = {.keys = &keys};

    (void)state;
    make(&sw.s, &keys);
    sw.key = true;
    test_every_prefix(read_swept, sw.s.row.wrapped_key, &sw);
    test_every_bit(read_swept, sw.s.row.wrapped_key, &sw, NULL);
    sw.key = false;
    test_every_prefix(read_swept, sw.s.record, &sw);
    test_every_bit(read_swept, sw.s.record, &sw, NULL);
}

static yao_status take_part(yao_arena *arena, void *context)
{
    stored   *s = context;
    yao_bytes sealed, plain;

    YAO_TRY(
        seal_part(&s->person, STORE_RECORD, YAO_LIT(RECORD), arena, &sealed));
    return seal_open_part(&s->person, STORE_RECORD, sealed, arena, &plain);
}

static void refuses_small_arena(void **state)
{
    seal_keys keys = some_keys(1);
    stored    s;

    (void)state;
    make(&s, &keys);
    test_every_arena(take_part, &s, 8192);
}

static void refuses_no_epoch(void **state)
{
    seal_keys keys = some_keys(1);
    stored    s;
    uint8_t   out[SEAL_WRAPPED_LEN];
    uint8_t   check[STORE_HASH_LEN];

    (void)state;
    make(&s, &keys);
    keys.epoch = 7;
    assert_status(seal_person_wrap(&keys, &s.person, out), YAO_E_NOT_FOUND);
    assert_status(
        seal_epoch_check(yao_openssl_crypto(openssl), &keys, 7, check),
        YAO_E_NOT_FOUND);
}

/* ---- look-ups ---- */

static void hash(const seal_keys *keys, int kind, const char *value,
                 uint8_t *out)
{
    assert_status(seal_hash(yao_openssl_crypto(openssl), keys, kind,
                            yao_text_bytes(yao_text_of(value)), out),
                  YAO_OK);
}

static void gives_lookups(void **state)
{
    seal_keys one = some_keys(1), two = some_keys(2);
    uint8_t   a[32], b[32];

    (void)state;
    hash(&one, STORE_BY_NUMBER, "12011919880808901X", a);
    hash(&one, STORE_BY_NUMBER, "12011919880808901X", b);
    assert_memory_equal(a, b, 32);
    hash(&one, STORE_BY_NUMBER, "120119199202299025", b);
    assert_memory_not_equal(a, b, 32);
    hash(&one, SEAL_LEDGER_HOLDER, "12011919880808901X", b);
    assert_memory_not_equal(a, b, 32);
    hash(&two, STORE_BY_NUMBER, "12011919880808901X", b);
    assert_memory_not_equal(a, b, 32);
}

/* By openssl dgst: printf 'yaopai-lookup-1\001x' |
 * openssl dgst -sha256 -mac HMAC -macopt hexkey:0101...01 */
static void gives_known_hash(void **state)
{
    seal_keys one = some_keys(1);
    uint8_t   a[32];

    (void)state;
    hash(&one, STORE_BY_NUMBER, "x", a);
    assert_bytes(((yao_bytes){a, 32}),
                 test_unhex("ae5af9313da1aabd8e56e743ce7130a5"
                            "f722a8188801c8394b8a04d600160cfe"));
}

static void gives_epoch_checks(void **state)
{
    const yao_crypto *crypto = yao_openssl_crypto(openssl);
    seal_keys         keys   = some_keys(1);
    uint8_t           a[32], b[32];

    (void)state;
    assert_status(seal_epoch_check(crypto, &keys, 1, a), YAO_OK);
    assert_status(seal_epoch_check(crypto, &keys, 2, b), YAO_OK);
    assert_memory_not_equal(a, b, 32);
    assert_memory_not_equal(a, keys.wrapping[0].key, 32);
}

/* ---- files ---- */

static const char *path(const char *name)
{
    static char out[128];

    snprintf(out, sizeof out, "%s/%s", folder, name);
    return out;
}

static const char *uri(const char *name)
{
    static char out[160];

    snprintf(out, sizeof out, "file:%s", path(name));
    return out;
}

static void gives_key(void **state)
{
    uint8_t     a[32], b[32];
    struct stat st;

    (void)state;
    assert_status(seal_key_make(path("good.key")), YAO_OK);
    assert_int_equal(stat(path("good.key"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_status(seal_key_read(uri("good.key"), a), YAO_OK);
    assert_status(seal_key_make(path("good.key")), YAO_E_EXISTS);
    assert_status(seal_key_read(uri("good.key"), b), YAO_OK);
    assert_memory_equal(a, b, 32);
    assert_status(seal_key_make(path("no/where.key")), YAO_E_FILE);
}

static void put(const char *name, size_t len, mode_t mode)
{
    uint8_t bytes[64] = {0};

    assert_status(
        yao_file_write(path(name), (yao_bytes){bytes, len}, 0600, false),
        YAO_OK);
    assert_int_equal(chmod(path(name), mode), 0);
}

static void refuses_bad_files(void **state)
{
    uint8_t out[32];

    (void)state;
    put("short.key", 31, 0600);
    put("long.key", 33, 0600);
    put("group.key", 32, 0640);
    put("others.key", 32, 0604);
    assert_status(seal_key_read(uri("short.key"), out), YAO_E_MALFORMED);
    assert_status(seal_key_read(uri("long.key"), out), YAO_E_MALFORMED);
    assert_status(seal_key_read(uri("group.key"), out), YAO_E_REFUSED);
    assert_status(seal_key_read(uri("others.key"), out), YAO_E_REFUSED);
    assert_status(seal_key_read(uri(""), out), YAO_E_REFUSED);
    assert_status(seal_key_read(uri("none.key"), out), YAO_E_NOT_FOUND);
    assert_status(seal_key_read("pkcs11:token=a", out), YAO_E_UNSUPPORTED);
    assert_status(seal_key_read("file:", out), YAO_E_USAGE);
    assert_status(seal_key_read("plain.key", out), YAO_E_USAGE);
}

static void gives_inside(void **state)
{
    (void)state;
    assert_int_equal(mkdir(path("db"), 0700), 0);
    assert_int_equal(mkdir(path("db2"), 0700), 0);
    put("db/in.key", 32, 0600);
    put("db2/near.key", 32, 0600);
    put("out.key", 32, 0600);
    char db[128];
    snprintf(db, sizeof db, "%s", path("db"));
    char target[128];
    snprintf(target, sizeof target, "%s", path("db/in.key"));
    assert_int_equal(symlink(target, path("link.key")), 0);

    assert_true(seal_key_inside(uri("db/in.key"), db));
    assert_true(seal_key_inside(uri("link.key"), db));
    assert_true(seal_key_inside(uri("db2/../db/in.key"), db));
    assert_true(seal_key_inside(uri("absent.key"), db));
    assert_false(seal_key_inside(uri("out.key"), db));
    assert_false(seal_key_inside(uri("db2/near.key"), db));
    assert_false(seal_key_inside("pkcs11:token=a", db));
    assert_true(seal_key_inside(uri("out.key"), "/"));
}

static const struct {
    const char        *group, *name;
    CMUnitTestFunction run;
} rows[] = {
    {"record", "gives what was sealed", gives_record},
    {"portrait", "gives what was sealed", gives_portrait_exactly},
    {"record", "never tells by its length", never_tells_length},
    {"record", "never looks the same twice", never_same_twice},
    {"record", "refuses every prefix and every flipped bit", refuses_changes},
    {"record", "refuses every arena that is too small", refuses_small_arena},
    {"wrap", "refuses an epoch without a key", refuses_no_epoch},
    {"look-up", "gives one hash for a value, role and key", gives_lookups},
    {"look-up", "gives what openssl gives", gives_known_hash},
    {"epoch", "gives a check for each key", gives_epoch_checks},
    {"key", "gives what was made", gives_key},
    {"key", "refuses what anybody can read, and what is no key",
     refuses_bad_files},
    {"key", "gives whether it lies inside", gives_inside},
};

int main(void)
{
    snprintf(folder, sizeof folder, "/tmp/yaopai-seal-XXXXXX");
    openssl = yao_openssl_open();
    if (mkdtemp(folder) == NULL || openssl == NULL)
        return 1;
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add(rows[i].group, rows[i].name, rows[i].run, NULL);
    for (size_t i = 0; i < COUNT(meddled); i++)
        test_add("row", meddled[i].name, meddling, (const void *)i);
    int code = test_run("authority/seal");
    yao_openssl_close(openssl);

    char command[96];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) == 0 ? code : 1;
}
