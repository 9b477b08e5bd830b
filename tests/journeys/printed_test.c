/* SPDX-License-Identifier: Apache-2.0 */

/** Codes on paper: ours read by another hand, another's read by us. */

#include "check.h"

#include <stdio.h>
#include <unistd.h>

#include "app/files.h"
#include "app/pem.h"
#include "card_fixture.h"
#include "image/image.h"
#include "journey.h"
#include "qr/qr.h"

static bool runs(const char *command)
{
    return system(command) == 0;
}

static bool have_tools(void)
{
    return runs("command -v python3 openssl >/dev/null 2>&1");
}

/* Run the other hand; what it prints is kept. */
static const char *other_hand(const char *words)
{
    static char out[16384];
    char        command[8192];
    FILE       *said;

    snprintf(command, sizeof command, "python3 '%s/tests/tools/claim169.py' %s",
             getenv("YAOPAI_SOURCE"), words);
    said = popen(command, "r");
    assert_non_null(said);
    size_t len = fread(out, 1, sizeof out - 1, said);
    out[len]   = '\0';
    assert_int_equal(pclose(said), 0);
    return out;
}

/* ---- ours --------------------------------------------------------------- */

static yao_bytes keep(yao_writer *w)
{
    yao_bytes out;

    assert_status(yao_writer_keep(w, test_arena(), &out), YAO_OK);
    return out;
}

/* The letters of a printed card, valid now. */
static yao_bytes print_card(void)
{
    yao_card_content c = card_fixture_content();
    yao_writer       w;

    c.device_key = (yao_public_key){.curve = YAO_CURVE_NONE};
    yao_bytes issued = card_fixture_issue(&c);
    w                = yao_writer_in(test_arena());
    yao_card_put_zlib(&w, issued);
    yao_bytes zlib = keep(&w);
    w              = yao_writer_in(test_arena());
    yao_card_put_text(&w, YAO_CARD_CODE_PRINTED, zlib);
    return keep(&w);
}

static void write_signer(const char *name)
{
    uint8_t    pem[4096];
    yao_writer w = yao_writer_open(pem, sizeof pem);

    yao_pem_put(&w, "CERTIFICATE", card_fixture_get()->signer);
    test_write(name, (yao_bytes){w.ptr, w.len});
}

#define STATUS                                                                 \
    "\"status_list\": {\"idx\": 70000, \"uri\": "                               \
    "\"https://authority.example/statuslists/3\"}"

static const char *const said[] = {
    "\"iss\": \"https://authority.example\"",
    "\"fullName\": \"李示例\"",
    "\"dateOfBirth\": \"19880808\"",
    "\"gender\": 1",
    "\"address\": \"天津市蓟州区示例路1号\"",
    "\"nationality\": \"CN\"",
    STATUS,
    "\"12011919880808901X\"",
};

/* On paper at level M, photographed by zbar, read by Python. */
static void gives_claims_to_others(void **state)
{
    yao_bytes  letters = print_card();
    yao_writer w;
    qr_code    code;
    qr_texts   texts;

    (void)state;
    if (!have_tools())
        skip();
    assert_status(qr_encode(letters, QR_LEVEL_M, test_arena(), &code), YAO_OK);
    w = yao_writer_in(test_arena());
    assert_status(qr_write_png(&code, &w), YAO_OK);
    assert_status(qr_read(keep(&w), test_arena(), &texts), YAO_OK);
    assert_int_equal(texts.count, 1);
    assert_bytes(texts.list[0], letters);
    test_write("letters.txt", texts.list[0]);
    write_signer("signer.pem");

    char words[4096];
    snprintf(words, sizeof words, "read '%s' '%s'",
             test_scratch_path("letters.txt"), test_scratch_path("signer.pem"));
    const char *json = other_hand(words);
    for (size_t i = 0; i < COUNT(said); i++) {
        if (strstr(json, said[i]) == NULL)
            print_message("# no %s in %s\n", said[i], json);
        assert_non_null(strstr(json, said[i]));
    }
    assert_null(strstr(json, "cnf"));
}

/* ---- another's ---------------------------------------------------------- */

static void make_foreign(void)
{
    char words[4096];

    if (!have_tools())
        skip();
    snprintf(words, sizeof words, "make '%s'", test_scratch());
    (void)other_hand(words);
}

static void accepts_foreign(void **state)
{
    (void)state;
    make_foreign();
    assert_int_equal(test_type("verify --json --trust @/public.pem "
                               "@/code.txt")->code, 0);
    assert_true(test_said("\"format\":\"printed-card\""));
    assert_true(test_said("Janardhan SPECIMEN"));
}

static void refuses_foreign(void **state)
{
    (void)state;
    make_foreign();
    assert_int_equal(test_type("verify --json @/code.txt")->code, 3);
    write_signer("other.pem");
    assert_int_equal(test_type("verify --json --trust @/other.pem "
                               "@/code.txt")->code, 3);
    /* a holder was asked for: paper has none */
    assert_int_equal(test_type("verify --json --trust @/public.pem --nonce n "
                               "--audience a @/code.txt")->code, 5);
}

/* 100 kB, packed into a code of 900 letters. */
static void refuses_bomb(void **state)
{
    (void)state;
    make_foreign();
    assert_int_equal(test_type("verify --json --trust @/public.pem "
                               "@/packed.txt")->code, 4);
    assert_true(test_said("\"LIMIT\""));
}

int main(void)
{
    test_add("printed", "gives its claims to another hand",
             gives_claims_to_others, NULL);
    test_add("printed", "accepts another issuer's code", accepts_foreign, NULL);
    test_add("printed", "refuses it by a stranger, and where a holder is asked",
             refuses_foreign, NULL);
    test_add("printed", "refuses a bomb (N243)", refuses_bomb, NULL);

    int code = test_run("journeys/printed");
    test_scratch_remove();
    return code;
}
