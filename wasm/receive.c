/* SPDX-License-Identifier: Apache-2.0 */
/* vci/receive.h for a page: what it is told. receive_tell.c: what it wishes. */
#include "receive.h"

static struct {
    yao_receive        *machine;
    yao_receive_options options;
    yao_receive_do      last;
} receive;

/* ---- beginning ---------------------------------------------------------- */

static void take_source(yao_told *t, yao_receive_options *o)
{
    o->offer         = yao_text_bytes(yao_told_text(t, "offer"));
    o->issuer        = yao_told_text(t, "issuer");
    o->ids           = yao_told_texts(t, "ids", &o->id_count);
    o->refresh_token = yao_told_text(t, "refresh_token");
    o->issuers       = yao_told_texts(t, "issuers", &o->issuer_count);
    o->server        = yao_told_text(t, "server");
}

static void take_wallet(yao_told *t, yao_receive_options *o)
{
    int64_t copies = yao_told_int(t, "copies");

    o->client_id    = yao_told_text(t, "client_id");
    o->redirect_uri = yao_told_text(t, "redirect_uri");
    o->session_key  = yao_told_key(t, "session_key");
    o->attester     = yao_told_bool(t, "attester");
    o->only_signed  = yao_told_bool(t, "only_signed");
    o->loopback     = yao_told_bool(t, "loopback");
    o->encrypt      = yao_told_bool(t, "encrypt");
    o->patience     = yao_told_int(t, "patience");
    if (copies < 0 || copies > YAO_VCI_MAX_BATCH)
        yao_told_fail(t, YAO_E_USAGE);
    o->copies = (size_t)copies;
}

static yao_status begin(yao_told *t)
{
    yao_receive_options *o = &receive.options;

    o->crypto       = page.crypto;
    o->catalogue    = &page.catalogue;
    o->anchors      = page.options.anchors;
    o->anchor_count = page.options.anchor_count;
    o->signers      = page.options.signers;
    o->signer_count = page.options.signer_count;
    take_source(t, o);
    take_wallet(t, o);
    YAO_TRY(t->status);
    return yao_receive_open(&page.memory, o, &receive.machine);
}

/* ---- stepping ----------------------------------------------------------- */

static const char *const kinds[] = {"start",  "answer", "keys", "done",
                                    "refused", "failed", NULL};

static void take_answer(yao_told *t, yao_receive_answer *ret)
{
    ret->status    = (int)yao_told_int(t, "status");
    ret->type      = yao_told_text(t, "type");
    ret->nonce     = yao_told_text(t, "nonce");
    ret->challenge = yao_told_text(t, "challenge");
    ret->body      = yao_told_bytes(t, "body");
}

static yao_status take_event(yao_told *t, yao_receive_event *e)
{
    e->kind = (yao_receive_event_kind)yao_told_word(t, "event", kinds);
    e->now  = yao_told_int(t, "now");
    e->random = yao_told_bytes(t, "random");
    e->bytes  = yao_told_bytes(t, "bytes");
    e->keys   = yao_told_keys(t, "keys", &e->key_count);
    e->status = (yao_status)yao_told_int(t, "why");
    if (e->kind == YAO_RECEIVE_ANSWER)
        take_answer(t, &e->answer);
    if (e->kind == YAO_RECEIVE_FAILED && e->status == YAO_OK)
        e->status = YAO_E_CRYPTO;
    return t->status;
}

/* All that were good were stored, or FAILED would have come. */
static void keep_items(void)
{
    size_t            count;
    yao_receive_item *items = yao_receive_items(receive.machine, &count);

    for (size_t i = 0; i < count; i++)
        if (items[i].state == YAO_RECEIVE_GOOD)
            items[i].state = YAO_RECEIVE_KEPT;
}

static yao_status step(yao_told *t, yao_page_wish *ret)
{
    yao_receive_event e = {.kind = YAO_RECEIVE_START};
    yao_receive_wish  wish;

    YAO_TRY(take_event(t, &e));
    if (receive.last == YAO_RECEIVE_STORE && e.kind == YAO_RECEIVE_DONE)
        keep_items();
    yao_receive_step(receive.machine, &e, &wish);
    receive.last = wish.kind;
    return yao_receive_tell(receive.machine, &wish, ret);
}

const yao_page_machine yao_page_receive = {begin, step, NULL};
