/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/reader_auth.h"

#include "mdoc/parts.h"

/* Tag, head of the bstr, head of the array of ITEMS and TITLE; what follows in
 * the array is REST bytes long. */
static yao_status put_head(yao_arena *arena, const char *title, uint64_t items,
                           size_t rest, yao_bytes *ret)
{
    yao_text   name = yao_text_of(title);
    yao_writer w    = yao_writer_in(arena);

    yao_cbor_put_tag(&w, 24);
    yao_cbor_put_bytes_head(
        &w, 1 + yao_mdoc_head_len(name.len) + name.len + rest);
    yao_cbor_put_array(&w, items);
    yao_cbor_put_text(&w, name);
    return yao_writer_keep(&w, arena, ret);
}

yao_status yao_mdoc_reader_authentication(yao_arena *arena,
                                          yao_bytes transcript, yao_bytes items,
                                          yao_mdoc_signed_parts *ret)
{
    yao_mdoc_signed_parts p = {.parts = {{NULL, 0}, transcript, items},
                               .count = 3};

    YAO_TRY(put_head(arena, "ReaderAuthentication", 3,
                     transcript.len + items.len, &p.parts[0]));
    *ret = p;
    return YAO_OK;
}

yao_status yao_mdoc_reader_authentication_all(
    yao_arena *arena, yao_bytes transcript, const yao_bytes *items,
    size_t count, yao_bytes info, yao_mdoc_signed_parts *ret)
{
    yao_mdoc_signed_parts p = {.parts = {{NULL, 0}, transcript}, .count = 4};
    yao_writer            w = yao_writer_in(arena);

    yao_cbor_put_array(&w, count);
    for (size_t i = 0; i < count; i++)
        yao_cbor_put_raw(&w, items[i]);
    YAO_TRY(yao_writer_keep(&w, arena, &p.parts[2]));

    p.parts[3] = info.len != 0 ? info : YAO_LIT("\xf6");
    YAO_TRY(put_head(arena, "ReaderAuthenticationAll", 4,
                     transcript.len + p.parts[2].len + p.parts[3].len,
                     &p.parts[0]));
    *ret = p;
    return YAO_OK;
}
