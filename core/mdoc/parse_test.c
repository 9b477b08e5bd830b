/* SPDX-License-Identifier: Apache-2.0 */

/* What the parser alone refuses: misuse group A, and each error that
 * yao_mdoc_parse_response() lists. Every message is signed again after the
 * change, so that nothing but its shape is wrong. */

#include "mdoc_case.h"

#define ITEM MDOC_ITEMS "/0/*/"
#define SET  MDOC_SET
#define DEL  MDOC_REMOVE
#define ADD  MDOC_ADD
#define KEY  "deviceKeyInfo/deviceKey/"

#define R15 "0123456789abcde"

/* clang-format off */
static const mdoc_case cases[] = {
    {.name = "accepts a response with a signature"},

    /* DeviceResponse */
    {"refuses version 2.0 (N017)",
     {{SET, "version", YAO_INIT("\x63" "2.0")}}, .parsed = YAO_E_MALFORMED},
    {"refuses a missing version (N017)",
     {{DEL, "version", YAO_INIT("")}}, .parsed = YAO_E_MALFORMED},
    {"refuses version 1.0 with a NUL behind (N017)",
     {{SET, "version", YAO_INIT("\x64" "1.0\0")}}, .parsed = YAO_E_MALFORMED},
    {"refuses version 1", {{SET, "version", YAO_INIT("\x61" "1")}},
     .parsed = YAO_E_MALFORMED},
    {"refuses version 10.0", {{SET, "version", YAO_INIT("\x64" "10.0")}},
     .parsed = YAO_E_MALFORMED},
    {"accepts version 1.1, a later minor one",
     {{SET, "version", YAO_INIT("\x63" "1.1")}}, .parsed = YAO_OK},
    {"refuses a missing status (N017)", {{DEL, "status", YAO_INIT("")}},
     .parsed = YAO_E_MALFORMED},
    {"accepts document errors and keys of later editions",
     {{ADD, "", YAO_INIT("\x6e" "documentErrors" "\x81\xa1\x61x\x00")},
      {ADD, "", YAO_INIT("\x61y\x80")}}, .parsed = YAO_OK},
    {"refuses a key twice", {{ADD, "", YAO_INIT("\x66" "status" "\x00")}},
     .parsed = YAO_E_DUPLICATE},
    {"refuses an unknown key twice",
     {{ADD, "", YAO_INIT("\x61y\x80")}, {ADD, "", YAO_INIT("\x61y\x80")}},
     .parsed = YAO_E_DUPLICATE},
    {"refuses documents that are no array",
     {{SET, "documents", YAO_INIT("\xa0")}}, .parsed = YAO_E_MALFORMED},

    /* Document */
    {"refuses a document without docType",
     {{DEL, MDOC_DOC "/docType", YAO_INIT("")}}, .parsed = YAO_E_MALFORMED},
    {"refuses a document without issuerSigned",
     {{DEL, MDOC_DOC "/issuerSigned", YAO_INIT("")}},
     .parsed = YAO_E_MALFORMED},
    {"refuses a docType of broken UTF-8 (N019)",
     {{SET, MDOC_DOC "/docType", YAO_INIT("\x62\xc3\x28")}},
     .parsed = YAO_E_UTF8},
    {"refuses deviceSigned without nameSpaces",
     {{DEL, MDOC_DEVICE "/nameSpaces", YAO_INIT("")}},
     .parsed = YAO_E_MALFORMED},
    {"refuses device nameSpaces that are not wrapped",
     {{SET, MDOC_DEVICE "/nameSpaces", YAO_INIT("\xa0")}},
     .parsed = YAO_E_MALFORMED},
    {"refuses a byte behind the device nameSpaces",
     {{SET, MDOC_DEVICE "/nameSpaces", YAO_INIT("\xd8\x18\x42\xa0\x00")}},
     .parsed = YAO_E_TRAILING},
    {"refuses cut device nameSpaces",
     {{SET, MDOC_DEVICE "/nameSpaces", YAO_INIT("\xd8\x18\x41\xa1")}},
     .parsed = YAO_E_TRUNCATED},
    {"refuses a device namespace twice",
     {{SET, MDOC_DEVICE "/nameSpaces",
       YAO_INIT("\xd8\x18\x47\xa2\x61x\xa0\x61x\xa0")}},
     .parsed = YAO_E_DUPLICATE},
    {"refuses a device element twice",
     {{SET, MDOC_DEVICE "/nameSpaces",
       YAO_INIT("\xd8\x18\x4a\xa1\x61x\xa2\x61y\x01\x61y\x02")}},
     .parsed = YAO_E_DUPLICATE},
    {"refuses signature and MAC together (N037)",
     {{ADD, MDOC_DEVICE "/deviceAuth",
       YAO_INIT("\x69" "deviceMac" "\x84\x43\xa1\x01\x05\xa0\xf6\x40")}},
     .parsed = YAO_E_MALFORMED},
    {"refuses an unknown third way (N037)",
     {{SET, MDOC_DEVICE "/deviceAuth",
       YAO_INIT("\xa1\x69" "deviceZkp" "\x84\x40\xa0\xf6\x40")}},
     .parsed = YAO_E_MALFORMED},
    {"refuses an empty deviceAuth (N036)",
     {{SET, MDOC_DEVICE "/deviceAuth", YAO_INIT("\xa0")}},
     .parsed = YAO_E_MALFORMED},
    {"refuses a device signature that brings its payload",
     {{SET, MDOC_DEVICE "/deviceAuth/deviceSignature/2", YAO_INIT("\x41x")}},
     .parsed = YAO_E_MALFORMED},

    /* IssuerSigned */
    {"refuses a missing issuerAuth", {{DEL, MDOC_AUTH, YAO_INIT("")}},
     .parsed = YAO_E_MALFORMED},
    {"refuses a detached payload in issuerAuth (N012)",
     {{SET, MDOC_AUTH "/2", YAO_INIT("\xf6")}}, .parsed = YAO_E_MALFORMED},
    {"refuses a payload that is not wrapped",
     {{SET, MDOC_AUTH "/2", YAO_INIT("\x41\xa0")}},
     .parsed = YAO_E_MALFORMED},
    {"refuses alg in the unprotected header only (N008)",
     {{SET, MDOC_AUTH "/0", YAO_INIT("\x41\xa0")},
      {ADD, MDOC_AUTH "/1", YAO_INIT("\x01\x26")}},
     .parsed = YAO_E_HEADER},
    {"refuses alg in both headers (N007)",
     {{ADD, MDOC_AUTH "/1", YAO_INIT("\x01\x26")}}, .parsed = YAO_E_HEADER},
    {"refuses alg twice (N006)",
     {{SET, MDOC_AUTH "/0", YAO_INIT("\x45\xa2\x01\x26\x01\x27")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_HEADER},
    {"refuses crit (N010)",
     {{SET, MDOC_AUTH "/0",
       YAO_INIT("\x4a\xa2\x01\x26\x02\x81\x19\x04\x00\x19")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_HEADER},
    {"refuses a namespace twice",
     {{ADD, MDOC_IN "nameSpaces", YAO_INIT("\x71" MDOC_SPACE "\x80")}},
     .parsed = YAO_E_DUPLICATE},
    {"accepts an issuer-signed map without namespaces",
     {{DEL, MDOC_IN "nameSpaces", YAO_INIT("")}}, .parsed = YAO_OK},
    {"accepts an empty map of namespaces",
     {{SET, MDOC_IN "nameSpaces", YAO_INIT("\xa0")}}, .parsed = YAO_OK},

    /* IssuerSignedItem */
    {"refuses an item that is not wrapped (N014)",
     {{SET, MDOC_ITEMS "/0", YAO_INIT("\xa0")}}, .parsed = YAO_E_MALFORMED},
    {"refuses an item in a bstr without tag (N014)",
     {{SET, MDOC_ITEMS "/0", YAO_INIT("\x41\xa0")}},
     .parsed = YAO_E_MALFORMED},
    {"refuses an item under another tag (N014)",
     {{SET, MDOC_ITEMS "/0", YAO_INIT("\xd8\x19\x41\xa0")}},
     .parsed = YAO_E_MALFORMED},
    {"refuses an item without digestID", {{DEL, ITEM "digestID", YAO_INIT("")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses an item without random", {{DEL, ITEM "random", YAO_INIT("")}},
     .again = MDOC_REDIGEST | MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses an item without element",
     {{DEL, ITEM "elementIdentifier", YAO_INIT("")}},
     .again = MDOC_REDIGEST | MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses an item without value",
     {{DEL, ITEM "elementValue", YAO_INIT("")}},
     .again = MDOC_REDIGEST | MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses an element with two values",
     {{ADD, MDOC_ITEMS "/0/*", YAO_INIT("\x6c" "elementValue" "\x61x")}},
     .again = MDOC_REDIGEST | MDOC_RESIGN, .parsed = YAO_E_DUPLICATE},
    {"accepts an item with a key of a later edition",
     {{ADD, MDOC_ITEMS "/0/*", YAO_INIT("\x61x\x01")}},
     .again = MDOC_REDIGEST | MDOC_RESIGN},
    {"refuses an element name of broken UTF-8 (N019)",
     {{SET, ITEM "elementIdentifier", YAO_INIT("\x62\xc3\x28")}},
     .again = MDOC_REDIGEST | MDOC_RESIGN, .parsed = YAO_E_UTF8},
    {"refuses a value with a key twice",
     {{SET, ITEM "elementValue", YAO_INIT("\xa2\x61x\x01\x61x\x02")}},
     .again = MDOC_REDIGEST | MDOC_RESIGN, .parsed = YAO_E_DUPLICATE},
    {"refuses a byte behind an item",
     {{SET, MDOC_ITEMS "/0", YAO_INIT("\xd8\x18\x42\xa0\x00")}},
     .parsed = YAO_E_MALFORMED},

    /* the same element, the same digestID */
    {"refuses an element twice in a namespace (N016)",
     {{SET, MDOC_ITEMS "/1/*/elementIdentifier",
       YAO_INIT("\x6b" "family_name")}},
     .again = MDOC_REDIGEST | MDOC_RESIGN, .parsed = YAO_E_DUPLICATE},
    {"accepts an element once in each of two namespaces (N016)",
     {{SET, MDOC_IN "nameSpaces/" MDOC_OURS "/0/*/elementIdentifier",
       YAO_INIT("\x6b" "family_name")}},
     .again = MDOC_REDIGEST | MDOC_RESIGN},

    /* MobileSecurityObject */
    {"refuses MSO version 1.1 (N033)",
     {{SET, MDOC_MSO("version"), YAO_INIT("\x63" "1.1")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses MSO version 2.0 (N033)",
     {{SET, MDOC_MSO("version"), YAO_INIT("\x63" "2.0")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses an MSO version that is a number (N033)",
     {{SET, MDOC_MSO("version"), YAO_INIT("\x01")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses a missing MSO version (N033)",
     {{DEL, MDOC_MSO("version"), YAO_INIT("")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses docType twice in the MSO (N005)",
     {{ADD, MDOC_AUTH "/2/*/*", YAO_INIT("\x67" "docType" "\x61x")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_DUPLICATE},
    {"accepts a key of a later edition in the MSO",
     {{ADD, MDOC_AUTH "/2/*/*", YAO_INIT("\x61x\x01")}}, .again = MDOC_RESIGN},
    {"refuses an MSO without docType",
     {{DEL, MDOC_MSO("docType"), YAO_INIT("")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses an MSO without dates",
     {{DEL, MDOC_MSO("validityInfo"), YAO_INIT("")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses a date of month 13 (N020)",
     {{SET, MDOC_MSO("validityInfo/signed"),
       YAO_INIT("\xc0\x74" "2026-13-40T00:00:00Z")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses a byte behind the MSO",
     {{SET, MDOC_AUTH "/2/*", YAO_INIT("\xd8\x18\x42\xa0\x00")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},

    /* digests */
    {"refuses digestAlgorithm MD5 (N025)",
     {{SET, MDOC_MSO("digestAlgorithm"), YAO_INIT("\x63" "MD5")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_ALGORITHM},
    {"refuses digestAlgorithm SHA-1 (N025)",
     {{SET, MDOC_MSO("digestAlgorithm"), YAO_INIT("\x65" "SHA-1")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_ALGORITHM},
    {"refuses digestAlgorithm sha-256 in small letters (N025)",
     {{SET, MDOC_MSO("digestAlgorithm"), YAO_INIT("\x67" "sha-256")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_ALGORITHM},
    {"refuses a missing digestAlgorithm (N025)",
     {{DEL, MDOC_MSO("digestAlgorithm"), YAO_INIT("")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses a missing valueDigests",
     {{DEL, MDOC_MSO("valueDigests"), YAO_INIT("")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses a digestID twice in the MSO (N005)",
     {{ADD, MDOC_MSO("valueDigests/" MDOC_SPACE), YAO_INIT("\x00\x41x")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_DUPLICATE},
    {"refuses a namespace twice in the MSO (N005)",
     {{ADD, MDOC_MSO("valueDigests"), YAO_INIT("\x71" MDOC_SPACE "\xa0")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_DUPLICATE},
    {"refuses a digestID of 2^31 in the MSO when strict",
     {{ADD, MDOC_MSO("valueDigests/" MDOC_SPACE),
       YAO_INIT("\x1a\x80\x00\x00\x00\x41x")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED, .strict = true},
    {"refuses a digestID of 2^32 in the MSO",
     {{ADD, MDOC_MSO("valueDigests/" MDOC_SPACE),
       YAO_INIT("\x1b\x00\x00\x00\x01\x00\x00\x00\x00\x41x")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"accepts a digestID of 2^31 - 1 in the MSO",
     {{ADD, MDOC_MSO("valueDigests/" MDOC_SPACE),
       YAO_INIT("\x1a\x7f\xff\xff\xff\x41x")}}, .again = MDOC_RESIGN},
    {"refuses a digest that is no bstr",
     {{SET, MDOC_MSO("valueDigests/" MDOC_SPACE "/#"), YAO_INIT("\x61x")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},

    /* the device key */
    {"refuses a missing deviceKeyInfo (N034)",
     {{DEL, MDOC_MSO("deviceKeyInfo"), YAO_INIT("")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses a missing deviceKey (N034)",
     {{DEL, MDOC_MSO("deviceKeyInfo/deviceKey"), YAO_INIT("")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses an OKP device key (N034)",
     {{SET, MDOC_MSO(KEY "1"), YAO_INIT("\x01")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_KEY},
    {"refuses a device key on an unknown curve (N034)",
     {{SET, MDOC_MSO(KEY "-1"), YAO_INIT("\x08")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_KEY},
    {"refuses a device key without y, infinity (N034)",
     {{DEL, MDOC_MSO(KEY "-3"), YAO_INIT("")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_KEY},
    {"refuses a short coordinate (N034)",
     {{SET, MDOC_MSO(KEY "-2"), YAO_INIT("\x41x")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_KEY},
    {"refuses a private part (N034)",
     {{ADD, MDOC_MSO("deviceKeyInfo/deviceKey"), YAO_INIT("\x23\x41x")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_KEY},
    {"accepts keyInfo",
     {{ADD, MDOC_MSO("deviceKeyInfo"), YAO_INIT("\x67" "keyInfo" "\xa1\x01\x02")}},
     .again = MDOC_RESIGN},
    {"refuses keyAuthorizations of another shape",
     {{ADD, MDOC_MSO("deviceKeyInfo"),
       YAO_INIT("\x71" "keyAuthorizations" "\x80")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses keyAuthorizations with a namespace twice",
     {{ADD, MDOC_MSO("deviceKeyInfo"),
       YAO_INIT("\x71" "keyAuthorizations" "\xa1\x6c" "dataElements"
                "\xa2\x61x\x81\x61y\x61x\x81\x61y")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_DUPLICATE},

    /* status */
    {"refuses a status list without uri",
     {{ADD, MDOC_AUTH "/2/*/*",
       YAO_INIT("\x66" "status" "\xa1\x6b" "status_list" "\xa1\x63" "idx\x01")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses a status list with an empty uri",
     {{ADD, MDOC_AUTH "/2/*/*",
       YAO_INIT("\x66" "status" "\xa1\x6b" "status_list" "\xa2\x63" "idx\x01"
                "\x63" "uri\x60")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
    {"refuses a negative status index",
     {{ADD, MDOC_AUTH "/2/*/*",
       YAO_INIT("\x66" "status" "\xa1\x6b" "status_list" "\xa2\x63" "idx\x20"
                "\x63" "uri\x61x")}},
     .again = MDOC_RESIGN, .parsed = YAO_E_MALFORMED},

    /* longer heads */
    {"accepts a head that is not the shortest (N015)",
     {{SET, ITEM "elementValue", YAO_INIT("\x78\x01x")}},
     .again = MDOC_REDIGEST | MDOC_RESIGN},
    {"refuses it when strict (N015)",
     {{SET, ITEM "elementValue", YAO_INIT("\x78\x01x")}},
     .again = MDOC_REDIGEST | MDOC_RESIGN, .parsed = YAO_E_NOT_SHORTEST,
     .strict = true},
    {"refuses indefinite lengths always",
     {{SET, ITEM "elementValue", YAO_INIT("\x7f\x61x\xff")}},
     .again = MDOC_REDIGEST | MDOC_RESIGN, .parsed = YAO_E_MALFORMED},
};
/* clang-format on */

/* ---- what needs more than a change in one place ------------------------- */

static void parse_into(yao_bytes input, yao_status want)
{
    yao_mdoc_unverified got, before;

    memset(&got, 0x5a, sizeof got);
    before = got;
    assert_status(yao_mdoc_parse_response(test_arena(), input, false, &got),
                  want);
    if (want != YAO_OK)
        assert_memory_equal(&got, &before, sizeof got);
}

/* COUNT copies of ENTRY, numbered in byte AT of it, behind HEAD. */
static yao_bytes repeated(yao_bytes head, yao_bytes entry, size_t at,
                          size_t count)
{
    uint8_t *out = yao_arena_take(test_arena(),
                                  head.len + count * entry.len);

    memcpy(out, head.ptr, head.len);
    for (size_t i = 0; i < count; i++) {
        uint8_t *own = out + head.len + i * entry.len;

        memcpy(own, entry.ptr, entry.len);
        if (at != 0)
            own[at] = (uint8_t)(own[at] + i);
    }
    return (yao_bytes){out, head.len + count * entry.len};
}

static void limit_documents(void **state)
{
    yao_bytes good = mdoc_fixture_signed();
    yao_bytes one  = cbor_at(good, "documents/0");

    (void)state;
    parse_into(cbor_set(good, "documents",
                        repeated(YAO_LIT("\x90"), one, 0, 16)),
               YAO_OK);
    parse_into(cbor_set(good, "documents",
                        repeated(YAO_LIT("\x91"), one, 0, 17)),
               YAO_E_LIMIT);
}

static void limit_namespaces(void **state)
{
    yao_bytes good = mdoc_fixture_signed(), space = YAO_LIT("\x61\x21\x80");
    yao_bytes device = YAO_LIT("\x61\x21\xa0");

    (void)state;
    parse_into(cbor_set(good, MDOC_IN "nameSpaces",
                        repeated(YAO_LIT("\xb8\x20"), space, 1, 32)),
               YAO_OK);
    parse_into(cbor_set(good, MDOC_IN "nameSpaces",
                        repeated(YAO_LIT("\xb8\x21"), space, 1, 33)),
               YAO_E_LIMIT);
    parse_into(cbor_set(good, MDOC_DEVICE "/nameSpaces/*",
                        repeated(YAO_LIT("\xb8\x21"), device, 1, 33)),
               YAO_E_LIMIT);
    parse_into(cbor_set(good, MDOC_MSO("valueDigests"),
                        repeated(YAO_LIT("\xb8\x21"), device, 1, 33)),
               YAO_E_LIMIT);
}

/* COUNT entries of a map, keys of two bytes, from 256 on: a digest each. */
static yao_bytes many_digests(size_t count, bool upwards)
{
    uint8_t   *room = yao_arena_take(test_arena(), 8 * count + 8);
    yao_writer w    = yao_writer_open(room, 8 * count + 8);
    yao_bytes  out  = {NULL, 0};

    yao_cbor_put_map(&w, count);
    for (size_t i = 0; i < count; i++) {
        yao_cbor_put_uint(&w, 256 + (upwards ? i : count - i));
        yao_cbor_put_bytes(&w, YAO_LIT("x"));
    }
    assert_status(yao_writer_close(&w, &out), YAO_OK);
    return out;
}

/* 512 digests in all namespaces together, in any order. */
static void limit_digests(void **state)
{
    yao_bytes   good  = mdoc_fixture_signed();
    const char *space = MDOC_MSO("valueDigests/" MDOC_SPACE);

    (void)state;
    parse_into(cbor_set(good, space, many_digests(510, true)), YAO_OK);
    parse_into(cbor_set(good, space, many_digests(510, false)), YAO_OK);
    parse_into(cbor_set(good, space, many_digests(511, true)), YAO_E_LIMIT);
    parse_into(cbor_set(good, space, many_digests(513, true)), YAO_E_LIMIT);
}

static void limit_elements(void **state)
{
    yao_bytes  good = mdoc_fixture_signed();
    uint8_t   *room = yao_arena_take(test_arena(), 65536);

    (void)state;
    for (size_t count = 507; count <= 509; count++) {
        yao_writer w     = yao_writer_open(room, 65536);
        yao_bytes  items = {NULL, 0};

        yao_cbor_put_array(&w, count);
        for (size_t i = 0; i < count; i++) {
            size_t mark = yao_cbor_begin_wrapped(&w);
            yao_put_bytes(&w, YAO_LIT("\xa4\x66" "random" "\x40\x71"
                                      "elementIdentifier" "\x63"));
            yao_put_byte(&w, (uint8_t)('a' + i % 26));
            yao_put_byte(&w, (uint8_t)('a' + i / 26 % 26));
            yao_put_byte(&w, 'x');
            yao_put_bytes(&w, YAO_LIT("\x6c" "elementValue" "\xf6\x68"
                                      "digestID"));
            yao_cbor_put_uint(&w, i);
            yao_cbor_end_bytes(&w, mark);
        }
        assert_status(yao_writer_close(&w, &items), YAO_OK);
        /* four others stay in the first namespace */
        parse_into(cbor_set(good, MDOC_IN "nameSpaces/" MDOC_OURS, items),
                   count + 4 <= YAO_MAX_ELEMENTS ? YAO_OK : YAO_E_LIMIT);
    }
}

static void limit_message(void **state)
{
    static uint8_t big[YAO_MAX_MESSAGE + 1];
    yao_mdoc_unverified got;

    (void)state;
    assert_status(yao_mdoc_parse_response(test_arena(),
                                          (yao_bytes){big, sizeof big}, false,
                                          &got),
                  YAO_E_LIMIT);
    assert_status(yao_mdoc_parse_issuer_signed(test_arena(),
                                               (yao_bytes){big, sizeof big},
                                               false, &got),
                  YAO_E_LIMIT);
}

static void trailing(void **state)
{
    (void)state;
    parse_into(cbor_join(mdoc_fixture_signed(), YAO_LIT("\x00")),
               YAO_E_TRAILING);
}

static void deep(void **state)
{
    uint8_t nested[64];

    (void)state;
    memset(nested, 0x81, sizeof nested);
    nested[sizeof nested - 1] = 0;
    parse_into(cbor_set(mdoc_fixture_signed(), MDOC_ITEMS "/0/*/elementValue",
                        (yao_bytes){nested, sizeof nested}),
               YAO_E_LIMIT);
}

/* ---- what is given ------------------------------------------------------ */

static void gives_views(void **state)
{
    yao_bytes           input = mdoc_fixture_signed();
    yao_mdoc_unverified got;

    (void)state;
    assert_status(yao_mdoc_parse_response(test_arena(), input, true, &got),
                  YAO_OK);
    const yao_mdoc_issuer_signed *s = &got.documents[0].issuer;

    assert_int_equal(got.document_count, 1);
    assert_false(got.issuer_only);
    assert_false(got.longer);
    assert_int_equal(s->item_count, 5);
    assert_bytes(s->auth_whole, cbor_at(input, MDOC_AUTH));
    assert_bytes(s->items[4].whole,
                 cbor_at(input, MDOC_IN "nameSpaces/" MDOC_OURS "/0"));
    assert_bytes(yao_text_bytes(s->items[4].name_space), YAO_LIT(MDOC_OURS));
    assert_int_equal(s->items[0].random.len, 32);
    assert_bytes(s->mso.value_digests,
                 cbor_at(input, MDOC_MSO("valueDigests")));
    assert_true(s->items[0].whole.ptr > input.ptr &&
                s->items[0].whole.ptr < input.ptr + input.len);
    assert_bytes(got.documents[0].device_spaces, YAO_LIT("\xd8\x18\x41\xa0"));
}

static void gives_issuer_signed(void **state)
{
    yao_bytes           input = mdoc_fixture_issued();
    yao_mdoc_unverified got;

    (void)state;
    assert_status(yao_mdoc_parse_issuer_signed(test_arena(), input, true, &got),
                  YAO_OK);
    assert_true(got.issuer_only);
    assert_int_equal(got.document_count, 1);
    assert_int_equal(got.documents[0].issuer.item_count, 8);
    assert_bytes(yao_text_bytes(got.documents[0].doc_type),
                 YAO_LIT(MDOC_TYPE));
}

/* Digests come out by id in whatever order they were written. */
static void gives_sorted_digests(void **state)
{
    yao_bytes input = cbor_set(mdoc_fixture_signed(),
                               MDOC_MSO("valueDigests/" MDOC_SPACE),
                               many_digests(300, false));
    yao_mdoc_unverified got;

    (void)state;
    assert_status(yao_mdoc_parse_response(test_arena(), input, true, &got),
                  YAO_OK);
    const yao_mdoc_digest_space *s = &got.documents[0].issuer.mso.spaces[0];
    assert_int_equal(s->count, 300);
    for (size_t i = 0; i < s->count; i++)
        assert_int_equal(s->digests[i].id, 257 + i);
}

static void gives_longer(void **state)
{
    mdoc_case           row = {.changes = {{SET, MDOC_MSO("version"),
                                            YAO_INIT("\x78\x03" "1.0")}}};
    yao_mdoc_unverified got;

    (void)state;
    yao_bytes input = mdoc_case_make(&row, mdoc_fixture_signed());
    assert_status(yao_mdoc_parse_response(test_arena(), input, false, &got),
                  YAO_OK);
    assert_true(got.longer);
    assert_status(yao_mdoc_parse_response(test_arena(), input, true, &got),
                  YAO_E_NOT_SHORTEST);
}

/* ---- sweeps ------------------------------------------------------------- */

static yao_status read_response(yao_bytes input, void *context)
{
    yao_mdoc_unverified got;

    (void)context;
    return yao_mdoc_parse_response(test_arena(), input, false, &got);
}

static yao_status read_issued(yao_bytes input, void *context)
{
    yao_mdoc_unverified got;

    (void)context;
    return yao_mdoc_parse_issuer_signed(test_arena(), input, false, &got);
}

/* As what it is, as a Mac0 and as a COSE_Sign: 18013-5 has no tag there. */
static void tagged(void **state)
{
    static const yao_bytes tags[] = {YAO_INIT("\xd2"), YAO_INIT("\xd1"),
                                     YAO_INIT("\xd8\x62")};
    yao_bytes              good = mdoc_fixture_signed();

    (void)state;
    for (size_t i = 0; i < COUNT(tags); i++)
        assert_status(
            read_response(cbor_set(good, MDOC_AUTH,
                                   cbor_join(tags[i],
                                             cbor_at(good, MDOC_AUTH))),
                          NULL),
            YAO_E_MALFORMED);
}

static void prefixes(void **state)
{
    (void)state;
    test_every_prefix(read_response, mdoc_fixture_signed(), NULL);
    test_every_prefix(read_response, mdoc_fixture_maced(), NULL);
    test_every_prefix(read_issued, mdoc_fixture_issued(), NULL);
}

static yao_status parse_in(yao_arena *arena, void *context)
{
    yao_mdoc_unverified got;

    return yao_mdoc_parse_response(arena, *(yao_bytes *)context, false, &got);
}

static yao_status parse_issued_in(yao_arena *arena, void *context)
{
    yao_mdoc_unverified got;

    return yao_mdoc_parse_issuer_signed(arena, *(yao_bytes *)context, false,
                                        &got);
}

static void arenas(void **state)
{
    yao_bytes spaces   = YAO_LIT("\xd8\x18\x47\xa1\x61x\xa1\x61y\x01");
    yao_bytes response = cbor_set(mdoc_fixture_signed(),
                                  MDOC_DEVICE "/nameSpaces", spaces);
    yao_bytes issued   = mdoc_fixture_issued();

    (void)state;
    test_every_arena(parse_in, &response, 16384);
    test_every_arena(parse_issued_in, &issued, 16384);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++)
        test_add("parse", cases[i].name, mdoc_case_run, &cases[i]);
    test_add("parse", "refuses more than 16 documents", limit_documents, NULL);
    test_add("parse", "refuses more than 32 namespaces", limit_namespaces,
             NULL);
    test_add("parse", "refuses more than 512 digests", limit_digests, NULL);
    test_add("parse", "refuses more than 512 elements", limit_elements, NULL);
    test_add("parse", "refuses a message above the limit", limit_message, NULL);
    test_add("parse", "refuses a byte behind the message", trailing, NULL);
    test_add("parse", "refuses a value nested too deep", deep, NULL);
    test_add("parse", "gives views into the input", gives_views, NULL);
    test_add("parse", "gives an IssuerSigned alone", gives_issuer_signed, NULL);
    test_add("parse", "gives digests by id", gives_sorted_digests, NULL);
    test_add("parse", "gives notice of longer heads", gives_longer, NULL);
    test_add("parse", "refuses any tag on issuerAuth (N012)", tagged, NULL);
    test_add("parse", "refuses every proper prefix (N001)", prefixes, NULL);
    test_add("parse", "gives SPACE in every arena too small", arenas, NULL);
    return test_run("mdoc/parse");
}
