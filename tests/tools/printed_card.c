/* SPDX-License-Identifier: Apache-2.0 */

/** Writes FOLDER/letters.txt, the code of a printed SPECIMEN card, and
 *  FOLDER/signer.pem, for those who read it with programs of their own. */

#include "check.h"

#include <stdio.h>

#include "app/files.h"
#include "app/pem.h"
#include "card_fixture.h"

static const char *folder;

static void write_file(const char *name, const yao_writer *w)
{
    char path[4096];

    assert_status(yao_path_join(folder, name, path, sizeof path), YAO_OK);
    assert_status(
        yao_file_write(path, (yao_bytes){w->ptr, w->len}, 0600, false),
        YAO_OK);
}

static void print_card(void **state)
{
    static uint8_t   zlib[4096], letters[8192], pem[4096];
    yao_card_content c      = card_fixture_content();
    yao_writer       packed = yao_writer_open(zlib, sizeof zlib);
    yao_writer       text   = yao_writer_open(letters, sizeof letters);
    yao_writer       signer = yao_writer_open(pem, sizeof pem);

    (void)state;
    c.device_key = (yao_public_key){.curve = YAO_CURVE_NONE};
    yao_card_put_zlib(&packed, card_fixture_issue(&c));
    yao_card_put_text(&text, YAO_CARD_CODE_PRINTED,
                      (yao_bytes){zlib, packed.len});
    yao_pem_put(&signer, "CERTIFICATE", card_fixture_get()->signer);
    assert_status(text.status, YAO_OK);
    write_file("letters.txt", &text);
    write_file("signer.pem", &signer);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 1;
    folder = argv[1];
    test_add("printed", "gives a card", print_card, NULL);
    return test_run("printed card");
}
