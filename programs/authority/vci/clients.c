/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/vci/clients.h"

#include "app/files.h"
#include "app/pem.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FILE = 256 * 1024, MEMORY = 2 * 1024 * 1024 };

/* ---- reading the JSON ---- */

/* Is every member one of NAMES (which ends with NULL)? A misspelt one must
 * not silently close, or open, a door. */
static yao_status check_members(const yao_json    *object,
                                const char *const *names)
{
    if (object == NULL || object->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    for (const yao_json *m = object->first; m != NULL; m = m->next) {
        size_t i = 0;
        while (names[i] != NULL && !yao_json_named(m, yao_text_of(names[i])))
            i++;
        if (names[i] == NULL)
            return YAO_E_MALFORMED;
    }
    return YAO_OK;
}

static yao_status read_text(yao_arena *arena, const yao_json *value,
                            bool required, yao_text *ret)
{
    *ret = (yao_text){NULL, 0};
    if (value == NULL)
        return required ? YAO_E_MALFORMED : YAO_OK;
    YAO_TRY(yao_json_string(value, arena, ret));
    return ret->len == 0 || ret->len > YAO_OAUTH_MAX_URI ? YAO_E_MALFORMED
                                                         : YAO_OK;
}

static yao_status read_yes(const yao_json *value, bool usually, bool *ret)
{
    *ret = usually;
    return value == NULL ? YAO_OK : yao_json_bool(value, ret);
}

static yao_status read_texts(yao_arena *arena, const yao_json *list,
                             yao_text *out, size_t room, size_t *count)
{
    *count = 0;
    if (list == NULL)
        return YAO_OK;
    if (list->kind != YAO_JSON_ARRAY)
        return YAO_E_MALFORMED;
    if (list->count > room)
        return YAO_E_LIMIT;
    for (const yao_json *i = list->first; i != NULL; i = i->next)
        YAO_TRY(read_text(arena, i, true, &out[(*count)++]));
    return YAO_OK;
}

static yao_status read_keys(yao_arena *arena, const yao_json *jwks,
                            yao_public_key *keys, yao_text *kids, size_t *count)
{
    const yao_json *list = yao_json_get(jwks, "keys");

    *count = 0;
    if (jwks == NULL)
        return YAO_OK;
    if (list == NULL || list->kind != YAO_JSON_ARRAY || list->count == 0)
        return YAO_E_MALFORMED;
    if (list->count > VCI_MAX_KEYS)
        return YAO_E_LIMIT;
    for (const yao_json *i = list->first; i != NULL; i = i->next) {
        YAO_TRY(yao_jwk_read(i, arena, &keys[*count]));
        YAO_TRY(read_text(arena, yao_json_get(i, "kid"), false, &kids[*count]));
        (*count)++;
    }
    return YAO_OK;
}

static yao_status read_client(yao_arena *arena, const yao_json *object,
                              vci_client *ret)
{
    static const char *const members[] = {
        "client_id", "name", "redirect_uris", "any_redirect_uri", "jwks", NULL};
    yao_text *uris =
        yao_arena_take_array(arena, VCI_MAX_REDIRECTS, sizeof *uris);

    if (uris == NULL)
        return YAO_E_SPACE;
    YAO_TRY(check_members(object, members));
    YAO_TRY(read_text(arena, yao_json_get(object, "client_id"), true,
                      &ret->id));
    YAO_TRY(read_text(arena, yao_json_get(object, "name"), false, &ret->name));
    YAO_TRY(read_texts(arena, yao_json_get(object, "redirect_uris"), uris,
                       VCI_MAX_REDIRECTS, &ret->redirect_count));
    YAO_TRY(read_yes(yao_json_get(object, "any_redirect_uri"), false,
                     &ret->any_redirect));
    ret->redirect_uris = uris;
    return read_keys(arena, yao_json_get(object, "jwks"), ret->keys, ret->kids,
                     &ret->key_count);
}

static yao_status read_attester(yao_arena *arena, const yao_json *object,
                                vci_clients *ret)
{
    static const char *const members[] = {
        "iss", "roots", "jwks", "any_client", "wallets", "keys", NULL};
    size_t          n        = ret->attester_count;
    yao_attester   *attester = &ret->attesters[n];
    yao_public_key *keys =
        yao_arena_take_array(arena, VCI_MAX_KEYS, sizeof *keys);
    yao_text kids[VCI_MAX_KEYS];

    if (keys == NULL)
        return YAO_E_SPACE;
    YAO_TRY(check_members(object, members));
    YAO_TRY(read_text(arena, yao_json_get(object, "iss"), false,
                      &attester->issuer));
    YAO_TRY(read_texts(arena, yao_json_get(object, "roots"),
                       ret->root_files[n], VCI_MAX_KEYS,
                       &ret->root_file_count[n]));
    YAO_TRY(read_keys(arena, yao_json_get(object, "jwks"), keys, kids,
                      &attester->key_count));
    YAO_TRY(read_yes(yao_json_get(object, "any_client"), true,
                     &ret->any_client[n]));
    YAO_TRY(read_yes(yao_json_get(object, "wallets"), true,
                     &ret->for_wallets[n]));
    YAO_TRY(read_yes(yao_json_get(object, "keys"), true, &ret->for_keys[n]));
    attester->keys = keys;
    if (ret->root_file_count[n] == 0 && attester->key_count == 0)
        return YAO_E_MALFORMED;

    ret->attester_count++;
    return YAO_OK;
}

static yao_status read_clients(yao_arena *arena, const yao_json *list,
                               vci_clients *ret)
{
    if (list == NULL)
        return YAO_OK;
    if (list->kind != YAO_JSON_ARRAY)
        return YAO_E_MALFORMED;
    if (list->count > VCI_MAX_CLIENTS)
        return YAO_E_LIMIT;
    for (const yao_json *i = list->first; i != NULL; i = i->next) {
        vci_client *client = &ret->clients[ret->client_count];
        YAO_TRY(read_client(arena, i, client));
        if (vci_client_find(ret, client->id) != NULL)
            return YAO_E_MALFORMED;
        ret->client_count++;
    }
    return YAO_OK;
}

yao_status vci_clients_parse(yao_arena *arena, yao_bytes text, vci_clients *ret)
{
    static const char *const members[] = {"clients", "attesters", NULL};
    const yao_json          *root;

    memset(ret, 0, sizeof *ret);
    YAO_TRY(yao_json_parse(arena, text, &root));
    YAO_TRY(check_members(root, members));
    YAO_TRY(read_clients(arena, yao_json_get(root, "clients"), ret));

    const yao_json *list = yao_json_get(root, "attesters");
    if (list == NULL)
        return YAO_OK;
    if (list->kind != YAO_JSON_ARRAY)
        return YAO_E_MALFORMED;
    if (list->count > VCI_MAX_ATTESTERS)
        return YAO_E_LIMIT;
    for (const yao_json *i = list->first; i != NULL; i = i->next)
        YAO_TRY(read_attester(arena, i, ret));
    return YAO_OK;
}

/* ---- loading ---- */

/* A file beside clients.json, unless its path is whole. */
static yao_status path_of(const char *clients, yao_text name, char *out,
                          size_t cap)
{
    const char *slash = strrchr(clients, '/');
    size_t      len   = slash == NULL ? 0 : (size_t)(slash - clients) + 1;

    if (name.ptr[0] == '/')
        len = 0;
    if (len + name.len >= cap)
        return YAO_E_LIMIT;
    memcpy(out, clients, len);
    memcpy(out + len, name.ptr, name.len);
    out[len + name.len] = '\0';
    return YAO_OK;
}

static yao_status load_roots(const char *path, vci_clients *c, size_t n)
{
    yao_anchors *anchors = yao_arena_take(&c->memory, sizeof *anchors);
    char         file[CONFIG_MAX_PATH * 2];

    if (anchors == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < c->root_file_count[n]; i++) {
        YAO_TRY(path_of(path, c->root_files[n][i], file, sizeof file));
        YAO_TRY(yao_anchors_add_file(anchors, &c->memory, file,
                                     YAO_ROLE_ATTEST));
    }
    c->attesters[n].anchors      = anchors->list;
    c->attesters[n].anchor_count = anchors->count;
    return YAO_OK;
}

static yao_status gather_key_anchors(vci_clients *c)
{
    size_t      count = 0, at = 0;
    yao_anchor *list;

    for (size_t n = 0; n < c->attester_count; n++)
        count += c->for_keys[n] ? c->attesters[n].anchor_count : 0;
    list = yao_arena_take_array(&c->memory, count + 1, sizeof *list);
    if (list == NULL)
        return YAO_E_SPACE;
    for (size_t n = 0; n < c->attester_count; n++)
        for (size_t i = 0; c->for_keys[n] && i < c->attesters[n].anchor_count;
             i++)
            list[at++] = c->attesters[n].anchors[i];
    c->key_anchors      = list;
    c->key_anchor_count = count;
    return YAO_OK;
}

static yao_status load(const char *path, vci_clients *c)
{
    yao_arena memory = c->memory;
    yao_bytes file, text = {NULL, 0};

    if (path[0] == '\0' || !yao_path_exists(path))
        return YAO_OK;
    YAO_TRY(yao_file_read(path, MAX_FILE, &file));
    yao_status status = yao_arena_keep(&memory, file, &text);
    yao_file_free(&file);
    if (status == YAO_OK)
        status = vci_clients_parse(&memory, text, c);
    c->memory = memory;
    for (size_t n = 0; status == YAO_OK && n < c->attester_count; n++)
        status = load_roots(path, c, n);
    return status == YAO_OK ? gather_key_anchors(c) : status;
}

yao_status vci_clients_of(authority *a, const vci_clients **ret)
{
    if (a->clients == NULL) {
        vci_clients *c = calloc(1, sizeof *c);
        if (c == NULL)
            return YAO_E_SPACE;
        yao_status status = yao_memory_open(MEMORY, &c->memory);
        if (status == YAO_OK)
            status = load(config_get(&a->config, SETTING_CLIENTS), c);
        if (status != YAO_OK) {
            vci_clients_free(c);
            return status;
        }
        a->clients = c;
    }
    *ret = a->clients;
    return YAO_OK;
}

void vci_clients_free(vci_clients *clients)
{
    if (clients == NULL)
        return;
    yao_memory_free(&clients->memory);
    free(clients);
}

/* ---- asking ---- */

const vci_client *vci_client_find(const vci_clients *clients, yao_text id)
{
    for (size_t i = 0; i < clients->client_count; i++)
        if (yao_text_equal(clients->clients[i].id, id))
            return &clients->clients[i];

    return NULL;
}

/* Does TEXT begin with WORD (small letters), in whichever letters? */
static bool begins(yao_text text, const char *word)
{
    size_t len = strlen(word), k = 0;

    while (k < len && k < text.len &&
           (text.ptr[k] | (text.ptr[k] >= 'A' && text.ptr[k] <= 'Z' ? 32 : 0))
               == word[k])
        k++;
    return k == len;
}

/* Host and port: from behind "://" to where a path, a query or nothing is. */
static yao_text authority_of(yao_text uri)
{
    size_t   at   = yao_bytes_find(yao_text_bytes(uri), ':');
    yao_text rest = {NULL, 0};

    if (uri.len - at < 3)
        return rest;
    rest = (yao_text){uri.ptr + at + 3, uri.len - at - 3};
    for (size_t i = 0; i < rest.len; i++)
        if (rest.ptr[i] == '/' || rest.ptr[i] == '?')
            rest.len = i;
    return rest;
}

/* Schemes in which a browser would run something, or look at its own files; and
 * addresses with a user's name in them, which say another place than they lead
 * to. */
static bool harmless(yao_text uri)
{
    static const char *const never[] = {"javascript:", "data:", "vbscript:",
                                        "file:",       "blob:", "about:"};
    yao_bytes                place = yao_text_bytes(authority_of(uri));

    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        if (begins(uri, never[i]))
            return false;
    return yao_bytes_find(place, '@') == place.len &&
           yao_bytes_find(place, '\\') == place.len;
}

static bool ends(yao_text text, const char *tail)
{
    size_t len = strlen(tail);

    return text.len >= len &&
           memcmp(text.ptr + text.len - len, tail, len) == 0;
}

/* What nobody registered may not carry a code in clear over a network. */
static bool is_private(yao_text uri)
{
    yao_text place = authority_of(uri);

    if (!begins(uri, "http:"))
        return true;
    place.len = place.len != 0 && place.ptr[0] == '['
                    ? yao_bytes_find(yao_text_bytes(place), ']')
                    : yao_bytes_find(yao_text_bytes(place), ':');
    return yao_text_equal(place, YAO_TEXT("127.0.0.1")) ||
           yao_text_equal(place, YAO_TEXT("[::1")) ||
           yao_text_equal(place, YAO_TEXT("localhost")) ||
           ends(place, ".localhost");
}

yao_status vci_client_check_redirect(const vci_client *client,
                                     bool any_redirect, yao_text uri)
{
    if (!harmless(uri))
        return YAO_E_REFUSED;
    for (size_t i = 0; client != NULL && i < client->redirect_count; i++)
        if (yao_text_equal(client->redirect_uris[i], uri))
            return YAO_OK;
    if (client != NULL && client->redirect_count != 0)
        any_redirect = false;
    if (client != NULL && client->any_redirect)
        any_redirect = true;

    return any_redirect && is_private(uri) ? YAO_OK : YAO_E_REFUSED;
}
