/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "app/command.h"
#include "app/files.h"
#include "wallet/vault.h"

/* Ctrl-C at the prompt: the terminal gets its echo back before we go. */
static volatile sig_atomic_t interrupted;

static void note(int signal)
{
    interrupted = signal;
}

/* The first line of what FD gives; stdio would keep a copy in its buffer. */
static yao_status read_line(int fd, uint8_t *buffer, size_t cap, yao_bytes *ret)
{
    size_t len = 0;

    for (;;) {
        uint8_t letter;
        ssize_t got = read(fd, &letter, 1);

        if (got < 0 && errno == EINTR && !interrupted)
            continue;
        if (got < 0)
            return YAO_E_FILE;
        if (got == 0 || letter == '\n')
            break;
        if (len == cap)
            return YAO_E_LIMIT;
        buffer[len++] = letter;
    }
    if (len > 0 && buffer[len - 1] == '\r')
        len--;
    if (len == 0)
        return YAO_E_SECRET;

    *ret = (yao_bytes){buffer, len};
    return YAO_OK;
}

static yao_status read_secretly(int fd, yao_words prompt, uint8_t *buffer,
                                size_t cap, yao_bytes *ret)
{
    struct termios before, quiet;

    if (tcgetattr(fd, &before) != 0)
        return YAO_E_FILE;
    quiet = before;
    quiet.c_lflag &= (tcflag_t)~ECHO;

    struct sigaction noting = {.sa_handler = note}, old;

    sigaction(SIGINT, &noting, &old);
    dprintf(fd, "%s: ", yao_say(prompt));
    tcsetattr(fd, TCSAFLUSH, &quiet);
    yao_status status = read_line(fd, buffer, cap, ret);
    tcsetattr(fd, TCSAFLUSH, &before);
    dprintf(fd, "\n");
    sigaction(SIGINT, &old, NULL);
    if (interrupted) {
        yao_wipe(buffer, cap);
        raise(SIGINT);
    }
    return status;
}

static yao_status ask_terminal(int fd, bool twice, uint8_t *buffer, size_t cap,
                               yao_bytes *ret)
{
    uint8_t   again[1024];
    yao_bytes second;

    YAO_TRY(read_secretly(fd, WORDS("Passphrase of the wallet", "钱包口令"),
                          buffer, cap, ret));
    if (!twice)
        return YAO_OK;

    yao_status status =
        read_secretly(fd, WORDS("Once more", "再次输入"), again, sizeof again,
                      &second);
    if (status == YAO_OK && !yao_bytes_equal_secret(*ret, second))
        status = YAO_E_SECRET;
    yao_wipe(again, sizeof again);
    return status;
}

yao_status yao_passphrase_ask(const char *file, bool twice, uint8_t *buffer,
                              size_t cap, yao_bytes *ret)
{
    const char *named = file != NULL ? file : getenv("YAOPAI_PASSPHRASE_FILE");
    yao_status  status;

    if (named != NULL && *named != '\0') {
        int fd = open(named, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            return YAO_E_FILE;
        status = read_line(fd, buffer, cap, ret);
        close(fd);
        return status;
    }
    if (!isatty(STDIN_FILENO))
        return read_line(STDIN_FILENO, buffer, cap, ret);

    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return YAO_E_SECRET;
    status = ask_terminal(fd, twice, buffer, cap, ret);
    close(fd);
    return status;
}

int yao_passphrase_fail(yao_status status, const char *file)
{
    const char *named = file != NULL ? file : getenv("YAOPAI_PASSPHRASE_FILE");

    return yao_fail(status, WORDS("passphrase", "口令"), named,
                    status == YAO_E_SECRET
                        ? WORDS("none was given, or two that differ",
                                "没有给出口令，或两次输入不一致")
                        : (yao_words){NULL, NULL},
                    WORDS("type it at the terminal, or name a file with "
                          "--passphrase-file",
                          "请在终端输入，或用 --passphrase-file 指定文件"));
}
