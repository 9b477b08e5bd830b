/* SPDX-License-Identifier: Apache-2.0 */
/* What a party may ask across a counter: steps that are not mixed, pages that
 * are not another member's. */
#include "proximity/registered.h"

#include "check.h"
#include "document/document.h"

#define BOOK   "org.yaopai.household_booklet.1"
#define PHOTO  "org.iso.23220.photoid.1"
#define CITY   "org.yaopai.resident_id.1"
#define DRIVE  "org.iso.18013.5.1"
#define ELEMENT(space, name) {YAO_INIT(space), YAO_INIT(name), false}

enum { MOST = 3 };

typedef struct document {
    const char     *type; /* NULL: no more */
    yao_mdoc_wanted wanted[MOST];
} document;

static const document licence = {DRIVE ".mDL",
                                 {ELEMENT(DRIVE, "document_number")}};
static const document person = {PHOTO, {ELEMENT(CITY, "full_name")}};
static const document own = {BOOK,
                             {ELEMENT(BOOK ".m01", "id_number"),
                              ELEMENT(BOOK ".m01", "name")}};
static const document spouse = {BOOK,
                                {ELEMENT(BOOK ".m02", "name"),
                                 ELEMENT(BOOK ".m02", "relation"),
                                 ELEMENT(BOOK ".m01", "id_number")}};
static const document child = {BOOK, {ELEMENT(BOOK ".m03", "name")}};
static const document spouse_number = {BOOK,
                                       {ELEMENT(BOOK ".m02", "id_number")}};
static const document marriage = {BOOK,
                                  {ELEMENT(BOOK ".m02", "marital_status")}};

static const document adult = {PHOTO,
                               {ELEMENT("org.iso.23220.1", "age_over_18"),
                                ELEMENT(CITY, "portrait_small")}};
static const document ages = {PHOTO,
                              {ELEMENT("org.iso.23220.1", "age_over_14"),
                               ELEMENT("org.iso.23220.1", "age_over_18")}};
static const document older = {PHOTO,
                               {ELEMENT("org.iso.23220.1", "age_over_60")}};

typedef struct row {
    const char     *name, *profile;
    const document *documents[2];
    yao_status      want;
} row;

static const row rows[] = {
    {"accepts the first step", "road_check", {&licence}, YAO_OK},
    {"accepts the second step", "road_check", {&person}, YAO_OK},
    {"refuses both steps at once", "road_check", {&licence, &person},
     YAO_E_NOT_AUTHORISED},
    {"accepts one of several", "age", {&adult}, YAO_OK},
    {"accepts the same one again", "age", {&adult, &adult}, YAO_OK},
    {"refuses two of which one is asked", "age", {&ages},
     YAO_E_NOT_AUTHORISED},
    {"refuses two in two documents", "age", {&adult, &older},
     YAO_E_NOT_AUTHORISED},
    {"accepts one's own page", "mortgage", {&own}, YAO_OK},
    {"accepts the page that was registered", "mortgage", {&spouse}, YAO_OK},
    {"accepts both pages together", "mortgage", {&own, &spouse}, YAO_OK},
    {"refuses another member's page", "mortgage", {&child},
     YAO_E_NOT_AUTHORISED},
    {"refuses of a page what is asked of another", "mortgage",
     {&spouse_number}, YAO_E_NOT_AUTHORISED},
    {"refuses an element of one page on another", "mortgage", {&marriage},
     YAO_E_NOT_AUTHORISED},
    {"refuses the good with the bad", "mortgage", {&own, &child},
     YAO_E_NOT_AUTHORISED},
};

static yao_mdoc_doc_request request_of(const document *d)
{
    yao_mdoc_doc_request r = {.doc_type = yao_text_of(d->type)};

    r.elements = (yao_mdoc_wanted *)(uintptr_t)d->wanted;
    while (r.element_count < MOST &&
           d->wanted[r.element_count].element.len != 0)
        r.element_count++;
    return r;
}

static void check_row(void **state)
{
    const row           *r       = *state;
    yao_text             profile = yao_text_of(r->profile);
    const yao_profile   *found   = NULL;
    yao_mdoc_doc_request list[2];
    yao_mdoc_request     all   = {.documents = list};
    yao_trust_party      party = {.profiles       = &profile,
                                  .profile_count  = 1,
                                  .state          = YAO_PARTY_ACTIVE,
                                  .retention_days = 30};

    while (all.document_count < 2 && r->documents[all.document_count] != NULL) {
        list[all.document_count] =
            request_of(r->documents[all.document_count]);
        all.document_count++;
    }
    assert_status(yao_prox_check_together(yao_catalogue_shipped(), &party,
                                          &all, &found),
                  r->want);
    if (r->want == YAO_OK)
        assert_ptr_equal(found,
                         yao_profile_by_name(yao_catalogue_shipped(), profile));
    if (all.document_count == 1)
        assert_status(yao_prox_check_asked(yao_catalogue_shipped(), &party,
                                           list, &found),
                      r->want);
    party.state = YAO_PARTY_SUSPENDED;
    assert_status(yao_prox_check_together(yao_catalogue_shipped(), &party,
                                          &all, &found),
                  YAO_E_SUSPENDED);
}

/* Who asks for nothing asks for nothing that was registered. */
static void refuses_nothing(void **state)
{
    yao_text           profile = YAO_TEXT("hotel");
    const yao_profile *found   = NULL;
    yao_mdoc_request   none    = {.document_count = 0};
    yao_trust_party    party   = {.profiles      = &profile,
                                  .profile_count = 1,
                                  .state         = YAO_PARTY_ACTIVE};

    (void)state;
    assert_status(yao_prox_check_together(yao_catalogue_shipped(), &party,
                                          &none, &found),
                  YAO_E_NOT_AUTHORISED);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("registered", rows[i].name, check_row, &rows[i]);
    test_add("registered", "refuses a request for nothing", refuses_nothing,
             NULL);
    return test_run("proximity/registered");
}
