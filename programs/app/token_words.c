/* SPDX-License-Identifier: Apache-2.0 */
#include "app/token_words.h"

#include "app/command.h"

typedef struct row {
    yao_pkcs11_trouble what;
    yao_words          why, next;
} row;

#define LOOK                                                                   \
    WORDS_INIT("plug the token in, and try again", "请插好密钥设备后重试")
#define NAME_IT                                                                \
    WORDS_INIT("say more in the URI (token, serial, object, id)",              \
               "请在 URI 中写得更具体（token、serial、object、id）")
#define OTHER_KEY                                                              \
    WORDS_INIT("use a key that was made inside the token for this: see "       \
               "docs/keys.md",                                                 \
               "请使用在设备内为此用途生成的密钥，见 docs/keys.md")
#define RIGHT_PIN                                                              \
    WORDS_INIT("correct the PIN file before you try again; each try counts",   \
               "请先改正 PIN 文件再重试，每次尝试都会计数")
#define UNBLOCK                                                                \
    WORDS_INIT("whoever has the token's SO PIN can set a new PIN",             \
               "持有设备管理员 PIN 者可重设 PIN")
#define HANDS_OFF                                                              \
    WORDS_INIT("take the token out of service, and tell its maker",            \
               "请停用该设备并联系厂商")

static const row rows[] = {
    {YAO_PKCS11_NO_MODULE,
     WORDS_INIT("there is no PKCS #11 module", "没有 PKCS #11 模块"),
     WORDS_INIT("name its file by module-path in the URI, or by "
                "$YAOPAI_PKCS11_MODULE",
                "请在 URI 中用 module-path 或用 $YAOPAI_PKCS11_MODULE 指明")},
    {YAO_PKCS11_BAD_MODULE,
     WORDS_INIT("the PKCS #11 module does not start", "PKCS #11 模块无法启动"),
     WORDS_INIT("try it with `pkcs11-tool --module FILE -L`",
                "请用 `pkcs11-tool --module 文件 -L` 检查")},
    {YAO_PKCS11_NO_TOKEN,
     WORDS_INIT("no token of that name is plugged in",
                "没有插入该名称的密钥设备"),
     LOOK},
    {YAO_PKCS11_TOKENS, WORDS_INIT("several tokens fit", "有多个密钥设备符合"),
     NAME_IT},
    {YAO_PKCS11_NO_PIN,
     WORDS_INIT("there is no PIN, or its file can't be read, or others can "
                "read it",
                "没有 PIN，或 PIN 文件不可读，或他人可读"),
     WORDS_INIT("name a file of mode 0600 by pin-source in the URI, or use a "
                "systemd credential pkcs11-pin, or type it at the "
                "terminal",
                "请用 URI 的 pin-source 指明权限 0600 的文件，"
                "或使用 systemd 凭据 pkcs11-pin，或在终端输入")},
    {YAO_PKCS11_PIN_UNSET,
     WORDS_INIT("the token's PIN was never set, or has expired",
                "设备尚未设置 PIN 或 PIN 已过期"),
     WORDS_INIT("set one with the token's own program",
                "请用设备自带程序设置")},
    {YAO_PKCS11_PIN_WRONG, WORDS_INIT("the PIN is wrong", "PIN 错误"),
     RIGHT_PIN},
    {YAO_PKCS11_PIN_WRONG_LOW,
     WORDS_INIT("the PIN is wrong, and few tries are left",
                "PIN 错误，剩余次数不多"),
     RIGHT_PIN},
    {YAO_PKCS11_PIN_WRONG_LAST,
     WORDS_INIT("the PIN is wrong, and one try is left",
                "PIN 错误，仅剩一次机会"),
     RIGHT_PIN},
    {YAO_PKCS11_PIN_AGAIN,
     WORDS_INIT("the token refused this PIN before; it was not tried again",
                "设备曾拒绝该 PIN，未再尝试"),
     RIGHT_PIN},
    {YAO_PKCS11_PIN_LOCKED,
     WORDS_INIT("the token is locked: too many wrong PINs",
                "PIN 错误次数过多，设备已锁定"),
     UNBLOCK},
    {YAO_PKCS11_NO_KEY,
     WORDS_INIT("there is no such key in the token", "设备中没有该密钥"),
     WORDS_INIT("look with `pkcs11-tool -O`: object is the label, id the ID",
                "请用 `pkcs11-tool -O` 查看：object 为标签，id 为标识")},
    {YAO_PKCS11_KEYS,
     WORDS_INIT("several keys of the token have that name",
                "设备中有多个同名密钥"),
     NAME_IT},
    {YAO_PKCS11_KEY_POLICY,
     WORDS_INIT("the key could leave the token, or may not be used for this",
                "该密钥可被导出，或不允许此用途"),
     OTHER_KEY},
    {YAO_PKCS11_KEY_FORM,
     WORDS_INIT("the key has no public part, or is not on P-256 or P-384",
                "该密钥没有公钥部分，或不在 P-256、P-384 曲线上"),
     OTHER_KEY},
    {YAO_PKCS11_KEY_CHANGED,
     WORDS_INIT("another key has this one's name now", "该名称现指向另一密钥"),
     LOOK},
    {YAO_PKCS11_GONE,
     WORDS_INIT("the token does not answer, or was taken out",
                "密钥设备无响应或已被拔出"),
     LOOK},
    {YAO_PKCS11_WRONG_SIGNATURE,
     WORDS_INIT("the token gave a wrong signature, which was thrown away",
                "设备给出了错误的签名，已丢弃"),
     HANDS_OFF},
    {YAO_PKCS11_SIGNER_FAULT,
     WORDS_INIT("the token repeats its random numbers: nothing more is signed "
                "with it",
                "设备重复使用随机数，已停止用其签名"),
     HANDS_OFF},
    {YAO_PKCS11_FORKED,
     WORDS_INIT("the token belongs to the process that began",
                "密钥设备属于父进程"),
     WORDS_INIT("run the command by itself", "请单独运行该命令")},
};

static const row *find(yao_pkcs11_trouble what)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].what == what)
            return &rows[i];
    return NULL;
}

yao_words yao_token_words(yao_pkcs11_trouble what)
{
    const row *r = find(what);

    return r != NULL ? r->why : (yao_words){NULL, NULL};
}

void yao_explain_token(yao_status status, yao_pkcs11_report report)
{
    const row *r = find(report.what);

    if (r != NULL)
        yao_explain(status, r->why, r->next);
}

void yao_explain_uri(yao_status status)
{
    const yao_words next = WORDS(
        "write pkcs11:token=NAME;object=LABEL?module-path=FILE&pin-source="
        "file:FILE",
        "请写成 pkcs11:token=名称;object=标签?module-path=文件&pin-source="
        "file:文件");

    if (status == YAO_E_REFUSED)
        yao_explain(status,
                    WORDS("a PIN in the URI can be read by others",
                          "URI 中的 PIN 会被他人看到"),
                    next);
    else
        yao_explain(status,
                    WORDS("the PKCS #11 URI can't be read, or says what this "
                          "program does not know",
                          "PKCS #11 URI 无法解析或含有未知属性"),
                    next);
}
