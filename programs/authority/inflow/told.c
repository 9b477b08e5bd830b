/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/inflow/inflow.h"

#include "app/words.h"

#include <string.h>

enum { MOST_FIELD = 64, MOST_DIGITS = 3 };

/* ---- names -------------------------------------------------------------- */

static const char *const kinds[] = {"import", "sync"};

const char *inflow_kind_name(int64_t kind)
{
    return kind == STORE_INTAKE_IMPORT || kind == STORE_INTAKE_SYNC
               ? kinds[kind - 1]
               : "none";
}

int64_t inflow_kind(yao_text name)
{
    for (int64_t i = 0; i < 2; i++)
        if (yao_text_equal(name, yao_text_of(kinds[i])))
            return i + 1;
    return 0;
}

const char *inflow_state_name(int64_t state)
{
    static const char *const states[] = {"none",    "receiving", "waiting",
                                         "running", "done",      "ended"};

    return states[state > 0 && state <= STORE_INTAKE_ENDED ? state : 0];
}

int64_t inflow_count_lines(yao_bytes part)
{
    int64_t count = 0;

    for (size_t i = 0; i < part.len; i++)
        count += part.ptr[i] == '\n';
    return count + (part.len > 0 && part.ptr[part.len - 1] != '\n');
}

/* ---- fields ------------------------------------------------------------- */

/* "vehicles", "0": the register's names have no digits. */
static bool is_segment(const uint8_t *text, size_t len)
{
    size_t digits = 0;

    for (size_t i = 0; i < len; i++) {
        bool letter = (text[i] >= 'a' && text[i] <= 'z') || text[i] == '_';
        bool digit  = text[i] >= '0' && text[i] <= '9';
        if (!letter && !digit)
            return false;
        digits += digit;
    }
    return len > 0 && (digits == 0 || (digits == len && len <= MOST_DIGITS));
}

static bool is_field(yao_text field)
{
    size_t from = 0;

    if (field.len > MOST_FIELD)
        return false;
    for (size_t i = 0; i <= field.len; i++)
        if (i == field.len || field.ptr[i] == '.') {
            if (!is_segment(field.ptr + from, i - from))
                return false;
            from = i + 1;
        }
    return true;
}

yao_status inflow_field(yao_text field, yao_arena *arena, yao_text *ret)
{
    yao_bytes kept;

    if (field.len > 0 && !is_field(field))
        field = YAO_TEXT("?");
    YAO_TRY(yao_arena_keep(arena, yao_text_bytes(field), &kept));
    *ret = (yao_text){kept.ptr, kept.len};
    return YAO_OK;
}

/* ---- why ---------------------------------------------------------------- */

static const struct {
    const char *code;
    yao_words   words;
} whys[] = {
    {"EXISTS", WORDS_INIT("it is in the register already", "登记库中已经存在")},
    {"NOT_FOUND", WORDS_INIT("nobody in the register has it",
                             "登记库中没有该人员")},
    {"MALFORMED", WORDS_INIT("not of the form that belongs here",
                             "格式不符合要求")},
    {"TRUNCATED", WORDS_INIT("the line ends in the middle", "该行不完整")},
    {"TRAILING", WORDS_INIT("more than one object on the line",
                            "该行多于一个对象")},
    {"DUPLICATE", WORDS_INIT("a member stands there twice", "成员重复")},
    {"UTF8", WORDS_INIT("not UTF-8", "不是 UTF-8 编码")},
    {"LIMIT", WORDS_INIT("longer or more than is taken", "超出允许的长度或数量")},
    {"VALUE", WORDS_INIT("a value that is not taken here", "取值不被接受")},
    {"MISSING", WORDS_INIT("it is missing", "缺少该内容")},
    {"REFUSED", WORDS_INIT("files can't be named here; portraits come by "
                           "`yaopai person import`",
                           "此处不能引用文件；照片请用 "
                           "yaopai person import 导入")},
    {"UNSUPPORTED", WORDS_INIT("files can't be named here; portraits come by "
                               "`yaopai person sync`",
                               "此处不能引用文件；照片请用 "
                               "yaopai person sync 同步")},
    {"MISMATCH", WORDS_INIT("it does not fit what is registered",
                            "与登记内容不符")},
    {"conflict", WORDS_INIT("another line had this version", "同一版本号内容不同")},
};

/* The reasons of a record by their names: there are fewer than a hundred. */
static bool reason_of(yao_text code, yao_reason *ret)
{
    for (int i = 1; i < YAO_REASON_COUNT; i++)
        if (yao_text_equal(code, yao_text_of(yao_reason_name((yao_reason)i)))) {
            *ret = (yao_reason)i;
            return !yao_text_equal(code, YAO_TEXT("none"));
        }
    return false;
}

yao_text inflow_why(yao_text code, yao_language language)
{
    yao_reason reason;

    if (reason_of(code, &reason))
        return yao_reason_text(reason, language);
    for (size_t i = 0; i < sizeof whys / sizeof whys[0]; i++)
        if (yao_text_equal(code, yao_text_of(whys[i].code)))
            return yao_text_of(language == YAO_ZH ? whys[i].words.zh
                                                       : whys[i].words.en);
    return code;
}
