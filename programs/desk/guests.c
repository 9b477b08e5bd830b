/* SPDX-License-Identifier: Apache-2.0 */
/* The register as programs see it: each its own. */

#include "desk/guests.h"

/* Letters of a room; days that an arrival may be away; entries of an answer. */
enum { MOST_ROOM = 64, MOST_DAYS = 366, MOST_LIST = 500 };

static yao_status not_found(app_call *call, app_reply *ret)
{
    return desk_refuse(call, ret, 404, "not_found");
}

/* ---- days --------------------------------------------------------------- */

static int64_t day_of(yao_date date)
{
    return yao_time_of_date(date) / YAO_TIME_DAY;
}

static bool is_near(const app_call *call, yao_date date)
{
    int64_t away = day_of(date) - call->now / YAO_TIME_DAY;

    return away >= -MOST_DAYS && away <= MOST_DAYS;
}

/* ---- making an entry ---------------------------------------------------- */

typedef struct making {
    app_call         *call;
    const desk_trust *trust;
    desk_guest        guest;
    uint8_t           id[STORE_ID_LEN];
    yao_time          judged; /* when it was shown */
    const char       *wrong; /* the word for what is wrong with it */
    int               status;
} making;

static yao_status refuse(making *m, int status, const char *word)
{
    m->status = status;
    m->wrong  = word;
    return YAO_E_REFUSED;
}

static yao_status read_day(making *m, const yao_json *member, yao_text *letters,
                           yao_date *ret)
{
    if (yao_json_string(member, m->call->arena, letters) != YAO_OK ||
        yao_date_parse(yao_text_bytes(*letters), ret) != YAO_OK ||
        !is_near(m->call, *ret))
        return refuse(m, 400, "invalid_request");
    return YAO_OK;
}

/* It is shown to people, and stands in tables. */
static bool is_room(yao_text room)
{
    for (size_t i = 0; i < room.len; i++)
        if (room.ptr[i] < ' ' || room.ptr[i] == 0x7f)
            return false;
    return room.len > 0 && room.len <= MOST_ROOM;
}

static yao_status read_departure(making *m, const yao_json *root)
{
    yao_date        day;
    const yao_json *member = yao_json_get(root, "departure");

    if (member == NULL)
        return YAO_OK;
    YAO_TRY(read_day(m, member, &m->guest.departure, &day));
    return day_of(day) >= day_of(m->guest.arrival)
               ? YAO_OK
               : refuse(m, 400, "invalid_request");
}

static yao_status read_wish(making *m)
{
    app_call       *call = m->call;
    const yao_json *root;
    yao_text        text;

    if (app_body_json(call, &root) != YAO_OK ||
        yao_json_string(yao_json_get(root, "room"), call->arena,
                        &m->guest.room) != YAO_OK ||
        !is_room(m->guest.room))
        return refuse(m, 400, "invalid_request");
    YAO_TRY(
        read_day(m, yao_json_get(root, "arrival"), &text, &m->guest.arrival));
    YAO_TRY(read_departure(m, root));
    if (yao_json_string(yao_json_get(root, "result"), call->arena, &text) !=
            YAO_OK ||
        !desk_read_id(text, m->id))
        return refuse(m, 404, "not_found");
    m->guest.id = (yao_bytes){m->id, STORE_ID_LEN};
    return YAO_OK;
}

/* Somebody who was accepted, by a profile for guests, of this program. */
static yao_status check_result(making *m)
{
    app_call       *call = m->call;
    store_judgement j;

    yao_status status = desk_result_done(call, m->guest.id);
    if (status == YAO_OK)
        status = store_get_judgement(desk_of(call)->store, m->guest.id,
                                     call->now, call->arena, &j);
    if (status == YAO_OK && !yao_bytes_equal(j.client, desk_client_id(call)))
        status = YAO_E_NOT_FOUND;
    if (status == YAO_E_NOT_FOUND)
        return refuse(m, 404, "not_found");
    YAO_TRY(status);
    if (!yao_text_equal(j.profile, DESK_GUEST_PROFILE))
        return refuse(m, 400, "no_guest_profile");
    m->judged = j.made;
    return j.verdict == YAO_VERDICT_ACCEPT ? YAO_OK
                                           : refuse(m, 409, "not_accepted");
}

/* As long as the settings say, and never longer than the person was told, who
 * was told when it was shown (docs/formats/receipt.md, keep_until). */
static yao_status set_end(making *m)
{
    app_call          *call = m->call;
    const yao_profile *p =
        yao_profile_by_name(&m->trust->bundle.catalogue, DESK_GUEST_PROFILE);
    uint64_t days = p != NULL ? desk_retention_days(call, m->trust, p) : 0;
    uint64_t most =
        (uint64_t)desk_number(&desk_of(call)->config, DESK_GUEST_DAYS);

    yao_time told = m->judged + (yao_time)days * YAO_TIME_DAY;
    if (told <= call->now)
        return refuse(m, 403, "nothing_may_be_kept");
    m->guest.made = call->now;
    m->guest.ends = call->now + (yao_time)most * YAO_TIME_DAY;
    if (m->guest.ends > told)
        m->guest.ends = told;
    return YAO_OK;
}

static yao_status take_values(making *m)
{
    yao_bytes json;

    YAO_TRY(desk_result_get(m->call, m->guest.id, &json));
    yao_status status =
        desk_guest_take(m->call, &m->trust->bundle.catalogue, json, &m->guest);
    return status == YAO_E_MISSING ? refuse(m, 409, "not_enough") : status;
}

static yao_status keep(making *m)
{
    app_call    *call   = m->call;
    store_change change = store_change_open(call->arena);
    store_guest  row    = {.id      = m->guest.id,
                           .client  = desk_client_id(call),
                           .arrival = day_of(m->guest.arrival),
                           .made    = m->guest.made,
                           .ends    = m->guest.ends};

    YAO_TRY(desk_guest_seal(call, &m->guest, &row.sealed));
    store_put_guest(&change, &row);
    yao_status status = store_commit(desk_of(call)->store, &change);
    return status == YAO_E_EXISTS ? refuse(m, 409, "entered_already") : status;
}

static yao_status make(making *m)
{
    YAO_TRY(read_wish(m));
    YAO_TRY(check_result(m));
    YAO_TRY(set_end(m));
    YAO_TRY(take_values(m));
    return keep(m);
}

static yao_status tell(app_call *call, const desk_guest *g, int status,
                       app_reply *ret)
{
    yao_writer w = yao_writer_in(call->arena);

    desk_guest_put_json(&w, g);
    return app_reply_json(ret, call, status, &w);
}

static yao_status post_guest(app_call *call, app_reply *ret)
{
    desk  *d = desk_of(call);
    making m = {.call = call, .trust = desk_trust_take(&d->trust)};

    if (m.trust == NULL)
        return desk_refuse(call, ret, 503, "no_trust_bundle");
    yao_status status = make(&m);
    desk_trust_give(&d->trust, (desk_trust *)(uintptr_t)m.trust);
    if (status == YAO_E_REFUSED && m.wrong != NULL)
        return desk_refuse(call, ret, m.status, m.wrong);
    YAO_TRY(status);
    return tell(call, &m.guest, 201, ret);
}

/* ---- one entry ---------------------------------------------------------- */

static yao_status find(app_call *call, store_guest *row)
{
    uint8_t *id = yao_arena_take(call->arena, STORE_ID_LEN);

    if (id == NULL)
        return YAO_E_SPACE;
    if (!desk_read_id(call->parts[0], id))
        return YAO_E_NOT_FOUND;
    return store_get_guest(desk_of(call)->store, (yao_bytes){id, STORE_ID_LEN},
                           desk_client_id(call), call->now, call->arena, row);
}

static yao_status get_guest(app_call *call, app_reply *ret)
{
    store_guest row;
    desk_guest  g;

    yao_status status = find(call, &row);
    if (status == YAO_E_NOT_FOUND)
        return not_found(call, ret);
    YAO_TRY(status);
    YAO_TRY(desk_guest_open(call, &row, &g));
    return tell(call, &g, 200, ret);
}

/* When the guest left. */
static yao_status post_departure(app_call *call, app_reply *ret)
{
    store_change    change = store_change_open(call->arena);
    making          m      = {.call = call};
    const yao_json *root;
    store_guest     row;

    yao_status status = find(call, &row);
    if (status == YAO_E_NOT_FOUND)
        return not_found(call, ret);
    YAO_TRY(status);
    YAO_TRY(desk_guest_open(call, &row, &m.guest));
    m.guest.departure = (yao_text){NULL, 0};
    if (app_body_json(call, &root) != YAO_OK ||
        read_departure(&m, root) != YAO_OK || m.guest.departure.len == 0)
        return desk_refuse(call, ret, 400, "invalid_request");
    YAO_TRY(desk_guest_seal(call, &m.guest, &row.sealed));
    store_change_guest(&change, &row, call->now);
    YAO_TRY(store_commit(desk_of(call)->store, &change));
    return tell(call, &m.guest, 200, ret);
}

static yao_status drop_guest(app_call *call, app_reply *ret)
{
    store_change change = store_change_open(call->arena);
    store_guest  row;

    yao_status status = find(call, &row);
    if (status == YAO_E_NOT_FOUND)
        return not_found(call, ret);
    YAO_TRY(status);
    store_drop_guest(&change, row.id, row.client);
    YAO_TRY(store_commit(desk_of(call)->store, &change));
    return app_reply_empty(ret, 204);
}

/* ---- the list ----------------------------------------------------------- */

/* NAME of the query as a day; OTHERWISE when it is not there. */
static bool query_day(app_call *call, const char *name, int64_t otherwise,
                      int64_t *ret)
{
    yao_text text;
    yao_date date;

    *ret = otherwise;
    if (app_query_value(call, name, &text) != YAO_OK)
        return true;
    if (yao_date_parse(yao_text_bytes(text), &date) != YAO_OK)
        return false;
    *ret = day_of(date);
    return true;
}

/* Behind which entry: "YYYY-MM-DD.ID", as `next` has it. */
static bool query_after(app_call *call, store_guest_query *q,
                        uint8_t id[STORE_ID_LEN])
{
    yao_text text;
    yao_date date;

    if (app_query_value(call, "after", &text) != YAO_OK)
        return true;
    if (text.len != 11 + 2 * STORE_ID_LEN || text.ptr[10] != '.' ||
        yao_date_parse((yao_bytes){text.ptr, 10}, &date) != YAO_OK ||
        !desk_read_id((yao_text){text.ptr + 11, text.len - 11}, id))
        return false;
    q->after    = day_of(date);
    q->after_id = (yao_bytes){id, STORE_ID_LEN};
    return true;
}

static bool read_query(app_call *call, store_guest_query *q,
                       uint8_t id[STORE_ID_LEN])
{
    int64_t until;

    *q = (store_guest_query){.client   = desk_client_id(call),
                             .now      = call->now,
                             .after_id = YAO_LIT(""),
                             .most     = MOST_LIST};
    if (!query_day(call, "from", 0, &q->after) ||
        !query_day(call, "until", YAO_TIME_MAX / YAO_TIME_DAY, &until) ||
        !query_after(call, q, id))
        return false;
    q->before = until + 1;
    return true;
}

typedef struct guest_list {
    desk_guest *guests;
    size_t      count;
} guest_list;

static yao_status read_list(app_call *call, const store_guest_query *q,
                            guest_list *ret)
{
    store_guest *rows;

    YAO_TRY(store_list_guests(desk_of(call)->store, q, call->arena, &rows,
                              &ret->count));
    ret->guests =
        yao_arena_take_array(call->arena, ret->count, sizeof *ret->guests);
    if (ret->guests == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < ret->count; i++)
        YAO_TRY(desk_guest_open(call, &rows[i], &ret->guests[i]));
    return YAO_OK;
}

static yao_status write_next(app_call *call, const guest_list *list,
                             yao_text *ret)
{
    yao_writer w = yao_writer_in(call->arena);
    uint8_t    day[10];
    yao_bytes  out;

    *ret = (yao_text){NULL, 0};
    if (list->count < MOST_LIST)
        return YAO_OK;
    yao_date_format(list->guests[list->count - 1].arrival, day);
    yao_put_bytes(&w, (yao_bytes){day, sizeof day});
    yao_put_byte(&w, '.');
    yao_put_hex(&w, list->guests[list->count - 1].id);
    YAO_TRY(yao_writer_keep(&w, call->arena, &out));
    *ret = (yao_text){out.ptr, out.len};
    return YAO_OK;
}

static yao_status give_json(app_call *call, const guest_list *list,
                            app_reply *ret)
{
    bool     first = true, next = true;
    yao_text more;

    YAO_TRY(write_next(call, list, &more));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_name(&w, &first, "guests");
    yao_put_byte(&w, '[');
    for (size_t i = 0; i < list->count; i++) {
        yao_json_put_next(&w, &next);
        desk_guest_put_json(&w, &list->guests[i]);
    }
    yao_put_byte(&w, ']');
    yao_json_put_optional(&w, &first, "next", more);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

static yao_status write_csv(app_call *call, const guest_list *list,
                            yao_arena *scratch, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(call->arena);

    desk_guest_put_head(&w);
    for (size_t i = 0; i < list->count; i++) {
        scratch->used = 0;
        YAO_TRY(desk_guest_put_csv(&w, scratch, &list->guests[i]));
    }
    return yao_writer_keep(&w, call->arena, ret);
}

/* For a spreadsheet, or for who must be told. */
static yao_status give_csv(app_call *call, const guest_list *list,
                           app_reply *ret)
{
    enum { SCRATCH = 16 * 1024 };
    yao_arena scratch = {yao_arena_take(call->arena, SCRATCH), SCRATCH, 0};
    yao_text  more;
    yao_bytes out;

    if (scratch.base == NULL)
        return YAO_E_SPACE;
    YAO_TRY(write_next(call, list, &more));
    YAO_TRY(write_csv(call, list, &scratch, &out));
    YAO_TRY(app_reply_bytes(ret, 200, "text/csv; charset=utf-8", out));
    if (more.len > 0)
        YAO_TRY(app_reply_header(ret, "Next", more));
    return app_reply_header(ret, "Cache-Control", YAO_TEXT("no-store"));
}

static yao_status get_guests(app_call *call, app_reply *ret)
{
    uint8_t           id[STORE_ID_LEN];
    store_guest_query q;
    guest_list        list;
    yao_text          format = YAO_TEXT("json");

    if (app_query_value(call, "format", &format) != YAO_OK)
        format = YAO_TEXT("json");
    bool csv = yao_text_equal(format, YAO_TEXT("csv"));
    if ((!csv && !yao_text_equal(format, YAO_TEXT("json"))) ||
        !read_query(call, &q, id))
        return desk_refuse(call, ret, 400, "invalid_request");
    YAO_TRY(read_list(call, &q, &list));
    return csv ? give_csv(call, &list, ret) : give_json(call, &list, ret);
}

static const app_route routes[] = {
    {"POST", "/api/guests", APP_PROGRAM | APP_JSON, post_guest, 0, 0},
    {"GET", "/api/guests", APP_PROGRAM, get_guests, 0, 0},
    {"GET", "/api/guests/{id}", APP_PROGRAM, get_guest, 0, 0},
    {"POST", "/api/guests/{id}/departure", APP_PROGRAM | APP_JSON,
     post_departure, 0, 0},
    {"DELETE", "/api/guests/{id}", APP_PROGRAM, drop_guest, 0, 0},
};

const app_routes desk_guest_table = {routes, sizeof routes / sizeof routes[0],
                                     1u << DESK_PUBLIC};
