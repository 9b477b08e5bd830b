/* SPDX-License-Identifier: Apache-2.0 */
#include "app/secret.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

/* Ctrl-C at the prompt: the terminal gets its echo back before we go. */
static volatile sig_atomic_t interrupted;

static void note(int signal)
{
    interrupted = signal;
}

/* stdio would keep a copy in its buffer. */
yao_status yao_secret_line(int fd, uint8_t *buffer, size_t cap, yao_bytes *ret)
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

yao_status yao_secret_type(int fd, yao_words prompt, uint8_t *buffer,
                           size_t cap, yao_bytes *ret)
{
    struct termios before, quiet;

    if (tcgetattr(fd, &before) != 0)
        return YAO_E_FILE;
    quiet = before;
    quiet.c_lflag &= (tcflag_t)~ECHO;

    struct sigaction noting = {.sa_handler = note}, old;

    sigaction(SIGINT, &noting, &old);
    /* first, since it throws away what was typed before it was asked for */
    tcsetattr(fd, TCSAFLUSH, &quiet);
    dprintf(fd, "%s: ", yao_say(prompt));
    yao_status status = yao_secret_line(fd, buffer, cap, ret);
    tcsetattr(fd, TCSAFLUSH, &before);
    dprintf(fd, "\n");
    sigaction(SIGINT, &old, NULL);
    if (interrupted) {
        yao_wipe(buffer, cap);
        raise(SIGINT);
    }
    return status;
}
