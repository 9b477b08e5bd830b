/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/trust.h"

#include "cbor_edit.h"
#include "trust_fixture.h"

#include <stdio.h>

enum { VICAL = YAO_TRUST_VICAL, PARTIES = YAO_TRUST_PARTIES };
enum { BUNDLE = YAO_TRUST_BUNDLE };
enum { KEEP = 0, SET, REMOVE, ADD };

#define ITEM(s) YAO_INIT(s)
#define HASH "0123456789abcdef0123456789abcdef"

static const struct row {
    const char *name;
    int         kind, edit;
    const char *path;
    yao_bytes   item;
    yao_status  want;
} rows[] = {
    {"accepts a VICAL", VICAL, KEEP, NULL, ITEM(""), YAO_OK},
    {"accepts relying parties", PARTIES, KEEP, NULL, ITEM(""), YAO_OK},
    {"accepts a bundle", BUNDLE, KEEP, NULL, ITEM(""), YAO_OK},

    /* the envelope */
    {"refuses a detached payload", BUNDLE, SET, "2", ITEM("\xf6"),
     YAO_E_MALFORMED},
    {"refuses an empty payload", BUNDLE, SET, "2", ITEM("\x40"),
     YAO_E_MALFORMED},
    {"refuses a bundle without certificates", BUNDLE, REMOVE, "0/*/33",
     ITEM(""), YAO_E_HEADER},
    {"refuses a VICAL without certificates", VICAL, REMOVE, "1/33", ITEM(""),
     YAO_E_HEADER},
    {"refuses a typ that is not ours", BUNDLE, SET, "0/*/16", ITEM("\x61x"),
     YAO_E_HEADER},
    {"refuses a bundle that calls itself a list of parties", BUNDLE, SET,
     "0/*/16", ITEM("\x78\x23" "application/vnd.yaopai.parties+cose"),
     YAO_E_MALFORMED},
    {"refuses a bundle without typ", BUNDLE, REMOVE, "0/*/16", ITEM(""),
     YAO_E_MALFORMED},
    {"refuses relying parties without typ", PARTIES, REMOVE, "0/*/16",
     ITEM(""), YAO_E_MALFORMED},
    {"refuses certificates in both headers", VICAL, ADD, "0/*",
     ITEM("\x18\x21\x41\x01"), YAO_E_HEADER},
    {"refuses three places", BUNDLE, REMOVE, "3", ITEM(""), YAO_E_MALFORMED},

    /* the head */
    {"refuses a newer format", BUNDLE, SET, "2/*/1", ITEM("\x02"),
     YAO_E_UNSUPPORTED},
    {"refuses a newer format of relying parties", PARTIES, SET, "2/*/1",
     ITEM("\x02"), YAO_E_UNSUPPORTED},
    {"refuses a bundle without version", BUNDLE, REMOVE, "2/*/2", ITEM(""),
     YAO_E_MALFORMED},
    {"refuses a bundle without end", BUNDLE, REMOVE, "2/*/5", ITEM(""),
     YAO_E_MALFORMED},
    {"refuses a further key", BUNDLE, ADD, "2/*", ITEM("\x0c\x80"),
     YAO_E_MALFORMED},
    {"refuses a version that is a text", BUNDLE, SET, "2/*/2", ITEM("\x61" "7"),
     YAO_E_MALFORMED},
    {"refuses a negative moment", BUNDLE, SET, "2/*/3", ITEM("\x20"),
     YAO_E_MALFORMED},
    {"refuses an end before the issue", BUNDLE, SET, "2/*/5", ITEM("\x01"),
     YAO_E_VALUE},
    {"refuses a next one before the issue", BUNDLE, SET, "2/*/4",
     ITEM("\x01"), YAO_E_VALUE},
    {"refuses a next one after the end", BUNDLE, SET, "2/*/4",
     ITEM("\x1b\x00\x00\x00\x3a\xff\xf4\x41\x7f"), YAO_E_VALUE},
    {"accepts an end in 9999", BUNDLE, SET, "2/*/5",
     ITEM("\x1b\x00\x00\x00\x3a\xff\xf4\x41\x7f"), YAO_OK},
    {"refuses an end after 9999", BUNDLE, SET, "2/*/5",
     ITEM("\x1b\x00\x00\x00\x3a\xff\xf4\x41\x80"), YAO_E_VALUE},
    {"refuses an authority without name", BUNDLE, SET, "2/*/6/0",
     ITEM("\x60"), YAO_E_MALFORMED},
    {"refuses an authority without address", BUNDLE, SET, "2/*/6/1",
     ITEM("\x60"), YAO_E_MALFORMED},

    /* roots */
    {"accepts a bundle without roots", BUNDLE, SET, "2/*/7", ITEM("\x80"),
     YAO_OK},
    {"refuses a bundle with a root of the trust role", BUNDLE, SET,
     "2/*/7/1/1", ITEM("\x81\x04"), YAO_E_MALFORMED},
    {"refuses role 0", BUNDLE, SET, "2/*/7/1/1", ITEM("\x81\x00"),
     YAO_E_MALFORMED},
    {"refuses role 5", BUNDLE, SET, "2/*/7/1/1", ITEM("\x81\x05"),
     YAO_E_MALFORMED},
    {"refuses a role beyond 64 bits of a mask", BUNDLE, SET, "2/*/7/1/1",
     ITEM("\x81\x18\x22"), YAO_E_MALFORMED},
    {"refuses no role", BUNDLE, SET, "2/*/7/1/1", ITEM("\x80"),
     YAO_E_MALFORMED},
    {"refuses a role twice", BUNDLE, SET, "2/*/7/1/1", ITEM("\x82\x02\x02"),
     YAO_E_MALFORMED},
    {"refuses roles that fall", BUNDLE, SET, "2/*/7/1/1", ITEM("\x82\x03\x02"),
     YAO_E_MALFORMED},
    {"accepts roles that rise", BUNDLE, SET, "2/*/7/1/1", ITEM("\x82\x02\x03"),
     YAO_OK},
    {"accepts a root that took something back", BUNDLE, SET, "2/*/7/1",
     ITEM("\x84\x41x\x81\x02\x80\x81\x41y"), YAO_OK},
    {"refuses a root that took nothing back, and says so", BUNDLE, SET,
     "2/*/7/1", ITEM("\x84\x41x\x81\x02\x80\x80"), YAO_E_MALFORMED},
    {"refuses a serial of no bytes", BUNDLE, SET, "2/*/7/1",
     ITEM("\x84\x41x\x81\x02\x80\x81\x40"), YAO_E_MALFORMED},
    {"refuses a root of five parts", BUNDLE, SET, "2/*/7/1",
     ITEM("\x85\x41x\x81\x02\x80\x81\x41y\x80"), YAO_E_LIMIT},
    {"refuses an issuer of any type", BUNDLE, SET, "2/*/7/0/2", ITEM("\x80"),
     YAO_E_MALFORMED},
    {"refuses types of a reader's root", BUNDLE, SET, "2/*/7/1/2",
     ITEM("\x81\x61x"), YAO_E_MALFORMED},
    {"refuses an empty type", BUNDLE, SET, "2/*/7/0/2/0", ITEM("\x60"),
     YAO_E_MALFORMED},
    {"refuses a root without certificate", BUNDLE, SET, "2/*/7/0/0",
     ITEM("\x40"), YAO_E_MALFORMED},
    {"refuses an empty document signer", BUNDLE, SET, "2/*/8/0", ITEM("\x40"),
     YAO_E_MALFORMED},

    /* relying parties */
    {"accepts no relying parties", PARTIES, SET, "2/*/9", ITEM("\x80"), YAO_OK},
    {"refuses parties out of order", PARTIES, SET, "2/*/9/0/0",
     ITEM("\x72" "99110000SPECIMEN0X"), YAO_E_MALFORMED},
    {"refuses a party twice", PARTIES, SET, "2/*/9/0/0",
     ITEM("\x72" "91220000SPECIMEN1X"), YAO_E_MALFORMED},
    {"refuses a party without code", PARTIES, SET, "2/*/9/0/0", ITEM("\x60"),
     YAO_E_MALFORMED},
    {"refuses a party without name", PARTIES, SET, "2/*/9/0/1", ITEM("\x60"),
     YAO_E_MALFORMED},
    {"accepts a party without English name", PARTIES, SET, "2/*/9/0/2",
     ITEM("\x60"), YAO_OK},
    {"refuses a party without profiles", PARTIES, SET, "2/*/9/0/3",
     ITEM("\x80"), YAO_E_MALFORMED},
    {"refuses a party without legal basis", PARTIES, SET, "2/*/9/0/4",
     ITEM("\x60"), YAO_E_MALFORMED},
    {"accepts a party that keeps nothing", PARTIES, SET, "2/*/9/0/5",
     ITEM("\x00"), YAO_OK},
    {"refuses a party in no state", PARTIES, SET, "2/*/9/0/6", ITEM("\x00"),
     YAO_E_MALFORMED},
    {"refuses a party in another state", PARTIES, SET, "2/*/9/0/6",
     ITEM("\x03"), YAO_E_MALFORMED},
    {"refuses a party without certificate", PARTIES, SET, "2/*/9/0/7",
     ITEM("\x40"), YAO_E_MALFORMED},
    {"refuses a hash of another length", PARTIES, SET, "2/*/9/0/8",
     ITEM("\x41x"), YAO_E_MALFORMED},
    {"refuses a party with a further place", PARTIES, ADD, "2/*/9/0",
     ITEM("\x00"), YAO_E_MALFORMED},

    /* status lists and files */
    {"accepts no status lists", BUNDLE, SET, "2/*/10", ITEM("\x80"), YAO_OK},
    {"refuses an empty status list", BUNDLE, SET, "2/*/10/0", ITEM("\x40"),
     YAO_E_MALFORMED},
    {"refuses files out of order", BUNDLE, SET, "2/*/11/0/0", ITEM("\x61z"),
     YAO_E_MALFORMED},
    {"refuses a file twice", BUNDLE, SET, "2/*/11/0/0",
     ITEM("\x73" "profiles/hotel.json"), YAO_E_MALFORMED},
    {"refuses a file without hash", BUNDLE, SET, "2/*/11/0",
     ITEM("\x81\x61" "a"), YAO_E_MALFORMED},
    {"refuses a file with a further place", BUNDLE, ADD, "2/*/11/0",
     ITEM("\x00"), YAO_E_MALFORMED},
    {"accepts a file without content", BUNDLE, SET, "2/*/11/0",
     ITEM("\x82\x61" "a\x58\x20" HASH), YAO_OK},
    {"refuses an empty content", BUNDLE, SET, "2/*/11/0/2", ITEM("\x40"),
     YAO_E_MALFORMED},
    {"refuses a head that is not the shortest", BUNDLE, SET, "2/*/2",
     ITEM("\x18\x07"), YAO_E_NOT_SHORTEST},
    {"refuses an envelope that is not of the shortest heads", BUNDLE, SET,
     "1", ITEM("\xb8\x00"), YAO_E_NOT_SHORTEST},

    /* VICAL: 18013-5 annex C */
    {"accepts a VICAL with keys we do not know", VICAL, ADD, "2/*",
     ITEM("\x6a" "extensions\xa1\x61x\x01"), YAO_OK},
    {"accepts an entry with keys we do not know", VICAL, ADD,
     "2/*/certificateInfos/0", ITEM("\x66" "issuer\x41\x01"), YAO_OK},
    {"refuses a key twice", VICAL, ADD, "2/*", ITEM("\x67" "version\x63" "1.0"),
     YAO_E_DUPLICATE},
    {"refuses a key of an entry twice", VICAL, ADD, "2/*/certificateInfos/0",
     ITEM("\x63" "ski\x41\x01"), YAO_E_DUPLICATE},
    {"refuses a key that is a number", VICAL, ADD, "2/*", ITEM("\x01\x01"),
     YAO_E_MALFORMED},
    {"accepts version 1.1", VICAL, SET, "2/*/version", ITEM("\x63" "1.1"),
     YAO_OK},
    {"refuses version 2.0", VICAL, SET, "2/*/version", ITEM("\x63" "2.0"),
     YAO_E_UNSUPPORTED},
    {"refuses no version", VICAL, REMOVE, "2/*/version", ITEM(""),
     YAO_E_MALFORMED},
    {"refuses no provider", VICAL, REMOVE, "2/*/vicalProvider", ITEM(""),
     YAO_E_MALFORMED},
    {"refuses an empty provider", VICAL, SET, "2/*/vicalProvider",
     ITEM("\x60"), YAO_E_MALFORMED},
    {"refuses no date", VICAL, REMOVE, "2/*/date", ITEM(""), YAO_E_MALFORMED},
    {"refuses a date without tag", VICAL, SET, "2/*/date",
     ITEM("\x74" "2026-11-22T00:00:00Z"), YAO_E_MALFORMED},
    {"refuses a date with a fraction", VICAL, SET, "2/*/date",
     ITEM("\xc0\x76" "2026-11-22T00:00:00.0Z"), YAO_E_MALFORMED},
    {"refuses a date after the next one", VICAL, SET, "2/*/date",
     ITEM("\xc0\x74" "2036-11-22T00:00:00Z"), YAO_E_VALUE},
    {"refuses no entries", VICAL, REMOVE, "2/*/certificateInfos", ITEM(""),
     YAO_E_MALFORMED},
    {"accepts an empty list of entries", VICAL, SET, "2/*/certificateInfos",
     ITEM("\x80"), YAO_OK},
    {"accepts a VICAL without number", VICAL, REMOVE, "2/*/vicalIssueID",
     ITEM(""), YAO_OK},
    {"accepts a VICAL without next date", VICAL, REMOVE, "2/*/nextUpdate",
     ITEM(""), YAO_OK},
    {"accepts a VICAL without end", VICAL, REMOVE, "2/*/notAfter", ITEM(""),
     YAO_OK},
    {"accepts a VICAL without address", VICAL, REMOVE, "2/*/vicalURL",
     ITEM(""), YAO_OK},
    {"refuses an entry without certificate", VICAL, REMOVE,
     "2/*/certificateInfos/0/certificate", ITEM(""), YAO_E_MALFORMED},
    {"refuses an entry without serial", VICAL, REMOVE,
     "2/*/certificateInfos/0/serialNumber", ITEM(""), YAO_E_MALFORMED},
    {"refuses an entry without key id", VICAL, REMOVE,
     "2/*/certificateInfos/0/ski", ITEM(""), YAO_E_MALFORMED},
    {"refuses an entry without types", VICAL, REMOVE,
     "2/*/certificateInfos/0/docType", ITEM(""), YAO_E_MALFORMED},
    {"refuses an empty list of types", VICAL, SET,
     "2/*/certificateInfos/0/docType", ITEM("\x80"), YAO_E_MALFORMED},
    {"accepts a small serial as a number", VICAL, SET,
     "2/*/certificateInfos/0/serialNumber", ITEM("\x19\x01\x00"), YAO_OK},
    {"refuses serial 0", VICAL, SET, "2/*/certificateInfos/0/serialNumber",
     ITEM("\x00"), YAO_E_MALFORMED},
    {"refuses a serial that is a bstr", VICAL, SET,
     "2/*/certificateInfos/0/serialNumber", ITEM("\x41\x05"), YAO_E_MALFORMED},
    {"refuses a negative serial", VICAL, SET,
     "2/*/certificateInfos/0/serialNumber", ITEM("\xc3\x41\x05"),
     YAO_E_MALFORMED},
    {"accepts a VICAL with longer heads", VICAL, SET, "2/*/vicalIssueID",
     ITEM("\x18\x07"), YAO_OK},
    {"accepts a VICAL whose envelope has longer heads", VICAL, SET, "1/33",
     ITEM("\x58\x01x"), YAO_OK},
};

static yao_bytes edited(const struct row *row)
{
    yao_bytes list = trust_list(trust_world_make(), (yao_trust_kind)row->kind);

    switch (row->edit) {
    case SET:    return cbor_set(list, row->path, row->item);
    case REMOVE: return cbor_remove(list, row->path);
    case ADD:    return cbor_add(list, row->path, row->item);
    default:     return list;
    }
}

static void one(void **state)
{
    const struct row    *row = *state;
    yao_bytes            list = edited(row);
    yao_trust_unverified u    = {.said.kind = (yao_trust_kind)77};

    assert_status(yao_trust_parse(test_arena(), list, false, &u), row->want);
    assert_int_equal(u.said.kind, row->want == YAO_OK ? row->kind : 77);
}

/* ---- strict ------------------------------------------------------------- */

static void refuses_longer_heads_strictly(void **state)
{
    yao_bytes            list = trust_list(trust_world_make(), YAO_TRUST_VICAL);
    yao_trust_unverified u;

    (void)state;
    assert_status(yao_trust_parse(test_arena(), list, true, &u), YAO_OK);
    assert_false(u.longer);
    list = cbor_set(list, "2/*/vicalIssueID", YAO_LIT("\x18\x07"));
    assert_status(yao_trust_parse(test_arena(), list, false, &u), YAO_OK);
    assert_true(u.longer);
    assert_status(yao_trust_parse(test_arena(), list, true, &u),
                  YAO_E_NOT_SHORTEST);
    list = trust_list(trust_world_make(), YAO_TRUST_VICAL);
    list = cbor_set(list, "1/33", YAO_LIT("\x58\x01x"));
    assert_status(yao_trust_parse(test_arena(), list, true, &u),
                  YAO_E_NOT_SHORTEST);
}

/* ---- keys and headers ---------------------------------------------------- */

/* As many keys as there must be, but not these. */
static void refuses_other_keys(void **state)
{
    static const struct {
        int         kind;
        const char *path;
        const char *entry;
        size_t      len;
    } others[] = {{PARTIES, "2/*/9", "\x0a\x80", 2},
                  {BUNDLE, "2/*/11", "\x0c\x80", 2},
                  {BUNDLE, "2/*/5", "\x05\x00", 2}};
    yao_trust_unverified u;

    (void)state;
    for (size_t i = 0; i < COUNT(others); i++) {
        yao_bytes list = trust_list(trust_world_make(),
                                    (yao_trust_kind)others[i].kind);

        list = cbor_remove(list, others[i].path);
        list = cbor_add(list, "2/*",
                        (yao_bytes){(const uint8_t *)others[i].entry,
                                    others[i].len});
        assert_status(yao_trust_parse(test_arena(), list, false, &u),
                      YAO_E_MALFORMED);
    }
}

/* The chain of ours is signed, or anybody could put another in its place. */
static void refuses_unsigned_chains(void **state)
{
    yao_bytes chain = YAO_LIT("\x18\x21\x41x");

    (void)state;
    for (int kind = PARTIES; kind <= BUNDLE; kind++) {
        yao_bytes list = trust_list(trust_world_make(), (yao_trust_kind)kind);
        yao_trust_unverified u;

        list = cbor_add(cbor_remove(list, "0/*/33"), "1", chain);
        assert_status(yao_trust_parse(test_arena(), list, false, &u),
                      YAO_E_HEADER);
    }
}

static void accepts_signed_chains(void **state)
{
    yao_bytes list = trust_list(trust_world_make(), YAO_TRUST_VICAL);
    yao_trust_unverified u;

    (void)state;
    list = cbor_add(cbor_remove(list, "1/33"), "0/*", YAO_LIT("\x18\x21\x41x"));
    assert_status(yao_trust_parse(test_arena(), list, false, &u), YAO_OK);
    assert_true(u.message.chain_protected);
}

/* ---- limits ------------------------------------------------------------- */

/* An array of COUNT times ITEM. */
static yao_bytes array_of(size_t count, yao_bytes item)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    yao_cbor_put_array(&w, count);
    for (size_t i = 0; i < count; i++)
        yao_cbor_put_raw(&w, item);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static const struct limit {
    const char *name;
    int         kind;
    const char *path;
    yao_bytes   item;
    size_t      most;
} limits[] = {
    {"gives YAO_E_LIMIT above so many roots", BUNDLE, "2/*/7",
     ITEM("\x83\x41x\x81\x02\x80"), YAO_MAX_TRUST_ROOTS},
    {"gives YAO_E_LIMIT above so many types", BUNDLE, "2/*/7/0/2",
     ITEM("\x61x"), YAO_MAX_TRUST_TYPES},
    {"gives YAO_E_LIMIT above so many document signers", BUNDLE, "2/*/8",
     ITEM("\x41x"), YAO_MAX_TRUST_SIGNERS},
    {"gives YAO_E_LIMIT above so many profiles", PARTIES, "2/*/9/0/3",
     ITEM("\x61x"), YAO_MAX_PARTY_PROFILES},
    {"gives YAO_E_LIMIT above so many status lists", BUNDLE, "2/*/10",
     ITEM("\x41x"), YAO_MAX_TRUST_TOKENS},
    {"gives YAO_E_LIMIT above so many entries", VICAL,
     "2/*/certificateInfos",
     ITEM("\xa4\x63ski\x41x\x67" "docType\x81\x61x\x6b" "certificate\x41x\x6c"
          "serialNumber\x01"),
     YAO_MAX_TRUST_ROOTS},
    {"gives YAO_E_LIMIT above so many types of an entry", VICAL,
     "2/*/certificateInfos/0/docType", ITEM("\x61x"), YAO_MAX_TRUST_TYPES},
};

static void limit(void **state)
{
    const struct limit  *l = *state;
    yao_bytes            list;
    yao_trust_unverified u;

    list = trust_list(trust_world_make(), (yao_trust_kind)l->kind);
    assert_status(
        yao_trust_parse(test_arena(),
                        cbor_set(list, l->path, array_of(l->most, l->item)),
                        false, &u),
        YAO_OK);
    assert_status(
        yao_trust_parse(test_arena(),
                        cbor_set(list, l->path, array_of(l->most + 1, l->item)),
                        false, &u),
        YAO_E_LIMIT);
}

static void limit_of_revoked(void **state)
{
    yao_bytes list = trust_list(trust_world_make(), YAO_TRUST_BUNDLE);

    (void)state;
    for (size_t more = 0; more < 2; more++) {
        yao_writer           w = yao_writer_in(test_arena());
        yao_trust_unverified u;
        yao_bytes            root;

        yao_put_bytes(&w, YAO_LIT("\x84\x41x\x81\x02\x80"));
        yao_cbor_put_array(&w, YAO_MAX_TRUST_REVOKED + more);
        for (size_t i = 0; i < YAO_MAX_TRUST_REVOKED + more; i++)
            yao_cbor_put_bytes(&w, YAO_LIT("y"));
        assert_status(yao_writer_keep(&w, test_arena(), &root), YAO_OK);
        assert_status(yao_trust_parse(test_arena(),
                                      cbor_set(list, "2/*/7/1", root), false,
                                      &u),
                      more != 0 ? YAO_E_LIMIT : YAO_OK);
    }
}

/* Those that must rise are made one by one. */
static yao_bytes numbered(size_t count, const char *before, yao_bytes after)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;
    char       name[8];

    yao_cbor_put_array(&w, count);
    for (size_t i = 0; i < count; i++) {
        snprintf(name, sizeof name, "%05zu", i);
        yao_put_text(&w, before);
        yao_cbor_put_string(&w, name);
        yao_cbor_put_raw(&w, after);
    }
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static void limits_of_what_rises(void **state)
{
    const yao_bytes party = ITEM("\x61x\x60\x81\x61x\x61x\x00\x01\x41x\x58\x20"
                                 HASH);
    const yao_bytes file  = ITEM("\x58\x20" HASH);
    yao_bytes       list = trust_list(trust_world_make(), YAO_TRUST_BUNDLE);
    yao_trust_unverified u;

    (void)state;
    for (size_t extra = 0; extra <= 1; extra++) {
        yao_status want = extra == 0 ? YAO_OK : YAO_E_LIMIT;

        /* more would be refused by the CBOR reader already: the same limit */
        yao_bytes many = cbor_set(
            list, "2/*/9", numbered(YAO_MAX_PARTIES + extra, "\x89", party));
        if (extra == 0)
            assert_status(yao_trust_parse(test_arena(), many, false, &u), want);
        else
            assert_int_not_equal(
                yao_trust_parse(test_arena(), many, false, &u), YAO_OK);
        many = cbor_set(list, "2/*/11",
                        numbered(YAO_MAX_TRUST_FILES + extra, "\x82", file));
        assert_status(yao_trust_parse(test_arena(), many, false, &u), want);
    }
}

static void refuses_too_many_bytes(void **state)
{
    static uint8_t       zeros[1];
    yao_trust_unverified u;

    (void)state; /* no byte of it is looked at */
    assert_status(yao_trust_parse(test_arena(),
                                  (yao_bytes){zeros, YAO_MAX_TRUST_LIST + 1},
                                  false, &u),
                  YAO_E_LIMIT);
    assert_int_equal(
        yao_trust_kind_of((yao_bytes){zeros, YAO_MAX_TRUST_LIST + 1}),
        YAO_TRUST_UNKNOWN);
}

static void refuses_many_keys(void **state)
{
    yao_bytes list = trust_list(trust_world_make(), YAO_TRUST_VICAL);
    yao_trust_unverified u;

    (void)state; /* eight are there */
    for (int i = 8; i < 64; i++) {
        char key[8];

        snprintf(key, sizeof key, "k%d", i);
        list = cbor_add(list, "2/*",
                        cbor_join(cbor_of_text(key), YAO_LIT("\x00")));
    }
    assert_status(yao_trust_parse(test_arena(), list, false, &u), YAO_OK);
    list = cbor_add(list, "2/*", YAO_LIT("\x61k\x00"));
    assert_status(yao_trust_parse(test_arena(), list, false, &u), YAO_E_LIMIT);
}

/* ---- kinds -------------------------------------------------------------- */

static void gives_kinds(void **state)
{
    static const struct {
        yao_bytes      input;
        yao_trust_kind want;
    } others[] = {
        {ITEM(""), YAO_TRUST_UNKNOWN},
        {ITEM("-----BEGIN CERTIFICATE-----"), YAO_TRUST_UNKNOWN},
        {ITEM("\x84\x40\xa0\xf6\x40"), YAO_TRUST_UNKNOWN},
        {ITEM("\x84\x40\xa0\x41\xa0\x40"), YAO_TRUST_UNKNOWN},
        {ITEM("\x84\x40\xa0\x43\xa1\x01\x01\x40"), YAO_TRUST_UNKNOWN},
        {ITEM("\x84\x44\xa1\x10\x61x\xa0\x44\xa1\x61x\x01\x40"),
         YAO_TRUST_UNKNOWN},
        {ITEM("\x84\x40\xa0\x44\xa1\x61x\x01\x40"), YAO_TRUST_VICAL},
        {ITEM("\xd2\x84\x40\xa0\x44\xa1\x61x\x01\x40"), YAO_TRUST_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(others); i++)
        assert_int_equal(yao_trust_kind_of(others[i].input), others[i].want);
    for (int kind = VICAL; kind <= BUNDLE; kind++)
        assert_int_equal(
            yao_trust_kind_of(trust_list(trust_world_make(),
                                         (yao_trust_kind)kind)),
            kind);
    assert_string_equal(yao_trust_kind_name(YAO_TRUST_VICAL), "vical");
    assert_string_equal(yao_trust_kind_name(YAO_TRUST_PARTIES), "parties");
    assert_string_equal(yao_trust_kind_name(YAO_TRUST_BUNDLE), "bundle");
    assert_string_equal(yao_trust_kind_name((yao_trust_kind)4), "unknown");
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("parse", rows[i].name, one, &rows[i]);
    test_add("parse", "refuses strictly heads that are not the shortest",
             refuses_longer_heads_strictly, NULL);
    test_add("parse", "refuses other keys, or in another order",
             refuses_other_keys, NULL);
    test_add("parse", "refuses a chain of ours that is not signed",
             refuses_unsigned_chains, NULL);
    test_add("parse", "accepts a chain of a VICAL that is signed",
             accepts_signed_chains, NULL);
    for (size_t i = 0; i < COUNT(limits); i++)
        test_add("parse", limits[i].name, limit, &limits[i]);
    test_add("parse", "gives YAO_E_LIMIT above so many that were taken back",
             limit_of_revoked, NULL);
    test_add("parse", "gives YAO_E_LIMIT above so many parties and files",
             limits_of_what_rises, NULL);
    test_add("parse", "gives YAO_E_LIMIT above so many bytes",
             refuses_too_many_bytes, NULL);
    test_add("parse", "gives YAO_E_LIMIT above so many keys of a map",
             refuses_many_keys, NULL);
    test_add("parse", "gives the kind of what could be one", gives_kinds,
             NULL);
    return test_run("trust/parse");
}
