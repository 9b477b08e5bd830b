/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_DESK_SHOWN_H
#define YAO_TEST_DESK_SHOWN_H

/**
 * A person with a wallet before the desk of desk_world.h, both as programs.
 *
 *     shown_prepare("--profile hotel", "");
 *     desk_start("");
 *     shown_session s = shown_ask("{\"profile\":\"hotel\"}");
 *     shown_show(&s, "--yes", 0);
 */

#include "desk_world.h"
#include "journey.h"

typedef struct shown_session {
    char id[64], link[4096];
} shown_session;

static char shown_number[64]; /* of the person */

/* PROFILES: options of the party; INIT: of the desk. */
static inline void shown_prepare(const char *profiles, const char *init)
{
    char line[400];

    setenv("LC_ALL", "C", 1);
    test_write("passphrase", YAO_LIT("correct horse battery\n"));
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("passphrase"), 1);
    desk_must("authority init --demo -C @/a", 0);
    snprintf(line, sizeof line,
             "party register -C @/a --code " DESK_CODE
             " --name SPECIMEN --out @/hotel %s",
             profiles);
    desk_must(line, 0);
    desk_make_person(shown_number, sizeof shown_number);
    desk_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 8 --cards 0 "
             "--person %s",
             shown_number);
    desk_must(line, 0);
    desk_make_desk(init);
}

static inline shown_session shown_ask(const char *json)
{
    net_answer    a = desk_api("POST", "/api/sessions", json);
    shown_session s;

    assert_int_equal(a.status, 201);
    snprintf(s.id, sizeof s.id, "%s", desk_member(&a, "id"));
    snprintf(s.link, sizeof s.link, "%s", desk_member(&a, "qr"));
    return s;
}

static inline void shown_show(const shown_session *s, const char *more,
                              int code)
{
    char line[5000];

    snprintf(line, sizeof line,
             "wallet present --local --trust @/t/bundle.cose --trust-anchor "
             "@/t/trust-root.pem -C @/w %s '%s'",
             more, s->link);
    desk_must(line, code);
}

/* GET /api/sessions/ID, and MORE behind it. */
static inline net_answer shown_get(const shown_session *s, const char *more)
{
    char path[128];

    snprintf(path, sizeof path, "/api/sessions/%s%s", s->id, more);
    return desk_api("GET", path, NULL);
}

#endif
