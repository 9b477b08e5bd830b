/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A registry of clients that is accepted knows each client once, gives nobody
 * the right to vouch without a root or a key, and lets an answer go to exactly
 * the addresses it names: one letter more, and it goes nowhere.
 */

#include "authority/vci/clients.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(max_align_t) uint8_t memory[4 * 1024 * 1024];
static vci_clients clients;

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "clients: %s\n", what);
        abort();
    }
}

static bool names(const vci_client *c, yao_text uri)
{
    for (size_t i = 0; i < c->redirect_count; i++)
        if (yao_text_equal(c->redirect_uris[i], uri))
            return true;
    return false;
}

static void check_client(const vci_client *c, yao_arena *arena)
{
    demand(vci_client_find(&clients, c->id) == c, "a client twice");
    demand(c->key_count <= VCI_MAX_KEYS, "too many keys");
    for (size_t i = 0; i < c->redirect_count; i++) {
        yao_text   uri = c->redirect_uris[i];
        yao_writer w   = yao_writer_in(arena);
        yao_bytes  longer;

        yao_put_bytes(&w, yao_text_bytes(uri));
        yao_put_byte(&w, '/');
        demand(yao_writer_keep(&w, arena, &longer) == YAO_OK, "room");
        yao_text other = {longer.ptr, longer.len};
        if (!c->any_redirect && !names(c, other))
            demand(vci_client_check_redirect(c, true, other) == YAO_E_REFUSED,
                   "one letter more");
    }
    demand(vci_client_check_redirect(c, true,
                                     YAO_TEXT("JavaScript://%0aalert(1)")) ==
               YAO_E_REFUSED,
           "a script");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena arena = {memory, sizeof memory, 0};

    if (len > 128 * 1024 ||
        vci_clients_parse(&arena, (yao_bytes){data, len}, &clients) != YAO_OK)
        return 0;
    for (size_t i = 0; i < clients.client_count; i++)
        check_client(&clients.clients[i], &arena);
    for (size_t i = 0; i < clients.attester_count; i++)
        demand(clients.root_file_count[i] != 0 ||
                   clients.attesters[i].key_count != 0,
               "vouches without a key");
    return 0;
}
