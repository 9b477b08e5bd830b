/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The line to an engine:
 *
 *   1. one request at a time; each has a deadline, waiting for others included,
 *   2. whatever is not the answer that was asked for ends the connection, and
 *      with it the child; the next request begins anew,
 *   3. not more often than once a second, and not within a second of a start
 *      that failed, however long that took,
 *   4. who the engine is, it is asked whenever it is started, and it must stay
 *      who it was.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "face/compare.h"
#include "face/jail.h"
#include "face/wire.h"

enum { MAX_WORDS = 16, MAX_COMMAND = 1024 };

struct face_engine {
    pthread_mutex_t lock;
    bool            demo, model_set;
    uint8_t         model[32];
    unsigned        start_ms, call_ms, again_ms;
    char            place[MAX_COMMAND]; /* the socket, or words of argv */
    char           *argv[MAX_WORDS + 1]; /* into place; none: a socket */

    /* below: under the lock */
    int       fd; /* -1: not connected */
    pid_t     child;
    int64_t   tried; /* when it was last started, or that failed; 0: never */
    uint64_t  number;
    bool      known;
    face_info info;
};

/* ---- opening ------------------------------------------------------------ */

static bool split_words(face_engine *e)
{
    size_t count = 0;
    char  *rest  = NULL;
    char  *word  = strtok_r(e->place, " ", &rest);

    for (; word != NULL && count < MAX_WORDS; word = strtok_r(NULL, " ", &rest))
        e->argv[count++] = word;
    return word == NULL && count > 0;
}

static bool take_options(face_engine *e, const face_options *o)
{
    const char *place = o->command != NULL ? o->command : o->socket;
    size_t      len   = place != NULL ? strlen(place) : 0;

    if ((o->command != NULL) == (o->socket != NULL) || len == 0 ||
        len >= sizeof e->place || place[0] != '/')
        return false;
    if (o->socket != NULL && len >= sizeof((struct sockaddr_un *)0)->sun_path)
        return false;
    memcpy(e->place, place, len + 1);
    memcpy(e->model, o->model, sizeof e->model);
    e->demo      = o->demo;
    e->model_set = o->model_set;
    e->start_ms  = o->start_ms != 0 ? o->start_ms : 20000;
    e->call_ms   = o->call_ms != 0 ? o->call_ms : 5000;
    e->again_ms  = o->again_ms != 0 ? o->again_ms : 1000;
    e->fd        = -1;
    return o->socket != NULL || split_words(e);
}

yao_status face_open(const face_options *options, face_engine **ret)
{
    face_engine *e = calloc(1, sizeof *e);

    if (e == NULL)
        return YAO_E_SPACE;
    if (!take_options(e, options)) {
        free(e);
        return YAO_E_USAGE;
    }
    if (pthread_mutex_init(&e->lock, NULL) != 0) {
        free(e);
        return YAO_E_SPACE;
    }
    *ret = e;
    return YAO_OK;
}

static void hang_up(face_engine *e)
{
    if (e->fd < 0)
        return;
    if (e->argv[0] != NULL)
        face_jail_end(e->child, e->fd);
    else
        close(e->fd);
    e->fd = -1;
}

void face_close(face_engine *e)
{
    if (e == NULL)
        return;
    hang_up(e);
    pthread_mutex_destroy(&e->lock);
    yao_wipe(e, sizeof *e);
    free(e);
}

/* ---- bytes -------------------------------------------------------------- */

static int64_t milliseconds(clockid_t clock)
{
    struct timespec now;

    if (clock_gettime(clock, &now) != 0)
        return 0;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Wait until FD can do WHAT; false when the deadline comes first. */
static bool wait_for(int fd, short what, int64_t deadline)
{
    for (;;) {
        struct pollfd p    = {fd, what, 0};
        int64_t       left = deadline - milliseconds(CLOCK_MONOTONIC);

        if (left <= 0)
            return false;
        int got = poll(&p, 1, (int)left);
        if (got > 0)
            return true;
        if (got < 0 && errno != EINTR)
            return false;
    }
}

static bool send_all(face_engine *e, yao_bytes bytes, int64_t deadline)
{
    while (bytes.len > 0) {
        if (!wait_for(e->fd, POLLOUT, deadline))
            return false;
        ssize_t sent = send(e->fd, bytes.ptr, bytes.len,
                            MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (sent <= 0)
            return false;
        bytes.ptr += sent;
        bytes.len -= (size_t)sent;
    }
    return true;
}

static bool receive_all(face_engine *e, uint8_t *out, size_t len,
                        int64_t deadline)
{
    while (len > 0) {
        if (!wait_for(e->fd, POLLIN, deadline))
            return false;
        ssize_t got = recv(e->fd, out, len, MSG_DONTWAIT);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got <= 0)
            return false;
        out += got;
        len -= (size_t)got;
    }
    return true;
}

/* ---- frames ------------------------------------------------------------- */

typedef struct question {
    yao_bytes head; /* of the request, up to the pixels */
    yao_bytes pixels;
    int64_t   deadline;
} question;

/* YAO_E_NET and YAO_E_MALFORMED leave a line on which nobody knows whose turn
 * it is. */
static yao_status exchange(face_engine *e, const question *q,
                           uint8_t out[FACE_MAX_ANSWER], yao_bytes *answer)
{
    uint64_t whole     = (uint64_t)q->head.len + q->pixels.len;
    uint8_t  length[4] = {(uint8_t)(whole >> 24), (uint8_t)(whole >> 16),
                          (uint8_t)(whole >> 8), (uint8_t)whole};

    if (!send_all(e, (yao_bytes){length, 4}, q->deadline) ||
        !send_all(e, q->head, q->deadline) ||
        !send_all(e, q->pixels, q->deadline) ||
        !receive_all(e, length, 4, q->deadline))
        return YAO_E_NET;

    uint32_t len = (uint32_t)length[0] << 24 | (uint32_t)length[1] << 16 |
                   (uint32_t)length[2] << 8 | length[3];
    if (len == 0 || len > FACE_MAX_ANSWER)
        return YAO_E_MALFORMED;
    if (!receive_all(e, out, len, q->deadline))
        return YAO_E_NET;
    *answer = (yao_bytes){out, len};
    return YAO_OK;
}

/* Ask Q; every failure but those that an engine may tell hangs up. */
static yao_status ask(face_engine *e, const question *q,
                      uint8_t out[FACE_MAX_ANSWER], yao_bytes *result)
{
    yao_bytes  answer;
    yao_status status = exchange(e, q, out, &answer);

    if (status == YAO_OK)
        status = face_read_answer(answer, e->number, result);
    if (status == YAO_OK || status == YAO_E_UNSUPPORTED ||
        status == YAO_E_MISSING || status == YAO_E_CRYPTO)
        return status;
    hang_up(e);
    return status == YAO_E_NET || status == YAO_E_REFUSED ? status
                                                          : YAO_E_MALFORMED;
}

/* ---- connecting --------------------------------------------------------- */

static bool dial(face_engine *e)
{
    struct sockaddr_un place = {.sun_family = AF_UNIX};

    memcpy(place.sun_path, e->place, strlen(e->place) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    if (connect(fd, (const struct sockaddr *)&place, sizeof place) != 0) {
        close(fd);
        return false;
    }
    e->fd = fd;
    return true;
}

static bool same_info(const face_info *a, const face_info *b)
{
    return strcmp(a->engine, b->engine) == 0 &&
           strcmp(a->model, b->model) == 0 &&
           memcmp(a->model_sha256, b->model_sha256, 32) == 0 &&
           a->grade == b->grade && a->metric == b->metric &&
           a->dims == b->dims;
}

/* Is it one that may be used here? */
static yao_status check_info(const face_engine *e, const face_info *info)
{
    if (info->grade == FACE_GRADE_TEST && !e->demo)
        return YAO_E_REFUSED;
    if (e->model_set && memcmp(e->model, info->model_sha256, 32) != 0)
        return YAO_E_MISMATCH;
    if (e->known && !same_info(&e->info, info))
        return YAO_E_MISMATCH;
    return YAO_OK;
}

static yao_status introduce(face_engine *e)
{
    uint8_t    head[64], out[FACE_MAX_ANSWER];
    yao_writer w    = yao_writer_open(head, sizeof head);
    question   q    = {.deadline = milliseconds(CLOCK_MONOTONIC) + e->start_ms};
    face_info  info = {.dims = 0};
    yao_bytes  result;

    face_put_info(&w, ++e->number, e->demo);
    YAO_TRY(yao_writer_close(&w, &q.head));
    yao_status status = ask(e, &q, out, &result);
    if (status == YAO_OK && face_read_info(result, &info) != YAO_OK)
        status = YAO_E_MALFORMED;
    if (status == YAO_OK)
        status = check_info(e, &info);
    if (status == YAO_E_MISSING || status == YAO_E_UNSUPPORTED)
        status = YAO_E_MALFORMED;
    if (status != YAO_OK) {
        hang_up(e);
        return status;
    }
    e->info  = info;
    e->known = true;
    return YAO_OK;
}

/* Has it ended, or said something without being asked? */
static bool is_stale(face_engine *e)
{
    struct pollfd p = {e->fd, POLLIN, 0};

    return poll(&p, 1, 0) != 0;
}

static yao_status reach(face_engine *e)
{
    if (e->fd >= 0 && is_stale(e))
        hang_up(e);
    if (e->fd >= 0)
        return YAO_OK;

    int64_t now = milliseconds(CLOCK_MONOTONIC);
    if (e->tried != 0 && now - e->tried < e->again_ms)
        return YAO_E_NET;
    e->tried  = now;
    bool done = e->argv[0] != NULL
                    ? face_jail_start(e->argv, &e->child, &e->fd)
                    : dial(e);
    yao_status status = done ? introduce(e) : YAO_E_NET;
    if (status != YAO_OK)
        e->tried = milliseconds(CLOCK_MONOTONIC);
    return status;
}

/* ---- taking turns ------------------------------------------------------- */

static yao_status enter(face_engine *e)
{
    int64_t until = milliseconds(CLOCK_REALTIME) + e->call_ms;
    struct timespec deadline = {(time_t)(until / 1000),
                                (long)(until % 1000) * 1000000};

    if (pthread_mutex_timedlock(&e->lock, &deadline) != 0)
        return YAO_E_LOCKED;
    yao_status status = reach(e);
    if (status != YAO_OK)
        pthread_mutex_unlock(&e->lock);
    return status;
}

static void leave(face_engine *e)
{
    pthread_mutex_unlock(&e->lock);
}

static bool is_picture(const face_picture *p)
{
    return p->pixels != NULL && p->width >= 16 && p->height >= 16 &&
           p->width <= FACE_MAX_SIDE && p->height <= FACE_MAX_SIDE;
}

static question ask_about(face_engine *e, const face_picture *p)
{
    question q = {.deadline = milliseconds(CLOCK_MONOTONIC) + e->call_ms};

    if (p != NULL)
        q.pixels = (yao_bytes){p->pixels, face_pixels(p)};
    return q;
}

/* An answer of another shape than its request wants: it is not understood what
 * it will say next. */
static yao_status distrust(face_engine *e, yao_status status)
{
    if (status == YAO_OK || status == YAO_E_LIMIT)
        return status;
    hang_up(e);
    return YAO_E_MALFORMED;
}

/* ---- requests ----------------------------------------------------------- */

yao_status face_get_info(face_engine *e, face_info *ret)
{
    YAO_TRY(enter(e));
    *ret = e->info;
    leave(e);
    return YAO_OK;
}

yao_status face_detect(face_engine *e, const face_picture *picture,
                       face_list *ret)
{
    uint8_t    head[FACE_MAX_HEAD], out[FACE_MAX_ANSWER];
    yao_writer w = yao_writer_open(head, sizeof head);
    yao_bytes  result;

    if (!is_picture(picture))
        return YAO_E_USAGE;
    YAO_TRY(enter(e));
    question q = ask_about(e, picture);
    face_put_detect(&w, ++e->number, picture);
    yao_status status = yao_writer_close(&w, &q.head);
    if (status == YAO_OK)
        status = ask(e, &q, out, &result);
    if (status == YAO_OK)
        status = distrust(e, face_read_faces(result, picture, ret));
    leave(e);
    return status;
}

yao_status face_extract(face_engine *e, const face_picture *picture,
                        const face_found *face, face_template *ret)
{
    uint8_t    head[FACE_MAX_HEAD], out[FACE_MAX_ANSWER];
    yao_writer w = yao_writer_open(head, sizeof head);
    yao_bytes  result;

    if (!is_picture(picture) || !face_within(face, picture))
        return YAO_E_USAGE;
    YAO_TRY(enter(e));
    question q = ask_about(e, picture);
    face_put_extract(&w, ++e->number, picture, face);
    yao_status status = yao_writer_close(&w, &q.head);
    if (status == YAO_OK)
        status = ask(e, &q, out, &result);
    if (status == YAO_OK)
        status = distrust(e, face_read_vector(result, &e->info, ret));
    leave(e);
    yao_wipe(out, sizeof out);
    return status;
}

/* Are they of the engine that is asked? */
static bool is_of(const face_info *info, const face_template *t)
{
    return strcmp(info->engine, t->engine) == 0 &&
           memcmp(info->model_sha256, t->model_sha256, 32) == 0;
}

static yao_status match(face_engine *e, const face_template *a,
                        const face_template *b, int32_t *ret)
{
    uint8_t    head[FACE_MAX_HEAD], out[FACE_MAX_ANSWER];
    yao_writer w = yao_writer_open(head, sizeof head);
    question   q = ask_about(e, NULL);
    yao_bytes  result;

    face_put_match(&w, ++e->number, (yao_bytes){a->vector, a->dims},
                   (yao_bytes){b->vector, b->dims});
    yao_status status = yao_writer_close(&w, &q.head);
    if (status == YAO_OK)
        status = ask(e, &q, out, &result);
    if (status == YAO_OK)
        status = distrust(e, face_read_score(result, ret));
    yao_wipe(head, sizeof head);
    return status;
}

yao_status face_compare(face_engine *e, const face_template *a,
                        const face_template *b, int32_t *ret)
{
    if (!face_same_kind(a, b))
        return YAO_E_MISMATCH;
    YAO_TRY(enter(e));
    yao_status status = YAO_E_MISMATCH;
    if (!is_of(&e->info, a))
        status = YAO_E_MISMATCH;
    else if (a->metric == FACE_METRIC_COSINE)
        status = face_cosine((yao_bytes){a->vector, a->dims},
                             (yao_bytes){b->vector, b->dims}, ret);
    else
        status = match(e, a, b, ret);
    leave(e);
    return status;
}
