/* SPDX-License-Identifier: Apache-2.0 */

/** Each verb used wrongly: the exit code, and what is said in three parts (what
 *  failed: why; what to do next). */

#include "check.h"

#include <stdio.h>

#include "app/files.h"
#include "journey.h"

#define CODE "91330114MAC000017N"

static const struct {
    const char *name;
    const char *line;
    int         code;
    const char *says;
} lines[] = {
    /* the parser */
    {"refuses a verb that is none", "vreify x", 1, "vreify"},
    {"refuses a noun with a verb that is none", "wallet eat", 1, "wallet eat"},
    {"refuses an option before the verb", "--json verify x", 1, "--json"},
    {"refuses an unknown option", "verify --trsut x", 1, "--trsut"},
    {"never repeats what stands behind an unknown option",
     "verify --pin=hunter2 x", 1, "verify --pin:"},
    {"refuses an unknown letter", "verify -x", 1, "-x"},
    {"refuses a value where none is taken", "verify --strict=yes x", 1,
     "--strict: this option takes no value"},
    {"refuses an option without its value", "verify x --at", 1,
     "--at: its value is missing"},
    {"refuses an option that comes twice", "verify --at 1 --at 2 x", 1,
     "--at: given twice"},
    {"refuses -C without a folder", "wallet list -C", 1, "-C"},
    {"refuses -C with an empty folder", "wallet list -C ''", 1, "-C"},
    {"refuses a language that it does not speak", "verify --lang klingon x", 1,
     "--lang: it is en or zh"},
    {"refuses in the language that was named before the slip",
     "verify --lang zh --trsut x", 1, "没有这个选项"},
    {"refuses a word too many", "wallet list now", 1, "one word too many"},

    /* verify, inspect */
    {"refuses to verify nothing", "verify", 1, "FILE"},
    {"refuses trust in what holds no certificate", "verify --trust @/empty x",
     3, "--trust"},
    {"refuses trust in a certificate without its end",
     "verify --trust @/noend.pem x", 2, "noend.pem"},
    {"refuses trust in a folder", "verify --trust @/ x", 7, "--trust"},
    {"refuses trust in an endless file", "verify --trust /dev/zero x", 4,
     "--trust"},
    {"refuses a transcript that is none",
     "verify --session-transcript @/noend.pem x", 2, "--session-transcript"},
    {"refuses a reader key that is none", "verify --reader-key @/noend.pem x",
     2, "--reader-key"},
    {"refuses an empty nonce", "verify --nonce '' --audience a x", 1,
     "--nonce"},
    {"refuses an empty audience", "verify --nonce n --audience '' x", 1,
     "--audience"},
    {"refuses to verify noise", "verify @/noise", 2, "noise: REJECT"},
    {"refuses to verify a folder", "verify @/", 7, "INDETERMINATE"},
    {"refuses to verify an endless file", "verify /dev/zero", 4,
     "larger than allowed"},
    {"refuses to inspect nothing", "inspect", 1, "FILE"},
    {"refuses to inspect noise", "inspect @/noise", 2, "inspect"},
    {"refuses to inspect a folder", "inspect @/", 7, "inspect"},
    {"refuses to inspect an endless file", "inspect /dev/zero", 4, "inspect"},
    {"refuses to inspect a certificate without its end", "inspect @/noend.pem",
     2, "noend.pem"},
    {"gives the worst of several files", "inspect @/noise @/nothing", 2,
     "nothing"},

    /* help, demo, bench */
    {"refuses to help with what is none", "help eat", 1, "eat"},
    {"refuses a demo that takes words", "demo now", 1, "now"},
    {"refuses a demo where nothing can be made", "demo -C /proc/x", 7,
     "/proc/x"},
    {"refuses to measure what is none", "bench eat", 1, "eat"},

    /* authority, party, person, document */
    {"refuses an authority where nothing can be made",
     "authority init -C @/no/where", 7, "authority init"},
    {"refuses a second authority in a folder", "authority init -C @/a", 3,
     "@"},
    {"refuses a party with a wrong code",
     "party register -C @/a --code 1 --name x --profile hotel", 3, "--code"},
    {"refuses a party without an authority",
     "party register -C @/none --code " CODE " --name x --profile hotel", 7,
     "no authority"},
    {"refuses to suspend who is not there", "party suspend -C @/a " CODE, 7,
     CODE},
    {"refuses to list parties without an authority", "party list -C @/none",
     7, "no authority"},
    {"refuses to import what is not there", "person import -C @/a @/nothing",
     7, "nothing"},
    {"refuses to import without an authority",
     "person import -C @/none @/noise", 7, "no authority"},
    {"never repeats the number of who is not there",
     "person show -C @/a 12011919880808901X", 7, "person show:"},
    {"refuses to count without an authority", "person count -C @/none", 7,
     "no authority"},
    {"refuses to make nobody", "person generate -C @/a --count 0", 1,
     "--count"},
    {"refuses to issue to who is not there",
     "document issue -C @/a --person 12011919880808901X --wallet @/w", 7,
     "document issue:"},
    {"refuses to issue into no wallet",
     "document issue -C @/a --person 12011919880808901X --wallet @/none", 7,
     "no"},
    {"refuses to issue what is no document",
     "document issue -C @/a --person 1 --document pdf --wallet @/w", 1, "pdf"},
    {"refuses too many copies",
     "document issue -C @/a --person 1 --wallet @/w --copies 9999", 1,
     "--copies"},
    {"refuses to issue to nobody", "document issue -C @/a --wallet @/w", 1,
     "--person"},

    /* wallet */
    {"refuses a second wallet in a folder", "wallet init -C @/w", 3,
     "another folder"},
    {"refuses a wallet where nothing can be made", "wallet init -C @/no/where",
     7, "wallet init"},
    {"refuses a registrar without a certificate",
     "wallet init -C @/w2 --registrar @/empty", 3, "--registrar"},
    {"refuses a registrar that is a bare key",
     "wallet init -C @/w2 --registrar @/key.jwk", 2, "--registrar"},
    {"refuses a short passphrase",
     "wallet init -C @/w2 --passphrase-file @/short", 7, "8 letters"},
    {"never leaves a wallet behind when it was refused", "wallet list -C @/w2",
     7, "wallet init -C DIR"},
    {"never asks for the passphrase of no wallet", "wallet list -C @/none", 7,
     "wallet init -C DIR"},
    {"refuses a passphrase file that is not there",
     "wallet list -C @/w --passphrase-file @/nothing", 7, "nothing"},
    {"refuses another passphrase",
     "wallet list -C @/w --passphrase-file @/other", 7, "passphrase"},
    {"refuses to show what it does not hold", "wallet show -C @/w pass", 7,
     "pass"},
    {"refuses to show nothing", "wallet show -C @/w", 1, "DOCUMENT"},
    {"refuses history to another passphrase",
     "wallet history -C @/w --passphrase-file @/other", 7, "passphrase"},
    {"refuses a profile that is none",
     "wallet present -C @/w --profile nosy", 1, "nosy"},
    {"refuses a format that is none",
     "wallet present -C @/w --profile hotel --format pdf", 1, "pdf"},
    {"refuses an mdoc outside a session",
     "wallet present -C @/w --profile hotel", 1, "--session-transcript"},
    {"refuses an SD-JWT for anybody",
     "wallet present -C @/w --profile hotel --format sd-jwt --nonce 1", 1,
     "--audience"},
    {"refuses a session that is none",
     "wallet present -C @/w --profile hotel --session-transcript @/noend.pem",
     2, "noend.pem"},
    {"refuses when nobody says who asks",
     "wallet present -C @/w --profile hotel --format sd-jwt --nonce 1 "
     "--audience 2", 3, "--reader"},
    {"refuses a reader whom no registrar vouches for",
     "wallet present -C @/w --profile hotel --format sd-jwt --nonce 1 "
     "--audience 2 --reader @/a/certificates/population-root.pem", 3,
     "show nothing"},
    {"refuses a third step",
     "wallet present -C @/w --profile hotel --step 3", 1, "--step"},
};

/* The last line is "yaopai: WHAT: WHY; NEXT", or the same in Chinese. */
static bool in_three_parts(const char *out)
{
    const char *said = NULL;

    for (const char *p = out; (p = strstr(p, "yaopai")) != NULL; p++)
        if ((p == out || p[-1] == '\n') &&
            (strncmp(p, "yaopai: ", 8) == 0 ||
             strncmp(p, "yaopai：", strlen("yaopai：")) == 0))
            said = p;
    if (said == NULL)
        return false;

    bool        zh   = strncmp(said, "yaopai: ", 8) != 0;
    const char *what = said + (zh ? strlen("yaopai：") : 8);
    const char *why  = strstr(what, zh ? "：" : ": ");
    const char *next = why != NULL ? strstr(why, zh ? "；" : "; ") : NULL;

    return why != NULL && why > what && next != NULL &&
           next[strlen(zh ? "；" : "; ")] != '\n' &&
           out[strlen(out) - 1] == '\n';
}

static void line(void **state)
{
    size_t             i      = *(const size_t *)*state;
    const test_output *output = test_type(lines[i].line);
    bool               said   = lines[i].says[0] == '@' ||
                test_said(lines[i].says);

    if (output->code != lines[i].code || !said || !in_three_parts(output->out))
        print_message("%s\n", output->out);
    assert_int_equal(output->code, lines[i].code);
    assert_true(said);
    assert_true(in_three_parts(output->out));
    assert_null(strstr(output->out, "hunter2"));
    if (strstr(lines[i].name, "never repeats") != NULL)
        assert_null(strstr(output->out, "12011919880808901X"));
}

static const struct {
    const char *name;
    const char *line;
    int         code;
    const char *says;
} helps[] = {
    {"gives help without a verb, as wrong use", "", 1, "yaopai NOUN VERB"},
    {"gives help to who asks", "--help", 0, "yaopai NOUN VERB"},
    {"gives help on a noun", "wallet --help", 0, "yaopai wallet present"},
    {"gives help on a noun by its letter", "wallet -h", 0, "wallet present"},
    {"gives help on a bare noun, as wrong use", "wallet", 1, "wallet present"},
    {"gives help on a verb", "verify --help", 0, "--session-transcript"},
    {"gives help although more is missing", "wallet present --help", 0,
     "--reader PEM"},
    {"gives help in Chinese", "help wallet present --lang zh", 0, "依赖方"},
    {"gives help in Chinese to who asks so", "verify --lang zh_CN --help", 0,
     "核验"},
    {"gives help in English to who asks so", "verify --lang=en --help", 0,
     "judge"},
    {"gives its version", "--version", 0, "yaopai 0."},
    {"accepts a file that looks like an option", "inspect -- @/list.cbor", 0,
     "["},
    {"gives each of several files its name", "inspect @/list.cbor @/list.cbor",
     0, "list.cbor:"},
};

static void help(void **state)
{
    size_t             i      = *(const size_t *)*state;
    const test_output *output = test_type(helps[i].line);

    if (output->code != helps[i].code || !test_said(helps[i].says))
        print_message("%s\n", output->out);
    assert_int_equal(output->code, helps[i].code);
    assert_true(test_said(helps[i].says));
}

static const struct {
    const char *name;
    yao_bytes   content;
} loud[] = {
    {"the signature of a token",
     YAO_INIT("eyJhIjoxfQ.eyJhIjoxfQ.\x1b[2J\x07\xc2\x9bX~")},
    {"a string of JSON", YAO_INIT("{\"a\":\"\xc2\x9b" "2J\x7f\"}")},
    {"a string that turns the direction of writing",
     YAO_INIT("{\"a\":\"\xe2\x80\xae" "abc\xe2\x81\xa6\"}")},
    {"a string of CBOR", YAO_INIT("\x64\x1b[2J")},
    {"the label of PEM",
     YAO_INIT("-----BEGIN \x1b[2J-----\nAAAA\n-----END \x1b[2J-----\n")},
};

/* What a stranger wrote is laid out, and never steers the terminal. */
static void inspects_quietly(void **state)
{
    size_t i = *(const size_t *)*state;

    assert_status(yao_file_write(test_scratch_path("loud"), loud[i].content,
                                 0600, false), YAO_OK);
    const test_output *output = test_type("inspect @/loud");
    assert_int_equal(output->code, 0);
    assert_null(strchr(output->out, '\x1b'));
    assert_null(strchr(output->out, '\x07'));
    assert_null(strchr(output->out, '\x7f'));
    assert_null(strstr(output->out, "\xc2\x9b"));
    assert_null(strstr(output->out, "\xe2\x80\xae"));
    assert_null(strstr(output->out, "\xe2\x81\xa6"));
}

/* So does the name of a file, which may come from somebody's archive. */
static void names_quietly(void **state)
{
    (void)state;
    const test_output *output = test_type("verify @/\x1b[2Jx");
    assert_int_equal(output->code, 7);
    assert_null(strchr(output->out, '\x1b'));
    output = test_type("verify --json @/\xff");
    assert_int_equal(output->code, 7);
    assert_null(strchr(output->out, '\xff'));
}

static void prepare(void)
{
    test_write("empty", YAO_LIT(""));
    test_write("noise", YAO_LIT("\xff\x00\x17\x99\xfe\x01"));
    test_write("noend.pem", YAO_LIT("-----BEGIN CERTIFICATE-----\nMIIB"));
    test_write("list.cbor", YAO_LIT("\x82\x01\x02"));
    test_write("key.jwk",
               YAO_LIT("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":"
                       "\"b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ\","
                       "\"y\":"
                       "\"Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8\"}"));
    test_use_passphrase();
    test_write("other", YAO_LIT("correct horse batterz\n"));
    test_write("short", YAO_LIT("1234567\n"));
    setenv("LC_ALL", "C", 1);
    unsetenv("YAOPAI_DIR");
    if (test_type("authority init --demo -C @/a")->code != 0 ||
        test_type("wallet init -C @/w --registrar "
                  "@/a/certificates/reader-root.pem")->code != 0)
        abort();
}

int main(void)
{
    static size_t numbers[COUNT(lines)];

    prepare();
    for (size_t i = 0; i < COUNT(lines); i++) {
        numbers[i] = i;
        test_add("errors", lines[i].name, line, &numbers[i]);
    }
    for (size_t i = 0; i < COUNT(helps); i++)
        test_add("help", helps[i].name, help, &numbers[i]);
    for (size_t i = 0; i < COUNT(loud); i++)
        test_add("inspect: never obeys", loud[i].name, inspects_quietly,
                 &numbers[i]);
    test_add("verify", "never obeys the name of a file", names_quietly, NULL);

    int code = test_run("journeys/errors");
    test_scratch_remove();
    return code;
}
