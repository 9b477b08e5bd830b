/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_BOXES_H
#define YAO_APP_BOXES_H

/**
 * Relay mailboxes (docs/formats/provider.md section 2), of a wallet provider
 * and of a desk: in memory only, for five minutes, and nobody has to be known.
 * Each of the two has the routes; what they do is here.
 *
 *     YAO_TRY(app_boxes_new(10000, 128u << 20, &boxes));
 *     app_boxes_wake(boxes, wake, net);
 *     ... every few seconds: app_boxes_forget(boxes, yao_now()) ...
 *     app_boxes_free(boxes);
 *
 * Threads: any.
 */

#include "app/route.h"

/** Bytes of a message: the limit of the route that writes. */
#define APP_BOX_MESSAGE (64u * 1024u)

typedef struct app_boxes app_boxes;

/** At most COUNT boxes with BYTES in all of them. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status app_boxes_new(size_t count, size_t bytes,
                                      app_boxes **ret);

/** Wipe and free them. NULL is fine. */
void app_boxes_free(app_boxes *b);

/** How many there are now, and how many bytes wait in them. */
void app_boxes_count(app_boxes *b, size_t *boxes, size_t *bytes);

/** How to wake who waits: called with the key of a box that got something. */
void app_boxes_wake(app_boxes *b, void (*wake)(void *ctx, uint64_t key),
                    void *ctx);

/** Overwrite and forget what is over at NOW. */
void app_boxes_forget(app_boxes *b, yao_time now);

/* ---- what the routes do ---- */

/** POST /mailboxes;  POST (APP_RAW, APP_BOX_MESSAGE), GET and DELETE
 *  /mailboxes/{id}. Errors: YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status app_boxes_open(app_call *call, app_boxes *b,
                                       app_reply *ret);
YAO_MUST_USE yao_status app_boxes_write(app_call *call, app_boxes *b,
                                        app_reply *ret);
YAO_MUST_USE yao_status app_boxes_read(app_call *call, app_boxes *b,
                                       app_reply *ret);
YAO_MUST_USE yao_status app_boxes_close(app_call *call, app_boxes *b,
                                        app_reply *ret);

#endif
