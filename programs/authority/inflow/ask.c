/* SPDX-License-Identifier: Apache-2.0 */
/* The act "act.intake" of console/act.c: that what was sent is applied. */
#include "authority/inflow/inflow.h"

#include "app/files.h"
#include "authority/console/act.h"

/* Where one is named: in the body, and in the case. */
static yao_status find(app_call *call, const yao_json *from, store_intake *ret)
{
    const console_member member = {"intake", 2 * STORE_ID_LEN, false};
    yao_text             hex;
    yao_bytes            id;

    YAO_TRY(console_read_text(call, from, &member, &hex));
    YAO_TRY(console_read_hex(call, hex, STORE_ID_LEN, &id));
    return store_get_intake(server_authority(call)->store, id, call->arena,
                            ret);
}

/* No more comes. Asked once more, it is frozen already. */
static yao_status freeze(app_call *call, const store_intake *what)
{
    store_change change = store_change_open(call->arena);

    if (what->state == STORE_INTAKE_WAITING)
        return YAO_OK;
    store_freeze_intake(&change, what->id,
                        console_operator_id(console_who(call)), call->now);
    return store_commit(server_authority(call)->store, &change);
}

/* ---- the hash ----------------------------------------------------------- */

static yao_status open_parts(app_call *call, const store_intake *what,
                             const seal_person *key, yao_arena *room,
                             yao_bytes *parts, size_t *count)
{
    *count = 0;
    for (int64_t line = 1; line <= what->lines; (*count)++) {
        store_intake_part part;
        yao_bytes        *plain = &parts[*count];
        YAO_TRY(store_get_intake_part(server_authority(call)->store, what->id,
                                      line, room, &part));
        if (part.first_line != line)
            return YAO_E_MISMATCH;
        YAO_TRY(seal_open_part(key, INFLOW_PART_KIND(line), part.sealed, room,
                               plain));
        line += inflow_count_lines(*plain);
    }
    return YAO_OK;
}

/* SHA-256 of all that was sent, for the second operator to compare with what
 * they were told of the file by another way. */
static yao_status hash_all(app_call *call, const store_intake *what,
                           uint8_t out[32])
{
    const size_t most  = (size_t)what->lines;
    size_t       count = 0;
    yao_arena    room  = {NULL, 0, 0};
    seal_person  key;

    YAO_TRY(inflow_open_key(server_authority(call), what, &key));
    yao_status status = yao_memory_open(
        2 * (size_t)what->bytes + most * (sizeof(yao_bytes) + 512) + 4096,
        &room);
    yao_bytes *parts =
        status == YAO_OK ? yao_arena_take_array(&room, most, sizeof *parts)
                         : NULL;
    if (status == YAO_OK)
        status = parts != NULL
                     ? open_parts(call, what, &key, &room, parts, &count)
                     : YAO_E_SPACE;
    if (status == YAO_OK)
        status = call->crypto->hash(call->crypto->ctx, YAO_SHA256, parts, count,
                                    out);
    yao_wipe(&key, sizeof key);
    yao_memory_free(&room);
    return status;
}

/* ---- the act ------------------------------------------------------------ */

yao_status console_ask_intake(app_call *call, const yao_json *body,
                              console_asked *asked)
{
    store_intake what;
    uint8_t      hash[32];
    bool         first = true;

    YAO_TRY(find(call, body, &what));
    if (!yao_bytes_equal(what.sender, console_operator_id(console_who(call))))
        return YAO_E_NOT_FOUND;
    if (what.lines == 0 || what.state > STORE_INTAKE_WAITING)
        return YAO_E_MISMATCH;
    YAO_TRY(freeze(call, &what));
    YAO_TRY(hash_all(call, &what, hash));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, "intake", what.id);
    yao_json_put_member(&w, &first, "kind",
                        yao_text_of(inflow_kind_name(what.kind)));
    yao_json_put_member_int(&w, &first, "lines", what.lines);
    yao_json_put_member_int(&w, &first, "bytes", what.bytes);
    yao_json_put_member_hex(&w, &first, "sha256", (yao_bytes){hash, 32});
    return console_keep_detail(call, &w, asked);
}

yao_status console_put_intake(app_call *call, store_change *change,
                              const store_case *what, const yao_json *detail,
                              console_done *done)
{
    store_intake found;

    (void)what;
    (void)done;
    YAO_TRY(find(call, detail, &found));
    if (found.state != STORE_INTAKE_WAITING)
        return YAO_E_MISMATCH;
    store_start_intake(change, found.id, call->now);
    return YAO_OK;
}
