/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/printing.h"

#include "app/files.h"
#include "app/sheet.h"
#include "mdoc/mdoc.h"
#include "qr/qr.h"

typedef struct printing {
    yao_wallet             *wallet;
    const yao_wallet_batch *batch;
    app_sheet               sheet;
} printing;

/* ---- the portrait ------------------------------------------------------- */

static yao_bytes portrait_in(const yao_mdoc_issuer_signed *issuer)
{
    yao_bytes none = {NULL, 0};

    for (size_t i = 0; i < issuer->item_count; i++) {
        const yao_mdoc_item *item = &issuer->items[i];

        if (yao_text_equal(item->element, YAO_TEXT("portrait"))) {
            yao_cbor_reader r    = yao_cbor_open(item->value);
            yao_bytes       jpeg = yao_cbor_get_bytes(&r);
            return yao_cbor_close(&r) == YAO_OK ? jpeg : none;
        }
    }
    return none;
}

static yao_status read_portrait(printing *p, const yao_wallet_batch *batch,
                                image_canvas *ret)
{
    yao_arena           *arena = &p->wallet->arena;
    yao_wallet_copy      copies[YAO_MAX_BATCH];
    yao_mdoc_unverified *mdoc = yao_arena_take(arena, sizeof *mdoc);

    if (mdoc == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_wallet_read_batch(p->wallet, batch, copies));
    YAO_TRY(yao_mdoc_parse_issuer_signed(arena, copies[0].bytes, true, mdoc));

    yao_bytes jpeg = portrait_in(&mdoc->documents[0].issuer);
    return jpeg.len > 0 ? image_read_jpeg(jpeg, arena, ret) : YAO_E_NOT_FOUND;
}

/* The document's own, else that of the same person's identity card. */
static yao_status put_portrait(printing *p, image_canvas *ret)
{
    static const yao_text   format = YAO_INIT("mdoc-issuer-signed");
    const yao_wallet_batch *sources[] = {
        yao_wallet_find(p->wallet, p->batch->document, format,
                        p->batch->subject),
        yao_wallet_find(p->wallet, YAO_TEXT("resident_id"), format,
                        p->batch->subject)};

    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        if (sources[i] == NULL || !yao_text_equal(sources[i]->subject,
                                                  p->batch->subject))
            continue;
        yao_status status = read_portrait(p, sources[i], ret);
        if (status != YAO_E_NOT_FOUND)
            return status;
    }
    return YAO_OK; /* without one: a checker asks for another document */
}

/* ---- the sheet ---------------------------------------------------------- */

static yao_status put_code_of(printing *p, paper_code *ret)
{
    qr_code code;

    YAO_TRY(qr_encode(yao_text_bytes(p->sheet.letters), QR_LEVEL_M,
                      &p->wallet->arena, &code));
    *ret = (paper_code){code.modules, code.width};
    return YAO_OK;
}

static yao_status read_card(printing *p)
{
    yao_wallet_copy copies[YAO_MAX_BATCH];

    YAO_TRY(yao_wallet_read_batch(p->wallet, p->batch, copies));
    return app_sheet_read(&p->wallet->arena, yao_catalogue_shipped(),
                          copies[0].bytes, p->batch->issuer, yao_wallet_now(),
                          &p->sheet);
}

yao_status yao_printing_make(yao_wallet *wallet, const yao_wallet_batch *card,
                             yao_bytes *letters, paper_sheet *ret)
{
    printing    *p = yao_arena_take(&wallet->arena, sizeof *p);
    paper_sheet *s;

    if (p == NULL)
        return YAO_E_SPACE;
    *p = (printing){.wallet = wallet, .batch = card};
    s  = &p->sheet.paper;
    YAO_TRY(read_card(p));
    YAO_TRY(put_portrait(p, &s->portrait));
    YAO_TRY(put_code_of(p, &s->code));
    *ret     = *s;
    *letters = yao_text_bytes(p->sheet.letters);
    return YAO_OK;
}
