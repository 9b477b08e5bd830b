/* SPDX-License-Identifier: Apache-2.0 */

/* The pages, where they were put together (tools/make-pages): in the folder
 * `web` beside the program. */

#include "demo/demo.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "app/pem.h"
#include "app/settings.h"
#include "json/json.h"

enum { MEMORY = 256 * 1024, TRIED = 3 /* people of the kiosk's demo */ };

static const yao_setting kiosk    = {.section = "server",
                                     .name    = "kiosk_pages"};
static const yao_setting console  = {.section = "server",
                                     .name    = "console_pages"};
static const yao_setting provider = {.section = "provider", .name = "pages"};
static const yao_setting officers = {.section = "face",
                                     .name    = "demo_officers"};
static const yao_setting desk     = {.section = "desk", .name = "pages"};
static const yao_setting wallet   = {.section = "desk", .name = "wallet"};
static const yao_setting mailboxes = {.section = "counter",
                                      .name    = "mailboxes"};

/* DIR/web/NAME, or "": there is none. */
static bool find(const yao_stage *s, const char *name,
                 char out[YAO_MAX_SETTING])
{
    const char *slash = strrchr(s->self, '/');
    int         len   = slash == NULL ? 0 : (int)(slash - s->self);
    int         got   = snprintf(out, YAO_MAX_SETTING, "%.*s/web/%s", len,
                                 s->self, name);

    return got > 0 && got < YAO_MAX_SETTING && yao_path_exists(out);
}

/* FILE of FOLDER gets SETTING, when there is such a page. */
static yao_status settle(const yao_stage *s, const char *page,
                         const char *folder, const char *file,
                         const yao_setting *setting)
{
    char                     path[YAO_MAX_SETTING];
    const yao_setting_change change = {setting, path};

    if (!find(s, page, path))
        return YAO_OK;
    return yao_settings_change(yao_stage_path(s, folder), file, &change, 1);
}

/* The authority vouches for PAGE, and FOLDER's server gives out that it does. */
static void vouch(yao_stage *s, const char *page, const char *folder)
{
    static const yao_step well = {.want = 0};
    char                  path[YAO_MAX_SETTING], file[64];

    if (!find(s, page, path))
        return;
    snprintf(file, sizeof file, "%s/page-statement.json", folder);
    s->silent = true;
    yao_stage_run(s, &well, "audit", "publish", "-C",
                  yao_stage_path(s, "authority"), "--page", path,
                  "--statement", yao_stage_path(s, file), NULL);
    s->silent = false;
}

/* Nobody is at the counter. */
static yao_status settle_officers(const yao_stage *s)
{
    const yao_setting_change change = {&officers, "yes"};

    return yao_settings_change(yao_stage_path(s, "authority"), "authority.ini",
                               &change, 1);
}

/* What the wallet's page is told: whom to ask, and its first anchor. */
static yao_status write_config(const yao_stage *s, yao_arena *arena)
{
    const char *root =
        yao_stage_path(s, "authority/certificates/trust-root.pem");
    yao_bytes  pem, rest, der, out;
    yao_text   label;
    bool       first = true;
    yao_writer w;

    YAO_TRY(yao_file_read(root, 16384, &pem));
    rest              = pem;
    yao_status status = yao_pem_next(&rest, arena, &label, &der);
    yao_file_free(&pem);
    YAO_TRY(status);
    w = yao_writer_in(arena);
    yao_put_text(&w, "{\"demo\":true,\"authorities\":[{");
    yao_json_put_member(&w, &first, "url", yao_text_of(s->authority));
    yao_json_put_name(&w, &first, "trust_root");
    yao_json_put_base64url(&w, der);
    yao_put_text(&w, "}]}\n");
    YAO_TRY(yao_writer_keep(&w, arena, &out));
    return yao_file_write(yao_stage_path(s, "provider/page.json"), out, 0644,
                          false);
}

/* Where the wallet's page is, and the mailboxes by which it talks. */
static yao_status tell_desk(const yao_stage *s)
{
    char                     boxes[YAO_MAX_SETTING];
    const yao_setting_change changes[] = {{&wallet, s->provider},
                                          {&mailboxes, boxes}};

    snprintf(boxes, sizeof boxes, "%s/mailboxes", s->provider);
    return yao_settings_change(yao_stage_path(s, "desk"), "desk.ini", changes,
                               sizeof changes / sizeof changes[0]);
}

/* What the kiosk's page is told: where the wallet is, and whom to try. */
static yao_status write_kiosk_config(const yao_stage *s, yao_arena *arena)
{
    bool       first = true;
    yao_writer w     = yao_writer_in(arena);
    yao_bytes  out;

    /* whoever tries it out reads another tab meanwhile */
    yao_put_text(&w, "{\"demo\":true,\"patience\":150,");
    yao_json_put_member(&w, &first, "wallet", yao_text_of(s->provider));
    yao_put_text(&w, ",\"place\":{\"zh\":\"示例政务服务大厅 SPECIMEN\","
                     "\"en\":\"Service hall SPECIMEN\"}");
    yao_json_put_name(&w, &first, "try");
    yao_put_byte(&w, '[');
    for (size_t i = 0; i < TRIED; i++) {
        bool inner = true;

        yao_put_text(&w, i == 0 ? "{" : ",{");
        yao_json_put_member(&w, &inner, "name",
                            yao_text_of(s->people[i].name));
        yao_json_put_member(&w, &inner, "number",
                            yao_text_of(s->people[i].number));
        yao_put_byte(&w, '}');
    }
    yao_put_text(&w, "]}\n");
    YAO_TRY(yao_writer_keep(&w, arena, &out));
    return yao_file_write(yao_stage_path(s, "authority/kiosk.json"), out, 0644,
                          false);
}

void yao_demo_settle_pages(yao_demo_world *w)
{
    yao_stage *s = &w->stage;
    yao_arena  arena;
    yao_status status;

    if (s->failed || yao_memory_open(MEMORY, &arena) != YAO_OK)
        return;
    status = write_config(s, &arena);
    if (status == YAO_OK)
        status = write_kiosk_config(s, &arena);
    if (status == YAO_OK)
        status = settle_officers(s);
    yao_memory_free(&arena);
    if (status == YAO_OK)
        status = settle(s, "kiosk", "authority", "authority.ini", &kiosk);
    if (status == YAO_OK)
        status = settle(s, "console", "authority", "authority.ini", &console);
    if (status == YAO_OK)
        status = settle(s, "wallet", "provider", "provider.ini", &provider);
    if (status == YAO_OK)
        status = settle(s, "desk", "desk", "desk.ini", &desk);
    if (status == YAO_OK && yao_demo_has_pages(w))
        status = tell_desk(s);
    if (status != YAO_OK)
        yao_stage_fail(s, WORDS("the pages could not be set up",
                                "无法配置网页"));
    vouch(s, "wallet", "provider");
    vouch(s, "desk", "desk");
}

bool yao_demo_has_pages(const yao_demo_world *w)
{
    char path[YAO_MAX_SETTING];

    return find(&w->stage, "wallet", path);
}
