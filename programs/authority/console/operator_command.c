/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai operator add|list|remove. */
#include "authority/commands.h"

#include <stdio.h>

#include "app/files.h"
#include "authority/console/operator_inside.h"
#include "authority/enrol/command.h"
#include "authority/issue.h"

#define MEMORY (1024u * 1024u)

/* ---- add ---------------------------------------------------------------- */

static yao_status roles_of(const yao_invocation *call, int64_t *ret)
{
    int64_t roles = 0;

    for (size_t i = 0; yao_argument_at(call, "role", i) != NULL; i++) {
        int role = console_role(yao_text_of(yao_argument_at(call, "role", i)));
        if (role == 0)
            return YAO_E_VALUE;
        roles |= role;
    }
    *ret = roles;
    return YAO_OK;
}

/* What came of it: a code, or the case of two who have to agree. */
typedef struct added {
    yao_text         code;
    console_proposed made;
} added;

static yao_status add(const yao_invocation *call, enrol_world *w, added *ret)
{
    yao_text name = yao_text_of(yao_argument(call, "name"));
    int64_t  roles;

    YAO_TRY(roles_of(call, &roles));
    yao_status status = console_invite_first(&w->a, name, roles, yao_now(),
                                             &w->arena, &ret->code);
    if (status != YAO_E_NOT_AUTHORISED)
        return status;
    const console_proposal what = {.name = name, .roles = roles};
    return console_propose(&w->a, (yao_bytes){NULL, 0}, &what, yao_now(),
                           &w->arena, &ret->made);
}

static void tell_half(const yao_invocation *call, yao_text half)
{
    if (half.len == 0)
        return;
    if (call->json)
        printf(",\"half\":\"%.*s\"", (int)half.len, (const char *)half.ptr);
    else
        yao_print(WORDS("Hand this half of the code to the new operator; who "
                        "confirms has the other. It is shown only now:\n\n"
                        "    %.*s\n\n",
                        "请将此前半段注册码交给新操作员，后半段由同意者提供"
                        "（仅显示一次）：\n\n    %.*s\n\n"),
                  (int)half.len, (const char *)half.ptr);
}

static void tell_case(const yao_invocation *call, const console_proposed *made)
{
    char hex[2 * STORE_ID_LEN + 1];

    issue_id_text(made->id, hex);
    if (call->json)
        printf("{\"case\":\"%s\"", hex);
    tell_half(call, made->half);
    if (call->json)
        printf("}\n");
    else
        yao_print(WORDS("Case %s is open: two administrators have to agree "
                        "in the console.\n",
                        "已建立事项 %s：须由两名管理员在控制台同意。\n"),
                  hex);
}

static void tell_code(const yao_invocation *call, const enrol_world *w,
                      yao_text code)
{
    if (call->json)
        printf("{\"code\":\"%.*s\",\"seconds\":%d}\n", (int)code.len,
               (const char *)code.ptr, CONSOLE_CODE_SECONDS);
    else
        yao_print(WORDS("Open %s and register a passkey with this code within "
                        "a day; it is shown only now:\n\n    %.*s\n",
                        "请在一天内打开 %s，用此注册码登记通行密钥"
                        "（仅显示一次）：\n\n    %.*s\n"),
                  config_get(&w->a.config, SETTING_CONSOLE_URL), (int)code.len,
                  (const char *)code.ptr);
}

static int tell_add(yao_status status)
{
    yao_words why = {NULL, NULL};

    if (status == YAO_E_VALUE)
        why = WORDS("a name has 1 to 40 of a-z, 0-9, - and .; roles are clerk, "
                    "officer, supervisor, registrar, auditor, administrator",
                    "名称为 1 至 40 个 a-z、0-9、-、. 字符；角色为 clerk、officer、"
                    "supervisor、registrar、auditor、administrator");
    if (status == YAO_E_EXISTS)
        why = WORDS("somebody has that name, or had it", "该名称已被使用");
    return yao_fail(status, WORDS("operator add", "添加操作员"), NULL, why,
                    (yao_words){NULL, NULL});
}

static int run_add(const yao_invocation *call)
{
    static enrol_world w;
    added        what = {.code = {NULL, 0}};

    int code = enrol_command_begin(call, MEMORY, &w);
    if (code != 0)
        return code;
    yao_status status = add(call, &w, &what);
    if (status == YAO_OK && what.made.id.len != 0)
        tell_case(call, &what.made);
    else if (status == YAO_OK)
        tell_code(call, &w, what.code);
    enrol_command_end(&w);
    return status == YAO_OK ? 0 : tell_add(status);
}

/* ---- list --------------------------------------------------------------- */

static const char *state_word(int64_t state)
{
    switch (state) {
    case STORE_OPERATOR_INVITED:
        return "invited";
    case STORE_OPERATOR_ACTIVE:
        return "active";
    default:
        return "ended";
    }
}

static yao_status print_operator(const yao_invocation *call,
                                 const store_operator *o, bool first,
                                 yao_arena *arena)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  roles;

    console_put_roles(&w, o->roles);
    YAO_TRY(yao_writer_keep(&w, arena, &roles));
    if (call->json)
        printf("%s{\"name\":\"%.*s\",\"state\":\"%s\",\"roles\":%.*s}",
               first ? "" : ",", (int)o->name.len, (const char *)o->name.ptr,
               state_word(o->state), (int)roles.len, (const char *)roles.ptr);
    else
        yao_print(WORDS("%.*s  %s  %.*s\n", "%.*s  %s  %.*s\n"),
                  (int)o->name.len, (const char *)o->name.ptr,
                  state_word(o->state), (int)roles.len,
                  (const char *)roles.ptr);
    return YAO_OK;
}

static yao_status list(const yao_invocation *call, enrol_world *w)
{
    store_operator *all;
    size_t          count;

    YAO_TRY(store_list_operators(w->a.store, &w->arena, &all, &count));
    if (call->json)
        printf("{\"operators\":[");
    for (size_t i = 0; i < count; i++)
        YAO_TRY(print_operator(call, &all[i], i == 0, &w->arena));
    if (call->json)
        printf("]}\n");
    else if (count == 0)
        yao_print(WORDS("There is no operator.\n", "还没有操作员。\n"));
    return YAO_OK;
}

static int run_list(const yao_invocation *call)
{
    static enrol_world w;

    int code = enrol_command_begin(call, MEMORY, &w);
    if (code != 0)
        return code;
    yao_status status = list(call, &w);
    enrol_command_end(&w);
    return status == YAO_OK
               ? 0
               : yao_fail(status, WORDS("operator list", "操作员名单"), NULL,
                          (yao_words){NULL, NULL}, (yao_words){NULL, NULL});
}

/* ---- remove ------------------------------------------------------------- */

static yao_status propose_end(const char *name, enrol_world *w,
                              console_proposed *ret)
{
    store_operator *all;
    size_t          count;

    YAO_TRY(store_list_operators(w->a.store, &w->arena, &all, &count));
    for (size_t i = 0; i < count; i++) {
        const console_proposal what = {.id = all[i].id};
        if (yao_text_equal(all[i].name, yao_text_of(name)))
            return console_propose(&w->a, (yao_bytes){NULL, 0}, &what,
                                   yao_now(), &w->arena, ret);
    }
    return YAO_E_NOT_FOUND;
}

static int run_remove(const yao_invocation *call)
{
    static enrol_world w;
    console_proposed   made;

    int code = enrol_command_begin(call, MEMORY, &w);
    if (code != 0)
        return code;
    yao_status status = propose_end(call->operands[0], &w, &made);
    if (status == YAO_OK)
        tell_case(call, &made);
    enrol_command_end(&w);
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, WORDS("operator remove", "移除操作员"),
                    call->operands[0],
                    status == YAO_E_NOT_FOUND
                        ? WORDS("no such operator, or ended already",
                                "没有该操作员，或已终止")
                        : (yao_words){NULL, NULL},
                    WORDS("see `yaopai operator list`",
                          "请看 `yaopai operator list`"));
}

/* ---- tables ------------------------------------------------------------- */

static const yao_option add_options[] = {
    {"name", "NAME", YAO_OPTION_REQUIRED,
     WORDS_INIT("for the service, not of a person: clerk-7",
                "服务名称而非姓名，如 clerk-7")},
    {"role", "ROLE", YAO_OPTION_REQUIRED | YAO_OPTION_REPEATS,
     WORDS_INIT("clerk, officer, supervisor, registrar, auditor or "
                "administrator",
                "clerk、officer、supervisor、registrar、auditor 或 "
                "administrator")},
};

const yao_command yao_operator_add = {
    .noun    = "operator",
    .verb    = "add",
    .summary = WORDS_INIT("add somebody to the console", "添加控制台操作员"),
    .text    = WORDS_INIT(
        "The first two administrators get a code here, with which they "
           "register a passkey at the console. From then on this opens a case, "
           "and two administrators have to agree.",
        "前两名管理员在此获得注册码，用于在控制台登记通行密钥；"
           "此后本命令仅建立事项，须由两名管理员同意。"),
    .options      = add_options,
    .option_count = sizeof add_options / sizeof add_options[0],
    .example = "yaopai operator add --name admin-1 --role administrator",
    .json    = true,
    .run     = run_add,
};

const yao_command yao_operator_list = {
    .noun    = "operator",
    .verb    = "list",
    .summary = WORDS_INIT("list who works at the console", "列出控制台操作员"),
    .text    = WORDS_INIT("Names, roles, and whether they have a passkey.",
                          "名称、角色以及是否已登记通行密钥。"),
    .example = "yaopai operator list",
    .json    = true,
    .run     = run_list,
};

const yao_command yao_operator_remove = {
    .noun     = "operator",
    .verb     = "remove",
    .operands = "NAME",
    .least    = 1,
    .most     = 1,
    .summary  = WORDS_INIT("end an operator for good", "永久终止一名操作员"),
    .text     = WORDS_INIT(
        "Opens a case: two administrators have to agree in the console. Then "
            "the operator's sessions end at once.",
        "建立事项，须由两名管理员在控制台同意；同意后其会话立即终止。"),
    .example = "yaopai operator remove clerk-7",
    .json    = true,
    .run     = run_remove,
};
