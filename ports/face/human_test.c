/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine of demonstration grade, where ./quickstart --face installed it;
 * shown a picture that came with its package, and our own drawings.
 */
#include "check.h"

#include <stdio.h>
#include <unistd.h>

#include "face/face.h"
#include "image/image.h"

enum { ROOM = 16 * 1024 * 1024 };

static char     folder[512];
static uint8_t *memory;

static bool have_engine(void)
{
    const char *given = getenv("YAOPAI_FACE_HUMAN");
    const char *build = getenv("YAOPAI_BUILD");
    char        path[600];

    if (given != NULL)
        snprintf(folder, sizeof folder, "%s", given);
    else
        snprintf(folder, sizeof folder, "%s/face-human",
                 build != NULL ? build : "build");
    snprintf(path, sizeof path, "%s/engine.cjs", folder);
    return strchr(path, ' ') == NULL && path[0] == '/' &&
           access(path, R_OK) == 0 && access("/usr/bin/env", X_OK) == 0;
}

/* Node, wherever it is: the engine's child may start nothing itself. */
static const char *node(void)
{
    static const char *const places[] = {"/usr/bin/node", "/usr/local/bin/node",
                                         "/usr/bin/nodejs"};
    const char *given = getenv("YAOPAI_NODE");

    if (given != NULL)
        return given;
    for (size_t i = 0; i < COUNT(places); i++)
        if (access(places[i], X_OK) == 0)
            return places[i];
    return NULL;
}

static face_engine *open_engine(void)
{
    static char  command[1024];
    face_engine *e;

    if (!have_engine() || node() == NULL) {
        print_message("# the engine is not here: ./quickstart --face\n");
        skip();
    }
    snprintf(command, sizeof command, "%s %s/engine.cjs", node(), folder);
    assert_status(face_open(&(face_options){.command = command,
                                            .start_ms = 60000,
                                            .call_ms  = 30000},
                            &e),
                  YAO_OK);
    return e;
}

static yao_arena room(void)
{
    if (memory == NULL)
        memory = malloc(ROOM);
    assert_non_null(memory);
    return (yao_arena){memory, ROOM, 0};
}

/* The left upper corner of a picture of the package's own, in which two people
 * are seen, one of them turned to the right of the picture: nobody's picture
 * is in this repository. */
static bool sample(yao_arena *arena, face_picture *ret)
{
    static const image_limits limits = {640, 4096, 360, 4096, 4u << 20};
    char         path[700];
    image_canvas c, part;
    unsigned     reduction;

    snprintf(path, sizeof path, "%s/samples/samples.jpg", folder);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    uint8_t *bytes = malloc(4u << 20);
    size_t   len   = bytes != NULL ? fread(bytes, 1, 4u << 20, file) : 0;
    fclose(file);
    yao_status status = image_read_frame((yao_bytes){bytes, len}, &limits, 4096,
                                         arena, &c, &reduction);
    free(bytes);
    if (status != YAO_OK ||
        image_canvas_open(arena, 540, 300, &part) != YAO_OK)
        return false;
    for (size_t y = 0; y < part.height; y++)
        memcpy(part.pixels + y * part.width * 3, c.pixels + y * c.width * 3,
               part.width * 3);
    *ret = (face_picture){part.pixels, part.width, part.height};
    return true;
}

static face_picture turned_over(const face_picture *p, yao_arena *arena)
{
    image_canvas c;

    assert_status(image_canvas_open(arena, p->width, p->height, &c), YAO_OK);
    for (size_t y = 0; y < p->height; y++)
        for (size_t x = 0; x < p->width; x++)
            memcpy(c.pixels + (y * p->width + x) * 3,
                   p->pixels + (y * p->width + p->width - 1 - x) * 3, 3);
    return (face_picture){c.pixels, c.width, c.height};
}

static void tells_who_it_is(void **state)
{
    face_engine *e = open_engine();
    face_info    info;
    (void)state;

    assert_status(face_get_info(e, &info), YAO_OK);
    assert_int_equal(info.grade, FACE_GRADE_DEMO);
    assert_int_equal(info.metric, FACE_METRIC_COSINE);
    assert_int_equal(info.dims, 1024);
    face_close(e);
}

static face_list detect(face_engine *e, const face_picture *p)
{
    face_list found;

    assert_status(face_detect(e, p, &found), YAO_OK);
    return found;
}

/* The one of FOUND whose middle is where that of FACE is, turned over. */
static const face_found *twin(const face_list *found, const face_found *face,
                              uint32_t width)
{
    uint32_t x = width - face->left - face->width / 2;

    for (size_t i = 0; i < found->count; i++) {
        const face_found *f = &found->list[i];
        if (x > f->left && x < f->left + f->width &&
            face->top + face->height / 2 > f->top &&
            face->top + face->height / 2 < f->top + f->height)
            return f;
    }
    return NULL;
}

static void sees(void **state)
{
    face_engine *e     = open_engine();
    yao_arena    arena = room();
    face_picture p;
    unsigned     right = 0;
    (void)state;

    if (!sample(&arena, &p)) {
        face_close(e);
        skip();
    }
    face_picture mirrored = turned_over(&p, &arena);
    face_list    faces = detect(e, &p), others = detect(e, &mirrored);
    for (size_t i = 0; i < faces.count; i++) {
        const face_found *f = &faces.list[i];
        const face_found *t = twin(&others, f, p.width);
        print_message("# face at %u,%u of %ux%u yaw %d pitch %d roll %d, "
                      "turned over %d\n",
                      f->left, f->top, f->width, f->height, f->yaw, f->pitch,
                      f->roll, t != NULL ? t->yaw : 9999);
        right += f->yaw > 150 && t != NULL && t->yaw < -150;
    }
    assert_true(right > 0);
    face_close(e);
}

static void recognises(void **state)
{
    static face_template a[FACE_MAX_FACES], b;
    face_engine         *e     = open_engine();
    yao_arena            arena = room();
    face_picture         p;
    int32_t              score, worst = FACE_ONE, best = -FACE_ONE;
    (void)state;

    if (!sample(&arena, &p)) {
        face_close(e);
        skip();
    }
    face_picture mirrored = turned_over(&p, &arena);
    face_list    faces = detect(e, &p), others = detect(e, &mirrored);
    for (size_t i = 0; i < faces.count; i++)
        assert_status(face_extract(e, &p, &faces.list[i], &a[i]), YAO_OK);
    for (size_t i = 0; i < faces.count; i++) {
        const face_found *t = twin(&others, &faces.list[i], p.width);
        if (t == NULL)
            continue;
        assert_status(face_extract(e, &mirrored, t, &b), YAO_OK);
        assert_status(face_compare(e, &a[i], &b, &score), YAO_OK);
        worst = score < worst ? score : worst;
    }
    for (size_t i = 0; i < faces.count; i++)
        for (size_t j = 0; j < i; j++) {
            assert_status(face_compare(e, &a[i], &a[j], &score), YAO_OK);
            best = score > best ? score : best;
        }
    print_message("# same person, turned over: %d at least; others: %d at "
                  "most\n", worst, best);
    assert_true(worst > best);
    face_close(e);
}

/* A drawing can be taken for nobody: whatever it sees, it says so in shape. */
static void looks_at_a_drawing(void **state)
{
    face_engine *e     = open_engine();
    yao_arena    arena = room();
    yao_writer   w;
    yao_bytes    jpeg;
    image_canvas c;
    (void)state;

    uint8_t *buffer = yao_arena_take(&arena, 65536);
    w               = yao_writer_open(buffer, 65536);
    assert_status(image_draw_specimen(3, false, false, &arena, &w), YAO_OK);
    assert_status(yao_writer_close(&w, &jpeg), YAO_OK);
    assert_status(image_read_jpeg(jpeg, &arena, &c), YAO_OK);
    face_picture p     = {c.pixels, c.width, c.height};
    face_list    found = detect(e, &p);
    print_message("# faces in a drawing: %zu\n", found.count);
    face_close(e);
}

int main(void)
{
    test_add("human", "gives that it is of demonstration grade",
             tells_who_it_is, NULL);
    test_add("human", "gives the faces of a photograph", sees, NULL);
    test_add("human", "gives people higher scores with themselves", recognises,
             NULL);
    test_add("human", "accepts a drawing", looks_at_a_drawing, NULL);
    return test_run("face/human");
}
