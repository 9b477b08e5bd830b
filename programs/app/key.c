/* SPDX-License-Identifier: Apache-2.0 */
#include "app/key.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/secret.h"
#include "app/token_words.h"
#include "pkcs11/pin.h"

#define SCHEME "pkcs11:"

enum { ID_LEN = 16 };

struct yao_key_token {
    yao_pkcs11_token *token;
    yao_openssl      *openssl; /* hashes and verifies for it */
    int               pin;     /* pipe with what was typed, -1: none. Open as
                                  long as the token, so that its number stays
                                  that of the pipe */
};

/* One of the two is there. */
struct yao_key {
    yao_openssl_key *file;
    yao_pkcs11_key  *inside;
    yao_key_token   *token; /* of inside */
    bool             owns;  /* token is closed with the key */
};

/* ---- tokens ---- */

bool yao_key_in_token(const char *uri)
{
    return strncmp(uri, SCHEME, strlen(SCHEME)) == 0;
}

typedef struct parsed {
    yao_pkcs11_uri uri;
    uint8_t        memory[3 * YAO_MAX_PKCS11_URI];
} parsed;

static yao_status parse(const char *text, parsed *ret)
{
    yao_arena  arena  = {ret->memory, sizeof ret->memory, 0};
    yao_status status = yao_pkcs11_uri_parse(
        (yao_bytes){(const uint8_t *)text, strlen(text)}, &arena, &ret->uri);

    if (status != YAO_OK)
        yao_explain_uri(status);
    return status;
}

static yao_status explain(const yao_key_token *token, yao_status status)
{
    if (status != YAO_OK)
        yao_explain_token(status, yao_pkcs11_why(token->token));
    return status;
}

/* PIN typed at the terminal, into a pipe that the port reads. */
static yao_status type_pin(yao_text token, int *ret)
{
    uint8_t    letters[YAO_MAX_PIN];
    char       en[64], zh[64]; /* a label has at most 32 bytes */
    yao_bytes  pin = {NULL, 0};
    int        ends[2];
    int        terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

    if (terminal < 0)
        return YAO_E_SECRET;
    snprintf(en, sizeof en, "PIN of the token %.*s", (int)token.len,
             (const char *)token.ptr);
    snprintf(zh, sizeof zh, "设备 PIN %.*s", (int)token.len,
             (const char *)token.ptr);
    yao_status status = yao_secret_type(terminal, (yao_words){en, zh}, letters,
                                        sizeof letters, &pin);
    close(terminal);
    if (status == YAO_OK && pipe(ends) != 0)
        status = YAO_E_FILE;
    if (status == YAO_OK) {
        if (fcntl(ends[0], F_SETFD, FD_CLOEXEC) != 0 ||
            write(ends[1], pin.ptr, pin.len) != (ssize_t)pin.len)
            status = YAO_E_FILE;
        close(ends[1]);
        *ret = ends[0];
    }
    yao_wipe(letters, sizeof letters);
    return status;
}

/* Nobody named a PIN, and somebody sits there. */
static bool may_ask(const yao_pkcs11_uri *uri, yao_pkcs11_report report)
{
    return report.what == YAO_PKCS11_NO_PIN && uri->pin_source.ptr == NULL &&
           isatty(STDIN_FILENO);
}

/* A token that another session has opened asks for nothing: so it is tried
 * without a PIN first. */
static yao_status open_asking(yao_key_token *t, const yao_pkcs11_uri *uri,
                              bool write_too, yao_pkcs11_report *report)
{
    const yao_crypto *crypto = yao_openssl_crypto(t->openssl);
    yao_pkcs11_uri    typed  = *uri;
    char              source[32];
    yao_status        status =
        yao_pkcs11_open(uri, crypto, write_too, report, &t->token);

    if (status == YAO_OK || !may_ask(uri, *report))
        return status;
    YAO_TRY(type_pin(uri->token, &t->pin));
    snprintf(source, sizeof source, "fd:%d", t->pin);
    typed.pin_source = yao_text_of(source);
    return yao_pkcs11_open(&typed, crypto, write_too, report, &t->token);
}

static yao_status open_token(const yao_pkcs11_uri *uri, bool write_too,
                             yao_key_token **ret)
{
    yao_pkcs11_report report = {YAO_PKCS11_FINE, 0};
    yao_key_token    *t      = calloc(1, sizeof *t);

    if (t == NULL)
        return YAO_E_SPACE;
    t->pin            = -1;
    t->openssl        = yao_openssl_open();
    yao_status status = YAO_E_CRYPTO;
    if (t->openssl != NULL)
        status = open_asking(t, uri, write_too, &report);
    if (status == YAO_OK) {
        *ret = t;
        return YAO_OK;
    }
    yao_explain_token(status, report);
    yao_key_token_close(t);
    return status;
}

yao_status yao_key_token_open(const char *uri, bool write, yao_key_token **ret)
{
    parsed p;

    YAO_TRY(parse(uri, &p));
    return open_token(&p.uri, write, ret);
}

void yao_key_token_close(yao_key_token *token)
{
    if (token == NULL)
        return;
    yao_pkcs11_close(token->token);
    yao_openssl_close(token->openssl);
    if (token->pin >= 0)
        close(token->pin);
    free(token);
}

/* Takes what it wraps, also on failure. */
static yao_status wrap(yao_key key, yao_key **ret)
{
    yao_key *k = malloc(sizeof *k);

    if (k == NULL) {
        yao_openssl_key_close(key.file);
        yao_pkcs11_key_close(key.inside);
        return YAO_E_SPACE;
    }
    *k   = key;
    *ret = k;
    return YAO_OK;
}

static yao_text make_label(const uint8_t id[ID_LEN], uint8_t room[64])
{
    yao_writer w = yao_writer_open(room, 64);

    yao_put_text(&w, "yaopai-");
    yao_put_hex(&w, (yao_bytes){id, ID_LEN});
    return (yao_text){room, w.len};
}

yao_status yao_key_token_make(yao_key_token *token, yao_sig_alg alg,
                              yao_key_use use, yao_text label, yao_key **ret)
{
    uint8_t           id[ID_LEN], room[64];
    yao_pkcs11_wanted wanted = {alg, (int)use, label, {id, sizeof id}};
    yao_key           key    = {.token = token};

    YAO_TRY(yao_openssl_random(id, sizeof id));
    if (label.len == 0)
        wanted.label = make_label(id, room);
    YAO_TRY(explain(token, yao_pkcs11_generate(token->token, &wanted,
                                               &key.inside)));
    return wrap(key, ret);
}

static yao_status find(yao_key_token *token, const yao_pkcs11_uri *uri,
                       yao_key_use use, yao_key **ret)
{
    yao_key key = {.token = token};

    YAO_TRY(explain(token, yao_pkcs11_find(token->token, uri, (int)use,
                                           &key.inside)));
    return wrap(key, ret);
}

yao_status yao_key_token_find(yao_key_token *token, yao_bytes id,
                              yao_key_use use, yao_key **ret)
{
    const yao_pkcs11_uri uri = {.id = id};

    return find(token, &uri, use, ret);
}

yao_bytes yao_key_id(const yao_key *key)
{
    return key->inside != NULL ? yao_pkcs11_key_id(key->inside)
                               : (yao_bytes){NULL, 0};
}

yao_status yao_key_remove(yao_key *key)
{
    if (key->inside == NULL)
        return YAO_OK;
    return explain(key->token, yao_pkcs11_destroy(key->inside));
}

yao_status yao_key_uri(const char *token_uri, yao_text label, char *out,
                       size_t cap)
{
    parsed     p;
    yao_writer w = yao_writer_open((uint8_t *)out, cap);
    yao_bytes  whole;

    YAO_TRY(parse(token_uri, &p));
    p.uri.object = label;
    p.uri.id     = (yao_bytes){NULL, 0};
    yao_pkcs11_uri_put(&w, &p.uri);
    yao_put_byte(&w, 0);
    return yao_writer_close(&w, &whole) == YAO_OK ? YAO_OK : YAO_E_LIMIT;
}

/* ---- opening ---- */

static yao_status open_inside(const char *uri, yao_key **ret)
{
    parsed         p;
    yao_key_token *token = NULL;

    YAO_TRY(parse(uri, &p));
    YAO_TRY(open_token(&p.uri, false, &token));
    yao_status status = find(token, &p.uri, YAO_KEY_SIGNS, ret);
    if (status == YAO_OK)
        (*ret)->owns = true;
    else
        yao_key_token_close(token);
    return status;
}

yao_status yao_key_open(const char *uri, yao_key **ret)
{
    yao_key key = {.file = NULL};

    if (yao_key_in_token(uri))
        return open_inside(uri, ret);
    YAO_TRY(yao_openssl_key_open(uri, &key.file));
    return wrap(key, ret);
}

yao_status yao_key_generate(yao_sig_alg alg, yao_key **ret)
{
    yao_key key = {.file = NULL};

    YAO_TRY(yao_openssl_key_generate(alg, &key.file));
    return wrap(key, ret);
}

yao_status yao_key_read(yao_bytes der, yao_key **ret)
{
    yao_key key = {.file = NULL};

    YAO_TRY(yao_openssl_key_read(der, &key.file));
    return wrap(key, ret);
}

yao_status yao_key_write(const yao_key *key, yao_writer *w)
{
    return key->file != NULL ? yao_openssl_key_write(key->file, w)
                             : YAO_E_REFUSED;
}

yao_status yao_key_save(const yao_key *key, const char *path)
{
    return key->file != NULL ? yao_openssl_key_save(key->file, path)
                             : YAO_E_REFUSED;
}

void yao_key_close(yao_key *key)
{
    if (key == NULL)
        return;
    yao_openssl_key_close(key->file);
    yao_pkcs11_key_close(key->inside);
    if (key->owns)
        yao_key_token_close(key->token);
    free(key);
}

/* ---- using ---- */

yao_public_key yao_key_public(const yao_key *key)
{
    return key->file != NULL ? yao_openssl_key_public(key->file)
                             : yao_pkcs11_key_public(key->inside);
}

yao_sig_alg yao_key_alg(const yao_key *key)
{
    return key->file != NULL ? yao_openssl_key_alg(key->file)
                             : yao_pkcs11_key_alg(key->inside);
}

yao_status yao_key_sign(yao_key *key, const yao_sign_wish *wish, uint8_t *out,
                        size_t *len)
{
    if (key->file != NULL)
        return yao_openssl_sign(key->file, wish, out, len);
    return explain(key->token, yao_pkcs11_sign(key->inside, wish, out, len));
}

/* Is the peer on its curve? A token that doesn't look would give its key away
 * bit by bit; OpenSSL looks before it agrees with a key of no use. */
static yao_status check_peer(yao_sig_alg alg, const yao_agree_wish *wish)
{
    uint8_t          unused[YAO_MAX_AGREEMENT];
    yao_openssl_key *key = NULL;

    YAO_TRY(yao_openssl_key_generate(alg, &key));
    yao_status status = yao_openssl_agree(key, wish, unused);
    yao_openssl_key_close(key);
    yao_wipe(unused, sizeof unused);
    return status;
}

yao_status yao_key_agree(yao_key *key, const yao_agree_wish *wish, uint8_t *out)
{
    if (key->file != NULL)
        return yao_openssl_agree(key->file, wish, out);
    YAO_TRY(check_peer(yao_key_alg(key), wish));
    return explain(key->token, yao_pkcs11_agree(key->inside, wish, out));
}
