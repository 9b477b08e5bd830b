/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/verification.h"

/*
 * The order is that of ISO/IEC 18013-5:2021 9.3: path, signature, digests,
 * docType, dates, what the device said, its signature. Every document gets all
 * of its rows, whatever the rows before say: one bad document, or one bad
 * field, hides no other.
 */

void yao_mdoc_note_row(yao_mdoc_note *note, yao_report *report, size_t document,
                       yao_report_row row)
{
    yao_report_add(report, (int32_t)document, row.check, row.outcome, row.why);
    if (row.outcome == YAO_OUTCOME_FAIL && note->failed == YAO_OK)
        note->failed = row.why;
    if (row.outcome == YAO_OUTCOME_UNKNOWN && note->unknown == YAO_OK)
        note->unknown = row.why;
}

void yao_mdoc_note_status(yao_mdoc_note *note, yao_report *report,
                          size_t document, yao_check check, yao_status status)
{
    yao_report_row row = {.check = check, .why = status};

    if (status == YAO_OK)
        row.outcome = YAO_OUTCOME_PASS;
    else if (status >= 500)
        row.outcome = YAO_OUTCOME_UNKNOWN;
    else
        row.outcome = YAO_OUTCOME_FAIL;
    yao_mdoc_note_row(note, report, document, row);
}

/* One document being looked at. */
typedef struct judge {
    yao_arena               *arena;
    const yao_crypto        *crypto;
    yao_mdoc_verification   *v;
    yao_report              *report;
    size_t                   index;
    const yao_mdoc_document *doc;
    yao_mdoc_note           *note;
    yao_x509_path           *path;
} judge;

static void put(judge *j, yao_check check, yao_status status)
{
    yao_mdoc_note_status(j->note, j->report, j->index, check, status);
}

static void put_row(judge *j, yao_check check, yao_outcome outcome,
                    yao_status why)
{
    yao_report_row row = {.check = check, .outcome = outcome, .why = why};

    yao_mdoc_note_row(j->note, j->report, j->index, row);
}

/* What needs the signer's certificate cannot be looked at without one. */
static bool have_signer(const judge *j)
{
    return j->path->leaf.der.len != 0;
}

/* ---- the message -------------------------------------------------------- */

static void judge_message(judge *j)
{
    const yao_mdoc_unverified *m = j->v->input;

    put(j, YAO_CHECK_STRUCTURE, YAO_OK);
    if (!m->longer)
        put(j, YAO_CHECK_ENCODING, YAO_OK);
    else if (j->v->options.strict)
        put(j, YAO_CHECK_ENCODING, YAO_E_NOT_SHORTEST);
    else
        put_row(j, YAO_CHECK_ENCODING, YAO_OUTCOME_NOTE, YAO_OK);

    if (m->issuer_only)
        put_row(j, YAO_CHECK_RESPONSE_STATUS, YAO_OUTCOME_ABSENT, YAO_OK);
    else /* 8.3.2.1.2.3: with any other status there are no documents */
        put(j, YAO_CHECK_RESPONSE_STATUS, m->status == 0 ? YAO_OK
                                                         : YAO_E_VALUE);
}

/* ---- the issuer --------------------------------------------------------- */

/* Without x5chain there is no path: the rows that finding one would write. */
static yao_status judge_no_chain(judge *j)
{
    bool anchors = j->v->options.anchor_count != 0;

    put(j, YAO_CHECK_ISSUER_ANCHORS, anchors ? YAO_OK : YAO_E_UNTRUSTED);
    put(j, YAO_CHECK_ISSUER_CHAIN, YAO_E_MISSING);

    return YAO_E_MISSING;
}

static void judge_chain(judge *j)
{
    const yao_mdoc_verify_options *o    = &j->v->options;
    const yao_cose_message        *auth = &j->doc->issuer.auth;

    if (auth->chain_count == 0) {
        j->note->path = judge_no_chain(j);
        return;
    }
    j->note->path = yao_x509_find_path(
        auth->chain, auth->chain_count, o->anchors, o->anchor_count,
        YAO_ROLE_ISSUER, j->doc->issuer.mso.doc_type, o->now, o->strict,
        j->path, j->report, (int32_t)j->index);
    if (j->note->path != YAO_OK && j->note->failed == YAO_OK)
        j->note->failed = j->note->path;

    /* a path that may not be used is checked all the same */
    j->note->chain_check = j->v->check_count;
    for (size_t i = 0; i < j->path->check_count; i++)
        j->v->checks[j->v->check_count++] = j->path->checks[i];
}

static yao_status judge_issuer_auth(judge *j)
{
    const yao_cose_message *auth  = &j->doc->issuer.auth;
    yao_signature_check    *check = &j->v->checks[j->v->check_count];

    if (!have_signer(j)) {
        put(j, YAO_CHECK_ALGORITHM, yao_sig_by_cose(auth->alg) != NULL
                                        ? YAO_OK
                                        : YAO_E_ALGORITHM);
        j->note->issuer = j->note->path;
        return YAO_OK;
    }

    yao_status status = yao_cose_check_sign1(auth, &j->path->leaf.key, NULL, 0,
                                             j->arena, check);
    if (status == YAO_E_SPACE)
        return status;
    put(j, YAO_CHECK_ALGORITHM,
        status == YAO_E_ALGORITHM ? status : YAO_OK);
    j->note->issuer = status;
    if (status != YAO_OK)
        return YAO_OK;

    check->key_repeats    = true;
    j->note->issuer_check = j->v->check_count++;
    return YAO_OK;
}

/* ---- what was signed ---------------------------------------------------- */

static yao_status judge_digests(judge *j)
{
    yao_status status = yao_mdoc_check_digests(&j->doc->issuer, j->crypto);

    if (status == YAO_E_CRYPTO)
        return status;
    put(j, YAO_CHECK_DIGESTS, status);

    return YAO_OK;
}

static void judge_dates(judge *j)
{
    const yao_mdoc_mso            *mso = &j->doc->issuer.mso;
    const yao_mdoc_verify_options *o   = &j->v->options;
    const yao_certificate         *ds  = &j->path->leaf;

    if (!have_signer(j))
        put_row(j, YAO_CHECK_SIGNED_DATE, YAO_OUTCOME_UNKNOWN, j->note->path);
    else if (mso->validity.signed_at < ds->not_before ||
             mso->validity.signed_at > ds->not_after)
        put(j, YAO_CHECK_SIGNED_DATE, YAO_E_MISMATCH);
    else
        put(j, YAO_CHECK_SIGNED_DATE, YAO_OK);

    put(j, YAO_CHECK_VALIDITY,
        yao_mdoc_check_validity(&mso->validity, o->now, o->skew));
}

/* What we do not understand is never taken for valid. A list that is named is
 * looked at last, by the policy, and only for a document that is good. */
static void judge_status(judge *j)
{
    const yao_mdoc_status *s = &j->doc->issuer.mso.status;

    if (!s->present)
        put_row(j, YAO_CHECK_STATUS, YAO_OUTCOME_ABSENT, YAO_OK);
    else if (s->unknown)
        put_row(j, YAO_CHECK_STATUS, YAO_OUTCOME_UNKNOWN, YAO_E_UNSUPPORTED);
}

/* The text shown for ELEMENT of the licence's namespace must be WANT. */
static yao_status match_text(const judge *j, yao_text element, yao_text want,
                             bool *shown)
{
    const yao_mdoc_issuer_signed *s = &j->doc->issuer;

    for (size_t i = 0; i < s->item_count; i++) {
        const yao_mdoc_item *item = &s->items[i];

        if (!yao_text_equal(item->element, element) ||
            !yao_text_equal(item->name_space, YAO_TEXT("org.iso.18013.5.1")))
            continue;
        *shown            = true;
        yao_cbor_reader r = yao_cbor_open_foreign(item->value);
        yao_text        text = yao_cbor_get_text(&r);
        YAO_TRY(yao_cbor_close(&r));
        return yao_text_equal(text, want) ? YAO_OK : YAO_E_MISMATCH;
    }

    return YAO_OK;
}

/* ISO/IEC 18013-5 12.8: the country, and the jurisdiction where the signer's
 * certificate names one, that a licence claims are those of its signer. */
static void judge_country(judge *j)
{
    const yao_certificate *ds    = &j->path->leaf;
    bool                   shown = false;
    yao_status             status;

    if (!yao_text_equal(j->doc->issuer.mso.doc_type,
                        YAO_TEXT("org.iso.18013.5.1.mDL"))) {
        put_row(j, YAO_CHECK_ISSUER_COUNTRY, YAO_OUTCOME_ABSENT, YAO_OK);
        return;
    }
    status = match_text(j, YAO_TEXT("issuing_country"), ds->country, &shown);
    if (status == YAO_OK && ds->state.len != 0)
        status = match_text(j, YAO_TEXT("issuing_jurisdiction"), ds->state,
                            &shown);

    if (!shown)
        put_row(j, YAO_CHECK_ISSUER_COUNTRY, YAO_OUTCOME_ABSENT, YAO_OK);
    else if (!have_signer(j))
        put_row(j, YAO_CHECK_ISSUER_COUNTRY, YAO_OUTCOME_UNKNOWN,
                j->note->path);
    else
        put(j, YAO_CHECK_ISSUER_COUNTRY, status);
}

/* ---- the device --------------------------------------------------------- */

static yao_status want_signature(judge *j)
{
    yao_signature_check *check = &j->v->checks[j->v->check_count];
    yao_status           status =
        yao_cose_check_sign1(&j->doc->device, &j->doc->issuer.mso.device_key,
                             j->note->authentication, 4, j->arena, check);

    if (status == YAO_E_SPACE)
        return status;
    if (status != YAO_OK)
        put(j, YAO_CHECK_DEVICE_AUTH, status);
    else
        j->note->device_check = j->v->check_count++;

    return YAO_OK;
}

static void want_agreement(judge *j)
{
    struct yao_mdoc_agreement *a = &j->v->agreements[j->v->agreement_count];

    a->wish.peer       = j->doc->issuer.mso.device_key;
    a->document        = j->index;
    j->note->agreement = j->v->agreement_count++;
}

static yao_status judge_device_auth(judge *j)
{
    yao_bytes transcript = j->v->options.transcript;

    if (j->doc->device_auth == YAO_MDOC_AUTH_NONE) {
        put(j, YAO_CHECK_DEVICE_AUTH, YAO_E_MISSING);
        return YAO_OK;
    }
    if (transcript.len == 0) { /* nobody said what was to be signed */
        put_row(j, YAO_CHECK_DEVICE_AUTH, YAO_OUTCOME_UNKNOWN, YAO_E_MISSING);
        return YAO_OK;
    }
    YAO_TRY(yao_mdoc_device_authentication(j->arena, transcript,
                                           j->doc->doc_type,
                                           j->doc->device_spaces,
                                           j->note->authentication));
    if (j->doc->device_auth == YAO_MDOC_AUTH_SIGNATURE)
        return want_signature(j);

    want_agreement(j);
    return YAO_OK;
}

static yao_status judge_device(judge *j)
{
    if (j->v->input->issuer_only) {
        put_row(j, YAO_CHECK_DEVICE_KEY, YAO_OUTCOME_ABSENT, YAO_OK);
        put_row(j, YAO_CHECK_DEVICE_ELEMENTS, YAO_OUTCOME_ABSENT, YAO_OK);
        if (j->v->options.bound)
            put(j, YAO_CHECK_DEVICE_AUTH, YAO_E_MISSING);
        else
            put_row(j, YAO_CHECK_DEVICE_AUTH, YAO_OUTCOME_ABSENT, YAO_OK);
        return YAO_OK;
    }

    /* on its curve or not: that is the home's to say, with the signature */
    put(j, YAO_CHECK_DEVICE_KEY,
        yao_public_key_well_formed(&j->doc->issuer.mso.device_key)
            ? YAO_OK
            : YAO_E_KEY);
    put(j, YAO_CHECK_DEVICE_ELEMENTS, yao_mdoc_check_device_elements(j->doc));

    return judge_device_auth(j);
}

/* ---- all of it ---------------------------------------------------------- */

static yao_status judge_document(judge *j)
{
    j->note->issuer       = YAO_E_MISSING; /* zero would be a PASS */
    j->note->issuer_check = YAO_MDOC_NO_CHECK;
    j->note->device_check = YAO_MDOC_NO_CHECK;
    j->note->agreement    = YAO_MDOC_NO_CHECK;

    judge_message(j);
    judge_chain(j);
    YAO_TRY(judge_issuer_auth(j));
    YAO_TRY(judge_digests(j));
    put(j, YAO_CHECK_DOCTYPE,
        yao_text_equal(j->doc->doc_type, j->doc->issuer.mso.doc_type)
            ? YAO_OK
            : YAO_E_MISMATCH);
    judge_dates(j);
    judge_status(j);
    judge_country(j);

    return judge_device(j);
}

/* A response may say that there is nothing, and why; nobody may take that for
 * an answer. */
static void judge_nothing(const yao_mdoc_unverified *input, yao_report *report)
{
    yao_report_put(report, -1, YAO_CHECK_STRUCTURE, YAO_E_MISSING);
    yao_report_put(report, -1, YAO_CHECK_RESPONSE_STATUS,
                   input->status == 0 ? YAO_OK : YAO_E_VALUE);
}

static yao_status take_room(yao_arena *arena, size_t documents,
                            yao_mdoc_verification *v)
{
    v->checks = yao_arena_take_array(arena, documents * (YAO_MAX_CHAIN + 2),
                                     sizeof(yao_signature_check));
    v->agreements = yao_arena_take_array(arena, documents,
                                         sizeof *v->agreements);
    v->paths = yao_arena_take_array(arena, documents, sizeof *v->paths);
    v->internal = yao_arena_take(arena, sizeof(yao_mdoc_notes) +
                                            documents * sizeof(yao_mdoc_note));
    if (v->checks == NULL || v->agreements == NULL || v->paths == NULL ||
        v->internal == NULL)
        return YAO_E_SPACE;

    return YAO_OK;
}

yao_status yao_mdoc_begin(yao_arena *arena, const yao_crypto *crypto,
                          const yao_mdoc_unverified     *input,
                          const yao_mdoc_verify_options *options,
                          yao_mdoc_verification *ret, yao_report *report)
{
    yao_mdoc_verification v = {.input = input, .options = *options};

    if (options->now < 0 || options->now > YAO_TIME_MAX || options->skew < 0 ||
        options->skew > YAO_TIME_DAY)
        return YAO_E_USAGE;
    YAO_TRY(take_room(arena, input->document_count, &v));
    if (input->document_count == 0)
        judge_nothing(input, report);

    yao_mdoc_notes *notes = v.internal;
    for (size_t i = 0; i < input->document_count; i++) {
        judge j = {arena,
                   crypto,
                   &v,
                   report,
                   i,
                   &input->documents[i],
                   &notes->documents[i],
                   &v.paths[i]};
        YAO_TRY(judge_document(&j));
    }

    *ret = v;
    return YAO_OK;
}
