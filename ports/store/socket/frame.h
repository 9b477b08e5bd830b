/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_FRAME_H
#define YAO_STORE_FRAME_H

/** Frames between a store's server and its guests. Putting and getting keep
 *  the first failure; ask BAD at the end. */

#include "store/engine.h"

/** One frame: a portrait of a person is some 100 kB. */
#define FRAME_MAX (64u << 20)

typedef enum frame_kind {
    FRAME_HELLO = 1, /* version */
    FRAME_READ,      /* op */
    FRAME_ROWS,      /* rows */
    FRAME_CHANGE,    /* claims, rows */
    FRAME_STREAM,    /* changes follow, ended by FRAME_END */
    FRAME_END,       /* status of the guest's own */
    FRAME_CHECK,
    FRAME_RESULT /* status, and what belongs to it */
} frame_kind;

typedef struct frame {
    uint8_t *data; /* payload */
    size_t   len, cap;
    size_t   at; /* what was got */
    bool     bad;
} frame;

/** Free what it holds. */
void frame_free(frame *f);

/** Begin an empty one. */
void frame_clear(frame *f);

/** Append a number, bytes with their length, a value with its kind, a statement
 *  with its values. */
void frame_put_number(frame *f, int64_t number);
void frame_put_bytes(frame *f, yao_bytes bytes);
void frame_put_value(frame *f, const store_value *value);
void frame_put_op(frame *f, const store_op *op);

/** Take what was put, in its order: 0, nothing or NULL when it is not there.
 *  Bytes live as long as the frame. */
int64_t   frame_get_number(frame *f);
yao_bytes frame_get_bytes(frame *f);
void      frame_get_value(frame *f, store_value *ret);

/** A statement that we know, with as many values as it has. */
void frame_get_op(frame *f, store_op *ret);

/** Errors: YAO_E_STORE: the other side is gone, or silent for MS (-1: for
 *  ever), or sent what is no frame. */
yao_status frame_send(int fd, frame_kind kind, const frame *f);
yao_status frame_receive(int fd, int ms, frame_kind *kind, frame *f);

/** What both sides must agree in: STORE_SQL_VERSION. */
yao_bytes frame_version(void);

/** A socket, connected to PATH (LISTEN: bound to it, for us alone), or -1. */
int frame_socket(const char *path, bool listen);

#endif
