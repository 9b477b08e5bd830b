/* SPDX-License-Identifier: Apache-2.0 */

/* How the two reach each other: by two mailboxes, or by a socket of this
 * machine at which somebody connects who names the code that was shown. */

#include "wallet/countering.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/files.h"
#include "wallet/provider.h"
#include "wallet/web.h"

/* How long one look takes, before the clock is looked at again. */
enum { LOOK_MS = 2000 };

/* ---- which -------------------------------------------------------------- */

static int refuse_way(const yao_countering *c, const char *detail)
{
    return yao_fail(
        YAO_E_USAGE, c->shared.what, detail,
        WORDS("that is no address of mailboxes",
              "这不是中继信箱的地址"),
        WORDS("give the https address of a provider's or a desk's mailboxes; "
              "on this machine http with --local",
              "请给出提供方或核验台信箱的 https 地址；本机可用 http 并加 "
              "--local"));
}

static int take_url(yao_countering *c, yao_bytes url)
{
    yao_presenting *s = &c->shared;

    c->url = (yao_text){url.ptr, url.len};
    if (!yao_prox_is_mailbox(c->url) ||
        (!yao_given(s->call, "local") &&
         !yao_bytes_starts(url, YAO_LIT("https://"))) ||
        yao_wallet_allow(s->client, c->url) != YAO_OK)
        return refuse_way(c, yao_argument(s->call, "mailbox"));
    return 0;
}

/* The provider that this wallet is registered with keeps mailboxes. */
static int take_provider(yao_countering *c)
{
    yao_presenting      *s = &c->shared;
    yao_provider_account account;
    yao_bytes            url;
    yao_writer           w;

    yao_status status = yao_provider_read(s->wallet, &account);
    if (status != YAO_OK)
        return yao_fail(
            status, s->what, "--mailbox",
            WORDS("this wallet has no provider that would keep mailboxes",
                  "本钱包没有可提供中继信箱的提供方"),
            WORDS("give --mailbox URL, or register the wallet with `yaopai "
                  "wallet provider`",
                  "请给出 --mailbox URL，或用 `yaopai wallet provider` 注册"));
    w = yao_writer_in(&s->arena);
    yao_put_bytes(&w, yao_text_bytes(account.url));
    yao_put_text(&w, "/mailboxes");
    status = yao_writer_keep(&w, &s->arena, &url);
    return status == YAO_OK ? take_url(c, url) : yao_fail_memory();
}

int yao_countering_take_way(yao_countering *c)
{
    const yao_invocation *call = c->shared.call;
    const char           *url  = yao_argument(call, "mailbox");

    c->place = yao_argument(call, "stream");
    if (c->place != NULL)
        return 0;
    return url != NULL ? take_url(c, yao_text_bytes(yao_text_of(url)))
                       : take_provider(c);
}

/* ---- opening ------------------------------------------------------------ */

static yao_status open_boxes(yao_countering *c)
{
    yao_presenting      *s = &c->shared;
    yao_prox_engagement *e = &c->options.engagement;
    app_mailbox          box = {.client = s->client, .url = c->url};
    app_box             *out = yao_arena_take(&s->arena, sizeof *out);

    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(app_box_make(s->client, c->url, &s->arena, &c->in));
    YAO_TRY(app_box_make(s->client, c->url, &s->arena, out));
    memcpy(box.write, out->write, YAO_PROX_BOX);
    memcpy(box.read, c->in.read, YAO_PROX_BOX);
    YAO_TRY(app_way_mailbox(&box, &c->way));
    e->methods[0] = (yao_prox_method){
        .way     = YAO_PROX_MAILBOX,
        .mailbox = {.url       = c->url,
                    .to_holder = {c->in.write, YAO_PROX_BOX},
                    .to_reader = {out->read, YAO_PROX_BOX}}};
    e->method_count = 1;
    return YAO_OK;
}

static yao_status listen_at(yao_countering *c)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};

    if (strlen(c->place) >= sizeof at.sun_path)
        return YAO_E_LIMIT;
    memcpy(at.sun_path, c->place, strlen(c->place) + 1);
    c->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->listener < 0)
        return YAO_E_NET;
    mode_t before = umask(077);
    int    failed = bind(c->listener, (const struct sockaddr *)&at, sizeof at);
    umask(before);
    if (failed != 0)
        return YAO_E_EXISTS;
    return listen(c->listener, 1) == 0 ? YAO_OK : YAO_E_NET;
}

yao_status yao_countering_open_way(yao_countering *c)
{
    return c->place != NULL ? listen_at(c) : open_boxes(c);
}

void yao_countering_close_way(yao_countering *c)
{
    if (c->way.box.client != NULL)
        app_box_drop(c->shared.client, c->url, c->in.read, &c->shared.arena);
    app_way_close(&c->way);
    if (c->listener < 0)
        return;
    close(c->listener);
    (void)unlink(c->place);
}

/* ---- talking ------------------------------------------------------------ */

/* Who connects says first which code it read: another one's is not ours. */
static yao_status meet(yao_countering *c, unsigned ms)
{
    struct pollfd at = {.fd = c->listener, .events = POLLIN};
    yao_bytes     said;

    if (poll(&at, 1, (int)ms) <= 0)
        return YAO_E_MISSING;
    int socket = accept(c->listener, NULL, NULL);
    if (socket < 0)
        return YAO_E_MISSING;
    yao_status status = app_way_stream(socket, &c->way);
    if (status != YAO_OK) {
        close(socket);
        return status;
    }
    status = app_way_receive(&c->way, LOOK_MS, &said);
    if (status == YAO_OK && !yao_bytes_equal(said, c->shown))
        status = YAO_E_MISMATCH;
    if (status == YAO_OK)
        return YAO_OK;
    app_way_close(&c->way);
    return YAO_E_MISSING; /* somebody else's: we wait on */
}

void yao_countering_wait(yao_countering *c, const yao_holder_wish *w,
                         yao_holder_event *e)
{
    int64_t left = (w->deadline - yao_wallet_now() + 1) * 1000;
    unsigned ms  = left <= 0 ? 0 : left < LOOK_MS ? (unsigned)left : LOOK_MS;

    e->kind   = YAO_HOLDER_MESSAGE;
    e->status = YAO_OK;
    if (c->way.put == NULL)
        e->status = meet(c, ms);
    if (e->status == YAO_OK)
        e->status = app_way_receive(&c->way, ms, &e->bytes);
    if (e->status != YAO_E_MISSING)
        return;
    e->kind   = YAO_HOLDER_TICK;
    e->status = YAO_OK;
}

void yao_countering_send(yao_countering *c, const yao_holder_wish *w,
                         yao_holder_event *e)
{
    e->status = app_way_send(&c->way, w->bytes);
    if (e->status == YAO_OK && c->shared.recorded)
        c->sent = true;
}
