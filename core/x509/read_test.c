/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/x509.h"

#include "check.h"
#include "forge.h"

/* ---- one change to a good certificate ---- */

static void nothing(forge *f)
{
    (void)f;
}

/* version and serial */

static void v1(forge *f)
{
    f->version = (yao_bytes){NULL, 0};
}

static void v1_written(forge *f)
{
    f->version = test_unhex("a003020100");
}

static void v2(forge *f)
{
    f->version = test_unhex("a003020101");
}

static void v4(forge *f)
{
    f->version = test_unhex("a003020103");
}

static void version_text(forge *f)
{
    f->version = test_unhex("a003040102");
}

static void negative_serial(forge *f)
{
    f->serial = test_unhex("0208 ff00000000000001");
}

static void zero_serial(forge *f)
{
    f->serial = test_unhex("020100");
}

static void serial_6(forge *f)
{
    f->serial = test_unhex("0206 010203040506");
}

static void serial_7(forge *f)
{
    f->serial = test_unhex("0207 01020304050607");
}

static void serial_20(forge *f)
{
    f->serial = test_unhex("0214 7f02030405060708090a0b0c0d0e0f1011121314");
}

static void serial_21(forge *f)
{
    f->serial = test_unhex("0215 00ff02030405060708090a0b0c0d0e0f1011121314");
}

static void serial_padded(forge *f)
{
    f->serial = test_unhex("0209 000102030405060708");
}

/* algorithms */

static void both_algorithms(forge *f, const char *hex)
{
    f->algorithm = f->outer = test_unhex(hex);
}

static void rsa_sha1(forge *f)
{
    both_algorithms(f, "300d06092a864886f70d0101050500");
}

static void rsa_sha256(forge *f)
{
    both_algorithms(f, "300d06092a864886f70d01010b0500");
}

static void ecdsa_sha1(forge *f)
{
    both_algorithms(f, "300906072a8648ce3d0401");
}

static void with_null(forge *f)
{
    both_algorithms(f, "300c06082a8648ce3d0403020500");
}

static void inner_differs(forge *f)
{
    f->algorithm = test_unhex("300a06082a8648ce3d040303");
}

static void outer_differs(forge *f)
{
    f->outer = test_unhex("300a06082a8648ce3d040303");
}

static void for_p384(forge *f)
{
    both_algorithms(f, "300a06082a8648ce3d040303");
}

/* names */

static void subject_hex(forge *f, const char *rdns)
{
    f->subject = forge_element(YAO_DER_SEQUENCE, test_unhex(rdns));
}

static void lower_country(forge *f)
{
    f->subject = forge_name("ut", NULL, "SPECIMEN");
}

static void utf8_country(forge *f)
{
    subject_hex(f, "310b 3009 0603550406 0c025554"
                   "310b 3009 0603550403 0c024142");
}

static void long_country(forge *f)
{
    f->subject = forge_name("UTO", NULL, "SPECIMEN");
}

static void digit_country(forge *f)
{
    f->subject = forge_name("U7", NULL, "SPECIMEN");
}

static void two_countries(forge *f)
{
    subject_hex(f, "310b 3009 0603550406 13025554"
                   "310b 3009 0603550406 13025553");
}

static void two_names_in_one(forge *f)
{
    subject_hex(f, "3116 3009 0603550403 0c024142 3009 0603550403 0c024143");
}

static void two_units(forge *f)
{
    subject_hex(f, "310b 3009 060355040b 0c024142"
                   "310b 3009 060355040b 0c024143"
                   "310b 3009 0603550403 0c024142");
}

static void no_subject(forge *f)
{
    f->subject = test_unhex("3000");
}

static void no_issuer(forge *f)
{
    f->issuer = test_unhex("3000");
}

static void empty_rdn(forge *f)
{
    subject_hex(f, "3100");
}

static void empty_common_name(forge *f)
{
    subject_hex(f, "3109 3007 0603550403 0c00");
}

static void nul_in_name(forge *f)
{
    subject_hex(f, "310c 300a 0603550403 0c03410042");
}

static void bad_utf8(forge *f)
{
    subject_hex(f, "310b 3009 0603550403 0c02c0af");
}

static void latin1_printable(forge *f)
{
    subject_hex(f, "310b 3009 0603550403 130241e9");
}

static void t61_name(forge *f)
{
    subject_hex(f, "310b 3009 060355040b 140241e9");
}

static void bmp_name(forge *f)
{
    subject_hex(f, "310b 3009 0603550403 1e020041");
}

static void bad_issuer_name(forge *f)
{
    f->issuer = test_unhex("300d 310b 3009 0603550403 0c02c0af");
}

static void subject_not_a_list(forge *f)
{
    f->subject = test_unhex("3100");
}

/* dates */

static void reversed(forge *f)
{
    f->dates = forge_dates(FORGE_NOW + 1, FORGE_NOW);
}

static void one_second(forge *f)
{
    f->dates = forge_dates(FORGE_NOW, FORGE_NOW);
}

static void until_2050(forge *f)
{
    f->dates = forge_dates(FORGE_NOW, 2524608000);
}

static void four_digits(forge *f)
{
    f->dates = test_unhex("3020 170d3236303130313030303030305a"
                          "180f32303237303130313030303030305a");
}

static void one_date(forge *f)
{
    f->dates = test_unhex("300f 170d3236303130313030303030305a");
}

/* keys; the points are no points, which only the home can know */

static void key_of(forge *f, const char *parameters, uint8_t first, size_t len)
{
    uint8_t    point[160] = {0, first};
    yao_writer w          = yao_writer_in(test_arena());
    yao_bytes  out;
    size_t     seq = yao_der_begin(&w, YAO_DER_SEQUENCE);
    size_t     alg = yao_der_begin(&w, YAO_DER_SEQUENCE);
    uint8_t    bytes[200];
    yao_writer b = yao_writer_open(bytes, sizeof bytes);

    assert_status(yao_get_hex(yao_text_bytes(yao_text_of(parameters)), &b),
                  YAO_OK);
    yao_put_bytes(&w, (yao_bytes){bytes, b.len});
    yao_der_end(&w, alg);
    yao_der_put(&w, YAO_DER_BIT_STRING, (yao_bytes){point, len + 1});
    yao_der_end(&w, seq);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    f->key = out;
}

#define EC   "06072a8648ce3d0201"
#define P256 "06082a8648ce3d030107"

static void key_p256(forge *f)
{
    key_of(f, EC P256, 4, 65);
}

static void key_p384(forge *f)
{
    key_of(f, EC "06052b81040022", 4, 97);
}

static void key_compressed(forge *f)
{
    key_of(f, EC P256, 2, 33);
}

static void key_hybrid(forge *f)
{
    key_of(f, EC P256, 6, 65);
}

static void key_infinity(forge *f)
{
    key_of(f, EC P256, 0, 1);
}

static void key_short(forge *f)
{
    key_of(f, EC P256, 4, 64);
}

static void key_empty(forge *f)
{
    key_of(f, EC P256, 4, 0);
}

static void key_p192(forge *f)
{
    key_of(f, EC "06082a8648ce3d030101", 4, 49);
}

static void key_p521(forge *f)
{
    key_of(f, EC "06052b81040023", 4, 133);
}

/* The generator of CVE-2020-0601: a clone of P-256 with another base point.
 * Whatever stands in the SEQUENCE, it is none that we read. */
static void key_explicit(forge *f)
{
    key_of(f, EC "300702010106022a03", 4, 65);
}

static void key_implicit(forge *f)
{
    key_of(f, EC "0500", 4, 65);
}

static void key_no_parameters(forge *f)
{
    key_of(f, EC, 4, 65);
}

static void key_two_parameters(forge *f)
{
    key_of(f, EC P256 "0500", 4, 65);
}

static void key_rsa(forge *f)
{
    key_of(f, "06092a864886f70d0101010500", 0x30, 90);
}

static void key_ecdh_only(forge *f)
{
    key_of(f, "06052b8104010c" P256, 4, 65); /* id-ecDH */
}

static const struct row {
    const char *name;
    void (*how)(forge *f);
    yao_status want;
    uint32_t   deviations;
} rows[] = {
    {"accepts what the writer makes", nothing, YAO_OK, 0},
    {"refuses version 1", v1, YAO_E_PROFILE, 0},
    {"refuses version 1 written out", v1_written, YAO_E_PROFILE, 0},
    {"refuses version 2", v2, YAO_E_PROFILE, 0},
    {"refuses version 4", v4, YAO_E_PROFILE, 0},
    {"refuses a version that is no number", version_text, YAO_E_MALFORMED, 0},
    {"refuses a negative serial", negative_serial, YAO_E_PROFILE, 0},
    {"refuses serial 0", zero_serial, YAO_E_PROFILE, 0},
    {"accepts a serial of 6 octets, with a note", serial_6, YAO_OK,
     YAO_DEV_SHORT_SERIAL},
    {"accepts a serial of 7 octets", serial_7, YAO_OK, 0},
    {"accepts a serial of 20 octets", serial_20, YAO_OK, 0},
    {"refuses a serial of 21 octets", serial_21, YAO_E_PROFILE, 0},
    {"refuses a padded serial", serial_padded, YAO_E_NOT_SHORTEST, 0},

    {"refuses RSA with SHA-1 (N110)", rsa_sha1, YAO_E_ALGORITHM, 0},
    {"refuses RSA with SHA-256 (N110)", rsa_sha256, YAO_E_ALGORITHM, 0},
    {"refuses ECDSA with SHA-1 (N110)", ecdsa_sha1, YAO_E_ALGORITHM, 0},
    {"refuses ECDSA with NULL parameters", with_null, YAO_E_ALGORITHM, 0},
    {"refuses another algorithm inside", inner_differs, YAO_E_ALGORITHM, 0},
    {"refuses another algorithm outside", outer_differs, YAO_E_ALGORITHM, 0},
    {"accepts ES384 with small numbers, which no key verifies", for_p384,
     YAO_OK, 0},

    {"accepts a country in small letters, with a note", lower_country, YAO_OK,
     YAO_DEV_COUNTRY_ENCODING},
    {"accepts a country in UTF-8, with a note", utf8_country, YAO_OK,
     YAO_DEV_COUNTRY_ENCODING},
    {"refuses a country of three letters", long_country, YAO_E_PROFILE, 0},
    {"refuses a country with a digit", digit_country, YAO_E_PROFILE, 0},
    {"refuses two countries", two_countries, YAO_E_DUPLICATE, 0},
    {"refuses two common names in one set", two_names_in_one, YAO_E_DUPLICATE,
     0},
    {"accepts two units, which nobody reads", two_units, YAO_OK, 0},
    {"refuses an empty subject", no_subject, YAO_E_PROFILE, 0},
    {"refuses an empty issuer", no_issuer, YAO_E_PROFILE, 0},
    {"refuses a set without attribute", empty_rdn, YAO_E_TRUNCATED, 0},
    {"refuses an empty common name", empty_common_name, YAO_E_PROFILE, 0},
    {"refuses a NUL in a name", nul_in_name, YAO_E_MALFORMED, 0},
    {"refuses a name that is not UTF-8", bad_utf8, YAO_E_UTF8, 0},
    {"refuses Latin-1 as PrintableString", latin1_printable, YAO_E_MALFORMED,
     0},
    {"refuses a T61String in any attribute", t61_name, YAO_E_MALFORMED, 0},
    {"refuses a BMPString", bmp_name, YAO_E_MALFORMED, 0},
    {"refuses an issuer that is not UTF-8", bad_issuer_name, YAO_E_UTF8, 0},
    {"refuses a set for a subject", subject_not_a_list, YAO_E_MALFORMED, 0},

    {"refuses dates in the wrong order", reversed, YAO_E_PROFILE, 0},
    {"accepts a life of one second", one_second, YAO_OK, 0},
    {"accepts an end in 2050", until_2050, YAO_OK, 0},
    {"refuses a year before 2050 in four digits", four_digits,
     YAO_E_MALFORMED, 0},
    {"refuses a single date", one_date, YAO_E_TRUNCATED, 0},

    {"accepts a key on P-256", key_p256, YAO_OK, 0},
    {"accepts a key on P-384", key_p384, YAO_OK, 0},
    {"refuses a compressed point", key_compressed, YAO_E_KEY, 0},
    {"refuses a hybrid point", key_hybrid, YAO_E_KEY, 0},
    {"refuses the point at infinity", key_infinity, YAO_E_KEY, 0},
    {"refuses a point that is too short", key_short, YAO_E_KEY, 0},
    {"refuses an empty point", key_empty, YAO_E_KEY, 0},
    {"refuses P-192 (N110)", key_p192, YAO_E_ALGORITHM, 0},
    {"refuses P-521, which is not in the table", key_p521, YAO_E_ALGORITHM, 0},
    {"refuses explicit parameters (N110)", key_explicit, YAO_E_ALGORITHM, 0},
    {"refuses implicit parameters", key_implicit, YAO_E_ALGORITHM, 0},
    {"refuses a key without parameters", key_no_parameters, YAO_E_ALGORITHM,
     0},
    {"refuses parameters behind the curve", key_two_parameters,
     YAO_E_TRAILING, 0},
    {"refuses an RSA key (N110)", key_rsa, YAO_E_ALGORITHM, 0},
    {"refuses a key that is for ECDH alone", key_ecdh_only, YAO_E_ALGORITHM,
     0},
};

static yao_bytes signer_certificate(void)
{
    yao_bytes root = forge_make(YAO_X509_ROOT, 0, (yao_bytes){NULL, 0}, 0);

    return forge_make(YAO_X509_SIGNER, 1, root, 0);
}

static yao_bytes changed(void (*how)(forge *f))
{
    forge f;

    forge_open(&f, signer_certificate());
    how(&f);
    return forge_close(&f, forge_key(0));
}

static void one_change(void **state)
{
    const struct row *row = *state;
    yao_certificate   got, untouched;

    memset(&got, 0xee, sizeof got);
    memset(&untouched, 0xee, sizeof untouched);
    assert_status(yao_x509_read(changed(row->how), &got), row->want);
    if (row->want != YAO_OK)
        assert_memory_equal(&got, &untouched, sizeof got);
    else
        assert_int_equal(got.deviations, row->deviations);
}

/* ---- what is read ---- */

#define assert_text(got, want)                                                 \
    assert_bytes(yao_text_bytes(got), YAO_LIT(want))

static void all_fields(void **state)
{
    yao_bytes root = forge_make(YAO_X509_ROOT, 0, (yao_bytes){NULL, 0}, 0);
    yao_bytes leaf = forge_make(YAO_X509_READER, 1, root, 0);
    yao_certificate r, c;
    yao_public_key  key = yao_openssl_key_public(forge_key(1));

    (void)state;
    assert_status(yao_x509_read(root, &r), YAO_OK);
    assert_status(yao_x509_read(leaf, &c), YAO_OK);
    assert_true(r.ca);
    assert_int_equal(r.path_len, 0);
    assert_int_equal(r.key_usage, YAO_KU_CERT_SIGN | YAO_KU_CRL_SIGN);
    assert_int_equal(r.eku, 0);
    assert_bytes(r.issuer, r.subject);
    assert_int_equal(r.aki.len, 0);
    assert_true(r.issuer_alt && r.crl_point);

    assert_bytes(c.der, leaf);
    assert_true(c.tbs.ptr == leaf.ptr + 4 && c.tbs.len < leaf.len);
    assert_int_equal(c.serial.len, 16);
    assert_bytes(c.issuer, r.subject);
    assert_text(c.country, "UT");
    assert_text(c.common_name, "SPECIMEN reader");
    assert_text(c.organisation, "SPECIMEN Utopia");
    assert_text(c.serial_number, "91110000SPECIMEN0X");
    assert_int_equal(c.state.len, 0);
    assert_true(c.not_before == FORGE_NOW - 30 * YAO_TIME_DAY);
    assert_true(c.not_after == FORGE_NOW + 300 * YAO_TIME_DAY);
    assert_true(yao_public_key_equal(&c.key, &key));
    assert_int_equal(c.signature_alg, YAO_ES256);
    assert_int_equal(c.signature_len, 64);
    assert_false(c.ca);
    assert_int_equal(c.path_len, -1);
    assert_int_equal(c.key_usage, YAO_KU_SIGN);
    assert_true(c.key_usage_critical && c.eku_critical);
    assert_int_equal(c.eku, YAO_EKU_ISO_READER);
    assert_int_equal(c.ski.len, 20);
    assert_bytes(c.aki, r.ski);

    yao_der_reader san = yao_der_open(c.san);
    assert_bytes(yao_der_get(&san, YAO_DER_CONTEXT(2)),
                 YAO_LIT("desk.example"));
    assert_bytes(yao_der_get(&san, YAO_DER_CONTEXT(6)),
                 YAO_LIT("urn:yaopai:profiles:hotel"));
    assert_status(yao_der_close(&san), YAO_OK);
}

static void state_name(forge *f)
{
    f->subject = forge_name("UT", "UT-SP", "SPECIMEN signer");
}

static void a_state(void **state)
{
    yao_certificate c;

    (void)state;
    assert_status(yao_x509_read(changed(state_name), &c), YAO_OK);
    assert_text(c.state, "UT-SP");
}

/* ---- the whole ---- */

static yao_status read_only(yao_bytes input, void *context)
{
    yao_certificate c;

    (void)context;
    return yao_x509_read(input, &c);
}

static void prefixes(void **state)
{
    (void)state;
    test_every_prefix(read_only, signer_certificate(), NULL);
}

static yao_bytes with_tail(size_t len)
{
    yao_bytes good = signer_certificate();
    uint8_t  *all  = yao_arena_take(test_arena(), len);

    assert_true(len >= good.len);
    memcpy(all, good.ptr, good.len);
    return (yao_bytes){all, len};
}

static void tails(void **state)
{
    size_t len = signer_certificate().len;

    (void)state;
    assert_status(read_only(with_tail(len + 10), NULL), YAO_E_TRAILING);
}

static void put(forge *f, yao_bytes oid, bool critical, yao_bytes value)
{
    assert_true(f->count < FORGE_EXTENSIONS);
    f->extensions[f->count++] = (forge_extension){
        oid, critical ? YAO_LIT("\x01\x01\xff") : (yao_bytes){NULL, 0}, value};
}

static void too_big(void **state)
{
    forge f;

    (void)state;
    forge_open(&f, signer_certificate());
    uint8_t *much = yao_arena_take(test_arena(), YAO_MAX_CERTIFICATE);
    size_t   len  = YAO_MAX_CERTIFICATE - forge_close(&f, forge_key(0)).len;

    /* grown to the limit, give or take the signature's length */
    put(&f, YAO_LIT("\x2a\x03\x04"), false, (yao_bytes){much, len - 32});
    assert_status(read_only(forge_close(&f, forge_key(0)), NULL), YAO_OK);
    f.extensions[f.count - 1].value.len = len;
    assert_status(read_only(forge_close(&f, forge_key(0)), NULL), YAO_E_LIMIT);
    assert_status(read_only(with_tail(YAO_MAX_CERTIFICATE), NULL),
                  YAO_E_TRAILING);
    assert_status(read_only(with_tail(YAO_MAX_CERTIFICATE + 1), NULL),
                  YAO_E_LIMIT);
}

static void not_certificates(void **state)
{
    (void)state;
    assert_status(read_only((yao_bytes){NULL, 0}, NULL), YAO_E_TRUNCATED);
    assert_status(read_only(test_unhex("3000"), NULL), YAO_E_TRUNCATED);
    assert_status(read_only(test_unhex("30020500"), NULL), YAO_E_MALFORMED);
    assert_status(read_only(YAO_LIT("-----BEGIN CERTIFICATE-----"), NULL),
                  YAO_E_MALFORMED);
}

static void foreign_signature(void **state)
{
    yao_bytes good = signer_certificate();
    uint8_t  *bad  = yao_arena_take(test_arena(), good.len);

    (void)state;
    memcpy(bad, good.ptr, good.len);
    for (size_t i = good.len - 60; i-- > 0;)
        if (bad[i] == YAO_DER_BIT_STRING && bad[i + 2] == 0 &&
            bad[i + 3] == YAO_DER_SEQUENCE) {
            bad[i + 3] = YAO_DER_SET;
            break;
        }
    assert_status(read_only((yao_bytes){bad, good.len}, NULL),
                  YAO_E_MALFORMED);
}

/* ---- what others made ---- */

static void annex_d(void **state)
{
    yao_certificate c;

    (void)state;
    if (!test_have_vectors())
        skip();
    assert_status(yao_x509_read(
                      test_vector("iso18013-5-annexD-multipaz/ds_cert.der"),
                      &c),
                  YAO_OK);
    assert_text(c.common_name, "utopia ds");
    assert_text(c.country, "US");
    assert_int_equal(c.eku, YAO_EKU_ISO_DS);
    assert_int_equal(c.deviations, 0);
    assert_true(c.not_before == 1601510400 && c.not_after == 1633046400);
    assert_status(yao_x509_read(
                      test_vector("iso18013-5-annexD-multipaz/reader_cert.der"),
                      &c),
                  YAO_OK);
    assert_int_equal(c.eku, YAO_EKU_ISO_READER);
    assert_int_equal(c.country.len, 0);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("read", rows[i].name, one_change, &rows[i]);
    test_add("read", "gives all that a reader certificate says", all_fields,
             NULL);
    test_add("read", "gives the state", a_state, NULL);
    test_add("read", "refuses every prefix", prefixes, NULL);
    test_add("read", "refuses bytes behind", tails, NULL);
    test_add("read", "refuses more than the limit (N111)", too_big, NULL);
    test_add("read", "refuses what is no certificate", not_certificates, NULL);
    test_add("read", "refuses a signature of another form", foreign_signature,
             NULL);
    test_add("vectors", "accepts the certificates of annex D", annex_d, NULL);
    return test_run("x509/read");
}
