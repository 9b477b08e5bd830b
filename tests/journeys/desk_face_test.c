/* SPDX-License-Identifier: Apache-2.0 */

/** A face before the desk's camera and the portrait that was shown: a hint to
 *  the clerk by an engine that somebody set, and nothing else. */

#include "desk_shown.h"
#include "face_world.h"

static shown_session shown;
static yao_bytes     picture;

static void prepare(void **state)
{
    (void)state;
    shown_prepare("--profile hotel --profile age", "");
    static uint8_t   kept[256 * 1024];
    const face_scene scene = {.faces = 1, .side = 200};
    yao_bytes        jpeg  = face_photograph(&scene, test_arena());
    assert_true(jpeg.len > 0 && jpeg.len <= sizeof kept);
    memcpy(kept, jpeg.ptr, jpeg.len);
    picture = (yao_bytes){kept, jpeg.len};
}

/* The desk with an engine in MODE; NULL: with none. */
static bool serve(const char *mode)
{
    static const char none[] = "provider = none\n";
    static char       before[16384];
    const char       *command = mode != NULL ? face_mock(mode) : NULL;
    yao_bytes         out;

    if (mode != NULL && command == NULL)
        return false;
    if (before[0] == '\0')
        snprintf(before, sizeof before, "%s", desk_file("d/desk.ini"));
    (void)test_server_stop(&desk_server);
    const char *line = strstr(before, none);
    assert_non_null(line);
    yao_writer w = yao_writer_in(test_arena());
    yao_put_bytes(&w, (yao_bytes){(const uint8_t *)before,
                                  (size_t)(line - before)});
    yao_put_text(&w, mode != NULL ? "provider = mock\ncommand = " : none);
    yao_put_text(&w, mode != NULL ? command : "");
    yao_put_text(&w, "\n");
    yao_put_text(&w, line + sizeof none - 1);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    test_write("d/desk.ini", out);
    desk_start("");
    return true;
}

static void show(void)
{
    shown = shown_ask("{\"profile\":\"hotel\"}");
    shown_show(&shown, "--yes", 0);
}

static net_answer look(const char *id, yao_bytes body)
{
    char            path[128];
    char            bearer[128];
    const desk_call c = {.method = "POST",
                         .path   = path,
                         .type   = "image/jpeg",
                         .bearer = bearer,
                         .body   = body};

    snprintf(bearer, sizeof bearer, "%s", desk_bearer());
    snprintf(path, sizeof path, "/api/sessions/%s/face", id);
    return desk_ask(&c);
}

static const struct {
    const char *name, *mode, *says;
} rows[] = {
    {"gives a likeness", "alike", "\"face\":\"alike\""},
    {"gives another face", "unlike", "\"face\":\"other\""},
    {"never takes nobody for a likeness", "nobody",
     "\"face\":\"cannot_tell\",\"reason\":\"no_face\""},
    {"never takes a dead engine for a likeness", "die",
     "\"face\":\"cannot_tell\",\"reason\":\"no_engine\""},
    {"never takes a failing engine for a likeness", "failing",
     "\"face\":\"cannot_tell\",\"reason\":\"no_engine\""},
    {"never takes garbage for a likeness", "garbage",
     "\"face\":\"cannot_tell\",\"reason\":\"no_engine\""},
};

static void looked(void **state)
{
    size_t i = *(const size_t *)*state;

    if (!serve(rows[i].mode)) {
        skip();
        return;
    }
    show();
    net_answer before = shown_get(&shown, "");
    net_answer a      = look(shown.id, picture);
    assert_int_equal(a.status, 200);
    assert_true(desk_says(&a, rows[i].says));
    assert_false(desk_says(&a, "score"));
    /* what was judged stays what it was, to the byte */
    net_answer after = shown_get(&shown, "");
    assert_true(desk_says(&after, "\"verdict\":\"accept\""));
    assert_true(yao_bytes_equal(before.body, after.body));
}

static void refuses(void **state)
{
    (void)state;
    if (!serve("alike")) {
        skip();
        return;
    }
    show();
    net_answer a = look(shown.id, YAO_LIT("no picture"));
    assert_int_equal(a.status, 200);
    assert_true(desk_says(&a, "\"reason\":\"bad_picture\""));
    assert_int_equal(look("00112233445566778899aabbccddeeff", picture).status,
                     404);
    shown_session open = shown_ask("{\"profile\":\"hotel\"}");
    assert_int_equal(look(open.id, picture).status, 404);
    open = shown_ask("{\"profile\":\"age\",\"choice\":\"age_over_18\"}");
    shown_show(&open, "--yes", 0);
    a = look(open.id, picture); /* a small one is not compared */
    assert_true(a.status == 409 || desk_says(&a, "cannot_tell") ||
                desk_says(&a, "alike"));
}

/* The engine is a setting of its own; without one nobody compares. */
static void has_none(void **state)
{
    (void)state;
    assert_true(serve(NULL));
    show();
    net_answer a = look(shown.id, picture);
    assert_int_equal(a.status, 404);
    assert_true(desk_says(&a, "no_engine"));
    a = desk_api("GET", "/api/desk", NULL);
    assert_true(desk_says(&a, "\"face\":\"none\""));
}

/* A document that was refused says nothing that could be compared. */
static void stays_refused(void **state)
{
    char line[200];

    (void)state;
    if (!serve("alike")) {
        skip();
        return;
    }
    snprintf(line, sizeof line,
             "document revoke -C @/a --person %s --document resident_id "
             "--reason lost",
             shown_number);
    desk_must(line, 0);
    desk_must("statuslist publish -C @/a --output @/lists", 0);
    desk_must("trust publish -C @/a --output @/d/trust", 0);
    assert_true(serve("alike"));
    show();
    net_answer a = shown_get(&shown, "");
    assert_true(desk_says(&a, "\"verdict\":\"reject\""));
    a = look(shown.id, picture);
    assert_int_equal(a.status, 409);
    a = shown_get(&shown, "");
    assert_true(desk_says(&a, "\"verdict\":\"reject\""));
}

int main(void)
{
    static size_t numbers[COUNT(rows)];

    test_add("face", "accepts to begin", prepare, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        numbers[i] = i;
        test_add("face", rows[i].name, looked, &numbers[i]);
    }
    test_add("face", "refuses what is no picture, or no result", refuses, NULL);
    test_add("face", "gives nothing where no engine is set", has_none, NULL);
    test_add("face", "never makes a refused document better", stays_refused,
             NULL);

    int code = test_run("journeys/desk_face");
    (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return code;
}
