/* SPDX-License-Identifier: Apache-2.0 */
#include "app/way.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/files.h"
#include "json/json.h"

enum { CHUNK = 16 * 1024 };

static yao_status open_way(yao_prox_carriage kind, size_t most, size_t chunk,
                           app_way *ret)
{
    app_way  way = {.socket = -1};
    uint8_t *room;

    YAO_TRY(yao_memory_open(APP_WAY_ROOM + chunk, &way.arena));
    room = yao_arena_take(&way.arena, APP_WAY_ROOM);
    yao_status status =
        yao_prox_carrier_open(kind, most, room, APP_WAY_ROOM, &way.carrier);
    if (status != YAO_OK) {
        yao_memory_free(&way.arena);
        return status;
    }
    *ret = way;
    return YAO_OK;
}

void app_way_close(app_way *way)
{
    if (way->put == NULL)
        return;
    if (way->socket >= 0)
        close(way->socket);
    yao_memory_free(&way->arena);
    *way = (app_way){.socket = -1};
}

yao_status app_way_send(app_way *way, yao_bytes message)
{
    size_t     mark   = way->arena.used;
    yao_status status = yao_prox_carrier_send(&way->carrier, message);

    while (status == YAO_OK) {
        yao_writer w = yao_writer_in(&way->arena);
        yao_bytes  chunk;

        if (!yao_prox_carrier_next(&way->carrier, &w))
            break;
        status = yao_writer_keep(&w, &way->arena, &chunk);
        if (status == YAO_OK)
            status = way->put(way, chunk);
        way->arena.used = mark;
    }
    return status;
}

yao_status app_way_receive(app_way *way, unsigned ms, yao_bytes *ret)
{
    int64_t    until   = yao_milliseconds() + ms;
    size_t     mark    = way->arena.used;
    yao_bytes  message = {NULL, 0};
    yao_status status  = YAO_OK;

    while (status == YAO_OK && message.len == 0) {
        int64_t left = until - yao_milliseconds();

        if (way->rest.len == 0) {
            way->arena.used = mark;
            status = way->get(way, left > 0 ? (unsigned)left : 0, &way->rest);
        }
        if (status == YAO_OK)
            status = yao_prox_carrier_take(&way->carrier, &way->rest, &message);
    }
    if (status == YAO_OK)
        *ret = message;
    return status;
}

/* ---- a socket ----------------------------------------------------------- */

static yao_status put_stream(app_way *way, yao_bytes chunk)
{
    while (chunk.len > 0) {
        ssize_t sent =
            send(way->socket, chunk.ptr, chunk.len, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return YAO_E_NET;
        chunk.ptr += sent;
        chunk.len -= (size_t)sent;
    }
    return YAO_OK;
}

static yao_status get_stream(app_way *way, unsigned ms, yao_bytes *chunk)
{
    struct pollfd at   = {.fd = way->socket, .events = POLLIN};
    uint8_t      *room = yao_arena_take(&way->arena, CHUNK);

    if (room == NULL)
        return YAO_E_SPACE;
    int ready = poll(&at, 1, ms < INT_MAX ? (int)ms : INT_MAX);
    if (ready == 0 || (ready < 0 && errno == EINTR))
        return YAO_E_MISSING;
    ssize_t got = ready < 0 ? -1 : recv(way->socket, room, CHUNK, 0);
    if (got <= 0)
        return YAO_E_NET; /* the other end went */
    *chunk = (yao_bytes){room, (size_t)got};
    return YAO_OK;
}

yao_status app_way_stream(int socket, app_way *ret)
{
    YAO_TRY(open_way(YAO_PROX_CARRY_STREAM, 0, APP_WAY_ROOM + 2 * CHUNK, ret));
    ret->socket = socket;
    ret->put    = put_stream;
    ret->get    = get_stream;
    return YAO_OK;
}

yao_status app_way_connect(const char *path, app_way *ret)
{
    struct sockaddr_un at  = {.sun_family = AF_UNIX};
    size_t             len = strlen(path);

    if (len == 0 || len >= sizeof at.sun_path)
        return YAO_E_LIMIT;
    memcpy(at.sun_path, path, len + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return YAO_E_NET;
    yao_status status =
        connect(fd, (const struct sockaddr *)&at, sizeof at) == 0
            ? app_way_stream(fd, ret)
            : YAO_E_NET;
    if (status != YAO_OK)
        close(fd);
    return status;
}

/* ---- a mailbox ---------------------------------------------------------- */

enum {
    MOST_WAIT_S = 25,    /* docs/formats/provider.md section 2 */
    REPLY_MS    = 10000, /* beyond what it was asked to wait */
    MEMORY      = 256 * 1024
};

/* What a relay's answer is to us. */
static yao_status outcome_of(int status)
{
    switch (status) {
    case 200:
    case 201:
        return YAO_OK;
    case 204:
        return YAO_E_MISSING;
    case 404:
        return YAO_E_NOT_FOUND;
    case 413:
    case 429:
        return YAO_E_LIMIT;
    default:
        return YAO_E_NET;
    }
}

static yao_bytes id_of(const uint8_t id[YAO_PROX_BOX])
{
    return (yao_bytes){id, YAO_PROX_BOX};
}

static yao_status exchange(net_client *client, net_call *call,
                           yao_arena *arena, yao_writer *url,
                           net_answer *ret)
{
    yao_bytes address;

    YAO_TRY(yao_writer_keep(url, arena, &address));
    call->url = (yao_text){address.ptr, address.len};
    return net_client_fetch(client, call, arena, ret);
}

static yao_status put_mailbox(app_way *way, yao_bytes chunk)
{
    const net_header type = {YAO_TEXT("Content-Type"),
                             YAO_TEXT("application/octet-stream")};
    net_call   call = {.method       = "POST",
                       .headers      = &type,
                       .header_count = 1,
                       .body         = chunk,
                       .timeout_ms   = REPLY_MS};
    yao_writer url  = yao_writer_in(&way->arena);
    net_answer answer;

    yao_prox_put_box_post(&url, way->box.url, id_of(way->box.write));
    YAO_TRY(exchange(way->box.client, &call, &way->arena, &url, &answer));
    yao_status status = outcome_of(answer.status);
    return status == YAO_E_MISSING ? YAO_OK : status;
}

static yao_status get_mailbox(app_way *way, unsigned ms, yao_bytes *chunk)
{
    uint32_t   wait = ms / 1000 < MOST_WAIT_S ? ms / 1000 : MOST_WAIT_S;
    net_call   call = {.method     = "GET",
                       .most       = YAO_PROX_BOX_PIECE,
                       .timeout_ms = wait * 1000 + REPLY_MS};
    yao_writer url  = yao_writer_in(&way->arena);
    net_answer answer;

    yao_prox_put_box_get(&url, way->box.url, id_of(way->box.read), way->after,
                         wait);
    YAO_TRY(exchange(way->box.client, &call, &way->arena, &url, &answer));
    YAO_TRY(outcome_of(answer.status));
    if (answer.body.len == 0)
        return YAO_E_MALFORMED;
    way->after++;
    *chunk = answer.body;
    return YAO_OK;
}

yao_status app_way_mailbox(const app_mailbox *box, app_way *ret)
{
    YAO_TRY(
        open_way(YAO_PROX_CARRY_PIECES, YAO_PROX_BOX_PIECE, MEMORY, ret));
    ret->box = *box;
    ret->put = put_mailbox;
    ret->get = get_mailbox;
    return YAO_OK;
}

/* ---- boxes -------------------------------------------------------------- */

static yao_status read_id(const yao_json *root, const char *name,
                          yao_arena *arena, uint8_t out[YAO_PROX_BOX])
{
    uint8_t    bytes[YAO_PROX_BOX + 2];
    yao_writer w = yao_writer_open(bytes, sizeof bytes);
    yao_text   text;

    YAO_TRY(yao_json_string(yao_json_get(root, name), arena, &text));
    YAO_TRY(yao_get_base64url(yao_text_bytes(text), &w));
    if (w.len != YAO_PROX_BOX)
        return YAO_E_MALFORMED;
    for (size_t i = 0; i < YAO_PROX_BOX; i++)
        out[i] = bytes[i];
    return YAO_OK;
}

yao_status app_box_make(net_client *client, yao_text url, yao_arena *arena,
                        app_box *ret)
{
    net_call        call = {.method = "POST", .url = url};
    net_answer      answer;
    const yao_json *root;
    app_box         box;

    YAO_TRY(net_client_fetch(client, &call, arena, &answer));
    if (answer.status == 429)
        return YAO_E_LIMIT;
    if (answer.status != 201 ||
        yao_json_parse(arena, answer.body, &root) != YAO_OK ||
        read_id(root, "read", arena, box.read) != YAO_OK ||
        read_id(root, "write", arena, box.write) != YAO_OK)
        return YAO_E_MALFORMED;
    *ret = box;
    return YAO_OK;
}

void app_box_drop(net_client *client, yao_text url,
                  const uint8_t read[YAO_PROX_BOX], yao_arena *arena)
{
    net_call   call = {.method = "DELETE", .timeout_ms = 2000};
    yao_writer at   = yao_writer_in(arena);
    net_answer answer;

    yao_prox_put_box_post(&at, url, id_of(read));
    yao_status status = exchange(client, &call, arena, &at, &answer);
    (void)status;
}
