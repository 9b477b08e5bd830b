/* SPDX-License-Identifier: Apache-2.0 */

/* Who vouches for this wallet: its provider; or a provider's own key in hand,
 * as tests have it. Each attestation is made anew, for one server (N204). */

#include "wallet/receiving.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "app/pem.h"
#include "oauth/attestation.h"

enum { LIFE = 3600, KEYS_LIFE = 600 };

static yao_status open_key(yao_receiving *s, const char *name)
{
    char uri[1100];

    if (strncmp(name, "file:", 5) == 0 || yao_key_in_token(name))
        return yao_key_open(name, &s->attester);
    if (snprintf(uri, sizeof uri, "file:%s", name) >= (int)sizeof uri)
        return YAO_E_LIMIT;
    return yao_key_open(uri, &s->attester);
}

static yao_status read_chain(yao_receiving *s, const char *path)
{
    yao_anchors *read = yao_arena_take(&s->arena, sizeof *read);

    if (read == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_anchors_add_file(read, &s->arena, path, YAO_ROLE_ATTEST));
    if (read->count > YAO_MAX_CHAIN)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < read->count; i++) {
        if (read->list[i].certificate.len == 0)
            return YAO_E_KEY;
        s->attester_chain[s->attester_count++] = read->list[i].certificate;
    }
    return YAO_OK;
}

static int tell(const yao_receiving *s, yao_status status, const char *path)
{
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, s->what, path, (yao_words){NULL, NULL},
                    WORDS("give the provider's private key and its "
                          "certificates, without the root",
                          "请给出提供方的私钥及其证书链（不含根证书）"));
}

int yao_receiving_take_attester(yao_receiving *s)
{
    const char *key   = yao_argument(s->call, "attester");
    const char *chain = yao_argument(s->call, "attester-certificate");
    int         code  = 0;

    s->attester_issuer = yao_text_of(yao_argument(s->call, "attester-issuer"));
    if (key == NULL && chain == NULL)
        return 0;
    if (key == NULL || chain == NULL)
        return tell(s, YAO_E_USAGE, "--attester, --attester-certificate");
    code = tell(s, open_key(s, key), key);
    if (code == 0)
        code = tell(s, read_chain(s, chain), chain);
    s->options.attester = code == 0;
    return code;
}

int yao_receiving_take_provider(yao_receiving *s)
{
    yao_status status;

    if (s->attester != NULL)
        return 0;
    status = yao_provider_read(s->wallet, &s->account);
    if (status == YAO_E_NOT_FOUND)
        return 0; /* nobody does; some issuers don't mind */
    if (status == YAO_OK)
        status = yao_provider_open(&s->account,
                                   yao_argument(s->call, "ca-file"),
                                   &s->provider);
    if (status != YAO_OK)
        return yao_fail(status, s->what, s->call->directory,
                        (yao_words){NULL, NULL},
                        WORDS("look at --ca-file and the wallet's folder",
                              "请检查 --ca-file 与钱包目录"));
    if (yao_given(s->call, "client-id"))
        return yao_fail(YAO_E_USAGE, s->what, "--client-id",
                        WORDS("its provider says as whom this wallet is known",
                              "本钱包的标识由其提供方决定"),
                        WORDS("leave it out", "请去掉该选项"));
    s->options.client_id = s->account.client_id;
    s->options.attester  = true;
    return 0;
}

/* ---- asking the provider ------------------------------------------------ */

static yao_status ask_keys(yao_receiving *s, const yao_receive_wish *w,
                           yao_bytes *ret)
{
    return yao_provider_attest_keys(s->provider, s->copies[w->item],
                                    w->key_count, w->text, &s->arena, ret);
}

static yao_status ask_provider(yao_receiving *s, const yao_receive_wish *w,
                               yao_bytes *ret)
{
    return w->kind == YAO_RECEIVE_ATTEST
               ? yao_provider_attest(s->provider, &s->options.session_key,
                                     &s->arena, ret)
               : ask_keys(s, w, ret);
}

/* ---- attesting ourselves ------------------------------------------------ */

static yao_status sign(yao_receiving *s, const yao_sign_wish *wish,
                       uint8_t out[YAO_MAX_SIGNATURE], yao_bytes *ret)
{
    size_t len = 0;

    YAO_TRY(yao_key_sign(s->attester, wish, out, &len));
    *ret = (yao_bytes){out, len};
    return YAO_OK;
}

static yao_status attest_wallet(yao_receiving *s, yao_time now, yao_bytes *ret)
{
    yao_attestation_request request = {
        .alg         = yao_key_alg(s->attester),
        .issuer      = s->attester_issuer,
        .client_id   = s->options.client_id,
        .issued_at   = now,
        .expires     = now + LIFE,
        .key         = s->options.session_key,
        .chain       = s->attester_chain,
        .chain_count = s->attester_count,
        .wallet_name = YAO_TEXT("Yaopai")};
    uint8_t            out[YAO_MAX_SIGNATURE];
    yao_oauth_unsigned token;
    yao_bytes          signature;

    YAO_TRY(yao_attestation_make(&s->arena, &request, &token));
    YAO_TRY(sign(s, &token.wish, out, &signature));
    return yao_oauth_sign(&s->arena, &token, signature, ret);
}

static yao_status attest_keys(yao_receiving *s, const yao_receive_wish *w,
                              yao_time now, yao_bytes *ret)
{
    yao_vci_attestation_wish wish = {.keys        = w->keys,
                                     .key_count   = w->key_count,
                                     .nonce       = w->text,
                                     .now         = now,
                                     .expires     = now + KEYS_LIFE,
                                     .alg         = yao_key_alg(s->attester),
                                     .chain       = s->attester_chain,
                                     .chain_count = s->attester_count};
    uint8_t       out[YAO_MAX_SIGNATURE];
    yao_vci_token token;
    yao_bytes     signature;

    YAO_TRY(yao_vci_make_attestation(&s->arena, &wish, &token));
    YAO_TRY(sign(s, &token.wish, out, &signature));
    yao_writer text = yao_writer_in(&s->arena);
    yao_vci_put_token(&text, &token, signature);
    return yao_writer_keep(&text, &s->arena, ret);
}

void yao_receiving_attest(yao_receiving *s, const yao_receive_wish *w,
                          yao_receive_event *e)
{
    yao_time now = yao_wallet_now();

    if (s->provider != NULL)
        e->status = ask_provider(s, w, &e->bytes);
    else if (s->attester == NULL)
        e->status = YAO_E_UNSUPPORTED; /* keys, where nobody vouches for them */
    else if (w->kind == YAO_RECEIVE_ATTEST)
        e->status = attest_wallet(s, now, &e->bytes);
    else
        e->status = attest_keys(s, w, now, &e->bytes);
}
