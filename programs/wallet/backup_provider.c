/* SPDX-License-Identifier: Apache-2.0 */

/* A backup at the provider (docs/formats/provider.md section 3): name, token
 * and what it is sealed under all come from the recovery code, so that whoever
 * has the code on paper needs nothing else. */

#include "wallet/backup.h"

#include <stdio.h>
#include <string.h>

#include "cbor/cbor.h"
#include "net/client.h"

enum { VERSION = 1, WORD = 43, TIMEOUT_MS = 15000 };

/* No vowels but A, E, U; nothing that is taken for something else. */
static const char letters[33] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/* ---- the code ----------------------------------------------------------- */

/* "K7QX2-..." of 26 letters. */
static void set_code(yao_recovery *r, const char *plain)
{
    size_t at = 0;

    for (size_t i = 0; i < YAO_RECOVERY_LETTERS; i++) {
        if (i > 0 && i % 5 == 0)
            r->code[at++] = '-';
        r->code[at++] = plain[i];
    }
    r->code[at] = '\0';
}

yao_status yao_recovery_draw(yao_recovery *r)
{
    uint8_t bytes[YAO_RECOVERY_LETTERS];
    char    plain[YAO_RECOVERY_LETTERS];

    YAO_TRY(yao_openssl_random(bytes, sizeof bytes));
    for (size_t i = 0; i < sizeof bytes; i++)
        plain[i] = letters[bytes[i] % 32];
    set_code(r, plain);
    yao_wipe(bytes, sizeof bytes);
    yao_wipe(plain, sizeof plain);
    return YAO_OK;
}

static char upper(uint8_t c)
{
    return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

yao_status yao_recovery_take(yao_recovery *r, yao_bytes typed)
{
    char   plain[YAO_RECOVERY_LETTERS];
    size_t count = 0;

    for (size_t i = 0; i < typed.len; i++) {
        char c = upper(typed.ptr[i]);

        if (c == '-' || c == ' ')
            continue;
        if (c == '\0' || strchr(letters, c) == NULL || count == sizeof plain)
            return YAO_E_SECRET;
        plain[count++] = c;
    }
    if (count != sizeof plain)
        return YAO_E_SECRET;
    set_code(r, plain);
    yao_wipe(plain, sizeof plain);
    return YAO_OK;
}

/* ---- in the vault ------------------------------------------------------- */

yao_status yao_recovery_keep(yao_wallet *wallet, const yao_recovery *r)
{
    yao_writer w = yao_writer_in(&wallet->arena);
    yao_bytes  plain;

    yao_cbor_put_array(&w, 4);
    yao_cbor_put_uint(&w, VERSION);
    yao_cbor_put_text(&w, r->url);
    yao_cbor_put_text(&w, yao_text_of(r->code));
    yao_cbor_put_int(&w, r->version);
    YAO_TRY(yao_writer_keep(&w, &wallet->arena, &plain));
    return yao_vault_write(&wallet->vault, "recovery", plain);
}

yao_status yao_recovery_read(yao_wallet *wallet, yao_recovery *ret)
{
    yao_recovery r = *ret;
    yao_bytes    plain;

    YAO_TRY(yao_vault_read(&wallet->vault, "recovery", &wallet->arena,
                           &plain));
    yao_cbor_reader in = yao_cbor_open(plain);
    yao_cbor_get_array(&in, 4);
    if (yao_cbor_get_uint(&in) != VERSION)
        yao_cbor_fail(&in, YAO_E_MALFORMED);
    r.url         = yao_cbor_get_text(&in);
    yao_text code = yao_cbor_get_text(&in);
    r.version     = yao_cbor_get_int(&in);
    YAO_TRY(yao_cbor_close(&in));
    if (yao_recovery_take(&r, yao_text_bytes(code)) != YAO_OK)
        return YAO_E_MALFORMED;
    *ret = r;
    return YAO_OK;
}

/* ---- name and token ----------------------------------------------------- */

static yao_status derive(const yao_crypto *crypto, const yao_recovery *r,
                         yao_bytes info, char out[WORD + 1])
{
    uint8_t    bytes[32];
    yao_bytes  none   = {NULL, 0};
    yao_status status = crypto->hkdf(crypto->ctx, YAO_SHA256,
                                     yao_text_bytes(yao_text_of(r->code)),
                                     none, info, bytes, sizeof bytes);
    if (status == YAO_OK) {
        yao_writer w = yao_writer_open((uint8_t *)out, WORD);
        yao_put_base64url(&w, (yao_bytes){bytes, sizeof bytes});
        out[w.len] = '\0';
        status     = w.status;
    }
    yao_wipe(bytes, sizeof bytes);
    return status;
}

/* ---- asking ------------------------------------------------------------- */

typedef struct asking {
    char url[1024];
    char token[8 + WORD]; /* "Backup TOKEN" */
    char match[32];
} asking;

static yao_status address(const yao_recovery *r, asking *a)
{
    yao_openssl *openssl = yao_openssl_open();
    char         name[WORD + 1], token[WORD + 1];

    if (openssl == NULL)
        return YAO_E_CRYPTO;
    const yao_crypto *crypto = yao_openssl_crypto(openssl);
    yao_status status = derive(crypto, r, YAO_LIT("yaopai-backup-name-1"), name);
    if (status == YAO_OK)
        status = derive(crypto, r, YAO_LIT("yaopai-backup-token-1"), token);
    yao_openssl_close(openssl);
    if (status == YAO_OK) {
        int len = snprintf(a->url, sizeof a->url, "%.*s/backups/%s",
                           (int)r->url.len, (const char *)r->url.ptr, name);
        status  = len > 0 && (size_t)len < sizeof a->url ? YAO_OK : YAO_E_USAGE;
        snprintf(a->token, sizeof a->token, "Backup %s", token);
        snprintf(a->match, sizeof a->match, "\"%lld\"", (long long)r->version);
    }
    yao_wipe(token, sizeof token);
    return status;
}

static yao_status open_client(const yao_recovery *r, net_client **ret)
{
    const net_client_options options = {.ca_file    = r->ca_file,
                                        .loopback   = r->local,
                                        .timeout_ms = TIMEOUT_MS};
    char        origin[1024];
    net_client *client;
    size_t      slashes = 0, len = 0;

    for (; len < r->url.len && len < sizeof origin - 1; len++) {
        slashes += r->url.ptr[len] == '/';
        if (slashes == 3)
            break;
        origin[len] = (char)r->url.ptr[len];
    }
    origin[len] = '\0';
    YAO_TRY(net_client_open(&options, &client));
    yao_status status = net_client_allow(client, origin);
    if (status == YAO_OK)
        *ret = client;
    else
        net_client_close(client);
    return status;
}

static yao_status send(const yao_recovery *r, const net_call *call,
                       yao_arena *arena, net_answer *ret)
{
    net_client *client;

    YAO_TRY(open_client(r, &client));
    yao_status status = net_client_fetch(client, call, arena, ret);
    net_client_close(client);
    return status;
}

static yao_status judge(int status)
{
    switch (status) {
    case 200:
    case 204:
        return YAO_OK;
    case 404:
        return YAO_E_NOT_FOUND;
    case 412:
        return YAO_E_LOCKED;
    case 413:
    case 507:
        return YAO_E_LIMIT;
    default:
        return status >= 500 ? YAO_E_NET : YAO_E_REFUSED;
    }
}

yao_status yao_recovery_put(yao_recovery *r, yao_bytes sealed,
                            yao_arena *arena)
{
    asking     a;
    net_answer answer;

    YAO_TRY(address(r, &a));
    const net_header headers[] = {
        {YAO_TEXT("Authorization"), yao_text_of(a.token)},
        {YAO_TEXT("If-Match"), yao_text_of(a.match)},
        {YAO_TEXT("Content-Type"), YAO_TEXT("application/octet-stream")}};
    const net_call call   = {.method       = "PUT",
                             .url          = yao_text_of(a.url),
                             .headers      = headers,
                             .header_count = 3,
                             .body         = sealed};
    yao_status     status = send(r, &call, arena, &answer);

    yao_wipe(&a, sizeof a);
    YAO_TRY(status);
    YAO_TRY(judge(answer.status));
    r->version++;
    return YAO_OK;
}

/* "\"7\"" */
static yao_status read_version(yao_text tag, int64_t *ret)
{
    int64_t number = 0;

    if (tag.len < 3 || tag.len > 14 || tag.ptr[0] != '"' ||
        tag.ptr[tag.len - 1] != '"')
        return YAO_E_MALFORMED;
    for (size_t i = 1; i + 1 < tag.len; i++) {
        if (tag.ptr[i] < '0' || tag.ptr[i] > '9')
            return YAO_E_MALFORMED;
        number = number * 10 + (tag.ptr[i] - '0');
    }
    *ret = number;
    return YAO_OK;
}

yao_status yao_recovery_get(yao_recovery *r, yao_arena *arena, yao_bytes *ret)
{
    asking     a;
    net_answer answer;
    int64_t    version;

    YAO_TRY(address(r, &a));
    const net_call call   = {.method = "GET",
                             .url    = yao_text_of(a.url),
                             .most   = YAO_RECOVERY_MOST};
    yao_status     status = send(r, &call, arena, &answer);

    yao_wipe(&a, sizeof a);
    YAO_TRY(status);
    YAO_TRY(judge(answer.status));
    YAO_TRY(read_version(net_answer_header(&answer, "etag"), &version));
    r->version = version;
    *ret       = answer.body;
    return YAO_OK;
}
