/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/command.h"
#include "app/files.h"
#include "app/secret.h"
#include "wallet/vault.h"

static yao_status ask_terminal(int fd, bool twice, uint8_t *buffer, size_t cap,
                               yao_bytes *ret)
{
    uint8_t   again[1024];
    yao_bytes second;

    YAO_TRY(yao_secret_type(fd, WORDS("Passphrase of the wallet", "钱包口令"),
                          buffer, cap, ret));
    if (!twice)
        return YAO_OK;

    yao_status status =
        yao_secret_type(fd, WORDS("Once more", "再次输入"), again, sizeof again,
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
        status = yao_secret_line(fd, buffer, cap, ret);
        close(fd);
        return status;
    }
    if (!isatty(STDIN_FILENO))
        return yao_secret_line(STDIN_FILENO, buffer, cap, ret);

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
