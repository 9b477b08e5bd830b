/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/library.h"

#include <dlfcn.h>
#include <string.h>

#define PLACE(name) {#name, offsetof(paper_library, name)},

static const struct {
    const char *name;
    size_t      at;
} places[] = {PAPER_CALLS(PLACE)};

yao_status paper_library_open(const char *name, paper_library *ret)
{
    void         *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    paper_library found;

    if (handle == NULL)
        return YAO_E_UNSUPPORTED;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        void *symbol = dlsym(handle, places[i].name);

        if (symbol == NULL)
            return YAO_E_UNSUPPORTED;
        memcpy((uint8_t *)&found + places[i].at, &symbol, sizeof symbol);
    }
    *ret = found;
    return YAO_OK;
}
