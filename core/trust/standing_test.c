/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/standing.h"

#include <string.h>

#include "check.h"
#include "forge.h"

#define DESK "https://desk.example"

static uint8_t reader_hash[YAO_SHA256_LEN];

/* ---- a code, as it should be -------------------------------------------- */

typedef struct trial {
    yao_standing       code;
    int                signer; /* of forge_key() */
    yao_sig_alg        alg;
    yao_anchor         anchor;
    yao_trust_party    party;
    yao_trust_verified list;
    yao_time           now;
    bool               no_list;
} trial;

/* The same each time. */
static yao_bytes root_of(int key)
{
    static uint8_t memory[8][1024];
    static size_t  len[8];

    if (len[key] == 0) {
        yao_bytes none = {NULL, 0};
        yao_bytes made = forge_make(YAO_X509_ROOT, key, none, 0);

        assert_true(made.len <= sizeof memory[key]);
        memcpy(memory[key], made.ptr, made.len);
        len[key] = made.len;
    }
    return (yao_bytes){memory[key], len[key]};
}

static void begin(trial *t)
{
    static const yao_text profiles[] = {YAO_INIT("hotel"), YAO_INIT("age")};

    memset(reader_hash, 7, sizeof reader_hash);
    *t = (trial){
        .code   = {.url     = YAO_INIT(DESK),
                   .id      = YAO_INIT("0123456789abcdef"),
                   .profile = YAO_INIT("hotel"),
                   .place   = YAO_INIT("示例酒店前台"),
                   .reader  = {reader_hash, sizeof reader_hash},
                   .expires = FORGE_NOW + 86400},
        .signer = 5,
        .alg    = YAO_ES256,
        .anchor = {.certificate = root_of(5), .role = YAO_ROLE_READER},
        .party  = {.code          = YAO_INIT("SPECIMEN"),
                   .name          = YAO_INIT("示例酒店"),
                   .profiles      = profiles,
                   .profile_count = 2,
                   .state         = YAO_PARTY_ACTIVE,
                   .hash          = {reader_hash, sizeof reader_hash}},
        .now    = FORGE_NOW};
    t->list.content.party_count = 1;
}

static yao_status make(const trial *t, yao_bytes *letters)
{
    yao_standing_making m;
    uint8_t             signature[YAO_MAX_SIGNATURE];
    size_t              len;

    YAO_TRY(yao_standing_make(test_arena(), forge_crypto(), &t->code, t->alg,
                              root_of(5), &m));
    assert_status(
        yao_openssl_sign(forge_key(t->signer), &m.wish, signature, &len),
        YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    yao_standing_put(&w, &m, (yao_bytes){signature, len});
    return yao_writer_keep(&w, test_arena(), letters);
}

static yao_status judge(trial *t, yao_bytes letters,
                        const yao_trust_party **party)
{
    const yao_crypto   *c = forge_crypto();
    const yao_standing_terms terms = {c, &t->anchor, 1, t->now};
    yao_standing             s;
    yao_signature_check      check;

    t->list.content.parties = &t->party;
    YAO_TRY(yao_standing_read(test_arena(), letters, &s));
    YAO_TRY(yao_standing_check(test_arena(), &s, &terms, &check));
    YAO_TRY(c->verify(c->ctx, &check, 1));
    return yao_standing_conclude(&s, &check, t->no_list ? NULL : &t->list,
                                 party);
}

/* ---- what is wrong with one --------------------------------------------- */

static void leave(trial *t) { (void)t; }
static void other_signer(trial *t) { t->signer = 4; }
static void other_algorithm(trial *t)
{
    t->alg    = YAO_ES384;
    t->signer = 8;
}
static void other_root(trial *t) { t->anchor.certificate = root_of(4); }
static void issuer_root(trial *t) { t->anchor.role = YAO_ROLE_ISSUER; }
static void last_second(trial *t) { t->now = t->code.expires - 1; }
static void over(trial *t) { t->now = t->code.expires; }
static void other_reader(trial *t)
{
    static uint8_t hash[YAO_SHA256_LEN];
    t->party.hash = (yao_bytes){hash, sizeof hash};
}
static void no_list(trial *t) { t->no_list = true; }
static void suspended(trial *t) { t->party.state = YAO_PARTY_SUSPENDED; }
static void unregistered(trial *t) { t->code.profile = YAO_TEXT("police"); }

typedef struct row {
    const char *name;
    void (*spoil)(trial *t);
    yao_status want;
} row;

static const row rows[] = {
    {"accepts a code of the registrar's", leave, YAO_OK},
    {"accepts it in its last second", last_second, YAO_OK},
    {"refuses it when it is over", over, YAO_E_EXPIRED},
    {"refuses one that another key signed", other_signer, YAO_E_BAD_SIGNATURE},
    {"refuses an algorithm that is not of the root's key", other_algorithm,
     YAO_E_ALGORITHM},
    {"refuses one of another registrar", other_root, YAO_E_UNTRUSTED},
    {"refuses a root that is no registrar's", issuer_root, YAO_E_UNTRUSTED},
    {"refuses a party that asks by another certificate now", other_reader,
     YAO_E_NOT_FOUND},
    {"refuses it without a list of parties", no_list, YAO_E_NOT_FOUND},
    {"refuses a party that was suspended", suspended, YAO_E_SUSPENDED},
    {"refuses a profile that was not registered", unregistered,
     YAO_E_NOT_AUTHORISED},
};

static void one_row(void **state)
{
    const row             *r = *state;
    const yao_trust_party *party = NULL;
    trial                  t;
    yao_bytes              letters = {NULL, 0};

    begin(&t);
    r->spoil(&t);
    assert_status(make(&t, &letters), YAO_OK);
    assert_status(judge(&t, letters, &party), r->want);
    assert_true((party != NULL) == (r->want == YAO_OK));
}

/* ---- what cannot be made ------------------------------------------------ */

static void no_url(trial *t) { t->code.url = YAO_TEXT(""); }
static void slash(trial *t) { t->code.url = YAO_TEXT(DESK "/"); }
static void query(trial *t) { t->code.url = YAO_TEXT(DESK "/?a"); }
static void user(trial *t) { t->code.url = YAO_TEXT("https://a@desk.example"); }
static void scheme(trial *t) { t->code.url = YAO_TEXT("ftp://desk.example"); }
static void short_id(trial *t) { t->code.id.len--; }
static void no_profile(trial *t) { t->code.profile.len = 0; }
static void no_place(trial *t) { t->code.place.len = 0; }
static void long_place(trial *t)
{
    t->code.place = YAO_TEXT("0123456789012345678901234567890123456789"
                             "0123456789012345678901234");
}
static void short_hash(trial *t) { t->code.reader.len--; }
static void no_end(trial *t) { t->code.expires = YAO_TIME_NONE; }

static const row makings[] = {
    {"refuses to make one without an address", no_url, YAO_E_USAGE},
    {"refuses an address with a slash at its end", slash, YAO_E_USAGE},
    {"refuses an address with a query", query, YAO_E_USAGE},
    {"refuses an address with a user", user, YAO_E_USAGE},
    {"refuses another scheme", scheme, YAO_E_USAGE},
    {"refuses a short id", short_id, YAO_E_USAGE},
    {"refuses no profile", no_profile, YAO_E_USAGE},
    {"refuses no place", no_place, YAO_E_USAGE},
    {"refuses a place of 65 letters", long_place, YAO_E_USAGE},
    {"refuses a short hash of the reader", short_hash, YAO_E_USAGE},
    {"refuses to make one without an end", no_end, YAO_E_USAGE},
};

static void one_making(void **state)
{
    const row *r = *state;
    trial      t;
    yao_bytes  letters;

    begin(&t);
    r->spoil(&t);
    assert_status(make(&t, &letters), r->want);
}

/* ---- letters ------------------------------------------------------------ */

static const struct shape {
    const char *name;
    yao_bytes   letters;
    yao_status  want;
} shapes[] = {
    {"refuses nothing at all", YAO_INIT(""), YAO_E_MALFORMED},
    {"refuses another prefix", YAO_INIT("YP1:AB"), YAO_E_MALFORMED},
    {"refuses letters that are none of base45", YAO_INIT("YS1:ab"),
     YAO_E_BASE64},
    {"refuses a prefix alone", YAO_INIT("YS1:"), YAO_E_TRUNCATED},
};

static void one_shape(void **state)
{
    const struct shape *s = *state;
    yao_standing        ret;

    assert_status(yao_standing_read(test_arena(), s->letters, &ret), s->want);
}

static void limits(void **state)
{
    static uint8_t long_one[YAO_STANDING_LETTERS + 1];
    yao_standing   ret;

    (void)state;
    memset(long_one, '0', sizeof long_one);
    memcpy(long_one, YAO_STANDING_PREFIX, 4);
    assert_status(yao_standing_read(test_arena(),
                                    (yao_bytes){long_one, sizeof long_one},
                                    &ret),
                  YAO_E_LIMIT);
}

/* Every bit of what was signed, and of the signature; every beginning. */
static void sweep(void **state)
{
    const yao_trust_party *party = NULL;
    trial                  t;
    yao_bytes              letters, plain;
    size_t                 mark;

    (void)state;
    begin(&t);
    assert_status(make(&t, &letters), YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    assert_status(yao_get_base45((yao_bytes){letters.ptr + 4, letters.len - 4},
                                 &w),
                  YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &plain), YAO_OK);
    uint8_t *bytes = (uint8_t *)(uintptr_t)plain.ptr;
    mark           = test_arena()->used;
    for (size_t i = 0; i < plain.len * 8; i++) {
        yao_bytes changed;

        test_arena()->used = mark;
        bytes[i / 8] ^= (uint8_t)(1 << i % 8);
        w = yao_writer_in(test_arena());
        yao_put_text(&w, YAO_STANDING_PREFIX);
        yao_put_base45(&w, plain);
        assert_status(yao_writer_keep(&w, test_arena(), &changed), YAO_OK);
        assert_int_not_equal(judge(&t, changed, &party), YAO_OK);
        bytes[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    for (size_t len = 0; len < letters.len; len++) {
        test_arena()->used = mark;
        assert_int_not_equal(
            judge(&t, (yao_bytes){letters.ptr, len}, &party), YAO_OK);
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("standing", rows[i].name, one_row, &rows[i]);
    for (size_t i = 0; i < COUNT(makings); i++)
        test_add("standing", makings[i].name, one_making, &makings[i]);
    for (size_t i = 0; i < COUNT(shapes); i++)
        test_add("standing", shapes[i].name, one_shape, &shapes[i]);
    test_add("standing", "refuses more letters than a code may have", limits,
             NULL);
    test_add("standing", "refuses every changed bit and every beginning",
             sweep, NULL);
    return test_run("trust/standing");
}
