/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sheet.h"

#include "app/files.h"
#include "app/value.h"

typedef struct reading {
    yao_arena            *arena;
    yao_bytes             bytes; /* COSE_Sign1 */
    yao_card_unverified   card;
    const yao_definition *definition;
    const yao_profile    *profile;
    paper_row            *rows; /* PAPER_MAX_ROWS */
} reading;

static paper_words words_of(yao_label label)
{
    return (paper_words){label.zh, label.en};
}

static yao_status keep(reading *p, yao_writer *w, yao_text *ret)
{
    yao_bytes bytes;

    YAO_TRY(yao_writer_keep(w, p->arena, &bytes));
    *ret = (yao_text){bytes.ptr, bytes.len};
    return YAO_OK;
}

/* ---- values ------------------------------------------------------------- */

/* "19880808" -> "1988-08-08", as claim 169 has a day of birth. */
static bool put_packed_day(yao_writer *w, yao_bytes value)
{
    yao_cbor_reader r    = yao_cbor_open(value);
    yao_text        text = yao_cbor_get_text(&r);

    if (yao_cbor_close(&r) != YAO_OK || text.len != 8)
        return false;
    yao_put_bytes(w, (yao_bytes){text.ptr, 4});
    yao_put_byte(w, '-');
    yao_put_bytes(w, (yao_bytes){text.ptr + 4, 2});
    yao_put_byte(w, '-');
    yao_put_bytes(w, (yao_bytes){text.ptr + 6, 2});
    return true;
}

/* "男 Male" for 1. */
static void put_code(yao_writer *w, const yao_element *e, yao_text said)
{
    yao_code code;

    if (e->codes == NULL || !yao_code_find(e->codes, said, &code)) {
        yao_put_bytes(w, yao_text_bytes(said));
        return;
    }
    yao_put_bytes(w, yao_text_bytes(code.label.zh));
    if (!yao_text_equal(code.label.zh, code.label.en)) {
        yao_put_byte(w, ' ');
        yao_put_bytes(w, yao_text_bytes(code.label.en));
    }
}

static yao_status put_value(reading *p, const yao_element *e,
                            const yao_card_element *from, yao_text *ret)
{
    uint8_t    buffer[1024];
    yao_writer plain = yao_writer_open(buffer, sizeof buffer);
    yao_writer w     = yao_writer_in(p->arena);

    if (e->type == YAO_TYPE_BOOL) {
        bool yes = yao_bytes_equal(from->value, YAO_LIT("\xf5"));
        yao_put_text(&w, yes ? "是 Yes" : "否 No");
    } else if (e->type != YAO_TYPE_DATE || !from->space ||
               !put_packed_day(&w, from->value)) {
        yao_value_put_plain(&plain, from->value);
        YAO_TRY(plain.status);
        if (yao_bytes_equal((yao_bytes){buffer, plain.len},
                            YAO_LIT("9999-12-31")))
            yao_put_text(&w, "长期 Long-term");
        else
            put_code(&w, e, (yao_text){buffer, plain.len});
    }
    return keep(p, &w, ret);
}

static const yao_element *known(const reading         *p,
                                const yao_card_element *from)
{
    return yao_document_labelled(p->definition, from->space == YAO_CARD_169,
                                 from->label);
}

/* What the card says of E; NULL: nothing. */
static const yao_card_element *said_of(const reading    *p,
                                       const yao_element *e)
{
    const yao_card_content *c = &p->card.content;

    for (size_t i = 0; i < c->element_count; i++)
        if (known(p, &c->elements[i]) == e)
            return &c->elements[i];
    return NULL;
}

/* The name stands first; the mark of a specimen in letters of its own. */
static yao_status put_row(reading *p, const yao_element *e, bool names,
                          size_t *count)
{
    enum { FULL_NAME = 4 }; /* of claim 169 */
    const yao_card_element *from = said_of(p, e);
    bool                    name = e->claim_169 && e->card == FULL_NAME;

    if (from == NULL || name != names || e->derive == YAO_DERIVE_SPECIMEN)
        return YAO_OK;
    if (*count == PAPER_MAX_ROWS)
        return YAO_E_LIMIT;
    p->rows[*count].label = words_of(e->label);
    YAO_TRY(put_value(p, e, from, &p->rows[*count].value));
    ++*count;
    return YAO_OK;
}

/* In the catalogue's order, as on the document itself. */
static yao_status put_rows(reading *p, size_t *count)
{
    const yao_definition *d = p->definition;

    for (size_t i = 0; i < d->element_count; i++)
        YAO_TRY(put_row(p, &d->elements[i], true, count));
    for (size_t i = 0; i < d->element_count; i++)
        YAO_TRY(put_row(p, &d->elements[i], false, count));
    return YAO_OK;
}

static const paper_words with_face[] = {
    {YAO_INIT("扫描二维码，核验签发机关、有效期和状态"),
     YAO_INIT("Scan the code: issuer, dates and status are checked")},
    {YAO_INIT("以扫码结果为准；纸上文字可能被改动"),
     YAO_INIT("What the scan says counts, not what is printed here")},
    {YAO_INIT("将相片与本人比对；相片未签名，有疑问时请看其他证件"),
     YAO_INIT("Compare the portrait with the person; it is not signed: when in "
              "doubt ask for another document")},
    {YAO_INIT("联网时请核对是否已吊销"),
     YAO_INIT("On line, see that it was not revoked")},
    {YAO_INIT("只用于所列用途，逾期无效"),
     YAO_INIT("For the purpose above only, and not after its last day")}};

static const paper_words foot = {
    YAO_INIT("此码可被他人拍照复制，请勿公开。遗失请到窗口或在钱包中冻结证件。"),
    YAO_INIT("Anybody who photographs this code has it: keep it to yourself. "
             "If lost, freeze the document at a counter or in your wallet.")};

static yao_status put_day(reading *p, yao_time time, yao_text *ret)
{
    uint8_t    letters[10];
    yao_writer w = yao_writer_in(p->arena);

    yao_date_format(yao_date_of_time(time), letters);
    yao_put_bytes(&w, (yao_bytes){letters, sizeof letters});
    return keep(p, &w, ret);
}

static bool is_specimen(const reading *p)
{
    for (size_t i = 0; i < p->card.content.element_count; i++) {
        const yao_card_element *e = &p->card.content.elements[i];
        const yao_element      *of = known(p, e);

        if (of != NULL && of->derive == YAO_DERIVE_SPECIMEN)
            return true;
    }
    return false;
}

/* ---- the sheet ---------------------------------------------------------- */

static yao_status put_letters(reading *p, yao_text *ret)
{
    yao_writer w = yao_writer_in(p->arena);
    yao_bytes  zlib;

    yao_card_put_zlib(&w, p->bytes);
    YAO_TRY(yao_writer_keep(&w, p->arena, &zlib));
    w = yao_writer_in(p->arena);
    yao_card_put_text(&w, YAO_CARD_CODE_PRINTED, zlib);
    return keep(p, &w, ret);
}

static yao_status read_card(reading *p, const yao_catalogue *catalogue,
                            yao_time now)
{
    YAO_TRY(yao_card_parse_printed(p->arena, p->bytes, &p->card));
    p->definition = yao_document_by_type(catalogue, p->card.content.type);
    p->profile    = yao_profile_by_name(catalogue, p->card.content.profile);
    if (p->definition == NULL || p->profile == NULL)
        return YAO_E_NOT_FOUND;
    return now < p->card.content.expires ? YAO_OK : YAO_E_EXPIRED;
}

/* The last day is the one before it is over. */
static yao_status fill(reading *p, yao_text issuer, paper_sheet *s)
{
    const yao_card_content *c = &p->card.content;

    *s = (paper_sheet){.title      = words_of(p->definition->title),
                       .purpose    = words_of(p->profile->title),
                       .reason     = words_of(p->profile->purpose),
                       .basis      = words_of(p->profile->legal_basis),
                       .issuer     = issuer,
                       .rows       = p->rows,
                       .notes      = with_face,
                       .note_count = sizeof with_face / sizeof with_face[0],
                       .foot       = foot,
                       .specimen   = is_specimen(p)};
    YAO_TRY(put_day(p, c->issued_at, &s->from));
    YAO_TRY(put_day(p, c->expires - 1, &s->until));
    return put_rows(p, &s->row_count);
}

yao_status app_sheet_read(yao_arena *arena, const yao_catalogue *catalogue,
                          yao_bytes card, yao_text issuer, yao_time now,
                          app_sheet *ret)
{
    reading  *p = yao_arena_take(arena, sizeof *p);
    app_sheet sheet;

    if (p == NULL)
        return YAO_E_SPACE;
    *p = (reading){
        .arena = arena,
        .bytes = card,
        .rows  = yao_arena_take_array(arena, PAPER_MAX_ROWS, sizeof *p->rows)};
    if (p->rows == NULL)
        return YAO_E_SPACE;
    YAO_TRY(read_card(p, catalogue, now));
    YAO_TRY(fill(p, issuer, &sheet.paper));
    YAO_TRY(put_letters(p, &sheet.letters));
    sheet.profile = p->profile;
    *ret          = sheet;
    return YAO_OK;
}
