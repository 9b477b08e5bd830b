/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc_case.h"

static uint8_t counter[YAO_MAX_ELEMENTS * 36 + 36];

static yao_entropy entropy(size_t len)
{
    for (size_t i = 0; i < sizeof counter; i++)
        counter[i] = (uint8_t)(i * 167 + i / 256);

    return (yao_entropy){{counter, len}};
}

static yao_status issue(const yao_mdoc_issue_request *q, yao_mdoc_issuing *ret)
{
    yao_entropy e = entropy(sizeof counter);

    return yao_mdoc_issue(test_arena(), forge_crypto(), q, &e, ret);
}

/* ---- what is asked ------------------------------------------------------ */

typedef struct change {
    const char *name;
    void (*apply)(yao_mdoc_issue_request *q, yao_mdoc_element *e);
    yao_status want;
} change;

static void keep(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)q, (void)e;
}

static void no_elements(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)e;
    q->element_count = 0;
}

static void no_value(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)q;
    e[1].value.len = 0;
}

static void no_type(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)e;
    q->doc_type.len = 0;
}

static void no_chain(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)e;
    q->chain_count = 0;
}

static void no_algorithm(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)e;
    q->alg = YAO_SIG_NONE;
}

static void no_key(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)e;
    q->device_key = (yao_public_key){.curve = YAO_CURVE_NONE};
}

static void compressed_key(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)e;
    q->device_key.point[0] = 2;
    q->device_key.len      = 33;
}

static void apart(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)q;
    e[3].name_space = YAO_TEXT(MDOC_OURS);
}

static void twice(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)q;
    e[3].element = e[0].element;
}

static void same_name_apart(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)q;
    e[7].element = e[0].element;
}

static void long_chain(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)e;
    q->chain_count = YAO_MAX_CHAIN + 1;
}

static void before_1970(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)e;
    q->validity.signed_at = -1;
}

static void from_before_signed(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)e;
    q->validity.valid_from = q->validity.signed_at - 1;
}

static void until_at_from(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)e;
    q->validity.valid_until = q->validity.valid_from;
}

static void after_9999(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)e;
    q->validity.valid_until = YAO_TIME_MAX + 1;
}

static void bad_update(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)e;
    q->validity.expected_update = YAO_TIME_MAX + 1;
}

static void good_update(yao_mdoc_issue_request *q, yao_mdoc_element *e)
{
    (void)e;
    q->validity.expected_update = MDOC_NOW;
}

static const change changes[] = {
    {"accepts the licence", keep, YAO_OK},
    {"accepts an expected update", good_update, YAO_OK},
    {"accepts the same name in two namespaces", same_name_apart, YAO_OK},
    {"refuses no elements", no_elements, YAO_E_USAGE},
    {"refuses an element without value", no_value, YAO_E_USAGE},
    {"refuses a missing docType", no_type, YAO_E_USAGE},
    {"refuses a missing chain", no_chain, YAO_E_USAGE},
    {"refuses a missing algorithm", no_algorithm, YAO_E_USAGE},
    {"refuses a missing device key", no_key, YAO_E_USAGE},
    {"refuses a compressed device key", compressed_key, YAO_E_USAGE},
    {"refuses a namespace in two places", apart, YAO_E_USAGE},
    {"refuses an element twice", twice, YAO_E_DUPLICATE},
    {"refuses a chain of five", long_chain, YAO_E_LIMIT},
    {"refuses a date before 1970", before_1970, YAO_E_USAGE},
    {"refuses validFrom before signed", from_before_signed, YAO_E_USAGE},
    {"refuses validUntil at validFrom", until_at_from, YAO_E_USAGE},
    {"refuses a date after 9999", after_9999, YAO_E_USAGE},
    {"refuses an update after 9999", bad_update, YAO_E_USAGE},
};

static void change_row(void **state)
{
    const change          *row = *state;
    yao_mdoc_issue_request q   = mdoc_fixture_request();
    yao_mdoc_element       e[8];
    yao_mdoc_issuing       got, before;

    memset(&got, 0x5a, sizeof got);
    before = got;
    memcpy(e, q.elements, sizeof e);
    q.elements = e;
    row->apply(&q, e);
    assert_status(issue(&q, &got), row->want);
    if (row->want != YAO_OK)
        assert_memory_equal(&got, &before, sizeof got);
    else
        assert_status(mdoc_fixture_judge(mdoc_fixture_issue(&q), NULL)
                          .documents[0],
                      YAO_OK);
}

static void short_entropy(void **state)
{
    yao_mdoc_issue_request q = mdoc_fixture_request();
    yao_mdoc_issuing       got;
    yao_entropy            e = entropy(8 * 36 - 1);

    (void)state;
    assert_status(yao_mdoc_issue(test_arena(), forge_crypto(), &q, &e, &got),
                  YAO_E_ENTROPY);
    e = entropy(8 * 36 + 5);
    assert_status(yao_mdoc_issue(test_arena(), forge_crypto(), &q, &e, &got),
                  YAO_OK);
    assert_int_equal(e.rest.len, 5); /* taken as said, never twice */
}

/* COUNT elements, PER of them a namespace. */
static yao_status issue_many(size_t count, size_t per)
{
    yao_mdoc_issue_request q = mdoc_fixture_request();
    yao_mdoc_element      *e = yao_arena_take_array(test_arena(), count,
                                                    sizeof *e);
    uint8_t               *names = yao_arena_take(test_arena(), 4 * count);
    yao_mdoc_issuing       got;

    for (size_t i = 0; i < count; i++) {
        names[4 * i]     = (uint8_t)('a' + i / per % 26);
        names[4 * i + 1] = (uint8_t)('a' + i / per / 26);
        names[4 * i + 2] = (uint8_t)('a' + i % 26);
        names[4 * i + 3] = (uint8_t)('a' + i / 26);
        e[i] = (yao_mdoc_element){{names + 4 * i, 2},
                                  {names + 4 * i + 2, 2},
                                  YAO_INIT("\xf5")};
    }
    q.elements      = e;
    q.element_count = count;
    return issue(&q, &got);
}

static void limits(void **state)
{
    (void)state;
    assert_status(issue_many(512, 512), YAO_OK);
    assert_status(issue_many(513, 513), YAO_E_LIMIT);
    assert_status(issue_many(32, 1), YAO_OK);
    assert_status(issue_many(33, 1), YAO_E_LIMIT);
}

/* ---- what is written ---------------------------------------------------- */

static void accepted(void **state)
{
    (void)state;
    mdoc_judged j = mdoc_fixture_judge(mdoc_fixture_issued(), NULL);
    mdoc_case_expect(&j, YAO_CHECK_NONE, YAO_OK, false);
    assert_int_equal(mdoc_judged_row(&j, 0, YAO_CHECK_ENCODING).outcome,
                     YAO_OUTCOME_PASS);
    assert_int_equal(j.verified[0].item_count, 8);
}

/* Issued with ES384 by a signer on P-384. */
static void es384(void **state)
{
    enum { P384_ROOT = 8, P384_SIGNER = 9 };
    yao_bytes root   = forge_make(YAO_X509_ROOT, P384_ROOT,
                                  (yao_bytes){NULL, 0}, P384_ROOT);
    yao_bytes signer = forge_make(YAO_X509_SIGNER, P384_SIGNER, root,
                                  P384_ROOT);
    yao_anchor              a = {.certificate = root, .role = YAO_ROLE_ISSUER};
    yao_mdoc_issue_request  q = mdoc_fixture_request();
    yao_mdoc_verify_options o = mdoc_fixture_options();
    yao_mdoc_issuing        got;
    uint8_t                 signature[96];
    size_t                  len;
    yao_bytes               issued;

    (void)state;
    q.alg   = YAO_ES384;
    q.chain = &signer;
    assert_status(issue(&q, &got), YAO_OK);
    assert_status(yao_openssl_sign(forge_key(P384_SIGNER), &got.wish, signature,
                                   &len),
                  YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    assert_status(yao_mdoc_put_issued(&w, &got, (yao_bytes){signature, len}),
                  YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &issued), YAO_OK);
    o.anchors     = &a;
    mdoc_judged j = mdoc_fixture_judge(issued, &o);
    mdoc_case_expect(&j, YAO_CHECK_NONE, YAO_OK, false);
}

/* The keys stand where published examples have them. */
static void order(void **state)
{
    static const char *const mso[] = {
        "version", "digestAlgorithm", "valueDigests", "deviceKeyInfo",
        "docType", "validityInfo",    "status"};
    static const char *const item[] = {"digestID", "random",
                                       "elementIdentifier", "elementValue"};
    yao_mdoc_issue_request q = mdoc_fixture_request();

    (void)state;
    q.status_uri     = YAO_TEXT("https://authority.example/status/1");
    yao_bytes issued = mdoc_fixture_issue(&q);
    yao_cbor_reader r = yao_cbor_open(cbor_at(issued, "issuerAuth/2/*/*"));
    assert_int_equal(yao_cbor_get_map(&r), COUNT(mso));
    for (size_t i = 0; i < COUNT(mso); i++) {
        assert_bytes(yao_text_bytes(yao_cbor_get_text(&r)),
                     yao_text_bytes(yao_text_of(mso[i])));
        yao_cbor_get_any(&r);
    }
    assert_status(yao_cbor_close(&r), YAO_OK);

    r = yao_cbor_open(cbor_at(issued, "nameSpaces/" MDOC_SPACE "/0/*"));
    assert_int_equal(yao_cbor_get_map(&r), COUNT(item));
    for (size_t i = 0; i < COUNT(item); i++) {
        assert_bytes(yao_text_bytes(yao_cbor_get_text(&r)),
                     yao_text_bytes(yao_text_of(item[i])));
        yao_cbor_get_any(&r);
    }
    assert_status(yao_cbor_close(&r), YAO_OK);
}

static void deterministic(void **state)
{
    (void)state;
    yao_bytes first = mdoc_fixture_issued(), again = mdoc_fixture_issued();
    assert_status(yao_cbor_check(first, false, NULL), YAO_OK);
    assert_bytes(cbor_at(first, "nameSpaces"), cbor_at(again, "nameSpaces"));
    assert_bytes(cbor_at(first, "issuerAuth/2"),
                 cbor_at(again, "issuerAuth/2"));
}

/* Every digestID of a namespace is there once, and not in the order of the
 * elements; a `random` of 32 bytes is never used twice. */
static void shuffled(void **state)
{
    yao_mdoc_unverified parsed;
    bool                in_order = true;
    unsigned            ids      = 0;

    (void)state;
    assert_status(yao_mdoc_parse_issuer_signed(test_arena(),
                                               mdoc_fixture_issued(), true,
                                               &parsed),
                  YAO_OK);
    const yao_mdoc_issuer_signed *s = &parsed.documents[0].issuer;
    for (size_t i = 0; i < 6; i++) {
        ids |= 1u << s->items[i].digest_id;
        in_order = in_order && s->items[i].digest_id == i;
    }
    assert_int_equal(ids, 0x3f);
    assert_false(in_order);
    for (size_t i = 0; i < s->item_count; i++) {
        assert_int_equal(s->items[i].random.len, 32);
        for (size_t k = 0; k < i; k++)
            assert_false(yao_bytes_equal(s->items[i].random,
                                         s->items[k].random));
    }
}

/* Two copies of one document have nothing in common to recognise them by. */
static void unlinkable(void **state)
{
    yao_mdoc_issue_request q = mdoc_fixture_request();
    yao_mdoc_issuing       first, second;
    yao_entropy            e = entropy(sizeof counter);

    (void)state;
    assert_status(yao_mdoc_issue(test_arena(), forge_crypto(), &q, &e, &first),
                  YAO_OK);
    assert_status(yao_mdoc_issue(test_arena(), forge_crypto(), &q, &e, &second),
                  YAO_OK);
    for (size_t id = 0; id < 6; id++) {
        char path[64] = "*/*/valueDigests/" MDOC_SPACE "/0";

        path[strlen(path) - 1] = (char)('0' + id);
        yao_bytes a = cbor_of_bytes(first.payload);
        yao_bytes b = cbor_of_bytes(second.payload);
        assert_false(yao_bytes_equal(cbor_at(a, path), cbor_at(b, path)));
    }
}

static void wrong_signature(void **state)
{
    yao_mdoc_issue_request q = mdoc_fixture_request();
    yao_mdoc_issuing       got;
    uint8_t                out[8192];
    yao_writer             w = yao_writer_open(out, sizeof out);

    (void)state;
    assert_status(issue(&q, &got), YAO_OK);
    assert_status(yao_mdoc_put_issued(&w, &got, YAO_LIT("short")),
                  YAO_E_USAGE);
    assert_int_equal(w.len, 0);
}

/* ---- room and homes ----------------------------------------------------- */

static yao_status issue_in(yao_arena *arena, void *context)
{
    yao_entropy      e = entropy(sizeof counter);
    yao_mdoc_issuing got;

    return yao_mdoc_issue(arena, forge_crypto(), context, &e, &got);
}

static void arenas(void **state)
{
    yao_mdoc_issue_request q = mdoc_fixture_request();

    (void)state;
    test_every_arena(issue_in, &q, 16384);
}

static yao_status put(yao_writer *w, void *context)
{
    uint8_t signature[64] = {0};

    return yao_mdoc_put_issued(w, context, (yao_bytes){signature, 64});
}

static void rooms(void **state)
{
    yao_mdoc_issue_request q = mdoc_fixture_request();
    yao_mdoc_issuing       got;

    (void)state;
    assert_status(issue(&q, &got), YAO_OK);
    test_every_room(put, &got);
}

static int hashes_left;

static yao_status failing_hash(void *ctx, yao_hash_alg alg,
                               const yao_bytes *parts, size_t count,
                               uint8_t *out)
{
    (void)ctx;
    if (hashes_left-- == 0)
        return YAO_E_CRYPTO;
    return forge_crypto()->hash(forge_crypto()->ctx, alg, parts, count, out);
}

static void failing_home(void **state)
{
    yao_crypto             home = {.hash = failing_hash};
    yao_mdoc_issue_request q    = mdoc_fixture_request();
    yao_mdoc_issuing       got;

    (void)state;
    for (int n = 0; n <= 8; n++) {
        yao_entropy e = entropy(sizeof counter);

        hashes_left = n;
        assert_status(yao_mdoc_issue(test_arena(), &home, &q, &e, &got),
                      n < 8 ? YAO_E_CRYPTO : YAO_OK);
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(changes); i++)
        test_add("issue", changes[i].name, change_row, &changes[i]);
    test_add("issue", "refuses too little entropy", short_entropy, NULL);
    test_add("issue", "refuses more than its limits", limits, NULL);
    test_add("issue", "gives a document that is accepted", accepted, NULL);
    test_add("issue", "gives a document signed with ES384", es384, NULL);
    test_add("issue", "gives keys in the published order", order, NULL);
    test_add("issue", "gives the same for the same entropy", deterministic,
             NULL);
    test_add("issue", "gives shuffled digestIDs and fresh salts", shuffled,
             NULL);
    test_add("issue", "gives copies that have nothing in common", unlinkable,
             NULL);
    test_add("put_issued", "refuses a signature of another length",
             wrong_signature, NULL);
    test_add("issue", "gives SPACE in every arena too small", arenas, NULL);
    test_add("put_issued", "gives SPACE in every buffer too small", rooms,
             NULL);
    test_add("issue", "refuses when the home fails at any hash", failing_home,
             NULL);
    return test_run("mdoc/issue");
}
