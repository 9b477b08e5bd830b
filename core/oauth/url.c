/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses: what may stand in metadata, where metadata is. */

#include "base/ascii.h"
#include "oauth/parts.h"

static bool token_letter(uint8_t b)
{
    return yao_ascii_unreserved(b) || b == '+' || b == '/' || b == '=';
}

bool yao_oauth_is_token(yao_text text)
{
    if (text.len == 0 || text.len > YAO_OAUTH_MAX_SECRET)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!token_letter(text.ptr[i]))
            return false;

    return true;
}

static yao_text cut(yao_text *rest, size_t len)
{
    yao_text part = {rest->ptr, len};

    rest->ptr += len;
    rest->len -= len;
    return part;
}

static size_t find(yao_text text, uint8_t byte)
{
    return yao_bytes_find(yao_text_bytes(text), byte);
}

bool yao_oauth_cut_url(yao_text url, yao_oauth_url *ret)
{
    yao_oauth_url u    = {.query = false};
    yao_text      rest = url;
    size_t        at   = find(rest, ':');

    if (at == 0 || rest.len < 3 || at > rest.len - 3)
        return false;
    u.scheme = cut(&rest, at);
    if (rest.ptr[1] != '/' || rest.ptr[2] != '/')
        return false;
    cut(&rest, 3);

    at         = find(rest, '#');
    u.fragment = at != rest.len;
    rest.len   = at;
    at         = find(rest, '?');
    u.query    = at != rest.len;
    rest.len   = at;
    u.authority = cut(&rest, find(rest, '/'));
    u.path      = rest;

    *ret = u;
    return u.authority.len != 0;
}

static bool printable(yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= 0x20 || text.ptr[i] > 0x7e ||
            find(YAO_TEXT("\"<>\\^`{|}"), text.ptr[i]) != 9)
            return false;

    return true;
}

static bool ends(yao_text text, const char *tail)
{
    yao_text t = yao_text_of(tail);

    return text.len >= t.len &&
           yao_text_equal((yao_text){text.ptr + text.len - t.len, t.len}, t);
}

/* The host of an authority without its port. */
static yao_text host_of(yao_text authority)
{
    if (authority.len != 0 && authority.ptr[0] == '[') {
        size_t end = find(authority, ']');
        return (yao_text){authority.ptr,
                          end == authority.len ? end : end + 1};
    }
    return (yao_text){authority.ptr, find(authority, ':')};
}

static bool is_local(yao_text host)
{
    return yao_text_equal(host, YAO_TEXT("localhost")) ||
           ends(host, ".localhost") ||
           yao_text_equal(host, YAO_TEXT("127.0.0.1")) ||
           yao_text_equal(host, YAO_TEXT("[::1]"));
}

bool yao_oauth_is_url(yao_text url, bool local)
{
    yao_oauth_url u;

    if (url.len > YAO_OAUTH_MAX_URI || !printable(url) ||
        !yao_oauth_cut_url(url, &u) || u.fragment)
        return false;
    if (find(u.authority, '@') != u.authority.len)
        return false;

    yao_text host = host_of(u.authority);
    if (host.len == 0)
        return false;
    if (yao_text_equal(u.scheme, YAO_TEXT("https")))
        return true;
    return local && yao_text_equal(u.scheme, YAO_TEXT("http")) &&
           is_local(host);
}

yao_status yao_oauth_well_known(yao_arena *arena, yao_text issuer,
                                const char *name, yao_text *ret)
{
    yao_oauth_url u;
    yao_writer    w = yao_writer_in(arena);
    yao_bytes     text;

    if (!yao_oauth_is_url(issuer, true) || !yao_oauth_cut_url(issuer, &u) ||
        u.query)
        return YAO_E_MALFORMED;
    if (u.path.len != 0 && u.path.ptr[u.path.len - 1] == '/')
        u.path.len--;

    yao_put_bytes(&w, yao_text_bytes(u.scheme));
    yao_put_text(&w, "://");
    yao_put_bytes(&w, yao_text_bytes(u.authority));
    yao_put_text(&w, "/.well-known/");
    yao_put_text(&w, name);
    yao_put_bytes(&w, yao_text_bytes(u.path));
    YAO_TRY(yao_writer_keep(&w, arena, &text));

    *ret = (yao_text){text.ptr, text.len};
    return YAO_OK;
}
