/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc_case.h"

#include <stdio.h>

/* ---- which elements ----------------------------------------------------- */

static yao_status present(yao_bytes issued, const yao_mdoc_selector *s,
                          size_t count, yao_mdoc_presenting *ret)
{
    return yao_mdoc_present(test_arena(), issued, s, count,
                            YAO_LIT("\x83\xf6\xf6\xf6"), ret);
}

/* Elements that are shown, as "a b c", of what is asked in WANT. */
typedef struct choice {
    const char *name;
    const char *asked[4]; /* in MDOC_SPACE */
    const char *shown;    /* NULL: MISSING */
} choice;

static const choice choices[] = {
    {"gives what is asked", {"family_name", "birth_date"},
     "family_name birth_date"},
    {"gives it in the stored order", {"birth_date", "family_name"},
     "family_name birth_date"},
    {"gives it once when asked twice", {"family_name", "family_name"},
     "family_name"},
    {"never gives what is not there", {"family_name", "blood_type"},
     "family_name"},
    {"refuses when nothing is there", {"blood_type"}, NULL},
    {"refuses when nothing is asked", {NULL}, NULL},
    {"gives age_over_18 as it stands", {"age_over_18"}, "age_over_18"},
    {"gives the false age_over_60 as it stands", {"age_over_60"},
     "age_over_60"},
    {"gives age_over_18 for age_over_16", {"age_over_16"}, "age_over_18"},
    {"gives age_over_60 for age_over_65", {"age_over_65"}, "age_over_60"},
    {"never answers age_over_21 when 18 and 60 are known", {"age_over_21"},
     NULL},
    {"gives one answer to two ages", {"age_over_14", "age_over_16"},
     "age_over_18"},
    {"never takes another name for an age", {"age_over_1x"}, NULL},
    {"never takes age_over_016 for an age", {"age_over_016"}, NULL},
};

static void shown_in(yao_bytes issuer_signed, char *out, size_t room)
{
    yao_mdoc_unverified parsed;

    out[0] = '\0';
    assert_status(yao_mdoc_parse_issuer_signed(test_arena(), issuer_signed,
                                               true, &parsed),
                  YAO_OK);
    for (size_t i = 0; i < parsed.documents[0].issuer.item_count; i++) {
        yao_text e = parsed.documents[0].issuer.items[i].element;
        size_t   n = strlen(out);

        snprintf(out + n, room - n, "%s%.*s", i == 0 ? "" : " ", (int)e.len,
                 (const char *)e.ptr);
    }
}

static void choice_row(void **state)
{
    const choice       *row = *state;
    yao_mdoc_selector   s[4];
    size_t              count = 0;
    yao_mdoc_presenting got, before;
    char                shown[256];

    for (; count < 4 && row->asked[count] != NULL; count++)
        s[count] = (yao_mdoc_selector){YAO_TEXT(MDOC_SPACE),
                                       yao_text_of(row->asked[count])};
    memset(&got, 0x5a, sizeof got);
    before = got;
    if (row->shown == NULL) {
        assert_status(present(mdoc_fixture_issued(), s, count, &got),
                      YAO_E_MISSING);
        assert_memory_equal(&got, &before, sizeof got);
        return;
    }
    assert_status(present(mdoc_fixture_issued(), s, count, &got), YAO_OK);
    shown_in(got.issuer_signed, shown, sizeof shown);
    assert_string_equal(shown, row->shown);
}

/* Table D.1 of 18013-5: what is stored for a holder of some age, what is asked,
 * what is answered. */
typedef struct age {
    const char *name;
    const char *yes, *no; /* stored, "21 18" */
    const char *asked;
    const char *answer;
} age;

static const age ages[] = {
    {"holder of 19, asked 18", "18", "21 60", "18", "age_over_18"},
    {"holder of 19, asked 25", "18", "21 60", "25", "age_over_21"},
    {"holder of 19, asked 16", "18", "21 60", "16", "age_over_18"},
    {"holder of 30, asked 25", "18 21", "60", "25", NULL},
    {"holder of 30, asked 19", "18 21", "60", "19", "age_over_21"},
    {"holder of 70, asked 25", "18 21 60", "", "25", "age_over_60"},
    {"holder of 70, asked 65", "18 21 60", "", "65", NULL},
    {"holder of 10, asked 65", "", "18 21 60", "65", "age_over_60"},
    {"holder of 10, asked 14", "", "18 21 60", "14", NULL},
};

static void age_row(void **state)
{
    const age             *row = *state;
    yao_mdoc_issue_request q   = mdoc_fixture_request();
    yao_mdoc_element       e[8];
    char                   names[8][16], asked[16], shown[64];
    size_t                 n = 0;
    yao_mdoc_presenting    got;

    for (int yes = 0; yes < 2; yes++)
        for (const char *p = yes ? row->yes : row->no; *p != '\0';
             p += p[2] == '\0' ? 2 : 3, n++) {
            snprintf(names[n], sizeof names[n], "age_over_%.2s", p);
            e[n] = (yao_mdoc_element){YAO_TEXT(MDOC_SPACE),
                                      yao_text_of(names[n]),
                                      yes ? YAO_LIT("\xf5") : YAO_LIT("\xf4")};
        }
    /* the same name elsewhere, with another value, must not be looked at */
    e[n++]          = (yao_mdoc_element){YAO_TEXT(MDOC_OURS),
                                         YAO_TEXT("age_over_99"),
                                         YAO_LIT("\xf5")};
    q.elements      = e;
    q.element_count = n;
    snprintf(asked, sizeof asked, "age_over_%s", row->asked);
    yao_mdoc_selector s = {YAO_TEXT(MDOC_SPACE), yao_text_of(asked)};

    if (row->answer == NULL) {
        assert_status(present(mdoc_fixture_issue(&q), &s, 1, &got),
                      YAO_E_MISSING);
        return;
    }
    assert_status(present(mdoc_fixture_issue(&q), &s, 1, &got), YAO_OK);
    shown_in(got.issuer_signed, shown, sizeof shown);
    assert_string_equal(shown, row->answer);
}

/* ---- what is written ---------------------------------------------------- */

static void same_bytes(void **state)
{
    yao_bytes           issued = mdoc_fixture_issued();
    yao_mdoc_selector   s = {YAO_INIT(MDOC_SPACE), YAO_INIT("given_name")};
    yao_mdoc_presenting got;

    (void)state;
    assert_status(present(issued, &s, 1, &got), YAO_OK);
    assert_bytes(cbor_at(got.issuer_signed, "issuerAuth"),
                 cbor_at(issued, "issuerAuth"));
    assert_bytes(cbor_at(got.issuer_signed, "nameSpaces/" MDOC_SPACE "/0"),
                 cbor_at(issued, "nameSpaces/" MDOC_SPACE "/1"));
    assert_false(cbor_has(got.issuer_signed, "nameSpaces/" MDOC_OURS));
    assert_false(cbor_has(got.issuer_signed, "nameSpaces/" MDOC_SPACE "/1"));
    assert_int_equal(got.wish.alg, YAO_ES256);
    assert_bytes(yao_text_bytes(got.doc_type), YAO_LIT(MDOC_TYPE));
    assert_bytes(cbor_at(got.authentication, "*/3"),
                 YAO_LIT("\xd8\x18\x41\xa0"));
    assert_bytes(cbor_at(got.authentication, "*/1"),
                 YAO_LIT("\x83\xf6\xf6\xf6"));
}

static void both_ways(void **state)
{
    (void)state;
    mdoc_judged j = mdoc_fixture_judge(mdoc_fixture_signed(), NULL);
    mdoc_case_expect(&j, YAO_CHECK_NONE, YAO_OK, false);
    j = mdoc_fixture_judge(mdoc_fixture_maced(), NULL);
    mdoc_case_expect(&j, YAO_CHECK_NONE, YAO_OK, false);
    assert_status(yao_cbor_check(mdoc_fixture_signed(), false, NULL), YAO_OK);
    assert_status(yao_cbor_check(mdoc_fixture_maced(), false, NULL), YAO_OK);
}

/* A device key on P-384 signs with ES384, and MACs with 48 bytes of secret. */
static void p384(void **state)
{
    enum { P384_DEVICE = 10 };
    yao_mdoc_issue_request q = mdoc_fixture_request();
    yao_mdoc_selector   s = {YAO_INIT(MDOC_SPACE), YAO_INIT("given_name")};
    yao_mdoc_presenting got;

    (void)state;
    q.device_key = yao_openssl_key_public(forge_key(P384_DEVICE));
    assert_status(present(mdoc_fixture_issue(&q), &s, 1, &got), YAO_OK);
    assert_int_equal(got.wish.alg, YAO_ES384);
}

static void broken_document(void **state)
{
    yao_mdoc_selector   s = {YAO_INIT(MDOC_SPACE), YAO_INIT("given_name")};
    yao_mdoc_presenting got;
    yao_bytes           issued = mdoc_fixture_issued();

    (void)state;
    assert_status(present(YAO_LIT("\x80"), &s, 1, &got), YAO_E_MALFORMED);
    assert_status(present((yao_bytes){issued.ptr, issued.len - 1}, &s, 1, &got),
                  YAO_E_TRUNCATED);
}

static yao_mdoc_presenting presented(void)
{
    yao_mdoc_selector   s = {YAO_INIT(MDOC_SPACE), YAO_INIT("given_name")};
    yao_mdoc_presenting got;

    assert_status(present(mdoc_fixture_issued(), &s, 1, &got), YAO_OK);
    return got;
}

static void wrong_signature(void **state)
{
    yao_mdoc_presenting p = presented();
    uint8_t             out[4096];
    yao_writer          w = yao_writer_open(out, sizeof out);

    (void)state;
    assert_status(yao_mdoc_put_document_signed(&w, &p, YAO_LIT("short")),
                  YAO_E_USAGE);
    assert_int_equal(w.len, 0);
}

/* ---- the MAC key -------------------------------------------------------- */

/* Computed with the same inputs by openssl's command line:
 *   openssl dgst -sha256 of d8184483f6f6f6, then openssl kdf HKDF */
static void mac_key(void **state)
{
    uint8_t secret[32], key[32];

    (void)state;
    memset(secret, 7, sizeof secret);
    assert_status(yao_mdoc_derive_mac_key(forge_crypto(),
                                          (yao_bytes){secret, sizeof secret},
                                          YAO_LIT("\x83\xf6\xf6\xf6"), key),
                  YAO_OK);
    assert_bytes(((yao_bytes){key, sizeof key}),
                 test_unhex("43f73f206e14c8db1738b9443c264a4476dbc1a8658537b548"
                            "21e37cc2664f14"));
}

static yao_status no_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    (void)ctx, (void)alg, (void)parts, (void)count, (void)out;
    return YAO_E_CRYPTO;
}

static void failing_home(void **state)
{
    yao_crypto          dead = {.hash = no_hash};
    yao_mdoc_presenting p    = presented();
    uint8_t             out[4096], key[32];
    yao_writer          w = yao_writer_open(out, sizeof out);

    (void)state;
    assert_status(yao_mdoc_derive_mac_key(&dead, YAO_LIT("x"), YAO_LIT("\xf6"),
                                          key),
                  YAO_E_CRYPTO);
    assert_status(yao_mdoc_put_document_maced(&w, &p, &dead, YAO_LIT("x"),
                                              YAO_LIT("\xf6")),
                  YAO_E_CRYPTO);
}

/* ---- room --------------------------------------------------------------- */

static yao_status present_in(yao_arena *arena, void *context)
{
    yao_mdoc_selector   s = {YAO_INIT(MDOC_SPACE), YAO_INIT("given_name")};
    yao_mdoc_presenting got;

    return yao_mdoc_present(arena, *(yao_bytes *)context, &s, 1,
                            YAO_LIT("\x83\xf6\xf6\xf6"), &got);
}

static void arenas(void **state)
{
    yao_bytes issued = mdoc_fixture_issued();

    (void)state;
    test_every_arena(present_in, &issued, 16384);
}

static yao_status put_signed(yao_writer *w, void *context)
{
    uint8_t signature[64] = {0};

    return yao_mdoc_put_document_signed(w, context, (yao_bytes){signature, 64});
}

static yao_status put_maced(yao_writer *w, void *context)
{
    return yao_mdoc_put_document_maced(w, context, forge_crypto(),
                                       YAO_LIT("secret"), YAO_LIT("\xf6"));
}

static yao_status put_response(yao_writer *w, void *context)
{
    yao_bytes documents[2] = {YAO_INIT("\xa0"), YAO_INIT("\xa0")};

    (void)context;
    yao_mdoc_put_response(w, documents, 2);
    return w->status;
}

static void rooms(void **state)
{
    yao_mdoc_presenting p = presented();

    (void)state;
    test_every_room(put_signed, &p);
    test_every_room(put_maced, &p);
    test_every_room(put_response, NULL);
}

/* Who asks for no element still learns that the document is held. */
static void gives_it_bare(void **state)
{
    yao_bytes           transcript = mdoc_fixture_transcript("1");
    yao_mdoc_presenting p;
    yao_bytes           documents[1], response;
    uint8_t             signature[YAO_MAX_SIGNATURE];
    size_t              len;

    (void)state;
    assert_status(yao_mdoc_present_bare(test_arena(), mdoc_fixture_issued(),
                                        transcript, &p),
                  YAO_OK);
    assert_status(yao_openssl_sign(mdoc_fixture_get()->device_key, &p.wish,
                                   signature, &len),
                  YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    assert_status(yao_mdoc_put_document_signed(
                      &w, &p, (yao_bytes){signature, len}),
                  YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &documents[0]), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_mdoc_put_response(&w, documents, 1);
    assert_status(yao_writer_keep(&w, test_arena(), &response), YAO_OK);

    mdoc_judged j = mdoc_fixture_judge(response, NULL);
    assert_status(j.documents[0], YAO_OK);
    assert_int_equal(j.verified[0].item_count, 0);
    assert_status(yao_mdoc_present_bare(test_arena(), YAO_LIT("\xa0"),
                                        transcript, &p),
                  YAO_E_MALFORMED);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(choices); i++)
        test_add("present", choices[i].name, choice_row, &choices[i]);
    for (size_t i = 0; i < COUNT(ages); i++)
        test_add("gives the nearest age", ages[i].name, age_row, &ages[i]);
    test_add("present", "gives the issuer's own bytes", same_bytes, NULL);
    test_add("present", "gives documents that are accepted", both_ways, NULL);
    test_add("present", "gives a wish on the curve of the device key", p384,
             NULL);
    test_add("present", "refuses what is no document", broken_document, NULL);
    test_add("put_document", "refuses a signature of another length",
             wrong_signature, NULL);
    test_add("derive_mac_key", "gives EMacKey", mac_key, NULL);
    test_add("derive_mac_key", "refuses when the home cannot hash",
             failing_home, NULL);
    test_add("present", "gives SPACE in every arena too small", arenas, NULL);
    test_add("put_document", "gives SPACE in every buffer too small", rooms,
             NULL);
    test_add("present", "gives the document without any element",
             gives_it_bare, NULL);
    return test_run("mdoc/present");
}
