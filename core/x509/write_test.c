/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/x509.h"

#include "check.h"
#include "forge.h"

/* ---- requests outside the profile ---- */

static yao_bytes letters(size_t len)
{
    uint8_t *out = yao_arena_take(test_arena(), len);

    memset(out, 'a', len);
    return (yao_bytes){out, len};
}

static yao_text name_of(size_t len)
{
    yao_bytes out = letters(len);

    return (yao_text){out.ptr, out.len};
}

#define CHANGE(name, statement)                                                \
    static void name(yao_x509_request *q)                                      \
    {                                                                          \
        statement;                                                             \
    }

#define TWENTY_YEARS ((20 * 365 + 5) * YAO_TIME_DAY)

CHANGE(nothing, (void)q)
CHANGE(no_kind, q->kind = (yao_x509_kind)0)
CHANGE(other_kind, q->kind = (yao_x509_kind)99)
CHANGE(no_alg, q->alg = YAO_SIG_NONE)
CHANGE(other_alg, q->alg = YAO_ES384)
CHANGE(serial_8, q->serial.len = 8)
CHANGE(serial_9, q->serial.len = 9)
CHANGE(serial_20, q->serial = letters(20))
CHANGE(serial_21, q->serial = letters(21))
CHANGE(no_country, q->country.len = 0)
CHANGE(small_country, q->country = YAO_TEXT("ut"))
CHANGE(long_country, q->country = YAO_TEXT("UTO"))
CHANGE(other_country, q->country = YAO_TEXT("US"))
CHANGE(no_name, q->common_name.len = 0)
CHANGE(root_name, q->common_name = YAO_TEXT("SPECIMEN root"))
CHANGE(name_64, q->common_name = name_of(64))
CHANGE(name_65, q->common_name = name_of(65))
CHANGE(chinese, q->common_name = YAO_TEXT("样本 签发者"))
CHANGE(nul_name, q->common_name = YAO_TEXT("a\0b"))
CHANGE(no_organisation, q->organisation.len = 0)
CHANGE(organisation_65, q->organisation = name_of(65))
CHANGE(number_65, q->serial_number = name_of(65))
CHANGE(number_letters, q->serial_number = YAO_TEXT("91110000\xc3\xa9"))
CHANGE(reversed, q->not_after = q->not_before)
CHANGE(before_1970, q->not_before = -1)
CHANGE(no_time, q->not_before = YAO_TIME_NONE)
CHANGE(after_9999, q->not_after = YAO_TIME_MAX + 1)
CHANGE(days_457, q->not_after = q->not_before + 457 * YAO_TIME_DAY)
CHANGE(days_458, q->not_after = q->not_before + 457 * YAO_TIME_DAY + 1)
CHANGE(days_1187, q->not_after = q->not_before + 1187 * YAO_TIME_DAY)
CHANGE(days_1188, q->not_after = q->not_before + 1187 * YAO_TIME_DAY + 1)
CHANGE(years_20, q->not_after = q->not_before + TWENTY_YEARS)
CHANGE(years_9, q->not_after = q->issuer->not_after)
CHANGE(years_21, q->not_after = q->not_before + TWENTY_YEARS + 1)
CHANGE(past_issuer, (q->not_before += 9 * 365 * YAO_TIME_DAY,
                     q->not_after = q->issuer->not_after + 1))
CHANGE(no_issuer, q->issuer = NULL)
CHANGE(no_key, q->key.curve = YAO_CURVE_NONE)
CHANGE(compressed, (q->key.point[0] = 2, q->key.len = 33))
CHANGE(cut_key, q->key.len = 64)
CHANGE(no_crl, q->crl_uri.len = 0)
CHANGE(crl_path, q->crl_uri = YAO_TEXT("/crl"))
CHANGE(crl_space, q->crl_uri = YAO_TEXT("https://a.example/a b"))
CHANGE(crl_513, q->crl_uri = name_of(513))
CHANGE(no_issuer_uri, q->issuer_uri.len = 0)
CHANGE(bad_issuer_uri, q->issuer_uri = YAO_TEXT("authority"))
CHANGE(dns_254, q->san_dns = name_of(254))
CHANGE(bad_dns, q->san_dns = YAO_TEXT("desk example"))
CHANGE(bad_uri, q->san_uri = YAO_TEXT("hotel"))
CHANGE(no_names, (q->san_dns.len = 0, q->san_uri.len = 0))

enum { ROOT = YAO_X509_ROOT, SIGNER = YAO_X509_SIGNER };
enum { READER = YAO_X509_READER, TRUST = YAO_X509_TRUST };
enum {
    ATTEST = YAO_X509_ATTEST,
    STATUS = YAO_X509_STATUS,
    LINK   = YAO_X509_LINK
};

static const struct row {
    const char *name;
    int         kind;
    void (*how)(yao_x509_request *q);
    yao_status want;
} rows[] = {
    {"accepts a root", ROOT, nothing, YAO_OK},
    {"accepts a signer", SIGNER, nothing, YAO_OK},
    {"accepts a reader", READER, nothing, YAO_OK},
    {"accepts a signer of trust lists", TRUST, nothing, YAO_OK},
    {"refuses a signer of trust lists without country", TRUST, no_country,
     YAO_E_USAGE},
    {"accepts a signer of status lists", STATUS, nothing, YAO_OK},
    {"refuses no kind", SIGNER, no_kind, YAO_E_USAGE},
    {"refuses an unknown kind", SIGNER, other_kind, YAO_E_USAGE},
    {"refuses no algorithm", ROOT, no_alg, YAO_E_USAGE},
    {"refuses an algorithm that is not the root's", ROOT, other_alg,
     YAO_E_USAGE},
    {"refuses an algorithm that is not the issuer's", SIGNER, other_alg,
     YAO_E_USAGE},
    {"refuses eight random bytes", SIGNER, serial_8, YAO_E_USAGE},
    {"accepts nine random bytes", SIGNER, serial_9, YAO_OK},
    {"accepts twenty random bytes", SIGNER, serial_20, YAO_OK},
    {"refuses twenty-one random bytes", SIGNER, serial_21, YAO_E_USAGE},
    {"refuses a signer without country", SIGNER, no_country, YAO_E_USAGE},
    {"refuses a root without country", ROOT, no_country, YAO_E_USAGE},
    {"accepts a reader without country", READER, no_country, YAO_OK},
    {"refuses a country in small letters", READER, small_country, YAO_E_USAGE},
    {"refuses a country of three letters", ROOT, long_country, YAO_E_USAGE},
    {"refuses a signer of another country", SIGNER, other_country,
     YAO_E_USAGE},
    {"accepts a reader of another country", READER, other_country, YAO_OK},
    {"refuses a certificate without name", SIGNER, no_name, YAO_E_USAGE},
    {"refuses the issuer's own name", SIGNER, root_name, YAO_E_USAGE},
    {"accepts a name of 64 letters", SIGNER, name_64, YAO_OK},
    {"refuses a name of 65 letters", SIGNER, name_65, YAO_E_USAGE},
    {"accepts a Chinese name", SIGNER, chinese, YAO_OK},
    {"refuses a NUL in a name", SIGNER, nul_name, YAO_E_USAGE},
    {"accepts a reader without organisation", READER, no_organisation, YAO_OK},
    {"refuses an organisation of 65 letters", READER, organisation_65,
     YAO_E_USAGE},
    {"refuses a number of 65 letters", READER, number_65, YAO_E_USAGE},
    {"refuses a number with other letters", READER, number_letters,
     YAO_E_USAGE},
    {"refuses a life of nothing", SIGNER, reversed, YAO_E_USAGE},
    {"refuses a beginning before 1970", SIGNER, before_1970, YAO_E_USAGE},
    {"refuses a beginning at no time", SIGNER, no_time, YAO_E_USAGE},
    {"refuses an end after 9999", ROOT, after_9999, YAO_E_USAGE},
    {"accepts a signer of 457 days", SIGNER, days_457, YAO_OK},
    {"refuses a signer of a second more", SIGNER, days_458, YAO_E_USAGE},
    {"accepts a reader of 1187 days", READER, days_1187, YAO_OK},
    {"refuses a reader of a second more", READER, days_1188, YAO_E_USAGE},
    {"accepts a signer of trust lists for 1187 days", TRUST, days_1187, YAO_OK},
    {"refuses one of a second more", TRUST, days_1188, YAO_E_USAGE},
    {"accepts a signer of attestations", ATTEST, days_1187, YAO_OK},
    {"refuses one for a second more", ATTEST, days_1188, YAO_E_USAGE},
    {"accepts a status signer of 1187 days", STATUS, days_1187, YAO_OK},
    {"refuses a status signer of a second more", STATUS, days_1188,
     YAO_E_USAGE},
    {"refuses a status signer of another country", STATUS, other_country,
     YAO_E_USAGE},
    {"refuses a status signer without issuer's address", STATUS, no_issuer_uri,
     YAO_E_USAGE},
    {"accepts a root of 20 years", ROOT, years_20, YAO_OK},
    {"accepts a new root's key under the old root", LINK, years_9, YAO_OK},
    {"refuses a link of the old root's name", LINK, root_name, YAO_E_USAGE},
    {"refuses a link without the old root", LINK, no_issuer, YAO_E_USAGE},
    {"refuses a root of a second more", ROOT, years_21, YAO_E_USAGE},
    {"refuses to outlive the issuer", SIGNER, past_issuer, YAO_E_USAGE},
    {"refuses a signer without issuer", SIGNER, no_issuer, YAO_E_USAGE},
    {"refuses a certificate without key", SIGNER, no_key, YAO_E_USAGE},
    {"refuses a compressed key", SIGNER, compressed, YAO_E_USAGE},
    {"refuses a key that is cut", SIGNER, cut_key, YAO_E_USAGE},
    {"refuses a certificate without CRL point", READER, no_crl, YAO_E_USAGE},
    {"refuses a CRL point without scheme", SIGNER, crl_path, YAO_E_USAGE},
    {"refuses a CRL point with a blank", SIGNER, crl_space, YAO_E_USAGE},
    {"refuses a CRL point of 513 letters", SIGNER, crl_513, YAO_E_USAGE},
    {"refuses a signer without issuer's address", SIGNER, no_issuer_uri,
     YAO_E_USAGE},
    {"refuses an issuer's address without scheme", SIGNER, bad_issuer_uri,
     YAO_E_USAGE},
    {"accepts a reader without issuer's address", READER, no_issuer_uri,
     YAO_OK},
    {"refuses a host name of 254 letters", READER, dns_254, YAO_E_USAGE},
    {"refuses a host name with a blank", READER, bad_dns, YAO_E_USAGE},
    {"refuses a URI without scheme", READER, bad_uri, YAO_E_USAGE},
    {"accepts a reader without other names", READER, no_names, YAO_OK},
};

static yao_certificate the_root;

static yao_x509_request request_of(int kind)
{
    yao_bytes root = forge_make(YAO_X509_ROOT, 0, (yao_bytes){NULL, 0}, 0);

    assert_status(yao_x509_read(root, &the_root), YAO_OK);
    return forge_request((yao_x509_kind)kind, 1,
                         kind == ROOT ? NULL : &the_root);
}

static void one_request(void **state)
{
    const struct row *row = *state;
    yao_x509_request  q   = request_of(row->kind);
    yao_certificate   c;
    yao_writer        w = yao_writer_count();

    row->how(&q);
    assert_status(yao_x509_put_tbs(&w, &q, forge_crypto()), row->want);
    if (row->want != YAO_OK) {
        assert_int_equal(w.len, 0);
        return;
    }
    /* what we write, we read, and it deviates in nothing */
    assert_status(yao_x509_read(forge_write(&q, 0), &c), YAO_OK);
    assert_int_equal(c.deviations, 0);
    assert_int_equal(c.serial.len, q.serial.len);
    assert_true(c.serial.ptr[0] >= 0x40 && c.serial.ptr[0] < 0x80);
}

static void issuer_no_ca(void **state)
{
    yao_x509_request q = request_of(SIGNER);
    yao_writer       w = yao_writer_count();

    (void)state;
    the_root.ca = false;
    assert_status(yao_x509_put_tbs(&w, &q, forge_crypto()), YAO_E_USAGE);
    the_root.ca      = true;
    the_root.ski.len = 0;
    assert_status(yao_x509_put_tbs(&w, &q, forge_crypto()), YAO_E_USAGE);
}

static void root_with_issuer(void **state)
{
    yao_x509_request q = request_of(SIGNER);
    yao_writer       w = yao_writer_count();

    (void)state;
    q.kind = YAO_X509_ROOT;
    assert_status(yao_x509_put_tbs(&w, &q, forge_crypto()), YAO_E_USAGE);
}

static yao_status no_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    (void)ctx, (void)alg, (void)parts, (void)count, (void)out;
    return YAO_E_CRYPTO;
}

static void home_fails(void **state)
{
    yao_x509_request q      = request_of(SIGNER);
    yao_crypto       broken = {.hash = no_hash};
    yao_writer       w      = yao_writer_count();

    (void)state;
    assert_status(yao_x509_put_tbs(&w, &q, &broken), YAO_E_CRYPTO);
    assert_int_equal(w.len, 0);
}

static yao_status write_tbs(yao_writer *w, void *context)
{
    return yao_x509_put_tbs(w, context, forge_crypto());
}

static yao_status write_all(yao_writer *w, void *context)
{
    static const uint8_t signature[64] = {0x80, 1};

    (void)context;
    yao_x509_put_certificate(w, YAO_LIT("\x30\x00"), YAO_ES256,
                             (yao_bytes){signature, sizeof signature});
    return w->status;
}

static void every_room(void **state)
{
    yao_x509_request q = request_of(READER);

    (void)state;
    test_every_room(write_tbs, &q);
    test_every_room(write_all, NULL);
}

static void deterministic(void **state)
{
    yao_x509_request q = request_of(READER);
    uint8_t          first[2048], second[2048];
    yao_writer       a = yao_writer_open(first, sizeof first);
    yao_writer       b = yao_writer_open(second, sizeof second);

    (void)state;
    assert_status(yao_x509_put_tbs(&a, &q, forge_crypto()), YAO_OK);
    assert_status(yao_x509_put_tbs(&b, &q, forge_crypto()), YAO_OK);
    assert_bytes(((yao_bytes){first, a.len}), ((yao_bytes){second, b.len}));
}

static void wrong_signatures(void **state)
{
    yao_bytes  signature = letters(64), out;
    yao_writer w         = yao_writer_count();

    (void)state;
    yao_x509_put_certificate(&w, YAO_LIT("\x30\x00"), YAO_ES384, signature);
    assert_status(yao_writer_close(&w, &out), YAO_E_USAGE);
    w = yao_writer_count();
    yao_x509_put_certificate(&w, YAO_LIT("\x30\x00"), YAO_SIG_NONE, signature);
    assert_status(yao_writer_close(&w, &out), YAO_E_USAGE);
    w             = yao_writer_count();
    signature.len = 63;
    yao_x509_put_certificate(&w, YAO_LIT("\x30\x00"), YAO_ES256, signature);
    assert_status(yao_writer_close(&w, &out), YAO_E_USAGE);
}

/* RFC 7093 method 1, against a hash of our own making of the same octets. */
static void key_identifier(void **state)
{
    yao_x509_request  q      = request_of(ROOT);
    const yao_crypto *crypto = forge_crypto();
    yao_bytes         point  = {q.key.point, q.key.len};
    uint8_t           hash[YAO_SHA256_LEN];
    yao_certificate   c;

    (void)state;
    assert_status(yao_x509_read(forge_write(&q, 1), &c), YAO_OK);
    assert_status(crypto->hash(crypto->ctx, YAO_SHA256, &point, 1, hash),
                  YAO_OK);
    assert_bytes(c.ski, ((yao_bytes){hash, 20}));
}

/* ---- annex B, extension by extension: which, critical or not, and the
 * bytes of those that do not vary ---- */

static const struct {
    int         kind;
    uint8_t     id;
    int         critical; /* -1: must not be there */
    const char *value;    /* NULL: varies */
} profile[] = {
    {ROOT, FORGE_SKI, 0, NULL},
    {ROOT, FORGE_AKI, -1, NULL},
    {ROOT, FORGE_KEY_USAGE, 1, "03020106"},
    {ROOT, FORGE_CONSTRAINTS, 1, "30060101ff020100"},
    {ROOT, FORGE_IAN, 0,
     "301c861a 68747470733a2f2f617574686f726974792e6578616d706c652f"},
    {ROOT, FORGE_CRL_POINTS, 0, NULL},
    {ROOT, FORGE_EKU, -1, NULL},
    {ROOT, FORGE_SAN, -1, NULL},
    {SIGNER, FORGE_SKI, 0, NULL},
    {SIGNER, FORGE_AKI, 0, NULL},
    {SIGNER, FORGE_KEY_USAGE, 1, "03020780"},
    {SIGNER, FORGE_CONSTRAINTS, -1, NULL},
    {SIGNER, FORGE_IAN, 0, NULL},
    {SIGNER, FORGE_CRL_POINTS, 0, NULL},
    {SIGNER, FORGE_EKU, 1, "3012 0607 28818c5d050102 0607 2881b534040102"},
    {READER, FORGE_SKI, 0, NULL},
    {READER, FORGE_AKI, 0, NULL},
    {READER, FORGE_KEY_USAGE, 1, "03020780"},
    {READER, FORGE_CONSTRAINTS, -1, NULL},
    {READER, FORGE_CRL_POINTS, 0,
     "3025 3023 a021 a01f 861d"
     "68747470733a2f2f617574686f726974792e6578616d706c652f63726c"},
    {READER, FORGE_EKU, 1, "3009 0607 28818c5d050106"},
    {TRUST, FORGE_KEY_USAGE, 1, "03020780"},
    {TRUST, FORGE_CONSTRAINTS, -1, NULL},
    {TRUST, FORGE_IAN, 0, NULL},
    {TRUST, FORGE_CRL_POINTS, 0, NULL},
    {TRUST, FORGE_EKU, 1, "3012 0607 28818c5d050108 0607 2881b534040108"},
    {STATUS, FORGE_SKI, 0, NULL},
    {STATUS, FORGE_AKI, 0, NULL},
    {STATUS, FORGE_KEY_USAGE, 1, "03020780"},
    {STATUS, FORGE_CONSTRAINTS, -1, NULL},
    {STATUS, FORGE_IAN, 0, NULL},
    {STATUS, FORGE_CRL_POINTS, 0, NULL},
    {STATUS, FORGE_EKU, 1,
     "3016 0614 6981f7a5ad90af97aaac919388a281eb81d3d73f"},
};

static void annex_b(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(profile); i++) {
        yao_x509_request q = request_of(profile[i].kind);
        forge            f;

        forge_open(&f, forge_write(&q, 0));
        forge_extension *e = forge_find(&f, profile[i].id);
        if (profile[i].critical < 0) {
            assert_null(e);
            continue;
        }
        assert_non_null(e);
        assert_int_equal(e->critical.len, profile[i].critical ? 3 : 0);
        if (profile[i].value != NULL)
            assert_bytes(e->value, test_unhex(profile[i].value));
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("request", rows[i].name, one_request, &rows[i]);
    test_add("request", "refuses an issuer that is no CA or has no SKI",
             issuer_no_ca, NULL);
    test_add("request", "refuses a root with an issuer", root_with_issuer,
             NULL);
    test_add("request", "refuses when the home cannot hash", home_fails, NULL);
    test_add("write", "gives YAO_E_SPACE, whatever the room", every_room,
             NULL);
    test_add("write", "gives the same bytes for the same request",
             deterministic, NULL);
    test_add("write", "refuses a signature of another algorithm",
             wrong_signatures, NULL);
    test_add("write", "gives the key identifier of RFC 7093", key_identifier,
             NULL);
    test_add("write", "gives every kind the extensions of annex B", annex_b,
             NULL);
    return test_run("x509/write");
}
