/* SPDX-License-Identifier: Apache-2.0 */
#include "net/gate.h"

#include "base/ascii.h"
/* Fifteen digits: below 2^53, and no sum of it overflows. */
enum { MAX_LENGTH_DIGITS = 15, MAX_METHOD = 16 };

/* How many headers are called NAME, in any case, and the first of them. */
static size_t count_header(const net_header *headers, size_t count,
                           const char *name, yao_text *first)
{
    size_t found = 0;

    *first = (yao_text){NULL, 0};
    for (size_t i = 0; i < count; i++)
        if (yao_ascii_is(headers[i].name, name) && found++ == 0)
            *first = headers[i].value;
    return found;
}

yao_text net_header_find(const net_request *request, const char *name,
                         size_t *count)
{
    yao_text first;
    size_t   found =
        count_header(request->headers, request->header_count, name, &first);

    if (count != NULL)
        *count = found;
    return first;
}

yao_text net_trim(yao_text value)
{
    while (value.len > 0 && (*value.ptr == ' ' || *value.ptr == '\t')) {
        value.ptr++;
        value.len--;
    }
    while (value.len > 0 && (value.ptr[value.len - 1] == ' ' ||
                             value.ptr[value.len - 1] == '\t'))
        value.len--;
    return value;
}

void net_split(yao_text uri, yao_text *path, yao_text *query)
{
    size_t at = yao_bytes_find(yao_text_bytes(uri), '?');

    *path  = uri;
    *query = (yao_text){NULL, 0};
    if (at < uri.len) {
        *path  = (yao_text){uri.ptr, at};
        *query = (yao_text){uri.ptr + at + 1, uri.len - at - 1};
    }
}

/* tchar, RFC 9110 section 5.6.2 */
static bool is_token_letter(uint8_t c)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    if (yao_ascii_digit(c) || yao_ascii_letter(c))
        return true;
    for (size_t i = 0; others[i] != '\0'; i++)
        if (c == (uint8_t)others[i])
            return true;
    return false;
}

static bool is_token(yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_token_letter(text.ptr[i]))
            return false;
    return text.len > 0;
}

/* Also no letters above ASCII and no tabs: nothing that we read has them. */
static bool is_printable(yao_text text, uint8_t least)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < least || text.ptr[i] > 0x7e)
            return false;
    return true;
}

static int check_uri(yao_text uri)
{
    yao_text path, query;

    net_split(uri, &path, &query);
    if (path.len > NET_MAX_PATH || query.len > NET_MAX_PATH)
        return 414;
    if (path.len == 0 || path.ptr[0] != '/')
        return 400; /* "*" and "http://host/": we are no proxy */
    if (!is_printable(uri, 0x21) ||
        yao_bytes_find(yao_text_bytes(uri), '#') < uri.len)
        return 400;
    return 0;
}

/* host [":" port]: letters that stand in names and addresses */
static bool is_host(yao_text host)
{
    for (size_t i = 0; i < host.len; i++) {
        uint8_t c = host.ptr[i];
        if (!yao_ascii_letter(c) && !yao_ascii_digit(c) && c != '.' &&
            c != '-' && c != '_' && c != ':' && c != '[' && c != ']')
            return false;
    }
    return host.len > 0 && host.len <= 260;
}

static int read_length(yao_text digits, size_t *ret)
{
    size_t length = 0;

    if (digits.len == 0 || digits.len > MAX_LENGTH_DIGITS)
        return 400;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return 400;
        length = length * 10 + (size_t)(digits.ptr[i] - '0');
    }
    *ret = length;
    return 0;
}

/* Where does the body end? There is one answer, or none. */
static int check_framing(const net_head *head, size_t *body)
{
    yao_text length, coding;
    size_t   lengths = count_header(head->headers, head->header_count,
                                    "content-length", &length);
    size_t   codings = count_header(head->headers, head->header_count,
                                    "transfer-encoding", &coding);

    *body = 0;
    if (lengths > 1 || codings > 1 || (lengths > 0 && codings > 0))
        return 400;
    if (codings > 0)
        return yao_ascii_is(coding, "chunked") ? 411 : 400;
    return lengths == 0 ? 0 : read_length(length, body);
}

static int check_headers(const net_head *head)
{
    yao_text host, expect;

    if (head->header_count > NET_MAX_HEADERS)
        return 431;
    for (size_t i = 0; i < head->header_count; i++)
        if (!is_token(head->headers[i].name) ||
            !is_printable(head->headers[i].value, 0x20))
            return 400;
    if (count_header(head->headers, head->header_count, "host", &host) != 1 ||
        !is_host(host))
        return 400;
    size_t expects =
        count_header(head->headers, head->header_count, "expect", &expect);
    return expects == 0 || yao_ascii_is(expect, "100-continue") ? 0 : 417;
}

int net_gate(const net_head *head, size_t *body)
{
    size_t length = 0;

    if (!is_token(head->method) || head->method.len > MAX_METHOD)
        return 400;
    if (!yao_text_equal(head->version, YAO_TEXT("HTTP/1.1")) &&
        !yao_text_equal(head->version, YAO_TEXT("HTTP/1.0")))
        return 505;
    if (head->len > NET_MAX_HEAD)
        return 431;
    int code = check_uri(head->uri);
    if (code == 0)
        code = check_headers(head);
    if (code == 0)
        code = check_framing(head, &length);
    if (code == 0)
        *body = length;
    return code;
}
