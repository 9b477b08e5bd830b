/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_KILL_FLOW_H
#define YAO_TEST_KILL_FLOW_H

/**
 * One wallet that fetches one document from a server which may die at any
 * moment: it asks again until it is answered, with fresh proofs for the same
 * request, and notes nothing that it does not have.
 *
 * Threads: a wallet belongs to one thread; what is in kill_world is read only.
 */

#include <stdatomic.h>

#include "app/pem.h"
#include "net/client.h"
#include "vci/receive.h"
#include "yaopai/openssl.h"

enum { KILL_ARENA = 16 << 20, KILL_CHAIN = 4 };

/** What all wallets share. */
typedef struct kill_world {
    const char      *folder; /* of the authority */
    const char      *url;    /* where it serves */
    const char      *program;
    const char      *store;  /* URL by which officers come in */
    char           **numbers; /* of the people */
    size_t           number_count;
    yao_anchors      anchors, signers;
    yao_bytes        signer_certificates[8];
    yao_openssl_key *attester;
    yao_bytes        chain[KILL_CHAIN];
    size_t           chain_count;
    atomic_bool      stop; /* begin nothing new */
    atomic_bool      home; /* nobody waits for an officer any more */
} kill_world;

/** How one flow misbehaves, as bits. */
enum {
    KILL_DEFERRED  = 1 << 0, /* an officer looks first */
    KILL_REVOKE    = 1 << 1, /* and then it is revoked */
    KILL_SAME_KEY  = 1 << 2, /* with a device key of an earlier document */
    KILL_TWO_CODES = 1 << 3, /* the code is redeemed twice at once */
    KILL_DOUBLE    = 1 << 4, /* the credential is asked for twice at once */
    KILL_AGAIN     = 1 << 5, /* asked for once more after the answer */
    KILL_REPLAY    = 1 << 6  /* both of these with the very same proof */
};

typedef struct kill_sums {
    unsigned flows, acked, copies, again, doubled, deferred, revoked, refused,
        abandoned, resent, violations;
} kill_sums;

typedef struct kill_wallet {
    kill_world        *world;
    uint64_t           seed;
    kill_sums          sums;
    yao_openssl       *openssl;
    const yao_crypto  *crypto;
    net_client        *client, *second; /* for the one who asks as well */
    yao_arena          arena, other;
    yao_openssl_key   *earlier; /* a key that was bound */

    /* of the flow at hand */
    unsigned           flags, flow;
    size_t             person;
    const char        *configuration;
    yao_receive       *machine;
    yao_receive_options options;
    yao_openssl_key   *session;
    yao_openssl_key   *keys[YAO_VCI_MAX_OFFERED][YAO_VCI_MAX_BATCH];
    yao_public_key     points[YAO_VCI_MAX_BATCH];
    uint8_t           *saved; /* the arena, before the last request was made */
    size_t             saved_len;
    yao_receive_event  saved_event;
    bool               credential_said; /* the answer is here */
} kill_wallet;

/** Open what one wallet needs. Errors: YAO_E_SPACE, those of the client. */
YAO_MUST_USE yao_status kill_wallet_open(kill_world *world, uint64_t seed,
                                         kill_wallet *ret);
void kill_wallet_close(kill_wallet *w);

/** Fetch one document, whatever it takes, and note what came of it. */
void kill_wallet_fetch(kill_wallet *w, unsigned flags);

/** The next number below LIMIT of the wallet's own row. */
uint64_t kill_draw(kill_wallet *w, uint64_t limit);

/* ---- the journal: kill_journal.c ----------------------------------------- */

/** Begin; both files are new. False: they can't be made. */
bool kill_journal_open(const char *folder);

/** A new number of a flow. */
unsigned kill_journal_flow(void);

/** Keys that a flow is about to ask with. */
void kill_note_made(const kill_wallet *w, const yao_receive_wish *wish);

/** What was received: on the disk when this returns. */
void kill_note_acked(const kill_wallet *w, const yao_receive_item *item);

/** A revocation begins, and ended. */
unsigned kill_note_revoking(const kill_wallet *w);
void     kill_note_revoked(const kill_wallet *w, unsigned began);

/** The flow ended without a document; or something happened that must not. */
void kill_note_end(const kill_wallet *w, const char *why);
void kill_note_violation(kill_wallet *w, const char *what);

#endif
