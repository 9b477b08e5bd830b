/* SPDX-License-Identifier: Apache-2.0 */

/* Documents again, without a page and a code: a refresh token and the key it is
 * bound to, which the wallet keeps when an issuer gave one.
 *
 * Invariants
 *   1. A token that came in the place of another is kept before anything is
 *      done with it: the old one is over by then.
 *   2. What the person did not want leaves no token behind.
 */

#include "wallet/receiving.h"
#include "wallet/sources.h"

static yao_status secret_of(yao_receiving *s, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(&s->arena);

    YAO_TRY(yao_key_write(s->session, &w));
    return yao_writer_keep(&w, &s->arena, ret);
}

/* Which documents this session is about, each configuration once. */
static void take_ids(const yao_receiving *s, yao_wallet_source *source)
{
    size_t                  count;
    const yao_receive_item *items = yao_receive_items(s->machine, &count);

    for (size_t i = 0; i < count; i++) {
        bool there = false;

        for (size_t n = 0; n < source->id_count; n++)
            there |= yao_text_equal(source->ids[n], items[i].offered.id);
        if (!there)
            source->ids[source->id_count++] = items[i].offered.id;
    }
}

yao_status yao_receiving_keep_token(yao_receiving *s)
{
    yao_wallet_source source = {
        .issuer        = yao_receive_issuer(s->machine),
        .client_id     = s->options.client_id,
        .refresh_token = yao_receive_refresh_token(s->machine)};

    if (source.refresh_token.len == 0 || s->token_kept)
        return YAO_OK;
    take_ids(s, &source);
    YAO_TRY(secret_of(s, &source.key));
    YAO_TRY(yao_wallet_put_source(s->wallet, &source));
    s->token_kept = true;
    return YAO_OK;
}

/* ---- renewing ----------------------------------------------------------- */

static bool is_wanted(const yao_receiving *s, const yao_wallet_source *source)
{
    const yao_receive_options *o = &s->source;

    if (o->issuer.len != 0 && !yao_text_equal(o->issuer, source->issuer))
        return false;
    for (size_t i = 0; i < o->id_count; i++) {
        bool there = false;

        for (size_t n = 0; n < source->id_count; n++)
            there |= yao_text_equal(o->ids[i], source->ids[n]);
        if (!there)
            return false;
    }
    return true;
}

static int renew_one(yao_receiving *s, const yao_wallet_source *source)
{
    yao_status status;

    yao_key_close(s->session);
    s->session = NULL;
    status     = yao_key_read(source->key, &s->session);
    if (status == YAO_OK) {
        s->options.session_key   = yao_key_public(s->session);
        s->options.issuer        = source->issuer;
        s->options.ids           = source->ids;
        s->options.id_count      = source->id_count;
        s->options.client_id     = source->client_id;
        s->options.refresh_token = source->refresh_token;
        s->token_kept            = false;
        status                   = yao_receiving_drive(s);
    }
    return yao_receiving_tell(s, status);
}

int yao_receiving_renew(yao_receiving *s)
{
    yao_wallet_sources *all = yao_arena_take(&s->arena, sizeof *all);
    yao_status status = all == NULL ? YAO_E_SPACE
                                    : yao_wallet_read_sources(s->wallet, all);
    int    code = 0;
    size_t done = 0;

    for (size_t i = 0; status == YAO_OK && i < all->count; i++)
        if (is_wanted(s, &all->list[i])) {
            code = yao_worse_code(code, renew_one(s, &all->list[i]));
            done++;
        }
    if (status == YAO_OK && done == 0)
        status = YAO_E_NOT_FOUND;
    if (status == YAO_OK)
        return code;
    return yao_fail(status, s->what, "--renew",
                    status == YAO_E_NOT_FOUND
                        ? WORDS("no issuer gave permission for this to be "
                                "done again",
                                "没有签发机构允许再次领取")
                        : (yao_words){NULL, NULL},
                    WORDS("fetch the documents anew, without --renew",
                          "请不用 --renew 重新申领"));
}
