/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai load present: many wallets show documents to a desk of this
 * machine. */

#include "load/load.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "app/pem.h"
#include "load/common.h"
#include "load/offers.h"

#define MEMORY (64u * 1024u * 1024u)

enum { MOST_KEYS = 4096 };

static const yao_words what = WORDS_INIT("load present", "出示负载测试");

/* ---- the desk ----------------------------------------------------------- */

/* The last line of the file is a key: those before it are older, or said to
 * whom they belong. */
static yao_status read_bearer(const char *path, yao_arena *arena,
                              yao_text *ret)
{
    yao_bytes  file, kept;
    size_t     from = 0, len;
    yao_status status = yao_file_read(path, MOST_KEYS, &file);

    if (status != YAO_OK)
        return status;
    len = file.len;
    while (len > 0 && file.ptr[len - 1] <= ' ')
        len--;
    for (size_t i = 0; i < len; i++)
        if (file.ptr[i] == '\n')
            from = i + 1;
    status = from == len ? YAO_E_MISSING
                         : yao_arena_keep(arena,
                                          (yao_bytes){file.ptr + from,
                                                      len - from},
                                          &kept);
    yao_file_free(&file);
    if (status == YAO_OK)
        *ret = (yao_text){kept.ptr, kept.len};
    return status;
}

static yao_status read_anchors(const char *path, yao_arena *arena,
                               load_desk *desk)
{
    yao_anchors *read = yao_arena_take(arena, sizeof *read);

    if (read == NULL)
        return YAO_E_SPACE;
    *read = (yao_anchors){.count = 0};
    YAO_TRY(yao_anchors_add_file(read, arena, path, YAO_ROLE_READER));
    desk->anchors      = read->list;
    desk->anchor_count = read->count;
    return YAO_OK;
}

static int read_desk(const yao_invocation *call, yao_arena *arena,
                     load_desk *desk)
{
    const char *profile = yao_argument(call, "profile");
    const char *keys    = yao_argument(call, "desk-key");
    const char *root    = yao_argument(call, "registrar");
    int code = load_take_place(what, yao_argument(call, "desk"), &desk->place);
    yao_status status;

    if (code != 0)
        return code;
    desk->profile = yao_text_of(profile != NULL ? profile : "hotel");
    status        = read_bearer(keys, arena, &desk->bearer);
    if (status != YAO_OK)
        return yao_fail(status, what, keys, (yao_words){NULL, NULL},
                        WORDS("give the file keys/api.keys of the desk",
                              "请给出核验台的 keys/api.keys 文件"));
    status = read_anchors(root, arena, desk);
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, what, root, (yao_words){NULL, NULL},
                    WORDS("give the root of reader certificates",
                          "请给出验证方证书的根证书"));
}

/* ---- the command -------------------------------------------------------- */

static int measure(const yao_invocation *call, yao_arena *arena, load_run *run)
{
    const char *socket = yao_argument(call, "desk-admin");
    int         code   = load_take_offers(call, what, arena, run);

    if (code != 0)
        return code;
    run->server = load_who_listens(socket);
    if (run->server == 0)
        return yao_fail(YAO_E_NET, what, socket, (yao_words){NULL, NULL},
                        WORDS("give the admin socket of a running desk",
                              "请给出正在运行的核验台的管理套接字"));
    return load_measure(call, what, run);
}

static int run(const yao_invocation *call)
{
    load_desk desk = {.anchor_count = 0};
    load_plan plan = {.alone = true, .desk = &desk};
    load_run  all  = {.plan = &plan};
    yao_arena arena;
    int       code;

    if (yao_memory_open(MEMORY, &arena) != YAO_OK)
        return yao_fail_memory();
    code = load_take_wallets(call, what, &arena, &all, &plan);
    if (code == 0)
        code = read_desk(call, &arena, &desk);
    if (code == 0)
        code = measure(call, &arena, &all);
    yao_memory_free(&arena);
    return code;
}

static const yao_option options[] = {
    LOAD_COMMON_OPTIONS,
    {"desk", "URL", YAO_OPTION_REQUIRED,
     WORDS_INIT("address of the desk, as its settings say: http:// to this "
                "machine",
                "核验台的地址（与其设置一致），仅限本机 http://")},
    {"desk-key", "FILE", YAO_OPTION_REQUIRED,
     WORDS_INIT("keys of its programs; the last line is taken",
                "核验台的程序密钥文件，取最后一行")},
    {"desk-admin", "SOCKET", YAO_OPTION_REQUIRED,
     WORDS_INIT("its admin socket: tells which process is measured",
                "核验台的管理套接字，用于确定被测进程")},
    {"registrar", "FILE", YAO_OPTION_REQUIRED,
     WORDS_INIT("root of reader certificates", "验证方证书的根证书")},
    {"profile", "NAME", 0,
     WORDS_INIT("what the desk asks for (hotel); one document has to "
                "answer it",
                "核验台使用的核验方案（默认 hotel），须由一份证件满足")},
    {"requests", "N", 0,
     WORDS_INIT("presentations, 1 to 100000 (1000)",
                "出示次数，1 到 100000（默认 1000）")},
};

const yao_command yao_load_present = {
    .noun    = "load",
    .verb    = "present",
    .summary = WORDS_INIT("measure a desk with many wallets",
                          "用大量钱包测量核验台"),
    .text    = WORDS_INIT(
        "Lets wallets show documents by OpenID4VP to a desk that serves on "
           "this machine, over kept connections: a program of the relying party "
           "asks for a session, the wallet fetches the request and verifies who "
           "asks, answers encrypted, and the program fetches the result, which "
           "is to be an accept. Before the clock runs each connection fetches "
           "one document from an authority (as `load issue` does), and shows it "
           "again and again. Tells rates, the percentiles of each step, and the "
           "ratio: the bare operations that it takes on both sides (signatures, "
           "verifications, new keys, agreements; measured in the same run on all "
           "processors) to the CPU time that both sides used.",
        "让钱包通过保持的连接，以 OpenID4VP 向本机的核验台出示证件：依赖方的程序"
           "建立会话，钱包取得请求并核验请求方，加密应答，程序取得结果（须为通过）。"
           "计时之前，每个连接先从签发机关领取一份证件（同 `load issue`），之后反复"
           "出示。输出速率、各步百分位数与比值：双方所需裸运算（签名、验签、生成密"
           "钥、密钥协商，同次运行中在全部处理器上测得）与双方所用 CPU 时间之比。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example =
        "  yaopai load present --url http://authority.localhost:8440 \\\n"
        "      --admin var/authority/admin.sock --register people.jsonl \\\n"
        "      --attester provider.pem --attester-certificate "
        "provider-certificate.pem \\\n"
        "      --desk http://desk.localhost:8442 --desk-key "
        "var/desk/keys/api.keys \\\n"
        "      --desk-admin var/desk/admin.sock --registrar "
        "var/authority/certificates/reader-root.pem",
    .json = true,
    .run  = run,
};
