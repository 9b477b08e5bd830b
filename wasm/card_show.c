/* SPDX-License-Identifier: Apache-2.0 */
/* A card for a gate: cards.h. */
#include "cards.h"

#include "mdoc/mdoc.h"
#include "policy/asking.h"
#include "trust/right.h"

static struct {
    yao_cards_handler      next;
    yao_bytes              issued;
    bool                   mdoc;      /* else a card */
    yao_text               profile, choice; /* of an mdoc without challenge */
    const yao_text        *letters;   /* of the challenge */
    size_t                 letter_count;
    yao_bytes              challenge; /* its bytes; empty: none */
    yao_card_challenge     said;
    yao_card_reader_check  check;
    yao_report             report;
    yao_card_reader        reader;
    const yao_trust_party *party; /* NULL: no list is at hand */
    yao_card_moment        moment;
    yao_card_showing       showing;
    yao_mdoc_presenting    presenting;
    yao_bytes              whole;
    yao_card_sealing       sealing;
} show;

/* ---- the card ----------------------------------------------------------- */

/* With a signature that is none yet, to look at what it says. */
static yao_status read_content(yao_card_unverified *ret)
{
    static const uint8_t none[64];
    yao_writer           w = yao_writer_in(&page.memory);
    yao_bytes            whole;

    YAO_TRY(yao_card_put_shown(&w, &show.showing,
                               (yao_bytes){none, sizeof none}));
    YAO_TRY(yao_writer_keep(&w, &page.memory, &whole));
    return yao_card_parse(&page.memory, whole, ret);
}

/* A sealed one answers a challenge only, and each one for its own profile. */
static yao_status check_card(yao_time now)
{
    yao_card_unverified *card = yao_arena_take(&page.memory, sizeof *card);

    if (card == NULL)
        return YAO_E_SPACE;
    YAO_TRY(read_content(card));
    if (now >= card->content.expires)
        return YAO_E_EXPIRED;
    if (show.challenge.len == 0)
        return card->content.sealed ? YAO_E_REFUSED : YAO_OK;
    return yao_text_equal(card->content.profile, show.said.profile)
               ? YAO_OK
               : YAO_E_MISMATCH;
}

static yao_status prepare_card(yao_time now)
{
    YAO_TRY(yao_card_show(&page.memory, page.crypto, show.issued, &show.moment,
                          &show.showing));
    return check_card(now);
}

/* ---- an mdoc for codes that move ---------------------------------------- */

/* What a profile asks of an mdoc in codes: that has its small portrait. */
static yao_status ask_profile(yao_verify_options *ret)
{
    static const uint8_t any[] = {0x82, 0xf6, 0x41, 0x00}; /* such a whole */
    const yao_profile   *profile;

    profile = yao_profile_by_name(&page.catalogue, show.challenge.len != 0
                                                       ? show.said.profile
                                                       : show.profile);
    if (profile == NULL)
        return YAO_E_NOT_FOUND;
    if (profile->match_only ||
        (profile->card != YAO_CARD_OPEN && show.challenge.len == 0))
        return YAO_E_REFUSED;
    ret->catalogue = &page.catalogue;
    return yao_policy_ask(&page.memory, profile, show.choice,
                          (yao_bytes){any, sizeof any}, ret);
}

/* Of what is asked for what stands in this document. */
static yao_status select_elements(const yao_verify_options *asked,
                                  yao_text type, yao_mdoc_selector **ret,
                                  size_t *count)
{
    *count = 0;
    *ret   = yao_arena_take_array(&page.memory, asked->required_count + 1,
                                  sizeof **ret);
    if (*ret == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < asked->required_count; i++)
        if (yao_text_equal(asked->required[i].type, type))
            (*ret)[(*count)++] = (yao_mdoc_selector){
                asked->required[i].space, asked->required[i].element};
    return *count != 0 ? YAO_OK : YAO_E_MISMATCH;
}

static yao_status write_transcript(yao_bytes *ret)
{
    yao_writer w    = yao_writer_in(&page.memory);
    yao_bytes  hash = {show.moment.challenge, show.moment.challenged
                                                  ? sizeof show.moment.challenge
                                                  : 0};

    yao_mdoc_put_transcript_offline(&w, show.moment.step, hash);
    return yao_writer_keep(&w, &page.memory, ret);
}

static yao_status prepare_mdoc(void)
{
    yao_verify_options   asked = {.format = YAO_FORMAT_UNKNOWN};
    yao_mdoc_unverified *mdoc  = yao_arena_take(&page.memory, sizeof *mdoc);
    yao_mdoc_selector   *list;
    yao_bytes            transcript;
    size_t               count;

    if (mdoc == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_mdoc_parse_issuer_signed(&page.memory, show.issued, false,
                                         mdoc));
    YAO_TRY(ask_profile(&asked));
    YAO_TRY(select_elements(&asked, mdoc->documents[0].doc_type, &list,
                            &count));
    YAO_TRY(write_transcript(&transcript));
    return yao_mdoc_present(&page.memory, show.issued, list, count, transcript,
                            &show.presenting);
}

static yao_status write_mdoc(yao_bytes signature)
{
    yao_writer w = yao_writer_in(&page.memory);
    yao_bytes  document, response;

    YAO_TRY(yao_mdoc_put_document_signed(&w, &show.presenting, signature));
    YAO_TRY(yao_writer_keep(&w, &page.memory, &document));
    w = yao_writer_in(&page.memory);
    yao_mdoc_put_response(&w, &document, 1);
    YAO_TRY(yao_writer_keep(&w, &page.memory, &response));
    w = yao_writer_in(&page.memory);
    yao_card_put_mdoc(&w, &show.moment, response);
    return yao_writer_keep(&w, &page.memory, &show.whole);
}

/* ---- who asks ----------------------------------------------------------- */

/* Certificates that a challenge may name by hash. */
static yao_status list_readers(yao_card_reader_options *o)
{
    const yao_trust_content *c     = &page.bundle.content;
    size_t                   own   = page.options.signer_count;
    size_t                   count = own + c->party_count;
    yao_bytes               *list =
        yao_arena_take_array(&page.memory, count + 1, sizeof *list);

    if (list == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < own; i++)
        list[i] = page.options.signers[i];
    for (size_t i = own; i < count; i++)
        list[i] = c->parties[i - own].certificate;
    o->readers      = list;
    o->reader_count = count;
    return YAO_OK;
}

static yao_status check_registered(void)
{
    const yao_certificate *c = show.reader.certificate;
    yao_trust_party       *may;

    if (page.bundle.content.kind != YAO_TRUST_BUNDLE)
        return YAO_OK;
    may = yao_arena_take(&page.memory, sizeof *may);
    if (may == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_trust_find_asker(page.crypto, &page.bundle, c, &show.party));
    if (show.party->state != YAO_PARTY_ACTIVE)
        return YAO_E_SUSPENDED;
    YAO_TRY(yao_trust_narrow(&page.memory, &page.catalogue, show.party, c,
                             may));
    return yao_trust_may_ask(may, show.reader.profile) ? YAO_OK
                                                       : YAO_E_NOT_AUTHORISED;
}

static yao_status read_letters(void)
{
    for (size_t i = 0; i < show.letter_count && show.challenge.len == 0; i++)
        YAO_TRY(yao_cards_read(show.letters[i], YAO_CARD_CODE_CHALLENGE,
                               &show.challenge));
    return show.challenge.len != 0 ? YAO_OK : YAO_E_MISSING;
}

static yao_status check_reader(yao_time now)
{
    const yao_profile *profile;

    YAO_TRY(read_letters());
    YAO_TRY(yao_card_read_challenge(show.challenge, &show.said));
    profile = yao_profile_by_name(&page.catalogue, show.said.profile);
    if (profile == NULL)
        return YAO_E_NOT_FOUND;

    yao_card_reader_options o = {.anchors      = page.options.anchors,
                                 .anchor_count = page.options.anchor_count,
                                 .now          = now,
                                 .skew         = page.options.skew,
                                 .officer      = profile->officer};
    YAO_TRY(list_readers(&o));
    YAO_TRY(yao_card_begin_reader(&page.memory, page.crypto, &show.said, &o,
                                  &show.check, &show.report));
    YAO_TRY(page.crypto->verify(page.crypto->ctx, show.check.checks,
                                show.check.check_count));
    YAO_TRY(yao_card_conclude_reader(&show.check, &show.reader, &show.report));
    return check_registered();
}

static void put_reader(yao_page_wish *ret)
{
    const yao_certificate *c = show.reader.certificate;

    yao_wish_text(ret, "profile", show.reader.profile);
    yao_wish_text(ret, "place", show.reader.place);
    yao_wish_int(ret, "expires", show.said.expires);
    yao_wish_flag(ret, "registered", show.party != NULL);
    yao_wish_text(ret, "name", show.party != NULL ? show.party->name
                                                  : c->common_name);
    yao_wish_text(ret, "organisation", c->organisation);
    yao_wish_text(ret, "code", c->serial_number);
}

/* ---- one step after the other ------------------------------------------- */

static yao_status on_agreed_to(const yao_cards_event *e, yao_page_wish *ret);
static yao_status on_signed(const yao_cards_event *e, yao_page_wish *ret);
static yao_status on_key(const yao_cards_event *e, yao_page_wish *ret);
static yao_status on_secret(const yao_cards_event *e, yao_page_wish *ret);
static yao_status on_sealed(const yao_cards_event *e, yao_page_wish *ret);
static yao_status on_shown(const yao_cards_event *e, yao_page_wish *ret);

static yao_status on_start(const yao_cards_event *e, yao_page_wish *ret)
{
    if (e->kind != YAO_CARDS_START)
        return YAO_E_USAGE;
    show.moment = yao_card_moment_at(e->now);
    if (show.letter_count != 0) {
        YAO_TRY(check_reader(e->now));
        YAO_TRY(yao_card_moment_of(page.crypto, show.challenge, &show.moment));
    }
    YAO_TRY(show.mdoc ? prepare_mdoc() : prepare_card(e->now));
    show.next = on_agreed_to;
    yao_wish_open(ret, "ask");
    if (show.challenge.len != 0)
        put_reader(ret);
    return YAO_OK;
}

/* Who thinks long is asked again: a challenge is over soon. */
static yao_status on_agreed_to(const yao_cards_event *e, yao_page_wish *ret)
{
    if (e->kind != YAO_CARDS_DONE)
        return YAO_E_USAGE;
    if (show.challenge.len != 0 &&
        e->now > show.said.expires + YAO_CARD_ANSWER_GRACE)
        return YAO_E_EXPIRED;
    show.next = on_signed;
    yao_wish_open(ret, "sign");
    yao_wish_sign(ret, show.mdoc ? &show.presenting.wish : &show.showing.wish);
    return YAO_OK;
}

static yao_status tell_card(yao_bytes content, yao_page_wish *ret)
{
    YAO_TRY(yao_cards_show(
        ret, show.mdoc ? YAO_CARD_CODE_PART : YAO_CARD_CODE_CARD, content));
    show.next = on_shown;
    return YAO_OK;
}

static yao_status write_card(yao_bytes signature)
{
    yao_writer w = yao_writer_in(&page.memory);

    YAO_TRY(yao_card_put_shown(&w, &show.showing, signature));
    return yao_writer_keep(&w, &page.memory, &show.whole);
}

static yao_status on_signed(const yao_cards_event *e, yao_page_wish *ret)
{
    if (e->kind != YAO_CARDS_DONE)
        return YAO_E_USAGE;
    YAO_TRY(show.mdoc ? write_mdoc(e->bytes) : write_card(e->bytes));
    if (show.challenge.len == 0)
        return tell_card(show.whole, ret);
    show.next = on_key;
    yao_wish_open(ret, "make_key");
    return YAO_OK;
}

static yao_status on_key(const yao_cards_event *e, yao_page_wish *ret)
{
    const yao_agree_wish wish = {show.said.key};

    if (e->kind != YAO_CARDS_KEY || e->key.curve != YAO_P256)
        return YAO_E_USAGE;
    show.sealing.ephemeral = e->key;
    show.next              = on_secret;
    yao_wish_open(ret, "agree");
    yao_wish_agree(ret, &wish);
    return YAO_OK;
}

static yao_status on_secret(const yao_cards_event *e, yao_page_wish *ret)
{
    const yao_public_key ephemeral = show.sealing.ephemeral;

    if (e->kind != YAO_CARDS_DONE)
        return YAO_E_USAGE;
    YAO_TRY(yao_card_seal(page.crypto, show.challenge, &show.said.key,
                          &ephemeral, e->bytes, show.whole, &show.sealing));
    show.next = on_sealed;
    yao_wish_open(ret, "aead");
    yao_wish_aead(ret, &show.sealing.wish);
    return YAO_OK;
}

static yao_status on_sealed(const yao_cards_event *e, yao_page_wish *ret)
{
    yao_writer w = yao_writer_in(&page.memory);
    yao_bytes  sealed;

    if (e->kind != YAO_CARDS_DONE ||
        e->bytes.len != show.whole.len + YAO_AEAD_TAG)
        return YAO_E_USAGE;
    yao_card_put_sealed(&w, &show.sealing, e->bytes);
    yao_card_wipe_sealing(&show.sealing);
    YAO_TRY(yao_writer_keep(&w, &page.memory, &sealed));
    return tell_card(sealed, ret);
}

static yao_status on_shown(const yao_cards_event *e, yao_page_wish *ret)
{
    if (e->kind != YAO_CARDS_DONE)
        return YAO_E_USAGE;
    yao_wish_open(ret, "stop");
    yao_wish_status(ret, YAO_OK);
    return YAO_OK;
}

/* ---- the machine -------------------------------------------------------- */

static yao_status begin(yao_told *t)
{
    show.issued  = yao_told_bytes(t, "issued");
    show.mdoc    = yao_told_bool(t, "mdoc");
    show.profile = yao_told_text(t, "profile");
    show.choice  = yao_told_text(t, "choice");
    show.letters = yao_told_texts(t, "challenge", &show.letter_count);
    show.next    = on_start;
    YAO_TRY(t->status);
    return show.issued.len != 0 ? YAO_OK : YAO_E_USAGE;
}

static yao_status step(yao_told *t, yao_page_wish *ret)
{
    yao_cards_event e;

    YAO_TRY(yao_cards_take_event(t, &e));
    return yao_cards_answer(show.next, &e, ret);
}

static void wipe(void)
{
    yao_card_wipe_sealing(&show.sealing);
}

const yao_page_machine yao_page_card_show = {begin, step, wipe};
