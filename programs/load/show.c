/* SPDX-License-Identifier: Apache-2.0 */

/* A wallet that shows its one document to a desk, again and again: the machine
 * of vp/present.h, and around it what a program of the relying party asks. */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "json/json.h"
#include "load/parts.h"
#include "vp/present.h"

enum { ROOM_KEPT = 512 * 1024, ROOM_SESSION = 1024 * 1024, MOST_ID = 128 };

struct load_showing {
    /* the document */
    yao_arena          kept;
    yao_bytes          stored; /* lies in it */
    yao_key           *key;
    yao_dcql_candidate candidate;

    /* the session */
    yao_arena           memory;
    yao_present_options options;
    yao_present        *machine;
    yao_present_wish    wish; /* not fulfilled yet */
    yao_key            *once;
    yao_vp_shown        shown;
    uint8_t             random[YAO_PRESENT_RANDOM];
    char                id[MOST_ID]; /* by which the program asks */
};

yao_status load_showing_open(load_showing **ret)
{
    load_showing *s = calloc(1, sizeof *s);

    if (s == NULL)
        return YAO_E_SPACE;
    if (yao_memory_open(ROOM_KEPT, &s->kept) != YAO_OK ||
        yao_memory_open(ROOM_SESSION, &s->memory) != YAO_OK) {
        load_showing_close(s);
        return YAO_E_SPACE;
    }
    *ret = s;
    return YAO_OK;
}

void load_showing_close(load_showing *s)
{
    if (s == NULL)
        return;
    yao_key_close(s->key);
    yao_key_close(s->once);
    yao_memory_free(&s->memory);
    yao_memory_free(&s->kept);
    free(s);
}

/* ---- the document -------------------------------------------------------- */

static yao_status hold_mdoc(load_showing *s)
{
    yao_mdoc_unverified *mdoc = yao_arena_take(&s->kept, sizeof *mdoc);

    if (mdoc == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_mdoc_parse_issuer_signed(&s->kept, s->stored, false, mdoc));
    return yao_dcql_of_mdoc(&s->kept, &mdoc->documents[0], false,
                            &s->candidate);
}

static yao_status hold_sdjwt(load_showing *s, const yao_crypto *crypto)
{
    const yao_sdjwt_verify_options options = {.now        = yao_now(),
                                              .no_binding = true};
    struct {
        yao_sdjwt_unverified   token;
        yao_sdjwt_verification check;
        yao_report             report;
    } *read = yao_arena_take(&s->kept, sizeof *read);

    if (read == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_sdjwt_parse(&s->kept, s->stored, &read->token));
    YAO_TRY(yao_sdjwt_begin(&s->kept, crypto, &read->token, &options,
                            &read->check, &read->report));
    if (read->check.payload == NULL)
        return YAO_E_MALFORMED;
    return yao_dcql_of_sdjwt(&s->kept, &read->token, read->check.payload,
                             false, &s->candidate);
}

yao_status load_showing_hold(load_wallet *w, const yao_vci_response *came)
{
    load_showing *s = w->showing;

    s->kept.used = 0;
    YAO_TRY(yao_arena_keep(&s->kept, came->credentials[0], &s->stored));
    YAO_TRY(w->plan->format == YAO_VCI_MDOC ? hold_mdoc(s)
                                            : hold_sdjwt(s, w->home->crypto));
    yao_key_close(s->key);
    s->key        = w->devices[0];
    w->devices[0] = NULL;
    return YAO_OK;
}

/* ---- what the machine wishes --------------------------------------------- */

/* The first that it may be shown for; a query with more than that is none for
 * this wallet. */
static yao_status choose(load_showing *s, yao_present_event *e)
{
    const yao_vp_request *q = yao_present_request(s->machine);
    yao_dcql_matching     matching;
    yao_dcql_credentials  answer;
    size_t                at = 0;

    YAO_TRY(yao_dcql_match(&s->memory, &q->query, &s->candidate, 1,
                           &matching));
    YAO_TRY(yao_dcql_answer(&q->query, &matching, NULL, &answer));
    while ((answer >> at & 1) == 0)
        at++;
    if (answer >> at != 1)
        return YAO_E_UNSUPPORTED;

    const yao_dcql_credential *c   = &q->query.credentials[at];
    const yao_dcql_fit        *fit = &matching.credentials[at].items[0];

    s->shown = (yao_vp_shown){.id = c->id, .stored = s->stored};
    if (c->format == YAO_DCQL_SDJWT) {
        s->shown.alg = yao_key_alg(s->key);
        YAO_TRY(yao_dcql_paths(&s->memory, c, fit->claims, s->candidate.claims,
                               &s->shown.paths, &s->shown.path_count));
    } else {
        YAO_TRY(yao_dcql_selectors(&s->memory, c, fit->claims,
                                   &s->shown.selectors,
                                   &s->shown.selector_count));
    }
    e->kind        = YAO_PRESENT_CHOSEN;
    e->shown       = &s->shown;
    e->shown_count = 1;
    return YAO_OK;
}

static yao_status sign(load_showing *s, yao_present_event *e)
{
    uint8_t *out = yao_arena_take(&s->memory, YAO_MAX_SIGNATURE);
    size_t   len = 0;

    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_key_sign(s->key, &s->wish.sign, out, &len));
    e->bytes = (yao_bytes){out, len};
    return YAO_OK;
}

static yao_status make_key(load_showing *s, yao_present_event *e)
{
    yao_key_close(s->once);
    s->once = NULL;
    YAO_TRY(yao_key_generate(YAO_ES256, &s->once));
    e->kind = YAO_PRESENT_KEY;
    e->key  = yao_key_public(s->once);
    return YAO_OK;
}

static yao_status agree(load_showing *s, yao_present_event *e)
{
    uint8_t *out = yao_arena_take(&s->memory, YAO_MAX_AGREEMENT);

    if (out == NULL)
        return YAO_E_SPACE;
    e->bytes = (yao_bytes){out, 32};
    return yao_key_agree(s->once, &s->wish.agree, out);
}

static yao_status seal(load_showing *s, yao_present_event *e)
{
    size_t   len = s->wish.aead.input.len + YAO_AEAD_TAG;
    uint8_t *out = yao_arena_take(&s->memory, len);

    if (out == NULL)
        return YAO_E_SPACE;
    e->bytes = (yao_bytes){out, len};
    return yao_openssl_aead(&s->wish.aead, out);
}

static yao_status fulfil(load_showing *s, yao_present_event *e)
{
    switch (s->wish.kind) {
    case YAO_PRESENT_ASK: return choose(s, e);
    case YAO_PRESENT_SIGN: return sign(s, e);
    case YAO_PRESENT_MAKE_KEY: return make_key(s, e);
    case YAO_PRESENT_AGREE: return agree(s, e);
    case YAO_PRESENT_AEAD: return seal(s, e);
    case YAO_PRESENT_OPEN: return YAO_OK; /* it goes nowhere */
    default: return YAO_E_UNSUPPORTED;
    }
}

/* Until something is to be sent, or it is over. */
static yao_status drive(load_showing *s, yao_present_event e)
{
    for (;;) {
        YAO_TRY(yao_openssl_random(s->random, sizeof s->random));
        e.random = (yao_bytes){s->random, sizeof s->random};
        e.now    = yao_now();
        yao_present_step(s->machine, &e, &s->wish);
        if (s->wish.kind == YAO_PRESENT_STOP)
            return s->wish.status;
        if (s->wish.kind == YAO_PRESENT_FETCH)
            return YAO_OK;
        e        = (yao_present_event){.kind = YAO_PRESENT_DONE};
        e.status = fulfil(s, &e);
        if (e.status != YAO_OK)
            e.kind = YAO_PRESENT_FAILED;
    }
}

/* ---- requests ------------------------------------------------------------ */

static void put_head(yao_writer *out, const load_wallet *w, const char *method,
                     yao_text path)
{
    yao_put_text(out, method);
    yao_put_text(out, " ");
    yao_put_bytes(out, yao_text_bytes(path));
    yao_put_text(out, " HTTP/1.1\r\nHost: ");
    yao_put_text(out, w->plan->desk->place.host);
    yao_put_text(out, "\r\n");
}

static void put_bearer(yao_writer *out, const load_wallet *w)
{
    yao_put_text(out, "Authorization: Bearer ");
    yao_put_bytes(out, yao_text_bytes(w->plan->desk->bearer));
    yao_put_text(out, "\r\n");
}

static void put_body(yao_writer *out, const char *type, yao_bytes body)
{
    if (type != NULL) {
        yao_put_text(out, "Content-Type: ");
        yao_put_text(out, type);
        yao_put_text(out, "\r\nContent-Length: ");
        yao_put_decimal(out, (int64_t)body.len);
        yao_put_text(out, "\r\n");
    }
    yao_put_text(out, "\r\n");
    yao_put_bytes(out, body);
}

static yao_status ask_session(load_wallet *w, yao_writer *out)
{
    uint8_t    letters[256];
    yao_writer body  = yao_writer_open(letters, sizeof letters);
    bool       first = true;

    yao_put_byte(&body, '{');
    yao_json_put_member(&body, &first, "profile", w->plan->desk->profile);
    yao_json_put_member(&body, &first, "device", YAO_TEXT("cross"));
    yao_put_byte(&body, '}');
    YAO_TRY(body.status);
    put_head(out, w, "POST", YAO_TEXT("/api/sessions"));
    put_bearer(out, w);
    put_body(out, "application/json", (yao_bytes){letters, body.len});
    return YAO_OK;
}

/* What lies behind scheme and host. */
static yao_text path_of(yao_text url)
{
    size_t slashes = 0, at = 0;

    while (at < url.len && (slashes += url.ptr[at] == '/') < 3)
        at++;
    return (yao_text){url.ptr + at, url.len - at};
}

static void ask_fetch(load_wallet *w, yao_writer *out)
{
    const yao_present_fetch *f = &w->showing->wish.fetch;

    put_head(out, w, f->method, path_of(f->url));
    if (f->accept != NULL) {
        yao_put_text(out, "Accept: ");
        yao_put_text(out, f->accept);
        yao_put_text(out, "\r\n");
    }
    put_body(out, f->type, f->body);
}

static void ask_result(load_wallet *w, yao_writer *out)
{
    char path[MOST_ID + 32];

    snprintf(path, sizeof path, "/api/sessions/%s", w->showing->id);
    put_head(out, w, "GET", yao_text_of(path));
    put_bearer(out, w);
    put_body(out, NULL, (yao_bytes){NULL, 0});
}

yao_status load_showing_ask(load_wallet *w, yao_bytes *ret)
{
    yao_writer out = yao_writer_in(&w->arena);

    if (w->step == LOAD_SESSION)
        YAO_TRY(ask_session(w, &out));
    else if (w->step == LOAD_RESULT)
        ask_result(w, &out);
    else
        ask_fetch(w, &out);
    return yao_writer_keep(&out, &w->arena, ret);
}

/* ---- answers ------------------------------------------------------------- */

static yao_status begin(load_wallet *w, yao_text link)
{
    load_showing *s = w->showing;

    s->memory.used = 0;
    s->options     = (yao_present_options){
            .terms = {.crypto       = w->home->crypto,
                      .anchors      = w->plan->desk->anchors,
                      .anchor_count = w->plan->desk->anchor_count,
                      .loopback     = true}};
    YAO_TRY(yao_arena_keep(&s->memory, yao_text_bytes(link),
                           &s->options.link));
    YAO_TRY(yao_present_open(&s->memory, &s->options, &s->machine));
    return drive(s, (yao_present_event){.kind = YAO_PRESENT_START});
}

yao_status load_showing_take_session(load_wallet *w, const load_answer *a)
{
    load_showing   *s = w->showing;
    const yao_json *root;
    yao_text        id, link;

    YAO_TRY(yao_json_parse(&w->arena, a->body, &root));
    YAO_TRY(yao_json_string(yao_json_get(root, "id"), &w->arena, &id));
    YAO_TRY(yao_json_string(yao_json_get(root, "qr"), &w->arena, &link));
    if (id.len >= sizeof s->id)
        return YAO_E_LIMIT;
    snprintf(s->id, sizeof s->id, "%.*s", (int)id.len, (const char *)id.ptr);
    return begin(w, link);
}

static yao_status hand_over(load_wallet *w, const load_answer *a)
{
    load_showing     *s = w->showing;
    yao_present_event e = {.kind   = YAO_PRESENT_ANSWER,
                           .answer = {.status = a->status,
                                      .type   = load_answer_header(
                                          a, "content-type")}};

    YAO_TRY(yao_arena_keep(&s->memory, a->body, &e.answer.body));
    YAO_TRY(yao_arena_keep(&s->memory, yao_text_bytes(e.answer.type),
                           &e.bytes));
    e.answer.type = (yao_text){e.bytes.ptr, e.bytes.len};
    e.bytes       = (yao_bytes){NULL, 0};
    return drive(s, e);
}

yao_status load_showing_take_request(load_wallet *w, const load_answer *a)
{
    YAO_TRY(hand_over(w, a));
    return w->showing->wish.kind == YAO_PRESENT_FETCH ? YAO_OK
                                                      : YAO_E_MISSING;
}

yao_status load_showing_take_answer(load_wallet *w, const load_answer *a)
{
    YAO_TRY(hand_over(w, a));
    return w->showing->wish.kind == YAO_PRESENT_STOP ? YAO_OK : YAO_E_USAGE;
}

yao_status load_showing_take_result(load_wallet *w, const load_answer *a)
{
    const yao_json *root, *result;

    YAO_TRY(yao_json_parse(&w->arena, a->body, &root));
    result = yao_json_get(root, "result");
    return result != NULL &&
                   yao_json_is(yao_json_get(result, "verdict"), "accept")
               ? YAO_OK
               : YAO_E_REFUSED;
}
