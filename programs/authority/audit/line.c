/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit/line.h"

#include "authority/audit/entry.h"
#include "authority/audit/sequence.h"
#include "json/json.h"

static yao_status write_line(const store_log_entry *entry,
                             const audit_opened *opened, yao_arena *arena,
                             yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member_int(&w, &first, "index", entry->index);
    yao_json_put_member_base64url(&w, &first, "leaf", entry->leaf);
    if (opened != NULL) {
        yao_json_put_member(&w, &first, "text", opened->text);
        yao_json_put_member_base64url(
            &w, &first, "key", (yao_bytes){opened->key, sizeof opened->key});
    } else {
        yao_json_put_member_bool(&w, &first, "erased", true);
    }
    yao_put_text(&w, "}\n");
    return yao_writer_keep(&w, arena, ret);
}

static yao_status open_entry(const authority *a, const store_log_entry *entry,
                             yao_arena *arena, audit_opened *ret)
{
    seal_person owner;
    bool        known = false;

    YAO_TRY(audit_find_owner(a, entry->subject, arena, &owner, &known));
    yao_status status =
        entry->subject.len > 0 && !known
            ? YAO_E_NOT_FOUND
            : audit_open(a->crypto, &owner, entry, arena, ret);
    yao_wipe(&owner, sizeof owner);
    return status;
}

yao_status audit_write_line(const authority *a, const store_log_entry *entry,
                            yao_arena *arena, yao_bytes *ret, bool *erased)
{
    audit_opened opened;
    yao_status   status = open_entry(a, entry, arena, &opened);

    if (status == YAO_E_NOT_FOUND) {
        *erased = true;
        return write_line(entry, NULL, arena, ret);
    }
    YAO_TRY(status);
    *erased = false;
    status  = write_line(entry, &opened, arena, ret);
    yao_wipe(&opened, sizeof opened);
    return status;
}
