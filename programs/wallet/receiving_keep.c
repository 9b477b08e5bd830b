/* SPDX-License-Identifier: Apache-2.0 */

/* What the person is asked, and what is kept. Nothing is kept before the person
 * saw what the documents say and who says it (N136). */

#include "wallet/receiving.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "app/files.h"
#include "app/secret.h"
#include "app/value.h"
#include "wallet/titles.h"

enum { MAX_CODE = 128 };

/* ---- the code ----------------------------------------------------------- */

static yao_status type_code(yao_receiving *s, uint8_t *out, yao_bytes *ret)
{
    const yao_vci_tx_code *code = yao_receive_tx_code(s->machine);
    int                    fd   = open("/dev/tty", O_RDWR | O_CLOEXEC);

    if (fd < 0)
        return YAO_E_SECRET;
    if (code->description.len != 0) {
        yao_value_print(stderr, code->description);
        fputc('\n', stderr);
    }
    yao_status status =
        yao_secret_type(fd, WORDS("Transaction code: ", "交易码："), out,
                        MAX_CODE, ret);
    close(fd);
    return status;
}

static yao_status read_code(const char *path, uint8_t *out, yao_bytes *ret)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return YAO_E_FILE;
    yao_status status = yao_secret_line(fd, out, MAX_CODE, ret);
    close(fd);
    return status;
}

/* A file says the same again: it is asked once. */
void yao_receiving_ask_code(yao_receiving *s, const yao_receive_wish *w,
                            yao_receive_event *e)
{
    const char *path = yao_argument(s->call, "tx-code-file");
    uint8_t    *out  = yao_arena_take(&s->arena, MAX_CODE);

    if (out == NULL)
        e->status = YAO_E_SPACE;
    else if (path != NULL && w->again)
        e->kind = YAO_RECEIVE_REFUSED;
    else if (path != NULL)
        e->status = read_code(path, out, &e->bytes);
    else
        e->status = type_code(s, out, &e->bytes);
}

/* ---- what it says ------------------------------------------------------- */

static const yao_definition *definition_of(const yao_receiving    *s,
                                           const yao_receive_item *item)
{
    return yao_document_by_type(s->options.catalogue, item->offered.type);
}

static void print_attribute(const yao_definition   *d,
                            const yao_receive_item *item,
                            const yao_attribute    *a)
{
    enum { COLUMN = 28 };
    const yao_element *element = yao_receiving_element(d, item, a);
    yao_text label = element != NULL ? yao_wallet_label(element) : a->name;
    uint8_t  buffer[1024];
    yao_writer w = yao_writer_open(buffer, sizeof buffer);

    yao_receiving_put_value(&w, a);
    if (w.status != YAO_OK) {
        w = yao_writer_open(buffer, sizeof buffer);
        yao_put_text(&w, "...");
    }
    int pad = COLUMN - yao_value_columns(label);
    fputs("    ", stderr);
    yao_value_print(stderr, label);
    fprintf(stderr, "%*s %.*s\n", pad > 0 ? pad : 0, "", (int)w.len,
            (const char *)buffer);
}

static yao_text format_of(yao_vci_format format)
{
    switch (format) {
    case YAO_VCI_MDOC:
        return YAO_TEXT("mdoc-issuer-signed");
    case YAO_VCI_SDJWT:
        return YAO_TEXT("sd-jwt-vc");
    case YAO_VCI_CARD:
        return YAO_TEXT("card");
    case YAO_VCI_PAPER:
        return YAO_TEXT("printed-card");
    case YAO_VCI_NO_FORMAT:
        break;
    }
    return YAO_TEXT("");
}

static yao_text document_of(const yao_receiving    *s,
                            const yao_receive_item *item)
{
    const yao_definition *d = definition_of(s, item);

    return d != NULL ? d->name : item->offered.id;
}

/* What the wallet has and will not have any more. */
static const yao_wallet_batch *replaced_by(yao_receiving           *s,
                                           const yao_receiving_all *all,
                                           size_t                   index)
{
    const yao_receive_item *item = &all->items[index];
    yao_wallet_batch        like = {.document = document_of(s, item),
                                    .format   = format_of(item->offered.format),
                                    .profile  = item->offered.profile,
                                    .choice   = item->offered.choice};
    const yao_wallet_batch *found;

    if (yao_receiving_subject(all, index, &s->arena, &like.subject) != YAO_OK)
        return NULL;
    found = yao_vci_is_card(item->offered.format)
                ? yao_wallet_find_cards(s->wallet, &like)
                : yao_wallet_find(s->wallet, like.document, like.format,
                                  like.subject);
    return found != NULL && yao_text_equal(found->subject, like.subject)
               ? found
               : NULL;
}

/* Whoever brings somebody an offer could have theirs put away by it. */
static void print_replaced(const yao_wallet_batch *old, yao_text signer)
{
    if (old == NULL)
        return;
    fputs(yao_say(WORDS("    takes the place of the one you have",
                        "    将取代您已有的一份")),
          stderr);
    if (!yao_text_equal(old->issuer, signer)) {
        fputs(yao_say(WORDS(", which is ANOTHER AUTHORITY'S: ",
                            "，而那一份由另一机构签发：")),
              stderr);
        yao_value_print(stderr, old->issuer);
    }
    fputc('\n', stderr);
}

static void print_item(yao_receiving *s, const yao_receiving_all *all,
                       size_t index)
{
    const yao_receive_item *item = &all->items[index];
    const yao_definition   *d    = definition_of(s, item);

    fputs("  ", stderr);
    yao_value_print(stderr, d != NULL
                                ? yao_label_in(d->title, yao_language_get())
                                : item->offered.type);
    fprintf(stderr, yao_say(WORDS(" (%s, %zu copies), signed under ",
                                  "（%s，%zu 份），签发根：")),
            yao_vci_format_name(item->offered.format), item->copy_count);
    yao_value_print(stderr, item->signer);
    fputc('\n', stderr);
    print_replaced(replaced_by(s, all, index), item->signer);
    for (size_t i = 0; i < item->attribute_count; i++)
        print_attribute(d, item, &item->attributes[i]);
}

static bool agrees(const yao_receiving *s)
{
    char answer[16];

    if (yao_given(s->call, "yes"))
        return true;
    if (!isatty(STDIN_FILENO))
        return false;
    fputs(yao_say(WORDS("Are these yours, and shall they be kept? [y/N] ",
                        "这些是您的证件吗？是否保存？[y/N] ")),
          stderr);
    fflush(stderr);
    return fgets(answer, sizeof answer, stdin) != NULL &&
           (answer[0] == 'y' || answer[0] == 'Y' ||
            strncmp(answer, "是", strlen("是")) == 0);
}

void yao_receiving_confirm(yao_receiving *s, yao_receive_event *e)
{
    yao_receiving_all all = {.catalogue = s->options.catalogue};

    all.items = yao_receive_items(s->machine, &all.count);
    fputs(yao_say(WORDS("From ", "来自 ")), stderr);
    yao_value_print(stderr, yao_receive_issuer(s->machine));
    fputs(yao_say(WORDS(", which calls itself ", "，自称 ")), stderr);
    yao_value_print(stderr, yao_receive_issuer_name(s->machine));
    fputs(yao_say(WORDS(":\n", "：\n")), stderr);
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i].state == YAO_RECEIVE_GOOD)
            print_item(s, &all, i);
    if (!agrees(s))
        e->kind = YAO_RECEIVE_REFUSED;
}

/* ---- keeping ------------------------------------------------------------ */

/* The keys of ITEM become the wallet's fresh ones; those without a copy go. */
static void hand_over_keys(yao_receiving *s, const yao_receive_item *item,
                           size_t index)
{
    yao_wallet *w = s->wallet;

    yao_wallet_drop_fresh(w);
    for (size_t i = 0; i < item->copy_count; i++) {
        yao_key **key = &s->copies[index][item->key_of[i]];

        w->fresh[w->fresh_count++] = *key;
        *key                       = NULL;
    }
}

static yao_status store_item(yao_receiving *s, const yao_receiving_all *all,
                             size_t index)
{
    yao_receive_item *item = &all->items[index];
    app_copy          copies[YAO_VCI_MAX_BATCH];
    app_delivery      delivery = {
        .document = document_of(s, item),
        .format   = format_of(item->offered.format),
        .profile  = item->offered.profile,
        .choice   = item->offered.choice,
        .type     = item->offered.type,
        .issuer   = item->signer,
        .issued   = yao_wallet_now(),
        .copies   = copies,
        .count    = item->copy_count};

    YAO_TRY(yao_receiving_subject(all, index, &s->arena, &delivery.subject));
    for (size_t i = 0; i < item->copy_count; i++)
        copies[i] = (app_copy){item->keys[item->key_of[i]], item->copies[i]};
    if (item->offered.format == YAO_VCI_PAPER) /* its key goes with the session */
        copies[0].key = (yao_public_key){.curve = YAO_CURVE_NONE};
    else
        hand_over_keys(s, item, index);
    yao_status status = yao_wallet_handover.store(
        (app_wallet *)(void *)s->wallet, &delivery);
    yao_wallet_drop_fresh(s->wallet);
    return status;
}

void yao_receiving_store(yao_receiving *s, yao_receive_event *e)
{
    yao_receiving_all all = {.catalogue = s->options.catalogue};

    all.items = yao_receive_items(s->machine, &all.count);
    for (size_t i = 0; i < all.count && e->status == YAO_OK; i++) {
        if (all.items[i].state != YAO_RECEIVE_GOOD)
            continue;
        e->status = store_item(s, &all, i);
        if (e->status == YAO_OK)
            all.items[i].state = YAO_RECEIVE_KEPT;
    }
}
