/* SPDX-License-Identifier: Apache-2.0 */

/* What a page asks through the browser's Digital Credentials API, and what the
 * browser is given. The browser says which page it is: --origin. */

#include "wallet/presenting.h"

#include <string.h>

#include "app/files.h"

enum { MOST_REQUEST = 1024 * 1024 };

/* The best first: who is known, by a request that says so itself. */
static int rank_of(yao_vp_protocol protocol)
{
    static const yao_vp_protocol order[] = {YAO_VP_UNSIGNED, YAO_VP_ISO_MDOC,
                                            YAO_VP_MULTISIGNED, YAO_VP_SIGNED};

    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (order[i] == protocol)
            return (int)i + 1;
    return 0;
}

static yao_vp_protocol protocol_of(yao_arena *arena, const yao_json *request)
{
    yao_text name;

    if (yao_json_string(yao_json_get(request, "protocol"), arena, &name) !=
        YAO_OK)
        return YAO_VP_NO_PROTOCOL;
    return yao_vp_protocol_by_name(name);
}

static yao_status take(yao_presenting *s, const yao_json *request)
{
    yao_vp_protocol protocol = protocol_of(&s->arena, request);
    const yao_json *data     = yao_json_get(request, "data");

    if (rank_of(protocol) <= rank_of(s->options.protocol))
        return YAO_OK;
    if (data == NULL || data->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    s->options.protocol = protocol;
    yao_writer w        = yao_writer_in(&s->arena);
    yao_json_put_value(&w, data);
    return yao_writer_keep(&w, &s->arena, &s->options.data);
}

/* {"protocol", "data"}, several of them as "requests", or around those
 * "digital": as a page gives it to navigator.credentials.get(). */
static yao_status take_all(yao_presenting *s, yao_bytes text)
{
    const yao_json *root, *list;

    YAO_TRY(yao_arena_keep(&s->arena, text, &text));
    YAO_TRY(yao_json_parse(&s->arena, text, &root));
    if (yao_json_get(root, "digital") != NULL)
        root = yao_json_get(root, "digital");
    list = yao_json_get(root, "requests");
    if (list == NULL)
        YAO_TRY(take(s, root));
    for (const yao_json *i = list != NULL ? list->first : NULL; i != NULL;
         i = i->next)
        YAO_TRY(take(s, i));
    return s->options.protocol != YAO_VP_NO_PROTOCOL ? YAO_OK
                                                     : YAO_E_UNSUPPORTED;
}

static yao_status read_page(yao_presenting *s, const char *path)
{
    yao_bytes  file;
    yao_status status;

    if (strcmp(path, "-") == 0)
        path = "/dev/stdin";
    YAO_TRY(yao_file_read(path, MOST_REQUEST, &file));
    status = take_all(s, file);
    yao_file_free(&file);
    return status;
}

int yao_presenting_take_page(yao_presenting *s, const char *path)
{
    yao_status status;

    s->options.terms.origin = yao_text_of(yao_argument(s->call, "origin"));
    status = s->options.terms.origin.len != 0 ? read_page(s, path)
                                              : YAO_E_MISSING;
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, s->what, path,
                    status == YAO_E_MISSING
                        ? WORDS("nobody says which page asks",
                                "没有说明由哪个网页请求")
                        : (yao_words){NULL, NULL},
                    WORDS("give what the page hands to the browser, and with "
                          "--origin the page, as https://shop.example",
                          "请给出网页交给浏览器的请求，并用 --origin 给出网页来"
                          "源，如 https://shop.example"));
}

/* ---- the answer --------------------------------------------------------- */

static yao_status hand_over(yao_presenting *s, yao_bytes data)
{
    const char *path  = yao_argument(s->call, "output");
    bool        first = true;
    yao_bytes   out;
    yao_writer  w = yao_writer_in(&s->arena);

    yao_put_byte(&w, '{');
    yao_json_put_member(
        &w, &first, "protocol",
        yao_text_of(yao_vp_protocol_name(s->options.protocol)));
    yao_json_put_name(&w, &first, "data");
    yao_put_bytes(&w, data);
    yao_put_text(&w, "}\n");
    YAO_TRY(yao_writer_keep(&w, &s->arena, &out));
    if (path != NULL)
        return yao_file_write(path, out, 0600, false);
    return fwrite(out.ptr, 1, out.len, stdout) == out.len &&
                   fflush(stdout) == 0
               ? YAO_OK
               : YAO_E_FILE;
}

void yao_presenting_hand_over(yao_presenting *s, const yao_present_wish *w,
                              yao_present_event *event)
{
    event->status = hand_over(s, w->bytes);
}
