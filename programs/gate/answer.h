/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_GATE_ANSWER_H
#define YAO_GATE_ANSWER_H

/** The lines that a gate prints (docs/formats/gate.md). */

#include "gate/gate.h"

/** What became of one code. */
typedef struct gate_verdict {
    yao_result *result;   /* NULL: none, FAILURE says why */
    yao_status  failure;
    bool        repeated; /* the showing before the camera, again */
    bool        part;     /* of an animated code, others are to come */
    bool        answered; /* the challenge in force was used */
    yao_status  broken;   /* nothing could be remembered */
    yao_result  own;      /* a verdict that the gate makes by itself */
} gate_verdict;

/** The line for V; it is kept for the next one, unless it is of a part. */
yao_bytes gate_answer_put(gate *g, const gate_verdict *v, yao_time now);

/** The last one, marked. */
yao_bytes gate_answer_repeated(gate *g);

/** The challenge in force. */
yao_bytes gate_answer_challenge(gate *g);

#endif
