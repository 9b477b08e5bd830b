/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* syscall() */
#include "qr/jail.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

/* Who reaches MOST is told by a signal or an error; GRACE more ends it. */
static bool limit(int what, rlim_t most, rlim_t grace)
{
    struct rlimit now;

    if (getrlimit(what, &now) != 0)
        return false;
    if (now.rlim_max == RLIM_INFINITY || most + grace < now.rlim_max)
        now.rlim_max = most + grace;
    now.rlim_cur = most < now.rlim_max ? most : now.rlim_max;
    return setrlimit(what, &now) == 0;
}

/* Bytes of address space in use: sanitizers keep terabytes, so a limit can
 * only be so much more than there is. 0: nobody knows. */
static rlim_t memory_now(void)
{
    FILE         *file  = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;

    if (file == NULL)
        return 0;
    if (fscanf(file, "%lu", &pages) != 1)
        pages = 0;
    fclose(file);
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* All but FD: what else the parent has open is not the child's to touch. */
static void close_others(int fd)
{
#if defined(SYS_close_range)
    if ((fd == 0 || syscall(SYS_close_range, 0u, (unsigned)fd - 1, 0u) == 0) &&
        syscall(SYS_close_range, (unsigned)fd + 1, ~0u, 0u) == 0)
        return;
#endif
    long most = sysconf(_SC_OPEN_MAX);
    for (int i = 0; i < (most > 0 && most < 65536 ? most : 65536); i++)
        if (i != fd)
            close(i);
}

/* A crash is to end this process, whatever the parent does about its own. */
static void forget_handlers(void)
{
    for (int i = 1; i < 32; i++)
        (void)signal(i, SIG_DFL);
}

#if defined(__x86_64__)
#define JAIL_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define JAIL_ARCH AUDIT_ARCH_AARCH64
#endif

#if defined(__linux__) && defined(JAIL_ARCH)

#define FIELD(name)                                                            \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, name))
#define ALLOW(call)                                                            \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1),                     \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/*
 * What a decoder needs: its answer, memory, the clock, locks of the heap, and
 * sysinfo() for qsort(). All else fails as if it were not permitted, rather
 * than ends the process: zbar asks iconv for character sets that it then does
 * not use, and every libc asks for something else. A kernel without seccomp
 * leaves the limits above.
 */
static void forbid_calls(void)
{
    struct sock_filter code[] = {
        FIELD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, JAIL_ARCH, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        FIELD(nr),
        ALLOW(write),
        ALLOW(exit),
        ALLOW(exit_group),
        ALLOW(brk),
        ALLOW(mmap),
        ALLOW(munmap),
        ALLOW(mremap),
        ALLOW(madvise),
        ALLOW(futex),
        ALLOW(clock_gettime),
        ALLOW(gettimeofday),
        ALLOW(getrandom),
        ALLOW(sysinfo),
        ALLOW(rt_sigreturn),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    };
    struct sock_fprog program = {sizeof code / sizeof code[0], code};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        (void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

#else

static void forbid_calls(void)
{
}

#endif

bool qr_jail_enter(int fd, int seconds)
{
    rlim_t memory = memory_now();

    forget_handlers();
    close_others(fd);
    if (!limit(RLIMIT_CORE, 0, 0) || !limit(RLIMIT_CPU, (rlim_t)seconds, 1) ||
        !limit(RLIMIT_FSIZE, 0, 0) || !limit(RLIMIT_NOFILE, 0, 0) ||
        !limit(RLIMIT_NPROC, 0, 0) ||
        !limit(RLIMIT_AS, memory + QR_JAIL_MEMORY, 0))
        return false;
    forbid_calls();
    return true;
}
