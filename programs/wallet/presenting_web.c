/* SPDX-License-Identifier: Apache-2.0 */

/* HTTP to who asks, and the page where the person goes on. */

#include "wallet/presenting.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wallet/web.h"

/* ---- fetching ----------------------------------------------------------- */

/* For the history: what the party sent, a request object or a link with all of
 * it. */
static yao_status keep_hash(yao_presenting *s, yao_bytes sent)
{
    return s->crypto->hash(s->crypto->ctx, YAO_SHA256, &sent, 1, s->hash);
}

/* The person followed the link to where the request is; where the answer goes
 * stands in what was signed. The client speaks to nobody else. */
static yao_status exchange(yao_presenting *s, const yao_present_fetch *f,
                           yao_present_event *e)
{
    net_header headers[2] = {
        {YAO_TEXT("Accept"), yao_text_of(f->accept)},
        {YAO_TEXT("Content-Type"), yao_text_of(f->type)}};
    net_call   call = {.method       = f->method,
                       .url          = f->url,
                       .headers      = headers,
                       .header_count = f->type != NULL ? 2 : 1,
                       .body         = f->body,
                       .most         = f->most};
    net_answer answer;

    YAO_TRY(yao_wallet_allow(s->client, f->url));
    YAO_TRY(net_client_fetch(s->client, &call, &s->arena, &answer));
    if (yao_present_request(s->machine) == NULL)
        YAO_TRY(keep_hash(s, answer.body));
    e->kind   = YAO_PRESENT_ANSWER;
    e->answer = (yao_present_answer){
        .status = answer.status,
        .type   = net_answer_header(&answer, "content-type"),
        .body   = answer.body};
    return YAO_OK;
}

void yao_presenting_fetch(yao_presenting *s, const yao_present_wish *w,
                          yao_present_event *e)
{
    e->status = exchange(s, &w->fetch, e);
}

int yao_presenting_connect(yao_presenting *s)
{
    net_client_options options = {
        .ca_file  = yao_argument(s->call, "ca-file"),
        .loopback = yao_given(s->call, "local")};
    long       seconds;
    yao_status status;

    if (!yao_number(s->call, "patience", 1, 600, 30, &seconds))
        return yao_exit_code(YAO_E_USAGE);
    options.timeout_ms = (unsigned)seconds * 1000;
    status             = net_client_open(&options, &s->client);
    if (status == YAO_OK)
        status = keep_hash(s, s->options.data.len != 0 ? s->options.data
                                                       : s->options.link);
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, s->what, options.ca_file, (yao_words){NULL, NULL},
                    WORDS("look at --ca-file", "请检查 --ca-file"));
}

/* ---- going on ----------------------------------------------------------- */

/* COMMAND with the page's address as its argument. */
static bool run(const char *command, const char *page)
{
    int   code  = -1;
    pid_t child = fork();

    if (child == 0) {
        int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);

        dup2(nothing, STDOUT_FILENO);
        execlp(command, command, page, (char *)NULL);
        _exit(127);
    }
    return child > 0 && waitpid(child, &code, 0) == child && code == 0;
}

/* The answer was taken: that no browser opened does not undo it. Where to go
 * is told in the end. */
void yao_presenting_open(yao_presenting *s, const yao_present_wish *w,
                         yao_present_event *e)
{
    const char *command = yao_argument(s->call, "open");
    char       *page    = yao_arena_take(&s->arena, w->text.len + 1);

    if (page == NULL) {
        e->status = YAO_E_SPACE;
        return;
    }
    memcpy(page, w->text.ptr, w->text.len);
    if (command != NULL && !run(command, page))
        fprintf(stderr, "%s\n",
                yao_say(WORDS("note: --open did not work; open the page "
                              "yourself",
                              "提示：--open 未成功，请自行打开页面")));
}
