/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_SERVING_H
#define YAO_APP_SERVING_H

/**
 * What the verbs that serve have in common before app_serve(): where they
 * listen, that a demo says so, that production is encrypted.
 */

#include "app/command.h"
#include "app/serve.h"

/** An OPTION in place of its setting SET; NULL: nothing listens there. */
const char *app_serving_place(const yao_invocation *call, const char *option,
                              const char *set);

/** SAID on standard error, in red at a terminal: at each start of a demo. */
void app_serving_tell_demo(yao_words said);

/** The code to end with when others reach URL, of SETTING, without encryption
 *  and it is no DEMO; else 0. A demo says so. */
int app_serving_check(yao_words what, const char *setting, const char *url,
                      bool demo);

/** app_serve(), and what there is to say when it fails. */
int app_serving_run(yao_words what, const app_serving *s);

#endif
