/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/init_keys.h"

#include <string.h>

#include "app/command.h"

#define USUAL_START "file:keys/"
#define USUAL_END ".pem"

yao_status init_keys_open(init_keys *k, const char *uri)
{
    k->uri = uri;
    if (uri == NULL)
        return YAO_OK;
    if (!yao_key_in_token(uri))
        return YAO_E_USAGE;
    return yao_key_token_open(uri, true, &k->token);
}

/* A handle of our own for each key, since the makers close theirs. */
static void remove_made(init_keys *k)
{
    for (size_t i = 0; i < k->made_count; i++)
        if (yao_key_remove(k->made[i]) != YAO_OK)
            return; /* the token is gone: so would be the next */
}

void init_keys_close(init_keys *k, bool keep)
{
    if (!keep)
        remove_made(k);
    for (size_t i = 0; i < k->made_count; i++)
        yao_key_close(k->made[i]);
    yao_key_token_close(k->token);
    k->made_count = 0;
    k->token      = NULL;
}

static yao_status note_made(init_keys *k, const yao_key *key)
{
    if (k->made_count == SETTING_COUNT)
        return YAO_E_LIMIT;
    YAO_TRY(yao_key_token_find(k->token, yao_key_id(key), YAO_KEY_SIGNS,
                               &k->made[k->made_count]));
    k->made_count++;
    return YAO_OK;
}

yao_status init_keys_make(init_keys *k, const char *name, yao_key **ret)
{
    yao_key *key = NULL;

    if (k->token == NULL)
        return yao_key_generate(YAO_ES256, ret);
    YAO_TRY(yao_key_token_make(k->token, YAO_ES256, YAO_KEY_SIGNS,
                               yao_text_of(name), &key));
    yao_status status = note_made(k, key);
    if (status == YAO_OK) {
        *ret = key;
        return YAO_OK;
    }
    if (yao_key_remove(key) != YAO_OK)
        status = YAO_E_CRYPTO; /* and its label is taken */
    yao_key_close(key);
    return status;
}

yao_status init_keys_save(const init_keys *k, const yao_key *key,
                          const char *path)
{
    return k->token == NULL ? yao_key_save(key, path) : YAO_OK;
}

/* "file:keys/NAME.pem" gives NAME. */
static bool name_of(const char *usual, yao_text *ret)
{
    size_t start = strlen(USUAL_START), end = strlen(USUAL_END);
    size_t len = usual != NULL ? strlen(usual) : 0;

    if (len <= start + end || strncmp(usual, USUAL_START, start) != 0 ||
        strcmp(usual + len - end, USUAL_END) != 0)
        return false;
    *ret = (yao_text){(const uint8_t *)usual + start, len - start - end};
    return true;
}

yao_status init_keys_settings(init_keys  *k,
                              const char *values[SETTING_COUNT])
{
    yao_text name;

    for (int i = 0; k->token != NULL && i < SETTING_COUNT; i++) {
        if (!name_of(config_usual((config_setting)i), &name))
            continue;
        yao_status status =
            yao_key_uri(k->uri, name, k->uris[i], sizeof k->uris[i]);
        if (status == YAO_E_LIMIT)
            yao_explain(status,
                        WORDS("the URI is too long for a line of authority.ini",
                              "URI 过长，authority.ini 的一行放不下"),
                        WORDS("leave out module-path and set "
                              "$YAOPAI_PKCS11_MODULE, or use a shorter path",
                              "请略去 module-path 并设置 "
                              "$YAOPAI_PKCS11_MODULE，或用较短路径"));
        YAO_TRY(status);
        values[i] = k->uris[i];
    }
    return YAO_OK;
}
