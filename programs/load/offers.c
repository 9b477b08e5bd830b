/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "load/offers.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "app/files.h"
#include "json/json.h"

enum { MAX_FILE = 64 << 20, ANSWER = 64 * 1024, SECONDS = 10 };

/* ---- people ------------------------------------------------------------- */

static yao_bytes next_line(yao_bytes *rest)
{
    size_t    len  = yao_bytes_find(*rest, '\n');
    yao_bytes line = {rest->ptr, len < rest->len ? len : rest->len};
    size_t    skip = line.len < rest->len ? line.len + 1 : line.len;

    *rest = (yao_bytes){rest->ptr + skip, rest->len - skip};
    while (line.len > 0 && line.ptr[line.len - 1] <= ' ')
        line.len--;
    return line;
}

/* What a line of a register needs while it is read is wound back. */
static yao_status read_number(yao_bytes line, yao_arena *arena, yao_text *ret)
{
    yao_bytes       number = line, kept;
    size_t          mark   = arena->used;
    const yao_json *root;
    yao_text        text;

    if (line.ptr[0] == '{') {
        YAO_TRY(yao_json_parse(arena, line, &root));
        YAO_TRY(yao_json_string(yao_json_get(root, "number"), arena, &text));
        number = yao_text_bytes(text);
    }
    if (number.len > 64)
        return YAO_E_MALFORMED;
    uint8_t letters[64];
    memcpy(letters, number.ptr, number.len);
    arena->used = mark;
    YAO_TRY(yao_arena_keep(arena, (yao_bytes){letters, number.len}, &kept));
    *ret = (yao_text){kept.ptr, kept.len};
    return YAO_OK;
}

static yao_status read_all(yao_bytes file, yao_arena *arena, load_people *ret)
{
    load_people people = {.count = 0};
    size_t      lines  = 1;

    for (size_t i = 0; i < file.len; i++)
        lines += file.ptr[i] == '\n';
    people.numbers =
        yao_arena_take_array(arena, lines, sizeof *people.numbers);
    if (people.numbers == NULL)
        return YAO_E_SPACE;
    while (file.len > 0) {
        yao_bytes line = next_line(&file);
        if (line.len > 0)
            YAO_TRY(read_number(line, arena, &people.numbers[people.count++]));
    }
    *ret = people;
    return people.count == 0 ? YAO_E_MISSING : YAO_OK;
}

yao_status load_people_read(const char *path, yao_arena *arena,
                            load_people *ret)
{
    yao_bytes file;

    YAO_TRY(yao_file_read(path, MAX_FILE, &file));
    yao_status status = read_all(file, arena, ret);
    yao_file_free(&file);
    return status;
}

/* ---- offers ------------------------------------------------------------- */

static yao_status write_request(const load_plan *plan, yao_text number,
                                yao_arena *arena, yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;
    yao_bytes  body;
    char       head[256];

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "number", number);
    yao_json_put_member(&w, &first, "grant",
                        plan->by_code ? YAO_TEXT("authorization_code")
                                      : YAO_TEXT("pre-authorized_code"));
    yao_json_put_name(&w, &first, "configurations");
    yao_put_byte(&w, '[');
    yao_json_put_string(&w, plan->configuration);
    yao_put_text(&w, "]}");
    YAO_TRY(yao_writer_keep(&w, arena, &body));
    snprintf(head, sizeof head,
             "POST /admin/offers HTTP/1.1\r\nHost: localhost\r\n"
             "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
             body.len);
    w = yao_writer_in(arena);
    yao_put_text(&w, head);
    yao_put_bytes(&w, body);
    return yao_writer_keep(&w, arena, ret);
}

/* The code in it: of whichever grant was asked for. */
static yao_status read_code(const load_plan *plan, const load_answer *answer,
                            yao_arena *arena, yao_text *ret)
{
    const yao_json *root;

    if (answer->status != 201)
        return YAO_E_REFUSED;
    YAO_TRY(yao_json_parse(arena, answer->body, &root));
    const yao_json *grants = yao_json_get(yao_json_get(root, "offer"),
                                          "grants");
    return plan->by_code
               ? yao_json_string(
                     yao_json_get(yao_json_get(grants, "authorization_code"),
                                  "issuer_state"),
                     arena, ret)
               : yao_json_string(
                     yao_json_get(yao_json_get(grants,
                                               "urn:ietf:params:oauth:grant-"
                                               "type:pre-authorized_code"),
                                  "pre-authorized_code"),
                     arena, ret);
}

static yao_status take_one(load_line *line, const load_plan *plan,
                           yao_text number, yao_arena *arena, yao_text *ret)
{
    size_t      mark = arena->used;
    yao_bytes   request, kept;
    load_answer answer;
    yao_text    code;
    uint8_t     letters[512];

    YAO_TRY(write_request(plan, number, arena, &request));
    YAO_TRY(load_line_ask(line, request, SECONDS, &answer));
    YAO_TRY(read_code(plan, &answer, arena, &code));
    if (code.len > sizeof letters)
        return YAO_E_LIMIT;
    memcpy(letters, code.ptr, code.len);
    arena->used = mark;
    YAO_TRY(yao_arena_keep(arena, (yao_bytes){letters, code.len}, &kept));
    *ret = (yao_text){kept.ptr, kept.len};
    return YAO_OK;
}

static pid_t who_listens(const load_line *line)
{
    struct ucred who = {.pid = 0};
    socklen_t    len = sizeof who;

    (void)getsockopt(line->fd, SOL_SOCKET, SO_PEERCRED, &who, &len);
    return who.pid;
}

pid_t load_who_listens(const char *path)
{
    load_place place;
    load_line  line;
    pid_t      who;

    if (load_place_socket(path, &place) != YAO_OK ||
        load_line_open(&line, &place, ANSWER) != YAO_OK)
        return 0;
    who = who_listens(&line);
    load_line_close(&line);
    return who;
}

yao_status load_offers_take(const load_counter *counter, size_t count,
                            yao_arena *arena, yao_text **ret, pid_t *server)
{
    const load_plan   *plan   = counter->plan;
    const load_people *people = counter->people;
    load_place         place;
    load_line          line;
    yao_text *codes = yao_arena_take_array(arena, count, sizeof *codes);

    if (codes == NULL)
        return YAO_E_SPACE;
    YAO_TRY(load_place_socket(counter->socket, &place));
    yao_status status = load_line_open(&line, &place, ANSWER);
    *server           = who_listens(&line);
    /* by the page comes one person only, who needs no login: the first */
    size_t people_count = plan->by_code ? 1 : people->count;
    for (size_t i = 0; i < count && status == YAO_OK; i++)
        status = take_one(&line, plan, people->numbers[i % people_count],
                          arena, &codes[i]);
    load_line_close(&line);
    if (status == YAO_OK)
        *ret = codes;
    return status;
}
