/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registrar's part: who may ask, for what, by what right. A party makes its
 * own key: it brings the public one, or a request for a certificate that shows
 * that it has the private one (RFC 2986).
 */
#include "app/pem.h"
#include "authority/console/act.h"
#include "authority/parties.h"
#include "jose/jose.h"
#include "x509/request.h"

enum { MOST_TEXT = 300, CODE = 18, MOST_REQUEST = 4096 };

/* ---- the key ------------------------------------------------------------ */

/* A request proves that who sends it has the key; its names are not looked at:
 * the registrar knows them. */
static yao_status read_request(app_call *call, yao_text pem,
                               yao_public_key *ret)
{
    uint8_t            *raw  = yao_arena_take(call->arena, YAO_MAX_SIGNATURE);
    yao_bytes           rest = yao_text_bytes(pem), der;
    yao_signature_check check;
    yao_public_key      key;
    yao_text            label;

    if (raw == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_pem_next(&rest, call->arena, &label, &der));
    if (!yao_text_equal(label, YAO_TEXT("CERTIFICATE REQUEST")))
        return YAO_E_VALUE;
    YAO_TRY(yao_x509_read_request(der, &key, &check, raw));
    YAO_TRY(call->crypto->verify(call->crypto->ctx, &check, 1));
    if (check.outcome != YAO_SIG_GOOD)
        return YAO_E_VALUE;
    *ret = key;
    return YAO_OK;
}

static yao_status read_key(app_call *call, const yao_json *body,
                           yao_public_key *ret)
{
    const yao_json *jwk     = yao_json_get(body, "key");
    const yao_json *request = yao_json_get(body, "request");
    yao_text        pem;

    if ((jwk == NULL) == (request == NULL))
        return YAO_E_MISSING;
    if (jwk != NULL)
        return yao_jwk_read(jwk, call->arena, ret);
    YAO_TRY(yao_json_string(request, call->arena, &pem));
    return pem.len <= MOST_REQUEST ? read_request(call, pem, ret) : YAO_E_VALUE;
}

/* ---- asking ------------------------------------------------------------- */

static yao_status read_profiles(app_call *call, const yao_json *list,
                                parties_wish *w)
{
    yao_text name;

    if (list == NULL || list->kind != YAO_JSON_ARRAY || list->count == 0)
        return YAO_E_MISSING;
    for (const yao_json *i = list->first; i != NULL; i = i->next) {
        YAO_TRY(yao_json_string(i, call->arena, &name));
        YAO_TRY(parties_add_profile(server_catalogue(call), name, w));
    }
    return YAO_OK;
}

static yao_status read_wish(app_call *call, const yao_json *body,
                            parties_wish *w)
{
    const struct {
        console_member member;
        yao_text      *to;
    } members[] = {
        {{"code", CODE, false}, &w->party.code},
        {{"name", MOST_TEXT, false}, &w->party.name},
        {{"legal_basis", MOST_TEXT, true}, &w->party.legal_basis},
        {{"host", MOST_TEXT, true}, &w->host},
    };

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        YAO_TRY(console_read_text(call, body, &members[i].member,
                                  members[i].to));
    YAO_TRY(read_profiles(call, yao_json_get(body, "profiles"), w));
    w->party.retention_days = parties_most_days(w);
    yao_status status = yao_json_int(yao_json_get(body, "retention_days"),
                                     &w->party.retention_days);
    if (status != YAO_OK && status != YAO_E_MISSING)
        return status;
    return parties_check(server_catalogue(call), w, call->arena);
}

/* Somebody else's mistake in a list of profiles is a value like any other. */
static yao_status plain(yao_status status)
{
    return status == YAO_E_DUPLICATE ? YAO_E_VALUE : status;
}

static yao_status write_wish(app_call *call, const parties_wish *w,
                             console_asked *asked)
{
    yao_writer out   = yao_writer_in(call->arena);
    bool       first = true, inner = true;

    yao_put_byte(&out, '{');
    yao_json_put_member(&out, &first, "code", w->party.code);
    yao_json_put_member(&out, &first, "name", w->party.name);
    yao_json_put_name(&out, &first, "profiles");
    yao_put_byte(&out, '[');
    for (size_t i = 0; i < w->profile_count; i++) {
        yao_json_put_next(&out, &inner);
        yao_json_put_string(&out, w->profiles[i]);
    }
    yao_put_byte(&out, ']');
    yao_json_put_member(&out, &first, "legal_basis", w->party.legal_basis);
    yao_json_put_member_int(&out, &first, "retention_days",
                            w->party.retention_days);
    if (w->host.len != 0)
        yao_json_put_member(&out, &first, "host", w->host);
    yao_json_put_name(&out, &first, "key");
    yao_jwk_put(&out, &w->key);
    return console_keep_detail(call, &out, asked);
}

yao_status console_ask_party(app_call *call, const yao_json *body,
                             console_asked *asked)
{
    parties_wish *w = yao_arena_take(call->arena, sizeof *w);
    store_party   there;

    if (w == NULL)
        return YAO_E_SPACE;
    YAO_TRY(plain(read_wish(call, body, w)));
    YAO_TRY(read_key(call, body, &w->key));
    if (w->key.curve != YAO_P256)
        return YAO_E_VALUE;
    yao_status status = store_get_party(server_authority(call)->store,
                                        w->party.code, call->arena, &there);
    if (status != YAO_E_NOT_FOUND)
        return status == YAO_OK ? YAO_E_EXISTS : status;
    return write_wish(call, w, asked);
}

yao_status console_put_party(app_call *call, store_change *change,
                             const store_case *what, const yao_json *detail,
                             console_done *done)
{
    parties_wish *w = yao_arena_take(call->arena, sizeof *w);
    yao_bytes     pem;

    (void)what;
    if (w == NULL)
        return YAO_E_SPACE;
    YAO_TRY(plain(read_wish(call, detail, w)));
    YAO_TRY(read_key(call, detail, &w->key));
    YAO_TRY(parties_certify(server_authority(call), w, call->now, call->arena));
    YAO_TRY(parties_put(change, call->arena, &w->party, call->now));
    yao_writer out = yao_writer_in(call->arena);
    yao_pem_put(&out, "CERTIFICATE", w->party.certificate);
    YAO_TRY(yao_writer_keep(&out, call->arena, &pem));
    *done = (console_done){YAO_TEXT("certificate"), {pem.ptr, pem.len}};
    return YAO_OK;
}

static yao_status ask(app_call *call, app_reply *ret)
{
    return console_ask(call, ret, "act.party");
}

/* ---- the register of parties -------------------------------------------- */

static void put_party(yao_writer *w, const void *item)
{
    const store_party *p     = item;
    bool               first = true;

    yao_put_byte(w, '{');
    parties_put_members(w, &first, p);
    yao_json_put_member_int(w, &first, "changed", p->changed);
    yao_put_byte(w, '}');
}

static yao_status list(app_call *call, app_reply *ret)
{
    store_party *all;
    size_t       count;

    YAO_TRY(store_list_parties(server_authority(call)->store, call->arena, &all,
                               &count));
    return app_reply_list(
        ret, call,
        &(app_listed){"parties", all, count, sizeof *all, put_party});
}

static yao_status give_certificate(app_call *call, app_reply *ret)
{
    store_party p;
    yao_bytes   pem;

    YAO_TRY(store_get_party(server_authority(call)->store, call->parts[0],
                            call->arena, &p));
    yao_writer w = yao_writer_in(call->arena);
    yao_pem_put(&w, "CERTIFICATE", p.certificate);
    YAO_TRY(yao_writer_keep(&w, call->arena, &pem));
    return app_reply_bytes(ret, 200, "application/x-pem-file", pem);
}

/* Lists and bundles follow within the keeper's minute. */
static yao_status set_state(app_call *call, app_reply *ret,
                            store_party_state state)
{
    store_change       change = store_change_open(call->arena);
    const console_deed deed   = {
        .kind = "console.party",
        .what = state == STORE_PARTY_ACTIVE ? "lift" : "suspend"};

    YAO_TRY(parties_put_state(&change, call->arena, call->parts[0], state,
                              call->now));
    YAO_TRY(console_put_event(call, &change, &deed));
    YAO_TRY(store_commit(server_authority(call)->store, &change));
    server_nudge_call(call, "trust");
    return app_reply_empty(ret, 204);
}

static yao_status suspend(app_call *call, app_reply *ret)
{
    return set_state(call, ret, STORE_PARTY_SUSPENDED);
}

static yao_status lift(app_call *call, app_reply *ret)
{
    return set_state(call, ret, STORE_PARTY_ACTIVE);
}

/* ---- the table ---------------------------------------------------------- */

#define READERS                                                                \
    (APP_REGISTRAR | APP_SUPERVISOR | APP_AUDITOR | APP_ADMINISTRATOR)

static const app_route routes[] = {
    {"GET", "/api/parties", APP_OPERATOR, list, READERS, 0},
    {"GET", "/api/parties/{code}/certificate", APP_OPERATOR, give_certificate,
     READERS, 0},
    {"POST", "/api/parties/{code}/suspend", APP_OPERATOR, suspend,
     APP_REGISTRAR, 0},
    {"POST", "/api/parties/{code}/lift", APP_OPERATOR, lift, APP_REGISTRAR, 0},
    {"POST", "/api/acts/party", APP_OPERATOR | APP_JSON, ask, APP_REGISTRAR,
     16384},
};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_CONSOLE},
};

const authority_part console_party_part = {.tables = tables, .table_count = 1};
