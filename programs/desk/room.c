/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/room.h"

#include <string.h>

void desk_room_init(desk_room *r)
{
    memset(r, 0, sizeof *r);
    r->ready = pthread_mutex_init(&r->lock, NULL) == 0;
}

void desk_room_close(desk_room *r)
{
    if (r->ready)
        pthread_mutex_destroy(&r->lock);
    r->ready = false;
}

/* The store is asked without the lock: nobody waits for a count. */
yao_status desk_room_count(desk_room *r, store *s)
{
    uint64_t count, before;

    pthread_mutex_lock(&r->lock);
    before = r->landed;
    pthread_mutex_unlock(&r->lock);
    YAO_TRY(store_count_enquiries(s, &count));
    pthread_mutex_lock(&r->lock);
    r->kept = count + (r->landed - before);
    pthread_mutex_unlock(&r->lock);
    return YAO_OK;
}

static bool take(desk_room *r, uint64_t most)
{
    pthread_mutex_lock(&r->lock);
    bool room = r->kept + r->making < most;
    if (room)
        r->making++;
    pthread_mutex_unlock(&r->lock);
    return room;
}

yao_status desk_room_take(desk_room *r, store *s, uint64_t most)
{
    if (take(r, most))
        return YAO_OK;
    YAO_TRY(desk_room_count(r, s));
    return take(r, most) ? YAO_OK : YAO_E_LIMIT;
}

void desk_room_give(desk_room *r)
{
    pthread_mutex_lock(&r->lock);
    r->making--;
    r->kept++;
    r->landed++;
    pthread_mutex_unlock(&r->lock);
}

bool desk_room_half(desk_room *r, uint64_t most)
{
    pthread_mutex_lock(&r->lock);
    bool half = r->kept + r->making >= (most + 1) / 2;
    pthread_mutex_unlock(&r->lock);
    return half;
}
