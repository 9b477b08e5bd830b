/* SPDX-License-Identifier: Apache-2.0 */
/* Which token, through which module, and whose PIN. */
#include "token_use.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pkcs11/pin.h"
#include "program.h"

/* ---- where a PIN comes from ---------------------------------------------- */

static void write_mode(const char *path, const char *text, unsigned mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static const struct pin_row {
    const char *name;
    const char *before; /* "%s" is the file */
    const char *content;
    unsigned    mode;
    yao_status  want;
} pin_rows[] = {
    {"accepts a file", "file:%s", "4711\n", 0600, YAO_OK},
    {"accepts a file of three slashes", "file://%s", "4711\n", 0600, YAO_OK},
    {"accepts a bare path", "%s", "4711", 0400, YAO_OK},
    {"accepts the line end of other systems", "%s", "4711\r\nmore", 0600,
     YAO_OK},
    {"accepts a credential (N351)", "credential:the-pin", "4711\n", 0400,
     YAO_OK},
    {"refuses N351: a file that the group reads", "file:%s", "4711\n", 0640,
     YAO_E_REFUSED},
    {"refuses N351: a file that all read", "file:%s", "4711\n", 0604,
     YAO_E_REFUSED},
    {"refuses an empty file", "file:%s", "", 0600, YAO_E_SECRET},
    {"refuses an empty line", "file:%s", "\n4711", 0600, YAO_E_SECRET},
    {"refuses a file that is not there", "file:%s.not", "x", 0600,
     YAO_E_NOT_FOUND},
    {"refuses a folder", "file:/tmp", "x", 0600, YAO_E_REFUSED},
    {"refuses a relative file", "file:pin", "x", 0600, YAO_E_USAGE},
    {"refuses a command", "|cat pin", "x", 0600, YAO_E_USAGE},
    {"refuses N351: the environment", "env:PIN", "x", 0600, YAO_E_USAGE},
    {"refuses standard input as a descriptor", "fd:0", "x", 0600,
     YAO_E_USAGE},
    {"refuses a descriptor that is no number", "fd:x", "x", 0600,
     YAO_E_USAGE},
    {"refuses a descriptor that is not open", "fd:399", "x", 0600, YAO_E_FILE},
    {"refuses a credential of another folder", "credential:../pin", "x", 0600,
     YAO_E_USAGE},
    {"refuses a credential that is not there", "credential:none", "x", 0600,
     YAO_E_MISSING},
    {"refuses nothing when there is no credential", "", "x", 0600,
     YAO_E_MISSING},
};

static yao_status read_pin(const char *source, uint8_t *pin, size_t *len)
{
    return yao_pkcs11_pin_read(yao_text_of(source), pin, len);
}

static void pin_source(void **state)
{
    const struct pin_row *r = *state;
    uint8_t               pin[YAO_MAX_PIN];
    size_t                len = 0;
    char                  source[5000];

    mkdir(test_scratch_path("credentials"), 0700);
    setenv("CREDENTIALS_DIRECTORY", test_scratch_path("credentials"), 1);
    write_mode(test_scratch_path("credentials/the-pin"), "4711\n", 0400);
    write_mode(test_scratch_path("pin-row"), r->content, r->mode);
    snprintf(source, sizeof source, r->before, test_scratch_path("pin-row"));
    assert_status(read_pin(source, pin, &len), r->want);
    if (r->want == YAO_OK)
        assert_bytes(((yao_bytes){pin, len}), YAO_LIT("4711"));
    for (size_t i = 0; r->want != YAO_OK && i < sizeof pin; i++)
        assert_int_equal(pin[i], 0);
    unlink(test_scratch_path("pin-row"));
    unlink(test_scratch_path("credentials/the-pin"));
    unsetenv("CREDENTIALS_DIRECTORY");
}

static void pin_usual(void **state)
{
    uint8_t pin[YAO_MAX_PIN];
    size_t  len = 0;

    (void)state;
    assert_status(read_pin("", pin, &len), YAO_E_MISSING);
    mkdir(test_scratch_path("credentials"), 0700);
    setenv("CREDENTIALS_DIRECTORY", test_scratch_path("credentials"), 1);
    write_mode(test_scratch_path("credentials/pkcs11-pin"), "4711", 0400);
    assert_status(read_pin("", pin, &len), YAO_OK);
    assert_int_equal(len, 4);
    unsetenv("CREDENTIALS_DIRECTORY");
}

static void pin_descriptor(void **state)
{
    uint8_t pin[YAO_MAX_PIN];
    size_t  len = 0;
    int     ends[2];
    char    source[32];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "4711\nrest", 9), 9);
    snprintf(source, sizeof source, "fd:%d", ends[0]);
    assert_status(read_pin(source, pin, &len), YAO_OK);
    assert_bytes(((yao_bytes){pin, len}), YAO_LIT("4711"));
    close(ends[0]);
    close(ends[1]);
}

static void pin_longest(void **state)
{
    char    text[YAO_MAX_PIN + 2];
    uint8_t pin[YAO_MAX_PIN];
    size_t  len = 0;

    (void)state;
    memset(text, '1', sizeof text);
    text[YAO_MAX_PIN] = '\0';
    write_mode(test_scratch_path("pin-long"), text, 0600);
    assert_status(read_pin(test_scratch_path("pin-long"), pin, &len), YAO_OK);
    assert_int_equal(len, YAO_MAX_PIN);
    text[YAO_MAX_PIN]     = '1';
    text[YAO_MAX_PIN + 1] = '\0';
    write_mode(test_scratch_path("pin-long"), text, 0600);
    assert_status(read_pin(test_scratch_path("pin-long"), pin, &len),
                  YAO_E_LIMIT);
}

/* ---- which token, which module ------------------------------------------- */

static const struct open_row {
    const char        *name;
    const char        *uri; /* "%m" module, "%p" PIN file, "%s" no module */
    yao_status         want;
    yao_pkcs11_trouble what;
} open_rows[] = {
    {"accepts the token by its label",
     "pkcs11:token=" TOKEN_LABEL "?module-path=%m&pin-source=file:%p", YAO_OK,
     YAO_PKCS11_FINE},
    {"accepts the only token that fits",
     "pkcs11:manufacturer=SoftHSM%20project;model=SoftHSM%20v2?module-path=%m&"
     "pin-source=file:%p", YAO_OK, YAO_PKCS11_FINE},
    {"accepts the module of the environment",
     "pkcs11:token=" TOKEN_LABEL "?pin-source=file:%p", YAO_OK,
     YAO_PKCS11_FINE},
    {"refuses another label",
     "pkcs11:token=SPECIME?module-path=%m&pin-source=file:%p", YAO_E_NOT_FOUND,
     YAO_PKCS11_NO_TOKEN},
    {"refuses another serial number",
     "pkcs11:token=" TOKEN_LABEL ";serial=0?module-path=%m&pin-source=file:%p",
     YAO_E_NOT_FOUND, YAO_PKCS11_NO_TOKEN},
    {"refuses another slot",
     "pkcs11:slot-id=4294967295?module-path=%m&pin-source=file:%p",
     YAO_E_NOT_FOUND, YAO_PKCS11_NO_TOKEN},
    {"refuses a module that is not there",
     "pkcs11:token=" TOKEN_LABEL "?module-path=/nowhere.so", YAO_E_NOT_FOUND,
     YAO_PKCS11_NO_MODULE},
    {"refuses a file that is no module",
     "pkcs11:token=" TOKEN_LABEL "?module-path=%p", YAO_E_UNSUPPORTED,
     YAO_PKCS11_BAD_MODULE},
    {"refuses to begin without a PIN",
     "pkcs11:token=" TOKEN_LABEL "?module-path=%m", YAO_E_SECRET,
     YAO_PKCS11_NO_PIN},
    {"refuses a PIN that is not there",
     "pkcs11:token=" TOKEN_LABEL "?module-path=%m&pin-source=file:/nowhere",
     YAO_E_SECRET, YAO_PKCS11_NO_PIN},
};

/* %m and %p filled in. */
static yao_pkcs11_uri fill(const char *form)
{
    static char text[YAO_MAX_PKCS11_URI];
    size_t      len = 0;

    while (*form != '\0') {
        const char *value = strncmp(form, "%m", 2) == 0   ? token_world_module()
                            : strncmp(form, "%p", 2) == 0 ? token_world_pin()
                                                          : NULL;
        if (value == NULL) {
            text[len++] = *form++;
            continue;
        }
        len += (size_t)snprintf(text + len, sizeof text - len, "%s", value);
        form += 2;
    }
    text[len] = '\0';
    return use_parse(text);
}

static void opened(void **state)
{
    const struct open_row *r     = *state;
    yao_pkcs11_uri         uri   = fill(r->uri);
    yao_pkcs11_token      *token = NULL;
    yao_pkcs11_report      report;

    assert_status(yao_pkcs11_open(&uri, use_crypto(), false, &report, &token),
                  r->want);
    assert_int_equal(report.what, r->what);
    assert_true((token != NULL) == (r->want == YAO_OK));
    yao_pkcs11_close(token);
}

static void several(void **state)
{
    const char *const second[] = {
        "softhsm2-util", "--init-token", "--free", "--label", "SECOND",
        "--so-pin", "sesame-0815", "--pin", TOKEN_PIN, NULL};
    yao_pkcs11_uri    uri   = fill("pkcs11:?module-path=%m&pin-source=file:%p");
    yao_pkcs11_token *token = NULL;
    yao_pkcs11_report report;

    (void)state;
    assert_true(token_world_run(second));
    assert_status(yao_pkcs11_open(&uri, use_crypto(), false, &report, &token),
                  YAO_E_DUPLICATE);
    assert_int_equal(report.what, YAO_PKCS11_TOKENS);
}

static void close_nothing(void **state)
{
    (void)state;
    yao_pkcs11_close(NULL);
    yao_pkcs11_key_close(NULL);
}

/* ---- wrong PINs ---------------------------------------------------------- */

/* Try PIN through MODULE; how the token then stands. */
static yao_pkcs11_trouble try(const char *pin, const char *module)
{
    char              text[YAO_MAX_PKCS11_URI];
    yao_pkcs11_token *token = NULL;
    yao_pkcs11_report report;

    write_mode(test_scratch_path("tried"), pin, 0600);
    snprintf(text, sizeof text,
             "pkcs11:token=%s?module-path=%s&pin-source=file:%s", TOKEN_LABEL,
             module, test_scratch_path("tried"));
    yao_pkcs11_uri uri = use_parse(text);
    yao_status     status =
        yao_pkcs11_open(&uri, use_crypto(), false, &report, &token);
    if (report.what == YAO_PKCS11_FINE)
        assert_status(status, YAO_OK);
    else
        assert_status(status, YAO_E_SECRET);
    yao_pkcs11_close(token);
    return report.what;
}

static long tries_left(void)
{
    FILE *in = fopen(test_scratch_path("tries"), "r");
    char  text[16];

    assert_non_null(in);
    assert_non_null(fgets(text, sizeof text, in));
    fclose(in);
    return strtol(text, NULL, 10);
}

/* SoftHSM2 says that a try was wrong and locks nobody out. */
static void wrong_pin(void **state)
{
    (void)state;
    assert_int_equal(try("wrong-1", token_world_module()),
                     YAO_PKCS11_PIN_WRONG_LOW);
    assert_int_equal(try("wrong-1", token_world_module()),
                     YAO_PKCS11_PIN_AGAIN);
    assert_int_equal(try(TOKEN_PIN, token_world_module()), YAO_PKCS11_FINE);
}

/* The shim counts, as a smart card does. */
static void until_blocked(void **state)
{
    const char *shim = token_world_shim();

    (void)state;
    setenv("YAOPAI_SHIM_PINS", test_scratch_path("tries"), 1);
    assert_int_equal(try("blocked-1", shim), YAO_PKCS11_PIN_WRONG_LOW);
    assert_int_equal(tries_left(), 2);
    assert_int_equal(try("blocked-1", shim), YAO_PKCS11_PIN_AGAIN);
    assert_int_equal(tries_left(), 2); /* it was not tried */
    assert_int_equal(try("blocked-2", shim), YAO_PKCS11_PIN_WRONG_LAST);
    assert_int_equal(try(TOKEN_PIN, shim), YAO_PKCS11_FINE);
    assert_int_equal(tries_left(), 3);
    assert_int_equal(try("blocked-3", shim), YAO_PKCS11_PIN_WRONG_LOW);
    assert_int_equal(try("blocked-4", shim), YAO_PKCS11_PIN_WRONG_LAST);
    assert_int_equal(try("blocked-5", shim), YAO_PKCS11_PIN_LOCKED);
    assert_int_equal(try(TOKEN_PIN, shim), YAO_PKCS11_PIN_LOCKED);
    assert_int_equal(tries_left(), 0);
    unsetenv("YAOPAI_SHIM_PINS");
}

int main(void)
{
    if (!token_world_make(NULL)) {
        printf("1..0 # SKIP %s\n", token_world_reason());
        return 0;
    }
    for (size_t i = 0; i < COUNT(pin_rows); i++)
        test_add("pin", pin_rows[i].name, pin_source, &pin_rows[i]);
    test_add("pin", "accepts the usual credential", pin_usual, NULL);
    test_add("pin", "accepts a descriptor's first line", pin_descriptor, NULL);
    test_add("pin", "refuses one longer than any", pin_longest, NULL);
    for (size_t i = 0; i < COUNT(open_rows); i++)
        test_add("open", open_rows[i].name, opened, &open_rows[i]);
    test_add("open", "refuses to choose among several tokens", several, NULL);
    test_add("close", "accepts nothing", close_nothing, NULL);
    test_add("pin", "refuses a wrong one, once", wrong_pin, NULL);
    test_add("pin", "refuses wrong ones until the token is blocked",
             until_blocked, NULL);

    int code = test_run("pkcs11/token");
    token_world_remove();
    return code;
}
