/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_FAKE_ISSUER_H
#define YAO_TEST_FAKE_ISSUER_H

/**
 * An issuer with its authorization server, in memory: a function from requests
 * to answers. It looks at what it gets as an honest one does, and answers as a
 * test tells it to, so that a wallet can be tried against any dishonesty. Its
 * metadata are texts, written by hand.
 *
 * Keys are those of forge.h; documents those of mdoc_fixture.h. SPECIMEN.
 */

#include "mdoc_fixture.h"
#include "oauth/attestation.h"
#include "vci/proof.h"

/** Whose key is which of forge_key(), behind those of mdoc_fixture.h. */
enum { FAKE_ATTESTER_ROOT = 5, FAKE_ATTESTER = 6, FAKE_SESSION = 7 };

#define FAKE_URL "https://issuer.example"
#define FAKE_NOW FORGE_NOW

/** How it behaves, as bits. */
enum {
    FAKE_TX_CODE        = 1 << 0,  /* 4711 */
    FAKE_ATTEST         = 1 << 1,  /* wants an attested wallet */
    FAKE_CHALLENGE      = 1 << 2,  /* with its challenge, by an endpoint */
    FAKE_CHALLENGE_LATE = 1 << 3,  /* or only said in an error */
    FAKE_DPOP_NONCE     = 1 << 4,  /* at the server */
    FAKE_DPOP_NONCE_RS  = 1 << 5,  /* at the issuer */
    FAKE_SEALED         = 1 << 6,  /* encryption required, both ways */
    FAKE_SEALABLE       = 1 << 7,  /* offered */
    FAKE_DEFER          = 1 << 8,  /* once */
    FAKE_DEFER_EVER     = 1 << 9,
    FAKE_KEY_ATTEST     = 1 << 10, /* key attestations required */
    FAKE_NO_JWT         = 1 << 11, /* and no jwt proofs */
    FAKE_DETAILS        = 1 << 12, /* the token has authorization_details */
    FAKE_TWO_DATASETS   = 1 << 13, /* of two identifiers */
    FAKE_STALE_NONCE    = 1 << 14, /* invalid_nonce, once */
    FAKE_STALE_EVER     = 1 << 15,
    FAKE_NO_NONCE       = 1 << 16, /* has no nonce endpoint */
    FAKE_SIGNED         = 1 << 17, /* metadata */
    FAKE_ANONYMOUS      = 1 << 18, /* no client authentication */

    /* what comes back is wrong */
    FAKE_REVERSED  = 1 << 19, /* not wrong at all */
    FAKE_FEWER     = 1 << 20, /* nor this */
    FAKE_MORE      = 1 << 21,
    FAKE_FOREIGN   = 1 << 22, /* the last for another key */
    FAKE_DOUBLED   = 1 << 23, /* the last for the first key */
    FAKE_DIFFERENT = 1 << 24, /* the last says something else */
    FAKE_CHANGED   = 1 << 25, /* the last after it was signed */
    FAKE_UNKNOWN   = 1 << 26, /* signed by who is under no anchor */
    FAKE_OTHER_END = 1 << 27, /* the last ends on another day */
    FAKE_PLAIN     = 1 << 28, /* not encrypted although asked for */
    FAKE_OTHER_ROOT = 1 << 29 /* the last is of another authority, which the
                                 wallet trusts as well */
};

/** One answer replaced, or a word in it. */
typedef struct fake_change {
    const char *path;   /* of the request, "/token"; NULL: none */
    const char *from;   /* a word of the body; NULL: the whole */
    const char *to;
    int         status; /* 0: as it is */
    const char *type;   /* NULL: as it is */
} fake_change;

typedef struct fake_issuer {
    const char *url;
    unsigned    flags;
    fake_change change;
    yao_time    now; /* 0: FAKE_NOW */

    /* what it saw */
    size_t        calls;           /* of any kind */
    size_t        tokens, credentials; /* requests that were in order */
    yao_vci_event events[4];
    size_t        event_count;
    char          issuer_state[64];
    char          scope[256];
    char          redirect_uri[256];
    yao_bytes     attestation;     /* the last */
    size_t        proofs;          /* of the last request */
    const char   *trouble;         /* what was not in order, first */

    /* in between */
    char   state[128], challenge[64];
    size_t nonce, deferrals, stale;
    yao_vci_keys asked;
    char   identifier[16], configuration[64];
    yao_vci_encryption encryption;
} fake_issuer;

/** Begin: f->url (NULL: FAKE_URL), flags, change and now are kept. */
void fake_issuer_open(fake_issuer *f);

typedef struct fake_request {
    const char    *method;
    yao_text       url;
    yao_text       dpop, attestation, pop, authorization, type, accept;
    yao_bytes      body;
} fake_request;

typedef struct fake_answer {
    int       status;
    yao_text  type, nonce, challenge, location;
    yao_bytes body;
} fake_answer;

/** Answer, in the arena of test_arena(). */
fake_answer fake_issuer_answer(fake_issuer *f, const fake_request *request);

/** The query with which its page comes back after LINK was opened. */
yao_text fake_issuer_page(fake_issuer *f, yao_text link);

/** A copy for KEY; the LAST one is wrong where flags say so. */
yao_bytes fake_mdoc(const fake_issuer *f, yao_public_key key, bool last);
yao_bytes fake_sdjwt(const fake_issuer *f, yao_public_key key, bool last);

/** The anchor of that other authority. */
yao_anchor fake_other_anchor(void);

/** WISH fulfilled with KEY of forge_key(). */
yao_bytes fake_sign(yao_sign_wish wish, int key);

/** Attest as a wallet provider: the wallet with KEY, for a server's client;
 *  KEYS with NONCE. */
yao_bytes fake_attestation(yao_public_key key, const char *client_id);
yao_bytes fake_key_attestation(const yao_public_key *keys, size_t count,
                               yao_text nonce);

/** The anchor of attesters, and the certificate of this one. */
yao_anchor fake_attester(void);
yao_bytes  fake_attester_leaf(void);

#endif
