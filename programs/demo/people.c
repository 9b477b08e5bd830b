/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/people.h"

#include <string.h>

#include "app/files.h"
#include "app/specimen.h"
#include "json/json.h"

enum { MEMORY = 16 * 1024 * 1024 };

extern const uint8_t yao_demo_people_text[];
extern const size_t  yao_demo_people_text_len;

/* Which member of a record entitles to which document; the first ones come
 * first into a wallet. */
static const struct {
    const char *member, *document;
} kinds[YAO_DEMO_DOCUMENTS] = {
    {"identity_card", "resident_id"},
    {"licence", "driving_licence"},
    {"vehicles", "vehicle_registration"},
    {"residence", "residence_permit"},
    {"household", "household_booklet"},
    {"health_card", "health_card"},
    {"pass", "pass"},
};

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

/* A booklet is for adults of the household. */
static yao_status is_adult(yao_arena *arena, const yao_json *person, bool *ret)
{
    yao_text text;
    yao_date birth;

    YAO_TRY(yao_json_string(yao_json_get(person, "birth_date"), arena, &text));
    YAO_TRY(yao_date_parse(yao_text_bytes(text), &birth));
    *ret = yao_date_age(birth, yao_date_of_time(yao_now())) >= 18;
    return YAO_OK;
}

static yao_status read_person(yao_arena *arena, yao_bytes line,
                              yao_demo_person *ret)
{
    const yao_json *person;
    bool            adult;

    memset(ret, 0, sizeof *ret);
    YAO_TRY(yao_json_parse(arena, line, &person));
    YAO_TRY(get(arena, person, "number", ret->number, sizeof ret->number));
    YAO_TRY(get(arena, person, "name", ret->name, sizeof ret->name));
    YAO_TRY(is_adult(arena, person, &adult));
    for (size_t i = 0; i < YAO_DEMO_DOCUMENTS; i++)
        if (yao_json_get(person, kinds[i].member) != NULL &&
            (adult || strcmp(kinds[i].member, "household") != 0))
            ret->documents[ret->document_count++] = kinds[i].document;
    return YAO_OK;
}

static yao_status read_all(yao_arena       *arena,
                           yao_demo_person ret[YAO_DEMO_PEOPLE])
{
    yao_bytes rest = {yao_demo_people_text, yao_demo_people_text_len};

    for (size_t i = 0; i < YAO_DEMO_PEOPLE; i++) {
        yao_bytes line = {rest.ptr, yao_bytes_find(rest, '\n')};

        if (line.len == rest.len)
            return YAO_E_MALFORMED;
        rest = (yao_bytes){line.ptr + line.len + 1, rest.len - line.len - 1};
        YAO_TRY(read_person(arena, line, &ret[i]));
    }
    return rest.len == 0 ? YAO_OK : YAO_E_MALFORMED;
}

yao_status yao_demo_read_people(yao_demo_person ret[YAO_DEMO_PEOPLE])
{
    yao_arena arena;

    YAO_TRY(yao_memory_open(MEMORY, &arena));
    yao_status status = read_all(&arena, ret);
    yao_memory_free(&arena);
    return status;
}

yao_status yao_demo_write_people(const char *folder,
                                 char        numbers[YAO_DEMO_PEOPLE][20])
{
    const yao_bytes text = {yao_demo_people_text, yao_demo_people_text_len};
    yao_demo_person people[YAO_DEMO_PEOPLE];
    yao_arena       arena;
    char            path[4300];

    YAO_TRY(yao_path_join(folder, "people.jsonl", path, sizeof path));
    YAO_TRY(yao_file_write(path, text, 0644, false));
    YAO_TRY(yao_demo_read_people(people));
    for (size_t i = 0; i < YAO_DEMO_PEOPLE; i++)
        memcpy(numbers[i], people[i].number, sizeof numbers[i]);
    YAO_TRY(yao_memory_open(MEMORY, &arena));
    yao_status status = yao_specimens_write(folder, text, &arena);
    yao_memory_free(&arena);
    return status;
}
