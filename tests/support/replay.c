/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Runs a fuzz target over the files of its corpus, so that each input that was
 * ever interesting is tried at every check. Prints TAP.
 */

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        return 1;
    fseek(file, 0, SEEK_END);
    long len = ftell(file);
    rewind(file);

    /* exactly its size, so that a sanitizer sees a byte too far */
    uint8_t *data = malloc(len == 0 ? 1 : (size_t)len);
    size_t   got  = data == NULL ? 0 : fread(data, 1, (size_t)len, file);
    fclose(file);
    if (data != NULL && got == (size_t)len)
        LLVMFuzzerTestOneInput(data, got);
    free(data);
    return data == NULL || got != (size_t)len;
}

int main(int argc, char **argv)
{
    int            count = 0, failed = 0;
    DIR           *folder = argc > 1 ? opendir(argv[1]) : NULL;
    struct dirent *entry;

    if (folder == NULL) {
        printf("1..0 # SKIP no corpus\n");
        return 0;
    }
    while ((entry = readdir(folder)) != NULL) {
        char        path[4096];
        struct stat st;

        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
            continue;
        failed += replay(path);
        count++;
    }
    closedir(folder);
    printf("%sok 1 - replays %d inputs of %s\n1..1\n", failed ? "not " : "",
           count, argv[1]);
    return failed != 0;
}
