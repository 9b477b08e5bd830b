/* SPDX-License-Identifier: Apache-2.0 */
/* Queries of the catalogue's profiles. */
#include "vp/dcql.h"

#include "support/check.h"

static const yao_profile *profile(const char *name)
{
    const yao_profile *p =
        yao_profile_by_name(yao_catalogue_shipped(), yao_text_of(name));

    assert_non_null(p);
    return p;
}

static yao_dcql_wish wish_of(const char *name, bool sdjwt, bool mdoc)
{
    return (yao_dcql_wish){
        .profile = profile(name), .step = 1, .sdjwt = sdjwt, .mdoc = mdoc};
}

static yao_status make(const yao_dcql_wish *wish, yao_bytes *ret)
{
    yao_dcql_query q;
    yao_writer     w;

    YAO_TRY(yao_dcql_from_profile(test_arena(), wish, &q));
    w = yao_writer_in(test_arena());
    yao_dcql_put(&w, &q);
    return yao_writer_keep(&w, test_arena(), ret);
}

/* ---- whole queries ---- */

#define DOOR_SD                                                                \
    "{\"id\":\"pass-sdjwt\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\"" \
    ":[\"urn:yaopai:pass:1\"]},\"claims\":[{\"path\":[\"pass_id\"]},{\"path\"" \
    ":[\"date_of_issuance\"]},{\"path\":[\"date_of_expiry\"]}]}"
#define DOOR_MD                                                                \
    "{\"id\":\"pass-mdoc\",\"format\":\"mso_mdoc\",\"meta\":{"                 \
    "\"doctype_value\":\"org.yaopai.pass.1\"},\"claims\":[{\"path\":["         \
    "\"org.yaopai.pass.1\",\"pass_id\"]},{\"path\":[\"org.yaopai.pass.1\","    \
    "\"issue_date\"]},{\"path\":[\"org.yaopai.pass.1\",\"expiry_date\"]}]}"

static const struct whole {
    const char *name, *profile;
    bool        sdjwt, mdoc;
    const char *want;
} wholes[] = {
    {"gives a door in one format", "door", true, false,
     "{\"credentials\":[" DOOR_SD "]}"},
    {"gives it in the other", "door", false, true,
     "{\"credentials\":[" DOOR_MD "]}"},
    {"gives both with a choice", "door", true, true,
     "{\"credentials\":[" DOOR_SD "," DOOR_MD "],\"credential_sets\":[{"
     "\"options\":[[\"pass-sdjwt\"],[\"pass-mdoc\"]]}]}"},
};

static void whole_row(void **state)
{
    const struct whole *row  = *state;
    yao_dcql_wish       wish = wish_of(row->profile, row->sdjwt, row->mdoc);
    yao_bytes           one, two;

    assert_status(make(&wish, &one), YAO_OK);
    assert_bytes(one, yao_text_bytes(yao_text_of(row->want)));
    assert_status(make(&wish, &two), YAO_OK);
    assert_bytes(one, two);
}

/* ---- every profile ---- */

/* What is asked stands in the requirements of the profile, and nothing else:
 * PATH as its words with SEPARATOR between. */
static bool is_required(const yao_requirements    *required,
                        const yao_dcql_credential *c,
                        const yao_dcql_claim *claim, bool *yes)
{
    for (size_t i = 0; i < required->count; i++) {
        const yao_requirement *r = &required->items[i];
        yao_writer             w = yao_writer_in(test_arena());
        size_t                 k = c->format == YAO_DCQL_MDOC ? 1 : 0;

        for (size_t j = k; j < claim->path_count; j++) {
            if (j > k)
                yao_put_byte(&w, '.');
            yao_put_bytes(&w, yao_text_bytes(claim->path[j].name));
        }
        bool same = yao_bytes_equal((yao_bytes){w.ptr, w.len},
                                    yao_text_bytes(r->element));
        if (!same || (k == 1 && !yao_text_equal(claim->path[0].name, r->space)))
            continue;
        *yes = r->yes;
        return true;
    }
    return false;
}

static void compare_claims(const yao_dcql_credential *c, const yao_ask *ask,
                           const yao_profile *p)
{
    yao_requirements required;

    assert_status(yao_ask_requirements(test_arena(), ask, YAO_TEXT(""),
                                       c->format == YAO_DCQL_SDJWT, &required),
                  YAO_OK);
    assert_int_equal(c->claim_count, required.count);
    for (size_t i = 0; i < c->claim_count; i++) {
        bool yes = false;

        assert_true(is_required(&required, c, &c->claims[i], &yes));
        assert_int_equal(c->claims[i].value_count != 0, yes);
        assert_int_equal(c->claims[i].retain,
                         c->format == YAO_DCQL_MDOC && p->retention != 0);
    }
}

static void compare_profile(const yao_profile *p, uint32_t step)
{
    const yao_dcql_wish wish = {
        .profile = p, .step = step, .sdjwt = true, .mdoc = true};
    yao_dcql_query q, again;
    yao_writer     w;
    yao_bytes      json;
    size_t         at = 0, set = 0;

    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_dcql_put(&w, &q);
    assert_status(yao_writer_keep(&w, test_arena(), &json), YAO_OK);
    assert_status(yao_dcql_parse(test_arena(), json, &again), YAO_OK);
    assert_int_equal(again.credential_count, q.credential_count);
    for (size_t i = 0; i < p->ask_count; i++) {
        const yao_ask *ask = &p->asks[i];

        if (ask->step != step)
            continue;
        assert_int_equal(q.sets[set].optional, ask->optional);
        for (size_t o = 0; o < q.sets[set].option_count; o++) {
            const yao_dcql_credential *c = &q.credentials[at];

            assert_int_equal(q.sets[set].options[o], 1u << at);
            assert_true(
                yao_text_equal(c->types[0], c->format == YAO_DCQL_MDOC
                                                ? ask->definition->doc_type
                                                : ask->definition->vct));
            compare_claims(c, ask, p);
            at++;
        }
        set++;
    }
    assert_int_equal(at, q.credential_count);
    assert_int_equal(set, q.set_count);
}

static bool has_step(const yao_profile *p, uint32_t step)
{
    for (size_t i = 0; i < p->ask_count; i++)
        if (p->asks[i].step == step)
            return true;
    return false;
}

static void gives_each_profile(void **state)
{
    const yao_catalogue *c = yao_catalogue_shipped();

    (void)state;
    for (size_t i = 0; i < c->profile_count; i++)
        for (uint32_t step = 1; step <= 2; step++)
            if (has_step(&c->profiles[i], step) && !c->profiles[i].match_only)
                compare_profile(&c->profiles[i], step);
}

/* ---- choices, known values ---- */

static void gives_the_choice(void **state)
{
    yao_dcql_wish  wish = wish_of("age", true, true);
    yao_dcql_query q;

    (void)state;
    wish.choice = YAO_TEXT("age_over_60");
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q), YAO_OK);
    for (size_t i = 0; i < q.credential_count; i++) {
        const yao_dcql_credential *c    = &q.credentials[i];
        const yao_dcql_claim      *last = &c->claims[c->claim_count - 1];
        yao_text                   name = last->path[last->path_count - 1].name;

        assert_true(yao_text_equal(name, YAO_TEXT("age_over_60")) ||
                    yao_text_equal(name, YAO_TEXT("60")));
        assert_int_equal(last->value_count, 1);
        assert_int_equal(last->values[0].kind, YAO_JSON_BOOL);
        assert_true(last->values[0].truth);
    }
    wish.choice = YAO_TEXT("age_over_99");
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q),
                  YAO_E_NOT_FOUND);
}

static void gives_only_what_is_known_to_who_compares(void **state)
{
    static const yao_dcql_known known[] = {
        {YAO_INIT("full_name"),
         {.kind = YAO_JSON_STRING, .text = YAO_INIT("\xe5\xbc\xa0")}},
        {YAO_INIT("id_number"),
         {.kind = YAO_JSON_STRING, .text = YAO_INIT("110101199001010007")}}};
    yao_dcql_wish  wish = wish_of("identity", true, true);
    yao_dcql_query q;

    (void)state;
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q),
                  YAO_E_MISSING);
    wish.known       = known;
    wish.known_count = 1;
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q),
                  YAO_E_MISSING);
    wish.known_count = 2;
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q), YAO_OK);
    for (size_t i = 0; i < q.credential_count; i++)
        for (size_t j = 0; j < 2; j++) {
            const yao_dcql_claim *claim = &q.credentials[i].claims[j];

            assert_int_equal(claim->value_count, 1);
            assert_true(
                yao_text_equal(claim->values[0].text, known[j].value.text));
        }
}

static void gives_the_roots(void **state)
{
    static const yao_bytes roots[] = {YAO_INIT("\x01\x02"), YAO_INIT("\xff")};
    yao_dcql_wish          wish    = wish_of("door", true, false);
    yao_bytes              json;

    (void)state;
    wish.authorities     = roots;
    wish.authority_count = 2;
    assert_status(make(&wish, &json), YAO_OK);
    static const char want[] = "\"trusted_authorities\":[{\"type\":\"aki\","
                               "\"values\":[\"AQI\",\"_w\"]}]";
    bool              found  = false;
    for (size_t i = 0; i + sizeof want - 1 <= json.len; i++)
        found = found || memcmp(json.ptr + i, want, sizeof want - 1) == 0;
    assert_true(found);
    wish.authority_count = YAO_DCQL_MAX_VALUES + 1;
    assert_status(make(&wish, &json), YAO_E_LIMIT);
}

/* A mortgage asks twice for the booklet, and names both. */
static void gives_two_asks_of_a_document_two_names(void **state)
{
    static const char *const ids[] = {
        "resident_id-mdoc", "household_booklet-mdoc",
        "household_booklet-2-mdoc", "residence_permit-mdoc"};
    yao_dcql_wish  wish = wish_of("mortgage", false, true);
    yao_dcql_query q;

    (void)state;
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q), YAO_OK);
    assert_int_equal(q.credential_count, COUNT(ids));
    for (size_t i = 0; i < COUNT(ids); i++)
        assert_true(yao_text_equal(q.credentials[i].id, yao_text_of(ids[i])));
    assert_int_equal(q.set_count, 4);
    assert_false(q.sets[1].optional);
    assert_true(q.sets[2].optional && q.sets[3].optional);
    assert_true(yao_text_equal(q.credentials[2].claims[0].path[0].name,
                               YAO_TEXT("org.yaopai.household_booklet.1.m02")));
}

/* ---- errors ---- */

static void refuses_what_cannot_be_asked(void **state)
{
    yao_dcql_wish  wish = wish_of("door", false, false);
    yao_dcql_query q;

    (void)state;
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q), YAO_E_USAGE);
    wish      = wish_of("door", true, false);
    wish.step = 2;
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q),
                  YAO_E_NOT_FOUND);
}

/* Elements that stand in one of the formats only. */
static void gives_a_format_that_has_all(void **state)
{
    static const yao_element elements[] = {
        {.name       = YAO_INIT("both"),
         .space      = YAO_INIT("s"),
         .identifier = YAO_INIT("both"),
         .claim      = YAO_INIT("both")},
        {.name       = YAO_INIT("mdoc"),
         .space      = YAO_INIT("s"),
         .identifier = YAO_INIT("mdoc")},
        {.name = YAO_INIT("sdjwt"), .claim = YAO_INIT("a.b")}};
    static const yao_definition d       = {.name          = YAO_INIT("d"),
                                           .doc_type      = YAO_INIT("type"),
                                           .vct           = YAO_INIT("vct"),
                                           .elements      = elements,
                                           .element_count = COUNT(elements)};
    static const yao_text       names[] = {YAO_INIT("both"), YAO_INIT("mdoc"),
                                           YAO_INIT("sdjwt")};
    yao_ask ask = {.definition    = &d,
                   .elements      = names,
                   .element_count = 2,
                   .step          = 1};
    yao_profile   p    = {.asks = &ask, .ask_count = 1};
    yao_dcql_wish wish = {
        .profile = &p, .step = 1, .sdjwt = true, .mdoc = true};
    yao_dcql_query q;

    (void)state;
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q), YAO_OK);
    assert_int_equal(q.credential_count, 1);
    assert_int_equal(q.credentials[0].format, YAO_DCQL_MDOC);
    wish.mdoc = false;
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q),
                  YAO_E_UNSUPPORTED);
    wish.mdoc         = true;
    ask.element_count = 3;
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q),
                  YAO_E_UNSUPPORTED);
    ask.elements      = names + 2;
    ask.element_count = 1;
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q), YAO_OK);
    assert_int_equal(q.credentials[0].format, YAO_DCQL_SDJWT);
    assert_int_equal(q.credentials[0].claims[0].path_count, 2);
}

static void refuses_more_than_the_limits(void **state)
{
    static const yao_element    element = {.name       = YAO_INIT("e"),
                                           .space      = YAO_INIT("s"),
                                           .identifier = YAO_INIT("e"),
                                           .claim      = YAO_INIT("e")};
    static const yao_definition d       = {.name          = YAO_INIT("d"),
                                           .doc_type      = YAO_INIT("type"),
                                           .vct           = YAO_INIT("vct"),
                                           .elements      = &element,
                                           .element_count = 1};
    static yao_text             names[YAO_DCQL_MAX_CLAIMS + 1];
    yao_ask                     asks[YAO_DCQL_MAX_CREDENTIALS / 2 + 1];
    yao_profile   p    = {.asks = asks, .ask_count = COUNT(asks) - 1};
    yao_dcql_wish wish = {
        .profile = &p, .step = 1, .sdjwt = true, .mdoc = true};
    yao_dcql_query q;

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        names[i] = YAO_TEXT("e");
    for (size_t i = 0; i < COUNT(asks); i++)
        asks[i] = (yao_ask){
            .definition = &d, .elements = names, .element_count = 1, .step = 1};
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q), YAO_OK);
    assert_int_equal(q.credential_count, YAO_DCQL_MAX_CREDENTIALS);
    p.ask_count++;
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q), YAO_E_LIMIT);
    p.ask_count           = 1;
    asks[0].element_count = YAO_DCQL_MAX_CLAIMS;
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q), YAO_OK);
    asks[0].element_count++;
    assert_status(yao_dcql_from_profile(test_arena(), &wish, &q), YAO_E_LIMIT);
}

static yao_status make_in(yao_arena *arena, void *context)
{
    yao_dcql_query q;

    return yao_dcql_from_profile(arena, context, &q);
}

static void gives_space_in_every_arena(void **state)
{
    static const yao_bytes root = YAO_INIT("\x01");
    yao_dcql_wish          wish = wish_of("mortgage", true, true);

    (void)state;
    wish.authorities     = &root;
    wish.authority_count = 1;
    test_every_arena(make_in, &wish, 64 * 1024);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(wholes); i++)
        test_add("profile", wholes[i].name, whole_row, &wholes[i]);
    test_add("profile", "gives each of the catalogue what it asks",
             gives_each_profile, NULL);
    test_add("profile", "gives the choice that was made", gives_the_choice,
             NULL);
    test_add("profile", "never asks who compares for what he does not hold",
             gives_only_what_is_known_to_who_compares, NULL);
    test_add("profile", "gives the roots that are trusted", gives_the_roots,
             NULL);
    test_add("profile", "gives two asks of a document two names",
             gives_two_asks_of_a_document_two_names, NULL);
    test_add("profile", "refuses what cannot be asked",
             refuses_what_cannot_be_asked, NULL);
    test_add("profile", "gives a format that has all elements",
             gives_a_format_that_has_all, NULL);
    test_add("profile", "refuses more than the limits",
             refuses_more_than_the_limits, NULL);
    test_add("profile", "gives YAO_E_SPACE in every arena that is too small",
             gives_space_in_every_arena, NULL);
    return test_run("vp/dcql_profile");
}
