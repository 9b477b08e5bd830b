/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai person import: a file of people into the register. */

#include "authority/commands.h"
#include "authority/intake.h"
#include "authority/source.h"

#include "app/files.h"

#include <string.h>

/* The names of columns. */
#define HEAD_MEMORY (256u * 1024u)

static const yao_words import_what = WORDS_INIT("person import", "导入人员");

/* ---- the file ---- */

static yao_status next_record(void *ctx, yao_arena *arena, yao_bytes *ret,
                              size_t *line)
{
    return source_next(ctx, arena, ret, line);
}

static size_t bytes_done(void *ctx)
{
    return ((source *)ctx)->reader.bytes;
}

static yao_status read_portrait(void *ctx, yao_text name, yao_arena *arena,
                                people_entry *entry)
{
    const source *s = ctx;

    return intake_read_portrait(s->folder, name, arena, entry);
}

/* ---- telling ---- */

static int tell_summary(const intake *in)
{
    if (in->json) {
        printf("],\"imported\":%zu,\"refused\":%zu,\"unusual\":%zu}\n",
               in->imported, in->refused, in->unusual);
        return in->refused > 0 ? 2 : 0;
    }
    yao_print(
        WORDS("%zu imported, %zu refused\n", "导入 %zu 人，拒绝 %zu 行\n"),
        in->imported, in->refused);
    if (in->refused == 0)
        return 0;
    return yao_fail(YAO_E_MALFORMED, import_what, in->path,
                    in->all ? WORDS("nothing was stored", "未保存任何内容")
                            : WORDS("nothing of the refused lines was stored",
                                    "被拒绝的行均未保存"),
                    WORDS("correct these lines and import them again",
                          "请改正这些行后重新导入"));
}

static int tell_failure(const intake *in, yao_status status)
{
    if (in->json)
        printf("],\"imported\":%zu,\"refused\":%zu,\"failed\":\"%s\"}\n",
               in->imported, in->refused, yao_status_name(status));
    return yao_fail(status, import_what, in->path, (yao_words){NULL, NULL},
                    in->all ? WORDS("nothing was stored; try again",
                                    "未保存任何内容，请重试")
                            : WORDS("people imported so far are stored; import "
                                    "the file again, they will be refused as "
                                    "already there",
                                    "已导入的人员均已保存；可重新导入，"
                                    "已有人员会被跳过"));
}

static int tell_open(const intake *in, yao_status status)
{
    return yao_fail(status, import_what, in->path, (yao_words){NULL, NULL},
                    WORDS("give a file of JSON Lines, or CSV whose first row "
                          "names the fields once each",
                          "请给出 JSON Lines 文件，"
                          "或首行为不重复字段名的 CSV 文件"));
}

/* ---- the command ---- */

static bool is_csv(const yao_invocation *call, const char *path)
{
    const char *format = yao_argument(call, "format");
    size_t      len    = strlen(path);

    if (format != NULL)
        return strcmp(format, "csv") == 0;
    return len > 4 && strcmp(path + len - 4, ".csv") == 0;
}

static int run_intake(intake *in, const yao_invocation *call)
{
    static source s;
    yao_arena     head = {NULL, 0, 0};

    yao_status status = yao_memory_open(HEAD_MEMORY, &head);
    if (status == YAO_OK)
        status = source_open(in->path, is_csv(call, in->path), &head, &s);
    if (status != YAO_OK) {
        yao_memory_free(&head);
        return tell_open(in, status);
    }
    in->ctx            = &s;
    in->progress.total = s.size;
    if (in->json)
        fputs("{\"problems\":[", stdout);
    status = intake_run(in);
    source_close(&s);
    yao_memory_free(&head);
    return status == YAO_OK ? tell_summary(in) : tell_failure(in, status);
}

static int check_format(const yao_invocation *call)
{
    const char *format = yao_argument(call, "format");

    if (format == NULL || strcmp(format, "csv") == 0 ||
        strcmp(format, "jsonl") == 0)
        return 0;
    return yao_fail(YAO_E_USAGE, import_what, format,
                    WORDS("there is no such format", "没有这种格式"),
                    WORDS("use jsonl or csv", "请用 jsonl 或 csv"));
}

static void set_up(intake *in, authority *a, const yao_invocation *call)
{
    in->authority      = a;
    in->path           = call->operands[0];
    in->json           = call->json;
    in->warn           = yao_given(call, "warnings");
    in->all            = yao_given(call, "all-or-nothing");
    in->next           = next_record;
    in->portrait       = read_portrait;
    in->done           = bytes_done;
    in->progress.label = WORDS("importing", "正在导入");
}

static int run(const yao_invocation *call)
{
    static authority a;
    intake          *in   = NULL;
    int              code = check_format(call);

    if (code == 0)
        code = authority_begin(call, &a);
    if (code != 0)
        return code;
    if (intake_new(&in) == YAO_OK) {
        set_up(in, &a, call);
        code = run_intake(in, call);
    } else {
        code = yao_fail(YAO_E_SPACE, import_what, NULL, (yao_words){NULL, NULL},
                        (yao_words){NULL, NULL});
    }
    authority_close(&a);
    intake_free(in);
    return code;
}

static const yao_option options[] = {
    {"all-or-nothing", NULL, 0,
     WORDS_INIT("store nothing unless every line is good",
                "所有行都正确才保存，否则全部不保存")},
    {"format", "NAME", 0,
     WORDS_INIT("jsonl or csv; else by the file's name",
                "jsonl 或 csv；缺省按文件名判断")},
    {"warnings", NULL, 0,
     WORDS_INIT("also tell what is unusual but may be right",
                "同时提示少见但可能正确的内容")},
};

const yao_command yao_person_import = {
    .noun    = "person",
    .verb    = "import",
    .summary = WORDS_INIT("take people into the register", "把人员导入登记库"),
    .text    = WORDS_INIT(
        "Each line of FILE is a person: a JSON object, or a row of CSV whose "
           "first row names the fields (those inside of objects with dots: "
           "identity_card.issue_date, vehicles.0.plate). Portraits are JPEG "
           "files, by names relative to FILE; metadata in them is removed. "
           "FILE - is standard input.\n\n"
           "Every line is checked. One that is refused is told with its number, "
           "the field and the reason, and nothing of it is stored; the others "
           "are. The exit code is 2 then.",
        "FILE 每行一人：JSON 对象，或首行为字段名的 CSV"
           "（对象内的字段用点号：identity_card.issue_date、vehicles.0.plate）。"
           "照片为 JPEG 文件，路径相对于 FILE，其中的元数据会被去除。"
           "FILE 为 - 时读标准输入。\n\n"
           "逐行检查。被拒绝的行会给出行号、字段与原因，该行内容不保存，"
           "其余照常保存，此时退出码为 2。"),
    .operands     = "FILE",
    .least        = 1,
    .most         = 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai person import -C var/authority people.jsonl",
    .json         = true,
    .run          = run,
};
