/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet freeze`: the person's own documents, at the authority. */

#include "wallet/person.h"

static const yao_words what = WORDS_INIT("wallet freeze", "冻结证件");

typedef struct act {
    const char *option; /* NULL: without one */
    const char *path;
    yao_words   said;
} act;

static const act acts[] = {
    {NULL, "/person/freeze",
     WORDS_INIT("Frozen: all your documents are suspended, nothing is issued, "
                "and who checks hears of it with the next status list. `yaopai "
                "wallet freeze --lift` ends it.\n",
                "已冻结：您的全部证件已暂停，不再签发；核验方将在下一份状态列表中"
                "得知。`yaopai wallet freeze --lift` 可解除。\n")},
    {"lift", "/person/unfreeze",
     WORDS_INIT("No longer frozen. What an officer, a court or the bureau "
                "suspended stays so. Documents that know no suspension were "
                "revoked: get them anew.\n",
                "已解冻。由工作人员、法院或主管机关暂停的不受影响。不支持暂停的证"
                "件已被吊销，请重新领取。\n")},
    {"lost", "/person/lost",
     WORDS_INIT("Ended: %lld devices; their documents are revoked, and all "
                "sessions closed. Devices of a higher level than your code's a "
                "kiosk or an officer ends.\n",
                "已终止 %lld 台设备，其证件已吊销，所有会话已关闭。等级高于访问口令"
                "的设备请到终端机或窗口终止。\n")},
};

/* --lift and --lost at once are neither. */
static const act *choose(const yao_invocation *call)
{
    if (yao_given(call, "lift") && yao_given(call, "lost"))
        return NULL;
    return yao_given(call, "lift") ? &acts[1]
           : yao_given(call, "lost") ? &acts[2]
                                     : &acts[0];
}

static void tell(const yao_invocation *call, const act *a,
                 const yao_json *said)
{
    int64_t ended = 0;

    if (said != NULL &&
        yao_json_int(yao_json_get(said, "devices_ended"), &ended) != YAO_OK)
        ended = 0;
    if (!call->json)
        yao_print(a->said, (long long)ended);
    else if (a->option != NULL && a->option[1] == 'o')
        printf("{\"devices_ended\":%lld}\n", (long long)ended);
    else
        printf("{\"state\":\"%s\"}\n", a->option == NULL ? "frozen" : "open");
}

static int run(const yao_invocation *call)
{
    const act      *a = choose(call);
    const yao_json *said;
    yao_person      p;

    if (a == NULL)
        return yao_fail(YAO_E_USAGE, what, "--lift, --lost",
                        WORDS("one of them is enough", "只能用其中之一"),
                        WORDS("end lost devices first, then lift the freeze",
                              "请先终止丢失的设备，再解冻"));
    int code = yao_person_open(call, what, &p);
    if (code == 0) {
        yao_status status = yao_person_say(&p, a->path, &said);
        if (status == YAO_OK)
            tell(call, a, said);
        else
            code = yao_person_fail(&p, status);
    }
    yao_person_close(&p);
    return code;
}

static const yao_option options[] = {
    {"lift", NULL, 0,
     WORDS_INIT("end the freeze, and nothing else", "解除冻结（仅此而已）")},
    {"lost", NULL, 0,
     WORDS_INIT("end all devices: their documents are revoked for good",
                "终止所有设备：其证件永久吊销")},
    YAO_PERSON_OPTIONS,
    YAO_WALLET_PASSPHRASE_OPTION,
};

const yao_command yao_wallet_freeze = {
    .noun    = "wallet",
    .verb    = "freeze",
    .summary = WORDS_INIT("freeze your documents at the authority; unfreeze",
                          "在签发机关冻结或解冻您的证件"),
    .text    = WORDS_INIT(
        "By your number and access code, from any device: also from an empty "
        "wallet, when the one with the documents is gone. Frozen documents are "
        "refused wherever somebody looks at their status; a checker without a "
        "network hears of it with its next bundle. Wrong codes make the next "
        "try wait.",
        "凭号码与访问口令，可在任何设备上操作：存有证件的设备丢失时，空钱包亦可。"
        "被冻结的证件在查询状态处一律被拒；离线核验方在下一份信任包中得知。口令错误"
        "会延长下次尝试的等待时间。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai wallet freeze -C my-wallet --authority "
                    "https://authority.example",
    .json         = true,
    .run          = run,
};
