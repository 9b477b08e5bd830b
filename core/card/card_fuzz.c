/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Properties, for any input whose signer is known:
 *   - a card that is read could be written again, byte for byte;
 *   - a home that answers nothing, or BAD, never makes a card accepted;
 *   - what a home that says GOOD to all makes accepted is of the step of now,
 *     or answers the challenge, is between its dates, and has a holder unless
 *     it is paper that never had one;
 *   - letters that are read are those that would be written.
 *
 * The first byte says how the rest is taken. Hashes are true but for that of
 * the signer's certificate, which is whatever the card calls it: a stranger's
 * card would never get further.
 */

#include "card_fixture.h"
#include "tape.h"

enum { PAPER = 1, CHALLENGED = 2, BOUND = 4, PINNED = 8, LETTERS = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(16) uint8_t memory[512 * 1024];

/* ---- a home that knows every signer ------------------------------------- */

static yao_bytes kid;

static yao_status hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                       size_t count, uint8_t *out)
{
    (void)ctx;
    if (parts[0].ptr != card_fixture_get()->signer.ptr ||
        kid.len != YAO_CARD_KID)
        return forge_crypto()->hash(forge_crypto()->ctx, alg, parts, count,
                                    out);
    memset(out, 0, YAO_SHA256_LEN);
    memcpy(out, kid.ptr, kid.len);
    return YAO_OK;
}

static const yao_crypto home = {.hash = hash};

/* ---- written again ------------------------------------------------------ */

static void write_card(yao_arena arena, yao_bytes input,
                       const yao_card_unverified *card)
{
    yao_card_showing showing = {.issued = card->issued,
                                .moment = {.challenged = !card->stepped,
                                           .step       = card->step}};
    yao_writer       w       = yao_writer_in(&arena);

    must(yao_card_put_shown(&w, &showing, card->holder_signature) == YAO_OK);
    must(yao_bytes_equal((yao_bytes){w.ptr, w.len}, input));
}

static void write_issued(yao_arena arena, const yao_card_unverified *card)
{
    const yao_sig_row *row = yao_sig_by_cose(card->message.alg);
    yao_card_issuing   issuing;

    if (row == NULL || row->signature_len != card->message.signature.len ||
        row->cose != card->message.alg)
        return; /* no algorithm of ours to write it with */
    if (card->content.expires <= card->content.issued_at)
        return; /* never issued, and refused by its dates */
    must(yao_card_issue(&arena, &home, &card->content, row->alg,
                        card_fixture_get()->signer, &issuing) == YAO_OK);
    must(yao_bytes_equal(issuing.payload, card->message.payload));

    yao_writer w = yao_writer_in(&arena);
    must(yao_card_put_issued(&w, &issuing, card->message.signature) == YAO_OK);
    must(yao_bytes_equal((yao_bytes){w.ptr, w.len}, card->issued));
}

/* ---- judged ------------------------------------------------------------- */

static yao_bytes challenge(void)
{
    static uint8_t    kept[512];
    static yao_bytes  made;

    if (made.len == 0) {
        yao_bytes bytes = card_fixture_challenge(CARD_NOW, 7);
        must(bytes.len <= sizeof kept);
        memcpy(kept, bytes.ptr, bytes.len);
        made = (yao_bytes){kept, bytes.len};
    }
    return made;
}

/* Of paper whose holder was to be known it is said that nobody knows. */
static bool says_unknown(const yao_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        if (report->rows[i].check == YAO_CHECK_CARD_HOLDER &&
            report->rows[i].outcome == YAO_OUTCOME_UNKNOWN)
            return true;
    return false;
}

static void check_verified(const yao_card_unverified     *card,
                           const yao_card_verify_options *o,
                           const yao_card_verified       *verified,
                           const yao_report              *report)
{
    const yao_card_content *c    = verified->content;
    uint64_t                here = (uint64_t)o->now / 30;

    must(c == &card->content && c->element_count != 0);
    must(c->expires > o->now);
    must(c->not_before == YAO_TIME_NONE || c->not_before <= o->now);
    must(verified->bound == !card->printed);
    must(card->message.signature.len != 0);
    if (card->printed) {
        must(!card->torn && o->challenge.len == 0);
        must(!o->bound || says_unknown(report));
        return;
    }
    must(c->issued_at <= o->now && verified->signer != NULL);
    must(card->stepped == (o->challenge.len == 0));
    must(!card->stepped || (card->step + 1 >= here && card->step <= here + 1));
    must(!c->sealed || o->challenge.len != 0);
    must(o->challenge.len == 0 ||
         yao_text_equal(c->profile, YAO_TEXT("hotel")));
}

static void judge(yao_arena arena, const yao_card_unverified *card,
                  const yao_card_verify_options *o, yao_sig_outcome answer)
{
    yao_card_verification v;
    yao_card_verified     verified;
    yao_report            report = {.count = 0};

    must(yao_card_begin(&arena, &home, card, o, &v, &report) == YAO_OK);
    for (size_t i = 0; i < v.check_count; i++)
        v.checks[i].outcome = answer;

    yao_status status = yao_card_conclude(&v, &verified, &report);
    must(status != YAO_OK || answer == YAO_SIG_GOOD);
    must(!report.full);
    if (status == YAO_OK)
        check_verified(card, o, &verified, &report);
}

static void judge_all(yao_arena arena, const yao_card_unverified *card,
                      uint8_t how)
{
    const card_fixture *f          = card_fixture_get();
    yao_anchor          anchors[2] = {f->anchors[0], {.role = YAO_ROLE_ISSUER}};
    yao_card_verify_options o = {.anchors      = anchors,
                                 .anchor_count = how & PINNED ? 2 : 1,
                                 .signers      = &f->signer,
                                 .signer_count = 1,
                                 .now          = CARD_NOW,
                                 .bound        = (how & BOUND) != 0};

    anchors[1].key = yao_openssl_key_public(forge_key(CARD_OTHER_KEY));
    if (how & CHALLENGED)
        o.challenge = challenge();
    for (int answer = YAO_SIG_UNCHECKED; answer <= YAO_SIG_UNSUPPORTED;
         answer++)
        judge(arena, card, &o, (yao_sig_outcome)answer);
}

/* ---- letters ------------------------------------------------------------ */

static void read_letters(yao_bytes input)
{
    static uint8_t bytes[YAO_MAX_CODE_LETTERS], letters[2 * sizeof bytes];
    yao_writer     w    = yao_writer_open(bytes, sizeof bytes);
    yao_writer     back = yao_writer_open(letters, sizeof letters);
    yao_card_code  code;

    yao_status status = yao_card_get_text(input, &w, &code);
    must(status != YAO_E_SPACE);
    if (status != YAO_OK)
        return;
    yao_card_put_text(&back, code, (yao_bytes){bytes, w.len});
    must(back.status == YAO_OK);
    must(yao_bytes_equal((yao_bytes){letters, back.len}, input));
}

/* What is no card may be an mdoc that is shown. */
static void read_mdoc(yao_bytes input)
{
    yao_card_mdoc mdoc;

    if (yao_card_read_mdoc(input, &mdoc) == YAO_OK)
        must(yao_card_kind_of(input) == YAO_CARD_WHOLE_MDOC);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena           arena = {memory, sizeof memory, 0};
    yao_card_unverified card;

    if (len == 0)
        return 0;

    uint8_t   how   = data[0];
    yao_bytes input = {data + 1, len - 1};

    if (how & LETTERS) {
        read_letters(input);
        return 0;
    }
    read_mdoc(input);
    if ((how & PAPER ? yao_card_parse_printed(&arena, input, &card)
                     : yao_card_parse(&arena, input, &card)) != YAO_OK)
        return 0;
    must(yao_card_kind_of(input) == (how & PAPER ? YAO_CARD_WHOLE_SIGNED
                                                 : YAO_CARD_WHOLE_CARD));
    kid = card.message.kid;
    if (!card.printed) {
        write_card(arena, input, &card);
        write_issued(arena, &card);
    }
    judge_all(arena, &card, how);
    return 0;
}
