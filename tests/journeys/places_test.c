/* SPDX-License-Identifier: Apache-2.0 */

/** The same bytes at any place: zones, their summer times, a language whose
 *  capital i is another letter, change nothing of what is written. */

#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/files.h"
#include "demo/people.h"
#include "journey.h"

#define PERSON "12011919880808901X"

static const struct {
    const char *zone, *language;
} places[] = {{"UTC", "C"},
              {"Asia/Kathmandu", "tr_TR.UTF-8"},
              {"America/St_Johns", "ar_EG.UTF-8"},
              {"Pacific/Apia", "de_DE"},
              {"right/UTC", "zh_CN.GB18030"},
              {"XYZ-14:59:59", "C.UTF-8"}};

/* Of what depends on neither chance nor the moment. */
static const char *const lines[] = {
    "wallet list --json -C @/w",
    "wallet list --lang en -C @/w",
    "document list --json -C @/a --person " PERSON,
    "document list --lang en -C @/a --person " PERSON,
    "signer list --json -C @/a",
    "trust show @/trust/bundle.cose --json",
    "inspect @/trust/bundle.cose",
    "inspect @/a/certificates/population-root.pem",
    "person generate --count 5 --seed 3 --lang en --out @/made.jsonl"};

static void go_to(size_t place)
{
    setenv("TZ", places[place].zone, 1);
    setenv("LC_ALL", places[place].language, 1);
}

static void prepare(void **state)
{
    char numbers[YAO_DEMO_PEOPLE][20];

    (void)state;
    test_use_passphrase();
    go_to(0);
    assert_status(yao_folder_make(test_scratch_path("people"), 0700), YAO_OK);
    assert_status(
        yao_demo_write_people(test_scratch_path("people"), numbers), YAO_OK);
    test_must("authority init --demo -C @/a", 0);
    test_must("person import -C @/a @/people/people.jsonl", 0);
    test_must("trust publish -C @/a --output @/trust", 0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_must("document issue -C @/a --wallet @/w --copies 2 --cards 1 "
              "--person " PERSON,
              0);
}

static yao_bytes made(void)
{
    yao_bytes file;

    assert_status(
        yao_file_read(test_scratch_path("made.jsonl"), 1 << 20, &file),
        YAO_OK);
    return file;
}

static void gives_the_same(void **state)
{
    const char *line = *state;
    static char first[262144];
    yao_bytes   people = {NULL, 0};
    size_t      len    = 0;

    for (size_t i = 0; i < COUNT(places); i++) {
        go_to(i);
        remove(test_scratch_path("made.jsonl"));
        const test_output *o = test_type(line);
        assert_int_equal(o->code, 0);
        if (i == 0) {
            memcpy(first, o->out, o->len);
            len = o->len;
        }
        assert_bytes(((yao_bytes){(const uint8_t *)o->out, o->len}),
                     ((yao_bytes){(const uint8_t *)first, len}));
        if (strstr(line, "made.jsonl") == NULL)
            continue;
        yao_bytes file = made();
        if (i == 0)
            people = file;
        assert_bytes(file, people);
        if (i != 0)
            yao_file_free(&file);
    }
    yao_file_free(&people);
    go_to(0);
}

/* What one place wrote another reads: nothing stands in local time. */
static void accepts_what_another_wrote(void **state)
{
    (void)state;
    go_to(1);
    test_must("statuslist publish -C @/a --output @/lists", 0);
    test_must("document issue -C @/a --wallet @/w --copies 2 --cards 0 "
              "--person " PERSON,
              0);
    go_to(2);
    test_must("verify --trust @/a/certificates/population-root.pem --trust "
              "@/a/certificates/traffic-root.pem --format status-list-jwt "
              "@/lists/1.jwt",
              0);
    test_must("wallet list -C @/w", 0);
    go_to(0);
}

int main(void)
{
    static char names[COUNT(lines)][128];

    test_add("places", "gives a world", prepare, NULL);
    for (size_t i = 0; i < COUNT(lines); i++) {
        snprintf(names[i], sizeof names[i], "N299 gives the same: %.80s",
                 lines[i]);
        test_add("places", names[i], gives_the_same,
                 (void *)(uintptr_t)lines[i]);
    }
    test_add("places", "N299 accepts what was written elsewhere",
             accepts_what_another_wrote, NULL);
    int code = test_run("journeys/places");
    test_scratch_remove();
    return code;
}
