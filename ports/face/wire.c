/* SPDX-License-Identifier: Apache-2.0 */
/* Shapes: docs/formats/face.md. */
#include "face/wire.h"

/* ---- what is asked ------------------------------------------------------ */

size_t face_pixels(const face_picture *p)
{
    return (size_t)p->width * p->height * 3;
}

static void put_picture(yao_writer *w, const face_picture *p)
{
    yao_cbor_put_array(w, 3);
    yao_cbor_put_uint(w, p->width);
    yao_cbor_put_uint(w, p->height);
    yao_cbor_put_bytes_head(w, face_pixels(p));
}

void face_put_info(yao_writer *w, uint64_t number, bool demo)
{
    yao_cbor_put_array(w, 3);
    yao_cbor_put_uint(w, number);
    yao_cbor_put_string(w, "info");
    yao_cbor_put_bool(w, demo);
}

void face_put_detect(yao_writer *w, uint64_t number, const face_picture *p)
{
    yao_cbor_put_array(w, 3);
    yao_cbor_put_uint(w, number);
    yao_cbor_put_string(w, "detect");
    put_picture(w, p);
}

void face_put_extract(yao_writer *w, uint64_t number, const face_picture *p,
                      const face_found *face)
{
    yao_cbor_put_array(w, 4);
    yao_cbor_put_uint(w, number);
    yao_cbor_put_string(w, "extract");
    yao_cbor_put_array(w, 4);
    yao_cbor_put_uint(w, face->left);
    yao_cbor_put_uint(w, face->top);
    yao_cbor_put_uint(w, face->width);
    yao_cbor_put_uint(w, face->height);
    put_picture(w, p);
}

void face_put_match(yao_writer *w, uint64_t number, yao_bytes a, yao_bytes b)
{
    yao_cbor_put_array(w, 4);
    yao_cbor_put_uint(w, number);
    yao_cbor_put_string(w, "match");
    yao_cbor_put_bytes(w, a);
    yao_cbor_put_bytes(w, b);
}

/* ---- what is answered --------------------------------------------------- */

/* What an engine may fail with, by its number. */
static yao_status failure(uint64_t word)
{
    static const yao_status known[] = {
        [1] = YAO_E_UNSUPPORTED,
        [2] = YAO_E_MISSING,
        [3] = YAO_E_CRYPTO,
        [4] = YAO_E_REFUSED,
    };

    if (word == 0 || word >= sizeof known / sizeof known[0])
        return YAO_E_MALFORMED;
    return known[word];
}

yao_status face_read_answer(yao_bytes answer, uint64_t number,
                            yao_bytes *result)
{
    yao_cbor_reader r = yao_cbor_open(answer);

    yao_cbor_get_array(&r, 3);
    uint64_t  whose = yao_cbor_get_uint(&r);
    uint64_t  word  = yao_cbor_get_uint(&r);
    yao_bytes what  = yao_cbor_get_any(&r);
    YAO_TRY(yao_cbor_close(&r));
    if (whose != number)
        return YAO_E_MALFORMED;
    if (word != 0)
        return failure(word);
    *result = what;
    return YAO_OK;
}

/* A name as it may stand in a log: printable US-ASCII, neither empty nor too
 * long. */
static void get_name(yao_cbor_reader *r, char out[FACE_MAX_NAME + 1])
{
    yao_text name = yao_cbor_get_text(r);

    if (name.len == 0 || name.len > FACE_MAX_NAME) {
        yao_cbor_fail(r, YAO_E_MALFORMED);
        return;
    }
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.ptr[i];
        if (c < ' ' || c > '~' || c == '"' || c == '\\')
            yao_cbor_fail(r, YAO_E_MALFORMED);
        out[i] = (char)c;
    }
    out[name.len] = '\0';
}

static void get_digest(yao_cbor_reader *r, uint8_t out[32])
{
    yao_bytes digest = yao_cbor_get_bytes(r);

    if (digest.len != 32) {
        yao_cbor_fail(r, YAO_E_MALFORMED);
        return;
    }
    for (size_t i = 0; i < 32; i++)
        out[i] = digest.ptr[i];
}

/* A number within LEAST..MOST; LEAST when it is not. */
static int32_t get_number(yao_cbor_reader *r, int32_t least, int32_t most)
{
    int64_t number = yao_cbor_get_int(r);

    if (number >= least && number <= most)
        return (int32_t)number;
    yao_cbor_fail(r, YAO_E_MALFORMED);
    return least;
}

static face_metric get_metric(yao_cbor_reader *r)
{
    yao_text word = yao_cbor_get_text(r);

    if (yao_text_equal(word, YAO_TEXT("cos")))
        return FACE_METRIC_COSINE;
    if (!yao_text_equal(word, YAO_TEXT("engine")))
        yao_cbor_fail(r, YAO_E_MALFORMED);
    return FACE_METRIC_ENGINE;
}

static face_grade get_grade(yao_cbor_reader *r)
{
    yao_text word = yao_cbor_get_text(r);

    if (yao_text_equal(word, YAO_TEXT("demo")))
        return FACE_GRADE_DEMO;
    if (yao_text_equal(word, YAO_TEXT("vendor")))
        return FACE_GRADE_VENDOR;
    if (!yao_text_equal(word, YAO_TEXT("test")))
        yao_cbor_fail(r, YAO_E_MALFORMED);
    return FACE_GRADE_TEST;
}

yao_status face_read_info(yao_bytes result, face_info *ret)
{
    yao_cbor_reader r    = yao_cbor_open(result);
    face_info       info = {.dims = 0};

    yao_cbor_get_array(&r, 7);
    if (yao_cbor_get_uint(&r) != 1)
        yao_cbor_fail(&r, YAO_E_MALFORMED);
    get_name(&r, info.engine);
    get_name(&r, info.model);
    get_digest(&r, info.model_sha256);
    info.grade  = get_grade(&r);
    info.metric = get_metric(&r);
    info.dims   = (uint32_t)get_number(&r, 1, FACE_MAX_VECTOR);
    YAO_TRY(yao_cbor_close(&r));
    *ret = info;
    return YAO_OK;
}

bool face_within(const face_found *face, const face_picture *p)
{
    return face->width > 0 && face->height > 0 && face->width <= p->width &&
           face->height <= p->height && face->left <= p->width - face->width &&
           face->top <= p->height - face->height;
}

static void get_face(yao_cbor_reader *r, const face_picture *p, face_found *ret)
{
    yao_cbor_get_array(r, 8);
    ret->left       = (uint32_t)get_number(r, 0, FACE_MAX_SIDE);
    ret->top        = (uint32_t)get_number(r, 0, FACE_MAX_SIDE);
    ret->width      = (uint32_t)get_number(r, 1, FACE_MAX_SIDE);
    ret->height     = (uint32_t)get_number(r, 1, FACE_MAX_SIDE);
    ret->confidence = get_number(r, 0, FACE_ONE);
    ret->yaw        = get_number(r, -1800, 1800);
    ret->pitch      = get_number(r, -1800, 1800);
    ret->roll       = get_number(r, -1800, 1800);
    if (!face_within(ret, p))
        yao_cbor_fail(r, YAO_E_MALFORMED);
}

yao_status face_read_faces(yao_bytes result, const face_picture *picture,
                           face_list *ret)
{
    yao_cbor_reader r     = yao_cbor_open(result);
    uint64_t        count = yao_cbor_get_items(&r);
    face_list       found = {.count = 0};

    if (r.status == YAO_OK && count > FACE_MAX_FACES)
        return YAO_E_LIMIT;
    for (uint64_t i = 0; i < count && r.status == YAO_OK; i++)
        get_face(&r, picture, &found.list[found.count++]);
    YAO_TRY(yao_cbor_close(&r));
    *ret = found;
    return YAO_OK;
}

/* All zero is alike to nothing and to everything. */
static bool is_nothing(yao_bytes vector)
{
    for (size_t i = 0; i < vector.len; i++)
        if (vector.ptr[i] != 0)
            return false;
    return true;
}

static void copy_names(face_template *t, const face_info *info)
{
    for (size_t i = 0; i <= FACE_MAX_NAME; i++) {
        t->engine[i] = info->engine[i];
        t->model[i]  = info->model[i];
    }
    for (size_t i = 0; i < 32; i++)
        t->model_sha256[i] = info->model_sha256[i];
    t->metric = info->metric;
    t->dims   = info->dims;
}

yao_status face_read_vector(yao_bytes result, const face_info *info,
                            face_template *ret)
{
    yao_cbor_reader r      = yao_cbor_open(result);
    yao_bytes       vector = yao_cbor_get_bytes(&r);

    YAO_TRY(yao_cbor_close(&r));
    if (vector.len != info->dims || is_nothing(vector))
        return YAO_E_MALFORMED;
    copy_names(ret, info);
    for (size_t i = 0; i < vector.len; i++)
        ret->vector[i] = vector.ptr[i];
    return YAO_OK;
}

yao_status face_read_score(yao_bytes result, int32_t *ret)
{
    yao_cbor_reader r     = yao_cbor_open(result);
    int32_t         score = get_number(&r, -FACE_ONE, FACE_ONE);

    YAO_TRY(yao_cbor_close(&r));
    *ret = score;
    return YAO_OK;
}

/* ---- templates ---------------------------------------------------------- */

void face_write_template(yao_writer *w, const face_template *t)
{
    yao_cbor_put_map(w, 7);
    yao_cbor_put_string(w, "v");
    yao_cbor_put_uint(w, 1);
    yao_cbor_put_string(w, "vec");
    yao_cbor_put_bytes(w, (yao_bytes){t->vector, t->dims});
    yao_cbor_put_string(w, "dims");
    yao_cbor_put_uint(w, t->dims);
    yao_cbor_put_string(w, "model");
    yao_cbor_put_string(w, t->model);
    yao_cbor_put_string(w, "engine");
    yao_cbor_put_string(w, t->engine);
    yao_cbor_put_string(w, "metric");
    yao_cbor_put_string(w, t->metric == FACE_METRIC_COSINE ? "cos" : "engine");
    yao_cbor_put_string(w, "model_sha256");
    yao_cbor_put_bytes(w, (yao_bytes){t->model_sha256, 32});
}

static void get_key(yao_cbor_reader *r, const char *key)
{
    if (!yao_text_equal(yao_cbor_get_text(r), yao_text_of(key)))
        yao_cbor_fail(r, YAO_E_MALFORMED);
}

/* Ours alone are read, so the keys stand in their deterministic order. */
yao_status face_read_template(yao_bytes input, face_template *ret)
{
    yao_cbor_reader r    = yao_cbor_open(input);
    face_info       info = {.dims = 0};

    if (yao_cbor_get_map(&r) != 7)
        yao_cbor_fail(&r, YAO_E_MALFORMED);
    get_key(&r, "v");
    if (yao_cbor_get_uint(&r) != 1)
        yao_cbor_fail(&r, YAO_E_MALFORMED);
    get_key(&r, "vec");
    yao_bytes vector = yao_cbor_get_any(&r);
    get_key(&r, "dims");
    info.dims = (uint32_t)get_number(&r, 1, FACE_MAX_VECTOR);
    get_key(&r, "model");
    get_name(&r, info.model);
    get_key(&r, "engine");
    get_name(&r, info.engine);
    get_key(&r, "metric");
    info.metric = get_metric(&r);
    get_key(&r, "model_sha256");
    get_digest(&r, info.model_sha256);
    YAO_TRY(yao_cbor_close(&r));
    return face_read_vector(vector, &info, ret);
}
