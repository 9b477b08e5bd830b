/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/verification.h"

static yao_status status_of(yao_sig_outcome outcome)
{
    switch (outcome) {
    case YAO_SIG_GOOD:        return YAO_OK;
    case YAO_SIG_BAD:         return YAO_E_BAD_SIGNATURE;
    case YAO_SIG_UNSUPPORTED: return YAO_E_UNSUPPORTED;
    default:                  return YAO_E_CRYPTO; /* nobody looked */
    }
}

/* The worst of COUNT answers: a wrong signature before one not checked. */
static yao_status status_of_all(const yao_signature_check *checks, size_t count)
{
    yao_status worst = YAO_OK;

    for (size_t i = 0; i < count; i++) {
        yao_status status = status_of(checks[i].outcome);

        if (status != YAO_OK && worst != YAO_E_BAD_SIGNATURE)
            worst = status;
    }

    return worst;
}

/* One document whose answers are in. */
typedef struct answer {
    yao_mdoc_verification *v;
    const yao_crypto      *crypto;
    size_t                 index;
    yao_mdoc_note         *note;
    yao_report            *report;
} answer;

static void put(const answer *a, yao_check check, yao_status status)
{
    yao_mdoc_note_status(a->note, a->report, a->index, check, status);
}

static void put_row(const answer *a, yao_check check, yao_outcome outcome,
                    yao_status why)
{
    yao_report_row row = {.check = check, .outcome = outcome, .why = why};

    yao_mdoc_note_row(a->note, a->report, a->index, row);
}

static void conclude_issuer(const answer *a)
{
    const yao_x509_path *path = &a->v->paths[a->index];
    const yao_mdoc_note *note = a->note;

    if (path->anchor == NULL) /* there is no path */
        put_row(a, YAO_CHECK_CHAIN_SIGNATURE, YAO_OUTCOME_UNKNOWN, note->path);
    else if (path->check_count == 0) /* the signer itself is the anchor */
        put_row(a, YAO_CHECK_CHAIN_SIGNATURE, YAO_OUTCOME_ABSENT, YAO_OK);
    else
        put(a, YAO_CHECK_CHAIN_SIGNATURE,
            status_of_all(&a->v->checks[note->chain_check], path->check_count));

    if (note->issuer_check != YAO_MDOC_NO_CHECK)
        put(a, YAO_CHECK_ISSUER_SIGNATURE,
            status_of(a->v->checks[note->issuer_check].outcome));
    else
        put(a, YAO_CHECK_ISSUER_SIGNATURE, note->issuer);
}

/* A secret that is none gives a MAC anybody can make. */
static yao_status check_mac(const answer *a, const struct yao_mdoc_agreement *g)
{
    const yao_mdoc_document *doc = &a->v->input->documents[a->index];
    yao_bytes                secret = {g->secret, g->secret_len};
    uint8_t                  key[32];
    yao_status               status;

    if (!yao_agreement_usable(g->wish.peer.curve, secret))
        return YAO_E_KEY;

    status = yao_mdoc_derive_mac_key(a->crypto, secret,
                                     a->v->options.transcript, key);
    if (status == YAO_OK)
        status = yao_cose_verify_mac0(&doc->device,
                                      (yao_bytes){key, sizeof key},
                                      a->note->authentication, 4, a->crypto);
    yao_wipe(key, sizeof key);

    return status;
}

/* Rows that need no answer of the home are there already. */
static void conclude_device(const answer *a)
{
    const yao_mdoc_note *note = a->note;

    if (note->device_check != YAO_MDOC_NO_CHECK)
        put(a, YAO_CHECK_DEVICE_AUTH,
            status_of(a->v->checks[note->device_check].outcome));
    if (note->agreement == YAO_MDOC_NO_CHECK)
        return;

    const struct yao_mdoc_agreement *g = &a->v->agreements[note->agreement];
    if (g->answered)
        put(a, YAO_CHECK_DEVICE_AUTH, check_mac(a, g));
    else
        put_row(a, YAO_CHECK_DEVICE_AUTH, YAO_OUTCOME_UNKNOWN, YAO_E_MISSING);
}

static void conclude_all(yao_mdoc_verification *v, const yao_crypto *crypto,
                         yao_report *report)
{
    yao_mdoc_notes *notes = v->internal;

    for (size_t i = 0; i < v->input->document_count; i++) {
        answer a = {v, crypto, i, &notes->documents[i], report};

        conclude_issuer(&a);
        conclude_device(&a);
    }
    for (size_t i = 0; i < v->agreement_count; i++)
        yao_wipe(v->agreements[i].secret, sizeof v->agreements[i].secret);
    notes->concluded = true;
}

yao_status yao_mdoc_conclude(yao_mdoc_verification *v, const yao_crypto *crypto,
                             size_t document, yao_mdoc_verified *ret,
                             yao_report *report)
{
    yao_mdoc_notes *notes = v->internal;

    if (notes == NULL || document >= v->input->document_count)
        return YAO_E_USAGE;
    if (!notes->concluded)
        conclude_all(v, crypto, report);

    const yao_mdoc_note *note = &notes->documents[document];
    if (note->failed != YAO_OK || note->unknown != YAO_OK)
        return note->failed != YAO_OK ? note->failed : note->unknown;

    const yao_mdoc_document *doc = &v->input->documents[document];
    *ret = (yao_mdoc_verified){
        .doc_type          = doc->doc_type,
        .items             = doc->issuer.items,
        .item_count        = doc->issuer.item_count,
        .device_items      = doc->device_items,
        .device_item_count = doc->device_item_count,
        .validity          = doc->issuer.mso.validity,
        .status            = doc->issuer.mso.status,
        .signer            = &v->paths[document].leaf,
        .device_key        = doc->issuer.mso.device_key,
    };
    return YAO_OK;
}
