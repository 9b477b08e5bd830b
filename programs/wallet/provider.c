/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/provider.h"

#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "app/random.h"
#include "cbor/cbor.h"
#include "json/json.h"
#include "net/client.h"
#include "oauth/dpop.h"
#include "vci/proof.h"

enum {
    VERSION    = 1,
    MAX_URL    = 512,
    MAX_ID     = 256,
    JTI        = 16,
    MOST       = 256 * 1024, /* of an answer */
    TIMEOUT_MS = 15000
};

struct yao_provider {
    const yao_provider_account *account;
    yao_openssl                *openssl;
    const yao_crypto           *crypto;
    net_client                 *client;
    yao_key                    *key;
};

/* ---- in the vault ------------------------------------------------------- */

yao_status yao_provider_keep(yao_wallet                 *wallet,
                             const yao_provider_account *account)
{
    yao_writer w = yao_writer_in(&wallet->arena);
    yao_bytes  plain;

    yao_cbor_put_array(&w, 5);
    yao_cbor_put_uint(&w, VERSION);
    yao_cbor_put_text(&w, account->url);
    yao_cbor_put_text(&w, account->client_id);
    yao_cbor_put_bytes(&w, account->key);
    yao_cbor_put_bool(&w, account->local);
    YAO_TRY(yao_writer_keep(&w, &wallet->arena, &plain));
    return yao_vault_write(&wallet->vault, "provider", plain);
}

yao_status yao_provider_read(yao_wallet *wallet, yao_provider_account *ret)
{
    yao_provider_account account;
    yao_bytes            plain;

    YAO_TRY(yao_vault_read(&wallet->vault, "provider", &wallet->arena,
                           &plain));
    yao_cbor_reader r = yao_cbor_open(plain);
    yao_cbor_get_array(&r, 5);
    if (yao_cbor_get_uint(&r) != VERSION)
        yao_cbor_fail(&r, YAO_E_MALFORMED);
    account.url       = yao_cbor_get_text(&r);
    account.client_id = yao_cbor_get_text(&r);
    account.key       = yao_cbor_get_bytes(&r);
    account.local     = yao_cbor_get_bool(&r);
    YAO_TRY(yao_cbor_close(&r));
    *ret = account;
    return YAO_OK;
}

void yao_provider_forget(const yao_wallet *wallet)
{
    yao_vault_remove(&wallet->vault, "provider");
}

/* ---- what went wrong ---------------------------------------------------- */

static yao_status explain(yao_status status)
{
    switch (status) {
    case YAO_E_USAGE:
        yao_explain(status,
                    WORDS("this is no address of a wallet provider, or one "
                          "without encryption",
                          "不是钱包提供方的地址，或未加密"),
                    WORDS("give https://HOST; http is for a demo on this "
                          "machine, with --local",
                          "请给出 https://主机；http 仅用于本机演示，需加 "
                          "--local"));
        break;
    case YAO_E_NET:
        yao_explain(status,
                    WORDS("the wallet's provider could not be reached, or its "
                          "certificate is not believed",
                          "无法连接钱包提供方，或其证书不受信任"),
                    WORDS("try again later; `yaopai wallet provider` says "
                          "which it is, and what the wallet has can be shown "
                          "without it",
                          "请稍后再试；`yaopai wallet provider` 可查看是哪一"
                          "家；已有的证件不经它也能出示"));
        break;
    case YAO_E_REFUSED:
        yao_explain(status,
                    WORDS("the wallet's provider does not vouch for this "
                          "wallet (any more)",
                          "钱包提供方不（再）为本钱包作证"),
                    WORDS("join it anew with `yaopai wallet provider URL`, or "
                          "another; what the wallet has can be shown all the "
                          "same",
                          "请用 `yaopai wallet provider URL` 重新加入或另选一"
                          "家；已有的证件仍可出示"));
        break;
    case YAO_E_LOCKED:
        yao_explain(status,
                    WORDS("the wallet's provider takes no more today, or is "
                          "asked by too many",
                          "钱包提供方今日名额已满，或请求过多"),
                    WORDS("try again in an hour; nothing was changed",
                          "请一小时后再试；未做任何更改"));
        break;
    case YAO_E_MALFORMED:
        yao_explain(status,
                    WORDS("what answers there is no wallet provider",
                          "应答的不是钱包提供方"),
                    WORDS("check its address", "请核对其地址"));
        break;
    default:
        break;
    }
    return status;
}

/* ---- asking ------------------------------------------------------------- */

/* One request to PATH. */
typedef struct asking {
    const char *method, *path;
    yao_bytes   body;  /* JSON; may be empty */
    yao_text    proof; /* empty: none is needed */
} asking;

static yao_status put_url(const yao_provider *p, const char *path,
                          yao_arena *arena, yao_text *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  url;

    yao_put_bytes(&w, yao_text_bytes(p->account->url));
    yao_put_text(&w, path);
    YAO_TRY(yao_writer_keep(&w, arena, &url));
    *ret = (yao_text){url.ptr, url.len};
    return YAO_OK;
}

static yao_status send(yao_provider *p, const asking *a, yao_arena *arena,
                       net_answer *ret)
{
    net_header headers[2];
    net_call   call = {.method = a->method, .headers = headers, .most = MOST};

    YAO_TRY(put_url(p, a->path, arena, &call.url));
    if (a->proof.len != 0)
        headers[call.header_count++] =
            (net_header){YAO_TEXT("DPoP"), a->proof};
    if (a->body.len != 0)
        headers[call.header_count++] = (net_header){
            YAO_TEXT("Content-Type"), YAO_TEXT("application/json")};
    call.body = a->body;
    return net_client_fetch(p->client, &call, arena, ret);
}

/* The string NAME of an answer, which is one of the provider's own. */
static yao_status member(const net_answer *answer, const char *name,
                         yao_arena *arena, yao_text *ret)
{
    const yao_json *root;

    if (yao_json_parse(arena, answer->body, &root) != YAO_OK ||
        yao_json_string(yao_json_get(root, name), arena, ret) != YAO_OK ||
        ret->len == 0)
        return YAO_E_MALFORMED;
    return YAO_OK;
}

static yao_status judge(const net_answer *answer)
{
    if (answer->status >= 200 && answer->status < 300)
        return YAO_OK;
    if (answer->status == 403)
        return YAO_E_REFUSED;
    if (answer->status == 429)
        return YAO_E_LOCKED;
    return answer->status >= 500 ? YAO_E_NET : YAO_E_MALFORMED;
}

static yao_status get_nonce(yao_provider *p, yao_arena *arena, yao_text *ret)
{
    const asking a = {.method = "POST", .path = "/nonce"};
    net_answer   answer;

    YAO_TRY(send(p, &a, arena, &answer));
    YAO_TRY(judge(&answer));
    return member(&answer, "nonce", arena, ret);
}

/* That we hold the key by which the provider knows us. */
static yao_status prove(yao_provider *p, asking *a, yao_arena *arena)
{
    yao_dpop_request q = {.alg    = yao_key_alg(p->key),
                          .key    = yao_key_public(p->key),
                          .method = yao_text_of(a->method),
                          .iat    = yao_wallet_now()};
    uint8_t            signature[YAO_MAX_SIGNATURE];
    size_t             len = 0;
    yao_oauth_unsigned token;
    yao_bytes          letters;

    YAO_TRY(put_url(p, a->path, arena, &q.uri));
    YAO_TRY(app_random_letters(arena, JTI, &q.jti));
    YAO_TRY(get_nonce(p, arena, &q.nonce));
    YAO_TRY(yao_dpop_make(arena, &q, p->crypto, &token));
    YAO_TRY(yao_key_sign(p->key, &token.wish, signature, &len));
    YAO_TRY(yao_oauth_sign(arena, &token, (yao_bytes){signature, len},
                           &letters));
    a->proof = (yao_text){letters.ptr, letters.len};
    return YAO_OK;
}

static yao_status ask(yao_provider *p, asking *a, yao_arena *arena,
                      net_answer *ret)
{
    YAO_TRY(prove(p, a, arena));
    YAO_TRY(send(p, a, arena, ret));
    return judge(ret);
}

static yao_status ask_attestation(yao_provider *p, asking *a,
                                  yao_arena *arena, yao_bytes *ret)
{
    net_answer answer;
    yao_text   jwt;

    YAO_TRY(ask(p, a, arena, &answer));
    YAO_TRY(member(&answer, "attestation", arena, &jwt));
    *ret = yao_text_bytes(jwt);
    return YAO_OK;
}

/* ---- attestations ------------------------------------------------------- */

yao_status yao_provider_attest(yao_provider *p, const yao_public_key *key,
                               yao_arena *arena, yao_bytes *ret)
{
    asking     a = {.method = "POST", .path = "/attestations/client"};
    yao_writer w = yao_writer_in(arena);

    yao_put_text(&w, "{\"jwk\":");
    yao_jwk_put(&w, key);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, arena, &a.body));
    return explain(ask_attestation(p, &a, arena, ret));
}

/* What KEY signs for the provider: that it is there. */
static yao_status prove_key(yao_provider *p, yao_key *key, yao_text nonce,
                            yao_arena *arena, yao_text *ret)
{
    const yao_vci_proof_wish wish = {.key       = yao_key_public(key),
                                     .audience  = p->account->url,
                                     .client_id = p->account->client_id,
                                     .nonce     = nonce,
                                     .now       = yao_wallet_now()};
    uint8_t       signature[YAO_MAX_SIGNATURE];
    size_t        len = 0;
    yao_vci_token token;
    yao_bytes     letters;

    YAO_TRY(yao_vci_make_proof(arena, &wish, &token));
    YAO_TRY(yao_key_sign(key, &token.wish, signature, &len));
    yao_writer w = yao_writer_in(arena);
    yao_vci_put_token(&w, &token, (yao_bytes){signature, len});
    YAO_TRY(yao_writer_keep(&w, arena, &letters));
    *ret = (yao_text){letters.ptr, letters.len};
    return YAO_OK;
}

static yao_status put_proofs(yao_provider *p, yao_key *const *keys,
                             size_t count, yao_text nonce, yao_arena *arena,
                             yao_bytes *ret)
{
    yao_text   proofs[YAO_VCI_MAX_BATCH], own;
    yao_writer w;
    bool       first = true;

    if (count == 0 || count > YAO_VCI_MAX_BATCH)
        return YAO_E_LIMIT;
    YAO_TRY(get_nonce(p, arena, &own));
    for (size_t i = 0; i < count; i++)
        YAO_TRY(prove_key(p, keys[i], own, arena, &proofs[i]));
    w = yao_writer_in(arena);
    yao_put_text(&w, "{\"credential_configuration_id\":\"keys\",\"proofs\":"
                     "{\"jwt\":[");
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(&w, &first);
        yao_json_put_string(&w, proofs[i]);
    }
    yao_put_text(&w, "]}");
    if (nonce.len != 0) {
        yao_put_text(&w, ",\"nonce\":");
        yao_json_put_string(&w, nonce);
    }
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

yao_status yao_provider_attest_keys(yao_provider *p, yao_key *const *keys,
                                    size_t count, yao_text nonce,
                                    yao_arena *arena, yao_bytes *ret)
{
    asking     a      = {.method = "POST", .path = "/attestations/keys"};
    yao_status status = put_proofs(p, keys, count, nonce, arena, &a.body);

    if (status == YAO_OK)
        status = ask_attestation(p, &a, arena, ret);
    return explain(status);
}

yao_status yao_provider_leave(yao_provider *p, yao_arena *arena)
{
    asking     a = {.method = "DELETE", .path = "/instances"};
    net_answer answer;

    return explain(ask(p, &a, arena, &answer));
}

/* ---- beginning and end -------------------------------------------------- */

/* Scheme, host and port of URL. */
static yao_status allow(net_client *client, yao_text url)
{
    char   origin[MAX_URL + 1];
    size_t slashes = 0, len = 0;

    for (; len < url.len && len < sizeof origin - 1; len++) {
        slashes += url.ptr[len] == '/';
        if (slashes == 3)
            break;
        origin[len] = (char)url.ptr[len];
    }
    origin[len] = '\0';
    return net_client_allow(client, origin);
}

static yao_status prepare(yao_provider *p, const char *ca_file)
{
    const net_client_options options = {.ca_file    = ca_file,
                                        .loopback   = p->account->local,
                                        .timeout_ms = TIMEOUT_MS};

    p->openssl = yao_openssl_open();
    if (p->openssl == NULL)
        return YAO_E_CRYPTO;
    p->crypto = yao_openssl_crypto(p->openssl);
    YAO_TRY(net_client_open(&options, &p->client));
    YAO_TRY(allow(p->client, p->account->url));
    return yao_key_read(p->account->key, &p->key);
}

yao_status yao_provider_open(const yao_provider_account *account,
                             const char *ca_file, yao_provider **ret)
{
    yao_provider *p = calloc(1, sizeof *p);

    if (p == NULL)
        return YAO_E_SPACE;
    p->account        = account;
    yao_status status = prepare(p, ca_file);
    if (status == YAO_OK)
        *ret = p;
    else
        yao_provider_close(p);
    return explain(status);
}

void yao_provider_close(yao_provider *p)
{
    if (p == NULL)
        return;
    yao_key_close(p->key);
    net_client_close(p->client);
    yao_openssl_close(p->openssl);
    free(p);
}

/* ---- joining ------------------------------------------------------------ */

/* The address without a slash at its end, as proofs name it. */
static yao_status take_url(const char *url, yao_arena *arena, yao_text *ret)
{
    yao_bytes text = yao_text_bytes(yao_text_of(url));

    while (text.len > 0 && text.ptr[text.len - 1] == '/')
        text.len--;
    if (text.len == 0 || text.len > MAX_URL ||
        (!yao_bytes_starts(text, YAO_LIT("https://")) &&
         !yao_bytes_starts(text, YAO_LIT("http://"))))
        return YAO_E_USAGE;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~' || text.ptr[i] == '?' ||
            text.ptr[i] == '#')
            return YAO_E_USAGE;
    YAO_TRY(yao_arena_keep(arena, text, &text));
    *ret = (yao_text){text.ptr, text.len};
    return YAO_OK;
}

static yao_status make_key(yao_arena *arena, yao_bytes *ret)
{
    yao_key   *key;
    yao_writer w = yao_writer_in(arena);

    YAO_TRY(yao_key_generate(YAO_ES256, &key));
    yao_status status = yao_key_write(key, &w);
    yao_key_close(key);
    YAO_TRY(status);
    return yao_writer_keep(&w, arena, ret);
}

/* Introduce ourselves; the provider says as whom issuers will know us. */
static yao_status introduce(yao_provider *p, yao_arena *arena, yao_text *ret)
{
    asking     a = {.method = "POST", .path = "/instances"};
    net_answer answer;

    YAO_TRY(ask(p, &a, arena, &answer));
    YAO_TRY(member(&answer, "client_id", arena, ret));
    return ret->len <= MAX_ID ? YAO_OK : YAO_E_MALFORMED;
}

yao_status yao_provider_register(const yao_provider_place *place,
                                 yao_arena                *arena,
                                 yao_provider_account     *ret)
{
    yao_provider_account account = {.local = place->local};
    yao_provider        *p;
    yao_status           status = take_url(place->url, arena, &account.url);

    if (status != YAO_OK)
        return explain(status);
    YAO_TRY(make_key(arena, &account.key));
    YAO_TRY(yao_provider_open(&account, place->ca_file, &p));
    status = introduce(p, arena, &account.client_id);
    yao_provider_close(p);
    if (status == YAO_OK)
        *ret = account;
    return explain(status);
}
