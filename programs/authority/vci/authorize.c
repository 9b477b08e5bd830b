/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /authorize: the page on which a person says yes or no.
 *
 * Invariants
 *   1. What was not pushed is not looked at: of the query only client_id and
 *      request_uri are read.
 *   2. A request_uri may be looked at any number of times, and is used up by
 *      the first yes or no: taking it is a claim.
 *   3. Nobody is sent anywhere unless the request was found: all else ends on
 *      a page of our own (misuse N144, N150).
 */

#include "authority/vci/parts.h"
#include "authority/vci/person_login.h"

#include "oauth/authorize.h"
#include "yaopai/openssl.h"

#include <string.h>

typedef struct visit {
    app_call        *call;
    authority       *a;
    yao_text         request_uri, secret;
    uint8_t          hash[STORE_HASH_LEN]; /* what it is known by */
    vci_kept_request kept;
} visit;

/* YAO_E_NOT_FOUND: there is no such request, of this client, now. */
static yao_status find_request(visit *v, const yao_form *form)
{
    static const char prefix[] = VCI_REQUEST_URI;
    yao_bytes         json;

    v->request_uri = yao_form_text(form, "request_uri");
    if (!yao_bytes_starts(yao_text_bytes(v->request_uri),
                          (yao_bytes)YAO_INIT(VCI_REQUEST_URI)))
        return YAO_E_NOT_FOUND;
    v->secret = (yao_text){v->request_uri.ptr + sizeof prefix - 1,
                           v->request_uri.len - (sizeof prefix - 1)};
    YAO_TRY(vci_box_get(v->call, ONCE_PUSHED, v->secret, v->hash, &json));
    YAO_TRY(vci_kept_request_read(json, v->call->arena, &v->kept));

    return yao_text_equal(v->kept.client_id, yao_form_text(form, "client_id"))
               ? YAO_OK
               : YAO_E_NOT_FOUND;
}

/* What went wrong, on a page of ours. */
static yao_status tell(app_call *call, yao_status status, app_reply *reply)
{
    switch (status) {
    case YAO_E_STORE:
    case YAO_E_LOCKED:
        return vci_error_page(call, 503, reply);
    default:
        return vci_error_page(call, (int)status >= 500 &&
                                            status != YAO_E_NOT_FOUND
                                        ? 500
                                        : 400,
                              reply);
    }
}

static yao_status show(const visit *v, bool wrong, bool wait, app_reply *reply)
{
    const vci_clients *clients = NULL;
    vci_person         person;
    vci_page           page = {.request     = &v->kept,
                               .request_uri = v->request_uri,
                               .wrong       = wrong,
                               .wait        = wait};

    YAO_TRY(vci_clients_of(v->a, &clients));
    page.client = vci_client_find(clients, v->kept.client_id);
    page.login  = vci_demo_person(v->call, &person) != YAO_OK;
    return vci_page_reply(v->call, &page, reply);
}

static yao_status look(app_call *call, app_reply *reply)
{
    visit    v = {.call = call, .a = server_authority(call)};
    yao_form form;

    YAO_TRY(yao_form_read(call->arena, yao_text_bytes(call->http->query),
                          &form));
    YAO_TRY(find_request(&v, &form));
    return show(&v, false, false, reply);
}

yao_status vci_show_page(app_call *call, app_reply *ret)
{
    yao_status status = look(call, ret);

    return status == YAO_OK ? YAO_OK : tell(call, status, ret);
}

/* ---- yes or no ---- */

static yao_status go_back(const visit *v, const yao_authorized *answer,
                          app_reply *reply)
{
    yao_writer w = yao_writer_in(v->call->arena);
    yao_bytes  place;

    yao_authorized_put(&w, v->kept.redirect_uri, answer);
    YAO_TRY(yao_writer_keep(&w, v->call->arena, &place));
    YAO_TRY(app_reply_empty(reply, 303));
    return app_reply_header(reply, "Location",
                            (yao_text){place.ptr, place.len});
}

static yao_status say_no(const visit *v, app_reply *reply)
{
    store_change         change = store_change_open(v->call->arena);
    const yao_authorized answer = {.error = YAO_TEXT("access_denied"),
                                   .state = v->kept.state,
                                   .iss   = server_url(v->call)};

    store_take_once(&change, ONCE_PUSHED, (yao_bytes){v->hash, STORE_HASH_LEN},
                    v->call->now, NULL);
    YAO_TRY(store_commit(v->a->store, &change));
    return go_back(v, &answer, reply);
}

/* Who is it? A demo may have somebody ready; else a passkey, or number and
 * code. Errors: those of vci_person_login(). */
static yao_status who_is_it(const visit *v, const yao_form *form,
                            vci_person *ret)
{
    const vci_grant *g    = &v->kept.grant;
    const vci_login login = {.number  = yao_form_text(form, "number"),
                             .wallet  = {g->instance, g->instance_known
                                                          ? STORE_HASH_LEN
                                                          : 0},
                             .code    = yao_form_text(form, "code"),
                             .passkey = yao_form_text(form, "passkey")};
    yao_status      status = vci_demo_person(v->call, ret);

    if (status != YAO_E_NOT_FOUND)
        return status;
    if (login.passkey.len == 0 &&
        (login.number.len == 0 || login.code.len == 0))
        return YAO_E_REFUSED;
    return vci_person_login(v->call, &login, ret);
}

static yao_status put_code(visit *v, const vci_person *person,
                           store_change *change, yao_text *code)
{
    long       seconds = config_number(&v->a->config, SETTING_CODE_SECONDS);
    vci_grant *grant   = &v->kept.grant;
    yao_writer w;
    yao_bytes  json;

    memcpy(grant->person, person->lookup, STORE_HASH_LEN);
    memcpy(grant->holder, person->holder, STORE_HASH_LEN);
    grant->holder_known = true;
    if (!v->kept.person_known || person->level < grant->level)
        grant->level = person->level;
    YAO_TRY(yao_openssl_random(grant->id, STORE_ID_LEN));
    w = yao_writer_in(v->call->arena);
    vci_kept_request_write(&w, &v->kept);
    YAO_TRY(yao_writer_keep(&w, v->call->arena, &json));
    YAO_TRY(vci_secret_new(v->call->arena, code));
    return vci_box_put(v->a->crypto, change, ONCE_CODE, *code, json,
                       v->call->now + seconds);
}

static yao_status say_yes(visit *v, const vci_person *person, app_reply *reply)
{
    store_change   change = store_change_open(v->call->arena);
    yao_authorized answer = {.state = v->kept.state,
                             .iss   = server_url(v->call)};

    YAO_TRY(put_code(v, person, &change, &answer.code));
    store_take_once(&change, ONCE_PUSHED, (yao_bytes){v->hash, STORE_HASH_LEN},
                    v->call->now, NULL);
    YAO_TRY(authority_put_event(&change, v->call->arena, "oauth.consent",
                                (yao_bytes){person->holder, STORE_HASH_LEN},
                                YAO_TEXT("{}")));
    YAO_TRY(store_commit(v->a->store, &change));
    return go_back(v, &answer, reply);
}

/* An offer that was made for one person is for nobody else (misuse N152); who
 * else it was for is not told. */
static bool is_other(const visit *v, const vci_person *person)
{
    return v->kept.person_known &&
           memcmp(v->kept.grant.person, person->lookup, STORE_HASH_LEN) != 0;
}

static yao_status decide(app_call *call, app_reply *reply)
{
    visit      v = {.call = call, .a = server_authority(call)};
    yao_form   form;
    vci_person person;

    YAO_TRY(yao_form_read(call->arena, call->http->body, &form));
    YAO_TRY(find_request(&v, &form));
    yao_text answer = yao_form_text(&form, "answer");
    if (yao_text_equal(answer, YAO_TEXT("deny")))
        return say_no(&v, reply);
    if (!yao_text_equal(answer, YAO_TEXT("allow")))
        return YAO_E_VALUE;

    yao_status status = who_is_it(&v, &form, &person);
    if (status == YAO_E_REFUSED || status == YAO_E_LIMIT)
        return show(&v, true, status == YAO_E_LIMIT, reply);
    YAO_TRY(status);
    if (is_other(&v, &person))
        return show(&v, true, false, reply);
    return say_yes(&v, &person, reply);
}

yao_status vci_take_answer(app_call *call, app_reply *ret)
{
    yao_status status = decide(call, ret);

    return status == YAO_OK ? YAO_OK : tell(call, status, ret);
}
