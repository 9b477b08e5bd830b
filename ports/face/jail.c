/* SPDX-License-Identifier: Apache-2.0 */
/* Between fork() and exec() only what is safe in a process of many threads. */
#define _DEFAULT_SOURCE /* syscall() */
#include "face/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

enum { MOST_FILES = 64 };

/* An engine in JavaScript with its model takes 260 MB; what it reserves and
 * does not use is not counted. */
static const rlim_t most_data = (rlim_t)2 << 30;

static bool limit(int what, rlim_t most)
{
    struct rlimit now;

    if (getrlimit(what, &now) != 0)
        return false;
    if (now.rlim_max == RLIM_INFINITY || most < now.rlim_max)
        now.rlim_max = most;
    now.rlim_cur = now.rlim_max;
    return setrlimit(what, &now) == 0;
}

static void close_from(int first)
{
#if defined(SYS_close_range)
    if (syscall(SYS_close_range, (unsigned)first, ~0u, 0u) == 0)
        return;
#endif
    long most = sysconf(_SC_OPEN_MAX);
    for (int i = first; i < (most > 0 && most < 65536 ? most : 65536); i++)
        close(i);
}

static void forget_signals(void)
{
    sigset_t none;

    for (int i = 1; i < 32; i++)
        (void)signal(i, SIG_DFL);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

#if defined(__x86_64__)
#define JAIL_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define JAIL_ARCH AUDIT_ARCH_AARCH64
#endif

#if defined(__linux__) && defined(JAIL_ARCH)

#define FIELD(name)                                                            \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, name))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, (what))
#define DENY(call)                                                             \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1),                     \
        RETURN(SECCOMP_RET_ERRNO | EPERM)
/* Deny when argument N has one of BITS: five steps, from the number again. */
#define DENY_BITS(call, n, bits)                                               \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 4), FIELD(args[n]),     \
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, 1),                    \
        RETURN(SECCOMP_RET_ERRNO | EPERM), FIELD(nr)

enum { WRITING = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC };

/*
 * What an engine has no business with: it shares our user's rights otherwise.
 * A runtime for JavaScript needs too much for a list of what it may. clone3()
 * is said not to be there, since its flags can't be seen; libc then asks
 * clone() for its threads, and a process that is no thread is refused.
 */
static bool forbid_calls(void)
{
    struct sock_filter code[] = {
        FIELD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, JAIL_ARCH, 1, 0),
        RETURN(SECCOMP_RET_KILL_PROCESS),
        FIELD(nr),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1),
        RETURN(SECCOMP_RET_ERRNO | ENOSYS),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
        RETURN(SECCOMP_RET_ERRNO | ENOSYS),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4),
        FIELD(args[0]),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
        RETURN(SECCOMP_RET_ERRNO | EPERM),
        FIELD(nr),
        DENY_BITS(openat, 2, WRITING),
        DENY(socket),
        DENY(socketpair),
        DENY(connect),
        DENY(bind),
        DENY(listen),
        DENY(ptrace),
        DENY(process_vm_readv),
        DENY(process_vm_writev),
        DENY(kill),
        DENY(unlinkat),
        DENY(renameat2),
        DENY(mkdirat),
        DENY(mknodat),
        DENY(linkat),
        DENY(symlinkat),
        DENY(truncate),
        DENY(fchmodat),
        DENY(fchownat),
        DENY(mount),
        DENY(unshare),
        DENY(setns),
        DENY(bpf),
        DENY(io_uring_setup),
        DENY(openat2),
#if defined(SYS_open) /* the older names of x86-64 */
        DENY_BITS(open, 1, WRITING),
        DENY(creat),
        DENY(fork),
        DENY(vfork),
        DENY(unlink),
        DENY(rename),
        DENY(renameat),
        DENY(mkdir),
        DENY(rmdir),
        DENY(mknod),
        DENY(link),
        DENY(symlink),
        DENY(chmod),
        DENY(chown),
        DENY(lchown),
#endif
        RETURN(SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof code[0], code};

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    /* a kernel without seccomp leaves the limits */
    (void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
    return true;
}

#else

static bool forbid_calls(void)
{
    return true;
}

#endif

static _Noreturn void be_child(char *const argv[], int fd)
{
    char  path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
    char *environment[] = {path, NULL};
    int   nothing       = open("/dev/null", O_WRONLY);

    forget_signals();
    if (dup2(fd, 0) == 0 && dup2(fd, 1) == 1 && dup2(nothing, 2) == 2 &&
        chdir("/") == 0 && limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
        limit(RLIMIT_NOFILE, MOST_FILES) && limit(RLIMIT_DATA, most_data)) {
        close_from(3);
        if (forbid_calls())
            execve(argv[0], argv, environment);
    }
    _exit(127);
}

bool face_jail_start(char *const argv[], pid_t *child, int *fd)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return false;
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    /* above what the child will put its own at */
    if (ends[1] <= 2) {
        int higher = fcntl(ends[1], F_DUPFD_CLOEXEC, 3);
        close(ends[1]);
        ends[1] = higher;
    }
    pid_t pid = ends[1] > 2 ? fork() : -1;
    if (pid == 0)
        be_child(argv, ends[1]);
    if (ends[1] > 2)
        close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return false;
    }
    *child = pid;
    *fd    = ends[0];
    return true;
}

void face_jail_end(pid_t child, int fd)
{
    close(fd);
    kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        continue;
}
