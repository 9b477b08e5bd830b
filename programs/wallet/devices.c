/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet list --devices`: those of one person, on one list, as the
 *  authority has it; end one of them. */

#include <stdio.h>
#include <string.h>

#include "app/value.h"
#include "wallet/person.h"

static const yao_words what = WORDS_INIT("wallet list --devices", "设备列表");

static yao_text text_of(const yao_person *p, const yao_json *device,
                        const char *name)
{
    yao_text text;

    return yao_json_string(yao_json_get(device, name), &p->wallet->arena,
                           &text) == YAO_OK
               ? text
               : YAO_TEXT("");
}

static int64_t number_of(const yao_json *device, const char *name)
{
    int64_t number = 0;

    return yao_json_int(yao_json_get(device, name), &number) == YAO_OK ? number
                                                                       : 0;
}

static void print_time(int64_t time)
{
    uint8_t letters[20];

    if (time < 0 || time > YAO_TIME_MAX)
        time = 0;
    yao_time_format(time, letters);
    printf("%.20s", (const char *)letters);
}

static void print_device(const yao_person *p, const yao_json *device)
{
    yao_value_print(stdout, text_of(p, device, "id"));
    printf(yao_say(WORDS("  level %lld  ", "  等级 %lld  ")),
           (long long)number_of(device, "level"));
    yao_value_print(stdout, text_of(p, device, "state"));
    fputs(yao_say(WORDS("  since ", "  自 ")), stdout);
    print_time(number_of(device, "started"));
    if (number_of(device, "active_from") > number_of(device, "started")) {
        fputs(yao_say(WORDS("  gets documents from ", "  可领取证件自 ")),
              stdout);
        print_time(number_of(device, "active_from"));
    }
    putchar('\n');
}

static void put_device(yao_writer *w, const yao_person *p,
                       const yao_json *device)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "id", text_of(p, device, "id"));
    yao_json_put_member_int(w, &first, "level", number_of(device, "level"));
    yao_json_put_member(w, &first, "state", text_of(p, device, "state"));
    yao_json_put_member_int(w, &first, "started",
                            number_of(device, "started"));
    yao_json_put_member_int(w, &first, "active_from",
                            number_of(device, "active_from"));
    yao_put_byte(w, '}');
}

static yao_status print_json(const yao_person *p, const yao_json *list)
{
    yao_writer w     = yao_writer_in(&p->wallet->arena);
    bool       first = true;
    yao_bytes  out;

    yao_put_text(&w, "{\"devices\":[");
    for (const yao_json *d = list->first; d != NULL; d = d->next) {
        yao_json_put_next(&w, &first);
        put_device(&w, p, d);
    }
    yao_put_text(&w, "]}\n");
    YAO_TRY(yao_writer_keep(&w, &p->wallet->arena, &out));
    fwrite(out.ptr, 1, out.len, stdout);
    return YAO_OK;
}

static yao_status list(yao_person *p)
{
    const yao_json *root, *devices;

    YAO_TRY(yao_person_ask(p, "GET", "/person/devices", &root));
    devices = root != NULL ? yao_json_get(root, "devices") : NULL;
    if (devices == NULL || devices->kind != YAO_JSON_ARRAY)
        return YAO_E_MALFORMED;
    if (p->call->json)
        return print_json(p, devices);
    if (devices->count == 0)
        yao_print(WORDS("No device was enrolled.\n", "尚未登记任何设备。\n"));
    for (const yao_json *d = devices->first; d != NULL; d = d->next)
        print_device(p, d);
    return YAO_OK;
}

/* Ids are hex digits: nothing else reaches the address. */
static yao_status end(yao_person *p, const char *id)
{
    char            path[128];
    const yao_json *none;

    if (strspn(id, "0123456789abcdef") != strlen(id) || strlen(id) > 64)
        return YAO_E_NOT_FOUND;
    snprintf(path, sizeof path, "/person/devices/%s", id);
    return yao_person_ask(p, "DELETE", path, &none);
}

static yao_status act(yao_person *p)
{
    const char *id = yao_argument(p->call, "end");

    YAO_TRY(yao_person_log_in(p));
    yao_status status = id != NULL ? end(p, id) : YAO_OK;
    if (status == YAO_OK)
        status = list(p);
    yao_person_log_out(p);
    return status;
}

int yao_wallet_list_devices(const yao_invocation *call)
{
    yao_person p;
    int        code = yao_person_open(call, what, &p);

    if (code == 0) {
        yao_status status = act(&p);
        if (status != YAO_OK)
            code = yao_person_fail(&p, status);
    }
    yao_person_close(&p);
    return code;
}
