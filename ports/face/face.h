/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_FACE_H
#define YAO_FACE_H

/**
 * Face engines: where faces are in a picture, and whether two are one person's.
 *
 * An engine is a process of somebody else's, at the other end of framed CBOR
 * (docs/formats/face.md): a child that is started here, kept from files,
 * sockets and other processes, ended when it takes too long and started again
 * when it died; or a server behind a Unix socket.
 *
 *     YAO_TRY(face_open(&(face_options){.command = "/usr/bin/engine"}, &e));
 *     YAO_TRY(face_detect(e, &picture, &faces));
 *     if (faces.count == 1)
 *         YAO_TRY(face_extract(e, &picture, &faces.list[0], &one));
 *     YAO_TRY(face_compare(e, &one, &other, &score));
 *     face_close(e);
 *
 * What an engine says is a stranger's word: bounded, checked, and no number in
 * it is a floating one. Cannot ask is an error, and never a match.
 *
 * Threads  any number; requests wait for each other, no longer than a request
 *          may take
 * Memory   some 4 kB; pictures and templates are the caller's
 */

#include "yaopai/writer.h"

/** Pixels of the longer side of a picture that engines are shown, faces in one
 *  of them, bytes of a name and of a template's vector. */
#define FACE_MAX_SIDE   960u
#define FACE_MAX_FACES  8u
#define FACE_MAX_NAME   64u
#define FACE_MAX_VECTOR 4096u

/** Scores and confidences are parts of a million, angles tenths of a degree. */
#define FACE_ONE INT32_C(1000000)

typedef struct face_engine face_engine;

typedef struct face_options {
    const char *command; /* program and its arguments, blanks between; the
                            program by its whole path */
    const char *socket;  /* or a Unix socket */
    bool        demo;    /* this is a demonstration: an engine for tests may
                            be used */
    uint8_t     model[32]; /* SHA-256 that its model must have */
    bool        model_set;
    unsigned    start_ms; /* until it says who it is; 0: 20 s */
    unsigned    call_ms;  /* for one answer; 0: 5 s */
    unsigned    again_ms; /* until it is started again; 0: 1 s */
} face_options;

/** What an engine is worth, by its own word. */
typedef enum face_grade {
    FACE_GRADE_TEST   = 1, /* answers what tests want: demo only */
    FACE_GRADE_DEMO   = 2, /* recognises; nobody measured its errors */
    FACE_GRADE_VENDOR = 3  /* somebody answers for it */
} face_grade;

/** How two templates are compared. */
typedef enum face_metric {
    FACE_METRIC_COSINE = 1, /* here: the cosine of signed bytes */
    FACE_METRIC_ENGINE = 2  /* by the engine; nobody else can read them */
} face_metric;

typedef struct face_info {
    char        engine[FACE_MAX_NAME + 1]; /* name and version; printable */
    char        model[FACE_MAX_NAME + 1];
    uint8_t     model_sha256[32];
    face_grade  grade;
    face_metric metric;
    uint32_t    dims; /* bytes of a vector, 1..FACE_MAX_VECTOR */
} face_info;

/** Red, green, blue; rows from above. */
typedef struct face_picture {
    const uint8_t *pixels;
    uint32_t       width, height; /* 16..FACE_MAX_SIDE */
} face_picture;

/** One face, inside of its picture. */
typedef struct face_found {
    uint32_t left, top, width, height; /* pixels */
    int32_t  confidence;               /* 0..FACE_ONE */
    int32_t  yaw; /* above 0: the nose points to the right of the picture as
                     it is stored, not mirrored */
    int32_t  pitch, roll; /* all -1800..1800 */
} face_found;

typedef struct face_list {
    face_found list[FACE_MAX_FACES];
    size_t     count;
} face_list;

/** What a face is recognised by; as much a secret as the face. Wipe it. */
typedef struct face_template {
    char        engine[FACE_MAX_NAME + 1];
    char        model[FACE_MAX_NAME + 1];
    uint8_t     model_sha256[32];
    face_metric metric;
    uint32_t    dims;
    uint8_t     vector[FACE_MAX_VECTOR];
} face_template;

/**
 * Make ready; the engine is started when it is needed first.
 *
 * Errors  YAO_E_USAGE  neither command nor socket, or both, or one that is no
 *                      whole path
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status face_open(const face_options *options,
                                  face_engine       **ret);

/** End the child. NULL is fine. */
void face_close(face_engine *e);

/*
 * All that ask the engine. Errors:
 *
 *   YAO_E_NET          it can't be started or reached, died, or took too long
 *   YAO_E_LOCKED       others kept it busy for as long as a request may take
 *   YAO_E_MALFORMED    it answered something else: it is ended
 *   YAO_E_UNSUPPORTED  it does not do that
 *   YAO_E_CRYPTO       it says that it failed
 *   YAO_E_REFUSED      an engine for tests, and this is no demonstration
 *   YAO_E_MISMATCH     its model is not the one that was set, or is another
 *                      than when it was first asked
 */

/** Who it is. */
YAO_MUST_USE yao_status face_get_info(face_engine *e, face_info *ret);

/** Where faces are; none is no error. Errors also: YAO_E_USAGE: a picture
 *  above its limits; YAO_E_LIMIT: more faces than FACE_MAX_FACES. */
YAO_MUST_USE yao_status face_detect(face_engine *e, const face_picture *picture,
                                    face_list *ret);

/** What FACE of PICTURE is recognised by. Errors also: YAO_E_USAGE: a face
 *  that is not within the picture; YAO_E_MISSING: it sees no face there. */
YAO_MUST_USE yao_status face_extract(face_engine        *e,
                                     const face_picture *picture,
                                     const face_found   *face,
                                     face_template      *ret);

/**
 * How alike two are: -FACE_ONE..FACE_ONE. What is enough is not known here.
 *
 * Errors  also YAO_E_MISMATCH: templates of two engines, models or forms, or
 *         of another engine than E; YAO_E_VALUE: a vector of nothing
 * Cost    with FACE_METRIC_COSINE E is not asked
 */
YAO_MUST_USE yao_status face_compare(face_engine *e, const face_template *a,
                                     const face_template *b, int32_t *ret);

/* ---- templates as bytes ------------------------------------------------- */

/**
 * Shape   face-template of docs/formats/face.md
 * Errors  YAO_E_SPACE recorded in W;  of reading: those of yao_cbor_close(),
 *         YAO_E_MALFORMED: another shape or version, a number out of range
 */
void face_write_template(yao_writer *w, const face_template *t);
YAO_MUST_USE yao_status face_read_template(yao_bytes      input,
                                           face_template *ret);

/* ---- for the fuzzer: what is made of an engine's answer ------------------ */

/** Result of request NUMBER. Errors: those above that an answer can cause. */
YAO_MUST_USE yao_status face_read_answer(yao_bytes answer, uint64_t number,
                                         yao_bytes *result);
YAO_MUST_USE yao_status face_read_info(yao_bytes result, face_info *ret);
YAO_MUST_USE yao_status face_read_faces(yao_bytes           result,
                                        const face_picture *picture,
                                        face_list          *ret);
YAO_MUST_USE yao_status face_read_vector(yao_bytes result,
                                         const face_info *info,
                                         face_template   *ret);
YAO_MUST_USE yao_status face_read_score(yao_bytes result, int32_t *ret);

#endif
