/* SPDX-License-Identifier: Apache-2.0 */

/** A desk that fetches its bundle, status lists and all, from a server that
 *  does not give it: what is in force stays, and ages; nothing worse takes its
 *  place. */

#include "desk/trust.h"

#include "agree.h"
#include "desk_world.h"
#include "net/server.h"

typedef struct fake {
    net_server *server;
    unsigned    port, other;
    yao_bytes   body;   /* of a good answer */
    int         status;
    const char *type, *location;
    unsigned    fetches;
} fake;

static fake        web;
static desk_config config;
static desk_trusts trusts;
static uint64_t    first_version;

/* ---- the server --------------------------------------------------------- */

static void give(void *ctx, const net_request *q, net_response *r)
{
    fake *f = ctx;

    (void)q;
    f->fetches++;
    r->status = f->status;
    r->headers[r->header_count++] =
        (net_header){YAO_TEXT("Content-Type"), yao_text_of(f->type)};
    if (f->location != NULL)
        r->headers[r->header_count++] =
            (net_header){YAO_TEXT("Location"), yao_text_of(f->location)};
    r->body = f->body;
}

static size_t no_body(void *ctx, unsigned listener, yao_text method,
                      yao_text path)
{
    (void)ctx, (void)listener, (void)method, (void)path;
    return 1024;
}

static void start_web(void)
{
    const net_server_options o = {
        .handler = give, .body_limit = no_body, .ctx = &web, .workers = 1};

    assert_status(net_server_open(&o, &web.server), YAO_OK);
    assert_status(net_server_listen(web.server, "127.0.0.1:0", 0, &web.port),
                  YAO_OK);
    assert_status(net_server_listen(web.server, "127.0.0.1:0", 1, &web.other),
                  YAO_OK);
    assert_status(net_server_start(web.server), YAO_OK);
}

/* ---- the world ---------------------------------------------------------- */

static yao_bytes bundle_in(const char *name)
{
    yao_bytes file, kept;

    assert_status(yao_file_read(test_scratch_path(name), 1 << 24, &file),
                  YAO_OK);
    assert_status(yao_arena_keep(test_arena(), file, &kept), YAO_OK);
    yao_file_free(&file);
    return kept;
}

static void prepare(void **state)
{
    yao_settings_trouble trouble = {.line = 0};
    char                 init[200];

    (void)state;
    start_web();
    desk_make_authority();
    desk_must("authority init --demo -C @/b", 0);
    desk_must("statuslist publish -C @/b --output @/listsb", 0);
    desk_must("trust publish -C @/b --output @/tb", 0);
    snprintf(init, sizeof init,
             "--trust-url http://127.0.0.1:%u/trust/bundle.cose", web.port);
    desk_make_desk(init);
    assert_int_equal(rename(test_scratch_path("t/bundle.cose"),
                            test_scratch_path("first.cose")),
                     0);
    desk_must("trust publish -C @/a --output @/t", 0);
    assert_status(desk_config_read(test_scratch_path("d"), &config, &trouble),
                  YAO_OK);
    desk_trust_init(&trusts, &config);
}

static uint64_t version_now(void)
{
    desk_trust *t = desk_trust_take(&trusts);
    uint64_t    version;

    if (t == NULL)
        return 0;
    version = t->bundle.list.content.version;
    desk_trust_give(&trusts, t);
    return version;
}

/* What the server gives now, fetched and looked at as the desk does it. */
static yao_status fetch(int status, const char *type, yao_bytes body)
{
    web.status = status;
    web.type   = type;
    web.body   = body;
    YAO_TRY(desk_trust_fetch(&trusts, test_crypto(), yao_now()));
    return desk_trust_load(&trusts, test_crypto(), yao_now());
}

#define CBOR "application/cbor"

static void takes_it(void **state)
{
    (void)state;
    assert_status(fetch(200, CBOR, bundle_in("first.cose")), YAO_OK);
    first_version = version_now();
    assert_true(first_version > 0);
}

typedef struct trouble {
    const char *name;
    int         status;
    const char *type, *location, *file; /* NULL: a few words of HTML */
    size_t      len; /* so much of it; 0: all */
} trouble;

static char elsewhere[64];

static const trouble troubles[] = {
    {"never drops N126: its lists for a 404", 404, "text/html", NULL, NULL, 0},
    {"never drops N126: its lists for a 500 with a bundle", 500, CBOR, NULL,
     "t/bundle.cose", 0},
    {"never drops N126: its lists for a page that says 200", 200, "text/html",
     NULL, NULL, 0},
    {"never goes N126: where it is sent", 302, "text/html", elsewhere, NULL, 0},
    {"never takes N126: half of one", 200, CBOR, NULL, "t/bundle.cose", 3000},
    {"never takes N126: nothing", 200, CBOR, NULL, "t/bundle.cose", 1},
    {"never takes N126: another authority's", 200, CBOR, NULL,
     "tb/bundle.cose", 0},
};

static void keeps_its_own(void **state)
{
    const trouble *t    = *state;
    yao_bytes      body = YAO_LIT("<html>please log in</html>");
    unsigned       seen = web.fetches;

    snprintf(elsewhere, sizeof elsewhere, "http://127.0.0.1:%u/x", web.other);
    web.location = t->location;
    if (t->file != NULL)
        body = bundle_in(t->file);
    if (t->len != 0)
        body.len = t->len;
    assert_true(fetch(t->status, t->type, body) != YAO_OK);
    web.location = NULL;
    assert_int_equal(web.fetches, seen + 1);
    assert_int_equal(version_now(), first_version);
    assert_true(desk_trust_age(&trusts, yao_now()) >= 0);
}

static void moves_on_only(void **state)
{
    (void)state;
    assert_status(fetch(200, CBOR, bundle_in("t/bundle.cose")), YAO_OK);
    assert_true(version_now() > first_version);
    uint64_t newer = version_now();
    assert_true(fetch(200, CBOR, bundle_in("first.cose")) != YAO_OK);
    assert_int_equal(version_now(), newer);
}

/* Killed between the note of what was seen and the file, or off for longer than
 * a bundle lasts: it starts, asks nobody, and fetches. */
static void starts_behind(void **state)
{
    test_patience patience;
    int           status = 0;

    (void)state;
    web.status = 200;
    web.type   = CBOR;
    web.body   = bundle_in("t/bundle.cose");
    test_write("d/trust/bundle.cose", bundle_in("first.cose"));
    desk_start("");
    patience = test_patience_begin();
    do {
        status =
            desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}").status;
        assert_true(status == 201 || status == 503);
    } while (status != 201 && test_wait(&patience));
    assert_int_equal(status, 201);
    assert_int_equal(test_server_stop(&desk_server), 0);
}

int main(void)
{
    test_add("trust", "starts with a server of bundles", prepare, NULL);
    test_add("trust", "accepts the bundle of its authority", takes_it, NULL);
    for (size_t i = 0; i < COUNT(troubles); i++)
        test_add("trust", troubles[i].name, keeps_its_own, &troubles[i]);
    test_add("trust", "accepts N115: a newer one, and no older one again",
             moves_on_only, NULL);
    test_add("trust", "accepts N115: to start with an older one, and fetches",
             starts_behind, NULL);

    int code = test_run("journeys/desk_trust");
    desk_trust_close(&trusts);
    if (web.server != NULL) {
        net_server_stop(web.server, 200);
        net_server_close(web.server);
    }
    test_scratch_remove();
    return code;
}
