/* SPDX-License-Identifier: Apache-2.0 */
#include "app/input.h"

#include "check.h"

#include "app/files.h"
#include "program.h"

static const struct {
    const char *name;
    yao_bytes   text;
    yao_bytes   want;
} inputs[] = {
    {"accepts CBOR as it is", YAO_INIT("\x82\x01\xff"),
     YAO_INIT("\x82\x01\xff")},
    {"accepts hex", YAO_INIT("8201ff"), YAO_INIT("\x82\x01\xff")},
    {"accepts hex between blanks", YAO_INIT(" \n8201ff\r\n"),
     YAO_INIT("\x82\x01\xff")},
    {"accepts hex in lines", YAO_INIT("8201\nff\n"), YAO_INIT("\x82\x01\xff")},
    {"accepts base64url", YAO_INIT("ggH_\n"), YAO_INIT("\x82\x01\xff")},
    {"accepts a token, without its line end", YAO_INIT("eyJ.e.s~\n"),
     YAO_INIT("eyJ.e.s~")},
    {"accepts nothing", YAO_INIT(""), YAO_INIT("")},
    {"accepts blanks as nothing", YAO_INIT(" \n"), YAO_INIT("")},
};

static void input(void **state)
{
    size_t    i = *(const size_t *)*state;
    yao_bytes got;

    assert_status(yao_input_decode(inputs[i].text, test_arena(), &got), YAO_OK);
    assert_bytes(got, inputs[i].want);
}

static yao_status decode_hex(yao_arena *arena, void *context)
{
    yao_bytes got;

    return yao_input_decode(*(yao_bytes *)context, arena, &got);
}

static void every_arena(void **state)
{
    yao_bytes hex = YAO_LIT("8201ff8201ff8201ff8201ff8201ff8201ff8201ff8201ff"
                            "8201ff8201ff8201ff8201ff8201ff8201ff8201ff8201ff");

    (void)state;
    test_every_arena(decode_hex, &hex, 4096);
}

static const struct {
    const char *name;
    yao_bytes   file;
    yao_status  want;
} transcripts[] = {
    {"accepts the array", YAO_INIT("\x83\xf6\xf6\x80"), YAO_OK},
    {"accepts the array as hex", YAO_INIT("83f6f680\n"), YAO_OK},
    {"accepts SessionTranscriptBytes", YAO_INIT("\xd8\x18\x44\x83\xf6\xf6\x80"),
     YAO_OK},
    {"refuses something behind the bytes",
     YAO_INIT("\xd8\x18\x44\x83\xf6\xf6\x80\x01"), YAO_E_TRAILING},
    {"refuses something behind the array", YAO_INIT("\x83\xf6\xf6\x80\x01"),
     YAO_E_TRAILING},
    {"refuses a cut array", YAO_INIT("\x83\xf6\xf6"), YAO_E_TRUNCATED},
    {"refuses a map", YAO_INIT("\xa0"), YAO_E_MALFORMED},
    {"refuses nothing", YAO_INIT(""), YAO_E_TRUNCATED},
};

static void transcript(void **state)
{
    size_t      i    = *(const size_t *)*state;
    const char *path = test_scratch_path("transcript");
    yao_bytes   got;

    assert_status(yao_file_write(path, transcripts[i].file, 0600, false),
                  YAO_OK);
    assert_status(yao_input_transcript(path, test_arena(), &got),
                  transcripts[i].want);
    if (transcripts[i].want == YAO_OK)
        assert_bytes(got, YAO_LIT("\x83\xf6\xf6\x80"));
}

int main(void)
{
    static size_t numbers[COUNT(inputs) + COUNT(transcripts)];

    for (size_t i = 0; i < COUNT(numbers); i++)
        numbers[i] = i;
    for (size_t i = 0; i < COUNT(inputs); i++)
        test_add("input", inputs[i].name, input, &numbers[i]);
    test_add("input", "refuses every arena that is too small", every_arena,
             NULL);
    for (size_t i = 0; i < COUNT(transcripts); i++)
        test_add("transcript", transcripts[i].name, transcript, &numbers[i]);

    int code = test_run("app/input");
    test_scratch_remove();
    return code;
}
