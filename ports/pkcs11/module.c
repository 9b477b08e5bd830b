/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum {
    MODULES  = 16,
    REFUSALS = 64,
    SETS     = 1024, /* by the last bits of r, which are evenly spread */
    WAYS     = 4,
    R_KEPT   = 16
};

struct yao_pkcs11_module {
    char                    path[PATH_MAX];
    const CK_FUNCTION_LIST *calls;
    size_t                  users;
    bool                    ours; /* we initialised it */
    pid_t                   pid;  /* who did; 0: nobody yet */
    atomic_bool             stopped;
};

typedef struct given {
    uint8_t r[R_KEPT];
    uint8_t message[R_KEPT];
} given;

typedef struct given_set {
    given   ways[WAYS];
    uint8_t count, next;
} given_set;

static pthread_mutex_t   lock = PTHREAD_MUTEX_INITIALIZER;
static yao_pkcs11_module modules[MODULES];
static size_t            module_count;
static uint8_t           refusals[REFUSALS][YAO_PKCS11_TAG];
static size_t            refusal_count;
static given_set         all_given[SETS];

/* ---- loading ---- */

static bool is_complete(const CK_FUNCTION_LIST *f)
{
    return f->C_Initialize != NULL && f->C_Finalize != NULL &&
           f->C_GetSlotList != NULL && f->C_GetTokenInfo != NULL &&
           f->C_OpenSession != NULL && f->C_CloseSession != NULL &&
           f->C_GetSessionInfo != NULL && f->C_Login != NULL &&
           f->C_FindObjectsInit != NULL && f->C_FindObjects != NULL &&
           f->C_FindObjectsFinal != NULL && f->C_GetAttributeValue != NULL &&
           f->C_GenerateKeyPair != NULL && f->C_DestroyObject != NULL &&
           f->C_SignInit != NULL && f->C_Sign != NULL && f->C_DeriveKey != NULL;
}

/* A 3.x module gives its list of 2.40 here. */
static bool is_module(const CK_FUNCTION_LIST *calls)
{
    return calls != NULL && (calls->version.major == 2 ||
                             calls->version.major == 3) &&
           is_complete(calls);
}

static yao_status load(const char *path, const CK_FUNCTION_LIST **ret)
{
    CK_C_GetFunctionList get   = NULL;
    CK_FUNCTION_LIST    *calls = NULL;

    if (access(path, R_OK) != 0)
        return YAO_E_NOT_FOUND;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return YAO_E_UNSUPPORTED;
    void *symbol = dlsym(library, "C_GetFunctionList");
    memcpy(&get, &symbol, sizeof get); /* POSIX's way from object to function */
    if (get == NULL || get(&calls) != CKR_OK || !is_module(calls)) {
        dlclose(library);
        return YAO_E_UNSUPPORTED;
    }
    *ret = calls;
    return YAO_OK;
}

static yao_pkcs11_module *find(const char *path)
{
    for (size_t i = 0; i < module_count; i++)
        if (strcmp(modules[i].path, path) == 0)
            return &modules[i];
    return NULL;
}

static yao_status add(const char *path, const CK_FUNCTION_LIST *calls,
                      yao_pkcs11_module **ret)
{
    size_t len = strlen(path);

    if (module_count == MODULES || len >= PATH_MAX)
        return YAO_E_LIMIT;
    yao_pkcs11_module *m = &modules[module_count++];
    memcpy(m->path, path, len + 1);
    m->calls = calls;
    *ret     = m;
    return YAO_OK;
}

static yao_status find_or_load(const char *path, yao_pkcs11_report *report,
                               yao_pkcs11_module **ret)
{
    const CK_FUNCTION_LIST *calls = NULL;
    yao_pkcs11_module      *known = find(path);

    if (known != NULL) {
        *ret = known;
        return YAO_OK;
    }
    yao_status status = load(path, &calls);
    if (status == YAO_OK)
        status = add(path, calls, ret);
    if (status != YAO_OK)
        report->what = status == YAO_E_NOT_FOUND ? YAO_PKCS11_NO_MODULE
                                                 : YAO_PKCS11_BAD_MODULE;
    return status;
}

static yao_status start(yao_pkcs11_module *m, yao_pkcs11_report *report)
{
    CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK};

    if (m->pid != 0 && m->pid != getpid()) {
        report->what = YAO_PKCS11_FORKED;
        return YAO_E_CRYPTO;
    }
    if (m->users > 0)
        return YAO_OK;
    CK_RV code = m->calls->C_Initialize(&arguments);
    if (code != CKR_OK && code != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
        *report = (yao_pkcs11_report){YAO_PKCS11_BAD_MODULE, code};
        return YAO_E_CRYPTO;
    }
    m->ours = code == CKR_OK;
    m->pid  = getpid();
    return YAO_OK;
}

yao_status yao_pkcs11_module_take(const char *path, yao_pkcs11_report *report,
                                  yao_pkcs11_module **ret)
{
    yao_pkcs11_module *m = NULL;

    pthread_mutex_lock(&lock);
    yao_status status = find_or_load(path, report, &m);
    if (status == YAO_OK)
        status = start(m, report);
    if (status == YAO_OK) {
        m->users++;
        *ret = m;
    }
    pthread_mutex_unlock(&lock);
    return status;
}

void yao_pkcs11_module_give(yao_pkcs11_module *m)
{
    if (m == NULL || !yao_pkcs11_is_ours(m))
        return;
    pthread_mutex_lock(&lock);
    if (--m->users == 0 && m->ours)
        (void)m->calls->C_Finalize(NULL);
    if (m->users == 0)
        m->pid = 0;
    pthread_mutex_unlock(&lock);
}

const CK_FUNCTION_LIST *yao_pkcs11_calls(const yao_pkcs11_module *m)
{
    return m->calls;
}

bool yao_pkcs11_is_ours(const yao_pkcs11_module *m)
{
    return m->pid == getpid();
}

yao_status yao_pkcs11_module_add(const char             *path,
                                 const CK_FUNCTION_LIST *calls)
{
    yao_pkcs11_module *m = NULL;

    if (!is_module(calls))
        return YAO_E_UNSUPPORTED;
    pthread_mutex_lock(&lock);
    yao_status status = find(path) == NULL ? add(path, calls, &m) : YAO_OK;
    pthread_mutex_unlock(&lock);
    return status;
}

/* ---- PINs that were refused ---- */

static bool has_refusal(const uint8_t *tag)
{
    for (size_t i = 0; i < REFUSALS && i < refusal_count; i++)
        if (memcmp(refusals[i], tag, YAO_PKCS11_TAG) == 0)
            return true;
    return false;
}

bool yao_pkcs11_pin_was_refused(const uint8_t tag[YAO_PKCS11_TAG])
{
    pthread_mutex_lock(&lock);
    bool refused = has_refusal(tag);
    pthread_mutex_unlock(&lock);
    return refused;
}

void yao_pkcs11_pin_note_refused(const uint8_t tag[YAO_PKCS11_TAG])
{
    pthread_mutex_lock(&lock);
    if (!has_refusal(tag))
        memcpy(refusals[refusal_count++ % REFUSALS], tag, YAO_PKCS11_TAG);
    pthread_mutex_unlock(&lock);
}

/* ---- signatures that were given out ---- */

/* Has R been given for another message? Else it is noted. */
static bool repeats(const uint8_t *r, const uint8_t *message)
{
    size_t     at  = (size_t)(r[R_KEPT - 1] | r[R_KEPT - 2] << 8) % SETS;
    given_set *set = &all_given[at];

    for (size_t i = 0; i < set->count; i++)
        if (memcmp(set->ways[i].r, r, R_KEPT) == 0)
            return memcmp(set->ways[i].message, message, R_KEPT) != 0;

    given *place = &set->ways[set->next];
    memcpy(place->r, r, R_KEPT);
    memcpy(place->message, message, R_KEPT);
    set->next = (uint8_t)((set->next + 1) % WAYS);
    if (set->count < WAYS)
        set->count++;
    return false;
}

bool yao_pkcs11_may_release(yao_pkcs11_module *module, yao_bytes r,
                            const uint8_t message[YAO_PKCS11_TAG])
{
    if (r.len < R_KEPT)
        return false;
    pthread_mutex_lock(&lock);
    if (!module->stopped && repeats(r.ptr, message))
        module->stopped = true;
    bool may = !module->stopped;
    pthread_mutex_unlock(&lock);
    return may;
}

bool yao_pkcs11_is_stopped(const yao_pkcs11_module *module)
{
    return module->stopped;
}
