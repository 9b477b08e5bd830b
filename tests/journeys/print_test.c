/* SPDX-License-Identifier: Apache-2.0 */

/** A document on paper: issued, printed, looked at as a checker would, and
 *  refused where paper is not what is wanted. */

#include "check.h"

#include <stdio.h>
#include <unistd.h>

#include "journey.h"

#define PERSON "12011919880808901X"
#define ISSUE                                                                  \
    "document issue -C @/a --wallet @/w --copies 2 --cards 1 --person " PERSON
#define VERIFY                                                                 \
    "verify --trust @/a/certificates/population-root.pem --signer "            \
    "@/a/certificates/population-signer.pem --status @/lists/1.jwt "
#define PRINT "wallet print -C @/w resident_id --output @/sheet.pdf --profile "

static bool runs(const char *command)
{
    return system(command) == 0;
}

static bool have_poppler(void)
{
    return runs("command -v pdftotext pdftoppm pdfinfo >/dev/null 2>&1");
}

/* What COMMAND says of @/sheet.pdf. */
static const char *poppler(const char *command)
{
    static char out[65536];
    char        line[8192];
    FILE       *said;

    snprintf(line, sizeof line, command, test_scratch_path("sheet.pdf"));
    said = popen(line, "r");
    assert_non_null(said);
    size_t len = fread(out, 1, sizeof out - 1, said);
    out[len]   = '\0';
    assert_int_equal(pclose(said), 0);
    return out;
}

static void says(const char *text, const char *what)
{
    if (strstr(text, what) == NULL)
        print_message("# no %s in %s\n", what, text);
    assert_non_null(strstr(text, what));
}

/* ---- the story ---------------------------------------------------------- */

static void prepare(void **state)
{
    (void)state;
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    test_must("authority init --demo -C @/a", 0);
    test_write_people();
    test_must("person import -C @/a @/people.jsonl", 0);
    test_must("wallet init -C @/w", 0);
    test_must(ISSUE " --document resident_id --paper hotel --paper age", 0);
    test_says("to be printed for hotel");
    test_must("statuslist publish -C @/a --output @/lists", 0);
    test_must(PRINT "hotel", 0);
    test_says("good until");
}

static void gives_one_page(void **state)
{
    (void)state;
    if (!have_poppler())
        skip();
    says(poppler("pdfinfo '%s'"), "Pages:           1\n");
    says(poppler("pdfinfo '%s'"), "A4");
    assert_null(strstr(poppler("pdffonts '%s'"), " no "));
}

static const char *const printed[] = {
    "居民身份证", "Resident identity card", "李示例",     PERSON,
    "1988-08-08", "旅馆入住",               "Hotel check-in",
    "登记住宿旅客", "有效期至",             "SPECIMEN",   "样本",
    "将相片与本人比对", "示例市公安局"};

static void gives_text(void **state)
{
    (void)state;
    if (!have_poppler())
        skip();
    const char *text = poppler("pdftotext -layout '%s' -");
    for (size_t i = 0; i < COUNT(printed); i++)
        says(text, printed[i]);
    says(poppler("pdfimages -list '%s'"), "358   441"); /* the portrait */
}

/* As a camera sees it: 150 dots an inch. */
static void photograph(void)
{
    char line[8192];

    snprintf(line, sizeof line, "pdftoppm -r 150 -png -singlefile '%s' '%s'",
             test_scratch_path("sheet.pdf"), test_scratch_path("photo"));
    assert_true(runs(line));
}

static const struct {
    const char *name, *line;
    int         code;
    const char *says;
} looks[] = {
    {"accepts the code of the page", VERIFY "@/photo.png", 0, PERSON},
    {"never accepts it for a purpose before somebody looked",
     VERIFY "--profile hotel @/photo.png", 5, "compare the portrait"},
    {"gives that to programs", VERIFY "--json --profile hotel @/photo.png", 5,
     "\"remains\":[\"compare_portrait\"]"},
    {"gives what is to be compared", VERIFY "--profile hotel @/photo.png", 5,
     PERSON},
    {"accepts it when somebody compared",
     VERIFY "--profile hotel --compared @/photo.png", 0, "ACCEPT"},
    {"refuses it for another purpose",
     VERIFY "--profile government --compared @/photo.png", 3, "card_profile"},
    {"refuses it where no paper is taken",
     VERIFY "--profile police --compared @/photo.png", 3, "REJECT"},
    {"never takes it for a holder who signs",
     VERIFY "--nonce n --audience a @/photo.png", 5, "card_holder"},
    {"refuses it after its last day",
     VERIFY "--profile hotel --compared --at 2199-01-01 @/photo.png", 3,
     "validity"},
    {"never accepts it without its status list",
     "verify --trust @/a/certificates/population-root.pem --signer "
     "@/a/certificates/population-signer.pem --profile hotel --compared "
     "@/photo.png", 5, "status"},
    {"refuses it where nobody is trusted",
     "verify --profile hotel --compared @/photo.png", 3, "REJECT"},
};

static void looked(void **state)
{
    size_t i = *(const size_t *)*state;

    if (!have_poppler())
        skip();
    photograph();
    test_must(looks[i].line, looks[i].code);
    test_says(looks[i].says);
}

/* Revoked with the document, as every copy of it. */
static void revokes(void **state)
{
    (void)state;
    if (!have_poppler())
        skip();
    photograph();
    test_must("document suspend -C @/a --reason lost --person " PERSON
              " --document resident_id", 0);
    test_must("statuslist publish -C @/a --output @/lists", 0);
    test_must(VERIFY "--profile hotel --compared @/photo.png", 3);
    test_says("suspended");
    test_must("document restore -C @/a --person " PERSON
              " --document resident_id", 0);
    test_must("statuslist publish -C @/a --output @/lists", 0);
    test_must(VERIFY "--profile hotel --compared @/photo.png", 0);
}

/* ---- what is not printed ------------------------------------------------ */

static const struct {
    const char *name, *line;
    int         code;
    const char *says;
} lines[] = {
    {"gives one of the choices", PRINT "age --choice age_over_18", 0,
     "good until"},
    {"refuses a purpose that allows none", PRINT "police", 1,
     "no paper for this purpose"},
    {"refuses a purpose that nobody knows", PRINT "theatre", 1,
     "no paper for this purpose"},
    {"refuses what was not asked for", PRINT "train", 7,
     "no card of it to be printed"},
    {"refuses a choice that was not asked for",
     PRINT "age --choice age_over_99", 7, "no card of it to be printed"},
    {"refuses somebody else's", PRINT "hotel --of nobody", 7,
     "no card of it to be printed"},
    {"refuses to issue for a purpose that allows none",
     ISSUE " --paper police", 1, "no paper for this purpose"},
    {"gives it in the list", "wallet list -C @/w", 0, "printed-card"},
    {"gives it in the history", "wallet history -C @/w", 0, "printed"},
    {"gives the ledger's word for it",
     "document list -C @/a --person " PERSON, 0, "printed-card hotel"},
    {"gives the code's letters too", PRINT "hotel --code @/letters.txt", 0,
     "good until"},
    {"accepts them", VERIFY "--profile hotel --compared @/letters.txt", 0,
     PERSON},
    {"gives JSON", PRINT "hotel --json", 0, "\"specimen\":true"},
};

static void typed(void **state)
{
    size_t i = *(const size_t *)*state;

    test_must(lines[i].line, lines[i].code);
    test_says(lines[i].says);
}

/* Paper says nothing that its purpose does not ask for. */
static void says_no_more(void **state)
{
    (void)state;
    if (!have_poppler())
        skip();
    test_must(PRINT "age --choice age_over_18", 0);
    const char *text = poppler("pdftotext -layout '%s' -");
    says(text, "年满18周岁");
    assert_null(strstr(text, PERSON));
    assert_null(strstr(text, "李示例"));
    assert_null(strstr(text, "1988"));
}

int main(void)
{
    static size_t numbers[COUNT(looks) + COUNT(lines)];

    test_add("print", "accepts what is to be printed", prepare, NULL);
    test_add("print", "gives one page of A4 with its fonts", gives_one_page,
             NULL);
    test_add("print", "gives all that the document says", gives_text, NULL);
    for (size_t i = 0; i < COUNT(looks); i++) {
        numbers[i] = i;
        test_add("paper", looks[i].name, looked, &numbers[i]);
    }
    test_add("paper", "refuses what was suspended", revokes, NULL);
    for (size_t i = 0; i < COUNT(lines); i++) {
        numbers[COUNT(looks) + i] = i;
        test_add("print", lines[i].name, typed, &numbers[COUNT(looks) + i]);
    }
    test_add("print", "never says more than the purpose asks", says_no_more,
             NULL);

    int code = test_run("journeys/print");
    test_scratch_remove();
    return code;
}
