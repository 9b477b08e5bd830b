/* SPDX-License-Identifier: Apache-2.0 */
#include "load/figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"

/* ---- a process ---------------------------------------------------------- */

double load_process_cpu(pid_t pid)
{
    char          path[64], line[1024] = "";
    unsigned long user = 0, system = 0;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = pid > 0 ? fopen(path, "r") : NULL;
    if (f == NULL)
        return 0;
    char *got = fgets(line, sizeof line, f);
    fclose(f);
    /* behind the name, which may hold blanks: proc(5) */
    char *rest = got == NULL ? NULL : strrchr(line, ')');
    if (rest == NULL ||
        sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
               &user, &system) != 2)
        return 0;
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

size_t load_process_pss(pid_t pid)
{
    char          path[64], line[256];
    unsigned long kb = 0;

    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *f = pid > 0 ? fopen(path, "r") : NULL;
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "Pss: %lu kB", &kb) == 1)
            break;
    if (f != NULL)
        fclose(f);
    return kb;
}

/* ---- reckoning ---------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

/* In milliseconds; TIMES is sorted. */
static double percentile(const load_times *times, unsigned percent)
{
    size_t at = times->count * percent / 100;

    if (times->count == 0)
        return 0;
    return times->us[at < times->count ? at : times->count - 1] / 1000.0;
}

/* Seconds of the bare operations of one walk. */
static double bare_of(const load_figures *f)
{
    load_operations o = load_plan_operations(f->plan);

    return (double)o.signs * f->bare.sign +
           (double)o.verifies * f->bare.verify +
           (double)o.generates * f->bare.generate +
           (double)o.agrees * f->bare.agree;
}

/* CPU seconds of one walk: of both sides, or of the server alone when the
 * proofs were there before. */
static double cost_of(const load_figures *f)
{
    double all = f->server_cpu + (f->plan->presigned ? 0 : f->client_cpu);

    return f->walks == 0 ? 0 : all / (double)f->walks;
}

static double ratio_of(const load_figures *f)
{
    double cost = cost_of(f);

    return f->server_cpu > 0 && cost > 0 ? bare_of(f) / cost : 0;
}

static double rate_of(const load_figures *f)
{
    return f->seconds > 0 ? (double)f->walks / f->seconds : 0;
}

static const char *mode_of(const load_figures *f)
{
    return f->plan->desk != NULL ? "present"
           : f->plan->presigned ? "credential, presigned"
           : f->plan->alone   ? "credential"
           : f->plan->by_code ? "code"
                              : "pre-authorized";
}

/* ---- telling ------------------------------------------------------------ */

static void tell_json(const load_figures *f)
{
    load_operations o     = load_plan_operations(f->plan);
    const char     *comma = "";

    printf("{\"flow\":\"%s\",\"configuration\":\"%.*s\",\"copies\":%zu,"
           "\"workers\":%zu,\"connections\":%zu,\"done\":%zu,\"received\":%zu,"
           "\"failed\":%zu,\"seconds\":%.3f,\"per_second\":%.1f,"
           "\"ratio\":%.3f,",
           mode_of(f), (int)f->plan->configuration.len,
           (const char *)f->plan->configuration.ptr, f->plan->copies,
           f->workers, f->connections, f->walks, f->copies, f->failed,
           f->seconds, rate_of(f), ratio_of(f));
    printf("\"bare\":{\"signs\":%zu,\"verifies\":%zu,\"generates\":%zu,"
           "\"agrees\":%zu,\"sign_us\":%.1f,\"verify_us\":%.1f,"
           "\"generate_us\":%.1f,\"agree_us\":%.1f,\"sum_us\":%.1f},",
           o.signs, o.verifies, o.generates, o.agrees, f->bare.sign * 1e6,
           f->bare.verify * 1e6, f->bare.generate * 1e6, f->bare.agree * 1e6,
           bare_of(f) * 1e6);
    printf("\"cpu_us\":{\"server\":%.1f,\"client\":%.1f},"
           "\"server_pss_kb\":{\"before\":%zu,\"most\":%zu},\"steps\":[",
           f->walks == 0 ? 0 : f->server_cpu * 1e6 / (double)f->walks,
           f->walks == 0 ? 0 : f->client_cpu * 1e6 / (double)f->walks,
           f->pss_before, f->pss_most);
    for (size_t i = 0; i < LOAD_STEPS; i++) {
        const load_times *t = &f->times[i];
        if (t->count == 0)
            continue;
        printf("%s{\"name\":\"%s\",\"count\":%zu,\"per_second\":%.1f,"
               "\"p50_ms\":%.2f,\"p90_ms\":%.2f,\"p99_ms\":%.2f}",
               comma, load_step_name((load_step)i), t->count,
               (double)t->count / f->seconds, percentile(t, 50),
               percentile(t, 90), percentile(t, 99));
        comma = ",";
    }
    printf("]}\n");
}

static void tell_table(const load_figures *f)
{
    printf("%s, %.*s, %zu\n", mode_of(f), (int)f->plan->configuration.len,
           (const char *)f->plan->configuration.ptr, f->plan->copies);
    yao_print(WORDS("ratio %.3f: bare operations %.0f us of %.0f us CPU\n",
                    "比值 %.3f：裸运算 %.0f 微秒，CPU %.0f 微秒\n"),
              ratio_of(f), bare_of(f) * 1e6, cost_of(f) * 1e6);
    yao_print(WORDS("%zu done, %zu copies, %zu failed in %.2f s: %.0f per "
                    "second\n",
                    "完成 %zu 次，%zu 份副本，%zu 次失败，用时 %.2f 秒："
                    "每秒 %.0f 次\n"),
              f->walks, f->copies, f->failed, f->seconds, rate_of(f));
    yao_print(WORDS("memory of the server (PSS): %zu kB before, %zu kB most\n",
                    "服务器内存（PSS）：开始前 %zu kB，最高 %zu kB\n"),
              f->pss_before, f->pss_most);
    yao_print(WORDS("\nstep          per second   p50 ms   p90 ms   p99 ms\n",
                    "\n步骤              每秒   p50 毫秒 p90 毫秒 p99 毫秒\n"));
    for (size_t i = 0; i < LOAD_STEPS; i++) {
        const load_times *t = &f->times[i];
        if (t->count != 0)
            printf("%-13s %10.0f %8.2f %8.2f %8.2f\n",
                   load_step_name((load_step)i), (double)t->count / f->seconds,
                   percentile(t, 50), percentile(t, 90), percentile(t, 99));
    }
}

void load_figures_tell(load_figures *f, bool json)
{
    for (size_t i = 0; i < LOAD_STEPS; i++)
        if (f->times[i].count != 0)
            qsort(f->times[i].us, f->times[i].count, sizeof f->times[i].us[0],
                  compare);
    if (json)
        tell_json(f);
    else
        tell_table(f);
}
