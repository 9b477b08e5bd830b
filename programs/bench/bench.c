/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "bench/measure.h"
#include "bench/wasm.h"
#include "bench/world.h"
#include "json/json.h"

static const yao_contest contests[] = {
    {"mdoc_issue", yao_bench_mdoc_issue, yao_bench_bare_sign, 0.65, 0},
    {"mdoc_verify", yao_bench_mdoc_verify, yao_bench_bare_verify_two, 0.85, 0},
    {"sdjwt_issue", yao_bench_sdjwt_issue, yao_bench_bare_sign, 0.65, 0},
    {"sdjwt_verify", yao_bench_sdjwt_verify, yao_bench_bare_verify_two, 0.85, 0},
    {"card_verify", yao_bench_card_verify, yao_bench_bare_verify_two, 0.85, 0},
    {"chain_check", yao_bench_chain_check, yao_bench_bare_verify, 0, 0},
    {"status_lookup", yao_bench_status_lookup, yao_bench_bare_bits, 0.50, 0},
    {"status_build", yao_bench_status_build, yao_bench_bare_deflate, 0, 0},
    {"cbor_walk", yao_bench_cbor_walk, yao_bench_bare_hash, 0, 0},
    {"vp_response", yao_bench_vp_response, yao_bench_bare_response, 0, 0},
    {"session_open", yao_bench_session_open, yao_bench_bare_session, 0, 0},
    {"gate_p50", yao_bench_gate_card, yao_bench_bare_verify_two, 0.85, 0.50},
    {"gate_p99", yao_bench_gate_card, yao_bench_bare_verify_two, 0.85, 0.99},
};

enum { CONTESTS = sizeof contests / sizeof contests[0] };

/* "model name : AMD EPYC 7763": what the processor calls itself. */
static void read_machine(char *out, size_t cap)
{
    char  line[256], model[128] = "unknown processor";
    FILE *f = fopen("/proc/cpuinfo", "r");

    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "model name : %127[^\n]", model) == 1)
            break;
    if (f != NULL)
        fclose(f);
    snprintf(out, cap, "%s, %ld processors, %s", model,
             sysconf(_SC_NPROCESSORS_ONLN), yao_bare_version());
}

static bool wanted(const yao_invocation *call, const char *name)
{
    for (size_t i = 0; i < call->operand_count; i++)
        if (strcmp(call->operands[i], name) == 0)
            return true;
    return call->operand_count == 0;
}

static const char *unknown_operand(const yao_invocation *call)
{
    for (size_t i = 0; i < call->operand_count; i++) {
        bool found = strcmp(call->operands[i], YAO_BENCH_WASM) == 0;

        for (size_t k = 0; k < CONTESTS; k++)
            found |= strcmp(call->operands[i], contests[k].name) == 0;
        if (!found)
            return call->operands[i];
    }
    return NULL;
}

/* ---- telling ------------------------------------------------------------ */

static void print_json(const char *machine, const yao_measured *results,
                       size_t count)
{
    uint8_t    quoted[1024];
    yao_writer w = yao_writer_open(quoted, sizeof quoted);

    yao_json_put_string(&w, yao_text_of(machine));
    printf("{\"machine\":%.*s,\"results\":[", (int)w.len, (char *)quoted);
    for (size_t i = 0; i < count; i++) {
        const yao_measured *r = &results[i];

        printf("%s{\"name\":\"%s\",\"per_second\":%.0f,"
               "\"limit_per_second\":%.0f,\"ratio\":%.3f",
               i == 0 ? "" : ",", r->name, r->per_second, r->limit_per_second,
               r->ratio);
        if (r->goal > 0)
            printf(",\"goal\":%.2f", r->goal);
        if (r->share > 0)
            printf(",\"microseconds\":%.1f,\"limit_microseconds\":%.1f",
                   r->microseconds, r->limit_microseconds);
        printf("}");
    }
    printf("]}\n");
}

static void print_table(const char *machine, const yao_measured *results,
                        size_t count)
{
    printf("%s\n\n%s\n", machine,
           yao_say(WORDS(
               "                 per second    its limit   ratio   goal",
               "                       每秒         上限    比值   目标")));
    for (size_t i = 0; i < count; i++) {
        const yao_measured *r = &results[i];

        printf("%-14s %12.0f %12.0f %7.3f ", r->name, r->per_second,
               r->limit_per_second, r->ratio);
        if (r->goal > 0)
            printf("%6.2f %s", r->goal,
                   r->ratio >= r->goal ? yao_say(WORDS("reached", "达到"))
                                       : yao_say(WORDS("missed", "未达到")));
        else
            printf("%6s", "-");
        if (r->share > 0)
            printf(yao_say(WORDS("; %.0f %% within %.0f us, the limit %.0f us",
                                 "；%.0f %% 不超过 %.0f 微秒，上限 %.0f 微秒")),
                   r->share * 100, r->microseconds, r->limit_microseconds);
        printf("\n");
    }
}

/* ---- the command -------------------------------------------------------- */

static bool measure_all(const yao_invocation *call, yao_world *world,
                        size_t rounds, yao_measured *results, size_t *count)
{
    yao_progress progress = {.label = WORDS("measuring", "测量"),
                             .total = CONTESTS};
    bool         done     = true;

    for (size_t i = 0; i < CONTESTS && done; i++) {
        if (wanted(call, contests[i].name))
            done =
                yao_measure(&contests[i], world, rounds, &results[(*count)++]);
        yao_progress_step(&progress, i + 1);
    }
    yao_progress_end(&progress);
    return done;
}

/* By another program, which may not be there; asked for by name it must. */
static bool measure_wasm(const yao_invocation *call, const yao_world *world,
                         size_t rounds, yao_measured *results, size_t *count)
{
    if (!wanted(call, YAO_BENCH_WASM))
        return true;
    if (yao_bench_wasm_is_there() &&
        yao_bench_wasm(world, rounds, &results[*count]))
        ++*count;
    else if (call->operand_count != 0)
        return false;
    return true;
}

static int run(const yao_invocation *call)
{
    yao_measured results[CONTESTS + 1];
    size_t       count = 0;
    char         machine[256];
    long         rounds;
    const char  *unknown = unknown_operand(call);

    if (!yao_number(call, "rounds", 5, YAO_BENCH_MAX_ROUNDS, 9, &rounds))
        return yao_exit_code(YAO_E_USAGE);
    if (unknown != NULL)
        return yao_fail(YAO_E_USAGE, WORDS("bench", "bench"), unknown,
                        WORDS("there is no such measurement", "没有这项测量"),
                        WORDS("see --help", "请看 --help"));

    yao_world *world = yao_world_open();
    bool       done  = world != NULL &&
                measure_all(call, world, (size_t)rounds, results, &count);
    bool page =
        done && measure_wasm(call, world, (size_t)rounds, results, &count);
    yao_world_close(world);
    if (!done)
        return yao_fail(
            YAO_E_CRYPTO, WORDS("bench", "bench"), NULL,
            WORDS("an operation that was to be measured failed",
                  "被测量的操作失败"),
            WORDS("run the tests (./check) first", "请先运行测试（./check）"));
    if (!page)
        return yao_fail(
            YAO_E_NOT_FOUND, WORDS("bench", "bench"), YAO_BENCH_WASM,
            WORDS("Node or build/wasm/yaopai.wasm is not here",
                  "这里没有 Node 或 build/wasm/yaopai.wasm"),
            WORDS("run it in a clone, after wasm/build",
                  "请在源代码目录中运行 wasm/build 之后再试"));

    read_machine(machine, sizeof machine);
    if (call->json)
        print_json(machine, results, count);
    else
        print_table(machine, results, count);
    return 0;
}

static const yao_option options[] = {
    {"rounds", "NUMBER", 0,
     WORDS_INIT("how often all is measured, 5 to 99; the median counts (9)",
                "测量轮数，5 到 99，取中位数（默认 9）")},
};

const yao_command yao_bench_command = {
    .verb = "bench",
    .summary =
        WORDS_INIT("measure against what bounds us", "与理论上限对比测量速度"),
    .text = WORDS_INIT(
        "Measures issuing and checking side by side with the bare primitive of "
        "OpenSSL that bounds them, in turns of two milliseconds on one thread, "
        "by "
        "CPU time. What counts is the ratio: an absolute number says nothing "
        "on "
        "a machine that others use too.\n\n"
        "mdoc_issue: a licence of 26 elements with a portrait of 2 kB, random "
        "bytes included, of the rate of P-256 signatures. mdoc_verify: a "
        "DeviceResponse with 5 of them, a known issuer chain and a device key "
        "never seen before, of half the rate of verifications. sdjwt_issue, "
        "sdjwt_verify: the same for 12 disclosures, and for 3 of them with a "
        "KB-JWT. card_verify: an open QR card, of half the rate of "
        "verifications. chain_check: the certificate of a signer never seen "
        "before, "
        "of the rate of verifications. status_lookup: in a list of 1,000,000, "
        "of a bare test of the same bits; status_build: that list filled, "
        "packed and signed, of packing alone. cbor_walk: every item of that "
        "licence, of the rate of SHA-256 "
        "over the same bytes. vp_response: an answer of OpenID4VP by "
        "direct_post.jwt, in turn with an mdoc and an SD-JWT VC, decrypted, "
        "judged and held against its query, of the rate at which a key is "
        "agreed, as many bytes are encrypted and two signatures verified. "
        "session_open: a wallet's session across a counter, from its "
        "engagement to the first message opened, of the rate at which a key "
        "is agreed and 1 kB is encrypted. gate_p50, gate_p99: an open card "
        "judged as `gate run` does it, its memory in a folder of its own, of "
        "half the rate of verifications; and what 50 and 99 of 100 cards take "
        "at most. wasm_verify, in a clone: a DeviceResponse "
        "judged by the core for a page, in Node, of half the rate at which "
        "WebCrypto imports a key and verifies.",
        "在同一线程上以两毫秒为单位轮流运行，用 CPU "
        "时间把签发和核验与其上限（OpenSSL "
        "的裸原语）对比。有意义的是比值：在共用的机器上绝对数字说明不了什么。\n"
        "\n"
        "mdoc_issue：26 个数据项、2 kB 照片的驾驶证（含随机数），对比 P-256 "
        "签名速度。"
        "mdoc_verify：出示其中 5 "
        "项，签发机构证书链已知、设备密钥首次出现，对比验签速度的"
        "一半。sdjwt_issue、sdjwt_verify：12 个披露项的签发，以及出示 3 项并带 "
        "KB-JWT "
        "的核验。card_verify：核验开放的二维码卡，对比验签速度的一半。chain_"
        "check：首次见到的签发者证书，对比验签速度。status_"
        "lookup："
        "在 1,000,000 "
        "项的状态列表中查询，对比直接测试相同的位；status_build：填写、"
        "压缩并签名该列表，对比仅压缩。cbor_"
        "walk：遍历该证件的每一项，对比对相同字节做 SHA-256 "
        "的速度。vp_response：OpenID4VP 的 direct_post.jwt 回应，轮流含一份 "
        "mdoc 或一份 SD-JWT VC：解密、核验并对照查询，对比一次密钥协商、加密同样"
        "多的字节与两次验签。session_open：柜台会话，从出示接入码到打开第一条"
        "消息，对比一次密钥协商与 1 kB 的加密。gate_p50、gate_p99：按 `gate run` "
        "的方式核验一张开放卡码（放行记录在临时目录中），对比验签速度的一半，并给"
        "出 50% 与 99% 的卡码最多所需时间。wasm_verify（仅在源代码目录中）：网页用的核心在 Node "
        "中核验，对比 WebCrypto 导入公钥并验签速度的一半。"),
    .operands     = "[NAME]...",
    .most         = CONTESTS + 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai bench\n  yaopai bench --json mdoc_issue",
    .json         = true,
    .run          = run,
};
