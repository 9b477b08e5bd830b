/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai person generate: fictitious people, into the register or a file. */

#include "authority/commands.h"
#include "authority/intake.h"
#include "authority/invent.h"

#include "app/files.h"
#include "app/specimen.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const yao_words generate_what =
    WORDS_INIT("person generate", "生成人员");

/* ---- portraits, each drawn once ---- */

#define MAX_PORTRAITS 128

typedef struct pool {
    yao_arena    arena;
    yao_text     names[MAX_PORTRAITS];
    people_entry portraits[MAX_PORTRAITS];
    size_t       count;
} pool;

static yao_status draw_portrait(pool *p, yao_text name)
{
    yao_bytes jpeg, kept;

    if (p->count == MAX_PORTRAITS)
        return YAO_E_LIMIT;
    YAO_TRY(yao_arena_keep(&p->arena, yao_text_bytes(name), &kept));
    YAO_TRY(yao_specimen_draw(name, &p->arena, &jpeg));
    YAO_TRY(intake_clean(jpeg, &p->arena, &p->portraits[p->count]));
    p->names[p->count++] = (yao_text){kept.ptr, kept.len};
    return YAO_OK;
}

/* ---- into the register ---- */

typedef struct generating {
    invention *invention;
    size_t     given;
    pool       pool;
} generating;

static yao_status next_person(void *ctx, yao_arena *arena, yao_bytes *ret,
                              size_t *line)
{
    generating *g = ctx;

    YAO_TRY(invent_next(g->invention, arena, ret));
    *line = ++g->given;
    return YAO_OK;
}

static size_t people_done(void *ctx)
{
    return ((generating *)ctx)->given;
}

static yao_status find_portrait(void *ctx, yao_text name, yao_arena *arena,
                                people_entry *entry)
{
    pool  *p = &((generating *)ctx)->pool;
    size_t i = 0;

    (void)arena;
    while (i < p->count && !yao_text_equal(p->names[i], name))
        i++;
    if (i == p->count)
        YAO_TRY(draw_portrait(p, name));
    entry->portrait       = p->portraits[i].portrait;
    entry->portrait_small = p->portraits[i].portrait_small;
    return YAO_OK;
}

static int tell_summary(const intake *in, uint64_t seed)
{
    if (in->json)
        printf("],\"generated\":%zu,\"refused\":%zu,\"seed\":%" PRIu64 "}\n",
               in->imported, in->refused, seed);
    else
        yao_print(WORDS("%zu people generated with --seed %llu\n",
                        "已生成 %zu 人（--seed %llu）\n"),
                  in->imported, (unsigned long long)seed);
    if (in->refused == 0)
        return 0;
    return yao_fail(
        YAO_E_EXISTS, generate_what, NULL,
        WORDS("some are in the register already", "部分人员已在登记库中"),
        WORDS("use another --seed", "请换一个 --seed"));
}

static int run_intake(intake *in, generating *g, uint64_t seed)
{
    in->ctx      = g;
    in->path     = "generated";
    in->next     = next_person;
    in->portrait = find_portrait;
    in->done     = people_done;
    if (in->json)
        fputs("{\"problems\":[", stdout);
    yao_status status = intake_run(in);
    if (status == YAO_OK)
        return tell_summary(in, seed);
    return yao_fail(
        status, generate_what, NULL, (yao_words){NULL, NULL},
        WORDS("people generated so far are stored", "已生成的人员均已保存"));
}

static int into_register(const yao_invocation *call, generating *g,
                         uint64_t seed, size_t count)
{
    static authority a;
    intake          *in   = NULL;
    int              code = authority_begin(call, &a);

    if (code != 0)
        return code;
    if (!config_yes(&a.config, SETTING_DEMO)) {
        code =
            yao_fail(YAO_E_REFUSED, generate_what, NULL,
                     WORDS("this register is in earnest", "该登记库为正式库"),
                     WORDS("use one of `authority init --demo`, or --out",
                           "请用 `authority init --demo` 建立的库，"
                           "或用 --out"));
    } else if (yao_memory_open(24u * 1024u * 1024u, &g->pool.arena) != YAO_OK ||
               intake_new(&in) != YAO_OK) {
        code = yao_exit_code(YAO_E_SPACE);
    } else {
        in->authority      = &a;
        in->json           = call->json;
        in->progress.label = WORDS("generating", "正在生成");
        in->progress.total = count;
        code               = run_intake(in, g, seed);
    }
    authority_close(&a);
    intake_free(in);
    yao_memory_free(&g->pool.arena);
    return code;
}

/* ---- into a file ---- */

static yao_status write_people(generating *g, FILE *out, const char *folder,
                               yao_progress *progress)
{
    yao_arena  arena  = {NULL, 0, 0};
    yao_status status = yao_memory_open(8u * 1024u * 1024u, &arena);
    yao_bytes  record;

    while (status == YAO_OK) {
        arena.used = 0;
        status     = invent_next(g->invention, &arena, &record);
        if (status != YAO_OK)
            break;
        status = yao_specimens_write(folder, record, &arena);
        if (fwrite(record.ptr, 1, record.len, out) != record.len ||
            fputc('\n', out) == EOF)
            status = YAO_E_FILE;
        yao_progress_step(progress, ++g->given);
    }
    yao_memory_free(&arena);
    return status == YAO_E_NOT_FOUND ? YAO_OK : status;
}

static int into_file(const yao_invocation *call, generating *g, size_t count)
{
    const char  *path     = yao_argument(call, "out");
    const char  *slash    = strrchr(path, '/');
    yao_progress progress = {.label = WORDS("generating", "正在生成"),
                             .total = count};
    char         folder[4096];
    yao_status   status = YAO_E_FILE;
    FILE        *out    = fopen(path, "we");

    snprintf(folder, sizeof folder, "%.*s",
             slash != NULL ? (int)(slash - path + 1) : 1,
             slash != NULL ? path : ".");
    if (out != NULL) {
        status = write_people(g, out, folder, &progress);
        if (fclose(out) != 0)
            status = YAO_E_FILE;
    }
    yao_progress_end(&progress);
    if (status == YAO_OK && call->json)
        printf("{\"generated\":%zu}\n", g->given);
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, generate_what, path, (yao_words){NULL, NULL},
                    WORDS("is there room, and may the folder be written?",
                          "磁盘有空间吗？目录可写吗？"));
}

/* ---- the command ---- */

static uint64_t choose_seed(const yao_invocation *call)
{
    const char *given = yao_argument(call, "seed");
    uint64_t    seed  = (uint64_t)yao_now();
    uint32_t    drawn = 0;

    if (given != NULL)
        return strtoull(given, NULL, 10);
    if (yao_openssl_random((uint8_t *)&drawn, sizeof drawn) == YAO_OK)
        seed = drawn;
    return seed;
}

static int check_seed(const yao_invocation *call)
{
    const char *given = yao_argument(call, "seed");

    if (given == NULL || (*given != '\0' && strlen(given) < 19 &&
                          strspn(given, "0123456789") == strlen(given)))
        return 0;
    return yao_fail(YAO_E_USAGE, WORDS("--seed", "--seed"), given,
                    WORDS("not a number", "不是数字"),
                    WORDS("give a number of at most 18 digits",
                          "请给出不超过 18 位的数字"));
}

static int run(const yao_invocation *call)
{
    static generating g;
    long              count = 0;

    if (!yao_number(call, "count", 1, INVENT_MAX, 1, &count) ||
        check_seed(call) != 0)
        return 1;
    uint64_t seed = choose_seed(call);
    if (invent_open(seed, (size_t)count, &g.invention) != YAO_OK)
        return yao_exit_code(YAO_E_SPACE);
    int code = yao_given(call, "out")
                   ? into_file(call, &g, (size_t)count)
                   : into_register(call, &g, seed, (size_t)count);
    invent_close(g.invention);
    return code;
}

static const yao_option options[] = {
    {"count", "N", YAO_OPTION_REQUIRED,
     WORDS_INIT("how many people", "生成人数")},
    {"seed", "NUMBER", 0,
     WORDS_INIT("the same number gives the same people",
                "相同的数字生成相同的人员")},
    {"out", "FILE", 0,
     WORDS_INIT("write JSON Lines, and portraits beside, instead of "
                "registering",
                "写成 JSON Lines 文件，照片放在旁边，不登记")},
};

const yao_command yao_person_generate = {
    .noun    = "person",
    .verb    = "generate",
    .summary = WORDS_INIT("make fictitious people", "生成虚构人员"),
    .text    = WORDS_INIT(
        "Makes households of two to five people with identity cards, "
           "licences, vehicles and residence permits, all valid and all "
           "fictitious: nobody can have their numbers, addresses say so, and "
           "portraits are drawings marked SPECIMEN. Only for registers with "
           "demo = yes.",
        "生成二至五口的家庭，含身份证、驾驶证、车辆与居住证，"
           "均合规则且均为虚构：号码不属于任何人，地址写明示例，"
           "照片为标注 SPECIMEN 的图画。仅用于 demo = yes 的登记库。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai person generate --count 1000 --seed 7",
    .json         = true,
    .run          = run,
};
