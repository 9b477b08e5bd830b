/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_MAKING_H
#define YAO_AUTHORITY_VCI_MAKING_H

/**
 * Making a document for a request: from what was granted to the answer that
 * was committed with all that belongs to it.
 *
 *     static yao_status add(void *ctx, store_change *change) { claims ... }
 *     const vci_order order = {...};
 *     status = vci_make(call, &order, &json, &lost);
 *
 * In one change: document, copies, indexes, device keys, the event, what the
 * order adds (nonce, proof, transaction), the recipe for who asks again.
 * Signed, committed, then answered.
 */

#include "authority/vci/answers.h"
#include "vci/configuration.h"

/** What an offer's maker may say of how a document is to be issued; the `note`
 *  of a grant. Another note of STORE_ID_LEN bytes is an enrolment. */
typedef struct vci_note {
    bool    officer; /* an officer looks first: the answer is deferred */
    uint8_t vehicle; /* which one, of a document of vehicles; from 0 */
    uint8_t by[STORE_ID_LEN]; /* the operator who offered; zeros: none */
} vci_note;

#define VCI_NOTE_LEN (3 + STORE_ID_LEN)
/** As the note of a grant; and back, where any other note says nothing. */
void     vci_note_write(vci_note note, uint8_t out[VCI_NOTE_LEN]);
/** The same read. */
vci_note vci_note_read(yao_bytes note);

typedef struct vci_order {
    const vci_access     *access; /* whose answer it is */
    yao_bytes             person; /* look-up by number */
    int64_t               level;
    yao_bytes             note;   /* of the grant */
    yao_vci_configuration configuration;
    yao_text              configuration_id;
    const yao_public_key *keys;
    size_t                count;
    const uint8_t        *answer; /* what it will be known by */
    /** Add the claims of what is used up. */
    yao_status (*add)(void *ctx, store_change *change);
    void *ctx;
} vci_order;

/**
 * Make it, and commit.
 *
 * Out     json   the answer, before encryption; in the call's arena
 *         lost   on YAO_E_EXISTS and YAO_E_NOT_FOUND: whose claim was lost
 *         change on a failure of the commit, for vci_access_lost()
 * Errors  YAO_E_NOT_ENTITLED, YAO_E_VALUE, YAO_E_REVOKED  not (any more) for
 *                        this person
 *         YAO_E_EXISTS   a claim was lost, see change->lost_about: a device key
 *                        (STORE_ABOUT_KEY), what ADD claimed, or the answer
 *         those of the register, of signing and of the store
 */
YAO_MUST_USE yao_status vci_make(app_call *call, const vci_order *order,
                                 store_change *change, yao_bytes *json);

/** Who asks again. */
typedef struct vci_repeat {
    const vci_access *access;
    const vci_recipe *recipe;
    /** Add the claims of what is used up by asking again. */
    yao_status (*add)(void *ctx, store_change *change);
    void *ctx;
} vci_repeat;

/**
 * Make the same again, and commit that it was: no second document.
 *
 * Out     json, change  as vci_make()
 * Errors  YAO_E_MISMATCH  the record, or the signer, is another by now
 *         otherwise as vci_make(): who has no right to it any more gets nothing
 */
YAO_MUST_USE yao_status vci_make_again(app_call *call, const vci_repeat *repeat,
                                       store_change *change, yao_bytes *json);

/** The id under which a wallet may say what became of the copies: says which
 *  issuance, and for which grant, authenticated. */
#define VCI_NOTIFICATION_LEN 64
YAO_MUST_USE yao_status vci_notification_make(
    const authority *a, const uint8_t issuance[STORE_ID_LEN],
    const uint8_t grant[STORE_ID_LEN], char out[VCI_NOTIFICATION_LEN + 1]);

/** Errors  YAO_E_REFUSED  none of ours, or of another grant */
YAO_MUST_USE yao_status vci_notification_check(
    const authority *a, yao_text id, const uint8_t grant[STORE_ID_LEN],
    uint8_t issuance[STORE_ID_LEN]);

#endif
