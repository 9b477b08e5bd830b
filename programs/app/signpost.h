/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_SIGNPOST_H
#define YAO_APP_SIGNPOST_H

/**
 * A short plain page for whoever opens an address of ours in a browser and
 * finds no page there: what this server is and where to go, in both languages,
 * that of the browser first. No script, nothing from elsewhere.
 *
 *     static const app_signpost post = {
 *         .title = WORDS_INIT("The authority", "签发机关"), ...};
 *     return app_signpost_give(call, &post, 200, ret);
 */

#include "app/route.h"
#include "app/words.h"

/** A link: a path, and what is found there. */
typedef struct app_signpost_link {
    const char *path; /* below this page: no slash before it */
    yao_words   words;
} app_signpost_link;

typedef struct app_signpost {
    yao_words             title, text, next; /* next: a line at the end, or
                                                NULL words */
    const app_signpost_link *links;
    size_t                link_count;
} app_signpost;

/** Does the other side take HTML, as browsers do and programs do not? */
bool app_signpost_wanted(const app_call *call);

/** Answer with POST. Errors: YAO_E_CRYPTO, YAO_E_SPACE. */
YAO_MUST_USE yao_status app_signpost_give(app_call           *call,
                                          const app_signpost *post,
                                          int status, app_reply *ret);

#endif
