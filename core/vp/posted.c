/* SPDX-License-Identifier: Apache-2.0 */

/* What comes to response_uri, before anything of it is believed. */

#include "vp/judge.h"

#include "vp/parts.h"

/* ---- what is awaited ---------------------------------------------------- */

/* As the wallet will read them. */
static yao_status keep_transactions(yao_arena *arena, const yao_vp_ask *ask,
                                    yao_vp_awaited *a)
{
    yao_vp_transaction *list =
        yao_arena_take_array(arena, ask->transaction_count, sizeof *list);

    if (list == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < ask->transaction_count; i++) {
        yao_vp_transaction *t = &list[i];

        YAO_TRY(yao_letters_encode(arena, ask->transactions[i], &t->text));
        YAO_TRY(yao_json_parse_object(arena, ask->transactions[i], &t->data));
        if (yao_json_string(yao_json_get(t->data, "type"), arena, &t->type) !=
            YAO_OK)
            return YAO_E_MALFORMED;
    }
    a->transactions      = list;
    a->transaction_count = ask->transaction_count;
    return YAO_OK;
}

yao_status yao_vp_await(yao_arena *arena, const yao_crypto *crypto,
                        const yao_vp_ask *ask, yao_text origin,
                        yao_vp_awaited *ret)
{
    yao_vp_awaited a       = {.mode = ask->mode, .state = ask->state,
                              .kid = ask->kid,
                              .pseudonym = ask->pseudonym};
    yao_writer     measure = yao_writer_count();

    yao_vp_put_request(&measure, ask);
    if (measure.status != YAO_OK ||
        (yao_vp_mode_dcapi(ask->mode) && origin.len == 0))
        return YAO_E_USAGE;
    YAO_TRY(yao_vp_bind(crypto, ask, origin, &a.binding));
    YAO_TRY(yao_dcql_parse(arena, ask->query, &a.query));
    YAO_TRY(keep_transactions(arena, ask, &a));
    *ret = a;
    return YAO_OK;
}

/* ---- reading ------------------------------------------------------------ */

static yao_status only_one(const yao_vp_source *s)
{
    int there = yao_vp_has(s, "response") + yao_vp_has(s, "vp_token") +
                yao_vp_has(s, "error");

    if (there == 0)
        return YAO_E_MISSING;
    return there == 1 ? YAO_OK : YAO_E_DUPLICATE;
}

/* Whatever it says, at most so much of it is kept, and fit to be shown. */
static yao_status read_failure(const yao_vp_source *s, yao_vp_posted *p)
{
    yao_text   error, description;
    yao_writer w;
    yao_bytes  json;
    bool       first = true;

    YAO_TRY(yao_vp_text(s, "error", &error));
    YAO_TRY(yao_vp_text(s, "error_description", &description));
    w = yao_writer_in(s->arena);
    yao_put_byte(&w, '{');
    yao_json_put_optional(&w, &first, "error", error);
    yao_json_put_optional(&w, &first, "error_description", description);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, s->arena, &json));
    p->kind = YAO_VP_REFUSED;
    return yao_oauth_read_failure(s->arena, json, &p->failure);
}

static yao_status read_posted(const yao_vp_source *s, yao_vp_posted *ret)
{
    yao_vp_posted p = {.kind = YAO_VP_NOTHING};
    yao_text      token;

    YAO_TRY(only_one(s));
    YAO_TRY(yao_vp_text(s, "state", &p.state));
    if (yao_vp_has(s, "error")) {
        YAO_TRY(read_failure(s, &p));
    } else if (yao_vp_has(s, "response")) {
        YAO_TRY(yao_vp_text(s, "response", &token));
        YAO_TRY(yao_jwe_read(s->arena, yao_text_bytes(token), &p.jwe));
        p.kind = YAO_VP_SEALED;
    } else {
        YAO_TRY(yao_vp_value(s, "vp_token", YAO_JSON_OBJECT, &p.token));
        p.kind = YAO_VP_PLAIN;
    }
    *ret = p;
    return YAO_OK;
}

yao_status yao_vp_read_posted(yao_arena *arena, yao_bytes body,
                              yao_vp_posted *ret)
{
    yao_form      form;
    yao_vp_source source = {arena, NULL, &form};

    YAO_TRY(yao_form_read(arena, body, &form));
    return read_posted(&source, ret);
}

yao_status yao_vp_read_dcapi_posted(yao_arena *arena, yao_bytes data,
                                    yao_vp_posted *ret)
{
    yao_vp_source source = {arena, NULL, NULL};

    YAO_TRY(yao_json_parse_object(arena, data, &source.object));
    return read_posted(&source, ret);
}

/* ---- does it belong ----------------------------------------------------- */

static yao_status check_state(const yao_vp_awaited *a, yao_text said)
{
    if (a->state.len == 0)
        return YAO_OK;
    if (said.len == 0)
        return YAO_E_MISSING;
    return yao_bytes_equal_secret(yao_text_bytes(said),
                                  yao_text_bytes(a->state))
               ? YAO_OK
               : YAO_E_MISMATCH;
}

/* Its state stands inside; one outside must not be another's. */
static yao_status check_sealed(const yao_vp_awaited *a, const yao_vp_posted *p)
{
    if (!yao_vp_mode_sealed(a->mode))
        return YAO_E_MISMATCH;
    if (a->kid.len == 0 || !yao_text_equal(p->jwe.kid, a->kid))
        return YAO_E_MISMATCH;
    return p->state.len == 0 ? YAO_OK : check_state(a, p->state);
}

yao_status yao_vp_check_posted(const yao_vp_awaited *awaited,
                               const yao_vp_posted  *posted)
{
    switch (posted->kind) {
    case YAO_VP_SEALED:
        return check_sealed(awaited, posted);
    case YAO_VP_PLAIN:
        if (awaited->mode == YAO_VP_NO_MODE ||
            yao_vp_mode_sealed(awaited->mode))
            return YAO_E_REFUSED;
        return check_state(awaited, posted->state);
    case YAO_VP_REFUSED:
        return check_state(awaited, posted->state);
    case YAO_VP_NOTHING:
        break;
    }
    return YAO_E_USAGE;
}

yao_status yao_vp_open(const yao_crypto *crypto, const yao_vp_awaited *awaited,
                       const yao_vp_posted *posted, yao_bytes shared,
                       yao_jwe_key *key, yao_aead_wish *ret)
{
    if (posted->kind != YAO_VP_SEALED)
        return YAO_E_USAGE;
    YAO_TRY(yao_vp_check_posted(awaited, posted));
    return yao_jwe_open(crypto, &posted->jwe, shared, key, ret);
}

/* ---- presentations ------------------------------------------------------ */

typedef struct splitting {
    yao_arena            *arena;
    const yao_vp_awaited *awaited;
    yao_vp_presentation  *items;
    size_t                count;
} splitting;

static yao_status add(splitting *s, yao_text id, size_t credential,
                      const yao_json *value)
{
    yao_vp_presentation p = {.id = id, .credential = credential};
    yao_text            letters;

    if (s->count == YAO_VP_MAX_SHOWN)
        return YAO_E_LIMIT;
    YAO_TRY(yao_json_string(value, s->arena, &letters));
    switch (s->awaited->query.credentials[credential].format) {
    case YAO_DCQL_SDJWT:
        p.document = yao_text_bytes(letters);
        break;
    case YAO_DCQL_MDOC:
        YAO_TRY(yao_letters_decode(s->arena, yao_text_bytes(letters),
                                   &p.document));
        break;
    case YAO_DCQL_OTHER:
        return YAO_E_UNSUPPORTED;
    }
    s->items[s->count++] = p;
    return YAO_OK;
}

/* id: [+ presentation] */
static yao_status add_all(splitting *s, const yao_json *member)
{
    const yao_dcql_query *query = &s->awaited->query;
    yao_text              id;

    YAO_TRY(yao_json_name(member, s->arena, &id));
    size_t credential = yao_dcql_find(query, id);
    if (credential == YAO_DCQL_NONE)
        return YAO_E_VALUE;
    if (member->kind != YAO_JSON_ARRAY || member->count == 0)
        return YAO_E_MALFORMED;
    if (member->count > 1 && !query->credentials[credential].multiple)
        return YAO_E_MALFORMED;
    for (const yao_json *p = member->first; p != NULL; p = p->next)
        YAO_TRY(add(s, id, credential, p));
    return YAO_OK;
}

static yao_status split(yao_arena *arena, const yao_vp_awaited *awaited,
                        const yao_json *token, yao_vp_presentations *ret)
{
    splitting s = {.arena = arena, .awaited = awaited};

    if (token->count == 0)
        return YAO_E_MALFORMED;
    s.items = yao_arena_take_array(arena, YAO_VP_MAX_SHOWN, sizeof *s.items);
    if (s.items == NULL)
        return YAO_E_SPACE;
    for (const yao_json *m = token->first; m != NULL; m = m->next)
        YAO_TRY(add_all(&s, m));
    *ret = (yao_vp_presentations){s.items, s.count};
    return YAO_OK;
}

yao_status yao_vp_read_opened(yao_arena *arena, const yao_vp_awaited *awaited,
                              yao_bytes plain, yao_vp_presentations *ret)
{
    const yao_json *root, *token;
    yao_vp_source   source = {arena, NULL, NULL};
    yao_text        state;

    YAO_TRY(yao_json_parse_object(arena, plain, &root));
    source.object = root;
    YAO_TRY(yao_vp_text(&source, "state", &state));
    YAO_TRY(check_state(awaited, state));
    if (yao_vp_has(&source, "error"))
        return YAO_E_REFUSED;
    YAO_TRY(yao_vp_value(&source, "vp_token", YAO_JSON_OBJECT, &token));
    if (token == NULL)
        return YAO_E_MISSING;
    return split(arena, awaited, token, ret);
}

yao_status yao_vp_read_plain(yao_arena *arena, const yao_vp_awaited *awaited,
                             const yao_vp_posted  *posted,
                             yao_vp_presentations *ret)
{
    if (posted->kind != YAO_VP_PLAIN)
        return YAO_E_USAGE;
    YAO_TRY(yao_vp_check_posted(awaited, posted));
    return split(arena, awaited, posted->token, ret);
}
