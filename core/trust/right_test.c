/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/right.h"

#include <stdio.h>

#include "check.h"
#include "forge.h"

#define CODE "91330114MAC000017N"

/* ---- a list of two parties, and who asks -------------------------------- */

typedef struct asker {
    const char *code, *profiles, *officer; /* officer NULL: none */
    yao_time    life;
} asker;

static yao_bytes root(void)
{
    static yao_bytes made;
    static uint8_t   memory[2048];

    if (made.len == 0) {
        yao_bytes none = {NULL, 0};
        yao_bytes der  = forge_make(YAO_X509_ROOT, 5, none, 0);
        memcpy(memory, der.ptr, der.len);
        made = (yao_bytes){memory, der.len};
    }
    return made;
}

static yao_certificate certificate(const asker *a)
{
    char            profiles[100], officer[60];
    yao_certificate from, c;

    assert_status(yao_x509_read(root(), &from), YAO_OK);
    yao_x509_request q = forge_request(YAO_X509_READER, 6, &from);
    snprintf(profiles, sizeof profiles, "urn:yaopai:profiles:%s", a->profiles);
    q.serial_number = yao_text_of(a->code);
    q.san_uri       = yao_text_of(profiles);
    if (a->officer != NULL) {
        snprintf(officer, sizeof officer, "urn:yaopai:officer:%s", a->officer);
        q.san_more = yao_text_of(officer);
    }
    q.not_before = FORGE_NOW - 60;
    q.not_after  = FORGE_NOW - 60 + a->life;
    assert_status(yao_x509_read(forge_write(&q, 5), &c), YAO_OK);
    return c;
}

static const yao_text registered[] = {YAO_INIT("police"), YAO_INIT("hotel"),
                                      YAO_INIT("road_check"),
                                      YAO_INIT("unknown")};

static yao_trust_verified list_of(yao_trust_party parties[2],
                                  const yao_certificate *own)
{
    static uint8_t    hashes[2][YAO_SHA256_LEN];
    const yao_crypto *c = forge_crypto();

    memset(hashes[1], 9, sizeof hashes[1]);
    assert_status(c->hash(c->ctx, YAO_SHA256, &own->der, 1, hashes[0]),
                  YAO_OK);
    for (size_t i = 0; i < 2; i++)
        parties[i] = (yao_trust_party){
            .code          = i == 0 ? YAO_TEXT(CODE) : YAO_TEXT("OTHER"),
            .profiles      = registered,
            .profile_count = i == 0 ? 4 : 0,
            .state         = YAO_PARTY_ACTIVE,
            .hash          = {hashes[i], YAO_SHA256_LEN}};
    return (yao_trust_verified){
        .content = {.parties = parties, .party_count = 2}};
}

/* ---- rows --------------------------------------------------------------- */

#define DAY   86400
#define HOURS (8 * 3600)

static const struct row {
    const char *name;
    asker       who;
    yao_status  found;
    const char *may; /* first letters of the profiles that are left */
} rows[] = {
    {"accepts an officer of a party", {CODE, "police", "7K2Q", HOURS}, YAO_OK,
     "p"},
    {"accepts an officer for both", {CODE, "police,road_check", "7K2Q", 60},
     YAO_OK, "pr"},
    {"refuses an officer of a party that is not there",
     {"X", "police", "7K2Q", HOURS}, YAO_E_NOT_FOUND, NULL},
    {"refuses an officer what its party did not register",
     {"OTHER", "police", "7K2Q", HOURS}, YAO_OK, ""},
    {"refuses an officer what its certificate does not name",
     {CODE, "road_check", "7K2Q", HOURS}, YAO_OK, "r"},
    {"refuses an officer for a day", {CODE, "police", "7K2Q", DAY},
     YAO_E_NOT_FOUND, NULL},
    {"refuses a certificate without a number that is in no list",
     {CODE, "police", NULL, HOURS}, YAO_E_NOT_FOUND, NULL},
};

static void row(void **state)
{
    const struct row      *r   = *state;
    asker                  me  = {CODE, "police,hotel", NULL, 100 * DAY};
    yao_certificate        own = certificate(&me), c = certificate(&r->who);
    yao_trust_party        parties[2], left;
    yao_trust_verified     list  = list_of(parties, &own);
    const yao_trust_party *party = NULL;

    assert_status(yao_trust_find_asker(forge_crypto(), &list, &c, &party),
                  r->found);
    if (r->found != YAO_OK)
        return;
    assert_status(yao_trust_narrow(test_arena(), yao_catalogue_shipped(),
                                   party, &c, &left),
                  YAO_OK);
    assert_int_equal(left.profile_count, strlen(r->may));
    for (size_t i = 0; i < left.profile_count; i++)
        assert_int_equal(left.profiles[i].ptr[0], r->may[i]);
}

/* The party's own certificate: what the list says, but officers' profiles. */
static void gives_a_party_its_own(void **state)
{
    asker                  me  = {CODE, "police,hotel", NULL, 100 * DAY};
    yao_certificate        own = certificate(&me);
    yao_trust_party        parties[2], left;
    yao_trust_verified     list  = list_of(parties, &own);
    const yao_trust_party *party = NULL;

    (void)state;
    assert_status(yao_trust_find_asker(forge_crypto(), &list, &own, &party),
                  YAO_OK);
    assert_ptr_equal(party, &parties[0]);
    assert_status(yao_trust_narrow(test_arena(), yao_catalogue_shipped(),
                                   party, &own, &left),
                  YAO_OK);
    assert_int_equal(left.profile_count, 1);
    assert_true(yao_text_equal(left.profiles[0], YAO_TEXT("hotel")));
}

static void refuses_without_a_list(void **state)
{
    asker                  who = {CODE, "police", "7K2Q", HOURS};
    yao_certificate        c   = certificate(&who);
    const yao_trust_party *party;

    (void)state;
    assert_status(yao_trust_find_asker(forge_crypto(), NULL, &c, &party),
                  YAO_E_NOT_FOUND);
}

/* Two of one hash are nobody. */
static void refuses_two_of_one_hash(void **state)
{
    asker                  me  = {CODE, "hotel", NULL, 100 * DAY};
    yao_certificate        own = certificate(&me);
    yao_trust_party        parties[2];
    yao_trust_verified     list  = list_of(parties, &own);
    const yao_trust_party *party = NULL;

    (void)state;
    parties[1].hash = parties[0].hash;
    assert_status(yao_trust_find_asker(forge_crypto(), &list, &own, &party),
                  YAO_E_MISMATCH);
}

static void gives_no_room_as_an_error(void **state)
{
    asker           me  = {CODE, "hotel", NULL, 100 * DAY};
    yao_certificate own = certificate(&me);
    yao_trust_party parties[2], left;
    yao_arena       none = {NULL, 0, 0};

    (void)state;
    (void)list_of(parties, &own);
    assert_status(yao_trust_narrow(&none, yao_catalogue_shipped(),
                                   &parties[0], &own, &left),
                  YAO_E_SPACE);
}

static const struct certified {
    const char *name, *profile;
    asker       who;
    bool        want;
} certifieds[] = {
    {"accepts an officer's for the police", "police",
     {CODE, "police", "7K2Q", HOURS}, true},
    {"accepts a party's for a hotel", "hotel", {CODE, "hotel", NULL, DAY},
     true},
    {"refuses a party's for the police", "police", {CODE, "police", NULL, DAY},
     false},
    {"refuses an officer's for what it does not name", "police",
     {CODE, "road_check", "7K2Q", HOURS}, false},
    {"refuses a party's for what it does not name", "hotel",
     {CODE, "age", NULL, DAY}, false},
};

static void certified(void **state)
{
    const struct certified *r = *state;
    yao_certificate         c = certificate(&r->who);

    assert_int_equal(yao_trust_certified(
                         yao_profile_by_name(yao_catalogue_shipped(),
                                             yao_text_of(r->profile)),
                         &c),
                     r->want);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("find_asker", rows[i].name, row, &rows[i]);
    test_add("narrow", "gives a party its own", gives_a_party_its_own, NULL);
    test_add("find_asker", "refuses without a list", refuses_without_a_list,
             NULL);
    test_add("find_asker", "refuses two of one hash", refuses_two_of_one_hash,
             NULL);
    test_add("narrow", "gives no room as an error", gives_no_room_as_an_error,
             NULL);
    for (size_t i = 0; i < COUNT(certifieds); i++)
        test_add("certified", certifieds[i].name, certified, &certifieds[i]);
    return test_run("trust/right");
}
