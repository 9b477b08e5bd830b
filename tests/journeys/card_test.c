/* SPDX-License-Identifier: Apache-2.0 */

/** QR cards from a register to a verdict: open, sealed, animated; as letters,
 *  pictures, and with nobody to ask. */

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "json/json.h"
#include "journey.h"

#define PRESENT "wallet present -C @/w --yes "
#define HOTEL PRESENT "--profile hotel --format card "
#define JUDGE                                                                  \
    "verify --trust @/trust/bundle.cose --trust-anchor "                       \
    "@/trust/trust-root.pem "
#define ANSWER                                                                 \
    JUDGE "--challenge @/hotel/challenge.txt --challenge-key "                 \
          "@/hotel/challenge.key --profile hotel "

static void issue(void)
{
    char            line[128];
    yao_bytes       people;
    const yao_json *person;
    yao_text        number;

    assert_status(
        yao_file_read(test_scratch_path("people.jsonl"), 65536, &people),
        YAO_OK);
    while (people.len > 0 && people.ptr[people.len - 1] == '\n')
        people.len--;
    assert_status(yao_json_parse(test_arena(), people, &person), YAO_OK);
    assert_status(
        yao_json_string(yao_json_get(person, "number"), test_arena(), &number),
        YAO_OK);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 2 --cards 8 "
             "--person %.*s",
             (int)number.len, (const char *)number.ptr);
    yao_file_free(&people);
    test_must(line, 0);
}

static void prepare(void **state)
{
    (void)state;
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    test_must("authority init --demo -C @/a", 0);
    test_must("person generate -C @/a --count 1 --seed 7 --out @/people.jsonl",
              0);
    test_must("person generate -C @/a --count 1 --seed 7", 0);
    test_must(
        "party register -C @/a --code 91330114MAC000017N --name SPECIMEN-inn "
        "--profile hotel --profile age --legal-basis none --retention 1 "
        "--out @/hotel",
        0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_must("wallet init -C @/other --registrar "
              "@/a/certificates/traffic-root.pem",
              0);
    issue();
    test_must("statuslist publish -C @/a --output @/lists", 0);
    test_must("trust publish -C @/a --output @/trust", 0);
    test_must("gate challenge --profile hotel --place desk --reader-key "
              "@/hotel/reader-key.pem --reader-certificate @/hotel/reader.pem "
              "--out @/hotel --png @/hotel/challenge.png",
              0);
}

/* ---- what is shown, and what is not ------------------------------------- */

typedef struct line_row {
    const char *name;
    const char *line;
    int         code;
    const char *says;
} line_row;

static const line_row lines[] = {
    {"gives an open card to whoever looks",
     PRESENT "--profile age --format card", 0, "YP1:"},
    {"gives the age that was chosen",
     PRESENT "--profile age --format card --choice age_over_60", 0,
     "Aged 60 or over"},
    {"refuses an age that no card has",
     PRESENT "--profile age --format card --choice age_over_21", 7,
     "does not hold"},
    {"refuses what is sensitive without a challenge", HOTEL, 3,
     "challenge only"},
    {"refuses a challenge of somebody unknown",
     HOTEL "--challenge @/hotel/challenge.txt", 3, "show nothing"},
    {"refuses a challenge when another registrar is believed",
     "wallet present -C @/other --yes --profile hotel --format card "
     "--challenge @/hotel/challenge.txt --reader @/hotel/reader.pem",
     3, "show nothing"},
    {"refuses a challenge for another profile",
     PRESENT "--profile police --format card --challenge "
             "@/hotel/challenge.txt --reader @/hotel/reader.pem",
     3, "another profile"},
    {"refuses a text that is no challenge",
     HOTEL "--challenge @/passphrase --reader @/hotel/reader.pem", 2, "scan"},
    {"refuses a challenge that is not there",
     HOTEL "--challenge @/nowhere --reader @/hotel/reader.pem", 7, "scan"},
    {"never shows without a yes",
     "wallet present -C @/w --profile hotel --format card --challenge "
     "@/hotel/challenge.txt --reader @/hotel/reader.pem",
     3, "you did not agree"},
    {"gives a sealed card to a challenge, and says where",
     HOTEL "--challenge @/hotel/challenge.txt --reader @/hotel/reader.pem", 0,
     "place: desk"},
    {"gives a sealed card to a challenge in a picture",
     HOTEL "--challenge @/hotel/challenge.png --reader @/hotel/reader.pem "
           "--output @/answer.txt --png @/answer.png",
     0, "SPECIMEN-inn"},
    {"gives a whole document in codes that change",
     PRESENT "--profile age --format animated --output @/parts.txt "
             "--png @/parts.png",
     0, "Small portrait"},
    {"gives a sealed document in codes that change",
     PRESENT "--profile hotel --format animated --challenge "
             "@/hotel/challenge.txt --reader @/hotel/reader.pem "
             "--output @/sealed-parts.txt",
     0, "Small portrait"},
    {"gives a code on the terminal",
     PRESENT "--profile age --format card --terminal", 0, "\xe2\x96\x84"},
    {"gives an open card to a file",
     PRESENT "--profile age --format card --output @/age.txt --png "
             "@/age.png",
     0, "Age check"},

    /* judged, with nothing but the bundle */
    {"accepts the open card", JUDGE "--profile age @/age.txt", 0, "ACCEPT"},
    {"accepts a picture of it", JUDGE "--profile age @/age.png", 0, "ACCEPT"},
    {"refuses it for another profile", JUDGE "--profile hotel @/age.txt", 3,
     "card_profile       FAIL"},
    {"refuses it where a challenge was shown", ANSWER "@/age.txt", 3,
     "card_challenge     FAIL"},
    {"refuses it without a signer that it names",
     "verify --trust @/a/certificates/population-root.pem @/age.txt", 3,
     "issuer_chain       FAIL"},
    {"refuses N238: it is shown again a day later",
     "verify --trust @/a/certificates/population-root.pem --signer "
     "@/a/certificates/population-signer.pem --at 2030-01-01T00:00:00Z "
     "--profile age @/age.txt",
     3, "card_challenge     FAIL"},
    {"accepts the sealed card", ANSWER "@/answer.txt", 0, "ACCEPT"},
    {"accepts a picture of the sealed card", ANSWER "@/answer.png", 0,
     "Citizen number"},
    {"refuses the sealed card without its challenge", JUDGE "@/answer.txt", 5,
     "give --challenge"},
    {"accepts the codes that change", JUDGE "--profile age @/parts.txt", 0,
     "mdoc-device-response"},
    {"accepts the picture that changes", JUDGE "@/parts.png", 0, "ACCEPT"},
    {"accepts the sealed codes that change", ANSWER "@/sealed-parts.txt", 0,
     "ACCEPT"},
};

static void types(void **state)
{
    const line_row    *r      = *state;
    const test_output *output = test_type(r->line);

    if (output->code != r->code || !test_said(r->says))
        print_message("%s\n", output->out);
    assert_int_equal(output->code, r->code);
    assert_true(test_said(r->says));
    if (output->code != 0)
        assert_false(test_said("YP1:") || test_said("YPA1:"));
}

/* Nothing of the person is in what anybody but the checker may read. */
static void hides(void **state)
{
    yao_bytes file;

    (void)state;
    assert_status(yao_file_read(test_scratch_path("answer.txt"), 65536, &file),
                  YAO_OK);
    assert_true(file.len > 600 && file.len < 1500);
    yao_file_free(&file);
    test_must("inspect @/answer.txt", 0);
    assert_false(test_said("SPECIMEN"));
}

static void remembers(void **state)
{
    (void)state;
    test_must("wallet history -C @/w", 0);
    assert_true(test_said("hotel  resident_id (card)"));
    assert_true(test_said("SPECIMEN-inn"));
}

#define LISTED                                                                 \
    HOTEL "--challenge @/hotel/challenge.txt --reader @/hotel/reader.pem "     \
          "--trust @/trust/bundle.cose --trust-anchor @/trust/trust-root.pem"

/* Its certificate is as good as before; the list of the day says it is not to
 * ask. */
static void minds_the_list(void **state)
{
    (void)state;
    test_must(LISTED, 0);
    test_must("party suspend -C @/a 91330114MAC000017N", 0);
    test_must("trust publish -C @/a --output @/trust", 0);
    test_must(LISTED, 3);
    assert_true(test_said("show nothing"));
    assert_false(test_said("YP1:"));
    test_must(PRESENT "--profile hotel --format sd-jwt --reader "
                      "@/hotel/reader.pem --nonce 1234567890abcdef --audience "
                      "a --trust @/trust/bundle.cose --trust-anchor "
                      "@/trust/trust-root.pem",
              3);
}

int main(void)
{
    test_add("card", "accepts what an authority issues", prepare, NULL);
    for (size_t i = 0; i < COUNT(lines); i++)
        test_add("card", lines[i].name, types, (void *)(uintptr_t)&lines[i]);
    test_add("card", "never lets others read a sealed card", hides, NULL);
    test_add("card", "gives what was shown to the history", remembers, NULL);
    test_add("card", "refuses a party that the list suspends", minds_the_list,
             NULL);

    int code = test_run("journeys/card");
    test_scratch_remove();
    return code;
}
