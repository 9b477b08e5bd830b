/* SPDX-License-Identifier: Apache-2.0 */
/* Engines that do as they should, and all the others. */
#include "face_world.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "face/compare.h"

/* One of each: the engine is started for each row. */
typedef struct row {
    const char *name, *mode;
    yao_status  info, detect, extract;
    size_t      faces;
} row;

static const row rows[] = {
    {"gives the one face of a picture", "normal", YAO_OK, YAO_OK, YAO_OK, 1},
    {"refuses an engine that dies over a picture", "die", YAO_OK, YAO_E_NET,
     YAO_E_NET, 0},
    {"refuses an engine that never answers", "hang", YAO_OK, YAO_E_NET,
     YAO_E_NET, 0},
    {"refuses what is no CBOR", "garbage", YAO_OK, YAO_E_MALFORMED, YAO_E_NET,
     0},
    {"refuses a frame above the limit", "long", YAO_OK, YAO_E_MALFORMED,
     YAO_E_NET, 0},
    {"refuses an empty frame", "empty", YAO_OK, YAO_E_MALFORMED, YAO_E_NET, 0},
    {"refuses the answer to another request", "number", YAO_OK, YAO_E_MALFORMED,
     YAO_E_NET, 0},
    {"refuses more faces than one has room for", "many", YAO_OK, YAO_E_LIMIT,
     YAO_OK, 0},
    {"refuses a face outside of the picture", "outside", YAO_OK,
     YAO_E_MALFORMED, YAO_E_NET, 0},
    {"refuses N253: a number that is not a number", "float", YAO_OK,
     YAO_E_MALFORMED, YAO_E_NET, 0},
    {"refuses N253: a vector of nothing", "zero", YAO_OK, YAO_OK,
     YAO_E_MALFORMED, 1},
    {"refuses a vector of another length", "short", YAO_OK, YAO_OK,
     YAO_E_MALFORMED, 1},
    {"gives the failure of an engine", "failing", YAO_OK, YAO_E_CRYPTO,
     YAO_E_CRYPTO, 0},
    {"gives that an engine sees no face to recognise", "blind", YAO_OK, YAO_OK,
     YAO_E_MISSING, 1},
    {"refuses an engine that is not there", "nowhere", YAO_E_NET, YAO_E_NET,
     YAO_E_NET, 0},
    {"refuses an engine for tests where this is no demonstration", "grown",
     YAO_E_REFUSED, YAO_E_NET, YAO_E_NET, 0},
    {"refuses N253: a model that is not the one that was set", "model",
     YAO_E_MISMATCH, YAO_E_NET, YAO_E_NET, 0},
    {"accepts another grade outside of a demonstration", "plain", YAO_OK,
     YAO_OK, YAO_OK, 1},
};

/* No case may depend on how fast this machine is: what comes is waited for, and
 * a second start is either not in sight or not far. */
enum { LONG_MS = 60000, SOON_MS = 1 };

static face_engine *open_engine_again(const char *mode, unsigned again_ms)
{
    face_options o = {.command  = face_mock(mode),
                      .demo     = true,
                      .start_ms = LONG_MS,
                      .call_ms  = LONG_MS,
                      .again_ms = again_ms};
    face_engine *e;

    if (o.command == NULL)
        skip();
    if (strcmp(mode, "nowhere") == 0)
        o.command = "/nowhere/engine";
    if (strcmp(mode, "grown") == 0 || strcmp(mode, "plain") == 0)
        o.demo = false;
    if (strcmp(mode, "grown") == 0)
        o.command = face_mock("normal");
    if (strcmp(mode, "model") == 0) {
        o.command   = face_mock("normal");
        o.model_set = true;
    }
    if (strcmp(mode, "hang") == 0)
        o.call_ms = 400;
    assert_status(face_open(&o, &e), YAO_OK);
    return e;
}

static face_engine *open_engine(const char *mode)
{
    return open_engine_again(mode, LONG_MS);
}

static face_picture picture_of(const face_scene *s)
{
    image_canvas c = face_draw(s, test_arena());

    assert_non_null(c.pixels);
    return (face_picture){c.pixels, c.width, c.height};
}

static const face_scene anna = {.faces = 1, .yaw = 20, .side = 200,
                                .whose = 40};

static void behaves(void **state)
{
    const row    *r     = *state;
    face_engine  *e     = open_engine(r->mode);
    face_picture  p     = picture_of(&anna);
    face_found    where = {.left = 8, .top = 8, .width = 64, .height = 64};
    face_list     faces = {.count = 0};
    face_info     info;
    face_template t = {.dims = 0};

    assert_status(face_get_info(e, &info), r->info);
    assert_status(face_detect(e, &p, &faces), r->detect);
    assert_int_equal(faces.count, r->faces);
    assert_status(face_extract(e, &p, &where, &t), r->extract);
    assert_int_equal(t.dims, r->extract == YAO_OK ? 8 : 0);
    face_close(e);
}

static void sees(void **state)
{
    face_engine *e = open_engine("normal");
    face_picture p = picture_of(&anna);
    face_list    faces;
    (void)state;

    assert_status(face_detect(e, &p, &faces), YAO_OK);
    assert_int_equal(faces.count, 1);
    assert_int_equal(faces.list[0].yaw, 200);
    assert_true(faces.list[0].width >= 195 && faces.list[0].width <= 205);
    face_close(e);
}

/* A file, a process, a socket, a file of ours: nothing of it. */
static void is_jailed(void **state)
{
    face_engine *e = open_engine("spy");
    face_picture p = picture_of(&anna);
    face_list    faces;
    (void)state;

    assert_status(face_detect(e, &p, &faces), YAO_OK);
    assert_int_equal(faces.count, 0);
    face_close(e);
}

static void nap(void)
{
    const struct timespec little = {0, 10 * 1000 * 1000};

    (void)nanosleep(&little, NULL);
}

static void starts_again(void **state)
{
    face_engine *e = open_engine("die");
    face_picture p = picture_of(&anna);
    face_list    faces;
    face_info    info;
    yao_status   status = YAO_E_NET;
    (void)state;

    assert_status(face_detect(e, &p, &faces), YAO_E_NET);
    assert_status(face_get_info(e, &info), YAO_E_NET); /* not at once */
    face_close(e);

    e = open_engine_again("die", SOON_MS);
    assert_status(face_detect(e, &p, &faces), YAO_E_NET);
    for (int i = 0; i < LONG_MS / 10 && status == YAO_E_NET; i++) {
        nap();
        status = face_get_info(e, &info);
    }
    assert_status(status, YAO_OK);
    face_close(e);
}

static void stays_itself(void **state)
{
    face_engine *e = open_engine_again("changing", SOON_MS);
    face_info    info;
    face_picture p = picture_of(&anna);
    face_picture wrong = {p.pixels, FACE_MAX_SIDE + 1, 16};
    face_list    faces;
    yao_status   status = YAO_E_NET;
    (void)state;

    assert_status(face_get_info(e, &info), YAO_OK);
    assert_status(face_detect(e, &wrong, &faces), YAO_E_USAGE);
    for (int i = 0; i < LONG_MS / 10 && status == YAO_E_NET; i++) {
        nap(); /* the first of them is about to end */
        status = face_detect(e, &p, &faces);
    }
    assert_status(status, YAO_E_MISMATCH);
    face_close(e);
}

static void unasked(void **state)
{
    face_engine *e = open_engine("chatty");
    face_info    info;
    face_picture p = picture_of(&anna);
    face_list    faces;
    (void)state;

    assert_status(face_get_info(e, &info), YAO_OK);
    assert_status(face_detect(e, &p, &faces), YAO_E_NET);
    face_close(e);
}

/* ---- comparing ---------------------------------------------------------- */

static void extract(face_engine *e, unsigned whose, face_template *ret)
{
    face_scene   s = anna;
    face_found   f = {.left = 8, .top = 8, .width = 64, .height = 64};
    face_picture p;

    s.whose = whose;
    p       = picture_of(&s);
    assert_status(face_extract(e, &p, &f, ret), YAO_OK);
}

static void compares(void **state)
{
    static face_template a, b, c;
    face_engine         *e = open_engine("normal");
    int32_t              score;
    (void)state;

    extract(e, 40, &a);
    extract(e, 40, &b);
    extract(e, 130, &c);
    assert_status(face_compare(e, &a, &b, &score), YAO_OK);
    assert_in_range(score, 999000, FACE_ONE);
    assert_status(face_compare(e, &a, &c, &score), YAO_OK);
    assert_in_range(score + FACE_ONE, FACE_ONE - 60000, FACE_ONE + 60000);

    b.model_sha256[31] ^= 1;
    assert_status(face_compare(e, &a, &b, &score), YAO_E_MISMATCH);
    a.model_sha256[31] ^= 1; /* alike, but not of this engine */
    assert_status(face_compare(e, &a, &b, &score), YAO_E_MISMATCH);
    face_close(e);
}

static void lets_the_engine_compare(void **state)
{
    static face_template a, b, c;
    face_engine         *e = open_engine("engine");
    int32_t              score;
    (void)state;

    extract(e, 40, &a);
    extract(e, 40, &b);
    extract(e, 130, &c);
    assert_status(face_compare(e, &a, &b, &score), YAO_OK);
    assert_int_equal(score, 900000);
    assert_status(face_compare(e, &a, &c, &score), YAO_OK);
    assert_int_equal(score, 100000);
    b.metric = FACE_METRIC_COSINE;
    assert_status(face_compare(e, &a, &b, &score), YAO_E_MISMATCH);
    face_close(e);
}

static const struct angle {
    const char *name;
    int8_t      a[4], b[4];
    yao_status  want;
    int32_t     score;
} angles[] = {
    {"gives one for the same", {1, 2, 3, 4}, {1, 2, 3, 4}, YAO_OK, 1000000},
    {"gives one for a longer one of the same direction", {1, 2, 3, 4},
     {2, 4, 6, 8}, YAO_OK, 1000000},
    {"gives minus one for the opposite", {1, 0, 0, 0}, {-128, 0, 0, 0}, YAO_OK,
     -1000000},
    {"gives nothing for a right angle", {1, 0, 0, 0}, {0, 127, 0, 0}, YAO_OK,
     0},
    {"gives N253: never more than the true cosine", {1, 0, 0, 0}, {1, 1, 0, 0},
     YAO_OK, 707106},
    {"gives the extreme of all", {-128, -128, -128, -128},
     {-128, -128, -128, -128}, YAO_OK, 1000000},
    {"refuses nothing", {0, 0, 0, 0}, {1, 2, 3, 4}, YAO_E_VALUE, 0},
};

static void cosine(void **state)
{
    const struct angle *a     = *state;
    int32_t             score = 0;

    assert_status(face_cosine((yao_bytes){(const uint8_t *)a->a, 4},
                              (yao_bytes){(const uint8_t *)a->b, 4}, &score),
                  a->want);
    assert_int_equal(score, a->score);
    assert_status(face_cosine((yao_bytes){(const uint8_t *)a->a, 4},
                              (yao_bytes){(const uint8_t *)a->b, 3}, &score),
                  YAO_E_VALUE);
}

/* ---- opening, and templates as bytes ------------------------------------- */

static void opens(void **state)
{
    static const face_options wrong[] = {
        {.command = NULL},
        {.command = ""},
        {.command = "engine"},
        {.socket = "engine.sock"},
        {.command = "/a", .socket = "/b"},
        {.command = "/a b c d e f g h i j k l m n o p q"},
        {.socket = "/0123456789012345678901234567890123456789012345678901234567"
                   "890123456789012345678901234567890123456789012345678"},
    };
    face_engine *e = NULL;
    (void)state;

    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_status(face_open(&wrong[i], &e), YAO_E_USAGE);
    assert_null(e);
    face_close(NULL);
}

static yao_status read_template(yao_bytes input, void *context)
{
    face_template *t = context;

    return face_read_template(input, t);
}

static yao_status write_template(yao_writer *w, void *context)
{
    face_write_template(w, context);
    return w->status;
}

static void templates(void **state)
{
    static face_template t = {.engine = "engine 1", .model = "model",
                              .metric = FACE_METRIC_COSINE, .dims = 4,
                              .vector = {1, 2, 3, 4}},
                         again;
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  bytes;
    (void)state;

    face_write_template(&w, &t);
    assert_status(yao_writer_keep(&w, test_arena(), &bytes), YAO_OK);
    assert_status(face_read_template(bytes, &again), YAO_OK);
    assert_memory_equal(&t, &again, sizeof t);
    test_every_prefix(read_template, bytes, &again);
    test_every_room(write_template, &t);
}

/* ---- an engine of somebody else, behind a socket ------------------------ */

static pid_t serve(const char *path, const char *command)
{
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    int                door  = socket(AF_UNIX, SOCK_STREAM, 0);

    memcpy(place.sun_path, path, strlen(path) + 1);
    assert_int_equal(bind(door, (struct sockaddr *)&place, sizeof place), 0);
    assert_int_equal(listen(door, 1), 0);
    pid_t child = fork();
    if (child == 0) {
        int fd = accept(door, NULL, NULL);
        dup2(fd, 0);
        dup2(fd, 1);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(1);
    }
    close(door);
    return child;
}

static void by_socket(void **state)
{
    char         folder[] = "/tmp/face-engine-XXXXXX", path[64];
    face_options o        = {.socket   = path,
                             .demo     = true,
                             .start_ms = LONG_MS,
                             .call_ms  = LONG_MS,
                             .again_ms = SOON_MS};
    face_engine *e;
    face_info    info;
    face_picture p = picture_of(&anna);
    face_list    faces;
    (void)state;

    if (face_mock("normal") == NULL)
        skip();
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/engine", folder);
    assert_status(face_open(&o, &e), YAO_OK);
    assert_status(face_get_info(e, &info), YAO_E_NET); /* nobody is there */
    pid_t child = serve(path, face_mock("normal"));
    nap();
    assert_status(face_detect(e, &p, &faces), YAO_OK);
    assert_int_equal(faces.count, 1);
    face_close(e);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("engine", rows[i].name, behaves, &rows[i]);
    test_add("engine", "gives where a face is and looks", sees, NULL);
    test_add("engine", "never lets a child out", is_jailed, NULL);
    test_add("engine", "accepts one that was started again", starts_again,
             NULL);
    test_add("engine", "refuses N253: a model that changed meanwhile",
             stays_itself, NULL);
    test_add("engine", "refuses one that speaks without being asked", unasked,
             NULL);
    test_add("compare", "gives how alike two are", compares, NULL);
    test_add("compare", "gives what an engine says of its own templates",
             lets_the_engine_compare, NULL);
    for (size_t i = 0; i < COUNT(angles); i++)
        test_add("cosine", angles[i].name, cosine, &angles[i]);
    test_add("open", "refuses what names no engine", opens, NULL);
    test_add("template", "gives back what was written", templates, NULL);
    test_add("socket", "accepts an engine behind a socket", by_socket, NULL);
    return test_run("face/engine");
}
