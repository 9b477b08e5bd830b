/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/person.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/secret.h"
#include "mdoc/mdoc.h"
#include "wallet/sources.h"

enum { TIMEOUT_MS = 20000, MOST = 1024 * 1024 };

static bool keep(yao_text text, char *out, size_t cap)
{
    if (text.len == 0 || text.len >= cap)
        return false;
    memcpy(out, text.ptr, text.len);
    out[text.len] = '\0';
    return true;
}

/* ---- where -------------------------------------------------------------- */

/* The one who gave documents; of two the person has to say which. */
static yao_status find_issuer(yao_wallet *w, yao_text *ret)
{
    yao_wallet_sources *all = yao_arena_take(&w->arena, sizeof *all);

    if (all == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_wallet_read_sources(w, all));
    if (all->count == 0)
        return YAO_E_NOT_FOUND;
    for (size_t i = 1; i < all->count; i++)
        if (!yao_text_equal(all->list[i].issuer, all->list[0].issuer))
            return YAO_E_DUPLICATE;
    *ret = all->list[0].issuer;
    return YAO_OK;
}

static int take_url(yao_person *p)
{
    yao_text   url    = yao_text_of(yao_argument(p->call, "authority"));
    yao_status status = url.len > 0 ? YAO_OK : find_issuer(p->wallet, &url);

    while (url.len > 0 && url.ptr[url.len - 1] == '/')
        url.len--;
    if (status == YAO_OK && keep(url, p->url, sizeof p->url))
        return 0;
    return yao_fail(YAO_E_USAGE, p->what, "--authority",
                    WORDS("it is not known whose documents they are",
                          "不知道证件由哪个机关签发"),
                    WORDS("give its address with --authority",
                          "请用 --authority 给出地址"));
}

static yao_status open_client(yao_person *p)
{
    const net_client_options options = {
        .ca_file    = yao_argument(p->call, "ca-file"),
        .loopback   = yao_given(p->call, "local"),
        .timeout_ms = TIMEOUT_MS};
    char        origin[512];
    const char *host = strstr(p->url, "://");
    size_t      len  = strlen(p->url);

    if (host != NULL && strchr(host + 3, '/') != NULL)
        len = (size_t)(strchr(host + 3, '/') - p->url);
    memcpy(origin, p->url, len);
    origin[len] = '\0';
    YAO_TRY(net_client_open(&options, &p->client));
    return net_client_allow(p->client, origin);
}

/* ---- who ---------------------------------------------------------------- */

/* Of the identity card that this wallet holds for its owner. */
static yao_status number_in(yao_wallet *w, const yao_wallet_batch *batch,
                            yao_text *ret)
{
    const yao_definition *d = yao_document_by_name(yao_catalogue_shipped(),
                                                   batch->document);
    const yao_element *e = d != NULL
                               ? yao_document_named(d, YAO_TEXT("id_number"))
                               : NULL;
    yao_mdoc_unverified *mdoc = yao_arena_take(&w->arena, sizeof *mdoc);
    yao_wallet_copy      copies[YAO_MAX_BATCH];

    if (mdoc == NULL)
        return YAO_E_SPACE;
    if (e == NULL)
        return YAO_E_NOT_FOUND;
    YAO_TRY(yao_wallet_read_batch(w, batch, copies));
    YAO_TRY(yao_mdoc_parse_issuer_signed(&w->arena, copies[0].bytes, true,
                                         mdoc));
    const yao_mdoc_issuer_signed *issuer = &mdoc->documents[0].issuer;
    for (size_t i = 0; i < issuer->item_count; i++)
        if (yao_text_equal(issuer->items[i].element, e->identifier)) {
            yao_cbor_reader r = yao_cbor_open(issuer->items[i].value);
            *ret              = yao_cbor_get_text(&r);
            return yao_cbor_close(&r);
        }
    return YAO_E_NOT_FOUND;
}

static int take_number(yao_person *p)
{
    yao_text                number = yao_text_of(yao_argument(p->call, "number"));
    const yao_wallet_batch *card =
        yao_wallet_find(p->wallet, YAO_TEXT("resident_id"),
                        YAO_TEXT("mdoc-issuer-signed"), YAO_TEXT(""));

    if (number.len == 0 && card != NULL && card->subject.len == 0 &&
        number_in(p->wallet, card, &number) != YAO_OK)
        number = YAO_TEXT("");
    if (keep(number, p->number, sizeof p->number))
        return 0;
    return yao_fail(YAO_E_USAGE, p->what, "--number",
                    WORDS("this wallet holds no identity card that says who "
                          "you are",
                          "本钱包中没有可说明身份的身份证"),
                    WORDS("give your number with --number",
                          "请用 --number 给出号码"));
}

static int take_code(yao_person *p)
{
    const char *path = yao_argument(p->call, "code-file");
    yao_bytes   code;
    int fd = open(path != NULL ? path : "/dev/tty",
                  path != NULL ? O_RDONLY | O_CLOEXEC
                               : O_RDWR | O_CLOEXEC | O_NOCTTY);
    yao_status status = YAO_E_SECRET;

    if (fd >= 0) {
        uint8_t *out = (uint8_t *)p->code;
        status = path != NULL
                     ? yao_secret_line(fd, out, sizeof p->code - 1, &code)
                     : yao_secret_type(fd, WORDS("Access code", "访问口令"),
                                       out, sizeof p->code - 1, &code);
        close(fd);
    }
    if (status == YAO_OK) {
        p->code[code.len] = '\0';
        return 0;
    }
    return yao_fail(status, p->what, path,
                    WORDS("no access code was given", "没有给出访问口令"),
                    WORDS("type it at the terminal, or name a file with "
                          "--code-file; a kiosk gives a new one",
                          "请在终端输入，或用 --code-file 指定文件；可到终端机"
                          "重设"));
}

int yao_person_open(const yao_invocation *call, yao_words what,
                    yao_person *ret)
{
    *ret     = (yao_person){.call = call, .what = what};
    int code = yao_wallet_open_for(call, &ret->wallet);

    if (code == 0)
        code = take_url(ret);
    if (code == 0)
        code = take_number(ret);
    if (code == 0)
        code = take_code(ret);
    if (code == 0) {
        yao_status status = open_client(ret);
        if (status != YAO_OK)
            code = yao_person_fail(ret, status);
    }
    return code;
}

void yao_person_close(yao_person *p)
{
    net_client_close(p->client);
    yao_wallet_close(p->wallet);
    yao_wipe(p, sizeof *p);
}

/* ---- asking ------------------------------------------------------------- */

static yao_status judge(int status)
{
    switch (status) {
    case 401:
    case 403:
        return YAO_E_REFUSED;
    case 404:
        return YAO_E_NOT_FOUND;
    case 429:
        return YAO_E_LOCKED;
    default:
        return status >= 200 && status < 300 ? YAO_OK
               : status >= 500               ? YAO_E_NET
                                             : YAO_E_MALFORMED;
    }
}

static yao_status put_who(const yao_person *p, yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(&p->wallet->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "number", yao_text_of(p->number));
    yao_json_put_member(&w, &first, "code", yao_text_of(p->code));
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, &p->wallet->arena, ret);
}

/* Within a session it is said from which page: the authority's own. */
static yao_status send(yao_person *p, const char *method, const char *path,
                       yao_bytes body, net_answer *ret)
{
    char       url[1024];
    net_header headers[3];
    net_call   call = {.method = method, .headers = headers, .body = body,
                       .most = MOST};
    int        len  = snprintf(url, sizeof url, "%s%s", p->url, path);

    if (len < 0 || (size_t)len >= sizeof url)
        return YAO_E_USAGE;
    call.url = yao_text_of(url);
    if (body.len > 0)
        headers[call.header_count++] = (net_header){
            YAO_TEXT("Content-Type"), YAO_TEXT("application/json")};
    if (p->cookie[0] != '\0') {
        headers[call.header_count++] =
            (net_header){YAO_TEXT("Cookie"), yao_text_of(p->cookie)};
        headers[call.header_count++] = (net_header){
            YAO_TEXT("Sec-Fetch-Site"), YAO_TEXT("same-origin")};
    }
    YAO_TRY(net_client_fetch(p->client, &call, &p->wallet->arena, ret));
    return judge(ret->status);
}

static yao_status read_json(const yao_person *p, const net_answer *answer,
                            const yao_json **ret)
{
    *ret = NULL;
    if (answer->body.len == 0)
        return YAO_OK;
    return yao_json_parse(&p->wallet->arena, answer->body, ret) == YAO_OK
               ? YAO_OK
               : YAO_E_MALFORMED;
}

yao_status yao_person_say(yao_person *p, const char *path,
                          const yao_json **ret)
{
    net_answer answer;
    yao_bytes  body;

    YAO_TRY(put_who(p, &body));
    YAO_TRY(send(p, "POST", path, body, &answer));
    return read_json(p, &answer, ret);
}

yao_status yao_person_log_in(yao_person *p)
{
    net_answer answer;
    yao_bytes  body;

    YAO_TRY(put_who(p, &body));
    YAO_TRY(send(p, "POST", "/person/login", body, &answer));

    yao_text set = net_answer_header(&answer, "set-cookie");
    set.len      = yao_bytes_find(yao_text_bytes(set), ';');
    return keep(set, p->cookie, sizeof p->cookie) ? YAO_OK : YAO_E_MALFORMED;
}

yao_status yao_person_ask(yao_person *p, const char *method, const char *path,
                          const yao_json **ret)
{
    const yao_bytes none = {NULL, 0};
    net_answer      answer;

    YAO_TRY(send(p, method, path, none, &answer));
    return read_json(p, &answer, ret);
}

void yao_person_log_out(yao_person *p)
{
    const yao_json *json;

    if (p->cookie[0] != '\0' &&
        yao_person_ask(p, "POST", "/person/logout", &json) != YAO_OK)
        yao_wipe(p->cookie, sizeof p->cookie); /* it ends by itself */
}

int yao_person_fail(const yao_person *p, yao_status status)
{
    switch (status) {
    case YAO_E_REFUSED:
        return yao_fail(status, p->what, NULL,
                        WORDS("number or access code are not right",
                              "号码或访问口令不正确"),
                        WORDS("type them again; a kiosk gives a new code",
                              "请重新输入；可到终端机重设口令"));
    case YAO_E_LOCKED:
        return yao_fail(status, p->what, NULL,
                        WORDS("wrong codes were tried too often",
                              "错误次数过多"),
                        WORDS("wait, or go to a kiosk or an officer, who do "
                              "it at once",
                              "请稍候，或到终端机、窗口立即办理"));
    case YAO_E_NOT_FOUND:
        return yao_fail(status, p->what, NULL,
                        WORDS("there is none such, it ended, or it is of a "
                              "higher level than your code's",
                              "不存在、已终止，或其等级高于访问口令的等级"),
                        WORDS("see `yaopai wallet list --devices`; of a higher "
                              "level a kiosk or an officer ends it",
                              "见 `yaopai wallet list --devices`；等级更高的请到"
                              "终端机或窗口终止"));
    case YAO_E_NET:
    case YAO_E_NOT_AUTHORISED:
    case YAO_E_USAGE:
        return yao_fail(YAO_E_NET, p->what, p->url,
                        WORDS("the authority could not be reached, or its "
                              "certificate is not believed",
                              "无法连接签发机关，或其证书不受信任"),
                        WORDS("try again; a kiosk, an officer and the "
                              "authority's page do the same",
                              "请重试；也可在终端机、窗口或机关网页办理"));
    default:
        return yao_fail(status, p->what, p->url, (yao_words){NULL, NULL},
                        WORDS("try again", "请重试"));
    }
}
