/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The core for a page, measured by Node beside WebCrypto: wasm/bench.mjs times
 * both in turns and prints three numbers. It is there in a clone only.
 */
#include "bench/wasm.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define SCRIPT "wasm/bench.mjs"
#define MODULE "build/wasm/yaopai.wasm"

static const char *const names[] = {"anchor.der", "session.cbor",
                                    "response.cbor"};

enum { FILES = sizeof names / sizeof names[0] };

static bool write_file(const char *folder, const char *name, yao_bytes bytes)
{
    char  path[64];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "wb");
    if (f == NULL)
        return false;

    bool written = fwrite(bytes.ptr, 1, bytes.len, f) == bytes.len;
    return fclose(f) == 0 && written;
}

static void remove_files(const char *folder)
{
    char path[64];

    for (size_t i = 0; i < FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

/* In the child: what Node says goes to OUT, what it complains of nowhere. */
static void become_node(int out, const char *folder, const char *rounds)
{
    char now[32];
    int  nowhere = open("/dev/null", O_WRONLY);

    snprintf(now, sizeof now, "%lld",
             (long long)(YAO_BENCH_NOW + YAO_TIME_DAY));
    if (nowhere >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
        dup2(nowhere, STDERR_FILENO) >= 0)
        execlp("node", "node", "--no-warnings", SCRIPT, MODULE, folder, now,
               rounds, (char *)NULL);
    _exit(127);
}

static bool read_answer(int in, yao_measured *ret)
{
    char  line[256];
    FILE *f = fdopen(in, "r");

    if (f == NULL) {
        close(in);
        return false;
    }
    bool read = fgets(line, sizeof line, f) != NULL &&
                sscanf(line, "%lf %lf %lf", &ret->per_second,
                       &ret->limit_per_second, &ret->ratio) == 3;
    fclose(f);
    return read;
}

static bool ask_node(const char *folder, size_t rounds, yao_measured *ret)
{
    char count[16];
    int  ends[2], status;

    snprintf(count, sizeof count, "%zu", rounds);
    if (pipe(ends) != 0)
        return false;

    pid_t child = fork();
    if (child == 0)
        become_node(ends[1], folder, count);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return false;
    }

    bool read = read_answer(ends[0], ret);
    return waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0 && read;
}

bool yao_bench_wasm_is_there(void)
{
    return access(SCRIPT, R_OK) == 0 && access(MODULE, R_OK) == 0;
}

bool yao_bench_wasm(const yao_world *world, size_t rounds, yao_measured *ret)
{
    yao_bytes files[FILES] = {world->anchor.certificate, world->transcript,
                              world->responses[0]};
    char      folder[]     = "/tmp/yaopai-bench-XXXXXX";
    bool      done         = mkdtemp(folder) != NULL;

    *ret = (yao_measured){.name = YAO_BENCH_WASM};
    for (size_t i = 0; i < FILES && done; i++)
        done = write_file(folder, names[i], files[i]);
    done = done && ask_node(folder, rounds, ret);
    remove_files(folder);
    return done;
}
