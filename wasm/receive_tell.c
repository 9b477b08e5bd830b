/* SPDX-License-Identifier: Apache-2.0 */
/* What vci/receive.h wishes, as JSON. */
#include "receive.h"

static const char *const names[] = {
    "stop",   "fetch",       "sign",     "make_keys", "agree", "aead",
    "attest", "attest_keys", "ask_code", "open_page", "wait",  "confirm",
    "store"};

static const char *const roles[] = {"", "session", "copy", "seal", "open"};

static const char *const states[] = {"wanted", "later", "good", "kept", "bad"};

static const char *const stages[] = {
    "offer", "issuer",   "server", "client", "page",
    "token", "document", "person", "store",  "end"};

/* ---- documents ---------------------------------------------------------- */

static void put_copies(yao_writer *w, const yao_receive_item *item)
{
    bool next = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < item->copy_count; i++) {
        bool first = true;

        yao_json_put_next(w, &next);
        yao_put_byte(w, '{');
        yao_json_put_member_int(w, &first, "key", (int64_t)item->key_of[i]);
        yao_json_put_name(w, &first, "bytes");
        yao_page_put_place(w, item->copies[i]);
        yao_put_byte(w, '}');
    }
    yao_put_byte(w, ']');
}

static void put_attributes(yao_writer *w, const yao_receive_item *item)
{
    bool next = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < item->attribute_count; i++) {
        yao_json_put_next(w, &next);
        yao_page_put_attribute(w, &item->attributes[i]);
    }
    yao_put_byte(w, ']');
}

static void put_offered(yao_writer *w, bool *first, const yao_vci_offered *o)
{
    yao_json_put_optional(w, first, "id", o->id);
    yao_json_put_optional(w, first, "format",
                          yao_text_of(yao_vci_format_name(o->format)));
    yao_json_put_optional(w, first, "type", o->type);
    yao_json_put_optional(w, first, "profile", o->profile);
    yao_json_put_optional(w, first, "choice", o->choice);
    yao_json_put_optional(w, first, "title", o->title);
}

static void put_item(yao_writer *w, const yao_receive_item *item)
{
    bool first = true;

    yao_put_byte(w, '{');
    put_offered(w, &first, &item->offered);
    yao_json_put_member(w, &first, "state", yao_text_of(states[item->state]));
    yao_json_put_member(w, &first, "why",
                        yao_text_of(yao_status_name(item->status)));
    yao_json_put_optional(w, &first, "said", item->said);
    yao_json_put_optional(w, &first, "signer", item->signer);
    yao_json_put_member_int(w, &first, "valid_from", item->valid_from);
    yao_json_put_member_int(w, &first, "valid_until", item->valid_until);
    yao_json_put_name(w, &first, "copies");
    put_copies(w, item);
    yao_json_put_name(w, &first, "attributes");
    put_attributes(w, item);
    yao_put_byte(w, '}');
}

static void put_items(yao_page_wish *ret, yao_receive *machine)
{
    size_t                  count;
    const yao_receive_item *items = yao_receive_items(machine, &count);
    bool                    next  = true;

    yao_wish_text(ret, "issuer", yao_receive_issuer(machine));
    yao_wish_text(ret, "calls_itself", yao_receive_issuer_name(machine));
    yao_json_put_name(&ret->w, &ret->first, "items");
    yao_put_byte(&ret->w, '[');
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(&ret->w, &next);
        put_item(&ret->w, &items[i]);
    }
    yao_put_byte(&ret->w, ']');
}

/* ---- what is asked of others -------------------------------------------- */

static void put_fetch(yao_page_wish *ret, const yao_receive_fetch *f)
{
    bool first = true;

    yao_wish_word(ret, "method", f->method);
    yao_wish_text(ret, "url", f->url);
    yao_json_put_name(&ret->w, &ret->first, "headers");
    yao_put_byte(&ret->w, '{');
    for (size_t i = 0; i < f->header_count; i++)
        yao_json_put_member(&ret->w, &first, f->headers[i].name,
                            f->headers[i].value);
    yao_put_byte(&ret->w, '}');
    yao_wish_bytes(ret, "body", f->body);
    yao_wish_int(ret, "most", (int64_t)f->most);
}

static void put_code(yao_page_wish *ret, const yao_receive *machine,
                     const yao_receive_wish *wish)
{
    const yao_vci_tx_code *code = yao_receive_tx_code(machine);

    yao_wish_flag(ret, "again", wish->again);
    yao_wish_flag(ret, "letters", code->text);
    yao_wish_int(ret, "length", (int64_t)code->length);
    yao_wish_text(ret, "text", code->description);
}

static void put_end(yao_page_wish *ret, yao_receive *machine,
                    yao_status status)
{
    yao_wish_status(ret, status);
    yao_wish_word(ret, "where", stages[yao_receive_where(machine)]);
    yao_wish_text(ret, "said", yao_receive_said(machine));
    put_items(ret, machine);
}

static void put_key(yao_page_wish *ret, const yao_receive_wish *wish)
{
    yao_wish_word(ret, "role", roles[wish->role]);
    yao_wish_int(ret, "item", (int64_t)wish->item);
    yao_wish_int(ret, "index", (int64_t)wish->index);
    yao_wish_int(ret, "count",
                 (int64_t)(wish->kind == YAO_RECEIVE_ATTEST_KEYS
                               ? wish->key_count
                               : wish->count));
}

static void put_wish(yao_page_wish *ret, yao_receive *machine,
                     const yao_receive_wish *wish)
{
    switch (wish->kind) {
    case YAO_RECEIVE_STOP:
        put_end(ret, machine, wish->status);
        break;
    case YAO_RECEIVE_FETCH:
        put_fetch(ret, &wish->fetch);
        break;
    case YAO_RECEIVE_SIGN:
        yao_wish_sign(ret, &wish->sign);
        break;
    case YAO_RECEIVE_AGREE:
        yao_wish_agree(ret, &wish->agree);
        break;
    case YAO_RECEIVE_AEAD:
        yao_wish_aead(ret, &wish->aead);
        break;
    case YAO_RECEIVE_ASK_CODE:
        put_code(ret, machine, wish);
        break;
    case YAO_RECEIVE_WAIT:
        yao_wish_int(ret, "seconds", wish->seconds);
        break;
    case YAO_RECEIVE_CONFIRM:
    case YAO_RECEIVE_STORE:
        put_items(ret, machine);
        break;
    case YAO_RECEIVE_ATTEST:
    case YAO_RECEIVE_ATTEST_KEYS:
    case YAO_RECEIVE_OPEN_PAGE:
        yao_wish_text(ret, "text", wish->text);
        break;
    case YAO_RECEIVE_MAKE_KEYS:
        break;
    }
}

/* One that came in the place of another is to be kept before anything is done
 * with it: the other is over by then. */
static void put_token(yao_page_wish *ret, const yao_receive *machine)
{
    static yao_text told;
    yao_text        token = yao_receive_refresh_token(machine);

    if (!yao_text_equal(token, told))
        yao_wish_text(ret, "refresh_token", token);
    told = token;
}

yao_status yao_receive_tell(yao_receive *machine, const yao_receive_wish *wish,
                            yao_page_wish *ret)
{
    yao_wish_open(ret, names[wish->kind]);
    put_token(ret, machine);
    put_key(ret, wish);
    put_wish(ret, machine, wish);
    return yao_wish_close(ret);
}
