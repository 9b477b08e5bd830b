/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of JSON that answers and the export share. */
#include "authority/life/export.h"

#include "authority/issue.h"

void life_write_document(yao_writer *w, const store_document *d)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member_hex(w, &first, "id", d->issuance);
    yao_json_put_member(w, &first, "document", d->name);
    yao_json_put_member(w, &first, "format", d->format);
    if (d->profile.len != 0)
        yao_json_put_member(w, &first, "profile", d->profile);
    yao_json_put_member(w, &first, "state",
                        yao_text_of(issue_state_word(d->state)));
    yao_json_put_member_int(w, &first, "issued", d->issued);
    yao_json_put_member_int(w, &first, "valid_until", d->valid_until);
    yao_json_put_member_int(w, &first, "level", d->level);
    yao_json_put_member_int(w, &first, "copies", (int64_t)d->copy_count);
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
    yao_json_put_member_hex(w, &first, "id", bar->id);
    yao_json_put_member(w, &first, "kind", yao_text_of(bar_word(bar->kind)));
    yao_json_put_member(w, &first, "document",
                        bar->name.len != 0 ? bar->name : YAO_TEXT("*"));
    yao_json_put_member(w, &first, "reason", bar->reason);
    if (bar->basis.len != 0)
        yao_json_put_member(w, &first, "legal_basis", bar->basis);
    yao_json_put_member(w, &first, "by", bar->author);
    yao_json_put_member_int(w, &first, "started", bar->started);
    if (bar->ends != 0)
        yao_json_put_member_int(w, &first, "ends", bar->ends);
    if (bar->ended != 0)
        yao_json_put_member_int(w, &first, "ended", bar->ended);
    if (bar->receipt.len != 0)
        yao_json_put_member(w, &first, "receipt", bar->receipt);
    yao_put_byte(w, '}');
}

void life_write_notice(yao_writer *w, const void *item)
{
    const store_notice *notice = item;
    bool                first  = true;

    yao_put_byte(w, '{');
    yao_json_put_member_hex(w, &first, "id", notice->id);
    yao_json_put_member(w, &first, "kind", notice->kind);
    yao_json_put_member_hex(w, &first, "about", notice->about);
    yao_json_put_member_int(w, &first, "at", notice->at);
    if (notice->seen != 0)
        yao_json_put_member_int(w, &first, "seen", notice->seen);
    yao_json_put_name(w, &first, "detail");
    yao_put_bytes(w, yao_text_bytes(notice->detail)); /* JSON that we wrote */
    yao_put_byte(w, '}');
}
