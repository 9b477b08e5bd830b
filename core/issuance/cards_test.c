/* SPDX-License-Identifier: Apache-2.0 */
/* Cards of every shipped profile: what they say, and how large they are. */
#include "mdoc_fixture.h"
#include "person.h"

#include "issuance/issuance.h"

enum {
    SEALING = 87,   /* docs/formats/card.md section 4 */
    DEMO    = 600,  /* bytes of a code, for people as they are */
    MAXIMA  = 1000, /* and with every field as long as a card takes it */
    NUMBER  = 4711
};

static const uint8_t jpeg[] = {0xff, 0xd8, 0xff, 0xe0, 1, 2, 0xff, 0xd9};
static yao_bytes     chain;

static void make_authority(void)
{
    yao_certificate  issuer;
    yao_x509_request request = forge_request(YAO_X509_ROOT, ROOT_KEY, NULL);

    yao_bytes root = forge_write(&request, ROOT_KEY);
    assert_status(yao_x509_read(root, &issuer), YAO_OK);
    request         = forge_request(YAO_X509_SIGNER, SIGNER_KEY, &issuer);
    request.san_uri = YAO_TEXT("https://authority.localhost:8440");
    chain           = forge_write(&request, ROOT_KEY);
}

static yao_issuance_copy make_copy(void)
{
    yao_issuance_copy copy = {0};

    make_authority();
    copy.device_key = yao_openssl_key_public(forge_key(DEVICE_KEY));
    copy.status_uri =
        YAO_TEXT("https://authority.localhost:8440/statuslists/3");
    copy.status_list  = 3;
    copy.status_index = NUMBER;
    copy.alg          = YAO_ES256;
    copy.chain        = &chain;
    copy.chain_count  = 1;
    return copy;
}

static yao_issuance_document make_document(const yao_definition *definition,
                                           const yao_json       *person)
{
    yao_issuance_input    input = {0};
    yao_issuance_document d     = {0};
    yao_problems          problems;

    input.catalogue       = yao_catalogue_shipped();
    input.definition      = definition;
    input.person          = person;
    input.portrait        = (yao_bytes){jpeg, sizeof jpeg};
    input.portrait_small  = input.portrait;
    input.document_number = YAO_TEXT("N0001");
    input.issuer          = YAO_TEXT("https://authority.localhost:8440");
    input.now             = MDOC_NOW + 3600;
    input.level           = 3;
    input.demo            = true;
    assert_status(yao_issuance_build(test_arena(), &input, &problems, &d),
                  YAO_OK);
    return d;
}

static yao_bytes sign(int key, const yao_sign_wish *wish)
{
    uint8_t *out = yao_arena_take(test_arena(), YAO_MAX_SIGNATURE);
    size_t   len = 0;

    assert_non_null(out);
    assert_status(yao_openssl_sign(forge_key(key), wish, out, &len), YAO_OK);
    return (yao_bytes){out, len};
}

static yao_bytes issue(const yao_issuance_document *d,
                       const yao_card_layout *layout, bool printed)
{
    yao_issuance_copy copy = make_copy();
    yao_card_issuing  issuing;
    yao_bytes         issued;

    assert_status(yao_issuance_card(test_arena(), forge_crypto(), d, &copy,
                                    layout, printed, &issuing),
                  YAO_OK);
    yao_bytes  signature = sign(SIGNER_KEY, &issuing.wish);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_card_put_issued(&w, &issuing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &issued), YAO_OK);
    return issued;
}

static yao_bytes show(yao_bytes issued, bool sealed)
{
    yao_card_moment  moment = yao_card_moment_at(MDOC_NOW + 3600);
    yao_card_showing showing;
    yao_bytes        shown;

    if (sealed)
        assert_status(
            yao_card_moment_of(forge_crypto(), YAO_LIT("challenge"), &moment),
            YAO_OK);
    assert_status(
        yao_card_show(test_arena(), forge_crypto(), issued, &moment, &showing),
        YAO_OK);
    yao_bytes  signature = sign(DEVICE_KEY, &showing.wish);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_card_put_shown(&w, &showing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &shown), YAO_OK);
    return shown;
}

static size_t size_of_code(const yao_issuance_document *d,
                           const yao_card_layout       *layout)
{
    bool sealed = layout->profile->card == YAO_CARD_SEALED;

    return show(issue(d, layout, false), sealed).len + (sealed ? SEALING : 0);
}

/* ---- every field as long as it may be ----------------------------------- */

static size_t longest_code(const yao_code_list *list)
{
    yao_code code;
    size_t   offset = 0, longest = 0;

    while (yao_code_next(list, &offset, &code))
        if (code.code.len > longest)
            longest = code.code.len;
    return longest;
}

/* How a text of the rule may look at its longest; NULL: anything. */
static const char *longest_of(yao_rule rule)
{
    switch (rule) {
    case YAO_RULE_PERSON_NUMBER:
    case YAO_RULE_CITIZEN_NUMBER:
        return "12011919880808901X";
    case YAO_RULE_VIN:
        return "LTEST1A02R0000017";
    case YAO_RULE_PLATE:
        return "津AD12345";
    default:
        return NULL;
    }
}

static void put_longest(yao_writer *w, const yao_element *e)
{
    static char letters[1024];
    const char *fixed  = longest_of(e->rule);
    const char *letter = e->rule == YAO_RULE_LATIN ? "é" : "证";
    uint32_t    count  = e->card_max != 0 ? e->card_max : e->max;

    letters[0] = '\0';
    if (fixed != NULL)
        snprintf(letters, sizeof letters, "%s", fixed);
    else if (e->derive == YAO_DERIVE_SPECIMEN)
        snprintf(letters, sizeof letters, "SPECIMEN");
    else if (e->codes != NULL)
        snprintf(letters, sizeof letters, "%0*d", (int)longest_code(e->codes),
                 0);
    else
        for (uint32_t i = 0; i < count; i++)
            memcpy(letters + i * strlen(letter), letter, strlen(letter) + 1);
    yao_cbor_put_string(w, letters);
}

static yao_bytes longest(const yao_element *e)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  value;

    switch (e->type) {
    case YAO_TYPE_TEXT:
    case YAO_TYPE_CODE:
        put_longest(&w, e);
        break;
    case YAO_TYPE_UINT:
        yao_cbor_put_uint(&w, 9);
        break;
    case YAO_TYPE_BOOL:
        yao_cbor_put_bool(&w, true);
        break;
    default:
        yao_cbor_put_full_date(&w, (yao_date){9999, 12, 31});
        break;
    }
    assert_status(yao_writer_keep(&w, test_arena(), &value), YAO_OK);
    return value;
}

static yao_issuance_document at_maxima(const yao_card_layout *layout)
{
    yao_issuance_document d = {.definition    = layout->definition,
                               .element_count = layout->count};
    yao_mdoc_element     *table =
        yao_arena_take_array(test_arena(), layout->count, sizeof *table);

    assert_non_null(table);
    for (size_t i = 0; i < layout->count; i++)
        table[i] = (yao_mdoc_element){layout->elements[i]->space,
                                      layout->elements[i]->identifier,
                                      longest(layout->elements[i])};
    d.elements = table;
    d.validity = (yao_mdoc_validity){
        MDOC_NOW, MDOC_NOW, MDOC_NOW + 90 * YAO_TIME_DAY, YAO_TIME_NONE};
    d.issuer = YAO_TEXT("https://authority.localhost:8440");
    return d;
}

/* ---- rows --------------------------------------------------------------- */

typedef struct card_row {
    char                  name[128];
    const yao_profile    *profile;
    const yao_definition *definition;
} card_row;

static card_row cards[64];
static size_t   card_count;

static yao_card_layout layout_of(const card_row *r)
{
    yao_card_layout layout;

    assert_status(yao_profile_card(test_arena(), r->profile, r->definition,
                                   YAO_TEXT(""), &layout),
                  YAO_OK);
    return layout;
}

static void fits(void **state)
{
    const card_row       *r      = *state;
    yao_card_layout       layout = layout_of(r);
    yao_issuance_document d      = at_maxima(&layout);
    size_t                most   = size_of_code(&d, &layout);

    d           = make_document(r->definition, person_changed(PERSON_WITH_NET));
    size_t demo = size_of_code(&d, &layout);

    print_message("# %s of %.*s: %zu bytes, at most %zu\n", r->name,
                  (int)r->definition->name.len, r->definition->name.ptr, demo,
                  most);
    assert_true(demo <= DEMO);
    assert_true(most <= MAXIMA);
}

static const card_row *find(const char *profile)
{
    for (size_t i = 0; i < card_count; i++)
        if (yao_text_equal(cards[i].profile->name, yao_text_of(profile)))
            return &cards[i];
    return NULL;
}

static void refuses_a_name_that_is_too_long(void **state)
{
    static char       change[512] = "\"family_name_latin\":\"";
    const card_row   *r           = find("train");
    yao_card_layout   layout      = layout_of(r);
    yao_issuance_copy copy        = make_copy();
    yao_card_issuing  issuing;

    (void)state;
    for (size_t i = 0, end = strlen(change); i < 61; i++)
        change[end + i] = 'A';
    change[strlen(change)]  = '"';
    yao_issuance_document d = make_document(
        r->definition, person_changed("\"family_name_latin\":\"LI\"", change));
    assert_status(yao_issuance_card(test_arena(), forge_crypto(), &d, &copy,
                                    &layout, false, &issuing),
                  YAO_E_LIMIT);
}

/* ---- what they say ------------------------------------------------------ */

static yao_card_unverified read_card(yao_bytes issued, bool sealed)
{
    yao_card_unverified card;

    assert_status(yao_card_parse(test_arena(), show(issued, sealed), &card),
                  YAO_OK);
    return card;
}

static const struct said_row {
    const char    *name, *from, *to; /* of the record */
    yao_card_space space;
    uint64_t       label;
    const char    *hex;
} said[] = {
    {"gives the name to claim 169", "", "", YAO_CARD_169, 4,
     "69 e69d8ee7a4bae4be8b"},
    {"gives the date of birth as claim 169 has it", "", "", YAO_CARD_169, 8,
     "68 3139383830383038"},
    {"gives 1 for a man", "", "", YAO_CARD_169, 9, "01"},
    {"gives 2 for a woman", "\"sex\":1", "\"sex\":2", YAO_CARD_169, 9, "02"},
    {"gives 3 for who has not said", "\"sex\":1", "\"sex\":9", YAO_CARD_169, 9,
     "03"},
    {"gives 3 for who is not known", "\"sex\":1", "\"sex\":0", YAO_CARD_169, 9,
     "03"},
    {"gives dates of its own as the mdoc has them", "", "", YAO_CARD_PRIVATE, 5,
     "d903ec 6a 323034302d30312d3031"},
    {"gives the level", "", "", YAO_CARD_PRIVATE, 13, "03"},
    {"gives the mark of a specimen", "", "", YAO_CARD_PRIVATE, 14,
     "68 53504543494d454e"},
};

static void says(void **state)
{
    const struct said_row *r      = *state;
    const card_row        *card   = find("hotel");
    yao_card_layout        layout = layout_of(card);
    yao_issuance_document  d =
        make_document(card->definition, person_changed(r->from, r->to));
    yao_card_unverified read  = read_card(issue(&d, &layout, false), true);
    bool                found = false;

    for (size_t i = 0; i < read.content.element_count; i++) {
        const yao_card_element *e = &read.content.elements[i];

        if (e->space != r->space || e->label != r->label)
            continue;
        assert_bytes(e->value, test_unhex(r->hex));
        found = true;
    }
    assert_true(found);
}

static const struct end_row {
    const char *name;
    int         days;  /* that the document has left */
    int         lives; /* the card */
} ends[] = {
    {"gives a card a week", 90, 7},
    {"gives a card no longer than its document", 3, 3},
    {"gives a card a week of a document that ends then", 7, 7},
};

static void ends_in_time(void **state)
{
    const struct end_row *r      = *state;
    const card_row       *card   = find("hotel");
    yao_card_layout       layout = layout_of(card);
    yao_issuance_document d =
        make_document(card->definition, person_changed("", ""));

    d.validity.valid_until   = d.validity.signed_at + r->days * YAO_TIME_DAY;
    yao_card_unverified read = read_card(issue(&d, &layout, false), true);
    assert_int_equal(read.content.expires,
                     d.validity.signed_at + r->lives * YAO_TIME_DAY);
    assert_int_equal(read.content.issued_at, d.validity.signed_at);
}

static void says_who_and_where(void **state)
{
    yao_card_layout       layout = layout_of(find("hotel"));
    yao_issuance_document d =
        make_document(layout.definition, person_changed("", ""));
    yao_card_content c = read_card(issue(&d, &layout, false), true).content;

    (void)state;
    assert_true(c.sealed);
    assert_int_equal(c.status, YAO_CARD_STATUS_NUMBER);
    assert_int_equal(c.status_list, 3);
    assert_int_equal(c.status_index, NUMBER);
    assert_true(yao_text_equal(c.profile, YAO_TEXT("hotel")));
    assert_true(yao_text_equal(c.type, layout.definition->vct));
    assert_true(
        yao_text_equal(c.issuer, YAO_TEXT("https://authority.localhost:8440")));

    layout = layout_of(find("age"));
    assert_false(read_card(issue(&d, &layout, false), false).content.sealed);
}

static void gives_no_status_out_of_nowhere(void **state)
{
    yao_card_layout       layout = layout_of(find("age"));
    yao_issuance_document d =
        make_document(layout.definition, person_changed("", ""));
    yao_issuance_copy copy = make_copy();
    yao_card_issuing  made;
    yao_bytes         issued;

    (void)state;
    copy.status_uri.len = 0;
    assert_status(yao_issuance_card(test_arena(), forge_crypto(), &d, &copy,
                                    &layout, false, &made),
                  YAO_OK);
    yao_bytes  signature = sign(SIGNER_KEY, &made.wish);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_card_put_issued(&w, &made, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &issued), YAO_OK);
    assert_int_equal(read_card(issued, false).content.status,
                     YAO_CARD_STATUS_NONE);
}

/* Of a register in earnest no card says SPECIMEN, and none is refused. */
static void leaves_out_a_mark_that_is_not_there(void **state)
{
    yao_card_layout       layout = layout_of(find("age"));
    yao_issuance_document d      = at_maxima(&layout);

    (void)state;
    d.element_count = layout.asked;
    assert_int_equal(
        read_card(issue(&d, &layout, false), false).content.element_count,
        layout.asked);
}

static void prints_for_nobody(void **state)
{
    yao_card_layout       layout = layout_of(find("hotel"));
    yao_issuance_document d =
        make_document(layout.definition, person_changed("", ""));
    yao_card_unverified read;

    (void)state;
    assert_status(
        yao_card_parse_printed(test_arena(), issue(&d, &layout, true), &read),
        YAO_OK);
    assert_int_equal(read.content.device_key.curve, YAO_CURVE_NONE);
    assert_int_equal(read.content.status, YAO_CARD_STATUS_URI);
    assert_int_equal(read.content.status_index, NUMBER);
}

/* A policeman and a turnstile ask what is so today, and who it is. */
static void refuses_paper_where_none_is_allowed(void **state)
{
    yao_card_layout       layout = layout_of(find("police"));
    yao_issuance_document d =
        make_document(layout.definition, person_changed("", ""));
    yao_issuance_copy copy = make_copy();
    yao_card_issuing  made;

    (void)state;
    assert_status(yao_issuance_card(test_arena(), forge_crypto(), &d, &copy,
                                    &layout, true, &made),
                  YAO_E_REFUSED);
    assert_status(yao_issuance_card(test_arena(), forge_crypto(), &d, &copy,
                                    &layout, false, &made),
                  YAO_OK);
}

/* Without a key it would be paper, which nobody asked for. */
static void refuses_an_open_card_without_a_key(void **state)
{
    yao_card_layout       layout = layout_of(find("age"));
    yao_issuance_document d =
        make_document(layout.definition, person_changed("", ""));
    yao_issuance_copy copy = make_copy();
    yao_card_issuing  made;

    (void)state;
    copy.device_key.curve = YAO_CURVE_NONE;
    assert_status(yao_issuance_card(test_arena(), forge_crypto(), &d, &copy,
                                    &layout, false, &made),
                  YAO_E_USAGE);
}

/* Values that no document of ours has: nothing is made of them. */
static const struct wrong_row {
    const char *name, *element, *hex;
} wrongs[] = {
    {"refuses a date of birth that is a text", "birth_date", "61 31"},
    {"refuses a sex that is a text", "sex", "61 31"},
    {"refuses a sex with something behind it", "sex", "01 01"},
    {"refuses a number for an address", "resident_address", "01"},
};

static void refuses_value(void **state)
{
    const struct wrong_row *r      = *state;
    yao_card_layout         layout = layout_of(find("hotel"));
    yao_issuance_document   d      = at_maxima(&layout);
    yao_issuance_copy       copy   = make_copy();
    yao_card_issuing        made;

    for (size_t i = 0; i < layout.count; i++)
        if (yao_text_equal(layout.elements[i]->name, yao_text_of(r->element)))
            ((yao_mdoc_element *)(uintptr_t)&d.elements[i])->value =
                test_unhex(r->hex);
    assert_true(yao_issuance_card(test_arena(), forge_crypto(), &d, &copy,
                                  &layout, false, &made) != YAO_OK);
}

/* ---- refusals ----------------------------------------------------------- */

typedef struct refusal_row {
    const char *name;
    yao_status  want;
    void (*spoil)(yao_issuance_document *d, yao_issuance_copy *copy,
                  yao_card_layout *layout);
} refusal_row;

static void no_key(yao_issuance_document *d, yao_issuance_copy *copy,
                   yao_card_layout *layout)
{
    (void)d;
    (void)layout;
    copy->device_key.curve = YAO_CURVE_NONE;
}

static void no_certificate(yao_issuance_document *d, yao_issuance_copy *copy,
                           yao_card_layout *layout)
{
    (void)d;
    (void)layout;
    copy->chain_count = 0;
}

static void no_issuer(yao_issuance_document *d, yao_issuance_copy *copy,
                      yao_card_layout *layout)
{
    (void)copy;
    (void)layout;
    d->issuer.len = 0;
}

static void no_value(yao_issuance_document *d, yao_issuance_copy *copy,
                     yao_card_layout *layout)
{
    (void)copy;
    (void)layout;
    d->element_count = 0;
}

static void other_document(yao_issuance_document *d, yao_issuance_copy *copy,
                           yao_card_layout *layout)
{
    (void)d;
    (void)copy;
    layout->definition =
        yao_document_by_name(yao_catalogue_shipped(), YAO_TEXT("pass"));
}

static const refusal_row refusals[] = {
    {"refuses a card without a device key", YAO_E_USAGE, no_key},
    {"refuses a card without a signer", YAO_E_USAGE, no_certificate},
    {"refuses a card without an issuer", YAO_E_USAGE, no_issuer},
    {"refuses a card that lacks what is asked", YAO_E_MISSING, no_value},
    {"refuses the layout of another document", YAO_E_USAGE, other_document},
};

static void refuses(void **state)
{
    const refusal_row    *r      = *state;
    const card_row       *card   = find("hotel");
    yao_card_layout       layout = layout_of(card);
    yao_issuance_copy     copy   = make_copy();
    yao_issuance_document d =
        make_document(card->definition, person_changed("", ""));
    yao_card_issuing issuing;

    r->spoil(&d, &copy, &layout);
    assert_status(yao_issuance_card(test_arena(), forge_crypto(), &d, &copy,
                                    &layout, false, &issuing),
                  r->want);
}

static yao_status issue_into(yao_arena *arena, void *context)
{
    yao_issuance_copy copy   = make_copy();
    yao_card_layout   layout = layout_of(find("hotel"));
    yao_card_issuing  issuing;

    return yao_issuance_card(arena, forge_crypto(), context, &copy, &layout,
                             false, &issuing);
}

static void needs_room(void **state)
{
    yao_issuance_document d =
        make_document(find("hotel")->definition, person_changed("", ""));

    (void)state;
    test_every_arena(issue_into, &d, 65536);
}

/* A row for each document of each shipped profile that has a card. */
static void find_cards(void)
{
    const yao_catalogue *c = yao_catalogue_shipped();

    for (size_t i = 0; i < c->profile_count; i++)
        for (size_t k = 0;
             c->profiles[i].card != YAO_CARD_NONE &&
             k < c->profiles[i].ask_count && card_count < COUNT(cards);
             k++) {
            card_row *r = &cards[card_count++];

            r->profile    = &c->profiles[i];
            r->definition = c->profiles[i].asks[k].definition;
            snprintf(r->name, sizeof r->name,
                     "gives a code that can be scanned: %.*s, %.*s",
                     (int)r->profile->name.len, r->profile->name.ptr,
                     (int)r->definition->name.len, r->definition->name.ptr);
        }
}

int main(void)
{
    find_cards();
    for (size_t i = 0; i < card_count; i++)
        test_add("size", cards[i].name, fits, &cards[i]);
    for (size_t i = 0; i < COUNT(said); i++)
        test_add("value", said[i].name, says, (void *)(uintptr_t)&said[i]);
    for (size_t i = 0; i < COUNT(ends); i++)
        test_add("end", ends[i].name, ends_in_time,
                 (void *)(uintptr_t)&ends[i]);
    for (size_t i = 0; i < COUNT(wrongs); i++)
        test_add("value", wrongs[i].name, refuses_value,
                 (void *)(uintptr_t)&wrongs[i]);
    test_add("card", "gives issuer, type, profile and list", says_who_and_where,
             NULL);
    test_add("card", "refuses an open card without a device key",
             refuses_an_open_card_without_a_key, NULL);
    test_add("issuance/cards", "refuses paper for a profile that has none",
             refuses_paper_where_none_is_allowed, NULL);
    test_add("card", "gives no status when none was given",
             gives_no_status_out_of_nowhere, NULL);
    test_add("card", "gives no mark that the document has not",
             leaves_out_a_mark_that_is_not_there, NULL);
    test_add("card", "gives paper no key, and the list's address",
             prints_for_nobody, NULL);
    for (size_t i = 0; i < COUNT(refusals); i++)
        test_add("card", refusals[i].name, refuses,
                 (void *)(uintptr_t)&refusals[i]);
    test_add("card", "refuses a name longer than a card takes",
             refuses_a_name_that_is_too_long, NULL);
    test_add("card", "refuses every arena that is too small", needs_room, NULL);
    return test_run("issuance/cards");
}
