/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the catalogue's files, and reasons in both languages. */
#include "document/document.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const char *const types[] = {
    "none", "text", "code", "uint", "uints", "bool",
    "date", "time", "image", "privileges", "map",
};

static const char *const derives[] = {
    "none",        "constant", "specimen",       "age_over",
    "age_years",   "birth_year", "privileges",   "mapped",
    "subdivision", "city",     "portrait",       "portrait_small",
    "document_number", "expiry", "level",        "members",
    "guarded",
};

static const char *const rules[] = {
    "none",           "person_number", "citizen_number", "region_permit",
    "foreign_permit", "vin",           "plate",          "classes",
    "credit_code",    "hong_kong_id",  "macao_id",       "return_permit",
    "taiwan_permit",  "exit_permit",   "passport",       "mobile",
    "file_number",    "date",          "latin",          "name",
};

const char *yao_type_name(yao_element_type type)
{
    return (size_t)type < COUNT(types) ? types[type] : "none";
}

const char *yao_derive_name(yao_derive derive)
{
    return (size_t)derive < COUNT(derives) ? derives[derive] : "none";
}

const char *yao_rule_name(yao_rule rule)
{
    return (size_t)rule < COUNT(rules) ? rules[rule] : "none";
}

const char *yao_severity_name(yao_severity severity)
{
    if (severity == YAO_WARNING)
        return "warning";
    return severity == YAO_FINE ? "fine" : "error";
}

typedef struct sentence {
    const char *name;
    const char *zh;
    const char *en;
} sentence;

/* clang-format off */
static const sentence reasons[YAO_REASON_COUNT] = {
    [YAO_REASON_NONE]    = {"none", "没有问题", "nothing is wrong"},
    [YAO_REASON_MISSING] = {"missing", "缺少此项", "it is missing"},
    [YAO_REASON_EMPTY]   = {"empty", "内容为空", "it is empty"},
    [YAO_REASON_KIND]    = {"kind", "类型不对", "it is of the wrong kind"},
    [YAO_REASON_LONG]    = {"long", "过长", "it is too long"},
    [YAO_REASON_CHARACTER] = {"character", "含有不允许的字符",
                              "it has a character that does not belong"},
    [YAO_REASON_CODE]   = {"code", "代码不在代码表中",
                           "the code is not in its list"},
    [YAO_REASON_DATE]   = {"date", "日期不存在", "there is no such day"},
    [YAO_REASON_FUTURE] = {"future", "日期在今天之后",
                           "the date lies in the future"},
    [YAO_REASON_PAST]   = {"past", "日期早于1800年",
                           "the date lies before 1800"},
    [YAO_REASON_ORDER]  = {"order", "截止早于起始",
                           "it ends before it begins"},
    [YAO_REASON_RANGE]  = {"range", "超出范围", "it is out of range"},
    [YAO_REASON_UNKNOWN_FIELD] = {"unknown_field", "没有这个字段",
                                  "there is no such field"},
    [YAO_REASON_NOT_LATIN] = {"not_latin", "只能用拉丁字母",
                              "only Latin letters may stand here"},
    [YAO_REASON_MIDDLE_DOT] = {"middle_dot", "姓名间隔号应为“·”",
                               "the dot in a name should be U+00B7"},
    [YAO_REASON_FILE_NAME] = {"file_name", "文件名不能用",
                              "this file name cannot be used"},
    [YAO_REASON_LENGTH] = {"length", "位数不对", "its length is wrong"},
    [YAO_REASON_CHECK]  = {"check", "校验码不对", "the check digit is wrong"},
    [YAO_REASON_LOWER_CASE] = {"lower_case", "末位应为大写X",
                               "the last letter must be a capital X"},
    [YAO_REASON_OLD_FORM] = {"old_form", "是15位旧号码",
                             "it is of the old form with 15 digits"},
    [YAO_REASON_DIVISION] = {"division", "行政区划代码不在现行表中",
                             "the division is not in the list of today"},
    [YAO_REASON_SEQUENCE] = {"sequence", "顺序码为000",
                             "its sequence number is 000"},
    [YAO_REASON_PREFIX] = {"prefix", "不是这种号码的开头",
                           "no number of this kind begins like this"},
    [YAO_REASON_BIRTH_DIFFERS] = {"birth_differs", "出生日期与号码不符",
                                  "the date of birth differs from the number"},
    [YAO_REASON_SEX_DIFFERS] = {"sex_differs", "性别与号码不符",
                                "the sex differs from the number"},
    [YAO_REASON_PROVINCE] = {"province", "号牌首字不是省份简称",
                             "the plate does not begin with a province"},
    [YAO_REASON_LETTER] = {"letter", "发牌机关代号不对",
                           "the issuing letter is none"},
    [YAO_REASON_LETTER_UNKNOWN] = {"letter_unknown", "发牌机关代号不在表中",
                                   "the issuing letter is not in the list"},
    [YAO_REASON_SERIAL] = {"serial", "号牌序号不对",
                           "the serial of the plate is wrong"},
    [YAO_REASON_MANY_LETTERS] = {"many_letters", "序号中字母多于两个",
                                 "the serial has more than two letters"},
    [YAO_REASON_ENERGY] = {"energy", "缺少新能源标识字母",
                           "the letter of a new-energy plate is missing"},
    [YAO_REASON_PLATE_KIND] = {"plate_kind", "号牌式样与种类不符",
                               "the plate does not fit its kind"},
    [YAO_REASON_CLASS] = {"class", "没有这种准驾车型",
                          "there is no such driving class"},
    [YAO_REASON_CLASS_TWICE] = {"class_twice", "准驾车型重复",
                                "a driving class stands there twice"},
    [YAO_REASON_CLASS_COVERED] = {"class_covered", "准驾车型已被包含",
                                  "a driving class is covered by another"},
    [YAO_REASON_REGISTRAR] = {"registrar", "登记管理部门不在表中",
                              "the registrar is not in the list"},
    [YAO_REASON_INNER_CHECK] = {"inner_check", "组织机构代码校验码不对",
                                "the organisation code in it is wrong"},
    [YAO_REASON_RELATION_SEX] = {"relation_sex", "与户主关系和性别不符",
                                 "relation and sex disagree"},
    [YAO_REASON_MARITAL] = {"marital", "配偶的婚姻状况应为已婚",
                            "a spouse should be married"},
    [YAO_REASON_NO_RECORD] = {"no_record", "没有登记",
                              "nothing is registered for it"},
    [YAO_REASON_HOUSEHOLD_HERE] = {"household_here", "户籍就在本市",
                                   "the household is in the same city"},
    [YAO_REASON_MINOR]   = {"minor", "未满18周岁",
                            "the person is not 18 years old"},
    [YAO_REASON_EXPIRED] = {"expired", "已过有效期", "it has expired"},
    [YAO_REASON_STATE]   = {"state", "状态不正常",
                            "its state does not allow it"},
    [YAO_REASON_PORTRAIT] = {"portrait", "没有可用的JPEG照片",
                             "there is no usable JPEG portrait"},
};
/* clang-format on */

const char *yao_reason_name(yao_reason reason)
{
    if ((size_t)reason >= COUNT(reasons) || reasons[reason].name == NULL)
        return "none";
    return reasons[reason].name;
}

yao_text yao_reason_text(yao_reason reason, yao_language language)
{
    const sentence *s = &reasons[YAO_REASON_NONE];

    if ((size_t)reason < COUNT(reasons) && reasons[reason].name != NULL)
        s = &reasons[reason];
    return yao_text_of(language == YAO_EN ? s->en : s->zh);
}
