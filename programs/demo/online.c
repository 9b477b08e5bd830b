/* SPDX-License-Identifier: Apache-2.0 */

/* On line: the hotel's own server asks a guest before the arrival, and the
 * guest's wallet answers it by OpenID4VP. */

#include "demo/demo.h"

#include <stdio.h>

#include "app/files.h"

static const yao_step well = {.want = 0};

/* ---- the desk ----------------------------------------------------------- */

void yao_demo_make_desk(yao_demo_world *w)
{
    yao_stage *s = &w->stage;
    char       bundle[96];

    if (s->failed || yao_path_exists(yao_stage_path(s, "desk")))
        return;
    snprintf(bundle, sizeof bundle, "%s/trust/bundle.cose", s->authority);
    yao_stage_run(s, &well, "desk", "init", "-C", yao_stage_path(s, "desk"),
                  "--demo", "--reader", yao_stage_path(s, "hotel/reader.pem"),
                  "--reader-key", yao_stage_path(s, "hotel/reader-key.pem"),
                  "--trust-anchor",
                  yao_stage_path(s, "authority/certificates/trust-root.pem"),
                  "--trust-url", bundle, "--url", s->desk, "--place",
                  "示例酒店前台", "--standing",
                  yao_stage_path(s, "hotel/standing.txt"), NULL);
}

void yao_demo_start_desk(yao_demo_world *w)
{
    yao_demo_start_party(w, "desk");
}

void yao_demo_start_party(yao_demo_world *w, const char *folder)
{
    char listen[32];

    snprintf(listen, sizeof listen, "127.0.0.1:%u",
             w->ports.at[YAO_DEMO_DESK]);
    yao_demo_start(&w->stage, &w->desk, "desk", "serve", "-C",
                   yao_stage_path(&w->stage, folder), "--listen", listen,
                   NULL);
}

static void ask(yao_stage *s)
{
    yao_demo_session session = {.profile = "hotel",
                                .wallet = yao_stage_path(s, "wallets/2")};

    yao_demo_ask(s, &session);
    if (!s->failed)
        yao_stage_say(s,
                      WORDS("state: %s   verdict: %s", "状态：%s   判定：%s"),
                      session.state, session.verdict);
}

void yao_demo_online(yao_demo_world *w)
{
    yao_stage_title(
        &w->stage, WORDS("On line, before the arrival", "到店前在线办理"),
        WORDS("The hotel's own server asks by OpenID4VP: its booking software "
              "gets a link and shows it as a code, the guest's wallet finds "
              "out who asks, shows what is asked and why, and answers sealed. "
              "The software gets a verdict and what was asked for, nothing "
              "more.",
              "酒店自己的服务器通过 OpenID4VP 提出请求：预订软件取得链接并显示为二"
              "维码；客人的钱包先查明请求方，说明所需内容与用途，再以加密方式应"
              "答。软件只得到判定结果和所请求的内容。"));
    yao_demo_make_desk(w);
    yao_demo_start_desk(w);
    ask(&w->stage);
}
