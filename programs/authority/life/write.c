/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of JSON that answers and the export share. */
#include "authority/life/export.h"

#include "authority/issue.h"

void life_write_hex(yao_writer *w, bool *first, const char *name,
                    yao_bytes value)
{
    yao_json_put_name(w, first, name);
    yao_put_byte(w, '"');
    yao_put_hex(w, value);
    yao_put_byte(w, '"');
}

void life_write_text(yao_writer *w, bool *first, const char *name,
                     yao_text value)
{
    yao_json_put_name(w, first, name);
    yao_json_put_string(w, value);
}

void life_write_int(yao_writer *w, bool *first, const char *name, int64_t value)
{
    yao_json_put_name(w, first, name);
    yao_json_put_int(w, value);
}

void life_write_document(yao_writer *w, const store_document *d)
{
    bool first = true;

    yao_put_byte(w, '{');
    life_write_hex(w, &first, "id", d->issuance);
    life_write_text(w, &first, "document", d->name);
    life_write_text(w, &first, "format", d->format);
    if (d->profile.len != 0)
        life_write_text(w, &first, "profile", d->profile);
    life_write_text(w, &first, "state",
                    yao_text_of(issue_state_word(d->state)));
    life_write_int(w, &first, "issued", d->issued);
    life_write_int(w, &first, "valid_until", d->valid_until);
    life_write_int(w, &first, "level", d->level);
    life_write_int(w, &first, "copies", (int64_t)d->copy_count);
    yao_put_byte(w, '}');
}

static const char *bar_word(int64_t kind)
{
    switch (kind) {
    case STORE_BAR_FREEZE:
        return "freeze";
    case STORE_BAR_HOLD:
        return "hold";
    default:
        return "event";
    }
}

void life_write_bar(yao_writer *w, const store_bar *bar)
{
    bool first = true;

    yao_put_byte(w, '{');
    life_write_hex(w, &first, "id", bar->id);
    life_write_text(w, &first, "kind", yao_text_of(bar_word(bar->kind)));
    life_write_text(w, &first, "document",
                    bar->name.len != 0 ? bar->name : YAO_TEXT("*"));
    life_write_text(w, &first, "reason", bar->reason);
    if (bar->basis.len != 0)
        life_write_text(w, &first, "legal_basis", bar->basis);
    life_write_text(w, &first, "by", bar->author);
    life_write_int(w, &first, "started", bar->started);
    if (bar->ends != 0)
        life_write_int(w, &first, "ends", bar->ends);
    if (bar->ended != 0)
        life_write_int(w, &first, "ended", bar->ended);
    if (bar->receipt.len != 0)
        life_write_text(w, &first, "receipt", bar->receipt);
    yao_put_byte(w, '}');
}

void life_write_notice(yao_writer *w, const store_notice *notice)
{
    bool first = true;

    yao_put_byte(w, '{');
    life_write_hex(w, &first, "id", notice->id);
    life_write_text(w, &first, "kind", notice->kind);
    life_write_hex(w, &first, "about", notice->about);
    life_write_int(w, &first, "at", notice->at);
    if (notice->seen != 0)
        life_write_int(w, &first, "seen", notice->seen);
    yao_json_put_name(w, &first, "detail");
    yao_put_bytes(w, yao_text_bytes(notice->detail)); /* JSON that we wrote */
    yao_put_byte(w, '}');
}
