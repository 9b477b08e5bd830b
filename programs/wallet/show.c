/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet show`: what one document says, to its holder. */

#include <string.h>

#include "app/files.h"
#include "app/value.h"
#include "mdoc/mdoc.h"
#include "wallet/titles.h"

/* ---- is it still what was signed? --------------------------------------- */

static yao_status outcome_of(const yao_report *report, yao_check check)
{
    for (size_t i = 0; i < report->count; i++)
        if (report->rows[i].check == check)
            return report->rows[i].outcome == YAO_OUTCOME_PASS
                       ? YAO_OK
                       : report->rows[i].why;
    return YAO_E_MISSING;
}

static yao_status check_rows(yao_arena *arena, const yao_crypto *crypto,
                             const yao_mdoc_unverified *mdoc)
{
    const yao_mdoc_verify_options o = {.now = yao_wallet_now()}; /* no anchors */
    yao_mdoc_verification         v;
    yao_mdoc_verified             said;
    yao_report                   *report;

    report = yao_arena_take(arena, sizeof *report);
    if (report == NULL)
        return YAO_E_SPACE;
    memset(report, 0, sizeof *report);
    YAO_TRY(yao_mdoc_begin(arena, crypto, mdoc, &o, &v, report));
    YAO_TRY(crypto->verify(crypto->ctx, v.checks, v.check_count));
    if (yao_mdoc_conclude(&v, crypto, 0, &said, report) == YAO_OK)
        return YAO_OK;
    YAO_TRY(outcome_of(report, YAO_CHECK_DIGESTS));
    return outcome_of(report, YAO_CHECK_ISSUER_SIGNATURE);
}

/* A document that was edited in the vault is shown to nobody (misuse N340).
 * Whether its issuer may be believed is for checkers to say. */
static yao_status check_unchanged(yao_arena *arena,
                                  const yao_mdoc_unverified *mdoc)
{
    yao_openssl *openssl = yao_openssl_open();

    if (openssl == NULL)
        return YAO_E_CRYPTO;
    yao_status status = check_rows(arena, yao_openssl_crypto(openssl), mdoc);
    yao_openssl_close(openssl);
    return status;
}

/* ---- what it says ------------------------------------------------------- */

/* The label of an element of D, or its bare name. */
static yao_text label_of(const yao_definition *d, const yao_mdoc_item *item)
{
    const yao_element *e =
        d == NULL ? NULL
                  : yao_document_element(d, item->name_space, item->element);

    return e == NULL ? item->element : yao_wallet_label(e);
}

static void print_item(const yao_definition *d, const yao_mdoc_item *item)
{
    enum { COLUMN = 28 };
    uint8_t    buffer[1024];
    yao_writer w     = yao_writer_open(buffer, sizeof buffer);
    yao_text   label = label_of(d, item);

    yao_value_put_plain(&w, item->value);
    if (w.status != YAO_OK) {
        w = yao_writer_open(buffer, sizeof buffer);
        yao_put_byte(&w, '(');
        yao_put_decimal(&w, (int64_t)item->value.len);
        yao_put_text(&w, " bytes)");
    }
    fputs("  ", stdout);
    yao_value_print(stdout, label);
    int pad = COLUMN - yao_value_columns(label);
    printf("%*s %.*s\n", pad > 0 ? pad : 0, "", (int)w.len,
           (const char *)buffer);
}

static yao_status print_document(yao_wallet *w, const yao_wallet_batch *batch)
{
    yao_wallet_copy      copies[YAO_MAX_BATCH];
    yao_mdoc_unverified *mdoc = yao_arena_take(&w->arena, sizeof *mdoc);

    if (mdoc == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_wallet_read_batch(w, batch, copies));
    YAO_TRY(yao_mdoc_parse_issuer_signed(&w->arena, copies[0].bytes, true,
                                         mdoc));
    YAO_TRY(check_unchanged(&w->arena, mdoc));

    const yao_definition *d =
        yao_document_by_name(yao_catalogue_shipped(), batch->document);
    yao_text title = yao_wallet_title(batch);
    printf("%.*s\n", (int)title.len, (const char *)title.ptr);

    const yao_mdoc_issuer_signed *issuer = &mdoc->documents[0].issuer;
    for (size_t i = 0; i < issuer->item_count; i++)
        print_item(d, &issuer->items[i]);
    return YAO_OK;
}

static int run(const yao_invocation *call)
{
    yao_wallet *w;
    yao_status  status = YAO_E_NOT_FOUND;
    int         code   = yao_wallet_open_for(call, &w);

    if (code != 0)
        return code;
    for (size_t i = 0; i < w->batch_count; i++) {
        const yao_wallet_batch *b = &w->batches[i];

        if (!yao_text_equal(b->document, yao_text_of(call->operands[0])) ||
            !yao_text_equal(b->format, YAO_TEXT("mdoc-issuer-signed")))
            continue;
        status = print_document(w, b);
        if (status != YAO_OK)
            break;
    }
    yao_wallet_close(w);
    if (status == YAO_OK)
        return 0;
    if (status == YAO_E_BAD_DIGEST || status == YAO_E_BAD_SIGNATURE)
        return yao_fail(
            status, WORDS("wallet show", "查看证件"), call->operands[0],
            WORDS("it is not what its issuer signed: somebody changed it",
                  "与签发机构所签内容不符，已被改动"),
            WORDS("get it anew, and choose another passphrase",
                  "请重新领取，并更换口令"));
    return yao_fail(status, WORDS("wallet show", "查看证件"),
                    call->operands[0], (yao_words){NULL, NULL},
                    WORDS("see `yaopai wallet list --json` for what is there",
                          "请用 `yaopai wallet list --json` 查看已有证件"));
}

static const yao_option options[] = {YAO_WALLET_PASSPHRASE_OPTION};

const yao_command yao_wallet_show = {
    .noun         = "wallet",
    .verb         = "show",
    .summary      = WORDS_INIT("show what a document says, to its holder",
                               "向持有人本人显示证件内容"),
    .operands     = "DOCUMENT",
    .least        = 1,
    .most         = 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai wallet show -C my-wallet driving_licence",
    .run          = run,
};
