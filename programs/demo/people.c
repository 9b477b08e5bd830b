/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/people.h"

#include <string.h>

#include "app/files.h"
#include "app/specimen.h"
#include "json/json.h"

extern const uint8_t yao_demo_people_text[];
extern const size_t  yao_demo_people_text_len;

/* The member NAME of PERSON as a C string. */
static yao_status get(yao_arena *arena, const yao_json *person,
                      const char *name, char *out, size_t cap)
{
    yao_text text;

    YAO_TRY(yao_json_string(yao_json_get(person, name), arena, &text));
    if (text.len >= cap)
        return YAO_E_MALFORMED;
    memcpy(out, text.ptr, text.len);
    out[text.len] = '\0';
    return YAO_OK;
}

static yao_status prepare(yao_arena *arena, const char *folder,
                            char numbers[YAO_DEMO_PEOPLE][20])
{
    yao_bytes rest = {yao_demo_people_text, yao_demo_people_text_len};

    for (size_t i = 0; i < YAO_DEMO_PEOPLE; i++) {
        yao_bytes line = {rest.ptr, 0};

        while (line.len < rest.len && line.ptr[line.len] != '\n')
            line.len++;
        if (line.len == rest.len)
            return YAO_E_MALFORMED;
        rest = (yao_bytes){line.ptr + line.len + 1, rest.len - line.len - 1};
        const yao_json *person;
        YAO_TRY(yao_json_parse(arena, line, &person));
        YAO_TRY(get(arena, person, "number", numbers[i], 20));
    }
    if (rest.len != 0)
        return YAO_E_MALFORMED;

    return yao_specimens_write(
        folder,
        (yao_bytes){yao_demo_people_text, yao_demo_people_text_len}, arena);
}

yao_status yao_demo_write_people(const char *folder,
                                 char        numbers[YAO_DEMO_PEOPLE][20])
{
    yao_arena arena;
    char      path[4300];

    YAO_TRY(yao_path_join(folder, "people.jsonl", path, sizeof path));
    YAO_TRY(yao_file_write(path,
                           (yao_bytes){yao_demo_people_text,
                                       yao_demo_people_text_len},
                           0644, false));
    YAO_TRY(yao_memory_open(16 * 1024 * 1024, &arena));
    yao_status status = prepare(&arena, folder, numbers);
    yao_memory_free(&arena);
    return status;
}
