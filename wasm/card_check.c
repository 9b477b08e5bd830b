/* SPDX-License-Identifier: Apache-2.0 */
/* A gate: cards.h. */
#include "cards.h"

#include "policy/asking.h"
#include "policy/policy.h"

enum { STATUS_AGE = YAO_TIME_DAY, ONE_CODE = YAO_MAX_CARD };

static struct {
    yao_cards_handler  next;
    const yao_profile *profile;
    yao_text           choice, place;
    const yao_bytes   *chain; /* of the reader; its first names it */
    size_t             chain_count;
    bool               along; /* the chain is in the challenge */
    bool               compared; /* paper: somebody looked at the face */
    yao_time           status_age;
    yao_card_issuing   issuing;
    yao_bytes          challenge;
    yao_card_challenge said;
    yao_card_sealed    sealed;
    yao_card_sealing   opening;
    yao_verification   verification;
} check;

static yao_status on_key(const yao_cards_event *e, yao_page_wish *ret);
static yao_status on_signed(const yao_cards_event *e, yao_page_wish *ret);
static yao_status on_shown(const yao_cards_event *e, yao_page_wish *ret);
static yao_status on_code(const yao_cards_event *e, yao_page_wish *ret);
static yao_status on_secret(const yao_cards_event *e, yao_page_wish *ret);
static yao_status on_opened(const yao_cards_event *e, yao_page_wish *ret);

/* ---- the challenge ------------------------------------------------------ */

static yao_status wish_code(yao_page_wish *ret, yao_status why)
{
    check.next = on_code;
    yao_wish_open(ret, "scan");
    if (check.challenge.len != 0)
        yao_wish_int(ret, "deadline", check.said.expires);
    if (why != YAO_OK)
        yao_wish_word(ret, "why", yao_status_name(why));
    return YAO_OK;
}

static yao_status on_start(const yao_cards_event *e, yao_page_wish *ret)
{
    if (e->kind != YAO_CARDS_START)
        return YAO_E_USAGE;
    if (check.chain_count == 0)
        return wish_code(ret, YAO_OK);
    check.next = on_key;
    yao_wish_open(ret, "make_key");
    return YAO_OK;
}

static yao_status make_challenge(const yao_cards_event *e)
{
    yao_card_challenge_request q = {
        .expires     = e->now + YAO_CARD_CHALLENGE_LIFE,
        .profile     = check.profile->name,
        .key         = e->key,
        .place       = check.place,
        .alg         = YAO_ES256,
        .reader      = check.chain[0],
        .chain       = check.along ? check.chain : NULL,
        .chain_count = check.along ? check.chain_count : 0};

    if (e->random.len < YAO_CARD_NONCE)
        return YAO_E_ENTROPY;
    YAO_TRY(yao_arena_keep(&page.memory,
                           (yao_bytes){e->random.ptr, YAO_CARD_NONCE},
                           &q.nonce));
    return yao_card_make_challenge(&page.memory, page.crypto, &q,
                                   &check.issuing);
}

static yao_status on_key(const yao_cards_event *e, yao_page_wish *ret)
{
    if (e->kind != YAO_CARDS_KEY)
        return YAO_E_USAGE;
    YAO_TRY(make_challenge(e));
    check.next = on_signed;
    yao_wish_open(ret, "sign");
    yao_wish_sign(ret, &check.issuing.wish);
    return YAO_OK;
}

static yao_status on_signed(const yao_cards_event *e, yao_page_wish *ret)
{
    yao_writer w = yao_writer_in(&page.memory);

    if (e->kind != YAO_CARDS_DONE)
        return YAO_E_USAGE;
    YAO_TRY(yao_card_put_issued(&w, &check.issuing, e->bytes));
    YAO_TRY(yao_writer_keep(&w, &page.memory, &check.challenge));
    YAO_TRY(yao_card_read_challenge(check.challenge, &check.said));
    YAO_TRY(yao_cards_show(ret, check.challenge.len <= ONE_CODE
                                    ? YAO_CARD_CODE_CHALLENGE
                                    : YAO_CARD_CODE_PART,
                           check.challenge));
    check.next = on_shown;
    yao_wish_int(ret, "deadline", check.said.expires);
    return YAO_OK;
}

static yao_status on_shown(const yao_cards_event *e, yao_page_wish *ret)
{
    if (e->kind != YAO_CARDS_DONE)
        return YAO_E_USAGE;
    return wish_code(ret, YAO_OK);
}

/* ---- the verdict -------------------------------------------------------- */

static yao_status judge(yao_bytes card, yao_time now, yao_result **ret)
{
    yao_verify_options o = page.options;

    o.now            = now;
    o.challenge      = check.challenge;
    o.catalogue      = &page.catalogue;
    o.compared       = check.compared;
    o.status_max_age = check.status_age;
    YAO_TRY(yao_policy_ask(&page.memory, check.profile, check.choice, card,
                           &o));
    YAO_TRY(yao_verify_begin(&page.memory, page.crypto, card, &o,
                             &check.verification));
    YAO_TRY(page.crypto->verify(page.crypto->ctx, check.verification.checks,
                                check.verification.check_count));
    return yao_verify_finish(&check.verification, ret);
}

static yao_status tell_verdict(yao_bytes card, yao_time now, yao_page_wish *ret)
{
    yao_result *result;

    YAO_TRY(judge(card, now, &result));
    yao_wish_open(ret, "stop");
    yao_wish_status(ret, YAO_OK);
    yao_json_put_name(&ret->w, &ret->first, "result");
    yao_page_put_result(&ret->w, result);
    return YAO_OK;
}

/* ---- what was scanned --------------------------------------------------- */

static yao_status open_sealed(yao_bytes whole, yao_page_wish *ret)
{
    yao_agree_wish wish;

    YAO_TRY(yao_card_read_sealed(whole, &check.sealed));
    wish.peer  = check.sealed.ephemeral;
    check.next = on_secret;
    yao_wish_open(ret, "agree");
    yao_wish_agree(ret, &wish);
    return YAO_OK;
}

/* Paper answers no challenge: where one was shown it is judged, and refused. */
static yao_status on_paper(const yao_cards_event *e, yao_page_wish *ret)
{
    if (yao_policy_format(e->bytes) != YAO_FORMAT_PRINTED_CARD)
        return wish_code(ret, YAO_E_UNSUPPORTED);
    return tell_verdict(e->bytes, e->now, ret);
}

/* What is no code of ours leaves the gate where it is. */
static yao_status on_code(const yao_cards_event *e, yao_page_wish *ret)
{
    yao_bytes  whole;
    yao_status status;

    if (e->kind == YAO_CARDS_TICK || e->kind == YAO_CARDS_END)
        return e->kind == YAO_CARDS_TICK ? YAO_E_EXPIRED : YAO_E_REFUSED;
    if (e->kind == YAO_CARDS_PAPER)
        return on_paper(e, ret);
    if (e->kind != YAO_CARDS_CODE)
        return YAO_E_USAGE;
    status = yao_cards_read(e->text, YAO_CARD_CODE_CARD, &whole);
    if (status != YAO_OK)
        return wish_code(ret, status);
    if (whole.len == 0)
        return wish_code(ret, YAO_OK); /* other parts are missing */
    switch (yao_card_kind_of(whole)) {
    case YAO_CARD_WHOLE_CARD:
    case YAO_CARD_WHOLE_MDOC:
        return tell_verdict(whole, e->now, ret);
    case YAO_CARD_WHOLE_SEALED:
        if (check.challenge.len != 0)
            return open_sealed(whole, ret);
        return wish_code(ret, YAO_E_MISSING);
    case YAO_CARD_WHOLE_UNKNOWN:
    case YAO_CARD_WHOLE_SIGNED:
        break;
    }
    return wish_code(ret, YAO_E_UNSUPPORTED);
}

static yao_status on_secret(const yao_cards_event *e, yao_page_wish *ret)
{
    if (e->kind != YAO_CARDS_DONE)
        return YAO_E_USAGE;
    YAO_TRY(yao_card_unseal(page.crypto, check.challenge, &check.said.key,
                            &check.sealed, e->bytes, &check.opening));
    check.next = on_opened;
    yao_wish_open(ret, "aead");
    yao_wish_aead(ret, &check.opening.wish);
    return YAO_OK;
}

static yao_status on_opened(const yao_cards_event *e, yao_page_wish *ret)
{
    yao_card_wipe_sealing(&check.opening);
    if (e->kind != YAO_CARDS_DONE)
        return YAO_E_USAGE;
    if (yao_card_kind_of(e->bytes) != YAO_CARD_WHOLE_CARD &&
        yao_card_kind_of(e->bytes) != YAO_CARD_WHOLE_MDOC)
        return YAO_E_UNSUPPORTED;
    return tell_verdict(e->bytes, e->now, ret);
}

/* ---- the machine -------------------------------------------------------- */

static yao_status begin(yao_told *t)
{
    yao_text name = yao_told_text(t, "profile");

    check.choice     = yao_told_text(t, "choice");
    check.place      = yao_told_text(t, "place");
    check.chain      = yao_told_list(t, "chain", &check.chain_count);
    check.along      = yao_told_bool(t, "with_certificate");
    check.compared   = yao_told_bool(t, "compared");
    check.status_age = yao_told_int(t, "status_age");
    check.next       = on_start;
    YAO_TRY(t->status);
    if (check.status_age == 0)
        check.status_age = STATUS_AGE;
    check.profile = yao_profile_by_name(&page.catalogue, name);
    return check.profile != NULL ? YAO_OK : YAO_E_NOT_FOUND;
}

static yao_status step(yao_told *t, yao_page_wish *ret)
{
    yao_cards_event e;

    YAO_TRY(yao_cards_take_event(t, &e));
    return yao_cards_answer(check.next, &e, ret);
}

static void wipe(void)
{
    yao_card_wipe_sealing(&check.opening);
}

const yao_page_machine yao_page_card_check = {begin, step, wipe};
