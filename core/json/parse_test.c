/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json.h"

#include "check.h"

#define ROW(name, text, want) {name, YAO_INIT(text), want}

#define DEEP15 "[[[[[[[[[[[[[[["
#define UNDEEP15 "]]]]]]]]]]]]]]]"

/* RFC 8259, section by section; the shapes are those that the public JSON
 * test suites agree on. */
static const struct row {
    const char *name;
    yao_bytes   input;
    yao_status  want;
} rows[] = {
    /* 2: a text is any value, blanks around it */
    ROW("accepts an empty object", "{}", YAO_OK),
    ROW("accepts an empty array", "[]", YAO_OK),
    ROW("accepts a string alone", "\"asd\"", YAO_OK),
    ROW("accepts true, false and null alone", "[true,false,null]", YAO_OK),
    ROW("accepts a lonely true", "true", YAO_OK),
    ROW("accepts a lonely null", "null", YAO_OK),
    ROW("accepts a lonely number", "42", YAO_OK),
    ROW("accepts a negative lonely number", "-0.1", YAO_OK),
    ROW("accepts blanks everywhere",
        " \t\r\n[ \t\r\n1 \t\r\n, \t\r\n{ \"a\" \t\r\n: \t\r\n2 } \r\n] ",
        YAO_OK),
    ROW("accepts a newline at the end", "[\"a\"]\n", YAO_OK),
    ROW("refuses nothing at all", "", YAO_E_TRUNCATED),
    {"refuses nothing that has no address either", {NULL, 0},
     YAO_E_TRUNCATED},
    ROW("refuses blanks only", " \n", YAO_E_TRUNCATED),
    ROW("refuses a form feed as a blank", "[\f]", YAO_E_MALFORMED),
    ROW("refuses a vertical tab as a blank", "[\v1]", YAO_E_MALFORMED),
    ROW("refuses a no-break space as a blank", "[\xc2\xa0]", YAO_E_MALFORMED),
    ROW("refuses the word joiner as a blank", "[\xe2\x81\xa0]",
        YAO_E_MALFORMED),
    ROW("refuses NUL as a blank", "[1]\x00", YAO_E_TRAILING),
    ROW("N087: refuses a byte order mark", "\xef\xbb\xbf{}", YAO_E_MALFORMED),
    ROW("refuses half a byte order mark", "\xef\xbb{}", YAO_E_MALFORMED),
    ROW("refuses UTF-16", "[\x00\"\x00\xe9\x00\"\x00]\x00", YAO_E_MALFORMED),
    ROW("N087: refuses a second value", "{}{}", YAO_E_TRAILING),
    ROW("N087: refuses a letter behind", "[1]x", YAO_E_TRAILING),
    ROW("refuses a bracket too many", "[1]]", YAO_E_TRAILING),
    ROW("refuses a brace too many", "{\"a\":true}}", YAO_E_TRAILING),
    ROW("refuses a comma behind", "[\"\"],", YAO_E_TRAILING),
    ROW("refuses a comment", "{\"a\":\"b\"}/**/", YAO_E_TRAILING),
    ROW("refuses a comment inside", "{\"a\":/*c*/\"b\"}", YAO_E_MALFORMED),
    ROW("refuses a comment of a line", "[1]//", YAO_E_TRAILING),
    ROW("refuses a hash comment", "{\"a\":\"b\"}#", YAO_E_TRAILING),
    ROW("refuses a lone bracket", "[", YAO_E_TRUNCATED),
    ROW("refuses a lone brace", "{", YAO_E_TRUNCATED),
    ROW("refuses a lone closing bracket", "]", YAO_E_MALFORMED),
    ROW("refuses a lone star", "*", YAO_E_MALFORMED),
    ROW("refuses angle brackets", "<.>", YAO_E_MALFORMED),
    ROW("refuses a lone backslash escape", "\\u000A\"\"", YAO_E_MALFORMED),

    /* 3: the three words */
    ROW("refuses a capital True", "[True]", YAO_E_MALFORMED),
    ROW("refuses TRUE", "TRUE", YAO_E_MALFORMED),
    ROW("refuses nul", "[nul]", YAO_E_MALFORMED),
    ROW("refuses tru at the end", "tru", YAO_E_TRUNCATED),
    ROW("refuses fals", "[fals]", YAO_E_MALFORMED),
    ROW("refuses truth", "[truth]", YAO_E_MALFORMED),
    ROW("refuses undefined", "[undefined]", YAO_E_MALFORMED),
    ROW("refuses nullx", "[nullx]", YAO_E_MALFORMED),

    /* 4: objects */
    ROW("accepts one member", "{\"a\":0}", YAO_OK),
    ROW("accepts members in members", "{\"a\":{\"b\":{}},\"c\":[]}", YAO_OK),
    ROW("accepts an empty name", "{\"\":0}", YAO_OK),
    ROW("accepts NUL in a name, escaped", "{\"foo\\u0000bar\":42}", YAO_OK),
    ROW("accepts names that differ in the last letter",
        "{\"aaaa1\":0,\"aaaa2\":0}", YAO_OK),
    ROW("accepts names that differ in case", "{\"a\":0,\"A\":0}", YAO_OK),
    ROW("accepts one name at two levels", "{\"a\":{\"a\":{\"a\":1}}}", YAO_OK),
    ROW("accepts names that differ after unescaping",
        "{\"\\u0061\":0,\"\\u0062\":0}", YAO_OK),
    ROW("N067: refuses a name twice", "{\"a\":1,\"a\":1}", YAO_E_DUPLICATE),
    ROW("N067: refuses a name twice with others between",
        "{\"alg\":1,\"b\":2,\"c\":3,\"alg\":4}", YAO_E_DUPLICATE),
    ROW("N067: refuses a name twice, one escaped",
        "{\"a\":1,\"\\u0061\":1}", YAO_E_DUPLICATE),
    ROW("N067: refuses a name twice, the other escaped",
        "{\"\\u0061\":1,\"a\":1}", YAO_E_DUPLICATE),
    ROW("N067: refuses a name twice, both escaped in other ways",
        "{\"\\u002f\":1,\"\\/\":1}", YAO_E_DUPLICATE),
    ROW("N067: refuses a name twice, escaped above U+FFFF",
        "{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":1}", YAO_E_DUPLICATE),
    ROW("N067: refuses an empty name twice", "{\"\":1,\"\":1}",
        YAO_E_DUPLICATE),
    ROW("N067: refuses a name twice deep inside",
        "[{\"x\":[{\"a\":1,\"a\":2}]}]", YAO_E_DUPLICATE),
    ROW("refuses a name without quotes", "{a:1}", YAO_E_MALFORMED),
    ROW("refuses a number as a name", "{1:1}", YAO_E_MALFORMED),
    ROW("refuses single quotes", "{'a':0}", YAO_E_MALFORMED),
    ROW("refuses a missing colon", "{\"a\" 0}", YAO_E_MALFORMED),
    ROW("refuses two colons", "{\"a\"::0}", YAO_E_MALFORMED),
    ROW("refuses a comma for a colon", "{\"a\",0}", YAO_E_MALFORMED),
    ROW("refuses a missing value", "{\"a\":}", YAO_E_MALFORMED),
    ROW("refuses a name alone", "{\"a\"}", YAO_E_MALFORMED),
    ROW("refuses a comma before the brace", "{\"a\":0,}", YAO_E_MALFORMED),
    ROW("refuses two commas", "{\"a\":0,,\"b\":1}", YAO_E_MALFORMED),
    ROW("refuses a comma first", "{,\"a\":0}", YAO_E_MALFORMED),
    ROW("refuses a missing comma", "{\"a\":0 \"b\":1}", YAO_E_MALFORMED),
    ROW("refuses a bracket at an object's end", "{\"a\":0]", YAO_E_MALFORMED),
    ROW("refuses an object that ends early", "{\"a\":0", YAO_E_TRUNCATED),
    ROW("refuses an object that ends after a comma", "{\"a\":0,",
        YAO_E_TRUNCATED),
    ROW("refuses an object that ends after a name", "{\"a\"", YAO_E_TRUNCATED),
    ROW("refuses an object that ends after a colon", "{\"a\":",
        YAO_E_TRUNCATED),

    /* 5: arrays */
    ROW("accepts items of every kind", "[null,1,\"1\",{},[],true]", YAO_OK),
    ROW("refuses a comma at an array's end", "[1,]", YAO_E_MALFORMED),
    ROW("refuses a comma at an array's beginning", "[,1]", YAO_E_MALFORMED),
    ROW("refuses only a comma", "[,]", YAO_E_MALFORMED),
    ROW("refuses two commas in an array", "[1,,2]", YAO_E_MALFORMED),
    ROW("refuses a missing comma in an array", "[1 true]", YAO_E_MALFORMED),
    ROW("refuses a colon in an array", "[\"\":1]", YAO_E_MALFORMED),
    ROW("refuses a brace at an array's end", "[1}", YAO_E_MALFORMED),
    ROW("refuses an array that ends early", "[1", YAO_E_TRUNCATED),
    ROW("refuses an array that ends after a comma", "[1,\n1\n,1",
        YAO_E_TRUNCATED),

    /* 6: numbers */
    ROW("accepts 0", "[0]", YAO_OK),
    ROW("accepts -0", "[-0]", YAO_OK),
    ROW("accepts 0e+1", "[0e+1]", YAO_OK),
    ROW("accepts 0e1", "[0e1]", YAO_OK),
    ROW("accepts 1E22", "[1E22]", YAO_OK),
    ROW("accepts 1E-2", "[1E-2]", YAO_OK),
    ROW("accepts 123.456e78", "[123.456e78]", YAO_OK),
    ROW("accepts a number nobody can hold", "[1e400]", YAO_OK),
    ROW("refuses 01", "[01]", YAO_E_MALFORMED),
    ROW("refuses -01", "[-01]", YAO_E_MALFORMED),
    ROW("refuses -012", "[-012]", YAO_E_MALFORMED),
    ROW("refuses +1", "[+1]", YAO_E_MALFORMED),
    ROW("refuses .5", "[.5]", YAO_E_MALFORMED),
    ROW("refuses 5.", "[5.]", YAO_E_MALFORMED),
    ROW("refuses 0.e1", "[0.e1]", YAO_E_MALFORMED),
    ROW("refuses 1e", "[1e]", YAO_E_MALFORMED),
    ROW("refuses 1e+", "[1e+]", YAO_E_MALFORMED),
    ROW("refuses 1eE2", "[1eE2]", YAO_E_MALFORMED),
    ROW("refuses 1.2.3", "[1.2.3]", YAO_E_MALFORMED),
    ROW("refuses --1", "[--1]", YAO_E_MALFORMED),
    ROW("refuses a lone minus", "[-]", YAO_E_MALFORMED),
    ROW("refuses a minus at the end", "-", YAO_E_TRUNCATED),
    ROW("refuses a point at the end", "1.", YAO_E_TRUNCATED),
    ROW("refuses an e at the end", "1e", YAO_E_TRUNCATED),
    ROW("refuses a sign at the end", "1e-", YAO_E_TRUNCATED),
    ROW("refuses 0x42", "[0x42]", YAO_E_MALFORMED),
    ROW("refuses 1_000", "[1_000]", YAO_E_MALFORMED),
    ROW("refuses 1 000", "[1 000]", YAO_E_MALFORMED),
    ROW("refuses 1a", "[1a]", YAO_E_MALFORMED),
    ROW("refuses NaN", "[NaN]", YAO_E_MALFORMED),
    ROW("refuses Infinity", "[Infinity]", YAO_E_MALFORMED),
    ROW("refuses -Infinity", "[-Infinity]", YAO_E_MALFORMED),
    ROW("refuses a full-width digit", "[\xef\xbc\x91]", YAO_E_MALFORMED),

    /* 7: strings */
    ROW("accepts every short escape", "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
        YAO_OK),
    ROW("accepts hex digits in both cases", "[\"\\u00eF\\uABcd\"]", YAO_OK),
    ROW("accepts a pair of surrogates", "[\"\\uD801\\udc37\"]", YAO_OK),
    ROW("accepts the last pair of surrogates", "[\"\\uDBFF\\uDFFF\"]", YAO_OK),
    ROW("accepts a noncharacter", "[\"\\uFFFF\"]", YAO_OK),
    ROW("accepts DEL", "[\"\x7f\"]", YAO_OK),
    ROW("accepts Chinese", "[\"\xe8\x85\xb0\xe7\x89\x8c\"]", YAO_OK),
    ROW("accepts U+2028", "[\"\xe2\x80\xa8\"]", YAO_OK),
    ROW("accepts four bytes of UTF-8", "[\"\xf4\x8f\xbf\xbf\"]", YAO_OK),
    ROW("refuses a high surrogate alone", "[\"\\uDADA\"]", YAO_E_UTF8),
    ROW("refuses a low surrogate alone", "[\"\\uDFAA\"]", YAO_E_UTF8),
    ROW("refuses two high surrogates", "[\"\\uD800\\uD800\"]", YAO_E_UTF8),
    ROW("refuses surrogates in the wrong order", "[\"\\uDd1e\\uD834\"]",
        YAO_E_UTF8),
    ROW("refuses a high surrogate and a letter", "[\"\\uD800a\"]", YAO_E_UTF8),
    ROW("refuses a high surrogate and another escape", "[\"\\uD800\\n\"]",
        YAO_E_UTF8),
    ROW("refuses a high surrogate and what is above the low ones",
        "[\"\\uD800\\uE000\"]", YAO_E_UTF8),
    ROW("refuses a high surrogate and what is below the low ones",
        "[\"\\uD800\\u0041\"]", YAO_E_UTF8),
    ROW("refuses a cut pair", "[\"\\uD800\\u\"]", YAO_E_MALFORMED),
    ROW("refuses a cut pair at the end", "[\"\\uD800\\", YAO_E_TRUNCATED),
    ROW("refuses a high surrogate at the end", "[\"\\uD800", YAO_E_TRUNCATED),
    ROW("refuses three hex digits", "[\"\\u00A\"]", YAO_E_MALFORMED),
    ROW("refuses three hex digits at the end", "[\"\\u00A", YAO_E_TRUNCATED),
    ROW("refuses a letter that is no hex digit", "[\"\\u00gg\"]",
        YAO_E_MALFORMED),
    ROW("refuses a letter before the digits", "[\"\\u00/0\"]",
        YAO_E_MALFORMED),
    ROW("refuses a letter behind the digits", "[\"\\u00:0\"]",
        YAO_E_MALFORMED),
    ROW("refuses a letter before A", "[\"\\u00@0\"]", YAO_E_MALFORMED),
    ROW("refuses a letter before a", "[\"\\u00`0\"]", YAO_E_MALFORMED),
    ROW("refuses a capital U", "[\"\\U0041\"]", YAO_E_MALFORMED),
    ROW("refuses \\x", "[\"\\x00\"]", YAO_E_MALFORMED),
    ROW("refuses \\a", "[\"\\a\"]", YAO_E_MALFORMED),
    ROW("refuses \\v", "[\"\\v\"]", YAO_E_MALFORMED),
    ROW("refuses \\0", "[\"\\0\"]", YAO_E_MALFORMED),
    ROW("refuses \\'", "[\"\\'\"]", YAO_E_MALFORMED),
    ROW("refuses an escaped tab", "[\"\\\t\"]", YAO_E_MALFORMED),
    ROW("refuses an escaped quote at the end", "[\"\\\"]", YAO_E_TRUNCATED),
    ROW("refuses a newline in a string", "[\"a\nb\"]", YAO_E_MALFORMED),
    ROW("refuses a tab in a string", "[\"\t\"]", YAO_E_MALFORMED),
    ROW("refuses NUL in a string", "[\"a\x00\"]", YAO_E_MALFORMED),
    ROW("refuses US in a string", "[\"\x1f\"]", YAO_E_MALFORMED),
    ROW("refuses a string that ends early", "[\"a", YAO_E_TRUNCATED),
    ROW("refuses a backslash at the end", "[\"\\", YAO_E_TRUNCATED),
    ROW("refuses single quotes around a string", "['a']", YAO_E_MALFORMED),
    ROW("refuses a string without quotes", "[abc]", YAO_E_MALFORMED),

    /* 8.1: UTF-8 */
    ROW("refuses a stray continuation byte", "[\"\x81\"]", YAO_E_UTF8),
    ROW("refuses a cut sequence", "[\"\xe0\xff\"]", YAO_E_UTF8),
    ROW("refuses an overlong slash", "[\"\xc0\xaf\"]", YAO_E_UTF8),
    ROW("refuses an overlong sequence of six", "[\"\xfc\x80\x80\x80\x80\x80\"]",
        YAO_E_UTF8),
    ROW("refuses a surrogate in UTF-8", "[\"\xed\xa0\x80\"]", YAO_E_UTF8),
    ROW("refuses a letter above U+10FFFF", "[\"\xf4\xbf\xbf\xbf\"]",
        YAO_E_UTF8),
    ROW("refuses Latin-1", "[\"\xe9\"]", YAO_E_UTF8),
    ROW("refuses Latin-1 in a name", "{\"\xe9\":1}", YAO_E_UTF8),
    ROW("refuses a sequence that swallows the quote", "[\"\xe4\"",
        YAO_E_UTF8),
    ROW("refuses Latin-1 outside a string", "[\xe9]", YAO_E_MALFORMED),

    /* 9: limits */
    ROW("accepts sixteen levels", DEEP15 "[]" UNDEEP15, YAO_OK),
    ROW("refuses seventeen levels", DEEP15 "[[]]" UNDEEP15, YAO_E_LIMIT),
    ROW("accepts objects and arrays to sixteen levels",
        DEEP15 "{\"a\":1}" UNDEEP15, YAO_OK),
    ROW("refuses an object at the seventeenth level",
        DEEP15 "[{}]" UNDEEP15, YAO_E_LIMIT),
};

static void parses(void **state)
{
    const struct row *r = *state;
    const yao_json   *untouched = (const yao_json *)(uintptr_t)r;
    const yao_json   *root      = untouched;
    size_t            used      = test_arena()->used;

    assert_status(yao_json_parse(test_arena(), r->input, &root), r->want);
    if (r->want != YAO_OK) {
        assert_ptr_equal(root, untouched);
        assert_int_equal(test_arena()->used, used);
    }
}

/* Accepted text, written again from its tree, is the same text. */
static void writes_again(void **state)
{
    const struct row *r = *state;
    const yao_json   *one, *two;
    yao_bytes         again, third;

    assert_status(yao_json_parse(test_arena(), r->input, &one), YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    yao_json_put_value(&w, one);
    assert_status(yao_writer_keep(&w, test_arena(), &again), YAO_OK);
    assert_status(yao_json_parse(test_arena(), again, &two), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_json_put_value(&w, two);
    assert_status(yao_writer_keep(&w, test_arena(), &third), YAO_OK);
    assert_bytes(third, again);
}

/* ---- what is counted ---- */

/* PIECE COUNT times between OPEN and CLOSE; a # becomes the number. */
static yao_bytes repeat(const char *open, const char *piece, size_t count,
                        const char *close)
{
    yao_writer w     = yao_writer_in(test_arena());
    bool       first = true;
    yao_bytes  text  = {0};

    yao_put_text(&w, open);
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(&w, &first);
        for (const char *c = piece; *c != '\0'; c++)
            if (*c == '#')
                yao_put_decimal(&w, (int64_t)(1000000 + i));
            else
                yao_put_byte(&w, (uint8_t)*c);
    }
    yao_put_text(&w, close);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return text;
}

static const struct count_row {
    const char *name, *open, *piece;
    size_t      count;
    const char *close;
    yao_status  want;
} counts[] = {
    {"accepts as many values as the limit", "[", "1", YAO_MAX_JSON_NODES - 1,
     "]", YAO_OK},
    {"refuses one value more", "[", "1", YAO_MAX_JSON_NODES, "]", YAO_E_LIMIT},
    {"accepts as many members as the limit", "{", "\"m#\":0",
     YAO_MAX_MAP_ENTRIES, "}", YAO_OK},
    {"refuses one member more", "{", "\"m#\":0", YAO_MAX_MAP_ENTRIES + 1, "}",
     YAO_E_LIMIT},
    {"accepts many objects of the same names", "[", "{\"a\":#,\"b\":#}", 1000,
     "]", YAO_OK},
    {"refuses a repeated name behind five hundred", "{\"m1000000\":1,",
     "\"m#\":0", 400, "}", YAO_E_DUPLICATE},
    /* eight letters at both ends agree in all, and they are long */
    {"refuses names made to be dear to compare", "{",
     "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx#xxxxxxxx\":0",
     YAO_MAX_MAP_ENTRIES, "}", YAO_E_LIMIT},
};

static void counted(void **state)
{
    const struct count_row *r = *state;
    const yao_json         *root;

    yao_bytes text = repeat(r->open, r->piece, r->count, r->close);
    assert_status(yao_json_parse(test_arena(), text, &root), r->want);
}

/* A server's description of itself may be longer, and has an end too. */
static void metadata(void **state)
{
    static const struct {
        size_t     count;
        yao_status want;
    } sizes[] = {{YAO_MAX_JSON_NODES, YAO_OK},
                 {YAO_MAX_METADATA_NODES - 1, YAO_OK},
                 {YAO_MAX_METADATA_NODES, YAO_E_LIMIT}};
    const yao_json *root;

    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        yao_bytes text = repeat("[", "1", sizes[i].count, "]");
        assert_status(yao_json_parse_metadata(test_arena(), text, &root),
                      sizes[i].want);
    }
}

/* ---- sweeps ---- */

#define SAMPLE                                                                 \
    "{\"iss\":\"https://issuer.example\",\"n\":[1,-2.5e3,true,false,null]," \
    "\"\\u540d\":\"\xe5\xbc\xa0\\n\\ud83d\\ude00\",\"o\":{\"p\":[[],{}]}}"

static yao_status read_whole(yao_bytes input, void *context)
{
    const yao_json *root;

    (void)context;
    return yao_json_parse(test_arena(), input, &root);
}

static void every_prefix(void **state)
{
    (void)state;
    test_every_prefix(read_whole, YAO_LIT(SAMPLE), NULL);
}

static yao_status take_sample(yao_arena *arena, void *context)
{
    const yao_json *root;

    (void)context;
    return yao_json_parse(arena, YAO_LIT(SAMPLE), &root);
}

static void every_arena(void **state)
{
    (void)state;
    test_every_arena(take_sample, NULL, 4096);
}

/* The failure is where a person would point. */
static const struct place_row {
    const char *name;
    yao_bytes   input;
    size_t      want;
} places[] = {
    {"gives the place of a missing comma", YAO_INIT("[1 2]"), 3},
    {"gives the place of a bad letter", YAO_INIT("{\"a\":tRue}"), 6},
    {"gives the end of a cut text", YAO_INIT("{\"a\":"), 5},
    {"gives the place of what is left over", YAO_INIT("[1] x"), 4},
    {"gives the place of a repeated name", YAO_INIT("{\"a\":1,\"a\":2}"), 7},
    {"gives the place of a control letter", YAO_INIT("[\"a\nb\"]"), 3},
};

static void place(void **state)
{
    const struct place_row *r      = *state;
    size_t                  offset = SIZE_MAX;
    const yao_json         *root;

    assert_true(yao_json_parse_at(test_arena(), r->input, &root, &offset) !=
                YAO_OK);
    assert_int_equal(offset, r->want);
}

/* Nodes lie densely: what a parse did not need is given back. */
static void dense(void **state)
{
    const yao_json *root;
    size_t          before = test_arena()->used;

    (void)state;
    assert_status(yao_json_parse(test_arena(), YAO_LIT("[1,2]"), &root),
                  YAO_OK);
    assert_true(test_arena()->used - before <= 4 * sizeof(yao_json));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("parse", rows[i].name, parses, &rows[i]);
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].want == YAO_OK)
            test_add("put_value after parse", rows[i].name, writes_again,
                     &rows[i]);
    for (size_t i = 0; i < COUNT(counts); i++)
        test_add("parse", counts[i].name, counted, &counts[i]);
    test_add("parse_metadata", "accepts more values than others, and no more",
             metadata, NULL);
    for (size_t i = 0; i < COUNT(places); i++)
        test_add("parse_at", places[i].name, place, &places[i]);
    test_add("parse", "refuses every proper prefix", every_prefix, NULL);
    test_add("parse", "gives SPACE in every arena that is too small",
             every_arena, NULL);
    test_add("parse", "gives back the nodes it did not need", dense, NULL);

    return test_run("json/parse");
}
