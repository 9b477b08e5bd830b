/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/trust.h"

#include "cbor_edit.h"
#include "trust_fixture.h"

enum { VICAL = YAO_TRUST_VICAL, PARTIES = YAO_TRUST_PARTIES };
enum { BUNDLE = YAO_TRUST_BUNDLE };

static yao_trust_root  *roots(yao_trust_content *c) { return c->roots; }
static yao_trust_party *parties(yao_trust_content *c)
{
    return (yao_trust_party *)(uintptr_t)c->parties;
}

/* ---- never what would be refused ---------------------------------------- */

#define CHANGE(name, statement)                                                \
    static void name(yao_trust_content *c)                                     \
    {                                                                          \
        statement;                                                             \
    }

CHANGE(nothing, (void)c)
CHANGE(no_kind, c->kind = YAO_TRUST_UNKNOWN)
CHANGE(other_kind, c->kind = (yao_trust_kind)4)
CHANGE(no_name, c->name.len = 0)
CHANGE(no_url, c->url.len = 0)
CHANGE(before_1970, c->issued_at = -1)
CHANGE(after_9999, c->expires = YAO_TIME_MAX + 1)
CHANGE(no_end, c->expires = YAO_TIME_NONE)
CHANGE(no_next, c->next_update = YAO_TIME_NONE)
CHANGE(end_first, c->expires = c->next_update - 1)
CHANGE(next_first, c->next_update = c->issued_at - 1)
CHANGE(no_number, c->version = 0)
CHANGE(no_types, roots(c)[0].type_count = 0)
CHANGE(types_of_reader,
       (roots(c)[1].types = roots(c)[0].types, roots(c)[1].type_count = 1))
CHANGE(no_role, roots(c)[1].roles = 0)
CHANGE(trust_role, roots(c)[1].roles = 1 << YAO_ROLE_TRUST)
CHANGE(status_role, roots(c)[0].roles |= YAO_TRUST_STATUS)
CHANGE(no_root, roots(c)[0].certificate.len = 0)
CHANGE(half_a_root, roots(c)[0].certificate.len -= 1)
CHANGE(other_serial, roots(c)[0].serial = YAO_LIT("123456789"))
CHANGE(other_ski, roots(c)[0].ski = YAO_LIT("123456789"))
CHANGE(no_profiles, parties(c)[0].profile_count = 0)
CHANGE(no_basis, parties(c)[0].legal_basis.len = 0)
CHANGE(no_state, parties(c)[0].state = YAO_PARTY_UNKNOWN)
CHANGE(other_state, parties(c)[0].state = (yao_party_state)3)
CHANGE(other_hash, parties(c)[0].hash =
                       YAO_LIT("0123456789abcdef0123456789abcdef"))
CHANGE(short_hash, parties(c)[0].hash = YAO_LIT("0123456789abcdef"))
CHANGE(same_code, parties(c)[1].code = parties(c)[0].code)
CHANGE(other_code, parties(c)[1].code = YAO_TEXT("92"))
CHANGE(no_parties, c->party_count = 0)
CHANGE(too_many_parties, c->party_count = YAO_MAX_PARTIES + 1)

static void parties_fall(yao_trust_content *c)
{
    yao_trust_party first = parties(c)[0];

    parties(c)[0] = parties(c)[1];
    parties(c)[1] = first;
}

static const struct row {
    const char *name;
    int         kind;
    void (*how)(yao_trust_content *c);
    yao_status want;
} rows[] = {
    {"accepts a VICAL", VICAL, nothing, YAO_OK},
    {"accepts a VICAL without number", VICAL, no_number, YAO_OK},
    {"accepts a VICAL without end", VICAL, no_end, YAO_OK},
    {"accepts a VICAL without next date", VICAL, no_next, YAO_OK},
    {"accepts a VICAL without address", VICAL, no_url, YAO_OK},
    {"accepts relying parties", PARTIES, nothing, YAO_OK},
    {"accepts no relying parties", PARTIES, no_parties, YAO_OK},
    {"accepts a bundle", BUNDLE, nothing, YAO_OK},
    {"refuses no kind", BUNDLE, no_kind, YAO_E_USAGE},
    {"refuses another kind", BUNDLE, other_kind, YAO_E_USAGE},
    {"refuses a bundle without name", BUNDLE, no_name, YAO_E_USAGE},
    {"refuses a bundle without address", BUNDLE, no_url, YAO_E_USAGE},
    {"refuses a bundle without end", BUNDLE, no_end, YAO_E_USAGE},
    {"refuses a bundle without next date", BUNDLE, no_next, YAO_E_USAGE},
    {"refuses an issue before 1970", BUNDLE, before_1970, YAO_E_USAGE},
    {"refuses a VICAL of before 1970", VICAL, before_1970, YAO_E_USAGE},
    {"refuses an end after 9999", BUNDLE, after_9999, YAO_E_USAGE},
    {"refuses a VICAL that ends after 9999", VICAL, after_9999, YAO_E_USAGE},
    {"refuses an end before the next", BUNDLE, end_first, YAO_E_USAGE},
    {"refuses a next before the issue", VICAL, next_first, YAO_E_USAGE},
    {"refuses an issuer without types", BUNDLE, no_types, YAO_E_USAGE},
    {"refuses a VICAL's root without types", VICAL, no_types, YAO_E_USAGE},
    {"refuses types of readers", BUNDLE, types_of_reader, YAO_E_USAGE},
    {"refuses a root without role", BUNDLE, no_role, YAO_E_USAGE},
    {"refuses a root of the trust role", BUNDLE, trust_role, YAO_E_USAGE},
    {"refuses a VICAL with a root of another role", VICAL, status_role,
     YAO_E_USAGE},
    {"refuses a root without certificate", BUNDLE, no_root, YAO_E_USAGE},
    {"refuses half a root", BUNDLE, half_a_root, YAO_E_USAGE},
    {"refuses half a root in a VICAL", VICAL, half_a_root, YAO_E_USAGE},
    {"refuses another serial", VICAL, other_serial, YAO_E_USAGE},
    {"refuses another key id", VICAL, other_ski, YAO_E_USAGE},
    {"refuses a party without profiles", PARTIES, no_profiles, YAO_E_USAGE},
    {"refuses a party without legal basis", PARTIES, no_basis, YAO_E_USAGE},
    {"refuses a party in no state", PARTIES, no_state, YAO_E_USAGE},
    {"refuses a party in another state", PARTIES, other_state, YAO_E_USAGE},
    {"refuses another certificate's hash", PARTIES, other_hash, YAO_E_USAGE},
    {"refuses half a hash", PARTIES, short_hash, YAO_E_USAGE},
    {"refuses a party twice", PARTIES, same_code, YAO_E_USAGE},
    {"refuses a party under another code", PARTIES, other_code, YAO_E_USAGE},
    {"refuses parties that fall", PARTIES, parties_fall, YAO_E_USAGE},
};

static yao_status make(const yao_trust_content *c, const yao_bytes *chain,
                       size_t count, yao_trust_making *ret)
{
    return yao_trust_make(test_arena(), forge_crypto(), c, chain, count, ret);
}

static void one(void **state)
{
    const struct row  *row = *state;
    const trust_world *w   = trust_world_make();
    yao_trust_content  c   = trust_content(w, (yao_trust_kind)row->kind);
    yao_trust_making   m   = {.payload = {NULL, 12345}};

    row->how(&c);
    assert_status(make(&c, &w->signer, 1, &m), row->want);
    if (row->want != YAO_OK)
        assert_int_equal(m.payload.len, 12345);
}

static void refuses_chains(void **state)
{
    const trust_world *w = trust_world_make();
    yao_trust_content  c = trust_content(w, YAO_TRUST_BUNDLE);
    yao_bytes          chain[YAO_MAX_CHAIN + 1], half = {w->signer.ptr, 100};
    yao_trust_making   m;

    (void)state;
    for (size_t i = 0; i < COUNT(chain); i++)
        chain[i] = w->signer;
    assert_status(make(&c, chain, 0, &m), YAO_E_USAGE);
    assert_status(make(&c, chain, YAO_MAX_CHAIN, &m), YAO_OK);
    assert_status(make(&c, chain, YAO_MAX_CHAIN + 1, &m), YAO_E_USAGE);
    assert_status(make(&c, &half, 1, &m), YAO_E_USAGE);
}

static void refuses_too_much(void **state)
{
    const trust_world *w     = trust_world_make();
    yao_trust_content  c     = trust_content(w, YAO_TRUST_BUNDLE);
    static uint8_t     zeros[YAO_MAX_TRUST_LIST];
    static uint8_t     memory[3 * YAO_MAX_TRUST_LIST];
    yao_arena          arena = {memory, sizeof memory, 0};
    yao_bytes          big   = {zeros, sizeof zeros - 4096};
    yao_trust_making   m;

    (void)state;
    c.lists      = &big;
    c.list_count = 1;
    assert_status(yao_trust_make(&arena, forge_crypto(), &c, &w->signer, 1, &m),
                  YAO_E_USAGE);
    big.len -= 4096;
    arena.used = 0;
    assert_status(yao_trust_make(&arena, forge_crypto(), &c, &w->signer, 1, &m),
                  YAO_OK);
    too_many_parties(&c);
    c.party_count = 2;
    c.list_count  = YAO_MAX_TRUST_TOKENS + 1;
    yao_bytes tokens[YAO_MAX_TRUST_TOKENS + 1];
    for (size_t i = 0; i < COUNT(tokens); i++)
        tokens[i] = YAO_LIT("x");
    c.lists    = tokens;
    arena.used = 0;
    assert_status(yao_trust_make(&arena, forge_crypto(), &c, &w->signer, 1, &m),
                  YAO_E_USAGE);
}

/* ---- the same, read and written ----------------------------------------- */

static void gives_back(void **state)
{
    const trust_world *w = trust_world_make();

    (void)state;
    for (int kind = VICAL; kind <= BUNDLE; kind++) {
        yao_bytes            list = trust_list(w, (yao_trust_kind)kind), again;
        yao_trust_unverified u;
        yao_writer           out = yao_writer_in(test_arena());

        assert_status(yao_trust_parse(test_arena(), list, true, &u), YAO_OK);
        out = yao_writer_in(test_arena());
        yao_trust_put_payload(&out, &u.said);
        assert_status(yao_writer_keep(&out, test_arena(), &again), YAO_OK);
        assert_bytes(again, u.message.payload);
    }
}

static void fills_in(void **state)
{
    const trust_world   *w = trust_world_make();
    yao_trust_unverified u;
    yao_certificate      c;

    (void)state;
    assert_status(yao_x509_read(w->issuer_root, &c), YAO_OK);
    assert_status(yao_trust_parse(test_arena(), trust_list(w, YAO_TRUST_VICAL),
                                  true, &u),
                  YAO_OK);
    assert_bytes(u.said.roots[0].serial, c.serial);
    assert_bytes(u.said.roots[0].ski, c.ski);
    assert_bytes(yao_text_bytes(u.said.roots[0].country), YAO_LIT("UT"));
    assert_bytes(yao_text_bytes(u.said.roots[0].authority),
                 YAO_LIT("SPECIMEN Utopia"));
    assert_false(u.message.chain_protected);
    assert_status(yao_trust_parse(test_arena(), trust_list(w, YAO_TRUST_BUNDLE),
                                  true, &u),
                  YAO_OK);
    assert_true(u.message.chain_protected);
    assert_int_equal(u.said.files[0].content.len, 2);
    assert_null(u.said.files[1].content.ptr);
}

/* RFC 8949 4.2.1: what is written is deterministic. */
static void writes_keys_in_order(void **state)
{
    yao_bytes list = trust_list(trust_world_make(), YAO_TRUST_VICAL);
    yao_cbor_reader r = yao_cbor_open(cbor_bytes_at(list, "2"));
    uint64_t        pairs = yao_cbor_get_map(&r);
    yao_bytes       last  = {NULL, 0};

    (void)state;
    assert_int_equal(pairs, 8);
    for (uint64_t i = 0; i < pairs; i++) {
        yao_bytes key = yao_cbor_get_any(&r);

        (void)yao_cbor_get_any(&r);
        assert_true(yao_bytes_compare(last, key) < 0);
        last = key;
    }
    assert_status(yao_cbor_close(&r), YAO_OK);
}

static void signs_on_p384(void **state)
{
    const trust_world *w    = trust_world_make();
    yao_bytes          root = forge_make(YAO_X509_ROOT, 8, (yao_bytes){0}, 8);
    yao_bytes          leaf = forge_make(YAO_X509_TRUST, 9, root, 8);
    yao_trust_content  c    = trust_content(w, YAO_TRUST_BUNDLE);
    yao_trust_making   m;
    uint8_t            signature[YAO_MAX_SIGNATURE];
    size_t             len;
    yao_bytes          list;
    yao_anchor anchor = {.certificate = root, .role = YAO_ROLE_TRUST};
    yao_trust_options  o = trust_options(w);
    yao_trust_verified verified;
    yao_report         report;

    (void)state;
    assert_status(make(&c, &leaf, 1, &m), YAO_OK);
    assert_int_equal(m.wish.alg, YAO_ES384);
    assert_status(yao_openssl_sign(forge_key(9), &m.wish, signature, &len),
                  YAO_OK);
    yao_writer out = yao_writer_in(test_arena());
    yao_trust_put(&out, &m, (yao_bytes){signature, len});
    assert_status(yao_writer_keep(&out, test_arena(), &list), YAO_OK);
    o.anchors = &anchor;
    assert_status(trust_judge(list, &o, &verified, &report), YAO_OK);
}

/* ---- room and homes ----------------------------------------------------- */

struct maker {
    const trust_world *world;
    yao_trust_kind     kind;
};

static yao_status make_in(yao_arena *arena, void *context)
{
    const struct maker *k = context;
    const trust_world  *w = k->world;
    yao_trust_content   c = trust_content(w, k->kind);
    yao_trust_making    m;

    return yao_trust_make(arena, forge_crypto(), &c, &w->signer, 1, &m);
}

static void every_arena(void **state)
{
    struct maker k = {trust_world_make(), YAO_TRUST_VICAL};

    (void)state;
    for (; k.kind <= YAO_TRUST_BUNDLE; k.kind++)
        test_every_arena(make_in, &k, 65536);
}

static yao_status put(yao_writer *w, void *context)
{
    static const uint8_t signature[64] = {1};

    yao_trust_put(w, context, (yao_bytes){signature, sizeof signature});
    return w->status;
}

static void every_room(void **state)
{
    const trust_world *w = trust_world_make();
    yao_trust_content  c = trust_content(w, YAO_TRUST_PARTIES);
    yao_trust_making   m;

    (void)state;
    assert_status(make(&c, &w->signer, 1, &m), YAO_OK);
    test_every_room(put, &m);
}

static yao_status no_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    (void)ctx, (void)alg, (void)parts, (void)count, (void)out;
    return YAO_E_CRYPTO;
}

static void never_when_hashing_fails(void **state)
{
    const trust_world *w    = trust_world_make();
    yao_trust_content  c    = trust_content(w, YAO_TRUST_BUNDLE);
    yao_crypto         home = {.hash = no_hash};
    yao_trust_making   m;

    (void)state;
    assert_status(yao_trust_make(test_arena(), &home, &c, &w->signer, 1, &m),
                  YAO_E_CRYPTO);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("make", rows[i].name, one, &rows[i]);
    test_add("make", "refuses a chain that is none", refuses_chains, NULL);
    test_add("make", "refuses more than may be read", refuses_too_much, NULL);
    test_add("make", "gives back what it read", gives_back, NULL);
    test_add("make", "gives what the certificates say", fills_in, NULL);
    test_add("make", "gives the keys of a VICAL in their order",
             writes_keys_in_order, NULL);
    test_add("make", "accepts a signer on P-384", signs_on_p384, NULL);
    test_add("make", "gives YAO_E_SPACE, whatever the arena", every_arena,
             NULL);
    test_add("make", "gives YAO_E_SPACE, whatever the room", every_room, NULL);
    test_add("make", "never made when the home cannot hash",
             never_when_hashing_fails, NULL);
    return test_run("trust/make");
}
