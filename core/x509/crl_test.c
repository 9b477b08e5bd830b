/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/crl.h"

#include "check.h"
#include "forge.h"
#include "peer.h"

#include <openssl/x509v3.h>

static yao_certificate the_root, the_other;

static const yao_certificate *root_of(int key)
{
    yao_certificate *to  = key == 0 ? &the_root : &the_other;
    yao_bytes        der = forge_make(YAO_X509_ROOT, key, (yao_bytes){NULL, 0},
                                      key);

    assert_status(yao_x509_read(der, to), YAO_OK);
    return to;
}

static const yao_crl_entry two[] = {
    {YAO_INIT("\x51\x02\x03\x04\x05\x06\x07\x08\x09"), FORGE_NOW - 5,
     YAO_CRL_KEY_COMPROMISE},
    {YAO_INIT("\x52\x02\x03\x04\x05\x06\x07\x08\x09"), FORGE_NOW - 4,
     YAO_CRL_UNSPECIFIED}};

static yao_crl_request request_of(void)
{
    return (yao_crl_request){.issuer      = root_of(0),
                             .alg         = YAO_ES256,
                             .number      = 300,
                             .this_update = FORGE_NOW,
                             .next_update = FORGE_NOW + 30 * YAO_TIME_DAY,
                             .entries     = two,
                             .entry_count = 2};
}

static yao_bytes sign(yao_bytes tbs, int key)
{
    yao_arena    *arena = test_arena();
    uint8_t       signature[YAO_MAX_SIGNATURE];
    size_t        len  = 0;
    yao_sign_wish wish = {.alg = YAO_ES256, .parts = {tbs}, .part_count = 1};
    yao_writer    w    = yao_writer_in(arena);
    yao_bytes     der;

    assert_status(yao_openssl_sign(forge_key(key), &wish, signature, &len),
                  YAO_OK);
    yao_x509_put_certificate(&w, tbs, YAO_ES256, (yao_bytes){signature, len});
    assert_status(yao_writer_keep(&w, arena, &der), YAO_OK);
    return der;
}

static yao_bytes make(const yao_crl_request *q)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  tbs;

    assert_status(yao_crl_put_tbs(&w, q), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &tbs), YAO_OK);
    return sign(tbs, 0);
}

static bool verifies(const yao_crl *crl, const yao_certificate *root)
{
    yao_signature_check check;
    const yao_crypto   *crypto = forge_crypto();

    assert_status(yao_crl_check(crl, root, &check), YAO_OK);
    assert_status(crypto->verify(crypto->ctx, &check, 1), YAO_OK);
    return check.outcome == YAO_SIG_GOOD;
}

static void gives_what_was_written(void **state)
{
    (void)state;
    yao_crl_request q = request_of();
    yao_crl         crl;
    yao_crl_entry   e;

    assert_status(yao_crl_read(make(&q), &crl), YAO_OK);
    assert_true(verifies(&crl, &the_root));
    assert_int_equal(crl.this_update, q.this_update);
    assert_int_equal(crl.next_update, q.next_update);
    assert_true(yao_crl_lists(&crl, two[0].serial, &e));
    assert_int_equal(e.reason, YAO_CRL_KEY_COMPROMISE);
    assert_int_equal(e.at, two[0].at);
    assert_true(yao_crl_lists(&crl, two[1].serial, NULL));
    assert_false(yao_crl_lists(&crl, YAO_LIT("\x51\x02"), NULL));
    assert_status(yao_crl_check_dates(&crl, q.this_update - 1),
                  YAO_E_NOT_YET_VALID);
    assert_status(yao_crl_check_dates(&crl, q.this_update), YAO_OK);
    assert_status(yao_crl_check_dates(&crl, q.next_update), YAO_OK);
    assert_status(yao_crl_check_dates(&crl, q.next_update + 1),
                  YAO_E_EXPIRED);
}

static void gives_each_entry(void **state)
{
    yao_crl_request q = request_of();
    yao_crl         crl;
    yao_crl_entry   e;

    (void)state;
    assert_status(yao_crl_read(make(&q), &crl), YAO_OK);
    yao_bytes rest = crl.entries;
    for (size_t i = 0; i < 2; i++) {
        assert_status(yao_crl_next(&rest, &e), YAO_OK);
        assert_bytes(e.serial, two[i].serial);
        assert_int_equal(e.at, two[i].at);
        assert_int_equal(e.reason, two[i].reason);
    }
    assert_int_equal(rest.len, 0);
    assert_status(yao_crl_next(&rest, &e), YAO_E_TRUNCATED);
}

static void an_empty_list_lists_nothing(void **state)
{
    (void)state;
    yao_crl_request q = request_of();
    yao_crl         crl;

    q.entry_count = 0;
    assert_status(yao_crl_read(make(&q), &crl), YAO_OK);
    assert_false(yao_crl_lists(&crl, two[0].serial, NULL));
}

/* The other implementation reads ours, and finds the same. */
static void openssl_reads_ours(void **state)
{
    (void)state;
    yao_crl_request      q   = request_of();
    yao_bytes            der = make(&q);
    const unsigned char *at  = der.ptr, *cert = the_root.der.ptr;
    X509_CRL            *crl = d2i_X509_CRL(NULL, &at, (long)der.len);
    X509                *x   = d2i_X509(NULL, &cert, (long)the_root.der.len);
    X509_REVOKED        *found = NULL;

    assert_non_null(crl);
    assert_non_null(x);
    assert_int_equal(X509_CRL_verify(crl, X509_get0_pubkey(x)), 1);
    assert_int_equal(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl)), 2);
    ASN1_INTEGER *serial = ASN1_INTEGER_new();
    assert_true(ASN1_STRING_set(serial, two[0].serial.ptr,
                                (int)two[0].serial.len));
    assert_int_equal(X509_CRL_get0_by_serial(crl, &found, serial), 1);
    ASN1_INTEGER_free(serial);
    X509_CRL_free(crl);
    X509_free(x);
}

static void refuses_another_root(void **state)
{
    (void)state;
    yao_crl_request       q = request_of();
    yao_crl               crl;
    yao_signature_check   check;
    const yao_certificate *other = root_of(1);

    assert_status(yao_crl_read(make(&q), &crl), YAO_OK);
    assert_status(yao_crl_check(&crl, other, &check), YAO_E_UNTRUSTED);
    /* the same name and key identifier, another key */
    yao_certificate forged = the_root;
    forged.key             = other->key;
    assert_false(verifies(&crl, &forged));
    forged    = the_root;
    forged.ca = false;
    assert_status(yao_crl_check(&crl, &forged, &check), YAO_E_PROFILE);
    forged           = the_root;
    forged.key_usage = YAO_KU_CERT_SIGN;
    assert_status(yao_crl_check(&crl, &forged, &check), YAO_E_PROFILE);
    forged           = the_root;
    forged.key.curve = YAO_P384;
    assert_status(yao_crl_check(&crl, &forged, &check), YAO_E_ALGORITHM);
}

static void refuses_every_prefix_and_flip(void **state)
{
    (void)state;
    yao_crl_request q   = request_of();
    yao_bytes       der = make(&q);
    uint8_t        *copy = yao_arena_take(test_arena(), der.len);
    yao_crl         crl;

    for (size_t len = 0; len < der.len; len++)
        assert_int_not_equal(yao_crl_read((yao_bytes){der.ptr, len}, &crl),
                             YAO_OK);
    memcpy(copy, der.ptr, der.len);
    for (size_t bit = 0; bit < 8 * der.len; bit++) {
        yao_signature_check check;

        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (yao_crl_read((yao_bytes){copy, der.len}, &crl) == YAO_OK &&
            yao_crl_check(&crl, &the_root, &check) == YAO_OK)
            assert_false(verifies(&crl, &the_root));
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    copy = yao_arena_take(test_arena(), der.len + 1);
    memcpy(copy, der.ptr, der.len);
    copy[der.len] = 0;
    assert_status(yao_crl_read((yao_bytes){copy, der.len + 1}, &crl),
                  YAO_E_TRAILING);
    assert_status(yao_crl_read((yao_bytes){copy, YAO_MAX_CRL + 1}, &crl),
                  YAO_E_LIMIT);
}

/* ---- lists that another implementation made, good but for one thing ---- */

typedef struct foreign {
    const char *name;
    long        version;  /* -1: 2 */
    bool        no_next, no_number, no_aki, twice, reversed, sha384;
    int         critical; /* a NID that narrows the list; 0: none */
    yao_status  want;
} foreign;

static const foreign foreigners[] = {
    {"accepts a list of another implementation", -1, .want = YAO_OK},
    {"refuses version 1", 0, .want = YAO_E_PROFILE},
    {"refuses a list without end", -1, .no_next = true, .want = YAO_E_PROFILE},
    {"refuses a list that ends before it begins", -1, .reversed = true,
     .want = YAO_E_PROFILE},
    {"refuses a list without number", -1, .no_number = true,
     .want = YAO_E_PROFILE},
    {"refuses a list without key identifier", -1, .no_aki = true,
     .want = YAO_E_PROFILE},
    {"refuses a number twice", -1, .twice = true, .want = YAO_E_DUPLICATE},
    {"refuses a list of changes only (delta)", -1,
     .critical = NID_delta_crl, .want = YAO_E_PROFILE},
    {"refuses another hash than its key's", -1, .sha384 = true,
     .want = YAO_E_ALGORITHM},
};

static void add(X509_CRL *crl, int nid, const char *value, X509 *issuer)
{
    X509V3_CTX ctx;

    X509V3_set_ctx(&ctx, issuer, NULL, NULL, crl, 0);
    X509_EXTENSION *e = X509V3_EXT_nconf_nid(NULL, &ctx, nid, value);
    assert_non_null(e);
    X509_CRL_add_ext(crl, e, -1);
    X509_EXTENSION_free(e);
}

static void add_number(X509_CRL *crl, int nid, int critical)
{
    ASN1_INTEGER *n = ASN1_INTEGER_new();

    ASN1_INTEGER_set(n, 7);
    assert_int_equal(
        X509_CRL_add1_ext_i2d(crl, nid, n, critical, X509V3_ADD_APPEND), 1);
    ASN1_INTEGER_free(n);
}

static EVP_PKEY *new_key(void)
{
    return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
}

static X509 *new_root(EVP_PKEY *key)
{
    X509      *x = X509_new();
    X509V3_CTX ctx;

    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
                               (const unsigned char *)"SPECIMEN", -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(x));
    X509_set_pubkey(x, key);
    X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_nconf_nid(
        NULL, &ctx, NID_subject_key_identifier, "hash");
    X509_add_ext(x, e, -1);
    X509_EXTENSION_free(e);
    return x;
}

static yao_bytes foreign_list(const foreign *f)
{
    EVP_PKEY  *key = new_key();
    X509      *x   = new_root(key);
    X509_CRL  *crl = X509_CRL_new();
    ASN1_TIME *t   = ASN1_TIME_set(NULL, (time_t)FORGE_NOW);

    if (f->version != 0)
        X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(x));
    X509_CRL_set1_lastUpdate(crl, t);
    ASN1_TIME_set(t, (time_t)(FORGE_NOW + (f->reversed ? -9 : 99)));
    if (!f->no_next)
        X509_CRL_set1_nextUpdate(crl, t);
    ASN1_TIME_free(t);
    if (!f->no_aki)
        add(crl, NID_authority_key_identifier, "keyid", x);
    if (!f->no_number)
        add_number(crl, NID_crl_number, 0);
    if (f->twice)
        add_number(crl, NID_crl_number, 0);
    if (f->critical != 0)
        add_number(crl, f->critical, 1);
    assert_true(X509_CRL_sign(crl, key,
                              f->sha384 ? EVP_sha3_256() : EVP_sha256()));

    unsigned char *der = NULL;
    int            len = i2d_X509_CRL(crl, &der);
    yao_bytes      kept;
    assert_true(len > 0);
    assert_status(yao_arena_keep(test_arena(),
                                 (yao_bytes){der, (size_t)len}, &kept),
                  YAO_OK);
    OPENSSL_free(der);
    X509_CRL_free(crl);
    X509_free(x);
    EVP_PKEY_free(key);
    return kept;
}

static void one_foreigner(void **state)
{
    const foreign *f = *state;
    yao_crl        crl;

    assert_status(yao_crl_read(foreign_list(f), &crl), f->want);
}

/* ---- what is not written ---- */

#define CHANGE(name, statement)                                                \
    static void name(yao_crl_request *q)                                       \
    {                                                                          \
        statement;                                                             \
    }

static yao_certificate      changed;
static const yao_crl_entry  no_serial[] = {{{NULL, 0}, FORGE_NOW, 0}};
static const yao_crl_entry  no_moment[] = {{YAO_INIT("\x01"), -1, 0}};

CHANGE(nothing, (void)q)
CHANGE(no_issuer, q->issuer = NULL)
CHANGE(no_ca, (changed = *q->issuer, changed.ca = false, q->issuer = &changed))
CHANGE(no_usage, (changed = *q->issuer, changed.key_usage = YAO_KU_CERT_SIGN,
                  q->issuer = &changed))
CHANGE(no_ski, (changed = *q->issuer, changed.ski.len = 0,
                q->issuer = &changed))
CHANGE(no_alg, q->alg = YAO_SIG_NONE)
CHANGE(other_alg, q->alg = YAO_ES384)
CHANGE(number_0, q->number = 0)
CHANGE(reversed, q->next_update = q->this_update)
CHANGE(days_90, q->next_update = q->this_update + 90 * YAO_TIME_DAY)
CHANGE(days_91, q->next_update = q->this_update + 90 * YAO_TIME_DAY + 1)
CHANGE(before_1970, q->this_update = -1)
CHANGE(serial_none, (q->entries = no_serial, q->entry_count = 1))
CHANGE(moment_none, (q->entries = no_moment, q->entry_count = 1))

static const struct row {
    const char *name;
    void (*how)(yao_crl_request *q);
    yao_status want;
} rows[] = {
    {"writes a list", nothing, YAO_OK},
    {"refuses no issuer", no_issuer, YAO_E_USAGE},
    {"refuses an issuer that is no CA", no_ca, YAO_E_USAGE},
    {"refuses an issuer that may sign no lists", no_usage, YAO_E_USAGE},
    {"refuses an issuer without key identifier", no_ski, YAO_E_USAGE},
    {"refuses no algorithm", no_alg, YAO_E_USAGE},
    {"refuses an algorithm of another curve", other_alg, YAO_E_USAGE},
    {"refuses number 0", number_0, YAO_E_USAGE},
    {"refuses a list for no time", reversed, YAO_E_USAGE},
    {"writes a list for 90 days", days_90, YAO_OK},
    {"refuses a list for a second more", days_91, YAO_E_USAGE},
    {"refuses a list from before 1970", before_1970, YAO_E_USAGE},
    {"refuses an entry without serial", serial_none, YAO_E_USAGE},
    {"refuses an entry without moment", moment_none, YAO_E_USAGE},
};

static void one_request(void **state)
{
    const struct row *row = *state;
    yao_crl_request   q   = request_of();
    yao_writer        w   = yao_writer_count();

    row->how(&q);
    assert_status(yao_crl_put_tbs(&w, &q), row->want);
    if (row->want != YAO_OK)
        assert_int_equal(w.len, 0);
}

int main(void)
{
    test_add("crl", "gives what was written", gives_what_was_written, NULL);
    test_add("crl", "gives each entry", gives_each_entry, NULL);
    test_add("crl", "an empty list lists nothing", an_empty_list_lists_nothing,
             NULL);
    test_add("crl", "another implementation reads ours", openssl_reads_ours,
             NULL);
    test_add("crl", "refuses another root", refuses_another_root, NULL);
    test_add("crl", "refuses every prefix and every flipped bit",
             refuses_every_prefix_and_flip, NULL);
    for (size_t i = 0; i < COUNT(foreigners); i++)
        test_add("read", foreigners[i].name, one_foreigner, &foreigners[i]);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("write", rows[i].name, one_request, &rows[i]);
    return test_run("x509/crl");
}
