/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/config.h"

#include "check.h"

#include <stdio.h>

/* What init writes, with the names that it asks for. */
static char *standard(void)
{
    static const char *const values[SETTING_COUNT] = {
        [SETTING_NAME] = "\xe7\xa4\xba\xe4\xbe\x8b"};
    char  *text = NULL;
    size_t len  = 0;
    FILE  *out  = open_memstream(&text, &len);

    assert_non_null(out);
    config_write(out, values);
    fclose(out);
    return text;
}

/* TEXT without the line that begins with NAME, and MORE at its end. */
static char *edited(const char *without, const char *more)
{
    static char out[16384];
    char       *text = standard();
    size_t      len  = 0;

    for (char *line = text; *line != '\0';) {
        char  *end  = strchr(line, '\n');
        size_t size = (size_t)(end - line) + 1;
        if (without == NULL || strncmp(line, without, strlen(without)) != 0) {
            memcpy(out + len, line, size);
            len += size;
        }
        line += size;
    }
    snprintf(out + len, sizeof out - len, "%s", more);
    free(text);
    return out;
}

static void gives_what_was_written(void **state)
{
    static config        c;
    yao_settings_trouble trouble;

    (void)state;
    assert_status(config_parse("/d", edited(NULL, ""), &c, &trouble), YAO_OK);
    assert_string_equal(config_get(&c, SETTING_NAME),
                        "\xe7\xa4\xba\xe4\xbe\x8b");
    assert_string_equal(config_get(&c, SETTING_STORE),
                        "sqlite:/d/register/register.db");
    assert_string_equal(config_get(&c, SETTING_LOOKUP_KEY),
                        "file:/d/keys/register-lookup.key");
    assert_string_equal(config_get(&c, SETTING_TRAFFIC_ROOT),
                        "/d/certificates/traffic-root.pem");
    assert_int_equal(config_number(&c, SETTING_COPIES), 8);
    assert_false(config_yes(&c, SETTING_DEMO));
    assert_string_equal(config_get(&c, SETTING_KEY_2), "");
}

/* Lines of more than 199 letters would be read as two. */
static void never_long_lines(void **state)
{
    char *text = standard();

    (void)state;
    for (char *line = text; *line != '\0';) {
        char *end = strchr(line, '\n');
        assert_true(end - line < 190);
        line = end + 1;
    }
    free(text);
}

static const struct {
    const char *name, *without, *more;
    yao_status  want;
    const char *setting;
} rows[] = {
    {"accepts absent demo, which is no", "demo", "", YAO_OK, ""},
    {"accepts a root key that is elsewhere", "root_key", "", YAO_OK, ""},
    {"accepts an absolute path", "lookup_key",
     "[register]\nlookup_key = file:/k\n", YAO_OK, ""},
    {"accepts a token's key", "signer_key",
     "[population]\nsigner_key = pkcs11:token=x\n"
     "[traffic]\nsigner_key = pkcs11:token=x\n"
     "[other]\nsigner_key = pkcs11:token=x\n"
     "[trust]\nsigner_key = pkcs11:token=x\n",
     YAO_OK, ""},
    {"refuses an unknown setting", NULL, "[authority]\ncolour = red\n",
     YAO_E_VALUE, "authority.colour"},
    {"refuses an unknown section", NULL, "[autority]\nname = x\n", YAO_E_VALUE,
     "autority.name"},
    {"refuses a setting in another section", NULL, "[traffic]\nname = x\n",
     YAO_E_VALUE, "traffic.name"},
    {"refuses a setting outside of sections", "[authority]", "", YAO_E_VALUE,
     ".name"},
    {"refuses a setting twice", NULL, "[authority]\ncountry = CN\n",
     YAO_E_VALUE, "authority.country"},
    {"refuses a missing name", "name", "", YAO_E_VALUE, "authority.name"},
    {"refuses a missing store", "store", "", YAO_E_VALUE, "register.store"},
    {"refuses a missing look-up key", "lookup_key", "", YAO_E_VALUE,
     "register.lookup_key"},
    {"refuses a missing signer", "signer =", "", YAO_E_VALUE,
     "population.signer"},
    {"refuses what an older version made, without status lists", "status =", "",
     YAO_E_VALUE, "population.status"},
    {"refuses a list so small that it tells whose it is", "status_list_size",
     "[authority]\nstatus_list_size = 999\n", YAO_E_VALUE,
     "authority.status_list_size"},
    {"refuses a list so large that it can't be signed when all is revoked",
     "status_list_size", "[authority]\nstatus_list_size = 1000001\n",
     YAO_E_VALUE, "authority.status_list_size"},
    {"refuses an empty name", "name", "[authority]\nname =\n", YAO_E_VALUE,
     "authority.name"},
    {"refuses maybe", "demo", "[authority]\ndemo = maybe\n", YAO_E_VALUE,
     "authority.demo"},
    {"refuses YES", "demo", "[authority]\ndemo = YES\n", YAO_E_VALUE,
     "authority.demo"},
    {"refuses 0 copies", "copies", "[authority]\ncopies = 0\n", YAO_E_VALUE,
     "authority.copies"},
    {"refuses 65 copies", "copies", "[authority]\ncopies = 65\n", YAO_E_VALUE,
     "authority.copies"},
    {"refuses a number with a tail", "copies", "[authority]\ncopies = 8x\n",
     YAO_E_VALUE, "authority.copies"},
    {"refuses a key without scheme", "lookup_key",
     "[register]\nlookup_key = keys/x\n", YAO_E_VALUE, "register.lookup_key"},
    {"refuses a store of no engine", "store", "[register]\nstore = paper:x\n",
     YAO_E_VALUE, "register.store"},
    {"refuses a small country", "country", "[authority]\ncountry = cn\n",
     YAO_E_VALUE, "authority.country"},
    {"refuses an address that is none", "url",
     "[authority]\nurl = javascript:x\n", YAO_E_VALUE, "authority.url"},
    {"refuses a line that is nothing", NULL, "nonsense\n", YAO_E_MALFORMED, ""},
    {"refuses an open section", NULL, "[authority\n", YAO_E_MALFORMED, ""},
};

static void parse(void **state)
{
    size_t               row = (size_t)*state;
    yao_settings_trouble trouble;
    static config        c;

    memset(&c, 0, sizeof c);
    assert_status(config_parse("/d", edited(rows[row].without, rows[row].more),
                               &c, &trouble),
                  rows[row].want);
    assert_string_equal(trouble.setting, rows[row].setting);
    if (rows[row].want != YAO_OK) {
        assert_non_null(trouble.why.en);
        assert_non_null(trouble.why.zh);
        assert_string_equal(c.values[SETTING_NAME].text, "");
    }
}

static void refuses_absent(void **state)
{
    yao_settings_trouble trouble;
    static config        c;

    (void)state;
    assert_status(config_read("/nowhere/at/all", &c, &trouble),
                  YAO_E_NOT_FOUND);
}

int main(void)
{
    test_add("config", "gives what was written", gives_what_was_written, NULL);
    test_add("config", "never writes lines that are too long", never_long_lines,
             NULL);
    test_add("config", "refuses a folder without it", refuses_absent, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("config", rows[i].name, parse, (const void *)i);
    return test_run("authority/config");
}
