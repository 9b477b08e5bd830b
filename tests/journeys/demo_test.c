/* SPDX-License-Identifier: Apache-2.0 */

/** The whole story, as a new user runs it, and what it leaves behind. */

#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "program.h"

static void tell(void **state)
{
    const test_output *output = test_type("demo -C @/demo");

    (void)state;
    if (output->code != 0)
        print_message("%s\n", output->out);
    assert_int_equal(output->code, 0);
    assert_false(test_said("!!"));
    assert_true(test_said("SPECIMEN"));
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("demo/passphrase"), 1);
}

static const struct {
    const char *name;
    const char *line;
    int         code;
    const char *says;
} lines[] = {
    {"refuses to be told twice in one folder", "demo -C @/demo", 3, "demo"},
    {"gives the holder what a document says",
     "wallet show -C @/demo/wallets/1 driving_licence", 0, "SPECIMEN"},
    {"gives it in Chinese",
     "wallet show --lang zh -C @/demo/wallets/1 resident_id", 0, "姓名"},
    {"refuses a document that is not there",
     "wallet show -C @/demo/wallets/1 residence_permit", 7, "residence_permit"},
    {"spends a copy for each showing",
     "wallet list -C @/demo/wallets/1", 0, "3 of 4 copies left"},
    {"gives the list as JSON", "wallet list --json -C @/demo/wallets/1", 0,
     "\"unspent\":3"},
    {"gives the history as JSON", "wallet history --json -C @/demo/wallets/1",
     0, "\"party\":\"示例酒店\""},
    {"never shows values in the history",
     "wallet history -C @/demo/wallets/1", 0, "full_name"},
    {"refuses a wallet with another passphrase",
     "wallet list -C @/demo/wallets/1 --passphrase-file "
     "@/demo/hotel/reader.pem", 7, "passphrase"},
    {"refuses an unknown profile",
     "wallet present -C @/demo/wallets/1 --profile nosy --yes", 1, "nosy"},
    {"refuses an mdoc without a session",
     "wallet present -C @/demo/wallets/1 --profile hotel --yes", 1,
     "--session-transcript"},
    {"refuses an SD-JWT without nonce and audience",
     "wallet present -C @/demo/wallets/1 --profile hotel --format sd-jwt --yes",
     1, "--nonce"},
    {"refuses a party that does not say who it is (N049)",
     "wallet present -C @/demo/wallets/1 --profile hotel --session-transcript "
     "@/demo/hotel/session.cbor --yes", 3, "--reader"},
    {"refuses a party whose certificate no root vouches for (N049)",
     "wallet present -C @/demo/wallets/1 --profile hotel --session-transcript "
     "@/demo/hotel/session.cbor --reader "
     "@/demo/authority/certificates/population-signer.pem --yes", 3,
     "population-signer.pem"},
    {"refuses to show without consent",
     "wallet present -C @/demo/wallets/1 --profile hotel --session-transcript "
     "@/demo/hotel/session.cbor --reader @/demo/hotel/reader.pem", 3,
     "did not agree"},
    {"refuses what the person does not have",
     "wallet present -C @/demo/wallets/10 --profile road_check "
     "--session-transcript @/demo/police/session.cbor --reader "
     "@/demo/police/reader.pem --yes", 7, "does not hold"},
    {"gives the structure of what was shown",
     "inspect @/demo/hotel/guest.cbor", 0, "\"issuerAuth\""},
    {"gives the structure of a token", "inspect @/demo/hotel/guest.txt", 0,
     "key binding JWT"},
    {"gives the fields of a certificate",
     "inspect @/demo/authority/certificates/traffic-root.pem", 0,
     "subject CN"},
    {"never prints a private key", "inspect @/demo/hotel/reader-key.pem", 0,
     "PRIVATE KEY"},
    {"refuses to inspect nothing at all", "inspect @/demo/nothing", 7,
     "nothing"},
    {"gives two documents of one person in one verdict",
     "verify --json --trust @/demo/authority/certificates/traffic-root.pem "
     "--status @/demo/lists/1.cwt --status @/demo/lists/4.jwt "
     "--session-transcript @/demo/police/session.cbor --reader-key "
     "@/demo/police/session-key.pem @/demo/police/driver.cbor", 0,
     "\"type\":\"org.iso.7367.1.mVRC\""},
    {"never accepts the MAC without the policeman's key",
     "verify --trust @/demo/authority/certificates/traffic-root.pem "
     "--session-transcript @/demo/police/session.cbor "
     "@/demo/police/driver.cbor", 5, "INDETERMINATE"},
    {"refuses a document that its signer may not issue (N102)",
     "verify --trust @/demo/authority/certificates/reader-root.pem "
     "--session-transcript @/demo/hotel/session.cbor @/demo/hotel/guest.cbor",
     3, "issuer_chain"},
    {"refuses what a profile asks and nobody showed",
     "verify --trust @/demo/authority/certificates/traffic-root.pem "
     "--session-transcript @/demo/police/session.cbor --reader-key "
     "@/demo/police/session-key.pem --profile hotel "
     "@/demo/police/driver.cbor", 3, "profile"},
};

static void type_line(void **state)
{
    size_t             i      = *(const size_t *)*state;
    const test_output *output = test_type(lines[i].line);

    if (output->code != lines[i].code || !test_said(lines[i].says))
        print_message("%s\n", output->out);
    assert_int_equal(output->code, lines[i].code);
    assert_true(test_said(lines[i].says));
}

/* The wallet says names, the register says nothing: no value of a person lies
 * in the clear in any file but the one that was imported and what was shown. */
static void no_values(void **state)
{
    static const char *const folders[] = {"demo/authority", "demo/wallets"};
    static const char *const values[]  = {"12011919880808901X", "李示例",
                                          "天津市蓟州区", "津C00A01"};
    char                     command[8192];

    (void)state;
    for (size_t f = 0; f < COUNT(folders); f++)
        for (size_t v = 0; v < COUNT(values); v++) {
            snprintf(command, sizeof command, "grep -rqaF -- '%s' '%s'",
                     values[v], test_scratch_path(folders[f]));
            assert_int_not_equal(system(command), 0);
        }
}

int main(void)
{
    static size_t numbers[COUNT(lines)];

    test_add("demo", "accepts the whole story", tell, NULL);
    for (size_t i = 0; i < COUNT(lines); i++) {
        numbers[i] = i;
        test_add("after the demo", lines[i].name, type_line, &numbers[i]);
    }
    test_add("after the demo", "never leaves a value in the clear", no_values,
             NULL);
    int code = test_run("journeys/demo");
    test_scratch_remove();
    return code;
}
