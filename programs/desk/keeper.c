/* SPDX-License-Identifier: Apache-2.0 */
/* What has ended is removed: by one process at a time, so that many do not
 * search the same rows. A lease that is lost meanwhile changes nothing: to
 * remove twice what is over is no fault, but the fence stops it all the same.
 */

#include "desk/officer.h"
#include "store/announcement.h"
#include "store/guest.h"

enum { LEASE_S = 60 };

#define LEASE YAO_TEXT("forget")

yao_status desk_forget(const desk *d, yao_bytes owner, yao_time now)
{
    _Alignas(16) uint8_t memory[8192];
    yao_arena            arena = {memory, sizeof memory, 0};
    int64_t              fence = 0;

    YAO_TRY(store_take_lease(d->store, LEASE, owner, now, LEASE_S, &fence));
    store_change change = store_change_open(&arena);
    store_put_fence(&change, LEASE, fence);
    store_forget_judgements(&change, now);
    store_forget_enquiries(&change, now);
    store_forget_officer_logins(&change, now);
    store_forget_once(&change, now);
    store_forget_announcements(&change, now);
    store_forget_guests(&change, now);
    YAO_TRY(store_commit(d->store, &change));
    yao_status status = store_tidy(d->store); /* gone from the files as well */
    return status == YAO_E_LOCKED ? YAO_OK : status;
}
