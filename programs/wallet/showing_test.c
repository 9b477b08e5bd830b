/* SPDX-License-Identifier: Apache-2.0 */
/* Cards out of a wallet: as long as they are good, and no longer. */
#include "wallet/showing.h"

#include "app/files.h"
#include "card_fixture.h"
#include "check.h"
#include "program.h"

static const yao_card_element adult[] = {
    {YAO_CARD_PRIVATE, 11, YAO_INIT("\xf5")},
    {YAO_CARD_PRIVATE, 14,
     YAO_INIT("\x68"
              "SPECIMEN")}};

static yao_wallet *w;

static app_wallet *outside(void)
{
    return (app_wallet *)(void *)w;
}

static void start(void)
{
    static const yao_bytes passphrase = YAO_INIT("correct horse battery");

    if (w != NULL)
        return;
    assert_status(yao_vault_make(test_scratch_path("w"), passphrase), YAO_OK);
    assert_status(yao_wallet_unlock(test_scratch_path("w"), passphrase, &w),
                  YAO_OK);
}

/* Put a card of SUBJECT for an age into the wallet that ends SECONDS from
 * now. */
static void store(int64_t seconds, const char *subject)
{
    yao_card_content c = card_fixture_content();
    yao_public_key   key;

    start();
    assert_status(yao_wallet_handover.make_keys(outside(), YAO_ES256, 1, &key),
                  YAO_OK);
    c.profile       = YAO_TEXT("age");
    c.sealed        = false;
    c.elements      = adult;
    c.element_count = COUNT(adult);
    c.device_key    = key;
    c.expires       = yao_now() + seconds;
    c.issued_at     = c.expires - 7 * YAO_TIME_DAY;

    app_copy           copy     = {key, card_fixture_issue(&c)};
    const app_delivery delivery = {.document = YAO_TEXT("resident_id"),
                                   .subject  = yao_text_of(subject),
                                   .format   = YAO_TEXT("card"),
                                   .profile  = c.profile,
                                   .choice   = YAO_TEXT("age_over_18"),
                                   .type     = YAO_TEXT(CARD_TYPE),
                                   .issuer   = YAO_TEXT("SPECIMEN"),
                                   .issued   = c.issued_at,
                                   .copies   = &copy,
                                   .count    = 1};
    assert_status(yao_wallet_handover.store(outside(), &delivery), YAO_OK);
}

static const struct end_row {
    const char *name;
    int64_t     seconds;
    yao_status  want;
} ends[] = {
    {"gives a card that is good for a day", YAO_TIME_DAY, YAO_OK},
    {"refuses a card that ended a moment ago", 0, YAO_E_EXPIRED},
    {"refuses a card that ended long ago", -40 * YAO_TIME_DAY, YAO_E_EXPIRED},
};

static void shows(void **state)
{
    const struct end_row *r = *state;
    yao_showing           s = {.form = YAO_SHOWING_CARD, .step = 1};
    yao_showing_codes     codes;

    store(r->seconds, "");
    s.wallet  = w;
    s.now     = yao_now();
    s.profile = yao_profile_by_name(yao_catalogue_shipped(), YAO_TEXT("age"));
    assert_status(yao_showing_choose(&s), YAO_OK);
    assert_status(yao_showing_make_codes(&s, &codes), r->want);
    if (r->want == YAO_OK)
        assert_int_equal(codes.count, 1);
}

/* Of a guardian's wallet: whose card is chosen, of those that came in this
 * order. */
static const struct whose_row {
    const char *name, *of;
    yao_status  want;
    const char *whose;
} whose[] = {
    {"gives the person's own where nobody says whose", "", YAO_OK, ""},
    {"gives a child's by its name", "SPECIMEN One", YAO_OK, "SPECIMEN One"},
    {"gives another child's by its name", "SPECIMEN Two", YAO_OK,
     "SPECIMEN Two"},
    {"never shows another's for who is not there", "SPECIMEN Three",
     YAO_E_NOT_FOUND, NULL},
};

static void chooses(void **state)
{
    const struct whose_row *r = *state;
    yao_showing             s = {.form    = YAO_SHOWING_CARD,
                                 .step    = 1,
                                 .subject = yao_text_of(r->of)};

    start();
    w->batch_count = 0;
    store(YAO_TIME_DAY, "");
    store(YAO_TIME_DAY, "SPECIMEN One");
    store(YAO_TIME_DAY, "SPECIMEN Two");
    store(YAO_TIME_DAY, "SPECIMEN One"); /* renewed */
    assert_int_equal(w->batch_count, 3);
    s.wallet  = w;
    s.now     = yao_now();
    s.profile = yao_profile_by_name(yao_catalogue_shipped(), YAO_TEXT("age"));
    assert_status(yao_showing_choose(&s), r->want);
    if (r->want == YAO_OK)
        assert_true(yao_text_equal(s.parts[0].batch->subject,
                                   yao_text_of(r->whose)));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(whose); i++)
        test_add("whose", whose[i].name, chooses, &whose[i]);
    for (size_t i = 0; i < COUNT(ends); i++)
        test_add("card", ends[i].name, shows, &ends[i]);

    int code = test_run("wallet/showing");
    yao_wallet_close(w);
    test_scratch_remove();
    return code;
}
