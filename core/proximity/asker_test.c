/* SPDX-License-Identifier: Apache-2.0 */

/* Who may ask what, and what the person is told of it. */

#include "prox_pair.h"

/* ---- who asks ----------------------------------------------------------- */

static const yao_mdoc_wanted too_much[] = {
    {YAO_INIT(PROX_SPACE), YAO_INIT("document_number"), false},
    {YAO_INIT(PROX_SPACE), YAO_INIT("family_name"), false},
};
static const yao_mdoc_wanted kept[] = {
    {YAO_INIT(PROX_SPACE), YAO_INIT("document_number"), true},
};
static const yao_mdoc_wanted mixed[] = {
    {YAO_INIT(PAIR_ISO), YAO_INIT("sex"), false},
    {YAO_INIT(PAIR_CITY), YAO_INIT("full_name"), false},
    {YAO_INIT(PAIR_CITY), YAO_INIT("portrait_small"), false},
};
static const yao_mdoc_wanted compared[] = {
    {YAO_INIT(PAIR_CITY), YAO_INIT("full_name"), false},
    {YAO_INIT(PAIR_ID), YAO_INIT("person_id"), false},
};
static const yao_mdoc_ask odd_asks[] = {
    {YAO_INIT(PROX_TYPE), too_much, 2},
    {YAO_INIT(PROX_TYPE), kept, 1},
    {YAO_INIT(PAIR_ID), mixed, 3},
    {YAO_INIT("org.example.unknown"), kept, 1},
    {YAO_INIT(PAIR_ID), compared, 2},
};
static const yao_reader_request odd[] = {
    {odd_asks, 1, NULL, 0},
    {odd_asks + 1, 1, NULL, 0},
    {odd_asks + 2, 1, NULL, 0},
    {odd_asks + 3, 1, NULL, 0},
    {odd_asks + 4, 1, NULL, 0},
};

static void nobody_signs(prox_pair *p)
{
    p->ro.alg = YAO_SIG_NONE;
}

static void other_signs(prox_pair *p)
{
    p->reader_key = PROX_OTHER_KEY;
}

static void stranger(prox_pair *p)
{
    p->ro.chain = &prox_fixture_get()->stranger;
}

static void unregistered(prox_pair *p)
{
    p->ro.chain   = &prox_fixture_get()->other;
    p->reader_key = PROX_OTHER_KEY;
}

static void no_list(prox_pair *p)
{
    p->ho.parties = NULL;
}

static void suspended(prox_pair *p)
{
    p->party.state = YAO_PARTY_SUSPENDED;
}

static void other_profile(prox_pair *p)
{
    static const yao_text age = YAO_INIT("age");

    p->party.profiles      = &age;
    p->party.profile_count = 1;
}

static void asks_too_much(prox_pair *p)
{
    p->requests[0] = &odd[0];
}

static void keeps(prox_pair *p)
{
    p->requests[0] = &odd[1];
}

static void no_one_profile(prox_pair *p)
{
    p->requests[0] = &odd[2];
}

static void unknown_document(prox_pair *p)
{
    p->requests[0] = &odd[3];
}

static void compares_only(prox_pair *p)
{
    static const yao_text identity = YAO_INIT("identity");

    p->requests[0]         = &odd[4];
    p->party.profiles      = &identity;
    p->party.profile_count = 1;
}

/* The eight bytes by which codes name it are the same, the rest is not. */
static void half_hash(prox_pair *p)
{
    static uint8_t hash[YAO_SHA256_LEN];

    memcpy(hash, p->party.hash.ptr, sizeof hash);
    hash[31] ^= 1;
    p->party.hash.ptr = hash;
}

static void two_parties(prox_pair *p)
{
    static yao_trust_party both[2];

    both[0] = both[1] = p->party;
    p->parties.content.parties     = both;
    p->parties.content.party_count = 2;
}

static void no_root(prox_pair *p)
{
    p->ho.reader_count = 0;
}

static void no_retention(prox_pair *p)
{
    p->requests[0]          = &pair_second;
    p->party.retention_days = 0;
}

static const struct asker {
    const char *name;
    void (*spoil)(prox_pair *p);
    yao_status want;
} askers[] = {
    {"a reader that nobody vouched for (N049)", nobody_signs, YAO_E_MISSING},
    {"a signature by another key (N049)", other_signs, YAO_E_BAD_SIGNATURE},
    {"a reader of an unknown root (N049)", stranger, YAO_E_UNTRUSTED},
    {"a reader when no root is known", no_root, YAO_E_UNTRUSTED},
    {"a reader that is not registered", unregistered, YAO_E_NOT_FOUND},
    {"any reader when there is no list", no_list, YAO_E_NOT_FOUND},
    {"a party that is suspended", suspended, YAO_E_SUSPENDED},
    {"a party registered for something else", other_profile,
     YAO_E_NOT_AUTHORISED},
    {"an element that was not registered", asks_too_much,
     YAO_E_NOT_AUTHORISED},
    {"to keep what may not be kept", keeps, YAO_E_NOT_AUTHORISED},
    {"to keep for who keeps nothing", no_retention, YAO_E_NOT_AUTHORISED},
    {"what no one profile covers", no_one_profile, YAO_E_NOT_AUTHORISED},
    {"a party of which half a hash is the same", half_hash, YAO_E_NOT_FOUND},
    {"a reader that is two parties", two_parties, YAO_E_MISMATCH},
    {"to be shown what may be compared only", compares_only,
     YAO_E_NOT_AUTHORISED},
    {"a document that nobody knows", unknown_document, YAO_E_NOT_AUTHORISED},
};

/* Over a mailbox: not answered, and the person is not asked. */
static void case_refused(void **state)
{
    const struct asker *a = *state;
    prox_pair           p;

    pair_open(&p);
    p.requests[0]   = &pair_first;
    p.request_count = 1;
    p.despite       = true;
    a->spoil(&p);
    pair_run(&p);
    assert_status(p.hw.status, a->want);
    assert_int_equal(p.consents, 0);
    assert_int_equal(p.signatures + p.macs, 0);
    assert_int_equal(p.holder_sent, 1);
    assert_bytes(p.to_reader[0], YAO_LIT("\xa1\x66" "status\x14"));
    assert_status(p.rw.status, YAO_E_REFUSED);
}

/* Beside the reader: said to the person, who must say so to go on. */
static void case_said(void **state)
{
    const struct asker *a = *state;

    for (int despite = 0; despite < 2; despite++) {
        size_t    count, used = test_arena()->used;
        prox_pair p;

        pair_open(&p);
        p.requests[0]                = &pair_first;
        p.request_count              = 1;
        p.despite                    = despite;
        p.ho.engagement.method_count = 0;
        a->spoil(&p);
        if (p.requests[0] != &pair_first && p.requests[0] != &pair_second)
            p.despite = false; /* nothing of the kind to show */
        pair_run(&p);
        assert_status(p.hw.status, YAO_OK);
        assert_int_equal(p.consents, 1);
        assert_status(yao_holder_asked_for(p.holder, &count)[0].status,
                      a->want);
        assert_int_equal(p.signatures, (size_t)p.despite);
        test_arena()->used = used;
    }
}

/* A choice that does not say so is refused by the machine itself. */
static void never_without_a_word(void **state)
{
    yao_holder_choice extra = {.elements      = pair_shown_licence,
                               .element_count = 3};
    prox_pair         p;

    (void)state;
    pair_open(&p);
    p.ho.engagement.method_count = 0;
    p.ro.alg                     = YAO_SIG_NONE;
    p.requests[0]                = &pair_first;
    p.request_count              = 1;
    extra.issuer_signed          = p.licence;
    p.extra                      = &extra;
    pair_run(&p);
    assert_status(p.hw.status, YAO_E_REFUSED);
    assert_int_equal(p.signatures, 0);
}

/* ---- what is shown to the person ---------------------------------------- */

static void what_is_said(void **state)
{
    prox_pair               p;
    size_t                  count;
    const yao_holder_asked *asked;

    (void)state;
    pair_open(&p);
    p.requests[0]   = &pair_both;
    p.request_count = 1;
    pair_run(&p);
    asked = yao_holder_asked_for(p.holder, &count);
    assert_int_equal(count, 2);
    assert_bytes(yao_text_bytes(asked[0].party->code), YAO_LIT("SPECIMEN"));
    assert_bytes(yao_text_bytes(asked[0].profile->name),
                 YAO_LIT("road_check"));
    assert_bytes(yao_text_bytes(asked[1].profile->name), YAO_LIT("hotel"));
    assert_true(asked[1].request->elements[1].retain);
    assert_bytes(asked[0].reader.certificate->der, p.party.certificate);
    assert_false(yao_holder_report(p.holder)->full);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(askers); i++) {
        test_add("refuses over a mailbox", askers[i].name, case_refused,
                 &askers[i]);
        test_add("gives a warning of", askers[i].name, case_said, &askers[i]);
    }
    test_add("person", "never goes on without a word", never_without_a_word,
             NULL);
    test_add("person", "gives who asks what for", what_is_said, NULL);
    return test_run("proximity/asker");
}
