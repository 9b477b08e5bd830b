/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai verify` on documents that other people made: ISO/IEC 18013-5 annex
 *  D, RFC 9901, SD-JWT VC; and each after one changed byte. */

#include "check.h"

#include <stdio.h>

#include "app/files.h"
#include "app/pem.h"
#include "json/json.h"
#include "mdoc_fixture.h"
#include "journey.h"

#define ISSUER_JWK                                                             \
    "{\"kty\":\"EC\",\"crv\":\"P-256\","                                        \
    "\"x\":\"b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ\","                     \
    "\"y\":\"Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8\"}"

#define RFC "%/sd-jwt-rfc9901/serialized/"
#define VC  "%/sd-jwt-vc/serialized/"
#define ISO "%/iso18013-5-annexD-multipaz/"

#define ISO_INPUTS                                                             \
    "--trust @/ds.pem --at 2020-12-01T00:00:00Z --session-transcript " ISO     \
    "session_transcript_bytes.cbor "
#define KB_OF_2025 "--at 2025-05-29T16:41:05Z --nonce 1234567890 "

static const struct {
    const char *name;
    const char *line;
    int         code;
    const char *says;
} lines[] = {
    {"accepts annex D with the reader's key",
     "verify " ISO_INPUTS "--reader-key @/reader.pem " ISO
     "device_response.cbor", 0, "ACCEPT"},
    {"never accepts annex D without the reader's key",
     "verify " ISO_INPUTS ISO "device_response.cbor", 5, "INDETERMINATE"},
    {"never accepts annex D without its transcript",
     "verify --trust @/ds.pem --at 2020-12-01T00:00:00Z " ISO
     "device_response.cbor", 5, "INDETERMINATE"},
    {"refuses annex D with another reader's key",
     "verify " ISO_INPUTS "--reader-key @/other.pem " ISO
     "device_response.cbor", 3, "REJECT"},
    {"refuses annex D when nobody is trusted (N099)",
     "verify --at 2020-12-01T00:00:00Z --reader-key @/reader.pem "
     "--session-transcript " ISO "session_transcript_bytes.cbor " ISO
     "device_response.cbor", 3, "issuer_anchors"},
    {"refuses annex D a year later",
     "verify --trust @/ds.pem --at 2022-12-01T00:00:00Z "
     "--reader-key @/reader.pem --session-transcript " ISO
     "session_transcript_bytes.cbor " ISO "device_response.cbor", 3, "EXPIRED"},
    {"accepts annex D strictly: its certificate keeps annex B",
     "verify --strict " ISO_INPUTS "--reader-key @/reader.pem " ISO
     "device_response.cbor", 0, "ACCEPT"},
    {"refuses annex D as another format",
     "verify --format mdoc-issuer-signed " ISO_INPUTS ISO
     "device_response.cbor", 2, "REJECT"},
    {"gives JSON to programs",
     "verify --json " ISO_INPUTS "--reader-key @/reader.pem " ISO
     "device_response.cbor", 0,
     "{\"verdict\":\"accept\",\"authentic\":true,"
     "\"format\":\"mdoc-device-response\""},

    {"accepts RFC 9901 5.1", "verify --trust @/issuer.jwk " RFC
     "02_5_1_Issuance.txt", 0, "ACCEPT"},
    {"accepts RFC 9901 5.2 with its holder",
     "verify --trust @/issuer.jwk " KB_OF_2025
     "--audience https://verifier.example.org " RFC "03_5_2_Presentation.txt",
     0, "ACCEPT"},
    {"refuses RFC 9901 5.2 for another nonce (N077)",
     "verify --trust @/issuer.jwk --at 2025-05-29T16:41:05Z --nonce 1234567891 "
     "--audience https://verifier.example.org " RFC "03_5_2_Presentation.txt",
     3, "kb_nonce"},
    {"refuses RFC 9901 5.2 for another audience (N076)",
     "verify --trust @/issuer.jwk " KB_OF_2025
     "--audience https://verifier.example.com " RFC "03_5_2_Presentation.txt",
     3, "kb_audience"},
    {"refuses RFC 9901 5.2 an hour later (N078)",
     "verify --trust @/issuer.jwk --at 2025-05-29T17:41:05Z --nonce 1234567890 "
     "--audience https://verifier.example.org " RFC "03_5_2_Presentation.txt",
     3, "kb_time"},
    {"never accepts a holder's signature that was not checked (N072)",
     "verify --trust @/issuer.jwk " RFC "03_5_2_Presentation.txt", 5,
     "INDETERMINATE"},
    {"refuses RFC 9901 5.1 without a holder where one is asked for (N071)",
     "verify --trust @/issuer.jwk " KB_OF_2025
     "--audience https://verifier.example.org " RFC "02_5_1_Issuance.txt", 3,
     "kb_present"},
    {"refuses RFC 9901 5.1 without a holder where a session was held (N071)",
     "verify --trust @/issuer.jwk --session-transcript " ISO
     "session_transcript_bytes.cbor " RFC "02_5_1_Issuance.txt", 3,
     "kb_present"},
    {"refuses RFC 9901 5.1 when nobody is trusted (N099)",
     "verify " RFC "02_5_1_Issuance.txt", 3, "issuer_anchors"},
    {"refuses a bare JWT without its tilde (N054)",
     "verify --trust @/issuer.jwk " RFC "01_5_1_Issuance.txt", 2, "REJECT"},
    {"refuses RFC 9901 5.1 as an SD-JWT VC",
     "verify --format sd-jwt-vc --trust @/issuer.jwk " RFC
     "02_5_1_Issuance.txt", 3, "type_header"},
    {"accepts RFC 9901 A.1", "verify --trust @/issuer.jwk " RFC
     "04_A_1_Simple_Structured_SD_JWT.txt", 0, "ACCEPT"},
    {"gives people the letters, not their escapes",
     "verify --trust @/issuer.jwk " RFC "04_A_1_Simple_Structured_SD_JWT.txt",
     0, "港区"},
    {"accepts RFC 9901 A.2", "verify --trust @/issuer.jwk " RFC
     "05_A_2_Complex_Structured_SD_JWT.txt", 0, "ACCEPT"},
    {"accepts RFC 9901 A.3 as issued", "verify --trust @/issuer.jwk " RFC
     "06_A_3_SD_JWT_based_Verifiable_Credentials_SD_JWT_VC.txt", 0,
     "sd-jwt-vc"},
    {"accepts RFC 9901 A.3 as shown",
     "verify --trust @/issuer.jwk " KB_OF_2025
     "--audience https://verifier.example.org " RFC
     "07_A_3_SD_JWT_based_Verifiable_Credentials_SD_JWT_VC.txt", 0, "ACCEPT"},
    {"accepts RFC 9901 A.4 as issued", "verify --trust @/issuer.jwk " RFC
     "08_A_4_W3C_Verifiable_Credentials_Data_Model_v2_0.txt", 0, "ACCEPT"},
    {"accepts RFC 9901 A.4 as shown",
     "verify --trust @/issuer.jwk " KB_OF_2025
     "--audience https://verifier.example.org " RFC
     "09_A_4_W3C_Verifiable_Credentials_Data_Model_v2_0.txt", 0, "ACCEPT"},

    {"accepts SD-JWT VC 2.3.1", "verify --trust @/issuer.jwk " VC
     "01_2_3_1_Issuance.txt", 0, "ACCEPT"},
    {"accepts SD-JWT VC 2.3.2 with its holder",
     "verify --trust @/issuer.jwk --at 1787325881 --nonce 1234567890 "
     "--audience https://example.com/verifier " VC "02_2_3_2_Presentation.txt",
     0, "ACCEPT"},
    {"accepts SD-JWT VC 2.3.2 without key binding",
     "verify --trust @/issuer.jwk " VC "03_2_3_2_Presentation.txt", 0,
     "ACCEPT"},
    {"accepts the PID of SD-JWT VC A.1", "verify --trust @/issuer.jwk " VC
     "04_A_1_Example_Person_Identification_Data_PID_Credent.txt", 0, "ACCEPT"},
    {"accepts the PID of SD-JWT VC A.1 with its holder",
     "verify --trust @/issuer.jwk --at 1787325881 --nonce 1234567890 "
     "--audience https://example.com/verifier " VC
     "05_A_1_Example_Person_Identification_Data_PID_Credent.txt", 0, "ACCEPT"},

    {"refuses one bad file among good ones",
     "verify --trust @/issuer.jwk " RFC "02_5_1_Issuance.txt " RFC
     "01_5_1_Issuance.txt", 2, "ACCEPT"},
    {"refuses a file that is not there", "verify @/nothing", 7, "nothing"},
    {"refuses an empty file", "verify @/empty", 2, "REJECT"},
    {"refuses to be used without a file", "verify", 1, "FILE"},
    {"refuses an unknown option", "verify --trsut x y", 1, "--trsut"},
    {"refuses an unknown format", "verify --format pdf @/empty", 1, "pdf"},
    {"refuses a nonce without an audience", "verify --nonce 1 @/empty", 1,
     "--audience"},
    {"refuses a moment that is none", "verify --at yesterday @/empty", 1,
     "--at"},
    {"refuses an unknown profile", "verify --profile nosy @/empty", 1, "nosy"},
    {"speaks Chinese", "verify --lang zh --trust @/issuer.jwk " RFC
     "02_5_1_Issuance.txt", 0, "通过"},
};

/* SEC 1 ECPrivateKey with the curve: what `openssl ec` writes. */
static void write_key(const char *name, yao_bytes scalar)
{
    uint8_t    der[128], pem[512];
    yao_writer w = yao_writer_open(der, sizeof der);
    yao_writer p = yao_writer_open(pem, sizeof pem);

    yao_put_bytes(&w, YAO_LIT("\x30\x31\x02\x01\x01\x04\x20"));
    yao_put_bytes(&w, scalar);
    yao_put_bytes(&w, YAO_LIT("\xa0\x0a\x06\x08\x2a\x86\x48\xce\x3d\x03\x01"
                              "\x07"));
    yao_pem_put(&p, "EC PRIVATE KEY", (yao_bytes){der, w.len});
    test_write(name, (yao_bytes){pem, p.len});
}

static void write_inputs(void)
{
    const yao_json *annex;
    yao_text        scalar;
    uint8_t         pem[2048];
    yao_writer      w = yao_writer_open(pem, sizeof pem);

    yao_pem_put(&w, "CERTIFICATE",
                test_vector("iso18013-5-annexD-multipaz/ds_cert.der"));
    test_write("ds.pem", (yao_bytes){pem, w.len});
    test_write("issuer.jwk", YAO_LIT(ISSUER_JWK));
    if (yao_json_parse(test_arena(),
                       test_vector("iso18013-5-annexD-multipaz/annex_d.json"),
                       &annex) != YAO_OK ||
        yao_json_string(
            yao_json_get(annex, "ISO_18013_5_ANNEX_D_EPHEMERAL_READER_KEY_D"),
            test_arena(), &scalar) != YAO_OK)
        abort();

    char hex[65];
    memcpy(hex, scalar.ptr, 64);
    hex[64] = '\0';
    write_key("reader.pem", test_unhex(hex));
    hex[0] ^= 1; /* another key, as good as any */
    write_key("other.pem", test_unhex(hex));
}

static void verify_line(void **state)
{
    size_t             i = *(const size_t *)*state;
    const test_output *output;

    if (strchr(lines[i].line, '%') != NULL && !test_have_vectors())
        skip();
    output = test_type(lines[i].line);
    if (output->code != lines[i].code || !test_said(lines[i].says))
        print_message("%s\n", output->out);
    assert_int_equal(output->code, lines[i].code);
    assert_true(test_said(lines[i].says));
}

/* One byte of every 97 in what is signed; all of them are tried on the library
 * (core/mdoc, core/sdjwt), here it is the program's answer that counts. */
static void change_bytes(const char *vector, const char *line, size_t from,
                         size_t to)
{
    yao_bytes good = test_vector(vector);
    uint8_t  *bad  = yao_arena_take(test_arena(), good.len);

    memcpy(bad, good.ptr, good.len);
    if (to > good.len)
        to = good.len;
    for (size_t at = from; at < to; at += 97) {
        bad[at] ^= 1;
        test_write("changed", (yao_bytes){bad, good.len});
        bad[at] ^= 1;

        const test_output *output = test_type(line);
        if (output->code != 3 && output->code != 2)
            print_message("byte %zu: %s\n", at, output->out);
        assert_in_range(output->code, 2, 3);
    }
}

static void changed_mdoc(void **state)
{
    (void)state;
    if (!test_have_vectors())
        skip();
    change_bytes("iso18013-5-annexD-multipaz/device_response.cbor",
                 "verify " ISO_INPUTS "--reader-key @/reader.pem @/changed",
                 100, SIZE_MAX);
}

/* An unverified docType is printed too: it must not be able to clear the screen
 * and write a verdict of its own. */
static void speaks_for_itself(void **state)
{
    yao_bytes type = YAO_LIT("\x6a\x1b[2JACCEPT");
    yao_bytes bad  = cbor_set(mdoc_fixture_signed(), MDOC_MSO("docType"), type);

    (void)state;
    test_write("loud", bad);
    const test_output *output = test_type("verify @/loud");
    assert_int_equal(output->code, 3);
    assert_true(test_said("?[2JACCEPT"));
    assert_null(strchr(output->out, '\x1b'));
}

/* U+009B begins a command to a terminal as ESC [ does; JSON lets it stand. */
static void inspects_quietly(void **state)
{
    (void)state;
    test_write("loud", YAO_LIT("{\"a\":\"\xc2\x9b"
                               "2J\x7f\"}"));
    const test_output *output = test_type("inspect @/loud");
    assert_int_equal(output->code, 0);
    assert_true(test_said("\"a\": \"?2J?\""));
    assert_null(strchr(output->out, '\x7f'));
}

static void changed_token(void **state)
{
    (void)state;
    if (!test_have_vectors())
        skip();
    change_bytes("sd-jwt-rfc9901/serialized/02_5_1_Issuance.txt",
                 "verify --trust @/issuer.jwk @/changed", 0, 1900);
}

int main(void)
{
    static size_t numbers[COUNT(lines)];

    test_write("empty", YAO_LIT(""));
    if (test_have_vectors())
        write_inputs();
    for (size_t i = 0; i < COUNT(lines); i++) {
        numbers[i] = i;
        test_add("verify", lines[i].name, verify_line, &numbers[i]);
    }
    test_add("verify", "refuses annex D with a changed byte", changed_mdoc,
             NULL);
    test_add("verify", "refuses RFC 9901 5.1 with a changed byte",
             changed_token, NULL);

    test_add("verify", "never prints a control character of a document",
             speaks_for_itself, NULL);
    test_add("inspect", "never prints a control character of a document",
             inspects_quietly, NULL);

    int code = test_run("journeys/verify");
    test_scratch_remove();
    return code;
}
