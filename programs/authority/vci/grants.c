/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/vci/grants.h"

#include "authority/vci/box.h"
#include "authority/vci/keeping.h"
#include "base/ascii.h"

#include <string.h>

/* ---- a grant as JSON ---- */

void vci_grant_write(yao_writer *w, const vci_grant *g)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member_base64url(w, &first, "id",
                                  (yao_bytes){g->id, sizeof g->id});
    yao_json_put_member_base64url(w, &first, "person",
                                  (yao_bytes){g->person, sizeof g->person});
    if (g->holder_known)
        yao_json_put_member_base64url(w, &first, "holder", vci_grant_holder(g));
    yao_json_put_member_int(w, &first, "level", g->level);
    yao_json_put_member(w, &first, "client", g->client_id);
    if (g->instance_known)
        yao_json_put_member_base64url(
            w, &first, "instance",
            (yao_bytes){g->instance, sizeof g->instance});
    yao_json_put_name(w, &first, "details");
    yao_details_put(w, &g->details, (yao_text){NULL, 0});
    yao_json_put_member_bool(w, &first, "by_identifier", g->by_identifier);
    yao_json_put_member_bool(w, &first, "pre_authorized", g->pre_authorized);
    yao_json_put_member_base64url(w, &first, "note", g->note);
    yao_put_byte(w, '}');
}

/* Exactly LEN bytes in base64url. */
yao_status vci_get_base64(const yao_json *object, const char *name,
                          yao_arena *arena, size_t len, uint8_t *out)
{
    yao_writer w = yao_writer_open(out, len);
    yao_text   letters;

    YAO_TRY(yao_json_string(yao_json_get(object, name), arena, &letters));
    YAO_TRY(yao_get_base64url(yao_text_bytes(letters), &w));
    if (w.status != YAO_OK)
        return w.status;
    return w.len == len ? YAO_OK : YAO_E_MALFORMED;
}

static yao_status read_note(const yao_json *object, yao_arena *arena,
                            yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_text   letters;

    YAO_TRY(yao_json_string(yao_json_get(object, "note"), arena, &letters));
    w = yao_writer_in(arena);
    YAO_TRY(yao_get_base64url(yao_text_bytes(letters), &w));
    return yao_writer_keep(&w, arena, ret);
}

/* What was offered carries no identifiers yet. */
static yao_status read_details(const yao_json *object, yao_arena *arena,
                               yao_details *ret)
{
    const yao_json *details = yao_json_get(object, "details");
    yao_text        none    = {NULL, 0};

    if (details == NULL || details->count == 0)
        return YAO_OK; /* RET is zero */
    bool named =
        yao_json_get(details->first, "credential_identifiers") != NULL;
    return yao_details_read(arena, details, none, named, ret);
}

yao_status vci_grant_read(const yao_json *object, yao_arena *arena,
                          vci_grant *ret)
{
    vci_grant g = {.level = 0};

    YAO_TRY(vci_get_base64(object, "id", arena, sizeof g.id, g.id));
    YAO_TRY(
        vci_get_base64(object, "person", arena, sizeof g.person, g.person));
    if (yao_json_get(object, "holder") != NULL) {
        g.holder_known = true;
        YAO_TRY(vci_get_base64(object, "holder", arena, sizeof g.holder,
                               g.holder));
    }
    YAO_TRY(yao_json_int(yao_json_get(object, "level"), &g.level));
    YAO_TRY(yao_json_string(yao_json_get(object, "client"), arena,
                            &g.client_id));
    if (yao_json_get(object, "instance") != NULL) {
        g.instance_known = true;
        YAO_TRY(vci_get_base64(object, "instance", arena, sizeof g.instance,
                               g.instance));
    }
    YAO_TRY(read_details(object, arena, &g.details));
    YAO_TRY(yao_json_bool(yao_json_get(object, "by_identifier"),
                          &g.by_identifier));
    YAO_TRY(yao_json_bool(yao_json_get(object, "pre_authorized"),
                          &g.pre_authorized));
    YAO_TRY(read_note(object, arena, &g.note));

    *ret = g;
    return YAO_OK;
}

/* Which names a wallet may fetch by: that of the configuration. */
yao_status vci_grant_name(vci_grant *g, yao_arena *arena)
{
    for (size_t i = 0; i < g->details.count; i++) {
        yao_detail *detail = &g->details.items[i];
        yao_text   *name   = yao_arena_take(arena, sizeof *name);
        if (name == NULL)
            return YAO_E_SPACE;
        *name                    = detail->configuration;
        detail->identifiers      = name;
        detail->identifier_count = 1;
    }
    return YAO_OK;
}

/* ---- offers ---- */

enum { MIN_TX = 4, MAX_TX = 16 };

static bool letters_or_digits(yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!yao_ascii_digit(text.ptr[i]) && !yao_ascii_letter(text.ptr[i]))
            return false;
    return true;
}

/* A code of few letters is no secret to who has the database: it is hashed
 * with a key that is not in it, and with the code of the offer. */
yao_status vci_tx_hash(const authority *a, yao_text code, yao_text tx_code,
                       yao_arena *arena, uint8_t out[STORE_HASH_LEN])
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  value;

    yao_put_bytes(&w, yao_text_bytes(code));
    yao_put_byte(&w, 0);
    yao_put_bytes(&w, yao_text_bytes(tx_code));
    YAO_TRY(yao_writer_keep(&w, arena, &value));
    return seal_hash(a->crypto, &a->keys, VCI_HASH_TX_CODE, value, out);
}

bool vci_tx_good(yao_text tx_code)
{
    return tx_code.len == 0 || (tx_code.len >= MIN_TX &&
                                tx_code.len <= MAX_TX &&
                                letters_or_digits(tx_code));
}

static yao_status check_offer(const vci_offer *offer, bool anybody)
{
    if (offer->person.len != STORE_HASH_LEN &&
        !(anybody && offer->person.len == 0))
        return YAO_E_USAGE;
    if (offer->holder.len != STORE_HASH_LEN && offer->holder.len != 0)
        return YAO_E_USAGE;
    if (offer->configuration_count == 0 ||
        offer->configuration_count > YAO_OAUTH_MAX_DETAILS ||
        offer->note.len > VCI_MAX_NOTE)
        return YAO_E_USAGE;
    return vci_tx_good(offer->tx_code) ? YAO_OK : YAO_E_USAGE;
}

static yao_status grant_of(const vci_offer *offer, vci_grant *ret)
{
    vci_grant g = {.level = offer->level, .note = offer->note};

    if (offer->person.len != 0)
        memcpy(g.person, offer->person.ptr, STORE_HASH_LEN);
    g.holder_known = offer->holder.len != 0;
    if (g.holder_known)
        memcpy(g.holder, offer->holder.ptr, STORE_HASH_LEN);
    for (size_t i = 0; i < offer->configuration_count; i++)
        g.details.items[i].configuration = offer->configurations[i];
    g.details.count = offer->configuration_count;

    *ret = g;
    return YAO_OK;
}

static yao_status put_kept_offer(const authority *a, yao_arena *arena,
                                 store_change *change, int kind,
                                 const vci_offer *offer, yao_text code)
{
    uint8_t    hash[STORE_HASH_LEN];
    vci_grant  grant;
    bool       first = true;
    yao_bytes  json;

    YAO_TRY(grant_of(offer, &grant));
    grant.pre_authorized = kind == ONCE_OFFER;
    if (offer->tx_code.len != 0)
        YAO_TRY(vci_tx_hash(a, code, offer->tx_code, arena, hash));

    yao_writer w = yao_writer_in(arena);
    yao_put_byte(&w, '{');
    yao_json_put_name(&w, &first, "grant");
    vci_grant_write(&w, &grant);
    yao_json_put_member_bool(&w, &first, "person", offer->person.len != 0);
    yao_json_put_member_int(&w, &first, "expires", offer->expires);
    if (offer->tx_code.len != 0) {
        yao_json_put_member_base64url(&w, &first, "tx",
                                      (yao_bytes){hash, sizeof hash});
        yao_json_put_member_int(&w, &first, "tx_len",
                                (int64_t)offer->tx_code.len);
        yao_json_put_member_bool(&w, &first, "tx_digits",
                                 yao_ascii_digits(offer->tx_code));
    }
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, arena, &json));
    return vci_box_put(a->crypto, change, kind, code, json, offer->expires);
}

yao_status vci_offer_put(authority *a, yao_arena *arena, store_change *change,
                         const vci_offer *offer, yao_text *code)
{
    yao_text secret;

    YAO_TRY(check_offer(offer, false));
    YAO_TRY(vci_secret_new(arena, &secret));
    YAO_TRY(put_kept_offer(a, arena, change, ONCE_OFFER, offer, secret));

    *code = secret;
    return YAO_OK;
}

yao_status vci_issuer_state_put(authority *a, yao_arena *arena,
                                store_change    *change,
                                const vci_offer *offer, yao_text *state)
{
    vci_offer without = *offer;
    yao_text  secret;

    without.tx_code = (yao_text){NULL, 0};
    YAO_TRY(check_offer(&without, true));
    YAO_TRY(vci_secret_new(arena, &secret));
    YAO_TRY(put_kept_offer(a, arena, change, ONCE_ISSUER_STATE, &without,
                           secret));

    *state = secret;
    return YAO_OK;
}

yao_status vci_offer_cancel(authority *a, store_change *change, yao_text code,
                            yao_time now)
{
    uint8_t *hash = yao_arena_take(change->arena, STORE_HASH_LEN);

    if (hash == NULL)
        return YAO_E_SPACE;
    YAO_TRY(vci_secret_hash(a->crypto, ONCE_OFFER, code, hash));
    store_take_once(change, ONCE_OFFER, (yao_bytes){hash, STORE_HASH_LEN}, now,
                    NULL);
    return YAO_OK;
}

int64_t vci_offer_seconds(const authority *a)
{
    return config_number(&a->config, SETTING_OFFER_SECONDS);
}

yao_status vci_kept_offer_read(yao_bytes json, yao_arena *arena,
                               vci_kept_offer *ret)
{
    vci_kept_offer  o = {.tx_wanted = false};
    const yao_json *root;

    YAO_TRY(yao_json_parse(arena, json, &root));
    YAO_TRY(vci_grant_read(yao_json_get(root, "grant"), arena, &o.grant));
    YAO_TRY(yao_json_bool(yao_json_get(root, "person"), &o.person_known));
    YAO_TRY(yao_json_int(yao_json_get(root, "expires"), &o.expires));
    if (yao_json_get(root, "tx") != NULL) {
        o.tx_wanted = true;
        YAO_TRY(vci_get_base64(root, "tx", arena, sizeof o.tx_hash,
                               o.tx_hash));
        YAO_TRY(yao_json_int(yao_json_get(root, "tx_len"), &o.tx_len));
        YAO_TRY(yao_json_bool(yao_json_get(root, "tx_digits"), &o.tx_digits));
    }

    *ret = o;
    return YAO_OK;
}

bool vci_tx_fits(const vci_kept_offer *offer, yao_text tx_code)
{
    return (int64_t)tx_code.len == offer->tx_len &&
           letters_or_digits(tx_code) &&
           (!offer->tx_digits || yao_ascii_digits(tx_code));
}

yao_bytes vci_grant_holder(const vci_grant *grant)
{
    return (yao_bytes){grant->holder,
                       grant->holder_known ? STORE_HASH_LEN : 0};
}

/* ---- alive and over ---- */

void vci_grant_end(store_change *change, const uint8_t id[STORE_ID_LEN])
{
    store_drop_once(change, ONCE_GRANT, (yao_bytes){id, STORE_ID_LEN});
}
