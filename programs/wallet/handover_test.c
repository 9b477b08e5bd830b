/* SPDX-License-Identifier: Apache-2.0 */
#include "app/handover.h"

#include <stdio.h>

#include "card_fixture.h"
#include "check.h"
#include "program.h"
#include "wallet/wallet.h"

static const yao_bytes passphrase = YAO_INIT("correct horse battery");

static yao_wallet *w;

static app_wallet *outside(void)
{
    return (app_wallet *)(void *)w;
}

static void start(void)
{
    if (w == NULL) {
        assert_status(yao_vault_make(test_scratch_path("w"), passphrase),
                      YAO_OK);
        assert_status(
            yao_wallet_unlock(test_scratch_path("w"), passphrase, &w), YAO_OK);
    }
}

static const yao_card_element adult[] = {
    {YAO_CARD_PRIVATE, 11, YAO_INIT("\xf5")},
    {YAO_CARD_PRIVATE, 13, YAO_INIT("\x02")},
    {YAO_CARD_PRIVATE, 14, YAO_INIT("\x68" "SPECIMEN")}};
static const yao_card_element number[] = {
    {YAO_CARD_PRIVATE, 2, YAO_INIT("\x72" "12011919880808901X")},
    {YAO_CARD_PRIVATE, 11, YAO_INIT("\xf5")}};
static const yao_card_element unknown[] = {
    {YAO_CARD_PRIVATE, 11, YAO_INIT("\xf5")},
    {YAO_CARD_PRIVATE, 200, YAO_INIT("\xf5")}};
static const yao_card_element name[] = {
    {YAO_CARD_169, 4, YAO_INIT("\x69" "李示例")},
    {YAO_CARD_PRIVATE, 2, YAO_INIT("\x72" "12011919880808901X")}};

static const struct card_row {
    const char             *name, *profile, *stated, *choice, *type;
    const yao_card_element *elements;
    size_t                  count;
    bool                    sealed, other_key;
    yao_status              want;
} cards[] = {
    {"accepts an open card", "age", "age", "age_over_18", CARD_TYPE, adult, 3,
     false, false, YAO_OK},
    {"accepts a sealed card", "hotel", "hotel", "", CARD_TYPE, name, 2, true,
     false, YAO_OK},
    {"refuses a card bound to another key", "age", "age", "age_over_18",
     CARD_TYPE, adult, 3, false, true, YAO_E_MISMATCH},
    {"refuses a card of another profile", "hotel", "age", "age_over_18",
     CARD_TYPE, adult, 3, true, false, YAO_E_MISMATCH},
    {"refuses a card of another type", "age", "age", "age_over_18",
     "urn:other:1", adult, 3, false, false, YAO_E_MISMATCH},
    {"refuses a card of another choice", "age", "age", "age_over_60",
     CARD_TYPE, adult, 3, false, false, YAO_E_REFUSED},
    {"refuses a number on an open card", "age", "age", "age_over_18", CARD_TYPE,
     number, 2, false, false, YAO_E_REFUSED},
    {"refuses an element that nobody knows", "age", "age", "age_over_18",
     CARD_TYPE, unknown, 2, false, false, YAO_E_REFUSED},
    {"refuses a card that is to be sealed and does not say so", "hotel",
     "hotel", "", CARD_TYPE, name, 2, false, false, YAO_E_REFUSED},
    {"refuses a card of a profile that nobody knows", "none", "none", "",
     CARD_TYPE, adult, 3, false, false, YAO_E_NOT_FOUND},
};

static void store(void **state)
{
    const struct card_row *r = *state;
    yao_card_content       c = card_fixture_content();
    yao_public_key         key;

    start();
    size_t before = w->batch_count;
    assert_status(yao_wallet_handover.make_keys(outside(), YAO_ES256, 1, &key),
                  YAO_OK);
    c.profile       = yao_text_of(r->profile);
    c.elements      = r->elements;
    c.element_count = r->count;
    c.sealed        = r->sealed;
    if (!r->other_key)
        c.device_key = key;

    app_copy           copy     = {key, card_fixture_issue(&c)};
    const app_delivery delivery = {.document = YAO_TEXT("resident_id"),
                                   .format   = YAO_TEXT("card"),
                                   .profile  = yao_text_of(r->stated),
                                   .choice   = yao_text_of(r->choice),
                                   .type     = yao_text_of(r->type),
                                   .issuer   = YAO_TEXT("SPECIMEN"),
                                   .issued   = CARD_NOW,
                                   .copies   = &copy,
                                   .count    = 1};

    assert_status(yao_wallet_handover.store(outside(), &delivery), r->want);
    assert_int_equal(w->batch_count, before + (r->want == YAO_OK));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(cards); i++)
        test_add("card", cards[i].name, store, &cards[i]);

    int code = test_run("wallet/handover");
    yao_wallet_close(w);
    test_scratch_remove();
    return code;
}
