/* SPDX-License-Identifier: Apache-2.0 */
/* vp/present.h for a page. */
#include "present.h"

#include "vci/vci.h"

static yao_page_present_state present;

/* ---- beginning ---------------------------------------------------------- */

static void take_held_one(yao_told *t, const yao_json *item,
                          yao_page_held *ret)
{
    yao_told one = {item, t->status};
    yao_vci_format format =
        yao_vci_format_by_name(yao_told_text(&one, "format"));

    ret->bytes  = yao_told_bytes(&one, "bytes");
    ret->format = format == YAO_VCI_MDOC    ? YAO_DCQL_MDOC
                  : format == YAO_VCI_SDJWT ? YAO_DCQL_SDJWT
                                            : YAO_DCQL_OTHER;
    yao_told_fail(t, one.status);
    if (ret->format == YAO_DCQL_OTHER)
        yao_told_fail(t, YAO_E_UNSUPPORTED);
}

static void take_held(yao_told *t)
{
    const yao_json *list = yao_told_array(t, "held");
    size_t          count = list != NULL ? list->count : 0, i = 0;

    present.held       = yao_told_room(t, count, sizeof *present.held);
    present.candidates = yao_told_room(t, count, sizeof *present.candidates);
    present.held_of    = yao_told_room(t, count, sizeof *present.held_of);
    for (const yao_json *item = list != NULL ? list->first : NULL;
         t->status == YAO_OK && item != NULL; item = item->next)
        take_held_one(t, item, &present.held[i++]);
    present.held_count = count;
}

static void take_terms(yao_told *t, yao_vp_terms *terms)
{
    bool listed = page.bundle.content.kind == YAO_TRUST_BUNDLE;

    terms->crypto       = page.crypto;
    terms->anchors      = page.options.anchors;
    terms->anchor_count = page.options.anchor_count;
    terms->parties      = listed ? &page.bundle : NULL;
    terms->registered   = listed;
    terms->catalogue    = &page.catalogue;
    terms->origin       = yao_told_text(t, "origin");
    terms->unsigned_too = yao_told_bool(t, "unsigned_too");
    terms->plain_too    = yao_told_bool(t, "plain_too");
    terms->loopback     = yao_told_bool(t, "loopback");
    terms->types        = yao_vp_shipped_kinds(&terms->type_count);
}

static yao_status begin(yao_told *t)
{
    yao_present_options *o = &present.options;

    o->link     = yao_text_bytes(yao_told_text(t, "link"));
    o->data     = yao_text_bytes(yao_told_text(t, "data"));
    o->protocol = yao_vp_protocol_by_name(yao_told_text(t, "protocol"));
    o->tell     = yao_told_bool(t, "tell");
    take_terms(t, &o->terms);
    take_held(t);
    YAO_TRY(t->status);
    return yao_present_open(&page.memory, o, &present.machine);
}

/* ---- what was chosen ---------------------------------------------------- */

static const yao_dcql_fit *find_fit(size_t credential, size_t held)
{
    const yao_dcql_fits *fits = &present.matching.credentials[credential];

    for (size_t i = 0; i < fits->count; i++)
        if (present.held_of[fits->items[i].candidate] == held)
            return &fits->items[i];
    return NULL;
}

static yao_status disclose(const yao_dcql_credential *c,
                           const yao_dcql_fit *fit, yao_vp_shown *ret)
{
    const yao_dcql_candidate *d = &present.candidates[fit->candidate];

    *ret = (yao_vp_shown){
        .id     = c->id,
        .alg    = YAO_ES256,
        .stored = present.held[present.held_of[fit->candidate]].bytes};
    if (c->format == YAO_DCQL_SDJWT)
        return yao_dcql_paths(&page.memory, c, fit->claims, d->claims,
                              &ret->paths, &ret->path_count);
    return yao_dcql_selectors(&page.memory, c, fit->claims, &ret->selectors,
                              &ret->selector_count);
}

/* [query, held] */
static yao_status take_pair(const yao_json *pair, yao_vp_shown *ret,
                            size_t *held)
{
    const yao_dcql_query *query = &yao_present_request(present.machine)->query;
    const yao_dcql_fit   *fit;
    int64_t               at, which;

    if (pair->kind != YAO_JSON_ARRAY || pair->count != 2)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_json_int(pair->first, &at));
    YAO_TRY(yao_json_int(pair->first->next, &which));
    if (at < 0 || (size_t)at >= query->credential_count || which < 0)
        return YAO_E_USAGE;
    fit = find_fit((size_t)at, (size_t)which);
    if (fit == NULL)
        return YAO_E_NOT_FOUND;
    *held = (size_t)which;
    return disclose(&query->credentials[at], fit, ret);
}

/* Nothing is shown to who may not ask for it, whatever the page says. */
static yao_status take_shown(yao_told *t, yao_present_event *e)
{
    const yao_json *list  = yao_told_array(t, "shown");
    size_t          count = list != NULL ? list->count : 0, i = 0;
    yao_vp_shown   *shown = yao_told_room(t, count, sizeof *shown);
    size_t         *held  = yao_told_room(t, count, sizeof *held);

    YAO_TRY(t->status);
    if (present.matching.credentials == NULL || count == 0)
        return YAO_E_USAGE;
    YAO_TRY(present.allowed);
    for (const yao_json *item = list->first; item != NULL; item = item->next) {
        YAO_TRY(take_pair(item, &shown[i], &held[i]));
        i++;
    }
    e->shown           = shown;
    e->shown_count     = count;
    present.shown_held = held;
    return YAO_OK;
}

/* ---- stepping ----------------------------------------------------------- */

static const char *const kinds[] = {"start", "answer",  "chosen", "key",
                                    "done",  "refused", "failed", NULL};

static yao_status take_event(yao_told *t, yao_present_event *e)
{
    e->kind   = (yao_present_event_kind)yao_told_word(t, "event", kinds);
    e->now    = yao_told_int(t, "now");
    e->random = yao_told_bytes(t, "random");
    e->bytes  = yao_told_bytes(t, "bytes");
    e->key    = yao_told_key(t, "key");
    e->status = (yao_status)yao_told_int(t, "why");
    e->answer.status = (int)yao_told_int(t, "status");
    e->answer.type   = yao_told_text(t, "type");
    e->answer.body   = yao_told_bytes(t, "body");
    if (e->kind == YAO_PRESENT_FAILED && e->status == YAO_OK)
        e->status = YAO_E_CRYPTO;
    YAO_TRY(t->status);
    return e->kind == YAO_PRESENT_CHOSEN ? take_shown(t, e) : YAO_OK;
}

/* ---- wishing ------------------------------------------------------------ */

static const char *const names[] = {"stop",      "fetch", "ask",
                                    "sign",      "make_key", "agree",
                                    "aead",      "hand_over", "open"};

static const char *const stages[] = {"link",   "request",  "person",
                                     "answer", "verifier", "end"};

static void put_end(yao_page_wish *ret, yao_status status)
{
    const yao_vp_refusal *refusal = yao_present_refusal(present.machine);

    yao_wish_status(ret, status);
    yao_wish_word(ret, "where", stages[yao_present_where(present.machine)]);
    yao_wish_text(ret, "said", yao_present_said(present.machine));
    yao_wish_text(ret, "redirect", yao_present_redirect(present.machine));
    if (refusal->error != YAO_OAUTH_NONE)
        yao_wish_word(ret, "refusal", refusal->why);
    yao_wish_text(ret, "what", refusal->what);
    yao_receipt_put(&ret->w, &ret->first, &present.receipt);
}

static void put_fetch(yao_page_wish *ret, const yao_present_fetch *f)
{
    yao_wish_word(ret, "method", f->method);
    yao_wish_text(ret, "url", f->url);
    yao_wish_word(ret, "accept", f->accept);
    yao_wish_word(ret, "type", f->type);
    yao_wish_bytes(ret, "body", f->body);
    yao_wish_int(ret, "most", (int64_t)f->most);
}

static void put_wish(yao_page_wish *ret, const yao_present_wish *wish)
{
    switch (wish->kind) {
    case YAO_PRESENT_STOP:
        put_end(ret, wish->status);
        break;
    case YAO_PRESENT_FETCH:
        put_fetch(ret, &wish->fetch);
        break;
    case YAO_PRESENT_ASK:
        yao_present_put_asked(ret, &present);
        break;
    case YAO_PRESENT_SIGN:
        yao_wish_int(ret, "index", (int64_t)wish->index);
        yao_wish_int(ret, "held", (int64_t)present.shown_held[wish->index]);
        yao_wish_sign(ret, &wish->sign);
        break;
    case YAO_PRESENT_AGREE:
        yao_wish_agree(ret, &wish->agree);
        break;
    case YAO_PRESENT_AEAD:
        yao_wish_aead(ret, &wish->aead);
        break;
    case YAO_PRESENT_HAND_OVER:
        yao_wish_bytes(ret, "body", wish->bytes);
        break;
    case YAO_PRESENT_OPEN:
        yao_wish_text(ret, "text", wish->text);
        break;
    case YAO_PRESENT_MAKE_KEY:
        break;
    }
}

static yao_status step(yao_told *t, yao_page_wish *ret)
{
    yao_present_event e = {.kind = YAO_PRESENT_START};
    yao_present_wish  wish;

    YAO_TRY(take_event(t, &e));
    yao_present_step(present.machine, &e, &wish);
    if (wish.kind == YAO_PRESENT_ASK)
        YAO_TRY(yao_present_hold(&present, e.now));
    if (wish.kind == YAO_PRESENT_STOP)
        yao_receipt_take(&present.receipt, present.machine);
    yao_wish_open(ret, names[wish.kind]);
    put_wish(ret, &wish);
    return yao_wish_close(ret);
}

const yao_page_machine yao_page_present = {begin, step, NULL};
