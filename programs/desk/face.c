/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 1. One face, large enough, is in the camera's picture and in the portrait.
 * 2. Both are compared; the score is told to nobody.
 * 3. Whatever fails in between is "cannot tell", never a likeness.
 * 4. The result stays as it was: its verdict, its end, its receipt.
 */
#include "desk/face.h"

#include <stdlib.h>
#include <string.h>

#include "app/log.h"
#include "image/image.h"

/* Pixels of one picture at a time, and what libjpeg's rows are put into. */
enum { PIXELS = FACE_MAX_SIDE * FACE_MAX_SIDE * 3 + 4096 };

/* Pixels of a face in a picture of the camera; in a portrait. */
enum { CAMERA_SIDE = 80, PORTRAIT_SIDE = 40 };

static const image_limits pictures = {160, 1920, 160, 1920, DESK_FACE_BYTES};

typedef struct work {
    desk         *d;
    yao_arena     arena; /* over pixels; wound back for each picture */
    face_info     info;
    face_template camera, portrait;
    const char   *reason; /* why nobody can tell */
    uint8_t       jpeg[DESK_FACE_BYTES]; /* the portrait */
    uint8_t       pixels[PIXELS];
} work;

/* ---- the portrait that was shown ---------------------------------------- */

static bool is_portrait(yao_text name)
{
    return yao_text_equal(name, YAO_TEXT("portrait")) ||
           yao_text_equal(name, YAO_TEXT("picture"));
}

/* A data URI as SD-JWTs have it, or base64url as verdicts tell an mdoc's. */
static yao_status read_value(app_call *call, const yao_json *value, work *w,
                             yao_bytes *ret)
{
    static const char uri[] = "data:image/jpeg;base64,";
    yao_writer        out   = yao_writer_open(w->jpeg, sizeof w->jpeg);
    yao_text          text;

    YAO_TRY(yao_json_string(value, call->arena, &text));
    yao_bytes letters = yao_text_bytes(text);
    if (yao_bytes_starts(letters, yao_text_bytes(yao_text_of(uri)))) {
        letters.ptr += sizeof uri - 1;
        letters.len -= sizeof uri - 1;
        YAO_TRY(yao_get_base64(letters, &out));
    } else {
        YAO_TRY(yao_get_base64url(letters, &out));
    }
    *ret = (yao_bytes){w->jpeg, out.len};
    return YAO_OK;
}

static yao_status of_document(app_call *call, const yao_json *document, work *w,
                              yao_bytes *ret)
{
    const yao_json *list = yao_json_get(document, "attributes");
    bool            authentic = false;
    yao_text        name;

    if (yao_json_bool(yao_json_get(document, "authentic"), &authentic) !=
            YAO_OK ||
        !authentic || list == NULL)
        return YAO_E_NOT_FOUND;
    for (const yao_json *a = list->first; a != NULL; a = a->next)
        if (yao_json_string(yao_json_get(a, "name"), call->arena, &name) ==
                YAO_OK &&
            is_portrait(name))
            return read_value(call, yao_json_get(a, "value"), w, ret);
    return YAO_E_NOT_FOUND;
}

/* The first of what was shown. */
static yao_status find_portrait(app_call *call, yao_bytes result, work *w,
                                yao_bytes *ret)
{
    const yao_json *root;

    YAO_TRY(yao_json_parse(call->arena, result, &root));
    const yao_json *parts = yao_json_get(root, "presentations");
    for (const yao_json *p = parts != NULL ? parts->first : NULL; p != NULL;
         p                 = p->next) {
        const yao_json *documents = yao_json_get(p, "documents");
        for (const yao_json *d = documents != NULL ? documents->first : NULL;
             d != NULL; d      = d->next) {
            yao_status status = of_document(call, d, w, ret);
            if (status != YAO_E_NOT_FOUND)
                return status;
        }
    }
    return YAO_E_NOT_FOUND;
}

/* ---- looking ------------------------------------------------------------ */

static const char *reason_of(yao_status status)
{
    if (status == YAO_E_LIMIT)
        return "many_faces";
    return status == YAO_E_MISSING ? "no_face" : "no_engine";
}

/* NULL: T is of the one good face of JPEG. */
static const char *look(work *w, yao_bytes jpeg, uint32_t side,
                        face_template *t)
{
    image_canvas canvas;
    face_list    faces;
    unsigned     reduction;

    w->arena.used = 0;
    if (image_read_frame(jpeg, &pictures, FACE_MAX_SIDE, &w->arena, &canvas,
                         &reduction) != YAO_OK)
        return "bad_picture";
    const face_picture picture = {canvas.pixels, canvas.width, canvas.height};
    yao_status         status  = face_detect(w->d->face, &picture, &faces);
    if (status != YAO_OK)
        return reason_of(status);
    if (faces.count != 1)
        return faces.count == 0 ? "no_face" : "many_faces";
    if (faces.list[0].width * reduction < side ||
        faces.list[0].height * reduction < side)
        return "too_small";
    if (faces.list[0].confidence < FACE_ONE / 2)
        return "unsure";
    status = face_extract(w->d->face, &picture, &faces.list[0], t);
    return status == YAO_OK ? NULL : reason_of(status);
}

static desk_likeness compare(work *w, yao_bytes camera, yao_bytes portrait)
{
    int32_t score = 0;
    int32_t most  = (int32_t)desk_number(&w->d->config, DESK_FACE_THRESHOLD) *
                   (FACE_ONE / 1000);

    w->reason = "no_engine";
    if (face_get_info(w->d->face, &w->info) != YAO_OK)
        return DESK_FACE_CANNOT_TELL;
    w->reason = look(w, camera, CAMERA_SIDE, &w->camera);
    if (w->reason != NULL)
        return DESK_FACE_CANNOT_TELL;
    if (look(w, portrait, PORTRAIT_SIDE, &w->portrait) != NULL) {
        w->reason = "no_portrait";
        return DESK_FACE_CANNOT_TELL;
    }
    if (face_compare(w->d->face, &w->portrait, &w->camera, &score) != YAO_OK) {
        w->reason = "no_engine";
        return DESK_FACE_CANNOT_TELL;
    }
    return score >= most ? DESK_FACE_ALIKE : DESK_FACE_OTHER;
}

/* ---- the route ---------------------------------------------------------- */

static const char *const words[] = {[DESK_FACE_CANNOT_TELL] = "cannot_tell",
                                    [DESK_FACE_ALIKE]       = "alike",
                                    [DESK_FACE_OTHER]       = "other"};

static const char *grade_word(face_grade grade)
{
    switch (grade) {
    case FACE_GRADE_DEMO:   return "demo";
    case FACE_GRADE_VENDOR: return "vendor";
    case FACE_GRADE_TEST:   break;
    }
    return "test";
}

static yao_status tell(app_call *call, const work *w, desk_likeness found,
                       app_reply *ret)
{
    yao_writer out   = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&out, '{');
    yao_json_put_member(&out, &first, "face", yao_text_of(words[found]));
    if (w->reason != NULL)
        yao_json_put_member(&out, &first, "reason", yao_text_of(w->reason));
    if (w->info.engine[0] != '\0') {
        yao_json_put_member(&out, &first, "grade",
                            yao_text_of(grade_word(w->info.grade)));
        yao_json_put_member(&out, &first, "engine",
                            yao_text_of(w->info.engine));
    }
    yao_put_byte(&out, '}');
    return app_reply_json(ret, call, 200, &out);
}

static yao_status answer(app_call *call, work *w, yao_bytes result,
                         app_reply *ret)
{
    yao_bytes portrait = {NULL, 0};

    w->d     = desk_of(call);
    w->arena = (yao_arena){w->pixels, sizeof w->pixels, 0};
    yao_status status = find_portrait(call, result, w, &portrait);
    if (status == YAO_E_NOT_FOUND)
        return desk_refuse(call, ret, 409, "no_portrait");
    if (status != YAO_OK && status != YAO_E_SPACE)
        portrait.len = 0; /* no JPEG: nobody can tell */
    desk_likeness found = compare(w, call->http->body, portrait);
    return tell(call, w, found, ret);
}

static yao_status post_face(app_call *call, app_reply *ret)
{
    uint8_t   id[STORE_ID_LEN];
    yao_bytes result;

    if (desk_of(call)->face == NULL)
        return desk_refuse(call, ret, 404, "no_engine");
    if (!desk_read_id(call->parts[0], id))
        return desk_refuse(call, ret, 404, "not_found");
    yao_status status = desk_result_done(call, (yao_bytes){id, STORE_ID_LEN});
    if (status == YAO_OK)
        status = desk_result_get(call, (yao_bytes){id, STORE_ID_LEN}, &result);
    if (status == YAO_E_NOT_FOUND)
        return desk_refuse(call, ret, 404, "not_found");
    YAO_TRY(status);
    work *w = calloc(1, sizeof *w);
    if (w == NULL)
        return YAO_E_SPACE;
    status = answer(call, w, result, ret);
    yao_wipe(w, sizeof *w);
    free(w);
    return status;
}

static const app_route routes[] = {
    {"POST", "/api/sessions/{id}/face", APP_PROGRAM | APP_RAW, post_face, 0,
     DESK_FACE_BYTES},
};

const app_routes desk_face_table = {routes, sizeof routes / sizeof routes[0],
                                    1u << DESK_PUBLIC};

/* ---- the engine --------------------------------------------------------- */

static bool is(const desk *d, const char *provider)
{
    return strcmp(desk_get(&d->config, DESK_FACE_PROVIDER), provider) == 0;
}

static const char *given(const desk *d, desk_setting setting)
{
    const char *value = desk_get(&d->config, setting);

    return value[0] != '\0' ? value : NULL;
}

static yao_status read_model(const desk *d, face_options *o)
{
    const char *letters = given(d, DESK_FACE_MODEL);
    yao_writer  w       = yao_writer_open(o->model, sizeof o->model);

    if (letters == NULL)
        return YAO_OK;
    o->model_set = true;
    if (yao_get_hex(yao_text_bytes(yao_text_of(letters)), &w) != YAO_OK ||
        w.len != sizeof o->model)
        return YAO_E_VALUE;
    return YAO_OK;
}

yao_status desk_face_open(desk *d)
{
    face_options o = {.command = given(d, DESK_FACE_COMMAND),
                      .socket  = given(d, DESK_FACE_SOCKET),
                      .demo    = desk_yes(&d->config, DESK_DEMO),
                      .call_ms = 10000};
    face_info    info;

    if (is(d, "none"))
        return YAO_OK;
    if (!is(d, "human") && !is(d, "vendor") && !is(d, "mock"))
        return YAO_E_VALUE;
    if (is(d, "mock") && !o.demo)
        return YAO_E_REFUSED;
    YAO_TRY(read_model(d, &o));
    if (face_open(&o, &d->face) != YAO_OK)
        return YAO_E_VALUE;
    /* one that is not there yet is asked later */
    yao_status status = face_get_info(d->face, &info);
    if (status == YAO_OK)
        d->face_grade = (int)info.grade;
    return status == YAO_E_NET || status == YAO_E_LOCKED ? YAO_OK : status;
}

void desk_face_tell(const desk *d, yao_writer *w, bool *first)
{
    const char *word = "none";

    if (d->face != NULL)
        word = d->face_grade != 0 ? grade_word((face_grade)d->face_grade)
                                  : "away";
    yao_json_put_member(w, first, "face", yao_text_of(word));
}
