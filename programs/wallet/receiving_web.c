/* SPDX-License-Identifier: Apache-2.0 */

/* HTTP to whom the machine speaks; the authority's page, and how its answer
 * comes back: to a listener of ours, or from a command that opened the page. */

#include "wallet/receiving.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "net/server.h"
#include "wallet/web.h"

enum { PAGE_SECONDS = 600, MAX_ANSWER = 8192 };

struct receiving_listener {
    net_server     *server;
    pthread_mutex_t lock;
    pthread_cond_t  came;
    char            uri[256];
    char            query[MAX_ANSWER];
    size_t          query_len; /* 0: not yet */
};

/* ---- fetching ----------------------------------------------------------- */

/* Whom it may speak to by now; the client refuses all others, whatever the
 * machine wishes for. */
static yao_status allow_known(yao_receiving *s, yao_text url)
{
    yao_text issuer = yao_receive_issuer(s->machine);

    if (issuer.len == 0) /* where the offer is: the person followed the link */
        return yao_wallet_allow(s->client, url);
    YAO_TRY(yao_wallet_allow(s->client, issuer));
    return s->options.server.len != 0
               ? yao_wallet_allow(s->client, s->options.server)
               : YAO_OK;
}

static yao_status exchange(yao_receiving *s, const yao_receive_fetch *f,
                           yao_receive_event *e)
{
    net_header headers[YAO_RECEIVE_MAX_HEADERS];
    net_call   call = {.method       = f->method,
                       .url          = f->url,
                       .headers      = headers,
                       .header_count = f->header_count,
                       .body         = f->body,
                       .most         = f->most};
    net_answer answer;

    for (size_t i = 0; i < f->header_count; i++)
        headers[i] = (net_header){yao_text_of(f->headers[i].name),
                                  f->headers[i].value};
    YAO_TRY(allow_known(s, f->url));
    YAO_TRY(net_client_fetch(s->client, &call, &s->arena, &answer));
    e->kind   = YAO_RECEIVE_ANSWER;
    e->answer = (yao_receive_answer){
        .status    = answer.status,
        .type      = net_answer_header(&answer, "content-type"),
        .nonce     = net_answer_header(&answer, "dpop-nonce"),
        .challenge = net_answer_header(&answer,
                                       "oauth-client-attestation-challenge"),
        .body      = answer.body};
    return YAO_OK;
}

void yao_receiving_fetch(yao_receiving *s, const yao_receive_wish *w,
                         yao_receive_event *e)
{
    e->status = exchange(s, &w->fetch, e);
}

/* ---- a listener --------------------------------------------------------- */

static void on_return(void *ctx, const net_request *q, net_response *r)
{
    static const char page[] =
        "<!doctype html><meta charset=utf-8><title>Yaopai</title>"
        "<p>You may close this page. 您可以关闭此页面。\n";
    receiving_listener *l = ctx;
    bool answers = yao_text_equal(q->path, YAO_TEXT("/callback")) &&
                   yao_text_equal(q->method, YAO_TEXT("GET")) &&
                   q->query.len != 0 && q->query.len < sizeof l->query;

    r->status       = answers ? 200 : 404;
    r->headers[0]   = (net_header){YAO_TEXT("Content-Type"),
                                   YAO_TEXT("text/html; charset=utf-8")};
    r->headers[1]   = (net_header){YAO_TEXT("Cache-Control"),
                                   YAO_TEXT("no-store")};
    r->header_count = 2;
    if (!answers)
        return;
    r->body = (yao_bytes){(const uint8_t *)page, sizeof page - 1};
    pthread_mutex_lock(&l->lock);
    if (l->query_len == 0) { /* the first counts; it is checked anyway */
        memcpy(l->query, q->query.ptr, q->query.len);
        l->query_len = q->query.len;
    }
    pthread_cond_signal(&l->came);
    pthread_mutex_unlock(&l->lock);
}

static yao_status listen_at(receiving_listener *l, const char *place)
{
    net_server_options options = {.handler     = on_return,
                                  .ctx         = l,
                                  .workers     = 1,
                                  .memory      = 65536,
                                  .connections = 16};
    const char *colon = strrchr(place, ':');
    unsigned    port  = 0;

    if (colon == NULL || colon - place > 100)
        return YAO_E_USAGE;
    YAO_TRY(net_server_open(&options, &l->server));
    YAO_TRY(net_server_listen(l->server, place, 0, &port));
    YAO_TRY(net_server_start(l->server));
    snprintf(l->uri, sizeof l->uri, "http://%.*s:%u/callback",
             (int)(colon - place), place, port);
    return YAO_OK;
}

static yao_status open_listener(yao_receiving *s, const char *place)
{
    receiving_listener *l = calloc(1, sizeof *l);

    if (l == NULL)
        return YAO_E_SPACE;
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->came, NULL);
    s->listener = l;
    YAO_TRY(listen_at(l, place));
    if (s->redirect_uri == NULL)
        s->redirect_uri = l->uri;
    return YAO_OK;
}

/* The query with which the page came back, within ten minutes. */
static yao_status await(receiving_listener *l, yao_arena *arena,
                        yao_bytes *ret)
{
    struct timespec until;
    yao_status      status = YAO_OK;
    int             waited = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PAGE_SECONDS;
    pthread_mutex_lock(&l->lock);
    while (l->query_len == 0 && waited == 0)
        waited = pthread_cond_timedwait(&l->came, &l->lock, &until);
    if (l->query_len == 0)
        status = YAO_E_EXPIRED;
    else
        status = yao_arena_keep(
            arena, (yao_bytes){(const uint8_t *)l->query, l->query_len}, ret);
    pthread_mutex_unlock(&l->lock);
    return status;
}

/* ---- a command ---------------------------------------------------------- */

/* COMMAND with the page's address as its argument; what it prints. */
static yao_status run(const char *command, const char *page, char *out,
                      size_t *len)
{
    int   ends[2], code = 0;
    pid_t child;

    if (pipe(ends) != 0)
        return YAO_E_FILE;
    child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execlp(command, command, page, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    for (*len = 0; child > 0 && *len < MAX_ANSWER;) {
        ssize_t got = read(ends[0], out + *len, MAX_ANSWER - *len);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        *len += (size_t)got;
    }
    close(ends[0]);
    if (child < 0 || waitpid(child, &code, 0) != child || code != 0)
        return YAO_E_FILE;
    return YAO_OK;
}

/* "REDIRECT_URI?QUERY" on a line: the query. */
static yao_status cut_query(const yao_receiving *s, yao_bytes printed,
                            yao_bytes *ret)
{
    yao_bytes uri = yao_text_bytes(yao_text_of(s->redirect_uri));

    while (printed.len != 0 && printed.ptr[printed.len - 1] <= ' ')
        printed.len--;
    if (!yao_bytes_starts(printed, uri) || printed.len <= uri.len ||
        (printed.ptr[uri.len] != '?' && printed.ptr[uri.len] != '&'))
        return YAO_E_MISMATCH;
    *ret = (yao_bytes){printed.ptr + uri.len + 1, printed.len - uri.len - 1};
    return YAO_OK;
}

static yao_status ask_command(yao_receiving *s, const char *command,
                              const char *page, yao_bytes *ret)
{
    char     *out = yao_arena_take(&s->arena, MAX_ANSWER);
    yao_bytes printed;

    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(run(command, page, out, &printed.len));
    printed.ptr = (const uint8_t *)out;
    if (printed.len == 0 && s->listener != NULL)
        return await(s->listener, &s->arena, ret);
    return cut_query(s, printed, ret);
}

/* ---- nobody ------------------------------------------------------------- */

enum { MOST_HOPS = 5 };

/* Where PAGE leads to, until that is our own address: of the server's origin
 * only, since the client speaks to no other. */
static yao_status follow(yao_receiving *s, yao_text page, yao_bytes *ret)
{
    yao_bytes own = yao_text_bytes(yao_text_of(s->redirect_uri));

    for (int hop = 0; hop < MOST_HOPS; hop++) {
        net_call   call = {.method = "GET", .url = page};
        net_answer answer;

        YAO_TRY(net_client_fetch(s->client, &call, &s->arena, &answer));
        page = net_answer_header(&answer, "location");
        if (answer.status < 300 || answer.status > 399 || page.len == 0)
            return YAO_E_REFUSED; /* somebody is asked for something */
        if (yao_bytes_starts(yao_text_bytes(page), own))
            return cut_query(s, yao_text_bytes(page), ret);
    }
    return YAO_E_LIMIT;
}

void yao_receiving_open_page(yao_receiving *s, const yao_receive_wish *w,
                             yao_receive_event *e)
{
    const char *command = yao_argument(s->call, "authorize-command");
    char       *page    = yao_arena_take(&s->arena, w->text.len + 1);

    if (page == NULL) {
        e->status = YAO_E_SPACE;
        return;
    }
    memcpy(page, w->text.ptr, w->text.len);
    if (command != NULL || yao_given(s->call, "follow")) {
        e->status = command != NULL
                        ? ask_command(s, command, page, &e->bytes)
                        : follow(s, w->text, &e->bytes);
        return;
    }
    fprintf(stderr, "%s\n  %s\n",
            yao_say(WORDS("Open this page in a browser of this machine:",
                          "请在本机浏览器中打开此页面：")),
            page);
    e->status = await(s->listener, &s->arena, &e->bytes);
}

/* ---- beginning and end -------------------------------------------------- */

static yao_status open_client(yao_receiving *s)
{
    net_client_options options = {
        .ca_file    = yao_argument(s->call, "ca-file"),
        .loopback   = yao_given(s->call, "local"),
        .timeout_ms = 30000};

    return net_client_open(&options, &s->client);
}

int yao_receiving_connect(yao_receiving *s)
{
    const char *place   = yao_argument(s->call, "redirect-listen");
    bool        command = yao_given(s->call, "authorize-command") ||
                   yao_given(s->call, "follow");
    const char *detail  = yao_argument(s->call, "ca-file");
    yao_status  status  = open_client(s);

    s->redirect_uri = yao_argument(s->call, "redirect-uri");
    if (status == YAO_OK &&
        (place != NULL || !command || s->redirect_uri == NULL)) {
        detail = place;
        status = open_listener(s, place != NULL ? place : "127.0.0.1:0");
    }
    if (status != YAO_OK)
        return yao_fail(status, s->what, detail, (yao_words){NULL, NULL},
                        WORDS("look at --ca-file and --redirect-listen",
                              "请检查 --ca-file 与 --redirect-listen"));
    s->options.redirect_uri = yao_text_of(s->redirect_uri);
    return 0;
}

void yao_receiving_disconnect(yao_receiving *s)
{
    net_client_close(s->client);
    if (s->listener == NULL)
        return;
    net_server_close(s->listener->server);
    pthread_cond_destroy(&s->listener->came);
    pthread_mutex_destroy(&s->listener->lock);
    yao_wipe(s->listener, sizeof *s->listener); /* a code was in it */
    free(s->listener);
}
