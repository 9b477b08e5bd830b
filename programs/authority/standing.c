/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/standing.h"

#include "app/ca.h"
#include "app/files.h"
#include "qr/qr.h"
#include "trust/standing.h"

enum { PICTURE = 64 * 1024 };

/* ---- what is wanted ---- */

static yao_text profile_of(const parties_wish       *w,
                           const authority_standing *s)
{
    return s->profile.len > 0 ? s->profile : w->profiles[0];
}

static yao_text address_of(const authority_standing *s)
{
    yao_text url = s->url;

    while (url.len > 0 && url.ptr[url.len - 1] == '/')
        url.len--;
    return url;
}

yao_status authority_standing_check(const parties_wish       *w,
                                    const authority_standing *s)
{
    yao_bytes url  = yao_text_bytes(address_of(s));
    yao_text  want = profile_of(w, s);

    if (url.len == 0 || url.len > YAO_STANDING_URL ||
        (!yao_bytes_starts(url, YAO_LIT("https://")) &&
         !yao_bytes_starts(url, YAO_LIT("http://"))) ||
        !parties_is_line(s->place) ||
        yao_text_count(s->place) > YAO_STANDING_PLACE)
        return YAO_E_VALUE;
    for (size_t i = 0; i < w->profile_count; i++)
        if (yao_text_equal(w->profiles[i], want))
            return YAO_OK;
    return YAO_E_NOT_FOUND;
}

/* ---- signing ---- */

static yao_status sign(const authority *a, const ca *root,
                       const yao_standing *s, yao_arena *arena, yao_bytes *ret)
{
    yao_standing_making making;
    uint8_t             signature[YAO_MAX_SIGNATURE];
    size_t              len;

    YAO_TRY(yao_standing_make(arena, a->crypto, s, yao_key_alg(root->key),
                              root->certificate.der, &making));
    YAO_TRY(yao_key_sign(root->key, &making.wish, signature, &len));
    yao_writer w = yao_writer_in(arena);
    yao_standing_put(&w, &making, (yao_bytes){signature, len});
    return yao_writer_keep(&w, arena, ret);
}

static yao_status make(const authority *a, const parties_wish *w,
                       const authority_standing *s, yao_arena *arena,
                       yao_bytes *ret)
{
    uint8_t         hash[YAO_SHA256_LEN], id[YAO_STANDING_ID];
    yao_certificate reader;
    ca              root = {.key = NULL};

    YAO_TRY(yao_x509_read(w->party.certificate, &reader));
    YAO_TRY(a->crypto->hash(a->crypto->ctx, YAO_SHA256, &reader.der, 1, hash));
    YAO_TRY(yao_openssl_random(id, sizeof id));
    const yao_standing code = {.url     = address_of(s),
                               .id      = {id, sizeof id},
                               .profile = profile_of(w, s),
                               .place   = s->place,
                               .reader  = {hash, sizeof hash},
                               .expires = reader.not_after};

    YAO_TRY(ca_open(config_get(&a->config, SETTING_READER_ROOT),
                    config_get(&a->config, SETTING_READER_ROOT_KEY), arena,
                    &root));
    yao_status status = root.key == NULL /* it is kept elsewhere */
                            ? YAO_E_NOT_FOUND
                            : sign(a, &root, &code, arena, ret);
    ca_close(&root);
    return status;
}

/* ---- files ---- */

/* On paper a part of it may be damaged. */
static yao_status draw(yao_bytes letters, const char *path, yao_arena *arena)
{
    uint8_t   *room = yao_arena_take(arena, PICTURE);
    yao_writer w    = yao_writer_open(room, PICTURE);
    qr_code    code;

    if (room == NULL)
        return YAO_E_SPACE;
    YAO_TRY(qr_encode(letters, QR_LEVEL_M, arena, &code));
    YAO_TRY(qr_write_png(&code, &w));
    return yao_file_write(path, (yao_bytes){room, w.len}, 0644, false);
}

yao_status authority_standing_write(const authority *a, const parties_wish *w,
                                    const authority_standing *s,
                                    const char *folder, yao_arena *arena)
{
    char      path[CONFIG_MAX_PATH];
    yao_bytes letters, line;

    YAO_TRY(make(a, w, s, arena, &letters));
    yao_writer out = yao_writer_in(arena);
    yao_put_bytes(&out, letters);
    yao_put_byte(&out, '\n');
    YAO_TRY(yao_writer_keep(&out, arena, &line));
    YAO_TRY(yao_path_join(folder, "standing.txt", path, sizeof path));
    YAO_TRY(yao_file_write(path, line, 0644, false));
    YAO_TRY(yao_path_join(folder, "standing.png", path, sizeof path));
    return draw(letters, path, arena);
}
