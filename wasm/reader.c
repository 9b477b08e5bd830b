/* SPDX-License-Identifier: Apache-2.0 */
/* proximity/reader.h for a page. */
#include "machine.h"
#include "proximity/profile_ask.h"
#include "proximity/reader.h"

enum { MEMORY = 4 << 20 };

static struct {
    yao_arena          memory; /* the machine winds it back */
    yao_reader        *machine;
    yao_reader_options options;
    yao_reader_request request;
} reader;

/* ---- beginning ---------------------------------------------------------- */

static yao_status begin(yao_told *t)
{
    yao_reader_options *o = &reader.options;

    o->crypto  = page.crypto;
    o->letters = yao_text_bytes(yao_told_text(t, "letters"));
    o->chain   = yao_told_list(t, "chain", &o->chain_count);
    o->alg     = o->chain_count != 0 ? YAO_ES256 : YAO_SIG_NONE;
    o->all     = yao_told_bool(t, "all");
    o->wait    = yao_told_int(t, "wait");
    o->verify  = page.options;
    YAO_TRY(t->status);
    YAO_TRY(yao_page_part(MEMORY, &reader.memory));
    return yao_reader_open(&reader.memory, o, &reader.machine);
}

/* ---- what is asked ------------------------------------------------------ */

/* What a profile of the catalogue asks. */
static yao_status take_request(yao_told *t, yao_reader_event *e)
{
    yao_text           name   = yao_told_text(t, "profile");
    yao_text           choice = yao_told_text(t, "choice");
    int64_t            step   = yao_told_int(t, "step");
    const yao_profile *profile;

    YAO_TRY(t->status);
    profile = yao_profile_by_name(&page.catalogue, name);
    if (profile == NULL)
        return YAO_E_NOT_FOUND;
    if (step < 0 || step > 2)
        return YAO_E_USAGE;
    YAO_TRY(yao_prox_from_profile(&page.memory, profile, step == 2 ? 2 : 1,
                                  choice, &reader.request));
    e->request = &reader.request;
    return YAO_OK;
}

/* ---- stepping ----------------------------------------------------------- */

static const char *const kinds[] = {"start",  "key",  "done", "request",
                                    "message", "failed", "tick", "end", NULL};

static yao_status take_event(yao_told *t, yao_reader_event *e)
{
    e->kind   = (yao_reader_event_kind)yao_told_word(t, "event", kinds);
    e->now    = yao_told_int(t, "now");
    e->key    = yao_told_key(t, "key");
    e->bytes  = yao_told_bytes(t, "bytes");
    e->status = (yao_status)yao_told_int(t, "why");
    if (e->kind == YAO_READER_FAILED && e->status == YAO_OK)
        e->status = YAO_E_CRYPTO;
    YAO_TRY(t->status);
    return e->kind == YAO_READER_REQUEST ? take_request(t, e) : YAO_OK;
}

/* ---- wishing ------------------------------------------------------------ */

static const char *const names[] = {"stop", "make_key", "agree", "next",
                                    "sign", "aead",     "send",  "wait"};

static void put_answer(yao_page_wish *ret, const yao_reader_answer *a)
{
    if (a == NULL)
        return;
    yao_wish_int(ret, "dropped", (int64_t)a->dropped);
    yao_wish_int(ret, "took", a->took);
    yao_wish_flag(ret, "over", a->over);
    if (a->result == NULL)
        return;
    yao_json_put_name(&ret->w, &ret->first, "result");
    yao_page_put_result(&ret->w, a->result);
}

static void put_end(yao_page_wish *ret, yao_status status)
{
    yao_wish_status(ret, status);
    yao_wish_int(ret, "said", (int64_t)yao_reader_said(reader.machine));
}

/* Where to write and to read, when that is a mailbox. */
static void put_way(yao_page_wish *ret)
{
    const yao_prox_method *m = yao_prox_find_method(
        yao_reader_engagement(reader.machine), YAO_PROX_MAILBOX);

    if (m == NULL)
        return;
    yao_wish_text(ret, "mailbox", m->mailbox.url);
    yao_json_put_member_base64url(&ret->w, &ret->first, "to_holder",
                                  m->mailbox.to_holder);
    yao_json_put_member_base64url(&ret->w, &ret->first, "to_reader",
                                  m->mailbox.to_reader);
}

static void put_wish(yao_page_wish *ret, const yao_reader_wish *wish)
{
    switch (wish->kind) {
    case YAO_READER_STOP:
        put_end(ret, wish->status);
        break;
    case YAO_READER_MAKE_KEY:
        put_way(ret);
        break;
    case YAO_READER_AGREE:
        yao_wish_agree(ret, &wish->agree);
        break;
    case YAO_READER_NEXT:
        put_answer(ret, wish->answer);
        break;
    case YAO_READER_SIGN:
        yao_wish_sign(ret, &wish->sign);
        break;
    case YAO_READER_AEAD:
        yao_wish_aead(ret, &wish->aead);
        break;
    case YAO_READER_SEND:
        yao_wish_bytes(ret, "body", wish->bytes);
        yao_wish_flag(ret, "last", wish->last);
        break;
    case YAO_READER_WAIT:
        yao_wish_int(ret, "deadline", wish->deadline);
        break;
    }
}

static yao_status step(yao_told *t, yao_page_wish *ret)
{
    yao_reader_event e = {.kind = YAO_READER_START};
    yao_reader_wish  wish;

    YAO_TRY(take_event(t, &e));
    yao_reader_step(reader.machine, &e, &wish);
    yao_wish_open(ret, names[wish.kind]);
    put_wish(ret, &wish);
    return yao_wish_close(ret);
}

const yao_page_machine yao_page_reader = {begin, step, NULL};
