/* SPDX-License-Identifier: Apache-2.0 */

/** What is written: byte by byte, read back, and only when it may be. */

#include "list_token.h"

/* ---- requests ---- */

#define CHANGE(name, what)                                                     \
    static void name(yao_statuslist_request *q)                                \
    {                                                                          \
        what;                                                                  \
    }

CHANGE(nothing, (void)q)
CHANGE(no_form, q->form = YAO_STATUSLIST_UNKNOWN)
CHANGE(other_form, q->form = (yao_statuslist_form)3)
CHANGE(no_uri, q->uri.len = 0)
CHANGE(no_bits, q->bits = 0)
CHANGE(three_bits, q->bits = 3)
CHANGE(sixteen_bits, q->bits = 16)
CHANGE(eight_bits, q->bits = 8)
CHANGE(no_entries, q->compressed.len = 0)
CHANGE(no_alg, q->alg = YAO_SIG_NONE)
CHANGE(no_chain, q->chain_count = 0)
CHANGE(long_chain, q->chain_count = YAO_MAX_CHAIN + 1)
CHANGE(before_1970, q->issued_at = -1)
CHANGE(no_iat, q->issued_at = YAO_TIME_NONE)
CHANGE(no_exp, q->expires = YAO_TIME_NONE)
CHANGE(exp_at_iat, q->expires = q->issued_at)
CHANGE(exp_after_iat, q->expires = q->issued_at + 1)
CHANGE(after_9999, q->expires = YAO_TIME_MAX + 1)
CHANGE(ttl_59, q->ttl = 59)
CHANGE(ttl_60, q->ttl = 60)
CHANGE(ttl_0, q->ttl = 0)
CHANGE(ttl_day, q->ttl = 86400)
CHANGE(ttl_longer, q->ttl = 86401)

static yao_text letters(size_t len)
{
    uint8_t *out = yao_arena_take(test_arena(), len);

    assert_non_null(out);
    memset(out, 'a', len);
    return (yao_text){out, len};
}

CHANGE(uri_2048, q->uri = letters(2048))
CHANGE(uri_2049, q->uri = letters(2049))
CHANGE(too_big, q->compressed = yao_text_bytes(letters(YAO_MAX_MESSAGE / 2)))

static const struct row {
    const char *name;
    void (*how)(yao_statuslist_request *q);
    yao_status want;
} rows[] = {
    {"accepts a good one", nothing, YAO_OK},
    {"refuses no form", no_form, YAO_E_USAGE},
    {"refuses an unknown form", other_form, YAO_E_USAGE},
    {"refuses no uri", no_uri, YAO_E_USAGE},
    {"accepts a uri of 2048 letters", uri_2048, YAO_OK},
    {"refuses a uri of 2049 letters", uri_2049, YAO_E_USAGE},
    {"refuses entries of no bits", no_bits, YAO_E_USAGE},
    {"refuses entries of 3 bits", three_bits, YAO_E_USAGE},
    {"refuses entries of 16 bits", sixteen_bits, YAO_E_USAGE},
    {"accepts entries of 8 bits", eight_bits, YAO_OK},
    {"refuses no entries", no_entries, YAO_E_USAGE},
    {"refuses a list that nobody may read", too_big, YAO_E_LIMIT},
    {"refuses no algorithm", no_alg, YAO_E_USAGE},
    {"refuses no certificates", no_chain, YAO_E_USAGE},
    {"refuses too many certificates", long_chain, YAO_E_USAGE},
    {"refuses a list of before 1970", before_1970, YAO_E_USAGE},
    {"refuses a list of no time", no_iat, YAO_E_USAGE},
    {"refuses a list without end", no_exp, YAO_E_USAGE},
    {"refuses a list that ends as it begins", exp_at_iat, YAO_E_USAGE},
    {"accepts a list of a second", exp_after_iat, YAO_OK},
    {"refuses an end after 9999", after_9999, YAO_E_USAGE},
    {"refuses no ttl", ttl_0, YAO_E_USAGE},
    {"refuses a ttl of 59 s", ttl_59, YAO_E_USAGE},
    {"accepts a ttl of 60 s", ttl_60, YAO_OK},
    {"accepts a ttl of a day", ttl_day, YAO_OK},
    {"refuses a ttl of a second more", ttl_longer, YAO_E_USAGE},
};

static list_judged judged;

/* What is written, we read, strictly, and it says the same. */
static void read_back(const list_scene *s, const yao_statuslist_request *q)
{
    yao_statuslist_options o = list_options(s);

    o.now    = q->issued_at;
    o.uri    = q->uri;
    o.strict = true;
    list_judge(list_made(s, q), &o, &judged);
    list_expect(&judged, YAO_CHECK_NONE, YAO_OK, false);
    assert_int_equal(judged.input.form, q->form);
    assert_int_equal(judged.list.bits, q->bits);
    assert_int_equal(judged.list.issued_at, q->issued_at);
    assert_int_equal(judged.list.expires, q->expires);
    assert_int_equal(judged.list.ttl, q->ttl);
    assert_bytes(judged.list.entries, YAO_LIT("\x39\x00\x00\x00"));
}

static void one_request(void **state)
{
    const struct row *row = *state;
    list_scene        s   = list_scene_of(YAO_X509_STATUS);

    for (int form = YAO_STATUSLIST_JWT; form <= YAO_STATUSLIST_CWT; form++) {
        yao_statuslist_request q = list_request(&s, (yao_statuslist_form)form);
        yao_statuslist_issuing issuing;

        row->how(&q);
        assert_status(yao_statuslist_write(test_arena(), &q, &issuing),
                      row->want);
        if (row->want == YAO_OK)
            read_back(&s, &q);
    }
}

/* ---- byte by byte ---- */

static const yao_bytes a_chain[] = {YAO_INIT("leaf"), YAO_INIT("middle")};

static yao_statuslist_request spelled(yao_statuslist_form form)
{
    static const yao_text uri = YAO_INIT("https://s.example");

    return (yao_statuslist_request){.form        = form,
                                    .uri         = uri,
                                    .issued_at   = 1000,
                                    .expires     = 2000,
                                    .ttl         = 300,
                                    .bits        = 1,
                                    .compressed  = YAO_LIT("\x78\xda\xff"),
                                    .alg         = YAO_ES256,
                                    .chain       = a_chain,
                                    .chain_count = 2};
}

static void spelled_jwt(void **state)
{
    yao_statuslist_request q = spelled(YAO_STATUSLIST_JWT);
    yao_statuslist_issuing issuing;
    yao_writer             w   = yao_writer_in(test_arena());
    yao_bytes              out = {0};

    (void)state;
    assert_status(yao_statuslist_write(test_arena(), &q, &issuing), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_put_base64url(&w, YAO_LIT("{\"alg\":\"ES256\","
                                  "\"typ\":\"statuslist+jwt\","
                                  "\"x5c\":[\"bGVhZg==\",\"bWlkZGxl\"]}"));
    yao_put_byte(&w, '.');
    yao_put_base64url(
        &w, YAO_LIT("{\"exp\":2000,\"iat\":1000,\"status_list\":{\"bits\":1,"
                    "\"lst\":\"eNr_\"},\"sub\":\"https://s.example\","
                    "\"ttl\":300}"));
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_int_equal(issuing.wish.part_count, 1);
    assert_bytes(issuing.wish.parts[0], out);
}

static void spelled_cwt(void **state)
{
    yao_statuslist_request q = spelled(YAO_STATUSLIST_CWT);
    yao_statuslist_issuing issuing;
    uint8_t                signature[64] = {0};
    yao_writer             w;
    yao_bytes              out = {0};

    (void)state;
    assert_status(yao_statuslist_write(test_arena(), &q, &issuing), YAO_OK);
    w = yao_writer_in(test_arena());
    assert_status(yao_statuslist_put(&w, &issuing,
                                     (yao_bytes){signature, 64}),
                  YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_bytes(
        ((yao_bytes){out.ptr, out.len - 66}),
        test_unhex(
            /* 18([h'{1: -7, 16: "application/statuslist+cwt",
             *        33: [h'leaf', h'middle']}', {}, */
            "d2 84 582f a3 01 26 10 78 1a"
            "6170706c69636174696f6e2f7374617475736c6973742b637774"
            "1821 82 44 6c656166 46 6d6964646c65 a0"
            /* h'{2: "https://s.example", 4: 2000, 6: 1000,
             *    65533: {"lst": h'78daff', "bits": 1}, 65534: 300}', */
            "5834 a5 02 71 68747470733a2f2f732e6578616d706c65"
            "04 1907d0 06 1903e8 19fffd a2 63 6c7374 43 78daff"
            "64 62697473 01 19fffe 19012c"));
}

/* ---- signatures, rooms ---- */

static void wrong_signatures(void **state)
{
    static const uint8_t zeros[97] = {0};

    (void)state;
    for (int form = YAO_STATUSLIST_JWT; form <= YAO_STATUSLIST_CWT; form++)
        for (size_t len = 0; len <= sizeof zeros; len++) {
            yao_statuslist_request q = spelled((yao_statuslist_form)form);
            yao_statuslist_issuing issuing;
            yao_writer             w = yao_writer_count();

            assert_status(yao_statuslist_write(test_arena(), &q, &issuing),
                          YAO_OK);
            assert_status(yao_statuslist_put(&w, &issuing,
                                             (yao_bytes){zeros, len}),
                          len == 64 ? YAO_OK : YAO_E_USAGE);
        }
}

static void unwritten(void **state)
{
    yao_statuslist_issuing none = {.wish = {.part_count = 0}};
    yao_writer             w    = yao_writer_count();
    uint8_t                signature[64] = {0};

    (void)state;
    assert_status(yao_statuslist_put(&w, &none, (yao_bytes){signature, 64}),
                  YAO_E_USAGE);
}

static yao_status put(yao_writer *w, void *context)
{
    static const uint8_t signature[64] = {1};

    return yao_statuslist_put(w, context, (yao_bytes){signature, 64});
}

static yao_status write_in(yao_arena *arena, void *context)
{
    yao_statuslist_issuing issuing;

    return yao_statuslist_write(arena, context, &issuing);
}

static void rooms(void **state)
{
    (void)state;
    for (int form = YAO_STATUSLIST_JWT; form <= YAO_STATUSLIST_CWT; form++) {
        yao_statuslist_request q = spelled((yao_statuslist_form)form);
        yao_statuslist_issuing issuing;

        assert_status(yao_statuslist_write(test_arena(), &q, &issuing),
                      YAO_OK);
        test_every_room(put, &issuing);
        test_every_arena(write_in, &q, 4096);
    }
}

/* ---- both algorithms, lists of many sizes ---- */

static void p384(void **state)
{
    list_scene s = {.chain_count = 1, .key = 9, .anchor_count = 1};

    (void)state;
    s.root       = forge_make(YAO_X509_ROOT, 8, (yao_bytes){0}, 0);
    s.chain[0]   = forge_make(YAO_X509_STATUS, 9, s.root, 8);
    s.anchors[0] = (yao_anchor){.certificate = s.root,
                                .role        = YAO_ROLE_STATUS};
    for (int form = YAO_STATUSLIST_JWT; form <= YAO_STATUSLIST_CWT; form++) {
        yao_statuslist_request q = list_request(&s, (yao_statuslist_form)form);

        assert_int_equal(q.alg, YAO_ES384);
        read_back(&s, &q);
    }
}

/* A million entries of which each hundredth is revoked fit both forms. */
static void million(void **state)
{
    enum { LEN = 1 << 17 };
    list_scene             s       = list_scene_of(YAO_X509_STATUS);
    yao_statuslist_options o       = list_options(&s);
    uint8_t               *entries = yao_arena_take(test_arena(), LEN);
    uint32_t               noise   = 1;

    (void)state;
    assert_non_null(entries);
    for (size_t i = 0; i < LEN * 8 / 100; i++) {
        noise = noise * 1664525 + 1013904223;
        assert_status(yao_status_set(entries, LEN, 1, noise >> 12, 1), YAO_OK);
    }
    for (int form = YAO_STATUSLIST_JWT; form <= YAO_STATUSLIST_CWT; form++) {
        yao_statuslist_request q = list_request(&s, (yao_statuslist_form)form);

        q.bits       = 1;
        q.compressed = list_packed((yao_bytes){entries, LEN});
        list_judge(list_made(&s, &q), &o, &judged);
        list_expect(&judged, YAO_CHECK_NONE, YAO_OK, false);
        assert_bytes(judged.list.entries, ((yao_bytes){entries, LEN}));
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("request", rows[i].name, one_request, &rows[i]);
    test_add("write", "gives a JWT byte by byte", spelled_jwt, NULL);
    test_add("write", "gives a CWT byte by byte", spelled_cwt, NULL);
    test_add("write", "accepts a signer on P-384", p384, NULL);
    test_add("write", "accepts a million entries", million, NULL);
    test_add("put", "refuses signatures of another length", wrong_signatures,
             NULL);
    test_add("put", "refuses what was not written", unwritten, NULL);
    test_add("room", "gives SPACE wherever there is too little", rooms, NULL);
    return test_run("statuslist/write");
}
