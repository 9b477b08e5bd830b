/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/countering.h"

#include <stdlib.h>

#include "app/files.h"
#include "app/wishes.h"
#include "wallet/showing.h"

/* The machine winds its own memory back: what is ours lies elsewhere. */
enum { MEMORY = 64 * 1024 * 1024, MACHINE = 8 * 1024 * 1024 };

/* ---- keys --------------------------------------------------------------- */

static void make_key(yao_countering *c, yao_holder_event *e)
{
    e->status = yao_key_generate(YAO_ES256, &c->session);
    if (e->status != YAO_OK)
        return;
    e->kind = YAO_HOLDER_KEY;
    e->key  = yao_key_public(c->session);
}

static yao_key *key_of(yao_countering *c, const yao_holder_wish *w)
{
    return w->role == YAO_HOLDER_SESSION ? c->session
                                         : c->shared.parts[w->index].key;
}

/* ---- the code ----------------------------------------------------------- */

static void show(yao_countering *c, const yao_holder_wish *w,
                 yao_holder_event *e)
{
    yao_bytes               letters = yao_text_bytes(w->text);
    const yao_showing_codes codes   = {.list = &letters, .count = 1};

    e->status = yao_arena_keep(&c->shared.arena, w->bytes, &c->shown);
    if (e->status == YAO_OK)
        e->status = yao_showing_put_codes(c->shared.call, &c->shared.arena,
                                          &codes);
}

/* ---- the loop ----------------------------------------------------------- */

static void fulfil(yao_countering *c, const yao_holder_wish *w,
                   yao_holder_event *e)
{
    yao_arena *arena = &c->shared.arena;

    *e = (yao_holder_event){.kind = YAO_HOLDER_DONE};
    switch (w->kind) {
    case YAO_HOLDER_MAKE_KEY:
        make_key(c, e);
        break;
    case YAO_HOLDER_SHOW:
        show(c, w, e);
        break;
    case YAO_HOLDER_WAIT:
        yao_countering_wait(c, w, e);
        break;
    case YAO_HOLDER_AGREE:
        e->status = app_wish_agree(arena, key_of(c, w), &w->agree, &e->bytes);
        break;
    case YAO_HOLDER_AEAD:
        e->status = app_wish_aead(arena, &w->aead, &e->bytes);
        break;
    case YAO_HOLDER_ASK:
        yao_countering_ask(c, e);
        break;
    case YAO_HOLDER_SIGN:
        e->status = app_wish_sign(arena, key_of(c, w), &w->sign, &e->bytes);
        break;
    case YAO_HOLDER_SEND:
        yao_countering_send(c, w, e);
        break;
    case YAO_HOLDER_STOP:
        break;
    }
    if (e->status != YAO_OK)
        e->kind = YAO_HOLDER_FAILED;
}

static yao_status drive(yao_countering *c)
{
    yao_holder_event e = {.kind = YAO_HOLDER_START};
    yao_holder_wish  w;

    YAO_TRY(yao_countering_open_way(c));
    YAO_TRY(yao_holder_open(&c->machine, &c->options, &c->holder));
    for (;;) {
        e.now         = yao_wallet_now();
        c->shared.now = e.now;
        yao_holder_step(c->holder, &e, &w);
        if (w.kind == YAO_HOLDER_STOP)
            return w.status;
        fulfil(c, &w, &e);
    }
}

/* ---- beginning and end -------------------------------------------------- */

/* Who asks across a counter is on the list of relying parties, or nobody. */
static int check_list(const yao_countering *c)
{
    if (c->shared.options.terms.parties != NULL)
        return 0;
    return yao_fail(
        YAO_E_USAGE, c->shared.what, "--trust",
        WORDS("without the list of relying parties nobody can be told from "
              "anybody else",
              "没有依赖方名单，无法辨认请求方"),
        WORDS("give the bundle, with --trust-anchor",
              "请用 --trust 和 --trust-anchor 给出信任包"));
}

static void set_options(yao_countering *c)
{
    const yao_vp_terms *terms = &c->shared.options.terms;

    c->options.crypto          = c->shared.crypto;
    c->options.readers         = terms->anchors;
    c->options.reader_count    = terms->anchor_count;
    c->options.parties         = terms->parties;
    c->options.catalogue       = c->shared.catalogue;
    c->options.only_registered = true;
}

static int prepare(yao_countering *c)
{
    yao_presenting *s    = &c->shared;
    int             code = yao_presenting_take_trust(s);

    if (code == 0)
        code = yao_presenting_connect(s);
    if (code == 0 && yao_presenting_set_terms(s) != YAO_OK)
        code = yao_fail_memory();
    if (code == 0)
        code = check_list(c);
    if (code == 0)
        code = yao_countering_take_way(c);
    set_options(c);
    return code;
}

static void finish(yao_countering *c)
{
    yao_countering_close_way(c);
    yao_key_close(c->session);
    yao_memory_free(&c->machine);
    yao_presenting_end(&c->shared);
}

int yao_countering_run(const yao_invocation *call, yao_words what)
{
    yao_countering *c    = calloc(1, sizeof *c);
    int             code = 0;

    if (c == NULL)
        return yao_fail_memory();
    c->listener       = -1;
    c->shared.counter = true;
    if (yao_presenting_begin(&c->shared, call, what, MEMORY) != YAO_OK ||
        yao_memory_open(MACHINE, &c->machine) != YAO_OK)
        code = yao_fail_memory();
    if (code == 0)
        code = prepare(c);
    if (code == 0)
        code = yao_countering_tell(c, drive(c));
    finish(c);
    free(c);
    return code;
}
