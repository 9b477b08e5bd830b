/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Codes that a scanner read, and the challenges that are shown for them. A
 * challenge is answered once and a showing accepted once, by all processes of
 * the desk together: both are claims in the store, made with the result.
 */

#include "desk/judged.h"
#include "desk/match.h"
#include "desk/officer.h"
#include "desk/receipt.h"

#include <string.h>

#include "app/asker.h"
#include "app/judging.h"
#include "app/random.h"
#include "cbor/cbor.h"
#include "policy/policy.h"

/* Parts of an animated code, and letters of all of them. */
enum { MOST_CODES = 64, MOST_BODY = 256 * 1024, MOST_KEY = YAO_MAX_PRIVATE };

/* Seconds for which a showing without a challenge is remembered: an open card
 * of the step after the next is over by then. */
enum { REMEMBER_S = 90 + APP_JUDGING_SKEW };

/* A challenge is found under its own id and its program's. */
enum { NAME_LEN = 2 * STORE_ID_LEN };

static yao_status name_challenge(app_call *call, const uint8_t *id,
                                 yao_bytes *ret)
{
    uint8_t *name = yao_arena_take(call->arena, NAME_LEN);

    if (name == NULL)
        return YAO_E_SPACE;
    memcpy(name, id, STORE_ID_LEN);
    memcpy(name + STORE_ID_LEN, desk_client_id(call).ptr, STORE_ID_LEN);
    *ret = (yao_bytes){name, NAME_LEN};
    return YAO_OK;
}

/* ---- profiles ---- */

static const yao_profile *find_profile(app_call *call, const desk_trust *t,
                                       const yao_json *root)
{
    yao_text name;

    if (yao_json_string(yao_json_get(root, "profile"), call->arena, &name) !=
        YAO_OK)
        return NULL;
    return yao_profile_by_name(&t->bundle.catalogue, name);
}

/* NULL: it may be asked. */
static const char *refuse_profile(const app_call *call, const desk_trust *t,
                                  const yao_profile *p, int *code)
{
    *code = 400;
    if (p == NULL)
        return "unknown_profile";
    *code = 403;
    if (!desk_may_ask(call, t, p))
        return "not_registered";
    *code = 400;
    return p->card == YAO_CARD_NONE ? "no_card_profile" : NULL;
}

/* ---- making challenges ---- */

/* [profile, challenge, key] */
static yao_status seal(app_call *call, yao_bytes name,
                       const yao_profile *profile, const app_asked *asked,
                       yao_bytes *ret)
{
    const app_challenge *c = &asked->challenge;
    uint8_t              der[MOST_KEY];
    size_t               cap   = MOST_KEY + 256 + c->bytes.len;
    uint8_t             *plain = yao_arena_take(call->arena, cap);
    yao_writer           key   = yao_writer_open(der, sizeof der);
    yao_writer           w     = yao_writer_open(plain, cap);

    if (plain == NULL)
        return YAO_E_SPACE;
    yao_status status = yao_key_write(c->key, &key);
    if (status == YAO_OK) {
        yao_cbor_put_array(&w, 3);
        yao_cbor_put_text(&w, profile->name);
        yao_cbor_put_bytes(&w, c->bytes);
        yao_cbor_put_bytes(&w, (yao_bytes){der, key.len});
        status = w.status;
    }
    if (status == YAO_OK)
        status = desk_seal(desk_of(call), call->crypto,
                           &(desk_binding){DESK_BOX_CHALLENGE, name},
                           (yao_bytes){plain, w.len}, call->arena, ret);
    yao_wipe(der, sizeof der);
    yao_wipe(plain, cap);
    return status;
}

static yao_status keep(app_call *call, yao_bytes name,
                       const yao_profile *profile, const app_asked *asked)
{
    store_change change = store_change_open(call->arena);
    store_once   once   = {.kind    = DESK_ONCE_CHALLENGE,
                           .hash    = name,
                           .expires = asked->challenge.said.expires +
                                      YAO_CARD_ANSWER_GRACE + APP_JUDGING_SKEW};

    YAO_TRY(seal(call, name, profile, asked, &once.payload));
    store_put_once(&change, &once);
    return store_commit(desk_of(call)->store, &change);
}

static yao_status tell_challenge(app_call *call, const uint8_t *id,
                                 const app_asked *asked, app_reply *ret)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true, next = true;

    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, "id", (yao_bytes){id, STORE_ID_LEN});
    yao_json_put_member_int(&w, &first, "expires",
                            asked->challenge.said.expires);
    yao_json_put_name(&w, &first, "codes");
    yao_put_byte(&w, '[');
    for (size_t i = 0; i < asked->letter_count; i++) {
        yao_json_put_next(&w, &next);
        yao_json_put_string(
            &w, (yao_text){asked->letters[i].ptr, asked->letters[i].len});
    }
    yao_put_text(&w, "]}");
    return app_reply_json(ret, call, 201, &w);
}

static yao_status ask(app_call *call, const yao_profile *profile,
                      const desk_reader *reader, bool along, app_reply *ret)
{
    desk     *d     = desk_of(call);
    app_asker asker = {.profile = profile,
                       .place   = yao_text_of(desk_get(&d->config, DESK_PLACE)),
                       .key     = reader->key,
                       .certificate = reader->certificate,
                       /* no wallet has an officer's in a list */
                       .along = along || reader->officer.len > 0};
    app_asked asked;
    yao_bytes name;
    uint8_t  *id = yao_arena_take(call->arena, STORE_ID_LEN);

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    YAO_TRY(name_challenge(call, id, &name));
    YAO_TRY(
        app_asker_ask(&asker, call->crypto, call->now, call->arena, &asked));
    yao_status status = keep(call, name, profile, &asked);
    if (status == YAO_OK) /* closing wipes what it said */
        status = tell_challenge(call, id, &asked, ret);
    app_challenge_close(&asked.challenge);
    return status;
}

/* With the officer's certificate, where the profile wants one. */
static yao_status ask_as(app_call *call, const yao_profile *profile,
                         const yao_json *root, bool along, app_reply *ret)
{
    const yao_json *member = yao_json_get(root, "officer");
    yao_text        token  = YAO_TEXT("");
    desk_reader     reader;

    if (member != NULL && yao_json_string(member, call->arena, &token) !=
                              YAO_OK)
        return desk_refuse(call, ret, 400, "invalid_request");
    yao_status status = desk_reader_find(call, profile, token, &reader);
    if (status == YAO_E_NOT_AUTHORISED)
        return desk_refuse(call, ret, 403, "officer_needed");
    YAO_TRY(status);
    status = ask(call, profile, &reader, along, ret);
    desk_reader_close(&reader);
    return status;
}

static yao_status post_challenge_by(app_call *call, const desk_trust *t,
                                    app_reply *ret)
{
    const yao_json *root;
    bool            along = false;
    int             code;

    if (app_body_json(call, &root) != YAO_OK)
        return desk_refuse(call, ret, 400, "invalid_request");
    const yao_json    *wish  = yao_json_get(root, "with_certificate");
    const yao_profile *p     = find_profile(call, t, root);
    const char        *wrong = refuse_profile(call, t, p, &code);
    if (wish != NULL && yao_json_bool(wish, &along) != YAO_OK)
        return desk_refuse(call, ret, 400, "invalid_request");
    return wrong != NULL ? desk_refuse(call, ret, code, wrong)
                         : ask_as(call, p, root, along, ret);
}

/* ---- what was scanned ---- */

typedef struct scanned {
    app_call          *call;
    const desk_trust  *trust;
    const yao_profile *profile;
    yao_text           choice;
    desk_match         match; /* values that are compared only */
    yao_bytes          name; /* of the challenge; empty: none was shown */
    app_challenge      challenge;
    app_code           code;
    bool               opened;
    bool               compared; /* paper: somebody looked at the face */
    yao_verify_options options;
    yao_result        *result;
    yao_bytes          json;
    const char        *wrong; /* why it is no card to be judged */
    int                status;
} scanned;

static yao_status refuse(scanned *s, int status, const char *word)
{
    s->status = status;
    s->wrong  = word;
    return YAO_E_REFUSED;
}

/* Another program's challenge is none. */
static yao_status read_challenge(scanned *s, const yao_json *root)
{
    app_call       *call   = s->call;
    const yao_json *member = yao_json_get(root, "challenge");
    uint8_t         id[STORE_ID_LEN];
    yao_text        text;
    yao_bytes       sealed, plain;

    if (member == NULL)
        return YAO_OK;
    if (yao_json_string(member, call->arena, &text) != YAO_OK ||
        !desk_read_id(text, id))
        return refuse(s, 400, "unknown_challenge");
    YAO_TRY(name_challenge(call, id, &s->name));
    yao_status status =
        store_get_once(desk_of(call)->store, DESK_ONCE_CHALLENGE, s->name,
                       call->now, call->arena, &sealed);
    if (status == YAO_E_NOT_FOUND)
        return refuse(s, 400, "unknown_challenge");
    YAO_TRY(status);
    YAO_TRY(desk_unseal(desk_of(call), call->crypto,
                        &(desk_binding){DESK_BOX_CHALLENGE, s->name}, sealed,
                        call->arena, &plain));
    yao_cbor_reader r = yao_cbor_open(plain);
    yao_cbor_get_array(&r, 3);
    yao_text  profile = yao_cbor_get_text(&r);
    yao_bytes bytes   = yao_cbor_get_bytes(&r);
    yao_bytes key     = yao_cbor_get_bytes(&r);
    YAO_TRY(yao_cbor_close(&r));
    s->profile = yao_profile_by_name(&s->trust->bundle.catalogue, profile);
    YAO_TRY(yao_card_read_challenge(bytes, &s->challenge.said));
    s->challenge.bytes = bytes;
    return yao_key_read(key, &s->challenge.key);
}

static yao_status read_profile(scanned *s, const yao_json *root)
{
    const yao_json *choice = yao_json_get(root, "choice");
    int             code;

    if (s->name.len == 0)
        s->profile = find_profile(s->call, s->trust, root);
    if (choice != NULL &&
        yao_json_string(choice, s->call->arena, &s->choice) != YAO_OK)
        return refuse(s, 400, "invalid_request");
    const char *wrong = refuse_profile(s->call, s->trust, s->profile, &code);
    if (wrong != NULL)
        return refuse(s, code, wrong);
    if (s->profile->match_only &&
        desk_match_read(s->call, s->profile, yao_json_get(root, "values"),
                        &s->match) != YAO_OK)
        return refuse(s, 400, "values_needed");
    if (yao_json_get(root, "compared") != NULL &&
        yao_json_bool(yao_json_get(root, "compared"), &s->compared) != YAO_OK)
        return refuse(s, 400, "invalid_request");
    return YAO_OK;
}

/* Paper cannot answer; whether it will do says the profile. */
static bool is_paper(const scanned *s)
{
    return s->code.kind == APP_CODE_DOCUMENT &&
           yao_policy_format(s->code.content) == YAO_FORMAT_PRINTED_CARD;
}

static yao_status check_challenge(scanned *s)
{
    if (s->name.len != 0 && is_paper(s))
        return refuse(s, 400, "paper_needs_no_challenge");
    if (s->profile->card == YAO_CARD_SEALED && s->name.len == 0 && !is_paper(s))
        return refuse(s, 400, "challenge_needed");
    return YAO_OK;
}

/* One code, or the parts of one that moves, in any order. */
static yao_status read_codes(scanned *s, const yao_json *root)
{
    const yao_json *codes = yao_json_get(root, "codes");
    app_parts      *parts = yao_arena_take(s->call->arena, sizeof *parts);
    size_t          count = 0;
    yao_text        text;

    if (parts == NULL)
        return YAO_E_SPACE;
    s->code.kind = APP_CODE_PART;
    for (const yao_json *c = codes != NULL ? codes->first : NULL;
         c != NULL && s->code.kind == APP_CODE_PART; c = c->next) {
        if (++count > MOST_CODES ||
            yao_json_string(c, s->call->arena, &text) != YAO_OK)
            return refuse(s, 400, "invalid_request");
        yao_status status = app_code_read(s->call->crypto, yao_text_bytes(text),
                                          parts, s->call->arena, &s->code);
        if (status == YAO_E_SPACE)
            return status;
        if (status != YAO_OK)
            return refuse(s, 400, "not_a_document");
    }
    if (count == 0)
        return refuse(s, 400, "invalid_request");
    return s->code.kind == APP_CODE_PART ? refuse(s, 400, "incomplete")
                                         : YAO_OK;
}

/* ---- judging ---- */

static app_judging judging_of(const scanned *s)
{
    return (app_judging){.crypto    = s->call->crypto,
                         .options   = &s->options,
                         .profile   = s->profile,
                         .choice    = s->choice,
                         .challenge = &s->challenge};
}

static yao_status judge(scanned *s)
{
    desk             *d = desk_of(s->call);
    const app_judging j = judging_of(s);

    s->options = desk_trust_options(&d->trust, s->trust, s->call->now);
    s->options.compared = s->compared;
    yao_status status =
        app_judging_code(&j, s->call->arena, &s->code, &s->opened, &s->result);
    if (status == YAO_OK || status == YAO_E_SPACE || status == YAO_E_CRYPTO)
        return status;
    if (status == YAO_E_SECRET || status == YAO_E_MISSING)
        return refuse(s, 400, "another_challenge");
    return refuse(s, 400, "not_a_document");
}

static void add_row(scanned *s, yao_outcome outcome, yao_status why)
{
    yao_report_add(&s->result->report, -1, YAO_CHECK_CARD_REPLAY, outcome, why);
}

/* ---- keeping ---- */

static yao_time remember_until(const scanned *s)
{
    return s->name.len == 0 ? s->call->now + REMEMBER_S
                            : s->challenge.said.expires +
                                  YAO_CARD_ANSWER_GRACE + 2 * APP_JUDGING_SKEW;
}

static yao_status make_receipt(const scanned *s, desk_result *r)
{
    const yao_result *result = s->result;
    const desk_shown  shown  = {.profile = s->profile,
                                .bound   = s->challenge.bytes,
                                .results = &result,
                                .count   = 1,
                                .code    = true};

    return desk_receipt_make(s->call, s->trust, &shown, r);
}

static yao_status put_all(scanned *s, store_change *change, yao_bytes id,
                          bool showing)
{
    const app_judging j    = judging_of(s);
    desk_result       r    = {.id      = id,
                              .client  = desk_client_id(s->call),
                              .profile = s->profile->name,
                              .verdict = s->result->verdict,
                              .event   = "card.done"};
    const store_once  once = {.kind    = DESK_ONCE_SHOWING,
                              .hash    = {s->result->replay_key, 32},
                              .expires = remember_until(s),
                              .payload = YAO_LIT("")};

    r.ends = desk_retention_end(s->call, s->trust, s->profile);
    if (s->name.len > 0 && (s->opened || s->result->replayable))
        store_take_once(change, DESK_ONCE_CHALLENGE, s->name, s->call->now,
                        NULL);
    if (showing)
        store_put_once(change, &once);
    YAO_TRY(desk_judged_write_card(s->call, s->result, &j, &s->json));
    if (s->match.count > 0)
        YAO_TRY(desk_match_reduce(s->call, &s->trust->bundle.catalogue, s->json,
                                  s->match.json, &s->json));
    r.json = s->json;
    YAO_TRY(make_receipt(s, &r));
    return desk_result_put(s->call, change, &r);
}

/* What can't be told from an earlier showing is never accepted. Paper is shown
 * as often as somebody has it: the face is what tells. */
static void check_replayable(scanned *s)
{
    if (s->result->replayable || is_paper(s))
        return;
    add_row(s, YAO_OUTCOME_UNKNOWN, YAO_E_MISSING);
    if (s->result->verdict == YAO_VERDICT_ACCEPT)
        s->result->verdict = YAO_VERDICT_INDETERMINATE;
}

static yao_status commit(scanned *s, yao_bytes id)
{
    desk        *d      = desk_of(s->call);
    store_change change = store_change_open(s->call->arena);
    yao_report   before = s->result->report;
    bool         showing;

    check_replayable(s);
    showing = s->result->verdict == YAO_VERDICT_ACCEPT &&
              s->result->replayable;
    if (showing)
        add_row(s, YAO_OUTCOME_PASS, YAO_OK);
    YAO_TRY(put_all(s, &change, id, showing));
    yao_status status = store_commit(d->store, &change);
    if (status == YAO_E_EXISTS && change.lost_about == DESK_ONCE_SHOWING) {
        s->result->report  = before;
        s->result->verdict = YAO_VERDICT_REJECT;
        add_row(s, YAO_OUTCOME_FAIL, YAO_E_EXISTS);
        change = store_change_open(s->call->arena);
        YAO_TRY(put_all(s, &change, id, false));
        status = store_commit(d->store, &change);
    }
    return status == YAO_E_NOT_FOUND ? refuse(s, 409, "challenge_used")
                                     : status;
}

/* ---- the routes ---- */

static yao_status tell(app_call *call, yao_bytes id, yao_text profile,
                       yao_bytes json, app_reply *ret)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, "id", id);
    yao_json_put_optional(&w, &first, "profile", profile);
    yao_json_put_name(&w, &first, "result");
    yao_put_bytes(&w, json);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

static yao_status scan(scanned *s, const yao_json *root, yao_bytes id)
{
    YAO_TRY(read_challenge(s, root));
    YAO_TRY(read_profile(s, root));
    YAO_TRY(read_codes(s, root));
    YAO_TRY(check_challenge(s));
    YAO_TRY(judge(s));
    return commit(s, id);
}

static yao_status post_card_by(app_call *call, const desk_trust *t,
                               app_reply *ret)
{
    const yao_json *root;
    scanned         s  = {.call = call, .trust = t};
    uint8_t        *id = yao_arena_take(call->arena, STORE_ID_LEN);

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    if (app_body_json(call, &root) != YAO_OK)
        return desk_refuse(call, ret, 400, "invalid_request");
    yao_status status = scan(&s, root, (yao_bytes){id, STORE_ID_LEN});
    app_challenge_close(&s.challenge);
    if (status == YAO_E_REFUSED && s.wrong != NULL)
        return desk_refuse(call, ret, s.status, s.wrong);
    YAO_TRY(status);
    return tell(call, (yao_bytes){id, STORE_ID_LEN}, s.profile->name, s.json,
                ret);
}

typedef yao_status (*with_trust)(app_call *call, const desk_trust *t,
                                 app_reply *ret);

/* A bundle that is over judges nothing. */
static yao_status run(app_call *call, with_trust what, app_reply *ret)
{
    desk       *d      = desk_of(call);
    desk_trust *t      = desk_trust_take(&d->trust);
    yao_status  status = YAO_OK;

    if (t == NULL || !desk_trust_in_force(t, call->now))
        status = desk_refuse(call, ret, 503, "no_trust_bundle");
    else
        status = what(call, t, ret);
    desk_trust_give(&d->trust, t);
    return status;
}

static yao_status post_challenge(app_call *call, app_reply *ret)
{
    return run(call, post_challenge_by, ret);
}

static yao_status post_card(app_call *call, app_reply *ret)
{
    return run(call, post_card_by, ret);
}

static yao_status get_card(app_call *call, app_reply *ret)
{
    uint8_t   id[STORE_ID_LEN];
    yao_bytes json;

    if (!desk_read_id(call->parts[0], id))
        return desk_refuse(call, ret, 404, "not_found");
    /* of a session that waits for its browser, or for a number, nothing */
    yao_status status = desk_result_done(call, (yao_bytes){id, STORE_ID_LEN});
    if (status == YAO_OK)
        status = desk_result_get(call, (yao_bytes){id, STORE_ID_LEN}, &json);
    if (status == YAO_E_NOT_FOUND)
        return desk_refuse(call, ret, 404, "not_found");
    YAO_TRY(status);
    return tell(call, (yao_bytes){id, STORE_ID_LEN}, YAO_TEXT(""), json, ret);
}

static const app_route routes[] = {
    {"POST", "/api/challenges", APP_PROGRAM | APP_JSON, post_challenge, 0, 0},
    {"POST", "/api/cards", APP_PROGRAM | APP_JSON, post_card, 0, MOST_BODY},
    {"GET", "/api/cards/{id}", APP_PROGRAM, get_card, 0, 0},
};

const app_routes desk_card_table = {routes, sizeof routes / sizeof routes[0],
                                    1u << DESK_PUBLIC};
