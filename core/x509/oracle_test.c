/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Thousands of chains, each good but for up to three changes, and signed with
 * the right keys (after Brubaker et al., "Using Frankencerts", 2014). What we
 * accept, OpenSSL must accept; what only we refuse is counted.
 */

#include "x509/x509.h"

#include "check.h"
#include "peer.h"
#include "scene.h"

#include <openssl/x509v3.h>
#include <stdio.h>

/* A sanitizer makes this several times slower. */
#if defined(__SANITIZE_ADDRESS__)
#define SLOW 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SLOW 1
#endif
#endif

/* YAOPAI_ORACLE=1000000 makes a long night of it. */
static unsigned chains(void)
{
    const char *wanted = getenv("YAOPAI_ORACLE");

    if (wanted != NULL)
        return (unsigned)strtoul(wanted, NULL, 10);
#ifdef SLOW
    return 1500;
#else
    return 5500;
#endif
}

/* ---- dice, the same in every run ---- */

static uint64_t dice_state;

static uint32_t dice(uint32_t sides)
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 7;
    dice_state ^= dice_state << 17;
    return (uint32_t)(dice_state >> 33) % sides;
}

static bool chance(uint32_t percent)
{
    return dice(100) < percent;
}

#define PICK(table) ((table)[dice(COUNT(table))])

/* ---- what to put into an extension ---- */

static const struct {
    uint8_t     id;
    const char *value;
} values[] = {
    {FORGE_KEY_USAGE, "03020780"},
    {FORGE_KEY_USAGE, "030206c0"},
    {FORGE_KEY_USAGE, "03020106"},
    {FORGE_KEY_USAGE, "03020204"},
    {FORGE_KEY_USAGE, "03020186"},
    {FORGE_KEY_USAGE, "03020700"},
    {FORGE_KEY_USAGE, "030100"},
    {FORGE_KEY_USAGE, "0303078080"},
    {FORGE_CONSTRAINTS, "3000"},
    {FORGE_CONSTRAINTS, "30030101ff"},
    {FORGE_CONSTRAINTS, "30060101ff020100"},
    {FORGE_CONSTRAINTS, "30060101ff020101"},
    {FORGE_CONSTRAINTS, "30060101ff0201ff"},
    {FORGE_CONSTRAINTS, "3003020100"},
    {FORGE_CONSTRAINTS, "3003010100"},
    {FORGE_CONSTRAINTS, "30030101 01"},
    {FORGE_EKU, "3009 0607 28818c5d050102"},
    {FORGE_EKU, "3009 0607 28818c5d050106"},
    {FORGE_EKU, "300a 0608 2b06010505070301"},
    {FORGE_EKU, "3006 0604 551d2500"},
    {FORGE_EKU, "3000"},
    {FORGE_SKI, "0414 0102030405060708090a0b0c0d0e0f1011121314"},
    {FORGE_SKI, "0400"},
    {FORGE_AKI, "3016 8014 0102030405060708090a0b0c0d0e0f1011121314"},
    {FORGE_AKI, "3000"},
    {FORGE_AKI, "3006 800101 820101"},
    {FORGE_AKI, "3016 a111 a40f 300d 310b 3009 0603550403 0c024142 820101"},
    {FORGE_SAN, "300b 8209 612e6578616d706c65"},
    {FORGE_SAN, "3000"},
    {FORGE_SAN, "300b a009 06022a03 a0030c0161"},
    {FORGE_SAN, "3011 a40f 300d 310b 3009 0603550403 0c024142"},
    {FORGE_SAN, "3006 870401020304"},
    {FORGE_IAN, "3006 8104 61406263"},
    {FORGE_CRL_POINTS, "3015 3013 a011 a00f 820d 68747470733a2f2f612e6578"},
    {FORGE_CRL_POINTS, "300d 300b a005 a003 860161 81020101"},
    {FORGE_CRL_POINTS, "30023000"},
    {FORGE_CRL_POINTS, "3000"},
    {30, "3008 a006 3004 8202 6578"},  /* NameConstraints: only DNS ex */
    {30, "3000"},
    {32, "3006 3004 0602 2a03"},       /* policies */
    {32, "3000"},
    {33, "300a 3008 06022a03 06022a04"},
    {36, "3003 800100"},
    {54, "020100"},
    {46, "3013 3011 a00f a00d 820b 6578616d706c652e636f6d"},
    {16, "3004 8002 0500"},            /* private key usage period */
    {9, "3000"},
};

static void random_extension(forge *f)
{
    uint32_t i = dice(COUNT(values));

    if (f->count == FORGE_EXTENSIONS)
        return;
    if (forge_find(f, values[i].id) != NULL && chance(90))
        forge_set(f, values[i].id, values[i].value);
    else
        forge_add(f, values[i].id, chance(30), values[i].value);
}

static forge_extension *some_extension(forge *f)
{
    return f->count == 0 ? NULL : &f->extensions[dice((uint32_t)f->count)];
}

static void drop_extension(forge *f)
{
    forge_extension *e = some_extension(f);

    if (e != NULL)
        *e = f->extensions[--f->count];
}

static void swap_extensions(forge *f)
{
    forge_extension *a = some_extension(f), *b = some_extension(f);

    if (a == NULL)
        return;
    forge_extension kept = *a;
    *a                   = *b;
    *b                   = kept;
}

static void repeat_extension(forge *f)
{
    forge_extension *e = some_extension(f);

    if (e != NULL && f->count < FORGE_EXTENSIONS)
        f->extensions[f->count++] = *e;
}

static void flip_critical(forge *f)
{
    static const yao_bytes ways[] = {
        YAO_INIT(""), YAO_INIT("\x01\x01\xff"), YAO_INIT("\x01\x01\xff"),
        YAO_INIT("\x01\x01\x00"), YAO_INIT("\x01\x01\x01")};
    forge_extension *e = some_extension(f);

    if (e != NULL)
        e->critical = PICK(ways);
}

static yao_bytes bent(yao_bytes in)
{
    uint8_t *copy = yao_arena_take(test_arena(), in.len);

    memcpy(copy, in.ptr, in.len);
    if (in.len != 0)
        copy[dice((uint32_t)in.len)] ^= (uint8_t)(1u << dice(8));
    return (yao_bytes){copy, in.len};
}

static void bend_extension(forge *f)
{
    forge_extension *e = some_extension(f);

    if (e != NULL)
        e->value = bent(e->value);
}

static void bend_oid(forge *f)
{
    forge_extension *e = some_extension(f);

    if (e != NULL)
        e->oid = bent(e->oid);
}

/* ---- and into the rest ---- */

static void change_dates(forge *f)
{
    static const int32_t days[] = {-9000, -400, -2, -1, 1, 2, 300, 500, 9000};
    yao_time begin = FORGE_NOW + PICK(days) * YAO_TIME_DAY;
    yao_time end   = FORGE_NOW + PICK(days) * YAO_TIME_DAY;

    if (chance(70) && end < begin) {
        yao_time kept = begin;
        begin         = end;
        end           = kept;
    }
    if (chance(10))
        begin = FORGE_NOW;
    if (chance(10))
        end = FORGE_NOW;
    f->dates = forge_dates(begin, end);
}

static yao_bytes some_name(void)
{
    static const char *countries[] = {"UT", "UT", "ut", "US", "UTO", NULL};
    static const char *states[]    = {NULL, NULL, "UT-SP"};
    static const char *names[]     = {"SPECIMEN root", "SPECIMEN signer",
                                      "SPECIMEN other", NULL};

    return forge_name(PICK(countries), PICK(states), PICK(names));
}

static void change_subject(forge *f)
{
    f->subject = chance(20) ? f->issuer : some_name();
}

static void change_issuer(forge *f)
{
    f->issuer = chance(20) ? f->subject : some_name();
}

static void change_serial(forge *f)
{
    static const char *serials[] = {
        "020100", "0201ff", "020101", "02020080", "0209 00ffffffffffffffff",
        "0214 7f02030405060708090a0b0c0d0e0f1011121314",
        "0215 00ff02030405060708090a0b0c0d0e0f1011121314", "02020001"};

    f->serial = test_unhex(PICK(serials));
}

static void change_version(forge *f)
{
    static const char *versions[] = {"", "a003020100", "a003020101",
                                     "a003020103"};

    f->version = test_unhex(PICK(versions));
}

static void change_algorithm(forge *f)
{
    static const char *algorithms[] = {
        "300a06082a8648ce3d040302", "300a06082a8648ce3d040303",
        "300c06082a8648ce3d0403020500", "300906072a8648ce3d0401",
        "300d06092a864886f70d01010b0500"};
    yao_bytes chosen = test_unhex(PICK(algorithms));

    if (chance(80))
        f->algorithm = chosen;
    if (chance(80))
        f->outer = chosen;
}

static void bend_part(forge *f)
{
    yao_bytes *parts[] = {&f->version, &f->serial,  &f->algorithm, &f->issuer,
                          &f->dates,   &f->subject, &f->key,       &f->outer};
    yao_bytes *part    = PICK(parts);

    *part = bent(*part);
}

static void (*const changes[])(forge *f) = {
    random_extension, random_extension, random_extension, random_extension,
    drop_extension,   drop_extension,   swap_extensions,  repeat_extension,
    flip_critical,    flip_critical,    bend_extension,   bend_extension,
    bend_oid,         change_dates,     change_dates,     change_subject,
    change_issuer,    change_serial,    change_version,   change_algorithm,
    bend_part,        bend_part};

/* ---- certificates that OpenSSL makes ---- */

static EVP_PKEY *their_keys[FORGE_KEYS];

static EVP_PKEY *their_key(int n)
{
    uint8_t        room[YAO_MAX_PRIVATE];
    yao_writer     w = yao_writer_open(room, sizeof room);
    const uint8_t *p = room;

    if (their_keys[n] != NULL)
        return their_keys[n];
    assert_status(yao_openssl_key_write(forge_key(n), &w), YAO_OK);
    their_keys[n] = d2i_AutoPrivateKey(NULL, &p, (long)w.len);
    yao_wipe(room, sizeof room);
    assert_non_null(their_keys[n]);
    return their_keys[n];
}

static void their_extension(X509 *x, X509V3_CTX *ctx, int nid,
                            const char *value)
{
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, ctx, nid, value);

    assert_non_null(e);
    X509_add_ext(x, e, -1);
    X509_EXTENSION_free(e);
}

static void their_name(X509_NAME *name, const char *common_name)
{
    X509_NAME_add_entry_by_txt(name, "C", MBSTRING_ASC,
                               (const uint8_t *)"UT", -1, -1, 0);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               (const uint8_t *)common_name, -1, -1, 0);
}

/* A certificate for key KEY; ISSUER NULL: self-signed. */
static X509 *their_certificate(int key, X509 *issuer, int signer, bool ca)
{
    X509      *x = X509_new();
    X509V3_CTX ctx;

    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(x),
                            UINT64_C(0x4000000000000000) + dice(1000000));
    ASN1_TIME_set(X509_getm_notBefore(x), FORGE_NOW - 86400);
    ASN1_TIME_set(X509_getm_notAfter(x),
                  FORGE_NOW + 86400 * (ca ? 2000 : 300));
    X509_set_pubkey(x, their_key(key));
    their_name(X509_get_subject_name(x),
               issuer == NULL ? "SPECIMEN root"
               : ca           ? "SPECIMEN middle"
                              : "SPECIMEN signer");
    X509_set_issuer_name(x, X509_get_subject_name(issuer ? issuer : x));

    X509V3_set_ctx(&ctx, issuer != NULL ? issuer : x, x, NULL, NULL, 0);
    their_extension(x, &ctx, NID_subject_key_identifier, "hash");
    if (issuer != NULL)
        their_extension(x, &ctx, NID_authority_key_identifier,
                        chance(80) ? "keyid:always" : "keyid,issuer:always");
    if (ca)
        their_extension(x, &ctx, NID_basic_constraints,
                        issuer == NULL && chance(60)
                            ? "critical,CA:TRUE,pathlen:0"
                            : "critical,CA:TRUE");
    their_extension(x, &ctx, NID_key_usage,
                    ca ? "critical,keyCertSign,cRLSign"
                       : "critical,digitalSignature");
    if (!ca)
        their_extension(x, &ctx, NID_ext_key_usage,
                        chance(80) ? "critical,1.0.18013.5.1.2"
                                   : "1.0.18013.5.1.2,serverAuth");
    if (chance(70))
        their_extension(x, &ctx, NID_crl_distribution_points,
                        "URI:https://authority.example/crl");
    if (chance(70))
        their_extension(x, &ctx, NID_issuer_alt_name,
                        "URI:https://authority.example");
    if (chance(20))
        their_extension(x, &ctx, NID_info_access,
                        "OCSP;URI:https://authority.example");

    X509_sign(x, their_key(signer), EVP_sha256());
    return x;
}

static yao_bytes bytes_of(X509 *x)
{
    uint8_t  *der = NULL;
    int       len = i2d_X509(x, &der);
    yao_bytes out;

    assert_true(len > 0);
    assert_status(yao_arena_keep(test_arena(), (yao_bytes){der, (size_t)len},
                                 &out),
                  YAO_OK);
    OPENSSL_free(der);
    return out;
}

/* ---- a chain ---- */

typedef struct links {
    yao_bytes certificate[3]; /* from the root down */
    size_t    count;
    int       key[3];
} links;

static links their_links(bool middle)
{
    links l    = {.count = middle ? 3 : 2, .key = {ROOT, MIDDLE, LEAF}};
    X509 *root = their_certificate(ROOT, NULL, ROOT, true);
    X509 *between = middle ? their_certificate(MIDDLE, root, ROOT, true) : NULL;
    X509 *leaf = middle ? their_certificate(LEAF, between, MIDDLE, false)
                        : their_certificate(LEAF, root, ROOT, false);

    l.certificate[0] = bytes_of(root);
    l.certificate[1] = bytes_of(middle ? between : leaf);
    l.certificate[2] = bytes_of(leaf);
    if (!middle)
        l.key[1] = LEAF;
    X509_free(root);
    X509_free(between);
    X509_free(leaf);
    return l;
}

static links our_links(yao_role role)
{
    links l = {.count = 2, .key = {ROOT, LEAF, LEAF}};

    l.certificate[0] = forge_make(YAO_X509_ROOT, ROOT, (yao_bytes){NULL, 0}, 0);
    l.certificate[1] =
        forge_make(role == YAO_ROLE_READER ? YAO_X509_READER : YAO_X509_SIGNER,
                   LEAF, l.certificate[0], ROOT);
    return l;
}

/* Change one certificate, signed again by the one above it; rarely by a
 * stranger, or bent behind its signature. */
static void mutate(links *l)
{
    size_t i      = chance(70) ? l->count - 1 : dice((uint32_t)l->count);
    int    signer = l->key[i == 0 ? 0 : i - 1];
    forge  f;

    if (chance(4)) {
        l->certificate[i] = bent(l->certificate[i]);
        return;
    }
    if (!forge_try(&f, l->certificate[i]))
        return; /* bent before, so that it does not come apart */
    PICK(changes)(&f);
    l->certificate[i] =
        forge_close(&f, forge_key(chance(3) ? OTHER : signer));
}

static void mutate_some(links *l)
{
    static const uint32_t counts[] = {0, 1, 1, 1, 1, 2, 2, 3};

    for (uint32_t count = PICK(counts); count > 0; count--)
        mutate(l);
}

static void into_scene(const links *l, yao_role role, scene *s)
{
    *s = (scene){.count  = l->count - 1,
                 .role   = role,
                 .now    = FORGE_NOW,
                 .strict = chance(25)};
    for (size_t i = 1; i < l->count; i++)
        s->chain[l->count - 1 - i] = l->certificate[i];
    if (chance(3)) /* the root sent along */
        s->chain[s->count++] = l->certificate[0];
    scene_trust(s, l->certificate[0], role);
    if (chance(5))
        scene_trust(s, s->chain[0], role);
}

static struct {
    int both, neither, only_them, only_us, strict, off_curve;
} tally;

/* The reader by itself: what we read, they read. */
static void compare_reading(const scene *s)
{
    for (size_t i = 0; i < s->count; i++) {
        yao_certificate c;
        if (yao_x509_read(s->chain[i], &c) == YAO_OK && !peer_agrees(&c))
            fail_msg("OpenSSL reads another certificate than we do");
    }
}

static void compare(scene *s, uint64_t seed)
{
    yao_x509_path path;
    yao_report    report;
    const char   *why  = "";
    bool          ours = scene_walk(s, &path, &report) == YAO_OK;
    peer_question q    = {.chain  = s->chain,
                          .count  = s->count,
                          .anchor = s->anchors[0].certificate,
                          .now    = s->now,
                          .strict = s->strict};

    if (ours && !peer_knows_key(&path.leaf)) {
        tally.off_curve++; /* no signature of it will ever be good */
        return;
    }
    if (ours)
        q.anchor = path.anchor->certificate;
    bool theirs = peer_accepts(&q, &why);

    tally.both += ours && theirs;
    tally.neither += !ours && !theirs;
    tally.only_them += !ours && theirs;
    tally.only_us += ours && !theirs;
    tally.strict += ours && s->strict;
    if (ours && !theirs)
        fail_msg("chain of seed %llu: we accept, OpenSSL says: %s",
                 (unsigned long long)seed, why);
    compare_reading(s);
}

static void one(uint64_t seed)
{
    scene    s;
    links    l;
    yao_role role;

    dice_state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
    for (int i = 0; i < 8; i++)
        dice(2);
    role = chance(30) ? YAO_ROLE_READER : YAO_ROLE_ISSUER;
    l    = role == YAO_ROLE_ISSUER && chance(50) ? their_links(chance(40))
                                                 : our_links(role);
    mutate_some(&l);
    into_scene(&l, role, &s);
    compare(&s, seed);
    test_arena()->used = 0;
}

static void all_chains(void **state)
{
    unsigned count = chains();

    (void)state;
    for (uint64_t seed = 1; seed <= count; seed++)
        one(seed);
    for (size_t i = 0; i < FORGE_KEYS; i++)
        EVP_PKEY_free(their_keys[i]);

    printf("# %u chains: accepted by both %d (strictly %d), refused by both "
           "%d, by us alone %d, by OpenSSL alone %d; leaves off their curve "
           "%d\n",
           count, tally.both, tally.strict, tally.neither, tally.only_them,
           tally.only_us, tally.off_curve);
    assert_int_equal(tally.only_us, 0);
    /* an oracle that refuses everything proves nothing */
    assert_true(tally.both > (int)count / 5 && tally.strict > (int)count / 100);
    assert_true(tally.neither > (int)count / 10);
}

int main(void)
{
    test_add("oracle", "never accepts what OpenSSL refuses", all_chains, NULL);
    return test_run("x509/oracle");
}
