/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/page.h"

#include "app/random.h"
#include "app/reason.h"
#include "desk/statement.h"
#include "cbor/cbor.h"

/* ---- what is sealed: [key, state, kid, plain, query, officer's log-in,
 * reason, values, extras, another key] */

static yao_status put_all(yao_writer *w, const desk_session *s)
{
    yao_cbor_put_array(w, 10);
    YAO_TRY(desk_own_key_put(w, &s->key));
    yao_cbor_put_text(w, s->state);
    yao_cbor_put_text(w, s->kid);
    yao_cbor_put_bool(w, s->plain);
    yao_cbor_put_bytes(w, s->query);
    yao_cbor_put_bytes(w, s->reader.login);
    yao_cbor_put_text(w, s->reason);
    yao_cbor_put_bytes(w, s->values);
    desk_extras_put(w, &s->extras);
    return desk_own_key_put(w, &s->iso);
}

static yao_status seal(app_call *call, const desk_session *s, yao_bytes id,
                       yao_bytes *ret)
{
    size_t     cap   = 2 * DESK_OWN_KEY_ROOM + 256 + s->query.len +
                     s->values.len +
                     desk_extras_room(&s->extras);
    uint8_t   *plain = yao_arena_take(call->arena, cap);
    yao_writer w     = yao_writer_open(plain, cap);

    if (plain == NULL)
        return YAO_E_SPACE;
    yao_status status = put_all(&w, s);
    if (status == YAO_OK)
        status = desk_seal(desk_of(call), call->crypto,
                           &(desk_binding){DESK_BOX_REQUEST, id},
                           (yao_bytes){plain, w.len}, call->arena, ret);
    yao_wipe(plain, cap);
    return status;
}

yao_status desk_session_after(app_call *call, const desk_session *s,
                              yao_bytes *ret)
{
    const desk_session after = {.state  = YAO_TEXT(""),
                                .kid    = YAO_TEXT(""),
                                .plain  = s->plain,
                                .query  = YAO_LIT(""),
                                .reader = {.login = s->reader.login},
                                .reason = s->reason,
                                .values = YAO_LIT("")};

    return seal(call, &after, s->enquiry.id, ret);
}

static yao_status unseal(app_call *call, desk_session *s)
{
    yao_bytes plain;

    YAO_TRY(desk_unseal(desk_of(call), call->crypto,
                        &(desk_binding){DESK_BOX_REQUEST, s->enquiry.id},
                        s->enquiry.sealed, call->arena, &plain));
    yao_cbor_reader r = yao_cbor_open(plain);
    yao_cbor_get_array(&r, 10);
    YAO_TRY(desk_own_key_get(&r, &s->key));
    s->state = yao_cbor_get_text(&r);
    s->kid   = yao_cbor_get_text(&r);
    s->plain = yao_cbor_get_bool(&r);
    s->query = yao_cbor_get_bytes(&r);
    yao_bytes login = yao_cbor_get_bytes(&r);
    s->reason       = yao_cbor_get_text(&r);
    s->values       = yao_cbor_get_bytes(&r);
    YAO_TRY(desk_extras_get(&r, &s->extras));
    YAO_TRY(desk_own_key_get(&r, &s->iso));
    YAO_TRY(yao_cbor_close(&r));
    return desk_reader_open(call, login, &s->reader);
}

yao_status desk_session_read(app_call *call, yao_text name, desk_session *ret)
{
    uint8_t      id[STORE_ID_LEN];
    desk_session s = {.name = name};

    if (!desk_read_id(name, id))
        return YAO_E_NOT_FOUND;
    YAO_TRY(store_get_enquiry(desk_of(call)->store,
                              (yao_bytes){id, STORE_ID_LEN}, call->now,
                              call->arena, &s.enquiry));
    if (s.enquiry.sealed.len == 0) /* of the counter: nothing on line */
        return YAO_E_NOT_FOUND;
    yao_status status = unseal(call, &s);
    if (status != YAO_OK)
        desk_session_close(&s);
    else
        *ret = s;
    return status;
}

void desk_session_close(desk_session *s)
{
    desk_own_key_close(&s->key);
    desk_own_key_close(&s->iso);
    desk_reader_close(&s->reader);
}

bool desk_session_open(const desk_session *s, yao_time now)
{
    return s->enquiry.state == STORE_ENQUIRY_OPEN && now < s->enquiry.expires;
}

/* ---- addresses ---- */

yao_status desk_session_uri(app_call *call, const char *path, yao_text name,
                            yao_text *ret)
{
    yao_writer w = yao_writer_in(call->arena);
    yao_bytes  out;

    yao_put_bytes(&w, yao_text_bytes(desk_url(call)));
    yao_put_text(&w, path);
    yao_put_bytes(&w, yao_text_bytes(name));
    YAO_TRY(yao_writer_keep(&w, call->arena, &out));
    *ret = (yao_text){out.ptr, out.len};
    return YAO_OK;
}

/* OpenID4VP 1.0 section 5.10: the wallet may send a nonce of its own. */
yao_status desk_session_link(app_call *call, const desk_session *s,
                             yao_text *ret)
{
    yao_text  uri;
    yao_bytes out;

    YAO_TRY(desk_session_uri(call, "/request/", s->name, &uri));
    yao_writer w = yao_writer_in(call->arena);
    yao_vp_put_link(&w, "openid4vp://", s->reader.client_id, uri, true);
    YAO_TRY(yao_writer_keep(&w, call->arena, &out));
    *ret = (yao_text){out.ptr, out.len};
    return YAO_OK;
}

/* ---- what is asked ---- */

yao_status desk_session_ask(app_call *call, const desk_session *s,
                            yao_text wallet_nonce, yao_vp_ask *ret)
{
    *ret = (yao_vp_ask){.mode         = s->plain ? YAO_VP_DIRECT_POST
                                                 : YAO_VP_DIRECT_POST_JWT,
                        .client_id    = s->reader.client_id,
                        .nonce        = s->enquiry.nonce,
                        .state        = s->state,
                        .query        = s->query,
                        .wallet_nonce = wallet_nonce,
                        .transactions = s->extras.transactions,
                        .transaction_count = s->extras.transaction_count,
                        .pseudonym    = s->extras.pseudonym,
                        .issued       = s->enquiry.created,
                        .expires      = s->enquiry.expires};
    if (!s->plain) {
        ret->key = s->key.public;
        ret->kid = s->kid;
    }
    YAO_TRY(desk_statement_info(call, &s->reader.certificate, &ret->infos));
    YAO_TRY(desk_extras_infos(call, &s->extras, s->reason, &ret->infos));
    return desk_session_uri(call, "/response/", s->name, &ret->response_uri);
}

/* ---- what a program wants ---- */

typedef struct wish {
    yao_text             profile, choice, back;
    yao_text             officer; /* token */
    const yao_profile   *asked;
    uint32_t             step;
    yao_text             reason; /* of a second step */
    const yao_json      *values; /* that the program holds; NULL: none */
    desk_match           match;
    yao_bytes            first;  /* whose second step it is; empty: nobody's */
    yao_text             same;   /* officer of that */
    store_enquiry_device device;
    bool                 plain;
    yao_bytes            query;
    desk_extras          extras;
    const char          *wrong; /* the word for what is wrong with it */
    int                  code;
    yao_bytes            browser; /* of a standing code: hash; else empty */
} wish;

static yao_status take_text(app_call *call, const yao_json *root,
                            const char *name, yao_text *ret)
{
    const yao_json *member = yao_json_get(root, name);

    *ret = YAO_TEXT("");
    return member == NULL ? YAO_OK : yao_json_string(member, call->arena, ret);
}

static bool starts(yao_text text, const char *with)
{
    return yao_bytes_starts(yao_text_bytes(text),
                            yao_text_bytes(yao_text_of(with)));
}

/* A browser is sent there: nothing but a page of the web, and of this machine
 * only for trying out. */
static bool fits_back(const app_call *call, yao_text back)
{
    bool demo = desk_yes(&desk_of(call)->config, DESK_DEMO);

    if (back.len > 1024 ||
        !(starts(back, "https://") || (demo && starts(back, "http://"))))
        return back.len == 0;
    for (size_t i = 0; i < back.len; i++)
        if (back.ptr[i] <= ' ' || back.ptr[i] >= 0x7f || back.ptr[i] == '"' ||
            back.ptr[i] == '<' || back.ptr[i] == '\\')
            return false;
    return true;
}

static bool take_device(const app_call *call, yao_text word, wish *w)
{
    bool cross = desk_yes(&desk_of(call)->config, DESK_CROSS_DEVICE);

    if (word.len == 0)
        w->device = cross ? STORE_DEVICE_ANY : STORE_DEVICE_SAME;
    else if (yao_text_equal(word, YAO_TEXT("same")))
        w->device = STORE_DEVICE_SAME;
    else if (yao_text_equal(word, YAO_TEXT("cross")) && cross)
        w->device = STORE_DEVICE_CROSS;
    else
        return false;
    return true;
}

static void refuse(wish *w, int code, const char *word)
{
    w->code  = code;
    w->wrong = word;
}

bool desk_has_choice(const yao_profile *p, yao_text choice)
{
    for (size_t i = 0; i < p->ask_count; i++)
        if (yao_document_lists(p->asks[i].choices, p->asks[i].choice_count,
                               choice))
            return true;
    return choice.len == 0;
}

/* In both formats: the wallet has one of them, or chooses. Who is to be known
 * again says so by the one that can. */
static yao_status make_query(app_call *call, const yao_profile *p, wish *w)
{
    const yao_dcql_wish wanted = {
        .profile         = p,
        .step            = w->step,
        .choice          = w->choice,
        .sdjwt           = true,
        .mdoc            = !w->extras.pseudonym,
        .authorities     = w->extras.authorities,
        .authority_count = w->extras.authority_count,
        .known           = w->match.known,
        .known_count     = w->match.count};
    yao_dcql_query     *query  = yao_arena_take(call->arena, sizeof *query);

    if (query == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_dcql_from_profile(call->arena, &wanted, query));
    yao_writer out = yao_writer_in(call->arena);
    yao_dcql_put(&out, query);
    return yao_writer_keep(&out, call->arena, &w->query);
}

/* Where values are compared all have to be there, elsewhere none; a query of a
 * program's own says itself what it compares. */
static bool take_values(app_call *call, const yao_profile *p, wish *w)
{
    if (!p->match_only)
        return w->values == NULL;
    return w->query.len == 0 &&
           desk_match_read(call, p, w->values, &w->match) == YAO_OK;
}

static yao_status check_profile(app_call *call, const desk_trust *t, wish *w)
{
    const yao_profile *p =
        yao_profile_by_name(&t->bundle.catalogue, w->profile);

    if (p == NULL)
        refuse(w, 400, "unknown_profile");
    else if (!desk_may_ask(call, t, p))
        refuse(w, 403, "not_registered");
    else if (!take_values(call, p, w))
        refuse(w, 400, p->match_only ? "values_needed" : "invalid_request");
    else if (!desk_has_choice(p, w->choice))
        refuse(w, 400, "unknown_choice");
    else if (w->extras.pseudonym && !p->pseudonym)
        refuse(w, 403, "pseudonym_not_registered");
    w->asked = p;
    if (w->wrong != NULL)
        return YAO_OK;
    yao_status status = w->query.len > 0 ? YAO_OK : make_query(call, p, w);
    if (status == YAO_E_SPACE)
        return status;
    if (status != YAO_OK)
        refuse(w, 400, "unsupported_profile");
    else if (desk_extras_bind(call, w->query, &w->extras) != YAO_OK)
        refuse(w, 400, "invalid_transaction_data");
    return YAO_OK;
}

/* A query of its own making, in place of the profile's: for trying out wallets
 * and documents of others. Whoever is registered asks what is registered. */
static bool take_query(app_call *call, const yao_json *root, wish *w)
{
    const yao_json *query = yao_json_get(root, "query");
    yao_writer      out   = yao_writer_in(call->arena);
    yao_dcql_query *read;

    if (query == NULL)
        return true;
    yao_json_put_value(&out, query);
    if (!desk_yes(&desk_of(call)->config, DESK_DEMO) ||
        yao_writer_keep(&out, call->arena, &w->query) != YAO_OK)
        return false;
    read = yao_arena_take(call->arena, sizeof *read);
    return read != NULL &&
           yao_dcql_parse(call->arena, w->query, read) == YAO_OK;
}

static yao_status read_wish(app_call *call, const desk_trust *t, wish *w)
{
    const yao_json *root;
    yao_text        device;

    refuse(w, 400, "invalid_request");
    YAO_TRY(app_body_json(call, &root));
    YAO_TRY(take_text(call, root, "profile", &w->profile));
    YAO_TRY(take_text(call, root, "choice", &w->choice));
    YAO_TRY(take_text(call, root, "device", &device));
    YAO_TRY(take_text(call, root, "back", &w->back));
    YAO_TRY(take_text(call, root, "officer", &w->officer));
    w->values = yao_json_get(root, "values");
    if (yao_json_get(root, "plain") != NULL)
        YAO_TRY(yao_json_bool(yao_json_get(root, "plain"), &w->plain));
    if (!take_device(call, device, w) || !fits_back(call, w->back) ||
        desk_extras_read(call, root, &w->extras) != YAO_OK ||
        !take_query(call, root, w))
        return YAO_OK;
    if (w->plain && !desk_yes(&desk_of(call)->config, DESK_PLAIN))
        return YAO_OK;
    if (w->extras.origin_count > 0)
        w->device = STORE_DEVICE_CROSS; /* no browser opens a link of it */
    refuse(w, 0, NULL);
    return check_profile(call, t, w);
}

/* ---- making one ---- */

static yao_status draw(app_call *call, desk_session *s, uint8_t *id)
{
    yao_writer w = yao_writer_in(call->arena);
    yao_bytes  name;

    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    yao_put_hex(&w, (yao_bytes){id, STORE_ID_LEN});
    YAO_TRY(yao_writer_keep(&w, call->arena, &name));
    s->name       = (yao_text){name.ptr, name.len};
    s->enquiry.id = (yao_bytes){id, STORE_ID_LEN};
    YAO_TRY(app_random_letters(call->arena, DESK_LETTERS, &s->enquiry.nonce));
    YAO_TRY(app_random_letters(call->arena, DESK_LETTERS, &s->state));
    YAO_TRY(app_random_letters(call->arena, DESK_KID, &s->kid));
    if ((s->extras.protocols & DESK_PAGE_ISO) != 0)
        YAO_TRY(desk_own_key_make(&s->iso));
    return desk_own_key_make(&s->key);
}

/* What came of the first says that there is a second, and why. */
static yao_status note_second(app_call *call, store_change *change,
                              const wish *w, yao_text name)
{
    yao_writer json  = yao_writer_in(call->arena);
    bool       first = true;
    yao_bytes  out;

    yao_put_byte(&json, '{');
    yao_json_put_member(&json, &first, "id", name);
    yao_json_put_member(&json, &first, "reason", w->reason);
    yao_json_put_member_int(&json, &first, "asked", call->now);
    yao_put_byte(&json, '}');
    YAO_TRY(yao_writer_keep(&json, call->arena, &out));
    return desk_result_add(call, change, w->first, "second", out);
}

static yao_status keep(app_call *call, const wish *w, desk_session *s)
{
    desk          *d      = desk_of(call);
    store_change   change = store_change_open(call->arena);
    store_enquiry *e      = &s->enquiry;

    e->client  = desk_client_id(call);
    e->profile = w->profile;
    e->choice  = w->choice;
    e->device  = w->device;
    e->back    = w->back;
    e->state   = STORE_ENQUIRY_OPEN;
    e->browser = w->browser;
    e->code    = YAO_LIT("");
    e->created = call->now;
    e->expires = call->now + desk_number(&d->config, DESK_REQUEST_SECONDS);
    e->ends    = e->expires + DESK_GRACE;
    YAO_TRY(seal(call, s, e->id, &e->sealed));
    store_put_enquiry(&change, e);
    if (w->first.len > 0)
        YAO_TRY(note_second(call, &change, w, s->name));
    return store_commit(d->store, &change);
}

static yao_status tell_made(app_call *call, const desk_session *s,
                            app_reply *ret)
{
    bool      first    = true;
    bool      by_page  = s->extras.origin_count > 0;
    yao_bytes requests = {NULL, 0};
    yao_text  url, link;

    if (by_page)
        YAO_TRY(desk_page_requests(call, s, &requests));
    YAO_TRY(desk_session_uri(call, "/go/", s->name, &url));
    YAO_TRY(desk_session_link(call, s, &link));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "id", s->name);
    yao_json_put_member(&w, &first, "profile", s->enquiry.profile);
    yao_json_put_member_int(&w, &first, "expires", s->enquiry.expires);
    yao_json_put_optional(&w, &first, "officer", s->reader.officer);
    if (!by_page && (s->enquiry.device & STORE_DEVICE_SAME) != 0)
        yao_json_put_member(&w, &first, "url", url);
    if (!by_page && (s->enquiry.device & STORE_DEVICE_CROSS) != 0)
        yao_json_put_member(&w, &first, "qr", link);
    if (by_page) {
        yao_json_put_name(&w, &first, "requests");
        yao_put_bytes(&w, requests);
    }
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 201, &w);
}

yao_status desk_session_begin(app_call *call, const desk_trust *t,
                              const desk_opening *o, desk_session *ret)
{
    wish         w  = {.profile = o->profile,
                       .step    = 1,
                       .back    = YAO_TEXT(""),
                       .choice  = YAO_TEXT(""),
                       .officer = YAO_TEXT(""),
                       .browser = o->browser,
                       .device  = STORE_DEVICE_CROSS};
    uint8_t     *id = yao_arena_take(call->arena, STORE_ID_LEN);
    desk_session s  = {.plain = false};

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(check_profile(call, t, &w));
    if (w.wrong != NULL)
        return YAO_E_NOT_AUTHORISED;
    s.query           = w.query;
    s.extras          = w.extras;
    yao_status status = desk_reader_find(call, w.asked, w.officer, &s.reader);
    if (status == YAO_OK)
        status = draw(call, &s, id);
    if (status == YAO_OK)
        status = keep(call, &w, &s);
    if (status == YAO_OK)
        *ret = s;
    else
        desk_session_close(&s);
    return status;
}

static yao_status make(app_call *call, const wish *w, app_reply *ret)
{
    desk_session s = {
        .query = w->query, .plain = w->plain, .extras = w->extras,
        .reason = w->reason, .values = w->match.json};
    uint8_t      id[STORE_ID_LEN];

    yao_status status =
        desk_reader_find(call, w->asked, w->officer, &s.reader);
    if (status == YAO_OK && w->first.len > 0 &&
        !yao_text_equal(s.reader.officer, w->same)) {
        desk_reader_close(&s.reader);
        status = YAO_E_NOT_AUTHORISED;
    }
    if (status == YAO_E_NOT_AUTHORISED)
        return desk_refuse(call, ret, 403, "officer_needed");
    if (status == YAO_OK)
        status = draw(call, &s, id);
    if (status == YAO_OK)
        status = keep(call, w, &s);
    if (status == YAO_OK)
        status = tell_made(call, &s, ret);
    desk_session_close(&s);
    return status;
}

/* Programs are few and known: what bounds them is one number for all. */
yao_status desk_session_room(app_call *call, app_reply *ret)
{
    desk    *d    = desk_of(call);
    uint64_t most = (uint64_t)desk_number(&d->config, DESK_OPEN_REQUESTS);

    yao_status status = desk_room_take(&d->room, d->store, most);
    if (status != YAO_E_LIMIT)
        return status;
    YAO_TRY(desk_refuse(call, ret, 429, "slow_down"));
    YAO_TRY(app_reply_header(ret, "Retry-After", YAO_TEXT("10")));
    return YAO_E_LIMIT;
}

bool desk_session_crowded(desk *d)
{
    uint64_t most = (uint64_t)desk_number(&d->config, DESK_OPEN_REQUESTS);

    return desk_room_half(&d->room, most);
}

static yao_status make_judged(app_call *call, const desk_trust *t,
                              app_reply *ret)
{
    wish w = {.step = 1};

    yao_status status = read_wish(call, t, &w);
    if (status == YAO_E_SPACE)
        return status;
    if (w.wrong != NULL)
        return desk_refuse(call, ret, w.code, w.wrong);
    status = desk_session_room(call, ret);
    if (status != YAO_OK)
        return status == YAO_E_LIMIT ? YAO_OK : status;
    status = make(call, &w, ret);
    desk_room_give(&desk_of(call)->room);
    return status;
}

static yao_status post_session(app_call *call, app_reply *ret)
{
    desk       *d = desk_of(call);
    desk_trust *t = desk_trust_take(&d->trust);

    if (t == NULL)
        return desk_refuse(call, ret, 503, "no_trust_bundle");
    yao_status status = desk_trust_in_force(t, call->now)
                            ? make_judged(call, t, ret)
                            : desk_refuse(call, ret, 503, "no_trust_bundle");
    desk_trust_give(&d->trust, t);
    return status;
}

/* ---- a second step ---- */

static bool has_second(const yao_profile *p)
{
    for (size_t i = 0; p != NULL && i < p->ask_count; i++)
        if (p->asks[i].step == 2)
            return true;
    return false;
}

static yao_status read_second(app_call *call, const desk_session *before,
                              wish *w)
{
    const yao_json *root;

    refuse(w, 400, "invalid_request");
    YAO_TRY(app_body_json(call, &root));
    YAO_TRY(take_text(call, root, "officer", &w->officer));
    YAO_TRY(take_text(call, root, "reason", &w->reason));
    if (!app_reason_is(w->reason))
        return YAO_OK;
    refuse(w, 0, NULL);
    w->profile = before->enquiry.profile;
    w->choice  = before->enquiry.choice;
    w->back    = before->enquiry.back;
    w->device  = (store_enquiry_device)before->enquiry.device;
    w->first   = before->enquiry.id;
    w->same    = before->reader.officer;
    return YAO_OK;
}

/* Only after the first was shown, to the same officer, and by itself. */
static yao_status make_second(app_call *call, const desk_trust *t,
                              const desk_session *before, app_reply *ret)
{
    wish w = {.step = 2};

    const yao_profile *p =
        yao_profile_by_name(&t->bundle.catalogue, before->enquiry.profile);
    if (before->enquiry.state != STORE_ENQUIRY_DONE)
        return desk_refuse(call, ret, 409, "first_step_open");
    if (!has_second(p) || before->reason.len > 0)
        return desk_refuse(call, ret, 400, "no_second_step");
    yao_status status = read_second(call, before, &w);
    if (status == YAO_OK && w.wrong == NULL)
        status = check_profile(call, t, &w);
    if (status == YAO_E_SPACE)
        return status;
    if (w.wrong != NULL)
        return desk_refuse(call, ret, w.code, w.wrong);
    status = make(call, &w, ret);
    return status == YAO_E_NOT_FOUND ? desk_refuse(call, ret, 409, "no_result")
                                     : status;
}

static yao_status second_by(app_call *call, const desk_trust *t,
                            app_reply *ret)
{
    desk_session before;

    yao_status status = desk_session_read(call, call->parts[0], &before);
    if (status == YAO_OK &&
        !yao_bytes_equal(before.enquiry.client, desk_client_id(call))) {
        desk_session_close(&before);
        status = YAO_E_NOT_FOUND;
    }
    if (status == YAO_E_NOT_FOUND)
        return desk_refuse(call, ret, 404, "not_found");
    YAO_TRY(status);
    status = make_second(call, t, &before, ret);
    desk_session_close(&before);
    return status;
}

static yao_status post_second(app_call *call, app_reply *ret)
{
    desk       *d = desk_of(call);
    desk_trust *t = desk_trust_take(&d->trust);

    yao_status status = t != NULL && desk_trust_in_force(t, call->now)
                            ? second_by(call, t, ret)
                            : desk_refuse(call, ret, 503, "no_trust_bundle");
    desk_trust_give(&d->trust, t);
    return status;
}

/* ---- telling of one ---- */

enum { MAX_WAIT_S = 30 };

static const char *word_of(const store_enquiry *e, yao_time now)
{
    switch (e->state) {
    case STORE_ENQUIRY_OPEN:
        return now < e->expires ? "open" : "expired";
    case STORE_ENQUIRY_ANSWERED:
        return "answered";
    case STORE_ENQUIRY_DONE:
        return "done";
    default:
        return "refused";
    }
}

static yao_status tell(app_call *call, const store_enquiry *e, app_reply *ret)
{
    bool      first  = true;
    yao_bytes result = {NULL, 0};

    if (e->state == STORE_ENQUIRY_DONE) {
        yao_status status = desk_result_get(call, e->id, &result);
        if (status != YAO_OK && status != YAO_E_NOT_FOUND)
            return status;
    }
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "id", call->parts[0]);
    yao_json_put_member(&w, &first, "profile", e->profile);
    yao_json_put_member(&w, &first, "state",
                        yao_text_of(word_of(e, call->now)));
    yao_json_put_member_int(&w, &first, "expires", e->expires);
    if (result.len > 0) {
        yao_json_put_name(&w, &first, "result");
        yao_put_bytes(&w, result);
    }
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

/* The session of the path, when it is the caller's; else there is none. */
static yao_status find(app_call *call, store_enquiry *ret)
{
    uint8_t id[STORE_ID_LEN];

    if (!desk_read_id(call->parts[0], id))
        return YAO_E_NOT_FOUND;
    YAO_TRY(store_get_enquiry(desk_of(call)->store,
                              (yao_bytes){id, STORE_ID_LEN}, call->now,
                              call->arena, ret));
    return yao_bytes_equal(ret->client, desk_client_id(call)) ? YAO_OK
                                                              : YAO_E_NOT_FOUND;
}

/* Seconds to wait for a change, of the query; 0: not at all. */
static unsigned read_wait(app_call *call)
{
    yao_text text;
    unsigned wait = 0;

    if (app_query_value(call, "wait", &text) != YAO_OK || text.len > 3)
        return 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return 0;
        wait = wait * 10 + (text.ptr[i] - '0');
    }
    return wait < MAX_WAIT_S ? wait : MAX_WAIT_S;
}

static bool may_change(const store_enquiry *e, yao_time now)
{
    return (e->state == STORE_ENQUIRY_OPEN && now < e->expires) ||
           e->state == STORE_ENQUIRY_ANSWERED;
}

/* Looked at each second: another process may have taken the answer. */
static yao_status get_session(app_call *call, app_reply *ret)
{
    store_enquiry e;

    yao_status status = find(call, &e);
    if (status == YAO_E_NOT_FOUND)
        return desk_refuse(call, ret, 404, "not_found");
    YAO_TRY(status);
    if (may_change(&e, call->now) && call->http->waited < read_wait(call)) {
        ret->park_ms  = 1000;
        ret->park_key = desk_wait_key(e.id);
        return YAO_OK;
    }
    return tell(call, &e, ret);
}

yao_status desk_session_tell(app_call *call, app_reply *ret)
{
    store_enquiry e;

    YAO_TRY(find(call, &e));
    return tell(call, &e, ret);
}

/* What is kept of it goes now. */
static yao_status drop_session(app_call *call, app_reply *ret)
{
    store_change  change = store_change_open(call->arena);
    store_enquiry e;

    yao_status status = find(call, &e);
    if (status == YAO_E_NOT_FOUND)
        return desk_refuse(call, ret, 404, "not_found");
    YAO_TRY(status);
    store_drop_judgement(&change, e.id);
    store_drop_enquiry(&change, e.id);
    YAO_TRY(store_commit(desk_of(call)->store, &change));
    return app_reply_empty(ret, 204);
}

static const app_route routes[] = {
    {"POST", "/api/sessions", APP_PROGRAM | APP_JSON, post_session, 0, 0},
    {"GET", "/api/sessions/{id}", APP_PROGRAM, get_session, 0, 0},
    {"DELETE", "/api/sessions/{id}", APP_PROGRAM, drop_session, 0, 0},
    {"POST", "/api/sessions/{id}/second", APP_PROGRAM | APP_JSON, post_second,
     0, 0},
};

const app_routes desk_session_table = {routes, sizeof routes / sizeof routes[0],
                                       1u << DESK_PUBLIC};
