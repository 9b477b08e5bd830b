/* SPDX-License-Identifier: Apache-2.0 */
/* A small catalogue, and every way in which a file of it can be wrong. */
#include "check.h"

#include <stdio.h>

#include "document/document.h"

enum { CODES, GROUPS, DOCUMENT, PROFILE, FILES };

static const char *const paths[FILES] = {
    "documents/codes/letter.csv", "documents/groups.json",
    "documents/badge.json", "profiles/gate.json"};

static const char *const texts[FILES] = {
    "# made for a test\n"
    "code,zh,en,mapped\n"
    "a,甲,A,1\n"
    "b,乙,B,2\n",

    "[{\"name\":\"all\",\"label\":{\"zh\":\"全部\",\"en\":\"All\"}}]",

    "{\"name\":\"badge\",\"title\":{\"zh\":\"胸牌\",\"en\":\"Badge\"},"
    "\"doc_type\":\"org.example.badge.1\",\"vct\":\"urn:example:badge\","
    "\"aliases\":[{\"older\":\"org.example.badge\","
    "\"name\":\"org.example.badge.1\"}],"
    "\"role\":\"other\",\"suspends\":true,"
    "\"entitlement\":{\"rule\":\"record\",\"record\":\"badge\"},"
    "\"validity\":{\"days\":30,\"until\":\"badge.until\"},"
    "\"elements\":["
    "{\"name\":\"kind\",\"space\":\"org.example.1\",\"identifier\":\"kind\","
    "\"aliases\":[\"sort\"],\"claim\":\"kind\",\"type\":\"code\","
    "\"codes\":\"letter\",\"label\":{\"zh\":\"种类\",\"en\":\"Kind\"},"
    "\"group\":\"all\",\"from\":\"badge.kind\",\"mandatory\":true},"
    "{\"name\":\"number\",\"space\":\"org.example.1\","
    "\"identifier\":\"number\",\"claim\":\"no.one\",\"type\":\"text\","
    "\"max\":20,\"rule\":\"file_number\","
    "\"label\":{\"zh\":\"号码\",\"en\":\"Number\"},"
    "\"group\":\"all\",\"from\":\"badge.number\",\"sensitive\":true},"
    "{\"name\":\"info\",\"space\":\"org.example.2\",\"identifier\":\"info\","
    "\"claim\":\"info\",\"type\":\"map\","
    "\"label\":{\"zh\":\"信息\",\"en\":\"Information\"},\"group\":\"all\","
    "\"parts\":[{\"name\":\"unit\",\"type\":\"text\",\"max\":2,"
    "\"label\":{\"zh\":\"单位\",\"en\":\"Unit\"},\"derive\":\"constant\","
    "\"fallback\":\"kg\"}]}]}",

    "{\"name\":\"gate\",\"title\":{\"zh\":\"门\",\"en\":\"Gate\"},"
    "\"purpose\":{\"zh\":\"开门\",\"en\":\"Open\"},"
    "\"legal_basis\":{\"zh\":\"同意\",\"en\":\"Consent\"},"
    "\"retention_days\":0,\"level\":1,\"card\":\"none\","
    "\"asks\":[{\"document\":\"badge\",\"elements\":[\"kind\"],"
    "\"choices\":[\"number\"]}]}"};

typedef struct row {
    const char *name;
    int         file;
    const char *from, *to; /* the first FROM becomes TO */
    yao_status  want;
    const char *what;
} row;

#define BAD YAO_E_MALFORMED
#define TWICE YAO_E_DUPLICATE
static const row rows[] = {
    {"accepts the small catalogue", CODES, "", "", YAO_OK, NULL},
    {"accepts a list without rows", CODES, "a,甲,A,1\nb,乙,B,2\n", "", YAO_OK,
     NULL},
    {"accepts a card of its own", PROFILE, "\"none\"",
     "\"sealed\",\"card_days\":31", YAO_OK, NULL},
    {"accepts a label for cards", DOCUMENT, "\"claim\":\"kind\"",
     "\"claim\":\"kind\",\"card\":2", YAO_OK, NULL},
    {"accepts a label of claim 169, bounded", DOCUMENT, "\"max\":20",
     "\"max\":20,\"claim_169\":1,\"card_max\":19", YAO_OK, NULL},
    {"refuses the label of the profile", DOCUMENT, "\"claim\":\"kind\"",
     "\"claim\":\"kind\",\"card\":1", BAD, "no label for a card"},
    {"refuses a label above 255", DOCUMENT, "\"claim\":\"kind\"",
     "\"claim\":\"kind\",\"card\":256", BAD, "no label for a card"},
    {"refuses two labels", DOCUMENT, "\"max\":20",
     "\"max\":20,\"claim_169\":1,\"card\":2", BAD,
     "two labels for a card"},
    {"refuses a text as date of birth", DOCUMENT, "\"max\":20",
     "\"max\":20,\"claim_169\":8", BAD,
     "no label of claim 169 for such a value"},
    {"refuses a label that claim 169 has not", DOCUMENT, "\"max\":20",
     "\"max\":20,\"claim_169\":99", BAD,
     "no label of claim 169 for such a value"},
    {"refuses label 0 of claim 169", DOCUMENT, "\"max\":20",
     "\"max\":20,\"claim_169\":0", BAD,
     "no label of claim 169 for such a value"},
    {"refuses a card_max that bounds nothing", DOCUMENT, "\"max\":20",
     "\"max\":20,\"card\":2,\"card_max\":20", BAD,
     "a card_max that bounds nothing"},
    {"refuses a card_max without a card", DOCUMENT, "\"max\":20",
     "\"max\":20,\"card_max\":2", BAD, "a card_max that bounds nothing"},
    {"refuses a map on a card", DOCUMENT, "\"type\":\"map\"",
     "\"type\":\"map\",\"card\":2", BAD, "no value for a card"},
    {"refuses a card without days", PROFILE, "\"none\"", "\"sealed\"", BAD,
     "a card lives 1 to 31 days"},
    {"refuses a card of 32 days", PROFILE, "\"none\"",
     "\"sealed\",\"card_days\":32", BAD, "a card lives 1 to 31 days"},
    {"refuses days without a card", PROFILE, "\"none\"",
     "\"none\",\"card_days\":1", BAD, "a card lives 1 to 31 days"},
    {"accepts paper beside a card", PROFILE, "\"none\"",
     "\"sealed\",\"card_days\":31,\"paper_days\":31", YAO_OK, NULL},
    {"refuses paper without a card", PROFILE, "\"none\"",
     "\"none\",\"paper_days\":1", BAD, "no paper for this"},
    {"refuses paper of 32 days", PROFILE, "\"none\"",
     "\"sealed\",\"card_days\":31,\"paper_days\":32", BAD,
     "no paper for this"},
    {"refuses paper that compares", PROFILE, "\"none\"",
     "\"sealed\",\"card_days\":31,\"paper_days\":1,\"match_only\":true", BAD,
     "no paper for this"},
    {"refuses paper that says what is so today", PROFILE, "\"none\"",
     "\"sealed\",\"card_days\":31,\"paper_days\":1,\"live_state\":true", BAD,
     "no paper for this"},
    {"refuses on the card what has no label", PROFILE, "\"choices\"",
     "\"on_card\":[\"kind\"],\"choices\"", BAD,
     "not asked for, or without a label"},
    {"refuses a profile that everybody satisfies", PROFILE,
     "\"choices\"", "\"optional\":true,\"choices\"", BAD, "asks for nothing"},
    {"refuses a second step without a first", PROFILE, "\"choices\"",
     "\"step\":2,\"choices\"", BAD, "asks for nothing"},
    {"refuses a choice that is sensitive on an open card", PROFILE,
     "\"none\"", "\"open\",\"card_days\":1", BAD,
     "sensitive on an open card"},
    {"refuses what is sensitive on an open card", PROFILE,
     "\"card\":\"none\",\"asks\":[{\"document\":\"badge\","
     "\"elements\":[\"kind\"]",
     "\"card\":\"open\",\"card_days\":1,\"asks\":[{\"document\":"
     "\"badge\",\"elements\":[\"number\"]",
     BAD, "sensitive on an open card"},
    /* code lists */
    {"refuses another first line", CODES, "mapped", "other", BAD,
     "the first line is not code,zh,en,mapped"},
    {"refuses three fields", CODES, "甲,A,1", "甲,A", BAD,
     "not a line code,zh,en,mapped"},
    {"refuses five fields", CODES, "甲,A,1", "甲,A,1,2", BAD,
     "not a line code,zh,en,mapped"},
    {"refuses a row without a code", CODES, "a,甲", ",甲", BAD,
     "not a line code,zh,en,mapped"},
    {"refuses a row without Chinese", CODES, "甲", "", BAD,
     "not a line code,zh,en,mapped"},
    {"refuses a carriage return", CODES, "A,1\n", "A,1\r\n", BAD,
     "not a line code,zh,en,mapped"},
    {"refuses an empty line", CODES, "A,1\n", "A,1\n\n", BAD,
     "not a line code,zh,en,mapped"},
    {"refuses a cut last line", CODES, "B,2\n", "B,2", BAD,
     "not a line code,zh,en,mapped"},
    {"refuses a code twice", CODES, "b,乙", "a,乙", TWICE,
     "a code twice, or not sorted"},
    {"refuses codes out of order", CODES, "a,甲", "c,甲", TWICE,
     "a code twice, or not sorted"},
    {"refuses bytes that are not UTF-8", CODES, "甲", "\xff", YAO_E_UTF8,
     "not UTF-8"},
    /* groups */
    {"refuses groups that are no array", GROUPS,
     "[{\"name\":\"all\",\"label\":{\"zh\":\"全部\",\"en\":\"All\"}}]", "{}",
     BAD, "not an array"},
    {"refuses a group without a label", GROUPS,
     ",\"label\":{\"zh\":\"全部\",\"en\":\"All\"}", "", BAD, "not an object"},
    {"refuses a label in one language", GROUPS, ",\"en\":\"All\"", "", BAD,
     "member is missing"},
    {"refuses a third language", GROUPS, "\"All\"}", "\"All\",\"fr\":\"T\"}",
     BAD, "unknown member"},
    {"refuses an empty label", GROUPS, "全部", "", BAD, "text is empty"},
    /* JSON */
    {"refuses a cut file", GROUPS, "\"All\"}}]", "\"All\"}}", YAO_E_TRUNCATED,
     "not JSON"},
    {"refuses something behind it", GROUPS, "}}]", "}}] 1", YAO_E_TRAILING,
     "not JSON"},
    {"refuses a member twice", GROUPS, "\"name\":\"all\"",
     "\"name\":\"all\",\"name\":\"b\"", TWICE, "not JSON"},
    {"refuses depth without end", GROUPS, "[{",
     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[{", YAO_E_LIMIT, "not JSON"},
    /* documents */
    {"refuses the name of another file", DOCUMENT, "\"badge\"", "\"card\"", BAD,
     "name is not that of the file"},
    {"refuses a member that is none", DOCUMENT, "\"role\"",
     "\"colour\":1,\"role\"", BAD, "unknown member"},
    {"refuses a missing docType", DOCUMENT,
     "\"doc_type\":\"org.example.badge.1\",", "", BAD, "member is missing"},
    {"refuses a role that is none", DOCUMENT, "\"other\"", "\"king\"", BAD,
     "no such word"},
    {"refuses a rule that is none", DOCUMENT, "\"rule\":\"record\"",
     "\"rule\":\"everybody\"", BAD, "no such word"},
    {"refuses no entitlement at all", DOCUMENT,
     "\"entitlement\":{\"rule\":\"record\",\"record\":\"badge\"},", "", BAD,
     "not an object"},
    {"refuses a validity of no days", DOCUMENT, "\"days\":30", "\"days\":0",
     BAD, "no number of days"},
    {"refuses a validity without end", DOCUMENT, "\"days\":30",
     "\"days\":99999", BAD, "no number of days"},
    {"refuses a negative number", DOCUMENT, "\"days\":30", "\"days\":-1", BAD,
     "number out of range"},
    {"refuses a text for a number", DOCUMENT, "\"days\":30", "\"days\":\"30\"",
     BAD, "not a number"},
    {"refuses a number for true", DOCUMENT, "\"suspends\":true",
     "\"suspends\":1", BAD, "not true or false"},
    {"refuses a number for a text", DOCUMENT, "\"urn:example:badge\"", "1", BAD,
     "not a text"},
    {"refuses an alias of nothing", DOCUMENT,
     "\"name\":\"org.example.badge.1\"", "\"name\":\"org.example.3\"", BAD,
     "an alias of nothing"},
    {"accepts an alias of a namespace", DOCUMENT,
     "\"name\":\"org.example.badge.1\"", "\"name\":\"org.example.2\"", YAO_OK,
     NULL},
    /* elements */
    {"refuses a type that is none", DOCUMENT, "\"code\"", "\"float\"", BAD,
     "no such word"},
    {"refuses a code list that is not there", DOCUMENT, "\"letter\"",
     "\"digit\"", BAD, "no such code list"},
    {"refuses a code without its list", DOCUMENT, "\"codes\":\"letter\",", "",
     BAD, "a code without codes"},
    {"refuses mapping without a list", DOCUMENT, "\"max\":20,",
     "\"max\":20,\"derive\":\"mapped\",", BAD, "mapped without codes"},
    {"refuses a text without max", DOCUMENT, "\"max\":20,", "", BAD,
     "a text or image without max"},
    {"refuses a constant without value", DOCUMENT, ",\"fallback\":\"kg\"", "",
     BAD, "a constant without fallback"},
    {"refuses a value from nowhere", DOCUMENT, "\"from\":\"badge.kind\",", "",
     BAD, "from is missing"},
    {"refuses a group that is not there", DOCUMENT, "\"group\":\"all\"",
     "\"group\":\"some\"", BAD, "no such group"},
    {"refuses a namespace without identifier", DOCUMENT,
     "\"identifier\":\"info\",", "", BAD,
     "space and identifier belong together"},
    {"refuses an element that stands nowhere", DOCUMENT,
     "\"space\":\"org.example.2\",\"identifier\":\"info\",\"claim\":\"info\",",
     "", BAD, "stands nowhere"},
    {"refuses a map without parts", DOCUMENT,
     ",\"parts\":[{\"name\":\"unit\",\"type\":\"text\",\"max\":2,"
     "\"label\":{\"zh\":\"单位\",\"en\":\"Unit\"},\"derive\":\"constant\","
     "\"fallback\":\"kg\"}]",
     "", BAD, "a map has parts, nothing else has"},
    {"refuses parts of a text", DOCUMENT, "\"type\":\"map\"",
     "\"type\":\"bool\",\"from\":\"x\"", BAD,
     "a map has parts, nothing else has"},
    {"refuses a map in a map", DOCUMENT, "\"type\":\"text\",\"max\":2,",
     "\"type\":\"map\",", BAD, "no type for a part"},
    {"refuses the claim vct", DOCUMENT, "\"claim\":\"kind\"",
     "\"claim\":\"vct\"", BAD, "a reserved claim"},
    {"refuses a claim below status", DOCUMENT, "\"claim\":\"kind\"",
     "\"claim\":\"status.mine\"", BAD, "a reserved claim"},
    {"refuses a page that is not in m01", DOCUMENT, "\"sensitive\":true",
     "\"member\":true", BAD, "a page stands in m01"},
    {"refuses an open element that is no page", DOCUMENT, "\"sensitive\":true",
     "\"open\":true", BAD, "only a page is open"},
    {"refuses a name twice", DOCUMENT, "\"name\":\"number\"",
     "\"name\":\"kind\"", TWICE, "a name twice"},
    {"refuses an identifier twice", DOCUMENT, "\"identifier\":\"number\"",
     "\"identifier\":\"kind\"", TWICE, "an identifier twice"},
    {"refuses an identifier that is another's alias", DOCUMENT,
     "\"identifier\":\"number\"", "\"identifier\":\"sort\"", TWICE,
     "an identifier twice"},
    {"refuses a claim twice", DOCUMENT, "\"no.one\"", "\"kind\"", TWICE,
     "a claim twice, or in another"},
    {"refuses a claim in another", DOCUMENT, "\"no.one\"", "\"kind.one\"",
     TWICE, "a claim twice, or in another"},
    {"accepts a claim that begins like another", DOCUMENT, "\"no.one\"",
     "\"kinds\"", YAO_OK, NULL},
    {"refuses an alias twice", DOCUMENT, "[\"sort\"]", "[\"s\",\"s\"]", TWICE,
     "text stands there twice"},
    {"refuses a claim that looks like a page", DOCUMENT, "\"no.one\"",
     "\"m01.one\"", BAD, "a page that is none"},
    {"refuses a claim of three steps", DOCUMENT, "\"no.one\"", "\"no.one.is\"",
     BAD, "a claim of more than two steps"},
    {"refuses a name that looks like a page", DOCUMENT, "\"number\"",
     "\"m01x\"", BAD, "a page that is none"},
    {"refuses an alias that is a namespace", DOCUMENT,
     "\"older\":\"org.example.badge\"", "\"older\":\"org.example.2\"", BAD,
     "an alias that is a name"},
    {"refuses an alias of the type twice", DOCUMENT, "\"aliases\":[{",
     "\"aliases\":[{\"older\":\"org.example.badge\","
     "\"name\":\"org.example.badge.1\"},{",
     TWICE, "an alias twice"},
    {"refuses no elements", DOCUMENT, "\"elements\":[",
     "\"elements\":1,"
     "\"x\":[",
     BAD, "unknown member"},
    /* profiles */
    {"refuses a document that is not there", PROFILE, "\"badge\"", "\"card\"",
     BAD, "no such document"},
    {"refuses an element that is not there", PROFILE, "[\"kind\"]",
     "[\"name\"]", BAD, "no such element"},
    {"refuses a choice that is not there", PROFILE, "[\"number\"]",
     "[\"name\"]", BAD, "no such element"},
    {"refuses to ask for nothing", PROFILE, "[\"kind\"]", "[]", BAD,
     "asks for nothing"},
    {"refuses an element twice", PROFILE, "[\"kind\"]", "[\"kind\",\"kind\"]",
     TWICE, "text stands there twice"},
    {"refuses a third step", PROFILE, "\"choices\"", "\"step\":3,\"choices\"",
     BAD, "no such step"},
    {"refuses level 5", PROFILE, "\"level\":1", "\"level\":5", BAD,
     "no such level"},
    {"refuses no level", PROFILE, "\"level\":1,", "", BAD, "no such level"},
    {"refuses a profile that says nothing of retention", PROFILE,
     "\"retention_days\":0,", "", BAD, "member is missing"},
    {"refuses a card that is none", PROFILE, "\"none\"", "\"paper\"", BAD,
     "no such word"},
    {"refuses a profile without a legal basis", PROFILE,
     "\"legal_basis\":{\"zh\":\"同意\",\"en\":\"Consent\"},", "", BAD,
     "not an object"},
};

static yao_document_file files[FILES];

/* The small catalogue, with the change of R. */
static void make_files(const row *r)
{
    for (int i = 0; i < FILES; i++)
        files[i] = (yao_document_file){yao_text_of(paths[i]),
                                       yao_text_bytes(yao_text_of(texts[i]))};
    if (r == NULL || r->from[0] == '\0')
        return;

    const char *text = texts[r->file], *at = strstr(text, r->from);
    size_t      len  = strlen(text) + strlen(r->to) + 1;
    char       *copy = yao_arena_take(test_arena(), len);

    assert_non_null(at);
    snprintf(copy, len, "%.*s%s%s", (int)(at - text), text, r->to,
             at + strlen(r->from));
    files[r->file].bytes = yao_text_bytes(yao_text_of(copy));
}

static void load_row(void **state)
{
    const row           *r       = *state;
    yao_catalogue        c       = {0};
    yao_document_trouble trouble = {0};

    make_files(r);
    yao_status got =
        yao_document_load(test_arena(), NULL, files, FILES, &c, &trouble);
    assert_status(got, r->want);
    if (r->want == YAO_OK) {
        assert_int_equal(c.definition_count, 1);
        return;
    }
    assert_string_equal(trouble.what, r->what);
    assert_bytes(yao_text_bytes(trouble.path),
                 yao_text_bytes(yao_text_of(paths[r->file])));
    assert_null(c.definitions);
}

static void refuses_torn_namespaces(void **state)
{
    yao_catalogue        c       = {0};
    yao_document_trouble trouble = {0};
    const row            torn    = {"",
                                    DOCUMENT,
                                    "\"space\":\"org.example.2\",\"identifier\":\"info\"",
                                    "\"space\":\"org.example.1\",\"identifier\":\"info\"",
                                    YAO_OK,
                                    NULL};

    (void)state;
    make_files(&torn);
    char *text = strstr((char *)(uintptr_t)files[DOCUMENT].bytes.ptr,
                        "org.example.1\",\"identifier\":\"number\"");
    text[12]   = '2'; /* 1, 2, 1 */
    assert_status(
        yao_document_load(test_arena(), NULL, files, FILES, &c, &trouble), BAD);
    assert_string_equal(trouble.what, "elements of a namespace are apart");
}

static void adds_to_the_shipped(void **state)
{
    const yao_catalogue *shipped = yao_catalogue_shipped();
    yao_catalogue        c;

    (void)state;
    make_files(NULL);
    assert_status(
        yao_document_load(test_arena(), shipped, files, FILES, &c, NULL),
        YAO_OK);
    assert_int_equal(c.definition_count, shipped->definition_count + 1);
    assert_non_null(yao_document_by_name(&c, YAO_TEXT("badge")));
    assert_non_null(yao_document_by_name(&c, YAO_TEXT("resident_id")));
    assert_non_null(yao_profile_by_name(&c, YAO_TEXT("gate")));
    assert_non_null(yao_document_named(
        yao_document_by_name(&c, YAO_TEXT("badge")), YAO_TEXT("kind")));
}

static void refuses_what_is_there(void **state)
{
    yao_catalogue        first, c;
    yao_document_trouble trouble = {0};

    (void)state;
    make_files(NULL);
    assert_status(
        yao_document_load(test_arena(), NULL, files, FILES, &first, NULL),
        YAO_OK);
    for (int i = 0; i < FILES; i++) {
        assert_status(
            yao_document_load(test_arena(), &first, &files[i], 1, &c, &trouble),
            YAO_E_DUPLICATE);
        assert_bytes(yao_text_bytes(trouble.path),
                     yao_text_bytes(yao_text_of(paths[i])));
    }
}

static void refuses_other_files(void **state)
{
    yao_document_file    file = {YAO_INIT("documents/readme.txt"), {NULL, 0}};
    yao_document_trouble trouble = {0};
    yao_catalogue        c;

    (void)state;
    assert_status(yao_document_load(test_arena(), NULL, &file, 1, &c, &trouble),
                  BAD);
    assert_string_equal(trouble.what, "no file of the catalogue");
}

static yao_status load_into(yao_arena *arena, void *context)
{
    yao_catalogue c;

    (void)context;
    return yao_document_load(arena, NULL, files, FILES, &c, NULL);
}

static void needs_room(void **state)
{
    (void)state;
    make_files(NULL);
    test_every_arena(load_into, NULL, 65536);
}

static yao_status load_document(yao_bytes input, void *context)
{
    yao_catalogue c;

    (void)context;
    files[DOCUMENT].bytes = input;
    return yao_document_load(test_arena(), NULL, files, FILES, &c, NULL);
}

static void refuses_every_prefix(void **state)
{
    (void)state;
    make_files(NULL);
    test_every_prefix(load_document, files[DOCUMENT].bytes, NULL);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("load", rows[i].name, load_row, &rows[i]);
    test_add("load", "refuses elements of a namespace that are apart",
             refuses_torn_namespaces, NULL);
    test_add("load", "accepts more than is shipped", adds_to_the_shipped, NULL);
    test_add("load", "refuses what is there already", refuses_what_is_there,
             NULL);
    test_add("load", "refuses a file of another folder", refuses_other_files,
             NULL);
    test_add("load", "refuses every arena that is too small", needs_room, NULL);
    test_add("load", "refuses every prefix of a document", refuses_every_prefix,
             NULL);
    return test_run("document/load");
}
