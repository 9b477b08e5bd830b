/* SPDX-License-Identifier: Apache-2.0 */
#include "app/log.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/files.h"

enum { LINE = 512, MAX_DIGITS = 5 };

static struct {
    pthread_mutex_t lock;
    yao_time        second;
    unsigned        lines, omitted;
    bool            quiet;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- words -------------------------------------------------------------- */

static bool is_word(const char *word)
{
    size_t digits = 0;

    for (size_t i = 0; word[i] != '\0'; i++) {
        char c     = word[i];
        bool digit = c >= '0' && c <= '9';
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!digit && !letter && strchr("_./{}:-", c) == NULL)
            return false;
        digits = digit ? digits + 1 : 0;
        if (digits > MAX_DIGITS || i >= 127)
            return false;
    }
    return word[0] != '\0';
}

static const char *words_of(const char *word)
{
    return is_word(word) ? word : "?";
}

static const char *method_word(yao_text method)
{
    static const char *const known[] = {"GET", "HEAD", "POST", "PUT",
                                        "DELETE", "OPTIONS", "PATCH"};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (yao_text_equal(method, yao_text_of(known[i])))
            return known[i];
    return "other";
}

/* ---- lines -------------------------------------------------------------- */

typedef struct line {
    char   text[LINE];
    size_t len;
} line;

static void put(line *l, const char *text)
{
    size_t len = strlen(text);

    if (len < sizeof l->text - 1 - l->len) {
        memcpy(l->text + l->len, text, len);
        l->len += len;
    }
}

static void put_number(line *l, int64_t number)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)number);
    put(l, text);
}

/* Whole lines only, also when several threads write. */
void app_log(app_log_level level, const char *event,
             const app_log_field *fields, size_t count)
{
    static const char *const levels[] = {"info", "warn", "error"};
    line                     l        = {.len = 0};
    uint8_t                  now[20];
    char                     time[21];

    yao_time_format(yao_now(), now);
    memcpy(time, now, 20);
    time[20] = '\0';
    put(&l, "time=");
    put(&l, time);
    put(&l, " level=");
    put(&l, levels[level]);
    put(&l, " event=");
    put(&l, words_of(event));
    for (size_t i = 0; i < count; i++) {
        put(&l, " ");
        put(&l, words_of(fields[i].key));
        put(&l, "=");
        if (fields[i].word != NULL)
            put(&l, words_of(fields[i].word));
        else
            put_number(&l, fields[i].number);
    }
    l.text[l.len++] = '\n';
    if (write(STDERR_FILENO, l.text, l.len) < 0)
        return; /* nobody reads it, and there is nobody to tell */
}

void app_log_event(app_log_level level, const char *event)
{
    app_log(level, event, NULL, 0);
}

void app_log_status(app_log_level level, const char *event, const char *where,
                    yao_status status)
{
    const app_log_field fields[] = {{"where", where, 0},
                                    {"status", yao_status_name(status), 0}};

    app_log(level, event, fields, 2);
}

/* ---- requests ----------------------------------------------------------- */

/* May one more line be printed in this second? Tells how many were left out of
 * the one before. */
static bool may_print(void)
{
    yao_time now     = yao_now();
    unsigned omitted = 0;
    bool     may;

    pthread_mutex_lock(&state.lock);
    if (state.second != now) {
        omitted       = state.omitted;
        state.second  = now;
        state.lines   = 0;
        state.omitted = 0;
    }
    may = state.lines < APP_LOG_SECOND;
    if (may)
        state.lines++;
    else
        state.omitted++;
    pthread_mutex_unlock(&state.lock);
    if (omitted > 0) {
        const app_log_field field = {"count", NULL, omitted};
        app_log(APP_LOG_INFO, "requests-not-shown", &field, 1);
    }
    return may;
}

static bool is_quiet(void)
{
    pthread_mutex_lock(&state.lock);
    bool quiet = state.quiet;
    pthread_mutex_unlock(&state.lock);
    return quiet;
}

void app_log_quiet(bool quiet)
{
    pthread_mutex_lock(&state.lock);
    state.quiet = quiet;
    pthread_mutex_unlock(&state.lock);
}

void app_log_request_done(const app_log_request *r)
{
    const app_log_field fields[] = {
        {"method", method_word(r->method), 0},
        {"route", r->route != NULL ? r->route : "none", 0},
        {"status", NULL, r->status},
        {"us", NULL, r->us},
        {"failed", yao_status_name(r->failed), 0}};
    bool broken = r->status >= 500;

    if ((!broken && is_quiet()) || !may_print())
        return;
    app_log(broken ? APP_LOG_ERROR : APP_LOG_INFO, "request", fields,
            r->failed == YAO_OK ? 4 : 5);
}
