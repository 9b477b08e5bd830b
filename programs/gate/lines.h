/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_GATE_LINES_H
#define YAO_GATE_LINES_H

/** Lines of a scanner, as they come: it is a keyboard, or a pipe. */

#include "yaopai/base.h"

/** Letters of one line: the largest code there is, and its line end. */
enum { GATE_LINE = 8192 };

typedef struct gate_lines {
    int     fd;
    uint8_t buffer[GATE_LINE];
    size_t  len;   /* in BUFFER */
    size_t  taken; /* of it, given out */
    bool    skip;  /* the line was too long: its rest is not looked at */
    bool    over;  /* the end was read */
} gate_lines;

typedef enum gate_event {
    GATE_LINE_READ = 1, /* RET is a line, without its end */
    GATE_LINE_LONG = 2, /* a line that was longer than any code */
    GATE_TIME      = 3, /* no line came within the time */
    GATE_END       = 4  /* nothing will come any more */
} gate_event;

/** Overwrite what was given out: a code may say who somebody is. The last view
 *  ends with it. */
void gate_lines_forget(gate_lines *l);

/** The next line, or the end of PATIENCE milliseconds (below 0: for ever).
 *  RET is a view that the next call ends. */
gate_event gate_lines_next(gate_lines *l, int patience, yao_bytes *ret);

#endif
