/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"

#include <stdarg.h>
#include <time.h>
#include <unistd.h>

#include "app/files.h"
#include "app/value.h"

int yao_exit_code(yao_status status)
{
    if (status == YAO_OK)
        return 0;
    if (status == YAO_E_UNSUPPORTED)
        return 5;

    switch (status / 100) {
    case 1:  return 1;
    case 2:  return 2;
    case 3:  return 3;
    case 4:  return 4;
    default: return 7;
    }
}

/* What each status means to a person, and what they can do about it. */
static const struct {
    yao_status status;
    yao_words  why;
} meanings[] = {
    {YAO_E_USAGE, WORDS_INIT("used in a way it does not allow", "用法不对")},
    {YAO_E_ENTROPY, WORDS_INIT("no random bytes left", "随机数不足")},
    {YAO_E_TRUNCATED, WORDS_INIT("it ends too early", "内容不完整")},
    {YAO_E_MALFORMED, WORDS_INIT("it has another form than it should",
                                 "格式不正确")},
    {YAO_E_TRAILING, WORDS_INIT("there is something after its end",
                                "末尾有多余内容")},
    {YAO_E_DUPLICATE, WORDS_INIT("something stands in it twice",
                                 "有重复的内容")},
    {YAO_E_NOT_SHORTEST, WORDS_INIT("a length is not in its shortest form",
                                    "长度编码不是最短形式")},
    {YAO_E_UTF8, WORDS_INIT("a text is not UTF-8", "文字不是 UTF-8")},
    {YAO_E_BASE64, WORDS_INIT("letters that do not belong there",
                              "编码字符不合法")},
    {YAO_E_ALGORITHM, WORDS_INIT("an algorithm that may not be used here",
                                 "不允许的算法")},
    {YAO_E_HEADER, WORDS_INIT("a header that is refused", "不接受的头部参数")},
    {YAO_E_KEY, WORDS_INIT("not a usable public key", "公钥不可用")},
    {YAO_E_NOT_YET_VALID, WORDS_INIT("not valid yet", "尚未生效")},
    {YAO_E_EXPIRED, WORDS_INIT("no longer valid", "已过有效期")},
    {YAO_E_BAD_SIGNATURE, WORDS_INIT("the signature is wrong", "签名错误")},
    {YAO_E_BAD_DIGEST, WORDS_INIT("the content was changed after signing",
                                  "内容在签名后被改动")},
    {YAO_E_UNTRUSTED, WORDS_INIT("the issuer is not among those trusted",
                                 "签发机关不在受信名单中")},
    {YAO_E_PROFILE, WORDS_INIT("the certificate breaks its profile",
                               "证书不符合规定")},
    {YAO_E_MISMATCH, WORDS_INIT("two places that must agree do not",
                                "应当一致的两处不一致")},
    {YAO_E_MISSING, WORDS_INIT("something that must be there is missing",
                               "缺少必需的内容")},
    {YAO_E_UNREFERENCED, WORDS_INIT("a disclosure that nothing refers to",
                                    "披露项没有被引用")},
    {YAO_E_NOT_AUTHORISED, WORDS_INIT("the signer may not say this",
                                      "签发者无权签发此内容")},
    {YAO_E_VALUE, WORDS_INIT("a value breaks its rule", "取值不合规则")},
    {YAO_E_REVOKED, WORDS_INIT("revoked", "已被吊销")},
    {YAO_E_NOT_ENTITLED, WORDS_INIT("the person has no right to it",
                                    "本人不具备申领条件")},
    {YAO_E_EXISTS, WORDS_INIT("it exists already", "已经存在")},
    {YAO_E_REFUSED, WORDS_INIT("refused", "被拒绝")},
    {YAO_E_SUSPENDED, WORDS_INIT("suspended", "已暂停使用")},
    {YAO_E_SPACE, WORDS_INIT("more memory is needed than there is",
                             "内存不足")},
    {YAO_E_LIMIT, WORDS_INIT("larger than allowed", "超过上限")},
    {YAO_E_CRYPTO, WORDS_INIT("the cryptographic library failed",
                              "密码库出错")},
    {YAO_E_STORE, WORDS_INIT("the database failed", "数据库出错")},
    {YAO_E_UNSUPPORTED, WORDS_INIT("this program cannot do that",
                                   "本程序不支持")},
    {YAO_E_FILE, WORDS_INIT("the file cannot be read or written",
                            "文件无法读写")},
    {YAO_E_LOCKED, WORDS_INIT("another process is using it",
                              "正被另一进程使用")},
    {YAO_E_SECRET, WORDS_INIT("the passphrase or key does not open it",
                              "口令或密钥不正确")},
    {YAO_E_NOT_FOUND, WORDS_INIT("there is no such thing", "没有找到")},
    {YAO_E_NET, WORDS_INIT("no connection, or it broke", "无法连接，或连接中断")},
};

const char *yao_status_words(yao_status status)
{
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (meanings[i].status == status)
            return yao_say(meanings[i].why);

    return yao_say(WORDS("something failed", "出错"));
}

int yao_worse_code(int a, int b)
{
    static const int order[] = {0, 5, 4, 7, 1, 2, 3};

    for (size_t i = sizeof order / sizeof order[0]; i-- > 0;)
        if (a == order[i] || b == order[i])
            return order[i];

    return a;
}

/* What is known of the last failure; said once. */
static _Thread_local struct {
    yao_status status;
    yao_words  why, next;
} known;

void yao_explain(yao_status status, yao_words why, yao_words next)
{
    known.status = status;
    known.why    = why;
    known.next   = next;
}

int yao_fail(yao_status status, yao_words what, const char *detail,
             yao_words why, yao_words next)
{
    if (known.status != YAO_OK && known.status == status) {
        why  = known.why;
        next = known.next;
    }
    known.status = YAO_OK;

    bool        zh     = yao_language_get() == YAO_ZH;
    const char *reason = why.en != NULL ? yao_say(why)
                                        : yao_status_words(status);

    fflush(stdout);
    fprintf(stderr, "yaopai%s", zh ? "：" : ": ");
    yao_value_print(stderr, yao_text_of(yao_say(what)));
    if (detail != NULL) {
        fputc(' ', stderr);
        yao_value_print(stderr, yao_text_of(detail));
    }
    fprintf(stderr, "%s%s", zh ? "：" : ": ", reason);
    if (next.en != NULL)
        fprintf(stderr, "%s%s", zh ? "；" : "; ", yao_say(next));
    fputc('\n', stderr);

    return yao_exit_code(status);
}

int yao_fail_memory(void)
{
    return yao_fail(YAO_E_SPACE, WORDS("memory", "内存"), NULL,
                    (yao_words){NULL, NULL},
                    WORDS("end other programs, and try again",
                          "请结束其他程序后重试"));
}

void yao_print(yao_words format, ...)
{
    va_list list;

    va_start(list, format);
    vprintf(yao_say(format), list);
    va_end(list);
}

/* ---- progress ---------------------------------------------------------- */

void yao_progress_step(yao_progress *progress, size_t done)
{
    enum { AFTER = 1000, EVERY = 100, WIDTH = 30 };
    long long now = yao_milliseconds() + 1; /* 0: not begun */

    if (progress->started == 0)
        progress->started = now;
    if (now - progress->started < AFTER || now - progress->drawn < EVERY ||
        !isatty(STDERR_FILENO))
        return;

    progress->drawn = now;
    progress->shown = true;
    if (progress->total == 0) {
        fprintf(stderr, "\r%s %zu ", yao_say(progress->label), done);
        return;
    }
    size_t filled = done >= progress->total ? WIDTH
                                            : done * WIDTH / progress->total;
    fprintf(stderr, "\r%s [", yao_say(progress->label));
    for (size_t i = 0; i < WIDTH; i++)
        fputc(i < filled ? '#' : '.', stderr);
    fprintf(stderr, "] %zu/%zu ", done, progress->total);
}

void yao_progress_end(yao_progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    progress->shown = false;
}
