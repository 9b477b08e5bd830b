/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/receiving.h"

#include <stdlib.h>
#include <time.h>

#include "app/files.h"
#include "app/wishes.h"

enum { MEMORY = 64 * 1024 * 1024 };

/* ---- keys --------------------------------------------------------------- */

static yao_key **slot(yao_receiving *s, const yao_receive_wish *w, size_t i)
{
    switch (w->role) {
    case YAO_RECEIVE_SESSION:
        return &s->session;
    case YAO_RECEIVE_COPY:
        return &s->copies[w->item][i];
    case YAO_RECEIVE_SEAL:
        return &s->seal;
    case YAO_RECEIVE_OPEN:
    case YAO_RECEIVE_NO_KEY:
        break;
    }
    return &s->open;
}

/* Keys of copies stay, maybe in a token; others are for one message. */
static yao_status make_key(yao_receiving *s, const yao_receive_wish *w,
                           yao_key **key)
{
    yao_key_close(*key);
    *key = NULL;
    return w->role == YAO_RECEIVE_COPY
               ? yao_wallet_make_key(s->wallet, YAO_ES256, key)
               : yao_key_generate(YAO_ES256, key);
}

static void make_keys(yao_receiving *s, const yao_receive_wish *w,
                      yao_receive_event *e)
{
    for (size_t i = 0; i < w->count; i++) {
        yao_key **key = slot(s, w, i);

        e->status = make_key(s, w, key);
        if (e->status != YAO_OK)
            return;
        s->points[i] = yao_key_public(*key);
    }
    e->kind      = YAO_RECEIVE_KEYS;
    e->keys      = s->points;
    e->key_count = w->count;
}

/* Keys of copies that nothing names are of no use to anybody. */
static void drop_copies(yao_receiving *s)
{
    for (size_t i = 0; i < YAO_VCI_MAX_OFFERED; i++)
        for (size_t n = 0; n < YAO_VCI_MAX_BATCH; n++) {
            yao_key *key = s->copies[i][n];

            if (key != NULL && yao_key_remove(key) != YAO_OK)
                s->wallet->left_behind++;
            yao_key_close(key);
            s->copies[i][n] = NULL;
        }
}

/* ---- the loop ----------------------------------------------------------- */

static void wait(const yao_receiving *s, uint32_t seconds)
{
    struct timespec time = {(time_t)seconds, 0};

    (void)s;
    if (seconds > 1)
        fprintf(stderr, yao_say(WORDS("The authority is working on it; asking "
                                      "again in %u s.\n",
                                      "机构正在办理，%u 秒后再询问。\n")),
                (unsigned)seconds);
    nanosleep(&time, NULL);
}

static void fulfil(yao_receiving *s, const yao_receive_wish *w,
                   yao_receive_event *e)
{
    *e = (yao_receive_event){.kind = YAO_RECEIVE_DONE};
    switch (w->kind) {
    case YAO_RECEIVE_FETCH:
        yao_receiving_fetch(s, w, e);
        break;
    case YAO_RECEIVE_SIGN:
        e->status = app_wish_sign(&s->arena, *slot(s, w, w->index), &w->sign,
                                  &e->bytes);
        break;
    case YAO_RECEIVE_MAKE_KEYS:
        make_keys(s, w, e);
        break;
    case YAO_RECEIVE_AGREE:
        e->status =
            app_wish_agree(&s->arena, *slot(s, w, 0), &w->agree, &e->bytes);
        break;
    case YAO_RECEIVE_AEAD:
        e->status = app_wish_aead(&s->arena, &w->aead, &e->bytes);
        break;
    case YAO_RECEIVE_ATTEST:
    case YAO_RECEIVE_ATTEST_KEYS:
        yao_receiving_attest(s, w, e);
        break;
    case YAO_RECEIVE_ASK_CODE:
        yao_receiving_ask_code(s, w, e);
        break;
    case YAO_RECEIVE_OPEN_PAGE:
        yao_receiving_open_page(s, w, e);
        break;
    case YAO_RECEIVE_WAIT:
        wait(s, w->seconds);
        break;
    case YAO_RECEIVE_CONFIRM:
        yao_receiving_confirm(s, e);
        break;
    case YAO_RECEIVE_STORE:
        yao_receiving_store(s, e);
        break;
    case YAO_RECEIVE_STOP:
        break;
    }
    if (e->status != YAO_OK)
        e->kind = YAO_RECEIVE_FAILED;
}

/* Of a token that replaced another the old one is over already. */
static yao_status keep_early(yao_receiving *s)
{
    return s->options.refresh_token.len != 0 ? yao_receiving_keep_token(s)
                                             : YAO_OK;
}

bool yao_receiving_pends(const yao_receive_item *item)
{
    return item->state == YAO_RECEIVE_BAD && item->status == YAO_E_EXPIRED &&
           item->transaction_id.len != 0;
}

/* What was kept can be had again, what is not ready yet can be had at all. */
static bool may_return(yao_receiving *s)
{
    size_t                  count;
    const yao_receive_item *items = yao_receive_items(s->machine, &count);

    for (size_t i = 0; i < count; i++)
        if (items[i].state == YAO_RECEIVE_KEPT ||
            yao_receiving_pends(&items[i]))
            return true;
    return false;
}

/* A token that can't be kept is not missed today: the documents are here. */
static yao_status end(yao_receiving *s, yao_status status)
{
    if (may_return(s) && yao_receiving_keep_token(s) != YAO_OK)
        fprintf(stderr, "%s\n",
                yao_say(WORDS("note: to get these again you will have to ask "
                              "anew",
                              "提示：以后再次领取需重新申请")));
    return status;
}

yao_status yao_receiving_drive(yao_receiving *s)
{
    yao_receive_event e = {.kind = YAO_RECEIVE_START};
    yao_receive_wish  w;
    uint8_t           random[YAO_RECEIVE_RANDOM];

    drop_copies(s); /* of a session before */
    YAO_TRY(yao_receive_open(&s->arena, &s->options, &s->machine));
    for (;;) {
        YAO_TRY(yao_openssl_random(random, sizeof random));
        e.random = (yao_bytes){random, sizeof random};
        e.now    = yao_wallet_now();
        yao_receive_step(s->machine, &e, &w);
        yao_wipe(random, sizeof random);
        if (w.kind == YAO_RECEIVE_STOP)
            return end(s, w.status);
        YAO_TRY(keep_early(s));
        fulfil(s, &w, &e);
    }
}

/* ---- beginning and end -------------------------------------------------- */

static int fail(const yao_receiving *s, yao_status status, const char *detail)
{
    return yao_fail(status, s->what, detail, (yao_words){NULL, NULL},
                    WORDS("see `yaopai help wallet receive`",
                          "见 `yaopai help wallet receive`"));
}

static int take_numbers(yao_receiving *s)
{
    long copies, patience;

    if (!yao_number(s->call, "copies", 1, YAO_VCI_MAX_BATCH, 0, &copies) ||
        !yao_number(s->call, "patience", 0, 86400, 300, &patience))
        return yao_exit_code(YAO_E_USAGE);
    s->options.copies   = (size_t)copies;
    s->options.patience = patience;
    return 0;
}

static int take_trust(yao_receiving *s)
{
    yao_wallet_look_at_clock(s->call, s->crypto);
    s->now = yao_wallet_now();

    yao_verify_options trust = {.now = s->now, .skew = 60};
    int code = app_trusting_take(&s->trust, s->call, s->crypto, &s->arena,
                                 &trust);
    if (code == 0)
        code = yao_wallet_see_lists(s->wallet, &s->trust);
    if (code != 0)
        return code;
    s->options.anchors      = trust.anchors;
    s->options.anchor_count = trust.anchor_count;
    s->options.signers      = trust.signers;
    s->options.signer_count = trust.signer_count;
    s->options.catalogue    = app_trusting_catalogue(&s->trust);
    return 0;
}

static void take_issuers(yao_receiving *s)
{
    const char *url;
    size_t      count = 0;

    while ((url = yao_argument_at(s->call, "only-issuer", count)) != NULL)
        s->issuers[count++] = yao_text_of(url);
    s->options.issuers      = s->issuers;
    s->options.issuer_count = count;
}

/* A key for this session: two issuers never see the same one. */
static yao_status make_session(yao_receiving *s)
{
    YAO_TRY(yao_key_generate(YAO_ES256, &s->session));
    s->options.session_key = yao_key_public(s->session);
    return YAO_OK;
}

static int prepare(yao_receiving *s)
{
    const char *client = yao_argument(s->call, "client-id");
    int         code   = take_numbers(s);

    s->options.crypto      = s->crypto;
    s->options.client_id   = yao_text_of(client != NULL ? client
                                                        : "yaopai-wallet");
    s->options.server      = yao_text_of(yao_argument(s->call,
                                                      "authorization-server"));
    s->options.loopback    = yao_given(s->call, "local");
    s->options.only_signed = yao_given(s->call, "only-signed");
    s->options.encrypt     = yao_given(s->call, "encrypt");
    take_issuers(s);
    if (code == 0) /* it knows since when it can't be */
        code = yao_wallet_open_for(s->call, &s->wallet);
    if (code == 0)
        code = take_trust(s);
    if (code == 0)
        code = yao_receiving_take_attester(s);
    if (code == 0 && make_session(s) != YAO_OK)
        code = fail(s, YAO_E_CRYPTO, NULL);
    if (code == 0)
        code = yao_receiving_connect(s);
    if (code == 0)
        code = yao_receiving_take_provider(s);
    return code;
}

static void drop_keys(yao_receiving *s)
{
    drop_copies(s);
    yao_key_close(s->session);
    yao_key_close(s->seal);
    yao_key_close(s->open);
    yao_key_close(s->attester);
}

static void finish(yao_receiving *s)
{
    drop_keys(s);
    yao_provider_close(s->provider);
    yao_receiving_disconnect(s);
    yao_wallet_close(s->wallet);
    app_trusting_close(&s->trust);
    yao_openssl_close(s->openssl);
    yao_memory_free(&s->arena);
}

int yao_receiving_run(const yao_invocation *call, yao_words what,
                      const yao_receive_options *source)
{
    yao_receiving *s = calloc(1, sizeof *s);
    int            code;

    if (s == NULL)
        return yao_fail_memory();
    s->call    = call;
    s->what    = what;
    s->source  = *source;
    s->options = *source;
    s->now     = yao_wallet_now();
    s->openssl = yao_openssl_open();
    if (s->openssl == NULL || yao_memory_open(MEMORY, &s->arena) != YAO_OK) {
        code = yao_fail_memory();
    } else {
        s->crypto = yao_openssl_crypto(s->openssl);
        code      = prepare(s);
        if (code == 0)
            code = yao_given(call, "renew")
                       ? yao_receiving_renew(s)
                       : yao_receiving_tell(s, yao_receiving_drive(s));
    }
    finish(s);
    free(s);
    return code;
}
