/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/vci/keeping.h"

#include <string.h>

static void put_hash(yao_writer *w, bool *first, const char *name,
                     const uint8_t hash[STORE_HASH_LEN])
{
    yao_json_put_member_base64url(w, first, name,
                                  (yao_bytes){hash, STORE_HASH_LEN});
}

static yao_status get_text(const yao_json *root, const char *name,
                           yao_arena *arena, yao_text *ret)
{
    const yao_json *value = yao_json_get(root, name);

    *ret = (yao_text){NULL, 0};
    return value == NULL ? YAO_OK : yao_json_string(value, arena, ret);
}

/* ---- requests ---- */

void vci_kept_request_write(yao_writer *w, const vci_kept_request *r)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_optional(w, &first, "client", r->client_id);
    yao_json_put_optional(w, &first, "redirect_uri", r->redirect_uri);
    yao_json_put_optional(w, &first, "state", r->state);
    yao_json_put_optional(w, &first, "challenge", r->challenge);
    yao_json_put_optional(w, &first, "scope", r->scope);
    if (r->bound)
        put_hash(w, &first, "jkt", r->jkt);
    yao_json_put_member_bool(w, &first, "person", r->person_known);
    yao_json_put_name(w, &first, "grant");
    vci_grant_write(w, &r->grant);
    yao_put_byte(w, '}');
}

yao_status vci_kept_request_read(yao_bytes json, yao_arena *arena,
                                 vci_kept_request *ret)
{
    vci_kept_request r = {.bound = false};
    const yao_json  *root;

    YAO_TRY(yao_json_parse(arena, json, &root));
    YAO_TRY(get_text(root, "client", arena, &r.client_id));
    YAO_TRY(get_text(root, "redirect_uri", arena, &r.redirect_uri));
    YAO_TRY(get_text(root, "state", arena, &r.state));
    YAO_TRY(get_text(root, "challenge", arena, &r.challenge));
    YAO_TRY(get_text(root, "scope", arena, &r.scope));
    if (yao_json_get(root, "jkt") != NULL) {
        r.bound = true;
        YAO_TRY(vci_get_base64(root, "jkt", arena, sizeof r.jkt, r.jkt));
    }
    YAO_TRY(yao_json_bool(yao_json_get(root, "person"), &r.person_known));
    YAO_TRY(vci_grant_read(yao_json_get(root, "grant"), arena, &r.grant));

    *ret = r;
    return YAO_OK;
}

/* ---- tokens ---- */

void vci_kept_token_write(yao_writer *w, const vci_kept_token *t)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_name(w, &first, "grant");
    vci_grant_write(w, &t->grant);
    put_hash(w, &first, "jkt", t->jkt);
    yao_json_put_member_int(w, &first, "expires", t->expires);
    yao_json_put_member_int(w, &first, "ends", t->ends);
    yao_json_put_optional(w, &first, "scope", t->scope);
    yao_put_byte(w, '}');
}

yao_status vci_kept_token_read(yao_bytes json, yao_arena *arena,
                               vci_kept_token *ret)
{
    vci_kept_token  t = {.expires = 0};
    const yao_json *root;

    YAO_TRY(yao_json_parse(arena, json, &root));
    YAO_TRY(vci_grant_read(yao_json_get(root, "grant"), arena, &t.grant));
    YAO_TRY(vci_get_base64(root, "jkt", arena, sizeof t.jkt, t.jkt));
    YAO_TRY(yao_json_int(yao_json_get(root, "expires"), &t.expires));
    YAO_TRY(yao_json_int(yao_json_get(root, "ends"), &t.ends));
    YAO_TRY(get_text(root, "scope", arena, &t.scope));

    *ret = t;
    return YAO_OK;
}
