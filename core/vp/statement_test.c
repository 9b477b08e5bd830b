/* SPDX-License-Identifier: Apache-2.0 */
/* What the registrar says of who asks, brought by who asks. */
#include "vp/statement.h"

#include "check.h"
#include "trust_fixture.h"
#include "vp_world.h"

/* What is wrong with the statement, or what is at hand, as bits. */
enum {
    NO_ANCHOR  = 1 << 0,  /* nobody is at hand who could have signed it */
    FOREIGN    = 1 << 1,  /* another format, which nobody knows */
    TWICE      = 1 << 2,
    NO_TEXT    = 1 << 3,  /* data is an object */
    LETTERS    = 1 << 4,  /* data is no base64url */
    GARBAGE    = 1 << 5,  /* data is no list */
    TWO        = 1 << 6,  /* parties in it */
    VICAL      = 1 << 7,  /* another kind of list */
    ANOTHERS   = 1 << 8,  /* another party */
    SUSPENDED  = 1 << 9,
    OVER       = 1 << 10,
    TOMORROW   = 1 << 11,
    FORGED     = 1 << 12, /* by another key */
    STRANGER   = 1 << 13, /* by another authority's signer */
    LESS       = 1 << 14, /* registered for another profile */
    NONE       = 1 << 15, /* it is not sent */
    LIST       = 1 << 16, /* a list is at hand, older, without the party */
    LIST_YOUNG = 1 << 17, /* younger, without the party */
    LIST_HAS   = 1 << 18, /* the list has the party */
    LIST_HELD  = 1 << 19, /* and it is suspended there */
    WANTED     = 1 << 20  /* who is not registered is refused */
};

typedef struct row {
    const char *name;
    unsigned    flags;
    yao_status  want;
    bool        party, stated; /* is there, is of the statement */
} row;

static const row rows[] = {
    {"accepts who is known by it alone", WANTED, YAO_OK, true, true},
    {"accepts that there is none", NONE, YAO_OK, false, false},
    {"accepts a list that knows the party, and none", NONE | LIST | LIST_HAS,
     YAO_OK, true, false},
    {"accepts it before an older list that does not know the party",
     LIST | WANTED, YAO_OK, true, true},
    {"accepts it before an older list in which the party was suspended",
     LIST | LIST_HAS | LIST_HELD, YAO_OK, true, true},
    {"accepts a younger list before it", LIST_YOUNG | LIST_HAS | SUSPENDED,
     YAO_OK, true, false},
    {"accepts formats of others, and ignores them", FOREIGN, YAO_OK, false,
     false},
    {"accepts what it cannot check, and ignores it", NO_ANCHOR, YAO_OK, false,
     false},
    {"refuses who is not registered where only formats of others say so",
     FOREIGN | WANTED, YAO_E_NOT_AUTHORISED, false, false},
    {"refuses the same where nobody can check", NO_ANCHOR | WANTED,
     YAO_E_NOT_AUTHORISED, false, false},
    {"refuses who is in a younger list no more", LIST_YOUNG | WANTED,
     YAO_E_NOT_AUTHORISED, false, false},
    {"refuses who is suspended in a younger list",
     LIST_YOUNG | LIST_HAS | LIST_HELD, YAO_E_SUSPENDED, false, false},
    {"refuses two", TWICE, YAO_E_DUPLICATE, false, false},
    {"refuses one that is no text", NO_TEXT, YAO_E_MALFORMED, false, false},
    {"refuses one that is no base64url", LETTERS, YAO_E_BASE64, false, false},
    {"refuses one that is no list", GARBAGE, YAO_E_MALFORMED, false, false},
    {"refuses one of two parties", TWO, YAO_E_MALFORMED, false, false},
    {"refuses another kind of list", VICAL, YAO_E_MALFORMED, false, false},
    {"refuses another party's", ANOTHERS, YAO_E_MISMATCH, false, false},
    {"refuses one that says that the party is suspended", SUSPENDED,
     YAO_E_SUSPENDED, false, false},
    {"refuses one that is over", OVER, YAO_E_EXPIRED, false, false},
    {"refuses one of tomorrow", TOMORROW, YAO_E_NOT_YET_VALID, false, false},
    {"refuses one that another key signed", FORGED, YAO_E_BAD_SIGNATURE, false,
     false},
    {"refuses one of another authority", STRANGER, YAO_E_UNTRUSTED, false,
     false},
    {"refuses who asks for more than it says", LESS, YAO_E_NOT_AUTHORISED,
     false, false},
};

/* ---- the verifier ------------------------------------------------------- */

static const yao_text hotel[] = {YAO_INIT("hotel")};
static const yao_text door[]  = {YAO_INIT("door")};

static yao_trust_party party_of(const row *r, yao_bytes certificate)
{
    return (yao_trust_party){
        .code           = YAO_TEXT("91110000SPECIMEN0X"),
        .name           = YAO_TEXT("样例旅馆"),
        .name_en        = YAO_TEXT("SPECIMEN HOTEL"),
        .profiles       = (r->flags & LESS) != 0 ? door : hotel,
        .profile_count  = 1,
        .legal_basis    = YAO_TEXT("SPECIMEN LAW"),
        .retention_days = 30,
        .state = (r->flags & SUSPENDED) != 0 ? YAO_PARTY_SUSPENDED
                                             : YAO_PARTY_ACTIVE,
        .certificate    = certificate};
}

static yao_bytes make_list(const row *r, const vp_world *world,
                           const trust_world *trust)
{
    yao_trust_content content = trust_content(
        trust, (r->flags & VICAL) != 0 ? YAO_TRUST_VICAL : YAO_TRUST_PARTIES);
    yao_trust_party   parties[2];
    yao_time          issued = VP_NOW - 3600;

    if ((r->flags & OVER) != 0)
        issued -= 30 * YAO_TIME_DAY;
    if ((r->flags & TOMORROW) != 0)
        issued += YAO_TIME_DAY;
    parties[0] = party_of(r, (r->flags & ANOTHERS) != 0 ? trust->readers[1]
                                                        : world->reader);
    parties[1]             = parties[0];
    parties[1].code        = YAO_TEXT("91220000SPECIMEN1X");
    parties[1].certificate = trust->readers[1];
    if ((r->flags & ANOTHERS) != 0)
        parties[0].code = parties[1].code;
    content.issued_at      = issued;
    content.next_update    = issued + YAO_TIME_DAY;
    content.expires        = issued + 7 * YAO_TIME_DAY;
    if ((r->flags & VICAL) == 0) {
        content.parties     = parties;
        content.party_count = (r->flags & TWO) != 0 ? 2 : 1;
    }
    yao_bytes list = trust_sign(&content, &trust->signer, 1);
    return (r->flags & FORGED) != 0 ? trust_again(list, TRUST_OTHER) : list;
}

static yao_bytes make_infos(const row *r, yao_bytes list)
{
    const char *format = (r->flags & FOREIGN) != 0 ? "registration_cert"
                                                   : YAO_VP_STATEMENT;
    yao_writer  w      = yao_writer_in(test_arena());
    yao_bytes   out;

    yao_put_byte(&w, '[');
    for (int i = 0; i < ((r->flags & TWICE) != 0 ? 2 : 1); i++) {
        yao_put_text(&w, i == 0 ? "{\"format\":\"" : ",{\"format\":\"");
        yao_put_text(&w, format);
        yao_put_text(&w, "\",\"data\":");
        if ((r->flags & NO_TEXT) != 0) {
            yao_put_text(&w, "{}}");
            continue;
        }
        yao_put_text(&w, (r->flags & LETTERS) != 0 ? "\"=" : "\"");
        yao_put_base64url(&w, list);
        yao_put_text(&w, "\"}");
    }
    yao_put_byte(&w, ']');
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* ---- the wallet --------------------------------------------------------- */

static yao_trust_verified list_at_hand(const row *r, const vp_world *world,
                                       yao_trust_party *party)
{
    yao_bytes leaf = world->reader;
    uint8_t  *hash = yao_arena_take(test_arena(), YAO_SHA256_LEN);
    bool      has  = (r->flags & LIST_HAS) != 0;

    *party = party_of(&(row){.flags = 0}, leaf);
    assert_status(test_crypto()->hash(test_crypto()->ctx, YAO_SHA256, &leaf, 1,
                                      hash),
                  YAO_OK);
    party->hash = (yao_bytes){hash, YAO_SHA256_LEN};
    if ((r->flags & LIST_HELD) != 0)
        party->state = YAO_PARTY_SUSPENDED;
    return (yao_trust_verified){
        .content = {.kind        = YAO_TRUST_BUNDLE,
                    .issued_at   = (r->flags & LIST_YOUNG) != 0
                                       ? VP_NOW - 60
                                       : VP_NOW - 40 * YAO_TIME_DAY,
                    .parties     = party,
                    .party_count = has ? 1 : 0}};
}

static yao_status run(const row *r, yao_bytes infos, const vp_world *world,
                      const trust_world *trust, yao_vp_request *q)
{
    yao_vp_ask         ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_terms       terms = vp_terms(world);
    yao_anchor         anchors[4];
    yao_trust_party    party;
    yao_trust_verified list = list_at_hand(r, world, &party);

    for (size_t i = 0; i < 3; i++)
        anchors[i] = world->anchors[i];
    anchors[3] = trust->anchor;
    if ((r->flags & STRANGER) != 0)
        anchors[3].certificate = trust->issuer_root;
    terms.anchors      = anchors;
    terms.anchor_count = (r->flags & NO_ANCHOR) != 0 ? 3 : 4;
    terms.registered   = (r->flags & WANTED) != 0;
    if ((r->flags & LESS) != 0)
        terms.catalogue = yao_catalogue_shipped();
    if ((r->flags & (LIST | LIST_YOUNG)) != 0)
        terms.parties = &list;
    if ((r->flags & NONE) == 0)
        ask.infos = infos;
    YAO_TRY(vp_read(vp_sign(world, &ask), &terms, q, NULL));
    if (q->party != NULL)
        assert_true(yao_text_equal(q->party->code,
                                   YAO_TEXT("91110000SPECIMEN0X")));
    return YAO_OK;
}

static void one_row(void **state)
{
    const row         *r     = *state;
    const vp_world    *world = vp_world_make();
    const trust_world *trust = trust_world_make();
    yao_bytes          list  = (r->flags & GARBAGE) != 0
                                   ? YAO_LIT("\xa0")
                                   : make_list(r, world, trust);
    yao_vp_request     q;

    assert_status(run(r, make_infos(r, list), world, trust, &q), r->want);
    if (r->want != YAO_OK)
        return;
    assert_int_equal(q.party != NULL, r->party);
    assert_int_equal(q.stated, r->stated);
    if (r->stated)
        assert_int_equal(q.party->retention_days, 30);
}

/* No bit of it can be changed on the way, whatever the request's own signature
 * says: a party of bad faith signs that itself. */
typedef struct sweep {
    const vp_world    *world;
    const trust_world *trust;
} sweep;

static yao_status accept(yao_bytes list, void *context)
{
    const sweep *s    = context;
    const row    good = {.flags = WANTED};

    yao_vp_request q;
    size_t         mark   = test_arena()->used;
    yao_status     status = run(&good, make_infos(&good, list), s->world,
                                s->trust, &q);
    test_arena()->used    = mark;
    return status;
}

static void every_bit(void **state)
{
    sweep     s    = {vp_world_make(), trust_world_make()};
    row       good = {.flags = 0};
    yao_bytes list = make_list(&good, s.world, s.trust);

    (void)state;
    assert_status(accept(list, &s), YAO_OK);
    test_every_prefix(accept, list, &s);
    for (size_t i = 0; i < list.len; i += 7) {
        uint8_t *copy = yao_arena_take(test_arena(), list.len);
        memcpy(copy, list.ptr, list.len);
        copy[i] ^= (uint8_t)(1u << (i % 8));
        assert_true(accept((yao_bytes){copy, list.len}, &s) != YAO_OK);
    }
}

/* ---- what a verifier sends ---------------------------------------------- */

static void sends_what_is_of_use(void **state)
{
    static const struct {
        unsigned flags;
        bool     sent;
    } cases[] = {{0, true},        {SUSPENDED, true}, {OVER, false},
                 {TOMORROW, false}, {ANOTHERS, false}, {TWO, false},
                 {VICAL, false}};
    const vp_world    *world = vp_world_make();
    const trust_world *trust = trust_world_make();
    yao_certificate    leaf;
    yao_bytes          info;

    (void)state;
    assert_status(yao_x509_read(world->reader, &leaf), YAO_OK);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const row r = {.flags = cases[i].flags};

        assert_status(yao_vp_make_statement_info(test_arena(), test_crypto(),
                                                 make_list(&r, world, trust),
                                                 &leaf, VP_NOW, &info),
                      YAO_OK);
        assert_int_equal(info.len != 0, cases[i].sent);
    }
    assert_status(yao_vp_make_statement_info(test_arena(), test_crypto(),
                                             YAO_LIT("no list"), &leaf, VP_NOW,
                                             &info),
                  YAO_OK);
    assert_int_equal(info.len, 0);
    assert_status(yao_vp_make_statement_info(&(yao_arena){0}, test_crypto(),
                                             YAO_LIT(""), &leaf, VP_NOW,
                                             &info),
                  YAO_E_SPACE);
}

/* Longer than any: not even looked at. */
static void refuses_long(void **state)
{
    const vp_world    *world = vp_world_make();
    const trust_world *trust = trust_world_make();
    size_t             len   = YAO_VP_MAX_STATEMENT + 1;
    uint8_t           *room  = yao_arena_take(test_arena(), len);
    const row          r     = {.flags = 0};
    yao_vp_request     q;

    (void)state;
    memset(room, 'x', len);
    assert_status(run(&r, make_infos(&r, (yao_bytes){room, len}), world, trust,
                      &q),
                  YAO_E_LIMIT);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("statement", rows[i].name, one_row, &rows[i]);
    test_add("statement", "refuses one that is too long", refuses_long, NULL);
    test_add("statement", "refuses every prefix, and bits of it", every_bit,
             NULL);
    test_add("statement", "gives it where it is of use only",
             sends_what_is_of_use, NULL);
    return test_run("vp/statement");
}
