/* SPDX-License-Identifier: Apache-2.0 */

/* What a card looks like, byte for byte, and what is never issued. Keys are
 * made when the test runs; their bytes are compared with the keys'. */

#include "card_fixture.h"

#include <stdio.h>

static yao_bytes hex_of(yao_bytes in)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {NULL, 0};

    yao_put_hex(&w, in);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* ---- bytes -------------------------------------------------------------- */

/* docs/formats/card.md section 8: the claims, with the device key's x left
 * out (it is another one in each run) and the sign of y. */
#define CLAIMS_BEFORE_X                                                        \
    "a7" "01" "7819" "68747470733a2f2f617574686f726974792e6578616d706c65"      \
    "04" "1a6b062500" "06" "1a6aff8d80"                                       \
    "08" "a1" "01" "a4" "0102" "2001" "21" "5820"
#define CLAIMS_BEHIND_Y                                                        \
    "18a9" "a5"                                                                \
    "04" "69" "e69d8ee7a4bae4be8b"                                             \
    "08" "68" "3139383830383038" "09" "01"                                     \
    "0a" "781f" "e5a4a9e6b4a5e5b882e8939fe5b79ee58cbae7a4bae4be8be8b7af31e58fb7" \
    "0d" "62" "434e"                                                           \
    "19ffff" "82" "03" "1a00011170"                                            \
    "3a00010000" "a6"                                                          \
    "00" "7818" "75726e3a79616f7061693a7265736964656e745f69643a31"             \
    "01" "65" "686f74656c"                                                     \
    "02" "72" "313230313139313938383038303839303158"                           \
    "04" "d903ec" "6a" "323032302d30312d3031"                                  \
    "05" "d903ec" "6a" "323034302d30312d3031"                                  \
    "0e" "68" "5350454349" "4d454e"

static void gives_the_bytes_of_the_document(void **state)
{
    yao_card_content c      = card_fixture_content();
    yao_bytes        issued = card_fixture_issue(&c), claims;
    yao_bytes        before = test_unhex(CLAIMS_BEFORE_X);
    yao_bytes        behind = test_unhex(CLAIMS_BEHIND_Y);
    yao_cose_message m;

    (void)state;
    assert_status(yao_cose_read_message(issued, YAO_COSE_TAG_SIGN1, false, &m),
                  YAO_OK);
    claims = m.payload;
    assert_int_equal(claims.len, before.len + 32 + 2 + behind.len);
    assert_bytes(hex_of((yao_bytes){claims.ptr, before.len}),
                 hex_of(before));
    assert_memory_equal(claims.ptr + before.len, c.device_key.point + 1, 32);
    assert_int_equal(claims.ptr[before.len + 32], 0x22);
    assert_int_equal(claims.ptr[before.len + 33],
                     c.device_key.point[64] & 1 ? 0xf5 : 0xf4);
    assert_bytes(hex_of((yao_bytes){claims.ptr + before.len + 34, behind.len}),
                 hex_of(behind));
}

static void gives_the_headers_of_the_document(void **state)
{
    yao_card_content c      = card_fixture_content();
    yao_bytes        issued = card_fixture_issue(&c);
    yao_bytes        head   = test_unhex("d2 84 4d a2 01 26 04 48");
    uint8_t          hash[YAO_SHA256_LEN];

    (void)state;
    assert_status(forge_crypto()->hash(forge_crypto()->ctx, YAO_SHA256,
                                       &card_fixture_get()->signer, 1, hash),
                  YAO_OK);
    assert_memory_equal(issued.ptr, head.ptr, head.len);
    assert_memory_equal(issued.ptr + head.len, hash, YAO_CARD_KID);
    assert_int_equal(issued.ptr[head.len + YAO_CARD_KID], 0xa0);
}

/* The order in which the caller has them does not matter. */
static void gives_the_same_bytes_for_elements_in_any_order(void **state)
{
    yao_card_content c = card_fixture_content();
    yao_card_element turned[16];
    yao_card_issuing a, b;

    (void)state;
    for (size_t i = 0; i < c.element_count; i++)
        turned[i] = c.elements[c.element_count - 1 - i];
    assert_status(yao_card_issue(test_arena(), forge_crypto(), &c, YAO_ES256,
                                 card_fixture_get()->signer, &a),
                  YAO_OK);
    c.elements = turned;
    assert_status(yao_card_issue(test_arena(), forge_crypto(), &c, YAO_ES256,
                                 card_fixture_get()->signer, &b),
                  YAO_OK);
    assert_bytes(a.payload, b.payload);
}

static void gives_the_standard_status_on_paper(void **state)
{
    yao_card_content c = card_fixture_content();

    (void)state;
    c.device_key      = (yao_public_key){.curve = YAO_CURVE_NONE};
    yao_bytes printed = card_fixture_issue(&c);

    assert_false(cbor_has(printed, "2/*/8"));
    assert_bytes(cbor_at(printed, "2/*/65535/status_list/uri"),
                 cbor_of_text(CARD_ISSUER "/statuslists/3"));
    assert_bytes(cbor_at(printed, "2/*/65535/status_list/idx"),
                 YAO_LIT("\x1a\x00\x01\x11\x70"));

    c.status     = YAO_CARD_STATUS_URI;
    c.status_uri = YAO_TEXT("https://other.example/1");
    assert_bytes(cbor_at(card_fixture_issue(&c), "2/*/65535/status_list/uri"),
                 cbor_of_text("https://other.example/1"));
}

static void gives_a_mark_to_what_wants_a_challenge(void **state)
{
    yao_card_content c = card_fixture_content();

    (void)state;
    assert_false(cbor_has(card_fixture_issue(&c), "2/*/-65537/-1"));
    c.sealed = true;
    assert_bytes(cbor_at(card_fixture_issue(&c), "2/*/-65537/-1"),
                 YAO_LIT("\xf5"));
}

/* ---- what is never issued ----------------------------------------------- */

static yao_card_element changed[YAO_MAX_CARD_ELEMENTS + 1];

static void nothing(yao_card_content *c) { (void)c; }
static void no_issuer(yao_card_content *c) { c->issuer.len = 0; }
static void no_type(yao_card_content *c) { c->type.len = 0; }
static void no_profile(yao_card_content *c) { c->profile.len = 0; }
static void no_elements(yao_card_content *c) { c->element_count = 0; }
static void before_1970(yao_card_content *c) { c->issued_at = -1; }
static void after_9999(yao_card_content *c) { c->expires = YAO_TIME_MAX + 1; }
static void no_time(yao_card_content *c) { c->issued_at = YAO_TIME_NONE; }
static void ends_at_once(yao_card_content *c) { c->expires = c->issued_at; }
static void far_too_late(yao_card_content *c)
{
    c->issued_at = YAO_TIME_MAX + 1;
    c->expires   = YAO_TIME_MAX + 2;
}
static void on_p384(yao_card_content *c)
{
    c->device_key = yao_openssl_key_public(forge_key(8));
}
static void short_key(yao_card_content *c) { c->device_key.len = 64; }
static void compressed(yao_card_content *c)
{
    c->device_key.point[0] = (uint8_t)(2 + (c->device_key.point[64] & 1));
    c->device_key.len      = 33;
}
static void paper_with_mark(yao_card_content *c)
{
    c->device_key.curve = YAO_CURVE_NONE;
    c->sealed           = true;
}
static void uri_on_a_card(yao_card_content *c)
{
    c->status     = YAO_CARD_STATUS_URI;
    c->status_uri = YAO_TEXT("https://authority.example/1");
}
static void no_uri_on_paper(yao_card_content *c)
{
    c->device_key.curve = YAO_CURVE_NONE;
    c->status           = YAO_CARD_STATUS_URI;
}
static void strange_status(yao_card_content *c)
{
    c->status = YAO_CARD_STATUS_UNKNOWN;
}

static yao_card_element *change(yao_card_content *c, size_t count)
{
    for (size_t i = 0; i < count; i++)
        changed[i] = c->elements[i];
    c->elements = changed;
    return changed;
}
static void twice_169(yao_card_content *c) { change(c, 9)[1].label = 4; }
static void twice_private(yao_card_content *c) { change(c, 9)[8].label = 2; }
static void same_label_in_both(yao_card_content *c)
{
    change(c, 9)[8].label = 8;
}
static void label_0(yao_card_content *c) { change(c, 9)[0].label = 0; }
static void label_1(yao_card_content *c) { change(c, 9)[0].label = 1; }
static void private_1(yao_card_content *c) { change(c, 9)[5].label = 1; }
static void label_255(yao_card_content *c) { change(c, 9)[4].label = 255; }
static void label_256(yao_card_content *c) { change(c, 9)[4].label = 256; }
static void strange_space(yao_card_content *c)
{
    change(c, 9)[8].space = (yao_card_space)2;
}
static void no_value(yao_card_content *c) { change(c, 9)[2].value.len = 0; }
static void two_values(yao_card_content *c)
{
    change(c, 9)[2].value = YAO_LIT("\x01\x01");
}
static void long_head(yao_card_content *c)
{
    change(c, 9)[2].value = YAO_LIT("\x18\x01");
}
static void many(yao_card_content *c, size_t count)
{
    for (size_t i = 0; i < count; i++)
        changed[i] = (yao_card_element){YAO_CARD_PRIVATE, 2 + i,
                                        YAO_LIT("\x00")};
    c->elements      = changed;
    c->element_count = count;
}
static void all(yao_card_content *c) { many(c, YAO_MAX_CARD_ELEMENTS); }
static void one_more(yao_card_content *c)
{
    many(c, YAO_MAX_CARD_ELEMENTS + 1);
}

/* A card of exactly the limit, and one byte more. */
static uint8_t letters[YAO_MAX_CARD + 3];

static void fill(yao_card_content *c, size_t limit, size_t more)
{
    yao_card_issuing issuing;

    many(c, 1);
    letters[0] = 0x59;
    letters[1] = 2, letters[2] = 0;
    changed[0].value = (yao_bytes){letters, 515};
    assert_status(yao_card_issue(test_arena(), forge_crypto(), c, YAO_ES256,
                                 card_fixture_get()->signer, &issuing),
                  YAO_OK);
    size_t len = 2 + 14 + 1 + 3 + issuing.payload.len + 66;
    size_t add = limit + more - len;
    letters[1] = (uint8_t)((512 + add) >> 8);
    letters[2] = (uint8_t)(512 + add);
    changed[0].value.len += add;
}
static void full(yao_card_content *c) { fill(c, YAO_MAX_CARD_ISSUED, 0); }
static void too_full(yao_card_content *c) { fill(c, YAO_MAX_CARD_ISSUED, 1); }
static void paper(yao_card_content *c)
{
    c->device_key.curve = YAO_CURVE_NONE;
}
static void full_paper(yao_card_content *c)
{
    paper(c);
    fill(c, YAO_MAX_CARD, 0);
}
static void too_full_paper(yao_card_content *c)
{
    paper(c);
    fill(c, YAO_MAX_CARD, 1);
}

static const struct row {
    const char *name;
    void (*change)(yao_card_content *c);
    yao_status want;
} rows[] = {
    {"accepts the guest's card", nothing, YAO_OK},
    {"accepts a compressed device key", compressed, YAO_OK},
    {"accepts paper", paper, YAO_OK},
    {"accepts one label in both spaces", same_label_in_both, YAO_OK},
    {"accepts label 1 of claim 169", label_1, YAO_OK},
    {"accepts label 255", label_255, YAO_OK},
    {"accepts as many elements as there may be", all, YAO_OK},
    {"accepts a card that just fits", full, YAO_OK},
    {"accepts paper that just fits", full_paper, YAO_OK},
    {"refuses no issuer", no_issuer, YAO_E_USAGE},
    {"refuses no type", no_type, YAO_E_USAGE},
    {"refuses no profile", no_profile, YAO_E_USAGE},
    {"refuses no elements", no_elements, YAO_E_USAGE},
    {"refuses a time before 1970", before_1970, YAO_E_USAGE},
    {"refuses no time", no_time, YAO_E_USAGE},
    {"refuses an end after 9999", after_9999, YAO_E_USAGE},
    {"refuses a beginning after 9999", far_too_late, YAO_E_USAGE},
    {"refuses an end that is the beginning", ends_at_once, YAO_E_USAGE},
    {"refuses a device key on P-384", on_p384, YAO_E_USAGE},
    {"refuses a device key that is cut", short_key, YAO_E_USAGE},
    {"refuses paper that wants a challenge", paper_with_mark, YAO_E_USAGE},
    {"refuses a URI on a card", uri_on_a_card, YAO_E_USAGE},
    {"refuses no URI on paper", no_uri_on_paper, YAO_E_USAGE},
    {"refuses a status of no known kind", strange_status, YAO_E_USAGE},
    {"refuses a label of claim 169 twice", twice_169, YAO_E_DUPLICATE},
    {"refuses a label of ours twice", twice_private, YAO_E_DUPLICATE},
    {"refuses label 0", label_0, YAO_E_USAGE},
    {"refuses the label of the profile", private_1, YAO_E_USAGE},
    {"refuses label 256", label_256, YAO_E_USAGE},
    {"refuses a space that there is not", strange_space, YAO_E_USAGE},
    {"refuses an element without value", no_value, YAO_E_USAGE},
    {"refuses an element of two values", two_values, YAO_E_USAGE},
    {"refuses a value that is not deterministic", long_head, YAO_E_USAGE},
    {"refuses one element too many", one_more, YAO_E_LIMIT},
    {"refuses a card one byte too long", too_full, YAO_E_LIMIT},
    {"refuses paper one byte too long", too_full_paper, YAO_E_LIMIT},
};

static void issues(void **state)
{
    const struct row *r = *state;
    yao_card_content  c = card_fixture_content();
    yao_card_issuing  issuing = {.payload = {NULL, 7}};

    r->change(&c);
    assert_status(yao_card_issue(test_arena(), forge_crypto(), &c, YAO_ES256,
                                 card_fixture_get()->signer, &issuing),
                  r->want);
    if (r->want != YAO_OK)
        assert_int_equal(issuing.payload.len, 7);
}

static void refuses_no_signer(void **state)
{
    yao_card_content c    = card_fixture_content();
    yao_bytes        none = {NULL, 0};
    yao_card_issuing issuing;

    (void)state;
    assert_status(yao_card_issue(test_arena(), forge_crypto(), &c, YAO_ES256,
                                 none, &issuing),
                  YAO_E_USAGE);
    assert_status(yao_card_issue(test_arena(), forge_crypto(), &c, YAO_SIG_NONE,
                                 card_fixture_get()->signer, &issuing),
                  YAO_E_USAGE);
}

static void refuses_a_signature_of_another_length(void **state)
{
    yao_card_content c = card_fixture_content();
    yao_card_issuing issuing;
    yao_writer       w = yao_writer_count();

    (void)state;
    assert_status(yao_card_issue(test_arena(), forge_crypto(), &c, YAO_ES256,
                                 card_fixture_get()->signer, &issuing),
                  YAO_OK);
    assert_status(yao_card_put_issued(&w, &issuing,
                                      (yao_bytes){letters, 63}),
                  YAO_E_USAGE);
}

/* ---- room and failing homes --------------------------------------------- */

static yao_status issue_in(yao_arena *arena, void *context)
{
    yao_card_issuing issuing, whole;
    yao_bytes        signer = card_fixture_get()->signer;

    YAO_TRY(yao_card_issue(arena, forge_crypto(), context, YAO_ES256, signer,
                           &issuing));
    assert_status(yao_card_issue(test_arena(), forge_crypto(), context,
                                 YAO_ES256, signer, &whole),
                  YAO_OK);
    card_fixture_same(&issuing, &whole);
    return YAO_OK;
}

static void gives_space_error_in_every_smaller_arena(void **state)
{
    yao_card_content c = card_fixture_content();

    (void)state;
    test_every_arena(issue_in, &c, 16 * 1024);
}

static yao_status put_issued(yao_writer *w, void *context)
{
    return yao_card_put_issued(w, context, (yao_bytes){letters, 64});
}

static void gives_space_error_in_every_smaller_buffer(void **state)
{
    yao_card_content c = card_fixture_content();
    yao_card_issuing issuing;

    (void)state;
    assert_status(yao_card_issue(test_arena(), forge_crypto(), &c, YAO_ES256,
                                 card_fixture_get()->signer, &issuing),
                  YAO_OK);
    test_every_room(put_issued, &issuing);
}

static yao_status no_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    (void)alg, (void)parts, (void)count, (void)out;
    return *(const yao_status *)ctx;
}

static const yao_status failures[] = {YAO_E_CRYPTO, YAO_E_UNSUPPORTED};

static void gives_what_the_hash_gives(void **state)
{
    yao_card_content c = card_fixture_content();
    yao_card_issuing issuing;

    (void)state;
    for (size_t i = 0; i < COUNT(failures); i++) {
        yao_status failure = failures[i];
        yao_crypto home    = {.ctx = &failure, .hash = no_hash};

        assert_status(yao_card_issue(test_arena(), &home, &c, YAO_ES256,
                                     card_fixture_get()->signer, &issuing),
                      failure);
    }
}

/* ---- sizes -------------------------------------------------------------- */

/* The goal of design 4: 600 bytes, sealed, for the demo people. */
static void gives_a_card_of_a_guest_below_600_bytes(void **state)
{
    yao_card_content c = card_fixture_content();
    yao_bytes        issued;

    (void)state;
    c.sealed = true;
    issued   = card_fixture_issue(&c);
    print_message("# hotel card: issued %zu, open %zu, sealed %zu bytes\n",
                  issued.len, issued.len + 75, issued.len + 71 + 87);
    assert_true(issued.len + 71 + 87 <= 600);
}

int main(void)
{
    test_add("issue", "gives the bytes of the document",
             gives_the_bytes_of_the_document, NULL);
    test_add("issue", "gives the headers of the document",
             gives_the_headers_of_the_document, NULL);
    test_add("issue", "gives the same bytes for elements in any order",
             gives_the_same_bytes_for_elements_in_any_order, NULL);
    test_add("issue", "gives the standard status on paper",
             gives_the_standard_status_on_paper, NULL);
    test_add("issue", "gives a mark to what wants a challenge",
             gives_a_mark_to_what_wants_a_challenge, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("issue", rows[i].name, issues, &rows[i]);
    test_add("issue", "refuses no signer", refuses_no_signer, NULL);
    test_add("put_issued", "refuses a signature of another length",
             refuses_a_signature_of_another_length, NULL);
    test_add("issue", "gives SPACE in every smaller arena",
             gives_space_error_in_every_smaller_arena, NULL);
    test_add("put_issued", "gives SPACE in every smaller buffer",
             gives_space_error_in_every_smaller_buffer, NULL);
    test_add("issue", "gives what the hash gives", gives_what_the_hash_gives,
             NULL);
    test_add("issue", "gives a guest's card below 600 bytes",
             gives_a_card_of_a_guest_below_600_bytes, NULL);

    return test_run("card/issue");
}
