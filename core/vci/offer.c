/* SPDX-License-Identifier: Apache-2.0 */
#include "vci/offer.h"

#include "base/ascii.h"
#include "oauth/form.h"
#include "vci/parts.h"

#define PRE_AUTHORIZED "urn:ietf:params:oauth:grant-type:pre-authorized_code"

/* Letters that a person is shown of a description; digits of a code. */
enum { MAX_TX_DESCRIPTION = 300, MAX_TX_LENGTH = 64 };

/* ---- writing ------------------------------------------------------------ */

static void put_tx_code(yao_writer *w, bool *first, const yao_vci_tx_code *code)
{
    bool inner = true;

    if (!code->wanted)
        return;
    yao_json_put_name(w, first, "tx_code");
    yao_put_byte(w, '{');
    yao_json_put_optional(w, &inner, "input_mode",
                          code->text ? YAO_TEXT("text") : YAO_TEXT("numeric"));
    if (code->length > 0) {
        yao_json_put_member_int(w, &inner, "length", code->length);
    }
    yao_json_put_optional(w, &inner, "description", code->description);
    yao_put_byte(w, '}');
}

static void put_code(yao_writer *w, bool *first, const yao_vci_offer *offer)
{
    bool inner = true;

    if (!offer->with_code)
        return;
    yao_json_put_name(w, first, "authorization_code");
    yao_put_byte(w, '{');
    yao_json_put_optional(w, &inner, "issuer_state", offer->issuer_state);
    yao_json_put_optional(w, &inner, "authorization_server",
                          offer->code_server);
    yao_put_byte(w, '}');
}

static void put_pre_authorized(yao_writer *w, bool *first,
                               const yao_vci_offer *offer)
{
    bool inner = true;

    if (!offer->with_pre_authorized)
        return;
    yao_json_put_name(w, first, PRE_AUTHORIZED);
    yao_put_byte(w, '{');
    yao_json_put_optional(w, &inner, "pre-authorized_code",
                          offer->pre_authorized_code);
    put_tx_code(w, &inner, &offer->tx_code);
    yao_json_put_optional(w, &inner, "authorization_server",
                          offer->pre_authorized_server);
    yao_put_byte(w, '}');
}

static bool writable(const yao_vci_offer *offer)
{
    if (offer->issuer.len == 0 || offer->id_count == 0 ||
        offer->id_count > YAO_VCI_MAX_OFFERED)
        return false;
    if (offer->with_pre_authorized)
        return offer->pre_authorized_code.len > 0;
    return offer->with_code;
}

void yao_vci_put_offer(yao_writer *w, const yao_vci_offer *offer)
{
    bool first = true, id = true, grant = true;

    if (!writable(offer)) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    yao_put_byte(w, '{');
    yao_json_put_optional(w, &first, "credential_issuer", offer->issuer);
    yao_json_put_name(w, &first, "credential_configuration_ids");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < offer->id_count; i++) {
        yao_json_put_next(w, &id);
        yao_json_put_string(w, offer->ids[i]);
    }
    yao_put_byte(w, ']');
    yao_json_put_name(w, &first, "grants");
    yao_put_byte(w, '{');
    put_code(w, &grant, offer);
    put_pre_authorized(w, &grant, offer);
    yao_put_text(w, "}}");
}

void yao_vci_put_offer_link(yao_writer *w, const char *scheme, yao_bytes json)
{
    yao_put_text(w, scheme);
    yao_put_text(w, "?credential_offer=");
    yao_form_put_escaped(w, (yao_text){json.ptr, json.len});
}

void yao_vci_put_reference_link(yao_writer *w, const char *scheme, yao_text uri)
{
    yao_put_text(w, scheme);
    yao_put_text(w, "?credential_offer_uri=");
    yao_form_put_escaped(w, uri);
}

/* ---- reading a link ----------------------------------------------------- */

/* "%41" to "A"; a plus is a blank, as forms have it. */
static yao_status unescape(yao_arena *arena, yao_bytes letters, yao_bytes *ret)
{
    uint8_t *out = yao_arena_take(arena, letters.len);
    size_t   len = 0;

    if (out == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < letters.len; i++) {
        uint8_t c = letters.ptr[i];
        if (c == '%') {
            if (letters.len - i < 3)
                return YAO_E_MALFORMED;
            int high = yao_ascii_hex(letters.ptr[i + 1]);
            int low  = yao_ascii_hex(letters.ptr[i + 2]);
            if (high < 0 || low < 0)
                return YAO_E_MALFORMED;
            c = (uint8_t)(high * 16 + low);
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        out[len++] = c;
    }
    *ret = (yao_bytes){out, len};
    return YAO_OK;
}

static bool known_scheme(yao_bytes link)
{
    return yao_bytes_starts(link, YAO_LIT("openid-credential-offer://")) ||
           yao_bytes_starts(link, YAO_LIT("haip-vci://")) ||
           yao_bytes_starts(link, YAO_LIT("https://")) ||
           yao_bytes_starts(link, YAO_LIT("http://"));
}

/* What stands behind the first "?" or "#". */
static bool find_parameters(yao_bytes link, yao_bytes *ret)
{
    for (size_t i = 0; i < link.len; i++)
        if (link.ptr[i] == '?' || link.ptr[i] == '#') {
            *ret = (yao_bytes){link.ptr + i + 1, link.len - i - 1};
            return true;
        }
    return false;
}

typedef struct found {
    yao_bytes value, reference;
    size_t    values, references;
} found;

static void note(found *f, yao_bytes pair)
{
    static const yao_bytes by_value     = YAO_INIT("credential_offer=");
    static const yao_bytes by_reference = YAO_INIT("credential_offer_uri=");

    if (yao_bytes_starts(pair, by_value)) {
        f->values++;
        f->value =
            (yao_bytes){pair.ptr + by_value.len, pair.len - by_value.len};
    } else if (yao_bytes_starts(pair, by_reference)) {
        f->references++;
        f->reference = (yao_bytes){pair.ptr + by_reference.len,
                                   pair.len - by_reference.len};
    }
}

static found find_pairs(yao_bytes rest)
{
    found f = {0};

    for (;;) {
        size_t at = yao_bytes_find(rest, '&');
        note(&f, (yao_bytes){rest.ptr, at});
        if (at == rest.len)
            return f;
        rest = (yao_bytes){rest.ptr + at + 1, rest.len - at - 1};
    }
}

static yao_status read_reference(yao_arena *arena, yao_bytes letters,
                                 bool loopback, yao_vci_link *ret)
{
    yao_bytes bytes;

    YAO_TRY(unescape(arena, letters, &bytes));
    YAO_TRY(yao_text_check(bytes, &ret->reference));
    return yao_vci_check_endpoint(ret->reference, loopback);
}

yao_status yao_vci_read_link(yao_arena *arena, yao_bytes link, bool loopback,
                             yao_vci_link *ret)
{
    yao_vci_link read = {{NULL, 0}, {NULL, 0}};
    yao_bytes    parameters;

    if (link.len > YAO_VCI_MAX_OFFER)
        return YAO_E_LIMIT;
    if (!known_scheme(link))
        return YAO_E_MALFORMED;
    if (!find_parameters(link, &parameters))
        return YAO_E_MISSING;

    found f = find_pairs(parameters);
    if (f.values + f.references == 0)
        return YAO_E_MISSING;
    if (f.values + f.references > 1)
        return YAO_E_DUPLICATE;
    if (f.values == 1)
        YAO_TRY(unescape(arena, f.value, &read.value));
    else
        YAO_TRY(read_reference(arena, f.reference, loopback, &read));
    *ret = read;
    return YAO_OK;
}

/* ---- reading an offer --------------------------------------------------- */

static yao_status read_ids(yao_arena *arena, const yao_json *root,
                           yao_vci_offer *offer)
{
    const yao_json *ids = yao_json_get(root, "credential_configuration_ids");

    if (ids == NULL)
        return YAO_E_MISSING;
    if (ids->kind != YAO_JSON_ARRAY)
        return YAO_E_MALFORMED;
    if (ids->count == 0)
        return YAO_E_MISSING;
    if (ids->count > YAO_VCI_MAX_OFFERED)
        return YAO_E_LIMIT;
    for (const yao_json *id = ids->first; id != NULL; id = id->next) {
        yao_text text;
        YAO_TRY(yao_json_string(id, arena, &text));
        if (text.len == 0)
            return YAO_E_MALFORMED;
        for (size_t i = 0; i < offer->id_count; i++)
            if (yao_text_equal(offer->ids[i], text))
                return YAO_E_DUPLICATE;
        offer->ids[offer->id_count++] = text;
    }
    return YAO_OK;
}

static yao_status read_code(yao_arena *arena, const yao_json *grants,
                            yao_vci_offer *offer)
{
    const yao_json *grant;

    YAO_TRY(yao_vci_child(grants, "authorization_code", YAO_JSON_OBJECT,
                          &grant));
    offer->with_code = grant != NULL;
    YAO_TRY(yao_vci_optional(grant, "issuer_state", arena,
                             &offer->issuer_state));
    return yao_vci_optional(grant, "authorization_server", arena,
                            &offer->code_server);
}

static yao_status read_tx_length(const yao_json *tx, yao_vci_tx_code *code)
{
    const yao_json *value = yao_json_get(tx, "length");
    int64_t         length;

    if (value == NULL)
        return YAO_OK;
    YAO_TRY(yao_json_int(value, &length));
    if (length < 1 || length > MAX_TX_LENGTH)
        return YAO_E_MALFORMED;
    code->length = (uint32_t)length;
    return YAO_OK;
}

static yao_status read_tx_code(yao_arena *arena, const yao_json *grant,
                               yao_vci_tx_code *code)
{
    const yao_json *tx;
    yao_text        mode;

    YAO_TRY(yao_vci_child(grant, "tx_code", YAO_JSON_OBJECT, &tx));
    if (tx == NULL)
        return YAO_OK;
    code->wanted = true;
    YAO_TRY(yao_vci_optional(tx, "input_mode", arena, &mode));
    code->text = yao_text_equal(mode, YAO_TEXT("text"));
    if (mode.len > 0 && !code->text &&
        !yao_text_equal(mode, YAO_TEXT("numeric")))
        return YAO_E_MALFORMED;
    YAO_TRY(read_tx_length(tx, code));
    YAO_TRY(yao_vci_optional(tx, "description", arena, &code->description));
    return yao_text_count(code->description) <= MAX_TX_DESCRIPTION
               ? YAO_OK
               : YAO_E_MALFORMED;
}

static yao_status read_pre_authorized(yao_arena *arena, const yao_json *grants,
                                      yao_vci_offer *offer)
{
    const yao_json *grant;

    YAO_TRY(yao_vci_child(grants, PRE_AUTHORIZED, YAO_JSON_OBJECT, &grant));
    if (grant == NULL)
        return YAO_OK;
    offer->with_pre_authorized = true;
    YAO_TRY(yao_vci_required(grant, "pre-authorized_code", arena,
                             &offer->pre_authorized_code));
    YAO_TRY(read_tx_code(arena, grant, &offer->tx_code));
    return yao_vci_optional(grant, "authorization_server", arena,
                            &offer->pre_authorized_server);
}

/* The standard lets an offer without grants leave the choice to the wallet;
 * ours never does, and who is asked for nothing in particular had better not
 * begin (misuse N135). */
static yao_status read_grants(yao_arena *arena, const yao_json *root,
                              yao_vci_offer *offer)
{
    const yao_json *grants;

    YAO_TRY(yao_vci_child(root, "grants", YAO_JSON_OBJECT, &grants));
    YAO_TRY(read_code(arena, grants, offer));
    YAO_TRY(read_pre_authorized(arena, grants, offer));
    return offer->with_code || offer->with_pre_authorized ? YAO_OK
                                                          : YAO_E_MISSING;
}

yao_status yao_vci_read_offer(yao_arena *arena, yao_bytes json, bool loopback,
                              yao_vci_offer *ret)
{
    const yao_json *root;
    yao_vci_offer   offer = {.id_count = 0};

    if (json.len > YAO_VCI_MAX_OFFER)
        return YAO_E_LIMIT;
    YAO_TRY(yao_json_parse_object(arena, json, &root));
    YAO_TRY(yao_vci_required(root, "credential_issuer", arena, &offer.issuer));
    YAO_TRY(yao_vci_check_issuer(offer.issuer, loopback));
    YAO_TRY(read_ids(arena, root, &offer));
    YAO_TRY(read_grants(arena, root, &offer));
    *ret = offer;
    return YAO_OK;
}
