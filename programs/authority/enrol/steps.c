/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Invariants:
 *  1. A step changes the session and what else it does in one transaction, of
 *     which the session's version is a claim: of two at the same time one wins.
 *  2. Before the face matched or two operators said so, nothing that is
 *     answered depends on whether a number exists.
 *  3. Nothing but the offer and the access code's hash outlives the session,
 *     and events and limits, which know keyed hashes.
 */
#include "authority/enrol/steps.h"

#include "authority/enrol/limit.h"
#include "authority/enrol/terms.h"

#include "image/image.h"

#include <string.h>

#define FORM (UINT32_C(1) << 16 | (uint32_t)sizeof(enrol_state))

const char *enrol_step_word(int step)
{
    static const char *const words[] = {"over",    "terms",  "number", "face",
                                        "officer", "choice", "code"};

    return step >= 0 && step <= ENROL_AT_CODE ? words[step] : words[0];
}

/* ---- a session's time ---- */

static int64_t idle(const enrol_state *s)
{
    if (s->step == ENROL_AT_TERMS)
        return ENROL_IDLE_TERMS;
    if (s->step == ENROL_AT_OFFICER)
        return ENROL_IDLE_OFFICER;
    return s->kind == ENROL_SESSION_KIOSK ? ENROL_IDLE_KIOSK : ENROL_IDLE_SELF;
}

static yao_time until(const enrol_state *s, yao_time now)
{
    yao_time at = now + idle(s);

    return at < s->ends ? at : s->ends;
}

/* ---- opening, going on, leaving ---- */

yao_status enrol_begin(const enrol *e, int64_t kind, yao_bytes owner,
                       yao_language language, yao_text *token)
{
    store_change change = store_change_open(e->arena);
    enrol_state  s;

    if (kind != ENROL_SESSION_KIOSK && kind != ENROL_SESSION_SELF)
        return YAO_E_USAGE;
    memset(&s, 0, sizeof s);
    s.form     = FORM;
    s.kind     = (int32_t)kind;
    s.step     = ENROL_AT_TERMS;
    s.language = (int32_t)language;
    s.ends     = e->now + ENROL_LONGEST;
    YAO_TRY(enrol_open_session(
        e, &change,
        &(store_session){
            .kind = kind, .owner = owner, .expires = until(&s, e->now)},
        (yao_bytes){(const uint8_t *)&s, sizeof s}, token));
    return store_commit(e->a->store, &change);
}

yao_status enrol_visit_find(const enrol *e, int64_t kind, yao_bytes owner,
                            yao_text token, enrol_visit *ret)
{
    enrol_visit v = {.e = e, .owner = owner};

    YAO_TRY(enrol_find_session(e, kind, owner, token, &v.session));
    yao_status status = YAO_E_NOT_FOUND;
    if (v.session.content.len == sizeof v.state) {
        memcpy(&v.state, v.session.content.ptr, sizeof v.state);
        /* the arena's copy holds a number */
        yao_wipe(e->arena->base + (v.session.content.ptr - e->arena->base),
                 v.session.content.len);
        if (v.state.form == FORM && v.state.kind == kind)
            status = YAO_OK;
    }
    if (status == YAO_OK)
        *ret = v;
    enrol_visit_close(&v);
    return status;
}

void enrol_visit_close(enrol_visit *v)
{
    enrol_close_session(&v->session);
    yao_wipe(&v->state, sizeof v->state);
}

yao_status enrol_go_on(enrol_visit *v, store_change *change)
{
    v->session.expires = until(&v->state, v->e->now);
    YAO_TRY(enrol_put_session(
        v->e, change, &v->session,
        (yao_bytes){(const uint8_t *)&v->state, sizeof v->state}));
    yao_status status = store_commit(v->e->a->store, change);
    if (status == YAO_OK)
        v->session.version++;
    return status;
}

static yao_status go_to(enrol_visit *v, enrol_step step)
{
    store_change change = store_change_open(v->e->arena);

    v->state.step = (int32_t)step;
    return enrol_go_on(v, &change);
}

yao_status enrol_must_be_at(const enrol_visit *v, enrol_step step)
{
    return v->state.step == (int32_t)step ? YAO_OK : YAO_E_NOT_AUTHORISED;
}

/* Officers wait for nobody who went. Theirs may be closed at this moment: then
 * it is not ours to close. */
static yao_status close_case(enrol_visit *v)
{
    const enrol    *e      = v->e;
    const yao_bytes id     = {v->state.case_id, STORE_ID_LEN};
    store_change    change = store_change_open(e->arena);

    if (v->state.step != ENROL_AT_OFFICER)
        return YAO_OK;
    store_close_case(&change, id, YAO_TEXT("left"), YAO_LIT(""), e->now);
    yao_status status = store_commit(e->a->store, &change);
    return status == YAO_E_NOT_FOUND ? YAO_OK : status;
}

yao_status enrol_leave(enrol_visit *v)
{
    store_change change = store_change_open(v->e->arena);

    YAO_TRY(close_case(v));
    store_end_session(&change,
                      (yao_bytes){v->session.id, sizeof v->session.id});
    return store_commit(v->e->a->store, &change);
}

/* ---- terms ---- */

yao_status enrol_visit_terms(const enrol_visit *v, yao_text *text,
                             uint8_t hash[YAO_SHA256_LEN])
{
    const yao_crypto *crypto = v->e->a->crypto;
    yao_text          terms  = enrol_terms((yao_language)v->state.language);
    yao_bytes         bytes  = yao_text_bytes(terms);

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &bytes, 1, hash));
    *text = terms;
    return YAO_OK;
}

yao_status enrol_accept(enrol_visit *v, yao_bytes hash)
{
    yao_text text;

    YAO_TRY(enrol_must_be_at(v, ENROL_AT_TERMS));
    YAO_TRY(enrol_visit_terms(v, &text, v->state.terms));
    if (!yao_bytes_equal(hash, (yao_bytes){v->state.terms, YAO_SHA256_LEN}))
        return YAO_E_MISMATCH;
    return go_to(v, ENROL_AT_NUMBER);
}

/* ---- who ---- */

yao_text enrol_visit_number(const enrol_visit *v)
{
    return (yao_text){v->state.number, v->state.number_len};
}

/* What people can't see, or what changes the order in which they see it. */
static bool is_invisible(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad ||
           (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfe00 && c <= 0xfe0f) || c >= 0xe0000;
}

static bool is_combining(uint32_t c)
{
    return (c >= 0x300 && c <= 0x36f) || (c >= 0x1ab0 && c <= 0x1aff) ||
           (c >= 0x20d0 && c <= 0x20ff);
}

/* The next code point of checked UTF-8. */
static uint32_t next_point(yao_text text, size_t *at)
{
    uint8_t  first = text.ptr[(*at)++];
    size_t   more  = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0;
    uint32_t c     = more == 0 ? first : first & (0x3fu >> more);

    for (; more > 0 && *at < text.len; more--)
        c = c << 6 | (text.ptr[(*at)++] & 0x3f);
    return c;
}

/* A name as people type it: with letters that can be seen, and no heap of
 * accents on one of them. */
static bool is_name(yao_text name)
{
    size_t   heap = 0;
    yao_text checked;

    if (name.len == 0 || name.len > ENROL_MAX_NAME ||
        yao_text_check(yao_text_bytes(name), &checked) != YAO_OK)
        return false;
    for (size_t at = 0; at < name.len;) {
        uint32_t c = next_point(name, &at);
        heap       = is_combining(c) ? heap + 1 : 0;
        if (is_invisible(c) || heap > 2)
            return false;
    }
    return true;
}

static yao_status check_input(enrol_visit *v, yao_text number, yao_text name)
{
    yao_date today = yao_date_of_time(v->e->now);

    if (number.len == 0 || number.len > ENROL_MAX_NUMBER ||
        yao_check_person_number(v->e->catalogue, number, today, NULL)
                .severity == YAO_ERROR)
        return YAO_E_VALUE;
    if (v->state.kind == ENROL_SESSION_SELF && !is_name(name))
        return YAO_E_VALUE;
    return YAO_OK;
}

static yao_status put_officer_case(enrol_visit *v, store_change *change)
{
    const enrol *e      = v->e;
    uint8_t     *holder = yao_arena_take(e->arena, STORE_HASH_LEN);
    uint8_t      lookup[STORE_HASH_LEN];
    yao_text     detail;

    if (holder == NULL)
        return YAO_E_SPACE;
    YAO_TRY(enrol_hash_person(e, enrol_visit_number(v), lookup, holder));
    YAO_TRY(yao_openssl_random(v->state.case_id, STORE_ID_LEN));
    YAO_TRY(authority_name_id(e->arena, "kiosk", v->owner, &detail));
    store_put_case(change, &(store_case){.id = {v->state.case_id, STORE_ID_LEN},
                                         .kind    = YAO_TEXT("enrol.officer"),
                                         .subject = {holder, STORE_HASH_LEN},
                                         .opened  = e->now,
                                         .detail  = detail});
    return authority_put_event(change, e->arena, "case.open",
                               (yao_bytes){holder, STORE_HASH_LEN},
                               YAO_TEXT("{}"));
}

static yao_status to_officer(enrol_visit *v, store_change *change)
{
    v->state.step = ENROL_AT_OFFICER;
    YAO_TRY(put_officer_case(v, change));
    return enrol_go_on(v, change);
}

/* Sequential numbers are tried at one kiosk; one number at many. */
static yao_status count_number(enrol_visit *v, yao_text number, int64_t *wait)
{
    const enrol *e = v->e;
    uint8_t      lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];

    if (v->state.kind == ENROL_SESSION_KIOSK) {
        YAO_TRY(seal_hash(e->a->crypto, &e->a->keys, ENROL_HASH_KIOSK,
                          v->owner, lookup));
        YAO_TRY(enrol_try(e, ENROL_LIMIT_KIOSK,
                          (yao_bytes){lookup, sizeof lookup}, wait));
    }
    YAO_TRY(enrol_hash_person(e, number, lookup, holder));
    return enrol_try(e, enrol_limit_of_number(v->state.kind),
                     (yao_bytes){lookup, sizeof lookup}, wait);
}

static void keep(uint8_t *to, uint32_t *len, yao_text from)
{
    *len = (uint32_t)from.len;
    if (from.len != 0)
        memcpy(to, from.ptr, from.len);
}

static yao_status refuse_input(enrol_visit *v)
{
    store_change change = store_change_open(v->e->arena);

    v->state.tries++;
    yao_status status = v->state.tries >= ENROL_NUMBER_TRIES
                            ? enrol_leave(v)
                            : enrol_go_on(v, &change);
    return status == YAO_OK ? YAO_E_VALUE : status;
}

yao_status enrol_take_number(enrol_visit *v, yao_text number, yao_text name,
                             int64_t *wait)
{
    *wait = 0;
    YAO_TRY(enrol_must_be_at(v, ENROL_AT_NUMBER));
    YAO_TRY(people_number(number, v->e->arena, &number));
    if (check_input(v, number, name) != YAO_OK)
        return refuse_input(v);
    YAO_TRY(count_number(v, number, wait));
    v->state.tries = 0;
    keep(v->state.number, &v->state.number_len, number);
    if (v->state.kind == ENROL_SESSION_SELF)
        keep(v->state.name, &v->state.name_len, name);
    return go_to(v, ENROL_AT_FACE);
}

/* ---- face ---- */

yao_status enrol_challenge(enrol_visit *v, face_challenge *ret, int *wait)
{
    const enrol *e = v->e;

    YAO_TRY(enrol_must_be_at(v, ENROL_AT_FACE));
    yao_status status = e->services->begin_face(
        e->a, (yao_bytes){v->session.id, sizeof v->session.id}, e->now,
        e->arena, ret, wait);
    if (status != YAO_E_UNSUPPORTED && status != YAO_E_LIMIT)
        return status;

    /* a face is never the only way */
    yao_status asked = enrol_ask_officer(v);
    return asked == YAO_OK ? status : asked;
}

/* A face that is nobody's, for numbers that nobody has. */
static yao_status draw_nobody(const enrol *e, yao_bytes *ret)
{
    yao_writer w;
    yao_bytes  kept;
    uint8_t   *room = yao_arena_take(e->arena, 65536);

    if (room == NULL)
        return YAO_E_SPACE;
    w = yao_writer_open(room, 65536);
    size_t     mark   = e->arena->used;
    yao_status status = image_draw_specimen(0, false, false, e->arena, &w);
    e->arena->used    = mark;
    YAO_TRY(status);
    YAO_TRY(yao_writer_close(&w, &kept));
    *ret = kept;
    return YAO_OK;
}

static bool is_name_of(const enrol_visit *v, const yao_json *record)
{
    yao_text name = {v->state.name, v->state.name_len};

    return v->state.kind == ENROL_SESSION_KIOSK ||
           yao_json_is_text(yao_json_get(record, "name"), name);
}

/* Invariant 2: whoever it is, there is a portrait. KNOWN: it is theirs. */
static yao_status find_portrait(const enrol_visit *v, yao_bytes *portrait,
                                bool *known)
{
    const enrol  *e = v->e;
    people_person person;
    yao_bytes     own = {NULL, 0};

    *known            = false;
    yao_status status =
        people_find(e->a, enrol_visit_number(v), e->arena, &person);
    if (status == YAO_OK) {
        status = people_portrait(e->a, &person, STORE_PORTRAIT, e->arena, &own);
        *known = status == YAO_OK && own.len != 0 &&
                 is_name_of(v, person.record);
        people_close(&person);
    }
    if (status != YAO_OK && status != YAO_E_NOT_FOUND)
        return status;
    YAO_TRY(draw_nobody(e, portrait));
    if (*known)
        *portrait = own;
    return YAO_OK;
}

/* What the page may know of it: not whether there is a portrait. */
static void blur(face_result *r, bool known)
{
    if (r->verdict == FACE_MATCH && !known) {
        r->verdict = FACE_NO_MATCH;
        r->reason  = FACE_NOT_ALIKE;
    }
    if (r->reason == FACE_NO_PORTRAIT) {
        r->verdict = FACE_NO_MATCH;
        r->reason  = FACE_NOT_ALIKE;
    }
}

static yao_status note_face(enrol_visit *v, const face_result *r)
{
    const enrol *e      = v->e;
    store_change change = store_change_open(e->arena);
    uint8_t      lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];

    YAO_TRY(enrol_hash_person(e, enrol_visit_number(v), lookup, holder));
    YAO_TRY(e->services->note_face(&change, e->arena,
                                   (yao_bytes){holder, sizeof holder}, r));
    if (r->verdict == FACE_MATCH) {
        v->state.tries = 0;
        v->state.factors |= v->state.kind == ENROL_SESSION_KIOSK
                                ? ENROL_FACE
                                : ENROL_FACE_FAR;
        v->state.step = ENROL_AT_CHOICE;
    } else if (r->officer) {
        YAO_TRY(enrol_put_case(e, &change, "enrol.face",
                               (yao_bytes){holder, sizeof holder},
                               YAO_TEXT("{}")));
        return to_officer(v, &change);
    }
    return enrol_go_on(v, &change);
}

/* Frames that can't be read use no attempt up, and yet a record is read for
 * them, and an event put: not without end. */
static yao_status count_frames(enrol_visit *v, const face_result *r)
{
    if (r->reason != FACE_BAD_FRAMES && r->reason != FACE_SAME_FRAMES)
        return YAO_OK;
    v->state.tries++;
    if (v->state.tries < ENROL_FRAME_TRIES)
        return YAO_OK;
    YAO_TRY(enrol_leave(v));
    return YAO_E_NOT_FOUND;
}

yao_status enrol_take_face(enrol_visit *v, yao_bytes frames, face_result *ret)
{
    const enrol *e     = v->e;
    face_check   check = {.a      = e->a,
                          .engine = e->services->engine,
                          .owner  = {v->session.id, sizeof v->session.id},
                          .now    = e->now};
    face_result  r     = {.verdict = FACE_CANNOT_TELL};
    bool         known;

    YAO_TRY(enrol_must_be_at(v, ENROL_AT_FACE));
    YAO_TRY(find_portrait(v, &check.portrait, &known));
    YAO_TRY(e->services->finish_face(&check, frames, e->arena, &r));
    blur(&r, known);
    YAO_TRY(count_frames(v, &r));
    YAO_TRY(note_face(v, &r));
    *ret = r;
    return YAO_OK;
}

/* ---- officer ---- */

yao_status enrol_ask_officer(enrol_visit *v)
{
    store_change change = store_change_open(v->e->arena);

    YAO_TRY(enrol_must_be_at(v, ENROL_AT_FACE));
    return to_officer(v, &change);
}

/* Where nobody is at the counter, because it is a demonstration, and its
 * settings say so: whoever tries a kiosk goes on. */
static yao_status agree_in_demo(const enrol_visit *v, const store_case *what,
                                bool *agreed)
{
    const enrol *e      = v->e;
    store_change change = store_change_open(e->arena);

    *agreed = e->demo && what->state == STORE_CASE_OPEN &&
              config_yes(&e->a->config, SETTING_FACE_DEMO_OFFICERS) &&
              v->state.kind == ENROL_SESSION_KIOSK &&
              e->now >= what->opened + ENROL_DEMO_SECONDS;
    if (!*agreed)
        return YAO_OK;
    store_close_case(&change, what->id, YAO_TEXT("demo"), YAO_LIT(""), e->now);
    YAO_TRY(authority_put_event(&change, e->arena, "case.demo", what->subject,
                                YAO_TEXT("{}")));
    return store_commit(e->a->store, &change);
}

yao_status enrol_look_for_officer(enrol_visit *v)
{
    const enrol *e      = v->e;
    store_change change = store_change_open(e->arena);
    store_case   what;
    bool         agreed;

    YAO_TRY(enrol_must_be_at(v, ENROL_AT_OFFICER));
    YAO_TRY(store_get_case(e->a->store,
                           (yao_bytes){v->state.case_id, STORE_ID_LEN},
                           e->arena, &what));
    YAO_TRY(agree_in_demo(v, &what, &agreed));
    if (what.state != STORE_CASE_CLOSED && !agreed)
        return YAO_OK;
    if (!agreed && !yao_text_equal(what.decision, YAO_TEXT("accept"))) {
        YAO_TRY(enrol_leave(v));
        return YAO_E_REFUSED;
    }
    v->state.tries = 0;
    v->state.factors |= ENROL_OFFICER;
    v->state.step = ENROL_AT_CHOICE;
    return enrol_go_on(v, &change);
}
