/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Input: a byte of choices, then DER elements back to back: a chain, leaf
 * first, and behind it the anchor.
 *
 * Properties: what the reader takes, OpenSSL takes too, and sees the same
 * serial, dates, names, key, CA flag and usage. Where a path is found, OpenSSL
 * finds it as well (signatures let pass: a fuzzer cannot sign), each name is
 * the next one's, and every check is complete. A report always has the row
 * that explains a refusal.
 */

#include "peer.h"
#include "tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { MOST = YAO_MAX_CHAIN + 2 };

typedef struct question {
    yao_bytes  certificates[MOST];
    size_t     count; /* the last one is the anchor */
    yao_anchor anchor;
    yao_time   now;
    bool       strict;
} question;

/* The moment in question is one at which the leaf is valid, or never. */
static bool ask(yao_bytes input, question *q)
{
    if (input.len == 0)
        return false;

    uint8_t        choices = input.ptr[0];
    yao_der_reader r =
        yao_der_open((yao_bytes){input.ptr + 1, input.len - 1});

    *q = (question){.strict = (choices & 4) != 0};
    while (yao_der_peek(&r) != 0 && q->count < MOST) {
        yao_bytes whole = yao_der_get_any(&r).whole;
        if (whole.len != 0)
            q->certificates[q->count++] = whole;
    }
    if (q->count == 0)
        return false;

    yao_certificate leaf;
    if (yao_x509_read(q->certificates[0], &leaf) == YAO_OK)
        q->now = (choices & 8) != 0 ? leaf.not_after : leaf.not_before;
    q->anchor = (yao_anchor){.certificate = q->certificates[q->count - 1],
                             .role        = (yao_role)(1 + (choices & 3))};
    return true;
}

static void check_reading(yao_bytes der)
{
    yao_certificate c;

    if (yao_x509_read(der, &c) == YAO_OK)
        must(peer_agrees(&c));
}

static void check_path(const question *q, size_t chain_count,
                       const yao_x509_path *path)
{
    yao_bytes issuer = path->leaf.issuer;
    bool      points = peer_knows_key(&path->leaf);

    must(path->anchor == &q->anchor);
    must(path->check_count == chain_count ||
         (path->check_count == 0 && chain_count == 1));
    for (size_t i = 0; i < path->check_count; i++) {
        const yao_signature_check *check = &path->checks[i];
        yao_certificate            c;

        must(check->alg != YAO_SIG_NONE && check->part_count == 1);
        must(check->outcome == YAO_SIG_UNCHECKED);
        must(yao_x509_read(i + 1 < chain_count ? q->certificates[i + 1]
                                               : q->anchor.certificate,
                           &c) == YAO_OK);
        must(yao_bytes_equal(issuer, c.subject) && c.ca);
        must(yao_public_key_equal(&check->key, &c.key));
        issuer = c.issuer;
        points = points && peer_knows_key(&c);
    }
    must(!path->leaf.ca);

    peer_question peer = {.chain     = q->certificates,
                          .count     = chain_count,
                          .anchor    = q->anchor.certificate,
                          .now       = q->now,
                          .strict    = q->strict,
                          .unsigned_ = true};
    if (points)
        must(peer_accepts(&peer, NULL));
}

static void check_refusal(const yao_report *report, yao_status status)
{
    bool said = false;

    for (size_t i = 0; i < report->count; i++)
        said = said || (report->rows[i].outcome == YAO_OUTCOME_FAIL &&
                        report->rows[i].why == status);
    must(said);
}

/* A single certificate is its own anchor: pinned. */
static void find(const question *q)
{
    static yao_x509_path path;
    static yao_report    report;
    size_t chain_count = q->count == 1 ? 1 : q->count - 1;

    report.count      = 0;
    yao_status status = yao_x509_find_path(
        q->certificates, chain_count, &q->anchor, 1, q->anchor.role,
        YAO_TEXT("org.iso.18013.5.1.mDL"), q->now, q->strict, &path, &report,
        0);
    if (status == YAO_OK)
        check_path(q, chain_count, &path);
    else
        check_refusal(&report, status);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    question q;

    if (!ask((yao_bytes){data, len}, &q))
        return 0;
    for (size_t i = 0; i < q.count; i++)
        check_reading(q.certificates[i]);
    find(&q);
    return 0;
}
