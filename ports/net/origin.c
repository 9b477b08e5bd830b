/* SPDX-License-Identifier: Apache-2.0 */
#include "net/origin.h"

#include "base/ascii.h"
#include <stdio.h>
#include <string.h>

/* RFC 3986 appendix A, what may stand in path and query; no fragment. */
static bool is_url_letter(uint8_t c)
{
    static const char more[] = "-._~:/?@!$&'()*+,;=%[]";

    return yao_ascii_letter(c) || yao_ascii_digit(c) ||
           (c != 0 && strchr(more, c) != NULL);
}

static bool take(yao_text *text, const char *word)
{
    size_t len = strlen(word);

    if (!yao_ascii_starts(*text, word))
        return false;
    text->ptr += len;
    text->len -= len;
    return true;
}

/* ---- host --------------------------------------------------------------- */

static bool is_name_letter(uint8_t c)
{
    return yao_ascii_letter(c) || yao_ascii_digit(c) || c == '-' || c == '.';
}

/* How much of TEXT is the host; 0 when none begins there. */
static size_t host_length(yao_text text)
{
    size_t len = 0;

    if (text.len != 0 && text.ptr[0] == '[') {
        for (len = 1; len < text.len && text.ptr[len] != ']'; len++) {
            uint8_t c = text.ptr[len];
            if (yao_ascii_hex(c) < 0 && c != ':' && c != '.')
                return 0;
        }
        return len < text.len && len > 2 ? len + 1 : 0;
    }
    while (len < text.len && is_name_letter(text.ptr[len]))
        len++;
    return len;
}

/* No label may be empty, nor begin or end with a dash (RFC 1123 2.1). */
static bool labels_good(const char *host)
{
    char before = '.';

    if (host[0] == '[')
        return true;
    for (const char *p = host; *p != '\0'; p++) {
        if ((*p == '.' || *p == '-') && before == '.')
            return false;
        if (*p == '.' && before == '-')
            return false;
        before = *p;
    }
    return before != '.' && before != '-';
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), tail = strlen(end);

    return len >= tail && strcmp(text + len - tail, end) == 0;
}

/* Four numbers up to 255, no leading zeros: the only spelling of an IPv4
 * address that is not read in two ways. */
static int ipv4(const char *host, unsigned *ret)
{
    unsigned parts = 0, value = 0, digits = 0;

    for (const char *p = host;; p++) {
        if (yao_ascii_digit((uint8_t)*p) && digits < 3) {
            if (digits != 0 && value == 0)
                return -1;
            value = value * 10 + (unsigned)(*p - '0');
            digits++;
            continue;
        }
        if ((*p != '.' && *p != '\0') || digits == 0 || value > 255)
            return -1;
        ret[parts++] = value;
        value = digits = 0;
        if (*p == '\0')
            return parts == 4 ? 0 : -1;
        if (parts == 4)
            return -1;
    }
}

/* A last label of digits only (or 0x...) is an address in some spelling
 * (WHATWG URL 3.5); of those we take the one above. */
static bool looks_numeric(const char *host)
{
    const char *dot  = strrchr(host, '.');
    const char *last = dot == NULL ? host : dot + 1;

    return yao_ascii_digit((uint8_t)last[0]);
}

static bool host_good(net_origin *o)
{
    unsigned parts[4];

    if (!labels_good(o->host))
        return false;
    if (strcmp(o->host, "localhost") == 0 || ends_with(o->host, ".localhost") ||
        strcmp(o->host, "[::1]") == 0) {
        o->local = true;
        return true;
    }
    if (o->host[0] == '[' || !looks_numeric(o->host))
        return true;
    if (ipv4(o->host, parts) != 0)
        return false;
    o->local = parts[0] == 127;
    return true;
}

/* ---- port --------------------------------------------------------------- */

static bool read_port(yao_text *text, net_origin *o)
{
    unsigned port = 0;
    size_t   digits;

    o->port = o->tls ? 443 : 80;
    if (text->len == 0 || text->ptr[0] != ':')
        return true;
    for (digits = 1; digits < text->len && yao_ascii_digit(text->ptr[digits]);
         digits++) {
        if (digits > 5)
            return false;
        port = port * 10 + (unsigned)(text->ptr[digits] - '0');
    }
    if (digits == 1 || port == 0 || port > 65535)
        return false;
    o->port = port;
    text->ptr += digits;
    text->len -= digits;
    return true;
}

yao_status net_origin_read(yao_text url, net_origin *ret, yao_text *rest)
{
    net_origin o = {0};

    if (url.len > NET_MAX_URL)
        return YAO_E_USAGE;
    o.tls = take(&url, "https://");
    if (!o.tls && !take(&url, "http://"))
        return YAO_E_USAGE;

    size_t len = host_length(url);
    if (len == 0 || len > NET_MAX_HOST)
        return YAO_E_USAGE;
    for (size_t i = 0; i < len; i++)
        o.host[i] = (char)yao_ascii_small(url.ptr[i]);
    url.ptr += len;
    url.len -= len;
    if (!host_good(&o) || !read_port(&url, &o))
        return YAO_E_USAGE;

    if (url.len != 0 && url.ptr[0] != '/' && url.ptr[0] != '?')
        return YAO_E_USAGE;
    for (size_t i = 0; i < url.len; i++)
        if (!is_url_letter(url.ptr[i]))
            return YAO_E_USAGE;

    *ret  = o;
    *rest = url;
    return YAO_OK;
}

bool net_origin_same(const net_origin *a, const net_origin *b)
{
    return a->tls == b->tls && a->port == b->port &&
           strcmp(a->host, b->host) == 0;
}
