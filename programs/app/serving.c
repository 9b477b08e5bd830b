/* SPDX-License-Identifier: Apache-2.0 */
#include "app/serving.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *app_serving_place(const yao_invocation *call, const char *option,
                              const char *set)
{
    const char *given = yao_argument(call, option);
    const char *place = given != NULL ? given : set;

    return strcmp(place, "none") == 0 ? NULL : place;
}

void app_serving_tell_demo(yao_words said)
{
    bool colour = isatty(STDERR_FILENO) != 0;

    fprintf(stderr, "%s%s%s\n", colour ? "\033[1;31m" : "", yao_say(said),
            colour ? "\033[0m" : "");
}

int app_serving_check(yao_words what, const char *setting, const char *url,
                      bool demo)
{
    if (demo) {
        app_serving_tell_demo(WORDS("DEMO: never for real people",
                                    "演示模式：不得用于真实人员"));
        return 0;
    }
    if (strncmp(url, "https://", 8) == 0)
        return 0;
    return yao_fail(
        YAO_E_NOT_AUTHORISED, what, setting,
        WORDS("others reach it without encryption", "对外地址未加密"),
        WORDS("put nginx with TLS in front (docs/guides/serve.md) "
              "and give the https address, or set demo = yes",
              "请在前面部署带 TLS 的 nginx（见 "
              "docs/guides/serve.md）并填写 https 地址，"
              "或设 demo = yes"));
}

int app_serving_run(yao_words what, const app_serving *s)
{
    app_serve_trouble trouble = {NULL};
    yao_status        status  = app_serve(s, &trouble);

    return status == YAO_OK
               ? 0
               : yao_fail(status, what, trouble.place, (yao_words){NULL, NULL},
                          WORDS("is something else listening there?",
                                "该地址是否已被占用？"));
}
