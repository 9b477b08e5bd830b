/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks from beginning to end, against an engine that sees what the pictures
 * say. In each row one thing is wrong.
 */
#include "face_world.h"

#include <time.h>

#include "app/files.h"
#include "authority/face/judge.h"
#include "cbor/cbor.h"
#include "program.h"

#define NOW INT64_C(1800000000)

static authority    a;
static face_engine *engine;
static uint8_t      memory[48 << 20];
static yao_arena    big = {memory, sizeof memory, 0};

static uint8_t owner_bytes[STORE_HASH_LEN];

/* Another owner for each case: attempts are the owner's. */
static yao_bytes next_owner(void)
{
    if (++owner_bytes[0] == 0)
        owner_bytes[1]++;
    big.used = 0;
    return (yao_bytes){owner_bytes, sizeof owner_bytes};
}

/* The settings as `authority init` wrote them, with the engine for tests. */
static void set_provider(const char *folder, const char *settings)
{
    static char text[65536], out[70000];
    char        path[512];
    yao_bytes   file;

    snprintf(path, sizeof path, "%s/authority.ini", folder);
    assert_status(yao_file_read(path, sizeof text - 1, &file), YAO_OK);
    memcpy(text, file.ptr, file.len);
    text[file.len] = '\0';
    yao_file_free(&file);
    char *at = strstr(text, "provider = officer\n");
    assert_non_null(at);
    snprintf(out, sizeof out, "%.*s%s%s", (int)(at - text), text, settings,
             at + strlen("provider = officer\n"));
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(out, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static bool open_authority(void)
{
    yao_settings_trouble trouble;
    const char          *place   = "";
    const char          *command = face_mock("normal");
    char                 settings[1200];

    if (command == NULL)
        return false;
    assert_int_equal(test_type("authority init -C @/a --demo")->code, 0);
    snprintf(settings, sizeof settings, "provider = mock\ncommand = %s\n",
             command);
    set_provider(test_scratch_path("a"), settings);
    assert_status(authority_open(test_scratch_path("a"), &a, &trouble, &place),
                  YAO_OK);
    assert_status(face_provider_open(&a.config, &engine), YAO_OK);
    return true;
}

/* ---- what a page sends -------------------------------------------------- */

/* What is to be different from a good check. */
typedef struct scene {
    const char  *name;
    face_verdict verdict;
    face_reason  reason;
    enum {
        NOTHING,
        NO_FACE,
        TWO_FACES,
        SMALL,
        FLAT,
        STRAIGHT,   /* one frame does not turn */
        MIRRORED,   /* a camera that shows what a mirror shows */
        SHORT_TURN, /* 12 degrees are none */
        OTHER,      /* somebody else in one frame */
        STRANGER,   /* somebody else in all of them */
        ALIKE,      /* somebody who is like the portrait, but not enough */
        CLOSE,      /* and enough */
        NO_PORTRAIT,
        EMPTY_PORTRAIT,
        FEW,
        TWINS,
        NOT_JPEG,
        HUGE_HEADER,
        MOVES_BACK,
        WRONG_NUMBER,
        LONG_FRAME,
        EXTRA,
        TRUNCATED,
        NO_ENGINE,
        SLOW
    } what;
} scene;

static const scene scenes[] = {
    {"accepts the person of the portrait", FACE_MATCH, FACE_FINE, NOTHING},
    {"refuses N250: a frame without a face", FACE_CANNOT_TELL, FACE_NO_FACE,
     NO_FACE},
    {"refuses N250: two faces in a frame", FACE_CANNOT_TELL, FACE_MANY_FACES,
     TWO_FACES},
    {"refuses N250: a face that is too small", FACE_CANNOT_TELL, FACE_TOO_SMALL,
     SMALL},
    {"refuses N250: a face without light", FACE_CANNOT_TELL, FACE_TOO_DARK,
     FLAT},
    {"refuses a head that does not turn", FACE_CANNOT_TELL, FACE_WRONG_TURNS,
     STRAIGHT},
    {"refuses mirrored pictures", FACE_CANNOT_TELL, FACE_WRONG_TURNS, MIRRORED},
    {"refuses a turn of twelve degrees", FACE_CANNOT_TELL, FACE_WRONG_TURNS,
     SHORT_TURN},
    {"refuses somebody else in one frame", FACE_NO_MATCH, FACE_MANY_PERSONS,
     OTHER},
    {"refuses another person than the register's", FACE_NO_MATCH,
     FACE_NOT_ALIKE, STRANGER},
    {"refuses N253: a score just below the threshold", FACE_NO_MATCH,
     FACE_NOT_ALIKE, ALIKE},
    {"accepts a score just above the threshold", FACE_MATCH, FACE_FINE, CLOSE},
    {"never accepts without a portrait", FACE_CANNOT_TELL, FACE_NO_PORTRAIT,
     NO_PORTRAIT},
    {"never accepts a portrait without a face", FACE_CANNOT_TELL,
     FACE_NO_PORTRAIT, EMPTY_PORTRAIT},
    {"refuses five frames", FACE_CANNOT_TELL, FACE_BAD_FRAMES, FEW},
    {"refuses a still: the same picture twice", FACE_CANNOT_TELL,
     FACE_SAME_FRAMES, TWINS},
    {"refuses N252: a frame that is no JPEG", FACE_CANNOT_TELL,
     FACE_BAD_PICTURE, NOT_JPEG},
    {"refuses N252: a frame that says it is 60000 pixels wide",
     FACE_CANNOT_TELL, FACE_BAD_PICTURE, HUGE_HEADER},
    {"refuses frames that go back", FACE_CANNOT_TELL, FACE_BAD_FRAMES,
     MOVES_BACK},
    {"refuses frames out of their sequence", FACE_CANNOT_TELL, FACE_BAD_FRAMES,
     WRONG_NUMBER},
    {"refuses a frame of more than 200 kB", FACE_CANNOT_TELL, FACE_BAD_FRAMES,
     LONG_FRAME},
    {"refuses N255: what a page claims about its pictures", FACE_CANNOT_TELL,
     FACE_BAD_FRAMES, EXTRA},
    {"refuses frames that are cut", FACE_CANNOT_TELL, FACE_BAD_FRAMES,
     TRUNCATED},
    {"never accepts without an engine", FACE_CANNOT_TELL, FACE_NO_ENGINE,
     NO_ENGINE},
    {"never accepts when the engine takes too long", FACE_CANNOT_TELL,
     FACE_NO_ENGINE, SLOW},
};

static int yaw_of(int move)
{
    return move == FACE_LEFT ? 25 : move == FACE_RIGHT ? -25 : 0;
}

static face_scene draw(const scene *s, size_t frame, int move)
{
    face_scene f = {.faces = 1, .yaw = yaw_of(move), .side = 200, .whose = 20,
                    .speck = (unsigned)(10 * frame)};
    bool       odd = frame == 3;

    if (s->what == NO_FACE && odd)
        f.faces = 0;
    if (s->what == TWO_FACES && odd)
        f.faces = 2;
    if (s->what == SMALL && odd)
        f.side = 70;
    if (s->what == FLAT && odd)
        f.flat = true, f.side = 100;
    if (s->what == STRAIGHT)
        f.yaw = 0;
    if (s->what == MIRRORED)
        f.yaw = -f.yaw;
    if (s->what == SHORT_TURN)
        f.yaw = f.yaw / 2;
    if (s->what == OTHER && odd)
        f.whose = 110;
    if (s->what == STRANGER)
        f.whose = 110;
    if (s->what == ALIKE)
        f.whose = 20 + 44; /* cos 44 is 0.719, cos 38 is 0.788 */
    if (s->what == CLOSE)
        f.whose = 20 + 38;
    return f;
}

static yao_bytes frame_of(const scene *s, size_t frame, int move)
{
    static uint8_t long_frame[FACE_FRAME_BYTES + 1];
    face_scene     f    = draw(s, frame, move);
    yao_bytes      jpeg = face_photograph(&f, &big);

    assert_true(jpeg.len > 200 && jpeg.len <= FACE_FRAME_BYTES);
    if (s->what == NOT_JPEG && frame == 2)
        return YAO_LIT("\x89PNG\r\n");
    if (s->what == LONG_FRAME && frame == 2)
        return (yao_bytes){long_frame, sizeof long_frame};
    if (s->what == HUGE_HEADER && frame == 2)
        for (size_t i = 0; i + 9 < jpeg.len; i++)
            if (jpeg.ptr[i] == 0xff && jpeg.ptr[i + 1] == 0xc0) {
                uint8_t *at = big.base + (jpeg.ptr - big.base) + i;
                at[7] = 0xea, at[8] = 0x60;
                break;
            }
    return jpeg;
}

/* Which move frame I shows: the first of them twice, until there are enough. */
static size_t move_of(size_t i, size_t count)
{
    size_t extra = count - FACE_MOVES;

    return i < 2 * extra ? i / 2 : i - extra;
}

static yao_bytes photograph(const scene *s, const face_challenge *c)
{
    size_t     count = s->what == FEW ? 5 : 6;
    yao_bytes  frames[FACE_MAX_FRAMES], out;
    yao_writer w;

    for (size_t i = 0; i < count; i++)
        frames[i] = frame_of(s, i, c->moves[move_of(i, count)]);
    if (s->what == TWINS)
        frames[1] = frames[0];
    w = yao_writer_in(&big);
    yao_cbor_put_array(&w, s->what == EXTRA ? 3 : 2);
    yao_cbor_put_bytes(&w, (yao_bytes){c->nonce, FACE_NONCE});
    yao_cbor_put_array(&w, count);
    for (size_t i = 0; i < count; i++) {
        size_t move = move_of(i, count);
        yao_cbor_put_array(&w, 3);
        yao_cbor_put_uint(&w, i + (s->what == WRONG_NUMBER && i == 4));
        yao_cbor_put_uint(&w, s->what == MOVES_BACK && i == 3 ? 0 : move);
        yao_cbor_put_bytes(&w, frames[i]);
    }
    if (s->what == EXTRA)
        yao_cbor_put_bool(&w, true);
    assert_status(yao_writer_keep(&w, &big, &out), YAO_OK);
    if (s->what == TRUNCATED)
        out.len--;
    return out;
}

static yao_bytes portrait_of(const scene *s)
{
    face_scene f = {.faces = s->what == EMPTY_PORTRAIT ? 0 : 1, .side = 200,
                    .whose = 20, .speck = 99};

    if (s->what == NO_PORTRAIT)
        return (yao_bytes){NULL, 0};
    return face_photograph(&f, &big);
}

static face_check check_of(const scene *s, yao_bytes owner)
{
    return (face_check){.a        = &a,
                        .engine   = s->what == NO_ENGINE ? NULL : engine,
                        .owner    = owner,
                        .portrait = portrait_of(s),
                        .now      = NOW + 10,
                        .most_ms  = s->what == SLOW ? 1 : 0};
}

static void begin(yao_bytes owner, yao_time now, face_challenge *ret)
{
    int wait;

    assert_status(face_check_begin(&a, owner, now, test_arena(), ret, &wait),
                  YAO_OK);
}

static void judges(void **state)
{
    const scene   *s     = *state;
    yao_bytes      owner = next_owner();
    face_challenge c;
    face_result    result;

    begin(owner, NOW, &c);
    face_check check = check_of(s, owner);
    assert_status(face_check_finish(&check, photograph(s, &c), test_arena(),
                                    &result),
                  YAO_OK);
    assert_string_equal(face_reason_word(result.reason),
                        face_reason_word(s->reason));
    assert_int_equal(result.verdict, s->verdict);
    assert_int_equal(result.score >= result.threshold,
                     s->verdict == FACE_MATCH || result.threshold == 0);
}

/* ---- challenges and attempts --------------------------------------------- */

static const scene good = {.what = NOTHING};

static void is_used_once(void **state)
{
    yao_bytes      owner = next_owner();
    face_challenge c;
    face_result    result;
    (void)state;

    begin(owner, NOW, &c);
    face_check check  = check_of(&good, owner);
    yao_bytes  frames = photograph(&good, &c);
    assert_status(face_check_finish(&check, frames, test_arena(), &result),
                  YAO_OK);
    assert_int_equal(result.verdict, FACE_MATCH);
    assert_status(face_check_finish(&check, frames, test_arena(), &result),
                  YAO_E_NOT_FOUND);
}

static void ends(void **state)
{
    yao_bytes      owner = next_owner();
    face_challenge c;
    face_result    result;
    (void)state;

    begin(owner, NOW, &c);
    face_check check = check_of(&good, owner);
    check.now        = NOW + FACE_SECONDS + 1;
    assert_status(face_check_finish(&check, photograph(&good, &c),
                                    test_arena(), &result),
                  YAO_E_EXPIRED);
}

static void is_the_owners(void **state)
{
    face_challenge c;
    face_result    result;
    (void)state;

    begin(next_owner(), NOW, &c);
    face_check check = check_of(&good, next_owner());
    assert_status(face_check_finish(&check, photograph(&good, &c),
                                    test_arena(), &result),
                  YAO_E_NOT_FOUND);
}

static void attempts_end(void **state)
{
    yao_bytes      owner = next_owner();
    face_challenge c;
    int            wait = 0;
    yao_time       now  = NOW;
    (void)state;

    begin(owner, now, &c);
    assert_int_equal(c.attempts_left, 2);
    assert_status(face_check_begin(&a, owner, now + 4, test_arena(), &c, &wait),
                  YAO_E_SUSPENDED);
    assert_int_equal(wait, 1);
    begin(owner, now += 5, &c);
    assert_int_equal(c.attempts_left, 1);
    assert_status(face_check_begin(&a, owner, now + 5, test_arena(), &c, &wait),
                  YAO_E_SUSPENDED);
    begin(owner, now += 30, &c);
    assert_int_equal(c.attempts_left, 0);
    assert_status(face_check_begin(&a, owner, now + 3599, test_arena(), &c,
                                   &wait),
                  YAO_E_LIMIT);
    begin(owner, now + 3600, &c);
    assert_int_equal(c.attempts_left, 2);
}

static void sends_to_an_officer(void **state)
{
    static const scene stranger = {.what = STRANGER};
    yao_bytes          owner    = next_owner();
    face_challenge     c;
    face_result        result;
    (void)state;

    begin(owner, NOW - 100, &c);
    begin(owner, NOW - 50, &c);
    begin(owner, NOW, &c);
    face_check check = check_of(&stranger, owner);
    assert_status(face_check_finish(&check, photograph(&stranger, &c),
                                    test_arena(), &result),
                  YAO_OK);
    assert_int_equal(result.verdict, FACE_NO_MATCH);
    assert_true(result.officer);
}

static void begins_anew_after_a_match(void **state)
{
    yao_bytes      owner = next_owner();
    face_challenge c;
    face_result    result;
    (void)state;

    begin(owner, NOW - 100, &c);
    begin(owner, NOW, &c);
    face_check check = check_of(&good, owner);
    assert_status(face_check_finish(&check, photograph(&good, &c),
                                    test_arena(), &result),
                  YAO_OK);
    store_change change = store_change_open(test_arena());
    assert_status(face_put_event(&change, test_arena(), owner, &result),
                  YAO_OK);
    assert_status(store_commit(a.store, &change), YAO_OK);
    begin(owner, NOW + 1, &c);
    assert_int_equal(c.attempts_left, 2);
}

/* Each sequence of the 42: no neighbours alike, all three among them. */
static void draws_all(void **state)
{
    static bool seen[243];
    size_t      different = 0;
    (void)state;

    for (int i = 0; i < 1000; i++) {
        face_challenge c;
        unsigned       number = 0, which = 0;
        begin(next_owner(), NOW + i * 4000, &c);
        for (size_t j = 0; j < FACE_MOVES; j++) {
            assert_true(j == 0 || c.moves[j] != c.moves[j - 1]);
            number = number * 3 + c.moves[j] - 1u;
            which |= 1u << c.moves[j];
        }
        assert_int_equal(which, 14);
        different += !seen[number];
        seen[number] = true;
    }
    assert_int_equal(different, 42);
}

static void refuses_other_owners(void **state)
{
    face_challenge c;
    int            wait;
    yao_bytes      cut = {owner_bytes, 31};
    (void)state;

    assert_status(face_check_begin(&a, cut, NOW, test_arena(), &c, &wait),
                  YAO_E_USAGE);
}

/* ---- what is told -------------------------------------------------------- */

static bool has(yao_bytes text, const char *word)
{
    size_t len = strlen(word);

    for (size_t i = 0; i + len <= text.len; i++)
        if (memcmp(text.ptr + i, word, len) == 0)
            return true;
    return false;
}

static yao_bytes written(yao_writer *w)
{
    yao_bytes out;

    assert_status(yao_writer_keep(w, test_arena(), &out), YAO_OK);
    return out;
}

static void tells_the_log(void **state)
{
    face_result r = {.verdict   = FACE_NO_MATCH,
                     .reason    = FACE_NOT_ALIKE,
                     .score     = 700000,
                     .threshold = 750000,
                     .info = {.engine = "e 1", .model = "m", .grade = 2}};
    (void)state;

    yao_writer w = yao_writer_in(test_arena());
    face_detail_write(&w, &r);
    yao_bytes out = written(&w);
    assert_true(has(out, "\"engine\":\"e 1\"") && has(out, "700000") &&
                has(out, "\"grade\":\"demo\"") && has(out, "not_alike"));
    w = yao_writer_in(test_arena());
    face_result_write(&w, &r);
    out = written(&w);
    assert_true(has(out, "\"result\":\"no_match\"") && !has(out, "700000"));
}

static void tells_the_page(void **state)
{
    face_challenge c;
    yao_writer     w;
    (void)state;

    begin(next_owner(), NOW, &c);
    w = yao_writer_in(test_arena());
    face_challenge_write(&w, &c);
    yao_bytes out = written(&w);
    assert_true(has(out, "\"nonce\":\"") && has(out, "\"frames\":[6,10]") &&
                has(out, "\"attempts_left\":2") && has(out, "\"left\""));
}

/* ---- providers ----------------------------------------------------------- */

static const struct provider {
    const char *name, *provider, *command, *socket, *model;
    yao_status  want;
    bool        earnest;
} providers[] = {
    {"accepts that an officer compares", "officer", "", "", "", YAO_OK, false},
    {"accepts an engine of its own", "mock", "@", "", "", YAO_OK, false},
    {"accepts an engine that is not there yet", "vendor", "",
     "/nowhere/engine", "", YAO_OK, false},
    {"refuses a provider that is none", "nobody", "@", "", "", YAO_E_VALUE,
     false},
    {"refuses an engine that nobody named", "human", "", "", "", YAO_E_VALUE,
     false},
    {"refuses command and socket at once", "vendor", "/a", "/b", "",
     YAO_E_VALUE, false},
    {"refuses a digest that is none", "mock", "@", "", "abcd", YAO_E_VALUE,
     false},
    {"refuses N253: a model with another digest", "mock", "@", "",
     "0000000000000000000000000000000000000000000000000000000000000000",
     YAO_E_MISMATCH, false},
    {"refuses the engine for tests in earnest", "mock", "@", "", "",
     YAO_E_REFUSED, true},
    {"refuses the engine for tests by another name", "vendor", "@", "", "",
     YAO_E_REFUSED, true},
};

static void set(config *c, config_setting setting, const char *value)
{
    snprintf(c->values[setting].text, YAO_MAX_SETTING, "%s",
             value[0] == '@' ? face_mock("normal") : value);
}

static void provides(void **state)
{
    static config          c;
    const struct provider *p = *state;
    face_engine           *e = NULL;

    c = a.config;
    set(&c, SETTING_FACE_PROVIDER, p->provider);
    set(&c, SETTING_FACE_COMMAND, p->command);
    set(&c, SETTING_FACE_SOCKET, p->socket);
    set(&c, SETTING_FACE_MODEL, p->model);
    set(&c, SETTING_DEMO, p->earnest ? "no" : "yes");
    assert_status(face_provider_open(&c, &e), p->want);
    face_close(e);
}

static void wants_turns_apart(void **state)
{
    static config c;
    face_engine  *e = NULL;
    (void)state;

    c = a.config;
    set(&c, SETTING_FACE_CENTRE, "15");
    assert_status(face_provider_open(&c, &e), YAO_E_VALUE);
}

/* Nobody asks for a challenge where an officer compares. */
static void begins_nothing(void **state)
{
    face_challenge c;
    int            wait;
    (void)state;

    set(&a.config, SETTING_FACE_PROVIDER, "officer");
    assert_status(face_check_begin(&a, next_owner(), NOW, test_arena(), &c,
                                   &wait),
                  YAO_E_UNSUPPORTED);
    set(&a.config, SETTING_FACE_PROVIDER, "mock");
}

int main(void)
{
    if (!open_authority()) {
        printf("1..0 # SKIP no python3\n");
        return 0;
    }
    for (size_t i = 0; i < COUNT(scenes); i++)
        test_add("judge", scenes[i].name, judges, &scenes[i]);
    test_add("challenge", "refuses N256: a capture that is sent again",
             is_used_once, NULL);
    test_add("challenge", "refuses what comes too late", ends, NULL);
    test_add("challenge", "refuses the challenge of somebody else",
             is_the_owners, NULL);
    test_add("challenge", "gives every sequence", draws_all, NULL);
    test_add("challenge", "refuses an owner of another length",
             refuses_other_owners, NULL);
    test_add("attempts", "refuses a fourth attempt, and haste", attempts_end,
             NULL);
    test_add("attempts", "gives an officer after the third",
             sends_to_an_officer, NULL);
    test_add("attempts", "gives new ones after a match",
             begins_anew_after_a_match, NULL);
    test_add("tell", "gives the log the score, and the page none",
             tells_the_log, NULL);
    test_add("tell", "gives a page its moves", tells_the_page, NULL);
    for (size_t i = 0; i < COUNT(providers); i++)
        test_add("provider", providers[i].name, provides, &providers[i]);
    test_add("provider", "refuses a straight head that is a turned one",
             wants_turns_apart, NULL);
    test_add("provider", "refuses a challenge where an officer compares",
             begins_nothing, NULL);
    int code = test_run("authority/face/check");
    face_close(engine);
    authority_close(&a);
    test_scratch_remove();
    return code;
}
