/* SPDX-License-Identifier: Apache-2.0 */
/* Why a trust list was refused, and what to do, for people. */

#include "app/bundle.h"

#include <stdio.h>

#include "app/command.h"

const char *app_age(yao_time seconds, char *out, size_t cap)
{
    static const struct {
        yao_time  unit, from;
        yao_words words;
    } units[] = {
        {86400, 2 * 86400, WORDS_INIT("%lld d", "%lld 天")},
        {3600, 2 * 3600, WORDS_INIT("%lld h", "%lld 小时")},
        {60, 60, WORDS_INIT("%lld min", "%lld 分钟")},
        {1, 0, WORDS_INIT("%lld s", "%lld 秒")},
    };
    size_t i = 0;

    if (seconds < 0)
        seconds = 0;
    while (seconds < units[i].from)
        i++;
    snprintf(out, cap, yao_say(units[i].words),
             (long long)(seconds / units[i].unit));

    return out;
}

typedef struct reason {
    yao_check check;
    yao_words why, next;
} reason;

/* By the row that failed; the first that fits speaks. */
static const reason reasons[] = {
    {YAO_CHECK_TRUST_VERSION,
     WORDS_INIT("it is older than one that was accepted here before, or "
                "another one under the same version",
                "它比此处已接受过的更旧，或版本号相同而内容不同"),
     WORDS_INIT("fetch the newest; if there is none newer, report this to the "
                "authority",
                "请获取最新的列表；如没有更新的，请向签发机关报告")},
    {YAO_CHECK_CLOCK,
     WORDS_INIT("the clock stands before a moment that was seen signed",
                "本机时钟早于已见过的签名时刻"),
     WORDS_INIT("set the clock right; nothing is checked until then",
                "请校准时钟；在此之前不做任何核验")},
    {YAO_CHECK_VALIDITY,
     WORDS_INIT("it is past its end", "它已超过使用期限"),
     WORDS_INIT("fetch a new one", "请获取新的列表")},
    {YAO_CHECK_ISSUER_CHAIN,
     WORDS_INIT("its signer is not vouched for by the root that was given",
                "其签名者不受所给信任根证书的认可"),
     WORDS_INIT("look whether the root is the authority's; fetch both again",
                "请核对根证书是否属于该机关，并重新获取")},
    {YAO_CHECK_CHAIN_PROFILE,
     WORDS_INIT("its signer's certificate is not one for signing trust lists",
                "签名者的证书不可用于签署信任列表"),
     WORDS_INIT("don't use it; report it to the authority",
                "请勿使用，并向签发机关报告")},
    {YAO_CHECK_ISSUER_SIGNATURE,
     WORDS_INIT("its signature is wrong", "签名不正确"),
     WORDS_INIT("fetch it again; it was changed on the way",
                "它在传输中被改动，请重新获取")},
    {YAO_CHECK_TRUST_CONTENT,
     WORDS_INIT("something in it cannot be read or does not agree",
                "其中有的内容无法读取或彼此不符"),
     WORDS_INIT("fetch it again; if it stays so, report it to the authority",
                "请重新获取；如仍如此，请向签发机关报告")},
};

static bool failed(const yao_report *report, yao_check check)
{
    for (size_t i = 0; i < report->count; i++)
        if (report->rows[i].check == check && report->rows[i].document < 0 &&
            report->rows[i].outcome == YAO_OUTCOME_FAIL)
            return true;

    return false;
}

static const reason *find_reason(const yao_report *report)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (failed(report, reasons[i].check))
            return &reasons[i];

    return NULL;
}

static int tell_anchor(const app_bundle_options *o, yao_status status,
                       yao_words what)
{
    yao_words next =
        WORDS("give the authority's trust root with --trust-anchor: a PEM file "
              "with one certificate, or sha256: and its fingerprint, obtained "
              "by hand from the authority",
              "请用 --trust-anchor 给出该机关的信任根证书：含一张证书的 "
              "PEM 文件，或 sha256: 加其指纹；须由本人从签发机关取得");

    if (o->anchor == NULL || *o->anchor == '\0')
        return yao_fail(status, what, o->path,
                        WORDS("nobody says by hand whose lists to believe",
                              "没有人工给出可信任的根"),
                        next);
    return yao_fail(status, what, o->anchor, (yao_words){NULL, NULL}, next);
}

static int tell_seen(const app_bundle_options *o, yao_status status,
                     yao_words what)
{
    return yao_fail(
        status, what, o->seen != NULL ? o->seen : o->path,
        WORDS("the note of what was accepted before cannot be used",
              "无法读写此前已接受内容的记录"),
        WORDS("let the folder be writable, or name another file with "
              "--trust-seen; remove a damaged one only when you know why it is",
              "请使目录可写，或用 --trust-seen 另指文件；"
              "仅在明确原因后才可删除损坏的记录"));
}

int app_bundle_tell(const app_bundle *b, const app_bundle_options *o,
                    yao_status status, yao_words what)
{
    switch (b->place) {
    case APP_BUNDLE_ANCHOR: return tell_anchor(o, status, what);
    case APP_BUNDLE_SEEN:   return tell_seen(o, status, what);
    case APP_BUNDLE_STATUS_LIST:
        return yao_fail(status, what, o->path,
                        WORDS("a status list in it was refused",
                              "其中的状态列表被拒绝"),
                        WORDS("fetch a new one", "请获取新的列表"));
    case APP_BUNDLE_FILES:
        return yao_fail(status, what, o->path,
                        WORDS("a document or profile in it is not one that "
                              "this program understands",
                              "其中的证件或请求配置无法由本程序理解"),
                        WORDS("use a newer program", "请使用更新的程序"));
    default: break;
    }

    const reason *r = find_reason(&b->report);
    if (r != NULL)
        return yao_fail(status, what, o->path, r->why, r->next);
    return yao_fail(status, what, o->path, (yao_words){NULL, NULL},
                    WORDS("give a bundle, a VICAL or a list of relying parties",
                          "请给出信任包、VICAL 或依赖方名单"));
}
