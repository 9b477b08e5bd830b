/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a wallet tells us of a request that asked too much: nobody has to say
 * who they are, and nothing says it. Complaints are in life/cases.c.
 *
 *     POST /reports
 *       {"why": "too_much" / "unknown_party" / "wrong_name" / "pressure" /
 *               "other",
 *        ?"client_id": "...", ?"party": "code", ?"profile": "hotel",
 *        ?"certificate": "SHA-256 in hex", ?"asked": ["address", ...]}
 */
#include "authority/console/console.h"
#include "authority/enrol/limit.h"
#include "base/ascii.h"

enum {
    HASH_REPORT   = 98,
    MOST_ASKED    = 40,
    MOST_NAME     = 80,
    MOST_CLIENT   = 200,
    MOST_OPEN     = 5 /* cases about one party */
};

/* ---- limits ------------------------------------------------------------- */

/* Of one address; a proxy's own says nothing. */
static yao_status count_peer(app_call *call, const enrol *e, int64_t *wait)
{
    yao_text peer = call->http->peer;
    uint8_t  hash[STORE_HASH_LEN];

    *wait = 0;
    if (peer.len == 0 ||
        yao_bytes_starts(yao_text_bytes(peer), YAO_LIT("127.")) ||
        yao_text_equal(peer, YAO_TEXT("::1")))
        return YAO_OK;
    YAO_TRY(seal_hash(e->a->crypto, &e->a->keys, ENROL_HASH_PEER,
                      yao_text_bytes(peer), hash));
    return enrol_try(e, ENROL_LIMIT_PEER, (yao_bytes){hash, sizeof hash}, wait);
}

static yao_status tell(app_call *call, app_reply *ret, yao_status status,
                       int64_t wait)
{
    if (status == YAO_E_LIMIT)
        return enrol_refuse(ret, call, 429, "wait",
                            WORDS("Too much was told from here. Wait.",
                                  "此处提交过多，请稍候。"),
                            wait);
    return console_tell(ret, call, status);
}

/* As many open cases as are of use; more of the same say nothing new. */
static yao_status put_case(app_call *call, store_case *c)
{
    authority   *a      = server_authority(call);
    uint8_t     *id     = yao_arena_take(call->arena, STORE_ID_LEN);
    store_change change = store_change_open(call->arena);
    uint64_t     open   = 0;

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(store_count_cases(a->store, c->kind, c->subject, &open));
    if (open >= MOST_OPEN)
        return YAO_OK;
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    c->id     = (yao_bytes){id, STORE_ID_LEN};
    c->opened = call->now;
    store_put_case(&change, c);
    YAO_TRY(authority_put_event(&change, call->arena, "case.open", YAO_LIT(""),
                                YAO_TEXT("{}")));
    return store_commit(a->store, &change);
}

/* ---- a request that was seen -------------------------------------------- */

static bool is_one_of(yao_text word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (yao_text_equal(word, yao_text_of(words[i])))
            return true;
    return false;
}

/* Names of elements, of profiles: never values. */
static bool is_name(yao_text name)
{
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.ptr[i];
        if (!yao_ascii_letter(c) && !yao_ascii_digit(c) && c != '_' &&
            c != '-' && c != '.' && c != ':')
            return false;
    }
    return name.len <= MOST_NAME;
}

static bool is_address(yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= 0x20 || text.ptr[i] >= 0x7f)
            return false;
    return text.len <= MOST_CLIENT;
}

typedef struct report {
    yao_text        why, client, party, profile, certificate;
    const yao_json *asked;
} report;

static yao_status read_words(app_call *call, const yao_json *body, report *r)
{
    static const char *const reasons[] = {"too_much", "unknown_party",
                                          "wrong_name", "pressure", "other"};
    const struct {
        console_member member;
        yao_text      *to;
    } members[] = {
        {{"why", 16, false}, &r->why},
        {{"client_id", MOST_CLIENT, true}, &r->client},
        {{"party", 18, true}, &r->party},
        {{"profile", MOST_NAME, true}, &r->profile},
        {{"certificate", 64, true}, &r->certificate},
    };

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        YAO_TRY(console_read_text(call, body, &members[i].member,
                                  members[i].to));
    if (!is_one_of(r->why, reasons, sizeof reasons / sizeof reasons[0]) ||
        !is_address(r->client) || !is_name(r->party) || !is_name(r->profile) ||
        !is_name(r->certificate))
        return YAO_E_VALUE;
    /* of whom? */
    return r->client.len != 0 || r->party.len != 0 || r->certificate.len != 0
               ? YAO_OK
               : YAO_E_MISSING;
}

static yao_status read_asked(app_call *call, report *r, const yao_json *body)
{
    yao_text name;

    r->asked = yao_json_get(body, "asked");
    if (r->asked == NULL)
        return YAO_OK;
    if (r->asked->kind != YAO_JSON_ARRAY || r->asked->count > MOST_ASKED)
        return YAO_E_VALUE;
    for (const yao_json *i = r->asked->first; i != NULL; i = i->next) {
        YAO_TRY(yao_json_string(i, call->arena, &name));
        if (name.len == 0 || !is_name(name))
            return YAO_E_VALUE;
    }
    return YAO_OK;
}

static void put_some(yao_writer *w, bool *first, const char *name,
                     yao_text value)
{
    if (value.len != 0)
        yao_json_put_member(w, first, name, value);
}

static yao_status write_report(app_call *call, const report *r, yao_text *ret)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;
    yao_bytes  detail;

    yao_put_byte(&w, '{');
    put_some(&w, &first, "why", r->why);
    put_some(&w, &first, "client_id", r->client);
    put_some(&w, &first, "party", r->party);
    put_some(&w, &first, "profile", r->profile);
    put_some(&w, &first, "certificate", r->certificate);
    if (r->asked != NULL) {
        yao_json_put_name(&w, &first, "asked");
        yao_json_put_value(&w, r->asked);
    }
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, call->arena, &detail));
    *ret = (yao_text){detail.ptr, detail.len};
    return YAO_OK;
}

/* Of one party: by its code, else its certificate, else its address. */
static yao_status hash_party(const enrol *e, const report *r, uint8_t *out)
{
    yao_text of = r->party.len != 0         ? r->party
                  : r->certificate.len != 0 ? r->certificate
                                            : r->client;

    return seal_hash(e->a->crypto, &e->a->keys, HASH_REPORT, yao_text_bytes(of),
                     out);
}

static yao_status put_report(app_call *call, const enrol *e)
{
    report          r       = {.asked = NULL};
    store_case      c       = {.kind = YAO_TEXT("report.request")};
    uint8_t        *subject = yao_arena_take(call->arena, STORE_HASH_LEN);
    const yao_json *body;

    if (subject == NULL)
        return YAO_E_SPACE;
    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(read_words(call, body, &r));
    YAO_TRY(read_asked(call, &r, body));
    YAO_TRY(hash_party(e, &r, subject));
    YAO_TRY(write_report(call, &r, &c.detail));
    c.subject = (yao_bytes){subject, STORE_HASH_LEN};
    return put_case(call, &c);
}

/* Whether a case was opened is not told: it would say what others told. */
static yao_status take_report(app_call *call, app_reply *ret)
{
    const enrol e      = enrol_of(call);
    int64_t     wait   = 0;
    yao_status  status = count_peer(call, &e, &wait);

    if (status == YAO_OK)
        status = put_report(call, &e);
    if (status != YAO_OK)
        return tell(call, ret, status, wait);
    return app_reply_empty(ret, 202);
}

/* ---- the table ---------------------------------------------------------- */

static const app_route routes[] = {
    {"POST", "/reports", APP_ANY_WALLET | APP_JSON, take_report, 0, 8192},
};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_PUBLIC},
};

const authority_part console_report_part = {.tables = tables, .table_count = 1};
