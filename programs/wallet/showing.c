/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/showing.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/value.h"
#include "wallet/titles.h"

static yao_text format_of(const yao_showing *s)
{
    return s->form == YAO_SHOWING_SDJWT ? YAO_TEXT("sd-jwt-vc")
                                        : YAO_TEXT("mdoc-issuer-signed");
}

/* ---- choosing ----------------------------------------------------------- */

/* A copy that was never shown; when there is none, the one shown least. */
static void choose_copy(yao_showing_part *part)
{
    const yao_wallet_batch *b = part->batch;

    part->copy = 0;
    for (size_t i = 1; i < b->count; i++)
        if (b->shown[i] < b->shown[part->copy])
            part->copy = i;
    part->again = b->shown[part->copy] > 0;
}

const yao_element *yao_showing_element(const yao_showing    *s,
                                       const yao_definition *definition,
                                       yao_text              name)
{
    const yao_element *e = yao_document_named(definition, name);

    if (e != NULL && e->derive == YAO_DERIVE_PORTRAIT &&
        s->form == YAO_SHOWING_ANIMATED)
        e = yao_document_named(definition, YAO_TEXT("portrait_small"));
    return e;
}

static yao_status add_element(const yao_showing *s, yao_showing_part *part,
                              yao_text name)
{
    const yao_element *e =
        yao_showing_element(s, part->ask->definition, name);

    if (e == NULL)
        return YAO_E_NOT_FOUND;
    if ((s->form == YAO_SHOWING_SDJWT ? e->claim.len : e->identifier.len) > 0)
        part->elements[part->element_count++] = e;
    return YAO_OK;
}

/* Of the choices the one that was named, else the first. */
static yao_status add_choice(const yao_showing *s, yao_showing_part *part)
{
    yao_text choice;

    if (part->ask->choice_count == 0)
        return YAO_OK;
    YAO_TRY(yao_ask_choose(part->ask, s->choice, &choice));
    return add_element(s, part, choice);
}

/* What is asked for of the subject; what nobody has several of, the person's
 * own: a vehicle's papers come with a driver's licence. */
static yao_wallet_batch *find_batch(const yao_showing      *s,
                                    const yao_wallet_batch *like)
{
    yao_wallet_batch  of  = *like;
    bool              card = s->form == YAO_SHOWING_CARD;
    yao_wallet_batch *found;

    of.subject = s->subject;
    found      = card ? yao_wallet_find_cards(s->wallet, &of)
                      : yao_wallet_find(s->wallet, of.document, of.format,
                                        of.subject);
    if (found != NULL || s->subject.len == 0)
        return found;
    of.subject = YAO_TEXT("");
    return card ? yao_wallet_find_cards(s->wallet, &of)
                : yao_wallet_find(s->wallet, of.document, of.format,
                                  of.subject);
}

/* A card has its elements once and for all. */
static yao_status choose_card(yao_showing *s, const yao_ask *ask)
{
    yao_showing_part *part = &s->parts[s->part_count];
    yao_text          any  = {NULL, 0};
    yao_card_layout   layout;

    YAO_TRY(yao_profile_card(&s->wallet->arena, s->profile, ask->definition,
                             ask->choice_count > 0 ? s->choice : any, &layout));
    *part = (yao_showing_part){.ask = ask, .element_count = layout.asked};
    part->batch = find_batch(
        s, &(yao_wallet_batch){.document = ask->definition->name,
                               .profile  = s->profile->name,
                               .choice   = layout.choice});
    if (part->batch == NULL)
        return ask->optional ? YAO_OK : YAO_E_NOT_FOUND;
    choose_copy(part);

    part->elements = yao_arena_take_array(&s->wallet->arena, layout.asked,
                                          sizeof *part->elements);
    if (part->elements == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < layout.asked; i++)
        part->elements[i] = layout.elements[i];
    s->part_count++;
    return YAO_OK;
}

static yao_status choose_part(yao_showing *s, const yao_ask *ask)
{
    yao_showing_part *part = &s->parts[s->part_count];
    size_t            most = ask->element_count + 1;

    if (s->form == YAO_SHOWING_CARD)
        return choose_card(s, ask);
    *part       = (yao_showing_part){.ask = ask};
    part->batch =
        find_batch(s, &(yao_wallet_batch){.document = ask->definition->name,
                                          .format   = format_of(s)});
    if (part->batch == NULL)
        return ask->optional ? YAO_OK : YAO_E_NOT_FOUND;
    choose_copy(part);

    part->elements = yao_arena_take_array(&s->wallet->arena, most,
                                          sizeof *part->elements);
    if (part->elements == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < ask->element_count; i++)
        YAO_TRY(add_element(s, part, ask->elements[i]));
    YAO_TRY(add_choice(s, part));
    s->part_count++;
    return YAO_OK;
}

/* Who is asked for by name and not there is not shown as somebody else. */
static bool has_subject(const yao_showing *s)
{
    bool found = s->subject.len == 0;

    for (size_t i = 0; i < s->part_count; i++)
        found |= yao_text_equal(s->parts[i].batch->subject, s->subject);
    return found;
}

yao_status yao_showing_choose(yao_showing *s)
{
    if (s->profile->match_only && s->form != YAO_SHOWING_CARD)
        return YAO_E_REFUSED;
    for (size_t i = 0; i < s->profile->ask_count; i++) {
        if (s->profile->asks[i].step != s->step)
            continue;
        if (s->part_count == YAO_MAX_DOCUMENTS)
            return YAO_E_LIMIT;
        YAO_TRY(choose_part(s, &s->profile->asks[i]));
    }
    return s->part_count > 0 && has_subject(s) ? YAO_OK : YAO_E_NOT_FOUND;
}

/* ---- asking ------------------------------------------------------------- */

static void say_text(FILE *out, yao_text text)
{
    yao_value_print(out, text);
}

static void describe_part(const yao_showing_part *part, FILE *out)
{
    fputs("  ", out);
    say_text(out, yao_wallet_title(part->batch));
    if (part->batch->subject.len > 0) {
        fputs("  (", out);
        say_text(out, part->batch->subject);
        fputc(')', out);
    }
    fputs(part->again
              ? yao_say(WORDS("  (all copies were shown before: this one can "
                              "be recognised; get new ones)",
                              "（各份均已出示过，可能被关联；请重新领取）"))
              : "",
          out);
    fputc('\n', out);
    for (size_t i = 0; i < part->element_count; i++) {
        fputs("    ", out);
        say_text(out, yao_wallet_label(part->elements[i]));
        if (part->elements[i]->sensitive)
            fputs(yao_say(WORDS("  (sensitive)", "（敏感）")), out);
        fputc('\n', out);
    }
}

static void describe(const yao_showing *s, FILE *out)
{
    yao_language language = yao_language_get();

    say_text(out, s->party);
    fputs(yao_say(WORDS(" asks for: ", " 请求出示：")), out);
    say_text(out, yao_label_in(s->profile->title, language));
    fputc('\n', out);
    if (s->place.len > 0) {
        fputs(yao_say(WORDS("  place: ", "  地点：")), out);
        say_text(out, s->place);
        fputc('\n', out);
    }
    fputs(yao_say(WORDS("  purpose: ", "  用途：")), out);
    say_text(out, yao_label_in(s->profile->purpose, language));
    fputc('\n', out);
    fputs(yao_say(WORDS("  legal basis: ", "  法律依据：")), out);
    say_text(out, yao_label_in(s->profile->legal_basis, language));
    fputc('\n', out);
    if (s->profile->retention > 0)
        fprintf(out, yao_say(WORDS("  kept for at most %u days\n",
                                   "  最多保存 %u 天\n")),
                (unsigned)s->profile->retention);
    else
        fputs(yao_say(WORDS("  not kept\n", "  不保存\n")), out);
    for (size_t i = 0; i < s->part_count; i++)
        describe_part(&s->parts[i], out);
}

bool yao_showing_consent(const yao_showing *s, bool yes)
{
    char answer[16];

    describe(s, stderr);
    if (yes)
        return true;
    if (!isatty(STDIN_FILENO))
        return false;

    fputs(yao_say(WORDS("Show this? [y/N] ", "同意出示？[y/N] ")), stderr);
    fflush(stderr);
    return fgets(answer, sizeof answer, stdin) != NULL &&
           (answer[0] == 'y' || answer[0] == 'Y' ||
            strncmp(answer, "是", strlen("是")) == 0);
}

/* ---- remembering -------------------------------------------------------- */

static yao_status names_of(yao_arena *arena, const yao_showing_part *part,
                           yao_text *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  names;

    for (size_t i = 0; i < part->element_count; i++) {
        if (i > 0)
            yao_put_byte(&w, ' ');
        yao_put_bytes(&w, yao_text_bytes(part->elements[i]->name));
    }
    YAO_TRY(yao_writer_keep(&w, arena, &names));
    *ret = (yao_text){names.ptr, names.len};
    return YAO_OK;
}

/* By which a receipt finds its showing: of an open card there is none. */
static yao_status hash_challenge(yao_showing *s, yao_text *ret)
{
    uint8_t      hash[YAO_SHA256_LEN];
    yao_openssl *openssl;
    yao_writer   w = yao_writer_in(&s->wallet->arena);
    yao_bytes    hex;

    *ret = (yao_text){NULL, 0};
    if (s->challenge.len == 0)
        return YAO_OK;
    openssl = yao_openssl_open();
    if (openssl == NULL)
        return YAO_E_CRYPTO;
    const yao_crypto *crypto = yao_openssl_crypto(openssl);
    yao_status        status =
        crypto->hash(crypto->ctx, YAO_SHA256, &s->challenge, 1, hash);
    yao_openssl_close(openssl);
    YAO_TRY(status);
    yao_put_hex(&w, (yao_bytes){hash, sizeof hash});
    YAO_TRY(yao_writer_keep(&w, &s->wallet->arena, &hex));
    *ret = (yao_text){hex.ptr, hex.len};
    return YAO_OK;
}

yao_status yao_showing_record(yao_showing *s)
{
    yao_text request;

    YAO_TRY(hash_challenge(s, &request));
    for (size_t i = 0; i < s->part_count; i++) {
        yao_showing_part *part  = &s->parts[i];
        yao_wallet_event  event = {.when     = s->now,
                                   .party    = s->party,
                                   .profile  = s->profile->name,
                                   .document = part->batch->document,
                                   .format   = part->batch->format,
                                   .request  = request};

        YAO_TRY(names_of(&s->wallet->arena, part, &event.elements));
        part->batch->shown[part->copy]++;
        yao_wallet_remember(s->wallet, event);
    }
    return yao_wallet_save(s->wallet);
}
