/* SPDX-License-Identifier: Apache-2.0 */
#include "token_world.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"

static const char *const modules[] = {
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
};
static const char *reason = "";
static char        pin_file[4200], shim[4200];

const char *token_world_reason(void)
{
    return reason;
}

const char *token_world_module(void)
{
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
        if (access(modules[i], R_OK) == 0)
            return modules[i];
    return NULL;
}

const char *token_world_shim(void)
{
    const char *build = getenv("YAOPAI_BUILD");

    snprintf(shim, sizeof shim, "%s/tests/libyaopai-test-shim.so",
             build != NULL ? build : "build");
    return shim;
}

const char *token_world_pin(void)
{
    return pin_file;
}

bool token_world_run(const char *const *argv)
{
    int   status = 1;
    pid_t child  = fork();

    if (child == 0) {
        int nothing = open("/dev/null", O_RDWR);

        dup2(nothing, 0);
        dup2(nothing, 1);
        dup2(nothing, 2);
        execvp(argv[0], (char *const *)(void *)(unsigned long)argv);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child &&
           WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool write_text(const char *path, const char *text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

    if (fd < 0)
        return false;
    bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    return close(fd) == 0 && written;
}

static bool write_files(void)
{
    char text[8600], folder[4200];

    snprintf(folder, sizeof folder, "%s", test_scratch_path("tokens"));
    if (mkdir(folder, 0700) != 0)
        return false;
    snprintf(text, sizeof text,
             "directories.tokendir = %s\nobjectstore.backend = file\n"
             "log.level = ERROR\nslots.removable = false\n",
             folder);
    snprintf(pin_file, sizeof pin_file, "%s", test_scratch_path("pin"));
    return write_text(test_scratch_path("softhsm2.conf"), text, 0600) &&
           write_text(pin_file, TOKEN_PIN "\n", 0600);
}

bool token_world_make(const char *module)
{
    const char *const make[] = {
        "softhsm2-util", "--init-token", "--free", "--label", TOKEN_LABEL,
        "--so-pin", "sesame-0815", "--pin", TOKEN_PIN, NULL};
    const char *softhsm = token_world_module();

    reason = "SoftHSM2 is not installed";
    if (softhsm == NULL)
        return false;
    reason = "no folder for the token";
    if (!write_files())
        return false;
    setenv("SOFTHSM2_CONF", test_scratch_path("softhsm2.conf"), 1);
    setenv("YAOPAI_SHIM_MODULE", softhsm, 1);
    setenv("YAOPAI_PKCS11_MODULE", module != NULL ? module : softhsm, 1);
    reason = "softhsm2-util made no token";
    return token_world_run(make);
}

void token_world_remove(void)
{
    test_scratch_remove();
}
