/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_OFFERING_H
#define YAO_AUTHORITY_VCI_OFFERING_H

/**
 * Making an offer of documents to a person of the register: for the verb
 * `document offer` and for POST /admin/offers.
 *
 * A transaction code is chosen by who asks, and stands in no answer and no
 * link.
 */

#include "authority/vci/making.h"
#include "vci/offer.h"

#define VCI_OFFER_SCHEME "openid-credential-offer://"

/** Vehicles of one person, from 0. */
#define VCI_MAX_VEHICLE 63

typedef struct vci_offering {
    authority           *authority;
    yao_arena           *arena;
    const yao_catalogue *catalogue;
    yao_text             url;     /* of the server */
    yao_time             now;
    yao_text             number;  /* of the person, as typed */
    yao_text             ids[YAO_VCI_MAX_OFFERED];
    size_t               id_count;
    bool                 by_code; /* the authorization code flow */
    yao_text             tx_code; /* empty: none */
    vci_note             note;
    uint8_t              note_bytes[VCI_NOTE_LEN];
    uint8_t              person[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    yao_vci_offer        offer;
} vci_offering;

typedef struct vci_offered {
    yao_bytes json;
    yao_text  link;      /* by value */
    yao_text  reference; /* the link that names where it is fetched */
    int64_t   seconds;   /* how long it lives */
} vci_offered;

/**
 * Make it, and commit.
 *
 * In      o    all down to `note`
 * Out     ret  in the arena; a secret, but for its seconds
 * Errors  YAO_E_MISSING    no configuration
 *         YAO_E_VALUE      a configuration that is none
 *         YAO_E_DUPLICATE  one twice
 *         YAO_E_MALFORMED  a transaction code that is none
 *         YAO_E_NOT_FOUND  nobody has this number
 *         those of vci_offer_put() and of store_commit()
 */
YAO_MUST_USE yao_status vci_offering_make(vci_offering *o, vci_offered *ret);

/**
 * Keep the offer JSON until EXPIRES where wallets fetch it, in CHANGE.
 *
 * In      url  of the server
 * Out     ret  the link that names it, in the change's arena; it is short
 *              whatever is offered
 * Errors  YAO_E_CRYPTO, YAO_E_SPACE
 */
YAO_MUST_USE yao_status vci_offer_refer(const yao_crypto *crypto,
                                        store_change *change, yao_text url,
                                        yao_bytes json, yao_time expires,
                                        yao_text *ret);

#endif
