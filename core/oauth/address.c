/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ascii.h"
#include "oauth/oauth.h"

/*
 * Addresses are judged before anything is fetched or sent: an offer, or a
 * request, is a stranger's wish that this telephone speaks with somebody
 * (misuse N132, N210).
 */

/* Letters of one address that we look at; nobody's is longer. */
enum { MAX_ADDRESS = 1024 };

typedef struct address {
    bool      https;
    yao_bytes host; /* without port */
    yao_bytes path; /* with its slash; may be empty; query and fragment too */
} address;

static bool host_letter(uint8_t c)
{
    return yao_ascii_digit(c) || yao_ascii_letter(c) || c == '-' || c == '.';
}

/* RFC 3986: what may stand there, escapes included; no controls, no blanks, no
 * quotes, no backslash, nothing outside of ASCII. */
static bool url_letter(uint8_t c)
{
    return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>' &&
           c != '\\' && c != '^' && c != '`' && c != '{' && c != '|' &&
           c != '}';
}

static bool cut_scheme(yao_bytes *rest, bool *https)
{
    static const yao_bytes secure = YAO_INIT("https://");
    static const yao_bytes plain  = YAO_INIT("http://");

    *https = yao_bytes_starts(*rest, secure);
    if (!*https && !yao_bytes_starts(*rest, plain))
        return false;

    size_t len = *https ? secure.len : plain.len;
    *rest      = (yao_bytes){rest->ptr + len, rest->len - len};
    return true;
}

static bool port(yao_bytes p)
{
    uint32_t number = 0;

    if (p.len == 0 || p.len > 5)
        return false;
    for (size_t i = 0; i < p.len; i++) {
        if (!yao_ascii_digit(p.ptr[i]))
            return false;
        number = number * 10 + (uint32_t)(p.ptr[i] - '0');
    }
    return number > 0 && number <= 65535;
}

static size_t authority_len(yao_bytes rest)
{
    for (size_t i = 0; i < rest.len; i++)
        if (rest.ptr[i] == '/' || rest.ptr[i] == '?' || rest.ptr[i] == '#')
            return i;
    return rest.len;
}

/* Host and port. [::1] is the only address in brackets that is ever allowed. */
static bool cut_authority(yao_bytes authority, yao_bytes *host)
{
    static const yao_bytes six = YAO_INIT("[::1]");
    size_t                 end = yao_bytes_starts(authority, six)
                                     ? six.len
                                     : yao_bytes_find(authority, ':');

    *host = (yao_bytes){authority.ptr, end};
    if (end == authority.len)
        return true;
    if (authority.ptr[end] != ':')
        return false;
    return port((yao_bytes){authority.ptr + end + 1, authority.len - end - 1});
}

static bool cut(yao_text url, address *ret)
{
    yao_bytes rest = yao_text_bytes(url);

    if (url.len > MAX_ADDRESS)
        return false;
    for (size_t i = 0; i < url.len; i++)
        if (!url_letter(url.ptr[i]))
            return false;
    if (!cut_scheme(&rest, &ret->https))
        return false;

    size_t len = authority_len(rest);
    ret->path  = (yao_bytes){rest.ptr + len, rest.len - len};
    return cut_authority((yao_bytes){rest.ptr, len}, &ret->host);
}

/* ---- the host ----------------------------------------------------------- */

/* Names are the same in small letters and in large ones (RFC 4343). */
static bool ends(yao_bytes text, yao_bytes end)
{
    if (text.len < end.len)
        return false;
    for (size_t i = 0; i < end.len; i++)
        if (yao_ascii_small(text.ptr[text.len - end.len + i]) != end.ptr[i])
            return false;
    return true;
}

static bool this_machine(yao_bytes host)
{
    static const yao_bytes local = YAO_INIT("localhost");

    return (host.len == local.len && ends(host, local)) ||
           ends(host, YAO_LIT(".localhost")) ||
           yao_bytes_equal(host, YAO_LIT("127.0.0.1")) ||
           yao_bytes_equal(host, YAO_LIT("[::1]"));
}

/* A label of a name: not empty, no hyphen at its ends, and none that stands
 * for other letters than those that are seen. */
static bool label_fine(yao_bytes label)
{
    if (label.len == 0 || label.len > 63)
        return false;
    if (label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
        return false;
    return !yao_ascii_starts((yao_text){label.ptr, label.len}, "xn--");
}

/* A number at the end is an address, in whichever of its spellings ("127.1",
 * "0x7f.1", "2130706433"); no top-level domain begins with a digit. */
static bool numeric_end(yao_bytes label)
{
    return yao_ascii_digit(label.ptr[0]);
}

static bool public_name(yao_bytes host)
{
    yao_bytes rest = host, label = {NULL, 0};
    size_t    labels = 0;

    for (size_t i = 0; i < host.len; i++)
        if (!host_letter(host.ptr[i]))
            return false;
    for (;;) {
        size_t at = yao_bytes_find(rest, '.');
        label     = (yao_bytes){rest.ptr, at};
        labels++;
        if (!label_fine(label))
            return false;
        if (at == rest.len)
            break;
        rest = (yao_bytes){rest.ptr + at + 1, rest.len - at - 1};
    }
    return labels >= 2 && !numeric_end(label) && !this_machine(host) &&
           !ends(host, YAO_LIT(".local")) &&
           !ends(host, YAO_LIT(".internal")) &&
           !ends(host, YAO_LIT(".home.arpa"));
}

/* ---- the local network, for demos ---------------------------------------- */

/* One number of an address, 0 to 255, written as we would. */
static bool octet(yao_bytes digits, uint32_t *ret)
{
    uint32_t number = 0;

    if (digits.len == 0 || digits.len > 3 ||
        (digits.len > 1 && digits.ptr[0] == '0'))
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        if (!yao_ascii_digit(digits.ptr[i]))
            return false;
        number = number * 10 + (uint32_t)(digits.ptr[i] - '0');
    }
    *ret = number;
    return number <= 255;
}

/* Four numbers that no router passes on (RFC 1918, RFC 3927), or this
 * machine's. */
static bool private_address(yao_bytes host)
{
    uint32_t  numbers[4];
    yao_bytes rest = host;

    for (size_t i = 0; i < 4; i++) {
        size_t at = yao_bytes_find(rest, '.');
        if ((at == rest.len) != (i == 3) ||
            !octet((yao_bytes){rest.ptr, at}, &numbers[i]))
            return false;
        if (i < 3)
            rest = (yao_bytes){rest.ptr + at + 1, rest.len - at - 1};
    }
    return numbers[0] == 10 || numbers[0] == 127 ||
           (numbers[0] == 172 && numbers[1] >= 16 && numbers[1] < 32) ||
           (numbers[0] == 192 && numbers[1] == 168) ||
           (numbers[0] == 169 && numbers[1] == 254);
}

/* "wallet.local": a name that machines of one network tell each other. */
static bool local_name(yao_bytes host)
{
    static const yao_bytes end = YAO_INIT(".local");
    yao_bytes              name = {host.ptr, host.len};

    if (host.len <= end.len || !ends(host, end))
        return false;
    name.len -= end.len;
    for (size_t i = 0; i < name.len; i++)
        if (!host_letter(name.ptr[i]) || name.ptr[i] == '.')
            return false;
    return label_fine(name);
}

static bool acceptable(const address *a, bool loopback)
{
    if (loopback && this_machine(a->host))
        return true;
    if (loopback && a->https &&
        (private_address(a->host) || local_name(a->host)))
        return true;
    return a->https && public_name(a->host);
}

yao_status yao_oauth_check_server(yao_text url, bool loopback)
{
    address a;

    if (!cut(url, &a) || !acceptable(&a, loopback))
        return YAO_E_VALUE;
    if (yao_bytes_find(a.path, '?') != a.path.len ||
        yao_bytes_find(a.path, '#') != a.path.len)
        return YAO_E_VALUE;
    return YAO_OK;
}

yao_status yao_oauth_check_endpoint(yao_text url, bool loopback)
{
    address a;

    if (!cut(url, &a) || !acceptable(&a, loopback))
        return YAO_E_VALUE;
    return yao_bytes_find(a.path, '#') == a.path.len ? YAO_OK : YAO_E_VALUE;
}

void yao_oauth_put_well_known(yao_writer *w, yao_text issuer, const char *what)
{
    address a;

    if (!cut(issuer, &a)) {
        yao_writer_fail(w, YAO_E_VALUE);
        return;
    }
    size_t path = a.path.len;
    if (path > 0 && a.path.ptr[path - 1] == '/')
        path--; /* OpenID4VCI 1.0 12.2.2: a slash at the end is left out */
    yao_put_bytes(w, (yao_bytes){issuer.ptr, issuer.len - a.path.len});
    yao_put_text(w, "/.well-known/");
    yao_put_text(w, what);
    yao_put_bytes(w, (yao_bytes){a.path.ptr, path});
}

yao_text yao_oauth_host(yao_text url)
{
    address a;

    if (!cut(url, &a))
        return (yao_text){NULL, 0};
    return (yao_text){a.host.ptr, a.host.len};
}
