/* SPDX-License-Identifier: Apache-2.0 */
/* What the desk's page has to know before it can ask anybody: whose desk this
 * is, what it may ask, its codes on paper; and by what it judges when this
 * server can't be reached. */

#include "desk/face.h"
#include "desk/standing.h"

#include "app/files.h"
#include "app/pem.h"

enum { MOST_BUNDLE = 12 * 1024 * 1024, MOST_ROOT = 16 * 1024 };

/* ---- who and what ---- */

static void put_profiles(app_call *call, const desk_trust *t, yao_writer *w)
{
    const yao_catalogue *c     = &t->bundle.catalogue;
    bool                 first = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < c->profile_count; i++) {
        const yao_profile *p    = &c->profiles[i];
        bool               next = true;

        if (!desk_may_ask(call, t, p))
            continue;
        yao_json_put_next(w, &first);
        yao_put_byte(w, '{');
        yao_json_put_member(w, &next, "name", p->name);
        yao_json_put_member_int(w, &next, "days",
                                (int64_t)desk_retention_days(call, t, p));
        yao_put_byte(w, '}');
    }
    yao_put_byte(w, ']');
}

static void put_standing(const app_call *call, yao_writer *w)
{
    const desk_standings *s     = desk_of(call)->standings;
    bool                  first = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < s->count; i++) {
        bool next = true;

        yao_json_put_next(w, &first);
        yao_put_byte(w, '{');
        yao_json_put_member_hex(w, &next, "id", s->list[i].id);
        yao_json_put_member(w, &next, "profile", s->list[i].profile);
        yao_json_put_member(w, &next, "place", s->list[i].place);
        yao_json_put_member_int(w, &next, "expires", s->list[i].expires);
        yao_json_put_member(w, &next, "letters", s->letters[i]);
        yao_put_byte(w, '}');
    }
    yao_put_byte(w, ']');
}

/* The first anchor, as it was given by hand. */
static yao_status read_root(app_call *call, yao_bytes *ret)
{
    yao_bytes file, rest;
    yao_text  label;

    YAO_TRY(yao_file_read(desk_get(&desk_of(call)->config, DESK_ANCHOR),
                          MOST_ROOT, &file));
    rest              = file;
    yao_status status = yao_pem_next(&rest, call->arena, &label, ret);
    yao_file_free(&file);
    return status;
}

static yao_status tell(app_call *call, const desk_trust *t, app_reply *ret)
{
    desk      *d     = desk_of(call);
    bool       first = true;
    yao_bytes  root;
    yao_writer w;

    if (read_root(call, &root) != YAO_OK)
        return desk_refuse(call, ret, 503, "no_trust_bundle");
    w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "name", d->reader.organisation);
    yao_json_put_member(&w, &first, "code", d->reader.serial_number);
    yao_json_put_member(&w, &first, "place",
                        yao_text_of(desk_get(&d->config, DESK_PLACE)));
    yao_json_put_member(&w, &first, "wallet",
                        yao_text_of(desk_get(&d->config, DESK_WALLET)));
    yao_json_put_member_bool(&w, &first, "demo",
                             desk_yes(&d->config, DESK_DEMO));
    yao_json_put_member_base64url(&w, &first, "trust_root", root);
    yao_json_put_member_int(&w, &first, "status_hours",
                            desk_number(&d->config, DESK_STATUS_AGE));
    desk_face_tell(d, &w, &first);
    yao_json_put_name(&w, &first, "profiles");
    put_profiles(call, t, &w);
    yao_json_put_name(&w, &first, "standing");
    put_standing(call, &w);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

static yao_status get_desk(app_call *call, app_reply *ret)
{
    desk       *d      = desk_of(call);
    desk_trust *t      = desk_trust_take(&d->trust);
    yao_status  status = YAO_OK;

    if (t == NULL || !desk_trust_in_force(t, call->now))
        status = desk_refuse(call, ret, 503, "no_trust_bundle");
    else
        status = tell(call, t, ret);
    desk_trust_give(&d->trust, t);
    return status;
}

/* ---- for when this server can't be reached ---- */

static yao_status get_bundle(app_call *call, app_reply *ret)
{
    yao_bytes file, kept;

    if (yao_file_read(desk_get(&desk_of(call)->config, DESK_BUNDLE),
                      MOST_BUNDLE, &file) != YAO_OK)
        return desk_refuse(call, ret, 503, "no_trust_bundle");
    yao_status status = yao_arena_keep(call->arena, file, &kept);
    yao_file_free(&file);
    YAO_TRY(status);
    return app_reply_bytes(ret, 200, "application/cose", kept);
}

static const app_route routes[] = {
    {"GET", "/api/desk", APP_PROGRAM, get_desk, 0, 0},
    {"GET", "/api/desk/bundle", APP_PROGRAM, get_bundle, 0, 0},
};

const app_routes desk_about_table = {routes, sizeof routes / sizeof routes[0],
                                     1u << DESK_PUBLIC};
