/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_PROX_FIXTURE_H
#define YAO_TEST_PROX_FIXTURE_H

/**
 * A registrar and two readers below it, with keys made when the tests run, and
 * what a reader asks of the licence of mdoc_fixture.h.
 *
 * Memory   certificates live as long as the test program, everything else in
 *          test_arena()
 */

#include "cbor_edit.h"
#include "forge.h"
#include "mdoc/request.h"

#define PROX_TYPE  "org.iso.18013.5.1.mDL"
#define PROX_SPACE "org.iso.18013.5.1"

/** Keys, of forge_key(); mdoc_fixture.h has those below. */
enum {
    PROX_ROOT_KEY   = 5, /* of readers' root */
    PROX_READER_KEY = 6,
    PROX_OTHER_KEY  = 7  /* of another reader below it */
};

typedef struct prox_fixture {
    yao_bytes  root, reader, other; /* DER */
    yao_bytes  stranger;            /* of a root that nobody knows */
    yao_anchor anchor;              /* root, for readers */
} prox_fixture;

static inline yao_bytes prox_keep(yao_arena *kept, yao_bytes made)
{
    yao_bytes copy = {NULL, 0};

    assert_status(yao_arena_keep(kept, made, &copy), YAO_OK);
    return copy;
}

/** An officer's, who may ask for what the pair asks. */
static inline yao_bytes prox_officer(yao_bytes root)
{
    yao_certificate from;

    assert_status(yao_x509_read(root, &from), YAO_OK);
    yao_x509_request q = forge_request(YAO_X509_READER, PROX_READER_KEY, &from);
    q.san_uri    = YAO_TEXT("urn:yaopai:profiles:road_check,hotel,identity,"
                            "age");
    q.san_more   = YAO_TEXT("urn:yaopai:officer:SPECIMEN-7");
    q.not_before = FORGE_NOW - 3600;
    q.not_after  = FORGE_NOW + 7 * 3600;
    return forge_write(&q, PROX_ROOT_KEY);
}

/** The one of this program; made when first asked for. */
static inline const prox_fixture *prox_fixture_get(void)
{
    static prox_fixture f;
    static uint8_t      memory[8192];
    static yao_arena    kept = {memory, sizeof memory, 0};
    yao_bytes           none = {NULL, 0};

    if (f.root.len != 0)
        return &f;
    f.root   = prox_keep(&kept,
                         forge_make(YAO_X509_ROOT, PROX_ROOT_KEY, none, 0));
    f.reader = prox_keep(&kept, prox_officer(f.root));
    f.other  = prox_keep(&kept, forge_make(YAO_X509_READER, PROX_OTHER_KEY,
                                           f.root, PROX_ROOT_KEY));

    yao_certificate  from;
    yao_bytes        far_root = forge_make(YAO_X509_ROOT, 4, none, 0);
    assert_status(yao_x509_read(far_root, &from), YAO_OK);
    yao_x509_request q = forge_request(YAO_X509_READER, PROX_READER_KEY, &from);
    f.stranger         = prox_keep(&kept, forge_write(&q, 4));
    f.anchor = (yao_anchor){.certificate = f.root, .role = YAO_ROLE_READER};
    return &f;
}

/** Five elements in two namespaces. */
static const yao_mdoc_wanted prox_wanted[] = {
    {YAO_INIT(PROX_SPACE), YAO_INIT("family_name"), true},
    {YAO_INIT(PROX_SPACE), YAO_INIT("birth_date"), false},
    {YAO_INIT(PROX_SPACE), YAO_INIT("issuing_country"), false},
    {YAO_INIT(PROX_SPACE), YAO_INIT("age_over_18"), false},
    {YAO_INIT("org.yaopai.driving_licence.1"), YAO_INIT("state"), false},
};

static const yao_mdoc_ask prox_asks[] = {
    {YAO_INIT(PROX_TYPE), prox_wanted, COUNT(prox_wanted)},
    {YAO_INIT("org.iso.23220.photoid.1"), prox_wanted, 2},
};

/** [null, null, null]: any transcript will do. */
#define PROX_TRANSCRIPT YAO_LIT("\x83\xf6\xf6\xf6")

static inline yao_mdoc_ask_options prox_options(bool all)
{
    const prox_fixture *f = prox_fixture_get();

    return (yao_mdoc_ask_options){.asks        = prox_asks,
                                  .ask_count   = COUNT(prox_asks),
                                  .alg         = YAO_ES256,
                                  .chain       = &f->reader,
                                  .chain_count = 1,
                                  .transcript  = PROX_TRANSCRIPT,
                                  .all         = all};
}

/** A signature for WISH by KEY of forge_key(). */
static inline yao_bytes prox_sign(const yao_sign_wish *wish, int key)
{
    uint8_t *out = yao_arena_take(test_arena(), YAO_MAX_SIGNATURE);
    size_t   len = 0;

    assert_non_null(out);
    assert_status(yao_openssl_sign(forge_key(key), wish, out, &len), YAO_OK);
    return (yao_bytes){out, len};
}

/** The DeviceRequest of OPTIONS, signed by KEY. */
static inline yao_bytes prox_request(const yao_mdoc_ask_options *options,
                                     int                         key)
{
    yao_mdoc_asking asking;
    yao_bytes       signatures[YAO_MAX_DOCUMENTS], request = {NULL, 0};

    assert_status(yao_mdoc_ask_begin(test_arena(), options, &asking), YAO_OK);
    for (size_t i = 0; i < asking.wish_count; i++)
        signatures[i] = prox_sign(&asking.wishes[i], key);
    yao_writer w = yao_writer_in(test_arena());
    yao_mdoc_put_request(&w, &asking, signatures);
    assert_status(yao_writer_keep(&w, test_arena(), &request), YAO_OK);
    return request;
}

#endif
