/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai kiosk add|list|remove, yaopai device list|remove. */
#include "authority/commands.h"

#include "authority/enrol/command.h"
#include "authority/enrol/kiosk.h"
#include "authority/enrol/level.h"
#include "authority/issue.h"

#include "app/files.h"

#define MEMORY (1024u * 1024u)

/* The highest level: who runs the command is the authority. */
#define ANY_LEVEL 4

/* ---- one command's world ---- */

int enrol_command_begin(const yao_invocation *call, size_t memory,
                        enrol_world *w)
{
    int code = authority_begin(call, &w->a);

    if (code != 0)
        return code;
    w->arena = (yao_arena){NULL, 0, 0};
    if (yao_memory_open(memory, &w->arena) != YAO_OK) {
        authority_close(&w->a);
        return yao_fail_memory();
    }
    w->e = (enrol){.a         = &w->a,
                   .catalogue = yao_catalogue_shipped(),
                   .arena     = &w->arena,
                   .now       = yao_now(),
                   .demo      = config_yes(&w->a.config, SETTING_DEMO)};
    return 0;
}

void enrol_command_end(enrol_world *w)
{
    yao_memory_free(&w->arena);
    authority_close(&w->a);
}

/* ---- kiosk add ---- */

static void tell_added(const yao_invocation *call, yao_bytes id,
                       const char code[12])
{
    char hex[2 * STORE_ID_LEN + 1];

    issue_id_text(id, hex);
    if (call->json) {
        printf("{\"kiosk\":\"%s\",\"code\":\"%.12s\",\"seconds\":%d}\n", hex,
               code, ENROL_PAIRING_SECONDS);
        return;
    }
    yao_print(WORDS("Kiosk %s waits for its page.\n"
                    "Type this code there within ten minutes; it is shown "
                    "only now:\n\n    %.4s-%.4s-%.4s\n",
                    "终端 %s 等待配对。\n"
                    "请在十分钟内于终端页面输入此配对码（仅显示一次）：\n\n"
                    "    %.4s-%.4s-%.4s\n"),
              hex, code, code + 4, code + 8);
}

static int run_add(const yao_invocation *call)
{
    static enrol_world w;
    char         pairing[12];
    yao_bytes    id;

    int code = enrol_command_begin(call, MEMORY, &w);
    if (code != 0)
        return code;
    yao_status status = enrol_add_kiosk(
        &w.e, yao_text_of(yao_argument(call, "name")), &id, pairing);
    if (status == YAO_OK)
        tell_added(call, id, pairing);
    yao_wipe(pairing, sizeof pairing);
    enrol_command_end(&w);
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, WORDS("kiosk add", "添加终端"), NULL,
                    status == YAO_E_VALUE
                        ? WORDS("the name is empty, too long, or has letters "
                                "that can't be printed",
                                "名称为空、过长或含不可打印字符")
                        : (yao_words){NULL, NULL},
                    (yao_words){NULL, NULL});
}

/* ---- kiosk list ---- */

static const char *state_word(int64_t state)
{
    switch (state) {
    case STORE_KIOSK_WAITING:
        return "waiting";
    case STORE_KIOSK_PAIRED:
        return "paired";
    default:
        return "removed";
    }
}

static void print_kiosk(const store_kiosk *k)
{
    char hex[2 * STORE_ID_LEN + 1];

    issue_id_text(k->id, hex);
    yao_print(WORDS("%s  %s  %.*s\n", "%s  %s  %.*s\n"), hex,
              state_word(k->state), (int)k->name.len,
              (const char *)k->name.ptr);
}

static yao_status print_kiosks_json(const store_kiosk *list, size_t count,
                                    yao_arena *arena)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;
    yao_bytes  out;

    yao_put_text(&w, "{\"kiosks\":[");
    for (size_t i = 0; i < count; i++) {
        bool inner = true;
        yao_json_put_next(&w, &first);
        yao_put_byte(&w, '{');
        yao_json_put_member_hex(&w, &inner, "kiosk", list[i].id);
        yao_json_put_member(&w, &inner, "state",
                            yao_text_of(state_word(list[i].state)));
        yao_json_put_member(&w, &inner, "name", list[i].name);
        yao_put_byte(&w, '}');
    }
    yao_put_text(&w, "]}\n");
    YAO_TRY(yao_writer_keep(&w, arena, &out));
    fwrite(out.ptr, 1, out.len, stdout);
    return YAO_OK;
}

static yao_status list_kiosks(const yao_invocation *call, enrol_world *w)
{
    store_kiosk *list;
    size_t       count;

    YAO_TRY(store_list_kiosks(w->a.store, &w->arena, &list, &count));
    if (call->json)
        return print_kiosks_json(list, count, &w->arena);
    for (size_t i = 0; i < count; i++)
        print_kiosk(&list[i]);
    if (count == 0)
        yao_print(WORDS("There is no kiosk.\n", "还没有终端。\n"));
    return YAO_OK;
}

static int run_list(const yao_invocation *call)
{
    static enrol_world w;

    int code = enrol_command_begin(call, MEMORY, &w);
    if (code != 0)
        return code;
    yao_status status = list_kiosks(call, &w);
    enrol_command_end(&w);
    return status == YAO_OK
               ? 0
               : yao_fail(status, WORDS("kiosk list", "终端名单"), NULL,
                          (yao_words){NULL, NULL}, (yao_words){NULL, NULL});
}

/* ---- kiosk remove ---- */

static int run_remove(const yao_invocation *call)
{
    static enrol_world w;
    uint8_t      id[STORE_ID_LEN];

    int code = enrol_command_begin(call, MEMORY, &w);
    if (code != 0)
        return code;
    yao_status status =
        authority_read_id(yao_text_of(call->operands[0]), id, sizeof id);
    if (status == YAO_OK)
        status = enrol_remove_kiosk(&w.e, (yao_bytes){id, sizeof id});
    enrol_command_end(&w);
    if (status != YAO_OK)
        return yao_fail(status, WORDS("kiosk remove", "移除终端"),
                        call->operands[0],
                        status == YAO_E_NOT_FOUND
                            ? WORDS("no such kiosk, or it is removed already",
                                    "没有该终端，或已移除")
                            : (yao_words){NULL, NULL},
                        WORDS("see `yaopai kiosk list`",
                              "请看 `yaopai kiosk list`"));
    if (call->json)
        printf("{\"state\":\"removed\"}\n");
    else
        yao_print(WORDS("The kiosk is removed; its next request is refused.\n",
                        "终端已移除，其后续请求一律拒绝。\n"));
    return 0;
}

/* ---- devices ---- */

/* A read of a person's record is an event, also this one. */
static yao_status find_holder(enrol_world *w, const char *number,
                              uint8_t holder[STORE_HASH_LEN])
{
    people_person person;
    store_change  change = store_change_open(&w->arena);

    YAO_TRY(people_find(&w->a, yao_text_of(number), &w->arena, &person));
    for (size_t i = 0; i < STORE_HASH_LEN; i++)
        holder[i] = person.holder[i];
    people_close(&person);
    YAO_TRY(authority_put_event(&change, &w->arena, "person.devices",
                                (yao_bytes){holder, STORE_HASH_LEN},
                                YAO_TEXT("{}")));
    return store_commit(w->a.store, &change);
}

static void print_device(const yao_invocation *call, const store_enrolment *d,
                         bool first)
{
    char hex[2 * STORE_ID_LEN + 1];
    char day[11] = "";

    issue_id_text(d->id, hex);
    yao_date_format(yao_date_of_time(d->started), (uint8_t *)day);
    if (call->json)
        printf("%s{\"device\":\"%s\",\"level\":%d,\"state\":\"%s\","
               "\"started\":\"%s\"}",
               first ? "" : ",", hex, (int)d->level, enrol_state_word(d->state),
               day);
    else
        yao_print(WORDS("%s  level %d (%s)  %s  since %s\n",
                        "%s  等级 %d（%s）  %s  自 %s\n"),
                  hex, (int)d->level, enrol_level_word(d->level),
                  enrol_state_word(d->state), day);
}

static yao_status list_devices(const yao_invocation *call, enrol_world *w)
{
    store_enrolment *list;
    size_t           count;
    uint8_t          holder[STORE_HASH_LEN];

    YAO_TRY(find_holder(w, yao_argument(call, "person"), holder));
    YAO_TRY(store_list_enrolments(w->a.store,
                                  (yao_bytes){holder, sizeof holder},
                                  &w->arena, &list, &count));
    if (call->json)
        printf("{\"devices\":[");
    for (size_t i = 0; i < count; i++)
        print_device(call, &list[i], i == 0);
    if (call->json)
        printf("]}\n");
    else if (count == 0)
        yao_print(WORDS("No device is enrolled.\n", "没有已登记的设备。\n"));
    return YAO_OK;
}

static int tell_person(yao_status status, yao_words what)
{
    return yao_fail(
        status, what, NULL,
        status == YAO_E_NOT_FOUND
            ? WORDS("there is no such person or device here",
                    "没有该人员或设备")
            : (yao_words){NULL, NULL},
        WORDS("see `yaopai device list --person NUMBER`",
              "请看 `yaopai device list --person 号码`"));
}

static int run_devices(const yao_invocation *call)
{
    static enrol_world w;

    int code = enrol_command_begin(call, MEMORY, &w);
    if (code != 0)
        return code;
    yao_status status = list_devices(call, &w);
    enrol_command_end(&w);
    return status == YAO_OK
               ? 0
               : tell_person(status, WORDS("device list", "设备名单"));
}

static yao_status remove_device(const yao_invocation *call, enrol_world *w)
{
    uint8_t holder[STORE_HASH_LEN], id[STORE_ID_LEN];
    size_t  ended;

    YAO_TRY(find_holder(w, yao_argument(call, "person"), holder));
    YAO_TRY(authority_read_id(yao_text_of(call->operands[0]), id, sizeof id));
    YAO_TRY(enrol_end_device(&w->e, (yao_bytes){id, sizeof id},
                             (yao_bytes){holder, sizeof holder}, ANY_LEVEL));
    return enrol_revoke_ended(&w->e, &ended);
}

static int run_end(const yao_invocation *call)
{
    static enrol_world w;

    int code = enrol_command_begin(call, MEMORY, &w);
    if (code != 0)
        return code;
    yao_status status = remove_device(call, &w);
    enrol_command_end(&w);
    if (status != YAO_OK)
        return tell_person(status, WORDS("device remove", "移除设备"));
    if (call->json)
        printf("{\"state\":\"ended\"}\n");
    else
        yao_print(WORDS("The device is ended and its documents are revoked; "
                        "publish the lists: `yaopai statuslist publish`.\n",
                        "设备已停用，其证件已吊销；请发布状态列表："
                        "`yaopai statuslist publish`。\n"));
    return 0;
}

/* ---- tables ---- */

static const yao_option add_options[] = {
    {"name", "NAME", YAO_OPTION_REQUIRED,
     WORDS_INIT("where it stands, at most 80 letters",
                "所在地点，最多 80 字节")},
};

const yao_command yao_kiosk_add = {
    .noun    = "kiosk",
    .verb    = "add",
    .summary = WORDS_INIT("add a kiosk and show its pairing code once",
                          "添加终端，显示一次性配对码"),
    .text    = WORDS_INIT(
        "The kiosk's page makes a key that cannot leave its browser and pairs "
           "with this code within ten minutes. Its requests are signed from then "
           "on.",
        "终端页面生成不可导出的密钥，十分钟内凭此码配对，此后请求均签名。"),
    .options      = add_options,
    .option_count = sizeof add_options / sizeof add_options[0],
    .example      = "  yaopai kiosk add --name 一号大厅",
    .json         = true,
    .run          = run_add,
};

const yao_command yao_kiosk_list = {
    .noun    = "kiosk",
    .verb    = "list",
    .summary = WORDS_INIT("list kiosks", "列出终端"),
    .json    = true,
    .run     = run_list,
};

const yao_command yao_kiosk_remove = {
    .noun     = "kiosk",
    .verb     = "remove",
    .summary  = WORDS_INIT("end a kiosk: its next request is refused",
                           "移除终端，其请求立即拒绝"),
    .operands = "KIOSK",
    .least    = 1,
    .most     = 1,
    .json     = true,
    .run      = run_remove,
};

static const yao_option person_options[] = {
    {"person", "NUMBER", YAO_OPTION_REQUIRED,
     WORDS_INIT("whose devices", "本人号码")},
};

const yao_command yao_device_list = {
    .noun         = "device",
    .verb         = "list",
    .summary      = WORDS_INIT("list the devices that a person enrolled",
                               "列出某人登记的设备"),
    .options      = person_options,
    .option_count = 1,
    .json         = true,
    .run          = run_devices,
};

const yao_command yao_device_remove = {
    .noun         = "device",
    .verb         = "remove",
    .summary      = WORDS_INIT("end a device and revoke its documents",
                               "停用设备并吊销其证件"),
    .operands     = "DEVICE",
    .least        = 1,
    .most         = 1,
    .options      = person_options,
    .option_count = 1,
    .json         = true,
    .run          = run_end,
};
