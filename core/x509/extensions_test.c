/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/x509.h"

#include "check.h"
#include "forge.h"

/* ---- one change to the extensions of a good certificate ---- */

static void put(forge *f, yao_bytes oid, bool critical, yao_bytes value)
{
    assert_true(f->count < FORGE_EXTENSIONS);
    f->extensions[f->count++] = (forge_extension){
        oid, critical ? YAO_LIT("\x01\x01\xff") : (yao_bytes){NULL, 0}, value};
}

static void no_extensions(forge *f)
{
    f->count = 0;
}

static void empty_extensions(forge *f)
{
    f->count   = 0;
    f->further = test_unhex("a3023000");
}

static void unique_id(forge *f)
{
    f->further = test_unhex("81020055");
}

static void unknown_critical(forge *f)
{
    put(f, YAO_LIT("\x2a\x03\x04"), true, YAO_LIT("\x05\x00"));
}

static void unknown(forge *f)
{
    put(f, YAO_LIT("\x2a\x03\x04"), false, YAO_LIT("any thing"));
}

static void unknown_twice(forge *f)
{
    unknown(f);
    unknown(f);
}

static void policies_critical(forge *f)
{
    forge_add(f, 32, true, "30063004 06022a03");
}

static void eku_twice(forge *f)
{
    f->extensions[f->count] = *forge_find(f, FORGE_EKU);
    f->count++;
}

static void constraints_twice(forge *f)
{
    forge_add(f, FORGE_CONSTRAINTS, true, "30030101ff");
    forge_add(f, FORGE_CONSTRAINTS, true, "3000");
}

static void fill(forge *f, size_t count)
{
    static uint8_t oids[FORGE_EXTENSIONS][3];

    while (f->count < count) {
        uint8_t *oid = oids[f->count];
        oid[0]       = 0x2a;
        oid[1]       = 0x03;
        oid[2]       = (uint8_t)f->count;
        put(f, (yao_bytes){oid, 3}, false, YAO_LIT("x"));
    }
}

static void extensions_32(forge *f)
{
    fill(f, 32);
}

static void extensions_33(forge *f)
{
    fill(f, 33);
}

static void ski_critical(forge *f)
{
    forge_critical(f, FORGE_SKI, true);
}

static void aki_critical(forge *f)
{
    forge_critical(f, FORGE_AKI, true);
}

static void ian_critical(forge *f)
{
    forge_critical(f, FORGE_IAN, true);
}

static void crl_critical(forge *f)
{
    forge_critical(f, FORGE_CRL_POINTS, true);
}

static void san_critical(forge *f)
{
    forge_add(f, FORGE_SAN, true, "300b 8209 612e6578616d706c65");
}

static void false_written(forge *f)
{
    forge_find(f, FORGE_SKI)->critical = YAO_LIT("\x01\x01\x00");
}

static void true_as_one(forge *f)
{
    forge_find(f, FORGE_EKU)->critical = YAO_LIT("\x01\x01\x01");
}

#define FORBIDDEN(name, oid)                                                   \
    static void name(forge *f)                                                 \
    {                                                                          \
        put(f, YAO_LIT(oid), false, YAO_LIT("\x30\x00"));                      \
    }

FORBIDDEN(name_constraints, "\x55\x1d\x1e")
FORBIDDEN(policy_mappings, "\x55\x1d\x21")
FORBIDDEN(policy_constraints, "\x55\x1d\x24")
FORBIDDEN(freshest_crl, "\x55\x1d\x2e")
FORBIDDEN(inhibit_any, "\x55\x1d\x36")
FORBIDDEN(ip_blocks, "\x2b\x06\x01\x05\x05\x07\x01\x07")
FORBIDDEN(as_blocks, "\x2b\x06\x01\x05\x05\x07\x01\x08")
FORBIDDEN(proxy, "\x2b\x06\x01\x05\x05\x07\x01\x0e")
FORBIDDEN(netscape, "\x60\x86\x48\x01\x86\xf8\x42\x01\x01")

/* A value for one of the extensions we know. */
#define VALUE(name, id, hex)                                                   \
    static void name(forge *f)                                                 \
    {                                                                          \
        forge_set(f, id, hex);                                                 \
    }

VALUE(usage_none, FORGE_KEY_USAGE, "030100")
VALUE(usage_zero, FORGE_KEY_USAGE, "03020700")
VALUE(usage_three, FORGE_KEY_USAGE, "0304 07808080")
VALUE(usage_ten, FORGE_KEY_USAGE, "0303 06 80c0")
VALUE(usage_untrimmed, FORGE_KEY_USAGE, "03020080")
VALUE(usage_untrimmed_2, FORGE_KEY_USAGE, "0303078000")
VALUE(usage_decipher, FORGE_KEY_USAGE, "0303078080")
VALUE(usage_octets, FORGE_KEY_USAGE, "040180")
VALUE(usage_twice, FORGE_KEY_USAGE, "0302078003020780")

VALUE(ca_not_critical, FORGE_CONSTRAINTS, "30030101ff")
VALUE(no_ca_path, FORGE_CONSTRAINTS, "3003020100")
VALUE(no_ca, FORGE_CONSTRAINTS, "3000")
VALUE(no_ca_written, FORGE_CONSTRAINTS, "3003010100")
VALUE(ca_third, FORGE_CONSTRAINTS, "30080101ff0201000500")

static void ca_with(forge *f, const char *value)
{
    forge_add(f, FORGE_CONSTRAINTS, true, value);
}

static void ca_negative(forge *f)
{
    ca_with(f, "30060101ff0201ff");
}

static void ca_huge(forge *f)
{
    ca_with(f, "300a0101ff02050080000000");
}

static void ca_big(forge *f)
{
    ca_with(f, "30090101ff02047fffffff");
}

VALUE(purpose_none, FORGE_EKU, "3000")
VALUE(purpose_text, FORGE_EKU, "30030c0161")
VALUE(purpose_behind, FORGE_EKU, "3009060728818c5d0501020500")

VALUE(ski_empty, FORGE_SKI, "0400")
VALUE(ski_bits, FORGE_SKI, "03020001")
VALUE(aki_empty, FORGE_AKI, "3000")
VALUE(aki_no_id, FORGE_AKI, "30028000")
VALUE(aki_serial, FORGE_AKI, "3006 800101 820101")
VALUE(aki_issuer, FORGE_AKI, "3005 a103 820161")
VALUE(aki_third, FORGE_AKI, "3006 800101 830101")

VALUE(san_empty, FORGE_SAN, "3000")
VALUE(san_tag, FORGE_SAN, "3003 890101")
VALUE(san_x400, FORGE_SAN, "3002 a300")
VALUE(san_ip5, FORGE_SAN, "3007 87050102030405")
VALUE(san_ip4, FORGE_SAN, "3006 870401020304")
VALUE(san_nul, FORGE_SAN, "3005 8203610061")
VALUE(san_not_ascii, FORGE_SAN, "3004 8202c3a9")
VALUE(san_directory, FORGE_SAN, "3011 a40f 300d 310b 3009 0603550403 0c024142")
VALUE(san_other, FORGE_SAN, "300b a009 06022a03 a0030c0161")
VALUE(san_other_deep, FORGE_SAN, "300a a008 06022a03 a0023000")
VALUE(ian_empty, FORGE_IAN, "3000")

VALUE(crl_none, FORGE_CRL_POINTS, "3000")
VALUE(crl_empty_point, FORGE_CRL_POINTS, "30023000")
VALUE(crl_reasons, FORGE_CRL_POINTS, "300d 300b a005 a003 860161 81020101")
VALUE(crl_issuer, FORGE_CRL_POINTS, "300e 300c a005 a003 860161 a203 860161")
VALUE(crl_relative, FORGE_CRL_POINTS, "3011 300f a00d a10b 3009 0603550403 "
                                      "0c024142")
VALUE(crl_no_names, FORGE_CRL_POINTS, "3006 3004 a002 a000")

static const struct row {
    const char *name;
    void (*how)(forge *f);
    yao_status want;
    uint32_t   deviations;
} rows[] = {
    {"refuses a certificate without extensions", no_extensions,
     YAO_E_TRUNCATED, 0},
    {"refuses an empty list of extensions", empty_extensions, YAO_E_TRUNCATED,
     0},
    {"refuses a unique identifier", unique_id, YAO_E_MALFORMED, 0},
    {"refuses an unknown critical extension (N108)", unknown_critical,
     YAO_E_PROFILE, 0},
    {"accepts an unknown extension that is not critical", unknown, YAO_OK, 0},
    {"refuses an unknown extension twice", unknown_twice, YAO_E_DUPLICATE, 0},
    {"refuses critical policies", policies_critical, YAO_E_PROFILE, 0},
    {"refuses the same purposes twice", eku_twice, YAO_E_DUPLICATE, 0},
    {"refuses a CA that takes it back", constraints_twice, YAO_E_DUPLICATE, 0},
    {"accepts 32 extensions", extensions_32, YAO_OK, 0},
    {"refuses 33 extensions (N111)", extensions_33, YAO_E_LIMIT, 0},
    {"refuses a critical SKI", ski_critical, YAO_E_PROFILE, 0},
    {"refuses a critical AKI", aki_critical, YAO_E_PROFILE, 0},
    {"refuses a critical IssuerAltName", ian_critical, YAO_E_PROFILE, 0},
    {"refuses a critical CRL point", crl_critical, YAO_E_PROFILE, 0},
    {"accepts a critical SubjectAltName", san_critical, YAO_OK, 0},
    {"accepts FALSE written out, with a note", false_written, YAO_OK,
     YAO_DEV_ENCODING},
    {"refuses TRUE as 01", true_as_one, YAO_E_MALFORMED, 0},
    {"refuses name constraints (N108)", name_constraints, YAO_E_PROFILE, 0},
    {"refuses policy mappings (N111)", policy_mappings, YAO_E_PROFILE, 0},
    {"refuses policy constraints (N111)", policy_constraints, YAO_E_PROFILE,
     0},
    {"refuses a freshest CRL", freshest_crl, YAO_E_PROFILE, 0},
    {"refuses inhibitAnyPolicy", inhibit_any, YAO_E_PROFILE, 0},
    {"refuses address blocks", ip_blocks, YAO_E_PROFILE, 0},
    {"refuses system numbers", as_blocks, YAO_E_PROFILE, 0},
    {"refuses a proxy certificate", proxy, YAO_E_PROFILE, 0},
    {"refuses a Netscape type", netscape, YAO_E_PROFILE, 0},

    {"refuses a key usage without bits", usage_none, YAO_E_MALFORMED, 0},
    {"refuses a key usage of zeros", usage_zero, YAO_E_MALFORMED, 0},
    {"refuses a key usage of three bytes", usage_three, YAO_E_MALFORMED, 0},
    {"refuses a tenth key usage", usage_ten, YAO_E_MALFORMED, 0},
    {"accepts zero bits at the end, with a note", usage_untrimmed, YAO_OK,
     YAO_DEV_ENCODING},
    {"accepts a zero byte at the end, with a note", usage_untrimmed_2, YAO_OK,
     YAO_DEV_ENCODING},
    {"accepts the ninth key usage", usage_decipher, YAO_OK, 0},
    {"refuses a key usage in octets", usage_octets, YAO_E_MALFORMED, 0},
    {"refuses bytes behind the key usage", usage_twice, YAO_E_TRAILING, 0},

    {"refuses CA constraints that are not critical", ca_not_critical,
     YAO_E_PROFILE, 0},
    {"refuses a path length without CA", no_ca_path, YAO_E_PROFILE, 0},
    {"accepts empty constraints", no_ca, YAO_OK, 0},
    {"accepts CA:FALSE written out, with a note", no_ca_written, YAO_OK,
     YAO_DEV_ENCODING},
    {"refuses a third constraint", ca_third, YAO_E_TRAILING, 0},
    {"refuses a negative path length", ca_negative, YAO_E_MALFORMED, 0},
    {"refuses a path length of 2^31", ca_huge, YAO_E_MALFORMED, 0},
    {"accepts a path length of 2^31 - 1", ca_big, YAO_OK, 0},

    {"refuses no purpose at all", purpose_none, YAO_E_TRUNCATED, 0},
    {"refuses a purpose in words", purpose_text, YAO_E_MALFORMED, 0},
    {"refuses something behind the purposes", purpose_behind, YAO_E_TRAILING,
     0},

    {"refuses an empty SKI", ski_empty, YAO_E_MALFORMED, 0},
    {"refuses a SKI of bits", ski_bits, YAO_E_MALFORMED, 0},
    {"accepts an empty AKI", aki_empty, YAO_OK, 0},
    {"refuses an AKI of an empty key identifier", aki_no_id, YAO_E_MALFORMED,
     0},
    {"refuses an AKI with a serial", aki_serial, YAO_E_PROFILE, 0},
    {"refuses an AKI with an issuer", aki_issuer, YAO_E_PROFILE, 0},
    {"refuses an AKI with something else", aki_third, YAO_E_TRAILING, 0},

    {"refuses an empty SubjectAltName", san_empty, YAO_E_TRUNCATED, 0},
    {"refuses an unknown kind of name", san_tag, YAO_E_MALFORMED, 0},
    {"refuses an X.400 address", san_x400, YAO_E_MALFORMED, 0},
    {"refuses an address of five bytes", san_ip5, YAO_E_MALFORMED, 0},
    {"accepts an address of four bytes", san_ip4, YAO_OK, 0},
    {"refuses a NUL in a DNS name", san_nul, YAO_E_MALFORMED, 0},
    {"refuses a DNS name that is not ASCII (N111)", san_not_ascii,
     YAO_E_MALFORMED, 0},
    {"accepts a directory name", san_directory, YAO_OK, 0},
    {"accepts another name that is a string", san_other, YAO_OK, 0},
    {"refuses another name that is none", san_other_deep, YAO_E_MALFORMED, 0},
    {"refuses an empty IssuerAltName", ian_empty, YAO_E_TRUNCATED, 0},

    {"refuses CRL points without a point", crl_none, YAO_E_TRUNCATED, 0},
    {"refuses a CRL point without a name", crl_empty_point, YAO_E_TRUNCATED,
     0},
    {"refuses a CRL for some reasons only", crl_reasons, YAO_E_TRAILING, 0},
    {"refuses a CRL of another issuer", crl_issuer, YAO_E_TRAILING, 0},
    {"refuses a relative CRL point", crl_relative, YAO_E_MALFORMED, 0},
    {"refuses an empty name of a CRL point", crl_no_names, YAO_E_TRUNCATED,
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

static const struct {
    const char *oid; /* in hex */
    uint16_t    bit;
} purposes[] = {
    {"28818c5d050102", YAO_EKU_ISO_DS},
    {"28818c5d050104", YAO_EKU_IACA},
    {"28818c5d050106", YAO_EKU_ISO_READER},
    {"28818c5d050107", YAO_EKU_IACA},
    {"28818c5d050108", YAO_EKU_ISO_VICAL},
    {"2881b534040102", YAO_EKU_ID_DS},
    {"2881b534040104", YAO_EKU_IACA},
    {"2881b534040106", YAO_EKU_ID_READER},
    {"2881b534040107", YAO_EKU_IACA},
    {"2881b534040108", YAO_EKU_ID_VICAL},
    {"28818c5d050103", YAO_EKU_OTHER},
    {"2b06010505070301", YAO_EKU_INTERNET}, /* serverAuth */
    {"2b06010505070309", YAO_EKU_INTERNET}, /* OCSPSigning */
    {"2b0601050507030a", YAO_EKU_OTHER},
    {"2b060105050703", YAO_EKU_OTHER},
    {"2b0601050507030101", YAO_EKU_OTHER},
    {"551d2500", YAO_EKU_OTHER},         /* any */
};

static void all_purposes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(purposes); i++) {
        forge           f;
        yao_certificate c;
        yao_bytes       oid = test_unhex(purposes[i].oid);

        forge_open(&f, signer_certificate());
        forge_find(&f, FORGE_EKU)->value = forge_element(
            YAO_DER_SEQUENCE, forge_element(YAO_DER_OID, oid));
        assert_status(yao_x509_read(forge_close(&f, forge_key(0)), &c),
                      YAO_OK);
        assert_int_equal(c.eku, purposes[i].bit);
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("extension", rows[i].name, one_change, &rows[i]);
    test_add("extension", "gives every purpose its bit", all_purposes, NULL);
    return test_run("x509/extensions");
}
