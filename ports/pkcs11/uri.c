/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/uri.h"

#include "base/ascii.h"
#define SCHEME YAO_LIT("pkcs11:")

/* ---- letters ---- */

static bool is_one_of(uint8_t c, yao_bytes set)
{
    return yao_bytes_find(set, c) < set.len;
}

/* RFC 7512 section 2.3: pk11-pchar, pk11-qchar */
static bool may_stand(uint8_t c, bool query)
{
    return yao_ascii_unreserved(c) || is_one_of(c, YAO_LIT(":[]@!$'()*+,=")) ||
           (query ? is_one_of(c, YAO_LIT("/?|")) : c == '&');
}

/* Decode into ARENA, with a NUL behind it for those who open files. */
static yao_status decode(yao_bytes in, bool query, yao_arena *arena,
                         yao_bytes *ret)
{
    uint8_t *out = yao_arena_take(arena, in.len + 1);
    size_t   len = 0;

    if (out == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < in.len; i++) {
        if (in.ptr[i] != '%') {
            if (!may_stand(in.ptr[i], query))
                return YAO_E_MALFORMED;
            out[len++] = in.ptr[i];
            continue;
        }
        int high = in.len - i > 2 ? yao_ascii_hex(in.ptr[i + 1]) : -1;
        int low  = in.len - i > 2 ? yao_ascii_hex(in.ptr[i + 2]) : -1;
        if (high < 0 || low < 0)
            return YAO_E_MALFORMED;
        out[len++] = (uint8_t)(high * 16 + low);
        i += 2;
    }
    out[len] = 0;
    *ret     = (yao_bytes){out, len};
    return YAO_OK;
}

/* ---- attributes ---- */

typedef struct reading {
    yao_arena      *arena;
    bool            query;
    bool            type_seen;
    yao_pkcs11_uri *uri;
} reading;

static yao_status take_bytes(reading *r, yao_bytes value, size_t most,
                             yao_bytes *ret)
{
    yao_bytes decoded;

    if (ret->ptr != NULL)
        return YAO_E_DUPLICATE;
    YAO_TRY(decode(value, r->query, r->arena, &decoded));
    if (decoded.len == 0)
        return YAO_E_MALFORMED;
    if (decoded.len > most)
        return YAO_E_LIMIT;
    *ret = decoded;
    return YAO_OK;
}

static yao_status take_text(reading *r, yao_bytes value, size_t most,
                            yao_text *ret)
{
    yao_bytes bytes = yao_text_bytes(*ret);

    YAO_TRY(take_bytes(r, value, most, &bytes));
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.ptr[i] < 0x20 || bytes.ptr[i] == 0x7f)
            return YAO_E_MALFORMED;
    return yao_text_check(bytes, ret);
}

static yao_status take_slot(reading *r, yao_bytes value)
{
    uint64_t number = 0;

    if (r->uri->has_slot)
        return YAO_E_DUPLICATE;
    if (value.len == 0)
        return YAO_E_MALFORMED;
    if (value.len > 18)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] < '0' || value.ptr[i] > '9')
            return YAO_E_MALFORMED;
        number = number * 10 + (uint64_t)(value.ptr[i] - '0');
    }
    r->uri->has_slot = true;
    r->uri->slot     = number;
    return YAO_OK;
}

/* We look for a private key and its public one: the type says nothing new. */
static yao_status take_type(reading *r, yao_bytes value)
{
    if (r->type_seen)
        return YAO_E_DUPLICATE;
    if (!yao_bytes_equal(value, YAO_LIT("private")) &&
        !yao_bytes_equal(value, YAO_LIT("public")))
        return YAO_E_MALFORMED;
    r->type_seen = true;
    return YAO_OK;
}

static yao_status take_path(reading *r, yao_bytes name, yao_bytes value)
{
    yao_pkcs11_uri *u = r->uri;

    if (yao_bytes_equal(name, YAO_LIT("token")))
        return take_text(r, value, 32, &u->token);
    if (yao_bytes_equal(name, YAO_LIT("manufacturer")))
        return take_text(r, value, 32, &u->manufacturer);
    if (yao_bytes_equal(name, YAO_LIT("serial")))
        return take_text(r, value, 16, &u->serial);
    if (yao_bytes_equal(name, YAO_LIT("model")))
        return take_text(r, value, 16, &u->model);
    if (yao_bytes_equal(name, YAO_LIT("object")))
        return take_text(r, value, 128, &u->object);
    if (yao_bytes_equal(name, YAO_LIT("id")))
        return take_bytes(r, value, 64, &u->id);
    if (yao_bytes_equal(name, YAO_LIT("slot-id")))
        return take_slot(r, value);
    if (yao_bytes_equal(name, YAO_LIT("type")))
        return take_type(r, value);
    return YAO_E_UNSUPPORTED;
}

static yao_status take_module(reading *r, yao_bytes value)
{
    YAO_TRY(take_text(r, value, YAO_MAX_PKCS11_URI, &r->uri->module_path));
    return r->uri->module_path.ptr[0] == '/' ? YAO_OK : YAO_E_MALFORMED;
}

static yao_status take_query(reading *r, yao_bytes name, yao_bytes value)
{
    yao_bytes ignored;

    if (yao_bytes_equal(name, YAO_LIT("module-path")))
        return take_module(r, value);
    if (yao_bytes_equal(name, YAO_LIT("pin-source")))
        return take_text(r, value, YAO_MAX_PKCS11_URI, &r->uri->pin_source);
    if (yao_bytes_equal(name, YAO_LIT("pin-value")))
        return YAO_E_REFUSED;
    if (yao_bytes_equal(name, YAO_LIT("module-name")))
        return YAO_E_UNSUPPORTED;
    return decode(value, r->query, r->arena, &ignored);
}

static bool is_name(yao_bytes name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!yao_ascii_unreserved(name.ptr[i]) || name.ptr[i] == '.' ||
            name.ptr[i] == '~')
            return false;
    return name.len > 0;
}

/* One "name=value". */
static yao_status take(reading *r, yao_bytes piece)
{
    size_t    equals = yao_bytes_find(piece, '=');
    yao_bytes name   = {piece.ptr, equals};

    if (equals == piece.len || !is_name(name))
        return YAO_E_MALFORMED;
    yao_bytes value = {piece.ptr + equals + 1, piece.len - equals - 1};
    return r->query ? take_query(r, name, value) : take_path(r, name, value);
}

static yao_status take_all(reading *r, yao_bytes list, uint8_t separator)
{
    for (;;) {
        size_t end = yao_bytes_find(list, separator);

        YAO_TRY(take(r, (yao_bytes){list.ptr, end}));
        if (end == list.len)
            return YAO_OK;
        list = (yao_bytes){list.ptr + end + 1, list.len - end - 1};
    }
}

yao_status yao_pkcs11_uri_parse(yao_bytes text, yao_arena *arena,
                                yao_pkcs11_uri *ret)
{
    yao_pkcs11_uri uri = {.has_slot = false};
    reading        r   = {.arena = arena, .uri = &uri};

    if (text.len > YAO_MAX_PKCS11_URI)
        return YAO_E_LIMIT;
    if (!yao_bytes_starts(text, SCHEME))
        return YAO_E_MALFORMED;

    yao_bytes rest = {text.ptr + SCHEME.len, text.len - SCHEME.len};
    size_t    mark = yao_bytes_find(rest, '?');
    if (mark > 0)
        YAO_TRY(take_all(&r, (yao_bytes){rest.ptr, mark}, ';'));
    if (mark < rest.len) {
        r.query = true;
        YAO_TRY(take_all(
            &r, (yao_bytes){rest.ptr + mark + 1, rest.len - mark - 1}, '&'));
    }
    *ret = uri;
    return YAO_OK;
}

/* ---- writing ---- */

typedef struct writing {
    yao_writer *w;
    char        next; /* what stands before the next attribute; 0: nothing */
    bool        query;
} writing;

static void put_name(writing *out, const char *name)
{
    if (out->next != '\0')
        yao_put_byte(out->w, (uint8_t)out->next);
    out->next = out->query ? '&' : ';';
    yao_put_text(out->w, name);
    yao_put_byte(out->w, '=');
}

static void put_value(writing *out, const char *name, yao_bytes value)
{
    static const char digits[] = "0123456789ABCDEF";

    if (value.ptr == NULL)
        return;
    put_name(out, name);
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.ptr[i];

        if (yao_ascii_unreserved(c) || (out->query && (c == '/' || c == ':'))) {
            yao_put_byte(out->w, c);
        } else {
            yao_put_byte(out->w, '%');
            yao_put_byte(out->w, (uint8_t)digits[c >> 4]);
            yao_put_byte(out->w, (uint8_t)digits[c & 15]);
        }
    }
}

void yao_pkcs11_uri_put(yao_writer *w, const yao_pkcs11_uri *uri)
{
    writing out = {.w = w};

    yao_put_bytes(w, SCHEME);
    put_value(&out, "token", yao_text_bytes(uri->token));
    put_value(&out, "manufacturer", yao_text_bytes(uri->manufacturer));
    put_value(&out, "serial", yao_text_bytes(uri->serial));
    put_value(&out, "model", yao_text_bytes(uri->model));
    put_value(&out, "object", yao_text_bytes(uri->object));
    put_value(&out, "id", uri->id);
    if (uri->has_slot) {
        put_name(&out, "slot-id");
        yao_put_decimal(w, (int64_t)uri->slot);
    }
    out.query = true;
    out.next  = '?';
    put_value(&out, "module-path", yao_text_bytes(uri->module_path));
    put_value(&out, "pin-source", yao_text_bytes(uri->pin_source));
}
