/* SPDX-License-Identifier: Apache-2.0 */

/* What a reader asks, as bytes; who it is stands in reader_test.c. */

#include "prox_fixture.h"

#define ITEMS "docRequests/0/itemsRequest/*"
#define SPACES ITEMS "/nameSpaces"

static yao_bytes good(void)
{
    yao_mdoc_ask_options o = prox_options(false);

    return prox_request(&o, PROX_READER_KEY);
}

static yao_bytes good_all(void)
{
    yao_mdoc_ask_options o = prox_options(true);

    return prox_request(&o, PROX_READER_KEY);
}

static yao_status parse(yao_bytes input, void *context)
{
    yao_mdoc_request request;

    (void)context;
    return yao_mdoc_parse_request(test_arena(), input, true, &request);
}

/* ---- shapes ------------------------------------------------------------- */

enum edit { KEEP, SET, REMOVE, ADD };

static const struct shape {
    const char *name;
    bool        all;
    enum edit   edit;
    const char *path;
    yao_bytes   item;
    yao_status  want;
} shapes[] = {
    {"accepts a request of the first edition", false, KEEP, "", {NULL, 0},
     YAO_OK},
    {"accepts a request signed for all", true, KEEP, "", {NULL, 0}, YAO_OK},
    {"accepts a request that nobody signed", false, REMOVE,
     "docRequests/0/readerAuth", {NULL, 0}, YAO_OK},
    {"accepts a later minor version", false, SET, "version",
     YAO_INIT("\x63" "1.7"), YAO_OK},
    {"accepts keys that it does not know", false, ADD, "",
     YAO_INIT("\x67" "macKeys\x80"), YAO_OK},
    {"accepts information about the request", false, ADD, ITEMS,
     YAO_INIT("\x6b" "requestInfo\xa1\x61x\x01"), YAO_OK},
    {"accepts information about all", true, ADD, "",
     YAO_INIT("\x71" "deviceRequestInfo\xd8\x18\x41\xa0"), YAO_OK},
    {"refuses information about all in a first edition", false, ADD, "",
     YAO_INIT("\x71" "deviceRequestInfo\xd8\x18\x41\xa0"), YAO_E_MALFORMED},
    {"refuses a signature for all in a first edition", true, SET, "version",
     YAO_INIT("\x63" "1.0"), YAO_E_MALFORMED},
    {"refuses another major version", false, SET, "version",
     YAO_INIT("\x63" "2.0"), YAO_E_MALFORMED},
    {"refuses a version that is no text", false, SET, "version",
     YAO_INIT("\x01"), YAO_E_MALFORMED},
    {"refuses a version with a NUL behind it", false, SET, "version",
     YAO_INIT("\x64" "1.0\0"), YAO_E_MALFORMED},
    {"refuses a request without version", false, REMOVE, "version",
     {NULL, 0}, YAO_E_MALFORMED},
    {"refuses a request without documents", false, REMOVE, "docRequests",
     {NULL, 0}, YAO_E_MALFORMED},
    {"refuses an empty list of documents", false, SET, "docRequests",
     YAO_INIT("\x80"), YAO_E_MALFORMED},
    {"refuses a document without items", false, REMOVE,
     "docRequests/0/itemsRequest", {NULL, 0}, YAO_E_MALFORMED},
    {"refuses items that are not wrapped", false, SET,
     "docRequests/0/itemsRequest", YAO_INIT("\xa0"), YAO_E_MALFORMED},
    {"refuses items without docType", false, REMOVE, ITEMS "/docType",
     {NULL, 0}, YAO_E_MALFORMED},
    {"refuses items without namespaces", false, REMOVE, SPACES, {NULL, 0},
     YAO_E_MALFORMED},
    {"refuses no namespace at all", false, SET, SPACES, YAO_INIT("\xa0"),
     YAO_E_MALFORMED},
    {"refuses a namespace without elements", false, SET,
     SPACES "/" PROX_SPACE, YAO_INIT("\xa0"), YAO_E_MALFORMED},
    {"refuses an intent that is no yes or no", false, SET,
     SPACES "/" PROX_SPACE "/family_name", YAO_INIT("\x01"), YAO_E_MALFORMED},
    {"refuses an element twice", false, ADD, SPACES "/" PROX_SPACE,
     YAO_INIT("\x6b" "family_name\xf4"), YAO_E_DUPLICATE},
    {"refuses a namespace twice", false, ADD, SPACES,
     YAO_INIT("\x71" PROX_SPACE "\xa1\x61x\xf4"), YAO_E_DUPLICATE},
    {"refuses a key twice", false, ADD, "", YAO_INIT("\x67" "version\x63"
     "1.0"), YAO_E_DUPLICATE},
    {"refuses information that is no map", false, ADD, ITEMS,
     YAO_INIT("\x6b" "requestInfo\x01"), YAO_E_MALFORMED},
    {"refuses information with a key twice", false, ADD, ITEMS,
     YAO_INIT("\x6b" "requestInfo\xa2\x61x\x01\x61x\x02"), YAO_E_DUPLICATE},
    {"refuses information about all that is no map", true, ADD, "",
     YAO_INIT("\x71" "deviceRequestInfo\xd8\x18\x41\x01"), YAO_E_MALFORMED},
    {"refuses a signature with what it signs inside", false, SET,
     "docRequests/0/readerAuth/2", YAO_INIT("\x41x"), YAO_E_MALFORMED},
    {"refuses an algorithm outside of the protected header", false, SET,
     "docRequests/0/readerAuth/1", YAO_INIT("\xa1\x01\x26"), YAO_E_HEADER},
    {"refuses an empty list of signatures for all", true, SET,
     "readerAuthAll", YAO_INIT("\x80"), YAO_E_MALFORMED},
    {"refuses a text that is no UTF-8", false, SET, ITEMS "/docType",
     YAO_INIT("\x61\xff"), YAO_E_UTF8},
    {"refuses a head that is longer than needed", false, SET, ITEMS "/docType",
     YAO_INIT("\x78\x01x"), YAO_E_NOT_SHORTEST},
};

static void case_shape(void **state)
{
    const struct shape *s     = *state;
    yao_bytes           input = s->all ? good_all() : good();
    yao_mdoc_request    request;

    if (s->edit == SET)
        input = cbor_set(input, s->path, s->item);
    else if (s->edit == REMOVE)
        input = cbor_remove(input, s->path);
    else if (s->edit == ADD)
        input = cbor_add(input, s->path, s->item);

    memset(&request, 0x55, sizeof request);
    yao_mdoc_request before = request;
    assert_status(yao_mdoc_parse_request(test_arena(), input, true, &request),
                  s->want);
    if (s->want != YAO_OK)
        assert_memory_equal(&request, &before, sizeof request);
}

static void lenient(void **state)
{
    yao_bytes        input = cbor_set(good(), ITEMS "/docType",
                                      YAO_LIT("\x78\x01x"));
    yao_mdoc_request request;

    (void)state;
    assert_status(yao_mdoc_parse_request(test_arena(), input, false, &request),
                  YAO_OK);
    assert_true(request.longer);
}

static void trailing(void **state)
{
    (void)state;
    assert_status(parse(cbor_join(good(), YAO_LIT("\0")), NULL),
                  YAO_E_TRAILING);
    assert_status(parse(YAO_LIT(""), NULL), YAO_E_TRUNCATED);
}

static void what_is_asked(void **state)
{
    yao_mdoc_request request;
    yao_text         space = YAO_TEXT(PROX_SPACE);

    (void)state;
    assert_status(
        yao_mdoc_parse_request(test_arena(), good(), true, &request), YAO_OK);
    assert_int_equal(request.document_count, 2);
    assert_int_equal(request.documents[0].element_count, COUNT(prox_wanted));
    assert_int_equal(request.documents[1].element_count, 2);
    assert_true(request.documents[1].has_auth);
    assert_true(yao_mdoc_find_wanted(&request.documents[0], space,
                                     YAO_TEXT("family_name"))
                    ->retain);
    assert_false(yao_mdoc_find_wanted(&request.documents[0], space,
                                      YAO_TEXT("birth_date"))
                     ->retain);
    assert_null(yao_mdoc_find_wanted(&request.documents[0], space,
                                     YAO_TEXT("state")));
}

/* ---- limits ------------------------------------------------------------- */

static void element_limit(void **state)
{
    static yao_mdoc_wanted many[YAO_MAX_ELEMENTS + 1];
    static char            names[YAO_MAX_ELEMENTS + 1][8];
    yao_mdoc_ask           ask = {YAO_INIT(PROX_TYPE), many, YAO_MAX_ELEMENTS};
    yao_mdoc_ask_options   o   = {.asks = &ask, .ask_count = 1};
    yao_mdoc_asking        asking;

    (void)state;
    for (size_t i = 0; i < COUNT(many); i++) {
        names[i][0] = (char)('a' + i % 26);
        names[i][1] = (char)('a' + i / 26 % 26);
        names[i][2] = (char)('a' + i / 676);
        many[i] = (yao_mdoc_wanted){YAO_INIT(PROX_SPACE),
                                    yao_text_of(names[i]), false};
    }
    assert_status(parse(prox_request(&o, PROX_READER_KEY), NULL), YAO_OK);
    ask.element_count++;
    assert_status(yao_mdoc_ask_begin(test_arena(), &o, &asking), YAO_E_LIMIT);
}

static void document_limit(void **state)
{
    yao_mdoc_ask         asks[YAO_MAX_DOCUMENTS + 1];
    yao_mdoc_ask_options o = {.asks = asks, .ask_count = YAO_MAX_DOCUMENTS};
    yao_mdoc_asking      asking;

    (void)state;
    for (size_t i = 0; i < COUNT(asks); i++)
        asks[i] = prox_asks[1];
    yao_bytes most = prox_request(&o, PROX_READER_KEY);
    assert_status(parse(most, NULL), YAO_OK);
    o.ask_count++;
    assert_status(yao_mdoc_ask_begin(test_arena(), &o, &asking), YAO_E_LIMIT);
    assert_status(parse(cbor_add(most, "docRequests",
                                 cbor_at(most, "docRequests/0")),
                        NULL),
                  YAO_E_LIMIT);
}

static void signature_limit(void **state)
{
    yao_bytes request = good_all();
    yao_bytes one     = cbor_at(request, "readerAuthAll/0");

    (void)state;
    for (int i = 1; i < YAO_MAX_READER_AUTHS; i++)
        request = cbor_add(request, "readerAuthAll", one);
    assert_status(parse(request, NULL), YAO_OK);
    assert_status(parse(cbor_add(request, "readerAuthAll", one), NULL),
                  YAO_E_LIMIT);
}

/* ---- making ------------------------------------------------------------- */

static const yao_mdoc_wanted twice[] = {
    {YAO_INIT("a"), YAO_INIT("x"), false},
    {YAO_INIT("a"), YAO_INIT("x"), true},
};
static const yao_mdoc_wanted apart[] = {
    {YAO_INIT("a"), YAO_INIT("x"), false},
    {YAO_INIT("b"), YAO_INIT("x"), false},
    {YAO_INIT("a"), YAO_INIT("y"), false},
};
static const yao_mdoc_wanted nameless[] = {
    {YAO_INIT("a"), YAO_INIT(""), false},
};

static const struct making {
    const char  *name;
    yao_mdoc_ask ask;
    bool         no_chain, no_transcript;
    yao_status   want;
} makings[] = {
    {"accepts what may be asked", {YAO_INIT("t"), prox_wanted, 2}, false, false,
     YAO_OK},
    {"refuses to ask for nothing", {YAO_INIT("t"), prox_wanted, 0}, false,
     false, YAO_E_USAGE},
    {"refuses to ask of no document", {YAO_INIT(""), prox_wanted, 2}, false,
     false, YAO_E_USAGE},
    {"refuses to ask twice", {YAO_INIT("t"), twice, 2}, false, false,
     YAO_E_DUPLICATE},
    {"refuses a namespace in two places", {YAO_INIT("t"), apart, 3}, false,
     false, YAO_E_USAGE},
    {"refuses an element without a name", {YAO_INIT("t"), nameless, 1}, false,
     false, YAO_E_USAGE},
    {"refuses to sign without a certificate", {YAO_INIT("t"), prox_wanted, 2},
     true, false, YAO_E_USAGE},
    {"refuses to sign without a transcript", {YAO_INIT("t"), prox_wanted, 2},
     false, true, YAO_E_USAGE},
};

static void case_making(void **state)
{
    const struct making *m = *state;
    yao_mdoc_ask_options o = prox_options(false);
    yao_mdoc_asking      asking;

    o.asks      = &m->ask;
    o.ask_count = 1;
    if (m->no_chain)
        o.chain_count = 0;
    if (m->no_transcript)
        o.transcript.len = 0;
    assert_status(yao_mdoc_ask_begin(test_arena(), &o, &asking), m->want);
}

static void nothing_to_ask(void **state)
{
    yao_mdoc_ask_options o = prox_options(false);
    yao_mdoc_asking      asking;

    (void)state;
    o.ask_count = 0;
    assert_status(yao_mdoc_ask_begin(test_arena(), &o, &asking), YAO_E_USAGE);
}

/* ---- sweeps ------------------------------------------------------------- */

static void prefixes(void **state)
{
    (void)state;
    test_every_prefix(parse, good_all(), NULL);
}

static yao_status make_in(yao_arena *arena, void *context)
{
    yao_mdoc_asking asking;

    return yao_mdoc_ask_begin(arena, context, &asking);
}

static yao_status parse_in(yao_arena *arena, void *context)
{
    yao_mdoc_request request;

    return yao_mdoc_parse_request(arena, *(yao_bytes *)context, true, &request);
}

static void arenas(void **state)
{
    yao_mdoc_ask_options o     = prox_options(true);
    yao_bytes            input = good_all();

    (void)state;
    test_every_arena(make_in, &o, 8192);
    test_every_arena(parse_in, &input, 16384);
}

/* ---- the frame of an answer --------------------------------------------- */

static const yao_text missing[] = {YAO_INIT("a"), YAO_INIT("b")};
static const yao_bytes documents[] = {YAO_INIT("\xa0")};

static const struct framed {
    const char     *name;
    yao_mdoc_answer answer;
    yao_bytes       want; /* empty: YAO_E_USAGE */
} frames[] = {
    {"gives documents", {documents, 1, NULL, 0, 0},
     YAO_INIT("\xa3\x67" "version\x63" "1.0\x69" "documents\x81\xa0\x66"
              "status\x00")},
    {"gives what is missing", {NULL, 0, missing, 2, 0},
     YAO_INIT("\xa3\x67" "version\x63" "1.0\x6e" "documentErrors\x82\xa1\x61"
              "a\x00\xa1\x61" "b\x00\x66" "status\x00")},
    {"gives documents and what is missing", {documents, 1, missing, 1, 0},
     YAO_INIT("\xa4\x67" "version\x63" "1.0\x69" "documents\x81\xa0\x6e"
              "documentErrors\x81\xa1\x61" "a\x00\x66" "status\x00")},
    {"gives a status", {NULL, 0, NULL, 0, YAO_MDOC_RESPONSE_CBOR},
     YAO_INIT("\xa2\x67" "version\x63" "1.0\x66" "status\x0b")},
    {"refuses documents beside a status",
     {documents, 1, NULL, 0, YAO_MDOC_RESPONSE_GENERAL}, {NULL, 0}},
};

static void case_framed(void **state)
{
    const struct framed *f = *state;
    yao_writer           w = yao_writer_in(test_arena());
    yao_mdoc_said        said;
    yao_bytes            out = {NULL, 0};

    yao_mdoc_put_answer(&w, &f->answer);
    yao_status status = yao_writer_keep(&w, test_arena(), &out);
    assert_status(status, f->want.len != 0 ? YAO_OK : YAO_E_USAGE);
    if (status != YAO_OK)
        return;
    assert_bytes(out, f->want);
    assert_status(yao_mdoc_read_said(test_arena(), out, true, &said), YAO_OK);
    assert_int_equal(said.status, f->answer.status);
    assert_int_equal(said.document_count, f->answer.document_count);
    assert_int_equal(said.missing_count, f->answer.missing_count);
    for (size_t i = 0; i < said.missing_count; i++)
        assert_bytes(yao_text_bytes(said.missing[i]),
                     yao_text_bytes(missing[i]));
}

static const struct said_row {
    const char *name;
    yao_bytes   input;
    yao_status  want;
} saids[] = {
    {"refuses an answer without status",
     YAO_INIT("\xa1\x67" "version\x63" "1.0"), YAO_E_MALFORMED},
    {"refuses an answer of another major version",
     YAO_INIT("\xa2\x67" "version\x63" "2.0\x66" "status\x00"),
     YAO_E_MALFORMED},
    {"refuses an error that is no number",
     YAO_INIT("\xa3\x67" "version\x63" "1.0\x6e" "documentErrors\x81\xa1\x61"
              "a\x61" "b\x66" "status\x00"), YAO_E_MALFORMED},
    {"refuses an answer with a status twice",
     YAO_INIT("\xa3\x67" "version\x63" "1.0\x66" "status\x00\x66" "status\x00"),
     YAO_E_DUPLICATE},
    {"accepts an error of a later edition",
     YAO_INIT("\xa3\x67" "version\x63" "1.0\x6e" "documentErrors\x81\xa1\x61"
              "a\x26\x66" "status\x00"), YAO_OK},
};

static void case_said(void **state)
{
    const struct said_row *r = *state;
    yao_mdoc_said          said;

    assert_status(yao_mdoc_read_said(test_arena(), r->input, true, &said),
                  r->want);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(shapes); i++)
        test_add("parse_request", shapes[i].name, case_shape, &shapes[i]);
    test_add("parse_request", "accepts a longer head with a note", lenient,
             NULL);
    test_add("parse_request", "refuses a byte behind it, and nothing", trailing,
             NULL);
    test_add("parse_request", "gives what is asked", what_is_asked, NULL);
    test_add("parse_request", "refuses one element too many", element_limit,
             NULL);
    test_add("parse_request", "refuses one document too many", document_limit,
             NULL);
    test_add("parse_request", "refuses one signature too many",
             signature_limit, NULL);
    test_add("parse_request", "refuses every proper prefix", prefixes, NULL);
    for (size_t i = 0; i < COUNT(makings); i++)
        test_add("ask_begin", makings[i].name, case_making, &makings[i]);
    test_add("ask_begin", "refuses an empty request", nothing_to_ask, NULL);
    test_add("request", "refuses every arena that is too small", arenas, NULL);
    for (size_t i = 0; i < COUNT(frames); i++)
        test_add("answer", frames[i].name, case_framed, &frames[i]);
    for (size_t i = 0; i < COUNT(saids); i++)
        test_add("read_said", saids[i].name, case_said, &saids[i]);
    return test_run("mdoc/request");
}
