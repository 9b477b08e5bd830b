/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_LOAD_RUN_H
#define YAO_LOAD_RUN_H

/**
 * Many wallets at once: threads with kept connections each, on each connection
 * one wallet after the other (or one that asks again and again).
 *
 * Everything is made ready, then all threads start at one moment; what they
 * prepared with (tokens, proofs that are signed before) is outside of the
 * measured time.
 */

#include "load/figures.h"

typedef struct load_run {
    const load_plan *plan;
    const char      *attester; /* URI of its key, opened by each thread */
    const yao_text  *offers;   /* one for each wallet */
    size_t           wallets;
    size_t           requests; /* `alone`: of all wallets together */
    size_t           workers, connections; /* of each worker */
    double           seconds;  /* after that nothing new begins */
    pid_t            server;
} load_run;

/** How many wallets are there at once. */
size_t load_run_slots(const load_run *run);

/**
 * Run, and fill in FIGURES.
 *
 * Errors  YAO_E_SPACE, YAO_E_CRYPTO, YAO_E_NET (no connection), those of
 *         yao_key_open(); what a wallet was refused is in FIGURES
 */
YAO_MUST_USE yao_status load_run_do(const load_run *run, load_figures *ret);

#endif
