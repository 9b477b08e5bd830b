/* SPDX-License-Identifier: Apache-2.0 */

/** What people read who open an address of ours in a browser. */

#include "check.h"
#include "token.h"

#include <string.h>

#include "app/pages.h"
#include "app/signpost.h"

static const app_signpost_link links[] = {
    {"trust/bundle.cose", WORDS_INIT("the bundle", "信任包")}};
static const app_signpost post = {.title = WORDS_INIT("A server", "服务"),
                                  .text  = WORDS_INIT("It serves.", "提供服务。"),
                                  .links = links,
                                  .link_count = 1};

static const app_route first = {"GET", "/", APP_ANY_WALLET, NULL, 0, 0};
static const app_route named = {"GET", "/{a}", APP_PAGE, NULL, 0, 0};

/* A browser's call, in LANGUAGE; ACCEPT NULL: no such header. */
static app_call call_of(const app_route *route, const char *accept,
                        const char *language)
{
    static net_header  headers[2];
    static net_request http;
    size_t             count = 0;

    if (accept != NULL)
        headers[count++] = (net_header){YAO_TEXT("accept"),
                                        yao_text_of(accept)};
    headers[count++] = (net_header){YAO_TEXT("accept-language"),
                                    yao_text_of(language)};
    http = (net_request){.method       = YAO_TEXT("GET"),
                         .headers      = headers,
                         .header_count = count};
    return (app_call){.route  = route,
                      .http   = &http,
                      .parts  = {YAO_TEXT("app.js")},
                      .arena  = test_arena(),
                      .crypto = test_crypto()};
}

static size_t place_of(const app_reply *reply, const char *text)
{
    for (size_t i = 0; i + strlen(text) <= reply->body.len; i++)
        if (memcmp(reply->body.ptr + i, text, strlen(text)) == 0)
            return i;
    return reply->body.len;
}

static yao_text header_of(const app_reply *reply, const char *name)
{
    for (size_t i = 0; i < reply->header_count; i++)
        if (yao_text_equal(reply->headers[i].name, yao_text_of(name)))
            return reply->headers[i].value;
    return (yao_text){NULL, 0};
}

static void both(void **state)
{
    const char *language = *state;
    app_reply   reply    = {.status = 0};
    app_call    call     = call_of(&first, "text/html", language);

    assert_status(app_signpost_give(&call, &post, 200, &reply), YAO_OK);
    assert_int_equal(reply.status, 200);
    size_t zh = place_of(&reply, "提供服务。"), en = place_of(&reply, "It serves.");
    assert_true(zh < reply.body.len && en < reply.body.len);
    assert_true((zh < en) == (language[0] == 'z'));
    assert_true(place_of(&reply, "href=\"trust/bundle.cose\"") <
                reply.body.len);
    yao_bytes policy =
        yao_text_bytes(header_of(&reply, "Content-Security-Policy"));
    assert_true(yao_bytes_starts(policy, YAO_LIT("default-src 'none'; ")));
}

static const struct {
    const char *name, *accept;
    bool        wanted;
} rows[] = {
    {"accepts a browser", "text/html,application/xhtml+xml,*/*;q=0.8", true},
    {"refuses a program", "application/json", false},
    {"refuses who takes anything", "*/*", false},
    {"refuses who says nothing", NULL, false},
};

static void wants(void **state)
{
    size_t   i    = *(const size_t *)*state;
    app_call call = call_of(&first, rows[i].accept, "en");

    assert_int_equal(app_signpost_wanted(&call), rows[i].wanted);
}

/* Where no page was built a browser reads so, and a program gets a 404 of its
 * server's own. */
static void not_built(void **state)
{
    const app_pages pages = {.folder = "", .policy = ""};
    app_reply       reply = {.status = 0};
    app_call        call  = call_of(&first, "text/html", "en");

    (void)state;
    assert_status(app_pages_give(&call, &pages, &reply), YAO_OK);
    assert_int_equal(reply.status, 404);
    assert_true(place_of(&reply, "tools/make-pages") < reply.body.len);
    call = call_of(&named, "text/html", "en");
    assert_status(app_pages_give(&call, &pages, &reply), YAO_E_NOT_FOUND);
    call = call_of(&first, "application/json", "en");
    assert_status(app_pages_give(&call, &pages, &reply), YAO_E_NOT_FOUND);
}

int main(void)
{
    static size_t numbers[COUNT(rows)];

    test_add("signpost", "gives both languages, Chinese first", both, "zh-CN");
    test_add("signpost", "gives both languages, English first", both, "en");
    for (size_t i = 0; i < COUNT(rows); i++) {
        numbers[i] = i;
        test_add("signpost", rows[i].name, wants, &numbers[i]);
    }
    test_add("signpost", "gives a browser the reason where no page was built",
             not_built, NULL);
    return test_run("app/signpost");
}
