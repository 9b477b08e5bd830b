/* SPDX-License-Identifier: Apache-2.0 */
/* GET /.well-known/oauth-authorization-server: RFC 8414. */

#include "authority/vci/parts.h"

#include "oauth/metadata.h"
#include "vci/configuration.h"

enum { MAX_SCOPES = 512, MAX_AGE = 300 };

/* The scope of each configuration is its id. */
static yao_status gather_scopes(app_call *call, yao_as_metadata *m)
{
    yao_text *scopes =
        yao_arena_take_array(call->arena, MAX_SCOPES, sizeof *scopes);
    yao_vci_walk          walk = {.cards = true};
    yao_vci_configuration c;

    if (scopes == NULL)
        return YAO_E_SPACE;
    while (m->scope_count < MAX_SCOPES &&
           yao_vci_next_configuration(server_catalogue(call), &walk, &c)) {
        yao_writer w = yao_writer_in(call->arena);
        yao_bytes  id;
        yao_vci_put_configuration_id(&w, &c);
        YAO_TRY(yao_writer_keep(&w, call->arena, &id));
        scopes[m->scope_count++] = (yao_text){id.ptr, id.len};
    }
    m->scopes = scopes;
    return YAO_OK;
}

static yao_status describe(app_call *call, yao_as_metadata *m)
{
    const authority   *a       = server_authority(call);
    const vci_clients *clients = NULL;

    YAO_TRY(vci_clients_of(server_authority(call), &clients));
    m->issuer = server_url(call);
    YAO_TRY(vci_address(call, "/authorize", &m->authorization_endpoint));
    YAO_TRY(vci_address(call, "/token", &m->token_endpoint));
    YAO_TRY(vci_address(call, "/par", &m->pushed_endpoint));
    YAO_TRY(vci_address(call, "/challenge", &m->challenge_endpoint));
    m->grants = YAO_GRANTS_CODE | YAO_GRANTS_PRE_CODE;
    if (config_number(&a->config, SETTING_REFRESH_DAYS) != 0)
        m->grants |= YAO_GRANTS_REFRESH;
    m->client_auth =
        YAO_CLIENT_AUTH_ATTESTATION | YAO_CLIENT_AUTH_ATTESTATION_DPOP;
    for (size_t i = 0; i < clients->client_count; i++)
        if (clients->clients[i].key_count != 0)
            m->client_auth |= YAO_CLIENT_AUTH_KEY;
    return gather_scopes(call, m);
}

yao_status vci_give_metadata(app_call *call, app_reply *ret)
{
    yao_as_metadata m = {.require_pushed        = true,
                         .iss_parameter         = true,
                         .pkce_s256             = true,
                         .dpop_es256            = true,
                         .attestation_es256     = true,
                         .attestation_pop_es256 = true};

    YAO_TRY(describe(call, &m));
    yao_writer w = yao_writer_in(call->arena);
    yao_as_metadata_put(&w, &m);
    YAO_TRY(app_reply_json(ret, call, 200, &w));
    return app_reply_cache(ret, call, MAX_AGE);
}
