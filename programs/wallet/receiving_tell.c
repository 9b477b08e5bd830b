/* SPDX-License-Identifier: Apache-2.0 */

/* What became of a session: for people, and as JSON. */

#include "app/value.h"
#include "json/json.h"
#include "wallet/receiving.h"

/* ---- why not ------------------------------------------------------------ */

typedef struct place {
    yao_receive_stage stage;
    yao_words         where;
    yao_words         next;
} place;

static const place places[] = {
    {YAO_RECEIVE_AT_OFFER, WORDS_INIT("the offer", "凭证邀约"),
     WORDS_INIT("ask who gave it to you for another",
                "请向提供者索取新的邀约")},
    {YAO_RECEIVE_AT_ISSUER,
     WORDS_INIT("what the issuer says of itself", "签发机构的元数据"),
     WORDS_INIT("check the address, and do not go on if it is another's",
                "请核对地址；若非本机构，请勿继续")},
    {YAO_RECEIVE_AT_SERVER,
     WORDS_INIT("what the authorization server says of itself",
                "授权服务器的元数据"),
     WORDS_INIT("check the address; --authorization-server names one of "
                "another origin",
                "请核对地址；--authorization-server 可指定不同源的服务器")},
    {YAO_RECEIVE_AT_CLIENT,
     WORDS_INIT("saying who this wallet is", "表明钱包身份"),
     WORDS_INIT("see `yaopai wallet provider`; nothing was kept",
                "见 `yaopai wallet provider`；未保存任何内容")},
    {YAO_RECEIVE_AT_PAGE, WORDS_INIT("the authority's page", "授权页面"),
     WORDS_INIT("begin again", "请重新开始")},
    {YAO_RECEIVE_AT_TOKEN, WORDS_INIT("the permission", "获取许可"),
     WORDS_INIT("check the code; an offer can be used once, for a few minutes",
                "请核对交易码；邀约只能在数分钟内使用一次")},
    {YAO_RECEIVE_AT_DOCUMENT, WORDS_INIT("a document", "证件"),
     WORDS_INIT("nothing of it was kept", "未保存任何内容")},
    {YAO_RECEIVE_AT_PERSON, WORDS_INIT("your consent", "您的确认"),
     WORDS_INIT("nothing was kept", "未保存任何内容")},
    {YAO_RECEIVE_AT_STORE, WORDS_INIT("keeping it", "保存"),
     WORDS_INIT("look at the wallet's folder", "请检查钱包目录")},
    {YAO_RECEIVE_AT_END, WORDS_INIT("a document", "证件"),
     WORDS_INIT("what is not listed by `yaopai wallet list` was not kept",
                "`yaopai wallet list` 未列出的均未保存")},
};

static const place *place_of(yao_receive_stage stage)
{
    size_t i = 0;

    while (i + 1 < sizeof places / sizeof places[0] &&
           places[i].stage != stage)
        i++;
    return &places[i];
}

static yao_words why(yao_status status)
{
    switch (status) {
    case YAO_E_UNTRUSTED:
        return WORDS("it is of nobody this wallet trusts",
                     "来自本钱包不信任的一方");
    case YAO_E_MISMATCH:
        return WORDS("it is another one than was asked for",
                     "与所请求的不符");
    case YAO_E_REFUSED:
        return WORDS("it was refused", "被拒绝");
    case YAO_E_VALUE:
        return WORDS("it leads to an address that a wallet does not speak "
                     "with",
                     "其指向的地址不可使用");
    case YAO_E_EXPIRED:
        return WORDS("it is over, or took too long", "已过期或等待过久");
    case YAO_E_UNSUPPORTED:
        return WORDS("it needs what this wallet does not have",
                     "需要本钱包不具备的能力");
    case YAO_E_NET:
        return WORDS("the server could not be reached, or its certificate is "
                     "not believed",
                     "无法连接服务器，或其证书不受信任");
    default:
        return (yao_words){NULL, NULL};
    }
}

static bool pends(const yao_receiving *s)
{
    size_t                  count = 0;
    const yao_receive_item *items =
        s->machine != NULL ? yao_receive_items(s->machine, &count) : NULL;

    for (size_t i = 0; i < count; i++)
        if (yao_receiving_pends(&items[i]))
            return true;
    return false;
}

/* The other side's words are data: they were made printable. */
static int tell_failure(const yao_receiving *s, yao_status status)
{
    const place *at = place_of(s->machine == NULL
                                   ? YAO_RECEIVE_AT_OFFER
                                   : yao_receive_where(s->machine));
    yao_text     said = {NULL, 0};
    char         detail[512];

    if (s->machine != NULL)
        said = yao_receive_said(s->machine);
    snprintf(detail, sizeof detail, "(%s%s%.*s%s)", yao_say(at->where),
             said.len != 0 ? ", \"" : "", (int)said.len,
             said.len != 0 ? (const char *)said.ptr : "",
             said.len != 0 ? "\"" : "");
    if (status == YAO_E_EXPIRED && s->token_kept && pends(s))
        return yao_fail(status, s->what, detail,
                        WORDS("the authority is still working on it",
                              "机构仍在办理"),
                        WORDS("get it later with `yaopai wallet fetch "
                              "--renew`; the wallet kept the permission",
                              "请稍后用 `yaopai wallet fetch --renew` 领取；钱"
                              "包已保存许可"));
    if (status == YAO_E_UNSUPPORTED && !s->options.attester)
        return yao_fail(status, s->what, detail,
                        WORDS("it needs what this wallet does not have, most "
                              "often somebody who vouches for it",
                              "需要本钱包不具备的能力，通常是缺少提供方作证"),
                        WORDS("join a provider with `yaopai wallet provider "
                              "URL`",
                              "请用 `yaopai wallet provider URL` 加入一家"));
    return yao_fail(status, s->what, detail, why(status), at->next);
}

/* ---- what --------------------------------------------------------------- */

static const char *word_of(const yao_receive_item *item)
{
    switch (item->state) {
    case YAO_RECEIVE_KEPT:
        return "kept";
    case YAO_RECEIVE_LATER:
        return "later";
    case YAO_RECEIVE_GOOD:
    case YAO_RECEIVE_WANTED:
    case YAO_RECEIVE_BAD:
        break;
    }
    return yao_receiving_pends(item) ? "later" : "refused";
}

static void put_item(yao_writer *w, const yao_receive_item *item)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "id", item->offered.id);
    yao_json_put_name(w, &first, "format");
    yao_json_put_string(
        w, yao_text_of(yao_vci_format_name(item->offered.format)));
    yao_json_put_member(w, &first, "type", item->offered.type);
    yao_json_put_member(w, &first, "state", yao_text_of(word_of(item)));
    yao_json_put_member_int(w, &first, "copies", (int64_t)item->copy_count);
    if (item->status != YAO_OK) {
        yao_json_put_member(w, &first, "why",
                            yao_text_of(yao_status_name(item->status)));
    }
    yao_put_byte(w, '}');
}

static void print_json(const yao_receiving *s, const yao_receive_item *items,
                       size_t count)
{
    uint8_t        buffer[16384];
    yao_writer     w     = yao_writer_open(buffer, sizeof buffer);
    bool           first = true;
    yao_bytes      out;

    yao_put_text(&w, "{\"issuer\":");
    yao_json_put_string(&w, yao_receive_issuer(s->machine));
    yao_put_text(&w, ",\"documents\":[");
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(&w, &first);
        put_item(&w, &items[i]);
    }
    yao_put_text(&w, "]}\n");
    if (yao_writer_close(&w, &out) == YAO_OK)
        fwrite(out.ptr, 1, out.len, stdout);
}

static void print(const yao_receiving *s, const yao_receive_item *items,
                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const yao_receive_item *item = &items[i];
        const yao_definition   *d    = yao_document_by_type(
            s->options.catalogue, item->offered.type);

        if (item->state != YAO_RECEIVE_KEPT)
            continue;
        yao_value_print(stdout,
                        d != NULL ? yao_label_in(d->title, yao_language_get())
                                  : item->offered.type);
        printf(yao_say(WORDS(" (%s): %zu copies\n", "（%s）：%zu 份\n")),
               yao_vci_format_name(item->offered.format), item->copy_count);
    }
}

int yao_receiving_tell(yao_receiving *s, yao_status status)
{
    const yao_receive_item *items = NULL;
    size_t                  count = 0;

    if (s->machine != NULL)
        items = yao_receive_items(s->machine, &count);
    if (s->call->json && s->machine != NULL)
        print_json(s, items, count);
    else
        print(s, items, count);
    return status == YAO_OK ? 0 : tell_failure(s, status);
}
