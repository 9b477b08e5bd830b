/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_LOAD_FIGURES_H
#define YAO_LOAD_FIGURES_H

/** What was measured, and telling it. */

#include <sys/types.h>

#include "app/bare.h"
#include "load/wallet.h"

/** How long each answer of one step took. */
typedef struct load_times {
    uint32_t *us; /* room for all that a run may have */
    size_t    count;
} load_times;

typedef struct load_figures {
    const load_plan *plan;
    size_t           workers, connections;
    size_t           walks;  /* complete */
    size_t           copies; /* that came */
    size_t           failed;
    load_step        failed_at; /* the first */
    int              failed_http; /* its status; 0: none came */
    yao_status       failed_why;
    double           seconds, client_cpu, server_cpu;
    size_t           pss_before, pss_most; /* kB, of the server; 0: not known */
    yao_bare_costs   bare;
    load_times       times[LOAD_STEPS];
} load_figures;

/** CPU seconds and kB (proportional set size) of a process; 0: not known. */
double load_process_cpu(pid_t pid);
size_t load_process_pss(pid_t pid);

/** Print as a table, or as JSON. Sorts the times. */
void load_figures_tell(load_figures *f, bool json);

#endif
