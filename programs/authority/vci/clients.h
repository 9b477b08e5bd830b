/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_CLIENTS_H
#define YAO_AUTHORITY_VCI_CLIENTS_H

/**
 * Which wallets may come, and who may vouch for them: clients.json.
 *
 *     { "clients": [ { "client_id": "suite-wallet-1",
 *                      "name": "a wallet",                    (shown)
 *                      "redirect_uris": ["https://..."],
 *                      "any_redirect_uri": false,
 *                      "jwks": {"keys": [...]} } ],   (private_key_jwt)
 *       "attesters": [ { "iss": "https://attester.example",
 *                        "roots": ["provider-root.pem"],      (files beside)
 *                        "jwks": {"keys": [...]},             (without x5c)
 *                        "any_client": true,
 *                        "wallets": true,   (vouches for wallets)
 *                        "keys": true } ] } (vouches for device keys)
 *
 * A client with a jwks authenticates by private_key_jwt, all others by an
 * attestation. One that an attester with any_client vouches for need not be
 * registered, and may bring any redirect_uri: the attested instance pushes it.
 */

#include "authority/authority.h"
#include "oauth/attestation.h"

#define VCI_MAX_CLIENTS   64
#define VCI_MAX_ATTESTERS 16
#define VCI_MAX_REDIRECTS 16
#define VCI_MAX_KEYS      4

typedef struct vci_client {
    yao_text        id;
    yao_text        name; /* empty: none */
    const yao_text *redirect_uris;
    size_t          redirect_count;
    bool            any_redirect;
    yao_text        kids[VCI_MAX_KEYS];
    yao_public_key  keys[VCI_MAX_KEYS];
    size_t          key_count; /* 0: must be attested */
} vci_client;

typedef struct vci_clients {
    vci_client   clients[VCI_MAX_CLIENTS];
    size_t       client_count;
    yao_attester attesters[VCI_MAX_ATTESTERS];
    yao_text     root_files[VCI_MAX_ATTESTERS][VCI_MAX_KEYS]; /* to be read */
    size_t       root_file_count[VCI_MAX_ATTESTERS];
    bool         any_client[VCI_MAX_ATTESTERS];
    bool         for_wallets[VCI_MAX_ATTESTERS];
    bool         for_keys[VCI_MAX_ATTESTERS];
    size_t       attester_count;
    yao_arena    memory; /* what all of it lives in, when it was loaded */
    const yao_anchor *key_anchors; /* of attesters with "keys" */
    size_t            key_anchor_count;
} vci_clients;

/**
 * Read the JSON; files of roots are only named.
 *
 * Errors  YAO_E_MALFORMED  another shape, an unknown member, a client twice,
 *                          an attester with neither roots nor keys
 *         YAO_E_LIMIT      more than there is room for
 *         YAO_E_KEY        a key that is none;  those of yao_json_parse()
 */
YAO_MUST_USE yao_status vci_clients_parse(yao_arena *arena, yao_bytes text,
                                          vci_clients *ret);

/** The registry of A, loaded at the first call (setting oauth.clients).
 *  Without a file it is empty: nobody may come. Errors: YAO_E_FILE, those of
 *  vci_clients_parse() and yao_anchors_add_file(). */
YAO_MUST_USE yao_status vci_clients_of(authority *a, const vci_clients **ret);

/** Forget it. NULL is fine. */
void vci_clients_free(vci_clients *clients);

/** The client ID, or NULL. */
const vci_client *vci_client_find(const vci_clients *clients, yao_text id);

/** May an answer be sent there? CLIENT may be NULL (attested by somebody who
 *  may bring any). Errors: YAO_E_REFUSED. */
YAO_MUST_USE yao_status vci_client_check_redirect(const vci_client *client,
                                                  bool     any_redirect,
                                                  yao_text uri);

#endif
