/* SPDX-License-Identifier: Apache-2.0 */
#include "sdjwt/process.h"

/* A decimal index without leading zeros; false for all else. */
static bool read_index(yao_text step, uint32_t *ret)
{
    uint32_t index = 0;

    if (step.len == 0 || step.len > 6 || (step.len > 1 && step.ptr[0] == '0'))
        return false;
    for (size_t i = 0; i < step.len; i++) {
        if (step.ptr[i] < '0' || step.ptr[i] > '9')
            return false;
        index = index * 10 + (uint32_t)(step.ptr[i] - '0');
    }
    *ret = index;
    return true;
}

static const yao_json *step_into(const yao_json *value, yao_text step)
{
    uint32_t index;

    if (value->kind == YAO_JSON_OBJECT)
        return yao_json_get_text(value, step);
    if (value->kind != YAO_JSON_ARRAY || !read_index(step, &index))
        return NULL;
    value = value->first;
    for (; value != NULL && index > 0; index--)
        value = value->next;
    return value;
}

const yao_json *yao_sdjwt_find(const yao_json *root, const yao_sdjwt_path *path)
{
    for (size_t i = 0; i < path->step_count && root != NULL; i++)
        root = step_into(root, path->steps[i]);
    return root;
}

/* ---- choosing ---- */

typedef struct choice {
    const yao_sdjwt_unverified *stored;
    const yao_sdjwt_processed  *processed;
    bool                       *chosen; /* one a disclosure */
} choice;

/* Take the disclosure that stands at NODE, if one does. */
static void choose_at(const choice *c, const yao_json *node)
{
    for (size_t i = 0; i < c->stored->disclosure_count; i++)
        if (c->processed->places[i].node == node)
            c->chosen[i] = true;
}

static void choose_below(const choice *c, const yao_json *node)
{
    choose_at(c, node);
    for (const yao_json *child = node->first; child != NULL;
         child = child->next)
        choose_below(c, child);
}

/* Without the disclosure it lies in, one has no place (step 5 of 7.1). */
static void choose_parents(const choice *c)
{
    const yao_sdjwt_place *places = c->processed->places;

    for (size_t i = 0; i < c->stored->disclosure_count; i++) {
        size_t at = i;

        while (c->chosen[i] && places[at].parent != YAO_SDJWT_NOWHERE) {
            at            = places[at].parent;
            c->chosen[at] = true;
        }
    }
}

/* The places a path goes through may be disclosures without the target being
 * one: a plain claim inside a disclosed object. */
static bool choose_path(const choice *c, const yao_sdjwt_path *path)
{
    const yao_json *node = yao_sdjwt_find(c->processed->payload, path);

    if (node == NULL)
        return false;
    choose_below(c, node);
    node = c->processed->payload;
    for (size_t i = 0; i < path->step_count; i++) {
        node = step_into(node, path->steps[i]);
        choose_at(c, node);
    }
    return true;
}

static yao_status choose(const choice *c, const yao_sdjwt_path *paths,
                         size_t path_count)
{
    bool any = path_count == 0;

    for (size_t i = 0; i < path_count; i++)
        if (choose_path(c, &paths[i]))
            any = true;
    if (!any)
        return YAO_E_MISSING;
    choose_parents(c);
    return YAO_OK;
}

/* ---- writing ---- */

/* The JWT and its ~ as stored, then the chosen ones in their order. */
static yao_status write_shown(yao_arena *arena, const choice *c, yao_bytes *ret)
{
    const yao_sdjwt_unverified *u   = c->stored;
    yao_writer                  w   = yao_writer_in(arena);
    size_t                      jwt = 0;

    while (u->hashed.ptr[jwt] != '~')
        jwt++;
    yao_put_bytes(&w, (yao_bytes){u->hashed.ptr, jwt + 1});
    for (size_t i = 0; i < u->disclosure_count; i++)
        if (c->chosen[i]) {
            yao_put_bytes(&w, u->disclosures[i].text);
            yao_put_byte(&w, '~');
        }
    return yao_writer_keep(&w, arena, ret);
}

/* RFC 9901 section 4.3. */
static yao_status write_claims(yao_arena *arena, const yao_sdjwt_showing *s,
                               yao_text sd_hash, yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_name(&w, &first, "iat");
    yao_json_put_int(&w, s->now);
    yao_json_put_name(&w, &first, "aud");
    yao_json_put_string(&w, s->audience);
    yao_json_put_name(&w, &first, "nonce");
    yao_json_put_string(&w, s->nonce);
    yao_json_put_name(&w, &first, "sd_hash");
    yao_json_put_string(&w, sd_hash);
    if (s->more.len != 0) {
        yao_put_byte(&w, ',');
        yao_put_bytes(&w, s->more);
    }
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

static yao_status write_kb(yao_arena *arena, const yao_sdjwt_showing *s,
                           yao_text sd_hash, yao_bytes *ret)
{
    yao_bytes  claims, header;
    yao_writer w;

    YAO_TRY(write_claims(arena, s, sd_hash, &claims));
    w = yao_writer_in(arena);
    yao_put_text(&w, "{\"alg\":\"");
    yao_put_text(&w, yao_sig_by_alg(s->alg)->jose);
    yao_put_text(&w, "\",\"typ\":\"kb+jwt\"}");
    YAO_TRY(yao_writer_keep(&w, arena, &header));
    w = yao_writer_in(arena);
    yao_jws_put_unsigned(&w, header, claims);
    return yao_writer_keep(&w, arena, ret);
}

static yao_status read_stored(yao_arena *arena, const yao_crypto *crypto,
                              yao_bytes stored, yao_sdjwt_unverified *u,
                              yao_sdjwt_processed *p)
{
    YAO_TRY(yao_sdjwt_parse(arena, stored, u));
    if (u->has_kb)
        return YAO_E_REFUSED;

    return yao_sdjwt_process(arena, crypto, u, p);
}

yao_status yao_sdjwt_show(yao_arena *arena, const yao_crypto *crypto,
                          const yao_sdjwt_showing *showing,
                          yao_sdjwt_presenting    *ret)
{
    uint8_t              room[YAO_SDJWT_DIGEST_LETTERS];
    yao_sdjwt_unverified u;
    yao_sdjwt_processed  p;
    yao_sdjwt_presenting r;
    yao_text             sd_hash;

    if (showing->nonce.len == 0 || showing->audience.len == 0 ||
        showing->now < 0 || showing->now > YAO_TIME_MAX ||
        yao_sig_by_alg(showing->alg) == NULL)
        return YAO_E_USAGE;
    YAO_TRY(read_stored(arena, crypto, showing->stored, &u, &p));
    choice c = {&u, &p,
                yao_arena_take_array(arena, u.disclosure_count, sizeof(bool))};
    if (c.chosen == NULL)
        return YAO_E_SPACE;
    YAO_TRY(choose(&c, showing->paths, showing->path_count));
    YAO_TRY(write_shown(arena, &c, &r.shown));
    YAO_TRY(yao_sdjwt_digest(crypto, p.hash, r.shown, room, &sd_hash));
    YAO_TRY(write_kb(arena, showing, sd_hash, &r.unsigned_kb));

    r.wish = yao_sign_wish_of(showing->alg, r.unsigned_kb);
    *ret   = r;
    return YAO_OK;
}

yao_status yao_sdjwt_present(yao_arena *arena, const yao_crypto *crypto,
                             yao_bytes stored, const yao_sdjwt_path *paths,
                             size_t path_count, yao_text nonce,
                             yao_text audience, yao_time now, yao_sig_alg alg,
                             yao_sdjwt_presenting *ret)
{
    yao_sdjwt_showing showing = {.stored     = stored,
                                 .paths      = paths,
                                 .path_count = path_count,
                                 .nonce      = nonce,
                                 .audience   = audience,
                                 .now        = now,
                                 .alg        = alg};

    return yao_sdjwt_show(arena, crypto, &showing, ret);
}

yao_status yao_sdjwt_put_presented(yao_writer *w,
                                   const yao_sdjwt_presenting *presenting,
                                   yao_bytes                   signature)
{
    const yao_sig_row *row = yao_sig_by_alg(presenting->wish.alg);

    if (row == NULL || signature.len != row->signature_len)
        return YAO_E_USAGE;
    yao_put_bytes(w, presenting->shown);
    yao_put_bytes(w, presenting->unsigned_kb);
    yao_jws_put_signature(w, signature);
    return w->status;
}
