/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped catalogue: complete, consistent, and the same when loaded. */
#include "check.h"

#include <dirent.h>
#include <stdio.h>

#include "document/document.h"

enum { MAX_FILES = 100 };

static yao_document_file files[MAX_FILES];
static size_t            file_count;
static char              paths[MAX_FILES][256];

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The files of FOLDER that end in SUFFIX, sorted as the packer sorts them. */
static void find_files(const char *folder, const char *suffix)
{
    const char *root = getenv("YAOPAI_SOURCE");
    char        full[4096];
    size_t      first = file_count;

    snprintf(full, sizeof full, "%s/%s", root != NULL ? root : ".", folder);
    DIR *dir = opendir(full);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        size_t len = strlen(entry->d_name), tail = strlen(suffix);

        if (len <= tail || strcmp(entry->d_name + len - tail, suffix) != 0)
            continue;
        assert_true(file_count < MAX_FILES);
        snprintf(paths[file_count++], sizeof paths[0], "%s/%.200s", folder,
                 entry->d_name);
    }
    closedir(dir);
    qsort(paths + first, file_count - first, sizeof paths[0], compare_names);
}

static void read_files(void)
{
    file_count = 0;
    find_files("documents/codes", ".csv");
    find_files("documents", ".json");
    find_files("profiles", ".json");
    for (size_t i = 0; i < file_count; i++)
        files[i] =
            (yao_document_file){yao_text_of(paths[i]), test_file(paths[i])};
}

static yao_catalogue load_shipped(void)
{
    yao_catalogue        c       = {0};
    yao_document_trouble trouble = {0};

    read_files();
    yao_status status =
        yao_document_load(test_arena(), NULL, files, file_count, &c, &trouble);
    if (status != YAO_OK)
        fail_msg("%.*s: %.*s: %s", (int)trouble.path.len, trouble.path.ptr,
                 (int)trouble.where.len, trouble.where.ptr, trouble.what);
    return c;
}

/* ---- loaded == packed ---- */

static void same_text(yao_text a, yao_text b)
{
    assert_bytes(yao_text_bytes(a), yao_text_bytes(b));
}

static void same_label(yao_label a, yao_label b)
{
    same_text(a.zh, b.zh);
    same_text(a.en, b.en);
}

static void same_texts(const yao_text *a, size_t count, const yao_text *b,
                       size_t others)
{
    assert_int_equal(count, others);
    for (size_t i = 0; i < count; i++)
        same_text(a[i], b[i]);
}

static void same_value(const yao_element *a, const yao_element *b)
{
    same_text(a->name, b->name);
    same_label(a->label, b->label);
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->derive, b->derive);
    assert_int_equal(a->argument, b->argument);
    same_text(a->from, b->from);
    same_text(a->fallback, b->fallback);
    assert_int_equal(a->rule, b->rule);
    assert_int_equal(a->max, b->max);
    assert_int_equal(a->mandatory, b->mandatory);
    assert_int_equal(a->codes == NULL, b->codes == NULL);
    if (a->codes != NULL)
        same_text(a->codes->name, b->codes->name);
}

static void same_element(const yao_element *a, const yao_element *b)
{
    same_value(a, b);
    same_text(a->space, b->space);
    same_text(a->identifier, b->identifier);
    same_texts(a->aliases, a->alias_count, b->aliases, b->alias_count);
    same_text(a->claim, b->claim);
    same_text(a->group, b->group);
    assert_int_equal(a->sensitive, b->sensitive);
    assert_int_equal(a->always, b->always);
    assert_int_equal(a->member, b->member);
    assert_int_equal(a->open, b->open);
    assert_int_equal(a->card, b->card);
    assert_int_equal(a->claim_169, b->claim_169);
    assert_int_equal(a->card_max, b->card_max);
    assert_int_equal(a->part_count, b->part_count);
    for (size_t i = 0; i < a->part_count; i++)
        same_value(&a->parts[i], &b->parts[i]);
}

static void same_definition(const yao_definition *a, const yao_definition *b)
{
    same_text(a->name, b->name);
    same_label(a->title, b->title);
    same_text(a->doc_type, b->doc_type);
    same_text(a->vct, b->vct);
    assert_int_equal(a->role, b->role);
    assert_int_equal(a->entitlement, b->entitlement);
    same_text(a->record, b->record);
    same_text(a->until, b->until);
    same_text(a->long_term, b->long_term);
    assert_int_equal(a->days, b->days);
    assert_int_equal(a->suspends, b->suspends);
    assert_int_equal(a->alias_count, b->alias_count);
    for (size_t i = 0; i < a->alias_count; i++) {
        same_text(a->aliases[i].older, b->aliases[i].older);
        same_text(a->aliases[i].name, b->aliases[i].name);
    }
    assert_int_equal(a->element_count, b->element_count);
    for (size_t i = 0; i < a->element_count; i++)
        same_element(&a->elements[i], &b->elements[i]);
}

static void same_profile(const yao_profile *a, const yao_profile *b)
{
    same_text(a->name, b->name);
    same_label(a->title, b->title);
    same_label(a->purpose, b->purpose);
    same_label(a->legal_basis, b->legal_basis);
    assert_int_equal(a->retention, b->retention);
    assert_int_equal(a->level, b->level);
    assert_int_equal(a->card, b->card);
    assert_int_equal(a->card_days, b->card_days);
    assert_int_equal(a->paper_days, b->paper_days);
    assert_int_equal(a->card_portrait, b->card_portrait);
    assert_int_equal(a->match_only, b->match_only);
    assert_int_equal(a->live_state, b->live_state);
    assert_int_equal(a->officer, b->officer);
    assert_int_equal(a->ask_count, b->ask_count);
    for (size_t i = 0; i < a->ask_count; i++) {
        const yao_ask *x = &a->asks[i], *y = &b->asks[i];

        same_text(x->definition->name, y->definition->name);
        same_texts(x->elements, x->element_count, y->elements,
                   y->element_count);
        same_texts(x->choices, x->choice_count, y->choices, y->choice_count);
        same_texts(x->on_card, x->on_card_count, y->on_card, y->on_card_count);
        assert_int_equal(x->step, y->step);
        assert_int_equal(x->optional, y->optional);
    }
}

static void loaded_is_packed(void **state)
{
    const yao_catalogue *packed = yao_catalogue_shipped();
    yao_catalogue        loaded = load_shipped();

    (void)state;
    assert_int_equal(loaded.list_count, packed->list_count);
    for (size_t i = 0; i < loaded.list_count; i++) {
        same_text(loaded.lists[i].name, packed->lists[i].name);
        assert_int_equal(loaded.lists[i].count, packed->lists[i].count);
        assert_bytes(loaded.lists[i].rows, packed->lists[i].rows);
    }
    assert_int_equal(loaded.group_count, packed->group_count);
    for (size_t i = 0; i < loaded.group_count; i++) {
        same_text(loaded.groups[i].name, packed->groups[i].name);
        same_label(loaded.groups[i].label, packed->groups[i].label);
    }
    assert_int_equal(loaded.definition_count, packed->definition_count);
    for (size_t i = 0; i < loaded.definition_count; i++)
        same_definition(&loaded.definitions[i], &packed->definitions[i]);
    assert_int_equal(loaded.profile_count, packed->profile_count);
    for (size_t i = 0; i < loaded.profile_count; i++)
        same_profile(&loaded.profiles[i], &packed->profiles[i]);
}

/* ---- what the catalogue holds ---- */

static const struct type_row {
    const char *name, *doc_type, *vct;
} types[] = {
    {"resident_id", "org.iso.23220.photoid.1", "urn:yaopai:resident_id:1"},
    {"driving_licence", "org.iso.18013.5.1.mDL",
     "urn:yaopai:driving_licence:1"},
    {"vehicle_registration", "org.iso.7367.1.mVRC",
     "urn:yaopai:vehicle_registration:1"},
    {"residence_permit", "org.yaopai.residence_permit.1",
     "urn:yaopai:residence_permit:1"},
    {"household_booklet", "org.yaopai.household_booklet.1",
     "urn:yaopai:household_booklet:1"},
};

static void has_type(void **state)
{
    const struct type_row *r = *state;
    const yao_catalogue   *c = yao_catalogue_shipped();
    const yao_definition  *d = yao_document_by_name(c, yao_text_of(r->name));

    assert_non_null(d);
    assert_ptr_equal(yao_document_by_type(c, yao_text_of(r->doc_type)), d);
    assert_ptr_equal(yao_document_by_type(c, yao_text_of(r->vct)), d);
}

/* Every mandatory identifier of ISO/IEC 18013-5 table 20 and of 23220-4 table
 * C.1, of which `portrait_capture_date` and the like are optional. */
static const struct place {
    const char *name, *document, *space, *identifier, *claim, *element;
} places[] = {
#define MDL(id, claim, element)                                                \
    {"mDL " id, "driving_licence", "org.iso.18013.5.1", id, claim, element}
#define PID(id, claim, element)                                                \
    {"photo ID " id, "resident_id", "org.iso.23220.1", id, claim, element}
#define VRC(id, claim, element)                                                \
    {"mVRC " id, "vehicle_registration", "org.iso.7367.1", id, claim, element}
    MDL("family_name", "family_name_latin", "family_name"),
    MDL("given_name", "given_name_latin", "given_name"),
    MDL("birth_date", "birthdate", "birth_date"),
    MDL("issue_date", "date_of_issuance", "issue_date"),
    MDL("expiry_date", "date_of_expiry", "expiry_date"),
    MDL("issuing_country", "issuing_country", "issuing_country"),
    MDL("issuing_authority", "issuing_authority_latin",
        "issuing_authority_latin"),
    MDL("document_number", "document_number", "document_number"),
    MDL("portrait", "picture", "portrait"),
    MDL("driving_privileges", "driving_privileges", "driving_privileges"),
    MDL("un_distinguishing_sign", "un_distinguishing_sign",
        "un_distinguishing_sign"),
    PID("family_name", "family_name", "family_name"),
    PID("given_name", "given_name", "given_name"),
    PID("birth_date", "birthdate", "birth_date"),
    PID("portrait", "picture", "portrait"),
    PID("issue_date", "date_of_issuance", "issue_date"),
    PID("expiry_date", "date_of_expiry", "expiry_date"),
    PID("issuing_authority", "issuing_authority", "issuing_authority"),
    PID("issuing_country", "issuing_country", "issuing_country"),
    PID("age_over_18", "age_equal_or_over.18", "age_over_18"),
    VRC("registration_number", "registration_number", "registration_number"),
    VRC("date_of_registration", "date_of_registration", "date_of_registration"),
    VRC("vehicle_identification_number", "vehicle_identification_number",
        "vehicle_identification_number"),
    VRC("un_distinguishing_sign", "un_distinguishing_sign",
        "un_distinguishing_sign"),
    VRC("vehicle_holder", "vehicle_holder", "vehicle_holder"),
    VRC("basic_vehicle_info", "basic_vehicle_info", "basic_vehicle_info"),
    VRC("mass_info", "mass_info", "mass_info"),
};

static void has_place(void **state)
{
    const struct place   *r = *state;
    const yao_definition *d =
        yao_document_by_name(yao_catalogue_shipped(), yao_text_of(r->document));
    const yao_element *e = yao_document_named(d, yao_text_of(r->element));

    assert_non_null(e);
    assert_true(e->mandatory);
    assert_ptr_equal(yao_document_element(d, yao_text_of(r->space),
                                          yao_text_of(r->identifier)),
                     e);
    assert_ptr_equal(yao_document_claim(d, yao_text_of(r->claim)), e);
}

static void knows_older_names(void **state)
{
    const yao_catalogue  *c = yao_catalogue_shipped();
    const yao_definition *d =
        yao_document_by_type(c, YAO_TEXT("org.iso.23220.photoID.1"));

    (void)state;
    assert_ptr_equal(d, yao_document_by_name(c, YAO_TEXT("resident_id")));
    assert_non_null(yao_document_element(d, YAO_TEXT("org.iso.23220.photoID.1"),
                                         YAO_TEXT("person_id")));
    assert_ptr_equal(yao_document_element(d, YAO_TEXT("org.iso.23220.1"),
                                          YAO_TEXT("family_name_unicode")),
                     yao_document_named(d, YAO_TEXT("family_name")));
    assert_null(yao_document_element(d, YAO_TEXT("org.iso.23220.2"),
                                     YAO_TEXT("family_name")));
    assert_null(yao_document_element(d, YAO_TEXT("org.iso.23220.1"),
                                     YAO_TEXT("person_id")));
    assert_non_null(yao_document_by_type(c, YAO_TEXT("org.iso.7367.1.mVC")));
    assert_null(yao_document_by_type(c, YAO_TEXT("org.example.1")));
}

static void finds_pages(void **state)
{
    const yao_definition *d = yao_document_by_name(
        yao_catalogue_shipped(), YAO_TEXT("household_booklet"));
    yao_text relation = YAO_TEXT("relation");

    (void)state;
    const yao_element *e = yao_document_named(d, YAO_TEXT("m02.relation"));
    assert_non_null(e);
    assert_ptr_equal(
        yao_document_element(d, YAO_TEXT("org.yaopai.household_booklet.1.m17"),
                             relation),
        e);
    assert_ptr_equal(yao_document_claim(d, YAO_TEXT("m17.relation")), e);
    assert_null(yao_document_named(d, relation));
    assert_null(yao_document_element(
        d, YAO_TEXT("org.yaopai.household_booklet.1.m00"), relation));
    assert_null(yao_document_element(
        d, YAO_TEXT("org.yaopai.household_booklet.1"), relation));
    assert_null(yao_document_claim(d, YAO_TEXT("m1x.relation")));
    assert_null(yao_document_claim(d, YAO_TEXT("relation")));
}

static void every_element(void (*check)(const yao_definition *d,
                                        const yao_element    *e))
{
    const yao_catalogue *c = yao_catalogue_shipped();

    for (size_t i = 0; i < c->definition_count; i++)
        for (size_t k = 0; k < c->definitions[i].element_count; k++)
            check(&c->definitions[i], &c->definitions[i].elements[k]);
}

static bool has_chinese(yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= 0xe3)
            return true;
    return false;
}

static void check_labels(const yao_definition *d, const yao_element *e)
{
    (void)d;
    assert_true(has_chinese(e->label.zh));
    assert_true(e->label.en.len != 0 && !has_chinese(e->label.en));
    assert_non_null(yao_group_by_name(yao_catalogue_shipped(), e->group));
    for (size_t i = 0; i < e->part_count; i++)
        assert_true(has_chinese(e->parts[i].label.zh) &&
                    !has_chinese(e->parts[i].label.en));
}

static void labels_are_complete(void **state)
{
    const yao_catalogue *c = yao_catalogue_shipped();

    (void)state;
    every_element(check_labels);
    for (size_t i = 0; i < c->definition_count; i++)
        assert_true(has_chinese(c->definitions[i].title.zh));
    for (size_t i = 0; i < c->profile_count; i++) {
        const yao_profile *p = &c->profiles[i];

        assert_true(has_chinese(p->title.zh) && has_chinese(p->purpose.zh));
        assert_true(has_chinese(p->legal_basis.zh));
        assert_true(!has_chinese(p->legal_basis.en));
    }
    yao_label half = {YAO_INIT("省"), {NULL, 0}};
    same_text(yao_label_in(half, YAO_EN), half.zh);
}

static void check_sensitive(const yao_definition *d, const yao_element *e)
{
    static const char *const names[] = {
        "id_number", "licence_number",   "portrait",        "religion",
        "address",   "marital_status",   "former_name",     "blood_type",
        "ethnicity", "military_service", "resident_address"};

    (void)d;
    for (size_t i = 0; i < COUNT(names); i++)
        if (yao_text_equal(e->name, yao_text_of(names[i])))
            assert_true(e->sensitive);
    assert_false(e->sensitive && e->always);
}

static void knows_what_is_sensitive(void **state)
{
    (void)state;
    every_element(check_sensitive);
}

static void every_document_says_specimen(void **state)
{
    const yao_catalogue *c = yao_catalogue_shipped();

    (void)state;
    for (size_t i = 0; i < c->definition_count; i++) {
        const yao_element *e =
            yao_document_named(&c->definitions[i], YAO_TEXT("specimen"));

        assert_non_null(e);
        assert_int_equal(e->derive, YAO_DERIVE_SPECIMEN);
        assert_true(e->always && e->space.len != 0);
        assert_true(
            yao_bytes_starts(yao_text_bytes(e->space), YAO_LIT("org.yaopai.")));
    }
}

static void portraits_have_a_small_one(void **state)
{
    const yao_catalogue *c = yao_catalogue_shipped();

    (void)state;
    for (size_t i = 0; i < c->definition_count; i++) {
        const yao_definition *d = &c->definitions[i];
        const yao_element    *small;

        if (yao_document_named(d, YAO_TEXT("portrait")) == NULL)
            continue;
        small = yao_document_named(d, YAO_TEXT("portrait_small"));
        assert_non_null(small);
        assert_int_equal(small->max, 2048);
    }
}

/* ---- code lists ---- */

static void finds_every_code(void **state)
{
    const yao_catalogue *c = yao_catalogue_shipped();

    (void)state;
    for (size_t i = 0; i < c->list_count; i++) {
        const yao_code_list *list   = &c->lists[i];
        size_t               offset = 0, count = 0;
        yao_code             row, found;

        while (yao_code_next(list, &offset, &row)) {
            assert_true(yao_code_find(list, row.code, &found));
            same_label(found.label, row.label);
            same_text(found.mapped, row.mapped);
            assert_true(row.label.zh.len != 0);
            count++;
        }
        assert_int_equal(count, list->count);
    }
}

static void finds_no_other_code(void **state)
{
    const yao_catalogue *c    = yao_catalogue_shipped();
    const yao_code_list *list = yao_codes_by_name(c, YAO_TEXT("relation"));
    yao_code             row  = {0};

    (void)state;
    assert_false(yao_code_find(list, YAO_TEXT(""), &row));
    assert_false(yao_code_find(list, YAO_TEXT("00"), &row));
    assert_false(yao_code_find(list, YAO_TEXT("1"), &row));
    assert_false(yao_code_find(list, YAO_TEXT("10,"), &row));
    assert_false(yao_code_find(list, YAO_TEXT("zz"), &row));
    assert_null(row.code.ptr);
    assert_false(yao_code_find(NULL, YAO_TEXT("10"), &row));
    assert_null(yao_codes_by_name(c, YAO_TEXT("no such list")));
    assert_true(yao_code_find(list, YAO_TEXT("12"), &row));
    same_text(yao_label_in(row.label, YAO_EN), YAO_TEXT("wife"));
    same_text(row.mapped, YAO_TEXT("2"));
}

/* ---- profiles ---- */

static void profiles_ask_what_exists(void **state)
{
    const yao_catalogue *c = yao_catalogue_shipped();

    (void)state;
    for (size_t i = 0; i < c->profile_count; i++)
        for (size_t k = 0; k < c->profiles[i].ask_count; k++) {
            const yao_ask *ask = &c->profiles[i].asks[k];

            for (size_t n = 0; n < ask->element_count; n++)
                assert_non_null(
                    yao_document_named(ask->definition, ask->elements[n]));
        }
}

/* An open card can be replayed: nothing sensitive is on it. */
static void open_cards_carry_nothing_sensitive(void **state)
{
    const yao_catalogue *c = yao_catalogue_shipped();

    (void)state;
    for (size_t i = 0; i < c->profile_count; i++) {
        const yao_profile *p = &c->profiles[i];

        for (size_t k = 0; p->card == YAO_CARD_OPEN && k < p->ask_count; k++)
            for (size_t n = 0; n < p->asks[k].element_count; n++) {
                const yao_element *e = yao_document_named(
                    p->asks[k].definition, p->asks[k].elements[n]);
                assert_false(e->sensitive);
            }
    }
}

static const struct profile_row {
    const char   *name;
    yao_card_kind card;
    bool          match_only;
} profiles[] = {
    {"hotel", YAO_CARD_SEALED, false},
    {"police", YAO_CARD_SEALED, false},
    {"road_check", YAO_CARD_SEALED, false},
    {"identity", YAO_CARD_SEALED, true},
    {"mortgage", YAO_CARD_NONE, false},
    {"age", YAO_CARD_OPEN, false},
    {"train", YAO_CARD_SEALED, false},
    {"flight", YAO_CARD_SEALED, false},
    {"hospital", YAO_CARD_SEALED, false},
    {"government", YAO_CARD_SEALED, false},
    {"parcel", YAO_CARD_NONE, true},
    {"door", YAO_CARD_SEALED, false},
};

static void has_profile(void **state)
{
    const struct profile_row *r = *state;
    const yao_profile        *p =
        yao_profile_by_name(yao_catalogue_shipped(), yao_text_of(r->name));

    assert_non_null(p);
    assert_int_equal(p->card, r->card);
    assert_int_equal(p->match_only, r->match_only);
    assert_false(p->card_portrait);
}

static yao_requirements require(const char *profile, uint32_t step,
                                const char *choice, bool sdjwt)
{
    yao_requirements r = {NULL, 0};

    assert_status(
        yao_profile_requirements(test_arena(),
                                 yao_profile_by_name(yao_catalogue_shipped(),
                                                     yao_text_of(profile)),
                                 step, yao_text_of(choice), sdjwt, &r),
        YAO_OK);
    return r;
}

static void requires_places(void **state)
{
    (void)state;
    yao_requirements r = require("mortgage", 1, NULL, false);
    assert_int_equal(r.count, 14);
    same_text(r.items[10].type, YAO_TEXT("org.yaopai.household_booklet.1"));
    same_text(r.items[10].space,
              YAO_TEXT("org.yaopai.household_booklet.1.m01"));
    same_text(r.items[10].element, YAO_TEXT("name"));
    r = require("mortgage", 1, NULL, true);
    same_text(r.items[10].type, YAO_TEXT("urn:yaopai:household_booklet:1"));
    same_text(r.items[10].element, YAO_TEXT("m01.name"));
    assert_int_equal(r.items[10].space.len, 0);
    assert_int_equal(require("road_check", 2, NULL, false).count, 5);
}

/* One ask alone, also an optional one. */
static void requires_of_an_ask(void **state)
{
    const yao_catalogue *c = yao_catalogue_shipped();
    const yao_profile   *p = yao_profile_by_name(c, YAO_TEXT("mortgage"));
    const yao_profile   *a = yao_profile_by_name(c, YAO_TEXT("age"));
    yao_arena            none = {NULL, 0, 0};
    yao_requirements     r    = {NULL, 7};

    (void)state;
    assert_true(p->asks[2].optional);
    assert_status(yao_ask_requirements(test_arena(), &p->asks[2], YAO_TEXT(""),
                                       false, &r),
                  YAO_OK);
    assert_int_equal(r.count, 3);
    same_text(r.items[0].space,
              YAO_TEXT("org.yaopai.household_booklet.1.m02"));
    assert_status(yao_ask_requirements(test_arena(), &a->asks[0],
                                       YAO_TEXT("age_over_14"), true, &r),
                  YAO_OK);
    assert_int_equal(r.count, 2);
    same_text(r.items[1].element, YAO_TEXT("age_equal_or_over.14"));
    assert_true(r.items[1].yes);
    assert_status(yao_ask_requirements(test_arena(), &a->asks[0],
                                       YAO_TEXT("age_over_21"), true, &r),
                  YAO_E_NOT_FOUND);
    assert_status(yao_ask_requirements(&none, &a->asks[0], YAO_TEXT(""), true,
                                       &r),
                  YAO_E_SPACE);
    assert_int_equal(r.count, 2);
}

static void requires_a_choice(void **state)
{
    const yao_catalogue *c     = yao_catalogue_shipped();
    const yao_profile   *age   = yao_profile_by_name(c, YAO_TEXT("age"));
    yao_arena            none  = {NULL, 0, 0};
    yao_text             empty = {NULL, 0};
    yao_requirements     r;

    (void)state;
    r = require("age", 1, NULL, false);
    assert_int_equal(r.count, 2);
    same_text(r.items[1].element, YAO_TEXT("age_over_18"));
    assert_true(r.items[1].yes);
    assert_false(r.items[0].yes);
    r = require("age", 1, "age_over_60", true);
    same_text(r.items[1].element, YAO_TEXT("age_equal_or_over.60"));
    assert_true(r.items[1].yes);

    r.count = 7;
    assert_status(yao_profile_requirements(test_arena(), age, 1,
                                           YAO_TEXT("age_over_21"), false, &r),
                  YAO_E_NOT_FOUND);
    assert_status(yao_profile_requirements(&none, age, 1, empty, false, &r),
                  YAO_E_SPACE);
    assert_int_equal(r.count, 7);
}

static void knows_what_is_asked(void **state)
{
    const yao_catalogue  *c = yao_catalogue_shipped();
    const yao_profile    *p = yao_profile_by_name(c, YAO_TEXT("age"));
    const yao_definition *d = yao_document_by_name(c, YAO_TEXT("resident_id"));
    const yao_definition *other =
        yao_document_by_name(c, YAO_TEXT("driving_licence"));

    (void)state;
    assert_true(
        yao_profile_asks(p, d, yao_document_named(d, YAO_TEXT("age_over_16"))));
    assert_true(yao_profile_asks(
        p, d, yao_document_named(d, YAO_TEXT("portrait_small"))));
    assert_false(
        yao_profile_asks(p, d, yao_document_named(d, YAO_TEXT("id_number"))));
    assert_false(yao_profile_asks(
        p, other, yao_document_named(other, YAO_TEXT("age_over_18"))));
}

int main(void)
{
    test_add("load", "gives what was packed, for every shipped file",
             loaded_is_packed, NULL);
    for (size_t i = 0; i < COUNT(types); i++)
        test_add("types", types[i].name, has_type, &types[i]);
    for (size_t i = 0; i < COUNT(places); i++)
        test_add("places", places[i].name, has_place, &places[i]);
    test_add("find", "accepts older names when reading", knows_older_names,
             NULL);
    test_add("find", "accepts any page of a booklet", finds_pages, NULL);
    test_add("labels", "gives both languages everywhere", labels_are_complete,
             NULL);
    test_add("labels", "gives what is sensitive", knows_what_is_sensitive,
             NULL);
    test_add("labels", "gives every document a specimen mark",
             every_document_says_specimen, NULL);
    test_add("labels", "gives every portrait a small one",
             portraits_have_a_small_one, NULL);
    test_add("codes", "accepts every code of every list", finds_every_code,
             NULL);
    test_add("codes", "refuses codes that are not there", finds_no_other_code,
             NULL);
    test_add("profiles", "never asks what does not exist",
             profiles_ask_what_exists, NULL);
    test_add("profiles", "never puts sensitive values on an open card",
             open_cards_carry_nothing_sensitive, NULL);
    for (size_t i = 0; i < COUNT(profiles); i++)
        test_add("profiles", profiles[i].name, has_profile, &profiles[i]);
    test_add("requirements", "gives places and claim paths", requires_places,
             NULL);
    test_add("requirements", "gives those of one ask", requires_of_an_ask,
             NULL);
    test_add("requirements", "accepts one of the choices only",
             requires_a_choice, NULL);
    test_add("requirements", "refuses what is not asked", knows_what_is_asked,
             NULL);
    return test_run("document/catalogue");
}
