/* SPDX-License-Identifier: Apache-2.0 */

/** Tokens of status lists: what is accepted, and each claim that may be wrong
 *  in one, signed again so that it alone is. */

#include "list_token.h"

static list_judged judged;

/* ---- JWT: one header, one payload ---- */

#define SUB  LIST_SUB
#define IAT  LIST_IAT
#define LIST LIST_LIST
#define BODY LIST_BODY
#define TYPED(typ) "{\"alg\":\"ES256\"," typ "@X}"
#define BITS(bits)                                                             \
    "{" SUB "," IAT ",\"status_list\":{\"bits\":" bits ",\"lst\":\"@L\"}}"
#define LST(lst)                                                               \
    "{" SUB "," IAT ",\"status_list\":{\"bits\":2,\"lst\":" lst "}}"

typedef struct jwt_row {
    const char *name;
    const char *header, *payload; /* NULL: the good one */
    yao_text    uri;              /* that is asked for */
    yao_time    now, skew;        /* now: seconds from LIST_NOW */
    yao_status  parsed;
    yao_check   check;
    yao_status  why;
    int64_t     ttl; /* of what is accepted */
} jwt_row;

static const jwt_row jwts[] = {
    {"accepts the least that there may be", .payload = BODY("")},
    {"accepts all that there may be",
     .payload = BODY(",\"exp\":1795391999,\"ttl\":3600,\"iss\":\"x\","
                     "\"aggregation\":[1]"),
     .ttl = 3600},
    {"accepts an aggregation_uri in the list",
     .payload = "{" SUB "," IAT ",\"status_list\":{\"bits\":2,\"lst\":\"@L\","
                "\"aggregation_uri\":\"https://a.example\"}}"},
    {"accepts the URI that was asked for", .uri = YAO_INIT(LIST_URI)},

    {"N116: refuses alg none",
     .header = "{\"alg\":\"none\",\"typ\":\"statuslist+jwt\",@X}",
     .parsed = YAO_E_ALGORITHM},
    {"N116: refuses a token without alg",
     .header = "{\"typ\":\"statuslist+jwt\",@X}", .parsed = YAO_E_ALGORITHM},
    {"N116: refuses an HMAC",
     .header = "{\"alg\":\"HS256\",\"typ\":\"statuslist+jwt\",@X}",
     .parsed = YAO_E_ALGORITHM},
    {"refuses an algorithm that is not the key's",
     .header = "{\"alg\":\"ES384\",\"typ\":\"statuslist+jwt\",@X}",
     .check = YAO_CHECK_ALGORITHM, .why = YAO_E_ALGORITHM},
    {"refuses a critical header",
     .header = "{\"alg\":\"ES256\",\"typ\":\"statuslist+jwt\","
               "\"crit\":[\"x\"],@X}",
     .parsed = YAO_E_HEADER},

    {"N119: refuses a sub that is not the URI asked for",
     .uri = YAO_INIT("https://authority.example/status/2"),
     .check = YAO_CHECK_LIST_SUBJECT, .why = YAO_E_MISMATCH},
    {"N119: refuses a sub that only begins like it",
     .uri = YAO_INIT(LIST_URI "0"), .check = YAO_CHECK_LIST_SUBJECT,
     .why = YAO_E_MISMATCH},

    {"N120: refuses another typ", .header = TYPED("\"typ\":\"JWT\","),
     .check = YAO_CHECK_TYPE_HEADER, .why = YAO_E_MISMATCH},
    {"N120: refuses the typ of a document",
     .header = TYPED("\"typ\":\"dc+sd-jwt\","),
     .check = YAO_CHECK_TYPE_HEADER, .why = YAO_E_MISMATCH},
    {"N120: refuses the typ of a CWT",
     .header = TYPED("\"typ\":\"application/statuslist+cwt\","),
     .check = YAO_CHECK_TYPE_HEADER, .why = YAO_E_MISMATCH},
    {"N120: refuses a token without typ", .header = TYPED(""),
     .check = YAO_CHECK_TYPE_HEADER, .why = YAO_E_MISSING},
    {"N120: refuses a token without iat", .payload = "{" SUB "," LIST "}",
     .check = YAO_CHECK_REQUIRED_CLAIMS, .why = YAO_E_MISSING},
    {"N120: refuses a token without sub", .payload = "{" IAT "," LIST "}",
     .check = YAO_CHECK_REQUIRED_CLAIMS, .why = YAO_E_MISSING},
    {"N120: refuses a token without status_list",
     .payload = "{" SUB "," IAT "}", .check = YAO_CHECK_REQUIRED_CLAIMS,
     .why = YAO_E_MISSING},
    {"N120: refuses a list without bits",
     .payload = "{" SUB "," IAT ",\"status_list\":{\"lst\":\"@L\"}}",
     .check = YAO_CHECK_REQUIRED_CLAIMS, .why = YAO_E_MISSING},
    {"N120: refuses a list without lst",
     .payload = "{" SUB "," IAT ",\"status_list\":{\"bits\":1}}",
     .check = YAO_CHECK_REQUIRED_CLAIMS, .why = YAO_E_MISSING},
    {"refuses a status_list that is no object",
     .payload = "{" SUB "," IAT ",\"status_list\":[1]}",
     .check = YAO_CHECK_REQUIRED_CLAIMS, .why = YAO_E_VALUE},
    {"refuses a sub that is no string",
     .payload = "{\"sub\":1," IAT "," LIST "}",
     .check = YAO_CHECK_REQUIRED_CLAIMS, .why = YAO_E_VALUE},
    {"refuses an empty sub", .payload = "{\"sub\":\"\"," IAT "," LIST "}",
     .check = YAO_CHECK_REQUIRED_CLAIMS, .why = YAO_E_VALUE},
    {"refuses a claim that comes twice", .payload = BODY("," IAT),
     .parsed = YAO_E_DUPLICATE},
    {"refuses a payload that is no object", .payload = "[1]",
     .parsed = YAO_E_MALFORMED},

    {"accepts the last second before exp",
     .payload = BODY(",\"exp\":1795305601")},
    {"N121: refuses a list at its exp", .payload = BODY(",\"exp\":1795305600"),
     .check = YAO_CHECK_VALIDITY, .why = YAO_E_EXPIRED},
    {"N121: accepts 60 s past exp with a skew of 61 s",
     .payload = BODY(",\"exp\":1795305540"), .skew = 61},
    {"N121: refuses 60 s past exp with a skew of 60 s",
     .payload = BODY(",\"exp\":1795305540"), .skew = 60,
     .check = YAO_CHECK_VALIDITY, .why = YAO_E_EXPIRED},
    {"N121: refuses an iat in the future", .now = -601,
     .check = YAO_CHECK_VALIDITY, .why = YAO_E_NOT_YET_VALID},
    {"N121: accepts an iat 60 s in the future with that skew", .now = -660,
     .skew = 60},
    {"N121: refuses an iat 61 s in the future with a skew of 60 s",
     .now = -661, .skew = 60, .check = YAO_CHECK_VALIDITY,
     .why = YAO_E_NOT_YET_VALID},
    {"refuses an iat with a fraction",
     .payload = "{" SUB ",\"iat\":1795305000.5," LIST "}",
     .check = YAO_CHECK_VALIDITY, .why = YAO_E_VALUE},
    {"refuses an iat that is a string",
     .payload = "{" SUB ",\"iat\":\"1795305000\"," LIST "}",
     .check = YAO_CHECK_VALIDITY, .why = YAO_E_VALUE},
    {"refuses an iat before 1970",
     .payload = "{" SUB ",\"iat\":-1," LIST "}",
     .check = YAO_CHECK_VALIDITY, .why = YAO_E_VALUE},
    {"refuses an exp after 9999", .payload = BODY(",\"exp\":253402300800"),
     .check = YAO_CHECK_VALIDITY, .why = YAO_E_VALUE},
    {"refuses an exp that is null", .payload = BODY(",\"exp\":null"),
     .check = YAO_CHECK_VALIDITY, .why = YAO_E_VALUE},
    {"N121: refuses a ttl of 0", .payload = BODY(",\"ttl\":0"),
     .check = YAO_CHECK_VALIDITY, .why = YAO_E_VALUE},
    {"N121: refuses a ttl of -1", .payload = BODY(",\"ttl\":-1"),
     .check = YAO_CHECK_VALIDITY, .why = YAO_E_VALUE},
    {"refuses a ttl that is a string", .payload = BODY(",\"ttl\":\"60\""),
     .check = YAO_CHECK_VALIDITY, .why = YAO_E_VALUE},
    {"N121: accepts a ttl of 1 as 60", .payload = BODY(",\"ttl\":1"),
     .ttl = 60},
    {"accepts a ttl of 60", .payload = BODY(",\"ttl\":60"), .ttl = 60},
    {"accepts a ttl of a day", .payload = BODY(",\"ttl\":86400"),
     .ttl = 86400},
    {"N121: accepts a ttl of a second more as a day",
     .payload = BODY(",\"ttl\":86401"), .ttl = 86400},
    {"N121: accepts a ttl of 10^12 as a day",
     .payload = BODY(",\"ttl\":1000000000000"), .ttl = 86400},

    {"N123: refuses bits 0", .payload = BITS("0"),
     .check = YAO_CHECK_LIST_CONTENT, .why = YAO_E_VALUE},
    {"N123: refuses bits 3", .payload = BITS("3"),
     .check = YAO_CHECK_LIST_CONTENT, .why = YAO_E_VALUE},
    {"N123: refuses bits 16", .payload = BITS("16"),
     .check = YAO_CHECK_LIST_CONTENT, .why = YAO_E_VALUE},
    {"N123: refuses bits 258", .payload = BITS("258"),
     .check = YAO_CHECK_LIST_CONTENT, .why = YAO_E_VALUE},
    {"N123: refuses bits \"1\"", .payload = BITS("\"1\""),
     .check = YAO_CHECK_LIST_CONTENT, .why = YAO_E_VALUE},
    {"N123: refuses bits -1", .payload = BITS("-1"),
     .check = YAO_CHECK_LIST_CONTENT, .why = YAO_E_VALUE},
    {"N123: accepts bits 1", .payload = BITS("1")},
    {"N123: accepts bits 4", .payload = BITS("4")},
    {"N123: accepts bits 8", .payload = BITS("8")},
    {"refuses an lst that is a number", .payload = LST("1"),
     .check = YAO_CHECK_LIST_CONTENT, .why = YAO_E_VALUE},
    {"refuses an lst with padding", .payload = LST("\"@L=\""),
     .check = YAO_CHECK_LIST_CONTENT, .why = YAO_E_BASE64},
    {"refuses an lst that is no stream", .payload = LST("\"AAAA\""),
     .check = YAO_CHECK_LIST_CONTENT, .why = YAO_E_MALFORMED},
    {"refuses an lst that is empty", .payload = LST("\"\""),
     .check = YAO_CHECK_LIST_CONTENT, .why = YAO_E_MALFORMED},
    {"N125: refuses an lst that is a raw stream",
     .payload = LST("\"s2RgYGAAAA\""), .check = YAO_CHECK_LIST_CONTENT,
     .why = YAO_E_MALFORMED},
};

static void one_jwt(void **state)
{
    const jwt_row         *row = *state;
    list_scene             s   = list_scene_of(YAO_X509_STATUS);
    yao_bytes              lst = list_packed(YAO_LIT("\x39\x00\x00\x00"));
    yao_statuslist_options o   = list_options(&s);

    o.uri  = row->uri;
    o.now += row->now;
    o.skew = row->skew;
    list_judge(list_jwt(&s, row->header, row->payload, lst), &o, &judged);
    assert_status(judged.parsed, row->parsed);
    if (row->parsed != YAO_OK)
        return;
    list_expect(&judged, row->check, row->why, false);
    if (row->check == YAO_CHECK_NONE) {
        assert_int_equal(judged.list.ttl, row->ttl);
        assert_bytes(yao_text_bytes(judged.list.uri), YAO_LIT(LIST_URI));
        assert_bytes(judged.list.entries, YAO_LIT("\x39\x00\x00\x00"));
        assert_bytes(judged.list.anchor, s.root);
        assert_int_equal(judged.list.issued_at, LIST_NOW - 600);
    }
}

/* ---- CWT: the good one with one change, signed again ---- */

enum where { HEADER, CLAIMS };
enum edit { KEEP, SET, REMOVE, ADD };

static const struct cwt_row {
    const char *name;
    enum where  where;
    enum edit   edit;
    const char *path;
    yao_bytes   item;
    yao_status  parsed;
    yao_check   check;
    yao_status  why;
    int64_t     ttl;
} cwts[] = {
    {"accepts a good one", .ttl = 43200},
    {"accepts further claims", CLAIMS, ADD, "", YAO_INIT("\x01\x61x"),
     .ttl = 43200},
    {"accepts a list that says where others are", CLAIMS, ADD, "65533",
     YAO_INIT("\x6f" "aggregation_uri" "\x61x"), .ttl = 43200},
    {"accepts one without ttl", CLAIMS, REMOVE, "65534", .ttl = 0},
    {"accepts one without exp", CLAIMS, REMOVE, "4", .ttl = 43200},
    {"N120: refuses another type", HEADER, SET, "16",
     YAO_INIT("\x6f" "application/cwt"), .check = YAO_CHECK_TYPE_HEADER,
     .why = YAO_E_MISMATCH},
    {"N120: refuses the type of a JWT", HEADER, SET, "16",
     YAO_INIT("\x6e" "statuslist+jwt"), .check = YAO_CHECK_TYPE_HEADER,
     .why = YAO_E_MISMATCH},
    {"N120: refuses a type that is a number", HEADER, SET, "16",
     YAO_INIT("\x18\x3d"), .check = YAO_CHECK_TYPE_HEADER,
     .why = YAO_E_MISSING},
    {"N120: refuses one without type", HEADER, REMOVE, "16",
     .check = YAO_CHECK_TYPE_HEADER, .why = YAO_E_MISSING},
    {"N116: refuses one without algorithm", HEADER, REMOVE, "1",
     .check = YAO_CHECK_ALGORITHM, .why = YAO_E_ALGORITHM},
    {"N116: refuses an HMAC", HEADER, SET, "1", YAO_INIT("\x05"),
     .check = YAO_CHECK_ALGORITHM, .why = YAO_E_ALGORITHM},
    {"N120: refuses one without sub", CLAIMS, REMOVE, "2",
     .check = YAO_CHECK_REQUIRED_CLAIMS, .why = YAO_E_MISSING},
    {"N120: refuses one without iat", CLAIMS, REMOVE, "6",
     .check = YAO_CHECK_REQUIRED_CLAIMS, .why = YAO_E_MISSING},
    {"N120: refuses one without list", CLAIMS, REMOVE, "65533",
     .check = YAO_CHECK_REQUIRED_CLAIMS, .why = YAO_E_MISSING},
    {"N120: refuses a list without bits", CLAIMS, REMOVE, "65533/bits",
     .check = YAO_CHECK_REQUIRED_CLAIMS, .why = YAO_E_MISSING},
    {"N120: refuses a list without lst", CLAIMS, REMOVE, "65533/lst",
     .check = YAO_CHECK_REQUIRED_CLAIMS, .why = YAO_E_MISSING},
    {"N123: refuses bits 3", CLAIMS, SET, "65533/bits", YAO_INIT("\x03"),
     .check = YAO_CHECK_LIST_CONTENT, .why = YAO_E_VALUE},
    {"N123: refuses bits \"1\"", CLAIMS, SET, "65533/bits",
     YAO_INIT("\x61" "1"), .check = YAO_CHECK_LIST_CONTENT,
     .why = YAO_E_VALUE},
    {"refuses an lst that is text", CLAIMS, SET, "65533/lst",
     YAO_INIT("\x61x"), .check = YAO_CHECK_LIST_CONTENT, .why = YAO_E_VALUE},
    {"refuses a list that is none", CLAIMS, SET, "65533", YAO_INIT("\x80"),
     .check = YAO_CHECK_LIST_CONTENT, .why = YAO_E_VALUE},
    {"refuses bits that come twice", CLAIMS, ADD, "65533",
     YAO_INIT("\x64" "bits" "\x01"), .parsed = YAO_E_DUPLICATE},
    {"refuses a claim that comes twice", CLAIMS, ADD, "",
     YAO_INIT("\x06\x00"), .parsed = YAO_E_DUPLICATE},
    {"N121: refuses an exp that is over", CLAIMS, SET, "4", YAO_INIT("\x01"),
     .check = YAO_CHECK_VALIDITY, .why = YAO_E_EXPIRED},
    {"N121: refuses a ttl of 0", CLAIMS, SET, "65534", YAO_INIT("\x00"),
     .check = YAO_CHECK_VALIDITY, .why = YAO_E_VALUE},
    {"N121: refuses a ttl of -1", CLAIMS, SET, "65534", YAO_INIT("\x20"),
     .check = YAO_CHECK_VALIDITY, .why = YAO_E_VALUE},
    {"refuses a ttl that is text", CLAIMS, SET, "65534", YAO_INIT("\x61x"),
     .check = YAO_CHECK_VALIDITY, .why = YAO_E_VALUE},
    {"N121: accepts a ttl of 10^12 as a day", CLAIMS, SET, "65534",
     YAO_INIT("\x1b\x00\x00\x00\xe8\xd4\xa5\x10\x00"), .ttl = 86400},
    {"refuses an iat that is no date", CLAIMS, SET, "6", YAO_INIT("\x20"),
     .parsed = YAO_E_MALFORMED},
    {"refuses an iat beyond all time", CLAIMS, SET, "6",
     YAO_INIT("\x1b\x00\x00\x01\x00\x00\x00\x00\x00"),
     .check = YAO_CHECK_REQUIRED_CLAIMS, .why = YAO_E_VALUE},
    {"refuses a sub that is no text", CLAIMS, SET, "2", YAO_INIT("\x41x"),
     .parsed = YAO_E_MALFORMED},
    {"refuses an lst that is no stream", CLAIMS, SET, "65533/lst",
     YAO_INIT("\x41x"), .check = YAO_CHECK_LIST_CONTENT,
     .why = YAO_E_MALFORMED},
};

static yao_bytes edited(yao_bytes from, const struct cwt_row *row)
{
    switch (row->edit) {
    case SET:    return cbor_set(from, row->path, row->item);
    case REMOVE: return cbor_remove(from, row->path);
    case ADD:    return cbor_add(from, row->path, row->item);
    default:     return from;
    }
}

static void one_cwt(void **state)
{
    const struct cwt_row  *row = *state;
    list_scene             s   = list_scene_of(YAO_X509_STATUS);
    yao_statuslist_options o   = list_options(&s);
    yao_bytes              header, claims;

    list_parts(list_token(&s, YAO_STATUSLIST_CWT), &header, &claims);
    if (row->where == HEADER)
        header = edited(header, row);
    else
        claims = edited(claims, row);
    list_judge(list_cwt(header, claims, s.key), &o, &judged);
    assert_status(judged.parsed, row->parsed);
    if (row->parsed != YAO_OK)
        return;
    list_expect(&judged, row->check, row->why, false);
    if (row->check == YAO_CHECK_NONE) {
        assert_int_equal(judged.list.ttl, row->ttl);
        assert_bytes(judged.list.anchor, s.root);
    }
}

/* ---- rooms ---- */

typedef struct sweep {
    list_scene s;
    yao_bytes  good;
} sweep;

static yao_status parse_in(yao_arena *arena, void *context)
{
    const sweep                *c = context;
    yao_statuslist_options      o = list_options(&c->s);
    yao_statuslist_unverified   t;
    yao_statuslist_verification v;
    yao_report                  report = {.count = 0};

    YAO_TRY(yao_statuslist_parse(arena, c->good, YAO_STATUSLIST_UNKNOWN, &t));
    YAO_TRY(yao_statuslist_begin(arena, &t, &o, &v, &report));
    /* what there was no room for must not be missing instead */
    if (v.check_count == v.chain_checks || t.claims.required != YAO_OK ||
        t.claims.content != YAO_OK)
        return YAO_E_MISSING;
    return YAO_OK;
}

/* A token whose every part wants room of its own. */
static yao_bytes roomy_jwt(const list_scene *s)
{
    enum { LEN = 4096 };
    uint8_t *entries = yao_arena_take(test_arena(), LEN);

    assert_non_null(entries);
    for (size_t i = 0; i < LEN; i++)
        entries[i] = (uint8_t)(i * i >> 4);
    return list_jwt(s, NULL,
                    "{\"sub\":\"https:\\/\\/authority.example\"," IAT "," LIST
                    "}",
                    list_packed((yao_bytes){entries, LEN}));
}

static void every_arena(void **state)
{
    static sweep c;

    (void)state;
    for (int form = YAO_STATUSLIST_JWT; form <= YAO_STATUSLIST_CWT; form++) {
        c.s    = list_scene_of(YAO_X509_STATUS);
        c.good = list_token(&c.s, (yao_statuslist_form)form);
        test_every_arena(parse_in, &c, 32768);
    }
    c.good = roomy_jwt(&c.s);
    test_every_arena(parse_in, &c, 65536);

    yao_bytes header, claims; /* the same, by a bare key */
    list_parts(list_token(&c.s, YAO_STATUSLIST_CWT), &header, &claims);
    c.good         = list_cwt(cbor_remove(header, "33"), claims, c.s.key);
    c.s.anchors[0] = (yao_anchor){
        .key  = yao_openssl_key_public(forge_key(c.s.key)),
        .role = YAO_ROLE_STATUS};
    test_every_arena(parse_in, &c, 32768);
}

/* ---- bytes that are no token ---- */

static const struct {
    const char         *name;
    yao_bytes           input;
    yao_statuslist_form form;
    yao_status          want;
} nothings[] = {
    {"refuses nothing", YAO_INIT(""), YAO_STATUSLIST_UNKNOWN,
     YAO_E_MALFORMED},
    {"refuses nothing as JWT", YAO_INIT(""), YAO_STATUSLIST_JWT,
     YAO_E_MALFORMED},
    {"refuses nothing as CWT", YAO_INIT(""), YAO_STATUSLIST_CWT,
     YAO_E_TRUNCATED},
    {"refuses another form", YAO_INIT("ey"), (yao_statuslist_form)3,
     YAO_E_MALFORMED},
    {"refuses JSON", YAO_INIT("{}"), YAO_STATUSLIST_UNKNOWN, YAO_E_MALFORMED},
    {"refuses a Mac0", YAO_INIT("\xd1\x84\x40\xa0\x40\x40"),
     YAO_STATUSLIST_UNKNOWN, YAO_E_MALFORMED},
    {"refuses a Sign1 without its tag", YAO_INIT("\x84\x40\xa0\x41\xa0\x40"),
     YAO_STATUSLIST_CWT, YAO_E_MALFORMED},
    {"refuses a payload that is elsewhere",
     YAO_INIT("\xd2\x84\x40\xa0\xf6\x40"), YAO_STATUSLIST_CWT,
     YAO_E_MALFORMED},
    {"refuses a payload that is no map",
     YAO_INIT("\xd2\x84\x40\xa0\x41\x80\x40"), YAO_STATUSLIST_CWT,
     YAO_E_MALFORMED},
    {"refuses a byte behind the message",
     YAO_INIT("\xd2\x84\x40\xa0\x41\xa0\x40\x00"), YAO_STATUSLIST_CWT,
     YAO_E_TRAILING},
};

static void one_nothing(void **state)
{
    size_t                    i = *(const size_t *)*state;
    yao_statuslist_unverified t;

    assert_status(yao_statuslist_parse(test_arena(), nothings[i].input,
                                       nothings[i].form, &t),
                  nothings[i].want);
}

static void long_ones(void **state)
{
    uint8_t                  *big = calloc(1, YAO_MAX_MESSAGE + 1);
    yao_statuslist_unverified t;

    (void)state;
    assert_non_null(big);
    big[0] = 0xd2;
    yao_status cwt = yao_statuslist_parse(
        test_arena(), (yao_bytes){big, YAO_MAX_MESSAGE + 1},
        YAO_STATUSLIST_UNKNOWN, &t);
    big[0] = 'e';
    yao_status jwt = yao_statuslist_parse(test_arena(),
                                          (yao_bytes){big, YAO_MAX_JWT + 1},
                                          YAO_STATUSLIST_UNKNOWN, &t);
    free(big);
    assert_status(cwt, YAO_E_LIMIT);
    assert_status(jwt, YAO_E_LIMIT);
}

/* ---- the draft's own tokens: by a bare key, of kid 12 ---- */

/* The letters of a published example, without the breaks of its lines. */
static yao_bytes without_breaks(yao_bytes file)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {0};

    for (size_t i = 0; i < file.len; i++)
        if (file.ptr[i] > ' ')
            yao_put_byte(&w, file.ptr[i]);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* The public part of the key that the draft publishes whole. */
static yao_public_key published_key(void)
{
    const yao_json *jwk = test_json(
        test_vector("token-status-list/example_signing_key.jwk.json"));
    yao_writer     w = yao_writer_in(test_arena());
    bool           first = true;
    yao_bytes      text  = {0};
    yao_public_key key;

    yao_put_byte(&w, '{');
    for (const yao_json *m = jwk->first; m != NULL; m = m->next)
        if (!yao_json_named(m, YAO_TEXT("d"))) {
            yao_json_put_name_text(&w, &first, m->name);
            yao_json_put_value(&w, m);
        }
    yao_put_byte(&w, '}');
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    assert_status(yao_jwk_read(test_json(text), test_arena(), &key), YAO_OK);
    return key;
}

static void published(void **state)
{
    static const char *const files[] = {
        "token-status-list/status_list_jwt_raw." "md",
        "token-status-list/status_list_cwt." "md"};
    static const uint8_t said[16] = {1, 0, 0, 1, 1, 1, 0, 1,
                                     1, 1, 0, 0, 0, 1, 0, 1};

    (void)state;
    if (!test_have_vectors())
        skip();
    yao_anchor anchor = {.key = published_key(), .role = YAO_ROLE_STATUS};
    for (size_t f = 0; f < COUNT(files); f++) {
        yao_bytes              text = without_breaks(test_vector(files[f]));
        yao_statuslist_options o    = {
               .anchors      = &anchor,
               .anchor_count = 1,
               .now          = 1686920170,
               .uri = YAO_TEXT("https://example.com/statuslists/1")};
        char *hex = yao_arena_take(test_arena(), text.len + 1);

        assert_non_null(hex);
        memcpy(hex, text.ptr, text.len);
        list_judge(f == 0 ? text : test_unhex(hex), &o, &judged);
        list_expect(&judged, YAO_CHECK_NONE, YAO_OK, false);
        assert_int_equal(judged.list.count, 16);
        assert_int_equal(judged.list.ttl, 43200);
        for (size_t i = 0; i < 16; i++) {
            uint8_t value;

            assert_status(yao_status_get(&judged.list, i, &value), YAO_OK);
            assert_int_equal(value, said[i]);
        }
    }
}

int main(void)
{
    static size_t numbers[COUNT(nothings)];

    for (size_t i = 0; i < COUNT(jwts); i++)
        test_add("JWT", jwts[i].name, one_jwt, &jwts[i]);
    for (size_t i = 0; i < COUNT(cwts); i++)
        test_add("CWT", cwts[i].name, one_cwt, &cwts[i]);
    for (size_t i = 0; i < COUNT(nothings); i++) {
        numbers[i] = i;
        test_add("parse", nothings[i].name, one_nothing, &numbers[i]);
    }
    test_add("parse", "refuses tokens above the limits", long_ones, NULL);
    test_add("parse", "gives SPACE in every arena that is too small",
             every_arena, NULL);
    test_add("vectors", "accepts the tokens of the draft", published, NULL);
    return test_run("statuslist/parse");
}
